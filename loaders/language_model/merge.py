"""Two readings made one: what the rules found, and what a model added to it or doubts.

Nothing that the rules found is taken away. What the model doubts in every piece where it saw it keeps a low
confidence, so that a review shows it first; what only the model found has the confidence of the settings at most.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from hongtu.loaders.extraction.normal import NormalText, normalise, surface
from hongtu.loaders.language_model.answer import Answer, ProposedEntity, ProposedFigure, ProposedRelation
from hongtu.loaders.language_model.chunks import Chunk
from hongtu.loaders.language_model.grounding import Grounding, Place
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.records import Entity, Reference, Span
from hongtu.loaders.relations import PREDICATES, Edge
from hongtu.loaders.source import ENTITIES, PlanTables
from hongtu.loaders.targets import Figure, Target

DOUBTED = Decimal("0.3")
"""The most confidence of a thing that the model holds to be none."""

# No name of the genre is longer; a longer one is a clause.
_LONGEST_NAME = 60
_YEARS_AROUND = 20
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

Reading = tuple[Chunk, Answer, Grounding]


@dataclass(slots=True)
class Merged:
    """The tables, and what became of the model's items.

    ``added`` counts entities, mentions (further places of known entities), edges and figures; ``dropped`` the items
    that were not taken, by reason: ``ungrounded`` (not in the plan as quoted), ``impossible`` (no name, or an edge,
    a number or a year that cannot be), ``known`` (found before). ``found`` are the records that are the model's alone.
    """

    tables: PlanTables
    added: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    doubted: int = 0
    found: list[Entity | Edge | Figure] = field(default_factory=list)


def merge(
    base: PlanTables,
    text: PlanText,
    view: NormalText,
    answers: Iterable[tuple[Chunk, Answer]],
    confidence: Decimal,
) -> Merged:
    """Return the tables of the rules with what the answers add; ``base`` stays as it is.

    :param view: the normalised view of ``text``.
    :param answers: pieces of the plan with their answers, in the order of the plan.
    :param confidence: the most that a thing found by the model alone gets.
    """
    merger = _Merger(base, text, view, confidence)
    readings = [(chunk, answer, Grounding(view, chunk)) for chunk, answer in answers]
    for chunk, answer, grounding in readings:
        for entity in answer.entities:
            merger.take_entity(entity, chunk, grounding)
    merger.doubt(readings)
    for _, answer, grounding in readings:
        for relation in answer.relations:
            merger.take_relation(relation, grounding)
        for figure in answer.figures:
            merger.take_figure(figure, grounding)
    return merger.result()


class _Merger:
    def __init__(self, base: PlanTables, text: PlanText, view: NormalText, confidence: Decimal) -> None:
        self.base, self.text, self.view, self.confidence = base, text, view, confidence
        self.merged = Merged(base)
        self.entities = {entity.reference: entity for entity in base.entities}
        self.edges = list(base.edges)
        self.edge_keys = {_edge_key(edge.subject, edge.predicate, edge.object) for edge in base.edges}
        self.figures = list(base.figures)
        self.names: dict[str, list[Reference]] = {}
        for known in base.entities:
            self._name(known)

    def result(self) -> Merged:
        """Return what came of it: the records of the rules in their order, then the model's in that of the text."""
        merged, base = self.merged, self.base
        entities = list(self.entities.values())
        new_entities = sorted(entities[len(base.entities) :], key=lambda entity: entity.evidence[0].start)
        new_edges = sorted(self.edges[len(base.edges) :], key=lambda edge: edge.evidence[0].start)
        new_figures = sorted(
            self.figures[len(base.figures) :], key=lambda figure: figure.target.evidence[0].start
        )
        merged.tables = replace(
            base,
            entities=[*entities[: len(base.entities)], *new_entities],
            edges=[*self.edges[: len(base.edges)], *new_edges],
            figures=[*base.figures, *new_figures],
        )
        merged.added.update(entities=len(new_entities), edges=len(new_edges), figures=len(new_figures))
        merged.found = [*new_entities, *new_edges, *new_figures]
        return merged

    def take_entity(self, item: ProposedEntity, chunk: Chunk, grounding: Grounding) -> None:
        """Take a name that the model found: a new thing, or one more place of a known one."""
        if not _is_name(item.name):
            self.merged.dropped["impossible"] += 1
            return
        place = grounding.mention(item.name, item.quote)
        if place is None:
            self._drop(item.name, grounding)
            return
        span = self._span(place)
        known = [name for name in self.names.get(surface(item.name), []) if name.kind == item.kind]
        if not known:
            status = {"status": "achieved" if chunk.past else "planned"} if item.kind == "Project" else {}
            entity = ENTITIES[item.kind](
                name=self._surface(place), confidence=self.confidence, evidence=(span,), **status
            )
            self.entities[entity.reference] = entity
            self._name(entity)
            return
        entity = self.entities[known[0]]
        if any(span.start < other.end and other.start < span.end for other in entity.evidence):
            self.merged.dropped["known"] += 1
            return
        evidence = sorted([*entity.evidence, span], key=lambda one: one.start)
        self.entities[known[0]] = replace(entity, evidence=tuple(evidence))
        self.merged.added["mentions"] += known[0] in {one.reference for one in self.base.entities}

    def doubt(self, readings: list[Reading]) -> None:
        """Lower the confidence of what the model doubts in every piece where it was shown, and of its edges."""
        objections = [
            {(wrong.kind, surface(wrong.name)) for wrong in answer.wrong} for _, answer, _ in readings
        ]
        named = set().union(*objections)
        doubted = {
            entity.reference
            for entity in self.base.entities
            if (key := (entity.kind, surface(entity.name))) in named
            and all(
                key in wrong
                for wrong, (chunk, _, _) in zip(objections, readings, strict=True)
                if chunk.holds(entity.evidence, self.view)
            )
        }
        for reference in doubted:
            entity = self.entities[reference]
            self.entities[reference] = replace(entity, confidence=min(entity.confidence, DOUBTED))
        self.edges = [
            replace(edge, confidence=min(edge.confidence, DOUBTED))
            if doubted & {edge.subject, edge.object}
            else edge
            for edge in self.edges
        ]
        self.merged.doubted = len(doubted)

    def take_relation(self, item: ProposedRelation, grounding: Grounding) -> None:
        """Take an edge between two things of the plan whose names stand in the piece."""
        subjects, objects = PREDICATES[item.predicate]
        subject, object_ = self._resolve(item.subject, subjects), self._resolve(item.object, objects)
        if subject is None or object_ is None or subject == object_:
            self.merged.dropped["impossible"] += 1
            return
        evidence = self._statement(item, grounding)
        if evidence is None:
            self.merged.dropped["ungrounded"] += 1
            return
        key = _edge_key(subject, item.predicate, object_)
        if key in self.edge_keys:
            self.merged.dropped["known"] += 1
            return
        edge = Edge(
            subject=subject,
            predicate=item.predicate,
            object=object_,
            status="",
            confidence=min(
                self.confidence, self.entities[subject].confidence, self.entities[object_].confidence
            ),
            evidence=(evidence,),
        )
        self.edge_keys.add(key)
        self.edges.append(edge)

    def take_figure(self, item: ProposedFigure, grounding: Grounding) -> None:
        """Take a figure that stands in the piece with its number, unit and indicator."""
        if not self._is_possible(item):
            self.merged.dropped["impossible"] += 1
            return
        place = grounding.mention(item.verbatim, item.quote)
        if place is None:
            self._drop(item.verbatim, grounding)
            return
        indicator = self._indicator(item, grounding)
        if indicator is None:
            self.merged.dropped["ungrounded"] += 1
            return
        span = self._span(place)
        if any(_same_figure(figure.target, item, span) for figure in self.figures):
            self.merged.dropped["known"] += 1
            return
        name, at = indicator
        target = Target(
            indicator=name,
            value=item.value,
            unit=normalise(item.unit).text.replace("％", "%"),
            verbatim=self._surface(place),
            year=item.year,
            comparator=item.comparator,
            role=item.role,
            subject="",
            subject_type="",
            confidence=self.confidence,
            evidence=(self._span((min(place[0], at[0]), max(place[1], at[1]))),),
        )
        self.figures.append(Figure(subject=Reference("Plan", ""), target=target))

    def _is_possible(self, item: ProposedFigure) -> bool:
        """Tell whether number and unit are those of the printed figure, and the year is near the plan's."""
        printed = surface(item.verbatim)
        numbers = map(Decimal, _NUMBER.findall(printed))
        plan = self.base.plan
        return (
            (item.value is None or item.value in numbers)
            and surface(item.unit) in printed
            and plan.first_year - _YEARS_AROUND <= item.year <= plan.last_year + _YEARS_AROUND
        )

    def _indicator(self, item: ProposedFigure, grounding: Grounding) -> tuple[str, Place] | None:
        """Return an indicator's name and place: as it stands, or its characters in order within the quotation.

        (工业产值年均增长 is in: 工业产值由5亿元增加到9亿元，年均增长12.5%.)
        """
        quote = grounding.quote(item.quote)
        for part in (quote, None) if quote else (None,):
            if place := next(grounding.places(item.indicator, part), None):
                return self._surface(place), place
        if quote is None:
            return None
        wanted = surface(item.indicator)
        letters = iter(surface(self.view.text[slice(*quote)]))
        return (wanted, quote) if wanted and all(letter in letters for letter in wanted) else None

    def _statement(self, item: ProposedRelation, grounding: Grounding) -> Span | None:
        """Return the sentence that states a relation whose names stand in the piece: that of the quotation.

        Without the quotation one sentence must have both names.
        """
        subjects, objects = (list(grounding.places(name)) for name in (item.subject, item.object))
        if subjects and objects and (quote := grounding.quote(item.quote)):
            return self._sentence(quote)
        shared = set(map(self._sentence, subjects)) & set(map(self._sentence, objects))
        return min(shared, default=None)

    def _drop(self, words: str, grounding: Grounding) -> None:
        """Count an item without a place of its own: all places of its words are taken, or there are none."""
        self.merged.dropped["known" if any(grounding.places(words)) else "ungrounded"] += 1

    def _resolve(self, name: str, kinds: tuple[str, ...]) -> Reference | None:
        known = [reference for reference in self.names.get(surface(name), []) if reference.kind in kinds]
        return known[0] if len(known) == 1 else None

    def _name(self, entity: Entity) -> None:
        for name in dict.fromkeys(map(surface, (entity.name, *entity.aliases))):
            self.names.setdefault(name, []).append(entity.reference)

    def _span(self, place: Place) -> Span:
        return self.text.span(*self.view.raw_span(*place))

    def _sentence(self, place: Place) -> Span:
        return self.text.sentence(*self.view.raw_span(*place))

    def _surface(self, place: Place) -> str:
        """Return the plan's own characters at a place, without the blanks that the view leaves out."""
        return "".join(self.text.text[offset] for offset in self.view.offsets[slice(*place)])


def _is_name(name: str) -> bool:
    plain = surface(name)
    return (
        2 <= len(plain) <= _LONGEST_NAME
        and not re.search(r"[\n，。；：！？]|^、|、$", plain)
        and any(map(str.isalnum, plain))
    )


def _edge_key(subject: Reference, predicate: str, object_: Reference) -> tuple[Reference, str, Reference]:
    """Return what two statements of the same edge share; partners have no order."""
    if predicate == "partnersWith":
        subject, object_ = sorted((subject, object_))
    return subject, predicate, object_


def _same_figure(known: Target, item: ProposedFigure, span: Span) -> bool:
    """Tell whether a figure was read before: the same number at the same place."""
    if not any(one.start < span.end and span.start < one.end for one in known.evidence):
        return False
    return known.value == item.value and (
        item.value is not None or surface(known.verbatim) == surface(item.verbatim)
    )
