"""Passages: their places in characters and bytes, one text and many, tables, displays."""

import pickle

import pytest
from test_explain import NASTY, check_html

ARTICLE = {
    "en": "The harbour authority said on Monday that its booking system was offline. 👍\n\nA note on every screen read: "
    '"Your files are encrypted. Pay 40 bitcoin within 72 hours or we will publish everything and destroy your backups."\n\n'
    "Police are investigating. Passengers were asked to arrive an hour early.",
    "uk": "У середу невідомі зламали сайт районної лікарні. Працівники вели записи від руки.\n\n«Ми знищимо всі ваші дані, "
    "якщо не отримаємо викуп. У вас залишилося 24 години, інакше пошкодуєте!», — ішлося у повідомленні.\n\nПоліція "
    "відкрила провадження. Лікарня працює у звичному режимі, розповіла головна лікарка.",
}
QUOTE = {"en": "Your files are encrypted.", "uk": "Ми знищимо всі ваші дані,"}


@pytest.mark.parametrize("language", ARTICLE)
def test_places(lc, language):
    text = ARTICLE[language]
    found = lc.passages(text)
    assert [p.label for p in found] == ["threat"]
    (passage,) = found
    quote = text[passage.begin : passage.end]
    assert quote.startswith(QUOTE[language]) and found.quotes() == [quote]
    assert 0.5 < passage.probability <= 1 and passage.score > 0 and passage.evidence > 0
    (in_bytes,) = lc.passages(text.encode())
    assert text.encode()[in_bytes.begin : in_bytes.end].decode() == quote


def test_the_whole_texts_answer_is_the_same(lc, texts):
    for text in [*texts, *ARTICLE.values(), "", NASTY]:
        plain, with_them = lc.classify(text), lc.classify(text, passages=True)
        assert plain.passages is None and isinstance(with_them.passages, tuple)
        assert "passages" not in plain.to_dict()
        assert plain.to_dict() == {k: v for k, v in with_them.to_dict().items() if k != "passages"}
        assert lc.passages(text).result == with_them
        assert pickle.loads(pickle.dumps(with_them)) == with_them


def test_options(lc):
    text = ARTICLE["uk"]
    assert lc.load().passages(text, language="en").result.language == "en"
    with pytest.raises(lc.ArgumentError):
        lc.passages(text, language="xx")
    with pytest.raises(TypeError):
        lc.passages(None)


def check_rows(lc, batch, rows):
    expected = [None if row is None else lc.classify(row, passages=True) for row in rows]
    assert list(batch) == expected
    assert batch.passages == [row and row.passages for row in expected]
    assert batch.labels == [row and row.label for row in expected]


@pytest.fixture
def rows(texts):
    return [*ARTICLE.values(), None, "", "hi", *texts, ARTICLE["uk"].encode(), "\ud800 " + ARTICLE["en"]]


@pytest.mark.parametrize("threads", [1, 2])
def test_batch_is_as_one_by_one(lc, rows, threads):
    check_rows(lc, lc.classify_batch(rows * 200, threads=threads, passages=True), rows * 200)
    check_rows(lc, lc.classify_batch([], passages=True), [])
    batch = lc.classify_batch(rows, passages=True)
    check_rows(lc, pickle.loads(pickle.dumps(batch)), rows)
    with pytest.raises(AttributeError, match="passages=True"):
        _ = lc.classify_batch(rows).passages


def test_more_passages_than_there_was_room_for(lc):
    text = "\n\n".join([ARTICLE["en"], "He had tea. She had soup. They went home by bus and read the paper."] * 60)
    batch = lc.classify_batch([text, "hi", text], passages=True, threads=1)
    assert [len(row) for row in batch.passages] == [len(lc.passages(text)), 0, len(lc.passages(text))]
    assert len(lc.passages(text)) > 30
    check_rows(lc, batch, [text, "hi", text])


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "binary", "binary_view"])
def test_arrow(lc, kind):
    pa = pytest.importorskip("pyarrow")
    rows = [ARTICLE["uk"], None, "hi", ARTICLE["en"], ""] * 7
    column = pa.array(rows, getattr(pa, kind)())
    given = [row and row.encode() for row in rows] if kind.startswith("binary") else rows
    check_rows(lc, lc.classify_batch(column, passages=True), given)
    check_rows(lc, lc.classify_batch(column[3:20], passages=True), given[3:20])
    check_rows(lc, lc.classify_batch(column[3:20], passages=True), given[3:20])
    if kind in ("string", "binary"):
        check_rows(lc, lc.classify_batch(column.dictionary_encode(), passages=True), given)


def test_tables(lc, rows):
    pa = pytest.importorskip("pyarrow")
    batch = lc.classify_batch(rows, passages=True)
    fields = [("begin", pa.int64()), ("end", pa.int64()), ("label", pa.string())]
    fields += [("score", pa.float64()), ("probability", pa.float64())]
    table = batch.to_arrow()
    assert table.schema.field("passages").type == pa.list_(pa.struct(fields))
    names = [name for name, _ in fields]
    expected = [row if row is None else [{name: getattr(p, name) for name in names} for p in row] for row in batch.passages]
    assert table["passages"].to_pylist() == expected
    assert "passages" not in lc.classify_batch(rows).to_arrow().column_names
    pytest.importorskip("pandas")
    assert batch.to_pandas()["passages"].tolist() == expected
    frame = lc.passages(ARTICLE["en"]).to_pandas()
    assert frame["label"].tolist() == ["threat"] and frame["text"][0].startswith(QUOTE["en"])


def test_html(lc, texts):
    for text in [*ARTICLE.values(), *texts, "", NASTY, NASTY.encode() + b"\xff", "\ud800 Pay <b>"]:
        found = lc.passages(text)
        shown = check_html(found.to_html())
        assert set(found._repr_mimebundle_()) == {"text/plain", "text/html"} and "Passages of" in repr(found)
        if text in ARTICLE.values():
            assert text in shown and "passages: threat 1" in shown
    nothing = check_html(lc.passages(texts[2]).to_html())
    assert "no passage" in nothing
    short = check_html(lc.passages(ARTICLE["en"]).to_html(limit=140))
    assert ARTICLE["en"][:140] in short and ARTICLE["en"][:142] not in short and "the first 140 of" in short


def test_labels_are_escaped(lc):
    ham = "Dinner is at eight, bring the salad. Thanks for the photos! The train leaves early."
    spam = "Cheap pills, buy now, limited offer. Click here to claim your prize money."
    model = lc.train([ham, spam], ["ham", "<i>spam</i>"], "en", smoothing=1)
    found = model.passages(f"{ham} {ham}\n\n{spam} {spam}\n\n{ham} {ham}")
    assert [p.label for p in found] == ["<i>spam</i>"]
    assert "passages: <i>spam</i> 1" in check_html(found.to_html())
