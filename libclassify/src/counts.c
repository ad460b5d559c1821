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
    cl_release(&a, c->words.slots, c->words.slot_count, sizeof(cl_feature_slot));
    cl_release(&a, c->pairs.items, c->pairs.capacity, sizeof(cl_feature));
    cl_release(&a, c->pairs.slots, c->pairs.slot_count, sizeof(cl_feature_slot));
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

/* Makes room for `more` features, and keeps the table at most half full (up to 2^32 slots; there is always an empty one). */
static bool table_reserve(const classify_counts *c, cl_feature_table *t, size_t more) {
    if (more > CLASSIFY_NONE - 1 - t->count || !CL_RESERVE(&c->allocator, t->items, t->capacity, t->count + more))
        return false;
    size_t slot_count = t->slot_count ? t->slot_count : 1024;
    while ((t->count + more) * 2 > slot_count && slot_count <= UINT32_MAX / 2 + 1)
        slot_count *= 2;
    if (slot_count == t->slot_count)
        return true;
    cl_feature_slot *slots = cl_alloc(&c->allocator, slot_count, sizeof *slots);
    if (!slots)
        return false;
    memset(slots, 0xFF, slot_count * sizeof *slots);
    for (size_t i = 0; i < t->slot_count; i++) {
        if (t->slots[i].item == CLASSIFY_NONE)
            continue;
        size_t at = t->slots[i].tag & (slot_count - 1);
        while (slots[at].item != CLASSIFY_NONE)
            at = (at + 1) & (slot_count - 1);
        slots[at] = t->slots[i];
    }
    cl_release(&c->allocator, t->slots, t->slot_count, sizeof *t->slots);
    t->slots = slots;
    t->slot_count = slot_count;
    return true;
}

/* Fills an empty slot with a new feature, for which there is room. */
static inline uint32_t table_add(cl_feature_table *t, size_t slot, uint32_t tag, uint64_t text, uint32_t size) {
    t->items[t->count] = (cl_feature){text, size, {0, 0, 0, CLASSIFY_NONE, CLASSIFY_NONE}};
    t->slots[slot] = (cl_feature_slot){tag, (uint32_t)t->count};
    return (uint32_t)t->count++;
}

/* The slot of a word, or the empty one where it belongs. */
static inline size_t word_slot(const classify_counts *c, uint32_t tag, const char *text, size_t size) {
    const cl_feature_table *t = &c->words;
    for (size_t at = tag & (t->slot_count - 1);; at = (at + 1) & (t->slot_count - 1)) {
        if (t->slots[at].item == CLASSIFY_NONE)
            return at;
        if (t->slots[at].tag != tag)
            continue;
        const cl_feature *f = &t->items[t->slots[at].item];
        if (f->size == size && !memcmp(c->strings + f->text, text, size))
            return at;
    }
}

/* Room for it must be in the table. */
static inline bool word_with_hash(classify_counts *c, uint64_t hash, const char *text, size_t size, uint32_t *word) {
    cl_feature_table *t = &c->words;
    const uint32_t tag = (uint32_t)hash;
    size_t at = word_slot(c, tag, text, size);
    *word = t->slots[at].item;
    if (*word != CLASSIFY_NONE)
        return true;
    if (!CL_RESERVE(&c->allocator, c->strings, c->strings_capacity, c->strings_size + size))
        return false;
    memcpy(c->strings + c->strings_size, text, size);
    *word = table_add(t, at, tag, c->strings_size, (uint32_t)size);
    c->strings_size += size;
    return true;
}

/* The same of a pair. */
static inline uint32_t pair_with_hash(classify_counts *c, uint64_t hash, uint64_t key) {
    cl_feature_table *t = &c->pairs;
    const uint32_t tag = (uint32_t)hash;
    for (size_t at = tag & (t->slot_count - 1);; at = (at + 1) & (t->slot_count - 1)) {
        if (t->slots[at].item == CLASSIFY_NONE)
            return table_add(t, at, tag, key, 0);
        if (t->slots[at].tag == tag && t->items[t->slots[at].item].text == key)
            return t->slots[at].item;
    }
}

bool cl_counts_word(classify_counts *c, const char *text, size_t size, uint32_t *word) {
    return table_reserve(c, &c->words, 1) && word_with_hash(c, cl_hash_word(text, size), text, size, word);
}

uint32_t cl_counts_find(const classify_counts *c, const char *text, size_t size) {
    return c->words.slot_count ? c->words.slots[word_slot(c, (uint32_t)cl_hash_word(text, size), text, size)].item
                               : CLASSIFY_NONE;
}

bool cl_counts_pair(classify_counts *c, uint32_t first, uint32_t second, uint32_t *pair) {
    if (!table_reserve(c, &c->pairs, 1))
        return false;
    *pair = pair_with_hash(c, cl_hash_two(first, second), (uint64_t)first << 32 | second);
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
    cl_tally tally = {occurrences, documents, 0, cell, CLASSIFY_NONE};
    if (feature->first.cell != CLASSIFY_NONE)
        return put_behind(c, feature, tally);
    feature->first = tally;
    return true;
}

/* Makes the tally in a cell, which may be new, the first one. */
static bool bring_first(classify_counts *c, cl_feature *feature, uint32_t cell) {
    cl_tally old = feature->first;
    for (cl_tally *t = cl_tally_next(c, &old); t; t = cl_tally_next(c, t))
        if (t->cell == cell) {
            feature->first = *t;
            feature->first.next = old.next;
            old.next = t->next;
            *t = old;
            return true;
        }
    if (old.cell != CLASSIFY_NONE && !put_behind(c, feature, old))
        return false;
    feature->first = (cl_tally){0, 0, 0, cell, feature->first.next};
    return true;
}

/* ---- Counting ---- */

static inline bool count_one(classify_counts *c, cl_feature *feature, uint32_t cell) {
    cl_tally *tally = &feature->first;
    if (tally->cell != cell && !bring_first(c, feature, cell))
        return false;
    tally->occurrences++;
    tally->documents += tally->last != c->serial;
    tally->last = c->serial;
    return true;
}

/* Tokens are taken in runs: what one needs of a table is on its way to the cache while others are looked at. */
enum { RUN = 64, RUN_USUAL = 32, RUN_BYTES = RUN * RUN_USUAL + 4 * CL_WORD_MAX };

typedef struct {
    size_t count, used;
    uint64_t hashes[RUN];
    uint16_t places[RUN], sizes[RUN]; /* in bytes */
    bool remarks[RUN], breaks[RUN];
    char bytes[RUN_BYTES];
} token_run;

static bool fill_run(token_run *r, cl_tokenizer *tokens, const cl_feature_table *words) {
    cl_token token;
    r->count = r->used = 0;
    while (r->count < RUN && r->used < RUN * RUN_USUAL) {
        if (!cl_tokens_next(tokens, &token))
            return false;
        CL_PREFETCH(&words->slots[(uint32_t)token.hash & (words->slot_count - 1)]);
        memcpy(r->bytes + r->used, token.folded, RUN_USUAL); /* of one size, most words: no call */
        if (token.size > RUN_USUAL)
            memcpy(r->bytes + r->used, token.folded, token.size);
        r->hashes[r->count] = token.hash;
        r->places[r->count] = (uint16_t)r->used;
        r->sizes[r->count] = (uint16_t)token.size;
        r->remarks[r->count] = cl_marker_is_remark(token.marker);
        r->breaks[r->count++] = token.breaks;
        r->used += token.size;
    }
    return true;
}

/* Counts a run. `before` is the word before it, then the one before the next. */
static bool count_run(classify_counts *c, uint32_t cell, const token_run *r, uint32_t *before) {
    uint64_t keys[RUN], hashes[RUN];
    size_t pairs = 0;
    const cl_feature_table *w = &c->words, *p = &c->pairs;
    for (size_t i = 0; i < r->count; i++) {
        uint32_t likely = w->slots[(uint32_t)r->hashes[i] & (w->slot_count - 1)].item;
        if (likely != CLASSIFY_NONE)
            CL_PREFETCH(&w->items[likely]);
    }
    for (size_t i = 0; i < r->count; i++) {
        uint32_t word;
        if (!word_with_hash(c, r->hashes[i], r->bytes + r->places[i], r->sizes[i], &word) ||
            !count_one(c, &c->words.items[word], cell))
            return false;
        if (r->remarks[i])
            continue;
        if (*before != CLASSIFY_NONE && !r->breaks[i]) {
            keys[pairs] = (uint64_t)*before << 32 | word;
            hashes[pairs] = cl_hash_two(*before, word);
            CL_PREFETCH(&p->slots[(uint32_t)hashes[pairs++] & (p->slot_count - 1)]);
        }
        *before = word;
    }
    for (size_t i = 0; i < pairs; i++) {
        cl_feature_slot likely = p->slots[(uint32_t)hashes[i] & (p->slot_count - 1)];
        if (likely.tag == (uint32_t)hashes[i])
            CL_PREFETCH(&p->items[likely.item]);
    }
    for (size_t i = 0; i < pairs; i++)
        if (!count_one(c, &c->pairs.items[pair_with_hash(c, hashes[i], keys[i])], cell))
            return false;
    return true;
}

bool cl_counts_text(classify_counts *c, uint32_t cell, const char *text, size_t size) {
    cl_tokenizer tokens;
    token_run run;
    uint32_t before = CLASSIFY_NONE;
    uint64_t words = 0;
    c->serial++;
    cl_tokens_start(&tokens, text, size);
    tokens.unspelled = true;
    for (bool more = true; more; words += run.count) {
        if (!table_reserve(c, &c->words, RUN) || !table_reserve(c, &c->pairs, RUN))
            return false;
        more = fill_run(&run, &tokens, &c->words);
        if (!count_run(c, cell, &run, &before))
            return false;
    }
    c->cells[cell].documents++;
    c->cells[cell].words += words;
    return true;
}
