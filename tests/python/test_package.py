"""The package as it is installed: cheap to import, typed, documented."""

import doctest
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = [
    "",
    "._arrow",
    "._batch",
    "._columns",
    "._core",
    "._explain",
    "._html",
    "._model",
    "._passages",
    "._result",
    "._texts",
    "._train",
    ".sklearn",
    ".spark",
]


def python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=os.sep)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_import_takes_no_time(lc):
    code = "import time; t = time.perf_counter(); import libclassify; print(time.perf_counter() - t)"
    assert min(float(python(code)) for _ in range(5)) < 0.05


USE = """
import sys
import libclassify as lc
lc.classify("x")
lc.classify_batch(["x"] * 5000)
lc.explain("x")._repr_html_()
lc.train(["a b"], ["c"], "en")
optional = ("numpy", "pandas", "pyarrow", "polars", "sklearn", "scipy", "IPython")
print([name for name in optional if name in sys.modules])
"""
WITHOUT_NUMPY = """
import sys
sys.modules["numpy"] = None
import libclassify as lc
batch = lc.classify_batch(["Pay now", None])
print(type(batch.probabilities).__name__, len(batch.probabilities), batch.missing)
"""


def test_nothing_optional_is_imported(lc):
    assert python(USE) == "[]"


def test_works_without_numpy(lc):
    assert python(WITHOUT_NUMPY) == "list 2 [False, True]"


def test_another_abi_is_refused(lc):
    code = """
import sys, types
import libclassify._classify as real
class Lib:
    def __getattr__(self, name):
        return (lambda: 999) if name == "classify_abi_version" else getattr(real.lib, name)
stale = types.ModuleType("libclassify._classify")
stale.ffi, stale.lib = real.ffi, Lib()
for name in [m for m in sys.modules if m.startswith("libclassify")]:
    del sys.modules[name]
sys.modules["libclassify._classify"] = stale
try:
    import libclassify
except ImportError as error:
    print(error)
"""
    assert "version 999" in python(code)


@pytest.mark.parametrize("name", MODULES)
def test_doctests(lc, name):
    if name == ".sklearn":
        pytest.importorskip("sklearn")
    if name in ("._columns", ".spark"):
        pytest.importorskip("pyarrow" if name == "._columns" else "pyspark")
    module = importlib.import_module("libclassify" + name)
    failed, _ = doctest.testmod(module)
    assert not failed


def test_the_readme_is_true(lc):
    failed, tried = doctest.testfile(str(ROOT / "bindings/python/README.md"), module_relative=False)
    assert tried > 3 and not failed


def test_all_that_is_public_is_documented(lc):
    for name in lc.__all__:
        item = getattr(lc, name)
        assert item.__doc__, name
        for member in vars(item) if isinstance(item, type) else ():
            value = vars(item)[member]
            if not member.startswith("_") and callable(value) and member != "copy":
                assert value.__doc__, f"{name}.{member}"


def test_types(lc, tmp_path):
    pytest.importorskip("mypy")
    assert (Path(lc.__file__).parent / "py.typed").exists()
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    user = tmp_path / "user.py"
    user.write_text(
        "import libclassify as lc\n"
        "model: lc.Model = lc.load()\n"
        "label: str | None = model.classify('x').label\n"
        "batch: lc.Batch = model.classify_batch(['x'])\n"
        "first: lc.Result | None = batch[0]\n"
        "counts: lc.Counts = lc.Counts() + lc.Counts()\n"
        "why: lc.Explanation = lc.explain(b'x')\n"
        "begin: int = why.tokens[0].begin\n"
        "found: lc.Passages = lc.passages('x')\n"
        "places: list[int] = [p.begin for p in found]\n"
        "inside: tuple[lc.Passage, ...] | None = lc.classify('x', passages=True).passages\n"
        "wrong: int = lc.classify('x').label\n",
        encoding="utf-8",
    )
    environment = os.environ | {"MYPYPATH": str(Path(lc.__file__).parents[1]) if "site-packages" not in lc.__file__ else ""}
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--cache-dir",
        str(tmp_path),
        "--config-file",
        os.devnull,
        str(user),
    ]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout.count("error:") == 1 and "user.py:12:" in done.stdout, done.stdout
