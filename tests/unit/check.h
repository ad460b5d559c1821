/* check.h - the tests' whole framework: checks that count failures and go on, and a random generator that is the same
   everywhere. A test's main returns check_result(). */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_failures;
/* tests/mutation wants no more than the first. */
#ifdef CHECK_STOP
#define CHECK_STOPS true
#else
#define CHECK_STOPS false
#endif

#define CHECK_FAIL(...)                                                                                                        \
    do {                                                                                                                       \
        if (++check_failures <= 30) {                                                                                          \
            fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                                                                    \
            fprintf(stderr, __VA_ARGS__);                                                                                      \
            fputc('\n', stderr);                                                                                               \
        }                                                                                                                      \
        if (CHECK_STOPS)                                                                                                       \
            exit(1);                                                                                                           \
    } while (0)
#define CHECK(condition)                                                                                                       \
    do {                                                                                                                       \
        if (!(condition))                                                                                                      \
            CHECK_FAIL("not true: %s", #condition);                                                                            \
    } while (0)
#define CHECK_INT(got, want)                                                                                                   \
    do {                                                                                                                       \
        long long check_got = (long long)(got), check_want = (long long)(want);                                                \
        if (check_got != check_want)                                                                                           \
            CHECK_FAIL("%s is %lld, not %lld", #got, check_got, check_want);                                                   \
    } while (0)
#define CHECK_STR(got, want)                                                                                                   \
    do {                                                                                                                       \
        const char *check_got = (got), *check_want = (want);                                                                   \
        if (!check_got || strcmp(check_got, check_want))                                                                       \
            CHECK_FAIL("%s is \"%s\", not \"%s\"", #got, check_got ? check_got : "(NULL)", check_want);                        \
    } while (0)
/* Sets up what a test cannot go on without. */
#define CHECK_NEED(condition)                                                                                                  \
    do {                                                                                                                       \
        if (!(condition)) {                                                                                                    \
            fprintf(stderr, "%s:%d: cannot go on: %s\n", __FILE__, __LINE__, #condition);                                      \
            exit(1);                                                                                                           \
        }                                                                                                                      \
    } while (0)

static inline int check_result(void) {
    if (check_failures)
        fprintf(stderr, "%d failures\n", check_failures);
    return check_failures != 0;
}

/* xorshift64*; from a state that is not 0. */
static uint64_t check_state = 88172645463325252u;
static inline uint64_t check_random(void) {
    check_state ^= check_state >> 12, check_state ^= check_state << 25, check_state ^= check_state >> 27;
    return check_state * 2685821657736338717u;
}
/* Adds a number to a digest of what came out (Fowler, Noll and Vo 1991, by numbers). */
static inline uint64_t check_digest(uint64_t digest, uint64_t number) {
    digest = (digest ^ number) * 1099511628211u;
    return digest ^ digest >> 29;
}
static inline uint32_t check_below(uint32_t n) { return (uint32_t)((check_random() >> 32) * n >> 32); }

#endif
