"""Notebooks in a real JupyterLab and Notebook 7, and saved as HTML: what a reader sees, clicks on and searches."""

import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from hongtu.graph import KnowledgeGraph
from hongtu.loaders.packaged import packaged

if TYPE_CHECKING:
    from tests.notebooks.conftest import JupyterLab, OpenNotebook

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
SAMPLE = [
    "from hongtu.graph import KnowledgeGraph\nsample = KnowledgeGraph.packaged('sample')",
    "sample.run('show_who_does_what_where')",
    "sample.show('云岭茶业集团', steps=1)",
]


class References(HTMLParser):
    """What an output of a notebook loads or leads to, with the pages in its frames."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.outward: list[str] = []
        self.policies: list[str] = []
        self.frames: list[References] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if page := attributes.get("srcdoc"):
            self.frames.append(References(page))
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policies.append(attributes["content"])
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            if name in attributes and not attributes[name].startswith(("data:", "#")):
                self.outward.append(f"{tag} {name} {attributes[name]}")


def code_cells(file: Path) -> list[Any]:
    """Return the code cells of a notebook as it was saved."""
    notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda file: file.stem)
def ran(jupyterlab: "JupyterLab", request: pytest.FixtureRequest) -> "Iterator[OpenNotebook]":
    """A notebook after Run All Cells in JupyterLab."""
    shutil.copy(request.param, jupyterlab.folder)
    notebook = jupyterlab.open(request.param.name)
    notebook.run_all()
    notebook.save()
    yield notebook
    notebook.page.close()


def test_it_runs(ran: "OpenNotebook") -> None:
    cells = code_cells(ran.file)
    meant_to_run = [cell for cell in cells if "raises-exception" not in cell.metadata.get("tags", [])]
    outputs = [output for cell in meant_to_run for output in cell.outputs]
    assert not [
        output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"
    ]
    assert all(cell.execution_count for cell in cells)


def test_it_shows_pictures_tables_or_charts(ran: "OpenNotebook") -> None:
    shown = [
        *ran.pictures(),
        *ran.tables(),
        *ran.frames("main"),
        *ran.page.locator(".jp-RenderedImage").all(),
    ]
    assert shown
    assert not ran.elsewhere


def test_what_it_shows_needs_no_server_and_no_file(ran: "OpenNotebook") -> None:
    """VS Code and Colab show outputs without a way to the notebook's folder."""
    shown = [output.get("data", {}) for cell in code_cells(ran.file) for output in cell.outputs]
    outputs = [References(data.get("text/html", "")) for data in shown]
    frames = [frame for output in outputs for frame in output.frames]
    assert not [reference for part in [*outputs, *frames] for reference in part.outward]
    for frame in frames:
        [policy] = frame.policies
        assert policy.startswith("default-src 'none'")


# The sample, which comes with its text


@pytest.fixture(scope="module", params=["lab/tree", "notebooks"], ids=["JupyterLab", "Notebook 7"])
def ran_sample(jupyterlab: "JupyterLab", request: pytest.FixtureRequest) -> "Iterator[OpenNotebook]":
    """A notebook with a table and the picture of the sample, after Run All Cells."""
    if request.param == "notebooks":
        pytest.importorskip("notebook", reason="Notebook 7 is not installed")
    cells = [nbformat.v4.new_code_cell(source) for source in SAMPLE]  # type: ignore[no-untyped-call]
    notebook = nbformat.v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, jupyterlab.folder / "sample.ipynb")  # type: ignore[no-untyped-call]
    opened = jupyterlab.open("sample.ipynb", app=request.param)
    opened.run_all()
    opened.save()
    yield opened
    opened.page.close()


@pytest.fixture(scope="module")
def undertaking() -> tuple[str, str, str]:
    """A body of the sample, a project of its, and the plan's characters that say so."""
    kg = KnowledgeGraph.packaged("sample")
    first = kg.run("show_who_does_what_where").iloc[0]
    [passage] = kg.evidence(first["who"], "undertakes", first["project"])
    with packaged("sample") as folder:
        text = (folder / "plan.txt").read_text("utf-8")
    return first["who"], first["project"], text[passage.start : passage.end]


def test_a_click_on_an_edge_shows_its_sentence(
    ran_sample: "OpenNotebook", undertaking: tuple[str, str, str]
) -> None:
    who, project, words = undertaking
    [picture] = ran_sample.pictures()
    panel = picture.locator("#panel")
    picture.locator("#search").fill(who)
    picture.locator("#search").press("Enter")
    panel.locator(".rows button").filter(has_text=project).first.click()
    assert panel.locator("mark").all_text_contents() == [words]

    # The edge is drawn in a colour of its own: there a hand clicks, when all is as before.
    x, y = ran_sample.place_of_edge(picture)
    picture.locator("#picture").press("Escape")
    panel.locator("mark").wait_for(state="detached")
    picture.locator("#picture canvas").click(position={"x": x, "y": y})
    assert panel.locator("mark").all_text_contents() == [words]
    assert who in panel.inner_text() and project in panel.inner_text()


def test_a_search_in_the_table_leaves_the_rows_that_open_their_sentence(
    ran_sample: "OpenNotebook", undertaking: tuple[str, str, str]
) -> None:
    who, project, words = undertaking
    [table] = ran_sample.tables()
    rows = table.locator("tr.row")
    before = rows.count()
    table.locator("#search").fill(f"{who} {project}")
    assert 0 < rows.count() < before
    assert all(who in row and project in row for row in rows.all_text_contents())
    rows.first.get_by_role("button").click()
    assert table.locator("tr.source mark").all_text_contents() == [words]


def test_it_reads_as_html_without_a_network(ran_sample: "OpenNotebook", jupyterlab: "JupyterLab") -> None:
    nbconvert = pytest.importorskip("nbconvert", reason="nbconvert is not installed")
    html, _ = nbconvert.HTMLExporter().from_filename(ran_sample.file)
    file = ran_sample.file.with_suffix(".html")
    file.write_text(html, "utf-8")
    saved = jupyterlab.open_html(file)
    assert len(saved.pictures()) == 1
    assert len(saved.tables()) == 1
    saved.page.close()
