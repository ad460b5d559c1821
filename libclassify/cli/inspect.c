/* inspect.c - info and top: what is in a model or in counts.
   May include: classify.h, input.h, model.h, escape.h, output.h, message.h.
   Must not know: texts. */
#include "commands.h"

#include "escape.h"
#include "input.h"
#include "message.h"
#include "model.h"
#include "output.h"

#include <stdlib.h>

/* Metadata that models carry by custom; the library finds values by key only. */
static const char *const meta_keys[] = {"name", "version", "description", "licence", "author", "source", "date", "smoothing"};

/* ---- info: lines of "key  value", or one JSON object ---- */

static void key(buffer *out, bool json, const char *name) {
    if (json) {
        buffer_text(out, out->size ? "," : "{");
        append_json(out, name, strlen(name));
        buffer_char(out, ':');
    } else {
        size_t start = out->size;
        buffer_text(out, name);
        buffer_pad(out, start, 15);
    }
}

static void put_text(buffer *out, bool json, const char *name, const char *value) {
    key(out, json, name);
    if (json)
        append_json(out, value, strlen(value));
    else
        append_tsv(out, value, strlen(value));
    buffer_text(out, json ? "" : "\n");
}

static void put_count(buffer *out, bool json, const char *name, uint64_t value) {
    key(out, json, name);
    if (json)
        buffer_unsigned(out, value);
    else
        buffer_grouped(out, value);
    buffer_text(out, json ? "" : "\n");
}

static void put_digest(buffer *out, bool json, const char *name, uint64_t value) {
    char digits[17] = {0};
    for (int i = 0; i < 16; i++)
        digits[i] = "0123456789abcdef"[value >> (60 - 4 * i) & 15];
    put_text(out, json, name, digits);
}

/* A list of names: of labels, or of `count` languages from `first`. */
static void put_names(buffer *out, bool json, const char *name, const classify_model *model,
                      const char *(*get)(const classify_model *, uint32_t), uint32_t first, uint32_t count) {
    key(out, json, name);
    buffer_text(out, json ? "[" : "");
    for (uint32_t i = 0; i < count; i++) {
        const char *item = get(model, first + i);
        buffer_text(out, i ? json ? "," : ", " : "");
        if (json)
            append_json(out, item, strlen(item));
        else
            append_tsv(out, item, strlen(item));
    }
    buffer_text(out, json ? "]" : "\n");
}

static void write_model(buffer *out, bool json, const classify_model *model) {
    classify_model_info i = {.struct_size = sizeof i};
    uint64_t here = 0;
    classify_model_get_info(model, &i, NULL);
    put_text(out, json, "kind", "model");
    for (size_t k = 0; k < sizeof meta_keys / sizeof *meta_keys; k++)
        if (classify_model_meta(model, meta_keys[k]))
            put_text(out, json, meta_keys[k], classify_model_meta(model, meta_keys[k]));
    put_names(out, json, "labels", model, classify_model_label, 0, i.label_count);
    put_names(out, json, "languages", model, classify_model_language, 0, i.covered_count);
    put_names(out, json, "recognised", model, classify_model_language, i.covered_count, i.language_count - i.covered_count);
    put_count(out, json, "texts", i.documents);
    put_count(out, json, "words", i.word_count);
    put_count(out, json, "stems", i.term_count);
    put_count(out, json, "pairs", i.pair_count);
    put_count(out, json, "parts", i.part_count);
    put_count(out, json, "bytes", i.bytes);
    put_count(out, json, "format", i.format_version);
    put_count(out, json, "scale", (uint64_t)i.weight_scale);
    put_digest(out, json, "digest", i.digest);
    put_digest(out, json, "analyzer", i.analyzer_id);
    bool same = classify_analyzer_id(&here, NULL, NULL) == CLASSIFY_OK && here == i.analyzer_id;
    put_text(out, json, "usable", same ? "yes" : "no: made with other stemmers; compile it again from its counts");
    buffer_text(out, json ? "}\n" : "");
}

static void write_cells(buffer *out, bool json, classify_counts *counts, uint64_t cells) {
    if (json)
        key(out, true, "cells");
    buffer_text(out, json ? "[" : "\nsource\tlanguage\tlabel\ttexts\twords\n");
    for (uint64_t i = 0; i < cells; i++) {
        classify_cell cell = {.struct_size = sizeof cell};
        if (classify_counts_cell(counts, i, &cell, NULL) != CLASSIFY_OK)
            break;
        const char *names[] = {"source", "language", "label"}, *values[] = {cell.source, cell.language, cell.label};
        buffer_text(out, !json ? "" : i ? ",{" : "{");
        for (int k = 0; k < 3; k++) {
            if (json) {
                append_json(out, names[k], strlen(names[k]));
                buffer_char(out, ':');
                append_json(out, values[k], strlen(values[k]));
                buffer_char(out, ',');
            } else {
                append_tsv(out, values[k], strlen(values[k]));
                buffer_char(out, '\t');
            }
        }
        buffer_text(out, json ? "\"texts\":" : "");
        buffer_unsigned(out, cell.documents);
        buffer_text(out, json ? ",\"words\":" : "\t");
        buffer_unsigned(out, cell.words);
        buffer_text(out, json ? "}" : "\n");
    }
    buffer_text(out, json ? "]" : "");
}

static void write_counts(buffer *out, bool json, classify_counts *counts) {
    classify_counts_info i = {.struct_size = sizeof i};
    classify_counts_get_info(counts, &i, NULL);
    put_text(out, json, "kind", "counts");
    put_count(out, json, "texts", i.documents);
    put_count(out, json, "words", i.words);
    put_count(out, json, "features", i.features);
    write_cells(out, json, counts, i.cells);
    buffer_text(out, json ? "}\n" : "");
}

/* A file may be either; what is not counts is spoken of as a model. */
static int describe(const char *path, bool json, buffer *out) {
    buffer file = {0};
    if (!input_file(path, NULL, &file))
        return END_ERROR;
    const char *bytes = file.data ? file.data : "";
    classify_read_options any = {.struct_size = sizeof any, .flags = CLASSIFY_READ_ANY_ANALYZER};
    classify_model *model = NULL;
    classify_counts *counts = NULL;
    classify_error error = {0}, other = {0};
    int end = END_DONE;
    if (classify_model_read(&model, bytes, file.size, &any, &error) == CLASSIFY_OK) {
        write_model(out, json, model);
    } else if (error.code == CLASSIFY_ERROR_FORMAT &&
               classify_counts_read(&counts, bytes, file.size, NULL, &other) == CLASSIFY_OK) {
        write_counts(out, json, counts);
    } else {
        say_error(path, error.code == CLASSIFY_ERROR_FORMAT && other.code != CLASSIFY_ERROR_FORMAT ? &other : &error);
        end = END_MODEL;
    }
    classify_model_free(model);
    classify_counts_free(counts);
    buffer_free(&file);
    return end;
}

int command_info(const settings *s) {
    buffer out = {0};
    bool json = s->format == FORMAT_NDJSON;
    int end = END_DONE;
    if (s->operand_count) {
        end = describe(s->operands[0], json, &out);
    } else {
        classify_model *model = model_open(NULL);
        end = model ? END_DONE : END_MODEL;
        if (model)
            write_model(&out, json, model);
        classify_model_free(model);
    }
    if (!output_write(out.data, out.size))
        end = END_ERROR;
    buffer_free(&out);
    return end;
}

/* ---- top ---- */

typedef struct ranked {
    int64_t lead; /* weight for the label less the highest of the others */
    uint32_t feature;
} ranked;

/* Keeps the `most` highest, in order; of equal ones the lower feature first. */
static void keep(ranked *list, size_t *count, size_t most, ranked item) {
    if (*count == most && (most == 0 || item.lead <= list[most - 1].lead))
        return;
    size_t at = *count < most ? (*count)++ : most - 1;
    for (; at > 0 && list[at - 1].lead < item.lead; at--)
        list[at] = list[at - 1];
    list[at] = item;
}

static int64_t lead_of(const int32_t *weights, uint32_t labels, uint32_t label) {
    int64_t other = labels > 1 ? INT32_MIN : 0;
    for (uint32_t i = 0; i < labels; i++)
        if (i != label && weights[i] > other)
            other = weights[i];
    return weights[label] - other;
}

static void write_feature(buffer *out, const classify_model *model, const char *label, const char *language, int32_t scale,
                          ranked item, bool json) {
    size_t needed = 0;
    classify_model_feature(model, item.feature, NULL, 0, &needed, NULL);
    char *name = memory_new(needed + 1, 1);
    classify_model_feature(model, item.feature, name, needed, &needed, NULL);
    if (json) {
        buffer_text(out, "{\"label\":");
        append_json(out, label, strlen(label));
        buffer_text(out, ",\"language\":");
        append_json(out, language, strlen(language));
        buffer_text(out, ",\"nats\":");
        buffer_ratio(out, item.lead, scale, 2);
        buffer_text(out, ",\"feature\":");
        append_json(out, name, strlen(name));
        buffer_text(out, "}\n");
    } else {
        append_tsv(out, label, strlen(label));
        buffer_char(out, '\t');
        append_tsv(out, language, strlen(language));
        buffer_char(out, '\t');
        buffer_ratio(out, item.lead, scale, 2);
        buffer_char(out, '\t');
        append_tsv(out, name, strlen(name));
        buffer_char(out, '\n');
    }
    free(name);
}

static bool top(const settings *s, const classify_model *model, const classify_model_info *info, uint32_t only,
                uint32_t language) {
    size_t most = s->number < info->feature_count ? s->number : info->feature_count;
    ranked *lists = memory_new((size_t)info->label_count * most + 1, sizeof *lists);
    size_t *counts = memory_new(info->label_count, sizeof *counts);
    int32_t *weights = memory_new(info->label_count, sizeof *weights);
    for (uint32_t f = 0; f < info->feature_count; f++) {
        if (classify_model_weights(model, f, language, weights, NULL) != CLASSIFY_OK)
            continue;
        for (uint32_t l = 0; l < info->label_count; l++) {
            int64_t lead = lead_of(weights, info->label_count, l);
            if ((only == CLASSIFY_NONE || only == l) && lead > 0)
                keep(lists + (size_t)l * most, &counts[l], most, (ranked){lead, f});
        }
    }
    buffer out = {0};
    for (uint32_t l = 0; l < info->label_count; l++)
        for (size_t i = 0; i < counts[l]; i++)
            write_feature(&out, model, classify_model_label(model, l), classify_model_language(model, language),
                          info->weight_scale, lists[(size_t)l * most + i], s->format == FORMAT_NDJSON);
    bool good = output_write(out.data, out.size);
    buffer_free(&out);
    free(lists);
    free(counts);
    free(weights);
    return good;
}

int command_top(const settings *s) {
    classify_model *model = model_open(s->model);
    if (!model)
        return END_MODEL;
    classify_model_info info = {.struct_size = sizeof info};
    classify_model_get_info(model, &info, NULL);
    uint32_t only = s->label ? model_find_label(model, s->label) : CLASSIFY_NONE;
    bool good = !s->label || only != CLASSIFY_NONE, found = false;
    if (!good)
        say("the model has no label '%s'; 'classify info' lists its labels", s->label);
    for (uint32_t i = 0; good && i < info.covered_count; i++) {
        if (s->language && strcmp(s->language, classify_model_language(model, i)) != 0)
            continue;
        found = true;
        good = top(s, model, &info, only, i);
    }
    if (good && !found) {
        say("the model does not cover the language '%s'; 'classify info' lists its languages", s->language ? s->language : "");
        good = false;
    }
    classify_model_free(model);
    return good ? END_DONE : END_ERROR;
}
