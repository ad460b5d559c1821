/* stem.c - the four stemmers behind one call, and the digest that tells whether they are the ones a model was made with.
   May include: bytes.h, fold.h, stem_own.h, tokens.h, libstemmer.
   Must not know: models, counts. */
#include "stem.h"

#include "bytes.h"
#include "stem_own.h"
#include "stem_probe.h"
#include "tokens.h"

#include <libstemmer.h>
#include <string.h>

static const char codes[CL_STEM_LANGUAGES][3] = {"en", "uk", "ru", "pl"};

int cl_stem_language(const char *code) {
    for (int i = 0; i < CL_STEM_LANGUAGES; i++)
        if (!strcmp(code, codes[i]))
            return i;
    return -1;
}

const char *cl_stem_code(int language) { return codes[language]; }

bool cl_stemmers_new(cl_stemmers *s) {
    /* libstemmer enlarges its buffer by malloc; one word longer than any that comes later makes it do so now. */
    char longest[8 * CL_WORD_MAX];
    memset(longest, 'a', sizeof longest);
    s->english = sb_stemmer_new("english", "UTF_8");
    s->russian = sb_stemmer_new("russian", "UTF_8");
    if (s->english && s->russian && sb_stemmer_stem(s->english, (sb_symbol *)longest, sizeof longest) &&
        sb_stemmer_stem(s->russian, (sb_symbol *)longest, sizeof longest))
        return true;
    cl_stemmers_free(s);
    return false;
}

void cl_stemmers_free(cl_stemmers *s) {
    if (s->english)
        sb_stemmer_delete(s->english);
    if (s->russian)
        sb_stemmer_delete(s->russian);
    s->english = s->russian = NULL;
}

static size_t library_stem(struct sb_stemmer *stemmer, const char *word, size_t size, char *out) {
    const sb_symbol *stem = sb_stemmer_stem(stemmer, (const sb_symbol *)word, (int)size);
    size_t length = stem ? (size_t)sb_stemmer_length(stemmer) : 0;
    if (stem && (length == 0 || length > size + CL_STEM_ROOM)) { /* a word that stems to nothing is its own stem */
        memcpy(out, word, size);
        return size;
    }
    if (stem)
        memcpy(out, stem, length);
    return length;
}

size_t cl_stem(cl_stemmers *s, int language, const char *word, size_t size, char *out) {
    switch (language) {
    case CL_EN: return library_stem(s->english, word, size, out);
    case CL_RU: return library_stem(s->russian, word, size, out);
    case CL_UK: return classify_stem_uk(word, size, out);
    default: return classify_stem_pl(word, size, out);
    }
}

/* Hashes the stems, in every language of its script, of each folded word of a list of words. */
bool cl_stem_digest(cl_stemmers *s, uint64_t *digest) {
    char folded[4 * CL_WORD_MAX], stem[4 * CL_WORD_MAX + CL_STEM_ROOM];
    uint64_t hash = CL_HASH_SEED;
    for (const char *c = cl_fold_unicode_version(); *c; c++)
        hash = cl_hash_step(hash, (uint8_t)*c);
    cl_tokenizer tokens;
    cl_token token;
    cl_tokens_start(&tokens, cl_stem_probe, strlen(cl_stem_probe));
    while (cl_tokens_next(&tokens, &token)) {
        size_t size = cl_token_utf8(&token, folded);
        hash = cl_hash_step(hash, (uint32_t)token.hash);
        for (int language = 0; language < CL_STEM_LANGUAGES; language++) {
            if (cl_stem_cyrillic(language) != token.cyrillic)
                continue;
            size_t length = cl_stem(s, language, folded, size, stem);
            if (!length)
                return false;
            for (size_t i = 0; i < length; i++)
                hash = cl_hash_step(hash, (uint8_t)stem[i]);
            hash = cl_hash_step(hash, ' ');
        }
    }
    *digest = cl_hash_end(hash);
    return true;
}
