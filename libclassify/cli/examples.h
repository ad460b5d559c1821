/* Labelled texts kept in memory, for the pass of training that goes over them again. */
#ifndef CLI_EXAMPLES_H
#define CLI_EXAMPLES_H

#include "buffer.h"
#include "labelled.h"

#include <classify.h>

typedef struct examples {
    buffer bytes;   /* of every text: label, language and source, each with a NUL, then the text */
    size_t *starts; /* place of each in `bytes`, and size of its text */
    size_t *sizes;
    size_t count, capacity;
    classify_example *list; /* made by examples_list */
} examples;

void examples_add(examples *e, const labelled_text *text);
/* All of them, as the library takes them; valid until the next examples_add. */
const classify_example *examples_list(examples *e);
void examples_free(examples *e);

#endif
