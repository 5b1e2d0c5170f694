"""Tables of indicators in a plan: 指标名称 | 单位 | 2020年 | 2025年 | 年均增长."""

import re
from collections.abc import Iterator
from decimal import Decimal

from hongtu.loaders.extraction.horizon import YEAR, Horizon, number_of_year
from hongtu.loaders.extraction.readings import Reading

_HEAD = re.compile(r"^(?=[^\n]*指标)(?=[^\n]*20\d\d)[^\n|]*(?:\|[^\n|]*){2,}$", re.MULTILINE)
_ROW = re.compile(r"\n[^\n|]*(?:\|[^\n|]*){2,}")
_CELL = re.compile(r"[^|\n]+")
_NUMBER = re.compile(r"(?P<sign>[≥≤>＜＞<＝=]?)(?P<number>-?\d+(?:\.\d+)?)(?P<unit>％?)(?:左右|以上|以内)?")
_LABEL = re.compile(
    r"(?:\d{1,2}[.、]?|（\d{1,2}）)?(?P<name>[^\d\s].*?)(?:（(?!.*(?:累计|其中|年均))(?P<unit>[％\w/]{1,8})）)?$"
)
_SIGNS = {"≥": ">=", ">": ">=", "＞": ">=", "≤": "<=", "<": "<=", "＜": "<="}


def find_tables(text: str) -> list[tuple[int, int]]:
    """Return where tables of indicators stand in a normalised text, from their head to the end of the last row.

    >>> find_tables("指标|单位|2020年|2025年\\n粮食产量|万吨|9.6|≥9.8\\n")
    [(0, 34)]
    """
    tables = []
    for head in _HEAD.finditer(text):
        end = head.end()
        while row := _ROW.match(text, end):
            end = row.end()
        tables.append((head.start(), end))
    return tables


def read_table(text: str, table: tuple[int, int], horizon: Horizon) -> Iterator[Reading]:
    """Yield the figures of a table of indicators; a cell without a number (—) is none."""
    head, *rows = _rows(text, table)
    titles = [text[start:end] for start, end in head]
    for row in rows:
        if len(row) != len(head):
            continue
        label = _LABEL.match(text[row[0][0] : row[0][1]])
        if label is None:
            continue
        unit = next(
            (text[slice(*cell)] for cell, title in zip(row, titles, strict=True) if title == "单位"), ""
        )
        for (start, end), title in list(zip(row, titles, strict=True))[1:]:
            number = _NUMBER.fullmatch(text, start, end)
            year = re.search(YEAR, title)
            if number is None or title == "单位" or not (year or "增" in title or "目标" in title):
                continue
            # A column of growth tells the way to the last year: 年均增长［累计］.
            told = number_of_year(year.group()) if year else horizon.last_year
            growth = not year and "增" in title
            yield Reading(
                label["name"]
                + (re.sub(r"[（［\[(].*", "", title) if growth and "增" not in label["name"] else ""),
                row[0][0],
                end,
                text[start:end],
                Decimal(number["number"]),
                (number["unit"] or ("％" if growth else unit or label["unit"] or "")).replace("％", "%"),
                told,
                _SIGNS.get(number["sign"], "="),
                "target" if told >= horizon.first_year else "baseline",
                0.95,
            )


def _rows(text: str, table: tuple[int, int]) -> Iterator[list[tuple[int, int]]]:
    """Yield the cells of each row."""
    start, end = table
    for line in re.finditer(r"[^\n]+", text[start:end]):
        yield [
            (start + line.start() + cell.start(), start + line.start() + cell.end())
            for cell in _CELL.finditer(line.group())
        ]
