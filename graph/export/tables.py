"""The tables that ``hongtu load`` reads, made of a graph."""

import urllib.parse
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import Network, span_of, to_networkx
from hongtu.graph.queries import internal_query, read_query
from hongtu.graph.workbook import write_workbook
from hongtu.loaders.enterprises import Enterprise, Organization
from hongtu.loaders.errors import UsageError
from hongtu.loaders.industries import Industry
from hongtu.loaders.language import say
from hongtu.loaders.locations import Location
from hongtu.loaders.plans import Measure, Plan, Section
from hongtu.loaders.projects import Project
from hongtu.loaders.records import Entity, Reference, Span
from hongtu.loaders.relations import Edge
from hongtu.loaders.rows import ENTITY_TABLE, to_rows, write_tables
from hongtu.loaders.source import TABLES, PlanTables
from hongtu.loaders.strategies import Strategy
from hongtu.loaders.targets import Figure, Target
from hongtu.loaders.values import unguard_cell
from hongtu.loaders.vocabulary import names
from hongtu.ontology.namespace import ID

_WORDS = {"type", "subject_type", "object_type", "predicate", "status", "role", "comparator"}
_NUMBERS = {"first_year", "last_year", "level", "confidence", "value", "year"}
_MOST_DIGITS = 15
"""Digits of a number that Excel keeps."""


def write_tables_of(kg: KnowledgeGraph, folder: Path) -> None:
    """Write the tables of the one plan of a graph into a folder, as CSV.

    :raises UsageError: when the graph holds none or several.
    """
    write_tables(to_tables(kg, only_plan(kg, say("表格", "tables hold"))), folder)


def write_workbook_of(kg: KnowledgeGraph, file: Path) -> None:
    """Write the tables of the one plan of a graph as a workbook, a sheet each, in the user's language.

    :raises UsageError: when the graph holds none or several.
    """
    rows = to_rows(to_tables(kg, only_plan(kg, say("表格", "tables hold"))))
    sheets = {
        say(table.title, table.name): [
            (
                say(column.title, column.name),
                [_sheet_cell(column.name, cells[column.name]) for cells in rows[table.name]],
            )
            for column in table.columns
        ]
        for table in TABLES
    }
    write_workbook(file, sheets)


def _sheet_cell(column: str, cell: str) -> str | int | float | None:
    """Return a cell of a table as a workbook has it, which the loaders read as the same: a number, a word, a text."""
    if column in _WORDS:
        return say(next(iter(names(cell)), cell), cell)
    for number in (int, float) if column in _NUMBERS and len(cell) <= _MOST_DIGITS else ():
        with suppress(ValueError):
            if str(number(cell)) == cell:
                return number(cell)
    # Reading takes away the apostrophe that guards a cell of a CSV file.
    return (cell if unguard_cell(cell) == cell else f"'{cell}") or None


def only_plan(kg: KnowledgeGraph, form: str) -> Any:
    """Return the one plan of a graph, as the query ``list_plans`` tells of it.

    :param form: what holds one plan only, in the user's language and with the verb in English: ``"tables hold"``.
    :raises UsageError: when the graph holds none or several.
    """
    plans = list(kg.solutions(read_query("list_plans").sparql))
    if len(plans) != 1:
        raise UsageError(
            say(
                f"{form}只装得下一份规划，图里有 {len(plans)} 份；用 .nq 或 .trig",
                f"{form} one plan, the graph holds {len(plans)}; take .nq or .trig",
            )
        )
    return plans[0]


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


def _text_order(node: dict[str, Any]) -> tuple[list[tuple[int, int]], str]:
    """Return by what things are sorted; what was loaded from elsewhere may have no passage, and comes first."""
    return [(passage["start"], passage["end"]) for passage in node["passages"][:1]], node["label"]


def _common(attributes: dict[str, Any]) -> dict[str, Any]:
    spans = tuple(map(span_of, attributes["passages"]))
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
