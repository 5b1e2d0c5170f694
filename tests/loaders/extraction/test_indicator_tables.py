from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.extraction.horizon import Horizon
from hongtu.loaders.extraction.indicator_tables import find_tables, read_table

PLAN = Horizon(2021, 2025, "plan")
HEAD = "指标名称|2020年|2025年|属性\n"


def test_the_unit_may_stand_with_the_name() -> None:
    text = HEAD + "1.粮食产量（万吨）|9.6|10.5|约束性\n"
    (table,) = find_tables(text)
    assert [(r.indicator, r.value, r.unit, r.year) for r in read_table(text, table, PLAN)] == [
        ("粮食产量", Decimal("9.6"), "万吨", 2020),
        ("粮食产量", Decimal("10.5"), "万吨", 2025),
    ]


def test_a_table_without_a_head_of_years_is_none() -> None:
    assert find_tables("项目|单位|规模\n学校|所|3\n") == []


@given(st.lists(st.text("甲9.≥%|—（）\n", max_size=12), max_size=6).map("\n".join))
def test_readings_cut_their_figure_out_of_the_text(rows: str) -> None:
    text = HEAD + rows
    for table in find_tables(text):
        for reading in read_table(text, table, PLAN):
            assert text[reading.start : reading.end].endswith(reading.verbatim)
