import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.errors import InputError
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.records import Span

ENDS = set("。！？；;!?\n")

# What plans are made of: sentences, blanks of all kinds, empty lines, characters beyond the BMP.
texts = st.text(
    st.sampled_from("甲乙𠮷😀 a.。！？；;!?\n\r\t\u3000\ufeff") | st.characters(exclude_categories=["Cs"]),
    min_size=1,
)


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[PlanText, Span]:
    text = PlanText(draw(texts), "")
    start = draw(st.integers(0, len(text.text) - 1))
    return text, text.span(start, draw(st.integers(start + 1, len(text.text))))


@given(texts_with_spans())
def test_quotation_is_the_span_within_its_sentence(case: tuple[PlanText, Span]) -> None:
    text, span = case
    sentence = text.sentence(span.start, span.end)
    before, exact, after = text.quote(span)
    assert exact == text.text[span.start : span.end]
    assert before + exact + after == text.text[sentence.start : sentence.end]
    assert sentence.start <= span.start < span.end <= sentence.end


@given(texts_with_spans())
def test_sentence_has_no_blanks_or_sentence_ends_around_the_span(case: tuple[PlanText, Span]) -> None:
    text, span = case
    before, _, after = text.quote(span)
    assert before == before.lstrip()
    assert after == after.rstrip()
    assert not ENDS & set(before)
    assert not ENDS & set(after[:-1])


@given(texts_with_spans())
def test_line_of_a_span_is_counted_by_line_feeds(case: tuple[PlanText, Span]) -> None:
    text, span = case
    assert span.line == text.text[: span.start].count("\n") + 1


def test_sentence_ends_at_full_stop_and_line_end() -> None:
    text = PlanText("甲一。甲二\n\n 甲三；甲四！甲五", "")
    quotes = {n: text.quote(text.span(text.text.index(n), text.text.index(n) + 1)) for n in "一二三四五"}
    assert quotes == {
        "一": ("甲", "一", "。"),
        "二": ("甲", "二", ""),
        "三": ("甲", "三", "；"),
        "四": ("甲", "四", "！"),
        "五": ("甲", "五", ""),
    }


def test_span_over_two_sentences_keeps_both_whole() -> None:
    text = PlanText("甲乙。丙丁。戊己。", "")
    assert text.quote(text.span(1, 4)) == ("甲", "乙。丙", "丁。")


def test_span_outside_of_the_text_is_an_input_error() -> None:
    with pytest.raises(InputError, match=r"evidence 1:2-9 lies outside of the text \(3 characters\)"):
        PlanText("一二三", "").quote(Span(1, 2, 9))
