/* logfix.c - logarithms in integers.
   May include: logfix.h.
   Must not know: weights. */
#include "logfix.h"

int64_t cl_log2(uint64_t x) {
    int whole = 63;
    x = x ? x : 1;
    while (!(x >> whole))
        whole--;
    /* The mantissa in [1, 2) as 1.31; squaring it gives one binary digit of the logarithm at a time. */
    uint64_t mantissa = whole > 31 ? x >> (whole - 31) : x << (31 - whole);
    int64_t result = whole;
    for (int i = 0; i < 24; i++) {
        mantissa = mantissa * mantissa >> 31;
        int digit = (int)(mantissa >> 32);
        mantissa >>= digit;
        result = result * 2 + digit;
    }
    return result;
}

int32_t cl_ln_ratio(uint64_t a, uint64_t b) {
    const int64_t ln2 = 11629080; /* in 1/2^24 */
    int64_t bits = cl_log2(a) - cl_log2(b);
    int64_t product = (bits < 0 ? -bits : bits) * (ln2 >> 4); /* 1/2^44: at most 2^30 * 2^20 */
    int64_t rounded = (product + (INT64_C(1) << 35)) >> 36;
    return (int32_t)(bits < 0 ? -rounded : rounded);
}

uint64_t cl_muldiv(uint64_t a, uint64_t b, uint64_t c) {
    if (!c)
        return UINT64_MAX;
    if (!a || b <= UINT64_MAX / a)
        return a * b / c;
    /* Long multiplication to 128 bits, then long division, a bit at a time. */
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32), cross = a0 * b1 + (uint32_t)middle;
    uint64_t high = a1 * b1 + (middle >> 32) + (cross >> 32), low = a * b;
    if (high >= c)
        return UINT64_MAX;
    for (int i = 0; i < 64; i++) {
        uint64_t carry = high >> 63;
        high = high << 1 | low >> 63;
        low <<= 1;
        if (carry || high >= c) {
            high -= c;
            low |= 1;
        }
    }
    return low;
}
