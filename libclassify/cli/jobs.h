/* Work in threads, answers in order. */
#ifndef CLI_JOBS_H
#define CLI_JOBS_H

#include <stdbool.h>
#include <stddef.h>

/* A pipeline over slots (pieces of work with their answers). The same slots come out in the same order for any number of
   threads, so that output cannot depend on it. */
typedef struct jobs_plan {
    void *context;
    void **slots; /* jobs_slots(jobs) of them */
    /* For jobs_run: fills a slot with the next piece. Called in order, by its thread. False: there is no more. */
    bool (*fill)(void *context, void *slot);
    /* Works on one slot, in any thread. */
    void (*work)(void *worker, void *slot);
    /* Takes the answers, one slot at a time and in order, in any thread. False: stop everything. */
    bool (*drain)(void *context, void *slot);
    /* A thread's own tools; NULL where there are none to be had. Called by the thread that called jobs_run or jobs_begin. */
    void *(*worker_new)(void *context);
    void (*worker_free)(void *worker);
} jobs_plan;

/* Threads for --jobs: 0 means one for each processor that this process may use. */
unsigned jobs_count(unsigned wanted);
/* Slots that keep so many threads busy. */
size_t jobs_slots(unsigned most);
/* The same in steps, for pieces that come from elsewhere: ask for a slot, fill it, say so; at last, end. jobs_slot waits, and
   gives NULL once drain stopped everything or where no worker could be made. The plan must outlive it. */
typedef struct jobs_pipeline jobs_pipeline;
jobs_pipeline *jobs_begin(const jobs_plan *plan, unsigned most);
void *jobs_slot(jobs_pipeline *j);
void jobs_filled(jobs_pipeline *j);
bool jobs_end(jobs_pipeline *j);

/* Threads are started one by one as work waits for them; with most = 1 there are none. False where not even one worker could
   be made (worker_new has said why) or drain stopped it. */
bool jobs_run(const jobs_plan *plan, unsigned most);

#endif
