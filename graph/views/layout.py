"""Places for the things of a picture, computed before it is opened: the same network, the same places.

Strategies are the towns of the map: what serves a strategy stands around it, near what it is tied to, and every thing
has a cell of its own on a honeycomb, wide enough for a Chinese name. Nothing overlaps, and no browser has to work.
A picture that grows keeps its places: what is new stands beside what was there.
"""

import json
import math
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from hongtu.graph.network import Network
from hongtu.loaders.errors import InputError
from hongtu.loaders.language import say

Floats = NDArray[np.float64]

Points = Floats
"""An array of x and y in pixels, one row a point; y grows downwards."""

CELL_WIDTH, CELL_HEIGHT = 124.0, 58.0
"""Pixels between the things of a row, nine Chinese characters, and between rows."""

GAP = 70.0
"""Pixels between groups."""

SCREEN = 1.6
"""Screens are so many times wider than high."""

SMALL_NETWORK = 90
"""Up to so many things make one group, with free cells between them."""

SMALL_COMMUNITY = 5
"""Smaller communities join others, or stand with what is of their kind."""

MOST_GROUPS = 60
"""Communities beyond this number are joined to those that they have most ties with."""

LARGE_GROUP = 150
"""Larger communities are divided, so that a disc that opens is no hairball."""

PULL = 0.35
"""How much a group seeks those that it is tied to, as against the middle."""

TRIALS = 30
"""How many orders of up to 30 groups are tried, fewer of more; the best is kept."""

STEPS = 40
"""How often the things of a group move to better places."""

SPARE = 2.0
"""Cells for each thing of a small picture."""


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
    # Sorted, so that neither the order of insertion nor that of sets moves anything.
    everything: nx.Graph[str] = nx.Graph()
    everything.add_nodes_from(sorted(network, key=str))
    edges = ((min(edge, key=str), max(edge, key=str)) for edge in network.edges() if edge[0] != edge[1])
    everything.add_edges_from(sorted(edges, key=str))
    hidden = [node for node in everything if network.nodes[node].get("hidden")]
    ties = _without(everything, hidden)
    kinds = {node: network.nodes[node].get("kind", "") for node in ties}
    kept = _kept(earlier, ties, kinds)
    places = {node: earlier.places[node] for group in kept for node in group.members}
    new = _without(ties, places)
    if not kept and len(new) <= SMALL_NETWORK:
        groups = [_group(list(new), ties, kinds)] if new else []
        for group in groups:
            places |= _loosely(group, ties)
    else:
        groups = _groups(new, ties, kinds, kept, places)
        for group in groups:
            group.radius = _radius(_cells(len(group.members)))
        _pack(groups, kept, ties)
        home = {node: group for group in kept + groups for node in group.members}
        for group in groups:
            places |= _densely(group, home, ties)
    places |= _outside(hidden, earlier, places, kept + groups, everything)
    return Layout({node: places[node] for node in network}, kept + groups)


def read_layout(path: Path) -> Layout:
    """Return the places and groups of an earlier explorer, a page that was written to a file.

    :raises InputError: when the file cannot be read or is no explorer.
    """
    try:
        page = _Page()
        page.feed(path.read_text("utf-8"))
        return _layout(json.loads(page.data))
    except OSError as error:
        found = say(f"读不了（{error.strerror or error}）", f"cannot be read ({error.strerror or error})")
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError):
        found = say(
            "不是关系图网页，里面没有节点的位置", "is no explorer: there are no places of nodes in it"
        )
    raise InputError(
        f"{path}"
        + say(f"：{found}；请给出以前生成的 explorer.html", f" {found}; give an earlier explorer.html")
    )


class _Page(HTMLParser):
    """A page, of which ``data`` is the text of the script element ``#data``."""

    def __init__(self) -> None:
        super().__init__()
        self.data = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and ("id", "data") in attrs

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.data += data


def _layout(data: Any) -> Layout:
    """Return the layout that a page's data hold; what is no explorer's raises errors of many types."""
    groups = [
        Group(str(group["name"]), [], _pixels(group["x"]), _pixels(group["y"]), _pixels(group["radius"]))
        for group in data["groups"]
    ]
    places = {}
    columns = (data["nodes"][name] for name in ("id", "x", "y", "group"))
    for node, x, y, number in zip(*columns, strict=True):
        places[node] = (_pixels(x), _pixels(y))
        if number >= 0:
            groups[number].members.append(node)
    return Layout(places, groups)


def _pixels(number: float) -> int:
    if abs(number) > 1e6:
        raise ValueError(number)
    return round(number)


def _without(graph: "nx.Graph[str]", nodes: Iterable[str]) -> "nx.Graph[str]":
    """Return a copy in the same order; a subgraph's order follows a set."""
    rest = graph.copy()
    rest.remove_nodes_from(list(nodes))
    return rest


def _kept(earlier: Layout, ties: "nx.Graph[str]", kinds: Mapping[str, str]) -> list[Group]:
    """Return the earlier groups with those members that are still drawn."""
    kept = []
    for group in earlier.groups:
        members = [node for node in group.members if node in ties]
        if members:
            name = group.name
            if name in earlier.places and name not in members:
                name = _group(members, ties, kinds).name
            kept.append(Group(name, _first(name, members), group.x, group.y, group.radius))
    return kept


def _first(name: str, members: Iterable[str]) -> list[str]:
    return sorted(members, key=lambda node: (node != name, str(node)))


def _group(members: list[str], ties: "nx.Graph[str]", kinds: Mapping[str, str]) -> Group:
    """Return a group named by its central thing, or by a kind when nothing in it is tied to the rest of it."""
    inside = set(members)
    degrees = {node: sum(other in inside for other in ties[node]) for node in members}
    centre = max(sorted(members, key=str), key=lambda node: (kinds[node] == "Strategy", degrees[node]))
    tied = any(degrees.values()) or len(members) == 1
    name = centre if tied else kinds[centre]
    return Group(name, _first(name, members))


def _groups(
    new: "nx.Graph[str]",
    ties: "nx.Graph[str]",
    kinds: Mapping[str, str],
    kept: list[Group],
    places: dict[str, tuple[int, int]],
) -> list[Group]:
    """Return groups of what is new, largest first; what joins one of those kept gets its place there, too.

    Communities that hold together are groups. Everything else joins the group it has most ties to, where there is room,
    else what is of its kind.
    """
    limit = max(LARGE_GROUP, math.ceil(1.5 * len(ties) / MOST_GROUPS))
    home = {node: number for number, group in enumerate(kept) for node in group.members}
    parts = [part for part in _parts(new, kinds, limit) if _is_of_its_own(part, ties, home)]
    members = [group.members for group in kept] + parts
    home |= {node: len(kept) + number for number, part in enumerate(parts) for node in part}
    rooms = [_Room(group, kept, places) for group in kept]

    def joins(node: str, number: int, near: list[tuple[int, int]]) -> bool:
        if number < len(kept):
            place = rooms[number].take(near)
            if place is None:
                return False
            places[node] = place
        members[number].append(node)
        home[node] = number
        return True

    queue = deque(node for node in new if node not in home)
    while queue:
        node = queue.popleft()
        votes = Counter(home[other] for other in ties[node] if node not in home and other in home)
        for number in sorted(votes, key=lambda number: (-votes[number], number)):
            near = [places[other] for other in ties[node] if home.get(other) == number and other in places]
            if len(members[number]) < limit and joins(node, number, near):
                # What had no ties to any group may have some now.
                queue.extend(other for other in ties[node] if other not in home)
                break
    by_kind = {group.name: number for number, group in enumerate(kept)}
    rest: dict[str, list[str]] = {}
    for node in new:
        kind = kinds[node]
        if node not in home and not (kind in by_kind and joins(node, by_kind[kind], [])):
            rest.setdefault(kind, []).append(node)
    for group in kept:
        group.members = _first(group.name, group.members)
    groups = [_group(part, ties, kinds) for part in parts]
    groups += [Group(kind, _first(kind, found)) for kind, found in rest.items()]
    return sorted(groups, key=lambda group: -len(group.members))


def _is_of_its_own(part: list[str], ties: "nx.Graph[str]", home: Mapping[str, int]) -> bool:
    """Tell whether things have as many ties with each other as with any group that stands."""
    own = set(part)
    within = sum(other in own for node in part for other in ties[node]) / 2
    votes = Counter(home[other] for node in part for other in ties[node] if other in home)
    return within >= max(votes.values(), default=0)


class _Room:
    """The free cells of a group that stands, and of its rim as far as no other group does."""

    def __init__(self, group: Group, groups: list[Group], places: Mapping[str, tuple[int, int]]) -> None:
        self.group = group
        self.others = [other for other in groups if other is not group]
        reach = group.radius + 2 * CELL_WIDTH
        cells = _cells(math.ceil(math.pi * reach**2 / (CELL_WIDTH * CELL_HEIGHT)) + LARGE_GROUP)
        self.reach = np.hypot(*cells.T) + CELL_WIDTH / 2
        self.cells = np.round(cells + np.array([group.x, group.y]))
        self.free = _unused(self.cells, places.values())

    def take(self, near: list[tuple[int, int]]) -> tuple[int, int] | None:
        """Return the free cell that is nearest to places, else to the middle; ``None`` when there is no room."""
        group = self.group
        room = min(
            (math.floor(math.hypot(o.x - group.x, o.y - group.y)) - o.radius for o in self.others),
            default=math.inf,
        )
        fits = self.free & (self.reach <= max(room, group.radius))
        if not fits.any():
            return None
        fits &= self.reach <= max(group.radius, self.reach[fits].min() + CELL_HEIGHT / 2)
        away = np.hypot(*(self.cells - np.mean(near or [(group.x, group.y)], axis=0)).T)
        chosen = np.argmin(np.where(fits, np.round(away, 6), np.inf))
        self.free[chosen] = False
        group.radius = max(group.radius, math.ceil(self.reach[chosen]))
        x, y = self.cells[chosen]
        return int(x), int(y)


def _parts(ties: "nx.Graph[str]", kinds: Mapping[str, str], limit: int) -> list[list[str]]:
    """Return strategies with what is nearest to them and communities of the rest, none small or above the limit."""
    strategies = [node for node in ties if kinds[node] == "Strategy" and ties.degree(node)]
    found = _nearest(ties, strategies)
    taken = {node for part in found for node in part}
    found += _communities(ties, [node for node in ties if node not in taken])
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


def _communities(ties: "nx.Graph[str]", nodes: list[str]) -> list[list[str]]:
    # By number: sets of strings have another order in every process.
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(nodes)))
    graph.add_edges_from(_pairs(ties, nodes))
    return [[nodes[n] for n in sorted(found)] for found in nx.community.louvain_communities(graph, seed=0)]


def _pairs(ties: "nx.Graph[str]", nodes: list[str]) -> list[tuple[int, int]]:
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
    found = _communities(ties, part)
    if len(found) == 1:
        # A star or the like: the middle with the first around it, then the others.
        inside = set(part)
        star = _without(ties, [node for node in ties if node not in inside])
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


def _cells(count: int) -> Points:
    """Return the middles of so many cells of a honeycomb around the origin, from the inside out."""
    reach = math.ceil(math.sqrt(count * CELL_WIDTH / CELL_HEIGHT)) + 2
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    cells = np.stack([(columns + (rows % 2) / 2) * CELL_WIDTH, rows * CELL_HEIGHT], axis=-1).reshape(-1, 2)
    order = np.lexsort((cells[:, 0], cells[:, 1], np.round(np.hypot(*cells.T), 3)))
    inside: Points = cells[order][:count]
    return inside


def _unused(cells: Points, places: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
    """Tell of each cell whether nothing stands in it; places need not be on this honeycomb."""
    taken = np.array(list(places), dtype=float).reshape(-1, 2)
    x, y = np.abs(cells[:, None] - taken).transpose(2, 0, 1)
    unused: NDArray[np.bool_] = ((x > CELL_WIDTH / 2 - 3) | (y > CELL_HEIGHT - 3)).all(axis=1)
    return unused


def _radius(points: Points) -> int:
    """Return the radius of a disc around the origin that holds these cells."""
    return math.ceil(float(np.hypot(*points.T).max()) + CELL_WIDTH / 2)


def _pack(groups: list[Group], kept: list[Group], ties: "nx.Graph[str]") -> None:
    """Place the discs beside those kept, close together, those with many ties near each other."""
    every = kept + groups
    home = {node: number for number, group in enumerate(every) for node in group.members}
    shared = np.zeros((len(every), len(every)))
    for a, b in ties.edges():
        if home[a] != home[b]:
            shared[home[a], home[b]] += 1
            shared[home[b], home[a]] += 1
    radii = np.array([group.radius for group in every], dtype=float)
    standing = np.array([(group.x, group.y) for group in kept], dtype=float).reshape(-1, 2)
    random = np.random.default_rng(0)
    # The largest first, and orders that are nearly so: small ones close the gaps.
    count = min(TRIALS, TRIALS * 900 // max(len(every), 1) ** 2)
    noises = [np.ones(len(groups)), *np.exp(random.normal(scale=0.3, size=(count, len(groups))))]
    trials = [
        _place(standing, radii, shared, len(kept) + np.argsort(-radii[len(kept) :] * n)) for n in noises
    ]
    middles = min(trials, key=lambda trial: _cost(trial, radii, shared))
    _swap(middles, radii, shared, len(kept))
    for group, (x, y) in zip(every, middles, strict=True):
        group.x, group.y = round(x), round(y)


def _place(standing: Points, radii: Floats, shared: Floats, order: NDArray[np.int64]) -> Points:
    """Return the middles of all discs after those that stand, which come first, each placed as well as can be."""
    middles = np.concatenate([standing, np.zeros((len(order), 2))])
    placed = [*range(len(standing))]
    for number in order:
        middles[number] = _spot(middles[placed], radii[placed], radii[number], shared[number, placed])
        placed.append(number)
    return middles


def _swap(middles: Points, radii: Floats, shared: Floats, first: int) -> None:
    """Exchange discs of like size, from the first that may move, while that makes their ties shorter."""
    apart = _distances(middles)
    better = True
    while better:
        better = False
        for one, other in combinations(range(first, len(middles)), 2):
            rest = np.ones(len(middles), dtype=bool)
            rest[[one, other]] = False
            gain = ((shared[one] - shared[other]) * (apart[one] - apart[other]))[rest].sum()
            # A narrower gap will do.
            gaps = np.stack([apart[other] - radii[one], apart[one] - radii[other]]) - radii - GAP / 2
            if gain > 1 and (gaps[:, rest] >= 0).all():
                middles[[one, other]] = middles[[other, one]]
                apart = _distances(middles)
                better = True


def _distances(middles: Points) -> Floats:
    distances: Floats = np.hypot(*(middles[:, None] - middles).transpose(2, 0, 1))
    return distances


def _cost(middles: Points, radii: Floats, shared: Floats) -> float:
    """Return the area of a screen that holds the discs, times the length of the ties between them."""
    width, height = (middles + radii[:, None]).max(axis=0) - (middles - radii[:, None]).min(axis=0)
    length = float((_distances(middles) * shared).sum())
    return round(float(max(width / SCREEN, height)) ** 2 * max(length, 1.0))


def _spot(middles: Points, radii: Floats, radius: float, weights: Floats) -> Points:
    """Return the best place for the middle of a disc that may touch others, by the weights of its ties to them."""
    if not len(middles):
        return np.zeros(2)
    reach = radii + radius + GAP
    spots = _touching(middles, reach)
    apart = np.hypot(*(spots[:, None] - middles).transpose(2, 0, 1))
    free = (apart >= reach - 1e-6).all(axis=1)
    pull = apart @ weights / weights.sum() if weights.any() else 0.0
    # The fourth powers make a rounded screen.
    cost = (((np.abs(spots) + radius) / (SCREEN, 1.0)) ** 4).sum(axis=1) ** 0.25 + PULL * pull
    best: Points = spots[np.argmin(np.where(free, np.round(cost, 6), np.inf))]
    return best


def _touching(middles: Points, radii: Floats) -> Points:
    """Return where a disc can stand that touches one or two discs; radii are sums of both discs' radii."""
    angles = np.arange(0, 2 * np.pi, np.pi / 12)
    around = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    one, other = np.triu_indices(len(middles), 1)
    line = middles[other] - middles[one]
    distance = np.hypot(*line.T)
    near = (distance < radii[one] + radii[other]) & (distance > 0)
    one, other, line, distance = one[near], other[near], line[near], distance[near]
    along = (distance**2 + radii[one] ** 2 - radii[other] ** 2) / (2 * distance)
    height = np.sqrt(np.maximum(radii[one] ** 2 - along**2, 0.0))
    line /= distance[:, None]
    foot, normal = middles[one] + along[:, None] * line, np.stack([-line[:, 1], line[:, 0]], axis=-1)
    return np.concatenate(
        [
            (middles[:, None] + radii[:, None, None] * around).reshape(-1, 2),
            foot + height[:, None] * normal,
            foot - height[:, None] * normal,
        ]
    )


def _relax(members: list[str], ties: "nx.Graph[str]") -> Points:
    """Return places of things as far from each other as there are steps between them, the first at the origin.

    The unit is a step. This is stress majorization (SMACOF) with weights of 1 / steps².
    """
    from scipy.sparse import csr_array  # type: ignore[import-untyped]
    from scipy.sparse.csgraph import shortest_path  # type: ignore[import-untyped]

    number = len(members)
    pairs = np.array(_pairs(ties, members), dtype=int).reshape(-1, 2)
    steps = shortest_path(
        csr_array((np.ones(len(pairs)), pairs.T), shape=(number, number)), directed=False, unweighted=True
    )
    far = np.isinf(steps)
    steps[far] = steps[~far].max() + 1
    np.fill_diagonal(steps, 1.0)
    weights = steps**-2.0
    np.fill_diagonal(weights, 0.0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.inv(laplacian + 1 / number) - 1 / number
    points = np.random.default_rng(0).normal(size=(number, 2))
    for _ in range(STEPS):
        apart = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
        ratio = weights * steps / np.maximum(apart, 1e-9)
        points = inverse @ (ratio.sum(axis=1)[:, None] * points - ratio @ points)
    shifted: Points = points - points[0]
    return shifted


def _densely(group: Group, home: Mapping[str, Group], ties: "nx.Graph[str]") -> dict[str, tuple[int, int]]:
    """Return places of a group's members that fill its disc."""
    cells = _cells(len(group.members))
    if group.name in home:
        points = _turn(_relax(group.members, ties), group, home, ties)
        order = np.lexsort((np.arange(len(points)), np.round(np.hypot(*points.T), 9)))
        evenly = np.empty_like(points)
        evenly[order] = (
            points[order] * (np.hypot(*cells.T) / np.maximum(np.hypot(*points[order].T), 1e-9))[:, None]
        )
        cells = _nearest_cells(evenly, cells)
    else:
        cells = cells[np.lexsort(cells.T)]
    return {
        node: (round(group.x + x), round(group.y + y))
        for node, (x, y) in zip(group.members, cells, strict=True)
    }


def _loosely(group: Group, ties: "nx.Graph[str]") -> dict[str, tuple[int, int]]:
    """Return places of a group's members, and its radius, with free cells between them."""
    number = len(group.members)
    points = _relax(group.members, ties)
    # Its longer side lies across the screen.
    points = points @ np.linalg.svd(points - points.mean(axis=0))[2].T
    cells = _cells(math.ceil(SCREEN * SPARE * number) + 8)
    within = np.hypot(cells[:, 0] / SCREEN, cells[:, 1])
    cells = cells[np.argsort(np.round(within, 3), kind="stable")][: math.ceil(SPARE * number)]
    spread = np.sqrt(
        ((cells / (SCREEN, 1.0)) ** 2).sum(axis=1).mean() / max((points**2).sum(axis=1).mean(), 1e-9)
    )
    cells = _nearest_cells(points * spread * (SCREEN, 1.0), cells)
    group.radius = _radius(cells)
    return dict(zip(group.members, ((round(x), round(y)) for x, y in cells), strict=True))


def _nearest_cells(points: Points, cells: Points) -> Points:
    """Return a cell for each point, the first cell for the first, the others so that all are as near as may be."""
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

    away = ((points[1:, None] - cells[1:]) ** 2).sum(axis=-1)
    _, chosen = linear_sum_assignment(np.round(away))
    found: Points = cells[np.concatenate([[0], chosen + 1])]
    return found


def _turn(points: Points, group: Group, home: Mapping[str, Group], ties: "nx.Graph[str]") -> Points:
    """Turn a group, and mirror it where that is better, so that what is tied to others looks towards them."""
    towards = np.zeros_like(points)
    for number, node in enumerate(group.members):
        for other in ties[node]:
            towards[number] += home[other].x - group.x, home[other].y - group.y
    # Of all turns and mirrors this one brings points most in line with their directions (Procrustes).
    left, _, right = np.linalg.svd(points.T @ towards)
    turned: Points = points @ (left @ right)
    return turned


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
    cells = _cells(4 * len(hidden) + math.ceil(4 * reach**2 / (CELL_WIDTH * CELL_HEIGHT)))
    cells = np.round(cells[clear(cells, CELL_WIDTH / 2)])
    cells = cells[_unused(cells, chosen.values())]
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
