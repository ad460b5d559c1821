"""Many texts at once."""

from __future__ import annotations

import os

from ._core import COLUMNS, NONE, NULL, REASONS, RESULT, RESULT_SIZE, ScorerPool, check, ffi, lib
from ._result import Result
from ._texts import Piece, pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    import pandas
    import pyarrow

    from ._passages import Passage

_COLUMN_NAMES = ("label", "probability", "language", "reason", "evidence", "margin", "tokens", "known")
_PASSAGE_FIELDS = ("begin", "end", "label", "score", "probability")

# Results are written whole by the library: clearing them first would be waste.
_allocate = ffi.new_allocator(should_clear_after_alloc=False)

# Results and probabilities of a piece, as bytes; and where they were asked for its passages, with where those of each row end.
_Scored = tuple[memoryview, memoryview, memoryview | None, memoryview | None]


def _find_passages(scorer: Any, piece: Piece, results: Any, probabilities: Any, labels: int) -> tuple[int, Any, Any]:
    source, found, needed = ffi.new("rows_source *"), ffi.new("rows_found *"), ffi.new("size_t *")
    if piece.views is None:
        source.texts, source.offsets = piece.texts, piece.offsets
    else:
        source.views, source.buffers, source.validity, source.first = piece.views
    in_bytes = NULL if piece.in_bytes is None else ffi.from_buffer("uint8_t[]", piece.in_bytes)
    source.in_bytes = in_bytes
    ends = _allocate("int64_t[]", piece.count)
    room, kept = piece.count + 16, None
    while True:
        passages = _allocate("classify_passage[]", room)
        if kept is not None:
            ffi.memmove(passages, kept, found.count * ffi.sizeof("classify_passage"))
        found.passages, found.capacity, found.ends = passages, room, ends
        where = (source, piece.count, results, probabilities, labels, found, needed)
        status = lib.rows_find_passages(scorer.handle, *where, scorer.error)
        if status != lib.CLASSIFY_ERROR_CAPACITY:
            size = found.count * ffi.sizeof("classify_passage")
            return status, bytes(ffi.buffer(passages, size)), ffi.buffer(ends)
        room, kept = max(needed[0], 2 * room), passages


def _score(pool: ScorerPool, key: tuple[str | None, float], passages: bool, piece: Piece) -> _Scored:
    results = _allocate("classify_result[]", piece.count)
    probabilities = _allocate("double[]", piece.count * pool.labels)
    found = ends = None
    scorer = pool.take(key)
    try:
        if piece.count:
            results[0].struct_size = RESULT_SIZE
        if passages:
            status, found, ends = _find_passages(scorer, piece, results, probabilities, pool.labels)
        elif piece.views is None:
            status = lib.classify_score_batch(
                scorer.handle, piece.texts, piece.offsets, piece.count, results, probabilities, scorer.error
            )
        else:
            views, buffers, validity, first = piece.views
            where = (views, buffers, validity, first, piece.count)
            status = lib.rows_score_views(scorer.handle, *where, results, probabilities, pool.labels, scorer.error)
        check(status, scorer.error)
    finally:
        pool.give(key, scorer)
    scored = memoryview(ffi.buffer(results)), memoryview(ffi.buffer(probabilities))
    return *scored, None if found is None else memoryview(found), None if ends is None else memoryview(ends)


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


def _scored(score: Callable[[Piece], _Scored], todo: Iterator[Piece], threads: int) -> Iterator[tuple[Piece, _Scored]]:
    """Each piece with its results, in order."""
    first = next(todo, None)
    if first is None:
        return
    second = next(todo, None) if threads != 1 else None
    if second is None:
        yield first, score(first)
        for piece in todo:
            yield piece, score(piece)
        return
    from collections import deque
    from concurrent.futures import Future, ThreadPoolExecutor
    from itertools import chain

    pending: deque[tuple[Piece, Future[_Scored]]] = deque()
    with ThreadPoolExecutor(threads, "libclassify") as executor:
        try:
            for piece in chain((first, second), todo):
                pending.append((piece, executor.submit(score, piece)))
                if len(pending) > 2 * threads:
                    done, future = pending.popleft()
                    yield done, future.result()
            while pending:
                done, future = pending.popleft()
                yield done, future.result()
        finally:  # an interrupt or an error: what has not begun is dropped
            executor.shutdown(wait=False, cancel_futures=True)


class Batch:
    """What a model says about many texts, row by row; a sequence of `Result`, with None for rows that hold no text.

    Columns are lists with an item a row: `labels`, `languages`, `reasons`, `best` (names or None), `probability`,
    `evidence`
    (nats), `margin` (nats), `tokens`, `known`, `replaced`. A row without a text is None in each of them, and in
    `reasons` too; a text that the model is unsure about has None in `labels` and a word in `reasons`. `passages` has a
    tuple of `Passage`s a row, where they were asked for.

    Attributes:
        classes: the model's labels, the columns of `probabilities`.
        errors: message by row, for rows that are neither text nor missing. They count as missing.
        index: the index of the pandas Series that came in, or None.

    Example:
        >>> import libclassify as lc
        >>> batch = lc.classify_batch(["Pay now or we leak your stolen files and passwords.", None, ""])
        >>> batch.labels
        ['threat', None, None]
        >>> batch.reasons, batch.missing
        ([None, None, 'empty'], [False, True, False])
    """

    classes: tuple[str, ...]
    errors: dict[int, str]
    index: Any

    def __init__(
        self, classes: tuple[str, ...], languages: tuple[str, ...], scale: int, index: Any, passages: bool = False
    ) -> None:
        self.classes = classes
        self.errors = {}
        self.index = index
        self._language_names = languages
        self._scale = scale
        self._results: list[memoryview] = []
        self._probabilities: list[memoryview] = []
        self._passages: list[memoryview] | None = [] if passages else None
        self._ends: list[memoryview] = []  # of passages, by row
        self._missing: dict[int, bytes] = {}  # by piece
        self._count = 0
        self._starts: list[int] = []

    def _add(self, piece: Piece, scored: _Scored) -> None:
        for row, message in (piece.errors or {}).items():
            self.errors[self._count + row] = message
        if piece.missing:
            self._missing[len(self._results)] = piece.missing
        self._results.append(scored[0])
        self._probabilities.append(scored[1])
        if self._passages is not None and scored[2] is not None and scored[3] is not None:
            self._passages.append(scored[2])
            self._ends.append(scored[3])
        self._starts.append(self._count)
        self._count += piece.count

    def __getstate__(self) -> dict[str, Any]:
        frozen = {
            "_results": [bytes(m) for m in self._results],
            "_probabilities": [bytes(m) for m in self._probabilities],
            "_passages": None if self._passages is None else [bytes(m) for m in self._passages],
            "_ends": [bytes(m) for m in self._ends],
        }
        return self.__dict__ | frozen

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._results = [memoryview(data) for data in state["_results"]]
        self._probabilities = [memoryview(data) for data in state["_probabilities"]]
        if state["_passages"] is not None:
            self._passages = [memoryview(data) for data in state["_passages"]]
        self._ends = [memoryview(data) for data in state["_ends"]]

    # ---- Rows ----

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: int) -> Result | None:
        """The result of one row; negative rows count from the end."""
        from bisect import bisect_right

        at = row + self._count if row < 0 else row
        if not 0 <= at < self._count:
            raise IndexError(f"row {row} of {self._count}")
        piece = bisect_right(self._starts, at) - 1
        return self._row(piece, at - self._starts[piece])

    def __iter__(self) -> Iterator[Result | None]:
        for piece, results in enumerate(self._results):
            for row in range(len(results) // RESULT_SIZE):
                yield self._row(piece, row)

    def _row(self, piece: int, row: int) -> Result | None:
        if piece in self._missing and self._missing[piece][row]:
            return None
        width = len(self.classes)
        values = RESULT.unpack_from(self._results[piece], row * RESULT_SIZE)
        probabilities = self._probabilities[piece].cast("d")[row * width : (row + 1) * width]
        return make_result(
            values, probabilities, self.classes, self._language_names, self._scale, self._row_passages(piece, row)
        )

    def _row_passages(self, piece: int, row: int) -> tuple[Passage, ...] | None:
        if self._passages is None:
            return None
        from ._passages import PASSAGE, make_passages

        ends = self._ends[piece].cast("q")
        begin = ends[row - 1] if row else 0
        return make_passages(self._passages[piece][begin * PASSAGE.size : ends[row] * PASSAGE.size], self.classes, self._scale)

    # ---- Columns ----

    def _column(self, field: str) -> list[Any]:
        code, first, stride = COLUMNS[field]
        column: list[Any] = []
        for results in self._results:
            items = memoryview(results).cast(code)  # type: ignore[call-overload]
            column += items[first::stride].tolist()
        return column

    def _holes(self, column: list[Any]) -> list[Any]:
        for piece, flags in self._missing.items():
            start = self._starts[piece]
            for row, flag in enumerate(flags, start):
                if flag:
                    column[row] = None
        return column

    def _names(self, field: str, names: tuple[str | None, ...]) -> list[Any]:
        by_number: dict[int, str | None] = dict(enumerate(names))
        return self._holes(list(map(by_number.get, self._column(field))))

    def _nats(self, field: str) -> list[Any]:
        scale = self._scale
        return self._holes([value / scale for value in self._column(field)])

    @property
    def missing(self) -> list[bool]:
        """True for rows that hold no text."""
        return list(
            map(bool, b"".join(self._missing.get(i, bytes(len(r) // RESULT_SIZE)) for i, r in enumerate(self._results)))
        )

    @property
    def labels(self) -> list[str | None]:
        return self._names("label", self.classes)

    @property
    def best(self) -> list[str | None]:
        """The label of the highest score, also where `labels` has None."""
        return self._names("best", self.classes)

    @property
    def languages(self) -> list[str | None]:
        return self._names("language", self._language_names)

    @property
    def reasons(self) -> list[str | None]:
        """Why there is no label; None where there is one, and where there is no text."""
        return self._names("reason", REASONS)

    @property
    def probability(self) -> list[float | None]:
        """Probability of `best`, 0 to 1."""
        return self._holes(self._column("probability"))

    @property
    def evidence(self) -> list[float | None]:
        """Nats."""
        return self._nats("evidence")

    @property
    def margin(self) -> list[float | None]:
        """Nats."""
        return self._nats("margin")

    @property
    def tokens(self) -> list[int | None]:
        return self._holes(self._column("tokens"))

    @property
    def known(self) -> list[int | None]:
        return self._holes(self._column("known"))

    @property
    def replaced(self) -> list[int | None]:
        """Invalid UTF-8 sequences in each text."""
        return self._holes(self._column("replaced"))

    @property
    def passages(self) -> list[tuple[Passage, ...] | None]:
        """The passages of each text; AttributeError where they were not asked for with `passages=True`."""
        if self._passages is None:
            raise AttributeError("this batch has no passages: ask for them with classify_batch(..., passages=True)")
        return [None if row is None else row.passages for row in self]

    @property
    def probabilities(self) -> Any:
        """Probability of each label: shape (rows, len(classes)), float64, rows sum to 1, NaN where there is no text.

        A NumPy array where NumPy is installed; otherwise a list of lists.
        """
        width = len(self.classes)
        try:
            import numpy
        except ImportError:
            flat = [value for part in self._probabilities for value in part.cast("d").tolist()]
            rows = [flat[i : i + width] for i in range(0, len(flat), width)]
            nothing = [float("nan")] * width
            return [list(nothing) if row is None else row for row in self._holes(rows)]
        if not self._probabilities:
            return numpy.empty((0, width))
        matrix = numpy.concatenate([numpy.frombuffer(part, dtype=numpy.float64) for part in self._probabilities])
        matrix = matrix.reshape(-1, width)
        if self._missing:
            matrix[numpy.asarray(self.missing)] = numpy.nan
        return matrix

    # ---- Elsewhere ----

    def _table(self) -> dict[str, list[Any]]:
        fields = {"label": "labels", "language": "languages", "reason": "reasons"}
        return {name: getattr(self, fields.get(name, name)) for name in _COLUMN_NAMES}

    def _passage_table(self) -> list[list[dict[str, Any]] | None]:
        rows = self.passages
        return [None if row is None else [{name: getattr(p, name) for name in _PASSAGE_FIELDS} for p in row] for row in rows]

    def to_pandas(self) -> pandas.DataFrame:
        """A DataFrame with a row a text and the index of the Series that came in.

        Columns: label, probability, language, reason, evidence, margin (nats), tokens, known, and "p_" + label for each
        label; and where they were asked for passages: a list of dictionaries with begin, end, label, score (nats) and
        probability.
        Needs pandas.
        """
        import pandas

        table: dict[str, Any] = self._table()
        for name in ("label", "language", "reason"):
            table[name] = pandas.Series(table[name], dtype="string")
        for name in ("tokens", "known"):
            table[name] = pandas.array(table[name], dtype="Int64")
        for name in ("probability", "evidence", "margin"):
            table[name] = pandas.Series(table[name], dtype="float64")
        matrix = self.probabilities
        for i, label in enumerate(self.classes):
            table["p_" + label] = matrix[:, i]
        if self._passages is not None:
            table["passages"] = self._passage_table()
        frame = pandas.DataFrame(table)
        if self.index is not None:
            frame.index = self.index
        return frame

    def to_arrow(self) -> pyarrow.Table:
        """A table with the columns of `to_pandas`; `passages` is a list<struct<begin: int64, end: int64, label: string,
        score: double, probability: double>>, places as in `Passage`. Needs pyarrow."""
        import pyarrow

        from ._columns import Columns

        made = Columns(self)
        columns = {name: made.column(name) for name in _COLUMN_NAMES}
        columns |= {"p_" + label: column for label, column in zip(self.classes, made.probabilities(), strict=True)}
        if self._passages is not None:
            columns["passages"] = made.column("passages")
        return pyarrow.table(columns)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """For every library that reads Arrow's tables, such as `polars.DataFrame(batch)`. Needs pyarrow."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def counts(self) -> dict[str | None, int]:
        """How many rows have each label; None counts those without one."""
        table: dict[str | None, int] = dict.fromkeys(self.classes, 0)
        for label in self.labels:
            table[label] = table.get(label, 0) + 1
        return table

    def __repr__(self) -> str:
        mix = ", ".join(f"{'no label' if label is None else label}: {count:,}" for label, count in self.counts().items())
        return f"<Batch of {self._count:,} texts: {mix}>"

    def to_html(self) -> str:
        """A fragment of HTML: the mix of labels and the first rows."""
        from ._html import batch_html

        return batch_html(self)

    def _repr_html_(self) -> str:
        return self.to_html()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.to_html()}


def make_result(
    values: tuple[Any, ...],
    probabilities: Iterable[float],
    classes: tuple[str, ...],
    languages: tuple[str, ...],
    scale: int,
    passages: tuple[Passage, ...] | None = None,
) -> Result:
    """A Result from the fields of a classify_result."""
    _, label, best, language, reason, tokens, known, replaced, evidence, margin, probability = values
    return Result(
        None if label == NONE else classes[label],
        probability,
        None if language == NONE else languages[language],
        dict(zip(classes, probabilities, strict=False)),
        evidence / scale,
        REASONS[reason] if reason < len(REASONS) else "other",
        None if best == NONE else classes[best],
        margin / scale,
        tokens,
        known,
        replaced,
        passages,
    )


def run(pool: ScorerPool, key: tuple[str | None, float], texts: Any, threads: int, batch: Batch) -> Batch:
    """Scores all texts into an empty batch."""
    with_threads, passages = threads or _processors(), batch._passages is not None
    for piece, scored in _scored(lambda piece: _score(pool, key, passages, piece), iter(pieces(texts)), with_threads):
        batch._add(piece, scored)
    return batch
