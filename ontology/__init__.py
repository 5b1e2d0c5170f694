"""The vocabulary of Hongtu: OWL ontology, SHACL shapes, concept schemes, and their Python names."""

from hongtu.ontology.namespace import (
    EDGE_PROPERTIES,
    ENTITY_CLASSES,
    GBT,
    GBT2260,
    HT,
    ID,
    OA,
    PREFIXES,
    SCHEMES,
    SEI,
    STATUS,
    UNIT,
    read_turtle,
)

__all__ = [
    "EDGE_PROPERTIES",
    "ENTITY_CLASSES",
    "GBT",
    "GBT2260",
    "HT",
    "ID",
    "OA",
    "PREFIXES",
    "SCHEMES",
    "SEI",
    "STATUS",
    "UNIT",
    "read_turtle",
]
