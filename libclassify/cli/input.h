/* Bytes of files and of standard input, brought to UTF-8 where another encoding is named. */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include "buffer.h"

#include <iconv.h>
#include <stdbool.h>

typedef struct input {
    const char *path;    /* as given; "-" is standard input */
    uint64_t bytes;      /* read so far, before decoding */
    uint64_t size;       /* of a regular file, for progress; 0 where it is not known */
    int descriptor;      /* -1: not open */
    int problem;         /* errno of what went wrong, 0 for nothing */
    bool ended, started; /* started: a byte-order mark was looked for */
    bool decodes;        /* else the bytes are UTF-8 already */
    iconv_t decoder;
    size_t unit; /* bytes of the encoding's code unit */
    buffer raw;  /* bytes read that do not yet decode */
} input;

/* Opens. A folder is an error. False with `problem` set; the input is then closed. `encoding` NULL: UTF-8. */
bool input_open(input *in, const char *path, const char *encoding);
/* Appends up to about `want` decoded bytes to `to`, as many as one read(2) brings; a leading byte-order mark is dropped.
   An undecodable byte becomes the byte FF, which no UTF-8 holds: the library counts each as one replaced sequence.
   True while there may be more; false at the end or on an error (`problem`). */
bool input_read(input *in, buffer *to, size_t want);
/* All that is left. False on an error. */
bool input_read_all(input *in, buffer *to);
void input_close(input *in);
/* What to say of `problem`: one line for a person. */
const char *input_why(const input *in);

/* Whether iconv knows the encoding, and it can be decoded piece by piece: UTF-7 cannot. */
bool input_knows(const char *encoding);

/* A whole file into `to`; on failure says why and returns false. */
bool input_file(const char *path, const char *encoding, buffer *to);

#endif
