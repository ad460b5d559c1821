/* test_fold.c - folding: the fast path equals utf8proc over every code point, alone and in pairs; forms that must meet, meet.
 */
#include "check.h"
#include "fold.h"
#include "tokens.h"
#include "utf8.h"

#include <utf8proc.h>

static size_t fold_code_points(const uint32_t *in, size_t count, uint32_t *out) {
    char bytes[CL_FOLD_BYTES_MAX];
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += cl_utf8_put(in[i], bytes + size);
    return cl_fold_word((const uint8_t *)bytes, size, out);
}

static bool same(const uint32_t *a, size_t a_length, const uint32_t *b, size_t b_length) {
    return a_length == b_length && !memcmp(a, b, a_length * sizeof *a);
}

static bool is_surrogate(uint32_t c) { return c >= 0xD800 && c < 0xE000; }

/* ---- Every code point ---- */

static void table_is_computed(void) {
    for (uint32_t c = 0; c < CL_FOLD_TABLE_SIZE; c++) {
        cl_fold_entry fast = cl_fold_table[c], slow = cl_fold_compute(c);
        if (fast.to != slow.to || fast.class_ != slow.class_ || fast.fast != slow.fast || fast.upper != slow.upper)
            CHECK_FAIL("the table differs at U+%04X", c);
    }
}

static void every_code_point(void) {
    for (uint32_t c = 0; c < 0x110000; c++) {
        if (is_surrogate(c))
            continue;
        uint32_t folded[CL_WORD_MAX], again[CL_WORD_MAX];
        cl_fold_entry e = cl_fold_lookup(c);
        size_t length = fold_code_points(&c, 1, folded);
        if (length > CL_WORD_MAX)
            CHECK_FAIL("U+%04X alone is too long", c);
        if (e.fast && (length != 1 || folded[0] != e.to))
            CHECK_FAIL("U+%04X: the fast path says U+%04X, utf8proc U+%04X (%d)", c, e.to, length ? folded[0] : 0, (int)length);
        bool letter = e.class_ == CL_CLASS_LATIN || e.class_ == CL_CLASS_CYRILLIC || e.class_ == CL_CLASS_LETTER ||
                      e.class_ == CL_CLASS_DIGIT;
        if (letter && !length)
            CHECK_FAIL("U+%04X is a letter, but vanishes", c);
        if (e.class_ == CL_CLASS_APOSTROPHE && (length != 1 || folded[0] != '\''))
            CHECK_FAIL("U+%04X is no apostrophe after folding", c);
        if (e.class_ == CL_CLASS_IGNORABLE && length)
            CHECK_FAIL("U+%04X does not vanish", c);
        /* What is folded folds to itself: compiling reads folded words again. */
        if (letter && !same(folded, length, again, fold_code_points(folded, length, again)))
            CHECK_FAIL("U+%04X folds further when folded again", c);
    }
}

/* The tokenizer, which goes by the table, gives what cl_fold_word gives. */
static void tokens_of_code_points(void) {
    for (uint32_t c = 0; c < 0x110000; c++) {
        cl_fold_entry e = is_surrogate(c) ? (cl_fold_entry){0} : cl_fold_lookup(c);
        if (e.class_ != CL_CLASS_LATIN && e.class_ != CL_CLASS_CYRILLIC && e.class_ != CL_CLASS_LETTER)
            continue;
        char text[8];
        size_t size = cl_utf8_put(c, text);
        uint32_t folded[CL_WORD_MAX];
        size_t length = cl_fold_word((const uint8_t *)text, size, folded);
        cl_tokenizer t;
        cl_token token;
        cl_tokens_start(&t, text, size);
        if (!cl_tokens_next(&t, &token) || token.marker || !same(token.chars, token.length, folded, length) || token.begin ||
            token.end != size)
            CHECK_FAIL("U+%04X is not the token of its folding", c);
    }
}

static void pairs(void) {
    static uint32_t fast[CL_FOLD_TABLE_SIZE];
    size_t count = 0;
    for (uint32_t c = 0; c < CL_FOLD_TABLE_SIZE; c++)
        if (cl_fold_table[c].fast)
            fast[count++] = c;
    CHECK(count > 600);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            uint32_t both[2] = {fast[i], fast[j]}, folded[CL_WORD_MAX];
            const uint32_t singly[2] = {cl_fold_table[both[0]].to, cl_fold_table[both[1]].to};
            if (!same(folded, fold_code_points(both, 2, folded), singly, 2))
                CHECK_FAIL("U+%04X U+%04X fold otherwise together", both[0], both[1]);
        }
}

/* ---- Forms that must meet ---- */

/* Every code point decomposed, canonically, folds as it does composed; also with a stress mark behind it. */
static void decomposed(void) {
    for (uint32_t c = 0xC0; c < 0x110000; c++) {
        utf8proc_int32_t parts[32];
        int last = 0;
        if (is_surrogate(c))
            continue;
        utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)c, parts, 32, UTF8PROC_DECOMPOSE, &last);
        if (n < 2 || n > 30)
            continue;
        uint32_t in[32], a[CL_WORD_MAX], b[CL_WORD_MAX];
        for (utf8proc_ssize_t i = 0; i < n; i++)
            in[i] = (uint32_t)parts[i];
        size_t a_length = fold_code_points(&c, 1, a), b_length = fold_code_points(in, (size_t)n, b);
        if (!same(a, a_length, b, b_length))
            CHECK_FAIL("U+%04X decomposed folds otherwise", c);
    }
}

static void folds(const char *text, const char *want) {
    cl_tokenizer t;
    cl_token token;
    char got[1024] = "";
    size_t at = 0;
    cl_tokens_start(&t, text, strlen(text));
    while (cl_tokens_next(&t, &token)) {
        at += at ? (size_t)(got[at] = ' ', 1) : 0;
        at += cl_token_utf8(&token, got + at);
        got[at] = 0;
    }
    if (strcmp(got, want))
        CHECK_FAIL("\"%s\" folds to \"%s\", not \"%s\"", text, got, want);
}

static void samples(void) {
    /* case, and what has no single lower case */
    folds("ATTACK Київ ЗАГРОЗА Łódź", "attack київ загроза łódź");
    folds("Straße STRASSE ΣΊΣΥΦΟΣ istanbul", "strasse strasse σίσυφοσ <shout> istanbul");
    /* decomposed letters: й ї ć ó */
    folds("и\xCC\x86 й і\xCC\x88 ї c\xCC\x81 ć o\xCC\x81 ó", "й й ї ї ć ć ó ó");
    /* stress, soft hyphen, zero-width space, joiners, byte order mark, bidi controls, variation selector */
    folds(
        "за\xCC\x81мок за\xC2\xADмок за\xE2\x80\x8Bмок за\xE2\x80\x8Dмок за\xEF\xBB\xBFмок за\xE2\x80\xAEмок замок\xEF\xB8\x8F",
        "замок замок замок замок замок замок замок");
    folds("сло\xCC\x81\xCC\x81\xCC\x81\xCC\x84во", "слово");
    folds("\xC2\xAD \xE2\x80\x8B \xCC\x81", "");
    /* full width, ligatures, mathematical and circled letters, superscripts, roman numerals */
    folds("ＴＨＲＥＡＴ ﬁle ﬀ 𝐡𝐚𝐜𝐤 ⓗⓐⓒⓚ Ⅷ ﬅ", "threat file ff hack hack viii st");
    /* look-alikes both ways, Greek ones, digits between letters */
    folds("cтоп аttаck СOБAКА раypal", "стоп attack собака paypal");
    folds("h4ck3d p0licja п0гроза м1сто", "hacked policja погроза місто");
    folds("αttαck ΒΟΜΒа", "attack вомва");
    folds("covid19 mp3 b2b а1 1а", "covid19 mp3 b2b а1 1а");
    folds("яz zя", "яz zя"); /* unmistakable letters of both: left alone */
    folds("сор", "сор");
    /* apostrophes */
    folds("п'ять п’ять пʼять п′ять п`ять п‘ять п´ять п＇ять", "п'ять п'ять п'ять п'ять п'ять п'ять п'ять п'ять");
    folds("'rock' don’t ’tis dogs' ''a'' об'", "rock don't tis dogs a об");
    /* letters that count as one */
    folds("ёлка елка ґанок ганок ЁЖ Ґрунт", "елка елка ганок ганок еж грунт");
    folds("ѐ ѝ", "е и");
    /* other scripts are words too */
    folds("東京 ελλάδα עברית हिन्दी", "東京 ελλάδα עברית हिनदी");
}

static void lengths(void) {
    char text[700];
    uint32_t out[CL_WORD_MAX];
    memset(text, 'a', sizeof text);
    CHECK_INT(cl_fold_word((uint8_t *)text, CL_WORD_MAX, out), CL_WORD_MAX);
    CHECK_INT(cl_fold_word((uint8_t *)text, CL_WORD_MAX + 1, out), CL_WORD_MAX + 1);
    CHECK_INT(cl_fold_word((uint8_t *)text, CL_FOLD_BYTES_MAX + 1, out), CL_WORD_MAX + 1);
    CHECK_INT(cl_fold_word((uint8_t *)text, 0, out), 0);
    for (int i = 0; i < 85; i++)
        memcpy(text + 3 * i, "\xEF\xB7\xBA", 3); /* U+FDFA: eighteen code points */
    CHECK_INT(cl_fold_word((uint8_t *)text, 255, out), CL_WORD_MAX + 1);
    for (int i = 0; i < 128; i++)
        memcpy(text + 2 * i, i % 2 ? "\xCC\x81" : "\xCC\xA3", 2); /* marks alone, to be put in order: nothing */
    CHECK_INT(cl_fold_word((uint8_t *)text, 256, out), 0);
    CHECK_INT(cl_fold_word((const uint8_t *)"a\xFF"
                                            "b\xC3",
                           4, out),
              2); /* invalid bytes are dropped */
}

static void bases(void) {
    static const uint32_t known[][2] = {{0x105, 'a'}, {0x107, 'c'}, {0x119, 'e'}, {0x142, 'l'}, {0x144, 'n'},
                                        {0xF3, 'o'},  {0x15B, 's'}, {0x17A, 'z'}, {0x17C, 'z'}, {0xFC, 'u'},
                                        {0xE9, 'e'},  {0x10D, 'c'}, {0x111, 'd'}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        CHECK_INT(cl_fold_base(known[i][0]), known[i][1]);
    for (uint32_t c = 0; c < 0x110000; c++) {
        uint32_t base = cl_fold_base(c);
        utf8proc_int32_t parts[8];
        int last = 0;
        if (base != c && (c < 0xE0 || c >= 0x180 || base < 'a' || base > 'z'))
            CHECK_FAIL("the base of U+%04X is U+%04X", c, base);
        /* Where Unicode decomposes a small letter to an ASCII letter and marks, that is the base. */
        if (c < 0xE0 || c >= 0x180 || utf8proc_decompose_char((utf8proc_int32_t)c, parts, 8, UTF8PROC_DECOMPOSE, &last) < 2)
            continue;
        if (parts[0] >= 'a' && parts[0] <= 'z' && base != (uint32_t)parts[0])
            CHECK_FAIL("the base of U+%04X is '%c', not '%c'", c, (int)base, (int)parts[0]);
    }
}

int main(void) {
    table_is_computed();
    every_code_point();
    tokens_of_code_points();
    pairs();
    decomposed();
    samples();
    lengths();
    bases();
    return check_result();
}
