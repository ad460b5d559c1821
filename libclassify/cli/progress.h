/* How far long work has come, on standard error. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "options.h"

typedef struct progress {
    bool wanted, terminal, shown;
    double started, last; /* seconds of a steady clock */
    uint64_t records, bytes, size;
} progress;

/* AUTO: only where standard error is a terminal, answers do not scroll on it, and after a second. `size`: bytes to come, 0
   where not known. */
void progress_start(progress *p, progress_mode mode, uint64_t size);
/* Adds what was done; shows a line now and then. */
void progress_add(progress *p, uint64_t records, uint64_t bytes);
/* Clears the line (a terminal) or writes a last one. */
void progress_end(progress *p);

#endif
