/* jobs.c - a ring of slots between one reader, some workers and whoever finished the oldest slot.
   May include: buffer.h (memory), POSIX threads.
   Must not know: what is in a slot. */
#define _GNU_SOURCE
#include "jobs.h"

#include "buffer.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#define JOBS_MOST 256

typedef struct pipeline {
    const jobs_plan *plan;
    pthread_mutex_t lock;
    pthread_cond_t work, space; /* a slot was filled; a slot was drained */
    size_t capacity;
    uint64_t head, next, tail; /* of slots ever filled: oldest not drained, next to work on, next to fill */
    bool *finished;            /* by place in the ring */
    unsigned idle;
    bool draining, closing, stopped;
} pipeline;

typedef struct thread {
    pipeline *pipeline;
    void *worker;
    pthread_t id;
} thread;

unsigned jobs_count(unsigned wanted) {
    long count = wanted;
    if (!wanted) {
#if defined(__linux__)
        cpu_set_t set;
        count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
#else
        count = sysconf(_SC_NPROCESSORS_ONLN);
#endif
    }
    return count < 1 ? 1 : count > JOBS_MOST ? JOBS_MOST : (unsigned)count;
}

size_t jobs_slots(unsigned most) { return most == 1 ? 1 : (size_t)most * 2 + 2; }

/* With the lock held: drains what is finished at the head, unless another thread is at it. */
static void drain(pipeline *p) {
    if (p->draining)
        return;
    p->draining = true;
    while (!p->stopped && p->head < p->next && p->finished[p->head % p->capacity]) {
        void *slot = p->plan->slots[p->head % p->capacity];
        pthread_mutex_unlock(&p->lock);
        bool good = p->plan->drain(p->plan->context, slot);
        pthread_mutex_lock(&p->lock);
        p->finished[p->head % p->capacity] = false;
        p->head++;
        p->stopped = p->stopped || !good;
        pthread_cond_signal(&p->space);
    }
    p->draining = false;
    if (p->stopped) {
        pthread_cond_broadcast(&p->work);
        pthread_cond_signal(&p->space);
    }
}

static void *run_worker(void *argument) {
    thread *t = argument;
    pipeline *p = t->pipeline;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        p->idle++;
        while (p->next == p->tail && !p->closing && !p->stopped)
            pthread_cond_wait(&p->work, &p->lock);
        p->idle--;
        if (p->stopped || p->next == p->tail)
            break;
        size_t place = (size_t)(p->next++ % p->capacity);
        pthread_mutex_unlock(&p->lock);
        p->plan->work(t->worker, p->plan->slots[place]);
        pthread_mutex_lock(&p->lock);
        p->finished[place] = true;
        drain(p);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* With the lock held. A thread that cannot be made is no loss while there is another. */
static void start_thread(pipeline *p, thread *threads, unsigned *count) {
    thread *t = &threads[*count];
    t->pipeline = p;
    t->worker = p->plan->worker_new(p->plan->context);
    if (!t->worker)
        return;
    if (pthread_create(&t->id, NULL, run_worker, t) == 0)
        ++*count;
    else
        p->plan->worker_free(t->worker);
}

/* jobs = 1: no threads, no locks taken. */
struct jobs_pipeline {
    pipeline p;
    unsigned most, count;
    thread *threads;
    void *alone; /* the only worker */
};

jobs_pipeline *jobs_begin(const jobs_plan *plan, unsigned most) {
    jobs_pipeline *j = memory_new(1, sizeof *j);
    j->most = most;
    j->p = (pipeline){.plan = plan,
                      .lock = PTHREAD_MUTEX_INITIALIZER,
                      .work = PTHREAD_COND_INITIALIZER,
                      .space = PTHREAD_COND_INITIALIZER,
                      .capacity = jobs_slots(most)};
    if (most == 1) {
        j->alone = plan->worker_new(plan->context);
        j->p.stopped = !j->alone;
        return j;
    }
    j->p.finished = memory_new(j->p.capacity, sizeof *j->p.finished);
    j->threads = memory_new(most, sizeof *j->threads);
    start_thread(&j->p, j->threads, &j->count);
    if (!j->count) /* else a thread has it already */
        j->p.stopped = true;
    return j;
}

void *jobs_slot(jobs_pipeline *j) {
    pipeline *p = &j->p;
    if (j->most == 1)
        return p->stopped ? NULL : p->plan->slots[0];
    pthread_mutex_lock(&p->lock);
    while (!p->stopped && p->tail - p->head == p->capacity)
        pthread_cond_wait(&p->space, &p->lock);
    void *slot = p->stopped ? NULL : p->plan->slots[p->tail % p->capacity];
    pthread_mutex_unlock(&p->lock);
    return slot;
}

void jobs_filled(jobs_pipeline *j) {
    pipeline *p = &j->p;
    if (j->most == 1) {
        p->plan->work(j->alone, p->plan->slots[0]);
        p->stopped = !p->plan->drain(p->plan->context, p->plan->slots[0]);
        return;
    }
    pthread_mutex_lock(&p->lock);
    p->tail++;
    if (p->tail - p->next > p->idle && j->count < j->most)
        start_thread(p, j->threads, &j->count);
    pthread_cond_signal(&p->work);
    pthread_mutex_unlock(&p->lock);
}

bool jobs_end(jobs_pipeline *j) {
    pipeline *p = &j->p;
    if (j->most == 1) {
        if (j->alone)
            p->plan->worker_free(j->alone);
    } else {
        pthread_mutex_lock(&p->lock);
        p->closing = true;
        pthread_cond_broadcast(&p->work);
        pthread_mutex_unlock(&p->lock);
        for (unsigned i = 0; i < j->count; i++) {
            pthread_join(j->threads[i].id, NULL);
            p->plan->worker_free(j->threads[i].worker);
        }
    }
    bool good = !p->stopped;
    free(j->threads);
    free(p->finished);
    free(j);
    return good;
}

bool jobs_run(const jobs_plan *plan, unsigned most) {
    jobs_pipeline *j = jobs_begin(plan, most);
    void *slot;
    while ((slot = jobs_slot(j)) && plan->fill(plan->context, slot))
        jobs_filled(j);
    return jobs_end(j);
}
