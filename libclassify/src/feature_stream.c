/* feature_stream.c - words to weights: the model's table of surface forms, or else the stem, or else the pieces of the word.
   May include: feature_stream.h, model.h, stem.h, tokens.h.
   Must not know: sums, probabilities. */
#include "feature_stream.h"

#include "utf8.h"

enum { MOST_LINES = 4096, LEAST_LINES = 64, CACHE_BYTES = 1 << 20 };

static size_t row_size(const classify_model *m) { return m->part_stride; }

/* A power of two; fewer where rows are long. */
static size_t cache_lines(const classify_model *m, bool cached) {
    size_t lines = cached ? MOST_LINES : 1;
    while (lines > LEAST_LINES && lines * row_size(m) > CACHE_BYTES)
        lines /= 2;
    return lines;
}

bool cl_resolver_new(cl_resolver *r, const classify_model *model, bool cached, const classify_allocator *a) {
    size_t lines = cache_lines(model, cached);
    *r = (cl_resolver){.model = model, .cached = cached, .line_count = lines};
    r->keys = cl_calloc(a, lines, sizeof *r->keys);
    r->lines = cl_calloc(a, lines, sizeof *r->lines);
    r->rows = cl_alloc(a, lines, row_size(model));
    if (r->keys && r->lines && r->rows && cl_stemmers_new(&r->stemmers))
        return true;
    cl_resolver_free(r, a);
    return false;
}

void cl_resolver_free(cl_resolver *r, const classify_allocator *a) {
    cl_stemmers_free(&r->stemmers);
    cl_release(a, r->keys, r->line_count, sizeof *r->keys);
    cl_release(a, r->lines, r->line_count, sizeof *r->lines);
    if (r->model)
        cl_release(a, r->rows, r->line_count, row_size(r->model));
    *r = (cl_resolver){0};
}

void cl_resolver_forget(cl_resolver *r) {
    memset(r->keys, 0, r->line_count * sizeof *r->keys);
    r->failed = false;
}

/* ---- Words that the model does not hold ---- */

void cl_word_parts(const uint32_t *chars, uint32_t length, void (*use)(void *context, uint64_t hash), void *context) {
    uint32_t marked[CL_WORD_MAX + 2];
    marked[0] = '^';
    memcpy(marked + 1, chars, length * sizeof *chars);
    marked[length + 1] = '$';
    for (uint32_t from = 0; from < length + 2; from++) {
        uint64_t hash = CL_HASH_SEED;
        for (uint32_t n = 1; n <= CL_PART_MAX && from + n <= length + 2; n++) {
            hash = cl_hash_step(hash, marked[from + n - 1]);
            if (n >= CL_PART_MIN)
                use(context, cl_hash_end(hash));
        }
    }
}

typedef struct {
    const classify_model *model;
    uint8_t *row;
} part_row;

static void add_weights(uint8_t *to, const uint8_t *from, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int32_t sum = cl_weight(to, i) + cl_weight(from, i);
        sum = sum > INT16_MAX ? INT16_MAX : sum < -INT16_MAX ? -INT16_MAX : sum;
        cl_put16(to + 2 * i, (uint16_t)sum);
    }
}

static void add_part(void *context, uint64_t hash) {
    part_row *p = context;
    uint32_t part = cl_table_find(&p->model->part_table, hash);
    if (part == CLASSIFY_NONE)
        return;
    const uint8_t *row = p->model->sections[CL_PART_ROWS].data + part * p->model->part_stride;
    add_weights(p->row, row, p->model->part_stride / 2);
}

/* Adds the row of a term to the one of a word's pieces. */
static void add_term(const classify_model *m, uint32_t number, uint8_t *row) {
    const uint8_t *term = cl_label_row(m, number);
    size_t columns = m->narrow_stride / 2;
    for (uint32_t l = 0; l < m->covered; l++)
        add_weights(row + l * m->narrow_stride, number & CL_NARROW ? term : term + l * m->narrow_stride, columns);
}

/* The spread of each covered language's weights belongs to the whole word, not to its pieces. */
static void set_spreads(const classify_model *m, uint8_t *row) {
    for (uint32_t l = 0; l < m->covered; l++, row += m->narrow_stride) {
        int32_t low = INT16_MAX, high = -INT16_MAX;
        for (uint32_t i = 0; i < m->labels; i++) {
            int32_t w = cl_weight(row, i);
            low = w < low ? w : low;
            high = w > high ? w : high;
        }
        cl_put16(row + 2 * m->labels, (uint16_t)(high - low > INT16_MAX ? INT16_MAX : high - low));
    }
}

/* The language that a letter of the word belongs to alone, or -1. */
static int own_letter(const cl_token *token) {
    for (uint32_t i = 0; i < token->length; i++) {
        uint32_t c = token->chars[i];
        if (c == 0x456 || c == 0x457 || c == 0x454) /* і ї є */
            return CL_UK;
        if (c == 0x44B || c == 0x44D || c == 0x44A) /* ы э ъ */
            return CL_RU;
        if (c == 0x105 || c == 0x119 || c == 0x142 || c == 0x15B || c == 0x17A || c == 0x17C || c == 0x107 || c == 0x144)
            return CL_PL; /* ą ę ł ś ź ż ć ń */
    }
    return -1;
}

/* The term of an unknown word's stem: tried in each covered language of its script; one that counted the stem itself, and one
   whose own letters are in the word, come first. */
static uint32_t stem_term(cl_resolver *r, const cl_token *token) {
    const classify_model *m = r->model;
    char word[4 * CL_WORD_MAX], stem[4 * CL_WORD_MAX + CL_STEM_ROOM];
    size_t size = cl_token_utf8(token, word);
    int own = own_letter(token), best_rank = -1;
    uint32_t best = CLASSIFY_NONE;
    for (uint32_t l = 0; l < m->covered; l++) {
        int language = m->stemmers[l];
        if (language < 0 || !(cl_stem_cyrillic(language) ? token->cyrillic : token->latin))
            continue;
        size_t length = cl_stem(&r->stemmers, language, word, size, stem);
        r->failed |= !length;
        uint32_t term = cl_model_term(m, stem, length);
        if (term == CLASSIFY_NONE)
            continue;
        int rank = (language == own) * 2 + ((l < 32 && cl_model_field(m, CL_TERMS, 3, term, 2) >> l & 1));
        if (rank > best_rank)
            best = term, best_rank = rank;
    }
    return best;
}

/* The term of a Latin word that the model knows without its diacritics. */
static uint32_t bare_term(cl_resolver *r, const cl_token *token) {
    uint64_t hash = CL_HASH_SEED;
    for (uint32_t i = 0; i < token->length; i++)
        hash = cl_hash_step(hash, cl_fold_base(token->chars[i]));
    hash = cl_hash_end(hash);
    uint32_t word = hash == token->hash ? CLASSIFY_NONE : cl_table_find(&r->model->word_table, hash);
    return word == CLASSIFY_NONE ? CLASSIFY_NONE : cl_word_term(r->model, word);
}

static void resolve_unknown(cl_resolver *r, const cl_token *token, uint8_t *row, cl_resolved *out) {
    const classify_model *m = r->model;
    uint32_t term = token->marker ? CLASSIFY_NONE : stem_term(r, token);
    if (term == CLASSIFY_NONE && token->latin)
        term = bare_term(r, token);
    *out = (cl_resolved){term, term != CLASSIFY_NONE, false, NULL, NULL};
    if (token->marker)
        return;
    memset(row, 0, row_size(m));
    part_row parts = {m, row};
    if (m->parts)
        cl_word_parts(token->chars, token->length, add_part, &parts);
    if (term != CLASSIFY_NONE)
        add_term(m, cl_model_field(m, CL_TERMS, 3, term, 1), row);
    set_spreads(m, row);
    out->labels = row;
    out->languages = row + m->wide_stride;
}

static void resolve(cl_resolver *r, const cl_token *token, cl_resolved *out) {
    const classify_model *m = r->model;
    uint32_t word = cl_table_find(&m->word_table, token->hash);
    if (word != CLASSIFY_NONE) {
        const uint8_t *fields = m->sections[CL_WORDS].data + (size_t)word * 12;
        uint32_t row = cl_le32(fields + 4);
        *out = (cl_resolved){cl_le32(fields), 1, (row & CL_NARROW) != 0, cl_label_row(m, row),
                             cl_language_row(m, cl_le32(fields + 8))};
    } else {
        size_t line = (size_t)token->hash & (r->line_count - 1);
        uint64_t key = token->hash | 1;
        if (!r->cached || r->keys[line] != key) {
            resolve_unknown(r, token, r->rows + line * row_size(m), &r->lines[line]);
            r->keys[line] = key;
        }
        *out = r->lines[line];
    }
}

/* ---- The stream ---- */

void cl_stream_start(cl_stream *s, cl_resolver *resolver, const char *text, size_t size) {
    s->resolver = resolver;
    s->pending = false;
    s->before = CLASSIFY_NONE;
    cl_tokens_start(&s->tokenizer, text, size);
}

/* Sets the pair of the token before and this one, where the model has it. */
static void close_pair(cl_stream *s, uint32_t term) {
    const classify_model *m = s->resolver->model;
    if (s->before != CLASSIFY_NONE && term != CLASSIFY_NONE && !s->token.breaks) {
        uint32_t pair = cl_table_find(&m->pair_table, cl_hash_two(s->before, term));
        if (pair != CLASSIFY_NONE) {
            s->pair = (cl_hit){s->before_begin,      s->token.end, CLASSIFY_SPAN_PAIR, m->terms + pair, true, false, true,
                               cl_pair_row(m, pair), NULL};
            s->pending = true;
        }
    }
    s->before = term;
    s->before_begin = s->token.begin;
}

bool cl_stream_next(cl_stream *s, cl_hit *hit) {
    if (s->pending) {
        *hit = s->pair;
        s->pending = false;
        return true;
    }
    if (!cl_tokens_next(&s->tokenizer, &s->token))
        return false;
    cl_resolved word;
    resolve(s->resolver, &s->token, &word);
    *hit = (cl_hit){s->token.begin, s->token.end, s->token.marker ? CLASSIFY_SPAN_MARKER : CLASSIFY_SPAN_WORD,
                    word.term,      word.known,   cl_marker_is_remark(s->token.marker),
                    word.narrow,    word.labels,  word.languages};
    if (!cl_marker_is_remark(s->token.marker))
        close_pair(s, word.term);
    return true;
}
