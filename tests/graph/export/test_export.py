import csv
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from hongtu.graph import KnowledgeGraph
from hongtu.graph.export import export
from hongtu.graph.export.networks import NETWORK_FORMATS
from hongtu.graph.export.rdf import RDF_FORMATS
from hongtu.loaders.errors import StoreError, UsageError
from hongtu.loaders.source import read_tables
from hongtu.ontology.namespace import HT


@pytest.mark.parametrize("suffix", sorted(RDF_FORMATS))
def test_rdf_files_hold_all_of_the_plan_and_no_vocabulary(
    sample: KnowledgeGraph, tmp_path: Path, suffix: str
) -> None:
    file = tmp_path / f"sample{suffix}"
    export(sample, file)
    triples = {quad.triple for quad in ox.parse(path=str(file))}
    (plan,) = sample.plan_graphs()
    assert triples == {quad.triple for quad in sample.store.quads_for_pattern(None, None, None, plan)}


def test_turtle_is_read_by_rdflib_as_the_same_graph(sample: KnowledgeGraph, tmp_path: Path) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a ht:Project ; ?p ?o }"
    export(sample, tmp_path / "sample.ttl")
    read = rdflib.Graph().parse(tmp_path / "sample.ttl")
    projects = rdflib.Graph()
    for project in read.subjects(rdflib.RDF.type, HT.Project):
        for triple in read.triples((project, None, None)):
            projects.add(triple)
    assert isomorphic(projects, sample.query(query))


@pytest.mark.parametrize("suffix", sorted(NETWORK_FORMATS))
def test_network_files_carry_labels_and_citations(
    sample: KnowledgeGraph, tmp_path: Path, suffix: str
) -> None:
    file = tmp_path / f"sample{suffix}"
    export(sample, file)
    network = nx.read_graphml(file) if suffix == ".graphml" else nx.read_gexf(file)
    nodes = dict(network.nodes(data=True))
    assert {"Strategy", "Project", "Enterprise"} <= {node["kind"] for node in nodes.values()}
    assert all(node["label"] and node["evidence"] for node in nodes.values())
    for _, _, edge in network.edges(data=True):
        assert edge["predicate"] and edge["evidence"] and edge["sentences"]


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
