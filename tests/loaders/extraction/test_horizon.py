import pytest

from hongtu.loaders.extraction.horizon import Horizon, find_horizon, last_of_five, read_periods
from hongtu.loaders.extraction.outline import read_outline


@pytest.mark.parametrize(
    "title, text, expected",
    [
        ("云岭县国民经济和社会发展第十四个五年规划和二○三五年远景目标纲要", "", (2021, 2025, "plan")),
        ("云岭县“十三五”旅游发展规划", "", (2016, 2020, "plan")),
        ("云岭县数字经济行动计划（2023—2026年）", "", (2023, 2026, "plan")),
        ("云岭县2023年重点工作任务", "", (2023, 2023, "year")),
        ("云岭市政府工作报告（2022年12月21日）", "", (2023, 2023, "year")),
        ("云岭县政府工作报告", "——二○二二年一月十日在会上\n", (2022, 2022, "year")),
        ("政府工作报告", "各位代表：\n一、2021年及本届政府工作回顾\n", (2022, 2022, "year")),
        ("云岭县招商引资指南（2024版）", "", (2024, 2024, "guide")),
        ("云岭县概况", "2021年人口3万人。" * 300, (2021, 2021, "guide")),
        ("云岭县", "没有年份。", (2021, 2025, "plan")),
    ],
)
def test_horizon(title: str, text: str, expected: tuple[int, int, str]) -> None:
    assert find_horizon(title, text) == Horizon(*expected)


def test_five_years() -> None:
    assert (last_of_five("十二"), last_of_five("十五")) == (2015, 2030)


@pytest.mark.parametrize(
    "heading, expected",
    [
        ("一、2021年工作回顾", (2021, "baseline")),
        ("一、过去五年工作回顾", (2021, "baseline")),
        ("二、今后五年主要任务", (2026, "target")),
        ("二、“十四五”时期目标任务", (2025, "target")),
        ("三、2022年重点工作", (2022, "target")),
        ("三、扎实做好开局之年各项工作", (2022, "target")),
        ("二、奋力开启现代化建设新征程", (2022, "target")),
    ],
)
def test_a_heading_tells_the_period_of_a_report(heading: str, expected: tuple[int, str]) -> None:
    text = f"云岭县政府工作报告\n{heading}\n建设学校三所，办好人民满意的教育，守好民生底线。\n"
    period = read_periods(text, read_outline(text), Horizon(2022, 2022, "year"))[-1]
    assert (period.year, period.role) == expected


def test_a_paragraph_that_looks_ahead_begins_the_goals() -> None:
    text = "云岭县政府工作报告\n过去一年，建成学校三所，很好。\n今年，我们将重点建设学校五所，办好教育。\n"
    periods = read_periods(text, read_outline(text), Horizon(2022, 2022, "year"))
    assert [period.role for period in periods] == ["baseline", "baseline", "target"]


def test_a_guide_describes_what_is_there_and_projects_to_come() -> None:
    text = "云岭县招商指南\n资源条件：土地百亩。\n建设内容：新建厂房。\n"
    periods = read_periods(text, read_outline(text), Horizon(2022, 2022, "guide"))
    assert [period.role for period in periods] == ["baseline", "baseline", "target"]
