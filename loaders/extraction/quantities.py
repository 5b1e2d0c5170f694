"""Quantities: numbers with a unit that stand in a plan's text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from hongtu.loaders.extraction.figure_words import either, figure_words

_NUMERALS = dict(zip("一二两三四五六七八九", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_POWERS = {"十": 10, "百": 100, "千": 1000}
_RATIO = re.compile(r"(?=[1-9])(?<![\d：])[1-9]\d?(?:\.\d+)?(?:[：∶:]\d{1,2}(?:\.\d+)?){2}(?![\d：])")
_BOUNDS = {"以上": ">=", "以下": "<=", "以内": "<=", "左右": "~", "上下": "~"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit: ``text[start:end]`` of the normalised view, with a bound (以上) behind it.

    ``value`` is ``None`` for a ratio; ``unit`` has the scale (7.2亿斤: 亿斤) and is ``%`` for per cent; ``bound`` is a
    comparator or empty; ``kind`` is the word list of the unit: ``measures``, ``counts``, ``shares`` or ``ratio``.
    """

    start: int
    end: int
    value: Decimal | None
    unit: str
    bound: str
    kind: str


def find_quantities(text: str) -> list[Quantity]:
    """Return the quantities of a normalised text in order; no dates, ordinals, numbers of roads or names (5G).

    >>> [(quantity.value, quantity.unit, quantity.bound) for quantity in find_quantities("建成5G基站1.2万余座")]
    [(Decimal('1.2'), '万座', '>=')]
    >>> [(quantity.value, quantity.unit) for quantity in find_quantities("产值突破五百亿元")]
    [(Decimal('500'), '亿元')]
    """
    found = [*_in_digits(text), *_in_numerals(text), *_ratios(text)]
    found.sort(key=lambda quantity: quantity.start)
    return found


def _in_digits(text: str) -> Iterator[Quantity]:
    for match in _patterns()[0].finditer(text):
        scale, unit = match["scale"] or "", match["unit"] or match["only"] or ""
        if not unit and scale in ("千", "百"):
            continue
        more = match["more"] or match["over"] or match["rest"]
        yield Quantity(
            match.start(),
            match.end(),
            Decimal(match["number"]),
            scale + unit.replace("％", "%") + (match["per"] or ""),
            _BOUNDS.get((match["bound"] or "")[-2:], ">=" if more else ""),
            _kinds().get(unit, "measures"),
        )


def _in_numerals(text: str) -> Iterator[Quantity]:
    for match in _patterns()[1].finditer(text):
        unit = match["unit"] or ""
        if not match["scale"] and not unit:
            continue
        yield Quantity(
            match.start("number"),
            match.end(),
            Decimal(parse_numeral(match["number"])),
            (match["scale"] or "") + unit,
            _BOUNDS.get((match["bound"] or "")[-2:], ">=" if match["more"] else ""),
            _kinds().get(unit, "measures"),
        )


def _ratios(text: str) -> Iterator[Quantity]:
    for match in _RATIO.finditer(text):
        yield Quantity(match.start(), match.end(), None, "", "", "ratio")


def parse_numeral(numeral: str) -> int:
    """Return the number that a Chinese numeral below ten thousand writes.

    >>> parse_numeral("五百"), parse_numeral("千"), parse_numeral("十二"), parse_numeral("一千零五")
    (500, 1000, 12, 1005)
    """
    total, digit = 0, 0
    for letter in numeral:
        if letter in _POWERS:
            total += max(digit, 1) * _POWERS[letter]
            digit = 0
        elif letter not in "零○":
            digit = _NUMERALS[letter]
    return total + digit


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    units, per = either(_kinds()), either(figure_words("units", "per"))
    tail = rf"(?P<per>(?:[/／]{per})*(?:（[户套只处间件个人段头辆]）)?)?"
    bound = r"(?P<bound>(?:及)?以上|以下|以内|左右|上下)?"
    lead = either({"达", "达到", "实现"} | figure_words("bounds", "above"))
    return (
        re.compile(
            # The first look is for a digit: most characters are none.
            rf"(?=[\d-])(?<![0-9A-Za-z.第])(?:\d+(?:\.\d+)?{units}?[-－—～~至]+)?(?P<number>(?:(?<=[长为幅达到至降])-)?\d+(?:\.\d+)?)"
            rf"(?![\d年月]|\.\d)(?P<more>[余多])?(?:(?P<only>{units})|"
            rf"(?P<scale>万亿|[千百]?亿|[百千]?万|千|百)(?P<over>[余多])?(?P<unit>{units})?){tail}(?P<rest>[余多])?{bound}"
        ),
        re.compile(
            rf"{lead}(?P<number>(?:[一二两三四五六七八九十百千]|(?<=[百千])[零○])+)(?P<scale>万亿|[万亿])?(?P<more>[余多])?"
            rf"(?P<unit>{units})?{tail}{bound}(?!级)"
        ),
    )


@cache
def _kinds() -> dict[str, str]:
    return {unit: kind for kind in ("measures", "counts", "shares") for unit in figure_words("units", kind)}
