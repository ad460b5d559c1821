/* utf8.h - UTF-8 to code points and back. */
#ifndef CL_UTF8_H
#define CL_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define CL_REPLACEMENT 0xFFFDu
#define CL_INVALID     0x80000000u /* set beside U+FFFD where bytes were invalid, to tell it from a real U+FFFD */

/* Three- and four-byte sequences, and invalid ones: cl_utf8_next sends them here. */
uint32_t cl_utf8_next_long(const uint8_t **at, const uint8_t *end);

/* Decodes one code point at *at (< end) and advances. An invalid sequence gives CL_REPLACEMENT | CL_INVALID and advances over
   its maximal subpart (Unicode 3.9, U+FFFD substitution), at least one byte. */
static inline uint32_t cl_utf8_next(const uint8_t **at, const uint8_t *end) {
    const uint8_t *p = *at;
    uint32_t c = p[0];
    if (c < 0x80) {
        *at = p + 1;
        return c;
    }
    if (c >= 0xC2 && c < 0xE0 && end - p > 1 && (p[1] & 0xC0) == 0x80) {
        *at = p + 2;
        return (c & 0x1F) << 6 | (p[1] & 0x3F);
    }
    /* Through a copy, so that the caller's *at may stay in a register. */
    c = cl_utf8_next_long(&p, end);
    *at = p;
    return c;
}

/* Encodes a code point (< 0x110000) to 1-4 bytes; returns how many. */
static inline size_t cl_utf8_put(uint32_t c, char *out) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

#endif
