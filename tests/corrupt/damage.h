/* damage.h - what is done to every file: cut at every length, every byte and every number changed, with and without a checksum
   made right again; and a small corpus whose files are a few kilobytes. */
#ifndef DAMAGE_H
#define DAMAGE_H

#include "allocator.h"
#include "fixture.h"

static inline classify_counts *damage_counts(const classify_allocator *allocator) {
    static const fixture_text texts[] = {
        {"threat", "en", "a", "Pay now or die! Pay now."},
        {"news", "en", "a", "Police said on Monday: pay 5."},
        {"threat", "uk", "b", "Плати зараз або загинеш!"},
        {"news", "uk", "b", "Поліція повідомила."},
        {"", "de", "", "Das ist nicht alles."},
    };
    enum { TEXTS = sizeof texts / sizeof *texts };
    classify_counts *counts = NULL;
    classify_counts_options options = {.struct_size = sizeof options, .allocator = allocator};
    classify_refine_options refine = {.struct_size = sizeof refine, .bayes_share = 257};
    classify_example examples[2 * TEXTS];
    CHECK_NEED(!classify_counts_new(&counts, &options, NULL) && !classify_counts_set_meta(counts, "name", "x", NULL));
    for (int i = 0; i < 2 * TEXTS; i++) {
        const fixture_text *t = &texts[i % TEXTS];
        CHECK_NEED(!fixture_add(counts, t, NULL));
        examples[i] = (classify_example){t->text, strlen(t->text), t->label, t->language, t->source};
    }
    CHECK_NEED(!classify_counts_refine(counts, &refine, examples, 2 * TEXTS, NULL));
    return counts;
}

/* What a reader is given: bytes that were damaged. */
typedef void damage_use(const uint8_t *bytes, size_t size, const char *what, size_t at);

static inline uint8_t *damage_copy(const uint8_t *bytes, size_t size) {
    uint8_t *copy = malloc(size + !size); /* of its exact size: a sanitizer sees a read beyond it */
    CHECK_NEED(copy);
    if (size)
        memcpy(copy, bytes, size);
    return copy;
}

static inline void damage_give(const uint8_t *bytes, size_t size, bool seal, damage_use *use, const char *what, size_t at) {
    uint8_t *copy = damage_copy(bytes, size);
    if (seal && size >= 32)
        fixture_seal(copy, size);
    use(copy, size, what, at);
    free(copy);
}

static inline void damage_cuts(const uint8_t *bytes, size_t size, bool seal, damage_use *use) {
    for (size_t cut = 0; cut < size; cut++)
        damage_give(bytes, cut, seal, use, seal ? "cut, sealed" : "cut", cut);
}

/* Every byte from `from` on set to the values that break things. */
static inline void damage_bytes(const uint8_t *bytes, size_t size, size_t from, bool seal, damage_use *use) {
    uint8_t *copy = damage_copy(bytes, size);
    for (size_t at = from; at < size; at++) {
        const uint8_t old = bytes[at];
        const uint8_t values[] = {0,   1,    0x7F, 0x80, 0xFF, (uint8_t)(old ^ 1), (uint8_t)(old ^ 0x80), (uint8_t)(old + 1),
                                  ' ', '\t', '\n'};
        for (size_t i = 0; i < sizeof values; i++) {
            copy[at] = values[i];
            if (values[i] != old)
                damage_give(copy, size, seal, use, seal ? "byte, sealed" : "byte", at);
        }
        copy[at] = old;
    }
    free(copy);
}

/* Every aligned number of 2, 4 or 8 bytes likewise, always sealed. */
static inline void damage_numbers(const uint8_t *bytes, size_t size, size_t from, int width, damage_use *use) {
    uint8_t *copy = damage_copy(bytes, size);
    for (size_t at = from; at + (size_t)width <= size; at += (size_t)width) {
        const uint64_t old = fixture_get(bytes + at, width), top = UINT64_C(1) << (8 * width - 1);
        const uint64_t values[] = {0, 1, top - 1, top, top + 1, UINT64_MAX, old + 1, old - 1, old * 2, old + 8, old ^ top};
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            fixture_put(copy + at, width, values[i]);
            damage_give(copy, size, true, use, "number", at);
        }
        memcpy(copy + at, bytes + at, (size_t)width);
    }
    free(copy);
}

/* A model that was opened, whatever it is, answers cleanly: everything in range, explanations that sum. */
static inline void damage_score(const classify_model *model, bool cached, const char *what, size_t at) {
    static const char *const texts[] = {"", "Pay now! Police said: pay 5, x@y.zz.", "Плати зараз або загинеш!",
                                        "paying policeman qwzx поліціянтка", "Das ist 東京 \xFF"};
    enum { MOST = 64 };
    classify_scorer *scorer = NULL;
    classify_model_info info = {.struct_size = sizeof info};
    classify_score_options options = {.struct_size = sizeof options, .flags = cached ? 0 : CLASSIFY_SCORE_NO_CACHE};
    if (classify_model_get_info(model, &info, NULL) || classify_scorer_new(&scorer, model, &options, NULL)) {
        CHECK_FAIL("%s at %zu: no scorer", what, at);
        return;
    }
    size_t labels = info.label_count, needed;
    double *probabilities = malloc(labels * sizeof *probabilities);
    int64_t *scores = malloc(labels * sizeof *scores), *sums = malloc(labels * sizeof *sums);
    int64_t *contributions = malloc(MOST * labels * sizeof *contributions);
    classify_span spans[MOST];
    CHECK_NEED(probabilities && scores && sums && contributions);
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        classify_result r = {.struct_size = sizeof r};
        double total = 0;
        CHECK(!classify_score(scorer, texts[t], strlen(texts[t]), &r, probabilities, scores, NULL));
        CHECK(
            !classify_explain(scorer, texts[t], strlen(texts[t]), spans, contributions, MOST, &needed, sums, NULL, NULL, NULL));
        for (size_t i = 0; i < needed && i < MOST; i++)
            for (size_t l = 0; l < labels; l++)
                sums[l] += contributions[i * labels + l];
        classify_passage passages[4];
        size_t found;
        int32_t status =
            classify_passages(scorer, texts[t], strlen(texts[t]), NULL, passages, 4, &found, NULL, NULL, NULL, NULL);
        CHECK(status == CLASSIFY_OK || status == CLASSIFY_ERROR_CAPACITY);
        for (size_t i = 0; i < found && i < 4; i++)
            CHECK(passages[i].label < labels && passages[i].begin < passages[i].end && passages[i].end <= strlen(texts[t]) &&
                  passages[i].probability >= 0 && passages[i].probability <= 1);
        bool sound = r.probability >= 0 && r.probability <= 1 && (r.label == CLASSIFY_NONE || r.label < labels) &&
                     r.evidence >= 0 && (r.best == CLASSIFY_NONE || r.best < labels) &&
                     (r.language == CLASSIFY_NONE || r.language < info.language_count);
        for (size_t l = 0; l < labels; l++) {
            sound &= probabilities[l] >= 0 && probabilities[l] <= 1 && sums[l] == scores[l];
            total += probabilities[l];
        }
        if (!sound || !(total > 1 - 1e-6 && total < 1 + 1e-6))
            CHECK_FAIL("%s at %zu: \"%s\" gives p %f of %f, label %d, evidence %lld", what, at, texts[t], r.probability, total,
                       (int)r.label, (long long)r.evidence);
    }
    for (uint32_t f = 0; f < info.feature_count && f < 300; f++) {
        char name[64];
        int32_t weights[1024];
        int32_t status = classify_model_feature(model, f, name, sizeof name, &needed, NULL);
        CHECK(status == CLASSIFY_OK || (status == CLASSIFY_ERROR_CAPACITY && needed > sizeof name));
        status = classify_model_weights(model, f, f % info.covered_count, weights, NULL);
        CHECK(status == CLASSIFY_OK || status == CLASSIFY_ERROR_LANGUAGE);
    }
    classify_model_meta(model, "name");
    classify_scorer_free(scorer);
    free(probabilities), free(scores), free(sums), free(contributions);
}

#endif
