/* score.c - one text to one answer. Integers up to the score; floating point for the probability alone.
   May include: score.h, feature_stream.h, model.h.
   Must not know: files, counts. */
#include "score.h"

#include <math.h>

static uint32_t calibration(const classify_model *m, uint32_t language, cl_calibration field) {
    return cl_calibrated(m->sections[CL_CALIBRATION].data, language, field);
}

int32_t cl_score_prior(const classify_model *m, uint32_t language, uint32_t label) {
    return (int32_t)cl_le32(m->sections[CL_PRIORS].data + ((size_t)language * m->labels + label) * 4);
}

/* ---- Sums ----

   The rows of words that several languages have hold a row for each, of which the answer needs one: that of the text's
   language. A text that lies in one run of words, as most do, is asked for its language first, and summed in that one alone. A
   longer one is summed in all, since its words do not wait until the last is read; and not in the one that it seems to be of,
   since it could be made to turn out another, and would cost twice as much. */

static void clear_result(classify_scorer *s) {
    s->result = (classify_result){.struct_size = sizeof s->result, .label = CLASSIFY_NONE, .best = CLASSIFY_NONE};
}

static void clear_languages(classify_scorer *s) { memset(s->languages, 0, s->model->languages * sizeof *s->languages); }

static int64_t *sums_of(const classify_scorer *s, uint32_t column) {
    return s->sums + (size_t)column * (s->model->labels + 1u);
}

static void clear_sums(classify_scorer *s, uint32_t first, uint32_t columns) {
    memset(sums_of(s, first), 0, columns * (s->model->labels + 1u) * sizeof *s->sums);
}

/* What the words of a run add up from, in the order of the words, without a branch: in short texts none could be foreseen. */
typedef struct {
    const uint8_t *labels[CL_RUN + 1];  /* rows of labels */
    size_t wide[CL_RUN + 1];            /* all bits where a row has one of each language behind it, else none */
    const uint8_t *pairs[CL_RUN + 1];   /* rows of labels of pairs */
    const uint8_t *listed[CL_RUN + 1];  /* language rows, of i8 */
    const uint8_t *others[CL_RUN + 1];  /* of i16 */
    const uint8_t *remarks[CL_RUN + 1]; /* those of `labels` that are no evidence */
    size_t remarks_wide[CL_RUN + 1];
    struct upto {
        uint8_t labels, listed, others, remarks, tokens, known, pairs;
    } upto[CL_RUN + 1]; /* how many there are before a word */
} run_rows;

/* Pairs that words of a run close, where the model can have them. */
typedef struct {
    uint64_t hashes[CL_RUN + 1];
    uint8_t before[CL_RUN + 1]; /* how many there are before a word */
    uint32_t count;
} run_pairs;

/* The pairs that words first .. end of the run close. Each step asks for the memory that the next one needs. */
static void close_pairs(classify_scorer *s, uint32_t first, uint32_t end, run_pairs *pairs) {
    const classify_model *m = s->model;
    uint64_t hashes[CL_RUN];
    bool possible[CL_RUN];
    uint32_t count = 0, before = s->before;
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &s->run.words[i];
        before = w->starts ? CLASSIFY_NONE : before;
        hashes[i] = cl_hash_two(before, w->term);
        possible[i] = (before != CLASSIFY_NONE) & (w->term != CLASSIFY_NONE) & !w->breaks & !w->remark;
        before = w->remark ? before : w->term;
        cl_pair_prefetch(m, hashes[i]);
    }
    s->before = before;
    for (uint32_t i = first; i < end; i++) {
        pairs->before[i] = (uint8_t)count;
        pairs->hashes[count] = hashes[i];
        count += possible[i] & cl_pair_possible(m, hashes[i]);
    }
    pairs->before[end] = (uint8_t)count;
    pairs->count = count;
    for (uint32_t i = 0; i < count; i++)
        cl_table_prefetch(&m->pair_table, pairs->hashes[i]);
}

static void find_pairs(const classify_model *m, const run_pairs *pairs, uint32_t first, uint32_t end, run_rows *r) {
    uint8_t found[CL_RUN + 1] = {0};
    for (uint32_t i = 0; i < pairs->count; i++) {
        bool there = cl_table_find(&m->pair_table, pairs->hashes[i], &r->pairs[found[i]]) != CLASSIFY_NONE;
        found[i + 1] = (uint8_t)(found[i] + there);
    }
    for (uint32_t i = first; i <= end; i++)
        r->upto[i].pairs = found[pairs->before[i]];
}

/* Gathers the rows of words first .. end of the run. */
static void gather_rows(classify_scorer *s, uint32_t first, uint32_t end, run_rows *r) {
    run_pairs pairs;
    struct upto at = {0};
    close_pairs(s, first, end, &pairs);
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &s->run.words[i];
        bool row = w->labels != NULL;
        r->upto[i] = at;
        r->labels[at.labels] = r->remarks[at.remarks] = w->labels;
        r->wide[at.labels] = r->remarks_wide[at.remarks] = (size_t)0 - w->wide;
        r->listed[at.listed] = r->others[at.others] = w->languages;
        at.labels += row;
        at.remarks += row & w->remark;
        at.listed += row & w->listed;
        at.others += row & !w->listed;
        at.tokens += !w->remark;
        at.known += w->known & !w->remark;
    }
    r->upto[end] = at;
    find_pairs(s->model, &pairs, first, end, r);
}

static void count_words(classify_scorer *s, const run_rows *r, uint32_t first, uint32_t end) {
    s->result.tokens += (uint64_t)r->upto[end].tokens - r->upto[first].tokens;
    s->result.known += (uint64_t)r->upto[end].known - r->upto[first].known;
}

static void add_languages(classify_scorer *s, const run_rows *r, uint32_t first, uint32_t end) {
    const struct upto *from = &r->upto[first], *to = &r->upto[end];
    cl_add_small_rows(s->languages, r->listed + from->listed, (size_t)to->listed - from->listed, s->model->languages,
                      CL_LANGUAGE_STEP);
    cl_add_rows(s->languages, r->others + from->others, (size_t)to->others - from->others, s->model->languages);
}

/* Adds the labels of the same words, and of their pairs, in the language of a column. */
static void add_labels(classify_scorer *s, const run_rows *r, uint32_t first, uint32_t end, uint32_t column) {
    const classify_model *m = s->model;
    const struct upto *from = &r->upto[first], *to = &r->upto[end];
    const uint8_t *rows[2 * CL_RUN];
    const size_t offset = column * m->row_stride;
    int64_t *sums = sums_of(s, column);
    size_t count = 0;
    for (size_t i = from->labels; i < to->labels; i++)
        rows[count++] = r->labels[i] + (r->wide[i] & offset);
    for (size_t i = from->pairs; i < to->pairs; i++)
        rows[count++] = r->pairs[i];
    cl_add_labels(sums, rows, count, 1, m->labels);
    for (size_t i = from->remarks; i < to->remarks; i++) /* no evidence: their spread out again */
        sums[m->labels] -= cl_spread(r->remarks[i] + (r->remarks_wide[i] & offset), m->labels);
}

/* The same in every language; rows that are for any of them go to s->common. */
static void add_all_labels(classify_scorer *s, const run_rows *r, uint32_t first, uint32_t end) {
    const classify_model *m = s->model;
    const struct upto *from = &r->upto[first], *to = &r->upto[end];
    const uint8_t *wide[CL_RUN], *narrow[2 * CL_RUN];
    size_t wides = 0, narrows = 0;
    for (size_t i = from->labels; i < to->labels; i++) {
        wide[wides] = narrow[narrows] = r->labels[i];
        wides += r->wide[i] & 1;
        narrows += !r->wide[i];
    }
    for (size_t i = from->pairs; i < to->pairs; i++)
        narrow[narrows++] = r->pairs[i];
    cl_add_labels(s->sums, wide, wides, m->covered, m->labels);
    cl_add_labels(s->common, narrow, narrows, 1, m->labels);
    for (size_t i = from->remarks; i < to->remarks; i++) {
        if (!r->remarks_wide[i])
            s->common[m->labels] -= cl_spread(r->remarks[i], m->labels);
        for (uint32_t l = 0; r->remarks_wide[i] && l < m->covered; l++)
            sums_of(s, l)[m->labels] -= cl_spread(r->remarks[i] + l * m->row_stride, m->labels);
    }
}

/* ---- Language ---- */

static uint32_t find_language(const classify_scorer *s) {
    if (s->language != CLASSIFY_NONE)
        return s->language;
    if (s->model->languages == 1 && s->result.tokens) /* nothing to tell apart */
        return 0;
    uint32_t best = cl_greatest(s->languages, s->model->languages);
    return s->languages[best] > 0 ? best : CLASSIFY_NONE;
}

uint32_t cl_score_column(const classify_scorer *s, const classify_result *result) {
    if (result->language != CLASSIFY_NONE && result->language < s->model->covered)
        return result->language;
    return cl_greatest(s->languages, s->model->covered);
}

/* ---- Probability ---- */

/* softmax(score * slope / (1 + evidence) ^ power): words of a text are not independent, so that evidence counts for less the
   more there is of it. Calibrated on texts that were not trained on (models/README.md); after Platt 1999 and Guo et al. 2017.
 */
void cl_score_probabilities(const classify_scorer *s, uint32_t column, const int64_t *scores, int64_t evidence, double *out) {
    const classify_model *m = s->model;
    double nats = 1 + (double)evidence / CL_WEIGHT_SCALE;
    double slope = calibration(m, column, CL_SLOPE) / 65536.0 / pow(nats, calibration(m, column, CL_POWER) / 65536.0);
    uint32_t best = cl_greatest(scores, m->labels);
    double total = 0;
    out[best] = 1;
    for (uint32_t i = 1; i < m->labels; i++) { /* all others, without a branch to foresee */
        uint32_t l = i - (i <= best);
        out[l] = exp((double)(scores[l] - scores[best]) / CL_WEIGHT_SCALE * slope);
    }
    for (uint32_t l = 0; l < m->labels; l++)
        total += out[l];
    for (uint32_t l = 0; l < m->labels; l++)
        out[l] /= total;
}

/* The first reason of those in the order of the assignments, from the last: chosen without a branch, since one that waits for
   the probability would be foreseen late, and often wrong. */
static uint32_t find_reason(const classify_scorer *s, uint32_t column, const classify_result *r) {
    const classify_model *m = s->model;
    bool foreign = r->language != CLASSIFY_NONE && r->language >= m->covered;
    bool guarded = r->best + 1 == calibration(m, column, CL_GUARDED);
    double own = calibration(m, column, guarded ? CL_GUARD : CL_MIN_PROBABILITY) / 65536.0;
    double minimum = s->min_probability > 0 ? s->min_probability : own;
    bool close = (r->probability < minimum) | (r->margin == 0);
    uint32_t reason = close ? CLASSIFY_REASON_CLOSE : CLASSIFY_REASON_NONE;
    reason = r->evidence < (int64_t)calibration(m, column, CL_MIN_EVIDENCE) ? CLASSIFY_REASON_EVIDENCE : reason;
    reason = r->known ? reason : CLASSIFY_REASON_UNKNOWN;
    reason = foreign ? CLASSIFY_REASON_LANGUAGE : reason;
    return r->tokens ? reason : CLASSIFY_REASON_EMPTY;
}

/* As cl_score_answer, where the language, and so the column, is known. */
static void answer(classify_scorer *s, uint32_t column, double *probabilities, int64_t *scores) {
    const classify_model *m = s->model;
    classify_result *r = &s->result;
    int64_t *sums = sums_of(s, column);
    r->evidence = sums[m->labels];
    for (uint32_t l = 0; l < m->labels; l++)
        sums[l] += cl_score_prior(m, column, l);
    double *out = probabilities ? probabilities : s->probabilities;
    cl_score_probabilities(s, column, sums, r->evidence, out);
    uint32_t best = cl_greatest(sums, m->labels);
    r->probability = out[best];
    int64_t margin = INT64_MAX;
    for (uint32_t l = 0; l < m->labels; l++) {
        int64_t less = l == best ? INT64_MAX : sums[best] - sums[l];
        margin = less < margin ? less : margin;
    }
    r->margin = margin;
    r->best = r->known ? best : r->best;
    r->reason = find_reason(s, column, r);
    r->label = r->reason == CLASSIFY_REASON_NONE ? best : r->label;
    if (scores)
        memcpy(scores, sums, m->labels * sizeof *scores);
}

void cl_score_answer(classify_scorer *s, double *probabilities, int64_t *scores) {
    s->result.language = find_language(s);
    answer(s, cl_score_column(s, &s->result), probabilities, scores);
}

/* ---- Texts ---- */

void cl_give_result(const classify_result *full, void *out, size_t stride) {
    classify_result *result = out;
    if (stride > sizeof *full)
        memset(out, 0, stride);
    memcpy(out, full, stride < sizeof *full ? stride : sizeof *full);
    result->struct_size = stride;
}

/* Texts begin in a run while it has fewer words, and go on to its end: few are cut by it. */
enum { RUN_FULL = 64 };

static void start_text(cl_tokenizer *tokenizer, const cl_batch *b, size_t text) {
    cl_tokens_start(tokenizer, b->bytes + b->offsets[text], (size_t)(b->offsets[text + 1] - b->offsets[text]));
    tokenizer->limit = (const uint8_t *)b->bytes + b->offsets[b->count];
}

static double *probabilities_of(const classify_scorer *s, const cl_batch *b, size_t text) {
    return b->probabilities ? b->probabilities + text * s->model->labels : NULL;
}

static int64_t *scores_of(const classify_scorer *s, const cl_batch *b, size_t text) {
    return b->scores ? b->scores + text * s->model->labels : NULL;
}

static void give_text(classify_scorer *s, const cl_batch *b, const cl_stretch *stretch) {
    s->result.replaced = stretch->replaced;
    cl_give_result(&s->result, (char *)b->results + stretch->text * b->stride, b->stride);
}

static void answer_text(classify_scorer *s, const cl_batch *b, const cl_stretch *stretch, uint32_t column) {
    answer(s, column, probabilities_of(s, b, stretch->text), scores_of(s, b, stretch->text));
    give_text(s, b, stretch);
}

/* Finds the language of a text that is words first .. end of the run: most often without a sum of all. Returns the column. */
static uint32_t short_language(classify_scorer *s, const run_rows *r, uint32_t first, uint32_t end) {
    const classify_model *m = s->model;
    if (s->language != CLASSIFY_NONE)
        return s->result.language = s->language;
    const struct upto *from = &r->upto[first], *to = &r->upto[end];
    size_t best = SIZE_MAX;
    if (to->others == from->others)
        best = cl_greatest_of_small_rows(r->listed + from->listed, (size_t)to->listed - from->listed, m->languages);
    if (best < m->covered)
        return s->result.language = (uint32_t)best;
    clear_languages(s);
    add_languages(s, r, first, end);
    s->result.language = find_language(s);
    return cl_score_column(s, &s->result);
}

/* Sums and answers a text that is words first .. end of the run. */
static void score_short(classify_scorer *s, const cl_batch *b, cl_stretch *stretch, const run_rows *r, uint32_t first,
                        uint32_t end) {
    clear_result(s);
    count_words(s, r, first, end);
    uint32_t column = short_language(s, r, first, end);
    clear_sums(s, column, 1);
    add_labels(s, r, first, end, column);
    answer_text(s, b, stretch, column);
}

/* Sums a part of a longer text, and answers it if that is the last. */
static void score_part(classify_scorer *s, const cl_batch *b, cl_stretch *stretch, const run_rows *r, uint32_t first,
                       uint32_t end) {
    const classify_model *m = s->model;
    if (stretch->starts) {
        clear_result(s);
        clear_languages(s);
        clear_sums(s, 0, m->covered);
        memset(s->common, 0, (m->labels + 1u) * sizeof *s->common);
    }
    count_words(s, r, first, end);
    add_languages(s, r, first, end);
    add_all_labels(s, r, first, end);
    if (!stretch->complete || stretch->end > end)
        return;
    s->result.language = find_language(s);
    uint32_t column = cl_score_column(s, &s->result);
    for (uint32_t l = 0; l <= m->labels; l++)
        sums_of(s, column)[l] += s->common[l];
    answer_text(s, b, stretch, column);
}

/* Sums the words of the run, stretch by stretch. */
static void sum_run(classify_scorer *s, const cl_batch *b) {
    run_rows rows;
    uint32_t first = 0, stretch = 0;
    do {
        uint32_t end = cl_run_resolve(&s->run, &s->resolver, first);
        gather_rows(s, first, end, &rows);
        for (; stretch < s->stretch_count; stretch++) {
            cl_stretch *now = &s->stretches[stretch];
            uint32_t stop = now->end < end ? now->end : end;
            bool whole = now->starts && now->complete && now->end <= end;
            (whole ? score_short : score_part)(s, b, now, &rows, first, stop);
            now->starts = false;
            first = stop;
            if (now->end > end)
                break;
        }
    } while (stretch < s->stretch_count);
}

void cl_score_batch(classify_scorer *s, const cl_batch *b) {
    cl_tokenizer tokenizer;
    bool open = false;
    for (size_t text = 0; text < b->count;) {
        s->run.count = s->stretch_count = 0;
        while (text < b->count && s->run.count < RUN_FULL && s->stretch_count < CL_RUN) {
            uint32_t first = s->run.count;
            bool starts = !open;
            if (starts)
                start_text(&tokenizer, b, text);
            open = cl_run_fill(&s->run, &s->resolver, &tokenizer, &s->token);
            if (s->run.count > first)
                s->run.words[first].starts = starts;
            s->stretches[s->stretch_count++] = (cl_stretch){
                .text = text, .replaced = tokenizer.replaced, .end = s->run.count, .starts = starts, .complete = !open};
            text += !open;
        }
        sum_run(s, b);
    }
}

void cl_score(classify_scorer *s, const char *text, size_t size, classify_result *r, double *probabilities, int64_t *scores) {
    int64_t offsets[2] = {0, (int64_t)size};
    cl_score_batch(s, &(cl_batch){text, offsets, 1, r, sizeof *r, probabilities, scores});
}

/* ---- Reasons ---- */

void cl_explain(classify_scorer *s, const char *text, size_t size, uint32_t language, classify_span *spans,
                int64_t *contributions, size_t capacity, size_t *needed) {
    const classify_model *m = s->model;
    cl_stream stream;
    cl_hit hit;
    size_t count = 0;
    cl_stream_start(&stream, &s->resolver, text, size);
    for (; cl_stream_next(&stream, &hit); count++) {
        if (count >= capacity)
            continue;
        if (spans)
            spans[count] = (classify_span){hit.begin, hit.end, hit.feature, hit.kind, hit.known, 0};
        if (!contributions)
            continue;
        size_t from = hit.wide ? language * m->columns : 0;
        for (uint32_t l = 0; l < m->labels; l++)
            contributions[count * m->labels + l] = hit.labels ? cl_weight(hit.labels, from + l) : 0;
    }
    *needed = count;
}
