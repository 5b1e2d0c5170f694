"""Places for the things of a picture, computed before it is opened: the same network, the same places.

Strategies are the towns of the map: what serves a strategy stands around it, near what it is tied to, and every thing
has a cell of its own on a honeycomb, wide enough for a Chinese name. Nothing overlaps, and no browser has to work.
"""

from collections import Counter, deque
from dataclasses import dataclass
from math import ceil

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from hongtu.graph.network import Network

Points = NDArray[np.float64]
"""An array of x and y in pixels, one row a point; y grows downwards."""

CELL_WIDTH, CELL_HEIGHT = 112.0, 58.0
"""Pixels between the things of a row, and between rows."""

GAP = 70.0
"""Pixels between groups."""

SMALL_NETWORK = 90
"""Up to so many things make one group."""

SMALL_COMMUNITY = 5
"""Smaller communities without a strategy stand with others of their kind."""

MOST_GROUPS = 60
"""Communities beyond this number stand with others of their kind."""


@dataclass(slots=True)
class Group:
    """Things that stand together in a disc.

    ``name`` is the IRI of the strategy or other thing in the middle, or a kind such as ``"Location"`` for what is tied
    to nothing. ``x``, ``y`` and ``radius`` are pixels.
    """

    name: str
    members: list[str]
    x: float = 0.0
    y: float = 0.0
    radius: float = 0.0


def arrange(network: Network) -> tuple[dict[str, tuple[int, int]], list[Group]]:
    """Return a place for each node, in pixels with y downwards, and the groups that they form.

    Nodes with ``hidden`` set are in no group: they stand outside of all, near what they are tied to.

    >>> network = nx.MultiDiGraph([("a", "b"), ("b", "c")])
    >>> places, [group] = arrange(network)
    >>> places["b"], group.name
    ((0, 0), 'b')
    """
    everything: nx.Graph[str] = nx.Graph()
    everything.add_nodes_from(network)
    everything.add_edges_from((a, b) for a, b in network.edges() if a != b)
    hidden = [node for node, data in network.nodes(data=True) if data.get("hidden")]
    ties = everything.copy()
    ties.remove_nodes_from(hidden)
    groups = _groups(network, ties)
    for group in groups:
        group.radius = float(np.hypot(*_cells(len(group.members)).T).max()) + CELL_WIDTH / 2
    _pack(groups, ties)
    home = {node: group for group in groups for node in group.members}
    places = {}
    for group in groups:
        points = _fill_disc(_turn(_relax(group, ties), group, home, ties))
        for node, (x, y) in zip(group.members, points, strict=True):
            places[node] = (round(group.x + x), round(group.y + y))
    places |= _outside(hidden, places, groups, everything)
    return {node: places[node] for node in network}, groups


def _outside(
    hidden: list[str], places: dict[str, tuple[int, int]], groups: list[Group], ties: "nx.Graph[str]"
) -> dict[str, tuple[int, int]]:
    """Return the free cells around all groups that are nearest to what each of these nodes is tied to."""
    if not hidden:
        return {}
    reach = max(np.hypot(group.x, group.y) + group.radius for group in groups) + CELL_WIDTH
    cells = _cells(len(hidden) + ceil(4 * reach**2 / (CELL_WIDTH * CELL_HEIGHT)))
    for group in groups:
        cells = cells[np.hypot(*(cells - (group.x, group.y)).T) >= group.radius + CELL_WIDTH / 2]
    middles = {
        node: np.mean([places[other] for other in ties[node] if other in places], axis=0) for node in hidden
    }
    chosen = {}
    # What is tied to the rim comes first; what is tied to the middle is equally far from all that is left.
    for node in sorted(hidden, key=lambda node: -np.round(np.hypot(*middles[node]), 6)):
        nearest = np.argmin(np.round(np.hypot(*(cells - middles[node]).T), 6))
        chosen[node] = (round(float(cells[nearest][0])), round(float(cells[nearest][1])))
        cells = np.delete(cells, nearest, axis=0)
    return chosen


def _groups(network: Network, ties: "nx.Graph[str]") -> list[Group]:
    """Return the groups, largest first, each with its central node as first member."""
    kinds: dict[str, str] = {node: network.nodes[node].get("kind", "") for node in ties}
    if len(ties) <= SMALL_NETWORK:
        communities = [list(ties)] if ties else []
        rest: list[str] = []
    else:
        strategies = [node for node in ties if kinds[node] == "Strategy" and ties.degree(node)]
        found = list(_nearest(ties, strategies).values())
        taken = {node for members in found for node in members}
        communities = found + _communities(ties, [node for node in ties if node not in taken])
        communities.sort(key=len, reverse=True)
        small = [c for i, c in enumerate(communities) if len(c) < SMALL_COMMUNITY or i >= MOST_GROUPS]
        communities = communities[: len(communities) - len(small)]
        rest = [node for members in small for node in members]
    groups = []
    for members in communities:
        centre = max(members, key=lambda node: (kinds[node] == "Strategy", ties.degree(node)))
        groups.append(Group(centre, [centre, *(node for node in members if node != centre)]))
    for kind in dict.fromkeys(kinds[node] for node in rest):
        groups.append(Group(kind, [node for node in rest if kinds[node] == kind]))
    return sorted(groups, key=lambda group: len(group.members), reverse=True)


def _nearest(ties: "nx.Graph[str]", centres: list[str]) -> dict[str, list[str]]:
    """Return what is nearer to each centre than to the others, by steps; the first reached keeps a thing."""
    cells = {centre: [centre] for centre in centres}
    home = {centre: centre for centre in centres}
    queue = deque(centres)
    while queue:
        node = queue.popleft()
        for neighbour in ties[node]:
            if neighbour not in home:
                home[neighbour] = home[node]
                cells[home[node]].append(neighbour)
                queue.append(neighbour)
    return cells


def _communities(ties: "nx.Graph[str]", nodes: list[str]) -> list[list[str]]:
    # By number: sets of strings have another order in every process.
    numbers = {node: number for number, node in enumerate(nodes)}
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(numbers.values())
    graph.add_edges_from((numbers[a], numbers[b]) for a, b in ties.edges() if a in numbers and b in numbers)
    return [[nodes[n] for n in sorted(found)] for found in nx.community.louvain_communities(graph, seed=0)]


def _cells(count: int) -> Points:
    """Return the middles of so many cells of a honeycomb around the origin, from the inside out."""
    reach = ceil(np.sqrt(count * CELL_WIDTH / CELL_HEIGHT)) + 2
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    cells = np.stack([(columns + (rows % 2) / 2) * CELL_WIDTH, rows * CELL_HEIGHT], axis=-1).reshape(-1, 2)
    order = np.lexsort((cells[:, 0], cells[:, 1], np.round(np.hypot(*cells.T), 3)))
    inside: Points = cells[order][:count]
    return inside


def _pack(groups: list[Group], ties: "nx.Graph[str]") -> None:
    """Place the discs side by side, the largest in the middle, those with many ties near each other."""
    home = {node: number for number, group in enumerate(groups) for node in group.members}
    shared = Counter(tuple(sorted((home[a], home[b]))) for a, b in ties.edges() if home[a] != home[b])
    for number, group in enumerate(groups):
        placed = groups[:number]
        if not placed:
            continue
        middles = np.array([(other.x, other.y) for other in placed])
        radii = np.array([other.radius for other in placed]) + group.radius + GAP
        spots = _touching(middles, radii)
        apart = np.hypot(*(spots[:, None] - middles).transpose(2, 0, 1))
        free = (apart >= radii - 1e-6).all(axis=1)
        weights = np.array([shared[other, number] for other in range(number)], dtype=float)
        pull = apart @ weights / weights.sum() if weights.any() else 0.0
        # Screens are wider than high.
        cost = np.hypot(spots[:, 0] / 1.7, spots[:, 1]) + 0.35 * pull
        cost[~free] = np.inf
        group.x, group.y = map(float, spots[np.argmin(np.round(cost, 6))])


def _touching(middles: Points, radii: NDArray[np.float64]) -> Points:
    """Return where a disc can stand that touches one or two discs; radii are sums of both discs' radii."""
    angles = np.arange(0, 2 * np.pi, np.pi / 12)
    around = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    spots = [(middles[:, None] + radii[:, None, None] * around).reshape(-1, 2)]
    for i, j in zip(*np.triu_indices(len(middles), 1), strict=True):
        line = middles[j] - middles[i]
        distance = float(np.hypot(*line))
        if distance < radii[i] + radii[j]:
            along = (distance**2 + radii[i] ** 2 - radii[j] ** 2) / (2 * distance)
            height = np.sqrt(max(radii[i] ** 2 - along**2, 0.0))
            foot, normal = middles[i] + along * line / distance, np.array([-line[1], line[0]]) / distance
            spots.append(np.array([foot + height * normal, foot - height * normal]))
    return np.concatenate(spots)


def _relax(group: Group, ties: "nx.Graph[str]") -> Points:
    """Return places of a group's members that bring tied things near each other, the central one at the origin."""
    if len(group.members) == 1:
        return np.zeros((1, 2))
    members = set(group.members)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(group.members)
    graph.add_edges_from((a, b) for a in group.members for b in ties[a] if b in members)
    if not graph.size():
        return _cells(len(group.members))
    found = nx.spring_layout(graph, seed=0, iterations=60)
    points = np.array([found[node] for node in group.members])
    shifted: Points = points - points[0]
    return shifted


def _turn(points: Points, group: Group, home: dict[str, Group], ties: "nx.Graph[str]") -> Points:
    """Turn a group so that what is tied to other groups looks towards them."""
    dot = cross = 0.0
    for (x, y), node in zip(points, group.members, strict=True):
        for other in ties[node]:
            dx, dy = home[other].x - group.x, home[other].y - group.y
            dot += x * dx + y * dy
            cross += x * dy - y * dx
    angle = np.arctan2(cross, dot)
    cosine, sine = np.cos(angle), np.sin(angle)
    turned: Points = points @ np.array([[cosine, sine], [-sine, cosine]])
    return turned


def _fill_disc(points: Points) -> Points:
    """Give each point, from the inside out, the nearest free cell of the disc; directions are kept."""
    cells = _cells(len(points))
    distances = np.hypot(*points.T)
    order = np.lexsort((np.arange(len(points)), np.round(distances, 9)))
    evenly = np.hypot(*cells.T)
    filled = np.empty_like(points)
    free = np.ones(len(cells), dtype=bool)
    for rank, number in enumerate(order):
        direction = points[number] / distances[number] if distances[number] else np.zeros(2)
        away = np.hypot(*(cells - direction * evenly[rank]).T)
        cell = np.argmin(np.where(free, np.round(away, 6), np.inf))
        free[cell] = False
        filled[number] = cells[cell]
    return filled
