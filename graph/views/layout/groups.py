"""Which things of a picture stand together: strategies with what is near them, communities, things of a kind."""

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import networkx as nx
import numpy as np

SMALL_COMMUNITY = 5
"""Smaller communities join others, or stand with what is of their kind."""

MOST_GROUPS = 60
"""Communities beyond this number are joined to those that they have most ties with."""


@dataclass(slots=True)
class Group:
    """Things that stand together in a disc.

    ``name`` is the IRI of the strategy or other thing in the middle, or a kind such as ``"Location"`` for what is tied
    to nothing there. ``members`` are sorted, the one in the middle first. ``x``, ``y`` and ``radius`` are pixels.
    """

    name: str
    members: list[str]
    x: int = 0
    y: int = 0
    radius: int = 0


class Layout(NamedTuple):
    """A place for each node, in pixels with y downwards, and the groups that they form."""

    places: dict[str, tuple[int, int]]
    groups: list[Group]


def group_of(members: list[str], ties: "nx.Graph[str]", kinds: Mapping[str, str]) -> Group:
    """Return a group named by its central thing, or by a kind when nothing in it is tied to the rest of it."""
    inside = set(members)
    degrees = {node: sum(other in inside for other in ties[node]) for node in members}
    centre = max(sorted(members, key=str), key=lambda node: (kinds[node] == "Strategy", degrees[node]))
    tied = any(degrees.values()) or len(members) == 1
    name = centre if tied else kinds[centre]
    return Group(name, in_order(name, members))


def in_order(name: str, members: Iterable[str]) -> list[str]:
    """Return members sorted, the one that the group is named after first."""
    return sorted(members, key=lambda node: (node != name, str(node)))


def without(graph: "nx.Graph[str]", nodes: Iterable[str]) -> "nx.Graph[str]":
    """Return a copy in the same order; a subgraph's order follows a set."""
    rest = graph.copy()
    rest.remove_nodes_from(list(nodes))
    return rest


def communities(ties: "nx.Graph[str]", kinds: Mapping[str, str], limit: int) -> list[list[str]]:
    """Return strategies with what is nearest to them and communities of the rest, none small or above the limit."""
    strategies = [node for node in ties if kinds[node] == "Strategy" and ties.degree(node)]
    found = _nearest(ties, strategies)
    taken = {node for part in found for node in part}
    found += _louvain(ties, [node for node in ties if node not in taken])
    parts = [piece for part in found for piece in _divide(part, ties, limit)]
    return _merge([part for part in parts if len(part) >= SMALL_COMMUNITY], ties, MOST_GROUPS, limit)


def _nearest(ties: "nx.Graph[str]", centres: list[str]) -> list[list[str]]:
    """Return what is nearer to each centre than to the others, by steps; the first reached keeps a thing."""
    cells = [[centre] for centre in centres]
    home = {centre: number for number, centre in enumerate(centres)}
    queue = deque(centres)
    while queue:
        node = queue.popleft()
        for neighbour in ties[node]:
            if neighbour not in home:
                home[neighbour] = home[node]
                cells[home[node]].append(neighbour)
                queue.append(neighbour)
    return cells


def _louvain(ties: "nx.Graph[str]", nodes: list[str]) -> list[list[str]]:
    # By number: sets of strings have another order in every process.
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(nodes)))
    graph.add_edges_from(pairs(ties, nodes))
    return [[nodes[n] for n in sorted(found)] for found in nx.community.louvain_communities(graph, seed=0)]


def pairs(ties: "nx.Graph[str]", nodes: list[str]) -> list[tuple[int, int]]:
    """Return the edges between nodes by their numbers."""
    numbers = {node: number for number, node in enumerate(nodes)}
    return [
        (number, numbers[other])
        for node, number in numbers.items()
        for other in ties[node]
        if numbers.get(other, -1) > number
    ]


def _divide(part: list[str], ties: "nx.Graph[str]", limit: int) -> list[list[str]]:
    """Return a part in pieces of at most so many things, few as may be."""
    if len(part) <= limit:
        return [part]
    found = _louvain(ties, part)
    if len(found) == 1:
        # A star or the like: the middle with the first around it, then the others.
        inside = set(part)
        star = without(ties, [node for node in ties if node not in inside])
        [order] = _nearest(star, [max(part, key=lambda node: star.degree(node))])
        size = math.ceil(len(part) / math.ceil(len(part) / limit))
        return [order[start : start + size] for start in range(0, len(part), size)]
    pieces = [piece for community in found for piece in _divide(community, ties, limit)]
    return _merge(pieces, ties, math.ceil(len(part) / limit), limit)


def _merge(parts: list[list[str]], ties: "nx.Graph[str]", most: int, limit: int) -> list[list[str]]:
    """Join the smallest parts to those they have most ties with, by size, until there are so many or none fits."""
    home = {node: number for number, part in enumerate(parts) for node in part}
    shared = np.zeros((len(parts), len(parts)))
    for node, number in home.items():
        for other in ties[node]:
            if other in home:
                shared[number, home[other]] += 1
    merged = dict(enumerate(parts))
    sizes = np.array([len(part) for part in parts])
    waiting = set(merged)
    while len(merged) > most and waiting:
        small = min(waiting, key=lambda number: (sizes[number], number))
        waiting.remove(small)
        fits = (sizes > 0) & (sizes + sizes[small] <= limit)
        fits[small] = False
        if fits.any():
            # What is tied to nothing goes to the smallest.
            into = int(np.argmax(np.where(fits, (shared[small] + 1e-9) / np.maximum(sizes, 1), 0)))
            merged[into] = merged[into] + merged.pop(small)
            shared[into] += shared[small]
            shared[:, into] += shared[:, small]
            sizes[into] += sizes[small]
            sizes[small] = 0
    return list(merged.values())
