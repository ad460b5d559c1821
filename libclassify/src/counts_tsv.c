/* counts_tsv.c - counts as text, for people, spreadsheets and databases.
   May include: counts_file.h, counts.h, bytes.h.
   Must not know: where the bytes come from or go to. */
#include "counts_file.h"

/* ---- Writing ---- */

static void write_number(cl_buffer *out, uint64_t n) {
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    cl_buffer_bytes(out, digits + at, sizeof digits - at);
}

static void write_field(cl_buffer *out, const char *text, size_t size) {
    cl_buffer_u8(out, '\t');
    cl_buffer_bytes(out, text, size);
}

static void write_number_field(cl_buffer *out, uint64_t n) {
    cl_buffer_u8(out, '\t');
    write_number(out, n);
}

static void write_tallies(const classify_counts *c, const cl_counts_order *order, const cl_feature *f, cl_sorted_tally *list,
                          cl_buffer *out) {
    size_t count = cl_counts_tallies(c, order, f, list);
    for (size_t i = 0; i < count; i++) {
        write_number_field(out, list[i].cell);
        cl_buffer_u8(out, ':');
        write_number(out, list[i].occurrences);
        cl_buffer_u8(out, ':');
        write_number(out, list[i].documents);
    }
    cl_buffer_u8(out, '\n');
}

bool cl_counts_write_tsv(const classify_counts *c, const cl_counts_order *order, cl_buffer *out) {
    cl_sorted_tally *list = cl_alloc(&c->allocator, c->cell_count, sizeof *list);
    if (!list)
        return false;
    cl_buffer_text(out, CL_COUNTS_TSV_MAGIC);
    write_number(out, CL_COUNTS_VERSION);
    cl_buffer_u8(out, '\n');
    for (size_t i = 0; i < c->meta_count; i++) {
        cl_buffer_text(out, "meta");
        write_field(out, c->meta[i].key, strlen(c->meta[i].key));
        write_field(out, c->meta[i].value, strlen(c->meta[i].value));
        cl_buffer_u8(out, '\n');
    }
    for (size_t i = 0; i < c->cell_count; i++) {
        const cl_cell *cell = &c->cells[order->cells[i]];
        cl_buffer_text(out, "cell");
        write_number_field(out, i);
        write_field(out, cell->source, strlen(cell->source));
        write_field(out, cell->language, strlen(cell->language));
        write_field(out, cell->label, strlen(cell->label));
        write_number_field(out, cell->documents);
        write_number_field(out, cell->words);
        cl_buffer_u8(out, '\n');
    }
    for (size_t i = 0; i < order->word_count; i++) {
        const cl_feature *f = cl_feature_at(&c->words, order->words[i]);
        cl_buffer_text(out, "word");
        write_field(out, cl_word_text(c, f), cl_word_size(f));
        write_tallies(c, order, f, list, out);
    }
    for (size_t i = 0; i < order->pair_count; i++) {
        const cl_feature *f = cl_feature_at(&c->pairs, order->pairs[i].id);
        const cl_feature *first = cl_feature_at(&c->words, f->text >> 32),
                         *second = cl_feature_at(&c->words, (uint32_t)f->text);
        cl_buffer_text(out, "pair");
        write_field(out, cl_word_text(c, first), cl_word_size(first));
        write_field(out, cl_word_text(c, second), cl_word_size(second));
        write_tallies(c, order, f, list, out);
    }
    out->failed |= !cl_refined_write_tsv(c, order, out);
    cl_release(&c->allocator, list, c->cell_count, sizeof *list);
    return !out->failed;
}

/* ---- Reading ---- */

typedef struct {
    classify_counts *counts;
    const uint8_t *start, *line;
    cl_tsv_line rest; /* of the line */
    classify_error *error;
} tsv_reader;

static int32_t corrupt(const tsv_reader *r, const char *message) {
    return cl_fail(r->error, CLASSIFY_ERROR_CORRUPT, (uint64_t)(r->line - r->start), message);
}

bool cl_tsv_next(cl_tsv_line *line, cl_tsv_field *f) {
    if (line->at > line->line_end)
        return false;
    const uint8_t *tab = memchr(line->at, '\t', (size_t)(line->line_end - line->at));
    const uint8_t *stop = tab ? tab : line->line_end;
    *f = (cl_tsv_field){(const char *)line->at, (size_t)(stop - line->at)};
    line->at = stop + 1;
    return true;
}

static bool is(cl_tsv_field f, const char *text) { return f.size == strlen(text) && !memcmp(f.text, text, f.size); }

/* Decimal digits up to `stop`; false for anything else, and from 2^62 on. */
static bool parse_number(const char **at, const char *end, char stop, uint64_t *n) {
    const char *p = *at;
    *n = 0;
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        if (*n > (UINT64_MAX >> 2) / 10 - 1)
            return false;
        *n = *n * 10 + (uint64_t)(*p - '0');
    }
    bool ok = p > *at && (stop ? p < end && *p == stop : p == end);
    *at = p + (p < end);
    return ok;
}

bool cl_tsv_number(cl_tsv_line *line, uint64_t *n) {
    cl_tsv_field f;
    if (!cl_tsv_next(line, &f))
        return false;
    const char *at = f.text;
    return parse_number(&at, f.text + f.size, 0, n);
}

bool cl_tsv_name(cl_tsv_line *line, char *name, size_t most) {
    cl_tsv_field f;
    if (!cl_tsv_next(line, &f) || f.size > most || !cl_text_valid(f.text, f.size))
        return false;
    memcpy(name, f.text, f.size);
    name[f.size] = 0;
    return true;
}

bool cl_tsv_word(cl_tsv_line *line, cl_tsv_field *f) {
    return cl_tsv_next(line, f) && f->size && f->size <= CL_WORD_BYTES_MAX && cl_text_valid(f->text, f->size) &&
           !memchr(f->text, ' ', f->size);
}

static int32_t read_meta(tsv_reader *r) {
    char key[CL_META_KEY_MAX + 1], value[CL_META_VALUE_MAX + 1];
    if (!cl_tsv_name(&r->rest, key, CL_META_KEY_MAX) || !cl_meta_key_valid(key, strlen(key)) ||
        !cl_tsv_name(&r->rest, value, CL_META_VALUE_MAX) || r->rest.at <= r->rest.line_end)
        return corrupt(r, "bad metadata; want: meta, key, value");
    return cl_counts_set_meta(r->counts, key, value) ? CLASSIFY_OK : cl_nomem(r->error);
}

static int32_t read_cell(tsv_reader *r) {
    char names[3][256];
    uint64_t index, documents, words;
    if (!cl_tsv_number(&r->rest, &index) || index != r->counts->cell_count || !cl_tsv_name(&r->rest, names[0], CL_NAME_MAX) ||
        !cl_tsv_name(&r->rest, names[1], CL_NAME_MAX) || !cl_tsv_name(&r->rest, names[2], CL_NAME_MAX) ||
        !cl_tsv_number(&r->rest, &documents) || !cl_tsv_number(&r->rest, &words) || r->rest.at <= r->rest.line_end)
        return corrupt(r, "bad cell; want: cell, number (from 0, by one), source, language, label, documents, words");
    return cl_counts_read_cell(r->counts, names, documents, words, (uint64_t)(r->line - r->start), r->error);
}

static int32_t read_tallies(tsv_reader *r, cl_feature_table *table, uint32_t feature) {
    cl_tsv_field f;
    uint64_t next = 0;
    if (cl_feature_at(table, feature)->first.cell != CL_NO_CELL)
        return corrupt(r, "a word or pair that stands twice");
    while (cl_tsv_next(&r->rest, &f)) {
        const char *at = f.text, *end = f.text + f.size;
        uint64_t cell, occurrences, documents;
        if (!parse_number(&at, end, ':', &cell) || !parse_number(&at, end, ':', &occurrences) ||
            !parse_number(&at, end, 0, &documents) || cell < next || cell >= r->counts->cell_count || !documents ||
            documents > occurrences || occurrences > r->counts->cells[cell].words)
            return corrupt(r,
                           "bad tally; want cell:occurrences:documents, cells ascending, no more than the words of the cell");
        next = cell + 1;
        if (!cl_counts_append(r->counts, cl_feature_at(table, feature), (uint32_t)cell, occurrences, documents))
            return cl_nomem(r->error);
    }
    return CLASSIFY_OK;
}

static int32_t read_feature(tsv_reader *r, bool pair) {
    cl_tsv_field first, second;
    uint32_t feature, other;
    if (!cl_tsv_word(&r->rest, &first) || (pair && !cl_tsv_word(&r->rest, &second)))
        return corrupt(r, "bad word: want UTF-8 without spaces or control characters, at most 256 bytes");
    if (!cl_counts_word(r->counts, first.text, first.size, &feature))
        return cl_nomem(r->error);
    if (!pair)
        return read_tallies(r, &r->counts->words, feature);
    if (!cl_counts_word(r->counts, second.text, second.size, &other) || !cl_counts_pair(r->counts, feature, other, &feature))
        return cl_nomem(r->error);
    return read_tallies(r, &r->counts->pairs, feature);
}

static int32_t read_line(tsv_reader *r) {
    cl_tsv_field kind;
    if (r->line == r->rest.line_end || *r->line == '#' || !cl_tsv_next(&r->rest, &kind))
        return CLASSIFY_OK;
    if (is(kind, "word") || is(kind, "pair"))
        return read_feature(r, is(kind, "pair"));
    if (is(kind, "cell"))
        return read_cell(r);
    if (is(kind, "meta"))
        return read_meta(r);
    if (is(kind, "refined") || is(kind, "weight")) {
        const char *message = "";
        int32_t status = is(kind, "weight") ? cl_refined_read_weight(r->counts, &r->rest, &message)
                                            : cl_refined_read_header(r->counts, &r->rest, &message);
        return status == CLASSIFY_ERROR_NOMEM ? cl_nomem(r->error) : status ? corrupt(r, message) : CLASSIFY_OK;
    }
    return corrupt(r, "a line that is none of meta, cell, word, pair, refined, weight");
}

static int32_t read_version(tsv_reader *r) {
    uint64_t version;
    r->rest.at += strlen(CL_COUNTS_TSV_MAGIC);
    if (!cl_tsv_number(&r->rest, &version) || version != CL_COUNTS_VERSION)
        return cl_failf(r->error, CLASSIFY_ERROR_VERSION, strlen(CL_COUNTS_TSV_MAGIC),
                        "counts as text of another version; this library reads %d", CL_COUNTS_VERSION);
    return CLASSIFY_OK;
}

/* Lines may come in any order; what was read is brought to the order of the binary format by writing and reading it. */
static int32_t to_order(classify_counts *c, classify_counts **out, classify_error *error) {
    cl_counts_order order;
    cl_buffer bytes = {.allocator = &c->allocator};
    if (!cl_counts_sort(c, &order))
        return cl_nomem(error);
    int32_t status = cl_counts_write_binary(c, &order, &bytes) ? CLASSIFY_OK : cl_nomem(error);
    cl_counts_order_free(c, &order);
    if (!status)
        status = cl_counts_read_binary(out, bytes.data, bytes.size, &c->allocator, error);
    if (status && error)
        error->offset = 0; /* one into the binary form would mislead */
    cl_buffer_free(&bytes);
    return status;
}

int32_t cl_counts_read_tsv(classify_counts **out, const uint8_t *data, size_t size, const classify_allocator *a,
                           classify_error *error) {
    *out = NULL;
    tsv_reader r = {cl_counts_new(a), data, data, {data, data}, error};
    if (!r.counts)
        return cl_nomem(error);
    int32_t status = CLASSIFY_OK;
    for (const uint8_t *end = data + size, *next = data; !status && r.line < end; r.line = next) {
        const uint8_t *newline = memchr(r.line, '\n', (size_t)(end - r.line)), *stop = newline ? newline : end;
        next = newline ? newline + 1 : end;
        r.rest = (cl_tsv_line){r.line, stop > r.line && stop[-1] == '\r' ? stop - 1 : stop};
        status = r.line == data ? read_version(&r) : read_line(&r);
    }
    if (!status)
        status = to_order(r.counts, out, error);
    cl_counts_free(r.counts);
    return status;
}
