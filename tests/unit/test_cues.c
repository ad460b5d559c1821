/* test_cues.c - the table of words that tell who speaks: in order, found by its index; and words of each language. */
#include "../../libclassify/src/passage_cues.c"

#include "check.h"

#include <inttypes.h>

static void table(void) {
    size_t count = sizeof entries / sizeof *entries, group = 0;
    for (size_t i = 0; i < count; i++) {
        const char *word = entries[i].begins;
        const uint8_t *at = (const uint8_t *)word;
        if (i)
            CHECK(strcmp(entries[i - 1].begins, word) < 0);
        size_t own = group_of(cl_utf8_next(&at, at + strlen(word)));
        for (; group < own; group++)
            if (starts[group + 1] != (i))
                CHECK_FAIL("%s: starts[%zu] is %u and should be %zu", word, group + 1, starts[group + 1], i);
        CHECK_INT(cl_cues(word, 0, strlen(word)), entries[i].cues);
    }
    CHECK_INT(starts[sizeof starts / sizeof *starts - 1], count);
}

static void beginnings(void) {
    uint64_t expected[FILTER / 64] = {0};
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        const uint8_t *at = (const uint8_t *)entries[i].begins, *end = at + strlen(entries[i].begins);
        uint32_t letters[3] = {0};
        for (size_t k = 0; k < 3 && at < end; k++)
            letters[k] = cl_utf8_next(&at, end);
        CHECK(letters[1]);
        expected[filter_bit(letters) / 64] |= (uint64_t)1 << filter_bit(letters) % 64;
    }
    for (size_t i = 0; i < FILTER / 64; i++)
        if (filter[i] != expected[i])
            CHECK_FAIL("filter[%zu] should be 0x%016" PRIx64, i, expected[i]);
}

static void letters(void) {
    for (uint32_t c = 0x400; c < 0x480; c++) {
        char text[4];
        const uint8_t *at = (const uint8_t *)text, *end = at + cl_utf8_put(c, text);
        CHECK(fold_letter(&at, end) && at == end);
        CHECK(skip_letters((const uint8_t *)text, end) == end);
    }
}

static void words(void) {
    static const struct {
        const char *text;
        uint32_t cues;
    } cases[] = {
        {"He SAID nothing", CL_CUE_SAID},
        {"under the sun, until we are home", 0},
        {"the ransom note", CL_CUE_MENACE | CL_CUE_WRITTEN},
        {"«Ми», — ЗАЯВИЛА речниця", CL_CUE_SAID | CL_CUE_OFFICE},
        {"Если бы рыба", 0},
        {"угрожал им", CL_CUE_SAID | CL_CUE_MENACE},
        {"oświadczył rzecznik MSZ", CL_CUE_SAID | CL_CUE_OFFICE},
        {"żądają okupu", CL_CUE_SAID | CL_CUE_MENACE},
        {"", 0},
        {"\xFF\xD0", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (cl_cues(cases[i].text, 0, strlen(cases[i].text)) != cases[i].cues)
            CHECK_FAIL("%s: %u, not %u", cases[i].text, cl_cues(cases[i].text, 0, strlen(cases[i].text)), cases[i].cues);
}

int main(void) {
    table();
    beginnings();
    letters();
    words();
    return check_result();
}
