"""Many texts: every kind of input gives what single calls give, and what is missing stays missing."""

import pickle

import pytest


def check(lc, batch, texts):
    """The batch says of each text what `classify` says."""
    assert len(batch) == len(texts)
    expected = [None if text is None else lc.classify(text) for text in texts]
    assert list(batch) == expected
    assert [batch[i] for i in range(len(batch))] == expected
    assert batch.labels == [result and result.label for result in expected]
    assert batch.languages == [result and result.language for result in expected]
    assert batch.reasons == [result and result.reason for result in expected]
    assert batch.best == [result and result.best for result in expected]
    for field in ("probability", "evidence", "margin", "tokens", "known", "replaced"):
        assert getattr(batch, field) == [result and getattr(result, field) for result in expected]
    assert batch.missing == [text is None for text in texts]


@pytest.fixture
def rows(texts):
    """More than one piece, with missing rows, empty rows and others."""
    return (texts + ["", None, "hello", "1 2 3"]) * 300


@pytest.mark.parametrize("threads", [0, 1, 2, 7])
def test_lists(lc, rows, threads):
    check(lc, lc.classify_batch(rows, threads=threads), rows)


@pytest.mark.parametrize("kind", [iter, tuple, lambda rows: (row for row in rows), lambda rows: dict.fromkeys(rows).keys()])
def test_other_iterables(lc, rows, kind):
    check(lc, lc.classify_batch(kind(rows)), list(kind(rows)))


def test_plain_str_only(lc, texts):
    check(lc, lc.classify_batch(texts), texts)


def test_bytes_rows(lc, texts):
    check(lc, lc.classify_batch([text.encode() for text in texts] + [b"\xff\xfe"]), texts + [b"\xff\xfe"])


def test_options(lc, texts):
    assert set(lc.classify_batch(texts, language="pl").languages) == {"pl"}
    assert lc.classify_batch(["hello"], min_probability=1.0)[0] == lc.classify("hello", min_probability=1.0)


@pytest.mark.parametrize("threads", [0, 1, 2])
def test_no_texts(lc, threads):
    for nothing in ([], (), iter(())):
        batch = lc.classify_batch(nothing, threads=threads)
        assert len(batch) == 0 and batch.labels == [] and list(batch) == [] and batch.missing == []
        assert batch.counts()[None if None in batch.counts() else "threat"] == 0
        assert "0 texts" in repr(batch) and "0 texts" in batch.to_html()


def test_rows_by_number(lc, texts):
    batch = lc.classify_batch(texts)
    assert batch[-1] == batch[len(texts) - 1]
    for row in (len(texts), -len(texts) - 1):
        with pytest.raises(IndexError):
            batch[row]


def test_bad_rows_do_not_lose_the_batch(lc, texts):
    rows = [texts[0], 3.5, None, float("nan"), object(), texts[1], ["list"], 7] * 200
    batch = lc.classify_batch(rows)
    assert batch.labels[:8] == ["threat", None, None, None, None, "diplomatic", None, None]
    assert batch.missing[:8] == [False, True, True, True, True, False, True, True]
    assert set(batch.errors) == {i for i, row in enumerate(rows) if i % 8 in (1, 4, 6, 7)}
    assert batch.errors[8 * 150 + 1] == "a text must be str or bytes, not float"


def test_batch_travels(lc, rows):
    batch = lc.classify_batch(rows)
    other = pickle.loads(pickle.dumps(batch))
    assert list(other) == list(batch) and other.missing == batch.missing


def test_counts_and_repr(lc, texts):
    batch = lc.classify_batch(texts + [None])
    assert batch.counts()["threat"] == 4 and batch.counts()[None] == 1
    assert "threat: 4" in repr(batch)


def test_numpy(lc, rows, texts):
    numpy = pytest.importorskip("numpy")
    check(lc, lc.classify_batch(numpy.array(rows, dtype=object)), rows)
    check(lc, lc.classify_batch(numpy.array(texts)), texts)
    check(lc, lc.classify_batch(numpy.array(texts)[::-2]), texts[::-2])
    ascii_texts = numpy.array([b"Pay now", b""], dtype="S")
    check(lc, lc.classify_batch(ascii_texts), [b"Pay now", b""])
    if hasattr(numpy.dtypes, "StringDType"):
        check(lc, lc.classify_batch(numpy.array(texts, dtype=numpy.dtypes.StringDType())), texts)
    with pytest.raises(lc.ArgumentError, match="one dimension"):
        lc.classify_batch(numpy.array([["a", "b"]]))
    with pytest.raises(lc.ArgumentError, match="one dimension"):
        lc.classify_batch(numpy.array("a"))
    numbers = lc.classify_batch(numpy.array([1.5, numpy.nan]))
    assert numbers.missing == [True, True] and list(numbers.errors) == [0]


def test_probabilities(lc, rows, monkeypatch):
    numpy = pytest.importorskip("numpy")
    batch = lc.classify_batch(rows)
    matrix = batch.probabilities
    assert matrix.shape == (len(rows), len(batch.classes)) and matrix.dtype == numpy.float64
    for i, row in enumerate(batch):
        if row is None:
            assert numpy.isnan(matrix[i]).all()
        else:
            assert list(row.probabilities.values()) == matrix[i].tolist()
    assert lc.classify_batch([]).probabilities.shape == (0, len(batch.classes))
    monkeypatch.setitem(__import__("sys").modules, "numpy", None)  # as if it were not installed
    plain = batch.probabilities
    assert isinstance(plain, list) and len(plain) == len(rows)
    assert numpy.array_equal(numpy.array(plain), matrix, equal_nan=True)


def test_pandas(lc, rows):
    pandas = pytest.importorskip("pandas")
    for dtype in (object, "string", None, "category"):
        series = pandas.Series(rows, dtype=dtype, index=range(100, 100 + len(rows)))
        batch = lc.classify_batch(series)
        check(lc, batch, rows)
        frame = batch.to_pandas()
        assert frame.index.equals(series.index)
        assert frame["label"].isna().tolist() == [label is None for label in batch.labels]
        assert frame["label"].dropna().tolist() == [label for label in batch.labels if label is not None]
        assert frame.loc[series.isna(), ["probability", "reason", "tokens", "p_threat"]].isna().all().all()
    mixed = pandas.Series(["Pay now", None, pandas.NA, float("nan"), pandas.NaT, 5], dtype=object)
    batch = lc.classify_batch(mixed)
    assert batch.missing == [False, True, True, True, True, True] and list(batch.errors) == [5]
    assert lc.classify_batch(["Pay"]).to_pandas().index.tolist() == [0]
    assert len(lc.classify_batch([]).to_pandas()) == 0
    with pytest.raises(lc.ArgumentError, match="one column"):
        lc.classify_batch(pandas.DataFrame({"text": ["a"]}))


def test_wrong_collections(lc):
    for wrong in ("text", b"text", 5, None, {"a": "b"}):
        with pytest.raises(TypeError):
            lc.classify_batch(wrong)
    with pytest.raises(lc.ArgumentError):
        lc.classify_batch(["a"], threads=-1)
    with pytest.raises(lc.ArgumentError):
        lc.classify_batch(["a"], language="xx")
    with pytest.raises(lc.ArgumentError):
        lc.classify_batch(["a"], min_probability=1.5)


def test_an_iterator_that_fails(lc):
    def rows():
        yield from ["hello"] * 5000
        raise KeyError("the source broke")

    for threads in (1, 2):
        with pytest.raises(KeyError, match="the source broke"):
            lc.classify_batch(rows(), threads=threads)
    assert lc.classify("hello") is not None


def test_long_texts_are_their_own_pieces(lc):
    rows = ["word " * 300_000, "Pay now", "word " * 300_000] * 2
    check(lc, lc.classify_batch(rows), rows)
