/* counts_text.c - counting a text: its words and pairs, in runs that wait for memory together.
   May include: counts_table.h, counts.h, tokens.h, bytes.h.
   Must not know: stems, weights, file formats. */
#include "counts_table.h"
#include "tokens.h"

static inline bool count_one(classify_counts *c, cl_feature *feature, uint32_t cell) {
    cl_tally *tally = &feature->first;
    if (tally->cell != cell && !cl_counts_bring_first(c, feature, cell))
        return false;
    tally->occurrences++;
    tally->documents += tally->last != c->serial;
    tally->last = c->serial;
    return true;
}

/* Tokens are taken in runs: what one needs of a table is on its way to the cache while others are looked at. */
enum { RUN = CL_BATCH, RUN_USUAL = 32, RUN_BYTES = RUN * RUN_USUAL + 4 * CL_WORD_MAX };

typedef struct {
    size_t count, used;
    uint64_t hashes[RUN];
    uint16_t places[RUN], sizes[RUN]; /* in bytes */
    bool remarks[RUN], breaks[RUN];
    char bytes[RUN_BYTES];
} token_run;

static bool fill_run(token_run *r, cl_tokenizer *tokens, const cl_feature_table *words) {
    cl_token token;
    r->count = r->used = 0;
    while (r->count < RUN && r->used < RUN * RUN_USUAL) {
        if (!cl_tokens_next(tokens, &token))
            return false;
        CL_PREFETCH(&words->slots[(uint32_t)token.hash & (words->slot_count - 1)]);
        memcpy(r->bytes + r->used, token.folded, RUN_USUAL); /* of one size, most words: no call */
        if (token.size > RUN_USUAL)
            memcpy(r->bytes + r->used, token.folded, token.size);
        r->hashes[r->count] = token.hash;
        r->places[r->count] = (uint16_t)r->used;
        r->sizes[r->count] = (uint16_t)token.size;
        r->remarks[r->count] = cl_marker_is_remark(token.marker);
        r->breaks[r->count++] = token.breaks;
        r->used += token.size;
    }
    return true;
}

static inline void fetch_tally(const classify_counts *c, const cl_feature *f, uint32_t cell) {
    if (f->first.cell != cell && f->first.next != CLASSIFY_NONE)
        CL_PREFETCH(&c->tallies[f->first.next]);
}

/* Counts the words of a run, and sets the keys and hashes of its pairs; returns how many, SIZE_MAX for no memory. `before` is
   the word before it, then the one before the next. */
static size_t count_words(classify_counts *c, uint32_t cell, const token_run *r, uint32_t *before, uint64_t keys[RUN],
                          uint64_t hashes[RUN]) {
    size_t pairs = 0;
    cl_table_fetch(&c->words, r->hashes, r->count);
    for (size_t i = 0; i < r->count; i++) {
        const cl_feature *f = cl_table_likely(&c->words, r->hashes[i]);
        if (!f)
            continue;
        CL_PREFETCH(cl_word_text(c, f));
        fetch_tally(c, f, cell);
    }
    for (size_t i = 0; i < r->count; i++) {
        uint32_t word;
        if (!cl_word_with_hash(c, r->hashes[i], r->bytes + r->places[i], r->sizes[i], &word) ||
            !count_one(c, cl_feature_at(&c->words, word), cell))
            return SIZE_MAX;
        if (r->remarks[i])
            continue;
        if (*before != CLASSIFY_NONE && !r->breaks[i]) {
            keys[pairs] = (uint64_t)*before << 32 | word;
            hashes[pairs] = cl_hash_two(*before, word);
            CL_PREFETCH(&c->pairs.slots[(uint32_t)hashes[pairs++] & (c->pairs.slot_count - 1)]);
        }
        *before = word;
    }
    return pairs;
}

static bool count_run(classify_counts *c, uint32_t cell, const token_run *r, uint32_t *before) {
    uint64_t keys[RUN], hashes[RUN];
    size_t pairs = count_words(c, cell, r, before, keys, hashes);
    if (pairs == SIZE_MAX)
        return false;
    cl_table_fetch(&c->pairs, hashes, pairs);
    for (size_t i = 0; i < pairs; i++) {
        const cl_feature *f = cl_table_likely(&c->pairs, hashes[i]);
        if (f)
            fetch_tally(c, f, cell);
    }
    for (size_t i = 0; i < pairs; i++)
        if (!count_one(c, cl_feature_at(&c->pairs, cl_pair_with_hash(c, hashes[i], keys[i])), cell))
            return false;
    return true;
}

/* Numbers of documents come round again after 2^32 of them: then none is the last of anything. */
static void next_document(classify_counts *c) {
    if (++c->serial)
        return;
    for (size_t i = 0; i < c->words.count; i++)
        cl_feature_at(&c->words, (uint32_t)i)->first.last = 0;
    for (size_t i = 0; i < c->pairs.count; i++)
        cl_feature_at(&c->pairs, (uint32_t)i)->first.last = 0;
    for (size_t i = 0; i < c->tally_count; i++)
        c->tallies[i].last = 0;
    c->serial = 1;
}

bool cl_counts_text(classify_counts *c, uint32_t cell, const char *text, size_t size) {
    cl_tokenizer tokens;
    token_run run;
    uint32_t before = CLASSIFY_NONE;
    uint64_t words = 0;
    next_document(c);
    cl_tokens_start(&tokens, text, size);
    tokens.unspelled = true;
    for (bool more = true; more; words += run.count) {
        if (!cl_table_reserve(c, &c->words, cl_word_key, RUN) || !cl_table_reserve(c, &c->pairs, cl_pair_key, RUN))
            return false;
        more = fill_run(&run, &tokens, &c->words);
        if (!count_run(c, cell, &run, &before))
            return false;
    }
    c->cells[cell].documents++;
    c->cells[cell].words += words;
    return true;
}
