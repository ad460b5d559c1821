/* One answer for one record, in the format asked for. */
#ifndef CLI_ANSWER_H
#define CLI_ANSWER_H

#include "buffer.h"
#include "csv_rows.h"
#include "options.h"

#include <classify.h>

/* What all answers of a run have in common. */
typedef struct answer_style {
    const classify_model *model;
    output_format format; /* TSV, NDJSON or CSV */
    input_kind input;
    char delimiter;
    uint32_t label_count;
    int32_t scale;           /* of evidence, for nats */
    bool names;              /* NDJSON of several inputs: say which */
    bool passages;           /* list them */
    const char **json_names; /* each label as `"name":` */
    const char **csv_names;  /* each label as a CSV field */
    const bool *only;        /* by label, and one more for unsure; NULL: print everything */
} answer_style;

/* What an answer is about. Unused members are zero. */
typedef struct answer_subject {
    const char *name; /* file */
    const char *text; /* shown in TSV and CSV: the file's name, the line, the id, the column's text */
    size_t text_size;
    const char *id; /* NDJSON in: the id as it came */
    size_t id_size;
    uint64_t line;        /* LINES, NDJSON: from 1; CSV: row */
    const csv_rows *rows; /* CSV */
    const csv_row *row;
    size_t columns;                   /* CSV: fields that every row should have */
    const char *error;                /* NULL, or why there is no answer */
    const classify_passage *passages; /* where they are asked for */
    size_t passage_count;
} answer_subject;

void answer_style_init(answer_style *style, const settings *s, const classify_model *model);
void answer_style_free(answer_style *style);
/* The line of names above CSV. `header`: of the input, for CSV in (NULL: none). */
void answer_header(buffer *out, const answer_style *style, const char *header);
/* Whether --only lets a record through. */
bool answer_wanted(const answer_style *style, const answer_subject *subject, const classify_result *result);
/* Appends the answer, a whole line. `probabilities` are needed for NDJSON only. */
void answer_write(buffer *out, const answer_style *style, const answer_subject *subject, const classify_result *result,
                  const double *probabilities);

#endif
