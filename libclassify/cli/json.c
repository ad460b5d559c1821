/* json.c - scans one JSON object.
   May include: json.h, buffer.h.
   Must not know: which members mean what, the library. */
#include "json.h"

typedef struct scan {
    const char *at, *end;
    const char *problem;
} scan;

static bool fail(scan *s, const char *problem) {
    s->problem = problem;
    return false;
}

static void skip_space(scan *s) {
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
        s->at++;
}

static int hex_value(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool scan_escape(scan *s) {
    s->at++; /* the backslash */
    if (s->at == s->end)
        return fail(s, "a string does not end");
    char c = *s->at++;
    if (c != 'u')
        /* Eight letters, without the zero: a zero byte is no escape. */
        // NOLINTNEXTLINE(bugprone-not-null-terminated-result)
        return memchr("\"\\/bfnrt", c, 8) ? true : fail(s, "an unknown escape in a string");
    for (int i = 0; i < 4; i++, s->at++)
        if (s->at == s->end || hex_value(*s->at) < 0)
            return fail(s, "\\u without four hexadecimal digits");
    return true;
}

/* Steps over what needs no look in a string, eight bytes at once: stops at, or up to seven bytes before, a quote, a backslash,
   a control character or the end. */
static void skip_plain(scan *s) {
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    for (uint64_t word; s->end - s->at >= 8; s->at += 8) {
        memcpy(&word, s->at, sizeof word);
        const uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
        /* The top bit of a byte that is less than 0x20, or 0 of the other two; of some above such a byte too. */
        const uint64_t special = ((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash);
        if (special & tops)
            return;
    }
}

static bool scan_string(scan *s) {
    s->at++; /* the quote */
    skip_plain(s);
    while (s->at < s->end) {
        unsigned char c = (unsigned char)*s->at;
        if (c == '"') {
            s->at++;
            return true;
        }
        if (c < 0x20)
            return fail(s, "a control character in a string");
        if (c != '\\')
            s->at++;
        else if (scan_escape(s))
            skip_plain(s);
        else
            return false;
    }
    return fail(s, "a string does not end");
}

static bool scan_digits(scan *s) {
    const char *begin = s->at;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
        s->at++;
    return s->at > begin || fail(s, "a number without digits");
}

static bool scan_number(scan *s) {
    if (*s->at == '-')
        s->at++;
    bool zero = s->at < s->end && *s->at == '0';
    const char *begin = s->at;
    if (!scan_digits(s))
        return false;
    if (zero && s->at - begin > 1)
        return fail(s, "a number that begins with 0");
    if (s->at < s->end && *s->at == '.') {
        s->at++;
        if (!scan_digits(s))
            return false;
    }
    if (s->at < s->end && (*s->at == 'e' || *s->at == 'E')) {
        s->at++;
        if (s->at < s->end && (*s->at == '+' || *s->at == '-'))
            s->at++;
        return scan_digits(s);
    }
    return true;
}

static bool scan_word(scan *s, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(s->end - s->at) < length || memcmp(s->at, word, length) != 0)
        return fail(s, "a word that is not true, false or null");
    s->at += length;
    return true;
}

static bool scan_scalar(scan *s, json_type *type) {
    switch (*s->at) {
    case '"': *type = JSON_STRING; return scan_string(s);
    case 't': *type = JSON_BOOLEAN; return scan_word(s, "true");
    case 'f': *type = JSON_BOOLEAN; return scan_word(s, "false");
    case 'n': *type = JSON_NULL; return scan_word(s, "null");
    default:
        *type = JSON_NUMBER;
        return *s->at == '-' || (*s->at >= '0' && *s->at <= '9') ? scan_number(s) : fail(s, "no value where one is expected");
    }
}

static bool expect(scan *s, char c, const char *problem) {
    skip_space(s);
    if (s->at == s->end || *s->at != c)
        return fail(s, problem);
    s->at++;
    return true;
}

static bool scan_key(scan *s) {
    skip_space(s);
    if (s->at == s->end || *s->at != '"')
        return fail(s, "no name where one is expected");
    return scan_string(s) && expect(s, ':', "no : after a name");
}

/* A value with all that is in it. No recursion: one bit a level says whether it is an object, so that a hostile line can
   neither overflow the stack nor make us allocate. */
static bool scan_value(scan *s, json_type *type) {
    uint8_t object[JSON_DEPTH / 8 + 1];
    size_t depth = 0;
    json_type inner;
    for (;;) {
        skip_space(s);
        if (s->at == s->end)
            return fail(s, "the object does not end");
        char c = *s->at;
        bool opens = c == '{' || c == '[';
        if (opens) {
            if (depth == JSON_DEPTH)
                return fail(s, "nested too deeply");
            if (depth == 0)
                *type = c == '{' ? JSON_OBJECT : JSON_ARRAY;
            if (depth % 8 == 0)
                object[depth / 8] = 0;
            object[depth / 8] = (uint8_t)((object[depth / 8] & ~(1u << depth % 8)) | (unsigned)(c == '{') << depth % 8);
            depth++;
            s->at++;
            skip_space(s);
            bool closed = s->at < s->end && *s->at == (c == '{' ? '}' : ']');
            if (!closed) {
                if (c == '{' && !scan_key(s))
                    return false;
                continue;
            }
        } else if (!scan_scalar(s, depth ? &inner : type)) {
            return false;
        }
        /* After a value: leave every level that ends here, then on to the next member or item. */
        for (;;) {
            if (depth == 0)
                return true;
            bool in_object = object[(depth - 1) / 8] >> (depth - 1) % 8 & 1;
            skip_space(s);
            if (s->at == s->end)
                return fail(s, "the object does not end");
            c = *s->at;
            if (c == ',') {
                s->at++;
                if (in_object && !scan_key(s))
                    return false;
                break;
            }
            if (c != (in_object ? '}' : ']'))
                return fail(s, "no , between values");
            s->at++;
            depth--;
        }
    }
}

/* Whether a key (quotes included) is a name; escapes count as what they stand for. */
static bool key_is(const char *raw, size_t size, const char *name) {
    size_t length = strlen(name);
    if (!memchr(raw, '\\', size))
        return size == length + 2 && memcmp(raw + 1, name, length) == 0;
    buffer decoded = {0};
    json_decode(&decoded, raw, size);
    bool equal = decoded.size == length && memcmp(decoded.data ? decoded.data : "", name, length) == 0;
    buffer_free(&decoded);
    return equal;
}

static bool scan_members(scan *s, json_member *wanted, size_t count) {
    if (!expect(s, '{', "not a JSON object"))
        return false;
    skip_space(s);
    if (s->at < s->end && *s->at == '}') {
        s->at++;
        return true;
    }
    for (;;) {
        skip_space(s);
        const char *key = s->at;
        if (s->at == s->end || *s->at != '"')
            return fail(s, "no name where one is expected");
        if (!scan_string(s))
            return false;
        size_t key_size = (size_t)(s->at - key);
        if (!expect(s, ':', "no : after a name"))
            return false;
        skip_space(s);
        const char *value = s->at;
        json_type type = JSON_MISSING;
        if (!scan_value(s, &type))
            return false;
        for (size_t i = 0; i < count; i++)
            if (key_is(key, key_size, wanted[i].name))
                wanted[i] = (json_member){wanted[i].name, type, value, (size_t)(s->at - value)};
        skip_space(s);
        if (s->at < s->end && *s->at == '}') {
            s->at++;
            return true;
        }
        if (!expect(s, ',', s->at == s->end ? "the object does not end" : "no , between members"))
            return false;
    }
}

const char *json_scan(const char *text, size_t size, json_member *wanted, size_t count, size_t *offset) {
    scan s = {text, text + size, NULL};
    for (size_t i = 0; i < count; i++)
        wanted[i] = (json_member){.name = wanted[i].name};
    skip_space(&s);
    bool good = s.at < s.end ? scan_members(&s, wanted, count) : fail(&s, "a blank line");
    skip_space(&s);
    if (good && s.at < s.end)
        fail(&s, "something after the object");
    *offset = (size_t)(s.at - text);
    return s.problem;
}

static unsigned unit_of(const char *digits) {
    unsigned unit = 0;
    for (int i = 0; i < 4; i++)
        unit = unit << 4 | (unsigned)hex_value(digits[i]);
    return unit;
}

static void append_character(buffer *out, unsigned c) {
    if (c < 0x80)
        buffer_char(out, (char)c);
    else if (c < 0x800)
        buffer_append(out, (char[]){(char)(0xC0 | c >> 6), (char)(0x80 | (c & 63))}, 2);
    else if (c < 0x10000)
        buffer_append(out, (char[]){(char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 63)), (char)(0x80 | (c & 63))}, 3);
    else
        buffer_append(out,
                      (char[]){(char)(0xF0 | c >> 18), (char)(0x80 | (c >> 12 & 63)), (char)(0x80 | (c >> 6 & 63)),
                               (char)(0x80 | (c & 63))},
                      4);
}

/* A \u escape whose digits begin at `at`; returns where it ends, a second half included. */
static const char *decode_unit(buffer *out, const char *at, const char *end) {
    unsigned c = unit_of(at);
    at += 4;
    if (c >= 0xD800 && c < 0xDC00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
        unsigned low = unit_of(at + 2);
        if (low >= 0xDC00 && low < 0xE000) {
            append_character(out, 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00));
            return at + 6;
        }
    }
    if (c >= 0xD800 && c < 0xE000)
        buffer_char(out, '\xFF');
    else
        append_character(out, c);
    return at;
}

void json_decode(buffer *out, const char *raw, size_t size) {
    const char *at = raw + 1, *end = raw + size - 1;
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        buffer_append(out, at, (size_t)((escape ? escape : end) - at));
        if (!escape)
            return;
        at = escape + 2;
        switch (escape[1]) {
        case 'b': buffer_char(out, '\b'); break;
        case 'f': buffer_char(out, '\f'); break;
        case 'n': buffer_char(out, '\n'); break;
        case 'r': buffer_char(out, '\r'); break;
        case 't': buffer_char(out, '\t'); break;
        case 'u': at = decode_unit(out, at, end); break;
        default: buffer_char(out, escape[1]);
        }
    }
}
