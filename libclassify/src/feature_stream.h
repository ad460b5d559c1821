/* feature_stream.h - a text as the model sees it: a stream of features with their rows of weights. Scoring and explaining read
   the same stream. */
#ifndef CL_FEATURE_STREAM_H
#define CL_FEATURE_STREAM_H

#include "filter.h"
#include "model.h"
#include "stem.h"
#include "tokens.h"

/* What a word comes to. */
typedef struct {
    uint32_t term;            /* for pairs; CLASSIFY_NONE */
    uint32_t known;           /* the word, or its stem, has weights */
    bool wide;                /* `labels` are [covered] rows, not one for any language */
    bool listed;              /* the word is in the model, and `languages` a row of i8 in steps; else of i16 */
    const uint8_t *labels;    /* row or rows of rows.h, or NULL */
    const uint8_t *languages; /* [languages], or NULL */
} cl_resolved;

/* A word that is not in the model, as the cache keeps it. */
typedef struct {
    uint64_t key;   /* its hash with the lowest bit set, 0 for none */
    uint32_t term;  /* of its stem, or CLASSIFY_NONE */
    uint32_t epoch; /* of the run of words that last pointed to this line */
} cl_line;

/* Scratch of one thread: stemmers, and a cache of what words not in the model came to, each in one of CL_WAYS lines. */
enum { CL_WAYS = 8 };

typedef struct {
    const classify_model *model;
    cl_stemmers stemmers;
    cl_line *lines;
    uint8_t *rows; /* one a line: rows of labels [covered], then i16 [languages] */
    size_t line_count;
    uint32_t epoch;
    uint64_t *filters;      /* memory of the two */
    cl_filter parts, terms; /* of the model's tables: pass all until they are made */
    uint64_t unknown;       /* words that were not in the model or the cache */
    bool cached;            /* false: resolve every word anew */
    bool failed;            /* a stemmer had no memory: the score is not to be trusted */
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
    bool remark;           /* cl_marker_is_remark */
    bool wide;             /* `labels` are [covered] rows, not one for any language */
    const uint8_t *labels; /* or NULL */
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

/* ---- Runs of words: what summing reads, in place of the stream ----

   A look-up waits for memory twice: for the bucket, and for the rows. Done for many words at once, step by step, with what the
   next step needs asked for by the step before, the waits overlap. */

enum { CL_RUN = 192 }; /* words; they are counted in bytes */

typedef struct {
    uint64_t hash;
    const uint8_t *begin; /* in the text */
    size_t size;
    bool marker, remark, breaks;
    bool starts;              /* the first of its text: set by the caller */
    bool known, wide, listed; /* and what follows: set by cl_run_resolve, as in cl_resolved */
    uint32_t term;
    const uint8_t *labels, *languages;
} cl_run_word;

typedef struct {
    cl_run_word words[CL_RUN];
    uint32_t count;
} cl_run;

/* Appends words of a text until the run is full (true) or the text is at its end (false). `token` is scratch. */
bool cl_run_fill(cl_run *run, const cl_resolver *resolver, cl_tokenizer *tokenizer, cl_token *token);
/* Resolves words first .. of the run; returns behind the last one resolved, at least one: rows of words not in the model lie in
   the cache, and a run ends where a word would overwrite a row that it points to. */
uint32_t cl_run_resolve(cl_run *run, cl_resolver *resolver, uint32_t first);

/* Calls, for each piece of a folded word (its code points, borders marked), use(context, hash). */
void cl_word_parts(const uint32_t *chars, uint32_t length, void (*use)(void *context, uint64_t hash), void *context);

#endif
