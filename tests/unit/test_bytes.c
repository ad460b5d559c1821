/* test_bytes.c - numbers of the files, the buffer, the bounds-checked reader, and the checksum against fixed values. */
#include "bytes.h"
#include "check.h"

static uint64_t read_all(const uint8_t *bytes, size_t size, bool *ok) {
    cl_reader r = {bytes, bytes, bytes + size, false};
    uint64_t v = cl_read_varint(&r);
    *ok = !r.failed && r.at == r.end;
    return v;
}

static void varints(const classify_allocator *a) {
    for (int shift = 0; shift < 64; shift++)
        for (int delta = -1; delta <= 1; delta++) {
            uint64_t v = (UINT64_C(1) << shift) + (uint64_t)(int64_t)delta;
            cl_buffer b = {.allocator = a};
            bool ok;
            cl_buffer_varint(&b, v);
            CHECK(read_all(b.data, b.size, &ok) == v && ok);
            for (size_t cut = 0; cut < b.size; cut++) {
                CHECK(read_all(b.data, cut, &ok) == 0 && !ok);
            }
            cl_buffer_free(&b);
        }
    static const struct {
        const char *bytes;
        size_t size;
    } bad[] = {{"\x80\x00", 2}, /* a needless zero */
               {"\xFF\x80\x00", 3},
               {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 10}, /* 65 bits */
               {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 11},
               {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10},
               {"", 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        bool ok;
        CHECK_INT(read_all((const uint8_t *)bad[i].bytes, bad[i].size, &ok), 0);
        CHECK(!ok);
    }
}

static void numbers(const classify_allocator *a) {
    static const uint8_t want[] = {0x12, 0x02, 0x01, 0x06, 0x05, 0x04, 0x03, 0x0E, 0x0D,
                                   0x0C, 0x0B, 0x0A, 0x09, 0x08, 0x87, 0,    'x',  'y'};
    cl_buffer b = {.allocator = a};
    cl_buffer_u8(&b, 0x12);
    cl_buffer_u16(&b, 0x0102);
    cl_buffer_u32(&b, 0x03040506);
    cl_buffer_u64(&b, UINT64_C(0x8708090A0B0C0D0E));
    cl_buffer_align(&b, 4);
    cl_buffer_text(&b, "xy");
    cl_buffer_bytes(&b, NULL, 0);
    CHECK_INT(b.size, sizeof want);
    CHECK(!memcmp(b.data, want, sizeof want));
    CHECK_INT(cl_le16(b.data + 1), 0x0102);
    CHECK_INT(cl_le32(b.data + 3), 0x03040506);
    CHECK(cl_le64(b.data + 7) == UINT64_C(0x8708090A0B0C0D0E));
    cl_reader r = {b.data, b.data + 3, b.data + 15, false};
    CHECK_INT(cl_read_u32(&r), 0x03040506);
    CHECK(cl_read_u64(&r) == UINT64_C(0x8708090A0B0C0D0E));
    CHECK_INT(cl_reader_left(&r), 0);
    CHECK(!r.failed && cl_read_bytes(&r, 0) && !r.failed);
    CHECK(!cl_read_u32(&r) && r.failed);
    r = (cl_reader){b.data, b.data, b.data + 7, false};
    CHECK(!cl_read_u64(&r) && r.failed && r.at == b.data);
    r = (cl_reader){b.data, b.data, b.data + 7, false};
    CHECK(!cl_read_bytes(&r, SIZE_MAX) && r.failed);
    cl_buffer_free(&b);
    CHECK(!b.data && !b.size && !b.capacity); /* and may be filled anew */
    cl_buffer_u8(&b, 7);
    CHECK(b.size == 1 && *b.data == 7);
    cl_buffer_free(&b);
}

static void *no_memory(void *context, size_t size) {
    (void)context, (void)size;
    return NULL;
}

static void *no_more(void *context, void *memory, size_t old_size, size_t new_size) {
    (void)context, (void)memory, (void)old_size, (void)new_size;
    return NULL;
}

static void allocation(const classify_allocator *a) {
    classify_allocator none = {no_memory, no_more, a->release, NULL};
    cl_buffer b = {.allocator = &none};
    cl_buffer_text(&b, "lost");
    CHECK(b.failed && !b.size);
    cl_buffer_u64(&b, 1);
    CHECK(!b.size);
    cl_buffer_free(&b);
    CHECK(!cl_alloc(a, SIZE_MAX / 2, 4) && !cl_calloc(a, SIZE_MAX / 8 + 1, 8) && !cl_alloc(a, PTRDIFF_MAX, 2));
    uint32_t *array = NULL;
    size_t capacity = 0;
    CHECK(!CL_RESERVE(a, array, capacity, SIZE_MAX / 4) && !array && !capacity);
    CHECK(CL_RESERVE(a, array, capacity, 1) && capacity >= 1);
    array[0] = 7;
    CHECK(CL_RESERVE(a, array, capacity, 1000) && capacity >= 1000 && array[0] == 7);
    cl_release(a, array, capacity, sizeof *array);
    cl_release(a, NULL, 5, 5);
    classify_allocator partial = {a->alloc, NULL, a->release, NULL};
    CHECK(cl_allocator(&partial).resize && cl_allocator(NULL).alloc);
}

/* Fixed values: they are part of the formats. Worked out with a program of its own from FORMAT.md's words. */
static void hashes(void) {
    uint8_t bytes[100];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + 3);
    static const struct {
        size_t size;
        uint64_t sum;
    } sums[] = {{0, UINT64_C(0x2805352C1B703FA8)},  {1, UINT64_C(0x9DA5CEE649FD3968)},  {7, UINT64_C(0x8A7C104116116C53)},
                {8, UINT64_C(0x80D8728B6EC41676)},  {31, UINT64_C(0xF2376C8FBD6CEE13)}, {32, UINT64_C(0x10456827C9A73AAE)},
                {33, UINT64_C(0xBC93417BDEDD3F2B)}, {64, UINT64_C(0xA3CC6D8ECB2E8F49)}, {100, UINT64_C(0x6C2065AD3045EEA8)}};
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        if (cl_checksum(bytes, sums[i].size) != sums[i].sum)
            CHECK_FAIL("checksum of %d bytes", (int)sums[i].size);
    CHECK(cl_hash_end(cl_hash_step(cl_hash_step(CL_HASH_SEED, 'a'), 0x451)) == UINT64_C(0xEC9BC1A397A0FC58));
    CHECK(cl_hash_two('a', 0x451) == UINT64_C(0xEC9BC1A397A0FC58));
    CHECK(cl_hash_word("a", 1) == UINT64_C(0x63AF928E5E058F9D) && cl_hash_word("погроза", 14) == UINT64_C(0xDFBC544CE4D15684));
    char xs[33];
    memset(xs, 'x', sizeof xs);
    CHECK(cl_hash_word(xs, 32) == UINT64_C(0x16AF13DCFB2B2AE7) && cl_hash_word(xs, 33) == UINT64_C(0xE2868784DD9605B0));
}

int main(void) {
    classify_allocator a = cl_allocator(NULL);
    varints(&a);
    numbers(&a);
    allocation(&a);
    hashes();
    return check_result();
}
