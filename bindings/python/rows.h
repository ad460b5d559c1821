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

/* Rows as either of the two calls above takes them. */
typedef struct rows_source {
    const char *texts; /* with `offsets`, or NULL and views */
    const int64_t *offsets;
    const void *views;
    const void **buffers;
    const uint8_t *validity;
    int64_t first;
    const uint8_t *in_bytes; /* a byte a row, 1 where places are to be in bytes, not in characters; NULL: none */
} rows_source;

/* The passages of rows one behind the other: those of row i end before ends[i]. */
typedef struct rows_found {
    classify_passage *passages;
    size_t capacity;
    size_t count;
    int64_t *ends; /* [rows] */
    size_t row;    /* to go on with */
} rows_found;

/* classify_passages for rows found->row .. count, with places in characters. CLASSIFY_ERROR_CAPACITY: *needed is the room
   that all rows up to the next one need; with that much, the same call goes on from there. */
int32_t rows_find_passages(classify_scorer *scorer, const rows_source *rows, size_t count, classify_result *results,
                           double *probabilities, size_t labels, rows_found *found, size_t *needed, classify_error *error);

/* cdef: end */

#endif
