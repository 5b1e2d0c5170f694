"""Passages: the characters of a plan that say something, as people cite them."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from hongtu.loaders.language import say


@dataclass(frozen=True, slots=True)
class Passage:
    """A place of a plan that says something.

    ``start`` and ``end`` are code points of the plan's text (0-based, end exclusive), ``line`` is 1-based. ``quote``
    holds exactly these characters, ``before`` and ``after`` the rest of their sentence; all three are ``None``
    until the plan's text was given to the graph.
    """

    plan: str
    section: str
    line: int
    start: int
    end: int
    quote: str | None
    before: str | None
    after: str | None

    @property
    def sentence(self) -> str | None:
        """The whole sentence, ``None`` without the plan's text."""
        return None if self.quote is None else f"{self.before or ''}{self.quote}{self.after or ''}"

    @property
    def place(self) -> str:
        """Plan, section, line and characters, in the user's language."""
        return f"{self.plan} · {self.place_in_plan}"

    @property
    def place_in_plan(self) -> str:
        """Section, line and characters, in the user's language."""
        return say(
            f"{self.section or '文首'} · 第 {self.line} 行，第 {self.start}–{self.end} 字",
            f"{self.section or 'head'} · line {self.line}, characters {self.start}–{self.end}",
        )

    def _repr_html_(self) -> str:
        return self.cited_as(self.place)

    def cited_as(self, place: str) -> str:
        """Return the sentence with the quote marked, as HTML, over the place as it is to be cited."""
        sentence = escape(self.quote or "")
        # A passage that is the whole sentence needs no mark.
        if self.before or self.after:
            sentence = f"{escape(self.before or '')}<mark>{sentence}</mark>{escape(self.after or '')}"
        sentence += "<br>" if sentence else ""
        return f'{sentence}<small style="opacity:.75">{escape(place)}</small>'

    def __str__(self) -> str:
        return self.place if self.quote is None else f"{self.sentence}\n    —— {self.place}"


class Passages(list[Passage]):
    """Passages in the order of the text; a notebook shows their sentences, and the title of a plan once."""

    def _repr_html_(self) -> str:
        if not self:
            return escape(say("没有说到这一点的原文", "no passage says so"))
        parts = []
        for plan, passages in groupby(self, lambda passage: passage.plan):
            items = "".join(f"<li>{passage.cited_as(passage.place_in_plan)}</li>" for passage in passages)
            parts.append(
                f'<div style="max-width:60em;line-height:1.6"><small style="opacity:.75">{escape(plan)}</small>'
                f'<ol style="margin-top:.2em">{items}</ol></div>'
            )
        return "".join(parts)


def to_passage(row: Mapping[Any, Any]) -> Passage:
    """Return the passage of a row of the queries ``show_evidence`` and ``show_mentions``."""
    return Passage(
        plan=str(row["plan"]),
        section=str(row["section"] or ""),
        **{name: row[name] for name in ("line", "start", "end", "quote", "before", "after")},
    )
