"""Networks from answers: the things of a table's rows with the edges that its query has between them.

What comes back is as :func:`~hongtu.graph.network.to_networkx` gives it, so that it draws, measures and exports alike,
and every edge that the plans state leads to its sentence.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, replace
from math import isfinite
from typing import Any

import networkx as nx
import pyoxigraph as ox
import rdflib
from rdflib import RDF, SKOS, URIRef

from hongtu.graph.answer import Answer
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import (
    Network,
    given_passages,
    new_network,
    term_number,
    term_text,
)
from hongtu.graph.sparql.pattern import EVIDENCE, NAMES, ColumnEdge, Step, column_edges, read_pattern
from hongtu.graph.terms import Resource, compact_iri
from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import language, say
from hongtu.loaders.relations import PREDICATES
from hongtu.loaders.tables import shorten
from hongtu.ontology.namespace import HT

MOST_NODES = 1500
"""Things beyond which a picture is only a ball of wool."""

_ATTRIBUTES: dict[URIRef, tuple[str, Callable[[Any], Any]]] = {
    HT.status: ("status", str),
    HT.adminCode: ("code", str),
    HT.confidence: ("confidence", float),
}
_SAME_ROW = "row"
_ANY = (Step(()),)
_SKIPPED = ("*", "?")


@dataclass(frozen=True, slots=True)
class _Edge:
    """An edge to be drawn: two nodes and the steps between them; none where the two only share a row."""

    subject: str
    object: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Claim:
    """An edge that plans state."""

    subject: str
    predicate: str
    object: str
    _: KW_ONLY
    confidence: float
    status: str
    passages: tuple[str, ...]


def answer_network(answer: Answer) -> Network:
    """Return the things of an answer's rows and the edges that its query's pattern has between its columns.

    Columns that no pattern connects are joined, the first one with things to the others, only when there would be no
    edge at all. An edge over several predicates has their names joined by " / " as key and label, and the passages
    of the claims on its way when these are one or two. Where the query counts, adds or averages in one column, edges
    have the sum of that column as ``weight``.

    :raises UsageError: when the table is no answer of a graph.
    :return: as :func:`~hongtu.graph.network.to_networkx` gives it, in the order of the rows. Of more than
        :data:`MOST_NODES` things the most connected are kept, and the network's ``title`` says so.
    """
    kg = answer.asked()
    try:
        pattern = read_pattern(answer.sparql, answer.bindings)
        edges, names, numbers = column_edges(pattern), pattern.names, pattern.numbers
    except UsageError:
        # What Oxigraph understands and rdflib does not, such as SPARQL 1.2.
        edges, names, numbers = [], {}, ()
    columns = _things(kg, answer, names, edges)
    weighing = [name for name in numbers if name in answer.columns]
    weights = answer[weighing[0]].tolist() if len(weighing) == 1 else None
    found: dict[_Edge, float] = {}
    for edge in edges:
        _gather(found, _pairs(answer, columns, edge), weights)
    if not found:
        _gather(found, _row_pairs(columns), weights)
    labels = {
        cell: str(text)
        for name, column in answer.items()
        if str(name) in columns
        for cell, text in zip(columns[str(name)], column, strict=True)
        if cell is not None
    }
    drawn = {name: cells for name, cells in columns.items() if _is_drawn(name, edges, found)}
    nodes = {cell: None for row in zip(*drawn.values(), strict=True) for cell in row if cell is not None}
    nodes |= {end: None for edge in found for end in (edge.subject, edge.object)}
    return _network(
        kg,
        {node: {"label": labels[node]} if node in labels else {} for node in nodes},
        {edge: {} if weights is None else {"weight": weight} for edge, weight in found.items()},
    )


def graph_network(kg: KnowledgeGraph, graph: rdflib.Graph) -> Network:
    """Return the network of a CONSTRUCT's or DESCRIBE's graph, as it is.

    Names become labels and aliases, ``rdf:type`` the kind; other literals stand among the aliases, each after its
    property, or are nodes of their own when there would be no edge at all.

    :param kg: the graph that was asked, which knows the passages of things and edges.
    :return: as :func:`~hongtu.graph.network.to_networkx` gives it, by IRI. Of more than :data:`MOST_NODES` things
        the most connected are kept, and the network's ``title`` says so.
    """
    if any(isinstance(term, rdflib.BNode) for triple in graph for term in triple):
        # Blank nodes have other names in every answer.
        from rdflib.compare import to_canonical_graph

        graph = to_canonical_graph(graph)
    triples: list[tuple[Any, Any, Any]] = sorted(graph)
    nodes: dict[str, dict[str, Any]] = {str(subject): {} for subject, *_ in triples}
    edges: dict[_Edge, dict[str, Any]] = {}
    literals: list[tuple[str, Any, Any]] = []
    for subject, predicate, object_ in triples:
        node = nodes[str(subject)]
        if predicate == RDF.type:
            node["kind"] = compact_iri(str(object_)).removeprefix("ht:")
        elif predicate in _ATTRIBUTES:
            name, read = _ATTRIBUTES[predicate]
            # What is no number stays what the graph knows.
            with suppress(ValueError):
                node[name] = read(object_)
        elif predicate in NAMES and predicate != SKOS.altLabel:
            if "label" not in node or object_.language == language():
                node["label"] = str(object_)
        elif isinstance(object_, rdflib.Literal):
            literals.append((str(subject), predicate, object_))
        # Passages are the evidence of their things.
        elif predicate not in EVIDENCE:
            edges[_Edge(str(subject), str(object_), (Step((URIRef(predicate),)),))] = {}
    properties = kg.labels(str(predicate) for _, predicate, _ in literals)
    for subject, predicate, object_ in literals:
        if predicate == SKOS.altLabel:
            nodes[subject].setdefault("aliases", []).append(str(object_))
        elif edges:
            text = f"{properties[str(predicate)]} {shorten(str(object_), 200)}"
            nodes[subject].setdefault("aliases", []).append(text)
    if not edges:
        for subject, predicate, object_ in literals:
            nodes[object_.n3()] = {"label": shorten(str(object_), 200)}
            edges[_Edge(subject, object_.n3(), (Step((URIRef(predicate),)),))] = {}
    nodes |= {edge.object: {} for edge in edges if edge.object not in nodes}
    return _network(kg, nodes, edges)


# The rows of an answer


def _things(
    kg: KnowledgeGraph, answer: Answer, names: Mapping[str, str], edges: Iterable[ColumnEdge]
) -> dict[str, list[str | None]]:
    """Return the columns that hold things, as nodes: IRIs, or the name where it does not tell one thing."""
    columns: dict[str, list[str | None]] = {}
    for name, column in answer.items():
        name, cells = str(name), column.tolist()
        if name in names:
            called = _called(kg, {cell for cell in cells if isinstance(cell, str)}, _kinds(name, edges))
            columns[name] = [called.get(cell, cell) if isinstance(cell, str) else None for cell in cells]
        elif any(isinstance(cell, Resource) for cell in cells):
            columns[name] = [cell.iri if isinstance(cell, Resource) else None for cell in cells]
    return columns


def _kinds(name: str, edges: Iterable[ColumnEdge]) -> set[str]:
    """Return the kinds of things that a column can hold, as far as its edges tell; empty when they do not."""
    kinds: set[str] = set()
    for edge in edges:
        for end, step, is_subject in (
            (edge.subject, edge.steps[0], edge.steps[0].forward),
            (edge.object, edge.steps[-1], not edge.steps[-1].forward),
        ):
            for predicate in step.predicates if end == name else ():
                subjects, objects = PREDICATES.get(predicate.removeprefix(str(HT)), ((), ()))
                kinds.update(subjects if is_subject else objects)
    return kinds


def _called(kg: KnowledgeGraph, names: Iterable[str], kinds: set[str]) -> dict[str, str]:
    """Return the IRIs of the things that alone have a name, or alone of these kinds."""
    found: dict[str, dict[str, bool]] = {}
    literals = (
        literal
        for name in sorted(names)
        for literal in (ox.Literal(name), *(ox.Literal(name, language=tag) for tag in ("zh", "en")))
    )
    for row in kg.rows_about("list_given_names", literals):
        fits = compact_iri(term_text(row["type"])).removeprefix("ht:") in kinds
        things = found.setdefault(row["name"].value, {})
        things[row["thing"].value] = things.get(row["thing"].value, False) or fits
    chosen = {
        name: [thing for thing, fits in things.items() if fits] or list(things)
        for name, things in found.items()
    }
    return {name: things[0] for name, things in chosen.items() if len(things) == 1}


def _pairs(
    answer: Answer, columns: Mapping[str, list[str | None]], edge: ColumnEdge
) -> Iterator[tuple[int, _Edge]]:
    """Return an edge's occurrences, each with its row."""
    ends: list[list[str | None]] = []
    for end in (edge.subject, edge.object):
        if isinstance(end, URIRef):
            ends.append([str(end)] * len(answer))
        elif end in columns:
            ends.append(columns[end])
        else:
            return
    asked = answer[edge.predicate_column].tolist() if edge.predicate_column in answer.columns else None
    for row, (subject, object_) in enumerate(zip(*ends, strict=True)):
        if subject is None or object_ is None or subject == object_:
            continue
        steps = edge.steps
        if asked is not None and isinstance(asked[row], Resource):
            steps = (Step((URIRef(asked[row].iri),)),)
        yield row, _Edge(subject, object_, steps)


def _row_pairs(columns: Mapping[str, list[str | None]]) -> Iterator[tuple[int, _Edge]]:
    for row, (first, *others) in enumerate(zip(*columns.values(), strict=True)):
        for other in others:
            if first is not None and other is not None and first != other:
                yield row, _Edge(first, other, ())


def _gather(found: dict[_Edge, float], pairs: Iterable[tuple[int, _Edge]], weights: list[Any] | None) -> None:
    for row, edge in pairs:
        weight = weights[row] if weights is not None else 0
        # Neither NaN nor infinity adds up, nor stands in a picture's JSON.
        counts = isinstance(weight, int | float) and isfinite(weight)
        found[edge] = found.get(edge, 0) + (weight if counts else 0)


def _is_drawn(name: str, edges: Iterable[ColumnEdge], found: Mapping[_Edge, float]) -> bool:
    """Whether the things of a column are shown though they may have no edge."""
    ends = {end for edge in edges for end in (edge.subject, edge.object)}
    return name in ends or not found or all(not edge.steps for edge in found)


# Nodes and edges with their evidence


def _network(
    kg: KnowledgeGraph, nodes: dict[str, dict[str, Any]], edges: dict[_Edge, dict[str, Any]]
) -> Network:
    network = new_network(kg)
    nodes, edges = _most_connected(network, nodes, edges)
    _add_nodes(kg, network, nodes)
    claims = _claims(kg, nodes)
    found = list(_told(kg, [(edge, attributes, claims.on(edge)) for edge, attributes in edges.items()]))
    # Of several patterns that join two columns, as in a UNION, those hold that the graph states.
    stated = {frozenset((edge.subject, edge.object)) for edge, _, claimed in found if claimed}
    labels = kg.labels(
        {str(iri) for edge, _, claimed in found for step in edge.steps for iri in step.predicates}
        | {claim.predicate for *_, claimed in found for claim in claimed}
    )
    passages = given_passages(
        kg, (passage for *_, claimed in found for claim in claimed for passage in claim.passages)
    )
    for edge, attributes, claimed in found:
        if not claimed and frozenset((edge.subject, edge.object)) in stated:
            continue
        direct = {edge.subject, edge.object}
        if claimed and all({claim.subject, claim.object} == direct for claim in claimed):
            for claim in claimed:
                key = compact_iri(claim.predicate).removeprefix("ht:")
                _add_edge(
                    network,
                    (claim.subject, claim.object, key),
                    labels[claim.predicate],
                    [claim],
                    passages,
                    attributes,
                )
        else:
            label = " / ".join(_label(step, labels) for step in edge.steps) or say("同行", "same row")
            plain = len(edge.steps) == 1 and str(edge.steps[0]).removeprefix("ht:")
            key = (plain if plain and plain.isidentifier() else label) if edge.steps else _SAME_ROW
            _add_edge(network, (edge.subject, edge.object, key), label, claimed, passages, attributes)
    return network


def _told(
    kg: KnowledgeGraph, found: list[tuple[_Edge, dict[str, Any], list[_Claim]]]
) -> Iterator[tuple[_Edge, dict[str, Any], list[_Claim]]]:
    """Return edges with the predicates that the graph has where the query leaves them open; without any, none."""
    open_ = dict.fromkeys(edge.subject for edge, _, claimed in found if not claimed and edge.steps == _ANY)
    between: dict[tuple[str, str], list[URIRef]] = {}
    for row in kg.rows_about("list_given_statements", _iris(open_)):
        ends = row["subject"].value, row["object"].value
        between.setdefault(ends, []).append(URIRef(row["predicate"].value))
    for edge, attributes, claimed in found:
        if claimed or edge.steps != _ANY:
            yield edge, attributes, claimed
        else:
            for predicate in between.get((edge.subject, edge.object), ()):
                yield replace(edge, steps=(Step((predicate,)),)), attributes, claimed


def _most_connected(
    network: Network, nodes: dict[str, dict[str, Any]], edges: dict[_Edge, dict[str, Any]]
) -> tuple[dict[str, dict[str, Any]], dict[_Edge, dict[str, Any]]]:
    if len(nodes) <= MOST_NODES:
        return nodes, edges
    degrees = dict(nx.Graph((edge.subject, edge.object) for edge in edges).degree)
    ranked = sorted(nodes, key=lambda node: -degrees.get(node, 0))
    kept = set(ranked[:MOST_NODES])
    network.graph["title"] += say(
        f" · {len(nodes)} 个事物中联系最多的 {MOST_NODES} 个",
        f" · the {MOST_NODES} most connected of {len(nodes)} things",
    )
    return (
        {node: attributes for node, attributes in nodes.items() if node in kept},
        {edge: attributes for edge, attributes in edges.items() if {edge.subject, edge.object} <= kept},
    )


def _iris(nodes: Iterable[str]) -> list[ox.NamedNode]:
    """Return the nodes that are IRIs; the others are names, literals and blank nodes."""
    iris = []
    for node in nodes:
        try:
            iris.append(ox.NamedNode(node))
        except ValueError:
            continue
    return iris


def _add_nodes(kg: KnowledgeGraph, network: Network, nodes: Mapping[str, dict[str, Any]]) -> None:
    """Add the nodes with what the graph knows of them; what is given of a node comes first."""
    iris = _iris(nodes)
    labels = kg.labels(iri.value for iri in iris)
    for node, given in nodes.items():
        network.add_node(
            node,
            label=labels.get(node, node),
            kind="",
            aliases=[],
            status="",
            code="",
            confidence=1.0,
            passages=[],
        )
        network.nodes[node].update(given)
    for row in kg.rows_about("list_given_things", iris):
        data, given = network.nodes[row["thing"].value], nodes[row["thing"].value]
        if "kind" not in given:
            data["kind"] = compact_iri(row["type"].value).removeprefix("ht:")
        for name in ("status", "code"):
            data[name] = term_text(row[name]) or data[name]
        data["confidence"] = term_number(row["confidence"])
        if row["alias"] is not None and row["alias"].value not in data["aliases"]:
            data["aliases"].append(row["alias"].value)
    mentions = [
        (row["thing"].value, row["passage"].value) for row in kg.rows_about("list_given_mentions", iris)
    ]
    passages = given_passages(kg, (passage for _, passage in mentions))
    for node, passage in mentions:
        if passage in passages:
            network.nodes[node]["passages"].append(passages[passage])


def _add_edge(
    network: Network,
    place: tuple[str, str, str],
    label: str,
    claims: list[_Claim],
    passages: Mapping[str, dict[str, Any]],
    attributes: Mapping[str, Any],
) -> None:
    if network.has_edge(*place):
        data = network.edges[place]
        if "weight" in attributes:
            data["weight"] += attributes["weight"]
        return
    network.add_edge(
        *place,
        label=label,
        confidence=min((claim.confidence for claim in claims), default=1.0),
        status=claims[0].status if len(claims) == 1 else "",
        passages=[passages[passage] for claim in claims for passage in claim.passages if passage in passages],
        **attributes,
    )


def _label(step: Step, labels: Mapping[str, str]) -> str:
    name = "|".join(labels[str(predicate)] for predicate in step.predicates) or say("相关", "related")
    return f"{'' if step.forward else '←'}{name}"


class _Claims:
    """The claims about some things, by their ends."""

    def __init__(self, claims: Iterable[_Claim]) -> None:
        self._near: dict[str, list[_Claim]] = {}
        self._between: dict[tuple[str, str], list[_Claim]] = {}
        for claim in claims:
            self._between.setdefault((claim.subject, claim.object), []).append(claim)
            self._near.setdefault(claim.subject, []).append(claim)
            self._near.setdefault(claim.object, []).append(claim)

    def on(self, edge: _Edge) -> list[_Claim]:
        """Return the claims that state an edge, or the two on its way; none when it is longer or not stated."""
        if not edge.steps:
            return []
        if len(edge.steps) == 1:
            step = edge.steps[0]
            found = self._step(edge.subject, step, edge.object)
            return found or (self._two_steps(edge, step, step) if step.repeat else [])
        if len(edge.steps) > 2:
            return []
        first, second = edge.steps
        # A step that may be left out: ?project ht:locatedIn/ht:within* ?place
        direct = [
            claim
            for step, other in ((first, second), (second, first))
            if other.repeat in _SKIPPED
            for claim in self._step(edge.subject, step, edge.object)
        ]
        return direct or self._two_steps(edge, first, second)

    def _step(self, start: str, step: Step, end: str) -> list[_Claim]:
        ends = (start, end) if step.forward else (end, start)
        found = self._between.get(ends, [])
        if not step.predicates:
            return [*found, *self._between.get(ends[::-1], [])]
        return [claim for claim in found if URIRef(claim.predicate) in step.predicates]

    def _two_steps(self, edge: _Edge, first: Step, second: Step) -> list[_Claim]:
        found: dict[_Claim, None] = {}
        for claim in self._near.get(edge.subject, []):
            middle = claim.object if claim.subject == edge.subject else claim.subject
            if claim in self._step(edge.subject, first, middle):
                rest = self._step(middle, second, edge.object)
                found |= dict.fromkeys([claim, *rest] if rest else [])
        return list(found)


def _claims(kg: KnowledgeGraph, nodes: Iterable[str]) -> _Claims:
    found: dict[tuple[str, ...], tuple[float, str, dict[str, None]]] = {}
    for row in kg.rows_about("list_given_edges", _iris(nodes)):
        edge = tuple(row[name].value for name in ("subject", "predicate", "object"))
        if edge not in found:
            found[edge] = term_number(row["confidence"]), term_text(row["status"]), {}
        found[edge][2][row["passage"].value] = None
    return _Claims(
        _Claim(*edge, confidence=confidence, status=status, passages=tuple(passages))
        for edge, (confidence, status, passages) in sorted(found.items())
    )
