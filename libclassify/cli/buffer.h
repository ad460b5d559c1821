/* Growable bytes, and numbers written without printf: the same in every locale, and fast. */
#ifndef CLI_BUFFER_H
#define CLI_BUFFER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct buffer {
    char *data;
    size_t size, capacity;
} buffer;

/* Memory that is there, or the end of the command with a message: none of these returns NULL for a size above 0. */
void *memory_resize(void *memory, size_t count, size_t item);
void *memory_new(size_t count, size_t item);      /* zeroed */
char *memory_copy(const char *text, size_t size); /* NUL-terminated */

void buffer_grow(buffer *b, size_t more);
/* Room for `more` bytes after the present ones; the place where they go. */
static inline char *buffer_reserve(buffer *b, size_t more) {
    if (more > b->capacity - b->size)
        buffer_grow(b, more);
    return b->data + b->size;
}
void buffer_free(buffer *b);
/* Gives memory back after an unusually large record, so that one does not cost its size for ever. Empties the buffer. */
void buffer_reset(buffer *b, size_t keep);

static inline void buffer_append(buffer *b, const void *bytes, size_t size) {
    if (size)
        memcpy(buffer_reserve(b, size), bytes, size);
    b->size += size;
}

static inline void buffer_text(buffer *b, const char *text) { buffer_append(b, text, strlen(text)); }

static inline void buffer_char(buffer *b, char c) {
    *buffer_reserve(b, 1) = c;
    b->size++;
}

void buffer_spaces(buffer *b, size_t count);
void buffer_unsigned(buffer *b, uint64_t n);
void buffer_signed(buffer *b, int64_t n);
/* 1234567 as "1,234,567", for people. */
void buffer_grouped(buffer *b, uint64_t n);
/* A number from -1e9 to 1e9 with `decimals` (0-9) digits after the point, rounded half away from zero; NaN is written as 0. */
void buffer_fixed(buffer *b, double value, unsigned decimals);
/* numerator / denominator the same way, in integers only: every platform writes the same digits. */
void buffer_ratio(buffer *b, int64_t numerator, int32_t denominator, unsigned decimals);
/* Spaces up to `column` bytes after `start`, at least one. */
void buffer_pad(buffer *b, size_t start, size_t column);

#endif
