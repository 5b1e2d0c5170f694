import csv
import hashlib
import re
import zipfile
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from hongtu.graph import KnowledgeGraph
from hongtu.graph.canonical import digest
from hongtu.graph.export import FORMATS, describe_formats, export
from hongtu.loaders.errors import StoreError, UsageError
from hongtu.loaders.rows import to_rows
from hongtu.loaders.source import TABLES, read_tables
from hongtu.ontology.namespace import HT


@pytest.mark.parametrize("suffix", [".nq", ".trig", ".jsonld", ".ttl", ".nt", ".rdf"])
def test_rdf_files_hold_all_of_the_plan_and_no_vocabulary(
    sample: KnowledgeGraph, tmp_path: Path, suffix: str
) -> None:
    file = tmp_path / f"sample{suffix}"
    export(sample, file)
    triples = {quad.triple for quad in ox.parse(path=str(file))}
    (plan,) = sample.plan_graphs()
    assert triples == {quad.triple for quad in sample.store.quads_for_pattern(None, None, None, plan)}


@pytest.mark.parametrize("suffix", [".nq", ".trig", ".jsonld"])
def test_what_is_exported_is_loaded_as_the_same_quads(
    sample: KnowledgeGraph, tmp_path: Path, suffix: str
) -> None:
    export(sample, tmp_path / f"a{suffix}")
    again = KnowledgeGraph.open()
    again.load_rdf(tmp_path / f"a{suffix}")
    (plan,) = again.plan_graphs()
    quads = (set(kg.store.quads_for_pattern(None, None, None, plan)) for kg in (again, sample))
    assert next(quads) == next(quads)


def test_turtle_is_read_by_rdflib_as_the_same_graph(sample: KnowledgeGraph, tmp_path: Path) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a ht:Project ; ?p ?o }"
    export(sample, tmp_path / "sample.ttl")
    read = rdflib.Graph().parse(tmp_path / "sample.ttl")
    projects = rdflib.Graph()
    for project in read.subjects(rdflib.RDF.type, HT.Project):
        for triple in read.triples((project, None, None)):
            projects.add(triple)
    assert isomorphic(projects, sample.query(query))


def test_tables_come_back_as_they_went(hongdong: KnowledgeGraph, tmp_path: Path) -> None:
    export(hongdong, tmp_path / "tables")
    tables = read_tables(tmp_path / "tables")
    assert not tables.problems
    again = KnowledgeGraph.open()
    again.load_tables(tables)
    (plan,) = hongdong.plan_graphs()

    def triples(kg: KnowledgeGraph) -> set[str]:
        # Targets are numbered in the order of their rows, so their IRIs may differ.
        quads = kg.store.quads_for_pattern(None, None, None, plan)
        return {
            str(quad.triple) for quad in quads if "/target/" not in str(quad) and "hasTarget" not in str(quad)
        }

    def without_claims_of_targets(kg: KnowledgeGraph) -> set[str]:
        claims = {
            row["claim"].value for row in kg.solutions("SELECT ?claim { ?claim rdf:predicate ht:hasTarget }")
        }
        return {triple for triple in triples(kg) if not any(f"<{claim}>" in triple for claim in claims)}

    assert without_claims_of_targets(again) == without_claims_of_targets(hongdong)
    figures = "SELECT ?subject ?indicator ?value ?verbatim ?year { ?subject ht:hasTarget ?t . ?t ht:indicatorLabel ?indicator ; ht:verbatim ?verbatim ; ht:year ?year OPTIONAL { ?t ht:value ?value } } ORDER BY ?subject ?indicator ?year ?verbatim ?value"
    assert again.query(figures).equals(hongdong.query(figures))


def test_tables_open_in_excel(sample: KnowledgeGraph, tmp_path: Path) -> None:
    export(sample, tmp_path / "tables")
    assert (tmp_path / "tables" / "projects.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "tables" / "projects.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert next(csv.reader(stream)) == ["name", "aliases", "status", "confidence", "evidence", "merges"]


def test_what_cannot_be_written_is_told_and_nothing_is_lost(sample: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot write .docx; there are .nq"):
        export(sample, tmp_path / "a.docx")
    with pytest.raises(UsageError, match="tables hold one plan, the graph holds 0"):
        export(KnowledgeGraph.open(), tmp_path / "tables")
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        export(sample, tmp_path / "file" / "a.nq")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_nquads_are_canonical(sample: KnowledgeGraph, tmp_path: Path) -> None:
    export(sample, tmp_path / "a.nq")
    content = (tmp_path / "a.nq").read_bytes()
    assert hashlib.sha256(content).hexdigest() == digest(sample)
    assert content.splitlines() == sorted(set(content.splitlines()))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_workbook_is_laid_out_for_readers_and_comes_back(
    sample: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("HONGTU_LANG", language)
    export(sample, tmp_path / "a.xlsx")
    export(sample, tmp_path / "tables")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == [table.title if language == "zh" else table.name for table in TABLES]
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == sheet.dimensions
    projects = book.worksheets[4]
    assert projects["C2"].value in (
        ("在建", "规划", "已完成") if language == "zh" else ("ongoing", "planned", "achieved")
    )
    assert isinstance(projects["D2"].value, int | float)
    assert to_rows(read_tables(tmp_path / "a.xlsx")) == to_rows(read_tables(tmp_path / "tables"))


def test_the_same_graph_gives_the_same_workbook(sample: KnowledgeGraph, tmp_path: Path) -> None:
    export(sample, tmp_path / "a.xlsx")
    first = (tmp_path / "a.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert set(re.findall(rb"\d{4}-\d\d-\d\dT", archive.read("docProps/core.xml"))) == {b"1980-01-01T"}
    export(KnowledgeGraph.packaged("sample"), tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == first


@pytest.mark.parametrize("name", ["tables", "a.xlsx"])
def test_tables_of_several_plans_are_refused(tmp_path: Path, name: str) -> None:
    kg = KnowledgeGraph.packaged("hongdong", "sample")
    with pytest.raises(UsageError, match=r"tables hold one plan, the graph holds 2; take \.nq or \.trig"):
        export(kg, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_every_format_is_described_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    for language in ("zh", "en"):
        monkeypatch.setenv("HONGTU_LANG", language)
        assert set(re.findall(r"`(\.\w+)`", describe_formats())) == set(filter(None, FORMATS))


def test_a_thing_without_a_passage_goes_into_tables_too(tmp_path: Path) -> None:
    kg = KnowledgeGraph.packaged("sample")
    (plan,) = kg.plan_graphs()
    project = '<urn:x:p> a ht:Project ; skos:prefLabel "无据项目"@zh ; ht:confidence 1.0'
    prefixes = (
        "PREFIX ht: <https://w3id.org/hongtu/ontology#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
    )
    kg.store.update(f"{prefixes} INSERT DATA {{ GRAPH {plan} {{ {project} }} }}")
    export(kg, tmp_path / "tables")
    assert "无据项目" in (tmp_path / "tables" / "projects.csv").read_text("utf-8-sig")
