/* markers.c - recognises addresses, wallets, masks and mentions by their ASCII shape.
   May include: markers.h.
   Must not know: words, folding, languages. */
#include "markers.h"

#include <string.h>

const char *cl_marker_name(cl_marker marker) {
    static const char *const names[] = {"",        "<number>", "<url>", "<email>", "<onion>", "<wallet>", "<user>", "<long>",
                                        "<shout>", "<!!>",     "<!>",   "<?>",     "<...>",   "<quote>",  "<emoji>"};
    return names[marker];
}

static bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static uint8_t lower(uint8_t c) { return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c; }
static bool is_alnum(uint8_t c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z'); }

/* Does the text at `at` begin with a lower-case ASCII string, in any case? */
static bool starts(const uint8_t *at, const uint8_t *end, const char *with) {
    for (; *with; with++, at++)
        if (at == end || lower(*at) != (uint8_t)*with)
            return false;
    return true;
}

cl_marker cl_marker_mask(const uint8_t *at, const uint8_t *end, const uint8_t **next) {
    static const struct {
        const char *text;
        cl_marker marker;
    } masks[] = {{"<url>", CL_MARKER_URL},    {"<email>", CL_MARKER_EMAIL}, {"<onion>", CL_MARKER_ONION},
                 {"<btc>", CL_MARKER_WALLET}, {"<user>", CL_MARKER_USER},   {"<phone>", CL_MARKER_NUMBER},
                 {"<name>", CL_MARKER_NONE}};
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++)
        if (starts(at, end, masks[i].text)) {
            *next = at + strlen(masks[i].text);
            return masks[i].marker;
        }
    *next = at + 1;
    return CL_MARKER_NONE;
}

cl_marker cl_marker_mention(const uint8_t *at, const uint8_t *end, const uint8_t **next) {
    const uint8_t *p = at + 1;
    while (p < end && p - at < 64 && (is_alnum(*p) || *p == '_'))
        p++;
    *next = p > at + 2 ? p : at + 1;
    return p > at + 2 ? CL_MARKER_USER : CL_MARKER_NONE;
}

/* Behind the last byte of an address that starts at p: white space, quotes and angle brackets end it, final punctuation is not
   part of it. */
static const uint8_t *address_end(const uint8_t *p, const uint8_t *end) {
    const uint8_t *begin = p;
    while (p < end && *p > ' ' && *p < 0x7F && !strchr("<>\"'`{}|\\^", *p))
        p++;
    while (p > begin && strchr(".,;:!?)]", p[-1]))
        p--;
    return p;
}

static cl_marker url(const uint8_t *begin, const uint8_t *word_end, const uint8_t *end, const uint8_t **next) {
    static const char *const starts_of[] = {"http://", "https://", "hxxp://", "hxxps://", "ftp://", "www."};
    for (size_t i = 0; i < sizeof starts_of / sizeof *starts_of; i++) {
        if (!starts(begin, end, starts_of[i]))
            continue;
        const uint8_t *stop = address_end(begin, end);
        if (stop <= word_end + 1 || stop - begin <= (ptrdiff_t)strlen(starts_of[i]))
            return CL_MARKER_NONE;
        *next = stop;
        for (const uint8_t *p = begin; p + 6 <= stop && p < begin + 256; p++)
            if (*p == '.' && starts(p, stop, ".onion"))
                return CL_MARKER_ONION;
        return CL_MARKER_URL;
    }
    return CL_MARKER_NONE;
}

static cl_marker email(const uint8_t *begin, const uint8_t *end, const uint8_t **next) {
    const uint8_t *p = begin;
    while (p < end && p - begin < 64 && (is_alnum(*p) || strchr("._%+-", *p)) && *p)
        p++;
    if (p == end || *p != '@')
        return CL_MARKER_NONE;
    const uint8_t *domain = ++p, *dot = NULL;
    while (p < end && p - domain < 255 && (is_alnum(*p) || *p == '-' || *p == '.')) {
        if (*p == '.' && p + 2 < end && is_alnum(p[1]) && is_alnum(p[2]))
            dot = p;
        p++;
    }
    while (p > domain && !is_alnum(p[-1]))
        p--;
    if (!dot || dot == domain)
        return CL_MARKER_NONE;
    *next = p;
    return CL_MARKER_EMAIL;
}

/* Shapes of the addresses of Bitcoin (base58 and bech32), Ethereum and Monero. */
static bool is_wallet(const uint8_t *p, size_t size) {
    size_t digits = 0, letters = 0, foreign = 0; /* foreign: not in base58 */
    for (size_t i = 0; i < size; i++) {
        digits += is_digit(p[i]);
        letters += is_alnum(p[i]) && !is_digit(p[i]);
        foreign += p[i] == '0' || p[i] == 'O' || p[i] == 'I' || p[i] == 'l';
    }
    if (digits + letters != size || digits < 3 || letters < 3)
        return false;
    if (size == 42 && p[0] == '0' && p[1] == 'x')
        return true;
    if (size >= 42 && size <= 62 && !memcmp(p, "bc1", 3))
        return true;
    if (foreign)
        return false;
    return (size >= 26 && size <= 35 && (p[0] == '1' || p[0] == '3')) || (size == 95 && (p[0] == '4' || p[0] == '8'));
}

cl_marker cl_marker_address(const uint8_t *begin, const uint8_t *word_end, const uint8_t *end, const uint8_t **next) {
    size_t size = (size_t)(word_end - begin);
    if (size >= 26 && size <= 95 && is_wallet(begin, size)) {
        *next = word_end;
        return CL_MARKER_WALLET;
    }
    if (word_end == end || !cl_marker_hint(*word_end))
        return CL_MARKER_NONE;
    if ((size == 16 || size == 56) && starts(word_end, end, ".onion")) {
        *next = word_end + 6;
        return CL_MARKER_ONION;
    }
    cl_marker marker = size <= 5 ? url(begin, word_end, end, next) : CL_MARKER_NONE;
    return marker ? marker : email(begin, end, next);
}
