"""Why a text got its label, as integers that add up."""

from __future__ import annotations

from struct import Struct

from ._batch import make_result
from ._core import NONE, NULL, RESULT, character_places, check, encode, ffi, lib, text_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import pandas

    from ._model import Model
    from ._result import Result

_SPAN = Struct("@QQIIII")
_KINDS = {lib.CLASSIFY_SPAN_WORD: "word", lib.CLASSIFY_SPAN_MARKER: "marker", lib.CLASSIFY_SPAN_PAIR: "pair"}


class Token:
    """One feature of a text: a word, a marker (number, address, ...) or a pair of neighbouring words.

    Attributes:
        begin, end: its place: `text[begin:end]` of the explained text, in characters of a str and bytes of bytes. A
            pair's runs from the first word to the second.
        text: what stands there.
        feature: its stem, "stem stem" for a pair, the marker's name; None for a word that is not known as a whole.
        kind: "word", "marker" or "pair".
        known: whether the model has weights for it (an unknown word may have some from its parts).
        contributions: what it adds to the score of each label, integers in 1/`Explanation.scale` nats.
    """

    __slots__ = ("begin", "end", "text", "feature", "kind", "known", "contributions")

    def __init__(
        self,
        begin: int,
        end: int,
        text: str,
        feature: str | None,
        kind: str,
        known: bool,
        contributions: tuple[int, ...],
    ) -> None:
        self.begin = begin
        self.end = end
        self.text = text
        self.feature = feature
        self.kind = kind
        self.known = known
        self.contributions = contributions

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __reduce__(self) -> tuple[type[Token], tuple[Any, ...]]:
        return Token, self._values()

    def __eq__(self, other: object) -> bool:
        return self._values() == other._values() if isinstance(other, Token) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Token({self.text!r}, {self.kind}, feature={self.feature!r}, contributions={self.contributions})"


class Explanation:
    """A text's score, taken apart. For each label i, exactly:

        scores[i] == priors[i] + sum(token.contributions[i] for token in tokens)

    Attributes:
        text: what was explained, str or bytes.
        result: the answer of `classify`.
        labels: names, the order of `priors`, `scores` and `contributions`.
        tokens: every word, marker and pair of the text, in order.
        priors, scores: integers in 1/scale nats.
        scale: an integer divided by it is in nats.
        best: the label explained: the one of the highest score.
        against: its strongest rival; None in a model of one label.

    Example:
        >>> import libclassify as lc
        >>> why = lc.explain("Pay or we leak your stolen files.")
        >>> why.best, why.tokens[0].text
        ('threat', 'Pay')
        >>> i = why.labels.index("threat")
        >>> why.scores[i] == why.priors[i] + sum(token.contributions[i] for token in why.tokens)
        True
    """

    def __init__(
        self,
        text: str | bytes,
        result: Result,
        labels: tuple[str, ...],
        tokens: list[Token],
        priors: tuple[int, ...],
        scores: tuple[int, ...],
        scale: int,
    ) -> None:
        self.text = text
        self.result = result
        self.labels = labels
        self.tokens = tokens
        self.priors = priors
        self.scores = scores
        self.scale = scale
        ranked = sorted(labels, key=lambda label: -scores[labels.index(label)])
        self.best = result.best or ranked[0]
        self.against = next((label for label in ranked if label != self.best), None)

    def lead(self, token: Token) -> float:
        """What a token says for `best` against its strongest rival, in nats: negative where it speaks for the rival."""
        rival = token.contributions[self.labels.index(self.against)] if self.against is not None else 0
        return (token.contributions[self.labels.index(self.best)] - rival) / self.scale

    def top(self, n: int = 10) -> list[tuple[Token, float]]:
        """The n tokens that decide most, for and against, with their `lead`."""
        return sorted(((token, self.lead(token)) for token in self.tokens), key=lambda item: -abs(item[1]))[:n]

    def to_pandas(self) -> pandas.DataFrame:
        """A row a token: begin, end, text, feature, kind, known, lead and each label's contribution (nats). Needs
        pandas."""
        import pandas

        table: dict[str, Any] = {
            name: [getattr(token, name) for token in self.tokens]
            for name in ("begin", "end", "text", "feature", "kind", "known")
        }
        table["lead"] = [self.lead(token) for token in self.tokens]
        for i, label in enumerate(self.labels):
            table[label] = [token.contributions[i] / self.scale for token in self.tokens]
        return pandas.DataFrame(table)

    def to_html(self, limit: int = 2000) -> str:
        """A fragment of HTML without scripts or outside resources: the text with its words shaded by their `lead`.

        Args:
            limit: words shown; of a longer text, the beginning.
        """
        from ._html import explanation_html

        return explanation_html(self, limit)

    def _repr_html_(self) -> str:
        return self.to_html()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.to_html()}

    def __repr__(self) -> str:
        rival = f" against {self.against}" if self.against else ""
        lines = [f"<Explanation of {self.best}{rival}: {self.result!r}"]
        lines += [f"  {lead:+7.2f} nats  {token.text!r} ({token.kind})" for token, lead in self.top(8) if lead]
        return "\n".join(lines) + ">"


def explain(model: Model, text: str | bytes, language: str | None, min_probability: float) -> Explanation:
    """The call behind `Model.explain`."""
    data = encode(text) if isinstance(text, str) else text_bytes(text)
    labels = len(model.labels)
    key = (language, min_probability)
    scorer = model._pool.take(key)
    try:
        needed, error = ffi.new("size_t *"), scorer.error
        priors, scores = ffi.new("int64_t[]", labels), ffi.new("int64_t[]", labels)
        lib.classify_explain(scorer.handle, data, len(data), NULL, NULL, 0, needed, NULL, NULL, NULL, NULL)
        count = needed[0]
        spans, sums = ffi.new("classify_span[]", count), ffi.new("int64_t[]", count * labels)
        status = lib.classify_explain(
            scorer.handle, data, len(data), spans, sums, count, needed, priors, scores, scorer.result, error
        )
        check(status, error)
        check(lib.classify_score(scorer.handle, data, len(data), scorer.result, scorer.probabilities, NULL, error), error)
        values = RESULT.unpack_from(scorer.view)
        probabilities = scorer.read_probabilities(scorer.probability_view)
    finally:
        model._pool.give(key, scorer)
    result = make_result(values, probabilities, model.labels, model._codes, model._scale)
    tokens = _tokens(model, data, isinstance(text, str), ffi.buffer(spans), ffi.unpack(sums, count * labels) if count else [])
    priors_, scores_ = tuple(ffi.unpack(priors, labels)), tuple(ffi.unpack(scores, labels))
    return Explanation(text if isinstance(text, str) else data, result, model.labels, tokens, priors_, scores_, model._scale)


def _tokens(model: Model, data: bytes, characters: bool, spans: Any, sums: list[int]) -> list[Token]:
    labels = len(model.labels)
    rows = list(_SPAN.iter_unpack(spans))
    place = (
        character_places(data, (border for row in rows for border in row[:2])) if characters and not data.isascii() else None
    )
    names: dict[int, str | None] = {NONE: None}
    tokens = []
    for i, (begin, end, feature, kind, known, _) in enumerate(rows):
        if feature not in names:
            names[feature] = model._feature(feature)
        text = data[begin:end].decode("utf-8", "replace")
        contributions = tuple(sums[i * labels : (i + 1) * labels])
        if place is not None:
            begin, end = place[begin], place[end]
        tokens.append(Token(begin, end, text, names[feature], _KINDS.get(kind, "other"), bool(known), contributions))
    return tokens
