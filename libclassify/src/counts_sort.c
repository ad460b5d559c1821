/* counts_sort.c - the canonical order of counts.
   May include: counts.h, bytes.h.
   Must not know: file formats. */
#include "bytes.h"
#include "counts.h"

#include <stdlib.h>

typedef struct {
    const char *text;
    uint32_t size, id;
} word_key;

typedef struct {
    uint64_t ranks;
    uint32_t id;
} pair_key;

typedef struct {
    const cl_cell *cell;
    uint32_t id;
} cell_key;

static int compare_words(const void *a, const void *b) {
    const word_key *x = a, *y = b;
    int order = memcmp(x->text, y->text, x->size < y->size ? x->size : y->size);
    return order ? order : (x->size > y->size) - (x->size < y->size);
}

static int compare_pairs(const void *a, const void *b) {
    const pair_key *x = a, *y = b;
    return (x->ranks > y->ranks) - (x->ranks < y->ranks);
}

static int compare_cells(const void *a, const void *b) {
    const cl_cell *x = ((const cell_key *)a)->cell, *y = ((const cell_key *)b)->cell;
    int order = strcmp(x->source, y->source);
    order = order ? order : strcmp(x->language, y->language);
    return order ? order : strcmp(x->label, y->label);
}

bool cl_feature_live(const classify_counts *c, const cl_feature *feature) {
    for (uint32_t i = feature->tally; i != CLASSIFY_NONE; i = c->tallies[i].next)
        if (c->tallies[i].occurrences)
            return true;
    return false;
}

static bool sort_cells(const classify_counts *c, cl_counts_order *o) {
    cell_key *keys = cl_alloc(&c->allocator, c->cell_count, sizeof *keys);
    if (!keys)
        return false;
    for (size_t i = 0; i < c->cell_count; i++)
        keys[i] = (cell_key){&c->cells[i], (uint32_t)i};
    if (c->cell_count)
        qsort(keys, c->cell_count, sizeof *keys, compare_cells);
    for (size_t i = 0; i < c->cell_count; i++) {
        o->cells[i] = keys[i].id;
        o->cell_rank[keys[i].id] = (uint32_t)i;
    }
    cl_release(&c->allocator, keys, c->cell_count, sizeof *keys);
    return true;
}

/* Words that are tallied themselves, or stand in a live pair or in the refinement. */
static bool sort_words(const classify_counts *c, cl_counts_order *o) {
    word_key *keys = cl_alloc(&c->allocator, c->words.count, sizeof *keys);
    if (!keys)
        return false;
    for (size_t i = 0; i < c->words.count; i++)
        o->word_rank[i] = cl_feature_live(c, &c->words.items[i]) ? 0 : CLASSIFY_NONE;
    for (size_t i = 0; i < c->pairs.count; i++)
        if (cl_feature_live(c, &c->pairs.items[i]))
            o->word_rank[c->pairs.items[i].text >> 32] = o->word_rank[(uint32_t)c->pairs.items[i].text] = 0;
    const cl_refinement *r = c->refinement;
    for (size_t i = 0; r && i < r->count; i++)
        if (r->items[i].kind != CL_REFINED_PART) {
            o->word_rank[(uint32_t)r->items[i].key] = 0;
            if (r->items[i].kind == CL_REFINED_PAIR)
                o->word_rank[r->items[i].key >> 32] = 0;
        }
    for (size_t i = 0; i < c->words.count; i++)
        if (o->word_rank[i] != CLASSIFY_NONE)
            keys[o->word_count++] = (word_key){c->strings + c->words.items[i].text, c->words.items[i].size, (uint32_t)i};
    if (o->word_count)
        qsort(keys, o->word_count, sizeof *keys, compare_words);
    for (size_t i = 0; i < o->word_count; i++) {
        o->words[i] = keys[i].id;
        o->word_rank[keys[i].id] = (uint32_t)i;
    }
    cl_release(&c->allocator, keys, c->words.count, sizeof *keys);
    return true;
}

static bool sort_pairs(const classify_counts *c, cl_counts_order *o) {
    pair_key *keys = cl_alloc(&c->allocator, c->pairs.count, sizeof *keys);
    if (!keys)
        return false;
    for (size_t i = 0; i < c->pairs.count; i++) {
        const cl_feature *f = &c->pairs.items[i];
        if (cl_feature_live(c, f))
            keys[o->pair_count++] =
                (pair_key){(uint64_t)o->word_rank[f->text >> 32] << 32 | o->word_rank[(uint32_t)f->text], (uint32_t)i};
    }
    if (o->pair_count)
        qsort(keys, o->pair_count, sizeof *keys, compare_pairs);
    for (size_t i = 0; i < o->pair_count; i++)
        o->pairs[i] = keys[i].id;
    cl_release(&c->allocator, keys, c->pairs.count, sizeof *keys);
    return true;
}

bool cl_counts_sort_cells(const classify_counts *c, cl_counts_order *o) {
    const classify_allocator *a = &c->allocator;
    *o = (cl_counts_order){.cells = cl_alloc(a, c->cell_count, sizeof(uint32_t)),
                           .cell_rank = cl_alloc(a, c->cell_count, sizeof(uint32_t))};
    if (o->cells && o->cell_rank && sort_cells(c, o))
        return true;
    cl_counts_order_free(c, o);
    return false;
}

bool cl_counts_sort(const classify_counts *c, cl_counts_order *o) {
    const classify_allocator *a = &c->allocator;
    *o = (cl_counts_order){cl_alloc(a, c->cell_count, sizeof(uint32_t)),
                           cl_alloc(a, c->cell_count, sizeof(uint32_t)),
                           cl_alloc(a, c->words.count, sizeof(uint32_t)),
                           cl_alloc(a, c->words.count, sizeof(uint32_t)),
                           cl_alloc(a, c->pairs.count, sizeof(uint32_t)),
                           0,
                           0};
    if (o->cells && o->cell_rank && o->words && o->word_rank && o->pairs && sort_cells(c, o) && sort_words(c, o) &&
        sort_pairs(c, o))
        return true;
    cl_counts_order_free(c, o);
    return false;
}

void cl_counts_order_free(const classify_counts *c, cl_counts_order *o) {
    const classify_allocator *a = &c->allocator;
    cl_release(a, o->cells, c->cell_count, sizeof(uint32_t));
    cl_release(a, o->cell_rank, c->cell_count, sizeof(uint32_t));
    cl_release(a, o->words, c->words.count, sizeof(uint32_t));
    cl_release(a, o->word_rank, c->words.count, sizeof(uint32_t));
    cl_release(a, o->pairs, c->pairs.count, sizeof(uint32_t));
    *o = (cl_counts_order){0};
}
