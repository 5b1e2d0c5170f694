import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

pytest.importorskip("matplotlib")

from matplotlib import font_manager
from PIL import Image

from hongtu.graph import KnowledgeGraph
from hongtu.graph.views import plots
from hongtu.graph.views.explorer import STYLES
from hongtu.graph.views.plots import Chart, bar, chart, chinese_font, heat_map, style, timeline
from hongtu.loaders.errors import UsageError

RANKING = "rank_enterprises_by_connections"


def words(figure: Chart) -> list[str]:
    """All that is written on a chart."""
    axes = figure.axes
    return [
        *(text.get_text() for one in axes for text in one.texts),
        *(label.get_text() for one in axes for label in [*one.get_yticklabels(), *one.get_xticklabels()]),
        figure.get_supxlabel(),
    ]


def points(line: Any) -> list[tuple[float, float]]:
    """The points of a line of a chart."""
    return [(float(x), float(y)) for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)]


def test_a_ranking_has_its_rows_from_the_top_with_numbers_and_the_colour_of_their_kind(
    hongdong: KnowledgeGraph,
) -> None:
    answer = hongdong.run(RANKING)
    figure = chart(answer)
    (axes,) = figure.axes
    bars = axes.containers[0]
    assert [one.get_width() for one in bars] == list(answer["connections"])
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    assert [label.get_text() for label in axes.get_yticklabels()] == list(answer["enterprise"])
    assert str(answer["connections"][0]) in words(figure)
    color = tuple(int(STYLES["Enterprise"]["color"][at : at + 2], 16) / 255 for at in (1, 3, 5))
    assert bars[0].get_facecolor()[:3] == pytest.approx(color)


def test_what_is_left_out_is_said() -> None:
    frame = pd.DataFrame({"name": [f"甲{number}" for number in range(50)], "number": range(50)})
    assert "40 of 50 rows are drawn" in words(bar(frame))
    matrix = pd.DataFrame([[1] * 35] * 2)
    assert "30 of 35 columns are drawn" in words(heat_map(matrix))
    assert words(bar(frame.head(3)))[-1] == ""


def test_figures_become_arrows_from_baseline_to_target(sample: KnowledgeGraph) -> None:
    figure = chart(sample.query(_FIGURES))
    amounts, shares = figure.axes
    names = [label.get_text() for label in amounts.get_yticklabels()]
    at = names.index("高新技术企业")
    # 9 to 18: twice its own baseline.
    assert [(1, at), (2, at)] in [points(line) for line in amounts.lines]
    assert "9 → 18家 (2020–2025)" in words(figure)
    assert "52.3 → ≥54% (2020–2025)" in words(figure)
    assert "森林覆盖率" in [label.get_text() for label in shares.get_yticklabels()]
    drawn = len(names) + len(shares.get_yticklabels())
    assert any(re.fullmatch(rf".*\b{drawn} of \d+ indicators are drawn", text) for text in words(figure))
    # Both axes begin at zero: the lengths are not exaggerated.
    assert amounts.get_xlim()[0] == shares.get_xlim()[0] == 0


_FIGURES = """
SELECT ?indicator ?value ?unit ?year ?comparator ?role WHERE {
  ?target ht:indicatorLabel ?indicator ; ht:value ?value ; ht:unit ?unit ; ht:year ?year ; ht:comparator ?comparator ;
          ht:role ?role ; ht:mentionedIn/ht:start ?start .
} ORDER BY ?start
"""


def test_a_falling_figure_points_to_the_left() -> None:
    frame = pd.DataFrame(
        {
            "indicator": ["能耗"] * 2,
            "value": [10.0, 4.0],
            "unit": ["吨"] * 2,
            "year": [2020, 2025],
            "role": ["baseline", "target"],
        }
    )
    (axes,) = timeline(frame).axes
    assert axes.lines[-1].get_marker() == "<" and points(axes.lines[-1]) == [(0.4, 0)]


def test_figures_without_a_pair_are_points_at_their_years() -> None:
    frame = pd.DataFrame(
        {
            "indicator": ["甲", "乙"],
            "value": [5.0, None],
            "unit": ["家", "人"],
            "year": [2030, 2025],
            "role": ["target"] * 2,
        }
    )
    (axes,) = timeline(frame).axes
    assert [points(line) for line in axes.lines] == [[(2025, 0)], [(2030, 1)]]
    assert [text.get_text() for text in axes.texts] == ["5家"]


def test_two_columns_of_names_and_a_number_make_a_heat_map() -> None:
    frame = pd.DataFrame({"who": ["甲", "甲", "乙"], "where": ["东", "东", "西"], "number": [1, 2, 4]})
    (axes,) = chart(frame).axes
    # Rows of one cell add up; an empty cell has no number.
    assert sorted(text.get_text() for text in axes.texts) == ["3", "4"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["东", "西"]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame({"a": [1], "b": [2]}), "no chart fits these columns: a, b; bars need"),
        (pd.DataFrame({"a": ["甲"], "line": [2]}), "no chart fits"),
        (pd.DataFrame({"a": []}), "no rows to draw"),
    ],
)
def test_what_fits_no_chart_is_told(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        chart(frame)


def test_wrong_columns_are_told() -> None:
    with pytest.raises(UsageError, match="no column of numbers"):
        bar(pd.DataFrame({"a": ["甲"]}))
    with pytest.raises(UsageError, match="needs a column year"):
        timeline(pd.DataFrame({"a": ["甲"]}))
    with pytest.raises(UsageError, match="must be numbers"):
        heat_map(pd.DataFrame({"a": ["甲"]}))


def test_every_character_is_in_the_font(hongdong: KnowledgeGraph, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        # matplotlib warns of each glyph that is missing, and draws a box.
        warnings.simplefilter("error")
        chart(hongdong.run(RANKING)).savefig(tmp_path / "a.png")


def test_names_with_dollars_are_no_formulas(tmp_path: Path) -> None:
    figure = bar(pd.DataFrame({"name": ["$甲^2$", "$"], "number": [1, 2]}))
    figure.savefig(tmp_path / "a.png")
    assert "$甲^2$" in words(figure)


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_same_chart_gives_the_same_bytes(hongdong: KnowledgeGraph, tmp_path: Path, kind: str) -> None:
    files = [tmp_path / f"{number}.{kind}" for number in range(2)]
    for file in files:
        chart(hongdong.run(RANKING)).savefig(file)
    first, second = (file.read_bytes() for file in files)
    assert first == second and len(first) > 1000


def test_a_notebook_shows_it_at_twice_its_size(hongdong: KnowledgeGraph, tmp_path: Path) -> None:
    png, size = chart(hongdong.run(RANKING))._repr_png_()
    (tmp_path / "a.png").write_bytes(png)
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == (2 * size["width"], 2 * size["height"])


def test_style_is_gone_afterwards() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    with style():
        assert mpl.rcParams["font.family"][0] == chinese_font()
    assert dict(mpl.rcParams) == before


def test_without_a_font_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    chinese_font.cache_clear()
    latin = [font for font in font_manager.fontManager.ttflist if font.name == "DejaVu Sans"]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", latin)
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    monkeypatch.setattr(plots, "find_spec", lambda name: None)
    try:
        with pytest.raises(UsageError, match="pip install zhplot, or install one for the system"):
            bar(pd.DataFrame({"name": ["甲"], "number": [1]}))
    finally:
        chinese_font.cache_clear()


def test_a_font_of_another_name_serves_if_it_has_the_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    known = chinese_font()
    chinese_font.cache_clear()
    fonts = [font for font in font_manager.fontManager.ttflist if font.name in (known, "DejaVu Sans")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", fonts)
    monkeypatch.setattr(plots, "FAMILIES", ())
    monkeypatch.setattr(plots, "find_spec", lambda name: None)
    try:
        assert chinese_font() == known
    finally:
        chinese_font.cache_clear()


def test_without_matplotlib_the_extra_is_named() -> None:
    program = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "import hongtu.graph\n"
        "from hongtu.loaders.errors import UsageError\n"
        "try:\n    import hongtu.graph.views.plots\n"
        "except UsageError as error:\n    print(error)"
    )
    printed: Any = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, encoding="utf-8"
    ).stdout
    assert 'pip install "hongtu[notebook]"' in printed


@pytest.mark.parametrize(
    "columns",
    [
        {"name": ["a"], "number": [float("nan")]},
        {"name": ["a"], "number": [float("inf")]},
        {"name": ["a"], "year": [None]},
        {"name": ["a"], "year": ["2025Z"]},
    ],
)
def test_what_cannot_be_drawn_is_told(columns: dict[str, list[Any]]) -> None:
    with pytest.raises(UsageError, match="no rows to draw"):
        chart(pd.DataFrame(columns))


def test_what_is_no_number_is_left_out() -> None:
    ranking = chart(pd.DataFrame({"name": ["a", "b"], "number": [float("inf"), 2.0]}))
    assert [text.get_text() for text in ranking.axes[0].get_yticklabels()] == ["b"]
    dated = pd.DataFrame({"name": ["a", "b"], "year": ["2025Z", "2024"], "value": ["much", "more"]})
    assert [text.get_text() for text in chart(dated).axes[0].get_yticklabels()] == ["b"]
    heat = heat_map(pd.DataFrame({"x": [float("inf"), 2.0]}, index=["a", "b"]))
    assert [text.get_text() for text in heat.axes[0].texts] == ["2"]


@pytest.mark.parametrize(("unit", "arrows"), [("%", True), ("亿元", False)])
def test_a_baseline_of_nothing_has_no_multiple(unit: str, arrows: bool) -> None:
    figures = pd.DataFrame(
        {
            "indicator": ["a", "a"],
            "value": [0, 5],
            "unit": [unit, unit],
            "role": ["baseline", "target"],
            "year": [2020, 2025],
        }
    )
    texts = [text.get_text() for text in timeline(figures).axes[0].texts]
    assert ("0 → 5%" in texts[0]) is arrows
