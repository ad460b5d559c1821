#!/usr/bin/env python3
"""What finding passages costs: the time of classify_batch with them by the time without, on the articles of corpora/passages.

    passages.py [--runs N]

Runs of both take turns on one thread; prints the median ratio and the middle half of the ratios. Needs the package installed.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import libclassify as lc

GOLD = Path(__file__).resolve().parents[2] / "corpora/passages"


def seconds(texts, passages):
    begin = time.process_time()
    lc.classify_batch(texts, threads=1, passages=passages)
    return time.process_time() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=41)
    runs = parser.parse_args().runs
    for path in sorted(GOLD.glob("*.jsonl")):
        texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()] * 4
        ratios = sorted(seconds(texts, True) / seconds(texts, False) for _ in range(runs))
        low, high = ratios[runs // 4], ratios[-1 - runs // 4]
        print(f"{path.stem}: {len(texts)} texts, {statistics.median(ratios):.2f} times ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()
