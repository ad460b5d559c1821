/* eval.c - labels labelled texts and counts what came out.
   May include: classify.h, evaluation.h, labelled.h, model.h, output.h, message.h.
   Must not know: how the counts are shown. */
#include "commands.h"

#include "evaluation.h"
#include "labelled.h"
#include "message.h"
#include "model.h"
#include "output.h"

#include <stdlib.h>

typedef struct evaluating {
    evaluation e;
    classify_scorer *scorer;
} evaluating;

static void grow_table(const evaluation *e, evaluation_table *t, size_t from) {
    t->cells = memory_resize(t->cells, e->label_capacity * (e->answers + 1), sizeof *t->cells);
    memset(t->cells + from * (e->answers + 1), 0, (e->label_capacity - from) * (e->answers + 1) * sizeof *t->cells);
}

/* Place of a true label; a new one is added, with a row in every table. */
static size_t find_truth(evaluation *e, const char *label) {
    for (size_t i = 0; i < e->label_count; i++)
        if (strcmp(e->labels[i], label) == 0)
            return i;
    if (e->label_count == e->label_capacity) {
        size_t before = e->label_capacity;
        e->label_capacity = before * 2 + 8;
        e->labels = memory_resize(e->labels, e->label_capacity, sizeof *e->labels);
        grow_table(e, &e->all, before);
        for (size_t i = 0; i < e->language_count; i++)
            grow_table(e, &e->languages[i], before);
    }
    e->labels[e->label_count] = memory_copy(label, strlen(label));
    return e->label_count++;
}

static evaluation_table *find_language(evaluation *e, const char *language) {
    for (size_t i = 0; i < e->language_count; i++)
        if (strcmp(e->languages[i].language, language) == 0)
            return &e->languages[i];
    e->languages = memory_resize(e->languages, e->language_count + 1, sizeof *e->languages);
    evaluation_table *t = &e->languages[e->language_count++];
    *t = (evaluation_table){.language = memory_copy(language, strlen(language))};
    grow_table(e, t, 0);
    return t;
}

static bool take(void *context, const labelled_text *text) {
    evaluating *v = context;
    evaluation *e = &v->e;
    classify_result r = {.struct_size = sizeof r};
    classify_error error = {0};
    if (classify_score(v->scorer, text->text, text->size, &r, NULL, NULL, &error) != CLASSIFY_OK) {
        say("%s:%llu: %s", text->path, (unsigned long long)text->line, error.message);
        return false;
    }
    const char *found = r.language == CLASSIFY_NONE ? "-" : classify_model_language(e->model, r.language);
    const char *language = text->language ? text->language : "-";
    size_t truth = find_truth(e, text->label);
    uint32_t answer = r.label == CLASSIFY_NONE ? e->answers : r.label;
    evaluation_table *tables[] = {&e->all, find_language(e, language)};
    for (int i = 0; i < 2; i++) {
        tables[i]->texts++;
        tables[i]->language_right += strcmp(found, language) == 0;
        ++*evaluation_cell(e, tables[i], truth, answer);
    }
    if (r.label != CLASSIFY_NONE && truth < e->answers) {
        int place = (int)(r.probability * EVALUATION_BINS);
        evaluation_bin *bin = &e->bins[place < 0 ? 0 : place >= EVALUATION_BINS ? EVALUATION_BINS - 1 : place];
        bin->texts++;
        bin->right += answer == truth;
        bin->said += r.probability;
    }
    return true;
}

static int run(evaluating *v, const settings *s) {
    bool complete = true;
    if (!labelled_each(s, take, v, &complete))
        return END_ERROR;
    if (!v->e.all.texts) {
        say("no labelled text in the sources; 'classify eval --help' says what they look like");
        return END_ERROR;
    }
    buffer out = {0};
    if (s->format == FORMAT_NDJSON)
        evaluation_write_ndjson(&out, &v->e);
    else
        evaluation_write_text(&out, &v->e);
    bool good = output_write(out.data, out.size);
    buffer_free(&out);
    return good && complete ? END_DONE : END_ERROR;
}

int command_eval(const settings *s) {
    classify_model *model = model_open(s->model);
    if (!model)
        return END_MODEL;
    evaluating v = {.e.model = model};
    classify_score_options options = {.struct_size = sizeof options, .min_probability = s->min_probability};
    classify_error error = {0};
    int end = END_ERROR;
    if (classify_scorer_new(&v.scorer, model, &options, &error) != CLASSIFY_OK) {
        say_error("cannot label", &error);
    } else {
        while (classify_model_label(model, v.e.answers))
            v.e.answers++;
        for (uint32_t i = 0; i < v.e.answers; i++)
            find_truth(&v.e, classify_model_label(model, i));
        end = run(&v, s);
    }
    for (size_t i = 0; i < v.e.label_count; i++)
        free(v.e.labels[i]);
    for (size_t i = 0; i < v.e.language_count; i++) {
        free((void *)(uintptr_t)v.e.languages[i].language);
        free(v.e.languages[i].cells);
    }
    free(v.e.labels);
    free(v.e.languages);
    free(v.e.all.cells);
    classify_scorer_free(v.scorer);
    classify_model_free(model);
    return end;
}
