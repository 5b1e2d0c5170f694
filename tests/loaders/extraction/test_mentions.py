import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.extraction.mentions import (
    KINDS,
    Mention,
    whole,
    with_places,
    with_repeats,
    with_strategies,
)
from hongtu.loaders.extraction.outline import Heading, Outline


def test_own_area_is_named_within_a_longer_name() -> None:
    park = Mention("Location", 0, 8, 0.9)
    found = with_places([park], [(0, 3, "home")])
    assert found == [park, Mention("Location", 0, 3, 0.95)]


def test_far_places_are_left_to_the_tagger() -> None:
    assert with_places([], [(0, 2, "outside 4")]) == []


def test_doubtful_and_short_names_are_not_looked_for_again() -> None:
    text = "云帆股份和云帆股份，甲乙和甲乙"
    mentions = [Mention("Enterprise", 0, 4, 0.5), Mention("Enterprise", 10, 12, 0.9)]
    assert with_repeats(text, mentions) == mentions


@given(
    st.text("云帆股份项目", min_size=1, max_size=40).flatmap(
        lambda text: st.tuples(
            st.just(text),
            st.lists(
                st.tuples(
                    st.sampled_from(KINDS), st.integers(0, len(text) - 1), st.integers(1, 6), st.floats(0, 1)
                )
            ),
        )
    )
)
def test_repeats_keep_all_mentions_and_have_a_name_that_was_there(
    case: tuple[str, list[tuple[str, int, int, float]]],
) -> None:
    text, rows = case
    mentions = [
        Mention(kind, start, min(start + length, len(text)), chance) for kind, start, length, chance in rows
    ]
    known = {(mention.kind, text[mention.start : mention.end]) for mention in mentions}
    found = with_repeats(text, mentions)
    assert set(mentions) <= set(found)
    assert {(mention.kind, text[mention.start : mention.end]) for mention in found} == known


@pytest.mark.parametrize(
    ("cut", "name"),
    [
        ("雪亮工程”", "“雪亮工程”"),
        ("“雪亮工程", "“雪亮工程”"),
        ("二期）", "（二期）"),
        ("GW电池", "3GW电池"),
        ("工程”（二", None),
    ],
)
def test_names_are_whole(cut: str, name: str | None) -> None:
    text = "建设“雪亮工程”（二期）和3GW电池"
    start = text.index(cut)
    found = whole(text, Mention("Project", start, start + len(cut), 0.9))
    assert (found and text[found.start : found.end]) == name


def test_strategies_are_those_of_headings() -> None:
    lines = (
        "第三章实施文旅强县战略打造目的地",
        "（八）农业“特”“优”战略",
        "二、重大战略",
        "正文很长，融入国家战略。",
    )
    text = "\n".join(lines)
    headings = [
        Heading(line, 1, text.index(line), text.index(line) + len(line), past=False) for line in lines[:3]
    ]
    within = Mention("Strategy", text.index("文旅"), text.index("文旅") + 4, 0.9)
    found = with_strategies(text, Outline(headings, [], (0, len(text))), [within])
    assert [text[mention.start : mention.end] for mention in found] == ["文旅强县战略", "农业“特”“优”战略"]
