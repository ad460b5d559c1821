/* sentence_text.h - the characters that tell where a sentence ends, in UTF-8 that may be broken. */
#ifndef CL_SENTENCE_TEXT_H
#define CL_SENTENCE_TEXT_H

#include "fold.h"
#include "utf8.h"

enum { ELLIPSIS = 0x2026, LEFT = 0xAB, RIGHT = 0xBB, HIGH_LEFT = 0x201C, HIGH_RIGHT = 0x201D, LOW = 0x201E };

static inline bool is_quote(uint32_t c) {
    return c == '"' || c == LEFT || c == RIGHT || c == HIGH_LEFT || c == HIGH_RIGHT || c == LOW;
}
static inline bool is_end(uint32_t c) { return c == '.' || c == '!' || c == '?' || c == ELLIPSIS; }
static inline bool is_dash(uint32_t c) { return c == '-' || (c >= 0x2012 && c <= 0x2015); }
static inline bool is_space(uint32_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0xFEFF || (c >= 0x2000 && c <= 0x200B) || c == 0x202F ||
           c == 0x2028 || c == 0x2029 || c == 0x3000;
}
static inline bool is_digit(uint32_t c) { return c >= '0' && c <= '9'; }
static inline bool is_letter(uint32_t c) {
    uint8_t class_ = cl_fold_lookup(c & 0x1FFFFF).class_;
    return class_ == CL_CLASS_LATIN || class_ == CL_CLASS_CYRILLIC || class_ == CL_CLASS_LETTER;
}
static inline bool is_upper(uint32_t c) { return cl_fold_lookup(c & 0x1FFFFF).upper; }

static inline uint32_t char_at(const uint8_t *at, const uint8_t *end) { return at < end ? cl_utf8_next(&at, end) : 0; }

/* Where the character before `at` begins. */
static inline const uint8_t *step_back(const uint8_t *at, const uint8_t *start) {
    for (int i = 0; i < 4 && at > start; i++)
        if ((*--at & 0xC0) != 0x80)
            break;
    return at;
}

static inline uint32_t char_before(const uint8_t *at, const uint8_t *start) {
    return at > start ? char_at(step_back(at, start), at) : 0;
}

static inline const uint8_t *skip_spaces(const uint8_t *at, const uint8_t *end) {
    while (at < end) {
        const uint8_t *next = at;
        if (!is_space(cl_utf8_next(&next, end)))
            break;
        at = next;
    }
    return at;
}

#endif
