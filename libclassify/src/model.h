/* model.h - a model in memory: pointers into the bytes of its file, and the look-ups. Immutable. FORMAT.md, "Model". */
#ifndef CL_MODEL_H
#define CL_MODEL_H

#include "bytes.h"
#include "file.h"
#include "rows.h"

#include <stdatomic.h>

#define CL_MODEL_MAGIC "LCMODEL\n"
enum {
    CL_MODEL_VERSION = 2,
    CL_WEIGHT_SCALE = 256, /* integer weights are in 1/256 nats */
    CL_LABELS_MAX = 1024,
    CL_LANGUAGES_MAX = 64,
    CL_PART_MIN = 2, /* lengths of pieces of words, the marks ^ and $ of its borders counted */
    CL_PART_MAX = 5,
};

/* Sections, in the order of the file. A row is the weights of the labels, i16, filled up to a multiple of four. */
typedef enum {
    CL_META,          /* key NUL value NUL ... */
    CL_LABELS,        /* name NUL ... */
    CL_LANGUAGES,     /* code NUL ..., the covered ones first */
    CL_PRIORS,        /* i32 [covered][labels] */
    CL_CALIBRATION,   /* u32 [covered][CL_CALIBRATION_FIELDS] */
    CL_WORDS,         /* table: hash of a surface form to term and language row */
    CL_TERMS,         /* table: hash of a stem to its term */
    CL_PAIRS,         /* table: hash of two terms to their pair */
    CL_PARTS,         /* table: hash of a piece of a word to its language and part language row */
    CL_PAIR_FILTER,   /* u64: which pairs can be in the table */
    CL_WIDE_ROWS,     /* rows [covered]: of what several languages have */
    CL_LANGUAGE_ROWS, /* i8 [languages filled up to a multiple of 16], in CL_LANGUAGE_STEP */
    CL_PART_ROWS,     /* i16 [languages]: the language rows of parts */
    CL_TERM_NAMES,    /* u32 offset of the stem's text, mask of the covered languages that have it */
    CL_TERM_TEXT,     /* stem NUL ... */
    CL_PAIR_NAMES,    /* u32 first term, second term */
    CL_SECTIONS
} cl_section;

typedef struct {
    const uint8_t *data;
    uint64_t size;
} cl_span;

/* Header: 96 bytes, then (offset, size) of each section, u64. */
enum { CL_MODEL_TABLE = 96, CL_MODEL_HEADER = CL_MODEL_TABLE + 16 * CL_SECTIONS };

/* ---- Tables ----

   A table is buckets of four slots, each bucket of a model with up to four labels a line of cache: u32 tags[4], u32 values[4],
   rows [4]. A search begins at the hash's bucket and goes on to the next one while there is no room left in a bucket. */

enum { CL_SLOTS = 4, CL_BUCKET_HEAD = 8 * CL_SLOTS };

typedef struct {
    const uint8_t *buckets;
    uint32_t count;  /* of buckets */
    uint32_t stride; /* bytes of one */
} cl_table;

/* Values. A wide slot has in place of its row the u32 number of a wide one. */
#define CL_WIDE       0x80000000u /* in the value of a word, term or part */
#define CL_PART_HOME  25          /* of a part: its language from this bit on, its part language row below */
#define CL_PART_LIMIT ((1u << CL_PART_HOME) - 1)
enum {
    CL_LANGUAGE_STEP = 64, /* of language rows, in weights */
    CL_LANGUAGE_MOST = 31, /* their limits, so that the sum of four is one of bytes */
};

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
    cl_bytes bytes;      /* to release with the model */
    const uint8_t *data; /* the same bytes */
    size_t size;
    uint64_t analyzer_id, checksum, documents;
    uint32_t labels, languages, covered, words, terms, pairs, parts, wide_rows, language_rows, part_rows;
    uint32_t language_bits; /* of a word's value: the language row; above it the term */
    cl_span sections[CL_SECTIONS];
    cl_table word_table, term_table, pair_table, part_table;
    uint64_t filter_mask;                                         /* of the numbers of words of CL_PAIR_FILTER */
    size_t columns;                                               /* of a row */
    size_t row_stride, wide_stride, language_stride, part_stride; /* bytes of a row */
    const char **names; /* labels, then languages, then the stemmer language of each covered one is in `stemmers` */
    int8_t stemmers[CL_LANGUAGES_MAX]; /* cl_stem_language of each covered language, or -1 */
};

/* The bucket that a search for this hash begins with: where the lower half of it stands among all such. */
static inline const uint8_t *cl_table_bucket(const cl_table *t, uint64_t hash) {
    return t->buckets + (size_t)((uint64_t)(uint32_t)hash * t->count >> 32) * t->stride;
}

static inline void cl_table_prefetch(const cl_table *t, uint64_t hash) { CL_PREFETCH(cl_table_bucket(t, hash)); }

/* The slot of a bucket with this tag, the first empty one where that comes before; CL_SLOTS for neither. Empty slots come last,
   have all bits of tag and value set, and cannot come before a true one. */
static inline unsigned cl_bucket_find(const uint8_t *bucket, uint32_t tag) {
#if defined(__SSE2__)
    __m128i tags = _mm_loadu_si128((const void *)bucket), values = _mm_loadu_si128((const void *)(bucket + 16));
    __m128i same = _mm_cmpeq_epi32(tags, _mm_set1_epi32((int)tag)), empty = _mm_cmpeq_epi32(values, _mm_set1_epi32(-1));
    unsigned found = (unsigned)_mm_movemask_ps(_mm_castsi128_ps(_mm_or_si128(same, empty)));
    return (unsigned)__builtin_ctz(found | 1u << CL_SLOTS);
#else
    unsigned i = 0;
    while (i < CL_SLOTS && cl_le32(bucket + 4 * i) != tag && cl_le32(bucket + 16 + 4 * i) != CLASSIFY_NONE)
        i++;
    return i;
#endif
}

/* The value of a hash, and in *row its row; CLASSIFY_NONE where the table does not have it. */
static inline uint32_t cl_table_find(const cl_table *t, uint64_t hash, const uint8_t **row) {
    const uint8_t *bucket = cl_table_bucket(t, hash), *end = t->buckets + (size_t)t->count * t->stride;
    unsigned slot;
    while ((slot = cl_bucket_find(bucket, (uint32_t)(hash >> 32))) == CL_SLOTS)
        bucket = bucket + t->stride == end ? t->buckets : bucket + t->stride;
    *row = bucket + CL_BUCKET_HEAD + slot * ((t->stride - CL_BUCKET_HEAD) / CL_SLOTS);
    return cl_le32(bucket + 4 * CL_SLOTS + 4 * slot);
}

/* Can a pair be in the table? Most that are not are told so here, from memory that is near: two bits of one word (Bloom 1970;
   Putze, Sanders and Singler 2007). */
static inline bool cl_pair_possible(const classify_model *m, uint64_t hash) {
    uint64_t word = cl_le64(m->sections[CL_PAIR_FILTER].data + 8 * (hash & m->filter_mask));
    return word >> (hash >> 32 & 63) & word >> (hash >> 38 & 63) & 1;
}

static inline void cl_pair_prefetch(const classify_model *m, uint64_t hash) {
    CL_PREFETCH(m->sections[CL_PAIR_FILTER].data + 8 * (hash & m->filter_mask));
}

/* As cl_table_find, of a pair. */
static inline uint32_t cl_pair_find(const classify_model *m, uint64_t hash, const uint8_t **row) {
    return cl_pair_possible(m, hash) ? cl_table_find(&m->pair_table, hash, row) : CLASSIFY_NONE;
}

/* Fields of records of u32. */
static inline uint32_t cl_model_field(const classify_model *m, cl_section section, uint32_t width, uint32_t i, uint32_t field) {
    return cl_le32(m->sections[section].data + ((size_t)i * width + field) * 4);
}
static inline uint32_t cl_word_term(const classify_model *m, uint32_t value) { return (value & ~CL_WIDE) >> m->language_bits; }
static inline const uint8_t *cl_word_languages(const classify_model *m, uint32_t value) {
    return m->sections[CL_LANGUAGE_ROWS].data + (value & ((1u << m->language_bits) - 1)) * m->language_stride;
}
/* The weights of a word, term or part: [covered][columns] where the value is wide, else [columns]. About as many words are wide
   as are not: chosen by arithmetic, since no branch could be foreseen. */
static inline const uint8_t *cl_label_row(const classify_model *m, uint32_t value, const uint8_t *row) {
    uintptr_t wide = (uintptr_t)m->sections[CL_WIDE_ROWS].data + (uintptr_t)cl_le32(row) * m->wide_stride;
    uintptr_t mask = (uintptr_t)0 - (value >> 31);
    return (const uint8_t *)((wide & mask) | ((uintptr_t)row & ~mask));
}
static inline const char *cl_term_text(const classify_model *m, uint32_t term) {
    return (const char *)m->sections[CL_TERM_TEXT].data + cl_model_field(m, CL_TERM_NAMES, 2, term, 0);
}
/* Was a term counted in a covered language? More than 32 of them keep no record; then: yes. */
static inline bool cl_term_has(const classify_model *m, uint32_t term, uint32_t language) {
    return m->covered > 32 || (cl_model_field(m, CL_TERM_NAMES, 2, term, 1) >> language & 1);
}

/* The term with this stem, or CLASSIFY_NONE. */
uint32_t cl_model_term(const classify_model *m, const char *stem, size_t size);

/* Checks every byte that scoring may read, and makes a model of them; the bytes stay where they are. `trusted`: the bytes were
   made by this build (only the header is looked at). Takes over `owned` on success only. */
int32_t cl_model_view(classify_model **out, const uint8_t *data, size_t size, bool trusted, const classify_allocator *a,
                      classify_error *error);
void cl_model_retain(const classify_model *model);

#endif
