/* fuzz_explain.c - the reasons for any text's score: they sum to it, spans lie on borders of characters and in order, a
   feature's contribution is its weight in the model, a smaller buffer gets the same first spans, and a batch of pieces of the
   text equals the pieces one by one. The first byte chooses the language, the second the model, the third where the text is
   cut. */
#include "fixture.h"
#include "fuzz.h"

enum { MODELS = 4, LANGUAGES = 5, LABELS = 3, REFINED = 1 };
static classify_model *models[MODELS];
static classify_scorer *scorers[MODELS][LANGUAGES];

/* Counts alone; with the refinement; without pairs; without pieces of words. */
static void set_up(void) {
    static const char *const languages[LANGUAGES] = {"en", "uk", "ru", "pl", NULL};
    static const uint32_t flags[MODELS] = {0, 0, CLASSIFY_COMPILE_NO_PAIRS, CLASSIFY_COMPILE_NO_PARTS};
    for (int m = 0; m < MODELS; m++) {
        classify_counts *counts = fixture_counts(NULL, m == REFINED);
        classify_compile_options how = {.struct_size = sizeof how, .smoothing = 50, .flags = flags[m]};
        CHECK_NEED(!classify_counts_compile(counts, &how, &models[m], NULL));
        classify_counts_free(counts);
        for (int l = 0; l < LANGUAGES; l++) {
            classify_score_options o = {.struct_size = sizeof o, .language = languages[l]};
            CHECK_NEED(!classify_scorer_new(&scorers[m][l], models[m], &o, NULL));
        }
    }
}

typedef struct {
    classify_span *spans;
    int64_t *contributions; /* [count][LABELS] */
    size_t count;
    int64_t priors[LABELS], scores[LABELS];
    classify_result result;
} reasons;

static void get_reasons(reasons *r, classify_scorer *scorer, const char *text, size_t size) {
    memset(r, 0, sizeof *r);
    r->result.struct_size = sizeof r->result;
    int32_t status = classify_explain(scorer, text, size, NULL, NULL, 0, &r->count, NULL, NULL, NULL, NULL);
    FUZZ(status == (r->count ? CLASSIFY_ERROR_CAPACITY : CLASSIFY_OK));
    r->spans = malloc((r->count + !r->count) * sizeof *r->spans);
    r->contributions = malloc((r->count + !r->count) * LABELS * sizeof *r->contributions);
    FUZZ(r->spans && r->contributions);
    FUZZ(!classify_explain(scorer, text, size, r->spans, r->contributions, r->count, &r->count, r->priors, r->scores,
                           &r->result, NULL));
}

static void free_reasons(reasons *r) { free(r->spans), free(r->contributions); }

static void sums_to_the_score(const reasons *r, classify_scorer *scorer, const char *text, size_t size) {
    classify_result plain;
    int64_t scores[LABELS];
    memset(&plain, 0, sizeof plain);
    plain.struct_size = sizeof plain;
    FUZZ(!classify_score(scorer, text, size, &plain, NULL, scores, NULL));
    FUZZ(!memcmp(&plain, &r->result, sizeof plain) && !memcmp(scores, r->scores, sizeof scores));
    for (size_t l = 0; l < LABELS; l++) {
        int64_t sum = r->priors[l];
        for (size_t i = 0; i < r->count; i++)
            sum += r->contributions[i * LABELS + l];
        FUZZ(sum == r->scores[l]);
    }
}

static void spans_are_in_order(const reasons *r, const uint8_t *borders, size_t size) {
    size_t begin = 0;
    for (size_t i = 0; i < r->count; i++) {
        const classify_span *s = &r->spans[i];
        FUZZ(s->begin < s->end && s->end <= size && s->kind <= CLASSIFY_SPAN_PAIR && !s->reserved && s->known <= 1);
        FUZZ(borders[s->begin] && borders[s->end]);
        FUZZ(s->kind == CLASSIFY_SPAN_PAIR || s->begin >= begin);
        begin = s->kind == CLASSIFY_SPAN_PAIR ? begin : s->begin;
    }
}

/* A word's row may hold more than its stem's where pieces of words have weights of their own: in the refined model. */
static void contributions_are_weights(const reasons *r, int m, uint32_t language) {
    for (size_t i = 0; i < r->count; i++) {
        const classify_span *s = &r->spans[i];
        int32_t weights[LABELS];
        char name[1024];
        size_t needed;
        if (s->feature == CLASSIFY_NONE) {
            FUZZ(s->kind != CLASSIFY_SPAN_PAIR);
            continue;
        }
        FUZZ(!classify_model_feature(models[m], s->feature, name, sizeof name, &needed, NULL) && strlen(name) + 1 == needed);
        bool exact = s->kind == CLASSIFY_SPAN_PAIR || s->kind == CLASSIFY_SPAN_MARKER;
        if (!exact || language == CLASSIFY_NONE || classify_model_weights(models[m], s->feature, language, weights, NULL))
            continue;
        for (size_t l = 0; l < LABELS; l++)
            FUZZ(r->contributions[i * LABELS + l] == weights[l]);
    }
}

static void less_room_same_spans(const reasons *r, classify_scorer *scorer, const char *text, size_t size) {
    size_t room = r->count / 2, needed;
    if (!room)
        return;
    classify_span *spans = malloc(room * sizeof *spans);
    int64_t *contributions = malloc(room * LABELS * sizeof *contributions);
    FUZZ(spans && contributions);
    FUZZ(classify_explain(scorer, text, size, spans, contributions, room, &needed, NULL, NULL, NULL, NULL) ==
         CLASSIFY_ERROR_CAPACITY);
    FUZZ(needed == r->count && !memcmp(spans, r->spans, room * sizeof *spans) &&
         !memcmp(contributions, r->contributions, room * LABELS * sizeof *contributions));
    free(spans), free(contributions);
}

/* Pieces of `step` bytes, and an empty one. */
static void batch_equals_single(classify_scorer *scorer, const char *text, size_t size, size_t step) {
    enum { MOST = 64 };
    int64_t offsets[MOST + 2] = {0};
    size_t count = 1;
    for (size_t at = 0; at < size && count < MOST; count++)
        offsets[count + 1] = (int64_t)(at = size - at < step || count + 1 == MOST ? size : at + step);
    classify_result results[MOST + 1];
    double probabilities[(MOST + 1) * LABELS];
    memset(results, 0, sizeof results);
    results[0].struct_size = sizeof *results;
    FUZZ(!classify_score_batch(scorer, text, offsets, count, results, probabilities, NULL));
    for (size_t i = 0; i < count; i++) {
        classify_result one;
        double p[LABELS];
        memset(&one, 0, sizeof one);
        one.struct_size = sizeof one;
        FUZZ(!classify_score(scorer, text + offsets[i], (size_t)(offsets[i + 1] - offsets[i]), &one, p, NULL, NULL));
        FUZZ(!memcmp(&one, &results[i], sizeof one) && !memcmp(p, probabilities + i * LABELS, sizeof p));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!models[0])
        set_up();
    if (size < 3)
        return 0;
    int l = data[0] % LANGUAGES, m = data[1] % MODELS;
    size_t step = 1 + data[2];
    const char *text = (const char *)data + 3;
    size -= 3;
    uint8_t *borders = fuzz_borders(text, size);
    reasons r;
    get_reasons(&r, scorers[m][l], text, size);
    sums_to_the_score(&r, scorers[m][l], text, size);
    spans_are_in_order(&r, borders, size);
    contributions_are_weights(&r, m, r.result.language);
    less_room_same_spans(&r, scorers[m][l], text, size);
    batch_equals_single(scorers[m][l], text, size, step);
    free_reasons(&r);
    free(borders);
    return 0;
}
