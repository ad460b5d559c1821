/* counts.c - counts in memory: cells, features, tallies, metadata; counting a text.
   May include: counts.h, bytes.h, tokens.h, utf8.h.
   Must not know: stems, weights, file formats. */
#include "counts.h"

#include "bytes.h"
#include "tokens.h"
#include "utf8.h"

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
    cl_release(&a, c->cell_slots, c->cell_slot_count, sizeof *c->cell_slots);
    cl_release(&a, c->words.items, c->words.capacity, sizeof(cl_feature));
    cl_release(&a, c->words.slots, c->words.slot_count, sizeof(uint32_t));
    cl_release(&a, c->pairs.items, c->pairs.capacity, sizeof(cl_feature));
    cl_release(&a, c->pairs.slots, c->pairs.slot_count, sizeof(uint32_t));
    cl_release(&a, c->strings, c->strings_capacity, 1);
    cl_release(&a, c->tallies, c->tally_capacity, sizeof *c->tallies);
    cl_release(&a, c->meta, c->meta_capacity, sizeof *c->meta);
    cl_release(&a, c, 1, sizeof *c);
}

/* ---- Cells ---- */

static bool cell_is(const cl_cell *cell, const char *source, const char *language, const char *label) {
    return !strcmp(cell->label, label) && !strcmp(cell->language, language) && !strcmp(cell->source, source);
}

/* The slot of a cell, or the empty one where it belongs. */
static size_t cell_slot(const classify_counts *c, const char *source, const char *language, const char *label) {
    uint64_t hash = cl_hash_word(source, strlen(source)) + 3 * cl_hash_word(language, strlen(language)) +
                    5 * cl_hash_word(label, strlen(label));
    size_t at = cl_hash_end(hash) & (c->cell_slot_count - 1);
    while (c->cell_slots[at] != CLASSIFY_NONE && !cell_is(&c->cells[c->cell_slots[at]], source, language, label))
        at = (at + 1) & (c->cell_slot_count - 1);
    return at;
}

/* Makes room for one cell more. */
static bool cells_grow(classify_counts *c) {
    if (!CL_RESERVE(&c->allocator, c->cells, c->cell_capacity, c->cell_count + 1))
        return false;
    if ((c->cell_count + 1) * 2 <= c->cell_slot_count)
        return true;
    size_t old_count = c->cell_slot_count, slot_count = old_count ? old_count * 2 : 16;
    uint32_t *slots = cl_alloc(&c->allocator, slot_count, sizeof *slots);
    if (!slots)
        return false;
    cl_release(&c->allocator, c->cell_slots, old_count, sizeof *slots);
    c->cell_slots = memset(slots, 0xFF, slot_count * sizeof *slots);
    c->cell_slot_count = slot_count;
    for (size_t i = 0; i < c->cell_count; i++)
        slots[cell_slot(c, c->cells[i].source, c->cells[i].language, c->cells[i].label)] = (uint32_t)i;
    return true;
}

bool cl_counts_cell(classify_counts *c, const char *source, const char *language, const char *label, uint32_t *cell) {
    size_t last = c->cell_count - 1; /* texts of one source come together */
    if (c->cell_count && cell_is(&c->cells[last], source, language, label)) {
        *cell = (uint32_t)last;
        return true;
    }
    *cell = c->cell_count ? c->cell_slots[cell_slot(c, source, language, label)] : CLASSIFY_NONE;
    if (*cell != CLASSIFY_NONE)
        return true;
    *cell = (uint32_t)c->cell_count;
    return c->cell_count < CL_CELLS_MAX && cl_counts_new_cell(c, source, language, label);
}

bool cl_counts_new_cell(classify_counts *c, const char *source, const char *language, const char *label) {
    if (!cells_grow(c))
        return false;
    cl_cell made = {copy_text(c, source), copy_text(c, language), copy_text(c, label), 0, 0};
    if (!made.source || !made.language || !made.label) {
        release_text(c, made.source);
        release_text(c, made.language);
        release_text(c, made.label);
        return false;
    }
    c->cell_slots[cell_slot(c, source, language, label)] = (uint32_t)c->cell_count;
    c->cells[c->cell_count++] = made;
    return true;
}

/* ---- Features ---- */

static uint64_t feature_hash(const classify_counts *c, const cl_feature *f) {
    return f->size ? cl_hash_word(c->strings + f->text, f->size) : cl_hash_two((uint32_t)(f->text >> 32), (uint32_t)f->text);
}

/* Keeps the table at most half full. */
static bool table_grow(const classify_counts *c, cl_feature_table *t) {
    if (!CL_RESERVE(&c->allocator, t->items, t->capacity, t->count + 1))
        return false;
    if ((t->count + 1) * 2 <= t->slot_count)
        return true;
    size_t slot_count = t->slot_count ? t->slot_count * 2 : 1024;
    uint32_t *slots = cl_alloc(&c->allocator, slot_count, sizeof *slots);
    if (!slots)
        return false;
    memset(slots, 0xFF, slot_count * sizeof *slots);
    for (size_t i = 0; i < t->count; i++) {
        size_t at = feature_hash(c, &t->items[i]) & (slot_count - 1);
        while (slots[at] != CLASSIFY_NONE)
            at = (at + 1) & (slot_count - 1);
        slots[at] = (uint32_t)i;
    }
    cl_release(&c->allocator, t->slots, t->slot_count, sizeof *t->slots);
    t->slots = slots;
    t->slot_count = slot_count;
    return true;
}

static bool word_with_hash(classify_counts *c, uint64_t hash, const char *text, size_t size, uint32_t *word) {
    cl_feature_table *t = &c->words;
    if (!table_grow(c, t) || t->count >= CLASSIFY_NONE - 1)
        return false;
    size_t at = hash & (t->slot_count - 1);
    for (; t->slots[at] != CLASSIFY_NONE; at = (at + 1) & (t->slot_count - 1)) {
        const cl_feature *f = &t->items[t->slots[at]];
        if (f->size == size && !memcmp(c->strings + f->text, text, size)) {
            *word = t->slots[at];
            return true;
        }
    }
    if (!CL_RESERVE(&c->allocator, c->strings, c->strings_capacity, c->strings_size + size))
        return false;
    memcpy(c->strings + c->strings_size, text, size);
    t->items[t->count] = (cl_feature){c->strings_size, (uint32_t)size, CLASSIFY_NONE};
    c->strings_size += size;
    *word = t->slots[at] = (uint32_t)t->count++;
    return true;
}

bool cl_counts_word(classify_counts *c, const char *text, size_t size, uint32_t *word) {
    return word_with_hash(c, cl_hash_word(text, size), text, size, word);
}

uint32_t cl_counts_find(const classify_counts *c, const char *text, size_t size) {
    const cl_feature_table *t = &c->words;
    if (!t->slot_count)
        return CLASSIFY_NONE;
    for (size_t at = cl_hash_word(text, size) & (t->slot_count - 1);; at = (at + 1) & (t->slot_count - 1)) {
        uint32_t word = t->slots[at];
        if (word == CLASSIFY_NONE || (t->items[word].size == size && !memcmp(c->strings + t->items[word].text, text, size)))
            return word;
    }
}

bool cl_counts_pair(classify_counts *c, uint32_t first, uint32_t second, uint32_t *pair) {
    cl_feature_table *t = &c->pairs;
    uint64_t key = (uint64_t)first << 32 | second;
    if (!table_grow(c, t) || t->count >= CLASSIFY_NONE - 1)
        return false;
    size_t at = cl_hash_two(first, second) & (t->slot_count - 1);
    for (; t->slots[at] != CLASSIFY_NONE; at = (at + 1) & (t->slot_count - 1))
        if (t->items[t->slots[at]].text == key) {
            *pair = t->slots[at];
            return true;
        }
    t->items[t->count] = (cl_feature){key, 0, CLASSIFY_NONE};
    *pair = t->slots[at] = (uint32_t)t->count++;
    return true;
}

/* A new, empty tally; NULL: no memory. */
static cl_tally *append(classify_counts *c, cl_feature *feature, uint32_t cell) {
    if (c->tally_count >= CLASSIFY_NONE - 1 || !CL_RESERVE(&c->allocator, c->tallies, c->tally_capacity, c->tally_count + 1))
        return NULL;
    cl_tally *made = &c->tallies[c->tally_count];
    *made = (cl_tally){0, 0, 0, cell, feature->tally};
    feature->tally = (uint32_t)c->tally_count++;
    return made;
}

/* The tally of a feature in a cell, made where it is new; NULL: no memory. */
static cl_tally *tally_of(classify_counts *c, cl_feature *feature, uint32_t cell) {
    for (uint32_t i = feature->tally; i != CLASSIFY_NONE; i = c->tallies[i].next)
        if (c->tallies[i].cell == cell)
            return &c->tallies[i];
    return append(c, feature, cell);
}

bool cl_counts_append(classify_counts *c, cl_feature *feature, uint32_t cell, uint64_t occurrences, uint64_t documents) {
    cl_tally *tally = append(c, feature, cell);
    if (tally)
        tally->occurrences = occurrences, tally->documents = documents;
    return tally != NULL;
}

/* ---- Counting ---- */

static bool count_one(classify_counts *c, cl_feature *feature, uint32_t cell) {
    cl_tally *tally = tally_of(c, feature, cell);
    if (!tally)
        return false;
    tally->occurrences++;
    tally->documents += tally->last != c->serial;
    tally->last = c->serial;
    return true;
}

bool cl_counts_text(classify_counts *c, uint32_t cell, const char *text, size_t size) {
    cl_tokenizer tokens;
    cl_token token;
    uint32_t before = CLASSIFY_NONE;
    uint64_t words = 0;
    c->serial++;
    cl_tokens_start(&tokens, text, size);
    tokens.unspelled = true;
    while (cl_tokens_next(&tokens, &token)) {
        words++;
        uint32_t word, pair;
        if (!word_with_hash(c, token.hash, token.folded, token.size, &word) || !count_one(c, &c->words.items[word], cell))
            return false;
        if (!cl_marker_is_remark(token.marker)) {
            if (before != CLASSIFY_NONE && !token.breaks &&
                (!cl_counts_pair(c, before, word, &pair) || !count_one(c, &c->pairs.items[pair], cell)))
                return false;
            before = word;
        }
    }
    c->cells[cell].documents++;
    c->cells[cell].words += words;
    return true;
}
