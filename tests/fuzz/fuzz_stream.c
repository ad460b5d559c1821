/* fuzz_stream.c - any bytes as standard input of the command, in each of its forms and several encodings: however few bytes
   each read(2) brings, and whether or not every record is handed on at once, the records are those of one large read, with the
   same line numbers. The first byte chooses form and encoding, the next 16 the sizes of the reads. read is wrapped at link
   time. */
#include "../../libclassify/cli/message.h"
#include "../../libclassify/cli/records.h"
#include "fuzz.h"

#include <string.h>
#include <unistd.h>

enum { SIZES = 16 };

static struct {
    const uint8_t *at, *end;
    const uint8_t *sizes; /* NULL: as much as is asked for */
    size_t turn;
    bool active;
} input_bytes;

ssize_t __real_read(int descriptor, void *to, size_t size);
ssize_t __wrap_read(int descriptor, void *to, size_t size);

ssize_t __wrap_read(int descriptor, void *to, size_t size) {
    if (!input_bytes.active || descriptor != STDIN_FILENO)
        return __real_read(descriptor, to, size);
    size_t left = (size_t)(input_bytes.end - input_bytes.at), most = size;
    if (input_bytes.sizes)
        most = 1u + input_bytes.sizes[input_bytes.turn++ % SIZES];
    size = left < size ? left : size;
    size = most < size ? most : size;
    memcpy(to, input_bytes.at, size);
    input_bytes.at += size;
    return (ssize_t)size;
}

/* In place of message.c: what is wrong with the input is for a person. */
void say(const char *format, ...) { (void)format; }

void give_up(const char *why) {
    fprintf(stderr, "%s\n", why);
    abort();
}

static void note_lines(buffer *seen, const batch *b, uint64_t *line) {
    FUZZ(b->first_line == *line);
    for (size_t i = 0; i < b->input.size; i++)
        *line += b->input.data[i] == '\n';
    buffer_append(seen, b->input.data, b->input.size);
}

static void note_rows(buffer *seen, const batch *b) {
    for (size_t i = 0; i < b->rows.count; i++) {
        const csv_row *row = &b->rows.rows[i];
        buffer_unsigned(seen, row->number);
        buffer_text(seen, row->error ? " broken" : " row");
        for (size_t f = 0; f < row->count; f++) {
            size_t size;
            const char *field = csv_field(&b->rows, row->first + f, &size);
            buffer_char(seen, ' ');
            buffer_unsigned(seen, size);
            buffer_char(seen, ':');
            buffer_append(seen, field, size);
        }
        buffer_char(seen, '\n');
    }
}

static void read_stream(buffer *seen, const settings *s, const uint8_t *bytes, size_t size, const uint8_t *sizes) {
    records r;
    batch b = {0};
    uint64_t line = 1;
    records_start(&r, s, 1, sizes != NULL);
    input_bytes.at = bytes, input_bytes.end = bytes + size, input_bytes.sizes = sizes, input_bytes.turn = 0;
    input_bytes.active = true;
    while (records_next(&r, &b)) {
        if (s->input == INPUT_CSV)
            note_rows(seen, &b);
        else if (s->input == INPUT_AUTO)
            buffer_append(seen, b.input.data, b.input.size);
        else
            note_lines(seen, &b, &line);
    }
    input_bytes.active = false;
    FUZZ(r.failed || input_bytes.at == input_bytes.end);
    buffer_text(seen, r.failed ? "failed" : "done");
    records_end(&r);
    batch_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const encodings[] = {NULL,       "UTF-16LE", "UTF-16",    "KOI8-U",
                                            "UTF-32BE", "UTF-8",    "SHIFT_JIS", "ISO-2022-JP"};
    static const input_kind kinds[] = {INPUT_LINES, INPUT_CSV, INPUT_AUTO, INPUT_NDJSON};
    if (size < 1 + SIZES)
        return 0;
    settings s = {.input = kinds[data[0] % 4],
                  .encoding = encodings[data[0] >> 2 & 7],
                  .column = "1",
                  .no_header = data[0] & 32,
                  .delimiter = data[0] & 64 ? ';' : ','};
    buffer whole = {0}, pieces = {0};
    read_stream(&whole, &s, data + 1 + SIZES, size - 1 - SIZES, NULL);
    read_stream(&pieces, &s, data + 1 + SIZES, size - 1 - SIZES, data + 1);
    FUZZ(whole.size == pieces.size && !memcmp(whole.data, pieces.data, whole.size));
    buffer_free(&whole), buffer_free(&pieces);
    return 0;
}
