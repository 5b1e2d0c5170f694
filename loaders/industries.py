"""Industries: the sectors, clusters and lines of business that a plan develops or describes."""

import re
from dataclasses import dataclass
from typing import ClassVar

from hongtu.loaders.columns import ALIASES, CONFIDENCE, EVIDENCE, MERGES, NAME
from hongtu.loaders.language import say
from hongtu.loaders.records import Entity
from hongtu.loaders.tables import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry(Entity):
    """A named sector. ``gbt`` is its section (``C``) or division (``C25``) of GB/T 4754-2017, empty when none fits."""

    kind: ClassVar[str] = "Industry"
    gbt: str = ""


def parse_gbt(cell: str) -> str:
    """Return a code of GB/T 4754-2017: a section ``A`` to ``T``, or a section and a division of two digits."""
    if cell and not re.fullmatch(r"[A-T](0[1-9]|[1-8]\d|9[0-7])?", cell):
        raise ValueError(
            say("写门类 A–T 或加两位大类，如 C25", "write a section A–T, or with a division, such as C25")
        )
    return cell


INDUSTRIES = Table(
    "industries",
    "产业",
    (
        NAME,
        ALIASES,
        Column("gbt", "国民经济行业分类", parse_gbt, required=False),
        CONFIDENCE,
        EVIDENCE,
        MERGES,
    ),
    Industry,
    key=lambda industry: industry.name,
)
