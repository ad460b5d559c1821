/* counts_file.c - the binary format of counts.
   May include: counts_file.h, counts.h, bytes.h.
   Must not know: where the bytes come from or go to. */
#include "counts_file.h"

#include "tokens.h"

#include <stdlib.h>

/* ---- Writing ---- */

static int compare_tallies(const void *a, const void *b) {
    uint32_t x = ((const cl_sorted_tally *)a)->cell, y = ((const cl_sorted_tally *)b)->cell;
    return (x > y) - (x < y);
}

size_t cl_counts_tallies(const classify_counts *c, const cl_counts_order *order, const cl_feature *feature,
                         cl_sorted_tally *list) {
    enum { FEW = 16 }; /* are sorted by insertion */
    size_t count = 0;
    for (const cl_tally *t = &feature->first; t; t = cl_tally_next(c, t))
        if (t->occurrences)
            list[count++] = (cl_sorted_tally){order->cell_rank[t->cell], t->occurrences, t->documents};
    if (count > FEW) {
        qsort(list, count, sizeof *list, compare_tallies);
        return count;
    }
    for (size_t i = 1; i < count; i++) {
        cl_sorted_tally moved = list[i];
        size_t at = i;
        for (; at && list[at - 1].cell > moved.cell; at--)
            list[at] = list[at - 1];
        list[at] = moved;
    }
    return count;
}

static void write_name(cl_buffer *out, const char *name) {
    cl_buffer_varint(out, strlen(name));
    cl_buffer_text(out, name);
}

/* Writes what says which feature it is (two numbers, and bytes), then its tallies. */
static void write_feature(const classify_counts *c, const cl_counts_order *order, const cl_feature *f, cl_sorted_tally *list,
                          const uint64_t numbers[2], const char *bytes, size_t size, cl_buffer *out) {
    size_t count = cl_counts_tallies(c, order, f, list);
    uint8_t *room = cl_buffer_spare(out, size + (3 + 3 * count) * CL_VARINT_MOST), *at = room;
    uint32_t next = 0;
    if (!room)
        return;
    at = cl_put_varint(cl_put_varint(at, numbers[0]), numbers[1]);
    memcpy(at, bytes, size);
    at = cl_put_varint(at + size, count);
    for (size_t i = 0; i < count; i++) {
        at = cl_put_varint(at, list[i].cell - next);
        at = cl_put_varint(at, list[i].documents - 1);
        at = cl_put_varint(at, list[i].occurrences - list[i].documents);
        next = list[i].cell + 1;
    }
    out->size += (size_t)(at - room);
}

/* Features lie in the order in which they were met: asks for one that comes soon, and for the tallies of one that comes sooner.
 */
enum { NEAR = 12, FAR = 24 };

static inline void fetch_tallies(const classify_counts *c, const cl_feature *f) {
    if (f->first.next != CLASSIFY_NONE)
        CL_PREFETCH(&c->tallies[f->first.next]);
}

static void write_words(const classify_counts *c, const cl_counts_order *order, cl_sorted_tally *list, cl_buffer *out) {
    const char *before = "";
    size_t before_size = 0;
    cl_buffer_varint(out, order->word_count);
    for (size_t i = 0; i < order->word_count; i++) {
        const cl_feature *f = cl_feature_at(&c->words, order->words[i]);
        const char *text = cl_word_text(c, f);
        const size_t size = cl_word_size(f);
        size_t shared = 0;
        if (i + FAR < order->word_count) {
            CL_PREFETCH(cl_feature_at(&c->words, order->words[i + FAR]));
            fetch_tallies(c, cl_feature_at(&c->words, order->words[i + NEAR]));
        }
        while (shared < before_size && shared < size && before[shared] == text[shared])
            shared++;
        write_feature(c, order, f, list, (uint64_t[]){shared, size - shared}, text + shared, size - shared, out);
        before = text, before_size = size;
    }
}

/* As write_feature, of a pair with a small tally. */
static inline void write_small(uint32_t tally, uint64_t first, uint64_t second, cl_buffer *out) {
    uint8_t *room = cl_buffer_spare(out, 6 * CL_VARINT_MOST), *at = room;
    if (!room)
        return;
    at = cl_put_varint(cl_put_varint(at, first), second);
    *at++ = 1;
    at = cl_put_varint(at, tally >> 16);
    at = cl_put_varint(cl_put_varint(at, tally >> 8 & 0xFF), tally & 0xFF);
    out->size += (size_t)(at - room);
}

static void write_pairs(const classify_counts *c, const cl_counts_order *order, cl_sorted_tally *list, cl_buffer *out) {
    const cl_sorted_pair *pairs = order->pairs;
    uint64_t first = 0, second = 0;
    cl_buffer_varint(out, order->pair_count);
    for (size_t i = 0; i < order->pair_count; i++) {
        const uint64_t a = pairs[i].key >> order->rank_bits, b = pairs[i].key & ((UINT64_C(1) << order->rank_bits) - 1);
        const uint64_t numbers[2] = {a - first, a == first ? b - second : b};
        if (i + FAR < order->pair_count && pairs[i + FAR].tally == CLASSIFY_NONE)
            CL_PREFETCH(cl_feature_at(&c->pairs, pairs[i + FAR].id));
        if (i + NEAR < order->pair_count && pairs[i + NEAR].tally == CLASSIFY_NONE)
            fetch_tallies(c, cl_feature_at(&c->pairs, pairs[i + NEAR].id));
        if (pairs[i].tally != CLASSIFY_NONE)
            write_small(pairs[i].tally, numbers[0], numbers[1], out);
        else
            write_feature(c, order, cl_feature_at(&c->pairs, pairs[i].id), list, numbers, "", 0, out);
        first = a, second = b;
    }
}

static void write_body(const classify_counts *c, const cl_counts_order *order, cl_sorted_tally *list, cl_buffer *out) {
    cl_buffer_varint(out, c->meta_count);
    for (size_t i = 0; i < c->meta_count; i++) {
        write_name(out, c->meta[i].key);
        write_name(out, c->meta[i].value);
    }
    cl_buffer_varint(out, c->cell_count);
    for (size_t i = 0; i < c->cell_count; i++) {
        const cl_cell *cell = &c->cells[order->cells[i]];
        write_name(out, cell->source);
        write_name(out, cell->language);
        write_name(out, cell->label);
        cl_buffer_varint(out, cell->documents);
        cl_buffer_varint(out, cell->words);
    }
    write_words(c, order, list, out);
    write_pairs(c, order, list, out);
    out->failed |= !cl_refined_write(c, order, out);
}

bool cl_counts_write_binary(const classify_counts *c, const cl_counts_order *order, cl_buffer *out) {
    cl_sorted_tally *list = cl_alloc(&c->allocator, c->cell_count, sizeof *list);
    if (!list)
        return false;
    cl_buffer_text(out, CL_COUNTS_MAGIC);
    cl_buffer_u32(out, CL_COUNTS_VERSION);
    cl_buffer_u32(out, 0);
    cl_buffer_u64(out, 0); /* size and checksum, set below */
    cl_buffer_u64(out, 0);
    write_body(c, order, list, out);
    if (!out->failed) {
        cl_put64(out->data + 16, out->size);
        cl_put64(out->data + 24, cl_checksum(out->data + CL_COUNTS_HEADER, out->size - CL_COUNTS_HEADER));
    }
    cl_release(&c->allocator, list, c->cell_count, sizeof *list);
    return !out->failed;
}

/* ---- Reading ---- */

typedef struct {
    classify_counts *counts;
    cl_reader in;
    classify_error *error;
} counts_reader;

static int32_t corrupt(counts_reader *r, const char *message) {
    return cl_fail(r->error, CLASSIFY_ERROR_CORRUPT, (uint64_t)(r->in.at - r->in.start), message);
}

/* A number of things that take at least `least` bytes each: more cannot follow than there are bytes. */
static bool read_count(counts_reader *r, size_t least, uint64_t *count) {
    *count = cl_read_varint(&r->in);
    return !r->in.failed && *count <= cl_reader_left(&r->in) / least;
}

/* A string of at most `most` bytes, NUL-terminated into name. */
static bool read_name(counts_reader *r, char *name, size_t most) {
    uint64_t size = cl_read_varint(&r->in);
    const uint8_t *bytes = r->in.failed || size > most ? NULL : cl_read_bytes(&r->in, (size_t)size);
    if (!bytes || !cl_text_valid((const char *)bytes, (size_t)size))
        return false;
    memcpy(name, bytes, (size_t)size);
    name[size] = 0;
    return true;
}

static int32_t read_meta(counts_reader *r) {
    char key[CL_META_KEY_MAX + 1], value[CL_META_VALUE_MAX + 1], before[CL_META_KEY_MAX + 1] = "";
    uint64_t count;
    if (!read_count(r, 2, &count))
        return corrupt(r, "impossible number of metadata entries");
    for (; count; count--) {
        if (!read_name(r, key, CL_META_KEY_MAX) || !cl_meta_key_valid(key, strlen(key)) || strcmp(before, key) >= 0 ||
            !read_name(r, value, CL_META_VALUE_MAX))
            return corrupt(r, "bad metadata");
        if (!cl_counts_set_meta(r->counts, key, value))
            return cl_nomem(r->error);
        memcpy(before, key, sizeof key);
    }
    return CLASSIFY_OK;
}

int32_t cl_counts_read_cell(classify_counts *c, char names[3][256], uint64_t documents, uint64_t words, uint64_t offset,
                            classify_error *error) {
    const cl_cell *before = c->cell_count ? &c->cells[c->cell_count - 1] : NULL;
    int order = before ? strcmp(before->source, names[0]) : -1;
    order = order ? order : strcmp(before->language, names[1]);
    order = order ? order : strcmp(before->label, names[2]);
    if (c->cell_count >= CL_CELLS_MAX || documents > CL_WORDS_MAX || words > CL_WORDS_MAX)
        return cl_fail(error, CLASSIFY_ERROR_LIMIT, offset,
                       "too many cells (source, language, label), or more than 2^40 words in one");
    if (order >= 0)
        return cl_fail(error, CLASSIFY_ERROR_CORRUPT, offset, "cells must ascend by source, language, label");
    if (!cl_counts_new_cell(c, names[0], names[1], names[2]))
        return cl_nomem(error);
    c->cells[c->cell_count - 1].documents = documents;
    c->cells[c->cell_count - 1].words = words;
    return CLASSIFY_OK;
}

static int32_t read_cells(counts_reader *r) {
    char names[3][256];
    uint64_t count;
    if (!read_count(r, 5, &count))
        return corrupt(r, "impossible number of cells");
    for (; count; count--) {
        for (int i = 0; i < 3; i++)
            if (!read_name(r, names[i], CL_NAME_MAX))
                return corrupt(r, "bad name of a source, language or label");
        uint64_t documents = cl_read_varint(&r->in), words = cl_read_varint(&r->in);
        if (r->in.failed)
            return corrupt(r, "cut short in the cells");
        int32_t status = cl_counts_read_cell(r->counts, names, documents, words, (uint64_t)(r->in.at - r->in.start), r->error);
        if (status)
            return status;
    }
    return CLASSIFY_OK;
}

static int32_t read_tallies(counts_reader *r, cl_feature_table *table, uint32_t feature) {
    uint64_t count, cell = 0;
    if (!read_count(r, 3, &count) || count > r->counts->cell_count)
        return corrupt(r, "impossible number of tallies");
    for (; count; count--, cell++) {
        uint64_t gap = cl_read_varint(&r->in), documents = cl_read_varint(&r->in), repeats = cl_read_varint(&r->in);
        if (r->in.failed || gap >= r->counts->cell_count - cell)
            return corrupt(r, "a tally out of range");
        cell += gap;
        uint64_t most = r->counts->cells[cell].words;
        if (documents >= most || repeats >= most - documents)
            return corrupt(r, "a tally of more than all words of its cell");
        if (!cl_counts_append(r->counts, cl_feature_at(table, feature), (uint32_t)cell, documents + 1 + repeats, documents + 1))
            return cl_nomem(r->error);
    }
    return CLASSIFY_OK;
}

static int32_t read_words(counts_reader *r) {
    char text[CL_WORD_BYTES_MAX + 1] = "";
    size_t size = 0;
    uint64_t count;
    if (!read_count(r, 4, &count) || count >= CLASSIFY_NONE)
        return corrupt(r, "impossible number of words");
    for (uint64_t i = 0; i < count; i++) {
        uint64_t shared = cl_read_varint(&r->in), more = cl_read_varint(&r->in);
        if (r->in.failed || shared > size || !more || more > CL_WORD_BYTES_MAX - shared)
            return corrupt(r, "a word out of range");
        const uint8_t *rest = cl_read_bytes(&r->in, (size_t)more);
        /* Ascending: the byte after the shared ones is greater than the one before, or there was none. */
        if (!rest || (shared < size && rest[0] <= (uint8_t)text[shared]))
            return corrupt(r, "words out of order");
        memcpy(text + shared, rest, (size_t)more);
        size = (size_t)(shared + more);
        uint32_t word;
        if (!cl_text_valid(text, size) || memchr(text, ' ', size))
            return corrupt(r, "a word that is not UTF-8, or holds a space or control character");
        if (!cl_counts_word(r->counts, text, size, &word))
            return cl_nomem(r->error);
        int32_t status = read_tallies(r, &r->counts->words, word);
        if (status)
            return status;
    }
    return CLASSIFY_OK;
}

static int32_t read_pairs(counts_reader *r) {
    uint64_t count, first = 0, second = 0, words = r->counts->words.count;
    if (!read_count(r, 6, &count) || count >= CLASSIFY_NONE)
        return corrupt(r, "impossible number of pairs");
    for (uint64_t i = 0; i < count; i++) {
        uint64_t a = cl_read_varint(&r->in), b = cl_read_varint(&r->in);
        bool same = a == 0;
        if (r->in.failed || a > words - first || (same && b > words - second) || (same && i && !b))
            return corrupt(r, "a pair out of range or order");
        first += a;
        second = same ? second + b : b;
        if (first >= words || second >= words)
            return corrupt(r, "a pair of words that are not there");
        uint32_t pair;
        if (!cl_counts_new_pair(r->counts, (uint32_t)first, (uint32_t)second, &pair))
            return cl_nomem(r->error);
        int32_t status = read_tallies(r, &r->counts->pairs, pair);
        if (status)
            return status;
    }
    return CLASSIFY_OK;
}

static int32_t read_all(counts_reader *r) {
    int32_t status;
    if ((status = read_meta(r)) || (status = read_cells(r)) || (status = read_words(r)) || (status = read_pairs(r)) ||
        (status = cl_refined_read(r->counts, &r->in, r->error)))
        return status;
    return cl_reader_left(&r->in) ? corrupt(r, "more bytes than the counts need") : CLASSIFY_OK;
}

int32_t cl_counts_read_binary(classify_counts **out, const uint8_t *data, size_t size, const classify_allocator *a,
                              classify_error *error) {
    *out = NULL;
    if (size < 8 || memcmp(data, CL_COUNTS_MAGIC, 8))
        return cl_fail(error, CLASSIFY_ERROR_FORMAT, 0, "not a counts file (it does not begin with LCCOUNTS)");
    if (size < CL_COUNTS_HEADER)
        return cl_fail(error, CLASSIFY_ERROR_CORRUPT, size, "counts file cut short in its header");
    if (cl_le32(data + 8) != CL_COUNTS_VERSION)
        return cl_failf(error, CLASSIFY_ERROR_VERSION, 8, "counts file of version %u; this library reads version %d",
                        (unsigned)cl_le32(data + 8), CL_COUNTS_VERSION);
    if (cl_le32(data + 12))
        return cl_fail(error, CLASSIFY_ERROR_CORRUPT, 12, "a reserved field of the counts file is not zero");
    if (cl_le64(data + 16) != size)
        return cl_fail(error, CLASSIFY_ERROR_CORRUPT, 16, "counts file cut short or with bytes added");
    if (cl_le64(data + 24) != cl_checksum(data + CL_COUNTS_HEADER, size - CL_COUNTS_HEADER))
        return cl_fail(error, CLASSIFY_ERROR_CORRUPT, 24, "the checksum of the counts file does not match: it was damaged");
    counts_reader r = {cl_counts_new(a), {data, data + CL_COUNTS_HEADER, data + size, false}, error};
    if (!r.counts)
        return cl_nomem(error);
    int32_t status = read_all(&r);
    if (status)
        cl_counts_free(r.counts);
    else
        *out = r.counts;
    return status;
}
