/* refine.c - from examples to the refinement of counts: learns language by language, keeps what tells most, names it by surface
   forms.
   May include: refine.h.
   Must not know: how texts become rows, how weights are learned. */
#include "refine.h"

#include <stdlib.h>

/* What was learned of one language. */
typedef struct {
    int32_t *weights;    /* [features][labels], in 1/CL_WEIGHT_SCALE nats */
    uint32_t *documents; /* [features] */
} learned;

/* A feature that may be kept. */
typedef struct {
    uint64_t telling; /* its spread times its texts */
    uint32_t feature, language;
} candidate;

typedef struct {
    cl_compiler *c;
    learned languages[CL_LANGUAGES_MAX];
    uint32_t features;
    uint64_t *term_words; /* the most frequent word of each term; its number in the counts */
    uint64_t *pair_words; /* the same of each pair: first << 32 | second */
} refiner;

/* ---- Learning ---- */

/* Weights of scaled features to weights of features, each feature's mean over labels taken out. Only their proportions matter;
   the factor brings them to the size of naive Bayes weights. */
static void unscale(int32_t *weights, const uint32_t *scales, uint32_t features, uint32_t labels) {
    for (size_t f = 0; f < features; f++) {
        int64_t sum = 0;
        for (uint32_t l = 0; l < labels; l++)
            sum += weights[f * labels + l];
        int64_t mean = sum / labels;
        for (uint32_t l = 0; l < labels; l++) {
            int64_t v = (weights[f * labels + l] - mean) * (int64_t)scales[f] / (1 << 24);
            weights[f * labels + l] = (int32_t)(v > INT16_MAX ? INT16_MAX : v < -INT16_MAX ? -INT16_MAX : v);
        }
    }
}

static bool learn_language(refiner *r, uint32_t language, const classify_example *examples, size_t count,
                           const cl_refine_settings *settings) {
    cl_compiler *c = r->c;
    learned *out = &r->languages[language];
    cl_refine_matrix m;
    uint32_t *scales = cl_alloc(&c->a, r->features, sizeof *scales);
    out->weights = cl_calloc(&c->a, (size_t)r->features * c->label_count, sizeof *out->weights);
    out->documents = cl_calloc(&c->a, r->features, sizeof *out->documents);
    bool ok = cl_refine_read(&m, c, language, examples, count, settings) && scales && out->weights && out->documents &&
              cl_refine_scale(&m, c, scales, out->documents) && cl_refine_learn(&m, settings->epochs, out->weights, &c->a);
    if (ok)
        unscale(out->weights, scales, r->features, c->label_count);
    cl_refine_matrix_free(&m, &c->a);
    cl_release(&c->a, scales, r->features, sizeof *scales);
    return ok;
}

/* ---- Choosing ---- */

static uint32_t spread(const int32_t *weights, uint32_t labels) {
    int32_t low = weights[0], high = weights[0];
    for (uint32_t l = 1; l < labels; l++) {
        low = weights[l] < low ? weights[l] : low;
        high = weights[l] > high ? weights[l] : high;
    }
    return (uint32_t)(high - low);
}

static int most_telling(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->telling != y->telling)
        return x->telling < y->telling ? 1 : -1;
    if (x->language != y->language)
        return x->language < y->language ? -1 : 1;
    return (x->feature > y->feature) - (x->feature < y->feature);
}

static int in_order(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->language != y->language)
        return x->language < y->language ? -1 : 1;
    return (x->feature > y->feature) - (x->feature < y->feature);
}

static uint64_t key_of(const refiner *r, cl_refined_kind kind, uint32_t feature) {
    if (kind == CL_REFINED_WORD)
        return r->term_words[feature];
    feature -= r->c->terms.count;
    return kind == CL_REFINED_PAIR ? r->pair_words[feature] : r->c->part_hashes[feature - r->c->pairs.count];
}

/* Adds the `most` most telling features from .. to (not included) of all languages. */
static bool keep(refiner *r, cl_refinement *out, cl_refined_kind kind, uint32_t from, uint32_t to, size_t most) {
    cl_compiler *c = r->c;
    size_t room = (size_t)(to - from) * c->covered, count = 0;
    candidate *list = cl_alloc(&c->a, room, sizeof *list);
    bool ok = list != NULL;
    for (uint32_t language = 0; ok && language < c->covered; language++)
        for (uint32_t f = from; f < to; f++) {
            uint64_t s = spread(r->languages[language].weights + (size_t)f * c->label_count, c->label_count);
            if (s)
                list[count++] = (candidate){s * r->languages[language].documents[f], f, language};
        }
    if (count > most) {
        qsort(list, count, sizeof *list, most_telling);
        count = most;
        qsort(list, count, sizeof *list, in_order);
    }
    for (size_t i = 0; ok && i < count; i++) {
        int16_t *weights = cl_refinement_add(out, kind, list[i].language, key_of(r, kind, list[i].feature), &c->a);
        ok = weights != NULL;
        for (uint32_t l = 0; ok && l < c->label_count; l++)
            weights[l] = (int16_t)r->languages[list[i].language].weights[(size_t)list[i].feature * c->label_count + l];
    }
    cl_release(&c->a, list, room, sizeof *list);
    return ok;
}

static uint64_t occurrences(const classify_counts *counts, const cl_feature *f) {
    uint64_t sum = 0;
    for (const cl_tally *t = &f->first; t; t = cl_tally_next(counts, t))
        sum += t->occurrences;
    return sum;
}

/* The most frequent surface form of each term and pair, of equals the first by bytes. */
static bool name_features(refiner *r) {
    cl_compiler *c = r->c;
    size_t most = c->terms.count > c->pairs.count ? c->terms.count : c->pairs.count;
    uint64_t *best = cl_calloc(&c->a, most, sizeof *best);
    r->term_words = cl_calloc(&c->a, c->terms.count, sizeof *r->term_words);
    r->pair_words = cl_calloc(&c->a, c->pairs.count, sizeof *r->pair_words);
    bool ok = best && r->term_words && r->pair_words;
    for (size_t rank = 0; ok && rank < c->order.word_count; rank++) {
        uint32_t term = c->word_terms[rank];
        uint64_t n = term == CLASSIFY_NONE ? 0 : occurrences(c->counts, cl_feature_at(&c->counts->words, c->order.words[rank]));
        if (term != CLASSIFY_NONE && n > best[term])
            best[term] = n, r->term_words[term] = c->order.words[rank];
    }
    if (ok)
        memset(best, 0, most * sizeof *best);
    for (size_t i = 0; ok && i < c->order.pair_count; i++) {
        const cl_feature *f = cl_feature_at(&c->counts->pairs, c->order.pairs[i].id);
        uint32_t pair = cl_compile_find_pair(c, f->text);
        uint64_t n = pair == CLASSIFY_NONE ? 0 : occurrences(c->counts, f);
        if (pair != CLASSIFY_NONE && n > best[pair])
            best[pair] = n, r->pair_words[pair] = f->text;
    }
    cl_release(&c->a, best, most, sizeof *best);
    return ok;
}

/* ---- Driver ---- */

static cl_refinement *gather(refiner *r, const classify_refine_options *o) {
    cl_compiler *c = r->c;
    cl_refinement *out = cl_refinement_new(c->label_count, c->covered, &c->a);
    if (!out)
        return NULL;
    for (uint32_t l = 0; l < c->label_count; l++)
        memcpy(out->labels[l], c->labels[l], strlen(c->labels[l]));
    for (uint32_t l = 0; l < c->covered; l++)
        memcpy(out->languages[l], c->languages[l], strlen(c->languages[l]));
    out->bayes_share = o->bayes_share - 1;
    uint32_t pairs = c->terms.count, parts = pairs + c->pairs.count;
    if (name_features(r) && keep(r, out, CL_REFINED_WORD, 0, pairs, SIZE_MAX) &&
        keep(r, out, CL_REFINED_PAIR, pairs, parts, o->max_pairs) &&
        keep(r, out, CL_REFINED_PART, parts, r->features, o->max_parts))
        return out;
    cl_refinement_free(out, &c->a);
    return NULL;
}

int32_t cl_refine(classify_counts *counts, const classify_refine_options *o, const classify_example *examples, size_t count,
                  classify_error *error) {
    cl_compiler c;
    classify_compile_options compile = cl_compile_defaults();
    compile.max_parts = UINT32_MAX; /* learn all pieces, then choose */
    cl_refine_settings settings = {o->epochs, o->primary_factor, o->primary};
    cl_refinement *refinement = NULL;
    int32_t status = cl_compile_start(&c, counts, &compile, &counts->allocator, error);
    refiner r = {.c = &c};
    bool ok = !status;
    if (ok) {
        r.features = c.terms.count + c.pairs.count + c.parts.count;
        for (uint32_t language = 0; ok && language < c.covered; language++)
            ok = learn_language(&r, language, examples, count, &settings);
        ok = ok && (refinement = gather(&r, o)) != NULL;
        if (!ok)
            status = cl_nomem(error);
    }
    for (uint32_t language = 0; language < CL_LANGUAGES_MAX; language++) {
        cl_release(&c.a, r.languages[language].weights, (size_t)r.features * c.label_count, sizeof(int32_t));
        cl_release(&c.a, r.languages[language].documents, r.features, sizeof(uint32_t));
    }
    cl_release(&c.a, r.term_words, c.terms.count, sizeof *r.term_words);
    cl_release(&c.a, r.pair_words, c.pairs.count, sizeof *r.pair_words);
    cl_compile_end(&c);
    if (refinement) {
        cl_refinement_free(counts->refinement, &counts->allocator);
        counts->refinement = refinement;
    }
    return status;
}
