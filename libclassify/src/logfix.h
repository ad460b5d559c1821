/* logfix.h - logarithms in integers: no libm decides a weight, so that models are equal on every platform. */
#ifndef CL_LOGFIX_H
#define CL_LOGFIX_H

#include <stdint.h>

/* log2(x) in 1/2^24, rounded down; x > 0. */
int64_t cl_log2(uint64_t x);
/* ln(a / b) in 1/256, to the nearest; a, b > 0. */
int32_t cl_ln_ratio(uint64_t a, uint64_t b);
/* a * b / c, rounded down, where the product may be more than 64 bits; c > 0. Results beyond 64 bits give UINT64_MAX. */
uint64_t cl_muldiv(uint64_t a, uint64_t b, uint64_t c);

#endif
