/* passage_parts.c - one pass over a text's words that sums them for the whole and for each part.
   May include: passage_parts.h, passage_cues.h, score.h, sentences.h.
   Must not know: which parts are passages. */
#include "passage_parts.h"

#include "passage_cues.h"

static int16_t clamp16(int64_t v) { return (int16_t)(v > INT16_MAX ? INT16_MAX : v < -INT16_MAX ? -INT16_MAX : v); }

/* Brings a language's sums to their greatest, so that they fit: only differences matter. */
static void pack(const int64_t *sums, uint32_t labels, int16_t *to) {
    int64_t best = INT64_MIN;
    for (uint32_t l = 0; l < labels; l++)
        best = sums[l] > best ? sums[l] : best;
    for (uint32_t l = 0; l < labels; l++)
        to[l] = clamp16(sums[l] - best);
    to[labels] = clamp16(sums[labels]);
}

static void append_part(cl_parts *f, const cl_part *p) {
    const classify_allocator *a = &f->s->allocator;
    if (!CL_RESERVE(a, f->parts, f->parts_capacity, f->count + 1) ||
        !CL_RESERVE(a, f->rows, f->rows_capacity, f->parts_capacity * f->columns)) {
        f->failed = true;
        return;
    }
    f->parts[f->count] = *p;
    pack(f->sums, f->s->model->labels, f->rows + f->count * f->columns);
    f->count++;
}

/* Adds the last part to the one before. */
static void join_last(cl_parts *f) {
    cl_part *to = &f->parts[f->count - 2], *from = to + 1;
    int16_t *row = f->rows + (f->count - 2) * f->columns;
    for (size_t i = 0; i < f->columns; i++)
        f->sums[i] = row[i] + row[f->columns + i];
    pack(f->sums, f->s->model->labels, row);
    to->end = from->end;
    to->words += from->words;
    to->ends = from->ends;
    f->count--;
}

enum { QUOTE_LEAST = 5 }; /* words in quotation marks: fewer are a name or a phrase, unless they are a sentence */
enum { NEAR = 96 };       /* bytes before a colon */

/* Does a part end with a colon behind which somebody's words are given? */
static bool introduced(const cl_parts *f, const cl_part *p) {
    return f->text[p->end - 1] == ':' && cl_cues(f->text, p->end - p->begin > NEAR ? p->end - NEAR : p->begin, p->end) != 0;
}

/* Is a quotation of few words a sentence, and no name or phrase? */
static bool is_whole(const cl_parts *f, const cl_part *p) {
    char last = f->text[p->end - 1];
    bool said = f->count && p->words > 1 && f->text[f->parts[f->count - 1].end - 1] == ':';
    return said || last == '.' || last == '!' || last == '?' || last == ',';
}

static void clear_part(cl_parts *f) {
    memset(f->sums, 0, f->columns * sizeof *f->sums);
    f->words = 0;
}

/* The part being read is complete. */
static void finish_part(cl_parts *f) {
    const cl_sentence *now = &f->now;
    f->reading = false;
    for (size_t i = 0; i < f->columns; i++)
        f->whole[i] += f->sums[i];
    f->paragraph |= now->paragraph;
    if (!f->words || f->failed) { /* punctuation */
        if (f->count && now->ends)
            f->parts[f->count - 1].ends = true;
        clear_part(f);
        return;
    }
    cl_part p = {now->begin, now->end, f->words, now->quoted, now->opens, now->closes, now->ends, f->paragraph, now->name};
    if (p.opens && p.closes && p.words < QUOTE_LEAST && !is_whole(f, &p))
        p.quoted = p.opens = p.closes = false;
    append_part(f, &p);
    f->paragraph = false;
    const cl_part *before = f->count > 1 ? &f->parts[f->count - 2] : NULL;
    if (before && !f->failed && !before->quoted && !p.quoted && !before->ends && !before->name && !p.paragraph &&
        !introduced(f, before))
        join_last(f);
    clear_part(f);
}

/* Pairs that the model can have. */
typedef struct {
    uint64_t hashes[CL_RUN];
    uint8_t closing[CL_RUN]; /* the word that closes each */
    uint32_t count;
} closed_pairs;

/* The pairs that words first .. end of the run close; their look-up begins. */
static void close_pairs(cl_parts *f, uint32_t first, uint32_t end, closed_pairs *closed) {
    const classify_model *m = f->s->model;
    uint32_t count = 0, before = f->before;
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &f->s->run.words[i];
        closed->hashes[count] = cl_hash_two(before, w->term);
        closed->closing[count] = (uint8_t)i;
        bool pair = (before != CLASSIFY_NONE) & (w->term != CLASSIFY_NONE) & !w->breaks & !w->remark;
        count += pair & cl_pair_possible(m, closed->hashes[count]);
        before = w->remark ? before : w->term;
    }
    f->before = before;
    closed->count = count;
    for (uint32_t i = 0; i < count; i++)
        cl_table_prefetch(&m->pair_table, closed->hashes[i]);
}

/* Sets the row of the pair that each word closes, NULL where there is none. */
static void find_pairs(const classify_model *m, const closed_pairs *closed, const uint8_t **rows) {
    memset(rows, 0, CL_RUN * sizeof *rows);
    for (uint32_t i = 0; i < closed->count; i++) {
        const uint8_t *row;
        if (cl_table_find(&m->pair_table, closed->hashes[i], &row) != CLASSIFY_NONE)
            rows[closed->closing[i]] = row;
    }
}

/* Counts words first .. end of the run, and what they say of the language. */
static void add_languages(classify_scorer *s, uint32_t first, uint32_t end) {
    const uint8_t *listed[CL_RUN], *others[CL_RUN];
    size_t listeds = 0, other_count = 0, tokens = 0, known = 0;
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &s->run.words[i];
        tokens += !w->remark;
        known += w->known & !w->remark;
        listed[listeds] = others[other_count] = w->languages;
        listeds += w->labels && w->listed;
        other_count += w->labels && !w->listed;
    }
    cl_add_small_rows(s->languages, listed, listeds, s->model->languages, CL_LANGUAGE_STEP);
    cl_add_rows(s->languages, others, other_count, s->model->languages);
    s->result.tokens += tokens;
    s->result.known += known;
}

/* Adds words first .. end of the run, which all lie in the part being read, or all in none: the whole text's alone. */
static void add_words(cl_parts *f, uint32_t first, uint32_t end, const uint8_t *const *pairs, bool inside) {
    const classify_model *m = f->s->model;
    const uint8_t *rows[2 * CL_RUN], *border = NULL;
    size_t count = 0, column = f->column * m->row_stride;
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &f->s->run.words[i];
        bool crosses = inside && !f->words; /* the pair, if any, with a word outside */
        border = crosses && pairs[i] ? pairs[i] : border;
        rows[count] = pairs[i];
        count += (pairs[i] != NULL) & !crosses;
        f->words += inside & !w->remark;
        if (!w->labels)
            continue;
        rows[count++] = w->labels + (w->wide ? column : 0);
        if (w->remark) /* no evidence */
            f->whole[m->labels] -= cl_spread(rows[count - 1], m->labels);
    }
    cl_add_labels(inside ? f->sums : f->whole, rows, count, 1, m->labels);
    cl_add_labels(f->whole, &border, border != NULL, 1, m->labels);
}

/* Takes a language whose weights the text is summed with. */
static void set_column(cl_parts *f, uint32_t column) {
    f->column = column;
    f->whole = f->s->sums + column * f->columns;
}

/* Adds words first .. end of the run. */
static void add_run(cl_parts *f, uint32_t first, uint32_t end) {
    const cl_run_word *words = f->s->run.words;
    const uint8_t *pairs[CL_RUN], *text = (const uint8_t *)f->text;
    closed_pairs closed;
    close_pairs(f, first, end, &closed);
    add_languages(f->s, first, end); /* meanwhile */
    find_pairs(f->s->model, &closed, pairs);
    if (f->column == CLASSIFY_NONE)
        set_column(f, cl_greatest(f->s->languages, f->s->model->covered));
    while (first < end) {
        uint32_t stop = first;
        while (stop < end && (!f->reading || words[stop].begin < text + f->now.begin))
            stop++;
        if (stop > first)
            add_words(f, first, stop, pairs, false);
        for (first = stop; stop < end && words[stop].begin < text + f->now.end; stop++)
            ;
        if (stop > first)
            add_words(f, first, stop, pairs, true);
        first = stop;
        if (first < end) {
            finish_part(f);
            f->reading = cl_sentences_next(&f->sentences, &f->now);
        }
    }
}

static void read_text(cl_parts *f, size_t size) {
    classify_scorer *s = f->s;
    const classify_model *m = s->model;
    cl_tokenizer tokenizer;
    memset(s->sums, 0, f->columns * m->covered * sizeof *s->sums);
    memset(s->languages, 0, m->languages * sizeof *s->languages);
    s->result = (classify_result){.struct_size = sizeof s->result, .label = CLASSIFY_NONE, .best = CLASSIFY_NONE};
    f->before = CLASSIFY_NONE;
    f->count = 0;
    f->paragraph = false;
    clear_part(f);
    cl_sentences_start(&f->sentences, f->text, size);
    f->reading = cl_sentences_next(&f->sentences, &f->now);
    cl_tokens_start(&tokenizer, f->text, size);
    for (bool more = true; more && !f->failed;) {
        s->run.count = 0;
        more = cl_run_fill(&s->run, &s->resolver, &tokenizer, &s->token);
        for (uint32_t first = 0, end; first < s->run.count; first = end) {
            end = cl_run_resolve(&s->run, &s->resolver, first);
            add_run(f, first, end);
        }
    }
    if (f->reading && f->column != CLASSIFY_NONE) /* else there was no word */
        finish_part(f);
    s->result.replaced = tokenizer.replaced;
}

bool cl_parts_read(cl_parts *f, classify_scorer *s, const char *text, size_t size) {
    *f = (cl_parts){.s = s, .text = text, .columns = s->model->labels + 1u, .column = CLASSIFY_NONE};
    f->sums = cl_alloc(&s->allocator, f->columns, sizeof *f->sums);
    if (!f->sums)
        return false;
    if (s->language != CLASSIFY_NONE)
        set_column(f, s->language);
    read_text(f, size);
    uint32_t column = s->language == CLASSIFY_NONE ? cl_greatest(s->languages, s->model->covered) : s->language;
    if (f->column != column && f->column != CLASSIFY_NONE && !f->failed) {
        set_column(f, column);
        read_text(f, size);
    }
    return !f->failed;
}

void cl_parts_free(cl_parts *f) {
    const classify_allocator *a = &f->s->allocator;
    cl_release(a, f->parts, f->parts_capacity, sizeof *f->parts);
    cl_release(a, f->rows, f->rows_capacity, sizeof *f->rows);
    cl_release(a, f->sums, f->columns, sizeof *f->sums);
}
