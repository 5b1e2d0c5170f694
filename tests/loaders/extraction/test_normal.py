import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.extraction.normal import normalise

TEXTS = st.text(
    st.one_of(st.sampled_from("澄河县建园５5G,，、。:% \t\r\n\u3000\xa0\u200b⼭〇"), st.characters()),
    max_size=200,
)


@given(TEXTS)
def test_every_character_leads_back_to_the_one_it_was(raw: str) -> None:
    normal = normalise(raw)
    assert len(normal.text) == len(normal.offsets)
    assert all(here < following for here, following in zip(normal.offsets, normal.offsets[1:], strict=False))
    for i, character in enumerate(normal.text):
        was = raw[slice(*normal.raw_span(i, i + 1))]
        assert len(was) == 1
        if character == " ":
            assert normalise(was).text in ("", "\n")
        else:
            assert normalise(was).text == character


@given(TEXTS)
def test_what_is_left_out_are_blanks(raw: str) -> None:
    kept = set(normalise(raw).offsets)
    assert all(normalise(raw[i]).text in ("", "\n", "，") for i in range(len(raw)) if i not in kept)


@given(st.text(st.sampled_from("澄河县建设产业园，。；\n25"), max_size=80), st.data())
def test_blanks_between_chinese_characters_change_nothing(words: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words)))
    blank = data.draw(st.sampled_from([" ", "\u3000", "\xa0", "\u200b", "  ", "\ufeff"]))
    assert normalise(words[:at] + blank + words[at:]).text == normalise(words).text


@pytest.mark.parametrize(
    ("raw", "view"),
    [
        ("（一）５Ｇ基站：１２％；", "（一）5G基站：12％；"),
        ("(一)5G基站:12%;", "（一）5G基站：12％；"),
        ("产值 1,778 亿元,增长", "产值1778亿元，增长"),
        ("Wi Fi 全覆盖", "Wi Fi全覆盖"),
        ("保护⼭⽔", "保护山水"),
        ("甲\r\n乙\u2028丙", "甲\n乙\n丙"),
        ("甲\r乙", "甲\n乙"),
        ("在柳湾镇、\r\n石桥乡建园", "在柳湾镇、石桥乡建园"),
    ],
)
def test_view(raw: str, view: str) -> None:
    assert normalise(raw).text == view


PARAGRAPHS = (
    "支持澄河重工在城东工业园建设年产三万台水泵生产线，引进配套企业十二家，力争到二零二五年装备制造业产值达到五十亿元，建成全省重要的水泵产业基地。",
    "在柳湾镇、石桥乡发展苹果种植五万亩，建成冷链物流中心，带动一万二千户农户增收，创建省级现代农业产业园和国家农业产业强镇各一个。",
)


@pytest.mark.parametrize("indent", ["", "　　"])
def test_lines_that_the_page_ended_are_joined(indent: str) -> None:
    lines = ["（一）做强装备制造", PARAGRAPHS[0], "（二）做优特色农业", PARAGRAPHS[1]]
    wrapped = "\n".join(
        "\n".join((indent + line)[i : i + 24] for i in range(0, len(indent + line), 24)) for line in lines * 2
    )
    assert normalise(wrapped).text == "\n".join(lines * 2)


def test_short_lines_of_other_lengths_stay() -> None:
    rows = "\n".join(f"{i}、{'水泵生产线及配套工程建设项目前期' * (i % 3 + 1)}" for i in range(12))
    assert normalise(rows).text == rows


def test_names_of_one_length_stay() -> None:
    names = "\n".join(
        f"澄河县{name}水泵生产线配套工程建设项目" for name in ("城东", "城西", "柳湾", "石桥") * 3
    )
    assert normalise(names).text == names


def test_headings_and_notes_behind_a_full_line_stay_apart() -> None:
    full = PARAGRAPHS[0][:34] + "。"
    lines = [full, "二、做优特色农业", full, "工作回顾", full, "[2]产业链：从种植到销售。", full, "保障措施"]
    assert normalise("\n".join(lines)).text == "\n".join(lines)
