/* records.c - cuts the input into batches of whole records.
   May include: records.h, input.h, csv_rows.h, escape.h, message.h.
   Must not know: what is done with a record, the library. */
#define _POSIX_C_SOURCE 200809L
#include "records.h"

#include "escape.h"
#include "message.h"

#include <stdlib.h>
#include <sys/stat.h>

#define READ_BYTES ((size_t)256 << 10)
#define FILES_MOST 64

static char *standard_input[] = {"-", NULL};

void records_start(records *r, const settings *s, unsigned jobs, bool eager) {
    *r = (records){.s = s, .jobs = jobs, .eager = eager};
    r->operands = s->operand_count ? s->operands : standard_input;
    r->operand_count = s->operand_count ? s->operand_count : 1;
}

void records_end(records *r) {
    if (r->open)
        input_close(&r->in);
    if (r->s->input == INPUT_CSV && r->open)
        csv_reader_free(&r->csv);
    buffer_free(&r->pending);
    buffer_free(&r->chunk);
    csv_rows_free(&r->rest);
    buffer_free(&r->names);
    free(r->header);
}

void batch_free(batch *b) {
    buffer_free(&b->input);
    buffer_free(&b->output);
    buffer_free(&b->messages);
    csv_rows_free(&b->rows);
}

uint64_t records_size(const records *r) {
    uint64_t total = 0;
    for (int i = 0; i < r->operand_count; i++) {
        struct stat about;
        bool standard = strcmp(r->operands[i], "-") == 0;
        if ((standard ? fstat(0, &about) : stat(r->operands[i], &about)) != 0 || !S_ISREG(about.st_mode))
            return 0;
        total += (uint64_t)about.st_size;
    }
    return total;
}

static void report(records *r) {
    say("%s: %s", r->in.path, input_why(&r->in));
    r->failed = true;
}

/* Opens the next operand that can be opened. False: there is none. */
static bool open_next(records *r) {
    while (!r->open && r->next < r->operand_count) {
        r->open = input_open(&r->in, r->operands[r->next++], r->s->encoding);
        r->line = 1;
        r->read_before = 0;
        if (!r->open) {
            report(r);
        } else if (r->s->input == INPUT_CSV) {
            csv_reader_init(&r->csv, r->s->delimiter);
            csv_rows_reset(&r->rest, BATCH_KEEP);
            r->header_wanted = !r->s->no_header;
        }
    }
    return r->open;
}

static void close_input(records *r) {
    if (r->in.problem)
        report(r);
    if (r->s->input == INPUT_CSV)
        csv_reader_free(&r->csv);
    input_close(&r->in);
    r->open = false;
}

static void note_bytes(records *r, batch *b) {
    b->bytes += r->in.bytes - r->read_before;
    r->read_before = r->in.bytes;
}

/* ---- Lines ---- */

/* Bytes up to the last newline in [from, size), that one included; 0 for none. */
static size_t whole_lines(const buffer *b, size_t from) {
    for (size_t i = b->size; i > from; i--)
        if (b->data[i - 1] == '\n')
            return i;
    return 0;
}

static uint64_t count_lines(const char *text, size_t size) {
    uint64_t count = 0;
    if (!size) /* an empty buffer may have no memory, and memchr takes no NULL */
        return 0;
    for (const char *end = text + size; (text = memchr(text, '\n', (size_t)(end - text))) != NULL; text++)
        count++;
    return count;
}

static void set_lines(records *r, batch *b) {
    b->name = r->in.path;
    b->first_line = r->line;
    r->line += count_lines(b->input.data, b->input.size);
    note_bytes(r, b);
}

static bool next_lines(records *r, batch *b) {
    buffer_append(&b->input, r->pending.data, r->pending.size);
    buffer_reset(&r->pending, BATCH_KEEP);
    size_t whole = 0;
    while (open_next(r)) {
        size_t before = b->input.size;
        bool more = input_read(&r->in, &b->input, READ_BYTES);
        size_t found = whole_lines(&b->input, before);
        whole = found ? found : whole;
        if (!more) {
            set_lines(r, b);
            close_input(r);
            if (b->input.size)
                return true;
        } else if (whole && (r->eager || whole >= BATCH_BYTES / 2)) { /* one read, but for lines that are very long */
            buffer_append(&r->pending, b->input.data + whole, b->input.size - whole);
            b->input.size = whole;
            set_lines(r, b);
            return true;
        }
    }
    return false;
}

/* ---- CSV ---- */

/* The first row as CSV for printing, and as names to look up. */
static void read_header(records *r, const csv_rows *rows, const csv_row *row, buffer *line) {
    r->names.size = 0;
    for (size_t i = 0; i < row->count; i++) {
        size_t size;
        const char *field = csv_field(rows, row->first + i, &size);
        if (i)
            buffer_char(line, r->s->delimiter);
        append_csv(line, field, size, r->s->delimiter);
        buffer_append(&r->names, field, strnlen(field, size));
        buffer_char(&r->names, 0);
    }
    buffer_char(line, 0);
}

bool records_column(const records *r, const char *name, size_t *column) {
    *column = 0;
    for (size_t at = 0; at < r->names.size; at += strlen(r->names.data + at) + 1, ++*column)
        if (strcmp(r->names.data + at, name) == 0)
            return true;
    return false;
}

/* The text's column by its name in the header or, where no name is so, its number from 1. */
static bool find_column(records *r, size_t count) {
    const char *wanted = r->s->column ? r->s->column : r->s->no_header ? "1" : "text";
    if (!r->s->no_header && records_column(r, wanted, &r->column))
        return true;
    char *end;
    unsigned long number = strtoul(wanted, &end, 10);
    r->column = number - 1;
    return *wanted >= '0' && *wanted <= '9' && !*end && number >= 1 && number <= count;
}

/* Looks at a file's first row. False, having said why, where the file cannot be used: no such column, or another header than
   the file before, so that the rows of both in one table would not fit. */
static bool take_header(records *r, const csv_rows *rows, const csv_row *row) {
    buffer line = {0};
    read_header(r, rows, row, &line);
    bool good = !row->error && find_column(r, row->count);
    if (row->error) {
        say("%s: the first row is broken: %s", r->in.path, row->error);
    } else if (!good) {
        say("%s: no column '%s'; choose one with --column: %.200s", r->in.path, r->s->column ? r->s->column : "text",
            line.data);
    } else if (r->header && !r->s->no_header && strcmp(r->header, line.data) != 0) {
        say("%s: other columns than in the file before; label it by itself", r->in.path);
        good = false;
    } else if (!r->header) {
        r->header = line.data;
        line = (buffer){0};
    }
    buffer_free(&line);
    r->columns = row->count;
    r->failed = r->failed || !good;
    return good;
}

/* Removes the header from a batch that begins with it. */
static void drop_first_row(csv_rows *rows) { memmove(rows->rows, rows->rows + 1, --rows->count * sizeof *rows->rows); }

static bool next_rows(records *r, batch *b) {
    csv_rows *rows = &b->rows;
    /* The begun row goes first: its fields and those to come are one run. */
    csv_rows swap = *rows;
    *rows = r->rest;
    r->rest = swap;
    while (open_next(r)) {
        r->chunk.size = 0;
        bool more = input_read(&r->in, &r->chunk, READ_BYTES / 4);
        csv_reader_feed(&r->csv, rows, r->chunk.data, r->chunk.size);
        if (!more)
            csv_reader_finish(&r->csv, rows);
        b->name = r->in.path;
        note_bytes(r, b);
        bool good = true;
        if (rows->count && (r->header_wanted || r->columns == 0)) {
            good = take_header(r, rows, &rows->rows[0]);
            if (good && r->header_wanted)
                drop_first_row(rows);
            r->header_wanted = false;
        }
        if (!good || !more) {
            close_input(r);
            if (!good)
                csv_rows_reset(rows, BATCH_KEEP);
            if (good && (rows->count || r->header))
                return true;
        } else if (rows->count && (r->eager || rows->bytes.size >= BATCH_BYTES || rows->count >= BATCH_ROWS)) {
            csv_rows_split(rows, &r->rest);
            return true;
        }
    }
    return false;
}

/* ---- Files ---- */

static bool next_files(records *r, batch *b) {
    if (r->next >= r->operand_count)
        return false;
    size_t left = (size_t)(r->operand_count - r->next), share = left / (r->jobs * (size_t)8);
    size_t most = share < 1 ? 1 : share > FILES_MOST ? FILES_MOST : share;
    b->files = r->operands + r->next;
    while (b->file_count < most && b->file_count < left && strcmp(b->files[b->file_count], "-") != 0)
        b->file_count++;
    if (!b->file_count) { /* standard input is read here, in its turn, and not by several threads at once */
        b->file_count = 1;
        open_next(r);
        b->loaded = r->open && input_read_all(&r->in, &b->input);
        if (r->open) {
            note_bytes(r, b);
            close_input(r);
        }
        return true;
    }
    r->next += (int)b->file_count;
    return true;
}

bool records_next(records *r, batch *b) {
    buffer_reset(&b->input, BATCH_KEEP);
    csv_rows_reset(&b->rows, BATCH_KEEP);
    b->file_count = 0;
    b->bytes = b->records = b->printed = 0;
    b->failed = b->loaded = false;
    switch (r->s->input) {
    case INPUT_LINES:
    case INPUT_NDJSON: return next_lines(r, b);
    case INPUT_CSV: return next_rows(r, b);
    default: return next_files(r, b);
    }
}
