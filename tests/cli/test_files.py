"""Files as they come: many, with any names, and gone before they are read."""

import os


def test_a_hundred_thousand_files(classify, model, tmp_path):
    path = tmp_path / "t"
    path.write_text("Pay the ransom now.", encoding="utf-8")
    names = ["./" * (i % 7) + "t" for i in range(100_000)]  # one text under many names: what is tried is their number
    ended = classify("--format", "tsv", *names, cwd=tmp_path)
    assert len(ended.lines) == 100_000 and ended.err == ""


def test_names_with_newlines_and_what_is_no_utf8_stay_one_line_each(classify, model, tmp_path):
    names = [b"a\nb", b"c\td", b"\xff\xfe", b"\x1b[31m", b"-x", "плати".encode()]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_text("Pay the ransom now.", encoding="utf-8")
    ended = classify("--format", "tsv", "--", *map(os.fsdecode, names), cwd=tmp_path)
    assert ended.out.count(b"\n") == len(names) and b"\x1b" not in ended.out
    assert all(line.count(b"\t") == ended.out.splitlines()[0].count(b"\t") for line in ended.out.splitlines())
    missing = classify("--", "gone\nnow", status=2, cwd=tmp_path)
    assert missing.err.count("\n") == 1 and "gone?now" in missing.err


def test_files_that_vanish_are_reported_and_the_rest_answered(start, classify, tmp_path):
    """The first operand is a FIFO: while it is open the later ones are removed."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    paths = [tmp_path / f"t{i}" for i in range(200)]
    for path in paths:
        path.write_text("Pay the ransom now.", encoding="utf-8")
    process = start("--jobs", "1", "--format", "tsv", fifo, *paths)
    with fifo.open("wb") as out:
        for path in paths[100:]:
            path.unlink()
        out.write(b"Pay now.")
    answer, message = process.communicate(timeout=60)
    assert process.returncode == 2 and answer.count(b"\n") == 101
    assert message.count(b"t150: No such file") == 1
