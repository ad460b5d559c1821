/* fuzz_csv.c - any bytes as CSV: read in pieces of any sizes, with what is begun carried over as records.c does, the rows are
   those of the whole; and sound rows, written as CSV and read again, are the same rows. The first byte chooses the delimiter,
   the next 16 the sizes of the pieces. */
#include "../../libclassify/cli/csv_rows.h"
#include "../../libclassify/cli/escape.h"
#include "fuzz.h"

enum { SIZES = 16 };

/* Rows in the order they came, each as its number of fields, error or not, and its fields with their sizes before them. */
static void note(buffer *seen, const csv_rows *rows) {
    for (size_t i = 0; i < rows->count; i++) {
        const csv_row *row = &rows->rows[i];
        buffer_unsigned(seen, row->number);
        buffer_text(seen, row->error ? " broken " : " row ");
        buffer_unsigned(seen, row->count);
        for (size_t f = 0; f < row->count; f++) {
            size_t size;
            const char *field = csv_field(rows, row->first + f, &size);
            buffer_char(seen, ' ');
            buffer_unsigned(seen, size);
            buffer_char(seen, ':');
            buffer_append(seen, field, size);
        }
        buffer_char(seen, '\n');
    }
}

static void swap(csv_rows *a, csv_rows *b) {
    csv_rows c = *a;
    *a = *b;
    *b = c;
}

/* Reads in pieces; sizes NULL: in one. */
static void read_rows(buffer *seen, const char *text, size_t size, char delimiter, const uint8_t *sizes) {
    csv_reader reader;
    csv_rows rows = {0}, rest = {0};
    csv_reader_init(&reader, delimiter);
    for (size_t at = 0, n = 0; at < size; n++) {
        size_t piece = sizes ? 1u + sizes[n % SIZES] : size;
        piece = piece < size - at ? piece : size - at;
        csv_rows_reset(&rows, 4096);
        swap(&rows, &rest);
        csv_reader_feed(&reader, &rows, text + at, piece);
        at += piece;
        csv_rows_split(&rows, &rest);
        note(seen, &rows);
    }
    csv_rows_reset(&rows, 4096);
    swap(&rows, &rest);
    csv_reader_finish(&reader, &rows);
    note(seen, &rows);
    csv_reader_free(&reader);
    csv_rows_free(&rows), csv_rows_free(&rest);
}

static void written_and_read(const char *text, size_t size, char delimiter) {
    csv_reader reader;
    csv_rows rows = {0};
    buffer first = {0};
    csv_reader_init(&reader, delimiter);
    csv_reader_feed(&reader, &rows, text, size);
    csv_reader_finish(&reader, &rows);
    csv_reader_free(&reader);
    for (size_t i = 0; i < rows.count; i++) {
        const csv_row *row = &rows.rows[i];
        for (size_t f = 0; f < row->count; f++) {
            size_t field_size;
            const char *field = csv_field(&rows, row->first + f, &field_size);
            if (f)
                buffer_char(&first, delimiter);
            append_csv(&first, field, field_size, delimiter);
            if (row->count == 1 && !field_size)
                buffer_text(&first, "\"\""); /* else the row would be an empty line, which is none */
        }
        buffer_char(&first, '\n');
    }
    /* What stands there now is UTF-8: written once more it stays as it is. */
    csv_rows again = {0};
    csv_reader_init(&reader, delimiter);
    csv_reader_feed(&reader, &again, first.data ? first.data : "", first.size);
    csv_reader_finish(&reader, &again);
    csv_reader_free(&reader);
    size_t live = 0;
    for (size_t i = 0; i < rows.count; i++)
        live += rows.rows[i].count > 0;
    FUZZ(again.count == live);
    for (size_t i = 0, j = 0; i < rows.count; i++) {
        if (!rows.rows[i].count)
            continue;
        FUZZ(!again.rows[j].error && again.rows[j].count == rows.rows[i].count);
        for (size_t f = 0; f < rows.rows[i].count; f++) {
            size_t had, has;
            const char *field = csv_field(&rows, rows.rows[i].first + f, &had),
                       *field_again = csv_field(&again, again.rows[j].first + f, &has);
            buffer repaired = {0};
            append_utf8(&repaired, field, had);
            FUZZ(repaired.size == has && !memcmp(repaired.data ? repaired.data : "", field_again, has));
            buffer_free(&repaired);
        }
        j++;
    }
    csv_rows_free(&rows), csv_rows_free(&again);
    buffer_free(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char delimiters[] = {',', ';', '\t', '|'};
    if (size < 1 + SIZES)
        return 0;
    const char delimiter = delimiters[data[0] % 4], *text = (const char *)data + 1 + SIZES;
    size -= 1 + SIZES;
    buffer whole = {0}, pieces = {0};
    read_rows(&whole, text, size, delimiter, NULL);
    read_rows(&pieces, text, size, delimiter, data + 1);
    FUZZ(whole.size == pieces.size && !memcmp(whole.data ? whole.data : "", pieces.data ? pieces.data : "", whole.size));
    buffer_free(&whole), buffer_free(&pieces);
    written_and_read(text, size, delimiter);
    return 0;
}
