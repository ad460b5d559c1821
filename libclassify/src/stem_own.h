/* The project's own stemmers, Ukrainian and Polish. See STEMMERS.md.
   Includes nothing of the library.
   Knows nothing of tokens, models or features: bytes in, bytes out. */
#ifndef CLASSIFY_STEM_OWN_H
#define CLASSIFY_STEM_OWN_H

#include <stddef.h>

/* Writes the stem of a folded word (UTF-8, lower case, NFKC) to `out`, which has room for
   `len` + 8 bytes, and returns the stem's length in bytes. Pure: no allocation, no state.
   Never empty unless the word is, never below two letters unless the word is.
   `out` must not overlap `word`. */
size_t classify_stem_uk(const char *word, size_t len, char *out);
size_t classify_stem_pl(const char *word, size_t len, char *out);

#endif
