"""libclassify.spark on a local Spark: the answers of classify_batch and the bytes of `classify count`."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from conftest import NO_JAVA, has_java

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("CLASSIFY_COMMAND", ROOT / "build" / "classify"))

pytest.importorskip("pyspark", reason="PySpark is not installed: pip install 'libclassify[spark]'")
if not has_java():
    pytest.skip(NO_JAVA, allow_module_level=True)
pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def spark(lc, tmp_path_factory):
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2, 4]").appName("tests")  # a task may fail three times
    for name, value in {
        "ui.enabled": "false",
        "log.level": "OFF",
        "sql.shuffle.partitions": "2",
        "sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }.items():
        builder = builder.config("spark." + name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def module(spark):
    import libclassify.spark

    return libclassify.spark


@pytest.fixture(scope="module")
def rows():
    """(text, label, language): texts of the project's own."""
    found = []
    for path in sorted((ROOT / "corpora").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines()[::12]:
            record = json.loads(line)
            found.append((record["text"], record["label"], record["lang"]))
    return found


@pytest.fixture(scope="module")
def counted(rows, lc, tmp_path_factory):
    """The bytes of `classify count` for the rows, or of Counts where the command was not built."""
    folder = tmp_path_factory.mktemp("counted")
    if not COMMAND.exists():
        return bytes(lc.Counts().add_all(*zip(*rows, strict=True)))
    lines = (json.dumps(dict(zip(("text", "label", "lang"), row, strict=True))) + "\n" for row in rows)
    (folder / "rows.ndjson").write_text("".join(lines), encoding="utf-8")
    subprocess.run([COMMAND, "count", "-o", folder / "counts", folder / "rows.ndjson"], check=True)
    return (folder / "counts").read_bytes()


@pytest.fixture(scope="module")
def frame(spark, rows):
    return spark.createDataFrame(rows, "text string, label string, lang string").cache()


HARD = ["", " ", "\u0301" * 1000, "x" * 100_000, "\ud7ff\ue000\uffff", "a\0b", "Pay now or we leak your files and passwords."]


def expected(lc, texts, **options):
    fields = ("label", "probability", "language", "evidence", "reason")
    batch = lc.classify_batch(texts, **options)
    return [None if row is None else tuple(getattr(row, name) for name in fields) for row in batch]


def answers(frame, order="id"):
    return [None if row.classified is None else tuple(row.classified)[:5] for row in frame.orderBy(order).collect()]


# ---- Labels ----


def test_labels_are_those_of_the_batch_call(lc, module, spark, rows):
    texts = [text for text, _, _ in rows[::10]] + [None, *HARD, None]
    frame = spark.createDataFrame(list(enumerate(texts)), "id int, text string").repartition(3)
    assert answers(module.with_labels(frame)) == expected(lc, texts)


def test_no_row_fails_a_partition(lc, module, spark):
    """Strings that are no UTF-8, as files of unknown encoding bring them."""
    raw = [b"\xff\xfe", None, "Бійтеся".encode()[:-1], b"Pay now or we leak your stolen files \xff and passwords.", b""]
    frame = spark.createDataFrame(
        [(i, None if data is None else bytearray(data)) for i, data in enumerate(raw)], "id int, raw binary"
    )
    for text in ("CAST(raw AS STRING)", "raw"):
        assert answers(module.with_labels(frame.selectExpr("id", f"{text} AS text"))) == expected(lc, raw)


def test_passages(lc, module, spark):
    text = (
        "The harbour’s booking system was offline on Monday. A note on every screen read: “Your files are encrypted. "
        "Pay 40 bitcoin or we will publish everything.” Police are investigating."
    )
    frame = spark.createDataFrame([(0, text), (1, None), (2, "")], "id int, text string")
    found = [row.classified for row in module.with_labels(frame, passages=True).orderBy("id").collect()]
    batch = lc.classify_batch([text, None, ""], passages=True)
    assert [(p.begin, p.end, p.label, p.score, p.probability) for p in batch[0].passages] == [
        tuple(p) for p in found[0].passages
    ]
    assert found[1] is None and found[2].passages == [] and found[0].passages
    quoted = module.with_labels(frame, passages=True).selectExpr(
        "substring(text, classified.passages[0].begin + 1, classified.passages[0].end - classified.passages[0].begin) AS q"
    )
    assert quoted.first().q == text[batch[0].passages[0].begin : batch[0].passages[0].end]


def test_sql(module, spark, lc, texts):
    spark.createDataFrame(list(enumerate(texts)), "id int, text string").createOrReplaceTempView("posts")
    spark.udf.register("classify", module.classify_udf())
    found = spark.sql("SELECT id, classify(text).label AS label FROM posts WHERE classify(text).language = 'en' ORDER BY id")
    labels = [(i, row.label) for i, row in enumerate(lc.classify_batch(texts)) if row.language == "en"]
    assert [tuple(row) for row in found.collect()] == labels


def test_a_filter_on_the_label_scores_once(module, spark, tmp_path):
    """Spark would push the filter below the column, and call the function in both places."""
    frame = spark.createDataFrame([("Pay now or we leak your files and passwords.",)], "text string")
    frame = module.with_labels(frame).where("classified.label = 'threat'").select("classified.*")
    plan = frame._jdf.queryExecution().executedPlan().toString()
    assert plan.count("EvalPython") == 1
    assert frame.count() == 1


def test_options(lc, module, spark, texts):
    frame = spark.createDataFrame(list(enumerate(texts)), "id int, text string")
    options = {"language": "uk", "min_probability": 0.999}
    assert answers(module.with_labels(frame, **options)) == expected(lc, texts, **options)
    for wrong in ({"language": "xx"}, {"min_probability": 2.0}, {"model": b"no model"}):
        with pytest.raises(lc.Error):
            module.with_labels(frame, **wrong)
    with pytest.raises(TypeError, match="int"):
        module.with_labels(frame, "id")


def test_models_of_ones_own(lc, module, spark, small, training, tmp_path):
    frame = spark.createDataFrame(list(enumerate(training[0])), "id int, text string")
    small.save(tmp_path / "own.clm")
    want = [row.label for row in small.classify_batch(training[0])]
    for model in (small, bytes(small), tmp_path / "own.clm", str(tmp_path / "own.clm")):
        assert [row[0] for row in answers(module.with_labels(frame, model=model))] == want


def test_a_model_is_opened_once_a_worker(lc, module, small, monkeypatch, tmp_path):
    small.save(tmp_path / "own.clm")
    opened = []
    monkeypatch.setattr(module, "load", lambda path: opened.append(path) or lc.load(path))
    monkeypatch.setattr(module, "_opened", {})
    for _ in range(3):
        assert module._Source(tmp_path / "own.clm").open() == small
    assert len(opened) == 1
    lc.load().save(tmp_path / "own.clm")  # another model under the same name
    assert module._Source(tmp_path / "own.clm").open() == lc.load() and len(opened) == 2
    for i in range(10):
        lc.train(["a b", "c d"], ["x", f"y{i}"], "en", smoothing=1).save(tmp_path / f"{i}")
        module._Source(tmp_path / f"{i}").open()
    assert len(module._opened) <= 4


def test_stream_with_checkpoint_and_restart(lc, module, spark, rows, tmp_path):
    """A stream of files that is stopped after two of four, and goes on where it was."""
    texts = [text for text, _, _ in rows[:40]] + [None, ""]

    def put(name, part):
        lines = "".join(json.dumps({"id": i, "text": texts[i]}) + "\n" for i in part)
        (tmp_path / f".{name}").write_text(lines, encoding="utf-8")
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / f".{name}").rename(tmp_path / "in" / name)

    def run():
        stream = spark.readStream.schema("id int, text string").option("maxFilesPerTrigger", 1).json(str(tmp_path / "in"))
        writer = module.with_labels(stream).writeStream.option("checkpointLocation", str(tmp_path / "checkpoint"))
        query = writer.trigger(availableNow=True).start(str(tmp_path / "out"), format="parquet")
        query.awaitTermination()
        return sum(progress["numInputRows"] for progress in query.recentProgress)

    put("1", range(10))
    put("2", range(10, 20))
    assert run() == 20
    put("3", range(20, 30))
    put("4", range(30, len(texts)))
    assert run() == len(texts) - 20
    assert answers(spark.read.parquet(str(tmp_path / "out"))) == expected(lc, texts)


# ---- Training ----


@pytest.mark.parametrize("partitions", [1, 2, 7, 64])
def test_counts_are_the_commands(module, frame, counted, partitions):
    shuffled = frame.orderBy("text").repartition(partitions) if partitions != 2 else frame.repartition(2, "label")
    assert shuffled.rdd.getNumPartitions() == partitions
    assert bytes(module.count(shuffled, language="lang")) == counted


def test_models_are_the_commands(lc, module, frame, counted, tmp_path):
    model = module.train(frame.repartition(5), language="lang")
    if COMMAND.exists():
        (tmp_path / "counts").write_bytes(counted)
        subprocess.run([COMMAND, "compile", "-o", tmp_path / "model", tmp_path / "counts"], check=True)
        assert bytes(model) == (tmp_path / "model").read_bytes()
    assert model == lc.Counts.from_bytes(counted).compile()
    assert module.train(frame, language="lang", smoothing=50) == lc.Counts.from_bytes(counted).compile(smoothing=50)


def test_killed_workers(module, frame, counted, tmp_path):
    """The Python workers of half of the partitions are killed in the middle, one of them three times."""
    folder = str(tmp_path)

    def fail(batches):
        from pyspark import TaskContext

        context = TaskContext.get()
        part, attempt = context.partitionId(), context.attemptNumber()
        open(os.path.join(folder, f"{part}.{attempt}"), "w").close()
        for i, batch in enumerate(batches):
            yield batch
            if part % 2 and i == 0 and attempt < (3 if part == 3 else 1):
                os.kill(os.getpid(), signal.SIGKILL)

    shuffled = frame.repartition(7)
    assert bytes(module.count(shuffled.mapInArrow(fail, frame.schema), language="lang")) == counted
    attempts = sorted(path.name for path in tmp_path.iterdir())
    assert attempts == ["0.0", "1.0", "1.1", "2.0", "3.0", "3.1", "3.2", "3.3", "4.0", "5.0", "5.1", "6.0"]


def test_lost_executor_and_speculation(lc, rows, counted, tmp_path):
    (tmp_path / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    script = Path(__file__).with_name("spark_cluster.py")
    command = [sys.executable, script, tmp_path / "rows.json", tmp_path / "counts"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads(done.stdout.splitlines()[-1])
    assert sorted(report["faults"]) == ["executor", "slow", "worker"]
    assert report["seconds"] < 60, "the slow task was waited for"
    assert all(report["attempts"][part] > 1 for part in "123")
    assert (tmp_path / "counts").read_bytes() == counted


@pytest.mark.skipif(not COMMAND.exists(), reason="the command is not built: make build")
def test_rows_are_left_out_as_the_command_does(module, spark, tmp_path):
    rows = [
        {"text": "The striker scored twice before half time.", "label": "sport"},
        {"text": "Воротар відбив пенальті у фіналі матчу.", "label": "sport", "lang": ""},
        {"text": "Акції банку знову впали після засідання.", "label": "markets", "lang": "uk", "source": "s"},
        {"text": "Der Stürmer schoss das Tor.", "label": "sport", "lang": "de"},
        {"text": "Der Stürmer schoss das Tor.", "label": "", "lang": "de"},
        {"text": "No label here."},
        {"text": "What a model says.", "label": "unsure"},
        {"text": "", "label": "sport"},
        {"label": "sport"},
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "rows.ndjson").write_text(lines, encoding="utf-8")
    done = subprocess.run(
        [COMMAND, "count", "-o", tmp_path / "counts", tmp_path / "rows.ndjson"], capture_output=True, text=True
    )
    assert done.returncode == 2 and done.stderr.count("left out") == 5
    frame = spark.read.schema("text string, label string, lang string, source string").json(str(tmp_path / "rows.ndjson"))
    with pytest.warns(UserWarning) as said:
        counts = module.count(frame, language="lang", source="source")
    message = next(str(w.message) for w in said if "left out" in str(w.message))
    assert message.count("1 ") == 5 and "without a text" in message and "stemmer" in message
    assert bytes(counts) == (tmp_path / "counts").read_bytes()


def test_nothing_to_learn_from(lc, module, spark):
    frame = spark.createDataFrame([("a text", None)], "text string, label string")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for rows in (frame, frame.where("false")):
            with pytest.raises(lc.ArgumentError, match="nothing|no labelled"):
                module.count(rows)
    with pytest.raises(lc.ArgumentError, match="lit"):
        module.count(frame, language="en")


def test_names_that_are_none(lc, module, spark):
    from pyspark.sql.functions import lit

    good = ("The striker scored.", bytearray(b"sport"))
    bad = [("The index rose.", bytearray(name)) for name in (b"\xff", b"a\nb", b"x" * 300)]
    frame = spark.createDataFrame([good, *bad], "text string, label binary")
    with pytest.warns(UserWarning, match="3 with a label"):
        counts = module.count(frame, language=lit("en"))
    assert counts == lc.Counts().add_all([good[0]], ["sport"], "en")


def test_random_order_of_merging(lc, rows):
    """What treeAggregate may do: parts in any order, some of them empty."""
    module = pytest.importorskip("libclassify.spark")
    parts = [(lc.Counts().add_all(*zip(*rows[i::5], strict=True)), [i]) for i in range(5)] + [None]
    random.Random(1).shuffle(parts)
    while len(parts) > 1:
        parts.append(module._merge(parts.pop(0), parts.pop(0)))
    assert parts[0][1] == [10] and parts[0][0] == lc.Counts().add_all(*zip(*rows, strict=True))


# ---- What the documents show ----


def python_block(page, word):
    found = [
        block for block in re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text("utf-8"), re.M | re.S) if word in block
    ]
    assert len(found) == 1
    return found[0]


def test_the_readmes_folder(lc, module, spark, texts, tmp_path):
    spark.createDataFrame([(text,) for text in texts], "text string").write.parquet(str(tmp_path / "posts"))
    code = python_block("README.md", "libclassify.spark")
    assert len(code.splitlines()) <= 10
    exec(code.replace('"posts/"', repr(str(tmp_path / "posts"))).replace('"labelled/"', repr(str(tmp_path / "labelled"))), {})
    labelled = spark.read.parquet(str(tmp_path / "labelled")).collect()
    assert {row.text: tuple(row.classified) for row in labelled} == dict(zip(texts, expected(lc, texts), strict=True))
