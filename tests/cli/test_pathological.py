"""Input made to be slow costs at most three times what ordinary text of its size costs, but for the cases named below, and no
more memory. CLASSIFY_FULL=1 takes the full sizes (100 MB, 10^6 words, a stream of 1 GB: three minutes); else they are small
enough for every run."""

import itertools
import os
import random
import re
import subprocess
import sys
import time

import pytest
from conftest import COMMAND, ROOT

FULL = bool(os.environ.get("CLASSIFY_FULL"))
SIZE = 100_000_000 if FULL else 3_000_000
WORDS = 1_000_000 if FULL else 60_000
TIMES, MOST_MB = 3, 64
# Above the bound: scoring a word that neither the model nor the cache holds takes stemmers and pieces of words; and where every
# two or three bytes are a token, there are thrice as many of them as in ordinary text.
TIMES_ABOVE = {
    "distinct words": 20,
    "words that collide": 6,
    "marks between spaces": 6,
    "quotation marks": 6,
    "addresses that do not end": 6,
}
# Run in a small process of its own: the most memory of a child counts what its parent held when it was started.
MEASURE = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(status, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def ordinary(size):
    """Texts of the corpora, as various as texts are: a few over and over would stay in the caches."""
    files = sorted((ROOT / "corpora").glob("*.jsonl"))
    records = [line.split(b'"text": "')[-1].rstrip(b'"}\n') for path in files for line in path.read_bytes().splitlines()]
    random.Random(3).shuffle(records)
    text = b"\n".join(records)
    return (text * (size // len(text) + 1))[:size]


def colliding():
    """Words of one 64-bit hash: tests/unit/test_flood.c says how they are made."""
    source = (ROOT / "tests/unit/test_flood.c").read_text(encoding="utf-8")
    numbers = [int(n, 16) for n in re.findall(r"UINT64_C\(0x([0-9A-F]{16})\)", source)]
    pieces = [b"".join(n.to_bytes(8, "little") for n in numbers[i : i + 2]) for i in range(0, len(numbers), 2)]
    blocks = [first + second for first in pieces[:2] for second in pieces[2:]]
    assert len(pieces) == 4 and len(blocks[0].decode()) == 8
    return b" ".join(b"".join(word) for word in itertools.product(blocks, repeat=7)) + b" "


def distinct(count):
    r = random.Random(2)
    return " ".join(f"{r.choice('абвгдеж')}{i:x}{r.choice('иклмно')}" for i in range(count)).encode()


CASES = {
    "one letter": lambda: b"a",
    "one Cyrillic letter": lambda: "ї".encode(),
    "combining marks": lambda: "\u0301".encode(),
    "a letter under marks": lambda: b"e" + "\u0301".encode() * 4000 + b" ",
    "zero-width characters": lambda: "\u200b\u200d\u2060".encode(),
    "soft hyphens in words": lambda: "p\u00ada\u00ady\u00ad ".encode(),
    "exclamation marks": lambda: b"!",
    "marks between spaces": lambda: b"! ",
    "dots": lambda: b".",
    "quotation marks": lambda: '«“"»”'.encode(),
    "scripts deep in each other": lambda: "aаαбbβ".encode() + " Яp".encode(),
    "capitals": lambda: "ПЛАТИ NOW ".encode(),
    "addresses that do not end": lambda: b"a@b.c@d.e@",
    "links": lambda: b"http://a.b/" + b"c" * 300 + b" ",
    "invalid bytes": lambda: b"\xff\xe2\x80",
    "words that collide": colliding,
    "distinct words": lambda: distinct(WORDS),
}


def measuring(arguments):
    return [sys.executable, "-S", "-c", MEASURE, COMMAND, *arguments]


def measured(answer):
    status, seconds, megabytes = answer.split()
    assert status == b"0"
    return float(seconds), float(megabytes)


def cost(arguments, path):
    """Seconds of the processor, and megabytes at most."""
    with path.open("rb") as given:
        return measured(subprocess.run(measuring(arguments), stdin=given, stdout=subprocess.PIPE, check=True).stdout)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    path = tmp_path_factory.mktemp("plain") / "plain.txt"
    path.write_bytes(ordinary(SIZE))
    commands = {"whole": [], "count": ["count", "--lines", "--label", "x", "-l", "uk", "-o", "/dev/null", "-"]}
    return commands, {name: cost(arguments, path) for name, arguments in commands.items()}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("how", ["whole", "count"])
def test_no_input_is_much_slower_than_ordinary_text(plain, tmp_path, case, how):
    piece = CASES[case]()
    path = tmp_path / "text"
    path.write_bytes((piece * (SIZE // len(piece) + 1))[:SIZE])
    commands, costs = plain
    usual, usual_megabytes = costs[how]
    most = (TIMES_ABOVE.get(case, TIMES) if how == "whole" else TIMES) * usual + 0.05
    for _ in range(3):  # the machine may be busy: one run within the bound will do
        seconds, megabytes = cost(commands[how], path)
        if seconds <= most:
            break
    print(
        f"{how}, {case}: {seconds:.2f} s, {seconds / usual:.2f} times ordinary text; {megabytes:.0f} MB, {usual_megabytes:.0f}"
    )
    assert seconds <= most
    # `count` holds a line, here the whole input, twice: as it was read, and in the bundle of the thread that counts it.
    held = 2 * SIZE / 1e6 if how == "count" else 0
    assert megabytes <= max(usual_megabytes, held) + MOST_MB


@pytest.mark.skipif(not FULL, reason="a minute long: CLASSIFY_FULL=1")
def test_a_stream_of_a_gigabyte_at_flat_memory():
    block = ordinary(1 << 20)
    began = time.monotonic()
    with subprocess.Popen(measuring(["--lines"]), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for _ in range(1024):
            process.stdin.write(block)
        process.stdin.close()
        _, megabytes = measured(process.stdout.read())
    print(f"1 GiB in {time.monotonic() - began:.0f} s, {megabytes:.0f} MB")
    assert megabytes < MOST_MB
