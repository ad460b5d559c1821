/* compile_write.c - weights to the bytes of a model: which words and pairs are kept, rows, tables, sections.
   May include: compile.h, feature_stream.h (the pieces of a word).
   Must not know: where weights come from. */
#include "compile.h"
#include "feature_stream.h"
#include "logfix.h"

#include <stdlib.h>

typedef struct {
    cl_compiler *c;
    cl_buffer sections[CL_SECTIONS];
    size_t columns, row_stride; /* of a row of labels */
    uint32_t words, pairs, wide_rows, language_rows, part_rows, language_bits;
    cl_index index;      /* equal rows are written once: those of languages, then those of parts */
    uint32_t *term_rows; /* by term: its wide row, or CLASSIFY_NONE */
    int32_t *row;        /* scratch: [covered][labels] */
} writer;

/* ---- Rows and tables ---- */

/* Puts a row: weights as i16, each clamped, the first again where columns are left. */
static void put_row(const writer *w, uint8_t *row, const int32_t *weights) {
    for (size_t i = 0; i < w->columns; i++) {
        int32_t v = weights[i < w->c->label_count ? i : 0];
        cl_put16(row + 2 * i, (uint16_t)(v > INT16_MAX ? INT16_MAX : v < -INT16_MAX ? -INT16_MAX : v));
    }
}

/* Appends a wide row; returns its number. */
static uint32_t wide_row(writer *w, const int32_t *weights) {
    cl_buffer *out = &w->sections[CL_WIDE_ROWS];
    for (uint32_t l = 0; l < w->c->covered; l++) {
        uint8_t *row = cl_buffer_room(out, w->row_stride);
        if (row)
            put_row(w, row, weights + (size_t)l * w->c->label_count);
    }
    return w->wide_rows++;
}

/* What a slot of a table is filled with. */
typedef struct {
    uint64_t hash;
    uint32_t value;
    uint32_t wide;          /* number of a wide row, where the value says so */
    const int32_t *weights; /* else [labels] */
} filling;

/* Does one language alone have it, or none, where `mask` are those that have it? Sets *home to that language. */
static bool is_narrow(const writer *w, uint32_t mask, uint32_t *home) {
    if (w->c->covered > 32 || mask & (mask - 1))
        return false;
    for (*home = 0; mask >> *home > 1;)
        ++*home;
    return true;
}

enum { FULL = 85 }; /* percent of the slots of a table */

/* A table with room for `count` fillings, all empty. The first ones put lie nearest to where a search begins. */
static void start_table(writer *w, cl_section s, size_t count) {
    size_t buckets = count * 100 / (FULL * CL_SLOTS) + 1;
    for (size_t i = 0; i < buckets; i++) {
        uint8_t *bucket = cl_buffer_room(&w->sections[s], CL_BUCKET_HEAD + CL_SLOTS * w->row_stride);
        if (bucket)
            memset(bucket, 0xFF, CL_BUCKET_HEAD);
    }
}

static void fill(writer *w, cl_section s, const filling *f) {
    cl_buffer *out = &w->sections[s];
    if (out->failed)
        return;
    cl_table t = {out->data, 0, (uint32_t)(CL_BUCKET_HEAD + CL_SLOTS * w->row_stride)};
    t.count = (uint32_t)(out->size / t.stride);
    uint8_t *bucket = (uint8_t *)cl_table_bucket(&t, f->hash);
    unsigned slot;
    for (;;) {
        for (slot = 0; slot < CL_SLOTS && cl_le32(bucket + 16 + 4 * slot) != CLASSIFY_NONE;)
            slot++;
        if (slot < CL_SLOTS)
            break;
        bucket = bucket + t.stride == out->data + out->size ? out->data : bucket + t.stride;
    }
    cl_put32(bucket + 4 * slot, (uint32_t)(f->hash >> 32));
    cl_put32(bucket + 16 + 4 * slot, f->value);
    uint8_t *row = bucket + CL_BUCKET_HEAD + slot * w->row_stride;
    if (!f->weights)
        cl_put32(row, f->wide);
    else
        put_row(w, row, f->weights);
}

/* The number of a row of numbers, the same for equal ones; *fresh where it is new, and the caller has to write it. */
static uint32_t row_number(cl_index *index, const int32_t *row, uint32_t width, uint32_t *rows, bool *fresh) {
    uint64_t hash = CL_HASH_SEED;
    for (uint32_t i = 0; i < width; i++)
        hash = cl_hash_step(hash, (uint32_t)row[i]);
    size_t slot = cl_index_slot(index, cl_hash_end(hash));
    *fresh = index->indices[slot] == CLASSIFY_NONE;
    if (*fresh) {
        index->hashes[slot] = cl_hash_end(hash);
        index->indices[slot] = (*rows)++;
    }
    return index->indices[slot];
}

/* ---- Words ---- */

typedef struct {
    uint64_t mass;
    uint32_t rank;
} word_mass;

static int by_mass(const void *a, const void *b) {
    const word_mass *x = a, *y = b;
    if (x->mass != y->mass)
        return x->mass < y->mass ? 1 : -1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static int by_rank(const void *a, const void *b) {
    uint32_t x = ((const word_mass *)a)->rank, y = ((const word_mass *)b)->rank;
    return (x > y) - (x < y);
}

/* The words that have a term, those of the greatest weighted counts first and, where there are too many, alone. */
static size_t choose_words(writer *w, word_mass *list) {
    cl_compiler *c = w->c;
    size_t count = 0;
    for (size_t rank = 0; rank < c->order.word_count; rank++) {
        if (c->word_terms[rank] == CLASSIFY_NONE)
            continue;
        const cl_feature *f = cl_feature_at(&c->counts->words, c->order.words[rank]);
        size_t tallies = cl_counts_tallies(c->counts, &c->order, f, c->tallies);
        uint64_t mass = 0;
        for (size_t i = 0; i < tallies; i++)
            mass += c->tallies[i].occurrences * (c->label_scale[c->tallies[i].cell] + c->language_scale[c->tallies[i].cell]);
        list[count++] = (word_mass){mass, (uint32_t)rank};
    }
    if (count)
        qsort(list, count, sizeof *list, by_mass);
    return count < c->options.max_words ? count : c->options.max_words;
}

/* A word's weights for languages, in steps, each a multiple of `coarse`: rounded, so that many words share a row. */
static void language_row(const writer *w, const cl_feature *f, int32_t coarse, int32_t *row) {
    cl_compiler *c = w->c;
    uint64_t sums[CL_LANGUAGES_MAX] = {0}, all = 0;
    const uint64_t total = (uint64_t)c->options.label_words * CL_ONE << 6; /* of each language: language_scale */
    const int32_t step = coarse * CL_LANGUAGE_STEP;
    size_t tallies = cl_counts_tallies(c->counts, &c->order, f, c->tallies);
    for (size_t i = 0; i < tallies; i++) {
        uint64_t amount = c->tallies[i].occurrences * c->language_scale[c->tallies[i].cell];
        sums[c->cell_language[c->tallies[i].cell]] += amount;
        all += amount;
    }
    for (uint32_t l = 0; l < c->language_count; l++) {
        int32_t v = all ? cl_dirichlet(sums[l], total, all, total * c->language_count, total / 16) : 0;
        v = (v + (v < 0 ? -step / 2 : step / 2)) / step * coarse;
        row[l] = v > CL_LANGUAGE_MOST ? CL_LANGUAGE_MOST : v < -CL_LANGUAGE_MOST ? -CL_LANGUAGE_MOST : v;
    }
}

static uint32_t bits_of(uint32_t number) {
    uint32_t bits = 0;
    for (; number; number >>= 1)
        bits++;
    return bits;
}

/* Writes the language rows of words, and sets their numbers. The number of a row stands in 31 bits with that of a term: where
   they are too many, the rows are made coarser until it does. */
static bool write_language_rows(writer *w, const word_mass *list, size_t count, uint32_t *numbers) {
    cl_compiler *c = w->c;
    cl_buffer *out = &w->sections[CL_LANGUAGE_ROWS];
    size_t stride = ((size_t)c->language_count + 15) / 16 * 16;
    int32_t row[CL_LANGUAGES_MAX];
    for (int32_t coarse = 1;; coarse *= 2) {
        if (!cl_index_new(&w->index, count, &c->a))
            return false;
        w->language_rows = 0;
        out->size = 0;
        for (size_t i = 0; i < count; i++) {
            bool fresh;
            language_row(w, cl_feature_at(&c->counts->words, c->order.words[list[i].rank]), coarse, row);
            numbers[i] = row_number(&w->index, row, c->language_count, &w->language_rows, &fresh);
            uint8_t *to = fresh ? cl_buffer_room(out, stride) : NULL;
            for (uint32_t l = 0; to && l < c->language_count; l++)
                to[l] = (uint8_t)row[l];
        }
        cl_index_free(&w->index, &c->a);
        w->language_bits = bits_of(w->language_rows ? w->language_rows - 1 : 0);
        if (w->language_bits + bits_of(c->terms.count) <= 31)
            return true;
    }
}

static void add_piece(void *context, uint64_t hash) {
    writer *w = context;
    cl_compiler *c = w->c;
    uint32_t part = c->part_index.indices[cl_index_slot(&c->part_index, hash)];
    for (size_t i = 0; part != CLASSIFY_NONE && i < c->columns; i++)
        w->row[i] += c->parts.weights[part * c->columns + i];
}

/* Points a filling to the weights of a term or of a word of it: a row, or a wide one where several languages have the term. The
   same wide row for all where `shared`, the number of it, is not NULL. */
static void fill_labels(writer *w, filling *f, const int32_t *weights, uint32_t mask, uint32_t *shared) {
    static const int32_t none[CL_LABELS_MAX] = {0}; /* of a word that only tells the language */
    uint32_t home;
    if (is_narrow(w, mask, &home)) {
        f->weights = mask ? weights + (size_t)home * w->c->label_count : none;
        return;
    }
    f->value |= CL_WIDE;
    f->wide = shared && *shared != CLASSIFY_NONE ? *shared : wide_row(w, weights);
    if (shared)
        *shared = f->wide;
}

static void write_word(writer *w, uint32_t rank, uint32_t language) {
    cl_compiler *c = w->c;
    const cl_feature *f = cl_feature_at(&c->counts->words, c->order.words[rank]);
    const char *text = cl_word_text(c->counts, f);
    uint32_t term = c->word_terms[rank], chars[CL_WORD_MAX];
    const int32_t *weights = c->terms.weights + term * c->columns;
    filling slot = {cl_hash_word(text, cl_word_size(f)), term << w->language_bits | language, 0, NULL};
    bool own = c->counts->refinement && *text != '<'; /* the term's, with the weights of its pieces where these have any */
    if (own) {
        memcpy(w->row, weights, c->columns * sizeof *w->row);
        cl_word_parts(chars, cl_compile_word(c, rank, chars), add_piece, w);
    }
    fill_labels(w, &slot, own ? w->row : weights, c->term_masks[term], own ? NULL : &w->term_rows[term]);
    fill(w, CL_WORDS, &slot);
}

static bool write_words(writer *w) {
    cl_compiler *c = w->c;
    size_t most = c->order.word_count;
    word_mass *list = cl_alloc(&c->a, most, sizeof *list);
    uint32_t *languages = cl_alloc(&c->a, most, sizeof *languages);
    size_t count = list && languages ? choose_words(w, list) : 0;
    bool ok = list && languages && write_language_rows(w, list, count, languages);
    w->words = (uint32_t)count;
    start_table(w, CL_WORDS, ok ? count : 0);
    for (size_t i = 0; ok && i < count; i++)
        write_word(w, list[i].rank, languages[i]);
    cl_release(&c->a, list, most, sizeof *list);
    cl_release(&c->a, languages, most, sizeof *languages);
    return ok;
}

static void write_terms(writer *w) {
    cl_compiler *c = w->c;
    start_table(w, CL_TERMS, c->terms.count);
    for (uint32_t t = 0; t < c->terms.count; t++) {
        const char *text = (const char *)c->term_text.data + c->term_offsets[t];
        filling slot = {cl_hash_word(text, strlen(text)), t, 0, NULL};
        fill_labels(w, &slot, c->terms.weights + t * c->columns, c->term_masks[t], &w->term_rows[t]);
        fill(w, CL_TERMS, &slot);
        cl_buffer_u32(&w->sections[CL_TERM_NAMES], c->term_offsets[t]);
        cl_buffer_u32(&w->sections[CL_TERM_NAMES], c->term_masks[t]);
    }
    cl_buffer_bytes(&w->sections[CL_TERM_TEXT], c->term_text.data, c->term_text.size);
}

/* ---- Pairs and parts ---- */

/* A pair is of the language that has it most. */
static uint32_t pair_language(const cl_compiler *c, uint32_t pair, uint64_t *mass) {
    uint32_t home = 0;
    *mass = 0;
    for (uint32_t language = 0; language < c->covered; language++) {
        uint64_t all = 0;
        for (uint32_t l = 0; l < c->label_count; l++)
            all += c->pairs.sums[pair * c->columns + (size_t)language * c->label_count + l];
        if (all > *mass)
            *mass = all, home = language;
    }
    return home;
}

/* Each pair sets two bits of one word of 64 to tell it from pairs that the table does not have; a word of them for eight pairs.
 */
static void write_filter(writer *w, const word_mass *list, size_t count) {
    cl_buffer *out = &w->sections[CL_PAIR_FILTER];
    size_t words = 1;
    while (words * 8 < count)
        words *= 2;
    uint8_t *bits = cl_buffer_room(out, words * 8);
    for (size_t i = 0; bits && i < count; i++) {
        uint64_t terms = w->c->pair_terms[list[i].rank], hash = cl_hash_two((uint32_t)(terms >> 32), (uint32_t)terms);
        uint8_t *word = bits + 8 * (hash & (words - 1));
        cl_put64(word, cl_le64(word) | UINT64_C(1) << (hash >> 32 & 63) | UINT64_C(1) << (hash >> 38 & 63));
    }
}

/* The most telling pairs: mass times spread. */
static bool write_pairs(writer *w) {
    cl_compiler *c = w->c;
    word_mass *list = cl_alloc(&c->a, c->pairs.count, sizeof *list);
    for (uint32_t i = 0; list && i < c->pairs.count; i++) {
        uint64_t mass;
        const int32_t *weights = c->pairs.weights + i * c->columns + (size_t)pair_language(c, i, &mass) * c->label_count;
        int32_t low = INT32_MAX, high = INT32_MIN;
        for (uint32_t l = 0; l < c->label_count; l++) {
            low = weights[l] < low ? weights[l] : low;
            high = weights[l] > high ? weights[l] : high;
        }
        list[i] = (word_mass){cl_muldiv(mass, (uint64_t)(high - low), CL_WEIGHT_SCALE), i};
    }
    size_t count = list ? c->pairs.count : 0;
    if (count > c->options.max_pairs) {
        qsort(list, count, sizeof *list, by_mass);
        count = c->options.max_pairs;
        qsort(list, count, sizeof *list, by_rank);
    }
    start_table(w, CL_PAIRS, count);
    for (size_t i = 0; i < count; i++) {
        uint64_t mass, terms = c->pair_terms[list[i].rank];
        uint32_t language = pair_language(c, list[i].rank, &mass), first = (uint32_t)(terms >> 32), second = (uint32_t)terms;
        const int32_t *weights = c->pairs.weights + list[i].rank * c->columns + (size_t)language * c->label_count;
        fill(w, CL_PAIRS, &(filling){cl_hash_two(first, second), (uint32_t)i, 0, weights});
        cl_buffer_u32(&w->sections[CL_PAIR_NAMES], first);
        cl_buffer_u32(&w->sections[CL_PAIR_NAMES], second);
    }
    write_filter(w, list, count);
    w->pairs = (uint32_t)count;
    cl_release(&c->a, list, c->pairs.count, sizeof *list);
    return list || !c->pairs.count;
}

/* The languages for whose labels a piece has weights. */
static uint32_t part_mask(const cl_compiler *c, const int32_t *weights) {
    uint32_t mask = 0;
    for (uint32_t l = 0; l < c->covered && l < 32; l++)
        for (uint32_t i = 0; i < c->label_count; i++)
            mask |= weights[(size_t)l * c->label_count + i] ? 1u << l : 0;
    return mask;
}

static bool write_parts(writer *w) {
    cl_compiler *c = w->c;
    start_table(w, CL_PARTS, c->parts.count);
    if (!cl_index_new(&w->index, c->parts.count, &c->a))
        return false;
    for (uint32_t i = 0; i < c->parts.count; i++) {
        const int32_t *weights = c->parts.weights + i * c->columns;
        int32_t row[CL_LANGUAGES_MAX];
        for (uint32_t l = 0; l < c->language_count; l++)
            row[l] = (int16_t)(c->part_languages[(size_t)i * c->language_count + l] / 4);
        bool fresh;
        uint32_t home, number = row_number(&w->index, row, c->language_count, &w->part_rows, &fresh);
        for (uint32_t l = 0; fresh && l < c->language_count; l++)
            cl_buffer_u16(&w->sections[CL_PART_ROWS], (uint16_t)row[l]);
        filling slot = {c->part_hashes[i], number, 0, NULL};
        if (is_narrow(w, part_mask(c, weights), &home)) {
            slot.value |= home << CL_PART_HOME;
            slot.weights = weights + (size_t)home * c->label_count;
        } else {
            slot.value |= CL_WIDE;
            slot.wide = wide_row(w, weights);
        }
        fill(w, CL_PARTS, &slot);
    }
    cl_index_free(&w->index, &c->a);
    return w->part_rows < CL_PART_LIMIT;
}

/* ---- The rest ---- */

static void write_names(writer *w) {
    cl_compiler *c = w->c;
    for (size_t i = 0; i < c->counts->meta_count; i++) {
        cl_buffer_bytes(&w->sections[CL_META], c->counts->meta[i].key, strlen(c->counts->meta[i].key) + 1);
        cl_buffer_bytes(&w->sections[CL_META], c->counts->meta[i].value, strlen(c->counts->meta[i].value) + 1);
    }
    for (uint32_t l = 0; l < c->label_count; l++)
        cl_buffer_bytes(&w->sections[CL_LABELS], c->labels[l], strlen(c->labels[l]) + 1);
    for (uint32_t l = 0; l < c->language_count; l++)
        cl_buffer_bytes(&w->sections[CL_LANGUAGES], c->languages[l], strlen(c->languages[l]) + 1);
}

static void write_calibration(writer *w) {
    for (uint32_t l = 0; l < w->c->covered; l++) {
        for (int i = 0; i < CL_CALIBRATION_FIELDS; i++)
            cl_buffer_u32(&w->sections[CL_CALIBRATION], w->c->calibration[l][i]);
        for (uint32_t i = 0; i < w->c->label_count; i++)
            cl_buffer_u32(&w->sections[CL_PRIORS], 0);
    }
}

enum { LINE = 64 }; /* sections begin at lines of cache */

static void write_file(writer *w, uint64_t analyzer_id, cl_buffer *out) {
    cl_compiler *c = w->c;
    uint64_t documents = 0;
    for (size_t i = 0; i < c->counts->cell_count; i++)
        documents += c->counts->cells[i].documents;
    cl_buffer_text(out, CL_MODEL_MAGIC);
    cl_buffer_u32(out, CL_MODEL_VERSION);
    cl_buffer_u32(out, 0);
    cl_buffer_u64(out, 0); /* size and checksum, set below */
    cl_buffer_u64(out, 0);
    cl_buffer_u64(out, analyzer_id);
    cl_buffer_u64(out, documents);
    const uint32_t numbers[] = {c->label_count, c->language_count, c->covered,       w->words,     c->terms.count,   w->pairs,
                                c->parts.count, w->wide_rows,      w->language_rows, w->part_rows, w->language_bits, 0};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        cl_buffer_u32(out, numbers[i]);
    uint64_t offset = (CL_MODEL_HEADER + LINE - 1) / LINE * LINE;
    for (int s = 0; s < CL_SECTIONS; s++) {
        cl_buffer_u64(out, offset);
        cl_buffer_u64(out, w->sections[s].size);
        offset += (w->sections[s].size + LINE - 1) / LINE * LINE;
    }
    for (int s = 0; s < CL_SECTIONS; s++) {
        cl_buffer_align(out, LINE);
        cl_buffer_bytes(out, w->sections[s].data, w->sections[s].size);
        out->failed |= w->sections[s].failed;
    }
    if (out->failed)
        return;
    cl_put64(out->data + 16, out->size);
    cl_put64(out->data + 24, cl_checksum(out->data + 32, out->size - 32));
}

bool cl_compile_write(cl_compiler *c, uint64_t analyzer_id, cl_buffer *out) {
    writer w = {.c = c};
    for (int s = 0; s < CL_SECTIONS; s++)
        w.sections[s].allocator = &c->a;
    w.columns = cl_row_columns(c->label_count);
    w.row_stride = 2 * w.columns;
    w.row = cl_calloc(&c->a, c->columns, sizeof *w.row);
    w.term_rows = cl_alloc(&c->a, c->terms.count, sizeof *w.term_rows);
    for (uint32_t t = 0; w.term_rows && t < c->terms.count; t++)
        w.term_rows[t] = CLASSIFY_NONE;
    bool ok = w.row && w.term_rows && write_words(&w) && write_pairs(&w) && write_parts(&w);
    if (ok) {
        write_terms(&w);
        write_names(&w);
        write_calibration(&w);
        write_file(&w, analyzer_id, out);
    }
    for (int s = 0; s < CL_SECTIONS; s++)
        cl_buffer_free(&w.sections[s]);
    cl_index_free(&w.index, &c->a);
    cl_release(&c->a, w.row, c->columns, sizeof *w.row);
    cl_release(&c->a, w.term_rows, c->terms.count, sizeof *w.term_rows);
    return ok && !out->failed;
}
