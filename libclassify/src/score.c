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

/* ---- Sums ---- */

static void add_row(int64_t *sums, const uint8_t *row, size_t count) {
    for (size_t i = 0; i < count; i++)
        sums[i] += cl_weight(row, i);
}

static void sum_text(classify_scorer *s, const char *text, size_t size, classify_result *result) {
    const classify_model *m = s->model;
    size_t columns = m->labels + 1u, row = columns * m->covered;
    memset(s->sums, 0, row * sizeof *s->sums);
    memset(s->common, 0, columns * sizeof *s->common);
    memset(s->languages, 0, m->languages * sizeof *s->languages);
    cl_stream stream;
    cl_hit hit;
    cl_stream_start(&stream, &s->resolver, text, size);
    while (cl_stream_next(&stream, &hit)) {
        if (hit.labels)
            add_row(hit.narrow ? s->common : s->sums, hit.labels, hit.narrow ? columns : row);
        if (hit.languages)
            add_row(s->languages, hit.languages, m->languages);
        if (hit.remark && hit.labels) /* a remark is no evidence */
            for (uint32_t l = 0; l < (hit.narrow ? 1 : m->covered); l++)
                (hit.narrow ? s->common : s->sums)[(l + 1) * columns - 1] -= cl_weight(hit.labels, (l + 1) * columns - 1);
        bool says = hit.kind != CLASSIFY_SPAN_PAIR && !hit.remark;
        result->tokens += says;
        result->known += says && hit.known;
    }
    for (size_t i = 0; i < row; i++)
        s->sums[i] += s->common[i % columns];
    result->replaced = stream.tokenizer.replaced;
}

/* ---- Language ---- */

/* The greatest of the first `count` sums, the first of equals. */
static uint32_t greatest(const int64_t *sums, uint32_t count) {
    uint32_t best = 0;
    for (uint32_t i = 1; i < count; i++)
        if (sums[i] > sums[best])
            best = i;
    return best;
}

static uint32_t find_language(const classify_scorer *s) {
    if (s->language != CLASSIFY_NONE)
        return s->language;
    uint32_t best = greatest(s->languages, s->model->languages);
    return s->languages[best] > 0 ? best : CLASSIFY_NONE;
}

uint32_t cl_score_column(const classify_scorer *s, const classify_result *result) {
    if (result->language != CLASSIFY_NONE && result->language < s->model->covered)
        return result->language;
    return greatest(s->languages, s->model->covered);
}

/* ---- Probability ---- */

/* softmax(score * slope / (1 + evidence) ^ power): words of a text are not independent, so that evidence counts for less the
   more there is of it. Calibrated on texts that were not trained on (models/README.md); after Platt 1999 and Guo et al. 2017.
 */
static void set_probabilities(const classify_scorer *s, uint32_t column, const int64_t *scores, int64_t evidence, double *out) {
    const classify_model *m = s->model;
    double nats = 1 + (double)evidence / CL_WEIGHT_SCALE;
    double slope = calibration(m, column, CL_SLOPE) / 65536.0 / pow(nats, calibration(m, column, CL_POWER) / 65536.0);
    uint32_t best = greatest(scores, m->labels);
    double total = 0;
    for (uint32_t l = 0; l < m->labels; l++)
        total += out[l] = exp((double)(scores[l] - scores[best]) / CL_WEIGHT_SCALE * slope);
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

void cl_score(classify_scorer *s, const char *text, size_t size, classify_result *r, double *probabilities, int64_t *scores) {
    const classify_model *m = s->model;
    *r = (classify_result){.struct_size = sizeof *r, .label = CLASSIFY_NONE, .best = CLASSIFY_NONE};
    sum_text(s, text, size, r);
    r->language = find_language(s);
    uint32_t column = cl_score_column(s, r);
    int64_t *sums = s->sums + (size_t)column * (m->labels + 1u);
    r->evidence = sums[m->labels];
    for (uint32_t l = 0; l < m->labels; l++)
        sums[l] += cl_score_prior(m, column, l);
    double *out = probabilities ? probabilities : s->probabilities;
    set_probabilities(s, column, sums, r->evidence, out);
    uint32_t best = greatest(sums, m->labels);
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
        size_t from = hit.narrow ? 0 : (size_t)language * (m->labels + 1u);
        for (uint32_t l = 0; l < m->labels; l++)
            contributions[count * m->labels + l] = hit.labels ? cl_weight(hit.labels, from + l) : 0;
    }
    *needed = count;
}
