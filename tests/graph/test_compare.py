from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.graph import KnowledgeGraph
from hongtu.graph.compare import Comparison, compare, dimension, plain_indicator
from hongtu.loaders.errors import UsageError

TABLES = ("industries", "enterprises", "places", "projects", "targets", "only_in_plan", "only_in_other")


@pytest.fixture(scope="module")
def both() -> Iterator[KnowledgeGraph]:
    """The invented county and the city above it."""
    yield KnowledgeGraph.packaged("sample", "sample-city")


@pytest.fixture
def compared(both: KnowledgeGraph) -> Comparison:
    return compare(both, "澜溪县", "岚江市")


def test_a_plan_is_found_by_place_title_and_iri(both: KnowledgeGraph, compared: Comparison) -> None:
    for name in (compared.plan.iri, str(compared.plan), compared.plan, "澜溪县十四五规划"):
        assert compare(both, name, "岚江市").plan.iri == compared.plan.iri
    with pytest.raises(UsageError, match="the graph holds no plan “澜河县”"):
        compare(both, "澜河县", "岚江市")
    with pytest.raises(UsageError, match="both are 云泽省岚江市国民"):
        compare(both, "岚江市", compared.other)


def test_bodies_are_matched_by_name_alias_and_legal_form_with_the_reason(compared: Comparison) -> None:
    reasons = {
        (str(row["thing"]), str(row["counterpart"])): row["reason"]
        for row in compared.enterprises.to_dict("records")
    }
    assert reasons["恒屹精工", "恒屹精工"] == "same name"
    assert reasons["云岭茶业集团", "云岭茶业"] == "both are called “云岭茶业”"
    assert reasons["远砺汽配", "远砺汽配有限公司"] == "only the legal form differs"
    # 岚江交投集团 and 澜溪交投集团 are two.
    assert not any("交投" in thing for thing, _ in reasons)


def test_nothing_is_merged(both: KnowledgeGraph, compared: Comparison) -> None:
    for row in compared.enterprises.to_dict("records"):
        assert row["thing"].iri.startswith(f"{compared.plan.iri}/")
        assert row["counterpart"].iri.startswith(f"{compared.other.iri}/")


def test_every_row_has_evidence_of_the_plans_it_speaks_of(both: KnowledgeGraph, compared: Comparison) -> None:
    sides = {"evidence": compared.plan, "other_evidence": compared.other}
    for table in TABLES:
        frame = getattr(compared, table)
        columns = [name for name in frame.columns if name in sides]
        assert len(frame) and columns == (["evidence"] if table.startswith("only") else list(sides))
        for name in columns:
            plan = compared.other if table == "only_in_other" else sides[name]
            assert all(passage.iri.startswith(f"{plan.iri}/passage/") for passage in frame[name])


def test_evidence_of_a_body_is_the_first_passage_that_names_it(
    both: KnowledgeGraph, compared: Comparison
) -> None:
    row = compared.enterprises.set_index("thing").loc["恒屹精工"]
    for thing, passage in (("counterpart", "other_evidence"), ("thing", "evidence")):
        iri = row[thing].iri if thing == "counterpart" else f"{compared.plan.iri}/enterprise/恒屹精工"
        first = both.evidence(iri)[0]
        assert row[passage].iri.endswith(f"/{first.start}-{first.end}")


def test_targets_of_one_year_have_difference_and_ratio(compared: Comparison) -> None:
    frame = compared.targets
    (row,) = frame[(frame["indicator"] == "一般公共预算收入") & (frame["year"] == 2025)].to_dict("records")
    assert (row["value"], row["other_value"], row["difference"]) == (16, 130, -114)
    assert row["ratio"] == pytest.approx(16 / 130)
    assert (row["verbatim"], row["other_verbatim"]) == ("16亿元", "130亿元")


def test_figures_are_compared_in_one_unit(compared: Comparison) -> None:
    row = compared.targets.set_index("indicator").loc["年接待游客"]
    assert (row["unit"], row["other_value"], row["other_verbatim"]) == ("万人次", 4500, "0.45亿人次")


def test_figures_of_other_years_stand_side_by_side_without_difference(compared: Comparison) -> None:
    frame = compared.targets
    apart = frame[(frame["year"] != frame["other_year"]) | (frame["role"] != frame["other_role"])]
    assert len(apart) and apart["difference"].isna().all() and apart["ratio"].isna().all()
    alike = frame.drop(apart.index)
    assert alike["difference"].notna().all()
    # The county's figure of 2015 stands beside the city's of 2020: both are baselines.
    (row,) = frame[(frame["indicator"] == "地区生产总值") & (frame["year"] == 2015)].to_dict("records")
    assert (row["other_role"], row["other_year"]) == ("baseline", 2020)


def test_industries_go_by_name_then_by_division(compared: Comparison) -> None:
    rows = {str(row["industry"]): row for row in compared.industries.to_dict("records")}
    assert rows["茶产业"]["reason"] == "same name"
    assert (str(rows["生物质发电"]["counterpart"]), rows["生物质发电"]["reason"]) == (
        "风力发电",
        "same division",
    )
    assert rows["生物质发电"]["division"].iri.endswith("/D44")
    # 制造业 has the section C only, which holds half of all.
    assert "制造业" not in {str(name) for name in compared.industries["counterpart"]}


def test_what_the_city_does_here_without_the_county_saying_so(compared: Comparison) -> None:
    here = {
        str(row["thing"]): str(row["here"])
        for row in compared.only_in_other.to_dict("records")
        if row["here"] is not None
    }
    assert here["澜溪校区"] == "澜溪县"
    assert here["光伏玻璃二期项目"] == "白沙新材料产业园"
    assert "平渡风电场" not in here
    things = {str(thing) for thing in compared.only_in_other["thing"]}
    assert "数字岚江战略" in things
    assert not things & {str(thing) for thing in compared.enterprises["counterpart"]}


def test_the_plans_change_sides(both: KnowledgeGraph, compared: Comparison) -> None:
    turned = compare(both, "岚江市", "澜溪县")
    assert list(turned.only_in_plan["thing"]) == list(compared.only_in_other["thing"])
    pairs = {(row.thing, row.counterpart) for row in compared.projects.itertuples()}
    assert {(row.counterpart, row.thing) for row in turned.projects.itertuples()} == pairs


def test_a_notebook_gets_a_summary_and_the_tables_open_sentences(compared: Comparison) -> None:
    shown = compared._repr_html_()
    assert shown.count("<tr>") == len(TABLES) and "云岭茶业集团" in shown
    assert f"<td>{len(compared.projects)}</td>" in shown
    assert repr(compared).count("\n") == len(TABLES)
    # The sentences of both plans are in the page of the table.
    assert "柳塘工业园区" in compared.enterprises._repr_html_()


def test_units_of_one_dimension_convert() -> None:
    assert dimension("亿元")[1] / dimension("万元")[1] == 10_000
    assert dimension("万千瓦") == ("瓦", 1e7) and dimension("兆瓦") == ("瓦", 1e6)
    assert dimension("公斤") == ("吨", 1e-3)
    assert dimension("百分点") != dimension("%")
    assert dimension("万元/亩") != dimension("万元")
    assert dimension("千米") == ("米", 1e3)
    assert dimension("") == ("", 1)


@given(
    st.sampled_from(["千", "万", "百万", "亿", "万亿"]),
    st.sampled_from(["元", "吨", "公斤", "人次", "亩", "千瓦", "家", "株"]),
)
def test_a_scale_multiplies_a_unit(scale: str, unit: str) -> None:
    size = {"千": 1e3, "万": 1e4, "百万": 1e6, "亿": 1e8, "万亿": 1e12}[scale]
    (base, factor), (scaled_base, scaled_factor) = dimension(unit), dimension(scale + unit)
    assert scaled_base == base and scaled_factor == pytest.approx(size * factor)


@given(st.text("全县市产值（亿）(元)", max_size=10), st.integers(0, 12))
def test_blanks_make_no_other_indicator(name: str, place: int) -> None:
    words = name + "产值"
    assert plain_indicator(words)
    assert plain_indicator(f"{words[:place]} {words[place:]}") == plain_indicator(words)


def test_indicators_are_the_same_but_for_area_brackets_and_blanks() -> None:
    assert plain_indicator("全市 一般公共预算收入（亿元）") == plain_indicator("一般公共预算收入")
    assert plain_indicator("全社会用电量") == "全社会用电量"
