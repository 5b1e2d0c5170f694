"""Targets: the figures of a plan, goals and baselines alike."""

from dataclasses import dataclass
from decimal import Decimal

from hongtu.loaders.columns import CONFIDENCE, EVIDENCE
from hongtu.loaders.records import Reference, Span
from hongtu.loaders.relations import ORGANIZATIONS
from hongtu.loaders.tables import Column, Table
from hongtu.loaders.values import one_of, parse_figure, parse_text, parse_year

COMPARATORS = ("=", ">=", "<=", "~")
ROLES = ("target", "baseline")
SUBJECTS = ("Plan", "Strategy", "Measure", "Industry", "Project", "Location", *ORGANIZATIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A figure: what is counted, how much, in which unit, for which year.

    ``value`` is ``None`` where ``verbatim``, the figure as printed, is no single number (三次产业结构 6.9:44.6:48.5).
    The plan itself is meant where ``subject`` and ``subject_type`` are empty, or where the type is ``Plan``.
    """

    indicator: str
    value: Decimal | None
    unit: str
    verbatim: str
    year: int
    comparator: str
    role: str
    subject: str
    subject_type: str
    confidence: Decimal
    evidence: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A target together with the thing of the plan that has it."""

    subject: Reference
    target: Target


TARGETS = Table(
    "targets",
    "指标",
    (
        Column("indicator", "指标", parse_text),
        Column("value", "数值", parse_figure),
        Column("unit", "单位", str),
        Column("verbatim", "原文数字", parse_text),
        Column("year", "年份", parse_year),
        Column("comparator", "比较", one_of(COMPARATORS, default="="), required=False),
        Column("role", "性质", one_of(ROLES)),
        Column("subject", "主体", str, required=False),
        Column("subject_type", "主体类型", one_of(SUBJECTS, default=""), required=False),
        CONFIDENCE,
        EVIDENCE,
    ),
    Target,
    key=lambda target: (target.indicator, target.verbatim, target.year, target.role, target.evidence),
)
