/* stem_pl.c - the Polish stemmer: writes the word without diacritics, then applies learned rules.
   May include: stem_own.h, stem_rules.h and its table.
   Must not know: tokens, models, libstemmer. */
#include "stem_own.h"
#include "stem_pl_table.h"
#include "stem_rules.h"

static const uint8_t ascii[128] = {
    ['a'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
};

/* The bare letter of a Polish letter's two bytes, 0 for any other character. */
static char bare(unsigned lead, unsigned byte) {
    switch (lead << 8 | byte) {
    case 0xC3B3: return 'o'; /* ó */
    case 0xC485: return 'a'; /* ą */
    case 0xC487: return 'c'; /* ć */
    case 0xC499: return 'e'; /* ę */
    case 0xC582: return 'l'; /* ł */
    case 0xC584: return 'n'; /* ń */
    case 0xC59B: return 's'; /* ś */
    case 0xC5BA:             /* ź */
    case 0xC5BC: return 'z'; /* ż */
    default: return 0;
    }
}

/* Copies the word without diacritics, so that a word typed without them has the same stem. */
static size_t fold(const char *word, size_t len, char *out) {
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned byte = (unsigned char)word[i];
        char letter = 0;
        if (byte >= 0xC3 && byte <= 0xC5 && len - i > 1)
            letter = bare(byte, (unsigned char)word[i + 1]);
        out[n++] = letter ? letter : word[i];
        i += letter != 0;
    }
    return n;
}

size_t classify_stem_pl(const char *word, size_t len, char *out) {
    static const struct stem_table table = {pl_nodes, pl_rules, pl_adds, ascii, NULL};
    return stem_apply(&table, out, fold(word, len, out));
}
