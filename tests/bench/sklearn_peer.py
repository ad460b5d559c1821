"""The pipeline that a Python user would build: words by a regular expression, PyStemmer, hashing, ComplementNB.

Answers commands on standard input, one a line, with the seconds that each took: `fit` learns, `fit-pairs` learns pairs of words
too, into another pipeline; `predict FILE` labels its lines by the first.
Run by run.py with the Python that has scikit-learn.
"""

import json
import re
import sys
import time

import Stemmer
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import make_pipeline

WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
CYRILLIC = re.compile("[Ѐ-ӿ]")
ENGLISH, RUSSIAN = Stemmer.Stemmer("english"), Stemmer.Stemmer("russian")


def tokens(text: str) -> list[str]:
    """Stems of the lower-cased words, by script: PyStemmer has neither Ukrainian nor, in its releases so far, Polish."""
    words = WORD.findall(text)
    latin = [w for w in words if not CYRILLIC.search(w)]
    return ENGLISH.stemWords(latin) + RUSSIAN.stemWords([w for w in words if CYRILLIC.search(w)])


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    texts, labels = [r["text"] for r in records], [r["label"] for r in records]
    options = {"n_features": 2**18, "alternate_sign": False, "lowercase": True, "tokenizer": tokens, "token_pattern": None}
    pipeline = make_pipeline(HashingVectorizer(**options), ComplementNB())
    pairs = make_pipeline(HashingVectorizer(ngram_range=(1, 2), **options), ComplementNB())
    for command in sys.stdin:
        name, _, path = command.strip().partition(" ")
        if name == "predict":
            with open(path, encoding="utf-8") as file:
                lines = file.read().splitlines()
        start = time.perf_counter()
        if name == "fit":
            pipeline.fit(texts, labels)
        elif name == "fit-pairs":
            pairs.fit(texts, labels)
        else:
            pipeline.predict_proba(lines)
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
