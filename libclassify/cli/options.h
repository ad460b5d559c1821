/* What the command line can say. One table of commands and one of options, from which come parsing, every --help, the man page
   and the completions: see options.c for the tables, parse.c, help.c and generate.c for their readers. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum command {
    COMMAND_LABEL, /* no command word: label texts */
    COMMAND_EXPLAIN,
    COMMAND_PASSAGES,
    COMMAND_TRAIN,
    COMMAND_EVAL,
    COMMAND_COUNT,
    COMMAND_MERGE,
    COMMAND_REFINE,
    COMMAND_COMPILE,
    COMMAND_INFO,
    COMMAND_TOP,
    COMMAND_STEM,
    COMMAND_TOKENS,
    COMMAND_TOTAL
} command;

typedef enum input_kind { INPUT_AUTO, INPUT_LINES, INPUT_NDJSON, INPUT_CSV } input_kind; /* AUTO: each file is a text */
typedef enum output_format { FORMAT_AUTO, FORMAT_TSV, FORMAT_NDJSON, FORMAT_CSV, FORMAT_TEXT, FORMAT_BINARY } output_format;
typedef enum progress_mode { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER } progress_mode;

typedef enum option_id {
    OPTION_LINES,
    OPTION_NDJSON,
    OPTION_CSV,
    OPTION_FIELD,
    OPTION_COLUMN,
    OPTION_DELIMITER,
    OPTION_NO_HEADER,
    OPTION_FORMAT,
    OPTION_MODEL,
    OPTION_LANGUAGE,
    OPTION_ONLY,
    OPTION_MIN_PROBABILITY,
    OPTION_JOBS,
    OPTION_ENCODING,
    OPTION_LINE_BUFFERED,
    OPTION_PASSAGES,
    OPTION_PROGRESS,
    OPTION_OUTPUT,
    OPTION_LABEL,
    OPTION_SOURCE,
    OPTION_META,
    OPTION_MIN_WORDS,
    OPTION_MIN_PAIRS,
    OPTION_PREFIX,
    OPTION_SMOOTHING,
    OPTION_LABEL_WORDS,
    OPTION_MAX_WORDS,
    OPTION_MAX_PAIRS,
    OPTION_MAX_PARTS,
    OPTION_NO_PAIRS,
    OPTION_NO_PARTS,
    OPTION_NO_REFINE,
    OPTION_EPOCHS,
    OPTION_PRIMARY_FACTOR,
    OPTION_BAYES_SHARE,
    OPTION_NUMBER,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_GENERATE
} option_id;

typedef struct option_spec {
    option_id id;
    char letter;          /* 0: none */
    const char *name;     /* without the dashes */
    const char *argument; /* as help calls it; NULL: takes none */
    const char *values;   /* the words allowed, by spaces; "FILE": a file (for completion); NULL: anything */
    const char *help;     /* one sentence; NULL: hidden */
    uint32_t commands;    /* bit i: known to command i */
} option_spec;

/* Something and what is to say about it; lists end with a zero. */
typedef struct remark {
    const char *what, *says;
} remark;

typedef struct command_spec {
    const char *name;       /* NULL for COMMAND_LABEL */
    const char *operands;   /* as usage shows them */
    const char *summary;    /* half a line */
    const char *details;    /* paragraphs, by blank lines */
    const remark *examples; /* command lines */
    int least, most;        /* operands; most -1: any number */
} command_spec;

extern const command_spec command_table[COMMAND_TOTAL];
extern const option_spec option_table[];
extern const size_t option_count;
/* Under "exit status" in help and man page. */
extern const remark exit_statuses[];

typedef struct settings {
    command command;
    input_kind input;
    output_format format;
    progress_mode progress;
    const char *model, *language, *encoding, *field, *column, *output, *label, *source, *prefix;
    const char **only, **meta; /* lists with their lengths */
    size_t only_count, meta_count;
    double min_probability;
    uint32_t jobs, number, min_words, min_pairs;
    uint32_t smoothing, label_words, max_words, max_pairs, max_parts, epochs, primary_factor, bayes_share;
    bool no_pairs, no_parts, no_refine, line_buffered, no_header, passages;
    char delimiter;
    const char *generate; /* hidden --generate */
    bool help, version;
    char **operands;
    int operand_count;
} settings;

/* Reads the command line. False after saying what is wrong. */
bool options_parse(settings *s, int argc, char **argv);
void options_free(settings *s);
/* The command a word names; COMMAND_LABEL for a word that names none. */
command options_command(const char *word);

#endif
