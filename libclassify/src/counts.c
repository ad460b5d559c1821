/* counts.c - counts in memory: cells, features, tallies, metadata; counting a text.
   May include: counts.h, counts_flood.h, bytes.h, tokens.h, utf8.h.
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

static void table_free(const cl_feature_table *t, const classify_allocator *a) {
    for (size_t i = 0; i < CL_CHUNKS; i++)
        cl_area_free(&t->areas[i], a);
    cl_area_free(&t->slot_area, a);
    cl_release(a, t->flood.nodes, t->flood.capacity, sizeof *t->flood.nodes);
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
    table_free(&c->words, &a);
    table_free(&c->pairs, &a);
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

static cl_feature_key word_key(const void *counts, uint32_t word) {
    const classify_counts *c = counts;
    const cl_feature *f = cl_feature_at(&c->words, word);
    return (cl_feature_key){cl_word_text(c, f), cl_word_size(f)};
}

static cl_feature_key pair_key(const void *counts, uint32_t pair) {
    return (cl_feature_key){NULL, cl_feature_at(&((const classify_counts *)counts)->pairs, pair)->text};
}

/* A feature lies in one of the slots from its tag's on. Behind so many others, or so many of its own tag, it goes to the tree:
   of features of a good hash, which half fill a table, a few in a million do. */
enum { PROBES_MOST = 64, ALIKE_MOST = 4 };
#define NO_SLOT SIZE_MAX

/* An empty slot for a feature that is in none, or NO_SLOT. */
static size_t free_slot(const cl_feature_slot *slots, size_t slot_count, uint32_t tag) {
    size_t at = tag & (slot_count - 1);
    for (unsigned probes = 0, alike = 0; probes < PROBES_MOST && alike < ALIKE_MOST; probes++) {
        if (slots[at].item == CLASSIFY_NONE)
            return at;
        alike += slots[at].tag == tag;
        at = (at + 1) & (slot_count - 1);
    }
    return NO_SLOT;
}

/* Moves a table's features to more slots; false: no memory, and nothing is lost. */
static bool move_slots(const classify_counts *c, cl_feature_table *t, cl_key_of *key_of, cl_feature_slot *slots, size_t count) {
    for (size_t i = 0; i < t->slot_count; i++) {
        cl_feature_slot slot = t->slots[i];
        if (slot.item == CLASSIFY_NONE)
            continue;
        size_t at = free_slot(slots, count, slot.tag);
        if (at != NO_SLOT) {
            slots[at] = slot;
        } else if (cl_flood_find(&t->flood, key_of(c, slot.item), key_of, c) == CLASSIFY_NONE) {
            if (!CL_RESERVE(&c->allocator, t->flood.nodes, t->flood.capacity, t->flood.count + 1))
                return false;
            cl_flood_add(&t->flood, slot.item, key_of, c);
        }
    }
    return true;
}

/* The same, and the old slots go. */
static bool slots_grow(const classify_counts *c, cl_feature_table *t, cl_key_of *key_of, size_t slot_count) {
    cl_area area;
    cl_feature_slot *slots = cl_area_new(&area, &c->allocator, slot_count, sizeof *slots);
    if (!slots)
        return false;
    memset(slots, 0xFF, slot_count * sizeof *slots);
    if (!move_slots(c, t, key_of, slots, slot_count)) {
        cl_area_free(&area, &c->allocator);
        return false;
    }
    cl_area_free(&t->slot_area, &c->allocator);
    t->slots = slots;
    t->slot_area = area;
    t->slot_count = slot_count;
    return true;
}

/* Makes room for as many features as there are already, and one chunk's least more. */
static bool items_grow(const classify_counts *c, cl_feature_table *t) {
    const size_t chunk = t->capacity ? cl_highest_bit(t->capacity + (1u << CL_CHUNK_BITS)) - CL_CHUNK_BITS : 0;
    const size_t size = (size_t)1 << CL_CHUNK_BITS << chunk;
    t->chunks[chunk] = cl_area_new(&t->areas[chunk], &c->allocator, size, sizeof(cl_feature));
    t->capacity += t->chunks[chunk] ? size : 0;
    return t->chunks[chunk];
}

/* Makes room for features up to `needed` of them. */
static bool items_reserve(const classify_counts *c, cl_feature_table *t, size_t needed) {
    while (needed > t->capacity)
        if (!items_grow(c, t))
            return false;
    return true;
}

static uint32_t tag_of(cl_feature_key key) {
    return (uint32_t)(key.text ? cl_hash_word(key.text, (size_t)key.size) : cl_hash_two(key.size >> 32, (uint32_t)key.size));
}

/* Gives slots to the features that have none yet; there are enough. */
static bool slots_fill(const classify_counts *c, cl_feature_table *t, cl_key_of *key_of) {
    uint32_t tags[CL_BATCH];
    for (size_t count; t->slotted < t->count; t->slotted += count) {
        count = t->count - t->slotted < CL_BATCH ? t->count - t->slotted : CL_BATCH;
        if (!CL_RESERVE(&c->allocator, t->flood.nodes, t->flood.capacity, t->flood.count + count))
            return false;
        for (size_t i = 0; i < count; i++) {
            tags[i] = tag_of(key_of(c, (uint32_t)(t->slotted + i)));
            CL_PREFETCH(&t->slots[tags[i] & (t->slot_count - 1)]);
        }
        for (size_t i = 0; i < count; i++) {
            const uint32_t item = (uint32_t)(t->slotted + i);
            const size_t at = free_slot(t->slots, t->slot_count, tags[i]);
            if (at != NO_SLOT)
                t->slots[at] = (cl_feature_slot){tags[i], item};
            else
                cl_flood_add(&t->flood, item, key_of, c);
        }
    }
    return true;
}

/* Makes room for `more` features, and keeps the table at most half full (up to 2^32 slots; there is always an empty one). */
static bool table_reserve(const classify_counts *c, cl_feature_table *t, cl_key_of *key_of, size_t more) {
    if (more > CLASSIFY_NONE - 1 - t->count)
        return false;
    const size_t needed = t->count + more;
    size_t slot_count = t->slot_count ? t->slot_count : 1024;
    while (needed * 2 > slot_count && slot_count <= UINT32_MAX / 2 + 1)
        slot_count *= 2;
    return items_reserve(c, t, needed) && (slot_count == t->slot_count || slots_grow(c, t, key_of, slot_count)) &&
           slots_fill(c, t, key_of) && CL_RESERVE(&c->allocator, t->flood.nodes, t->flood.capacity, t->flood.count + more);
}

/* Adds a feature, for which there is room, in the slot that was found for it. */
static inline uint32_t table_add(const classify_counts *c, cl_feature_table *t, cl_key_of *key_of, size_t slot, uint32_t tag,
                                 uint64_t text) {
    const uint32_t item = (uint32_t)t->count++;
    *cl_feature_at(t, item) = (cl_feature){text, {0, CL_NO_CELL, 0, 0, CLASSIFY_NONE}};
    if (slot != NO_SLOT)
        t->slots[slot] = (cl_feature_slot){tag, item};
    else
        cl_flood_add(&t->flood, item, key_of, c);
    t->slotted++;
    return item;
}

/* The feature with a key, or CLASSIFY_NONE and the slot where it belongs. */
static inline uint32_t table_find(const classify_counts *c, const cl_feature_table *t, cl_key_of *key_of, uint32_t tag,
                                  cl_feature_key key, size_t *slot) {
    size_t at = tag & (t->slot_count - 1);
    *slot = NO_SLOT;
    for (unsigned probes = 0, alike = 0; probes < PROBES_MOST && alike < ALIKE_MOST; probes++) {
        if (t->slots[at].item == CLASSIFY_NONE) {
            *slot = at;
            break;
        }
        if (t->slots[at].tag == tag) {
            if (cl_key_equal(key_of(c, t->slots[at].item), key))
                return t->slots[at].item;
            alike++;
        }
        at = (at + 1) & (t->slot_count - 1);
    }
    return t->flood.count ? cl_flood_find(&t->flood, key, key_of, c) : CLASSIFY_NONE;
}

/* The feature in the slot that a hash begins with, where its tag is the same: most likely the one that is looked for. */
static inline const cl_feature *likely(const cl_feature_table *t, uint64_t hash) {
    const cl_feature_slot slot = t->slots[(uint32_t)hash & (t->slot_count - 1)];
    return slot.tag == (uint32_t)hash && slot.item != CLASSIFY_NONE ? cl_feature_at(t, slot.item) : NULL;
}

/* Memory comes step by step: slots are asked for when hashes are known, features by their slots, and what these point to. */
static inline void fetch_features(const cl_feature_table *t, const uint64_t *hashes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const cl_feature *f = likely(t, hashes[i]);
        if (f)
            CL_PREFETCH(f);
    }
}

/* Room for it must be in the table. */
static inline bool word_with_hash(classify_counts *c, uint64_t hash, const char *text, size_t size, uint32_t *word) {
    const uint32_t tag = (uint32_t)hash;
    size_t slot;
    *word = table_find(c, &c->words, word_key, tag, (cl_feature_key){text, size}, &slot);
    if (*word != CLASSIFY_NONE)
        return true;
    if (!CL_RESERVE(&c->allocator, c->strings, c->strings_capacity, c->strings_size + size))
        return false;
    memcpy(c->strings + c->strings_size, text, size);
    c->strings_size += size;
    *word = table_add(c, &c->words, word_key, slot, tag, (uint64_t)(c->strings_size - size) << CL_SIZE_BITS | size);
    return true;
}

/* The same of a pair. */
static inline uint32_t pair_with_hash(classify_counts *c, uint64_t hash, uint64_t pair) {
    const uint32_t tag = (uint32_t)hash;
    size_t slot;
    uint32_t found = table_find(c, &c->pairs, pair_key, tag, (cl_feature_key){NULL, pair}, &slot);
    return found != CLASSIFY_NONE ? found : table_add(c, &c->pairs, pair_key, slot, tag, pair);
}

bool cl_counts_word(classify_counts *c, const char *text, size_t size, uint32_t *word) {
    return table_reserve(c, &c->words, word_key, 1) && word_with_hash(c, cl_hash_word(text, size), text, size, word);
}

uint32_t cl_counts_find(const classify_counts *c, const char *text, size_t size) {
    size_t slot;
    return c->words.slot_count
               ? table_find(c, &c->words, word_key, (uint32_t)cl_hash_word(text, size), (cl_feature_key){text, size}, &slot)
               : CLASSIFY_NONE;
}

bool cl_counts_pair(classify_counts *c, uint32_t first, uint32_t second, uint32_t *pair) {
    if (!table_reserve(c, &c->pairs, pair_key, 1))
        return false;
    *pair = pair_with_hash(c, cl_hash_two(first, second), (uint64_t)first << 32 | second);
    return true;
}

bool cl_counts_new_pair(classify_counts *c, uint32_t first, uint32_t second, uint32_t *pair) {
    cl_feature_table *t = &c->pairs;
    if (t->count >= CLASSIFY_NONE - 1 || !items_reserve(c, t, t->count + 1))
        return false;
    *pair = (uint32_t)t->count++;
    *cl_feature_at(t, *pair) = (cl_feature){(uint64_t)first << 32 | second, {0, CL_NO_CELL, 0, 0, CLASSIFY_NONE}};
    return true;
}

bool cl_counts_pairs(classify_counts *c, const uint64_t *keys, size_t count, uint32_t *pairs) {
    uint64_t hashes[CL_BATCH];
    if (!table_reserve(c, &c->pairs, pair_key, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        hashes[i] = cl_hash_two(keys[i] >> 32, (uint32_t)keys[i]);
        CL_PREFETCH(&c->pairs.slots[(uint32_t)hashes[i] & (c->pairs.slot_count - 1)]);
    }
    fetch_features(&c->pairs, hashes, count);
    for (size_t i = 0; i < count; i++)
        pairs[i] = pair_with_hash(c, hashes[i], keys[i]);
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
    if (old.cell != CL_NO_CELL && !put_behind(c, feature, old))
        return false;
    feature->first = (cl_tally){0, cell, 0, 0, feature->first.next};
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
enum { RUN = CL_BATCH, RUN_USUAL = 32, RUN_BYTES = RUN * RUN_USUAL + 4 * CL_WORD_MAX };

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

static inline void fetch_tally(const classify_counts *c, const cl_feature *f, uint32_t cell) {
    if (f->first.cell != cell && f->first.next != CLASSIFY_NONE)
        CL_PREFETCH(&c->tallies[f->first.next]);
}

/* Counts the words of a run, and sets the keys and hashes of its pairs; returns how many, SIZE_MAX for no memory. `before` is
   the word before it, then the one before the next. */
static size_t count_words(classify_counts *c, uint32_t cell, const token_run *r, uint32_t *before, uint64_t keys[RUN],
                          uint64_t hashes[RUN]) {
    size_t pairs = 0;
    fetch_features(&c->words, r->hashes, r->count);
    for (size_t i = 0; i < r->count; i++) {
        const cl_feature *f = likely(&c->words, r->hashes[i]);
        if (!f)
            continue;
        CL_PREFETCH(cl_word_text(c, f));
        fetch_tally(c, f, cell);
    }
    for (size_t i = 0; i < r->count; i++) {
        uint32_t word;
        if (!word_with_hash(c, r->hashes[i], r->bytes + r->places[i], r->sizes[i], &word) ||
            !count_one(c, cl_feature_at(&c->words, word), cell))
            return SIZE_MAX;
        if (r->remarks[i])
            continue;
        if (*before != CLASSIFY_NONE && !r->breaks[i]) {
            keys[pairs] = (uint64_t)*before << 32 | word;
            hashes[pairs] = cl_hash_two(*before, word);
            CL_PREFETCH(&c->pairs.slots[(uint32_t)hashes[pairs++] & (c->pairs.slot_count - 1)]);
        }
        *before = word;
    }
    return pairs;
}

static bool count_run(classify_counts *c, uint32_t cell, const token_run *r, uint32_t *before) {
    uint64_t keys[RUN], hashes[RUN];
    size_t pairs = count_words(c, cell, r, before, keys, hashes);
    if (pairs == SIZE_MAX)
        return false;
    fetch_features(&c->pairs, hashes, pairs);
    for (size_t i = 0; i < pairs; i++) {
        const cl_feature *f = likely(&c->pairs, hashes[i]);
        if (f)
            fetch_tally(c, f, cell);
    }
    for (size_t i = 0; i < pairs; i++)
        if (!count_one(c, cl_feature_at(&c->pairs, pair_with_hash(c, hashes[i], keys[i])), cell))
            return false;
    return true;
}

/* Numbers of documents come round again after 2^32 of them: then none is the last of anything. */
static void next_document(classify_counts *c) {
    if (++c->serial)
        return;
    for (size_t i = 0; i < c->words.count; i++)
        cl_feature_at(&c->words, (uint32_t)i)->first.last = 0;
    for (size_t i = 0; i < c->pairs.count; i++)
        cl_feature_at(&c->pairs, (uint32_t)i)->first.last = 0;
    for (size_t i = 0; i < c->tally_count; i++)
        c->tallies[i].last = 0;
    c->serial = 1;
}

bool cl_counts_text(classify_counts *c, uint32_t cell, const char *text, size_t size) {
    cl_tokenizer tokens;
    token_run run;
    uint32_t before = CLASSIFY_NONE;
    uint64_t words = 0;
    next_document(c);
    cl_tokens_start(&tokens, text, size);
    tokens.unspelled = true;
    for (bool more = true; more; words += run.count) {
        if (!table_reserve(c, &c->words, word_key, RUN) || !table_reserve(c, &c->pairs, pair_key, RUN))
            return false;
        more = fill_run(&run, &tokens, &c->words);
        if (!count_run(c, cell, &run, &before))
            return false;
    }
    c->cells[cell].documents++;
    c->cells[cell].words += words;
    return true;
}
