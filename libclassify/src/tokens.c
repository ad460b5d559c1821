/* tokens.c - the one pass over a text: decode, classify, fold, hash.
   May include: plain.h, fold.h, markers.h, utf8.h.
   Must not know: languages, stems, models. */
#include "tokens.h"

#include "utf8.h"

/* What a scan over one word gathers. Few words need more than which classes of characters they have. */
typedef struct {
    const uint8_t *begin, *end; /* bytes up to the last letter or digit */
    unsigned classes;           /* cl_class of each, together */
    bool upper;                 /* letters are capitals, all */
    bool slow;                  /* the table does not fold it: utf8proc must */
} word_scan;

#if defined(__GNUC__)
#define APART __attribute__((noinline))
#else
#define APART
#endif

void cl_tokens_start(cl_tokenizer *t, const char *text, size_t size) {
    t->start = t->at = (const uint8_t *)text;
    t->end = t->at + size;
    t->replaced = 0;
    t->shouting = 0;
    t->word_begin = t->word_end = 0;
    t->pending_shout = t->breaks = t->line_end = t->unspelled = false;
    t->limit = t->end;
    t->block_at = t->at;
    t->block.size = 0;
}

/* Sets the folded form of a word from its code points, and its hash. */
static void set_folded(cl_token *token) {
    size_t size = 0;
    for (uint32_t i = 0; i < token->length; i++)
        size += cl_utf8_put(token->chars[i], token->folded + size);
    token->size = (uint32_t)size;
    token->hash = cl_hash_word(token->folded, size);
}

static void set_marker(cl_tokenizer *t, cl_token *token, cl_marker marker, const uint8_t *begin, const uint8_t *end) {
    const char *name = cl_marker_name(marker);
    token->begin = (size_t)(begin - t->start);
    token->end = (size_t)(end - t->start);
    token->marker = marker;
    token->breaks = t->breaks;
    token->latin = token->cyrillic = false;
    for (token->length = 0; name[token->length]; token->length++)
        token->chars[token->length] = (uint8_t)name[token->length];
    set_folded(token);
    t->breaks = t->line_end = false;
}

static bool is_letter(uint8_t class_) { return class_ & CL_CLASS_LETTERS; }

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

/* What scanning has gathered of a word so far. */
typedef struct {
    const uint8_t *at;
    uint32_t *out;     /* behind the last letter */
    uint32_t any, all; /* the bits of all entries of the table, or-ed and and-ed */
} gathered;

static inline void gather(gathered *g, const cl_fold_entry *e) {
    uint32_t bits;
    _Static_assert(sizeof *e == sizeof bits, "entries are taken together bit by bit");
    memcpy(&bits, e, sizeof bits);
    g->any |= bits;
    g->all &= bits;
    *g->out++ = e->to;
}

/* Most words, whole: letters and digits that the table folds, of one byte or two, within the next CL_WORD_MAX bytes. Stops in
   front of the first character that is neither, or where fewer than two bytes are left. Most of the time goes into this loop.
 */
static inline gathered gather_plain(const uint8_t *at, const uint8_t *end, uint32_t *chars) {
    gathered g = {at, chars, 0, UINT32_MAX};
    const uint8_t *stop = end - at > (ptrdiff_t)CL_WORD_MAX ? at + CL_WORD_MAX : end - 1;
    while (g.at < stop) {
        uint32_t c = g.at[0];
        const uint8_t *next = g.at + 1;
        if (c >= 0x80) {
            /* 0xC2 0x80 to 0xD4 0xAF: what the table holds. */
            uint32_t low = g.at[1] ^ 0x80u;
            c = (c - 0xC0) << 6 | low;
            if (low >= 0x40 || c < 0x80 || c >= CL_FOLD_TABLE_SIZE)
                break;
            next++;
        }
        const cl_fold_entry *e = &cl_fold_table[c];
        if ((uint8_t)(e->class_ - 1) >= CL_CLASS_APOSTROPHE - 1)
            break;
        gather(&g, e);
        g.at = next;
    }
    return g;
}

/* Runs from the first letter or digit of a word to its end, folding by the table as it goes. Leaves t->at behind the word. */
APART static void scan_word(cl_tokenizer *t, cl_token *token, word_scan *scan) {
    gathered g = gather_plain(t->at, t->end, token->chars);
    const uint8_t *last = g.at, *const end = t->end;
    bool too_long = false;
    while (g.at < end && !(*g.at < 0x80 && cl_fold_table[*g.at].class_ == CL_CLASS_OTHER)) {
        const uint8_t *before = g.at;
        uint32_t c = cl_utf8_next(&g.at, end);
        cl_fold_entry e = c & CL_INVALID ? (cl_fold_entry){0} : cl_fold_lookup(c);
        if (e.class_ == CL_CLASS_OTHER || (e.class_ == CL_CLASS_APOSTROPHE && !is_letter(class_ahead(g.at, end)))) {
            g.at = before;
            break;
        }
        if (e.class_ == CL_CLASS_IGNORABLE)
            continue;
        last = g.at;
        if (g.out == token->chars + CL_WORD_MAX) { /* too long to be a word; what it holds still counts */
            g.out--;
            too_long = true;
        }
        gather(&g, &e);
    }
    cl_fold_entry any, all;
    memcpy(&any, &g.any, sizeof any);
    memcpy(&all, &g.all, sizeof all);
    t->at = g.at;
    scan->end = last;
    scan->classes = any.class_;
    scan->upper = all.upper;
    scan->slow = !all.fast;
    token->length = too_long ? CL_WORD_MAX + 1 : (uint32_t)(g.out - token->chars);
}

/* The letters of a word that has other characters too, and whether all of them are capitals. */
static uint32_t count_letters(word_scan *scan) {
    uint32_t letters = 0, uppers = 0;
    for (const uint8_t *at = scan->begin; at < scan->end;) {
        cl_fold_entry e = cl_fold_lookup(cl_utf8_next(&at, scan->end));
        letters += is_letter(e.class_);
        uppers += e.upper;
    }
    scan->upper = uppers == letters;
    return letters;
}

/* Folds what the table cannot, and look-alikes. Leaves a length of 0 where nothing is left of the word, of more than
   CL_WORD_MAX where it is too long. */
static void finish_word(cl_token *token, const word_scan *scan) {
    unsigned letters = scan->classes & CL_CLASS_LETTERS; /* of several scripts where more than one bit is set */
    bool mixed = (letters & (letters - 1)) || (scan->classes & CL_CLASS_DIGIT);
    if (scan->slow)
        token->length = (uint32_t)cl_fold_word(scan->begin, (size_t)(scan->end - scan->begin), token->chars);
    token->latin = (scan->classes & CL_CLASS_LATIN) != 0;
    token->cyrillic = (scan->classes & CL_CLASS_CYRILLIC) != 0;
    if (token->length > CL_WORD_MAX || !(mixed || scan->slow))
        return;
    if (mixed)
        cl_fold_lookalikes(token->chars, token->length);
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

/* Sets what a word leaves behind, itself folded already: `letters` of the text, before folding, all of them capitals? */
static inline void give_word(cl_tokenizer *t, cl_token *token, const uint8_t *begin, const uint8_t *end, size_t letters,
                             bool upper) {
    token->begin = t->word_begin = (size_t)(begin - t->start);
    token->end = t->word_end = (size_t)(end - t->start);
    token->marker = CL_MARKER_NONE;
    token->breaks = t->breaks;
    t->breaks = t->line_end = false;
    if (letters > 2 && upper)
        t->pending_shout = ++t->shouting == 2;
    else if (letters > 1 && !upper)
        t->shouting = 0;
}

/* The word or marker that begins at t->at. False where it vanishes in folding. */
static bool word_token(cl_tokenizer *t, cl_token *token) {
    word_scan scan = {.begin = t->at, .end = t->at};
    scan_word(t, token, &scan);
    unsigned others = scan.classes & (scan.classes - 1u); /* 0: all characters are of one class */
    bool hint = t->at < t->end && cl_marker_hint(*t->at);
    if (!others && scan.classes & CL_CLASS_LETTERS && !scan.slow && !hint && token->length <= CL_WORD_MAX) {
        token->latin = scan.classes == CL_CLASS_LATIN;
        token->cyrillic = scan.classes == CL_CLASS_CYRILLIC;
        set_folded(token);
        give_word(t, token, scan.begin, scan.end, token->length, scan.upper);
        return true;
    }
    const uint8_t *next = t->at;
    cl_marker marker = CL_MARKER_NONE;
    if (!(scan.classes & CL_CLASS_LETTERS)) {
        extend_number(t);
        set_marker(t, token, CL_MARKER_NUMBER, scan.begin, t->at > scan.end ? t->at : scan.end);
        return true;
    }
    size_t bytes = (size_t)(scan.end - scan.begin);
    if ((hint || (bytes >= 26 && scan.classes & CL_CLASS_DIGIT)) && !scan.slow && !(scan.classes & CL_CLASS_CYRILLIC))
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
    set_folded(token);
    uint32_t letters = scan.slow || others ? count_letters(&scan) : token->length;
    give_word(t, token, scan.begin, scan.end, letters, scan.upper);
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

/* A plain word as a token. */
static bool plain_token(cl_tokenizer *t, cl_token *token) {
    cl_plain_word word;
    if (!cl_tokens_plain(t, &word))
        return false;
    token->begin = (size_t)(word.begin - t->start);
    token->end = token->begin + word.size;
    token->hash = cl_hash_block(0, word.folded);
    token->marker = CL_MARKER_NONE;
    token->breaks = word.breaks;
    token->latin = !word.cyrillic;
    token->cyrillic = word.cyrillic;
    token->size = word.size;
    memcpy(token->folded, word.folded, sizeof word.folded);
    return true;
}

bool cl_tokens_rare(cl_tokenizer *t, cl_token *token) {
    if (t->pending_shout) {
        bool breaks = t->breaks;
        t->breaks = false;
        set_marker(t, token, CL_MARKER_SHOUT, t->start + t->word_begin, t->start + t->word_end);
        t->breaks = breaks;
        t->pending_shout = false;
        return true;
    }
    const uint8_t *begin = t->at;
    uint32_t c = cl_utf8_next(&t->at, t->end);
    if (c & CL_INVALID) {
        t->replaced++;
        return false;
    }
    uint8_t class_ = cl_fold_lookup(c).class_;
    if (class_ == CL_CLASS_DIGIT || is_letter(class_)) {
        t->at = begin;
        return word_token(t, token);
    }
    return class_ == CL_CLASS_OTHER && between_token(t, token, c, begin);
}

bool cl_tokens_next(cl_tokenizer *t, cl_token *token) {
    for (;;) {
        if (t->unspelled && plain_token(t, token))
            return true;
        if (cl_tokens_done(t))
            return false;
        if (cl_tokens_rare(t, token))
            return true;
    }
}
