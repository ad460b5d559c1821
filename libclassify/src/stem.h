/* stem.h - a folded word to its stem, by language: libstemmer for English and Russian, this project's own for Ukrainian and
   Polish. */
#ifndef CL_STEM_H
#define CL_STEM_H

#include "classify.h"

#include <stdbool.h>

enum { CL_EN, CL_UK, CL_RU, CL_PL, CL_STEM_LANGUAGES };

/* The number of a language code, or -1. */
int cl_stem_language(const char *code);
const char *cl_stem_code(int language);
/* Is it written in Cyrillic? */
static inline bool cl_stem_cyrillic(int language) { return language == CL_UK || language == CL_RU; }

/* One thread's stemmers. */
typedef struct {
    struct sb_stemmer *english, *russian;
} cl_stemmers;

bool cl_stemmers_new(cl_stemmers *s); /* false: no memory */
void cl_stemmers_free(cl_stemmers *s);

#define CL_STEM_ROOM 8 /* a stem may be this many bytes longer than its word */

/* Writes the stem of a word of `size` bytes to out[size + CL_STEM_ROOM], returns its size: 0 where there is no memory. */
size_t cl_stem(cl_stemmers *s, int language, const char *word, size_t size, char *out);

/* Digest of what folding and the stemmers make of a fixed list of words, and of the Unicode version: what a model depends on.
 */
bool cl_stem_digest(cl_stemmers *s, uint64_t *digest);

#endif
