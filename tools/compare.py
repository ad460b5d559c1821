#!/usr/bin/env python3
"""Compares the default recipe with its variants and with the peers a user would pick, on the same texts; and draws
the learning curve.

    compare.py CLASSIFY CORPORA TRAIN DEV variants|peers|curve [PICTURE]

Trains on corpora/ and TRAIN (shared/data/train), measures on corpora/heldout and DEV (shared/data/dev), and prints a
Markdown table: macro recall of threat, diplomatic, news / share of other texts taken for threats, by language.
`peers` needs scikit-learn, and fastText if it is to be in the table; a picture needs matplotlib.
"""

import json
import os
import subprocess
import sys
import tempfile

import make_counts
import model_card
import training_texts

LANGUAGES, LABELS = model_card.LANGUAGES, model_card.LABELS


def cell(texts, labels):
    recalls = []
    for label in LABELS:
        own = [got == label for t, got in zip(texts, labels, strict=True) if t["label"] == label]
        if own:
            recalls.append(sum(own) / len(own))
    other = [got == "threat" for t, got in zip(texts, labels, strict=True) if t["label"] == "other"]
    return (
        f"{sum(recalls) / len(recalls):.3f} / {sum(other) / len(other):.3f}" if other else f"{sum(recalls) / len(recalls):.3f}"
    )


def row(name, tests, predict):
    cells = [name]
    for texts in tests:
        for language in LANGUAGES:
            own = [t for t in texts if t["lang"] == language]
            cells.append(cell(own, predict(language, own)))
    print("| " + " | ".join(cells) + " |", flush=True)


def header(names):
    columns = [f"{name} {language}" for name in names for language in LANGUAGES]
    print("| | " + " | ".join(columns) + " |\n|---|" + "--:|" * len(columns), flush=True)


def predictor(classify, model, guarded=False):
    def predict(_, texts):
        lines = "".join(json.dumps({"text": t["text"]}, ensure_ascii=False) + "\n" for t in texts)
        run = subprocess.run([classify, "--ndjson", "--model", model], input=lines.encode(), stdout=subprocess.PIPE, check=True)
        answers = [json.loads(line) for line in run.stdout.decode().splitlines()]
        return [a["label"] if guarded else max(a["probabilities"], key=a["probabilities"].get) for a in answers]

    return predict


def compiled(classify, folder, texts, refine, compile_options=()):
    """A model of these texts, made as make_counts.make does but with other settings."""
    path = os.path.join(folder, "texts.ndjson")
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(t, ensure_ascii=False) + "\n" for t in texts)
    counts = [os.path.join(folder, str(i)) for i in range(4)]
    commands = [["count", "-o", counts[0], path],
                ["merge", "-o", counts[1], "--prefix", "data/", "--min-words", "2", "--min-pairs", "3", counts[0]],
                ["merge", "-o", counts[2], "--prefix", "own/", "--min-pairs", "2", counts[1]]]  # fmt: skip
    if refine is not None:
        commands.append(["refine", "-o", counts[3], *refine, counts[2], path])
    model = os.path.join(folder, "model")
    commands.append(["compile", "-o", model, *compile_options, counts[2] if refine is None else counts[3]])
    for command in commands:
        subprocess.run([classify, *command], check=True)
    return model


def recipe(prefix=make_counts.PRIMARY, factor=make_counts.PRIMARY_FACTOR, share=make_counts.BAYES_SHARE):
    return ["--prefix", prefix, "--primary-factor", str(factor), "--bayes-share", str(share + 1)]


def variants(classify, texts, tests):
    best = recipe()
    for name, refine, options in (
        ("the recipe", best, []),
        ("naive Bayes alone", None, []),
        ("naive Bayes alone, stems only", None, ["--no-pairs"]),
        ("naive Bayes alone, smoothing 10,000", None, ["--smoothing", "10000"]),
        ("naive Bayes alone, 100,000 words a label", None, ["--label-words", "100000"]),
        ("refinement alone", recipe(share=0), []),
        ("naive Bayes twice", recipe(share=128), []),
        ("own texts and comments weigh half of others of their size", recipe(factor=128), []),
        ("twice what they do", recipe(factor=2 * make_counts.PRIMARY_FACTOR), []),
        ("real comments weigh as other public texts", recipe(prefix="own/"), []),
        ("no pieces of words", [*best, "--max-parts", "1"], []),
        ("no pairs", [*best, "--max-pairs", "1"], ["--no-pairs"]),
        ("14 passes", [*best, "--epochs", "14"], []),
    ):
        with tempfile.TemporaryDirectory() as folder:
            row(name, tests, predictor(classify, compiled(classify, folder, texts, refine, options)))


def peers(texts, tests):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import ComplementNB
    from sklearn.pipeline import make_pipeline, make_union

    words = lambda: TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)  # noqa: E731
    characters = lambda: TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)  # noqa: E731
    regression = lambda: LogisticRegression(C=10, class_weight="balanced", max_iter=300)  # noqa: E731
    for name, build in (
        ("scikit-learn ComplementNB, words and pairs", lambda: make_pipeline(words(), ComplementNB(alpha=0.1))),
        ("scikit-learn TF-IDF + logistic regression, words and pairs", lambda: make_pipeline(words(), regression())),
        ("the same, characters 2-5", lambda: make_pipeline(characters(), regression())),
        ("the same, both", lambda: make_pipeline(make_union(words(), characters()), regression())),
    ):
        models = {}
        for language in LANGUAGES:
            own = [t for t in texts if t["lang"] == language and t["label"]]
            models[language] = build().fit([t["text"] for t in own], [t["label"] for t in own])
        row(name, tests, lambda language, own, m=models: list(m[language].predict([t["text"] for t in own])))
    try:
        import fasttext
    except ImportError:
        print("fastText is not installed: left out", file=sys.stderr)
        return
    clean = lambda text: " ".join(text.lower().split())  # noqa: E731
    # It learns in the order of the file, and would forget what stands first: labels must come mixed.
    mixed = sorted(texts, key=lambda t: training_texts.number(t["text"]))
    models = {}
    for language in LANGUAGES:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            file.writelines(
                f"__label__{t['label']} {clean(t['text'])}\n" for t in mixed if t["lang"] == language and t["label"]
            )
            file.flush()
            models[language] = fasttext.train_supervised(
                file.name, lr=0.25, epoch=30, wordNgrams=2, minn=2, maxn=5, dim=50, bucket=200000, thread=1, verbose=0
            )

    def predict(language, own):
        return [models[language].predict(clean(t["text"]))[0][0].removeprefix("__label__") for t in own]

    row("fastText supervised, pairs, characters 2-5", tests, predict)


def recall(texts, language, predict):
    own = [t for t in texts if t["lang"] == language]
    return float(cell(own, predict(language, own)).split()[0])


def curve(classify, texts, tests, picture):
    best = recipe()
    points = []
    for percent in (10, 20, 40, 60, 80, 100):
        some = [t for t in texts if not t["source"].startswith("own/") or training_texts.number(t["text"]) % 100 < percent]
        written = sum(len(t["text"].split()) for t in some if t["source"].startswith("own/") and t["label"])
        with tempfile.TemporaryDirectory() as folder:
            predict = predictor(classify, compiled(classify, folder, some, best))
            row(f"{written:,} words written", tests, predict)
            points.append((written, [[recall(ts, language, predict) for language in LANGUAGES] for ts in tests]))
    if not picture:
        return
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(tests), figsize=(10, 4), sharey=True)
    for axis, name, which in zip(axes, ("held-out batch", "dev"), range(len(tests)), strict=True):
        for i, language in enumerate(LANGUAGES):
            axis.plot([p[0] / 1000 for p in points], [p[1][which][i] for p in points], marker="o", label=language)
        axis.set(title=name, xlabel="thousand words written for the project", ylabel="macro recall", ylim=(0, 1))
        axis.grid(alpha=0.3)
    axes[0].legend()
    figure.tight_layout()
    figure.savefig(picture, dpi=110)


def main():
    classify, corpora, train, dev, what = sys.argv[1:6]
    texts = make_counts.own(corpora) + list(training_texts.foreign_lines(os.path.join(corpora, "languages")))
    texts += training_texts.public_texts(train, training_texts.PUBLIC_WORDS)
    held_out = [t for t in model_card.read(os.path.join(corpora, "heldout")) if t["batch"] != "g"]
    tests = [held_out, list(model_card.read(dev))]
    header(("held out", "dev"))
    if what == "variants":
        variants(classify, texts, tests)
    elif what == "peers":
        peers(texts, tests)
    else:
        curve(classify, texts, tests, sys.argv[6] if len(sys.argv) > 6 else None)


if __name__ == "__main__":
    main()
