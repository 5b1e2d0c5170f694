from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.extraction.figure_words import rules
from hongtu.loaders.extraction.figures import Reading, read_figures
from hongtu.loaders.extraction.horizon import Horizon
from hongtu.loaders.extraction.normal import normalise
from hongtu.loaders.extraction.outline import Outline, read_outline

PLAN = Horizon(2021, 2025, "plan")
REPORT = Horizon(2022, 2022, "year")
REVIEW = "云岭县政府工作报告\n一、2021年工作回顾\n"
GOALS = "云岭县政府工作报告\n二、2022年重点工作\n"


def read(text: str, horizon: Horizon) -> list[Reading]:
    view = normalise(text).text
    return read_figures(view, read_outline(view), horizon)


def facts(text: str, horizon: Horizon) -> list[tuple[str, str, str]]:
    return [(r.indicator, str(r.value), r.comparator + r.unit) for r in read(text, horizon)]


@pytest.mark.parametrize(
    "sentence, expected",
    [
        ("高新技术企业达到10家以上。", [("高新技术企业", "10", ">=家")]),
        ("力争全县城镇登记失业率控制在4.2%以内。", [("城镇登记失业率", "4.2", "<=%")]),
        ("居民消费价格涨幅3%左右。", [("居民消费价格涨幅", "3", "~%")]),
        ("建成54处监测站，新建学校12所。", [("监测站", "54", "=处"), ("新建学校", "12", "=所")]),
        ("工业总产值突破千亿元。", [("工业总产值", "1000", ">=亿元")]),
        ("拨付救助资金4亿多元。", [("救助资金", "4", ">=亿元")]),
        ("超10亿元企业达到30户。", [("超10亿元企业", "30", "=户")]),
        (
            "粮食、油料产量分别达到41.6万吨和7.2万吨。",
            [("粮食产量", "41.6", "=万吨"), ("油料产量", "7.2", "=万吨")],
        ),
        (
            "城乡居民收入分别增长6%和8%以上。",
            [("城乡居民收入增长", "6", ">=%"), ("城乡居民收入增长", "8", ">=%")],
        ),
        (
            "接待游客90万人次、旅游收入39亿元，分别增长11%、17%。",
            [
                ("接待游客", "90", "=万人次"),
                ("旅游收入", "39", "=亿元"),
                ("接待游客增长", "11", "=%"),
                ("旅游收入增长", "17", "=%"),
            ],
        ),
        (
            "发放创业贷款1.65亿元、稳岗补贴1.72亿元。",
            [("发放创业贷款", "1.65", "=亿元"), ("稳岗补贴", "1.72", "=亿元")],
        ),
        (
            "新开工保障住房1053套，基本建成270套。",
            [("新开工保障住房", "1053", "=套"), ("保障住房建成", "270", "=套")],
        ),
        ("产出强度达到200万元/亩。", [("产出强度", "200", "=万元/亩")]),
    ],
)
def test_what_a_sentence_counts(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert facts(GOALS + sentence, REPORT) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "推进5G、4A级景区和G341改线。",
        "落实“12条”，出台20条措施。",
        "连续6个月位居第3位。",
        "第5个办事处设在距省城80公里的北镇。",
        "2022年3月15日召开第2次会议。",
    ],
)
def test_names_dates_ordinals_and_policies_are_no_figures(sentence: str) -> None:
    assert read(GOALS + sentence, REPORT) == []


def test_a_change_gives_one_record_per_year_and_its_growth() -> None:
    text = "第一章发展基础\n财政收入从2015年6.5亿元增加到2020年9.2亿元，年均增长6.8%。"
    assert [(r.indicator, r.value, r.year, r.role) for r in read(text, PLAN)] == [
        ("财政收入", Decimal("6.5"), 2015, "baseline"),
        ("财政收入", Decimal("9.2"), 2020, "baseline"),
        ("财政收入年均增长", Decimal("6.8"), 2020, "baseline"),
    ]


def test_a_change_in_the_goals_begins_with_what_was_reached() -> None:
    text = GOALS + "城镇化率从48%提高到50%左右。"
    assert [(r.value, r.year, r.role, r.comparator) for r in read(text, REPORT)] == [
        (Decimal(48), 2021, "baseline", "="),
        (Decimal(50), 2022, "target", "~"),
    ]


def test_the_year_of_the_sentence_goes_before_that_of_the_section() -> None:
    text = GOALS + "新建学校3所。到2025年，城镇化率达到60%；森林覆盖率达到40%。2020年粮食产量7亿斤。"
    assert [(r.year, r.role) for r in read(text, REPORT)] == [
        (2022, "target"),
        (2025, "target"),
        (2025, "target"),
        (2020, "baseline"),
    ]


def test_the_year_that_opens_a_paragraph_holds_over_its_clauses() -> None:
    text = (
        GOALS
        + "到2025年，城镇化率达到60%；体系更加完善；森林覆盖率达到40%；粮食产量9亿斤。新建学校3所。\n新建公园2个。"
    )
    assert [r.year for r in read(text, REPORT)] == [2025, 2025, 2025, 2022, 2022]
    text = GOALS + "到2025年，城镇化率达到60%；到2030年，体系更加完善；森林覆盖率达到40%。"
    assert [r.year for r in read(text, REPORT)] == [2025, 2030]


def test_tables_outside_of_the_plan_are_left_out() -> None:
    table = "指标|单位|2020年|2025年\n粮食产量|万吨|9.6|9.8\n"
    assert read_figures(table, Outline([], []), PLAN) == []
    text = table + "第一章发展目标\n" + table
    start = text.index("第")
    outline = read_outline(text)
    inside = Outline(outline.headings, outline.sentences, (start, len(text) - 1))
    assert [r.start > start for r in read_figures(text, inside, PLAN)] == [True, True]


def test_a_year_of_comparison_is_not_the_year_of_the_figure() -> None:
    (reading,) = read(REVIEW + "地区生产总值较2015年增长40%。", REPORT)
    assert (reading.indicator, reading.year) == ("地区生产总值较2015年增长", 2021)


def test_a_ratio_has_no_value() -> None:
    (reading,) = read(REVIEW + "三次产业结构调整为6.9:44.6:48.5。", REPORT)
    assert (reading.indicator, reading.value, reading.verbatim) == ("三次产业结构", None, "6.9：44.6：48.5")


def test_a_table_of_indicators_is_read_by_its_head() -> None:
    text = "三、主要指标\n指标|单位|2020年|2025年|年均增长\n粮食产量|万吨|9.6|≥9.8|—\n地区生产总值|亿元|90|135|7.5%\n"
    assert [(r.indicator, str(r.value), r.unit, r.year, r.comparator, r.role) for r in read(text, PLAN)] == [
        ("粮食产量", "9.6", "万吨", 2020, "=", "baseline"),
        ("粮食产量", "9.8", "万吨", 2025, ">=", "target"),
        ("地区生产总值", "90", "亿元", 2020, "=", "baseline"),
        ("地区生产总值", "135", "亿元", 2025, "=", "target"),
        ("地区生产总值年均增长", "7.5", "%", 2025, "=", "target"),
    ]


def test_evidence_holds_indicator_and_figure() -> None:
    text = normalise(GOALS + "建成54处监测站，高新技术企业达到10家。").text
    spans = [text[r.start : r.end] for r in read_figures(text, read_outline(text), REPORT)]
    assert spans == ["54处监测站", "高新技术企业达到10家"]


def test_every_list_has_words_and_an_example() -> None:
    for section in rules().values():
        for entry in section.values():
            assert entry["words"].split() and entry["example"]


PIECES = st.sampled_from(
    [
        "新建",
        "企业",
        "达到",
        "增长",
        "分别",
        "2025年",
        "从",
        "到",
        "亿元",
        "公里",
        "以上",
        "指标",
        *"家等和的，。；、：（）“”\n|0125.%万亿",
    ]
)


@given(
    st.lists(PIECES, max_size=40).map("".join), st.sampled_from([PLAN, REPORT, Horizon(2022, 2022, "guide")])
)
def test_any_text_gives_readings_that_cut_their_figure_out_of_the_view(text: str, horizon: Horizon) -> None:
    view = normalise(text).text
    readings = read_figures(view, read_outline(view), horizon)
    for reading in readings:
        assert reading.verbatim in view[reading.start : reading.end]
        assert reading.indicator and 1900 <= reading.year <= 2099
    assert readings == read_figures(view, read_outline(view), horizon)
