/* alloc.h - every allocation of the library: the caller's allocator, with overflow-checked sizes. */
#ifndef CL_ALLOC_H
#define CL_ALLOC_H

#include "classify.h"

#include <stdbool.h>

/* The caller's allocator, or malloc where `given` is NULL or has a NULL member. */
classify_allocator cl_allocator(const classify_allocator *given);

void *cl_alloc(const classify_allocator *a, size_t count, size_t size);  /* NULL: none, or count * size overflows */
void *cl_calloc(const classify_allocator *a, size_t count, size_t size); /* the same, zeroed */
void cl_release(const classify_allocator *a, void *memory, size_t count, size_t size); /* NULL is fine */

/* Makes room for `needed` elements of an array that has *capacity, at least doubling it. False, and nothing changed, where
   there is no memory. */
bool cl_reserve(const classify_allocator *a, void **array, size_t *capacity, size_t needed, size_t size);

/* Memory that begins at a line of cache and, where it is large, at a large page, which is asked for: a table that is looked up
   at random costs fewer page faults and misses of the TLB. Not to be resized. */
typedef struct {
    void *memory;
    size_t size;
} cl_area;

enum { CL_LINE = 64, CL_LARGE_PAGE = 2 << 20 };

void *cl_area_new(cl_area *area, const classify_allocator *a, size_t count, size_t size); /* NULL as cl_alloc */
void cl_area_free(const cl_area *area, const classify_allocator *a);

#define CL_RESERVE(a, array, capacity, needed) cl_reserve((a), (void **)&(array), &(capacity), (needed), sizeof *(array))

#endif
