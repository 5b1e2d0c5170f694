"""Every notebook runs from top to bottom, and is committed without what it printed."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from hongtu.loaders.packaged import packaged

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def run(file: Path, folder: Path) -> list[Any]:
    """Execute a notebook in an empty folder and return its code cells."""
    notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_it_runs_and_leaves_nothing_behind(file: Path, tmp_path: Path) -> None:
    cells = run(file, tmp_path)
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    assert any("<iframe" in output.get("data", {}).get("text/html", "") for output in outputs)
    assert any("<table" in output.get("data", {}).get("text/html", "") for output in outputs)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_it_is_committed_without_outputs(file: Path) -> None:
    notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_the_first_one_ends_with_the_sentence_behind_an_edge(tmp_path: Path) -> None:
    cells = run(NOTEBOOKS[0], tmp_path)
    [output] = cells[-1].outputs
    with packaged("sample") as source:
        text = (source / "plan.txt").read_text("utf-8")
    sentence, citation = output.text.splitlines()[:2]
    start, end = map(int, re.search(r"characters (\d+)–(\d+)", citation).groups())  # type: ignore[union-attr]
    assert text[start:end] in sentence
