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

static size_t kept(const cl_parts *f) { return f->columns * f->covered; }

static void append_part(cl_parts *f, const cl_part *p) {
    const classify_allocator *a = &f->s->allocator;
    size_t size = kept(f);
    if (!CL_RESERVE(a, f->parts, f->parts_capacity, f->count + 1) ||
        !CL_RESERVE(a, f->rows, f->rows_capacity, (f->count + 1) * size)) {
        f->failed = true;
        return;
    }
    f->parts[f->count] = *p;
    size_t first = f->covered == f->s->model->covered ? 0 : f->s->language;
    int16_t *rows = f->rows + f->count * size;
    for (size_t l = 0; l < (f->wide ? f->covered : 1); l++)
        pack(f->wide ? f->sums + (first + l) * f->columns : f->common, f->s->model->labels, rows + l * f->columns);
    for (size_t l = 1; l < f->covered && !f->wide; l++)
        memcpy(rows + l * f->columns, rows, f->columns * sizeof *rows);
    f->count++;
}

/* Adds the last part to the one before. */
static void join_last(cl_parts *f) {
    cl_part *to = &f->parts[f->count - 2], *from = to + 1;
    size_t size = kept(f);
    int16_t *sums = f->rows + (f->count - 2) * size;
    for (size_t l = 0; l < f->covered; l++, sums += f->columns) {
        for (size_t i = 0; i < f->columns; i++)
            f->total[i] = sums[i] + sums[size + i];
        pack(f->total, f->s->model->labels, sums);
    }
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

/* Adds a part's rows: where no word of it has weights by language, all its columns are alike. */
static void append_rows(cl_parts *f, const cl_part *p) {
    if (f->wide)
        for (size_t l = 0; l < f->row; l += f->columns)
            for (size_t i = 0; i < f->columns; i++)
                f->sums[l + i] += f->common[i];
    append_part(f, p);
}

static void clear_part(cl_parts *f) {
    if (f->wide)
        memset(f->sums, 0, f->row * sizeof *f->sums);
    memset(f->common, 0, f->columns * sizeof *f->common);
    f->wide = false;
    f->words = 0;
}

/* The part being read is complete. */
static void finish_part(cl_parts *f) {
    classify_scorer *s = f->s;
    const cl_sentence *now = &f->now;
    f->reading = false;
    for (size_t i = 0; f->wide && i < f->row; i++)
        s->sums[i] += f->sums[i];
    for (size_t i = 0; i < f->columns; i++)
        s->common[i] += f->common[i];
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
    append_rows(f, &p);
    f->paragraph = false;
    const cl_part *before = f->count > 1 ? &f->parts[f->count - 2] : NULL;
    if (before && !f->failed && !before->quoted && !p.quoted && !before->ends && !before->name && !p.paragraph &&
        !introduced(f, before))
        join_last(f);
    clear_part(f);
}

/* A remark is no evidence. */
static void forget_spread(cl_parts *f, const cl_run_word *w) {
    classify_scorer *s = f->s;
    const classify_model *m = s->model;
    int64_t *sums = w->wide ? s->sums : s->common;
    for (uint32_t l = 0; l < (w->wide ? m->covered : 1); l++)
        sums[l * f->columns + m->labels] -= cl_spread(w->labels + l * m->row_stride, m->labels);
}

/* The rows of the pairs that words first .. end of the run close, NULL where there is none. */
static void close_pairs(cl_parts *f, uint32_t first, uint32_t end, const uint8_t **rows) {
    const classify_model *m = f->s->model;
    uint64_t pairs[CL_RUN];
    uint8_t closing[CL_RUN];
    uint32_t count = 0, before = f->before;
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &f->s->run.words[i];
        rows[i] = NULL;
        pairs[count] = cl_hash_two(before, w->term);
        closing[count] = (uint8_t)i;
        bool pair = (before != CLASSIFY_NONE) & (w->term != CLASSIFY_NONE) & !w->breaks & !w->remark;
        count += pair & cl_pair_possible(m, pairs[count]);
        before = w->remark ? before : w->term;
    }
    f->before = before;
    for (uint32_t i = 0; i < count; i++)
        cl_table_prefetch(&m->pair_table, pairs[i]);
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *row;
        if (cl_table_find(&m->pair_table, pairs[i], &row) != CLASSIFY_NONE)
            rows[closing[i]] = row;
    }
}

/* Rows to be added to the part being read. */
typedef struct {
    const uint8_t *wide[CL_RUN], *narrow[2 * CL_RUN];
    size_t wides, narrows;
} pending;

static void add_pending(cl_parts *f, pending *p) {
    const classify_model *m = f->s->model;
    f->wide |= p->wides > 0;
    if (p->wides)
        cl_add_labels(f->sums, p->wide, p->wides, m->covered, m->labels);
    if (p->narrows)
        cl_add_labels(f->common, p->narrow, p->narrows, 1, m->labels);
    p->wides = p->narrows = 0;
}

/* A word between two parts, or a pair across a border: it belongs to the text alone. */
static void add_between(cl_parts *f, const uint8_t *row, bool wide) {
    const classify_model *m = f->s->model;
    if (row)
        cl_add_labels(wide ? f->s->sums : f->s->common, &row, 1, wide ? m->covered : 1, m->labels);
}

/* Adds words first .. end of the run to the parts that they lie in. */
static void add_run(cl_parts *f, uint32_t first, uint32_t end) {
    classify_scorer *s = f->s;
    const uint8_t *pairs[CL_RUN], *listed[CL_RUN], *others[CL_RUN], *text = (const uint8_t *)f->text;
    pending now;
    size_t listeds = 0, other_count = 0, tokens = 0, known = 0;
    now.wides = now.narrows = 0;
    close_pairs(f, first, end, pairs);
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &s->run.words[i];
        while (f->reading && w->begin >= text + f->now.end) {
            add_pending(f, &now);
            finish_part(f);
            f->reading = cl_sentences_next(&f->sentences, &f->now);
        }
        bool inside = f->reading & (w->begin >= text + f->now.begin);
        if (inside & (f->words > 0)) {
            now.narrow[now.narrows] = pairs[i];
            now.narrows += pairs[i] != NULL;
        } else {
            add_between(f, pairs[i], false);
        }
        f->words += inside & !w->remark;
        tokens += !w->remark;
        known += w->known & !w->remark;
        if (!w->labels)
            continue;
        listed[listeds] = others[other_count] = w->languages;
        listeds += w->listed;
        other_count += !w->listed;
        if (inside) {
            now.wide[now.wides] = now.narrow[now.narrows] = w->labels;
            now.wides += w->wide;
            now.narrows += !w->wide;
        } else {
            add_between(f, w->labels, w->wide);
        }
        if (w->remark)
            forget_spread(f, w);
    }
    add_pending(f, &now);
    cl_add_small_rows(s->languages, listed, listeds, s->model->languages, CL_LANGUAGE_STEP);
    cl_add_rows(s->languages, others, other_count, s->model->languages);
    s->result.tokens += tokens;
    s->result.known += known;
}

static void read_text(cl_parts *f, size_t size) {
    classify_scorer *s = f->s;
    cl_tokenizer tokenizer;
    memset(s->sums, 0, f->row * sizeof *s->sums);
    memset(s->common, 0, f->columns * sizeof *s->common);
    memset(s->languages, 0, s->model->languages * sizeof *s->languages);
    s->result = (classify_result){.struct_size = sizeof s->result, .label = CLASSIFY_NONE, .best = CLASSIFY_NONE};
    f->before = CLASSIFY_NONE;
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
    if (f->reading)
        finish_part(f);
    s->result.replaced = tokenizer.replaced;
}

static size_t scratch(const cl_parts *f) { return f->row + 2 * f->columns; }

bool cl_parts_read(cl_parts *f, classify_scorer *s, const char *text, size_t size) {
    const classify_model *m = s->model;
    *f = (cl_parts){.s = s, .text = text, .columns = m->labels + 1u, .covered = s->language == CLASSIFY_NONE ? m->covered : 1};
    f->row = f->columns * m->covered;
    f->sums = cl_calloc(&s->allocator, scratch(f), sizeof *f->sums);
    if (!f->sums)
        return false;
    f->common = f->sums + f->row;
    f->total = f->common + f->columns;
    read_text(f, size);
    return !f->failed;
}

void cl_parts_free(cl_parts *f) {
    const classify_allocator *a = &f->s->allocator;
    cl_release(a, f->parts, f->parts_capacity, sizeof *f->parts);
    cl_release(a, f->rows, f->rows_capacity, sizeof *f->rows);
    cl_release(a, f->sums, scratch(f), sizeof *f->sums);
}
