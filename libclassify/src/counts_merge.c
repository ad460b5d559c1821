/* counts_merge.c - adding counts to counts, and dropping what is rare.
   May include: counts.h, bytes.h, refinement.h, tokens.h (the hash of a word).
   Must not know: texts, file formats. */
#include "bytes.h"
#include "counts.h"
#include "tokens.h"

static bool merge_tallies(classify_counts *into, cl_feature_table *table, uint32_t target, const classify_counts *from,
                          const cl_feature *feature, const uint32_t *cell_map) {
    for (uint32_t i = feature->tally; i != CLASSIFY_NONE; i = from->tallies[i].next) {
        const cl_tally *t = &from->tallies[i];
        if (t->occurrences && !cl_counts_tally(into, &table->items[target], cell_map[t->cell], t->occurrences, t->documents))
            return false;
    }
    return true;
}

static bool merge_features(classify_counts *into, const classify_counts *from, const uint32_t *cell_map, uint32_t *word_map) {
    for (size_t i = 0; i < from->words.count; i++) {
        const cl_feature *f = &from->words.items[i];
        if (!cl_counts_word(into, from->strings + f->text, f->size, &word_map[i]) ||
            !merge_tallies(into, &into->words, word_map[i], from, f, cell_map))
            return false;
    }
    for (size_t i = 0; i < from->pairs.count; i++) {
        const cl_feature *f = &from->pairs.items[i];
        uint32_t pair;
        if (!cl_feature_live(from, f))
            continue;
        if (!cl_counts_pair(into, word_map[f->text >> 32], word_map[(uint32_t)f->text], &pair) ||
            !merge_tallies(into, &into->pairs, pair, from, f, cell_map))
            return false;
    }
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
            const cl_feature *second = &c->words.items[(uint32_t)key], *first = &c->words.items[key >> 32];
            key = cl_hash_word(c->strings + second->text, second->size);
            if (item->kind == CL_REFINED_PAIR)
                key += 3 * cl_hash_word(c->strings + first->text, first->size);
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

static int32_t merge_cells(classify_counts *into, const classify_counts *from, uint32_t *cell_map) {
    for (size_t i = 0; i < from->cell_count; i++) {
        const cl_cell *cell = &from->cells[i];
        if (!cl_counts_cell(into, cell->source, cell->language, cell->label, &cell_map[i]))
            return into->cell_count >= CL_CELLS_MAX ? CLASSIFY_ERROR_LIMIT : CLASSIFY_ERROR_NOMEM;
        cl_cell *to = &into->cells[cell_map[i]];
        to->documents += cell->documents;
        to->words += cell->words;
        if (to->documents > CL_WORDS_MAX || to->words > CL_WORDS_MAX)
            return CLASSIFY_ERROR_LIMIT;
    }
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
    uint32_t *cell_map = cl_alloc(a, from->cell_count, sizeof *cell_map);
    uint32_t *word_map = cl_alloc(a, from->words.count, sizeof *word_map);
    int32_t status = cell_map && word_map ? merge_cells(into, from, cell_map) : CLASSIFY_ERROR_NOMEM;
    if (!status &&
        !(merge_features(into, from, cell_map, word_map) && merge_refinement(into, from, word_map) && merge_meta(into, from)))
        status = CLASSIFY_ERROR_NOMEM;
    cl_release(a, cell_map, from->cell_count, sizeof *cell_map);
    cl_release(a, word_map, from->words.count, sizeof *word_map);
    return status;
}

static void prune_table(classify_counts *c, cl_feature_table *table, const bool *chosen, uint64_t minimum) {
    for (size_t i = 0; i < table->count; i++) {
        uint64_t documents = 0;
        for (uint32_t t = table->items[i].tally; t != CLASSIFY_NONE; t = c->tallies[t].next)
            documents += chosen[c->tallies[t].cell] ? c->tallies[t].documents : 0;
        if (documents >= minimum)
            continue;
        for (uint32_t t = table->items[i].tally; t != CLASSIFY_NONE; t = c->tallies[t].next)
            if (chosen[c->tallies[t].cell])
                c->tallies[t].occurrences = c->tallies[t].documents = 0;
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
