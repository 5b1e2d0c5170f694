"""A plan's mentions and relations as annotation tools show them: paragraph by paragraph, and the way back.

:mod:`~hongtu.loaders.label_studio` and :mod:`~hongtu.loaders.doccano` write and read the files of the two tools.
What no tool shows (figures, sections, what lies across paragraphs, paragraphs that do not come back) stays as it was.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from hongtu.loaders.errors import InputError
from hongtu.loaders.language import say
from hongtu.loaders.patch import Decision
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.records import Entity, Reference, Span
from hongtu.loaders.relations import KINDS, PREDICATES, Edge
from hongtu.loaders.replay import apply
from hongtu.loaders.rows import format_cell
from hongtu.loaders.source import PlanTables
from hongtu.loaders.tables import Place, Problem

T = TypeVar("T")

LABELS = KINDS
"""The labels of marks; those of links are the names of the :data:`~hongtu.loaders.relations.PREDICATES`."""
_NOWHERE = Place(Path(), "", 0)


class Mark(NamedTuple):
    """A mention: the kind of the thing, and its characters as code points of the plan's text, end exclusive."""

    kind: str
    start: int
    end: int


class Link(NamedTuple):
    """A relation between two mentions of one paragraph."""

    subject: Mark
    predicate: str
    object: Mark


@dataclass(slots=True)
class Paragraph:
    """A line of the plan without the blanks around it, from character ``start`` on, and what is marked in it.

    ``confidence`` is that of its least certain mention or relation; ``place`` is where it stands in a file.
    """

    start: int
    text: str
    marks: list[Mark] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    confidence: Decimal = Decimal(1)
    place: Place = _NOWHERE


Ends = tuple[Reference, str, Reference]


class _Shown:
    """All paragraphs of a plan, and what each mark and link stands for."""

    def __init__(self, tables: PlanTables, text: PlanText) -> None:
        self.paragraphs = list(_paragraphs(text.text))
        self._starts = [paragraph.start for paragraph in self.paragraphs]
        self.things: dict[Mark, list[Entity]] = {}
        self.edges: dict[Link, list[tuple[Edge, Span]]] = {}
        marks: dict[tuple[Reference, int], list[Mark]] = {}
        for entity in tables.entities:
            for span in entity.evidence:
                number = self._number(span)
                if number is not None:
                    mark = Mark(entity.kind, span.start, span.end)
                    self.things.setdefault(mark, []).append(entity)
                    marks.setdefault((entity.reference, number), []).append(mark)
                    self._show(number, entity.confidence)
        for mark in sorted(self.things, key=lambda mark: (mark.start, mark.end, mark.kind)):
            self.paragraphs[bisect_right(self._starts, mark.start) - 1].marks.append(mark)
        for edge in tables.edges:
            for span in edge.evidence:
                number = self._number(span)
                if number is None:
                    continue
                subjects = marks.get((edge.subject, number), [])
                objects = marks.get((edge.object, number), [])
                if subjects and objects:
                    link = Link(*_nearest(subjects, edge.predicate, objects, span))
                    if link not in self.edges:
                        self.paragraphs[number].links.append(link)
                    self.edges.setdefault(link, []).append((edge, span))
                    self._show(number, edge.confidence)

    def _number(self, span: Span) -> int | None:
        number = bisect_right(self._starts, span.start) - 1
        if number < 0:
            return None
        paragraph = self.paragraphs[number]
        return number if span.end <= paragraph.start + len(paragraph.text) else None

    def _show(self, number: int, confidence: Decimal) -> None:
        paragraph = self.paragraphs[number]
        paragraph.confidence = min(paragraph.confidence, confidence)


def to_paragraphs(tables: PlanTables, text: PlanText) -> list[Paragraph]:
    """Return the paragraphs of a plan's text with all that is marked in them, in the order of the text.

    A relation links the two mentions that its evidence holds, or that are nearest to it in its paragraph.

    :raises InputError: when the tables are of another text.
    """
    if tables.plan.sha256 != text.sha256:
        raise _other_text("plan")
    return _Shown(tables, text).paragraphs


def from_paragraphs(paragraphs: Sequence[Paragraph], tables: PlanTables, text: PlanText) -> PlanTables:
    """Return the tables with what was changed in annotated paragraphs.

    A new mark belongs to the thing of its kind that has its characters as name or alias, else it is a new thing.
    A thing without any mark left is taken out, with its relations. New things and relations have confidence 1; the
    evidence of a new relation is the sentence that holds both marks. Relations that cannot be are among
    ``problems``.

    :param paragraphs: those that come back; there may be fewer than :func:`to_paragraphs` gave.
    :param tables: the tables from which they were made.
    :raises InputError: when a paragraph is not one of the plan's text.
    """
    shown = _Shown(tables, text)
    known = {paragraph.start: paragraph for paragraph in shown.paragraphs}
    changes = _Changes(tables, text, shown)
    for paragraph in paragraphs:
        before = known.get(paragraph.start)
        if before is None or before.text != paragraph.text:
            raise _other_text(str(paragraph.place))
        changes.compare_marks(before, paragraph)
    for paragraph in paragraphs:
        changes.compare_links(known[paragraph.start], paragraph)
    result = apply(tables, tuple(changes.decisions())).tables
    result.problems += changes.problems
    return result


class _Changes:
    """What annotated paragraphs change in a plan's things and relations."""

    def __init__(self, tables: PlanTables, text: PlanText, shown: _Shown) -> None:
        self.text = text
        self.shown = shown
        self.problems: list[Problem] = []
        self._evidence = {entity.reference: list(entity.evidence) for entity in tables.entities}
        self._before = {entity.reference: entity.evidence for entity in tables.entities}
        self._edges = {(edge.subject, edge.predicate, edge.object): edge for edge in tables.edges}
        self._named: dict[tuple[str, str], Reference] = {}
        for entity in tables.entities:
            for alias in entity.aliases:
                self._named.setdefault((entity.kind, alias), entity.reference)
        self._named.update(((entity.kind, entity.name), entity.reference) for entity in tables.entities)
        self._lost: dict[Ends, set[Span]] = {}
        self._linked: dict[Ends, list[Span]] = {}

    def compare_marks(self, before: Paragraph, after: Paragraph) -> None:
        for mark in before.marks:
            if mark not in after.marks:
                for entity in self.shown.things[mark]:
                    spans = self._evidence[entity.reference]
                    spans[:] = [span for span in spans if span[1:] != mark[1:]]
        for mark in after.marks:
            if mark not in before.marks:
                spans = self._evidence.setdefault(self._thing(mark), [])
                if mark[1:] not in {span[1:] for span in spans}:
                    spans.append(self.text.span(mark.start, mark.end))

    def _thing(self, mark: Mark) -> Reference:
        """Return the thing that a mark stands for."""
        if mark in self.shown.things:
            return self.shown.things[mark][0].reference
        surface = self.text.text[mark.start : mark.end].strip()
        return self._named.setdefault((mark.kind, surface), Reference(mark.kind, surface))

    def compare_links(self, before: Paragraph, after: Paragraph) -> None:
        for link in after.links:
            subjects, objects = PREDICATES[link.predicate]
            if link.subject.kind not in subjects or link.object.kind not in objects:
                allowed = f"{'/'.join(subjects)} → {'/'.join(objects)}"
                found = f"{link.subject.kind} {link.predicate} {link.object.kind}"
                self.problems.append(Problem(after.place, "relations", found, allowed))
            elif link in self.shown.edges:
                for edge, _ in self.shown.edges[link]:
                    self._linked.setdefault((edge.subject, edge.predicate, edge.object), [])
            else:
                ends = self._thing(link.subject), link.predicate, self._thing(link.object)
                first, last = sorted((link.subject[1:], link.object[1:]))
                sentence = self.text.sentence(first[0], max(first[1], last[1]))
                self._linked.setdefault(ends, []).append(sentence)
        for link in before.links:
            if link not in after.links:
                for edge, span in self.shown.edges[link]:
                    ends = edge.subject, edge.predicate, edge.object
                    self._lost.setdefault(ends, set()).add(span)

    def decisions(self) -> Iterator[Decision]:
        for reference, spans in self._evidence.items():
            thing: dict[str, Any] = {"type": reference.kind, "name": reference.name}
            evidence = tuple(sorted(set(spans), key=lambda span: (span.start, span.end)))
            if reference not in self._before:
                yield Decision(decision="add", evidence=evidence, **thing)
            elif not evidence:
                yield Decision(decision="reject", **thing)
            elif set(evidence) != set(self._before[reference]):
                yield Decision(decision="edit", column="evidence", value=format_cell(evidence), **thing)
        for ends in dict.fromkeys([*self._lost, *self._linked]):
            yield from self._decisions_on_edge(ends)

    def _decisions_on_edge(self, ends: Ends) -> Iterator[Decision]:
        subject, predicate, object_ = ends
        relation: dict[str, Any] = {
            "type": subject.kind,
            "name": subject.name,
            "predicate": predicate,
            "object_type": object_.kind,
            "object": object_.name,
        }
        edge = self._edges.get(ends)
        linked = self._linked.get(ends, [])
        if edge is None:
            yield Decision(decision="add", evidence=tuple(dict.fromkeys(linked)), **relation)
            return
        kept = [span for span in edge.evidence if span not in self._lost.get(ends, ())]
        evidence = tuple(sorted({*kept, *linked}, key=lambda span: (span.start, span.end)))
        alive = all(self._evidence.get(end) for end in (subject, object_))
        if not evidence and alive:
            yield Decision(decision="reject", **relation)
        elif alive and set(evidence) != set(edge.evidence):
            yield Decision(decision="edit", column="evidence", value=format_cell(evidence), **relation)


def _paragraphs(text: str) -> Iterator[Paragraph]:
    start = 0
    for line in text.split("\n"):
        if body := line.strip():
            yield Paragraph(start + line.index(body), body)
        start += len(line) + 1


def _nearest(
    subjects: list[Mark], predicate: str, objects: list[Mark], evidence: Span
) -> tuple[Mark, str, Mark]:
    def distance(pair: tuple[Mark, Mark]) -> tuple[int, int, int, int]:
        outside = sum(mark.start < evidence.start or mark.end > evidence.end for mark in pair)
        between = abs(pair[0].start - pair[1].start)
        return outside, between, pair[0].start, pair[1].start

    subject, object_ = min(((one, other) for one in subjects for other in objects), key=distance)
    return subject, predicate, object_


def _other_text(where: str) -> InputError:
    return InputError(
        say(
            f"{where}：不是这份规划的文本；用标注时所用的那个文本文件",
            f"{where}: not of this plan's text; give the very text file that was annotated",
        )
    )


# What the readers of both tools need


def member(item: Any, name: str, kind: type[T], where: Place) -> T:
    """Return a member of a JSON object.

    :raises InputError: when the item is no object, or the member is missing or of another type.
    """
    value = item.get(name) if isinstance(item, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        kinds = {str: say("文字", "a text"), int: say("整数", "a whole number"), list: say("列表", "a list")}
        wanted = kinds.get(kind, say("对象", "an object"))
        raise InputError(f"{where}" + say(f"：“{name}” 要是{wanted}", f": “{name}” must be {wanted}"))
    return value


def check_label(label: str, labels: Sequence[str], where: Place) -> str:
    """Return a label that is one of the known ones.

    :raises InputError: when it is not.
    """
    if label not in labels:
        raise InputError(
            f"{where}"
            + say(f"：标签“{label}”只能是 ", f": label “{label}” must be one of ")
            + ", ".join(labels)
        )
    return label


def check_text(sha256: str, text: PlanText, where: Place) -> None:
    """Make sure that a paragraph comes from the text.

    :raises InputError: when it does not.
    """
    if sha256 != text.sha256:
        raise _other_text(str(where))


def utf16_offsets(text: str) -> list[int]:
    """Return at how many UTF-16 code units each character begins, and the number of all units.

    >>> utf16_offsets("甲𠮷乙")
    [0, 1, 3, 4]
    """
    offsets = [0]
    for letter in text:
        offsets.append(offsets[-1] + (2 if letter > "\uffff" else 1))
    return offsets
