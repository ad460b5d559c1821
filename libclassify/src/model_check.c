/* model_check.c - from bytes to a model: every check of untrusted bytes. After it, scoring reads nothing unchecked.
   May include: model.h, error.h, stem.h, counts.h (valid names).
   Must not know: where the bytes come from; what the weights mean. */
#include "counts.h"
#include "model.h"
#include "stem.h"

static const char *const section_names[CL_SECTIONS] = {
    "metadata",      "labels",     "languages", "priors",    "calibration", "word slots",
    "words",         "term slots", "terms",     "stems",     "wide rows",   "narrow rows",
    "language rows", "pair slots", "pairs",     "pair rows", "part slots",  "part rows"};

static int32_t corrupt(const classify_model *m, cl_section s, uint64_t at, classify_error *error) {
    uint64_t offset = (uint64_t)(m->sections[s].data - m->data) + at;
    return cl_failf(error, CLASSIFY_ERROR_CORRUPT, offset, "damaged model: bad value in its %s", section_names[s]);
}

/* Limits of fields: any value, or the number of a row. */
#define ANY  UINT64_MAX
#define ROWS (UINT64_MAX - 1)

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
    uint32_t *const counts[] = {&m->labels, &m->languages, &m->covered,   &m->words,       &m->terms,
                                &m->pairs,  &m->parts,     &m->wide_rows, &m->narrow_rows, &m->language_rows};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        *counts[i] = cl_le32(p + 48 + 4 * i);
    if (cl_le32(p + 12) || cl_le64(p + 88))
        return cl_fail(error, CLASSIFY_ERROR_CORRUPT, cl_le32(p + 12) ? 12 : 88, "damaged model: a reserved field is not zero");
    if (!m->labels || m->labels > CL_LABELS_MAX || !m->covered || m->covered > m->languages ||
        m->languages > CL_LANGUAGES_MAX || m->terms > INT32_MAX || m->pairs > INT32_MAX)
        return cl_fail(error, CLASSIFY_ERROR_CORRUPT, 48, "damaged model: impossible numbers of labels, languages or features");
    for (int s = 0; s < CL_SECTIONS; s++) {
        uint64_t offset = cl_le64(p + CL_MODEL_TABLE + 16 * s), size = cl_le64(p + CL_MODEL_TABLE + 16 * s + 8);
        if (offset % 8 || offset < CL_MODEL_HEADER || offset > m->size || size > m->size - offset)
            return cl_failf(error, CLASSIFY_ERROR_CORRUPT, (uint64_t)(CL_MODEL_TABLE + 16 * s),
                            "damaged model: its %s lie outside of the file", section_names[s]);
        m->sections[s] = (cl_span){p + offset, size};
    }
    return CLASSIFY_OK;
}

/* Sections of rows must have exactly the size that the header's numbers give them. */
static int32_t check_sizes(classify_model *m, classify_error *error) {
    m->wide_stride = 2u * m->covered * (m->labels + 1u);
    m->narrow_stride = 2u * (m->labels + 1u);
    m->language_stride = 2u * m->languages;
    m->part_stride = m->wide_stride + m->language_stride;
    const struct {
        cl_section section;
        uint64_t size;
    } wanted[] = {{CL_PRIORS, 4ull * m->covered * m->labels},
                  {CL_CALIBRATION, 4ull * m->covered * CL_CALIBRATION_FIELDS},
                  {CL_WORDS, 12ull * m->words},
                  {CL_TERMS, 12ull * m->terms},
                  {CL_WIDE_ROWS, (uint64_t)m->wide_stride * m->wide_rows},
                  {CL_NARROW_ROWS, (uint64_t)m->narrow_stride * m->narrow_rows},
                  {CL_LANGUAGE_ROWS, (uint64_t)m->language_stride * m->language_rows},
                  {CL_PAIRS, 8ull * m->pairs},
                  {CL_PAIR_ROWS, (uint64_t)m->narrow_stride * m->pairs},
                  {CL_PART_ROWS, (uint64_t)m->part_stride * m->parts}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (m->sections[wanted[i].section].size != wanted[i].size)
            return cl_failf(error, CLASSIFY_ERROR_CORRUPT, (uint64_t)(CL_MODEL_TABLE + 16 * wanted[i].section),
                            "damaged model: its %s have the wrong size", section_names[wanted[i].section]);
    return CLASSIFY_OK;
}

/* A hash table: a power of two of slots, indices in range, an empty slot so that every search ends. */
static int32_t check_table(classify_model *m, cl_section s, uint32_t count, cl_table *table, bool trusted,
                           classify_error *error) {
    uint64_t slots = m->sections[s].size / 8;
    if (m->sections[s].size % 8 || !slots || slots > UINT32_MAX / 2 + 1ull || (slots & (slots - 1)) || slots <= count)
        return corrupt(m, s, 0, error);
    table->slots = m->sections[s].data;
    table->mask = (uint32_t)(slots - 1);
    uint64_t used = 0;
    for (uint64_t i = 0; !trusted && i < slots; i++) {
        uint32_t index = cl_le32(table->slots + 8 * i + 4);
        used += index != CLASSIFY_NONE;
        if (index != CLASSIFY_NONE && index >= count)
            return corrupt(m, s, 8 * i + 4, error);
    }
    return used < slots ? CLASSIFY_OK : corrupt(m, s, 0, error);
}

/* Fields of records stay below their limits, or are numbers of rows. */
static int32_t check_fields(classify_model *m, cl_section s, uint32_t count, uint32_t width, const uint64_t *limits,
                            classify_error *error) {
    for (uint64_t i = 0; i < (uint64_t)count * width; i++) {
        uint32_t value = cl_le32(m->sections[s].data + 4 * i);
        uint64_t limit = limits[i % width];
        bool bad = limit != ROWS       ? value >= limit
                   : value & CL_NARROW ? (value & ~CL_NARROW) >= m->narrow_rows
                                       : value >= m->wide_rows;
        if (bad)
            return corrupt(m, s, 4 * i, error);
    }
    return CLASSIFY_OK;
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

/* Term texts: each offset is a string's start. */
static int32_t check_terms(classify_model *m, classify_error *error) {
    const uint8_t *text = m->sections[CL_TERM_TEXT].data;
    for (uint32_t t = 0; t < m->terms; t++) {
        uint32_t offset = cl_model_field(m, CL_TERMS, 3, t, 0);
        if (offset >= m->sections[CL_TERM_TEXT].size || (offset && text[offset - 1]) || !text[offset])
            return corrupt(m, CL_TERMS, 12ull * t, error);
    }
    return CLASSIFY_OK;
}

/* The last of each `width` numbers is a spread: not negative, so that evidence is not. */
static int32_t check_spreads(classify_model *m, cl_section s, uint32_t width, classify_error *error) {
    for (uint64_t i = 2ull * (width - 1); i + 1 < m->sections[s].size; i += 2ull * width)
        if (cl_le16(m->sections[s].data + i) > INT16_MAX)
            return corrupt(m, s, i, error);
    return CLASSIFY_OK;
}

static int32_t check_content(classify_model *m, classify_error *error) {
    int32_t status;
    if ((status = check_fields(m, CL_WORDS, m->words, 3, (uint64_t[]){m->terms, ROWS, m->language_rows}, error)) ||
        (status = check_fields(m, CL_TERMS, m->terms, 3, (uint64_t[]){ANY, ROWS, ANY}, error)) ||
        (status = check_fields(m, CL_PAIRS, m->pairs, 2, (uint64_t[]){m->terms, m->terms}, error)) ||
        (status = check_spreads(m, CL_WIDE_ROWS, m->labels + 1, error)) ||
        (status = check_spreads(m, CL_NARROW_ROWS, m->labels + 1, error)) ||
        (status = check_spreads(m, CL_PAIR_ROWS, m->labels + 1, error)) ||
        (status = check_strings(m, CL_TERM_TEXT, UINT32_MAX, NULL, error)) || (status = check_terms(m, error)))
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
        (status = check_table(m, CL_WORD_SLOTS, m->words, &m->word_table, trusted, error)) ||
        (status = check_table(m, CL_TERM_SLOTS, m->terms, &m->term_table, trusted, error)) ||
        (status = check_table(m, CL_PAIR_SLOTS, m->pairs, &m->pair_table, trusted, error)) ||
        (status = check_table(m, CL_PART_SLOTS, m->parts, &m->part_table, trusted, error)) ||
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
