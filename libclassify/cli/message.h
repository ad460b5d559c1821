/* What the command says to a person, on standard error, and the ends it can come to. */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include <stddef.h>

/* Exit statuses, as every --help lists them. */
enum {
    END_DONE = 0,  /* everything asked was done */
    END_NONE = 1,  /* --only printed nothing */
    END_ERROR = 2, /* usage, unreadable input, failed write */
    END_MODEL = 3  /* a model or counts that cannot be used */
};

#if defined(__GNUC__)
#define PRINTF_LIKE(place, first) __attribute__((format(printf, place, first)))
#else
#define PRINTF_LIKE(place, first)
#endif

/* Writes "classify: " and one line to standard error in a single write. Control characters become '?', so that a file's name
   can neither break the line nor drive the terminal. */
void say(const char *format, ...) PRINTF_LIKE(1, 2);

/* The same into memory: writes at most `size` bytes including the newline, returns how many. */
size_t say_into(char *line, size_t size, const char *format, ...) PRINTF_LIKE(3, 4);

/* say(), then exit with END_ERROR. For what nobody can go on after: no memory. */
_Noreturn void give_up(const char *why);

#endif
