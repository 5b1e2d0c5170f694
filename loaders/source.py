"""A plan's tables as one whole: read, checked against each other, ready to be written as triples."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from hongtu.loaders.enterprises import ENTERPRISES, Enterprise, Organization
from hongtu.loaders.errors import InputError
from hongtu.loaders.industries import INDUSTRIES, Industry
from hongtu.loaders.language import say
from hongtu.loaders.locations import LOCATIONS, Location
from hongtu.loaders.plans import MEASURES, PLANS, SECTIONS, Measure, Plan, Section
from hongtu.loaders.projects import PROJECTS, Project
from hongtu.loaders.records import Entity, Reference
from hongtu.loaders.relations import PREDICATES, RELATIONS, Edge, Relation
from hongtu.loaders.strategies import STRATEGIES, Strategy
from hongtu.loaders.tables import Problem, Row, Table, nearest, read_rows, read_table, write_csv
from hongtu.loaders.targets import SUBJECTS, TARGETS, Figure, Target

ENTITIES: dict[str, Callable[..., Entity]] = {
    record.kind: record
    for record in (Strategy, Measure, Project, Enterprise, Organization, Industry, Location)
}
"""The records of named things by their kind."""

ENTITY_TABLES: tuple[Table[Any], ...] = (
    STRATEGIES,
    MEASURES,
    PROJECTS,
    ENTERPRISES,
    INDUSTRIES,
    LOCATIONS,
)
TABLES: tuple[Table[Any], ...] = (PLANS, SECTIONS, *ENTITY_TABLES, RELATIONS, TARGETS)

T = TypeVar("T")


@dataclass(slots=True)
class PlanTables:
    """All that tables say of one plan.

    ``problems`` tells what was wrong with rows; those rows are in ``rejected``, by table, and in nothing else.
    ``read_from`` tells how the records came to be: ``"tables"`` or ``"text"``.
    """

    plan: Plan
    sections: list[Section] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rejected: dict[str, list[Row]] = field(default_factory=dict)
    read_from: str = "tables"


class _Names:
    """The things of a plan by name, to resolve what relations and targets refer to."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._kinds: dict[str, list[str]] = {}
        for entity in entities:
            self._kinds.setdefault(entity.name, []).append(entity.kind)

    def resolve(self, name: str, kind: str, allowed: tuple[str, ...]) -> Reference:
        """Return the one thing of that name.

        :param kind: the kind that the row gives; empty when the name should do.
        :raises ValueError: when there is none or more than one, or when the kind is not allowed there.
        """
        if kind and kind not in allowed:
            raise ValueError(say("类型只能是 ", "its type must be one of ") + ", ".join(allowed))
        kinds = [
            known for known in self._kinds.get(name, []) if known == kind or (not kind and known in allowed)
        ]
        if len(kinds) == 1:
            return Reference(kinds[0], name)
        if kinds:
            raise ValueError(
                say("有几个同名的，类型列要写明：", "several have this name, give the type: ")
                + ", ".join(kinds)
            )
        wanted = [kind] if kind else list(allowed)
        known = [other for other, others in self._kinds.items() if not set(others).isdisjoint(wanted)]
        raise ValueError(
            say(
                f"{'/'.join(wanted)} 的表里没有这个名称",
                f"no {' or '.join(wanted)} has this name in the tables",
            )
            + nearest(name, known)
        )


def read_tables(source: Path, *, encoding: str = "utf-8") -> PlanTables:
    """Return what the tables of a source say, with every row that cannot stand set apart.

    :param source: a folder of CSV files, an .xlsx workbook or a .json file; see :mod:`hongtu.loaders.tables`.
    :param encoding: encoding of CSV and JSON files.
    :raises InputError: when the source as a whole cannot be read: no plan, a missing heading, another encoding …
    """
    return tables_of_rows(source, read_rows(source, [table.name for table in TABLES], encoding=encoding))


def tables_of_rows(source: Path, rows: Mapping[str, list[Row]]) -> PlanTables:
    """Return what rows say, by table name, with every row that cannot stand set apart.

    :param source: where the rows come from, for messages.
    :raises InputError: when the rows as a whole cannot be read: no plan, a missing heading, an unknown home.
    """
    problems: list[Problem] = []
    rejected: dict[str, list[Row]] = {}
    broken: list[str] = []

    def records(table: Table[T]) -> list[tuple[Row, T]]:
        try:
            reading = read_table(table, rows.get(table.name, []))
        except InputError as error:
            broken.append(str(error))
            return []
        problems.extend(reading.problems)
        if reading.rejected:
            rejected[table.name] = reading.rejected
        return reading.records

    plans = records(PLANS)
    if len(plans) != 1 and not broken:
        broken.append(
            "\n".join(map(str, problems))
            or say(
                f"{source}：plan 表要正好一行（规划的编号、标题、SHA-256……），现有 {len(plans)} 行",
                f"{source}: the table plan must have one row (id, title, SHA-256 … of the plan), not {len(plans)}",
            )
        )
    sections = records(SECTIONS)
    entities = [entity for table in ENTITY_TABLES for _, entity in records(table)]
    relations = records(RELATIONS)
    targets = records(TARGETS)
    if broken:
        raise InputError("\n".join(broken))

    names = _Names(entities)
    result = PlanTables(plans[0][1], entities=entities, problems=problems, rejected=rejected)
    if ("Location", result.plan.home) not in {entity.reference for entity in entities}:
        home = Problem(
            plans[0][0].place,
            "home",
            result.plan.home,
            say("locations 表里没有这个地点", "no such name in the table locations"),
        )
        # The row of the location may be among those that were refused.
        raise InputError("\n".join(map(str, [home, *problems])))
    result.sections = _resolved(
        result, SECTIONS, sections, lambda section: _checked(names, section), lambda section: section
    )
    result.edges = _resolved(result, RELATIONS, relations, lambda relation: _edge(names, relation), _edge_key)
    result.figures = _resolved(
        result, TARGETS, targets, lambda target: _figure(names, target), lambda figure: figure
    )
    return result


class _Unresolved(ValueError):
    """A cell names something that is not there."""

    def __init__(self, column: str, found: str, allowed: str) -> None:
        super().__init__(allowed)
        self.column, self.found, self.allowed = column, found, allowed


def _resolved(
    result: PlanTables,
    table: Table[Any],
    records: list[tuple[Row, Any]],
    resolve: Callable[[Any], T],
    key: Callable[[T], Hashable],
) -> list[T]:
    """Return the records with their references resolved; those that have none go to ``result.rejected``."""
    resolved: dict[Hashable, T] = {}
    for row, record in records:
        try:
            item = resolve(record)
            if key(item) in resolved:
                raise _Unresolved(
                    table.columns[0].name,
                    row.cell(table.columns[0]),
                    say(
                        "这条关系已有一行；依据写在同一格里",
                        "this edge has a row already; put all evidence into one cell",
                    ),
                )
            resolved[key(item)] = item
        except _Unresolved as error:
            result.problems.append(Problem(row.place, error.column, error.found, error.allowed))
            result.rejected.setdefault(table.name, []).append(row)
    return list(resolved.values())


def _resolve(names: _Names, column: str, name: str, kind: str, allowed: tuple[str, ...]) -> Reference:
    try:
        return names.resolve(name, kind, allowed)
    except ValueError as error:
        raise _Unresolved(column, name if not kind else f"{kind} {name}", str(error)) from error


def _checked(names: _Names, section: Section) -> Section:
    if section.strategy:
        _resolve(names, "strategy", section.strategy, "", ("Strategy",))
    return section


def _edge(names: _Names, relation: Relation) -> Edge:
    subjects, objects = PREDICATES[relation.predicate]
    return Edge(
        subject=_resolve(names, "subject", relation.subject, relation.subject_type, subjects),
        predicate=relation.predicate,
        object=_resolve(names, "object", relation.object, relation.object_type, objects),
        status=relation.status,
        confidence=relation.confidence,
        evidence=relation.evidence,
    )


def _edge_key(edge: Edge) -> Hashable:
    return edge.subject, edge.predicate, edge.object


def _figure(names: _Names, target: Target) -> Figure:
    if target.subject_type == "Plan" or not (target.subject or target.subject_type):
        return Figure(subject=Reference("Plan", ""), target=target)
    return Figure(
        subject=_resolve(names, "subject", target.subject, target.subject_type, SUBJECTS), target=target
    )


def write_quarantine(tables: PlanTables, folder: Path) -> list[Path]:
    """Write the rejected rows, each with the reasons in the column ``problem``, one CSV file per table.

    The files are UTF-8 with a byte order mark, so that Excel shows them well. Return their paths.
    """
    reasons: dict[object, list[str]] = {}
    for problem in tables.problems:
        reasons.setdefault(problem.place, []).append(f"{problem.column}: {problem.allowed}")
    files = []
    for name, rows in tables.rejected.items():
        headings = dict.fromkeys(["problem", *(heading for row in rows for heading in row.cells)])
        file = folder / f"{name}.csv"
        write_csv(file, headings, ({**row.cells, "problem": "; ".join(reasons[row.place])} for row in rows))
        files.append(file)
    return files
