/* passages.c - which labels may be passages, and the passages given out.
   May include: passages.h, passage_labels.h, passage_parts.h, score.h.
   Must not know: words, sentences. */
#include "passages.h"

#include "passage_labels.h"

/* Is a label one that only surrounds? */
static bool surrounds(const char *list, const char *name) {
    size_t size = strlen(name);
    for (; *list; list += *list == ' ') {
        size_t item = strcspn(list, " ");
        if (item == size && !memcmp(list, name, size))
            return true;
        list += item;
    }
    return false;
}

static void find_shown(const classify_scorer *s, bool own, bool *shown) {
    const classify_model *m = s->model;
    const classify_result *r = &s->result;
    const char *list = classify_model_meta(m, "passages.background");
    uint32_t count = 0;
    for (uint32_t k = 0; k < m->labels; k++)
        count += shown[k] = !surrounds(list ? list : "news other", m->names[k]);
    if (count == m->labels || !own)
        shown[r->label == CLASSIFY_NONE ? r->best : r->label] = false;
}

/* Gives out parts first .. end as a passage. */
static void give(const cl_parts *f, cl_passages_call *call, size_t first, size_t end, uint32_t label) {
    classify_scorer *s = f->s;
    uint32_t labels = s->model->labels;
    if (call->needed++ >= call->capacity || !call->passages)
        return;
    int64_t *sums = s->common, next = INT64_MIN; /* of no more use */
    memset(sums, 0, f->columns * sizeof *sums);
    for (size_t i = first; i < end; i++)
        for (size_t k = 0; k < f->columns; k++)
            sums[k] += cl_parts_row(f, i)[k];
    for (uint32_t k = 0; k < labels; k++) {
        sums[k] += cl_score_prior(s->model, f->column, k);
        next = k != label && sums[k] > next ? sums[k] : next;
    }
    cl_score_probabilities(s, f->column, sums, sums[labels], s->probabilities);
    call->passages[call->needed - 1] =
        (classify_passage){f->parts[first].begin, f->parts[end - 1].end,  label, 0, labels > 1 ? sums[label] - next : 0,
                           sums[labels],          s->probabilities[label]};
}

/* Gives out the runs of one label. */
static void give_all(const cl_parts *f, cl_passages_call *call, const uint32_t *labels) {
    for (size_t i = 0, end; i < f->count; i = end) {
        for (end = i + 1; end < f->count && labels[end] == labels[i]; end++)
            if (!call->penalty)
                break; /* each sentence stands alone */
        bool all = i == 0 && end == f->count && labels[i] == f->s->result.label;
        if (labels[i] != CLASSIFY_NONE && !all)
            give(f, call, i, end, labels[i]);
    }
}

static bool find(const cl_parts *f, cl_passages_call *call) {
    classify_scorer *s = f->s;
    const classify_allocator *a = &s->allocator;
    uint32_t count = s->model->labels;
    bool *shown = cl_alloc(a, count, sizeof *shown);
    uint32_t *labels = cl_alloc(a, f->count, sizeof *labels);
    bool good = shown && labels;
    if (good) {
        find_shown(s, call->own, shown);
        good = cl_label_parts(&(cl_labels_call){f, call->penalty, shown, s->common}, labels);
    }
    if (good)
        give_all(f, call, labels);
    cl_release(a, labels, f->count, sizeof *labels);
    cl_release(a, shown, count, sizeof *shown);
    return good;
}

bool cl_passages(classify_scorer *s, const char *text, size_t size, cl_passages_call *call) {
    cl_parts parts;
    call->needed = 0;
    bool good = cl_parts_read(&parts, s, text, size);
    if (good) {
        cl_score_answer(s, call->probabilities, call->scores);
        *call->result = s->result;
        bool known = s->result.best != CLASSIFY_NONE && s->result.reason != CLASSIFY_REASON_LANGUAGE;
        good = !known || !parts.count || find(&parts, call);
    }
    cl_parts_free(&parts);
    return good;
}
