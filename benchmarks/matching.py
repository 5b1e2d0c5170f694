"""What of the gold a reading found: the rules by which names, relations and figures count as the same.

* Things: of one kind, with a name or alias that is equal once blanks, quotation marks and dashes are dropped (exact),
  or whose longest common part is at least 60 % of the longer one (lenient). One to one, the most similar first; what is
  left over is wrong, second records of one thing too.
* Relations: between things that match leniently; ``partnersWith`` holds both ways.
* Figures: value, unit and role are the same, and the indicators are similar.

What matches an optional record of the gold counts neither for nor against. Only what the annotated lines say is judged.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from gold import GoldDocument

from hongtu.loaders.extraction.mentions import KINDS
from hongtu.loaders.extraction.pairs import BETWEEN_NAMES
from hongtu.loaders.records import Reference, Span
from hongtu.loaders.relations import Edge
from hongtu.loaders.source import PlanTables
from hongtu.loaders.targets import Target

"""The predicates that the gold has; the others follow from the outline of the text."""

_LENIENT = 0.6
_INDICATOR = 0.4
# Of two figures that fit, the one of the right year is preferred.
_YEAR = 0.2
_DROPPED = re.compile(r"[\s“”\"'‘’《》「」()（）·—\-–]")

Record = dict[str, Any]


class Tally(NamedTuple):
    """How many were found, how many found ones are wrong, and how many were missed."""

    found: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was read that is right; 0 when nothing was read."""
        return self.found / max(1, self.found + self.wrong)

    @property
    def recall(self) -> float:
        """The share of the gold that was found; 0 when there is none."""
        return self.found / max(1, self.found + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.found / max(1, 2 * self.found + self.wrong + self.missed)


class Error(NamedTuple):
    """Something to look into: ``what`` is missed, wrong or doubled; ``nearest`` is the most similar on the other side."""

    document: str
    line: int
    what: str
    kind: str
    name: str
    nearest: str


@dataclass(frozen=True, slots=True)
class Named:
    """A thing of the reading or of the gold, with all its names as they are compared."""

    kind: str
    name: str
    names: frozenset[str]
    line: int
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """The tallies of a document: by ``exact``, ``exact Project`` …, ``relations``, ``targets``, ``year``, ``comparator``."""

    tallies: dict[str, Tally]
    errors: list[Error]


def plain(name: str) -> str:
    """Return a name as it is compared.

    >>> plain("“雪亮” 工程（二期）")
    '雪亮工程二期'
    """
    return _DROPPED.sub("", name).lower()


def similarity(one: str, other: str, least: float = 0.0) -> float:
    """Return the length of the longest common part over the longer length; 0 where that is below ``least``.

    >>> similarity("乾峰大桥", "乾峰大桥项目"), similarity("乾峰大桥", "大桥建设工程", 0.6)
    (0.6666666666666666, 0.0)
    """
    shorter, longer = sorted((one, other), key=len)
    for length in range(len(shorter), max(0, int(least * len(longer)) - 1), -1):
        if any(shorter[i : i + length] in longer for i in range(len(shorter) - length + 1)):
            return length / len(longer) if length >= least * len(longer) else 0.0
    return 0.0


def judge(document: GoldDocument, tables: PlanTables) -> Judgement:
    """Return what the reading of a document found of its gold."""

    def stated(evidence: Iterable[Span]) -> int:
        """Return the first annotated line that states something, 0 when none does."""
        return min((span.line for span in evidence if span.line in document.lines), default=0)

    read = [
        Named(entity.kind, entity.name, frozenset(map(plain, (entity.name, *entity.aliases))), line)
        for entity in tables.entities
        if entity.kind in KINDS and (line := stated(entity.evidence))
    ]
    edges = [
        (edge, line)
        for edge in tables.edges
        if edge.predicate in BETWEEN_NAMES and (line := stated(edge.evidence))
    ]
    figures = [
        (figure.target, line)
        for figure in tables.figures
        if figure.target.value is not None and (line := stated(figure.target.evidence))
    ]
    things = [
        Named(
            record["type"],
            record["name"],
            frozenset(map(plain, (record["name"], *record["aliases"]))),
            next(number for number in record["lines"] if number in document.lines),
            record["optional"],
        )
        for record in document.records
        if record["kind"] == "entity" and not document.lines.isdisjoint(record["lines"])
    ]
    exact, lenient = match(read, things, 1.0), match(read, things, _LENIENT)
    tallies = {
        **_count_things(read, things, exact, "exact"),
        **_count_things(read, things, lenient, "lenient"),
    }
    errors = [Error(document.name, *error) for error in _thing_errors(read, things, exact, lenient)]
    for part in (
        _judge_edges(
            edges,
            _of_kind(document, "relation"),
            things,
            {Reference(read[i].kind, read[i].name): j for i, j in lenient.items()},
        ),
        _judge_figures(figures, _of_kind(document, "target")),
    ):
        tallies |= part[0]
        errors += [Error(document.name, *error) for error in part[1]]
    return Judgement(tallies, sorted(errors, key=lambda error: error.line))


def _of_kind(document: GoldDocument, kind: str) -> list[Record]:
    return [
        record for record in document.records if record["kind"] == kind and record["line"] in document.lines
    ]


def match(read: Sequence[Named], gold: Sequence[Named], least: float) -> dict[int, int]:
    """Return for each thing that was read and matches the gold its number there."""
    pairs = []
    for i, one in enumerate(read):
        for j, other in enumerate(gold):
            if one.kind != other.kind:
                continue
            common = one.names & other.names
            score = 1 + len(common) / len(one.names | other.names) if common else 0.0
            if not common and least < 1:
                score = max(similarity(a, b, least) for a in one.names for b in other.names)
            if score >= least:
                pairs.append((-score, other.optional, one.name, j, i))
    matched: dict[int, int] = {}
    taken = set()
    for *_, j, i in sorted(pairs):
        if i not in matched and j not in taken:
            matched[i] = j
            taken.add(j)
    return matched


def _count_things(
    read: Sequence[Named], gold: Sequence[Named], matched: dict[int, int], way: str
) -> dict[str, Tally]:
    taken = set(matched.values())
    tallies = {}
    for kind in KINDS:
        tallies[f"{way} {kind}"] = Tally(
            sum(gold[j].kind == kind and not gold[j].optional for j in taken),
            sum(one.kind == kind and i not in matched for i, one in enumerate(read)),
            sum(one.kind == kind and not one.optional and j not in taken for j, one in enumerate(gold)),
        )
    return {way: _total(tallies.values()), **tallies}


def _total(tallies: Iterable[Tally]) -> Tally:
    return Tally(*map(sum, zip(*tallies, strict=True)))


_Found = tuple[int, str, str, str, str]
"""An error without its document."""


def _thing_errors(
    read: Sequence[Named], gold: Sequence[Named], exact: dict[int, int], lenient: dict[int, int]
) -> Iterator[_Found]:
    """Yield what did not match exactly. What matches leniently only has other limits: it is told as missed, once."""
    near = {j: i for i, j in lenient.items() if i not in exact}
    taken = set(exact.values())
    for j, thing in enumerate(gold):
        if j not in taken and not thing.optional:
            nearest = read[near[j]].name if j in near else _nearest(thing, read)
            yield thing.line, "missed", thing.kind, thing.name, nearest
    for i, thing in enumerate(read):
        if i in lenient or i in exact:
            continue
        nearest = _nearest(thing, gold)
        is_doubled = any(
            gold[j].kind == thing.kind
            and max(similarity(a, b, _LENIENT) for a in thing.names for b in gold[j].names) >= _LENIENT
            for j in taken
        )
        yield thing.line, "doubled" if is_doubled else "wrong", thing.kind, thing.name, nearest


def _nearest(thing: Named, others: Sequence[Named]) -> str:
    """Return the most similar name, with its kind where that is another; empty when none has a character in common."""

    def likeness(other: Named) -> tuple[float, bool, bool]:
        similar = max(similarity(a, b) for a in thing.names for b in other.names)
        return similar, other.kind == thing.kind, other.line == thing.line

    best = max(others, key=likeness, default=None)
    if best is None or not likeness(best)[0]:
        return ""
    return best.name if best.kind == thing.kind else f"{best.name}（{best.kind}）"


def _judge_edges(
    edges: Sequence[tuple[Edge, int]],
    gold: Sequence[Record],
    things: Sequence[Named],
    number_of: dict[Reference, int],
) -> tuple[dict[str, Tally], list[_Found]]:
    numbers = defaultdict(list)
    for j, thing in enumerate(things):
        numbers[thing.name].append(j)
    wanted: dict[tuple[int, str, int], list[int]] = defaultdict(list)
    for number, record in enumerate(gold):
        for s in numbers[record["s"]]:
            for o in numbers[record["o"]]:
                wanted[s, record["p"], o].append(number)
                if record["p"] == "partnersWith":
                    wanted[o, record["p"], s].append(number)
    found: set[int] = set()
    wrong = []
    for edge, line in edges:
        ends = number_of.get(edge.subject, -1), edge.predicate, number_of.get(edge.object, -1)
        found.update(wanted.get(ends, ()))
        if ends not in wanted:
            wrong.append((edge, line))
    tallies = {}
    for predicate in BETWEEN_NAMES:
        required = [i for i, r in enumerate(gold) if r["p"] == predicate and not r["optional"]]
        right = len(found.intersection(required))
        false = sum(edge.predicate == predicate for edge, _ in wrong)
        tallies[f"relations {predicate}"] = Tally(right, false, len(required) - right)
    read_names = {
        (edge.predicate, line): f"{edge.subject.name} → {edge.object.name}" for edge, line in reversed(edges)
    }
    gold_names = {(r["p"], r["line"]): f"{r['s']} → {r['o']}" for r in reversed(gold)}
    errors: list[_Found] = [
        (r["line"], "missed", r["p"], f"{r['s']} → {r['o']}", read_names.get((r["p"], r["line"]), ""))
        for i, r in enumerate(gold)
        if i not in found and not r["optional"]
    ]
    for edge, line in wrong:
        name = f"{edge.subject.name} → {edge.object.name}"
        errors.append((line, "wrong", edge.predicate, name, gold_names.get((edge.predicate, line), "")))
    return {"relations": _total(tallies.values()), **tallies}, errors


def _judge_figures(
    figures: Sequence[tuple[Target, int]], gold: Sequence[Record]
) -> tuple[dict[str, Tally], list[_Found]]:
    free = list(figures)
    found = missed = years = comparators = 0
    errors: list[_Found] = []
    for record in sorted(gold, key=lambda record: bool(record["optional"])):
        scores = [_likeness(target, record) for target, _ in free]
        best = max(range(len(free)), key=scores.__getitem__, default=-1)
        if best >= 0 and scores[best] >= _INDICATOR:
            target, line = free.pop(best)
            if not record["optional"]:
                found += 1
                years += target.year == record["year"]
                comparators += target.comparator == record["comparator"]
                if (target.year, target.comparator) != (record["year"], record["comparator"]):
                    errors.append(
                        (line, "wrong", "year or comparator", _figure(target), _gold_figure(record))
                    )
        elif not record["optional"]:
            missed += 1
            errors.append((record["line"], "missed", "Target", _gold_figure(record), ""))
    on_line = _nearest_figures(gold)
    errors += [
        (line, "wrong", "Target", _figure(target), on_line(line, target.indicator)) for target, line in free
    ]
    return {
        "targets": Tally(found, len(free), missed),
        "year": Tally(years, found - years, found - years),
        "comparator": Tally(comparators, found - comparators, found - comparators),
    }, errors


def _likeness(target: Target, record: Record) -> float:
    """Return how well a figure fits that of the gold; 0 when it is another one."""
    try:
        same = target.value == Decimal(record["value"])
    except InvalidOperation:
        return 0.0
    if not same or plain(target.unit) != plain(record["unit"]) or target.role != record["role"]:
        return 0.0
    likeness = similarity(plain(target.indicator), plain(record["indicator"]))
    return likeness + (_YEAR if target.year == record["year"] else 0)


def _nearest_figures(gold: Sequence[Record]) -> Callable[[int, str], str]:
    lines = defaultdict(list)
    for record in gold:
        lines[record["line"]].append(record)

    def nearest(line: int, indicator: str) -> str:
        best = max(
            lines[line], key=lambda r: similarity(plain(r["indicator"]), plain(indicator)), default=None
        )
        return _gold_figure(best) if best else ""

    return nearest


def _figure(target: Target) -> str:
    return f"{target.indicator} {target.comparator}{target.value}{target.unit} {target.year} {target.role}"


def _gold_figure(r: Record) -> str:
    return f"{r['indicator']} {r['comparator']}{r['value']}{r['unit']} {r['year']} {r['role']}"
