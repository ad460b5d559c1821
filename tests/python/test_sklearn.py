"""The estimator keeps scikit-learn's conventions: its own checks that apply to text, and the tools used with it."""

import inspect
import pickle

import pytest

sklearn = pytest.importorskip("sklearn")
numpy = pytest.importorskip("numpy")
pytest.importorskip("libclassify", reason="the package is not installed: pip install .")

from conftest import TRAINING  # noqa: E402
from sklearn.base import clone, is_classifier  # noqa: E402
from sklearn.exceptions import NotFittedError  # noqa: E402
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import FunctionTransformer  # noqa: E402
from sklearn.utils import estimator_checks  # noqa: E402

from libclassify.sklearn import NaiveBayesClassifier  # noqa: E402

X = numpy.array([text for group in TRAINING.values() for text in group], dtype=object)
Y = numpy.array([label for label, group in TRAINING.items() for _ in group])


def new(**options):
    return NaiveBayesClassifier(**{"language": "en", "smoothing": 1} | options)


# The checks that do not feed numbers.
CHECKS = [
    "check_do_not_raise_errors_in_init_or_set_param",
    "check_estimator_cloneable",
    "check_estimator_get_tags_default_keys",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_valid_tag_types",
]


@pytest.mark.parametrize("name", CHECKS)
def test_checks_of_scikit_learn(name):
    check = getattr(estimator_checks, name, None)
    if check is None:
        pytest.skip("not in this version of scikit-learn")
    check("NaiveBayesClassifier", NaiveBayesClassifier())


def test_check_estimator():
    """Whatever scikit-learn itself finds fit for an estimator of texts."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator_checks.check_estimator(NaiveBayesClassifier())


def test_fit_and_predict():
    classifier = new()
    assert classifier.fit(X, Y) is classifier
    assert is_classifier(classifier)
    assert classifier.classes_.tolist() == ["markets", "sport"]
    assert classifier.predict(X).tolist() == Y.tolist()
    assert classifier.score(X, Y) == 1.0
    found = classifier.predict_proba(list(X))
    assert found.shape == (len(X), 2) and numpy.allclose(found.sum(axis=1), 1)
    assert (classifier.classes_[found.argmax(axis=1)] == classifier.predict(X)).all()
    assert classifier.predict([""]).shape == (1,)  # unsure, and an answer all the same
    assert classifier.model_.labels == ("markets", "sport")


@pytest.mark.parametrize("labels", [[0, 1], [True, False], [1.0, -2.0], ["<a>", "b\nc"], ["", "x"], ["ü", "я"], ["1", "01"]])
def test_labels_of_any_type(labels):
    y = numpy.array([labels[label == "sport"] for label in Y])
    classifier = new().fit(X, y)
    assert classifier.classes_.tolist() == sorted(labels) and classifier.classes_.dtype == y.dtype
    assert (classifier.predict(X) == y).all()


def test_one_class():
    classifier = new().fit(["one text"], ["only"])
    assert classifier.predict(["text", "other"]).tolist() == ["only", "only"]
    assert classifier.predict_proba(["text"]).tolist() == [[1.0]]


def test_partial_fit_is_fit():
    whole = new().fit(X, Y)
    parts = new()
    assert parts.partial_fit(X[::2], Y[::2], classes=["sport", "markets"]) is parts
    parts.partial_fit(X[1::2], Y[1::2])
    assert parts.counts_ == whole.counts_ and parts.model_ == whole.model_
    assert whole.fit(X[:4], Y[:4]).classes_.tolist() == ["sport"]  # fit forgets
    later = new().partial_fit(X[:4], Y[:4], classes=["a", "sport", "z"])
    assert later.predict_proba(X[:1])[0].tolist() == [0, 1, 0]
    with pytest.raises(ValueError, match="classes"):
        new().partial_fit(X, Y)
    with pytest.raises(ValueError, match="not in classes"):
        later.partial_fit(X, Y)
    with pytest.raises(ValueError, match="not the same"):
        later.partial_fit(X[:1], Y[:1], classes=["b"])
    with pytest.raises(ValueError, match="refine"):
        new(refine=True).partial_fit(X, Y, classes=["sport", "markets"])


def test_refine():
    assert new(refine=True).fit(X, Y).model_ != new().fit(X, Y).model_


def test_inputs():
    pandas = pytest.importorskip("pandas")
    expected = new().fit(X, Y).predict_proba(X)
    for kind in (list, tuple, pandas.Series, numpy.array, lambda x: [text.encode() for text in x]):
        classifier = new().fit(kind(X.tolist()), kind(Y.tolist()) if kind in (list, pandas.Series) else Y)
        assert (classifier.predict_proba(kind(X.tolist())) == expected).all()


@pytest.mark.parametrize(
    "wrong",
    [
        ["text", None],
        ["text", 5],
        [float("nan")],
        "text",
        numpy.zeros((3, 2)),
        numpy.array([["a"], ["b"]]),
        [["a"]],
        [],
    ],
)
def test_wrong_inputs(wrong):
    y = Y[: len(wrong)] if not isinstance(wrong, str) else Y
    with pytest.raises(ValueError):
        new().fit(wrong, y)
    if len(wrong):
        with pytest.raises(ValueError):
            new().fit(X, Y).predict(wrong)


def test_wrong_targets():
    for y in (None, Y[:-1], numpy.linspace(0, 1, len(X)), numpy.array([[1, 0]] * len(X))):
        with pytest.raises(ValueError):
            new().fit(X, y)
    for method in ("predict", "predict_proba"):
        with pytest.raises(NotFittedError):
            getattr(new(), method)(X)


def test_tools():
    assert cross_val_score(new(), X, Y, cv=2).shape == (2,)
    assert cross_val_predict(new(), X, Y, cv=2, method="predict_proba").shape == (len(X), 2)
    search = GridSearchCV(make_pipeline(FunctionTransformer(list), new()), {"naivebayesclassifier__smoothing": [1, 50]}, cv=2)
    assert search.fit(X.tolist(), Y).predict(["The goalkeeper saved it"]).tolist() == ["sport"]
    parallel = GridSearchCV(new(), {"pairs": [True, False]}, cv=2, n_jobs=2).fit(X, Y)
    assert set(parallel.best_params_) == {"pairs"}
    fitted = new().fit(X, Y)
    fresh = clone(fitted)
    assert fresh.get_params() == fitted.get_params() and not hasattr(fresh, "model_")
    assert (pickle.loads(pickle.dumps(fitted)).predict(X) == fitted.predict(X)).all()
    assert "smoothing=1" in repr(fitted)


def test_parameters_are_keyword_only():
    kinds = {p.kind for name, p in inspect.signature(NaiveBayesClassifier).parameters.items()}
    assert kinds == {inspect.Parameter.KEYWORD_ONLY}


def test_detects_languages():
    texts = ["Воротар відбив пенальті у фіналі матчу.", "Акції банку знову впали після засідання."] * 2
    classifier = NaiveBayesClassifier(smoothing=1).fit([*X, *texts], [*Y, "sport", "markets", "sport", "markets"])
    assert {"en", "uk"} <= set(classifier.model_.languages)
    assert classifier.predict(["Воротар і пенальті"]).tolist() == ["sport"]
