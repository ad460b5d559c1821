/* tokens.h - text to folded words and markers with byte spans. Training and scoring use this one tokenizer. */
#ifndef CL_TOKENS_H
#define CL_TOKENS_H

#include "fold.h"
#include "markers.h"

typedef struct {
    size_t begin, end;           /* span in the text, bytes, on character borders */
    uint64_t hash;               /* cl_hash_step over chars, cl_hash_end */
    cl_marker marker;            /* NONE for a word */
    bool breaks;                 /* a sentence or paragraph ends between the token before and this one */
    bool latin, cyrillic;        /* has, folded, letters of that script */
    uint32_t length;             /* of chars */
    uint32_t chars[CL_WORD_MAX]; /* the folded word, or the name of the marker */
} cl_token;

typedef struct {
    const uint8_t *start, *at, *end;
    uint64_t replaced;  /* invalid UTF-8 sequences met */
    unsigned shouting;  /* words in capitals in a row */
    bool pending_shout; /* a marker to give out next, over the word just given */
    size_t word_begin, word_end;
    bool breaks;    /* an end of sentence was met since the last word */
    bool line_end;  /* a line ended, with nothing but space since */
    bool unspelled; /* set it after cl_tokens_start to be faster: words then come without `length` and `chars` */
} cl_tokenizer;

/* Begins a text; it must stay in place while the tokenizer is used. Allocates nothing. */
void cl_tokens_start(cl_tokenizer *t, const char *text, size_t size);
/* The next token; false at the end of the text. Time is linear in the text, memory constant. */
bool cl_tokens_next(cl_tokenizer *t, cl_token *token);

/* A token's folded form as UTF-8, at most 4 * CL_WORD_MAX bytes, no NUL; returns the size. */
size_t cl_token_utf8(const cl_token *token, char *out);
/* The hash that a token with this folded form has. */
uint64_t cl_hash_utf8(const char *word, size_t size);

#endif
