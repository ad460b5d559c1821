/* tokens.c - the one pass over a text: decode, classify, fold, hash.
   May include: bytes.h, fold.h, markers.h, utf8.h.
   Must not know: languages, stems, models. */
#include "tokens.h"

#include "bytes.h"
#include "utf8.h"

/* What a scan over one word gathers. */
typedef struct {
    const uint8_t *begin, *end; /* bytes up to the last letter or digit */
    unsigned letters, uppers, digits, latin, cyrillic, other;
    bool slow; /* the table does not fold it: utf8proc must */
} word_scan;

void cl_tokens_start(cl_tokenizer *t, const char *text, size_t size) {
    *t = (cl_tokenizer){.start = (const uint8_t *)text, .at = (const uint8_t *)text, .end = (const uint8_t *)text + size};
}

static void set_hash(cl_token *token) {
    uint64_t hash = CL_HASH_SEED;
    for (uint32_t i = 0; i < token->length; i++)
        hash = cl_hash_step(hash, token->chars[i]);
    token->hash = cl_hash_end(hash);
}

static void set_marker(cl_tokenizer *t, cl_token *token, cl_marker marker, const uint8_t *begin, const uint8_t *end) {
    const char *name = cl_marker_name(marker);
    *token =
        (cl_token){.begin = (size_t)(begin - t->start), .end = (size_t)(end - t->start), .marker = marker, .breaks = t->breaks};
    for (; name[token->length]; token->length++)
        token->chars[token->length] = (uint8_t)name[token->length];
    set_hash(token);
    t->breaks = t->line_end = false;
}

static bool is_letter(uint8_t class_) {
    return class_ == CL_CLASS_LATIN || class_ == CL_CLASS_CYRILLIC || class_ == CL_CLASS_LETTER;
}

/* The class of the next visible character; ignorables are looked through, so that they join what they stand in. */
static uint8_t class_ahead(const uint8_t *at, const uint8_t *end) {
    for (int i = 0; at < end && i < 8; i++) {
        uint32_t c = cl_utf8_next(&at, end);
        if (c & CL_INVALID)
            return CL_CLASS_OTHER;
        cl_fold_entry e = cl_fold_lookup(c);
        if (e.class_ != CL_CLASS_IGNORABLE)
            return e.class_;
    }
    return CL_CLASS_OTHER;
}

/* Runs from the first letter or digit of a word to its end, folding by the table as it goes. Leaves t->at behind the word. */
static void scan_word(cl_tokenizer *t, cl_token *token, word_scan *scan) {
    uint64_t hash = CL_HASH_SEED;
    uint32_t length = 0;
    const uint8_t *at = t->at;
    while (at < t->end) {
        const uint8_t *before = at;
        uint32_t c = cl_utf8_next(&at, t->end);
        if (c & CL_INVALID) {
            at = before;
            break;
        }
        cl_fold_entry e = cl_fold_lookup(c);
        if (e.class_ == CL_CLASS_OTHER || (e.class_ == CL_CLASS_APOSTROPHE && !is_letter(class_ahead(at, t->end)))) {
            at = before;
            break;
        }
        if (e.class_ == CL_CLASS_IGNORABLE)
            continue;
        scan->end = at;
        scan->slow |= !e.fast;
        scan->uppers += e.upper;
        scan->letters += is_letter(e.class_);
        scan->latin += e.class_ == CL_CLASS_LATIN;
        scan->cyrillic += e.class_ == CL_CLASS_CYRILLIC;
        scan->other += e.class_ == CL_CLASS_LETTER;
        scan->digits += e.class_ == CL_CLASS_DIGIT;
        if (length < CL_WORD_MAX)
            token->chars[length] = e.to;
        length++;
        hash = cl_hash_step(hash, e.to);
    }
    t->at = at;
    token->length = length > CL_WORD_MAX ? CL_WORD_MAX + 1 : length;
    token->hash = cl_hash_end(hash);
}

/* Folds what the table cannot, and look-alikes. Leaves a length of 0 where nothing is left of the word, of more than
   CL_WORD_MAX where it is too long. */
static void finish_word(cl_token *token, const word_scan *scan) {
    bool mixed =
        (scan->latin && scan->cyrillic) || (scan->other && scan->latin + scan->cyrillic) || (scan->digits && scan->letters);
    if (scan->slow)
        token->length = (uint32_t)cl_fold_word(scan->begin, (size_t)(scan->end - scan->begin), token->chars);
    token->latin = scan->latin > 0;
    token->cyrillic = scan->cyrillic > 0;
    if (token->length > CL_WORD_MAX || !(mixed || scan->slow))
        return;
    if (mixed)
        cl_fold_lookalikes(token->chars, token->length);
    set_hash(token);
    token->latin = token->cyrillic = false;
    for (uint32_t i = 0; i < token->length; i++) {
        cl_class class_ = cl_fold_script(token->chars[i]);
        token->latin |= class_ == CL_CLASS_LATIN;
        token->cyrillic |= class_ == CL_CLASS_CYRILLIC;
    }
}

/* A number goes on over separators that a digit follows: 1.000,50 12:30 2'000. */
static void extend_number(cl_tokenizer *t) {
    while (t->end - t->at >= 2 && strchr(".,:'/", *t->at) && *t->at && t->at[1] >= '0' && t->at[1] <= '9') {
        t->at++;
        while (t->at < t->end && *t->at >= '0' && *t->at <= '9')
            t->at++;
    }
}

/* The word or marker that begins at t->at. False where it vanishes in folding. */
static bool word_token(cl_tokenizer *t, cl_token *token) {
    word_scan scan = {.begin = t->at, .end = t->at};
    scan_word(t, token, &scan);
    const uint8_t *next = t->at;
    cl_marker marker = CL_MARKER_NONE;
    if (!scan.letters) {
        extend_number(t);
        set_marker(t, token, CL_MARKER_NUMBER, scan.begin, t->at > scan.end ? t->at : scan.end);
        return true;
    }
    size_t bytes = (size_t)(scan.end - scan.begin);
    if (!scan.slow && !scan.cyrillic && ((t->at < t->end && cl_marker_hint(*t->at)) || (bytes >= 26 && scan.digits)))
        marker = cl_marker_address(scan.begin, scan.end, t->end, &next);
    if (marker) {
        t->at = next;
        set_marker(t, token, marker, scan.begin, next);
        return true;
    }
    finish_word(token, &scan);
    if (!token->length)
        return false;
    if (token->length > CL_WORD_MAX) {
        set_marker(t, token, CL_MARKER_LONG, scan.begin, scan.end);
        return true;
    }
    token->begin = t->word_begin = (size_t)(scan.begin - t->start);
    token->end = t->word_end = (size_t)(scan.end - t->start);
    token->marker = CL_MARKER_NONE;
    token->breaks = t->breaks;
    t->breaks = t->line_end = false;
    if (scan.letters > 2 && scan.uppers == scan.letters)
        t->pending_shout = ++t->shouting == 2;
    else if (scan.letters > 1)
        t->shouting = 0;
    return true;
}

/* What stands between words: ends of sentences and paragraphs, runs of !, masks, mentions. True where that is a token. */
static bool between_token(cl_tokenizer *t, cl_token *token, uint32_t c, const uint8_t *begin) {
    const uint8_t *next = t->at;
    cl_marker marker = CL_MARKER_NONE;
    bool ends = false;
    switch (c) {
    case '\n':
        t->breaks |= t->line_end;
        t->line_end = true;
        return false;
    case ' ':
    case '\t':
    case '\r': return false;
    case '.':
        while (next < t->end && *next == '.')
            next++;
        marker = next > t->at + 1 ? CL_MARKER_ELLIPSIS : CL_MARKER_NONE;
        ends = true;
        break;
    case ';':
    case 0x2029: ends = true; break;
    case 0x2026:
        marker = CL_MARKER_ELLIPSIS;
        ends = true;
        break;
    case '?':
        while (next < t->end && *next == '?')
            next++;
        marker = CL_MARKER_QUESTION;
        ends = true;
        break;
    case '!':
        while (next < t->end && *next == '!')
            next++;
        marker = next > t->at ? CL_MARKER_EXCLAIM : CL_MARKER_BANG;
        ends = true;
        break;
    case '"':
    case 0xAB:
    case 0xBB:
    case 0x201C:
    case 0x201D:
    case 0x201E: marker = CL_MARKER_QUOTE; break;
    case '<': marker = cl_marker_mask(begin, t->end, &next); break;
    case '@': marker = cl_marker_mention(begin, t->end, &next); break;
    default:
        if (c >= 0x2190 && cl_fold_is_symbol(c))
            marker = CL_MARKER_EMOJI;
        break;
    }
    t->line_end = false;
    t->at = next;
    bool breaks = t->breaks || ends;
    if (marker)
        set_marker(t, token, marker, begin, next);
    if (!marker || cl_marker_is_remark(marker))
        t->breaks = breaks;
    return marker != CL_MARKER_NONE;
}

bool cl_tokens_next(cl_tokenizer *t, cl_token *token) {
    if (t->pending_shout) {
        bool breaks = t->breaks;
        t->breaks = false;
        set_marker(t, token, CL_MARKER_SHOUT, t->start + t->word_begin, t->start + t->word_end);
        t->breaks = breaks;
        t->pending_shout = false;
        return true;
    }
    while (t->at < t->end) {
        const uint8_t *begin = t->at;
        uint32_t c = cl_utf8_next(&t->at, t->end);
        if (c & CL_INVALID) {
            t->replaced++;
            continue;
        }
        uint8_t class_ = cl_fold_lookup(c).class_;
        if (class_ == CL_CLASS_DIGIT || is_letter(class_)) {
            t->at = begin;
            if (word_token(t, token))
                return true;
        } else if (class_ == CL_CLASS_OTHER && between_token(t, token, c, begin)) {
            return true;
        }
    }
    return false;
}

size_t cl_token_utf8(const cl_token *token, char *out) {
    size_t size = 0;
    for (uint32_t i = 0; i < token->length; i++)
        size += cl_utf8_put(token->chars[i], out + size);
    return size;
}

uint64_t cl_hash_utf8(const char *word, size_t size) {
    const uint8_t *at = (const uint8_t *)word, *end = at + size;
    uint64_t hash = CL_HASH_SEED;
    while (at < end)
        hash = cl_hash_step(hash, cl_utf8_next(&at, end));
    return cl_hash_end(hash);
}
