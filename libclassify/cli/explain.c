/* explain.c - why a text got its label.
   May include: classify.h, input.h, model.h, escape.h, output.h, message.h.
   Must not know: records, threads. */
#include "commands.h"

#include "escape.h"
#include "input.h"
#include "message.h"
#include "model.h"
#include "output.h"

#include <stdlib.h>
#include <unistd.h>

/* One text with everything that is known about its score. */
typedef struct explanation {
    const char *name, *text;
    const classify_model *model;
    uint32_t labels, best, against; /* against: the runner-up; CLASSIFY_NONE in a model of one label */
    int32_t scale;
    size_t count;
    classify_span *spans;
    int64_t *contributions, *priors, *scores;
    classify_result result;
} explanation;

static uint32_t highest(const explanation *x, uint32_t but) {
    uint32_t best = CLASSIFY_NONE;
    for (uint32_t i = 0; i < x->labels; i++)
        if (i != but && (best == CLASSIFY_NONE || x->scores[i] > x->scores[best]))
            best = i;
    return best;
}

static bool explain(explanation *x, classify_scorer *scorer, size_t size) {
    classify_error error = {0};
    x->result = (classify_result){.struct_size = sizeof x->result};
    classify_explain(scorer, x->text, size, NULL, NULL, 0, &x->count, NULL, NULL, NULL, NULL);
    x->spans = memory_new(x->count + 1, sizeof *x->spans);
    x->contributions = memory_new((x->count + 1) * x->labels, sizeof *x->contributions);
    x->priors = memory_new(x->labels, sizeof *x->priors);
    x->scores = memory_new(x->labels, sizeof *x->scores);
    if (classify_explain(scorer, x->text, size, x->spans, x->contributions, x->count, &x->count, x->priors, x->scores,
                         &x->result, &error) != CLASSIFY_OK) {
        say_error(x->name, &error);
        return false;
    }
    x->best = x->result.best != CLASSIFY_NONE ? x->result.best : highest(x, CLASSIFY_NONE);
    x->against = highest(x, x->best);
    return true;
}

static void explanation_free(explanation *x) {
    free(x->spans);
    free(x->contributions);
    free(x->priors);
    free(x->scores);
}

/* The name of a span's feature as a C string; NULL for a word that is not known as a whole. */
static const char *feature_name(const explanation *x, const classify_span *span, buffer *store) {
    size_t needed = 0;
    if (span->feature == CLASSIFY_NONE)
        return NULL;
    store->size = 0;
    classify_model_feature(x->model, span->feature, NULL, 0, &needed, NULL);
    char *name = buffer_reserve(store, needed + 1);
    return classify_model_feature(x->model, span->feature, name, needed, &needed, NULL) == CLASSIFY_OK ? name : NULL;
}

/* ---- Text ---- */

#define WORD_WIDTH   26
#define NUMBER_WIDTH 12

static void right_aligned(buffer *out, const char *text, size_t size, size_t width) {
    size_t used = text_width(text, size);
    buffer_spaces(out, used + 1 < width ? width - used : 1);
    buffer_append(out, text, size);
}

static void integer_column(buffer *out, int64_t n) {
    buffer digits = {0};
    buffer_signed(&digits, n);
    right_aligned(out, digits.data, digits.size, NUMBER_WIDTH);
    buffer_free(&digits);
}

/* A row: what, then the integers of the best label and the runner-up, their difference, and that in nats with a bar. */
static void row(buffer *out, const explanation *x, const int64_t *values, bool colour) {
    int64_t difference = values[x->best];
    integer_column(out, values[x->best]);
    if (x->against != CLASSIFY_NONE) {
        difference -= values[x->against];
        integer_column(out, values[x->against]);
        integer_column(out, difference);
    }
    buffer nats = {0};
    buffer_ratio(&nats, difference, x->scale, 2);
    right_aligned(out, nats.data, nats.size, 9);
    buffer_free(&nats);
    int64_t bars = (difference < 0 ? -difference : difference) / x->scale;
    if (bars) {
        buffer_text(out, colour ? difference < 0 ? "  \033[31m" : "  \033[32m" : "  ");
        for (int64_t i = 0; i < bars && i < 20; i++)
            buffer_char(out, difference < 0 ? '-' : '+');
        buffer_text(out, colour ? "\033[0m" : "");
    }
    buffer_char(out, '\n');
}

static void padded(buffer *out, const char *text, size_t size, size_t width) {
    size_t start = out->size;
    append_tsv(out, text, size);
    size_t used = text_width(out->data + start, out->size - start);
    buffer_spaces(out, used < width ? width - used : 1);
}

static void span_cells(buffer *out, const explanation *x, const classify_span *span, buffer *store) {
    buffer place = {0}, words = {0};
    buffer_unsigned(&place, span->begin);
    buffer_char(&place, '-');
    buffer_unsigned(&place, span->end);
    padded(out, place.data, place.size, 14);
    size_t size = (size_t)(span->end - span->begin);
    append_utf8(&words, x->text + span->begin, size < 200 ? size : 200);
    padded(out, words.data ? words.data : "", words.size, WORD_WIDTH);
    const char *feature = feature_name(x, span, store);
    const char *shown = feature ? feature : span->known ? "(by its parts)" : "(not known)";
    padded(out, shown, strlen(shown), WORD_WIDTH);
    buffer_free(&place);
    buffer_free(&words);
}

static void write_summary(buffer *out, const explanation *x, bool colour) {
    const classify_result *r = &x->result;
    const char *label = r->label == CLASSIFY_NONE ? "unsure" : classify_model_label(x->model, r->label);
    const char *language = r->language == CLASSIFY_NONE ? NULL : classify_model_language(x->model, r->language);
    buffer_text(out, colour ? "\033[1m" : "");
    append_tsv(out, x->name, strlen(x->name));
    buffer_text(out, ": ");
    buffer_text(out, label);
    buffer_text(out, colour ? "\033[0m" : "");
    if (r->reason) {
        buffer_text(out, " (");
        buffer_text(out, classify_reason_name(r->reason));
        buffer_char(out, ')');
    }
    buffer_text(out, ", probability ");
    buffer_fixed(out, r->probability, 4);
    buffer_text(out, ", language ");
    buffer_text(out, language ? language : "-");
    buffer_text(out, ", evidence ");
    buffer_ratio(out, r->evidence, x->scale, 2);
    buffer_text(out, " nats; integers are nats times ");
    buffer_signed(out, x->scale);
    buffer_text(out, "\n\n");
}

static void write_text(buffer *out, const explanation *x, bool colour) {
    write_summary(out, x, colour);
    padded(out, "bytes", 5, 14);
    padded(out, "text", 4, WORD_WIDTH);
    padded(out, "feature", 7, WORD_WIDTH);
    const char *best = classify_model_label(x->model, x->best);
    right_aligned(out, best, strlen(best), NUMBER_WIDTH);
    if (x->against != CLASSIFY_NONE) {
        const char *against = classify_model_label(x->model, x->against);
        right_aligned(out, against, strlen(against), NUMBER_WIDTH);
        right_aligned(out, "difference", 10, NUMBER_WIDTH);
    }
    right_aligned(out, "nats", 4, 9);
    buffer_char(out, '\n');
    padded(out, "-", 1, 14 + WORD_WIDTH);
    padded(out, "(prior)", 7, WORD_WIDTH);
    row(out, x, x->priors, colour);
    int64_t *sums = memory_new(x->labels, sizeof *sums);
    memcpy(sums, x->priors, x->labels * sizeof *sums);
    buffer store = {0};
    for (size_t i = 0; i < x->count; i++) {
        const int64_t *values = x->contributions + i * x->labels;
        span_cells(out, x, &x->spans[i], &store);
        row(out, x, values, colour);
        for (uint32_t k = 0; k < x->labels; k++)
            sums[k] += values[k];
    }
    padded(out, "=", 1, 14 + WORD_WIDTH);
    padded(out, "(sum: the score)", 16, WORD_WIDTH);
    row(out, x, sums, colour);
    free(sums);
    buffer_free(&store);
}

/* ---- NDJSON ---- */

static void key(buffer *out, const char *name) {
    if (out->data[out->size - 1] != '{')
        buffer_char(out, ',');
    append_json(out, name, strlen(name));
    buffer_char(out, ':');
}

static void text_or_null(buffer *out, const char *name, const char *text) {
    key(out, name);
    if (text)
        append_json(out, text, strlen(text));
    else
        buffer_text(out, "null");
}

static void integers(buffer *out, const explanation *x, const char *name, const int64_t *values) {
    key(out, name);
    buffer_char(out, '{');
    for (uint32_t i = 0; i < x->labels; i++) {
        key(out, classify_model_label(x->model, i));
        buffer_signed(out, values[i]);
    }
    buffer_char(out, '}');
}

static void write_ndjson(buffer *out, const explanation *x) {
    const classify_result *r = &x->result;
    buffer_char(out, '{');
    text_or_null(out, "name", x->name);
    text_or_null(out, "label", r->label == CLASSIFY_NONE ? NULL : classify_model_label(x->model, r->label));
    key(out, "probability");
    buffer_fixed(out, r->probability, 6);
    text_or_null(out, "language", r->language == CLASSIFY_NONE ? NULL : classify_model_language(x->model, r->language));
    key(out, "evidence");
    buffer_ratio(out, r->evidence, x->scale, 2);
    text_or_null(out, "reason", r->reason ? classify_reason_name(r->reason) : NULL);
    text_or_null(out, "best", classify_model_label(x->model, x->best));
    text_or_null(out, "against", x->against == CLASSIFY_NONE ? NULL : classify_model_label(x->model, x->against));
    key(out, "scale");
    buffer_signed(out, x->scale);
    integers(out, x, "priors", x->priors);
    integers(out, x, "scores", x->scores);
    key(out, "features");
    buffer_char(out, '[');
    static const char *const kinds[] = {"word", "marker", "pair"};
    buffer store = {0};
    for (size_t i = 0; i < x->count; i++) {
        const classify_span *span = &x->spans[i];
        buffer_text(out, i ? ",{" : "{");
        key(out, "begin");
        buffer_unsigned(out, span->begin);
        key(out, "end");
        buffer_unsigned(out, span->end);
        key(out, "text");
        append_json(out, x->text + span->begin, (size_t)(span->end - span->begin));
        text_or_null(out, "kind", span->kind < 3 ? kinds[span->kind] : NULL);
        text_or_null(out, "feature", feature_name(x, span, &store));
        key(out, "known");
        buffer_text(out, span->known ? "true" : "false");
        integers(out, x, "weights", x->contributions + i * x->labels);
        buffer_char(out, '}');
    }
    buffer_free(&store);
    buffer_text(out, "]}\n");
}

/* ---- The command ---- */

static bool explain_file(explanation *x, classify_scorer *scorer, const settings *s, bool first) {
    buffer text = {0}, out = {0};
    bool good = input_file(x->name, s->encoding, &text);
    if (good) {
        x->text = text.data ? text.data : "";
        good = explain(x, scorer, text.size);
        if (good && s->format == FORMAT_NDJSON) {
            write_ndjson(&out, x);
        } else if (good) {
            buffer_text(&out, first ? "" : "\n");
            write_text(&out, x, output_colour(STDOUT_FILENO));
        }
        explanation_free(x);
    }
    good = output_write(out.data, out.size) && good;
    buffer_free(&text);
    buffer_free(&out);
    return good;
}

int command_explain(const settings *s) {
    classify_model *model = model_open(s->model);
    if (!model)
        return END_MODEL;
    classify_scorer *scorer = model_scorer(model, s->language, "cannot explain");
    bool good = scorer != NULL;
    classify_model_info info = {.struct_size = sizeof info};
    classify_model_get_info(model, &info, NULL);
    int count = s->operand_count ? s->operand_count : 1;
    for (int i = 0; scorer && i < count; i++) {
        explanation x = {.name = s->operand_count ? s->operands[i] : "-",
                         .model = model,
                         .labels = info.label_count,
                         .scale = info.weight_scale};
        good = explain_file(&x, scorer, s, i == 0) && good;
    }
    classify_scorer_free(scorer);
    classify_model_free(model);
    return good ? END_DONE : END_ERROR;
}
