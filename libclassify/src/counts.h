/* counts.h - how often each surface form, and each pair of neighbours, stood under each (source, language, label). */
#ifndef CL_COUNTS_H
#define CL_COUNTS_H

#include "alloc.h"
#include "counts_flood.h"
#include "error.h"
#include "refinement.h"

/* A column: everything counted from one source in one language under one label. */
typedef struct {
    char *source, *language, *label;
    uint64_t documents, words;
} cl_cell;

/* Of one feature in one cell. One without occurrences was cleared, or never counted: as if it were not there. */
typedef struct {
    uint64_t occurrences, documents;
    uint64_t last; /* number of the document that was counted last, so that each counts once */
    uint32_t cell; /* CLASSIFY_NONE: none yet */
    uint32_t next; /* of the same feature, in `tallies`; CLASSIFY_NONE ends them */
} cl_tally;

/* A surface form (or marker), or a pair of two of them. Most have one tally, so that it lies with them; texts of one cell come
   together, so that the cell in hand has it. */
typedef struct {
    uint64_t text; /* word: offset in `strings`; pair: first word << 32 | second word */
    uint32_t size; /* word: bytes; pair: 0 */
    cl_tally first;
} cl_feature;

/* The tag is the lower half of the hash. It tells most others apart without a look at them, and finds its place when the table
   grows. */
typedef struct {
    uint32_t tag, item; /* item: CLASSIFY_NONE is empty */
} cl_feature_slot;

typedef struct {
    cl_feature *items;
    size_t count, capacity;
    cl_feature_slot *slots; /* open addressing */
    size_t slot_count;
    cl_flood flood; /* features that found no slot */
} cl_feature_table;

typedef struct {
    char *key, *value;
} cl_meta;

struct classify_counts {
    classify_allocator allocator;
    cl_cell *cells;
    size_t cell_count, cell_capacity;
    uint32_t *cell_order; /* numbers of the cells by source, language, label */
    size_t cell_order_capacity;
    cl_feature_table words, pairs;
    char *strings;
    size_t strings_size, strings_capacity;
    cl_tally *tallies;
    size_t tally_count, tally_capacity;
    cl_meta *meta;
    size_t meta_count, meta_capacity;
    cl_refinement *refinement; /* or NULL */
    uint64_t serial;           /* of the document being counted */
};

enum { CL_NAME_MAX = 255, CL_META_KEY_MAX = 63, CL_META_VALUE_MAX = 4095, CL_CELLS_MAX = 1 << 16 };
#define CL_WORDS_MAX (UINT64_C(1) << 40) /* words, and texts, of a cell: sums of weighted counts stay below 2^64 */

classify_counts *cl_counts_new(const classify_allocator *allocator);
void cl_counts_free(classify_counts *c);

/* The number of a cell, made where it is new. False: no memory or too many. */
bool cl_counts_cell(classify_counts *c, const char *source, const char *language, const char *label, uint32_t *cell);
/* Makes a cell that is known to be new. */
bool cl_counts_new_cell(classify_counts *c, const char *source, const char *language, const char *label);
/* The number of a word or of a pair of words, made where it is new. */
bool cl_counts_word(classify_counts *c, const char *text, size_t size, uint32_t *word);
/* The number of a word, CLASSIFY_NONE where it is new. */
uint32_t cl_counts_find(const classify_counts *c, const char *text, size_t size);
bool cl_counts_pair(classify_counts *c, uint32_t first, uint32_t second, uint32_t *pair);
/* Adds a tally in a cell that the feature has none in: behind the first, or as the first where there was none. */
bool cl_counts_append(classify_counts *c, cl_feature *feature, uint32_t cell, uint64_t occurrences, uint64_t documents);

/* Counts one text in a cell. */
bool cl_counts_text(classify_counts *c, uint32_t cell, const char *text, size_t size);
/* OK, NOMEM, or LIMIT. */
int32_t cl_counts_merge(classify_counts *into, const classify_counts *from);
/* Clears tallies of rare features in cells whose source begins with prefix. */
bool cl_counts_prune(classify_counts *c, const char *prefix, uint64_t word_documents, uint64_t pair_documents);

/* Sets, or with a NULL value removes, metadata. */
bool cl_counts_set_meta(classify_counts *c, const char *key, const char *value);
bool cl_meta_key_valid(const char *key, size_t size);
/* UTF-8 without control characters? */
bool cl_text_valid(const char *text, size_t size);

/* A sorted view: the order in which files are written and models compiled, so that neither depends on the order of counting. */
typedef struct {
    uint32_t *cells;     /* cell numbers by source, language, label */
    uint32_t *cell_rank; /* its inverse */
    uint32_t *words;     /* numbers of the live words (tallied, or part of a live pair) by bytes */
    uint32_t *word_rank; /* its inverse; CLASSIFY_NONE for words left out */
    uint32_t *pairs;     /* numbers of the live pairs by the ranks of their words */
    size_t word_count, pair_count;
} cl_counts_order;

/* Only `cells` and `cell_rank`. */
bool cl_counts_sort_cells(const classify_counts *c, cl_counts_order *order);
bool cl_counts_sort(const classify_counts *c, cl_counts_order *order);
void cl_counts_order_free(const classify_counts *c, cl_counts_order *order);
/* The tally after one; NULL: there is none. */
static inline cl_tally *cl_tally_next(const classify_counts *c, const cl_tally *tally) {
    return tally->next == CLASSIFY_NONE ? NULL : &c->tallies[tally->next];
}
/* Has the feature a tally that is not cleared? */
bool cl_feature_live(const classify_counts *c, const cl_feature *feature);

#endif
