/* model.c - a model's life, names, metadata and terms.
   May include: model.h, error.h.
   Must not know: files, texts. */
#include "model.h"

#include "error.h"
#include "tokens.h"

#include <stdio.h>

void cl_model_retain(const classify_model *model) {
    atomic_fetch_add_explicit(&((classify_model *)model)->references, 1, memory_order_relaxed);
}

void classify_model_free(classify_model *model) {
    if (!model || atomic_fetch_sub_explicit(&model->references, 1, memory_order_acq_rel) != 1)
        return;
    classify_allocator a = model->allocator;
    cl_release(&a, model->names, (size_t)model->labels + model->languages, sizeof *model->names);
    cl_bytes_release(&model->bytes, &a);
    cl_release(&a, model, 1, sizeof *model);
}

const char *classify_model_label(const classify_model *m, uint32_t label) {
    return m && label < m->labels ? m->names[label] : NULL;
}

const char *classify_model_language(const classify_model *m, uint32_t language) {
    return m && language < m->languages ? m->names[m->labels + language] : NULL;
}

const char *classify_model_meta(const classify_model *m, const char *key) {
    if (!m || !key)
        return NULL;
    const char *at = (const char *)m->sections[CL_META].data, *end = at + m->sections[CL_META].size;
    while (at < end) {
        const char *value = at + strlen(at) + 1;
        if (!strcmp(at, key))
            return value;
        at = value + strlen(value) + 1;
    }
    return NULL;
}

uint32_t cl_model_term(const classify_model *m, const char *stem, size_t size) {
    const uint8_t *row;
    uint32_t value = cl_table_find(&m->term_table, cl_hash_word(stem, size), &row);
    return value == CLASSIFY_NONE ? value : value & ~CL_WIDE;
}

int32_t classify_model_get_info(const classify_model *m, classify_model_info *info, classify_error *error) {
    if (!m || !info || info->struct_size < sizeof info->struct_size)
        return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, "model or info is NULL, or info->struct_size is not set");
    classify_model_info full = {sizeof full,      m->size,   m->analyzer_id, m->checksum,         m->documents,
                                CL_MODEL_VERSION, m->labels, m->languages,   m->covered,          m->words,
                                m->terms,         m->pairs,  m->parts,       m->terms + m->pairs, CL_WEIGHT_SCALE};
    size_t given = info->struct_size, known = given < sizeof full ? given : sizeof full;
    memset(info, 0, given);
    memcpy(info, &full, known);
    info->struct_size = given;
    return CLASSIFY_OK;
}

int32_t classify_model_feature(const classify_model *m, uint32_t feature, char *buffer, size_t capacity, size_t *needed,
                               classify_error *error) {
    if (!m || !needed || (!buffer && capacity) || feature >= m->terms + m->pairs)
        return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, "a NULL argument, or a feature the model does not have");
    const char *first, *second = NULL;
    if (feature < m->terms) {
        first = cl_term_text(m, feature);
    } else {
        first = cl_term_text(m, cl_model_field(m, CL_PAIR_NAMES, 2, feature - m->terms, 0));
        second = cl_term_text(m, cl_model_field(m, CL_PAIR_NAMES, 2, feature - m->terms, 1));
    }
    *needed = strlen(first) + 1 + (second ? strlen(second) + 1 : 0);
    if (*needed > capacity)
        return cl_fail(error, CLASSIFY_ERROR_CAPACITY, 0, "the buffer is too small; *needed says how large it must be");
    snprintf(buffer, capacity, "%s%s%s", first, second ? " " : "", second ? second : "");
    return CLASSIFY_OK;
}

static bool feature_has(const classify_model *m, uint32_t feature, uint32_t language) {
    if (feature < m->terms)
        return cl_term_has(m, feature, language);
    uint32_t pair = feature - m->terms;
    return cl_term_has(m, cl_model_field(m, CL_PAIR_NAMES, 2, pair, 0), language) &&
           cl_term_has(m, cl_model_field(m, CL_PAIR_NAMES, 2, pair, 1), language);
}

/* The row of a feature for a language. */
static const uint8_t *feature_row(const classify_model *m, uint32_t feature, uint32_t language) {
    const uint8_t *row = NULL;
    uint32_t value;
    if (feature >= m->terms) {
        uint32_t first = cl_model_field(m, CL_PAIR_NAMES, 2, feature - m->terms, 0);
        uint32_t second = cl_model_field(m, CL_PAIR_NAMES, 2, feature - m->terms, 1);
        value = cl_table_find(&m->pair_table, cl_hash_two(first, second), &row);
        return value == CLASSIFY_NONE ? NULL : row;
    }
    const char *stem = cl_term_text(m, feature);
    value = cl_table_find(&m->term_table, cl_hash_word(stem, strlen(stem)), &row);
    if (value == CLASSIFY_NONE)
        return NULL;
    return cl_label_row(m, value, row) + (value & CL_WIDE ? language * m->row_stride : 0);
}

int32_t classify_model_weights(const classify_model *m, uint32_t feature, uint32_t language, int32_t *weights,
                               classify_error *error) {
    if (!m || !weights || feature >= m->terms + m->pairs)
        return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, "a NULL argument, or a feature the model does not have");
    if (language >= m->covered)
        return cl_fail(error, CLASSIFY_ERROR_LANGUAGE, 0, "not a language that the model covers");
    if (!feature_has(m, feature, language))
        return cl_fail(error, CLASSIFY_ERROR_LANGUAGE, 0, "the language does not have this feature");
    const uint8_t *row = feature_row(m, feature, language);
    for (uint32_t l = 0; l < m->labels; l++)
        weights[l] = row ? cl_weight(row, l) : 0; /* NULL: a table that was not made by compiling */
    return CLASSIFY_OK;
}

int32_t classify_model_write(const classify_model *m, void *buffer, size_t capacity, size_t *needed, classify_error *error) {
    if (!m || !needed || (!buffer && capacity))
        return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, "model or needed is NULL, or buffer is NULL with a capacity");
    *needed = m->size;
    if (!buffer || capacity < m->size)
        return cl_fail(error, CLASSIFY_ERROR_CAPACITY, 0, "the buffer is too small; *needed says how large it must be");
    memcpy(buffer, m->data, m->size);
    return CLASSIFY_OK;
}
