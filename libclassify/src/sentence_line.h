/* sentence_line.h - whether a line ends a sentence. */
#ifndef CL_SENTENCE_LINE_H
#define CL_SENTENCE_LINE_H

#include "sentences.h"

/* Behind the colon of a line that begins, at `at`, with the name of who speaks, as in chats; or NULL. */
const uint8_t *cl_name_ends(const cl_sentences *s, const uint8_t *at);
/* Does the newline at `at` end a sentence? Sets *blank where an empty line follows. */
bool cl_line_ends(const cl_sentences *s, const uint8_t *at, bool *blank);

#endif
