from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.records import Span
from hongtu.loaders.values import (
    format_aliases,
    format_spans,
    one_of,
    parse_aliases,
    parse_confidence,
    parse_figure,
    parse_spans,
    parse_text,
    parse_whole_number,
    parse_year,
)

spans = st.builds(
    lambda line, start, length: Span(line, start, start + length),
    st.integers(1, 999_999_999),
    st.integers(0, 10**11),
    st.integers(1, 10**11),
)
aliases = st.text(min_size=1).filter(lambda alias: "|" not in alias and alias == alias.strip())


@given(st.lists(spans, min_size=1).map(tuple))
def test_spans_survive_the_round_trip(evidence: tuple[Span, ...]) -> None:
    assert parse_spans(format_spans(evidence)) == evidence


@given(st.lists(aliases).map(tuple))
def test_aliases_survive_the_round_trip(names: tuple[str, ...]) -> None:
    assert parse_aliases(format_aliases(names)) == names


@given(st.decimals(min_value=-(10**20), max_value=10**20, allow_nan=False, places=10))
def test_figures_survive_the_round_trip(figure: Decimal) -> None:
    assert parse_figure(format(figure, "f")) == figure


@given(st.integers(0, 10**6))
def test_confidences_from_0_to_1_survive_the_round_trip(millionths: int) -> None:
    confidence = Decimal(millionths) / 10**6
    assert parse_confidence(format(confidence, "f")) == confidence


def test_spans_may_stand_close_or_wide() -> None:
    assert parse_spans(" 1:0-2;3:10-12 ; ") == (Span(1, 0, 2), Span(3, 10, 12))


@pytest.mark.parametrize(
    "cell", ["", ";", "1-2", "0:1-2", "1:2-2", "1:3-2", "1:2", "1:2-3, 1:4-5", "1:-2-3", "1:2–3", "a:b-c"]
)
def test_malformed_spans_are_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"line:start-end \(such as 23:1205-1209\)"):
        parse_spans(cell)


def test_empty_confidence_means_certain() -> None:
    assert parse_confidence("") == 1


@pytest.mark.parametrize("cell", ["1.1", "2", "-0.5", "60%", "high", "0,6", "1e0", "NaN"])
def test_confidence_outside_0_to_1_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="a number from 0 to 1"):
        parse_confidence(cell)


@pytest.mark.parametrize(
    "cell", ["7,2", "1,200", "150亿元", "6.9:44.6:48.5", "NaN", "Infinity", "1e3", "１２", "."]
)
def test_what_is_no_decimal_is_refused_as_figure(cell: str) -> None:
    with pytest.raises(ValueError, match="write digits"):
        parse_figure(cell)


@pytest.mark.parametrize(
    "cell", ["", "25", "20255", "2025年", "0999", "3025", "２０２５", "2025-01-01 00:00:00"]
)
def test_what_is_no_year_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="a year of four digits"):
        parse_year(cell)


@pytest.mark.parametrize("cell", ["", "-1", "1.5", "一", "1" * 5000])
def test_what_is_no_whole_number_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="a whole number"):
        parse_whole_number(cell)


def test_empty_text_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        parse_text("")


def test_word_outside_the_list_is_refused_with_the_list() -> None:
    with pytest.raises(ValueError, match=r"one of target, baseline$"):
        one_of(("target", "baseline"))("goal")


def test_default_stands_for_an_empty_cell_only() -> None:
    parse = one_of(("=", ">="), default="=")
    assert parse("") == "="
    with pytest.raises(ValueError, match="one of =, >="):
        parse(">")


@pytest.mark.parametrize("cell", ["从事", "operates in", "Operates In", "operatesIn"])
def test_what_people_call_a_word_is_taken_for_it(cell: str) -> None:
    assert one_of(("undertakes", "operatesIn"))(cell) == "operatesIn"


def test_what_people_call_another_word_is_refused() -> None:
    with pytest.raises(ValueError, match="one of undertakes"):
        one_of(("undertakes",))("从事")
