/* main.c - reads the command line and calls the command.
   May include: options.h, help.h, commands.h, output.h, message.h, classify.h (the version).
   Must not know: what the commands do. */
#define _POSIX_C_SOURCE 200809L
#include "commands.h"
#include "help.h"
#include "message.h"
#include "output.h"

#include <classify.h>
#include <unistd.h>

static int print(buffer *text) {
    bool good = output_write(text->data, text->size);
    buffer_free(text);
    return good ? END_DONE : END_ERROR;
}

/* Help, version and generated files. */
static int tell(const settings *s) {
    buffer text = {0};
    if (s->generate) {
        generate_write(&text, s->generate);
    } else if (s->version) {
        buffer_text(&text, "classify ");
        buffer_text(&text, classify_version());
        buffer_char(&text, '\n');
    } else {
        help_write(&text, s->command);
    }
    return print(&text);
}

/* Someone who only typed the name is told how to go on, instead of being waited for. */
static bool waits_for_typing(const settings *s) {
    bool reads_input = s->command == COMMAND_LABEL || s->command == COMMAND_EXPLAIN || s->command == COMMAND_PASSAGES ||
                       s->command == COMMAND_STEM || s->command == COMMAND_TOKENS;
    return reads_input && s->operand_count == 0 && isatty(STDIN_FILENO);
}

static int tell_shortly(void) {
    buffer text = {0};
    help_short(&text);
    write_all(STDERR_FILENO, text.data, text.size);
    buffer_free(&text);
    return END_ERROR;
}

static int run(const settings *s) {
    switch (s->command) {
    case COMMAND_EXPLAIN: return command_explain(s);
    case COMMAND_PASSAGES: return command_passages(s);
    case COMMAND_TRAIN: return command_train(s);
    case COMMAND_EVAL: return command_eval(s);
    case COMMAND_COUNT: return command_count(s);
    case COMMAND_MERGE: return command_merge(s);
    case COMMAND_REFINE: return command_refine(s);
    case COMMAND_COMPILE: return command_compile(s);
    case COMMAND_INFO: return command_info(s);
    case COMMAND_TOP: return command_top(s);
    case COMMAND_STEM: return command_stem(s);
    case COMMAND_TOKENS: return command_tokens(s);
    default: return command_label(s);
    }
}

int main(int argc, char **argv) {
    output_secure();
    settings s;
    int end = END_ERROR;
    if (options_parse(&s, argc, argv))
        end = s.help || s.version || s.generate ? tell(&s) : waits_for_typing(&s) ? tell_shortly() : run(&s);
    options_free(&s);
    if (!output_close() && end < END_ERROR)
        end = END_ERROR;
    return end;
}
