"""A plan's tables as one whole: read, checked against each other, ready to be written as triples."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from hongtu.loaders.columns import EVIDENCE
from hongtu.loaders.documents import read_document
from hongtu.loaders.enterprises import ENTERPRISES, Enterprise, Organization
from hongtu.loaders.errors import InputError
from hongtu.loaders.finding import Finder, Sentences, evidence_parser
from hongtu.loaders.industries import INDUSTRIES, Industry
from hongtu.loaders.language import say
from hongtu.loaders.locations import LOCATIONS, Location, doubt_about_code
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.plans import DIGEST, MEASURES, PLANS, SECTIONS, Measure, Plan, Section
from hongtu.loaders.projects import PROJECTS, Project
from hongtu.loaders.records import Entity, Reference, Span
from hongtu.loaders.relations import PREDICATES, RELATIONS, Edge, Relation
from hongtu.loaders.strategies import STRATEGIES, Strategy
from hongtu.loaders.tables import Problem, Reading, Row, Table, nearest, read_rows, read_table, write_csv
from hongtu.loaders.targets import SUBJECTS, TARGETS, Figure, Target
from hongtu.loaders.vocabulary import shown

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

_ADDED = {"", "quote", "problem"}
"""Headings that Hongtu itself adds to tables for a person to read."""

R = TypeVar("R")
T = TypeVar("T")


@dataclass(slots=True)
class PlanTables:
    """All that tables say of one plan.

    ``problems`` tells what was wrong with rows; those rows are in ``rejected``, by table, and in nothing else.
    ``doubts`` tells what may be wrong with rows that stand.
    ``read_from`` tells how the records came to be: ``"tables"`` or ``"text"``.
    """

    plan: Plan
    sections: list[Section] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list, compare=False)
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
            raise ValueError(
                say("类型只能是 ", "its type must be one of ") + say("、", ", ").join(map(shown, allowed))
            )
        kinds = [
            known for known in self._kinds.get(name, []) if known == kind or (not kind and known in allowed)
        ]
        if len(kinds) == 1:
            return Reference(kinds[0], name)
        if kinds:
            raise ValueError(
                say("有几个同名的，类型列要写明：", "several have this name, give the type: ")
                + say("、", ", ").join(map(shown, kinds))
            )
        wanted = [kind] if kind else list(allowed)
        known = [other for other, others in self._kinds.items() if not set(others).isdisjoint(wanted)]
        is_a = say("、", ", ").join(map(shown, self._kinds.get(name, [])))
        raise ValueError(
            say(
                f"{'、'.join(map(shown, wanted))}的表里没有这个名称",
                f"no {' or '.join(wanted)} has this name in the tables",
            )
            + (
                say(f"；它在{is_a}里", f"; it is among those of type {is_a}")
                if is_a
                else nearest(name, known)
            )
        )


def read_tables(source: Path, *texts: PlanText, encoding: str = "utf-8") -> PlanTables:
    """Return what the tables of a source say, with every row that cannot stand set apart.

    With the plan's text at hand, evidence may be words of it, or be left to be found; see :mod:`hongtu.loaders.finding`.

    :param source: a folder of CSV files, an .xlsx workbook or a .json file; see :mod:`hongtu.loaders.tables`.
    :param texts: the plan's text, or several of which the one with the recorded SHA-256 is taken; where none is
        recorded, the only one. Without any, ``plan.txt`` beside the tables is.
    :param encoding: encoding of CSV and JSON files.
    :raises InputError: when the source as a whole cannot be read: no plan, a missing heading, another encoding …
    """
    rows = read_rows(source, TABLES, encoding=encoding)
    text = _text_of(source, rows, texts)
    return tables_of_rows(source, rows, Finder(text) if text else None)


def _text_of(source: Path, rows: Mapping[str, list[Row]], texts: tuple[PlanText, ...]) -> PlanText | None:
    """Return the text that the rows need, when it is at hand."""
    if not _leave_something(rows):
        return None
    recorded = {row.cell(DIGEST).lower() for row in rows.get(PLANS.name, [])} - {""}
    if recorded:
        fitting = [text for text in texts if text.sha256 in recorded]
        text = fitting[0] if fitting else text_beside(source)
        return text if text and text.sha256 in recorded else None
    if texts:
        return texts[0] if len(texts) == 1 else None
    return text_beside(source)


def text_beside(source: Path) -> PlanText | None:
    """Return the text ``plan.txt`` beside tables: in their folder, or in that of the workbook; ``None`` without one.

    :raises InputError: when it cannot be read.
    """
    file = (source if source.is_dir() else source.parent) / "plan.txt"
    return read_document(file) if file.is_file() else None


def _about_missing(rows: Mapping[str, list[Row]], finder: Finder | None) -> str:
    """Return a hint on columns which are missing though they may be empty; nothing where none of them is."""
    missing = {
        column.name
        for table in TABLES
        for column in table.columns
        if column in (DIGEST, EVIDENCE) and rows.get(table.name) and not rows[table.name][0].has(column)
    }
    if not missing:
        return ""
    if finder:
        return say(
            "；留一列空的就行：依据会到原文里找",
            "; an empty column will do: evidence is found in the plan's text",
        )
    return say(
        "；手头有原文就不用写依据和 SHA-256：给出原文，或放在表格旁，叫 plan.txt",
        "; neither evidence nor SHA-256 is needed with the plan's text at hand: give it, or put it beside the tables "
        "as plan.txt",
    )


def _leave_something(rows: Mapping[str, list[Row]]) -> bool:
    """Tell whether anything is left to be found: a cell for evidence without places, a plan without its digest."""
    for name, table_rows in rows.items():
        for row in table_rows:
            column = DIGEST if name == PLANS.name else EVIDENCE
            try:
                column.parse(row.cell(column))
            except ValueError:
                return True
    return False


def read_things(table: Table[Any], rows: list[Row], finder: Finder | None) -> Reading[Any]:
    """Return the named things of a table's rows; those that give no evidence get the places of their names.

    :param finder: the plan's text; ``None`` when it is not at hand.
    :raises InputError: when a column that the table needs is missing.
    """
    reading = _read(table, rows, finder)
    if finder and not all(thing.evidence for _, thing in reading.records):
        records, reading.records = reading.records, []
        among = {name for _, thing in records for name in (thing.name, *thing.aliases)}
        for row, thing in records:
            try:
                found = thing.evidence or finder.mentions((thing.name, *thing.aliases), among)
            except ValueError as error:
                reading.refuse(row, row.problem(EVIDENCE, "", str(error)))
            else:
                reading.records.append((row, replace(thing, evidence=found)))
    return reading


def _read(table: Table[R], rows: list[Row], finder: Finder | None) -> Reading[R]:
    """Return the records of a table's rows; with the text at hand, no cell needs a place or the text's digest.

    Their columns may then be missing, unless there are headings of which one may be meant for them.
    """
    if finder is None:
        return read_table(table, rows)
    parsers: dict[str, Callable[[str], Any]] = {
        DIGEST.name: lambda cell: DIGEST.parse(cell or finder.text.sha256),
        EVIDENCE.name: evidence_parser(finder, once=table in (RELATIONS, TARGETS)),
    }
    known = {heading for column in table.columns for heading in (column.name, column.title)} | _ADDED
    unknown = bool(rows) and not known.issuperset(rows[0].cells)
    columns = (
        replace(column, parse=parsers[column.name], required=unknown)
        if column in (DIGEST, EVIDENCE)
        else column
        for column in table.columns
    )
    return read_table(replace(table, columns=tuple(columns)), rows)


def tables_of_rows(source: Path, rows: Mapping[str, list[Row]], finder: Finder | None = None) -> PlanTables:
    """Return what rows say, by table name, with every row that cannot stand set apart.

    :param source: where the rows come from, for messages.
    :param finder: the plan's text, in which evidence is found that rows quote or leave out; ``None`` without it.
    :raises InputError: when the rows as a whole cannot be read: no plan, a missing heading, an unknown home.
    """
    problems: list[Problem] = []
    rejected: dict[str, list[Row]] = {}
    broken: list[str] = []

    def records(table: Table[T]) -> list[tuple[Row, T]]:
        try:
            read = read_things if table in ENTITY_TABLES else _read
            reading = read(table, rows.get(table.name, []), finder)
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
                f"{source}：规划（plan）表要正好一行（规划的编号、标题、SHA-256……），现有 {len(plans)} 行",
                f"{source}: the table plan must have one row (id, title, SHA-256 … of the plan), not {len(plans)}",
            )
        )
    sections = records(SECTIONS)
    things = [thing for table in ENTITY_TABLES for thing in records(table)]
    entities = [entity for _, entity in things]
    relations = records(RELATIONS)
    targets = records(TARGETS)
    if broken:
        raise InputError("\n".join(broken) + _about_missing(rows, finder))

    names = _Names(entities)
    sentences = Sentences(finder, entities) if finder else None
    result = PlanTables(plans[0][1], entities=entities, problems=problems, rejected=rejected)
    result.doubts = [
        row.problem(LOCATIONS.column("admin_code"), entity.admin_code, doubt)
        for row, entity in things
        if isinstance(entity, Location) and (doubt := doubt_about_code(entity))
    ]
    if ("Location", result.plan.home) not in {entity.reference for entity in entities}:
        home = plans[0][0].problem(
            PLANS.column("home"),
            result.plan.home,
            say("地点（locations）表里没有这个地点", "no such name in the table locations"),
        )
        # The row of the location may be among those that were refused.
        raise InputError("\n".join(map(str, [home, *problems])))
    result.sections = _resolved(
        result, SECTIONS, sections, lambda section: _checked(names, section), lambda section: section
    )
    result.edges = _resolved(
        result, RELATIONS, relations, lambda relation: _edge(names, relation, sentences), _edge_key
    )
    result.figures = _resolved(
        result, TARGETS, targets, lambda target: _figure(names, target, sentences), lambda figure: figure
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
            result.problems.append(row.problem(table.column(error.column), error.found, error.allowed))
            result.rejected.setdefault(table.name, []).append(row)
    return list(resolved.values())


def _resolve(names: _Names, column: str, name: str, kind: str, allowed: tuple[str, ...]) -> Reference:
    try:
        return names.resolve(name, kind, allowed)
    except ValueError as error:
        raise _Unresolved(column, name if not kind else f"{kind} {name}", str(error)) from error


def _found(find: Callable[[T, T], tuple[Span, ...]], one: T, other: T) -> tuple[Span, ...]:
    """Return the places of what a row leaves to be found."""
    try:
        return find(one, other)
    except ValueError as error:
        raise _Unresolved(EVIDENCE.name, "", str(error)) from error


def _checked(names: _Names, section: Section) -> Section:
    if section.strategy:
        _resolve(names, "strategy", section.strategy, "", ("Strategy",))
    return section


def _edge(names: _Names, relation: Relation, sentences: Sentences | None) -> Edge:
    subjects, objects = PREDICATES[relation.predicate]
    subject = _resolve(names, "subject", relation.subject, relation.subject_type, subjects)
    object_ = _resolve(names, "object", relation.object, relation.object_type, objects)
    evidence = relation.evidence
    if sentences and not evidence:
        evidence = _found(sentences.of_relation, subject, object_)
    return Edge(
        subject=subject,
        predicate=relation.predicate,
        object=object_,
        status=relation.status,
        confidence=relation.confidence,
        evidence=evidence,
    )


def _edge_key(edge: Edge) -> Hashable:
    return edge.subject, edge.predicate, edge.object


def _figure(names: _Names, target: Target, sentences: Sentences | None) -> Figure:
    if target.subject_type == "Plan" or not (target.subject or target.subject_type):
        subject = Reference("Plan", "")
    else:
        subject = _resolve(names, "subject", target.subject, target.subject_type, SUBJECTS)
    if sentences and not target.evidence:
        target = replace(target, evidence=_found(sentences.of_figure, target.verbatim, target.indicator))
    return Figure(subject=subject, target=target)


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
