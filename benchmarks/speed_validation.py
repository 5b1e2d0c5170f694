"""Measures how long validation takes, beside pySHACL on a copy, and on a store of a million triples.

::

    python benchmarks/speed_validation.py
    python benchmarks/speed_validation.py --triples 3000000 --places memory

The large store is the one of ``speed_queries.py``: Hongdong's plan again and again. It is validated as it is, and with
one property taken from every hundredth thing, so that there is something to report. Prints seconds and results.
"""

import argparse
import platform
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib import RDF, SH
from speed_queries import build

from hongtu.graph import KnowledgeGraph
from hongtu.graph.validation import validate
from hongtu.graph.validation.shacl import copy, judge, validate_shapes
from hongtu.ontology.namespace import HT, read_turtle


def shapes() -> rdflib.Graph:
    """Return the shapes that ``hongtu validate`` evaluates."""
    graph = rdflib.Graph().parse(data=read_turtle("shapes"), format="turtle")
    graph.remove((rdflib.URIRef("https://w3id.org/hongtu/shapes#edgeHasClaim"), None, None))
    return graph


def results(report: rdflib.Graph) -> int:
    """Return how many results a report has."""
    return len(list(report.subjects(RDF.type, SH.ValidationResult)))


def break_some(kg: KnowledgeGraph) -> None:
    """Take the line from every hundredth passage."""
    quads = kg.store.quads_for_pattern(None, ox.NamedNode(str(HT.line)), None, None)
    for quad in sorted(quads, key=str)[::100]:
        kg.store.remove(quad)


def measure(name: str, kg: KnowledgeGraph, *, with_reference: bool) -> None:
    """Print the times of a graph."""
    start = time.perf_counter()
    report = validate_shapes(kg.store, kg.plan_graphs(), shapes())
    screened = time.perf_counter() - start
    start = time.perf_counter()
    violations = validate(kg)
    whole = time.perf_counter() - start
    start = time.perf_counter()
    reference = ""
    if with_reference:
        expected = judge(copy(kg.store, kg.plan_graphs()), shapes())
        reference = f"{time.perf_counter() - start:.2f}"
        assert results(expected) == results(report)
    print(
        f"| {name} | {len(kg.store)} | {results(report)} | {screened:.2f} | {whole:.2f} | {len(violations)} |"
        f" {reference} |",
        flush=True,
    )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--triples", type=int, default=1_000_000, help="size of the large store")
    parser.add_argument(
        "--places", nargs="*", default=["memory", "disk"], help="where it stands: memory, disk"
    )
    parser.add_argument("--reference", action="store_true", help="pySHACL on the large store too (minutes)")
    arguments = parser.parse_args()
    print(
        f"Python {platform.python_version()}, pyoxigraph {version('pyoxigraph')}, pySHACL {version('pyshacl')}, "
        f"{platform.platform()}\n\n"
        "| graph | triples | results | shapes, s | with evidence and labels, s | violations | pySHACL on a copy, s |\n"
        "|---|---|---|---|---|---|---|"
    )
    measure("Hongdong, first run", KnowledgeGraph.packaged("hongdong"), with_reference=True)
    measure("Hongdong", KnowledgeGraph.packaged("hongdong"), with_reference=True)
    with tempfile.TemporaryDirectory() as folder:
        for place in arguments.places:
            kg, _ = build(Path(folder, "store") if place == "disk" else None, arguments.triples)
            measure(f"large, {place}", kg, with_reference=arguments.reference)
            break_some(kg)
            measure(f"large and broken, {place}", kg, with_reference=arguments.reference)


if __name__ == "__main__":
    main()
