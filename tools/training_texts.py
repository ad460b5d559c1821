#!/usr/bin/env python3
"""Chooses and cuts the texts that the default model is made of, the same ones on every machine.

    training_texts.py [--without BATCH,...] [--words N] CORPORA [TRAIN] > texts.ndjson

CORPORA: the project's own texts (corpora/), taken whole, with the lines of CORPORA/languages. TRAIN: a folder of
public collections (shared/data/train), of which each label of each language gets N words (120,000), its sources in
turn, most of their texts cut into pieces of 1 to 15 sentences so that length tells nothing about the label. Writes
objects with text, label, lang and source, sources named own/BATCH, data/NAME or, if comments, data/comments/NAME.
Standard library only.
"""

import argparse
import collections
import hashlib
import json
import os
import re
import sys

SENTENCE_END = re.compile(r"(?<=[.!?…])[\"»”]?\s+(?=[^\W\da-zа-яіїєґ]|[\"«„“])|\n\s*\n")
PIECE_SENTENCES = (1, 2, 3, 5, 8, 15)
PUBLIC_WORDS = 120000


def number(text):
    """A number that depends on the text alone."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "little")


def pieces(text, name):
    sentences = [s for s in SENTENCE_END.split(text) if s and s.strip()]
    at = 0
    while at < len(sentences):
        size = PIECE_SENTENCES[number(f"{name}/{at}") % len(PIECE_SENTENCES)]
        yield " ".join(sentences[at : at + size])
        at += size


def read(folder):
    for name in sorted(os.listdir(folder)):
        if name.endswith(".jsonl"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                for line in file:
                    yield name, json.loads(line)


def own_texts(folder, without):
    for _, d in read(folder):
        if d["batch"] not in without:
            yield {"text": d["text"], "label": d["label"], "lang": d["lang"], "source": "own/" + d["batch"]}


def foreign_lines(folder):
    """Lines of languages that are to be recognised, not labelled: languages/CODE.txt."""
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            for line in file:
                if line.strip():
                    yield {
                        "text": line.strip(),
                        "label": "",
                        "lang": name.removesuffix(".txt"),
                        "source": "own/languages",
                    }


def public_name(source):
    """Comments of real people are as telling as the project's own texts, and are named so that they can be told."""
    return ("data/comments/" if re.search("comments|komentarze|tweets|reddit", source) else "data/") + source


def public_texts(folder, words):
    cells = collections.defaultdict(lambda: collections.defaultdict(list))
    for name, d in read(folder):
        label, lang, source = name.split(".")[:3]
        cells[lang, label][source].append(d["text"])
    for (lang, label), sources in sorted(cells.items()):
        queues = [sorted(texts, key=number, reverse=True) for _, texts in sorted(sources.items())]
        names, used = sorted(sources), [0] * len(queues)
        while sum(used) < words and any(queues):
            turn = min((i for i in range(len(queues)) if queues[i]), key=lambda i: used[i])
            text = queues[turn].pop()
            for piece in pieces(text, names[turn] + str(len(queues[turn]))) if number(text) % 4 else [text]:
                size = len(piece.split())
                used[turn] += size
                if size >= 3:
                    yield {"text": piece, "label": label, "lang": lang, "source": public_name(names[turn])}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora")
    parser.add_argument("train", nargs="?")
    parser.add_argument("--without", default="", help="batches to leave out, to measure on them")
    parser.add_argument("--words", type=int, default=PUBLIC_WORDS)
    o = parser.parse_args()
    for text in own_texts(o.corpora, o.without.split(",")):
        print(json.dumps(text, ensure_ascii=False))
    for text in foreign_lines(os.path.join(o.corpora, "languages")):
        print(json.dumps(text, ensure_ascii=False))
    for text in public_texts(o.train, o.words) if o.train else ():
        print(json.dumps(text, ensure_ascii=False))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
