"""The classifiers that libclassify is measured against: got where that is possible, trained on the same texts and labels.

Python's come from PyPI into build-peers/, fastText from the system's packages. One that cannot be had is None, with the reason
in `skipped`. Each peer has `seconds(texts)`: the time to label the lines of a file, without its start.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

skipped: dict[str, str] = {}


def run(command: list, **options) -> float:
    """Seconds of a command, with its output thrown away."""
    start = time.perf_counter()
    subprocess.run([str(c) for c in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    return time.perf_counter() - start


class Command:
    """A peer that is a command: timed whole, less what it takes for no input."""

    def __init__(self, name: str, command: Callable[[Path], list], empty: Path, convert: Callable[[str], str] | None = None):
        self.name, self.command, self.empty, self.convert = name, command, empty, convert

    def seconds(self, texts: Path) -> float:
        if self.convert:
            own = texts.with_suffix(".vw")
            if not own.exists():
                lines = texts.read_text(encoding="utf-8").splitlines()
                own.write_text("".join(self.convert(line) + "\n" for line in lines), encoding="utf-8")
            texts = own
        start = run(self.command(self.empty))
        return max(run(self.command(texts)) - start, 1e-9)


class Worker:
    """A peer that is a Python process: it loads once, and times itself."""

    def __init__(self, name: str, command: list):
        self.name = name
        self.process = subprocess.Popen(
            [str(c) for c in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def ask(self, line: str) -> float:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def seconds(self, texts: Path) -> float:
        return self.ask(f"predict {texts}")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def python(folder: Path) -> Path:
    """A Python with the peers' packages, each got by itself."""
    interpreter = folder / "bin" / "python"
    if not interpreter.exists():
        run([sys.executable, "-m", "venv", folder])
    for package in ("scikit-learn", "PyStemmer", "vowpalwabbit", "matplotlib"):
        if subprocess.run([interpreter, "-m", "pip", "show", "-q", package], stderr=subprocess.DEVNULL).returncode:
            print(f"Getting {package} ...", file=sys.stderr)
            pip = [interpreter, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--only-binary", ":all:", package]
            if subprocess.run([str(c) for c in pip], stderr=subprocess.DEVNULL).returncode:
                skipped[package] = "not to be had from PyPI for this Python"
    return interpreter


def has(interpreter: Path, module: str) -> bool:
    return subprocess.run([interpreter, "-c", f"import {module}"], stderr=subprocess.DEVNULL).returncode == 0


def fasttext(work: Path, records: list[dict], empty: Path) -> Command | None:
    if not shutil.which("fasttext") and shutil.which("apt-get") and os.geteuid() == 0:
        print("Getting fasttext ...", file=sys.stderr)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "fasttext"], capture_output=True)
    if not shutil.which("fasttext"):
        skipped["fastText"] = "no command fasttext, and no rights to install Debian's package of that name"
        return None
    train, model = work / "fasttext.txt", work / "fasttext"
    train.write_text(
        "".join(f"__label__{r['label']} {' '.join(r['text'].split())}\n" for r in records),
        encoding="utf-8",
    )
    run(["fasttext", "supervised", "-input", train, "-output", model, "-thread", "2"])
    return Command("fastText command", lambda texts: ["fasttext", "predict-prob", f"{model}.bin", texts], empty)


def vw_line(text: str) -> str:
    return "|t " + text.replace(":", " ").replace("|", " ")


def vowpal_wabbit(work: Path, interpreter: Path, records: list[dict], empty: Path) -> Command | None:
    if not has(interpreter, "vowpalwabbit"):
        skipped.setdefault("Vowpal Wabbit", "its package cannot be imported")
        return None
    train, model = work / "train.vw", work / "vw.model"
    numbers = {label: i + 1 for i, label in enumerate(sorted({r["label"] for r in records}))}
    train.write_text(
        "".join(f"{numbers[r['label']]} {vw_line(r['text'])}\n".replace("\r", " ") for r in records), encoding="utf-8"
    )
    vw = [interpreter, "-m", "vowpalwabbit", "--quiet"]
    run([*vw, "--oaa", len(numbers), "-b", 18, "-d", train, "-f", model])
    return Command("Vowpal Wabbit", lambda texts: [*vw, "-t", "-i", model, "-d", texts, "-p", "/dev/null"], empty, vw_line)


def scikit_learn(work: Path, interpreter: Path, records: list[dict]) -> Worker | None:
    if not (has(interpreter, "sklearn") and has(interpreter, "Stemmer")):
        skipped.setdefault("scikit-learn", "it or PyStemmer cannot be imported")
        return None
    train = work / "train.jsonl"
    train.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    return Worker("scikit-learn", [interpreter, Path(__file__).with_name("sklearn_peer.py"), train])
