/* train.c - count, merge, refine, compile and train.
   May include: classify.h, counting.h, examples.h, model.h, atomic_file.h, message.h.
   Must not know: file formats of the sources, how answers are written. */
#define _POSIX_C_SOURCE 200809L
#include "commands.h"

#include "atomic_file.h"
#include "buffer.h"
#include "counting.h"
#include "examples.h"
#include "message.h"
#include "model.h"
#include "output.h"

#include <stdlib.h>
#include <unistd.h>

static bool set_meta(classify_counts *counts, const settings *s) {
    for (size_t i = 0; i < s->meta_count; i++) {
        size_t length = strcspn(s->meta[i], "=");
        char *key = memory_copy(s->meta[i], length);
        const char *value = s->meta[i] + length + 1;
        classify_error error = {0};
        bool good = classify_counts_set_meta(counts, key, *value ? value : NULL, &error) == CLASSIFY_OK;
        if (!good)
            say_error(s->meta[i], &error);
        free(key);
        if (!good)
            return false;
    }
    return true;
}

/* ---- Counting ---- */

/* Counts (or, with `counts` NULL, keeps) every source. False where nothing may be written: no memory, or no text at all. */
static bool count_sources(const settings *s, classify_counts **counts, examples *kept, uint64_t *texts, bool *complete) {
    if (!counting_run(s, counts, kept, texts, complete))
        return false;
    if (*texts)
        return true;
    say("no labelled text in the sources; 'classify %s --help' says what they look like", command_table[s->command].name);
    return false;
}

static int end_of(bool good, bool complete) { return good && complete ? END_DONE : END_ERROR; }

int command_count(const settings *s) {
    if (!atomic_check(s->output))
        return END_ERROR;
    classify_counts *counts = NULL;
    uint64_t texts;
    bool complete = true;
    bool good = count_sources(s, &counts, NULL, &texts, &complete) && set_meta(counts, s) &&
                counts_save(counts, s->output, s->format == FORMAT_TSV);
    classify_counts_free(counts);
    return end_of(good, complete);
}

/* ---- Merging ---- */

int command_merge(const settings *s) {
    if (!atomic_check(s->output))
        return END_ERROR;
    classify_counts *all = NULL;
    classify_error error = {0};
    int end = END_DONE;
    for (int i = 0; i < s->operand_count && end == END_DONE; i++) {
        classify_counts *part = counts_open(s->operands[i], &end);
        if (!part)
            break;
        end = END_DONE;
        if (!all) {
            all = part;
            continue;
        }
        if (classify_counts_merge(all, part, &error) != CLASSIFY_OK) {
            say_error(s->operands[i], &error);
            end = END_MODEL;
        }
        classify_counts_free(part);
    }
    if (end == END_DONE && (s->min_words || s->min_pairs) &&
        classify_counts_prune(all, s->prefix, s->min_words, s->min_pairs, &error) != CLASSIFY_OK) {
        say_error("cannot prune", &error);
        end = END_MODEL;
    }
    if (end == END_DONE && !(set_meta(all, s) && counts_save(all, s->output, s->format == FORMAT_TSV)))
        end = END_ERROR;
    classify_counts_free(all);
    return end;
}

/* ---- Refining ---- */

static bool refine(classify_counts *counts, examples *kept, const settings *s) {
    bool own = s->command == COMMAND_REFINE; /* train leaves the sizes to compile */
    classify_refine_options options = {.struct_size = sizeof options,
                                       .primary = s->prefix,
                                       .primary_factor = s->primary_factor,
                                       .epochs = s->epochs,
                                       .bayes_share = s->bayes_share,
                                       .max_pairs = own ? s->max_pairs : 0,
                                       .max_parts = own ? s->max_parts : 0};
    classify_error error = {0};
    if (classify_counts_refine(counts, &options, examples_list(kept), kept->count, &error) == CLASSIFY_OK)
        return true;
    say_error("cannot refine", &error);
    return false;
}

int command_refine(const settings *s) {
    if (!atomic_check(s->output))
        return END_ERROR;
    int end;
    classify_counts *counts = counts_open(s->operands[0], &end);
    if (!counts)
        return end;
    settings sources = *s;
    sources.operands++;
    sources.operand_count--;
    examples kept = {0};
    uint64_t texts;
    bool complete = true;
    bool good = count_sources(&sources, NULL, &kept, &texts, &complete) && refine(counts, &kept, s) && set_meta(counts, s) &&
                counts_save(counts, s->output, s->format == FORMAT_TSV);
    examples_free(&kept);
    classify_counts_free(counts);
    return end_of(good, complete);
}

/* ---- Compiling ---- */

static classify_model *compile(classify_counts *counts, const settings *s) {
    classify_compile_options options = {.struct_size = sizeof options,
                                        .smoothing = s->smoothing,
                                        .label_words = s->label_words,
                                        .max_words = s->max_words,
                                        .max_pairs = s->max_pairs,
                                        .max_parts = s->max_parts,
                                        .flags = (s->no_pairs ? CLASSIFY_COMPILE_NO_PAIRS : 0) |
                                                 (s->no_parts ? CLASSIFY_COMPILE_NO_PARTS : 0)};
    classify_model *model = NULL;
    classify_error error = {0};
    if (classify_counts_compile(counts, &options, &model, &error) != CLASSIFY_OK)
        say_error("cannot compile", &error);
    return model;
}

int command_compile(const settings *s) {
    if (!atomic_check(s->output))
        return END_ERROR;
    int end;
    classify_counts *counts = counts_open(s->operands[0], &end);
    if (!counts)
        return end;
    if (!set_meta(counts, s)) {
        classify_counts_free(counts);
        return END_ERROR;
    }
    classify_model *model = compile(counts, s);
    end = !model ? END_MODEL : model_save(model, s->output) ? END_DONE : END_ERROR;
    classify_model_free(model);
    classify_counts_free(counts);
    return end;
}

/* ---- Training: counting, refining and compiling at once ---- */

/* A word to a person at a terminal about what came out; a script reads the exit status. */
static void tell_result(const settings *s, const classify_model *model, uint64_t texts) {
    if (!isatty(STDERR_FILENO) || s->progress == PROGRESS_NEVER)
        return;
    classify_model_info info = {.struct_size = sizeof info};
    classify_model_get_info(model, &info, NULL);
    say("%s: %llu texts, %u labels, %u languages, %llu bytes; try: classify --model %s FILE", s->output,
        (unsigned long long)texts, (unsigned)info.label_count, (unsigned)info.covered_count, (unsigned long long)info.bytes,
        s->output);
}

int command_train(const settings *s) {
    if (!atomic_check(s->output))
        return END_ERROR;
    examples kept = {0};
    classify_counts *counts = NULL;
    uint64_t texts;
    bool complete = true;
    classify_model *model = NULL;
    if (count_sources(s, &counts, s->no_refine ? NULL : &kept, &texts, &complete) &&
        (s->no_refine || refine(counts, &kept, s)) && set_meta(counts, s))
        model = compile(counts, s);
    examples_free(&kept);
    bool good = model && model_save(model, s->output);
    if (good)
        tell_result(s, model, texts);
    classify_model_free(model);
    classify_counts_free(counts);
    return end_of(good, complete);
}
