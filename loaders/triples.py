"""The one writer of triples: records in, N-Quads out, streamed.

All of a plan stands in the named graph with the plan's IRI. An edge is a plain triple and once more a ``ht:Claim``
(an RDF reification with its passages), so that simple queries stay simple and every edge shows its source.

Terms are written as N-Quads at once, without objects between: a plan read from text has a dozen quads for every name
in it, and making three objects for each took longer than reading the plan.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import IO

from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, XSD

from hongtu.loaders.divisions import names_by_code
from hongtu.loaders.enterprises import Enterprise, Organization
from hongtu.loaders.industries import Industry
from hongtu.loaders.iris import (
    claim_iri,
    division_iri,
    industry_concept_iri,
    passage_iri,
    plan_iri,
    thing_iri,
)
from hongtu.loaders.locations import Location
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.plans import Measure, Section
from hongtu.loaders.projects import Project
from hongtu.loaders.records import Entity, Reference, Span
from hongtu.loaders.relations import PREDICATES, Edge
from hongtu.loaders.source import PlanTables
from hongtu.loaders.strategies import Strategy
from hongtu.loaders.targets import Figure
from hongtu.ontology.namespace import HT, OA

Statement = tuple[str, str, str]
"""Subject, predicate and object as N-Quads writes them."""


def _iri(iri: str) -> str:
    return f"<{iri}>"


_A = _iri(RDF.type)
_IS_PART_OF = _iri(DCTERMS.isPartOf)
_SOURCE = _iri(DCTERMS.source)
_SPATIAL = _iri(DCTERMS.spatial)
_TOPIC = _iri(DCTERMS.subject)
_TITLE = _iri(DCTERMS.title)
_CLAIM_CLASS = _iri(HT.Claim)
_PASSAGE_CLASS = _iri(HT.Passage)
_PLAN_CLASS = _iri(HT.Plan)
_SECTION_CLASS = _iri(HT.Section)
_TARGET_CLASS = _iri(HT.Target)
_ADMIN_CODE = _iri(HT.adminCode)
_COMPARATOR = _iri(HT.comparator)
_CONFIDENCE = _iri(HT.confidence)
_EDITORIAL_NOTE = _iri(SKOS.editorialNote)
_DIVISION = _iri(HT.division)
_END = _iri(HT.end)
_FIRST_YEAR = _iri(HT.firstYear)
_INDICATOR_LABEL = _iri(HT.indicatorLabel)
_LAST_YEAR = _iri(HT.lastYear)
_LEVEL = _iri(HT.level)
_LINE = _iri(HT.line)
_MENTIONED_IN = _iri(HT.mentionedIn)
_QUOTE = _iri(HT.quote)
_ROLE = _iri(HT.role)
_SECTION = _iri(HT.section)
_SHA256 = _iri(HT.sha256)
_START = _iri(HT.start)
_STATUS = _iri(HT.status)
_UNIT = _iri(HT.unit)
_VALUE = _iri(HT.value)
_VERBATIM = _iri(HT.verbatim)
_YEAR = _iri(HT.year)
_PREFIX = _iri(OA.prefix)
_SUFFIX = _iri(OA.suffix)
_ACTIVITY_CLASS = _iri(PROV.Activity)
_WHOLE_TEXT = _iri(PROV.value)
_WAS_DERIVED_FROM = _iri(PROV.wasDerivedFrom)
_WAS_GENERATED_BY = _iri(PROV.wasGeneratedBy)
_OBJECT = _iri(RDF.object)
_PREDICATE = _iri(RDF.predicate)
_SUBJECT = _iri(RDF.subject)
_LABEL = _iri(RDFS.label)
_ALT_LABEL = _iri(SKOS.altLabel)
_BROADER = _iri(SKOS.broader)
_PREF_LABEL = _iri(SKOS.prefLabel)
_INTEGER, _DECIMAL, _GYEAR = (_iri(XSD[name]) for name in ("integer", "decimal", "gYear"))
_CLASSES: dict[type[Entity], str] = {
    kind: _iri(HT[kind.__name__])
    for kind in (Enterprise, Industry, Location, Measure, Organization, Project, Strategy)
}
_PREDICATES = {name: _iri(HT[name]) for name in (*PREDICATES, "hasTarget")}
_ACTIVITIES = {"tables": ("读自表格", "read from tables"), "text": ("读自原文", "read from the text")}
"""How records came to be, in both languages."""

# What a string of N-Quads must escape (RDF 1.1 N-Quads, section 3): nearly no text of a plan has any.
_SPECIAL = re.compile(r'["\\\n\r]')
_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r"})


def write_nquads(tables: PlanTables, output: IO[bytes], *, text: PlanText | None = None) -> None:
    """Write all that tables say of a plan as N-Quads, in the order of the tables: same input, same bytes.

    :param output: a binary file; quads are written as they arise.
    :param text: the plan's text, which is kept whole, and for the quotes; without it passages have offsets only.
    :raises InputError: when a span lies outside of the text.
    """
    parts = _PlanWriter(tables, text).quads()
    while part := "".join(islice(parts, 1024)):
        output.write(part.encode())


class _PlanWriter:
    """Quads of one plan. Passages are shared: one is described where it is first cited."""

    def __init__(self, tables: PlanTables, text: PlanText | None) -> None:
        self.tables = tables
        self.text = text
        self.iri = plan_iri(tables.plan.id)
        self.node = _iri(self.iri)
        self.end = f" {self.node} .\n"
        self.activity = _iri(f"{self.iri}/activity/{tables.read_from}")
        self.passages: set[tuple[int, int]] = set()
        self.things: dict[Reference, str] = {}
        self.sections = sorted(tables.sections, key=lambda section: (section.start, -section.end))
        self.section_starts = [section.start for section in self.sections]

    def quads(self) -> Iterator[str]:
        """Yield the quads, one or some at a time, each with its line end."""
        yield from map(self.quad, self.plan())
        for section in self.sections:
            yield from map(self.quad, self.section(section))
        for entity in self.tables.entities:
            yield from map(self.quad, self.entity(entity))
            yield from self.cite(self.thing(entity.reference), _MENTIONED_IN, entity.evidence)
        for edge in self.tables.edges:
            yield from self.edge(edge)
        for number, figure in enumerate(self.tables.figures, 1):
            yield from self.figure(figure, number)

    def quad(self, statement: Statement) -> str:
        subject, predicate, object_ = statement
        return f"{subject} {predicate} {object_}{self.end}"

    def plan(self) -> Iterator[Statement]:
        plan = self.tables.plan
        yield self.node, _A, _PLAN_CLASS
        yield self.node, _PREF_LABEL, _chinese(plan.title)
        yield self.node, _TITLE, _chinese(plan.title)
        yield self.node, _SHA256, _text(plan.sha256)
        if self.text:
            yield whole_text(self.node, self.text)
        yield self.node, _FIRST_YEAR, _year(plan.first_year)
        yield self.node, _LAST_YEAR, _year(plan.last_year)
        yield self.node, _SPATIAL, self.thing(Reference("Location", plan.home))
        if plan.source:
            yield self.node, _SOURCE, _text(plan.source)
        label_zh, label_en = _ACTIVITIES[self.tables.read_from]
        yield self.activity, _A, _ACTIVITY_CLASS
        yield self.activity, _LABEL, _chinese(label_zh)
        yield self.activity, _LABEL, f"{_text(label_en)}@en"

    def section(self, section: Section) -> Iterator[Statement]:
        node = self.section_node(section)
        parent = self.section_at(section.start, above=section.level)
        yield node, _A, _SECTION_CLASS
        yield node, _PREF_LABEL, _chinese(section.title)
        yield node, _LEVEL, _integer(section.level)
        yield node, _LINE, _integer(section.line)
        yield node, _START, _integer(section.start)
        yield node, _END, _integer(section.end)
        yield node, _IS_PART_OF, self.section_node(parent) if parent else self.node
        if section.strategy:
            yield node, _TOPIC, self.thing(Reference("Strategy", section.strategy))

    def entity(self, entity: Entity) -> Iterator[Statement]:
        node = self.thing(entity.reference)
        yield node, _A, _CLASSES[type(entity)]
        yield node, _PREF_LABEL, _chinese(entity.name)
        for alias in entity.aliases:
            yield node, _ALT_LABEL, _chinese(alias)
        for merge in entity.merges:
            yield node, _EDITORIAL_NOTE, _chinese(merge)
        match entity:
            case Project():
                yield node, _STATUS, _text(entity.status)
            case Industry(gbt=code) if code:
                yield node, _BROADER, _iri(industry_concept_iri(code))
            case Location(admin_code=code) if code:
                yield node, _ADMIN_CODE, _text(code)
                # Towns and villages have longer codes; codes of invented places, or given up, are in no list.
                if len(code) == 6 and code in names_by_code():
                    yield node, _DIVISION, _iri(division_iri(code))
            case Measure():
                section = self.section_at(entity.evidence[0].start)
                yield node, _IS_PART_OF, self.section_node(section) if section else self.node
        yield node, _CONFIDENCE, _decimal(entity.confidence)

    def edge(self, edge: Edge) -> Iterator[str]:
        subject, object_ = self.thing(edge.subject), self.thing(edge.object)
        claim = self.claim_node(subject, edge.predicate, object_)
        yield from self.claim(claim, subject, edge.predicate, object_, edge.confidence, edge.evidence)
        if edge.status:
            yield self.quad((claim, _STATUS, _text(edge.status)))

    def figure(self, figure: Figure, number: int) -> Iterator[str]:
        target = figure.target
        end = self.end
        node = _iri(f"{self.iri}/target/{target.evidence[0].start}-{number}")
        value = "" if target.value is None else f"{node} {_VALUE} {_decimal(target.value)}{end}"
        yield (
            f"{node} {_A} {_TARGET_CLASS}{end}"
            f"{node} {_INDICATOR_LABEL} {_chinese(target.indicator)}{end}"
            f"{value}"
            f"{node} {_VERBATIM} {_text(target.verbatim)}{end}"
            f"{node} {_UNIT} {_text(target.unit)}{end}"
            f"{node} {_YEAR} {_year(target.year)}{end}"
            f"{node} {_COMPARATOR} {_text(target.comparator)}{end}"
            f"{node} {_ROLE} {_text(target.role)}{end}"
        )
        yield from self.cite(node, _MENTIONED_IN, target.evidence)
        subject = self.thing(figure.subject)
        claim = self.claim_node(subject, "hasTarget", node)
        yield from self.claim(claim, subject, "hasTarget", node, target.confidence, target.evidence)

    def claim(
        self,
        claim: str,
        subject: str,
        predicate: str,
        object_: str,
        confidence: Decimal,
        evidence: tuple[Span, ...],
    ) -> Iterator[str]:
        """Yield an edge as a plain triple and as a claim with its passages."""
        end, property_ = self.end, _PREDICATES[predicate]
        yield (
            f"{subject} {property_} {object_}{end}"
            f"{claim} {_A} {_CLAIM_CLASS}{end}"
            f"{claim} {_SUBJECT} {subject}{end}"
            f"{claim} {_PREDICATE} {property_}{end}"
            f"{claim} {_OBJECT} {object_}{end}"
            f"{claim} {_CONFIDENCE} {_decimal(confidence)}{end}"
            f"{claim} {_WAS_GENERATED_BY} {self.activity}{end}"
        )
        yield from self.cite(claim, _WAS_DERIVED_FROM, evidence)

    def cite(self, node: str, predicate: str, spans: tuple[Span, ...]) -> Iterator[str]:
        for span in spans:
            passage = _iri(passage_iri(self.iri, span))
            yield f"{node} {predicate} {passage}{self.end}"
            if (span.start, span.end) not in self.passages:
                self.passages.add((span.start, span.end))
                yield self.passage(passage, span)

    def passage(self, node: str, span: Span) -> str:
        """Return the quads of a passage; nearly all of a plan's quads are these."""
        end = self.end
        section = self.section_at(span.start)
        described = (
            f"{node} {_A} {_PASSAGE_CLASS}{end}"
            f"{node} {_IS_PART_OF} {self.node}{end}"
            f"{node} {_LINE} {_integer(span.line)}{end}"
            f"{node} {_START} {_integer(span.start)}{end}"
            f"{node} {_END} {_integer(span.end)}{end}"
        )
        if section:
            described += f"{node} {_SECTION} {self.section_node(section)}{end}"
        if self.text:
            described += "".join(map(self.quad, quotation(node, span, self.text)))
        return described

    def section_at(self, offset: int, above: int | None = None) -> Section | None:
        """Return the innermost section that holds a character; with ``above``, of a level smaller than that."""
        for last in range(bisect_right(self.section_starts, offset) - 1, -1, -1):
            section = self.sections[last]
            if offset < section.end and (above is None or section.level < above):
                return section
        return None

    def section_node(self, section: Section) -> str:
        return _iri(f"{self.iri}/section/{section.start}")

    def claim_node(self, subject: str, predicate: str, object_: str) -> str:
        return _iri(claim_iri(self.iri, subject[1:-1], predicate, object_[1:-1]))

    def thing(self, reference: Reference) -> str:
        if (node := self.things.get(reference)) is None:
            node = self.things[reference] = _iri(thing_iri(self.iri, reference))
        return node


def whole_text(plan: str, text: PlanText) -> Statement:
    """Return that a plan has this text, every character of it, as all offsets count in it."""
    return plan, _WHOLE_TEXT, _text(text.text)


def quotation(passage: str, span: Span, text: PlanText) -> Iterator[Statement]:
    """Yield what a passage says: its exact characters, and the rest of the sentence before and behind them.

    :raises InputError: when the span lies outside of the text.
    """
    quote = text.quote(span)
    yield passage, _QUOTE, _text(quote.exact)
    if quote.before:
        yield passage, _PREFIX, _text(quote.before)
    if quote.after:
        yield passage, _SUFFIX, _text(quote.after)


def _text(text: str) -> str:
    return f'"{text.translate(_ESCAPES) if _SPECIAL.search(text) else text}"'


def _chinese(text: str) -> str:
    return f"{_text(text)}@zh"


def _integer(number: int) -> str:
    return f'"{number}"^^{_INTEGER}'


def _decimal(number: Decimal) -> str:
    return f'"{number:f}"^^{_DECIMAL}'


def _year(year: int) -> str:
    return f'"{year}"^^{_GYEAR}'
