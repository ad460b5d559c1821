/* test_flood.c - words, pairs of words and names made to have one hash: counted right, in at most three times the time of as
   many bytes of ordinary text; and the tree that sees to it. */
#include "bytes.h"
#include "counts.h"
#include "fixture.h"

#include <time.h>

/* ---- The tree ---- */

static cl_feature_key number(const void *context, uint32_t item) {
    return (cl_feature_key){NULL, ((const uint64_t *)context)[item]};
}

/* The length of the longest path down from a node; each key must lie between two others. */
static uint32_t height(const cl_flood *f, const uint64_t *keys, uint32_t node, uint64_t low, uint64_t high) {
    if (node == CLASSIFY_NONE)
        return 0;
    const cl_flood_node *n = &f->nodes[node];
    CHECK(keys[n->item] >= low && keys[n->item] < high);
    uint32_t left = height(f, keys, n->left, low, keys[n->item]), right = height(f, keys, n->right, keys[n->item] + 1, high);
    return 1 + (left > right ? left : right);
}

static void tree(void) {
    enum { MOST = 5000 };
    static uint64_t keys[MOST];
    cl_flood flood = {.nodes = malloc(MOST * sizeof(cl_flood_node)), .capacity = MOST};
    CHECK_NEED(flood.nodes);
    for (int order = 0; order < 4; order++) {
        flood.count = 0;
        CHECK_INT(cl_flood_find(&flood, (cl_feature_key){NULL, 1}, number, keys), CLASSIFY_NONE);
        for (uint32_t i = 0; i < MOST; i++) {
            keys[i] = order == 0   ? 2 * i
                      : order == 1 ? 2 * (MOST - i)
                      : order == 2 ? 2 * (i % 2 ? i : MOST * 2 - i) /* from both ends */
                                   : check_random() & ~UINT64_C(1);
            if (order == 3 && cl_flood_find(&flood, number(keys, i), number, keys) != CLASSIFY_NONE)
                continue;
            cl_flood_add(&flood, i, number, keys);
            uint32_t logarithm = 0;
            while ((flood.count + 1) >> logarithm > 1)
                logarithm++;
            if (i % 500 == 0 || i < 20)
                CHECK(height(&flood, keys, flood.root, 0, UINT64_MAX) <= 2 * logarithm);
        }
        for (uint32_t i = 0; i < MOST; i++) {
            CHECK_INT(cl_flood_find(&flood, number(keys, i), number, keys), i);
            CHECK_INT(cl_flood_find(&flood, (cl_feature_key){NULL, keys[i] + 1}, number, keys), CLASSIFY_NONE);
        }
    }
    free(flood.nodes);
}

/* ---- Time ---- */

/* Words as often as they are in a language: the n-th most frequent one a n-th part of the time (Zipf), a full stop now and
 * then. */
static char *ordinary(size_t size) {
    char *text = malloc(size + 16);
    CHECK_NEED(text);
    for (size_t at = 0; at < size;) {
        for (uint32_t n = check_below(1u << check_below(18)) * 7 + 100; n; n /= 20)
            text[at++] = "etaoinshrdlcumwfgypb"[n % 20];
        if (!check_below(12))
            text[at++] = '.';
        text[at++] = ' ';
    }
    return text;
}

/* Counts a text in new counts; *seconds becomes what it took, where that is less. */
static classify_counts *counted(const char *text, size_t size, double *seconds) {
    classify_counts *counts = NULL;
    CHECK_NEED(!classify_counts_new(&counts, NULL, NULL));
    clock_t begin = clock();
    CHECK(!classify_counts_add(counts, "threat", "en", "", text, size, NULL));
    double took = (double)(clock() - begin) / CLOCKS_PER_SEC;
    *seconds = took < *seconds ? took : *seconds;
    return counts;
}

/* Counts of a text, which must not take much longer than ordinary text; by turns, and more of these where others disturb. */
static classify_counts *bounded(const char *text, size_t size, const char *what) {
    double seconds = 1e9, usual = 1e9;
    char *other = ordinary(size);
    classify_counts *counts = NULL;
    for (int i = 0; i < 3 || (i < 20 && seconds > 3 * usual); i++) {
        classify_counts_free(counts);
        classify_counts_free(counted(other, size, &usual));
        counts = counted(text, size, &seconds);
    }
    printf("%s: %zu bytes in %.1f ms, as much ordinary text in %.1f ms: %.1f times\n", what, size, 1000 * seconds, 1000 * usual,
           seconds / usual);
    if (seconds > 3 * usual)
        CHECK_FAIL("%s take %.1f times as long as ordinary text", what, seconds / usual);
    free(other);
    return counts;
}

/* ---- Words ---- */

/* Two pairs of four letters each, of U+20000 and what follows: each pair makes the same of its half of a block of cl_hash_word.
   So every block can be filled in four ways, and words of n blocks come in 4^n that have one hash. They were found by following
   the function until it came to one value on two ways (van Oorschot and Wiener 1999), in 2^33 steps a half; words of many
   blocks by Joux (2004). */
static const uint64_t halves[2][2][2] = {{{UINT64_C(0x8D8FA9F0A987A5F0), UINT64_C(0xA297AAF0808AAAF0)},
                                          {UINT64_C(0xB685AAF09CA2A0F0), UINT64_C(0x8987A4F08398A9F0)}},
                                         {{UINT64_C(0x80B8A3F0AEACA8F0), UINT64_C(0x8B91A5F094A7A4F0)},
                                          {UINT64_C(0xA1AFA7F08E8BA1F0), UINT64_C(0x8196A9F094B5A3F0)}}};
enum { BLOCKS = 7, WORD = BLOCKS * 32, WORDS = 1 << 2 * BLOCKS };

static void put_word(char *to, uint32_t n) {
    for (int block = 0; block < BLOCKS; block++)
        for (int half = 0; half < 2; half++, n >>= 1, to += 16) {
            cl_put64(to, halves[half][n & 1][0]);
            cl_put64(to + 8, halves[half][n & 1][1]);
        }
}

static void words(void) {
    size_t size = (size_t)WORDS * (WORD + 1);
    char *text = malloc(size);
    CHECK_NEED(text);
    for (uint32_t i = 0; i < WORDS; i++) {
        put_word(text + (size_t)i * (WORD + 1), i);
        text[(size_t)(i + 1) * (WORD + 1) - 1] = i % 2 ? '.' : ' ';
        CHECK(cl_hash_word(text + (size_t)i * (WORD + 1), WORD) == cl_hash_word(text, WORD));
    }
    classify_counts *counts = bounded(text, size, "words of one hash");
    CHECK_INT(counts->words.count, WORDS);
    CHECK(counts->words.flood.count > WORDS / 2);
    CHECK(!classify_counts_add(counts, "threat", "en", "", text, size, NULL)); /* once more: every one is found */
    CHECK_INT(counts->words.count, WORDS);
    for (uint32_t i = 0; i < WORDS; i++) {
        uint32_t word = cl_counts_find(counts, text + (size_t)i * (WORD + 1), WORD);
        CHECK_NEED(word != CLASSIFY_NONE);
        CHECK_INT(cl_feature_at(&counts->words, word)->first.occurrences, 2);
    }
    classify_counts_free(counts);
    free(text);
}

/* ---- Pairs of words ---- */

/* Words are numbered as they come, and pairs hashed by these numbers: of so many words those pairs are chosen whose hashes end
   in the same bits, as many as the table has. */
enum { VOCABULARY = 1 << 14, PAIRS = 1 << 13, BITS = 15, NAME = 4 };

static char *put_name(char *to, uint32_t n, char behind) {
    for (int i = 0; i < NAME; i++, n /= 26)
        *to++ = (char)('a' + n % 26);
    *to++ = behind;
    return to;
}

static void pairs(void) {
    uint64_t *chosen = malloc(PAIRS * sizeof *chosen);
    char *text = malloc((VOCABULARY + 2 * PAIRS) * (NAME + 1)), *at = text;
    CHECK_NEED(chosen && text);
    size_t found = 0;
    for (uint32_t a = 0; a < VOCABULARY; a++)
        at = put_name(at, a, '.');
    for (uint32_t a = 0; a < VOCABULARY && found < PAIRS; a++)
        for (uint32_t b = 0; b < VOCABULARY && found < PAIRS; b++)
            if (!(cl_hash_two(a, b) << (64 - BITS))) {
                chosen[found++] = (uint64_t)a << 32 | b;
                at = put_name(put_name(at, a, ' '), b, '.');
            }
    CHECK(found > PAIRS / 2);
    classify_counts *counts = bounded(text, (size_t)(at - text), "pairs of one slot");
    CHECK_INT(counts->words.count, VOCABULARY);
    CHECK_INT(counts->pairs.count, found);
    CHECK(counts->pairs.flood.count > found / 2);
    CHECK(!classify_counts_add(counts, "threat", "en", "", text, (size_t)(at - text), NULL));
    CHECK_INT(counts->pairs.count, found);
    for (size_t i = 0; i < found; i++) {
        CHECK_INT(cl_feature_at(&counts->pairs, (uint32_t)i)->text, chosen[i]);
        CHECK_INT(cl_feature_at(&counts->pairs, (uint32_t)i)->first.occurrences, 2);
    }
    classify_counts_free(counts);
    free(chosen);
    free(text);
}

/* ---- Names ---- */

/* Seconds to make cells of many sources, each met twice, of one hash or of plain names as long. */
static double sources(bool alike) {
    enum { CELLS = 1 << 14 };
    classify_counts *counts = NULL;
    char name[WORD + 1] = {0};
    CHECK_NEED(!classify_counts_new(&counts, NULL, NULL));
    clock_t begin = clock();
    for (uint32_t n = 0; n < 2 * CELLS; n++) {
        put_word(name, n * 5 % CELLS);
        if (!alike)
            for (uint32_t i = 0, left = n * 5 % CELLS; i < WORD; i++, left /= 26)
                name[i] = (char)('a' + left % 26);
        CHECK_NEED(!classify_counts_add(counts, "threat", "en", name, "", 0, NULL));
    }
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    CHECK_INT(counts->cell_count, CELLS);
    for (uint32_t i = 0; i < CELLS; i++)
        CHECK_INT(counts->cells[i].documents, 2);
    classify_counts_free(counts);
    return seconds;
}

static void names(void) {
    double usual = sources(false), seconds = sources(true);
    printf("sources of one hash: %.0f ms, others %.0f ms: %.1f times\n", 1000 * seconds, 1000 * usual, seconds / usual);
    if (seconds > 3 * usual)
        CHECK_FAIL("sources of one hash take %.1f times as long as others", seconds / usual);
}

int main(void) {
    tree();
    words();
    pairs();
    names();
    return check_result();
}
