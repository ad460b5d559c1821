/* What eval counts, and how it is shown. */
#ifndef CLI_EVALUATION_H
#define CLI_EVALUATION_H

#include "buffer.h"

#include <classify.h>

#define EVALUATION_BINS 10

typedef struct evaluation_bin {
    uint64_t texts, right;
    double said; /* sum of the probabilities */
} evaluation_bin;

/* Counts of one language, or of all. */
typedef struct evaluation_table {
    const char *language; /* NULL: all */
    uint64_t *cells;      /* [true label][answer]; the answers are the model's labels and, last, unsure */
    uint64_t texts, language_right;
} evaluation_table;

typedef struct evaluation {
    const classify_model *model;
    uint32_t answers; /* labels of the model */
    char **labels;    /* true labels: those of the model, then those that only the texts have */
    size_t label_count, label_capacity;
    evaluation_table all, *languages;
    size_t language_count;
    evaluation_bin bins[EVALUATION_BINS]; /* answered texts whose label the model has */
} evaluation;

static inline uint64_t *evaluation_cell(const evaluation *e, const evaluation_table *t, size_t truth, uint32_t answer) {
    return &t->cells[truth * (e->answers + 1) + answer];
}

void evaluation_write_text(buffer *out, const evaluation *e);
void evaluation_write_ndjson(buffer *out, const evaluation *e);

#endif
