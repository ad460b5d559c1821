/* api_counts.c - the public calls on counts: checks of arguments, then one call down.
   May include: counts.h, counts_file.h, refine.h.
   Must not know: algorithms. */
#include "counts_file.h"
#include "refine.h"

static int32_t argument(classify_error *error, const char *message) {
    return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, message);
}

static int32_t read_options(const classify_counts_options *given, classify_counts_options *o, classify_error *error) {
    *o = (classify_counts_options){0};
    if (given && given->struct_size < sizeof given->struct_size)
        return argument(error, "options->struct_size is not set");
    if (given)
        memcpy(o, given, given->struct_size < sizeof *o ? given->struct_size : sizeof *o);
    return o->flags ? argument(error, "flags must be 0") : CLASSIFY_OK;
}

int32_t classify_counts_new(classify_counts **out, const classify_counts_options *options, classify_error *error) {
    classify_counts_options o = {0};
    if (!out)
        return argument(error, "out is NULL");
    *out = NULL;
    int32_t status = read_options(options, &o, error);
    if (status)
        return status;
    classify_allocator a = cl_allocator(o.allocator);
    *out = cl_counts_new(&a);
    return *out ? CLASSIFY_OK : cl_nomem(error);
}

void classify_counts_free(classify_counts *counts) { cl_counts_free(counts); }

static bool valid_name(const char *name) {
    size_t size = strlen(name);
    return size <= CL_NAME_MAX && cl_text_valid(name, size);
}

static bool valid_language(const char *code) {
    size_t size = strlen(code);
    if (size < 2 || size > 8)
        return false;
    for (size_t i = 0; i < size; i++)
        if (!(code[i] >= 'a' && code[i] <= 'z') && !(code[i] >= '0' && code[i] <= '9') && code[i] != '-')
            return false;
    return true;
}

int32_t classify_counts_add(classify_counts *counts, const char *label, const char *language, const char *source,
                            const char *text, size_t size, classify_error *error) {
    uint32_t cell;
    const uint64_t bytes = size; /* may be more than a cell can count where size_t has 64 bits */
    label = label ? label : "";
    source = source ? source : "";
    if (!counts || !language || (!text && size) || size > PTRDIFF_MAX || bytes > CL_WORDS_MAX)
        return argument(error, "counts, language or text is NULL, or the text is larger than 2^40 bytes");
    if (!valid_name(label) || !valid_name(source))
        return argument(error, "a label or source must be UTF-8 of at most 255 bytes without control characters");
    if (!valid_language(language))
        return argument(error, "a language must be a code of 2-8 letters a-z, digits or '-', such as uk");
    if (!cl_counts_cell(counts, source, language, label, &cell))
        return counts->cell_count < CL_CELLS_MAX
                   ? cl_nomem(error)
                   : cl_fail(error, CLASSIFY_ERROR_LIMIT, 0, "too many cells (source, language, label)");
    if (counts->cells[cell].words > CL_WORDS_MAX - bytes)
        return cl_fail(error, CLASSIFY_ERROR_LIMIT, 0, "more than 2^40 words in one cell (source, language, label)");
    return cl_counts_text(counts, cell, text ? text : "", size) ? CLASSIFY_OK : cl_nomem(error);
}

int32_t classify_counts_merge(classify_counts *into, const classify_counts *from, classify_error *error) {
    if (!into || !from || into == from)
        return argument(error, "counts are NULL, or the same twice");
    int32_t status = cl_counts_merge(into, from);
    return status == CLASSIFY_ERROR_LIMIT ? cl_fail(error, status, 0, "too many cells, or more than 2^40 words in one")
           : status                       ? cl_nomem(error)
                                          : CLASSIFY_OK;
}

int32_t classify_counts_prune(classify_counts *counts, const char *prefix, uint64_t word_documents, uint64_t pair_documents,
                              classify_error *error) {
    if (!counts)
        return argument(error, "counts is NULL");
    return cl_counts_prune(counts, prefix ? prefix : "", word_documents, pair_documents) ? CLASSIFY_OK : cl_nomem(error);
}

int32_t classify_counts_set_meta(classify_counts *counts, const char *key, const char *value, classify_error *error) {
    if (!counts || !key || !cl_meta_key_valid(key, strlen(key)) ||
        (value && (strlen(value) > CL_META_VALUE_MAX || !cl_text_valid(value, strlen(value)))))
        return argument(error, "a key must be 1-63 of a-z 0-9 . _ -, a value UTF-8 under 4 KB without control characters");
    return cl_counts_set_meta(counts, key, value) ? CLASSIFY_OK : cl_nomem(error);
}

int32_t classify_counts_get_info(const classify_counts *counts, classify_counts_info *info, classify_error *error) {
    if (!counts || !info || info->struct_size < sizeof info->struct_size)
        return argument(error, "counts or info is NULL, or info->struct_size is not set");
    classify_counts_info full = {.struct_size = sizeof full, .cells = counts->cell_count};
    for (size_t i = 0; i < counts->cell_count; i++) {
        full.documents += counts->cells[i].documents;
        full.words += counts->cells[i].words;
    }
    for (size_t i = 0; i < counts->words.count; i++)
        full.features += cl_feature_live(counts, cl_feature_at(&counts->words, (uint32_t)i));
    for (size_t i = 0; i < counts->pairs.count; i++)
        full.features += cl_feature_live(counts, cl_feature_at(&counts->pairs, (uint32_t)i));
    size_t given = info->struct_size;
    memset(info, 0, given);
    memcpy(info, &full, given < sizeof full ? given : sizeof full);
    info->struct_size = given;
    return CLASSIFY_OK;
}

int32_t classify_counts_cell(classify_counts *counts, uint64_t index, classify_cell *cell, classify_error *error) {
    if (!counts || !cell || cell->struct_size < sizeof cell->struct_size || index >= counts->cell_count)
        return argument(error, "counts or cell is NULL, cell->struct_size is not set, or there is no such cell");
    cl_counts_order order;
    if (!cl_counts_sort_cells(counts, &order))
        return cl_nomem(error);
    const cl_cell *c = &counts->cells[order.cells[index]];
    classify_cell full = {sizeof full, c->source, c->language, c->label, c->documents, c->words};
    cl_counts_order_free(counts, &order);
    size_t given = cell->struct_size;
    memset(cell, 0, given);
    memcpy(cell, &full, given < sizeof full ? given : sizeof full);
    cell->struct_size = given;
    return CLASSIFY_OK;
}

int32_t classify_counts_read(classify_counts **out, const void *data, size_t size, const classify_counts_options *options,
                             classify_error *error) {
    classify_counts_options o = {0};
    if (!out)
        return argument(error, "out is NULL");
    *out = NULL;
    int32_t status = data || !size ? read_options(options, &o, error) : argument(error, "data is NULL");
    if (status)
        return status;
    uint64_t limit = o.max_bytes ? o.max_bytes : 1ull << 32;
    if (size > limit)
        return cl_failf(error, CLASSIFY_ERROR_LIMIT, 0, "counts of more than %llu bytes", (unsigned long long)limit);
    classify_allocator a = cl_allocator(o.allocator);
    size_t magic = strlen(CL_COUNTS_TSV_MAGIC);
    if (size >= magic && !memcmp(data, CL_COUNTS_TSV_MAGIC, magic))
        return cl_counts_read_tsv(out, data, size, &a, error);
    return cl_counts_read_binary(out, data ? data : "", size, &a, error);
}

int32_t classify_counts_write(classify_counts *counts, uint32_t format, void **buffer, size_t *size, classify_error *error) {
    if (buffer)
        *buffer = NULL;
    if (!counts || !buffer || !size || format > CLASSIFY_COUNTS_TSV)
        return argument(error, "counts, buffer or size is NULL, or the format is unknown");
    cl_counts_order order;
    if (!cl_counts_sort(counts, &order))
        return cl_nomem(error);
    cl_buffer out = {.allocator = &counts->allocator};
    bool ok = format == CLASSIFY_COUNTS_TSV ? cl_counts_write_tsv(counts, &order, &out)
                                            : cl_counts_write_binary(counts, &order, &out);
    cl_counts_order_free(counts, &order);
    const classify_allocator *a = &counts->allocator;
    void *exact = ok ? a->resize(a->context, out.data, out.capacity, out.size) : NULL;
    if (!exact) {
        cl_buffer_free(&out);
        return cl_nomem(error);
    }
    *buffer = exact;
    *size = out.size;
    return CLASSIFY_OK;
}

void classify_counts_free_buffer(const classify_counts *counts, void *buffer, size_t size) {
    if (counts)
        cl_release(&counts->allocator, buffer, size, 1);
}

static uint32_t either(uint32_t given, uint32_t otherwise) { return given ? given : otherwise; }

static int32_t compile_options(const classify_compile_options *given, classify_compile_options *o, classify_error *error) {
    const classify_compile_options d = cl_compile_defaults();
    *o = (classify_compile_options){0};
    if (given && given->struct_size < sizeof given->struct_size)
        return argument(error, "options->struct_size is not set");
    if (given)
        memcpy(o, given, given->struct_size < sizeof *o ? given->struct_size : sizeof *o);
    o->label_words = either(o->label_words, d.label_words);
    o->max_words = either(o->max_words, d.max_words);
    o->max_pairs = either(o->max_pairs, d.max_pairs);
    o->max_parts = either(o->max_parts, d.max_parts);
    if (o->smoothing > 1u << 24 || o->label_words > 1u << 24)
        return argument(error, "smoothing and label_words must be at most 2^24");
    if (o->flags & ~(CLASSIFY_COMPILE_NO_PAIRS | CLASSIFY_COMPILE_NO_PARTS))
        return argument(error, "flags must be CLASSIFY_COMPILE_*");
    return CLASSIFY_OK;
}

int32_t classify_counts_compile(classify_counts *counts, const classify_compile_options *options, classify_model **out,
                                classify_error *error) {
    classify_compile_options o;
    if (out)
        *out = NULL;
    if (!counts || !out)
        return argument(error, "counts or out is NULL");
    int32_t status = compile_options(options, &o, error);
    classify_allocator a = o.allocator ? cl_allocator(o.allocator) : counts->allocator;
    return status ? status : cl_compile(counts, &o, &a, out, error);
}

int32_t classify_counts_refine(classify_counts *counts, const classify_refine_options *options,
                               const classify_example *examples, size_t count, classify_error *error) {
    classify_refine_options o = {0};
    if (!counts || (!examples && count) || (options && options->struct_size < sizeof options->struct_size))
        return argument(error, "counts or examples is NULL, or options->struct_size is not set");
    if (options)
        memcpy(&o, options, options->struct_size < sizeof o ? options->struct_size : sizeof o);
    o.primary_factor = either(o.primary_factor, 768);
    o.epochs = either(o.epochs, 7);
    o.bayes_share = either(o.bayes_share, 1);
    o.max_pairs = either(o.max_pairs, 60000);
    o.max_parts = either(o.max_parts, 40000);
    if (o.primary_factor > 65536 || o.epochs > 1000 || o.bayes_share > CL_BAYES_SHARE_MAX || o.reserved)
        return argument(error, "primary_factor must be at most 65536, epochs 1000, bayes_share 65535, reserved 0");
    for (size_t i = 0; i < count; i++)
        if (!examples[i].language || (!examples[i].text && examples[i].size) || examples[i].size > PTRDIFF_MAX)
            return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, i, "an example's language or text is NULL");
    return cl_refine(counts, &o, examples, count, error);
}
