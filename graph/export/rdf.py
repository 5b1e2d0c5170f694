"""RDF files."""

from pathlib import Path

import pyoxigraph as ox

from hongtu.graph.canonical import write_canonical
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.ontology.namespace import PREFIXES


def write_rdf(kg: KnowledgeGraph, file: Path, rdf_format: ox.RdfFormat) -> None:
    """Write all plans, each in its named graph where the format has these; N-Quads in canonical form (RDFC-1.0)."""
    if rdf_format == ox.RdfFormat.N_QUADS:
        with file.open("wb") as stream:
            write_canonical(kg.plan_quads(), stream)
    elif rdf_format.supports_datasets:
        ox.serialize(kg.plan_quads(), str(file), rdf_format, prefixes=PREFIXES)
    else:
        ox.serialize((quad.triple for quad in kg.plan_quads()), str(file), rdf_format, prefixes=PREFIXES)
