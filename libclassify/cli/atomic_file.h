/* Output files that appear whole or not at all. */
#ifndef CLI_ATOMIC_FILE_H
#define CLI_ATOMIC_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Writes a file: to a temporary one in the same folder, fsync, rename. Whatever happens - a full disk, kill -9, a power cut -
   `path` is either as it was or complete. "-" is standard output; what is not a regular file (a pipe, a device) is written
   straight. On failure says why and returns false. */
bool atomic_write(const char *path, const void *bytes, size_t size);

/* Checks early, before an hour of counting, that a file could be written there. Says why not. */
bool atomic_check(const char *path);

#endif
