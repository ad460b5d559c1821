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
    uint32_t words, pairs, wide_rows, narrow_rows, language_rows;
    cl_index language_index; /* equal rows are written once */
    uint32_t *term_rows;     /* by term */
    int32_t *row;            /* scratch: [covered][labels] */
} writer;

/* Appends weights as i16, each clamped, with the spread of each language's behind them. */
static void write_row(writer *w, cl_section s, const int32_t *weights, uint32_t languages) {
    uint32_t labels = w->c->label_count;
    for (uint32_t language = 0; language < languages; language++) {
        int32_t low = INT16_MAX, high = -INT16_MAX;
        for (uint32_t l = 0; l < labels; l++) {
            int32_t v = weights[(size_t)language * labels + l];
            v = v > INT16_MAX ? INT16_MAX : v < -INT16_MAX ? -INT16_MAX : v;
            low = v < low ? v : low;
            high = v > high ? v : high;
            cl_buffer_u16(&w->sections[s], (uint16_t)v);
        }
        cl_buffer_u16(&w->sections[s], (uint16_t)(high - low > INT16_MAX ? INT16_MAX : high - low));
    }
}

/* Writes the weights of a term or word: a wide row, or a narrow one where one language alone has it. Returns its number. */
static uint32_t label_row(writer *w, const int32_t *weights, uint32_t mask) {
    uint32_t home = 0;
    if (!mask && w->c->covered <= 32)
        return CL_NARROW; /* the first narrow row, of zeros: a word that only tells the language */
    if (w->c->covered > 32 || mask & (mask - 1)) {
        write_row(w, CL_WIDE_ROWS, weights, w->c->covered);
        return w->wide_rows++;
    }
    while (!(mask >> home & 1))
        home++;
    write_row(w, CL_NARROW_ROWS, weights + (size_t)home * w->c->label_count, 1);
    return w->narrow_rows++ | CL_NARROW;
}

/* A table of hash -> 0, 1, 2, ... at most two thirds full. */
static void write_table(writer *w, cl_section s, const uint64_t *hashes, uint32_t count) {
    size_t slots = 8;
    while (slots < (size_t)count * 3 / 2 + 2)
        slots *= 2;
    cl_buffer *out = &w->sections[s];
    for (size_t i = 0; i < slots; i++)
        cl_buffer_u64(out, UINT64_MAX);
    for (uint32_t i = 0; !out->failed && i < count; i++) {
        size_t at = hashes[i] & (slots - 1);
        while (cl_le32(out->data + at * 8 + 4) != CLASSIFY_NONE)
            at = (at + 1) & (slots - 1);
        cl_put32(out->data + at * 8, (uint32_t)(hashes[i] >> 32));
        cl_put32(out->data + at * 8 + 4, i);
    }
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

/* The words that have a term; where they are too many, those of the greatest weighted counts. In order of rank. */
static size_t choose_words(writer *w, word_mass *list) {
    cl_compiler *c = w->c;
    size_t count = 0;
    for (size_t rank = 0; rank < c->order.word_count; rank++) {
        if (c->word_terms[rank] == CLASSIFY_NONE)
            continue;
        const cl_feature *f = &c->counts->words.items[c->order.words[rank]];
        size_t tallies = cl_counts_tallies(c->counts, &c->order, f, c->tallies);
        uint64_t mass = 0;
        for (size_t i = 0; i < tallies; i++)
            mass += c->tallies[i].occurrences * (c->label_scale[c->tallies[i].cell] + c->language_scale[c->tallies[i].cell]);
        list[count++] = (word_mass){mass, (uint32_t)rank};
    }
    if (count > c->options.max_words) {
        qsort(list, count, sizeof *list, by_mass);
        count = c->options.max_words;
        qsort(list, count, sizeof *list, by_rank);
    }
    return count;
}

/* The number of the row of a word's weights for languages, rounded to quarters of a nat so that many words share one. */
static uint32_t language_row(writer *w, const cl_feature *f) {
    cl_compiler *c = w->c;
    uint64_t sums[CL_LANGUAGES_MAX] = {0}, all = 0, hash = CL_HASH_SEED;
    const uint64_t total = (uint64_t)c->options.label_words * CL_ONE << 6; /* of each language: language_scale */
    size_t tallies = cl_counts_tallies(c->counts, &c->order, f, c->tallies);
    for (size_t i = 0; i < tallies; i++) {
        uint64_t amount = c->tallies[i].occurrences * c->language_scale[c->tallies[i].cell];
        sums[c->cell_language[c->tallies[i].cell]] += amount;
        all += amount;
    }
    int32_t row[CL_LANGUAGES_MAX];
    for (uint32_t l = 0; l < c->language_count; l++) {
        int32_t v = all ? cl_dirichlet(sums[l], total, all, total * c->language_count, total / 16) : 0;
        row[l] = (v + (v < 0 ? -32 : 32)) / 64 * 64;
        hash = cl_hash_step(hash, (uint32_t)row[l]);
    }
    size_t slot = cl_index_slot(&w->language_index, cl_hash_end(hash));
    if (w->language_index.indices[slot] == CLASSIFY_NONE) {
        w->language_index.hashes[slot] = cl_hash_end(hash);
        w->language_index.indices[slot] = w->language_rows++;
        for (uint32_t l = 0; l < c->language_count; l++)
            cl_buffer_u16(&w->sections[CL_LANGUAGE_ROWS], (uint16_t)row[l]);
    }
    return w->language_index.indices[slot];
}

static void add_piece(void *context, uint64_t hash) {
    writer *w = context;
    cl_compiler *c = w->c;
    uint32_t part = c->part_index.indices[cl_index_slot(&c->part_index, hash)];
    for (size_t i = 0; part != CLASSIFY_NONE && i < c->columns; i++)
        w->row[i] += c->parts.weights[part * c->columns + i];
}

/* The number of a word's row: its term's, with the weights of its pieces where these have any. */
static uint32_t word_row(writer *w, uint32_t rank, uint32_t term) {
    cl_compiler *c = w->c;
    uint32_t chars[CL_WORD_MAX];
    const cl_feature *f = &c->counts->words.items[c->order.words[rank]];
    if (!c->counts->refinement || c->counts->strings[f->text] == '<')
        return w->term_rows[term];
    memcpy(w->row, c->terms.weights + term * c->columns, c->columns * sizeof *w->row);
    cl_word_parts(chars, cl_compile_word(c, rank, chars), add_piece, w);
    return label_row(w, w->row, c->term_masks[term]);
}

static bool write_words(writer *w) {
    cl_compiler *c = w->c;
    size_t most = c->order.word_count;
    word_mass *list = cl_alloc(&c->a, most, sizeof *list);
    uint64_t *hashes = cl_alloc(&c->a, most, sizeof *hashes);
    bool ok = list && hashes && cl_index_new(&w->language_index, most, &c->a);
    size_t count = ok ? choose_words(w, list) : 0;
    for (size_t i = 0; i < count; i++) {
        const cl_feature *f = &c->counts->words.items[c->order.words[list[i].rank]];
        uint32_t term = c->word_terms[list[i].rank];
        hashes[i] = cl_hash_utf8(c->counts->strings + f->text, f->size);
        cl_buffer_u32(&w->sections[CL_WORDS], term);
        cl_buffer_u32(&w->sections[CL_WORDS], word_row(w, list[i].rank, term));
        cl_buffer_u32(&w->sections[CL_WORDS], language_row(w, f));
    }
    w->words = (uint32_t)count;
    if (ok)
        write_table(w, CL_WORD_SLOTS, hashes, w->words);
    cl_release(&c->a, list, most, sizeof *list);
    cl_release(&c->a, hashes, most, sizeof *hashes);
    cl_index_free(&w->language_index, &c->a);
    return ok;
}

static bool write_terms(writer *w) {
    cl_compiler *c = w->c;
    uint64_t *hashes = cl_alloc(&c->a, c->terms.count, sizeof *hashes);
    if (!hashes)
        return false;
    for (uint32_t t = 0; t < c->terms.count; t++) {
        const char *text = (const char *)c->term_text.data + c->term_offsets[t];
        hashes[t] = cl_hash_utf8(text, strlen(text));
        cl_buffer_u32(&w->sections[CL_TERMS], c->term_offsets[t]);
        w->term_rows[t] = label_row(w, c->terms.weights + t * c->columns, c->term_masks[t]);
        cl_buffer_u32(&w->sections[CL_TERMS], w->term_rows[t]);
        cl_buffer_u32(&w->sections[CL_TERMS], c->term_masks[t]);
    }
    cl_buffer_bytes(&w->sections[CL_TERM_TEXT], c->term_text.data, c->term_text.size);
    write_table(w, CL_TERM_SLOTS, hashes, c->terms.count);
    cl_release(&c->a, hashes, c->terms.count, sizeof *hashes);
    return true;
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

/* The most telling pairs: mass times spread. */
static bool write_pairs(writer *w) {
    cl_compiler *c = w->c;
    word_mass *list = cl_alloc(&c->a, c->pairs.count, sizeof *list);
    uint64_t *hashes = cl_alloc(&c->a, c->pairs.count, sizeof *hashes);
    bool ok = list && hashes;
    for (uint32_t i = 0; ok && i < c->pairs.count; i++) {
        uint64_t mass;
        const int32_t *weights = c->pairs.weights + i * c->columns + (size_t)pair_language(c, i, &mass) * c->label_count;
        int32_t low = INT32_MAX, high = INT32_MIN;
        for (uint32_t l = 0; l < c->label_count; l++) {
            low = weights[l] < low ? weights[l] : low;
            high = weights[l] > high ? weights[l] : high;
        }
        list[i] = (word_mass){cl_muldiv(mass, (uint64_t)(high - low), CL_WEIGHT_SCALE), i};
    }
    size_t count = ok ? c->pairs.count : 0;
    if (count > c->options.max_pairs) {
        qsort(list, count, sizeof *list, by_mass);
        count = c->options.max_pairs;
        qsort(list, count, sizeof *list, by_rank);
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t mass, terms = c->pair_terms[list[i].rank];
        uint32_t language = pair_language(c, list[i].rank, &mass);
        hashes[i] = cl_hash_two((uint32_t)(terms >> 32), (uint32_t)terms);
        cl_buffer_u32(&w->sections[CL_PAIRS], (uint32_t)(terms >> 32));
        cl_buffer_u32(&w->sections[CL_PAIRS], (uint32_t)terms);
        write_row(w, CL_PAIR_ROWS, c->pairs.weights + list[i].rank * c->columns + (size_t)language * c->label_count, 1);
    }
    w->pairs = (uint32_t)count;
    if (ok)
        write_table(w, CL_PAIR_SLOTS, hashes, w->pairs);
    cl_release(&c->a, list, c->pairs.count, sizeof *list);
    cl_release(&c->a, hashes, c->pairs.count, sizeof *hashes);
    return ok;
}

static void write_parts(writer *w) {
    cl_compiler *c = w->c;
    for (uint32_t i = 0; i < c->parts.count; i++) {
        write_row(w, CL_PART_ROWS, c->parts.weights + i * c->columns, c->covered);
        for (uint32_t l = 0; l < c->language_count; l++)
            cl_buffer_u16(&w->sections[CL_PART_ROWS], (uint16_t)(c->part_languages[(size_t)i * c->language_count + l] / 4));
    }
    write_table(w, CL_PART_SLOTS, c->part_hashes, c->parts.count);
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
    const uint32_t numbers[] = {
        c->label_count, c->language_count, c->covered, w->words, c->terms.count, w->pairs, c->parts.count, w->wide_rows,
        w->narrow_rows, w->language_rows,  0,          0};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        cl_buffer_u32(out, numbers[i]);
    uint64_t offset = CL_MODEL_HEADER;
    for (int s = 0; s < CL_SECTIONS; s++) {
        cl_buffer_u64(out, offset);
        cl_buffer_u64(out, w->sections[s].size);
        offset += (w->sections[s].size + 7) / 8 * 8;
    }
    for (int s = 0; s < CL_SECTIONS; s++) {
        cl_buffer_bytes(out, w->sections[s].data, w->sections[s].size);
        cl_buffer_align(out, 8);
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
    w.row = cl_calloc(&c->a, c->columns, sizeof *w.row);
    if (w.row)
        write_row(&w, CL_NARROW_ROWS, w.row, 1), w.narrow_rows++;
    w.term_rows = cl_calloc(&c->a, c->terms.count, sizeof *w.term_rows);
    bool ok = w.row && w.term_rows && write_terms(&w) && write_words(&w) && write_pairs(&w);
    if (ok) {
        write_parts(&w);
        write_names(&w);
        write_calibration(&w);
        write_file(&w, analyzer_id, out);
    }
    for (int s = 0; s < CL_SECTIONS; s++)
        cl_buffer_free(&w.sections[s]);
    cl_release(&c->a, w.row, c->columns, sizeof *w.row);
    cl_release(&c->a, w.term_rows, c->terms.count, sizeof *w.term_rows);
    return ok && !out->failed;
}
