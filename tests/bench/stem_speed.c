/* stem_speed.c - words a second of the project's own stemmers, beside libstemmer's Russian in the same run:

       stem_speed UKRAINIAN POLISH RUSSIAN     files of text; the distinct words in their script are stemmed

   May include: the library's private headers.
   Must not know: models. */
#define _POSIX_C_SOURCE 200809L
#include "stem.h"
#include "tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 15, WORD = 4 * CL_WORD_MAX };

typedef struct {
    char (*words)[WORD];
    size_t count;
} word_list;

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int compare(const void *a, const void *b) { return strcmp(a, b); }

/* The distinct words of a file that are in the script of a language. */
static word_list read_words(const char *path, int language) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) {
        perror(path);
        exit(1);
    }
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(size + 1);
    word_list list = {malloc((size / 2 + 1) * WORD), 0};
    if (!text || !list.words || fread(text, 1, size, file) != size)
        exit(1);
    fclose(file);
    cl_tokenizer tokens;
    cl_token token;
    cl_tokens_start(&tokens, text, size);
    while (cl_tokens_next(&tokens, &token)) {
        if (token.marker || !(cl_stem_cyrillic(language) ? token.cyrillic : token.latin))
            continue;
        list.words[list.count][cl_token_utf8(&token, list.words[list.count])] = 0;
        list.count++;
    }
    free(text);
    qsort(list.words, list.count, WORD, compare);
    size_t kept = 0;
    for (size_t i = 0; i < list.count; i++)
        if (!i || strcmp(list.words[i], list.words[kept - 1]))
            memmove(list.words[kept++], list.words[i], WORD);
    list.count = kept;
    return list;
}

/* Words a second of one pass. */
static double pass(cl_stemmers *s, int language, const word_list *list, const size_t *sizes) {
    char stem[WORD + CL_STEM_ROOM];
    double start = seconds();
    for (size_t i = 0; i < list->count; i++)
        cl_stem(s, language, list->words[i], sizes[i], stem);
    return (double)list->count / (seconds() - start);
}

int main(int argc, char **argv) {
    static const int languages[] = {CL_UK, CL_PL, CL_RU};
    cl_stemmers stemmers;
    word_list lists[3];
    size_t *sizes[3];
    double best[3] = {0};
    if (argc != 4 || !cl_stemmers_new(&stemmers)) {
        fprintf(stderr, "usage: stem_speed UKRAINIAN POLISH RUSSIAN\n");
        return 2;
    }
    for (int l = 0; l < 3; l++) {
        lists[l] = read_words(argv[l + 1], languages[l]);
        sizes[l] = malloc((lists[l].count + 1) * sizeof **sizes);
        for (size_t i = 0; sizes[l] && i < lists[l].count; i++)
            sizes[l][i] = strlen(lists[l].words[i]);
    }
    for (int round = 0; round < ROUNDS; round++) /* in turn, so that what else the machine does falls on all alike */
        for (int l = 0; l < 3; l++) {
            double speed = pass(&stemmers, languages[l], &lists[l], sizes[l]);
            best[l] = speed > best[l] ? speed : best[l];
        }
    for (int l = 0; l < 3; l++)
        printf("%s: %zu words, %.1f M a second, %.2f times libstemmer's Russian\n", cl_stem_code(languages[l]), lists[l].count,
               best[l] / 1e6, best[l] / best[2]);
    cl_stemmers_free(&stemmers);
    return 0;
}
