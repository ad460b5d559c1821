"""Models and counts that cannot be used: exit 3, and a message that says what to do."""

import struct

import pytest
from conftest import SPAM

MASK = (1 << 64) - 1


def checksum(data):
    """FORMAT.md, "Checksum"."""
    lanes = [len(data) + i for i in (1, 2, 3, 4)]
    padded = data + bytes(32 - len(data) % 32)
    for at in range(0, len(padded), 32):
        for i, word in enumerate(struct.unpack_from("<4Q", padded, at)):
            lane = (lanes[i] ^ word) * 0x9FB21C651E98DF25 & MASK
            lanes[i] = lane ^ lane >> 28
    total = 0x9E3779B97F4A7C15
    for lane in lanes:
        total = (total ^ lane) * 0xFF51AFD7ED558CCD & MASK
        total ^= total >> 31
    return total


@pytest.fixture
def changed(model, tmp_path):
    """changed(offset, bytes): a copy of the model with other bytes and, where asked, the right checksum again."""

    def make(offset, new, seal=False):
        data = bytearray(model.read_bytes())
        data[offset : offset + len(new)] = new
        if seal:
            data[24:32] = struct.pack("<Q", checksum(bytes(data[32:])))
        path = tmp_path / "changed.clm"
        path.write_bytes(data)
        return path

    return make


def refused(classify, path, *words):
    for command in ([], ["explain"], ["top"]):
        ended = classify(*command, "-m", path, **({} if command == ["top"] else {"stdin": SPAM}), status=3)
        assert not ended.out and len(ended.err.splitlines()) == 1
        for word in words:
            assert word in ended.err, ended.err


def test_missing(classify, tmp_path):
    refused(classify, tmp_path / "gone.clm", "gone.clm", "o such file")


def test_not_a_model(classify, tmp_path):
    (tmp_path / "letter.txt").write_text(SPAM)
    refused(classify, tmp_path / "letter.txt", "letter.txt", "not a model", "classify compile")
    (tmp_path / "empty").write_bytes(b"")
    refused(classify, tmp_path / "empty", "empty")
    assert classify("-m", tmp_path, stdin=SPAM, status=3).err


def test_truncated(classify, model, tmp_path):
    data = model.read_bytes()
    for size in (8, 20, 31, 100, len(data) // 2, len(data) - 1):
        (tmp_path / "short.clm").write_bytes(data[:size])
        refused(classify, tmp_path / "short.clm", "short.clm", "copy the file again")


def test_a_flipped_byte(classify, model, changed):
    size = model.stat().st_size
    for offset in (40, 100, size // 2, size - 9):
        refused(classify, changed(offset, bytes([model.read_bytes()[offset] ^ 1])), "checksum", "at byte")


def test_another_version(classify, changed):
    refused(classify, changed(8, struct.pack("<I", 99)), "version 99", "compile it again")


def test_another_analyzer(classify, changed):
    path = changed(32, struct.pack("<Q", 12345), seal=True)
    refused(classify, path, "compile")
    info = classify("info", "--format", "ndjson", path).objects[0]
    assert info["usable"].startswith("no") and info["analyzer"] == f"{12345:016x}"


def test_checksum_is_the_one_of_the_format(classify, changed, model):
    """Else the test above would prove nothing."""
    assert changed(0, b"L", seal=True).read_bytes() == model.read_bytes()


def test_counts_that_are_none(classify, model, tmp_path):
    (tmp_path / "text").write_text("hello")
    for path in (tmp_path / "text", model):
        classify("compile", "-o", tmp_path / "m", path, status=3)
        classify("merge", "-o", tmp_path / "m", path, status=3)
    assert not (tmp_path / "m").exists()
    classify("merge", "-o", tmp_path / "m", tmp_path / "gone", status=2)
    assert "text" in classify("info", tmp_path / "text", status=3).err


def test_counts_cut_short(classify, labelled, tmp_path):
    classify("count", "-o", tmp_path / "a", "-l", "en", labelled)
    (tmp_path / "a").write_bytes((tmp_path / "a").read_bytes()[:-5])
    assert "at byte" in classify("compile", "-o", tmp_path / "m", tmp_path / "a", status=3).err


def test_counts_without_a_label(classify, tmp_path):
    classify("count", "-o", tmp_path / "a", "--ndjson", "-", stdin='{"text":"nur ein Satz","label":"","lang":"de"}\n')
    classify("compile", "-o", tmp_path / "m", tmp_path / "a", status=3)
    assert not (tmp_path / "m").exists()
