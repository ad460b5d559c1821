/* plain.h - words of plain letters, which most are, folded and measured 32 bytes at once: with SSE2 where that is (all of
   x86-64), else letter by letter with the same results. What has anything rarer is refused, and goes the slow way of tokens.c.
 */
#ifndef CL_PLAIN_H
#define CL_PLAIN_H

#include "bytes.h"
#include "fold.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { CL_PLAIN_BYTES = 32 }; /* longer words are not plain */

typedef struct {
    size_t size;    /* bytes, in the text and folded alike; 0: not plain */
    size_t letters; /* code points */
    bool upper;     /* all of them capitals */
} cl_plain;

/* Folds the letters of two bytes in out[size], a run of letters of src that is ASCII else, whose lead bytes are the bits of
   `leads`; and sets *upper to whether they are capitals. Returns how many; SIZE_MAX where one is not plain. */
static inline size_t cl_plain_accents(const uint8_t *src, size_t size, uint32_t high, uint8_t *out, bool *upper) {
    size_t twos = 0;
    for (size_t i = 0; i < size; i++) {
        if (!(high >> i & 1))
            continue;
        if (src[i] < 0xC3 || src[i] > 0xC5 || i + 1 == size || (src[i + 1] & 0xC0) != 0x80)
            return SIZE_MAX;
        const cl_fold_entry *e = &cl_fold_table[(src[i] & 0x1F) << 6 | (src[i + 1] & 0x3F)];
        if (e->class_ != CL_CLASS_LATIN || !e->fast || e->to < 0x80 || e->to >= 0x800)
            return SIZE_MAX;
        out[i] = (uint8_t)(0xC0 | e->to >> 6);
        out[i + 1] = (uint8_t)(0x80 | (e->to & 0x3F));
        *upper &= e->upper;
        twos++;
        i++;
    }
    return twos;
}

#if defined(__SSE2__)

/* The lowest bit that is not set of 32, 32 for none. */
static inline size_t cl_first_unset(uint32_t bits) { return (size_t)__builtin_ctzll(~(uint64_t)bits); }

/* 0xFF in the first `size` bytes, 0 to 32, of two vectors. */
static inline void cl_plain_mask(size_t size, __m128i mask[2]) {
    static const uint8_t ones[64] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    mask[0] = _mm_loadu_si128((const void *)(ones + CL_PLAIN_BYTES - size));
    mask[1] = _mm_loadu_si128((const void *)(ones + CL_PLAIN_BYTES + 16 - size));
}

static inline uint32_t cl_plain_bits(__m128i low, __m128i high) {
    return (uint32_t)_mm_movemask_epi8(low) | (uint32_t)_mm_movemask_epi8(high) << 16;
}

/* Latin letters at src, of which CL_PLAIN_BYTES + 1 bytes can be read, to out[CL_PLAIN_BYTES], filled up with zeros. */
static inline cl_plain cl_plain_latin(const uint8_t *src, uint8_t *out) {
    const __m128i x[2] = {_mm_loadu_si128((const void *)src), _mm_loadu_si128((const void *)(src + 16))};
    const __m128i small = _mm_set1_epi8(0x20), a = _mm_set1_epi8('a'), most = _mm_set1_epi8(25);
    __m128i lower[2], letters[2], mask[2];
    for (int i = 0; i < 2; i++) {
        lower[i] = _mm_or_si128(x[i], small);
        __m128i from = _mm_sub_epi8(lower[i], a);
        letters[i] = _mm_cmpeq_epi8(_mm_min_epu8(from, most), from);
    }
    uint32_t ascii = cl_plain_bits(letters[0], letters[1]);
    size_t size = cl_first_unset(ascii), twos = 0;
    uint32_t high = 0;
    if (size < CL_PLAIN_BYTES && src[size] >= 0x80) {
        high = cl_plain_bits(x[0], x[1]);
        size = cl_first_unset(ascii | high);
    }
    if (size >= CL_PLAIN_BYTES)
        return (cl_plain){0, 0, false};
    cl_plain_mask(size, mask);
    uint32_t within = ~(UINT32_MAX << size);
    /* Bit 5 of a letter, moved to bit 7, tells a small one. */
    uint32_t smalls = cl_plain_bits(_mm_slli_epi16(x[0], 2), _mm_slli_epi16(x[1], 2));
    bool upper = !(smalls & ascii & within);
    _mm_storeu_si128((void *)out, _mm_and_si128(lower[0], mask[0]));
    _mm_storeu_si128((void *)(out + 16), _mm_and_si128(lower[1], mask[1]));
    if (high & within)
        twos = cl_plain_accents(src, size, high, out, &upper);
    return twos == SIZE_MAX ? (cl_plain){0, 0, false} : (cl_plain){size, size - twos, upper};
}

/* The same of Cyrillic letters: those of Russian but for ё, those of Ukrainian but for ґ and the capitals of є, і, ї. */
static inline cl_plain cl_plain_cyrillic(const uint8_t *src, uint8_t *out) {
    const __m128i x[2] = {_mm_loadu_si128((const void *)src), _mm_loadu_si128((const void *)(src + 16))};
    const __m128i low6 = _mm_set1_epi16(0x3F), zero = _mm_setzero_si128();
    __m128i good[2], upper[2], folded[2], mask[2];
    for (int i = 0; i < 2; i++) {
        /* D0 or D1, then 80 to BF: in a lane, the first byte below the second. `code` is above U+0400. */
        __m128i pair = _mm_cmpeq_epi16(_mm_and_si128(x[i], _mm_set1_epi16((short)0xC0FE)), _mm_set1_epi16((short)0x80D0));
        __m128i code = _mm_or_si128(_mm_slli_epi16(_mm_and_si128(x[i], _mm_set1_epi16(1)), 6),
                                    _mm_and_si128(_mm_srli_epi16(x[i], 8), low6));
        __m128i basic = _mm_cmpeq_epi16(_mm_subs_epu16(_mm_sub_epi16(code, _mm_set1_epi16(0x10)), low6), zero);
        __m128i more = _mm_cmpeq_epi16(_mm_and_si128(code, _mm_set1_epi16(~3)), _mm_set1_epi16(0x54)); /* є ѕ і ї */
        good[i] = _mm_and_si128(pair, _mm_or_si128(basic, more));
        upper[i] = _mm_cmplt_epi16(code, _mm_set1_epi16(0x30));
        code = _mm_add_epi16(code, _mm_and_si128(upper[i], _mm_set1_epi16(0x20)));
        folded[i] = _mm_or_si128(_mm_or_si128(_mm_srli_epi16(code, 6), _mm_slli_epi16(_mm_and_si128(code, low6), 8)),
                                 _mm_set1_epi16((short)0x80D0));
    }
    size_t size = cl_first_unset(cl_plain_bits(good[0], good[1]));
    if (!size || size >= CL_PLAIN_BYTES)
        return (cl_plain){0, 0, false};
    cl_plain_mask(size, mask);
    _mm_storeu_si128((void *)out, _mm_and_si128(folded[0], mask[0]));
    _mm_storeu_si128((void *)(out + 16), _mm_and_si128(folded[1], mask[1]));
    uint32_t smalls = ~cl_plain_bits(upper[0], upper[1]);
    return (cl_plain){size, size / 2, !(smalls & ~(UINT32_MAX << size))};
}

#else

static inline cl_plain cl_plain_latin(const uint8_t *src, uint8_t *out) {
    size_t size = 0, twos = 0;
    uint32_t high = 0;
    bool upper = true;
    memset(out, 0, CL_PLAIN_BYTES);
    for (; size < CL_PLAIN_BYTES && (src[size] >= 0x80 || (uint8_t)((src[size] | 0x20) - 'a') < 26); size++) {
        high |= (uint32_t)(src[size] >> 7) << size;
        upper &= src[size] >= 0x80 || !(src[size] & 0x20);
        out[size] = src[size] | 0x20;
    }
    if (size < CL_PLAIN_BYTES && high)
        twos = cl_plain_accents(src, size, high, out, &upper);
    return size >= CL_PLAIN_BYTES || twos == SIZE_MAX ? (cl_plain){0, 0, false} : (cl_plain){size, size - twos, upper};
}

static inline cl_plain cl_plain_cyrillic(const uint8_t *src, uint8_t *out) {
    size_t size = 0;
    bool upper = true;
    memset(out, 0, CL_PLAIN_BYTES);
    for (; size < CL_PLAIN_BYTES && (src[size] & 0xFE) == 0xD0 && (src[size + 1] & 0xC0) == 0x80; size += 2) {
        uint32_t code = (src[size] & 1u) << 6 | (src[size + 1] & 0x3F);
        if (code - 0x10 >= 0x40 && (code & ~3u) != 0x54)
            break;
        upper &= code < 0x30;
        code += code < 0x30 ? 0x20 : 0;
        out[size] = (uint8_t)(0xD0 | code >> 6);
        out[size + 1] = (uint8_t)(0x80 | (code & 0x3F));
    }
    return size >= CL_PLAIN_BYTES ? (cl_plain){0, 0, false} : (cl_plain){size, size / 2, upper};
}

#endif

#endif
