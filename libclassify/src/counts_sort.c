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

/* What words are sorted by first: their first eight bytes. */
typedef cl_sorted_pair sort_key;

typedef struct {
    const cl_cell *cell;
    uint32_t id;
} cell_key;

static int compare_words(const void *a, const void *b) {
    const word_key *x = a, *y = b;
    int order = memcmp(x->text, y->text, x->size < y->size ? x->size : y->size);
    return order ? order : (x->size > y->size) - (x->size < y->size);
}

/* As a number that orders like the bytes; behind a shorter word's end, zeros, which no word has. */
static uint64_t first_eight(const classify_counts *c, const cl_feature *word) {
    const char *text = cl_word_text(c, word);
    const size_t size = cl_word_size(word);
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++)
        number = number << 8 | (i < size ? (uint8_t)text[i] : 0);
    return number;
}

static int compare_cells(const void *a, const void *b) {
    const cl_cell *x = ((const cell_key *)a)->cell, *y = ((const cell_key *)b)->cell;
    int order = strcmp(x->source, y->source);
    order = order ? order : strcmp(x->language, y->language);
    return order ? order : strcmp(x->label, y->label);
}

/* Sorts by the lowest `bits` of the keys, digit by digit from the lowest on; those above are all zeros. `spare` has as much
   room; the result is in either, and returned. */
static sort_key *sort_by_digits(sort_key *keys, sort_key *spare, size_t count, unsigned bits) {
    enum { DIGIT_MOST = 11, ROUNDS_MOST = (64 + DIGIT_MOST - 1) / DIGIT_MOST };
    uint32_t starts[ROUNDS_MOST][1u << DIGIT_MOST];
    const unsigned rounds = (bits + DIGIT_MOST - 1) / DIGIT_MOST, digit = rounds ? (bits + rounds - 1) / rounds : 0;
    const uint64_t mask = (UINT64_C(1) << digit) - 1;
    memset(starts, 0, rounds * sizeof *starts);
    for (size_t i = 0; i < count; i++)
        for (unsigned round = 0; round < rounds; round++)
            starts[round][keys[i].key >> round * digit & mask]++;
    for (unsigned round = 0; round < rounds; round++) {
        const unsigned shift = round * digit;
        uint32_t *start = starts[round];
        if (count && start[keys[0].key >> shift & mask] == count)
            continue; /* all have this digit */
        for (uint32_t i = 0, sum = 0; i <= mask; i++) {
            uint32_t next = sum + start[i];
            start[i] = sum;
            sum = next;
        }
        for (size_t i = 0; i < count; i++)
            spare[start[keys[i].key >> shift & mask]++] = keys[i];
        sort_key *swap = keys;
        keys = spare;
        spare = swap;
    }
    return keys;
}

bool cl_feature_live(const classify_counts *c, const cl_feature *feature) {
    for (const cl_tally *t = &feature->first; t; t = cl_tally_next(c, t))
        if (t->occurrences)
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

/* Gives words their places: first by their first eight bytes, then those that share them by all. `keys` has twice the room, and
   `ties` once. */
static void sort_texts(const classify_counts *c, cl_counts_order *o, sort_key *keys, word_key *ties) {
    size_t count = 0;
    for (size_t i = 0; i < c->words.count; i++)
        if (o->word_rank[i] != CLASSIFY_NONE)
            keys[count++] = (sort_key){first_eight(c, cl_feature_at(&c->words, (uint32_t)i)), (uint32_t)i, 0};
    keys = sort_by_digits(keys, keys + c->words.count, count, 64);
    for (size_t i = 0, stop; i < count; i = stop) {
        for (stop = i + 1; stop < count && keys[stop].key == keys[i].key; stop++)
            ;
        o->words[i] = keys[i].id;
        if (stop == i + 1)
            continue;
        for (size_t k = i; k < stop; k++) {
            const cl_feature *f = cl_feature_at(&c->words, keys[k].id);
            ties[k - i] = (word_key){cl_word_text(c, f), cl_word_size(f), keys[k].id};
        }
        qsort(ties, stop - i, sizeof *ties, compare_words);
        for (size_t k = i; k < stop; k++)
            o->words[k] = ties[k - i].id;
    }
    o->word_count = count;
}

/* Words that are tallied themselves, or stand in a live pair or in the refinement. */
static bool sort_words(const classify_counts *c, cl_counts_order *o) {
    sort_key *keys = cl_alloc(&c->allocator, c->words.count, 2 * sizeof *keys);
    word_key *ties = cl_alloc(&c->allocator, c->words.count, sizeof *ties);
    if (!keys || !ties) {
        cl_release(&c->allocator, keys, c->words.count, 2 * sizeof *keys);
        cl_release(&c->allocator, ties, c->words.count, sizeof *ties);
        return false;
    }
    for (size_t i = 0; i < c->words.count; i++)
        o->word_rank[i] = cl_feature_live(c, cl_feature_at(&c->words, (uint32_t)i)) ? 0 : CLASSIFY_NONE;
    for (size_t i = 0; i < c->pairs.count; i++) {
        const cl_feature *f = cl_feature_at(&c->pairs, (uint32_t)i);
        if (cl_feature_live(c, f))
            o->word_rank[f->text >> 32] = o->word_rank[(uint32_t)f->text] = 0;
    }
    const cl_refinement *r = c->refinement;
    for (size_t i = 0; r && i < r->count; i++)
        if (r->items[i].kind != CL_REFINED_PART) {
            o->word_rank[(uint32_t)r->items[i].key] = 0;
            if (r->items[i].kind == CL_REFINED_PAIR)
                o->word_rank[r->items[i].key >> 32] = 0;
        }
    sort_texts(c, o, keys, ties);
    for (size_t i = 0; i < o->word_count; i++)
        o->word_rank[o->words[i]] = (uint32_t)i;
    cl_release(&c->allocator, keys, c->words.count, 2 * sizeof *keys);
    cl_release(&c->allocator, ties, c->words.count, sizeof *ties);
    return true;
}

/* The only tally of a pair, where it has no other and is small. */
static uint32_t small_tally(const cl_counts_order *o, const cl_tally *t) {
    const uint64_t documents = t->documents - 1, repeats = t->occurrences - t->documents;
    if (t->next != CLASSIFY_NONE || documents > UINT8_MAX - 1 || repeats > UINT8_MAX)
        return CLASSIFY_NONE;
    return o->cell_rank[t->cell] << 16 | (uint32_t)documents << 8 | (uint32_t)repeats;
}

static bool sort_pairs(const classify_counts *c, cl_counts_order *o) {
    cl_sorted_pair *pairs = cl_area_new(&o->pair_area, &c->allocator, c->pairs.count, 2 * sizeof *pairs);
    if (!pairs)
        return false;
    while (o->word_count >> o->rank_bits)
        o->rank_bits++;
    for (size_t i = 0; i < c->pairs.count; i++) {
        const cl_feature *f = cl_feature_at(&c->pairs, (uint32_t)i);
        const uint64_t first = o->word_rank[f->text >> 32], second = o->word_rank[(uint32_t)f->text];
        if (cl_feature_live(c, f))
            pairs[o->pair_count++] = (cl_sorted_pair){first << o->rank_bits | second, (uint32_t)i, small_tally(o, &f->first)};
    }
    o->pairs = sort_by_digits(pairs, pairs + c->pairs.count, o->pair_count, 2 * o->rank_bits);
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
    *o = (cl_counts_order){.cells = cl_alloc(a, c->cell_count, sizeof(uint32_t)),
                           .cell_rank = cl_alloc(a, c->cell_count, sizeof(uint32_t)),
                           .words = cl_alloc(a, c->words.count, sizeof(uint32_t)),
                           .word_rank = cl_alloc(a, c->words.count, sizeof(uint32_t))};
    if (o->cells && o->cell_rank && o->words && o->word_rank && sort_cells(c, o) && sort_words(c, o) && sort_pairs(c, o))
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
    cl_area_free(&o->pair_area, a);
    *o = (cl_counts_order){0};
}
