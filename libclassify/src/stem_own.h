/* stem_own.h - the project's own stemmers, Ukrainian and Polish (STEMMERS.md).
   May include: nothing of the library.
   Must not know: tokens, features, models: bytes in, bytes out. */
#ifndef CL_STEM_OWN_H
#define CL_STEM_OWN_H

#include <stddef.h>

/* Writes the stem of a folded word (UTF-8, lower case, NFKC) to `out`, which has room for
   `len` + 8 bytes, and returns the stem's length in bytes. Pure: no allocation, no state.
   Never empty unless the word is, never below two letters unless the word is.
   `out` must not overlap `word`. */
size_t classify_stem_uk(const char *word, size_t len, char *out);
size_t classify_stem_pl(const char *word, size_t len, char *out);

#endif
