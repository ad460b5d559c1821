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
        const cl_feature *f = &c->words.items[order->words[i]];
        cl_buffer_text(out, "word");
        write_field(out, c->strings + f->text, f->size);
        write_tallies(c, order, f, list, out);
    }
    for (size_t i = 0; i < order->pair_count; i++) {
        const cl_feature *f = &c->pairs.items[order->pairs[i]];
        const cl_feature *first = &c->words.items[f->text >> 32], *second = &c->words.items[(uint32_t)f->text];
        cl_buffer_text(out, "pair");
        write_field(out, c->strings + first->text, first->size);
        write_field(out, c->strings + second->text, second->size);
        write_tallies(c, order, f, list, out);
    }
    cl_release(&c->allocator, list, c->cell_count, sizeof *list);
    return !out->failed;
}

/* ---- Reading ---- */

typedef struct {
    const char *text;
    size_t size;
} field;

typedef struct {
    classify_counts *counts;
    const uint8_t *start, *at, *line, *line_end;
    classify_error *error;
} tsv_reader;

static int32_t corrupt(const tsv_reader *r, const char *message) {
    return cl_fail(r->error, CLASSIFY_ERROR_CORRUPT, (uint64_t)(r->line - r->start), message);
}

/* The next field of the line; false where there is none. */
static bool next_field(tsv_reader *r, field *f) {
    if (r->at > r->line_end)
        return false;
    const uint8_t *tab = memchr(r->at, '\t', (size_t)(r->line_end - r->at));
    const uint8_t *stop = tab ? tab : r->line_end;
    *f = (field){(const char *)r->at, (size_t)(stop - r->at)};
    r->at = stop + 1;
    return true;
}

static bool is(field f, const char *text) { return f.size == strlen(text) && !memcmp(f.text, text, f.size); }

/* Decimal digits up to `stop`; false for anything else, and from 2^62 on. */
static bool parse_number(const char **at, const char *end, char stop, uint64_t *n) {
    const char *p = *at;
    *n = 0;
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        if (*n > (UINT64_MAX >> 2) / 10 - 1)
            return false;
        *n = *n * 10 + (uint64_t)(*p - '0');
    }
    bool ok = p > *at && (p == end ? !stop : *p == stop);
    *at = p + (p < end);
    return ok;
}

static bool number_field(tsv_reader *r, uint64_t *n) {
    field f;
    if (!next_field(r, &f))
        return false;
    const char *at = f.text;
    return parse_number(&at, f.text + f.size, 0, n);
}

static bool name_field(tsv_reader *r, char *name, size_t most) {
    field f;
    if (!next_field(r, &f) || f.size > most || !cl_text_valid(f.text, f.size))
        return false;
    memcpy(name, f.text, f.size);
    name[f.size] = 0;
    return true;
}

static int32_t read_meta(tsv_reader *r) {
    char key[CL_META_KEY_MAX + 1], value[CL_META_VALUE_MAX + 1];
    if (!name_field(r, key, CL_META_KEY_MAX) || !cl_meta_key_valid(key, strlen(key)) || !name_field(r, value, CL_META_VALUE_MAX))
        return corrupt(r, "bad metadata; want: meta, key, value");
    return cl_counts_set_meta(r->counts, key, value) ? CLASSIFY_OK : cl_nomem(r->error);
}

static int32_t read_cell(tsv_reader *r) {
    char names[3][256];
    uint64_t index, documents, words;
    if (!number_field(r, &index) || index != r->counts->cell_count || !name_field(r, names[0], CL_NAME_MAX) ||
        !name_field(r, names[1], CL_NAME_MAX) || !name_field(r, names[2], CL_NAME_MAX) || !number_field(r, &documents) ||
        !number_field(r, &words))
        return corrupt(r, "bad cell; want: cell, number (from 0, by one), source, language, label, documents, words");
    return cl_counts_read_cell(r->counts, names, documents, words, (uint64_t)(r->line - r->start), r->error);
}

static int32_t read_tallies(tsv_reader *r, cl_feature_table *table, uint32_t feature) {
    field f;
    while (next_field(r, &f)) {
        const char *at = f.text, *end = f.text + f.size;
        uint64_t cell, occurrences, documents;
        if (!parse_number(&at, end, ':', &cell) || !parse_number(&at, end, ':', &occurrences) ||
            !parse_number(&at, end, 0, &documents) || cell >= r->counts->cell_count || !documents || documents > occurrences)
            return corrupt(r, "bad tally; want cell:occurrences:documents");
        if (!cl_counts_tally(r->counts, &table->items[feature], (uint32_t)cell, occurrences, documents))
            return cl_nomem(r->error);
    }
    return CLASSIFY_OK;
}

static bool word_field(tsv_reader *r, field *f) {
    return next_field(r, f) && f->size && f->size <= CL_WORD_BYTES_MAX && cl_text_valid(f->text, f->size) &&
           !memchr(f->text, ' ', f->size);
}

static int32_t read_feature(tsv_reader *r, bool pair) {
    field first, second;
    uint32_t feature, other;
    if (!word_field(r, &first) || (pair && !word_field(r, &second)))
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
    field kind;
    if (r->line == r->line_end || *r->line == '#' || !next_field(r, &kind))
        return CLASSIFY_OK;
    if (is(kind, "word") || is(kind, "pair"))
        return read_feature(r, is(kind, "pair"));
    if (is(kind, "cell"))
        return read_cell(r);
    if (is(kind, "meta"))
        return read_meta(r);
    return corrupt(r, "a line that is none of meta, cell, word, pair");
}

int32_t cl_counts_read_tsv(classify_counts **out, const uint8_t *data, size_t size, const classify_allocator *a,
                           classify_error *error) {
    *out = NULL;
    tsv_reader r = {cl_counts_new(a), data, data, data, data, error};
    if (!r.counts)
        return cl_nomem(error);
    int32_t status = CLASSIFY_OK;
    for (const uint8_t *end = data + size; !status && r.line < end; r.line = r.line_end + 1) {
        const uint8_t *newline = memchr(r.line, '\n', (size_t)(end - r.line));
        r.line_end = newline ? newline : end;
        r.at = r.line;
        status = read_line(&r);
    }
    if (status)
        cl_counts_free(r.counts);
    else
        *out = r.counts;
    return status;
}
