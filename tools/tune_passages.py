#!/usr/bin/env python3
"""Tunes what speaks for and against a passage (libclassify/src/passage_weights.h) on the dev texts of corpora/passages.

    tune_passages.py [--folds N] [--write] BUILD GOLD.jsonl...

BUILD: the build directory, for the tables and the default model made there; GOLD as for measure_passages.py, of which the dev
texts alone are read. The library is compiled with weights that can be set, and each weight in turn is moved as long as the
goal gets better: the mean over languages of the F1 of threats and half the F1 of statements, less the share of texts with
nothing to find that got a passage, less a little for every step away from the start, so that what the texts do not decide
stays where a person put it. Prints the result of cross-validation over N folds of texts (default 4; 0: none), then that of
the weights tuned on all. --write: puts those into the header. Deterministic. Standard library and a C compiler.
"""

import argparse
import ctypes
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from measure_passages import gold_spans, overlap, read

ROOT = Path(__file__).resolve().parents[1]
HEADER = ROOT / "libclassify/src/passage_weights.h"
NOT_COMPILED = {"gen_fold_table.c", "compile_default.c", "default_model_none.c"}
WEIGHT = re.compile(r"(    X\((\w+), )(-?\d+)(, )")
# Where tuning begins: by hand, from what the names say.
START = {
    "CAP": 160, "CAP_WORD": 6, "POOL": 8, "ALONE": -4, "SPEECH": -128, "NARRATOR": 32, "SAME": -64, "QUOTED": 16,
    "BLOCK": 8, "REPLY": 0, "INTRODUCED": 8, "NARRATOR_WORD": 2,
    "THREAT_SAID": 4, "THREAT_WRITTEN": 12, "THREAT_MENACE": 12, "THREAT_OFFICE": -8, "THREAT_LEAD": 8,
    "STATE_SAID": 4, "STATE_WRITTEN": 4, "STATE_MENACE": -4, "STATE_OFFICE": 12, "STATE_LEAD": 4,
    "AT_MESSAGE": 6, "AT_QUOTE": 8, "AT_COLON": 8, "AT_PARAGRAPH": 8, "AT_SENTENCE": 32, "INSIDE_QUOTE": 64,
}  # fmt: skip
STEPS = (1, 2, 4, 8, 16, 32)
PRICE = 0.0002  # of a step of one away from the start
LABELS = {"threat": 1.0, "diplomatic": 0.5}


class Passage(ctypes.Structure):
    _fields_ = [
        ("begin", ctypes.c_uint64), ("end", ctypes.c_uint64), ("label", ctypes.c_uint32), ("reserved", ctypes.c_uint32),
        ("score", ctypes.c_int64), ("evidence", ctypes.c_int64), ("probability", ctypes.c_double),
    ]  # fmt: skip


class Library:
    """The library with weights that can be set."""

    def __init__(self, build, folder):
        names = [name for _, name, _, _ in WEIGHT.findall(HEADER.read_text())]
        if set(names) != set(START):
            raise SystemExit(f"START and {HEADER.name} have different weights: {sorted(set(names) ^ set(START))}")
        self.names = names
        extra = Path(folder) / "weights.c"
        values = ", ".join(str(START[name]) for name in names)
        extra.write_text(f'#include "passage_weights.h"\nint32_t cl_passage_weights[CL_W_COUNT] = {{{values}}};\n')
        sources = [p for p in sorted((ROOT / "libclassify/src").glob("*.c")) if p.name not in NOT_COMPILED]
        made = [Path(build) / "libclassify" / name for name in ("fold_table.c", "default_model_data.c")]
        library = Path(folder) / "tuned.so"
        command = ["cc", "-O2", "-shared", "-fPIC", "-DCL_PASSAGES_TUNE", "-o", library, extra, *sources, *made]
        command += [f"-I{ROOT / 'libclassify' / part}" for part in ("include", "src")]
        subprocess.run([*command, "-lstemmer", "-lutf8proc", "-lm"], check=True)
        self.lib = ctypes.CDLL(str(library))
        self.weights = (ctypes.c_int32 * len(names)).in_dll(self.lib, "cl_passage_weights")
        model, self.scorer = ctypes.c_void_p(), ctypes.c_void_p()
        if self.lib.classify_model_default(ctypes.byref(model), None, None):
            raise SystemExit("the default model cannot be opened")
        self.lib.classify_scorer_new(ctypes.byref(self.scorer), model, None, None)
        self.lib.classify_model_label.restype = ctypes.c_char_p
        self.label = [self.lib.classify_model_label(model, i) for i in range(64)]
        self.label = [name.decode() for name in self.label if name]
        self.room = (Passage * 256)()
        self.needed = ctypes.c_size_t()

    def set(self, weights):
        for i, name in enumerate(self.names):
            self.weights[i] = weights[name]

    def passages(self, data):
        self.lib.classify_passages(
            self.scorer, data, ctypes.c_size_t(len(data)), None, self.room, ctypes.c_size_t(len(self.room)),
            ctypes.byref(self.needed), None, None, None, None,
        )  # fmt: skip
        found = self.room[: min(self.needed.value, len(self.room))]
        return [(len(data[: p.begin].decode()), len(data[: p.end].decode()), self.label[p.label]) for p in found]


class Text:
    """A gold text."""

    def __init__(self, item):
        self.data, self.language = item["text"].encode(), item["lang"]
        self.nothing = item["shape"].startswith("nothing")
        self.gold = {label: gold_spans(item, label) for label in LABELS}


def tally(library, texts, weights):
    """{(language, label): [gold, found, got, right]} and {language: [nothing to find, got a passage]}."""
    library.set(weights)
    counts, nothing = {}, {}
    for text in texts:
        given = library.passages(text.data)
        none = nothing.setdefault(text.language, [0, 0])
        none[0] += text.nothing
        none[1] += text.nothing and bool(given)
        for label in LABELS:
            gold, got = text.gold[label], [p for p in given if p[2] == label]
            row = counts.setdefault((text.language, label), [0, 0, 0, 0])
            row[0] += len(gold)
            row[1] += sum(any(overlap(g, p) > 0.5 for p in got) for g in gold)
            row[2] += len(got)
            row[3] += sum(any(overlap(p, g) > 0.5 for g in gold) for p in got)
    return counts, nothing


def goal(counts, nothing, weights):
    languages = {language for language, _ in counts}
    total = sum(
        LABELS[label] * (found + right) / max(1, gold + got) for (_, label), (gold, found, got, right) in counts.items()
    )
    total -= sum(got / max(1, all_) for all_, got in nothing.values())
    return total / len(languages) - PRICE * sum(abs(weights[name] - START[name]) for name in START)


def tune(library, texts):
    weights, moved = dict(START), True
    best = goal(*tally(library, texts, weights), weights)
    while moved:
        moved = False
        for name in library.names:
            for step in (sign * size for size in STEPS for sign in (1, -1)):
                tried = {**weights, name: weights[name] + step}
                if tried[name] < 0 <= weights[name] and START[name] >= 0 and not name.startswith(("THREAT", "STATE", "REPLY")):
                    continue  # a cap, a share or a penalty
                now = goal(*tally(library, texts, tried), tried)
                if now > best + 1e-9:
                    best, weights, moved = now, tried, True
    return weights


def add(total, more):
    for key, row in more.items():
        total[key] = [a + b for a, b in zip(total.get(key, [0] * len(row)), row, strict=True)]


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
    parser.add_argument("--write", action="store_true", help="put the weights into the header")
    parser.add_argument("build")
    parser.add_argument("gold", nargs="+")
    a = parser.parse_args()
    texts = [Text(item) for item in read(a.gold, "dev")]
    with tempfile.TemporaryDirectory() as folder:
        library = Library(a.build, folder)
        show("by hand", *tally(library, texts, START))
        counts, nothing = {}, {}
        for fold in range(a.folds):
            weights = tune(library, [t for i, t in enumerate(texts) if i % a.folds != fold])
            for total, more in zip((counts, nothing), tally(library, texts[fold :: a.folds], weights), strict=True):
                add(total, more)
        if a.folds:
            show(f"cross-validation, {a.folds} folds", counts, nothing)
        weights = tune(library, texts)
        show("tuned on all", *tally(library, texts, weights))
    print("  " + ", ".join(f"{name} {value}" for name, value in weights.items() if value != START[name]))
    if a.write:
        write(weights)


if __name__ == "__main__":
    sys.exit(main())
