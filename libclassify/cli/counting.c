/* counting.c - finds out the language of labelled texts and counts them, each thread into counts of its own.
   May include: counting.h, labelled.h, jobs.h, model.h, message.h, POSIX threads.
   Must not know: where texts come from, what becomes of the counts. */
#define _POSIX_C_SOURCE 200809L
#include "counting.h"

#include "jobs.h"
#include "labelled.h"
#include "message.h"
#include "model.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BUNDLE_BYTES   ((size_t)256 << 10)
#define BUNDLE_RECORDS 4096
#define BUNDLE_KEEP    (4 * BUNDLE_BYTES)
#define CODES          64
#define NO_PLACE       ((size_t) - 1)

/* A record of a bundle. Strings are places in its bytes, which move as they grow. */
typedef struct record {
    size_t path, label, language, source, text, size; /* language: NO_PLACE where it is to be detected */
    uint64_t line;
    const char *code; /* the language, once it is known */
    const char *problem, *which;
} record;

/* A piece of the sources, for one thread at a time. */
typedef struct bundle {
    buffer bytes;
    record *records;
    size_t count, failed; /* failed: the record at which counting stopped; `count` for none */
    classify_error error;
    bool given_up; /* there is no model to detect languages with; that was said */
} bundle;

typedef struct counting {
    jobs_pipeline *jobs;
    bundle *filling;
    classify_counts *total; /* of the workers that ended; NULL at first */
    bool counts;            /* whether to count */
    bool merge_failed;
    examples *kept;
    uint64_t texts, problems;
    pthread_mutex_t lock; /* of the model */
    bool model_tried;
    classify_model *model; /* the built-in one, opened when the first text needs it */
} counting;

typedef struct worker {
    counting *c;
    classify_counts *counts;
    classify_scorer *scorer;
    struct {
        char code[16];
        bool stems;
    } codes[CODES];
    size_t code_count;
} worker;

/* ---- In a thread ---- */

static void *worker_new(void *context) {
    worker *w = memory_new(1, sizeof *w);
    classify_error error = {0};
    w->c = context;
    if (w->c->counts && classify_counts_new(&w->counts, NULL, &error) != CLASSIFY_OK)
        give_up(error.message);
    return w;
}

/* Called when all threads have ended. */
static void worker_free(void *tools) {
    worker *w = tools;
    counting *c = w->c;
    classify_error error = {0};
    if (!c->total) {
        c->total = w->counts;
    } else {
        if (!c->merge_failed && classify_counts_merge(c->total, w->counts, &error) != CLASSIFY_OK) {
            say_error("cannot merge the threads' counts", &error);
            c->merge_failed = true;
        }
        classify_counts_free(w->counts);
    }
    classify_scorer_free(w->scorer);
    free(w);
}

/* Whether there is a stemmer for a code. Asked of the library once for each code. */
static bool has_stemmer(worker *w, const char *code) {
    for (size_t i = 0; i < w->code_count; i++)
        if (strcmp(w->codes[i].code, code) == 0)
            return w->codes[i].stems;
    classify_analyzer *analyzer = NULL;
    bool stems = classify_analyzer_new(&analyzer, code, NULL, NULL) == CLASSIFY_OK;
    classify_analyzer_free(analyzer);
    if (w->code_count < CODES && strlen(code) < sizeof w->codes->code) {
        memcpy(w->codes[w->code_count].code, code, strlen(code) + 1);
        w->codes[w->code_count++].stems = stems;
    }
    return stems;
}

static classify_model *built_in(counting *c) {
    pthread_mutex_lock(&c->lock);
    if (!c->model_tried)
        c->model = model_open(NULL);
    c->model_tried = true;
    pthread_mutex_unlock(&c->lock);
    return c->model;
}

/* The code of the text's language by the built-in model, or NULL. */
static const char *detect(worker *w, bundle *b, const char *text, size_t size) {
    classify_error error = {0};
    classify_model *model = built_in(w->c);
    b->given_up = !model;
    if (model && !w->scorer && classify_scorer_new(&w->scorer, model, NULL, &error) != CLASSIFY_OK)
        give_up(error.message);
    classify_result result = {.struct_size = sizeof result};
    if (!model || classify_score(w->scorer, text, size, &result, NULL, NULL, &error) != CLASSIFY_OK ||
        result.language == CLASSIFY_NONE)
        return NULL;
    return classify_model_language(model, result.language);
}

/* Finds the record's language, or its problem. */
static void settle(worker *w, bundle *b, record *r) {
    const char *bytes = b->bytes.data;
    r->code = r->language != NO_PLACE ? bytes + r->language : detect(w, b, bytes + r->text, r->size);
    if (!r->code) {
        r->problem = "the language was not recognised; say it with --language or a field lang";
    } else if (bytes[r->label] && !has_stemmer(w, r->code)) {
        r->problem = "no stemmer for the language ";
        r->which = r->code;
    }
}

static void work(void *tools, void *slot) {
    worker *w = tools;
    bundle *b = slot;
    const char *bytes = b->bytes.data;
    for (size_t i = 0; i < b->count && b->failed == b->count; i++) {
        record *r = &b->records[i];
        if (!r->problem)
            settle(w, b, r);
        if (b->given_up)
            return;
        if (!r->problem && w->counts &&
            classify_counts_add(w->counts, bytes + r->label, r->code, bytes + r->source, bytes + r->text, r->size, &b->error))
            b->failed = i;
    }
}

/* ---- In the order of the sources ---- */

static bool drain(void *context, void *slot) {
    counting *c = context;
    bundle *b = slot;
    const char *bytes = b->bytes.data;
    if (b->given_up)
        return false;
    for (size_t i = 0; i < b->count; i++) {
        const record *r = &b->records[i];
        labelled_text t = {.path = bytes + r->path, .line = r->line, .problem = r->problem, .which = r->which};
        if (r->problem) {
            labelled_report(&c->problems, &t);
            continue;
        }
        if (i == b->failed) {
            say("%s:%llu: %s", t.path, (unsigned long long)t.line, b->error.message);
            return false;
        }
        t = (labelled_text){.text = bytes + r->text,
                            .size = r->size,
                            .label = bytes + r->label,
                            .language = r->code,
                            .source = bytes + r->source};
        if (c->kept)
            examples_add(c->kept, &t);
        c->texts++;
    }
    return true;
}

/* ---- Filling ---- */

static void submit(counting *c) {
    c->filling->failed = c->filling->count;
    c->filling = NULL;
    jobs_filled(c->jobs);
}

static size_t put(bundle *b, const char *string) {
    size_t place = b->bytes.size;
    buffer_append(&b->bytes, string, strlen(string) + 1);
    return place;
}

static bool take(void *context, const labelled_text *t) {
    counting *c = context;
    if (!c->filling) {
        if (!(c->filling = jobs_slot(c->jobs)))
            return false;
        buffer_reset(&c->filling->bytes, BUNDLE_KEEP);
        c->filling->count = 0;
    }
    bundle *b = c->filling;
    const record *before = b->count ? &b->records[b->count - 1] : NULL;
    bool same = before && strcmp(b->bytes.data + before->path, t->path) == 0;
    record r = {.path = same ? before->path : put(b, t->path), .line = t->line, .problem = t->problem, .which = t->which};
    if (!t->problem) {
        r.label = put(b, t->label);
        r.language = t->language ? put(b, t->language) : NO_PLACE;
        r.source = put(b, t->source);
        r.text = b->bytes.size;
        r.size = t->size;
        buffer_append(&b->bytes, t->text, t->size);
    }
    b->records[b->count++] = r;
    if (b->count == BUNDLE_RECORDS || b->bytes.size >= BUNDLE_BYTES)
        submit(c);
    return true;
}

bool counting_run(const settings *s, classify_counts **counts, examples *kept, uint64_t *texts, bool *complete) {
    unsigned most = jobs_count(s->jobs);
    size_t slots = jobs_slots(most);
    bundle *bundles = memory_new(slots, sizeof *bundles);
    void **places = memory_new(slots, sizeof *places);
    for (size_t i = 0; i < slots; i++) {
        bundles[i].records = memory_new(BUNDLE_RECORDS, sizeof *bundles->records);
        places[i] = &bundles[i];
    }
    counting c = {.counts = counts != NULL, .kept = kept, .lock = PTHREAD_MUTEX_INITIALIZER};
    jobs_plan plan = {
        .context = &c, .slots = places, .work = work, .drain = drain, .worker_new = worker_new, .worker_free = worker_free};
    c.jobs = jobs_begin(&plan, most);
    bool good = labelled_raw(s, take, &c, complete);
    if (c.filling)
        submit(&c);
    good = jobs_end(c.jobs) && good && !c.merge_failed;
    labelled_report_end(c.problems);
    *complete = *complete && !c.problems;
    *texts = c.texts;
    if (counts)
        *counts = c.total;
    for (size_t i = 0; i < slots; i++) {
        buffer_free(&bundles[i].bytes);
        free(bundles[i].records);
    }
    free(bundles);
    free(places);
    classify_model_free(c.model);
    return good;
}
