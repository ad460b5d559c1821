/* passages.h - where in a text a label of its own stands: sentences scored in one pass, labelled by dynamic programming. */
#ifndef CL_PASSAGES_H
#define CL_PASSAGES_H

#include "passage_labels.h"

/* What a call asks for, and where the answers go. */
typedef struct {
    int64_t penalty; /* of a change of label, in 1/CL_WEIGHT_SCALE nats; CL_PENALTY_INFINITE or 0 for none */
    bool own;        /* passages of the text's own label too */
    classify_passage *passages;
    size_t capacity, needed;
    classify_result *result; /* of the whole text, filled whole */
    double *probabilities;   /* [labels] of the whole text; may be NULL, as `scores` */
    int64_t *scores;
} cl_passages_call;

enum { CL_PENALTY_DEFAULT = 6 * CL_WEIGHT_SCALE };

/* Finds the passages of one text. False: no memory (result, probabilities and scores may be set). */
bool cl_passages(classify_scorer *s, const char *text, size_t size, cl_passages_call *call);

#endif
