/* label.c - the command without a command word: labels files, lines, NDJSON and CSV.
   May include: classify.h, records.h, answer.h, jobs.h, json.h, model.h, progress.h, output.h, message.h.
   Must not know: how options are written or help is made. */
#include "commands.h"

#include "answer.h"
#include "escape.h"
#include "jobs.h"
#include "json.h"
#include "message.h"
#include "model.h"
#include "output.h"
#include "progress.h"
#include "records.h"

#include <stdlib.h>
#include <unistd.h>

/* Texts scored in one call: what is kept of each stays in the cache until it is written. */
enum { PIECE_ROWS = 512 };

typedef struct labelling {
    const settings *s;
    classify_model *model;
    answer_style style;
    records records;
    progress progress;
    bool *only;
    uint64_t printed;
    bool headed, file_failed, write_failed;
} labelling;

/* One thread's scorer and scratch memory. */
typedef struct labeller {
    labelling *l;
    classify_scorer *scorer;
    buffer texts; /* decoded texts of a piece, one after the other */
    int64_t offsets[PIECE_ROWS + 1];
    classify_result results[PIECE_ROWS];
    answer_subject subjects[PIECE_ROWS];
    double *probabilities;      /* PIECE_ROWS * label_count; NULL where the format has none */
    classify_passage *passages; /* of one text */
    size_t passage_room;
    size_t count;
} labeller;

static void *labeller_new(void *context) {
    labelling *l = context;
    labeller *w = memory_new(1, sizeof *w);
    classify_score_options options = {
        .struct_size = sizeof options, .language = l->s->language, .min_probability = l->s->min_probability};
    classify_error error = {0};
    w->l = l;
    if (classify_scorer_new(&w->scorer, l->model, &options, &error) != CLASSIFY_OK) {
        say_error(l->s->language ? l->s->language : "cannot label", &error);
        free(w);
        return NULL;
    }
    if (l->style.format == FORMAT_NDJSON)
        w->probabilities = memory_new((size_t)PIECE_ROWS * (l->style.label_count + 1), sizeof *w->probabilities);
    if (l->style.passages) {
        w->passage_room = 64;
        w->passages = memory_new(w->passage_room, sizeof *w->passages);
    }
    return w;
}

static void labeller_free(void *worker) {
    labeller *w = worker;
    classify_scorer_free(w->scorer);
    buffer_free(&w->texts);
    free(w->probabilities);
    free(w->passages);
    free(w);
}

static void emit(labeller *w, batch *b, const answer_subject *subject, const classify_result *result, const double *p) {
    b->records++;
    if (!answer_wanted(&w->l->style, subject, result))
        return;
    b->printed++;
    answer_write(&b->output, &w->l->style, subject, result, p);
}

/* Scores one text with its passages. */
static void score_passages(labeller *w, answer_subject *subject, const char *text, size_t size, classify_result *result,
                           double *p) {
    int32_t status;
    size_t needed;
    do {
        *result = (classify_result){.struct_size = sizeof *result};
        status = classify_passages(w->scorer, text, size, NULL, w->passages, w->passage_room, &needed, result, p, NULL, NULL);
        if (status == CLASSIFY_ERROR_CAPACITY) {
            w->passage_room = 2 * needed;
            w->passages = memory_resize(w->passages, w->passage_room, sizeof *w->passages);
        }
    } while (status == CLASSIFY_ERROR_CAPACITY);
    if (status != CLASSIFY_OK)
        subject->error = "the text cannot be scored";
    subject->passages = w->passages;
    subject->passage_count = needed;
}

/* Scores the subjects gathered, whose texts are bytes[offsets], and writes their answers. */
static void answer_piece(labeller *w, batch *b, const char *bytes) {
    if (!w->count)
        return;
    classify_error error = {0};
    for (size_t i = 0; w->l->style.passages && i < w->count; i++) {
        double *p = w->probabilities;
        if (!w->subjects[i].error)
            score_passages(w, &w->subjects[i], (bytes ? bytes : "") + w->offsets[i],
                           (size_t)(w->offsets[i + 1] - w->offsets[i]), w->results, p);
        emit(w, b, &w->subjects[i], w->results, p);
    }
    if (w->l->style.passages) {
        w->count = 0;
        return;
    }
    w->results[0] = (classify_result){.struct_size = sizeof w->results[0]};
    if (classify_score_batch(w->scorer, bytes ? bytes : "", w->offsets, w->count, w->results, w->probabilities, &error) !=
        CLASSIFY_OK)
        for (size_t i = 0; i < w->count; i++)
            w->subjects[i].error = w->subjects[i].error ? w->subjects[i].error : "the text cannot be scored";
    for (size_t i = 0; i < w->count; i++)
        emit(w, b, &w->subjects[i], &w->results[i], w->probabilities ? w->probabilities + i * w->l->style.label_count : NULL);
    w->count = 0;
}

/* ---- Lines: scored where they lie, each with its newline, which is no word ---- */

static void label_lines(labeller *w, batch *b) {
    const char *at = b->input.data, *end = at + b->input.size;
    uint64_t line = b->first_line;
    while (at < end) {
        const char *piece = at;
        w->offsets[0] = 0;
        while (at < end && w->count < PIECE_ROWS) {
            const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
            size_t size = (size_t)(stop - at);
            size -= size && at[size - 1] == '\r';
            w->subjects[w->count] = (answer_subject){.name = b->name, .text = at, .text_size = size, .line = line++};
            at = newline ? newline + 1 : end;
            w->offsets[++w->count] = at - piece;
        }
        answer_piece(w, b, piece);
    }
}

/* ---- NDJSON ---- */

static const char *field_error(json_type type) {
    switch (type) {
    case JSON_MISSING: return "no field with the text; name it with --field";
    case JSON_NULL: return "the text is null";
    case JSON_STRING: return NULL;
    default: return "the text is not a string";
    }
}

static void label_json_line(labeller *w, batch *b, const char *line, size_t size, uint64_t number) {
    json_member members[] = {{.name = "id"}, {.name = w->l->s->field ? w->l->s->field : "text"}};
    size_t offset;
    answer_subject *subject = &w->subjects[w->count];
    *subject = (answer_subject){.name = b->name, .line = number};
    subject->error = json_scan(line, size, members, 2, &offset);
    if (!subject->error)
        subject->error = field_error(members[1].type);
    if (members[0].type != JSON_MISSING) {
        subject->id = members[0].raw;
        subject->id_size = members[0].size;
    }
    if (!subject->error)
        json_decode(&w->texts, members[1].raw, members[1].size);
    w->offsets[++w->count] = (int64_t)w->texts.size;
}

static void label_ndjson(labeller *w, batch *b) {
    const char *at = b->input.data, *end = at + b->input.size;
    uint64_t line = b->first_line;
    while (at < end) {
        buffer_reset(&w->texts, BATCH_KEEP);
        w->offsets[0] = 0;
        while (at < end && w->count < PIECE_ROWS) {
            const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
            label_json_line(w, b, at, (size_t)(stop - at), line++);
            at = newline ? newline + 1 : end;
        }
        answer_piece(w, b, w->texts.data);
    }
}

/* ---- CSV ---- */

static void label_rows(labeller *w, batch *b) {
    for (size_t i = 0; i < b->rows.count;) {
        buffer_reset(&w->texts, BATCH_KEEP);
        w->offsets[0] = 0;
        for (; i < b->rows.count && w->count < PIECE_ROWS; i++) {
            const csv_row *row = &b->rows.rows[i];
            answer_subject *subject = &w->subjects[w->count];
            *subject = (answer_subject){
                .name = b->name, .line = row->number, .rows = &b->rows, .row = row, .columns = b->columns, .error = row->error};
            if (!subject->error && b->column >= row->count)
                subject->error = "the row has no such column";
            else if (!subject->error && row->count > b->columns)
                subject->error = "the row has more fields than the header; is a text with a comma not in quotes?";
            if (!subject->error) {
                subject->text = csv_field(&b->rows, row->first + b->column, &subject->text_size);
                buffer_append(&w->texts, subject->text, subject->text_size);
            }
            w->offsets[++w->count] = (int64_t)w->texts.size;
        }
        answer_piece(w, b, w->texts.data);
    }
}

/* ---- Files ---- */

static void label_text(labeller *w, batch *b, const char *name, const char *text, size_t size) {
    answer_subject subject = {.name = name, .text = name, .text_size = strlen(name)};
    classify_result result = {.struct_size = sizeof result};
    classify_error error = {0};
    if (w->l->style.passages)
        score_passages(w, &subject, text ? text : "", size, &result, w->probabilities);
    else if (classify_score(w->scorer, text ? text : "", size, &result, w->probabilities, NULL, &error) != CLASSIFY_OK)
        subject.error = "the text cannot be scored";
    emit(w, b, &subject, &result, w->probabilities);
}

static void label_files(labeller *w, batch *b) {
    for (size_t i = 0; i < b->file_count; i++) {
        const char *name = b->files[i];
        if (b->loaded) {
            label_text(w, b, name, b->input.data, b->input.size);
            continue;
        }
        if (strcmp(name, "-") == 0)
            continue; /* standard input could not be read; records.c has said so */
        input in;
        buffer_reset(&w->texts, BATCH_KEEP);
        if (input_open(&in, name, w->l->s->encoding) && input_read_all(&in, &w->texts)) {
            b->bytes += in.bytes;
            label_text(w, b, name, w->texts.data, w->texts.size);
        } else {
            char line[2048];
            buffer_append(&b->messages, line, say_into(line, sizeof line, "%s: %s", name, input_why(&in)));
            b->failed = true;
        }
        input_close(&in);
    }
}

/* ---- The pipeline ---- */

static bool fill(void *context, void *slot) {
    labelling *l = context;
    batch *b = slot;
    buffer_reset(&b->output, BATCH_KEEP);
    buffer_reset(&b->messages, BATCH_KEEP);
    if (!records_next(&l->records, b))
        return false;
    if (l->s->input == INPUT_CSV) {
        b->columns = l->records.columns;
        b->column = l->records.column;
    }
    if (l->style.format == FORMAT_CSV && !l->headed && !l->s->no_header)
        answer_header(&b->output, &l->style, l->records.header);
    l->headed = true;
    return true;
}

static void work(void *worker, void *slot) {
    labeller *w = worker;
    switch (w->l->s->input) {
    case INPUT_LINES: label_lines(w, slot); break;
    case INPUT_NDJSON: label_ndjson(w, slot); break;
    case INPUT_CSV: label_rows(w, slot); break;
    default: label_files(w, slot);
    }
}

static bool drain(void *context, void *slot) {
    labelling *l = context;
    batch *b = slot;
    if (b->messages.size)
        write_all(STDERR_FILENO, b->messages.data, b->messages.size);
    l->file_failed = l->file_failed || b->failed;
    l->printed += b->printed;
    progress_add(&l->progress, b->records, b->bytes);
    if (b->output.size && !output_write(b->output.data, b->output.size))
        l->write_failed = true;
    return !l->write_failed;
}

static bool choose_labels(labelling *l) {
    if (!l->s->only_count)
        return true;
    l->only = memory_new((size_t)l->style.label_count + 1, sizeof *l->only);
    for (size_t i = 0; i < l->s->only_count; i++) {
        const char *name = l->s->only[i];
        uint32_t label = strcmp(name, "unsure") == 0 ? l->style.label_count : model_find_label(l->model, name);
        if (label == CLASSIFY_NONE) {
            buffer known = {0};
            for (uint32_t k = 0; k < l->style.label_count; k++) {
                buffer_text(&known, classify_model_label(l->model, k));
                buffer_text(&known, ", ");
            }
            buffer_append(&known, "unsure", sizeof "unsure");
            say("the model has no label '%s'; it has: %s", name, known.data);
            buffer_free(&known);
            return false;
        }
        l->only[label] = true;
    }
    l->style.only = l->only;
    return true;
}

static int run(labelling *l) {
    unsigned jobs = jobs_count(l->s->jobs);
    size_t slots = jobs_slots(jobs);
    batch *batches = memory_new(slots, sizeof *batches);
    void **places = memory_new(slots, sizeof *places);
    for (size_t i = 0; i < slots; i++)
        places[i] = &batches[i];
    records_start(&l->records, l->s, jobs, l->s->line_buffered || isatty(STDOUT_FILENO));
    progress_start(&l->progress, l->s->progress, records_size(&l->records));
    jobs_plan plan = {.context = l,
                      .slots = places,
                      .fill = fill,
                      .work = work,
                      .drain = drain,
                      .worker_new = labeller_new,
                      .worker_free = labeller_free};
    bool good = jobs_run(&plan, jobs);
    progress_end(&l->progress);
    bool unreadable = l->records.failed || l->file_failed;
    records_end(&l->records);
    for (size_t i = 0; i < slots; i++)
        batch_free(&batches[i]);
    free(batches);
    free(places);
    if (!good || unreadable)
        return END_ERROR;
    return l->only && !l->printed ? END_NONE : END_DONE;
}

int command_label(const settings *s) {
    labelling l = {.s = s, .model = model_open(s->model)};
    if (!l.model)
        return END_MODEL;
    answer_style_init(&l.style, s, l.model);
    int end = choose_labels(&l) ? run(&l) : END_ERROR;
    answer_style_free(&l.style);
    free(l.only);
    classify_model_free(l.model);
    return end;
}
