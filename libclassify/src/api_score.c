/* api_score.c - the public calls on scorers: checks of arguments, then one call down.
   May include: score.h.
   Must not know: algorithms. */
#include "score.h"

static int32_t argument(classify_error *error, const char *message) {
    return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, message);
}

/* The size of a model's arrays of sums, with the columns of evidence. */
static size_t sums_size(const classify_model *m) { return (size_t)m->covered * (m->labels + 1u); }

static int32_t read_options(classify_scorer *s, const classify_score_options *given, classify_error *error) {
    classify_score_options o = {0};
    if (given && given->struct_size < sizeof given->struct_size)
        return argument(error, "options->struct_size is not set");
    if (given)
        memcpy(&o, given, given->struct_size < sizeof o ? given->struct_size : sizeof o);
    if (!(o.min_probability >= 0 && o.min_probability <= 1) || o.flags & ~CLASSIFY_SCORE_NO_CACHE)
        return argument(error, "min_probability must be 0 to 1, and flags CLASSIFY_SCORE_*");
    s->min_probability = o.min_probability;
    s->language = CLASSIFY_NONE;
    for (uint32_t l = 0; o.language && l < s->model->covered; l++)
        if (!strcmp(o.language, classify_model_language(s->model, l)))
            s->language = l;
    if (o.language && s->language == CLASSIFY_NONE)
        return cl_failf(error, CLASSIFY_ERROR_LANGUAGE, 0, "the model does not cover the language '%.20s'", o.language);
    s->resolver.cached = !(o.flags & CLASSIFY_SCORE_NO_CACHE);
    return CLASSIFY_OK;
}

int32_t classify_scorer_new(classify_scorer **out, const classify_model *model, const classify_score_options *options,
                            classify_error *error) {
    if (out)
        *out = NULL;
    if (!out || !model)
        return argument(error, "out or model is NULL");
    const classify_allocator *a = &model->allocator;
    classify_scorer *s = cl_calloc(a, 1, sizeof *s);
    if (!s)
        return cl_nomem(error);
    s->allocator = *a;
    s->model = model;
    cl_model_retain(model);
    int32_t status = read_options(s, options, error);
    if (!status) {
        s->sums = cl_calloc(a, sums_size(model), sizeof *s->sums);
        s->common = cl_calloc(a, model->labels + 1u, sizeof *s->common);
        s->languages = cl_calloc(a, model->languages, sizeof *s->languages);
        s->probabilities = cl_calloc(a, model->labels, sizeof *s->probabilities);
        if (!s->sums || !s->common || !s->languages || !s->probabilities ||
            !cl_resolver_new(&s->resolver, model, s->resolver.cached, a))
            status = cl_nomem(error);
    }
    if (status)
        classify_scorer_free(s);
    else
        *out = s;
    return status;
}

void classify_scorer_free(classify_scorer *s) {
    if (!s)
        return;
    classify_allocator a = s->allocator;
    cl_release(&a, s->sums, sums_size(s->model), sizeof *s->sums);
    cl_release(&a, s->common, s->model->labels + 1u, sizeof *s->common);
    cl_release(&a, s->languages, s->model->languages, sizeof *s->languages);
    cl_release(&a, s->probabilities, s->model->labels, sizeof *s->probabilities);
    cl_resolver_free(&s->resolver, &a);
    classify_model_free((classify_model *)s->model);
    cl_release(&a, s, 1, sizeof *s);
}

/* A stemmer that found no memory made the sums of unknown words wrong: say so, and forget what it left in the cache. */
static int32_t check_memory(classify_scorer *s, classify_error *error) {
    if (!s->resolver.failed)
        return CLASSIFY_OK;
    cl_resolver_forget(&s->resolver);
    return cl_nomem(error);
}

static bool bad_text(const char *text, size_t size) { return (!text && size) || size > PTRDIFF_MAX; }

int32_t classify_score(classify_scorer *s, const char *text, size_t size, classify_result *result, double *probabilities,
                       int64_t *scores, classify_error *error) {
    if (!s || bad_text(text, size) || !result || result->struct_size < sizeof result->struct_size)
        return argument(error, "scorer, text or result is NULL, or result->struct_size is not set");
    classify_result full;
    cl_score(s, text ? text : "", size, &full, probabilities, scores);
    cl_give_result(&full, result, result->struct_size);
    return check_memory(s, error);
}

int32_t classify_score_batch(classify_scorer *s, const char *bytes, const int64_t *offsets, size_t count,
                             classify_result *results, double *probabilities, classify_error *error) {
    if (!s || (count && (!offsets || !results || results[0].struct_size < sizeof results[0].struct_size)))
        return argument(error, "scorer, offsets or results is NULL, or results[0].struct_size is not set");
    for (size_t i = 0; i < count; i++)
        if (offsets[i] < 0 || offsets[i + 1] < offsets[i] || (!bytes && offsets[i + 1] > offsets[i]))
            return cl_failf(error, CLASSIFY_ERROR_ARGUMENT, i, "offsets must ascend from 0 or more (text %llu), with bytes",
                            (unsigned long long)i);
    if (count)
        cl_score_batch(s,
                       &(cl_batch){bytes ? bytes : "", offsets, count, results, results[0].struct_size, probabilities, NULL});
    return check_memory(s, error);
}

int32_t classify_explain(classify_scorer *s, const char *text, size_t size, classify_span *spans, int64_t *contributions,
                         size_t capacity, size_t *needed, int64_t *priors, int64_t *scores, classify_result *result,
                         classify_error *error) {
    if (!s || bad_text(text, size) || !needed || (result && result->struct_size < sizeof result->struct_size))
        return argument(error, "scorer, text or needed is NULL, or result->struct_size is not set");
    classify_result full;
    cl_score(s, text ? text : "", size, &full, NULL, scores);
    uint32_t column = cl_score_column(s, &full);
    cl_explain(s, text ? text : "", size, column, spans, contributions, capacity, needed);
    for (uint32_t l = 0; priors && l < s->model->labels; l++)
        priors[l] = cl_score_prior(s->model, column, l);
    if (result)
        cl_give_result(&full, result, result->struct_size);
    int32_t status = check_memory(s, error);
    if (!status && *needed > capacity)
        return cl_fail(error, CLASSIFY_ERROR_CAPACITY, 0, "more spans than there is room for; *needed says how many");
    return status;
}
