/* counts_table.c - the tables of words and of pairs that counts are kept in, growing.
   May include: counts_table.h, counts.h, counts_flood.h, bytes.h.
   Must not know: texts, cells, stems, weights, file formats. */
#include "counts_table.h"

void cl_table_free(const cl_feature_table *t, const classify_allocator *a) {
    for (size_t i = 0; i < CL_CHUNKS; i++)
        cl_area_free(&t->areas[i], a);
    cl_area_free(&t->slot_area, a);
    cl_release(a, t->flood.nodes, t->flood.capacity, sizeof *t->flood.nodes);
}

/* An empty slot for a feature that is in none, or CL_NO_SLOT. */
static size_t free_slot(const cl_feature_slot *slots, size_t slot_count, uint32_t tag) {
    size_t at = tag & (slot_count - 1);
    for (unsigned probes = 0, alike = 0; probes < CL_PROBES_MOST && alike < CL_ALIKE_MOST; probes++) {
        if (slots[at].item == CLASSIFY_NONE)
            return at;
        alike += slots[at].tag == tag;
        at = (at + 1) & (slot_count - 1);
    }
    return CL_NO_SLOT;
}

/* Moves a table's features to more slots; false: no memory, and nothing is lost. */
static bool move_slots(const classify_counts *c, cl_feature_table *t, cl_key_of *key_of, cl_feature_slot *slots, size_t count) {
    for (size_t i = 0; i < t->slot_count; i++) {
        cl_feature_slot slot = t->slots[i];
        if (slot.item == CLASSIFY_NONE)
            continue;
        size_t at = free_slot(slots, count, slot.tag);
        if (at != CL_NO_SLOT) {
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

bool cl_table_items(const classify_counts *c, cl_feature_table *t, size_t needed) {
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
            if (at != CL_NO_SLOT)
                t->slots[at] = (cl_feature_slot){tags[i], item};
            else
                cl_flood_add(&t->flood, item, key_of, c);
        }
    }
    return true;
}

bool cl_table_reserve(const classify_counts *c, cl_feature_table *t, cl_key_of *key_of, size_t more) {
    if (more > CLASSIFY_NONE - 1 - t->count)
        return false;
    const size_t needed = t->count + more;
    size_t slot_count = t->slot_count ? t->slot_count : 1024;
    while (needed * 2 > slot_count && slot_count <= UINT32_MAX / 2 + 1)
        slot_count *= 2;
    return cl_table_items(c, t, needed) && (slot_count == t->slot_count || slots_grow(c, t, key_of, slot_count)) &&
           slots_fill(c, t, key_of) && CL_RESERVE(&c->allocator, t->flood.nodes, t->flood.capacity, t->flood.count + more);
}
