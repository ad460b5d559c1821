"""Where the answers go: full disks, closed pipes, files that appear whole or not at all."""

import os
import pathlib
import signal
import subprocess
import threading
import time

import pytest
from conftest import COMMAND, SPAM

FULL = pathlib.Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no /dev/full")


@needs_full
@pytest.mark.parametrize(
    "arguments",
    [
        ["--lines"],
        ["--lines", "--jobs", "4"],
        ["--help"],
        ["--version"],
        ["explain"],
        ["tokens"],
        ["info"],
        ["top"],
        ["stem", "-l", "en"],
        ["--generate", "man"],
    ],
)
def test_a_full_disk_is_an_error(arguments):
    with FULL.open("wb") as full:
        done = subprocess.run([COMMAND, *arguments], input=b"free prize\n", stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 2
    assert b"No space left" in done.stderr and done.stderr.count(b"\n") == 1


@needs_full
@pytest.mark.parametrize("jobs", ["1", "4"])
def test_a_full_disk_stops_long_work(jobs, tmp_path):
    (tmp_path / "long").write_text("free prize now\n" * 1_000_000)
    with FULL.open("wb") as full:
        began = time.monotonic()
        done = subprocess.run(
            [COMMAND, "--lines", "-j", jobs, tmp_path / "long"], stdout=full, stderr=subprocess.PIPE, timeout=60
        )
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1
    assert time.monotonic() - began < 10


def test_a_closed_pipe_is_quiet(start):
    process = start("--lines", "-j", "2")
    process.stdout.close()
    process.stdout = None
    try:
        process.stdin.write(b"free prize\n" * 200_000)
        process.stdin.close()
    except BrokenPipeError:
        pass
    process.stdin = None
    assert process.wait(30) in (-signal.SIGPIPE, 2)
    assert process.stderr.read() == b""


def test_a_closed_pipe_is_quiet_where_the_signal_is_ignored(start):
    process = start("--lines", restore_signals=False, preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN))
    process.stdout.close()
    process.stdout = None
    process.stdin.write(b"free prize\n")
    process.stdin.close()
    process.stdin = None
    assert process.wait(30) == 2
    assert process.stderr.read() == b""


def test_closed_standard_output_is_an_error_and_no_file_takes_its_place(model, tmp_path):
    (tmp_path / "text").write_text(SPAM)
    done = subprocess.run(
        ["sh", "-c", '"$0" -m "$1" text >&-', COMMAND, model], cwd=tmp_path, stderr=subprocess.PIPE, timeout=60
    )
    assert done.returncode == 2 and done.stderr.startswith(b"classify: cannot write")
    assert (tmp_path / "text").read_text() == SPAM


def test_closed_standard_input_is_an_error(model):
    done = subprocess.run(["sh", "-c", '"$0" -m "$1" --lines <&-', COMMAND, model], capture_output=True, timeout=60)
    assert done.returncode == 2 and done.stderr.startswith(b"classify: -: ")


# ---- Files that are written ----


@pytest.fixture
def counts(classify, labelled, tmp_path):
    classify("count", "-o", tmp_path / "a.counts", "-l", "en", labelled)
    return tmp_path / "a.counts"


def leftovers(folder):
    return [p.name for p in folder.iterdir() if p.name.startswith(".")]


def test_the_old_file_stays_where_writing_fails(classify, counts, tmp_path):
    target = tmp_path / "out.clm"
    target.write_text("old")
    classify("compile", "-o", target, tmp_path / "gone", status=2)
    (tmp_path / "bad").write_text("not counts")
    classify("compile", "-o", target, tmp_path / "bad", status=3)
    classify("merge", "-o", target, counts, tmp_path / "bad", status=3)
    assert target.read_text() == "old" and not leftovers(tmp_path)


def test_a_file_too_large_leaves_the_old_one(counts, tmp_path):
    """RLIMIT_FSIZE with SIGXFSZ ignored: write(2) fails in the middle, as on a full disk."""
    target = tmp_path / "out.clm"
    target.write_text("old")
    script = 'trap "" XFSZ; ulimit -f 1; "$0" compile -o "$1" "$2"'
    done = subprocess.run(["sh", "-c", script, COMMAND, target, counts], capture_output=True, timeout=60)
    assert done.returncode == 2 and b"cannot write" in done.stderr, done.stderr
    assert target.read_text() == "old" and not leftovers(tmp_path)


def test_folder_that_is_not_there_is_told_before_the_work(classify, labelled, tmp_path):
    began = time.monotonic()
    ended = classify("train", "-o", tmp_path / "no" / "such.clm", labelled, status=2)
    assert "such.clm" in ended.err and time.monotonic() - began < 5
    classify("train", "-o", tmp_path, labelled, status=2)


def test_an_overwritten_file_keeps_its_mode_and_a_link_stays_a_link(classify, counts, tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to("real")
    classify("merge", "-o", link, counts)
    assert link.is_symlink() and real.read_bytes() == counts.read_bytes()
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_new_file_obeys_the_umask(classify, counts, tmp_path):
    classify("merge", "-o", tmp_path / "new", counts, preexec_fn=lambda: os.umask(0o027))
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640


def test_output_to_standard_output_and_to_a_device(classify, counts):
    assert classify("merge", "-o", "-", counts).out == counts.read_bytes()
    classify("merge", "-o", "/dev/null", counts)
    assert not pathlib.Path("/dev/null").is_file()


@needs_full
def test_output_to_a_full_device(classify, counts):
    assert "No space left" in classify("merge", "-o", "/dev/full", counts, status=2).err


def test_kill_leaves_the_old_file_or_the_new_one(counts, tmp_path):
    target = tmp_path / "out.clm"
    whole = tmp_path / "whole.clm"
    began = time.monotonic()
    subprocess.run([COMMAND, "compile", "-o", whole, counts], check=True, timeout=60)
    took = time.monotonic() - began
    new = whole.read_bytes()
    seen = set()
    for i in range(40):
        target.write_bytes(b"old")
        process = subprocess.Popen([COMMAND, "compile", "-o", target, counts])
        time.sleep(took * 1.3 * i / 40)
        process.kill()
        process.wait()
        found = target.read_bytes()
        assert found in (b"old", new), f"half a file of {len(found)} bytes"
        seen.add(found)
    assert b"old" in seen


def test_interrupt_leaves_no_temporary_file(counts, tmp_path):
    target = tmp_path / "out.clm"
    for i in range(20):
        process = subprocess.Popen([COMMAND, "compile", "-o", target, counts])
        time.sleep(0.002 * i)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) in (-signal.SIGINT, 0)
    assert not leftovers(tmp_path)


def test_a_reader_never_sees_half_a_file(classify, counts, tmp_path):
    target = tmp_path / "out.counts"
    classify("merge", "-o", target, counts)
    sizes, stop = set(), threading.Event()

    def watch():
        while not stop.is_set():
            sizes.add(len(target.read_bytes()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(20):
        classify("merge", "-o", target, counts)
    stop.set()
    watcher.join()
    assert sizes == {counts.stat().st_size}
