"""Measures how fast the who-does-what-where table and the targets come, on Hongdong and on a store of a million triples.

::

    python benchmarks/speed_queries.py
    python benchmarks/speed_queries.py --triples 3000000 --places memory

The large store holds Hongdong's plan again and again, each copy with IRIs and names of its own, as if that many
counties had been read. Prints the best of five times by question, in memory and on disk: of the bare solutions, and
of the table with labels, each in milliseconds; of the first page, as far as 50 rows; and the microseconds per row.
"""

import argparse
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from hongtu.graph import KnowledgeGraph
from hongtu.graph.queries import read_query
from hongtu.graph.terms import Resource

TABLE = "show_who_does_what_where"
PAGE = 50
FIRST_TABLE = (
    "from hongtu.graph import KnowledgeGraph; KnowledgeGraph.packaged('hongdong').who()._repr_html_()"
)
LABELS = ("prefLabel", "altLabel", "title")
Question = tuple[str, dict[str, Any]]


def copies(quads: list[ox.Quad], plan: str, count: int) -> Iterator[ox.Quad]:
    """Yield the quads of a plan, ``count`` times, with IRIs and names that differ."""

    def renamed(term: Any, number: int) -> Any:
        if isinstance(term, ox.NamedNode) and term.value.startswith(plan):
            return ox.NamedNode(f"{plan}-{number}{term.value.removeprefix(plan)}")
        return term

    for number in range(count):
        for quad in quads:
            value = quad.object
            if quad.predicate.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1] in LABELS:
                value = ox.Literal(f"{quad.object.value} {number}", language="zh")
            yield ox.Quad(
                renamed(quad.subject, number),
                quad.predicate,
                renamed(value, number),
                renamed(quad.graph_name, number),
            )


def build(location: Path | None, triples: int) -> tuple[KnowledgeGraph, int]:
    """Return a graph of at least so many triples, and how often it holds Hongdong's plan."""
    source = KnowledgeGraph.packaged("hongdong")
    (plan,) = source.plan_graphs()
    quads = list(source.store.quads_for_pattern(None, None, None, plan))
    count = -(-triples // len(quads))
    kg = KnowledgeGraph.open(location)
    kg.store.bulk_extend(copies(quads, plan.value, count))
    kg.store.optimize()
    return kg, count


def questions(kg: KnowledgeGraph, number: int | None) -> list[Question]:
    """Return what is asked: of the whole graph, and of one copy's things, those that the table names most."""
    frame = KnowledgeGraph.packaged("hongdong").run(TABLE)
    suffix = "" if number is None else f" {number}"

    def first(column: str, kind: str) -> Resource:
        names = frame[column].str.split("、").explode()
        name = str(names[names != ""].mode()[0]) + suffix
        return Resource(name, kg.resolve(f"{kind}:{name}"))

    asked: list[Question] = [
        (TABLE, {"who": first("who", "Enterprise")}),
        (TABLE, {"industry": first("industries", "Industry")}),
        (TABLE, {"place": first("places", "Location")}),
        (TABLE, {"strategy": first("strategies", "Strategy")}),
        (TABLE, {}),
        ("list_targets_by_strategy", {"year": 2025}),
        ("list_targets", {}),
    ]
    return asked


def best(function: Callable[..., Any], *arguments: Any, **options: Any) -> tuple[float, Any]:
    """Return the least of up to five times in milliseconds, and what the function returned."""
    times, started = [], time.perf_counter()
    while len(times) < 5 and (not times or time.perf_counter() - started < 10):
        start = time.perf_counter()
        result = function(*arguments, **options)
        times.append((time.perf_counter() - start) * 1e3)
    return min(times), result


def measure(kg: KnowledgeGraph, number: int | None) -> None:
    """Print the times of a graph by question."""
    print(
        "\n| question | rows | solutions, ms | first page, ms | table, ms | µs per row |\n|---|---|---|---|---|---|"
    )
    for name, parameters in questions(kg, number):
        query = read_query(name)
        ask = partial(kg.solutions, query.sparql, **kg.bindings(query, parameters))
        solutions, _ = best(lambda ask: list(ask()), ask)
        page, _ = best(lambda ask: list(islice(ask(), PAGE)), ask)
        table, frame = best(kg.run, name, **parameters)
        asked = ", ".join(f"{key}={value}" for key, value in parameters.items()) or "all"
        rows = len(frame)
        print(
            f"| {name}, {asked} | {rows} | {solutions:.1f} | {page:.1f} | {table:.1f} |"
            f" {table / max(rows, 1) * 1e3:.0f} |",
            flush=True,
        )


def from_cold() -> float:
    """Return the least of three times, in seconds, from the start of Python to the first table as a notebook shows it."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", FIRST_TABLE], check=True)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--triples", type=int, default=1_000_000, help="size of the large store")
    parser.add_argument(
        "--places", nargs="*", default=["memory", "disk"], help="where it stands: memory, disk"
    )
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, pyoxigraph {version('pyoxigraph')}, {platform.platform()}")
    print(f"\nFrom the start of Python to the first table: {from_cold():.2f} s")
    kg = KnowledgeGraph.packaged("hongdong")
    print(f"\nHongdong, {len(kg.store)} triples, in memory")
    measure(kg, None)
    with tempfile.TemporaryDirectory() as folder:
        for place in arguments.places:
            kg, count = build(Path(folder, "store") if place == "disk" else None, arguments.triples)
            print(f"\n{count} copies, {len(kg.store)} triples, in {place}")
            measure(kg, count // 2)


if __name__ == "__main__":
    main()
