/* progress.c - the progress line.
   May include: progress.h, options.h, buffer.h, output.h.
   Must not know: what is counted. */
#define _POSIX_C_SOURCE 200809L
#include "progress.h"

#include "buffer.h"
#include "output.h"

#include <time.h>
#include <unistd.h>

#define FIRST_AFTER 1.0
#define THEN_EVERY  0.2

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void progress_start(progress *p, progress_mode mode, uint64_t size) {
    bool terminal = isatty(STDERR_FILENO);
    *p = (progress){.wanted = mode == PROGRESS_ALWAYS || (mode == PROGRESS_AUTO && terminal && !isatty(STDOUT_FILENO)),
                    .terminal = terminal,
                    .size = size};
    if (p->wanted)
        p->started = p->last = now();
}

static void show(progress *p, double seconds) {
    buffer line = {0};
    buffer_text(&line, p->terminal ? "\r\033[K" : "");
    buffer_text(&line, "classify: ");
    buffer_grouped(&line, p->records);
    buffer_text(&line, p->records == 1 ? " record, " : " records, ");
    buffer_fixed(&line, (double)p->bytes / 1e6, 1);
    buffer_text(&line, " MB");
    if (p->size >= p->bytes && p->bytes) {
        buffer_text(&line, " (");
        buffer_unsigned(&line, p->bytes * 100 / p->size);
        buffer_text(&line, " %)");
    }
    buffer_text(&line, ", ");
    buffer_fixed(&line, seconds > 0 ? (double)p->bytes / 1e6 / seconds : 0, 1);
    buffer_text(&line, p->terminal ? " MB/s" : " MB/s\n");
    write_all(STDERR_FILENO, line.data, line.size);
    buffer_free(&line);
    p->shown = true;
}

void progress_add(progress *p, uint64_t records, uint64_t bytes) {
    p->records += records;
    p->bytes += bytes;
    if (!p->wanted)
        return;
    double t = now();
    if (t - p->last < (p->shown ? THEN_EVERY : FIRST_AFTER))
        return;
    p->last = t;
    show(p, t - p->started);
}

void progress_end(progress *p) {
    if (p->shown && p->terminal)
        write_all(STDERR_FILENO, "\r\033[K", 4);
    else if (p->wanted && !p->terminal)
        show(p, now() - p->started);
}
