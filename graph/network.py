"""The graph as a network of networkx: things as nodes, edges by predicate, evidence on both."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeAlias

import networkx as nx
import pyoxigraph as ox

from hongtu.graph.coordinates import Point, are_degrees, read_wkt_point
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.queries import internal_query, read_query
from hongtu.graph.terms import Resource, compact_iri, to_python
from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say
from hongtu.loaders.records import Span

Network: TypeAlias = "nx.MultiDiGraph[str]"
"""A network whose nodes are IRIs."""

ENTITY_KINDS = ("Strategy", "Project", "Enterprise", "Organization", "Industry", "Location")


def to_networkx(kg: KnowledgeGraph, *, kinds: tuple[str, ...] = ENTITY_KINDS) -> Network:
    """Return the things of a graph and the edges between them.

    :param kinds: local names of the classes whose things become nodes; ``"Measure"`` may be added.
    :return: nodes are IRIs with ``label``, ``kind``, ``aliases`` (list), ``status`` (of projects, else ``""``),
        ``code``, ``confidence`` and ``passages``; edges are keyed by the predicate's local name, with ``label``,
        ``confidence``, ``status`` and ``passages``. A passage is a dict with ``plan``, ``section``, ``line``,
        ``start``, ``end``, ``quote``, ``before`` and ``after``; the last three are ``None`` without the plan's text.
        Plan and section are :class:`~hongtu.graph.terms.Resource`, the section ``""`` where there is none.
        The network itself has what :func:`new_network` tells. Order is by kind and name.
    """
    network = new_network(kg)
    passages = _passages(kg, _rows(kg, "list_passages"))
    for row in _rows(kg, "list_things"):
        kind = compact_iri(row["type"].value).removeprefix("ht:")
        if kind in kinds:
            network.add_node(
                row["thing"].value,
                label=row["label"].value,
                kind=kind,
                aliases=[],
                status=term_text(row["status"]),
                code=term_text(row["code"]),
                confidence=term_number(row["confidence"]),
                passages=[],
            )
    for row in _rows(kg, "list_names"):
        if row["alias"] is not None and (node := row["thing"].value) in network:
            network.nodes[node]["aliases"].append(row["alias"].value)
    for row in _rows(kg, "list_mentions"):
        if (node := row["thing"].value) in network:
            network.nodes[node]["passages"].append(passages[row["passage"].value])
    edges = _rows(kg, "list_edges")
    labels = kg.labels({row["predicate"].value for row in edges})
    for row in edges:
        subject, predicate, object_ = (row[name].value for name in ("subject", "predicate", "object"))
        if subject not in network or object_ not in network:
            continue
        key = compact_iri(predicate).removeprefix("ht:")
        if not network.has_edge(subject, object_, key):
            network.add_edge(
                subject,
                object_,
                key,
                label=labels[predicate],
                confidence=term_number(row["confidence"]),
                status=term_text(row["status"]),
                passages=[],
            )
        network.edges[subject, object_, key]["passages"].append(passages[row["passage"].value])
    return network


def neighbourhood(network: Network, things: Collection[str], steps: int) -> Network:
    """Return the part of a network that lies within some steps of things, whichever way the edges point.

    :param things: nodes' IRIs.
    :raises UsageError: when one is no node of the network, such as a target or a section.
    """
    near: set[str] = set()
    for thing in things:
        if thing not in network:
            raise UsageError(say(f"{thing} 不是图中的节点", f"{thing} is no node of the picture"))
        near.update(nx.single_source_shortest_path_length(network.to_undirected(as_view=True), thing, steps))
    # Taking away keeps the order of the rest; a subgraph's follows a set.
    part: Network = network.copy()
    part.remove_nodes_from([node for node in network if node not in near])
    return part


def with_more(network: Network, part: Network, most: int) -> Network:
    """Return a part of a network with what lies one step further, for a picture whose things can be expanded.

    :param most: how many things to add at most. A thing's neighbours come all or not at all, those of the things that
        have few of them first; what they are to each other comes along.
    :return: in the order of the network. The added nodes have ``hidden`` set; ``beyond`` tells of any node how many
        neighbours it has that are not among these.
    """
    near = {node: set(nx.all_neighbors(network, node)) for node in part}
    added: set[str] = set()
    for node in sorted(part, key=lambda node: len(near[node])):
        more = {other for other in near[node] if other not in part}
        if len(added | more) <= most:
            added |= more
    wider: Network = network.copy()
    wider.remove_nodes_from([node for node in network if node not in part and node not in added])
    for node, data in wider.nodes(data=True):
        if node in added:
            data["hidden"] = True
        if beyond := sum(other not in wider for other in set(nx.all_neighbors(network, node))):
            data["beyond"] = beyond
    return wider


def new_network(kg: KnowledgeGraph) -> Network:
    """Return a network without nodes that knows of the graph what no node or edge can tell.

    :return: its ``graph`` has ``title``; ``plans``, each with ``title`` (a :class:`~hongtu.graph.terms.Resource`),
        ``sha256``, ``text`` (the whole text, ``None`` where the graph has none) and ``sections`` (Resources, in the order
        of the text); ``targets``, each with ``subject`` (the IRI of a thing or plan), ``measure`` (the label of a subject
        that is one, else ``""``), ``plan`` (its IRI), ``indicator``, ``value`` (``None`` for a ratio), ``verbatim``,
        ``unit``, ``year``, ``comparator``, ``role`` and ``passages``; ``points``, latitude and longitude in degrees by
        IRI.
    """
    plans = _plans(kg)
    network: Network = nx.MultiDiGraph(
        title=" · ".join(plan["title"] for plan in plans),
        plans=plans,
        targets=_targets(kg),
        points=_points(kg),
    )
    return network


def _plans(kg: KnowledgeGraph) -> list[dict[str, Any]]:
    texts = {row["plan"].value: row["text"].value for row in _rows(kg, "list_texts")}
    headings = [(row["plan"].value, row["section"].value) for row in _rows(kg, "list_headings")]
    titles = kg.labels(section for _, section in headings)
    sections: dict[str, list[Resource]] = {}
    for plan, section in headings:
        sections.setdefault(plan, []).append(Resource(titles[section], section))
    return [
        {
            "title": Resource(row["title"].value, row["plan"].value),
            "sha256": row["sha256"].value,
            "text": texts.get(row["plan"].value),
            "sections": sections.get(row["plan"].value, []),
        }
        for row in kg.solutions(read_query("list_plans").sparql)
    ]


def _targets(kg: KnowledgeGraph) -> list[dict[str, Any]]:
    rows = list(kg.solutions(read_query("list_targets").sparql))
    passages = given_passages(kg, (row["evidence"].value for row in rows))
    measures = {row["measure"].value: row["label"].value for row in _rows(kg, "list_measures")}
    targets: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        target = targets.setdefault(
            (row["subject"].value, row["target"].value),
            {
                "subject": row["subject"].value,
                "measure": measures.get(row["subject"].value, ""),
                "plan": row["plan"].value,
                **{
                    name: term_text(row[name])
                    for name in ("indicator", "verbatim", "unit", "comparator", "role")
                },
                **{name: None if row[name] is None else to_python(row[name]) for name in ("value", "year")},
                "passages": [],
            },
        )
        if passage := passages.get(row["evidence"].value):
            target["passages"].append(passage)
    return list(targets.values())


def _points(kg: KnowledgeGraph) -> dict[str, Point]:
    """Return where things stand, by IRI, of several points of a thing the first; what is no point is left out."""
    points: dict[str, Point] = {}
    for row in _rows(kg, "list_points"):
        point = read_wkt_point(row["point"].value)
        if point and are_degrees(point):
            points.setdefault(row["thing"].value, point)
    return points


def given_passages(kg: KnowledgeGraph, passages: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return passages by IRI, each as :func:`to_networkx` describes it; what is no passage is left out."""
    wanted = (ox.NamedNode(passage) for passage in sorted(set(passages)))
    return _passages(kg, kg.rows_about("list_given_passages", wanted))


def _rows(kg: KnowledgeGraph, name: str) -> list[Any]:
    return list(kg.solutions(internal_query(name)))


def _passages(kg: KnowledgeGraph, rows: list[Any]) -> dict[str, dict[str, Any]]:
    titles = kg.labels(
        row[name].value for row in rows for name in ("plan", "section") if row[name] is not None
    )
    return {
        row["passage"].value: {
            **{
                name: "" if row[name] is None else Resource(titles[row[name].value], row[name].value)
                for name in ("plan", "section")
            },
            **{name: to_python(row[name]) for name in ("line", "start", "end")},
            **{name: term_text(row[name]) or None for name in ("quote", "before", "after")},
        }
        for row in rows
    }


def term_text(term: Any) -> str:
    """Return a term's text, ``""`` for an unbound one."""
    return "" if term is None else str(term.value)


def term_number(term: Any) -> float:
    """Return a confidence as a number, 1 for an unbound one."""
    return 1.0 if term is None else float(to_python(term))


def span_of(passage: Mapping[str, Any]) -> Span:
    """Return the characters of a passage of :func:`to_networkx`."""
    return Span(passage["line"], passage["start"], passage["end"])
