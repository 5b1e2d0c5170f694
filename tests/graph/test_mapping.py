"""Foreign tables and RDF by a mapping: the example of docs/foreign-data.md, and what goes wrong."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.graph import KnowledgeGraph
from hongtu.graph.mapping import variables_of
from hongtu.loaders.errors import InputError, UsageError

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("foreign-data.md", "foreign-data.zh.md")
LABELS = "SELECT ?label { ?company schema:identifier ?code ; skos:prefLabel ?label } ORDER BY ?code"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)


TABLE, MAPPING = blocks(PAGES[0], "csv")[0], blocks(PAGES[0], "sparql")[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "companies.csv").write_text(TABLE, "utf-8")
    (tmp_path / "companies.rq").write_text(MAPPING, "utf-8")
    (tmp_path / "theirs.ttl").write_text("<urn:x:a> <urn:x:b> <urn:x:c> .", "utf-8")
    return tmp_path


@pytest.fixture
def kg() -> KnowledgeGraph:
    return KnowledgeGraph.packaged("sample")


def refused(folder: Path, mapping: str) -> str:
    (folder / "companies.rq").write_text(mapping, "utf-8")
    with pytest.raises(UsageError) as caught:
        KnowledgeGraph.open().load_mapped(folder / "companies.csv", folder / "companies.rq")
    return str(caught.value)


def test_the_commands_of_the_pages_run(folder: Path) -> None:
    for command in (line for block in blocks(PAGES[0], "sh") for line in block.splitlines()):
        place = folder / ("one" if "theirs" in command else "two")
        place.mkdir(exist_ok=True)
        for file in folder.glob("*.*"):
            (place / file.name).write_bytes(file.read_bytes())
        words = [sys.executable, "-m", "hongtu.graph.cli", *shlex.split(command)[1:]]
        result = subprocess.run(words, cwd=place, capture_output=True, encoding="utf-8", check=False)
        assert result.returncode == 0, (command, result.stderr)
    assert "青禾果业公司" in result.stdout and "row=2" in result.stdout


def test_both_pages_have_the_same_examples() -> None:
    for language in ("sh", "csv", "sparql"):
        assert blocks(PAGES[0], language) == blocks(PAGES[1], language) != []


def test_rows_become_things_that_lead_to_their_rows_and_to_the_plan(folder: Path, kg: KnowledgeGraph) -> None:
    loaded = kg.load_mapped(folder / "companies.csv", folder / "companies.rq")
    assert (loaded.things, loaded.silent) == ({"Enterprise": 2}, (4,))
    (graph,) = loaded.graphs
    rows = kg.query(
        "SELECT ?code ?place ?row { ?company schema:identifier ?code ; dcterms:source ?row "
        "OPTIONAL { ?company ht:locatedIn/skos:prefLabel ?place } } ORDER BY ?code"
    )
    assert rows["code"].to_list() == ["X0001", "X0002"]
    # An empty cell says nothing.
    assert [str(place) for place in rows["place"].dropna()] == ["青石镇"]
    assert [str(row).rpartition("#")[2] for row in rows.with_iris()["row"]] == ["row=2", "row=3"]
    assert graph.endswith("/file/companies.csv")


def test_a_table_that_is_loaded_again_takes_the_place_of_the_first(folder: Path, kg: KnowledgeGraph) -> None:
    kg.load_mapped(folder / "companies.csv", folder / "companies.rq")
    (folder / "companies.csv").write_text(TABLE.replace("青禾果业公司", "青禾公司"), "utf-8")
    loaded = kg.load_mapped(folder / "companies.csv", folder / "companies.rq")
    assert list(loaded.replaced) == list(loaded.graphs)
    assert kg.query(LABELS)["label"].to_list() == ["青禾公司", "澜溪机械厂"]


def test_a_workbook_and_another_encoding_give_the_same(folder: Path, kg: KnowledgeGraph) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet(index=0)
    for line in TABLE.splitlines():
        sheet.append(line.split(","))
    book.save(folder / "companies.xlsx")
    (folder / "old.csv").write_bytes(TABLE.encode("gb18030"))
    for name, encoding in (("companies.xlsx", "utf-8"), ("old.csv", "gb18030")):
        other = KnowledgeGraph.open()
        other.load_mapped(folder / name, folder / "companies.rq", encoding=encoding)
        assert other.query(LABELS)["label"].to_list() == ["青禾果业公司", "澜溪机械厂"]


def test_foreign_rdf_is_loaded_and_said_in_terms_of_ours(folder: Path) -> None:
    (folder / "theirs.ttl").write_text(
        '@prefix s: <https://schema.org/> . <urn:x:a> a s:Organization ; s:name "甲公司"@zh .', "utf-8"
    )
    (folder / "theirs.rq").write_text(
        "CONSTRUCT { ?x a ht:Organization ; skos:prefLabel ?n } WHERE { ?x a schema:Organization ; schema:name ?n }",
        "utf-8",
    )
    kg = KnowledgeGraph.open()
    loaded = kg.load_mapped(folder / "theirs.ttl", folder / "theirs.rq")
    assert (loaded.things, sum(loaded.graphs.values())) == ({"Organization": 1}, 4)


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        (MAPPING.replace("?企业名称", "?企业名"), r"nothing gives \?企业名 a value.*企业名称"),
        (MAPPING.replace("WHERE {", "WHERE"), r"companies\.rq: .*line \d+"),
        ("SELECT * { ?s ?p ?o }", r"CONSTRUCT .*this is SELECT"),
        ("", "a mapping is a SPARQL query"),
    ],
)
def test_a_broken_mapping_is_told(folder: Path, mapping: str, told: str) -> None:
    assert re.search(told, refused(folder, mapping), re.DOTALL)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("companies.csv", b"", "companies.csv"),
        ("companies.csv", TABLE.splitlines()[0].encode() + b"\n", "no row below the headings"),
        (
            "companies.csv",
            TABLE.replace("所在地", "代-码").replace("代码", "代_码").encode(),
            "change the heading",
        ),
        ("companies.doc", b"x", r"\.csv, \.xlsx and RDF"),
        ("missing.csv", None, r"missing\.csv"),
    ],
)
def test_a_table_that_cannot_be_mapped_is_told_and_nothing_changes(
    folder: Path, name: str, content: bytes | None, told: str
) -> None:
    if content is not None:
        (folder / name).write_bytes(content)
    kg = KnowledgeGraph.open()
    (folder / "companies.rq").write_text(
        MAPPING.replace("?代码", "?代_码") if "代_码" in told else MAPPING, "utf-8"
    )
    before = set(kg.store)
    with pytest.raises((InputError, UsageError), match=told):
        kg.load_mapped(folder / name, folder / "companies.rq")
    assert set(kg.store) == before


@given(st.lists(st.text(min_size=1), unique=True, min_size=1))
def test_every_heading_is_a_variable_that_sparql_takes_or_is_refused(headings: list[str]) -> None:
    try:
        names = variables_of(Path("a.csv"), headings)
    except InputError as error:
        assert "change the heading" in str(error)
        return
    assert len(set(names.values())) == len(headings)
    for name in names.values():
        ox.Store().query(f"SELECT ?{name} {{ BIND(1 AS ?{name}) }}")
