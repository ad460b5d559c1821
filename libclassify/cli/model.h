/* Models and counts, opened with messages for people. */
#ifndef CLI_MODEL_H
#define CLI_MODEL_H

#include <classify.h>

#include <stdbool.h>

/* The model at `path`, or the built-in one for NULL. NULL after saying why: exit with END_MODEL. */
classify_model *model_open(const char *path);
/* A scorer of a model with a language fixed, or NULL for any. NULL after saying why: about the language, or else `what`. */
classify_scorer *model_scorer(const classify_model *model, const char *language, const char *what);
/* Reads counts of either format. NULL after saying why; *end is END_ERROR where the file cannot be read, else END_MODEL. */
classify_counts *counts_open(const char *path, int *end);
/* Writes the file of a model or counts, whole or not at all. False after saying why. */
bool model_save(const classify_model *model, const char *path);
bool counts_save(classify_counts *counts, const char *path, bool tsv);
/* Says what the library said, with the place in the file where there is one. */
void say_error(const char *about, const classify_error *error);
/* Number of a label; CLASSIFY_NONE where the model has none so called. */
uint32_t model_find_label(const classify_model *model, const char *name);

#endif
