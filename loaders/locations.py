"""Locations: administrative areas, zones, parks, sites, rivers, roads, and regions that a plan delimits."""

import re
from dataclasses import dataclass
from typing import ClassVar

from hongtu.loaders.columns import ALIASES, CONFIDENCE, EVIDENCE, MERGES, NAME
from hongtu.loaders.divisions import names_by_code
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


def doubt_about_code(location: Location) -> str:
    """Return what is doubtful in a location's code and what to do: no division has its six digits. Empty when nothing is.

    Longer codes, of towns and villages, are not looked up.
    """
    code, names = location.admin_code, names_by_code()
    if len(code) != 6 or code in names:
        return ""
    namesakes = [known for known, name in names.items() if name == location.name]
    is_meant = say("；{} 的代码是 ", "; the code of {} is ").format(location.name) + "、".join(namesakes)
    return say(
        "GB/T 2260 里没有这个代码，这个地点连不到所属的市和省；写错了就改，撤并前的旧代码或虚构的地方可以不管",
        "GB/T 2260 has no such code, and the place leads to no prefecture and province; mend it, or leave it when it is "
        "a code of former times or the place is invented",
    ) + (is_meant if namesakes else "")


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
