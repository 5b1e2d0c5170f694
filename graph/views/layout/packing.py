"""Places of the groups' discs: close together, in the shape of a screen, those with many ties near each other."""

from itertools import combinations

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from hongtu.graph.views.layout.cells import SCREEN, Floats, Points
from hongtu.graph.views.layout.groups import Group

GAP = 70.0
"""Pixels between groups."""

PULL = 0.35
"""How much a group seeks those that it is tied to, as against the middle."""

TRIALS = 30
"""How many orders of up to 30 groups are tried, fewer of more; the best is kept."""


def pack(groups: list[Group], kept: list[Group], ties: "nx.Graph[str]") -> None:
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
