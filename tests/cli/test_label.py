"""Labelling: files, lines, NDJSON, CSV; formats, filters, order."""

import json
import random
import re

import pytest
from conftest import HAM, ROOT, SPAM

TSV = re.compile(r"^[^\t]+\t[01]\.\d{4}\t[^\t]+\t[^\t]*$")


def samples():
    rows = [line.split("\t") for line in (ROOT / "models" / "samples.tsv").read_text().splitlines()]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


# ---- Files ----


def test_one_line_a_file(classify, model, tmp_path):
    (tmp_path / "a.txt").write_text(SPAM)
    (tmp_path / "b.txt").write_text(HAM)
    ended = classify("--model", model, "a.txt", "b.txt", cwd=tmp_path)
    assert [f[0] for f in ended.fields] == ["spam", "ham"]
    assert [f[3] for f in ended.fields] == ["a.txt", "b.txt"]
    assert all(TSV.match(line) for line in ended.lines)
    assert all(f[2] in ("en", "-") for f in ended.fields)  # a model of one language need not recognise it


def test_standard_input_without_a_file_and_as_dash(classify, model, tmp_path):
    (tmp_path / "b.txt").write_text(HAM)
    assert classify("-m", model, stdin=SPAM).fields[0][0::3] == ["spam", "-"]
    ended = classify("-m", model, tmp_path / "b.txt", "-", stdin=SPAM)
    assert [f[0] for f in ended.fields] == ["ham", "spam"]


def test_embedded_model_labels_the_samples(classify):
    given = samples()
    assert len(given) == 12 and len({(r["lang"], r["label"]) for r in given}) == 12
    ended = classify("--lines", stdin="".join(r["text"] + "\n" for r in given))
    assert [f[2] for f in ended.fields] == [r["lang"] for r in given]
    right = sum(f[0] == r["label"] for f, r in zip(ended.fields, given, strict=True))
    assert right >= 10, ended.text


def test_name_with_newline_tab_and_backslash_is_escaped(classify, model, tmp_path):
    name = "a\nb\tc\\d\x01\xff.txt"
    (tmp_path / name).write_text(SPAM)
    ended = classify("-m", model, name, cwd=tmp_path)
    assert len(ended.lines) == 1
    assert ended.fields[0][3] == "a\\nb\\tc\\\\d\\x01\xff.txt"
    assert classify("-m", model, "--format", "ndjson", name, cwd=tmp_path).objects[0]["name"] == name


def test_file_with_the_name_of_a_command(classify, model, tmp_path):
    (tmp_path / "stem").write_text(SPAM)
    assert classify("./stem", "-m", model, cwd=tmp_path).fields[0][0] == "spam"
    assert classify("-m", model, "--", "stem", cwd=tmp_path).fields[0][0] == "spam"


def test_files_as_ndjson_and_csv(classify, model, tmp_path):
    (tmp_path / "a.txt").write_text(SPAM)
    answer = classify("-m", model, "--format", "ndjson", "a.txt", cwd=tmp_path).objects[0]
    assert answer["name"] == "a.txt" and answer["label"] == "spam"
    rows = classify("-m", model, "--format", "csv", "a.txt", cwd=tmp_path).rows
    assert rows[0] == ["name", "label", "probability", "language", "evidence", "reason", "error"]
    assert rows[1][:2] == ["a.txt", "spam"]


# ---- Lines ----


def test_each_line_is_a_text(classify, model):
    ended = classify("-m", model, "--lines", stdin=f"{SPAM}\n{HAM}\n")
    assert [f[0] for f in ended.fields] == ["spam", "ham"]
    assert [f[3] for f in ended.fields] == [SPAM, HAM]


def test_missing_last_newline_changes_nothing(classify, model):
    text = f"{SPAM}\n{HAM}"
    assert classify("-m", model, "--lines", stdin=text).out == classify("-m", model, "--lines", stdin=text + "\n").out
    record = json.dumps({"id": 1, "text": SPAM})
    with_it = classify("-m", model, "--ndjson", stdin=record + "\n").out
    assert classify("-m", model, "--ndjson", stdin=record).out == with_it
    table = f'id,text\n1,"{SPAM}"'
    assert classify("-m", model, "--csv", stdin=table).out == classify("-m", model, "--csv", stdin=table + "\n").out


def test_a_line_is_scored_as_the_same_text_in_a_file(classify, model, tmp_path):
    for text in (SPAM, HAM, "", "free meeting"):
        (tmp_path / "t").write_text(text)
        alone = classify("-m", model, "--format", "ndjson", "t", cwd=tmp_path).objects[0]
        line = classify("-m", model, "--lines", "--format", "ndjson", stdin=text + "\r\n").objects[0]
        assert {k: v for k, v in alone.items() if k != "name"} == {k: v for k, v in line.items() if k != "line"}


def test_empty_lines_are_records(classify, model):
    ended = classify("-m", model, "--lines", "--format", "ndjson", stdin="\n\n \n")
    assert [(a["line"], a["label"], a["reason"]) for a in ended.objects] == [(n, None, "empty") for n in (1, 2, 3)]
    assert [f[0] for f in classify("-m", model, "--lines", stdin="\n\n").fields] == ["unsure", "unsure"]


def test_carriage_returns_are_not_shown(classify, model):
    assert classify("-m", model, "--lines", stdin=f"{SPAM}\r\n").fields[0][3] == SPAM


def test_lines_of_several_files_are_not_joined(classify, model, tmp_path):
    (tmp_path / "a").write_text("free")
    (tmp_path / "b").write_text("prize\nnow")
    ended = classify("-m", model, "--lines", "--format", "ndjson", "a", "b", cwd=tmp_path)
    assert [(a["name"], a["line"]) for a in ended.objects] == [("a", 1), ("b", 1), ("b", 2)]


# ---- NDJSON ----


def test_members_of_an_answer(classify, model):
    answer = classify("-m", model, "--ndjson", stdin=json.dumps({"id": "x", "text": SPAM})).objects[0]
    keys = ["id", "label", "probability", "probabilities", "language", "evidence", "reason"]
    assert list(answer) == keys
    assert answer["label"] == "spam" and answer["language"] in ("en", None) and answer["reason"] is None
    assert set(answer["probabilities"]) == {"spam", "ham"}
    assert abs(sum(answer["probabilities"].values()) - 1) < 1e-5
    assert answer["probability"] == max(answer["probabilities"].values())
    assert answer["evidence"] > 0


@pytest.mark.parametrize(
    "raw",
    [
        "0",
        "-1.50",
        "1e400",
        "12345678901234567890123456789",
        '"a\\u0041\\n"',
        "null",
        "true",
        '{"a":[1, {}]}',
        "[]",
        '""',
    ],
)
def test_id_is_echoed_as_it_came(classify, model, raw):
    for record in (f'{{"id":{raw},"text":"free"}}', f'{{ "text" : "free", "id" : {raw} }}', f'{{"id":{raw},"text":7}}'):
        assert f'{{"id":{raw},' in classify("-m", model, "--ndjson", stdin=record).text


def test_field_names_the_text(classify, model):
    record = json.dumps({"id": 1, "body": SPAM, "text": HAM})
    assert classify("-m", model, "--ndjson", "--field", "body", stdin=record).objects[0]["label"] == "spam"
    assert classify("-m", model, "--ndjson", stdin=record).objects[0]["label"] == "ham"


def test_ndjson_to_tsv_and_csv(classify, model):
    records = json.dumps({"id": "a,b", "text": SPAM}) + "\n" + json.dumps({"text": HAM}) + "\n{\n"
    tsv = classify("-m", model, "--ndjson", "--format", "tsv", stdin=records)
    assert [f[0::3] for f in tsv.fields][:2] == [["spam", "a,b"], ["ham", "-"]]
    assert tsv.fields[2][0] == "error" and tsv.fields[2][3].startswith("line 3: ")
    rows = classify("-m", model, "--ndjson", "--format", "csv", stdin=records).rows
    assert rows[0][0] == "id" and rows[1][:2] == ["a,b", "spam"] and rows[3][6]


# ---- CSV ----


def test_csv_keeps_columns_and_appends_answers(classify, model):
    table = f'id,"a ""b""",body\r\n1,"x,y","{SPAM}\nmore"\r\n2,,{HAM.replace(",", "")}\r\n'
    rows = classify("-m", model, "--csv", "--column", "body", stdin=table).rows
    assert rows[0] == ["id", 'a "b"', "body", "label", "probability", "language", "evidence", "reason", "error"]
    assert rows[1][:4] == ["1", "x,y", SPAM + "\nmore", "spam"]
    assert rows[2][:4] == ["2", "", HAM.replace(",", ""), "ham"]
    assert all(len(row) == 9 for row in rows)


def test_csv_column_by_number_delimiter_and_no_header(classify, model):
    rows = classify("-m", model, "--csv", "--column", "2", "--delimiter", ";", stdin=f"n;t\n1;{SPAM}\n").text
    assert rows.splitlines()[1].startswith(f"1;{SPAM};spam;")
    rows = classify("-m", model, "--csv", "--column", "2", "--delimiter", "tab", "--no-header", stdin=f"1\t{SPAM}\n")
    assert rows.text.startswith(f"1\t{SPAM}\tspam\t")
    assert len(rows.lines) == 1


def test_csv_as_ndjson_and_tsv(classify, model):
    table = f'id,text\n1,"{SPAM}"\n2,"{HAM}"\n'
    answers = classify("-m", model, "--csv", "--format", "ndjson", stdin=table).objects
    assert [(a["row"], a["label"]) for a in answers] == [(2, "spam"), (3, "ham")]
    assert [f[0] for f in classify("-m", model, "--csv", "--format", "tsv", stdin=table).fields] == ["spam", "ham"]


def test_csv_without_the_column_says_which_there_are(classify, model):
    ended = classify("-m", model, "--csv", stdin="id,body\n1,x\n", status=2)
    assert "id,body" in ended.err and "--column" in ended.err and not ended.out


def test_csv_header_alone_gives_a_header_alone(classify, model):
    assert len(classify("-m", model, "--csv", stdin="id,text\n").rows) == 1


# ---- Filters ----


def test_only_is_like_grep(classify, model):
    text = f"{SPAM}\n{HAM}\n{SPAM}\n\n"
    assert len(classify("-m", model, "--lines", "--only", "spam", stdin=text).lines) == 2
    assert [f[0] for f in classify("-m", model, "--lines", "--only", "unsure", stdin=text).fields] == ["unsure"]
    assert len(classify("-m", model, "--lines", "--only", "spam", "--only", "ham", stdin=text).lines) == 3
    nothing = classify("-m", model, "--lines", "--only", "ham", stdin=SPAM, status=1)
    assert not nothing.out and not nothing.err


def test_only_of_an_unknown_label_lists_the_labels(classify, model):
    ended = classify("-m", model, "--only", "eggs", stdin=SPAM, status=2)
    assert "spam" in ended.err and "ham" in ended.err and "unsure" in ended.err


def test_min_probability_makes_unsure(classify, model):
    answer = classify("-m", model, "--min-probability", "1", "--format", "ndjson", stdin=SPAM).objects[0]
    assert answer["label"] is None and answer["reason"] == "too-close"


def test_language_can_be_fixed(classify, model):
    assert classify("-m", model, "-l", "en", "--lines", stdin="Київ\n").fields[0][2] == "en"
    assert "xx" in classify("-m", model, "-l", "xx", stdin="a", status=2).err


# ---- Encodings ----


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-u", "utf-16", "utf-16le", "utf-32"])
def test_encoding(classify, encoding):
    text = "Ми знаємо, де ти живеш\nМиністерство засуджує\n"
    coded = text.encode("koi8-u" if encoding == "koi8-u" else encoding)
    assert classify("--lines", "--encoding", encoding, stdin=coded).out == classify("--lines", stdin=text).out


def test_encoding_of_polish(classify):
    text = "Zażółć gęślą jaźń\n"
    assert classify("--lines", "--encoding", "iso-8859-2", stdin=text.encode("iso-8859-2")).fields[0][3] == text[:-1]


def test_undecodable_bytes_are_counted(classify, model):
    coded = b"free \x98 prize\nplain\n"  # 98 is nothing in windows-1251
    answers = classify("-m", model, "--lines", "--format", "ndjson", "--encoding", "windows-1251", stdin=coded).objects
    assert answers[0]["replaced"] == 1 and "replaced" not in answers[1]
    half = "free\nprize\n".encode("utf-16le") + b"\x00\xd8a\x00\n\x00b"  # half a surrogate pair; half a unit at the end
    answers = classify("-m", model, "--lines", "--format", "ndjson", "--encoding", "utf-16le", stdin=half).objects
    assert [a.get("replaced", 0) for a in answers] == [0, 0, 1, 1]


# What UTF-7 decodes to where it is broken would depend on where a pipe is cut.
@pytest.mark.parametrize("encoding", ["klingon", "UTF-7", "unicode-1-1-utf-7", "UTF-7-IMAP"])
def test_unknown_encoding(classify, encoding):
    assert "iconv" in classify("--encoding", encoding, stdin="a", status=2).err


def test_byte_order_mark_is_dropped(classify, model):
    record = "\ufeff" + json.dumps({"text": SPAM})
    assert classify("-m", model, "--ndjson", stdin=record).objects[0]["label"] == "spam"
    assert classify("-m", model, "--csv", stdin="\ufefftext\nfree\n").rows[0][0] == "text"


# ---- Order and number of answers ----


def noise(seed, count):
    """Records of every kind, good and broken, as bytes without newlines."""
    r = random.Random(seed)
    words = (SPAM + " " + HAM + " загроза żółć 123 http://a.b !!! \ufffd").split()
    for i in range(count):
        text = " ".join(r.choices(words, k=r.choice([0, 1, 3, 20, 200])))
        kind = r.randrange(8)
        if kind == 0:
            yield b""
        elif kind == 1:
            yield bytes(b for b in r.randbytes(r.randrange(60)) if b != 10)
        elif kind == 2:
            yield json.dumps({"id": i, "text": text}).encode()[: r.randrange(1, 40)]
        else:
            yield json.dumps({"id": i, "text": text}, ensure_ascii=kind % 2 == 0).encode()


@pytest.mark.parametrize("mode", ["--lines", "--ndjson"])
@pytest.mark.parametrize("form", ["tsv", "ndjson", "csv"])
def test_one_answer_a_record_and_the_same_for_any_jobs(classify, model, mode, form):
    records = list(noise(7, 9000))
    given = b"\n".join(records)
    one = classify("-m", model, mode, "--format", form, "--jobs", "1", stdin=given)
    for jobs in ("2", "8"):
        assert classify("-m", model, mode, "--format", form, "--jobs", jobs, stdin=given).out == one.out
    answers = len(one.rows) - 1 if form == "csv" else one.out.count(b"\n")
    assert answers == len(records)


def test_csv_the_same_for_any_jobs(classify, model):
    r = random.Random(3)
    rows = "".join(f'{i},"{" ".join(r.choices((SPAM + HAM).split(), k=40))}"\n' for i in range(6000))
    one = classify("-m", model, "--csv", "-j", "1", stdin="id,text\n" + rows)
    assert len(one.rows) == 6001 and [row[0] for row in one.rows[1:]] == [str(i) for i in range(6000)]
    assert classify("-m", model, "--csv", "-j", "8", stdin="id,text\n" + rows).out == one.out


def test_many_files_in_order_for_any_jobs(classify, model, tmp_path):
    names = [f"{i:04}" for i in range(1500)]
    for i, name in enumerate(names):
        if i % 100:
            (tmp_path / name).write_text(SPAM if i % 2 else HAM)
    one = classify("-m", model, "-j", "1", *names, cwd=tmp_path, status=2)
    many = classify("-m", model, "-j", "8", *names, cwd=tmp_path, status=2)
    assert (many.out, many.err) == (one.out, one.err)
    assert [f[3] for f in one.fields] == [n for i, n in enumerate(names) if i % 100]
    assert len(one.err.splitlines()) == 15
