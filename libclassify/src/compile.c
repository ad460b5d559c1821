/* compile.c - the driver of compilation, its first steps (which languages and labels there are, how sources are balanced
   against each other, calibration), and its shared helpers.
   May include: compile.h, logfix.h, error.h.
   Must not know: texts. */
#include "compile.h"

#include "logfix.h"
#include "tokens.h"
#include "utf8.h"

#include <stdlib.h>

/* ---- Helpers of all steps ---- */

bool cl_index_new(cl_index *index, size_t count, const classify_allocator *a) {
    size_t slots = 8;
    while (slots < count * 2 + 2)
        slots *= 2;
    index->slots = slots;
    index->hashes = cl_alloc(a, slots, sizeof *index->hashes);
    index->indices = cl_alloc(a, slots, sizeof *index->indices);
    if (!index->hashes || !index->indices)
        return false;
    memset(index->indices, 0xFF, slots * sizeof *index->indices);
    return true;
}

void cl_index_free(cl_index *index, const classify_allocator *a) {
    cl_release(a, index->hashes, index->slots, sizeof *index->hashes);
    cl_release(a, index->indices, index->slots, sizeof *index->indices);
    *index = (cl_index){0};
}

size_t cl_index_slot(const cl_index *index, uint64_t hash) {
    size_t at = hash & (index->slots - 1);
    while (index->indices[at] != CLASSIFY_NONE && index->hashes[at] != hash)
        at = (at + 1) & (index->slots - 1);
    return at;
}

uint32_t cl_compile_word(const cl_compiler *c, size_t rank, uint32_t *chars) {
    const cl_feature *f = cl_feature_at(&c->counts->words, c->order.words[rank]);
    const uint8_t *at = (const uint8_t *)cl_word_text(c->counts, f), *end = at + cl_word_size(f);
    uint32_t length = 0;
    while (at < end && length < CL_WORD_MAX)
        chars[length++] = cl_utf8_next(&at, end);
    return length;
}

void cl_compile_add(cl_compiler *c, const cl_feature *feature, uint64_t *sums) {
    size_t count = cl_counts_tallies(c->counts, &c->order, feature, c->tallies);
    for (size_t i = 0; i < count; i++) {
        uint32_t cell = c->tallies[i].cell;
        if (c->cell_label[cell] != CLASSIFY_NONE)
            sums[c->cell_language[cell] * c->label_count + c->cell_label[cell]] +=
                c->tallies[i].occurrences * c->label_scale[cell];
    }
}

int32_t cl_dirichlet(uint64_t n, uint64_t total, uint64_t all, uint64_t everything, uint64_t mu) {
    /* Numerator and denominator, both times `everything` / `all` so that b falls out; 1/256 more precise than the counts. */
    uint64_t own = cl_muldiv(n << 8, everything, all);
    uint64_t above = own > UINT64_MAX / 2 ? UINT64_MAX / 2 : own + (mu << 8);
    return cl_ln_ratio(above ? above : 1, (total + mu) << 8);
}

/* ---- Names ---- */

static int compare_names(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* Distinct strings of one field of the cells, sorted; labelled cells only, or all. Returns how many. */
static uint32_t distinct(const cl_compiler *c, bool labels, bool labelled_only, const char **names) {
    uint32_t count = 0;
    for (size_t i = 0; i < c->counts->cell_count; i++) {
        const cl_cell *cell = &c->counts->cells[i];
        if (!labelled_only || (*cell->label && cell->words))
            names[count++] = labels ? cell->label : cell->language;
    }
    if (count > 1)
        qsort(names, count, sizeof *names, compare_names);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!i || strcmp(names[i], names[kept - 1]))
            names[kept++] = names[i];
    return kept;
}

static int32_t too_many(classify_error *error) {
    return cl_failf(error, CLASSIFY_ERROR_LIMIT, 0, "more than %d labels or %d languages", CL_LABELS_MAX, CL_LANGUAGES_MAX);
}

/* Labelled languages first, those with a stemmer in the order en, uk, ru, pl; then the ones to recognise only. */
static int32_t set_languages(cl_compiler *c, const char **scratch, classify_error *error) {
    uint32_t labelled = distinct(c, false, true, scratch);
    if (labelled > CL_LANGUAGES_MAX)
        return too_many(error);
    for (int stem = 0; stem <= CL_STEM_LANGUAGES; stem++)
        for (uint32_t i = 0; i < labelled; i++) {
            int language = cl_stem_language(scratch[i]);
            if (stem == (language < 0 ? CL_STEM_LANGUAGES : language)) {
                c->stem_languages[c->covered] = language;
                c->languages[c->covered++] = scratch[i];
            }
        }
    c->language_count = c->covered;
    uint32_t all = distinct(c, false, false, scratch);
    for (uint32_t i = 0; i < all; i++) {
        bool known = false;
        for (uint32_t l = 0; l < c->covered; l++)
            known |= !strcmp(c->languages[l], scratch[i]);
        if (known)
            continue;
        if (c->language_count == CL_LANGUAGES_MAX)
            return too_many(error);
        c->stem_languages[c->language_count] = -1;
        c->languages[c->language_count++] = scratch[i];
    }
    return CLASSIFY_OK;
}

enum { MOST_SUMS = 1 << 29 }; /* numbers of 8 bytes */

static int32_t set_names(cl_compiler *c, classify_error *error) {
    size_t cells = c->counts->cell_count;
    const char **scratch = cl_alloc(&c->a, cells, sizeof *scratch);
    c->labels = cl_alloc(&c->a, cells, sizeof *c->labels);
    c->cell_language = cl_alloc(&c->a, cells, sizeof *c->cell_language);
    c->cell_label = cl_alloc(&c->a, cells, sizeof *c->cell_label);
    int32_t status = CLASSIFY_OK;
    if (!scratch || !c->labels || !c->cell_language || !c->cell_label)
        status = cl_nomem(error);
    else if (!(c->label_count = distinct(c, true, true, c->labels)))
        status = cl_fail(error, CLASSIFY_ERROR_EMPTY, 0, "nothing to learn from: the counts hold no word under a label");
    else if (c->label_count > CL_LABELS_MAX)
        status = too_many(error);
    else
        status = set_languages(c, scratch, error);
    cl_release(&c->a, scratch, cells, sizeof *scratch);
    for (size_t i = 0; !status && i < cells; i++) {
        const cl_cell *cell = &c->counts->cells[c->order.cells[i]];
        c->cell_language[i] = c->cell_label[i] = CLASSIFY_NONE;
        for (uint32_t l = 0; l < c->language_count; l++)
            if (!strcmp(c->languages[l], cell->language))
                c->cell_language[i] = l;
        for (uint32_t l = 0; l < c->label_count; l++)
            if (!strcmp(c->labels[l], cell->label))
                c->cell_label[i] = l;
    }
    c->columns = (size_t)c->covered * c->label_count;
    if (!status && (c->order.word_count + c->order.pair_count) > MOST_SUMS / c->columns)
        status = cl_fail(error, CLASSIFY_ERROR_LIMIT, 0, "too many words for so many labels and languages: prune the counts");
    return status;
}

/* ---- Balance ---- */

/* The most words that a source may give, so that together they give `wanted`: sources below it give all they have. */
static uint64_t water_level(uint64_t wanted, const uint64_t *words, size_t count) {
    uint64_t low = 0, high = wanted;
    while (low < high) {
        uint64_t level = low + (high - low + 1) / 2, sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += words[i] < level ? words[i] : level;
        if (sum > wanted)
            high = level - 1;
        else
            low = level;
    }
    return low;
}

/* Each label of a language is brought down to label_words, the largest sources first, so that one big source is not the label;
   and each language, for telling languages apart, to the same mass. */
static bool set_balance(cl_compiler *c) {
    size_t cells = c->counts->cell_count;
    uint64_t *words = cl_alloc(&c->a, cells, sizeof *words);
    c->label_scale = cl_calloc(&c->a, cells, sizeof *c->label_scale);
    c->language_scale = cl_calloc(&c->a, cells, sizeof *c->language_scale);
    c->label_totals = cl_calloc(&c->a, c->columns, sizeof *c->label_totals);
    c->tallies = cl_alloc(&c->a, cells, sizeof *c->tallies);
    if (!words || !c->label_scale || !c->language_scale || !c->label_totals || !c->tallies) {
        cl_release(&c->a, words, cells, sizeof *words);
        return false;
    }
    for (size_t column = 0; column < c->columns; column++) {
        size_t count = 0;
        for (size_t i = 0; i < cells; i++)
            if (c->cell_label[i] != CLASSIFY_NONE && c->cell_language[i] * c->label_count + c->cell_label[i] == column)
                words[count++] = c->counts->cells[c->order.cells[i]].words;
        uint64_t level = water_level(c->options.label_words, words, count);
        for (size_t i = 0; i < cells; i++) {
            if (c->cell_label[i] == CLASSIFY_NONE || c->cell_language[i] * c->label_count + c->cell_label[i] != column)
                continue;
            uint64_t has = c->counts->cells[c->order.cells[i]].words;
            c->label_scale[i] = has <= level ? CL_ONE : CL_ONE * level / has ? CL_ONE * level / has : 1;
            c->label_totals[column] += has * c->label_scale[i];
        }
    }
    for (uint32_t l = 0; l < c->language_count; l++) {
        uint64_t total = 1;
        for (size_t i = 0; i < cells; i++)
            total += c->cell_language[i] == l ? c->counts->cells[c->order.cells[i]].words : 0;
        for (size_t i = 0; i < cells; i++)
            if (c->cell_language[i] == l)
                c->language_scale[i] = cl_muldiv((uint64_t)CL_ONE << 6, c->options.label_words, total) + 1;
    }
    cl_release(&c->a, words, cells, sizeof *words);
    return true;
}

/* ---- Calibration ---- */

static const char *meta_value(const cl_compiler *c, const char *prefix, const char *language) {
    size_t size = strlen(prefix);
    for (size_t i = 0; i < c->counts->meta_count; i++)
        if (!strncmp(c->counts->meta[i].key, prefix, size) && !strcmp(c->counts->meta[i].key + size, language))
            return c->counts->meta[i].value;
    return NULL;
}

/* Decimal numbers with a space between, up to the end; false where there are not just `count`, or one is over 2^24. */
static bool parse_numbers(const char *text, uint32_t *numbers, int count) {
    for (int i = 0; i < count; i++) {
        uint32_t n = 0;
        const char *from = text;
        for (; *text >= '0' && *text <= '9' && n <= 1u << 24; text++)
            n = n * 10 + (uint32_t)(*text - '0');
        if (text == from || n > 1u << 24 || *text++ != (i + 1 < count ? ' ' : 0))
            return false;
        numbers[i] = n;
    }
    return true;
}

/* Metadata of the counts: calibration.LANGUAGE = "slope power evidence probability", guard.LANGUAGE = "probability label". */
static int32_t set_calibration(cl_compiler *c, classify_error *error) {
    for (uint32_t l = 0; l < c->covered; l++) {
        uint32_t *fields = c->calibration[l];
        fields[CL_SLOPE] = 65536, fields[CL_POWER] = 32768, fields[CL_MIN_EVIDENCE] = 4 * CL_WEIGHT_SCALE;
        const char *value = meta_value(c, "calibration.", c->languages[l]), *guard = meta_value(c, "guard.", c->languages[l]);
        const char *space = guard ? strchr(guard, ' ') : NULL;
        char number[16] = "";
        if (space && (size_t)(space - guard) < sizeof number)
            memcpy(number, guard, (size_t)(space - guard));
        if ((value && !parse_numbers(value, fields, 4)) || (guard && !parse_numbers(number, &fields[CL_GUARD], 1)))
            return cl_failf(error, CLASSIFY_ERROR_ARGUMENT, 0, "bad metadata calibration.%.8s or guard.%.8s of the counts",
                            c->languages[l], c->languages[l]);
        for (uint32_t label = 0; space && label < c->label_count; label++)
            if (!strcmp(c->labels[label], space + 1))
                fields[CL_GUARDED] = label + 1;
    }
    return CLASSIFY_OK;
}

/* ---- Driver ---- */

static void tallied_free(cl_compiler *c, cl_tallied *t) {
    cl_release(&c->a, t->sums, t->count * c->columns, sizeof *t->sums);
    cl_release(&c->a, t->weights, t->count * c->columns, sizeof *t->weights);
}

void cl_compile_end(cl_compiler *c) {
    const classify_allocator *a = &c->a;
    size_t cells = c->counts->cell_count;
    cl_release(a, c->tallies, cells, sizeof *c->tallies);
    cl_stemmers_free(&c->stemmers);
    cl_release(a, c->labels, cells, sizeof *c->labels);
    cl_release(a, c->cell_language, cells, sizeof *c->cell_language);
    cl_release(a, c->cell_label, cells, sizeof *c->cell_label);
    cl_release(a, c->label_scale, cells, sizeof *c->label_scale);
    cl_release(a, c->language_scale, cells, sizeof *c->language_scale);
    cl_release(a, c->label_totals, c->columns, sizeof *c->label_totals);
    cl_release(a, c->word_terms, c->order.word_count, sizeof *c->word_terms);
    cl_buffer_free(&c->term_text);
    cl_release(a, c->term_offsets, c->term_capacity, sizeof *c->term_offsets);
    cl_release(a, c->term_masks, c->mask_capacity, sizeof *c->term_masks);
    cl_index_free(&c->term_index, a);
    tallied_free(c, &c->terms);
    cl_release(a, c->pair_terms, c->order.pair_count, sizeof *c->pair_terms);
    cl_index_free(&c->pair_index, a);
    tallied_free(c, &c->pairs);
    cl_release(a, c->part_hashes, c->parts.count, sizeof *c->part_hashes);
    cl_index_free(&c->part_index, a);
    cl_release(a, c->part_languages, (size_t)c->parts.count * c->language_count, sizeof *c->part_languages);
    tallied_free(c, &c->parts);
    cl_counts_order_free(c->counts, &c->order);
}

classify_compile_options cl_compile_defaults(void) {
    return (classify_compile_options){.struct_size = sizeof(classify_compile_options),
                                      .label_words = 30000,
                                      .max_words = 200000,
                                      .max_pairs = 60000,
                                      .max_parts = 12000};
}

int32_t cl_compile_start(cl_compiler *c, const classify_counts *counts, const classify_compile_options *options,
                         const classify_allocator *a, classify_error *error) {
    *c = (cl_compiler){.counts = counts, .a = *a, .options = *options};
    c->term_text.allocator = &c->a;
    if (!cl_counts_sort(counts, &c->order))
        return cl_nomem(error);
    int32_t status = set_names(c, error);
    status = status ? status : set_calibration(c, error);
    if (!status && (!set_balance(c) || !cl_stemmers_new(&c->stemmers) || !cl_compile_terms(c) || !cl_compile_pairs(c) ||
                    !cl_compile_parts(c)))
        status = cl_nomem(error);
    return status;
}

int32_t cl_compile(const classify_counts *counts, const classify_compile_options *options, const classify_allocator *a,
                   classify_model **out, classify_error *error) {
    cl_compiler c;
    uint64_t analyzer_id;
    cl_buffer bytes = {.allocator = a};
    int32_t status = cl_compile_start(&c, counts, options, a, error);
    if (!status &&
        (!cl_stem_digest(&c.stemmers, &analyzer_id) || !cl_compile_weights(&c) || !cl_compile_write(&c, analyzer_id, &bytes)))
        status = cl_nomem(error);
    cl_compile_end(&c);
    if (!status) {
        classify_read_options read = {.struct_size = sizeof read, .allocator = a, .flags = CLASSIFY_READ_ANY_ANALYZER};
        status = classify_model_read(out, bytes.data, bytes.size, &read, error);
    }
    cl_buffer_free(&bytes);
    return status;
}
