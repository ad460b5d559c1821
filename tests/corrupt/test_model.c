/* test_model.c - damaged model files: each ends in a status with an offset inside the file, or in a model that scores cleanly;
   and nothing is allocated that the file does not justify. */
#include "damage.h"

static tally memory;
static size_t opened, refused;

static int32_t try_model(const uint8_t *bytes, size_t size, const char *what, size_t at) {
    const classify_allocator allocator = allocator_of(&memory);
    const classify_read_options options = {
        .struct_size = sizeof options, .allocator = &allocator, .flags = CLASSIFY_READ_ANY_ANALYZER};
    classify_model *model = NULL;
    classify_error error = {0};
    memory = (tally){0};
    int32_t status = classify_model_read(&model, bytes, size, &options, &error);
    if (memory.peak > size + 32768)
        CHECK_FAIL("%s at %zu: %zu bytes for a model of %zu", what, at, memory.peak, size);
    if (status) {
        refused++;
        if (model || error.offset > size || error.code != status || status < CLASSIFY_ERROR_FORMAT ||
            status > CLASSIFY_ERROR_CORRUPT)
            CHECK_FAIL("%s at %zu: %s at %llu", what, at, classify_status_name(status), (unsigned long long)error.offset);
    } else {
        opened++;
        damage_score(model, opened % 16 == 0, what, at);
        classify_model_free(model);
    }
    if (memory.blocks)
        CHECK_FAIL("%s at %zu: %zu blocks leak", what, at, memory.blocks);
    return status;
}

static void use_model(const uint8_t *bytes, size_t size, const char *what, size_t at) { try_model(bytes, size, what, at); }

/* ---- Whole sections put in the place of others ---- */

enum {
    META,
    LABELS,
    LANGUAGES,
    PRIORS,
    CALIBRATION,
    WORDS,
    TERMS,
    PAIRS,
    PARTS,
    PAIR_FILTER,
    WIDE_ROWS,
    LANGUAGE_ROWS,
    PART_ROWS,
    TERM_NAMES,
    TERM_TEXT,
    PAIR_NAMES,
    SECTIONS,
    HEADER = 96 + 16 * SECTIONS
};
enum {
    AT_LABELS = 48,
    AT_LANGUAGES = 52,
    AT_COVERED = 56,
    AT_WORDS = 60,
    AT_WIDE_ROWS = 76,
    AT_LANGUAGE_ROWS = 80,
    AT_PART_ROWS = 84
};

/* Tables: buckets of four tags, four values and four rows of four labels. */
enum { BUCKET = 64, VALUES = 16 };

typedef struct {
    uint8_t head[HEADER];
    uint8_t *data[SECTIONS];
    size_t size[SECTIONS];
} parts;

static parts take_apart(const uint8_t *bytes) {
    parts p;
    memcpy(p.head, bytes, HEADER);
    for (int s = 0; s < SECTIONS; s++) {
        p.size[s] = fixture_get(bytes + 104 + 16 * s, 8);
        p.data[s] = damage_copy(bytes + fixture_get(bytes + 96 + 16 * s, 8), p.size[s]);
    }
    return p;
}

static void replace(parts *p, int section, const void *data, size_t size) {
    uint8_t *made = calloc(size + 1, 1); /* zeros where there is no data */
    CHECK_NEED(made);
    if (data) /* it may be of the section itself */
        memcpy(made, data, size);
    free(p->data[section]);
    p->data[section] = made;
    p->size[section] = size;
}

static int32_t put_together(parts *p, const char *what) {
    size_t size = HEADER;
    for (int s = 0; s < SECTIONS; s++)
        size += (p->size[s] + 7) / 8 * 8;
    uint8_t *bytes = calloc(size, 1);
    CHECK_NEED(bytes);
    memcpy(bytes, p->head, HEADER);
    size_t at = HEADER;
    for (int s = 0; s < SECTIONS; s++) {
        fixture_put(bytes + 96 + 16 * s, 8, at);
        fixture_put(bytes + 104 + 16 * s, 8, p->size[s]);
        memcpy(bytes + at, p->data[s], p->size[s]);
        at += (p->size[s] + 7) / 8 * 8;
        free(p->data[s]);
    }
    fixture_seal(bytes, size);
    int32_t status = try_model(bytes, size, what, 0);
    free(bytes);
    return status;
}

/* As many covered languages as there can be, those with a stemmer last; rows of zeros. */
static void many_languages(const uint8_t *bytes) {
    parts p = take_apart(bytes);
    char names[64 * 4] = "";
    size_t size = 0, labels = fixture_get(bytes + AT_LABELS, 4), wide = fixture_get(bytes + AT_WIDE_ROWS, 4);
    for (int i = 0; i < 60; i++)
        size += (size_t)snprintf(names + size, 4, "x%02d", i) + 1;
    memcpy(names + size, "en\0uk\0ru\0pl", 12);
    replace(&p, LANGUAGES, names, size + 12);
    fixture_put(p.head + AT_LANGUAGES, 4, 64);
    fixture_put(p.head + AT_COVERED, 4, 64);
    replace(&p, PRIORS, NULL, 4 * 64 * labels);
    replace(&p, CALIBRATION, NULL, 4 * 64 * 8);
    CHECK_NEED(labels <= 4);
    replace(&p, WIDE_ROWS, NULL, 8 * 64 * wide);
    replace(&p, LANGUAGE_ROWS, NULL, 64 * fixture_get(bytes + AT_LANGUAGE_ROWS, 4));
    replace(&p, PART_ROWS, NULL, 2 * 64 * fixture_get(bytes + AT_PART_ROWS, 4));
    CHECK_INT(put_together(&p, "many languages"), CLASSIFY_OK);
}

/* The values of the first bucket of a table with so many full slots. */
static uint8_t *values_of(parts *p, int table, size_t slots) {
    size_t at = VALUES;
    while (at < p->size[table] && fixture_get(p->data[table] + at + 4 * (slots - 1), 4) == 0xFFFFFFFF)
        at += BUCKET;
    CHECK_NEED(at < p->size[table]);
    return p->data[table] + at;
}

static void tables(const uint8_t *bytes) {
    parts p = take_apart(bytes);
    for (size_t i = 0; i < p.size[WORDS]; i += BUCKET)
        for (size_t slot = 0; slot < 4; slot++)
            fixture_put(p.data[WORDS] + i + VALUES + 4 * slot, 4, 0); /* no empty slot: a search would not end */
    CHECK_INT(put_together(&p, "full table"), CLASSIFY_ERROR_CORRUPT);
    p = take_apart(bytes);
    replace(&p, WORDS, p.data[WORDS] + 8, p.size[WORDS] - 8);
    CHECK_INT(put_together(&p, "half a bucket"), CLASSIFY_ERROR_CORRUPT);
    p = take_apart(bytes);
    replace(&p, PARTS, NULL, 0);
    CHECK_INT(put_together(&p, "no table"), CLASSIFY_ERROR_CORRUPT);
    p = take_apart(bytes);
    replace(&p, PAIR_FILTER, NULL, 0);
    CHECK_INT(put_together(&p, "no filter"), CLASSIFY_ERROR_CORRUPT);
    p = take_apart(bytes);
    replace(&p, PAIR_FILTER, NULL, 24);
    CHECK_INT(put_together(&p, "a filter of three words"), CLASSIFY_ERROR_CORRUPT);
    p = take_apart(bytes);
    replace(&p, PAIR_FILTER, NULL, 64); /* no pair gets through: another model, but a sound one */
    CHECK_INT(put_together(&p, "an empty filter"), CLASSIFY_OK);
    p = take_apart(bytes);
    uint8_t *values = values_of(&p, WORDS, 2);
    fixture_put(values, 4, 0xFFFFFFFF); /* an empty slot in front of a full one */
    CHECK_INT(put_together(&p, "a gap in a bucket"), CLASSIFY_ERROR_CORRUPT);
    for (int table = WORDS; table <= PARTS; table++) { /* values beyond what there is */
        p = take_apart(bytes);
        fixture_put(values_of(&p, table, 1), 4, 0x7FFFFFFF);
        CHECK_INT(put_together(&p, "a value too large"), CLASSIFY_ERROR_CORRUPT);
        p = take_apart(bytes);
        values = values_of(&p, table, 1);
        fixture_put(values, 4, fixture_get(values, 4) | 0x80000000); /* wide, with a row that there is not */
        fixture_put(values + 16, 4, fixture_get(p.head + AT_WIDE_ROWS, 4));
        CHECK_INT(put_together(&p, "a wide row too many"), CLASSIFY_ERROR_CORRUPT);
    }
    p = take_apart(bytes);
    p.data[LANGUAGE_ROWS][0] = 32; /* four of it would not fit a byte */
    CHECK_INT(put_together(&p, "a language too sure"), CLASSIFY_ERROR_CORRUPT);
    p = take_apart(bytes);
    p.data[LANGUAGE_ROWS][0] = (uint8_t)-31;
    CHECK_INT(put_together(&p, "a language just sure enough"), CLASSIFY_OK);
}

static void names(const uint8_t *bytes) {
    parts p = take_apart(bytes);
    replace(&p, LABELS, "threatnews", 10); /* no end */
    CHECK_INT(put_together(&p, "names without end"), CLASSIFY_ERROR_CORRUPT);
    p = take_apart(bytes);
    replace(&p, LABELS, "a\0b\0c", 6);
    CHECK_INT(put_together(&p, "a name too many"), CLASSIFY_ERROR_CORRUPT);
    p = take_apart(bytes);
    replace(&p, META, "key", 4);
    CHECK_INT(put_together(&p, "a key without value"), CLASSIFY_ERROR_CORRUPT);
    p = take_apart(bytes);
    replace(&p, META, NULL, 0);
    CHECK_INT(put_together(&p, "no metadata"), CLASSIFY_OK);
    p = take_apart(bytes);
    fixture_put(p.data[TERM_NAMES], 4, fixture_get(p.data[TERM_NAMES], 4) + 1); /* a stem that begins inside of another */
    CHECK_INT(put_together(&p, "half a stem"), CLASSIFY_ERROR_CORRUPT);
    p = take_apart(bytes);
    fixture_put(p.data[TERM_NAMES], 4, p.size[TERM_TEXT]);
    CHECK_INT(put_together(&p, "a stem beyond the end"), CLASSIFY_ERROR_CORRUPT);
    p = take_apart(bytes);
    char *stem = calloc(1, 70000); /* a stem of 65,536 letters */
    CHECK_NEED(stem);
    memcpy(stem, p.data[TERM_TEXT], p.size[TERM_TEXT]);
    memset(stem + p.size[TERM_TEXT], 's', 65536);
    size_t offset = p.size[TERM_TEXT];
    replace(&p, TERM_TEXT, stem, offset + 65537);
    fixture_put(p.data[TERM_NAMES], 4, offset);
    free(stem);
    CHECK_INT(put_together(&p, "a long stem"), CLASSIFY_OK);
}

/* Every section lies where another one lies. */
static void overlaps(const uint8_t *bytes, size_t size) {
    uint8_t *copy = damage_copy(bytes, size);
    for (size_t s = 0; s < SECTIONS; s++)
        for (size_t other = 0; other < SECTIONS; other++) {
            memcpy(copy + 96 + 16 * s, bytes + 96 + 16 * other, 8); /* the place, with its own size */
            damage_give(copy, size, true, use_model, "overlap", s * 100 + other);
            memcpy(copy + 96 + 16 * s, bytes + 96 + 16 * other, 16);
            damage_give(copy, size, true, use_model, "twin", s * 100 + other);
            memcpy(copy + 96 + 16 * s, bytes + 96 + 16 * s, 16);
        }
    free(copy);
}

static void random_damage(const uint8_t *bytes, size_t size, size_t times) {
    uint8_t *copy = damage_copy(bytes, size);
    for (size_t i = 0; i < times; i++) {
        memcpy(copy, bytes, size);
        for (uint32_t n = 1 + check_below(6); n; n--) {
            size_t at = 32 + check_below((uint32_t)size - 32);
            copy[at] = (uint8_t)(check_below(2) ? check_random() : check_below(2) ? 0 : 0xFF);
        }
        damage_give(copy, size, true, use_model, "random", i);
    }
    free(copy);
}

int main(void) {
    classify_counts *counts = damage_counts(NULL);
    classify_compile_options how = {.struct_size = sizeof how, .smoothing = 10, .max_pairs = 6, .max_parts = 4};
    classify_model *model = NULL;
    size_t size;
    CHECK_NEED(!classify_counts_compile(counts, &how, &model, NULL));
    uint8_t *bytes = fixture_bytes(model, &size);
    CHECK_INT(try_model(bytes, size, "undamaged", 0), CLASSIFY_OK);
    damage_cuts(bytes, size, false, use_model);
    CHECK_INT(opened, 1);
    damage_cuts(bytes, size, true, use_model);
    damage_bytes(bytes, size, 0, false, use_model);
    CHECK_INT(opened, 1); /* any change is found by the checksum, as accidents are */
    damage_bytes(bytes, size, 32, true, use_model);
    damage_numbers(bytes, size, HEADER, 2, use_model);
    damage_numbers(bytes, size, 48, 4, use_model);
    damage_numbers(bytes, size, 32, 8, use_model);
    many_languages(bytes);
    names(bytes);
    overlaps(bytes, size);
    random_damage(bytes, size, 20000);
    free(bytes);
    classify_model_free(model);
    model = fixture_model(NULL); /* larger: it has parts */
    bytes = fixture_bytes(model, &size);
    CHECK_INT(try_model(bytes, size, "undamaged", 0), CLASSIFY_OK);
    tables(bytes);
    random_damage(bytes, size, 2000);
    printf("%zu bytes; %zu damaged models refused, %zu opened and scored\n", size, refused, opened);
    free(bytes);
    classify_model_free(model);
    classify_counts_free(counts);
    return check_result();
}
