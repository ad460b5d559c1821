/* model_check.c - from bytes to a model: every check of untrusted bytes. After it, scoring reads nothing unchecked.
   May include: model.h, error.h, stem.h, counts.h (valid names).
   Must not know: where the bytes come from; what the weights mean. */
#include "counts.h"
#include "model.h"
#include "stem.h"
#include "utf8.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static const char *const section_names[CL_SECTIONS] = {
    "metadata", "labels", "languages", "priors",        "calibration", "words",      "terms", "pairs",
    "parts",    "filter", "wide rows", "language rows", "part rows",   "term names", "stems", "pair names"};

static int32_t corrupt(const classify_model *m, cl_section s, uint64_t at, classify_error *error) {
    uint64_t offset = (uint64_t)(m->sections[s].data - m->data) + at;
    return cl_failf(error, CLASSIFY_ERROR_CORRUPT, offset, "damaged model: bad value in its %s", section_names[s]);
}

static int32_t check_header(classify_model *m, bool trusted, classify_error *error) {
    const uint8_t *p = m->data;
    if (m->size < 8 || memcmp(p, CL_MODEL_MAGIC, 8))
        return cl_fail(error, CLASSIFY_ERROR_FORMAT, 0, "not a model file (it does not begin with LCMODEL)");
    if (m->size < CL_MODEL_HEADER)
        return cl_fail(error, CLASSIFY_ERROR_CORRUPT, m->size, "model file cut short in its header");
    if (cl_le32(p + 8) != CL_MODEL_VERSION)
        return cl_failf(error, CLASSIFY_ERROR_VERSION, 8, "model file of version %u; this library reads version %d",
                        (unsigned)cl_le32(p + 8), CL_MODEL_VERSION);
    if (cl_le64(p + 16) != m->size)
        return cl_fail(error, CLASSIFY_ERROR_CORRUPT, 16, "model file cut short or with bytes added");
    m->checksum = cl_le64(p + 24);
    if (!trusted && m->checksum != cl_checksum(p + 32, m->size - 32))
        return cl_fail(error, CLASSIFY_ERROR_CORRUPT, 24, "the checksum of the model file does not match: it was damaged");
    m->analyzer_id = cl_le64(p + 32);
    m->documents = cl_le64(p + 40);
    uint32_t *const counts[] = {&m->labels, &m->languages, &m->covered,       &m->words,     &m->terms,        &m->pairs,
                                &m->parts,  &m->wide_rows, &m->language_rows, &m->part_rows, &m->language_bits};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        *counts[i] = cl_le32(p + 48 + 4 * i);
    if (cl_le32(p + 12) || cl_le32(p + 92))
        return cl_fail(error, CLASSIFY_ERROR_CORRUPT, cl_le32(p + 12) ? 12 : 92, "damaged model: a reserved field is not zero");
    if (!m->labels || m->labels > CL_LABELS_MAX || !m->covered || m->covered > m->languages ||
        m->languages > CL_LANGUAGES_MAX || m->terms > INT32_MAX || m->pairs > INT32_MAX || m->language_bits > 31)
        return cl_fail(error, CLASSIFY_ERROR_CORRUPT, 48, "damaged model: impossible numbers of labels, languages or features");
    for (int s = 0; s < CL_SECTIONS; s++) {
        uint64_t offset = cl_le64(p + CL_MODEL_TABLE + 16 * s), size = cl_le64(p + CL_MODEL_TABLE + 16 * s + 8);
        if (offset % 8 || offset < CL_MODEL_HEADER || offset > m->size || size > m->size - offset)
            return cl_failf(error, CLASSIFY_ERROR_CORRUPT, CL_MODEL_TABLE + 16 * (uint64_t)s,
                            "damaged model: its %s lie outside of the file", section_names[s]);
        m->sections[s] = (cl_span){p + offset, size};
    }
    return CLASSIFY_OK;
}

/* Sections of rows must have exactly the size that the header's numbers give them. */
static int32_t check_sizes(classify_model *m, classify_error *error) {
    m->columns = cl_row_columns(m->labels);
    m->row_stride = 2 * m->columns;
    m->wide_stride = m->row_stride * m->covered;
    m->language_stride = (m->languages + 15u) / 16 * 16;
    m->part_stride = 2u * m->languages;
    const struct {
        cl_section section;
        uint64_t size;
    } wanted[] = {{CL_PRIORS, 4ull * m->covered * m->labels},
                  {CL_CALIBRATION, 4ull * m->covered * CL_CALIBRATION_FIELDS},
                  {CL_WIDE_ROWS, (uint64_t)m->wide_stride * m->wide_rows},
                  {CL_LANGUAGE_ROWS, (uint64_t)m->language_stride * m->language_rows},
                  {CL_PART_ROWS, (uint64_t)m->part_stride * m->part_rows},
                  {CL_TERM_NAMES, 8ull * m->terms},
                  {CL_PAIR_NAMES, 8ull * m->pairs}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (m->sections[wanted[i].section].size != wanted[i].size)
            return cl_failf(error, CLASSIFY_ERROR_CORRUPT, CL_MODEL_TABLE + 16 * (uint64_t)wanted[i].section,
                            "damaged model: its %s have the wrong size", section_names[wanted[i].section]);
    uint64_t words = m->sections[CL_PAIR_FILTER].size / 8;
    if (m->sections[CL_PAIR_FILTER].size % 8 || !words || (words & (words - 1)))
        return corrupt(m, CL_PAIR_FILTER, 0, error);
    m->filter_mask = words - 1;
    return CLASSIFY_OK;
}

/* What a value of a table may be: two numbers, each below its limit. Below CL_WIDE they lie next to each other. */
typedef struct {
    uint32_t bits, high, low; /* of the lower number; limits */
    uint32_t wide_rows;       /* 0 where no value may be wide */
    bool homeless;            /* a wide one's higher number is not looked at */
} value_limits;

static value_limits limits_of(const classify_model *m, cl_section s) {
    switch (s) {
    case CL_WORDS: return (value_limits){m->language_bits, m->terms, m->language_rows, m->wide_rows, false};
    case CL_TERMS: return (value_limits){0, m->terms, 1, m->wide_rows, false};
    case CL_PAIRS: return (value_limits){0, m->pairs, 1, 0, false};
    default: return (value_limits){CL_PART_HOME, m->covered, m->part_rows, m->wide_rows, true};
    }
}

/* 1 where a value points to what there is not; of this all values are asked, so that it has no branches. */
static inline uint32_t value_bad(const value_limits *v, uint32_t value, uint32_t row) {
    const uint32_t wide = value >> 31, plain = value & ~CL_WIDE, below = (1u << v->bits) - 1;
    return ((plain >> v->bits >= v->high) & !(wide & v->homeless)) | ((plain & below) >= v->low) |
           (wide & (row >= v->wide_rows));
}

/* Of a bucket: empty slots last, and values that point to what there is; CL_SLOTS, or else the first slot that is bad. */
static inline size_t bucket_bad(const value_limits *v, const uint8_t *bucket, size_t row_stride, uint64_t *used) {
    uint32_t bad = 0, empty = 0, full = 0;
    for (size_t slot = 0; slot < CL_SLOTS; slot++) {
        const uint32_t value = cl_le32(bucket + 4 * (CL_SLOTS + slot));
        const uint32_t filled = value != CLASSIFY_NONE;
        bad |= (filled & (empty | value_bad(v, value, cl_le32(bucket + CL_BUCKET_HEAD + slot * row_stride)))) << slot;
        empty |= !filled;
        full += filled;
    }
    *used += full;
    size_t first = 0;
    while (first < CL_SLOTS && !(bad >> first & 1))
        first++;
    return bad ? first : CL_SLOTS;
}

/* A hash table: whole buckets, empty slots last in each, one at least so that every search ends; values that point to what
   there is. */
static int32_t check_table(classify_model *m, cl_section s, uint32_t count, cl_table *table, bool trusted,
                           classify_error *error) {
    const uint8_t *data = m->sections[s].data;
    const size_t row_stride = m->row_stride, stride = CL_BUCKET_HEAD + CL_SLOTS * row_stride;
    const value_limits limits = limits_of(m, s);
    uint64_t buckets = m->sections[s].size / stride, used = 0;
    if (m->sections[s].size % stride || buckets > UINT32_MAX || buckets * CL_SLOTS <= count)
        return corrupt(m, s, 0, error);
    *table = (cl_table){data, (uint32_t)buckets, (uint32_t)stride};
    if (trusted)
        return CLASSIFY_OK;
    for (uint64_t i = 0; i < buckets; i++) {
        size_t bad = bucket_bad(&limits, data + i * stride, row_stride, &used);
        if (bad < CL_SLOTS)
            return corrupt(m, s, i * stride + 4 * (CL_SLOTS + bad), error);
    }
    return used == count ? CLASSIFY_OK : corrupt(m, s, 0, error);
}

/* Strings end inside their section and are clean UTF-8; exactly `count` of them (any number for UINT32_MAX). */
static int32_t check_strings(classify_model *m, cl_section s, uint32_t count, const char **names, classify_error *error) {
    const char *start = (const char *)m->sections[s].data, *at = start, *end = start + m->sections[s].size;
    uint32_t found = 0;
    for (; at < end; found++) {
        const char *stop = memchr(at, 0, (size_t)(end - at));
        if (!stop || !cl_text_valid(at, (size_t)(stop - at)) || found == count)
            return corrupt(m, s, (uint64_t)(at - start), error);
        if (names)
            names[found] = at;
        at = stop + 1;
    }
    return count == UINT32_MAX || found == count ? CLASSIFY_OK : corrupt(m, s, 0, error);
}

/* How many bytes from a border of characters on, up to 16, are letters of most stems: ASCII without controls, NUL, and
   characters of two bytes from U+00C0 on; 0 where another is among them, or near the end. */
static inline size_t plain_bytes(const uint8_t *at, const uint8_t *end) {
#if defined(__SSE2__)
    if (end - at < 16)
        return 0;
    const __m128i x = _mm_loadu_si128((const void *)at), zero = _mm_setzero_si128();
    /* Signed: 0x80 to 0xBF are the least, below -64; 0xC3 to 0xDF are -61 to -33. */
    const __m128i more = _mm_cmplt_epi8(x, _mm_set1_epi8(-64));
    const __m128i lead = _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8(-62)), _mm_cmplt_epi8(x, _mm_set1_epi8(-32)));
    const __m128i ascii = _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8(0x1F)), _mm_cmplt_epi8(x, _mm_set1_epi8(0x7F)));
    const unsigned mores = (unsigned)_mm_movemask_epi8(more), leads = (unsigned)_mm_movemask_epi8(lead);
    const unsigned others = (unsigned)_mm_movemask_epi8(_mm_or_si128(ascii, _mm_cmpeq_epi8(x, zero)));
    if ((mores | leads | others) != 0xFFFF || mores != (leads << 1 & 0xFFFF))
        return 0;
    return 16 - (leads >> 15);
#else
    (void)end;
    return (uint8_t)(*at - ' ') < 0x7F - ' ' || !*at;
#endif
}

/* Stems: as check_strings, of all at once. An ASCII byte, NUL too, cannot be part of another character. */
static int32_t check_stems(classify_model *m, classify_error *error) {
    const uint8_t *start = m->sections[CL_TERM_TEXT].data, *at = start, *end = start + m->sections[CL_TERM_TEXT].size;
    while (at < end) {
        const size_t plain = plain_bytes(at, end);
        at += plain;
        if (plain || at == end)
            continue;
        const uint8_t *before = at;
        if ((uint8_t)(*at - ' ') < 0x7F - ' ' || !*at) {
            at++;
            continue;
        }
        uint32_t c = cl_utf8_next(&at, end);
        if (c < 0xA0 || c & CL_INVALID)
            return corrupt(m, CL_TERM_TEXT, (uint64_t)(before - start), error);
    }
    return start == end || !end[-1] ? CLASSIFY_OK : corrupt(m, CL_TERM_TEXT, (uint64_t)(end - start - 1), error);
}

/* Term texts: each offset is a string's start. */
static int32_t check_terms(classify_model *m, classify_error *error) {
    const uint8_t *text = m->sections[CL_TERM_TEXT].data, *names = m->sections[CL_TERM_NAMES].data;
    const uint64_t size = m->sections[CL_TERM_TEXT].size;
    for (uint32_t t = 0; t < m->terms; t++) {
        uint32_t offset = cl_le32(names + 8 * (size_t)t);
        if (offset >= size || (offset && text[offset - 1]) || !text[offset])
            return corrupt(m, CL_TERM_NAMES, 8ull * t, error);
    }
    return CLASSIFY_OK;
}

/* The terms of pairs, and the limits of language rows. */
static int32_t check_rest(classify_model *m, classify_error *error) {
    const uint8_t *pairs = m->sections[CL_PAIR_NAMES].data, *rows = m->sections[CL_LANGUAGE_ROWS].data;
    const uint32_t terms = m->terms;
    for (uint64_t i = 0; i < 2ull * m->pairs; i++)
        if (cl_le32(pairs + 4 * i) >= terms)
            return corrupt(m, CL_PAIR_NAMES, 4 * i, error);
    for (uint64_t i = 0; i < m->sections[CL_LANGUAGE_ROWS].size; i++)
        if ((uint8_t)(rows[i] + CL_LANGUAGE_MOST) > 2 * CL_LANGUAGE_MOST)
            return corrupt(m, CL_LANGUAGE_ROWS, i, error);
    return CLASSIFY_OK;
}

static int32_t check_content(classify_model *m, classify_error *error) {
    int32_t status;
    if ((status = check_stems(m, error)) || (status = check_terms(m, error)) || (status = check_rest(m, error)))
        return status;
    const uint8_t *calibration = m->sections[CL_CALIBRATION].data;
    for (uint32_t i = 0; i < m->covered * CL_CALIBRATION_FIELDS; i++)
        if (cl_le32(calibration + 4 * i) > 1u << 24)
            return corrupt(m, CL_CALIBRATION, 4ull * i, error);
    for (uint32_t i = 0; i < m->covered * m->labels; i++)
        if (cl_le32(m->sections[CL_PRIORS].data + 4 * i) + (1u << 24) > 2u << 24)
            return corrupt(m, CL_PRIORS, 4ull * i, error);
    return CLASSIFY_OK;
}

static int32_t check_all(classify_model *m, bool trusted, classify_error *error) {
    int32_t status;
    if ((status = check_header(m, trusted, error)) || (status = check_sizes(m, error)) ||
        (status = check_table(m, CL_WORDS, m->words, &m->word_table, trusted, error)) ||
        (status = check_table(m, CL_TERMS, m->terms, &m->term_table, trusted, error)) ||
        (status = check_table(m, CL_PAIRS, m->pairs, &m->pair_table, trusted, error)) ||
        (status = check_table(m, CL_PARTS, m->parts, &m->part_table, trusted, error)) ||
        (!trusted && (status = check_content(m, error))))
        return status;
    m->names = cl_calloc(&m->allocator, (size_t)m->labels + m->languages, sizeof *m->names);
    if (!m->names)
        return cl_nomem(error);
    if ((status = check_strings(m, CL_LABELS, m->labels, m->names, error)) ||
        (status = check_strings(m, CL_LANGUAGES, m->languages, m->names + m->labels, error)))
        return status;
    uint32_t meta = 0; /* pairs of strings */
    for (uint64_t i = 0; i < m->sections[CL_META].size; i++)
        meta += !m->sections[CL_META].data[i];
    if (meta % 2 || (status = check_strings(m, CL_META, meta, NULL, error)))
        return meta % 2 ? corrupt(m, CL_META, 0, error) : status;
    for (uint32_t l = 0; l < m->covered; l++)
        m->stemmers[l] = (int8_t)cl_stem_language(m->names[m->labels + l]);
    return CLASSIFY_OK;
}

int32_t cl_model_view(classify_model **out, const uint8_t *data, size_t size, bool trusted, const classify_allocator *a,
                      classify_error *error) {
    *out = NULL;
    classify_model *m = cl_calloc(a, 1, sizeof *m);
    if (!m)
        return cl_nomem(error);
    m->allocator = *a;
    m->data = data;
    m->size = size;
    atomic_init(&m->references, 1);
    int32_t status = check_all(m, trusted, error);
    if (status)
        classify_model_free(m);
    else
        *out = m;
    return status;
}
