/* fuzz_text.c - any text: no answer out of range, explanations sum to the score, a batch equals single calls, a cache changes
   nothing, spans are in order and on character borders. The first byte chooses the language. */
#include "fixture.h"
#include "fuzz.h"

static classify_scorer *cached[5], *bare[5];
static classify_analyzer *analyzers[4];

static void set_up(void) {
    static const char *const languages[] = {"en", "uk", "ru", "pl", NULL};
    classify_model *model = fixture_model(NULL);
    for (int i = 0; i < 5; i++) {
        classify_score_options o = {.struct_size = sizeof o, .language = languages[i]};
        CHECK_NEED(!classify_scorer_new(&cached[i], model, &o, NULL));
        o.flags = CLASSIFY_SCORE_NO_CACHE;
        CHECK_NEED(!classify_scorer_new(&bare[i], model, &o, NULL));
        CHECK_NEED(i == 4 || !classify_analyzer_new(&analyzers[i], languages[i], NULL, NULL));
    }
    classify_model_free(model);
}

typedef struct {
    classify_result result;
    double probabilities[3];
    int64_t scores[3];
} answer;

static answer score(classify_scorer *scorer, const char *text, size_t size) {
    answer a;
    memset(&a, 0, sizeof a);
    a.result.struct_size = sizeof a.result;
    FUZZ(!classify_score(scorer, text, size, &a.result, a.probabilities, a.scores, NULL));
    return a;
}

static void explain(classify_scorer *scorer, const char *text, size_t size, const answer *whole) {
    size_t needed = 0, end = 0;
    int64_t sums[3];
    classify_explain(scorer, text, size, NULL, NULL, 0, &needed, NULL, NULL, NULL, NULL);
    classify_span *spans = malloc((needed + 1) * sizeof *spans);
    int64_t *contributions = malloc((needed + 1) * 3 * sizeof *contributions);
    FUZZ(spans && contributions);
    FUZZ(!classify_explain(scorer, text, size, spans, contributions, needed, &needed, sums, NULL, NULL, NULL));
    for (size_t i = 0; i < needed; i++) {
        for (int l = 0; l < 3; l++)
            sums[l] += contributions[3 * i + (size_t)l];
        FUZZ(spans[i].begin < spans[i].end && spans[i].end <= size);
        FUZZ(spans[i].kind == CLASSIFY_SPAN_PAIR || spans[i].end >= end);
        end = spans[i].kind == CLASSIFY_SPAN_PAIR ? end : spans[i].end;
    }
    FUZZ(!memcmp(sums, whole->scores, sizeof sums));
    free(spans), free(contributions);
}

static void find_passages(classify_scorer *scorer, const char *text, size_t size, const answer *whole) {
    classify_passage list[16];
    classify_passage_options how = {.struct_size = sizeof how, .flags = size / 2 % 2, .penalty = size % 2 ? 0 : -1};
    answer a;
    size_t needed, end = 0;
    memset(&a, 0, sizeof a);
    a.result.struct_size = sizeof a.result;
    int32_t status = classify_passages(scorer, text, size, &how, list, 16, &needed, &a.result, a.probabilities, a.scores, NULL);
    FUZZ(status == (needed > 16 ? CLASSIFY_ERROR_CAPACITY : CLASSIFY_OK) && !memcmp(&a, whole, sizeof a));
    for (size_t i = 0; i < needed && i < 16; i++) {
        FUZZ(list[i].begin >= end && list[i].begin < list[i].end && list[i].end <= size && list[i].label < 3);
        FUZZ(list[i].probability >= 0 && list[i].probability <= 1 && list[i].evidence >= 0);
        end = list[i].end;
    }
}

static void tokenize(classify_analyzer *an, const char *text, size_t size) {
    const classify_token *tokens;
    const char *strings;
    size_t count;
    FUZZ(!classify_analyzer_tokens(an, text, size, &tokens, &count, &strings, NULL));
    for (size_t i = 0; i < count; i++) {
        FUZZ(tokens[i].begin < tokens[i].end && tokens[i].end <= size && strings[tokens[i].folded] && strings[tokens[i].stem]);
        FUZZ(!i || tokens[i].begin >= tokens[i - 1].begin);
        /* A border: not inside of a character, unless bytes before are no beginning of one. */
        size_t at = tokens[i].begin, back = 0;
        while (back < 3 && back < at && ((unsigned char)text[at - back] & 0xC0) == 0x80)
            back++;
        FUZZ(back == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!cached[0])
        set_up();
    if (!size)
        return 0;
    int n = data[0] % 5;
    const char *text = (const char *)data + 1;
    size--;
    answer a = score(cached[n], text, size), b = score(bare[n], text, size);
    FUZZ(!memcmp(&a, &b, sizeof a));
    double total = a.probabilities[0] + a.probabilities[1] + a.probabilities[2];
    FUZZ(total > 1 - 1e-9 && total < 1 + 1e-9 && a.result.evidence >= 0 && a.result.known <= a.result.tokens);
    explain(cached[n], text, size, &a);
    find_passages(cached[n], text, size, &a);
    const int64_t offsets[] = {0, (int64_t)(size / 2), (int64_t)(size / 2), (int64_t)size};
    classify_result batch[3] = {{.struct_size = sizeof *batch}};
    FUZZ(!classify_score_batch(cached[n], text, offsets, 3, batch, NULL, NULL));
    answer half = score(bare[n], text, size / 2), rest = score(bare[n], text + size / 2, size - size / 2);
    FUZZ(!memcmp(&batch[0], &half.result, sizeof *batch) && !memcmp(&batch[2], &rest.result, sizeof *batch));
    tokenize(analyzers[n % 4], text, size);
    return 0;
}
