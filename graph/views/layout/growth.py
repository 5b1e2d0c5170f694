"""What becomes of things that are new: groups of their own, or places in the groups of an earlier picture."""

import math
from collections import Counter, deque
from collections.abc import Mapping

import networkx as nx
import numpy as np

from hongtu.graph.views.layout.cells import CELL_HEIGHT, CELL_WIDTH, honeycomb, unused
from hongtu.graph.views.layout.groups import MOST_GROUPS, Group, Layout, communities, group_of, in_order

LARGE_GROUP = 150
"""Larger communities are divided, so that a disc that opens is no hairball."""


def kept_groups(earlier: Layout, ties: "nx.Graph[str]", kinds: Mapping[str, str]) -> list[Group]:
    """Return the earlier groups with those members that are still drawn."""
    kept = []
    for group in earlier.groups:
        members = [node for node in group.members if node in ties]
        if members:
            name = group.name
            if name in earlier.places and name not in members:
                name = group_of(members, ties, kinds).name
            kept.append(Group(name, in_order(name, members), group.x, group.y, group.radius))
    return kept


def gather(
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
    parts = [part for part in communities(new, kinds, limit) if _is_of_its_own(part, ties, home)]
    gathering = _Gathering(kept, parts, places, limit)
    gathering.by_ties(new, ties)
    rest = gathering.by_kind(new, kinds)
    for group in kept:
        group.members = in_order(group.name, group.members)
    groups = [group_of(part, ties, kinds) for part in parts]
    groups += [Group(kind, in_order(kind, members)) for kind, members in rest.items()]
    return sorted(groups, key=lambda group: -len(group.members))


def _is_of_its_own(part: list[str], ties: "nx.Graph[str]", home: Mapping[str, int]) -> bool:
    """Tell whether things have as many ties with each other as with any group that stands."""
    own = set(part)
    within = sum(other in own for node in part for other in ties[node]) / 2
    votes = Counter(home[other] for node in part for other in ties[node] if other in home)
    return within >= max(votes.values(), default=0)


class _Gathering:
    """The members of groups, which others join: those kept, as far as they have room, and communities."""

    def __init__(
        self, kept: list[Group], parts: list[list[str]], places: dict[str, tuple[int, int]], limit: int
    ) -> None:
        self.kept, self.places, self.limit = kept, places, limit
        self.members = [group.members for group in kept] + parts
        self.home = {node: number for number, members in enumerate(self.members) for node in members}
        self.rooms = [_Room(group, kept, places) for group in kept]

    def by_ties(self, new: "nx.Graph[str]", ties: "nx.Graph[str]") -> None:
        """Let what has no group join the one that it has most ties to, if that is not too large yet."""
        queue = deque(node for node in new if node not in self.home)
        while queue:
            node = queue.popleft()
            if node in self.home:
                continue
            votes = Counter(self.home[other] for other in ties[node] if other in self.home)
            for number in sorted(votes, key=lambda number: (-votes[number], number)):
                near = [
                    self.places[other]
                    for other in ties[node]
                    if self.home.get(other) == number and other in self.places
                ]
                if len(self.members[number]) < self.limit and self._join(node, number, near):
                    # What had no ties to any group may have some now.
                    queue.extend(other for other in ties[node] if other not in self.home)
                    break

    def by_kind(self, new: "nx.Graph[str]", kinds: Mapping[str, str]) -> dict[str, list[str]]:
        """Let what has no group join the one of its kind; return what is left, by kind."""
        numbers = {group.name: number for number, group in enumerate(self.kept)}
        rest: dict[str, list[str]] = {}
        for node in new:
            kind = kinds[node]
            if node not in self.home and not (kind in numbers and self._join(node, numbers[kind], [])):
                rest.setdefault(kind, []).append(node)
        return rest

    def _join(self, node: str, number: int, near: list[tuple[int, int]]) -> bool:
        """Tell whether there was room in a group for one member more, near these places."""
        if number < len(self.kept):
            place = self.rooms[number].take(near)
            if place is None:
                return False
            self.places[node] = place
        self.members[number].append(node)
        self.home[node] = number
        return True


class _Room:
    """The free cells of a group that stands, and of its rim as far as no other group does."""

    def __init__(self, group: Group, groups: list[Group], places: Mapping[str, tuple[int, int]]) -> None:
        self.group = group
        self.others = [other for other in groups if other is not group]
        reach = group.radius + 2 * CELL_WIDTH
        cells = honeycomb(math.ceil(math.pi * reach**2 / (CELL_WIDTH * CELL_HEIGHT)) + LARGE_GROUP)
        self.reach = np.hypot(*cells.T) + CELL_WIDTH / 2
        self.cells = np.round(cells + np.array([group.x, group.y]))
        self.free = unused(self.cells, places.values())

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
