/* sentence_stop.c - does a full stop end a sentence? What it stands behind, and what follows.
   May include: sentence_stop.h, sentence_text.h, sentence_words.h, fold.h, utf8.h.
   Must not know: words, stems, models. */
#include "sentence_stop.h"

#include "sentence_text.h"
#include "sentence_words.h"

#include <string.h>

/* ---- Words ---- */

/* Latin, and the Cyrillic letters that look the same. */
static bool is_numeral(uint32_t c) { return c == 'I' || c == 'V' || c == 'X' || c == 0x425 || c == 0x406; }
static bool is_number(uint32_t c) { return is_digit(c) || is_numeral(c); }

static abbreviation find_abbreviation(const char *word, size_t size) {
    size_t low = 0, high = sizeof abbreviations / sizeof *abbreviations;
    while (low < high) {
        size_t middle = (low + high) / 2, i = 0;
        const char *entry = abbreviations[middle].word;
        while (i < size && entry[i] == word[i])
            i++;
        if (i == size && !entry[i])
            return abbreviations[middle].kind;
        if (i < size && (uint8_t)entry[i] < (uint8_t)word[i])
            low = middle + 1;
        else
            high = middle;
    }
    return NONE;
}

/* ---- What comes next ---- */

cl_next cl_look_ahead(const uint8_t *at, const uint8_t *end, const uint8_t **word) {
    for (int i = 0; i < 6; i++) {
        at = skip_spaces(at, end);
        *word = at;
        if (at == end)
            return CL_NEXT_END;
        uint32_t c = cl_utf8_next(&at, end);
        if (is_letter(c))
            return is_upper(c) ? CL_NEXT_UPPER : CL_NEXT_LOWER;
        if (is_digit(c))
            return CL_NEXT_DIGIT;
        if (!is_quote(c) && !is_dash(c) && c != '(' && c != '[' && c != '*' && c != '\'' && c != 0x2018)
            return CL_NEXT_OTHER;
    }
    return CL_NEXT_OTHER;
}

enum { KEY_BYTES = 28 }; /* no word of the lists is longer */

/* Is the word at `word` one of a list? A short one with a full stop behind is an
   initial or No., a letter with an apostrophe half a name. */
static bool is_one_of(const char *list, const uint8_t *word, const uint8_t *end) {
    char key[KEY_BYTES + 8] = " ";
    size_t size = 1;
    unsigned letters = 0;
    uint32_t c = 0;
    for (; word < end && is_letter(c = char_at(word, end)); letters++) {
        cl_fold_entry e = cl_fold_lookup(c & 0x1FFFFF);
        if (size > KEY_BYTES || !e.fast)
            return false;
        size += cl_utf8_put(e.to, key + size);
        cl_utf8_next(&word, end);
    }
    if (!letters || (word < end && letters < 3 && c == '.'))
        return false;
    if (word < end && letters == 1 && key[1] != 'i' && (c == '\'' || c == 0x2019))
        return false;
    key[size++] = ' ';
    key[size] = 0;
    return strstr(list, key) != NULL;
}

/* A number in Roman numerals? A single I is a word, but where `alone` or a mark stands behind. */
static bool is_roman(const uint8_t *word, const uint8_t *end, bool alone) {
    unsigned letters = 0;
    uint32_t c = 0;
    while (word < end && is_numeral(c = char_at(word, end)))
        cl_utf8_next(&word, end), letters++;
    if (!letters || (word < end && is_letter(c)))
        return false;
    return letters > 1 || alone || (word < end && (c == '.' || c == ',' || c == ')' || c == ';'));
}

/* ---- Emoji ---- */

static bool is_face(uint32_t c) { return (c >= 0x1F600 && c < 0x1F650) || (c >= 0x1F910 && c < 0x1F980); }
static bool is_joiner(uint32_t c) { return (c >= 0xFE00 && c <= 0xFE0F) || c == 0x200D || (c >= 0x1F3FB && c <= 0x1F3FF); }

/* Behind one smiley of letters and marks, :-) or ))); `at` where none stands there. */
static const uint8_t *pass_smiley(const uint8_t *at, const uint8_t *end) {
    const uint8_t *from = at;
    bool eyes = at < end && (*at == ':' || *at == ';' || *at == '=');
    at += eyes;
    at += eyes && at < end && *at == '-';
    const uint8_t *mouth = at;
    while (at < end && (*at == ')' || *at == '('))
        at++;
    if (eyes && at == mouth && at < end && (*at == 'D' || *at == 'P'))
        at++;
    return at > mouth && (at == end || is_space(char_at(at, end))) && (eyes || *mouth == ')') ? at : from;
}

const uint8_t *cl_pass_emoji(const uint8_t *at, const uint8_t *end) {
    const uint8_t *from = at, *behind = at;
    bool faces = true;
    for (;;) {
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
        const uint8_t *next = pass_smiley(at, end);
        if (next == at && at < end) {
            uint32_t c = cl_utf8_next(&next, end);
            if (!is_joiner(c) && c < 0x2190)
                next = at;
            else if (!is_joiner(c) && !cl_fold_is_symbol(c))
                next = at;
            else
                faces &= is_face(c) || is_joiner(c);
        }
        if (next == at)
            break;
        at = behind = next;
    }
    return at == end || *at == '\n' || *at == '\r' || (faces && is_space(char_at(behind, end))) ? behind : from;
}

/* ---- Who says it ---- */

static const uint8_t *pass_word(const uint8_t *at, const uint8_t *end) {
    while (at < end && (is_letter(char_at(at, end)) || *at == '-' || *at == '.'))
        cl_utf8_next(&at, end);
    return at;
}

bool cl_says(const uint8_t *word, const uint8_t *end) {
    if (is_one_of(starters, word, end))
        return false;
    for (int i = 0; i < 3 && is_upper(char_at(word, end)); i++) {
        word = skip_spaces(pass_word(word, end), end);
        if (is_one_of(verbs, word, end))
            return true;
    }
    return false;
}

/* ---- A full stop ---- */

/* Two capitals, as a time zone has? */
static bool is_capitals(const uint8_t *word, const uint8_t *end) {
    const uint8_t *next = word;
    if (word == end || !is_upper(cl_utf8_next(&next, end)))
        return false;
    return is_upper(char_at(next, end));
}

enum { WORD_BYTES = 20 }; /* no abbreviation, with a mark before it, is longer */

/* The word before a full stop. */
typedef struct {
    const uint8_t *begin;
    char folded[32];
    size_t size; /* of folded; 0: none, or one that is no abbreviation */
    unsigned letters, digits, dots;
    bool upper; /* its last letter */
    bool latin;
} stop_word;

static void read_word(const uint8_t *stop, const uint8_t *start, stop_word *w) {
    const uint8_t *at = stop;
    *w = (stop_word){.begin = stop};
    while (at > start && stop - at <= WORD_BYTES && at[-1] > ' ' && at[-1] != '(')
        at--;
    if (stop - at > WORD_BYTES)
        return; /* too long to be an abbreviation */
    at = stop;
    for (int i = 0; at > start && i < 8; i++) {
        const uint8_t *before = step_back(at, start);
        uint32_t c = char_at(before, at);
        if (!is_letter(c) && !is_digit(c) && c != '.' && c != '-')
            break;
        at = before;
    }
    w->begin = at;
    uint32_t c = char_before(at, start);
    if (at > start && (is_letter(c) || is_digit(c) || c == '/' || c == 0xB0))
        return; /* a longer word, or a unit: m/s, °C */
    while (at < stop) {
        c = cl_utf8_next(&at, stop);
        cl_fold_entry e = cl_fold_lookup(c & 0x1FFFFF);
        w->dots += c == '.';
        w->digits += is_digit(c);
        if (is_letter(c))
            w->letters++, w->upper = e.upper, w->latin = e.class_ == CL_CLASS_LATIN;
        w->size += cl_utf8_put(e.fast ? e.to : c & 0x1FFFFF, w->folded + w->size);
    }
}

/* Where the spaces before the word begin: three at most. */
static const uint8_t *before_spaces(const uint8_t *word, const uint8_t *start) {
    for (int i = 0; i < 3 && is_space(char_before(word, start)); i++)
        word = step_back(word, start);
    return word;
}

static bool follows_number(const uint8_t *word, const uint8_t *start) {
    const uint8_t *at = before_spaces(word, start);
    if (is_number(char_before(at, start)))
        return true;
    for (int i = 0; i < 3 && is_letter(char_before(at, start)); i++) /* 90-е гг. */
        at = step_back(at, start);
    return at - start > 1 && at[-1] == '-' && is_digit(at[-2]);
}

/* Where the word before this one, perhaps an abbreviation, begins, or `word` where none does. */
static const uint8_t *word_before(const uint8_t *word, const uint8_t *start) {
    const uint8_t *end = before_spaces(word, start), *at = end;
    if (at > start && at[-1] == '.')
        at--, end--;
    for (int i = 0; i < 12 && is_letter(char_before(at, start)); i++)
        at = step_back(at, start);
    return at < end ? at : word;
}

enum { WHEN_WORDS = 4 };

/* Has the sentence but begun, by when something was? Before a capital, so, it goes on: В начале 1703 г. Пётр ... */
static bool only_when(const cl_sentences *s, const stop_word *w) {
    const uint8_t *at = s->begun;
    unsigned words = 0;
    if (w->begin <= at || !is_upper(char_at(at, w->begin)) || !is_one_of(whens, at, w->begin))
        return false;
    while (at < w->begin && words <= WHEN_WORDS) {
        uint32_t c = cl_utf8_next(&at, w->begin);
        if (c == ',' || c == ':')
            return false;
        words += is_space(c);
    }
    return words <= WHEN_WORDS;
}

/* A single letter. */
static bool letter_ends(const cl_sentences *s, const stop_word *w, abbreviation kind, cl_next next, const uint8_t *word) {
    uint32_t before = char_before(before_spaces(w->begin, s->start), s->start);
    if (w->upper) /* an initial, an item, or the last word: Plan B. It works. */
        return w->begin != s->first && w->begin != s->begun && is_one_of(starters, word, s->end);
    if (kind == AFTER)
        return next == CL_NEXT_UPPER && follows_number(w->begin, s->start) && !only_when(s, w); /* XX в., 1995 р. */
    if (next == CL_NEXT_UPPER && is_digit(before))
        return true; /* 5 м. */
    if (!w->latin && before == '.')
        return next != CL_NEXT_DIGIT; /* т. д., т. п., н. э. */
    if (kind == NONE && before == ',')
        return next == CL_NEXT_UPPER; /* рис. 5, а. */
    return kind == WORD || (kind == NUMBERS && w->latin && next != CL_NEXT_DIGIT);
}

enum { LONG = 9 }; /* letters: one more than read_word takes */

/* Do so many letters stand before a full stop that they are no abbreviation? */
static bool is_long(const uint8_t *stop, const uint8_t *start) {
    for (int i = 0; i < LONG; i++) {
        if (stop == start)
            return false;
        if ((uint8_t)((stop[-1] | 0x20) - 'a') < 26) {
            stop--;
            continue;
        }
        const uint8_t *before = step_back(stop, start);
        if (stop[-1] < 0x80 || !is_letter(char_at(before, stop)))
            return false;
        stop = before;
    }
    return true;
}

bool cl_stop_ends(const cl_sentences *s, const uint8_t *stop, cl_next next, const uint8_t *word) {
    if (is_long(stop, s->start))
        return true;
    stop_word w;
    read_word(stop, s->start, &w);
    if (!w.size)
        return true;
    const uint8_t *last = word_before(w.begin, s->start);
    if (last == s->first && last < w.begin && (!w.letters || is_roman(w.begin, stop, true)) &&
        is_one_of(headings, last, w.begin))
        return false;
    if (!w.letters) /* a number: an item's, where a line or a sentence begins with it */
        return w.digits > 3 || (s->first != w.begin && (s->begun != w.begin || w.digits > 2));
    abbreviation kind = find_abbreviation(w.folded, w.size);
    if (next == CL_NEXT_UPPER && kind != NONE && is_roman(word, s->end, !w.latin && *word == 'I'))
        next = CL_NEXT_DIGIT;
    if (w.letters == 1 && !w.digits && w.size <= 2)
        return letter_ends(s, &w, kind, next, word);
    if (kind == NONE && w.dots && w.letters == w.dots + 1)
        return w.upper ? is_one_of(starters, word, s->end) : next == CL_NEXT_UPPER; /* initials; т.д. */
    switch (kind) {
    case NEVER: return false;
    case NUMBERS: return next != CL_NEXT_DIGIT;
    case AFTER: return next == CL_NEXT_UPPER && !w.upper && follows_number(w.begin, s->start) && !only_when(s, &w);
    case AND: return last < w.begin && is_one_of(ands, last, w.begin);
    case STARTS: return !is_dash(char_at(skip_spaces(stop + 1, s->end), s->end)) && is_one_of(starters, word, s->end);
    case CLOCK: return next == CL_NEXT_UPPER && !is_one_of(clock_words, word, s->end) && !is_capitals(word, s->end);
    default: return true;
    }
}
