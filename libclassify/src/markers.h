/* markers.h - what stands in a text but is no word: numbers, addresses, wallets, shouting. Each is one token with a name. */
#ifndef CL_MARKERS_H
#define CL_MARKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    CL_MARKER_NONE,
    CL_MARKER_NUMBER,
    CL_MARKER_URL,
    CL_MARKER_EMAIL,
    CL_MARKER_ONION,
    CL_MARKER_WALLET,
    CL_MARKER_USER,
    CL_MARKER_LONG, /* a run of letters too long to be a word */
    /* Remarks on the words around them, rather than words: no part of pairs, and no evidence that a text says something. */
    CL_MARKER_SHOUT,    /* the second of a run of words in capitals */
    CL_MARKER_EXCLAIM,  /* two or more ! in a row */
    CL_MARKER_BANG,     /* one ! */
    CL_MARKER_QUESTION, /* one or more ? */
    CL_MARKER_ELLIPSIS,
    CL_MARKER_QUOTE,
    CL_MARKER_EMOJI
} cl_marker;

static inline bool cl_marker_is_remark(cl_marker marker) { return marker >= CL_MARKER_SHOUT; }

/* "<number>" and so on: no word has these characters, so that a marker is a feature like any other. */
const char *cl_marker_name(cl_marker marker);

/* A mask such as <EMAIL> or <BTC> at `at` (which points to the '<'). Sets *next behind it. <NAME> and what is no mask: NONE. */
cl_marker cl_marker_mask(const uint8_t *at, const uint8_t *end, const uint8_t **next);

/* A mention such as @someone at `at` (which points to the '@'). */
cl_marker cl_marker_mention(const uint8_t *at, const uint8_t *end, const uint8_t **next);

/* Does the word begin .. word_end (ASCII letters and digits) begin an address or is it a wallet? Looks at most a URL, or 320
   bytes of an e-mail address, ahead. Sets *next behind the marker. */
cl_marker cl_marker_address(const uint8_t *begin, const uint8_t *word_end, const uint8_t *end, const uint8_t **next);

/* Can the byte behind a word make cl_marker_address say anything? */
static inline bool cl_marker_hint(uint8_t byte) {
    return byte == ':' || byte == '@' || byte == '.' || byte == '_' || byte == '-' || byte == '+' || byte == '%';
}

#endif
