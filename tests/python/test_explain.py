"""Explanations: sums that are exact, places that are right, displays that are safe."""

import pickle
import re
from html.parser import HTMLParser

import pytest

NASTY = '<script>alert("x")</script> & <img src=x onerror=alert(1)> Pay \x00 now or "we" leak \'all\' your files </div>'


def check_sums(why):
    for i in range(len(why.labels)):
        assert why.scores[i] == why.priors[i] + sum(token.contributions[i] for token in why.tokens)


class Checker(HTMLParser):
    """Refuses what a display must not hold, and tags that do not match."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.text = [], ""

    def handle_starttag(self, tag, attributes):
        assert tag in {"div", "span", "b", "i", "table", "tr", "td", "th"}, tag
        assert {name for name, _ in attributes} <= {"style", "title", "dir", "lang"}
        assert not any("url(" in (value or "") for _, value in attributes)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def check_html(html):
    parser = Checker()
    parser.feed(html)
    parser.close()
    assert not parser.open and "\0" not in html
    return parser.text


def test_sums_are_exact(lc, texts):
    for text in [*texts, "", "hello", NASTY, " ".join(texts), "слово " * 500, "\ud800 Pay"]:
        why = lc.explain(text)
        check_sums(why)
        assert why.result == lc.classify(text)


def test_places(lc, texts):
    for text in [*texts, "Привіт 👩‍👧 Pay 5 bitcoin — now", "é" * 50 + " Pay now", "\ud800 Pay 👍 now", NASTY]:
        for token in lc.explain(text).tokens:
            assert text[token.begin : token.end].encode("utf-8", "replace").decode() == token.text.replace("\ufffd", "?")
    data = b"\xff\xfe Pay now " + "або ми".encode() + b"\xc3"
    for token in lc.explain(data).tokens:
        assert data[token.begin : token.end].decode("utf-8", "replace") == token.text


def test_kinds(lc):
    why = lc.explain("Pay 500 now to https://example.com/pay or we leak it")
    assert {token.kind for token in why.tokens} == {"word", "marker", "pair"}
    pair = next(token for token in why.tokens if token.kind == "pair")
    assert " " in pair.feature
    assert all(token.feature or not token.known or any(token.contributions) for token in why.tokens)


def test_lead_and_top(lc, texts):
    why = lc.explain(texts[0])
    assert why.best == "threat" and why.against in why.labels and why.against != "threat"
    i, j = why.labels.index(why.best), why.labels.index(why.against)
    margin = (why.scores[i] - why.scores[j]) / why.scale
    prior = (why.priors[i] - why.priors[j]) / why.scale
    assert sum(why.lead(token) for token in why.tokens) + prior == pytest.approx(margin)
    assert margin == pytest.approx(why.result.margin)
    leads = [abs(lead) for _, lead in why.top(5)]
    assert leads == sorted(leads, reverse=True) and len(leads) == 5
    assert "threat" in repr(why) and "nats" in repr(why)


def test_one_label(lc):
    model = lc.train(["the only text"], ["only"], "en", smoothing=1)
    why = model.explain("the text")
    assert why.against is None and why.best == "only"
    check_sums(why)
    check_html(why.to_html())


def test_travels(lc, texts):
    why = lc.explain(texts[0])
    other = pickle.loads(pickle.dumps(why))
    assert other.tokens == why.tokens and other.scores == why.scores and other.result == why.result
    assert other.to_html() == why.to_html()


def test_to_pandas(lc, texts):
    pytest.importorskip("pandas")
    why = lc.explain(texts[3])
    frame = why.to_pandas()
    assert len(frame) == len(why.tokens)
    assert frame["lead"].sum() == pytest.approx(sum(map(why.lead, why.tokens)))
    i = why.labels.index("threat")
    assert frame["threat"].sum() == pytest.approx((why.scores[i] - why.priors[i]) / why.scale)
    assert len(lc.explain("").to_pandas()) == 0


def test_html_is_escaped(lc, texts):
    for text in [NASTY, NASTY.encode() + b"\xff", "", *texts, "\ud800 Pay <b>"]:
        why = lc.explain(text)
        shown = check_html(why.to_html())
        if text == NASTY:
            assert '<script>alert("x")</script>' in shown
        assert set(why._repr_mimebundle_()) == {"text/plain", "text/html"}
        check_html(lc.classify(text).to_html())


def test_labels_are_escaped(lc):
    labels = ["<b>bold</b>", '"&\' onclick="x', "plain"]
    model = lc.train(["one text", "two texts", "three"], labels, "en", smoothing=1)
    for html in (
        model.explain("one two three").to_html(),
        model.classify("one two").to_html(),
        model.classify_batch(["one", None, 5]).to_html(),
    ):
        assert "<b>bold</b>" in check_html(html)


def test_html_shows_the_text_whole(lc, texts):
    for text in texts:
        assert text in check_html(lc.explain(text).to_html())


def test_sign_by_more_than_colour(lc):
    html = lc.explain("We will publish your files. The minister said on Tuesday that talks continue.").to_html()
    assert " solid " in html and " dashed " in html and "solid line" in html and "dashed line" in html


def test_long_texts_are_cut(lc):
    why = lc.explain("Pay the money now. " * 1500)
    html = why.to_html()
    assert "the first 2,000 of 6,000 words" in check_html(html)
    assert len(re.findall("Pay", check_html(why.to_html(limit=40)))) < 20


def test_long_texts_take_no_time(lc):
    why = lc.explain("Заплати гроші зараз або ми опублікуємо все. " * 20_000)
    check_sums(why)


def test_batch_html(lc, texts):
    shown = check_html(lc.classify_batch([*texts, None, 3.5, *texts]).to_html())
    assert "16 texts" in shown and "no text" in shown and "6 more" in shown
