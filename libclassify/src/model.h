/* model.h - a model in memory: pointers into the bytes of its file, and the look-ups. Immutable. FORMAT.md, "Model". */
#ifndef CL_MODEL_H
#define CL_MODEL_H

#include "bytes.h"
#include "rows.h"

#include <stdatomic.h>

#define CL_MODEL_MAGIC "LCMODEL\n"
enum {
    CL_MODEL_VERSION = 1,
    CL_WEIGHT_SCALE = 256, /* integer weights are in 1/256 nats */
    CL_LABELS_MAX = 1024,
    CL_LANGUAGES_MAX = 64,
    CL_PART_MIN = 2, /* lengths of pieces of words, the marks ^ and $ of its borders counted */
    CL_PART_MAX = 5,
};

/* Sections, in the order of the file. */
typedef enum {
    CL_META,          /* key NUL value NUL ... */
    CL_LABELS,        /* name NUL ... */
    CL_LANGUAGES,     /* code NUL ..., the covered ones first */
    CL_PRIORS,        /* i32 [covered][labels] */
    CL_CALIBRATION,   /* u32 [covered][CL_CALIBRATION_FIELDS] */
    CL_WORD_SLOTS,    /* hash of a surface form to its word */
    CL_WORDS,         /* u32 term, row, language row */
    CL_TERM_SLOTS,    /* hash of a stem to its term */
    CL_TERMS,         /* u32 offset of its text, row, mask of the covered languages that have it */
    CL_TERM_TEXT,     /* stem NUL ... */
    CL_WIDE_ROWS,     /* i16 [covered][labels + 1]; the last of each is the spread of the others */
    CL_NARROW_ROWS,   /* i16 [labels + 1], for any language: what one language alone has */
    CL_LANGUAGE_ROWS, /* i16 [languages] */
    CL_PAIR_SLOTS,    /* hash of two terms to their pair */
    CL_PAIRS,         /* u32 first term, second term */
    CL_PAIR_ROWS,     /* i16 [labels + 1], for any language */
    CL_PART_SLOTS,    /* hash of a piece of a word to its part */
    CL_PART_ROWS,     /* i16 [covered * (labels + 1)] (spreads unused) + [languages] */
    CL_SECTIONS
} cl_section;

typedef struct {
    const uint8_t *data;
    uint64_t size;
} cl_span;

/* Header: 96 bytes, then (offset, size) of each section, u64. */
enum { CL_MODEL_TABLE = 96, CL_MODEL_HEADER = CL_MODEL_TABLE + 16 * CL_SECTIONS };

typedef struct {
    const uint8_t *slots; /* u32 high half of the hash, u32 index; CLASSIFY_NONE is empty */
    uint32_t mask;
} cl_table;

/* What a covered language's probabilities, and when it abstains, depend on. */
typedef enum {
    CL_SLOPE,           /* of the probability, in 1/65536 */
    CL_POWER,           /* of the evidence that it is divided by, in 1/65536 */
    CL_MIN_EVIDENCE,    /* in 1/CL_WEIGHT_SCALE nats */
    CL_MIN_PROBABILITY, /* in 1/65536 */
    CL_GUARDED,         /* number of a label that needs more, plus one; 0: none */
    CL_GUARD,           /* its least probability, in 1/65536 */
    CL_CALIBRATION_FIELDS = 8
} cl_calibration;

static inline uint32_t cl_calibrated(const uint8_t *section, uint32_t language, cl_calibration field) {
    return cl_le32(section + ((size_t)language * CL_CALIBRATION_FIELDS + field) * 4);
}

struct classify_model {
    classify_allocator allocator;
    atomic_size_t references;
    void *owned; /* memory to release, or NULL */
    size_t owned_size;
    bool mapped; /* `owned` is a map of a file */
    const uint8_t *data;
    size_t size;
    uint64_t analyzer_id, checksum, documents;
    uint32_t labels, languages, covered, words, terms, pairs, parts, wide_rows, narrow_rows, language_rows;
    cl_span sections[CL_SECTIONS];
    cl_table word_table, term_table, pair_table, part_table;
    size_t wide_stride, narrow_stride, language_stride, part_stride; /* bytes of a row */
    const char **names; /* labels, then languages, then the stemmer language of each covered one is in `stemmers` */
    int8_t stemmers[CL_LANGUAGES_MAX]; /* cl_stem_language of each covered language, or -1 */
};

static inline uint32_t cl_table_find(const cl_table *t, uint64_t hash) {
    uint32_t high = (uint32_t)(hash >> 32);
    for (uint32_t at = (uint32_t)hash & t->mask;; at = (at + 1) & t->mask) {
        const uint8_t *slot = t->slots + (size_t)at * 8;
        uint32_t index = cl_le32(slot + 4);
        if (index == CLASSIFY_NONE || cl_le32(slot) == high)
            return index;
    }
}

/* Asks for the slot that a search for this hash begins with. */
static inline void cl_table_prefetch(const cl_table *t, uint64_t hash) {
    CL_PREFETCH(t->slots + (size_t)((uint32_t)hash & t->mask) * 8);
}

/* Fields of word w, term t, pair p: offsets in u32. */
static inline uint32_t cl_model_field(const classify_model *m, cl_section section, uint32_t width, uint32_t i, uint32_t field) {
    return cl_le32(m->sections[section].data + ((size_t)i * width + field) * 4);
}
static inline uint32_t cl_word_term(const classify_model *m, uint32_t w) { return cl_model_field(m, CL_WORDS, 3, w, 0); }
#define CL_NARROW 0x80000000u /* in the number of a word's or a term's row: it is a narrow one */
static inline const uint8_t *cl_label_row(const classify_model *m, uint32_t row) {
    /* About as many words have narrow rows as wide ones: chosen by arithmetic, since no branch could be foreseen. */
    size_t narrow = row >> 31, wide = narrow - 1;
    const uint8_t *rows = m->sections[CL_WIDE_ROWS + narrow].data;
    return rows + (row & ~CL_NARROW) * ((m->wide_stride & wide) | (m->narrow_stride & ~wide));
}
static inline const uint8_t *cl_language_row(const classify_model *m, uint32_t row) {
    return m->sections[CL_LANGUAGE_ROWS].data + row * m->language_stride;
}
static inline const uint8_t *cl_pair_row(const classify_model *m, uint32_t pair) {
    return m->sections[CL_PAIR_ROWS].data + pair * m->narrow_stride;
}
static inline const char *cl_term_text(const classify_model *m, uint32_t term) {
    return (const char *)m->sections[CL_TERM_TEXT].data + cl_model_field(m, CL_TERMS, 3, term, 0);
}

/* The term with this stem, or CLASSIFY_NONE. */
uint32_t cl_model_term(const classify_model *m, const char *stem, size_t size);

/* Checks every byte that scoring may read, and makes a model of them; the bytes stay where they are. `trusted`: the bytes were
   made by this build (only the header is looked at). Takes over `owned` on success only. */
int32_t cl_model_view(classify_model **out, const uint8_t *data, size_t size, bool trusted, const classify_allocator *a,
                      classify_error *error);
void cl_model_retain(const classify_model *model);

#endif
