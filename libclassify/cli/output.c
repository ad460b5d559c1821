/* output.c - standard output with every error checked.
   May include: message.h.
   Must not know: what is written. */
#define _POSIX_C_SOURCE 200809L
#include "output.h"

#include "message.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool write_all(int descriptor, const void *bytes, size_t size) {
    const char *at = bytes;
    while (size) {
        ssize_t done = write(descriptor, at, size);
        if (done < 0 && errno == EAGAIN) {
            struct pollfd wait = {.fd = descriptor, .events = POLLOUT};
            poll(&wait, 1, -1);
        } else if (done < 0 && errno != EINTR) {
            return false;
        } else if (done > 0) {
            at += done;
            size -= (size_t)done;
        }
    }
    return true;
}

static bool failed(void) {
    if (errno != EPIPE)
        say("cannot write the output: %s", strerror(errno));
    return false;
}

bool output_write(const void *bytes, size_t size) { return write_all(STDOUT_FILENO, bytes, size) || failed(); }

bool output_close(void) { return close(STDOUT_FILENO) == 0 || errno == EBADF || failed(); }

void output_secure(void) {
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        if (fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF)
            continue;
        /* The wrong direction on purpose: reading from it or writing to it fails, as it would have when closed. */
        if (open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY) != descriptor)
            exit(END_ERROR);
    }
}

bool output_colour(int descriptor) {
    const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(descriptor) && !(no && *no) && !(terminal && strcmp(terminal, "dumb") == 0);
}
