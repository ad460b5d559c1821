"""The columns of a batch as Arrow arrays, made from the results as they lie in memory: no Python object a row."""

from __future__ import annotations

import pyarrow
import pyarrow.compute

from ._core import COLUMNS, REASONS, RESULT_SIZE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from ._batch import Batch

PASSAGE_FIELDS = (
    ("begin", pyarrow.int64()),
    ("end", pyarrow.int64()),
    ("label", pyarrow.string()),
    ("score", pyarrow.float64()),
    ("probability", pyarrow.float64()),
)
# Field of a classify_passage: (memoryview's code, offset in items of that code).
_PASSAGE_PLACES = {"begin": ("q", 0), "end": ("q", 1), "label": ("I", 4), "score": ("q", 3), "probability": ("d", 5)}
_PASSAGE_SIZE = 48
_TYPES = {"I": pyarrow.uint32(), "Q": pyarrow.uint64(), "q": pyarrow.int64(), "d": pyarrow.float64()}


def _array(data: memoryview, code: str, first: int, stride: int, validity: Any = None) -> Any:
    values = data.cast(code)[first::stride]  # type: ignore[call-overload]
    return pyarrow.Array.from_buffers(_TYPES[code], len(values), [validity, pyarrow.py_buffer(values.tobytes())])


def _named(numbers: Any, names: Sequence[str | None]) -> Any:
    """Names by number; null for a null, and for numbers that have none."""
    known = pyarrow.compute.if_else(pyarrow.compute.less(numbers, len(names)), numbers, None)
    return pyarrow.array(names, pyarrow.string()).take(known)


def _nats(integers: Any, scale: int) -> Any:
    return pyarrow.compute.divide(integers.cast(pyarrow.float64(), safe=False), float(scale))


class Columns:
    """Makes columns of a batch; each is null where the batch has no text."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.count = len(batch)
        self.results = memoryview(b"".join(batch._results))
        self.present: Any = None  # booleans, or None where every row has a text
        if batch._missing:
            flags = b"".join(batch._missing.get(i, bytes(len(r) // RESULT_SIZE)) for i, r in enumerate(batch._results))
            missing = pyarrow.Array.from_buffers(pyarrow.uint8(), self.count, [None, pyarrow.py_buffer(flags)])
            self.present = pyarrow.compute.equal(missing, 0)

    @property
    def _validity(self) -> Any:
        return None if self.present is None else self.present.buffers()[1]

    def column(self, name: str) -> Any:
        """A field of a result: names as string, nats as double, numbers of tokens as int64."""
        batch = self.batch
        if name == "passages":
            return self._passages()
        values = _array(self.results, *COLUMNS[name], self._validity)
        if name in ("label", "best"):
            return _named(values, batch.classes)
        if name == "language":
            return _named(values, batch._language_names)
        if name == "reason":
            return _named(values, REASONS)
        if name in ("evidence", "margin"):
            return _nats(values, batch._scale)
        return values if name == "probability" else values.cast(pyarrow.int64())

    def probabilities(self) -> list[Any]:
        """A column a label."""
        flat = memoryview(b"".join(self.batch._probabilities))
        width = len(self.batch.classes)
        return [_array(flat, "d", i, width, self._validity) for i in range(width)]

    def _passages(self) -> Any:
        pieces, ends = self.batch._passages or [], self.batch._ends
        flat = memoryview(b"".join(pieces))
        fields = {}
        for name, (code, first) in _PASSAGE_PLACES.items():
            fields[name] = _array(flat, code, first, _PASSAGE_SIZE // (4 if code == "I" else 8))
        fields["label"] = _named(fields["label"], self.batch.classes)
        fields["score"] = _nats(fields["score"], self.batch._scale)
        rows = pyarrow.StructArray.from_arrays(list(fields.values()), names=list(fields))
        offsets, before = [pyarrow.array([0], pyarrow.int32())], 0
        for piece, end in zip(pieces, ends, strict=True):
            offsets.append(pyarrow.compute.add(_array(end, "q", 0, 1), before).cast(pyarrow.int32()))
            before += len(piece) // _PASSAGE_SIZE
        buffers = [self._validity, pyarrow.concat_arrays(offsets).buffers()[1]]
        kind = pyarrow.list_(pyarrow.struct(list(PASSAGE_FIELDS)))
        return pyarrow.Array.from_buffers(kind, self.count, buffers, children=[rows])

    def struct(self, names: Iterable[str]) -> Any:
        """One array of structures; the whole structure is null where there is no text."""
        columns = {name: self.column(name) for name in names}
        mask = None if self.present is None else pyarrow.compute.invert(self.present)
        return pyarrow.StructArray.from_arrays(list(columns.values()), names=list(columns), mask=mask)
