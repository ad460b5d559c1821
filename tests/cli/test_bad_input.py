"""What strangers send: each has an answer, and nothing stops the rest."""

import json
import os

import pytest
from conftest import HAM, SPAM


def test_invalid_utf8_is_replaced_and_counted(classify, model):
    text = b"free \xff prize \xe2\x82 now \xc0\xaf"
    answer = classify("-m", model, "--lines", "--format", "ndjson", stdin=text).objects[0]
    assert answer["replaced"] == 4
    shown = classify("-m", model, "--lines", stdin=text).text
    assert shown.endswith("free \ufffd prize \ufffd now \ufffd\ufffd\n")
    record = b'{"id": "\xff", "text": "free \xff prize"}'
    answer = classify("-m", model, "--ndjson", stdin=record).objects[0]
    assert answer["replaced"] == 1 and answer["id"] == "\ufffd"


HALVES = r"\ud83d free \ude00 \ud83d\ude00"


def test_half_surrogate_pairs_in_ndjson_are_replaced_and_counted(classify, model):
    answer = classify("-m", model, "--ndjson", stdin=f'{{"text": "{SPAM} {HALVES}"}}').objects[0]
    assert answer["replaced"] == 2 and answer["label"] == "spam"


def test_nul_bytes(classify, model):
    assert classify("-m", model, "--lines", stdin=b"free\0prize\n\0\n").text.count("\n") == 2
    assert "\\x00" in classify("-m", model, "--lines", stdin=b"free\0prize\n").text
    assert classify("-m", model, stdin=SPAM.replace(" ", "\0")).fields[0][0] == "spam"
    answer = classify("-m", model, "--ndjson", stdin=json.dumps({"text": SPAM.replace(" ", "\0")})).objects[0]
    assert answer["label"] == "spam"
    assert classify("-m", model, "--csv", stdin='text\n"' + SPAM.replace(" ", "\0") + '"\n').rows[1][1] == "spam"


def test_empty_text(classify, model):
    answer = classify("-m", model, "--format", "ndjson", stdin="").objects[0]
    assert answer["label"] is None and answer["reason"] == "empty" and answer["language"] is None
    assert classify("-m", model, stdin="").fields[0][0::2] == ["unsure", "-"]
    for mode in ("--lines", "--ndjson", "--csv"):
        assert classify("-m", model, mode, stdin="").out == b""


def test_gibberish_is_unsure(classify):
    answer = classify("--format", "ndjson", stdin="xq zzkqj wvvq").objects[0]
    assert answer["label"] is None and answer["reason"]


@pytest.mark.parametrize("mode", ["file", "--lines", "--ndjson", "--csv"])
def test_a_word_of_many_mb(classify, model, mode, tmp_path):
    word = b"a" * (100_000_000 if os.environ.get("CLASSIFY_FULL") else 20_000_000)
    path = tmp_path / "word"
    path.write_bytes(
        {"--ndjson": b'{"text":"', "--csv": b"text\n"}.get(mode, b"") + word + (b'"}' if mode == "--ndjson" else b"")
    )
    arguments = ["-m", model, "--format", "ndjson", path]
    answers = classify(*arguments, *([] if mode == "file" else [mode])).objects
    assert len(answers) == 1 and "error" not in answers[0]


def test_folder_missing_and_unreadable_files_are_reported_and_the_rest_answered(classify, model, tmp_path):
    (tmp_path / "a").write_text(SPAM)
    (tmp_path / "b").write_text(HAM)
    (tmp_path / "folder").mkdir()
    for mode in ([], ["--lines"]):
        ended = classify("-m", model, *mode, "a", "folder", "gone", "b", cwd=tmp_path, status=2)
        assert [f[0] for f in ended.fields] == ["spam", "ham"]
        folder, gone = ended.err.splitlines()
        assert folder.startswith("classify: folder: is a folder") and gone.startswith("classify: gone: No such file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(classify, model, tmp_path):
    (tmp_path / "a").write_text(SPAM)
    (tmp_path / "secret").write_text(SPAM)
    (tmp_path / "secret").chmod(0)
    ended = classify("-m", model, "secret", "a", cwd=tmp_path, status=2)
    assert len(ended.lines) == 1 and "secret: Permission denied" in ended.err


def test_file_that_cannot_be_read_to_its_end(classify, model):
    path = "/proc/self/mem"
    if not os.path.exists(path):
        pytest.skip("no /proc")
    assert "/proc/self/mem: " in classify("-m", model, path, status=2).err


BROKEN = [
    "",
    " ",
    "{",
    "{}",
    "null",
    "[]",
    "7",
    '"text"',
    '{"text"}',
    '{"text":}',
    '{"text":"a"',
    '{"text":"a}',
    '{"text":"a",}',
    '{"text":"a"} x',
    '{"text":"a"}{"text":"b"}',
    '{"text":"\\x"}',
    '{"text":"\\u12"}',
    '{"text":"a\tb"}',
    '{"text":01}',
    '{"text":nul}',
    '{"text":null}',
    '{"text":7}',
    '{"text":["a"]}',
    '{"txt":"a"}',
    "{'text':'a'}",
    '{"text":"a"]',
    '{"a":[1,2}, "text":"a"}',
    '{"text":"a","b":' + "[" * 100_000,
    "\0",
    "\x7f\x1b[31m",
]


def test_broken_ndjson_lines_are_answered_and_the_rest_too(classify, model):
    good = json.dumps({"id": "good", "text": SPAM})
    given = "".join(f"{line}\n{good}\n" for line in BROKEN)
    answers = classify("-m", model, "--ndjson", stdin=given).objects
    assert len(answers) == 2 * len(BROKEN)
    for i, (broken, right) in enumerate(zip(answers[0::2], answers[1::2], strict=True)):
        assert broken["error"] and broken["line"] == 2 * i + 1, BROKEN[i]
        assert right["label"] == "spam" and right["id"] == "good"


def test_broken_line_gives_its_id_where_it_could_be_read(classify, model):
    answers = classify("-m", model, "--ndjson", stdin='{"id": 5, "text": "abc\n{"id": 6}\n{"text": 1, "id": [7]}\n').objects
    assert [a["id"] for a in answers] == [5, 6, [7]] and all("error" in a for a in answers)
    assert "id" not in classify("-m", model, "--ndjson", stdin='{"id": "5').objects[0]


def test_broken_csv_rows_are_answered_and_the_rest_too(classify, model):
    table = f'id,text\n1,"ab"c"\n2,"{SPAM}"\n3\n4,a,b\n5,"{HAM}"\n6,5" disk\n7,"never ends\n8,x\n'
    rows = classify("-m", model, "--csv", stdin=table).rows
    assert all(len(row) == 8 for row in rows)
    assert [row[0] for row in rows[1:]] == ["1", "2", "3", "4", "5", "6", "7"]
    assert [bool(row[7]) for row in rows[1:]] == [True, False, True, True, False, False, True]
    assert [rows[2][2], rows[5][2]] == ["spam", "ham"] and rows[6][1] == '5" disk'


def test_blank_csv_lines_are_no_records(classify, model):
    assert len(classify("-m", model, "--csv", stdin="text\n\nfree\n\r\n\nprize\n\n").rows) == 3


def test_control_characters_never_reach_messages(classify, model):
    ended = classify("-m", model, "gone\n\x1b[31mred", status=2)
    assert "\x1b" not in ended.err and len(ended.err.splitlines()) == 1
