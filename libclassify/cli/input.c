/* input.c - reads files and standard input in large pieces, and decodes them with iconv.
   May include: buffer.h, message.h.
   Must not know: records, formats, the library. */
#define _POSIX_C_SOURCE 200809L
#include "input.h"

#include "message.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define NO_DECODER ((iconv_t) - 1)

/* UTF-7 and its like write a letter as a shift and base64. Where such a run is broken, iconv goes back to the shift if it
   stands in the same call, and cannot otherwise: what is decoded would depend on where a pipe was cut. */
static bool shifts_to_base64(iconv_t decoder) {
    static const char shifted[][6] = {"+AGE-", "&AGE-"}; /* "a" in UTF-7 and in IMAP's */
    for (int i = 0; i < 2; i++) {
        char coded[6], decoded[64], *from = coded, *to = decoded;
        memcpy(coded, shifted[i], sizeof coded);
        size_t left = 5, room = sizeof decoded;
        iconv(decoder, NULL, NULL, NULL, NULL);
        if (iconv(decoder, &from, &left, &to, &room) != (size_t)-1 && to == decoded + 1 && decoded[0] == 'a')
            return true;
    }
    return false;
}

bool input_knows(const char *encoding) {
    iconv_t decoder = iconv_open("UTF-8", encoding);
    if (decoder == NO_DECODER)
        return false;
    bool good = !shifts_to_base64(decoder);
    iconv_close(decoder);
    return good;
}

/* Bytes to step over where nothing decodes: a code unit, so that UTF-16 stays in step. */
static size_t unit_of(const char *encoding) {
    static const struct {
        const char *begins;
        size_t unit;
    } wide[] = {{"utf-16", 2}, {"utf16", 2}, {"ucs-2", 2}, {"utf-32", 4}, {"utf32", 4}, {"ucs-4", 4}};
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (strncasecmp(encoding, wide[i].begins, strlen(wide[i].begins)) == 0)
            return wide[i].unit;
    return 1;
}

bool input_open(input *in, const char *path, const char *encoding) {
    *in = (input){.path = path, .descriptor = -1, .unit = encoding ? unit_of(encoding) : 1};
    in->descriptor = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat about;
    if (in->descriptor < 0 || fstat(in->descriptor, &about) != 0)
        in->problem = errno;
    else if (S_ISDIR(about.st_mode))
        in->problem = EISDIR;
    else if (encoding && !(in->decodes = (in->decoder = iconv_open("UTF-8", encoding)) != NO_DECODER))
        in->problem = errno;
    else if (S_ISREG(about.st_mode) && about.st_size > 0)
        in->size = (uint64_t)about.st_size;
    if (!in->problem)
        return true;
    input_close(in);
    return false;
}

void input_close(input *in) {
    if (in->descriptor > STDIN_FILENO)
        close(in->descriptor);
    in->descriptor = -1;
    if (in->decodes)
        iconv_close(in->decoder);
    in->decodes = false;
    buffer_free(&in->raw);
}

const char *input_why(const input *in) {
    return in->problem == EISDIR ? "is a folder; name its files, as in 'classify folder/*'" : strerror(in->problem);
}

static ssize_t read_some(input *in, char *to, size_t size) {
    for (;;) {
        ssize_t got = read(in->descriptor, to, size);
        if (got >= 0) {
            in->bytes += (uint64_t)got;
            return got;
        }
        if (errno == EAGAIN) {
            struct pollfd wait = {.fd = in->descriptor, .events = POLLIN};
            poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            in->problem = errno;
            return -1;
        }
    }
}

/* Decodes in->raw into `to`. What is left in raw is the beginning of a character, unless `last`. */
static void decode(input *in, buffer *to, bool last) {
    char *from = in->raw.data;
    size_t left = in->raw.size;
    while (left) {
        size_t room = left * 3 + 16;
        char *at = buffer_reserve(to, room), *begin = at;
        size_t status = iconv(in->decoder, &from, &left, &at, &room);
        int why = errno;
        to->size += (size_t)(at - begin);
        if (status != (size_t)-1 || why == E2BIG)
            continue;
        if (why == EINVAL && !last)
            break;
        /* An undecodable unit, or at the end half a character: one FF, and on with the next. */
        size_t skip = why == EINVAL || in->unit > left ? left : in->unit;
        buffer_char(to, '\xFF');
        from += skip;
        left -= skip;
    }
    if (left)
        memmove(in->raw.data, from, left);
    in->raw.size = left;
}

/* Drops the byte-order mark, once enough is there to tell: two typed bytes that begin no mark need not wait for a third. */
static void drop_mark(input *in, buffer *to, size_t start) {
    size_t have = to->size - start, compared = have < 3 ? have : 3;
    bool mark = compared && memcmp(to->data + start, "\xEF\xBB\xBF", compared) == 0;
    if (in->started || !have || (mark && have < 3 && !in->ended))
        return;
    in->started = true;
    if (mark && have >= 3) {
        memmove(to->data + start, to->data + start + 3, have - 3);
        to->size -= 3;
    }
}

bool input_read(input *in, buffer *to, size_t want) {
    size_t start = to->size;
    while (!in->ended) {
        buffer *target = in->decodes ? &in->raw : to;
        ssize_t got = read_some(in, buffer_reserve(target, want), want);
        if (got > 0)
            target->size += (size_t)got;
        in->ended = got <= 0;
        if (target == &in->raw)
            decode(in, to, in->ended);
        drop_mark(in, to, start);
        if (to->size > start && in->started)
            break;
    }
    return !in->ended;
}

bool input_read_all(input *in, buffer *to) {
    /* Room for the whole of a regular file at once; the size may be a lie, so that it is a hint and a bounded one. */
    if (in->size && in->size < (uint64_t)1 << 30)
        buffer_reserve(to, (size_t)in->size + 1);
    size_t want = 64u << 10;
    while (input_read(in, to, want))
        if (to->size >= want && want < 4u << 20)
            want *= 2;
    return in->problem == 0;
}

bool input_file(const char *path, const char *encoding, buffer *to) {
    input in;
    bool done = input_open(&in, path, encoding) && input_read_all(&in, to);
    if (!done)
        say("%s: %s", path, input_why(&in));
    input_close(&in);
    return done;
}
