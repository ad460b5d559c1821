"""A model of one's own: train, count, merge, refine, compile, eval, info, top."""

import csv
import json
import os
import re
import subprocess

import pytest
from conftest import COMMAND, HAM, ROOT, SPAM


@pytest.fixture
def records(labelled):
    return [(p.parent.name, p.read_text()) for p in sorted(labelled.glob("*/*.txt"))]


def test_folder_ndjson_and_csv_make_the_same_model(classify, records, labelled, tmp_path):
    with open(tmp_path / "t.ndjson", "w") as out:
        for label, text in records:
            out.write(json.dumps({"label": label, "text": text}) + "\n")
    with open(tmp_path / "t.csv", "w", newline="") as out:
        csv.writer(out).writerows([("text", "label"), *((text, label) for label, text in records)])
    for source in (labelled, tmp_path / "t.ndjson", tmp_path / "t.csv"):
        classify("train", "-o", tmp_path / f"{source.name}.clm", "-l", "en", source)
    models = [(tmp_path / f"{name}.clm").read_bytes() for name in (labelled.name, "t.ndjson", "t.csv")]
    assert models[0] == models[1] == models[2]


def test_train_is_count_refine_and_compile(classify, labelled, model, tmp_path):
    classify("count", "-o", tmp_path / "c", "-l", "en", labelled)
    classify("refine", "-o", tmp_path / "r", "-l", "en", tmp_path / "c", labelled)
    classify("compile", "-o", tmp_path / "m", tmp_path / "r")
    assert (tmp_path / "m").read_bytes() == model.read_bytes()
    classify("train", "--no-refine", "-o", tmp_path / "plain", "-l", "en", labelled)
    classify("compile", "-o", tmp_path / "m2", tmp_path / "c")
    assert (tmp_path / "m2").read_bytes() == (tmp_path / "plain").read_bytes()


def test_any_split_merges_to_the_same_bytes(classify, records, tmp_path):
    def count(name, part):
        (tmp_path / f"{name}.ndjson").write_text("".join(json.dumps({"label": a, "text": t}) + "\n" for a, t in part))
        classify("count", "-o", tmp_path / name, "-l", "en", tmp_path / f"{name}.ndjson")
        return tmp_path / name

    whole = count("whole", records)
    a, b, c = count("a", records[:5]), count("b", records[5:6]), count("c", records[6:][::-1])
    classify("merge", "-o", tmp_path / "abc", a, b, c)
    classify("merge", "-o", tmp_path / "cba", c, b, a)
    assert whole.read_bytes() == (tmp_path / "abc").read_bytes() == (tmp_path / "cba").read_bytes()


def test_tsv_and_back(classify, labelled, tmp_path):
    classify("count", "-o", tmp_path / "a", "-l", "en", labelled)
    classify("merge", "-o", tmp_path / "a.tsv", "--format", "tsv", tmp_path / "a")
    classify("count", "-o", tmp_path / "direct.tsv", "--format", "tsv", "-l", "en", labelled)
    assert (tmp_path / "a.tsv").read_text().startswith("#libclassify-counts\t")
    assert (tmp_path / "a.tsv").read_bytes() == (tmp_path / "direct.tsv").read_bytes()
    classify("merge", "-o", tmp_path / "back", tmp_path / "a.tsv")
    assert (tmp_path / "back").read_bytes() == (tmp_path / "a").read_bytes()


def test_pruning_leaves_rare_words_out(classify, tmp_path):
    (tmp_path / "t.ndjson").write_text("".join(json.dumps({"label": "x", "text": f"common word{i}"}) + "\n" for i in range(5)))
    classify("count", "-o", tmp_path / "a", "-l", "en", tmp_path / "t.ndjson")
    classify("merge", "-o", tmp_path / "b", "--format", "tsv", "--min-words", "2", "--min-pairs", "2", tmp_path / "a")
    words = [line.split("\t")[1] for line in (tmp_path / "b").read_text().splitlines() if line.startswith("word\t")]
    assert words == ["common"]


def test_label_language_and_source_by_option(classify, tmp_path):
    (tmp_path / "lines").write_text("one text\nanother text\n")
    given = ["count", "-o", tmp_path / "a", "--lines", "--label", "x", "-l", "pl", "--source", "s"]
    classify(*given, tmp_path / "lines")
    info = classify("info", "--format", "ndjson", tmp_path / "a").objects[0]
    assert info["cells"] == [{"source": "s", "language": "pl", "label": "x", "texts": 2, "words": 4}]
    classify("count", "-o", tmp_path / "b", "--label", "x", "-l", "pl", tmp_path / "lines")
    assert classify("info", "--format", "ndjson", tmp_path / "b").objects[0]["texts"] == 1


def test_languages_come_from_the_record_or_are_detected(classify, tmp_path):
    texts = [
        {"text": "short words", "label": "x", "lang": "uk"},
        {"text": "short words", "label": "x", "language": "pl"},
        {"text": "Міністерство закордонних справ України рішуче засуджує ці дії", "label": "x"},
        {"text": "The ministry of foreign affairs has condemned the attack", "label": "x"},
        {"text": "nur ein Satz", "label": "", "lang": "de"},
    ]
    given = "".join(json.dumps(t) + "\n" for t in texts)
    classify("count", "-o", tmp_path / "a", "--ndjson", "-", stdin=given)
    cells = classify("info", "--format", "ndjson", tmp_path / "a").objects[0]["cells"]
    assert {(c["language"], c["label"]): c["texts"] for c in cells} == {
        ("de", ""): 1,
        ("en", "x"): 1,
        ("pl", "x"): 1,
        ("uk", "x"): 2,
    }


def test_what_cannot_be_used_is_reported_and_the_rest_counted(classify, tmp_path):
    lines = [
        {"text": SPAM, "label": "x"},
        {"text": SPAM},
        {"label": "x"},
        {"text": SPAM, "label": "unsure"},
        {"text": SPAM, "label": "x", "lang": "de"},
    ]
    given = "".join(json.dumps(t) + "\n" for t in lines) + "{\n\n"
    ended = classify("count", "-o", tmp_path / "a", "-l", "en", "--ndjson", "-", stdin=given, status=2)
    assert [line.split(":")[2] for line in ended.err.splitlines()] == ["2", "3", "4", "6"]
    assert classify("info", "--format", "ndjson", tmp_path / "a").objects[0]["texts"] == 2
    ended = classify("count", "-o", tmp_path / "b", "--ndjson", "-", stdin="{}\n" * 1000 + given, status=2)
    assert len(ended.err.splitlines()) == 11 and "more" in ended.err.splitlines()[-1]


def test_nothing_to_learn_from(classify, tmp_path):
    (tmp_path / "empty").mkdir()
    ended = classify("train", "-o", tmp_path / "m", tmp_path / "empty", status=2)
    assert "--help" in ended.err and not (tmp_path / "m").exists()
    classify("train", "-o", tmp_path / "m", tmp_path / "gone", status=2)
    assert not (tmp_path / "m").exists()


def test_metadata_reaches_the_model(classify, labelled, tmp_path):
    given = ["train", "-o", tmp_path / "m", "-l", "en", "--meta", "name=mail filter", "--meta", "licence=MIT", labelled]
    classify(*given)
    info = classify("info", "--format", "ndjson", tmp_path / "m").objects[0]
    assert (info["name"], info["licence"]) == ("mail filter", "MIT")
    classify("train", "-o", tmp_path / "m", "--meta", "nothing", labelled, status=2)
    classify("train", "-o", tmp_path / "m", "-l", "en", "--meta", "Bad Key=1", labelled, status=2)


# ---- eval ----


def confusion(classify, model, records):
    """The same figures, counted here."""
    given = "".join(json.dumps({"text": text}) + "\n" for _, text in records)
    answers = classify("-m", model, "--ndjson", stdin=given).objects
    labels = ["ham", "spam"]
    recall, precision = {}, {}
    for label in labels:
        truth = [a["label"] for (t, _), a in zip(records, answers, strict=True) if t == label]
        got = [t for (t, _), a in zip(records, answers, strict=True) if a["label"] == label]
        recall[label] = truth.count(label) / len(truth)
        precision[label] = got.count(label) / len(got)
    right = [(t == a["label"], a["probability"]) for (t, _), a in zip(records, answers, strict=True) if a["label"]]
    bins = {}
    for hit, p in right:
        n = bins.setdefault(min(9, int(p * 10)), [0, 0.0])
        n[0] += hit
        n[1] += p
    return recall, precision, sum(abs(h - s) for h, s in bins.values()) / len(right)


def test_eval_counts_as_we_do(classify, model, records):
    mixed = [(a, t[:30] + b[:40]) for (a, t), (_, b) in zip(records, records[::-1], strict=True)] + records
    given = "".join(json.dumps({"label": a, "text": t}) + "\n" for a, t in mixed)
    result = classify("eval", "-m", model, "--format", "ndjson", "--ndjson", "-", stdin=given).objects[0]
    recall, precision, calibration = confusion(classify, model, mixed)
    for label in ("ham", "spam"):
        assert abs(result["labels"][label]["recall"] - recall[label]) < 1e-6
        assert abs(result["labels"][label]["precision"] - precision[label]) < 1e-6
        assert sum(result["labels"][label]["answers"].values()) == len([1 for a, _ in mixed if a == label])
    assert abs(result["macro"]["recall"] - sum(recall.values()) / 2) < 1e-6
    assert abs(result["calibration_error"] - calibration) < 1e-5
    assert result["texts"] == len(mixed)


def test_eval_for_people(classify, model, labelled):
    text = classify("eval", "-m", model, labelled).text
    for word in ("ham", "spam", "unsure", "recall", "precision", "F1", "mean", "calibration error", "probability"):
        assert word in text
    assert max(map(len, text.splitlines())) <= 100


def test_eval_with_labels_that_the_model_has_not(classify, model):
    given = json.dumps({"label": "eggs", "text": SPAM}) + "\n" + json.dumps({"label": "ham", "text": HAM}) + "\n"
    result = classify("eval", "-m", model, "--format", "ndjson", "--ndjson", "-", stdin=given).objects[0]
    assert result["labels"]["eggs"]["answers"]["spam"] == 1
    assert result["accuracy"] == 0.5 and result["macro"]["recall"] == 1


# ---- explain, info, top, stem, tokens ----


def test_explain_sums_exactly_to_the_score(classify, model):
    texts = {"a": SPAM, "b": HAM + " Prize!!! 112 http://a.b", "c": "", "d": "żółć \ufffd невідоме"}
    for text in texts.values():
        x = classify("explain", "-m", model, "--format", "ndjson", stdin=text).objects[0]
        for label, score in x["scores"].items():
            assert score == x["priors"][label] + sum(f["weights"][label] for f in x["features"])
        for f in x["features"]:
            assert text.encode()[f["begin"] : f["end"]].decode() == f["text"]
        answer = classify("-m", model, "--format", "ndjson", stdin=text).objects[0]
        assert {k: answer[k] for k in ("label", "probability", "language", "evidence", "reason")} == {
            k: x[k] for k in ("label", "probability", "language", "evidence", "reason")
        }


def test_explain_for_people_shows_the_sum(classify, model):
    lines = classify("explain", "-m", model, stdin=SPAM).lines
    x = classify("explain", "-m", model, "--format", "ndjson", stdin=SPAM).objects[0]
    last = [line for line in lines if "(sum: the score)" in line][0].split(")")[1].split()
    assert [int(n) for n in last[:3]] == [
        x["scores"][x["best"]],
        x["scores"][x["against"]],
        x["scores"][x["best"]] - x["scores"][x["against"]],
    ]


def test_explain_of_a_model_of_one_label(classify, tmp_path):
    classify("train", "-o", tmp_path / "one", "-l", "en", "--label", "x", "--lines", "-", stdin=f"{SPAM}\n{HAM}\n")
    assert classify("explain", "-m", tmp_path / "one", stdin=SPAM).text.count("(prior)") == 1


def test_info_of_model_and_counts(classify, model, labelled, tmp_path):
    info = classify("info", "--format", "ndjson", model).objects[0]
    assert info["kind"] == "model" and info["labels"] == ["ham", "spam"] and info["languages"] == ["en"]
    assert info["usable"] == "yes" and info["bytes"] == model.stat().st_size and info["texts"] == 24
    assert "labels" in classify("info", model).text and "threat" in classify("info").text
    classify("count", "-o", tmp_path / "c", "-l", "en", labelled)
    counts = classify("info", "--format", "ndjson", tmp_path / "c").objects[0]
    assert counts["kind"] == "counts" and sum(c["texts"] for c in counts["cells"]) == counts["texts"] == 24
    assert "spam" in classify("info", tmp_path / "c").text


def test_top(classify, model):
    fields = classify("top", "-m", model, "-n", "3").fields
    assert [f[0] for f in fields] == ["ham"] * 3 + ["spam"] * 3
    for label in ("ham", "spam"):
        nats = [float(f[2]) for f in fields if f[0] == label]
        assert nats == sorted(nats, reverse=True) and nats[-1] > 0
    only = classify("top", "-m", model, "--label", "spam", "-l", "en", "--format", "ndjson").objects
    assert {o["label"] for o in only} == {"spam"} and len(only) <= 20
    classify("top", "-m", model, "--label", "eggs", status=2)
    classify("top", "-m", model, "-l", "uk", status=2)


def test_stem_is_line_by_line(classify):
    given = ["addresses", "running", "", "two words", "a\0b", "x" * 5000, "Крім"]
    ended = classify("stem", "-l", "en", stdin="\n".join(given))
    assert len(ended.lines) == len(given)
    assert ended.lines[:4] == ["address", "run", "", "two word"]
    assert classify("stem", "-l", "en", stdin="\n".join(given) + "\n").out == ended.out
    classify("stem", stdin="a", status=2)
    assert "xx" in classify("stem", "-l", "xx", stdin="a", status=2).err


def test_stem_of_many_words(classify):
    words = [f"word{i}s" for i in range(100_000)]
    assert len(classify("stem", "-l", "en", stdin="\n".join(words)).lines) == len(words)


def test_tokens(classify):
    text = "Call 112 now! Крім того."
    fields = [f for f in classify("tokens", "-l", "en", stdin=text).fields if len(f) > 1]
    assert [f[4] for f in fields][:3] == ["word", "marker", "word"]
    raw = text.encode()
    assert [raw[int(f[0]) : int(f[1])].decode() for f in fields if f[4] == "word"] == ["Call", "now", "Крім", "того"]
    objects = classify("tokens", "--format", "ndjson", stdin=text).objects
    assert objects[0]["token"] == "call" and objects[0]["begin"] == 0


def many(path, count=6000):
    """A file of some megabytes, with records that cannot be used among the others."""
    words = (SPAM + " " + HAM).split()
    with open(path, "w") as out:
        for i in range(count):
            text = " ".join(words[(i * k) % len(words)] + (str(i) if k == 7 else "") for k in range(3, 60))
            record = {
                "text": text,
                "label": ("spam", "ham", "")[i % 3],
                "lang": ("en", "pl", "")[i % 7 % 3],
                "source": str(i % 4),
            }
            if i % 1000 == 999:
                record = [{"text": text}, {"text": text, "label": "x", "lang": "de"}, {"text": "", "label": "x"}][i // 1000 % 3]
            out.write(json.dumps(record) + "\n")
    return path


def test_any_number_of_jobs_writes_the_same_bytes(classify, labelled, tmp_path):
    sources = [many(tmp_path / "a.ndjson"), labelled, many(tmp_path / "b.ndjson", 3001), tmp_path / "missing"]
    runs = {}
    for jobs in (1, 2, 3, 16):
        ended = classify("count", "-o", tmp_path / "c", "--jobs", str(jobs), *sources, status=2)
        runs[jobs] = ((tmp_path / "c").read_bytes(), sorted(ended.err.splitlines()))
        order = [line for line in ended.err.splitlines() if "left out" in line and ".ndjson" in line]
        assert len(order) == 9 and order == sorted(order, key=lambda line: (line.split(":")[1], int(line.split(":")[2])))
    assert all(run == runs[1] for run in runs.values())


def test_jobs_train_the_same_model(classify, tmp_path):
    source = many(tmp_path / "a.ndjson", 1500)
    for jobs in ("1", "3"):
        classify("train", "-o", tmp_path / jobs, "-j", jobs, "--epochs", "2", source, status=2)
    assert (tmp_path / "1").read_bytes() == (tmp_path / "3").read_bytes()


def test_jobs_stop_at_a_name_that_is_none(classify, tmp_path):
    lines = [json.dumps({"text": f"text {i}", "label": "x", "lang": "en"}) for i in range(20000)]
    for at in (12000, 15000):
        lines[at] = json.dumps({"text": "text", "label": "a\tb", "lang": "en"})
    (tmp_path / "t.ndjson").write_text("\n".join(lines))
    said = {
        classify("count", "-o", tmp_path / "c", "-j", jobs, tmp_path / "t.ndjson", status=2).err for jobs in ("1", "2", "7")
    }
    assert len(said) == 1 and "12001" in said.pop() and not (tmp_path / "c").exists()


def test_the_recipe_for_many_machines(classify, tmp_path):
    """The shell block of SPARK.md."""
    page = (ROOT / "bindings" / "python" / "SPARK.md").read_text("utf-8")
    (block,) = re.findall(r"^```sh\n(.*?)^```", page, re.M | re.S)
    lines = many(tmp_path / "all.ndjson", 900).read_text().splitlines(keepends=True)
    for i in range(3):
        (tmp_path / f"part-{i}.ndjson").write_text("".join(lines[i::3]))
    path = os.path.dirname(os.path.abspath(COMMAND)) + os.pathsep + os.environ["PATH"]
    subprocess.run(["sh", "-e", "-c", block], cwd=tmp_path, env=os.environ | {"PATH": path}, check=True, timeout=120)
    classify("count", "-o", tmp_path / "one", tmp_path / "all.ndjson")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "all.counts").read_bytes()
