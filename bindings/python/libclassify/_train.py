"""Training: counts, and models compiled from them."""

from __future__ import annotations

import os
from threading import RLock

from ._core import NULL, ArgumentError, check, ffi, lib, name_bytes, new_error, string, text_bytes
from ._model import Model, default, write_file
from ._texts import is_missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

STEMMED = ("en", "pl", "ru", "uk")  # languages with a stemmer


class Cell:
    """What was counted under one source, language and label ("" where the texts only teach the language)."""

    __slots__ = ("source", "language", "label", "documents", "words")

    def __init__(self, source: str, language: str, label: str, documents: int, words: int) -> None:
        self.source = source
        self.language = language
        self.label = label
        self.documents = documents
        self.words = words

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cell):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Cell({self.source!r}, {self.language!r}, {self.label!r}, documents={self.documents}, words={self.words})"


class Counts:
    """How often words stand under each label, language and source: integers from which models are compiled.

    Counts merge exactly: a corpus counted in any split and order, then merged, gives the same bytes. They pickle, so
    that
    processes can count and one can merge. One thread at a time works on them; others wait.

    Example:
        >>> import libclassify as lc
        >>> counts = lc.Counts()
        >>> counts.add("Goal in the last minute", "sport", "en")
        >>> counts += lc.Counts().add_all(["Shares fell again"], ["markets"], "en")
        >>> counts.documents, [cell.label for cell in counts.cells]
        (2, ['markets', 'sport'])
        >>> counts.compile().labels
        ('markets', 'sport')
    """

    __slots__ = ("_handle", "_lock", "__weakref__")

    def __init__(self) -> None:
        out, error = ffi.new("classify_counts **"), new_error()
        check(lib.classify_counts_new(out, NULL, error), error)
        self._own(out[0])

    def _own(self, handle: Any) -> None:
        self._handle = ffi.gc(handle, lib.classify_counts_free)
        self._lock = RLock()

    # ---- Counting ----

    def add(self, text: str | bytes, label: str, language: str, source: str = "") -> None:
        """Counts one text.

        Args:
            label: "" where the text only teaches its language.
            language: a code: "en", "uk", "ru" or "pl", or another of 2-8 letters, whose words are not stemmed.
            source: where the text comes from; sources are balanced against each other.

        Raises:
            ArgumentError: a name with a control character or of more than 255 bytes, a language that is no code.
        """
        data = text_bytes(text)
        names = name_bytes(label, "a label"), name_bytes(language, "a language"), name_bytes(source, "a source")
        error = new_error()
        with self._lock:
            check(lib.classify_counts_add(self._handle, *names, data, len(data), error), error)

    def add_all(
        self,
        texts: Iterable[str | bytes],
        labels: Iterable[str],
        languages: str | Iterable[str],
        sources: str | Iterable[str] = "",
    ) -> Counts:
        """Counts many texts, each with its label. `languages` and `sources` are one for all, or one each. Returns
        itself."""
        rows = list(texts)
        columns = [list(labels), _column(languages, len(rows)), _column(sources, len(rows))]
        if any(len(column) != len(rows) for column in columns):
            raise ArgumentError(f"{len(rows)} texts need as many labels, languages and sources")
        for row in zip(rows, *columns, strict=True):
            self.add(*row)
        return self

    def merge(self, other: Counts) -> None:
        """Adds other counts to these. Associative and commutative."""
        if not isinstance(other, Counts):
            raise TypeError(f"counts merge with counts, not with {type(other).__name__}")
        source = other.copy() if other is self else other
        first, second = sorted((self, source), key=id)  # always in one order: two threads cannot wait for each other
        error = new_error()
        with first._lock, second._lock:
            check(lib.classify_counts_merge(self._handle, source._handle, error), error)

    def __iadd__(self, other: object) -> Counts:
        if not isinstance(other, Counts):
            return NotImplemented
        self.merge(other)
        return self

    def __add__(self, other: object) -> Counts:
        if not isinstance(other, Counts):
            return NotImplemented
        result = self.copy()
        result.merge(other)
        return result

    def __radd__(self, other: object) -> Counts:
        """So that `sum(list_of_counts)` works."""
        return self.copy() if other == 0 else NotImplemented

    def prune(self, words: int = 0, pairs: int = 0, *, source: str = "") -> None:
        """Drops words that stand in fewer than `words` texts, and pairs in fewer than `pairs`, of the sources that
        begin with `source` ("": all)."""
        error = new_error()
        with self._lock:
            check(lib.classify_counts_prune(self._handle, name_bytes(source, "a source"), words, pairs, error), error)

    def set_meta(self, key: str, value: str | None) -> None:
        """Metadata, which models carry: `Model.meta`. Keys are 1-63 of a-z 0-9 . _ -; None removes."""
        data = NULL if value is None else name_bytes(value, "a value")
        error = new_error()
        with self._lock:
            check(lib.classify_counts_set_meta(self._handle, name_bytes(key, "a key"), data, error), error)

    # ---- What they hold ----

    def _info(self) -> Any:
        info, error = ffi.new("classify_counts_info *"), new_error()
        info.struct_size = ffi.sizeof("classify_counts_info")
        with self._lock:
            check(lib.classify_counts_get_info(self._handle, info, error), error)
        return info

    @property
    def documents(self) -> int:
        """Texts counted."""
        return int(self._info().documents)

    @property
    def words(self) -> int:
        """Words and markers in them."""
        return int(self._info().words)

    @property
    def features(self) -> int:
        """Distinct words, markers and pairs of neighbours."""
        return int(self._info().features)

    @property
    def cells(self) -> list[Cell]:
        """A cell for each source, language and label, in this order."""
        cell, error, cells = ffi.new("classify_cell *"), new_error(), []
        with self._lock:
            for i in range(self._info().cells):
                cell.struct_size = ffi.sizeof("classify_cell")
                check(lib.classify_counts_cell(self._handle, i, cell, error), error)
                names = string(cell.source), string(cell.language), string(cell.label)
                cells.append(Cell(*names, cell.documents, cell.words))
        return cells

    def __repr__(self) -> str:
        info = self._info()
        return f"<Counts of {info.documents:,} texts, {info.words:,} words, {info.features:,} features>"

    def __eq__(self, other: object) -> bool:
        return bytes(self) == bytes(other) if isinstance(other, Counts) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    # ---- Models ----

    def compile(
        self,
        *,
        smoothing: int | None = None,
        label_words: int | None = None,
        max_words: int | None = None,
        max_pairs: int | None = None,
        max_parts: int | None = None,
        pairs: bool = True,
        parts: bool = True,
    ) -> Model:
        """A model. The same counts and options give the same bytes everywhere; the counts stay as they are.

        Args (None is the library's default):
            smoothing: words of background added to each label.
            label_words: words to which each label of a language is brought, down from more or up from fewer.
            max_words, max_pairs, max_parts: word forms, pairs and pieces of words kept, the most telling first.
            pairs, parts: whether pairs of words, and pieces of words that are not known, count at all.

        Raises:
            ArgumentError: nothing labelled was counted, or an option out of range.
        """
        options, out, error = ffi.new("classify_compile_options *"), ffi.new("classify_model **"), new_error()
        options.struct_size = ffi.sizeof("classify_compile_options")
        given = {"smoothing": smoothing, "label_words": label_words}
        given |= {"max_words": max_words, "max_pairs": max_pairs, "max_parts": max_parts}
        for name, value in given.items():
            if value is not None:
                if not 0 < value < 1 << 32:
                    raise ArgumentError(f"{name} must be from 1 to {(1 << 32) - 1}")
                setattr(options, name, value)
        options.flags = (0 if pairs else lib.CLASSIFY_COMPILE_NO_PAIRS) | (0 if parts else lib.CLASSIFY_COMPILE_NO_PARTS)
        with self._lock:
            check(lib.classify_counts_compile(self._handle, options, out, error), error)
        return Model._of(out[0])

    def refine(
        self,
        texts: Iterable[str | bytes],
        labels: Iterable[str],
        languages: str | Iterable[str],
        sources: str | Iterable[str] = "",
        *,
        epochs: int = 0,
    ) -> None:
        """One more pass over the texts that were counted: learns weights by softmax regression and keeps them beside
        the counts.

        Models compiled from the counts then sum both. Deterministic. Takes seconds for a million words. Arguments are
        those of `add_all`; epochs: passes over the texts, 0 for the library's default.
        """
        rows = [text_bytes(text) for text in texts]
        columns = [list(labels), _column(languages, len(rows)), _column(sources, len(rows))]
        if any(len(column) != len(rows) for column in columns):
            raise ArgumentError(f"{len(rows)} texts need as many labels, languages and sources")
        names: dict[str, Any] = {}  # also keeps them alive
        examples = ffi.new("classify_example[]", len(rows))
        for i, (data, *of) in enumerate(zip(rows, *columns, strict=True)):
            pointers = [names.get(name) or names.setdefault(name, ffi.new("char[]", name_bytes(name, "a name"))) for name in of]
            examples[i].text, examples[i].size = ffi.from_buffer(data), len(data)
            examples[i].label, examples[i].language, examples[i].source = pointers
        options, error = ffi.new("classify_refine_options *"), new_error()
        options.struct_size = ffi.sizeof("classify_refine_options")
        options.epochs = epochs
        with self._lock:
            check(lib.classify_counts_refine(self._handle, options, examples, len(rows), error), error)

    # ---- Elsewhere ----

    def _write(self, form: int) -> bytes:
        buffer, size, error = ffi.new("void **"), ffi.new("size_t *"), new_error()
        with self._lock:
            check(lib.classify_counts_write(self._handle, form, buffer, size, error), error)
            try:
                return bytes(ffi.buffer(buffer[0], size[0]))
            finally:
                lib.classify_counts_free_buffer(self._handle, buffer[0], size[0])

    def __bytes__(self) -> bytes:
        return self._write(lib.CLASSIFY_COUNTS_BINARY)

    def to_tsv(self) -> str:
        """The counts as text, to be read, compared and kept under version control; `from_bytes` and `load` take it
        too."""
        return self._write(lib.CLASSIFY_COUNTS_TSV).decode()

    @classmethod
    def from_bytes(cls, data: bytes | bytearray | memoryview) -> Counts:
        """Counts from what `bytes(counts)` or `to_tsv` gave. Raises ModelError where they are damaged."""
        out, error, view = ffi.new("classify_counts **"), new_error(), ffi.from_buffer(data)
        check(lib.classify_counts_read(out, view, len(view), NULL, error), error)
        counts = cls.__new__(cls)
        counts._own(out[0])
        return counts

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Counts:
        """Reads a file of counts, of either form. Raises OSError, or ModelError where it is damaged."""
        with open(path, "rb") as file:
            return cls.from_bytes(file.read())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the counts to a file, whole or not at all; as text where the name ends in .tsv."""
        write_file(path, self.to_tsv().encode() if os.fspath(path).endswith(".tsv") else bytes(self))

    def copy(self) -> Counts:
        return Counts.from_bytes(bytes(self))

    def __copy__(self) -> Counts:
        return self.copy()

    def __deepcopy__(self, memo: object) -> Counts:
        return self.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        return _counts_from_pickle, (bytes(self),)


def _counts_from_pickle(data: bytes) -> Counts:
    """A function of its own: cloudpickle takes a bound classmethod apart, and the extension with it."""
    return Counts.from_bytes(data)


def _column(values: str | Iterable[str], count: int) -> list[str]:
    return [values] * count if isinstance(values, str) else list(values)


def detect_languages(texts: Sequence[str | bytes]) -> list[str]:
    """The language of each text by the default model.

    A language without a stemmer must be that of a twentieth of the texts; where it is not, and where no language is
    found, the most frequent one is taken.
    """
    found = default().classify_batch(texts).languages
    frequent = {name: found.count(name) for name in set(found) if name}
    usual = max(sorted(frequent), key=frequent.__getitem__, default="en")
    trusted = {name for name, count in frequent.items() if name in STEMMED or count * 20 >= len(found)}
    return [name if name is not None and name in trusted else usual for name in found]


def train(
    texts: Iterable[str | bytes],
    labels: Iterable[str],
    languages: str | Iterable[str] | None = None,
    *,
    sources: str | Iterable[str] = "",
    refine: bool = False,
    **options: Any,
) -> Model:
    """A model that knows the given labels.

    Args:
        texts, labels: one label a text. Rows whose text or label is missing (None, NaN) are passed over.
        languages: codes such as "en", one for all or one a text (those without a stemmer do with whole words). None:
            the default model detects them; where it finds none, or a rare one without a stemmer, the most frequent one
            is taken.
        sources: where each text comes from; sources are balanced against each other.
        refine: learn further weights in one more pass (`Counts.refine`).
        options: those of `Counts.compile`.

    Raises:
        ArgumentError: nothing to learn from, or columns of different lengths.
        TypeError: a text that is neither str nor bytes, a label that is not str.

    Example:
        >>> import libclassify as lc
        >>> texts = ["A goal in the last minute!", "Shares fell again.", "The striker scored.", "The index rose."]
        >>> model = lc.train(texts, ["sport", "markets"] * 2, "en", smoothing=1)  # few texts: little smoothing
        >>> model.classify("The last goal").best
        'sport'
    """
    rows: list[Any] = list(texts)
    names: list[Any] = list(labels)
    spoken: list[Any] = [None] * len(rows) if languages is None else _column(languages, len(rows))
    origins: list[Any] = _column(sources, len(rows))
    if not len(rows) == len(names) == len(spoken) == len(origins):
        raise ArgumentError(
            f"columns of different lengths: {len(rows)} texts, {len(names)} labels, {len(spoken)} languages, "
            f"{len(origins)} sources"
        )
    kept = [i for i in range(len(rows)) if not is_missing(rows[i]) and not is_missing(names[i])]
    if not kept:
        raise ArgumentError("no labelled text to learn from")
    rows, names, spoken, origins = ([column[i] for i in kept] for column in (rows, names, spoken, origins))
    if languages is None:
        spoken = detect_languages([text_bytes(text) for text in rows])
    counts = Counts().add_all(rows, names, spoken, origins)
    if refine:
        counts.refine(rows, names, spoken, origins)
    return counts.compile(**options)
