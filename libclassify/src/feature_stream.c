/* feature_stream.c - words to weights: the model's table of surface forms, or else the stem, or else the pieces of the word.
   May include: feature_stream.h, model.h, stem.h, tokens.h.
   Must not know: sums, probabilities. */
#include "feature_stream.h"

#include "utf8.h"

enum { MOST_LINES = 16384, LEAST_LINES = 64, CACHE_BYTES = 3 << 19 };

static size_t row_size(const classify_model *m) { return m->part_stride; }

/* A power of two, at least two; fewer where rows are long. */
static size_t cache_lines(const classify_model *m, bool cached) {
    size_t lines = cached ? MOST_LINES : 2;
    while (lines > LEAST_LINES && lines * row_size(m) > CACHE_BYTES)
        lines /= 2;
    return lines;
}

bool cl_resolver_new(cl_resolver *r, const classify_model *model, bool cached, const classify_allocator *a) {
    size_t lines = cache_lines(model, cached);
    *r = (cl_resolver){.model = model, .cached = cached, .line_count = lines};
    r->lines = cl_calloc(a, lines, sizeof *r->lines);
    r->rows = cl_alloc(a, lines, row_size(model));
    if (r->lines && r->rows && cl_stemmers_new(&r->stemmers))
        return true;
    cl_resolver_free(r, a);
    return false;
}

void cl_resolver_free(cl_resolver *r, const classify_allocator *a) {
    cl_stemmers_free(&r->stemmers);
    cl_release(a, r->lines, r->line_count, sizeof *r->lines);
    if (r->model)
        cl_release(a, r->rows, r->line_count, row_size(r->model));
    *r = (cl_resolver){0};
}

void cl_resolver_forget(cl_resolver *r) {
    memset(r->lines, 0, r->line_count * sizeof *r->lines);
    r->failed = false;
}

/* ---- Words that the model does not hold ---- */

enum { PARTS_MOST = (CL_PART_MAX - CL_PART_MIN + 1) * (CL_WORD_MAX + 2) };

/* Hashes of the pieces of a word to hashes[PARTS_MOST]; returns how many. */
static size_t hash_parts(const uint32_t *chars, uint32_t length, uint64_t *hashes) {
    uint32_t marked[CL_WORD_MAX + 2];
    size_t count = 0;
    marked[0] = '^';
    memcpy(marked + 1, chars, length * sizeof *chars);
    marked[length + 1] = '$';
    for (uint32_t from = 0; from < length + 2; from++) {
        uint64_t hash = CL_HASH_SEED;
        for (uint32_t n = 1; n <= CL_PART_MAX && from + n <= length + 2; n++) {
            hash = cl_hash_step(hash, marked[from + n - 1]);
            if (n >= CL_PART_MIN)
                hashes[count++] = cl_hash_end(hash);
        }
    }
    return count;
}

void cl_word_parts(const uint32_t *chars, uint32_t length, void (*use)(void *context, uint64_t hash), void *context) {
    uint64_t hashes[PARTS_MOST];
    size_t count = hash_parts(chars, length, hashes);
    for (size_t i = 0; i < count; i++)
        use(context, hashes[i]);
}

/* Sets a row to the sum of the rows of the pieces that the model has. */
static void sum_parts(const classify_model *m, const uint64_t *hashes, size_t count, uint8_t *row) {
    const uint8_t *rows[PARTS_MOST];
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t part = cl_table_find(&m->part_table, hashes[i]);
        if (part == CLASSIFY_NONE)
            continue;
        rows[found] = m->sections[CL_PART_ROWS].data + part * m->part_stride;
        CL_PREFETCH(rows[found]);
        CL_PREFETCH(rows[found] + m->part_stride - 1);
        found++;
    }
    cl_clamped_sum(row, rows, found, m->part_stride / 2);
}

/* Adds the row of a term to the one of a word's pieces. */
static void add_term(const classify_model *m, uint32_t number, uint8_t *row) {
    const uint8_t *term = cl_label_row(m, number);
    size_t columns = m->narrow_stride / 2;
    for (uint32_t l = 0; l < m->covered; l++)
        cl_clamped_add(row + l * m->narrow_stride, number & CL_NARROW ? term : term + l * m->narrow_stride, columns);
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

/* The term of a word's stem in the script's language of column l, or CLASSIFY_NONE. */
static uint32_t stem_term_in(cl_resolver *r, uint32_t l, const char *word, size_t size) {
    char stem[4 * CL_WORD_MAX + CL_STEM_ROOM];
    size_t length = cl_stem(&r->stemmers, r->model->stemmers[l], word, size, stem);
    r->failed |= !length;
    return cl_model_term(r->model, stem, length);
}

/* The term of an unknown word's stem. The language whose own letters are in the word comes first, then one that counted the
   stem itself, then any of its script: so that few words are stemmed more than once. */
static uint32_t stem_term(cl_resolver *r, const cl_token *token) {
    const classify_model *m = r->model;
    char word[4 * CL_WORD_MAX];
    size_t size = cl_token_utf8(token, word);
    int own = own_letter(token);
    uint32_t any = CLASSIFY_NONE;
    for (int turn = own < 0; turn < 2; turn++)
        for (uint32_t l = 0; l < m->covered; l++) {
            int language = m->stemmers[l];
            bool script = language >= 0 && (cl_stem_cyrillic(language) ? token->cyrillic : token->latin);
            if (!script || (language == own) != !turn)
                continue;
            uint32_t term = stem_term_in(r, l, word, size);
            if (term == CLASSIFY_NONE)
                continue;
            if (!turn || (l < 32 && cl_model_field(m, CL_TERMS, 3, term, 2) >> l & 1))
                return term;
            any = any == CLASSIFY_NONE ? term : any;
        }
    return any;
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

/* Fills a line of the cache and its row: labels, then languages. */
static void resolve_unknown(cl_resolver *r, const cl_token *token, uint8_t *row, cl_line *line) {
    const classify_model *m = r->model;
    uint64_t hashes[PARTS_MOST];
    line->term = CLASSIFY_NONE;
    if (token->marker)
        return;
    size_t count = m->parts ? hash_parts(token->chars, token->length, hashes) : 0;
    for (size_t i = 0; i < count; i++) /* they arrive while the stemmers work */
        cl_table_prefetch(&m->part_table, hashes[i]);
    line->term = stem_term(r, token);
    if (line->term == CLASSIFY_NONE && token->latin)
        line->term = bare_term(r, token);
    sum_parts(m, hashes, count, row);
    if (line->term != CLASSIFY_NONE)
        add_term(m, cl_model_field(m, CL_TERMS, 3, line->term, 1), row);
    set_spreads(m, row);
}

/* The line that holds a word, or the one of the two it may lie in that was used longer ago. */
static size_t find_line(const cl_resolver *r, uint64_t hash) {
    size_t line = (size_t)hash & (r->line_count - 2);
    const cl_line *pair = &r->lines[line];
    if (pair[0].key == (hash | 1))
        return line;
    return line + (pair[1].key == (hash | 1) || r->epoch - pair[1].epoch > r->epoch - pair[0].epoch);
}

static bool line_holds(const cl_resolver *r, size_t line, uint64_t hash) {
    return r->cached && r->lines[line].key == (hash | 1);
}

static void set_line(cl_resolver *r, size_t line, const cl_token *token) {
    resolve_unknown(r, token, r->rows + line * row_size(r->model), &r->lines[line]);
    r->lines[line].key = token->hash | 1;
}

static cl_resolved get_line(const cl_resolver *r, size_t line, bool marker) {
    const uint8_t *row = r->rows + line * row_size(r->model);
    uint32_t term = r->lines[line].term;
    return (cl_resolved){term, term != CLASSIFY_NONE, false, marker ? NULL : row, marker ? NULL : row + r->model->wide_stride};
}

static cl_resolved get_word(const classify_model *m, uint32_t word) {
    const uint8_t *fields = m->sections[CL_WORDS].data + (size_t)word * 12;
    uint32_t row = cl_le32(fields + 4);
    return (cl_resolved){cl_le32(fields), 1, row >> 31, cl_label_row(m, row), cl_language_row(m, cl_le32(fields + 8))};
}

static cl_resolved resolve(cl_resolver *r, const cl_token *token) {
    uint32_t word = cl_table_find(&r->model->word_table, token->hash);
    if (word != CLASSIFY_NONE)
        return get_word(r->model, word);
    size_t line = find_line(r, token->hash);
    if (!line_holds(r, line, token->hash))
        set_line(r, line, token);
    return get_line(r, line, token->marker);
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
    cl_resolved word = resolve(s->resolver, &s->token);
    *hit = (cl_hit){s->token.begin, s->token.end, s->token.marker ? CLASSIFY_SPAN_MARKER : CLASSIFY_SPAN_WORD,
                    word.term,      word.known,   cl_marker_is_remark(s->token.marker),
                    word.narrow,    word.labels,  word.languages};
    if (!cl_marker_is_remark(s->token.marker))
        close_pair(s, word.term);
    return true;
}

/* ---- Runs ---- */

bool cl_run_fill(cl_run *run, const cl_resolver *resolver, cl_tokenizer *tokenizer, cl_token *token) {
    tokenizer->unspelled = true;
    while (run->count < CL_RUN) {
        if (!cl_tokens_next(tokenizer, token))
            return false;
        cl_table_prefetch(&resolver->model->word_table, token->hash);
        cl_run_word *w = &run->words[run->count++];
        w->hash = token->hash;
        w->begin = tokenizer->start + token->begin;
        w->size = token->end - token->begin;
        w->breaks = token->breaks;
        w->remark = cl_marker_is_remark(token->marker);
        w->starts = false;
        w->marker = token->marker != CL_MARKER_NONE;
    }
    return true;
}

/* Reads the token of a word again, for its letters. */
static void set_line_of_word(cl_resolver *r, size_t line, const cl_run_word *w) {
    cl_tokenizer tokenizer;
    cl_token token;
    cl_tokens_start(&tokenizer, (const char *)w->begin, w->size);
    if (w->marker || !cl_tokens_next(&tokenizer, &token)) {
        token.marker = CL_MARKER_LONG; /* any: what is no word has no row */
        token.latin = false;
    }
    token.hash = w->hash;
    set_line(r, line, &token);
}

uint32_t cl_run_resolve(cl_run *run, cl_resolver *r, uint32_t first) {
    const classify_model *m = r->model;
    for (uint32_t i = first; i < run->count; i++) {
        cl_run_word *w = &run->words[i];
        w->word = cl_table_find(&m->word_table, w->hash);
        if (w->word == CLASSIFY_NONE)
            CL_PREFETCH(&r->lines[(size_t)w->hash & (r->line_count - 2)]);
        else
            CL_PREFETCH(m->sections[CL_WORDS].data + (size_t)w->word * 12);
    }
    r->epoch++;
    for (uint32_t i = first; i < run->count; i++) {
        cl_run_word *w = &run->words[i];
        cl_resolved found;
        if (w->word != CLASSIFY_NONE) {
            found = get_word(m, w->word);
        } else {
            size_t line = find_line(r, w->hash);
            if (!line_holds(r, line, w->hash)) {
                if (i > first && r->lines[line].epoch == r->epoch)
                    return i;
                set_line_of_word(r, line, w);
            }
            r->lines[line].epoch = r->epoch;
            found = get_line(r, line, w->marker);
        }
        if (found.labels) {
            CL_PREFETCH(found.labels);
            CL_PREFETCH(found.labels + (found.narrow ? m->narrow_stride : m->wide_stride) - 1);
            CL_PREFETCH(found.languages);
            CL_PREFETCH(found.languages + m->language_stride - 1);
        }
        w->term = found.term;
        w->known = found.known;
        w->narrow = found.narrow;
        w->labels = found.labels;
        w->languages = found.languages;
    }
    return run->count;
}
