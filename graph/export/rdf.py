"""RDF files."""

from pathlib import Path

import pyoxigraph as ox

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.ontology.namespace import PREFIXES

RDF_FORMATS = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
}
"""File endings and their formats."""


def write_rdf(kg: KnowledgeGraph, file: Path, rdf_format: ox.RdfFormat) -> None:
    """Write all plans, each in its named graph where the format has these."""
    quads = (quad for name in kg.plan_graphs() for quad in kg.store.quads_for_pattern(None, None, None, name))
    if rdf_format.supports_datasets:
        ox.serialize(quads, str(file), rdf_format, prefixes=PREFIXES)
    else:
        ox.serialize((quad.triple for quad in quads), str(file), rdf_format, prefixes=PREFIXES)
