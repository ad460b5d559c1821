/* rows.c - rows of Arrow arrays that classify_score_batch does not take as they are.
   May include: rows.h (and through it classify.h).
   Must not know: Python. */
#include "rows.h"

#include <string.h>

void rows_widen(const int32_t *offsets, size_t count, int64_t *out) {
    for (size_t i = 0; i < count; i++)
        out[i] = offsets[i];
}

/* Arrow's layout of a view: up to 12 bytes stand in it, longer texts in a buffer. */
typedef struct view {
    int32_t size;
    union {
        char inlined[12];
        struct {
            char prefix[4];
            int32_t buffer, offset;
        } far;
    } at;
} view;

static const char *row_text(const view *v, const void **buffers) {
    return v->size <= 12 ? v->at.inlined : (const char *)buffers[v->at.far.buffer] + v->at.far.offset;
}

/* The view of a row; an empty one where there is no text. */
static view get_view(const void *views, const uint8_t *validity, uint64_t row) {
    view v = {0};
    if (!validity || validity[row >> 3] >> (row & 7) & 1)
        memcpy(&v, (const view *)views + row, sizeof v);
    if (v.size < 0)
        v.size = 0;
    return v;
}

int32_t rows_score_views(classify_scorer *scorer, const void *views, const void **buffers, const uint8_t *validity,
                         int64_t first, size_t count, classify_result *results, double *probabilities, size_t labels,
                         classify_error *error) {
    size_t stride = count ? results[0].struct_size : 0;
    for (size_t i = 0; i < count; i++) {
        view v = get_view(views, validity, (uint64_t)first + i);
        const int64_t span[2] = {0, v.size};
        results[i].struct_size = stride;
        int32_t status =
            classify_score_batch(scorer, row_text(&v, buffers), span, 1, results + i, probabilities + i * labels, error);
        if (status)
            return status;
    }
    return CLASSIFY_OK;
}

/* Turns the places of passages, which are in order, from bytes to characters: bytes that begin one are counted. */
static void count_characters(const char *text, classify_passage *passages, size_t count) {
    uint64_t at = 0, characters = 0;
    for (size_t i = 0; i < 2 * count; i++) {
        uint64_t *place = i % 2 ? &passages[i / 2].end : &passages[i / 2].begin;
        uint64_t end = *place; /* by itself: a loop that reads it again cannot be vectorised */
        for (; at < end; at++)
            characters += ((unsigned char)text[at] & 0xC0) != 0x80;
        *place = characters;
    }
}

int32_t rows_find_passages(classify_scorer *scorer, const rows_source *rows, size_t count, classify_result *results,
                           double *probabilities, size_t labels, rows_found *found, size_t *needed, classify_error *error) {
    size_t stride = count ? results[0].struct_size : 0;
    for (; found->row < count; found->row++) {
        size_t i = found->row, some = 0;
        view v = {0};
        if (rows->views)
            v = get_view(rows->views, rows->validity, (uint64_t)rows->first + i);
        const char *text = rows->views ? row_text(&v, rows->buffers) : rows->texts ? rows->texts + rows->offsets[i] : "";
        size_t size = rows->views ? (size_t)v.size : (size_t)(rows->offsets[i + 1] - rows->offsets[i]);
        classify_passage *here = found->passages + found->count;
        results[i].struct_size = stride;
        int32_t status = classify_passages(scorer, text, size, NULL, here, found->capacity - found->count, &some, &results[i],
                                           probabilities + i * labels, NULL, error);
        *needed = found->count + some;
        if (status)
            return status;
        if (!rows->in_bytes || !rows->in_bytes[i])
            count_characters(text, here, some);
        found->count += some;
        found->ends[i] = (int64_t)found->count;
    }
    return CLASSIFY_OK;
}
