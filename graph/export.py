"""The graph taken along: RDF files, networks for Gephi and others, tables for Excel."""

import urllib.parse
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import networkx as nx
import pyoxigraph as ox

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import Network, to_networkx
from hongtu.graph.queries import internal_query, read_query
from hongtu.loaders.enterprises import Enterprise, Organization
from hongtu.loaders.errors import UsageError
from hongtu.loaders.files import whole_file
from hongtu.loaders.industries import Industry
from hongtu.loaders.language import say
from hongtu.loaders.locations import Location
from hongtu.loaders.plans import Measure, Plan, Section
from hongtu.loaders.projects import Project
from hongtu.loaders.records import Entity, Reference, Span
from hongtu.loaders.relations import Edge
from hongtu.loaders.rows import ENTITY_TABLE, write_tables
from hongtu.loaders.source import PlanTables
from hongtu.loaders.strategies import Strategy
from hongtu.loaders.targets import Figure, Target
from hongtu.loaders.values import SEPARATOR
from hongtu.ontology.namespace import ID, PREFIXES

RDF_FORMATS = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
}
NETWORK_WRITERS: dict[str, Callable[..., None]] = {".graphml": nx.write_graphml, ".gexf": nx.write_gexf}
"""File endings and what writes them."""


def export(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph, without the vocabulary, in the form that the path's ending names.

    :param path: ``.nq`` ``.trig`` ``.jsonld`` (with named graphs), ``.ttl`` ``.nt`` ``.rdf`` (all plans as one graph),
        ``.graphml`` ``.gexf`` (things and edges, with labels and citations), or a folder for the CSV tables that
        ``hongtu load`` reads (one plan).
    :raises UsageError: when the ending is not known, or a folder is asked for a store of several plans.
    :raises StoreError: when the path cannot be written; what was there stays.
    """
    suffix = path.suffix.lower()
    if suffix in RDF_FORMATS:
        with whole_file(path) as new:
            _write_rdf(kg, str(new), RDF_FORMATS[suffix])
    elif suffix in NETWORK_WRITERS:
        network = plain_network(to_networkx(kg))
        with whole_file(path) as new:
            NETWORK_WRITERS[suffix](network, str(new))
    elif not suffix:
        _write_tables(kg, path)
    else:
        raise UsageError(
            say(f"不会写 {suffix}；可写 ", f"cannot write {suffix}; there are ")
            + " ".join([*RDF_FORMATS, *NETWORK_WRITERS])
            + say("，或一个文件夹（CSV 表格）", ", or a folder (CSV tables)")
        )


def _write_rdf(kg: KnowledgeGraph, file: str, rdf_format: ox.RdfFormat) -> None:
    quads = (quad for name in kg.plan_graphs() for quad in kg.store.quads_for_pattern(None, None, None, name))
    if rdf_format.supports_datasets:
        ox.serialize(quads, file, rdf_format, prefixes=PREFIXES)
    else:
        ox.serialize((quad.triple for quad in quads), file, rdf_format, prefixes=PREFIXES)


def plain_network(network: Network) -> Network:
    """Return the network with attributes that every format can hold: lists as text, passages as citations."""
    plain: Network = nx.MultiDiGraph(title=network.graph["title"])
    for node, attributes in network.nodes(data=True):
        plain.add_node(node, **_plain(attributes))
    for subject, object_, key, attributes in network.edges(keys=True, data=True):
        plain.add_edge(subject, object_, key, predicate=key, **_plain(attributes))
    return plain


def _plain(attributes: dict[str, Any]) -> dict[str, str | float]:
    plain: dict[str, str | float] = {}
    for name, value in attributes.items():
        if name == "passages":
            plain["evidence"] = "; ".join(f"{item['line']}:{item['start']}-{item['end']}" for item in value)
            quotes = [
                f"{item['before'] or ''}{item['quote']}{item['after'] or ''}"
                for item in value
                if item["quote"]
            ]
            plain["sentences"] = " / ".join(dict.fromkeys(quotes))
        else:
            plain[name] = SEPARATOR.join(value) if isinstance(value, list) else value
    return plain


def _write_tables(kg: KnowledgeGraph, folder: Path) -> None:
    plans = list(kg.solutions(read_query("list_plans").sparql))
    if len(plans) != 1:
        raise UsageError(
            say(
                f"表格只装得下一份规划，图里有 {len(plans)} 份；用 .nq 或 .trig",
                f"tables hold one plan, the graph holds {len(plans)}; take .nq or .trig",
            )
        )
    write_tables(to_tables(kg, plans[0]), folder)


def to_tables(kg: KnowledgeGraph, plan: Any) -> PlanTables:
    """Return the records of the one plan of a graph, as the loaders read them.

    :param plan: the plan's solution of the query ``list_plans``.
    """
    network = to_networkx(kg, kinds=tuple(ENTITY_TABLE))
    tables = PlanTables(
        Plan(
            id=urllib.parse.unquote(plan["plan"].value.removeprefix(str(ID))),
            title=plan["title"].value,
            sha256=plan["sha256"].value,
            first_year=int(plan["first"].value),
            last_year=int(plan["last"].value),
            home=network.nodes[plan["home"].value]["label"],
            source=plan["source"].value if plan["source"] else "",
        )
    )
    for row in kg.run("list_sections").to_dict("records"):
        places = {name: int(row[name]) for name in ("level", "line", "start", "end")}
        tables.sections.append(
            Section(title=str(row["section"]), strategy=str(row["strategy"] or ""), **places)
        )
    merges: dict[str, list[str]] = {}
    for row in kg.solutions(internal_query("list_merges")):
        merges.setdefault(row["thing"].value, []).append(row["merge"].value)
    nodes: list[dict[str, Any]] = [
        {**attributes, "merges": merges.get(node, [])} for node, attributes in network.nodes(data=True)
    ]
    tables.entities = [_entity(node) for node in sorted(nodes, key=_text_order)]
    for subject, object_, predicate, edge in network.edges(keys=True, data=True):
        tables.edges.append(
            Edge(
                subject=_reference(network.nodes[subject]),
                predicate=predicate,
                object=_reference(network.nodes[object_]),
                status=edge["status"],
                **_common(edge),
            )
        )
    tables.figures = _figures(kg, network)
    return tables


def _entity(node: dict[str, Any]) -> Entity:
    values = {
        "name": node["label"],
        "aliases": tuple(node["aliases"]),
        "merges": tuple(node["merges"]),
        **_common(node),
    }
    match node["kind"]:
        case "Strategy":
            return Strategy(**values)
        case "Measure":
            return Measure(**values)
        case "Project":
            return Project(status=node["status"], **values)
        case "Enterprise":
            return Enterprise(**values)
        case "Organization":
            return Organization(**values)
        case "Industry":
            return Industry(gbt=node["code"], **values)
    return Location(admin_code=node["code"], **values)


def _reference(node: dict[str, Any]) -> Reference:
    return Reference(node["kind"], node["label"])


def _text_order(node: dict[str, Any]) -> tuple[int, int, str]:
    first = node["passages"][0]
    return first["start"], first["end"], node["label"]


def _common(attributes: dict[str, Any]) -> dict[str, Any]:
    spans = tuple(Span(item["line"], item["start"], item["end"]) for item in attributes["passages"])
    return {"confidence": Decimal(f"{attributes['confidence']:g}"), "evidence": spans}


def _figures(kg: KnowledgeGraph, network: Network) -> list[Figure]:
    targets: dict[str, tuple[Any, list[Span]]] = {}
    for row in kg.solutions(read_query("list_targets").sparql):
        spans = targets.setdefault(row["target"].value, (row, []))[1]
        spans.append(Span(*(int(row[name].value) for name in ("line", "start", "end"))))
    figures = []
    for row, spans in targets.values():
        # The plan itself is no node.
        node = network.nodes.get(row["subject"].value)
        subject = _reference(node) if node else Reference("Plan", "")
        target = Target(
            **{name: row[name].value for name in ("indicator", "unit", "verbatim", "comparator", "role")},
            value=Decimal(row["value"].value) if row["value"] else None,
            year=int(row["year"].value),
            subject=subject.name,
            subject_type=subject.kind if node else "",
            confidence=Decimal(row["confidence"].value),
            evidence=tuple(spans),
        )
        figures.append(Figure(subject=subject, target=target))
    return figures
