/* api_analyzer.c - the public calls on the front half by itself: tokens and stems of one language.
   May include: stem.h, tokens.h, bytes.h, error.h.
   Must not know: models. */
#include "bytes.h"
#include "error.h"
#include "stem.h"
#include "tokens.h"

struct classify_analyzer {
    classify_allocator allocator;
    int language;
    cl_stemmers stemmers;
    classify_token *tokens;
    size_t count, capacity;
    cl_buffer strings;
};

int32_t classify_analyzer_new(classify_analyzer **out, const char *language, const classify_allocator *allocator,
                              classify_error *error) {
    if (out)
        *out = NULL;
    if (!out || !language)
        return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, "out or language is NULL");
    int number = cl_stem_language(language);
    if (number < 0)
        return cl_failf(error, CLASSIFY_ERROR_LANGUAGE, 0, "no stemmer for '%.20s'; there is one for en, uk, ru, pl", language);
    classify_allocator a = cl_allocator(allocator);
    classify_analyzer *made = cl_calloc(&a, 1, sizeof *made);
    if (!made)
        return cl_nomem(error);
    made->allocator = a;
    made->language = number;
    made->strings.allocator = &made->allocator;
    if (!cl_stemmers_new(&made->stemmers)) {
        classify_analyzer_free(made);
        return cl_nomem(error);
    }
    *out = made;
    return CLASSIFY_OK;
}

void classify_analyzer_free(classify_analyzer *an) {
    if (!an)
        return;
    classify_allocator a = an->allocator;
    cl_stemmers_free(&an->stemmers);
    cl_release(&a, an->tokens, an->capacity, sizeof *an->tokens);
    cl_buffer_free(&an->strings);
    cl_release(&a, an, 1, sizeof *an);
}

/* A word in the analyzer's script is stemmed; any other, and a marker, is its own stem. */
static size_t stem_token(classify_analyzer *an, const cl_token *token, const char *folded, size_t size, char *stem) {
    bool stems = !token->marker && (cl_stem_cyrillic(an->language) ? token->cyrillic : token->latin);
    if (stems)
        return cl_stem(&an->stemmers, an->language, folded, size, stem);
    memcpy(stem, folded, size);
    return size;
}

/* Tokenises into the analyzer's arrays. */
static int32_t analyze(classify_analyzer *an, const char *text, size_t size, classify_error *error) {
    char folded[4 * CL_WORD_MAX], stem[4 * CL_WORD_MAX + CL_STEM_ROOM];
    cl_tokenizer tokens;
    cl_token token;
    an->count = an->strings.size = 0;
    an->strings.failed = false;
    cl_tokens_start(&tokens, text, size);
    while (cl_tokens_next(&tokens, &token)) {
        size_t length = cl_token_utf8(&token, folded), stem_length = stem_token(an, &token, folded, length, stem);
        if (an->strings.size > UINT32_MAX - 2 * sizeof stem)
            return cl_fail(error, CLASSIFY_ERROR_LIMIT, token.begin, "more than 4 GiB of folded text: split it");
        if (!stem_length || !CL_RESERVE(&an->allocator, an->tokens, an->capacity, an->count + 1))
            return cl_nomem(error);
        classify_token *t = &an->tokens[an->count++];
        *t = (classify_token){
            token.begin, token.end, (uint32_t)an->strings.size, 0, token.marker ? CLASSIFY_SPAN_MARKER : CLASSIFY_SPAN_WORD,
            token.breaks};
        cl_buffer_bytes(&an->strings, folded, length);
        cl_buffer_u8(&an->strings, 0);
        t->stem = (uint32_t)an->strings.size;
        cl_buffer_bytes(&an->strings, stem, stem_length);
        cl_buffer_u8(&an->strings, 0);
        if (an->strings.failed)
            return cl_nomem(error);
    }
    return CLASSIFY_OK;
}

int32_t classify_analyzer_stem(classify_analyzer *an, const char *word, size_t size, char *buffer, size_t capacity,
                               size_t *needed, classify_error *error) {
    if (!an || (!word && size) || size > PTRDIFF_MAX || (!buffer && capacity) || !needed)
        return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, "analyzer, word, buffer or needed is NULL");
    int32_t status = analyze(an, word ? word : "", size, error);
    if (status)
        return status;
    size_t at = 0;
    for (size_t i = 0; i < an->count; i++) {
        const char *stem = (const char *)an->strings.data + an->tokens[i].stem;
        for (size_t j = 0; j <= strlen(stem); j++, at++)
            if (at < capacity)
                buffer[at] = stem[j] || i + 1 == an->count ? stem[j] : ' ';
    }
    if (!an->count && at++ < capacity)
        buffer[0] = 0;
    *needed = at;
    if (at > capacity)
        return cl_fail(error, CLASSIFY_ERROR_CAPACITY, 0, "the buffer is too small; *needed says how large it must be");
    return CLASSIFY_OK;
}

int32_t classify_analyzer_tokens(classify_analyzer *an, const char *text, size_t size, const classify_token **tokens,
                                 size_t *count, const char **strings, classify_error *error) {
    if (!an || (!text && size) || size > PTRDIFF_MAX || !tokens || !count || !strings)
        return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, "analyzer, text or a result is NULL");
    int32_t status = analyze(an, text ? text : "", size, error);
    *tokens = status ? NULL : an->tokens;
    *count = status ? 0 : an->count;
    *strings = status ? NULL : (const char *)an->strings.data;
    return status;
}

int32_t classify_analyzer_id(uint64_t *id, const classify_allocator *allocator, classify_error *error) {
    (void)allocator; /* for stemmers that take one, some day */
    if (!id)
        return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, "id is NULL");
    cl_stemmers stemmers;
    if (!cl_stemmers_new(&stemmers))
        return cl_nomem(error);
    bool ok = cl_stem_digest(&stemmers, id);
    cl_stemmers_free(&stemmers);
    return ok ? CLASSIFY_OK : cl_nomem(error);
}
