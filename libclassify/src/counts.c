/* counts.c - counts in memory: cells, features, tallies.
   May include: counts_table.h, counts.h, bytes.h.
   Must not know: stems, weights, file formats. */
#include "counts_table.h"

classify_counts *cl_counts_new(const classify_allocator *allocator) {
    classify_counts *c = cl_calloc(allocator, 1, sizeof *c);
    if (c)
        c->allocator = *allocator;
    return c;
}

static void release_text(const classify_counts *c, char *text) {
    if (text)
        cl_release(&c->allocator, text, strlen(text) + 1, 1);
}

static char *copy_text(const classify_counts *c, const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = cl_alloc(&c->allocator, size, 1);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}

void cl_counts_free(classify_counts *c) {
    if (!c)
        return;
    for (size_t i = 0; i < c->cell_count; i++) {
        release_text(c, c->cells[i].source);
        release_text(c, c->cells[i].language);
        release_text(c, c->cells[i].label);
    }
    for (size_t i = 0; i < c->meta_count; i++) {
        release_text(c, c->meta[i].key);
        release_text(c, c->meta[i].value);
    }
    classify_allocator a = c->allocator;
    cl_refinement_free(c->refinement, &a);
    cl_release(&a, c->cells, c->cell_capacity, sizeof *c->cells);
    cl_release(&a, c->cell_order, c->cell_order_capacity, sizeof *c->cell_order);
    cl_table_free(&c->words, &a);
    cl_table_free(&c->pairs, &a);
    cl_release(&a, c->strings, c->strings_capacity, 1);
    cl_release(&a, c->tallies, c->tally_capacity, sizeof *c->tallies);
    cl_release(&a, c->meta, c->meta_capacity, sizeof *c->meta);
    cl_release(&a, c, 1, sizeof *c);
}

/* ---- Cells ---- */

/* How names stand to those of a cell. */
static int cell_order(const cl_cell *cell, const char *source, const char *language, const char *label) {
    int order = strcmp(source, cell->source);
    order = order ? order : strcmp(language, cell->language);
    return order ? order : strcmp(label, cell->label);
}

/* The place in `cell_order` of a cell, or where it belongs. */
static size_t cell_place(const classify_counts *c, const char *source, const char *language, const char *label, bool *found) {
    size_t from = 0, to = c->cell_count;
    *found = false;
    while (from < to && !*found) {
        size_t middle = from + (to - from) / 2;
        int order = cell_order(&c->cells[c->cell_order[middle]], source, language, label);
        *found = !order;
        from = order > 0 ? middle + 1 : from;
        to = order > 0 ? to : middle;
    }
    return to;
}

bool cl_counts_cell(classify_counts *c, const char *source, const char *language, const char *label, uint32_t *cell) {
    size_t last = c->cell_count - 1; /* texts of one source come together */
    if (c->cell_count && !cell_order(&c->cells[last], source, language, label)) {
        *cell = (uint32_t)last;
        return true;
    }
    bool found;
    size_t place = cell_place(c, source, language, label, &found);
    if (found) {
        *cell = c->cell_order[place];
        return true;
    }
    *cell = (uint32_t)c->cell_count;
    return c->cell_count < CL_CELLS_MAX && cl_counts_new_cell(c, source, language, label);
}

bool cl_counts_new_cell(classify_counts *c, const char *source, const char *language, const char *label) {
    bool found;
    if (!CL_RESERVE(&c->allocator, c->cells, c->cell_capacity, c->cell_count + 1) ||
        !CL_RESERVE(&c->allocator, c->cell_order, c->cell_order_capacity, c->cell_count + 1))
        return false;
    cl_cell made = {copy_text(c, source), copy_text(c, language), copy_text(c, label), 0, 0};
    if (!made.source || !made.language || !made.label) {
        release_text(c, made.source);
        release_text(c, made.language);
        release_text(c, made.label);
        return false;
    }
    uint32_t *place = c->cell_order + cell_place(c, source, language, label, &found);
    memmove(place + 1, place, (size_t)(c->cell_order + c->cell_count - place) * sizeof *place);
    *place = (uint32_t)c->cell_count;
    c->cells[c->cell_count++] = made;
    return true;
}

/* ---- Features ---- */

bool cl_counts_word(classify_counts *c, const char *text, size_t size, uint32_t *word) {
    return cl_table_reserve(c, &c->words, cl_word_key, 1) && cl_word_with_hash(c, cl_hash_word(text, size), text, size, word);
}

uint32_t cl_counts_find(const classify_counts *c, const char *text, size_t size) {
    size_t slot;
    return c->words.slot_count ? cl_table_find(c, &c->words, cl_word_key, (uint32_t)cl_hash_word(text, size),
                                               (cl_feature_key){text, size}, &slot)
                               : CLASSIFY_NONE;
}

bool cl_counts_pair(classify_counts *c, uint32_t first, uint32_t second, uint32_t *pair) {
    if (!cl_table_reserve(c, &c->pairs, cl_pair_key, 1))
        return false;
    *pair = cl_pair_with_hash(c, cl_hash_two(first, second), (uint64_t)first << 32 | second);
    return true;
}

bool cl_counts_new_pair(classify_counts *c, uint32_t first, uint32_t second, uint32_t *pair) {
    cl_feature_table *t = &c->pairs;
    if (t->count >= CLASSIFY_NONE - 1 || !cl_table_items(c, t, t->count + 1))
        return false;
    *pair = (uint32_t)t->count++;
    *cl_feature_at(t, *pair) = (cl_feature){(uint64_t)first << 32 | second, {0, CL_NO_CELL, 0, 0, CLASSIFY_NONE}};
    return true;
}

bool cl_counts_pairs(classify_counts *c, const uint64_t *keys, size_t count, uint32_t *pairs) {
    uint64_t hashes[CL_BATCH];
    if (!cl_table_reserve(c, &c->pairs, cl_pair_key, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        hashes[i] = cl_hash_two(keys[i] >> 32, (uint32_t)keys[i]);
        CL_PREFETCH(&c->pairs.slots[(uint32_t)hashes[i] & (c->pairs.slot_count - 1)]);
    }
    cl_table_fetch(&c->pairs, hashes, count);
    for (size_t i = 0; i < count; i++)
        pairs[i] = cl_pair_with_hash(c, hashes[i], keys[i]);
    return true;
}

/* Puts a tally behind the first of a feature. */
static bool put_behind(classify_counts *c, cl_feature *feature, cl_tally tally) {
    if (c->tally_count >= CLASSIFY_NONE - 2 || !CL_RESERVE(&c->allocator, c->tallies, c->tally_capacity, c->tally_count + 1))
        return false;
    tally.next = feature->first.next;
    c->tallies[c->tally_count] = tally;
    feature->first.next = (uint32_t)c->tally_count++;
    return true;
}

bool cl_counts_append(classify_counts *c, cl_feature *feature, uint32_t cell, uint64_t occurrences, uint64_t documents) {
    cl_tally tally = {occurrences, cell, documents, 0, CLASSIFY_NONE};
    if (feature->first.cell != CL_NO_CELL)
        return put_behind(c, feature, tally);
    feature->first = tally;
    return true;
}

bool cl_counts_bring_first(classify_counts *c, cl_feature *feature, uint32_t cell) {
    cl_tally old = feature->first;
    for (cl_tally *t = cl_tally_next(c, &old); t; t = cl_tally_next(c, t))
        if (t->cell == cell) {
            feature->first = *t;
            feature->first.next = old.next;
            old.next = t->next;
            *t = old;
            return true;
        }
    if (old.cell != CL_NO_CELL && !put_behind(c, feature, old))
        return false;
    feature->first = (cl_tally){0, cell, 0, 0, feature->first.next};
    return true;
}
