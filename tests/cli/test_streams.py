"""Streams: pipes that wait, terminals, signals, memory, progress."""

import os
import pty
import select
import signal
import subprocess
import threading

import pytest
from conftest import COMMAND, HAM, SPAM


def read_line(stream, seconds=20):
    """A line that must come while the stream stays open."""
    ready, _, _ = select.select([stream], [], [], seconds)
    assert ready, "no answer while the input is open"
    return os.read(stream.fileno(), 65536)


@pytest.mark.parametrize("jobs", ["1", "4"])
@pytest.mark.parametrize("mode", ["--lines", "--ndjson", "--csv"])
def test_line_buffered_answers_while_the_input_stays_open(start, model, mode, jobs):
    process = start("-m", model, mode, "--line-buffered", "-j", jobs, "--format", "ndjson")
    if mode == "--csv":
        process.stdin.write(b"text\n")
    for text, label in ((SPAM, b"spam"), (HAM, b"ham"), (SPAM, b"spam")):
        record = {"--lines": text, "--ndjson": f'{{"text": "{text}"}}', "--csv": f'"{text}"'}[mode]
        process.stdin.write(record.encode() + b"\n")
        process.stdin.flush()
        assert b'"label":"' + label in read_line(process.stdout)
    process.stdin.close()
    process.stdin = None
    assert process.wait(20) == 0


def test_a_record_in_pieces(start, model):
    process = start("-m", model, "--lines", "--line-buffered")
    for byte in (SPAM + "\n").encode():
        process.stdin.write(bytes([byte]))
        process.stdin.flush()
    assert read_line(process.stdout).startswith(b"spam\t")


def test_any_chunking_gives_the_whole(start, classify, model):
    given = "".join(f"{t} żółć {i}\n" for i, t in enumerate((SPAM, HAM, "") * 20)).encode()
    whole = classify("-m", model, "--lines", stdin=given).out
    for size in (1, 7, 1000):
        process = start("-m", model, "--lines")

        def feed(process=process, size=size):
            for i in range(0, len(given), size):
                process.stdin.write(given[i : i + size])
                process.stdin.flush()
            process.stdin.close()

        feeder = threading.Thread(target=feed)
        feeder.start()
        assert process.stdout.read() == whole
        feeder.join()
        process.stdin = None


def test_fifo(start, model, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    process = start("-m", model, tmp_path / "pipe")
    with open(tmp_path / "pipe", "w") as pipe:
        pipe.write(SPAM)
    assert process.stdout.read().startswith(b"spam\t")


def test_interrupt_in_mid_stream_ends_by_the_signal(start, model):
    for jobs in ("1", "4"):
        process = start("-m", model, "--lines", "--line-buffered", "-j", jobs)
        process.stdin.write((SPAM + "\n").encode())
        process.stdin.flush()
        assert read_line(process.stdout).startswith(b"spam\t")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == -signal.SIGINT
        assert process.stderr.read() == b""


def test_typing_the_name_alone_at_a_terminal_gives_short_help(start):
    ours, theirs = pty.openpty()
    for arguments in ([], ["explain"], ["--lines"]):
        process = start(*arguments, stdin=theirs)
        assert process.wait(20) == 2
        said = process.stderr.read().decode()
        assert said.startswith("usage: classify") and "--help" in said and len(said.splitlines()) < 8
        assert process.stdout.read() == b""
    os.close(ours)
    os.close(theirs)


def run_at_terminal(arguments, stdin, environment=None):
    """Output of the command with a terminal as standard output and error."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, *arguments],
        stdin=subprocess.PIPE,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **(environment or {})},
    )
    os.close(theirs)
    process.stdin.write(stdin.encode())
    process.stdin.close()
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    process.wait(20)
    os.close(ours)
    return seen.decode()


def test_colour_at_a_terminal_only(classify, model):
    arguments = ["explain", "-m", str(model)]
    assert "\x1b[" in run_at_terminal(arguments, SPAM, {"TERM": "xterm", "NO_COLOR": ""})
    assert "\x1b[" not in run_at_terminal(arguments, SPAM, {"TERM": "xterm", "NO_COLOR": "1"})
    assert "\x1b[" not in run_at_terminal(arguments, SPAM, {"TERM": "dumb"})
    assert b"\x1b[" not in classify(*arguments, stdin=SPAM).out


def test_progress(classify, model):
    shown = classify("-m", model, "--lines", "--progress", "always", stdin=f"{SPAM}\n" * 3).err
    assert "3 records" in shown
    for mode in ("never", "auto"):
        assert not classify("-m", model, "--lines", "--progress", mode, stdin=f"{SPAM}\n" * 3).err
    classify("--progress", "sometimes", stdin="", status=2)


def test_memory_does_not_grow_with_the_input(start, model):
    def peak_of(lines):
        process = start("-m", model, "--lines", "-j", "2", stdout=subprocess.DEVNULL)
        piece = (SPAM + "\n").encode() * 10_000
        for _ in range(lines // 10_000):
            process.stdin.write(piece)
        process.stdin.flush()
        with open(f"/proc/{process.pid}/status") as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
        process.stdin.close()
        process.stdin = None
        assert process.wait(60) == 0
        return peak

    if not os.path.exists("/proc/self/status"):
        pytest.skip("no /proc")
    assert peak_of(400_000) < peak_of(50_000) + 8_000  # 30 MB and 4 MB of input; kilobytes


def test_numbers_do_not_follow_the_locale(classify, model):
    environment = {**os.environ, "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}
    for form in ("tsv", "ndjson", "csv"):
        given = ["-m", model, "--lines", "--format", form, "--min-probability", "0.5"]
        assert classify(*given, stdin=SPAM, env=environment).out == classify(*given, stdin=SPAM).out
