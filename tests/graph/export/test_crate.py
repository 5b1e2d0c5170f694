import hashlib
import json
import os
import random
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, RDF, VOID, Graph, Literal, URIRef

from hongtu.graph import KnowledgeGraph
from hongtu.graph.export import crate, export
from hongtu.loaders.errors import UsageError
from hongtu.loaders.source import read_tables
from hongtu.ontology.namespace import ENTITY_CLASSES, HONGTU, HT, RO_CRATE, read_turtle

DESCRIBING = {"ro-crate-metadata.json", "ro-crate-preview.html"}


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1640995200")


@pytest.fixture(scope="module")
def package(sample: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the sample's package."""
    return unpack(sample, tmp_path_factory.mktemp("crate"))


def unpack(kg: KnowledgeGraph, folder: Path) -> dict[str, bytes]:
    export(kg, folder / "crate.zip")
    with zipfile.ZipFile(folder / "crate.zip") as package:
        return {name: package.read(name) for name in package.namelist()}


def entities(package: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    metadata = json.loads(package["ro-crate-metadata.json"])
    assert metadata["@context"] == f"{RO_CRATE}/context"
    found = {entity["@id"]: entity for entity in metadata["@graph"]}
    assert len(found) == len(metadata["@graph"])
    return found


def references(value: Any) -> set[str]:
    """Return what an entity's property points to."""
    values = value if isinstance(value, list) else [value]
    assert not isinstance(value, list) or len(value) > 1
    return {one["@id"] for one in values if isinstance(one, dict) and set(one) == {"@id"}}


def test_metadata_have_what_ro_crate_demands(package: dict[str, bytes]) -> None:
    found = entities(package)
    assert references(found["ro-crate-metadata.json"]["conformsTo"]) == {RO_CRATE}
    assert references(found["ro-crate-metadata.json"]["about"]) == {"./"}
    root = found["./"]
    assert root["@type"] == "Dataset" and root["name"] and root["description"]
    assert found[root["license"]["@id"]]["description"]
    for entity in found.values():
        assert entity["@type"]
        for name, value in entity.items():
            # Flat: entities are linked, not nested, and each that is linked is there.
            assert isinstance(value, str) or references(value), name
            assert references(value) <= set(found) | {RO_CRATE}
    (program,) = (entity for entity in found.values() if entity["@type"] == "SoftwareApplication")
    assert program["version"] and program["url"] == program["@id"] == HONGTU


def test_every_file_is_listed_with_its_size_and_checksum(package: dict[str, bytes]) -> None:
    found = entities(package)
    files = set(package) - DESCRIBING
    assert references(found["./"]["hasPart"]) == files
    for file in files:
        assert found[file]["@type"] == "File" and found[file]["description"] and found[file]["encodingFormat"]
        assert found[file]["contentSize"] == str(len(package[file]))
        assert found[file]["sha256"] == hashlib.sha256(package[file]).hexdigest()
    sums = dict(line.split("  ")[::-1] for line in package["SHA256SUMS"].decode().splitlines())
    assert sums == {file: found[file]["sha256"] for file in files - {"SHA256SUMS"}}


def test_provenance_leads_from_the_plan_to_the_graph(
    package: dict[str, bytes], sample: KnowledgeGraph
) -> None:
    found = entities(package)
    (row,) = sample.solutions("SELECT * { ?plan a ht:Plan ; ht:sha256 ?sha256 ; dcterms:spatial ?home }")
    (action,) = (entity for entity in found.values() if entity["@type"] == "CreateAction")
    assert references(found["./"]["mentions"]) == {action["@id"]}
    assert action["name"] == "read from tables / 读自表格"
    assert references(action["object"]) == references(found["./"]["isBasedOn"]) == {row["plan"].value}
    assert references(action["result"]) == {"graph.nq"} and references(action["instrument"]) == {HONGTU}
    plan = found[row["plan"].value]
    assert plan["sha256"] == row["sha256"].value and plan["temporalCoverage"] == "2021/2025"
    assert references(plan["spatialCoverage"]) == {row["home"].value}
    (version,) = references(found["graph.nq"]["conformsTo"])
    assert f"owl:versionIRI <{version}>" in read_turtle("hongtu")


def test_the_graph_comes_back_as_it_went(
    package: dict[str, bytes], sample: KnowledgeGraph, tmp_path: Path
) -> None:
    (plan,) = sample.plan_graphs()
    lines = package["graph.nq"].decode().splitlines()
    assert lines == sorted(lines)
    assert set(ox.parse(package["graph.nq"], ox.RdfFormat.N_QUADS)) == set(
        sample.store.quads_for_pattern(None, None, None, plan)
    )
    for file, content in package.items():
        if file.startswith("tables/"):
            (tmp_path / Path(file).name).write_bytes(content)
    tables = read_tables(tmp_path)
    assert not tables.problems
    (edges,) = sample.solutions("SELECT (COUNT(*) AS ?n) { ?claim a ht:Claim }")
    assert len(tables.edges) + len(tables.figures) == int(edges["n"].value)


def test_same_bytes_whatever_the_order_in_the_store(sample: KnowledgeGraph, tmp_path: Path) -> None:
    export(sample, tmp_path / "one.zip")
    quads = [
        quad
        for name in sample.plan_graphs()
        for quad in sample.store.quads_for_pattern(None, None, None, name)
    ]
    random.Random(1).shuffle(quads)
    again = KnowledgeGraph.open(tmp_path / "store")
    again.store.extend(quads)
    export(again, tmp_path / "other.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()


def test_statistics_are_those_of_the_graph(package: dict[str, bytes], sample: KnowledgeGraph) -> None:
    about = Graph().parse(data=package["void.ttl"], publicID="file:///crate/void.ttl")
    dataset = URIRef("file:///crate/void.ttl#dataset")
    assert about.value(dataset, VOID.dataDump) == URIRef("file:///crate/graph.nq")
    triples = len(package["graph.nq"].splitlines())
    assert about.value(dataset, VOID.triples) == Literal(triples)
    for kind in ENTITY_CLASSES:
        (part,) = about.subjects(VOID["class"], kind)
        assert (dataset, VOID.classPartition, part) in about
        (row,) = sample.solutions(f"SELECT (COUNT(?thing) AS ?n) {{ ?thing a <{kind}> }}")
        assert about.value(part, VOID.entities) == Literal(int(row["n"].value))
    parts = list(about.objects(dataset, VOID.propertyPartition))
    assert sum(int(str(about.value(part, VOID.triples))) for part in parts) == triples


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]


def test_preview_links_what_is_there_and_fetches_nothing(package: dict[str, bytes]) -> None:
    links = Links()
    links.feed(package["ro-crate-preview.html"].decode())
    assert set(links.found) == set(package) - {"ro-crate-preview.html"}


def test_a_title_is_text_in_the_preview(tiny: KnowledgeGraph, tmp_path: Path) -> None:
    package = unpack(tiny, tmp_path)
    assert "<h1>&lt;b&gt;甲 &amp; 乙</h1>" in package["ro-crate-preview.html"].decode()
    assert entities(package)["./"]["name"] == "<b>甲 & 乙"


def test_the_package_tells_whether_it_holds_the_text(
    package: dict[str, bytes], hongdong: KnowledgeGraph, tmp_path: Path
) -> None:
    assert "holds the plan's own text" in entities(package)["#rights"]["description"]
    bare = unpack(hongdong, tmp_path)
    assert "holds none of the plan's text" in entities(bare)["#rights"]["description"]
    assert str(HT.quote).encode() not in bare["graph.nq"]


def test_a_graph_of_the_tables_gives_a_package_without_the_text(
    package: dict[str, bytes], sample: KnowledgeGraph, tmp_path: Path
) -> None:
    (row,) = sample.solutions("SELECT ?text { ?plan a ht:Plan ; prov:value ?text }")
    sentence = max(row["text"].value.split("。"), key=len)
    assert sentence in package["graph.nq"].decode() and sentence in package["explorer.html"].decode()
    export(sample, tmp_path / "tables")
    bare = KnowledgeGraph.open()
    bare.load_tables(tmp_path / "tables")
    for file, content in unpack(bare, tmp_path).items():
        assert sentence not in content.decode(), file


def test_several_plans_go_without_tables_and_many_without_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crate, "_MOST_DRAWN", 1)
    kg = KnowledgeGraph.packaged("hongdong", "sample")
    package = unpack(kg, tmp_path)
    assert references(entities(package)["./"]["isBasedOn"]) == {graph.value for graph in kg.plan_graphs()}
    assert not any(file.startswith(("tables/", "explorer")) for file in package)
    assert b"explorer.html" not in package["ro-crate-preview.html"]
    about = Graph().parse(data=package["void.ttl"])
    assert len(set(about.subjects(RDF.type, DCTERMS.PeriodOfTime))) == 2


def test_the_day_is_that_of_the_variable_or_of_the_store(
    tiny: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    KnowledgeGraph.open(tmp_path / "store").store.extend(tiny.store.quads_for_pattern(None, None, None))
    os.utime(tmp_path / "store", (1_000_000_000, 1_000_000_000))
    on_disk = KnowledgeGraph.open(tmp_path / "store", read_only=True)

    def published(kg: KnowledgeGraph) -> str:
        day: str = entities(unpack(kg, tmp_path))["./"]["datePublished"]
        return day

    assert published(on_disk) == "2022-01-01"
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert published(on_disk) == "2001-09-09"
    assert published(tiny) > "2024"


def test_what_cannot_be_packed_is_told_and_nothing_is_left(
    tiny: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="the graph holds no plan"):
        export(KnowledgeGraph.open(), tmp_path / "crate.zip")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH=today: give seconds since 1970"):
        export(tiny, tmp_path / "crate.zip")
    assert not list(tmp_path.iterdir())
