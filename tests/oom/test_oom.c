/* test_oom.c - running out of memory, at the first allocation, the second, and so on until a call succeeds; once, and from then
   on. Always: status NOMEM, *out NULL, nothing leaked, and the handle as usable as before. Built twice: with the caller's
   allocator, and (WRAP_MALLOC) over malloc itself, libstemmer's included, linked statically with -Wl,--wrap. Usage: test_oom
   SCRATCH-DIRECTORY. */
#include "allocator.h"
#include "fixture.h"

/* ---- What fails ---- */

static tally memory;

#ifdef WRAP_MALLOC
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *old);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *old);

static void *counted(void *block, bool was) {
    memory.blocks += block && !was;
    return block;
}
void *__wrap_malloc(size_t size) { return allocator_fails(&memory, size) ? NULL : counted(__real_malloc(size), false); }
void *__wrap_calloc(size_t count, size_t size) {
    return allocator_fails(&memory, size) ? NULL : counted(__real_calloc(count, size), false);
}
void *__wrap_realloc(void *old, size_t size) {
    return allocator_fails(&memory, size) ? NULL : counted(__real_realloc(old, size), old);
}
void __wrap_free(void *old) {
    memory.blocks -= old != NULL;
    __real_free(old);
}
static const classify_allocator *const allocator = NULL;
#else
static classify_allocator counting;
static const classify_allocator *const allocator = &counting;
#endif

/* ---- The calls ---- */

typedef struct {
    classify_counts *counts, *other, *empty; /* the last two may be spoilt by a call */
    classify_model *model;
    classify_scorer *scorer;
    classify_analyzer *analyzer;
    uint64_t result; /* of the call, where it succeeded: to be the same every time */
} world;

static uint8_t *model_bytes, *counts_bytes[2];
static size_t model_size, counts_size[2];
static char path[1024];

static uint64_t digest(const void *data, size_t size) {
    uint64_t sum = 1;
    for (size_t i = 0; i < size; i++)
        sum = sum * 31 + ((const uint8_t *)data)[i];
    return sum;
}

static void take_model(world *w, int32_t status, classify_model *made) {
    CHECK((status == CLASSIFY_OK) == (made != NULL));
    classify_model_info info = {.struct_size = sizeof info};
    if (made && !classify_model_get_info(made, &info, NULL))
        w->result = info.digest;
    classify_model_free(made);
}

#define WRONG ((void *)(uintptr_t)8) /* where *out must be set to NULL */

static int32_t read_model(world *w, classify_error *error) {
    classify_read_options o = {.struct_size = sizeof o, .allocator = allocator};
    classify_model *made = WRONG;
    int32_t status = classify_model_read(&made, model_bytes, model_size, &o, error);
    take_model(w, status, made);
    return status;
}

static int32_t open_model(world *w, classify_error *error) {
    classify_read_options o = {.struct_size = sizeof o, .allocator = allocator};
    classify_model *made = WRONG;
    int32_t status = classify_model_open(&made, path, &o, error);
    take_model(w, status, made);
    return status;
}

static int32_t map_model(world *w, classify_error *error) {
    classify_read_options o = {.struct_size = sizeof o, .allocator = allocator, .flags = CLASSIFY_READ_MAP};
    classify_model *made = WRONG;
    int32_t status = classify_model_open(&made, path, &o, error);
    take_model(w, status, made);
    return status;
}

#ifndef WRAP_MALLOC /* there, the core has no embedded model */
static int32_t default_model(world *w, classify_error *error) {
    classify_read_options o = {.struct_size = sizeof o, .allocator = allocator};
    classify_model *made = WRONG;
    int32_t status = classify_model_default(&made, &o, error);
    take_model(w, status, made);
    return status;
}
#endif

static int32_t new_scorer(world *w, classify_error *error) {
    classify_scorer *made = WRONG;
    int32_t status = classify_scorer_new(&made, w->model, NULL, error);
    CHECK((status == CLASSIFY_OK) == (made != NULL));
    classify_scorer_free(made);
    return status;
}

static int32_t score(world *w, classify_error *error) {
    classify_result r = {.struct_size = sizeof r};
    int64_t scores[8] = {0};
    const char *text = "unthreatened policemen неопубліковані опубликованные niezapłacone Pay";
    int32_t status = classify_score(w->scorer, text, strlen(text), &r, NULL, scores, error);
    if (!status)
        w->result = digest(scores, sizeof scores);
    return status;
}

static int32_t explain(world *w, classify_error *error) {
    size_t needed;
    int64_t scores[8] = {0};
    classify_span spans[64];
    int32_t status =
        classify_explain(w->scorer, "Pay unthreatened policemen", 26, spans, NULL, 64, &needed, NULL, scores, NULL, error);
    if (!status)
        w->result = digest(scores, sizeof scores);
    return status;
}

static int32_t batch(world *w, classify_error *error) {
    const int64_t offsets[] = {0, 3, 10};
    classify_result r[2] = {{.struct_size = sizeof *r}};
    return classify_score_batch(w->scorer, "paywordier", offsets, 2, r, NULL, error);
}

/* Longer than any before, so that memory must grow. */
static int32_t passages(world *w, classify_error *error) {
    static char text[20000];
    classify_passage list[8];
    size_t size = 0, needed;
    for (int i = 0; i < 150; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s ", fixture_texts[i % 7].text);
    int32_t status = classify_passages(w->scorer, text, size, NULL, list, 8, &needed, NULL, NULL, NULL, error);
    if (status != CLASSIFY_ERROR_NOMEM)
        w->result = needed;
    return status == CLASSIFY_ERROR_CAPACITY ? CLASSIFY_OK : status;
}

static int32_t new_counts(world *w, classify_error *error) {
    (void)w;
    classify_counts_options o = {.struct_size = sizeof o, .allocator = allocator};
    classify_counts *made = WRONG;
    int32_t status = classify_counts_new(&made, &o, error);
    CHECK((status == CLASSIFY_OK) == (made != NULL));
    classify_counts_free(made);
    return status;
}

static int32_t add(world *w, classify_error *error) {
    static char text[16000];
    size_t size = 0;
    for (int i = 0; i < 1500; i++) /* that no text of the corpus has */
        size += (size_t)snprintf(text + size, sizeof text - size, "w%dord ", i);
    return classify_counts_add(w->other, "label", "en", "new source", text, size, error);
}

static int32_t merge(world *w, classify_error *error) { return classify_counts_merge(w->other, w->counts, error); }

static int32_t merge_into_empty(world *w, classify_error *error) { return classify_counts_merge(w->empty, w->counts, error); }

static int32_t prune(world *w, classify_error *error) { return classify_counts_prune(w->other, "web", 2, 2, error); }

static int32_t set_meta(world *w, classify_error *error) {
    int32_t status = classify_counts_set_meta(w->other, "name", "another value", error);
    return status ? status : classify_counts_set_meta(w->other, "new", "value", error);
}

static int32_t cell(world *w, classify_error *error) {
    classify_cell c = {.struct_size = sizeof c};
    int32_t status = classify_counts_cell(w->counts, 3, &c, error);
    if (!status)
        w->result = c.words;
    return status;
}

static int32_t read_counts(uint32_t format, classify_error *error) {
    classify_counts_options o = {.struct_size = sizeof o, .allocator = allocator};
    classify_counts *made = WRONG;
    int32_t status = classify_counts_read(&made, counts_bytes[format], counts_size[format], &o, error);
    CHECK((status == CLASSIFY_OK) == (made != NULL));
    classify_counts_free(made);
    return status;
}
static int32_t read_binary(world *w, classify_error *error) { return (void)w, read_counts(0, error); }
static int32_t read_tsv(world *w, classify_error *error) { return (void)w, read_counts(1, error); }

static int32_t write_counts(world *w, uint32_t format, classify_error *error) {
    void *bytes = WRONG;
    size_t size = 0;
    int32_t status = classify_counts_write(w->counts, format, &bytes, &size, error);
    CHECK((status == CLASSIFY_OK) == (bytes != NULL));
    if (!status)
        w->result = digest(bytes, size);
    classify_counts_free_buffer(w->counts, bytes, size);
    return status;
}
static int32_t write_binary(world *w, classify_error *error) { return write_counts(w, 0, error); }
static int32_t write_tsv(world *w, classify_error *error) { return write_counts(w, 1, error); }

static int32_t compile(world *w, classify_error *error) {
    classify_model *made = WRONG;
    int32_t status = classify_counts_compile(w->counts, NULL, &made, error);
    take_model(w, status, made);
    return status;
}

static int32_t refine(world *w, classify_error *error) {
    classify_example e[8];
    for (int i = 0; i < 8; i++)
        e[i] = (classify_example){fixture_texts[i].text, strlen(fixture_texts[i].text), fixture_texts[i].label,
                                  fixture_texts[i].language, "web"};
    classify_refine_options how = {.struct_size = sizeof how, .epochs = 2};
    return classify_counts_refine(w->other, &how, e, 8, error);
}

static int32_t new_analyzer(world *w, classify_error *error) {
    (void)w;
    classify_analyzer *made = WRONG;
    int32_t status = classify_analyzer_new(&made, "ru", allocator, error);
    CHECK((status == CLASSIFY_OK) == (made != NULL));
    classify_analyzer_free(made);
    return status;
}

/* A text longer than any before, each time it works, so that memory must grow. */
static int32_t tokens(world *w, classify_error *error) {
    static const char piece[] = "threatening policemen paid 300 dollars; ";
    static char text[100 * sizeof piece];
    const classify_token *list = NULL;
    const char *strings = NULL;
    size_t count = 0;
    for (int i = 0; i < 100; i++)
        memcpy(text + (size_t)i * (sizeof piece - 1), piece, sizeof piece - 1);
    int32_t status = classify_analyzer_tokens(w->analyzer, text, 100 * (sizeof piece - 1), &list, &count, &strings, error);
    CHECK(status ? !list && !strings && !count : count == 500);
    return status;
}

static int32_t stem(world *w, classify_error *error) {
    char buffer[64] = "";
    size_t needed;
    int32_t status = classify_analyzer_stem(w->analyzer, "threatening", 11, buffer, sizeof buffer, &needed, error);
    if (!status)
        CHECK_STR(buffer, "threaten");
    return status;
}

static int32_t analyzer_id(world *w, classify_error *error) { return classify_analyzer_id(&w->result, allocator, error); }

/* ---- The loop ---- */

enum { FREE = 1, SPOILS = 2 }; /* may allocate nothing; may leave `other` changed in part */

static const struct {
    const char *name;
    int32_t (*call)(world *w, classify_error *error);
    int flags;
} calls[] = {{"model_read", read_model, 0},
             {"model_open", open_model, 0},
             {"model_open, mapped", map_model, 0},
#ifndef WRAP_MALLOC
             {"model_default", default_model, 0},
#endif
             {"scorer_new", new_scorer, 0},
             {"score", score, FREE},
             {"score_batch", batch, FREE},
             {"explain", explain, FREE},
             {"passages", passages, 0},
             {"counts_new", new_counts, 0},
             {"counts_add", add, SPOILS},
             {"counts_merge", merge, SPOILS},
             {"counts_merge, into nothing", merge_into_empty, SPOILS},
             {"counts_prune", prune, 0},
             {"counts_set_meta", set_meta, 0},
             {"counts_cell", cell, 0},
             {"counts_read, binary", read_binary, 0},
             {"counts_read, TSV", read_tsv, 0},
             {"counts_write, binary", write_binary, 0},
             {"counts_write, TSV", write_tsv, 0},
             {"counts_compile", compile, 0},
             {"counts_refine", refine, 0},
             {"analyzer_new", new_analyzer, 0},
             {"analyzer_tokens", tokens, 0},
             {"analyzer_stem", stem, 0},
             {"analyzer_id", analyzer_id, 0}};

static world new_world(void) {
    world w = {.counts = fixture_counts(allocator, 1), .other = fixture_counts(allocator, 0)};
    classify_read_options o = {.struct_size = sizeof o, .allocator = allocator};
    classify_counts_options c = {.struct_size = sizeof c, .allocator = allocator};
    CHECK_NEED(!classify_counts_new(&w.empty, &c, NULL));
    CHECK_NEED(!classify_model_read(&w.model, model_bytes, model_size, &o, NULL));
    CHECK_NEED(!classify_scorer_new(&w.scorer, w.model, NULL, NULL) &&
               !classify_analyzer_new(&w.analyzer, "en", allocator, NULL));
    return w;
}

static void free_world(world *w) {
    classify_counts_free(w->counts), classify_counts_free(w->other), classify_counts_free(w->empty);
    classify_model_free(w->model), classify_scorer_free(w->scorer), classify_analyzer_free(w->analyzer);
}

/* Lets the n-th allocation of one call fail; false where the call has not so many. */
static bool fail_at(int c, long n, bool from_then_on, uint64_t result) {
    size_t before = memory.blocks;
    classify_error error = {0};
    world w = new_world();
    memory.calls = 0, memory.failed = false, memory.fail_at = n, memory.from_then_on = from_then_on;
    int32_t status = calls[c].call(&w, &error);
    bool failed = memory.failed;
    memory.fail_at = 0;
    if (failed && (status != CLASSIFY_ERROR_NOMEM || error.code != status || !error.message[0]))
        CHECK_FAIL("%s: allocation %ld fails%s, status %s", calls[c].name, n, from_then_on ? " and all later" : "",
                   classify_status_name(status));
    if (!failed && status)
        CHECK_FAIL("%s: status %s with memory enough", calls[c].name, classify_status_name(status));
    w.result = 0;
    if (!(calls[c].flags & SPOILS) && (calls[c].call(&w, NULL) || w.result != result)) /* as usable as before */
        CHECK_FAIL("%s: after a failure at %ld it fails again, or gives another result", calls[c].name, n);
    free_world(&w);
    if (memory.blocks != before)
        CHECK_FAIL("%s: after a failure at %ld %ld blocks leak", calls[c].name, n, (long)(memory.blocks - before));
    return failed;
}

int main(int argc, char **argv) {
    long total = 0;
#ifndef WRAP_MALLOC
    counting = allocator_of(&memory);
#endif
    classify_model *model = fixture_model(NULL);
    classify_counts *counts = fixture_counts(NULL, 1);
    model_bytes = fixture_bytes(model, &model_size);
    for (uint32_t f = 0; f < 2; f++)
        counts_bytes[f] = fixture_counts_bytes(counts, f, &counts_size[f]);
    classify_model_free(model);
    classify_counts_free(counts);
    snprintf(path, sizeof path, "%s/%s.tmp", argc > 1 ? argv[1] : ".", argc > 2 ? argv[2] : "test_oom");
    FILE *file = fopen(path, "wb");
    CHECK_NEED(file && fwrite(model_bytes, 1, model_size, file) == model_size && !fclose(file));

    for (int c = 0; c < (int)(sizeof calls / sizeof *calls); c++) {
        world w = new_world();
        memory.calls = 0;
        CHECK(!calls[c].call(&w, NULL));
        long made = memory.calls;
        free_world(&w);
        if (calls[c].flags & FREE)
            CHECK_INT(made, 0);
        for (int all = 0; all < 2; all++) {
            long n = 1;
            while (n < 100000 && fail_at(c, n, all, w.result))
                n++;
            total += n - 1;
        }
    }
    printf("%d calls, %ld failures of an allocation\n", (int)(sizeof calls / sizeof *calls), total);
    remove(path);
    free(model_bytes), free(counts_bytes[0]), free(counts_bytes[1]);
    return check_result();
}
