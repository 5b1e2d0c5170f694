import re
import tomllib
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.loaders.extraction.normal import normalise
from hongtu.loaders.extraction.outline import Outline, read_outline, spelled

RULES: dict[str, Any] = tomllib.loads(
    files("hongtu.loaders.extraction").joinpath("outline.toml").read_text(encoding="utf-8")
)
LONG = "支持澄河重工在城东工业园建设年产三万台水泵生产线，力争二零二五年产值达到五十亿元，建成全省重要的水泵产业基地。"


def tree(text: str) -> list[tuple[int, str]]:
    return [(heading.depth, heading.title) for heading in read_outline(normalise(text).text).headings]


def leads(text: str) -> list[str]:
    outline = read_outline(text)
    return list(dict.fromkeys(text[slice(*sentence.lead)] for sentence in outline.sentences if sentence.lead))


@pytest.mark.parametrize("name", RULES)
def test_examples_fit_their_rule(name: str) -> None:
    whole = name in ("imprint", "remain", "closing", "annex")
    for rule in RULES[name] if isinstance(RULES[name], list) else [RULES[name]]:
        for example in rule["examples"]:
            pattern = re.compile(spelled(f"(?:{rule['pattern']})"))
            assert pattern.fullmatch(example) if whole else pattern.search(example), example


# The tree

CHAPTERS = (
    "实施工业强县战略着力做强先进制造",
    "实施乡村振兴战略加快农业农村现代化",
    "坚持绿色发展打造生态宜居家园",
)
SECTIONS = ("提升传统产业", "培育新兴产业", "发展现代服务业", "优化园区布局", "健全要素保障", "完善基础设施")
NUMBERS = (("第{}章", "第{}节"), ("{}、", "（{}）"), ("第{}篇", "{}、"), ("", ""))


def plan(numbers: tuple[str, str], sections: list[int]) -> tuple[str, list[tuple[int, str]]]:
    """Return a plan with these numbers of sections in its chapters, and its tree without numbers."""
    lines, expected = ["澄河县国民经济和社会发展第十四个五年规划"], []
    for i, count in enumerate(sections):
        lines += [numbers[0].format("一二三"[i]) + CHAPTERS[i], LONG]
        expected.append((1, CHAPTERS[i]))
        for j in range(count):
            lines += [
                numbers[1].format("一二三四五六"[j]) + SECTIONS[j],
                "装备制造。" + LONG,
                "新材料。" + LONG,
            ]
            expected.append((2, SECTIONS[j]))
    return "\n".join(lines) + "\n", expected


@given(st.sampled_from(NUMBERS), st.lists(st.integers(1, 6), min_size=2, max_size=3))
def test_tree_is_the_same_with_and_without_numbers(numbers: tuple[str, str], sections: list[int]) -> None:
    text, expected = plan(numbers, sections)
    assert [
        (depth, re.sub("^(?:第.[篇章节]|.、|（.）)", "", title)) for depth, title in tree(text)
    ] == expected


@given(st.sampled_from(NUMBERS), st.lists(st.integers(1, 6), min_size=2, max_size=3), st.data())
def test_tree_is_the_same_with_other_punctuation_and_blanks(
    numbers: tuple[str, str], sections: list[int], data: st.DataObject
) -> None:
    text, _ = plan(numbers, sections)
    half = text.translate(str.maketrans("，（）：；", ",():;")).replace("\n", "\n\n\u3000\u3000")
    blanks = sorted(data.draw(st.sets(st.integers(0, len(half)), max_size=20)), reverse=True)
    for at in blanks:
        half = half[:at] + " " + half[at:]
    assert tree(half) == tree(text)


def test_wrapped_headings_are_one() -> None:
    text = (
        f"第一章 坚决扛起使命 全面建设\n“幸福澄河”新征程\n{LONG}\n第二章 实施创新驱动战略\n着力提升核心竞争能力\n{LONG}\n"
        f"第三章 发展成就\n和2020年工作回顾\n{LONG}\n第四章 为实现“幸福澄河”\n提供坚强保障\n{LONG}\n"
        f"第五章 提升城市功能品质\n优化空间布局\n{LONG}\n"
    )
    assert [title for _, title in tree(text)] == [
        "第一章坚决扛起使命全面建设“幸福澄河”新征程",
        "第二章实施创新驱动战略着力提升核心竞争能力",
        "第三章发展成就和2020年工作回顾",
        "第四章为实现“幸福澄河”提供坚强保障",
        "第五章提升城市功能品质",
        "优化空间布局",
    ]
    outline = read_outline(normalise(text).text)
    assert normalise(text).text[slice(outline.headings[0].start, outline.headings[0].end)].count("\n") == 1


def test_depth_follows_the_nesting_of_numbers() -> None:
    text = f"一、甲类任务\n（一）做强制造\n1.水泵产业\n{LONG}\n2.阀门产业\n{LONG}\n二、乙类任务\n1.苹果产业\n{LONG}\n（一）做优农业\n{LONG}\n"
    assert [depth for depth, _ in tree(text)] == [1, 2, 3, 3, 1, 2, 2]


def test_headings_without_number_stand_above_the_series_that_they_open() -> None:
    text = f"2019年工作回顾\n{LONG}\n一、工业稳步增长\n{LONG}\n二、城乡面貌改善\n{LONG}\n2020年工作安排\n{LONG}\n一、做强工业\n{LONG}\n名词解释：\n1.三区：{LONG}\n"
    outline = read_outline(text)
    assert [(heading.depth, heading.past) for heading in outline.headings] == [
        *((1, True), (2, True), (2, True), (1, False), (2, False), (1, False))
    ]


def test_items_and_rows_are_no_headings() -> None:
    text = (
        f"一、主要指标\n指标|单位|2025年\n生产总值|亿元|135\n1.建成水泵产业园。\n2.新建学校12所。总投资3亿元。\n"
        f"3.责任单位：县教育局\n二、重点项目\n水泵产业园\n阀门厂\n冷库\n果园\n学校\n{LONG}\n三、保障措施\n{LONG}\n县政府\n"
    )
    assert [title for _, title in tree(text)] == ["一、主要指标", "二、重点项目", "三、保障措施"]


def test_table_of_contents_is_not_taken_twice() -> None:
    body = f"第一章 发展基础\n{LONG}\n第二章 重点任务\n第一节 做强工业\n{LONG}\n第三章 保障措施\n{LONG}\n"
    contents = "目 录\n第一章 发展基础……1\n第二章 重点任务……3\n第一节 做强工业……3\n第三章 保障措施……9\n"
    title = "澄河县“十四五”规划\n"
    plain = re.sub("…+\\d+", "", contents)
    assert tree(title + contents + body) == tree(title + plain + body) == tree(title + body)
    assert len(read_outline(normalise(title + contents + body).text).sentences) < 13


# The plan and what stands around it


def test_what_a_web_page_left_is_no_part_of_the_plan() -> None:
    before = "首页 > 规划计划\n收藏\n打印\n澄河县“十四五”规划\n发布时间：2021-03-05 来源：县发改局 浏览次数：31\n字号：大 中 小\n"
    body = f"第一章 发展基础\n{LONG}\n第二章 重点任务\n{LONG * 9}\n"
    after = (
        "附件\n澄河县“十四五”规划.pdf 【下载】\n分享到：微信\n上一篇：财政预算报告\n相关链接：\n温馨提示:\n"
        "1. 未经同意不得转载本站文件。\n2. 本站只提供存储空间，内容由用户负责。\n版权所有 澄河网\n"
    )
    normal = normalise(before + body + after).text
    outline = read_outline(normal)
    assert normal[slice(*outline.body)].startswith("澄河县“十四五”规划\n")
    assert normal[slice(*outline.body)].endswith(LONG)
    words = "".join(normal[sentence.start : sentence.end] for sentence in outline.sentences)
    assert not re.search("收藏|打印|字号|浏览|附件|温馨|转载|版权|存储", words)
    assert [heading.title for heading in outline.headings] == ["第一章发展基础", "第二章重点任务"]


def test_a_plan_about_such_words_stays_whole() -> None:
    text = f"澄河县规划\n第一章 数字政务\n打印收藏等业务网上办。{LONG}\n相关链接产业做强。{LONG}\n第二章 保障措施\n{LONG}\n"
    outline = read_outline(normalise(text).text)
    assert outline.body == (0, len(normalise(text).text) - 1)


# Paragraphs and sentences


def test_lead_phrases_stand_without_number_and_stop() -> None:
    text = (
        "煤炭产业。建设甲矿；建设乙矿。\n一是打造旅游名城。建设景区。\n（一）加快工业转型。做强水泵。\n——综合实力提升。总量增长。\n"
        "总投资：12亿元\n【交通区位】高速公路穿境而过。\n①项目名称：水泵园\n01风电装备：厂房40万平方米\n没有领句的段落，直接写下去，一直写到最后。\n"
    )
    assert leads(text) == [
        "煤炭产业",
        "打造旅游名城",
        "加快工业转型",
        "综合实力提升",
        "总投资",
        "交通区位",
        "项目名称",
        "风电装备",
    ]


def test_sentence_of_the_lead_itself_has_none() -> None:
    outline = read_outline("煤炭产业。建设甲矿；建设乙矿。\n总投资：12亿元\n")
    assert [sentence.lead for sentence in outline.sentences] == [None, (0, 4), (0, 4), (16, 19)]
    assert [sentence.paragraph for sentence in outline.sentences] == [0, 0, 0, 1]


def test_sentences_keep_their_closing_marks() -> None:
    text = "他说“加快建设。”县里建园（由县工信局牵头。）建成投产！\n"
    outline = read_outline(text)
    assert [text[sentence.start : sentence.end] for sentence in outline.sentences] == [
        *("他说“加快建设。”", "县里建园（由县工信局牵头。）", "建成投产！")
    ]


@pytest.mark.parametrize(
    ("title", "past"),
    [
        ("一、2020年工作回顾", True),
        ("一、砥砺前行，2020年经济迈上新台阶", True),
        ("第一章发展基础", True),
        ("一、县域概况", True),
        ("二、2021年重点工作", False),
        ("二、夯实高质量发展基础", False),
        ("一、2020年工作回顾和2021年工作安排", False),
        ("二、“十三五”主要目标完成情况", True),
    ],
)
def test_chapters_that_look_back(title: str, past: bool) -> None:
    outline = read_outline(f"澄河县政府工作报告（2021年1月9日）\n{title}\n{LONG}\n（一）产业发展\n{LONG}\n")
    assert [heading.past for heading in outline.headings] == [past, past]


# Any text

LINES = st.sampled_from(
    [
        *(
            "第一章 甲",
            "一、乙类任务",
            "（一）丙。丁。",
            "1.戊",
            "发展成就",
            "收藏",
            "附件：",
            "目录",
            "温馨提示：",
            "各位代表！",
        ),
        *("实施工业战略", "着力做强", LONG, "a|b|c", "——", "。。", "“", "专栏1", "1.2 丁", "", "名词解释"),
    ]
)


def check(text: str) -> Outline:
    outline = read_outline(text)
    assert 0 <= outline.body[0] <= outline.body[1] <= len(text)
    starts = [heading.start for heading in outline.headings]
    assert starts == sorted(set(starts))
    for heading in outline.headings:
        assert outline.body[0] <= heading.start < heading.end <= outline.body[1]
        assert heading.depth >= 1
        assert text[heading.start : heading.end].replace("\n", "").startswith(heading.title)
    end = 0
    for sentence in outline.sentences:
        assert end <= sentence.start < sentence.end <= outline.body[1]
        assert "\n" not in text[sentence.start : sentence.end]
        assert sentence.heading == sum(start <= sentence.start for start in starts) - 1
        if sentence.lead:
            assert sentence.lead[0] < sentence.lead[1] < sentence.end
        end = sentence.end
    return outline


@settings(max_examples=200)
@given(
    st.lists(
        st.one_of(LINES, st.text(st.sampled_from("甲乙，。；：（一）1.、“”|\n"), max_size=50)), max_size=40
    )
)
def test_offsets_hold_in_any_text(lines: list[str]) -> None:
    check(normalise("\n".join(lines)).text)


@given(st.text(max_size=200))
def test_any_characters_are_read(text: str) -> None:
    check(normalise(text).text)
