import csv
import re
from pathlib import Path

import pytest

from hongtu.graph import KnowledgeGraph
from hongtu.graph.export import export
from hongtu.graph.export.neo4j import NODES, RELATIONSHIPS
from hongtu.ontology.namespace import HT

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def folder(sample: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "sample.neo4j"
    export(sample, folder)
    return folder


def rows(file: Path) -> Rows:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def test_every_claim_is_a_relationship_between_two_nodes(sample: KnowledgeGraph, folder: Path) -> None:
    nodes = [row["iri:ID"] for row in rows(folder / "nodes.csv")]
    assert len(set(nodes)) == len(nodes)
    edges = [
        (row[":START_ID"], str(HT[row[":TYPE"]]), row[":END_ID"])
        for row in rows(folder / "relationships.csv")
    ]
    assert {end for start, _, stop in edges for end in (start, stop)} <= set(nodes)
    claims = sample.query("SELECT ?s ?p ?o { ?c rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }")
    assert sorted(edges) == sorted((row.s.iri, row.p.iri, row.o.iri) for row in claims.itertuples())


def test_labels_are_the_classes(sample: KnowledgeGraph, folder: Path) -> None:
    things = sample.query("SELECT ?thing ?kind { ?thing a ?kind ; skos:prefLabel|ht:indicatorLabel ?name }")
    expected = {
        (row.thing.iri, f"Thing;{row.kind.iri.removeprefix(str(HT))}")
        for row in things.itertuples()
        if row.kind.iri.startswith(str(HT)) and not row.kind.iri.endswith("Section")
    }
    assert {(row["iri:ID"], row[":LABEL"]) for row in rows(folder / "nodes.csv")} == expected


def test_every_relationship_has_its_evidence(sample: KnowledgeGraph, folder: Path) -> None:
    texts = {plan.iri: text for plan, text in sample.query("SELECT ?p ?text { ?p prov:value ?text }").values}
    for row in rows(folder / "relationships.csv"):
        places = zip(*(map(int, row[f"{name}:int[]"].split(";")) for name in ("start", "end")), strict=True)
        assert row["quote:string"] == "\n".join(texts[row["plan:string"]][slice(*place)] for place in places)
        assert row["line:int[]"] and 0 < float(row["confidence:double"]) <= 1


def test_the_cypher_reads_every_column(folder: Path) -> None:
    nodes, relationships = (folder / "load.cypher").read_text("utf-8").split("relationships.csv' AS row")
    for cypher, headings in ((nodes, NODES), (relationships, RELATIONSHIPS)):
        assert set(re.findall(r"row\['([^']+)'\]", cypher)) == set(headings)
