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
        !CL_RESERVE(a, f->rows, f->rows_capacity, (f->count + 1) * f->columns)) {
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

/* Adds words first .. end of the run to the sums of the whole text. */
static void add_to_text(cl_parts *f, uint32_t first, uint32_t end, const uint8_t *const *pairs) {
    classify_scorer *s = f->s;
    const classify_model *m = s->model;
    const uint8_t *wide[CL_RUN], *narrow[2 * CL_RUN], *listed[CL_RUN], *others[CL_RUN];
    size_t wides = 0, narrows = 0, listeds = 0, other_count = 0, tokens = 0, known = 0;
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &s->run.words[i];
        narrow[narrows] = pairs[i];
        narrows += pairs[i] != NULL;
        tokens += !w->remark;
        known += w->known & !w->remark;
        if (!w->labels)
            continue;
        wide[wides] = narrow[narrows] = w->labels;
        wides += w->wide;
        narrows += !w->wide;
        listed[listeds] = others[other_count] = w->languages;
        listeds += w->listed;
        other_count += !w->listed;
        if (w->remark)
            forget_spread(f, w);
    }
    cl_add_labels(s->sums, wide, wides, m->covered, m->labels);
    cl_add_labels(s->common, narrow, narrows, 1, m->labels);
    cl_add_small_rows(s->languages, listed, listeds, m->languages, CL_LANGUAGE_STEP);
    cl_add_rows(s->languages, others, other_count, m->languages);
    s->result.tokens += tokens;
    s->result.known += known;
}

/* Adds words first .. end of the run to the part being read, which they lie in. */
static void add_to_part(cl_parts *f, uint32_t first, uint32_t end, const uint8_t *const *pairs) {
    const classify_model *m = f->s->model;
    const uint8_t *rows[2 * CL_RUN];
    size_t count = 0, column = f->column * m->row_stride;
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &f->s->run.words[i];
        rows[count] = pairs[i];
        count += (pairs[i] != NULL) & (f->words > 0); /* one across its border is the whole text's alone */
        f->words += !w->remark;
        rows[count] = w->labels + (w->wide ? column : 0);
        count += w->labels != NULL;
    }
    cl_add_labels(f->sums, rows, count, 1, m->labels);
}

/* Adds words first .. end of the run. */
static void add_run(cl_parts *f, uint32_t first, uint32_t end) {
    const cl_run_word *words = f->s->run.words;
    const uint8_t *pairs[CL_RUN], *text = (const uint8_t *)f->text;
    close_pairs(f, first, end, pairs);
    add_to_text(f, first, end, pairs);
    if (f->column == CLASSIFY_NONE)
        f->column = cl_greatest(f->s->languages, f->s->model->covered);
    while (first < end && f->reading) {
        uint32_t stop = first;
        while (first < end && words[first].begin < text + f->now.begin) /* between two parts */
            stop = ++first;
        while (stop < end && words[stop].begin < text + f->now.end)
            stop++;
        add_to_part(f, first, stop, pairs);
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
    memset(s->common, 0, f->columns * sizeof *s->common);
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
    if (f->reading)
        finish_part(f);
    s->result.replaced = tokenizer.replaced;
}

/* Was the text not in the language that its beginning was taken for? Where it is in one without weights, nobody asks. */
static bool is_mistaken(const cl_parts *f) {
    const classify_scorer *s = f->s;
    uint32_t best = cl_greatest(s->languages, s->model->languages);
    return s->language == CLASSIFY_NONE && !f->failed && f->count && (best < s->model->covered || s->languages[best] <= 0) &&
           cl_greatest(s->languages, s->model->covered) != f->column;
}

bool cl_parts_read(cl_parts *f, classify_scorer *s, const char *text, size_t size) {
    *f = (cl_parts){.s = s, .text = text, .columns = s->model->labels + 1u, .column = s->language};
    f->sums = cl_alloc(&s->allocator, f->columns, sizeof *f->sums);
    if (!f->sums)
        return false;
    read_text(f, size);
    if (is_mistaken(f)) {
        f->column = cl_greatest(s->languages, s->model->covered);
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
