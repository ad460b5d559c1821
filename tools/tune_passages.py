#!/usr/bin/env python3
"""Tunes what speaks for and against a passage (libclassify/src/passage_weights.h) on the dev texts of corpora/passages.

    tune_passages.py [--folds N] [--write] BUILD GOLD.jsonl...

BUILD: the build directory, for the tables and the default model made there; GOLD as for measure_passages.py, of which the dev
texts alone are read. The library is compiled with weights that can be set, and they are moved from those in the header, one at
a time and a few at once, as long as the goal gets better, which is to make few errors: a passage missed is one, and so is a
wrong one; a text with nothing to find that got a passage is four more. Errors are counted where each place speaks somewhat
more, and somewhat less, for a passage, so that what was found is not found by a hair; and a little is added for every step away
from the header's, so that what the texts do not decide stays where it is. Prints how those do, the result of cross-validation
over N folds of texts (default 4; 0: none), and that of the weights tuned on all. --write: puts those into the header.
Deterministic. Standard library and a C compiler.
"""

import argparse
import ctypes
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from measure_passages import gold_spans, overlap, read

ROOT = Path(__file__).resolve().parents[1]
HEADER = ROOT / "libclassify/src/passage_weights.h"
NOT_COMPILED = {"gen_fold_table.c", "compile_default.c", "default_model_none.c", "passages.c"}
EXTRA = ROOT / "tools/tune_passages.c"
WEIGHT = re.compile(r"(    X\((\w+), )(-?\d+)(, )")
# Where tuning begins.
START = {name: int(value) for _, name, value, _ in WEIGHT.findall(HEADER.read_text())}
ANSWER = 193  # numbers at most, of a text: how many passages, and three of each
STEPS = (1, 3, 8, 24)
PRICE = 0.08  # of a step of one away from the start, in errors
LABELS = ("threat", "diplomatic")
MISSED, WRONG, NOTHING = 1, 1, 4  # errors that each is
PLACES = ("ALONE", "QUOTED", "BLOCK", "REPLY", "INTRODUCED")  # moved by a margin
MARGINS = (-4, 4)  # in 1/16 nats


class Library:
    """The library with weights that can be set."""

    def __init__(self, build, folder):
        self.names = list(START)
        sources = [p for p in sorted((ROOT / "libclassify/src").glob("*.c")) if p.name not in NOT_COMPILED]
        made = [Path(build) / "libclassify" / name for name in ("fold_table.c", "default_model_data.c")]
        library = Path(folder) / "tuned.so"
        command = ["cc", "-O2", "-shared", "-fPIC", "-DCL_PASSAGES_TUNE", "-o", library, EXTRA, *sources, *made]
        command += [f"-I{ROOT / 'libclassify' / part}" for part in ("include", "src")]
        subprocess.run([*command, "-lstemmer", "-lutf8proc", "-lm"], check=True)
        self.lib = ctypes.CDLL(str(library))
        self.weights = (ctypes.c_int32 * len(self.names)).in_dll(self.lib, "cl_passage_weights")
        model, self.scorer = ctypes.c_void_p(), ctypes.c_void_p()
        if self.lib.classify_model_default(ctypes.byref(model), None, None):
            raise SystemExit("the default model cannot be opened")
        self.lib.classify_scorer_new(ctypes.byref(self.scorer), model, None, None)
        self.lib.classify_model_label.restype = ctypes.c_char_p
        self.label = [self.lib.classify_model_label(model, i) for i in range(64)]
        self.label = [name.decode() for name in self.label if name]
        self.kept, self.room = [], ()

    def set(self, weights):
        for i, name in enumerate(self.names):
            self.weights[i] = weights[name]

    def keep(self, data):
        """Reads a text; returns its number."""
        if not self.lib.tune_keep(self.scorer, data, ctypes.c_size_t(len(data))):
            raise MemoryError
        self.kept.append(data)
        return len(self.kept) - 1

    def passages(self, texts):
        """Of each text a tuple: begin, end and label of each passage, one behind the other."""
        numbers = (ctypes.c_size_t * len(texts))(*(text.number for text in texts))
        if len(self.room) < len(texts) * ANSWER:
            self.room = (ctypes.c_uint32 * (len(texts) * ANSWER))()
        room = self.room
        if not self.lib.tune_find(numbers, ctypes.c_size_t(len(texts)), room):
            raise MemoryError
        at = 0
        for _ in texts:
            end = at + 1 + 3 * room[at]
            yield tuple(room[at + 1 : end])
            at = end


class Text:
    """A gold text."""

    def __init__(self, item, library):
        self.number, self.label, self.language = library.keep(item["text"].encode()), library.label, item["lang"]
        self.nothing = item["shape"].startswith("nothing")
        self.gold = {label: gold_spans(item, label) for label in LABELS}
        places = [0]  # of each character, in bytes
        for c in item["text"]:
            places.append(places[-1] + len(c.encode()))
        self.places = {place: i for i, place in enumerate(places)}

        self.known = {}  # what was counted of each answer

    def count(self, found):
        """Of an answer: {label: [gold, found, got, right]}."""
        if found not in self.known:
            spans = zip(found[::3], found[1::3], found[2::3], strict=True)
            given = [(self.places[begin], self.places[end], self.label[label]) for begin, end, label in spans]
            rows = {}
            for label in LABELS:
                gold, got = self.gold[label], [p for p in given if p[2] == label]
                rows[label] = [
                    len(gold), sum(any(overlap(g, p) > 0.5 for p in got) for g in gold),
                    len(got), sum(any(overlap(p, g) > 0.5 for g in gold) for p in got),
                ]  # fmt: skip
            self.known[found] = rows, self.errors(rows, found)
        return self.known[found]

    def errors(self, rows, found):
        missed, wrong = sum(r[0] - r[1] for r in rows.values()), sum(r[2] - r[3] for r in rows.values())
        return MISSED * missed + WRONG * wrong + NOTHING * (self.nothing and bool(found))


def add(total, more):
    for key, row in more.items():
        total[key] = [a + b for a, b in zip(total.get(key, [0] * len(row)), row, strict=True)]


def tally(library, texts, weights):
    """{(language, label): [gold, found, got, right]} and {language: [nothing to find, got a passage]}."""
    library.set(weights)
    counts, nothing = {}, {}
    for text, found in zip(texts, library.passages(texts), strict=True):
        add(nothing, {text.language: [text.nothing, text.nothing and bool(found)]})
        add(counts, {(text.language, label): row for label, row in text.count(found)[0].items()})
    return counts, nothing


def cost(library, texts, weights, limit=float("inf")):
    """Errors and the price of the weights; more than the limit where it is above that."""
    total = PRICE * sum(abs(weights[name] - START[name]) for name in START)
    for margin in MARGINS:
        library.set({name: value + margin * (name in PLACES) for name, value in weights.items()})
        total += sum(text.count(found)[1] for text, found in zip(texts, library.passages(texts), strict=True)) / len(MARGINS)
        if total > limit:
            break
    return total


def allowed(name, value):
    """A cap, a share or a penalty is not negative, and a share no more than the whole."""
    free = START[name] < 0 or name.startswith(("THREAT", "STATE", "REPLY", "ALONE"))
    return (free or value >= 0) and (name != "POOL" or value <= 16)


def climb(library, texts, weights, best):
    """One weight at a time."""
    moved = True
    while moved:
        moved = False
        for name in library.names:
            for step in (sign * size for size in STEPS for sign in (1, -1)):
                tried = {**weights, name: weights[name] + step}
                if not allowed(name, tried[name]):
                    continue
                now = cost(library, texts, tried, best)
                if now < best - 1e-9:
                    best, weights, moved = now, tried, True
    return weights, best


def tune(library, texts, rounds):
    """Climbs; then moves a few weights at once at random, as often as told, and climbs again from what is better."""
    dice = random.Random(1)
    weights = dict(START)
    weights, best = climb(library, texts, weights, cost(library, texts, weights))
    for _ in range(rounds):
        tried = dict(weights)
        for name in dice.sample(library.names, dice.choice((2, 2, 3, 4))):
            tried[name] += dice.choice((1, -1)) * dice.choice(STEPS)
        if all(allowed(name, value) for name, value in tried.items()):
            now = cost(library, texts, tried, best)
            if now < best - 1e-9:
                weights, best = climb(library, texts, tried, now)
    return weights


def show(title, counts, nothing):
    print(title)
    for (language, label), (gold, found, got, right) in sorted(counts.items()):
        ratio = f"recall {found / max(1, gold):.3f} ({found}/{gold}) precision {right / max(1, got):.3f} ({right}/{got})"
        print(f"  {language} {label}: {ratio}")
    print(
        f"  nothing to find: {sum(got for _, got in nothing.values())} of {sum(n for n, _ in nothing.values())} with a passage"
    )


def write(weights):
    text = HEADER.read_text()
    HEADER.write_text(WEIGHT.sub(lambda m: f"{m[1]}{weights[m[2]]}{m[4]}", text))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=300, help="random moves tried after the climb (300)")
    parser.add_argument("--write", action="store_true", help="put the weights into the header")
    parser.add_argument("build")
    parser.add_argument("gold", nargs="+")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = Library(a.build, folder)
        texts = [Text(item, library) for item in read(a.gold, "dev")]
        show("as they are", *tally(library, texts, START))
        counts, nothing = {}, {}
        for fold in range(a.folds):
            weights = tune(library, [t for i, t in enumerate(texts) if i % a.folds != fold], a.rounds)
            for total, more in zip((counts, nothing), tally(library, texts[fold :: a.folds], weights), strict=True):
                add(total, more)
        if a.folds:
            show(f"cross-validation, {a.folds} folds", counts, nothing)
        weights = tune(library, texts, a.rounds)
        show("tuned on all", *tally(library, texts, weights))
    print("  " + ", ".join(f"{name} {value}" for name, value in weights.items() if value != START[name]))
    if a.write:
        write(weights)


if __name__ == "__main__":
    sys.exit(main())
