"""The recipe of SPARK.md for one large machine."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "bindings" / "python" / "SPARK.md"


def test_polars_recipe(lc, texts, tmp_path, monkeypatch):
    polars = pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    (code,) = (
        block for block in re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S) if "polars" in block
    )
    monkeypatch.chdir(tmp_path)
    rows = [*texts, None, ""] * 300
    (tmp_path / "posts").mkdir()
    for i in range(3):
        polars.DataFrame({"text": rows[i::3]}).write_parquet(f"posts/{i}.parquet")
    exec(code, {})
    table = polars.read_parquet("labelled.parquet").unnest("classified")
    expected = lc.classify_batch([text for i in range(3) for text in rows[i::3]])
    assert table["label"].to_list() == expected.labels and table["reason"].to_list() == expected.reasons
    assert table["probability"].to_list() == expected.probability and table["language"].to_list() == expected.languages
