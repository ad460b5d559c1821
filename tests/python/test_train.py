"""Counts and models of one's own."""

import copy
import importlib.util
import pickle
import random

import pytest


def count(lc, texts, labels):
    return lc.Counts().add_all(texts, labels, "en")


def test_train(lc, small):
    assert small.labels == ("markets", "sport") and small.languages == ("en",)
    assert small.classify("The striker scored a goal").best == "sport"
    assert small.classify("The bank and the shares").best == "markets"


def test_train_detects_languages(lc):
    texts = [
        "Воротар відбив пенальті у фіналі матчу.",
        "Акції банку знову впали після засідання.",
        "x",
        "The goalkeeper saved it.",
    ]
    model = lc.train(texts, ["s", "m", "s", "s"], smoothing=1)
    assert set(model.languages) <= {"en", "pl", "ru", "uk"} and "uk" in model.languages


def test_languages_without_a_stemmer(lc):
    texts = ["Der Stürmer schoss das Tor", "Die Aktien fallen weiter"]
    model = lc.train(texts, ["s", "m"], "de", smoothing=1)
    assert model.languages == ("de",) and model.classify("Tor", language="de").best == "s"


def test_train_takes_columns(lc, training):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"text": training[0], "label": training[1]})
    assert lc.train(frame["text"], frame["label"], "en") == lc.train(*training, "en")
    assert lc.train(*training, ["en"] * len(training[0])) == lc.train(*training, "en")


def test_missing_rows_are_passed_over(lc, training):
    texts, labels = training
    model = lc.train([*texts, None, "x", float("nan")], [*labels, "sport", None, "sport"], "en")
    assert model == lc.train(texts, labels, "en")


def test_train_refuses(lc, training):
    texts, labels = training
    for wrong in (([], []), ([None], ["a"]), (texts, labels[1:]), (texts, labels, ["en"])):
        with pytest.raises(lc.ArgumentError):
            lc.train(*wrong)
    with pytest.raises(TypeError):
        lc.train(texts, range(len(texts)), "en")
    with pytest.raises(TypeError):
        lc.train([5], ["a"], "en")
    for wrong in ({"smoothing": 0}, {"smoothing": -1}, {"max_words": 1 << 32}, {"smoothing": 1 << 30}):
        with pytest.raises(lc.ArgumentError):
            lc.train(texts, labels, "en", **wrong)
    with pytest.raises(TypeError):
        lc.train(texts, labels, "en", nothing=1)


def test_refine(lc, training):
    texts, labels = training
    plain = lc.train(texts * 3, labels * 3, "en")
    refined = lc.train(texts * 3, labels * 3, "en", refine=True)
    assert refined != plain and refined.labels == plain.labels
    assert refined == lc.train(texts * 3, labels * 3, "en", refine=True)
    with pytest.raises(lc.ArgumentError):
        count(lc, texts, labels).refine(texts, labels[1:], "en")


def test_options_change_the_model(lc, training):
    counts = count(lc, *training)
    plain = counts.compile()
    assert counts.compile() == plain
    assert counts.compile(smoothing=5) != plain
    assert counts.compile(pairs=False).info["pairs"] == 0
    assert counts.compile(max_words=3).info["words"] <= 3


def test_merging_is_exact(lc, training):
    rows = list(zip(*training, strict=True))
    whole = bytes(count(lc, *training))
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        parts = [count(lc, [text for text, _ in rows[i::3]], [label for _, label in rows[i::3]]) for i in range(3)]
        assert bytes(sum(parts)) == whole
        assert bytes(parts[2] + (parts[1] + parts[0])) == whole
        parts[0] += parts[1]
        parts[0].merge(parts[2])
        assert parts[0].compile() == lc.Counts.from_bytes(whole).compile()
    twice = count(lc, *training)
    twice += twice
    assert twice.documents == 2 * len(rows)
    with pytest.raises(TypeError):
        twice += 5
    with pytest.raises(TypeError):
        twice + 5
    with pytest.raises(TypeError):
        twice.merge("counts")


def test_what_counts_hold(lc):
    counts = lc.Counts()
    assert counts.documents == counts.words == counts.features == 0 and counts.cells == []
    counts.add("one two", "a", "en", "books")
    counts.add("ein zwei", "", "de")
    counts.add("three", "b", "en")
    cells = [(cell.source, cell.language, cell.label, cell.documents, cell.words) for cell in counts.cells]
    assert cells == [("", "de", "", 1, 2), ("", "en", "b", 1, 1), ("books", "en", "a", 1, 2)]
    assert counts.cells == counts.cells and "books" in repr(counts.cells[2])
    assert counts.documents == 3 and counts.words == 5 and "3 texts" in repr(counts)


def test_prune(lc, training):
    counts = count(lc, *training)
    before = counts.features
    counts.prune(words=2, pairs=2)
    assert 0 < counts.features < before


def test_counts_travel(lc, training, tmp_path):
    counts = count(lc, *training)
    counts.set_meta("name", "x")
    counts.save(tmp_path / "a.counts")
    counts.save(tmp_path / "a.tsv")
    assert (tmp_path / "a.tsv").read_text(encoding="utf-8") == counts.to_tsv()
    for other in (
        lc.Counts.load(tmp_path / "a.counts"),
        lc.Counts.load(str(tmp_path / "a.tsv")),
        lc.Counts.from_bytes(bytes(counts)),
        lc.Counts.from_bytes(counts.to_tsv().encode()),
        pickle.loads(pickle.dumps(counts)),
        copy.copy(counts),
        copy.deepcopy(counts),
    ):
        assert other == counts and other is not counts
        other.add("more", "sport", "en")
        assert other != counts
    assert counts.compile().meta("name") == "x"
    counts.set_meta("name", None)
    assert counts.compile().meta("name") is None


def test_bad_names(lc):
    counts = lc.Counts()
    for wrong in (
        ("text", "a\nb", "en"),
        ("text", "a\0b", "en"),
        ("text", "a" * 256, "en"),
        ("text", "a\ud800", "en"),
        ("text", "a", "e"),
        ("text", "a", "EN"),
        ("text", "a", "en", "s\t"),
    ):
        with pytest.raises(lc.ArgumentError):
            counts.add(*wrong)
    for wrong in ((5, "a", "en"), ("text", 5, "en"), ("text", "a", None)):
        with pytest.raises(TypeError):
            counts.add(*wrong)
    with pytest.raises(lc.ArgumentError):
        counts.set_meta("Bad key", "x")
    assert counts.documents == 0
    with pytest.raises(lc.ArgumentError):
        counts.compile()


def test_damaged_counts(lc, training, tmp_path):
    data = bytes(count(lc, *training))
    for wrong in (b"", b"x", data[:-1], data[:40], data + b"x", data[:30] + b"\xff" + data[31:]):
        with pytest.raises(lc.ModelError):
            lc.Counts.from_bytes(wrong)
    with pytest.raises(FileNotFoundError):
        lc.Counts.load(tmp_path / "none")


def test_threads_share_counts(lc, training):
    """One at a time: what two threads count is what one does."""
    from threading import Thread

    counts = lc.Counts()
    threads = [Thread(target=lambda: counts.add_all(training[0] * 50, training[1] * 50, "en")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == count(lc, training[0] * 200, training[1] * 200)


def test_threads_merge_into_each_other(lc, training):
    from threading import Thread

    a, b = count(lc, *training), count(lc, *training)
    threads = [Thread(target=lambda x=x, y=y: [x.merge(y) for _ in range(10)]) for x, y in ((a, b), (b, a))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_counts_travel_by_cloudpickle(lc, training):
    """As joblib, Dask, Ray and Spark send them."""
    for name in ("cloudpickle", "joblib.externals.cloudpickle", "pyspark.cloudpickle"):
        if importlib.util.find_spec(name.split(".")[0]):
            break
    cloudpickle = pytest.importorskip(name)
    counts = count(lc, *training)
    assert pickle.loads(cloudpickle.dumps(counts)) == counts
