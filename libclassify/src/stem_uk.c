/* stem_uk.c - the Ukrainian stemmer: folds the spellings that mean the same letter, then applies learned rules.
   May include: stem_own.h, stem_rules.h and its table.
   Must not know: tokens, models, libstemmer. */
#include "stem_own.h"
#include "stem_rules.h"
#include "stem_uk_table.h"

/* абвгдеєжзиіїйклмнопрстуфхцчшщьюя are 1..32, the apostrophe is 33. */
static const uint8_t ascii[128] = {['\''] = 33};

/* By code point less U+0400. */
static const uint8_t cyrillic[128] = {
    [0x30] = 1,  2,           3,           4,  5,  6,  8,  9,  10, 13, 14, 15, 16, 17, 18, 19, /* а-п without є, і, ї */
    [0x40] = 20, 21,          22,          23, 24, 25, 26, 27, 28, 29, 0,  0,  30, 0,  31, 32, /* р-я without ъ, ы, э */
    [0x54] = 7,  [0x56] = 11, [0x57] = 12,                                                     /* є, і, ї */
};

/* Whether the word has a byte that only the letters below are written with: most words have none. */
static int has_variant(const unsigned char *s, size_t len) {
    int found = 0;
    for (size_t i = 0; i < len; i++)
        found |= (s[i] == '`') | (s[i] == 0x91) | (s[i] == 0xCA) | (s[i] == 0xE2);
    return found;
}

/* The bytes of the variant that begins at s, 0 when none does; its letter goes to `letter`. */
static size_t variant(const unsigned char *s, size_t len, const char **letter) {
    *letter = "'";
    if (s[0] == '`')
        return 1;
    if (len >= 2 && s[0] == 0xCA && s[1] == 0xBC) /* U+02BC */
        return 2;
    if (len >= 3 && s[0] == 0xE2 && s[1] == 0x80 && (s[2] == 0x98 || s[2] == 0x99 || s[2] == 0xB2)) /* U+2018, U+2019, U+2032 */
        return 3;
    *letter = s[0] == 0xD2 ? "\xD0\xB3" : "\xD0\xB5";
    return len >= 2 && (s[0] == 0xD2 || s[0] == 0xD1) && s[1] == 0x91 ? 2 : 0; /* ґ is г, ё is е */
}

/* Copies the word with one spelling of each letter. Never makes it longer. */
static size_t fold(const char *word, size_t len, char *out) {
    const unsigned char *s = (const unsigned char *)word;
    if (!has_variant(s, len)) {
        memcpy(out, word, len);
        return len;
    }
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        const char *letter;
        size_t size = variant(s + i, len - i, &letter);
        if (size == 0) {
            out[n++] = word[i++];
            continue;
        }
        i += size;
        while (*letter)
            out[n++] = *letter++;
    }
    return n;
}

size_t classify_stem_uk(const char *word, size_t len, char *out) {
    static const struct stem_table table = {uk_nodes, uk_rules, uk_adds, ascii, cyrillic};
    return stem_apply(&table, out, fold(word, len, out));
}
