"""The one writer of triples: records in, N-Quads out, streamed.

All of a plan stands in the named graph with the plan's IRI. An edge is a plain triple and once more a ``ht:Claim``
(an RDF reification with its passages), so that simple queries stay simple and every edge shows its source.
"""

from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal
from typing import IO

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, XSD

from hongtu.loaders.enterprises import Enterprise, Organization
from hongtu.loaders.industries import Industry
from hongtu.loaders.iris import claim_iri, industry_concept_iri, passage_iri, plan_iri, thing_iri
from hongtu.loaders.locations import Location
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.plans import Measure, Section
from hongtu.loaders.projects import Project
from hongtu.loaders.records import Entity, Reference, Span
from hongtu.loaders.relations import Edge
from hongtu.loaders.source import PlanTables
from hongtu.loaders.strategies import Strategy
from hongtu.loaders.targets import Figure
from hongtu.ontology.namespace import HT, OA

_CLASSES: dict[type[Entity], NamedNode] = {
    Enterprise: NamedNode(HT.Enterprise),
    Industry: NamedNode(HT.Industry),
    Location: NamedNode(HT.Location),
    Measure: NamedNode(HT.Measure),
    Organization: NamedNode(HT.Organization),
    Project: NamedNode(HT.Project),
    Strategy: NamedNode(HT.Strategy),
}
_PREDICATES = {
    name: NamedNode(HT[name])
    for name in (
        "undertakes",
        "operatesIn",
        "inIndustry",
        "locatedIn",
        "within",
        "partnersWith",
        "implements",
        "promotes",
        "hasTarget",
    )
}
_A = NamedNode(RDF.type)

Term = NamedNode | Literal
Statement = tuple[NamedNode, NamedNode, Term]


def write_nquads(tables: PlanTables, output: IO[bytes], *, text: PlanText | None = None) -> None:
    """Write all that tables say of a plan as N-Quads, in the order of the tables: same input, same bytes.

    :param output: a binary file; quads are written as they arise.
    :param text: the plan's text, for the quotes; without it passages have offsets only.
    :raises InputError: when a span lies outside of the text.
    """
    graph = NamedNode(plan_iri(tables.plan.id))
    statements = _PlanWriter(tables, text).statements()
    serialize((Quad(*statement, graph) for statement in statements), output, RdfFormat.N_QUADS)


class _PlanWriter:
    """Statements of one plan. Passages are shared: one is described where it is first cited."""

    def __init__(self, tables: PlanTables, text: PlanText | None) -> None:
        self.tables = tables
        self.text = text
        self.iri = plan_iri(tables.plan.id)
        self.node = NamedNode(self.iri)
        self.activity = NamedNode(f"{self.iri}/activity/tables")
        self.passages: set[tuple[int, int]] = set()
        self.sections = sorted(tables.sections, key=lambda section: (section.start, -section.end))

    def statements(self) -> Iterator[Statement]:
        yield from self.plan()
        for section in self.sections:
            yield from self.section(section)
        for entity in self.tables.entities:
            yield from self.entity(entity)
        for edge in self.tables.edges:
            yield from self.edge(edge)
        for number, figure in enumerate(self.tables.figures, 1):
            yield from self.figure(figure, number)

    def plan(self) -> Iterator[Statement]:
        plan = self.tables.plan
        yield self.node, _A, NamedNode(HT.Plan)
        yield self.node, NamedNode(SKOS.prefLabel), _chinese(plan.title)
        yield self.node, NamedNode(DCTERMS.title), _chinese(plan.title)
        yield self.node, NamedNode(HT.sha256), Literal(plan.sha256)
        yield self.node, NamedNode(HT.firstYear), _year(plan.first_year)
        yield self.node, NamedNode(HT.lastYear), _year(plan.last_year)
        yield self.node, NamedNode(DCTERMS.spatial), self.thing(Reference("Location", plan.home))
        if plan.source:
            yield self.node, NamedNode(DCTERMS.source), Literal(plan.source)
        yield self.activity, _A, NamedNode(PROV.Activity)
        yield self.activity, NamedNode(RDFS.label), _chinese("读自表格")
        yield self.activity, NamedNode(RDFS.label), Literal("read from tables", language="en")

    def section(self, section: Section) -> Iterator[Statement]:
        node = self.section_node(section)
        parent = self.section_at(section.start, above=section.level)
        yield node, _A, NamedNode(HT.Section)
        yield node, NamedNode(SKOS.prefLabel), _chinese(section.title)
        yield node, NamedNode(HT.level), _integer(section.level)
        yield node, NamedNode(HT.line), _integer(section.line)
        yield node, NamedNode(HT.start), _integer(section.start)
        yield node, NamedNode(HT.end), _integer(section.end)
        yield node, NamedNode(DCTERMS.isPartOf), self.section_node(parent) if parent else self.node
        if section.strategy:
            yield node, NamedNode(DCTERMS.subject), self.thing(Reference("Strategy", section.strategy))

    def entity(self, entity: Entity) -> Iterator[Statement]:
        node = self.thing(entity.reference)
        yield node, _A, _CLASSES[type(entity)]
        yield node, NamedNode(SKOS.prefLabel), _chinese(entity.name)
        for alias in entity.aliases:
            yield node, NamedNode(SKOS.altLabel), _chinese(alias)
        match entity:
            case Project():
                yield node, NamedNode(HT.status), Literal(entity.status)
            case Industry(gbt=code) if code:
                yield node, NamedNode(SKOS.broader), NamedNode(industry_concept_iri(code))
            case Location(admin_code=code) if code:
                yield node, NamedNode(HT.adminCode), Literal(code)
            case Measure():
                section = self.section_at(entity.evidence[0].start)
                yield node, NamedNode(DCTERMS.isPartOf), self.section_node(section) if section else self.node
        yield node, NamedNode(HT.confidence), _decimal(entity.confidence)
        yield from self.cite(node, NamedNode(HT.mentionedIn), entity.evidence)

    def edge(self, edge: Edge) -> Iterator[Statement]:
        yield from self.claim(
            self.thing(edge.subject), edge.predicate, self.thing(edge.object), edge.confidence, edge.evidence
        )
        if edge.status:
            claim = self.claim_node(self.thing(edge.subject), edge.predicate, self.thing(edge.object))
            yield claim, NamedNode(HT.status), Literal(edge.status)

    def figure(self, figure: Figure, number: int) -> Iterator[Statement]:
        target = figure.target
        node = NamedNode(f"{self.iri}/target/{target.evidence[0].start}-{number}")
        yield node, _A, NamedNode(HT.Target)
        yield node, NamedNode(HT.indicatorLabel), _chinese(target.indicator)
        if target.value is not None:
            yield node, NamedNode(HT.value), _decimal(target.value)
        yield node, NamedNode(HT.verbatim), Literal(target.verbatim)
        yield node, NamedNode(HT.unit), Literal(target.unit)
        yield node, NamedNode(HT.year), _year(target.year)
        yield node, NamedNode(HT.comparator), Literal(target.comparator)
        yield node, NamedNode(HT.role), Literal(target.role)
        yield from self.cite(node, NamedNode(HT.mentionedIn), target.evidence)
        subject = self.thing(figure.subject)
        yield from self.claim(subject, "hasTarget", node, target.confidence, target.evidence)

    def claim(
        self,
        subject: NamedNode,
        predicate: str,
        object_: NamedNode,
        confidence: Decimal,
        evidence: tuple[Span, ...],
    ) -> Iterator[Statement]:
        """Yield an edge as a plain triple and as a claim with its passages."""
        claim = self.claim_node(subject, predicate, object_)
        yield subject, _PREDICATES[predicate], object_
        yield claim, _A, NamedNode(HT.Claim)
        yield claim, NamedNode(RDF.subject), subject
        yield claim, NamedNode(RDF.predicate), _PREDICATES[predicate]
        yield claim, NamedNode(RDF.object), object_
        yield claim, NamedNode(HT.confidence), _decimal(confidence)
        yield claim, NamedNode(PROV.wasGeneratedBy), self.activity
        yield from self.cite(claim, NamedNode(PROV.wasDerivedFrom), evidence)

    def cite(self, node: NamedNode, predicate: NamedNode, spans: tuple[Span, ...]) -> Iterator[Statement]:
        for span in spans:
            passage = NamedNode(passage_iri(self.iri, span))
            yield node, predicate, passage
            if (span.start, span.end) not in self.passages:
                self.passages.add((span.start, span.end))
                yield from self.passage(passage, span)

    def passage(self, node: NamedNode, span: Span) -> Iterator[Statement]:
        yield node, _A, NamedNode(HT.Passage)
        yield node, NamedNode(DCTERMS.isPartOf), self.node
        yield node, NamedNode(HT.line), _integer(span.line)
        yield node, NamedNode(HT.start), _integer(span.start)
        yield node, NamedNode(HT.end), _integer(span.end)
        if section := self.section_at(span.start):
            yield node, NamedNode(HT.section), self.section_node(section)
        if self.text:
            yield from quotation(node, span, self.text)

    def section_at(self, offset: int, above: int | None = None) -> Section | None:
        """Return the innermost section that holds a character; with ``above``, of a level smaller than that."""
        last = bisect_right(self.sections, offset, key=lambda section: section.start)
        for section in reversed(self.sections[:last]):
            if offset < section.end and (above is None or section.level < above):
                return section
        return None

    def section_node(self, section: Section) -> NamedNode:
        return NamedNode(f"{self.iri}/section/{section.start}")

    def claim_node(self, subject: NamedNode, predicate: str, object_: NamedNode) -> NamedNode:
        return NamedNode(claim_iri(self.iri, subject.value, predicate, object_.value))

    def thing(self, reference: Reference) -> NamedNode:
        return NamedNode(thing_iri(self.iri, reference))


def quotation(passage: NamedNode, span: Span, text: PlanText) -> Iterator[Statement]:
    """Yield what a passage says: its exact characters, and the rest of the sentence before and behind them.

    :raises InputError: when the span lies outside of the text.
    """
    quote = text.quote(span)
    yield passage, NamedNode(HT.quote), Literal(quote.exact)
    if quote.before:
        yield passage, NamedNode(OA.prefix), Literal(quote.before)
    if quote.after:
        yield passage, NamedNode(OA.suffix), Literal(quote.after)


def _chinese(text: str) -> Literal:
    return Literal(text, language="zh")


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD.integer))


def _decimal(number: Decimal) -> Literal:
    return Literal(format(number, "f"), datatype=NamedNode(XSD.decimal))


def _year(year: int) -> Literal:
    return Literal(str(year), datatype=NamedNode(XSD.gYear))
