/* escape.c - UTF-8 repair and the quoting rules of JSON, TSV and CSV.
   May include: buffer.h.
   Must not know: which format was asked for, the library. */
#include "escape.h"

size_t utf8_sequence(const char *text, size_t size, size_t *skip) {
    const unsigned char *s = (const unsigned char *)text;
    *skip = 1;
    if (s[0] < 0x80)
        return 1;
    if (s[0] < 0xC2 || s[0] > 0xF4)
        return 0;
    size_t length = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    /* The second byte alone decides overlong forms, surrogates and what lies above U+10FFFF. */
    unsigned char low = s[0] == 0xE0 ? 0xA0 : s[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char high = s[0] == 0xED ? 0x9F : s[0] == 0xF4 ? 0x8F : 0xBF;
    for (size_t i = 1; i < length; i++) {
        if (i >= size || s[i] < low || s[i] > high) {
            *skip = i;
            return 0;
        }
        low = 0x80;
        high = 0xBF;
    }
    return length;
}

void append_utf8(buffer *out, const char *text, size_t size) {
    size_t done = 0, i = 0, skip;
    while (i < size) {
        size_t length = utf8_sequence(text + i, size - i, &skip);
        if (length) {
            i += length;
            continue;
        }
        buffer_append(out, text + done, i - done);
        buffer_text(out, "\xEF\xBF\xBD");
        done = i += skip;
    }
    buffer_append(out, text + done, size - done);
}

static const char hex[] = "0123456789abcdef";

void append_json(buffer *out, const char *text, size_t size) {
    size_t done = 0, i = 0, skip;
    buffer_char(out, '"');
    while (i < size) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\' && c != 0x7F) {
            i++;
            continue;
        }
        size_t length = utf8_sequence(text + i, size - i, &skip);
        if (c >= 0x80 && length) {
            i += length;
            continue;
        }
        buffer_append(out, text + done, i - done);
        done = i += length ? length : skip;
        if (!length)
            buffer_text(out, "\xEF\xBF\xBD");
        else if (c == '"' || c == '\\')
            buffer_append(out, (char[]){'\\', (char)c}, 2);
        else if (c == '\n' || c == '\t' || c == '\r')
            buffer_append(out, (char[]){'\\', c == '\n' ? 'n' : c == '\t' ? 't' : 'r'}, 2);
        else
            buffer_append(out, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
    }
    buffer_append(out, text + done, size - done);
    buffer_char(out, '"');
}

static bool tsv_special(unsigned char c) { return (c < 0x20) | (c == '\\') | (c == 0x7F); }

void append_tsv(buffer *out, const char *text, size_t size) {
    size_t done = 0;
    unsigned special = 0;
    for (size_t i = 0; i < size; i++) /* without a branch, so that many are looked at at once: most texts have none */
        special |= tsv_special((unsigned char)text[i]);
    if (!special) {
        buffer_append(out, text, size);
        return;
    }
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (!tsv_special(c))
            continue;
        buffer_append(out, text + done, i - done);
        done = i + 1;
        if (c == '\\')
            buffer_text(out, "\\\\");
        else if (c == '\n' || c == '\t' || c == '\r')
            buffer_append(out, (char[]){'\\', c == '\n' ? 'n' : c == '\t' ? 't' : 'r'}, 2);
        else
            buffer_append(out, (char[]){'\\', 'x', hex[c >> 4], hex[c & 15]}, 4);
    }
    buffer_append(out, text + done, size - done);
}

void append_csv(buffer *out, const char *text, size_t size, char delimiter) {
    bool quote = size && (text[0] == ' ' || text[size - 1] == ' ');
    for (size_t i = 0; i < size && !quote; i++)
        quote = text[i] == delimiter || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
    if (!quote) {
        append_utf8(out, text, size);
        return;
    }
    buffer_char(out, '"');
    for (const char *end = text + size; text < end;) {
        const char *next = memchr(text, '"', (size_t)(end - text));
        const char *stop = next ? next + 1 : end;
        append_utf8(out, text, (size_t)(stop - text));
        if (next)
            buffer_char(out, '"');
        text = stop;
    }
    buffer_char(out, '"');
}

size_t text_width(const char *text, size_t size) {
    size_t width = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i], next = i + 1 < size ? (unsigned char)text[i + 1] : 0;
        bool combining = c == 0xCC || (c == 0xCD && next < 0xB0); /* U+0300 .. U+036F */
        width += (c & 0xC0) != 0x80 && !combining;
    }
    return width;
}
