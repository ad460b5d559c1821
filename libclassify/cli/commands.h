/* What each command does. All return the exit status. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "options.h"

int command_label(const settings *s);
int command_explain(const settings *s);
int command_passages(const settings *s);
int command_train(const settings *s);
int command_eval(const settings *s);
int command_count(const settings *s);
int command_merge(const settings *s);
int command_refine(const settings *s);
int command_compile(const settings *s);
int command_info(const settings *s);
int command_top(const settings *s);
int command_stem(const settings *s);
int command_tokens(const settings *s);

#endif
