/* Counts labelled texts in several threads. */
#ifndef CLI_COUNTING_H
#define CLI_COUNTING_H

#include "examples.h"
#include "options.h"

#include <classify.h>

/* Reads all sources. What cannot be used (broken, without a label, in a language without a stemmer) is reported, in the order
   of the sources, and passed over; *complete is then false. *counts, where it is not NULL, is set to the counts of all texts,
   the same for any number of threads (s->jobs), and is the caller's even on failure. `kept`, where it is not NULL, gets all
   texts in order, with their languages. *texts: how many there were. Returns false where nothing may be written. */
bool counting_run(const settings *s, classify_counts **counts, examples *kept, uint64_t *texts, bool *complete);

#endif
