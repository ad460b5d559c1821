/* test_passages.c - passages of a text: in order, disjoint, inside the text and on character borders, of labels that may be
   reported; the whole text's answer is that of classify_score; the options; every status. */
#include "fixture.h"

enum { MOST = 200, ROOM = 64 * MOST, LABELS = 3 };

static classify_model *model;
static classify_scorer *scorer;
static classify_error error;

/* Lengths of UTF-8 characters are known where the text is valid. */
static bool on_border(const char *text, size_t size, uint64_t at) {
    return at == size || ((unsigned char)text[at] & 0xC0) != 0x80;
}

static size_t passages(const char *text, size_t size, int32_t penalty, uint32_t flags, classify_passage *out, size_t room,
                       classify_result *result) {
    classify_passage_options how = {.struct_size = sizeof how, .penalty = penalty, .flags = flags};
    size_t needed = 99;
    result->struct_size = sizeof *result;
    int32_t status = classify_passages(scorer, text, size, &how, out, room, &needed, result, NULL, NULL, &error);
    CHECK_INT(status, needed > room ? CLASSIFY_ERROR_CAPACITY : CLASSIFY_OK);
    return needed;
}

static void hold(const char *text, size_t size, bool valid) {
    static const int32_t penalties[] = {CLASSIFY_PENALTY_DEFAULT, CLASSIFY_PENALTY_NONE, 1, 500, 1 << 20,
                                        CLASSIFY_PENALTY_INFINITE};
    classify_result whole = {.struct_size = sizeof whole}, result, again;
    int64_t scores[LABELS], same[LABELS];
    double probabilities[LABELS], likely[LABELS];
    CHECK(!classify_score(scorer, text, size, &whole, probabilities, scores, NULL));
    for (size_t i = 0; i < sizeof penalties / sizeof *penalties; i++)
        for (uint32_t own = 0; own < 2; own++) {
            classify_passage *list, *fewer;
            size_t count = passages(text, size, penalties[i], own, NULL, 0, &result);
            CHECK(!memcmp(&whole, &result, sizeof whole));
            list = calloc(count + 1, sizeof *list), fewer = calloc(count + 1, sizeof *fewer);
            CHECK_NEED(list && fewer);
            CHECK_INT(passages(text, size, penalties[i], own, list, count, &again), count);
            uint64_t end = 0;
            for (size_t p = 0; p < count; p++) {
                CHECK(list[p].begin >= end && list[p].begin < list[p].end && list[p].end <= size && !list[p].reserved);
                CHECK(!valid || (on_border(text, size, list[p].begin) && on_border(text, size, list[p].end)));
                CHECK(list[p].label < LABELS && list[p].probability >= 0 && list[p].probability <= 1 && list[p].evidence >= 0);
                CHECK(own || list[p].label != whole.best || whole.label == CLASSIFY_NONE);
                CHECK(strcmp(classify_model_label(model, list[p].label), "news")); /* which only surrounds */
                end = list[p].end;
            }
            if (count) { /* a buffer too small by one gets the first ones */
                CHECK_INT(passages(text, size, penalties[i], own, fewer, count - 1, &again), count);
                CHECK(!memcmp(list, fewer, (count - 1) * sizeof *list) && !fewer[count - 1].end);
            }
            if (penalties[i] == CLASSIFY_PENALTY_INFINITE)
                CHECK_INT(count, 0);
            free(list), free(fewer);
        }
    size_t needed;
    int32_t status = classify_passages(scorer, text, size, NULL, NULL, 0, &needed, NULL, likely, same, NULL);
    CHECK(status == CLASSIFY_OK || status == CLASSIFY_ERROR_CAPACITY);
    CHECK(!memcmp(scores, same, sizeof same) && !memcmp(probabilities, likely, sizeof likely));
}

static void random_texts(void) {
    for (int i = 0; i < 1500; i++) {
        static char text[ROOM];
        hold(text, fixture_random(text, i % 50 ? 60 : MOST), false);
    }
    for (int i = 0; i < FIXTURE_TEXTS; i++)
        hold(fixture_texts[i].text, strlen(fixture_texts[i].text), true);
}

/* A news item that quotes a threat, and one that quotes a ministry. */
static void quotations(void) {
    char text[4096];
    static const struct {
        int before, inside, after;
        const char *label;
    } cases[] = {
        {5, 0, 6, "threat"}, {5, 3, 6, "diplomatic"}, {10, 7, 10, "threat"}, {14, 11, 14, "threat"}, {17, 15, 17, "threat"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *before = fixture_texts[cases[i].before].text, *inside = fixture_texts[cases[i].inside].text;
        snprintf(text, sizeof text, "%s %s %s\n\n%s\n\n%s %s", before, fixture_texts[cases[i].after].text, before, inside,
                 fixture_texts[cases[i].after].text, before);
        size_t size = strlen(text), begin = (size_t)(strstr(text, inside) - text), end = begin + strlen(inside);
        classify_passage found[8];
        classify_result result;
        size_t count = passages(text, size, 256, 0, found, 8, &result); /* one nat: the model is small */
        hold(text, size, true);
        CHECK_STR(result.best == CLASSIFY_NONE ? "" : classify_model_label(model, result.best), "news");
        bool seen = false;
        for (size_t p = 0; p < count && p < 8; p++)
            seen |= !strcmp(classify_model_label(model, found[p].label), cases[i].label) && found[p].begin < end &&
                    found[p].end > begin;
        if (!seen)
            CHECK_FAIL("no passage %s in \"%s\"", cases[i].label, text);
        for (size_t p = 0; p < count && p < 8; p++) /* and none outside of it */
            CHECK(found[p].begin >= begin && found[p].end <= end);
    }
}

static void statuses(void) {
    classify_passage_options how = {.struct_size = sizeof how, .penalty = -2};
    classify_result unset = {0};
    size_t needed = 7;
    static const struct {
        int scorer, text, needed, room, result, penalty, flags, size;
    } bad[] = {{.scorer = 1}, {.text = 1},    {.needed = 1}, {.room = 1},
               {.result = 1}, {.penalty = 1}, {.flags = 2},  {.size = 1}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        how.struct_size = bad[i].size ? 4 : sizeof how;
        how.penalty = bad[i].penalty ? -2 : 0;
        how.flags = (uint32_t)bad[i].flags;
        error.code = 0;
        CHECK_INT(classify_passages(bad[i].scorer ? NULL : scorer, bad[i].text ? NULL : "text", 4, &how, NULL,
                                    bad[i].room ? 1 : 0, bad[i].needed ? NULL : &needed, bad[i].result ? &unset : NULL, NULL,
                                    NULL, &error),
                  CLASSIFY_ERROR_ARGUMENT);
        CHECK(error.code == CLASSIFY_ERROR_ARGUMENT && error.message[0]);
        CHECK_INT(needed, 0);
    }
    CHECK_INT(classify_passages(scorer, NULL, 0, NULL, NULL, 0, &needed, NULL, NULL, NULL, NULL), CLASSIFY_OK);
    CHECK_INT(classify_passages(scorer, "", (size_t)PTRDIFF_MAX + 1, NULL, NULL, 0, &needed, NULL, NULL, NULL, NULL),
              CLASSIFY_ERROR_ARGUMENT);
    CHECK_INT(sizeof(classify_passage), 48);
}

int main(void) {
    model = fixture_model(NULL);
    for (int forced = 0; forced < 2; forced++) {
        classify_score_options options = {
            .struct_size = sizeof options, .language = forced ? "uk" : NULL, .flags = forced ? CLASSIFY_SCORE_NO_CACHE : 0};
        CHECK_NEED(!classify_scorer_new(&scorer, model, &options, NULL));
        random_texts();
        if (!forced)
            quotations();
        statuses();
        classify_scorer_free(scorer);
    }
    classify_model_free(model);
    return check_result();
}
