/* tokens.h - text to folded words and markers with byte spans. Training and scoring use this one tokenizer. */
#ifndef CL_TOKENS_H
#define CL_TOKENS_H

#include "fold.h"
#include "markers.h"
#include "plain.h"

#include <string.h>

typedef struct {
    size_t begin, end;            /* span in the text, bytes, on character borders */
    uint64_t hash;                /* cl_hash_word of the folded form */
    cl_marker marker;             /* NONE for a word */
    bool breaks;                  /* a sentence or paragraph ends between the token before and this one */
    bool latin, cyrillic;         /* has, folded, letters of that script */
    uint32_t length;              /* of chars */
    uint32_t chars[CL_WORD_MAX];  /* the folded word, or the name of the marker */
    uint32_t size;                /* of folded */
    char folded[4 * CL_WORD_MAX]; /* the same as UTF-8 */
} cl_token;

typedef struct {
    const uint8_t *start, *at, *end;
    const uint8_t *limit; /* what follows the text can be read up to here: `end`, unless set after cl_tokens_start */
    uint64_t replaced;    /* invalid UTF-8 sequences met */
    unsigned shouting;    /* words in capitals in a row */
    bool pending_shout;   /* a marker to give out next, over the word just given */
    size_t word_begin, word_end;
    bool breaks;    /* an end of sentence was met since the last word */
    bool line_end;  /* a line ended, with nothing but space since */
    bool unspelled; /* set it after cl_tokens_start to be faster: words then come without `length` and `chars` */
    /* Of an unspelled text: */
    const uint8_t *block_at; /* where in the text the block below begins */
    cl_block block;
    uint8_t tail[CL_BLOCK]; /* the last bytes, and zeros */
} cl_tokenizer;

/* Begins a text; it must stay in place while the tokenizer is used. Allocates nothing. */
void cl_tokens_start(cl_tokenizer *t, const char *text, size_t size);
/* The next token; false at the end of the text. Time is linear in the text, memory constant. */
bool cl_tokens_next(cl_tokenizer *t, cl_token *token);

/* ---- Plain words, unspelled ---- */

/* What most tokens are, folded. */
typedef struct {
    const uint8_t *begin;
    uint32_t size; /* in the text and folded alike */
    bool cyrillic, breaks;
    uint8_t folded[CL_PLAIN_BYTES]; /* filled up with zeros */
} cl_plain_word;

/* The next token where it is a plain word. False, where it is not or the text is at its end. */
static inline bool cl_tokens_plain(cl_tokenizer *t, cl_plain_word *word);
/* The token or other character that comes next, any but the end. False where it is no token. */
bool cl_tokens_rare(cl_tokenizer *t, cl_token *token);
static inline bool cl_tokens_done(const cl_tokenizer *t) { return t->at == t->end && !t->pending_shout; }

/* Copies a token's folded form, at most 4 * CL_WORD_MAX bytes, no NUL; returns the size. */
static inline size_t cl_token_utf8(const cl_token *token, char *out) {
    memcpy(out, token->folded, token->size);
    return token->size;
}

/* Reads the block at t->at, which is not the end of the text. */
static inline void cl_tokens_block(cl_tokenizer *t) {
    size_t left = (size_t)(t->end - t->at), size = left < CL_BLOCK ? left : CL_BLOCK;
    const uint8_t *src = t->at;
    if (t->limit - t->at < CL_BLOCK) {
        memset(t->tail, 0, CL_BLOCK);
        memcpy(t->tail, t->at, size);
        src = t->tail;
    }
    t->block_at = t->at;
    cl_block_read(&t->block, src, size);
}

/* Is this the end of a word, whatever stands before? Not where it could be part of an address. */
static inline bool cl_tokens_plain_end(const uint8_t *at, const uint8_t *end) {
    size_t left = (size_t)(end - at);
    if (!left)
        return true;
    uint8_t first = at[0], second = left > 1 ? at[1] : 0, third = left > 2 ? at[2] : 0;
    if (first < 0x80)
        return cl_fold_table[first].class_ == CL_CLASS_OTHER &&
               (!cl_marker_hint(first) || second == ' ' || second == '\n' || !second);
    /* A dash, a quote other than an apostrophe, an ellipsis. */
    return (first == 0xC2 && (second == 0xAB || second == 0xBB)) ||
           (first == 0xE2 && second == 0x80 && (uint8_t)(third - 0x90) < 0x18 && third != 0x98 && third != 0x99 &&
            third != 0x9B);
}

/* Steps over the character at t->at where it is one that often stands between words and is no token. */
static inline bool cl_tokens_skip(cl_tokenizer *t) {
    /* # $ % & ( ) * + , - / : = > */
    static const uint64_t inert = UINT64_C(0x6400BF7800000000);
    uint8_t c = *t->at;
    if (c == '\n') {
        t->breaks |= t->line_end;
        t->line_end = true;
    } else if ((c < 64 && inert >> c & 1) || (c == '.' && !(t->end - t->at > 1 && t->at[1] == '.'))) {
        t->breaks |= c == '.';
        t->line_end = false;
    } else {
        return false;
    }
    t->at++;
    return true;
}

static inline bool cl_tokens_plain(cl_tokenizer *t, cl_plain_word *word) {
    const cl_block *b = &t->block;
    if (t->pending_shout)
        return false;
    for (;;) {
        size_t from = (size_t)(t->at - t->block_at);
        if (from >= b->size) {
            if (t->at == t->end)
                return false;
            cl_tokens_block(t);
            from = 0;
        }
        uint64_t latin = (uint64_t)0 - (b->latin >> from & 1), run = (b->latin & latin) | (b->cyrillic & ~latin);
        size_t size = cl_first_bit(~(run >> from)), end = from + size;
        if (!size) {
            unsigned spaces = cl_first_bit(~(b->spaces >> from));
            t->at += spaces;
            if (spaces || cl_tokens_skip(t))
                continue;
            return false;
        }
        if (end >= CL_BLOCK - 1 && from) { /* the word may go on behind the block */
            cl_tokens_block(t);
            continue;
        }
        bool space = size < CL_PLAIN_BYTES && (b->spaces >> end & 1);
        if (!space && (size >= CL_PLAIN_BYTES || !cl_tokens_plain_end(t->at + size, t->end)))
            return false;
        cl_plain_copy(b->folded + from, size, word->folded);
        word->begin = t->at;
        word->size = (uint32_t)size;
        word->cyrillic = !latin;
        word->breaks = t->breaks;
        uint64_t within = ~(UINT64_MAX << size), letters = (~b->followers >> from) & within;
        letters &= letters - 1; /* not the first */
        if (b->small >> from & within) {
            t->shouting = letters ? 0 : t->shouting;
        } else if (letters & (letters - 1)) {
            t->word_begin = (size_t)(t->at - t->start);
            t->word_end = t->word_begin + size;
            t->pending_shout = ++t->shouting == 2;
        }
        t->breaks = t->line_end = false;
        t->at += size + space;
        return true;
    }
}

#endif
