"""Charts for print: rankings, timelines and heat maps of one look, with Chinese that shows.

    kg.run("rank_enterprises_by_connections").chart()
    kg.targets().chart().savefig("targets.pdf")

Charts are matplotlib figures: a notebook shows them, ``savefig`` writes .png, .svg and .pdf, the same bytes for the same
input. matplotlib comes with ``hongtu[notebook]``.

The font: matplotlib's own has no Chinese, and what a computer has differs. ``hongtu[notebook]`` brings the package
zhplot for the one file in it that matters, Noto Sans SC (SIL Open Font License 1.1, 10 MB): simplified Chinese on every
computer, on Colab and in containers too, and the same picture everywhere. Of the other packages with fonts, mplfonts
weighs 85 MB, and it and chineseize-matplotlib hold SimHei, which may not be passed on; matplotlib-fontja is Japanese.
Without zhplot the computer's own fonts serve, by name where it is known, else any that has the characters. Leaving the
font to the reader's browser (SVG text) would print nothing and measure wrongly. With no font at all a chart
would be all boxes: an error says what to install instead.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from math import inf, isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hongtu.graph.views.explorer import STYLES
from hongtu.graph.views.table import heading
from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say

try:
    from matplotlib import font_manager, rc_context
    from matplotlib.figure import Figure
    from matplotlib.ft2font import FT2Font
except ImportError as error:
    raise UsageError(
        say(
            '画图要有 matplotlib；请运行 pip install "hongtu[notebook]"',
            'charts need matplotlib: pip install "hongtu[notebook]"',
        )
    ) from error

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FAMILIES = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "STHeiti",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Droid Sans Fallback",
    "Noto Serif CJK SC",
    "SimSun",
    "Songti SC",
)
"""Fonts for simplified Chinese of Linux, Windows and macOS, the better ones first. An older matplotlib sees only the
first face of a collection, Noto Sans CJK JP: all characters, a few of them in their Japanese shape."""

_PROBE = "业划县乡镇"
_COLOR, _BASELINE, _INK, _GRID = "#2e75b6", "#8a94a3", "#22303f", "#d9dee5"
_WIDTH, _ROW, _HEAD = 8.0, 0.3, 1.0
"""Inches: of a chart, of a row, and of all that is not rows."""

_MOST_ROWS, _MOST_COLUMNS = 40, 30
_LONGEST = 22
_POSITIONS = ("line", "start", "end", "confidence")
_SCALE = 2
_BOUNDS = {">=": "≥", "<=": "≤", "~": "≈"}
_BESIDE: dict[str, Any] = {"xytext": (8, 0), "textcoords": "offset points", "va": "center", "fontsize": 8}


class Chart(Figure):
    """A matplotlib figure in Hongtu's style, which a notebook shows twice as fine as the screen needs."""

    # No type is as wide as what matplotlib's own method takes.
    def savefig(self, fname: Any, **options: Any) -> None:
        """Write the chart as matplotlib does, without the time of writing: the same chart gives the same bytes."""
        kind = str(options.get("format") or Path(str(fname)).suffix.lstrip(".")).lower()
        undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind)
        with style():
            super().savefig(fname, **{"metadata": undated, **options})

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        width, height = (round(inches * 100) for inches in self.get_size_inches())
        buffer = BytesIO()
        self.savefig(buffer, format="png", dpi=100 * _SCALE)
        return buffer.getvalue(), {"width": width, "height": height}


@contextmanager
def style() -> Iterator[None]:
    """Set the look of Hongtu's charts for the matplotlib calls inside: font with Chinese, colours, thin lines.

    :raises UsageError: when no font with simplified Chinese is found.
    """
    settings: dict[Any, Any] = {
        "font.family": [chinese_font(), "DejaVu Sans"],
        "font.size": 10,
        "text.color": _INK,
        "axes.edgecolor": _BASELINE,
        "axes.labelcolor": _INK,
        "axes.titlesize": 12,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.grid.axis": "x",
        "grid.color": _GRID,
        "grid.linewidth": 0.6,
        "xtick.color": _INK,
        "ytick.color": _INK,
        "ytick.major.size": 0,
        "figure.facecolor": "white",
        "figure.constrained_layout.use": True,
        "savefig.dpi": 100 * _SCALE,
        "svg.hashsalt": "hongtu",
        "text.parse_math": False,
    }
    with rc_context(settings):
        yield


@cache
def chinese_font() -> str:
    """Return the family of a font that has simplified Chinese; see this module for which.

    Fonts that were installed since matplotlib first ran are found too.

    :raises UsageError: when there is none.
    """
    if (package := find_spec("zhplot")) and package.submodule_search_locations:
        file = Path(package.submodule_search_locations[0], "fonts", "NotoSansSC-Regular.ttf")
        if file.is_file():
            font_manager.fontManager.addfont(file)
    if found := _known_font():
        return found
    known = {font.fname for font in font_manager.fontManager.ttflist}
    for path in sorted(set(font_manager.findSystemFonts()) - known):
        font_manager.fontManager.addfont(path)
    if found := _known_font():
        return found
    raise UsageError(
        say(
            "没有找到带简体中文的字体，图上的汉字会变成方框；请运行 pip install zhplot，"
            "或安装系统字体（Debian/Ubuntu：apt install fonts-noto-cjk）",
            "no font with simplified Chinese was found, and a chart would show boxes: pip install zhplot, "
            "or install one for the system (Debian, Ubuntu: apt install fonts-noto-cjk)",
        )
    )


def _known_font() -> str | None:
    files = {font.name: font.fname for font in reversed(font_manager.fontManager.ttflist)}
    return next(
        (name for name in (*FAMILIES, *sorted(files)) if name in files and _has_chinese(files[name])), None
    )


@cache
def _has_chinese(file: str) -> bool:
    try:
        font = FT2Font(file)
    except (OSError, RuntimeError):
        return False
    return all(font.get_char_index(ord(character)) for character in _PROBE)


def chart(answer: pd.DataFrame) -> Chart:
    """Return the chart that fits the columns of an answer.

    A column ``year`` makes a :func:`timeline`; one column of labels and one of numbers a :func:`bar`; two of labels and
    one of numbers a :func:`heat_map`. Lines, offsets and confidences are no numbers to draw.

    :raises UsageError: when the answer is empty or no chart fits; the message names the columns.
    """
    labels, numbers = _labels(_some(answer)), _numbers(answer)
    if "year" in answer.columns and labels:
        return timeline(answer)
    if len(labels) == 1 and numbers:
        return bar(answer)
    if len(labels) == 2 and len(numbers) == 1:
        (rows, columns), (number,) = labels, numbers
        # Several rows of a cell are parts of one sum.
        matrix = answer.pivot_table(index=rows, columns=columns, values=number, aggfunc="sum", sort=False)
        return heat_map(matrix)
    raise UsageError(
        say(
            "这些列没有合适的图：",
            "no chart fits these columns: ",
        )
        + ", ".join(map(str, answer.columns))
        + say(
            "；柱图要一列名称加一列数，热力图要两列名称加一列数，时间线要 year 列；用 answer[[列名…]] 选出要画的列，"
            "还没有数就先数：查询里用 COUNT，或 answer.matrix()",
            "; bars need a column of names and one of numbers, a heat map two of names and one of numbers, a timeline "
            "a column year; choose with answer[[names of columns]], and where nothing is counted yet, count: "
            "by COUNT in the query, or answer.matrix()",
        )
    )


def bar(frame: pd.DataFrame) -> Chart:
    """Return a ranking: a horizontal bar per row, from the top in the order of the rows, its number at its end.

    The first column of labels names the bars, the first of numbers is their length, from zero. Bars have the colour of
    their kind of thing in the explorer. Of more than 40 rows the first 40 are drawn, and the chart says so.

    :raises UsageError: when there is no column of labels or none of numbers.
    """
    label, number = _first(_labels(frame), "names"), _first(_numbers(frame), "numbers")
    shown = _some(frame[frame[number].abs() < inf]).head(_MOST_ROWS)
    with style():
        figure, axes = _figure(len(shown))
        values = [float(value) for value in shown[number]]
        bars = axes.barh(
            range(len(shown)), values, color=[_color(cell) for cell in shown[label]], height=0.72
        )
        axes.bar_label(bars, [_number(value) for value in values], padding=4, fontsize=9)
        axes.margins(x=0.1)
        _name_rows(axes, [_short(cell) for cell in shown[label]])
        axes.set_xlabel(heading(str(number)))
        axes.set_title(f"{heading(str(label))} · {heading(str(number))}")
        _tell_rest(figure, len(shown), len(frame))
    return figure


def timeline(frame: pd.DataFrame) -> Chart:
    """Return what is when: figures from baseline to target as arrows, or all rows at their years.

    With the columns ``indicator``, ``value``, ``unit`` and ``role``, those indicators of which the plan has a baseline
    and a later target become arrows, every one from its last baseline to its first target behind, with the figures
    and years beside it. Shares in per cent have one axis, in per cent from 0. All others are drawn as multiples of their
    own baseline: the lengths of arrows say how much each is to grow, not how large it is, whatever its unit.
    Indicators that lack one of the two are left out, and the chart says how many it draws. Where no indicator has both,
    or such columns are missing, every row is a point at its year, with its value. At most 40 rows are drawn, and the
    chart says so.

    :raises UsageError: when there is no column ``year``, no year in it, or no column of labels.
    """
    if "year" not in frame.columns:
        raise UsageError(say("时间线要有 year 列", "a timeline needs a column year"))
    numbers = {name for name in ("value", "year") if _holds_numbers(frame.get(name))}
    if {"indicator", "unit", "role"} <= set(frame.columns) and len(numbers) == 2:
        changes = _changes(frame)
        if changes:
            return _arrows(changes, len(frame[["indicator", "unit"]].drop_duplicates()))
    return _points(frame)


def heat_map(matrix: pd.DataFrame) -> Chart:
    """Return a matrix for print: the darker a cell, the larger its number, which stands in it; empty cells are none.

    :param matrix: numbers, with labels as index and as columns, such as ``answer.matrix().to_frame()``; the first 40
        rows and 30 columns are drawn, and the chart says so.
    :raises UsageError: when it holds other things than numbers.
    """
    shown = matrix.iloc[:_MOST_ROWS, :_MOST_COLUMNS]
    try:
        numbers = shown.astype(float).replace([inf, -inf], 0).fillna(0).to_numpy()
    except (TypeError, ValueError) as error:
        raise UsageError(say("热力图的格子里要是数", "the cells of a heat map must be numbers")) from error
    largest = max((value for row in numbers for value in row), default=0.0)
    with style():
        figure = Chart(figsize=(max(4.0, 2.4 + 0.42 * shown.shape[1]), _HEAD + 1.2 + _ROW * len(shown)))
        axes = figure.add_subplot()
        axes.imshow(
            [[value if value else float("nan") for value in row] for row in numbers],
            cmap="Blues",
            vmin=0,
            vmax=1.3 * largest or 1,
            aspect="auto",
        )
        for y, row in enumerate(numbers):
            for x, value in enumerate(row):
                if value:
                    color = "white" if value > 0.7 * largest else _INK
                    axes.text(x, y, _number(value), ha="center", va="center", fontsize=8, color=color)
        _name_rows(axes, [_short(cell) for cell in shown.index])
        names = [_short(cell) for cell in shown.columns]
        axes.set_xticks(range(len(names)), names, rotation=60, ha="right", rotation_mode="anchor")
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.set_xticks([x - 0.5 for x in range(1, len(names))], minor=True)
        axes.set_yticks([y - 0.5 for y in range(1, len(shown))], minor=True)
        axes.grid(which="minor", axis="both", color="white", linewidth=1.5)
        axes.tick_params(which="minor", length=0)
        titles = [heading(str(name)) for name in (matrix.index.name, matrix.columns.name) if name]
        axes.set_title(" × ".join(titles))
        _tell_rest(figure, len(shown), len(matrix))
        _tell_rest(figure, shown.shape[1], matrix.shape[1], say("列", "columns"))
    return figure


def _labels(frame: pd.DataFrame) -> list[Any]:
    """Return the columns that name things: text, but no passages."""
    return [
        name
        for name, cells in frame.items()
        if (cells.dtype == object or pd.api.types.is_string_dtype(cells.dtype))
        and any(isinstance(cell, str) for cell in cells)
        and not any("/passage/" in getattr(cell, "iri", "") for cell in cells)
    ]


def _numbers(frame: pd.DataFrame) -> list[Any]:
    return [
        name for name, cells in frame.items() if _holds_numbers(cells) and name not in (*_POSITIONS, "year")
    ]


def _holds_numbers(cells: "pd.Series[Any] | None") -> bool:
    return (
        cells is not None
        and pd.api.types.is_numeric_dtype(cells.dtype)
        and not pd.api.types.is_bool_dtype(cells.dtype)
    )


def _some(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows that there are.

    :raises UsageError: when there are none.
    """
    if rows.empty:
        raise UsageError(say("没有行，画不成图", "there are no rows to draw"))
    return rows


def _first(columns: list[Any], what: str) -> Any:
    if not columns:
        wanted = {"names": say("名称", "names"), "numbers": say("数", "numbers")}[what]
        raise UsageError(say(f"没有一列是{wanted}", f"there is no column of {wanted}"))
    return columns[0]


def _color(cell: Any) -> str:
    kind = re.search(r"/(\w+)/[^/]+$", getattr(cell, "iri", ""))
    return STYLES.get(kind[1].capitalize(), {}).get("color", _COLOR) if kind else _COLOR


def _short(cell: Any) -> str:
    text = "" if cell is None else str(cell)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.4g}"


def _figure(rows: int) -> tuple[Chart, "Axes"]:
    figure = Chart(figsize=(_WIDTH, _HEAD + _ROW * max(rows, 1)))
    axes = figure.add_subplot()
    axes.grid(axis="x")
    return figure, axes


def _name_rows(axes: "Axes", names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)


def _tell_rest(figure: Figure, shown: int, all_: int, what: str = "") -> None:
    if shown < all_:
        what = what or say("行", "rows")
        note = say(f"共 {all_} {what}，只画了 {shown} {what}", f"{shown} of {all_} {what} are drawn")
        before = figure.get_supxlabel()
        figure.supxlabel(f"{before}  {note}".strip(), fontsize=8, x=0.99, ha="right")


_Change = tuple[str, Any, Any]
"""An indicator with the row of its baseline and that of its target."""


def _changes(frame: pd.DataFrame) -> list[_Change]:
    """Return the indicators that have a baseline and a later target, in the order of the rows.

    Nothing is a multiple of a baseline of nothing; of such, only shares count.
    """
    figures = frame[frame["value"].abs() < inf].drop_duplicates(
        ["indicator", "unit", "year", "role", "value"]
    )
    changes: list[_Change] = []
    for (indicator, _), rows in figures.groupby(["indicator", "unit"], sort=False):
        for target in rows[rows["role"] == "target"].sort_values("year", kind="stable").head(1).itertuples():
            earlier = rows[(rows["role"] == "baseline") & (rows["year"] < target.year)]
            for baseline in earlier.sort_values("year", kind="stable").tail(1).itertuples():
                changes.append((str(indicator), baseline, target))
    return [change for change in changes if change[2].unit == "%" or change[1].value > 0]


def _arrows(changes: list[_Change], indicators: int) -> Chart:
    """Return the chart of the changes, which tells of how many indicators they are those that can be drawn."""
    shares = [change for change in changes if change[2].unit == "%"]
    amounts = [change for change in changes if change[2].unit != "%"]
    panels: list[tuple[list[_Change], str, Callable[[_Change], tuple[float, float]]]] = [
        (
            amounts[:_MOST_ROWS],
            say("基数的倍数", "multiple of the baseline"),
            lambda change: (1.0, change[2].value / change[1].value),
        ),
        (shares[:_MOST_ROWS], "%", lambda change: (change[1].value, change[2].value)),
    ]
    panels = [panel for panel in panels if panel[0]]
    rows = [len(panel[0]) for panel in panels]
    with style():
        figure = Chart(figsize=(_WIDTH, _HEAD * len(panels) + 0.2 + 1.4 * _ROW * sum(rows)))
        axes_of = figure.subplots(len(panels), height_ratios=[_HEAD / _ROW + n for n in rows], squeeze=False)
        for axes, (drawn, unit, ends) in zip(axes_of[:, 0], panels, strict=True):
            axes.grid(axis="x")
            for y, change in enumerate(drawn):
                start, end = ends(change)
                axes.plot([start, end], [y, y], color=_COLOR, linewidth=1.8)
                axes.plot([start], [y], "o", color=_BASELINE, markersize=5)
                axes.plot([end], [y], "<" if end < start else ">", color=_COLOR, markersize=7)
                axes.annotate(_said(*change[1:]), (max(start, end), y), **_BESIDE)
            _name_rows(axes, [_short(change[0]) for change in drawn])
            axes.set_xlabel(unit)
            values = [value for change in drawn for value in ends(change)]
            # Room for the words behind the arrows.
            axes.set_xlim(min(0, *values), 1.45 * max(values) or 1)
        axes_of[0, 0].set_title(say("从基数到目标", "From baseline to target"))
        _tell_rest(figure, sum(rows), indicators, say("个指标", "indicators"))
    return figure


def _said(baseline: Any, target: Any) -> str:
    """Return a change in words: ``11.2 → ≈16亿元 (2020–2025)``."""
    bound = _BOUNDS.get(getattr(target, "comparator", "="), "")
    change = f"{_number(baseline.value)} → {bound}{_number(target.value)}{target.unit}"
    return f"{change} ({baseline.year}–{target.year})"


def _points(frame: pd.DataFrame) -> Chart:
    name = "indicator" if "indicator" in frame.columns else _first(_labels(frame), "names")
    years = pd.to_numeric(frame["year"], errors="coerce")
    dated = _some(frame.assign(year=years)[years.abs() < inf]).sort_values("year", kind="stable")
    names = list(dict.fromkeys(dated[name]))
    rows = {label: y for y, label in enumerate(names[:_MOST_ROWS])}
    with style():
        figure, axes = _figure(len(rows))
        for row in dated.to_dict("records"):
            if row[name] not in rows:
                continue
            value, unit = row.get("value"), row.get("unit") or ""
            x, y = int(row["year"]), rows[row[name]]
            axes.plot([x], [y], "o", color=_BASELINE if row.get("role") == "baseline" else _color(row[name]))
            if isinstance(value, int | float) and isfinite(value):
                bound = _BOUNDS.get(str(row.get("comparator")), "")
                axes.annotate(f"{bound}{_number(value)}{unit}", (x, y), **_BESIDE)
        _name_rows(axes, [_short(label) for label in rows])
        ticks = sorted({int(year) for year in dated["year"]})
        axes.set_xticks(ticks)
        axes.set_xlim(ticks[0] - 0.5, ticks[-1] + 1.0)
        axes.set_xlabel(heading("year"))
        axes.set_title(heading(str(name)))
        _tell_rest(figure, len(rows), len(names))
    return figure
