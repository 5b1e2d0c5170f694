"""Every notebook runs from top to bottom, answers what its story asks, and is committed without what it printed."""

import html
import json
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from hongtu.loaders.packaged import packaged

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
EVERY_NOTEBOOK = pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
MOST_CODE_CELLS = 15


def read(file: Path) -> Any:
    return nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]


@cache
def run(file: Path) -> list[Any]:
    """Execute a notebook in an empty folder, which must stay empty, and return its code cells."""
    notebook = read(file)
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": folder}}).execute()
        assert not list(Path(folder).iterdir())
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def cells(number: int) -> list[Any]:
    """Return the executed code cells of the notebook with this number."""
    [file] = [file for file in NOTEBOOKS if file.name.startswith(f"{number:02}-")]
    return run(file)


def printed(cell: Any) -> str:
    """Return what a cell printed."""
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def shown(cell: Any) -> dict[str, Any]:
    """Return the data of the page that a cell shows in a frame: a table, a matrix, a map or a picture."""
    [page] = [
        html.unescape(frame[1])
        for output in cell.outputs
        if (frame := re.search(r'<iframe srcdoc="([^"]*)"', output.get("data", {}).get("text/html", "")))
    ]
    data: dict[str, Any] = json.loads(
        re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)[1]  # type: ignore[index]
    )
    return data


def column(cell: Any, name: str) -> list[Any]:
    """Return a column of the table that a cell shows."""
    table = shown(cell)
    place = [heading["name"] for heading in table["columns"]].index(name)
    values = [row[place] for row in table["rows"]]
    return [table["things"][value[0]][0] if isinstance(value, list) else value for value in values]


def cell_with(number: int, words: str) -> Any:
    """Return the one code cell of a notebook whose source has these words."""
    [cell] = [cell for cell in cells(number) if words in cell.source]
    return cell


@EVERY_NOTEBOOK
def test_it_runs(file: Path) -> None:
    for cell in run(file):
        kinds = {output.get("name", output.output_type) for output in cell.outputs}
        assert "stderr" not in kinds
        assert ("error" in kinds) == ("raises-exception" in cell.metadata.get("tags", []))


@EVERY_NOTEBOOK
def test_it_is_short_and_tells_question_data_and_runtime_first(file: Path) -> None:
    notebook = read(file)
    assert [cell.cell_type for cell in notebook.cells].count("code") <= MOST_CODE_CELLS
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    for words in ("**问题**", "**Question**", "**数据 · Data**", "**用时 · Runtime**"):
        assert words in first.source


@EVERY_NOTEBOOK
def test_it_is_committed_without_outputs(file: Path) -> None:
    notebook = read(file)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_first_steps_begin_with_the_sentence_behind_an_edge() -> None:
    with packaged("sample") as source:
        text = (source / "plan.txt").read_text("utf-8")
    [output] = cells(1)[0].outputs
    sentence, citation = output.data["text/html"].split("<br>")
    start, end = map(int, re.search(r"characters (\d+)–(\d+)", citation).groups())  # type: ignore[union-attr]
    assert "云泽农业大学" in sentence and "茶树良种繁育中心" in sentence and "line 25," in citation
    assert sentence == text[start:end]


def test_first_steps_end_with_where_the_real_plan_says_so() -> None:
    assert printed(cells(1)[-1]).endswith(" · line 157, characters 11012–11097\n")


def test_first_steps_show_what_is_promised_with_its_place() -> None:
    figures = cell_with(1, "kg.targets(")
    urban = column(figures, "indicator").index("城镇化率")
    assert column(figures, "value")[urban] == 60
    table = shown(figures)
    [passage] = table["evidence"][urban]
    assert table["passages"][passage]["line"] == 91


def test_first_steps_offer_a_form() -> None:
    [output] = cell_with(1, ".ask()").outputs
    assert "application/vnd.jupyter.widget-view+json" in output.data


def test_sparql_course_asks_twelve_questions_that_have_answers() -> None:
    asked = [cell for cell in cells(2) if cell.source.startswith("%%sparql")]
    assert len(asked) == 12 + 2
    for cell in asked[:12]:
        assert any({"text/html", "image/png"} & set(output.data) for output in cell.outputs)
    assert column(cell_with(2, "ht:within* ?town"), "project").count("光伏玻璃") == 1
    assert column(cell_with(2, "LIMIT 3 }"), "who")[0] == "恒屹精工"
    assert "恒屹精工" not in column(cell_with(2, '"硅基新材料"@zh .'), "who")


def test_sparql_course_ends_with_why_nothing_came_and_what_is_broken() -> None:
    empty, broken = cells(2)[-2:]
    [answer] = empty.outputs
    assert "白沙镇" in answer.data["text/html"]
    [error] = broken.outputs
    assert "line 2, column 32" in "".join(error.traceback)


def test_network_analysis_finds_who_links_two_enterprises_and_where_it_is_said() -> None:
    common = column(cell_with(3, "colocation(network)"), "places")
    assert common[0] > 1 and set(common[1:]) == {1}
    assert column(cell_with(3, "kg.paths("), "via") == ["中科院", "北大", "太原理工大学", "清华"]
    assert "line 115, characters" in printed(cells(3)[-1])
    matrix = shown(cell_with(3, "kg.matrix("))
    who, what = ([name for name, _ in matrix[side]] for side in ("rows", "columns"))
    counted = {(who[row], what[place]): entries for row, place, entries in matrix["cells"]}
    assert any("华翔智能制造产业园" in str(entry) for entry in counted["华翔集团", "智能装备制造集群"])


def test_own_tables_tell_the_wrong_row_and_come_back_from_the_graph() -> None:
    problem = printed(cell_with(4, "tables.problems:"))
    assert "[关系] row 4, column “主体”: found “江度物流公司”" in problem and "江渡物流公司" in problem
    assert problem.count("\n") == 1
    assert column(cell_with(4, "save_workbook()\ntables ="), "project").count("冷链仓库") == 1
    assert "the same: True" in printed(cell_with(4, "export(kg"))
    assert printed(cells(4)[-1]).startswith("江渡物流公司在渡口工业园建设冷链仓库")


def test_own_tables_are_typed_without_counting_characters() -> None:
    [sheets] = [cell.source for cell in cells(4) if cell.source.startswith("SHEETS = {")]
    assert not re.search(r"\d+:\d+-\d+|hashlib|sha256|undertakes", sheets)


def test_own_plan_text_is_corrected_and_cites_its_sentence() -> None:
    before, after = (cell for cell in cells(5) if cell.source.endswith("kg.who()"))
    assert "霞渡文旅公司" not in column(before, "who")
    assert column(after, "who").count("霞渡文旅公司") == 3
    assert "望江步道" in printed(cells(5)[-1]) and "line 13" in printed(cells(5)[-1])


def test_comparison_finds_what_the_city_does_in_the_county_without_its_saying_so() -> None:
    assert column(cell_with(6, "comparison.enterprises"), "counterpart").count("远砺汽配有限公司") == 1
    figures = cell_with(6, '"difference"')
    share = dict(zip(column(figures, "indicator"), column(figures, "ratio"), strict=True))
    assert round(share["茶园面积"], 2) == 0.37
    assert "澜溪分院" in column(cell_with(6, '["here"]'), "thing")
    assert "在澜溪县建设澜溪分院" in printed(cell_with(6, 'evidence("澜溪分院")'))
    assert {name for name, _ in shown(cells(6)[-1])["columns"]} == {"洪洞县", "澜溪县", "岚江市"}


def test_exports_keep_every_triple_and_cite_the_exact_words() -> None:
    assert "the same: True" in printed(cell_with(7, "load_rdf"))
    with packaged("sample") as source:
        text = (source / "plan.txt").read_text("utf-8")
    citation = printed(cell_with(7, "passage.place"))
    start, end = map(int, re.search(r"characters (\d+)–(\d+)", citation).groups())  # type: ignore[union-attr]
    assert text[start:end] in citation
