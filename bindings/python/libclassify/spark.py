"""Labels and models on Apache Spark: the same answers and the same bytes as on one machine.

>>> from libclassify.spark import with_labels, train
>>> labelled = with_labels(posts)                                       # doctest: +SKIP
>>> labelled.where("classified.label = 'threat'").show()                # doctest: +SKIP
>>> model = train(texts, label="topic", language="lang")                # doctest: +SKIP

`posts` and `texts` are DataFrames. Needs PySpark 3.5 or later (`pip install libclassify[spark]`) and Java 17; executors need
libclassify as well. Texts go from Spark to the library and back as Arrow batches. See SPARK.md.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

try:
    import pyarrow
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql import functions as F
    from pyspark.sql import types as T
except ImportError as missing:
    raise ImportError(f"libclassify.spark needs PySpark and pyarrow ({missing}): pip install 'libclassify[spark]'") from missing

from ._columns import Columns
from ._core import ArgumentError
from ._model import Model, default, load
from ._train import STEMMED, Counts

__all__ = ["classify_column", "classify_udf", "count", "train", "with_labels"]

# ---- Models in the executors ----------------------------------------------------------------------------------------

_MODELS_KEPT = 4
_opened: dict[object, Model] = {}  # of this Python worker, which serves many tasks


class _Source:
    """Where an executor finds the model: inside the package, in a broadcast variable, or in a file."""

    def __init__(self, model: Model | bytes | str | os.PathLike[str] | None) -> None:
        self.path: str | None = None
        self.digest: bytes | None = None
        self.data: Any = None
        if isinstance(model, Model | bytes | bytearray | memoryview):
            data = bytes(model)
            self.digest = blake2b(data, digest_size=16).digest()
            session = SparkSession.getActiveSession()
            context = getattr(session, "sparkContext", None) if _is_classic(session) else None
            # Spark Connect has no broadcast variables: there the bytes travel with the function.
            self.data = context.broadcast(data) if context is not None else data
        elif model is not None:
            self.path = os.fspath(model)

    def open(self) -> Model:
        """The model, opened once in each Python worker."""
        if self.path is None and self.digest is None:
            return default()
        key: object = self.digest
        if self.path is not None:
            about = os.stat(self.path)
            key = (self.path, about.st_mtime_ns, about.st_size)
        model = _opened.get(key)
        if model is None:
            if self.path is not None:
                model = load(self.path)
            else:
                model = Model.from_bytes(self.data if isinstance(self.data, bytes) else self.data.value)
            while len(_opened) >= _MODELS_KEPT:
                del _opened[next(iter(_opened))]
            _opened[key] = model
        return model


def _is_classic(session: Any) -> bool:
    return session is not None and ".connect." not in type(session).__module__


# ---- Labels ---------------------------------------------------------------------------------------------------------

_FIELDS = ("label", "probability", "language", "evidence", "reason")


def _result_type(passages: bool) -> Any:
    kinds = {"probability": T.DoubleType(), "evidence": T.DoubleType()}
    fields = [T.StructField(name, kinds.get(name, T.StringType())) for name in _FIELDS]
    if passages:
        long, string, double = T.LongType(), T.StringType(), T.DoubleType()
        inner = {"begin": long, "end": long, "label": string, "score": double, "probability": double}
        passage = T.StructType([T.StructField(name, kind) for name, kind in inner.items()])
        fields.append(T.StructField("passages", T.ArrayType(passage)))
    return T.StructType(fields)


def _as_text(texts: Any) -> Any:
    """Bytes seen as strings where they lie. They may be no UTF-8: the library minds that, and nothing before it does."""
    if pyarrow.types.is_binary(texts.type):
        return texts.view(pyarrow.string())
    if pyarrow.types.is_large_binary(texts.type):
        return texts.view(pyarrow.large_string())
    return texts


class _Score:
    """Scores a column of one Arrow batch."""

    def __init__(self, source: _Source, options: dict[str, Any]) -> None:
        self.source = source
        self.options = options
        self.fields = _FIELDS + (("passages",) if options["passages"] else ())

    def __call__(self, texts: Any) -> Any:
        # One thread: Spark runs a task on each core.
        batch = self.source.open().classify_batch(_as_text(texts), threads=1, **self.options)
        return Columns(batch).struct(self.fields)


def _of_arrow(score: _Score) -> Any:
    """For PySpark from 4.1 on. Spark reads the annotations, and shows the name in plans."""

    def classify(texts: pyarrow.Array) -> pyarrow.Array:
        return score(texts)

    return classify


def _of_pandas(score: _Score) -> Any:
    """For PySpark before 4.1, which makes an object of every text. A DataFrame has no null rows: all fields are null."""
    import pandas

    def classify(texts: pandas.Series[Any]) -> pandas.DataFrame:
        labels = score(pyarrow.array(texts, pyarrow.binary()))
        frame: pandas.DataFrame = pyarrow.RecordBatch.from_struct_array(labels).to_pandas()
        return frame

    classify.__annotations__ = {"texts": pandas.Series, "return": pandas.DataFrame}
    return classify


def classify_udf(
    model: Model | bytes | str | os.PathLike[str] | None = None,
    *,
    language: str | None = None,
    min_probability: float = 0.0,
    passages: bool = False,
) -> Any:
    """A function of Spark's, for columns of strings and for SQL.

    It gives a struct: label (null where the model is unsure), probability, language, evidence (nats) and reason, as in
    `Result`; the struct is null where the text is null. No content of a text makes it fail. (PySpark before 4.1 has no Arrow
    functions: there the texts are copied, and in SQL the fields are null instead of the struct, and strings must be cast to
    binary where they may be no UTF-8.)

    Args:
        model: None: the default model. A Model, or bytes(model): sent to the executors once, as a broadcast variable. A
            path: each executor reads the file, which all must reach.
        language, min_probability: as in `Model.classify`.
        passages: add a field `passages`, an array of structs: begin and end (characters, from 0), label, score (nats),
            probability.

    Raises:
        ArgumentError: a language that the model does not cover, a probability out of range.
        ModelError: bytes that are no model, or one made with other stemmers.

    Example:
        >>> spark.udf.register("classify", classify_udf())              # doctest: +SKIP
        >>> spark.sql("SELECT id FROM posts WHERE classify(text).label = 'threat'")     # doctest: +SKIP
    """
    options: dict[str, Any] = {"language": language, "min_probability": min_probability, "passages": passages}
    source = _Source(model)
    if source.path is None or os.path.exists(source.path):
        opened = load(source.path) if source.path else Model.from_bytes(bytes(model)) if model else default()  # type: ignore[arg-type]
        opened.classify_batch([], **options)  # says here, and not in an executor, what is wrong with them
    score = _Score(source, options)
    if hasattr(F, "arrow_udf"):
        function = F.arrow_udf(_of_arrow(score), _result_type(passages))
    else:
        function = F.pandas_udf(_of_pandas(score), _result_type(passages))
    # Otherwise Spark pushes `where(classified.label = ...)` below the column and scores every text twice.
    return function.asNondeterministic()


def classify_column(col: Column | str, model: Model | bytes | str | os.PathLike[str] | None = None, **options: Any) -> Column:
    """A column of labels for a column of texts; arguments and fields are those of `classify_udf`.

    Example:
        >>> posts.select("id", classify_column("text").alias("it")).where("it.probability > 0.9")      # doctest: +SKIP
    """
    column = F.col(col) if isinstance(col, str) else col
    function = classify_udf(model, **options)
    labels: Column
    if hasattr(F, "arrow_udf"):
        labels = function(column)
    else:  # as bytes: pandas would refuse a whole batch for one string that is no UTF-8
        labels = F.when(column.isNotNull(), function(column.cast("string").cast("binary")))
    return labels


def with_labels(
    df: DataFrame,
    text: str = "text",
    model: Model | bytes | str | os.PathLike[str] | None = None,
    *,
    into: str = "classified",
    **options: Any,
) -> DataFrame:
    """The DataFrame, which may be a stream, with one more column: the struct of `classify_udf`.

    Args:
        text: name of the column of texts, string or binary.
        model, options: those of `classify_udf`.
        into: name of the new column. `select("*", "classified.*")` makes its fields columns.

    Example:
        >>> with_labels(spark.read.parquet("posts/")).write.parquet("labelled/")    # doctest: +SKIP
    """
    kind = df.select(text).schema.fields[0].dataType
    if not isinstance(kind, T.StringType | T.BinaryType):
        raise TypeError(f"column {text!r} is {kind.simpleString()}: texts must be strings")
    return df.withColumn(into, classify_column(text, model, **options))


# ---- Training -------------------------------------------------------------------------------------------------------

_REASONS = (
    "without a text",
    "without a label",
    "labelled 'unsure', which is what a model says without a label",
    "in no language that was recognised; name it with language=",
    "in a language without a stemmer",
    "with a label, language or source that is no name",
)
_NO_TEXT, _NO_LABEL, _UNSURE, _NO_LANGUAGE, _NO_STEMMER, _NO_NAME = range(len(_REASONS))
_PART = "counts binary, left_out array<bigint>"


def _names(column: Any) -> list[str | None]:
    """Names from their bytes. What is no UTF-8 becomes a name that counts refuse."""
    known: dict[bytes | None, str | None] = {None: None}
    names = []
    for data in column.to_pylist():
        if data not in known:
            try:
                known[data] = data.decode()
            except UnicodeDecodeError:
                known[data] = "\0"
        names.append(known[data])
    return names


def _count_batch(counts: Counts, left_out: list[int], batch: Any) -> None:
    """What `classify count` does with records, in the same order of questions."""
    texts = batch.column(0).to_pylist()
    labels, languages, sources = (_names(batch.column(i)) for i in (1, 2, 3))
    unknown = [i for i, (text, language) in enumerate(zip(texts, languages, strict=True)) if text is not None and not language]
    if unknown:
        for i, found in zip(unknown, default().classify_batch([texts[i] for i in unknown], threads=1).languages, strict=True):
            languages[i] = found
    for text, label, language, origin in zip(texts, labels, languages, sources, strict=True):
        if text is None:
            left_out[_NO_TEXT] += 1
        elif label is None:
            left_out[_NO_LABEL] += 1
        elif label == "unsure":
            left_out[_UNSURE] += 1
        elif not language:
            left_out[_NO_LANGUAGE] += 1
        elif label and language not in STEMMED:
            left_out[_NO_STEMMER] += 1
        else:
            try:
                counts.add(text, label, language, origin or "")
            except ArgumentError:
                left_out[_NO_NAME] += 1


def _count_partition(batches: Iterator[Any]) -> Iterator[Any]:
    """The counts of a partition, in one row."""
    counts, left_out = Counts(), [0] * len(_REASONS)
    for batch in batches:
        _count_batch(counts, left_out, batch)
    columns = pyarrow.array([bytes(counts)], pyarrow.binary()), pyarrow.array([left_out], pyarrow.list_(pyarrow.int64()))
    yield pyarrow.RecordBatch.from_arrays(list(columns), names=["counts", "left_out"])


_Part = tuple[Counts, list[int]]


def _merge(one: _Part | None, other: _Part | None) -> _Part | None:
    if one is None or other is None:
        return one or other
    one[0].merge(other[0])
    return one[0], [a + b for a, b in zip(one[1], other[1], strict=True)]


def _merge_row(part: _Part | None, row: Any) -> _Part | None:
    return _merge(part, (Counts.from_bytes(row.counts), list(row.left_out)))


def _column(df: DataFrame, given: Column | str | None, what: str) -> Column:
    if given is None:
        return F.lit(None).cast("binary")
    if isinstance(given, str) and given not in df.columns:
        raise ArgumentError(
            f"no column {given!r} for the {what}; there are {', '.join(df.columns)}. "
            f"One {what} for all rows is pyspark.sql.functions.lit({given!r})"
        )
    column = F.col(given) if isinstance(given, str) else given
    return column.cast("string").cast("binary")


def count(
    df: DataFrame,
    text: Column | str = "text",
    label: Column | str = "label",
    language: Column | str | None = None,
    source: Column | str | None = None,
    *,
    depth: int = 2,
) -> Counts:
    """Counts the words of labelled texts: the bytes that `classify count` writes for the same rows on one machine, for any
    partitioning, order and number of attempts of a task.

    Executors count a partition each, `treeAggregate` merges, the driver gets the result.

    Args:
        text, label, language, source: columns, or their names. Without a language, and in rows where it is null or empty,
            the default model detects it. Rows with the label "" only teach the language.
        depth: levels of the merging tree; 2 is right up to some thousands of partitions.

    Rows that cannot be used are left out, and a warning says how many and why.

    Raises:
        ArgumentError: no such column, or nothing to learn from.

    Example:
        >>> count(texts, label="topic", language=F.lit("pl")).save("topics.counts")    # doctest: +SKIP
    """
    given = {"text": text, "label": label, "language": language, "source": source}
    columns = [_column(df, value, name).alias(name) for name, value in given.items()]
    parts = df.select(*columns).mapInArrow(_count_partition, _PART)
    part: _Part | None = parts.rdd.treeAggregate(None, _merge_row, _merge, depth)
    counts, left_out = part or (Counts(), [])
    reasons = [f"{rows:,} {reason}" for rows, reason in zip(left_out, _REASONS, strict=False) if rows]
    if reasons:
        warnings.warn("rows left out: " + "; ".join(reasons), stacklevel=2)
    if not counts.documents:
        raise ArgumentError("no labelled text to learn from")
    return counts


def train(
    df: DataFrame,
    text: Column | str = "text",
    label: Column | str = "label",
    language: Column | str | None = None,
    source: Column | str | None = None,
    *,
    depth: int = 2,
    **options: Any,
) -> Model:
    """A model that knows the labels of a DataFrame: `count`, then `Counts.compile` in the driver.

    Byte-identical to the model that `classify count` and `classify compile` (or `classify train --no-refine`) make of the
    same rows on one machine.

    Args:
        options: those of `Counts.compile`. The others, and errors, are those of `count`.

    Example:
        >>> model = train(texts, label="topic", language="lang", smoothing=500)     # doctest: +SKIP
        >>> with_labels(posts, model=model)                                         # doctest: +SKIP
    """
    return count(df, text, label, language, source, depth=depth).compile(**options)
