"""The answer about one text."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._passages import Passage


class Result:
    """What a model says about one text. Read only; equal results are equal; picklable.

    Attributes:
        label: the label, or None when the model withholds it ("unsure"): `reason` says why.
        probability: of `best`, calibrated, 0 to 1.
        language: code of the language found (or fixed), such as "uk"; None when nothing speaks for one.
        probabilities: probability by label; they sum to 1.
        evidence: how much the known words say, in nats: the sum over features of the spread of their weights.
        reason: None, or why there is no label: "empty", "unknown-words", "language", "little-evidence" or "too-close".
        best: the label of the highest score, also when `label` is None; None when nothing is known.
        margin: score of `best` less that of the next label, in nats.
        tokens: words and markers (numbers, addresses, ...) in the text.
        known: those of them that the model has a weight for.
        replaced: invalid UTF-8 sequences, each taken as one U+FFFD.
        passages: a tuple of the `Passage`s found inside the text, or None where they were not asked for.

    Example:
        >>> import libclassify as lc
        >>> result = lc.classify("Pay 5 bitcoin within 48 hours or we publish all your stolen files.")
        >>> result.label, result.language, result.reason
        ('threat', 'en', None)
        >>> lc.classify("").reason
        'empty'
    """

    __slots__ = (
        "label", "probability", "language", "probabilities", "evidence", "reason",
        "best", "margin", "tokens", "known", "replaced", "passages",
    )  # fmt: skip

    label: str | None
    probability: float
    language: str | None
    probabilities: dict[str, float]
    evidence: float
    reason: str | None
    best: str | None
    margin: float
    tokens: int
    known: int
    replaced: int
    passages: tuple[Passage, ...] | None

    def __init__(
        self,
        label: str | None,
        probability: float,
        language: str | None,
        probabilities: dict[str, float],
        evidence: float,
        reason: str | None,
        best: str | None,
        margin: float,
        tokens: int,
        known: int,
        replaced: int,
        passages: tuple[Passage, ...] | None = None,
    ) -> None:
        put = _put
        put[0](self, label)
        put[1](self, probability)
        put[2](self, language)
        put[3](self, probabilities)
        put[4](self, evidence)
        put[5](self, reason)
        put[6](self, best)
        put[7](self, margin)
        put[8](self, tokens)
        put[9](self, known)
        put[10](self, replaced)
        put[11](self, passages)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Result is read only: {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Result is read only: {name}")

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def to_dict(self) -> dict[str, Any]:
        """The attributes by name, fit for JSON; `passages` only where they were asked for."""
        values = {name: getattr(self, name) for name in self.__slots__} | {"probabilities": dict(self.probabilities)}
        found = values.pop("passages")
        return values if found is None else values | {"passages": [passage.to_dict() for passage in found]}

    def __eq__(self, other: object) -> bool:
        return self._values() == other._values() if isinstance(other, Result) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[type[Result], tuple[Any, ...]]:
        return Result, self._values()

    def __repr__(self) -> str:
        label = repr(self.label) if self.reason is None else f"None, reason={self.reason!r}, best={self.best!r}"
        return f"Result(label={label}, probability={self.probability:.4f}, language={self.language!r})"

    def to_html(self) -> str:
        """A fragment of HTML without scripts or outside resources: label, language and a bar for each probability."""
        from ._html import result_html

        return result_html(self)

    def _repr_html_(self) -> str:
        return self.to_html()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.to_html()}


_put = [getattr(Result, name).__set__ for name in Result.__slots__]
