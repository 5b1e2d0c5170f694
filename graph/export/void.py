"""A graph described in RDF for catalogues and query planners: VoID and DCAT."""

import urllib.parse
from collections import Counter
from pathlib import PurePath

import pyoxigraph as ox
from rdflib import DCAT, DCTERMS, FOAF, RDF, VOID, XSD, Graph, Literal, URIRef

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.queries import read_query
from hongtu.graph.terms import compact_iri
from hongtu.ontology.namespace import HT, ID, MEDIA_TYPE, PREFIXES

_DATASET = URIRef("#dataset")


def describe_void(kg: KnowledgeGraph, dump: PurePath, *, conforms_to: str) -> str:
    """Return a description of all plans of a graph as one ``void:Dataset`` and ``dcat:Dataset``, in Turtle.

    It tells the plans, their places and years, and how many triples, things of each class and triples of each
    property there are. A triple counts once for each named graph that it stands in. The IRIs of the description are
    relative to the file in which it is kept.

    :param dump: the file with all triples in N-Quads, relative to that file.
    :param conforms_to: the IRI of the version of the ontology.

    Sources: `VoID <https://www.w3.org/TR/void/>`_, section 4; `DCAT 3 <https://www.w3.org/TR/vocab-dcat-3/>`_.
    """
    about = Graph()
    for prefix, namespace in PREFIXES.items():
        about.bind(prefix, namespace)
    about.add((URIRef(""), RDF.type, VOID.DatasetDescription))
    about.add((URIRef(""), FOAF.primaryTopic, _DATASET))
    for property_, value in (
        (RDF.type, VOID.Dataset),
        (RDF.type, DCAT.Dataset),
        (DCTERMS.conformsTo, URIRef(conforms_to)),
        (VOID.vocabulary, URIRef(str(HT))),
        (VOID.uriSpace, Literal(str(ID))),
        (VOID.dataDump, URIRef(dump.as_posix())),
        (DCAT.distribution, URIRef("#dump")),
    ):
        about.add((_DATASET, property_, value))
    about.add((URIRef("#dump"), RDF.type, DCAT.Distribution))
    about.add((URIRef("#dump"), DCAT.downloadURL, URIRef(dump.as_posix())))
    about.add((URIRef("#dump"), DCAT.mediaType, MEDIA_TYPE["application/n-quads"]))
    _add_plans(about, kg)
    _add_statistics(about, kg)
    return about.serialize(format="turtle")


def _add_plans(about: Graph, kg: KnowledgeGraph) -> None:
    for number, row in enumerate(kg.solutions(read_query("list_plans").sparql), 1):
        period = URIRef(f"#period-{number}")
        about.add((_DATASET, DCTERMS.title, Literal(row["title"].value, row["title"].language)))
        about.add((_DATASET, DCTERMS.source, URIRef(row["plan"].value)))
        about.add((_DATASET, DCTERMS.spatial, URIRef(row["home"].value)))
        about.add((_DATASET, DCTERMS.temporal, period))
        about.add((period, RDF.type, DCTERMS.PeriodOfTime))
        about.add((period, DCAT.startDate, Literal(row["first"].value, datatype=XSD.gYear)))
        about.add((period, DCAT.endDate, Literal(row["last"].value, datatype=XSD.gYear)))


def _add_statistics(about: Graph, kg: KnowledgeGraph) -> None:
    classes: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    for graph in kg.plan_graphs():
        for quad in kg.store.quads_for_pattern(None, None, None, graph):
            properties[quad.predicate.value] += 1
            if quad.predicate.value == str(RDF.type) and isinstance(quad.object, ox.NamedNode):
                classes[quad.object.value] += 1
    for property_, count in (
        (VOID.triples, properties.total()),
        (VOID.classes, len(classes)),
        (VOID.properties, len(properties)),
    ):
        about.add((_DATASET, property_, Literal(count)))
    _add_partitions(about, VOID.classPartition, VOID["class"], VOID.entities, classes)
    _add_partitions(about, VOID.propertyPartition, VOID.property, VOID.triples, properties)


def _add_partitions(about: Graph, link: URIRef, of: URIRef, number: URIRef, counts: Counter[str]) -> None:
    """Add a part of the data set for each class or property, with an IRI of its own so that no blank nodes arise."""
    for term, count in counts.items():
        short = compact_iri(term)
        part = URIRef("#" + urllib.parse.quote(short if ":" in short else term, safe=":"))
        about.add((_DATASET, link, part))
        about.add((part, of, URIRef(term)))
        about.add((part, number, Literal(count)))
