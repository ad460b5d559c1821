/* feature_stream.h - a text as the model sees it: a stream of features with their rows of weights. Scoring and explaining read
   the same stream. */
#ifndef CL_FEATURE_STREAM_H
#define CL_FEATURE_STREAM_H

#include "model.h"
#include "stem.h"
#include "tokens.h"

/* What a word comes to. */
typedef struct {
    uint32_t term;            /* for pairs; CLASSIFY_NONE */
    uint32_t known;           /* the word, or its stem, has weights */
    bool narrow;              /* `labels` are for any language */
    const uint8_t *labels;    /* i16 [covered][labels + 1], narrow: [labels + 1], or NULL */
    const uint8_t *languages; /* i16 [languages], or NULL */
} cl_resolved;

/* Scratch of one thread: stemmers, and a direct-mapped cache of what words not in the model came to. */
typedef struct {
    const classify_model *model;
    cl_stemmers stemmers;
    uint64_t *keys; /* hash of the word in each line, 0 for none */
    cl_resolved *lines;
    uint8_t *rows; /* one row of parts a line: labels, then languages */
    size_t line_count;
    bool cached; /* false: resolve every word anew */
    bool failed; /* a stemmer had no memory: the score is not to be trusted */
} cl_resolver;

bool cl_resolver_new(cl_resolver *r, const classify_model *model, bool cached, const classify_allocator *a);
void cl_resolver_free(cl_resolver *r, const classify_allocator *a);
/* Empties the cache and clears `failed`. */
void cl_resolver_forget(cl_resolver *r);

/* One feature of a text. */
typedef struct {
    size_t begin, end;
    uint32_t kind;    /* CLASSIFY_SPAN_* */
    uint32_t feature; /* term, or terms + pair, or CLASSIFY_NONE */
    bool known;
    bool remark;              /* cl_marker_is_remark */
    bool narrow;              /* `labels` are for any language */
    const uint8_t *labels;    /* i16 [covered][labels + 1], narrow: [labels + 1], or NULL */
    const uint8_t *languages; /* i16 [languages], or NULL */
} cl_hit;

typedef struct {
    cl_resolver *resolver;
    cl_tokenizer tokenizer;
    cl_token token;
    cl_hit pair; /* to give out before the next word */
    bool pending;
    uint32_t before; /* term of the token before, CLASSIFY_NONE where no pair can begin */
    size_t before_begin;
} cl_stream;

void cl_stream_start(cl_stream *s, cl_resolver *resolver, const char *text, size_t size);
/* The next feature: each word or marker, followed by the pair that it closes, if the model has that. */
bool cl_stream_next(cl_stream *s, cl_hit *hit);

/* Calls, for each piece of a folded word (its code points, borders marked), use(context, hash). */
void cl_word_parts(const uint32_t *chars, uint32_t length, void (*use)(void *context, uint64_t hash), void *context);

#endif
