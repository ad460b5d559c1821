/* rows.h - rows of Arrow arrays, for libclassify's calls. The structures are those of the Arrow C data interface and the Arrow
   C stream interface, which fix their layout. */
#ifndef ROWS_H
#define ROWS_H

#include <classify.h>

/* cdef: begin */

typedef struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *schema);
    void *private_data;
} ArrowSchema;

typedef struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *array);
    void *private_data;
} ArrowArray;

typedef struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *stream, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *stream, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *stream);
    void (*release)(struct ArrowArrayStream *stream);
    void *private_data;
} ArrowArrayStream;

/* Offsets of 32 bits (utf8) as the 64 bits that classify_score_batch takes. */
void rows_widen(const int32_t *offsets, size_t count, int64_t *out);
/* classify_score_batch over views (Arrow's utf8_view: 16 bytes a row, long rows in `buffers`), where they lie. A row whose bit
   in `validity` (NULL: all are valid) is 0 is scored as an empty text. `first` is the row to begin with, `labels` the number of
   probabilities of a row. */
int32_t rows_score_views(classify_scorer *scorer, const void *views, const void **buffers, const uint8_t *validity,
                         int64_t first, size_t count, classify_result *results, double *probabilities, size_t labels,
                         classify_error *error);

/* cdef: end */

#endif
