"""From a plan's text to its records: the same that tables hold."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from hongtu.loaders.errors import InputError
from hongtu.loaders.extraction.entities import MERGE_RULES, Thing, code_of, core, gather
from hongtu.loaders.extraction.figures import Reading, read_figures
from hongtu.loaders.extraction.gbt import gbt_of
from hongtu.loaders.extraction.horizon import find_horizon
from hongtu.loaders.extraction.lexicon import words
from hongtu.loaders.extraction.mentions import (
    SURE,
    Mention,
    whole,
    with_places,
    with_repeats,
    with_short_forms,
    with_strategies,
)
from hongtu.loaders.extraction.normal import normalise
from hongtu.loaders.extraction.outline import Sentence, read_outline
from hongtu.loaders.extraction.relations import StatusReader, find_relations
from hongtu.loaders.extraction.scope import find_scope, find_title
from hongtu.loaders.extraction.signals import places
from hongtu.loaders.extraction.tagger import load_tagger
from hongtu.loaders.gazetteer import full_code
from hongtu.loaders.language import say
from hongtu.loaders.locations import Location
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.plans import Measure, Plan, Section
from hongtu.loaders.records import Entity, Reference, Span
from hongtu.loaders.relations import Edge
from hongtu.loaders.source import ENTITIES, PlanTables
from hongtu.loaders.targets import Figure, Target

_TELLING = re.compile(r"\d{4}|[一二三四五六七八九十]个?五|二[○零一二三四五六七八九]{3}")
_CLAUSE_END = re.compile("[，：；]")
_FROM_STRUCTURE = 0.9


def extract(text: PlanText, name: str) -> PlanTables:
    """Return what a plan's text says: its sections, things, relations and figures, each with its passages.

    :param name: the name of the text's file, without ending; it helps where the text has no title.
    :raises InputError: when there is nothing to read in the text.
    """
    if not re.search(r"\w", text.text):
        raise InputError(say(f"{name}：里面没有文字", f"{name}: holds no text"))
    return _Reader(text, name).tables()


class _Reader:
    """Reads one text; what several steps need is found once."""

    def __init__(self, text: PlanText, name: str) -> None:
        self.raw = text
        self.normal = normalise(text.text)
        self.view = self.normal.text
        self.outline = read_outline(self.view)
        self.title = find_title(self.view)
        self.name = name
        plain = normalise(name).text
        self.home = find_scope(self.title, plain, self.view)
        self.horizon = find_horizon(self.title or plain, self.view)
        self.mentions = self.found()
        self.things = [self.printed(thing) for thing in gather(self.view, self.mentions, self.home)]
        self.thing_of: dict[int, Thing] = {
            number: thing for thing in self.things for number in thing.mentions
        }
        self.statuses = StatusReader(self.view, self.outline)
        self.starts = [sentence.start for sentence in self.outline.sentences]
        self.mention_starts = [mention.start for mention in self.mentions]

    def tables(self) -> PlanTables:
        """Return all that the text says."""
        entities = [self.entity(thing) for thing in self.things]
        home = (
            next((thing.name for thing in self.things if thing.division == self.home.division), None)
            or self.home.division.name
        )
        if ("Location", home) not in {entity.reference for entity in entities}:
            entities.insert(0, self.unnamed_home(home))
        measures = list(self.measures())
        return PlanTables(
            self.plan(home),
            sections=list(self.sections()),
            entities=[*entities, *measures],
            edges=list(self.edges()),
            figures=list(self.figures()),
            read_from="text",
        )

    def found(self) -> list[Mention]:
        """Return the names in the text: the tagger's, strategies of headings, the plan's own places, and repeats."""
        tagged = load_tagger().mentions(self.view, self.outline, self.home)
        mentions = [mention for found in tagged if (mention := whole(self.view, found))]
        mentions = with_strategies(self.view, self.outline, mentions)
        mentions = with_short_forms(self.view, mentions, self.stems(mentions))
        mentions = with_places(mentions, places(self.view, self.home))
        first, last = self.outline.body
        mentions = [mention for mention in mentions if first <= mention.start and mention.end <= last]
        return with_repeats(self.view, mentions)

    def stems(self, mentions: list[Mention]) -> set[str]:
        """Return the stems of sure companies: of three characters, or of two that stand together in few reports."""
        companies = {
            self.view[mention.start : mention.end]
            for mention in mentions
            if mention.kind == "Enterprise" and mention.confidence >= SURE
        }
        stems = {core("Enterprise", name) for name in companies} - self.home.names.keys()
        return {stem for stem in stems if len(stem) > 2 or load_tagger().is_rare(stem)}

    def printed(self, thing: Thing) -> Thing:
        """Return a thing with its names as the plan prints them where they stand first."""
        prints: dict[str, str] = {}
        for number in thing.mentions:
            mention = self.mentions[number]
            prints.setdefault(self.view[mention.start : mention.end], self.words(mention.start, mention.end))
        return replace(
            thing,
            name=prints[thing.name],
            aliases=tuple(prints[alias] for alias in thing.aliases),
            reasons=tuple((prints[name], prints[other], rule) for name, other, rule in thing.reasons),
        )

    def plan(self, home: str) -> Plan:
        """Return the document itself; its id is its title where that tells the place and the years, else its file's name."""
        telling = self.title if _TELLING.search(self.title) and self.home.division.name in self.title else ""
        return Plan(
            id=telling or self.name,
            title=self.title or self.name,
            sha256=self.raw.sha256,
            first_year=self.horizon.first_year,
            last_year=self.horizon.last_year,
            home=home,
            source=self.name,
        )

    def entity(self, thing: Thing) -> Entity:
        """Return a thing as a record."""
        values: dict[str, object] = {
            "name": thing.name,
            "aliases": thing.aliases,
            "merges": tuple(
                f"{name} → {other}（{MERGE_RULES[rule]}）" for name, other, rule in thing.reasons
            ),
            "confidence": _confidence(thing.confidence),
            "evidence": tuple(
                self.span(self.mentions[i].start, self.mentions[i].end) for i in thing.mentions
            ),
        }
        match thing.kind:
            case "Project":
                values["status"] = self.statuses.status(self.mentions[thing.mentions[0]]) or "planned"
            case "Industry":
                values["gbt"] = gbt_of(normalise(thing.name).text)
            case "Location":
                values["admin_code"] = code_of(thing)
        return ENTITIES[thing.kind](**values)

    def unnamed_home(self, name: str) -> Location:
        """Return the home where the text never names it; its evidence is the title, or the first line."""
        at = max(0, self.view.find(self.title))
        end = self.view.find("\n", at)
        span = self.span(at, end if end > at else len(self.view))
        return Location(
            name=name,
            admin_code=full_code(self.home.division.code) if self.home.division.code else "",
            confidence=Decimal("0.5"),
            evidence=(span,),
        )

    def sections(self) -> Iterator[Section]:
        """Yield the sections of the text, each with the strategy that its heading names."""
        headings = self.outline.headings
        for number, heading in enumerate(headings):
            following = (later.start for later in headings[number + 1 :] if later.depth <= heading.depth)
            span = self.span(heading.start, next(following, self.outline.body[1]))
            strategy = self.strategies[number]
            yield Section(
                title=" ".join(self.quote(heading.start, heading.end).split()),
                level=heading.depth,
                strategy=strategy.name
                if strategy and self.named_strategy(heading.start, heading.end)
                else "",
                **span._asdict(),
            )

    @cached_property
    def strategies(self) -> list[Thing | None]:
        """For every heading the strategy under which its text stands: its own, or that of a heading above it."""
        above: list[tuple[int, Thing | None]] = []
        found = []
        for heading in self.outline.headings:
            above = [(depth, thing) for depth, thing in above if depth < heading.depth]
            strategy = self.named_strategy(heading.start, heading.end) or (above[-1][1] if above else None)
            above.append((heading.depth, strategy))
            found.append(strategy)
        return found

    def strategy_of(self, sentence: Sentence) -> Thing | None:
        """Return the strategy that a sentence serves: that of its paragraph's lead phrase, or of its section."""
        own = self.named_strategy(*sentence.lead) if sentence.lead else None
        return own or (self.strategies[sentence.heading] if sentence.heading >= 0 else None)

    def named_strategy(self, start: int, end: int) -> Thing | None:
        """Return the strategy that a heading or a lead phrase names."""
        found = (self.thing_of[i] for i in self.within(start, end) if self.mentions[i].kind == "Strategy")
        return next(found, None)

    def within(self, start: int, end: int) -> Iterator[int]:
        """Yield the numbers of the mentions between two places."""
        for number in range(bisect_left(self.mention_starts, start), len(self.mentions)):
            if self.mentions[number].start >= end:
                break
            if self.mentions[number].end <= end:
                yield number

    def measures(self) -> Iterator[Measure]:
        """Yield the tasks that the paragraphs' lead phrases name."""
        spans: dict[str, list[Span]] = {}
        for lead in sorted({sentence.lead for sentence in self.outline.sentences if sentence.lead}):
            spans.setdefault(self.words(*lead), []).append(self.span(*lead))
        for name, evidence in spans.items():
            yield Measure(name=name, confidence=_confidence(_FROM_STRUCTURE), evidence=tuple(evidence))

    def edges(self) -> Iterator[Edge]:
        """Yield every edge once, with all passages that state it."""
        found: dict[tuple[Reference, str, Reference], list[_Statement]] = {}
        for statement in (*self.stated(), *self.structural()):
            if statement.subject != statement.object:
                found.setdefault((statement.subject, statement.predicate, statement.object), []).append(
                    statement
                )
        for (subject, predicate, object_), statements in found.items():
            if predicate == "partnersWith" and (object_, predicate, subject) in found and subject > object_:
                continue
            yield Edge(
                subject=subject,
                predicate=predicate,
                object=object_,
                status=next((statement.status for statement in statements if statement.status), ""),
                confidence=max(statement.confidence for statement in statements),
                evidence=tuple(dict.fromkeys(statement.span for statement in statements)),
            )

    def stated(self) -> Iterator["_Statement"]:
        """Yield what sentences say of two things."""
        for relation in find_relations(self.view, self.outline, self.mentions):
            subject, object_ = self.thing_of[relation.subject], self.thing_of[relation.object]
            yield _Statement(
                subject.reference,
                relation.predicate,
                object_.reference,
                relation.status,
                _confidence(relation.confidence * subject.confidence * object_.confidence),
                self.span(relation.start, relation.end),
            )

    def structural(self) -> Iterator["_Statement"]:
        """Yield what the place of a name in the text says: which strategy it serves, what a task promotes."""
        for sentence in self.outline.sentences:
            strategy = self.strategy_of(sentence)
            task = Reference("Measure", self.words(*sentence.lead)) if sentence.lead else None
            if strategy and task and sentence.lead:
                yield _structural(task, "implements", strategy.reference, 1, self.span(*sentence.lead))
            span = self.span(sentence.start, sentence.end)
            for number in self.within(sentence.start, sentence.end):
                mention, thing = self.mentions[number], self.thing_of[number]
                if mention.kind == "Project" and strategy:
                    yield _structural(
                        thing.reference, "implements", strategy.reference, thing.confidence, span
                    )
                elif mention.kind == "Industry" and self.is_developed(mention, sentence):
                    for promoter in (task, strategy.reference if strategy else None):
                        if promoter:
                            yield _structural(promoter, "promotes", thing.reference, thing.confidence, span)

    def is_developed(self, mention: Mention, sentence: Sentence) -> bool:
        """Tell whether a verb of development stands before an industry in its clause (大力发展冷链物流)."""
        clause = _CLAUSE_END.split(self.view[sentence.start : mention.start])[-1]
        return any(verb in clause for verb in words("boundaries", "develop"))

    def figures(self) -> Iterator[Figure]:
        """Yield the figures, each of the task in whose paragraph it stands, or of the plan."""
        for reading in read_figures(self.view, self.outline, self.horizon):
            sentence = self.outline.sentences[max(0, bisect_right(self.starts, reading.start) - 1)]
            subject = (
                Reference("Measure", self.words(*sentence.lead)) if sentence.lead else Reference("Plan", "")
            )
            yield Figure(
                subject=subject,
                target=Target(
                    indicator=reading.indicator,
                    value=reading.value,
                    unit=reading.unit,
                    verbatim=self.verbatim(reading),
                    year=reading.year,
                    comparator=reading.comparator,
                    role=reading.role,
                    subject=subject.name,
                    subject_type=subject.kind if subject.name else "",
                    confidence=_confidence(reading.confidence),
                    evidence=(self.span(reading.start, reading.end),),
                ),
            )

    def words(self, start: int, end: int) -> str:
        """Return characters of the view as the plan prints them, without the blanks inside names."""
        return "".join(map(self.raw.text.__getitem__, self.normal.offsets[start:end]))

    def verbatim(self, reading: Reading) -> str:
        """Return a figure as the plan prints it."""
        at = self.view.rfind(reading.verbatim, reading.start, reading.end)
        return self.quote(at, at + len(reading.verbatim)) if at >= 0 else reading.verbatim

    def quote(self, start: int, end: int) -> str:
        """Return characters of the view as they stand in the plan's own text."""
        return self.raw.text[slice(*self.normal.raw_span(start, end))]

    def span(self, start: int, end: int) -> Span:
        """Return characters of the view as a span of the plan's own text."""
        return self.raw.span(*self.normal.raw_span(start, end))


@dataclass(frozen=True, slots=True)
class _Statement:
    """One passage's word for an edge."""

    subject: Reference
    predicate: str
    object: Reference
    status: str
    confidence: Decimal
    span: Span


def _structural(
    subject: Reference, predicate: str, object_: Reference, chance: float, span: Span
) -> _Statement:
    return _Statement(subject, predicate, object_, "", _confidence(_FROM_STRUCTURE * chance), span)


def _confidence(chance: float) -> Decimal:
    """Return a chance as confidence with two decimals, at least 0.01."""
    return Decimal(f"{min(max(chance, 0.01), 0.99):.2f}")
