/* fuzz_json.c - any bytes as a line of NDJSON: json_scan accepts just the objects that a plain recursive reader accepts,
   members lie inside the line and are values by themselves, and a string that is decoded, written as JSON and decoded again
   stays the same, but for bytes that are no UTF-8. */
#include "../../libclassify/cli/escape.h"
#include "../../libclassify/cli/json.h"
#include "fuzz.h"

#include <string.h>

/* ---- The plain reader: RFC 8259, as a person would write it down ---- */

typedef struct {
    const char *at, *end;
} reader;

static bool take(reader *r, char c) {
    bool there = r->at < r->end && *r->at == c;
    r->at += there;
    return there;
}

static void space(reader *r) {
    while (r->at < r->end && strchr(" \t\r\n", *r->at) && *r->at)
        r->at++;
}

static bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

static bool string(reader *r) {
    if (!take(r, '"'))
        return false;
    while (r->at < r->end && (unsigned char)*r->at >= 0x20) {
        char c = *r->at++;
        if (c == '"')
            return true;
        if (c != '\\')
            continue;
        if (r->at == r->end)
            return false;
        c = *r->at++;
        if (c == 'u') {
            for (int i = 0; i < 4; i++, r->at++)
                if (r->at == r->end || !is_hex(*r->at))
                    return false;
        } else if (!c || !strchr("\"\\/bfnrt", c)) {
            return false;
        }
    }
    return false;
}

static bool digits(reader *r) {
    const char *from = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return r->at > from;
}

static bool number(reader *r) {
    take(r, '-');
    if (!take(r, '0') && !digits(r))
        return false;
    if (take(r, '.') && !digits(r))
        return false;
    if (!take(r, 'e') && !take(r, 'E'))
        return true;
    if (!take(r, '+'))
        take(r, '-');
    return digits(r);
}

static bool word(reader *r, const char *text) {
    size_t size = strlen(text);
    bool there = (size_t)(r->end - r->at) >= size && !memcmp(r->at, text, size);
    r->at += there ? size : 0;
    return there;
}

static bool value(reader *r, int depth);

static bool object_or_array(reader *r, char close, int depth) {
    r->at++;
    space(r);
    if (take(r, close))
        return true;
    do {
        space(r);
        if (close == '}') {
            if (!string(r))
                return false;
            space(r);
            if (!take(r, ':'))
                return false;
        }
        if (!value(r, depth))
            return false;
        space(r);
    } while (take(r, ','));
    return take(r, close);
}

/* Arrays and objects inside a member: json_scan allows JSON_DEPTH of them. */
static bool value(reader *r, int depth) {
    space(r);
    if (r->at == r->end)
        return false;
    switch (*r->at) {
    case '{': return depth < JSON_DEPTH && object_or_array(r, '}', depth + 1);
    case '[': return depth < JSON_DEPTH && object_or_array(r, ']', depth + 1);
    case '"': return string(r);
    case 't': return word(r, "true");
    case 'f': return word(r, "false");
    case 'n': return word(r, "null");
    default: return number(r);
    }
}

static bool whole_object(const char *text, size_t size) {
    reader r = {text, text + size};
    space(&r);
    if (r.at == r.end || *r.at != '{' || !value(&r, -1)) /* the object itself is no level of its members */
        return false;
    space(&r);
    return r.at == r.end;
}

/* ---- Members ---- */

static json_type type_of(char c) {
    return c == '{'                 ? JSON_OBJECT
           : c == '['               ? JSON_ARRAY
           : c == '"'               ? JSON_STRING
           : c == 'n'               ? JSON_NULL
           : (c == 't' || c == 'f') ? JSON_BOOLEAN
                                    : JSON_NUMBER;
}

static void check_member(const json_member *m, const char *text, size_t size) {
    FUZZ(m->raw >= text && m->raw + m->size <= text + size && m->size && m->type == type_of(*m->raw));
    reader r = {m->raw, m->raw + m->size};
    FUZZ(value(&r, 0) && r.at == r.end);
    if (m->type != JSON_STRING)
        return;
    buffer once = {0}, written = {0}, again = {0}, repaired = {0};
    json_decode(&once, m->raw, m->size);
    FUZZ(once.size <= m->size - 2);
    append_json(&written, once.data ? once.data : "", once.size);
    reader w = {written.data, written.data + written.size};
    FUZZ(string(&w) && w.at == w.end);
    json_decode(&again, written.data, written.size);
    append_utf8(&repaired, once.data ? once.data : "", once.size);
    FUZZ(again.size == repaired.size && !memcmp(again.data ? again.data : "", repaired.data ? repaired.data : "", again.size));
    buffer_free(&once), buffer_free(&written), buffer_free(&again), buffer_free(&repaired);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    json_member wanted[] = {{.name = "text"}, {.name = "id"}, {.name = "a"}};
    enum { WANTED = sizeof wanted / sizeof *wanted };
    const char *text = (const char *)data;
    size_t offset = SIZE_MAX;
    const char *problem = json_scan(text, size, wanted, WANTED, &offset);
    FUZZ(offset <= size);
    FUZZ((problem == NULL) == whole_object(text, size));
    for (size_t i = 0; i < WANTED; i++)
        if (wanted[i].type != JSON_MISSING)
            check_member(&wanted[i], text, size);
    return 0;
}
