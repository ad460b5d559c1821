/* counts_meta.c - metadata of counts, and what names may hold.
   May include: counts.h, bytes.h, utf8.h.
   Must not know: what the keys mean. */
#include "bytes.h"
#include "counts.h"
#include "utf8.h"

bool cl_meta_key_valid(const char *key, size_t size) {
    if (!size || size > CL_META_KEY_MAX)
        return false;
    for (size_t i = 0; i < size; i++)
        if (!(key[i] >= 'a' && key[i] <= 'z') && !(key[i] >= '0' && key[i] <= '9') && !strchr("._-", key[i]))
            return false;
    return true;
}

bool cl_text_valid(const char *text, size_t size) {
    const uint8_t *at = (const uint8_t *)text, *end = at + size;
    while (at < end) {
        uint32_t c = cl_utf8_next(&at, end);
        if (c < ' ' || (c >= 0x7F && c < 0xA0) || c & CL_INVALID)
            return false;
    }
    return true;
}

static void release_text(const classify_counts *c, char *text) {
    if (text)
        cl_release(&c->allocator, text, strlen(text) + 1, 1);
}

bool cl_counts_set_meta(classify_counts *c, const char *key, const char *value) {
    size_t at = 0;
    while (at < c->meta_count && strcmp(c->meta[at].key, key) < 0)
        at++;
    bool known = at < c->meta_count && !strcmp(c->meta[at].key, key);
    if (!value) {
        if (known) {
            release_text(c, c->meta[at].key);
            release_text(c, c->meta[at].value);
            memmove(c->meta + at, c->meta + at + 1, (--c->meta_count - at) * sizeof *c->meta);
        }
        return true;
    }
    size_t key_size = strlen(key) + 1, value_size = strlen(value) + 1;
    char *copy = cl_alloc(&c->allocator, value_size, 1);
    if (!copy)
        return false;
    memcpy(copy, value, value_size);
    if (known) {
        release_text(c, c->meta[at].value);
        c->meta[at].value = copy;
        return true;
    }
    char *name = cl_alloc(&c->allocator, key_size, 1);
    if (!name || !CL_RESERVE(&c->allocator, c->meta, c->meta_capacity, c->meta_count + 1)) {
        release_text(c, copy);
        cl_release(&c->allocator, name, key_size, 1);
        return false;
    }
    memcpy(name, key, key_size);
    memmove(c->meta + at + 1, c->meta + at, (c->meta_count++ - at) * sizeof *c->meta);
    c->meta[at] = (cl_meta){name, copy};
    return true;
}
