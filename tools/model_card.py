#!/usr/bin/env python3
"""Measures the default model and writes the figures into its card.

    model_card.py CLASSIFY CORPORA CARD [SHARED]

CARD (models/README.md) has its figures between two marker lines, which are replaced. SHARED: the folder with data/dev
and data/border; without it only the held-out batches are measured. Standard library only.
"""

import collections
import json
import math
import os
import re
import subprocess
import sys
import unicodedata

LANGUAGES, LABELS = ("en", "uk", "ru", "pl"), ("threat", "diplomatic", "news")
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def read(folder):
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if name.endswith(".jsonl"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                for line in file:
                    text = json.loads(line)
                    text["label"] = "other" if text["label"] == "none" else text["label"]
                    text.setdefault("source", name.split(".")[2])
                    yield text


def answer(classify, texts):
    """Adds the command's answer to each text; texts in several disguises are asked about with the others."""
    lines = "".join(json.dumps({"text": t["text"]}, ensure_ascii=False) + "\n" for t in texts)
    run = subprocess.run([classify, "--ndjson"], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    for text, line in zip(texts, run.stdout.decode().splitlines(), strict=True):
        text["answer"] = json.loads(line)
    return texts


def share(texts, wanted):
    hits = sum(wanted(t) for t in texts)
    return f"{hits / len(texts):.3f} of {len(texts)}" if texts else "-"


def right(text):
    return text["answer"]["label"] == text["label"]


def is_threat(text):
    return text["answer"]["label"] == "threat"


def macro(texts):
    recalls = []
    for label in LABELS:
        own = [right(t) for t in texts if t["label"] == label]
        if own:
            recalls.append(sum(own) / len(own))
    return f"{sum(recalls) / len(recalls):.3f}" if recalls else "-"


def calibration_error(texts):
    bins = [[0, 0, 0.0] for _ in range(10)]
    for t in texts:
        if t["answer"]["label"] is not None and t["label"] in LABELS:
            cell = bins[min(9, int(t["answer"]["probability"] * 10))]
            cell[0] += right(t)
            cell[1] += 1
            cell[2] += t["answer"]["probability"]
    total = sum(b[1] for b in bins)
    return f"{sum(abs(b[0] - b[2]) for b in bins) / total:.3f} over {total}" if total else "-"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|---|" + "--:|" * (len(header) - 1)]
    return "\n".join(lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows]) + "\n"


def main_table(texts):
    rows = []
    for language in LANGUAGES:
        own = [t for t in texts if t["lang"] == language]
        other = [t for t in own if t["label"] == "other"]
        long_enough = [t for t in own if len(t["text"]) > 40]
        found = [share([t for t in own if t["label"] == label], right) for label in LABELS]
        false = share(other, is_threat)
        unsure = share(own, lambda t: t["answer"]["label"] is None)
        language_right = share(long_enough, lambda t: t["answer"]["language"] == t["lang"])
        rows.append([language, macro(own), *found, false, unsure, language_right])
    return table(["", "macro recall", *LABELS, "other taken for threat", "unsure", "language right, over 40 characters"], rows)


def confusion(texts):
    rows = []
    answers = [*LABELS, "other", None]
    for language in LANGUAGES:
        for label in (*LABELS, "other"):
            own = [t for t in texts if t["lang"] == language and t["label"] == label]
            rows.append([f"{language} {label}", *(sum(t["answer"]["label"] == a for t in own) for a in answers)])
    return table(["true label", *LABELS, "other", "unsure"], rows)


def by(texts, key, least=1):
    groups = collections.defaultdict(list)
    for t in texts:
        groups[key(t)].append(t)
    return table(["", "right"], [[name, share(own, right)] for name, own in sorted(groups.items()) if len(own) >= least])


POLISH = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")
LOOKALIKES = str.maketrans("аеорсухі", "aeopcyxi"), str.maketrans("aeopcyxi", "аеорсухі")
VOWELS = "аеиоуыэюяіїєАЕИОУЫЭЮЯІЇЄ"


def disguises(text):
    """(name, disguised text) of a text."""
    t, cyrillic = text["text"], text["lang"] in ("uk", "ru")
    half = t.translate(LOOKALIKES[0] if cyrillic else LOOKALIKES[1])
    yield (
        "look-alike letters, every other word",
        " ".join(b if i % 2 else a for i, (a, b) in enumerate(zip(t.split(" "), half.split(" "), strict=True))),
    )
    yield "zero-width characters", re.sub(r"(\w)(\w)", "\\1\u200b\\2", t)
    yield "full width", "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t)
    yield "capitals", t.upper()
    if cyrillic:
        yield "stress marks", re.sub(f"([{VOWELS}])", "\\1\u0301", t)
    yield "NFD", unicodedata.normalize("NFD", t)
    if text["lang"] == "pl":
        yield "Polish without diacritics", t.translate(POLISH)


def disguise_table(classify, texts):
    groups = collections.defaultdict(list)
    for text in texts:
        for name, changed in disguises(text):
            groups[name].append((text, {**text, "text": changed}))
    rows = []
    for name, pairs in groups.items():
        answer(classify, [p[1] for p in pairs])
        plain, changed = (sum(right(p[i]) for p in pairs) / len(pairs) for i in (0, 1))
        rows.append([name, len(pairs), f"{plain:.3f}", f"{changed:.3f}", f"{plain - changed:+.3f}"])
    return table(["disguise", "texts", "right as written", "right disguised", "lost"], rows)


SOURCES = (
    ("dev", "Public sources that training does not hold (`shared/data/dev`)"),
    ("border", "A stress test: wartime evening addresses of a president (`shared/data/border`)"),
)


def magnitude(text):
    return f"10^{int(math.log10(max(1, len(text['text']))))} characters and more"


def figures(classify, corpora, shared):
    held_out = answer(classify, list(read(os.path.join(corpora, "heldout"))))
    hard = [t for t in held_out if t["batch"] == "g"]
    held_out = [t for t in held_out if t["batch"] != "g"]
    parts = ["### Texts written independently (`corpora/heldout`), a third of them hard\n", main_table(held_out)]
    parts += [f"Calibration error (ECE, ten bins): {calibration_error(held_out)}.\n", confusion(held_out)]
    parts += ["By length:\n", by(held_out, lambda t: t["length"])]
    false = [[code, share([t for t in hard if t["lang"] == code], is_threat)] for code in LANGUAGES]
    parts += [
        "Harmless talk that addresses somebody in the words of threats (half of batch g), taken for threats:\n",
        table(["", ""], false),
    ]
    parts += ["Accuracy under disguise:\n", disguise_table(classify, held_out)]
    for name, title in SOURCES:
        texts = answer(classify, list(read(os.path.join(shared, "data", name)))) if shared else []
        if not texts:
            continue
        parts += [f"### {title}\n", main_table(texts), f"Calibration error: {calibration_error(texts)}.\n", "By source:\n"]
        parts += [by(texts, lambda t: f"{t['lang']} {t['label']} {t['source']}"), "By length:\n", by(texts, magnitude)]
    return "\n".join(parts)


def main():
    classify, corpora, card = sys.argv[1:4]
    shared = sys.argv[4] if len(sys.argv) > 4 and os.path.isdir(sys.argv[4]) else None
    with open(card, encoding="utf-8") as file:
        before, _, rest = file.read().partition(BEGIN)
    after = rest.partition(END)[2]
    text = before + BEGIN + "\n\n" + figures(classify, corpora, shared) + "\n" + END + after
    with open(card, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"{card}: figures written", file=sys.stderr)


if __name__ == "__main__":
    main()
