"""The notebooks run from top to bottom, and are kept without outputs."""

from pathlib import Path

import pytest
from conftest import NO_JAVA, has_java

FOLDER = Path(__file__).resolve().parents[2] / "bindings" / "python" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def test_there_are_notebooks():
    assert [path.stem for path in NOTEBOOKS] == ["quickstart", "spark", "train_your_own"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs(lc, path):
    for needed in ("nbclient", "nbformat", "ipykernel", "matplotlib", "pandas", "sklearn"):
        pytest.importorskip(needed)
    if path.stem == "spark":
        pytest.importorskip("pyspark")
        if not has_java():
            pytest.skip(NO_JAVA)
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code), "kept with outputs: strip them"
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(FOLDER)}}).execute()
    kinds = {kind for cell in code for output in cell.outputs for kind in output.get("data", {})}
    assert {"text/html", "image/png", "text/plain"} <= kinds
    if path.stem == "spark":
        return  # Java writes to stderr as it starts
    assert not any(output.get("name") == "stderr" for cell in code for output in cell.outputs)
