/* Rows of CSV (RFC 4180) by libcsv, with what libcsv leaves to its user: broken rows are told apart and got over. */
#ifndef CLI_CSV_ROWS_H
#define CLI_CSV_ROWS_H

#include "buffer.h"

#include <csv.h>
#include <stdbool.h>

typedef struct csv_row {
    size_t first, count; /* fields: place in csv_rows.ends, and how many */
    const char *error;   /* NULL, or why the row is broken; its fields are then those before the fault */
    uint64_t number;     /* 1 for the first row of the file, its header included */
} csv_row;

/* Rows with their fields, one after the other in `bytes`. */
typedef struct csv_rows {
    buffer bytes;
    size_t *ends; /* field i is bytes[i ? ends[i - 1] : 0 .. ends[i]) */
    size_t field_count, field_capacity;
    csv_row *rows;
    size_t count, capacity;
} csv_rows;

typedef struct csv_reader {
    struct csv_parser parser;
    csv_rows *rows; /* where finished rows go, for the time of a call */
    size_t row_fields;
    uint64_t number;
    bool skipping; /* after a fault: up to the end of the line */
} csv_reader;

void csv_reader_init(csv_reader *r, char delimiter);
/* Parses more bytes; whole rows are appended to `rows`. A row that is begun keeps its finished fields there too, so that every
   call must be given rows that continue those of the call before: see csv_rows_split. */
void csv_reader_feed(csv_reader *r, csv_rows *rows, const char *bytes, size_t size);
/* The end of the file: the last row, with or without its newline. */
void csv_reader_finish(csv_reader *r, csv_rows *rows);
void csv_reader_free(csv_reader *r);

const char *csv_field(const csv_rows *rows, size_t field, size_t *size);
/* Moves the fields after the last whole row from one to the other (which is emptied first). */
void csv_rows_split(csv_rows *from, csv_rows *rest);
/* Empties; gives back the memory of an unusually large row. */
void csv_rows_reset(csv_rows *rows, size_t keep);
void csv_rows_free(csv_rows *rows);

#endif
