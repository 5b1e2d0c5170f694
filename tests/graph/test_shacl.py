"""SHACL on a store gives what pySHACL gives on a copy: on our graphs, on broken ones, on each constraint, on W3C's tests."""

import random
import re
import runpy
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, XSD, URIRef
from rdflib.term import Node

from hongtu.graph import KnowledgeGraph
from hongtu.graph.validation import shacl
from hongtu.graph.validation.screens import unsupported
from hongtu.graph.validation.shacl import copy, judge, suspects, validate_shapes
from hongtu.graph.validation.view import StoreView
from hongtu.ontology.namespace import PREFIXES, read_turtle

OURS = runpy.run_path(str(Path(__file__).parents[1] / "ontology" / "test_shapes.py"))
BROKEN: dict[str, str] = OURS["BROKEN"]
SHAPES = rdflib.Graph().parse(data=read_turtle("shapes"), format="turtle")
W3C = Path(__file__).parents[3] / "shared" / "w3c" / "shacl"
DATA, OTHER, VOCABULARY = map(ox.NamedNode, ("urn:data", "urn:other", "urn:vocabulary"))
PREFIX = "@prefix ex: <https://example.org/> .\n" + "".join(
    f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in {**PREFIXES, "sh": str(SH)}.items()
)
ODD: list[ox.Literal | ox.BlankNode] = [
    *(
        ox.Literal(text, datatype=ox.NamedNode(f"{XSD}{name}"))
        for text, name in (
            ("abc", "integer"),
            ("-5", "integer"),
            ("1.5", "decimal"),
            ("20", "gYear"),
            ("x", "decimal"),
        )
    ),
    *(ox.Literal(text) for text in ("x", "x\n", "123456\n", "１２３４５６", "a" * 64, "a" * 64 + "\n")),
    *(ox.Literal("名", language=tag) for tag in ("zh", "zh-Hans", "EN")),
    ox.Literal("99999999999999999999", datatype=ox.NamedNode(f"{XSD}integer")),
    ox.BlankNode(),
]
TOLD = (
    *(SH.focusNode, SH.resultPath, SH.value, SH.sourceShape, SH.sourceConstraint),
    *(SH.sourceConstraintComponent, SH.resultSeverity),
)


def results(report: rdflib.Graph) -> Counter[tuple[object, ...]]:
    """Return how often a report has each result, with all that it says.

    pySHACL writes the parts of its own messages in no order, so that their words alone are compared.
    """
    return Counter(
        (
            *(report.value(result, word) for word in TOLD),
            frozenset(
                (message.language, *sorted(re.findall(r"\w+", message)))
                for message in report.objects(result, SH.resultMessage)
                if isinstance(message, rdflib.Literal)
            ),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )


def outcome(validate: Callable[[], rdflib.Graph]) -> Counter[tuple[object, ...]] | str:
    """Return the results of a validation, or the error that it ends with."""
    try:
        return results(validate())
    except Exception as error:  # noqa: BLE001 (pySHACL and rdflib raise bare ones)
        return repr(error)


def assert_same(
    store: ox.Store, graphs: list[ox.NamedNode], shapes: rdflib.Graph
) -> Counter[tuple[object, ...]]:
    """Assert that both ways give the same results, or fail with the same error, and return the results."""
    found = outcome(lambda: validate_shapes(store, graphs, shapes))
    expected = outcome(lambda: judge(copy(store, graphs), shapes))
    if isinstance(found, str) or isinstance(expected, str):
        assert found == expected
        return Counter()
    assert (found - expected, expected - found) == (Counter(), Counter())
    return found


def store_of(*turtle: str | rdflib.Graph) -> ox.Store:
    """Return a store with the first text or graph in DATA, the second in OTHER, and a vocabulary that must not be seen."""
    store = ox.Store()
    for graph, text in zip((DATA, OTHER), turtle, strict=False):
        nt = text.serialize(format="nt") if isinstance(text, rdflib.Graph) else PREFIX + text
        store.load(nt, ox.RdfFormat.TURTLE, to_graph=graph)
    store.load(read_turtle("hongtu"), ox.RdfFormat.TURTLE, to_graph=VOCABULARY)
    return store


def shapes_of(turtle: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=PREFIX + turtle, format="turtle")


@pytest.mark.parametrize("name", ["hongdong", "sample", "sample-city"])
def test_packaged_graphs_have_the_results_that_pyshacl_gives(name: str) -> None:
    kg = KnowledgeGraph.packaged(name)
    assert not assert_same(kg.store, kg.plan_graphs(), SHAPES)


@pytest.mark.parametrize("shape", BROKEN)
def test_each_shape_of_ours_is_found_broken_like_pyshacl_does(shape: str) -> None:
    graph = OURS["good_graph"]()
    graph.update(BROKEN[shape])
    found = assert_same(store_of(graph), [DATA], SHAPES)
    assert URIRef(f"https://w3id.org/hongtu/shapes#{shape}") in {row[3] for row in found}


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_the_sample_changed_at_random_has_the_results_that_pyshacl_gives(seed: int, changes: int) -> None:
    kg = KnowledgeGraph.packaged("sample")
    chance, (plan,) = random.Random(seed), kg.plan_graphs()
    quads = sorted(kg.store.quads_for_pattern(None, None, None, plan), key=str)
    for _ in range(changes):
        one, other = chance.choice(quads), chance.choice(quads)
        kind = chance.randrange(5)
        if kind != 1:
            kg.store.remove(one)
        if kind == 1 or kind == 2:
            kg.store.add(ox.Quad(one.subject, one.predicate, other.object, plan))
        elif kind == 3:
            kg.store.add(ox.Quad(other.subject, one.predicate, one.object, plan))
        elif kind == 4:
            kg.store.add(ox.Quad(one.subject, one.predicate, chance.choice(ODD), plan))
    assert_same(kg.store, kg.plan_graphs(), SHAPES)


VALUES = """
ex:a ex:p 1, 2.5, "x", "x"@en, "x2"@EN, "y"@en-GB, "5"^^xsd:byte, "abc"^^xsd:integer, "1e5"^^xsd:decimal, ex:b, [], true,
    "2020"^^xsd:gYear, "20"^^xsd:gYear, "2020-02-30"^^xsd:date, "2020-01-05"^^xsd:date, "long text\\n", "12",
    99999999999999999999, 1.0e3, "2020-01-01T00:00:00"^^xsd:dateTime, "maybe"^^xsd:boolean, "zz"@zh-Hans-CN ;
    a ex:Kind ; ex:q 1, "x", ex:b ; ex:r 2 .
ex:b a ex:Kind, ex:Special ; ex:p ex:a ; ex:q ex:a ; ex:r 0.5 ; ex:s ex:a .
ex:c a ex:Under ; ex:p "only" ; ex:q "only" .
ex:d a ex:Kind ; ex:r 1, 3 ; ex:t ex:c .
ex:e a ex:Kind, ex:Special ; ex:p 2, 2.0, 10 ; ex:q 3 ; ex:s ex:e .
ex:Under rdfs:subClassOf ex:Middle . ex:Middle rdfs:subClassOf ex:Kind .
[] a ex:Kind ; ex:p ex:c .
"""
CONSTRAINTS = [
    "sh:class ex:Kind",
    "sh:class ex:Kind, ex:Special",
    *(
        f"sh:datatype xsd:{name}"
        for name in ["string", "integer", "decimal", "boolean", "gYear", "date", "dateTime", "byte", "double"]
    ),
    "sh:datatype rdf:langString",
    *(f"sh:nodeKind sh:{kind}" for kind in ["IRI", "Literal", "BlankNode", "BlankNodeOrIRI", "IRIOrLiteral"]),
    *(
        f"sh:{word} {bound}"
        for word in ("minInclusive", "maxExclusive")
        for bound in ("2", "2.5", "'m'", "1e0")
    ),
    *(f"sh:{word} 2" for word in ("minExclusive", "maxInclusive", "minLength", "maxLength")),
    'sh:pattern "^[a-z]"',
    'sh:pattern "^\\\\d+$"',
    'sh:pattern "^[A-Z]" ; sh:flags "i"',
    'sh:pattern "text$"',
    'sh:languageIn ("en" "zh")',
    'sh:languageIn ("*")',
    'sh:in (1 2.5 "x" ex:b ex:c)',
    'sh:in ("x" "only" ex:a ex:c true 10)',
    "sh:hasValue ex:c",
    "sh:hasValue 2.50",
    "sh:equals ex:q",
    "sh:disjoint ex:q",
    "sh:not [ sh:class ex:Special ]",
    "sh:not [ sh:pattern '^x' ]",
    "sh:not [ sh:or ([ sh:class ex:Special ] [ sh:datatype xsd:dateTime ]) ]",
    "sh:not [ sh:not [ sh:nodeKind sh:IRI ] ]",
    "sh:and ([ sh:nodeKind sh:IRI ] [ sh:class ex:Kind ])",
    "sh:or ([ sh:class ex:Special ] [ sh:datatype xsd:string ] [ sh:datatype xsd:dateTime ])",
    "sh:xone ([ sh:class ex:Special ] [ sh:class ex:Kind ])",
    "sh:node [ sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ]",
    "sh:node [ sh:property [ sh:path ex:r ; sh:maxCount 0 ] ; sh:property [ sh:path ex:s ; sh:hasValue ex:e ] ]",
    "sh:property [ sh:path ex:q ; sh:minCount 1 ; sh:class ex:Kind ]",
    "sh:property [ sh:path ex:q ; sh:minCount 2 ] ; sh:property [ sh:path ex:q ; sh:minCount 3 ; sh:deactivated true ]",
    "sh:node [ sh:closed true ; sh:ignoredProperties (rdf:type ex:p) ; sh:property [ sh:path ex:q ] ]",
]
OF_PROPERTIES = [
    *(
        "sh:minCount 1",
        "sh:minCount 3",
        "sh:maxCount 0",
        "sh:maxCount 1",
        "sh:maxCount 4",
        "sh:uniqueLang true",
    ),
    "sh:qualifiedValueShape [ sh:class ex:Kind ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1",
]
TARGETS = [
    "sh:targetClass ex:Kind",
    "sh:targetSubjectsOf ex:q",
    "sh:targetObjectsOf ex:p",
    "sh:targetNode ex:b, ex:z, 5",
]
PATHS = [
    *("ex:p", "ex:r", "[ sh:inversePath ex:p ]", "(ex:p ex:q)", "[ sh:alternativePath (ex:q ex:r) ]"),
    *("[ sh:zeroOrMorePath ex:p ]", "[ sh:oneOrMorePath ex:s ]", "[ sh:zeroOrOnePath ex:p ]"),
    *(
        "(ex:p [ sh:inversePath ex:q ])",
        "[ sh:inversePath (ex:p ex:q) ]",
        "([ sh:alternativePath (ex:p ex:s) ] ex:r)",
    ),
]


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_constraints_on_focus_nodes(constraint: str) -> None:
    shapes = shapes_of(
        "".join(
            f"ex:Shape{n} a sh:NodeShape ; {target} ; {constraint} .\n" for n, target in enumerate(TARGETS)
        )
    )
    assert_same(store_of(VALUES), [DATA], shapes)


@pytest.mark.parametrize("constraint", CONSTRAINTS + OF_PROPERTIES)
def test_constraints_on_values(constraint: str) -> None:
    shapes = shapes_of(
        "".join(
            f"ex:Shape{n}x{m} a sh:PropertyShape ; sh:path {path} ; {target} ; {constraint} .\n"
            for n, target in enumerate(TARGETS)
            for m, path in enumerate(PATHS)
        )
    )
    assert assert_same(store_of(VALUES), [DATA], shapes)


@pytest.mark.parametrize(
    "shape",
    [
        "ex:Kind a rdfs:Class, sh:NodeShape ; sh:property [ sh:path ex:p ; sh:maxCount 1 ; sh:severity sh:Warning ] .",
        "ex:Kind a rdfs:Class ; sh:property [ sh:path ex:p ; sh:datatype xsd:string ; sh:message 'a', 'b'@en ] .",
        "ex:S sh:targetClass ex:Kind ; sh:closed true ; sh:property [ sh:path ex:p ] ; sh:ignoredProperties (rdf:type) .",
        """ex:S sh:targetClass ex:Kind ; sh:and ([ sh:property [ sh:path ex:q ; sh:minCount 1 ] ] ex:T) .
        ex:T a sh:NodeShape ; sh:property ex:P . ex:P sh:path ex:r ; sh:maxCount 1 ; sh:severity sh:Info .""",
        "ex:S sh:targetSubjectsOf ex:q ; sh:nodeKind sh:BlankNode ; sh:deactivated true .",
        "ex:S sh:targetSubjectsOf ex:p ; sh:node ex:S ; sh:property [ sh:path ex:p ; sh:maxCount 1 ] .",
        """ex:S sh:targetClass ex:Kind ; sh:sparql [ sh:prefixes <urn:o> ; sh:message "{?value} of {?path}" ;
            sh:select "SELECT $this ?value (ex:q AS ?path) WHERE { $this ex:q ?value . FILTER(isLiteral(?value)) }" ] .
        <urn:o> a owl:Ontology ; sh:declare [ sh:prefix "ex" ; sh:namespace "https://example.org/"^^xsd:anyURI ] .""",
        """ex:S a sh:PropertyShape ; sh:targetSubjectsOf ex:q ; sh:path ex:q ; sh:sparql [ sh:message "no"@en ;
            sh:select "SELECT DISTINCT $this ?value WHERE { $this $PATH ?value . ?value a <https://example.org/Special> }" ] .""",
        """ex:S a sh:NodeShape ; sh:targetClass ex:Kind ; sh:sparql [
            sh:select "SELECT $this WHERE { FILTER NOT EXISTS { $this <https://example.org/s> ?any } } LIMIT 1" ] .""",
        """ex:Component a sh:ConstraintComponent ; sh:parameter [ sh:path ex:limit ] ;
            sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER(STRLEN(STR($value)) < $limit) }" ] .
        ex:S a sh:NodeShape ; sh:targetClass ex:Kind ; sh:property [ sh:path ex:p ; ex:limit 3 ] .""",
    ],
)
def test_whole_shapes(shape: str) -> None:
    found = assert_same(store_of(VALUES), [DATA], shapes_of(shape))
    assert bool(found) == ("deactivated" not in shape)


@pytest.mark.parametrize("word", ["lessThan", "lessThanOrEquals"])
def test_pairs_of_values(word: str) -> None:
    data = """
    ex:a ex:p 1, 2.5 ; ex:q 2.5, 3 . ex:b ex:p 3 ; ex:q 2 . ex:c ex:p "a" ; ex:q "b" . ex:d ex:p 1 .
    ex:e ex:p "2020-01-01"^^xsd:date ; ex:q "2020-01-01"^^xsd:date . ex:f ex:p 99999999999999999999 ; ex:q 1 .
    ex:g ex:p "x"^^xsd:integer ; ex:q 5 . ex:h ex:p ex:a ; ex:q 5 . ex:i ex:p 1.0e0 ; ex:q 2 .
    """
    shapes = shapes_of(
        f"ex:S a sh:PropertyShape ; sh:targetSubjectsOf ex:p ; sh:path ex:p ; sh:{word} ex:q ."
    )
    for line in data.strip().replace(" . ", " .\n").splitlines():
        found = assert_same(store_of(line), [DATA], shapes)
        assert bool(found) == (line.strip()[3] in ("bfh" if word.endswith("Equals") else "abefgh")), line


def test_data_may_be_spread_over_graphs_and_other_graphs_are_not_seen() -> None:
    shapes = shapes_of(
        "ex:P sh:path (ex:p ex:q) ; sh:targetClass ex:Kind ; sh:minCount 1 ; sh:maxCount 1 ; sh:class ht:Claim ."
        "ex:L sh:path rdfs:label ; sh:targetClass ht:Claim ; sh:minCount 1 ; sh:node [ sh:class ht:Claim ] ."
    )
    # The vocabulary has a label of ht:Claim, and its type; the data say nothing of it.
    store = store_of(
        "ex:a a ex:Kind ; ex:p ex:b . ex:b ex:q ht:Claim . ht:Claim a ht:Claim .",
        "ex:a ex:p ex:b . ex:b ex:q ex:c . ex:d a ex:Kind .",
    )
    found = assert_same(store, [DATA, OTHER], shapes)
    assert {(str(row[0]).split("/")[-1], str(row[3])[-1]) for row in found} >= {("d", "P"), ("a", "P")}
    assert [row for row in found if row[3] == URIRef("https://example.org/L")]
    assert assert_same(store, [DATA], shapes) != found


def test_only_nodes_in_doubt_are_judged() -> None:
    kg = KnowledgeGraph.packaged("sample")
    doubtful = [str(shape).rsplit("#")[-1] for shape in suspects(kg.store, kg.plan_graphs(), SHAPES)]
    assert doubtful == ["period", "withinItself"]


def test_words_that_are_not_known_hand_the_whole_run_to_pyshacl(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = shapes_of(
        "ex:S a sh:NodeShape ; sh:targetClass ex:Kind ; sh:class ex:Special ; sh:rule [ sh:subject sh:this ] ."
    )
    assert unsupported(shapes) == {SH.rule, SH.subject}
    assert not unsupported(SHAPES)
    judged: list[rdflib.Graph] = []

    def kept(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
        judged.append(data)
        return judge(data, shapes)

    monkeypatch.setattr(shacl, "judge", kept)
    assert results(validate_shapes(store_of(VALUES), [DATA], shapes))
    assert not isinstance(judged[0], StoreView) and len(judged[0]) > 40


def w3c_tests() -> list[Path]:
    return sorted(
        file
        for file in W3C.rglob("*.ttl")
        if file.name != "manifest.ttl" and "sht:Validate" in file.read_text("utf-8")
    )


W3C_DIFFERS = {
    "property/datatype-ill-formed": "Oxigraph stores xsd:byte as xsd:integer",
    "property/uniqueLang-002": 'pySHACL takes "1"^^xsd:boolean for true',
    "node/prefixes-001": "pySHACL does not follow owl:imports to prefixes",
    "pre-binding/shapesGraph-001": "pySHACL has no $shapesGraph",
}
"""Tests in which pySHACL or the store gives other results than W3C's, and why."""


def briefly(report: rdflib.Graph, node: Node | None) -> Counter[tuple[object, ...]]:
    """Return how often a report has each result, without what W3C's tests leave open."""
    words = (SH.focusNode, SH.resultPath, SH.value, SH.sourceConstraintComponent, SH.resultSeverity)
    return Counter(
        tuple(
            "a blank node" if isinstance(value, rdflib.BNode) else value
            for value in (report.value(result, word) for word in words)
        )
        for result in report.objects(node, SH.result)
    )


@pytest.mark.skipif(not W3C.is_dir(), reason="W3C's tests are not at hand: ../shared/w3c/shacl")
@pytest.mark.parametrize("file", w3c_tests(), ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_w3c(file: Path) -> None:
    manifest = rdflib.Graph().parse(file, publicID=file.as_uri())
    sht = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")
    mf = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
    (test,) = manifest.subjects(RDF.type, sht.Validate)
    action, expected = manifest.value(test, mf.action), manifest.value(test, mf.result)
    data, shapes = (
        Path(url2pathname(urlsplit(str(manifest.value(action, word))).path))
        for word in (sht.dataGraph, sht.shapesGraph)
    )
    store = ox.Store()
    store.load(path=str(data), format=ox.RdfFormat.TURTLE, base_iri=data.as_uri(), to_graph=DATA)
    shapes_graph = rdflib.Graph().parse(shapes, publicID=shapes.as_uri())
    assert_same(store, [DATA], shapes_graph)
    if expected == sht.Failure:
        is_right = isinstance(outcome(lambda: validate_shapes(store, [DATA], shapes_graph)), str)
    else:
        try:
            report = validate_shapes(store, [DATA], shapes_graph)
            top = report.value(None, RDF.type, SH.ValidationReport)
            is_right = briefly(report, top) == briefly(manifest, expected)
        except Exception:  # noqa: BLE001
            is_right = False
    name = f"{file.parent.name}/{file.stem}"
    assert is_right == (name not in W3C_DIFFERS)
