/* file.h - the one place where the library touches the file system: reading or mapping a model file. */
#ifndef CL_FILE_H
#define CL_FILE_H

#include "alloc.h"
#include "error.h"

/* Reads a whole file of at most `limit` bytes into memory of the allocator, or maps it. */
int32_t cl_file_read(const char *path, uint64_t limit, const classify_allocator *a, void **data, size_t *size,
                     classify_error *error);
/* Where the platform has no maps this reads: *mapped tells. */
int32_t cl_file_map(const char *path, uint64_t limit, const classify_allocator *a, void **data, size_t *size, bool *mapped,
                    classify_error *error);
void cl_file_unmap(void *data, size_t size);

#endif
