"""Networks for Gephi and others."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import Network, to_networkx
from hongtu.loaders.values import SEPARATOR

NETWORK_FORMATS: dict[str, Callable[[Network, str], None]] = {
    ".graphml": nx.write_graphml,
    ".gexf": nx.write_gexf,
}
"""File endings and what writes them."""


def write_network(kg: KnowledgeGraph, file: Path, write: Callable[[Network, str], None]) -> None:
    """Write things and edges, with labels and citations."""
    write(plain_network(to_networkx(kg)), str(file))


def plain_network(network: Network) -> Network:
    """Return the network with attributes that every format can hold: lists as text, passages as citations."""
    plain: Network = nx.MultiDiGraph(title=network.graph["title"])
    for node, attributes in network.nodes(data=True):
        plain.add_node(node, **_plain(attributes))
    for subject, object_, key, attributes in network.edges(keys=True, data=True):
        plain.add_edge(subject, object_, key, predicate=key, **_plain(attributes))
    return plain


def _plain(attributes: dict[str, Any]) -> dict[str, str | float]:
    plain: dict[str, str | float] = {}
    for name, value in attributes.items():
        if name == "passages":
            plain["evidence"] = "; ".join(f"{item['line']}:{item['start']}-{item['end']}" for item in value)
            quotes = [
                f"{item['before'] or ''}{item['quote']}{item['after'] or ''}"
                for item in value
                if item["quote"]
            ]
            plain["sentences"] = " / ".join(dict.fromkeys(quotes))
        else:
            plain[name] = SEPARATOR.join(value) if isinstance(value, list) else value
    return plain
