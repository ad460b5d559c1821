"""Threads: the interpreter's lock is released while C works, and a model is shared."""

import threading
import time

import pytest
from conftest import TEXTS


def run(work, count):
    """Seconds that `count` threads take for `work` each."""
    threads = [threading.Thread(target=work) for _ in range(count)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def test_two_threads_go_faster_than_one(lc, model):
    import os

    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one processor")
    text = " ".join(TEXTS.values()) * 400

    def work():
        for _ in range(10):
            model.classify(text)

    work()
    end, best = time.monotonic() + 20, 0.0
    while best < 1.6 and time.monotonic() < end:  # nearly twice on an idle machine; with the lock held it would be 1
        best = max(best, 2 * run(work, 1) / run(work, 2))
    if best < 1.6 and os.getloadavg()[0] > 1.5 * len(os.sched_getaffinity(0)):
        pytest.skip(f"the machine is busy: {best:.2f} times as fast")
    assert best >= 1.6


def test_the_lock_is_released(lc, model):
    """While a thread is in one long call, another one runs."""
    text = " ".join(TEXTS.values()) * 10_000
    thread = threading.Thread(target=model.classify, args=(text,))
    thread.start()
    ticks = 0
    while thread.is_alive():
        time.sleep(0.001)
        ticks += 1
    assert ticks > 20


def test_many_threads_one_model(lc, model, texts):
    expected = [model.classify(text) for text in texts]
    wrong = []

    def work():
        for _ in range(200):
            for text, result in zip(texts, expected, strict=True):
                if model.classify(text) != result:
                    wrong.append(text)

    run(work, 8)
    assert not wrong
    assert sum(map(len, model._pool.idle.values())) <= 16


def test_batches_in_threads(lc, model, texts):
    rows = texts * 500
    expected = model.classify_batch(rows, threads=1).labels
    found = []
    run(lambda: found.append(model.classify_batch(rows, threads=2).labels), 4)
    assert found == [expected] * 4


def test_a_signal_handler_may_classify(lc):
    """It runs between two steps of a call, and gets a scorer of its own."""
    import signal

    texts, wrong = ["Pay now or we leak your files", "The ministry said"], []
    expected = [lc.classify(text) for text in texts]
    signal.signal(signal.SIGALRM, lambda *_: lc.classify(texts[1]))
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    try:
        end = time.monotonic() + 1
        while time.monotonic() < end:
            if lc.classify(texts[0]) != expected[0]:
                wrong.append(1)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    assert not wrong
