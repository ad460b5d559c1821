/* counts.h - how often each surface form, and each pair of neighbours, stood under each (source, language, label). */
#ifndef CL_COUNTS_H
#define CL_COUNTS_H

#include "alloc.h"
#include "bytes.h"
#include "counts_flood.h"
#include "error.h"
#include "refinement.h"

/* A column: everything counted from one source in one language under one label. */
typedef struct {
    char *source, *language, *label;
    uint64_t documents, words;
} cl_cell;

enum { CL_NAME_MAX = 255, CL_META_KEY_MAX = 63, CL_META_VALUE_MAX = 4095, CL_CELLS_MAX = 1 << 16, CL_NO_CELL = CL_CELLS_MAX };
#define CL_WORDS_MAX (UINT64_C(1) << 40) /* words, and texts, of a cell: sums of weighted counts stay below 2^64 */

/* Of one feature in one cell. One without occurrences was cleared, or never counted: as if it were not there. */
typedef struct {
    uint64_t occurrences : 47, cell : 17; /* cell: CL_NO_CELL where there is none yet */
    uint64_t documents;
    uint32_t last; /* number of the document that was counted last, so that each counts once; 0 for none */
    uint32_t next; /* of the same feature, in `tallies`; CLASSIFY_NONE ends them */
} cl_tally;

/* A surface form (or marker), or a pair of two of them: half a line of cache. Most have one tally, so that it lies with them;
   texts of one cell come together, so that the cell in hand has it. */
typedef struct {
    uint64_t text; /* word: offset in `strings` << CL_SIZE_BITS | bytes; pair: first word << 32 | second word */
    cl_tally first;
} cl_feature;

enum { CL_SIZE_BITS = 9 };

/* The tag is the lower half of the hash. It tells most others apart without a look at them, and finds its place when the table
   grows. */
typedef struct {
    uint32_t tag, item; /* item: CLASSIFY_NONE is empty */
} cl_feature_slot;

/* Features lie in chunks, each with room for twice as many as the one before, so that they never move. */
enum { CL_CHUNK_BITS = 10, CL_CHUNKS = 33 - CL_CHUNK_BITS };

typedef struct {
    cl_feature *chunks[CL_CHUNKS];
    size_t count, capacity;
    cl_feature_slot *slots; /* open addressing */
    size_t slot_count;
    size_t slotted;                      /* features that have slots: the first ones, all of them where one is looked for */
    cl_flood flood;                      /* features that found no slot */
    cl_area areas[CL_CHUNKS], slot_area; /* of which chunks and slots are */
} cl_feature_table;

static inline cl_feature *cl_feature_at(const cl_feature_table *t, uint32_t number) {
    const uint64_t place = (uint64_t)number + (1u << CL_CHUNK_BITS);
    const unsigned chunk = cl_highest_bit(place) - CL_CHUNK_BITS;
    return &t->chunks[chunk][place - (UINT64_C(1) << CL_CHUNK_BITS << chunk)];
}

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
    uint32_t serial;           /* of the document being counted */
};

static inline const char *cl_word_text(const classify_counts *c, const cl_feature *word) {
    return c->strings + (word->text >> CL_SIZE_BITS);
}
static inline uint32_t cl_word_size(const cl_feature *word) { return word->text & ((1u << CL_SIZE_BITS) - 1); }

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
/* The same of a pair that is known to be new: it costs no look at the others, and no slot until one is looked for. */
bool cl_counts_new_pair(classify_counts *c, uint32_t first, uint32_t second, uint32_t *pair);
/* The same as cl_counts_pair of up to CL_BATCH pairs, of first word << 32 | second each: they wait for memory together. */
enum { CL_BATCH = 64 };
bool cl_counts_pairs(classify_counts *c, const uint64_t *keys, size_t count, uint32_t *pairs);
/* Adds a tally in a cell that the feature has none in: behind the first, or as the first where there was none. */
bool cl_counts_append(classify_counts *c, cl_feature *feature, uint32_t cell, uint64_t occurrences, uint64_t documents);
/* Makes a feature's tally in a cell, which may be new, its first one. */
bool cl_counts_bring_first(classify_counts *c, cl_feature *feature, uint32_t cell);

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

/* ---- A sorted view: the order in which files are written and models compiled, whatever the order of counting ---- */

/* A pair in order. Most have but one small tally, which comes along: the pair itself lies anywhere in memory. */
typedef struct {
    uint64_t key;   /* rank of its first word << rank_bits | rank of its second */
    uint32_t id;    /* its number */
    uint32_t tally; /* rank of the cell << 16 | documents - 1 << 8 | occurrences - documents; CLASSIFY_NONE: look at the pair */
} cl_sorted_pair;

typedef struct {
    uint32_t *cells;       /* cell numbers by source, language, label */
    uint32_t *cell_rank;   /* its inverse */
    uint32_t *words;       /* numbers of the live words (tallied, or part of a live pair) by bytes */
    uint32_t *word_rank;   /* its inverse; CLASSIFY_NONE for words left out */
    cl_sorted_pair *pairs; /* the live ones by the ranks of their words */
    cl_area pair_area;     /* of which they are */
    unsigned rank_bits;    /* of a word's rank */
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
