/* fold.h - what a character is to the tokenizer, and the folding of words: NFKC, case folding, default-ignorables and combining
   marks dropped, apostrophes one, ё to е, ґ to г, look-alike letters of another script to the word's own. */
#ifndef CL_FOLD_H
#define CL_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One bit each, so that the classes of a word's characters add up to a set. */
typedef enum {
    CL_CLASS_OTHER = 0, /* ends a word */
    CL_CLASS_LATIN = 1, /* letters by script */
    CL_CLASS_CYRILLIC = 2,
    CL_CLASS_LETTER = 4, /* of any other script */
    CL_CLASS_DIGIT = 8,
    CL_CLASS_MARK = 16,       /* combining: belongs to the letter before */
    CL_CLASS_APOSTROPHE = 32, /* part of a word between two letters */
    CL_CLASS_IGNORABLE = 64,  /* vanishes: soft hyphen, zero-width characters, bidi controls, variation selectors */
    CL_CLASS_LETTERS = CL_CLASS_LATIN | CL_CLASS_CYRILLIC | CL_CLASS_LETTER
} cl_class;

typedef struct {
    uint16_t to;                 /* folded, when `fast` */
    uint8_t class_;              /* cl_class */
    uint8_t fast : 1, upper : 1; /* folds alone, to one code point; is an upper-case letter */
} cl_fold_entry;

#define CL_FOLD_TABLE_SIZE 0x530u /* Latin, Greek, Cyrillic: made at build time by cl_fold_word, see gen_fold_table.c */
extern const cl_fold_entry cl_fold_table[CL_FOLD_TABLE_SIZE];

/* What the table holds, for any code point, computed with utf8proc. */
cl_fold_entry cl_fold_compute(uint32_t code_point);

/* The same, at once for what texts are made of: also for dashes, quotes, bullets and the ellipsis, U+2010 to U+2027, which end
   a word but for the apostrophes among them. */
static inline cl_fold_entry cl_fold_lookup(uint32_t code_point) {
    if (code_point < CL_FOLD_TABLE_SIZE)
        return cl_fold_table[code_point];
    if (code_point - 0x2010 < 0x18 && code_point != 0x2018 && code_point != 0x2019 && code_point != 0x201B)
        return (cl_fold_entry){0, CL_CLASS_OTHER, 0, 0};
    return cl_fold_compute(code_point);
}

#define CL_WORD_MAX       64u  /* code points of a folded word; longer ones are no words */
#define CL_FOLD_BYTES_MAX 256u /* bytes of a word before folding; the same */

/* Folds the bytes of one word with utf8proc, without look-alikes: up to CL_WORD_MAX code points to out. Returns how many, 0 for
   a word that vanishes, CL_WORD_MAX + 1 for one that is too long. Invalid sequences are dropped. No memory is allocated. */
size_t cl_fold_word(const uint8_t *bytes, size_t size, uint32_t *out);

/* In a word of mixed scripts, or of letters with digits between them (p0licja), replaces look-alikes by the letters of the
   script that the unmistakable letters belong to. Works in place; the length stays. */
void cl_fold_lookalikes(uint32_t *word, size_t length);

/* The class of a folded letter or digit: LATIN, CYRILLIC, DIGIT, else LETTER. */
cl_class cl_fold_script(uint32_t c);

/* A pictograph, arrow or other symbol? */
bool cl_fold_is_symbol(uint32_t code_point);

/* The base letter of a Latin letter with a diacritic (ą: a, ł: l); any other code point is its own. */
uint32_t cl_fold_base(uint32_t code_point);

/* The version of Unicode of the utf8proc in use, part of the digest of the analyzer. */
const char *cl_fold_unicode_version(void);

#endif
