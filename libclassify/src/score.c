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
   language. A text that lies in one run of words, as short ones do, is asked for its language first, and summed in that one
   alone. A longer one is summed in all, since its words do not wait until the last is read. */

static void clear_result(classify_scorer *s) {
    const classify_model *m = s->model;
    memset(s->common, 0, (m->labels + 1u) * sizeof *s->common);
    s->result = (classify_result){.struct_size = sizeof s->result, .label = CLASSIFY_NONE, .best = CLASSIFY_NONE};
}

static void clear_languages(classify_scorer *s) { memset(s->languages, 0, s->model->languages * sizeof *s->languages); }

static void clear_sums(classify_scorer *s, uint32_t first, uint32_t columns) {
    size_t labels = s->model->labels + 1u;
    memset(s->sums + first * labels, 0, labels * columns * sizeof *s->sums);
}

/* A remark is no evidence: takes its spread out of the sums of `columns` languages again. */
static void forget_spread(classify_scorer *s, const cl_run_word *w, uint32_t first, uint32_t columns) {
    const classify_model *m = s->model;
    if (!w->wide)
        s->common[m->labels] -= cl_spread(w->labels, m->labels);
    for (uint32_t l = first; w->wide && l < first + columns; l++)
        s->sums[l * (m->labels + 1u) + m->labels] -= cl_spread(w->labels + l * m->row_stride, m->labels);
}

/* Hashes of the pairs that words first .. end of the run close, where the model can have it; returns how many. */
static uint32_t close_pairs(classify_scorer *s, uint32_t first, uint32_t end, uint64_t *pairs) {
    const classify_model *m = s->model;
    uint32_t count = 0, before = s->before;
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &s->run.words[i];
        before = w->starts ? CLASSIFY_NONE : before;
        pairs[count] = cl_hash_two(before, w->term);
        bool pair = (before != CLASSIFY_NONE) & (w->term != CLASSIFY_NONE) & !w->breaks & !w->remark;
        count += pair & cl_pair_possible(m, pairs[count]);
        before = w->remark ? before : w->term;
    }
    for (uint32_t i = 0; i < count; i++)
        cl_table_prefetch(&m->pair_table, pairs[i]);
    s->before = before;
    return count;
}

/* Language rows of words. */
typedef struct {
    const uint8_t *listed[CL_RUN], *others[CL_RUN];
    size_t listed_count, other_count;
} language_rows;

/* Counts words first .. end of the run, of one text, and gathers their language rows. */
static void count_words(classify_scorer *s, uint32_t first, uint32_t end, language_rows *rows) {
    size_t listed = 0, others = 0, tokens = 0, known = 0;
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &s->run.words[i];
        bool row = w->labels != NULL;
        tokens += !w->remark;
        known += w->known & !w->remark;
        rows->listed[listed] = rows->others[others] = w->languages;
        listed += row & w->listed;
        others += row & !w->listed;
    }
    rows->listed_count = listed;
    rows->other_count = others;
    s->result.tokens += tokens;
    s->result.known += known;
}

static void add_languages(classify_scorer *s, const language_rows *rows) {
    cl_add_small_rows(s->languages, rows->listed, rows->listed_count, s->model->languages, CL_LANGUAGE_STEP);
    cl_add_rows(s->languages, rows->others, rows->other_count, s->model->languages);
}

/* Adds the labels of the same words, and of their pairs, in every language. */
static void add_labels(classify_scorer *s, uint32_t first, uint32_t end, const uint64_t *pairs, uint32_t pair_count) {
    const classify_model *m = s->model;
    const uint8_t *wide[CL_RUN], *narrow[2 * CL_RUN];
    size_t wides = 0, narrows = 0;
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &s->run.words[i];
        bool row = w->labels != NULL;
        wide[wides] = narrow[narrows] = w->labels;
        wides += row & w->wide;
        narrows += row & !w->wide;
        if (row && w->remark)
            forget_spread(s, w, 0, m->covered);
    }
    for (uint32_t i = 0; i < pair_count; i++)
        narrows += cl_table_find(&m->pair_table, pairs[i], &narrow[narrows]) != CLASSIFY_NONE;
    cl_add_labels(s->sums, wide, wides, m->covered, m->labels);
    cl_add_labels(s->common, narrow, narrows, 1, m->labels);
}

/* The same in the language of one column. */
static void add_column(classify_scorer *s, uint32_t column, uint32_t first, uint32_t end, const uint64_t *pairs,
                       uint32_t pair_count) {
    const classify_model *m = s->model;
    const uint8_t *rows[2 * CL_RUN];
    size_t count = 0, offset = column * m->row_stride;
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &s->run.words[i];
        bool row = w->labels != NULL;
        rows[count] = (const uint8_t *)((uintptr_t)w->labels + (offset & ((size_t)0 - w->wide)));
        count += row;
        if (row && w->remark)
            forget_spread(s, w, column, 1);
    }
    for (uint32_t i = 0; i < pair_count; i++)
        count += cl_table_find(&m->pair_table, pairs[i], &rows[count]) != CLASSIFY_NONE;
    cl_add_labels(s->sums + column * (m->labels + 1u), rows, count, 1, m->labels);
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
    for (uint32_t l = 0; l < m->labels; l++)
        total += out[l] = l == best ? 1 : exp((double)(scores[l] - scores[best]) / CL_WEIGHT_SCALE * slope);
    for (uint32_t l = 0; l < m->labels; l++)
        out[l] /= total;
}

static uint32_t find_reason(const classify_scorer *s, uint32_t column, const classify_result *r) {
    const classify_model *m = s->model;
    bool foreign = r->language != CLASSIFY_NONE && r->language >= m->covered;
    if (!r->tokens)
        return CLASSIFY_REASON_EMPTY;
    if (foreign)
        return CLASSIFY_REASON_LANGUAGE;
    if (!r->known)
        return CLASSIFY_REASON_UNKNOWN;
    if (r->evidence < (int64_t)calibration(m, column, CL_MIN_EVIDENCE))
        return CLASSIFY_REASON_EVIDENCE;
    bool guarded = r->best + 1 == calibration(m, column, CL_GUARDED);
    double minimum =
        s->min_probability > 0 ? s->min_probability : calibration(m, column, guarded ? CL_GUARD : CL_MIN_PROBABILITY) / 65536.0;
    return r->probability < minimum || r->margin == 0 ? CLASSIFY_REASON_CLOSE : CLASSIFY_REASON_NONE;
}

/* As cl_score_answer, where the language, and so the column, is known. */
static void answer(classify_scorer *s, uint32_t column, double *probabilities, int64_t *scores) {
    const classify_model *m = s->model;
    classify_result *r = &s->result;
    int64_t *sums = s->sums + (size_t)column * (m->labels + 1u);
    r->evidence = sums[m->labels] += s->common[m->labels];
    for (uint32_t l = 0; l < m->labels; l++)
        sums[l] += s->common[l] + cl_score_prior(m, column, l);
    double *out = probabilities ? probabilities : s->probabilities;
    cl_score_probabilities(s, column, sums, r->evidence, out);
    uint32_t best = cl_greatest(sums, m->labels);
    r->probability = out[best];
    r->margin = INT64_MAX;
    for (uint32_t l = 0; l < m->labels; l++)
        if (l != best && sums[best] - sums[l] < r->margin)
            r->margin = sums[best] - sums[l];
    if (r->known)
        r->best = best;
    r->reason = find_reason(s, column, r);
    if (r->reason == CLASSIFY_REASON_NONE)
        r->label = best;
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

/* Counts the words of a text, first .. end of the run, and finds its language: most often without a sum of all. Returns the
   column. */
static uint32_t short_language(classify_scorer *s, uint32_t first, uint32_t end) {
    const classify_model *m = s->model;
    language_rows rows;
    count_words(s, first, end, &rows);
    if (s->language != CLASSIFY_NONE)
        return s->result.language = s->language;
    size_t best = rows.other_count ? SIZE_MAX : cl_greatest_of_small_rows(rows.listed, rows.listed_count, m->languages);
    if (best < m->covered)
        return s->result.language = (uint32_t)best;
    clear_languages(s);
    add_languages(s, &rows);
    s->result.language = find_language(s);
    return cl_score_column(s, &s->result);
}

/* Sums and answers a text that is words first .. end of the run. */
static void score_short(classify_scorer *s, const cl_batch *b, const cl_stretch *stretch, uint32_t first, uint32_t end,
                        const uint64_t *pairs, uint32_t pair_count) {
    clear_result(s);
    uint32_t column = short_language(s, first, end);
    clear_sums(s, column, 1);
    add_column(s, column, first, end, pairs, pair_count);
    answer(s, column, probabilities_of(s, b, stretch->text), scores_of(s, b, stretch->text));
    give_text(s, b, stretch);
}

/* Sums a part of a longer text, and answers it if that is the last. */
static void score_part(classify_scorer *s, const cl_batch *b, const cl_stretch *stretch, uint32_t first, uint32_t end,
                       const uint64_t *pairs, uint32_t pair_count) {
    language_rows rows;
    if (stretch->starts) {
        clear_result(s);
        clear_languages(s);
        clear_sums(s, 0, s->model->covered);
    }
    count_words(s, first, end, &rows);
    add_languages(s, &rows);
    add_labels(s, first, end, pairs, pair_count);
    if (stretch->complete && stretch->end <= end) {
        cl_score_answer(s, probabilities_of(s, b, stretch->text), scores_of(s, b, stretch->text));
        give_text(s, b, stretch);
    }
}

/* Sums the words of the run, stretch by stretch. */
static void sum_run(classify_scorer *s, const cl_batch *b) {
    uint64_t pairs[CL_RUN];
    uint32_t pair_counts[CL_RUN], first = 0, stretch = 0;
    do {
        uint32_t end = cl_run_resolve(&s->run, &s->resolver, first), at = first, used = 0;
        for (uint32_t i = stretch; i < s->stretch_count && (i == stretch || at < end); i++) {
            uint32_t stop = s->stretches[i].end < end ? s->stretches[i].end : end;
            pair_counts[i] = close_pairs(s, at, stop, pairs + used);
            used += pair_counts[i];
            at = stop;
        }
        for (used = 0; stretch < s->stretch_count; stretch++) {
            cl_stretch *now = &s->stretches[stretch];
            uint32_t stop = now->end < end ? now->end : end, count = stop > first ? pair_counts[stretch] : 0;
            bool whole = now->starts && now->complete && now->end <= end;
            (whole ? score_short : score_part)(s, b, now, first, stop, pairs + used, count);
            now->starts = false;
            used += count;
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
        while (text < b->count && s->run.count < CL_RUN && s->stretch_count < CL_RUN) {
            uint32_t first = s->run.count;
            bool starts = !open;
            if (starts)
                cl_tokens_start(&tokenizer, b->bytes + b->offsets[text], (size_t)(b->offsets[text + 1] - b->offsets[text]));
            tokenizer.limit = (const uint8_t *)b->bytes + b->offsets[b->count];
            open = cl_run_fill(&s->run, &s->resolver, &tokenizer, &s->token);
            if (s->run.count > first)
                s->run.words[first].starts = starts;
            s->stretches[s->stretch_count++] = (cl_stretch){text, tokenizer.replaced, s->run.count, starts, !open};
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
