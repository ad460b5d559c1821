/* score.h - sums of weights, the language, the probability, the right to abstain. */
#ifndef CL_SCORE_H
#define CL_SCORE_H

#include "error.h"
#include "feature_stream.h"

struct classify_scorer {
    classify_allocator allocator;
    const classify_model *model;
    cl_resolver resolver;
    uint32_t language;      /* fixed by the caller, or CLASSIFY_NONE */
    double min_probability; /* 0: the model's own */
    int64_t *sums;          /* [covered][labels + 1], the last the evidence */
    int64_t *common;        /* [labels + 1]: of the rows that are for any language */
    int64_t *languages;     /* [languages] */
    double *probabilities;  /* [labels] */
};

/* Scores one text; result (never NULL) is filled whole, the other arrays where they are not NULL. */
void cl_score(classify_scorer *s, const char *text, size_t size, classify_result *result, double *probabilities,
              int64_t *scores);
/* As classify_explain, after its arguments were checked; spans are of the column of `language`. */
void cl_explain(classify_scorer *s, const char *text, size_t size, uint32_t language, classify_span *spans,
                int64_t *contributions, size_t capacity, size_t *needed);
/* The language whose column of weights a result was made with. */
uint32_t cl_score_column(const classify_scorer *s, const classify_result *result);
int32_t cl_score_prior(const classify_model *m, uint32_t language, uint32_t label);

#endif
