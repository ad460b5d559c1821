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

int32_t rows_score_views(classify_scorer *scorer, const void *views, const void **buffers, const uint8_t *validity,
                         int64_t first, size_t count, classify_result *results, double *probabilities, size_t labels,
                         classify_error *error) {
    size_t stride = count ? results[0].struct_size : 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t row = (uint64_t)first + i;
        view v = {0};
        if (!validity || validity[row >> 3] >> (row & 7) & 1)
            memcpy(&v, (const view *)views + row, sizeof v);
        if (v.size < 0)
            v.size = 0;
        const int64_t span[2] = {0, v.size};
        results[i].struct_size = stride;
        int32_t status =
            classify_score_batch(scorer, row_text(&v, buffers), span, 1, results + i, probabilities + i * labels, error);
        if (status)
            return status;
    }
    return CLASSIFY_OK;
}
