/* score.h - sums of weights, the language, the probability, the right to abstain. */
#ifndef CL_SCORE_H
#define CL_SCORE_H

#include "error.h"
#include "feature_stream.h"

/* The part of a run of words that belongs to one text. */
typedef struct {
    size_t text;
    uint64_t replaced;
    uint32_t end;  /* behind its last word */
    bool starts;   /* the text begins with it */
    bool complete; /* the text ends with it */
} cl_stretch;

struct classify_scorer {
    classify_allocator allocator;
    const classify_model *model;
    cl_resolver resolver;
    uint32_t language;      /* fixed by the caller, or CLASSIFY_NONE */
    double min_probability; /* 0: the model's own */
    int64_t *sums;          /* [covered][labels + 1], the last the evidence */
    int64_t *common;        /* [labels + 1]: of the rows of a longer text that are for any language */
    int64_t *languages;     /* [languages] */
    double *probabilities;  /* [labels] */
    cl_run run;
    cl_token token; /* scratch of filling it */
    cl_stretch stretches[CL_RUN];
    uint32_t stretch_count;
    uint32_t before;        /* term of the word before, CLASSIFY_NONE where no pair can begin */
    classify_result result; /* of the text being summed */
};

/* Where a batch of texts comes from and its answers go; the arrays may be NULL but for `results`. */
typedef struct {
    const char *bytes;
    const int64_t *offsets; /* text i is bytes[offsets[i]] .. bytes[offsets[i + 1]] */
    size_t count;
    classify_result *results; /* `stride` bytes each */
    size_t stride;
    double *probabilities; /* [count][labels] */
    int64_t *scores;       /* [count][labels] */
} cl_batch;

/* Scores texts, several at a time. */
void cl_score_batch(classify_scorer *s, const cl_batch *batch);
/* Scores one text; result (never NULL) is filled whole, the other arrays where they are not NULL. */
void cl_score(classify_scorer *s, const char *text, size_t size, classify_result *result, double *probabilities,
              int64_t *scores);
/* Copies a result to a caller whose structure may be older (smaller) or newer (larger). */
void cl_give_result(const classify_result *full, void *out, size_t stride);
/* As classify_explain, after its arguments were checked; spans are of the column of `language`. */
void cl_explain(classify_scorer *s, const char *text, size_t size, uint32_t language, classify_span *spans,
                int64_t *contributions, size_t capacity, size_t *needed);
/* The language whose column of weights a result was made with. */
uint32_t cl_score_column(const classify_scorer *s, const classify_result *result);
/* From the scorer's sums, languages and result (tokens, known, replaced) to the answer in its result; adds the prior to
   the sums of the language's column. */
void cl_score_answer(classify_scorer *s, double *probabilities, int64_t *scores);
/* Calibrated probabilities of scores in the column of a language: out[labels]. */
void cl_score_probabilities(const classify_scorer *s, uint32_t column, const int64_t *scores, int64_t evidence, double *out);
/* The greatest of the first `count` sums, the first of equals. Without a branch: none could be foreseen; and in four strands,
   so that no comparison waits for the one before. */
static inline uint32_t cl_greatest(const int64_t *sums, uint32_t count) {
    uint32_t best = 0, i = 1;
    int64_t most = sums[0];
    if (count >= 8) {
        uint32_t at[4] = {0, 1, 2, 3};
        int64_t top[4] = {sums[0], sums[1], sums[2], sums[3]};
        for (i = 4; i + 4 <= count; i += 4)
            for (uint32_t k = 0; k < 4; k++) {
                bool more = sums[i + k] > top[k];
                at[k] = more ? i + k : at[k];
                top[k] = more ? sums[i + k] : top[k];
            }
        best = at[0], most = top[0];
        for (uint32_t k = 1; k < 4; k++) {
            bool more = (top[k] > most) | ((top[k] == most) & (at[k] < best));
            best = more ? at[k] : best;
            most = more ? top[k] : most;
        }
    }
    for (; i < count; i++) {
        bool more = sums[i] > most;
        best = more ? i : best;
        most = more ? sums[i] : most;
    }
    return best;
}

int32_t cl_score_prior(const classify_model *m, uint32_t language, uint32_t label);

#endif
