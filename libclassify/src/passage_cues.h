/* passage_cues.h - words around a quotation that tell who speaks there, and of what. */
#ifndef CL_PASSAGE_CUES_H
#define CL_PASSAGE_CUES_H

#include <stddef.h>
#include <stdint.h>

enum {
    CL_CUE_SAID = 1,    /* somebody says it */
    CL_CUE_WRITTEN = 2, /* it is written: a letter, a note, a message */
    CL_CUE_MENACE = 4,  /* threats, ransoms, bombs and those who send them */
    CL_CUE_OFFICE = 8,  /* states, their offices, and what those publish */
    CL_CUES = 4
};

/* The cues among the words of text[from .. end), as a set. A word cut by `from` counts as a whole one. */
uint32_t cl_cues(const char *text, size_t from, size_t end);

#endif
