/* feature_stream.c - words to weights: the model's table of surface forms, or else the stem, or else the pieces of the word.
   May include: feature_stream.h, model.h, stem.h, tokens.h.
   Must not know: sums, probabilities. */
#include "feature_stream.h"

#include "utf8.h"

enum { MOST_LINES = 16384, LEAST_LINES = 64, CACHE_BYTES = 3 << 19, UNKNOWN_ENOUGH = 400 };

static size_t row_size(const classify_model *m) { return m->wide_stride + m->part_stride; }

/* A power of two, at least CL_WAYS; fewer where rows are long. */
static size_t cache_lines(const classify_model *m, bool cached) {
    size_t lines = cached ? MOST_LINES : CL_WAYS;
    while (lines > LEAST_LINES && lines * row_size(m) > CACHE_BYTES)
        lines /= 2;
    return lines;
}

static size_t filters_size(const classify_model *m) { return cl_filter_size(m->parts) + cl_filter_size(m->terms); }

/* Makes the filters when so many words were met that are not in the model that the time will be won back: most that score a few
   texts never need them. */
static void count_unknown(cl_resolver *r) {
    const classify_model *m = r->model;
    size_t parts = cl_filter_size(m->parts);
    if (++r->unknown != UNKNOWN_ENOUGH)
        return;
    r->parts = cl_filter_make(&m->part_table, r->filters, parts);
    r->terms = cl_filter_make(&m->term_table, r->filters + parts, cl_filter_size(m->terms));
}

bool cl_resolver_new(cl_resolver *r, const classify_model *model, bool cached, const classify_allocator *a) {
    size_t lines = cache_lines(model, cached);
    *r = (cl_resolver){.model = model, .cached = cached, .line_count = lines};
    r->lines = cl_calloc(a, lines, sizeof *r->lines);
    r->rows = cl_alloc(a, lines, row_size(model));
    r->filters = cl_alloc(a, filters_size(model), sizeof *r->filters);
    r->parts = r->terms = cl_filter_none();
    if (r->lines && r->rows && r->filters && cl_stemmers_new(&r->stemmers))
        return true;
    cl_resolver_free(r, a);
    return false;
}

void cl_resolver_free(cl_resolver *r, const classify_allocator *a) {
    cl_stemmers_free(&r->stemmers);
    cl_release(a, r->lines, r->line_count, sizeof *r->lines);
    if (r->model) {
        cl_release(a, r->filters, filters_size(r->model), sizeof *r->filters);
        cl_release(a, r->rows, r->line_count, row_size(r->model));
    }
    *r = (cl_resolver){0};
}

void cl_resolver_forget(cl_resolver *r) {
    memset(r->lines, 0, r->line_count * sizeof *r->lines);
    r->failed = false;
}

/* ---- Words that the model does not hold ---- */

enum { PARTS_MOST = (CL_PART_MAX - CL_PART_MIN + 1) * (CL_WORD_MAX + 2) };

/* Hashes of the pieces of a word that pass the filter to hashes[PARTS_MOST]; returns how many. */
static inline size_t hash_parts(cl_filter filter, const uint32_t *chars, uint32_t length, uint64_t *hashes) {
    uint32_t marked[CL_WORD_MAX + 2];
    size_t count = 0;
    marked[0] = '^';
    memcpy(marked + 1, chars, length * sizeof *chars);
    marked[length + 1] = '$';
    for (uint32_t from = 0; from < length + 2; from++) {
        uint64_t hash = CL_HASH_SEED;
        for (uint32_t n = 1; n <= CL_PART_MAX && from + n <= length + 2; n++) {
            hash = cl_hash_step(hash, marked[from + n - 1]);
            if (n < CL_PART_MIN)
                continue;
            hashes[count] = cl_hash_end(hash);
            count += cl_filter_passes(filter, hashes[count]);
        }
    }
    return count;
}

void cl_word_parts(const uint32_t *chars, uint32_t length, void (*use)(void *context, uint64_t hash), void *context) {
    uint64_t hashes[PARTS_MOST];
    size_t count = hash_parts(cl_filter_none(), chars, length, hashes);
    for (size_t i = 0; i < count; i++)
        use(context, hashes[i]);
}

/* The rows of the pieces of a word that the model has. */
typedef struct {
    const uint8_t *languages[PARTS_MOST], *labels[PARTS_MOST + 1];
    uint32_t values[PARTS_MOST + 1];
    size_t count;
} part_rows;

/* Which pieces the model has could not be foreseen: they are found without a branch, and only then asked for. */
static void find_parts(const classify_model *m, const uint64_t *hashes, size_t count, part_rows *rows) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        rows->values[found] = cl_table_find(&m->part_table, hashes[i], &rows->labels[found]);
        found += rows->values[found] != CLASSIFY_NONE;
    }
    rows->count = found;
    for (size_t i = 0; i < found; i++) {
        rows->labels[i] = cl_label_row(m, rows->values[i], rows->labels[i]);
        rows->languages[i] = m->sections[CL_PART_ROWS].data + (rows->values[i] & CL_PART_LIMIT) * m->part_stride;
        CL_PREFETCH(rows->labels[i]);
        CL_PREFETCH(rows->languages[i]);
        CL_PREFETCH(rows->languages[i] + m->part_stride - 1);
    }
}

/* Sets a line's row to the sum of the rows of the pieces. */
static void sum_parts(const classify_model *m, const part_rows *rows, uint8_t *row) {
    memset(row, 0, m->wide_stride);
    for (size_t i = 0; i < rows->count; i++)
        if (rows->values[i] & CL_WIDE)
            cl_clamped_add(row, rows->labels[i], m->columns * m->covered);
        else
            cl_clamped_add(row + (rows->values[i] >> CL_PART_HOME) * m->row_stride, rows->labels[i], m->columns);
    cl_clamped_sum(row + m->wide_stride, rows->languages, rows->count, m->languages);
}

/* Adds the weights of a term to those of a word's pieces. */
static void add_term(const classify_model *m, uint32_t value, const uint8_t *labels, uint8_t *row) {
    labels = cl_label_row(m, value, labels);
    for (uint32_t l = 0; l < m->covered; l++)
        cl_clamped_add(row + l * m->row_stride, labels + (value & CL_WIDE ? l * m->row_stride : 0), m->columns);
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

/* A term that an unknown word comes to: the value of the table, and the row, of its slot. */
typedef struct {
    uint32_t value; /* or CLASSIFY_NONE */
    const uint8_t *labels;
} found_term;

/* The term of a word's stem in the script's language of column l. */
static found_term stem_term_in(cl_resolver *r, uint32_t l, const char *word, size_t size) {
    char stem[4 * CL_WORD_MAX + CL_STEM_ROOM];
    found_term found;
    size_t length = cl_stem(&r->stemmers, r->model->stemmers[l], word, size, stem);
    r->failed |= !length;
    uint64_t hash = cl_hash_word(stem, length);
    found.value = CLASSIFY_NONE;
    if (cl_filter_passes(r->terms, hash))
        found.value = cl_table_find(&r->model->term_table, hash, &found.labels);
    return found;
}

/* The term of an unknown word: by the stemmer of the language that its letters tell, then by the others of its script; of these
   the one whose language has the term, else the first. */
static found_term stem_term(cl_resolver *r, const cl_token *token) {
    const classify_model *m = r->model;
    int own = own_letter(token);
    found_term any = {CLASSIFY_NONE, NULL};
    for (int turn = own < 0; turn < 2; turn++)
        for (uint32_t l = 0; l < m->covered; l++) {
            /* Signed on purpose: -1 is a language without a stemmer. */
            // NOLINTNEXTLINE(bugprone-signed-char-misuse)
            int language = m->stemmers[l];
            bool script = language >= 0 && (cl_stem_cyrillic(language) ? token->cyrillic : token->latin);
            if (!script || (language == own) != !turn)
                continue;
            found_term found = stem_term_in(r, l, token->folded, token->size);
            if (found.value == CLASSIFY_NONE)
                continue;
            if (!turn || cl_term_has(m, found.value & ~CL_WIDE, l))
                return found;
            any = any.value == CLASSIFY_NONE ? found : any;
        }
    return any;
}

/* The term of a Latin word that the model knows without its diacritics. */
static found_term bare_term(cl_resolver *r, const cl_token *token) {
    const classify_model *m = r->model;
    found_term found = {CLASSIFY_NONE, NULL};
    char bare[4 * CL_WORD_MAX];
    size_t size = 0;
    for (uint32_t i = 0; i < token->length; i++)
        size += cl_utf8_put(cl_fold_base(token->chars[i]), bare + size);
    uint64_t hash = cl_hash_word(bare, size);
    uint32_t word = hash == token->hash ? CLASSIFY_NONE : cl_table_find(&m->word_table, hash, &found.labels);
    if (word != CLASSIFY_NONE) {
        const char *stem = cl_term_text(m, cl_word_term(m, word));
        found.value = cl_table_find(&m->term_table, cl_hash_word(stem, strlen(stem)), &found.labels);
    }
    return found;
}

/* A word on its way into a line of the cache. Done in two steps, of which the second is for a later time: what the first asks
   for from memory arrives meanwhile. */
typedef struct {
    cl_token token;
    size_t line;
    size_t count; /* of hashes of pieces */
    uint64_t hashes[PARTS_MOST];
} unknown_word;

static void begin_unknown(cl_resolver *r, unknown_word *u) {
    const classify_model *m = r->model;
    u->count = 0;
    if (u->token.marker)
        return;
    count_unknown(r);
    u->count = m->parts ? hash_parts(r->parts, u->token.chars, u->token.length, u->hashes) : 0;
    for (size_t i = 0; i < u->count; i++)
        cl_table_prefetch(&m->part_table, u->hashes[i]);
}

/* Fills the line and its row: labels, then languages. */
static void finish_unknown(cl_resolver *r, const unknown_word *u) {
    const classify_model *m = r->model;
    cl_line *line = &r->lines[u->line];
    uint8_t *row = r->rows + u->line * row_size(m);
    part_rows parts;
    line->term = CLASSIFY_NONE;
    if (u->token.marker)
        return;
    find_parts(m, u->hashes, u->count, &parts); /* their rows arrive while the stemmers work */
    found_term term = stem_term(r, &u->token);
    if (term.value == CLASSIFY_NONE && u->token.latin)
        term = bare_term(r, &u->token);
    sum_parts(m, &parts, row);
    if (term.value == CLASSIFY_NONE)
        return;
    line->term = term.value & ~CL_WIDE;
    add_term(m, term.value, term.labels, row);
}

/* The first of the lines that a word may lie in. */
static size_t first_line(const cl_resolver *r, uint64_t hash) { return (size_t)(hash >> 1) & (r->line_count - CL_WAYS); }

/* The line that holds a word, or the one of those it may lie in that was used longest ago. */
static size_t find_line(const cl_resolver *r, uint64_t hash) {
    size_t first = first_line(r, hash), oldest = first;
    for (size_t line = first; line < first + CL_WAYS; line++) {
        if (r->lines[line].key == (hash | 1))
            return line;
        if (r->epoch - r->lines[line].epoch > r->epoch - r->lines[oldest].epoch)
            oldest = line;
    }
    return oldest;
}

static bool line_holds(const cl_resolver *r, size_t line, uint64_t hash) {
    return r->cached && r->lines[line].key == (hash | 1);
}

static cl_resolved get_line(const cl_resolver *r, size_t line, bool marker) {
    const uint8_t *row = r->rows + line * row_size(r->model);
    uint32_t term = r->lines[line].term;
    return (cl_resolved){term,  term != CLASSIFY_NONE, true,
                         false, marker ? NULL : row,   marker ? NULL : row + r->model->wide_stride};
}

static cl_resolved get_word(const classify_model *m, uint32_t value, const uint8_t *row) {
    return (cl_resolved){cl_word_term(m, value),     1, value >> 31, true, cl_label_row(m, value, row),
                         cl_word_languages(m, value)};
}

static cl_resolved resolve(cl_resolver *r, const cl_token *token) {
    const uint8_t *row;
    uint32_t word = cl_table_find(&r->model->word_table, token->hash, &row);
    if (word != CLASSIFY_NONE)
        return get_word(r->model, word, row);
    size_t line = find_line(r, token->hash);
    if (!line_holds(r, line, token->hash)) {
        unknown_word u;
        u.token = *token;
        u.line = line;
        begin_unknown(r, &u);
        finish_unknown(r, &u);
        r->lines[line].key = token->hash | 1;
    }
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
        const uint8_t *row;
        uint32_t pair = cl_pair_find(m, cl_hash_two(s->before, term), &row);
        if (pair != CLASSIFY_NONE) {
            s->pair = (cl_hit){s->before_begin, s->token.end, CLASSIFY_SPAN_PAIR, m->terms + pair, true, false, false, row};
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
                    word.wide,      word.labels};
    if (!cl_marker_is_remark(s->token.marker))
        close_pair(s, word.term);
    return true;
}

/* ---- Runs ---- */

bool cl_run_fill(cl_run *run, const cl_resolver *resolver, cl_tokenizer *tokenizer, cl_token *token) {
    cl_plain_word plain;
    while (run->count < CL_RUN) {
        cl_run_word *w = &run->words[run->count];
        w->starts = false;
        if (cl_tokens_plain(tokenizer, &plain)) {
            w->hash = cl_hash_block(0, plain.folded);
            w->begin = plain.begin;
            w->size = plain.size;
            w->breaks = plain.breaks;
            w->remark = w->marker = false;
        } else if (cl_tokens_done(tokenizer)) {
            return false;
        } else if (cl_tokens_rare(tokenizer, token)) {
            w->hash = token->hash;
            w->begin = tokenizer->start + token->begin;
            w->size = token->end - token->begin;
            w->breaks = token->breaks;
            w->remark = cl_marker_is_remark(token->marker);
            w->marker = token->marker != CL_MARKER_NONE;
        } else {
            continue;
        }
        cl_table_prefetch(&resolver->model->word_table, w->hash);
        run->count++;
    }
    return true;
}

/* Reads the token of a word again, for its letters. */
static void read_again(const cl_run_word *w, cl_token *token) {
    cl_tokenizer tokenizer;
    cl_tokens_start(&tokenizer, (const char *)w->begin, w->size);
    if (w->marker || !cl_tokens_next(&tokenizer, token)) {
        token->marker = CL_MARKER_LONG; /* any: what is no word has no row */
        token->latin = false;
    }
    token->hash = w->hash;
}

/* Finds lines for words of the run, and fills those that do not hold them yet; returns how many words got one. */
static uint32_t fill_lines(cl_resolver *r, const cl_run *run, const uint32_t *words, uint32_t count, size_t *lines) {
    unknown_word unknown[2]; /* each is begun before the one before it is finished */
    uint32_t begun = 0, i;
    for (i = 0; i < count; i++) {
        const cl_run_word *w = &run->words[words[i]];
        cl_line *line = &r->lines[lines[i] = find_line(r, w->hash)];
        if (!line_holds(r, lines[i], w->hash)) {
            if (i && line->epoch == r->epoch)
                break;
            unknown_word *u = &unknown[begun++ % 2];
            line->key = w->hash | 1;
            u->line = lines[i];
            read_again(w, &u->token);
            begin_unknown(r, u);
            if (begun > 1)
                finish_unknown(r, &unknown[begun % 2]);
        }
        line->epoch = r->epoch;
    }
    if (begun)
        finish_unknown(r, &unknown[(begun - 1) % 2]);
    return i;
}

static void set_word(cl_run_word *w, cl_resolved found) {
    w->term = found.term;
    w->known = found.known;
    w->wide = found.wide;
    w->listed = found.listed;
    w->labels = found.labels;
    w->languages = found.languages;
}

uint32_t cl_run_resolve(cl_run *run, cl_resolver *r, uint32_t first) {
    const classify_model *m = r->model;
    uint32_t unknown[CL_RUN], count = 0;
    size_t lines[CL_RUN];
    r->epoch++;
    for (uint32_t i = first; i < run->count; i++) {
        cl_run_word *w = &run->words[i];
        const uint8_t *row;
        uint32_t word = cl_table_find(&m->word_table, w->hash, &row);
        if (word == CLASSIFY_NONE) {
            CL_PREFETCH(&r->lines[first_line(r, w->hash)]);
            CL_PREFETCH(&r->lines[first_line(r, w->hash) + CL_WAYS / 2]);
            unknown[count++] = i;
            continue;
        }
        set_word(w, get_word(m, word, row));
        CL_PREFETCH(w->labels);
    }
    uint32_t filled = fill_lines(r, run, unknown, count, lines);
    for (uint32_t i = 0; i < filled; i++) {
        cl_run_word *w = &run->words[unknown[i]];
        set_word(w, get_line(r, lines[i], w->marker));
        CL_PREFETCH(r->rows + lines[i] * row_size(m));
        CL_PREFETCH(r->rows + (lines[i] + 1) * row_size(m) - 1);
    }
    return filled < count ? unknown[filled] : run->count;
}
