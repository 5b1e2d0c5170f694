import pickle

import pyoxigraph as ox
import pytest
import rdflib

from hongtu.graph.terms import Resource, compact_iri, to_python, to_rdflib


def typed(text: str, datatype: rdflib.URIRef) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(str(datatype)))


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        (ox.Literal("华翔", language="zh"), "华翔"),
        (typed("120", rdflib.XSD.integer), 120),
        (typed("2025", rdflib.XSD.gYear), 2025),
        (typed("7.20", rdflib.XSD.decimal), 7.2),
        (typed("1e3", rdflib.XSD.double), 1000.0),
        (typed("true", rdflib.XSD.boolean), True),
        (typed("no number", rdflib.XSD.integer), "no number"),
        (typed("no number", rdflib.XSD.decimal), "no number"),
    ],
)
def test_literals_become_values_and_ill_typed_ones_stay_text(literal: ox.Literal, value: object) -> None:
    assert to_python(literal) == value


def test_resource_reads_as_label_and_survives_pickling() -> None:
    thing = pickle.loads(pickle.dumps(Resource("华翔集团", "urn:x")))
    assert (thing, thing.iri) == ("华翔集团", "urn:x")


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://w3id.org/hongtu/ontology#undertakes", "ht:undertakes"),
        ("http://www.w3.org/2004/02/skos/core#prefLabel", "skos:prefLabel"),
        ("https://w3id.org/hongtu/id/洪洞/project/乾峰大桥", "乾峰大桥"),
        ("urn:x", "urn:x"),
    ],
)
def test_iris_are_shown_short(iri: str, short: str) -> None:
    assert compact_iri(iri) == short


def test_plain_strings_equal_those_of_rdflibs_parsers() -> None:
    assert to_rdflib(ox.Literal("planned")) == rdflib.Literal("planned")
    assert to_rdflib(typed("1", rdflib.XSD.integer)) == rdflib.Literal(1)
    assert to_rdflib(ox.BlankNode("b")) == rdflib.BNode("b")
