/* file.c - reads or maps a file.
   May include: alloc.h, error.h.
   Must not know: what is in it. */
#if defined(__unix__) || defined(__APPLE__)
#define _DEFAULT_SOURCE  1
#define _DARWIN_C_SOURCE 1
#endif
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { READ_SIZE = 64 << 10 };

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

/* What was read so far. */
typedef struct {
    uint8_t *data;
    size_t size, capacity;
    cl_area area;
} growing;

static bool reserve(growing *g, size_t more, const classify_allocator *a) {
    if (more <= g->capacity - g->size)
        return true;
    const size_t capacity = g->capacity > more ? 2 * g->capacity : g->capacity + more;
    cl_area area;
    uint8_t *data = cl_area_new(&area, a, capacity, 1);
    if (!data)
        return false;
    if (g->size)
        memcpy(data, g->data, g->size);
    cl_area_free(&g->area, a);
    *g = (growing){data, g->size, capacity, area};
    return true;
}

static int32_t read_stream(FILE *stream, const char *path, uint64_t limit, size_t hint, const classify_allocator *a, growing *g,
                           classify_error *error) {
    for (size_t room = hint + READ_SIZE;; room = READ_SIZE) {
        if (!reserve(g, room, a))
            return cl_nomem(error);
        size_t got = fread(g->data + g->size, 1, room, stream);
        g->size += got;
        if (g->size > limit)
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
    return size > 0 && (uint64_t)size <= limit ? (size_t)size : 0;
}

int32_t cl_file_read(const char *path, uint64_t limit, const classify_allocator *a, cl_bytes *out, classify_error *error) {
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return fail(path, reason(errno), error);
    growing g = {0};
    int32_t status = read_stream(stream, path, limit, size_hint(stream, limit), a, &g, error);
    fclose(stream);
    if (status)
        cl_area_free(&g.area, a);
    else
        *out = (cl_bytes){g.data, g.size, g.area, false};
    return status;
}

bool cl_bytes_copy(const void *data, size_t size, const classify_allocator *a, cl_bytes *out) {
    cl_area area;
    uint8_t *copy = cl_area_new(&area, a, size, 1);
    if (!copy)
        return false;
    if (size)
        memcpy(copy, data, size);
    *out = (cl_bytes){copy, size, area, false};
    return true;
}

static void unmap(void *data, size_t size);

void cl_bytes_release(const cl_bytes *bytes, const classify_allocator *a) {
    if (bytes->mapped)
        unmap(bytes->area.memory, bytes->area.size);
    else
        cl_area_free(&bytes->area, a);
}

#if defined(__unix__) || defined(__APPLE__)

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int32_t cl_file_map(const char *path, uint64_t limit, const classify_allocator *a, cl_bytes *out, classify_error *error) {
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
        size_t size = (size_t)about.st_size;
        void *map = mmap(NULL, size, PROT_READ, MAP_SHARED, file, 0);
        if (map == MAP_FAILED)
            status = fail(path, reason(errno), error);
        else
            *out = (cl_bytes){map, size, {map, size}, true};
    }
    close(file);
    return status;
}

static void unmap(void *data, size_t size) { munmap(data, size); }

#else

int32_t cl_file_map(const char *path, uint64_t limit, const classify_allocator *a, cl_bytes *out, classify_error *error) {
    return cl_file_read(path, limit, a, out, error);
}

static void unmap(void *data, size_t size) {
    (void)data;
    (void)size;
}

#endif
