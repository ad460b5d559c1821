/* rows.h - sums of rows of 16-bit weights: with SSE2 where that is (all of x86-64), else in plain C with the same results. */
#ifndef CL_ROWS_H
#define CL_ROWS_H

#include "bytes.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static inline int16_t cl_weight(const uint8_t *row, size_t i) { return (int16_t)cl_le16(row + 2 * i); }

/* At most this many rows at once: their sum fits 32 bits. */
enum { CL_ROWS_MOST = 4096 };

/* ---- Exact sums ---- */

/* Adds `width` (4 or 8) columns of rows, from `column` on, to sums. */
static inline void cl_add_columns(int64_t *sums, const uint8_t *const *rows, size_t count, size_t column, size_t width) {
    int32_t partial[8] = {0};
#if defined(__SSE2__)
    /* Two rows at a time, interleaved: multiplying by one adds the neighbours into 32 bits. */
    const __m128i one = _mm_set1_epi16(1), zero = _mm_setzero_si128();
    __m128i low = zero, high = zero;
    for (size_t r = 0; r < count; r += 2) {
        const void *first = rows[r] + 2 * column, *second = r + 1 < count ? rows[r + 1] + 2 * column : NULL;
        __m128i a = width == 8 ? _mm_loadu_si128(first) : _mm_loadl_epi64(first);
        __m128i b = !second ? zero : width == 8 ? _mm_loadu_si128(second) : _mm_loadl_epi64(second);
        low = _mm_add_epi32(low, _mm_madd_epi16(_mm_unpacklo_epi16(a, b), one));
        if (width == 8)
            high = _mm_add_epi32(high, _mm_madd_epi16(_mm_unpackhi_epi16(a, b), one));
    }
    _mm_storeu_si128((void *)partial, low);
    _mm_storeu_si128((void *)(partial + 4), high);
#else
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0; i < width; i++)
            partial[i] += cl_weight(rows[r], column + i);
#endif
    for (size_t i = 0; i < width; i++)
        sums[column + i] += partial[i];
}

/* Adds rows, up to CL_ROWS_MOST, to sums[columns]. */
static inline void cl_add_rows(int64_t *sums, const uint8_t *const *rows, size_t count, size_t columns) {
    size_t column = 0;
    for (; column + 8 <= columns; column += 8)
        cl_add_columns(sums, rows, count, column, 8);
    for (; column + 4 <= columns; column += 4)
        cl_add_columns(sums, rows, count, column, 4);
    for (; column < columns; column++) {
        int32_t partial = 0;
        for (size_t r = 0; r < count; r++)
            partial += cl_weight(rows[r], column);
        sums[column] += partial;
    }
}

/* ---- Clamped sums: a row again ---- */

static inline int32_t cl_clamp(int32_t v) { return v > INT16_MAX ? INT16_MAX : v < -INT16_MAX ? -INT16_MAX : v; }

static inline void cl_clamped_add(uint8_t *to, const uint8_t *from, size_t columns) {
    for (size_t i = 0; i < columns; i++)
        cl_put16(to + 2 * i, (uint16_t)cl_clamp(cl_weight(to, i) + cl_weight(from, i)));
}

/* Eight columns of a sum of rows. */
static inline void cl_clamped_eight(uint8_t *to, const uint8_t *const *rows, size_t count, size_t column) {
#if defined(__SSE2__)
    const __m128i least = _mm_set1_epi16(-INT16_MAX);
    __m128i sum = _mm_setzero_si128();
    for (size_t r = 0; r < count; r++)
        sum = _mm_max_epi16(_mm_adds_epi16(sum, _mm_loadu_si128((const void *)(rows[r] + 2 * column))), least);
    _mm_storeu_si128((void *)(to + 2 * column), sum);
#else
    int32_t sums[8] = {0};
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0; i < 8; i++)
            sums[i] = cl_clamp(sums[i] + cl_weight(rows[r], column + i));
    for (size_t i = 0; i < 8; i++)
        cl_put16(to + 2 * (column + i), (uint16_t)sums[i]);
#endif
}

/* Sets a row to the sum of others, clamped after each. Eight columns at a time; the last eight may hold some that were summed
   before, which come out the same. */
static inline void cl_clamped_sum(uint8_t *to, const uint8_t *const *rows, size_t count, size_t columns) {
    if (columns < 8) {
        memset(to, 0, 2 * columns);
        for (size_t r = 0; r < count; r++)
            cl_clamped_add(to, rows[r], columns);
        return;
    }
    for (size_t column = 0; column + 8 < columns; column += 8)
        cl_clamped_eight(to, rows, count, column);
    cl_clamped_eight(to, rows, count, columns - 8);
}

#endif
