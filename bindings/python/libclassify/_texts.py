"""Any collection of texts as pieces that one call of the library takes: bytes, offsets and which rows are missing."""

from __future__ import annotations

from array import array
from itertools import accumulate, islice

from ._core import ArgumentError, encode, ffi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

# One call of the library cannot be interrupted, so that it gets no more than it does in some hundredths of a second.
PIECE_ROWS = 1024
PIECE_BYTES = 1 << 20


class Piece:
    """Rows for one call of the library.

    `texts` and `offsets` are pointers for classify_score_batch; `views` is (views, buffers, validity, first row)
    instead where rows are scored as Arrow's views. `missing` has a byte a row, 1 where there is no text, or is None.
    `errors` says of rows that hold something else what. `in_bytes` has a byte a row, 1 where the text came as bytes, in
    which places are counted, or is None. `keep` owns the memory.
    """

    __slots__ = ("count", "texts", "offsets", "views", "missing", "errors", "in_bytes", "keep")

    def __init__(
        self,
        count: int,
        texts: Any,
        offsets: Any,
        *,
        views: Any = None,
        missing: bytes | None = None,
        errors: dict[int, str] | None = None,
        in_bytes: bytes | None = None,
        keep: object = None,
    ) -> None:
        self.count = count
        self.texts = texts
        self.offsets = offsets
        self.views = views
        self.missing = missing
        self.errors = errors
        self.in_bytes = in_bytes
        self.keep = keep


def is_missing(value: object) -> bool:
    """None, NaN of any library, pandas' NA and NaT."""
    if value is None:
        return True
    if isinstance(value, float):
        return value != value
    if type(value).__name__ in ("NAType", "NaTType"):
        return True
    try:
        return bool(value != value)
    except Exception:  # an array, or something that refuses to be compared: not a text either
        return False


def _rows(values: list[Any]) -> tuple[list[bytes], bytes | None, dict[int, str] | None, bytes]:
    """Rows of which some are no str: bytes, which are missing, errors, which came as bytes."""
    rows, missing, errors, in_bytes = [], bytearray(len(values)), {}, bytearray(len(values))
    for i, value in enumerate(values):
        if isinstance(value, str):
            rows.append(encode(value))
        elif isinstance(value, bytes | bytearray | memoryview):
            rows.append(bytes(value))
            in_bytes[i] = 1
        else:
            rows.append(b"")
            missing[i] = 1
            if not is_missing(value):
                errors[i] = f"a text must be str or bytes, not {type(value).__name__}"
    return rows, bytes(missing) if any(missing) else None, errors or None, bytes(in_bytes)


def piece_end(offsets: Any, first: int, stop: int) -> int:
    """Where a piece that begins with row `first` ends: at most `stop`."""
    end = min(first + PIECE_ROWS, stop)
    while end > first + 1 and offsets[end] - offsets[first] > PIECE_BYTES:
        end = (first + end + 1) // 2
    return end


def list_pieces(values: list[Any], characters: bool = False) -> Iterator[Piece]:
    """`characters`: places are counted in them in rows of bytes too."""
    missing = errors = in_bytes = None
    try:
        # The usual case, with no Python code per row: all are str, and all can be encoded.
        rows = list(map(str.encode, values))
    except (TypeError, UnicodeEncodeError):
        rows, missing, errors, in_bytes = _rows(values)
    data = b"".join(rows)
    offsets = array("q", accumulate(map(len, rows), initial=0))
    texts = ffi.from_buffer(data)
    pointer = ffi.from_buffer("int64_t[]", offsets)
    first = 0
    while first < len(rows):
        end = piece_end(offsets, first, len(rows))
        yield Piece(
            end - first,
            texts,
            pointer + first,
            missing=missing and missing[first:end],
            errors=errors and {i - first: message for i, message in errors.items() if first <= i < end},
            in_bytes=None if characters else in_bytes and in_bytes[first:end],
            keep=(data, pointer),
        )
        first = end


def _lists(texts: Iterable[Any]) -> Iterator[list[Any]]:
    if isinstance(texts, list | tuple):
        for first in range(0, len(texts), PIECE_ROWS):
            yield list(texts[first : first + PIECE_ROWS])
    else:
        rows = iter(texts)
        while values := list(islice(rows, PIECE_ROWS)):
            yield values


def _has_objects(texts: object) -> bool:
    """A pandas Series or NumPy array of Python objects, which Arrow could only guess at."""
    return str(getattr(texts, "dtype", "")) == "object"


def pieces(texts: Any) -> Iterator[Piece]:
    """The pieces of a list, an iterator, a NumPy array, a pandas Series, or anything with the Arrow C interface."""
    if isinstance(texts, str | bytes | bytearray | memoryview):
        raise TypeError("classify_batch takes many texts: for one, use classify")
    if getattr(texts, "ndim", 1) != 1:
        raise ArgumentError(f"texts must have one dimension, not {texts.ndim}: pick one column")
    if isinstance(texts, dict):
        raise TypeError("texts must be a sequence of str, not a dict")
    if not _has_objects(texts) and (hasattr(texts, "__arrow_c_array__") or hasattr(texts, "__arrow_c_stream__")):
        from ._arrow import arrow_pieces

        try:
            return arrow_pieces(texts)
        except ImportError:  # pandas, which needs pyarrow for it
            pass
    if hasattr(texts, "tolist"):  # NumPy and pandas: much faster than their iterators
        texts = texts.tolist()
    if not hasattr(texts, "__iter__"):
        raise TypeError(f"texts must be a sequence or an iterator of str, not {type(texts).__name__}")
    return (piece for values in _lists(texts) for piece in list_pieces(values))
