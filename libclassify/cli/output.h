/* Writing to descriptors so that no failure is lost: short writes, full disks, closed pipes. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* All of it, or false with errno. Waits where the descriptor is non-blocking. */
bool write_all(int descriptor, const void *bytes, size_t size);
/* To standard output; on failure says why (a closed pipe ends quietly) and returns false. */
bool output_write(const void *bytes, size_t size);
/* Closes standard output at the end: network file systems report a full disk only here. */
bool output_close(void);
/* Fills descriptors 0-2 where the caller closed them, so that no file opened later becomes standard output by accident. */
void output_secure(void);
/* Whether colour is welcome on a descriptor: a terminal, not TERM=dumb, NO_COLOR unset or empty. */
bool output_colour(int descriptor);

#endif
