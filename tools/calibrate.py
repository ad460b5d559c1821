#!/usr/bin/env python3
"""Fits the default model's probabilities, and the rule when to withhold `threat`, on texts that it was not trained
on.

    calibrate.py CLASSIFY CORPORA [TRAIN] > calibration

Leaves out some writers' batches at a time, trains on the rest just as the default model is trained, and scores what
was left out. From all those scores it fits, for each language, slope and power of

    probability = softmax(score * slope / (1 + evidence) ** power)

by maximum likelihood on a grid, labels weighing the same; and the least probability of `threat` at which at most
FALSE of the project's own `other` texts left out, hard ones, and FALSE_COMMENTS of the real comments left out are
called threats. Prints metadata for the counts, KEY=VALUE a line (FORMAT.md), and on standard error what was fitted.
Standard library only.
"""

import collections
import json
import math
import os
import subprocess
import sys
import tempfile

import make_counts

FOLDS = (("a", "b"), ("c", "f"), ("d", "e"), ("i", "m"), ("j", "k"), ("n",))  # l is all `other`; g has a half to measure on
FALSE, FALSE_COMMENTS = 0.08, 0.05  # of `other` texts; more than of a model that has seen their like
GUARDS = [x / 20 for x in range(7, 17)]  # least probabilities of `threat` to choose from: 0.35 to 0.80
SLOPES = [2 ** (x / 4) for x in range(-8, 17)]
POWERS = [x / 20 for x in range(6, 19)]
SOFT = 0.01  # slope at which the models that are left out answer, so that no probability is rounded to 0 or 1


def answers(classify, model, texts):
    lines = "".join(json.dumps({"text": t["text"]}, ensure_ascii=False) + "\n" for t in texts)
    run = subprocess.run([classify, "--ndjson", "--model", model], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    for text, line in zip(texts, run.stdout.decode().splitlines(), strict=True):
        answer = json.loads(line)
        scores = {label: math.log(max(p, 1e-9)) / SOFT for label, p in answer["probabilities"].items()}
        yield text["lang"], text["label"], answer["evidence"], scores, text["source"].startswith("data/comments/")


def left_out(classify, corpora, train):
    """(language, label, evidence, scores, comment) of every text, scored by a model that did not see its batch."""
    soft = [f"calibration.{code}={int(SOFT * 65536)} 0 0 0" for code in ("en", "uk", "ru", "pl")]
    for number, fold in enumerate(FOLDS):
        comments = make_counts.comments(train, number, len(FOLDS))
        texts = [t for t in make_counts.own(corpora) if t["source"].removeprefix("own/") in fold] + comments
        if not texts:
            continue
        with tempfile.TemporaryDirectory() as folder:
            counts, model = os.path.join(folder, "counts"), os.path.join(folder, "model")
            make_counts.make(classify, corpora, train, counts, without=fold, meta=soft, left_out=comments)
            subprocess.run([classify, "compile", "-o", model, counts], check=True)
            yield from answers(classify, model, texts)


def probability(scores, evidence, slope, power):
    factor = slope / (1 + evidence) ** power
    most = max(scores.values())
    odds = {label: math.exp((s - most) * factor) for label, s in scores.items()}
    total = sum(odds.values())
    return {label: o / total for label, o in odds.items()}


def surprise(rows, slope, power):
    """Mean over labels of the mean of -ln p(true label)."""
    sums = collections.defaultdict(lambda: [0.0, 0])
    for _, label, evidence, scores, _ in rows:
        cell = sums[label]
        cell[0] -= math.log(max(1e-9, probability(scores, evidence, slope, power)[label]))
        cell[1] += 1
    return sum(s / n for s, n in sums.values()) / len(sums)


def fit(rows):
    return min((surprise(rows, slope, power), slope, power) for slope in SLOPES for power in POWERS)[1:]


def rates(rows, slope, power, guard):
    """Share of threats found, of own `other` texts and of comments called threats."""
    hits = collections.defaultdict(lambda: [0, 0])
    for _, label, evidence, scores, comment in rows:
        if comment and label == "other":
            label = "comment"
        p = probability(scores, evidence, slope, power)
        best = max(p, key=p.get)
        hits[label][0] += best == "threat" and p[best] >= guard
        hits[label][1] += 1
    return [hits[label][0] / max(1, hits[label][1]) for label in ("threat", "other", "comment")]


def within(shares):
    return shares[1] <= FALSE and shares[2] <= FALSE_COMMENTS


def main():
    classify, corpora = sys.argv[1:3]
    train = sys.argv[3] if len(sys.argv) > 3 else None
    rows = list(left_out(classify, corpora, train))
    for code in ("en", "uk", "ru", "pl"):
        here = [r for r in rows if r[0] == code]
        slope, power = fit([r for r in here if not r[4]])
        guard = next((g for g in GUARDS if within(rates(here, slope, power, g))), GUARDS[-1])
        found, false, false_comments = rates(here, slope, power, guard)
        print(f"calibration.{code}={round(slope * 65536)} {round(power * 65536)} {make_counts.LEAST_EVIDENCE} 0")
        print(f"guard.{code}={round(guard * 65536)} threat")
        print(
            f"{code}: slope {slope:.3f} power {power:.2f}; threat from {guard:.2f} on: {found:.3f} of the threats left out "
            f"are found, {false:.3f} of other texts and {false_comments:.3f} of comments are taken for threats; "
            f"{len(here)} texts",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
