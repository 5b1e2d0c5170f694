"""The vocabulary beside the plans of a store: the ontology, the concept schemes, the divisions that plans name.

Each stands in a named graph of its own, which is called as the ontology or scheme is. None of it is data of a plan.
"""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox

from hongtu.loaders.divisions import write_divisions
from hongtu.loaders.files import whole_file
from hongtu.ontology.namespace import GBT2260, HT, SCHEMES, read_turtle

ONTOLOGY_GRAPH = ox.NamedNode(str(HT).rstrip("#"))
DIVISIONS_GRAPH = ox.NamedNode(str(GBT2260).rstrip("/"))
_FILES = {ONTOLOGY_GRAPH: "hongtu"} | {ox.NamedNode(scheme): name for scheme, name in SCHEMES.items()}
VOCABULARY_GRAPHS = frozenset((*_FILES, DIVISIONS_GRAPH))
_DIVISION = ox.NamedNode(str(HT.division))


def load_vocabulary(store: ox.Store) -> ox.Store:
    """Put the ontology and the concept schemes into a new store, and return it; divisions come with the plans."""
    for graph, name in _FILES.items():
        store.load(read_turtle(name), ox.RdfFormat.TURTLE, to_graph=graph)
    return store


def describe_divisions(store: ox.Store, quads: Iterable[ox.Quad] | None = None) -> None:
    """Put the concepts of GB/T 2260 that ``ht:division`` points to into a store, with all that they lie in.

    :param quads: those that were added to the store; ``None`` looks at all that it holds.
    """
    if quads is None:
        quads = store.quads_for_pattern(None, _DIVISION, None)
    codes = {
        quad.object.value.removeprefix(str(GBT2260))
        for quad in quads
        if quad.predicate == _DIVISION and isinstance(quad.object, ox.NamedNode)
    }
    if codes:
        store.load("".join(write_divisions(codes)), ox.RdfFormat.TURTLE, to_graph=DIVISIONS_GRAPH)


def write_vocabulary(folder: Path) -> list[Path]:
    """Write the whole vocabulary into a folder, for other triple stores: what is packaged, and all of GB/T 2260.

    :return: the files, in alphabetical order: Turtle, and the JSON-LD context.
    :raises StoreError: when a file cannot be written.
    """
    contents = {
        entry.name: entry.read_bytes()
        for entry in files("hongtu.ontology").iterdir()
        if entry.name.endswith((".ttl", ".jsonld"))
    }
    del contents["divisions.ttl"]
    contents["gbt2260.ttl"] = "".join(write_divisions()).encode()
    for name, content in contents.items():
        with whole_file(folder / name) as new:
            new.write_bytes(content)
    return sorted(folder / name for name in contents)
