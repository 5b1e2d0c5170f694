"""Review: what a person corrects in Excel is learnt as a patch and replayed on the next extraction.

::

    extracted = …                                        # PlanTables, as read from the plan's text
    write_review(extracted, folder, text)                # the person opens, corrects and saves these files
    corrected = read_corrected(folder, extracted, text)
    write_patch(difference(extracted, corrected), file)
    replay = apply(extracted_again, read_patch(file))    # replay.tables, replay.stale
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from hongtu.loaders.columns import EVIDENCE
from hongtu.loaders.errors import InputError, UsageError
from hongtu.loaders.finding import Finder
from hongtu.loaders.language import say
from hongtu.loaders.patch import KEY_COLUMNS, Decision, Key, Patch, read_patch
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.records import Span
from hongtu.loaders.replay import (
    State,
    Things,
    apply,
    follow,
    key_of,
    to_things,
    union_of_names,
    union_of_spans,
)
from hongtu.loaders.rows import Cells, format_cell
from hongtu.loaders.source import ENTITY_TABLES, TABLES, PlanTables, read_things, tables_of_rows
from hongtu.loaders.tables import Column, Row, Table, read_rows
from hongtu.loaders.values import parse_aliases, parse_spans

_BROUGHT = ("aliases", "merges", "evidence")
"""The cells that a merged thing brings along."""


def difference(extracted: PlanTables, corrected: PlanTables, *, earlier: Patch = ()) -> Patch:
    """Return the patch that makes the corrected tables of the extracted ones, sorted by table and place in the text.

    A row whose confidence was set to 1 is accepted, one that was taken out rejected. A thing that was taken out while
    its name became an alias of another was merged; an alias that became a thing was split off.

    :param earlier: a patch from which reasons are kept, and those decisions that found nothing to decide on.
    :raises InputError: when rows of the corrected tables were refused: they are to be mended, not learnt as taken out.
    :raises UsageError: when the two are tables of different texts.
    """
    if corrected.problems:
        raise InputError("\n".join(map(str, corrected.problems)))
    if extracted.plan.sha256 != corrected.plan.sha256:
        raise UsageError(
            say(
                "两份表格所依据的文本不同（plan 表的 sha256）；比较同一份规划的表格",
                "the tables are of different texts (sha256 in the table plan); compare those of one text",
            )
        )
    before, after = to_things(extracted), to_things(corrected)
    decisions = _changes_of_things(before, after)
    followed = State(before, decisions).things
    decisions += [
        decision
        for key, new in _pairs(followed, after)
        if not key.is_thing
        for decision in _key_edits(key, new, followed[key])
    ]
    state = State(before, decisions).things
    decisions += [_decision("reject", key, state[key]) for key in state if key not in after]
    for key, cells in after.items():
        known = state.get(key)
        if known is None:
            decisions.append(_decision("add", key, cells))
        decisions += _edits(key, known or {}, cells)
    reasons = {replace(decision, reason=""): decision.reason for decision in earlier}
    decisions = [replace(decision, reason=reasons.get(decision, "")) for decision in decisions]
    decisions.sort(key=_reading_order)
    stale = [item.decision for item in apply(extracted, earlier).stale] if earlier else []
    return (*decisions, *(decision for decision in stale if decision not in decisions))


def read_corrected(
    source: Path, extracted: PlanTables, text: PlanText, *, encoding: str = "utf-8"
) -> PlanTables:
    """Return the tables that a person edited, with what editing in Excel leaves behind put right.

    Relations, figures and sections that still use the old name of a thing follow it to its new name or to the thing
    that it was merged with; those of a thing that was taken out go with it. A merged thing brings its aliases and evidence along.
    A row without evidence, or with words of the plan, gets it from the text; see :mod:`hongtu.loaders.finding`.

    :param extracted: the tables as they were written.
    :raises InputError: when the source as a whole cannot be read.
    """
    rows = {
        name: [_in_words_of_tables(name, row) for row in table_rows]
        for name, table_rows in read_rows(source, TABLES, encoding=encoding).items()
    }
    finder = Finder(text)
    before = {key: cells for key, cells in to_things(extracted).items() if key.is_thing}
    after, row_of = _corrected_things(rows, finder)
    changes = _changes_of_things(before, after)
    for key, cells in _brought_along(changes, before, after):
        name, number = row_of[key]
        rows[name][number] = _changed(rows[name][number], cells)
    for table in TABLES:
        if table not in ENTITY_TABLES and table.name in rows:
            rows[table.name] = list(_following(table, rows[table.name], _gone(changes)))
    return tables_of_rows(source, rows, finder)


def read_corrections(source: Path, extracted: PlanTables, text: PlanText) -> Patch:
    """Return what a person decided: from the tables that were corrected, or from the patch that was made of them.

    :param source: a folder or workbook of :func:`~hongtu.loaders.rows.write_review`, or a ``.csv`` file of ``hongtu review``.
    :param extracted: what was read from the text, as :func:`read_corrected` takes it.
    :raises InputError: when the source cannot be read, or rows of it cannot stand.
    """
    if source.suffix.lower() == ".csv":
        return read_patch(source)
    return difference(extracted, read_corrected(source, extracted, text))


def _brought_along(changes: list[Decision], before: Things, after: Things) -> Iterator[tuple[Key, Cells]]:
    """Yield the cells of things that others were merged with, where the person moved no more than a name."""
    former = {new: decision.key for decision in changes if (new := decision.moved_key)}
    for decision in changes:
        if decision.decision == "merge":
            into, cells = decision.other, before[decision.key]
            was, now = before[former.get(into, into)], after[into]
            grown = {name: union_of_names(now[name], cells[name]) for name in ("aliases", "merges")}
            if now["evidence"] == was["evidence"]:
                # What was written grows too, for the next thing merged with it.
                grown["evidence"] = was["evidence"] = union_of_spans(now["evidence"], cells["evidence"])
            now.update(grown)
            yield into, grown


def _corrected_things(
    rows: Mapping[str, list[Row]], finder: Finder
) -> tuple[Things, dict[Key, tuple[str, int]]]:
    """Return the names and evidence of the things of all tables, and the table and number of the row of each.

    The rows get the evidence that was found.
    """
    things: Things = {}
    row_of = {}
    for table in ENTITY_TABLES:
        table_rows = rows.get(table.name, [])
        numbers = {row.place: number for number, row in enumerate(table_rows)}
        for row, entity in read_things(table, table_rows, finder).records:
            key, number = Key(entity.kind, entity.name), numbers[row.place]
            things[key] = {name: format_cell(getattr(entity, name)) for name in _BROUGHT}
            row_of[key] = table.name, number
            table_rows[number] = _changed(row, {EVIDENCE.name: things[key][EVIDENCE.name]})
    return things, row_of


def _changed(row: Row, cells: Cells) -> Row:
    return replace(row, cells={**row.cells, **cells})


def _in_words_of_tables(name: str, row: Row) -> Row:
    """Return the row of a table with the words of its keys as other rows have them: ``undertakes`` for 承担."""
    table = next(table for table in TABLES if table.name == name)
    cells = {}
    for column in table.columns:
        if column.name in KEY_COLUMNS[name] and (cell := row.cell(column)) and column is not EVIDENCE:
            with suppress(ValueError):
                cells[column.name] = format_cell(column.parse(cell))
    return _changed(row, cells)


def _following(table: Table[Any], rows: list[Row], gone: Mapping[Key, Key | None]) -> Iterator[Row]:
    """Yield the rows of a table with their references moved; of relations that become one, the first."""
    seen = set()
    for row in rows:
        cells = {column.name: row.cell(column) for column in table.columns}
        moved = follow(table, cells, gone)
        if moved is None:
            continue
        key = key_of(table.name, moved)
        if moved == cells or table.name != "relations":
            yield _changed(row, moved) if moved != cells else row
        elif key not in seen:
            yield _changed(row, moved)
        seen.add(key)


def _pairs(before: Things, after: Things) -> Iterator[tuple[Key, Key]]:
    """Yield what is gone with what came instead: keys that differ in one field, at one place of the text."""
    new = [key for key in after if key not in before]
    for key in before:
        if key in after:
            continue
        fitting = [other for other in new if _is_edit(key, other, before[key], after[other])]
        # The same name under another type is likelier than another name.
        fitting.sort(key=lambda other: other.name != key.name)
        if fitting:
            new.remove(fitting[0])
            yield key, fitting[0]


def _is_edit(key: Key, other: Key, before: Cells, after: Cells) -> bool:
    if key.table.name != other.table.name and not (key.is_thing and other.is_thing):
        return False
    changed = sum(one != two for one, two in zip(key, other, strict=True))
    if changed != 1 or key.predicate:
        return False
    return key.name == other.name or bool(
        set(parse_spans(before["evidence"])) & set(parse_spans(after["evidence"]))
    )


def _key_edits(key: Key, new: Key, cells: Cells) -> Iterator[Decision]:
    for column, field in KEY_COLUMNS[key.table.name].items():
        if getattr(key, field) != getattr(new, field):
            yield _decision("edit", key, cells, column=column, value=getattr(new, field))


def _changes_of_things(before: Things, after: Things) -> list[Decision]:
    """Return how named things were renamed, retyped, merged, taken out, split off and added."""
    before = {key: cells for key, cells in before.items() if key.is_thing}
    after = {key: cells for key, cells in after.items() if key.is_thing}
    pairs = dict(_pairs(before, after))
    decisions = [decision for key, new in pairs.items() for decision in _key_edits(key, new, before[key])]
    kept = {new: key for key, new in pairs.items()}
    kept.update((key, key) for key in before if key in after)
    owner = {
        (new.table.name, alias): new
        for new in reversed(kept)
        for alias in parse_aliases(after[new]["aliases"])
    }
    for key, cells in before.items():
        if key in after or key in pairs:
            continue
        into = owner.get((key.table.name, key.name))
        if into is None:
            decisions.append(_decision("reject", key, cells))
        else:
            decisions.append(_decision("merge", key, cells, object_type=into.type, object=into.name))
    former = {alias: new for new, key in kept.items() for alias in parse_aliases(before[key]["aliases"])}
    for key, cells in after.items():
        if key in kept:
            continue
        whole = former.get(key.name)
        if whole is None or key.name in parse_aliases(after[whole]["aliases"]):
            decisions.append(_decision("add", key, cells))
        else:
            del former[key.name]
            split = _decision("split", whole, cells, object_type=key.type, object=key.name)
            decisions.append(replace(split, evidence=parse_spans(cells["evidence"])))
    return decisions


def _gone(changes: list[Decision]) -> dict[Key, Key | None]:
    """Return where things went that are no longer under their keys; ``None`` for those taken out."""
    gone: dict[Key, Key | None] = {}
    for decision in changes:
        match decision.decision:
            case "edit":
                gone[decision.key] = decision.moved_key
            case "merge":
                gone[decision.key] = decision.other
            case "reject":
                gone[decision.key] = None
    return gone


def _edits(key: Key, known: Cells, cells: Cells) -> Iterator[Decision]:
    """Yield what sets the columns of a row that are no part of its key."""
    for column in key.table.columns:
        if column.name in KEY_COLUMNS[key.table.name] or (not known and column.name == "evidence"):
            continue
        value = cells[column.name]
        if value == (known.get(column.name) or _default(column)):
            continue
        if column.name == "confidence" and value == "1":
            yield _decision("accept", key, cells)
        else:
            yield _decision("edit", key, cells, column=column.name, value=value)


def _default(column: Column) -> str:
    try:
        return format_cell(column.parse(""))
    except ValueError:
        return ""


def _decision(decision: str, key: Key, cells: Cells, **values: str) -> Decision:
    """Return a decision on a row; its evidence is the first place unless all of it is needed."""
    spans = parse_spans(cells["evidence"]) if "evidence" in cells else ()
    if decision != "add" and not key.place:
        spans = spans[:1]
    fields = {**key._asdict(), **values}
    del fields["place"]
    return Decision(decision=decision, evidence=spans, **fields)


def _reading_order(decision: Decision) -> tuple[Any, ...]:
    tables = [table.name for table in TABLES]
    first: Iterable[Span] = decision.evidence[:1]
    return (
        tables.index(decision.key.table.name),
        [(span.start, span.end) for span in first],
        decision.key,
        decision.decision != "add",
        decision.decision,
        decision.other,
        decision.column,
        decision.value,
    )
