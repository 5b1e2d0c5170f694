import pickle
import subprocess
import sys

import numpy as np
import pyoxigraph as ox
import pytest
import rdflib

from hongtu.graph.terms import Resource, compact_iri, to_python, to_rdflib, to_term
from hongtu.loaders.errors import UsageError


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
        (typed("-44", rdflib.XSD.gYear), -44),
        (typed("2025+08:00", rdflib.XSD.gYear), "2025+08:00"),
        (typed("2025-01-02", rdflib.XSD.date), "2025-01-02"),
        (typed("5", rdflib.XSD.positiveInteger), 5),
        (typed("true", rdflib.XSD.boolean), True),
        (typed("0", rdflib.XSD.boolean), False),
        (typed("perhaps", rdflib.XSD.boolean), "perhaps"),
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


def test_what_rdflib_lacks_is_told() -> None:
    triple = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c"))
    with pytest.raises(UsageError, match="a triple about a triple"):
        to_rdflib(triple)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (Resource("甲", "甲 乙"), "“甲 乙” is no IRI"),
        (Resource("甲", ""), "“” is no IRI"),
        (rdflib.Literal("1", datatype=rdflib.URIRef("one")), "“one” is no IRI"),
        ("half \ud800", r"“half \\ud800” is no text"),
        (rdflib.Literal("\ud800", lang="zh"), "is no text"),
    ],
)
def test_what_no_term_can_be_is_told(value: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        to_term(value)


def test_numbers_of_numpy_are_numbers() -> None:
    assert to_term(np.int64(7)) == to_term(7)
    assert to_term(np.float32(1.5)) == to_term(1.5)
    assert to_term(np.bool_(True)) == to_term(True)
    with pytest.raises(UsageError, match="cannot be of type ndarray"):
        to_term(np.array([1, 2]))


def test_what_takes_long_to_import_waits_until_it_is_needed() -> None:
    slow = "{'numpy', 'pandas', 'matplotlib', 'IPython', 'ipywidgets', 'rdflib.plugins.sparql'}"
    code = f"import sys, hongtu.graph; print(*{slow} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
