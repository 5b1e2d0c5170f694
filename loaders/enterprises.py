"""Enterprises and organizations: who acts. Market players are enterprises, other named bodies organizations."""

from dataclasses import dataclass
from typing import ClassVar

from hongtu.loaders.columns import ALIASES, CONFIDENCE, EVIDENCE, MERGES, NAME
from hongtu.loaders.records import Entity
from hongtu.loaders.tables import Column, Table
from hongtu.loaders.values import one_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(Entity):
    """A named body that is no enterprise: government, university, institute, school, hospital, association."""

    kind: ClassVar[str] = "Organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise(Entity):
    """A named company, group, bank or hotel, or a body that acts as a market player."""

    kind: ClassVar[str] = "Enterprise"


_CLASSES: dict[str, type[Enterprise] | type[Organization]] = {
    "Enterprise": Enterprise,
    "Organization": Organization,
}


def _organization(type: str, **values: object) -> Enterprise | Organization:
    return _CLASSES[type](**values)  # type: ignore[arg-type]


ENTERPRISES = Table(
    "enterprises",
    "企业与机构",
    (
        NAME,
        Column("type", "类型", one_of(_CLASSES, default="Enterprise"), required=False),
        ALIASES,
        CONFIDENCE,
        EVIDENCE,
        MERGES,
    ),
    _organization,
    key=lambda organization: organization.reference,
    also=("企业",),
)
