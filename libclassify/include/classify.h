/* classify.h - libclassify: is a text a threat message, a diplomatic statement or news?

   A text is UTF-8 in English, Ukrainian, Russian or Polish; any bytes are accepted. A *model* holds what was learned, is
   immutable and may be shared by any number of threads. A *scorer* is the scratch memory of one thread. *Counts* are what
   training makes: integers that merge exactly, from which a model is compiled.

       classify_model *model = NULL;
       classify_scorer *scorer = NULL;
       classify_result result = {.struct_size = sizeof result};
       classify_error error;
       if (classify_model_default(&model, NULL, &error) == CLASSIFY_OK &&
           classify_scorer_new(&scorer, model, NULL, &error) == CLASSIFY_OK &&
           classify_score(scorer, text, strlen(text), &result, NULL, NULL, &error) == CLASSIFY_OK)
           puts(result.label == CLASSIFY_NONE ? "unsure" : classify_model_label(model, result.label));
       else
           fprintf(stderr, "%s\n", error.message);
       classify_scorer_free(scorer);
       classify_model_free(model);

   Ownership: inputs are borrowed for the call only. Strings returned by a model live as long as it. A scorer keeps a
   reference to its model, so that the two may be freed in either order.
   Errors: a status is returned; where it is not CLASSIFY_OK, *error (which may be NULL) says what is wrong in one line, and
   `*out` is NULL. The library prints nothing, never exits, reads no environment and no locale, and keeps no mutable globals.
   Threads: functions on one handle of counts, scorer or analyzer: one thread at a time. A model: any number of threads.
   Growth: structures that begin with `struct_size` may get fields at their end; zero always means the default. */
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include <stddef.h>
#include <stdint.h>

#ifndef CLASSIFY_API
#if defined(__GNUC__)
#define CLASSIFY_API __attribute__((visibility("default")))
#else
#define CLASSIFY_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* cdef: begin (from here to the end mark the header needs no preprocessor; the Python binding is generated from it) */

#define CLASSIFY_VERSION_MAJOR 0
#define CLASSIFY_VERSION_MINOR 1
#define CLASSIFY_VERSION_PATCH 0
#define CLASSIFY_ABI_VERSION   0

/* "0.1.0". The library's, at run time. Thread: any. Never fails. */
CLASSIFY_API const char *classify_version(void);
/* CLASSIFY_ABI_VERSION of the library at run time: callers and bindings compare it with the header's. Thread: any. */
CLASSIFY_API uint32_t classify_abi_version(void);

/* ---- Statuses and errors ------------------------------------------------------------------------------------------- */

#define CLASSIFY_OK             0
#define CLASSIFY_ERROR_ARGUMENT 1  /* an argument is NULL, out of range or contradicts another */
#define CLASSIFY_ERROR_NOMEM    2  /* the allocator returned NULL; nothing changed */
#define CLASSIFY_ERROR_CAPACITY 3  /* a buffer is too small; *needed says how large it must be */
#define CLASSIFY_ERROR_LIMIT    4  /* larger than the library can hold (labels, languages, counts, sizes) */
#define CLASSIFY_ERROR_LANGUAGE 5  /* a language that the model or the analyzer does not know */
#define CLASSIFY_ERROR_EMPTY    6  /* nothing to learn from: counts without a labelled word */
#define CLASSIFY_ERROR_IO       7  /* a file cannot be opened or read */
#define CLASSIFY_ERROR_FORMAT   10 /* not a file of this kind */
#define CLASSIFY_ERROR_VERSION  11 /* a version of the format that this library does not read */
#define CLASSIFY_ERROR_CORRUPT  12 /* damaged: cut short, changed, or contradicting itself */
#define CLASSIFY_ERROR_ANALYZER 13 /* made with other stemmers or another Unicode version: compile it again from its counts */

/* "CLASSIFY_ERROR_NOMEM" and so on; "CLASSIFY_?" for a number that is none. Static. Thread: any. */
CLASSIFY_API const char *classify_status_name(int32_t status);

/* What went wrong. Owned by the caller; filled on failure only. Frozen at 128 bytes. */
typedef struct classify_error {
    int32_t code;      /* the status returned */
    uint32_t reserved; /* 0 */
    uint64_t offset;   /* byte in the model, counts or text where it was noticed; 0 where there is no such place */
    char message[112]; /* one line, NUL-terminated, English, says what to do where that is known */
} classify_error;

/* Memory for a handle and all it owns; NULL members mean malloc, realloc and free. Sizes are given back on resize and
   release. Must be callable from every thread that uses the handle. `resize` and `alloc` return NULL when there is none.
   (libstemmer's handles, a few kilobytes a scorer, come from malloc: it has no hook.) */
typedef struct classify_allocator {
    void *(*alloc)(void *context, size_t size);
    void *(*resize)(void *context, void *memory, size_t old_size, size_t new_size);
    void (*release)(void *context, void *memory, size_t size);
    void *context;
} classify_allocator;

#define CLASSIFY_NONE 4294967295u /* no label, no language, no feature */

typedef struct classify_model classify_model;
typedef struct classify_scorer classify_scorer;
typedef struct classify_counts classify_counts;
typedef struct classify_analyzer classify_analyzer;

/* ---- Models -------------------------------------------------------------------------------------------------------- */

/* ANY_ANALYZER: accept a model made with other stemmers; words it has not seen may be missed. MAP: classify_model_open maps the
   file instead of reading it, so that processes share it; a file that is cut short while mapped kills the process, as with
   every map. */
#define CLASSIFY_READ_ANY_ANALYZER 1u
#define CLASSIFY_READ_MAP          2u

typedef struct classify_read_options {
    size_t struct_size;
    const classify_allocator *allocator; /* NULL: malloc. Copied */
    uint64_t max_bytes;                  /* refuse larger files with CLASSIFY_ERROR_LIMIT; 0: 1 GiB */
    uint32_t flags;                      /* CLASSIFY_READ_* */
    uint32_t reserved;
} classify_read_options;

typedef struct classify_model_info {
    size_t struct_size;
    uint64_t bytes;       /* size of the model */
    uint64_t analyzer_id; /* digest of the stemmers and the Unicode version that it was made with */
    uint64_t digest;      /* checksum of the content: equal models have equal digests */
    uint64_t documents;   /* texts counted */
    uint32_t format_version;
    uint32_t label_count;
    uint32_t language_count; /* all, the recognised ones included */
    uint32_t covered_count;  /* the first this many languages have weights for the labels */
    uint32_t word_count;     /* known surface forms */
    uint32_t term_count;     /* stems: features 0 .. term_count - 1 */
    uint32_t pair_count;     /* pairs of neighbouring stems: features term_count .. feature_count - 1 */
    uint32_t part_count;     /* pieces of words, for words not known */
    uint32_t feature_count;  /* term_count + pair_count */
    int32_t weight_scale;    /* an integer weight or score divided by this is in nats */
} classify_model_info;

/* The embedded model. No file, no copy: opening costs an analyzer check, well under a millisecond. Thread: any.
   Errors: NOMEM; ANALYZER when the libstemmer or utf8proc found at run time stems or folds otherwise than the one it was
   built with (rebuild, or pass CLASSIFY_READ_ANY_ANALYZER). `options` may be NULL. */
CLASSIFY_API int32_t classify_model_default(classify_model **out, const classify_read_options *options, classify_error *error);
/* Opens a model file: reads it whole, or maps it (CLASSIFY_READ_MAP). Everything is checked here, nothing later. Thread: any.
   Errors: IO, NOMEM, LIMIT, FORMAT, VERSION, CORRUPT (with an offset), ANALYZER, ARGUMENT. */
CLASSIFY_API int32_t classify_model_open(classify_model **out, const char *path, const classify_read_options *options,
                                         classify_error *error);
/* The same from memory; the bytes are copied. Thread: any. Errors: as classify_model_open, but for IO. */
CLASSIFY_API int32_t classify_model_read(classify_model **out, const void *data, size_t size,
                                         const classify_read_options *options, classify_error *error);
/* Copies the model's file to buffer. *needed is set always; CAPACITY (buffer untouched) where it is more than capacity.
   buffer may be NULL when capacity is 0. Thread: any. */
CLASSIFY_API int32_t classify_model_write(const classify_model *model, void *buffer, size_t capacity, size_t *needed,
                                          classify_error *error);
/* NULL is fine. Scorers made from the model stay usable. Thread: any, once. */
CLASSIFY_API void classify_model_free(classify_model *model);
/* Fills *info up to its struct_size. Thread: any. Errors: ARGUMENT. */
CLASSIFY_API int32_t classify_model_get_info(const classify_model *model, classify_model_info *info, classify_error *error);
/* Names: UTF-8, owned by the model, NULL where the index is out of range. Languages are codes such as "uk". Thread: any. */
CLASSIFY_API const char *classify_model_label(const classify_model *model, uint32_t label);
CLASSIFY_API const char *classify_model_language(const classify_model *model, uint32_t language);
/* Value of a metadata key ("name", "licence", ...), or NULL. Thread: any. */
CLASSIFY_API const char *classify_model_meta(const classify_model *model, const char *key);
/* Writes a feature's name, "stem" or "stem stem", NUL-terminated. Thread: any.
   Errors: ARGUMENT for a feature out of range, CAPACITY (with *needed, which counts the NUL). */
CLASSIFY_API int32_t classify_model_feature(const classify_model *model, uint32_t feature, char *buffer, size_t capacity,
                                            size_t *needed, classify_error *error);
/* Weights of a feature for each label in a covered language: weights[label_count], in 1/weight_scale nats; a positive weight
   speaks for the label. Thread: any. Errors: ARGUMENT, LANGUAGE (not covered, or it does not have the feature:
   texts of it borrow the weights of a language that has). */
CLASSIFY_API int32_t classify_model_weights(const classify_model *model, uint32_t feature, uint32_t language, int32_t *weights,
                                            classify_error *error);

/* ---- Scoring ------------------------------------------------------------------------------------------------------- */

#define CLASSIFY_SCORE_NO_CACHE 1u /* resolve every unknown word anew: same results, slower; for tests */

typedef struct classify_score_options {
    size_t struct_size;
    const char *language;   /* a covered language's code: do not detect. NULL: detect. Copied */
    double min_probability; /* below it the answer is unsure; 0: the model's own rule; must be 0 .. 1 */
    uint32_t flags;         /* CLASSIFY_SCORE_* */
    uint32_t reserved;
} classify_score_options;

/* Why a label was withheld. */
#define CLASSIFY_REASON_NONE     0 /* it was not: `label` is set */
#define CLASSIFY_REASON_EMPTY    1 /* nothing in the text but space and punctuation */
#define CLASSIFY_REASON_UNKNOWN  2 /* no word that the model knows */
#define CLASSIFY_REASON_LANGUAGE 3 /* a language that the model does not cover */
#define CLASSIFY_REASON_EVIDENCE 4 /* what is known says too little */
#define CLASSIFY_REASON_CLOSE    5 /* two labels are too close to call, or the probability is below the minimum */

/* "empty", "unknown-words", "language", "little-evidence", "too-close"; "" for none and for other numbers. Thread: any. */
CLASSIFY_API const char *classify_reason_name(uint32_t reason);

typedef struct classify_result {
    size_t struct_size;
    uint32_t label;     /* CLASSIFY_NONE when unsure */
    uint32_t best;      /* the label of the highest score, also when unsure; CLASSIFY_NONE when nothing is known */
    uint32_t language;  /* CLASSIFY_NONE when nothing speaks for one; a model of one language takes it as given */
    uint32_t reason;    /* CLASSIFY_REASON_* */
    uint64_t tokens;    /* words, numbers and addresses in the text (marks such as ! and emoji are not counted) */
    uint64_t known;     /* those that the model has a weight for */
    uint64_t replaced;  /* invalid UTF-8 sequences, each taken as one U+FFFD */
    int64_t evidence;   /* sum over features of the spread of their weights, in 1/weight_scale nats */
    int64_t margin;     /* score of `best` minus the next one, in 1/weight_scale nats */
    double probability; /* of `best`, calibrated, 0 .. 1 */
} classify_result;

/* A scorer for one thread. Errors: NOMEM, ARGUMENT, LANGUAGE. `options` may be NULL. Thread: any. */
CLASSIFY_API int32_t classify_scorer_new(classify_scorer **out, const classify_model *model,
                                         const classify_score_options *options, classify_error *error);
/* NULL is fine. Thread: one. */
CLASSIFY_API void classify_scorer_free(classify_scorer *scorer);
/* Scores one text of `size` bytes. probabilities[label_count] and scores[label_count] may be NULL; probabilities sum to 1,
   scores are integers in 1/weight_scale nats: prior + the sum of the weights of the text's features, bit-identical on every
   platform. Thread: one a scorer. Errors: ARGUMENT. Memory: none is allocated.
   Source: multinomial naive Bayes with Dirichlet smoothing, Zhai and Lafferty 2004. */
CLASSIFY_API int32_t classify_score(classify_scorer *scorer, const char *text, size_t size, classify_result *result,
                                    double *probabilities, int64_t *scores, classify_error *error);
/* Scores `count` texts: text i is bytes[offsets[i]] .. bytes[offsets[i + 1]] (count + 1 ascending offsets: Arrow's large
   string layout). results[count]: the struct_size of the first is the stride of all. probabilities[count * label_count]
   may be NULL. Equal to single calls, text by text. Thread: one a scorer. Errors: ARGUMENT, before anything is scored. */
CLASSIFY_API int32_t classify_score_batch(classify_scorer *scorer, const char *bytes, const int64_t *offsets, size_t count,
                                          classify_result *results, double *probabilities, classify_error *error);

#define CLASSIFY_SPAN_WORD   0 /* a word */
#define CLASSIFY_SPAN_MARKER 1 /* a number, address, ... */
#define CLASSIFY_SPAN_PAIR   2 /* two neighbours; the span runs over both */

/* One feature of a text. Spans are bytes of the original text, on character borders. Frozen at 32 bytes. */
typedef struct classify_span {
    uint64_t begin;
    uint64_t end;
    uint32_t feature;  /* for classify_model_feature; CLASSIFY_NONE for a word that is not known as a whole */
    uint32_t kind;     /* CLASSIFY_SPAN_* */
    uint32_t known;    /* 1 where it has weights (an unknown word may have some from its parts) */
    uint32_t reserved; /* 0 */
} classify_span;

/* The reasons for a score: spans[capacity], contributions[capacity * label_count] (row i belongs to span i) and
   priors[label_count], any of which may be NULL. Exactly: score[l] = priors[l] + sum over i of contributions[i][l].
   Spans come in the order of the text; marks such as ! and quotes are MARKER spans of their own.
   *needed is the number of spans; when it is more than capacity the first `capacity` are written and CAPACITY is returned.
   result and scores[label_count] as in classify_score, may be NULL. Thread: one a scorer. Errors: ARGUMENT, CAPACITY. */
CLASSIFY_API int32_t classify_explain(classify_scorer *scorer, const char *text, size_t size, classify_span *spans,
                                      int64_t *contributions, size_t capacity, size_t *needed, int64_t *priors, int64_t *scores,
                                      classify_result *result, classify_error *error);

/* ---- Passages ------------------------------------------------------------------------------------------------------ */

#define CLASSIFY_PENALTY_DEFAULT  0
#define CLASSIFY_PENALTY_NONE     (-1)
#define CLASSIFY_PENALTY_INFINITE 2147483647

#define CLASSIFY_PASSAGES_OTHERS 1u /* only passages of another label than the text's own, which then surrounds them */

typedef struct classify_passage_options {
    size_t struct_size;
    int32_t penalty; /* of a change of label between sentences, in 1/weight_scale nats, or CLASSIFY_PENALTY_*. NONE: each
                        sentence stands alone. INFINITE: one label for all, hence no passage */
    uint32_t flags;  /* CLASSIFY_PASSAGES_* */
} classify_passage_options;

/* A run of sentences inside a text that carries a label of its own. Frozen at 48 bytes. */
typedef struct classify_passage {
    uint64_t begin; /* bytes of the text, on borders of sentences or, within quotation marks, of the quoted words */
    uint64_t end;
    uint32_t label;
    uint32_t reserved;  /* 0 */
    int64_t score;      /* of its label less that of the next best, were the passage a text of its own */
    int64_t evidence;   /* as in classify_result, of the passage */
    double probability; /* of its label, were the passage a text of its own: the same calibration */
} classify_passage;

/* Finds the passages of a text: a news item that quotes a threat is news, and the threat is a passage of it. Reported are
   passages of the text's own label too, where they are not the whole text (a threat amid harmless talk is what makes the text a
   threat), unless CLASSIFY_PASSAGES_OTHERS leaves them out. Labels that only surround make no
   passages: the model's metadata `passages.background` names them, by spaces ("news other" where there is none); in a model
   without such a label the text's own surrounds. passages[capacity] come in the order of the text, disjoint; *needed is how
   many there are; when it is more than capacity the first `capacity` are written and CAPACITY is returned. result,
   probabilities[label_count] and scores[label_count] are those of classify_score for the whole text, and may be NULL like
   `options`. The text is read once, twice where it is in another language than its first words; time and memory are linear in
   it. Thread: one a scorer. Errors: ARGUMENT, NOMEM, CAPACITY.
   Source: the best sequence of labels by dynamic programming, Viterbi 1967. */
CLASSIFY_API int32_t classify_passages(classify_scorer *scorer, const char *text, size_t size,
                                       const classify_passage_options *options, classify_passage *passages, size_t capacity,
                                       size_t *needed, classify_result *result, double *probabilities, int64_t *scores,
                                       classify_error *error);

/* ---- Counts: what training makes ----------------------------------------------------------------------------------- */

typedef struct classify_counts_options {
    size_t struct_size;
    const classify_allocator *allocator; /* NULL: malloc. Copied */
    uint64_t max_bytes;                  /* classify_counts_read refuses larger files with CLASSIFY_ERROR_LIMIT; 0: 4 GiB */
    uint32_t flags;                      /* 0 */
    uint32_t reserved;
} classify_counts_options;

typedef struct classify_counts_info {
    size_t struct_size;
    uint64_t documents; /* texts counted */
    uint64_t words;     /* words and markers in them */
    uint64_t features;  /* distinct words, markers and neighbouring pairs */
    uint64_t cells;     /* distinct (source, language, label) */
} classify_counts_info;

/* One column of the counts. Strings are the handle's, valid until it changes. */
typedef struct classify_cell {
    size_t struct_size;
    const char *source;
    const char *language;
    const char *label; /* "" where the texts only teach the language */
    uint64_t documents;
    uint64_t words;
} classify_cell;

/* Empty counts. Errors: NOMEM, ARGUMENT. Thread: any. */
CLASSIFY_API int32_t classify_counts_new(classify_counts **out, const classify_counts_options *options, classify_error *error);
CLASSIFY_API void classify_counts_free(classify_counts *counts);
/* Counts one text under a label ("" or NULL: it only teaches the language), a language code ("en", "uk", "ru", "pl"; any
   other code of 2-8 letters, digits or '-' has no stemmer) and a source ("" or NULL: none; sources are balanced against each
   other). Thread: one. Errors: ARGUMENT (a name with a control character or over 255 bytes), LIMIT, NOMEM (the text may then be
   counted in part: discard the handle). */
CLASSIFY_API int32_t classify_counts_add(classify_counts *counts, const char *label, const char *language, const char *source,
                                         const char *text, size_t size, classify_error *error);
/* Adds `from` to `into`. Associative and commutative: any split of a corpus, merged in any order, writes the same bytes.
   Thread: one for both. Errors: ARGUMENT, NOMEM (`into` may be changed in part), LIMIT. */
CLASSIFY_API int32_t classify_counts_merge(classify_counts *into, const classify_counts *from, classify_error *error);
/* Drops, in cells whose source begins with `prefix` (NULL or "": all), words that stand in fewer than `word_documents` texts of
   all those cells together, and pairs in fewer than `pair_documents`. Thread: one. Errors: ARGUMENT, NOMEM. */
CLASSIFY_API int32_t classify_counts_prune(classify_counts *counts, const char *prefix, uint64_t word_documents,
                                           uint64_t pair_documents, classify_error *error);
/* Metadata, carried into the model. Keys are 1-63 bytes of [a-z0-9._-], values UTF-8 without control characters, under 4 KB;
   a NULL value removes. Merging keeps, of two values of a key, the greater by bytes. Thread: one. Errors: ARGUMENT, NOMEM. */
CLASSIFY_API int32_t classify_counts_set_meta(classify_counts *counts, const char *key, const char *value,
                                              classify_error *error);
CLASSIFY_API int32_t classify_counts_get_info(const classify_counts *counts, classify_counts_info *info, classify_error *error);
/* Cell i of info.cells, in order of source, language, label. Errors: ARGUMENT. Thread: one. */
CLASSIFY_API int32_t classify_counts_cell(classify_counts *counts, uint64_t index, classify_cell *cell, classify_error *error);

#define CLASSIFY_COUNTS_BINARY 0 /* FORMAT.md, "Counts" */
#define CLASSIFY_COUNTS_TSV    1 /* the same as text: FORMAT.md, "Counts as text" */

/* Reads counts of either format. Thread: any. Errors: FORMAT, VERSION, CORRUPT (with an offset), LIMIT, NOMEM, ARGUMENT. */
CLASSIFY_API int32_t classify_counts_read(classify_counts **out, const void *data, size_t size,
                                          const classify_counts_options *options, classify_error *error);
/* Writes counts: sorted, so that equal counts give equal bytes. *buffer is allocated with the handle's allocator; free it
   with classify_counts_free_buffer. Thread: one. Errors: NOMEM, ARGUMENT. */
CLASSIFY_API int32_t classify_counts_write(classify_counts *counts, uint32_t format, void **buffer, size_t *size,
                                           classify_error *error);
CLASSIFY_API void classify_counts_free_buffer(const classify_counts *counts, void *buffer, size_t size);

/* How counts become weights; zero means the default. Which values are best is measured in models/README.md. */
#define CLASSIFY_COMPILE_NO_PAIRS 1u
#define CLASSIFY_COMPILE_NO_PARTS 2u

typedef struct classify_compile_options {
    size_t struct_size;
    const classify_allocator *allocator; /* NULL: that of the counts. The model keeps it */
    uint32_t smoothing;   /* mu: words of background added to each label (Zhai and Lafferty 2004); 0: 3,000, but at most a
                             tenth of the language's words */
    uint32_t label_words; /* words to which each label of a language is brought, down from more or up from fewer */
    uint32_t max_words;   /* surface forms kept, the most telling first */
    uint32_t max_pairs;
    uint32_t max_parts;
    uint32_t flags; /* CLASSIFY_COMPILE_* */
} classify_compile_options;

/* Compiles counts into a model. The same counts and options give the same bytes on every platform. The counts stay as they
   are. `options` may be NULL. Thread: one. Errors: EMPTY (no labelled word), NOMEM, LIMIT, ARGUMENT. A labelled
   language without a stemmer is covered all the same, its words being their own stems. */
CLASSIFY_API int32_t classify_counts_compile(classify_counts *counts, const classify_compile_options *options,
                                             classify_model **out, classify_error *error);

/* A labelled text. */
typedef struct classify_example {
    const char *text; /* UTF-8, `size` bytes */
    size_t size;
    const char *label;    /* as in classify_counts_add; texts without one are passed over */
    const char *language; /* a code; never NULL */
    const char *source;   /* or NULL */
} classify_example;

typedef struct classify_refine_options {
    size_t struct_size;
    const char *primary;     /* sources that begin with one of these, separated by commas, matter most; NULL: none */
    uint32_t primary_factor; /* they weigh so many times what other sources of their size do, /256; 0: 768 (three times) */
    uint32_t epochs;         /* passes over the texts; 0: 7 */
    uint32_t bayes_share;    /* of the naive Bayes weights in the sum, /256, plus one: 1 is none of them; 0: the default */
    uint32_t max_pairs;      /* most telling pairs and pieces of words whose weights are kept; 0: 60000 and 40000 */
    uint32_t max_parts;
    uint32_t reserved;
} classify_refine_options;

/* One more pass over the texts: learns weights for stems, pairs and pieces of words by softmax regression (naive Bayes made
   discriminative: Wang and Manning 2012) and keeps them beside the counts, which stay as they are. Models compiled from the
   counts then sum both. Deterministic, in integers: the same counts, examples and order of examples give the same weights. The
   counts should hold the examples' words already. Replaces a refinement that is there. Thread: one. Time: seconds for a million
   words. Errors: ARGUMENT, EMPTY, NOMEM, LIMIT. */
CLASSIFY_API int32_t classify_counts_refine(classify_counts *counts, const classify_refine_options *options,
                                            const classify_example *examples, size_t count, classify_error *error);

/* ---- The front half by itself -------------------------------------------------------------------------------------- */

/* A word or marker of a text. Frozen at 32 bytes. */
typedef struct classify_token {
    uint64_t begin; /* span in the original text, bytes */
    uint64_t end;
    uint32_t folded; /* offset of its folded, NUL-terminated form in the strings */
    uint32_t stem;   /* the same for its stem (for a marker: its name) */
    uint32_t kind;   /* CLASSIFY_SPAN_WORD or CLASSIFY_SPAN_MARKER */
    uint32_t flags;  /* 1: a sentence ends between the token before and this one, so that they are no pair */
} classify_token;

/* Tokens and stems of one language, with no model: "en", "uk", "ru" or "pl". Errors: LANGUAGE, NOMEM, ARGUMENT. */
CLASSIFY_API int32_t classify_analyzer_new(classify_analyzer **out, const char *language, const classify_allocator *allocator,
                                           classify_error *error);
CLASSIFY_API void classify_analyzer_free(classify_analyzer *analyzer);
/* The stem of a word after folding, NUL-terminated. A word of several tokens gives the stem of each, joined by a space.
   Thread: one. Errors: ARGUMENT, CAPACITY (*needed counts the NUL), NOMEM. */
CLASSIFY_API int32_t classify_analyzer_stem(classify_analyzer *analyzer, const char *word, size_t size, char *buffer,
                                            size_t capacity, size_t *needed, classify_error *error);
/* Tokens of a text. *tokens and *strings are the analyzer's, valid until the next call. Thread: one. Errors: ARGUMENT,
   NOMEM, LIMIT (4 GiB of folded text). */
CLASSIFY_API int32_t classify_analyzer_tokens(classify_analyzer *analyzer, const char *text, size_t size,
                                              const classify_token **tokens, size_t *count, const char **strings,
                                              classify_error *error);
/* Digest of the stemmers and the Unicode version in use: equal digests mean that models are interchangeable. Thread: any. */
CLASSIFY_API int32_t classify_analyzer_id(uint64_t *id, const classify_allocator *allocator, classify_error *error);

/* cdef: end */

#ifdef __cplusplus
}
#endif

#endif
