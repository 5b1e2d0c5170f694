"""The knowledge graph: store, queries, networks, pictures, files and the command line.

>>> from hongtu.graph import KnowledgeGraph
>>> kg = KnowledgeGraph.open()
>>> kg.query("SELECT ?division { ?division skos:notation 'C25' }")["division"][0]
'Processing of petroleum, coal and other fuels'
"""

import typing

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import to_networkx
from hongtu.graph.passages import Passage
from hongtu.graph.terms import Resource

__all__ = ["KnowledgeGraph", "Passage", "Resource", "load_ipython_extension", "to_networkx"]


def load_ipython_extension(ipython: typing.Any) -> None:
    """Answer ``%load_ext hongtu.graph``: ``%%sparql``, completion, and errors in one sentence."""
    from hongtu.graph.jupyter.magic import load

    load(ipython)
