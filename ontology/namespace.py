"""The terms of the Hongtu ontology as Python names, the prefixes, and the packaged Turtle files.

``HT`` is closed: a misspelt term raises instead of naming nothing. No other module spells out an IRI.

>>> HT.undertakes
rdflib.term.URIRef('https://w3id.org/hongtu/ontology#undertakes')
>>> GBT["C25"]
rdflib.term.URIRef('https://w3id.org/hongtu/id/gbt4754-2017/C25')
"""

import json
from importlib.resources import files
from typing import Any

from rdflib import URIRef
from rdflib.namespace import (
    DCTERMS,
    GEO,
    ORG,
    OWL,
    PROV,
    QB,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    XSD,
    DefinedNamespace,
    Namespace,
)


class HT(DefinedNamespace):
    """The Hongtu ontology; ``hongtu.ttl`` has the full definitions, in Chinese and English."""

    _fail = True

    # Classes: the document
    Measure: URIRef  # The task of one paragraph of a plan, named by the phrase that leads the paragraph.
    Plan: URIRef  # The text of one regional development plan or government work report.
    Section: URIRef  # A part of a plan that a heading opens.

    # Classes: what a plan speaks of
    Enterprise: URIRef  # A named company, group, bank or hotel, or a body that acts as a market player.
    Industry: URIRef  # A named sector, cluster or line of business that the plan develops or describes.
    Location: URIRef  # A named place: administrative area, zone, park, scenic site, river, road, region.
    Organization: URIRef  # A named body: government, university, hospital, association; or an Enterprise.
    Project: URIRef  # One identifiable undertaking with a concrete deliverable.
    Strategy: URIRef  # A strategy that the plan declares, or a higher-level named one that it serves.
    Target: URIRef  # One figure of a plan: a goal for a year, or a baseline reached in the past.

    # Classes: evidence
    Claim: URIRef  # One asserted edge with the passages it is derived from.
    Passage: URIRef  # The characters of a plan's text from start to end.

    # Edges
    hasTarget: URIRef  # Strategy, Measure, Industry, Project or Plan → Target: a figure about it.
    implements: URIRef  # Project or Measure → Strategy: serves the strategy of its chapter.
    inIndustry: URIRef  # Project → Industry: belongs to the sector, as the text says.
    locatedIn: URIRef  # Project, Organization or Industry → Location: stands or happens there.
    operatesIn: URIRef  # Organization → Industry: is active in the sector, leads it or is to drive it.
    partnersWith: URIRef  # Organization or Location ↔ Organization or Location: cooperates; symmetric.
    promotes: URIRef  # Strategy or Measure → Industry: sets out to develop it.
    undertakes: URIRef  # Organization → Project: builds, runs, invests in, leads, or is its vehicle.
    within: URIRef  # Location → Location: the smaller place lies in the larger one; transitive.

    # Edges read backwards: only ever inferred, never written
    contains: URIRef  # Location → Location: the inverse of within.
    hasOperator: URIRef  # Industry → Organization: the inverse of operatesIn.
    implementedBy: URIRef  # Strategy → Project or Measure: the inverse of implements.
    industryOf: URIRef  # Industry → Project: the inverse of inIndustry.
    locationOf: URIRef  # Location → Project, Organization or Industry: the inverse of locatedIn.
    promotedBy: URIRef  # Industry → Strategy or Measure: the inverse of promotes.
    targetOf: URIRef  # Target → Strategy, Measure, Industry, Project or Plan: the inverse of hasTarget.
    undertakenBy: URIRef  # Project → Organization: the inverse of undertakes.

    # Evidence and standing
    confidence: URIRef  # How sure the reading is, 0–1: 1 is the plain reading, 0.6 a borderline one.
    mentionedIn: URIRef  # Entity, Measure or Target → Passage that mentions it.
    section: URIRef  # Passage → the innermost Section in which it stands.
    status: URIRef  # achieved, ongoing, planned, supported or explored.

    # The plan and its parts
    end: URIRef  # Offset after the last character, in Unicode code points of the plan's text.
    firstYear: URIRef  # The first year of the period that the plan covers.
    lastYear: URIRef  # The last year of the period that the plan covers.
    level: URIRef  # Depth of a section: 1 is a chapter.
    line: URIRef  # Line of the plan's text on which it starts, from 1.
    quote: URIRef  # The characters of a passage themselves.
    sha256: URIRef  # SHA-256 of the UTF-8 bytes of the plan's text, in which all offsets count.
    start: URIRef  # Offset of the first character, in Unicode code points of the plan's text, from 0.

    # Locations and figures
    adminCode: URIRef  # Code of an administrative area (GB/T 2260), a string.
    comparator: URIRef  # =, >=, <= or ~.
    division: URIRef  # Location → the concept of its code in the scheme of GB/T 2260.
    indicatorLabel: URIRef  # What the figure measures, in the words of the plan.
    role: URIRef  # target or baseline.
    unit: URIRef  # Unit of the value as the plan writes it.
    value: URIRef  # The number, in the unit; absent for ratios.
    verbatim: URIRef  # The figure exactly as the plan prints it.
    year: URIRef  # The year that the figure is for.

    _NS = Namespace("https://w3id.org/hongtu/ontology#")


ID = Namespace("https://w3id.org/hongtu/id/")
"""Plans and all that they speak of."""

GBT = Namespace("https://w3id.org/hongtu/id/gbt4754-2017/")
"""Sections (``C``), divisions (``C25``) and groups (``C251``) of GB/T 4754-2017, the classification of industries."""

GBT2260 = Namespace("https://w3id.org/hongtu/id/gbt2260/")
"""Administrative divisions by their code in GB/T 2260 (``141024``), provinces to counties."""

SEI = Namespace("https://w3id.org/hongtu/id/sei2018/")
"""Areas (``1``) and second-level classes (``1.1``) of the strategic emerging industries (2018)."""

STATUS = Namespace("https://w3id.org/hongtu/id/status/")
"""What ``ht:status`` says, as concepts; the string is their notation."""

UNIT = Namespace("https://w3id.org/hongtu/id/unit/")
"""Units of figures; the strings of ``ht:unit`` are their notations."""

QUDT = Namespace("http://qudt.org/schema/qudt/")
"""QUDT, quantities and units."""

CONTEXT = "https://w3id.org/hongtu/context.jsonld"
"""Where the JSON-LD context is published that :func:`read_context` returns."""

OA = Namespace("http://www.w3.org/ns/oa#")
"""Web Annotation vocabulary, which rdflib lacks."""

STRATML = "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport"
"""XML namespace of StratML Part 2, the strategy markup language with indicators."""

MEDIA_TYPE = Namespace("https://www.iana.org/assignments/media-types/")
"""Media types of IANA, as DCAT names them."""

HONGTU = "https://w3id.org/hongtu/"
"""Hongtu itself, the program."""

MIT = "https://spdx.org/licenses/MIT"
"""The licence of the program and of its vocabulary."""

RO_CRATE = "https://w3id.org/ro/crate/1.2"
"""The version of RO-Crate that packages conform to; its JSON-LD context is at ``/context`` below."""

PREFIXES: dict[str, str] = {
    "ht": str(HT),
    "gbt": str(GBT),
    "gbt2260": str(GBT2260),
    "sei": str(SEI),
    "htstatus": str(STATUS),
    "htunit": str(UNIT),
    "dcterms": str(DCTERMS),
    "geo": str(GEO),
    "oa": str(OA),
    "org": str(ORG),
    "owl": str(OWL),
    "prov": str(PROV),
    "qb": str(QB),
    "qudt": str(QUDT),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "schema": str(SDO),
    "sh": str(SH),
    "skos": str(SKOS),
    "xsd": str(XSD),
}
"""Prefix → namespace, for all SPARQL and all serialisations."""

INFERRED = URIRef("https://w3id.org/hongtu/graph/inferred")
"""The named graph of what was inferred, never mixed with what plans say."""

SCHEMES: dict[URIRef, str] = {
    URIRef(str(namespace).rstrip("/")): name
    for namespace, name in (
        (GBT, "industries"),
        (SEI, "strategic_industries"),
        (STATUS, "statuses"),
        (UNIT, "units"),
    )
}
"""Concept schemes → the packaged Turtle files that have them; every store holds each in a graph of its name."""

ENTITY_CLASSES: tuple[URIRef, ...] = (
    HT.Strategy,
    HT.Project,
    HT.Enterprise,
    HT.Organization,
    HT.Industry,
    HT.Location,
)
"""Classes of the entities of a plan, in the order in which they are shown."""

EDGE_PROPERTIES: tuple[URIRef, ...] = (
    HT.undertakes,
    HT.operatesIn,
    HT.inIndustry,
    HT.locatedIn,
    HT.within,
    HT.partnersWith,
    HT.implements,
    HT.promotes,
    HT.hasTarget,
)
"""Properties that stand as plain triples and again as claims."""


def read_turtle(name: str) -> str:
    """Return the text of a packaged Turtle file.

    :param name: ``"hongtu"`` (the ontology), ``"shapes"`` and ``"skos"`` (SHACL), a scheme of :data:`SCHEMES`, or
        ``"divisions"`` (the head of GB/T 2260).
    :raises FileNotFoundError: when no such file is packaged; the message lists those that are.

    >>> read_turtle("industries").startswith("# GB/T 4754-2017")
    True
    """
    folder = files("hongtu.ontology")
    file = folder / f"{name}.ttl"
    if not file.is_file():
        packaged = sorted(
            entry.name.removesuffix(".ttl") for entry in folder.iterdir() if entry.name.endswith(".ttl")
        )
        raise FileNotFoundError(
            f"no Turtle file {name!r} in hongtu.ontology; use one of: {', '.join(packaged)}"
        )
    return file.read_text(encoding="utf-8")


def read_context() -> dict[str, Any]:
    """Return the terms of the packaged JSON-LD context, ``context.jsonld``; it is published below w3id.org/hongtu.

    >>> read_context()["undertakes"]["@id"]
    'ht:undertakes'
    """
    text = (files("hongtu.ontology") / "context.jsonld").read_text(encoding="utf-8")
    terms: dict[str, Any] = json.loads(text)["@context"]
    return terms
