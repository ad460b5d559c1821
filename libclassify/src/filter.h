/* filter.h - which hashes a table can have, told from memory that stays near: a Bloom filter in words of 64 bits (Bloom 1970;
   Putze, Sanders and Singler 2007). Made of the tags of the table's slots, so that the file need not hold it. */
#ifndef CL_FILTER_H
#define CL_FILTER_H

#include "model.h"

typedef struct {
    const uint64_t *words;
    uint32_t mask; /* of their numbers */
} cl_filter;

enum { CL_FILTER_KEYS = 8, CL_FILTER_BITS = 20 }; /* about so many keys a word, above half of it; at most 1 << this words */

/* Passes everything. */
static inline cl_filter cl_filter_none(void) {
    static const uint64_t all = UINT64_MAX;
    return (cl_filter){&all, 0};
}

/* How many words a filter of so many keys has: a power of two. */
static inline size_t cl_filter_size(uint32_t keys) {
    size_t words = 1;
    while (words < keys / CL_FILTER_KEYS && words < (size_t)1 << CL_FILTER_BITS)
        words *= 2;
    return words;
}

/* The word of a tag, and two bits of it. */
static inline size_t cl_filter_word(cl_filter f, uint32_t tag) { return tag >> (32 - CL_FILTER_BITS) & f.mask; }
static inline unsigned cl_filter_bit(uint32_t tag) { return tag & 63; }
static inline unsigned cl_filter_other(uint32_t tag) { return tag >> 6 & 63; }

/* Fills `words` with the hashes of a table. */
static inline cl_filter cl_filter_make(const cl_table *t, uint64_t *words, size_t size) {
    cl_filter f = {words, (uint32_t)size - 1};
    memset(words, 0, size * sizeof *words);
    for (uint32_t b = 0; b < t->count; b++) {
        const uint8_t *bucket = t->buckets + (size_t)b * t->stride;
        for (unsigned i = 0; i < CL_SLOTS; i++) { /* empty slots too: their tag is that of hardly any hash */
            uint32_t tag = cl_le32(bucket + 4 * i);
            words[cl_filter_word(f, tag)] |= UINT64_C(1) << cl_filter_bit(tag) | UINT64_C(1) << cl_filter_other(tag);
        }
    }
    return f;
}

/* False: the table does not have it. */
static inline bool cl_filter_passes(cl_filter f, uint64_t hash) {
    uint32_t tag = (uint32_t)(hash >> 32);
    uint64_t word = f.words[cl_filter_word(f, tag)];
    return word >> cl_filter_bit(tag) & word >> cl_filter_other(tag) & 1;
}

#endif
