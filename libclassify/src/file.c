/* file.c - reads or maps a file.
   May include: alloc.h, error.h.
   Must not know: what is in it. */
#if defined(__unix__) || defined(__APPLE__)
#define _POSIX_C_SOURCE 200809L
#endif
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int32_t fail(const char *path, const char *why, classify_error *error) {
    return cl_failf(error, CLASSIFY_ERROR_IO, 0, "%.60s: %s", path, why);
}

/* Not strerror: that depends on the locale and may not be called from threads. */
static const char *reason(int number) {
    switch (number) {
    case ENOENT: return "no such file";
    case EACCES: return "permission denied";
    case EISDIR: return "is a directory";
    case EMFILE:
    case ENFILE: return "too many open files";
    default: return "cannot be read";
    }
}

static int32_t too_large(const char *path, uint64_t limit, classify_error *error) {
    return cl_failf(error, CLASSIFY_ERROR_LIMIT, 0, "%.60s: larger than %llu bytes", path, (unsigned long long)limit);
}

static int32_t read_stream(FILE *stream, const char *path, uint64_t limit, const classify_allocator *a, uint8_t **data,
                           size_t *size, size_t *capacity, classify_error *error) {
    for (;;) {
        if (!CL_RESERVE(a, *data, *capacity, *size + (64u << 10)))
            return cl_fail(error, CLASSIFY_ERROR_NOMEM, 0, "out of memory");
        size_t got = fread(*data + *size, 1, *capacity - *size, stream);
        *size += got;
        if (*size > limit)
            return too_large(path, limit, error);
        if (!got)
            return ferror(stream) ? fail(path, reason(errno), error) : CLASSIFY_OK;
    }
}

/* The size of a file that can be sought in, else 0: room for it is made at once. */
static size_t size_hint(FILE *stream, uint64_t limit) {
    if (fseek(stream, 0, SEEK_END))
        return 0;
    long size = ftell(stream);
    rewind(stream);
    return size > 0 && (uint64_t)size <= limit ? (size_t)size + (64u << 10) : 0;
}

int32_t cl_file_read(const char *path, uint64_t limit, const classify_allocator *a, void **data, size_t *size,
                     classify_error *error) {
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return fail(path, reason(errno), error);
    uint8_t *bytes = NULL;
    size_t length = 0, capacity = 0;
    int32_t status = CL_RESERVE(a, bytes, capacity, size_hint(stream, limit)) ? CLASSIFY_OK : cl_nomem(error);
    if (!status)
        status = read_stream(stream, path, limit, a, &bytes, &length, &capacity, error);
    fclose(stream);
    /* The caller releases it by its length. */
    void *exact = status ? NULL : a->resize(a->context, bytes, capacity, length ? length : 1);
    if (!status && !exact)
        status = cl_nomem(error);
    if (status)
        cl_release(a, bytes, capacity, 1);
    *data = exact;
    *size = length;
    return status;
}

#if defined(__unix__) || defined(__APPLE__)

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int32_t cl_file_map(const char *path, uint64_t limit, const classify_allocator *a, void **data, size_t *size, bool *mapped,
                    classify_error *error) {
    (void)a;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return fail(path, reason(errno), error);
    struct stat about;
    int32_t status = CLASSIFY_OK;
    if (fstat(file, &about) || !S_ISREG(about.st_mode)) {
        status = fail(path, "not a regular file, which alone can be mapped", error);
    } else if ((uint64_t)about.st_size > limit) {
        status = too_large(path, limit, error);
    } else if (about.st_size == 0) {
        status = cl_fail(error, CLASSIFY_ERROR_FORMAT, 0, "not a model file: it is empty");
    } else {
        void *map = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_SHARED, file, 0);
        if (map == MAP_FAILED)
            status = fail(path, reason(errno), error);
        *data = map;
        *size = (size_t)about.st_size;
        *mapped = true;
    }
    close(file);
    return status;
}

void cl_file_unmap(void *data, size_t size) { munmap(data, size); }

#else

int32_t cl_file_map(const char *path, uint64_t limit, const classify_allocator *a, void **data, size_t *size, bool *mapped,
                    classify_error *error) {
    *mapped = false;
    return cl_file_read(path, limit, a, data, size, error);
}

void cl_file_unmap(void *data, size_t size) {
    (void)data;
    (void)size;
}

#endif
