/* refine_matrix.c - texts to rows of numbers for learning.
   May include: refine.h, feature_stream.h (the pieces of a word), tokens.h, logfix.h.
   Must not know: how weights are learned. */
#include "feature_stream.h"
#include "logfix.h"
#include "refine.h"
#include "tokens.h"

#include <stdlib.h>

enum { LEAST_TEXTS = 2 };                                      /* a feature of fewer texts teaches nothing general */
enum { TERM_SHARE = 256, PAIR_SHARE = 256, PART_SHARE = 128 }; /* of the three kinds against each other, /256 */
enum { MOST_WEIGHT = 16 * 256, MOST_REPEATS = 1024 };          /* of one text; of a feature in it */

/* ---- Features of a text ---- */

typedef struct {
    cl_refine_matrix *m;
    cl_compiler *c;
    bool failed;
} text_reader;

static void add_feature(text_reader *r, uint32_t feature) {
    cl_refine_matrix *m = r->m;
    if (!CL_RESERVE(&r->c->a, m->entries, m->entry_capacity, m->entry_count + 1))
        r->failed = true;
    else
        m->entries[m->entry_count++] = (cl_refine_entry){feature, 1};
}

static void add_piece(void *context, uint64_t hash) {
    text_reader *r = context;
    uint32_t part = r->c->part_index.indices[cl_index_slot(&r->c->part_index, hash)];
    if (part != CLASSIFY_NONE)
        add_feature(r, r->c->terms.count + r->c->pairs.count + part);
}

static uint32_t find_pair(const cl_compiler *c, uint32_t first, uint32_t second) {
    return c->pair_index.indices[cl_index_slot(&c->pair_index, cl_hash_two(first, second))];
}

static void read_features(text_reader *r, const char *text, size_t size) {
    cl_compiler *c = r->c;
    char folded[4 * CL_WORD_MAX];
    cl_tokenizer tokens;
    cl_token token;
    uint32_t before = CLASSIFY_NONE;
    cl_tokens_start(&tokens, text, size);
    while (cl_tokens_next(&tokens, &token)) {
        uint32_t term = CLASSIFY_NONE, word = cl_counts_find(c->counts, folded, cl_token_utf8(&token, folded));
        if (word != CLASSIFY_NONE && c->order.word_rank[word] != CLASSIFY_NONE)
            term = c->word_terms[c->order.word_rank[word]];
        if (!token.marker)
            cl_word_parts(token.chars, token.length, add_piece, r);
        if (term != CLASSIFY_NONE)
            add_feature(r, term);
        if (cl_marker_is_remark(token.marker))
            continue;
        uint32_t pair =
            before != CLASSIFY_NONE && term != CLASSIFY_NONE && !token.breaks ? find_pair(c, before, term) : CLASSIFY_NONE;
        if (pair != CLASSIFY_NONE)
            add_feature(r, c->terms.count + pair);
        before = term;
    }
}

static int by_feature(const void *a, const void *b) {
    uint32_t x = ((const cl_refine_entry *)a)->feature, y = ((const cl_refine_entry *)b)->feature;
    return (x > y) - (x < y);
}

/* Makes one entry of equal ones. */
static void count_repeats(cl_refine_matrix *m, size_t start) {
    size_t kept = start;
    if (m->entry_count > start + 1)
        qsort(m->entries + start, m->entry_count - start, sizeof *m->entries, by_feature);
    for (size_t i = start; i < m->entry_count; i++) {
        if (i > start && m->entries[kept - 1].feature == m->entries[i].feature)
            m->entries[kept - 1].x += m->entries[kept - 1].x < MOST_REPEATS;
        else
            m->entries[kept++] = m->entries[i];
    }
    m->entry_count = kept;
}

/* ---- Weights of texts ---- */

typedef struct {
    uint32_t label;
    const char *source;
    bool primary;
    uint64_t texts, root; /* root: square root of the number of texts, /65536 */
} text_group;

static uint64_t square_root(uint64_t x) {
    uint64_t root = 0;
    for (uint64_t bit = UINT64_C(1) << 31; bit; bit >>= 1)
        if ((root + bit) * (root + bit) <= x)
            root += bit;
    return root;
}

/* Whether a source begins with one of the prefixes, which commas separate. */
static bool has_prefix(const char *source, const char *prefixes) {
    for (const char *p = prefixes; p;) {
        size_t size = strcspn(p, ",");
        if (size && !strncmp(source, p, size))
            return true;
        p = p[size] ? p + size + 1 : NULL;
    }
    return false;
}

/* The group of a label and source, made where it is new. */
static uint32_t find_group(text_group *groups, uint32_t *count, uint32_t label, const char *source,
                           const cl_refine_settings *s) {
    for (uint32_t g = *count; g-- > 0;)
        if (groups[g].label == label && !strcmp(groups[g].source, source))
            return g;
    groups[*count] = (text_group){label, source, has_prefix(source, s->primary), 0, 0};
    return (*count)++;
}

/* The weight of each text of a group: labels weigh the same; in a label sources weigh as the square roots of their sizes,
   primary ones as so many times that. */
static int64_t group_weight(const text_group *groups, uint32_t count, const text_group *g, uint64_t mass) {
    uint64_t roots = 0;
    for (uint32_t i = 0; i < count; i++)
        roots += groups[i].label == g->label ? groups[i].root : 0;
    uint64_t weight = cl_muldiv(mass, g->root, roots) / g->texts;
    return weight < 1 ? 1 : weight > MOST_WEIGHT ? MOST_WEIGHT : (int64_t)weight;
}

/* groups and of (the group of each row) are scratch for as many as there are texts. */
static void weigh_texts(cl_refine_matrix *m, const classify_example *examples, const size_t *texts, const cl_refine_settings *s,
                        text_group *groups, uint32_t *of) {
    uint32_t count = 0, present = 0;
    for (size_t i = 0; i < m->texts; i++) {
        const char *source = examples[texts[i]].source;
        of[i] = find_group(groups, &count, m->labels[i], source ? source : "", s);
        groups[of[i]].texts++;
    }
    for (uint32_t g = 0; g < count; g++) {
        bool first = true;
        for (uint32_t h = 0; h < g; h++)
            first &= groups[h].label != groups[g].label;
        present += first;
        groups[g].root = square_root(groups[g].texts << 32) * (groups[g].primary ? s->primary_factor : 256) / 256;
    }
    uint64_t mass = present ? ((uint64_t)m->texts << 8) / present : 0;
    for (size_t i = 0; i < m->texts; i++)
        m->weights[i] = group_weight(groups, count, &groups[of[i]], mass);
}

/* ---- The matrix ---- */

static uint32_t label_number(const cl_compiler *c, const char *label) {
    for (uint32_t l = 0; label && l < c->label_count; l++)
        if (!strcmp(c->labels[l], label))
            return l;
    return CLASSIFY_NONE;
}

bool cl_refine_read(cl_refine_matrix *m, cl_compiler *c, uint32_t language, const classify_example *examples, size_t count,
                    const cl_refine_settings *s) {
    const classify_allocator *a = &c->a;
    size_t *texts = cl_alloc(a, count, sizeof *texts);
    *m = (cl_refine_matrix){.features = c->terms.count + c->pairs.count + c->parts.count, .label_count = c->label_count};
    for (size_t i = 0; texts && i < count; i++)
        if (!strcmp(examples[i].language, c->languages[language]) && label_number(c, examples[i].label) != CLASSIFY_NONE)
            texts[m->texts++] = i;
    m->starts = cl_alloc(a, m->texts + 1, sizeof *m->starts);
    m->labels = cl_alloc(a, m->texts, sizeof *m->labels);
    m->weights = cl_calloc(a, m->texts, sizeof *m->weights);
    text_group *groups = cl_alloc(a, m->texts, sizeof *groups);
    uint32_t *of = cl_alloc(a, m->texts, sizeof *of);
    text_reader r = {m, c, !texts || !m->starts || !m->labels || !m->weights || !groups || !of};
    if (!r.failed)
        m->starts[0] = 0;
    for (size_t i = 0; !r.failed && i < m->texts; i++) {
        const classify_example *e = &examples[texts[i]];
        m->labels[i] = label_number(c, e->label);
        read_features(&r, e->text ? e->text : "", e->size);
        count_repeats(m, m->starts[i]);
        m->starts[i + 1] = m->entry_count;
    }
    if (!r.failed)
        weigh_texts(m, examples, texts, s, groups, of);
    cl_release(a, texts, count, sizeof *texts);
    cl_release(a, groups, m->texts, sizeof *groups);
    cl_release(a, of, m->texts, sizeof *of);
    return !r.failed;
}

void cl_refine_matrix_free(cl_refine_matrix *m, const classify_allocator *a) {
    cl_release(a, m->entries, m->entry_capacity, sizeof *m->entries);
    cl_release(a, m->starts, m->texts + 1, sizeof *m->starts);
    cl_release(a, m->labels, m->texts, sizeof *m->labels);
    cl_release(a, m->weights, m->texts, sizeof *m->weights);
    *m = (cl_refine_matrix){0};
}

/* ---- Scales ---- */

static int kind_of(const cl_compiler *c, uint32_t feature) {
    return feature < c->terms.count ? 0 : feature < c->terms.count + c->pairs.count ? 1 : 2;
}

/* How unequally labels have a feature: the spread of its naive Bayes weights, in 1/256 nats. */
static uint32_t spread_of(const cl_refine_matrix *m, const uint64_t *sums, const uint64_t *totals, uint64_t mu) {
    uint64_t all = 0, everything = 0;
    int32_t low = INT32_MAX, high = INT32_MIN;
    /* Labels are brought to the same total, so that a small one is not drowned. */
    for (uint32_t l = 0; l < m->label_count; l++) {
        all += totals[l] ? cl_muldiv(sums[l], UINT64_C(1) << 32, totals[l]) : 0;
        everything += totals[l] ? UINT64_C(1) << 32 : 0;
    }
    for (uint32_t l = 0; l < m->label_count && all; l++) {
        if (!totals[l])
            continue;
        int32_t w = cl_dirichlet(cl_muldiv(sums[l], UINT64_C(1) << 32, totals[l]), UINT64_C(1) << 32, all, everything, mu);
        low = w < low ? w : low;
        high = w > high ? w : high;
    }
    return high > low ? (uint32_t)(high - low) : 0;
}

/* Rows of counts to rows of unit length. */
static void normalize(cl_refine_matrix *m, const uint32_t *scales) {
    for (size_t text = 0; text < m->texts; text++) {
        uint64_t squares = 0;
        for (size_t i = m->starts[text]; i < m->starts[text + 1]; i++) {
            uint64_t v = (uint64_t)m->entries[i].x * scales[m->entries[i].feature];
            squares += v * v;
        }
        uint64_t length = square_root(squares);
        for (size_t i = m->starts[text]; i < m->starts[text + 1]; i++) {
            uint64_t v = (uint64_t)m->entries[i].x * scales[m->entries[i].feature] << 14;
            m->entries[i].x = length ? (int32_t)((v + length / 2) / length) : 0;
        }
    }
}

bool cl_refine_scale(cl_refine_matrix *m, const cl_compiler *c, uint32_t *scales, uint32_t *documents) {
    static const uint32_t shares[] = {TERM_SHARE, PAIR_SHARE, PART_SHARE};
    size_t columns = m->label_count;
    uint64_t *sums = cl_calloc(&c->a, (size_t)m->features * columns, sizeof *sums);
    uint64_t *totals = cl_calloc(&c->a, 3 * columns, sizeof *totals);
    memset(documents, 0, m->features * sizeof *documents);
    bool ok = sums && totals;
    for (size_t text = 0; ok && text < m->texts; text++)
        for (size_t i = m->starts[text]; i < m->starts[text + 1]; i++) {
            uint32_t f = m->entries[i].feature;
            uint64_t amount = (uint64_t)m->weights[text] * (uint64_t)m->entries[i].x;
            sums[f * columns + m->labels[text]] += amount;
            totals[(size_t)kind_of(c, f) * columns + m->labels[text]] += amount;
            documents[f]++;
        }
    const uint64_t mu = (UINT64_C(1) << 32) / 10; /* 3,000 words of 30,000 */
    for (uint32_t f = 0; ok && f < m->features; f++) {
        scales[f] = 0;
        if (documents[f] < LEAST_TEXTS)
            continue;
        uint64_t spread = spread_of(m, sums + f * columns, totals + (size_t)kind_of(c, f) * columns, mu);
        uint64_t rarity = (uint64_t)cl_ln_ratio(m->texts + 1, documents[f] + 1u) + 256;
        scales[f] = (uint32_t)(rarity * square_root(spread << 8) * shares[kind_of(c, f)] >> 16);
    }
    if (ok)
        normalize(m, scales);
    cl_release(&c->a, sums, (size_t)m->features * columns, sizeof *sums);
    cl_release(&c->a, totals, 3 * columns, sizeof *totals);
    return ok;
}
