/* answer.c - writes answers as TSV, NDJSON and CSV.
   May include: answer.h, escape.h, json.h, buffer.h, classify.h.
   Must not know: where records come from, threads. */
#include "answer.h"

#include "escape.h"
#include "json.h"

#include <stdlib.h>

#define TSV_DECIMALS  4
#define JSON_DECIMALS 6

void answer_style_init(answer_style *style, const settings *s, const classify_model *model) {
    classify_model_info info = {.struct_size = sizeof info};
    classify_model_get_info(model, &info, NULL);
    *style = (answer_style){.model = model,
                            .format = s->format,
                            .input = s->input,
                            .delimiter = s->delimiter,
                            .label_count = info.label_count,
                            .scale = info.weight_scale,
                            .names = s->operand_count > 1,
                            .passages = s->passages};
    if (style->format == FORMAT_AUTO)
        style->format = s->input == INPUT_NDJSON ? FORMAT_NDJSON : s->input == INPUT_CSV ? FORMAT_CSV : FORMAT_TSV;
    style->json_names = memory_new(info.label_count, sizeof *style->json_names);
    style->csv_names = memory_new(info.label_count, sizeof *style->csv_names);
    for (uint32_t i = 0; i < info.label_count; i++) {
        const char *label = classify_model_label(model, i);
        buffer json = {0}, csv = {0};
        append_json(&json, label, strlen(label));
        buffer_append(&json, ":", 2);
        append_csv(&csv, label, strlen(label), style->delimiter);
        buffer_append(&csv, "", 1);
        style->json_names[i] = json.data;
        style->csv_names[i] = csv.data;
    }
}

void answer_style_free(answer_style *style) {
    for (uint32_t i = 0; i < style->label_count; i++) {
        free((void *)(uintptr_t)style->json_names[i]);
        free((void *)(uintptr_t)style->csv_names[i]);
    }
    free(style->json_names);
    free(style->csv_names);
}

bool answer_wanted(const answer_style *style, const answer_subject *subject, const classify_result *result) {
    if (!style->only)
        return true;
    return !subject->error && style->only[result->label == CLASSIFY_NONE ? style->label_count : result->label];
}

static const char *language_of(const answer_style *style, const classify_result *result) {
    return result->language == CLASSIFY_NONE ? NULL : classify_model_language(style->model, result->language);
}

/* ---- TSV ---- */

/* What stands for the record in TSV and CSV: a string id as the text it is. `store` may hold it. */
static const char *shown(const answer_style *style, const answer_subject *subject, buffer *store, size_t *size) {
    if (style->input != INPUT_NDJSON) {
        *size = subject->text_size;
        return subject->text;
    }
    if (!subject->id)
        buffer_text(store, style->format == FORMAT_TSV ? "-" : "");
    else if (subject->id[0] == '"')
        json_decode(store, subject->id, subject->id_size);
    else
        buffer_append(store, subject->id, subject->id_size);
    *size = store->size;
    return store->data ? store->data : "";
}

/* Text of strangers is repaired before it is shown; names of files stay as they are, so that they still name the file. */
static void tsv_subject(buffer *out, const answer_style *style, const answer_subject *subject, bool valid) {
    buffer store = {0}, repaired = {0};
    size_t size;
    const char *text = shown(style, subject, &store, &size);
    if (style->input != INPUT_AUTO && !valid) {
        append_utf8(&repaired, text, size);
        text = repaired.data ? repaired.data : "";
        size = repaired.size;
    }
    append_tsv(out, text, size);
    buffer_free(&store);
    buffer_free(&repaired);
}

/* Indented under the line of their text: label, probability, first byte, byte behind the last. */
static void tsv_passages(buffer *out, const answer_style *style, const answer_subject *subject) {
    for (size_t i = 0; i < subject->passage_count; i++) {
        const classify_passage *p = &subject->passages[i];
        const char *label = classify_model_label(style->model, p->label);
        buffer_char(out, '\t');
        append_tsv(out, label, strlen(label));
        buffer_char(out, '\t');
        buffer_fixed(out, p->probability, TSV_DECIMALS);
        buffer_char(out, '\t');
        buffer_unsigned(out, p->begin);
        buffer_char(out, '\t');
        buffer_unsigned(out, p->end);
        buffer_char(out, '\n');
    }
}

static void write_tsv(buffer *out, const answer_style *style, const answer_subject *subject, const classify_result *result) {
    if (subject->error) {
        buffer_text(out, "error\t-\t-\t");
        buffer_text(out, style->input == INPUT_CSV ? "row " : "line ");
        buffer_unsigned(out, subject->line);
        buffer_text(out, ": ");
        buffer_text(out, subject->error);
        buffer_char(out, '\n');
        return;
    }
    const char *label = result->label == CLASSIFY_NONE ? "unsure" : classify_model_label(style->model, result->label);
    const char *language = language_of(style, result);
    append_tsv(out, label, strlen(label));
    buffer_char(out, '\t');
    buffer_fixed(out, result->probability, TSV_DECIMALS);
    buffer_char(out, '\t');
    buffer_text(out, language ? language : "-");
    buffer_char(out, '\t');
    tsv_subject(out, style, subject, style->input != INPUT_NDJSON && !result->replaced);
    buffer_char(out, '\n');
    tsv_passages(out, style, subject);
}

/* ---- NDJSON ---- */

static void member(buffer *out, const char *name) {
    if (out->data[out->size - 1] != '{')
        buffer_char(out, ',');
    buffer_char(out, '"');
    buffer_text(out, name);
    buffer_append(out, "\":", 2);
}

static void text_member(buffer *out, const char *name, const char *value) {
    member(out, name);
    if (value)
        append_json(out, value, strlen(value));
    else
        buffer_text(out, "null");
}

static void passage_list(buffer *out, const answer_style *style, const answer_subject *subject) {
    buffer_char(out, '[');
    for (size_t i = 0; i < subject->passage_count; i++) {
        const classify_passage *p = &subject->passages[i];
        buffer_text(out, i ? ",{" : "{");
        member(out, "begin");
        buffer_unsigned(out, p->begin);
        member(out, "end");
        buffer_unsigned(out, p->end);
        text_member(out, "label", classify_model_label(style->model, p->label));
        member(out, "score");
        buffer_ratio(out, p->score, style->scale, 2);
        member(out, "probability");
        buffer_fixed(out, p->probability, JSON_DECIMALS);
        buffer_char(out, '}');
    }
    buffer_char(out, ']');
}

static void subject_members(buffer *out, const answer_style *style, const answer_subject *subject) {
    if (subject->id) {
        member(out, "id");
        append_utf8(out, subject->id, subject->id_size);
    }
    if (style->input == INPUT_AUTO || style->names)
        text_member(out, "name", subject->name);
    if (style->input == INPUT_LINES || style->input == INPUT_CSV) {
        member(out, style->input == INPUT_CSV ? "row" : "line");
        buffer_unsigned(out, subject->line);
    }
}

static void write_ndjson(buffer *out, const answer_style *style, const answer_subject *subject, const classify_result *result,
                         const double *probabilities) {
    buffer_char(out, '{');
    subject_members(out, style, subject);
    if (subject->error) {
        text_member(out, "error", subject->error);
        if (style->input == INPUT_NDJSON) {
            member(out, "line");
            buffer_unsigned(out, subject->line);
        }
        buffer_append(out, "}\n", 2);
        return;
    }
    member(out, "label");
    if (result->label == CLASSIFY_NONE) {
        buffer_text(out, "null");
    } else {
        const char *name = style->json_names[result->label];
        buffer_append(out, name, strlen(name) - 1);
    }
    member(out, "probability");
    buffer_fixed(out, result->probability, JSON_DECIMALS);
    member(out, "probabilities");
    for (uint32_t i = 0; i < style->label_count; i++) {
        buffer_char(out, i ? ',' : '{');
        buffer_text(out, style->json_names[i]);
        buffer_fixed(out, probabilities[i], JSON_DECIMALS);
    }
    buffer_text(out, style->label_count ? "}" : "{}");
    text_member(out, "language", language_of(style, result));
    member(out, "evidence");
    buffer_ratio(out, result->evidence, style->scale, 2);
    text_member(out, "reason", result->reason ? classify_reason_name(result->reason) : NULL);
    if (result->replaced) {
        member(out, "replaced");
        buffer_unsigned(out, result->replaced);
    }
    if (style->passages) {
        member(out, "passages");
        passage_list(out, style, subject);
    }
    buffer_append(out, "}\n", 2);
}

/* ---- CSV ---- */

static const char *const answer_columns[] = {"label", "probability", "language", "evidence", "reason", "error"};

void answer_header(buffer *out, const answer_style *style, const char *header) {
    if (header)
        buffer_text(out, header);
    else
        buffer_text(out, style->input == INPUT_NDJSON ? "id" : style->input == INPUT_AUTO ? "name" : "text");
    for (size_t i = 0; i < sizeof answer_columns / sizeof *answer_columns; i++) {
        buffer_char(out, style->delimiter);
        buffer_text(out, answer_columns[i]);
    }
    if (style->passages) {
        buffer_char(out, style->delimiter);
        buffer_text(out, "passages");
    }
    buffer_char(out, '\n');
}

static void csv_subject(buffer *out, const answer_style *style, const answer_subject *subject) {
    if (!subject->row) {
        buffer store = {0};
        size_t size;
        const char *text = shown(style, subject, &store, &size);
        append_csv(out, text, size, style->delimiter);
        buffer_free(&store);
        return;
    }
    /* A row of another length than the header's is cut or filled up: the answers stay in their columns. */
    for (size_t i = 0; i < subject->columns; i++) {
        if (i)
            buffer_char(out, style->delimiter);
        if (i >= subject->row->count)
            continue;
        size_t size;
        const char *field = csv_field(subject->rows, subject->row->first + i, &size);
        append_csv(out, field, size, style->delimiter);
    }
}

/* The list of NDJSON in one field. */
static void csv_passages(buffer *out, const answer_style *style, const answer_subject *subject) {
    buffer list = {0};
    buffer_char(out, style->delimiter);
    if (!subject->error) {
        passage_list(&list, style, subject);
        append_csv(out, list.data, list.size, style->delimiter);
    }
    buffer_free(&list);
}

static void write_csv(buffer *out, const answer_style *style, const answer_subject *subject, const classify_result *result) {
    char delimiter = style->delimiter;
    csv_subject(out, style, subject);
    buffer_char(out, delimiter);
    if (!subject->error) {
        buffer_text(out, result->label == CLASSIFY_NONE ? "unsure" : style->csv_names[result->label]);
        buffer_char(out, delimiter);
        buffer_fixed(out, result->probability, JSON_DECIMALS);
        buffer_char(out, delimiter);
        const char *language = language_of(style, result);
        buffer_text(out, language ? language : "");
        buffer_char(out, delimiter);
        buffer_ratio(out, result->evidence, style->scale, 2);
        buffer_char(out, delimiter);
        buffer_text(out, result->reason ? classify_reason_name(result->reason) : "");
        buffer_char(out, delimiter);
    } else {
        memset(buffer_reserve(out, 5), delimiter, 5);
        out->size += 5;
        append_csv(out, subject->error, strlen(subject->error), delimiter);
    }
    if (style->passages)
        csv_passages(out, style, subject);
    buffer_char(out, '\n');
}

void answer_write(buffer *out, const answer_style *style, const answer_subject *subject, const classify_result *result,
                  const double *probabilities) {
    switch (style->format) {
    case FORMAT_NDJSON: write_ndjson(out, style, subject, result, probabilities); break;
    case FORMAT_CSV: write_csv(out, style, subject, result); break;
    default: write_tsv(out, style, subject, result);
    }
}
