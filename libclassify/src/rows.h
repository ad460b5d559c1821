/* rows.h - sums of rows of weights: with SSE2 where that is (all of x86-64), else in plain C with the same results.

   A row of labels is i16 [columns], the labels filled up to a multiple of four by copies of the first, so that the greatest and
   the least of four columns at a time are those of the labels. */
#ifndef CL_ROWS_H
#define CL_ROWS_H

#include "bytes.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static inline int16_t cl_weight(const uint8_t *row, size_t i) { return (int16_t)cl_le16(row + 2 * i); }

/* At most this many rows at once: their sum fits 32 bits. */
enum { CL_ROWS_MOST = 4096 };

static inline size_t cl_row_columns(size_t labels) { return (labels + 3) / 4 * 4; }

/* The spread of a row, which summed over a text is the evidence: its greatest weight minus its least, at most INT16_MAX. */
static inline int32_t cl_spread(const uint8_t *row, size_t labels) {
    int32_t low = INT16_MAX, high = INT16_MIN;
    for (size_t i = 0; i < labels; i++) {
        int32_t w = cl_weight(row, i);
        low = w < low ? w : low;
        high = w > high ? w : high;
    }
    return high - low > INT16_MAX ? INT16_MAX : high - low;
}

/* ---- Labels ---- */

#if defined(__SSE2__)

/* The four columns at `offset` of row r and the one behind it, if any, side by side. */
static inline __m128i cl_two_rows(const uint8_t *const *rows, size_t count, size_t r, size_t offset) {
    __m128i first = _mm_loadl_epi64((const void *)(rows[r] + offset));
    return r + 1 < count ? _mm_unpacklo_epi64(first, _mm_loadl_epi64((const void *)(rows[r + 1] + offset))) : first;
}

/* The greatest minus the least of each half's four columns, in its first one. */
static inline __m128i cl_two_spreads(__m128i low, __m128i high) {
    low = _mm_min_epi16(low, _mm_shufflehi_epi16(_mm_shufflelo_epi16(low, 0xB1), 0xB1));
    high = _mm_max_epi16(high, _mm_shufflehi_epi16(_mm_shufflelo_epi16(high, 0xB1), 0xB1));
    low = _mm_min_epi16(low, _mm_shuffle_epi32(low, 0xB1));
    high = _mm_max_epi16(high, _mm_shuffle_epi32(high, 0xB1));
    return _mm_and_si128(_mm_subs_epi16(high, low), _mm_set_epi16(0, 0, 0, -1, 0, 0, 0, -1));
}

/* Four rows of four columns: adds up each column to sum[4], and to spreads[4] the spreads. */
static inline void cl_add_four_rows(const __m128i row[4], __m128i *sum, __m128i *spreads) {
    const __m128i ones = _mm_set1_epi16(1);
    /* Interleaved, and multiplied by one: neighbours add up into 32 bits. */
    __m128i ab = _mm_unpacklo_epi16(row[0], row[1]), cd = _mm_unpacklo_epi16(row[2], row[3]);
    *sum = _mm_add_epi32(*sum, _mm_add_epi32(_mm_madd_epi16(ab, ones), _mm_madd_epi16(cd, ones)));
    /* Each half of these two has one column of all four rows. */
    __m128i first = _mm_unpacklo_epi32(ab, cd), second = _mm_unpackhi_epi32(ab, cd);
    __m128i low = _mm_min_epi16(first, second), high = _mm_max_epi16(first, second);
    low = _mm_min_epi16(low, _mm_shuffle_epi32(low, 0x4E));
    high = _mm_max_epi16(high, _mm_shuffle_epi32(high, 0x4E));
    *spreads = _mm_add_epi32(*spreads, _mm_madd_epi16(_mm_subs_epi16(high, low), _mm_set_epi16(0, 0, 0, 0, 1, 1, 1, 1)));
}

/* Adds one language's columns, from `offset` bytes on, of rows: sums[labels], and the spreads to sums[labels]. */
static inline void cl_add_language_labels(int64_t *sums, const uint8_t *const *rows, size_t count, size_t offset,
                                          size_t labels) {
    const __m128i ones = _mm_set1_epi16(1);
    const size_t columns = cl_row_columns(labels);
    static const uint8_t zeros[8] = {0};
    __m128i spreads = _mm_setzero_si128();
    int32_t partial[4];
    if (columns == 4) {
        __m128i sum = _mm_setzero_si128();
        __m128i row[4];
        size_t r = 0;
        for (; r + 4 <= count; r += 4) {
            for (size_t i = 0; i < 4; i++)
                row[i] = _mm_loadl_epi64((const void *)(rows[r + i] + offset));
            cl_add_four_rows(row, &sum, &spreads);
        }
        if (r < count) {
            for (size_t i = 0; i < 4; i++)
                row[i] = _mm_loadl_epi64((const void *)(r + i < count ? rows[r + i] + offset : zeros));
            cl_add_four_rows(row, &sum, &spreads);
        }
        _mm_storeu_si128((void *)partial, sum);
        for (size_t i = 0; i < labels; i++)
            sums[i] += partial[i];
    } else {
        for (size_t c = 0; c < columns; c += 4) {
            __m128i sum = _mm_setzero_si128();
            for (size_t r = 0; r < count; r += 2) {
                __m128i two = cl_two_rows(rows, count, r, offset + 2 * c);
                sum = _mm_add_epi32(sum, _mm_madd_epi16(_mm_unpacklo_epi16(two, _mm_unpackhi_epi64(two, two)), ones));
            }
            _mm_storeu_si128((void *)partial, sum);
            for (size_t i = 0; i < 4 && c + i < labels; i++)
                sums[c + i] += partial[i];
        }
        for (size_t r = 0; r < count; r++) {
            __m128i low = _mm_loadl_epi64((const void *)(rows[r] + offset)), high = low;
            for (size_t c = 4; c < columns; c += 4) {
                __m128i four = _mm_loadl_epi64((const void *)(rows[r] + offset + 2 * c));
                low = _mm_min_epi16(low, four);
                high = _mm_max_epi16(high, four);
            }
            spreads = _mm_add_epi32(spreads, _mm_move_epi64(cl_two_spreads(low, high)));
        }
    }
    spreads = _mm_add_epi32(spreads, _mm_shuffle_epi32(spreads, 0x4E)); /* in two of its columns, next to each other or not */
    spreads = _mm_add_epi32(spreads, _mm_shuffle_epi32(spreads, 0xB1));
    sums[labels] += _mm_cvtsi128_si32(spreads);
}

#else

static inline void cl_add_language_labels(int64_t *sums, const uint8_t *const *rows, size_t count, size_t offset,
                                          size_t labels) {
    for (size_t r = 0; r < count; r++) {
        for (size_t i = 0; i < labels; i++)
            sums[i] += cl_weight(rows[r] + offset, i);
        sums[labels] += cl_spread(rows[r] + offset, labels);
    }
}

#endif

/* Adds rows [languages][columns], up to CL_ROWS_MOST, to sums [languages][labels + 1], the last of each the evidence. */
static inline void cl_add_labels(int64_t *sums, const uint8_t *const *rows, size_t count, size_t languages, size_t labels) {
    if (count)
        for (size_t l = 0; l < languages; l++)
            cl_add_language_labels(sums + l * (labels + 1), rows, count, 2 * l * cl_row_columns(labels), labels);
}

/* ---- Languages ---- */

#if defined(__SSE2__)
/* Adds 16 columns of rows of i8 as below. */
static inline void cl_sum_small_rows(const uint8_t *const *rows, size_t count, size_t column, __m128i *low, __m128i *high) {
    for (size_t r = 0; r < count;) {
        __m128i four = _mm_loadu_si128((const void *)(rows[r] + column));
        size_t stop = r + 4 < count ? r + 4 : count;
        for (r++; r < stop; r++)
            four = _mm_add_epi8(four, _mm_loadu_si128((const void *)(rows[r] + column)));
        *low = _mm_add_epi16(*low, _mm_srai_epi16(_mm_unpacklo_epi8(four, four), 8));
        *high = _mm_add_epi16(*high, _mm_srai_epi16(_mm_unpackhi_epi8(four, four), 8));
    }
}
#endif

/* Adds `step` times rows of i8, each at most 31 and filled up to a multiple of 16, to sums; at most 256 rows. */
static inline void cl_add_small_rows(int64_t *sums, const uint8_t *const *rows, size_t count, size_t columns, int32_t step) {
    for (size_t column = 0; column < columns; column += 16) {
        int16_t partial[16] = {0};
#if defined(__SSE2__)
        __m128i low = _mm_setzero_si128(), high = low;
        cl_sum_small_rows(rows, count, column, &low, &high);
        _mm_storeu_si128((void *)partial, low);
        _mm_storeu_si128((void *)(partial + 8), high);
#else
        for (size_t r = 0; r < count; r++)
            for (size_t i = 0; i < 16; i++)
                partial[i] = (int16_t)(partial[i] + (int8_t)rows[r][column + i]);
#endif
        for (size_t i = 0; i < 16 && column + i < columns; i++)
            sums[column + i] += step * partial[i];
    }
}

/* Adds rows of i16, up to CL_ROWS_MOST, to sums. */
static inline void cl_add_rows(int64_t *sums, const uint8_t *const *rows, size_t count, size_t columns) {
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0; i < columns; i++)
            sums[i] += cl_weight(rows[r], i);
}

/* The first of the greatest columns, at most 64, of the sum of such rows, at most 256, if that is above zero; else SIZE_MAX, as
   without SSE2. */
static inline size_t cl_greatest_of_small_rows(const uint8_t *const *rows, size_t count, size_t columns) {
#if defined(__SSE2__)
    __m128i sums[8], top = _mm_setzero_si128();
    uint64_t found = 0;
    size_t vectors = (columns + 15) / 16 * 2;
    for (size_t v = 0; v < vectors; v += 2) {
        sums[v] = sums[v + 1] = _mm_setzero_si128();
        cl_sum_small_rows(rows, count, 8 * v, &sums[v], &sums[v + 1]);
        top = _mm_max_epi16(top, _mm_max_epi16(sums[v], sums[v + 1]));
    }
    top = _mm_max_epi16(top, _mm_shuffle_epi32(top, 0x4E));
    top = _mm_max_epi16(top, _mm_shuffle_epi32(top, 0xB1));
    top = _mm_max_epi16(top, _mm_shufflehi_epi16(_mm_shufflelo_epi16(top, 0xB1), 0xB1));
    for (size_t v = 0; v < vectors; v += 2) {
        __m128i same = _mm_packs_epi16(_mm_cmpeq_epi16(sums[v], top), _mm_cmpeq_epi16(sums[v + 1], top));
        found |= (uint64_t)(uint32_t)_mm_movemask_epi8(same) << 8 * v;
    }
    return (int16_t)_mm_extract_epi16(top, 0) > 0 ? (size_t)__builtin_ctzll(found) : SIZE_MAX;
#else
    (void)rows, (void)count, (void)columns;
    return SIZE_MAX;
#endif
}

/* ---- Clamped sums: a row again ---- */

static inline int32_t cl_clamp(int32_t v) { return v > INT16_MAX ? INT16_MAX : v < -INT16_MAX ? -INT16_MAX : v; }

/* Adds a row to another, each column clamped. */
static inline void cl_clamped_add(uint8_t *to, const uint8_t *from, size_t columns) {
    size_t i = 0;
#if defined(__SSE2__)
    const __m128i least = _mm_set1_epi16(-INT16_MAX);
    for (; i + 8 <= columns; i += 8) {
        __m128i sum =
            _mm_adds_epi16(_mm_loadu_si128((const void *)(to + 2 * i)), _mm_loadu_si128((const void *)(from + 2 * i)));
        _mm_storeu_si128((void *)(to + 2 * i), _mm_max_epi16(sum, least));
    }
    for (; i + 4 <= columns; i += 4) {
        __m128i sum =
            _mm_adds_epi16(_mm_loadl_epi64((const void *)(to + 2 * i)), _mm_loadl_epi64((const void *)(from + 2 * i)));
        _mm_storel_epi64((void *)(to + 2 * i), _mm_max_epi16(sum, least));
    }
#endif
    for (; i < columns; i++)
        cl_put16(to + 2 * i, (uint16_t)cl_clamp(cl_weight(to, i) + cl_weight(from, i)));
}

#if defined(__SSE2__)
/* Thirty-two columns of a sum of rows, eight from each of four; the four do not wait for each other. */
static inline void cl_clamped_columns(uint8_t *to, const uint8_t *const *rows, size_t count, const size_t *columns) {
    const __m128i least = _mm_set1_epi16(-INT16_MAX);
    __m128i sums[4] = {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
    for (size_t r = 0; r < count; r++)
        for (unsigned i = 0; i < 4; i++) {
            __m128i row = _mm_loadu_si128((const void *)(rows[r] + 2 * columns[i]));
            sums[i] = _mm_max_epi16(_mm_adds_epi16(sums[i], row), least);
        }
    for (unsigned i = 0; i < 4; i++)
        _mm_storeu_si128((void *)(to + 2 * columns[i]), sums[i]);
}
#endif

/* Sets a row to the sum of others, clamped after each. */
static inline void cl_clamped_sum(uint8_t *to, const uint8_t *const *rows, size_t count, size_t columns) {
#if defined(__SSE2__)
    if (columns >= 8) { /* the last eight may hold some that were summed before, which come out the same */
        for (size_t column = 0; column < columns; column += 32) {
            size_t four[4];
            for (size_t i = 0; i < 4; i++)
                four[i] = column + 8 * i < columns - 8 ? column + 8 * i : columns - 8;
            cl_clamped_columns(to, rows, count, four);
        }
        return;
    }
#endif
    memset(to, 0, 2 * columns);
    for (size_t r = 0; r < count; r++)
        cl_clamped_add(to, rows[r], columns);
}

#endif
