/* stem_rules.h - the engine of the project's own stemmers: learned rules, looked up by a word's last letters. Its functions are
   static so that each stemmer is compiled around its own constant table.
   May include: nothing of the library.
   Must not know: any language; what is Ukrainian or Polish is in the tables. */
#ifndef CL_STEM_RULES_H
#define CL_STEM_RULES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What a rule does beside cutting letters and adding a string. */
enum stem_action {
    STEM_PLAIN = 0,
    STEM_DROP_NAJ = 1, /* also drops naj-, where the word has it */
    STEM_DROP_NIE = 2, /* also drops nie-, where the word has it */
    STEM_REFLEXIVE = 3 /* takes -ся or -сь off, stems what is left, adds -ся */
};

struct stem_rule {
    uint8_t cut;    /* letters, never more than the trie had read when it chose the rule */
    uint8_t action; /* enum stem_action */
    uint16_t add;   /* where the string to append starts in `adds` */
};

/* A trie over reversed words. Nodes 0..63 are the root's children, by letter; every other list of children is
   a run of nodes that ends with STEM_LAST, and equal lists are stored once. A node from its low bits up:
   letter (6; 0 is the start of the word), last of its list (1), rule (10; 0 is none), first child (15; 0 is none). */
#define STEM_LETTER(node) ((node) & 63u)
#define STEM_LAST(node)   ((node) & 64u)
#define STEM_RULE(node)   ((node) >> 7 & 1023u)
#define STEM_CHILD(node)  ((node) >> 17)
#define STEM_DEPTH        16

struct stem_table {
    const uint32_t *nodes;
    const struct stem_rule *rules;
    const char *adds;
    const uint8_t *ascii;    /* byte below 0x80 -> letter, 0 for what is no letter */
    const uint8_t *cyrillic; /* U+0400..U+047F -> letter; NULL when the language has none */
};

/* The letter that ends at word[*at - 1], whose start becomes *at; 0 where no letter of the language ends. */
static inline unsigned letter_before(const struct stem_table *table, const char *word, size_t *at) {
    if (*at == 0)
        return 0;
    unsigned byte = (unsigned char)word[*at - 1];
    if (byte < 0x80) {
        *at -= 1;
        return table->ascii[byte];
    }
    if (*at < 2 || table->cyrillic == NULL || byte > 0xBF)
        return 0;
    unsigned lead = (unsigned char)word[*at - 2];
    if (lead != 0xD0 && lead != 0xD1)
        return 0;
    *at -= 2;
    return table->cyrillic[(lead & 1) << 6 | (byte & 0x3F)];
}

/* Walks the trie from the word's end and returns the rule of the longest known ending; 0 when there is none.
   left[n] becomes the length in bytes of the word without its last n letters. */
static inline unsigned find_rule(const struct stem_table *table, const char *word, size_t len, size_t *left) {
    size_t at = len;
    unsigned rule = 0, depth = 0, letter = letter_before(table, word, &at);
    if (letter == 0)
        return 0;
    uint32_t node = table->nodes[letter];
    for (;;) {
        if (STEM_RULE(node))
            rule = STEM_RULE(node);
        if (letter == 0)
            return rule;
        left[++depth] = at;
        unsigned next = STEM_CHILD(node);
        if (next == 0 || depth == STEM_DEPTH)
            return rule;
        letter = letter_before(table, word, &at);
        while (STEM_LETTER(node = table->nodes[next]) != letter) {
            if (STEM_LAST(node))
                return rule;
            next++;
        }
    }
}

static inline size_t count_letters(const char *text, size_t len) {
    size_t n = 0;
    for (size_t i = 0; i < len && n < 4; i++)
        n += ((unsigned char)text[i] & 0xC0) != 0x80;
    return n;
}

/* Drops the prefix of a superlative (najnowszy) or of a negated participle (niezrobiony) when enough is left. */
static inline size_t drop_prefix(unsigned action, char *word, size_t len, size_t kept, size_t added) {
    const char *prefix = action == STEM_DROP_NAJ ? "naj" : "nie";
    if (len <= 5 || kept <= 3 || memcmp(word, prefix, 3) != 0)
        return kept;
    if (count_letters(word + 3, kept - 3) + added < 2)
        return kept;
    memmove(word, word + 3, kept - 3);
    return kept - 3;
}

static inline size_t stem_once(const struct stem_table *table, char *word, size_t len, size_t *left) {
    const struct stem_rule *rule = &table->rules[find_rule(table, word, len, left)];
    if (rule->action == STEM_REFLEXIVE)
        return 0;
    const char *add = table->adds + rule->add;
    size_t added = strlen(add), kept = left[rule->cut];
    if (rule->action != STEM_PLAIN)
        kept = drop_prefix(rule->action, word, len, kept, added);
    if (count_letters(word, kept) + count_letters(add, added) < 2)
        return len;
    memcpy(word + kept, add, added);
    return kept + added;
}

/* Stems the folded word of `len` bytes in `word`, in place; there is room for `len` + 8 bytes. Returns the new length. */
static inline size_t stem_apply(const struct stem_table *table, char *word, size_t len) {
    static const char reflexive[] = "\xD1\x81\xD1\x8F";
    size_t left[STEM_DEPTH + 1];
    left[0] = len;
    size_t n = stem_once(table, word, len, left);
    if (n != 0 || len == 0)
        return n;
    len = left[2];
    if (count_letters(word, len) < 2)
        return left[0];
    left[0] = len;
    n = stem_once(table, word, len, left);
    if (n == 0)
        n = len;
    memcpy(word + n, reflexive, sizeof reflexive - 1);
    return n + sizeof reflexive - 1;
}

#endif
