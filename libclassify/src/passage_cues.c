/* passage_cues.c - the table of words that tell who speaks, and the search in it.
   May include: passage_cues.h, bytes.h, fold.h, utf8.h.
   Must not know: models, sentences. */
#include "passage_cues.h"

#include "bytes.h"
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

/* The first bytes of a word or an entry: three letters, or two of two bytes each. */
static uint32_t head_of(const char *word) {
    return cl_le32((const uint8_t *)word) & ((uint8_t)*word < 0x80 ? 0xFFFFFF : 0xFFFFFFFF);
}

/* The cues of a word, with zeros behind it: of the longest entry that it begins with, which is the last one. */
static uint32_t find_cues(const char *word, size_t size, size_t group) {
    uint32_t head = head_of(word);
    for (size_t i = starts[group + 1]; i-- > starts[group];) /* in short groups faster than by halves */
        if (head_of(entries[i].begins) == head && begins_with(word, size, entries[i].begins))
            return entries[i].cues;
    return 0;
}

/* A bit for the first three letters of each entry, 0 for a third that is not there: most words begin as none does. test_cues.c
   says what it should be. */
enum { FILTER = 2048 };
static const uint64_t filter[FILTER / 64] = {
    0x4000c00144c0d200, 0x0000000821002204, 0x9100000180010404, 0x0802110204200001, 0x8001401440069400, 0x6c04024000105940,
    0x0088008021000350, 0x1000000000100080, 0x5000144401000002, 0x0910c0461a000000, 0x0006005140080002, 0x0000101001200000,
    0x1000000010608000, 0x2008080080024904, 0x0022080041482000, 0x4000102802000022, 0x10022000001428f0, 0x1000080804140000,
    0x4040005608800000, 0x0800820040410000, 0x0101020008082041, 0x401000182c00400c, 0x0820021200000a10, 0x0240000140240802,
    0x8002009020082012, 0x0410080004000008, 0x022008a020010220, 0x0606000010000412, 0x000841200c081040, 0x0008108801480440,
    0xa040001282004009, 0x8002006240000080,
};

static uint32_t filter_bit(const uint32_t *letters) {
    return (letters[0] * 881 + letters[1] * 437 + letters[2] * 547) % FILTER;
}

static bool may_begin(const uint32_t *letters) {
    uint32_t bit = filter_bit(letters);
    return filter[bit / 64] >> bit % 64 & 1;
}

/* A letter folded, or 0. */
static inline uint32_t fold_letter(const uint8_t **at, const uint8_t *stop) {
    if (**at < 0x80) {
        uint32_t lower = *(*at)++ | 0x20u;
        return lower - 'a' < 26 ? lower : 0;
    }
    cl_fold_entry e = cl_fold_lookup(cl_utf8_next(at, stop) & 0x1FFFFF);
    return e.fast && (e.class_ & CL_CLASS_LETTERS) ? e.to : 0;
}

/* Behind the letters at `at`. */
static const uint8_t *skip_letters(const uint8_t *at, const uint8_t *stop) {
    while (at < stop) {
        const uint8_t *next = at;
        if ((uint8_t)((*at | 0x20) - 'a') < 26)
            at++;
        else if ((*at & 0xFE) == 0xD0 && stop - at > 1 && (at[1] & 0xC0) == 0x80)
            at += 2; /* U+0400 .. U+047F, letters all */
        else if (*at < 0x80 || !fold_letter(&next, stop))
            break;
        else
            at = next;
    }
    return at;
}

uint32_t cl_cues(const char *text, size_t from, size_t end) {
    const uint8_t *at = (const uint8_t *)text + from, *stop = (const uint8_t *)text + end;
    uint32_t cues = 0;
    char word[36];
    while (at < stop) {
        uint32_t letters[3] = {fold_letter(&at, stop), 0, 0}, letter = letters[0];
        for (size_t i = 1; i < 3 && letter; i++)
            letters[i] = letter = at < stop ? fold_letter(&at, stop) : 0;
        if (!letters[1]) /* no entry has one letter */
            continue;
        if (!may_begin(letters)) {
            if (letter)
                at = skip_letters(at, stop);
            continue;
        }
        size_t size = 0;
        memset(word, 0, 4);
        for (size_t i = 0; i < 3 && letters[i]; i++)
            size += cl_utf8_put(letters[i], word + size);
        while (letter && (letter = at < stop ? fold_letter(&at, stop) : 0))
            if (size + 4 <= sizeof word) /* the rest of a longer word decides nothing */
                size += cl_utf8_put(letter, word + size);
        cues |= find_cues(word, size, group_of(letters[0]));
    }
    return cues;
}
