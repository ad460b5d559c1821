/* test_logfix.c - logarithms in integers against libm, long multiplication against the compiler's. */
#include "check.h"
#include "logfix.h"

#include <math.h>

/* Of random size, so that small and large ones are as frequent. */
static uint64_t any(void) {
    uint64_t x = check_random() >> check_below(64);
    return x ? x : 1;
}

static void check_ratio(uint64_t a, uint64_t b) {
    double want = (double)(256 * (logl((long double)a) - logl((long double)b)));
    double off = fabs(cl_ln_ratio(a, b) - want);
    if (off > 0.51)
        CHECK_FAIL("ln(%llu / %llu) is off by %f units", (unsigned long long)a, (unsigned long long)b, off);
}

static void check_log2(uint64_t x) {
    double want = (double)(16777216 * log2l((long double)x)), got = (double)cl_log2(x);
    if (got > want + 0.01 || got < want - 2)
        CHECK_FAIL("log2(%llu) is %f, not %f", (unsigned long long)x, got, want);
}

static void check_muldiv(uint64_t a, uint64_t b, uint64_t c) {
    (void)a, (void)b, (void)c; /* without 128 bits there is nothing to compare with */
#ifdef __SIZEOF_INT128__
    __extension__ unsigned __int128 want = (unsigned __int128)a * b / c;
    if (cl_muldiv(a, b, c) != (want > UINT64_MAX ? UINT64_MAX : (uint64_t)want))
        CHECK_FAIL("muldiv(%llu, %llu, %llu)", (unsigned long long)a, (unsigned long long)b, (unsigned long long)c);
#endif
}

int main(void) {
    static const uint64_t corners[] = {
        1, 2, 3, 255, 256, 65535, UINT32_MAX, UINT64_C(1) << 32, UINT64_C(1) << 63, UINT64_MAX - 1, UINT64_MAX};
    enum { N = sizeof corners / sizeof *corners };
    CHECK_INT(cl_log2(1), 0);
    for (int i = 0; i < 64; i++)
        CHECK_INT(cl_log2(UINT64_C(1) << i), (int64_t)i << 24);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            check_ratio(corners[i], corners[j]);
            for (int k = 0; k < N; k++)
                check_muldiv(corners[i], corners[j], corners[k]);
        }
    check_muldiv(0, UINT64_MAX, 1);
    check_muldiv(UINT64_MAX, 0, UINT64_MAX);
    for (int i = 0; i < 300000; i++) {
        uint64_t a = any(), b = any();
        check_log2(a);
        check_ratio(a, b);
        check_muldiv(a, b, any());
        CHECK(cl_ln_ratio(a, b) == -cl_ln_ratio(b, a));
    }
    for (uint64_t a = 1; a < 3000; a++)
        check_ratio(a, 1000);
    return check_result();
}
