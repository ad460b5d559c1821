#!/usr/bin/env python3
"""Makes the counts of the default model from texts: counts them, drops what is rare, learns the refinement.

    make_counts.py CLASSIFY CORPORA TRAIN|- COUNTS [KEY=VALUE...]

CLASSIFY: the command. CORPORA, TRAIN: as for training_texts.py (- : no public collections). Standard library only.
"""

import json
import os
import subprocess
import sys
import tempfile

import training_texts

# Chosen on batches left out and on shared/data/dev: models/README.md has the comparison.
BAYES_SHARE = 64  # of naive Bayes in the sum of weights, /256
PRIMARY = "own/,data/comments/"  # sources that matter most
PRIMARY_FACTOR = 2048  # what they weigh beside other sources of their size, /256
LEAST_EVIDENCE = 512  # below it the answer is unsure: 2 nats, /256
# Of the public collections only what stands in several texts may be kept.
PUBLIC_WORD_TEXTS, PUBLIC_PAIR_TEXTS, OWN_PAIR_TEXTS = 2, 3, 2


def own(corpora, without=()):
    return list(training_texts.own_texts(corpora, without))


def comments(train, fold, folds):
    """Every so-many-th of the public comments, to be left out together with a fold of batches."""
    texts = training_texts.public_texts(train, training_texts.PUBLIC_WORDS) if train else ()
    return [t for t in texts if t["source"].startswith("data/comments/") and training_texts.number(t["text"]) % folds == fold]


def make(classify, corpora, train, counts, without=(), meta=(), left_out=()):
    """Counts of everything but the batches `without` and the texts `left_out`; returns the texts counted."""
    left_out = {t["text"] for t in left_out}
    texts = own(corpora, without) + list(training_texts.foreign_lines(os.path.join(corpora, "languages")))
    texts += training_texts.public_texts(train, training_texts.PUBLIC_WORDS) if train else []
    texts = [t for t in texts if t["text"] not in left_out]
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, name) for name in ("texts.ndjson", "all", "public", "own")]
        with open(names[0], "w", encoding="utf-8") as file:
            file.writelines(json.dumps(t, ensure_ascii=False) + "\n" for t in texts)
        for command in (
            ["count", "-o", names[1], *[f"--meta={m}" for m in meta], names[0]],
            ["merge", "-o", names[2], "--prefix", "data/", "--min-words", str(PUBLIC_WORD_TEXTS),
             "--min-pairs", str(PUBLIC_PAIR_TEXTS), names[1]],
            ["merge", "-o", names[3], "--prefix", "own/", "--min-pairs", str(OWN_PAIR_TEXTS), names[2]],
            ["refine", "-o", counts, "--prefix", PRIMARY, "--bayes-share", str(BAYES_SHARE + 1),
             "--primary-factor", str(PRIMARY_FACTOR), names[3], names[0]],
        ):  # fmt: skip
            subprocess.run([classify, *command], check=True)
    return texts


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    classify, corpora, train, counts, *meta = sys.argv[1:]
    make(classify, corpora, None if train == "-" else train, counts, meta=meta)


if __name__ == "__main__":
    main()
