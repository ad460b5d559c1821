/* sentences.c - a scanner that cuts a text at the ends of sentences, at quotation marks and at the ends of lines.
   May include: sentences.h, sentence_line.h, sentence_stop.h, sentence_text.h, fold.h, utf8.h.
   Must not know: words, stems, models. */
#include "sentences.h"

#include "sentence_line.h"
#include "sentence_stop.h"
#include "sentence_text.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* The bytes at which something may happen; C2 leads « and », E2 the other quotation marks and the ellipsis. */
static const bool telling[256] = {
    ['.'] = 1, ['!'] = 1, ['?'] = 1, ['"'] = 1, ['\''] = 1, ['\n'] = 1, [':'] = 1, [0xC2] = 1, [0xE2] = 1};

static const uint8_t *find_telling(const uint8_t *at, const uint8_t *end) {
#if defined(__SSE2__)
    static const char bytes[] = {'!', '?', '"', '\'', ':', '\n', (char)0xC2, (char)0xE2};
    for (; end - at >= 16; at += 16) {
        __m128i text = _mm_loadu_si128((const void *)at), found = _mm_cmpeq_epi8(text, _mm_set1_epi8('.'));
        for (size_t i = 0; i < sizeof bytes; i++)
            found = _mm_or_si128(found, _mm_cmpeq_epi8(text, _mm_set1_epi8(bytes[i])));
        int mask = _mm_movemask_epi8(found);
        if (mask)
            return at + __builtin_ctz((unsigned)mask);
    }
#endif
    while (at < end && !telling[*at])
        at++;
    return at;
}

/* ---- Quotation marks ---- */

typedef enum { QUOTE_NONE, QUOTE_OPENS, QUOTE_AGAIN, QUOTE_CLOSES } quote_turn; /* AGAIN: each paragraph of one quotation */

static bool is_single(uint32_t c) { return c == '\'' || c == 0x2018 || c == 0x2019; }

/* Is the single mark, which ends before `next`, no apostrophe but the end of a quotation? It has a mark beside it. */
static bool single_closes(const uint8_t *at, const uint8_t *next, const cl_sentences *s) {
    uint32_t before = char_before(at, s->start), behind = char_at(next, s->end);
    bool marked = is_end(before) || before == ',';
    return marked ? !is_letter(behind) : is_letter(before) && (is_end(behind) || behind == ',' || behind == ';');
}

enum { SINGLE_LEAST = 12, SINGLE_MOST = 600 }; /* bytes in single marks: fewer are a name or a phrase */

/* Does the single mark, which ends before `next`, begin a quotation that ends in its line? What was searched in vain is not
   searched again. */
static bool single_opens(const uint8_t *next, cl_sentences *s) {
    const uint8_t *end = s->end - next > SINGLE_MOST ? next + SINGLE_MOST : s->end;
    if (!is_letter(char_at(next, end)) && !is_digit(char_at(next, end)))
        return false;
    const uint8_t *at = s->unmarked > next ? s->unmarked : next;
    while (at < end && *at != '\n') {
        const uint8_t *before = at;
        if (is_single(cl_utf8_next(&at, end)) && single_closes(before, at, s)) {
            s->unmarked = before;
            return before - next >= SINGLE_LEAST;
        }
    }
    s->unmarked = at;
    return false;
}

/* What a quotation mark at `at` does, where `depth` marks are open. */
static quote_turn turn_of(uint32_t c, const uint8_t *at, cl_sentences *s, uint32_t depth, uint32_t outer) {
    uint32_t before = char_before(at, s->start);
    bool free = !before || is_space(before) || is_dash(before) || before == '(' || before == '[' || before == ':';
    if (is_single(c)) {
        const uint8_t *next = at;
        cl_utf8_next(&next, s->end);
        if (depth)
            return is_single(outer) && depth == 1 && single_closes(at, next, s) ? QUOTE_CLOSES : QUOTE_NONE;
        return free && c != 0x2019 && single_opens(next, s) ? QUOTE_OPENS : QUOTE_NONE;
    }
    if (c == RIGHT || c == HIGH_RIGHT)
        return depth ? QUOTE_CLOSES : QUOTE_NONE;
    if (c == HIGH_LEFT && depth && !free)
        return QUOTE_CLOSES; /* „so“ */
    if (c == '"' && !free)
        return depth ? QUOTE_CLOSES : QUOTE_NONE;
    if (!depth)
        return QUOTE_OPENS;
    return c == outer && (c == '"' || at == s->first) ? QUOTE_AGAIN : QUOTE_OPENS;
}

static void turn(cl_sentences *s, quote_turn how, uint32_t c) {
    if (how == QUOTE_OPENS && !s->depth++)
        s->outer = c;
    if (how == QUOTE_CLOSES)
        s->depth--;
}

/* At the beginning of a paragraph, inside quotation marks: do they close in it, or open again? Else one was forgotten. */
static bool quote_goes_on(cl_sentences *s, const uint8_t *at) {
    bool first = true, line = false;
    at = skip_spaces(at, s->end);
    while (at < s->end) {
        const uint8_t *before = at;
        uint32_t c = cl_utf8_next(&at, s->end);
        if (c == '\n') {
            if (line)
                return false;
            line = true;
        } else if (!is_space(c)) {
            line = false;
        }
        if (is_quote(c)) {
            quote_turn how = turn_of(c, before, s, 1, c);
            if (how == QUOTE_CLOSES)
                return true;
            return first;
        }
        first = false;
    }
    return false;
}

/* ---- The scanner ---- */

static void set_line(cl_sentences *s, const uint8_t *at) {
    s->line = at;
    while (at < s->end && (*at == ' ' || *at == '\t'))
        at++;
    s->first = at;
}

static bool begins_small(const cl_sentences *s) {
    uint32_t c = char_at(s->first, s->end);
    return is_letter(c) && !is_upper(c);
}

void cl_sentences_start(cl_sentences *s, const char *text, size_t size) {
    *s = (cl_sentences){.start = (const uint8_t *)text, .paragraph = true};
    s->at = s->unmarked = s->start;
    s->end = s->start + size;
    set_line(s, s->at);
    s->small = begins_small(s);
}

/* A new line by itself begins at `at`. */
static void begin_line(cl_sentences *s, const uint8_t *at, bool blank) {
    s->paragraph = true;
    set_line(s, at);
    s->small = begins_small(s);
    if (blank && s->depth && !quote_goes_on(s, at)) {
        s->depth = 0;
        s->opened = false;
    }
}

/* Passes space and quotation marks before a part. */
static void pass_gap(cl_sentences *s) {
    s->opened = s->opened && s->depth;
    while (s->at < s->end) {
        const uint8_t *next = s->at;
        uint32_t c = cl_utf8_next(&next, s->end);
        if (c == '\n') {
            bool blank;
            cl_line_ends(s, s->at, &blank);
            begin_line(s, next, blank);
        } else if (is_quote(c) || is_single(c)) {
            quote_turn how = turn_of(c, s->at, s, s->depth, s->outer);
            if ((how == QUOTE_OPENS && s->depth) || (how == QUOTE_NONE && is_single(c)))
                return; /* a name in marks, or an apostrophe, begins the sentence */
            turn(s, how, c);
            s->opened = how == QUOTE_OPENS || (s->opened && s->depth);
        } else if (!is_space(c)) {
            return;
        }
        s->at = next;
    }
}

/* Passes what may stand between an end mark and the space behind it: brackets and quotation marks that close, footnotes. Cuts
   the part at the first mark that closes the quotation. */
static const uint8_t *pass_closers(cl_sentences *s, const uint8_t *at, cl_sentence *part, bool *cut) {
    while (at < s->end) {
        const uint8_t *next = at;
        uint32_t c = cl_utf8_next(&next, s->end);
        if (is_quote(c) || (is_single(c) && is_single(s->outer) && s->depth)) {
            if (turn_of(c, at, s, s->depth, s->outer) != QUOTE_CLOSES)
                return at;
            turn(s, QUOTE_CLOSES, c);
            if (!s->depth) {
                part->closes = *cut = true;
                part->end = (size_t)(at - s->start);
            }
        } else if (c == '[' && next < s->end && is_digit(*next)) {
            while (next < s->end && is_digit(*next))
                next++;
            if (next == s->end || *next++ != ']')
                return at;
        } else if (c != ')' && c != ']' && !is_single(c)) {
            return at;
        }
        at = next;
        if (!*cut)
            part->end = (size_t)(at - s->start);
    }
    return at;
}

/* At an end mark: takes the run of them, with their closers, into the part. True where the part ends there. */
static bool take_marks(cl_sentences *s, const uint8_t *mark, cl_sentence *part, bool *cut) {
    const uint8_t *at = mark, *word;
    unsigned count = 0;
    bool stop = true, shut = false;
    do { /* ?). */
        for (uint32_t c; at < s->end && is_end(c = char_at(at, s->end)); count++) {
            stop &= c == '.';
            cl_utf8_next(&at, s->end);
        }
        if (!*cut)
            part->end = (size_t)(at - s->start);
        s->at = pass_closers(s, at, part, cut);
        shut |= s->at != at;
        at = s->at;
    } while (at < s->end && is_end(char_at(at, s->end)));
    if (!*cut && (at = cl_pass_emoji(at, s->end)) != s->at) {
        shut = true;
        s->at = at;
        part->end = (size_t)(at - s->start);
    }
    cl_next next = cl_look_ahead(at, s->end, &word);
    if (next == CL_NEXT_END)
        return part->ends = true;
    if (next == CL_NEXT_LOWER || (!is_space(char_at(at, s->end)) && !(next == CL_NEXT_UPPER && (shut || !stop))))
        return *cut;
    if (*cut && (!stop || count > 1) && next == CL_NEXT_UPPER && word == skip_spaces(at, s->end) && cl_says(word, s->end))
        return true;
    part->ends = !stop || count != 1 || shut || cl_stop_ends(s, mark, next, word);
    return part->ends || *cut;
}

/* At a quotation mark inside a part: true where it cuts it. */
static bool take_quote(cl_sentences *s, const uint8_t *at, uint32_t c, cl_sentence *part) {
    quote_turn how = turn_of(c, at, s, s->depth, s->outer);
    turn(s, how, c);
    if (how == QUOTE_OPENS && s->depth == 1) {
        s->opened = true;
        part->end = (size_t)(at - s->start);
        return true;
    }
    if (how == QUOTE_CLOSES && !s->depth) {
        bool cut = true;
        part->closes = true;
        part->end = (size_t)(at - s->start);
        if (is_end(char_at(s->at, s->end)))
            take_marks(s, s->at, part, &cut);
        return true;
    }
    part->end = (size_t)(s->at - s->start);
    return false;
}

/* Does a capital follow behind the colon that ends at `at`, as where somebody's words are given? */
static bool introduces(const uint8_t *at, const uint8_t *end) {
    return at < end && *at == ' ' && is_upper(char_at(at + 1, end));
}

/* Passes a smiley at `at` if a sentence begins behind it. */
static bool smiles(cl_sentences *s, const uint8_t *at) {
    const uint8_t *behind = cl_pass_emoji(at, s->end), *word;
    if (behind == at || cl_look_ahead(behind, s->end, &word) != CL_NEXT_UPPER)
        return false;
    s->at = behind;
    return true;
}

/* Runs from the beginning of a part to its end. */
static void scan_part(cl_sentences *s, cl_sentence *part) {
    bool cut = false, blank;
    while (s->at < s->end) {
        const uint8_t *at = find_telling(s->at, s->end), *next = at;
        s->at = at;
        if (at == s->end)
            break;
        uint32_t c = cl_utf8_next(&next, s->end);
        if (is_end(c)) {
            if (take_marks(s, at, part, &cut))
                return;
            continue;
        }
        s->at = next;
        if ((is_quote(c) || is_single(c)) && take_quote(s, at, c, part))
            return;
        if (c == ':' && !s->depth && introduces(next, s->end)) {
            part->end = (size_t)(next - s->start);
            return;
        }
        if (c == ':' && smiles(s, at)) {
            part->ends = true;
            part->end = (size_t)(s->at - s->start);
            return;
        }
        if (c != '\n')
            continue;
        if (cl_line_ends(s, at, &blank)) {
            part->ends = true;
            part->end = (size_t)(at - s->start);
            begin_line(s, next, blank);
            return;
        }
        set_line(s, next);
    }
    part->ends = true;
    part->end = (size_t)(s->end - s->start);
}

bool cl_sentences_next(cl_sentences *s, cl_sentence *part) {
    do {
        pass_gap(s);
        if (s->at == s->end)
            return false;
        size_t begin = (size_t)(s->at - s->start);
        s->begun = s->at;
        *part = (cl_sentence){begin, begin, s->depth > 0, s->opened, false, false, s->paragraph, false};
        s->opened = s->paragraph = false;
        const uint8_t *name = part->paragraph && !part->quoted ? cl_name_ends(s, s->at) : NULL;
        part->name = name && (name = skip_spaces(name, s->end)) < s->end && !is_quote(char_at(name, s->end));
        if (part->name) {
            part->end = (size_t)(name - s->start);
            s->at = name;
        } else {
            scan_part(s, part);
        }
        const uint8_t *from = s->start + begin, *to = s->start + part->end;
        while (to > from && is_space(char_before(to, from)))
            to = step_back(to, from);
        part->end = (size_t)(to - s->start);
    } while (part->end <= part->begin);
    return true;
}
