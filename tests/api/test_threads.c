/* test_threads.c - one model, many threads: each has a scorer of its own and all get the same results, while other threads
   open, copy and free models. Run under ThreadSanitizer too. */
#include "fixture.h"

#include <pthread.h>

enum { THREADS = 8, TEXTS = 400, ROOM = 64 * 40 };

static char texts[TEXTS][ROOM];
static size_t sizes[TEXTS];
static int64_t wanted[TEXTS][16];
static classify_model *model;

/* Scores every text; returns how many have other scores than wanted. */
static size_t score_all(const classify_model *with, int64_t (*into)[16]) {
    classify_scorer *scorer = NULL;
    size_t wrong = 0;
    if (classify_scorer_new(&scorer, with, NULL, NULL))
        return TEXTS;
    for (int i = 0; i < TEXTS; i++) {
        classify_result result = {.struct_size = sizeof result};
        int64_t scores[16] = {0};
        wrong += classify_score(scorer, texts[i], sizes[i], &result, NULL, scores, NULL) != CLASSIFY_OK;
        if (into)
            memcpy(into[i], scores, sizeof scores);
        wrong += memcmp(wanted[i], scores, sizeof scores) != 0;
    }
    classify_scorer_free(scorer);
    return wrong;
}

static void *score_thread(void *wrong) {
    for (int i = 0; i < 5; i++)
        *(size_t *)wrong += score_all(model, NULL);
    return NULL;
}

/* Opens models beside, as a server does that loads a new one. */
static void *open_thread(void *wrong) {
    size_t size;
    uint8_t *bytes = fixture_bytes(model, &size);
    for (int i = 0; i < 3; i++) {
        classify_model *own = NULL;
        *(size_t *)wrong += classify_model_read(&own, bytes, size, NULL, NULL) != CLASSIFY_OK;
        *(size_t *)wrong += score_all(own, NULL);
        classify_model_free(own);
    }
    free(bytes);
    return NULL;
}

int main(void) {
    pthread_t threads[THREADS];
    size_t wrong[THREADS] = {0};
    for (int i = 0; i < TEXTS; i++)
        sizes[i] = fixture_random(texts[i], 40);
    model = fixture_model(NULL);
    score_all(model, wanted);
    CHECK_INT(score_all(model, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        CHECK_NEED(!pthread_create(&threads[i], NULL, i % 4 == 3 ? open_thread : score_thread, &wrong[i]));
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(wrong[i], 0);
    }
    /* Scorers of one model in threads, the model freed first: the last scorer frees it. */
    classify_scorer *scorers[THREADS];
    for (int i = 0; i < THREADS; i++)
        CHECK_NEED(!classify_scorer_new(&scorers[i], model, NULL, NULL));
    classify_model_free(model);
    for (int i = 0; i < THREADS; i++)
        CHECK_NEED(!pthread_create(&threads[i], NULL, (void *(*)(void *))(void (*)(void))classify_scorer_free, scorers[i]));
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return check_result();
}
