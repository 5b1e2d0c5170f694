"""Every shape is shown to hold on a small graph, and to fail on the same graph broken in one place."""

import pyshacl
import pytest
import rdflib
from rdflib import OWL, RDF, SH, Literal, URIRef

from hongtu.graph import KnowledgeGraph
from hongtu.ontology.namespace import HT, PREFIXES, read_turtle

SHAPES = rdflib.Graph().parse(data=read_turtle("shapes"), format="turtle")
ONTOLOGY = rdflib.Graph().parse(data=read_turtle("hongtu"), format="turtle")
HTS = "https://w3id.org/hongtu/shapes#"
NAMED = sorted(
    str(shape).removeprefix(HTS)
    for kind in (SH.NodeShape, SH.PropertyShape)
    for shape in SHAPES.subjects(RDF.type, kind)
    if isinstance(shape, URIRef)
)
GOOD = """
:plan a ht:Plan ; skos:prefLabel "青山县规划"@zh ; dcterms:title "青山县规划"@zh ; dcterms:spatial :place ;
    ht:sha256 "0000000000000000000000000000000000000000000000000000000000000000" ;
    ht:firstYear "2021"^^xsd:gYear ; ht:lastYear "2025"^^xsd:gYear ; prov:value "扶持青山茶业。" .
:section a ht:Section ; skos:prefLabel "第一章"@zh ; ht:level 1 ; ht:start 0 ; ht:end 90 ; dcterms:isPartOf :plan .
:passage a ht:Passage ; dcterms:isPartOf :plan ; ht:section :section ; ht:start 3 ; ht:end 9 ; ht:line 1 ;
    ht:quote "青山茶业" .
:reading a prov:Activity ; rdfs:label "读"@zh .
:measure a ht:Measure ; skos:prefLabel "茶产业"@zh ; dcterms:isPartOf :section ; ht:mentionedIn :passage .
:strategy a ht:Strategy ; skos:prefLabel "茶业战略"@zh ; ht:mentionedIn :passage .
:project a ht:Project ; skos:prefLabel "茶园"@zh ; skos:altLabel "茶叶园"@zh ; ht:status "planned" ;
    ht:mentionedIn :passage .
:who a ht:Enterprise ; skos:prefLabel "青山茶业"@zh ; ht:mentionedIn :passage .
:body a ht:Organization ; skos:prefLabel "茶科所"@zh ; ht:mentionedIn :passage .
:industry a ht:Industry ; skos:prefLabel "茶产业"@zh ; ht:mentionedIn :passage ;
    skos:broader <https://w3id.org/hongtu/id/gbt4754-2017/C15> .
:place a ht:Location ; skos:prefLabel "青山县"@zh ; ht:adminCode "999901" ; ht:mentionedIn :passage ;
    ht:division <https://w3id.org/hongtu/id/gbt2260/999901> .
:town a ht:Location ; skos:prefLabel "白水镇"@zh ; ht:mentionedIn :passage .
:target a ht:Target ; ht:indicatorLabel "产值"@zh ; ht:value 90.5 ; ht:verbatim "90.50" ; ht:unit "亿元" ;
    ht:year "2025"^^xsd:gYear ; ht:comparator ">=" ; ht:role "target" ; ht:mentionedIn :passage .
"""
EDGES = [
    ("who", "undertakes", "project"),
    ("who", "operatesIn", "industry"),
    ("project", "inIndustry", "industry"),
    ("project", "locatedIn", "town"),
    ("town", "within", "place"),
    ("who", "partnersWith", "body"),
    ("measure", "implements", "strategy"),
    ("strategy", "promotes", "industry"),
    ("industry", "hasTarget", "target"),
]
ENDS = {
    f"{predicate}{end}": f"INSERT DATA {{ {triple} }}"
    for _, predicate, _ in EDGES
    for end, triple in (
        ("Subject", f":passage ht:{predicate} :who"),
        ("Object", f":who ht:{predicate} :passage"),
    )
}
SHAPED = {term for word in (SH.path, SH.targetSubjectsOf) for term in SHAPES.objects(None, word)}
INVERSES = sorted(str(term).removeprefix(str(HT)) for term in ONTOLOGY.subjects(OWL.inverseOf, None))
BROKEN = {
    "prefLabel": "DELETE DATA { :who skos:prefLabel '青山茶业'@zh }",
    "altLabel": "INSERT DATA { :who skos:altLabel 'tea' }",
    "mentionedIn": "DELETE DATA { :who ht:mentionedIn :passage }",
    "editorialNote": "INSERT DATA { :who skos:editorialNote 'also tea' }",
    "confidenceOfThing": "INSERT DATA { :who ht:confidence 2.0 }",
    **{
        f"{kind}Only": f"INSERT DATA {{ :{kind} a ht:Organization }}"
        for kind in ("strategy", "project", "industry", "measure")
    },
    "locationOnly": "INSERT DATA { :town a ht:Enterprise }",
    "planTitle": "DELETE DATA { :plan dcterms:title '青山县规划'@zh }",
    "sha256": "DELETE { :plan ht:sha256 ?x } INSERT { :plan ht:sha256 'ABC' } WHERE { :plan ht:sha256 ?x }",
    "firstYear": "INSERT DATA { :plan ht:firstYear 2020 }",
    "period": "DELETE DATA { :plan ht:firstYear '2021'^^xsd:gYear } ; "
    "INSERT DATA { :plan ht:firstYear '2031'^^xsd:gYear }",
    "lastYear": "INSERT DATA { :plan ht:lastYear 2030 }",
    "spatial": "INSERT DATA { :plan dcterms:spatial :who }",
    "start": "DELETE DATA { :passage ht:start 3 } ; INSERT DATA { :passage ht:start 12 }",
    "end": "DELETE DATA { :passage ht:end 9 }",
    "level": "DELETE DATA { :section ht:level 1 } ; INSERT DATA { :section ht:level 0 }",
    "partOfSection": "DELETE DATA { :measure dcterms:isPartOf :section }",
    "partOfPlan": "INSERT DATA { :passage dcterms:isPartOf :section }",
    "line": "DELETE DATA { :passage ht:line 1 } ; INSERT DATA { :passage ht:line 0 }",
    "section": "INSERT DATA { :passage ht:section :plan }",
    "source": "INSERT DATA { :plan dcterms:source '网站'@zh }",
    "lineOfSection": "INSERT DATA { :section ht:line 0 }",
    "subject": "INSERT DATA { :section dcterms:subject :industry }",
    "prefix": "INSERT DATA { :passage oa:prefix '扶持'@zh }",
    "suffix": "INSERT DATA { :passage oa:suffix '。', '！' }",
    "planText": "INSERT DATA { :plan prov:value '扶持茶业。' }",
    "quote": "INSERT DATA { :passage ht:quote '茶'@zh }",
    "status": "INSERT DATA { :project ht:status 'dreamt' }",
    "industryOfPlan": "INSERT DATA { <https://w3id.org/hongtu/id/gbt4754-2017/C15> a ht:Industry }",
    "industryBroader": "INSERT DATA { :industry skos:broader :strategy }",
    "adminCode": "INSERT DATA { :town ht:adminCode 999902 }",
    "division": "INSERT DATA { :town ht:division <https://w3id.org/hongtu/id/gbt2260/999901100> }",
    "divisionOfCode": "INSERT DATA { :town ht:division <https://w3id.org/hongtu/id/gbt2260/999902> }",
    "indicatorLabel": "INSERT DATA { :target ht:indicatorLabel 'output' }",
    "value": "INSERT DATA { :target ht:value '九十' }",
    "verbatim": "DELETE DATA { :target ht:verbatim '90.50' }",
    "unit": "INSERT DATA { :target ht:unit '元'@zh }",
    "year": "DELETE DATA { :target ht:year '2025'^^xsd:gYear }",
    "comparator": "INSERT DATA { :target ht:comparator '>' }",
    "role": "DELETE DATA { :target ht:role 'target' } ; INSERT DATA { :target ht:role 'hope' }",
    "targetOf": "DELETE DATA { :industry ht:hasTarget :target }",
    "claimSubject": "DELETE DATA { :undertakes rdf:subject :who }",
    "claimPredicate": "INSERT DATA { :undertakes rdf:predicate rdfs:seeAlso }",
    "claimObject": "INSERT DATA { :undertakes rdf:object 'text' }",
    "wasDerivedFrom": "DELETE DATA { :undertakes prov:wasDerivedFrom :passage }",
    "confidence": "INSERT DATA { :undertakes ht:confidence 1.5 }",
    "wasGeneratedBy": "DELETE DATA { :undertakes prov:wasGeneratedBy :reading }",
    "activityLabel": "DELETE DATA { :reading rdfs:label '读'@zh }",
    "edgeHasClaim": "INSERT DATA { :body ht:undertakes :project }",
    "partnersWithItself": "INSERT DATA { :body ht:partnersWith :body }",
    "withinItself": "INSERT DATA { :place ht:within :town }",
    **ENDS,
    **{f"{name}Stated": f"INSERT DATA {{ :place ht:{name} :town }}" for name in INVERSES},
}


def good_graph() -> rdflib.Graph:
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in {**PREFIXES, "": "urn:x:"}.items():
        graph.bind(prefix, namespace)
    graph.update("INSERT DATA {" + GOOD + "}")
    for subject, predicate, object_ in EDGES:
        graph.update(
            f"INSERT DATA {{ :{subject} ht:{predicate} :{object_} . :{predicate} a ht:Claim ; rdf:subject :{subject} ;"
            f" rdf:predicate ht:{predicate} ; rdf:object :{object_} ; prov:wasDerivedFrom :passage ;"
            " prov:wasGeneratedBy :reading ; ht:confidence 1.0 }"
        )
    return graph


def broken_shapes(graph: rdflib.Graph) -> set[str]:
    """Return the names of the shapes that a graph breaks."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=SHAPES, advanced=False)
    return {str(shape).removeprefix(HTS) for shape in report.objects(None, SH.sourceShape)}


def test_the_small_graph_conforms() -> None:
    assert broken_shapes(good_graph()) == set()


def test_every_shape_is_broken_below() -> None:
    assert sorted(BROKEN) == NAMED


def terms(*kinds: URIRef) -> set[URIRef]:
    """Return the ontology's own terms of these kinds."""
    found = {term for kind in kinds for term in ONTOLOGY.subjects(RDF.type, kind)}
    return {term for term in found if isinstance(term, URIRef) and term in HT}


def test_every_class_and_property_has_a_shape() -> None:
    assert terms(OWL.Class) <= set(SHAPES.objects(None, SH.targetClass))
    assert terms(OWL.ObjectProperty, OWL.DatatypeProperty) <= SHAPED


def test_all_that_is_written_has_a_shape(sample: KnowledgeGraph, hongdong: KnowledgeGraph) -> None:
    written = {
        URIRef(quad.predicate.value)
        for kg in (sample, hongdong)
        for graph in kg.plan_graphs()
        for quad in kg.store.quads_for_pattern(None, None, None, graph)
    }
    assert written - SHAPED == {RDF.type}


def test_what_is_inferred_may_not_be_stated() -> None:
    refused = {SHAPES.value(shape, SH.path) for shape in SHAPES.subjects(SH.maxCount, Literal(0))}
    assert refused == {HT[name] for name in INVERSES}


@pytest.mark.parametrize("shape", BROKEN)
def test_a_broken_graph_is_found(shape: str) -> None:
    graph = good_graph()
    graph.update(BROKEN[shape])
    assert shape in broken_shapes(graph)


@pytest.mark.parametrize("shape", NAMED)
def test_every_shape_says_what_to_do_in_both_languages(shape: str) -> None:
    messages = list(SHAPES.objects(URIRef(HTS + shape), SH.message))
    messages += [
        message
        for constraint in SHAPES.objects(URIRef(HTS + shape), SH.sparql)
        for message in SHAPES.objects(constraint, SH.message)
    ]
    assert sorted(message.language or "" for message in messages if isinstance(message, Literal)) == [
        "en",
        "zh",
    ]
