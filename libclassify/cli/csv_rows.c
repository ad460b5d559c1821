/* csv_rows.c - CSV rows through libcsv.
   May include: csv_rows.h, buffer.h, message.h, libcsv.
   Must not know: columns, headers, the library. */
#include "csv_rows.h"

#include "message.h"

#include <stdlib.h>

static int no_space(unsigned char c) {
    (void)c;
    return 0; /* fields keep the spaces round them */
}

static void on_field(void *bytes, size_t size, void *context) {
    csv_reader *r = context;
    csv_rows *rows = r->rows;
    if (rows->field_count == rows->field_capacity) {
        rows->field_capacity = rows->field_capacity ? rows->field_capacity * 2 : 64;
        rows->ends = memory_resize(rows->ends, rows->field_capacity, sizeof *rows->ends);
    }
    buffer_append(&rows->bytes, bytes, size);
    rows->ends[rows->field_count++] = rows->bytes.size;
    r->row_fields++;
}

static void add_row(csv_reader *r, const char *error) {
    csv_rows *rows = r->rows;
    if (rows->count == rows->capacity) {
        rows->capacity = rows->capacity ? rows->capacity * 2 : 64;
        rows->rows = memory_resize(rows->rows, rows->capacity, sizeof *rows->rows);
    }
    rows->rows[rows->count++] = (csv_row){rows->field_count - r->row_fields, r->row_fields, error, ++r->number};
    r->row_fields = 0;
}

static void on_row(int terminator, void *context) {
    (void)terminator;
    add_row(context, NULL);
}

void csv_reader_init(csv_reader *r, char delimiter) {
    *r = (csv_reader){0};
    if (csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        give_up("out of memory");
    csv_set_delim(&r->parser, (unsigned char)delimiter);
    csv_set_space_func(&r->parser, no_space);
    csv_set_blk_size(&r->parser, 64u << 10);
}

void csv_reader_feed(csv_reader *r, csv_rows *rows, const char *bytes, size_t size) {
    r->rows = rows;
    while (size) {
        if (r->skipping) {
            const char *newline = memchr(bytes, '\n', size);
            size_t skipped = newline ? (size_t)(newline - bytes) + 1 : size;
            bytes += skipped;
            size -= skipped;
            r->skipping = !newline;
            continue;
        }
        size_t done = csv_parse(&r->parser, bytes, size, on_field, on_row, r);
        bytes += done;
        size -= done;
        if (!size)
            break;
        if (csv_error(&r->parser) != CSV_EPARSE)
            give_up("out of memory: a CSV field is too large");
        if (!r->parser.quoted) {
            /* 5" disk: a quote inside a field without quotes is one, as spreadsheets read it. */
            csv_set_opts(&r->parser, 0);
            csv_parse(&r->parser, bytes, 1, on_field, on_row, r);
            csv_set_opts(&r->parser, CSV_STRICT | CSV_STRICT_FINI);
            bytes++;
            size--;
        } else {
            csv_set_opts(&r->parser, 0); /* a strict csv_fini would not reset the parser */
            csv_fini(&r->parser, NULL, NULL, NULL);
            csv_set_opts(&r->parser, CSV_STRICT | CSV_STRICT_FINI);
            add_row(r, "a quote inside a quoted field that is not doubled");
            r->skipping = true;
        }
    }
}

void csv_reader_finish(csv_reader *r, csv_rows *rows) {
    r->rows = rows;
    if (csv_fini(&r->parser, on_field, on_row, r) != 0)
        add_row(r, "a quoted field that does not end");
}

void csv_reader_free(csv_reader *r) { csv_free(&r->parser); }

const char *csv_field(const csv_rows *rows, size_t field, size_t *size) {
    size_t begin = field ? rows->ends[field - 1] : 0;
    *size = rows->ends[field] - begin;
    return rows->bytes.data ? rows->bytes.data + begin : "";
}

void csv_rows_split(csv_rows *from, csv_rows *rest) {
    rest->bytes.size = rest->field_count = rest->count = 0;
    size_t whole = from->count ? from->rows[from->count - 1].first + from->rows[from->count - 1].count : 0;
    size_t begin = whole ? from->ends[whole - 1] : 0;
    if (rest->field_capacity < from->field_count - whole) {
        rest->field_capacity = from->field_count - whole;
        rest->ends = memory_resize(rest->ends, rest->field_capacity, sizeof *rest->ends);
    }
    for (size_t i = whole; i < from->field_count; i++)
        rest->ends[rest->field_count++] = from->ends[i] - begin;
    buffer_append(&rest->bytes, from->bytes.data ? from->bytes.data + begin : "", from->bytes.size - begin);
    from->field_count = whole;
    from->bytes.size = begin;
}

void csv_rows_reset(csv_rows *rows, size_t keep) {
    buffer_reset(&rows->bytes, keep);
    rows->field_count = rows->count = 0;
}

void csv_rows_free(csv_rows *rows) {
    buffer_free(&rows->bytes);
    free(rows->ends);
    free(rows->rows);
    *rows = (csv_rows){0};
}
