"""The terms of the Hongtu ontology as Python names, the prefixes, and the packaged Turtle files.

``HT`` is closed: a misspelt term raises instead of naming nothing. No other module spells out an IRI.

>>> HT.undertakes
rdflib.term.URIRef('https://w3id.org/hongtu/ontology#undertakes')
>>> GBT["C25"]
rdflib.term.URIRef('https://w3id.org/hongtu/id/gbt4754-2017/C25')
"""

from importlib.resources import files

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
    within: URIRef  # Location → Location: the smaller place lies in the larger one.

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
"""Sections (``C``) and divisions (``C25``) of GB/T 4754-2017, the classification of economic activities."""

OA = Namespace("http://www.w3.org/ns/oa#")
"""Web Annotation vocabulary, which rdflib lacks."""

PREFIXES: dict[str, str] = {
    "ht": str(HT),
    "gbt": str(GBT),
    "dcterms": str(DCTERMS),
    "geo": str(GEO),
    "oa": str(OA),
    "org": str(ORG),
    "owl": str(OWL),
    "prov": str(PROV),
    "qb": str(QB),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "schema": str(SDO),
    "sh": str(SH),
    "skos": str(SKOS),
    "xsd": str(XSD),
}
"""Prefix → namespace, for all SPARQL and all serialisations."""

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

    :param name: ``"hongtu"`` (the ontology), ``"industries"`` (GB/T 4754-2017) or ``"shapes"`` (SHACL).
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
