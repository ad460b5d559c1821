"""The command under test: CLASSIFY_COMMAND, or build/classify."""

import csv
import io
import json
import os
import pathlib
import resource
import subprocess

import pytest

csv.field_size_limit(1 << 30)
ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND = os.environ.get("CLASSIFY_COMMAND", str(ROOT / "build" / "classify"))


class Ended:
    """A finished run: status, out (bytes), err (text)."""

    def __init__(self, done):
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr.decode()

    @property
    def text(self):
        return self.out.decode()

    @property
    def lines(self):
        return self.text.split("\n")[:-1] if self.text.endswith("\n") else self.text.split("\n")

    @property
    def fields(self):
        return [line.split("\t") for line in self.lines]

    @property
    def objects(self):
        return [json.loads(line) for line in self.lines]

    @property
    def rows(self):
        return list(csv.reader(io.StringIO(self.text, newline="")))


def to_bytes(given):
    return given.encode() if isinstance(given, str) else given


@pytest.fixture
def classify():
    """classify("--lines", stdin="...", status=0): runs the command and checks its exit status."""

    def run(*arguments, stdin=b"", status=0, **more):
        done = subprocess.run(
            [COMMAND, *map(os.fspath, arguments)],
            input=to_bytes(stdin),
            capture_output=True,
            timeout=120,
            **more,
        )
        ended = Ended(done)
        assert ended.status == status, f"exit {ended.status}, not {status}: {ended.err}"
        if ended.err:
            assert all(line.startswith("classify: ") for line in ended.err.splitlines()), ended.err
        return ended

    return run


@pytest.fixture
def start():
    """The command as a running process with pipes, killed at the end of the test."""
    running = []

    def run(*arguments, **more):
        for stream in ("stdin", "stdout", "stderr"):
            more.setdefault(stream, subprocess.PIPE)
        process = subprocess.Popen([COMMAND, *map(os.fspath, arguments)], **more)
        running.append(process)
        return process

    yield run
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


SPAM = "win a free prize now, click the lucky winner button and claim cheap money"
HAM = "the meeting about the project report is moved to monday, please bring your notes"


@pytest.fixture(scope="session")
def labelled(tmp_path_factory):
    """A folder of texts of two labels, in English."""
    folder = tmp_path_factory.mktemp("labelled")
    for label, words in (("spam", SPAM.split()), ("ham", HAM.split())):
        (folder / label).mkdir()
        for i in range(12):
            turned = words[i % len(words) :] + words[: i % len(words)]
            (folder / label / f"{i}.txt").write_text(" ".join(turned) + ".\n")
    return folder


@pytest.fixture(scope="session")
def model(labelled, tmp_path_factory):
    """A model of the labels spam and ham, trained by the command."""
    path = tmp_path_factory.mktemp("model") / "spam.clm"
    subprocess.run([COMMAND, "train", "-o", path, "-l", "en", labelled], check=True, timeout=120)
    return path


@pytest.fixture
def peak():
    """Peak memory of the children that ended so far, in megabytes."""
    return lambda: resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
