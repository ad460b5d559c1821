"""Speed of the Python package, beside fastText and scikit-learn where they are installed.

Usage: python tests/bench/python_bench.py [--rows N] [--rounds N]

The texts are those of corpora/heldout, or the samples of models/ where there are none, repeated and shuffled. Each
figure is the fastest of the rounds, on one thread unless said otherwise.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from array import array
from itertools import accumulate
from pathlib import Path

import libclassify as lc
from libclassify._core import RESULT_SIZE, Scorer, check, ffi, lib

ROOT = Path(__file__).resolve().parents[2]


def read_texts() -> list[tuple[str, str]]:
    """(label, text), in a random order that is always the same."""
    rows = []
    for path in sorted(ROOT.glob("corpora/heldout/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            rows.append((record["label"], record["text"]))
    if not rows:
        lines = (ROOT / "models" / "samples.tsv").read_text(encoding="utf-8").splitlines()[1:]
        rows = [(line.split("\t")[1], line.split("\t")[2]) for line in lines]
    random.Random(1).shuffle(rows)
    return rows


def best(work, rounds: int) -> float:
    """Seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def c_batch(model: lc.Model, texts: list[str]):
    """The C call alone, over memory that is ready."""
    rows = [text.encode() for text in texts]
    data = ffi.from_buffer(b"".join(rows))
    offsets = ffi.from_buffer("int64_t[]", array("q", accumulate(map(len, rows), initial=0)))
    results = ffi.new("classify_result[]", len(rows))
    probabilities = ffi.new("double[]", len(rows) * len(model.labels))
    scorer = Scorer(model._handle, len(model.labels), None, 0.0)

    def work() -> None:
        results[0].struct_size = RESULT_SIZE
        status = lib.classify_score_batch(scorer.handle, data, offsets, len(rows), results, probabilities, scorer.error)
        check(status, scorer.error)

    return work


class Table:
    def __init__(self, rows: int, size: int) -> None:
        self.rows, self.size, self.base = rows, size, 0.0
        print(f"{'one thread':56}{'texts/s':>12}{'MB/s':>8}{'us/text':>9}{'time':>8}")

    def line(self, name: str, seconds: float) -> None:
        self.base = self.base or seconds
        print(
            f"{name:56}{self.rows / seconds:12,.0f}{self.size / seconds / 1e6:8.1f}"
            f"{seconds / self.rows * 1e6:9.2f}{seconds / self.base:7.2f}x",
            flush=True,
        )


def batches(model: lc.Model, texts: list[str], rounds: int) -> Table:
    table = Table(len(texts), sum(len(text.encode()) for text in texts))
    # In turns, so that a machine that others use slows all of them alike.
    work = {"C batch call": c_batch(model, texts)}
    try:
        import pyarrow

        large, small = pyarrow.array(texts, pyarrow.large_string()), pyarrow.array(texts)
        work["classify_batch, Arrow large_utf8"] = lambda: model.classify_batch(large, threads=1)
        work["classify_batch, Arrow utf8"] = lambda: model.classify_batch(small, threads=1)
    except ImportError:
        print("no pyarrow")
    try:
        import polars

        series = polars.Series(texts)
        work["classify_batch, Polars (utf8_view)"] = lambda: model.classify_batch(series, threads=1)
    except ImportError:
        print("no polars")
    work["classify_batch, list of str"] = lambda: model.classify_batch(texts, threads=1)
    work["classify_batch, list of str, all processors"] = lambda: model.classify_batch(texts)
    work["classify, one by one"] = lambda: [model.classify(text) for text in texts]
    times = {name: [] for name in work}
    for _ in range(rounds):
        for name, call in work.items():
            times[name].append(best(call, 1))
    for name in work:
        table.line(name, min(times[name]))
    return table


def peers(table: Table, rows: list[tuple[str, str]], texts: list[str], rounds: int) -> None:
    """Trained on the same rows; what is measured is their speed alone."""
    try:
        from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer
        from sklearn.naive_bayes import MultinomialNB
        from sklearn.pipeline import make_pipeline

        for name, vectorizer in (
            ("CountVectorizer + MultinomialNB, 1-2 grams", CountVectorizer(ngram_range=(1, 2))),
            ("HashingVectorizer + MultinomialNB", HashingVectorizer(alternate_sign=False)),
        ):
            pipeline = make_pipeline(vectorizer, MultinomialNB())
            pipeline.fit([text for _, text in rows], [label for label, _ in rows])
            table.line("scikit-learn " + name, best(lambda p=pipeline: p.predict_proba(texts), rounds))
    except ImportError:
        print("no scikit-learn")
    try:
        import fasttext
    except ImportError:
        print("no fasttext")
        return
    flat = [" ".join(text.split()) for text in texts]
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.writelines(f"__label__{label} {' '.join(text.split())}\n" for label, text in rows)
        file.flush()
        model = fasttext.train_supervised(file.name, wordNgrams=2, verbose=0, thread=1)
    table.line("fastText, 1-2 grams, list", best(lambda: model.predict(flat, k=-1), rounds))


def overheads(model: lc.Model) -> None:
    text, count = "Pay now", 100_000
    scorer = Scorer(model._handle, len(model.labels), None, 0.0)
    data, error = text.encode(), scorer.error

    def bare() -> None:
        for _ in range(count):
            lib.classify_score(scorer.handle, data, len(data), scorer.result, scorer.probabilities, ffi.NULL, error)

    def whole() -> None:
        for _ in range(count):
            model.classify(text)

    inner, outer = best(bare, 5) / count * 1e6, best(whole, 5) / count * 1e6
    print(f"\none short text: {outer:.2f} us, of which the call of the C library {inner:.2f}: overhead {outer - inner:.2f} us")
    code = "import time; t = time.perf_counter(); import libclassify; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code]
    times = [float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(9)]
    print(f"import: {min(times) * 1e3:.1f} ms")
    start = time.perf_counter()
    lc.load()
    print(f"the default model opened again: {(time.perf_counter() - start) * 1e3:.2f} ms")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    rows, model = read_texts(), lc.load()
    texts = [text for _, text in rows]
    texts = (texts * (given.rows // len(texts) + 1))[: given.rows]
    print(f"libclassify {lc.__version__}, Python {sys.version.split()[0]}, {len(texts):,} texts\n")
    table = batches(model, texts, given.rounds)
    peers(table, rows, texts, 1)
    overheads(model)


if __name__ == "__main__":
    main()
