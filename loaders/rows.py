"""Records back into rows of cells: a plan's tables as CSV files for Excel, also with what a reviewer needs.

What :func:`write_tables` writes, :func:`~hongtu.loaders.source.read_tables` reads as the same records.
"""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from hongtu.loaders.enterprises import ENTERPRISES
from hongtu.loaders.industries import INDUSTRIES
from hongtu.loaders.locations import LOCATIONS
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.plans import MEASURES, PLANS, SECTIONS, Plan, Section
from hongtu.loaders.projects import PROJECTS
from hongtu.loaders.records import Entity, Span
from hongtu.loaders.relations import RELATIONS, Edge
from hongtu.loaders.source import TABLES, PlanTables, tables_of_rows
from hongtu.loaders.strategies import STRATEGIES
from hongtu.loaders.tables import Place, Row, Table, shorten, write_csv
from hongtu.loaders.targets import TARGETS, Figure, Target
from hongtu.loaders.values import format_aliases, format_number, format_spans, parse_spans

Cells = dict[str, str]
"""A row's cells by the English heading of their columns."""

ENTITY_TABLE: dict[str, Table[Any]] = {
    "Strategy": STRATEGIES,
    "Measure": MEASURES,
    "Project": PROJECTS,
    "Enterprise": ENTERPRISES,
    "Organization": ENTERPRISES,
    "Industry": INDUSTRIES,
    "Location": LOCATIONS,
}
"""The table of each kind of thing."""

_QUOTED_ON_EACH_SIDE = 100


def format_cell(value: object) -> str:
    """Return the cell that a column's parser reads as the value.

    >>> format_cell(Decimal("0.60")), format_cell(None), format_cell(("华翔", "华翔股份"))
    ('0.6', '', '华翔 | 华翔股份')
    """
    match value:
        case None:
            return ""
        case Decimal() | int():
            return format_number(value)
        case (Span(), *_):
            return format_spans(span for span in value if isinstance(span, Span))
        case tuple():
            return format_aliases(map(str, value))
    return str(value)


def to_rows(tables: PlanTables) -> dict[str, list[Cells]]:
    """Return the rows of each table, by table name, in the order of the records; rejected rows are left out.

    Relations and targets name the kinds of the things that they refer to.
    """
    rows: dict[str, list[Cells]] = {table.name: [] for table in TABLES}
    rows["plan"].append(_cells(PLANS, tables.plan))
    rows["sections"] = [_cells(SECTIONS, section) for section in tables.sections]
    for entity in tables.entities:
        table = ENTITY_TABLE[entity.kind]
        rows[table.name].append(_cells(table, entity))
    rows["relations"] = [_cells(RELATIONS, edge) for edge in tables.edges]
    rows["targets"] = [_cells(TARGETS, figure) for figure in tables.figures]
    return rows


def from_rows(source: Path, rows: Mapping[str, list[Cells]]) -> PlanTables:
    """Return the records of rows; the other direction of :func:`to_rows`.

    :param source: the folder that rows which cannot stand are said to be in; they count as in its files.
    :raises InputError: when the rows as a whole make no plan: see :func:`~hongtu.loaders.source.tables_of_rows`.
    """
    return tables_of_rows(
        source,
        {
            table.name: [
                Row(
                    Place(source / f"{table.name}.csv", "", number),
                    {column.name: cells.get(column.name, "") for column in table.columns},
                )
                for number, cells in enumerate(rows.get(table.name, []), 2)
            ]
            for table in TABLES
        },
    )


def write_tables(tables: PlanTables, folder: Path) -> None:
    """Write the tables as a folder of CSV files, rows in the order of the records.

    :raises StoreError: when a file cannot be written.
    """
    rows = to_rows(tables)
    for table in TABLES:
        write_csv(folder / f"{table.name}.csv", [column.name for column in table.columns], rows[table.name])


def write_review(tables: PlanTables, folder: Path, text: PlanText) -> None:
    """Write the tables for a person to correct in Excel: what is least certain first, each row with its quote.

    Rows stand by confidence, those of equal confidence in the order of the text. The last column, ``quote``, holds
    the first evidence in 【】 with the rest of its sentence; reading the tables again passes it over.

    :raises InputError: when evidence lies outside of the text.
    :raises StoreError: when a file cannot be written.
    """
    rows = to_rows(tables)
    for table in TABLES:
        headings = [column.name for column in table.columns]
        judged = "confidence" in headings
        if judged:
            rows[table.name].sort(key=_worst_first)
            for cells in rows[table.name]:
                cells["quote"] = _quote(text, parse_spans(cells["evidence"])[0])
        write_csv(folder / f"{table.name}.csv", headings + ["quote"] * judged, rows[table.name])


def _worst_first(cells: Cells) -> tuple[Decimal, int, int]:
    first = parse_spans(cells["evidence"])[0]
    return Decimal(cells["confidence"]), first.start, first.end


def _quote(text: PlanText, span: Span) -> str:
    before, exact, after = text.quote(span)
    marked = f"{before[-_QUOTED_ON_EACH_SIDE:]}【{shorten(exact, 300)}】{after[:_QUOTED_ON_EACH_SIDE]}"
    return " ".join(marked.split())


def _cells(table: Table[Any], record: Plan | Section | Entity | Edge | Figure | Target) -> Cells:
    values: dict[str, object] = {}
    match record:
        case Section():
            values["evidence"] = (Span(record.line, record.start, record.end),)
        case Entity():
            values["type"] = record.kind
        case Edge():
            values.update(_reference("subject", record.subject), **_reference("object", record.object))
        case Figure(subject=subject, target=target):
            # Figures of the plan itself have no subject.
            values.update(_reference("subject", subject if subject.name else ("", "")))
            record = target
    return {
        column.name: format_cell(
            values[column.name] if column.name in values else getattr(record, column.name)
        )
        for column in table.columns
    }


def _reference(side: str, reference: tuple[str, str]) -> dict[str, object]:
    kind, name = reference
    return {side: name, f"{side}_type": kind}
