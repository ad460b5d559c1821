/* compile_weights.c - counts to weights: naive Bayes with Dirichlet smoothing towards the background of the language.
   May include: compile.h.
   Must not know: bytes of the model. */
#include "compile.h"

enum { DEFAULT_SMOOTHING = 3000 };

/* What a language's labels hold in all, and together. */
typedef struct {
    const uint64_t *totals; /* [labels] */
    uint64_t everything, mu;
} language_mass;

/* The default smoothing is for a corpus of any size: at most a tenth of its words. */
static language_mass mass_of(const cl_compiler *c, uint32_t language) {
    language_mass m = {c->label_totals + (size_t)language * c->label_count, 0, (uint64_t)c->options.smoothing * CL_ONE};
    for (uint32_t l = 0; l < c->label_count; l++)
        m.everything += m.totals[l];
    if (!c->options.smoothing)
        m.mu = m.everything / 10 < DEFAULT_SMOOTHING * CL_ONE ? m.everything / 10 + 1 : DEFAULT_SMOOTHING * CL_ONE;
    return m;
}

/* Weights of one thing in one language; zeros where the language does not have it. */
static void weigh(const cl_compiler *c, const language_mass *m, const uint64_t *sums, int32_t *weights) {
    uint64_t all = 0;
    for (uint32_t l = 0; l < c->label_count; l++)
        all += sums[l];
    for (uint32_t l = 0; l < c->label_count; l++) /* a label without texts in the language is neither spoken for nor against */
        weights[l] = all && m->totals[l] ? cl_dirichlet(sums[l], m->totals[l], all, m->everything, m->mu) : 0;
}

/* A word that a language does not have borrows the weights of the language that has it most: texts mix. */
static void borrow(const cl_compiler *c, const uint64_t *sums, int32_t *weights) {
    uint32_t lender = CLASSIFY_NONE;
    bool has[CL_LANGUAGES_MAX];
    uint64_t most = 0;
    for (uint32_t language = 0; language < c->covered; language++) {
        uint64_t all = 0;
        for (uint32_t l = 0; l < c->label_count; l++)
            all += sums[(size_t)language * c->label_count + l];
        has[language] = all > 0;
        if (all > most)
            most = all, lender = language;
    }
    for (uint32_t language = 0; lender != CLASSIFY_NONE && language < c->covered; language++)
        if (!has[language])
            memcpy(weights + (size_t)language * c->label_count, weights + (size_t)lender * c->label_count,
                   c->label_count * sizeof *weights);
}

static bool weigh_all(cl_compiler *c, cl_tallied *t) {
    language_mass masses[CL_LANGUAGES_MAX];
    t->weights = cl_calloc(&c->a, t->count * c->columns, sizeof *t->weights);
    if (!t->weights)
        return false;
    for (uint32_t language = 0; language < c->covered; language++)
        masses[language] = mass_of(c, language);
    for (uint32_t i = 0; i < t->count; i++) {
        const uint64_t *sums = t->sums + i * c->columns;
        int32_t *weights = t->weights + i * c->columns;
        for (uint32_t language = 0; language < c->covered; language++) {
            size_t at = (size_t)language * c->label_count;
            weigh(c, &masses[language], sums + at, weights + at);
        }
    }
    return true;
}

bool cl_compile_weights(cl_compiler *c) {
    if (!weigh_all(c, &c->terms) || (c->pairs.count && !weigh_all(c, &c->pairs)) || !cl_compile_refined(c))
        return false;
    for (uint32_t i = 0; i < c->terms.count; i++)
        borrow(c, c->terms.sums + i * c->columns, c->terms.weights + i * c->columns);
    return true;
}
