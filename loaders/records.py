"""What a plan says, as records: the one model that tables, text and triples share.

A record is what one row of a table states about one thing, with the places of the plan that say so.
Each of the five kinds of things has a module of its own that defines its record and its table:
:mod:`~hongtu.loaders.strategies`, :mod:`~hongtu.loaders.projects`, :mod:`~hongtu.loaders.enterprises`,
:mod:`~hongtu.loaders.industries`, :mod:`~hongtu.loaders.locations`.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, NamedTuple

STATUSES = ("achieved", "ongoing", "planned", "supported", "explored")
"""Words for how far a project or a statement has come (``ht:status``)."""


class Span(NamedTuple):
    """Characters of a plan's text.

    ``line`` is the 1-based line in which the span begins; ``start`` and ``end`` are Unicode code points of the
    whole text, 0-based, ``end`` exclusive, so that ``text[start:end]`` is the quote.
    """

    line: int
    start: int
    end: int


class Reference(NamedTuple):
    """A thing of the plan by its kind (``"Project"``) and its name."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A named thing of a plan.

    ``aliases`` are the other surface forms in the text. ``confidence`` is between 0 and 1: 1 for a plain reading,
    less where one careful analyst would list the thing and another would not. ``evidence`` holds the places
    where a surface form stands, in the text's order. ``merges`` tells for names that a program gathered under this
    thing to which name each was added, and why, so that a person can split them off again.
    """

    kind: ClassVar[str]

    name: str
    aliases: tuple[str, ...] = ()
    confidence: Decimal = Decimal(1)
    evidence: tuple[Span, ...]
    merges: tuple[str, ...] = ()

    @property
    def reference(self) -> Reference:
        """The entity's kind and name, by which relations and targets refer to it."""
        return Reference(self.kind, self.name)
