/* atomic_file.c - write, fsync, rename.
   May include: output.h, message.h, buffer.h.
   Must not know: what is in the file. */
#define _XOPEN_SOURCE 700
#include "atomic_file.h"

#include "buffer.h"
#include "message.h"
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(const char *path) {
    say("cannot write %s: %s", path, strerror(errno));
    return false;
}

/* Length of the folder part of a path, its slash included; 0 for the present folder. */
static size_t folder_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

static char *temporary_name(const char *path, unsigned attempt) {
    size_t folder = folder_length(path);
    buffer name = {0};
    buffer_append(&name, path, folder);
    buffer_char(&name, '.');
    buffer_append(&name, path + folder, strnlen(path + folder, 200));
    buffer_char(&name, '.');
    buffer_unsigned(&name, (uint64_t)getpid());
    buffer_char(&name, '.');
    buffer_unsigned(&name, attempt);
    buffer_append(&name, ".tmp", sizeof ".tmp");
    return name.data;
}

/* A rename is on disk when its folder is. Some file systems cannot sync folders: not an error of ours. */
static void sync_folder(const char *path) {
    size_t length = folder_length(path);
    char *folder = length ? memory_copy(path, length) : memory_copy(".", 1);
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        fsync(descriptor);
        close(descriptor);
    }
    free(folder);
}

static bool write_and_rename(const char *path, const struct stat *old, const void *bytes, size_t size) {
    char *temporary = NULL;
    int descriptor = -1;
    for (unsigned attempt = 0; descriptor < 0 && attempt < 100; attempt++) {
        free(temporary);
        temporary = temporary_name(path, attempt);
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor < 0 && errno != EEXIST)
            break;
    }
    bool done = descriptor >= 0;
    if (done && old)
        (void)!fchmod(descriptor, old->st_mode & 0777);
    done = done && write_all(descriptor, bytes, size) && fsync(descriptor) == 0;
    if (descriptor >= 0 && close(descriptor) != 0)
        done = false;
    done = done && rename(temporary, path) == 0;
    if (!done) {
        int why = errno;
        if (descriptor >= 0)
            unlink(temporary);
        errno = why;
        fail(path);
    } else {
        sync_folder(path);
    }
    free(temporary);
    return done;
}

static bool write_straight(const char *path, const void *bytes, size_t size) {
    int descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    bool done = descriptor >= 0 && write_all(descriptor, bytes, size);
    if (descriptor >= 0 && close(descriptor) != 0)
        done = false;
    return done || fail(path);
}

bool atomic_write(const char *path, const void *bytes, size_t size) {
    if (strcmp(path, "-") == 0)
        return output_write(bytes, size);
    struct stat old;
    bool exists = stat(path, &old) == 0;
    if (exists && !S_ISREG(old.st_mode))
        return write_straight(path, bytes, size);
    /* A symbolic link is followed, as a shell's > would: the file it names is replaced, not the link. */
    char *real = exists ? realpath(path, NULL) : NULL;
    /* Ctrl-C waits for these few lines, so that it leaves no temporary file behind. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    bool done = write_and_rename(real ? real : path, exists ? &old : NULL, bytes, size);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    free(real);
    return done;
}

bool atomic_check(const char *path) {
    if (strcmp(path, "-") == 0)
        return true;
    struct stat is;
    if (stat(path, &is) == 0 && !S_ISREG(is.st_mode)) {
        if (S_ISDIR(is.st_mode))
            errno = EISDIR;
        else if (access(path, W_OK) == 0)
            return true;
        return fail(path);
    }
    size_t length = folder_length(path);
    char *folder = length ? memory_copy(path, length) : memory_copy(".", 1);
    bool writable = access(folder, W_OK | X_OK) == 0;
    if (!writable)
        say("cannot write %s: %s: %s", path, folder, strerror(errno));
    free(folder);
    return writable;
}
