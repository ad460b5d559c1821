/* compile.h - counts to a model, one struct filled step by step; each step is a file: compile.c (names, balance),
   compile_terms.c, compile_parts.c, compile_weights.c, compile_refined.c, compile_write.c. */
#ifndef CL_COMPILE_H
#define CL_COMPILE_H

#include "bytes.h"
#include "counts_file.h"
#include "model.h"
#include "stem.h"

enum { CL_ONE = 4096 }; /* one occurrence, in weighted counts */

/* Open addressing from a hash to an index, laid out as the model's tables. */
typedef struct {
    uint64_t *hashes;
    uint32_t *indices; /* CLASSIFY_NONE is empty */
    size_t slots;
} cl_index;

/* Terms, pairs or parts: weighted occurrences by covered language and label, and the weights made of them. */
typedef struct {
    uint32_t count;
    uint64_t *sums;   /* [count][covered][labels] */
    int32_t *weights; /* [count][covered][labels], in 1/CL_WEIGHT_SCALE nats */
} cl_tallied;

typedef struct {
    const classify_counts *counts;
    classify_allocator a;
    classify_compile_options options; /* no field but smoothing is 0 */
    cl_counts_order order;
    cl_sorted_tally *tallies; /* scratch: one feature's */
    cl_stemmers stemmers;

    const char *languages[CL_LANGUAGES_MAX]; /* the covered ones first */
    int stem_languages[CL_LANGUAGES_MAX];
    uint32_t language_count, covered;
    const char **labels;
    uint32_t label_count;
    size_t columns;           /* covered * labels */
    uint32_t *cell_language;  /* by rank of the cell */
    uint32_t *cell_label;     /* CLASSIFY_NONE: none */
    uint64_t *label_scale;    /* weighted count of one occurrence in a cell, for labels */
    uint64_t *language_scale; /* the same, for languages: each has the same mass */
    uint64_t *label_totals;   /* [covered][labels], weighted */
    uint32_t calibration[CL_LANGUAGES_MAX][CL_CALIBRATION_FIELDS];

    uint32_t *word_terms; /* by rank of the word; CLASSIFY_NONE for a word that only stands in pairs */
    cl_buffer term_text;
    uint32_t *term_offsets, *term_masks;
    size_t term_capacity, mask_capacity;
    cl_index term_index;
    cl_tallied terms;

    uint64_t *pair_terms; /* first << 32 | second */
    cl_index pair_index;
    cl_tallied pairs;

    uint64_t *part_hashes;
    cl_index part_index;
    cl_tallied parts;
    int32_t *part_languages; /* [parts][languages], in 1/CL_WEIGHT_SCALE nats */
} cl_compiler;

/* The defaults of the options. */
classify_compile_options cl_compile_defaults(void);
/* Names, balance, terms, pairs and parts; cl_compile_end in any case. */
int32_t cl_compile_start(cl_compiler *c, const classify_counts *counts, const classify_compile_options *options,
                         const classify_allocator *a, classify_error *error);
void cl_compile_end(cl_compiler *c);
int32_t cl_compile(const classify_counts *counts, const classify_compile_options *options, const classify_allocator *a,
                   classify_model **out, classify_error *error);

/* The steps. False: no memory. */
bool cl_compile_terms(cl_compiler *c);
bool cl_compile_pairs(cl_compiler *c);
bool cl_compile_parts(cl_compiler *c);
bool cl_compile_weights(cl_compiler *c); /* naive Bayes, the refinement added, and what languages borrow */
bool cl_compile_refined(cl_compiler *c); /* the refinement's part of it */
bool cl_compile_write(cl_compiler *c, uint64_t analyzer_id, cl_buffer *out);

/* The slot of a 64-bit hash: taken, or the empty one where it belongs. Two things of one hash would be taken for one. */
bool cl_index_new(cl_index *index, size_t count, const classify_allocator *a);
void cl_index_free(cl_index *index, const classify_allocator *a);
size_t cl_index_slot(const cl_index *index, uint64_t hash);

/* The pair that two words (numbers in the counts, first << 32 | second) make, or CLASSIFY_NONE. */
uint32_t cl_compile_find_pair(const cl_compiler *c, uint64_t words);
/* Code points of the word of a rank; returns how many. */
uint32_t cl_compile_word(const cl_compiler *c, size_t rank, uint32_t *chars);
/* Adds a feature's live tallies to sums[covered][labels]. */
void cl_compile_add(cl_compiler *c, const cl_feature *feature, uint64_t *sums);

/* ln((n + mu * b) / ((N + mu) * b)) in 1/CL_WEIGHT_SCALE, b = all / everything: a label's share against the background's (Zhai
   and Lafferty 2004). n, N, all, everything and mu are weighted counts. */
int32_t cl_dirichlet(uint64_t n, uint64_t total, uint64_t all, uint64_t everything, uint64_t mu);

#endif
