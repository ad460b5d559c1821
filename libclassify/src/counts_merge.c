/* counts_merge.c - adding counts to counts, and dropping what is rare.
   May include: counts.h, bytes.h, refinement.h, tokens.h (the hash of a word).
   Must not know: texts, file formats. */
#include "bytes.h"
#include "counts.h"
#include "tokens.h"

/* Where a merge goes to and comes from. */
typedef struct {
    classify_counts *into;
    const classify_counts *from;
    uint32_t *cells;    /* number in `into` of each cell of `from` */
    uint32_t *words;    /* the same of words */
    uint32_t *places;   /* by cell of `into`: tally of the feature in hand, or CLASSIFY_NONE */
    size_t place_count; /* cells of `into` */
} merge;

#define FIRST (CLASSIFY_NONE - 1) /* the place of a feature's first tally, which lies with it */

/* Each tally of both is met once, whatever their number. */
static bool merge_tallies(merge *m, cl_feature *target, const cl_feature *feature) {
    classify_counts *into = m->into;
    bool ok = true;
    const bool fresh = target->first.cell == CL_NO_CELL;
    if (!fresh)
        m->places[target->first.cell] = FIRST;
    for (uint32_t i = target->first.next; i != CLASSIFY_NONE; i = into->tallies[i].next)
        m->places[into->tallies[i].cell] = i;
    for (const cl_tally *t = &feature->first; ok && t; t = cl_tally_next(m->from, t)) {
        if (!t->occurrences)
            continue;
        uint32_t cell = m->cells[t->cell], place = m->places[cell];
        if (place != CLASSIFY_NONE) {
            cl_tally *own = place == FIRST ? &target->first : &into->tallies[place];
            own->occurrences += t->occurrences;
            own->documents += t->documents;
        } else {
            ok = cl_counts_append(into, target, cell, t->occurrences, t->documents);
        }
    }
    if (!fresh)
        for (const cl_tally *t = &target->first; t; t = cl_tally_next(into, t))
            m->places[t->cell] = CLASSIFY_NONE;
    return ok;
}

/* The pairs from a number on. */
static bool merge_pairs(merge *m, size_t begin, size_t count) {
    const cl_feature *features[CL_BATCH];
    uint64_t keys[CL_BATCH] = {0};
    uint32_t pairs[CL_BATCH];
    size_t live = 0;
    for (size_t i = begin; i < begin + count; i++) {
        const cl_feature *f = cl_feature_at(&m->from->pairs, (uint32_t)i);
        features[live] = f;
        keys[live] = (uint64_t)m->words[f->text >> 32] << 32 | m->words[(uint32_t)f->text];
        live += cl_feature_live(m->from, f);
    }
    if (!cl_counts_pairs(m->into, keys, live, pairs))
        return false;
    for (size_t i = 0; i < live; i++)
        if (!merge_tallies(m, cl_feature_at(&m->into->pairs, pairs[i]), features[i]))
            return false;
    return true;
}

static bool merge_features(merge *m) {
    classify_counts *into = m->into;
    const classify_counts *from = m->from;
    for (size_t i = 0; i < from->words.count; i++) {
        const cl_feature *f = cl_feature_at(&from->words, (uint32_t)i);
        if (!cl_counts_word(into, cl_word_text(from, f), cl_word_size(f), &m->words[i]) ||
            !merge_tallies(m, cl_feature_at(&into->words, m->words[i]), f))
            return false;
    }
    for (size_t i = 0; i < from->pairs.count; i += CL_BATCH)
        if (!merge_pairs(m, i, from->pairs.count - i < CL_BATCH ? from->pairs.count - i : CL_BATCH))
            return false;
    return true;
}

/* A digest of a refinement's content that does not depend on the numbers of words or the order of items. */
static uint64_t refinement_digest(const classify_counts *c) {
    const cl_refinement *r = c->refinement;
    uint64_t sum = r ? cl_checksum(r->labels, r->label_count * sizeof *r->labels) + r->bayes_share : 0;
    for (size_t i = 0; r && i < r->count; i++) {
        const cl_refined *item = &r->items[i];
        uint64_t key = item->key;
        if (item->kind != CL_REFINED_PART) {
            const cl_feature *second = cl_feature_at(&c->words, (uint32_t)key), *first = cl_feature_at(&c->words, key >> 32);
            key = cl_hash_word(cl_word_text(c, second), cl_word_size(second));
            if (item->kind == CL_REFINED_PAIR)
                key += 3 * cl_hash_word(cl_word_text(c, first), cl_word_size(first));
        }
        const char *language = r->languages[item->language];
        uint64_t hash = cl_hash_step(key + cl_hash_word(language, strlen(language)), item->kind);
        for (uint32_t l = 0; l < r->label_count; l++)
            hash = cl_hash_step(hash, (uint16_t)r->weights[i * r->label_count + l]);
        sum += cl_hash_end(hash);
    }
    return sum;
}

static bool copy_refinement(classify_counts *into, const classify_counts *from, const uint32_t *word_map) {
    const cl_refinement *r = from->refinement;
    cl_refinement *copy = cl_refinement_new(r->label_count, r->language_count, &into->allocator);
    if (!copy)
        return false;
    memcpy(copy->labels, r->labels, r->label_count * sizeof *r->labels);
    memcpy(copy->languages, r->languages, r->language_count * sizeof *r->languages);
    copy->bayes_share = r->bayes_share;
    for (size_t i = 0; i < r->count; i++) {
        uint64_t key = r->items[i].key;
        if (r->items[i].kind != CL_REFINED_PART)
            key = (r->items[i].kind == CL_REFINED_PAIR ? (uint64_t)word_map[key >> 32] << 32 : 0) | word_map[(uint32_t)key];
        int16_t *weights = cl_refinement_add(copy, r->items[i].kind, r->items[i].language, key, &into->allocator);
        if (!weights) {
            cl_refinement_free(copy, &into->allocator);
            return false;
        }
        memcpy(weights, r->weights + i * r->label_count, r->label_count * sizeof *weights);
    }
    cl_refinement_free(into->refinement, &into->allocator);
    into->refinement = copy;
    return true;
}

/* Of two refinements the one of the greater digest stays: there is no sum of two. */
static bool merge_refinement(classify_counts *into, const classify_counts *from, const uint32_t *word_map) {
    if (!from->refinement || (into->refinement && refinement_digest(into) >= refinement_digest(from)))
        return true;
    return copy_refinement(into, from, word_map);
}

static int32_t merge_cells(merge *m) {
    classify_counts *into = m->into;
    for (size_t i = 0; i < m->from->cell_count; i++) {
        const cl_cell *cell = &m->from->cells[i];
        if (!cl_counts_cell(into, cell->source, cell->language, cell->label, &m->cells[i]))
            return into->cell_count >= CL_CELLS_MAX ? CLASSIFY_ERROR_LIMIT : CLASSIFY_ERROR_NOMEM;
        cl_cell *to = &into->cells[m->cells[i]];
        to->documents += cell->documents;
        to->words += cell->words;
        if (to->documents > CL_WORDS_MAX || to->words > CL_WORDS_MAX)
            return CLASSIFY_ERROR_LIMIT;
    }
    m->place_count = into->cell_count;
    m->places = cl_alloc(&into->allocator, m->place_count, sizeof *m->places);
    if (!m->places)
        return CLASSIFY_ERROR_NOMEM;
    memset(m->places, 0xFF, m->place_count * sizeof *m->places);
    return CLASSIFY_OK;
}

static bool merge_meta(classify_counts *into, const classify_counts *from) {
    for (size_t i = 0; i < from->meta_count; i++) {
        const cl_meta *theirs = &from->meta[i];
        bool greater = true;
        for (size_t j = 0; j < into->meta_count; j++)
            if (!strcmp(into->meta[j].key, theirs->key))
                greater = strcmp(theirs->value, into->meta[j].value) > 0;
        if (greater && !cl_counts_set_meta(into, theirs->key, theirs->value))
            return false;
    }
    return true;
}

int32_t cl_counts_merge(classify_counts *into, const classify_counts *from) {
    const classify_allocator *a = &into->allocator;
    merge m = {.into = into, .from = from};
    m.cells = cl_alloc(a, from->cell_count, sizeof *m.cells);
    m.words = cl_alloc(a, from->words.count, sizeof *m.words);
    int32_t status = m.cells && m.words ? merge_cells(&m) : CLASSIFY_ERROR_NOMEM;
    if (!status && !(merge_features(&m) && merge_refinement(into, from, m.words) && merge_meta(into, from)))
        status = CLASSIFY_ERROR_NOMEM;
    cl_release(a, m.cells, from->cell_count, sizeof *m.cells);
    cl_release(a, m.words, from->words.count, sizeof *m.words);
    cl_release(a, m.places, m.place_count, sizeof *m.places);
    return status;
}

static void prune_table(classify_counts *c, cl_feature_table *table, const bool *chosen, uint64_t minimum) {
    for (size_t i = 0; i < table->count; i++) {
        uint64_t documents = 0;
        cl_tally *first = &cl_feature_at(table, (uint32_t)i)->first;
        if (first->cell == CL_NO_CELL)
            continue;
        for (const cl_tally *t = first; t; t = cl_tally_next(c, t))
            documents += chosen[t->cell] ? t->documents : 0;
        if (documents >= minimum)
            continue;
        for (cl_tally *t = first; t; t = cl_tally_next(c, t))
            if (chosen[t->cell])
                t->occurrences = t->documents = 0;
    }
}

bool cl_counts_prune(classify_counts *c, const char *prefix, uint64_t word_documents, uint64_t pair_documents) {
    bool *chosen = cl_alloc(&c->allocator, c->cell_count, sizeof *chosen);
    if (!chosen)
        return false;
    for (size_t i = 0; i < c->cell_count; i++)
        chosen[i] = !strncmp(c->cells[i].source, prefix, strlen(prefix));
    prune_table(c, &c->words, chosen, word_documents);
    prune_table(c, &c->pairs, chosen, pair_documents);
    cl_release(&c->allocator, chosen, c->cell_count, sizeof *chosen);
    return true;
}
