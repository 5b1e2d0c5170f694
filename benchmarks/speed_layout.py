"""Measures how fast pictures are laid out, and how well, on the packaged plans and on random networks of 10 kinds.

::

    python benchmarks/speed_layout.py
    python benchmarks/speed_layout.py --sizes 1000 --file earlier_layout.py

Prints for each network the seconds of the processor, alone and once more when a tenth of the nodes is new; the number
of groups and the members of the largest; the edges between groups, and their length in thousands of pixels all
together and within groups; how many pairs of cells and of discs overlap; how many times wider than high the picture
is, and how much of a screen of 16:10 its discs fill. ``--file`` measures a module with another ``arrange`` beside it.
"""

import argparse
import importlib.util
import math
import platform
import time
from importlib.metadata import version
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx

from hongtu.graph import KnowledgeGraph
from hongtu.graph.network import ENTITY_KINDS, Network, to_networkx
from hongtu.graph.views import layout

KINDS = (*(kind for kind in ENTITY_KINDS if kind != "Strategy"), "Measure", "A", "B", "C", "D")
WIDTH, HEIGHT = 109.0, 55.0
"""Pixels within which two signs or their names touch, in a row and between rows."""


def random_network(size: int, seed: int) -> Network:
    """Return a network in which few things have many ties: a Barabási–Albert graph, two edges a node."""
    network: Network = nx.MultiDiGraph()
    graph = nx.barabasi_albert_graph(size, 2, seed=seed)
    network.add_nodes_from((f"thing {node}", {"kind": KINDS[node % len(KINDS)]}) for node in graph)
    network.add_edges_from((f"thing {a}", f"thing {b}") for a, b in graph.edges())
    return network


def overlaps(places: dict[str, tuple[int, int]]) -> int:
    """Return how many pairs of things stand in each other's cell."""
    ordered = sorted(places.values(), key=lambda place: place[1])
    found = 0
    for number, (x, y) in enumerate(ordered):
        for other_x, other_y in ordered[number + 1 :]:
            if other_y - y >= HEIGHT:
                break
            found += abs(other_x - x) < WIDTH / 2
    return found


def quality(network: Network, places: dict[str, tuple[int, int]], groups: list[Any]) -> str:
    """Return the columns that tell how good a layout is."""
    home = {node: number for number, group in enumerate(groups) for node in group.members}
    between, within = [], 0.0
    for a, b in network.edges():
        if home[a] == home[b]:
            within += math.dist(places[a], places[b])
        else:
            between.append(math.dist(places[a], places[b]))
    width = max(g.x + g.radius for g in groups) - min(g.x - g.radius for g in groups)
    height = max(g.y + g.radius for g in groups) - min(g.y - g.radius for g in groups)
    screen = max(width / 1.6, height) ** 2 * 1.6
    filled = sum(math.pi * group.radius**2 for group in groups) / screen
    discs = sum(
        math.dist((one.x, one.y), (other.x, other.y)) < one.radius + other.radius
        for one, other in combinations(groups, 2)
    )
    return (
        f"{len(groups)} | {max(len(group.members) for group in groups)} | {len(between)} | {sum(between) / 1e3:.0f} |"
        f" {within / 1e3:.0f} | {overlaps(places)}, {discs} | {width / height:.2f} | {filled:.2f}"
    )


def measure(name: str, network: Network, modules: dict[str, Any]) -> None:
    """Print one row for each version of the module."""
    for label, module in modules.items():
        start = time.process_time()
        places, groups = module.arrange(network)
        taken = time.process_time() - start
        grown = "–"
        if module is layout:
            part = network.copy()
            part.remove_nodes_from(list(network)[::10])
            earlier = layout.arrange(part)
            start = time.process_time()
            wider = layout.arrange(network, earlier)
            grown = f"{time.process_time() - start:.2f}"
            moved = sum(wider.places[node] != place for node, place in earlier.places.items())
            grown += f", {len(wider.groups)} groups, {moved} moved, {overlaps(wider.places)} overlap"
        print(
            f"| {name} | {label} | {taken:.2f} | {quality(network, places, groups)} | {grown} |", flush=True
        )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[300, 1000, 5000, 10000], help="numbers of nodes"
    )
    parser.add_argument("--file", type=Path, help="a module with another arrange")
    arguments = parser.parse_args()
    modules: dict[str, Any] = {"layout": layout}
    if arguments.file:
        spec = importlib.util.spec_from_file_location("another", arguments.file)
        assert spec and spec.loader
        another = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(another)
        modules = {str(arguments.file): another, **modules}
    layout.arrange(random_network(100, 0))  # loads SciPy
    print(f"Python {platform.python_version()}, networkx {version('networkx')}, {platform.platform()}\n")
    print(
        "| network | module | s | groups | largest | between | length | within | overlaps | aspect | filled | grown |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for plan in ("sample", "hongdong"):
        measure(plan, to_networkx(KnowledgeGraph.packaged(plan)), modules)
    for size in arguments.sizes:
        measure(str(size), random_network(size, 0), modules)


if __name__ == "__main__":
    main()
