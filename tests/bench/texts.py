"""Makes the texts of the benchmark from the project's own corpora: one a line, four languages in turn.

Texts of one language are joined and cut between words, so that every text has about the wanted size, whatever the corpus holds.
"""

import argparse
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "uk", "ru", "pl")


def load(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """(label, text) of each language, labels in turn so that any stretch holds them all."""
    by_file: dict[str, list[list[tuple[str, str]]]] = {language: [] for language in LANGUAGES}
    for path in sorted(folder.glob("*.jsonl")):
        records = [json.loads(line) for line in path.open(encoding="utf-8")]
        by_file[records[0]["lang"]].append([(r["label"], " ".join(r["text"].split())) for r in records])
    mixed = {}
    for language, files in by_file.items():
        keyed = [(i / len(f), n, r) for n, f in enumerate(files) for i, r in enumerate(f)]
        mixed[language] = [record for _, _, record in sorted(keyed, key=lambda k: k[:2])]
    return mixed


def cut(records: list[tuple[str, str]], size: int) -> list[str]:
    """Pieces of about `size` bytes, cut at spaces."""
    pieces, piece, length = [], [], 0
    for _, text in records:
        for word in text.split():
            bytes_of = len(word.encode()) + 1
            if length + bytes_of // 2 >= size and piece:
                pieces.append(" ".join(piece))
                piece, length = [], 0
            piece.append(word)
            length += bytes_of
    return pieces


def make(folder: Path, size: int, least: int = 0) -> list[str]:
    """Texts of about `size` bytes, the languages in turn; repeated until they are `least` bytes together."""
    cuts = [cut(records, size) for records in load(folder).values()]
    texts = [text for row in zip(*cuts, strict=False) for text in row]
    total = sum(len(t.encode()) for t in texts)
    return texts * max(1, -(-least // total))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int, help="bytes a text, about")
    parser.add_argument("output", type=Path)
    parser.add_argument("--from", dest="folder", type=Path, default=ROOT / "corpora" / "heldout")
    parser.add_argument("--least", type=int, default=0, help="repeat the texts until they are this many bytes")
    options = parser.parse_args()
    made = make(options.folder, options.size, options.least)
    options.output.write_text("\n".join(made) + "\n", encoding="utf-8")
