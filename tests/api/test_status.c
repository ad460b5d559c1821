/* test_status.c - every status of every call, with the offset where there is one; struct_size; NULL arguments. */
#include "fixture.h"

static classify_error error;

/* The status of a call that must fail, with its error filled: code, offset and a message of one line. */
static void fails(int32_t status, int32_t want, uint64_t offset, const char *what) {
    if (status != want || error.code != want || error.offset != offset || error.reserved || !error.message[0] ||
        strchr(error.message, '\n') || !memchr(error.message, 0, sizeof error.message))
        CHECK_FAIL("%s: %s at %llu (\"%s\"), not %s at %llu", what, classify_status_name(status),
                   (unsigned long long)error.offset, error.message, classify_status_name(want), (unsigned long long)offset);
    memset(&error, 0x55, sizeof error);
}
#define FAILS(call, want, offset) fails(call, CLASSIFY_ERROR_##want, offset, #call)

static void names(void) {
    static const struct {
        int32_t status;
        const char *name;
    } statuses[] = {{CLASSIFY_OK, "CLASSIFY_OK"},
                    {CLASSIFY_ERROR_ARGUMENT, "CLASSIFY_ERROR_ARGUMENT"},
                    {CLASSIFY_ERROR_NOMEM, "CLASSIFY_ERROR_NOMEM"},
                    {CLASSIFY_ERROR_CAPACITY, "CLASSIFY_ERROR_CAPACITY"},
                    {CLASSIFY_ERROR_LIMIT, "CLASSIFY_ERROR_LIMIT"},
                    {CLASSIFY_ERROR_LANGUAGE, "CLASSIFY_ERROR_LANGUAGE"},
                    {CLASSIFY_ERROR_EMPTY, "CLASSIFY_ERROR_EMPTY"},
                    {CLASSIFY_ERROR_IO, "CLASSIFY_ERROR_IO"},
                    {CLASSIFY_ERROR_FORMAT, "CLASSIFY_ERROR_FORMAT"},
                    {CLASSIFY_ERROR_VERSION, "CLASSIFY_ERROR_VERSION"},
                    {CLASSIFY_ERROR_CORRUPT, "CLASSIFY_ERROR_CORRUPT"},
                    {CLASSIFY_ERROR_ANALYZER, "CLASSIFY_ERROR_ANALYZER"},
                    {14, "CLASSIFY_?"},
                    {8, "CLASSIFY_?"},
                    {-1, "CLASSIFY_?"}};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        CHECK_STR(classify_status_name(statuses[i].status), statuses[i].name);
    static const char *const reasons[] = {"", "empty", "unknown-words", "language", "little-evidence", "too-close", ""};
    for (uint32_t i = 0; i < 7; i++)
        CHECK_STR(classify_reason_name(i), reasons[i]);
    CHECK_STR(classify_reason_name(CLASSIFY_NONE), "");
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", CLASSIFY_VERSION_MAJOR, CLASSIFY_VERSION_MINOR, CLASSIFY_VERSION_PATCH);
    CHECK_STR(classify_version(), version);
    CHECK_INT(classify_abi_version(), CLASSIFY_ABI_VERSION);
    CHECK_INT(sizeof(classify_error), 128);
    CHECK_INT(sizeof(classify_span), 32);
    CHECK_INT(sizeof(classify_token), 32);
}

/* ---- Models ---- */

static int32_t read_model(uint8_t *bytes, size_t size, uint32_t flags) {
    classify_read_options options = {.struct_size = sizeof options, .flags = flags};
    classify_model *model = (classify_model *)(uintptr_t)1;
    int32_t status = classify_model_read(&model, bytes, size, &options, &error);
    CHECK((status != 0) == (model == NULL));
    classify_model_free(model);
    return status;
}

/* One byte changed, the checksum made right, and back. */
static int32_t read_changed(uint8_t *bytes, size_t size, size_t at, uint8_t value, bool seal) {
    uint8_t old = bytes[at];
    bytes[at] = value;
    if (seal)
        fixture_seal(bytes, size);
    int32_t status = read_model(bytes, size, 0);
    bytes[at] = old;
    fixture_seal(bytes, size);
    return status;
}

static void models(void) {
    classify_model *model = fixture_model(NULL), *none = NULL;
    size_t size, needed = 0;
    uint8_t *bytes = fixture_bytes(model, &size);
    FAILS(classify_model_read(NULL, bytes, size, NULL, &error), ARGUMENT, 0);
    FAILS(classify_model_read(&none, NULL, 1, NULL, &error), ARGUMENT, 0);
    FAILS(classify_model_read(&none, NULL, 0, NULL, &error), FORMAT, 0);
    FAILS(classify_model_read(&none, "LCMODEL?........", 16, NULL, &error), FORMAT, 0);
    FAILS(read_model(bytes, 7, 0), FORMAT, 0);
    FAILS(read_model(bytes, 20, 0), CORRUPT, 20);
    FAILS(read_model(bytes, size - 1, 0), CORRUPT, 16);
    FAILS(read_changed(bytes, size, 0, 'X', true), FORMAT, 0);
    FAILS(read_changed(bytes, size, 8, 1, true), VERSION, 8);
    FAILS(read_changed(bytes, size, 8, 3, true), VERSION, 8);
    FAILS(read_changed(bytes, size, 12, 1, true), CORRUPT, 12);
    FAILS(read_changed(bytes, size, 92, 1, true), CORRUPT, 92);
    FAILS(read_changed(bytes, size, size - 1, (uint8_t)(bytes[size - 1] + 1), false), CORRUPT, 24);
    FAILS(read_changed(bytes, size, 32, (uint8_t)(bytes[32] + 1), true), ANALYZER, 32);
    FAILS(read_changed(bytes, size, 48, 0, true), CORRUPT, 48);                                       /* no label */
    FAILS(read_changed(bytes, size, 96 + 16, (uint8_t)(bytes[96 + 16] | 1), true), CORRUPT, 96 + 16); /* not aligned */
    FAILS(read_changed(bytes, size, 96 + 7, 1, true), CORRUPT, 96);                                   /* or beyond the end */
    uint64_t labels = fixture_get(bytes + 96 + 16, 8);
    FAILS(read_changed(bytes, size, labels, 0x80, true), CORRUPT, labels); /* a name that is not UTF-8 */
    bytes[32] ^= 1;
    fixture_seal(bytes, size);
    CHECK(!read_model(bytes, size, CLASSIFY_READ_ANY_ANALYZER));
    bytes[32] ^= 1;
    fixture_seal(bytes, size);
    CHECK(!read_model(bytes, size, 0));

    classify_read_options options = {.struct_size = sizeof options, .max_bytes = size - 1};
    FAILS(classify_model_read(&none, bytes, size, &options, &error), LIMIT, 0);
    options.max_bytes = size;
    CHECK(!classify_model_read(&none, bytes, size, &options, NULL));
    classify_model_free(none);
    options.flags = 4;
    FAILS(classify_model_read(&none, bytes, size, &options, &error), ARGUMENT, 0);
    FAILS(classify_model_default(&none, &options, &error), ARGUMENT, 0);
    options.struct_size = 0;
    FAILS(classify_model_read(&none, bytes, size, &options, &error), ARGUMENT, 0);
    FAILS(classify_model_default(NULL, NULL, &error), ARGUMENT, 0);
    FAILS(classify_model_open(NULL, "x", NULL, &error), ARGUMENT, 0);
    FAILS(classify_model_open(&none, NULL, NULL, &error), ARGUMENT, 0);
    FAILS(classify_model_open(&none, "no such directory/no such file", NULL, &error), IO, 0);
    FAILS(classify_model_open(&none, ".", NULL, &error), IO, 0);
    options = (classify_read_options){.struct_size = sizeof options, .flags = CLASSIFY_READ_MAP};
    FAILS(classify_model_open(&none, "no such directory/no such file", &options, &error), IO, 0);
    FAILS(classify_model_open(&none, ".", &options, &error), IO, 0);
    CHECK(classify_model_open(&none, "no such file", NULL, NULL) == CLASSIFY_ERROR_IO && !none); /* error may be NULL */
    options =
        (classify_read_options){.struct_size = sizeof options.struct_size, .max_bytes = 1}; /* of no options: the defaults */
    CHECK(!classify_model_read(&none, bytes, size, &options, NULL));
    classify_model_free(none);
    none = NULL;

    FAILS(classify_model_write(NULL, NULL, 0, &needed, &error), ARGUMENT, 0);
    FAILS(classify_model_write(model, NULL, 0, NULL, &error), ARGUMENT, 0);
    FAILS(classify_model_write(model, NULL, 1, &needed, &error), ARGUMENT, 0);
    uint8_t first = bytes[0];
    bytes[0] = '?';
    FAILS(classify_model_write(model, bytes, size - 1, &needed, &error), CAPACITY, 0);
    CHECK(needed == size && bytes[0] == '?');
    bytes[0] = first;

    char name[8] = "?";
    classify_model_info info = {.struct_size = sizeof info};
    CHECK(!classify_model_get_info(model, &info, NULL));
    FAILS(classify_model_feature(NULL, 0, name, 8, &needed, &error), ARGUMENT, 0);
    FAILS(classify_model_feature(model, 0, name, 8, NULL, &error), ARGUMENT, 0);
    FAILS(classify_model_feature(model, 0, NULL, 8, &needed, &error), ARGUMENT, 0);
    FAILS(classify_model_feature(model, info.feature_count, name, 8, &needed, &error), ARGUMENT, 0);
    FAILS(classify_model_feature(model, 0, name, 1, &needed, &error), CAPACITY, 0);
    CHECK(needed > 1);
    FAILS(classify_model_feature(model, 0, NULL, 0, &needed, &error), CAPACITY, 0);
    int32_t weights[8];
    FAILS(classify_model_weights(NULL, 0, 0, weights, &error), ARGUMENT, 0);
    FAILS(classify_model_weights(model, 0, 0, NULL, &error), ARGUMENT, 0);
    FAILS(classify_model_weights(model, CLASSIFY_NONE, 0, weights, &error), ARGUMENT, 0);
    CHECK(classify_model_weights(model, 0, info.covered_count, weights, &error) && strstr(error.message, "covers"));
    FAILS(classify_model_weights(model, 0, info.covered_count, weights, &error), LANGUAGE, 0);
    int absent = 0;
    for (uint32_t f = 0; f < info.term_count + info.pair_count; f++)
        if (classify_model_weights(model, f, 0, weights, &error)) {
            absent++;
            FAILS(classify_model_weights(model, f, 0, weights, &error), LANGUAGE, 0);
        }
    CHECK(absent > 0);
    FAILS(classify_model_get_info(NULL, &info, &error), ARGUMENT, 0);
    FAILS(classify_model_get_info(model, NULL, &error), ARGUMENT, 0);
    CHECK(!classify_model_meta(NULL, "name") && !classify_model_meta(model, NULL) && !classify_model_language(NULL, 0));
    classify_model_free(NULL);
    classify_model_free(model);
    free(bytes);
}

/* ---- Scoring ---- */

static void scoring(void) {
    classify_model *model = fixture_model(NULL);
    classify_scorer *scorer = NULL;
    classify_score_options options = {.struct_size = sizeof options, .language = "de"};
    FAILS(classify_scorer_new(NULL, model, NULL, &error), ARGUMENT, 0);
    FAILS(classify_scorer_new(&scorer, NULL, NULL, &error), ARGUMENT, 0);
    FAILS(classify_scorer_new(&scorer, model, &options, &error), LANGUAGE, 0); /* recognised, not covered */
    options.language = "";
    FAILS(classify_scorer_new(&scorer, model, &options, &error), LANGUAGE, 0);
    options.language = NULL;
    static const double bad[] = {-0.1, 1.1, -1e300};
    for (int i = 0; i < 3; i++) {
        options.min_probability = bad[i];
        FAILS(classify_scorer_new(&scorer, model, &options, &error), ARGUMENT, 0);
    }
    options.min_probability = strtod("nan", NULL);
    FAILS(classify_scorer_new(&scorer, model, &options, &error), ARGUMENT, 0);
    options.min_probability = 0;
    options.flags = 2;
    FAILS(classify_scorer_new(&scorer, model, &options, &error), ARGUMENT, 0);
    options.struct_size = sizeof(size_t) - 1;
    FAILS(classify_scorer_new(&scorer, model, &options, &error), ARGUMENT, 0);
    CHECK(!scorer);
    CHECK_NEED(!classify_scorer_new(&scorer, model, NULL, NULL));

    classify_result result = {.struct_size = sizeof result}, unset = {0};
    FAILS(classify_score(NULL, "", 0, &result, NULL, NULL, &error), ARGUMENT, 0);
    FAILS(classify_score(scorer, NULL, 1, &result, NULL, NULL, &error), ARGUMENT, 0);
    FAILS(classify_score(scorer, "", (size_t)PTRDIFF_MAX + 1, &result, NULL, NULL, &error), ARGUMENT, 0);
    FAILS(classify_score(scorer, "", 0, NULL, NULL, NULL, &error), ARGUMENT, 0);
    FAILS(classify_score(scorer, "", 0, &unset, NULL, NULL, &error), ARGUMENT, 0);
    CHECK(!classify_score(scorer, NULL, 0, &result, NULL, NULL, NULL) && result.reason == CLASSIFY_REASON_EMPTY);

    size_t needed = 9;
    FAILS(classify_explain(NULL, "", 0, NULL, NULL, 0, &needed, NULL, NULL, NULL, &error), ARGUMENT, 0);
    FAILS(classify_explain(scorer, NULL, 1, NULL, NULL, 0, &needed, NULL, NULL, NULL, &error), ARGUMENT, 0);
    FAILS(classify_explain(scorer, "", 0, NULL, NULL, 0, NULL, NULL, NULL, NULL, &error), ARGUMENT, 0);
    FAILS(classify_explain(scorer, "", 0, NULL, NULL, 0, &needed, NULL, NULL, &unset, &error), ARGUMENT, 0);
    FAILS(classify_explain(scorer, "two words", 9, NULL, NULL, 1, &needed, NULL, NULL, NULL, &error), CAPACITY, 0);
    CHECK(needed >= 2);

    result.struct_size = sizeof result.struct_size; /* of no fields: none is written */
    result.label = 77;
    CHECK(!classify_score(scorer, "two words", 9, &result, NULL, NULL, NULL));
    CHECK_INT(classify_explain(scorer, "two words", 9, NULL, NULL, 0, &needed, NULL, NULL, &result, NULL),
              CLASSIFY_ERROR_CAPACITY);
    CHECK_INT(result.label, 77);
    result.struct_size = sizeof result;
    static const int64_t good[] = {0, 3, 3, 5}, back[] = {0, 3, 2, 5}, below[] = {-1, 3, 3, 5};
    classify_result results[3] = {{.struct_size = sizeof result}};
    CHECK(!classify_score_batch(scorer, "ab cd", good, 3, results, NULL, NULL));
    CHECK(results[1].reason == CLASSIFY_REASON_EMPTY && results[2].tokens == 1);
    CHECK(!classify_score_batch(scorer, NULL, NULL, 0, NULL, NULL, NULL));
    FAILS(classify_score_batch(NULL, "ab cd", good, 3, results, NULL, &error), ARGUMENT, 0);
    FAILS(classify_score_batch(scorer, "ab cd", NULL, 3, results, NULL, &error), ARGUMENT, 0);
    FAILS(classify_score_batch(scorer, "ab cd", good, 3, NULL, NULL, &error), ARGUMENT, 0);
    FAILS(classify_score_batch(scorer, NULL, good, 3, results, NULL, &error), ARGUMENT, 0);
    FAILS(classify_score_batch(scorer, "ab cd", back, 3, results, NULL, &error), ARGUMENT, 1);
    FAILS(classify_score_batch(scorer, "ab cd", below, 3, results, NULL, &error), ARGUMENT, 0);
    results[0].struct_size = 1;
    FAILS(classify_score_batch(scorer, "ab cd", good, 3, results, NULL, &error), ARGUMENT, 0);
    classify_scorer_free(NULL);
    classify_scorer_free(scorer);
    classify_model_free(model);
}

/* ---- Counts ---- */

static int32_t read_counts(const void *data, size_t size) {
    classify_counts *counts = (classify_counts *)(uintptr_t)1;
    int32_t status = classify_counts_read(&counts, data, size, NULL, &error);
    CHECK((status != 0) == (counts == NULL));
    classify_counts_free(counts);
    return status;
}
#define TSV(lines) read_counts("#libclassify-counts\t1\n" lines, sizeof("#libclassify-counts\t1\n" lines) - 1)
#define CELL       "cell\t0\t\ten\tx\t1\t9\n" /* 17 bytes, after 22 */

static void counts_files(void) {
    classify_counts *counts = fixture_counts(NULL, 0), *none = NULL;
    size_t size;
    uint8_t *bytes = fixture_counts_bytes(counts, CLASSIFY_COUNTS_BINARY, &size);
    FAILS(classify_counts_read(NULL, bytes, size, NULL, &error), ARGUMENT, 0);
    FAILS(classify_counts_read(&none, NULL, 1, NULL, &error), ARGUMENT, 0);
    FAILS(read_counts(NULL, 0), FORMAT, 0);
    FAILS(read_counts("LCCOUNTZ", 8), FORMAT, 0);
    FAILS(read_counts(bytes, 31), CORRUPT, 31);
    FAILS(read_counts(bytes, size - 1), CORRUPT, 16);
    static const struct {
        size_t at;
        uint8_t value;
        int32_t status;
    } changes[] = {{8, 2, CLASSIFY_ERROR_VERSION},
                   {12, 1, CLASSIFY_ERROR_CORRUPT},
                   {16, 1, CLASSIFY_ERROR_CORRUPT},
                   {24, 1, CLASSIFY_ERROR_CORRUPT}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        bytes[changes[i].at] ^= changes[i].value;
        fails(read_counts(bytes, size), changes[i].status, changes[i].at, "a changed header");
        bytes[changes[i].at] ^= changes[i].value;
    }
    bytes[size - 1] ^= 1;
    FAILS(read_counts(bytes, size), CORRUPT, 24);
    classify_counts_options options = {.struct_size = sizeof options, .max_bytes = size - 1};
    FAILS(classify_counts_read(&none, bytes, size, &options, &error), LIMIT, 0);
    options.flags = 1;
    FAILS(classify_counts_read(&none, bytes, size, &options, &error), ARGUMENT, 0);
    FAILS(classify_counts_new(&none, &options, &error), ARGUMENT, 0);
    options.struct_size = 0;
    FAILS(classify_counts_new(&none, &options, &error), ARGUMENT, 0);
    FAILS(classify_counts_new(NULL, NULL, &error), ARGUMENT, 0);

    CHECK(!TSV("") && !TSV(CELL));
    FAILS(read_counts("#libclassify-counts\t2\n", 22), VERSION, 20);
    FAILS(TSV(CELL "wor\ta\n"), CORRUPT, 39);
    FAILS(TSV("cell\t1\t\ten\tx\t1\t9\n"), CORRUPT, 22);
    FAILS(TSV(CELL "cell\t1\t\ten\tx\t1\t9\n"), CORRUPT, 39); /* a cell twice */
    FAILS(TSV(CELL "word\ta\t1:1:1\n"), CORRUPT, 39);
    FAILS(TSV(CELL "word\ta\t0:1:2\n"), CORRUPT, 39);
    FAILS(TSV(CELL "word\ta\t0:10:1\n"), CORRUPT, 39); /* more than all words of the cell */
    FAILS(TSV(CELL "word\ta\t0:1:1\nword\ta\t0:1:1\n"), CORRUPT, 52);
    FAILS(TSV("cell\t0\t\ten\tx\t1\t9\tmore\n"), CORRUPT, 22);
    FAILS(TSV("cell\t0\t\ten\tx\t1\t1099511627777\n"), LIMIT, 22);
    FAILS(TSV(CELL "word\ta\t0:1:0\n"), CORRUPT, 39);
    FAILS(TSV(CELL "word\ta b\t0:1:1\n"), CORRUPT, 39);
    FAILS(TSV(CELL "word\t\t0:1:1\n"), CORRUPT, 39);
    FAILS(TSV(CELL "word\ta\x80\t0:1:1\n"), CORRUPT, 39);
    FAILS(TSV(CELL "word\ta\t0:1:1\0\n"), CORRUPT, 39);
    FAILS(TSV(CELL "word\ta\t0:99999999999999999999:1\n"), CORRUPT, 39);
    FAILS(TSV("meta\tKEY\tx\n"), CORRUPT, 22);
    FAILS(TSV("meta\tkey\n"), CORRUPT, 22);
    FAILS(TSV("weight\tword\ten\ta\t1:2\n"), CORRUPT, 22);
    FAILS(TSV("refined\t256\t1\tx\n"), CORRUPT, 22);
    FAILS(TSV("refined\t256\t1\tx\ten\nrefined\t256\t1\tx\ten\n"), CORRUPT, 41);
    FAILS(TSV("refined\t256\t1\tx\ten\nweight\tword\tuk\ta\t1\n"), CORRUPT, 41);
    FAILS(TSV("refined\t256\t1\tx\ten\nweight\tword\ten\ta\t32768\n"), CORRUPT, 41);
    FAILS(TSV("refined\t256\t1\tx\ten\nweight\tpart\ten\t123\t1\n"), CORRUPT, 41);
    CHECK(!TSV("refined\t256\t1\tx\ten\nweight\tword\ten\ta\t-32767\n"));
    free(bytes);
    classify_counts_free(counts);
}

static void counts_calls(void) {
    classify_counts *counts = NULL, *other = NULL;
    CHECK_NEED(!classify_counts_new(&counts, NULL, NULL) && !classify_counts_new(&other, NULL, NULL));
    FAILS(classify_counts_add(NULL, "x", "en", "", "a", 1, &error), ARGUMENT, 0);
    FAILS(classify_counts_add(counts, "x", NULL, "", "a", 1, &error), ARGUMENT, 0);
    FAILS(classify_counts_add(counts, "x", "en", "", NULL, 1, &error), ARGUMENT, 0);
    FAILS(classify_counts_add(counts, "x", "en", "", "a", (size_t)PTRDIFF_MAX + 1, &error), ARGUMENT, 0);
    static const char *const bad_languages[] = {"", "e", "EN", "en_US", "ninelette", "é", "e n"};
    for (int i = 0; i < 7; i++)
        FAILS(classify_counts_add(counts, "x", bad_languages[i], "", "a", 1, &error), ARGUMENT, 0);
    char name[300];
    memset(name, 'n', sizeof name);
    name[256] = 0;
    FAILS(classify_counts_add(counts, name, "en", "", "a", 1, &error), ARGUMENT, 0);
    FAILS(classify_counts_add(counts, "x", "en", name, "a", 1, &error), ARGUMENT, 0);
    name[255] = 0;
    CHECK(!classify_counts_add(counts, name, "en", name, "a", 1, NULL));
    FAILS(classify_counts_add(counts, "a\tb", "en", "", "a", 1, &error), ARGUMENT, 0);
    FAILS(classify_counts_add(counts, "x", "en", "\xC2\x85", "a", 1, &error), ARGUMENT, 0); /* a C1 control character */
    FAILS(classify_counts_add(counts, "\xFF", "en", "", "a", 1, &error), ARGUMENT, 0);
    FAILS(classify_counts_merge(counts, counts, &error), ARGUMENT, 0);
    FAILS(classify_counts_merge(NULL, counts, &error), ARGUMENT, 0);
    FAILS(classify_counts_merge(counts, NULL, &error), ARGUMENT, 0);
    FAILS(classify_counts_prune(NULL, NULL, 1, 1, &error), ARGUMENT, 0);
    static const char *const bad_keys[] = {"", "A", "a b", "é",
                                           "0123456789012345678901234567890123456789012345678901234567890123"};
    for (int i = 0; i < 5; i++)
        FAILS(classify_counts_set_meta(counts, bad_keys[i], "x", &error), ARGUMENT, 0);
    FAILS(classify_counts_set_meta(NULL, "a", "x", &error), ARGUMENT, 0);
    FAILS(classify_counts_set_meta(counts, NULL, "x", &error), ARGUMENT, 0);
    FAILS(classify_counts_set_meta(counts, "a", "line\nline", &error), ARGUMENT, 0);
    static char value[4097];
    memset(value, 'v', 4096);
    FAILS(classify_counts_set_meta(counts, "a", value, &error), ARGUMENT, 0);
    value[4095] = 0;
    CHECK(!classify_counts_set_meta(counts, "a", value, NULL));

    classify_counts_info info = {.struct_size = sizeof info};
    classify_cell cell = {.struct_size = sizeof cell};
    FAILS(classify_counts_get_info(NULL, &info, &error), ARGUMENT, 0);
    FAILS(classify_counts_get_info(counts, NULL, &error), ARGUMENT, 0);
    FAILS(classify_counts_cell(NULL, 0, &cell, &error), ARGUMENT, 0);
    FAILS(classify_counts_cell(counts, 0, NULL, &error), ARGUMENT, 0);
    FAILS(classify_counts_cell(counts, 1, &cell, &error), ARGUMENT, 0);
    FAILS(classify_counts_cell(counts, UINT64_MAX, &cell, &error), ARGUMENT, 0);
    CHECK(!classify_counts_cell(counts, 0, &cell, NULL) && !strcmp(cell.language, "en") && cell.documents == 1 &&
          cell.words == 1);
    cell.struct_size = info.struct_size = 0;
    FAILS(classify_counts_cell(counts, 0, &cell, &error), ARGUMENT, 0);
    FAILS(classify_counts_get_info(counts, &info, &error), ARGUMENT, 0);

    void *buffer = &info;
    size_t size;
    FAILS(classify_counts_write(NULL, 0, &buffer, &size, &error), ARGUMENT, 0);
    CHECK(!buffer);
    FAILS(classify_counts_write(counts, 2, &buffer, &size, &error), ARGUMENT, 0);
    FAILS(classify_counts_write(counts, 0, NULL, &size, &error), ARGUMENT, 0);
    FAILS(classify_counts_write(counts, 0, &buffer, NULL, &error), ARGUMENT, 0);
    classify_counts_free_buffer(counts, NULL, 0);
    classify_counts_free_buffer(NULL, NULL, 0);

    classify_model *model = NULL;
    FAILS(classify_counts_compile(other, NULL, &model, &error), EMPTY, 0);
    CHECK(!classify_counts_add(other, "", "en", "", "only the language", 17, NULL));
    FAILS(classify_counts_compile(other, NULL, &model, &error), EMPTY, 0);
    FAILS(classify_counts_compile(NULL, NULL, &model, &error), ARGUMENT, 0);
    FAILS(classify_counts_compile(counts, NULL, NULL, &error), ARGUMENT, 0);
    classify_compile_options how = {.struct_size = sizeof how, .flags = 4};
    FAILS(classify_counts_compile(counts, &how, &model, &error), ARGUMENT, 0);
    how = (classify_compile_options){.struct_size = sizeof how, .smoothing = (1u << 24) + 1};
    FAILS(classify_counts_compile(counts, &how, &model, &error), ARGUMENT, 0);
    how = (classify_compile_options){.struct_size = sizeof how, .label_words = (1u << 24) + 1};
    FAILS(classify_counts_compile(counts, &how, &model, &error), ARGUMENT, 0);
    how.struct_size = 0;
    FAILS(classify_counts_compile(counts, &how, &model, &error), ARGUMENT, 0);
    CHECK(!model);

    classify_example e[2] = {{"a b", 3, "x", "en", NULL}, {NULL, 3, "x", "en", NULL}};
    classify_refine_options r = {.struct_size = sizeof r, .primary_factor = 65537};
    FAILS(classify_counts_refine(other, NULL, e, 1, &error), EMPTY, 0);
    FAILS(classify_counts_refine(NULL, NULL, e, 1, &error), ARGUMENT, 0);
    FAILS(classify_counts_refine(counts, NULL, NULL, 1, &error), ARGUMENT, 0);
    FAILS(classify_counts_refine(counts, NULL, e, 2, &error), ARGUMENT, 1);
    FAILS(classify_counts_refine(counts, &r, e, 1, &error), ARGUMENT, 0);
    r = (classify_refine_options){.struct_size = sizeof r, .epochs = 1001};
    FAILS(classify_counts_refine(counts, &r, e, 1, &error), ARGUMENT, 0);
    r = (classify_refine_options){.struct_size = sizeof r, .bayes_share = 65536};
    FAILS(classify_counts_refine(counts, &r, e, 1, &error), ARGUMENT, 0);
    r.struct_size = 0;
    FAILS(classify_counts_refine(counts, &r, e, 1, &error), ARGUMENT, 0);
    CHECK(!classify_counts_refine(counts, NULL, NULL, 0, NULL));
    classify_counts_free(NULL);
    classify_counts_free(counts);
    classify_counts_free(other);
}

/* As many labels and languages as a model may have, and one more; as many words as a cell may have. */
static void limits(void) {
    classify_counts *labels = NULL, *languages = NULL, *words = NULL;
    classify_model *model = NULL;
    classify_scorer *scorer = NULL;
    CHECK_NEED(!classify_counts_new(&labels, NULL, NULL) && !classify_counts_new(&languages, NULL, NULL));
    for (int i = 0; i < 1024; i++) {
        char name[16];
        snprintf(name, sizeof name, "l%d", i);
        CHECK(!classify_counts_add(labels, name, "en", "", "word after word", 15, NULL));
        if (i < 64)
            CHECK(!classify_counts_add(languages, i % 2 ? "x" : "y", name, "", "word after word", 15, NULL));
    }
    classify_counts *most[] = {labels, languages};
    for (int i = 0; i < 2; i++) {
        classify_result result = {.struct_size = sizeof result};
        CHECK_NEED(!classify_counts_compile(most[i], NULL, &model, NULL) && !classify_scorer_new(&scorer, model, NULL, NULL));
        CHECK(!classify_score(scorer, "words after a wordy word", 24, &result, NULL, NULL, NULL) && result.known >= 2);
        classify_scorer_free(scorer);
        classify_model_free(model);
    }
    CHECK(!classify_counts_add(labels, "one more", "en", "", "word", 4, NULL));
    CHECK(!classify_counts_add(languages, "", "more", "", "word", 4, NULL));
    FAILS(classify_counts_compile(labels, NULL, &model, &error), LIMIT, 0);
    FAILS(classify_counts_compile(languages, NULL, &model, &error), LIMIT, 0);
    static const char full[] = "#libclassify-counts\t1\ncell\t0\t\ten\tx\t1\t1099511627776\n";
    CHECK_NEED(!classify_counts_read(&words, full, sizeof full - 1, NULL, NULL));
    FAILS(classify_counts_add(words, "x", "en", "", "word", 4, &error), LIMIT, 0);
    CHECK(!classify_counts_merge(labels, words, NULL));
    FAILS(classify_counts_merge(labels, words, &error), LIMIT, 0);
    classify_counts_free(labels);
    classify_counts_free(languages);
    classify_counts_free(words);
}

/* Calibration comes from metadata of the counts. */
static void calibrations(void) {
    static const char *const bad[][2] = {{"calibration.en", ""},
                                         {"calibration.en", "1 2 3"},
                                         {"calibration.en", "1 2 3 4 5"},
                                         {"calibration.en", "1 2 3 x"},
                                         {"calibration.en", "1 2 3 99999999999"},
                                         {"calibration.en", "-1 2 3 4"},
                                         {"guard.en", "threat"},
                                         {"guard.en", "99999999999999999999 threat"},
                                         {"guard.en", " threat"}};
    classify_counts *counts = fixture_counts(NULL, 0);
    classify_model *model = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(!classify_counts_set_meta(counts, bad[i][0], bad[i][1], NULL));
        FAILS(classify_counts_compile(counts, NULL, &model, &error), ARGUMENT, 0);
        CHECK(!classify_counts_set_meta(counts, bad[i][0], NULL, NULL));
    }
    CHECK(!classify_counts_set_meta(counts, "calibration.en", "65536 32768 0 0", NULL));
    CHECK(!classify_counts_set_meta(counts, "calibration.ru", "65536 32768 16777216 0", NULL)); /* much evidence is asked for */
    CHECK(!classify_counts_set_meta(counts, "guard.en", "65537 threat", NULL));                 /* never certain enough */
    CHECK(!classify_counts_set_meta(counts, "guard.uk", "0 no label of the model", NULL));
    classify_compile_options how = {.struct_size = sizeof how, .smoothing = 50};
    classify_scorer *scorer = NULL;
    CHECK_NEED(!classify_counts_compile(counts, &how, &model, NULL) && !classify_scorer_new(&scorer, model, NULL, NULL));
    static const struct {
        int text;
        uint32_t reason;
    } texts[] = {{0, CLASSIFY_REASON_CLOSE},
                 {3, CLASSIFY_REASON_NONE},
                 {5, CLASSIFY_REASON_NONE},
                 {7, CLASSIFY_REASON_NONE},
                 {11, CLASSIFY_REASON_EVIDENCE}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = fixture_texts[texts[i].text].text;
        classify_result result = {.struct_size = sizeof result};
        CHECK(!classify_score(scorer, text, strlen(text), &result, NULL, NULL, NULL));
        CHECK_STR(classify_reason_name(result.reason), classify_reason_name(texts[i].reason));
    }
    classify_scorer_free(scorer);
    classify_model_free(model);
    classify_counts_free(counts);
}

/* ---- The front half ---- */

static void analyzers(void) {
    classify_analyzer *an = NULL;
    const classify_token *tokens;
    const char *strings;
    size_t count, needed = 0;
    char buffer[16] = "???";
    FAILS(classify_analyzer_new(NULL, "en", NULL, &error), ARGUMENT, 0);
    FAILS(classify_analyzer_new(&an, NULL, NULL, &error), ARGUMENT, 0);
    FAILS(classify_analyzer_new(&an, "de", NULL, &error), LANGUAGE, 0);
    CHECK_NEED(!an && !classify_analyzer_new(&an, "en", NULL, NULL));
    FAILS(classify_analyzer_stem(NULL, "a", 1, buffer, 16, &needed, &error), ARGUMENT, 0);
    FAILS(classify_analyzer_stem(an, NULL, 1, buffer, 16, &needed, &error), ARGUMENT, 0);
    FAILS(classify_analyzer_stem(an, "a", 1, NULL, 16, &needed, &error), ARGUMENT, 0);
    FAILS(classify_analyzer_stem(an, "a", 1, buffer, 16, NULL, &error), ARGUMENT, 0);
    FAILS(classify_analyzer_stem(an, "threatened lives", 16, buffer, 13, &needed, &error), CAPACITY, 0);
    CHECK_INT(needed, 14);
    CHECK(!classify_analyzer_stem(an, "threatened lives", 16, buffer, 14, &needed, NULL));
    CHECK_STR(buffer, "threaten live");
    CHECK(!classify_analyzer_stem(an, " ", 1, buffer, 1, &needed, NULL) && needed == 1 && !*buffer);
    FAILS(classify_analyzer_tokens(NULL, "a", 1, &tokens, &count, &strings, &error), ARGUMENT, 0);
    FAILS(classify_analyzer_tokens(an, NULL, 1, &tokens, &count, &strings, &error), ARGUMENT, 0);
    FAILS(classify_analyzer_tokens(an, "a", 1, NULL, &count, &strings, &error), ARGUMENT, 0);
    FAILS(classify_analyzer_tokens(an, "a", 1, &tokens, NULL, &strings, &error), ARGUMENT, 0);
    FAILS(classify_analyzer_tokens(an, "a", 1, &tokens, &count, NULL, &error), ARGUMENT, 0);
    FAILS(classify_analyzer_id(NULL, NULL, &error), ARGUMENT, 0);
    classify_analyzer_free(NULL);
    classify_analyzer_free(an);
}

/* ---- Allocators ---- */

static void *no_alloc(void *context, size_t size) {
    (void)context, (void)size;
    return NULL;
}
static void *no_resize(void *context, void *memory, size_t old_size, size_t new_size) {
    (void)context, (void)memory, (void)old_size, (void)new_size;
    return NULL;
}
static void no_release(void *context, void *memory, size_t size) { (void)context, (void)memory, (void)size; }

static void no_memory(void) {
    const classify_allocator none = {no_alloc, no_resize, no_release, NULL};
    classify_read_options read = {.struct_size = sizeof read, .allocator = &none};
    classify_counts_options options = {.struct_size = sizeof options, .allocator = &none};
    classify_compile_options how = {.struct_size = sizeof how, .allocator = &none};
    classify_model *model = NULL;
    classify_counts *counts = NULL;
    classify_analyzer *an = NULL;
    FAILS(classify_model_read(&model, "LCMODEL\n", 8, &read, &error), NOMEM, 0);
    FAILS(classify_model_default(&model, &read, &error), NOMEM, 0);
    FAILS(classify_counts_new(&counts, &options, &error), NOMEM, 0);
    FAILS(classify_analyzer_new(&an, "en", &none, &error), NOMEM, 0);
    counts = fixture_counts(NULL, 0);
    FAILS(classify_counts_compile(counts, &how, &model, &error), NOMEM, 0);
    CHECK(!model && !an);
    classify_counts_free(counts);
}

int main(void) {
    memset(&error, 0x55, sizeof error);
    names();
    models();
    scoring();
    counts_files();
    counts_calls();
    limits();
    calibrations();
    analyzers();
    no_memory();
    return check_result();
}
