/* test_model_files.c - a model read, mapped, opened and copied is the same model; handles outlive each other in any order; the
   embedded model is the one that its counts compile to; compiling is deterministic. */
#include "fixture.h"

static char path[512];

static void write_file(const uint8_t *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    CHECK_NEED(file && fwrite(bytes, 1, size, file) == size && !fclose(file));
}

static bool equal(const classify_model *model, const uint8_t *bytes, size_t size) {
    size_t other;
    uint8_t *copy = fixture_bytes(model, &other);
    bool same = other == size && !memcmp(copy, bytes, size);
    free(copy);
    return same;
}

/* The scores of all texts of the corpus as one number. */
static uint64_t digest(classify_scorer *scorer) {
    uint64_t sum = 0;
    for (int i = 0; i < FIXTURE_TEXTS; i++) {
        classify_result result = {.struct_size = sizeof result};
        int64_t scores[16] = {0};
        CHECK(!classify_score(scorer, fixture_texts[i].text, strlen(fixture_texts[i].text), &result, NULL, scores, NULL));
        for (int l = 0; l < 16; l++)
            sum = sum * 31 + (uint64_t)scores[l];
    }
    return sum;
}

static uint64_t digest_of(const classify_model *model) {
    classify_scorer *scorer = NULL;
    CHECK_NEED(!classify_scorer_new(&scorer, model, NULL, NULL));
    uint64_t sum = digest(scorer);
    classify_scorer_free(scorer);
    return sum;
}

static void ways_to_open(const classify_model *model) {
    size_t size;
    uint8_t *bytes = fixture_bytes(model, &size);
    uint64_t want = digest_of(model);
    classify_model *again = NULL;
    classify_read_options map = {.struct_size = sizeof map, .flags = CLASSIFY_READ_MAP};
    write_file(bytes, size);
    for (int i = 0; i < 3; i++) {
        classify_error error = {0};
        int32_t status = i == 0   ? classify_model_read(&again, bytes, size, NULL, &error)
                         : i == 1 ? classify_model_open(&again, path, NULL, &error)
                                  : classify_model_open(&again, path, &map, &error);
        if (status) {
            CHECK_FAIL("way %d: %s", i, error.message);
            continue;
        }
        CHECK(equal(again, bytes, size) && digest_of(again) == want);
        classify_model_info a = {.struct_size = sizeof a}, b = {.struct_size = sizeof b};
        CHECK(!classify_model_get_info(model, &a, NULL) && !classify_model_get_info(again, &b, NULL) &&
              !memcmp(&a, &b, sizeof a));
        CHECK(a.bytes == size && a.digest == fixture_get(bytes + 24, 8) && a.analyzer_id == fixture_get(bytes + 32, 8));
        classify_model_free(again);
    }
    /* Any alignment of the caller's bytes. */
    uint8_t *odd = malloc(size + 3);
    CHECK_NEED(odd);
    memcpy(odd + 3, bytes, size);
    CHECK(!classify_model_read(&again, odd + 3, size, NULL, NULL));
    memset(odd, 0xAA, size + 3); /* they were copied */
    free(odd);
    CHECK(digest_of(again) == want);
    classify_model_free(again);
    free(bytes);
}

static void bad_files(void) {
    classify_model *model = NULL;
    classify_read_options options = {.struct_size = sizeof options};
    for (int i = 0; i < 2; i++) {
        options.flags = i ? CLASSIFY_READ_MAP : 0;
        options.max_bytes = 0;
        write_file((const uint8_t *)"", 0);
        CHECK_INT(classify_model_open(&model, path, &options, NULL), CLASSIFY_ERROR_FORMAT);
        write_file((const uint8_t *)"LCMODEL\nand nothing else", 24);
        CHECK_INT(classify_model_open(&model, path, &options, NULL), CLASSIFY_ERROR_CORRUPT);
        options.max_bytes = 23;
        CHECK_INT(classify_model_open(&model, path, &options, NULL), CLASSIFY_ERROR_LIMIT);
        CHECK(!model);
    }
}

static void lifetimes(void) {
    classify_model *model = fixture_model(NULL);
    classify_scorer *a = NULL, *b = NULL;
    uint64_t want = digest_of(model);
    CHECK_NEED(!classify_scorer_new(&a, model, NULL, NULL) && !classify_scorer_new(&b, model, NULL, NULL));
    classify_model_free(model); /* the scorers keep it */
    CHECK(digest(a) == want);
    classify_scorer_free(a);
    CHECK(digest(b) == want);
    classify_scorer_free(b);
    model = fixture_model(NULL);
    CHECK_NEED(!classify_scorer_new(&a, model, NULL, NULL));
    classify_scorer_free(a); /* or the other way round */
    CHECK(digest_of(model) == want);
    classify_model_free(model);
    classify_counts *counts = fixture_counts(NULL, 0);
    CHECK_NEED(!classify_counts_compile(counts, NULL, &model, NULL));
    classify_counts_free(counts); /* a model does not need its counts */
    digest_of(model);
    classify_model_free(model);
}

static void compiling(void) {
    classify_counts *counts = fixture_counts(NULL, 1), *copy = NULL;
    size_t size, counts_size;
    classify_model *model = NULL;
    CHECK_NEED(!classify_counts_compile(counts, NULL, &model, NULL));
    uint8_t *bytes = fixture_bytes(model, &size);
    classify_model_free(model);
    for (uint32_t format = 0; format < 2; format++) { /* the same from the counts' files: on another machine, say */
        uint8_t *file = fixture_counts_bytes(counts, format, &counts_size);
        CHECK_NEED(!classify_counts_read(&copy, file, counts_size, NULL, NULL) &&
                   !classify_counts_compile(copy, NULL, &model, NULL));
        if (!equal(model, bytes, size))
            CHECK_FAIL("counts written as %s compile to another model", format ? "TSV" : "binary");
        classify_model_free(model);
        classify_counts_free(copy);
        free(file);
    }
    classify_compile_options how = {.struct_size = sizeof how, .flags = CLASSIFY_COMPILE_NO_PAIRS | CLASSIFY_COMPILE_NO_PARTS};
    classify_model_info info = {.struct_size = sizeof info};
    CHECK(!classify_counts_compile(counts, &how, &model, NULL) && !classify_model_get_info(model, &info, NULL));
    CHECK(!info.pair_count && !info.part_count && info.word_count);
    digest_of(model);
    classify_model_free(model);
    how = (classify_compile_options){.struct_size = sizeof how, .max_words = 10, .max_pairs = 5, .max_parts = 7};
    CHECK(!classify_counts_compile(counts, &how, &model, NULL) && !classify_model_get_info(model, &info, NULL));
    CHECK(info.word_count == 10 && info.pair_count == 5 && info.documents == FIXTURE_TEXTS);
    digest_of(model);
    classify_model_free(model);
    classify_counts_free(counts);
    free(bytes);
}

/* usage: test_model_files SCRATCH-DIRECTORY */
int main(int argc, char **argv) {
    classify_model *small = fixture_model(NULL), *embedded = NULL;
    snprintf(path, sizeof path, "%s/test_model_files.tmp", argc > 1 ? argv[1] : ".");
    ways_to_open(small);
    CHECK_NEED(!classify_model_default(&embedded, NULL, NULL));
    ways_to_open(embedded);
    bad_files();
    lifetimes();
    compiling();
    remove(path);
    classify_model_free(small);
    classify_model_free(embedded);
    return check_result();
}
