/* test_score.c - what scoring promises: explanations sum to the score, batches equal single calls, caches change nothing, the
   options do what they say, every reason to abstain. Over thousands of random texts, with the embedded model and a small one.
 */
#include "fixture.h"

#include <math.h>
#include <stddef.h>

enum { MOST = 60, ROOM = 64 * MOST, LABELS = 16 };

static classify_scorer *new_scorer(const classify_model *model, const char *language, double minimum, uint32_t flags) {
    classify_scorer *scorer = NULL;
    classify_score_options options = {sizeof options, language, minimum, flags, 0};
    CHECK_NEED(!classify_scorer_new(&scorer, model, &options, NULL));
    return scorer;
}

typedef struct {
    classify_result result;
    double probabilities[LABELS];
    int64_t scores[LABELS];
} answer;

static answer score(classify_scorer *scorer, const char *text, size_t size) {
    answer a;
    memset(&a, 0, sizeof a);
    a.result.struct_size = sizeof a.result;
    CHECK(!classify_score(scorer, text, size, &a.result, a.probabilities, a.scores, NULL));
    return a;
}

static bool same(const answer *a, const answer *b) { return !memcmp(a, b, sizeof *a); }

static uint32_t labels_of(const classify_model *model) {
    uint32_t n = 0;
    while (classify_model_label(model, n))
        n++;
    CHECK_NEED(n <= LABELS);
    return n;
}

/* ---- One text ---- */

/* What every answer must be, whatever the text. */
static void is_sound(const classify_model *model, const answer *a) {
    uint32_t labels = labels_of(model), best = 0;
    const classify_result *r = &a->result;
    double total = 0;
    int64_t next = INT64_MIN;
    for (uint32_t l = 0; l < labels; l++) {
        CHECK(a->probabilities[l] >= 0 && a->probabilities[l] <= 1);
        total += a->probabilities[l];
        best = a->scores[l] > a->scores[best] ? l : best;
    }
    for (uint32_t l = 0; l < labels; l++)
        next = l != best && a->scores[l] > next ? a->scores[l] : next;
    CHECK(fabs(total - 1) < 1e-9);
    CHECK(r->known <= r->tokens && r->evidence >= 0 && r->margin >= 0);
    CHECK(r->margin == a->scores[best] - next);
    CHECK(r->probability == a->probabilities[best]);
    CHECK((r->reason == CLASSIFY_REASON_NONE) == (r->label != CLASSIFY_NONE));
    CHECK(r->best == (r->known ? best : CLASSIFY_NONE));
    CHECK(r->label == CLASSIFY_NONE || r->label == best);
    CHECK(r->language == CLASSIFY_NONE || classify_model_language(model, r->language));
}

static bool on_border(const char *text, size_t size, size_t at) {
    return at == size || ((unsigned char)text[at] & 0xC0) != 0x80;
}

static void explain(const classify_model *model, classify_scorer *scorer, const char *text, size_t size, bool valid) {
    uint32_t labels = labels_of(model);
    answer whole = score(scorer, text, size), a;
    int64_t priors[LABELS], sums[LABELS];
    size_t needed = 0, again = 0;
    memset(&a, 0, sizeof a);
    int32_t status = classify_explain(scorer, text, size, NULL, NULL, 0, &needed, NULL, NULL, NULL, NULL);
    CHECK_INT(status, needed ? CLASSIFY_ERROR_CAPACITY : CLASSIFY_OK);
    classify_span *spans = calloc(needed + 1, sizeof *spans);
    int64_t *contributions = calloc((needed + 1) * labels, sizeof *contributions);
    CHECK_NEED(spans && contributions);
    a.result.struct_size = sizeof a.result;
    memcpy(a.probabilities, whole.probabilities, sizeof a.probabilities);
    CHECK(!classify_explain(scorer, text, size, spans, contributions, needed, &again, priors, a.scores, &a.result, NULL));
    CHECK(again == needed && same(&a, &whole));
    memcpy(sums, priors, sizeof sums);
    uint64_t tokens = 0, last = 0;
    classify_model_info info = {.struct_size = sizeof info};
    CHECK(!classify_model_get_info(model, &info, NULL));
    for (size_t i = 0; i < needed; i++) {
        const classify_span *s = &spans[i];
        for (uint32_t l = 0; l < labels; l++)
            sums[l] += contributions[i * labels + l];
        CHECK(s->begin < s->end && s->end <= size && !s->reserved && s->known <= 1 && s->kind <= CLASSIFY_SPAN_PAIR);
        CHECK(!valid || (on_border(text, size, s->begin) && on_border(text, size, s->end)));
        CHECK(s->feature == CLASSIFY_NONE || s->feature < info.feature_count);
        CHECK((s->kind == CLASSIFY_SPAN_PAIR) == (s->feature != CLASSIFY_NONE && s->feature >= info.term_count));
        if (s->kind == CLASSIFY_SPAN_PAIR) {
            CHECK(i > 0 && s->end == last && s->known); /* behind the word that it ends with */
        } else {
            CHECK(s->end >= last);
            last = s->end;
            tokens++;
        }
    }
    for (uint32_t l = 0; l < labels; l++)
        if (sums[l] != whole.scores[l])
            CHECK_FAIL("prior and contributions give %lld, the score is %lld", (long long)sums[l], (long long)whole.scores[l]);
    CHECK(tokens >= whole.result.tokens);
    if (needed > 1) { /* too small a buffer: what fits is written, nothing else */
        memset(spans, 0x55, needed * sizeof *spans);
        CHECK_INT(classify_explain(scorer, text, size, spans, NULL, needed - 1, &again, NULL, NULL, NULL, NULL),
                  CLASSIFY_ERROR_CAPACITY);
        CHECK(again == needed && spans[needed - 2].kind <= CLASSIFY_SPAN_PAIR && spans[needed - 1].kind == 0x55555555);
    }
    free(spans);
    free(contributions);
}

/* ---- Many texts ---- */

static void random_texts(const classify_model *model, int texts) {
    static const char *const languages[] = {NULL, NULL, "en", "uk", "ru", "pl"};
    classify_scorer *fixed[6], *bare[6];
    for (int i = 0; i < 6; i++) {
        fixed[i] = new_scorer(model, languages[i], 0, 0);
        bare[i] = new_scorer(model, languages[i], 0, CLASSIFY_SCORE_NO_CACHE);
    }
    classify_scorer *strict = new_scorer(model, NULL, 1, 0), *lax = new_scorer(model, NULL, 1e-9, 0);
    for (int i = 0; i < texts; i++) {
        char text[ROOM];
        size_t size = fixture_random(text, MOST);
        int n = (int)check_below(6);
        answer cached = score(fixed[n], text, size), uncached = score(bare[n], text, size);
        is_sound(model, &cached);
        CHECK(same(&cached, &uncached));
        if (languages[n])
            CHECK_STR(classify_model_language(model, cached.result.language), languages[n]);
        explain(model, i % 2 ? fixed[n] : bare[n], text, size, false);
        /* The minimum decides on the label alone. */
        answer a = score(fixed[0], text, size), s = score(strict, text, size), l = score(lax, text, size);
        CHECK(s.result.label == CLASSIFY_NONE || s.result.probability == 1);
        CHECK(a.result.label == CLASSIFY_NONE || l.result.label == a.result.label);
        s.result.label = l.result.label = a.result.label;
        s.result.reason = l.result.reason = a.result.reason;
        CHECK(same(&a, &s) && same(&a, &l));
    }
    for (int i = 0; i < FIXTURE_TEXTS; i++)
        explain(model, fixed[0], fixture_texts[i].text, strlen(fixture_texts[i].text), true);
    for (int i = 0; i < 6; i++)
        classify_scorer_free(fixed[i]), classify_scorer_free(bare[i]);
    classify_scorer_free(strict), classify_scorer_free(lax);
}

/* Texts of thousands of words: what is worked on in runs inside comes to the same as in small pieces. */
static void long_texts(const classify_model *model) {
    enum { LONG = 3000 };
    static char text[64 * LONG];
    classify_scorer *cached = new_scorer(model, NULL, 0, 0), *bare = new_scorer(model, NULL, 0, CLASSIFY_SCORE_NO_CACHE);
    for (int i = 0; i < 30; i++) {
        size_t size = fixture_random(text, LONG);
        answer a = score(cached, text, size), b = score(bare, text, size);
        is_sound(model, &a);
        CHECK(same(&a, &b));
        explain(model, cached, text, size, false);
    }
    /* The score of n copies of a text, each a paragraph, is n times its sums (there are no priors in these models). */
    const char *piece = fixture_texts[0].text;
    size_t length = strlen(piece), size = 0;
    answer one = score(cached, piece, length);
    for (int n = 1; n <= 200; n++) {
        memcpy(text + size, piece, length), memcpy(text + size + length, "\n\n", 2);
        size += length + 2;
        answer all = score(cached, text, size);
        for (int l = 0; l < 3; l++)
            CHECK(all.scores[l] == n * one.scores[l]);
        CHECK(all.result.tokens == (uint64_t)n * one.result.tokens && all.result.evidence == n * one.result.evidence);
    }
    classify_scorer_free(cached);
    classify_scorer_free(bare);
}

static void batches(const classify_model *model) {
    enum { TEXTS = 300 };
    static char bytes[TEXTS * ROOM];
    static int64_t offsets[TEXTS + 1];
    static classify_result results[TEXTS];
    uint32_t labels = labels_of(model);
    double *probabilities = malloc(TEXTS * labels * sizeof *probabilities);
    classify_scorer *one = new_scorer(model, NULL, 0, 0), *many = new_scorer(model, NULL, 0, 0);
    CHECK_NEED(probabilities);
    for (int i = 0; i < TEXTS; i++)
        offsets[i + 1] = offsets[i] + (int64_t)fixture_random(bytes + offsets[i], i % 3 ? MOST : 2);
    results[0].struct_size = sizeof *results;
    CHECK(!classify_score_batch(many, bytes, offsets, TEXTS, results, probabilities, NULL));
    for (int i = 0; i < TEXTS; i++) {
        answer a = score(one, bytes + offsets[i], (size_t)(offsets[i + 1] - offsets[i]));
        CHECK(!memcmp(&a.result, &results[i], sizeof a.result));
        CHECK(!memcmp(a.probabilities, probabilities + (size_t)i * labels, labels * sizeof *probabilities));
    }
    CHECK(!classify_score_batch(many, bytes, offsets, TEXTS, results, NULL, NULL));
    free(probabilities);
    classify_scorer_free(one);
    classify_scorer_free(many);
}

/* Texts that end with the last byte of their memory, cut anywhere: what is read behind a text, within a batch, must not be read
   behind the last one. The sanitizers watch; and the answers are those of the same text with other text behind it. */
static void ends_of_memory(const classify_model *model) {
    enum { TEXTS = 8, TRIES = 2000 };
    classify_scorer *one = new_scorer(model, NULL, 0, 0), *many = new_scorer(model, NULL, 0, CLASSIFY_SCORE_NO_CACHE);
    for (int i = 0; i < TRIES; i++) {
        char text[ROOM];
        int64_t offsets[TEXTS + 1];
        classify_result results[TEXTS];
        size_t size = fixture_random(text, MOST);
        size = check_below((uint32_t)(size < 200 ? size : 200) + 1);
        int64_t before = (int64_t)check_below((uint32_t)size + 1); /* bytes of the memory in front of the first text */
        offsets[0] = before;
        for (int t = 1; t < TEXTS; t++)
            offsets[t] = offsets[t - 1] + (int64_t)check_below((uint32_t)((int64_t)size - offsets[t - 1]) + 1);
        offsets[TEXTS] = (int64_t)size;
        char *exact = malloc(size ? size : 1);
        CHECK_NEED(exact);
        memcpy(exact, text, size);
        answer a = score(one, exact, size), b = score(one, text, size);
        CHECK(same(&a, &b));
        results[0].struct_size = sizeof *results;
        CHECK(!classify_score_batch(many, exact, offsets, TEXTS, results, NULL, NULL));
        for (int t = 0; t < TEXTS; t++) {
            a = score(one, text + offsets[t], (size_t)(offsets[t + 1] - offsets[t]));
            CHECK(!memcmp(&a.result, &results[t], sizeof a.result));
        }
        free(exact);
    }
    classify_scorer_free(one);
    classify_scorer_free(many);
}

/* Long texts that begin in another language than that of most of their words: each is explained by the weights of its own, and
   so it is in the middle of a batch, whose texts it must leave alone. */
static void turns_of_language(const classify_model *model) {
    enum { TEXTS = 12 };
    static const char *const pieces[2] = {"The ministry of foreign affairs summoned the ambassador and strongly protests. ",
                                          "Міністерство закордонних справ викликало посла і рішуче протестує. "};
    static char bytes[TEXTS * 700 * 128];
    int64_t offsets[TEXTS + 1] = {0};
    classify_result results[TEXTS];
    classify_scorer *one = new_scorer(model, NULL, 0, 0), *many = new_scorer(model, NULL, 0, 0);
    for (int i = 0; i < TEXTS; i++) {
        char *at = bytes + offsets[i];
        int first = i % 4 == 3 ? 40 : 60, rest = i % 4 == 3 ? 0 : 100 + i;
        for (int n = 0; n < first + rest; n++) {
            const char *piece = pieces[(i + (n >= first)) % 2];
            memcpy(at, piece, strlen(piece));
            at += strlen(piece);
        }
        offsets[i + 1] = at - bytes;
    }
    results[0].struct_size = sizeof *results;
    CHECK(!classify_score_batch(many, bytes, offsets, TEXTS, results, NULL, NULL));
    for (int i = 0; i < TEXTS; i++) {
        size_t size = (size_t)(offsets[i + 1] - offsets[i]);
        answer a = score(one, bytes + offsets[i], size);
        CHECK(!strcmp(classify_model_language(model, a.result.language), (i + (i % 4 != 3)) % 2 ? "uk" : "en"));
        CHECK(!memcmp(&a.result, &results[i], sizeof a.result));
        explain(model, one, bytes + offsets[i], size, true);
    }
    classify_scorer_free(one);
    classify_scorer_free(many);
}

/* A word of look-alikes and the same word typed right, through one cache: each as without a cache, whichever came first. */
static void caches(const classify_model *model) {
    static const char *const alike[][2] = {{"о", "o"}, {"е", "e"}, {"а", "a"}, {"с", "c"},
                                           {"р", "p"}, {"і", "i"}, {"у", "y"}, {"х", "x"}};
    classify_scorer *cached = new_scorer(model, NULL, 0, 0), *bare = new_scorer(model, NULL, 0, CLASSIFY_SCORE_NO_CACHE);
    classify_model_info info = {.struct_size = sizeof info};
    CHECK(!classify_model_get_info(model, &info, NULL));
    int different = 0;
    for (uint32_t f = 0; f < info.term_count; f++) {
        char right[600], wrong[600];
        size_t needed;
        CHECK(!classify_model_feature(model, f, right, sizeof right, &needed, NULL));
        for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
            const char *at = strstr(right, alike[i][0]);
            if (!at || (unsigned char)right[0] < 0x80)
                continue;
            snprintf(wrong, sizeof wrong, "%.*s%s%s", (int)(at - right), right, alike[i][1], at + strlen(alike[i][0]));
            const char *texts[] = {f % 2 ? right : wrong, f % 2 ? wrong : right};
            for (int n = 0; n < 2; n++) {
                answer a = score(cached, texts[n], strlen(texts[n])), b = score(bare, texts[n], strlen(texts[n]));
                if (!same(&a, &b) && ++different <= 3)
                    CHECK_FAIL("\"%s\" after \"%s\": another score with the cache", texts[n], texts[!n]);
            }
            break;
        }
    }
    if (different)
        fprintf(stderr, "%d words differ\n", different);
    classify_scorer_free(cached);
    classify_scorer_free(bare);
}

/* Neighbours are a pair where no sentence ends between them, and marks do not part them. */
static void neighbours(const classify_model *model) {
    static const struct {
        const char *text;
        int pairs;
    } texts[] = {{"police said", 1},  {"Police said", 1},     {"police, said", 1}, {"police \"said", 1},
                 {"police. Said", 0}, {"police! said", 0},    {"police\nsaid", 1}, {"police\n\nsaid", 0},
                 {"said police", 0},  {"police qwzx said", 0}};
    classify_scorer *s = new_scorer(model, "en", 0, 0);
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        classify_span spans[8];
        size_t needed;
        int pairs = 0;
        CHECK(!classify_explain(s, texts[t].text, strlen(texts[t].text), spans, NULL, 8, &needed, NULL, NULL, NULL, NULL));
        for (size_t i = 0; i < needed; i++)
            pairs += spans[i].kind == CLASSIFY_SPAN_PAIR && spans[i].begin == 0 && spans[i].end == strlen(texts[t].text);
        if (pairs != texts[t].pairs)
            CHECK_FAIL("\"%s\" has %d pairs, not %d", texts[t].text, pairs, texts[t].pairs);
    }
    classify_scorer_free(s);
}

/* A word that two languages have weighs in a third as in the one that has it most: texts mix. */
static void borrowed(void) {
    static const fixture_text texts[] = {{"threat", "en", "", "zeta alpha"}, {"news", "en", "", "omega beta"},
                                         {"threat", "pl", "", "zeta gamma"}, {"news", "pl", "", "kappa delta"},
                                         {"threat", "uk", "", "перше"},      {"news", "uk", "", "друге"}};
    classify_counts *counts = NULL;
    classify_model *model = NULL;
    CHECK_NEED(!classify_counts_new(&counts, NULL, NULL));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK_NEED(!fixture_add(counts, &texts[i], NULL));
    classify_compile_options how = {.struct_size = sizeof how, .smoothing = 5, .flags = CLASSIFY_COMPILE_NO_PARTS};
    CHECK_NEED(!classify_counts_compile(counts, &how, &model, NULL));
    int64_t weights[3][2];
    static const char *const languages[] = {"en", "pl", "uk"};
    for (int i = 0; i < 3; i++) {
        classify_scorer *s = new_scorer(model, languages[i], 0, 0);
        classify_span span;
        size_t needed;
        CHECK(!classify_explain(s, "zeta", 4, &span, weights[i], 1, &needed, NULL, NULL, NULL, NULL));
        CHECK(span.known && weights[i][1] > 0 && weights[i][0] < 0); /* it speaks for threat */
        classify_scorer_free(s);
    }
    CHECK(weights[2][0] == weights[0][0] && weights[2][1] == weights[0][1]);
    classify_model_free(model);
    classify_counts_free(counts);
}

/* ---- Options and reasons ---- */

static void sizes_of_structs(const classify_model *model) {
    classify_scorer *scorer = new_scorer(model, NULL, 0, 0);
    const char *text = fixture_texts[0].text;
    answer full = score(scorer, text, strlen(text));
    struct {
        classify_result known;
        uint8_t more[24];
    } larger[2];
    memset(larger, 0x55, sizeof larger);
    larger[0].known.struct_size = sizeof larger[0];
    CHECK(!classify_score(scorer, text, strlen(text), &larger[0].known, NULL, NULL, NULL));
    CHECK(larger[0].known.struct_size == sizeof larger[0] && larger[0].known.margin == full.result.margin);
    for (size_t i = 0; i < sizeof larger[0].more; i++)
        CHECK_INT(larger[0].more[i], 0); /* fields that the library does not know are zero */
    const int64_t offsets[] = {0, 5, (int64_t)strlen(text)};
    memset(larger, 0x55, sizeof larger);
    larger[0].known.struct_size = sizeof larger[0];
    CHECK(!classify_score_batch(scorer, text, offsets, 2, &larger[0].known, NULL, NULL));
    CHECK(larger[1].known.struct_size == sizeof larger[1] && larger[1].known.tokens > 5 && !larger[1].more[23]);

    classify_result small;
    memset(&small, 0x55, sizeof small);
    small.struct_size = offsetof(classify_result, reason);
    CHECK(!classify_score(scorer, text, strlen(text), &small, NULL, NULL, NULL));
    CHECK(small.label == full.result.label && small.language == full.result.language && small.reason == 0x55555555 &&
          small.struct_size == offsetof(classify_result, reason));

    classify_model_info info;
    memset(&info, 0x55, sizeof info);
    info.struct_size = offsetof(classify_model_info, analyzer_id);
    CHECK(!classify_model_get_info(model, &info, NULL) && info.bytes > 1000 &&
          info.analyzer_id == UINT64_C(0x5555555555555555));
    classify_score_options options = {
        .struct_size = offsetof(classify_score_options, min_probability), .language = "uk", .min_probability = 7, .flags = 99};
    classify_scorer *other = NULL;
    CHECK(!classify_scorer_new(&other, model, &options, NULL)); /* the rest is not looked at */
    classify_scorer_free(other);
    classify_scorer_free(scorer);
}

static void reason(classify_scorer *scorer, const char *text, uint32_t want) {
    answer a = score(scorer, text, strlen(text));
    if (a.result.reason != want)
        CHECK_FAIL("\"%s\": %s, not %s (known %d, language %d, evidence %d, p %.3f)", text,
                   classify_reason_name(a.result.reason), classify_reason_name(want), (int)a.result.known,
                   (int)a.result.language, (int)a.result.evidence, a.result.probability);
    CHECK((a.result.label == CLASSIFY_NONE) == (want != CLASSIFY_REASON_NONE));
}

static void reasons(const classify_model *small, const classify_model *embedded) {
    classify_scorer *s = new_scorer(small, NULL, 0, 0), *e = new_scorer(embedded, NULL, 0, 0),
                    *strict = new_scorer(small, NULL, 1, 0);
    for (int i = 0; i < 2; i++) {
        classify_scorer *scorer = i ? e : s;
        reason(scorer, "", CLASSIFY_REASON_EMPTY);
        reason(scorer, " \n\t ... -- () ", CLASSIFY_REASON_EMPTY);
        reason(scorer, "\xFF\xFE\x80\xC2", CLASSIFY_REASON_EMPTY);
        reason(scorer, fixture_texts[0].text, CLASSIFY_REASON_NONE);
    }
    reason(s, "東京都 東京", CLASSIFY_REASON_UNKNOWN);
    reason(e, "ꙮ ꙮꙮ", CLASSIFY_REASON_UNKNOWN);
    reason(s, fixture_texts[18].text, CLASSIFY_REASON_LANGUAGE);
    reason(s, fixture_texts[19].text, CLASSIFY_REASON_LANGUAGE);
    bool german = false; /* does the embedded model recognise it? */
    for (uint32_t l = 0; classify_model_language(embedded, l); l++)
        german |= !strcmp(classify_model_language(embedded, l), "de");
    if (german)
        reason(e, "Die Bundesregierung hat am Montag mitgeteilt, dass die Verhandlungen nicht fortgesetzt werden können.",
               CLASSIFY_REASON_LANGUAGE);
    reason(s, "Monday", CLASSIFY_REASON_EVIDENCE);
    reason(strict, "said on Monday", CLASSIFY_REASON_CLOSE);
    classify_scorer_free(s), classify_scorer_free(e), classify_scorer_free(strict);
}

static void labels(const classify_model *model) {
    classify_scorer *s = new_scorer(model, NULL, 0, 0);
    for (int i = 0; i < FIXTURE_TEXTS; i++) {
        const fixture_text *t = &fixture_texts[i];
        answer a = score(s, t->text, strlen(t->text));
        CHECK_STR(classify_model_language(model, a.result.language), t->language);
        if (*t->label)
            CHECK_STR(a.result.label == CLASSIFY_NONE ? "unsure" : classify_model_label(model, a.result.label), t->label);
    }
    answer broken = score(s, "a\xFF b\xE2\x80 c\xC2\xC2", 11);
    CHECK_INT(broken.result.replaced, 4);
    classify_scorer_free(s);
}

int main(void) {
    classify_model *embedded = NULL, *small = fixture_model(NULL);
    classify_error error = {0};
    if (classify_model_default(&embedded, NULL, &error)) {
        fprintf(stderr, "no default model: %s\n", error.message);
        return 1;
    }
    random_texts(small, 4000);
    random_texts(embedded, 4000);
    long_texts(small);
    batches(small);
    batches(embedded);
    ends_of_memory(embedded);
    turns_of_language(embedded);
    caches(embedded);
    neighbours(small);
    borrowed();
    sizes_of_structs(embedded);
    reasons(small, embedded);
    labels(small);
    classify_model_free(embedded);
    classify_model_free(small);
    return check_result();
}
