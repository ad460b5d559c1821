/* test_golden.c - the scores of fixed texts, by a model of a fixed corpus, are fixed integers: on every platform, with every
   compiler. Usage: test_golden DIRECTORY [--update]. Each line of scores.tsv is: language, label or reason, tokens, known,
   replaced, evidence, margin, scores, and the text, in which \n, \t, \\ and \xHH stand for bytes. --update writes the file anew
   from its texts. */
#include "fixture.h"

enum { ROOM = 4096 };

static char *field(char **line) {
    char *start = *line, *tab = strchr(start, '\t');
    *line = tab ? tab + 1 : start + strlen(start);
    if (tab)
        *tab = 0;
    return start;
}

static classify_model *train(const char *directory) {
    char path[1024], line[ROOM];
    classify_counts *counts = NULL;
    classify_model *model = NULL;
    static classify_example examples[256];
    static char kept[256][ROOM];
    size_t count = 0;
    snprintf(path, sizeof path, "%s/train.tsv", directory);
    FILE *file = fopen(path, "rb");
    CHECK_NEED(file && !classify_counts_new(&counts, NULL, NULL));
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = 0;
        if (*line == '#')
            continue;
        CHECK_NEED(count < 256);
        char *rest = strcpy(kept[count], line);
        classify_example *e = &examples[count++];
        e->label = field(&rest), e->language = field(&rest), e->source = field(&rest), e->text = rest, e->size = strlen(rest);
        CHECK_NEED(!classify_counts_add(counts, e->label, e->language, e->source, e->text, e->size, NULL));
    }
    fclose(file);
    classify_refine_options refine = {.struct_size = sizeof refine, .primary = "own", .bayes_share = 129};
    classify_compile_options compile = {.struct_size = sizeof compile, .smoothing = 50, .label_words = 40};
    CHECK_NEED(!classify_counts_refine(counts, &refine, examples, count, NULL));
    CHECK_NEED(!classify_counts_compile(counts, &compile, &model, NULL));
    classify_counts_free(counts);
    return model;
}

static size_t unescape(const char *from, char *to) {
    size_t size = 0;
    for (; *from; from++) {
        unsigned byte = (unsigned char)*from;
        if (*from == '\\') {
            from++;
            byte = *from == 'n' ? '\n' : *from == 't' ? '\t' : (unsigned char)*from;
            if (*from == 'x') {
                CHECK_NEED(sscanf(from + 1, "%2x", &byte) == 1);
                from += 2;
            }
        }
        to[size++] = (char)byte;
    }
    return size;
}

/* The line of a text, as the file has it. */
static void answer(const classify_model *model, classify_scorer *scorer, const char *escaped, char *line) {
    char text[ROOM];
    size_t size = unescape(escaped, text), at;
    classify_result r = {.struct_size = sizeof r};
    int64_t scores[16];
    CHECK_NEED(!classify_score(scorer, text, size, &r, NULL, scores, NULL));
    at = (size_t)snprintf(line, ROOM, "%s\t%s\t%llu\t%llu\t%llu\t%lld\t%lld\t",
                          r.language == CLASSIFY_NONE ? "-" : classify_model_language(model, r.language),
                          r.label == CLASSIFY_NONE ? classify_reason_name(r.reason) : classify_model_label(model, r.label),
                          (unsigned long long)r.tokens, (unsigned long long)r.known, (unsigned long long)r.replaced,
                          (long long)r.evidence, (long long)r.margin);
    for (uint32_t l = 0; classify_model_label(model, l); l++)
        at += (size_t)snprintf(line + at, ROOM - at, "%s%lld", l ? " " : "", (long long)scores[l]);
    snprintf(line + at, ROOM - at, "\t%s", escaped);
}

/* The same corpus makes the same model, byte for byte, on every machine: its size and a digest behind the analyzer's. */
static void check_bytes(const classify_model *model, const char *directory, bool update) {
    char path[1024], got[64], want[64] = "";
    size_t size;
    uint64_t digest = 0;
    uint8_t *bytes = fixture_bytes(model, &size);
    for (size_t i = 40; i < size; i++)
        digest = check_digest(digest, bytes[i]);
    free(bytes);
    snprintf(got, sizeof got, "%zu %016llx\n", size, (unsigned long long)digest);
    snprintf(path, sizeof path, "%s/model.txt", directory);
    FILE *file = fopen(path, update ? "wb" : "rb");
    CHECK_NEED(file);
    if (update)
        CHECK(fputs(got, file) >= 0);
    else
        CHECK(fgets(want, sizeof want, file) && !strcmp(got, want));
    fclose(file);
}

int main(int argc, char **argv) {
    char path[1024], line[ROOM], want[ROOM];
    static char all[256 * 1024];
    const char *directory = argc > 1 ? argv[1] : "tests/golden";
    bool update = argc > 2 && !strcmp(argv[2], "--update");
    size_t size = 0, texts = 0;
    classify_model *model = train(directory);
    classify_scorer *scorer = NULL;
    check_bytes(model, directory, update);
    CHECK_NEED(!classify_scorer_new(&scorer, model, NULL, NULL));
    snprintf(path, sizeof path, "%s/scores.tsv", directory);
    FILE *file = fopen(path, "rb");
    CHECK_NEED(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = 0;
        strcpy(want, line);
        if (*line != '#') {
            char *rest = strrchr(line, '\t'); /* the text is the last field */
            char *text = rest ? rest + 1 : line;
            char got[ROOM];
            answer(model, scorer, text, got);
            if (!update && strcmp(got, want))
                CHECK_FAIL("scores differ\n    got  %s\n    want %s", got, want);
            strcpy(want, got);
            texts++;
        }
        size += (size_t)snprintf(all + size, sizeof all - size, "%s\n", want);
        CHECK_NEED(size < sizeof all - ROOM);
    }
    fclose(file);
    CHECK(texts >= 50);
    if (update) {
        file = fopen(path, "wb");
        CHECK_NEED(file && fwrite(all, 1, size, file) == size && !fclose(file));
        printf("wrote %s\n", path);
    }
    classify_scorer_free(scorer);
    classify_model_free(model);
    return check_result();
}
