/* test_utf8.c - decoding: every code point there and back, every malformed sequence as Unicode's table 3-7 has it. */
#include "check.h"
#include "utf8.h"

#define INVALID (CL_REPLACEMENT | CL_INVALID)

static void round_trips(void) {
    for (uint32_t c = 0; c < 0x110000; c++) {
        char bytes[8] = "#######";
        if (c >= 0xD800 && c < 0xE000)
            continue;
        size_t size = cl_utf8_put(c, bytes);
        CHECK_INT(size, c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
        CHECK_INT(bytes[size], '#');
        const uint8_t *at = (const uint8_t *)bytes;
        CHECK_INT(cl_utf8_next(&at, at + size), c);
        CHECK_INT(at - (const uint8_t *)bytes, size);
        for (size_t cut = 1; cut < size; cut++) { /* a valid beginning cut off is one sequence */
            at = (const uint8_t *)bytes;
            CHECK_INT(cl_utf8_next(&at, at + cut), INVALID);
            CHECK_INT(at - (const uint8_t *)bytes, cut);
        }
    }
}

/* Table 3-7, well-formed sequences, written independently of the decoder. */
static const struct {
    uint8_t low[4], high[4], size;
} table[] = {
    {{0x00}, {0x7F}, 1},
    {{0xC2, 0x80}, {0xDF, 0xBF}, 2},
    {{0xE0, 0xA0, 0x80}, {0xE0, 0xBF, 0xBF}, 3},
    {{0xE1, 0x80, 0x80}, {0xEC, 0xBF, 0xBF}, 3},
    {{0xED, 0x80, 0x80}, {0xED, 0x9F, 0xBF}, 3},
    {{0xEE, 0x80, 0x80}, {0xEF, 0xBF, 0xBF}, 3},
    {{0xF0, 0x90, 0x80, 0x80}, {0xF0, 0xBF, 0xBF, 0xBF}, 4},
    {{0xF1, 0x80, 0x80, 0x80}, {0xF3, 0xBF, 0xBF, 0xBF}, 4},
    {{0xF4, 0x80, 0x80, 0x80}, {0xF4, 0x8F, 0xBF, 0xBF}, 4},
};

/* How many bytes the decoder must take, and whether they are a character. */
static size_t reference(const uint8_t *bytes, size_t size, int *valid) {
    *valid = 0;
    for (size_t row = 0; row < sizeof table / sizeof *table; row++) {
        size_t n = 0;
        while (n < size && n < table[row].size && bytes[n] >= table[row].low[n] && bytes[n] <= table[row].high[n])
            n++;
        *valid = n == table[row].size;
        if (n)
            return n;
    }
    return 1;
}

static void check_one(const uint8_t *bytes, size_t size) {
    int valid;
    const uint8_t *at = bytes;
    uint32_t c = cl_utf8_next(&at, bytes + size);
    size_t want = reference(bytes, size, &valid);
    if ((size_t)(at - bytes) != want || (c == INVALID) == valid || (valid && c >= 0x110000))
        CHECK_FAIL("%02X %02X %02X %02X, %d bytes: takes %d, not %d; U+%X", bytes[0], bytes[1], bytes[2], bytes[3], (int)size,
                   (int)(at - bytes), (int)want, c);
}

static void every_sequence(void) {
    static const uint8_t interesting[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                                          0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xF4, 0xFF};
    enum { N = sizeof interesting };
    uint8_t bytes[4] = {0};
    for (uint32_t i = 0; i < 1u << 24; i++) {
        bytes[0] = (uint8_t)(i >> 16), bytes[1] = (uint8_t)(i >> 8), bytes[2] = (uint8_t)i;
        check_one(bytes, 3);
        if (!bytes[2])
            check_one(bytes, 2);
        if (!bytes[1] && !bytes[2])
            check_one(bytes, 1);
    }
    for (uint32_t i = 0; i < 16 * 256 * N * N; i++) {
        bytes[0] = (uint8_t)(0xF0 + i % 16), bytes[1] = (uint8_t)(i / 16 % 256);
        bytes[2] = interesting[i / 4096 % N], bytes[3] = interesting[i / 4096 / N];
        check_one(bytes, 4);
    }
}

static void text(const char *bytes, const char *want) {
    char got[64] = "";
    const uint8_t *at = (const uint8_t *)bytes, *end = at + strlen(bytes);
    while (at < end) {
        uint32_t c = cl_utf8_next(&at, end);
        strcat(got, c == INVALID ? "?" : (char[]){(char)c, 0});
    }
    CHECK_STR(got, want);
}

int main(void) {
    round_trips();
    every_sequence();
    text("a\xF1\x80\x80\xE1\x80\xC2"
         "b\x80"
         "c\x80\xBF"
         "d",
         "a???b?c??d");                                        /* The Unicode Standard, table 3-8 */
    text("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", "????????A"); /* table 3-9: not shortest forms */
    text("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", "????????A"); /* table 3-10: surrogates */
    text("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", "?????A??B"); /* table 3-11 */
    text("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", "????A");     /* table 3-12: cut short */
    return check_result();
}
