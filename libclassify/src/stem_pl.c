/* The Polish stemmer: a first, simple one; the learned one replaces it.
   May include stem_own.h only.
   Must not know of tokens, models or libstemmer. */
#include "stem_own.h"

#include <string.h>

static const char *const endings[] = {"iami", "ami", "ego", "emu", "owi", "ymi", "imi", "ach", "om", "em", "ie", "ej", "ym", "im", "ych", "ich", "ów", "a", "ą", "e", "ę", "i", "o", "u", "y"};

static size_t letters(const char *word, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += ((unsigned char)word[i] & 0xC0) != 0x80;
    return n;
}

size_t classify_stem_pl(const char *word, size_t len, char *out)
{
    memcpy(out, word, len);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(endings[i]);
        if (n < len && !memcmp(word + len - n, endings[i], n) && letters(word, len - n) >= 2)
            return len - n;
    }
    return len;
}
