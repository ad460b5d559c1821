#!/usr/bin/env python3
"""Checks the project's own texts: every cell filled, every text in its language's script and of its length, no two alike.

    check_corpora.py CORPORA [--report]

--report prints the table of texts and words that corpora/README.md shows. Standard library only.
"""

import collections
import json
import os
import re
import sys

LANGUAGES = ("en", "uk", "ru", "pl")
LEAST = {"threat": 500, "diplomatic": 450, "other": 600, "news": 400}
WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
FIELDS = {"id", "lang", "label", "kind", "register", "length", "batch", "text"}
LENGTHS = {
    "short": (1, 45),
    "medium": (8, 160),
    "long": (85, 480),
}  # words; writers were asked for 5-20, 20-100, 120-350
RUN = 6  # words in a row
MAX_SHARED_RUNS = 6  # with any one other text: stock formulas of diplomacy and prayer
MAX_SHARE = 0.25  # of a text's runs that stand in other texts too
MAX_LATIN = 0.03  # of Ukrainian and Russian texts that are typed in Latin letters, as people do
MAX_OPENING = 0.04  # of a cell's texts that begin with the same three words


def read(folder):
    texts, held_out, problems = [], [], []
    for place in (folder, os.path.join(folder, "heldout")):
        for name in sorted(os.listdir(place)):
            if not name.endswith(".jsonl"):
                continue
            for number, line in enumerate(open(os.path.join(place, name), encoding="utf-8"), 1):
                where = f"{name}:{number}"
                text = json.loads(line)
                if set(text) != FIELDS:
                    problems.append(f"{where}: fields {sorted(set(text) ^ FIELDS)}")
                elif name != "{lang}.{label}.{batch}.jsonl".format(**text):
                    problems.append(f"{where}: stands in the wrong file")
                else:
                    texts.append(text)
                    held_out.append(place != folder)
    return texts, held_out, problems


def check_text(text, words):
    least, most = LENGTHS.get(text["length"], (0, 0))
    if not least <= len(words) <= most:
        yield f"{len(words)} words is not {text['length']}"
    if text["lang"] in ("en", "pl") and cyrillic_share(words) > 0.2:
        yield "in Cyrillic letters"


def cyrillic_share(words):
    letters = [c for w in words for c in w]
    return sum("\u0400" <= c <= "\u052f" for c in letters) / max(1, len(letters))


def check_alike(texts, words):
    """Runs of words that stand in more than one text of a language."""
    owners = collections.defaultdict(set)
    runs = []
    for i, w in enumerate(words):
        own = {tuple(w[j : j + RUN]) for j in range(len(w) - RUN + 1)}
        runs.append(own)
        for run in own:
            owners[run].add(i)
    for i, own in enumerate(runs):
        shared = collections.Counter(j for run in own for j in owners[run] if j != i)
        if shared and max(shared.values()) > MAX_SHARED_RUNS:
            yield f"{texts[i]['id']}: nearly the same as {texts[max(shared, key=shared.get)]['id']}"
        many = sum(len(owners[run]) > 1 for run in own)
        if len(own) >= 20 and many > MAX_SHARE * len(own):
            yield f"{texts[i]['id']}: {many} of its {len(own)} runs of {RUN} words stand in other texts"


def check_cells(texts, held_out, words):
    cells = collections.defaultdict(list)
    for text, w in zip(texts, words, strict=False):
        cells[text["lang"], text["label"]].append((text, w))
    for language in LANGUAGES:
        for label, least in LEAST.items():
            cell = cells[language, label]
            if len(cell) < least:
                yield f"{language} {label}: {len(cell)} texts, want {least}"
            for length in ("short", "medium"):
                if sum(t["length"] == length for t, _ in cell) < 0.15 * len(cell):
                    yield f"{language} {label}: too few {length} texts"
            if sum(len(w) for t, w in cell if t["length"] == "long") < 0.4 * sum(len(w) for _, w in cell):
                yield f"{language} {label}: too few words in long texts"
            openings = collections.Counter(tuple(w[:3]) for _, w in cell)
            for opening, count in openings.most_common(3):
                if count > max(5, MAX_OPENING * len(cell)):
                    yield f"{language} {label}: {count} texts begin '{' '.join(opening)}'"


def report(texts, held_out, words):
    for title, out in (("training", False), ("held out", True)):
        print(f"\n{title}: texts (words)\n\n| | " + " | ".join(LEAST) + " |\n|---|" + "--:|" * len(LEAST))
        for language in LANGUAGES:
            row = []
            for label in LEAST:
                rows = zip(texts, held_out, words, strict=True)
                own = [len(w) for t, o, w in rows if o == out and (t["lang"], t["label"]) == (language, label)]
                row.append(f"{len(own)} ({sum(own):,})")
            print(f"| {language} | " + " | ".join(row) + " |")


def main():
    texts, held_out, problems = read(sys.argv[1])
    words = [[w.lower() for w in WORD.findall(t["text"])] for t in texts]
    ids = collections.Counter(t["id"] for t in texts)
    bodies = collections.Counter(t["text"] for t in texts)
    problems += [f"{k}: an id that stands {n} times" for k, n in ids.items() if n > 1]
    problems += [f"a text that stands {n} times: {k[:60]}" for k, n in bodies.items() if n > 1]
    for text, w in zip(texts, words, strict=False):
        problems += [f"{text['id']}: {p}" for p in check_text(text, w)]
    for language in LANGUAGES:
        chosen = [i for i, t in enumerate(texts) if t["lang"] == language]
        latin = [texts[i]["id"] for i in chosen if cyrillic_share(words[i]) < 0.5]
        if language in ("uk", "ru") and len(latin) > MAX_LATIN * len(chosen):
            problems.append(f"{language}: {len(latin)} texts in Latin letters, such as {latin[0]}")
        problems += check_alike([texts[i] for i in chosen], [words[i] for i in chosen])
    problems += check_cells(texts, held_out, words)
    if "--report" in sys.argv:
        report(texts, held_out, words)
    for problem in problems[:40]:
        print(problem, file=sys.stderr)
    print(f"{len(texts)} texts, {len(problems)} problems")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
