/* default_model_none.c - no embedded model: for the build tool that compiles it.
   May include: default_model.h.
   Must not know: anything else. */
#include "default_model.h"

const uint8_t *cl_default_model(size_t *size) {
    *size = 0;
    return NULL;
}
