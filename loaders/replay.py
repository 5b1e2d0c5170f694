"""A patch replayed: a person's decisions carried out on the tables of another extraction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from hongtu.loaders.language import say
from hongtu.loaders.patch import KEY_COLUMNS, Decision, Key, Patch, find_quotes
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.relations import PREDICATES
from hongtu.loaders.rows import Cells, format_cell, from_rows, to_rows
from hongtu.loaders.source import TABLES, PlanTables
from hongtu.loaders.tables import Table
from hongtu.loaders.values import format_aliases, parse_aliases, parse_spans

Things = dict[Key, Cells]
"""The rows of all tables by their keys; those of named things have a cell ``type``."""

_KIND = {
    "strategies": "Strategy",
    "measures": "Measure",
    "projects": "Project",
    "industries": "Industry",
    "locations": "Location",
}


@dataclass(frozen=True, slots=True)
class Stale:
    """A decision that found nothing to decide on, and why."""

    decision: Decision
    why: str

    def __str__(self) -> str:
        return f"{self.decision}{say('：', ': ')}{self.why}"


@dataclass(frozen=True, slots=True)
class Replay:
    """The tables after a patch, and the decisions of the patch that no longer apply."""

    tables: PlanTables
    stale: tuple[Stale, ...]


def apply(tables: PlanTables, patch: Patch, text: PlanText | None = None) -> Replay:
    """Return the tables with all decisions carried out; what is accepted or added by hand has confidence 1.

    Names and types change first, then things are merged and rejected, and relations, figures and sections follow
    them; then things are split off and added, at last other cells are set. The order of the decisions is of no
    importance, and applying a patch to its own result changes nothing. Where a thing has another name by now, the one
    that has the old name among its aliases is meant; where the evidence of a figure now begins or ends elsewhere, the
    one with the same words, year and role that overlaps it (to be rejected, it must begin at the same place).

    :param text: what the tables were read from: the places that decisions quote are found in it anew, when it was
        mended since; without it they are taken as they are.
    :raises InputError: when no plan is left: its home is no longer among the locations.
    """
    patch, lost = find_quotes(patch, text) if text else (patch, ())
    state = State(to_things(tables), patch)
    rows: dict[str, list[Cells]] = {table.name: [] for table in TABLES}
    for key, cells in state.things.items():
        rows[key.table.name].append(cells)
    result = from_rows(Path("corrections"), rows)
    result.problems = [*tables.problems, *result.problems]
    result.rejected = {**tables.rejected, **result.rejected}
    result.read_from = tables.read_from
    gone = say("原文里没有它引的话了", "the text no longer has the words that it quotes")
    return Replay(result, (*state.stale, *(Stale(decision, gone) for decision in lost)))


class State:
    """The rows of all tables after a patch was carried out on them: ``things``; what did not apply: ``stale``."""

    def __init__(self, things: Things, patch: Iterable[Decision]) -> None:
        """Carry out a patch on a copy of the rows."""
        self.things = {key: dict(cells) for key, cells in things.items()}
        self.stale: list[Stale] = []
        patch = list(patch)
        moves = [(decision, new) for decision in patch if (new := decision.moved_key) is not None]
        merges = [decision for decision in patch if decision.decision == "merge"]
        rejects = [decision for decision in patch if decision.decision == "reject"]
        self._next = {decision.key: new for decision, new in moves}
        self._next.update((decision.key, decision.other) for decision in merges)
        self._gone: dict[Key, Key | None] = {}
        self._named = {decision.key for decision in patch} | set(self._next.values())

        for decision, new in moves:
            if decision.key.is_thing:
                self._move(decision, new)
        for decision in merges:
            self._move(decision, decision.other)
        for decision in rejects:
            if decision.key.is_thing:
                self._reject(decision)
        self._let_follow()
        for decision, new in moves:
            if not decision.key.is_thing:
                self._move(decision, new)
        for decision in rejects:
            if not decision.key.is_thing:
                self._reject(decision)
        for decision in patch:
            if decision.decision == "split":
                self._split(decision)
        # Relations come after the things that they need.
        for decision in sorted(patch, key=lambda decision: bool(decision.predicate)):
            if decision.decision == "add":
                self._add(decision)
        for decision in patch:
            if decision.decision == "accept":
                self._set(decision, "confidence", "1")
            elif decision.decision == "edit" and decision.moved_key is None:
                self._set(decision, decision.column, decision.value)

    def _find(self, key: Key) -> Key | None:
        """Return the key under which something stands by now; ``None`` when it is not there."""
        if key in self.things:
            return key
        if key.predicate:
            subject, other = self._find(key.subject), self._find(key.other)
            if subject and other:
                key = Key(subject.type, subject.name, key.predicate, other.type, other.name)
            return key if key in self.things else None
        last = self._last(key)
        return last if last in self.things else self._alike(key)

    def _last(self, key: Key) -> Key:
        """Return the key at the end of the patch's moves; the same one where they run in a circle."""
        first, seen = key, {key}
        while (following := self._next.get(key)) is not None:
            if following in seen:
                return first
            seen.add(following)
            key = following
        return key

    def _alike(self, key: Key) -> Key | None:
        """Return the one thing that may be meant by a key that is not there, and that no decision names itself."""
        found = [
            other
            for other, cells in self.things.items()
            if other not in self._named
            and (other.type, *other[2:-1]) == (key.type, *key[2:-1])
            and (key.name == other.name or key.name in parse_aliases(cells.get("aliases", "")))
            and (not key.place or _overlap(key.place, cells["evidence"]))
        ]
        return found[0] if len(found) == 1 else None

    def _miss(self, decision: Decision, key: Key) -> None:
        name = " ".join(filter(None, key[:5]))
        self.stale.append(Stale(decision, say(f"表里没有 {name}", f"there is no {name} in the tables")))

    def _move(self, decision: Decision, new: Key) -> None:
        """Give something another key; it joins what has that key already."""
        last = self._last(decision.key)
        key = self._find(decision.key)
        if decision.decision == "merge" and key not in (decision.key, last):
            # That another thing has the name as an alias by now does not make it the same as this one.
            key = None
        if last == decision.key:
            self.stale.append(Stale(decision, say("改名绕成了圈", "the new names run in a circle")))
        elif key is None:
            self._miss(decision, decision.key)
        elif key != last:
            if decision.decision == "merge":
                into = self._find(decision.other)
                if into is None:
                    self._miss(decision, decision.other)
                    return
                last = into
            self._put(last, self.things.pop(key), aliases=(key.name,) * (decision.decision == "merge"))
            self._gone[key] = last
        elif decision.decision == "merge" and decision.name not in parse_aliases(self.things[key]["aliases"]):
            self._miss(decision, decision.key)

    def _put(self, key: Key, cells: Cells, *, aliases: tuple[str, ...] = ()) -> None:
        for column, field in KEY_COLUMNS[key.table.name].items():
            cells[column] = getattr(key, field)
        known = self.things.get(key)
        if known is None:
            self.things[key] = cells
            return
        joined = {**cells, **{name: cell for name, cell in known.items() if cell}}
        if key.is_thing:
            names = format_aliases((*aliases, *parse_aliases(cells["aliases"])))
            others = parse_aliases(union_of_names(known["aliases"], names))
            joined["aliases"] = format_aliases(name for name in others if name != key.name)
            joined["merges"] = union_of_names(known.get("merges", ""), cells.get("merges", ""))
        joined["evidence"] = union_of_spans(known["evidence"], cells["evidence"])
        if "confidence" in known:
            joined["confidence"] = max(known["confidence"], cells["confidence"], key=Decimal)
        self.things[key] = joined

    def _reject(self, decision: Decision) -> None:
        # That something has the name as an alias, or overlaps, is no reason to take it out.
        key = self._find(decision.key)
        if key is not None and key != decision.key and not decision.predicate:
            same_place = not decision.evidence or key.place.startswith(_start(decision.key.place))
            if not (decision.type == "Target" and same_place):
                key = None
        if key is None or self.things.pop(key, None) is None:
            self._miss(decision, decision.key)
        elif key.is_thing:
            self._gone[key] = None

    def _let_follow(self) -> None:
        """Let all that refers to things follow them to their new names, or go with them."""
        if not self._gone:
            return
        for key in [key for key in self.things if not key.is_thing]:
            moved = follow(key.table, self.things[key], self._gone)
            if moved is None:
                del self.things[key]
            elif (new := key_of(key.table.name, moved)) == key:
                self.things[key] = moved
            else:
                del self.things[key]
                self._put(new, moved)

    def _split(self, decision: Decision) -> None:
        if decision.other in self.things:
            return
        key = self._find(decision.key)
        aliases = parse_aliases(self.things[key]["aliases"]) if key else ()
        if key is None or decision.object not in aliases:
            self._miss(decision, decision.other)
            return
        cells = self.things[key]
        spans = parse_spans(cells["evidence"])
        length = len(decision.object)
        own = decision.evidence or tuple(span for span in spans if span.end - span.start == length) or spans
        cells["aliases"] = format_aliases(alias for alias in aliases if alias != decision.object)
        cells["evidence"] = format_cell(tuple(span for span in spans if span not in own) or spans)
        self._put(decision.other, {"aliases": "", "confidence": "1", "evidence": format_cell(own)})

    def _add(self, decision: Decision) -> None:
        key = decision.key
        for end in (key.subject, key.other) if key.predicate else ():
            if self._find(end) is None:
                self._miss(decision, end)
                return
        if key.predicate:
            # Others that are only alike are not there yet.
            key = self._find(key) or key
        added = {"aliases": "", "confidence": "1", "evidence": format_cell(decision.evidence)}
        self._put(key, {name: cell for name, cell in added.items() if _has(key, name)})

    def _set(self, decision: Decision, column: str, value: str) -> None:
        key = self._find(decision.key)
        if key is None or (column == "aliases" and key not in (decision.key, self._last(decision.key))):
            # The names of a thing that now has another name are not those that were decided on.
            self._miss(decision, decision.key)
        else:
            self.things[key][column] = value


def _has(key: Key, column: str) -> bool:
    return any(known.name == column for known in key.table.columns)


def key_of(table: str, cells: Cells) -> Key:
    """Return the key of a row of a table, by the table's name; cells of a named thing include its ``type``."""
    if table == "plan":
        return Key("Plan", "")
    fields = {field: cells[column] for column, field in KEY_COLUMNS[table].items() if column in cells}
    return Key(**{"type": {"sections": "Section", "targets": "Target"}.get(table, ""), **fields})


def to_things(tables: PlanTables) -> Things:
    """Return the rows of all tables by their keys."""
    things = {}
    for table, rows in to_rows(tables).items():
        for cells in rows:
            if table in _KIND:
                cells["type"] = _KIND[table]
            things[key_of(table, cells)] = cells
    return things


def follow(table: Table[Any], cells: Cells, gone: Mapping[Key, Key | None]) -> Cells | None:
    """Return the cells of a row that refers to things, after things moved; ``None`` when the row goes with them.

    :param gone: the new key of each thing that has one; ``None`` for what was taken out.
    """
    moved = dict(cells)
    match table.name:
        case "relations":
            for side in ("subject", "object"):
                end = Key(cells[f"{side}_type"], cells[side])
                new = gone.get(end, end)
                if new is None:
                    return None
                moved.update({side: new.name, f"{side}_type": new.type})
            subjects, objects = PREDICATES.get(moved["predicate"], ((), ()))
            ends = Key(moved["subject_type"], moved["subject"]), Key(moved["object_type"], moved["object"])
            fits = ends[0].type in subjects and ends[1].type in objects and ends[0] != ends[1]
            return moved if moved == cells or fits else None
        case "targets":
            subject = Key(cells["subject_type"], cells["subject"])
            new = gone.get(subject, subject) or Key("", "")
            moved.update(subject=new.name, subject_type=new.type)
        case "sections":
            strategy = Key("Strategy", cells["strategy"])
            new = gone.get(strategy, strategy)
            moved["strategy"] = new.name if new and new.type == "Strategy" else ""
        case "plan":
            home = Key("Location", cells["home"])
            new = gone.get(home)
            # A plan cannot do without its home: where that is gone, reading the tables says so.
            moved["home"] = new.name if new and new.type == "Location" else cells["home"]
    return moved


def _start(place: str) -> str:
    return place.partition("-")[0] + "-"


def _overlap(one: str, other: str) -> bool:
    return any(
        first.start < second.end and second.start < first.end
        for first in parse_spans(one)
        for second in parse_spans(other)
    )


def union_of_names(one: str, other: str) -> str:
    """Return a cell with the names of two, each once, in their order."""
    return format_aliases(dict.fromkeys((*parse_aliases(one), *parse_aliases(other))))


def union_of_spans(one: str, other: str) -> str:
    """Return an evidence cell with the spans of two, in the text's order; the first one where it has them all."""
    spans, more = parse_spans(one), parse_spans(other)
    if set(more) <= set(spans):
        return one
    return format_cell(tuple(sorted({*spans, *more}, key=lambda span: (span.start, span.end))))
