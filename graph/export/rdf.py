"""RDF files."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from hongtu.graph.canonical import write_canonical
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.ontology.namespace import PREFIXES


def write_rdf(kg: KnowledgeGraph, file: Path, rdf_format: ox.RdfFormat) -> None:
    """Write all plans, each in its named graph where the format has these; N-Quads in canonical form (RDFC-1.0)."""
    if rdf_format == ox.RdfFormat.N_QUADS:
        with file.open("wb") as stream:
            write_canonical(_quads(kg), stream)
    elif rdf_format.supports_datasets:
        ox.serialize(_quads(kg), str(file), rdf_format, prefixes=PREFIXES)
    else:
        ox.serialize((quad.triple for quad in _quads(kg)), str(file), rdf_format, prefixes=PREFIXES)


def _quads(kg: KnowledgeGraph) -> Iterator[ox.Quad]:
    return (quad for name in kg.plan_graphs() for quad in kg.store.quads_for_pattern(None, None, None, name))
