/* model.c - opening and saving of models and counts.
   May include: classify.h, input.h, atomic_file.h, message.h, buffer.h.
   Must not know: options, what the model is used for. */
#include "model.h"

#include "atomic_file.h"
#include "input.h"
#include "message.h"

#include <stdlib.h>

static const char *advice(int32_t code) {
    switch (code) {
    case CLASSIFY_ERROR_FORMAT: return "; 'classify compile' makes models from counts, 'classify train' from texts";
    case CLASSIFY_ERROR_CORRUPT: return "; copy the file again, or compile it again from its counts";
    case CLASSIFY_ERROR_VERSION: return "; compile it again from its counts";
    default: return "";
    }
}

void say_error(const char *about, const classify_error *error) {
    if (error->offset)
        say("%s: %s (at byte %llu)%s", about, error->message, (unsigned long long)error->offset, advice(error->code));
    else
        say("%s: %s%s", about, error->message, advice(error->code));
}

classify_model *model_open(const char *path) {
    classify_model *model = NULL;
    classify_error error = {0};
    int32_t status = path ? classify_model_open(&model, path, NULL, &error) : classify_model_default(&model, NULL, &error);
    if (status == CLASSIFY_OK)
        return model;
    /* The library's message has the path too, cut to fit: only the reason behind it is taken. */
    const char *reason = status == CLASSIFY_ERROR_IO ? strrchr(error.message, ':') : NULL;
    if (reason)
        say("%s%s", path, reason);
    else
        say_error(path ? path : "the built-in model", &error);
    return NULL;
}

classify_scorer *model_scorer(const classify_model *model, const char *language, const char *what) {
    classify_score_options options = {.struct_size = sizeof options, .language = language};
    classify_scorer *scorer = NULL;
    classify_error error = {0};
    if (classify_scorer_new(&scorer, model, &options, &error) != CLASSIFY_OK)
        say_error(language ? language : what, &error);
    return scorer;
}

classify_counts *counts_open(const char *path, int *end) {
    buffer bytes = {0};
    classify_counts *counts = NULL;
    classify_error error = {0};
    *end = END_ERROR;
    if (input_file(path, NULL, &bytes)) {
        *end = END_MODEL;
        if (classify_counts_read(&counts, bytes.data ? bytes.data : "", bytes.size, NULL, &error) != CLASSIFY_OK)
            say_error(path, &error);
    }
    buffer_free(&bytes);
    return counts;
}

bool model_save(const classify_model *model, const char *path) {
    size_t size = 0;
    classify_error error = {0};
    classify_model_write(model, NULL, 0, &size, &error);
    char *bytes = memory_resize(NULL, size, 1);
    bool good = classify_model_write(model, bytes, size, &size, &error) == CLASSIFY_OK;
    if (good)
        good = atomic_write(path, bytes, size);
    else
        say_error(path, &error);
    free(bytes);
    return good;
}

bool counts_save(classify_counts *counts, const char *path, bool tsv) {
    void *bytes = NULL;
    size_t size = 0;
    classify_error error = {0};
    if (classify_counts_write(counts, tsv ? CLASSIFY_COUNTS_TSV : CLASSIFY_COUNTS_BINARY, &bytes, &size, &error) !=
        CLASSIFY_OK) {
        say_error(path, &error);
        return false;
    }
    bool good = atomic_write(path, bytes, size);
    classify_counts_free_buffer(counts, bytes, size);
    return good;
}

uint32_t model_find_label(const classify_model *model, const char *name) {
    const char *label;
    for (uint32_t i = 0; (label = classify_model_label(model, i)) != NULL; i++)
        if (strcmp(label, name) == 0)
            return i;
    return CLASSIFY_NONE;
}
