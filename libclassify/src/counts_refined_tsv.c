/* counts_refined_tsv.c - the refinement's part of counts as text.
   May include: counts_file.h, counts.h, bytes.h.
   Must not know: how refined weights are learned or used. */
#include "counts_file.h"

/* ---- Writing ---- */

static void write_text_field(cl_buffer *out, const char *text, size_t size) {
    cl_buffer_u8(out, '\t');
    cl_buffer_bytes(out, text, size);
}

static void write_word(const classify_counts *c, uint64_t word, cl_buffer *out) {
    const cl_feature *f = cl_feature_at(&c->words, word);
    write_text_field(out, cl_word_text(c, f), cl_word_size(f));
}

static void write_integer(cl_buffer *out, int64_t v) {
    char digits[24];
    size_t at = sizeof digits;
    uint64_t n = v < 0 ? (uint64_t)-v : (uint64_t)v;
    do
        digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    if (v < 0)
        digits[--at] = '-';
    cl_buffer_bytes(out, digits + at, sizeof digits - at);
}

static const char *const kind_names[CL_REFINED_KINDS] = {"word", "pair", "part"};

bool cl_refined_write_tsv(const classify_counts *c, const cl_counts_order *order, cl_buffer *out) {
    const cl_refinement *r = c->refinement;
    if (!r)
        return true;
    cl_sorted_item *sorted = cl_alloc(&c->allocator, r->count, sizeof *sorted);
    if (!sorted)
        return false;
    size_t count = cl_refined_sort(r, order, sorted);
    cl_buffer_text(out, "refined\t");
    write_integer(out, r->bayes_share);
    cl_buffer_u8(out, '\t');
    write_integer(out, r->label_count);
    for (uint32_t l = 0; l < r->label_count; l++)
        write_text_field(out, r->labels[l], strlen(r->labels[l]));
    for (uint32_t l = 0; l < r->language_count; l++)
        write_text_field(out, r->languages[l], strlen(r->languages[l]));
    cl_buffer_u8(out, '\n');
    for (size_t s = 0; s < count; s++) {
        size_t i = sorted[s].item;
        const cl_refined *item = &r->items[i];
        cl_buffer_text(out, "weight");
        write_text_field(out, kind_names[item->kind], 4);
        write_text_field(out, r->languages[item->language], strlen(r->languages[item->language]));
        if (item->kind == CL_REFINED_PAIR)
            write_word(c, item->key >> 32, out);
        if (item->kind == CL_REFINED_PART) {
            char hex[16];
            for (int d = 0; d < 16; d++)
                hex[d] = "0123456789abcdef"[item->key >> (60 - 4 * d) & 15];
            write_text_field(out, hex, sizeof hex);
        } else {
            write_word(c, (uint32_t)item->key, out);
        }
        for (uint32_t l = 0; l < r->label_count; l++) {
            cl_buffer_u8(out, l ? ':' : '\t');
            write_integer(out, r->weights[i * r->label_count + l]);
        }
        cl_buffer_u8(out, '\n');
    }
    cl_release(&c->allocator, sorted, r->count, sizeof *sorted);
    return true;
}

/* ---- Reading ---- */

static int32_t bad(const char **message, const char *text) {
    *message = text;
    return CLASSIFY_ERROR_CORRUPT;
}

int32_t cl_refined_read_header(classify_counts *c, cl_tsv_line *line, const char **message) {
    uint64_t share, labels, fields = 0;
    if (c->refinement)
        return bad(message, "a second line 'refined'");
    if (!cl_tsv_number(line, &share) || share > CL_BAYES_SHARE_MAX || !cl_tsv_number(line, &labels))
        return bad(message, "bad line; want: refined, share of naive Bayes, number of labels, labels, languages");
    for (const uint8_t *p = line->at - 1; p < line->line_end; p++)
        fields += *p == '\t';
    if (!labels || fields <= labels || fields - labels > CL_REFINED_NAMES_MAX || labels > CL_REFINED_NAMES_MAX)
        return bad(message, "bad number of labels or languages in a line 'refined'");
    cl_refinement *r = c->refinement = cl_refinement_new((uint32_t)labels, (uint32_t)(fields - labels), &c->allocator);
    if (!r)
        return CLASSIFY_ERROR_NOMEM;
    r->bayes_share = (uint32_t)share;
    for (uint64_t i = 0; i < fields; i++)
        if (!cl_tsv_name(line, i < labels ? r->labels[i] : r->languages[i - labels], CL_NAME_MAX))
            return bad(message, "bad name of a refined label or language");
    return CLASSIFY_OK;
}

static bool hex_field(cl_tsv_line *line, uint64_t *n) {
    cl_tsv_field f;
    if (!cl_tsv_next(line, &f) || f.size != 16)
        return false;
    *n = 0;
    for (size_t i = 0; i < f.size; i++) {
        const char *digits = "0123456789abcdef", *digit = f.text[i] ? strchr(digits, f.text[i]) : NULL;
        if (!digit)
            return false;
        *n = *n << 4 | (uint64_t)(digit - digits);
    }
    return true;
}

/* label_count integers of 16 bits with ':' between them. */
static bool parse_weights(cl_tsv_field f, int16_t *weights, uint32_t count) {
    const char *p = f.text, *end = p + f.size;
    for (uint32_t l = 0; l < count; l++) {
        bool negative = p < end && *p == '-';
        int32_t v = 0;
        const char *from = p += negative;
        for (; p < end && *p >= '0' && *p <= '9' && v <= INT16_MAX; p++)
            v = v * 10 + (*p - '0');
        if (p == from || v > INT16_MAX || (l + 1 < count ? p == end || *p != ':' : p != end))
            return false;
        p += l + 1 < count;
        weights[l] = (int16_t)(negative ? -v : v);
    }
    return true;
}

int32_t cl_refined_read_weight(classify_counts *c, cl_tsv_line *line, const char **message) {
    cl_refinement *r = c->refinement;
    cl_tsv_field kind, word, weights;
    char language[256];
    uint32_t number = 0, first = 0, l = 0;
    uint64_t key = 0;
    int k = 0;
    if (!r)
        return bad(message, "a line 'weight' before the line 'refined'");
    if (!cl_tsv_next(line, &kind) || !cl_tsv_name(line, language, CL_NAME_MAX))
        return bad(message, "bad line; want: weight, word|pair|part, language, key, weights");
    while (k < CL_REFINED_KINDS && (kind.size != 4 || memcmp(kind.text, kind_names[k], 4)))
        k++;
    while (l < r->language_count && strcmp(r->languages[l], language))
        l++;
    if (k == CL_REFINED_KINDS || l == r->language_count)
        return bad(message, "a weight of an unknown kind or language");
    for (int i = 0; i < (k == CL_REFINED_PAIR ? 2 : k == CL_REFINED_WORD ? 1 : 0); i++) {
        first = number;
        if (!cl_tsv_word(line, &word))
            return bad(message, "bad word of a weight");
        if (!cl_counts_word(c, word.text, word.size, &number))
            return CLASSIFY_ERROR_NOMEM;
        key = k == CL_REFINED_PAIR ? (uint64_t)first << 32 | number : number;
    }
    if (k == CL_REFINED_PART && !hex_field(line, &key))
        return bad(message, "bad piece of a word; want 16 hexadecimal digits");
    int16_t *values = cl_refinement_add(r, (cl_refined_kind)k, l, key, &c->allocator);
    if (!values)
        return CLASSIFY_ERROR_NOMEM;
    if (!cl_tsv_next(line, &weights) || !parse_weights(weights, values, r->label_count))
        return bad(message, "bad weights; want one integer of 16 bits for each label, with ':' between them");
    return CLASSIFY_OK;
}
