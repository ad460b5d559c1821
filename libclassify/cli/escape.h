/* Text on its way out: nothing a stranger wrote may break a line, a field or a JSON string. */
#ifndef CLI_ESCAPE_H
#define CLI_ESCAPE_H

#include "buffer.h"

#include <stdbool.h>

/* Bytes of the well-formed UTF-8 sequence at text[0 .. size), size > 0; or 0, and then *skip is how many bytes one U+FFFD
   stands for (the maximal subpart, as the Unicode standard and WHATWG do). */
size_t utf8_sequence(const char *text, size_t size, size_t *skip);
/* Appends text with each invalid sequence replaced by U+FFFD. */
void append_utf8(buffer *out, const char *text, size_t size);
/* Appends "text" as a JSON string, quotes included; invalid UTF-8 is replaced. */
void append_json(buffer *out, const char *text, size_t size);
/* Appends text as a TSV field: \t \n \r \\ and \xHH for other control characters. Other bytes stay as they are. */
void append_tsv(buffer *out, const char *text, size_t size);
/* Appends text as a CSV field (RFC 4180), quoted only where it must be; invalid UTF-8 is replaced. */
void append_csv(buffer *out, const char *text, size_t size, char delimiter);
/* Columns that text takes on a terminal, roughly: its characters less the combining ones. */
size_t text_width(const char *text, size_t size);

#endif
