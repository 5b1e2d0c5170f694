"""What a graph says of its plans, item by item, so that the items of an earlier and a later graph can be paired.

Items are paired by what stays: IRIs below the plan's first, then names, then the place in the text. Places are offsets
where both graphs read the very same text. Where the text is another version, offsets shift, and a place is a sentence
and the characters in it; so a passage that is inserted at the head changes nothing of what stands behind it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import ENTITY_KINDS, given_passages, to_networkx
from hongtu.graph.passages import Passage
from hongtu.graph.queries import read_query
from hongtu.loaders.values import SEPARATOR

Place = tuple[str | int, int, int]
"""Where something stands: a line or a sentence, and the characters from start to end in the text or the sentence."""

_ENOUGH = 0.5
"""Two names are at one place when so much of the longer one overlaps."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Item:
    """A plan, section, thing, relation or figure; ``identity`` is the same in both graphs when the two are.

    ``kind`` is the local name of a class, or of a relation's predicate; ``thing`` and ``object`` are what a person calls
    it: ``object`` is the other end of a relation, or indicator and year of a figure. ``fields`` are what may differ
    between two items that are the same, as text; ``places`` say of each passage where it stands, as far as it is known.
    """

    version: "Version"
    kind: str
    thing: str
    object: str = ""
    iri: str
    identity: tuple[str, ...]
    fields: Mapping[str, str]
    passages: tuple[Passage, ...] = ()
    places: tuple[Place | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """A plan that both graphs hold: its IRI in the earlier graph, its title in the later one.

    ``place`` tells where a passage stands; ``None`` when that cannot be known.
    """

    plan: str
    title: str
    place: Callable[[Passage], Place | None] = lambda passage: None


Pair = tuple[Item | None, Item | None]
"""An earlier and a later item that are the same; ``None`` where the other graph has none."""


class PlanItems:
    """The items of one graph."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        """Read a graph; :meth:`follow` must tell which plans are compared before items are asked for."""
        self.kg = kg
        self.plans = {row["plan"].value: row for row in kg.solutions(read_query("list_plans").sparql)}
        self.homes = kg.labels(row["home"].value for row in self.plans.values())
        self._network = to_networkx(kg, kinds=(*ENTITY_KINDS, "Measure"))
        self._versions: dict[str, Version] = {}
        self._former: dict[str, Item] = {}

    def follow(self, versions: Mapping[str, Version]) -> None:
        """Take which plans are compared, by their IRIs here."""
        self._versions.update(versions)

    def recognize(self, things: Iterable[Pair]) -> None:
        """Take what the things of this graph are in the earlier one, whatever they are called."""
        self._former.update((new.iri, old) for old, new in things if old and new)

    def things(self) -> Iterator[Item]:
        """Yield named things and measures."""
        for iri, node in self._network.nodes(data=True):
            fields = {
                "name": node["label"],
                "kind": node["kind"],
                "aliases": SEPARATOR.join(sorted(node["aliases"])),
                "code": node["code"],
                "status": node["status"],
                "confidence": f"{node['confidence']:g}",
            }
            yield from self._item(
                iri,
                node["passages"],
                kind=node["kind"],
                thing=node["label"],
                identity=(self._as_before(iri),),
                fields=fields,
            )

    def relations(self) -> Iterator[Item]:
        """Yield edges between things, with the things as they were paired."""
        nodes = self._network.nodes
        for subject, object_, predicate, edge in self._network.edges(keys=True, data=True):
            yield from self._item(
                subject,
                edge["passages"],
                kind=predicate,
                thing=nodes[subject]["label"],
                object=nodes[object_]["label"],
                identity=(self._as_before(subject), predicate, self._as_before(object_)),
                fields={"status": edge["status"], "confidence": f"{edge['confidence']:g}"},
            )

    def figures(self) -> Iterator[Item]:
        """Yield targets and baselines, with their subjects as they were paired."""
        rows: dict[tuple[str, str], list[Any]] = {}
        for row in self.kg.solutions(read_query("list_targets").sparql):
            rows.setdefault((row["subject"].value, row["target"].value), []).append(row)
        passages = given_passages(
            self.kg, (row["evidence"].value for group in rows.values() for row in group)
        )
        subjects = self.kg.labels(subject for subject, _ in rows)
        for (subject, _), group in rows.items():
            row = group[0]
            names = ("indicator", "unit", "verbatim", "year", "comparator", "role")
            fields = {name: row[name].value for name in names}
            fields["value"] = _plain(row["value"])
            fields["confidence"] = _plain(row["confidence"])
            fields["subject"] = self._name_before(subject, subjects[subject])
            yield from self._item(
                subject,
                [passages[row["evidence"].value] for row in group],
                kind="Target",
                thing=subjects[subject],
                object=f"{fields['indicator']} {fields['year']}",
                identity=(self._as_before(subject),),
                fields=fields,
            )

    def sections(self) -> Iterator[Item]:
        """Yield the sections of the plans."""
        for row in self.kg.run("list_sections").to_dict("records"):
            strategy = row["strategy"]
            fields = {
                "name": str(row["section"]),
                "level": str(row["level"]),
                "strategy": self._name_before(strategy.iri, str(strategy)) if strategy else "",
            }
            heading = {name: int(row[name]) for name in ("line", "start", "end")}
            unquoted = dict.fromkeys(("quote", "before", "after"))
            yield from self._item(
                row["section"].iri,
                [{"plan": row["plan"], "section": row["section"], **heading, **unquoted}],
                kind="Section",
                thing=fields["name"],
                identity=(fields["level"], fields["name"]),
                fields=fields,
            )

    def plan_item(self, iri: str) -> Item:
        """Return a plan as an item."""
        row = self.plans[iri]
        fields = {
            "id": iri,
            "title": row["title"].value,
            "years": f"{row['first'].value}–{row['last'].value}",
            "home": self._name_before(row["home"].value, self.homes[row["home"].value]),
            "source": row["source"].value if row["source"] else "",
            "sha256": row["sha256"].value,
            "sentences": row["quoted"].value,
        }
        version = self._versions.get(iri) or Version(iri, fields["title"])
        return Item(
            version=version,
            kind="Plan",
            thing=fields["title"],
            iri=iri,
            identity=(version.plan,),
            fields=fields,
        )

    def _item(self, iri: str, passages: Sequence[Mapping[str, Any]], **values: Any) -> Iterator[Item]:
        """Yield an item, if its plan is compared."""
        if version := self._versions.get(self._plan_of(iri)):
            cited = tuple(Passage(**passage) for passage in passages)
            places = tuple(map(version.place, cited))
            yield Item(version=version, iri=iri, passages=cited, places=places, **values)

    def _plan_of(self, iri: str) -> str:
        """Return the plan below whose IRI another stands, ``""`` where there is none."""
        while iri and iri not in self.plans:
            iri = iri.rpartition("/")[0]
        return iri

    def _as_before(self, iri: str) -> str:
        """Return the IRI that a thing has, or would have, in the earlier graph."""
        if iri in self._former:
            return self._former[iri].iri
        plan = self._plan_of(iri)
        version = self._versions.get(plan)
        return version.plan + iri.removeprefix(plan) if version else iri

    def _name_before(self, iri: str, name: str) -> str:
        """Return what a thing was called, so that who refers to it has not changed when its name has."""
        return self._former[iri].thing if iri in self._former else name


def _plain(number: Any) -> str:
    """Return a number as people write it, ``""`` for an unbound one; what is none stays as it is."""
    if number is None:
        return ""
    try:
        return f"{Decimal(number.value).normalize():f}"
    except ArithmeticError:
        return str(number.value)


def _in_text(passage: Passage) -> Place | None:
    """Return where a passage stands in a text that both graphs were read from."""
    return passage.line, passage.start, passage.end


def _in_sentence(passage: Passage) -> Place | None:
    """Return where a passage stands in its sentence, ``None`` where the sentence is not known."""
    if passage.sentence is None:
        return None
    start = len(passage.before or "")
    return passage.sentence, start, start + len(passage.quote or "")


def _pair_by(pairs: Iterable[Pair], key: Callable[[Item], Hashable | None]) -> list[Pair]:
    """Return pairs with those paired that have one key, in their order; what has the key ``None`` stays alone.

    :param pairs: some of which have one side only; the others stay as they are.
    """
    done, old, new = _sides(pairs)
    waiting: dict[Hashable, list[Item]] = defaultdict(list)
    for item in reversed(new):
        waiting[key(item)].append(item)
    waiting.pop(None, None)
    for item in old:
        fitting = waiting.get(key(item))
        done.append((item, fitting.pop() if fitting else None))
    paired = {later for _, later in done}
    return done + [(None, item) for item in new if item not in paired]


def _pair_by_place(pairs: Iterable[Pair]) -> list[Pair]:
    """Return pairs with those paired that are of one kind and have names at one place, the best fitting first."""
    done, old, new = _sides(pairs)
    standing: dict[Hashable, list[tuple[int, int, Item]]] = defaultdict(list)
    for item in new:
        for where, start, end in filter(None, item.places):
            standing[item.version.plan, item.kind, where].append((start, end, item))
    fit: dict[tuple[Item, Item], float] = defaultdict(float)
    for item in old:
        for where, start, end in filter(None, item.places):
            for begin, stop, other in standing.get((item.version.plan, item.kind, where), ()):
                shared = (min(end, stop) - max(start, begin)) / max(end - start, stop - begin, 1)
                if shared >= _ENOUGH:
                    fit[item, other] += shared
    free = {*old, *new}
    # The order is the same when the graphs change sides.
    for one, other in sorted(fit, key=lambda pair: (-fit[pair], *sorted(item.thing for item in pair))):
        if one in free and other in free:
            free -= {one, other}
            done.append((one, other))
    done += [(item, None) for item in old if item in free]
    return done + [(None, item) for item in new if item in free]


def _sides(pairs: Iterable[Pair]) -> tuple[list[Pair], list[Item], list[Item]]:
    """Return the pairs that have both sides, and what is alone on either side."""
    done: list[Pair] = []
    old, new = [], []
    for pair in pairs:
        match pair:
            case Item() as item, None:
                old.append(item)
            case None, Item() as item:
                new.append(item)
            case _:
                done.append(pair)
    return done, old, new


def pair_plans(before: PlanItems, after: PlanItems) -> dict[str, str]:
    """Return which plans are the same, by IRI, or as the only ones of their area that are left on either side."""
    plans = {iri: iri for iri in before.plans if iri in after.plans}
    left = [
        [(side.homes[row["home"].value], iri) for iri, row in side.plans.items() if iri not in plans]
        for side in (before, after)
    ]
    alone = [
        {home for home, number in Counter(home for home, _ in side).items() if number == 1} for side in left
    ]
    theirs = dict(left[1])
    return plans | {iri: theirs[home] for home, iri in left[0] if home in alone[0] & alone[1]}


def follow(before: PlanItems, after: PlanItems, plans: dict[str, str]) -> tuple[str, ...]:
    """Tell both sides which plans are compared and by what places; return the titles of those without places."""
    uncompared = []
    for old, new in plans.items():
        rows = before.plans[old], after.plans[new]
        title = rows[1]["title"].value
        if rows[0]["sha256"] == rows[1]["sha256"]:
            version = Version(old, title, _in_text)
        elif all(row["quoted"].value == "true" for row in rows):
            version = Version(old, title, _in_sentence)
        else:
            version = Version(old, title)
            uncompared.append(title)
        before.follow({old: version})
        after.follow({new: version})
    return tuple(uncompared)


def _pair(old: Iterable[Item], new: Iterable[Item], *keys: Callable[[Item], Hashable | None]) -> list[Pair]:
    """Return items of both sides, paired by the first key that fits."""
    pairs: list[Pair] = [*((item, None) for item in old), *((None, item) for item in new)]
    for key in keys:
        pairs = _pair_by(pairs, key)
    return pairs


def _identity(item: Item) -> Hashable:
    return item.identity


def name_of(item: Item) -> Hashable:
    """Return the plan and the name of a thing or section, whatever its kind."""
    return item.version.plan, item.thing


def pair_things(old: Iterable[Item], new: Iterable[Item]) -> list[Pair]:
    """Return things of both sides: the same by IRI, then by name under another kind, then by place under another name."""
    return _pair_by_place(_pair(old, new, _identity, name_of))


def pair_sections(old: Iterable[Item], new: Iterable[Item]) -> list[Pair]:
    """Return sections of both sides: the same by heading and level, then by heading, then by place."""

    def heading(item: Item) -> Hashable:
        return item.version.plan, item.identity

    return _pair(old, new, heading, name_of, _first_place)


def _first_place(item: Item) -> Hashable | None:
    return (item.version.plan, item.places[0]) if item.places and item.places[0] else None


def _by_fields(*fields: str, place: bool = False) -> Callable[[Item], Hashable | None]:
    """Return a key of figures: what they are of, and these fields; with ``place``, where they stand too."""

    def key(item: Item) -> Hashable | None:
        found = _first_place(item)
        if place and found is None:
            return None
        return item.identity, *(item.fields[name] for name in fields), found if place else None

    return key


def pair_relations(old: Iterable[Item], new: Iterable[Item]) -> list[Pair]:
    """Return relations of both sides; two are the same when their ends and predicates are."""
    return _pair(old, new, _identity)


def pair_figures(old: Iterable[Item], new: Iterable[Item]) -> list[Pair]:
    """Return figures of both sides; they have no names, so that what they say and of what makes them the same."""
    return _pair(old, new, *_FIGURE_KEYS)


_FIGURE_KEYS = (
    _by_fields("indicator", "role", "year", "unit", "verbatim", place=True),
    _by_fields("indicator", "role", "year", "unit", "verbatim"),
    _by_fields("indicator", "role", "year", place=True),
    _by_fields("indicator", "role", "year"),
    _first_place,
    _by_fields("indicator", "role", "verbatim"),
)
"""What makes two figures the same, the closest first."""
