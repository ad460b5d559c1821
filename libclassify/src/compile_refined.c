/* compile_refined.c - adds the refinement to the weights of naive Bayes.
   May include: compile.h, refinement.h.
   Must not know: how refined weights were learned. */
#include "compile.h"

/* The number of a name among names, or CLASSIFY_NONE. */
static uint32_t number_of(const char *name, const char *const *names, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (!strcmp(name, names[i]))
            return i;
    return CLASSIFY_NONE;
}

/* The term, pair or part of an item, or CLASSIFY_NONE; in `of` the things it is one of. */
static uint32_t find_item(cl_compiler *c, const cl_refined *item, cl_tallied **of) {
    if (item->kind == CL_REFINED_PART) {
        *of = &c->parts;
        return c->part_index.indices[cl_index_slot(&c->part_index, item->key)];
    }
    if (item->kind == CL_REFINED_PAIR) {
        *of = &c->pairs;
        return c->pairs.count ? cl_compile_find_pair(c, item->key) : CLASSIFY_NONE;
    }
    *of = &c->terms;
    uint32_t rank = c->order.word_rank[(uint32_t)item->key];
    return rank == CLASSIFY_NONE ? CLASSIFY_NONE : c->word_terms[rank];
}

enum { MOST = 1 << 24 }; /* many items may come to one term, where stemmers have changed */

static void scale_bayes(cl_tallied *t, size_t columns, uint32_t share) {
    for (size_t i = 0; i < t->count * columns; i++)
        t->weights[i] = (int32_t)((int64_t)t->weights[i] * share / 256);
}

bool cl_compile_refined(cl_compiler *c) {
    const cl_refinement *r = c->counts->refinement;
    c->parts.weights = cl_calloc(&c->a, c->parts.count * c->columns, sizeof *c->parts.weights);
    if (!c->parts.weights || !r)
        return c->parts.weights != NULL;
    scale_bayes(&c->terms, c->columns, r->bayes_share);
    if (c->pairs.weights)
        scale_bayes(&c->pairs, c->columns, r->bayes_share);
    for (size_t i = 0; i < r->count; i++) {
        const cl_refined *item = &r->items[i];
        uint32_t language = number_of(r->languages[item->language], c->languages, c->covered);
        cl_tallied *of;
        uint32_t thing = language == CLASSIFY_NONE ? CLASSIFY_NONE : find_item(c, item, &of);
        if (thing == CLASSIFY_NONE)
            continue;
        int32_t *weights = of->weights + thing * c->columns + (size_t)language * c->label_count;
        for (uint32_t l = 0; l < r->label_count; l++) {
            uint32_t label = number_of(r->labels[l], c->labels, c->label_count);
            if (label != CLASSIFY_NONE && weights[label] > -MOST && weights[label] < MOST)
                weights[label] += r->weights[i * r->label_count + l];
        }
    }
    return true;
}
