"""Locations: administrative areas, zones, parks, sites, rivers, roads, and regions that a plan delimits."""

import re
from dataclasses import dataclass
from typing import ClassVar

from hongtu.loaders.columns import ALIASES, CONFIDENCE, EVIDENCE, MERGES, NAME
from hongtu.loaders.language import say
from hongtu.loaders.records import Entity
from hongtu.loaders.tables import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Location(Entity):
    """A named place. ``admin_code`` is the code of an administrative area, empty for other places.

    Codes have 6 digits down to counties (GB/T 2260), 9 for towns and 12 for villages (GB/T 10114).
    """

    kind: ClassVar[str] = "Location"
    admin_code: str = ""


def parse_admin_code(cell: str) -> str:
    """Return an administrative code of 6, 9 or 12 digits; it may be empty."""
    if cell and not re.fullmatch(r"[1-9]\d{5}(\d{3}|\d{6})?", cell, re.ASCII):
        raise ValueError(
            say("写 6、9 或 12 位行政区划代码", "write an administrative code of 6, 9 or 12 digits")
        )
    return cell


LOCATIONS = Table(
    "locations",
    "地点",
    (
        NAME,
        ALIASES,
        Column("admin_code", "行政区划代码", parse_admin_code, required=False),
        CONFIDENCE,
        EVIDENCE,
        MERGES,
    ),
    Location,
    key=lambda location: location.name,
)
