/* plain.h - words of plain letters, which most are: the bytes of a text are classified and folded 64 at once, and words found
   among them by their bits: with SSE2 where that is (all of x86-64), else byte by byte with the same results. What has anything
   rarer is no plain word, and goes the slow way of tokens.c. */
#ifndef CL_PLAIN_H
#define CL_PLAIN_H

#include "bytes.h"
#include "fold.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum {
    CL_BLOCK = 64,       /* bytes */
    CL_PLAIN_BYTES = 32, /* longer words are not plain */
};

/* Bit i tells of byte i. Bits of bytes behind the end of the text are not set. */
typedef struct {
    uint64_t latin, cyrillic; /* of letters that fold to as many bytes */
    uint64_t small;           /* one byte of each of them that is no capital */
    uint64_t followers;       /* their second bytes */
    uint64_t spaces;
    size_t size;                               /* bytes of the text in the block, fewer than CL_BLOCK only at its end */
    uint8_t folded[CL_BLOCK + CL_PLAIN_BYTES]; /* where letters are; else anything */
} cl_block;

/* The lowest bit that is set; 63 where none below is. */
static inline unsigned cl_first_bit(uint64_t bits) {
#if defined(__GNUC__)
    return (unsigned)__builtin_ctzll(bits | UINT64_C(1) << 63);
#else
    unsigned i = 0;
    while (i < 63 && !(bits >> i & 1))
        i++;
    return i;
#endif
}

/* Letters of two bytes that the table folds to two, at `leads` of src. */
static inline void cl_block_accents(cl_block *b, const uint8_t *src, uint64_t leads) {
    for (; leads; leads &= leads - 1) {
        unsigned i = cl_first_bit(leads);
        const cl_fold_entry *e = &cl_fold_table[(src[i] & 0x1F) << 6 | (src[i + 1] & 0x3F)];
        if ((src[i + 1] & 0xC0) != 0x80 || e->class_ != CL_CLASS_LATIN || !e->fast || e->to < 0x80 || e->to >= 0x800)
            continue;
        b->folded[i] = (uint8_t)(0xC0 | e->to >> 6);
        b->folded[i + 1] = (uint8_t)(0x80 | (e->to & 0x3F));
        b->latin |= UINT64_C(3) << i;
        b->small |= (uint64_t)!e->upper << i;
        b->followers |= UINT64_C(2) << i;
    }
}

#if defined(__SSE2__)

enum { CL_BLOCK_VECTORS = CL_BLOCK / 16 };

static inline uint64_t cl_block_bits(const __m128i *v) {
    return (uint64_t)(uint32_t)_mm_movemask_epi8(v[0]) | (uint64_t)(uint32_t)_mm_movemask_epi8(v[1]) << 16 |
           (uint64_t)(uint32_t)_mm_movemask_epi8(v[2]) << 32 | (uint64_t)(uint32_t)_mm_movemask_epi8(v[3]) << 48;
}

/* The Cyrillic letters of x: those of Russian but for ё, those of Ukrainian but for ґ and the capitals of є, і, ї. Folds them
   in b->folded. Returns the bits of their second bytes, and in *capitals those that are of capitals. */
static inline uint64_t cl_block_cyrillic(cl_block *b, const __m128i *x, uint64_t *capitals) {
    const __m128i lead0 = _mm_set1_epi8((char)0xD0), lead1 = _mm_set1_epi8((char)0xD1), before = _mm_set1_epi8((char)0x8F);
    const __m128i high4 = _mm_set1_epi8((char)0xF0), high6 = _mm_set1_epi8((char)0xFC), behind = _mm_set1_epi8((char)0xC0);
    __m128i good[CL_BLOCK_VECTORS], upper[CL_BLOCK_VECTORS], crossing = _mm_setzero_si128();
    for (int i = CL_BLOCK_VECTORS - 1; i >= 0; i--) {
        __m128i first = _mm_or_si128(_mm_slli_si128(x[i], 1), i ? _mm_srli_si128(x[i ? i - 1 : 0], 15) : _mm_setzero_si128());
        __m128i of0 = _mm_cmpeq_epi8(first, lead0), of1 = _mm_cmpeq_epi8(first, lead1);
        __m128i row = _mm_and_si128(x[i], high4);
        /* Behind D0 90 to BF; behind D1 80 to 8F, and 94 to 97: є ѕ і ї. */
        __m128i in0 = _mm_and_si128(of0, _mm_and_si128(_mm_cmpgt_epi8(x[i], before), _mm_cmplt_epi8(x[i], behind)));
        __m128i in1 = _mm_or_si128(_mm_cmpeq_epi8(row, _mm_set1_epi8((char)0x80)),
                                   _mm_cmpeq_epi8(_mm_and_si128(x[i], high6), _mm_set1_epi8((char)0x94)));
        good[i] = _mm_or_si128(in0, _mm_and_si128(of1, in1));
        /* Capitals: D0 90 to 9F become D0 B0 to BF, D0 A0 to AF become D1 80 to 8F. */
        __m128i far = _mm_and_si128(of0, _mm_cmpeq_epi8(row, _mm_set1_epi8((char)0xA0)));
        upper[i] = _mm_or_si128(far, _mm_and_si128(of0, _mm_cmpeq_epi8(row, _mm_set1_epi8((char)0x90))));
        __m128i of_far = _mm_or_si128(_mm_srli_si128(far, 1), crossing);
        crossing = _mm_slli_si128(far, 15);
        __m128i flip = _mm_or_si128(_mm_and_si128(upper[i], _mm_set1_epi8(0x20)), _mm_and_si128(of_far, _mm_set1_epi8(1)));
        void *to = b->folded + 16 * i;
        _mm_storeu_si128(to, _mm_xor_si128(_mm_loadu_si128(to), flip));
    }
    *capitals = cl_block_bits(upper);
    return cl_block_bits(good);
}

/* Reads a block of text: of src, where CL_BLOCK bytes can be read, the first `size`. */
static inline void cl_block_read(cl_block *b, const uint8_t *src, size_t size) {
    const __m128i small = _mm_set1_epi8(0x20), a = _mm_set1_epi8('a'), most = _mm_set1_epi8(25), space = _mm_set1_epi8(' ');
    const uint64_t within = size < CL_BLOCK ? ~(UINT64_MAX << size) : UINT64_MAX;
    __m128i x[CL_BLOCK_VECTORS], letters[CL_BLOCK_VECTORS], smalls[CL_BLOCK_VECTORS], spaces[CL_BLOCK_VECTORS];
    for (int i = 0; i < CL_BLOCK_VECTORS; i++) {
        x[i] = _mm_loadu_si128((const void *)(src + 16 * i));
        __m128i from = _mm_sub_epi8(_mm_or_si128(x[i], small), a);
        letters[i] = _mm_cmpeq_epi8(_mm_min_epu8(from, most), from);
        smalls[i] = _mm_slli_epi16(x[i], 2); /* bit 5 of a letter, moved to bit 7, tells a small one */
        spaces[i] = _mm_cmpeq_epi8(x[i], space);
        _mm_storeu_si128((void *)(b->folded + 16 * i), _mm_or_si128(x[i], _mm_and_si128(letters[i], small)));
    }
    b->size = size;
    b->latin = cl_block_bits(letters) & within;
    b->small = cl_block_bits(smalls) & b->latin;
    b->spaces = cl_block_bits(spaces) & within;
    b->cyrillic = b->followers = 0;
    if (!(cl_block_bits(x) & within))
        return;
    uint64_t capitals, accents;
    b->followers = cl_block_cyrillic(b, x, &capitals) & within;
    b->cyrillic = b->followers | b->followers >> 1;
    b->small |= b->followers & ~capitals;
    for (int i = 0; i < CL_BLOCK_VECTORS; i++) {
        __m128i from = _mm_sub_epi8(x[i], _mm_set1_epi8((char)0xC3));
        letters[i] = _mm_cmpeq_epi8(_mm_min_epu8(from, _mm_set1_epi8(2)), from);
    }
    accents = cl_block_bits(letters) & within >> 1;
    if (accents)
        cl_block_accents(b, src, accents);
}

#else

static inline void cl_block_read(cl_block *b, const uint8_t *src, size_t size) {
    uint64_t accents = 0;
    b->latin = b->cyrillic = b->small = b->followers = b->spaces = 0;
    b->size = size;
    memcpy(b->folded, src, CL_BLOCK);
    for (size_t i = 0; i < size; i++) {
        uint64_t bit = UINT64_C(1) << i;
        uint8_t c = src[i], next = i + 1 < size ? src[i + 1] : 0;
        if ((uint8_t)((c | 0x20) - 'a') < 26) {
            b->folded[i] = c | 0x20;
            b->latin |= bit;
            b->small |= c & 0x20 ? bit : 0;
        } else if (c == ' ') {
            b->spaces |= bit;
        } else if (c >= 0xC3 && c <= 0xC5 && next) {
            accents |= bit;
        } else if ((c == 0xD0 && next >= 0x90 && next < 0xC0) ||
                   (c == 0xD1 && ((next & 0xF0) == 0x80 || (next & 0xFC) == 0x94))) {
            bool upper = c == 0xD0 && next < 0xB0;
            b->folded[i] = c + (upper && next >= 0xA0);
            b->folded[i + 1] = upper ? next ^ 0x20 : next;
            b->cyrillic |= bit | bit << 1;
            b->followers |= bit << 1;
            b->small |= upper ? 0 : bit << 1;
            i++;
        }
    }
    cl_block_accents(b, src, accents);
}

#endif

/* The first `size` bytes, fewer than CL_PLAIN_BYTES, of a word to out[CL_PLAIN_BYTES], filled up with zeros. */
static inline void cl_plain_copy(const uint8_t *folded, size_t size, uint8_t *out) {
    static const uint8_t ones[2 * CL_PLAIN_BYTES] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    const uint8_t *mask = ones + CL_PLAIN_BYTES - size;
    for (size_t i = 0; i < CL_PLAIN_BYTES; i += 8) {
        uint64_t eight, kept;
        memcpy(&eight, folded + i, sizeof eight);
        memcpy(&kept, mask + i, sizeof kept);
        eight &= kept;
        memcpy(out + i, &eight, sizeof eight);
    }
}

#endif
