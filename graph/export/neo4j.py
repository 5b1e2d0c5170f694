"""A folder for Neo4j: nodes and relationships as CSV, and the Cypher that loads them into a running database.

The headings are those of ``neo4j-admin database import full`` (Neo4j Operations Manual, "CSV header format"), which
makes a new database of any size::

    neo4j-admin database import full neo4j --multiline-fields=true \\
        --nodes=nodes.csv --relationships=relationships.csv

``load.cypher`` loads the same files by ``LOAD CSV``, into Neo4j 5.26 or newer, where little more than a browser is at
hand.

Nodes are plans, things and targets, with their class as label; relationships are edges, with their predicate as type.
Both have their evidence as properties: the plan's IRI, in arrays the lines and offsets of the passages, and as ``quote``
their words, a passage a line. A semicolon, which separates the items of an array, is full-width in aliases.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import ENTITY_KINDS, Network, given_passages, to_networkx
from hongtu.graph.queries import read_query
from hongtu.loaders.files import whole_file

_EVIDENCE = ("plan:string", "line:int[]", "start:int[]", "end:int[]", "quote:string")
_FIGURE = ("value:double", "verbatim:string", "unit:string", "year:int", "comparator:string", "role:string")
_THING = ("name:string", "aliases:string[]", "code:string", "confidence:double", "status:string")
NODES = ("iri:ID", ":LABEL", *_THING, *_FIGURE, *_EVIDENCE)
"""Headings of ``nodes.csv``."""
RELATIONSHIPS = (":START_ID", ":END_ID", ":TYPE", "confidence:double", "status:string", *_EVIDENCE)
"""Headings of ``relationships.csv``."""

_COMMON = "Thing"
"""The label that all nodes share, for the index by which ``load.cypher`` finds them."""

_CASTS = {
    "string": "{}",
    "double": "toFloat({})",
    "int": "toInteger({})",
    "string[]": "split({}, ';')",
    "int[]": "[item IN split({}, ';') | toInteger(item)]",
}


def write_neo4j(kg: KnowledgeGraph, folder: Path) -> None:
    """Write all plans into a folder: ``nodes.csv``, ``relationships.csv`` and ``load.cypher``.

    :raises StoreError: when a file cannot be written.
    """
    network = to_networkx(kg, kinds=(*ENTITY_KINDS, "Measure"))
    targets = _targets(kg)
    _write(folder / "nodes.csv", NODES, _nodes(network, targets))
    _write(folder / "relationships.csv", RELATIONSHIPS, _relationships(network, targets))
    with whole_file(folder / "load.cypher") as new:
        new.write_text(_cypher(), "utf-8", newline="\n")


def _write(file: Path, headings: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    with whole_file(file) as new, new.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(
            [row.get(heading.partition(":")[0] or heading, "") for heading in headings] for row in rows
        )


def _nodes(network: Network, targets: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for plan in network.graph["plans"]:
        yield {"iri": plan["title"].iri, ":LABEL": f"{_COMMON};Plan", "name": plan["title"]}
    for node, data in network.nodes(data=True):
        aliases = ";".join(alias.replace(";", "；") for alias in data["aliases"])
        yield (
            {"iri": node, ":LABEL": f"{_COMMON};{data['kind']}"}
            | _told(data)
            | {
                "name": data["label"],
                "aliases": aliases,
            }
        )
    for target in {target["iri"]: target for target in targets}.values():
        yield {":LABEL": f"{_COMMON};Target"} | _told(target)


def _relationships(network: Network, targets: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for subject, object_, predicate, data in network.edges(keys=True, data=True):
        yield {":START_ID": subject, ":END_ID": object_, ":TYPE": predicate} | _told(data)
    for target in targets:
        ends = {":START_ID": target["subject"], ":END_ID": target["iri"], ":TYPE": "hasTarget"}
        yield ends | _told(target)


def _targets(kg: KnowledgeGraph) -> list[dict[str, Any]]:
    """Return the targets, once for each thing that has them, with ``iri`` and ``subject``."""
    rows = list(kg.solutions(read_query("list_targets").sparql))
    passages = given_passages(kg, (row["evidence"].value for row in rows))
    targets: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        iri, subject = row["target"].value, row["subject"].value
        figure = (heading.partition(":")[0] for heading in _FIGURE)
        target = {name: row[name].value if row[name] else "" for name in (*figure, "confidence")}
        given = {"iri": iri, "subject": subject, "name": row["indicator"].value, "passages": []}
        cited = targets.setdefault((subject, iri), given | target)["passages"]
        cited.append(passages[row["evidence"].value])
    return list(targets.values())


def _told(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return attributes as the cells of a row; of passages, the evidence."""
    passages = data["passages"]
    arrays = {name: ";".join(str(one[name]) for one in passages) for name in ("line", "start", "end")}
    quote = "\n".join(one["quote"] for one in passages if one["quote"])
    return {**data, **arrays, "plan": passages[0]["plan"].iri if passages else "", "quote": quote}


def _cypher() -> str:
    return f"""\
// Put nodes.csv and relationships.csv into the import folder of Neo4j (5.26 or newer) and run this. Where the texts have
// a backslash before a quotation mark, set db.import.csv.legacy_quote_escaping=false first.
CREATE CONSTRAINT hongtu_iri IF NOT EXISTS FOR (node:{_COMMON}) REQUIRE node.iri IS UNIQUE;

LOAD CSV WITH HEADERS FROM 'file:///nodes.csv' AS row
MERGE (node:{_COMMON} {{iri: row['iri:ID']}})
SET node:$(split(row[':LABEL'], ';'))
SET node += {_map(NODES[2:])};

LOAD CSV WITH HEADERS FROM 'file:///relationships.csv' AS row
MATCH (subject:{_COMMON} {{iri: row[':START_ID']}})
MATCH (object:{_COMMON} {{iri: row[':END_ID']}})
MERGE (subject)-[edge:$(row[':TYPE'])]->(object)
SET edge += {_map(RELATIONSHIPS[3:])};
"""


def _map(headings: Iterable[str]) -> str:
    """Return the properties of a row as a map of Cypher."""
    properties = []
    for heading in headings:
        name, _, kind = heading.partition(":")
        cell = f"row['{heading}']"
        properties.append(f"`{name}`: {_CASTS[kind].format(cell)}")
    return "{\n  " + ",\n  ".join(properties) + "\n}"
