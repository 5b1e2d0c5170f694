from pathlib import Path

import owlrl
import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, Graph, URIRef

from hongtu.graph import KnowledgeGraph
from hongtu.graph.export import export
from hongtu.graph.inference import infer
from hongtu.graph.store import INFERRED_GRAPH
from hongtu.graph.vocabulary import ONTOLOGY_GRAPH
from hongtu.loaders.errors import UsageError
from hongtu.loaders.packaged import packaged
from hongtu.ontology.namespace import HT, PREFIXES, read_turtle
from tests.graph.conftest import Hongtu

HEAD = "\n".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items()) + "\nPREFIX : <urn:x:>\n"
PLAN = ox.NamedNode("urn:x:plan")


def graph_of(data: str, axioms: str = "") -> KnowledgeGraph:
    """Return a graph in memory with these statements, and axioms beside those of the ontology."""
    kg = KnowledgeGraph.open()
    kg.store.load(f"{HEAD}{axioms} ." if axioms else HEAD, ox.RdfFormat.TURTLE, to_graph=ONTOLOGY_GRAPH)
    kg.store.load(f"{HEAD}{data} .", ox.RdfFormat.TURTLE, to_graph=PLAN)
    return kg


def inferred(kg: KnowledgeGraph) -> set[tuple[str, ...]]:
    frame = kg.query(
        "SELECT (STR(?s) AS ?a) (STR(?p) AS ?b) (STR(?o) AS ?c) { GRAPH ?g { ?s ?p ?o } }",
        g=INFERRED_GRAPH,
        inferred=True,
    )
    return {tuple(row) for row in frame.itertuples(index=False)}


@pytest.fixture(scope="module")
def reasoned() -> KnowledgeGraph:
    kg = KnowledgeGraph.packaged("sample")
    assert infer(kg).conflicts == []
    return kg


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (":a ht:undertakes :b", ":b ht:undertakenBy :a"),  # prp-inv
        (":b ht:undertakenBy :a", ":a ht:undertakes :b"),
        (":a ht:partnersWith :b", ":b ht:partnersWith :a"),  # prp-symp
        (":a ht:within :b . :b ht:within :c . :c ht:within :d", ":a ht:within :d"),  # prp-trp
        (":a ht:within :b", ":a geo:sfWithin :b"),  # prp-spo1
        (":a ht:locatedIn :b . :b ht:within :c . :c ht:within :d", ":a ht:locatedIn :d"),  # prp-spo2
        (":a ht:locatedIn :b . :b ht:within :c", ":c ht:locationOf :a"),  # prp-spo2, then prp-inv
        (":a a ht:Enterprise", ":a a org:FormalOrganization"),  # cax-sco
        (":a ht:undertakes :b", ":a a org:Organization"),  # prp-dom, cax-sco
        (":a ht:undertakes :b", ":b a ht:Project"),  # prp-rng
        ("_:a ht:within :b", "_:a geo:sfWithin :b"),
    ],
)
def test_the_rules_of_owl_2_rl_are_applied(data: str, expected: str) -> None:
    kg = graph_of(data)
    assert infer(kg).conflicts == []
    assert kg.query(f"PREFIX : <urn:x:> ASK {{ {expected} }}", inferred=True)
    assert not kg.query(f"PREFIX : <urn:x:> ASK {{ {expected} }}")


def test_a_chain_of_any_length_is_followed() -> None:
    kg = graph_of(
        ":a :p :b . :b :q :c . :c :r :d", ":s a owl:ObjectProperty ; owl:propertyChainAxiom ( :p :q :r )"
    )
    infer(kg)
    assert inferred(kg) == {("urn:x:a", "urn:x:s", "urn:x:d")}


def test_what_is_inferred_is_what_owlrl_infers() -> None:
    data = """:e a ht:Enterprise ; ht:undertakes :p ; ht:operatesIn :i ; ht:locatedIn :town ; ht:partnersWith :f .
        :f a ht:Organization . :p a ht:Project ; ht:inIndustry :i ; ht:implements :s ; ht:locatedIn :park .
        :i a ht:Industry . :s a ht:Strategy ; ht:promotes :i .
        :park a ht:Location ; ht:within :town . :town a ht:Location ; ht:within :county . :county a ht:Location"""
    kg = graph_of(data)
    infer(kg)
    graph = Graph().parse(data=read_turtle("hongtu")) + Graph().parse(data=f"{HEAD}{data} .")
    asserted, vocabulary = set(graph), set(Graph().parse(data=read_turtle("hongtu")).subjects())
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    expected = {
        tuple(map(str, (s, p, o)))
        for s, p, o in set(graph) - asserted
        if str(s).startswith("urn:x:")
        and s not in vocabulary
        and (p, o) != (RDF.type, OWL.Thing)
        and p != OWL.sameAs
    }
    assert inferred(kg) == expected and len(expected) > 30


@pytest.mark.parametrize(
    ("data", "axioms", "message"),
    [
        (
            ":a a ht:Location , ht:Project",
            "",
            "“urn:x:a rdf:type location”; “urn:x:a rdf:type project”: nothing can be of both classes (cax-dw)",
        ),
        (":a a :One , :Two", ":One owl:disjointWith :Two", "nothing can be of both classes"),
        (
            ":a a :Low , :Two ; ht:mentionedIn :m . :m ht:line 7",
            ":One owl:disjointWith :Two . :Low rdfs:subClassOf :One",
            "“urn:x:a rdf:type urn:x:Low” (line 7)",
        ),
        (":a ht:year '2025'^^xsd:gYear , '2026'^^xsd:gYear", "", "“urn:x:a year 2025”; “urn:x:a year 2026”"),
        (":a :p :c . :b :p :c", ":p a owl:InverseFunctionalProperty", "(prp-ifp)"),
        (
            ":a ht:partnersWith :a",
            "",
            "“urn:x:a partners with urn:x:a”: nothing can be so related to itself (prp-irp)",
        ),
        (":a :p :b . :b :p :a", ":p a owl:AsymmetricProperty", "(prp-asyp)"),
        (":a :p :b ; :q :b", ":p owl:propertyDisjointWith :q", "(prp-pdw)"),
        (":a :p :b ; :q :b", "[] a owl:AllDisjointProperties ; owl:members ( :q :p )", "(prp-pdw)"),
        (":a owl:sameAs :b . :b owl:differentFrom :a", "", "(eq-diff1)"),
    ],
)
def test_a_contradiction_is_told_and_nothing_is_kept(data: str, axioms: str, message: str) -> None:
    kg = graph_of(data, axioms)
    conflicts = [str(conflict) for conflict in infer(kg).conflicts]
    assert conflicts and message in " / ".join(conflicts)
    with pytest.raises(UsageError, match="nothing was inferred"):
        kg.query("ASK { ?s ?p ?o }", inferred=True)


def test_a_contradiction_is_told_by_the_sentences_behind_it() -> None:
    kg = KnowledgeGraph.packaged("sample")
    undertaking = kg.query("SELECT ?who ?project { ?who ht:undertakes ?project } ORDER BY ?who LIMIT 1").iloc[
        0
    ]
    who, kind = ox.NamedNode(undertaking.who.iri), ox.NamedNode(str(HT.Location))
    kg.store.add(ox.Quad(who, ox.NamedNode(str(RDF.type)), kind, PLAN))
    told = {str(conflict) for conflict in infer(kg).conflicts}
    assert any(f"{undertaking.who} rdf:type location” (line " in one for one in told)


def test_what_is_inferred_is_not_asserted_and_no_noise(reasoned: KnowledgeGraph) -> None:
    found = inferred(reasoned)
    asserted = {tuple(map(str, triple)) for triple in reasoned.to_rdflib() if isinstance(triple[2], URIRef)}
    assert found and not found & {triple[:3] for triple in asserted}
    assert not {row for row in found if row[2] == str(OWL.Thing) or row[1] == str(OWL.sameAs)}
    assert not {row for row in found if row[0].startswith(str(HT)) or "/claim/" in row[0]}
    assert sum(infer(reasoned).counts.values()) == len(found)


def test_asserted_and_inferred_are_not_mixed(reasoned: KnowledgeGraph, tmp_path: Path) -> None:
    assert reasoned.store.contains_named_graph(INFERRED_GRAPH) is False
    assert (None, URIRef(str(HT.undertakenBy)), None) not in reasoned.to_rdflib()
    export(reasoned, tmp_path / "sample.nq")
    assert "undertakenBy" not in (tmp_path / "sample.nq").read_text("utf-8")
    frame = reasoned.query(
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ht:undertakenBy ?o } } GROUP BY ?g", inferred=True
    )
    assert [str(graph) for graph in frame["g"].map(lambda g: g.iri)] == [INFERRED_GRAPH.value]


def test_every_kind_of_inferred_statement_leads_back_to_the_plan(reasoned: KnowledgeGraph) -> None:
    kinds = reasoned.query(
        "SELECT (SAMPLE(?s) AS ?subject) ?p (SAMPLE(?o) AS ?object) { GRAPH ?g { ?s ?p ?o FILTER(?p != rdf:type) } } GROUP BY ?p",
        g=INFERRED_GRAPH,
        inferred=True,
    )
    types = reasoned.query(
        "SELECT (SAMPLE(?s) AS ?subject) ?object { GRAPH ?g { ?s a ?object } ?s ht:mentionedIn ?m } GROUP BY ?object",
        g=INFERRED_GRAPH,
        inferred=True,
    )
    statements = [(row.subject, row.p, row.object) for row in kinds.itertuples()]
    statements += [(row.subject, URIRef(str(RDF.type)), row.object) for row in types.itertuples()]
    assert len(statements) > 15
    for subject, predicate, object_ in statements:
        frame = reasoned.run("explain_statement", subject=subject, predicate=predicate, object=object_)
        assert len(frame) and frame["evidence"].notna().all(), (subject, predicate, object_)


def test_a_chain_is_explained_by_its_links(sample: KnowledgeGraph) -> None:
    expected = [["澜溪公铁联运物流港", "located in", "澜溪站"], ["澜溪站", "within", "岚澜铁路"]]
    for statement in (
        ("澜溪公铁联运物流港", "locatedIn", "岚澜铁路"),
        ("岚澜铁路", "locationOf", "澜溪公铁联运物流港"),
    ):
        parameters = dict(zip(("subject", "predicate", "object"), statement, strict=True))
        frame = sample.run("explain_statement", **parameters)
        assert frame[["from", "relation", "to"]].values.tolist() == expected
        assert set(frame["line"]) == {40}


def test_loading_drops_what_was_inferred(tmp_path: Path) -> None:
    for location in (None, tmp_path / "store"):
        kg = KnowledgeGraph.open(location)
        with packaged("sample") as tables:
            kg.load_tables(tables)
            infer(kg)
            assert kg.query("ASK { ?p ht:undertakenBy ?b }", inferred=True, timeout=60)
            kg.load_tables(tables)
        with pytest.raises(UsageError, match="run hongtu infer GRAPH first"):
            kg.query("ASK { ?p ht:undertakenBy ?b }", inferred=True)
        del kg
    assert [entry.name for entry in tmp_path.iterdir()] == ["store"]


def test_the_same_is_inferred_in_memory_and_on_disk_and_again(
    reasoned: KnowledgeGraph, tmp_path: Path
) -> None:
    kg = KnowledgeGraph.open(tmp_path / "store")
    with packaged("sample") as tables:
        kg.load_tables(tables)
    del kg
    for _ in range(2):
        kg = KnowledgeGraph.open(tmp_path / "store", read_only=True)
        infer(kg)
        assert inferred(kg) == inferred(reasoned)
    # The second store is one like others, in which what was inferred is no plan.
    second = KnowledgeGraph.open(tmp_path / "store-inferred", read_only=True)
    assert second.plan_graphs() == kg.plan_graphs()


def test_the_command_line_infers_and_checks(tmp_path: Path, hongtu: Hongtu) -> None:
    with packaged("sample") as tables:
        hongtu("load", tables, "--store", tmp_path / "store")
    query = ("query", "-e", "SELECT ?who { ?project ht:undertakenBy ?who }", "--format", "csv")
    assert hongtu(*query, "--inferred", tmp_path / "store")[0] == 2
    code, printed, _ = hongtu("infer", "--check", tmp_path / "store")
    assert (code, "No contradictions" in printed) == (0, True)
    assert not (tmp_path / "store-inferred").exists()
    code, printed, _ = hongtu("infer", tmp_path / "store")
    assert code == 0 and "undertaken by" in printed
    assert len(hongtu(*query, "--inferred", tmp_path / "store")[1].splitlines()) == 63
    assert len(hongtu(*query, tmp_path / "store")[1].splitlines()) == 1
    assert hongtu("query", "--inferred", "list_plans", tmp_path / "store")[0] == 2
    kg = KnowledgeGraph.open(tmp_path / "store")
    kg.store.load(HEAD + ":a a ht:Location , ht:Project .", ox.RdfFormat.TURTLE, to_graph=PLAN)
    del kg
    code, printed, errors = hongtu("infer", tmp_path / "store")
    assert code == 1 and "nothing can be of both classes" in printed and "1 contradictions" in errors


def test_the_reasoner_is_an_extra(monkeypatch: pytest.MonkeyPatch, sample: KnowledgeGraph) -> None:
    monkeypatch.setitem(__import__("sys").modules, "reasonable", None)
    with pytest.raises(UsageError, match=r"pip install 'hongtu\[reasoning\]'"):
        infer(sample)
