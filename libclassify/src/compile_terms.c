/* compile_terms.c - surface forms to terms: each form goes to the stem that the language it is most at home in gives it, the
   same in every language, so that one look-up finds it. And neighbouring forms to pairs of terms. May include: compile.h,
   tokens.h. Must not know: weights. */
#include "compile.h"
#include "tokens.h"

static const cl_feature *word_feature(const cl_compiler *c, size_t rank) {
    return cl_feature_at(&c->counts->words, c->order.words[rank]);
}

/* The covered language in which a word is most frequent; else one that is only recognised. Sets the mask of the covered ones
   that have it. */
static uint32_t home_language(cl_compiler *c, const cl_feature *f, uint32_t *mask) {
    uint64_t occurrences[CL_LANGUAGES_MAX] = {0};
    size_t count = cl_counts_tallies(c->counts, &c->order, f, c->tallies);
    uint32_t home = CLASSIFY_NONE;
    *mask = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t cell = c->tallies[i].cell, language = c->cell_language[cell];
        occurrences[language] += c->tallies[i].occurrences * c->language_scale[cell];
        *mask |= c->cell_label[cell] != CLASSIFY_NONE && language < 32 ? 1u << language : 0;
    }
    for (uint32_t l = 0; l < c->language_count; l++) {
        bool more = occurrences[l] && (home == CLASSIFY_NONE || occurrences[l] > occurrences[home]);
        if (more && (l < c->covered || home == CLASSIFY_NONE || home >= c->covered))
            home = l;
    }
    return home;
}

/* The stem of a word in a language, if the language has a stemmer and the word its script; else the word. */
static bool stem_word(cl_compiler *c, const cl_feature *f, uint32_t home, char *stem, size_t *size) {
    const char *text = cl_word_text(c->counts, f);
    cl_tokenizer tokens;
    cl_token token;
    cl_tokens_start(&tokens, text, cl_word_size(f));
    bool word = *text != '<' && cl_tokens_next(&tokens, &token);
    int language = c->stem_languages[home];
    if (!word || language < 0 || !(cl_stem_cyrillic(language) ? token.cyrillic : token.latin)) {
        memcpy(stem, text, cl_word_size(f));
        *size = cl_word_size(f);
        return true;
    }
    *size = cl_stem(&c->stemmers, language, text, cl_word_size(f), stem);
    return *size > 0;
}

/* The number of a term, made where it is new. */
static bool term_number(cl_compiler *c, const char *stem, size_t size, uint32_t *term) {
    uint64_t hash = cl_hash_word(stem, size);
    size_t slot = cl_index_slot(&c->term_index, hash);
    if (c->term_index.indices[slot] != CLASSIFY_NONE) {
        *term = c->term_index.indices[slot];
        return true;
    }
    *term = c->terms.count;
    if (!CL_RESERVE(&c->a, c->term_offsets, c->term_capacity, *term + 1u) ||
        !CL_RESERVE(&c->a, c->term_masks, c->mask_capacity, *term + 1u))
        return false;
    c->term_offsets[*term] = (uint32_t)c->term_text.size;
    c->term_masks[*term] = 0;
    cl_buffer_bytes(&c->term_text, stem, size);
    cl_buffer_u8(&c->term_text, 0);
    c->term_index.hashes[slot] = hash;
    c->term_index.indices[slot] = *term;
    c->terms.count++;
    return !c->term_text.failed && c->term_text.size < UINT32_MAX;
}

static bool set_terms(cl_compiler *c) {
    char stem[CL_WORD_BYTES_MAX + CL_STEM_ROOM];
    size_t size;
    for (size_t rank = 0; rank < c->order.word_count; rank++) {
        const cl_feature *f = word_feature(c, rank);
        uint32_t mask, home = home_language(c, f, &mask);
        c->word_terms[rank] = CLASSIFY_NONE;
        if (home == CLASSIFY_NONE)
            continue;
        if (!stem_word(c, f, home, stem, &size) || !term_number(c, stem, size, &c->word_terms[rank]))
            return false;
        c->term_masks[c->word_terms[rank]] |= mask;
    }
    return true;
}

bool cl_compile_terms(cl_compiler *c) {
    c->word_terms = cl_alloc(&c->a, c->order.word_count, sizeof *c->word_terms);
    if (!c->word_terms || !cl_index_new(&c->term_index, c->order.word_count, &c->a) || !set_terms(c))
        return false;
    c->terms.sums = cl_calloc(&c->a, c->terms.count * c->columns, sizeof *c->terms.sums);
    if (!c->terms.sums)
        return false;
    for (size_t rank = 0; rank < c->order.word_count; rank++)
        if (c->word_terms[rank] != CLASSIFY_NONE)
            cl_compile_add(c, word_feature(c, rank), c->terms.sums + c->word_terms[rank] * c->columns);
    return true;
}

/* The terms of two words, first << 32 | second, or UINT64_MAX. */
static uint64_t terms_of(const cl_compiler *c, uint64_t words) {
    uint32_t first = c->order.word_rank[words >> 32], second = c->order.word_rank[(uint32_t)words];
    if (first == CLASSIFY_NONE || second == CLASSIFY_NONE || c->word_terms[first] == CLASSIFY_NONE ||
        c->word_terms[second] == CLASSIFY_NONE)
        return UINT64_MAX;
    return (uint64_t)c->word_terms[first] << 32 | c->word_terms[second];
}

uint32_t cl_compile_find_pair(const cl_compiler *c, uint64_t words) {
    uint64_t terms = terms_of(c, words);
    if (terms == UINT64_MAX)
        return CLASSIFY_NONE;
    return c->pair_index.indices[cl_index_slot(&c->pair_index, cl_hash_two((uint32_t)(terms >> 32), (uint32_t)terms))];
}

/* Pairs of terms, in the order of the pairs of words that make them. */
static bool set_pairs(cl_compiler *c, uint32_t *of) {
    for (size_t i = 0; i < c->order.pair_count; i++) {
        uint64_t terms = terms_of(c, cl_feature_at(&c->counts->pairs, c->order.pairs[i].id)->text);
        of[i] = CLASSIFY_NONE;
        if (terms == UINT64_MAX)
            continue;
        uint64_t hash = cl_hash_two((uint32_t)(terms >> 32), (uint32_t)terms);
        size_t slot = cl_index_slot(&c->pair_index, hash);
        if (c->pair_index.indices[slot] == CLASSIFY_NONE) {
            c->pair_index.hashes[slot] = hash;
            c->pair_index.indices[slot] = c->pairs.count;
            c->pair_terms[c->pairs.count++] = terms;
        }
        of[i] = c->pair_index.indices[slot];
    }
    return true;
}

bool cl_compile_pairs(cl_compiler *c) {
    size_t most = c->order.pair_count;
    if (c->options.flags & CLASSIFY_COMPILE_NO_PAIRS)
        return cl_index_new(&c->pair_index, 0, &c->a);
    uint32_t *of = cl_alloc(&c->a, most, sizeof *of);
    c->pair_terms = cl_alloc(&c->a, most, sizeof *c->pair_terms);
    bool ok = of && c->pair_terms && cl_index_new(&c->pair_index, most, &c->a) && set_pairs(c, of);
    if (ok)
        ok = (c->pairs.sums = cl_calloc(&c->a, c->pairs.count * c->columns, sizeof *c->pairs.sums)) != NULL;
    for (size_t i = 0; ok && i < most; i++)
        if (of[i] != CLASSIFY_NONE)
            cl_compile_add(c, cl_feature_at(&c->counts->pairs, c->order.pairs[i].id), c->pairs.sums + of[i] * c->columns);
    cl_release(&c->a, of, most, sizeof *of);
    return ok;
}
