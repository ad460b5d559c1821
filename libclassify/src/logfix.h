/* logfix.h - logarithms in integers: no libm decides a weight, so that models are equal on every platform. */
#ifndef CL_LOGFIX_H
#define CL_LOGFIX_H

#include <stdint.h>

/* log2(x) in 1/2^24, rounded down; 0 is taken for 1. */
int64_t cl_log2(uint64_t x);
/* ln(a / b) in 1/256, to the nearest; 0 is taken for 1, so that absurd counts make absurd weights and nothing worse. */
int32_t cl_ln_ratio(uint64_t a, uint64_t b);
/* a * b / c, rounded down, where the product may be more than 64 bits. Results beyond 64 bits give UINT64_MAX. */
uint64_t cl_muldiv(uint64_t a, uint64_t b, uint64_t c);

#endif
