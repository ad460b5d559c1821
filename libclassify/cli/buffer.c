/* buffer.c - growable bytes and number formatting.
   May include: message.h.
   Must not know: formats, records, the library. */
#include "buffer.h"

#include "message.h"

#include <stdbool.h>
#include <stdlib.h>

void *memory_resize(void *memory, size_t count, size_t item) {
    if (count > SIZE_MAX / 2 / (item ? item : 1))
        give_up("out of memory: a record is too large");
    size_t size = count * item;
    void *grown = realloc(memory, size > 0 ? size : 1);
    if (!grown)
        give_up("out of memory; split the input, or give fewer --jobs");
    return grown;
}

void *memory_new(size_t count, size_t item) {
    void *memory = memory_resize(NULL, count, item);
    memset(memory, 0, count * item);
    return memory;
}

char *memory_copy(const char *text, size_t size) {
    char *copy = memory_resize(NULL, size + 1, 1);
    memcpy(copy, text, size);
    copy[size] = 0;
    return copy;
}

void buffer_grow(buffer *b, size_t more) {
    size_t need = b->size + more;
    if (need < more)
        give_up("out of memory: a record is too large");
    size_t capacity = b->capacity ? b->capacity : 256;
    while (capacity < need)
        capacity = capacity > SIZE_MAX / 4 ? need : capacity * 2;
    b->data = memory_resize(b->data, capacity, 1);
    b->capacity = capacity;
}

void buffer_free(buffer *b) {
    free(b->data);
    *b = (buffer){0};
}

void buffer_reset(buffer *b, size_t keep) {
    if (b->capacity > keep)
        buffer_free(b);
    b->size = 0;
}

void buffer_spaces(buffer *b, size_t count) {
    memset(buffer_reserve(b, count), ' ', count);
    b->size += count;
}

void buffer_unsigned(buffer *b, uint64_t n) {
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    buffer_append(b, digits + at, sizeof digits - at);
}

void buffer_signed(buffer *b, int64_t n) {
    if (n < 0)
        buffer_char(b, '-');
    buffer_unsigned(b, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

void buffer_grouped(buffer *b, uint64_t n) {
    uint64_t power = 1;
    while (n / power >= 1000)
        power *= 1000;
    buffer_unsigned(b, n / power);
    while (power /= 1000) {
        uint64_t part = n / power % 1000;
        char group[4] = {',', (char)('0' + part / 100), (char)('0' + part / 10 % 10), (char)('0' + part % 10)};
        buffer_append(b, group, sizeof group);
    }
}

static const uint64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

static void write_decimal(buffer *b, bool negative, uint64_t whole, uint64_t fraction, unsigned decimals) {
    if (negative && (whole || fraction))
        buffer_char(b, '-');
    buffer_unsigned(b, whole);
    if (!decimals)
        return;
    char digits[10];
    for (unsigned i = decimals; i > 0; i--, fraction /= 10)
        digits[i] = (char)('0' + fraction % 10);
    digits[0] = '.';
    buffer_append(b, digits, decimals + 1);
}

void buffer_fixed(buffer *b, double value, unsigned decimals) {
    bool negative = value < 0;
    double size = negative ? -value : value;
    if (!(size <= 1e9))
        size = size > 1e9 ? 1e9 : 0;
    uint64_t scaled = (uint64_t)(size * (double)powers[decimals] + 0.5);
    write_decimal(b, negative, scaled / powers[decimals], scaled % powers[decimals], decimals);
}

void buffer_ratio(buffer *b, int64_t numerator, int32_t denominator, unsigned decimals) {
    uint64_t d = denominator > 0 ? (uint64_t)denominator : 1;
    uint64_t n = numerator < 0 ? 0 - (uint64_t)numerator : (uint64_t)numerator;
    uint64_t whole = n / d, fraction = (n % d * powers[decimals] + d / 2) / d;
    if (fraction == powers[decimals]) {
        whole++;
        fraction = 0;
    }
    write_decimal(b, numerator < 0, whole, fraction, decimals);
}

void buffer_pad(buffer *b, size_t start, size_t column) {
    size_t used = b->size - start;
    buffer_spaces(b, used < column ? column - used : 1);
}
