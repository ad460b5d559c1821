/* fuzz.h - a property that a fuzz target holds; where it does not hold the target stops, for the fuzzer or the replay to see.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ(condition)                                                                                                        \
    do {                                                                                                                       \
        if (!(condition)) {                                                                                                    \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                                     \
            abort();                                                                                                           \
        }                                                                                                                      \
    } while (0)

/* borders[i] for i from 0 to size: does a character begin, or the text end, at byte i? free() it. Of an invalid sequence every
   byte counts as a character, since spans may begin behind any of them. */
static inline uint8_t *fuzz_borders(const char *text, size_t size) {
    uint8_t *borders = calloc(size + 1, 1);
    FUZZ(borders);
    for (size_t at = 0; at < size;) {
        const unsigned char *p = (const unsigned char *)text + at;
        size_t length = p[0] < 0xC2 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 1;
        bool whole = length <= size - at && !(p[0] == 0xE0 && p[1] < 0xA0) && !(p[0] == 0xED && p[1] > 0x9F) &&
                     !(p[0] == 0xF0 && p[1] < 0x90) && !(p[0] == 0xF4 && p[1] > 0x8F);
        for (size_t i = 1; whole && i < length; i++)
            whole = (p[i] & 0xC0) == 0x80;
        borders[at] = 1;
        at += whole ? length : 1;
    }
    borders[size] = 1;
    return borders;
}

#endif
