import json
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld
from rdflib import PROV, RDF, RDFS, SKOS, XSD

from hongtu.graph import KnowledgeGraph
from hongtu.graph.export import export
from hongtu.graph.export.jsonld import LISTS
from hongtu.loaders.errors import UsageError
from hongtu.ontology.namespace import HT, ID, OA, read_context


def quads(kg: KnowledgeGraph) -> set[ox.Quad]:
    return {quad for name in kg.plan_graphs() for quad in kg.store.quads_for_pattern(None, None, None, name)}


def exported(kg: KnowledgeGraph, folder: Path) -> Path:
    export(kg, folder / "graph.jsonld")
    return folder / "graph.jsonld"


@pytest.fixture(scope="module")
def file(sample: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(sample, tmp_path_factory.mktemp("jsonld"))


def test_it_is_the_same_graph_to_oxigraph_rdflib_and_pyld(sample: KnowledgeGraph, file: Path) -> None:
    text = file.read_text("utf-8")
    read = rdflib.Dataset().parse(data=text, format="json-ld").serialize(format="nquads")
    expanded = jsonld.to_rdf(json.loads(text), {"format": "application/n-quads"})
    expected = {str(quad) for quad in quads(sample)}
    assert {str(quad) for quad in ox.parse(text.encode(), format=ox.RdfFormat.JSON_LD)} == expected
    for nquads in (read, expanded):
        # Numbers are written in other ways: what a store holds of them is compared.
        store = ox.Store()
        store.load(nquads.encode(), ox.RdfFormat.N_QUADS)
        assert {str(quad) for quad in store} == expected


def test_several_plans_come_back_as_they_went(tmp_path: Path) -> None:
    both = KnowledgeGraph.packaged("hongdong", "sample")
    again = ox.Store()
    again.load(path=str(exported(both, tmp_path)))
    assert set(again) == quads(both)


def test_a_developer_walks_from_a_project_to_the_sentence(file: Path) -> None:
    (plan,) = json.loads(file.read_text("utf-8"))["plans"]
    graph = plan["graph"]
    assert graph["type"] == "Plan" and isinstance(graph["firstYear"], int)
    enterprises = {one["id"]: one for one in graph["enterprises"]}
    claim = next(
        claim
        for one in enterprises.values()
        for claim in one.get("claims", [])
        if claim["predicate"] == "undertakes"
    )
    project = next(one for one in graph["projects"] if one["id"] == claim["object"]["id"])
    assert project["prefLabel"] == claim["object"]["prefLabel"]
    passage = claim["wasDerivedFrom"][0]
    assert graph["text"][passage["start"] : passage["end"]] == passage["quote"]
    assert passage["section"]["prefLabel"] in {section["prefLabel"] for section in graph["sections"]}


def test_the_same_graph_gives_the_same_bytes(file: Path, tmp_path: Path) -> None:
    again = exported(KnowledgeGraph.packaged("sample"), tmp_path)
    assert again.read_bytes() == file.read_bytes()


def test_the_context_has_every_term_and_the_lists() -> None:
    context = read_context()
    told = [one.get("@id") if isinstance(one, dict) else one for one in context.values()]
    assert {f"ht:{name}" for name in HT.__annotations__ if not name.startswith("_")} <= set(told)
    assert {key for key, definition in context.items() if definition == "@included"} == {*LISTS, "others"}


IRIS = st.sampled_from(
    [f"{ID}a", f"{ID}b", f"{ID}c", "urn:x:1", str(HT.Passage), "http://a.example/text"]
).map(ox.NamedNode)
BLANK = st.sampled_from(["x", "y"]).map(ox.BlankNode)
# Names, evidence and claims decide where a node stands; the others are properties with and without a term.
PREDICATES = st.sampled_from(
    [RDF[name] for name in ("type", "subject", "predicate", "object")]
    + [HT[name] for name in ("mentionedIn", "start", "confidence", "year", "status", "locatedIn")]
    + [RDFS.label, SKOS.prefLabel, SKOS.altLabel, PROV.wasDerivedFrom, OA.other]
).map(ox.NamedNode)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4)
LITERALS = st.one_of(
    TEXT.map(ox.Literal),
    st.builds(
        lambda text, tag: ox.Literal(text, language=tag), TEXT, st.sampled_from(["zh", "en", "zh-hans"])
    ),
    st.builds(
        lambda text, datatype: ox.Literal(text, datatype=ox.NamedNode(datatype)),
        st.sampled_from(["1", "-0", "007", "1.50", "2025", "99999999999999999999", "x", ""]),
        st.sampled_from([XSD.integer, XSD.decimal, XSD.gYear, XSD.boolean]),
    ),
)
KINDS = st.sampled_from([HT.Claim, HT.Passage, HT.Project, HT.Plan, OA.Other]).map(ox.NamedNode)
"""Classes that stand in different places, and one that is unknown."""


GRAPH = ox.NamedNode(f"{ID}a")
STATEMENTS = st.lists(
    st.builds(ox.Quad, IRIS | BLANK, PREDICATES, IRIS | BLANK | LITERALS | KINDS, st.just(GRAPH)), max_size=12
)


@settings(max_examples=300, deadline=None)
@given(statements=STATEMENTS)
def test_any_statements_come_back(
    statements: list[ox.Quad], tmp_path_factory: pytest.TempPathFactory
) -> None:
    kg = KnowledgeGraph(ox.Store())
    kg.store.extend(statements)
    read = ox.Store()
    read.load(path=str(exported(kg, tmp_path_factory.mktemp("any"))))
    datasets = [ox.Dataset(store) for store in (kg.store, read)]
    for dataset in datasets:
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert datasets[0] == datasets[1]


def test_a_statement_about_a_statement_is_refused(tmp_path: Path) -> None:
    kg = KnowledgeGraph(ox.Store())
    said = ox.Triple(GRAPH, GRAPH, GRAPH)
    kg.store.add(ox.Quad(GRAPH, GRAPH, said, GRAPH))
    with pytest.raises(UsageError, match="take .nq or .trig"):
        exported(kg, tmp_path)
    assert not list(tmp_path.iterdir())
