"""The NDJSON reader beside Python's: the same lines accepted, the same texts and ids read."""

import json
import random

from conftest import SPAM

PIECES = [
    '"',
    "\\",
    "\\u00e9",
    "\\ud83d\\ude00",
    "\\n",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    " ",
    "\t",
    "1",
    "-0.5e+3",
    "01",
    "true",
]
PIECES += ["null", "fals", "é", "/", "\\/", "a", "\x01", "\x7f", "1.", ".5", "-", "+1", "1e5", "{}", "[]"]


def value(r, depth=0):
    kind = r.randrange(8 if depth < 4 else 5)
    if kind == 0:
        return r.choice([True, False, None])
    if kind == 1:
        return r.choice([0, -1, 10**30, 1.5e-7, -0.0])
    if kind in (2, 3, 4):
        return "".join(r.choices('ab"\\/\n\t\u00e9\u0416\U0001f600\x00\x7f', k=r.randrange(8)))
    if kind in (5, 6):
        return {r.choice(["id", "text", "a", 'q"', "\u00e9"]): value(r, depth + 1) for _ in range(r.randrange(4))}
    return [value(r, depth + 1) for _ in range(r.randrange(4))]


def document(r):
    members = {"id": value(r), "text": "free " + str(r.random()), "more": value(r)}
    if r.random() < 0.2:
        del members[r.choice(list(members))]
    order = list(members)
    r.shuffle(order)
    separators = r.choice([(",", ":"), (", ", ": "), (" ,\t", " :\r ")])
    return json.dumps({k: members[k] for k in order}, ensure_ascii=r.random() < 0.5, separators=separators)


def mutate(r, line):
    at = r.randrange(len(line) + 1)
    kind = r.randrange(3)
    if kind == 0:
        return line[:at] + line[at + r.randrange(1, 4) :]
    if kind == 1:
        return line[:at] + r.choice(PIECES) + line[at:]
    return line[:at]


def no_constants(name):
    raise ValueError(name)  # Python accepts NaN and Infinity, which are no JSON


def test_agrees_with_python(classify, model):
    r = random.Random(11)
    lines = []
    for _ in range(4000):
        line = document(r)
        for _ in range(r.choice([0, 0, 1, 2])):
            line = mutate(r, line)
        lines.append(line.replace("\n", " "))
    answers = classify("-m", model, "--ndjson", stdin="".join(line + "\n" for line in lines)).objects
    assert len(answers) == len(lines)
    accepted = 0
    for line, answer in zip(lines, answers, strict=True):
        try:
            record = json.loads(line, parse_constant=no_constants)
            good = isinstance(record, dict) and isinstance(record.get("text"), str)
        except ValueError:
            record, good = None, False
        assert ("error" not in answer) == good, line
        if isinstance(record, dict):
            assert json.dumps(answer.get("id", "-")) == json.dumps(record.get("id", "-")), line
        accepted += good
    assert 1000 < accepted < 3500


def test_texts_are_decoded_as_python_does(classify, model):
    r = random.Random(5)
    texts = ["".join(r.choices('ab"\\/\n\t\r\b\f\u00e9\u0416\u20ac\U0001f600\x00\x7f ', k=30)) for _ in range(300)]
    for ascii_only in (True, False):
        given = "".join(json.dumps({"text": t}, ensure_ascii=ascii_only) + "\n" for t in texts)
        as_csv = "text\n" + "".join('"' + t.replace('"', '""') + '"\n' for t in texts)
        a = classify("-m", model, "--ndjson", stdin=given).objects
        b = classify("-m", model, "--csv", "--format", "ndjson", stdin=as_csv).objects
        assert [{k: v for k, v in x.items() if k != "row"} for x in b] == a


def test_nesting_up_to_a_thousand(classify, model):
    for depth, good in ((999, True), (1000, True), (1001, False), (100_000, False)):
        line = '{"a":' + "[" * depth + "]" * depth + ',"text":"free"}'
        assert ("error" not in classify("-m", model, "--ndjson", stdin=line).objects[0]) == good


def test_of_equal_names_the_last_counts(classify, model):
    line = '{"id":1,"text":"x","\\u0069d":2,"t\\u0065xt":"' + SPAM + '"}'
    answer = classify("-m", model, "--ndjson", stdin=line).objects[0]
    assert answer["id"] == 2 and answer["label"] == "spam"
