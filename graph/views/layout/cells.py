"""Places within a group: a honeycomb of cells, each wide enough for a Chinese name, one for each thing."""

import math
from collections.abc import Iterable, Mapping

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from hongtu.graph.views.layout.groups import Group, pairs

Floats = NDArray[np.float64]

Points = Floats
"""An array of x and y in pixels, one row a point; y grows downwards."""

CELL_WIDTH, CELL_HEIGHT = 124.0, 58.0
"""Pixels between the things of a row, nine Chinese characters, and between rows."""

SCREEN = 1.6
"""Screens are so many times wider than high."""

STEPS = 40
"""How often the things of a group move to better places."""

SPARE = 2.0
"""Cells for each thing of a small picture."""


def honeycomb(count: int) -> Points:
    """Return the middles of so many cells of a honeycomb around the origin, from the inside out."""
    reach = math.ceil(math.sqrt(count * CELL_WIDTH / CELL_HEIGHT)) + 2
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    cells = np.stack([(columns + (rows % 2) / 2) * CELL_WIDTH, rows * CELL_HEIGHT], axis=-1).reshape(-1, 2)
    order = np.lexsort((cells[:, 0], cells[:, 1], np.round(np.hypot(*cells.T), 3)))
    inside: Points = cells[order][:count]
    return inside


def unused(cells: Points, places: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
    """Tell of each cell whether nothing stands in it; places need not be on this honeycomb."""
    from scipy.spatial import KDTree  # type: ignore[import-untyped]

    taken = np.array(list(places), dtype=float).reshape(-1, 2)
    extent = (CELL_WIDTH / 2 - 3, CELL_HEIGHT - 3)
    away, _ = KDTree(taken / extent).query(cells / extent, p=np.inf)
    free: NDArray[np.bool_] = away > 1
    return free


def radius_of(points: Points) -> int:
    """Return the radius of a disc around the origin that holds these cells."""
    return math.ceil(float(np.hypot(*points.T).max()) + CELL_WIDTH / 2)


def densely(group: Group, home: Mapping[str, Group], ties: "nx.Graph[str]") -> dict[str, tuple[int, int]]:
    """Return places of a group's members that fill its disc."""
    cells = honeycomb(len(group.members))
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


def loosely(group: Group, ties: "nx.Graph[str]") -> dict[str, tuple[int, int]]:
    """Return places of a group's members, and its radius, with free cells between them."""
    number = len(group.members)
    points = _relax(group.members, ties)
    # Its longer side lies across the screen.
    points = points @ np.linalg.svd(points - points.mean(axis=0))[2].T
    cells = honeycomb(math.ceil(SCREEN * SPARE * number) + 8)
    within = np.hypot(cells[:, 0] / SCREEN, cells[:, 1])
    cells = cells[np.argsort(np.round(within, 3), kind="stable")][: math.ceil(SPARE * number)]
    spread = np.sqrt(
        ((cells / (SCREEN, 1.0)) ** 2).sum(axis=1).mean() / max((points**2).sum(axis=1).mean(), 1e-9)
    )
    cells = _nearest_cells(points * spread * (SCREEN, 1.0), cells)
    group.radius = radius_of(cells)
    return dict(zip(group.members, ((round(x), round(y)) for x, y in cells), strict=True))


def _relax(members: list[str], ties: "nx.Graph[str]") -> Points:
    """Return places of things as far from each other as there are steps between them, the first at the origin.

    The unit is a step. This is stress majorization (SMACOF) with weights of 1 / steps².
    """
    from scipy.sparse import csr_array  # type: ignore[import-untyped]
    from scipy.sparse.csgraph import shortest_path  # type: ignore[import-untyped]

    number = len(members)
    ends = np.array(pairs(ties, members), dtype=int).reshape(-1, 2)
    steps = shortest_path(
        csr_array((np.ones(len(ends)), ends.T), shape=(number, number)), directed=False, unweighted=True
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


def _nearest_cells(points: Points, cells: Points) -> Points:
    """Return a cell for each point, the first cell for the first, the others so that all are as near as may be."""
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

    away = ((points[1:, None] - cells[1:]) ** 2).sum(axis=-1)
    _, chosen = linear_sum_assignment(np.round(away))
    found: Points = cells[np.concatenate([[0], chosen + 1])]
    return found
