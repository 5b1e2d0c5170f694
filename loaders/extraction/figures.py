"""Figures of a plan: its goals, and what was reached.

A quantity (:mod:`~hongtu.loaders.extraction.quantities`) becomes a reading when the words around it say what it counts
(:mod:`~hongtu.loaders.extraction.indicators`). The year and whether it is a goal come from the sentence (到2025年),
else from the section (:mod:`~hongtu.loaders.extraction.horizon`). All word lists are in ``figures.toml``.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest

from hongtu.loaders.extraction.figure_words import any_of, either, figure_words
from hongtu.loaders.extraction.horizon import (
    YEAR,
    Horizon,
    Period,
    last_of_five,
    number_of_year,
    read_periods,
)
from hongtu.loaders.extraction.indicator_tables import find_tables, read_table
from hongtu.loaders.extraction.indicators import Indicator, find_indicator, split_indicator
from hongtu.loaders.extraction.outline import Outline, Sentence
from hongtu.loaders.extraction.quantities import Quantity, find_quantities
from hongtu.loaders.extraction.readings import Reading

__all__ = ["Reading", "read_figures"]

_COORDINATED = re.compile(r"[、和与及/]|以及")
_TIME = re.compile(
    rf"(?P<year>{YEAR})(?=年)|(?P<before>去年|上年)|“?(?P<five>十[一二三四五六七八九])五”?(?:期?末|时期|期间)"
)
_COMPARED = re.compile(r"年?[末底]?(?:相比|的?基础|以来|的(?:\d|近|约))")
_RAISED = re.compile(r"[增提升整降少大化展长小缩拓减高加][为到至]")
_GOES_ON = re.compile(r"的?(?!大关|目标|以上|左右)[\u4e00-\u9fff\d“]")
_HISTORY = 6
_FURTHEST = 40

Time = tuple[int, Period]
"""From which character of the text on figures speak of a period."""


def read_figures(text: str, outline: Outline, horizon: Horizon) -> list[Reading]:
    """Return the goals and the figures reached that a normalised text names, in order; those of tables at the end.

    >>> from hongtu.loaders.extraction.outline import read_outline
    >>> text = "到2025年，粮食产量稳定在7.2亿斤以上。"
    >>> reading = read_figures(text, read_outline(text), Horizon(2021, 2025, "plan"))[0]
    >>> reading.indicator, reading.comparator, reading.value, reading.unit, reading.year, reading.role
    ('粮食产量', '>=', Decimal('7.2'), '亿斤', 2025, 'target')
    """
    if not outline.sentences:
        return []
    first, last = outline.body
    tables = [(start, min(end, last)) for start, end in find_tables(text) if first <= start < last]
    quantities = find_quantities(text)
    for start, end in tables:
        quantities = [quantity for quantity in quantities if not start <= quantity.start < end]
    starts = [quantity.start for quantity in quantities]
    readings: list[Reading] = []
    carried: tuple[int, Period] | None = None
    for sentence, period in zip(outline.sentences, read_periods(text, outline, horizon), strict=True):
        if carried is not None and carried[0] != sentence.paragraph:
            carried = None
        if carried is not None:
            period = carried[1]
        own = quantities[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        goes_on = text[sentence.end - 1] == "；"
        if not own and not goes_on:
            carried = None
            continue
        times = [*_times(text, sentence, own, period, horizon)]
        if goes_on and len(times) == 1 and times[0][0] < sentence.start + 6:
            # 到2025年，…；…；…。
            carried = sentence.paragraph, times[0][1]
        elif times or not goes_on:
            carried = None
        times = [(sentence.start, period), *sorted(times, key=lambda time: time[0])]
        readings += _read_sentence(text, sentence, own, times, horizon)
    for table in tables:
        readings += read_table(text, table, horizon)
    return readings


def _read_sentence(
    text: str, sentence: Sentence, quantities: list[Quantity], times: list[Time], horizon: Horizon
) -> Iterator[Reading]:
    """Yield the figures of a sentence.

    :param times: in order, the section's period first.
    """
    runs = _runs(text, [quantity for quantity in quantities if not _is_no_figure(text, quantity)])
    left = sentence.start
    earlier: list[Indicator] = []
    for run, following in zip_longest(runs, runs[1:]):
        right = following[0].start if following else sentence.end
        indicator = find_indicator(text, run, left, right, earlier)
        left = run[-1].end
        if indicator is None or not indicator.words:
            continue
        left = max(left, indicator.end)
        bound = next((quantity.bound for quantity in reversed(run) if quantity.bound), indicator.bound)
        for quantity, words in zip(run, split_indicator(indicator, len(run), earlier), strict=True):
            period = next(period for place, period in reversed(times) if place <= quantity.start)
            if period is times[0][1] and _is_start_of_change(text, quantity):
                period = _before(period, horizon)
            yield Reading(
                words,
                min(indicator.start, quantity.start),
                max(indicator.end, quantity.end),
                text[quantity.start : quantity.end],
                quantity.value,
                quantity.unit,
                period.year,
                quantity.bound or bound or "=",
                period.role,
                indicator.confidence,
            )
        earlier.append(indicator)


def _runs(text: str, quantities: list[Quantity]) -> list[list[Quantity]]:
    """Return the quantities, those of one list together: 分别增长15.7％和18.4％."""
    runs: list[list[Quantity]] = []
    for quantity in quantities:
        last = runs[-1][-1] if runs else None
        if last and last.unit == quantity.unit and _COORDINATED.fullmatch(text, last.end, quantity.start):
            runs[-1].append(quantity)
        else:
            runs.append([quantity])
    return runs


def _is_no_figure(text: str, quantity: Quantity) -> bool:
    """Tell a number that only sizes what follows (5亿元以上项目), names something (“12条”) or says where it lies."""
    start, end = quantity.start, quantity.end
    if text[end : end + 1] in ("”", "》") or text[max(0, start - 1) : start] in ("“", "《", "+", "×"):
        return True
    lead = text[max(0, start - 14) : start]
    if quantity.kind != "measures":
        return _uncounted().search(lead) is not None or _policies().match(text, end) is not None
    if quantity.unit.endswith(("元", "岁", "人")) and (
        text[end - 1] in "上下" or lead.endswith(("超", "过", "逾"))
    ):
        return _GOES_ON.match(text, end) is not None
    behind = end + text.startswith("的", end)
    return any_of("after", "sized").match(text, behind) is not None or _situated().search(lead) is not None


def _is_start_of_change(text: str, quantity: Quantity) -> bool:
    """Tell the first figure of a change: 从118家增至205家."""
    return text[max(0, quantity.start - 1) : quantity.start] in ("从", "由") and bool(
        _RAISED.search(text, quantity.end, quantity.end + 8)
    )


def _before(period: Period, horizon: Horizon) -> Period:
    """Return what the first figure of a change speaks of when the text does not say."""
    if period.role == "target":
        return Period(horizon.first_year - 1, "baseline")
    return Period(period.year - (5 if horizon.kind == "plan" else 1), "baseline")


_OF_FIGURE = re.compile(r"年?[末底]?的(?=[\d一二三四五六七八九十])")


def _times(
    text: str, sentence: Sentence, quantities: list[Quantity], period: Period, horizon: Horizon
) -> Iterator[Time]:
    """Yield the times that a sentence names, and from where on each holds."""
    this = horizon.first_year
    for found in _TIME.finditer(text, sentence.start, sentence.end):
        lead = text[max(0, found.start() - 1) : found.start()]
        compares = lead in ("比", "较")
        # 比2015年的128亿元增加58亿元: the year is that of the one figure.
        starts_change = lead in ("从", "由", "自") or (compares and _OF_FIGURE.match(text, found.end()))
        if (compares and not starts_change) or (not starts_change and _COMPARED.match(text, found.end())):
            continue
        if found["year"]:
            year = number_of_year(found["year"])
        else:
            year = this - 1 if found["before"] else last_of_five(found["five"])
        if year > this + _FURTHEST:
            continue
        if starts_change:
            # 从2015年6.5亿元增加到9.2亿元: it holds for one figure.
            yield from ((quantity.end, period) for quantity in quantities if quantity.start > found.end())
        elif year < this - _HISTORY and (comma := text.find("，", found.end(), sentence.end)) >= 0:
            yield comma, period
        if year == this and horizon.kind != "year":
            yield found.start(), Period(year, period.role)
        else:
            yield found.start(), Period(year, "baseline" if year < this else "target")


@cache
def _situated() -> re.Pattern[str]:
    return re.compile(either(figure_words("before", "situated")) + "[^，；。、]*$")


@cache
def _uncounted() -> re.Pattern[str]:
    return re.compile(either(figure_words("before", "uncounted")) + "了?$|辖[^，。；]*$")


@cache
def _policies() -> re.Pattern[str]:
    return re.compile("[^，。；、和]{0,8}?" + either(figure_words("after", "policies")))
