/* test_counts.c - counting, merging, pruning and both file formats: the same bytes however the corpus was split and ordered. */
#include "counts.h"
#include "fixture.h"

#include <time.h>

typedef struct {
    uint8_t *data;
    size_t size;
} file;

static classify_counts *new_counts(void) {
    classify_counts *counts = NULL;
    CHECK_NEED(!classify_counts_new(&counts, NULL, NULL));
    return counts;
}

static classify_counts *read_counts(file f) {
    classify_counts *counts = NULL;
    classify_error error = {0};
    if (classify_counts_read(&counts, f.data, f.size, NULL, &error))
        CHECK_FAIL("cannot read what was written: %s at %llu", error.message, (unsigned long long)error.offset);
    return counts ? counts : new_counts();
}

static file written(classify_counts *counts, uint32_t format) {
    file f;
    f.data = fixture_counts_bytes(counts, format, &f.size);
    return f;
}

static bool equal(file a, file b) { return a.size == b.size && !memcmp(a.data, b.data, a.size); }

/* ---- Formats ---- */

/* Through both formats and back, in every order of two, the bytes stay. */
static void round_trips(classify_counts *counts, const char *what) {
    file first[2] = {written(counts, 0), written(counts, 1)};
    for (uint32_t a = 0; a < 2; a++) {
        classify_counts *again = read_counts(first[a]);
        for (uint32_t b = 0; b < 2; b++) {
            file second = written(again, b);
            if (!equal(second, first[b]))
                CHECK_FAIL("%s: %s, read and written as %s, differs from %s written at once", what, a ? "TSV" : "binary",
                           b ? "TSV" : "binary", b ? "TSV" : "binary");
            free(second.data);
        }
        classify_counts_free(again);
    }
    free(first[0].data);
    free(first[1].data);
}

/* ---- Merging ---- */

enum { TEXTS = 60 };

/* A corpus of random texts; the same text may stand twice. */
typedef struct {
    char *text;
    size_t size;
    const fixture_text *names;
} corpus_text;

static void count_text(classify_counts *counts, const corpus_text *t) {
    CHECK(!classify_counts_add(counts, t->names->label, t->names->language, t->names->source, t->text, t->size, NULL));
}

static void shuffle(uint32_t *order, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint32_t i = count; i-- > 1;) {
        uint32_t j = check_below(i + 1), swap = order[i];
        order[i] = order[j], order[j] = swap;
    }
}

/* Splits the corpus, in random order, among a few counts, and merges these in a random tree, some of them through a file. */
static classify_counts *split_and_merge(const corpus_text *corpus) {
    classify_counts *parts[8];
    uint32_t order[TEXTS], count = 1 + check_below(8);
    for (uint32_t i = 0; i < count; i++) {
        char value[2] = {(char)('a' + (int)i), 0};
        parts[i] = new_counts();
        CHECK(!classify_counts_set_meta(parts[i], "part", i ? value : "z", NULL)); /* the greatest stays: z */
    }
    shuffle(order, TEXTS);
    for (uint32_t i = 0; i < TEXTS; i++)
        count_text(parts[check_below(count)], &corpus[order[i]]);
    while (count > 1) {
        uint32_t from = check_below(count), into = check_below(count - 1);
        into += into >= from;
        if (check_below(2)) {
            file f = written(parts[from], check_below(2));
            classify_counts_free(parts[from]);
            parts[from] = read_counts(f);
            free(f.data);
        }
        CHECK(!classify_counts_merge(parts[into], parts[from], NULL));
        classify_counts_free(parts[from]);
        parts[from] = parts[--count];
    }
    return parts[0];
}

static void merging(void) {
    static corpus_text corpus[TEXTS];
    for (int i = 0; i < TEXTS; i++) {
        corpus[i].text = malloc(64 * 40);
        CHECK_NEED(corpus[i].text);
        corpus[i].size = fixture_random(corpus[i].text, 60);
        corpus[i].names = &fixture_texts[check_below(FIXTURE_TEXTS)];
    }
    file all = {NULL, 0};
    for (int i = 0; i < 60; i++) {
        classify_counts *counts = split_and_merge(corpus);
        file f = written(counts, CLASSIFY_COUNTS_BINARY);
        if (!i) {
            all = f;
            round_trips(counts, "random corpus");
        } else {
            if (!equal(f, all))
                CHECK_FAIL("split %d gives other bytes", i);
            free(f.data);
        }
        classify_counts_free(counts);
    }
    free(all.data);
    for (int i = 0; i < TEXTS; i++)
        free(corpus[i].text);
}

/* Of two refinements one is kept, whichever side it is on. */
static void refinements(void) {
    classify_counts *plain = fixture_counts(NULL, 0), *refined = fixture_counts(NULL, 1), *other = fixture_counts(NULL, 0);
    classify_example e[4];
    for (int i = 0; i < 4; i++)
        e[i] = (classify_example){fixture_texts[i].text, strlen(fixture_texts[i].text), fixture_texts[i].label, "en", ""};
    CHECK(!classify_counts_refine(other, NULL, e, 4, NULL));
    classify_counts *in[] = {plain, refined, other};
    static const int orders[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {1, 0, 2}, {0, 2, 1}, {2, 0, 1}};
    file first = {NULL, 0};
    for (int i = 0; i < 6; i++) {
        classify_counts *sum = new_counts();
        for (int j = 0; j < 3; j++)
            CHECK(!classify_counts_merge(sum, in[orders[i][j]], NULL));
        file f = written(sum, CLASSIFY_COUNTS_BINARY);
        if (!i)
            first = f;
        else
            CHECK(equal(f, first));
        if (i)
            free(f.data);
        round_trips(sum, "merged refinement");
        classify_counts_free(sum);
    }
    free(first.data);
    round_trips(refined, "refinement as learned");
    file f = written(refined, CLASSIFY_COUNTS_BINARY), p = written(plain, CLASSIFY_COUNTS_BINARY);
    CHECK(f.size > p.size);
    free(f.data), free(p.data);
    classify_counts_free(plain), classify_counts_free(refined), classify_counts_free(other);
}

/* Primary sources are those that begin with any of the prefixes. */
static void primary_sources(void) {
    static const char *const prefixes[] = {NULL, "nobody's", ",", "own", "nobody's,own", "own,,nobody's", "own,web"};
    enum { CASES = sizeof prefixes / sizeof *prefixes, FIRST_OWN = 3, WITH_WEB = 6 };
    classify_example e[2 * FIXTURE_TEXTS];
    file f[CASES];
    for (int i = 0; i < 2 * FIXTURE_TEXTS; i++) {
        const fixture_text *t = &fixture_texts[i % FIXTURE_TEXTS];
        e[i] = (classify_example){t->text, strlen(t->text), t->label, t->language, t->source};
    }
    for (int i = 0; i < CASES; i++) {
        classify_counts *c = fixture_counts(NULL, 0);
        classify_refine_options how = {.struct_size = sizeof how, .primary = prefixes[i], .primary_factor = 4096};
        CHECK(!classify_counts_refine(c, &how, e, 2 * FIXTURE_TEXTS, NULL));
        f[i] = written(c, CLASSIFY_COUNTS_BINARY);
        classify_counts_free(c);
    }
    for (int i = 0; i < CASES; i++)
        CHECK(equal(f[i], f[i < FIRST_OWN ? 0 : i < WITH_WEB ? FIRST_OWN : WITH_WEB]));
    CHECK(!equal(f[0], f[FIRST_OWN]) && !equal(f[FIRST_OWN], f[WITH_WEB]));
    for (int i = 0; i < CASES; i++)
        free(f[i].data);
}

/* No more weights than were asked for, the most telling ones: fewer are among more. */
static void refined_limits(void) {
    classify_example e[2 * FIXTURE_TEXTS]; /* each twice: what stands in one text alone is not learned */
    for (int i = 0; i < 2 * FIXTURE_TEXTS; i++)
        e[i] = (classify_example){fixture_texts[i % FIXTURE_TEXTS].text, strlen(fixture_texts[i % FIXTURE_TEXTS].text),
                                  fixture_texts[i % FIXTURE_TEXTS].label, fixture_texts[i % FIXTURE_TEXTS].language, ""};
    char *texts[2];
    for (uint32_t i = 0; i < 2; i++) {
        classify_counts *c = fixture_counts(NULL, 0);
        classify_refine_options how = {.struct_size = sizeof how, .max_pairs = 2 + i * 3, .max_parts = 4 + i * 30};
        CHECK(!classify_counts_refine(c, &how, e, 2 * FIXTURE_TEXTS, NULL));
        round_trips(c, "limited refinement");
        file f = written(c, CLASSIFY_COUNTS_TSV);
        texts[i] = calloc(f.size + 1, 1);
        CHECK_NEED(texts[i]);
        memcpy(texts[i], f.data, f.size);
        free(f.data);
        classify_counts_free(c);
    }
    uint32_t pairs = 0, parts = 0, lost = 0;
    for (char *line = strtok(texts[0], "\n"); line; line = strtok(NULL, "\n")) {
        bool pair = !strncmp(line, "weight\tpair", 11), part = !strncmp(line, "weight\tpart", 11);
        pairs += pair, parts += part;
        lost += (pair || part) && !strstr(texts[1], line);
    }
    CHECK_INT(pairs, 2);
    CHECK_INT(parts, 4);
    CHECK_INT(lost, 0);
    free(texts[0]), free(texts[1]);
}

/* ---- What is counted ---- */

static void contains(classify_counts *counts, const char *line, bool wanted) {
    file f = written(counts, CLASSIFY_COUNTS_TSV);
    char *text = malloc(f.size + 1);
    CHECK_NEED(text);
    memcpy(text, f.data, f.size);
    text[f.size] = 0;
    if ((strstr(text, line) != NULL) != wanted)
        CHECK_FAIL("%s line \"%s\" in:\n%s", wanted ? "no" : "a", line, text);
    free(text);
    free(f.data);
}

static void add(classify_counts *c, const char *label, const char *source, const char *text) {
    CHECK(!classify_counts_add(c, label, "en", source, text, strlen(text), NULL));
}

static void counting(void) {
    classify_counts *c = new_counts();
    add(c, "b", "s", "red red blue. Red 7!");
    add(c, "b", "s", "blue sky");
    add(c, "a", NULL, "red blue");
    add(c, NULL, "", "blue");
    contains(c, "cell\t0\t\ten\t\t1\t1\n", true);
    contains(c, "cell\t1\t\ten\ta\t1\t2\n", true);
    contains(c, "cell\t2\ts\ten\tb\t2\t8\n", true);
    contains(c, "word\tred\t1:1:1\t2:3:1\n", true);
    contains(c, "word\tblue\t0:1:1\t1:1:1\t2:2:2\n", true);
    contains(c, "word\t<number>\t2:1:1\n", true);
    contains(c, "pair\tred\tblue\t1:1:1\t2:1:1\n", true);
    contains(c, "pair\tred\tred\t2:1:1\n", true);
    contains(c, "pair\tred\t<number>\t2:1:1\n", true);
    contains(c, "pair\tblue\tred", false);     /* a sentence ends between */
    contains(c, "pair\t<number>\t<!>", false); /* remarks are no part of pairs */
    classify_counts_info info = {.struct_size = sizeof info};
    CHECK(!classify_counts_get_info(c, &info, NULL));
    CHECK_INT(info.documents, 4);
    CHECK_INT(info.words, 11);
    CHECK_INT(info.cells, 3);
    CHECK_INT(info.features, 5 + 4); /* red blue <number> <!> sky; red red, red blue, red <number>, blue sky */
    classify_counts_free(c);
}

static void pruning(void) {
    classify_counts *c = new_counts();
    add(c, "a", "web.1", "rare common pair here");
    add(c, "a", "web.2", "common pair");
    add(c, "a", "own", "rare once");
    CHECK(!classify_counts_prune(c, "web", 2, 2, NULL));
    contains(c, "word\tcommon\t", true);
    contains(c, "word\trare\t0:1:1\n", true); /* in `own` it stays */
    contains(c, "word\there", false);
    contains(c, "word\tonce", true);
    contains(c, "pair\tcommon\tpair\t1:1:1\t2:1:1\n", true); /* in two texts, of two sources */
    contains(c, "pair\trare\tcommon", false);
    contains(c, "pair\trare\tonce", true);
    round_trips(c, "pruned");
    add(c, "a", "web.1", "here again"); /* counting goes on */
    contains(c, "word\there\t1:1:1\n", true);
    CHECK(!classify_counts_prune(c, NULL, 99, 99, NULL));
    contains(c, "word\t", false);
    contains(c, "pair\t", false);
    round_trips(c, "pruned of everything");
    classify_counts_free(c);
}

static void metadata(void) {
    classify_counts *a = new_counts(), *b = new_counts();
    CHECK(!classify_counts_set_meta(a, "name", "one", NULL) && !classify_counts_set_meta(b, "name", "two", NULL));
    CHECK(!classify_counts_set_meta(a, "b", "x", NULL) && !classify_counts_set_meta(a, "a", "x", NULL));
    CHECK(!classify_counts_set_meta(a, "b", NULL, NULL) && !classify_counts_set_meta(a, "none", NULL, NULL));
    CHECK(!classify_counts_merge(a, b, NULL));
    contains(a, "meta\ta\tx\nmeta\tname\ttwo\n", true);
    contains(a, "meta\tb", false);
    classify_counts_free(a);
    classify_counts_free(b);
}

/* Lines in another order, comments, lines that end as in Windows, no last newline: still the same counts. */
static void loose_tsv(void) {
    static const char text[] =
        "#libclassify-counts\t1\r\n# a comment\r\ncell\t0\t\ten\tx\t1\t1\n\ncell\t1\ts\ten\tx\t2\t5\nword\tb\t1:1:1\n"
        "pair\ta\tb\t1:1:1\nword\ta\t0:1:1\t1:3:2\r\nmeta\tname\tn";
    static const char want[] = "#libclassify-counts\t1\nmeta\tname\tn\ncell\t0\t\ten\tx\t1\t1\ncell\t1\ts\ten\tx\t2\t5\n"
                               "word\ta\t0:1:1\t1:3:2\nword\tb\t1:1:1\npair\ta\tb\t1:1:1\n";
    classify_counts *c = read_counts((file){(uint8_t *)(uintptr_t)text, sizeof text - 1});
    file f = written(c, CLASSIFY_COUNTS_TSV);
    CHECK(f.size == sizeof want - 1 && !memcmp(f.data, want, f.size));
    round_trips(c, "loose TSV");
    free(f.data);
    classify_counts_free(c);
}

/* Tallies around the sizes at which they no longer come along with a pair that is sorted: the text form, which does not look at
   that, says the same. */
static void sizes_of_tallies(void) {
    classify_counts *c = new_counts();
    uint32_t first = 0, second = 0, pair = 0, cells[2] = {0};
    CHECK_NEED(cl_counts_word(c, "first", 5, &first) && cl_counts_cell(c, "", "en", "news", &cells[0]) &&
               cl_counts_cell(c, "", "pl", "news", &cells[1]));
    c->cells[0].words = c->cells[0].documents = c->cells[1].words = c->cells[1].documents = 1 << 20;
    for (uint32_t documents = 250; documents < 260; documents++)
        for (uint32_t repeats = 250; repeats < 260; repeats++) {
            char name[16];
            size_t size = (size_t)snprintf(name, sizeof name, "%u-%u", (unsigned)documents, (unsigned)repeats);
            CHECK_NEED(cl_counts_word(c, name, size, &second) && cl_counts_pair(c, first, second, &pair));
            for (unsigned i = repeats % 2; i < 2; i++) /* in both cells, or one */
                CHECK_NEED(cl_counts_append(c, cl_feature_at(&c->pairs, pair), cells[i], documents + repeats, documents));
        }
    round_trips(c, "sizes of tallies");
    contains(c, "pair\tfirst\t255-255\t1:510:255", true);
    contains(c, "pair\tfirst\t256-255\t1:511:256", true);
    contains(c, "pair\tfirst\t256-256\t0:512:256\t1:512:256", true);
    classify_counts_free(c);
}

/* Texts are numbered modulo 2^32: a word that stood in the text of some number 2^32 texts ago is new in the next of that
 * number.
 */
static void numbers_come_round(void) {
    classify_counts *c = new_counts();
    for (int i = 0; i < 3; i++)
        add(c, "news", "", "one two");
    c->serial = UINT32_MAX - 1;
    for (int i = 0; i < 3; i++)
        add(c, "news", "", "one two one two");
    contains(c, "word\tone\t0:9:6", true);
    contains(c, "pair\tone\ttwo\t0:9:6", true);
    classify_counts_free(c);
}

/* As many cells as there can be, with one word in all of them: merged, into nothing and into the same again, by steps that are
   counted and not by the square of them, which took a minute. */
static void many_cells(void) {
    classify_counts *many = new_counts(), *sum = new_counts();
    uint32_t word = 0, cell = 0;
    CHECK_NEED(cl_counts_word(many, "word", 4, &word));
    for (int i = 0; i < CL_CELLS_MAX; i++) {
        char name[16];
        snprintf(name, sizeof name, "%05d", i);
        CHECK_NEED(cl_counts_cell(many, name, "en", "news", &cell) && cell == (uint32_t)i);
        many->cells[cell].words = many->cells[cell].documents = 1;
        CHECK_NEED(cl_counts_append(many, cl_feature_at(&many->words, word), cell, 1, 1));
    }
    CHECK_NEED(cl_counts_cell(many, "00007", "en", "news", &cell) && cell == 7);
    CHECK(!cl_counts_cell(many, "one more", "en", "news", &cell));
    clock_t start = clock();
    CHECK(!classify_counts_merge(sum, many, NULL) && !classify_counts_merge(sum, many, NULL));
    if (clock() - start > 2 * CLOCKS_PER_SEC)
        CHECK_FAIL("%d cells take %g s to merge", CL_CELLS_MAX, (double)(clock() - start) / CLOCKS_PER_SEC);
    CHECK_INT(sum->cell_count, CL_CELLS_MAX);
    CHECK_INT(sum->tally_count, CL_CELLS_MAX - 1); /* the first lies with the word */
    CHECK_INT(cl_feature_at(&sum->words, 0)->first.occurrences, 2);
    classify_counts_free(many);
    classify_counts_free(sum);
}

/* Counts that were read go on as if they had never been written, from the first text on: a document counts once a word. */
static void going_on(void) {
    for (uint32_t format = 0; format < 2; format++) {
        classify_counts *whole = new_counts(), *first = new_counts();
        for (int i = 0; i < 3; i++) {
            CHECK(!classify_counts_add(whole, "threat", "en", "own", "pay pay now", 11, NULL));
            CHECK(i || !classify_counts_add(first, "threat", "en", "own", "pay pay now", 11, NULL));
        }
        file f = written(first, format);
        classify_counts *again = read_counts(f);
        for (int i = 1; i < 3; i++)
            CHECK(!classify_counts_add(again, "threat", "en", "own", "pay pay now", 11, NULL));
        file want = written(whole, 0), got = written(again, 0);
        CHECK(equal(want, got));
        free(f.data), free(want.data), free(got.data);
        classify_counts_free(whole);
        classify_counts_free(first);
        classify_counts_free(again);
    }
}

/* Words that share their first eight bytes, and more, come in order, whatever the order of counting. */
static void long_beginnings(void) {
    static const char *const words[] = {"universality", "universal",     "universals", "universe",    "universes",
                                        "universalist", "universalists", "univers",    "universally", "zeal"};
    enum { COUNT = sizeof words / sizeof *words };
    file first = {0};
    for (uint32_t round = 0; round < 20; round++) {
        uint32_t order[COUNT];
        classify_counts *counts = new_counts();
        shuffle(order, COUNT);
        for (uint32_t i = 0; i < COUNT; i++)
            CHECK(!classify_counts_add(counts, "threat", "en", "", words[order[i]], strlen(words[order[i]]), NULL));
        file now = written(counts, 1);
        CHECK(!round || equal(first, now));
        char last[32] = "";
        size_t lines = 0;
        for (size_t i = 0; i + 6 < now.size; i++)
            if (!memcmp(now.data + i, "\nword\t", 6)) { /* the word ends at a tab */
                char word[32] = "";
                memcpy(word, now.data + i + 6, strcspn((const char *)now.data + i + 6, "\t"));
                CHECK(strcmp(last, word) < 0);
                memcpy(last, word, sizeof last);
                lines++;
            }
        CHECK_INT(lines, COUNT);
        free(round ? now.data : NULL);
        first = round ? first : now;
        classify_counts_free(counts);
    }
    free(first.data);
}

/* Merged into nothing, refined counts are what they were. */
static void merged_refinement(void) {
    classify_counts *refined = fixture_counts(NULL, 1), *sum = new_counts();
    CHECK(!classify_counts_add(sum, "news", "en", "zz", "other words come first here", 27, NULL));
    CHECK(!classify_counts_merge(sum, refined, NULL));
    CHECK(!classify_counts_add(refined, "news", "en", "zz", "other words come first here", 27, NULL));
    file want = written(refined, 0), got = written(sum, 0);
    CHECK(equal(want, got));
    free(want.data), free(got.data);
    classify_counts_free(refined);
    classify_counts_free(sum);
}

int main(void) {
    classify_counts *counts = fixture_counts(NULL, 0), *empty = new_counts();
    round_trips(counts, "fixture");
    round_trips(empty, "nothing");
    classify_counts_free(counts);
    classify_counts_free(empty);
    counting();
    merging();
    many_cells();
    sizes_of_tallies();
    numbers_come_round();
    going_on();
    long_beginnings();
    merged_refinement();
    refinements();
    primary_sources();
    refined_limits();
    pruning();
    metadata();
    loose_tsv();
    return check_result();
}
