/* counts_refined.c - the refinement's part of the binary format of counts.
   May include: counts_file.h, counts.h, bytes.h.
   Must not know: how refined weights are learned or used. */
#include "counts_file.h"

#include <stdlib.h>

/* ---- Binary ---- */

static void write_name(cl_buffer *out, const char *name) {
    cl_buffer_varint(out, strlen(name));
    cl_buffer_text(out, name);
}

static int compare_items(const void *a, const void *b) {
    const cl_sorted_item *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->language != y->language)
        return x->language < y->language ? -1 : 1;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

size_t cl_refined_sort(const cl_refinement *r, const cl_counts_order *order, cl_sorted_item *sorted) {
    for (size_t i = 0; i < r->count; i++) {
        const cl_refined *item = &r->items[i];
        uint64_t key = item->key;
        if (item->kind == CL_REFINED_PAIR)
            key = (uint64_t)order->word_rank[key >> 32] << 32 | order->word_rank[(uint32_t)key];
        else if (item->kind == CL_REFINED_WORD)
            key = order->word_rank[key];
        sorted[i] = (cl_sorted_item){key, (uint32_t)i, item->language, item->kind};
    }
    if (r->count > 1)
        qsort(sorted, r->count, sizeof *sorted, compare_items);
    size_t kept = 0;
    for (size_t i = 0; i < r->count; i++) {
        const cl_sorted_item *before = kept ? &sorted[kept - 1] : NULL;
        if (!before || before->kind != sorted[i].kind || before->language != sorted[i].language || before->key != sorted[i].key)
            sorted[kept++] = sorted[i];
    }
    return kept;
}

static void write_weights(const cl_refinement *r, size_t item, cl_buffer *out) {
    for (uint32_t l = 0; l < r->label_count; l++) {
        int32_t v = r->weights[item * r->label_count + l];
        cl_buffer_varint(out, v < 0 ? (uint64_t)(-v) * 2 - 1 : (uint64_t)v * 2);
    }
}

/* One run: items of one kind and language. */
static void write_run(const cl_refinement *r, const cl_sorted_item *run, size_t count, cl_buffer *out) {
    cl_buffer_varint(out, count);
    cl_buffer_u8(out, run->kind);
    cl_buffer_varint(out, run->language);
    uint64_t before = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t key = run[i].key;
        if (run->kind == CL_REFINED_PART) {
            cl_buffer_u64(out, key);
        } else if (run->kind == CL_REFINED_PAIR) {
            cl_buffer_varint(out, (key >> 32) - (before >> 32));
            cl_buffer_varint(out, key >> 32 == before >> 32 ? (uint32_t)key - (uint32_t)before : (uint32_t)key);
        } else {
            cl_buffer_varint(out, key - before);
        }
        before = key;
        write_weights(r, run[i].item, out);
    }
}

bool cl_refined_write(const classify_counts *c, const cl_counts_order *order, cl_buffer *out) {
    const cl_refinement *r = c->refinement;
    cl_buffer_varint(out, r ? r->label_count : 0);
    if (!r)
        return true;
    cl_sorted_item *sorted = cl_alloc(&c->allocator, r->count, sizeof *sorted);
    if (!sorted)
        return false;
    cl_buffer_varint(out, r->language_count);
    cl_buffer_varint(out, r->bayes_share);
    for (uint32_t l = 0; l < r->label_count; l++)
        write_name(out, r->labels[l]);
    for (uint32_t l = 0; l < r->language_count; l++)
        write_name(out, r->languages[l]);
    size_t count = cl_refined_sort(r, order, sorted);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && sorted[to].kind == sorted[from].kind && sorted[to].language == sorted[from].language;
             to++)
            ;
        write_run(r, sorted + from, to - from, out);
    }
    cl_buffer_varint(out, 0);
    cl_release(&c->allocator, sorted, r->count, sizeof *sorted);
    return true;
}

typedef struct {
    classify_counts *counts;
    cl_refinement *r;
    cl_reader *in;
    classify_error *error;
} refined_reader;

static int32_t corrupt(const refined_reader *r, const char *message) {
    return cl_fail(r->error, CLASSIFY_ERROR_CORRUPT, (uint64_t)(r->in->at - r->in->start), message);
}

static bool read_names(refined_reader *r, char (*names)[256], uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        uint64_t size = cl_read_varint(r->in);
        const uint8_t *bytes = r->in->failed || size > CL_NAME_MAX ? NULL : cl_read_bytes(r->in, (size_t)size);
        if (!bytes || !cl_text_valid((const char *)bytes, (size_t)size))
            return false;
        memcpy(names[i], bytes, (size_t)size);
        for (uint32_t j = 0; j < i; j++)
            if (!strcmp(names[i], names[j]))
                return false;
    }
    return true;
}

/* The next key of a run: words by number (they were read in order of their ranks, so that rank and number are one). */
static bool read_key(refined_reader *r, cl_refined_kind kind, bool begin, uint64_t *key) {
    uint64_t words = r->counts->words.count, before = *key;
    if (kind == CL_REFINED_PART) {
        *key = cl_read_u64(r->in);
        return !r->in->failed && (begin || *key > before);
    }
    uint64_t a = cl_read_varint(r->in), b = 0, first = kind == CL_REFINED_PAIR ? before >> 32 : before,
             second = (uint32_t)before;
    if (r->in->failed || a > words)
        return false;
    if (kind == CL_REFINED_PAIR) {
        b = cl_read_varint(r->in);
        if (r->in->failed || b > words || (!a && !b && !begin))
            return false;
        b = a ? b : b + second;
    } else if (!a && !begin) {
        return false;
    }
    a += first;
    *key = kind == CL_REFINED_PAIR ? a << 32 | b : a;
    return a < words && b < words;
}

static int32_t read_run(refined_reader *r, uint64_t count) {
    const uint8_t *kind = cl_read_bytes(r->in, 1);
    uint64_t language = cl_read_varint(r->in), key = 0;
    const cl_refined *before = r->r->count ? &r->r->items[r->r->count - 1] : NULL;
    if (!kind || *kind >= CL_REFINED_KINDS || r->in->failed || language >= r->r->language_count ||
        (before && (*kind < before->kind || (*kind == before->kind && language <= before->language))))
        return corrupt(r, "bad run of refined weights");
    for (uint64_t i = 0; i < count; i++) {
        if (!read_key(r, *kind, i == 0, &key))
            return corrupt(r, "bad key of refined weights");
        int16_t *weights = cl_refinement_add(r->r, *kind, (uint32_t)language, key, &r->counts->allocator);
        if (!weights)
            return cl_nomem(r->error);
        for (uint32_t l = 0; l < r->r->label_count; l++) {
            uint64_t v = cl_read_varint(r->in);
            if (r->in->failed || v > 2 * INT16_MAX)
                return corrupt(r, "a refined weight out of range");
            weights[l] = (int16_t)(v & 1 ? -(int32_t)((v + 1) / 2) : (int32_t)(v / 2));
        }
    }
    return CLASSIFY_OK;
}

int32_t cl_refined_read(classify_counts *c, cl_reader *in, classify_error *error) {
    refined_reader r = {c, NULL, in, error};
    uint64_t labels = cl_read_varint(in);
    if (in->failed || labels > CL_REFINED_NAMES_MAX || labels > cl_reader_left(in))
        return corrupt(&r, "impossible number of refined labels");
    if (!labels)
        return CLASSIFY_OK;
    uint64_t languages = cl_read_varint(in), share = cl_read_varint(in);
    if (in->failed || !languages || languages > CL_REFINED_NAMES_MAX || languages > cl_reader_left(in) ||
        share > CL_BAYES_SHARE_MAX)
        return corrupt(&r, "impossible number of refined languages, or share of naive Bayes");
    if (!(c->refinement = r.r = cl_refinement_new((uint32_t)labels, (uint32_t)languages, &c->allocator)))
        return cl_nomem(error);
    r.r->bayes_share = (uint32_t)share;
    if (!read_names(&r, r.r->labels, (uint32_t)labels) || !read_names(&r, r.r->languages, (uint32_t)languages))
        return corrupt(&r, "bad name of a refined label or language, or one that stands twice");
    for (;;) {
        uint64_t count = cl_read_varint(in);
        if (in->failed || count > cl_reader_left(in) / (1 + labels))
            return corrupt(&r, "impossible number of refined weights");
        if (!count)
            return CLASSIFY_OK;
        int32_t status = read_run(&r, count);
        if (status)
            return status;
    }
}
