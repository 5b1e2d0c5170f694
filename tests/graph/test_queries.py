import re

import pytest
import rdflib

from hongtu.graph import KnowledgeGraph
from hongtu.graph.queries import query_names, read_query
from hongtu.graph.sparql.rewriting import bind, declare_prefixes
from hongtu.loaders.errors import UsageError
from hongtu.loaders.relations import KINDS

PARAMETERS: dict[str, dict[str, object]] = {
    "explain_statement": {
        "subject": "华翔集团",
        "predicate": "undertakes",
        "object": "Project:华翔智能制造产业园",
    },
    "find_mentions": {"text": "华翔"},
    "find_paths": {"start": "华翔集团", "end": "新能源产业集群"},
    "find_things": {"text": "华翔"},
    "list_neighbours": {"thing": "华翔集团"},
    "list_projects_of_sector": {"sector": "制造业"},
    "list_targets_by_strategy": {"year": 2025},
    "show_evidence": {
        "subject": "华翔集团",
        "predicate": "undertakes",
        "object": "Project:华翔智能制造产业园",
    },
    "show_mentions": {"thing": "华翔集团"},
}
"""What queries with required parameters are asked."""

MAY_BE_EMPTY = {"list_edges_without_evidence"}


@pytest.mark.parametrize("name", query_names())
def test_head_is_complete(name: str) -> None:
    query = read_query(name)
    assert set(query.titles) == set(query.questions) == {"zh", "en"}
    assert all(query.titles.values()) and all(query.questions.values()) and query.answer
    for parameter in query.parameters:
        assert parameter.kind in {"thing", "text", "predicate", "year", "sector"} or set(
            parameter.kind.split("|")
        ) <= set(KINDS)
        assert f"?{parameter.name}" in query.sparql


@pytest.mark.parametrize("name", query_names())
def test_query_answers_on_hongdong(hongdong: KnowledgeGraph, name: str) -> None:
    parameters = PARAMETERS.get(name, {})
    frame = hongdong.run(name, **parameters)
    assert len(frame) or name in MAY_BE_EMPTY
    # What stands in brackets explains a column.
    columns = re.sub(r"\([^()]*\)", "", read_query(name).answer).split(";")[0].split(",")
    assert list(frame.columns) == [column.strip() for column in columns]


def test_a_wrong_name_is_told_the_nearest() -> None:
    with pytest.raises(UsageError, match="nearest are: list_partners"):
        read_query("list_partner")


def test_parameters_are_checked(hongdong: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="list_neighbours needs thing"):
        hongdong.run("list_neighbours")
    with pytest.raises(UsageError, match="has no parameter colour; it has: who"):
        hongdong.run("list_partners", colour="red")
    with pytest.raises(UsageError, match="list_plans has no parameter x; it has: none"):
        hongdong.run("list_plans", x=1)


def test_who_works_in_an_industry_and_where(sample: KnowledgeGraph) -> None:
    frame = sample.run("list_bodies_of_industry", industry="再生资源利用产业")
    assert frame[["who", "project", "places"]].values.tolist() == [
        ["绿环再生公司", None, "柳塘工业园区"],
        ["绿环再生公司", "工业固废综合利用项目", "柳塘工业园区"],
    ]
    assert set(frame["line"]) == {76}


def test_who_is_at_a_place_and_within_it(sample: KnowledgeGraph) -> None:
    frame = sample.run("list_bodies_of_place", place="岚澜铁路")
    assert frame[["who", "project", "at"]].values.tolist() == [
        ["澜溪交投集团", "澜溪公铁联运物流港", "澜溪站"]
    ]
    frame = sample.run("list_bodies_of_place", place="柳塘工业园区")
    assert {"恒屹精工", "绿环再生公司"} <= set(frame["who"][frame["project"].isna()])


def test_projects_of_a_place_and_within_it(sample: KnowledgeGraph) -> None:
    frame = sample.run("list_projects_of_place", place="云头乡")
    assert frame[["project", "status", "who", "industries"]].values.tolist() == [
        ["“茶园托管”模式", "ongoing", None, None],
        ["云头茶马古道", "planned", "澜溪文旅集团", "茶旅融合"],
        ["古茶树种质资源圃", "supported", "云岭茶业集团", "茶产业"],
        ["高山有机茶基地", "planned", None, "茶产业"],
    ]
    assert sample.run("list_projects_of_place", place="云泽省")["at"].tolist() == ["岚江市"]


def test_industries_of_a_strategy_and_through_whom(sample: KnowledgeGraph) -> None:
    frame = sample.run("list_industries_of_strategy", strategy="乡村振兴战略")
    found = frame.set_index("industry")[["projects", "bodies"]].T.to_dict("list")
    assert found["农业服务"] == [None, "澜溪农业服务公司"]
    assert found["粮食生产"] == ["高标准农田建设工程", None]


def test_the_plans_own_place_stands_for_all_of_the_plan(hongdong: KnowledgeGraph) -> None:
    assert len(hongdong.who(place="洪洞县")) == len(hongdong.who())
    assert len(hongdong.who(place="甘亭工业园区")) < len(hongdong.who())


def test_a_query_is_called_by_its_title_too(hongdong: KnowledgeGraph) -> None:
    assert (
        read_query("谁在哪里做什么")
        is read_query("Who does what where")
        is read_query("show_who_does_what_where")
    )


def test_figures_of_one_kind_compare_in_their_base_unit() -> None:
    kg = KnowledgeGraph.packaged("sample", "sample-city")
    frame = kg.run("list_targets_in_base_units", year=2025)
    money = frame[frame["base"] == "yuan"]
    assert {"亿元", "万元"} <= set(money["unit"])
    assert list(money["amount"]) == sorted(money["amount"], reverse=True)
    bearings = money[money["unit"] == "万元"].iloc[0]
    assert (bearings["value"], bearings["amount"]) == (2_600_000, 26_000_000_000)
    tea = frame[(frame["indicator"] == "茶园面积") & (frame["value"] == 75)].iloc[0]
    assert (tea["base"], round(tea["amount"])) == ("square metres", 500_000_000)


def test_figures_without_a_known_unit_stay_as_they_are(hongdong: KnowledgeGraph) -> None:
    frame = hongdong.run("list_targets_in_base_units")
    assert len(frame) == len(hongdong.run("list_targets"))
    unknown = frame[frame["base"].isna()]
    assert set(unknown["unit"]) == {"", "大"}
    assert unknown["amount"].isna().all()
    assert list(frame.index[frame["base"].isna()]) == list(frame.index[-len(unknown) :])


def test_things_are_counted_by_section_and_division(sample: KnowledgeGraph) -> None:
    columns = ["code", "industries", "bodies", "projects"]
    rows = sample.run("count_things_by_sector")[columns].values.tolist()
    assert ["C", 15, 13, 20] in rows and ["C30", 2, 4, 6] in rows
    assert {len(row[0]) for row in rows} == {1, 3}


def test_projects_of_a_sector_by_name_or_code(sample: KnowledgeGraph) -> None:
    frame = sample.run("list_projects_of_sector", sector="制造业")
    assert frame["project"].nunique() == 20
    for sector in ("C", " Manufacturing ", frame["sector"][0]):
        assert sample.run("list_projects_of_sector", sector=sector).equals(frame)
    assert set(sample.run("list_projects_of_sector", sector="C42")["project"]) == {"工业固废综合利用项目"}
    with pytest.raises(UsageError, match="nothing of GB/T 4754 is called “制造”.*nearest"):
        sample.run("list_projects_of_sector", sector="制造")


def test_projects_are_counted_up_to_county_city_and_province(hongdong: KnowledgeGraph) -> None:
    frame = hongdong.run("count_projects_by_area")
    counts: dict[str, int] = dict(zip(frame["code"], frame["projects"], strict=True))
    assert 0 < counts["141024"] <= counts["141000"] <= counts["140000"]
    assert counts["140000"] <= len(hongdong.query("SELECT DISTINCT ?p { ?p a ht:Project }"))


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("count_things_by_sector", {}),
        ("list_projects_of_sector", {"sector": "C42"}),
        (
            "explain_statement",
            {"subject": "澜溪公铁联运物流港", "predicate": "locatedIn", "object": "岚澜铁路"},
        ),
    ],
)
def test_roll_ups_and_explanations_run_in_rdflib(
    sample: KnowledgeGraph, name: str, given: dict[str, object]
) -> None:
    graph = rdflib.Graph()
    for subject, predicate, object_, _ in sample.to_rdflib().quads():
        graph.add((subject, predicate, object_))
    query = read_query(name)
    text = declare_prefixes(bind(query.sparql, sample.bindings(query, given)))
    assert len(graph.query(text)) == len(sample.run(name, **given)) > 0
