"""One text: the answer, its fields, how it prints, pickles and compares."""

import copy
import json
import pickle

import pytest
from conftest import TEXTS


@pytest.mark.parametrize(("language", "label"), TEXTS)
def test_plain_cases(lc, language, label):
    result = lc.classify(TEXTS[language, label])
    assert (result.label, result.best, result.language, result.reason) == (label, label, language, None)


def test_fields_agree_with_one_another(lc, model, texts):
    for text in texts:
        result = lc.classify(text)
        assert tuple(result.probabilities) == model.labels
        assert sum(result.probabilities.values()) == pytest.approx(1)
        assert result.probability == max(result.probabilities.values()) == result.probabilities[result.best]
        assert result.evidence > 0 and result.margin > 0
        assert 0 < result.known <= result.tokens
        assert result.replaced == 0


def test_bytes_are_utf8(lc, texts):
    for text in texts:
        assert lc.classify(text.encode()) == lc.classify(text)
    assert lc.classify(bytearray(texts[0].encode())) == lc.classify(texts[0])
    assert lc.classify(memoryview(texts[0].encode())) == lc.classify(texts[0])


@pytest.mark.parametrize(("text", "reason"), [("", "empty"), ("  \n ", "empty"), ("qxzv wqpx zzkq", None)])
def test_unsure(lc, text, reason):
    result = lc.classify(text)
    assert result.label is None and result.reason is not None
    if reason:
        assert result.reason == reason
    assert "None" in repr(result)


def test_fixed_language(lc, texts):
    assert lc.classify(texts[0], language="uk").language == "uk"


def test_min_probability(lc, texts):
    result = lc.classify("Police said on Tuesday", min_probability=1.0)
    assert result.label is None or result.probability == 1.0
    assert lc.classify(texts[0], min_probability=0.0) == lc.classify(texts[0])


def test_many_thresholds_keep_few_scorers(small):
    for i in range(100):
        small.classify("goal", min_probability=i / 100)
    assert len(small._pool.idle) <= 16


def test_result_is_read_only(lc):
    result = lc.classify("hello")
    with pytest.raises(AttributeError):
        result.label = "news"
    with pytest.raises(AttributeError):
        del result.label
    with pytest.raises(TypeError):
        hash(result)


def test_result_travels(lc, texts):
    result = lc.classify(texts[0])
    for other in (pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result)):
        assert other == result
    assert result != lc.classify(texts[1]) and result != "threat"
    assert json.loads(json.dumps(result.to_dict()))["label"] == "threat"


def test_result_prints_plainly(lc, texts):
    assert repr(lc.classify(texts[0])).startswith("Result(label='threat', probability=")
    bundle = lc.classify(texts[0])._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}


def test_names_of_the_module(lc):
    assert set(lc.__all__) <= set(dir(lc))
    for name in lc.__all__:
        assert getattr(lc, name).__doc__
    with pytest.raises(AttributeError):
        lc.nothing  # noqa: B018
    assert lc.__version__.count(".") == 2
