/* allocator.h - an allocator for tests: counts what is live, checks the sizes that come back, fails when it is told to. */
#ifndef ALLOCATOR_H
#define ALLOCATOR_H

#include "check.h"
#include "classify.h"

typedef struct {
    size_t live, peak, blocks; /* bytes, most bytes, blocks */
    size_t largest;            /* bytes ever asked for at once */
    long calls;                /* allocations and resizes */
    long fail_at;              /* the call that fails, from 1 on; 0: none */
    bool from_then_on;         /* and all later ones */
    bool failed;               /* one did */
} tally;

enum { ALLOCATOR_HEAD = 16 }; /* holds the size, keeps the alignment */

static inline bool allocator_fails(tally *t, size_t size) {
    t->largest = size > t->largest ? size : t->largest;
    t->calls++;
    bool fails = t->fail_at && (t->from_then_on ? t->calls >= t->fail_at : t->calls == t->fail_at);
    t->failed |= fails;
    return fails;
}

static inline void *allocator_alloc(void *context, size_t size) {
    tally *t = context;
    CHECK(size > 0);
    uint8_t *block = allocator_fails(t, size) ? NULL : malloc(size + ALLOCATOR_HEAD);
    if (!block)
        return NULL;
    memcpy(block, &size, sizeof size);
    memset(block + ALLOCATOR_HEAD, 0xA5, size < 4096 ? size : 4096); /* not zero by luck */
    t->live += size;
    t->peak = t->live > t->peak ? t->live : t->peak;
    t->blocks++;
    return block + ALLOCATOR_HEAD;
}

static inline void allocator_release(void *context, void *memory, size_t size) {
    tally *t = context;
    size_t was;
    uint8_t *block = (uint8_t *)memory - ALLOCATOR_HEAD;
    memcpy(&was, block, sizeof was);
    if (was != size)
        CHECK_FAIL("released as %zu bytes, allocated as %zu", size, was);
    t->live -= was;
    t->blocks--;
    free(block);
}

static inline void *allocator_resize(void *context, void *memory, size_t old_size, size_t new_size) {
    tally *t = context;
    size_t was;
    memcpy(&was, (uint8_t *)memory - ALLOCATOR_HEAD, sizeof was);
    if (was != old_size)
        CHECK_FAIL("resized from %zu bytes, allocated as %zu", old_size, was);
    void *moved = allocator_alloc(context, new_size); /* always elsewhere, so that a stale pointer is seen */
    if (!moved)
        return NULL;
    memcpy(moved, memory, was < new_size ? was : new_size);
    allocator_release(t, memory, was);
    return moved;
}

static inline classify_allocator allocator_of(tally *t) {
    return (classify_allocator){allocator_alloc, allocator_resize, allocator_release, t};
}

#endif
