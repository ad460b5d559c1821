/* sentences.h - text to sentences, and those to the parts inside and outside quotation marks. English, Ukrainian, Russian,
   Polish alike: the language need not be known. */
#ifndef CL_SENTENCES_H
#define CL_SENTENCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A sentence, or a part of one where quotation marks stand inside it, or a colon with a capital behind. */
typedef struct {
    size_t begin, end; /* bytes, without the space and the quotation marks around it */
    bool quoted;       /* stands inside quotation marks, single ones too */
    bool opens;        /* a quotation begins with it */
    bool closes;       /* a quotation ends with it */
    bool ends;         /* the sentence ends with it */
    bool paragraph;    /* it begins a line that stands by itself */
    bool name;         /* it is what stands before the first colon of such a line: in chats, who speaks */
} cl_sentence;

typedef struct {
    const uint8_t *start, *at, *end;
    const uint8_t *line;     /* where the line began */
    const uint8_t *first;    /* what stands first in it */
    const uint8_t *begun;    /* where the part began */
    const uint8_t *unmarked; /* before it no single mark closes */
    uint32_t depth;          /* of quotation marks */
    uint32_t outer;          /* the mark that opened the outermost, or 0 */
    bool opened;             /* by a mark just passed */
    bool paragraph;          /* a line that stands by itself begins */
    bool small;              /* the last one began with a small letter */
} cl_sentences;

/* Begins a text; it must stay in place. Allocates nothing. */
void cl_sentences_start(cl_sentences *s, const char *text, size_t size);
/* The next part; false at the end of the text. Parts are in order, disjoint, never empty; their borders are borders of
   characters. Time is linear in the text, memory constant. */
bool cl_sentences_next(cl_sentences *s, cl_sentence *part);

#endif
