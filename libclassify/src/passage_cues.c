/* passage_cues.c - the table of words that tell who speaks, and the search in it.
   May include: passage_cues.h, fold.h, utf8.h.
   Must not know: models, sentences. */
#include "passage_cues.h"

#include "fold.h"
#include "utf8.h"

#include <stdbool.h>

enum { S = CL_CUE_SAID, W = CL_CUE_WRITTEN, M = CL_CUE_MENACE, O = CL_CUE_OFFICE };

typedef struct {
    char begins[31];
    uint8_t cues;
} cue_entry;

/* What the words begin with, folded; sorted by bytes. One that begins with another says what that one does, and more. */
static const cue_entry entries[] = {
#include "passage_cues_table.h"
};

/* Where the entries of each first letter begin: a .. z, all other Latin ones, а .. ї, the end. tests/unit/test_cues.c says what
   it should be. */
enum { LATIN = 26, CYRILLIC = 0x458 - 0x430 };
static const uint16_t starts[LATIN + 1 + CYRILLIC + 1] = {
    0,   14,  18,  38,  46,  55,  57,  64,  69,  72,  73,  87,  91,  100, 106, 114, 130, 131, 145, 168, 180, 185, 186,
    198, 198, 199, 205, 207, 209, 213, 230, 232, 240, 242, 242, 259, 259, 261, 283, 285, 292, 298, 306, 336, 344, 357,
    362, 369, 369, 370, 373, 373, 374, 374, 374, 374, 374, 375, 375, 375, 375, 375, 375, 375, 376, 376, 378, 378};

/* The group of a first letter. */
static size_t group_of(uint32_t letter) {
    if (letter - 'a' < LATIN)
        return letter - 'a';
    return letter - 0x430 < CYRILLIC ? LATIN + 1 + letter - 0x430 : LATIN;
}

enum { NESTED = 4 }; /* entries to look back at: more do not begin with the same one */

/* Does a word begin with an entry? Short entries are to be nearly the whole of it. */
static bool begins_with(const char *word, size_t size, const char *entry) {
    size_t i = 0, letters = 0, more = 0;
    for (; entry[i]; i++) {
        if (i == size || entry[i] != word[i])
            return false;
        letters += ((uint8_t)entry[i] & 0xC0) != 0x80;
    }
    for (; i < size; i++)
        more += ((uint8_t)word[i] & 0xC0) != 0x80;
    return letters > 4 || more <= (letters < 4 ? 0 : 3);
}

static uint32_t find_cues(const char *word, size_t size, size_t group) {
    size_t low = starts[group], high = starts[group + 1];
    while (low < high) { /* the first entry above the word */
        size_t middle = (low + high) / 2, i = 0;
        const char *entry = entries[middle].begins;
        while (i < size && entry[i] == word[i])
            i++;
        if (i == size ? !entry[i] : (uint8_t)entry[i] < (uint8_t)word[i])
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t back = 1; back <= NESTED && back <= low; back++)
        if (begins_with(word, size, entries[low - back].begins))
            return entries[low - back].cues;
    return 0;
}

/* A letter folded, or 0. */
static uint32_t fold_letter(const uint8_t **at, const uint8_t *stop) {
    if (**at < 0x80) {
        uint32_t lower = *(*at)++ | 0x20u;
        return lower - 'a' < 26 ? lower : 0;
    }
    cl_fold_entry e = cl_fold_lookup(cl_utf8_next(at, stop) & 0x1FFFFF);
    return e.fast && (e.class_ & CL_CLASS_LETTERS) ? e.to : 0;
}

uint32_t cl_cues(const char *text, size_t from, size_t end) {
    const uint8_t *at = (const uint8_t *)text + from, *stop = (const uint8_t *)text + end;
    uint32_t cues = 0;
    char word[36];
    while (at < stop) {
        uint32_t letter = fold_letter(&at, stop);
        if (!letter)
            continue;
        size_t group = group_of(letter), size = 0;
        bool any = starts[group] < starts[group + 1];
        for (; letter; letter = at < stop ? fold_letter(&at, stop) : 0)
            if (any && size + 4 <= sizeof word) /* the rest of a longer word decides nothing */
                size += cl_utf8_put(letter, word + size);
        if (size > 1)
            cues |= find_cues(word, size, group);
    }
    return cues;
}
