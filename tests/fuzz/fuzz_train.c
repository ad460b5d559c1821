/* fuzz_train.c - any labelled texts to counts, a refinement and a model: counting in any order and any split, merged either
   way, gives the same bytes; counts are the same when written and read in both formats; pruning drops and never adds; the same
   counts and texts give the same refinement and the same model, which answers cleanly. The first two bytes choose options; then
   texts, each three bytes (label, language, source) and what comes up to the next NUL. */
#include "damage.h"
#include "fuzz.h"

enum { MOST = 64 };

typedef struct {
    classify_example texts[MOST];
    size_t count;
} corpus;

static void read_corpus(corpus *c, const uint8_t *data, size_t size) {
    static const char *const labels[] = {"a", "b", "a label", ""}, *const languages[] = {"en", "uk", "ru", "pl", "de", "xx-y"},
                             *const sources[] = {"", "own.x", "web"};
    for (c->count = 0; size > 3 && c->count < MOST; c->count++) {
        const uint8_t *end = memchr(data + 3, 0, size - 3);
        size_t length = end ? (size_t)(end - data) : size;
        c->texts[c->count] = (classify_example){.text = (const char *)data + 3,
                                                .size = length - 3,
                                                .label = labels[data[0] % 4],
                                                .language = languages[data[1] % 6],
                                                .source = sources[data[2] % 3]};
        length += end != NULL;
        data += length, size -= length;
    }
}

/* Counts texts from, from + step, ... of the corpus, or the same the other way round. */
static classify_counts *count(const corpus *c, size_t from, size_t step, bool backwards) {
    classify_counts *counts = NULL;
    FUZZ(!classify_counts_new(&counts, NULL, NULL));
    for (size_t i = from; i < c->count; i += step) {
        const classify_example *e = &c->texts[backwards ? c->count - 1 - i : i];
        FUZZ(!classify_counts_add(counts, e->label, e->language, e->source, e->text, e->size, NULL));
    }
    return counts;
}

static classify_counts *merged(classify_counts *one, classify_counts *other) {
    classify_counts *sum = NULL;
    FUZZ(!classify_counts_new(&sum, NULL, NULL) && !classify_counts_merge(sum, one, NULL) &&
         !classify_counts_merge(sum, other, NULL));
    return sum;
}

static bool same(classify_counts *one, classify_counts *other) {
    size_t size, other_size;
    uint8_t *bytes = fixture_counts_bytes(one, CLASSIFY_COUNTS_BINARY, &size),
            *others = fixture_counts_bytes(other, CLASSIFY_COUNTS_BINARY, &other_size);
    bool equal = size == other_size && !memcmp(bytes, others, size);
    free(bytes), free(others);
    return equal;
}

static void any_order_and_split(const corpus *c, classify_counts *whole) {
    classify_counts *backwards = count(c, 0, 1, true), *even = count(c, 0, 2, false), *odd = count(c, 1, 2, false),
                    *sum = merged(even, odd), *mus = merged(odd, even);
    FUZZ(same(whole, backwards) && same(whole, sum) && same(whole, mus));
    classify_counts_free(backwards), classify_counts_free(even), classify_counts_free(odd);
    classify_counts_free(sum), classify_counts_free(mus);
}

static classify_counts *read_back(classify_counts *counts, uint32_t format) {
    classify_counts *again = NULL;
    size_t size;
    uint8_t *bytes = fixture_counts_bytes(counts, format, &size);
    FUZZ(!classify_counts_read(&again, bytes, size, NULL, NULL));
    free(bytes);
    return again;
}

static void refine(classify_counts *counts, const corpus *c, uint8_t choice) {
    classify_refine_options how = {.struct_size = sizeof how,
                                   .primary = choice & 1 ? "own" : NULL,
                                   .epochs = 1 + (choice >> 1 & 1),
                                   .bayes_share = choice & 4 ? 257 : 0};
    int32_t status = classify_counts_refine(counts, &how, c->texts, c->count, NULL);
    FUZZ(status == CLASSIFY_OK || status == CLASSIFY_ERROR_EMPTY);
}

static void written_and_read(classify_counts *counts) {
    for (uint32_t format = 0; format < 2; format++) {
        classify_counts *again = read_back(counts, format);
        FUZZ(same(counts, again));
        classify_counts_free(again);
    }
}

static void prune(classify_counts *counts, uint8_t choice) {
    classify_counts_info before = {.struct_size = sizeof before}, after = before;
    FUZZ(!classify_counts_get_info(counts, &before, NULL));
    FUZZ(!classify_counts_prune(counts, choice & 1 ? "own" : NULL, 1 + (choice >> 1 & 3), 1 + (choice >> 3 & 3), NULL));
    FUZZ(!classify_counts_get_info(counts, &after, NULL));
    FUZZ(after.features <= before.features && after.documents == before.documents && after.words == before.words);
    written_and_read(counts);
}

static void compile(classify_counts *counts, uint8_t choice) {
    classify_compile_options how = {.struct_size = sizeof how,
                                    .smoothing = choice & 1 ? 10 : 0,
                                    .max_words = choice & 2 ? 7 : 0,
                                    .max_pairs = choice & 4 ? 3 : 0,
                                    .max_parts = choice & 8 ? 5 : 0,
                                    .flags = choice >> 4 & 3};
    classify_counts *again = read_back(counts, choice >> 6 & 1);
    classify_model *model = NULL, *same_model = NULL;
    int32_t status = classify_counts_compile(counts, &how, &model, NULL);
    FUZZ(status == classify_counts_compile(again, &how, &same_model, NULL));
    FUZZ(status == CLASSIFY_OK || (status == CLASSIFY_ERROR_EMPTY && !model));
    if (!status) {
        size_t size, same_size;
        uint8_t *bytes = fixture_bytes(model, &size), *same_bytes = fixture_bytes(same_model, &same_size);
        FUZZ(size == same_size && !memcmp(bytes, same_bytes, size));
        free(bytes), free(same_bytes);
        damage_score(model, choice >> 7, "trained", 0);
        FUZZ(!check_failures);
    }
    classify_model_free(model), classify_model_free(same_model);
    classify_counts_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    corpus c;
    if (size < 2)
        return 0;
    read_corpus(&c, data + 2, size - 2);
    classify_counts *whole = count(&c, 0, 1, false);
    any_order_and_split(&c, whole);
    if (data[0] & 1) {
        classify_counts *twin = count(&c, 0, 1, true);
        refine(whole, &c, data[0] >> 1), refine(twin, &c, data[0] >> 1);
        FUZZ(same(whole, twin));
        classify_counts_free(twin);
    }
    written_and_read(whole);
    if (data[0] & 16)
        prune(whole, data[0] >> 5 | (uint8_t)(data[1] & 0x18));
    compile(whole, data[1]);
    classify_counts_free(whole);
    return 0;
}
