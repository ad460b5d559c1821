"""Models: opened, asked, saved."""

from __future__ import annotations

import os

from ._batch import Batch, make_result, run
from ._core import (
    NULL,
    RESULT,
    ArgumentError,
    ScorerPool,
    check,
    encode,
    ffi,
    lib,
    name_bytes,
    new_error,
    string,
    text_bytes,
)
from ._result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._explain import Explanation
    from ._passages import Passages


class Model:
    """What was learned: immutable, shared by any number of threads, picklable.

    Made by `load`, `Model.from_bytes`, `train` or `Counts.compile`.

    Attributes:
        labels: the labels, such as ("diplomatic", "news", "threat").
        languages: codes of the languages that the model labels, such as ("en", "pl", "ru", "uk").
        recognised: codes of languages that it only recognises, so as to say that it does not know them.

    Example:
        >>> import libclassify as lc
        >>> model = lc.load()
        >>> model.classify("Wir haben Ihre Daten.", language="en").language
        'en'
        >>> lc.Model.from_bytes(bytes(model)) == model
        True
    """

    labels: tuple[str, ...]
    languages: tuple[str, ...]
    recognised: tuple[str, ...]

    _handle: Any
    _pool: ScorerPool
    _codes: tuple[str, ...]
    _scale: int
    _flags: int

    __slots__ = ("labels", "languages", "recognised", "_handle", "_pool", "_codes", "_scale", "_flags", "__weakref__")

    def __init__(self) -> None:
        raise TypeError("make a model with libclassify.load, train, Model.from_bytes or Counts.compile")

    @classmethod
    def _of(cls, handle: Any, flags: int = 0) -> Model:
        """Takes over a classify_model."""
        model = cls.__new__(cls)
        model._handle = ffi.gc(handle, lib.classify_model_free)
        model._flags = flags
        info = model._info()
        model._scale = info.weight_scale
        model.labels = tuple(string(lib.classify_model_label(handle, i)) for i in range(info.label_count))
        model._codes = tuple(string(lib.classify_model_language(handle, i)) for i in range(info.language_count))
        model.languages = model._codes[: info.covered_count]
        model.recognised = model._codes[info.covered_count :]
        model._pool = ScorerPool(model._handle, len(model.labels))
        return model

    @classmethod
    def _open(cls, call: Any, *arguments: Any, flags: int = 0) -> Model:
        """Calls classify_model_default, _open or _read."""
        out, error = ffi.new("classify_model **"), new_error()
        options = ffi.new("classify_read_options *")
        options.struct_size = ffi.sizeof("classify_read_options")
        options.flags = flags
        check(call(out, *arguments, options, error), error)
        return cls._of(out[0], flags & ~lib.CLASSIFY_READ_MAP)

    def _info(self) -> Any:
        info, error = ffi.new("classify_model_info *"), new_error()
        info.struct_size = ffi.sizeof("classify_model_info")
        check(lib.classify_model_get_info(self._handle, info, error), error)
        return info

    # ---- Asking ----

    def classify(
        self, text: str | bytes, *, language: str | None = None, min_probability: float = 0.0, passages: bool = False
    ) -> Result:
        """What the model says about one text.

        Args:
            text: a str, or bytes that are taken as UTF-8. Invalid sequences and lone surrogates are replaced by U+FFFD
                and counted in `Result.replaced`.
            language: a code from `languages`, to skip detection.
            min_probability: below it the label is withheld (0 to 1); 0 leaves it to the model's own rule.
            passages: find those inside the text too: `Result.passages`.

        Raises:
            TypeError: text is neither str nor bytes.
            ArgumentError: a language that the model does not cover, or a probability out of range.
        """
        if passages:
            from ._passages import find

            return find(self, text, language, min_probability)
        data = encode(text) if type(text) is str else text_bytes(text)
        pool = self._pool
        key = (language, min_probability)
        scorer = pool.take(key)
        try:
            error = scorer.error
            status = lib.classify_score(scorer.handle, data, len(data), scorer.result, scorer.probabilities, NULL, error)
            if status:
                check(status, error)
            values = RESULT.unpack_from(scorer.view)
            probabilities = scorer.read_probabilities(scorer.probability_view)
        finally:
            pool.give(key, scorer)
        return make_result(values, probabilities, self.labels, self._codes, self._scale)

    def classify_batch(
        self,
        texts: Any,
        *,
        threads: int = 0,
        language: str | None = None,
        min_probability: float = 0.0,
        passages: bool = False,
    ) -> Batch:
        """What the model says about many texts: equal to `classify`, row by row, and much faster.

        Args:
            texts: a list or iterator of str or bytes, a NumPy array (1-D), a pandas Series, or a column with the Arrow
                C interface (pyarrow, Polars, ...), whose strings are not copied. None, NaN and nulls are missing rows
                and stay missing; a row of another type does too, and `Batch.errors` says what it was.
            threads: how many to use; 0: as many as there are processors for this process.
            language, min_probability, passages: as in `classify`, for all texts.

        An interrupt (Ctrl-C) is answered between pieces of 1,024 texts or a megabyte, in less than a second.

        Raises:
            TypeError: not a collection of texts (a str alone, a table, a column of numbers in Arrow).
            ArgumentError: more than one dimension, an unknown language, a probability or thread count out of range.
        """
        if threads < 0:
            raise ArgumentError("threads must be 0 (all processors) or more")
        key = (language, min_probability)
        self._pool.give(key, self._pool.take(key))  # says at once, and not from a thread, what is wrong with them
        index = getattr(texts, "index", None) if hasattr(texts, "iloc") else None
        return run(self._pool, key, texts, threads, Batch(self.labels, self._codes, self._scale, index, passages))

    def explain(self, text: str | bytes, *, language: str | None = None, min_probability: float = 0.0) -> Explanation:
        """Why `classify` answers as it does: every word with its span, stem and contribution to each label's score.

        Arguments and errors are those of `classify`.
        """
        from ._explain import explain

        return explain(self, text, language, min_probability)

    def passages(self, text: str | bytes, *, language: str | None = None, min_probability: float = 0.0) -> Passages:
        """Where inside a text a threat or a statement stands: a news item that quotes a threat is news, and the threat is
        a passage of it. Sentences, or the quoted words of one; labels that only surround ("news", "other") make none.

        Arguments and errors are those of `classify`.
        """
        from ._passages import passages

        return passages(self, text, language, min_probability)

    def top(self, label: str, language: str, n: int = 20) -> list[tuple[str, float]]:
        """The n features (stems and pairs of stems) that speak most for a label in a language.

        Returns:
            (feature, lead) with the greatest lead first: the weight for the label less that for its strongest rival, in
            nats.

        Raises:
            ArgumentError: a label or language that the model does not have.
        """
        from heapq import nsmallest

        if label not in self.labels:
            raise ArgumentError(f"the model has no label {label!r}; it has {', '.join(self.labels)}")
        if language not in self.languages:
            raise ArgumentError(f"the model does not cover the language {language!r}; it covers {', '.join(self.languages)}")
        at, column, error = self.labels.index(label), self.languages.index(language), new_error()
        weights = ffi.new("int32_t[]", len(self.labels))
        leads = []
        for feature in range(self._info().feature_count):
            if lib.classify_model_weights(self._handle, feature, column, weights, error):
                continue  # a feature of other languages only
            values = ffi.unpack(weights, len(self.labels))
            own = values.pop(at)
            lead = own - max(values, default=0)
            if lead > 0:
                leads.append((-lead, feature))
        return [(self._feature(feature), -lead / self._scale) for lead, feature in nsmallest(n, leads)]

    def _feature(self, feature: int) -> str:
        needed, error = ffi.new("size_t *"), new_error()
        lib.classify_model_feature(self._handle, feature, NULL, 0, needed, error)
        name = ffi.new("char[]", needed[0])
        check(lib.classify_model_feature(self._handle, feature, name, needed[0], needed, error), error)
        return string(name)

    # ---- What it is ----

    @property
    def info(self) -> dict[str, int]:
        """Numbers about the model: bytes, digest, documents, words, stems, pairs, parts, format, scale, analyzer."""
        info = self._info()
        return {
            "bytes": info.bytes,
            "digest": info.digest,
            "documents": info.documents,
            "words": info.word_count,
            "stems": info.term_count,
            "pairs": info.pair_count,
            "parts": info.part_count,
            "format": info.format_version,
            "scale": info.weight_scale,
            "analyzer": info.analyzer_id,
        }

    def meta(self, key: str, default: str | None = None) -> str | None:
        """The value of a metadata key, such as "name" or "licence"."""
        value = lib.classify_model_meta(self._handle, name_bytes(key, "a key"))
        return default if value == NULL else string(value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        return self is other or (self.info["digest"] == other.info["digest"] and bytes(self) == bytes(other))

    def __hash__(self) -> int:
        return hash(self.info["digest"])

    def __repr__(self) -> str:
        name = self.meta("name")
        return f"<Model{f' {name!r}' if name else ''}: {', '.join(self.labels)} in {', '.join(self.languages)}>"

    # ---- Elsewhere ----

    def __bytes__(self) -> bytes:
        needed, error = ffi.new("size_t *"), new_error()
        lib.classify_model_write(self._handle, NULL, 0, needed, error)
        buffer = ffi.new("char[]", needed[0])
        check(lib.classify_model_write(self._handle, buffer, needed[0], needed, error), error)
        return bytes(ffi.buffer(buffer, needed[0]))

    @classmethod
    def from_bytes(cls, data: bytes | bytearray | memoryview, *, any_analyzer: bool = False) -> Model:
        """A model from what `bytes(model)` gave, or the content of a model file; it is copied.

        Raises:
            ModelError: it is not a model, is damaged, or was made with other stemmers (`any_analyzer` accepts the
                last).
        """
        view = ffi.from_buffer(data)
        flags = lib.CLASSIFY_READ_ANY_ANALYZER if any_analyzer else 0
        return cls._open(lib.classify_model_read, view, len(view), flags=flags)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the model to a file, whole or not at all."""
        write_file(path, bytes(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return _from_pickle, (bytes(self), self._flags)

    def __copy__(self) -> Model:
        return self

    def __deepcopy__(self, memo: object) -> Model:
        return self


def _from_pickle(data: bytes, flags: int) -> Model:
    return Model._open(lib.classify_model_read, ffi.from_buffer(data), len(data), flags=flags)


def write_file(path: str | os.PathLike[str], data: bytes) -> None:
    """Replaces a file by one with new content in one step, so that nobody reads half of it."""
    import tempfile

    target = os.path.realpath(path)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=os.path.basename(target) + ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def load(path: str | os.PathLike[str] | None = None, *, map: bool = False, any_analyzer: bool = False) -> Model:
    """Opens a model file; without a path, the default model, which the package carries inside.

    Args:
        path: a model file, such as one written by `Model.save` or `classify compile`.
        map: map the file instead of reading it, so that processes share its memory. It must not be cut short meanwhile.
        any_analyzer: accept a model made with other stemmers or another Unicode version: some words may be missed.

    Raises:
        OSError: the file cannot be opened or read, such as FileNotFoundError.
        ModelError: it is not a model, is damaged, or was made with other stemmers.

    Example:
        >>> import libclassify as lc
        >>> "threat" in lc.load().labels
        True
    """
    flags = lib.CLASSIFY_READ_ANY_ANALYZER if any_analyzer else 0
    if path is None:
        return Model._open(lib.classify_model_default, flags=flags)
    name = os.fsencode(path)
    if b"\0" in name:
        raise ArgumentError("a path cannot hold a null character")
    with open(name, "rb"):  # so that Python says what is wrong with the file
        pass
    if map:
        flags |= lib.CLASSIFY_READ_MAP
    return Model._open(lib.classify_model_open, name, flags=flags)


_default: Model | None = None


def default() -> Model:
    """The default model, opened once a process."""
    global _default
    if _default is None:
        _default = load()
    return _default
