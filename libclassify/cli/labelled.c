/* labelled.c - finds the labelled texts in folders, NDJSON, CSV and plain files.
   May include: labelled.h, records.h, json.h, input.h, progress.h, message.h.
   Must not know: what is done with the texts, the library. */
#define _XOPEN_SOURCE 700
#include "labelled.h"

#include "json.h"
#include "message.h"
#include "progress.h"
#include "records.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define PROBLEMS_SHOWN 10
#define FOLDERS_DEEP   64

typedef struct walk {
    const settings *s;
    bool (*take)(void *context, const labelled_text *text);
    void *context;
    bool raw;      /* what cannot be used goes to `take` */
    bool learning; /* 'unsure' cannot be learned */
    bool stopped;
    uint64_t problems;
    buffer text, label, language, source; /* of the present record */
    progress progress;
} walk;

void labelled_report(uint64_t *problems, const labelled_text *t) {
    if ((*problems)++ < PROBLEMS_SHOWN)
        say("%s:%llu: %s%s; left out", t->path, (unsigned long long)t->line, t->problem, t->which);
}

void labelled_report_end(uint64_t problems) {
    if (problems > PROBLEMS_SHOWN)
        say("%llu more records left out", (unsigned long long)(problems - PROBLEMS_SHOWN));
}

static void problem(walk *w, const char *path, uint64_t line, const char *what) {
    labelled_text t = {.path = path, .line = line, .problem = what, .which = ""};
    if (w->raw)
        w->stopped = w->stopped || !w->take(w->context, &t);
    else
        labelled_report(&w->problems, &t);
}

/* ---- One record ---- */

/* label, language and source are C strings or NULL for not given. */
static void offer(walk *w, const char *path, uint64_t line, const char *text, size_t size, const char *label,
                  const char *language, const char *source) {
    const settings *s = w->s;
    labelled_text t = {.text = text ? text : "", .size = size, .path = path, .line = line};
    t.label = s->label ? s->label : label;
    t.language = s->language ? s->language : language && *language ? language : NULL;
    t.source = s->source ? s->source : source ? source : "";
    progress_add(&w->progress, 1, size);
    if (!t.label) {
        problem(w, path, line, "no label");
        return;
    }
    if (w->learning && strcmp(t.label, "unsure") == 0) {
        problem(w, path, line, "'unsure' is what a model says without a label, and cannot be one");
        return;
    }
    w->stopped = !w->take(w->context, &t);
}

/* ---- NDJSON and CSV ---- */

enum { FIELD_TEXT, FIELD_LABEL, FIELD_LANG, FIELD_LANGUAGE, FIELD_SOURCE, FIELDS };
static const char *const field_names[FIELDS] = {"text", "label", "lang", "language", "source"};

static const char *string_member(buffer *store, const json_member *m) {
    store->size = 0;
    if (m->type != JSON_STRING)
        return NULL;
    json_decode(store, m->raw, m->size);
    buffer_char(store, 0);
    return store->data;
}

static void take_json(walk *w, const char *path, uint64_t line, const char *bytes, size_t size) {
    json_member m[FIELDS];
    for (int i = 0; i < FIELDS; i++)
        m[i] = (json_member){.name = i == FIELD_TEXT && w->s->field ? w->s->field : field_names[i]};
    size_t offset;
    const char *error = json_scan(bytes, size, m, FIELDS, &offset);
    if (error || m[FIELD_TEXT].type != JSON_STRING) {
        problem(w, path, line, error ? error : "no text");
        return;
    }
    w->text.size = 0;
    json_decode(&w->text, m[FIELD_TEXT].raw, m[FIELD_TEXT].size);
    const char *label = string_member(&w->label, &m[FIELD_LABEL]);
    const char *language = string_member(&w->language, &m[m[FIELD_LANG].type == JSON_STRING ? FIELD_LANG : FIELD_LANGUAGE]);
    offer(w, path, line, w->text.data, w->text.size, label, language, string_member(&w->source, &m[FIELD_SOURCE]));
}

static const char *string_column(const records *r, buffer *store, const csv_rows *rows, const csv_row *row, const char *name) {
    size_t column, size;
    store->size = 0;
    if (!records_column(r, name, &column) || column >= row->count)
        return NULL;
    const char *field = csv_field(rows, row->first + column, &size);
    buffer_append(store, field, size);
    buffer_char(store, 0);
    return store->data;
}

static void take_row(walk *w, const records *r, const csv_rows *rows, const csv_row *row) {
    const char *path = r->operands[0];
    if (row->error || row->count != r->columns) {
        problem(w, path, row->number, row->error ? row->error : "not as many fields as the header");
        return;
    }
    size_t size;
    const char *text = csv_field(rows, row->first + r->column, &size);
    const char *label = string_column(r, &w->label, rows, row, "label");
    const char *language = string_column(r, &w->language, rows, row, "lang");
    if (!language)
        language = string_column(r, &w->language, rows, row, "language");
    offer(w, path, row->number, text, size, label, language, string_column(r, &w->source, rows, row, "source"));
}

static void take_lines(walk *w, const batch *b, input_kind kind) {
    if (!b->input.size)
        return;
    const char *at = b->input.data, *end = at + b->input.size;
    for (uint64_t line = b->first_line; at < end && !w->stopped; line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
        bool blank = stop == at || (stop == at + 1 && *at == '\r');
        if (blank)
            ; /* no record */
        else if (kind == INPUT_NDJSON)
            take_json(w, b->name, line, at, (size_t)(stop - at));
        else
            offer(w, b->name, line, at, (size_t)(stop - at), NULL, NULL, NULL);
        at = newline ? newline + 1 : end;
    }
}

/* A file of many records. */
static void walk_records(walk *w, const char *path, input_kind kind) {
    settings one = *w->s;
    char *operands[] = {(char *)(uintptr_t)path, NULL};
    one.operands = operands;
    one.operand_count = 1;
    one.input = kind;
    records r;
    batch b = {0};
    records_start(&r, &one, 1, false);
    while (!w->stopped && records_next(&r, &b)) {
        for (size_t i = 0; i < b.rows.count && !w->stopped; i++)
            take_row(w, &r, &b.rows, &b.rows.rows[i]);
        take_lines(w, &b, kind);
    }
    w->problems += r.failed;
    batch_free(&b);
    records_end(&r);
}

/* ---- Files and folders ---- */

static void take_file(walk *w, const char *path, const char *label) {
    w->text.size = 0;
    if (input_file(path, w->s->encoding, &w->text))
        offer(w, path, 1, w->text.data, w->text.size, label, NULL, NULL);
    else
        w->problems++;
}

static bool ends_with(const char *path, const char *ending) {
    size_t length = strlen(path), tail = strlen(ending);
    return length >= tail && strcasecmp(path + length - tail, ending) == 0;
}

static input_kind kind_of(const char *path) {
    return ends_with(path, ".ndjson") || ends_with(path, ".jsonl") ? INPUT_NDJSON
           : ends_with(path, ".csv")                               ? INPUT_CSV
                                                                   : INPUT_AUTO;
}

static int visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }

/* `label`: of the subfolder that we are in; NULL at the top. */
static void walk_folder(walk *w, const char *path, const char *label, int depth) {
    struct dirent **entries = NULL;
    int count = depth < FOLDERS_DEEP ? scandir(path, &entries, visible, alphasort) : -1;
    if (count < 0) {
        say("%s: %s", path, depth < FOLDERS_DEEP ? strerror(errno) : "folders inside folders without end");
        w->problems++;
        return;
    }
    for (int i = 0; i < count; i++) {
        buffer inner = {0};
        struct stat about;
        buffer_text(&inner, path);
        if (inner.data[inner.size - 1] != '/')
            buffer_char(&inner, '/');
        buffer_append(&inner, entries[i]->d_name, strlen(entries[i]->d_name) + 1);
        if (w->stopped || stat(inner.data, &about) != 0) {
            if (!w->stopped) {
                say("%s: %s", inner.data, strerror(errno));
                w->problems++;
            }
        } else if (S_ISDIR(about.st_mode)) {
            walk_folder(w, inner.data, label ? label : entries[i]->d_name, depth + 1);
        } else if (kind_of(inner.data) != INPUT_AUTO) {
            walk_records(w, inner.data, kind_of(inner.data));
        } else if (label || w->s->label) {
            take_file(w, inner.data, label);
        } else {
            say("%s: in no label's folder; left out", inner.data); /* a README, most likely: no failure */
        }
        buffer_free(&inner);
        free(entries[i]);
    }
    free(entries);
}

static void walk_source(walk *w, const char *path) {
    struct stat about;
    bool standard = strcmp(path, "-") == 0;
    if (!standard && stat(path, &about) == 0 && S_ISDIR(about.st_mode)) {
        walk_folder(w, path, NULL, 0);
        return;
    }
    input_kind kind = w->s->input != INPUT_AUTO ? w->s->input : kind_of(path);
    if (kind == INPUT_LINES && !w->s->label) {
        say("%s: --lines needs --label: the label of all its lines", path);
        w->problems++;
    } else if (kind != INPUT_AUTO) {
        walk_records(w, path, kind);
    } else if (w->s->label) {
        take_file(w, path, NULL);
    } else {
        say("%s: what is it? Say --ndjson or --csv, or the --label of its text", path);
        w->problems++;
    }
}

static bool walk_all(const settings *s, bool raw, bool (*take)(void *context, const labelled_text *text), void *context,
                     bool *complete) {
    walk w = {.s = s, .take = take, .context = context, .raw = raw, .learning = s->command != COMMAND_EVAL};
    progress_start(&w.progress, s->progress, 0);
    for (int i = 0; i < s->operand_count && !w.stopped; i++)
        walk_source(&w, s->operands[i]);
    progress_end(&w.progress);
    if (!raw)
        labelled_report_end(w.problems);
    *complete = w.problems == 0;
    buffer *all[] = {&w.text, &w.label, &w.language, &w.source};
    /* An array of pointers. */
    // NOLINTNEXTLINE(bugprone-sizeof-expression)
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buffer_free(all[i]);
    return !w.stopped;
}

bool labelled_each(const settings *s, bool (*take)(void *context, const labelled_text *text), void *context, bool *complete) {
    return walk_all(s, false, take, context, complete);
}

bool labelled_raw(const settings *s, bool (*take)(void *context, const labelled_text *text), void *context, bool *complete) {
    return walk_all(s, true, take, context, complete);
}
