/* refinement.c - the table of refined weights.
   May include: refinement.h.
   Must not know: how they were learned, how they are used. */
#include "refinement.h"

#include <string.h>

cl_refinement *cl_refinement_new(uint32_t labels, uint32_t languages, const classify_allocator *a) {
    cl_refinement *r = cl_calloc(a, 1, sizeof *r);
    if (!r)
        return NULL;
    r->label_count = labels;
    r->language_count = languages;
    r->labels = cl_calloc(a, labels, sizeof *r->labels);
    r->languages = cl_calloc(a, languages, sizeof *r->languages);
    if (r->labels && r->languages)
        return r;
    cl_refinement_free(r, a);
    return NULL;
}

void cl_refinement_free(cl_refinement *r, const classify_allocator *a) {
    if (!r)
        return;
    cl_release(a, r->labels, r->label_count, sizeof *r->labels);
    cl_release(a, r->languages, r->language_count, sizeof *r->languages);
    cl_release(a, r->items, r->capacity, sizeof *r->items);
    cl_release(a, r->weights, r->weight_capacity, sizeof *r->weights);
    cl_release(a, r, 1, sizeof *r);
}

int16_t *cl_refinement_add(cl_refinement *r, cl_refined_kind kind, uint32_t language, uint64_t key,
                           const classify_allocator *a) {
    size_t at = r->count * r->label_count;
    if (!CL_RESERVE(a, r->items, r->capacity, r->count + 1) ||
        !CL_RESERVE(a, r->weights, r->weight_capacity, at + r->label_count))
        return NULL;
    r->items[r->count++] = (cl_refined){key, (uint16_t)language, (uint8_t)kind};
    memset(r->weights + at, 0, r->label_count * sizeof *r->weights);
    return r->weights + at;
}
