/* passages.c - a text with its passages marked.
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

/* One text and what was found in it. */
typedef struct marked_text {
    const char *name, *text;
    size_t size;
    const classify_model *model;
    classify_result result;
    classify_passage *passages;
    size_t count;
} marked_text;

static bool find(marked_text *t, classify_scorer *scorer) {
    classify_error error = {0};
    size_t room;
    int32_t status;
    t->count = 64;
    do {
        room = t->count;
        t->passages = memory_resize(t->passages, room, sizeof *t->passages);
        t->result = (classify_result){.struct_size = sizeof t->result};
        status =
            classify_passages(scorer, t->text, t->size, NULL, t->passages, room, &t->count, &t->result, NULL, NULL, &error);
    } while (status == CLASSIFY_ERROR_CAPACITY);
    if (status != CLASSIFY_OK)
        say_error(t->name, &error);
    return status == CLASSIFY_OK;
}

/* A label's colour, by its number. */
static const char *colour_of(uint32_t label) {
    static const char *const colours[] = {"\033[1;34m", "\033[1;32m", "\033[1;36m", "\033[1;31m", "\033[1;35m", "\033[1;33m"};
    return colours[label % (sizeof colours / sizeof *colours)];
}

/* The text as it is, but that nothing in it can drive a terminal. */
static void append_harmless(buffer *out, const char *text, size_t size) {
    size_t start = out->size;
    append_utf8(out, text, size);
    for (size_t i = start; i < out->size; i++) {
        unsigned char *c = (unsigned char *)&out->data[i];
        bool second = *c == 0xC2 && i + 1 < out->size && (unsigned char)out->data[i + 1] < 0xA0; /* U+0080 .. U+009F */
        if ((*c < ' ' && *c != '\n' && *c != '\t') || *c == 0x7F || second)
            *c = '?';
        if (second)
            out->data[i + 1] = '?';
    }
}

static void write_summary(buffer *out, const marked_text *t, bool colour) {
    const classify_result *r = &t->result;
    const char *label = r->label == CLASSIFY_NONE ? "unsure" : classify_model_label(t->model, r->label);
    buffer_text(out, colour ? "\033[1m" : "");
    append_tsv(out, t->name, strlen(t->name));
    buffer_text(out, ": ");
    append_tsv(out, label, strlen(label));
    buffer_text(out, colour ? "\033[0m" : "");
    buffer_text(out, ", probability ");
    buffer_fixed(out, r->probability, 4);
    buffer_text(out, ", passages ");
    buffer_unsigned(out, t->count);
    buffer_text(out, "\n\n");
}

static void write_text(buffer *out, const marked_text *t, bool colour) {
    size_t at = 0;
    for (size_t i = 0; i < t->count; i++) {
        const classify_passage *p = &t->passages[i];
        const char *label = classify_model_label(t->model, p->label);
        append_harmless(out, t->text + at, (size_t)p->begin - at);
        buffer_text(out, colour ? colour_of(p->label) : "");
        buffer_text(out, "[[");
        append_tsv(out, label, strlen(label));
        buffer_text(out, ": ");
        append_harmless(out, t->text + p->begin, (size_t)(p->end - p->begin));
        buffer_text(out, colour ? "]]\033[0m" : "]]");
        at = (size_t)p->end;
    }
    append_harmless(out, t->text + at, t->size - at);
    if (!t->size || t->text[t->size - 1] != '\n')
        buffer_char(out, '\n');
}

static bool mark_file(marked_text *t, classify_scorer *scorer, const settings *s, bool first) {
    buffer text = {0}, out = {0};
    bool good = input_file(t->name, s->encoding, &text);
    if (good) {
        t->text = text.data ? text.data : "";
        t->size = text.size;
        good = find(t, scorer);
    }
    if (good) {
        bool colour = output_colour(STDOUT_FILENO);
        buffer_text(&out, first ? "" : "\n");
        write_summary(&out, t, colour);
        write_text(&out, t, colour);
    }
    free(t->passages);
    good = output_write(out.data, out.size) && good;
    buffer_free(&text);
    buffer_free(&out);
    return good;
}

int command_passages(const settings *s) {
    classify_model *model = model_open(s->model);
    if (!model)
        return END_MODEL;
    classify_scorer *scorer = model_scorer(model, s->language, "cannot look for passages");
    bool good = scorer != NULL;
    int count = s->operand_count ? s->operand_count : 1;
    for (int i = 0; scorer && i < count; i++) {
        marked_text t = {.name = s->operand_count ? s->operands[i] : "-", .model = model};
        good = mark_file(&t, scorer, s, i == 0) && good;
    }
    classify_scorer_free(scorer);
    classify_model_free(model);
    return good ? END_DONE : END_ERROR;
}
