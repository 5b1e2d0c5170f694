"""The text of a plan: the characters that all evidence points into.

Offsets are Unicode code points of the decoded file, 0-based, end exclusive, and hold for the file with the recorded
SHA-256 only; that is why a text is never used before its digest was compared.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from hongtu.loaders.errors import InputError
from hongtu.loaders.language import say
from hongtu.loaders.records import Span

# A sentence ends behind its full stop, or at the end of a line; Chinese plans often use ； between whole clauses.
_SENTENCE = re.compile(r"[^。！？；;!?\n]*(?:[。！？；;!?]|\n|$)")


class Quotation(NamedTuple):
    """The exact characters of a span, and the rest of the sentence before and behind them."""

    before: str
    exact: str
    after: str


@dataclass(frozen=True)
class PlanText:
    """A plan's text with its SHA-256 (in UTF-8)."""

    text: str
    sha256: str

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [match.start() for match in _SENTENCE.finditer(self.text) if match.group()]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def span(self, start: int, end: int) -> Span:
        """Return the span of these characters with the line in which it begins."""
        return Span(bisect_right(self._line_starts, start), start, end)

    def sentence(self, start: int, end: int) -> Span:
        """Return the sentence, or run of sentences, that holds these characters, without blanks around it.

        >>> text = PlanText("煤炭产业。建设甲矿;建设乙矿。", "")
        >>> text.text[slice(*text.sentence(7, 9)[1:])]
        '建设甲矿;'
        """
        return self.span(*self._around(start, end))

    def _around(self, start: int, end: int) -> tuple[int, int]:
        starts = self._sentence_starts
        first = starts[bisect_right(starts, start) - 1]
        following = bisect_right(starts, max(start, end - 1))
        last = starts[following] if following < len(starts) else len(self.text)
        while first < start and self.text[first].isspace():
            first += 1
        while last > end and self.text[last - 1].isspace():
            last -= 1
        return first, last

    def quote(self, span: Span) -> Quotation:
        """Return the characters of a span with the rest of their sentence.

        :raises InputError: when the span lies outside of the text.
        """
        if span.end > len(self.text):
            raise InputError(
                say(
                    f"依据 {span.line}:{span.start}-{span.end} 超出了全文（共 {len(self.text)} 字）",
                    f"evidence {span.line}:{span.start}-{span.end} lies outside of the text "
                    f"({len(self.text)} characters)",
                )
            )
        first, last = self._around(span.start, span.end)
        return Quotation(
            self.text[first : span.start],
            self.text[span.start : span.end],
            self.text[span.end : last],
        )
