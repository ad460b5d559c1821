/* Labelled texts for count, train and eval: folders, NDJSON, CSV. */
#ifndef CLI_LABELLED_H
#define CLI_LABELLED_H

#include "options.h"

typedef struct labelled_text {
    const char *text;
    size_t size;
    const char *label;    /* "" in a record whose label is the empty string: it only teaches its language */
    const char *language; /* a code; for eval NULL where the record does not say */
    const char *source;   /* "" where not known */
    const char *path;     /* where it stands: a file and a line, a row or, for a whole file, 1 */
    uint64_t line;
} labelled_text;

/* Calls `take` for every labelled text of s's operands. What cannot be used (broken, without a label, in a language without a
   stemmer) is reported and passed over, and *complete becomes false. Returns false where `take` did. */
bool labelled_each(const settings *s, bool (*take)(void *context, const labelled_text *text), void *context, bool *complete);

#endif
