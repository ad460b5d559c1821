"""The CSV reader and writer beside Python's."""

import csv
import io
import random


def table(seed, rows, terminator):
    r = random.Random(seed)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=terminator, quoting=r.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    given = [["id", "text", "n ,"]]
    for i in range(rows):
        given.append([str(i), *("".join(r.choices('ab ,;"\n\t\u00e9\u0416', k=r.randrange(12))) for _ in range(2))])
    writer.writerows(given)
    return given, out.getvalue()


def test_rows_come_back_as_they_were(classify, model):
    for seed, terminator in ((1, "\n"), (2, "\r\n"), (3, "\n"), (4, "\r\n")):
        given, text = table(seed, 800, terminator)
        rows = classify("-m", model, "--csv", stdin=text).rows
        assert [row[:3] for row in rows] == given
        assert all(len(row) == 9 for row in rows)


def test_quotes_only_where_needed(classify, model):
    text = classify("-m", model, "--csv", stdin='id,text\n1,"plain"\n2,"a,b"\n').text.splitlines()
    assert text[1].startswith("1,plain,") and text[2].startswith('2,"a,b",')


def test_two_tables_of_the_same_columns_are_one(classify, model, tmp_path):
    (tmp_path / "a.csv").write_text("id,text\n1,free\n")
    (tmp_path / "b.csv").write_text("id,text\n2,prize\n")
    (tmp_path / "c.csv").write_text("text,id\nfree,3\n")
    rows = classify("-m", model, "--csv", "a.csv", "b.csv", cwd=tmp_path).rows
    assert [row[0] for row in rows] == ["id", "1", "2"]
    ended = classify("-m", model, "--csv", "a.csv", "c.csv", "b.csv", cwd=tmp_path, status=2)
    assert [row[0] for row in ended.rows] == ["id", "1", "2"] and "c.csv" in ended.err


def test_fields_of_any_length_across_reads(classify, model):
    long = "free prize " * 40_000
    text = f'text,id\n"{long}",1\n"x\n""{long}""",2\n'
    rows = classify("-m", model, "--csv", stdin=text).rows
    assert [row[0] for row in rows[1:]] == [long, f'x\n"{long}"']
