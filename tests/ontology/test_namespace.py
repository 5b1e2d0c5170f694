import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, Literal, URIRef

from hongtu.ontology.namespace import EDGE_PROPERTIES, ENTITY_CLASSES, HT, PREFIXES, read_turtle

ONTOLOGY = rdflib.Graph().parse(data=read_turtle("hongtu"), format="turtle")
KINDS_OF_TERMS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
TERMS = sorted(
    {
        term
        for kind in KINDS_OF_TERMS
        for term in ONTOLOGY.subjects(RDF.type, kind)
        if isinstance(term, URIRef) and term.startswith(str(HT))
    }
)


def test_python_and_turtle_have_the_same_terms() -> None:
    assert {str(HT[name]) for name in HT.__annotations__ if not name.startswith("_")} == set(map(str, TERMS))


@pytest.mark.parametrize("term", TERMS)
def test_every_term_has_one_label_and_definition_in_both_languages(term: URIRef) -> None:
    for predicate in (RDFS.label, SKOS.definition):
        texts = list(ONTOLOGY.objects(term, predicate))
        assert sorted(text.language or "" for text in texts if isinstance(text, Literal)) == ["en", "zh"]
        assert all(texts)


def test_an_unknown_term_raises() -> None:
    with pytest.raises(AttributeError, match="undertake"):
        HT.undertake  # noqa: B018 - the access is the test
    with pytest.raises(AttributeError, match="Enterprize"):
        HT["Enterprize"]


def test_classes_and_edges_are_those_of_the_ontology() -> None:
    assert set(ENTITY_CLASSES) <= set(ONTOLOGY.subjects(RDF.type, OWL.Class))
    assert set(EDGE_PROPERTIES) <= set(ONTOLOGY.subjects(RDF.type, OWL.ObjectProperty))
    assert (HT.partnersWith, RDF.type, OWL.SymmetricProperty) in ONTOLOGY
    assert (HT.Enterprise, RDFS.subClassOf, HT.Organization) in ONTOLOGY


def test_prefixes_are_those_of_the_turtle_files() -> None:
    for name in ("hongtu", "shapes", "industries"):
        graph = rdflib.Graph(bind_namespaces="none").parse(data=read_turtle(name), format="turtle")
        for prefix, namespace in graph.namespaces():
            assert PREFIXES.get(prefix, str(namespace)) == str(namespace)


def test_an_unknown_file_is_told_with_those_there_are() -> None:
    with pytest.raises(FileNotFoundError, match="hongtu, industries, shapes"):
        read_turtle("nonsense")
