#define _XOPEN_SOURCE 700
/* compile_default.c - build tool: counts to the default model, and to the C file that embeds it.
   May include: classify.h.
   Must not know: anything private. */
#include "classify.h"

#include <stdio.h>
#include <stdlib.h>

static void *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    long length = fseek(file, 0, SEEK_END) ? -1 : ftell(file);
    rewind(file);
    void *data = length < 0 ? NULL : malloc((size_t)length + 1);
    if (data && fread(data, 1, (size_t)length, file) != (size_t)length) {
        free(data);
        data = NULL;
    }
    fclose(file);
    *size = (size_t)length;
    return data;
}

static int write_file(const char *path, const void *data, size_t size) {
    FILE *file = fopen(path, "wb");
    int failed = !file || fwrite(data, 1, size, file) != size;
    if (file)
        failed |= fclose(file) != 0;
    if (failed)
        perror(path);
    return failed;
}

/* The assembler takes the file in: no time is lost on compiling megabytes of numbers. */
static const char embedding[] =
    "/* Made by compile_default.c. */\n"
    "#include \"default_model.h\"\n\n"
    "#if defined(__APPLE__)\n#define SECTION \".section __TEXT,__const\\n\"\n#define SYMBOL(name) \"_\" name\n"
    "#else\n#define SECTION \".section .rodata\\n\"\n#define SYMBOL(name) name\n#endif\n\n"
    "__asm__(SECTION \".balign 64\\n\" SYMBOL(\"cl_default_model_begin\") \":\\n\"\n"
    "        \".incbin \\\"%s\\\"\\n\" SYMBOL(\"cl_default_model_end\") \":\\n.byte 0\\n.text\\n\");\n\n"
    "extern const uint8_t cl_default_model_begin[] __attribute__((visibility(\"hidden\")));\n"
    "extern const uint8_t cl_default_model_end[] __attribute__((visibility(\"hidden\")));\n\n"
    "const uint8_t *cl_default_model(size_t *size) {\n"
    "    *size = (size_t)(cl_default_model_end - cl_default_model_begin);\n"
    "    return cl_default_model_begin;\n}\n";

static int embed(const char *model_path, const char *c_path) {
    char *absolute = realpath(model_path, NULL);
    FILE *file = fopen(c_path, "w");
    int failed = !absolute || !file || fprintf(file, embedding, absolute) < 0;
    if (file)
        failed |= fclose(file) != 0;
    if (failed)
        perror(c_path);
    free(absolute);
    return failed;
}

int main(int argc, char **argv) {
    classify_error error = {0};
    classify_counts *counts = NULL;
    classify_model *model = NULL;
    size_t size = 0, needed = 0;
    if (argc != 4) {
        fprintf(stderr, "usage: compile_default COUNTS MODEL C-FILE\n");
        return 2;
    }
    void *data = read_file(argv[1], &size);
    if (!data) {
        perror(argv[1]);
        return 1;
    }
    if (classify_counts_read(&counts, data, size, NULL, &error) || classify_counts_compile(counts, NULL, &model, &error)) {
        fprintf(stderr, "compile_default: %s: %s\n", argv[1], error.message);
        return 1;
    }
    classify_model_write(model, NULL, 0, &needed, &error);
    void *bytes = malloc(needed);
    int failed = !bytes || classify_model_write(model, bytes, needed, &needed, &error) || write_file(argv[2], bytes, needed) ||
                 embed(argv[2], argv[3]);
    free(bytes);
    free(data);
    classify_model_free(model);
    classify_counts_free(counts);
    return failed;
}
