/* api_model.c - the public calls that open models: from the library, from a file, from memory.
   May include: model.h, file.h, stem.h, default_model.h.
   Must not know: layouts. */
#include "default_model.h"
#include "error.h"
#include "file.h"
#include "model.h"
#include "stem.h"

#define VERSION_TEXT_OF(a, b, c) #a "." #b "." #c
#define VERSION_TEXT(a, b, c)    VERSION_TEXT_OF(a, b, c)

const char *classify_version(void) {
    return VERSION_TEXT(CLASSIFY_VERSION_MAJOR, CLASSIFY_VERSION_MINOR, CLASSIFY_VERSION_PATCH);
}

uint32_t classify_abi_version(void) { return CLASSIFY_ABI_VERSION; }

typedef struct {
    classify_allocator allocator;
    uint64_t max_bytes;
    uint32_t flags;
} read_settings;

static int32_t read_options(const classify_read_options *given, read_settings *s, classify_error *error) {
    classify_read_options o = {0};
    if (given && given->struct_size < sizeof given->struct_size)
        return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, "options->struct_size is not set");
    if (given)
        memcpy(&o, given, given->struct_size < sizeof o ? given->struct_size : sizeof o);
    if (o.flags & ~(CLASSIFY_READ_ANY_ANALYZER | CLASSIFY_READ_MAP))
        return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, "flags must be CLASSIFY_READ_*");
    *s = (read_settings){cl_allocator(o.allocator), o.max_bytes ? o.max_bytes : 1ull << 30, o.flags};
    return CLASSIFY_OK;
}

/* Do the stemmers in use stem as those did that the model was made with? */
static int32_t check_analyzer(const classify_model *m, const read_settings *s, classify_error *error) {
    uint64_t id;
    if (s->flags & CLASSIFY_READ_ANY_ANALYZER)
        return CLASSIFY_OK;
    int32_t status = classify_analyzer_id(&id, &s->allocator, error);
    if (!status && id != m->analyzer_id)
        return cl_fail(error, CLASSIFY_ERROR_ANALYZER, 32,
                       "made with other stemmers or another Unicode: compile it again from its counts (classify compile)");
    return status;
}

/* Makes a model of bytes and hands them over to it; releases them on failure. */
static int32_t open_bytes(classify_model **out, const cl_bytes *bytes, bool trusted, const read_settings *s,
                          classify_error *error) {
    classify_model *m = NULL;
    int32_t status = cl_model_view(&m, bytes->data, bytes->size, trusted, &s->allocator, error);
    if (!status && (status = check_analyzer(m, s, error))) {
        classify_model_free(m);
        m = NULL;
    }
    if (m) {
        m->bytes = *bytes;
        *out = m;
    } else {
        cl_bytes_release(bytes, &s->allocator);
    }
    return status;
}

int32_t classify_model_default(classify_model **out, const classify_read_options *options, classify_error *error) {
    read_settings s = {0};
    cl_bytes bytes = {0};
    if (out)
        *out = NULL;
    if (!out)
        return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, "out is NULL");
    int32_t status = read_options(options, &s, error);
    if (status)
        return status;
    bytes.data = cl_default_model(&bytes.size);
    if (!bytes.data)
        return cl_fail(error, CLASSIFY_ERROR_FORMAT, 0, "this library was built without a default model");
    return open_bytes(out, &bytes, true, &s, error);
}

int32_t classify_model_open(classify_model **out, const char *path, const classify_read_options *options,
                            classify_error *error) {
    read_settings s = {0};
    cl_bytes bytes = {0};
    if (out)
        *out = NULL;
    if (!out || !path)
        return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, "out or path is NULL");
    int32_t status = read_options(options, &s, error);
    if (!status)
        status = (s.flags & CLASSIFY_READ_MAP ? cl_file_map : cl_file_read)(path, s.max_bytes, &s.allocator, &bytes, error);
    return status ? status : open_bytes(out, &bytes, false, &s, error);
}

int32_t classify_model_read(classify_model **out, const void *data, size_t size, const classify_read_options *options,
                            classify_error *error) {
    read_settings s = {0};
    if (out)
        *out = NULL;
    if (!out || (!data && size))
        return cl_fail(error, CLASSIFY_ERROR_ARGUMENT, 0, "out or data is NULL");
    int32_t status = read_options(options, &s, error);
    if (status)
        return status;
    if (size > s.max_bytes)
        return cl_failf(error, CLASSIFY_ERROR_LIMIT, 0, "a model of more than %llu bytes", (unsigned long long)s.max_bytes);
    cl_bytes bytes;
    if (!cl_bytes_copy(data, size, &s.allocator, &bytes))
        return cl_nomem(error);
    return open_bytes(out, &bytes, false, &s, error);
}
