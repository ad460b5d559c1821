/* test_model.c - look-ups of a compiled model: every word, stem, pair and piece is found where it was put, and nothing else is.
 */
#include "counts.h"
#include "feature_stream.h"
#include "fixture.h"
#include "stem.h"
#include "tokens.h"

static classify_model *model;

static void terms(void) {
    classify_model_info info = {.struct_size = sizeof info};
    CHECK(!classify_model_get_info(model, &info, NULL));
    CHECK(info.term_count == model->terms && info.word_count >= info.term_count / 2 && info.pair_count && info.part_count);
    for (uint32_t t = 0; t < model->terms; t++) {
        const char *stem = cl_term_text(model, t);
        CHECK_INT(cl_model_term(model, stem, strlen(stem)), t);
        char name[300];
        size_t needed = 0;
        CHECK(!classify_model_feature(model, t, name, sizeof name, &needed, NULL));
        CHECK_STR(name, stem);
        CHECK_INT(needed, strlen(stem) + 1);
        int32_t weights[8];
        for (uint32_t l = 0; l < model->covered; l++) {
            bool has = cl_term_has(model, t, l);
            CHECK_INT(classify_model_weights(model, t, l, weights, NULL), has ? CLASSIFY_OK : CLASSIFY_ERROR_LANGUAGE);
            if (!has)
                continue;
            const uint8_t *row;
            uint32_t value = cl_table_find(&model->term_table, cl_hash_word(stem, strlen(stem)), &row);
            CHECK_INT(value & ~CL_WIDE, t);
            row = cl_label_row(model, value, row) + (value & CL_WIDE ? l * model->row_stride : 0);
            int32_t low = weights[0], high = weights[0];
            for (uint32_t i = 0; i < model->labels; i++) {
                CHECK_INT(weights[i], cl_weight(row, i));
                low = weights[i] < low ? weights[i] : low;
                high = weights[i] > high ? weights[i] : high;
            }
            for (uint32_t i = model->labels; i < model->columns; i++)
                CHECK_INT(cl_weight(row, i), weights[0]); /* so that four at a time have the same spread */
            CHECK_INT(cl_spread(row, model->labels), high - low);
        }
    }
    CHECK(cl_model_term(model, "no such stem", 12) == CLASSIFY_NONE);
    CHECK(cl_model_term(model, "", 0) == CLASSIFY_NONE);
}

/* Each token of the corpus is a word of the model, and its term is its stem in some language of its script. */
static void words(void) {
    cl_stemmers stemmers;
    CHECK_NEED(cl_stemmers_new(&stemmers));
    for (int i = 0; i < FIXTURE_TEXTS; i++) {
        const fixture_text *text = &fixture_texts[i];
        if (!*text->label)
            continue;
        cl_tokenizer t;
        cl_token token;
        cl_tokens_start(&t, text->text, strlen(text->text));
        while (cl_tokens_next(&t, &token)) {
            char folded[4 * CL_WORD_MAX], stem[4 * CL_WORD_MAX + CL_STEM_ROOM];
            size_t size = cl_token_utf8(&token, folded);
            const uint8_t *row;
            uint32_t word = cl_table_find(&model->word_table, token.hash, &row);
            CHECK_NEED(word != CLASSIFY_NONE && cl_word_term(model, word) < model->terms);
            const char *term = cl_term_text(model, cl_word_term(model, word));
            bool found = !strncmp(term, folded, size) && !term[size];
            for (int l = 0; l < CL_STEM_LANGUAGES; l++) {
                size_t length = cl_stem(&stemmers, l, folded, size, stem);
                found |= strlen(term) == length && !memcmp(term, stem, length);
            }
            if (!found)
                CHECK_FAIL("the term of %.*s is %s", (int)size, folded, term);
        }
    }
    const uint8_t *row;
    uint32_t found = 0;
    for (int i = 0; i < 100000; i++)
        found += cl_table_find(&model->word_table, check_random(), &row) != CLASSIFY_NONE;
    CHECK_INT(found, 0);
    cl_stemmers_free(&stemmers);
}

static void pairs(void) {
    CHECK(model->pairs > 20);
    for (uint32_t p = 0; p < model->pairs; p++) {
        uint32_t first = cl_model_field(model, CL_PAIR_NAMES, 2, p, 0), second = cl_model_field(model, CL_PAIR_NAMES, 2, p, 1);
        const uint8_t *row = NULL;
        CHECK(cl_pair_possible(model, cl_hash_two(first, second)));
        CHECK_INT(cl_pair_find(model, cl_hash_two(first, second), &row), p);
        char name[600], want[600];
        size_t needed;
        CHECK(!classify_model_feature(model, model->terms + p, name, sizeof name, &needed, NULL));
        snprintf(want, sizeof want, "%s %s", cl_term_text(model, first), cl_term_text(model, second));
        CHECK_STR(name, want);
        int32_t weights[8];
        for (uint32_t l = 0; l < model->covered; l++) {
            bool has = cl_term_has(model, first, l) && cl_term_has(model, second, l);
            CHECK_INT(classify_model_weights(model, model->terms + p, l, weights, NULL),
                      has ? CLASSIFY_OK : CLASSIFY_ERROR_LANGUAGE);
            for (uint32_t i = 0; has && i < model->labels; i++)
                CHECK_INT(weights[i], cl_weight(row, i));
        }
    }
    uint32_t possible = 0;
    for (int i = 0; i < 100000; i++)
        possible += cl_pair_possible(model, check_random());
    CHECK(possible < 20000); /* the filter keeps most others out */
}

typedef struct {
    uint64_t hashes[64 * 5];
    size_t count;
} pieces;

static void collect(void *context, uint64_t hash) {
    pieces *p = context;
    p->hashes[p->count++] = hash;
}

/* A word of n letters has, with both borders, n + 1 pieces of two, n of three, and so on. */
static void parts(void) {
    for (uint32_t length = 1; length <= CL_WORD_MAX; length++) {
        uint32_t chars[CL_WORD_MAX];
        pieces p = {.count = 0};
        size_t want = 0;
        for (uint32_t i = 0; i < length; i++)
            chars[i] = 'a' + i;
        cl_word_parts(chars, length, collect, &p);
        for (uint32_t n = CL_PART_MIN; n <= CL_PART_MAX; n++)
            want += length + 2 >= n ? length + 3 - n : 0;
        CHECK_INT(p.count, want);
    }
    uint64_t begin = cl_hash_end(cl_hash_step(cl_hash_step(cl_hash_step(CL_HASH_SEED, '^'), 'n'), 'o'));
    pieces p = {.count = 0};
    cl_word_parts((uint32_t[]){'n', 'o'}, 2, collect, &p);
    bool found = false;
    for (size_t i = 0; i < p.count; i++)
        found |= p.hashes[i] == begin;
    CHECK(found);
}

/* Stems are checked 16 bytes at once where that can be: whatever stands at whatever place of them, a model is taken exactly
   when each stem is text as cl_text_valid has it. */
static void damaged_stems(void) {
    static const uint8_t bytes[] = {0x01, 0x1F, 0x20, 0x7E, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC0,
                                    0xC1, 0xC2, 0xC3, 0xD0, 0xDF, 0xE0, 0xED, 0xF0, 0xF5, 0xFF};
    const cl_span stems = model->sections[CL_TERM_TEXT];
    const size_t from = (size_t)(stems.data - model->data);
    size_t size, taken = 0, refused = 0;
    uint8_t *file = fixture_bytes(model, &size);
    for (size_t at = from; at < from + stems.size; at++) {
        const uint8_t old = file[at];
        const char *begin = (const char *)file + at;
        for (size_t i = 0; old && i < sizeof bytes; i++) {
            classify_model *read = NULL;
            while (begin > (const char *)file + from && begin[-1])
                begin--;
            file[at] = bytes[i];
            fixture_seal(file, size);
            int32_t want = cl_text_valid(begin, strlen(begin)) ? CLASSIFY_OK : CLASSIFY_ERROR_CORRUPT;
            CHECK_INT(classify_model_read(&read, file, size, NULL, NULL), want);
            taken += want == CLASSIFY_OK;
            refused += want != CLASSIFY_OK;
            classify_model_free(read);
        }
        file[at] = old;
    }
    CHECK(taken > 1000 && refused > 1000);
    free(file);
}

static void names(void) {
    CHECK_STR(classify_model_label(model, 0), "diplomatic");
    CHECK_STR(classify_model_label(model, 1), "news");
    CHECK_STR(classify_model_label(model, 2), "threat");
    CHECK(!classify_model_label(model, 3) && !classify_model_label(model, CLASSIFY_NONE) && !classify_model_label(NULL, 0));
    static const char *const languages[] = {"en", "uk", "ru", "pl", "bg", "de"};
    for (uint32_t l = 0; l < 6; l++)
        CHECK_STR(classify_model_language(model, l), languages[l]);
    CHECK(!classify_model_language(model, 6));
    CHECK_STR(classify_model_meta(model, "licence"), "MIT");
    CHECK_STR(classify_model_meta(model, "name"), "fixture");
    CHECK(!classify_model_meta(model, "nam") && !classify_model_meta(model, "MIT") && !classify_model_meta(model, ""));
}

int main(void) {
    model = fixture_model(NULL);
    terms();
    words();
    pairs();
    parts();
    damaged_stems();
    names();
    classify_model_free(model);
    return check_result();
}
