import pytest
import rdflib
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, Literal, URIRef

from hongtu.loaders.relations import PREDICATES
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
def test_every_term_is_explained_in_both_languages(term: URIRef) -> None:
    for predicate in (RDFS.label, SKOS.definition, SKOS.scopeNote, SKOS.example):
        texts = list(ONTOLOGY.objects(term, predicate))
        assert sorted(text.language or "" for text in texts if isinstance(text, Literal)) == ["en", "zh"]
        assert all(texts)


def test_no_two_terms_share_a_label() -> None:
    """Tables name relations and kinds by label, in any case of letters."""
    labels = [str(label).casefold() for label in ONTOLOGY.objects(None, RDFS.label)]
    assert len(labels) == len(set(labels)) == 2 * len(TERMS)


def test_the_header_says_whose_it_is_and_which_version() -> None:
    (header,) = ONTOLOGY.subjects(RDF.type, OWL.Ontology)
    version = str(ONTOLOGY.value(header, OWL.versionInfo))
    assert str(ONTOLOGY.value(header, OWL.versionIRI)) == f"{header}/{version}"
    said = set(ONTOLOGY.predicates(header))
    assert {DCTERMS.title, DCTERMS.description, DCTERMS.creator, DCTERMS.license, DCTERMS.created} <= said
    assert {DCTERMS.modified, DCTERMS.bibliographicCitation, VANN.preferredNamespacePrefix} <= said
    citations = [str(text) for text in ONTOLOGY.objects(header, DCTERMS.bibliographicCitation)]
    assert len(citations) == 2
    assert all(version in text for text in citations)


def test_inverses_have_the_ends_of_their_properties_exchanged() -> None:
    ends = (RDFS.domain, RDFS.range, rdflib.SDO.domainIncludes, rdflib.SDO.rangeIncludes)
    exchanged = (RDFS.range, RDFS.domain, rdflib.SDO.rangeIncludes, rdflib.SDO.domainIncludes)
    inverses = list(ONTOLOGY.subject_objects(OWL.inverseOf))
    assert {property_ for _, property_ in inverses} == {*EDGE_PROPERTIES} - {HT.partnersWith}
    for inverse, property_ in inverses:
        for end, other in zip(ends, exchanged, strict=True):
            assert set(ONTOLOGY.objects(inverse, end)) == set(ONTOLOGY.objects(property_, other))


@pytest.mark.parametrize("relation", PREDICATES)
def test_ends_are_those_that_tables_may_have(relation: str) -> None:
    for kinds, words in zip(
        PREDICATES[relation],
        ((RDFS.domain, rdflib.SDO.domainIncludes), (RDFS.range, rdflib.SDO.rangeIncludes)),
        strict=True,
    ):
        said = {term for word in words for term in ONTOLOGY.objects(HT[relation], word)}
        assert said | set(ONTOLOGY.subjects(RDFS.subClassOf, HT.Organization)) >= {HT[kind] for kind in kinds}
        assert said <= {HT[kind] for kind in kinds}


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
