/* error.h - fills the caller's classify_error. */
#ifndef CL_ERROR_H
#define CL_ERROR_H

#include "classify.h"

/* Fills *error (NULL is fine) and returns `code`, so that a failure is one line: return cl_fail(error, ...). */
int32_t cl_fail(classify_error *error, int32_t code, uint64_t offset, const char *message);
/* The same with one %s or %d-like argument, cut to what fits. */
int32_t cl_failf(classify_error *error, int32_t code, uint64_t offset, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 4, 5)))
#endif
    ;
int32_t cl_nomem(classify_error *error);

#endif
