"""Places for the things of a picture, computed before it is opened: the same network, the same places.

Strategies are the towns of the map: what serves a strategy stands around it, near what it is tied to, and every thing
has a cell of its own on a honeycomb, wide enough for a Chinese name. Nothing overlaps, and no browser has to work.
A picture that grows keeps its places: what is new stands beside what was there.
"""

import math
from collections.abc import Mapping

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from hongtu.graph.network import Network
from hongtu.graph.views.layout.cells import (
    CELL_HEIGHT,
    CELL_WIDTH,
    Points,
    densely,
    honeycomb,
    loosely,
    radius_of,
    unused,
)
from hongtu.graph.views.layout.groups import Group, Layout, group_of, without
from hongtu.graph.views.layout.growth import gather, kept_groups
from hongtu.graph.views.layout.packing import pack

SMALL_NETWORK = 90
"""Up to so many things make one group, with free cells between them."""


def arrange(network: Network, earlier: Layout | None = None) -> Layout:
    """Return a place for each node, in pixels with y downwards, and the groups that they form.

    Nodes with ``hidden`` set are in no group: they stand outside of all, near what they are tied to.

    :param earlier: a layout whose nodes keep their places and groups. What is new joins the group that it has most
        ties to, where there is room, or makes groups that stand around. What was in no group counts as new once it
        is drawn.

    >>> network = nx.MultiDiGraph([("a", "b"), ("b", "c")])
    >>> places, [group] = arrange(network)
    >>> places["b"], group.name
    ((0, 0), 'b')
    """
    earlier = earlier or Layout({}, [])
    everything = _ties(network)
    hidden = [node for node in everything if network.nodes[node].get("hidden")]
    ties = without(everything, hidden)
    kinds = {node: network.nodes[node].get("kind", "") for node in ties}
    kept = kept_groups(earlier, ties, kinds)
    places = {node: earlier.places[node] for group in kept for node in group.members}
    new = without(ties, places)
    if not kept and len(new) <= SMALL_NETWORK:
        groups = [group_of(list(new), ties, kinds)] if new else []
        for group in groups:
            places |= loosely(group, ties)
    else:
        groups = gather(new, ties, kinds, kept, places)
        for group in groups:
            group.radius = radius_of(honeycomb(len(group.members)))
        pack(groups, kept, ties)
        home = {node: group for group in kept + groups for node in group.members}
        for group in groups:
            places |= densely(group, home, ties)
    places |= _outside(hidden, earlier, places, kept + groups, everything)
    return Layout({node: places[node] for node in network}, kept + groups)


def _ties(network: Network) -> "nx.Graph[str]":
    """Return who is tied to whom, sorted, so that neither the order of insertion nor that of sets moves anything."""
    ties: nx.Graph[str] = nx.Graph()
    ties.add_nodes_from(sorted(network, key=str))
    edges = ((min(edge, key=str), max(edge, key=str)) for edge in network.edges() if edge[0] != edge[1])
    ties.add_edges_from(sorted(edges, key=str))
    return ties


def _outside(
    hidden: list[str],
    earlier: Layout,
    drawn: Mapping[str, tuple[int, int]],
    groups: list[Group],
    ties: "nx.Graph[str]",
) -> dict[str, tuple[int, int]]:
    """Return places around all groups: those of before, else the free cells nearest to what these nodes are tied to."""
    if not hidden:
        return {}

    def clear(points: Points, margin: float) -> NDArray[np.bool_]:
        found = np.ones(len(points), dtype=bool)
        for group in groups:
            found &= np.hypot(*(points - (group.x, group.y)).T) >= group.radius + margin
        return found

    known = [node for node in hidden if node in earlier.places]
    before = np.array([earlier.places[node] for node in known], dtype=float).reshape(-1, 2)
    chosen = {
        node: earlier.places[node] for node, stays in zip(known, clear(before, 0), strict=True) if stays
    }
    reach = CELL_WIDTH + max((math.hypot(group.x, group.y) + group.radius for group in groups), default=0)
    cells = honeycomb(4 * len(hidden) + math.ceil(4 * reach**2 / (CELL_WIDTH * CELL_HEIGHT)))
    cells = np.round(cells[clear(cells, CELL_WIDTH / 2)])
    cells = cells[unused(cells, chosen.values())]
    middles = {
        node: np.mean([drawn[other] for other in ties[node] if other in drawn] or [(0, 0)], axis=0)
        for node in hidden
        if node not in chosen
    }
    # What is tied to the rim comes first; what is tied to the middle is equally far from all that is left.
    for node in sorted(middles, key=lambda node: -np.round(np.hypot(*middles[node]), 6)):
        nearest = np.argmin(np.round(np.hypot(*(cells - middles[node]).T), 6))
        chosen[node] = (int(cells[nearest][0]), int(cells[nearest][1]))
        cells = np.delete(cells, nearest, axis=0)
    return chosen
