/* fuzz_counts.c - any bytes as counts, binary (with the checksum made right) or text: refused with an offset inside the file,
   or counts that stay the same when written and read in both formats, merge in either order to the same, and compile to a model
   or a status. */
#include "damage.h"
#include "fuzz.h"

static classify_counts *read_back(classify_counts *counts, uint32_t format, uint8_t **bytes, size_t *size) {
    classify_counts *again = NULL;
    *bytes = fixture_counts_bytes(counts, format, size);
    FUZZ(!classify_counts_read(&again, *bytes, *size, NULL, NULL));
    return again;
}

static void same_again(classify_counts *counts) {
    for (uint32_t format = 0; format < 2; format++) {
        uint8_t *first, *second;
        size_t first_size, second_size;
        classify_counts *once = read_back(counts, format, &first, &first_size),
                        *twice = read_back(once, format, &second, &second_size);
        FUZZ(first_size == second_size && !memcmp(first, second, first_size));
        classify_counts_free(once), classify_counts_free(twice);
        free(first), free(second);
    }
}

static void merge_commutes(classify_counts *counts) {
    uint8_t *bytes[2];
    size_t size[2];
    int32_t status[2];
    for (int i = 0; i < 2; i++) {
        classify_counts *sum = NULL, *small = damage_counts(NULL);
        FUZZ(!classify_counts_new(&sum, NULL, NULL) && !classify_counts_merge(sum, i ? counts : small, NULL));
        status[i] = classify_counts_merge(sum, i ? small : counts, NULL);
        bytes[i] = fixture_counts_bytes(sum, 0, &size[i]);
        classify_counts_free(sum), classify_counts_free(small);
    }
    FUZZ(status[0] == status[1] && (status[0] || (size[0] == size[1] && !memcmp(bytes[0], bytes[1], size[0]))));
    free(bytes[0]), free(bytes[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    classify_counts *counts = NULL;
    classify_error error = {0};
    uint8_t *bytes = damage_copy(data, size);
    if (size >= 32 && data[0] == 'L')
        fixture_seal(bytes, size);
    int32_t status = classify_counts_read(&counts, bytes, size, NULL, &error);
    if (status) {
        FUZZ(!counts && error.offset <= size && error.code == status);
    } else {
        classify_model *model = NULL;
        classify_compile_options how = {.struct_size = sizeof how, .max_parts = 20};
        same_again(counts);
        merge_commutes(counts);
        if (!classify_counts_compile(counts, &how, &model, &error))
            damage_score(model, false, "fuzzed counts", size);
        FUZZ(!check_failures);
        classify_model_free(model);
        classify_counts_free(counts);
    }
    free(bytes);
    return 0;
}
