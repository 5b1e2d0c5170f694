"""Cells of a table and the values they stand for: one converter per type, in both directions.

``parse_…`` raises :class:`ValueError` with the sentence that tells what is allowed; the table reader adds file,
row, column and what was found.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from hongtu.loaders.language import say
from hongtu.loaders.records import Span
from hongtu.loaders.vocabulary import names, shown

_SPAN = re.compile(r"(\d{1,9}):(\d{1,12})-(\d{1,12})")
SEPARATOR = " | "

# What a spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection) …
_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r]")
# … or for a number, ratio, date, time or percentage, …
_NUMERIC = re.compile(
    r"(?=.*\d)(-?[\d,]*\.?\d*%?|\d+(\.\d*)?[eE][+-]?\d+|\d+(:\d+){1,2}|\d+([/-]\d+){1,2})", re.ASCII
)
# … and what it gives back unchanged: a number without zeros to drop, of no more digits than it shows.
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d{0,9})(\.\d{0,5}[1-9])?", re.ASCII)


def guard_cell(text: str) -> str:
    """Return the cell that a spreadsheet leaves alone: an apostrophe before what it would compute or rewrite.

    >>> guard_cell("=1+1"), guard_cell("6.90%"), guard_cell("6.9"), guard_cell("甲项目")
    ("'=1+1", "'6.90%", '6.9', '甲项目')
    """
    return f"'{text}" if _is_rewritten(text.lstrip("'")) else text


def unguard_cell(cell: str) -> str:
    """Return the text of a cell that :func:`guard_cell` gave; others stay as they are.

    >>> unguard_cell("'=1+1"), unguard_cell("'甲'项目")
    ('=1+1', "'甲'项目")
    """
    return cell[1:] if cell.startswith("'") and _is_rewritten(cell.lstrip("'")) else cell


def _is_rewritten(text: str) -> bool:
    return bool(_FORMULA.match(text) or _NUMERIC.fullmatch(text)) and not _PLAIN_NUMBER.fullmatch(text)


def parse_text(cell: str) -> str:
    """Return the cell itself, which must not be empty."""
    if not cell:
        raise ValueError(say("不能为空", "must not be empty"))
    return cell


def parse_aliases(cell: str) -> tuple[str, ...]:
    """Return the surface forms of a cell, which ``|`` separates.

    >>> parse_aliases("华翔 | “华翔股份”")
    ('华翔', '“华翔股份”')
    """
    return tuple(alias for part in cell.split("|") if (alias := part.strip()))


def format_aliases(aliases: Iterable[str]) -> str:
    """Return the cell that :func:`parse_aliases` reads."""
    return SEPARATOR.join(aliases)


def parse_spans(cell: str) -> tuple[Span, ...]:
    """Return the spans of an evidence cell: ``line:start-end``, several separated by ``;``.

    >>> parse_spans("23:1205-1209; 109:5530-5532")
    (Span(line=23, start=1205, end=1209), Span(line=109, start=5530, end=5532))
    """
    allowed = say(
        "写成 行：起-止（如 23:1205-1209），多处用 ; 隔开，起小于止",
        "write line:start-end (such as 23:1205-1209), several separated by ; with start below end",
    )
    spans = []
    for part in filter(None, map(str.strip, cell.split(";"))):
        match = _SPAN.fullmatch(part)
        span = Span(*map(int, match.groups())) if match else Span(0, 0, 0)
        if span.line < 1 or span.start >= span.end:
            raise ValueError(allowed)
        spans.append(span)
    if not spans:
        raise ValueError(allowed)
    return tuple(spans)


def format_spans(spans: Iterable[Span]) -> str:
    """Return the cell that :func:`parse_spans` reads.

    >>> format_spans([Span(23, 1205, 1209), Span(109, 5530, 5532)])
    '23:1205-1209; 109:5530-5532'
    """
    return "; ".join(f"{span.line}:{span.start}-{span.end}" for span in spans)


def parse_confidence(cell: str) -> Decimal:
    """Return a confidence, 0 to 1; an empty cell means 1."""
    if not cell:
        return Decimal(1)
    if not re.fullmatch(r"0?\.\d{1,6}|[01](\.0{1,6})?", cell, re.ASCII):
        raise ValueError(say("写 0 到 1 之间的数，空着为 1", "write a number from 0 to 1; empty means 1"))
    return Decimal(cell)


def format_number(number: Decimal | int) -> str:
    """Return the cell that the parsers of numbers read, without zeros that say nothing.

    >>> format_number(Decimal("12.50")), format_number(Decimal("1E+3"))
    ('12.5', '1000')
    """
    text = f"{number:f}" if isinstance(number, Decimal) else str(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_whole_number(cell: str) -> int:
    """Return a whole number that is not negative."""
    if not re.fullmatch(r"\d{1,12}", cell, re.ASCII):
        raise ValueError(say("写非负整数", "write a whole number, not negative"))
    return int(cell)


def parse_year(cell: str) -> int:
    """Return a year of four digits."""
    if not re.fullmatch(r"[12]\d{3}", cell, re.ASCII):
        raise ValueError(say("写四位年份，如 2025", "write a year of four digits, such as 2025"))
    return int(cell)


def parse_figure(cell: str) -> Decimal | None:
    """Return a figure; ``None`` for an empty cell, which stands for one that is no single number (6.9:44.6:48.5).

    >>> parse_figure("7.2"), parse_figure("")
    (Decimal('7.2'), None)
    """
    if not cell:
        return None
    # The lexical form of xsd:decimal: https://www.w3.org/TR/xmlschema11-2/#decimal
    if not re.fullmatch(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})", cell, re.ASCII):
        raise ValueError(
            say(
                "写阿拉伯数字（7.2），单位另列；比例空着",
                "write digits (7.2), the unit in its own column; empty for ratios",
            )
        )
    return Decimal(cell)


def one_of(words: Iterable[str], *, default: str | None = None) -> Callable[[str], str]:
    """Return a parser that takes these words, and what people call them (see :mod:`~hongtu.loaders.vocabulary`).

    >>> one_of(("undertakes", "operatesIn"))("从事")
    'operatesIn'

    :param default: what an empty cell stands for; ``None`` when the cell must be filled.
    """
    allowed = tuple(words)

    def parse(cell: str) -> str:
        if not cell and default is not None:
            return default
        if cell in allowed:
            return cell
        for word in allowed:
            if cell.casefold() in map(str.casefold, names(word)):
                return word
        raise ValueError(say("只能是 ", "one of ") + say("、", ", ").join(map(shown, allowed)))

    return parse
