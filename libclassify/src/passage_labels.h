/* passage_labels.h - the best sequence of labels for the parts of a text. */
#ifndef CL_PASSAGE_LABELS_H
#define CL_PASSAGE_LABELS_H

#include "passage_parts.h"

typedef struct {
    const cl_parts *parts;
    int64_t penalty;   /* of a change of label; CL_PENALTY_INFINITE */
    const bool *shown; /* [labels]: may be a passage */
    int64_t *scratch;  /* [labels + 1] */
} cl_labels_call;

#define CL_PENALTY_INFINITE INT64_MAX

/* Sets labels[parts->count] to the label of each part, CLASSIFY_NONE for the background. Parts are at least one. False: no
   memory. */
bool cl_label_parts(const cl_labels_call *call, uint32_t *labels);

#endif
