/* fold.c - folding by utf8proc, and look-alike letters. The fast path is a table that is made with these functions.
   May include: utf8.h.
   Must not know: tokens, languages, models. */
#include "fold.h"

#include "utf8.h"

#include <string.h>
#include <utf8proc.h>

static bool is_apostrophe(uint32_t c) {
    return c == '\'' || c == '`' || c == 0xB4 || c == 0x2BC || c == 0x2018 || c == 0x2019 || c == 0x201B || c == 0x2032 ||
           c == 0xFF07 || c == 0x2B9 || c == 0x2BB || c == 0x2BD || c == 0x55A;
}

/* Variants that this project takes for one letter; 0 drops the code point. */
static uint32_t variant(uint32_t c) {
    switch (c) {
    case 0x451:
    case 0x450: return 0x435; /* ё ѐ: е */
    case 0x491: return 0x433; /* ґ: г */
    case 0x45D: return 0x438; /* ѝ: и */
    default: break;
    }
    if (is_apostrophe(c))
        return '\'';
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
    case UTF8PROC_CATEGORY_MC: return c;
    default: return 0;
    }
}

size_t cl_fold_word(const uint8_t *bytes, size_t size, uint32_t *out) {
    enum { ROOM = 2048 }; /* 256 bytes, each code point to at most 18 */
    const utf8proc_option_t options =
        UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE | UTF8PROC_STABLE;
    utf8proc_int32_t wide[ROOM];
    if (size > CL_FOLD_BYTES_MAX)
        return CL_WORD_MAX + 1;
    utf8proc_ssize_t count = 0;
    const uint8_t *at = bytes, *end = bytes + size;
    int last = 0;
    while (at < end) {
        uint32_t c = cl_utf8_next(&at, end);
        if (c & CL_INVALID)
            continue;
        utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)(is_apostrophe(c) ? '\'' : c), wide + count,
                                                     ROOM - count, options, &last);
        if (n < 0 || n > ROOM - count)
            return CL_WORD_MAX + 1;
        count += n;
    }
    /* Canonical order, which utf8proc_decompose would do after decomposing. */
    for (utf8proc_ssize_t i = 1; i < count; i++) {
        int class_ = utf8proc_get_property(wide[i])->combining_class;
        for (utf8proc_ssize_t j = i; class_ && j > 0 && utf8proc_get_property(wide[j - 1])->combining_class > class_; j--) {
            utf8proc_int32_t swap = wide[j];
            wide[j] = wide[j - 1], wide[j - 1] = swap;
        }
    }
    count = utf8proc_normalize_utf32(wide, count, options);
    size_t length = 0;
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        uint32_t c = variant((uint32_t)wide[i]);
        if (!c)
            continue;
        if (length == CL_WORD_MAX)
            return CL_WORD_MAX + 1;
        out[length++] = c;
    }
    return length;
}

cl_class cl_fold_script(uint32_t c) {
    if ((c >= 'a' && c <= 'z') || (c >= 0xC0 && c < 0x250 && c != 0xD7 && c != 0xF7) || (c >= 0x1E00 && c < 0x1F00) ||
        c == 0xAA || c == 0xBA)
        return CL_CLASS_LATIN;
    if (c >= 0x400 && c < 0x530)
        return CL_CLASS_CYRILLIC;
    if (c >= '0' && c <= '9')
        return CL_CLASS_DIGIT;
    return CL_CLASS_LETTER;
}

cl_fold_entry cl_fold_compute(uint32_t c) {
    cl_fold_entry entry = {0, CL_CLASS_OTHER, 0, 0};
    if (is_apostrophe(c)) {
        entry.class_ = CL_CLASS_APOSTROPHE, entry.to = '\'', entry.fast = 1;
        return entry;
    }
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    bool enclosed = (c >= 0x24B6 && c <= 0x24E9) || (c >= 0x1F130 && c <= 0x1F189); /* letters in circles and squares */
    switch (category) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        entry.class_ = utf8proc_get_property((utf8proc_int32_t)c)->ignorable ? CL_CLASS_IGNORABLE : CL_CLASS_MARK;
        return entry;
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: break;
    default:
        if (utf8proc_get_property((utf8proc_int32_t)c)->ignorable)
            entry.class_ = CL_CLASS_IGNORABLE;
        if (!enclosed)
            return entry;
    }
    char bytes[4] = "";
    uint32_t folded[CL_WORD_MAX];
    size_t size = cl_utf8_put(c, bytes);
    size_t length = cl_fold_word((const uint8_t *)bytes, size, folded);
    if (!length || length > CL_WORD_MAX) {
        entry.class_ = length ? CL_CLASS_LETTER : CL_CLASS_IGNORABLE;
        return entry;
    }
    entry.class_ = (uint8_t)cl_fold_script(folded[0]);
    entry.fast = length == 1 && folded[0] <= UINT16_MAX && c < CL_FOLD_TABLE_SIZE;
    entry.to = entry.fast ? (uint16_t)folded[0] : 0;
    entry.upper = category == UTF8PROC_CATEGORY_LU;
    return entry;
}

/* Letters that look alike, folded: Latin, Cyrillic, Greek, digit. Capitals count too (В and B, Н and H). */
#define LOOKALIKES(ROW)                                                                                                        \
    ROW('a', 0x430, 0x3B1, '4')                                                                                                \
    ROW('b', 0x432, 0x3B2, 0)                                                                                                  \
    ROW('c', 0x441, 0, 0)                                                                                                      \
    ROW('e', 0x435, 0x3B5, '3')                                                                                                \
    ROW('h', 0x43D, 0x3B7, 0)                                                                                                  \
    ROW('i', 0x456, 0x3B9, '1')                                                                                                \
    ROW('j', 0x458, 0, 0)                                                                                                      \
    ROW('k', 0x43A, 0x3BA, 0)                                                                                                  \
    ROW('m', 0x43C, 0x3BC, 0)                                                                                                  \
    ROW('o', 0x43E, 0x3BF, '0')                                                                                                \
    ROW('p', 0x440, 0x3C1, 0)                                                                                                  \
    ROW('s', 0x455, 0x3C3, '5')                                                                                                \
    ROW('t', 0x442, 0x3C4, '7')                                                                                                \
    ROW('x', 0x445, 0x3C7, 0)                                                                                                  \
    ROW('y', 0x443, 0x3C5, 0)
#define ROW(latin, cyrillic, greek, digit)           {latin, cyrillic, greek, digit},
#define LATIN_BITS(latin, cyrillic, greek, digit)    | 1ull << ((latin) - 'a')
#define CYRILLIC_BITS(latin, cyrillic, greek, digit) | 1ull << ((cyrillic) - 0x430)
static const uint16_t lookalikes[][4] = {LOOKALIKES(ROW)};
static const uint64_t alike[2] = {0 LOOKALIKES(LATIN_BITS), 0 LOOKALIKES(CYRILLIC_BITS)}; /* from a, and from а, on */
enum { ROWS = sizeof lookalikes / sizeof *lookalikes };

/* Does a letter of Latin (0) or Cyrillic (1) look like one of the other? */
static bool is_alike(uint32_t c, int script) {
    uint32_t bit = c - (script ? 0x430u : 'a');
    return bit < 64 && alike[script] >> bit & 1;
}

/* The row of `lookalikes` that holds c in the given column, or -1. */
static int lookalike(uint32_t c, int column) {
    for (int i = 0; i < ROWS; i++)
        if (lookalikes[i][column] == c)
            return i;
    return -1;
}

void cl_fold_lookalikes(uint32_t *word, size_t length) {
    unsigned all[2] = {0, 0}, own[2] = {0, 0}; /* letters of Latin and Cyrillic; those of them that look like no other */
    for (size_t i = 0; i < length; i++) {
        cl_class class_ = cl_fold_script(word[i]);
        if (class_ != CL_CLASS_LATIN && class_ != CL_CLASS_CYRILLIC)
            continue;
        int script = class_ == CL_CLASS_CYRILLIC;
        all[script]++;
        own[script] += !is_alike(word[i], script);
    }
    int script;
    if (own[0] && own[1])
        return;
    if (own[0] || own[1])
        script = own[1] > 0;
    else if (all[0] || all[1])
        script = all[1] >= all[0];
    else
        return;
    for (size_t i = 0; i < length; i++) {
        bool digit = word[i] >= '0' && word[i] <= '9';
        if (digit && (i == 0 || i + 1 == length || (word[i - 1] >= '0' && word[i - 1] <= '9') ||
                      (word[i + 1] >= '0' && word[i + 1] <= '9')))
            continue; /* only a digit between two letters stands for a letter */
        bool other = is_alike(word[i], !script), greek = word[i] >= 0x3B1 && word[i] <= 0x3C9;
        if (!digit && !other && !greek)
            continue;
        int row = lookalike(word[i], digit ? 3 : other ? !script : 2);
        if (row >= 0)
            word[i] = lookalikes[row][script];
    }
}

bool cl_fold_is_symbol(uint32_t c) { return utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_SO; }

uint32_t cl_fold_base(uint32_t c) {
    /* U+00E0 to U+017F. */
    static const char bases[] = "aaaaaaaceeeeiiiidnooooo ouuuuytyaaaaaaccccccccdd deeeeeeeeeegggg"
                                "gggghh hiiiiiiiiii ijjkkkllllll   lnnnnnn  noooooo orrrrrrssssss"
                                "sstttt tuuuuuuuuuuuuwwyyyzzzzzz ";
    if (c < 0xE0 || c >= 0x180 || bases[c - 0xE0] == ' ')
        return c;
    return (uint32_t)bases[c - 0xE0];
}

const char *cl_fold_unicode_version(void) { return utf8proc_unicode_version(); }
