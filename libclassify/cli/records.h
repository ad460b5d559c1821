/* Records in pieces ("batches") of about 256 KB, in the order of the input. */
#ifndef CLI_RECORDS_H
#define CLI_RECORDS_H

#include "csv_rows.h"
#include "input.h"
#include "options.h"

#define BATCH_BYTES ((size_t)256 << 10)
#define BATCH_ROWS  4096
#define BATCH_KEEP  (4 * BATCH_BYTES) /* larger buffers are given back after use */

/* A piece of the input and, later, its answers. */
typedef struct batch {
    const char *name; /* of the file; "-" for standard input */
    buffer input; /* LINES, NDJSON: whole lines (the last of a file perhaps without its newline); AUTO: a text, if `loaded` */
    uint64_t first_line;    /* number of its first line in its file */
    csv_rows rows;          /* CSV */
    size_t columns, column; /* CSV: of the file; the text's */
    char **files;           /* AUTO: files still to read */
    size_t file_count;
    bool loaded;    /* AUTO: the one file was read into `input` */
    uint64_t bytes; /* of input read for it, for progress */
    buffer output, messages;
    uint64_t records, printed;
    bool failed; /* some file could not be read */
} batch;

typedef struct records {
    const settings *s;
    int next; /* operand to open next */
    int operand_count;
    char **operands; /* {"-"} where there were none */
    unsigned jobs;
    bool eager, open, failed;
    input in;
    buffer pending, chunk; /* a line that is not whole yet; bytes for the CSV parser */
    uint64_t line, read_before;
    csv_reader csv;
    csv_rows rest; /* fields of a row that is not whole yet */
    bool header_wanted;
    size_t columns, column; /* of the CSV; the text's column */
    buffer names;           /* the present header's names, each with a NUL */
    char *header;           /* the first header row, as CSV, to compare and to print */
} records;

/* `eager`: hand on every record as soon as it is there. */
void records_start(records *r, const settings *s, unsigned jobs, bool eager);
/* The next batch. False at the end. Files that cannot be read are reported and passed over (`failed`). */
bool records_next(records *r, batch *b);
void records_end(records *r);
/* The column of a name in the present CSV file; false where there is none. */
bool records_column(const records *r, const char *name, size_t *column);
void batch_free(batch *b);
/* Bytes of all operands that are regular files; 0 where one is not. */
uint64_t records_size(const records *r);

#endif
