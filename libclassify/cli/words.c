/* words.c - stem and tokens: the front half of the library by itself.
   May include: classify.h, records.h, model.h, escape.h, output.h, message.h.
   Must not know: models, but for detecting a language. */
#define _POSIX_C_SOURCE 200809L
#include "commands.h"

#include "escape.h"
#include "message.h"
#include "model.h"
#include "output.h"
#include "records.h"

#include <unistd.h>

static classify_analyzer *new_analyzer(const char *language) {
    classify_analyzer *analyzer = NULL;
    classify_error error = {0};
    if (classify_analyzer_new(&analyzer, language, NULL, &error) != CLASSIFY_OK)
        say_error(language, &error);
    return analyzer;
}

/* ---- stem ---- */

static bool stem_line(classify_analyzer *analyzer, const char *line, size_t size, buffer *out) {
    classify_error error = {0};
    size_t room = size + 64, needed = 0;
    int32_t status;
    do {
        char *stem = buffer_reserve(out, room + 1);
        status = classify_analyzer_stem(analyzer, line, size, stem, room, &needed, &error);
        room = needed;
    } while (status == CLASSIFY_ERROR_CAPACITY);
    if (status != CLASSIFY_OK) {
        say_error("cannot stem", &error);
        return false;
    }
    out->size += needed - 1;
    buffer_char(out, '\n');
    return true;
}

static bool stem_batch(classify_analyzer *analyzer, batch *b) {
    const char *at = b->input.data, *end = at + b->input.size;
    b->output.size = 0;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
        if (!stem_line(analyzer, at, (size_t)(stop - at), &b->output))
            return false;
        at = newline ? newline + 1 : end;
    }
    return output_write(b->output.data, b->output.size);
}

int command_stem(const settings *s) {
    classify_analyzer *analyzer = new_analyzer(s->language);
    if (!analyzer)
        return END_ERROR;
    settings lines = *s;
    lines.input = INPUT_LINES;
    records r;
    batch b = {0};
    bool good = true;
    records_start(&r, &lines, 1, s->line_buffered || isatty(STDOUT_FILENO));
    while (good && records_next(&r, &b))
        good = stem_batch(analyzer, &b);
    good = good && !r.failed;
    records_end(&r);
    batch_free(&b);
    classify_analyzer_free(analyzer);
    return good ? END_DONE : END_ERROR;
}

/* ---- tokens ---- */

static void write_token(buffer *out, const classify_token *t, const char *strings, const char *name, bool json) {
    const char *folded = strings + t->folded, *stem = strings + t->stem;
    const char *kind = t->kind == CLASSIFY_SPAN_WORD ? "word" : "marker";
    if (!json) {
        if (t->flags & 1)
            buffer_char(out, '\n');
        buffer_unsigned(out, t->begin);
        buffer_char(out, '\t');
        buffer_unsigned(out, t->end);
        buffer_char(out, '\t');
        append_tsv(out, folded, strlen(folded));
        buffer_char(out, '\t');
        append_tsv(out, stem, strlen(stem));
        buffer_char(out, '\t');
        buffer_text(out, kind);
        buffer_char(out, '\n');
        return;
    }
    buffer_text(out, "{\"name\":");
    append_json(out, name, strlen(name));
    buffer_text(out, ",\"begin\":");
    buffer_unsigned(out, t->begin);
    buffer_text(out, ",\"end\":");
    buffer_unsigned(out, t->end);
    buffer_text(out, ",\"token\":");
    append_json(out, folded, strlen(folded));
    buffer_text(out, ",\"stem\":");
    append_json(out, stem, strlen(stem));
    buffer_text(out, ",\"kind\":\"");
    buffer_text(out, kind);
    buffer_text(out, t->flags & 1 ? "\",\"sentence\":true}\n" : "\",\"sentence\":false}\n");
}

static const char *detect(classify_model **model, const char *text, size_t size) {
    classify_scorer *scorer = NULL;
    classify_error error = {0};
    classify_result result = {.struct_size = sizeof result};
    if (!*model && !(*model = model_open(NULL)))
        return NULL;
    if (classify_scorer_new(&scorer, *model, NULL, &error) != CLASSIFY_OK)
        give_up(error.message);
    classify_score(scorer, text, size, &result, NULL, NULL, &error);
    classify_scorer_free(scorer);
    const char *language = result.language == CLASSIFY_NONE ? NULL : classify_model_language(*model, result.language);
    return language ? language : "en"; /* of a text without a language, the words are still shown */
}

static bool tokens_of(const char *name, const buffer *text, const char *language, bool json) {
    const char *bytes = text->data ? text->data : "", *strings;
    const classify_token *tokens;
    size_t count = 0;
    classify_error error = {0};
    classify_analyzer *analyzer = new_analyzer(language);
    if (!analyzer)
        return false;
    bool good = classify_analyzer_tokens(analyzer, bytes, text->size, &tokens, &count, &strings, &error) == CLASSIFY_OK;
    if (!good)
        say_error(name, &error);
    buffer out = {0};
    for (size_t i = 0; good && i < count; i++) {
        write_token(&out, &tokens[i], strings, name, json);
        if (out.size >= BATCH_BYTES || i + 1 == count) {
            good = output_write(out.data, out.size);
            out.size = 0;
        }
    }
    buffer_free(&out);
    classify_analyzer_free(analyzer);
    return good;
}

int command_tokens(const settings *s) {
    int count = s->operand_count ? s->operand_count : 1, end = END_DONE;
    classify_model *model = NULL;
    for (int i = 0; i < count && end != END_MODEL; i++) {
        const char *name = s->operand_count ? s->operands[i] : "-";
        buffer text = {0};
        const char *language = s->language;
        if (!input_file(name, s->encoding, &text))
            end = END_ERROR;
        else if (!language && !(language = detect(&model, text.data ? text.data : "", text.size)))
            end = END_MODEL;
        else if (!tokens_of(name, &text, language, s->format == FORMAT_NDJSON))
            end = END_ERROR;
        buffer_free(&text);
    }
    classify_model_free(model);
    return end;
}
