"""Two graphs of the same plans, an earlier and a later one: what changed.

>>> kg = KnowledgeGraph.packaged("sample")
>>> difference(kg, kg).identical
True

For who corrected tables, read a text again with a newer reader, or got the next version of a text. This is not
:func:`~hongtu.graph.compare.compare`, which looks at two different plans of one graph, such as a county's and its
city's, and pairs their things by likeness for a person to judge. Here both graphs speak of the same plans, things are
the same when their IRIs below the plan are, and what is told is what was added, is gone, or says something else.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from hongtu.graph.canonical import digest
from hongtu.graph.endpoint import Endpoint
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.passages import Passage
from hongtu.graph.plan_items import (
    Item,
    Pair,
    PlanItems,
    follow,
    name_of,
    pair_figures,
    pair_plans,
    pair_relations,
    pair_sections,
    pair_things,
)
from hongtu.loaders.language import say
from hongtu.loaders.values import SEPARATOR
from hongtu.loaders.vocabulary import names

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("plan", "section", "thing", "relation", "figure", "evidence")
"""What changes are of, in the order in which they are told."""

CHANGES = ("gone", "added", "merged", "split", "renamed", "changed", "moved")
"""What may have happened to an item, in the order in which it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is not as it was.

    ``part`` is one of :data:`PARTS`, ``change`` of :data:`CHANGES`. ``kind`` is the local name of a class, or of a
    relation's predicate. ``thing`` and ``object`` are what changed, as it is called now (or was, when it is gone):
    ``object`` is the other end of a relation, or indicator and year of a figure, else ``""``. ``field`` is what of it
    changed, from ``old`` to ``new``; ``""`` when all of it was added or is gone. What was ``merged`` is now another name
    of ``new``; what was ``split`` had been one of ``old``. Of evidence, a passage was added, is gone or, when other
    words stand around the same ones, moved. ``plan`` is the title; ``iri`` that of the thing.
    """

    plan: str
    part: str
    change: str
    kind: str
    thing: str
    object: str = ""
    iri: str
    field: str = ""
    old: str = ""
    new: str = ""
    old_passage: Passage | None = None
    new_passage: Passage | None = None

    @property
    def what(self) -> str:
        """What changed, in the user's language: a name, ``甲 —承担→ 乙``, or a figure and whose it is."""
        if not self.object:
            return self.thing
        if self.kind != "Target":
            return f"{self.thing} —{word(self.kind)}→ {self.object}"
        # Most figures are of the plan as a whole.
        return self.object if self.thing == self.plan else f"{self.thing} · {self.object}"


@dataclass(frozen=True, eq=False, repr=False)
class Difference:
    """What changed between two graphs of the same plans.

    ``identical`` tells that the graphs are the same, quad by quad: their digests are equal; it is ``None``
    when that is not known, as an endpoint has no digest, and nothing that plans say changed. ``changes`` are in the order of plan, part, change and text. Two graphs
    may be different without any: a program's notes on how it came to its rows, and what is of no plan, are not told. ``uncompared`` are the
    titles of plans whose evidence could not be compared, as the texts differ and one graph lacks the sentences.
    """

    identical: bool | None
    changes: tuple[Change, ...]
    uncompared: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "\n".join(
            [self.summary(), *(f"  {title}: {number}" for title, number in self.counts().items())]
        )

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.summary())}</p>" + (
            self.table().to_html(max_rows=60, notebook=True) if self.changes else ""
        )

    def summary(self) -> str:
        """Return in a sentence whether, and how much, changed."""
        if self.identical:
            return say("两个图谱完全相同", "the graphs are identical")
        if self.identical is None:
            return say("规划所说的没有变化", "nothing that the plans say changed")
        if not self.changes:
            return say(
                "规划所说的没有变化；不同的是图里的其他内容，如图的名称、程序的附注",
                "nothing that the plans say changed; what differs is what else the graphs hold, such as names of graphs and notes of programs",
            )
        number = len(self.changes)
        return say(f"{number} 处变化", f"{number} change{'s' if number > 1 else ''}")

    def counts(self) -> dict[str, int]:
        """Return how many changes there are of each part and change, by what a person calls them."""
        counted = Counter((change.part, change.change) for change in self.changes)
        return {heading(*group): counted[group] for group in sorted(counted, key=_group_order)}

    def table(self) -> "pd.DataFrame":
        """Return the changes as a table, one a row, passages by line, characters (end exclusive) and sentence."""
        import pandas as pd

        # As objects, or line numbers with gaps would become fractions.
        return pd.DataFrame(self.rows(), columns=list(COLUMNS), dtype=object)

    def rows(self) -> list[dict[str, Any]]:
        """Return the changes as flat dicts, for JSON and tables; what is not known is ``None``."""
        return [_row(change) for change in self.changes]


def difference(old: KnowledgeGraph, new: KnowledgeGraph) -> Difference:
    """Return what changed from an earlier to a later graph of the same plans; see :class:`Difference`.

    Plans are the same when their IRIs are; of those left over, when they are the only ones of their area on both sides,
    such as the reports of two years. A plan that stands in one graph only is one change. Offsets count only
    where both graphs read the very same text, by SHA-256; otherwise a passage is known by its sentence. The graphs are
    held in memory as networks.
    """
    local = not any(isinstance(kg.backend, Endpoint) for kg in (old, new))
    if local and digest(old) == digest(new):
        return Difference(identical=True, changes=())
    before, after = PlanItems(old), PlanItems(new)
    plans = pair_plans(before, after)
    uncompared = follow(before, after, plans)
    things = pair_things(before.things(), after.things())
    after.recognize(things)
    changes = [*_plan_changes(before, after, plans), *_thing_changes(things)]
    changes += _changes("section", pair_sections(before.sections(), after.sections()))
    changes += _changes("relation", pair_relations(before.relations(), after.relations()))
    changes += _changes("figure", pair_figures(before.figures(), after.figures()))
    changes.sort(key=_order)
    identical = False if local or changes else None
    return Difference(identical=identical, changes=tuple(changes), uncompared=uncompared)


# Telling


def _plan_changes(before: PlanItems, after: PlanItems, plans: dict[str, str]) -> Iterator[Change]:
    pairs: list[Pair] = [
        (before.plan_item(iri), after.plan_item(plans[iri]) if iri in plans else None) for iri in before.plans
    ]
    known = set(plans.values())
    pairs += [(None, after.plan_item(iri)) for iri in after.plans if iri not in known]
    return _changes("plan", pairs)


def _changes(part: str, pairs: Iterable[Pair]) -> Iterator[Change]:
    """Yield what differs between the two of each pair."""
    for old, new in pairs:
        if old and new:
            yield from _field_changes(part, old, new)
            if part != "section":
                yield from _evidence_changes(old, new)
        elif old:
            yield _change(part, "gone", old, old_passage=_first(old))
        elif new:
            yield _change(part, "added", new, new_passage=_first(new))


def _thing_changes(pairs: Sequence[Pair]) -> Iterator[Change]:
    """Yield what differs between things; of what is now another name of a thing, or was one, which thing that is."""
    owners: tuple[dict[Hashable, Item], dict[Hashable, Item]] = {}, {}
    for pair in pairs:
        for item, known in zip(pair, owners, strict=True):
            if item:
                for alias in item.fields["aliases"].split(SEPARATOR):
                    known.setdefault((item.version.plan, alias), item)
    for old, new in pairs:
        if old and not new and (whole := owners[1].get(name_of(old))):
            cited = {"old_passage": _first(old), "new_passage": _first(whole)}
            yield _change("thing", "merged", old, field="name", old=old.thing, new=whole.thing, **cited)
        elif new and not old and (whole := owners[0].get(name_of(new))):
            cited = {"old_passage": _first(whole), "new_passage": _first(new)}
            yield _change("thing", "split", new, field="name", old=whole.thing, new=new.thing, **cited)
        else:
            yield from _changes("thing", [(old, new)])


def _field_changes(part: str, old: Item, new: Item) -> Iterator[Change]:
    cited = {"old_passage": _first(old), "new_passage": _first(new)}
    for name, value in new.fields.items():
        if value != old.fields[name]:
            change = "renamed" if name == "name" else "changed"
            yield _change(part, change, new, field=name, old=old.fields[name], new=value, **cited)


def _evidence_changes(old: Item, new: Item) -> Iterator[Change]:
    """Yield passages of one side that stand at no place of the other; of those with the same words, as moved."""
    gone, added = _left(old, new), _left(new, old)
    for passage in gone:
        twin = next((one for one in added if one.quote is not None and one.quote == passage.quote), None)
        if twin:
            added.remove(twin)
        yield _change("evidence", "moved" if twin else "gone", new, old_passage=passage, new_passage=twin)
    for passage in added:
        yield _change("evidence", "added", new, new_passage=passage)


def _left(item: Item, other: Item) -> list[Passage]:
    places = set(other.places)
    return [
        passage
        for passage, place in zip(item.passages, item.places, strict=True)
        if place is not None and place not in places
    ]


def _change(part: str, change: str, item: Item, **values: Any) -> Change:
    return Change(
        plan=item.version.title,
        part=part,
        change=change,
        kind=item.kind,
        thing=item.thing,
        object=item.object,
        iri=item.iri,
        **values,
    )


def _first(item: Item) -> Passage | None:
    return item.passages[0] if item.passages else None


def _order(change: Change) -> tuple[Any, ...]:
    """Sort by plan, part and what happened, then as the text has it."""
    passage = change.new_passage or change.old_passage
    place = (passage.line, passage.start) if passage else (0, 0)
    of = change.thing, change.object, change.field, change.old, change.new
    return change.plan, *_group_order((change.part, change.change)), place, change.kind, of


def _group_order(group: tuple[str, str]) -> tuple[int, int]:
    part, change = group
    return PARTS.index(part), CHANGES.index(change)


# Words


_PART_WORDS = {
    "plan": ("规划", "Plans"),
    "section": ("章节", "Sections"),
    "thing": ("事物", "Things"),
    "relation": ("关系", "Relations"),
    "figure": ("指标", "Figures"),
    "evidence": ("依据", "Evidence"),
}
_CHANGE_WORDS = {
    "gone": ("没有了", "gone"),
    "added": ("新增", "added"),
    "merged": ("并入别的", "merged"),
    "split": ("拆出", "split off"),
    "renamed": ("改名", "renamed"),
    "changed": ("改动", "changed"),
    "moved": ("换了句子", "moved"),
}
_FIELD_WORDS = {
    "aliases": ("别名", "aliases"),
    "code": ("代码", "code"),
    "comparator": ("比较", "comparator"),
    "confidence": ("把握", "confidence"),
    "home": ("所在地", "area"),
    "id": ("编号", "IRI"),
    "indicator": ("指标", "indicator"),
    "kind": ("类别", "kind"),
    "level": ("级", "level"),
    "name": ("名称", "name"),
    "role": ("性质", "role"),
    "sentences": ("带原文", "has the text"),
    "sha256": ("文本（SHA-256）", "text (SHA-256)"),
    "source": ("来源", "source"),
    "status": ("进展", "status"),
    "strategy": ("战略", "strategy"),
    "subject": ("主体", "subject"),
    "title": ("标题", "title"),
    "unit": ("单位", "unit"),
    "value": ("数值", "value"),
    "verbatim": ("原文写法", "as printed"),
    "year": ("年份", "year"),
    "years": ("年份", "years"),
}


def heading(part: str, change: str) -> str:
    """Return what a group of changes is called, in the user's language.

    >>> heading("thing", "gone")
    'Things gone'
    """
    return say("{}", "{} ").format(say(*_PART_WORDS[part])) + say(*_CHANGE_WORDS[change])


def word(term: str) -> str:
    """Return what a person calls a field, a kind or a relation, in the user's language."""
    if term in _FIELD_WORDS:
        return say(*_FIELD_WORDS[term])
    return say(next(iter(names(term)), term), term)


_TOLD = ("plan", "part", "change", "kind", "thing", "object", "iri", "field", "old", "new")
_CITED = ("line", "start", "end", "sentence")
COLUMNS = (*_TOLD, *(f"{side}_{name}" for side in ("old", "new") for name in _CITED))
"""The columns of :meth:`Difference.table`, of its rows, and of the CSV of ``hongtu diff``."""


def _row(change: Change) -> dict[str, Any]:
    """Return a change as one flat row."""
    row: dict[str, Any] = {name: getattr(change, name) for name in _TOLD}
    for side in ("old", "new"):
        passage = getattr(change, f"{side}_passage")
        row |= {f"{side}_{name}": passage and getattr(passage, name) for name in _CITED}
    return row
