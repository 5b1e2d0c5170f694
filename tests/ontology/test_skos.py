"""The concept schemes keep the integrity conditions of SKOS; every shape is proven by a scheme broken in one place."""

import pyshacl
import pytest
import rdflib
from rdflib import RDF, RDFS, SH, SKOS, Literal, URIRef

from hongtu.loaders.divisions import names_by_code, write_divisions
from hongtu.loaders.records import STATUSES
from hongtu.loaders.vocabulary import WORDS
from hongtu.ontology.namespace import GBT, PREFIXES, QUDT, SCHEMES, SEI, STATUS, UNIT, read_turtle

SHAPES = rdflib.Graph().parse(data=read_turtle("skos"), format="turtle")
NAMESPACE = "https://w3id.org/hongtu/shapes/skos#"
NAMED = sorted(
    str(shape).removeprefix(NAMESPACE)
    for shape in SHAPES.subjects(RDF.type)
    if isinstance(shape, URIRef) and shape.startswith(NAMESPACE)
)
GOOD = """
:tea a skos:ConceptScheme ; skos:prefLabel "茶"@zh , "teas"@en ; dcterms:title "茶"@zh , "teas"@en ;
    dcterms:language "zh" , "en" ; skos:hasTopConcept :green .
:green a skos:Concept ; skos:inScheme :tea ; skos:topConceptOf :tea ; skos:notation "1" ;
    skos:prefLabel "绿茶"@zh , "green tea"@en ; skos:altLabel "绿"@zh ; skos:narrower :longjing , :maofeng .
:longjing a skos:Concept ; skos:inScheme :tea ; skos:broader :green ; skos:notation "11" ;
    skos:prefLabel "龙井"@zh , "Longjing"@en ; skos:related :maofeng ; skos:exactMatch <http://example.org/longjing> .
:maofeng a skos:Concept ; skos:inScheme :tea ; skos:broader :green ; skos:notation "12" ;
    skos:prefLabel "毛峰"@zh , "Maofeng"@en .
"""
BROKEN = {
    "S9": "INSERT DATA { :tea a skos:Concept }",
    "S13": "INSERT DATA { :green skos:altLabel '绿茶'@zh }",
    "S13hidden": "INSERT DATA { :green skos:hiddenLabel '绿'@zh }",
    "S14": "INSERT DATA { :green skos:prefLabel '青茶'@zh }",
    "S27": "INSERT DATA { :maofeng skos:related :green }",
    "S37": "INSERT DATA { :green a skos:Collection }",
    "S46": "INSERT DATA { :longjing skos:relatedMatch <http://example.org/longjing> }",
    "title": "DELETE WHERE { :tea dcterms:title ?title }",
    "language": "DELETE WHERE { :tea dcterms:language ?language }",
    "prefLabel": "DELETE DATA { :maofeng skos:prefLabel 'Maofeng'@en }",
    "notation": "DELETE DATA { :maofeng skos:notation '12' }",
    "notationOfOne": "INSERT DATA { :maofeng skos:notation '11' }",
    "inScheme": "DELETE DATA { :maofeng skos:inScheme :tea }",
    "orphan": "DELETE DATA { :maofeng skos:broader :green }",
    "topHasBroader": "INSERT DATA { :maofeng skos:topConceptOf :tea }",
    "topConcept": "DELETE DATA { :tea skos:hasTopConcept :green }",
    "narrower": "DELETE DATA { :green skos:narrower :maofeng }",
    "sameScheme": "INSERT DATA { :maofeng skos:related :coffee }",
    "mapping": "INSERT DATA { :maofeng skos:closeMatch <https://w3id.org/hongtu/id/gbt4754-2017/C999> }",
    "cycle": "INSERT DATA { :maofeng skos:broader :longjing . :longjing skos:broader :maofeng }",
}


def broken_shapes(graph: rdflib.Graph) -> set[str]:
    """Return the names of the shapes that a graph breaks."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=SHAPES, advanced=False)
    return {str(shape).removeprefix(NAMESPACE) for shape in report.objects(None, SH.sourceShape)}


def good_graph() -> rdflib.Graph:
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in {**PREFIXES, "": "urn:x:"}.items():
        graph.bind(prefix, namespace)
    graph.update(f"INSERT DATA {{ {GOOD} }}")
    return graph


def schemes(*names: str) -> rdflib.Graph:
    graph = rdflib.Graph()
    for name in names:
        graph.parse(data=read_turtle(name), format="turtle")
    return graph


def test_a_small_scheme_conforms_and_every_shape_is_broken_below() -> None:
    assert broken_shapes(good_graph()) == set()
    assert sorted(BROKEN) == NAMED


@pytest.mark.parametrize("shape", BROKEN)
def test_a_broken_scheme_is_found(shape: str) -> None:
    graph = good_graph()
    graph.update(BROKEN[shape])
    assert shape in broken_shapes(graph)


def test_every_packaged_scheme_conforms() -> None:
    graph = schemes(*SCHEMES.values())
    # A province with counties of its own (Hubei), and one with a prefecture without counties (Guangdong, Dongguan).
    codes = [code for code in names_by_code() if code.startswith(("42", "44"))]
    graph.parse(data="".join(write_divisions(codes)), format="turtle")
    assert broken_shapes(graph) == set()


def codes(graph: rdflib.Graph, namespace: rdflib.Namespace) -> set[str]:
    return {
        str(concept).removeprefix(str(namespace))
        for concept in graph.subjects(RDF.type, SKOS.Concept)
        if str(concept).startswith(str(namespace))
    }


def test_gbt4754_has_its_sections_divisions_and_groups() -> None:
    graph = schemes("industries")
    found = codes(graph, GBT)
    assert {code for code in found if len(code) == 1} == set("ABCDEFGHIJKLMNOPQRST")
    divisions = sorted(code for code in found if len(code) == 3)
    assert [code[1:] for code in divisions] == [f"{number:02}" for number in range(1, 98)]
    assert len([code for code in found if len(code) == 4]) == 473
    assert len(found) == 590
    for code in found:
        assert [str(notation) for notation in graph.objects(GBT[code], SKOS.notation)] == [code]
        above = code[:-1] if len(code) == 4 else code[:1] if len(code) == 3 else ""
        assert list(graph.objects(GBT[code], SKOS.broader)) == ([GBT[above]] if above else [])


def test_strategic_industries_have_nine_areas_and_forty_classes() -> None:
    graph = schemes("strategic_industries")
    found = codes(graph, SEI)
    assert {code for code in found if "." not in code} == set("123456789")
    assert len([code for code in found if "." in code]) == 40
    for code in found:
        assert [str(notation) for notation in graph.objects(SEI[code], SKOS.notation)] == [code]


def test_statuses_are_those_of_the_records_as_tables_call_them() -> None:
    graph = schemes("statuses")
    assert codes(graph, STATUS) == set(STATUSES)
    for status in STATUSES:
        labels = [
            *graph.objects(STATUS[status], SKOS.prefLabel),
            *graph.objects(STATUS[status], SKOS.altLabel),
        ]
        chinese = {str(label) for label in labels if isinstance(label, Literal) and label.language == "zh"}
        assert chinese == set(WORDS[status])
    order = graph.value(STATUS["order"], SKOS.memberList)
    assert order is not None
    assert [STATUS[status] for status in STATUSES] == list(graph.items(order))


def test_a_unit_is_converted_to_a_base_of_the_same_kind() -> None:
    graph = schemes("units")
    assert set(graph.subjects(QUDT.scalingOf)) == set(graph.subjects(QUDT.conversionMultiplier))
    bases = list(graph.subject_objects(QUDT.scalingOf))
    assert bases
    for unit, base in bases:
        assert (base, QUDT.scalingOf, None) not in graph
        kinds = [graph.value(node, QUDT.hasQuantityKind) for node in (unit, base)]
        assert kinds[0] == kinds[1] is not None
        assert graph.value(unit, QUDT.conversionMultiplier).toPython() > 0  # type: ignore[union-attr]
    assert str(graph.value(UNIT["亿元"], QUDT.conversionMultiplier)) == "100000000.0"


def test_schemes_are_called_by_the_file_that_has_them() -> None:
    for scheme, name in SCHEMES.items():
        graph = schemes(name)
        assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [scheme]
        assert not list(graph.objects(scheme, RDFS.label))
