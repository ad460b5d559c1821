/* refine.h - learns the refinement: softmax regression over a text's stems, pairs and pieces of words, in integers. */
#ifndef CL_REFINE_H
#define CL_REFINE_H

#include "compile.h"

/* A text's features, each once: x is its count times its scale over the length of all, in 1/2^14. */
typedef struct {
    uint32_t feature;
    int32_t x;
} cl_refine_entry;

/* The texts of one language. */
typedef struct {
    cl_refine_entry *entries;
    size_t entry_count, entry_capacity;
    size_t *starts;   /* [texts + 1] */
    uint32_t *labels; /* [texts] */
    int64_t *weights; /* [texts], of the text in the sum, /256 */
    size_t texts;
    uint32_t features; /* terms, then pairs, then parts */
    uint32_t label_count;
} cl_refine_matrix;

typedef struct {
    uint32_t epochs, primary_factor;
    const char *primary;
} cl_refine_settings;

/* Fills the matrix with the counts of features in the examples of one language; x holds counts still. */
bool cl_refine_read(cl_refine_matrix *m, cl_compiler *c, uint32_t language, const classify_example *examples, size_t count,
                    const cl_refine_settings *settings);
void cl_refine_matrix_free(cl_refine_matrix *m, const classify_allocator *a);
/* Scales of features (1/256; 0 leaves one out), from how rare they are and how unequally labels have them; then x. */
bool cl_refine_scale(cl_refine_matrix *m, const cl_compiler *c, uint32_t *scales, uint32_t *documents);
/* Learns weights[features][labels], in 1/2^20 of the scaled features. */
bool cl_refine_learn(const cl_refine_matrix *m, uint32_t epochs, int32_t *weights, const classify_allocator *a);

/* Learns from the examples and hangs the refinement on the counts. */
int32_t cl_refine(classify_counts *counts, const classify_refine_options *options, const classify_example *examples,
                  size_t count, classify_error *error);

#endif
