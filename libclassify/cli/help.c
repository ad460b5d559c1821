/* help.c - help for people, from the tables.
   May include: help.h, options.h, buffer.h.
   Must not know: parsing, what the commands do. */
#include "help.h"

#include <string.h>

#define WIDTH          80
#define OPTION_COLUMN  27
#define EXAMPLE_COLUMN 49

/* Appends text with its words wrapped at WIDTH and each further line indented; `at` is the column it begins in. A blank line in
   the text is a paragraph. */
static void wrap(buffer *out, const char *text, size_t at, size_t indent) {
    bool first = true;
    while (*text) {
        if (text[0] == '\n' && text[1] == '\n') {
            buffer_text(out, "\n\n");
            buffer_spaces(out, indent);
            at = indent;
            text += 2;
            first = true;
            continue;
        }
        size_t length = strcspn(text, " \n");
        if (!first && at + 1 + length > WIDTH) {
            buffer_char(out, '\n');
            buffer_spaces(out, indent);
            at = indent;
        } else if (!first) {
            buffer_char(out, ' ');
            at++;
        }
        buffer_append(out, text, length);
        at += length;
        text += length;
        text += *text == ' ';
        first = false;
    }
    buffer_char(out, '\n');
}

static void option_line(buffer *out, const option_spec *o) {
    size_t start = out->size;
    buffer_text(out, "  ");
    if (o->letter) {
        buffer_append(out, (char[]){'-', o->letter}, 2);
        buffer_text(out, ", ");
    }
    buffer_text(out, "--");
    buffer_text(out, o->name);
    if (o->argument) {
        buffer_char(out, ' ');
        buffer_text(out, o->argument);
    }
    buffer_pad(out, start, OPTION_COLUMN);
    size_t at = out->size - start;
    wrap(out, o->help, at, OPTION_COLUMN);
}

static void option_lines(buffer *out, command c) {
    buffer_text(out, "\noptions:\n");
    for (size_t i = 0; i < option_count; i++)
        if (option_table[i].help && option_table[i].commands >> c & 1)
            option_line(out, &option_table[i]);
}

/* The remark beside the command line where both fit, else under it. */
static void example_lines(buffer *out, command c) {
    buffer_text(out, "\nexamples:\n");
    for (const remark *e = command_table[c].examples; e->what; e++) {
        size_t start = out->size;
        bool beside = strlen(e->what) + 4 <= EXAMPLE_COLUMN && EXAMPLE_COLUMN + strlen(e->says) <= WIDTH;
        buffer_text(out, "  ");
        buffer_text(out, e->what);
        if (!beside) {
            buffer_char(out, '\n');
            start = out->size;
        }
        buffer_pad(out, start, beside ? EXAMPLE_COLUMN : 6);
        buffer_text(out, e->says);
        buffer_char(out, '\n');
    }
}

/* Status 1 is for --only, which the plain command has. */
static void exit_lines(buffer *out, command c) {
    buffer text = {0};
    for (const remark *e = exit_statuses; e->what; e++) {
        if (c != COMMAND_LABEL && *e->what == '1')
            continue;
        buffer_text(&text, !text.size ? "exit status: " : "; ");
        buffer_text(&text, e->what);
        buffer_char(&text, ' ');
        buffer_text(&text, e->says);
    }
    buffer_char(&text, 0);
    buffer_char(out, '\n');
    wrap(out, text.data, 0, 0);
    buffer_free(&text);
}

static void usage_line(buffer *out, command c) {
    const command_spec *spec = &command_table[c];
    buffer_text(out, "usage: classify ");
    if (spec->name) {
        buffer_text(out, spec->name);
        buffer_text(out, " [OPTION...] ");
    } else {
        buffer_text(out, "[OPTION...] ");
    }
    buffer_text(out, spec->operands);
    buffer_char(out, '\n');
}

static void command_lines(buffer *out) {
    buffer_text(out, "\ncommands (each has its own --help):\n");
    for (int i = 1; i < COMMAND_TOTAL; i++) {
        size_t start = out->size;
        buffer_text(out, "  ");
        buffer_text(out, command_table[i].name);
        buffer_pad(out, start, 12);
        buffer_text(out, command_table[i].summary);
        buffer_char(out, '\n');
    }
}

/* The front page fits a screen: what the rest of its details says is in the man page. */
static void help_front(buffer *out) {
    usage_line(out, COMMAND_LABEL);
    buffer_text(out, "       classify COMMAND [OPTION...] [FILE...]\n\n");
    wrap(out,
         "Says whether texts in English, Ukrainian, Russian or Polish are threat messages, diplomatic statements or news. One "
         "line "
         "a FILE (or standard input): label, probability, language, name.",
         0, 0);
    example_lines(out, COMMAND_LABEL);
    command_lines(out);
    option_lines(out, COMMAND_LABEL);
    buffer_char(out, '\n');
    wrap(out,
         "Every line or row gets one answer, in order: a broken or blank line of --ndjson, or a broken row of --csv, an "
         "`error`; an "
         "empty line of --lines, `unsure`. Neither changes the exit status.",
         0, 0);
    exit_lines(out, COMMAND_LABEL);
}

void help_write(buffer *out, command c) {
    if (c == COMMAND_LABEL) {
        help_front(out);
        return;
    }
    usage_line(out, c);
    buffer_char(out, '\n');
    wrap(out, command_table[c].details, 0, 0);
    example_lines(out, c);
    option_lines(out, c);
    exit_lines(out, c);
}

void help_short(buffer *out) {
    usage_line(out, COMMAND_LABEL);
    buffer_text(out, "Labels texts as threat, diplomatic or news. Give it files, or pipe a text in:\n"
                     "  echo 'Pay by Friday or we publish everything.' | classify\n"
                     "Try 'classify --help' for everything else.\n");
}
