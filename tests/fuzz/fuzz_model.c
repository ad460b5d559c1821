/* fuzz_model.c - any bytes as a model file, with the checksum made right so that the checks behind it are reached: refused with
   an offset inside the file, or a model that scores cleanly and writes back the same bytes. */
#include "damage.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const classify_read_options options = {.struct_size = sizeof options, .flags = CLASSIFY_READ_ANY_ANALYZER};
    classify_model *model = NULL;
    classify_error error = {0};
    uint8_t *bytes = damage_copy(data, size);
    if (size >= 32)
        fixture_seal(bytes, size);
    int32_t status = classify_model_read(&model, bytes, size, &options, &error);
    if (status) {
        FUZZ(!model && error.offset <= size && error.code == status);
    } else {
        size_t written;
        uint8_t *again = fixture_bytes(model, &written);
        FUZZ(written == size && !memcmp(again, bytes, size));
        free(again);
        damage_score(model, size % 2, "fuzzed model", size);
        FUZZ(!check_failures);
        classify_model_free(model);
    }
    free(bytes);
    return 0;
}
