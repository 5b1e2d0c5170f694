"""Strategies: those that a plan declares (usually a chapter, 实施…战略) and those above it that it serves."""

from dataclasses import dataclass
from typing import ClassVar

from hongtu.loaders.columns import ALIASES, CONFIDENCE, EVIDENCE, MERGES, NAME
from hongtu.loaders.records import Entity
from hongtu.loaders.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy(Entity):
    """A named strategy; no slogan, principle or goal."""

    kind: ClassVar[str] = "Strategy"


STRATEGIES = Table(
    "strategies",
    "战略",
    (NAME, ALIASES, CONFIDENCE, EVIDENCE, MERGES),
    Strategy,
    key=lambda strategy: strategy.name,
)
