#!/usr/bin/env python3
"""The command against the oracle, to the last integer: counts of random texts, and the scores, spans and weights of random
and real texts under models of random corpora. Usage: run.py COMMAND [--seconds N] [--trials N] [--seed N] [--default]

--seconds: how long (8); --trials: corpora at least (3); --default: the models/default.counts too, with every text of corpora/
(half an hour).
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import unicodedata
from pathlib import Path

import bayes
import tokens

ROOT = Path(__file__).resolve().parents[2]
WORDS = """pay now threat leaked police said ministry concern threatening threatened universal's 42 3.5% O'Neil don't
заплатіть викуп дані п'ятниця об’єднання бійтеся найгіршого їжак європа ґанок зараз міністерство повідомила
заплатите выкуп министерство выражает обеспокоенность объявили эта ёлка взрыв сообщает за́мок был
zapłaćcie okup bójcie się najgorszego niezapłacone zaplaccie ministerstwo policja źrebię człowiek
das ist nicht alles München straße Österreich министерството съобщи че που είναι אבג مرحبا 東京 हिन्दी ไทย 서울""".split()
ODD = """! !! !!! ? ??? . .. ... … ; : , - — « » “ ” „ ' ’ ʼ ` ( ) [ ] @ @user @_a <url> <BTC> <Name> <phone> < > 🔥 ☠ → ™ ①ⓐ 🅰
http://a.b https://x.onion/y hxxp://p.q/r?s www.example.org www. a@b.cc a.b+c@d-e.ffg x@.yy x@y
1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa
bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 0x52908400098527886E0F7030069857D2E4169EE7
expyuzz4wqqyqhjn.onion 12:30 1.000,50 2'000
p0licja h4ck3d cтоп опублiкуємо Зaплaти ПЛАТИТЬ PAY NOW ALL OF IT a b İ ſ ŉ ﬁ ﷺ ǅ Ⅻ ½ ² ᾳ ϓ ẞ""".split()
CHARACTERS = "\u00ad\u200b\u200d\ufeff\u034f\u115f\ufe0f\u0301\u0306\u0308\u0328\u0345\u0483\u20dd\u0903\u2028\u2029"
CHARACTERS += "\t\r\n\n\n\x00\x01\x7f"
BYTES = [b"\xff", b"\xe2\x80", b"\xc2", b"\xed\xa0\x80", b"\xf0\x9f", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\x80"]
LANGUAGES = ["en", "uk", "ru", "pl", "de", "bg"]


def any_character(r):
    """Of those assigned since Unicode 3.2, so that no version of Unicode in use can fail to know it."""
    while True:
        c = chr(r.choice([r.randrange(0x20, 0x600), r.randrange(0x20, 0x3000), r.randrange(0x20, 0x110000)]))
        if unicodedata.ucd_3_2_0.category(c) not in ("Cn", "Cs", "Co"):
            return c


def any_word(r):
    word = r.choice(WORDS)
    change = r.random()
    if change < 0.1:
        word = word.upper()
    elif change < 0.2:
        word = word.capitalize()
    elif change < 0.3:
        at = r.randrange(len(word) + 1)
        word = word[:at] + r.choice([r.choice(CHARACTERS), any_character(r), r.choice("aеіоo0134xр'’")]) + word[at:]
    elif change < 0.35:
        word = word * r.randrange(1, 30)
    elif change < 0.4:
        word = unicodedata.normalize("NFD", word)
    elif change < 0.45:
        word = "".join(any_character(r) for _ in range(r.randrange(1, 8)))
    elif change < 0.6:
        word = word[: r.randrange(1, len(word) + 1)] + r.choice(WORDS)[-3:]
    return word.encode()


def any_text(r):
    text = b""
    for _ in range(r.randrange(r.choice([2, 12, 40]))):
        kind = r.random()
        if kind < 0.75:
            text += any_word(r)
        elif kind < 0.92:
            text += r.choice(ODD).encode()
        elif kind < 0.97:
            text += r.choice(CHARACTERS).encode()
        else:
            text += r.choice(BYTES)
        text += r.choice([b" ", b" ", b" ", b" ", b"", b". ", b", ", b"\n", b"\n\n", b"\t", b"!"])
    return text


def real_texts():
    """Those of corpora/, less those with characters that this Python does not know: utf8proc may be newer."""
    for path in sorted((ROOT / "corpora").glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                if all(unicodedata.category(c) != "Cn" for c in set(record["text"])):
                    yield record.get("source", ""), record["lang"], record["label"], record["text"].encode()


def can_be_stemmed(text):
    """Stems are asked for by `classify stem`, which folds what it is given: a few words do not stay the same when folded
    again (ŉ is 'n, and that is n). Texts with such words are counted, not scored."""
    words = {token.word for token in tokens.tokenize(text) if not token.marker}
    return all([(token.word, token.marker) for token in tokens.tokenize(word.encode())] == [(word, False)] for word in words)


def json_string(data):
    """As raw bytes: what is no UTF-8 stays as it is."""
    out = bytearray(b'"')
    for b in data:
        out += b"\\u%04x" % b if b < 0x20 or b in b'"\\' else bytes([b])
    return bytes(out) + b'"'


class Disagreement(Exception):
    pass


class Trial:
    def __init__(self, command, folder):
        self.command, self.folder = command, folder
        self.stemmers, self.stems = {}, {}

    def run(self, *arguments):
        done = subprocess.run([self.command, *map(str, arguments)], capture_output=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise Disagreement(f"{arguments} ended with {done.returncode}: {done.stderr.decode()}")
        return done.stdout

    def stem(self, language, word):
        if (language, word) not in self.stems:
            if language not in self.stemmers:
                self.stemmers[language] = subprocess.Popen(
                    [self.command, "stem", "--line-buffered", "-l", language], stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            process = self.stemmers[language]
            process.stdin.write(word.encode() + b"\n")
            process.stdin.flush()
            self.stems[language, word] = process.stdout.readline().rstrip(b"\n").decode()
        return self.stems[language, word]

    def close(self):
        for process in self.stemmers.values():
            process.stdin.close()
            process.wait()

    def write_corpus(self, examples):
        path = self.folder / "corpus.ndjson"
        with path.open("wb") as out:
            for source, language, label, text in examples:
                head = json.dumps({"source": source, "lang": language, "label": label}).encode()[:-1]
                out.write(head + b', "text": ' + json_string(text) + b"}\n")
        return path

    def check_counts(self, examples):
        """Counts of the corpus; returns their file."""
        corpus = self.write_corpus(examples)
        counts = self.folder / "c.counts"
        self.run("count", "-o", counts, corpus)
        theirs = bayes.read_counts(self.run("merge", "-o", "-", "--format", "tsv", counts).decode())
        ours = bayes.count(examples)
        for what in ("cells", "words", "pairs"):
            mine, given = getattr(ours, what), getattr(theirs, what)
            if mine != given:
                mine, given = (v if isinstance(v, dict) else dict.fromkeys(v) for v in (mine, given))
                differing = [k for k in {**mine, **given} if mine.get(k, 0) != given.get(k, 0)]
                raise Disagreement(
                    f"{what} differ: " + "; ".join(f"{k!r}: {mine.get(k)} {given.get(k)}" for k in differing[:8])
                )
        return counts

    def model(self, counts, options):
        flags = []
        for name in ("smoothing", "label_words", "max_words", "max_pairs", "max_parts"):
            if options.get(name):
                flags += ["--" + name.replace("_", "-"), options[name]]
        flags += [f"--no-{name}" for name in ("pairs", "parts") if not options.get(name, True)]
        path = self.folder / "m.model"
        self.run("compile", *flags, "-o", path, counts)
        text = self.run("merge", "-o", "-", "--format", "tsv", counts).decode()
        return path, bayes.Model(bayes.read_counts(text), self.stem, options)

    def check_scores(self, path, model, texts, language=None):
        files = []
        for i, text in enumerate(texts):
            files.append(self.folder / f"t{i}")
            files[-1].write_bytes(text)
        fixed = ["-l", language] if language else []
        arguments = ["explain", "--format", "ndjson", *(["--model", path] if path else []), *fixed, *files]
        answers = self.run(*arguments).decode().split("\n")[:-1]
        for text, line in zip(texts, answers, strict=True):
            text = text.removeprefix(b"\xef\xbb\xbf")  # a byte-order mark is no part of it
            answer = json.loads(line)
            theirs = [(f["begin"], f["end"], f["kind"], f["known"], list(f["weights"].values())) for f in answer["features"]]
            tongue, scores, evidence, spans = model.explain(text, language)
            if list(answer["scores"]) != model.labels or any(answer["priors"].values()):
                raise Disagreement(f"labels {list(answer['scores'])} {model.labels}, priors {answer['priors']}")
            for what, mine, given in (
                ("spans", spans, theirs),
                ("language", tongue, answer["language"]),
                ("scores", scores, list(answer["scores"].values())),
                ("evidence", (evidence * 100 + 128) // 256, round(float(answer["evidence"]) * 100)),
            ):
                if mine != given:
                    both = list(zip(mine, given, strict=False)) if isinstance(mine, list) else [(mine, given)]
                    different = [pair for pair in both if pair[0] != pair[1]][:4]
                    raise Disagreement(f"{what} of {text!r} (oracle, command): {different} {len(both)}")


def any_options(r):
    few = {name: r.choice([0, 0, small]) for name, small in (("max_words", 30), ("max_pairs", 5), ("max_parts", 9))}
    return few | {
        "smoothing": r.choice([0, 1, 10, 300]),
        "label_words": r.choice([0, 20, 100, 5000]),
        "pairs": r.random() < 0.8,
        "parts": r.random() < 0.8,
    }


def any_corpus(r, real):
    languages, labels = r.sample(LANGUAGES, r.randrange(1, 6)), ["news", "threat", "x y", "заява"][: r.randrange(1, 5)]
    examples = []
    for _ in range(r.randrange(3, r.choice([30, 30, 30, 200]))):
        if real and r.random() < 0.4:
            source, language, label, text = r.choice(real)
        else:
            source, language, text = r.choice(["", "web", "own/a"]), r.choice(languages), any_text(r)
            label = r.choice([*labels, ""]) if language in bayes.STEMMED else ""
        examples.append((source, language, label, text))
    examples.append(("", r.choice(list(bayes.STEMMED)), labels[0], b"pay now or never"))
    return examples


def one_trial(trial, r, real):
    """A corpus, its counts, perhaps refined, its model, and texts; returns how many of these were scored."""
    examples = any_corpus(r, real)
    counts = trial.check_counts(examples)
    stemmed = [e for e in examples if can_be_stemmed(e[3])]
    if len(stemmed) < len(examples):
        counts = trial.check_counts(stemmed)
    if r.random() < 0.5:
        refined = trial.folder / "r.counts"
        share = ["--bayes-share", r.choice([1, 100, 257])] if r.random() < 0.5 else []
        trial.run("refine", "--epochs", 2, *share, "-o", refined, counts, trial.folder / "corpus.ndjson")
        counts = refined
    path, model = trial.model(counts, any_options(r))
    texts = [any_text(r) for _ in range(25)] + [r.choice(real or examples)[3] for _ in range(5)] + [e[3] for e in stemmed[:5]]
    texts = [text for text in texts if can_be_stemmed(text)]
    trial.check_scores(path, model, texts, r.choice([None, None, r.choice(model.covered)]))
    return len(examples), len(texts)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--trials", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--default", action="store_true")
    arguments = parser.parse_args()
    real = list(real_texts())
    print(f"Unicode {unicodedata.unidata_version} here, {len(real)} real texts")
    began, trials, counted, scored = time.monotonic(), 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(arguments.command, Path(folder))
        try:
            while time.monotonic() - began < arguments.seconds or trials < arguments.trials:
                r = random.Random(arguments.seed * 1000003 + trials)
                try:
                    texts = one_trial(trial, r, real)
                except Disagreement as what:
                    print(f"trial {trials} of seed {arguments.seed}: {what}")
                    return 1
                trials, counted, scored = trials + 1, counted + texts[0], scored + texts[1]
            print(f"{trials} corpora of {counted} texts counted, {scored} texts scored: all the same, to the last integer")
            if arguments.default:
                path, model = trial.model(ROOT / "models/default.counts", {})
                r = random.Random(arguments.seed)
                texts = [text for _, _, _, text in real] + [any_text(r) for _ in range(5000)]
                texts = [text for text in texts if can_be_stemmed(text)]
                for i in range(0, len(texts), 500):
                    trial.check_scores(None, model, texts[i : i + 500])
                print(f"{len(texts)} texts scored by the default model: all the same, to the last integer")
        except Disagreement as what:
            print(what)
            return 1
        finally:
            trial.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
