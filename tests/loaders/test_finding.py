import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hongtu.loaders.enterprises import Enterprise
from hongtu.loaders.extraction.normal import surface
from hongtu.loaders.finding import Finder, Sentences, evidence_parser
from hongtu.loaders.locations import Location
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.records import Span
from hongtu.loaders.source import read_tables

TEXT = """青禾县发展规划
青禾果业集团建设冷链 仓库，青禾果业投资１２万吨加工线。
华翔产业园扩建；华翔在𠮷岭镇办厂。产量达到112.5万吨，出口2.5万吨。
"""


@pytest.fixture
def finder() -> Finder:
    return Finder(PlanText(TEXT, ""))


def cut(spans: tuple[Span, ...], text: str = TEXT) -> list[str]:
    return [text[span.start : span.end] for span in spans]


def thing(name: str, *aliases: str, evidence: tuple[Span, ...] = ()) -> Enterprise:
    return Enterprise(name=name, aliases=aliases, evidence=evidence)


# Quotations


def test_words_are_found_with_their_line_and_in_the_order_of_the_text(finder: Finder) -> None:
    assert finder.quoted("𠮷岭镇 | 青禾县") == (
        Span(1, 0, 3),
        Span(3, TEXT.index("𠮷"), TEXT.index("𠮷") + 3),
    )


@pytest.mark.parametrize("words", ["冷链仓库", "冷链 仓库", "冷 链仓库"])
def test_blanks_make_no_difference(finder: Finder, words: str) -> None:
    assert cut(finder.quoted(words)) == ["冷链 仓库"]


@pytest.mark.parametrize("words", ["投资12万吨", "投资１２万吨"])
def test_width_makes_no_difference(finder: Finder, words: str) -> None:
    assert cut(finder.quoted(words)) == ["投资１２万吨"]


def test_words_that_are_not_there_are_told_with_the_nearest(finder: Finder) -> None:
    with pytest.raises(
        ValueError, match="no “华翔在吉岭镇办厂”; the nearest is in line 3: “华翔在𠮷岭镇办厂。”"
    ):
        finder.quoted("华翔在吉岭镇办厂")


def test_nothing_is_near_to_words_of_which_only_a_trifle_is_there(finder: Finder) -> None:
    with pytest.raises(ValueError, match="no “跨海大桥建设工程”; copy words"):
        finder.quoted("跨海大桥建设工程")


def test_words_that_stand_twice_are_refused_where_one_sentence_is_meant(finder: Finder) -> None:
    assert len(finder.quoted("青禾果业")) == 2
    with pytest.raises(ValueError, match=r"“青禾果业” stands at 2 places \(lines 2\)"):
        finder.quoted("青禾果业", once=True)


def test_evidence_may_be_places_words_or_nothing(finder: Finder) -> None:
    parse = evidence_parser(finder, once=True)
    assert parse("1:0-3") == parse("青禾县") == (Span(1, 0, 3),)
    assert parse("") == parse(" | ") == ()
    with pytest.raises(ValueError, match="or line:start-end"):
        parse("1:3-0")


@given(st.data())
def test_found_evidence_cuts_exactly_the_quoted_words(data: st.DataObject) -> None:
    text = data.draw(st.text('甲乙丙 \n，。,１2AbＡ“"％%·-\u3000𠮷', min_size=1, max_size=60))
    start = data.draw(st.integers(0, len(text) - 1))
    words = text[start : data.draw(st.integers(start + 1, len(text)))]
    # A cell cannot end in blanks, and not all that can be typed is a word.
    assume(words.strip() and surface(words))
    spans = Finder(PlanText(text, "")).quoted(words)
    assert spans
    for span in spans:
        assert surface(text[span.start : span.end]) == surface(words)
        assert span.line == text.count("\n", 0, span.start) + 1
    assert any(span.start < start + len(words) and start < span.end for span in spans)


# Mentions


def test_an_alias_inside_of_the_name_is_no_mention_of_its_own(finder: Finder) -> None:
    assert cut(finder.mentions(("青禾果业集团", "青禾果业"))) == ["青禾果业集团", "青禾果业"]


def test_a_name_inside_of_the_name_of_another_is_no_mention(finder: Finder) -> None:
    (place,) = finder.mentions(("华翔",), among=["华翔", "华翔产业园"])
    assert place.start == TEXT.index("华翔在")


def test_a_name_that_stands_only_inside_of_another_is_mentioned_there(finder: Finder) -> None:
    assert cut(finder.mentions(("产业园",), among=["产业园", "华翔产业园"])) == ["产业园"]


def test_a_name_that_the_text_does_not_have_is_told_with_the_nearest(finder: Finder) -> None:
    with pytest.raises(ValueError, match="no “青和果业集团” or “青和果业”; the nearest is in line 2"):
        finder.mentions(("青和果业集团", "青和果业"))


# Sentences


def test_a_relation_rests_on_the_sentences_that_have_both_ends_by_any_name(finder: Finder) -> None:
    one, other = thing("青禾果业集团", "青禾果业"), thing("加工线")
    found = Sentences(finder, [one, other]).of_relation(one.reference, other.reference)
    assert cut(found) == ["青禾果业集团建设冷链 仓库，青禾果业投资１２万吨加工线。"]


def test_a_place_that_the_row_gives_counts_as_the_things_name(finder: Finder) -> None:
    factory = thing("华翔铸造厂", evidence=finder.quoted("办厂"))
    town = Location(name="𠮷岭镇", evidence=())
    found = Sentences(finder, [factory, town]).of_relation(factory.reference, town.reference)
    assert cut(found) == ["华翔在𠮷岭镇办厂。"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("华翔产业园扩建。华翔建设华翔产业园。", "华翔建设华翔产业园。"),
        ("华翔产业园扩建。", "华翔产业园扩建。"),
    ],
)
def test_an_end_inside_of_the_other_counts_only_where_they_stand_nowhere_apart(
    text: str, sentence: str
) -> None:
    one = thing("华翔")
    park = Location(name="华翔产业园", evidence=())
    found = Sentences(Finder(PlanText(text, "")), [one, park]).of_relation(one.reference, park.reference)
    assert cut(found, text) == [sentence]


def test_a_place_that_runs_over_sentences_counts_in_each(finder: Finder) -> None:
    one, other = thing("双华", evidence=finder.quoted("华翔产业园扩建；华翔在")), thing("办厂")
    found = Sentences(finder, [one, other]).of_relation(one.reference, other.reference)
    assert cut(found) == ["华翔在𠮷岭镇办厂。"]


def test_ends_without_a_common_sentence_are_told(finder: Finder) -> None:
    one, other = thing("青禾果业集团"), thing("华翔")
    with pytest.raises(ValueError, match="no sentence of the plan has both “青禾果业集团” and “华翔”"):
        Sentences(finder, [one, other]).of_relation(one.reference, other.reference)


def test_a_figure_is_no_part_of_a_longer_number(finder: Finder) -> None:
    assert [place.start for place in finder.figures("2.5万吨")] == [TEXT.index("2.5万吨。")]
    assert finder.figures("5万吨") == finder.figures("112") == ()
    assert cut(Sentences(finder, []).of_figure("112.5万吨", "产量")) == ["产量达到112.5万吨，出口2.5万吨。"]


# Whole tables

NAMES = ("甲厂", "乙公司", "丙集团", "丁社")
PLACES = ("东镇", "西镇", "南乡")


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(PLACES)), min_size=1, max_size=5, unique=True),
    st.lists(st.sampled_from(["全力推进工作。", "效益显著；", "\n"]), max_size=4),
)
def test_tables_made_from_the_words_of_a_text_find_them(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], filling: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    said = [f"{name}在 {place}建厂。" for name, place in pairs]
    text = "".join(["乡县规划。", *filling, *said])
    (folder / "plan.txt").write_text(text, "utf-8")

    def write(name: str, *lines: str) -> None:
        (folder / f"{name}.csv").write_text("\n".join(lines), "utf-8")

    write("规划", "编号,标题,起始年,截止年,所在地", "乡县规划,乡县规划,2021,2025,乡县")
    write("企业", "名称", *sorted({name for name, _ in pairs}))
    write("地点", "名称", "乡县", *sorted({place for _, place in pairs}))
    quotes = ["", *(f"{name}在{place}建厂" for name, place in pairs[1:])]
    write(
        "关系",
        "主体,关系,客体,依据",
        *(f"{name},位于,{place},{quote}" for (name, place), quote in zip(pairs, quotes, strict=True)),
    )
    tables = read_tables(folder)
    assert not tables.problems
    for entity in tables.entities:
        assert len(entity.evidence) == len(re.findall(entity.name, text))
        assert {text[span.start : span.end] for span in entity.evidence} == {entity.name}
    for edge, words, quote in zip(tables.edges, said, quotes, strict=True):
        assert cut(edge.evidence, text) == [words.rstrip("。") if quote else words]
