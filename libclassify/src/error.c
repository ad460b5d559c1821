/* error.c - statuses, reasons and their names; fills the caller's classify_error.
   May include: classify.h.
   Must not know: who fails, and why. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int32_t cl_failf(classify_error *error, int32_t code, uint64_t offset, const char *format, ...) {
    if (error) {
        memset(error, 0, sizeof *error);
        error->code = code;
        error->offset = offset;
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(error->message, sizeof error->message, format, arguments);
        va_end(arguments);
    }
    return code;
}

int32_t cl_fail(classify_error *error, int32_t code, uint64_t offset, const char *message) {
    return cl_failf(error, code, offset, "%s", message);
}

int32_t cl_nomem(classify_error *error) { return cl_fail(error, CLASSIFY_ERROR_NOMEM, 0, "out of memory"); }

const char *classify_status_name(int32_t status) {
    switch (status) {
    case CLASSIFY_OK: return "CLASSIFY_OK";
    case CLASSIFY_ERROR_ARGUMENT: return "CLASSIFY_ERROR_ARGUMENT";
    case CLASSIFY_ERROR_NOMEM: return "CLASSIFY_ERROR_NOMEM";
    case CLASSIFY_ERROR_CAPACITY: return "CLASSIFY_ERROR_CAPACITY";
    case CLASSIFY_ERROR_LIMIT: return "CLASSIFY_ERROR_LIMIT";
    case CLASSIFY_ERROR_LANGUAGE: return "CLASSIFY_ERROR_LANGUAGE";
    case CLASSIFY_ERROR_EMPTY: return "CLASSIFY_ERROR_EMPTY";
    case CLASSIFY_ERROR_IO: return "CLASSIFY_ERROR_IO";
    case CLASSIFY_ERROR_FORMAT: return "CLASSIFY_ERROR_FORMAT";
    case CLASSIFY_ERROR_VERSION: return "CLASSIFY_ERROR_VERSION";
    case CLASSIFY_ERROR_CORRUPT: return "CLASSIFY_ERROR_CORRUPT";
    case CLASSIFY_ERROR_ANALYZER: return "CLASSIFY_ERROR_ANALYZER";
    default: return "CLASSIFY_?";
    }
}

const char *classify_reason_name(uint32_t reason) {
    switch (reason) {
    case CLASSIFY_REASON_EMPTY: return "empty";
    case CLASSIFY_REASON_UNKNOWN: return "unknown-words";
    case CLASSIFY_REASON_LANGUAGE: return "language";
    case CLASSIFY_REASON_EVIDENCE: return "little-evidence";
    case CLASSIFY_REASON_CLOSE: return "too-close";
    default: return "";
    }
}
