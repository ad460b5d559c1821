/* test_counts.c - damaged counts files of both formats: a status with an offset inside the file, or counts that write, read and
   compile; and extremes that are well formed but meant to hurt. */
#include "damage.h"

#include <stdarg.h>

static tally memory;
static size_t opened, refused, compiled;

/* Written as the format says, read again, written again: the same bytes. */
static void round_trip(classify_counts *counts, uint32_t format, const char *what, size_t at) {
    classify_counts *again = NULL;
    size_t size, other;
    classify_error error = {0};
    uint8_t *bytes = fixture_counts_bytes(counts, format, &size);
    if (classify_counts_read(&again, bytes, size, NULL, &error)) {
        CHECK_FAIL("%s at %zu: what was written as %s is not read: %s", what, at, format ? "TSV" : "binary", error.message);
    } else {
        uint8_t *copy = fixture_counts_bytes(again, format, &other);
        if (size != other || memcmp(bytes, copy, size))
            CHECK_FAIL("%s at %zu: written as %s twice, another file", what, at, format ? "TSV" : "binary");
        free(copy);
        classify_counts_free(again);
    }
    free(bytes);
}

static void compile(classify_counts *counts, const char *what, size_t at) {
    classify_compile_options how = {.struct_size = sizeof how, .max_parts = 50};
    classify_model *model = NULL;
    classify_error error = {0};
    int32_t status = classify_counts_compile(counts, &how, &model, &error);
    if (!status)
        damage_score(model, false, what, at);
    else if (status != CLASSIFY_ERROR_EMPTY && status != CLASSIFY_ERROR_LIMIT && status != CLASSIFY_ERROR_ARGUMENT)
        CHECK_FAIL("%s at %zu: compiling gives %s: %s", what, at, classify_status_name(status), error.message);
    compiled += !status;
    classify_model_free(model);
}

static int32_t try_counts(const uint8_t *bytes, size_t size, const char *what, size_t at) {
    const classify_allocator allocator = allocator_of(&memory);
    const classify_counts_options options = {.struct_size = sizeof options, .allocator = &allocator};
    classify_counts *counts = NULL;
    classify_error error = {0};
    memory = (tally){0};
    int32_t status = classify_counts_read(&counts, bytes, size, &options, &error);
    if (memory.peak > 160 * size + 600000)
        CHECK_FAIL("%s at %zu: %zu bytes for counts of %zu", what, at, memory.peak, size);
    if (status) {
        refused++;
        if (counts || error.offset > size || error.code != status ||
            !(status == CLASSIFY_ERROR_LIMIT || (status >= CLASSIFY_ERROR_FORMAT && status <= CLASSIFY_ERROR_CORRUPT)))
            CHECK_FAIL("%s at %zu: %s at %llu of %zu: %s", what, at, classify_status_name(status),
                       (unsigned long long)error.offset, size, error.message);
    } else {
        if (opened++ % 4 == 0) {
            round_trip(counts, CLASSIFY_COUNTS_BINARY, what, at);
            round_trip(counts, CLASSIFY_COUNTS_TSV, what, at);
        }
        if (opened % 8 == 0)
            compile(counts, what, at);
        classify_counts_free(counts);
    }
    if (memory.blocks)
        CHECK_FAIL("%s at %zu: %zu blocks leak", what, at, memory.blocks);
    return status;
}

static void use_counts(const uint8_t *bytes, size_t size, const char *what, size_t at) { try_counts(bytes, size, what, at); }

/* ---- Extremes ---- */

typedef struct {
    char *text;
    size_t size, capacity;
} lines;

static void line(lines *l, const char *format, ...) {
    if (l->capacity < l->size + 1024) {
        l->capacity = l->capacity * 2 + 4096;
        l->text = realloc(l->text, l->capacity);
        CHECK_NEED(l->text);
    }
    va_list arguments;
    va_start(arguments, format);
    l->size += (size_t)vsnprintf(l->text + l->size, 1024, format, arguments);
    va_end(arguments);
}

/* The counts of some lines, read as text, must be read, written, merged with themselves and compiled (or refused) in good time.
 */
static void extreme(lines *l, const char *what) {
    classify_counts *counts = NULL, *sum = NULL;
    classify_error error = {0};
    int32_t status = classify_counts_read(&counts, l->text, l->size, NULL, &error);
    if (status) {
        CHECK_FAIL("%s: %s", what, error.message);
    } else {
        round_trip(counts, CLASSIFY_COUNTS_BINARY, what, 0);
        CHECK_NEED(!classify_counts_new(&sum, NULL, NULL));
        CHECK(!classify_counts_merge(sum, counts, NULL));
        status = classify_counts_merge(sum, counts, NULL);
        CHECK(status == CLASSIFY_OK || status == CLASSIFY_ERROR_LIMIT);
        compile(counts, what, 0);
    }
    classify_counts_free(counts);
    classify_counts_free(sum);
    free(l->text);
}

static const char head[] = "#libclassify-counts\t1\n";
static const unsigned long long most = 1ull << 40; /* words that a cell may have */

static void extremes(void) {
    lines l = {0};
    line(&l, "%scell\t0\t\ten\tx\t%llu\t%llu\ncell\t1\t\tuk\ty\t%llu\t%llu\n", head, most, most, most, most);
    for (int i = 0; i < 300; i++)
        line(&l, "word\tw%dabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\t0:%llu:1\t1:%llu:%llu\n", i, most, most, most);
    extreme(&l, "the most of everything");

    l = (lines){0};
    line(&l, "%scell\t0\t\ten\tx\t1\t1\ncell\t1\t\ten\ty\t0\t0\ncell\t2\t\tuk\ty\t9\t0\ncell\t3\t\tzz\t\t%llu\t0\n", head,
         most);
    line(&l, "word\ta\t0:1:1\n");
    extreme(&l, "cells of nothing");

    l = (lines){0};
    line(&l, "%scell\t0\t\ten\tx\t1\t99\ncell\t1\t\ten\ty\t1\t99\nrefined\t65535\t2\tx\ty\ten\tuk\n", head);
    for (int i = 0; i < 20000; i++) /* many words, one stem: threatens, threatened, threatening */
        line(&l, "word\tz%dwx\t0:1:1\nweight\tword\ten\tz%dwx\t32767:-32767\nweight\tpart\ten\t%016x\t-32767:32767\n", i, i,
             i + 1);
    extreme(&l, "the greatest refined weights");

    l = (lines){0};
    line(&l, "%scell\t0\t\ten\tx\t1\t99\nrefined\t256\t1\tx\ten\tuk\n", head);
    for (int i = 0; i < 3; i++)
        line(&l, "weight\tword\ten\tsame\t9\n");
    classify_counts *counts = NULL;
    int32_t status = classify_counts_read(&counts, l.text, l.size, NULL, NULL); /* refused, or one of them */
    if (!status)
        round_trip(counts, CLASSIFY_COUNTS_TSV, "a weight three times", 0);
    classify_counts_free(counts);
    free(l.text);

    l = (lines){0};
    line(&l, "%s", head);
    for (int i = 0; i < 20000; i++)
        line(&l, "cell\t%d\ts%06d\ten\tx\t1\t9\n", i, i);
    line(&l, "word\ta");
    for (int i = 0; i < 20000; i++)
        line(&l, "\t%d:1:1", i);
    line(&l, "\nword\tb\t0:1:1\npair\ta\tb\t0:1:1\n");
    extreme(&l, "many cells");
}

/* ---- What the binary format forbids ---- */

static int32_t body(const char *bytes, size_t size, const char *what) {
    uint8_t file[256] = "LCCOUNTS\1";
    CHECK_NEED(size <= sizeof file - 32);
    memcpy(file + 32, bytes, size);
    fixture_seal(file, 32 + size);
    return try_counts(file, 32 + size, what, 0);
}
#define BODY(bytes) body(bytes, sizeof(bytes) - 1, #bytes)
#define CELLS       "\0\2\0\2en\1x\1\11\0\2en\1y\1\11" /* no metadata; two cells of nine words */
#define TALLY       "\1\0\0\0"                         /* once in the first cell */
#define WORDS       "\2\0\1a" TALLY "\0\1b" TALLY      /* a, b */
#define END         "\0\0"                             /* no pair, no refinement */

static void strict(void) {
    CHECK_INT(BODY(CELLS WORDS END), CLASSIFY_OK);
    CHECK_INT(BODY(CELLS WORDS END "\0"), CLASSIFY_ERROR_CORRUPT); /* a byte too many */
    CHECK_INT(BODY(CELLS "\2\0\1b" TALLY "\0\1a" TALLY END), CLASSIFY_ERROR_CORRUPT);
    CHECK_INT(BODY(CELLS "\2\0\1a" TALLY "\0\1a" TALLY END), CLASSIFY_ERROR_CORRUPT);
    CHECK_INT(BODY(CELLS "\2\0\1a" TALLY "\1\0" TALLY END), CLASSIFY_ERROR_CORRUPT);  /* nothing further */
    CHECK_INT(BODY(CELLS "\2\0\1a" TALLY "\2\1b" TALLY END), CLASSIFY_ERROR_CORRUPT); /* more shared than there is */
    CHECK_INT(BODY(CELLS "\1\0\1 " TALLY END), CLASSIFY_ERROR_CORRUPT);
    CHECK_INT(BODY(CELLS "\1\0\1\xFF" TALLY END), CLASSIFY_ERROR_CORRUPT);
    CHECK_INT(BODY(CELLS "\1\0\1a\1\2\0\0" END), CLASSIFY_ERROR_CORRUPT);  /* no such cell */
    CHECK_INT(BODY(CELLS "\1\0\1a\1\0\11\0" END), CLASSIFY_ERROR_CORRUPT); /* ten texts, of nine words */
    CHECK_INT(BODY(CELLS "\1\0\1a\1\0\0\11" END), CLASSIFY_ERROR_CORRUPT);
    CHECK_INT(BODY(CELLS "\1\0\1a\1\0\10\0" END), CLASSIFY_OK);
    CHECK_INT(BODY(CELLS WORDS "\2\0\1" TALLY "\1\0" TALLY "\0"), CLASSIFY_OK);            /* a b, b a */
    CHECK_INT(BODY(CELLS WORDS "\2\0\1" TALLY "\0\0" TALLY "\0"), CLASSIFY_ERROR_CORRUPT); /* a b twice */
    CHECK_INT(BODY(CELLS WORDS "\1\0\2" TALLY "\0"), CLASSIFY_ERROR_CORRUPT);              /* no third word */
    CHECK_INT(BODY("\0\2\0\2en\1y\1\11\0\2en\1x\1\11\0" END), CLASSIFY_ERROR_CORRUPT);
    CHECK_INT(BODY("\0\2\0\2en\1x\1\11\0\2en\1x\1\11\0" END), CLASSIFY_ERROR_CORRUPT);
    CHECK_INT(BODY("\2\1b\1v\1a\1v\0\0" END), CLASSIFY_ERROR_CORRUPT); /* keys out of order */
    CHECK_INT(BODY("\1\1B\1v\0\0" END), CLASSIFY_ERROR_CORRUPT);
    CHECK_INT(BODY("\1\1a\1\n\0\0" END), CLASSIFY_ERROR_CORRUPT);
    CHECK_INT(BODY("\x80\0\0\0" END), CLASSIFY_ERROR_CORRUPT); /* a needless byte in a number */
    /* The refinement: labels, languages, share, names; runs of count, kind, language, keys and weights; 0. */
    CHECK_INT(BODY(CELLS WORDS "\0\1\1\1\1x\2en\2\0\0\0\4\1\3\0"), CLASSIFY_OK);
    CHECK_INT(BODY(CELLS WORDS "\0\1\1\1\1x\2en\2\0\0\0\4\0\3\0"), CLASSIFY_ERROR_CORRUPT);       /* a word twice */
    CHECK_INT(BODY(CELLS WORDS "\0\1\1\1\1x\2en\1\0\0\2\4\0"), CLASSIFY_ERROR_CORRUPT);           /* no such word */
    CHECK_INT(BODY(CELLS WORDS "\0\1\1\1\1x\2en\1\0\1\0\4\0"), CLASSIFY_ERROR_CORRUPT);           /* no such language */
    CHECK_INT(BODY(CELLS WORDS "\0\1\1\1\1x\2en\1\3\0\0\4\0"), CLASSIFY_ERROR_CORRUPT);           /* no such kind */
    CHECK_INT(BODY(CELLS WORDS "\0\1\1\1\1x\2en\1\0\0\0\4\1\0\0\1\4\0"), CLASSIFY_ERROR_CORRUPT); /* a run twice */
    CHECK_INT(BODY(CELLS WORDS "\0\1\1\1\1x\2en\1\0\0\0\xFE\xFF\3\0"), CLASSIFY_OK);              /* 32767 */
    CHECK_INT(BODY(CELLS WORDS "\0\1\1\1\1x\2en\1\0\0\0\xFF\xFF\3\0"), CLASSIFY_ERROR_CORRUPT);
}

/* More cells than there may be, and more words in one. */
static void limits(void) {
    lines l = {0};
    line(&l, "%s", head);
    for (int i = 0; i <= 1 << 16; i++)
        line(&l, "cell\t%d\ts%06d\ten\tx\t1\t9\n", i, i);
    CHECK_INT(try_counts((uint8_t *)l.text, l.size, "cells", 0), CLASSIFY_ERROR_LIMIT);
    free(l.text);
    l = (lines){0};
    line(&l, "%scell\t0\t\ten\tx\t1\t%llu\n", head, most + 1);
    CHECK_INT(try_counts((uint8_t *)l.text, l.size, "words", 0), CLASSIFY_ERROR_LIMIT);
    free(l.text);
    /* A name of 1 KB in a line, keys out of order in binary: damage finds those. A refinement whose names stand twice: */
    l = (lines){0};
    line(&l, "%scell\t0\t\ten\tx\t1\t9\nrefined\t256\t2\tx\tx\ten\n", head);
    CHECK_INT(try_counts((uint8_t *)l.text, l.size, "labels twice", 0), CLASSIFY_ERROR_CORRUPT);
    free(l.text);
}

int main(void) {
    classify_counts *counts = damage_counts(NULL);
    size_t size, text_size;
    uint8_t *bytes = fixture_counts_bytes(counts, CLASSIFY_COUNTS_BINARY, &size);
    uint8_t *text = fixture_counts_bytes(counts, CLASSIFY_COUNTS_TSV, &text_size);
    CHECK_INT(try_counts(bytes, size, "undamaged", 0), CLASSIFY_OK);
    damage_cuts(bytes, size, false, use_counts);
    damage_bytes(bytes, size, 0, false, use_counts);
    CHECK_INT(opened, 1);
    damage_cuts(bytes, size, true, use_counts);
    damage_bytes(bytes, size, 32, true, use_counts);
    CHECK_INT(try_counts(text, text_size, "undamaged", 0), CLASSIFY_OK);
    damage_cuts(text, text_size, false, use_counts);
    damage_bytes(text, text_size, 0, false, use_counts);
    extremes();
    limits();
    strict();
    printf("%zu and %zu bytes; %zu damaged counts refused, %zu read, %zu compiled\n", size, text_size, refused, opened,
           compiled);
    free(bytes), free(text);
    classify_counts_free(counts);
    return check_result();
}
