/* test_stem_own.c - the Ukrainian and Polish stemmers: golden words, the tables' own invariants, and properties over
   every letter, over random words and over random bytes.
   Usage: test_stem_own [DIRECTORY OF stem_uk.tsv AND stem_pl.tsv]. Prints what failed; exits 0 when nothing did. */
#include "stem_own.h"
#include "stem_pl_table.h"
#include "stem_rules.h"
#include "stem_uk_table.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ROOM         8
#define LONGEST      512

typedef size_t stemmer(const char *word, size_t len, char *out);

struct language {
    const char *code;
    stemmer *stem;
    const char *const *alphabet;
};

static int failures;

static void fail(const char *what, const char *word, size_t len, const char *stem, size_t n) {
    if (++failures <= 50)
        fprintf(stderr, "%s: \"%.*s\" -> \"%.*s\"\n", what, (int)len, word, (int)n, stem);
}

/* A small generator of the xorshift family, the same numbers everywhere. */
static unsigned long long random_state = 88172645463325252ull;

static unsigned below(unsigned n) {
    random_state ^= random_state << 13 & 0xFFFFFFFFFFFFFFFFull;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17 & 0xFFFFFFFFFFFFFFFFull;
    return (unsigned)((random_state >> 11) % n);
}

/* The length of the valid UTF-8 sequence at s, 0 when there is none. */
static size_t sequence(const unsigned char *s, size_t len) {
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : s[0] < 0xF5 ? 4 : 0;
    if (n == 0 || n > len)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) || (s[0] == 0xF0 && s[1] < 0x90) ||
        (s[0] == 0xF4 && s[1] > 0x8F))
        return 0;
    return n;
}

/* Counts the letters; false when the text is not UTF-8. */
static bool count(const char *text, size_t len, size_t *letters) {
    *letters = 0;
    for (size_t i = 0; i < len; ++*letters) {
        size_t n = sequence((const unsigned char *)text + i, len - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

/* Stems a word between guards and checks what holds for every word. `stem` has room for len + ROOM + 2 bytes. */
static size_t check(const struct language *l, const char *word, size_t len, char *stem) {
    memset(stem, '#', len + ROOM + 2);
    size_t n = l->stem(word, len, stem + 1), letters, word_letters;
    if (n > len + ROOM)
        fail("longer than len + 8", word, len, "", 0);
    if (stem[0] != '#' || stem[len + ROOM + 1] != '#')
        fail("wrote outside", word, len, "", 0);
    memmove(stem, stem + 1, n < len + ROOM ? n : len + ROOM);
    if (n == 0 && len != 0)
        fail("empty", word, len, stem, n);
    if (count(word, len, &word_letters)) {
        if (!count(stem, n, &letters))
            fail("not UTF-8", word, len, stem, n);
        else if (letters < 2 && letters < word_letters)
            fail("below two letters", word, len, stem, n);
    }
    return n;
}

static void same(const struct language *l, const char *what, const char *a, size_t alen, const char *b, size_t blen) {
    char x[LONGEST + ROOM + 2], y[LONGEST + ROOM + 2];
    size_t m = check(l, a, alen, x), n = check(l, b, blen, y);
    if (m != n || memcmp(x, y, n) != 0)
        fail(what, b, blen, y, n);
}

/* --- golden words --- */

static void golden(const struct language *l, const char *directory) {
    char path[1024], line[LONGEST], stem[LONGEST + ROOM + 2];
    snprintf(path, sizeof path, "%s/stem_%s.tsv", directory, l->code);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail("cannot open", path, strlen(path), "", 0);
        return;
    }
    size_t rows = 0;
    while (fgets(line, sizeof line, file)) {
        char *want = strchr(line, '\t');
        char *phenomenon = want ? strchr(want + 1, '\t') : NULL;
        if (line[0] == '#')
            continue;
        if (phenomenon == NULL) {
            fail("bad row", line, strlen(line), "", 0);
            break;
        }
        *want++ = *phenomenon++ = '\0';
        phenomenon[strcspn(phenomenon, "\r\n")] = '\0';
        size_t n = check(l, line, strlen(line), stem);
        if (n != strlen(want) || memcmp(stem, want, n) != 0)
            fail(phenomenon, line, strlen(line), stem, n);
        rows++;
    }
    fclose(file);
    if (rows < 50)
        fail("too few golden words", path, strlen(path), "", 0);
}

/* --- tables --- */

struct bounds {
    const uint32_t *nodes;
    const struct stem_rule *rules;
    const char *adds;
    size_t node_count, rule_count, add_count;
};

static void check_rule(const struct bounds *b, uint32_t node, unsigned depth) {
    char where[32];
    int n = snprintf(where, sizeof where, "node %08lx", (unsigned long)node);
    if (STEM_RULE(node) >= b->rule_count) {
        fail("rule out of range", where, (size_t)n, "", 0);
        return;
    }
    const struct stem_rule *rule = &b->rules[STEM_RULE(node)];
    if (rule->cut > depth)
        fail("rule cuts what was not read", where, (size_t)n, "", 0);
    if (rule->add >= b->add_count || strlen(b->adds + rule->add) > (size_t)rule->cut + ROOM)
        fail("rule adds too much", where, (size_t)n, "", 0);
}

/* Every list below `first`: in range, ended, no deeper than the engine reads. Lists are shared, so each is seen often. */
static void check_list(const struct bounds *b, size_t first, unsigned depth) {
    for (size_t i = first;; i++) {
        if (i >= b->node_count || depth > STEM_DEPTH + 1) {
            fail("list out of range", "", 0, "", 0);
            return;
        }
        check_rule(b, b->nodes[i], STEM_LETTER(b->nodes[i]) ? depth : depth - 1);
        if (STEM_CHILD(b->nodes[i]))
            check_list(b, STEM_CHILD(b->nodes[i]), depth + 1);
        if (STEM_LAST(b->nodes[i]))
            return;
    }
}

static void tables(void) {
    const struct bounds all[] = {
        {uk_nodes, uk_rules, uk_adds, COUNT(uk_nodes), COUNT(uk_rules), COUNT(uk_adds)},
        {pl_nodes, pl_rules, pl_adds, COUNT(pl_nodes), COUNT(pl_rules), COUNT(pl_adds)},
    };
    for (size_t t = 0; t < COUNT(all); t++) {
        for (size_t letter = 0; letter < 64; letter++) {
            check_rule(&all[t], all[t].nodes[letter], 1);
            if (STEM_CHILD(all[t].nodes[letter]))
                check_list(&all[t], STEM_CHILD(all[t].nodes[letter]), 2);
        }
        if (all[t].adds[all[t].add_count - 1] != '\0')
            fail("strings do not end", "", 0, "", 0);
    }
    if (sizeof uk_nodes + sizeof uk_rules + sizeof uk_adds + sizeof pl_nodes + sizeof pl_rules + sizeof pl_adds > 400 * 1024)
        fail("tables above 400 KB", "", 0, "", 0);
}

/* --- properties --- */

static const char *const ukrainian[] = {"а", "б", "в", "г", "д", "е", "є", "ж", "з", "и",  "і", "ї",
                                        "й", "к", "л", "м", "н", "о", "п", "р", "с", "т",  "у", "ф",
                                        "х", "ц", "ч", "ш", "щ", "ь", "ю", "я", "'", "ся", NULL};
static const char *const polish[] = {"a", "ą", "b", "c", "ć", "d", "e", "ę", "f", "g",   "h",   "i", "j",
                                     "k", "l", "ł", "m", "n", "ń", "o", "ó", "p", "q",   "r",   "s", "ś",
                                     "t", "u", "v", "w", "x", "y", "z", "ź", "ż", "naj", "nie", NULL};

static const struct language languages[] = {{"uk", classify_stem_uk, ukrainian}, {"pl", classify_stem_pl, polish}};

static size_t random_word(const struct language *l, char *word) {
    size_t letters = 0, len = 0;
    while (l->alphabet[letters])
        letters++;
    for (unsigned left = 1 + below(20); left; left--) {
        const char *letter = l->alphabet[below((unsigned)letters)];
        memcpy(word + len, letter, strlen(letter));
        len += strlen(letter);
    }
    return len;
}

static void append(char *text, size_t *len, const char *more) {
    memcpy(text + *len, more, strlen(more) + 1);
    *len += strlen(more);
}

/* Every word of one, two and three letters of the alphabet. */
static void short_words(const struct language *l) {
    char word[64], stem[64 + ROOM + 2];
    for (const char *const *a = l->alphabet; *a; a++) {
        check(l, *a, strlen(*a), stem);
        for (const char *const *b = l->alphabet; *b; b++)
            for (const char *const *c = l->alphabet; *c; c++) {
                size_t len = 0;
                append(word, &len, *a);
                append(word, &len, *b);
                check(l, word, len, stem);
                append(word, &len, *c);
                check(l, word, len, stem);
            }
    }
}

/* Every code point, alone and before an ending. */
static void every_code_point(const struct language *l) {
    for (unsigned long c = 1; c < 0x110000; c++) {
        char word[16], stem[16 + ROOM + 2];
        size_t len = 0;
        if (c >= 0xD800 && c < 0xE000)
            continue;
        if (c < 0x80)
            word[len++] = (char)c;
        else if (c < 0x800)
            word[len++] = (char)(0xC0 | c >> 6);
        else if (c < 0x10000)
            word[len++] = (char)(0xE0 | c >> 12);
        else
            word[len++] = (char)(0xF0 | c >> 18);
        if (c >= 0x10000)
            word[len++] = (char)(0x80 | (c >> 12 & 0x3F));
        if (c >= 0x800)
            word[len++] = (char)(0x80 | (c >> 6 & 0x3F));
        if (c >= 0x80)
            word[len++] = (char)(0x80 | (c & 0x3F));
        check(l, word, len, stem);
        append(word, &len, l->alphabet == polish ? "ami" : "ами");
        check(l, word, len, stem);
    }
}

static void random_words(const struct language *l) {
    char word[LONGEST], stem[LONGEST + ROOM + 2], again[LONGEST + 2 * ROOM + 2];
    for (int i = 0; i < 300000; i++) {
        size_t len = random_word(l, word), n = check(l, word, len, stem);
        check(l, stem, n, again);
        if (l->stem(word, len, again) != n || memcmp(again, stem, n) != 0)
            fail("not the same twice", word, len, stem, n);
    }
}

static void random_bytes(const struct language *l) {
    char word[LONGEST], stem[LONGEST + ROOM + 2];
    static const unsigned char telling[] = {0xD0, 0xD1, 0x91, 0xD2, 0xCA, 0xBC, 0xE2, 0x80,
                                            0x99, 0xC4, 0xC5, 0xC3, 0x8F, 'n',  'a',  'j'};
    for (int i = 0; i < 300000; i++) {
        size_t len = below(24);
        for (size_t k = 0; k < len; k++)
            word[k] = (char)(below(3) ? telling[below(COUNT(telling))] : below(256));
        check(l, word, len, stem);
    }
}

static void long_words(const struct language *l) {
    const size_t size = (size_t)1 << 20;
    char *word = malloc(size), *stem = malloc(size + ROOM + 2);
    if (word && stem) {
        for (size_t i = 0; i < size; i += 2)
            memcpy(word + i, l->alphabet == polish ? "aw" : "а", 2);
        check(l, word, size, stem);
    }
    free(word);
    free(stem);
}

/* Replaces every `from` in the word; returns the new length. */
static size_t replace(const char *word, size_t len, const char *from, const char *to, char *out) {
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        if (len - i >= strlen(from) && memcmp(word + i, from, strlen(from)) == 0) {
            memcpy(out + n, to, strlen(to));
            n += strlen(to);
            i += strlen(from);
        } else {
            out[n++] = word[i++];
        }
    }
    return n;
}

static void ukrainian_spellings(void) {
    static const char *const pairs[][2] = {{"'", "\xE2\x80\x99"},
                                           {"'", "\xCA\xBC"},
                                           {"'", "\xE2\x80\x98"},
                                           {"'", "\xE2\x80\xB2"},
                                           {"'", "`"},
                                           {"г", "ґ"},
                                           {"е", "ё"}};
    char word[LONGEST], other[3 * LONGEST];
    for (int i = 0; i < 50000; i++) {
        size_t len = random_word(&languages[0], word);
        const char *const *pair = pairs[below(COUNT(pairs))];
        size_t n = replace(word, len, pair[0], pair[1], other);
        if (n < LONGEST)
            same(&languages[0], "another spelling, another stem", word, len, other, n);
    }
}

static void polish_without_diacritics(void) {
    static const char *const pairs[][2] = {{"ą", "a"}, {"ć", "c"}, {"ę", "e"}, {"ł", "l"}, {"ń", "n"},
                                           {"ó", "o"}, {"ś", "s"}, {"ź", "z"}, {"ż", "z"}};
    char word[LONGEST], bare[LONGEST], next[LONGEST];
    for (int i = 0; i < 50000; i++) {
        size_t len = random_word(&languages[1], word), n = len;
        memcpy(bare, word, len);
        for (size_t p = 0; p < COUNT(pairs); p++) {
            n = replace(bare, n, pairs[p][0], pairs[p][1], next);
            memcpy(bare, next, n);
        }
        same(&languages[1], "without diacritics, another stem", word, len, bare, n);
    }
}

int main(int argc, char **argv) {
    tables();
    for (size_t i = 0; i < COUNT(languages); i++) {
        const struct language *l = &languages[i];
        golden(l, argc > 1 ? argv[1] : "tests/golden");
        short_words(l);
        every_code_point(l);
        random_words(l);
        random_bytes(l);
        long_words(l);
    }
    ukrainian_spellings();
    polish_without_diacritics();
    if (failures)
        fprintf(stderr, "%d failures\n", failures);
    return failures != 0;
}
