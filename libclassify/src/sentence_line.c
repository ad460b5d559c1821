/* sentence_line.c - does a line end a sentence, or was it broken? Names before a colon, items of lists.
   May include: sentence_line.h, sentence_stop.h, sentence_text.h, fold.h, utf8.h.
   Must not know: words, stems, models. */
#include "sentence_line.h"

#include "sentence_stop.h"
#include "sentence_text.h"

#include <string.h>

/* Characters: a line between was perhaps broken by a mail program. One is not broken where the next word had room. */
enum { SHORT = 25, NARROW = 40, FULL = 60, WIDE = 90, ROOM = 10 };

static size_t line_length(const uint8_t *at, const uint8_t *end, size_t most) {
    size_t length = 0;
    for (; at < end && *at != '\n' && length <= most; at++)
        length += (*at & 0xC0) != 0x80;
    return length;
}

enum { NAME_MOST = 48 }; /* bytes */

const uint8_t *cl_name_ends(const cl_sentences *s, const uint8_t *at) {
    size_t most = at < s->end ? (size_t)(s->end - at) - 1 : 0;
    most = most < NAME_MOST ? most : NAME_MOST;
    if (!most || !memchr(at, ':', most))
        return NULL;
    for (const uint8_t *last = at + most; at < last && *at != '\n' && *at != '?' && *at != '!'; at++) {
        bool spaced = at[1] == ' ' || at[1] == '\t';
        const uint8_t *word;
        if (*at == ':' && spaced)
            return at + 1;
        if (*at == '.' && spaced && cl_look_ahead(at + 1, s->end, &word) == CL_NEXT_UPPER &&
            cl_stop_ends(s, at, CL_NEXT_UPPER, word))
            return NULL; /* a sentence, and the colon in the next one */
    }
    return NULL;
}

/* Does a line begin as an item of a list or a message of a chat? */
static bool begins_item(const cl_sentences *s, const uint8_t *at) {
    const uint8_t *end = s->end;
    uint32_t c = char_at(at, end);
    if (is_dash(c) || c == '*' || c == 0x2022 || c == '[' || c == '>' || c == 0xB7)
        return true;
    const uint8_t *digits = at;
    while (digits < end && is_digit(*digits))
        digits++;
    if (digits > at && digits - at < 4 && digits < end && (*digits == '.' || *digits == ')'))
        return true;
    return cl_name_ends(s, at) != NULL;
}

static size_t word_length(const uint8_t *at, const uint8_t *end) {
    size_t length = 0;
    for (; at < end && *at > ' ' && length <= WIDE; at++)
        length += (*at & 0xC0) != 0x80;
    return length;
}

/* Does a line of `length`, with `last` its last character, end a sentence though the next one begins with a small letter? */
static bool ends_before_lower(const cl_sentences *s, size_t length, uint32_t last, const uint8_t *next) {
    if (length < SHORT || last == '!' || last == '?' || last == ELLIPSIS)
        return true;
    length += 1 + word_length(next, s->end);
    if (s->small && (last == '.' || length < FULL)) /* of one who writes no capitals */
        return true;
    size_t width = line_length(next, s->end, WIDE);
    return length < (width > WIDE ? FULL : NARROW) && length + ROOM <= width;
}

bool cl_line_ends(const cl_sentences *s, const uint8_t *at, bool *blank) {
    const uint8_t *next = at + 1;
    while (next < s->end && (*next == ' ' || *next == '\t' || *next == '\r'))
        next++;
    *blank = next == s->end || *next == '\n';
    if (*blank)
        return true;
    size_t length = line_length(s->line, at, WIDE);
    uint32_t first = char_at(next, s->end);
    bool goes_on = is_letter(first) && !is_upper(first);
    if (begins_item(s, next) || (!goes_on && (length < NARROW || length > WIDE)))
        return true;
    const uint8_t *last = at;
    while (last > s->line && is_space(last[-1]))
        last--;
    uint32_t c = char_before(last, s->line);
    if (goes_on)
        return ends_before_lower(s, length, c, next);
    return is_end(c) || c == ':' || is_quote(c) || line_length(next, s->end, WIDE) > WIDE;
}
