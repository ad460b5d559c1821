#!/usr/bin/env python3
"""How well the command finds the passages of texts whose passages are known.

    measure_passages.py [--split dev|test|all] [--show] [--check] CLASSIFY GOLD.jsonl...

CLASSIFY: the command. GOLD: objects with id, lang, shape, label, text and spans: a list of {begin, end, label} in characters
(corpora/passages), and split: dev for tuning, test (the default) held out. Neighbouring spans of one label with
nothing but space and marks between are one passage. A passage is found where
intersection / union of the two is over a half. Prints, for each language, recall and precision of threats and of statements,
how many texts with nothing to find got a passage, and whether --passages changed the label of a whole text.
--check: exit 1 where a goal is missed: threats 0.85 / 0.85, statements 0.75 / 0.75, 3 % of the texts with nothing to find.
Standard library only.
"""

import argparse
import json
import re
import subprocess
import sys

GOALS = {"threat": 0.85, "diplomatic": 0.75}
NOTHING = 0.03
BETWEEN = re.compile(r"[\s\"«»„“”*>—–-]*")


def read(names, split):
    for name in names:
        with open(name, encoding="utf-8") as file:
            for line in file:
                item = json.loads(line)
                if split in ("all", item["split"]):
                    yield item


def answers(command, texts, *options):
    """The command's answers, one for each text."""
    given = "".join(json.dumps({"id": t["id"], "text": t["text"]}) + "\n" for t in texts)
    done = subprocess.run([command, "--ndjson", *options], input=given.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def found_spans(answer, text):
    """Passages in characters."""
    raw = text.encode()
    return [
        (len(raw[: p["begin"]].decode()), len(raw[: p["end"]].decode()), p["label"], p["probability"])
        for p in answer["passages"]
    ]


def gold_spans(item, label):
    spans = []
    for begin, end in sorted((s["begin"], s["end"]) for s in item["spans"] if s["label"] == label):
        if spans and BETWEEN.fullmatch(item["text"], spans[-1][1], begin):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((begin, end))
    return spans


def overlap(a, b):
    common = min(a[1], b[1]) - max(a[0], b[0])
    return common / (max(a[1], b[1]) - min(a[0], b[0])) if common > 0 else 0


class Tally:
    """What was to be found, what was, and what of it was right."""

    def __init__(self):
        self.gold = self.got = self.found = self.right = 0

    def add(self, gold, got):
        self.gold += len(gold)
        self.got += len(got)
        self.found += sum(any(overlap(g, s) > 0.5 for s in got) for g in gold)
        self.right += sum(any(overlap(g, s) > 0.5 for g in gold) for s in got)

    @property
    def recall(self):
        return self.found / self.gold if self.gold else 1

    @property
    def precision(self):
        return self.right / self.got if self.got else 1


def show_misses(item, label, gold, got):
    for span in gold:
        if not any(overlap(span, s) > 0.5 for s in got):
            print(f"  missed {item['id']} {label}: {item['text'][span[0] : span[1]][:100]!r}")
    for span in got:
        if not any(overlap(span, g) > 0.5 for g in gold):
            print(f"  wrong  {item['id']} {label} ({span[3]:.2f}): {item['text'][span[0] : span[1]][:100]!r}")


def measure(items, given, show):
    tallies = {label: Tally() for label in GOALS}
    nothing = [0, 0]
    for item, answer in zip(items, given, strict=True):
        spans = found_spans(answer, item["text"])
        for label, tally in tallies.items():
            gold, got = gold_spans(item, label), [s for s in spans if s[2] == label]
            tally.add(gold, got)
            if show:
                show_misses(item, label, gold, got)
        if item["shape"].startswith("nothing"):
            nothing[0] += bool(spans)
            nothing[1] += 1
    return tallies, nothing


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--split", choices=["dev", "test", "all"], default="test")
    parser.add_argument("--show", action="store_true", help="list what was missed and what was wrong")
    parser.add_argument("--check", action="store_true", help="exit 1 where a goal is missed")
    parser.add_argument("classify")
    parser.add_argument("gold", nargs="+")
    a = parser.parse_args()
    items, met = list(read(a.gold, a.split)), True
    for language in sorted({i["lang"] for i in items}):
        own = [i for i in items if i["lang"] == language]
        given = answers(a.classify, own, "--passages")
        plain = answers(a.classify, own)
        changed = sum(
            x["label"] != y["label"] or x["probability"] != y["probability"] for x, y in zip(given, plain, strict=True)
        )
        tallies, nothing = measure(own, given, a.show)
        parts = [
            f"{label} recall {t.recall:.3f} ({t.found}/{t.gold}) precision {t.precision:.3f} ({t.right}/{t.got})"
            for label, t in tallies.items()
        ]
        whole = sum(x["label"] == i["label"] for x, i in zip(given, own, strict=True))
        print(f"{language}: {len(own)} texts; " + "; ".join(parts), end="; ")
        print(f"nothing to find: {nothing[0]} of {nothing[1]} with a passage; whole texts right {whole}, changed {changed}")
        met &= all(min(t.recall, t.precision) >= GOALS[label] for label, t in tallies.items())
        met &= nothing[0] <= NOTHING * nothing[1] and not changed
    return int(a.check and not met)


if __name__ == "__main__":
    sys.exit(main())
