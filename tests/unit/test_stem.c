/* test_stem.c - the four stemmers behind one call, and the digest that tells other stemmers from these: it must change when the
   Unicode version or any one stem of the list would. For that, this file takes in stem.c with its calls led through this one.
 */
#include "bytes.h"
#include "check.h"
#include "stem.h"
#include "stem_own.h"
#include "stem_probe.h"
#include "tokens.h"

#include <libstemmer.h>

static const char *unicode_version = "15.0.0";
static long stem_calls, change_at; /* the call whose stem is made another one; 0: none */
static sb_symbol changed[512];

static const char *test_unicode_version(void) { return unicode_version; }

static const sb_symbol *test_sb_stem(struct sb_stemmer *s, const sb_symbol *word, int size) {
    const sb_symbol *stem = sb_stemmer_stem(s, word, size);
    if (size >= (int)sizeof changed || ++stem_calls != change_at)
        return stem;
    memcpy(changed, stem, (size_t)sb_stemmer_length(s));
    changed[0] ^= 1;
    return changed;
}

static size_t test_own(size_t (*stem)(const char *, size_t, char *), const char *word, size_t size, char *out) {
    size_t length = stem(word, size, out);
    if (++stem_calls == change_at)
        out[0] ^= 1;
    return length;
}

static size_t test_stem_uk(const char *word, size_t size, char *out) { return test_own(classify_stem_uk, word, size, out); }
static size_t test_stem_pl(const char *word, size_t size, char *out) { return test_own(classify_stem_pl, word, size, out); }

#define cl_fold_unicode_version test_unicode_version
#define sb_stemmer_stem         test_sb_stem
#define classify_stem_uk        test_stem_uk
#define classify_stem_pl        test_stem_pl
#include "stem.c"

/* ---- Golden words ---- */

static cl_stemmers stemmers;

static void golden(const char *language, const char *text, const char *want) {
    char folded[4 * CL_WORD_MAX], stem[4 * CL_WORD_MAX + CL_STEM_ROOM], got[1024] = "";
    size_t at = 0;
    cl_tokenizer t;
    cl_token token;
    cl_tokens_start(&t, text, strlen(text));
    while (cl_tokens_next(&t, &token)) {
        size_t size = cl_stem(&stemmers, cl_stem_language(language), folded, cl_token_utf8(&token, folded), stem);
        if (at)
            got[at++] = ' ';
        memcpy(got + at, stem, size);
        got[at += size] = 0;
    }
    if (strcmp(got, want))
        CHECK_FAIL("%s: \"%s\"\n    gives \"%s\"\n    not   \"%s\"", language, text, got, want);
}

/* Words of which all releases of libstemmer that are in use make the same. */
static void golden_words(void) {
    golden("en", "threats threatening threatened attack attackers", "threat threaten threaten attack attack");
    golden("en", "ministers statement's expresses concerned skies dying", "minist statement express concern sky die");
    golden("ru", "угрозами угрозы заявление заявил министерства взорвём", "угроз угроз заявлен заяв министерств взорв");
    golden("ru", "бойтесь ожидайте данные людей", "бойт ожида дан люд");
    /* The project's own: forms of one word meet. tests/golden/stem_*.tsv has thousands of words. */
    static const char *const same[][3] = {{"uk", "погрозами", "погрози"},     {"uk", "міністерства", "міністерство"},
                                          {"uk", "заяву", "заява"},           {"pl", "ministerstwa", "ministerstwo"},
                                          {"pl", "zapłacicie", "zaplacicie"}, {"pl", "rękę", "reke"}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        char stem[64];
        size_t size = cl_stem(&stemmers, cl_stem_language(same[i][0]), same[i][1], strlen(same[i][1]), stem);
        stem[size] = 0;
        golden(same[i][0], same[i][2], stem);
    }
}

static void languages(void) {
    static const char *const want[] = {"en", "uk", "ru", "pl"};
    for (int i = 0; i < CL_STEM_LANGUAGES; i++) {
        CHECK_STR(cl_stem_code(i), want[i]);
        CHECK_INT(cl_stem_language(want[i]), i);
    }
    CHECK_INT(cl_stem_language("de"), -1);
    CHECK_INT(cl_stem_language(""), -1);
    CHECK(!cl_stem_cyrillic(CL_EN) && cl_stem_cyrillic(CL_UK) && cl_stem_cyrillic(CL_RU) && !cl_stem_cyrillic(CL_PL));
}

/* Never empty, never longer than there is room for, whatever the bytes; and the same again after another word. */
static void any_word(void) {
    static const char *const letters[] = {"a", "b", "e", "i", "n", "g", "s", "d", "y", "l", "ó", "ł", "'",
                                          "а", "в", "е", "и", "й", "н", "о", "с", "т", "ь", "я", "і", "ї"};
    for (int i = 0; i < 100000; i++) {
        char word[4 * CL_WORD_MAX], stem[2][4 * CL_WORD_MAX + CL_STEM_ROOM];
        size_t size = 0, length[2];
        for (uint32_t n = 1 + check_below(i % 100 ? 12 : 120); n; n--) {
            const char *letter = letters[check_below(sizeof letters / sizeof *letters)];
            memcpy(word + size, letter, strlen(letter));
            size += strlen(letter);
        }
        int language = (int)check_below(CL_STEM_LANGUAGES);
        for (int again = 0; again < 2; again++) {
            length[again] = cl_stem(&stemmers, language, word, size, stem[again]);
            CHECK(length[again] > 0 && length[again] <= size + CL_STEM_ROOM);
            cl_stem(&stemmers, language, "interlude", 9, (char[32]){0});
        }
        CHECK(length[0] == length[1] && !memcmp(stem[0], stem[1], length[0]));
    }
}

/* ---- The digest ---- */

static uint64_t digest(long change) {
    uint64_t id = 0;
    stem_calls = 0;
    change_at = change;
    CHECK(cl_stem_digest(&stemmers, &id));
    change_at = 0;
    return id;
}

static void digests(void) {
    uint64_t id = digest(0);
    long calls = stem_calls;
    CHECK(calls > 250);
    CHECK(digest(0) == id && digest(calls + 1) == id);
    for (long i = 1; i <= calls; i++)
        if (digest(i) == id)
            CHECK_FAIL("another stem at call %ld of %ld gives the same digest", i, calls);
    unicode_version = "15.1.0";
    CHECK(digest(0) != id);
    unicode_version = "15.0.0";
    CHECK(digest(0) == id);
}

int main(void) {
    CHECK_NEED(cl_stemmers_new(&stemmers));
    languages();
    golden_words();
    any_word();
    digests();
    cl_stemmers_free(&stemmers);
    cl_stemmers_free(&stemmers); /* twice is fine */
    return check_result();
}
