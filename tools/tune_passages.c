/* tune_passages.c - for tune_passages.py: texts read once, whose passages are then found with many weights. */
#include "passages.c" /* its parts between reading and giving out */

#include "passage_weights.h"

#include <stdlib.h>

int32_t cl_passage_weights[CL_W_COUNT];

typedef struct {
    cl_parts parts;
    classify_result result;
    bool known;
} kept_text;

static kept_text *kept;
static size_t kept_count;

/* Reads a text, which is to stay where it is. 0: no memory. */
__attribute__((visibility("default"))) int32_t tune_keep(classify_scorer *s, const char *text, size_t size) {
    kept_text *more = realloc(kept, (kept_count + 1) * sizeof *kept), *k;
    if (!more)
        return 0;
    kept = more;
    k = &kept[kept_count];
    if (!cl_parts_read(&k->parts, s, text, size))
        return 0;
    cl_score_answer(s, NULL, NULL);
    k->result = s->result;
    k->known = k->result.best != CLASSIFY_NONE && k->result.reason != CLASSIFY_REASON_LANGUAGE && k->parts.count;
    kept_count++;
    return 1;
}

/* Finds the passages of so many texts that were kept: of each their number, and of each passage begin, end and label. */
__attribute__((visibility("default"))) int32_t tune_find(const size_t *texts, size_t count, uint32_t *out) {
    classify_passage found[64];
    for (size_t i = 0; i < count; i++) {
        kept_text *k = &kept[texts[i]];
        cl_passages_call call = {.penalty = CL_PENALTY_DEFAULT, .own = true, .passages = found, .capacity = 64};
        k->parts.s->result = k->result;
        if (k->known && !find(&k->parts, &call))
            return 0;
        size_t given = call.needed < 64 ? call.needed : 64;
        *out++ = (uint32_t)given;
        for (size_t p = 0; p < given; p++) {
            *out++ = (uint32_t)found[p].begin;
            *out++ = (uint32_t)found[p].end;
            *out++ = found[p].label;
        }
    }
    return 1;
}
