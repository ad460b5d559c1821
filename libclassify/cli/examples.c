/* examples.c - keeps labelled texts, in one block.
   May include: examples.h, labelled.h, buffer.h, classify.h.
   Must not know: what is learned from them. */
#include "examples.h"

#include <stdlib.h>

void examples_add(examples *e, const labelled_text *text) {
    if (e->count == e->capacity) {
        e->capacity = e->capacity * 2 + 1024;
        e->starts = memory_resize(e->starts, e->capacity, sizeof *e->starts);
        e->sizes = memory_resize(e->sizes, e->capacity, sizeof *e->sizes);
    }
    e->starts[e->count] = e->bytes.size;
    e->sizes[e->count++] = text->size;
    const char *strings[] = {text->label, text->language, text->source};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        buffer_append(&e->bytes, strings[i], strlen(strings[i]) + 1);
    buffer_append(&e->bytes, text->text, text->size);
}

/* The block moves while it grows, so that pointers into it are made at the end. */
const classify_example *examples_list(examples *e) {
    e->list = memory_resize(e->list, e->count, sizeof *e->list);
    for (size_t i = 0; i < e->count; i++) {
        const char *label = e->bytes.data + e->starts[i], *language = label + strlen(label) + 1;
        const char *source = language + strlen(language) + 1;
        e->list[i] = (classify_example){
            .text = source + strlen(source) + 1, .size = e->sizes[i], .label = label, .language = language, .source = source};
    }
    return e->list;
}

void examples_free(examples *e) {
    buffer_free(&e->bytes);
    free(e->starts);
    free(e->sizes);
    free(e->list);
}
