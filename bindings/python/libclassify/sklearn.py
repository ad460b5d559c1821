"""libclassify for scikit-learn: a classifier of texts that keeps its conventions. Needs scikit-learn 1.6."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d

from ._core import ArgumentError
from ._texts import is_missing
from ._train import Counts, detect_languages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._model import Model

__all__ = ["NaiveBayesClassifier"]


def _texts(X: Any) -> list[str | bytes]:
    """X as a list of texts, or an error that says what is wrong with it."""
    if isinstance(X, str | bytes):
        raise ValueError("X must be a sequence of texts, not one text")
    if getattr(X, "ndim", 1) != 1 or hasattr(X, "toarray"):
        raise ValueError("X must be a 1-D sequence of texts; reshape your data or pick one column")
    texts = X.to_list() if hasattr(X, "to_list") else X.tolist() if hasattr(X, "tolist") else list(X)
    for i, text in enumerate(texts):
        if not isinstance(text, str | bytes):
            what = "missing" if is_missing(text) else type(text).__name__
            raise ValueError(f"X must hold texts (str or bytes), and row {i} is {what}")
    return list(texts)


class NaiveBayesClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Naive Bayes over stemmed words and pairs of words, on raw texts in English, Ukrainian, Russian and Polish.

    X is a 1-D sequence of texts (list, NumPy array, pandas Series); no vectorizer is needed. Unlike `Model.classify`,
    `predict` withholds no label.

    Parameters:
        language: a code such as "en" for all texts; None: detected for each by the default model.
        refine: learn further weights by softmax regression in one more pass. Not with `partial_fit`.
        smoothing: words of background added to each label; None: the library's default.
        label_words: words to which each label is brought; None: the library's default.
        max_words, max_pairs, max_parts: the most word forms, pairs and pieces of words to keep; None: the library's
        default.
        pairs, parts: whether pairs of words, and pieces of words that are not known, count at all.
        threads: for prediction; 0: as many as there are processors.

    Attributes:
        classes_: the labels as they stood in y, sorted; shape (n_classes,).
        counts_: the `Counts` learned so far.
        model_: the `Model` compiled from them.

    Example:
        >>> from libclassify.sklearn import NaiveBayesClassifier
        >>> X = ["a late goal", "shares fell", "the striker scored", "the index rose"]
        >>> NaiveBayesClassifier(language="en", smoothing=1).fit(X, [1, 0, 1, 0]).predict(["the goal scored"])
        array([1])
    """

    classes_: NDArray[Any]
    counts_: Counts

    def __init__(
        self,
        *,
        language: str | None = None,
        refine: bool = False,
        smoothing: int | None = None,
        label_words: int | None = None,
        max_words: int | None = None,
        max_pairs: int | None = None,
        max_parts: int | None = None,
        pairs: bool = True,
        parts: bool = True,
        threads: int = 0,
    ) -> None:
        self.language = language
        self.refine = refine
        self.smoothing = smoothing
        self.label_words = label_words
        self.max_words = max_words
        self.max_pairs = max_pairs
        self.max_parts = max_parts
        self.pairs = pairs
        self.parts = parts
        self.threads = threads

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        return tags

    # ---- Learning ----

    def fit(self, X: Any, y: Any) -> NaiveBayesClassifier:
        """Learns from texts and their labels, both of shape (n_samples,). Labels may be of any type that NumPy can
        sort."""
        self._start(y, None)
        texts, names, languages = self._learn(X, y)
        if self.refine:
            self.counts_.refine(texts, names, languages)
        self._compile()
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> NaiveBayesClassifier:
        """Learns from more texts. `classes`: all labels that will come, needed at the first call."""
        if self.refine:
            raise ArgumentError("refine needs all texts at once: use fit")
        if not hasattr(self, "classes_"):
            if classes is None:
                raise ValueError("classes must be passed on the first call to partial_fit")
            self._start(y, classes)
        elif classes is not None and not numpy.array_equal(self.classes_, numpy.unique(classes)):
            raise ValueError("classes is not the same as on the last call to partial_fit")
        self._learn(X, y)
        self._compile()
        return self

    def _start(self, y: Any, classes: Any) -> None:
        if y is None:
            raise ValueError("requires y to be passed, but the target y is None")
        if classes is None:
            check_classification_targets(y)
        self.classes_ = numpy.unique(column_or_1d(y, warn=True) if classes is None else numpy.asarray(classes))
        if not len(self.classes_):
            raise ValueError("no sample and so no class in y")
        names = [str(name) for name in self.classes_.tolist()]
        plain = len(set(names)) == len(names) and all(name.isprintable() and 0 < len(name.encode()) < 256 for name in names)
        self._names = names if plain else [f"class-{i}" for i in range(len(names))]
        self.counts_ = Counts()

    def _learn(self, X: Any, y: Any) -> tuple[list[str | bytes], list[str], list[str]]:
        texts, y = _texts(X), column_or_1d(y, warn=True)
        if len(texts) != len(y):
            raise ValueError(f"X and y have inconsistent numbers of samples: {len(texts)} and {len(y)}")
        if not texts:
            raise ValueError("0 samples: a minimum of 1 is required")
        places = numpy.searchsorted(self.classes_, y)
        known = numpy.minimum(places, len(self.classes_) - 1)
        if (self.classes_[known] != y).any():
            raise ValueError("y holds labels that are not in classes")
        names = [self._names[place] for place in known]
        languages = detect_languages(texts) if self.language is None else [self.language] * len(texts)
        self.counts_.add_all(texts, names, languages)
        return texts, names, languages

    def _compile(self) -> None:
        self.model_: Model = self.counts_.compile(
            smoothing=self.smoothing,
            label_words=self.label_words,
            max_words=self.max_words,
            max_pairs=self.max_pairs,
            max_parts=self.max_parts,
            pairs=self.pairs,
            parts=self.parts,
        )

    # ---- Predicting ----

    def predict_proba(self, X: Any) -> NDArray[numpy.float64]:
        """Probability of each label: shape (n_samples, n_classes), in the order of `classes_`; rows sum to 1."""
        check_is_fitted(self, "model_")
        language = self.language if self.language in self.model_.languages else None
        found = self.model_.classify_batch(_texts(X), threads=self.threads, language=language).probabilities
        result = numpy.zeros((len(found), len(self.classes_)))
        result[:, [self._names.index(label) for label in self.model_.labels]] = found
        return result

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable label of each text: shape (n_samples,)."""
        check_is_fitted(self, "model_")
        found: NDArray[Any] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return found
