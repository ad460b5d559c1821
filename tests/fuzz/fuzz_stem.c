/* fuzz_stem.c - any bytes as a word for both own stemmers: what stem_own.h promises. The stem fits, stays within its room, is
   never empty and keeps two letters where the word has them, and is the same each time; of well-formed UTF-8 it is well-formed
   UTF-8. */
#include "check.h"
#include "fuzz.h"
#include "stem_own.h"

enum { MOST = 1024, ROOM = 8, GUARD = 16 };

static size_t letters(const char *text, size_t size) {
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

/* No byte stands alone that begins or continues a character. */
static bool well_formed(const char *text, size_t size) {
    uint8_t *borders = fuzz_borders(text, size);
    bool good = true;
    for (size_t i = 0; i < size; i++)
        good &= !borders[i] || (unsigned char)text[i] < 0x80 || !borders[i + 1];
    free(borders);
    return good;
}

static void stem(size_t (*stemmer)(const char *, size_t, char *), const char *word, size_t size) {
    char out[MOST + ROOM + GUARD], again[MOST + ROOM];
    memset(out, '#', sizeof out);
    size_t length = stemmer(word, size, out);
    FUZZ(length <= size + ROOM && (length > 0) == (size > 0));
    for (size_t i = size + ROOM; i < sizeof out; i++)
        FUZZ(out[i] == '#');
    FUZZ(stemmer(word, size, again) == length && !memcmp(out, again, length));
    FUZZ(letters(out, length) >= 2 || letters(word, size) < 2);
    FUZZ(!well_formed(word, size) || well_formed(out, length));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > MOST)
        return 0;
    stem(classify_stem_uk, (const char *)data, size);
    stem(classify_stem_pl, (const char *)data, size);
    return 0;
}
