"""Is a text a threat message, a diplomatic statement or news? In English, Ukrainian, Russian and Polish.

>>> import libclassify as lc
>>> lc.classify("The Ministry of Foreign Affairs strongly condemns the violation of the ceasefire agreement.").label
'diplomatic'

`classify`, `classify_batch`, `explain` and `passages` use the default model, which the package carries inside. `load`
opens another one, `train` makes one from labelled texts, `Counts` does so step by step. `libclassify.sklearn`
has an estimator for scikit-learn.
"""

from __future__ import annotations

from ._batch import Batch
from ._core import ArgumentError, Error, ModelError, lib, string
from ._model import Model, default, load
from ._result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._explain import Explanation, Token
    from ._passages import Passage, Passages
    from ._train import Cell, Counts, train

__all__ = [
    "ArgumentError",
    "Batch",
    "Cell",
    "Counts",
    "Error",
    "Explanation",
    "Model",
    "ModelError",
    "Passage",
    "Passages",
    "Result",
    "Token",
    "classify",
    "classify_batch",
    "explain",
    "load",
    "passages",
    "train",
]

__version__: str = string(lib.classify_version())

_LATER = {
    "Cell": "_train",
    "Counts": "_train",
    "Explanation": "_explain",
    "Passage": "_passages",
    "Passages": "_passages",
    "Token": "_explain",
    "train": "_train",
}


def __getattr__(name: str) -> Any:
    """What few programs need is imported when it is asked for."""
    if name not in _LATER:
        raise AttributeError(f"module 'libclassify' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module("libclassify." + _LATER[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))


def classify(text: str | bytes, *, language: str | None = None, min_probability: float = 0.0, passages: bool = False) -> Result:
    """What the default model says about one text: `Model.classify`."""
    return default().classify(text, language=language, min_probability=min_probability, passages=passages)


def classify_batch(
    texts: Any,
    *,
    threads: int = 0,
    language: str | None = None,
    min_probability: float = 0.0,
    passages: bool = False,
) -> Batch:
    """What the default model says about many texts: `Model.classify_batch`."""
    return default().classify_batch(
        texts, threads=threads, language=language, min_probability=min_probability, passages=passages
    )


def explain(text: str | bytes, *, language: str | None = None, min_probability: float = 0.0) -> Explanation:
    """Why the default model answers as it does: `Model.explain`."""
    return default().explain(text, language=language, min_probability=min_probability)


def passages(text: str | bytes, *, language: str | None = None, min_probability: float = 0.0) -> Passages:
    """Where inside a text the default model sees a threat or a statement: `Model.passages`."""
    return default().passages(text, language=language, min_probability=min_probability)
