/* bytes.h - little-endian numbers in byte order of the files, a growable buffer, a bounds-checked reader, hashes. */
#ifndef CL_BYTES_H
#define CL_BYTES_H

#include "alloc.h"

#include <string.h>

/* Numbers in the files are little-endian and are read where they lie, whatever the machine's order. Where that is the same
   order, a number is a copy, which compilers load at once and, over rows, several at a time. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static inline uint16_t cl_le16(const void *p) {
    uint16_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint32_t cl_le32(const void *p) {
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint64_t cl_le64(const void *p) {
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void cl_put16(void *p, uint16_t v) { memcpy(p, &v, sizeof v); }
#else
static inline uint16_t cl_le16(const void *p) {
    const uint8_t *b = p;
    return (uint16_t)(b[0] | b[1] << 8);
}

static inline uint32_t cl_le32(const void *p) {
    const uint8_t *b = p;
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline uint64_t cl_le64(const void *p) { return cl_le32(p) | (uint64_t)cl_le32((const uint8_t *)p + 4) << 32; }

static inline void cl_put16(void *p, uint16_t v) {
    uint8_t *b = p;
    b[0] = (uint8_t)v, b[1] = (uint8_t)(v >> 8);
}
#endif

static inline void cl_put32(void *p, uint32_t v) { cl_put16(p, (uint16_t)v), cl_put16((uint8_t *)p + 2, (uint16_t)(v >> 16)); }

static inline void cl_put64(void *p, uint64_t v) { cl_put32(p, (uint32_t)v), cl_put32((uint8_t *)p + 4, (uint32_t)(v >> 32)); }

/* Asks for memory that will be read soon; nothing more than a hint. */
#if defined(__GNUC__)
#define CL_PREFETCH(p) __builtin_prefetch(p)
#else
#define CL_PREFETCH(p) ((void)(p))
#endif

/* The number of the highest bit of a number above 0. */
static inline unsigned cl_highest_bit(uint64_t v) {
#if defined(__GNUC__)
    return 63 - (unsigned)__builtin_clzll(v);
#else
    unsigned log = 0;
    while (v >>= 1)
        log++;
    return log;
#endif
}

/* A growable run of bytes. A failed append sets `failed` and is ignored, so that a writer checks once, at its end. */
typedef struct {
    const classify_allocator *allocator;
    uint8_t *data;
    size_t size, capacity;
    bool failed;
} cl_buffer;

void cl_buffer_bytes(cl_buffer *b, const void *data, size_t size);
uint8_t *cl_buffer_room(cl_buffer *b, size_t size);  /* zeros, to be filled before the next append; NULL: no memory */
uint8_t *cl_buffer_spare(cl_buffer *b, size_t size); /* the same, unset and not counted in: raise b->size by what was used */
void cl_buffer_text(cl_buffer *b, const char *text);
void cl_buffer_u8(cl_buffer *b, uint8_t v);
void cl_buffer_u16(cl_buffer *b, uint16_t v);
void cl_buffer_u32(cl_buffer *b, uint32_t v);
void cl_buffer_u64(cl_buffer *b, uint64_t v);
void cl_buffer_varint(cl_buffer *b, uint64_t v); /* LEB128, 1-10 bytes */
/* The same to a place that has room; returns where it ends. */
static inline uint8_t *cl_put_varint(uint8_t *at, uint64_t v) {
    for (; v >= 0x80; v >>= 7)
        *at++ = (uint8_t)(v | 0x80);
    *at++ = (uint8_t)v;
    return at;
}
enum { CL_VARINT_MOST = 10 };
void cl_buffer_align(cl_buffer *b, size_t alignment);
void cl_buffer_free(cl_buffer *b);

/* A reader that never passes `end`: a read beyond it gives 0 and sets `failed`. */
typedef struct {
    const uint8_t *start, *at, *end;
    bool failed;
} cl_reader;

uint64_t cl_read_varint(cl_reader *r); /* refuses more than 64 bits and needless leading zero bytes */
const uint8_t *cl_read_bytes(cl_reader *r, size_t size);
uint32_t cl_read_u32(cl_reader *r);
uint64_t cl_read_u64(cl_reader *r);
static inline size_t cl_reader_left(const cl_reader *r) { return (size_t)(r->end - r->at); }

/* The hash of numbers: of the code points of a piece of a word, of the terms of a pair. One step each, then one mix. Part of
   the model format, and of that of counts. */
#define CL_HASH_SEED UINT64_C(0x9E3779B97F4A7C15)
static inline uint64_t cl_hash_step(uint64_t hash, uint32_t number) { return (hash ^ number) * UINT64_C(0xFF51AFD7ED558CCD); }
static inline uint64_t cl_hash_end(uint64_t hash) {
    hash ^= hash >> 32;
    hash *= UINT64_C(0xC4CEB9FE1A85EC53);
    return hash ^ hash >> 29;
}
/* The same of two numbers (pairs). */
static inline uint64_t cl_hash_two(uint32_t a, uint32_t b) {
    return cl_hash_end(cl_hash_step(cl_hash_step(CL_HASH_SEED, a), b));
}

/* Both halves of the product of two numbers, folded into one (Lemire and Kaser 2014; Wang Yi's wyhash). */
static inline uint64_t cl_multiply_fold(uint64_t a, uint64_t b) {
#if defined(__SIZEOF_INT128__)
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
#else
    uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX), middle = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
    uint64_t other = (a & UINT32_MAX) * (b >> 32) + (middle & UINT32_MAX);
    return ((a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32)) ^ (other << 32 | (low & UINT32_MAX));
#endif
}

/* The hash of a word: of its folded UTF-8, in blocks of 32 bytes, the last filled up with zeros. Part of the model format. */
static inline uint64_t cl_hash_block(uint64_t hash, const void *bytes) {
    const uint8_t *p = bytes;
    uint64_t first = cl_multiply_fold(cl_le64(p) ^ UINT64_C(0x9E3779B97F4A7C15), cl_le64(p + 8) ^ UINT64_C(0xFF51AFD7ED558CCD));
    uint64_t second =
        cl_multiply_fold(cl_le64(p + 16) ^ UINT64_C(0xC4CEB9FE1A85EC53), cl_le64(p + 24) ^ UINT64_C(0x9FB21C651E98DF25));
    return cl_multiply_fold(first ^ second ^ hash, UINT64_C(0xD6E8FEB86659FD93));
}
uint64_t cl_hash_word(const void *bytes, size_t size);

/* 64-bit checksum of a file's bytes: four lanes of eight bytes, so that it runs at the speed of memory. FORMAT.md. */
uint64_t cl_checksum(const void *data, size_t size);

#endif
