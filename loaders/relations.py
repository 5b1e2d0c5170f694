"""Relations: the edges between things, each with the passages that state it."""

from dataclasses import dataclass
from decimal import Decimal

from hongtu.loaders.columns import CONFIDENCE, EVIDENCE, status
from hongtu.loaders.records import Reference, Span
from hongtu.loaders.tables import Column, Table
from hongtu.loaders.values import one_of, parse_text

ORGANIZATIONS = ("Enterprise", "Organization")

PREDICATES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "undertakes": (ORGANIZATIONS, ("Project",)),
    "operatesIn": (ORGANIZATIONS, ("Industry",)),
    "inIndustry": (("Project",), ("Industry",)),
    "locatedIn": (("Project", *ORGANIZATIONS, "Industry"), ("Location",)),
    "within": (("Location",), ("Location",)),
    "partnersWith": ((*ORGANIZATIONS, "Location"), (*ORGANIZATIONS, "Location")),
    "implements": (("Project", "Measure"), ("Strategy",)),
    "promotes": (("Strategy", "Measure"), ("Industry",)),
}
"""The predicates of the ontology, with the kinds of things that may be their subjects and objects."""

KINDS = ("Measure", "Strategy", "Project", "Enterprise", "Organization", "Industry", "Location")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """An edge as a row states it. A ``subject_type`` or ``object_type`` may be empty where the name is plain."""

    subject: str
    subject_type: str
    predicate: str
    object: str
    object_type: str
    status: str
    confidence: Decimal
    evidence: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A relation whose two ends are known things of the plan; ``status`` is empty where the text leaves it open."""

    subject: Reference
    predicate: str
    object: Reference
    status: str
    confidence: Decimal
    evidence: tuple[Span, ...]


RELATIONS = Table(
    "relations",
    "关系",
    (
        Column("subject", "主体", parse_text),
        Column("subject_type", "主体类型", one_of(KINDS, default=""), required=False),
        Column("predicate", "关系", one_of(PREDICATES)),
        Column("object", "客体", parse_text),
        Column("object_type", "客体类型", one_of(KINDS, default=""), required=False),
        status(default=""),
        CONFIDENCE,
        EVIDENCE,
    ),
    Relation,
    key=lambda relation: (
        relation.subject_type,
        relation.subject,
        relation.predicate,
        relation.object_type,
        relation.object,
    ),
)
