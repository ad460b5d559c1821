"""What strangers send: each is an answer or one of Python's exceptions, and nothing is lost."""

import os
import signal
import subprocess
import sys
import time

import pytest


@pytest.mark.parametrize("wrong", [None, 3.5, float("nan"), 7, ["text"], object()])
def test_not_a_text(lc, wrong):
    for call in (lc.classify, lc.explain):
        with pytest.raises(TypeError, match="must be str or bytes"):
            call(wrong)
    batch = lc.classify_batch([wrong, "Pay now"])
    assert batch[0] is None and batch[1] == lc.classify("Pay now")


def test_lone_surrogates(lc):
    """UTF-8 has none: the library replaces the bytes that stand for one, and counts them."""
    text = "Pay \ud800 now \udcff or we leak"
    result = lc.classify(text)
    assert result.replaced > 0
    assert lc.classify_batch([text, "Pay now"])[0] == result
    clean = lc.classify("Pay \ufffd now \ufffd or we leak")
    assert (result.label, result.known, result.language) == (clean.label, clean.known, clean.language)
    lc.explain(text)._repr_html_()


@pytest.mark.parametrize(
    "data", [b"\xff", b"\xc3(", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\0\0\0", bytes(range(256)), b"\x80" * 999]
)
def test_bytes_that_are_not_utf8(lc, data):
    result = lc.classify(data)
    assert lc.classify_batch([data])[0] == result
    if data.strip(b"\0"):
        assert result.replaced > 0
    assert lc.explain(data).result == result


def test_hostile_texts(lc):
    for text in (
        "a" * 5_000_000,
        "\u0301" * 500_000,
        "\u202e" * 1000,
        "\0" * 1000,
        "👩‍👧" * 10_000,
        "é" * 1_000_000,
        "a b " * 500_000,
    ):
        result = lc.classify(text)
        assert 0 <= result.probability <= 1


def test_ten_million_texts(lc):
    """From an iterator: the texts are never all in memory. Two bytes each, so that it takes seconds."""
    from itertools import repeat

    count = 10_000_000 if os.environ.get("LIBCLASSIFY_TEST_LONG") else 300_000
    batch = lc.classify_batch(repeat("hi", count))
    assert len(batch) == count and batch[count - 1] == batch[0] == lc.classify("hi")


def test_options_out_of_range(lc):
    for wrong in ({"language": "xx"}, {"language": "e\0n"}, {"min_probability": -0.1}, {"min_probability": 1.1}):
        with pytest.raises(lc.ArgumentError):
            lc.classify("text", **wrong)
    with pytest.raises(lc.ArgumentError):
        lc.classify("text", min_probability=float("nan"))
    for wrong in ({"language": 5}, {"min_probability": "high"}, {"nothing": 1}):
        with pytest.raises(TypeError):
            lc.classify("text", **wrong)


def test_exceptions(lc):
    assert issubclass(lc.ArgumentError, ValueError) and issubclass(lc.ArgumentError, lc.Error)
    assert issubclass(lc.ModelError, lc.Error)
    assert lc.ModelError.__module__ == "libclassify"


def test_missing_model(lc, tmp_path):
    with pytest.raises(FileNotFoundError):
        lc.load(tmp_path / "none.model")
    with pytest.raises(IsADirectoryError):
        lc.load(tmp_path)
    with pytest.raises(lc.ArgumentError):
        lc.load("a\0b")
    with pytest.raises(TypeError):
        lc.load(5.5)


def test_damaged_model(lc, small, tmp_path):
    data = bytes(small)
    path = tmp_path / "damaged.model"
    for wrong in (
        b"",
        b"\x00",
        b"not a model",
        data[:100],
        data[:-1],
        data[: len(data) // 2] + b"\xff" + data[len(data) // 2 + 1 :],
    ):
        if wrong == data:
            continue
        with pytest.raises(lc.ModelError) as caught:
            lc.Model.from_bytes(wrong)
        assert caught.value.offset >= 0 and str(caught.value)
        path.write_bytes(wrong)
        with pytest.raises(lc.ModelError):
            lc.load(path)
        if wrong:
            with pytest.raises(lc.ModelError):
                lc.load(path, map=True)
    for wrong in (None, "text", 5):
        with pytest.raises(TypeError):
            lc.Model.from_bytes(wrong)


INTERRUPTED = """
import itertools, sys, time
import libclassify as lc
rows = itertools.repeat("The ministry said that Пошта працює and the police said more. " * 40)
if sys.argv[2] == "list":
    rows = list(itertools.islice(rows, 3_000_000))
print("ready", flush=True)
try:
    lc.classify_batch(rows, threads=int(sys.argv[1]))
except KeyboardInterrupt:
    print("interrupted", lc.classify("hello").tokens, flush=True)
"""


@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize("kind", ["iterator", "list"])
def test_interrupt(lc, threads, kind):
    command = [sys.executable, "-c", INTERRUPTED, threads, kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.7)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "interrupted 1\n"
        assert time.monotonic() - start < 1
        process.communicate(timeout=30)
    assert process.returncode == 0
