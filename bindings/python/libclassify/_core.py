"""What the rest of the package stands on: the extension module, errors, texts as bytes, scorers."""

from __future__ import annotations

from struct import Struct

from ._classify import ffi as ffi
from ._classify import lib as lib

TYPE_CHECKING = False  # `typing` would cost a tenth of the package's import time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any


class Error(Exception):
    """What libclassify could not do. All its own exceptions are of this class.

    Two kinds of failure keep Python's own classes: `MemoryError`, and `OSError` (such as `FileNotFoundError`) for a
    file that cannot be opened. A value of the wrong type is a `TypeError`.
    """


class ModelError(Error):
    """A model or counts that cannot be used: not of that kind, of another version, damaged, or made with other
    stemmers.

    `offset` is the byte where it was noticed, 0 where there is no such place.
    """

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset

    def __reduce__(self) -> tuple[type, tuple[str, int]]:
        return type(self), (str(self), self.offset)


class ArgumentError(Error, ValueError):
    """An argument out of range, or one that contradicts another."""


for _class in (Error, ModelError, ArgumentError):
    _class.__module__ = "libclassify"  # where users find them

if lib.classify_abi_version() != lib.CLASSIFY_ABI_VERSION:
    raise ImportError(
        f"libclassify's extension was compiled for version {lib.CLASSIFY_ABI_VERSION} of the library's interface "
        f"and found version {lib.classify_abi_version()}: install the package again"
    )

NONE: int = lib.CLASSIFY_NONE
NULL: Any = ffi.NULL
_MODEL_ERRORS = frozenset(
    (lib.CLASSIFY_ERROR_FORMAT, lib.CLASSIFY_ERROR_VERSION, lib.CLASSIFY_ERROR_CORRUPT, lib.CLASSIFY_ERROR_ANALYZER)
)


def string(pointer: Any) -> str:
    """A C string of the library's, which are UTF-8."""
    return str(ffi.string(pointer).decode("utf-8", "replace"))


def new_error() -> Any:
    return ffi.new("classify_error *")


def check(status: int, error: Any) -> None:
    """Raises what a status other than CLASSIFY_OK means: the one place where the library's errors become exceptions."""
    if status == 0:
        return
    message = string(error.message)
    if status == lib.CLASSIFY_ERROR_NOMEM:
        raise MemoryError(message)
    if status == lib.CLASSIFY_ERROR_IO:
        raise OSError(message)
    if status in _MODEL_ERRORS:
        raise ModelError(message, error.offset)
    if status == lib.CLASSIFY_ERROR_LIMIT:
        raise Error(message)
    raise ArgumentError(message)


def encode(text: str) -> bytes:
    """UTF-8. A lone surrogate, which UTF-8 does not have, becomes three invalid bytes: the library counts them as
    `replaced`."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def text_bytes(text: object) -> bytes:
    """The bytes of one text: a `str`, or bytes that are taken as UTF-8."""
    if isinstance(text, str):
        return encode(text)
    if isinstance(text, bytes | bytearray | memoryview):
        return bytes(text)
    raise TypeError(f"a text must be str or bytes, not {type(text).__name__}")


_CONTINUATION = bytes(range(0x80, 0xC0))  # bytes that do not begin a character


def character_places(data: bytes, places: Iterable[int]) -> dict[int, int]:
    """From places in UTF-8 to places in characters."""
    found, at, character = {}, 0, 0
    for place in sorted(set(places)):
        character += len(data[at:place].translate(None, _CONTINUATION))
        found[place] = character
        at = place
    return found


def name_bytes(name: object, what: str) -> bytes:
    """A name as a C string."""
    if not isinstance(name, str):
        raise TypeError(f"{what} must be str, not {type(name).__name__}")
    data = encode(name)
    if b"\0" in data:
        raise ArgumentError(f"{what} holds a null character")
    return data


# ---- Results as they lie in memory ----------------------------------------------------------------------------------

RESULT_SIZE: int = ffi.sizeof("classify_result")
RESULT_FIELDS = (
    "struct_size", "label", "best", "language", "reason",
    "tokens", "known", "replaced", "evidence", "margin", "probability",
)  # fmt: skip
_RESULT_TYPES = "NIIIIQQQqqd"
_offsets = {name: field.offset for name, field in ffi.typeof("classify_result").fields}
RESULT = Struct("@" + _RESULT_TYPES)
if RESULT.size != RESULT_SIZE or tuple(_offsets) != RESULT_FIELDS:
    raise ImportError("libclassify's extension does not match its Python files: install the package again")
# Field: (memoryview's code, offset, both in items of that code).
COLUMNS = {
    name: (code, _offsets[name] // Struct("@" + code).size, RESULT_SIZE // Struct("@" + code).size)
    for name, code in zip(RESULT_FIELDS, _RESULT_TYPES, strict=True)
}
REASONS: tuple[str | None, ...] = (None,) + tuple(
    string(lib.classify_reason_name(i)) for i in range(1, lib.CLASSIFY_REASON_CLOSE + 1)
)


class Scorer:
    """The scratch memory of one thread, with room for one result."""

    __slots__ = ("handle", "result", "view", "probabilities", "read_probabilities", "probability_view", "error")

    def __init__(self, model: Any, labels: int, language: str | None, min_probability: float) -> None:
        self.error = new_error()
        code = NULL if language is None else ffi.new("char[]", name_bytes(language, "language"))
        options = ffi.new("classify_score_options *")
        options.struct_size = ffi.sizeof("classify_score_options")
        options.language = code
        options.min_probability = min_probability
        out = ffi.new("classify_scorer **")
        check(lib.classify_scorer_new(out, model, options, self.error), self.error)
        self.handle = ffi.gc(out[0], lib.classify_scorer_free)
        self.result = ffi.new("classify_result *")
        self.result.struct_size = RESULT_SIZE
        self.view = ffi.buffer(self.result)
        self.probabilities = ffi.new("double[]", max(labels, 1))
        self.probability_view = ffi.buffer(self.probabilities)
        self.read_probabilities: Callable[[Any], tuple[float, ...]] = Struct(f"@{labels}d").unpack_from


class ScorerPool:
    """Scorers that no thread uses at the moment. `list.pop` and `list.append` are atomic, so no lock is needed, and
    none can be left held in a process that forks."""

    __slots__ = ("model", "labels", "idle")

    _KINDS = 16  # combinations of options kept; more are a sweep over thresholds

    def __init__(self, model: Any, labels: int) -> None:
        self.model = model
        self.labels = labels
        self.idle: dict[tuple[str | None, float], list[Scorer]] = {}

    def take(self, key: tuple[str | None, float]) -> Scorer:
        try:
            return self.idle[key].pop()
        except (KeyError, IndexError):
            return Scorer(self.model, self.labels, *key)

    def give(self, key: tuple[str | None, float], scorer: Scorer) -> None:
        try:
            self.idle[key].append(scorer)
        except KeyError:
            if len(self.idle) >= self._KINDS:
                self.idle = {}
            self.idle.setdefault(key, []).append(scorer)
