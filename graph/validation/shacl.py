"""SHACL on an Oxigraph store: SPARQL finds the nodes in doubt, pySHACL judges these.

The screens of :mod:`hongtu.graph.validation.screens` run in the store and name, for each shape, the focus nodes that are
not surely in order; on a graph that conforms these are none, or few. pySHACL then validates these nodes on a view of
the store, with the same shapes. So a result has whatever pySHACL gives it: focus node, path, value, source shape and
component, severity, messages.

Screened are targets (class, implicit class, subjects, objects), paths of predicates, inverse predicates, sequences and
alternatives, and the constraints of SHACL Core except the following, for which pySHACL judges every focus node of the
shape, in place (slower, as right):

- ``sh:equals``, ``sh:xone``, ``sh:qualifiedValueShape``, ``sh:sparql`` (its query runs in Oxigraph, once a node),
  constraint components of one's own, ``sh:flags`` beside a ``sh:pattern``, ``sh:minCount`` above 1;
- ``sh:zeroOrMorePath``, ``sh:oneOrMorePath``, ``sh:zeroOrOnePath``, the inverse of a longer path;
- datatypes other than string, langString, integer, decimal, double, float, boolean, gYear and date; ranges other than
  of integers and decimals; patterns that Rust and Python may read differently; constants that Oxigraph rewrites;
- shapes that contain themselves, and malformed ones, so that pySHACL says what is wrong when there is anything to judge.

Words that it knows nothing of (``sh:rule``, ``sh:target``, ``sh:js``, ``sh:entailment`` …) make pySHACL validate a copy
of the whole graph. What Oxigraph stored is what is validated: ``007`` as an integer has become ``7``.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib import RDF, RDFS, SH, Literal
from rdflib.term import Node

from hongtu.graph.terms import to_rdflib
from hongtu.graph.validation.screens import Screen, Screens, unsupported, with_targets, without_targets
from hongtu.graph.validation.view import StoreView


def validate_shapes(store: ox.Store, graphs: Collection[ox.NamedNode], shapes: rdflib.Graph) -> rdflib.Graph:
    """Return the validation report (https://www.w3.org/TR/shacl/#validation-report) of graphs of a store, merged.

    :param graphs: the named graphs that hold the data; triples of others are not seen.
    :raises pyshacl.errors.ValidationFailure: when the shapes cannot be validated.
    """
    if unsupported(shapes):
        return judge(copy(store, graphs), shapes)
    view, narrowed = StoreView(store, graphs), without_targets(shapes)
    for shape, nodes in suspects(store, graphs, shapes, view.to_rdflib).items():
        for node in nodes:
            narrowed.add((shape, SH.targetNode, node))
    if (None, SH.targetNode, None) not in narrowed:
        report = rdflib.Graph()
        node = rdflib.BNode()
        report.add((node, RDF.type, SH.ValidationReport))
        report.add((node, SH.conforms, Literal(True)))
        return report
    return judge(view, narrowed)


def suspects(
    store: ox.Store,
    graphs: Collection[ox.NamedNode],
    shapes: rdflib.Graph,
    convert: Callable[[Any], Node] = to_rdflib,
) -> dict[Node, set[Node]]:
    """Return the focus nodes that may break a shape, by shape; those that it names itself are left out.

    :param convert: what makes the nodes of the store's terms.
    """
    outside = [graph for graph in store.named_graphs() if graph not in graphs]
    screens = Screens(shapes, _subclasses(store, graphs), outside)

    def run(screen: Screen) -> set[Node]:
        if screen.unless and store.query(screen.unless):
            return set()
        return {convert(row["this"]) for row in store.query(screen.query)}  # type: ignore[union-attr]

    found: dict[Node, set[Node]] = defaultdict(set)
    work = [(shape, screen) for shape in with_targets(shapes) for screen in screens.screens(shape)]
    # Oxigraph lets other threads run while it answers.
    with ThreadPoolExecutor() as pool:
        for (shape, _), nodes in zip(work, pool.map(run, (screen for _, screen in work)), strict=True):
            found[shape] |= nodes
    return {shape: nodes for shape, nodes in found.items() if nodes}


def judge(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    """Return pySHACL's report on a graph.

    :raises pyshacl.errors.ValidationFailure: when the shapes cannot be validated.
    """
    # pySHACL takes 0.2 s to import.
    import pyshacl

    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    if not isinstance(report, rdflib.Graph):
        raise report
    return report


def copy(store: ox.Store, graphs: Iterable[ox.NamedNode]) -> rdflib.Graph:
    """Return the triples of graphs of a store as one graph in memory."""
    graph = rdflib.Graph()
    # Most terms stand in many triples.
    convert = cache(to_rdflib)
    for name in graphs:
        for quad in store.quads_for_pattern(None, None, None, name):
            graph.add((convert(quad.subject), convert(quad.predicate), convert(quad.object)))
    return graph


def _subclasses(store: ox.Store, graphs: Collection[ox.NamedNode]) -> dict[Node, set[Node]]:
    """Return each class that has subclasses in the data, with itself and all of them."""
    below: dict[Node, set[Node]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, ox.NamedNode(str(RDFS.subClassOf)), None, None):
        if quad.graph_name in graphs:
            below[to_rdflib(quad.object)].add(to_rdflib(quad.subject))
    closed: dict[Node, set[Node]] = {}
    for top in below:
        reached, waiting = set(), [top]
        while waiting:
            kind = waiting.pop()
            if kind not in reached:
                reached.add(kind)
                waiting += below.get(kind, ())
        closed[top] = reached
    return closed
