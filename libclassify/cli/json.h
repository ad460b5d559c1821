/* One JSON object of a line: checked whole, and the few members that are wanted found in it, as raw bytes. No tree is built and
   nothing is converted, so that an `id` of any type - an integer of thirty digits, 1.50, an object - is echoed as it came. */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include "buffer.h"

#include <stdbool.h>

typedef enum json_type { JSON_MISSING, JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT } json_type;

typedef struct json_member {
    const char *name;
    json_type type;  /* JSON_MISSING: not in the object */
    const char *raw; /* the value's bytes in the text */
    size_t size;
} json_member;

#define JSON_DEPTH 1000 /* arrays and objects inside each other; more is an error */

/* Scans an object (RFC 8259, any bytes from 80 on as characters). Of members with equal names the last counts. Returns NULL, or
   what is wrong, in a few words, with its offset; members that came before it are set even then. */
const char *json_scan(const char *text, size_t size, json_member *wanted, size_t count, size_t *offset);

/* Appends the bytes that a JSON string (quotes included, checked by json_scan) stands for. Half a surrogate pair becomes the
   byte FF: the library counts and replaces it as it does every other invalid byte. */
void json_decode(buffer *out, const char *raw, size_t size);

#endif
