/* bench.h - what the parts of the in-process benchmark share. */
#ifndef BENCH_H
#define BENCH_H

#include "classify.h"

#include <stdbool.h>

/* Texts in one run of bytes; text i is bytes[offsets[i]] .. bytes[offsets[i + 1]]. */
typedef struct {
    char *bytes;
    int64_t *offsets;
    size_t count;
} texts;

/* Lower bounds and the obvious way, on the same texts (reference.c). Each returns a number that depends on all it did. */
void reference_init(const texts *t);
uint64_t reference_bound(const texts *t);   /* decode, fold by table, hash, one look-up in a table of 1 MiB, softmax */
uint64_t reference_stemmer(const texts *t); /* libstemmer on every token, folded beforehand */

#endif
