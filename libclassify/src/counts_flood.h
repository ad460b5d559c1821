/* counts_flood.h - what finds no place near its hash in a table of features, in order instead: a balanced tree. The hash has no
   secret, so that a corpus can be made of words that all have the same; with the tree even they take logarithmic time. */
#ifndef CL_COUNTS_FLOOD_H
#define CL_COUNTS_FLOOD_H

#include "alloc.h"

#include <string.h>

/* What a feature is told from others by: a word by its bytes, a pair by its words. */
typedef struct {
    const char *text; /* NULL: of a pair */
    uint64_t size;    /* of the word; or the pair */
} cl_feature_key;

static inline bool cl_key_equal(cl_feature_key a, cl_feature_key b) {
    return a.size == b.size && (!a.text || !memcmp(a.text, b.text, a.size));
}

typedef struct {
    uint64_t head;        /* a pair, or the first eight bytes of a word: most are told apart without a look at the item */
    uint32_t left, right; /* CLASSIFY_NONE: there is none */
    uint32_t item, level;
} cl_flood_node;

typedef struct {
    cl_flood_node *nodes;
    size_t count, capacity;
    uint32_t root; /* where count is not 0 */
} cl_flood;

/* The key of an item; `context` is the table's. */
typedef cl_feature_key cl_key_of(const void *context, uint32_t item);

/* The item of a key, or CLASSIFY_NONE. */
uint32_t cl_flood_find(const cl_flood *flood, cl_feature_key key, cl_key_of *key_of, const void *context);
/* Adds an item that is not there. There must be room for a node. */
void cl_flood_add(cl_flood *flood, uint32_t item, cl_key_of *key_of, const void *context);

#endif
