/* utf8.c - the rarer cases of decoding UTF-8.
   May include: utf8.h.
   Must not know: what the code points mean. */
#include "utf8.h"

uint32_t cl_utf8_next_long(const uint8_t **at, const uint8_t *end) {
    const uint8_t *p = *at;
    uint32_t c = p[0];
    int more = c >= 0xF0 && c < 0xF5 ? 3 : c >= 0xE0 && c < 0xF0 ? 2 : c >= 0xC2 && c < 0xE0 ? 1 : 0;
    uint32_t value = more == 3 ? c & 7 : more == 2 ? c & 15 : c & 31;
    int i = 1;
    for (; i <= more && p + i < end && (p[i] & 0xC0) == 0x80; i++) {
        /* The second byte excludes overlong forms, surrogates and what lies beyond U+10FFFF. */
        if (i == 1 && ((c == 0xE0 && p[1] < 0xA0) || (c == 0xED && p[1] > 0x9F) || (c == 0xF0 && p[1] < 0x90) ||
                       (c == 0xF4 && p[1] > 0x8F)))
            break;
        value = value << 6 | (p[i] & 0x3F);
    }
    *at = p + i;
    return more && i == more + 1 ? value : CL_REPLACEMENT | CL_INVALID;
}
