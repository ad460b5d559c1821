/* compile_parts.c - pieces of words: what a word that was never seen still says, above all about its language.
   May include: compile.h, feature_stream.h (the pieces of a word).
   Must not know: weights of words. */
#include "compile.h"
#include "feature_stream.h"
#include "logfix.h"

#include <stdlib.h>

enum { LEAST_FORMS = 4 }; /* a piece must stand in so many different words */

typedef struct {
    cl_compiler *c;
    uint64_t *hashes; /* first pass: every piece of every word */
    size_t count, capacity;
    uint64_t *sums;                    /* second pass: [parts][languages] */
    uint64_t amount[CL_LANGUAGES_MAX]; /* of the word in hand */
    bool failed;
} part_pass;

static void collect(void *context, uint64_t hash) {
    part_pass *p = context;
    if (p->failed || !CL_RESERVE(&p->c->a, p->hashes, p->capacity, p->count + 1))
        p->failed = true;
    else
        p->hashes[p->count++] = hash;
}

static void add(void *context, uint64_t hash) {
    part_pass *p = context;
    const cl_index *index = &p->c->part_index;
    uint32_t part = index->indices[cl_index_slot(index, hash)];
    if (part != CLASSIFY_NONE)
        for (uint32_t l = 0; l < p->c->language_count; l++)
            p->sums[(size_t)part * p->c->language_count + l] += p->amount[l];
}

/* Calls use() for the pieces of each word; markers have none. */
static void each_piece(cl_compiler *c, part_pass *p, void (*use)(void *, uint64_t)) {
    uint32_t chars[CL_WORD_MAX];
    for (size_t rank = 0; rank < c->order.word_count && !p->failed; rank++) {
        const cl_feature *f = cl_feature_at(&c->counts->words, c->order.words[rank]);
        if (*cl_word_text(c->counts, f) == '<')
            continue;
        memset(p->amount, 0, sizeof p->amount);
        size_t count = cl_counts_tallies(c->counts, &c->order, f, c->tallies);
        for (size_t i = 0; i < count; i++) {
            uint32_t cell = c->tallies[i].cell;
            p->amount[c->cell_language[cell]] += c->tallies[i].occurrences * c->language_scale[cell];
        }
        cl_word_parts(chars, cl_compile_word(c, rank, chars), use, p);
    }
}

static int compare_hashes(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Keeps the pieces that stand in enough words, in order of their hashes; returns how many. */
static size_t keep_frequent(uint64_t *hashes, size_t count) {
    size_t kept = 0;
    if (count)
        qsort(hashes, count, sizeof *hashes, compare_hashes);
    for (size_t i = 0, run; i < count; i += run) {
        for (run = 1; i + run < count && hashes[i + run] == hashes[i]; run++)
            ;
        if (run >= LEAST_FORMS)
            hashes[kept++] = hashes[i];
    }
    return kept;
}

typedef struct {
    uint64_t telling;
    uint32_t part;
} part_rank;

/* The most telling first; of equals the first. */
static int compare_ranks(const void *a, const void *b) {
    const part_rank *x = a, *y = b;
    if (x->telling != y->telling)
        return x->telling < y->telling ? 1 : -1;
    return (x->part > y->part) - (x->part < y->part);
}

/* The weight of each piece for each language, and how telling it is: its mass times the spread of its weights. */
static void weigh(cl_compiler *c, const uint64_t *sums, size_t count, int32_t *weights, part_rank *ranks) {
    uint64_t totals[CL_LANGUAGES_MAX] = {0}, everything = 0, mu;
    uint32_t languages = c->language_count;
    for (size_t i = 0; i < count; i++)
        for (uint32_t l = 0; l < languages; l++)
            totals[l] += sums[i * languages + l];
    for (uint32_t l = 0; l < languages; l++)
        everything += totals[l];
    mu = everything / languages / 16 + 1;
    for (size_t i = 0; i < count; i++) {
        uint64_t all = 0;
        int32_t low = INT32_MAX, high = INT32_MIN;
        for (uint32_t l = 0; l < languages; l++)
            all += sums[i * languages + l];
        for (uint32_t l = 0; l < languages; l++) {
            int32_t w = all ? cl_dirichlet(sums[i * languages + l], totals[l], all, everything, mu) : 0;
            weights[i * languages + l] = w;
            low = w < low ? w : low;
            high = w > high ? w : high;
        }
        ranks[i] = (part_rank){cl_muldiv(all, (uint64_t)(high - low), CL_ONE), (uint32_t)i};
    }
}

/* Pieces that the refinement has weights for come first. */
static size_t put_refined_first(const cl_compiler *c, part_rank *ranks) {
    const cl_refinement *r = c->counts->refinement;
    size_t found = 0;
    for (size_t i = 0; r && i < r->count; i++) {
        uint32_t part = r->items[i].kind == CL_REFINED_PART
                            ? c->part_index.indices[cl_index_slot(&c->part_index, r->items[i].key)]
                            : CLASSIFY_NONE;
        if (part == CLASSIFY_NONE || ranks[part].telling == UINT64_MAX)
            continue;
        ranks[part].telling = UINT64_MAX;
        found++;
    }
    return found;
}

/* Of `count` counted pieces keeps those of the refinement and the max_parts that tell languages best, with their weights. */
static bool select_parts(cl_compiler *c, const uint64_t *hashes, const uint64_t *sums, size_t count) {
    uint32_t languages = c->language_count;
    int32_t *weights = cl_alloc(&c->a, count * languages, sizeof *weights);
    part_rank *ranks = cl_alloc(&c->a, count, sizeof *ranks);
    bool ok = weights && ranks;
    if (ok) {
        weigh(c, sums, count, weights, ranks);
        size_t kept = put_refined_first(c, ranks) + c->options.max_parts;
        if (count)
            qsort(ranks, count, sizeof *ranks, compare_ranks);
        c->parts.count = (uint32_t)(count < kept ? count : kept);
        c->part_hashes = cl_alloc(&c->a, c->parts.count, sizeof *c->part_hashes);
        c->part_languages = cl_alloc(&c->a, (size_t)c->parts.count * languages, sizeof *c->part_languages);
        cl_index_free(&c->part_index, &c->a);
        ok = c->part_hashes && c->part_languages && cl_index_new(&c->part_index, c->parts.count, &c->a);
    }
    for (uint32_t i = 0; ok && i < c->parts.count; i++) {
        c->part_hashes[i] = hashes[ranks[i].part];
        memcpy(c->part_languages + (size_t)i * languages, weights + (size_t)ranks[i].part * languages,
               languages * sizeof *weights);
        size_t slot = cl_index_slot(&c->part_index, c->part_hashes[i]);
        c->part_index.hashes[slot] = c->part_hashes[i];
        c->part_index.indices[slot] = i;
    }
    cl_release(&c->a, weights, count * languages, sizeof *weights);
    cl_release(&c->a, ranks, count, sizeof *ranks);
    return ok;
}

bool cl_compile_parts(cl_compiler *c) {
    if (c->options.flags & CLASSIFY_COMPILE_NO_PARTS)
        return cl_index_new(&c->part_index, 0, &c->a);
    part_pass p = {.c = c};
    each_piece(c, &p, collect);
    size_t count = p.failed ? 0 : keep_frequent(p.hashes, p.count);
    bool ok = !p.failed && cl_index_new(&c->part_index, count, &c->a);
    for (size_t i = 0; ok && i < count; i++) {
        size_t slot = cl_index_slot(&c->part_index, p.hashes[i]);
        c->part_index.hashes[slot] = p.hashes[i];
        c->part_index.indices[slot] = (uint32_t)i;
    }
    ok = ok && (p.sums = cl_calloc(&c->a, count * c->language_count, sizeof *p.sums)) != NULL;
    if (ok) {
        each_piece(c, &p, add);
        ok = select_parts(c, p.hashes, p.sums, count);
    }
    cl_release(&c->a, p.hashes, p.capacity, sizeof *p.hashes);
    cl_release(&c->a, p.sums, count * c->language_count, sizeof *p.sums);
    return ok;
}
