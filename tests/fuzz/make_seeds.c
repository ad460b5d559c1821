/* make_seeds.c - writes the seeds of the corpora that are files of the library's formats: after a change of a format, run it
   again. Usage: make_seeds tests/fuzz/corpus */
#include "damage.h"

static const char *directory;

static void seed(const char *kind, const char *name, const uint8_t *bytes, size_t size) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s/%s", directory, kind, name);
    FILE *file = fopen(path, "wb");
    CHECK_NEED(file && fwrite(bytes, 1, size, file) == size && !fclose(file));
}

static void counts_seeds(classify_counts *counts, const char *binary, const char *tsv) {
    size_t size;
    uint8_t *bytes = fixture_counts_bytes(counts, CLASSIFY_COUNTS_BINARY, &size);
    seed("counts", binary, bytes, size);
    free(bytes);
    bytes = fixture_counts_bytes(counts, CLASSIFY_COUNTS_TSV, &size);
    seed("counts", tsv, bytes, size);
    free(bytes);
}

static void model_seed(classify_counts *counts, const classify_compile_options *how, const char *name) {
    classify_model *model = NULL;
    size_t size;
    CHECK_NEED(!classify_counts_compile(counts, how, &model, NULL));
    uint8_t *bytes = fixture_bytes(model, &size);
    seed("model", name, bytes, size);
    free(bytes);
    classify_model_free(model);
}

int main(int argc, char **argv) {
    directory = argc > 1 ? argv[1] : "tests/fuzz/corpus";
    classify_counts *small = damage_counts(NULL), *empty = NULL;
    CHECK_NEED(!classify_counts_new(&empty, NULL, NULL));
    counts_seeds(small, "small.counts", "small.tsv");
    counts_seeds(empty, "empty.counts", "empty.tsv");
    classify_compile_options how = {.struct_size = sizeof how, .smoothing = 10, .max_pairs = 6, .max_parts = 4};
    model_seed(small, &how, "small.model");
    how.flags = CLASSIFY_COMPILE_NO_PAIRS | CLASSIFY_COMPILE_NO_PARTS;
    model_seed(small, &how, "words.model");
    for (int i = 0; i < FIXTURE_TEXTS; i++) {
        char name[32];
        uint8_t bytes[512] = {4}; /* detect the language */
        size_t size = strlen(fixture_texts[i].text);
        memcpy(bytes + 1, fixture_texts[i].text, size);
        snprintf(name, sizeof name, "text-%02d", i);
        seed("text", name, bytes, size + 1);
    }
    classify_counts_free(small), classify_counts_free(empty);
    return check_result();
}
