"""Plans: the document itself, its sections, and the measures that its paragraphs name."""

import re
from dataclasses import dataclass
from typing import ClassVar

from hongtu.loaders.columns import ALIASES, CONFIDENCE, EVIDENCE, MERGES, NAME
from hongtu.loaders.language import say
from hongtu.loaders.records import Entity, Span
from hongtu.loaders.tables import Column, Table
from hongtu.loaders.values import parse_spans, parse_text, parse_whole_number, parse_year


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan. ``id`` is its name in IRIs; ``sha256`` the digest of its text file, to which all offsets refer.

    ``home`` names the location that the plan is for; ``source`` says in words where the text comes from.
    """

    id: str
    title: str
    sha256: str
    first_year: int
    last_year: int
    home: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section: its heading, its level (1 = chapter), and its characters from the heading to the next section.

    ``strategy`` names the strategy that a chapter sets out; empty for others.
    """

    title: str
    level: int
    strategy: str
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Entity):
    """A task of one paragraph, named by the phrase that leads the paragraph."""

    kind: ClassVar[str] = "Measure"


def parse_sha256(cell: str) -> str:
    """Return a SHA-256 digest as 64 lower-case hexadecimal digits."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", cell):
        raise ValueError(
            say(
                "写规划原文的 SHA-256：64 位十六进制；手头有原文（给出，或放在表格旁，叫 plan.txt）就空着",
                "the SHA-256 of the plan's text: 64 hex digits; nothing where the text is at hand (given, or as plan.txt "
                "beside the tables)",
            )
        )
    return cell.lower()


def _parse_section_span(cell: str) -> tuple[Span, ...]:
    spans = parse_spans(cell)
    if len(spans) > 1:
        raise ValueError(
            say("章节只有一处：从标题到下一章节", "a section has one span, from its heading to the next")
        )
    return spans


def _section(title: str, level: int, strategy: str, evidence: tuple[Span, ...]) -> Section:
    return Section(title=title, level=level, strategy=strategy, **evidence[0]._asdict())


DIGEST = Column("sha256", "SHA-256", parse_sha256)
PLANS = Table(
    "plan",
    "规划",
    (
        Column("id", "编号", parse_text),
        Column("title", "标题", parse_text),
        DIGEST,
        Column("first_year", "起始年", parse_year),
        Column("last_year", "截止年", parse_year),
        Column("home", "所在地", parse_text),
        Column("source", "来源", str, required=False),
    ),
    Plan,
    key=lambda plan: plan.id,
)

SECTIONS = Table(
    "sections",
    "章节",
    (
        Column("title", "标题", parse_text),
        Column("level", "层级", parse_whole_number),
        Column("strategy", "战略", str, required=False),
        Column("evidence", "依据", _parse_section_span),
    ),
    _section,
    key=lambda section: section.start,
)

MEASURES = Table(
    "measures",
    "任务",
    (NAME, ALIASES, CONFIDENCE, EVIDENCE, MERGES),
    Measure,
    key=lambda measure: measure.name,
    also=("举措",),
)
