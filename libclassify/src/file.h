/* file.h - the one place where the library touches the file system: reading or mapping a model file. */
#ifndef CL_FILE_H
#define CL_FILE_H

#include "alloc.h"
#include "error.h"

/* The bytes of a file, or of a copy: at data, a line of cache's begin but where they were given, in the area that holds them.
 */
typedef struct {
    const uint8_t *data;
    size_t size;
    cl_area area; /* to release; NULL: nothing */
    bool mapped;  /* it is a map of the file */
} cl_bytes;

/* Reads a whole file of at most `limit` bytes into memory of the allocator, or maps it where the platform can. *out is set on
   success only. */
int32_t cl_file_read(const char *path, uint64_t limit, const classify_allocator *a, cl_bytes *out, classify_error *error);
int32_t cl_file_map(const char *path, uint64_t limit, const classify_allocator *a, cl_bytes *out, classify_error *error);
/* Copies bytes. False: no memory. */
bool cl_bytes_copy(const void *data, size_t size, const classify_allocator *a, cl_bytes *out);
void cl_bytes_release(const cl_bytes *bytes, const classify_allocator *a);

#endif
