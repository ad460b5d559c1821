/* default_model.h - the bytes of the embedded model; none in the tool that compiles it. */
#ifndef CL_DEFAULT_MODEL_H
#define CL_DEFAULT_MODEL_H

#include <stddef.h>
#include <stdint.h>

/* Its bytes, aligned to 8; NULL and 0 where there are none. */
const uint8_t *cl_default_model(size_t *size);

#endif
