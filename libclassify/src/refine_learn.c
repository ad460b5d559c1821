/* refine_learn.c - softmax regression by stochastic gradient descent in integers: the same weights on every platform.
   May include: refine.h.
   Must not know: what the features are. */
#include "refine.h"

enum { STEP = 256, DECAY = 26, EXP_STEPS = 1024 }; /* first step 1.0; at pass e it is STEP * 256 / (256 + DECAY * e), /256 */

/* exp(-i / 64) in 1/2^16. */
static void make_exp_table(int64_t *table) {
    uint64_t value = UINT64_C(1) << 32;
    for (int i = 0; i <= EXP_STEPS; i++) {
        table[i] = (int64_t)(value >> 16);
        value = (value * UINT64_C(4228380000) + (UINT64_C(1) << 31)) >> 32; /* exp(-1/64) in 1/2^32 */
    }
}

/* exp(-d), d >= 0 in 1/2^20, in 1/2^16: linear between the entries of the table. */
static int64_t exp_minus(int64_t d, const int64_t *table) {
    int64_t i = d >> 14;
    if (i >= EXP_STEPS)
        return 0;
    return table[i] - (((table[i] - table[i + 1]) * (d & 16383)) >> 14);
}

/* A fixed pseudo-random order, another for each pass (Fisher and Yates; Knuth's generator). */
static void shuffle(size_t *order, size_t count, uint64_t *state) {
    for (size_t i = count; i-- > 1;) {
        *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        size_t j = (size_t)((*state >> 33) % (i + 1)), swap = order[i];
        order[i] = order[j], order[j] = swap;
    }
}

/* Right shift of a signed number, rounding down on every platform. */
static int64_t shift_down(int64_t v, int bits) { return v >= 0 ? v >> bits : -((-v + (INT64_C(1) << bits) - 1) >> bits); }

/* One text: moves the weights of its features against the error of its prediction. */
static void learn_text(const cl_refine_matrix *m, size_t text, int64_t step, const int64_t *table, int32_t *weights,
                       int64_t *s) {
    const uint32_t labels = m->label_count;
    memset(s, 0, labels * sizeof *s);
    for (size_t i = m->starts[text]; i < m->starts[text + 1]; i++) {
        const int32_t *w = weights + (size_t)m->entries[i].feature * labels;
        for (uint32_t l = 0; l < labels; l++)
            s[l] += (int64_t)m->entries[i].x * w[l]; /* 1/2^34 */
    }
    int64_t most = s[0], total = 0;
    for (uint32_t l = 1; l < labels; l++)
        most = s[l] > most ? s[l] : most;
    for (uint32_t l = 0; l < labels; l++)
        total += s[l] = exp_minus((most - s[l]) >> 14, table);
    for (uint32_t l = 0; l < labels; l++) {
        int64_t error = (l == m->labels[text] ? 65536 : 0) - (s[l] << 16) / total;
        s[l] = error * (step * m->weights[text] >> 8); /* 1/2^24 */
    }
    for (size_t i = m->starts[text]; i < m->starts[text + 1]; i++) {
        int32_t *w = weights + (size_t)m->entries[i].feature * labels;
        for (uint32_t l = 0; l < labels; l++)
            w[l] += (int32_t)shift_down(m->entries[i].x * s[l] + (1 << 17), 18);
    }
}

bool cl_refine_learn(const cl_refine_matrix *m, uint32_t epochs, int32_t *weights, const classify_allocator *a) {
    int64_t table[EXP_STEPS + 1];
    uint64_t state = 1;
    size_t *order = cl_alloc(a, m->texts, sizeof *order);
    int64_t *scores = cl_alloc(a, m->label_count, sizeof *scores);
    bool ok = order && scores;
    make_exp_table(table);
    for (size_t i = 0; ok && i < m->texts; i++)
        order[i] = i;
    for (uint32_t e = 0; ok && e < epochs; e++) {
        shuffle(order, m->texts, &state);
        for (size_t i = 0; i < m->texts; i++)
            learn_text(m, order[i], STEP * 256 / (256 + DECAY * (int64_t)e), table, weights, scores);
    }
    cl_release(a, order, m->texts, sizeof *order);
    cl_release(a, scores, m->label_count, sizeof *scores);
    return ok;
}
