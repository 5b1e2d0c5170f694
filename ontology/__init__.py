"""The vocabulary of Hongtu: OWL ontology, SHACL shapes, classification of industries, and their Python names."""

from hongtu.ontology.namespace import EDGE_PROPERTIES, ENTITY_CLASSES, GBT, HT, ID, OA, PREFIXES, read_turtle

__all__ = ["EDGE_PROPERTIES", "ENTITY_CLASSES", "GBT", "HT", "ID", "OA", "PREFIXES", "read_turtle"]
