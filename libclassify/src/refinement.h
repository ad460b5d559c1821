/* refinement.h - weights learned from texts in one more pass, kept beside the counts: naive Bayes made discriminative (Wang and
   Manning 2012). Keyed by surface forms, as the counts are, so that they survive a change of stemmer. */
#ifndef CL_REFINEMENT_H
#define CL_REFINEMENT_H

#include "alloc.h"

typedef enum {
    CL_REFINED_WORD, /* key: a word's number; stands for all words of its stem */
    CL_REFINED_PAIR, /* first << 32 | second; for all pairs of their stems */
    CL_REFINED_PART, /* hash of the piece */
    CL_REFINED_KINDS
} cl_refined_kind;

typedef struct {
    uint64_t key;
    uint16_t language; /* number in `languages` */
    uint8_t kind;
} cl_refined;

enum { CL_REFINED_NAMES_MAX = 1024, CL_BAYES_SHARE_MAX = 65535 };

typedef struct {
    char (*labels)[256]; /* NUL-terminated */
    char (*languages)[256];
    uint32_t label_count, language_count;
    uint32_t bayes_share; /* of naive Bayes in the sum of both, /256 */
    cl_refined *items;
    int16_t *weights; /* [items][labels], in 1/CL_WEIGHT_SCALE nats */
    size_t count, capacity, weight_capacity;
} cl_refinement;

cl_refinement *cl_refinement_new(uint32_t labels, uint32_t languages, const classify_allocator *a);
void cl_refinement_free(cl_refinement *r, const classify_allocator *a);
/* Appends an item, its weights zero, and gives them to fill in; NULL: no memory. */
int16_t *cl_refinement_add(cl_refinement *r, cl_refined_kind kind, uint32_t language, uint64_t key,
                           const classify_allocator *a);

#endif
