"""The years that a plan is about, and which of them each of its sentences speaks of."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from hongtu.loaders.extraction.figure_words import rules
from hongtu.loaders.extraction.outline import Outline

_DIGITS = "○零一二三四五六七八九"
_VALUES = dict(zip(_DIGITS, "00123456789", strict=True))
YEAR = rf"(?<!\d)(?:19|20)\d\d(?!\d)|二[{_DIGITS}]{{3}}(?=年)"
_YEARS = re.compile(YEAR)
_RANGE = re.compile(rf"({YEAR})年?(?:-|—+|～|~|至|到)({YEAR})年")
_FIVE_YEARS = re.compile(r"第?(十[一二三四五六七八九]|二十)个?五(?:年)?")
_PLAN = re.compile(r"规划|纲要|五年|三年|行动计划")
_GUIDE = re.compile(r"招商|投资|指南|手册|项目册|概况|简介")
_DATE = re.compile(rf"({YEAR})年(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月")
_REPORT = re.compile(
    r"(?!.{0,80}(?:任务|方案|要点|清单|分工|分解|责任|意见))[^\n]{0,80}报告|[^#]{0,1500}各位代表", re.DOTALL
)
_REVIEW = re.compile(rf"({YEAR})年[^。\n]{{0,16}}回顾")
_LATE_MONTH = re.compile(r"年(?:1[12]|十[一二])月")
_SENTENCES_OF_OPENING = 2


@dataclass(frozen=True, slots=True)
class Horizon:
    """The years of a plan, both included.

    ``kind`` is ``"plan"`` for one of several years, ``"year"`` for a yearly report or list of tasks, ``"guide"`` for
    a guide for investors, which describes what is there. The year before ``first_year`` is the last one that was
    reached.
    """

    first_year: int
    last_year: int
    kind: str


@dataclass(frozen=True, slots=True)
class Period:
    """What a sentence speaks of: a year, and whether its figures are goals (``target``) or reached (``baseline``)."""

    year: int
    role: str


def find_horizon(title: str, text: str) -> Horizon:
    """Return the years that a plan is about, from its title (or file name), else from its text.

    A report that is dated in November or December is about the next year. A text without any year at all is taken
    for a plan of 2021 to 2025.

    >>> find_horizon("云岭县国民经济和社会发展第十四个五年规划纲要", "")
    Horizon(first_year=2021, last_year=2025, kind='plan')
    >>> find_horizon("云岭县政府工作报告", "（二○二二年一月十日）各位代表")
    Horizon(first_year=2022, last_year=2022, kind='year')
    """
    kind = "plan" if _PLAN.search(title) else "guide" if _GUIDE.search(title) else "year"
    for source in (title, text[:600]):
        if found := _RANGE.search(source):
            return Horizon(number_of_year(found[1]), number_of_year(found[2]), "plan")
        if kind == "plan" and (found := _FIVE_YEARS.search(source)):
            last = last_of_five(found[1])
            return Horizon(last - 4, last, kind)
        if kind != "plan" and (found := _DATE.search(source)):
            late = kind == "year" and bool(_LATE_MONTH.match(source, found.end(1)))
            year = number_of_year(found[1]) + late
            return Horizon(year, year, kind)
        if kind == "year" and (found := _REVIEW.search(source)):
            year = number_of_year(found[1]) + 1
            return Horizon(year, year, kind)
        if found := _YEARS.search(source):
            year = number_of_year(found[0])
            return Horizon(year, year, kind)
    years = Counter(number_of_year(year) for year in _YEARS.findall(text))
    if not years:
        return Horizon(2021, 2025, "plan")
    year = max(years, key=lambda year: (years[year], year))
    return Horizon(year, year, kind)


def last_of_five(ordinal: str) -> int:
    """Return the last year of a five-year plan, from the tenth (2001 to 2005) on.

    >>> last_of_five("十四")
    2025
    """
    number = 20 if ordinal == "二十" else 10 + int(_VALUES[ordinal[1]])
    return 1955 + 5 * number


def number_of_year(year: str) -> int:
    """Return the number of a year in digits or Chinese numerals (二○二二)."""
    return int("".join(_VALUES.get(digit, digit) for digit in year))


def read_periods(text: str, outline: Outline, horizon: Horizon) -> list[Period]:
    """Return what each sentence of a normalised text speaks of, as the heading or the opening before it tells.

    What a sentence itself says (到2025年…) comes on top: see :mod:`hongtu.loaders.extraction.figures`.
    """
    past = Period(horizon.first_year - 1, "baseline")
    ahead = Period(horizon.last_year, "target")
    if horizon.kind == "plan":
        by_heading = [past if heading.past else ahead for heading in outline.headings]
        return [by_heading[s.heading] if s.heading >= 0 else ahead for s in outline.sentences]
    if horizon.kind == "guide":
        return _periods_of_guide(text, outline, past, ahead)
    periods: list[Period] = []
    # A report begins with what was reached.
    current = past if _REPORT.match(text) else ahead
    heading, paragraph, place = -1, -1, 0
    for sentence in outline.sentences:
        if sentence.heading != heading:
            heading = sentence.heading
            current = _told_by_heading(outline.headings[heading].title, horizon) or current
        place = place + 1 if sentence.paragraph == paragraph else 0
        paragraph = sentence.paragraph
        if place < _SENTENCES_OF_OPENING:
            current = _told_by_opening(text[sentence.start : sentence.start + 60], horizon) or current
        periods.append(current)
    return periods


def _periods_of_guide(text: str, outline: Outline, past: Period, ahead: Period) -> list[Period]:
    """A guide describes what is there; its projects are goals. Headings and labels (建设内容：…) tell them apart."""
    periods: list[Period] = []
    current, paragraph = past, -1
    for sentence in outline.sentences:
        if sentence.paragraph != paragraph:
            paragraph = sentence.paragraph
            label = re.match(r"[^：。，；\n]{1,24}(?=[：\n])", text[sentence.start : sentence.start + 26])
            if label is None or _cues()["cover"].search(label.group()):
                pass
            elif _cues()["ahead"].search(label.group()):
                current = ahead
            elif _cues()["there"].search(label.group()):
                current = past
        periods.append(current)
    return periods


def _told_by_heading(title: str, horizon: Horizon) -> Period | None:
    """Return the period of a report's heading, if it tells one: 一、2021年工作回顾."""
    cues, this = _cues(), horizon.first_year
    if _DATE.search(title) or "报告" in title:
        return None
    years = [number_of_year(year) for year in _YEARS.findall(title)]
    if cues["review"].search(title):
        return Period(max((year for year in years if year < this), default=this - 1), "baseline")
    ends = [last_of_five(ordinal) for ordinal in _FIVE_YEARS.findall(title)]
    ahead = [end for end in ends if end > this]
    if this in years or cues["this year"].search(title):
        return Period(this, "target")
    if ahead or cues["five years"].search(title):
        return Period(min(ahead, default=this + 4), "target")
    if years and max(years) < this:
        return Period(max(years), "baseline")
    if cues["sets out"].match(title):
        return Period(this, "target")
    return None


def _told_by_opening(opening: str, horizon: Horizon) -> Period | None:
    """Return the period that the first words of a report's paragraph tell, if they do: 今后五年，…."""
    cues, this = _cues(), horizon.first_year
    if cues["review opens"].match(opening):
        return Period(this - 1, "baseline")
    if cues["this year opens"].match(opening):
        return Period(this, "target")
    if cues["five years opens"].match(opening):
        return Period(this + 4, "target")
    if found := re.match(rf"[“（]*({YEAR})年[，是，的我全经要主重]", opening):
        year = number_of_year(found[1])
        return Period(year, "baseline" if year < this else "target") if year <= this else None
    if found := re.match(r"[“—]*" + _FIVE_YEARS.pattern + "”?(?:时期|期间)", opening):
        end = last_of_five(found[1])
        return Period(end, "target") if end > this else Period(this - 1, "baseline")
    return None


@cache
def _cues() -> dict[str, re.Pattern[str]]:
    return {name: re.compile("|".join(rule["words"].split())) for name, rule in rules()["periods"].items()}
