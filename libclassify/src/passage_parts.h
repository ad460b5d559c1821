/* passage_parts.h - a text read once: its sums, and those of each sentence or what stands in quotation marks of one. */
#ifndef CL_PASSAGE_PARTS_H
#define CL_PASSAGE_PARTS_H

#include "score.h"
#include "sentences.h"

/* A sentence, or what stands inside or outside quotation marks of it, or behind the colon before somebody's words. */
typedef struct {
    size_t begin, end;
    uint32_t words;
    bool quoted, opens, closes, ends, paragraph, name;
} cl_part;

typedef struct {
    classify_scorer *s;
    const char *text;
    uint32_t column; /* the language whose weights are summed: at first what the first words speak for */
    size_t columns;  /* labels + 1 */
    int64_t *sums;   /* of the part being read */
    int64_t *whole;  /* of the text, in the scorer */
    cl_part *parts;
    int16_t *rows; /* [parts][labels + 1]: sums less the greatest of them, then the evidence */
    size_t count, parts_capacity, rows_capacity;
    cl_sentences sentences;
    cl_sentence now;
    uint32_t words, before; /* of the part; term of the word before */
    bool reading, paragraph, failed;
} cl_parts;

/* Reads a text, twice where it is in another language than its first words: its parts, and in the scorer the sums of the whole,
   as cl_score_answer takes them. False: no memory. The result is to be freed either way. */
bool cl_parts_read(cl_parts *p, classify_scorer *s, const char *text, size_t size);
void cl_parts_free(cl_parts *f);

static inline const int16_t *cl_parts_row(const cl_parts *p, size_t i) { return p->rows + i * p->columns; }

/* Does a colon end part i? */
static inline bool cl_parts_colon(const cl_parts *p, size_t i) { return p->text[p->parts[i].end - 1] == ':'; }

#endif
