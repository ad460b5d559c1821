/* alloc.c - every allocation of the library.
   May include: classify.h.
   Must not know: what the memory is for. */
#if defined(__unix__) || defined(__APPLE__)
#define _DEFAULT_SOURCE  1 /* madvise */
#define _DARWIN_C_SOURCE 1
#include <sys/mman.h>
#endif
#include "alloc.h"

#include <stdlib.h>
#include <string.h>

static void *default_alloc(void *context, size_t size) {
    (void)context;
    return malloc(size);
}

static void *default_resize(void *context, void *memory, size_t old_size, size_t new_size) {
    (void)context;
    (void)old_size;
    return realloc(memory, new_size);
}

static void default_release(void *context, void *memory, size_t size) {
    (void)context;
    (void)size;
    free(memory);
}

classify_allocator cl_allocator(const classify_allocator *given) {
    if (given && given->alloc && given->resize && given->release)
        return *given;
    return (classify_allocator){default_alloc, default_resize, default_release, NULL};
}

void *cl_alloc(const classify_allocator *a, size_t count, size_t size) {
    if (size && count > PTRDIFF_MAX / size)
        return NULL;
    size_t bytes = count * size;
    return a->alloc(a->context, bytes ? bytes : 1);
}

void *cl_calloc(const classify_allocator *a, size_t count, size_t size) {
    void *memory = cl_alloc(a, count, size);
    if (memory)
        memset(memory, 0, count * size);
    return memory;
}

void cl_release(const classify_allocator *a, void *memory, size_t count, size_t size) {
    size_t bytes = count * size;
    if (memory)
        a->release(a->context, memory, bytes ? bytes : 1);
}

/* A hint: nothing depends on it. */
static void ask_for_large_pages(void *memory, size_t size) {
#if defined(MADV_HUGEPAGE)
    const size_t before = (size_t)(-(uintptr_t)memory % CL_LARGE_PAGE);
    if (size > before && size - before >= CL_LARGE_PAGE)
        madvise((uint8_t *)memory + before, (size - before) / CL_LARGE_PAGE * CL_LARGE_PAGE, MADV_HUGEPAGE);
#else
    (void)memory;
    (void)size;
#endif
}

void *cl_area_new(cl_area *area, const classify_allocator *a, size_t count, size_t size) {
    const size_t most = PTRDIFF_MAX - 2 * CL_LARGE_PAGE;
    if (size && count > most / size)
        return NULL;
    size_t bytes = count * size;
    const size_t alignment = bytes < CL_LARGE_PAGE ? CL_LINE : CL_LARGE_PAGE;
    bytes += (size_t)(0 - bytes) % alignment; /* the last page too is a large one */
    void *memory = cl_alloc(a, bytes + alignment, 1);
    if (!memory)
        return NULL;
    *area = (cl_area){memory, bytes + alignment};
    uint8_t *begin = (uint8_t *)memory + (size_t)(-(uintptr_t)memory % alignment);
    ask_for_large_pages(begin, bytes);
    return begin;
}

void cl_area_free(const cl_area *area, const classify_allocator *a) { cl_release(a, area->memory, area->size, 1); }

bool cl_reserve(const classify_allocator *a, void **array, size_t *capacity, size_t needed, size_t size) {
    if (needed <= *capacity)
        return true;
    size_t wanted = *capacity < 8 ? 16 : *capacity * 2;
    if (wanted < needed)
        wanted = needed;
    if (wanted > PTRDIFF_MAX / size)
        return false;
    void *grown = *array ? a->resize(a->context, *array, *capacity * size, wanted * size) : a->alloc(a->context, wanted * size);
    if (!grown)
        return false;
    ask_for_large_pages(grown, wanted * size);
    *array = grown;
    *capacity = wanted;
    return true;
}
