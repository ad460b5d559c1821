"""Models: opened, saved, sent to other processes."""

import copy
import os
import pickle
import subprocess
import sys

import pytest


def test_default(lc, model):
    assert "threat" in model.labels and {"en", "pl", "ru", "uk"} <= set(model.languages)
    assert not set(model.languages) & set(model.recognised)
    assert model.info["bytes"] == len(bytes(model)) and model.info["words"] > 1000
    assert "threat" in repr(model)
    with pytest.raises(TypeError):
        lc.Model()


def test_save_and_load(lc, small, tmp_path, training):
    path = tmp_path / "sport.model"
    small.save(path)
    for other in (
        lc.load(path),
        lc.load(str(path)),
        lc.load(os.fsencode(path)),
        lc.load(path, map=True),
        lc.Model.from_bytes(bytes(small)),
        lc.Model.from_bytes(memoryview(path.read_bytes())),
    ):
        assert other == small and hash(other) == hash(small)
        assert other.classify(training[0][0]) == small.classify(training[0][0])
    assert os.listdir(tmp_path) == ["sport.model"]
    small.save(path)  # over an old one
    assert path.read_bytes() == bytes(small)
    assert small != lc.load() and small != 5


def test_save_fails_whole(small, tmp_path):
    with pytest.raises(OSError):
        small.save(tmp_path / "nowhere" / "x.model")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        small.save(tmp_path / "folder")
    assert sorted(os.listdir(tmp_path)) == ["folder"]


def test_copies(small):
    assert copy.copy(small) is small and copy.deepcopy(small) is small
    other = pickle.loads(pickle.dumps(small))
    assert other == small and other.labels == small.labels


def test_joblib(small, tmp_path):
    joblib = pytest.importorskip("joblib")
    joblib.dump(small, tmp_path / "m.joblib")
    assert joblib.load(tmp_path / "m.joblib") == small
    found = joblib.Parallel(n_jobs=2)(joblib.delayed(small.classify)(text) for text in ["goal", "shares"])
    assert found == [small.classify("goal"), small.classify("shares")]


def _label(model, text):
    return model.classify(text)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(small, method):
    import multiprocessing

    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} here")
    texts = ["a late goal", "shares fell"] * 5
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.starmap(_label, [(small, text) for text in texts]) == [small.classify(text) for text in texts]


def test_use_after_fork(lc, texts):
    """A scorer in use by another thread at the time of a fork is not waited for."""
    import threading
    import warnings

    stop = threading.Event()

    def busy():
        while not stop.is_set():
            lc.classify_batch(texts * 50, threads=1)

    threads = [threading.Thread(target=busy) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(5):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # Python's advice against what is tested here
                pid = os.fork()
            if pid == 0:
                good = lc.classify(texts[0]).label == "threat" and len(lc.classify_batch(texts * 600, threads=2)) > 0
                os._exit(0 if good else 1)
            assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_top(lc, model):
    found = model.top("threat", "en", 5)
    assert len(found) == 5
    leads = [lead for _, lead in found]
    assert leads == sorted(leads, reverse=True) and min(leads) > 0
    with pytest.raises(lc.ArgumentError, match="no label"):
        model.top("nothing", "en")
    with pytest.raises(lc.ArgumentError, match="language"):
        model.top("threat", "xx")


def test_meta(lc):
    counts = lc.Counts()
    counts.add("some words", "a", "en")
    counts.set_meta("name", "mine ü")
    model = counts.compile(smoothing=1)
    assert model.meta("name") == "mine ü" and model.meta("other") is None and model.meta("other", "x") == "x"
    assert "mine ü" in repr(model)


def test_scorers_outlive_their_model(lc):
    """Freed in any order at the interpreter's end."""
    code = "import libclassify as lc; m = lc.load(); m.classify('x'); p = m._pool; del m; import gc; gc.collect()"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
