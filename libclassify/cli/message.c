/* message.c - one-line messages on standard error.
   May include: libc.
   Must not know: options, the library, what is being done. */
#define _POSIX_C_SOURCE 200809L
#include "message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

static size_t compose(char *line, size_t size, const char *format, va_list arguments) {
    int head = snprintf(line, size, "classify: ");
    size_t at = head > 0 ? (size_t)head : 0;
    int body = vsnprintf(line + at, size - at, format, arguments);
    size_t end = at + (body > 0 ? (size_t)body : 0);
    if (end > size - 2)
        end = size - 2;
    for (size_t i = at; i < end; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    line[end++] = '\n';
    return end;
}

size_t say_into(char *line, size_t size, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    size_t length = compose(line, size, format, arguments);
    va_end(arguments);
    return length;
}

void say(const char *format, ...) {
    char line[LINE_MAX_BYTES];
    va_list arguments;
    va_start(arguments, format);
    size_t length = compose(line, sizeof line, format, arguments);
    va_end(arguments);
    if (write(STDERR_FILENO, line, length) < 0)
        return; /* nowhere left to complain */
}

_Noreturn void give_up(const char *why) {
    say("%s", why);
    exit(END_ERROR);
}
