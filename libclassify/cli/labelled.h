/* Labelled texts for count, train and eval: folders, NDJSON, CSV. */
#ifndef CLI_LABELLED_H
#define CLI_LABELLED_H

#include "options.h"

typedef struct labelled_text {
    const char *text;
    size_t size;
    const char *label;    /* "" in a record whose label is the empty string: it only teaches its language */
    const char *language; /* a code; NULL where neither the record nor an option says */
    const char *source;   /* "" where not known */
    const char *path;     /* where it stands: a file and a line, a row or, for a whole file, 1 */
    uint64_t line;
    const char
        *problem; /* labelled_raw: why the record cannot be used, NULL for nothing; static. Only path, line and which count */
    const char *which; /* added to it; "" for nothing */
} labelled_text;

/* Calls `take` for every labelled text of s's operands. What cannot be used (broken, without a label) is reported and passed
   over, and *complete becomes false. Returns false where `take` did. */
bool labelled_each(const settings *s, bool (*take)(void *context, const labelled_text *text), void *context, bool *complete);
/* The same, but that what cannot be used is handed to `take` like the texts, in order, and reported by it. Files that cannot
   be read are reported here all the same. */
bool labelled_raw(const settings *s, bool (*take)(void *context, const labelled_text *text), void *context, bool *complete);
/* Reports one: the first ten are shown. At the end, how many more there were. */
void labelled_report(uint64_t *problems, const labelled_text *text);
void labelled_report_end(uint64_t problems);

#endif
