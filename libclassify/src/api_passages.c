/* api_passages.c - the public call for passages: checks of arguments, then one call down.
   May include: passages.h.
   Must not know: algorithms. */
#include "passages.h"

static int32_t argument(classify_error *error, const char *message) {
    return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, message);
}

static int32_t read_options(cl_passages_call *call, const classify_passage_options *given, classify_error *error) {
    classify_passage_options o = {0};
    if (given && given->struct_size < sizeof given->struct_size)
        return argument(error, "options->struct_size is not set");
    if (given)
        memcpy(&o, given, given->struct_size < sizeof o ? given->struct_size : sizeof o);
    if (o.penalty < CLASSIFY_PENALTY_NONE || o.flags & ~CLASSIFY_PASSAGES_OTHERS)
        return argument(error, "penalty must be 0 or more, or CLASSIFY_PENALTY_*, and flags CLASSIFY_PASSAGES_*");
    call->own = !(o.flags & CLASSIFY_PASSAGES_OTHERS);
    call->penalty = o.penalty == CLASSIFY_PENALTY_DEFAULT    ? CL_PENALTY_DEFAULT
                    : o.penalty == CLASSIFY_PENALTY_NONE     ? 0
                    : o.penalty == CLASSIFY_PENALTY_INFINITE ? CL_PENALTY_INFINITE
                                                             : o.penalty;
    return CLASSIFY_OK;
}

int32_t classify_passages(classify_scorer *s, const char *text, size_t size, const classify_passage_options *options,
                          classify_passage *passages, size_t capacity, size_t *needed, classify_result *result,
                          double *probabilities, int64_t *scores, classify_error *error) {
    if (needed)
        *needed = 0;
    if (!s || (!text && size) || size > PTRDIFF_MAX || !needed || (!passages && capacity) ||
        (result && result->struct_size < sizeof result->struct_size))
        return argument(error, "scorer, text, passages or needed is NULL, or result->struct_size is not set");
    classify_result whole;
    cl_passages_call call = {
        .passages = passages, .capacity = capacity, .result = &whole, .probabilities = probabilities, .scores = scores};
    int32_t status = read_options(&call, options, error);
    if (status)
        return status;
    bool good = cl_passages(s, text ? text : "", size, &call);
    if (s->resolver.failed) { /* a stemmer found no memory: the sums are wrong */
        cl_resolver_forget(&s->resolver);
        good = false;
    }
    if (!good)
        return cl_nomem(error);
    *needed = call.needed;
    if (result)
        cl_give_result(&whole, result, result->struct_size);
    if (call.needed > capacity)
        return cl_fail(error, CLASSIFY_ERROR_CAPACITY, 0, "more passages than there is room for; *needed says how many");
    return CLASSIFY_OK;
}
