"""How counts grow with the corpus (Heaps' law): features and bytes of the counts of more and more texts.

Usage: python tests/bench/heaps.py [FILE.jsonl ...]     (default: corpora/*.jsonl)

Each line of a file is an object with text, label and lang. The texts are shuffled, so that every prefix is a sample of all. The
exponent is the slope of the logarithm of the features over that of the words, fitted to the second half of the rows.
"""

from __future__ import annotations

import json
import math
import random
import sys
from pathlib import Path

import libclassify as lc

ROOT = Path(__file__).resolve().parents[2]


def slope(points: list[tuple[float, float]]) -> float:
    x = [math.log(a) for a, _ in points]
    y = [math.log(b) for _, b in points]
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True)) / sum((a - middle_x) ** 2 for a in x)


def main() -> None:
    rows = []
    for path in map(Path, sys.argv[1:]) if sys.argv[1:] else sorted(ROOT.glob("corpora/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if record.get("text") and record.get("label"):
                rows.append((record["text"], record["label"], record["lang"]))
    random.Random(1).shuffle(rows)
    counts, size, points, at = lc.Counts(), 0, [], len(rows) / 2**7
    print("| texts | MB | words | features | bytes of the counts | a word of the corpus |\n|--:|--:|--:|--:|--:|--:|")
    for i, row in enumerate(rows, 1):
        counts.add(*row)
        size += len(row[0].encode())
        if i >= at:
            at *= 2
            written = len(bytes(counts))
            points.append((counts.words, counts.features, written))
            each = written / counts.words
            print(f"| {i:,} | {size / 1e6:.1f} | {counts.words:,} | {counts.features:,} | {written:,} | {each:.1f} |")
    half = points[len(points) // 2 - 1 :]
    print(f"\nfeatures ~ words^{slope([p[:2] for p in half]):.2f}, bytes ~ words^{slope([(p[0], p[2]) for p in half]):.2f}")


if __name__ == "__main__":
    main()
