/* replay.c - gives a fuzz target every file of its corpus, and of each a number of random changes: the same ones each time. No
   fuzzer is needed. Usage: replay CHANGES FILE... */
#include "check.h"
#include "fuzz.h"

enum { MOST = 1 << 20 };

static void change(uint8_t *bytes, size_t *size) {
    for (uint32_t n = 1 + check_below(5); n && *size; n--) {
        size_t at = check_below((uint32_t)*size), length = 1 + check_below(8);
        switch (check_below(5)) {
        case 0: bytes[at] = (uint8_t)check_random(); break;
        case 1: bytes[at] ^= (uint8_t)(1u << check_below(8)); break;
        case 2: bytes[at] = check_below(2) ? 0xFF : 0; break;
        case 3: *size = at + 1; break;
        default: /* a run of bytes copied to elsewhere */
            if (at + length <= *size)
                memmove(bytes + at, bytes + check_below((uint32_t)(*size - length + 1)), length);
        }
    }
}

int main(int argc, char **argv) {
    long runs = 0, changes = argc > 1 ? atol(argv[1]) : 0;
    static uint8_t file_bytes[MOST];
    for (int i = 2; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        CHECK_NEED(file);
        size_t size = fread(file_bytes, 1, MOST, file);
        fclose(file);
        for (long n = 0; n <= changes; n++, runs++) {
            size_t changed = size;
            uint8_t *bytes = malloc(size + !size);
            CHECK_NEED(bytes);
            memcpy(bytes, file_bytes, size);
            if (n)
                change(bytes, &changed);
            uint8_t *exact = malloc(changed + !changed);
            CHECK_NEED(exact);
            memcpy(exact, bytes, changed);
            LLVMFuzzerTestOneInput(exact, changed);
            free(exact);
            free(bytes);
        }
    }
    printf("%d files, %ld runs\n", argc - 2, runs);
    return runs == 0;
}
