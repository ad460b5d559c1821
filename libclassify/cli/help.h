/* The texts made from the tables of options.h. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "buffer.h"
#include "options.h"

/* `classify --help`, `classify COMMAND --help`. */
void help_write(buffer *out, command c);
/* A few lines for someone who typed `classify` and waits. */
void help_short(buffer *out);
/* "man", "bash", "zsh", "fish": the files that an installation needs besides the program. False for another word. */
bool generate_write(buffer *out, const char *what);

#endif
