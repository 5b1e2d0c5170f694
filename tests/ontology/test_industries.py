"""SKOS integrity of GB/T 4754-2017; S13, S14 and S27 are the conditions of the SKOS reference."""

import re

import rdflib
from rdflib import RDF, SKOS, Literal, URIRef

from hongtu.ontology.namespace import GBT, read_turtle

SCHEME = URIRef(str(GBT).rstrip("/"))
INDUSTRIES = rdflib.Graph().parse(data=read_turtle("industries"), format="turtle")
CONCEPTS = {concept for concept in INDUSTRIES.subjects(RDF.type, SKOS.Concept) if isinstance(concept, URIRef)}


def code(concept: rdflib.term.Node) -> str:
    return str(concept).removeprefix(str(GBT))


def test_there_are_20_sections_and_97_divisions() -> None:
    codes = {code(concept) for concept in CONCEPTS}
    assert {name for name in codes if len(name) == 1} == set("ABCDEFGHIJKLMNOPQRST")
    divisions = sorted(name[1:] for name in codes if len(name) == 3)
    assert divisions == [f"{number:02}" for number in range(1, 98)]
    assert len(codes) == 117


def test_divisions_follow_the_order_of_their_sections() -> None:
    divisions = sorted(
        (code(concept)[1:], code(concept)[0]) for concept in CONCEPTS if len(code(concept)) == 3
    )
    assert [letter for _, letter in divisions] == sorted(letter for _, letter in divisions)


def test_every_concept_has_one_label_a_language_and_its_code() -> None:
    for concept in CONCEPTS:
        labels = [
            label for label in INDUSTRIES.objects(concept, SKOS.prefLabel) if isinstance(label, Literal)
        ]
        assert sorted(label.language or "" for label in labels) == ["en", "zh"]  # S14
        alternatives = set(INDUSTRIES.objects(concept, SKOS.altLabel))
        assert not alternatives & set(labels)  # S13
        assert [str(notation) for notation in INDUSTRIES.objects(concept, SKOS.notation)] == [code(concept)]
        assert list(INDUSTRIES.objects(concept, SKOS.inScheme)) == [SCHEME]
        assert re.search("[\u4e00-\u9fff]", str(next(label for label in labels if label.language == "zh")))


def test_the_hierarchy_is_whole() -> None:
    for concept in CONCEPTS:
        broader = list(INDUSTRIES.objects(concept, SKOS.broader))
        if len(code(concept)) == 1:
            assert not broader
            assert (SCHEME, SKOS.hasTopConcept, concept) in INDUSTRIES
            assert (concept, SKOS.topConceptOf, SCHEME) in INDUSTRIES
        else:
            assert broader == [GBT[code(concept)[0]]]
            assert (broader[0], SKOS.narrower, concept) in INDUSTRIES
    assert not set(INDUSTRIES.subject_objects(SKOS.related)) & set(
        INDUSTRIES.subject_objects(SKOS.broader)
    )  # S27
