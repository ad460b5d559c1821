/* bench.c - measures the library in this process; run.py calls it and draws the conclusions.

       bench compare FILE ROUNDS   batch call, bare bound and libstemmer on the lines of FILE, in turn
       bench growth FILE           one text of 100 B to 100 MB, and 1 to 10^6 texts
       bench threads FILE ROUNDS   two threads against one
       bench open MODEL ROUNDS     from nothing to the first score
       bench memory COMMAND...     the most memory that a command takes (a child of Python would show Python's)

   Output: lines of "name TAB number ...". Times are medians; ratios are medians of the ratios of one round, whose parts ran
   next to each other, since a shared machine is not equally fast in all rounds. May include: bench.h, classify.h. Must not
   know: the library's private headers. */
#define _DEFAULT_SOURCE
#include "bench.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MOST = 199 };

static volatile uint64_t sink;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count) {
    qsort(values, count, sizeof *values, ascending);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static void need(bool good, const char *what) {
    if (good)
        return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static void *get(size_t size) {
    void *memory = malloc(size);
    need(memory != NULL, "no memory");
    return memory;
}

/* ---- Texts ---- */

static char *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    need(file && !fseek(file, 0, SEEK_END), path);
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = get(*size + 1);
    need(fread(bytes, 1, *size, file) == *size && *size, path);
    fclose(file);
    return bytes;
}

/* The lines of a file, each with its newline, so that they stay apart where they are joined. */
static texts read_texts(const char *path) {
    size_t size, at = 0;
    char *bytes = read_file(path, &size);
    texts t = {bytes, get((size + 2) * sizeof *t.offsets), 0};
    t.offsets[0] = 0;
    while (at < size) {
        const char *newline = memchr(bytes + at, '\n', size - at);
        at = newline ? (size_t)(newline - bytes) + 1 : size;
        t.offsets[++t.count] = (int64_t)at;
    }
    return t;
}

static size_t texts_size(const texts *t) { return (size_t)t->offsets[t->count]; }

/* ---- The library ---- */

typedef struct {
    classify_model *model;
    classify_scorer *scorer;
    classify_result *results;
    double *probabilities;
} engine;

static engine engine_new(size_t most_texts) {
    engine e = {0};
    classify_error error = {.message = "?"};
    need(classify_model_default(&e.model, NULL, &error) == CLASSIFY_OK, error.message);
    need(classify_scorer_new(&e.scorer, e.model, NULL, &error) == CLASSIFY_OK, error.message);
    classify_model_info info = {.struct_size = sizeof info};
    classify_model_get_info(e.model, &info, NULL);
    e.results = calloc(most_texts, sizeof *e.results);
    e.probabilities = get(most_texts * info.label_count * sizeof *e.probabilities);
    need(e.results != NULL, "no memory");
    return e;
}

static void engine_free(engine *e) {
    free(e->results);
    free(e->probabilities);
    classify_scorer_free(e->scorer);
    classify_model_free(e->model);
}

static uint64_t score(engine *e, const texts *t) {
    classify_error error = {.message = "?"};
    e->results[0].struct_size = sizeof *e->results;
    need(classify_score_batch(e->scorer, t->bytes, t->offsets, t->count, e->results, e->probabilities, &error) == CLASSIFY_OK,
         error.message);
    return e->results[0].tokens;
}

/* ---- compare ---- */

static void compare(const char *path, size_t rounds) {
    texts t = read_texts(path);
    engine e = engine_new(t.count);
    reference_init(&t);
    enum { CLASSIFY, BOUND, STEMMER, WAYS };
    static const char *const names[WAYS] = {"libclassify", "bare bound", "libstemmer"};
    static double times[WAYS][ROUNDS_MOST], ratios[WAYS][ROUNDS_MOST];
    for (size_t round = 0; round <= rounds; round++) { /* the first is a warm-up */
        double measured[WAYS];
        for (int way = 0; way < WAYS; way++) {
            double start = now();
            sink += way == CLASSIFY ? score(&e, &t) : way == BOUND ? reference_bound(&t) : reference_stemmer(&t);
            measured[way] = now() - start;
        }
        for (int way = 0; round && way < WAYS; way++) {
            times[way][round - 1] = measured[way];
            ratios[way][round - 1] = measured[BOUND] / measured[way];
        }
    }
    uint64_t tokens = 0, known = 0;
    for (size_t i = 0; i < t.count; i++)
        tokens += e.results[i].tokens, known += e.results[i].known;
    double megabytes = (double)texts_size(&t) / 1e6;
    printf("texts\t%zu\nbytes a text\t%.0f\nknown words\t%.4f\n", t.count, 1e6 * megabytes / (double)t.count,
           (double)known / (double)tokens);
    for (int way = 0; way < WAYS; way++) {
        double time = median(times[way], rounds);
        printf("%s\t%.1f MB/s\t%.0f texts/s\t%.1f ns a token\t%.3f of the bound\n", names[way], megabytes / time,
               (double)t.count / time, time * 1e9 / (double)tokens, median(ratios[way], rounds));
    }
    engine_free(&e);
}

/* ---- growth ---- */

/* `count` texts of `size` bytes each (0: as they are), from the lines of a file, over and over. */
static texts repeat(const texts *from, size_t count, size_t size) {
    texts t = {NULL, get((count + 1) * sizeof *t.offsets), count};
    size_t total = texts_size(from), at = 0;
    t.offsets[0] = 0;
    for (size_t i = 0; i < count; i++) {
        size_t line = i % from->count;
        t.offsets[i + 1] = t.offsets[i] + (int64_t)(size ? size : (size_t)(from->offsets[line + 1] - from->offsets[line]));
    }
    size_t wanted = (size_t)t.offsets[count];
    t.bytes = get(wanted + 1);
    while (at < wanted) {
        size_t piece = wanted - at < total ? wanted - at : total;
        memcpy(t.bytes + at, from->bytes, piece);
        at += piece;
    }
    return t;
}

/* Seconds a pass: the median of passes that take half a second together, at least three. */
static double time_of(engine *e, const texts *t) {
    static double times[ROUNDS_MOST];
    size_t passes = 1, rounds = 0;
    double start = now(), begin;
    sink += score(e, t);
    double once = now() - start;
    if (once < 1e-3)
        passes = (size_t)(1e-3 / (once + 1e-9)) + 1;
    begin = now();
    while (rounds < ROUNDS_MOST && (rounds < 3 || now() - begin < 0.5)) {
        start = now();
        for (size_t i = 0; i < passes; i++)
            sink += score(e, t);
        times[rounds++] = (now() - start) / (double)passes;
    }
    return median(times, rounds);
}

static void growth(const char *path) {
    texts lines = read_texts(path);
    static const size_t sizes[] = {100, 10000, 1000000, 100000000}, counts[] = {1, 1000, 1000000};
    engine e = engine_new(1000000);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        texts t = repeat(&lines, 1, sizes[i]);
        printf("one text of\t%zu\t%.1f MB/s\n", sizes[i], (double)sizes[i] / 1e6 / time_of(&e, &t));
        free(t.bytes);
        free(t.offsets);
    }
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        texts t = repeat(&lines, counts[i], 0);
        printf("texts\t%zu\t%.1f MB/s\n", counts[i], (double)texts_size(&t) / 1e6 / time_of(&e, &t));
        free(t.bytes);
        free(t.offsets);
    }
    engine_free(&e);
}

/* ---- threads ---- */

typedef struct {
    engine engine;
    texts share;
} worker;

static void *work(void *context) {
    worker *w = context;
    for (int i = 0; i < 4; i++)
        score(&w->engine, &w->share);
    return NULL;
}

/* The same texts by one thread, then by two, each with a half of them; the model is one. */
static void threads(const char *path, size_t rounds) {
    static double ratios[ROUNDS_MOST];
    texts t = read_texts(path);
    size_t half = t.count / 2;
    worker whole = {engine_new(t.count), t};
    worker two[2] = {{engine_new(half), {t.bytes, t.offsets, half}},
                     {engine_new(t.count - half), {t.bytes, t.offsets + half, t.count - half}}};
    for (size_t round = 0; round <= rounds; round++) {
        pthread_t thread;
        double start = now();
        work(&whole);
        double one = now() - start;
        start = now();
        need(!pthread_create(&thread, NULL, work, &two[1]), "no thread");
        work(&two[0]);
        pthread_join(thread, NULL);
        if (round)
            ratios[round - 1] = one / (now() - start);
    }
    printf("two threads against one\t%.3f\n", median(ratios, rounds));
    engine_free(&whole.engine);
    engine_free(&two[0].engine);
    engine_free(&two[1].engine);
}

/* ---- open ---- */

static void open_models(const char *path, size_t rounds) {
    enum { EMBEDDED, READ, MAPPED, WAYS };
    static const char *const names[WAYS] = {"embedded", "opened by path", "mapped by path"};
    static double models[WAYS][ROUNDS_MOST], scores[WAYS][ROUNDS_MOST];
    static const char text[] = "The ministry summoned the ambassador.";
    for (size_t round = 0; round < rounds; round++)
        for (int way = 0; way < WAYS; way++) {
            classify_error error = {.message = "?"};
            classify_model *model;
            classify_scorer *scorer;
            classify_result result = {.struct_size = sizeof result};
            classify_read_options options = {.struct_size = sizeof options, .flags = way == MAPPED ? CLASSIFY_READ_MAP : 0};
            double start = now();
            int32_t status = way == EMBEDDED ? classify_model_default(&model, NULL, &error)
                                             : classify_model_open(&model, path, &options, &error);
            need(!status, error.message);
            models[way][round] = now() - start;
            need(!classify_scorer_new(&scorer, model, NULL, &error), error.message);
            need(!classify_score(scorer, text, sizeof text - 1, &result, NULL, NULL, &error), error.message);
            scores[way][round] = now() - start;
            classify_scorer_free(scorer);
            classify_model_free(model);
        }
    for (int way = 0; way < WAYS; way++)
        printf("%s\t%.3f ms\t%.3f ms to the first score\n", names[way], 1e3 * median(models[way], rounds),
               1e3 * median(scores[way], rounds));
}

/* ---- memory ---- */

static void memory(char **command) {
    struct rusage used;
    int status;
    pid_t child = fork();
    need(child >= 0, "cannot start a process");
    if (!child) {
        execvp(command[0], command);
        _exit(127);
    }
    need(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) != 127, command[0]);
    getrusage(RUSAGE_CHILDREN, &used);
    fprintf(stderr, "memory\t%.1f MB\n", (double)used.ru_maxrss * 1024 / 1e6);
}

int main(int argc, char **argv) {
    const char *mode = argc > 2 ? argv[1] : "";
    size_t rounds = argc > 3 ? strtoul(argv[3], NULL, 10) : 15;
    rounds = rounds < 1 ? 1 : rounds > ROUNDS_MOST ? ROUNDS_MOST : rounds;
    if (!strcmp(mode, "compare"))
        compare(argv[2], rounds);
    else if (!strcmp(mode, "growth"))
        growth(argv[2]);
    else if (!strcmp(mode, "threads"))
        threads(argv[2], rounds);
    else if (!strcmp(mode, "open"))
        open_models(argv[2], rounds);
    else if (!strcmp(mode, "memory"))
        memory(argv + 2);
    else
        need(false, "usage: bench compare|growth|threads FILE [ROUNDS], open MODEL [ROUNDS], memory COMMAND...");
    return ferror(stdout) || fclose(stdout) ? 1 : 0;
}
