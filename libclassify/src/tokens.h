/* tokens.h - text to folded words and markers with byte spans. Training and scoring use this one tokenizer. */
#ifndef CL_TOKENS_H
#define CL_TOKENS_H

#include "fold.h"
#include "markers.h"

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

enum { CL_TAIL = 40 };

typedef struct {
    const uint8_t *start, *at, *end;
    uint64_t replaced;  /* invalid UTF-8 sequences met */
    unsigned shouting;  /* words in capitals in a row */
    bool pending_shout; /* a marker to give out next, over the word just given */
    size_t word_begin, word_end;
    bool breaks;               /* an end of sentence was met since the last word */
    bool line_end;             /* a line ended, with nothing but space since */
    bool unspelled;            /* set it after cl_tokens_start to be faster: words then come without `length` and `chars` */
    uint8_t tail[2 * CL_TAIL]; /* the text's last bytes, up to the middle, and zeros, so that more can be read than there is */
} cl_tokenizer;

/* Begins a text; it must stay in place while the tokenizer is used. Allocates nothing. */
void cl_tokens_start(cl_tokenizer *t, const char *text, size_t size);
/* The next token; false at the end of the text. Time is linear in the text, memory constant. */
bool cl_tokens_next(cl_tokenizer *t, cl_token *token);

/* Copies a token's folded form, at most 4 * CL_WORD_MAX bytes, no NUL; returns the size. */
static inline size_t cl_token_utf8(const cl_token *token, char *out) {
    memcpy(out, token->folded, token->size);
    return token->size;
}

#endif
