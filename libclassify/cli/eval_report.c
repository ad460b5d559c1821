/* eval_report.c - confusion matrix, recall, precision, F1 and calibration, for people and for programs.
   May include: evaluation.h, escape.h, buffer.h.
   Must not know: sources, options. */
#include "evaluation.h"

#include "escape.h"

#include <math.h>
#include <stdbool.h>

typedef struct rates {
    uint64_t texts; /* of this true label */
    double recall, precision, f1;
} rates;

static double part(double a, double b) { return b > 0 ? a / b : 0; }

static rates rates_of(const evaluation *e, const evaluation_table *t, size_t label) {
    uint64_t row = 0, column = 0, hits = label < e->answers ? *evaluation_cell(e, t, label, (uint32_t)label) : 0;
    for (uint32_t i = 0; i <= e->answers; i++)
        row += *evaluation_cell(e, t, label, i);
    for (size_t i = 0; i < e->label_count && label < e->answers; i++)
        column += *evaluation_cell(e, t, i, (uint32_t)label);
    rates r = {.texts = row, .recall = part((double)hits, (double)row), .precision = part((double)hits, (double)column)};
    r.f1 = part(2 * r.recall * r.precision, r.recall + r.precision);
    return r;
}

/* Means over the labels that the model has and the texts show. */
static rates macro_of(const evaluation *e, const evaluation_table *t) {
    rates sum = {0};
    double n = 0;
    for (size_t i = 0; i < e->answers; i++) {
        rates r = rates_of(e, t, i);
        if (!r.texts)
            continue;
        sum.texts += r.texts;
        sum.recall += r.recall;
        sum.precision += r.precision;
        sum.f1 += r.f1;
        n++;
    }
    return (rates){sum.texts, part(sum.recall, n), part(sum.precision, n), part(sum.f1, n)};
}

static double accuracy_of(const evaluation *e, const evaluation_table *t) {
    uint64_t hits = 0;
    for (uint32_t i = 0; i < e->answers; i++)
        hits += *evaluation_cell(e, t, i, i);
    return part((double)hits, (double)t->texts);
}

static double unsure_of(const evaluation *e, const evaluation_table *t) {
    uint64_t unsure = 0;
    for (size_t i = 0; i < e->label_count; i++)
        unsure += *evaluation_cell(e, t, i, e->answers);
    return part((double)unsure, (double)t->texts);
}

static double calibration_of(const evaluation *e, uint64_t *texts) {
    double gap = 0;
    *texts = 0;
    for (int i = 0; i < EVALUATION_BINS; i++) {
        gap += fabs(e->bins[i].said - (double)e->bins[i].right);
        *texts += e->bins[i].texts;
    }
    return part(gap, (double)*texts);
}

/* ---- Text ---- */

#define NUMBER_WIDTH 11

/* Right-aligns what was appended after `start`. */
static void align_right(buffer *out, size_t start, size_t width) {
    size_t used = text_width(out->data + start, out->size - start), length = out->size - start;
    size_t shift = used + 2 <= width ? width - used : 2;
    buffer_spaces(out, shift);
    memmove(out->data + start + shift, out->data + start, length);
    memset(out->data + start, ' ', shift);
}

static void right_text(buffer *out, const char *text) {
    size_t start = out->size;
    buffer_text(out, text);
    align_right(out, start, NUMBER_WIDTH);
}

static void right_count(buffer *out, uint64_t n) {
    size_t start = out->size;
    buffer_grouped(out, n);
    align_right(out, start, NUMBER_WIDTH);
}

static void right_rate(buffer *out, double value, bool known) {
    size_t start = out->size;
    if (known)
        buffer_fixed(out, value, 3);
    else
        buffer_char(out, '-');
    align_right(out, start, NUMBER_WIDTH);
}

static void left_text(buffer *out, const char *text, size_t width) {
    size_t used = text_width(text, strlen(text));
    buffer_text(out, text);
    buffer_spaces(out, used < width ? width - used : 1);
}

static size_t name_width(const evaluation *e) {
    size_t width = 9;
    for (size_t i = 0; i < e->label_count; i++) {
        size_t w = text_width(e->labels[i], strlen(e->labels[i])) + 2;
        width = w > width ? w : width;
    }
    return width;
}

static void write_matrix(buffer *out, const evaluation *e, size_t width) {
    buffer_text(out, "\nanswers (columns) to texts of each label (rows)\n\n");
    buffer_spaces(out, width);
    for (size_t i = 0; i < e->answers; i++)
        right_text(out, e->labels[i]);
    right_text(out, "unsure");
    buffer_char(out, '\n');
    for (size_t i = 0; i < e->label_count; i++) {
        left_text(out, e->labels[i], width);
        for (uint32_t k = 0; k <= e->answers; k++)
            right_count(out, *evaluation_cell(e, &e->all, i, k));
        buffer_char(out, '\n');
    }
}

static void write_rates(buffer *out, const char *name, size_t width, const rates *r, bool known) {
    left_text(out, name, width);
    right_count(out, r->texts);
    right_rate(out, r->recall, known);
    right_rate(out, r->precision, known);
    right_rate(out, r->f1, known);
    buffer_char(out, '\n');
}

static void write_labels(buffer *out, const evaluation *e, size_t width) {
    buffer_char(out, '\n');
    buffer_spaces(out, width);
    static const char *const heads[] = {"texts", "recall", "precision", "F1"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        right_text(out, heads[i]);
    buffer_char(out, '\n');
    for (size_t i = 0; i < e->answers; i++) {
        rates r = rates_of(e, &e->all, i);
        write_rates(out, e->labels[i], width, &r, r.texts > 0);
    }
    rates macro = macro_of(e, &e->all);
    write_rates(out, "mean", width, &macro, macro.texts > 0);
}

static void write_languages(buffer *out, const evaluation *e, size_t width) {
    buffer_char(out, '\n');
    left_text(out, "language", width);
    static const char *const heads[] = {"texts", "recall", "F1", "accuracy", "unsure", "recognised"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        right_text(out, heads[i]);
    buffer_char(out, '\n');
    for (size_t i = 0; i < e->language_count; i++) {
        const evaluation_table *t = &e->languages[i];
        rates macro = macro_of(e, t);
        left_text(out, t->language, width);
        right_count(out, t->texts);
        right_rate(out, macro.recall, macro.texts > 0);
        right_rate(out, macro.f1, macro.texts > 0);
        right_rate(out, accuracy_of(e, t), true);
        right_rate(out, unsure_of(e, t), true);
        right_rate(out, part((double)t->language_right, (double)t->texts), strcmp(t->language, "-") != 0);
        buffer_char(out, '\n');
    }
}

static void write_calibration(buffer *out, const evaluation *e) {
    uint64_t texts;
    double error = calibration_of(e, &texts);
    buffer_text(out, "\ncalibration error ");
    buffer_fixed(out, error, 4);
    buffer_text(out, " over ");
    buffer_grouped(out, texts);
    buffer_text(out, " answers\n\nprobability    answers       said      right\n");
    for (int i = 0; i < EVALUATION_BINS; i++) {
        const evaluation_bin *bin = &e->bins[i];
        if (!bin->texts)
            continue;
        double said = part(bin->said, (double)bin->texts), right = part((double)bin->right, (double)bin->texts);
        buffer_fixed(out, (double)i / EVALUATION_BINS, 1);
        buffer_text(out, " - ");
        buffer_fixed(out, (double)(i + 1) / EVALUATION_BINS, 1);
        buffer_text(out, "  ");
        right_count(out, bin->texts);
        right_rate(out, said, true);
        right_rate(out, right, true);
        buffer_text(out, "  ");
        for (int k = 0; k < (int)(right * 20 + 0.5); k++)
            buffer_char(out, '#');
        buffer_char(out, '\n');
    }
}

void evaluation_write_text(buffer *out, const evaluation *e) {
    size_t width = name_width(e);
    buffer_grouped(out, e->all.texts);
    buffer_text(out, e->all.texts == 1 ? " text: accuracy " : " texts: accuracy ");
    buffer_fixed(out, accuracy_of(e, &e->all), 3);
    buffer_text(out, ", mean recall ");
    buffer_fixed(out, macro_of(e, &e->all).recall, 3);
    buffer_text(out, ", mean F1 ");
    buffer_fixed(out, macro_of(e, &e->all).f1, 3);
    buffer_text(out, ", unsure ");
    buffer_fixed(out, unsure_of(e, &e->all), 3);
    buffer_char(out, '\n');
    write_matrix(out, e, width);
    write_labels(out, e, width);
    write_languages(out, e, width);
    write_calibration(out, e);
}

/* ---- NDJSON: one object ---- */

static void name(buffer *out, const char *key) {
    char last = out->data[out->size - 1];
    if (last != '{' && last != '[')
        buffer_char(out, ',');
    append_json(out, key, strlen(key));
    buffer_char(out, ':');
}

static void count_member(buffer *out, const char *key, uint64_t n) {
    name(out, key);
    buffer_unsigned(out, n);
}

static void rate_member(buffer *out, const char *key, double value) {
    name(out, key);
    buffer_fixed(out, value, 6);
}

static void rates_members(buffer *out, const rates *r) {
    rate_member(out, "recall", r->recall);
    rate_member(out, "precision", r->precision);
    rate_member(out, "f1", r->f1);
}

static void table_members(buffer *out, const evaluation *e, const evaluation_table *t) {
    rates macro = macro_of(e, t);
    count_member(out, "texts", t->texts);
    rate_member(out, "accuracy", accuracy_of(e, t));
    rate_member(out, "unsure", unsure_of(e, t));
    name(out, "macro");
    buffer_char(out, '{');
    rates_members(out, &macro);
    buffer_char(out, '}');
    name(out, "labels");
    buffer_char(out, '{');
    for (size_t i = 0; i < e->label_count; i++) {
        rates r = rates_of(e, t, i);
        name(out, e->labels[i]);
        buffer_char(out, '{');
        count_member(out, "texts", r.texts);
        if (i < e->answers)
            rates_members(out, &r);
        name(out, "answers");
        buffer_char(out, '{');
        for (uint32_t k = 0; k <= e->answers; k++)
            count_member(out, k < e->answers ? e->labels[k] : "unsure", *evaluation_cell(e, t, i, k));
        buffer_text(out, "}}");
    }
    buffer_char(out, '}');
}

void evaluation_write_ndjson(buffer *out, const evaluation *e) {
    uint64_t texts;
    double error = calibration_of(e, &texts);
    buffer_char(out, '{');
    table_members(out, e, &e->all);
    name(out, "languages");
    buffer_char(out, '{');
    for (size_t i = 0; i < e->language_count; i++) {
        const evaluation_table *t = &e->languages[i];
        name(out, t->language);
        buffer_char(out, '{');
        table_members(out, e, t);
        rate_member(out, "recognised", part((double)t->language_right, (double)t->texts));
        buffer_char(out, '}');
    }
    buffer_char(out, '}');
    rate_member(out, "calibration_error", error);
    count_member(out, "answered", texts);
    name(out, "reliability");
    buffer_char(out, '[');
    for (int i = 0; i < EVALUATION_BINS; i++) {
        const evaluation_bin *bin = &e->bins[i];
        if (i)
            buffer_char(out, ',');
        buffer_char(out, '{');
        rate_member(out, "from", (double)i / EVALUATION_BINS);
        count_member(out, "answers", bin->texts);
        rate_member(out, "said", part(bin->said, (double)bin->texts));
        rate_member(out, "right", part((double)bin->right, (double)bin->texts));
        buffer_char(out, '}');
    }
    buffer_text(out, "]}\n");
}
