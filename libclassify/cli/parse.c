/* parse.c - the command line into settings, by getopt_long over the table of options.c.
   May include: options.h, buffer.h, message.h, input.h (encodings).
   Must not know: how a command is carried out. */
#define _GNU_SOURCE
#include "options.h"

#include "buffer.h"
#include "input.h"
#include "message.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define SPEC_BASE 256 /* getopt values of long options: SPEC_BASE + place in the table */

command options_command(const char *word) {
    for (int i = 1; i < COMMAND_TOTAL; i++)
        if (strcmp(command_table[i].name, word) == 0)
            return (command)i;
    return COMMAND_LABEL;
}

/* " --help" of the right command, for the end of a message. */
static const char *command_word(const settings *s) { return s->command == COMMAND_LABEL ? "" : command_table[s->command].name; }

static bool wrong(const settings *s, const char *what, const char *which) {
    say("%s%s; see 'classify%s%s --help'", what, which, *command_word(s) ? " " : "", command_word(s));
    return false;
}

static bool read_number(const char *name, const char *text, uint32_t *number) {
    char *end;
    errno = 0;
    unsigned long n = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || n > UINT32_MAX) {
        say("--%s takes a whole number, not '%s'", name, text);
        return false;
    }
    *number = (uint32_t)n;
    return true;
}

static bool read_probability(const char *text, double *p) {
    char *end;
    *p = strtod(text, &end);
    if (end != text && !*end && *p >= 0 && *p <= 1)
        return true;
    say("--min-probability takes a number from 0 to 1, not '%s'", text);
    return false;
}

static bool read_delimiter(const char *text, char *delimiter) {
    if (strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0)
        text = "\t";
    *delimiter = text[0];
    if (text[0] && !text[1] && text[0] != '"' && text[0] != '\n' && text[0] != '\r')
        return true;
    say("--delimiter takes one character, or 'tab', not '%s'", text);
    return false;
}

/* Whether word is one of a list by spaces. */
static bool listed(const char *list, const char *word) {
    size_t length = strlen(word);
    while (*list) {
        size_t item = strcspn(list, " ");
        if (item == length && memcmp(list, word, length) == 0)
            return true;
        list += item + (list[item] == ' ');
    }
    return false;
}

static output_format format_of(const char *word) {
    static const struct {
        const char *name;
        output_format format;
    } formats[] = {{"tsv", FORMAT_TSV}, {"ndjson", FORMAT_NDJSON}, {"csv", FORMAT_CSV}, {"text", FORMAT_TEXT}};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, word) == 0)
            return formats[i].format;
    return FORMAT_BINARY;
}

static bool set_input(settings *s, input_kind kind) {
    if (s->input != INPUT_AUTO && s->input != kind)
        return wrong(s, "--lines, --ndjson and --csv exclude each other", "");
    s->input = kind;
    return true;
}

static bool check_values(const option_spec *o, const char *value) {
    bool closed = o->id == OPTION_FORMAT || o->id == OPTION_PROGRESS || o->id == OPTION_GENERATE;
    if (!closed || listed(o->values, value))
        return true;
    say("--%s takes one of: %s; not '%s'", o->name, o->values, value);
    return false;
}

static bool apply(settings *s, const option_spec *o, const char *value) {
    if (value && !check_values(o, value))
        return false;
    value = value ? value : ""; /* getopt saw to it that those that take one have one */
    switch (o->id) {
    case OPTION_LINES: return set_input(s, INPUT_LINES);
    case OPTION_NDJSON: return set_input(s, INPUT_NDJSON);
    case OPTION_CSV: return set_input(s, INPUT_CSV);
    case OPTION_FIELD: s->field = value; return true;
    case OPTION_COLUMN: s->column = value; return true;
    case OPTION_DELIMITER: return read_delimiter(value, &s->delimiter);
    case OPTION_NO_HEADER: s->no_header = true; return true;
    case OPTION_FORMAT: s->format = format_of(value); return true;
    case OPTION_MODEL: s->model = value; return true;
    case OPTION_LANGUAGE: s->language = value; return true;
    case OPTION_ONLY: s->only[s->only_count++] = value; return true;
    case OPTION_MIN_PROBABILITY: return read_probability(value, &s->min_probability);
    case OPTION_JOBS: return read_number(o->name, value, &s->jobs);
    case OPTION_ENCODING:
        s->encoding = value;
        return input_knows(value) ||
               wrong(s, "unknown encoding: iconv -l lists the names (all but UTF-7 are taken); not ", value);
    case OPTION_LINE_BUFFERED: s->line_buffered = true; return true;
    case OPTION_PASSAGES: s->passages = true; return true;
    case OPTION_PROGRESS:
        s->progress = strcmp(value, "always") == 0  ? PROGRESS_ALWAYS
                      : strcmp(value, "never") == 0 ? PROGRESS_NEVER
                                                    : PROGRESS_AUTO;
        return true;
    case OPTION_OUTPUT: s->output = value; return true;
    case OPTION_LABEL: s->label = value; return true;
    case OPTION_SOURCE: s->source = value; return true;
    case OPTION_META:
        s->meta[s->meta_count++] = value;
        return strchr(value, '=') || wrong(s, "--meta takes KEY=VALUE, not ", value);
    case OPTION_MIN_WORDS: return read_number(o->name, value, &s->min_words);
    case OPTION_MIN_PAIRS: return read_number(o->name, value, &s->min_pairs);
    case OPTION_PREFIX: s->prefix = value; return true;
    case OPTION_SMOOTHING: return read_number(o->name, value, &s->smoothing);
    case OPTION_LABEL_WORDS: return read_number(o->name, value, &s->label_words);
    case OPTION_MAX_WORDS: return read_number(o->name, value, &s->max_words);
    case OPTION_MAX_PAIRS: return read_number(o->name, value, &s->max_pairs);
    case OPTION_MAX_PARTS: return read_number(o->name, value, &s->max_parts);
    case OPTION_NO_PAIRS: s->no_pairs = true; return true;
    case OPTION_NO_PARTS: s->no_parts = true; return true;
    case OPTION_NO_REFINE: s->no_refine = true; return true;
    case OPTION_EPOCHS: return read_number(o->name, value, &s->epochs);
    case OPTION_PRIMARY_FACTOR: return read_number(o->name, value, &s->primary_factor);
    case OPTION_BAYES_SHARE: return read_number(o->name, value, &s->bayes_share);
    case OPTION_NUMBER: return read_number(o->name, value, &s->number);
    case OPTION_HELP: s->help = true; return true;
    case OPTION_VERSION: s->version = true; return true;
    case OPTION_GENERATE: s->generate = value; return true;
    }
    return false;
}

/* Options that contradict or need each other, and the number of operands. */
static bool check(settings *s) {
    bool plain = s->command == COMMAND_LABEL;
    bool writes = s->command == COMMAND_COUNT || s->command == COMMAND_MERGE || s->command == COMMAND_REFINE ||
                  s->command == COMMAND_COMPILE || s->command == COMMAND_TRAIN;
    const command_spec *c = &command_table[s->command];
    if (plain && s->field && s->input != INPUT_NDJSON)
        return wrong(s, "--field needs --ndjson", "");
    if (plain && s->input != INPUT_CSV && (s->column || s->delimiter || s->no_header))
        return wrong(s, "--column, --delimiter and --no-header need --csv", "");
    if (writes && !s->output)
        return wrong(s, "say which file to write with -o FILE", "");
    if (s->command == COMMAND_STEM && !s->language)
        return wrong(s, "say the language with -l: en, uk, ru or pl", "");
    if (s->operand_count < c->least)
        return wrong(s, "something to read is missing: ", c->operands);
    if (c->most >= 0 && s->operand_count > c->most)
        return wrong(s, "too many files, beginning with ", s->operands[c->most]);
    if (!s->delimiter)
        s->delimiter = ',';
    if (!s->number)
        s->number = 20;
    return true;
}

/* getopt's own tables for one command. */
static void tables_for(command c, struct option *longs, char *shorts) {
    *shorts++ = ':'; /* a missing argument is ':' and an unknown option '?', both told by us */
    for (size_t i = 0; i < option_count; i++) {
        const option_spec *o = &option_table[i];
        if (!(o->commands >> c & 1))
            continue;
        *longs++ = (struct option){o->name, o->argument ? required_argument : no_argument, NULL, SPEC_BASE + (int)i};
        if (o->letter) {
            *shorts++ = o->letter;
            if (o->argument)
                *shorts++ = ':';
        }
    }
    *longs = (struct option){0};
    *shorts = 0;
}

static const option_spec *spec_of(command c, int value) {
    if (value >= SPEC_BASE)
        return &option_table[value - SPEC_BASE];
    for (size_t i = 0; i < option_count; i++)
        if (option_table[i].letter == value && option_table[i].commands >> c & 1)
            return &option_table[i];
    return NULL;
}

bool options_parse(settings *s, int argc, char **argv) {
    *s = (settings){.command = argc > 1 ? options_command(argv[1]) : COMMAND_LABEL};
    s->only = memory_new((size_t)argc, sizeof *s->only);
    s->meta = memory_new((size_t)argc, sizeof *s->meta);
    struct option *longs = memory_new(option_count + 1, sizeof *longs);
    char *shorts = memory_new(option_count * 2 + 2, 1);
    tables_for(s->command, longs, shorts);
    bool good = true;
    opterr = 0;
    optind = s->command == COMMAND_LABEL ? 1 : 2;
    while (good) {
        int place = optind, value = getopt_long(argc, argv, shorts, longs, NULL);
        if (value == -1)
            break;
        const option_spec *o = spec_of(s->command, value);
        if (value == ':')
            good = wrong(s, "an argument is missing after ", argv[optind - 1]);
        else if (!o)
            good = optopt > 0 && optopt < SPEC_BASE ? wrong(s, "unknown option: -", (char[]){(char)optopt, 0})
                   : optopt                         ? wrong(s, "this option takes no argument: ", argv[place])
                                                    : wrong(s, "unknown or ambiguous option: ", argv[optind - 1]);
        else
            good = apply(s, o, optarg);
    }
    s->operands = argv + optind;
    s->operand_count = argc - optind;
    free(longs);
    free(shorts);
    return good && (s->help || s->version || s->generate || check(s));
}

void options_free(settings *s) {
    free(s->only);
    free(s->meta);
}
