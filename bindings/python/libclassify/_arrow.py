"""Texts from the Arrow C data and stream interfaces: pyarrow, Polars, pandas and others, without those packages.

The strings are scored where they lie: large_utf8 as it is, utf8 after its offsets are widened, utf8_view row by row in
C.
Dictionaries (categories) are decoded.
"""

from __future__ import annotations

import ctypes

from ._core import Error, ffi, lib
from ._texts import PIECE_ROWS, Piece, piece_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_capsule_pointer.restype = ctypes.c_void_p
_capsule_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]

_LAYOUTS = {"u": 32, "z": 32, "U": 64, "Z": 64, "vu": 128, "vz": 128, "n": 0}
_BINARY = ("z", "Z", "vz")
_INDICES = {
    "c": "int8_t", "C": "uint8_t", "s": "int16_t", "S": "uint16_t",
    "i": "int32_t", "I": "uint32_t", "l": "int64_t", "L": "uint64_t",
}  # fmt: skip
# Eight validity bits as eight bytes, 1 where the row is missing.
_MISSING = [bytes(1 - (bits >> i & 1) for i in range(8)) for bits in range(256)]


def _pointer(capsule: object, kind: str, name: str) -> Any:
    return ffi.cast(kind, _capsule_pointer(capsule, name.encode()))


class _Owner:
    """Releases a structure that a stream filled in, with the last piece that uses its memory."""

    __slots__ = ("structure", "parent")

    def __init__(self, structure: Any, parent: object) -> None:
        self.structure = structure
        self.parent = parent

    def __del__(self) -> None:
        if self.structure.release != ffi.NULL:
            self.structure.release(self.structure)


def _missing(validity: Any, first: int, count: int) -> bytes | None:
    if validity == ffi.NULL:
        return None
    start = first >> 3
    bits = ffi.buffer(ffi.cast("uint8_t *", validity) + start, ((first + count + 7) >> 3) - start)
    flags = b"".join(map(_MISSING.__getitem__, bytes(bits)))[first & 7 :][:count]
    return flags if 1 in flags else None


def _column_type(schema: Any) -> str:
    """Checks that a column holds texts, and gives its format."""
    text = ffi.string(schema.dictionary.format if schema.dictionary != ffi.NULL else schema.format).decode()
    if text in _LAYOUTS and (schema.dictionary == ffi.NULL or ffi.string(schema.format).decode() in _INDICES):
        return str(text)
    if text.startswith("+s"):
        raise TypeError("texts must be one column, not a table: pick one, such as table['text']")
    raise TypeError(f"texts must be an Arrow column of strings, not of format {text!r}")


def _offsets(array: Any, layout: int, first: int, count: int) -> Any:
    """count + 1 offsets of 64 bits."""
    if layout == 64:
        return ffi.cast("int64_t *", array.buffers[1]) + first
    wide = ffi.new("int64_t[]", count + 1)
    if count:
        lib.rows_widen(ffi.cast("int32_t *", array.buffers[1]) + first, count + 1, wide)
    return wide


def _plain(array: Any, layout: int, binary: bool, keep: object) -> Iterator[Piece]:
    first, stop = array.offset, array.offset + array.length
    validity = array.buffers[0] if array.n_buffers else ffi.NULL
    if array.null_count == 0:
        validity = ffi.NULL
    if layout == 0:
        for at in range(first, stop, PIECE_ROWS):
            count = min(PIECE_ROWS, stop - at)
            yield Piece(count, ffi.NULL, ffi.new("int64_t[]", count + 1), missing=b"\1" * count)
    elif layout == 128:
        while first < stop:
            end = _views_end(ffi.cast("int32_t *", array.buffers[1]), first, stop)
            views = (array.buffers[1], array.buffers + 2, ffi.cast("uint8_t *", validity), first)
            missing = _missing(validity, first, end - first)
            in_bytes = b"\1" * (end - first) if binary else None
            yield Piece(end - first, ffi.NULL, ffi.NULL, views=views, missing=missing, in_bytes=in_bytes, keep=keep)
            first = end
    else:
        texts = ffi.cast("char *", array.buffers[2])
        while first < stop:
            offsets = _offsets(array, layout, first, min(PIECE_ROWS, stop - first))
            count = piece_end(offsets, 0, min(PIECE_ROWS, stop - first))
            missing = _missing(validity, first, count)
            in_bytes = b"\1" * count if binary else None
            yield Piece(count, texts, offsets, missing=missing, in_bytes=in_bytes, keep=keep)
            first += count


def _views_end(sizes: Any, first: int, stop: int) -> int:
    """As piece_end. `sizes` points to views, whose first four bytes are the size."""
    end = min(first + PIECE_ROWS, stop)
    while end > first + 1 and sum(ffi.unpack(sizes + 4 * first, 4 * (end - first))[::4]) > 1 << 20:
        end = (first + end + 1) // 2
    return end


def _values(array: Any, layout: int) -> list[bytes | None]:
    """A dictionary's texts."""
    values: list[bytes | None] = []
    for piece in _plain(array, layout, False, None):
        missing = piece.missing or bytes(piece.count)
        for i in range(piece.count):
            if missing[i]:
                values.append(None)
            elif piece.views:
                values.append(_view(piece.views, i))
            else:
                values.append(ffi.buffer(piece.texts + piece.offsets[i], piece.offsets[i + 1] - piece.offsets[i])[:])
    return values


def _view(views: Any, row: int) -> bytes:
    view = ffi.cast("int32_t *", views[0]) + 4 * (views[3] + row)
    if view[0] <= 12:
        return bytes(ffi.buffer(view + 1, view[0]))
    return bytes(ffi.buffer(ffi.cast("char *", views[1][view[2]]) + view[3], view[0]))


def _decoded(array: Any, schema: Any, layout: int, binary: bool, keep: object) -> Iterator[Piece]:
    from ._texts import list_pieces

    values = _values(array.dictionary, layout)
    kind = _INDICES[ffi.string(schema.format).decode()]
    indices = ffi.cast(kind + " *", array.buffers[1])
    stop = array.offset + array.length
    for first in range(array.offset, stop, PIECE_ROWS):
        count = min(PIECE_ROWS, stop - first)
        missing = _missing(array.buffers[0], first, count) or bytes(count)
        rows = [None if missing[i] else values[indices[first + i]] for i in range(count)]
        yield from list_pieces(rows, characters=not binary)
    del keep  # which owned the array's memory until here


def _array_pieces(array: Any, schema: Any, keep: object) -> Iterator[Piece]:
    kind = _column_type(schema)
    layout, binary = _LAYOUTS[kind], kind in _BINARY
    if schema.dictionary != ffi.NULL:
        return _decoded(array, schema, layout, binary, keep)
    return _plain(array, layout, binary, keep)


def _stream_pieces(stream: Any, schema: _Owner, keep: object) -> Iterator[Piece]:
    while True:
        array = ffi.new("ArrowArray *")
        if stream.get_next(stream, array):
            message = stream.get_last_error(stream)
            reason = ffi.string(message).decode("utf-8", "replace") if message != ffi.NULL else "it does not say why"
            raise Error(f"the Arrow stream failed: {reason}")
        if array.release == ffi.NULL:
            return
        yield from _array_pieces(array, schema.structure, _Owner(array, (schema, keep)))


def arrow_pieces(texts: Any) -> Iterator[Piece]:
    """Checks the column's type at once; the pieces follow as they are asked for."""
    if hasattr(texts, "__arrow_c_array__"):
        capsules = texts.__arrow_c_array__()
        schema = _pointer(capsules[0], "ArrowSchema *", "arrow_schema")
        array = _pointer(capsules[1], "ArrowArray *", "arrow_array")
        _column_type(schema)
        return _kept(_array_pieces(array, schema, capsules), capsules)
    capsule = texts.__arrow_c_stream__()
    stream = _pointer(capsule, "ArrowArrayStream *", "arrow_array_stream")
    schema = ffi.new("ArrowSchema *")
    if stream.get_schema(stream, schema):
        raise Error("the Arrow stream has no schema")
    owner = _Owner(schema, None)
    _column_type(schema)
    return _kept(_stream_pieces(stream, owner, capsule), capsule)


def _kept(pieces: Iterator[Piece], keep: object) -> Iterator[Piece]:
    """The pieces of memory that `keep` owns, for as long as they are asked for."""
    yield from pieces
    del keep
