"""Where inside a text a label of its own stands."""

from __future__ import annotations

from struct import Struct

from ._batch import make_result
from ._core import NULL, RESULT, character_places, check, ffi, lib, text_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    import pandas

    from ._model import Model
    from ._result import Result

PASSAGE = Struct("@QQIIqqd")
if PASSAGE.size != ffi.sizeof("classify_passage"):
    raise ImportError("libclassify's extension does not match its Python files: install the package again")


class Passage:
    """A run of sentences, or the quoted words of one, that carries a label of its own. Equal passages are equal; picklable.

    Attributes:
        begin, end: its place: `text[begin:end]` of the text, in characters of a str and bytes of bytes. Quotation marks
            around it stand outside.
        label: what it is.
        probability: of `label`, were the passage a text of its own, calibrated, 0 to 1.
        score: score of `label` less that of the next label, in nats, were the passage a text of its own.
        evidence: as in `Result`, of the passage.
    """

    __slots__ = ("begin", "end", "label", "probability", "score", "evidence")

    def __init__(self, begin: int, end: int, label: str, probability: float, score: float, evidence: float) -> None:
        self.begin = begin
        self.end = end
        self.label = label
        self.probability = probability
        self.score = score
        self.evidence = evidence

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def to_dict(self) -> dict[str, Any]:
        """The attributes by name, fit for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __reduce__(self) -> tuple[type[Passage], tuple[Any, ...]]:
        return Passage, self._values()

    def __eq__(self, other: object) -> bool:
        return self._values() == other._values() if isinstance(other, Passage) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Passage({self.begin}, {self.end}, {self.label!r}, probability={self.probability:.4f})"


class Passages:
    """A text with the passages found in it; a sequence of `Passage`, in order, disjoint. In a notebook it shows the text
    with its passages shaded.

    Attributes:
        text: what was read, str or bytes.
        result: the answer of `classify` about the whole text, with these passages in `Result.passages`.
        labels: the model's labels.

    Example:
        >>> import libclassify as lc
        >>> text = '''The harbour's booking system was offline on Monday. A note on every screen read:
        ... "Your files are encrypted. Pay 40 bitcoin or we will publish everything." Police are investigating.'''
        >>> found = lc.passages(text)
        >>> [p.label for p in found], text[found[0].begin : found[0].end]
        (['threat'], 'Your files are encrypted. Pay 40 bitcoin or we will publish everything.')
    """

    def __init__(self, text: str | bytes, result: Result, labels: tuple[str, ...]) -> None:
        self.text = text
        self.result = result
        self.labels = labels

    @property
    def _found(self) -> tuple[Passage, ...]:
        return self.result.passages or ()

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, at: int) -> Passage:
        return self._found[at]

    def __iter__(self) -> Iterator[Passage]:
        return iter(self._found)

    def quotes(self) -> list[str | bytes]:
        """What stands in each passage."""
        return [self.text[p.begin : p.end] for p in self]

    def to_pandas(self) -> pandas.DataFrame:
        """A row a passage: begin, end, label, probability, score, evidence (nats), text. Needs pandas."""
        import pandas

        table: dict[str, Any] = {name: [getattr(p, name) for p in self] for name in Passage.__slots__}
        return pandas.DataFrame(table | {"text": self.quotes()})

    def to_html(self, limit: int = 20_000) -> str:
        """A fragment of HTML without scripts or outside resources: the text with its passages shaded, and a legend.

        Args:
            limit: characters shown; of a longer text, the beginning.
        """
        from ._html import passages_html

        return passages_html(self, limit)

    def _repr_html_(self) -> str:
        return self.to_html()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.to_html()}

    def __repr__(self) -> str:
        lines = [f"<Passages of {self.result!r}"]
        lines += [f"  {p.begin}-{p.end} {p.label} {p.probability:.4f} {self.text[p.begin : p.end]!r}" for p in self]
        return "\n".join(lines) + ">"


def make_passages(rows: Any, labels: tuple[str, ...], scale: int) -> tuple[Passage, ...]:
    """From the bytes of classify_passage structures."""
    return tuple(
        Passage(begin, end, labels[label], probability, score / scale, evidence / scale)
        for begin, end, label, _, score, evidence, probability in PASSAGE.iter_unpack(rows)
    )


def find(model: Model, text: str | bytes, language: str | None, min_probability: float) -> Result:
    """What `Model.classify` gives, with the passages."""
    data = text_bytes(text)
    key = (language, min_probability)
    scorer = model._pool.take(key)
    try:
        needed, error, room, status = ffi.new("size_t *"), scorer.error, 8, lib.CLASSIFY_ERROR_CAPACITY
        while status == lib.CLASSIFY_ERROR_CAPACITY:
            spans = ffi.new("classify_passage[]", room)
            status = lib.classify_passages(
                scorer.handle, data, len(data), NULL, spans, room, needed, scorer.result, scorer.probabilities, NULL, error
            )
            room = needed[0]
        check(status, error)
        values = RESULT.unpack_from(scorer.view)
        probabilities = scorer.read_probabilities(scorer.probability_view)
    finally:
        model._pool.give(key, scorer)
    found = make_passages(ffi.buffer(spans, room * PASSAGE.size), model.labels, model._scale)
    if isinstance(text, str) and not data.isascii():
        places = character_places(data, (border for p in found for border in (p.begin, p.end)))
        for p in found:
            p.begin, p.end = places[p.begin], places[p.end]
    return make_result(values, probabilities, model.labels, model._codes, model._scale, found)


def passages(model: Model, text: str | bytes, language: str | None, min_probability: float) -> Passages:
    """The call behind `Model.passages`."""
    result = find(model, text, language, min_probability)
    return Passages(text if isinstance(text, str) else text_bytes(text), result, model.labels)
