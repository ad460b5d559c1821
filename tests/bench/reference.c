/* reference.c - what the scorer is measured against: the bare loop that any classifier of words must run, and libstemmer alone.
   May include: bench.h, libstemmer, utf8proc.
   Must not know: how libclassify works. */
#include "bench.h"

#include <libstemmer.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { FOLDED = 0x600, ROWS = 65536 };

static uint16_t fold_table[FOLDED]; /* lower case of letters, digits and combining marks; 0 ends a word */
static float weights[ROWS][4];      /* 1 MiB */

/* The tokens of all texts, folded. */
typedef struct {
    uint32_t offset, size;
    bool cyrillic;
} word;
static word *words;
static size_t word_count;
static unsigned char *word_bytes;
static struct sb_stemmer *english, *russian;

static uint32_t decode(const unsigned char **at, const unsigned char *end) {
    const unsigned char *p = *at;
    uint32_t c = p[0];
    int more = c < 0x80 ? 0 : c >= 0xC2 && c < 0xE0 ? 1 : c >= 0xE0 && c < 0xF0 ? 2 : c >= 0xF0 && c < 0xF5 ? 3 : -1;
    *at = p + 1;
    if (more == 0)
        return c;
    if (more < 0 || end - p <= more)
        return 0xFFFD;
    c &= 0x3Fu >> more;
    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0xFFFD;
        c = c << 6 | (p[i] & 0x3Fu);
    }
    bool bad = (more == 2 && (c < 0x800 || (c >= 0xD800 && c < 0xE000))) || (more == 3 && (c < 0x10000 || c > 0x10FFFF));
    *at = bad ? p + 1 : p + more + 1;
    return bad ? 0xFFFD : c;
}

static inline uint32_t next(const unsigned char **at, const unsigned char *end) {
    const unsigned char *p = *at;
    if (p[0] < 0x80) {
        *at = p + 1;
        return p[0];
    }
    if (p[0] >= 0xC2 && p[0] < 0xE0 && end - p > 1 && (p[1] & 0xC0) == 0x80) {
        *at = p + 2;
        return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
    }
    return decode(at, end);
}

static inline uint32_t fold(uint32_t c) {
    if (c < FOLDED)
        return fold_table[c];
    return (c >= 0x2000 && c < 0x2C00) || c == 0xFFFD ? 0 : c;
}

static const unsigned char *text_begin(const texts *t, size_t i) { return (const unsigned char *)t->bytes + t->offsets[i]; }

/* Folds all texts into `words`. */
static void split(const texts *t) {
    size_t size = (size_t)t->offsets[t->count], out = 0;
    word_bytes = malloc(2 * size + 16);
    words = malloc((size / 2 + t->count + 1) * sizeof *words);
    if (!word_bytes || !words)
        abort();
    for (size_t i = 0; i < t->count; i++) {
        const unsigned char *at = text_begin(t, i), *end = text_begin(t, i + 1);
        word w = {(uint32_t)out, 0, false};
        while (at <= end) {
            uint32_t c = at < end ? fold(next(&at, end)) : 0;
            if (c) {
                out += (size_t)utf8proc_encode_char((utf8proc_int32_t)c, word_bytes + out);
                w.cyrillic |= c >= 0x400 && c < 0x530;
                continue;
            }
            w.size = (uint32_t)out - w.offset;
            if (w.size)
                words[word_count++] = w;
            w = (word){(uint32_t)out, 0, false};
            if (at == end)
                break;
        }
    }
}

void reference_init(const texts *t) {
    for (uint32_t c = 0; c < FOLDED; c++) {
        utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
        bool letter = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
        if (letter || category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_MN)
            fold_table[c] = (uint16_t)utf8proc_tolower((utf8proc_int32_t)c);
    }
    for (uint32_t i = 0; i < ROWS; i++)
        for (uint32_t l = 0; l < 4; l++)
            weights[i][l] = (float)((i * 4 + l) * 2654435761u >> 8) * 1e-8f;
    english = sb_stemmer_new("english", "UTF_8");
    russian = sb_stemmer_new("russian", "UTF_8");
    if (!english || !russian)
        abort();
    split(t);
}

static float first_of_softmax(const float *sums) {
    float most = fmaxf(fmaxf(sums[0], sums[1]), sums[2]);
    float a = expf(sums[0] - most), b = expf(sums[1] - most), c = expf(sums[2] - most);
    return a / (a + b + c);
}

#define SEED UINT64_C(0x9E3779B97F4A7C15)

static inline void look_up(float *sums, uint64_t hash) {
    const float *row = weights[(hash ^ hash >> 32) % ROWS];
    for (int l = 0; l < 4; l++)
        sums[l] += row[l];
}

uint64_t reference_bound(const texts *t) {
    float total = 0;
    uint64_t tokens = 0;
    for (size_t i = 0; i < t->count; i++) {
        const unsigned char *at = text_begin(t, i), *end = text_begin(t, i + 1);
        float sums[4] = {0};
        uint64_t hash = SEED;
        bool inside = false;
        while (at < end) {
            uint32_t c = fold(next(&at, end));
            if (c) {
                hash = (hash ^ c) * UINT64_C(0xFF51AFD7ED558CCD);
                inside = true;
            } else if (inside) {
                look_up(sums, hash);
                tokens++;
                hash = SEED;
                inside = false;
            }
        }
        if (inside) {
            look_up(sums, hash);
            tokens++;
        }
        total += first_of_softmax(sums);
    }
    return tokens + (uint64_t)total;
}

uint64_t reference_stemmer(const texts *t) {
    uint64_t sum = 0;
    (void)t;
    for (size_t i = 0; i < word_count; i++) {
        struct sb_stemmer *stemmer = words[i].cyrillic ? russian : english;
        const sb_symbol *stem = sb_stemmer_stem(stemmer, word_bytes + words[i].offset, (int)words[i].size);
        sum += stem[0] + (uint64_t)sb_stemmer_length(stemmer);
    }
    return sum;
}
