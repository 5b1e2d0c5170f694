import json
import re
from typing import Any

import pandas as pd
import pytest

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.terms import Resource
from hongtu.graph.views.table import answer_table, row_evidence, table_page

HOSTILE = '</script><img src=x onerror=alert(1)>"><b>'


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def columns_of(data: dict[str, Any]) -> list[str]:
    return [column["name"] for column in data["columns"]]


def test_the_column_of_passages_becomes_the_evidence_of_its_rows(sample: KnowledgeGraph) -> None:
    answer = sample.run("show_who_does_what_where")
    data = data_of(table_page(answer))
    assert "evidence" in answer.columns and "evidence" not in columns_of(data)
    assert len(data["rows"]) == len(data["evidence"]) == len(answer)
    for row, numbers in enumerate(data["evidence"]):
        (passage,) = [data["passages"][number] for number in numbers]
        assert passage["line"] == answer["line"].iloc[row]
        assert passage["quote"]
    assert len(data["passages"]) < len(answer), "rows of one sentence share it"


def test_a_row_of_several_passages_shows_them_all(sample: KnowledgeGraph) -> None:
    answer = sample.query(
        "SELECT ?thing ?first ?second { ?thing ht:mentionedIn ?first, ?second . FILTER(STR(?first) < STR(?second)) } LIMIT 5"
    )
    data = data_of(table_page(answer))
    assert columns_of(data) == ["thing"]
    assert [len(numbers) for numbers in data["evidence"]] == [2] * 5


def test_a_column_of_passages_and_other_things_stays_a_column(sample: KnowledgeGraph) -> None:
    answer = sample.query(
        "SELECT ?x { { SELECT ?x { ?x a ht:Passage } LIMIT 2 } UNION { SELECT ?x { ?x a ht:Plan } } }"
    )
    assert row_evidence(answer) == ([], [[], [], []])
    assert columns_of(data_of(table_page(answer))) == ["x"]


def test_without_the_text_a_passage_tells_its_place_only(hongdong: KnowledgeGraph) -> None:
    data = data_of(table_page(hongdong.run("show_who_does_what_where", who="华翔集团")))
    assert data["passages"] and all(passage["quote"] is None for passage in data["passages"])
    assert all(passage["section"] and passage["end"] > passage["start"] for passage in data["passages"])


def test_things_are_kept_once_with_their_iris(sample: KnowledgeGraph) -> None:
    answer = sample.query("SELECT ?who ?project { ?who ht:undertakes ?project } ORDER BY ?who ?project")
    data = data_of(table_page(answer))
    assert len({tuple(thing) for thing in data["things"]}) == len(data["things"])
    read = [[data["things"][cell[0]] for cell in row] for row in data["rows"]]
    assert read == [[[str(cell), cell.iri] for cell in row] for row in answer.itertuples(index=False)]
    assert data["evidence"] is None


def test_cells_of_any_dataframe_reach_the_page() -> None:
    frame = pd.DataFrame(
        {
            "n": [1, 2**60, 3],
            "x": [0.5, float("nan"), float("inf")],
            "yes": [True, False, None],
            "when": [pd.Timestamp("2025-01-02"), pd.NaT, pd.Timestamp("2025-01-04")],
            "text": ["-5", None, HOSTILE],
            "thing": pd.Series([Resource(HOSTILE, "urn:a"), None, Resource("乙", "urn:b")], dtype=object),
        }
    )
    page = table_page(frame)
    assert data_of(page)["rows"] == [
        [1, 0.5, True, "2025-01-02 00:00:00", "-5", [0]],
        [str(2**60), None, False, None, None, None],
        [3, "inf", None, "2025-01-04 00:00:00", HOSTILE, [1]],
    ]
    assert "<img" not in page


def test_a_whole_text_is_cut(sample: KnowledgeGraph) -> None:
    answer = sample.query("SELECT ?plan ?text { ?plan prov:value ?text }")
    whole = answer["text"][0]
    assert len(whole) > 2000
    assert data_of(table_page(answer))["rows"] == [[[0], whole[:1999] + "…"]]


def test_a_chinese_reader_finds_chinese_headings(
    sample: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = sample.run("show_who_does_what_where")
    assert [column["heading"] for column in data_of(table_page(answer))["columns"]][:3] == [
        "who",
        "project",
        "status",
    ]
    monkeypatch.setenv("HONGTU_LANG", "zh")
    data = data_of(table_page(answer))
    assert data["title"] == "谁在哪里做什么"
    assert [column["heading"] for column in data["columns"]][:3] == ["谁", "项目", "进展"]
    assert "在建" in {row[2] for row in data["rows"]} and "ongoing" not in {row[2] for row in data["rows"]}


def test_a_table_of_one_or_two_rows_is_high_enough_for_its_passages_and_no_higher(
    sample: KnowledgeGraph,
) -> None:
    answer = sample.run("show_who_does_what_where")
    heights = {}
    for rows in (1, 2, 3, 30):
        found = re.search(r'style="width:100%;height:(\d+)px', answer_table(answer.head(rows)))
        assert found
        heights[rows] = int(found[1])
        assert data_of(table_page(answer.head(rows)))["open"] is (rows <= 2)
    assert heights[1] < heights[2] < heights[30] == 600
    plain = answer_table(pd.DataFrame({"n": [1]}))
    assert 'style="width:100%;height:150px' in plain


def test_an_empty_table_is_a_page_too() -> None:
    assert data_of(table_page(pd.DataFrame({"a": []})))["rows"] == []
    assert data_of(table_page(pd.DataFrame()))["columns"] == []


def test_the_same_answer_gives_the_same_bytes(sample: KnowledgeGraph) -> None:
    one, two = (answer_table(sample.run("show_who_does_what_where")) for _ in range(2))
    assert one == two and one.startswith("<iframe srcdoc=")
