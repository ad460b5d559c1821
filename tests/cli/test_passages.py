"""Where in a text a threat or a statement stands."""

import csv
import io
import json

QUOTED = (
    "Hackers shut down the servers of the regional hospital on Tuesday, officials said.\n\n"
    "“We have all your patients' records. Pay two million by Friday or we will publish every one of them and destroy your "
    "backups,” the gang wrote in a note left on the screens.\n\n"
    "The hospital moved forty patients to other towns, and police are investigating, a spokeswoman said."
)


def test_passages_of_ndjson(classify):
    answer = classify("--ndjson", "--passages", stdin=json.dumps({"id": 1, "text": QUOTED}) + "\n").objects[0]
    assert answer["label"] == "news"
    (passage,) = answer["passages"]
    assert passage["label"] == "threat" and 0 <= passage["probability"] <= 1 and isinstance(passage["score"], int | float)
    words = QUOTED.encode()[passage["begin"] : passage["end"]].decode()
    assert "Pay two million by Friday" in words and "spokeswoman" not in words and "servers of the regional" not in words


def test_the_answer_is_the_same_without_them(classify):
    line = json.dumps({"id": 1, "text": QUOTED}) + "\n"
    with_them = classify("--ndjson", "--passages", stdin=line).objects[0]
    del with_them["passages"]
    assert with_them == classify("--ndjson", stdin=line).objects[0]


def test_nothing_to_find(classify):
    answer = classify("--ndjson", "--passages", stdin='{"text": "The weather was fine on Sunday. We ate soup."}\n').objects[0]
    assert answer["passages"] == []


def test_lines_under_each_file(classify, tmp_path):
    (tmp_path / "a.txt").write_text(QUOTED, encoding="utf-8")
    lines = classify("--passages", tmp_path / "a.txt").lines
    assert lines[0].startswith("news\t") and len(lines) == 2 and lines[1].lstrip() != lines[1] and "threat" in lines[1]


def test_column_of_csv(classify):
    table = "id,text\n1," + '"' + QUOTED.replace('"', '""') + '"\n2,We ate soup.\n'
    header, first, second = csv.reader(io.StringIO(classify("--csv", "--passages", stdin=table).text))
    assert header[-2:] == ["error", "passages"] and len(first) == len(header) == len(second)
    listed = classify("--ndjson", "--passages", stdin=json.dumps({"text": QUOTED}) + "\n").objects[0]["passages"]
    assert json.loads(first[-1]) == listed and len(listed) == 1 and second[-1] == "[]"
    broken = classify("--ndjson", "--format", "csv", "--passages", stdin="{\n").text.splitlines()
    assert broken[1].endswith(",") and broken[1].count(",") >= 6


def test_marked_text(classify, tmp_path):
    (tmp_path / "a.txt").write_text(QUOTED, encoding="utf-8")
    assert "[[threat: " in classify("passages", tmp_path / "a.txt").text
