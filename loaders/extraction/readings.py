"""The record of a figure as it is read from a text, before it is tied to a thing of the plan."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure: ``indicator`` is what is counted, ``verbatim`` the figure as printed.

    ``start`` and ``end`` are characters of the normalised view, from the indicator (if it stands in the same
    sentence) to the end of the figure. ``value`` is ``None`` for a ratio (6.7:59.2:34.1); ``comparator`` and ``role``
    are words of :mod:`hongtu.loaders.targets`; ``confidence`` is between 0 and 1.
    """

    indicator: str
    start: int
    end: int
    verbatim: str
    value: Decimal | None
    unit: str
    year: int
    comparator: str
    role: str
    confidence: float
