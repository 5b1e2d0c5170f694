"""The graph taken along: RDF files, networks for Gephi and others, tables for Excel."""

import csv
import urllib.parse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import networkx as nx
import pyoxigraph as ox

from hongtu.graph.files import whole_file
from hongtu.graph.network import Network, to_networkx
from hongtu.graph.queries import read_query
from hongtu.graph.store import KnowledgeGraph
from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say
from hongtu.loaders.records import Span
from hongtu.loaders.source import TABLES
from hongtu.loaders.values import SEPARATOR, format_aliases, format_spans
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
    rows = table_rows(kg, plans[0])
    for table in TABLES:
        headings = [column.name for column in table.columns]
        # The byte order mark lets Excel read the Chinese.
        with (
            whole_file(folder / f"{table.name}.csv") as new,
            new.open("w", encoding="utf-8-sig", newline="") as stream,
        ):
            writer = csv.DictWriter(stream, headings, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[table.name])


def table_rows(kg: KnowledgeGraph, plan: Any) -> dict[str, list[dict[str, str]]]:
    """Return the rows of each table for the one plan of a graph, as the loaders read them.

    :param plan: the plan's solution of the query ``list_plans``.
    """
    network = to_networkx(kg, kinds=tuple(_ENTITY_TABLES))
    rows: dict[str, list[dict[str, str]]] = {table.name: [] for table in TABLES}
    rows["plan"].append(
        {
            "id": urllib.parse.unquote(plan["plan"].value.removeprefix(str(ID))),
            "title": plan["title"].value,
            "sha256": plan["sha256"].value,
            "first_year": plan["first"].value,
            "last_year": plan["last"].value,
            "home": network.nodes[plan["home"].value]["label"],
            "source": plan["source"].value if plan["source"] else "",
        }
    )
    sections = kg.run("list_sections")
    for section in sections.to_dict("records"):
        rows["sections"].append(
            {
                "title": section["section"],
                "level": str(section["level"]),
                "strategy": section["strategy"] or "",
                "evidence": _evidence([section]),
            }
        )
    nodes: list[dict[str, Any]] = [dict(attributes) for _, attributes in network.nodes(data=True)]
    for node in sorted(nodes, key=_text_order):
        table, code = _ENTITY_TABLES[node["kind"]]
        row = {"name": node["label"], "aliases": format_aliases(node["aliases"]), **_common(node)}
        if code:
            row[code] = node["kind"] if code == "type" else node["status"] or node["code"]
        rows[table].append(row)
    for subject, object_, predicate, edge in network.edges(keys=True, data=True):
        ends = {
            name: value
            for side, iri in (("subject", subject), ("object", object_))
            for name, value in (
                (side, network.nodes[iri]["label"]),
                (f"{side}_type", network.nodes[iri]["kind"]),
            )
        }
        rows["relations"].append({**ends, "predicate": predicate, "status": edge["status"], **_common(edge)})
    rows["targets"] = _target_rows(kg, network)
    return rows


_ENTITY_TABLES = {
    "Strategy": ("strategies", ""),
    "Measure": ("measures", ""),
    "Project": ("projects", "status"),
    "Enterprise": ("enterprises", "type"),
    "Organization": ("enterprises", "type"),
    "Industry": ("industries", "gbt"),
    "Location": ("locations", "admin_code"),
}
"""The table of each kind of thing, and its column beyond the common ones."""


def _text_order(node: dict[str, Any]) -> tuple[int, int, str]:
    first = node["passages"][0]
    return first["start"], first["end"], node["label"]


def _evidence(passages: Iterable[dict[Any, Any]]) -> str:
    return format_spans(Span(item["line"], item["start"], item["end"]) for item in passages)


def _common(attributes: dict[str, Any]) -> dict[str, str]:
    return {"confidence": f"{attributes['confidence']:g}", "evidence": _evidence(attributes["passages"])}


def _target_rows(kg: KnowledgeGraph, network: Network) -> list[dict[str, str]]:
    targets: dict[str, tuple[Any, list[dict[str, Any]]]] = {}
    for row in kg.solutions(read_query("list_targets").sparql):
        passages = targets.setdefault(row["target"].value, (row, []))[1]
        passages.append({name: int(row[name].value) for name in ("line", "start", "end")})
    rows = []
    for row, passages in targets.values():
        # The plan itself is no node: its figures have an empty subject.
        subject = network.nodes.get(row["subject"].value, {"label": "", "kind": ""})
        cells = {
            name: row[name].value if row[name] else ""
            for name in ("indicator", "value", "unit", "verbatim", "year", "comparator", "role", "confidence")
        }
        ends = {"subject": subject["label"], "subject_type": subject["kind"], "evidence": _evidence(passages)}
        rows.append({**cells, **ends})
    return rows
