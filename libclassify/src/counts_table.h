/* counts_table.h - the tables of words and of pairs that counts are kept in: open addressing with tags, and a tree for what does
   not find a slot near. Internal to counts*.c. */
#ifndef CL_COUNTS_TABLE_H
#define CL_COUNTS_TABLE_H

#include "counts.h"

static inline cl_feature_key cl_word_key(const void *counts, uint32_t word) {
    const classify_counts *c = counts;
    const cl_feature *f = cl_feature_at(&c->words, word);
    return (cl_feature_key){cl_word_text(c, f), cl_word_size(f)};
}

static inline cl_feature_key cl_pair_key(const void *counts, uint32_t pair) {
    return (cl_feature_key){NULL, cl_feature_at(&((const classify_counts *)counts)->pairs, pair)->text};
}

/* A feature lies in one of the slots from its tag's on. Behind so many others, or so many of its own tag, it goes to the tree:
   of features of a good hash, which half fill a table, a few in a million do. */
enum { CL_PROBES_MOST = 64, CL_ALIKE_MOST = 4 };
#define CL_NO_SLOT SIZE_MAX

/* Makes room for features up to `needed` of them. */
bool cl_table_items(const classify_counts *c, cl_feature_table *t, size_t needed);
/* Makes room for `more` features, and keeps the table at most half full (up to 2^32 slots; there is always an empty one). */
bool cl_table_reserve(const classify_counts *c, cl_feature_table *t, cl_key_of *key_of, size_t more);
void cl_table_free(const cl_feature_table *t, const classify_allocator *a);

/* Adds a feature, for which there is room, in the slot that was found for it. */
static inline uint32_t cl_table_add(const classify_counts *c, cl_feature_table *t, cl_key_of *key_of, size_t slot, uint32_t tag,
                                 uint64_t text) {
    const uint32_t item = (uint32_t)t->count++;
    *cl_feature_at(t, item) = (cl_feature){text, {0, CL_NO_CELL, 0, 0, CLASSIFY_NONE}};
    if (slot != CL_NO_SLOT)
        t->slots[slot] = (cl_feature_slot){tag, item};
    else
        cl_flood_add(&t->flood, item, key_of, c);
    t->slotted++;
    return item;
}

/* The feature with a key, or CLASSIFY_NONE and the slot where it belongs. */
static inline uint32_t cl_table_find(const classify_counts *c, const cl_feature_table *t, cl_key_of *key_of, uint32_t tag,
                                  cl_feature_key key, size_t *slot) {
    size_t at = tag & (t->slot_count - 1);
    *slot = CL_NO_SLOT;
    for (unsigned probes = 0, alike = 0; probes < CL_PROBES_MOST && alike < CL_ALIKE_MOST; probes++) {
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

/* The feature in the slot that a hash begins with, where its tag is the same: most cl_table_likely the one that is looked for. */
static inline const cl_feature *cl_table_likely(const cl_feature_table *t, uint64_t hash) {
    const cl_feature_slot slot = t->slots[(uint32_t)hash & (t->slot_count - 1)];
    return slot.tag == (uint32_t)hash && slot.item != CLASSIFY_NONE ? cl_feature_at(t, slot.item) : NULL;
}

/* Memory comes step by step: slots are asked for when hashes are known, features by their slots, and what these point to. */
static inline void cl_table_fetch(const cl_feature_table *t, const uint64_t *hashes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const cl_feature *f = cl_table_likely(t, hashes[i]);
        if (f)
            CL_PREFETCH(f);
    }
}

/* Room for it must be in the table. */
static inline bool cl_word_with_hash(classify_counts *c, uint64_t hash, const char *text, size_t size, uint32_t *word) {
    const uint32_t tag = (uint32_t)hash;
    size_t slot;
    *word = cl_table_find(c, &c->words, cl_word_key, tag, (cl_feature_key){text, size}, &slot);
    if (*word != CLASSIFY_NONE)
        return true;
    if (!CL_RESERVE(&c->allocator, c->strings, c->strings_capacity, c->strings_size + size))
        return false;
    memcpy(c->strings + c->strings_size, text, size);
    c->strings_size += size;
    *word = cl_table_add(c, &c->words, cl_word_key, slot, tag, (uint64_t)(c->strings_size - size) << CL_SIZE_BITS | size);
    return true;
}

/* The same of a pair. */
static inline uint32_t cl_pair_with_hash(classify_counts *c, uint64_t hash, uint64_t pair) {
    const uint32_t tag = (uint32_t)hash;
    size_t slot;
    uint32_t found = cl_table_find(c, &c->pairs, cl_pair_key, tag, (cl_feature_key){NULL, pair}, &slot);
    return found != CLASSIFY_NONE ? found : cl_table_add(c, &c->pairs, cl_pair_key, slot, tag, pair);
}

#endif
