from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.extraction.normal import NormalText, normalise, surface
from hongtu.loaders.language_model.chunks import Chunk
from hongtu.loaders.language_model.grounding import Grounding

NAMES = ("云禾集团", "“果香古道”行动", "5G+园区", "河湾镇", "𠮷岭, 东区")


def ground(raw: str) -> tuple[NormalText, Grounding]:
    view = normalise(raw)
    return view, Grounding(view, Chunk(0, len(view.text), (), False))


@st.composite
def spaced(draw: st.DrawFn) -> tuple[str, str]:
    """Return a name, and a text that has it with blanks as web pages leave them."""
    name = draw(st.sampled_from(NAMES))
    blanks = st.text(" \u3000\xa0", max_size=2)
    inside = "".join(letter + draw(blanks) for letter in name[:-1]) + name[-1]
    around = st.text("甲乙，。 \n", max_size=8)
    return name, draw(around) + inside + draw(around)


@given(spaced())
def test_place_cuts_the_name_out_of_the_raw_text(case: tuple[str, str]) -> None:
    name, raw = case
    view, grounding = ground(raw)
    place = grounding.mention(name, "")
    assert place is not None
    start, end = view.raw_span(*place)
    assert "".join(raw[start:end].split()) == "".join(name.split())
    assert surface(raw[start:end]) == surface(name)


@given(st.text(max_size=12), st.text(max_size=40), st.text(max_size=12))
def test_every_place_reads_as_the_name(name: str, raw: str, quote: str) -> None:
    view, grounding = ground(raw + name + raw)
    for place in [*grounding.places(name), *filter(None, [grounding.mention(name, quote)])]:
        assert surface(view.text[slice(*place)]) == surface(name) != ""


def test_quotation_comes_before_the_piece() -> None:
    view, grounding = ground("云禾集团建设甲园。推进云禾集团上市。")
    assert grounding.mention("云禾集团", "推进云禾集团") == (11, 15)


def test_name_outside_of_its_quotation_is_looked_for_in_the_piece() -> None:
    _, grounding = ground("云禾集团建设甲园。")
    assert grounding.mention("云禾集团", "不在原文里") == (0, 4)
    assert grounding.mention("丰原公司", "云禾集团建设甲园") is None


def test_repeated_names_take_places_in_order_and_run_out() -> None:
    _, grounding = ground("河湾镇、河湾镇和河湾镇")
    assert [grounding.mention("河湾镇", "和河湾镇")] + [
        grounding.mention("河湾镇", "") for _ in range(3)
    ] == [
        (8, 11),
        (0, 3),
        (4, 7),
        None,
    ]


def test_only_the_piece_is_searched() -> None:
    view = normalise("云禾集团。河湾镇。")
    grounding = Grounding(view, Chunk(5, 9, (), False))
    assert grounding.mention("云禾集团", "") is None
    assert grounding.mention("河湾镇", "") == (5, 8)


def test_like_signs_are_one() -> None:
    view, grounding = ground("推进“雪莲”行动，建设Ｇ5国道(二期)")
    assert [
        view.text[slice(*(grounding.mention(name, "") or (0, 0)))]
        for name in ('"雪莲"行动', "g5国道（二期）")
    ] == [
        "“雪莲”行动",
        "G5国道（二期）",
    ]
