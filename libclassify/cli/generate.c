/* generate.c - man page and shell completions, from the tables.
   May include: help.h, options.h, buffer.h.
   Must not know: parsing, what the commands do. */
#include "help.h"

#include <string.h>

/* ---- classify.1 ---- */

/* Text for roff: backslashes and dashes escaped, `word` in bold, blank lines as paragraphs, no line that begins a request. */
static void roff(buffer *out, const char *text) {
    bool bold = false;
    for (; *text; text++) {
        bool line_start = out->size && out->data[out->size - 1] == '\n';
        if (text[0] == '\n' && text[1] == '\n') {
            buffer_text(out, "\n.PP\n");
            text++;
        } else if (*text == '\\') {
            buffer_text(out, "\\e");
        } else if (*text == '-') {
            buffer_text(out, "\\-");
        } else if (*text == '`') {
            bold = !bold;
            buffer_text(out, bold ? "\\fB" : "\\fR");
        } else {
            if (line_start && (*text == '.' || *text == '\''))
                buffer_text(out, "\\&");
            buffer_char(out, *text);
        }
    }
}

static void roff_option(buffer *out, const option_spec *o) {
    buffer_text(out, ".TP\n");
    if (o->letter) {
        buffer_text(out, "\\fB\\-");
        buffer_char(out, o->letter);
        buffer_text(out, "\\fR, ");
    }
    buffer_text(out, "\\fB\\-\\-");
    roff(out, o->name);
    buffer_text(out, "\\fR");
    if (o->argument) {
        buffer_text(out, " \\fI");
        roff(out, o->argument);
        buffer_text(out, "\\fR");
    }
    buffer_char(out, '\n');
    roff(out, o->help);
    buffer_text(out, ".\n");
}

static void roff_command(buffer *out, command c) {
    const command_spec *spec = &command_table[c];
    roff(out, spec->details);
    buffer_text(out, spec->name ? "\n.PP\n" : "\n.SH OPTIONS\n");
    for (size_t i = 0; i < option_count; i++)
        if (option_table[i].help && option_table[i].commands >> c & 1)
            roff_option(out, &option_table[i]);
    buffer_text(out, spec->name ? ".PP\nExamples:\n" : ".SH EXAMPLES\n");
    for (const remark *e = spec->examples; e->what; e++) {
        buffer_text(out, ".TP\n\\fB");
        roff(out, e->what);
        buffer_text(out, "\\fR\n");
        roff(out, e->says);
        buffer_char(out, '\n');
    }
}

static void generate_man(buffer *out) {
    buffer_text(out, ".\\\" Made by classify --generate man from the tables of options.c.\n"
                     ".TH CLASSIFY 1 \"\" \"libclassify\" \"User Commands\"\n.SH NAME\nclassify \\- ");
    roff(out, command_table[COMMAND_LABEL].summary);
    buffer_text(out, "\n.SH SYNOPSIS\n\\fBclassify\\fR [\\fIOPTION\\fR...] [\\fIFILE\\fR...]\n");
    for (int i = 1; i < COMMAND_TOTAL; i++) {
        buffer_text(out, ".br\n\\fBclassify ");
        buffer_text(out, command_table[i].name);
        buffer_text(out, "\\fR [\\fIOPTION\\fR...] \\fI");
        roff(out, command_table[i].operands);
        buffer_text(out, "\\fR\n");
    }
    buffer_text(out, ".SH DESCRIPTION\n");
    roff_command(out, COMMAND_LABEL);
    buffer_text(out, ".SH COMMANDS\n");
    for (int i = 1; i < COMMAND_TOTAL; i++) {
        buffer_text(out, ".SS ");
        buffer_text(out, command_table[i].name);
        buffer_text(out, " \\- ");
        roff(out, command_table[i].summary);
        buffer_char(out, '\n');
        roff_command(out, (command)i);
    }
    buffer_text(out, ".SH EXIT STATUS\n");
    for (const remark *e = exit_statuses; e->what; e++) {
        buffer_text(out, ".TP\n\\fB");
        buffer_text(out, e->what);
        buffer_text(out, "\\fR\n");
        roff(out, e->says);
        buffer_text(out, ".\n");
    }
    buffer_text(
        out, ".SH ENVIRONMENT\n.TP\n\\fBNO_COLOR\\fR\nWhere set and not empty, no colours on a terminal.\n"
             ".SH FILES\nOutput files (\\fB\\-o\\fR) are written beside their place and renamed: they appear whole or not at "
             "all.\n");
}

/* ---- Completions ---- */

/* Runs `each` for the options of a command that have help. */
static void each_option(buffer *out, command c, void (*each)(buffer *out, command c, const option_spec *o)) {
    for (size_t i = 0; i < option_count; i++)
        if (option_table[i].help && option_table[i].commands >> c & 1)
            each(out, c, &option_table[i]);
}

static bool lists_words(const option_spec *o) { return o->values && strcmp(o->values, "FILE") != 0; }

static void bash_word(buffer *out, command c, const option_spec *o) {
    (void)c;
    buffer_text(out, " --");
    buffer_text(out, o->name);
}

static void bash_values(buffer *out, command c, const option_spec *o) {
    if (!lists_words(o))
        return;
    buffer_text(out, "        ");
    buffer_text(out, command_table[c].name ? command_table[c].name : "label");
    buffer_text(out, ":--");
    buffer_text(out, o->name);
    if (o->letter) {
        buffer_text(out, "|");
        buffer_text(out, command_table[c].name ? command_table[c].name : "label");
        buffer_append(out, (char[]){':', '-', o->letter}, 3);
    }
    buffer_text(out, ") words='");
    buffer_text(out, o->values);
    buffer_text(out, "' ;;\n");
}

static void generate_bash(buffer *out) {
    buffer_text(out,
                "# Made by classify --generate bash. Completion of classify for bash.\n_classify() {\n"
                "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=label options words=\n"
                "    COMPREPLY=()\n    case ${COMP_WORDS[1]} in\n        ");
    for (int i = 1; i < COMMAND_TOTAL; i++) {
        buffer_text(out, i > 1 ? "|" : "");
        buffer_text(out, command_table[i].name);
    }
    buffer_text(out, ") command=${COMP_WORDS[1]} ;;\n    esac\n    [ \"$COMP_CWORD\" = 1 ] && command=label\n"
                     "    case $command:$before in\n");
    for (int i = 0; i < COMMAND_TOTAL; i++)
        each_option(out, (command)i, bash_values);
    buffer_text(out, "    esac\n    case $command in\n");
    for (int i = 0; i < COMMAND_TOTAL; i++) {
        buffer_text(out, "        ");
        buffer_text(out, command_table[i].name ? command_table[i].name : "label");
        buffer_text(out, ") options='");
        each_option(out, (command)i, bash_word);
        buffer_text(out, "' ;;\n");
    }
    buffer_text(out, "    esac\n"
                     "    if [ -n \"$words\" ]; then\n        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                     "    elif [[ $word == -* ]]; then\n        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
                     "    elif [ \"$COMP_CWORD\" = 1 ]; then\n        COMPREPLY=($(compgen -W '");
    for (int i = 1; i < COMMAND_TOTAL; i++) {
        buffer_text(out, i > 1 ? " " : "");
        buffer_text(out, command_table[i].name);
    }
    buffer_text(out, "' -- \"$word\") $(compgen -f -- \"$word\"))\n"
                     "    else\n        COMPREPLY=($(compgen -f -- \"$word\"))\n    fi\n}\n"
                     "complete -o filenames -F _classify classify\n");
}

/* Text inside the single quotes of zsh or fish: no quote, and for zsh no bracket or colon, that would end it. */
static void quoted(buffer *out, const char *text, const char *unwanted) {
    for (; *text; text++)
        if (!strchr(unwanted, *text))
            buffer_char(out, *text);
}

static void zsh_option(buffer *out, command c, const option_spec *o) {
    (void)c;
    for (int form = 0; form < (o->letter ? 2 : 1); form++) {
        buffer_text(out, "                '");
        if (o->id == OPTION_ONLY || o->id == OPTION_META)
            buffer_char(out, '*'); /* may be given again */
        if (form)
            buffer_append(out, (char[]){'-', o->letter}, 2);
        else {
            buffer_text(out, "--");
            buffer_text(out, o->name);
        }
        buffer_char(out, '[');
        quoted(out, o->help, "'[]");
        buffer_char(out, ']');
        if (o->argument) {
            buffer_char(out, ':');
            buffer_text(out, o->argument);
            buffer_char(out, ':');
            if (lists_words(o)) {
                buffer_char(out, '(');
                buffer_text(out, o->values);
                buffer_char(out, ')');
            } else if (o->values) {
                buffer_text(out, "_files");
            }
        }
        buffer_text(out, "' \\\n");
    }
}

static void generate_zsh(buffer *out) {
    buffer_text(out, "#compdef classify\n# Made by classify --generate zsh. Completion of classify for zsh.\n_classify() {\n"
                     "    local -a commands\n    commands=(\n");
    for (int i = 1; i < COMMAND_TOTAL; i++) {
        buffer_text(out, "        '");
        buffer_text(out, command_table[i].name);
        buffer_char(out, ':');
        quoted(out, command_table[i].summary, "':");
        buffer_text(out, "'\n");
    }
    buffer_text(out, "    )\n    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
                     "        _describe command commands\n        _files\n        return\n    fi\n    case $words[2] in\n");
    for (int i = 1; i <= COMMAND_TOTAL; i++) {
        command c = (command)(i % COMMAND_TOTAL); /* the plain command last: it is the rest */
        buffer_text(out, "        ");
        buffer_text(out, c == COMMAND_LABEL ? "*" : command_table[c].name);
        buffer_text(out, ")\n            _arguments -s \\\n");
        each_option(out, c, zsh_option);
        buffer_text(out, c == COMMAND_LABEL ? "                '*:file:_files' ;;\n"
                                            : "                '1:command:' '*:file:_files' ;;\n");
    }
    buffer_text(out, "    esac\n}\n_classify \"$@\"\n");
}

static void fish_option(buffer *out, command c, const option_spec *o) {
    buffer_text(out, "complete -c classify -n '");
    buffer_text(out,
                c == COMMAND_LABEL ? "not __fish_seen_subcommand_from $__classify_commands" : "__fish_seen_subcommand_from ");
    buffer_text(out, c == COMMAND_LABEL ? "" : command_table[c].name);
    buffer_text(out, "' -l ");
    buffer_text(out, o->name);
    if (o->letter) {
        buffer_text(out, " -s ");
        buffer_char(out, o->letter);
    }
    if (o->argument) {
        buffer_text(out, lists_words(o) ? " -xa '" : o->values ? " -r" : " -x");
        buffer_text(out, lists_words(o) ? o->values : "");
        buffer_text(out, lists_words(o) ? "'" : "");
    }
    buffer_text(out, " -d '");
    quoted(out, o->help, "'\\");
    buffer_text(out, "'\n");
}

static void generate_fish(buffer *out) {
    buffer_text(out, "# Made by classify --generate fish. Completion of classify for fish.\nset -g __classify_commands");
    for (int i = 1; i < COMMAND_TOTAL; i++) {
        buffer_char(out, ' ');
        buffer_text(out, command_table[i].name);
    }
    buffer_char(out, '\n');
    for (int i = 1; i < COMMAND_TOTAL; i++) {
        buffer_text(out, "complete -c classify -n __fish_is_first_token -a ");
        buffer_text(out, command_table[i].name);
        buffer_text(out, " -d '");
        quoted(out, command_table[i].summary, "'\\");
        buffer_text(out, "'\n");
    }
    for (int i = 0; i < COMMAND_TOTAL; i++)
        each_option(out, (command)i, fish_option);
}

bool generate_write(buffer *out, const char *what) {
    static const struct {
        const char *name;
        void (*write)(buffer *out);
    } kinds[] = {{"man", generate_man}, {"bash", generate_bash}, {"zsh", generate_zsh}, {"fish", generate_fish}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, what) != 0)
            continue;
        kinds[i].write(out);
        return true;
    }
    return false;
}
