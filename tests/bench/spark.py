"""libclassify on a local Spark, beside the plain batch call and beside Spark MLlib's Tokenizer + HashingTF + NaiveBayes.

Usage: python tests/bench/spark.py [--rows N] [--rounds N] [--write]      (--write: the tables go to SPARK_RESULTS.md)

The texts are those of corpora/, repeated and shuffled, in a Parquet folder. Each figure is the fastest of the rounds; scored
rows go to Spark's `noop` sink, which takes every column and keeps none. Each master has a JVM of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BATCH = 20_000  # rows of an Arrow batch


def read_rows(count: int) -> list[tuple[str, str, str]]:
    """(text, label, language)."""
    rows = []
    for path in sorted(ROOT.glob("corpora/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            rows.append((record["text"], record["label"], record["lang"]))
    rows = (rows * (count // len(rows) + 1))[:count]
    random.Random(1).shuffle(rows)
    return rows


def seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def workers() -> list[int]:
    """Peak memory of the Python workers below this process, in bytes."""
    parents, peaks = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(line.split(":\t", 1) for line in (folder / "status").read_text().splitlines() if ":\t" in line)
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        pid = int(folder.name)
        parents[pid] = int(status["PPid"])
        if b"pyspark.daemon" in command and "VmHWM" in status:
            peaks[pid] = int(status["VmHWM"].split()[0]) * 1024
    found = []
    for pid in peaks:
        above, chain = pid, []
        while above in parents:
            above = parents[above]
            chain.append(above)
        if os.getpid() in chain and parents[pid] in peaks:  # not the daemon itself
            found.append(peaks[pid])
    return found


def measure(master: str, folder: str, rounds: int) -> dict[str, float]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    import pyarrow.parquet
    from pyspark.ml import Pipeline
    from pyspark.ml.classification import NaiveBayes
    from pyspark.ml.feature import HashingTF, StringIndexer, Tokenizer
    from pyspark.sql import SparkSession, functions

    import libclassify as lc
    from libclassify.spark import classify_column, count, with_labels

    report: dict[str, float] = {}
    started = time.perf_counter()
    builder = SparkSession.builder.master(master).config("spark.ui.enabled", "false").config("spark.log.level", "OFF")
    builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH))
    spark = builder.config("spark.driver.memory", "2g").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    frame = spark.read.parquet(folder)
    report["start: session"] = time.perf_counter() - started
    report["start: first labels"] = seconds(lambda: with_labels(frame.limit(1)).collect())
    report["start: first labels again"] = seconds(lambda: with_labels(frame.limit(1)).collect())

    def noop(frame) -> None:
        frame.write.format("noop").mode("overwrite").save()

    table = pyarrow.parquet.read_table(folder).combine_chunks()
    texts = table["text"].chunk(0)
    parts = [texts.slice(at, BATCH) for at in range(0, len(texts), BATCH)]
    label = StringIndexer(inputCol="label", outputCol="y")
    stages = [Tokenizer(inputCol="text", outputCol="words"), HashingTF(inputCol="words", outputCol="features")]
    bayes = NaiveBayes(labelCol="y")
    fitted = Pipeline(stages=[label, *stages, bayes]).fit(frame)
    columns = [table[name].to_pylist() for name in ("text", "label", "lang")]

    def same(texts):
        return texts

    if hasattr(functions, "arrow_udf"):
        same.__annotations__ = {"texts": pyarrow.Array, "return": pyarrow.Array}
        identity = functions.arrow_udf(same, "string")
    else:
        import pandas

        same.__annotations__ = {"texts": pandas.Series, "return": pandas.Series}
        identity = functions.pandas_udf(same, "string")

    def plain() -> None:
        for part in parts:
            lc.classify_batch(part, threads=1).to_arrow()

    def transform() -> None:
        data = frame
        for stage in fitted.stages[1:]:
            data = stage.transform(data)
        noop(data.select("text", "prediction", "probability"))

    work = {
        "score: plain batch call, one thread": plain,
        "score: classify_column": lambda: noop(frame.select(classify_column("text"))),
        "score: with_labels, the texts beside": lambda: noop(with_labels(frame.select("text"))),
        "score: Spark alone (a function that gives back its text)": lambda: noop(frame.select(identity("text"))),
        "score: MLlib Tokenizer + HashingTF + NaiveBayes": transform,
        "train: Counts in one process": lambda: lc.Counts().add_all(*columns).compile(),
        "train: libclassify.spark.train": lambda: count(frame, language="lang").compile(),
        "train: MLlib the same three stages": lambda: Pipeline(stages=[label, *stages, bayes]).fit(frame),
    }
    report |= dict.fromkeys(work, float("inf"))
    for _ in range(rounds):  # in turns, so that a machine that others use slows all of them alike
        for name, call in work.items():
            report[name] = min(report[name], seconds(call))
    report["memory: Python worker, peak"] = max(workers(), default=0)
    spark.stop()
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(*given.measure, given.rounds)))
        return
    import pyarrow
    import pyarrow.parquet

    rows = read_rows(given.rows)
    size = sum(len(text.encode()) for text, _, _ in rows)
    reports = {}
    with tempfile.TemporaryDirectory() as folder:
        for i in range(4):
            names = ("text", "label", "lang")
            part = dict(zip(names, map(list, zip(*rows[i::4], strict=True)), strict=True))
            pyarrow.parquet.write_table(pyarrow.table(part), f"{folder}/{i}.parquet")
        for master in ("local[1]", "local[2]"):
            command = [sys.executable, __file__, "--rounds", str(given.rounds), "--measure", master, folder]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            reports[master] = json.loads(done.stdout.splitlines()[-1])
    lines = [f"{len(rows):,} texts, {size / 1e6:.1f} MB, batches of {BATCH:,} rows, {os.cpu_count()} processors.", ""]
    lines += ["| | " + " | ".join(f"{m}: rows/s | MB/s | of the plain call" for m in reports) + " |", "|---" + "|--:" * 6 + "|"]
    for name in reports["local[1]"]:
        if not name.startswith(("score", "train")):
            continue
        cells = []
        for report in reports.values():
            base = report["score: plain batch call, one thread" if name.startswith("score") else "train: Counts in one process"]
            taken = report[name]
            cells += [f"{len(rows) / taken:,.0f}", f"{size / taken / 1e6:.1f}", f"{base / taken:.2f}"]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += ["", "| | " + " | ".join(reports) + " |", "|---|--:|--:|"]
    for name in reports["local[1]"]:
        if name.startswith("start"):
            lines.append(f"| {name}, seconds | " + " | ".join(f"{report[name]:.2f}" for report in reports.values()) + " |")
        if name.startswith("memory"):
            lines.append(f"| {name}, MB | " + " | ".join(f"{report[name] / 1e6:.0f}" for report in reports.values()) + " |")
    text = "\n".join(lines) + "\n"
    print(text)
    if given.write:
        head = f"# On Spark\n\n    python tests/bench/spark.py --rows {given.rows} --rounds {given.rounds} --write\n\n"
        (ROOT / "tests" / "bench" / "SPARK_RESULTS.md").write_text(head + text, encoding="utf-8")


if __name__ == "__main__":
    main()
