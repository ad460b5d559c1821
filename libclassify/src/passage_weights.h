/* passage_weights.h - what speaks for and against a passage, but its words. Made by tools/tune_passages.py from the dev texts
   of corpora/passages; in 1/16 nats unless the name says otherwise. */
#ifndef CL_PASSAGE_WEIGHTS_H
#define CL_PASSAGE_WEIGHTS_H

#include <stdint.h>

/* X(name, default, meaning) */
#define CL_PASSAGE_WEIGHTS(X)                                                                                                  \
    X(CAP, 160, "the most that the words of a part say for a label")                                                           \
    X(CAP_WORD, 6, "and that each of them does, so that one word cannot decide")                                               \
    X(POOL, 0, "sixteenths of what the rest of an utterance says that count")                                                  \
    X(ALONE, -3, "for a part of a text that quotes nobody")                                                                    \
    X(SPEECH, -139, "for one outside the quotation marks of a text that has some")                                             \
    X(NARRATOR, 32, "for the label of all that stands outside")                                                                \
    X(SAME, -64, "for that label inside them: somebody else speaks there")                                                     \
    X(QUOTED, 19, "for any other label inside them")                                                                           \
    X(BLOCK, 8, "for a line that begins with >")                                                                               \
    X(REPLY, 0, "for a line that begins with a dash")                                                                          \
    X(INTRODUCED, 8, "for what follows a colon and a word that tells of speech")                                               \
    X(NARRATOR_WORD, 3, "by which each word outside must speak for the narrator's label")                                      \
    X(THREAT_SAID, 4, "for a threat where somebody says it")                                                                   \
    X(THREAT_WRITTEN, 36, "where it is written")                                                                               \
    X(THREAT_MENACE, 12, "where threats are spoken of beside it")                                                              \
    X(THREAT_OFFICE, -8, "where an office is")                                                                                 \
    X(THREAT_LEAD, 8, "where threats are spoken of at the text's beginning")                                                   \
    X(STATE_SAID, 4, "for a label other than `threat` where somebody says it")                                                 \
    X(STATE_WRITTEN, 4, "where it is written")                                                                                 \
    X(STATE_MENACE, -4, "where threats are spoken of beside it")                                                               \
    X(STATE_OFFICE, 12, "where an office is")                                                                                  \
    X(STATE_LEAD, 4, "where offices are spoken of at the text's beginning")                                                    \
    X(AT_MESSAGE, 6, "sixteenths of the penalty of a change of label: between messages of a chat")                             \
    X(AT_QUOTE, 8, "at quotation marks")                                                                                       \
    X(AT_COLON, 2, "behind a colon")                                                                                           \
    X(AT_PARAGRAPH, 11, "between paragraphs, at the beginning and at the end")                                                 \
    X(AT_SENTENCE, 32, "between other sentences")                                                                              \
    X(INSIDE_QUOTE, 64, "between sentences of one quotation")

enum {
#define CL_PASSAGE_NAME(name, value, meaning) CL_W_##name,
    CL_PASSAGE_WEIGHTS(CL_PASSAGE_NAME)
#undef CL_PASSAGE_NAME
        CL_W_COUNT
};

/* Written by the tool that tunes them, which sets other values while the program runs. */
#ifdef CL_PASSAGES_TUNE
extern int32_t cl_passage_weights[CL_W_COUNT];
#else
static const int32_t cl_passage_weights[CL_W_COUNT] = {
#define CL_PASSAGE_VALUE(name, value, meaning) value,
    CL_PASSAGE_WEIGHTS(CL_PASSAGE_VALUE)
#undef CL_PASSAGE_VALUE
};
#endif

#endif
