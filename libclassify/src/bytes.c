/* bytes.c - the growable buffer, the bounds-checked reader, the checksum.
   May include: alloc.h.
   Must not know: any file's layout. */
#include "bytes.h"

void cl_buffer_bytes(cl_buffer *b, const void *data, size_t size) {
    if (b->failed || !size)
        return;
    if (size > SIZE_MAX - b->size || !CL_RESERVE(b->allocator, b->data, b->capacity, b->size + size)) {
        b->failed = true;
        return;
    }
    memcpy(b->data + b->size, data, size);
    b->size += size;
}

uint8_t *cl_buffer_spare(cl_buffer *b, size_t size) {
    if (b->failed || size > SIZE_MAX - b->size || !CL_RESERVE(b->allocator, b->data, b->capacity, b->size + size)) {
        b->failed = true;
        return NULL;
    }
    return b->data + b->size;
}

uint8_t *cl_buffer_room(cl_buffer *b, size_t size) {
    uint8_t *room = cl_buffer_spare(b, size);
    if (room)
        memset(room, 0, size), b->size += size;
    return room;
}

void cl_buffer_text(cl_buffer *b, const char *text) { cl_buffer_bytes(b, text, strlen(text)); }

void cl_buffer_u8(cl_buffer *b, uint8_t v) { cl_buffer_bytes(b, &v, 1); }

void cl_buffer_u16(cl_buffer *b, uint16_t v) {
    uint8_t bytes[2];
    cl_put16(bytes, v);
    cl_buffer_bytes(b, bytes, sizeof bytes);
}

void cl_buffer_u32(cl_buffer *b, uint32_t v) {
    uint8_t bytes[4];
    cl_put32(bytes, v);
    cl_buffer_bytes(b, bytes, sizeof bytes);
}

void cl_buffer_u64(cl_buffer *b, uint64_t v) {
    uint8_t bytes[8];
    cl_put64(bytes, v);
    cl_buffer_bytes(b, bytes, sizeof bytes);
}

void cl_buffer_varint(cl_buffer *b, uint64_t v) {
    uint8_t bytes[CL_VARINT_MOST];
    cl_buffer_bytes(b, bytes, (size_t)(cl_put_varint(bytes, v) - bytes));
}

void cl_buffer_align(cl_buffer *b, size_t alignment) {
    while (!b->failed && b->size % alignment)
        cl_buffer_u8(b, 0);
}

void cl_buffer_free(cl_buffer *b) {
    cl_release(b->allocator, b->data, b->capacity, 1);
    b->data = NULL;
    b->size = b->capacity = 0;
}

uint64_t cl_read_varint(cl_reader *r) {
    uint64_t value = 0;
    for (unsigned shift = 0; r->at < r->end; shift += 7) {
        uint8_t byte = *r->at++;
        if (shift == 63 && byte > 1)
            break;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            if (byte == 0 && shift)
                break;
            return value;
        }
    }
    r->failed = true;
    return 0;
}

const uint8_t *cl_read_bytes(cl_reader *r, size_t size) {
    if (size > cl_reader_left(r)) {
        r->failed = true;
        return NULL;
    }
    const uint8_t *bytes = r->at;
    r->at += size;
    return bytes;
}

uint32_t cl_read_u32(cl_reader *r) {
    const uint8_t *bytes = cl_read_bytes(r, 4);
    return bytes ? cl_le32(bytes) : 0;
}

uint64_t cl_read_u64(cl_reader *r) {
    const uint8_t *bytes = cl_read_bytes(r, 8);
    return bytes ? cl_le64(bytes) : 0;
}

uint64_t cl_hash_word(const void *bytes, size_t size) {
    const uint8_t *p = bytes;
    uint8_t last[32] = {0};
    uint64_t hash = 0;
    for (; size > 32; p += 32, size -= 32)
        hash = cl_hash_block(hash, p);
    memcpy(last, p, size);
    return cl_hash_block(hash, last);
}

static inline uint64_t checksum_lane(uint64_t lane, const uint8_t *p) {
    lane = (lane ^ cl_le64(p)) * UINT64_C(0x9FB21C651E98DF25);
    return lane ^ lane >> 28;
}

uint64_t cl_checksum(const void *data, size_t size) {
    const uint8_t *p = data;
    uint64_t lane[4] = {size + 1, size + 2, size + 3, size + 4};
    for (; size >= 32; p += 32, size -= 32)
        for (int i = 0; i < 4; i++)
            lane[i] = checksum_lane(lane[i], p + 8 * i);
    uint8_t tail[32] = {0};
    memcpy(tail, p, size);
    for (int i = 0; i < 4; i++)
        lane[i] = checksum_lane(lane[i], tail + 8 * i);
    uint64_t sum = CL_HASH_SEED;
    for (int i = 0; i < 4; i++)
        sum = (sum ^ lane[i]) * UINT64_C(0xFF51AFD7ED558CCD), sum ^= sum >> 31;
    return sum;
}
