/* sentence_stop.h - whether a full stop ends a sentence. */
#ifndef CL_SENTENCE_STOP_H
#define CL_SENTENCE_STOP_H

#include "sentences.h"

/* What comes next, behind spaces and marks. */
typedef enum { CL_NEXT_END, CL_NEXT_UPPER, CL_NEXT_LOWER, CL_NEXT_DIGIT, CL_NEXT_OTHER } cl_next;

/* The first telling character behind spaces, opening marks and the dash of a reply. *word is set to it. */
cl_next cl_look_ahead(const uint8_t *at, const uint8_t *end, const uint8_t **word);
/* Behind emoji and smileys that close a sentence: faces, or any to the end of the line. `at` where none do. */
const uint8_t *cl_pass_emoji(const uint8_t *at, const uint8_t *end);
/* Do a name and a verb of saying stand at `word`, as behind a question quoted: "Who?" Ann Lee asked. */
bool cl_says(const uint8_t *word, const uint8_t *end);
/* Does a sentence end at the one full stop at `stop`, with a capital, a digit or a sign (`next`, at `word`) behind? */
bool cl_stop_ends(const cl_sentences *s, const uint8_t *stop, cl_next next, const uint8_t *word);

#endif
