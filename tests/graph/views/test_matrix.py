import json
import re
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import Network, to_networkx
from hongtu.graph.terms import Resource
from hongtu.graph.views.matrix import Entry, Matrix, answer_matrix, matrix, network_matrix
from hongtu.loaders.errors import UsageError

HOSTILE = '</script><img src=x onerror=alert(1)>"><b>'


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


@pytest.fixture
def network() -> Network:
    """A county with a town that has a village; a mill in the village, a partner of another firm."""
    network: Network = nx.MultiDiGraph()
    kinds = {
        "Enterprise": ["Tea Co", "Partner Co"],
        "Project": ["mill", "garden"],
        "Industry": ["tea", "glass"],
        "Location": ["village", "town", "county", "province"],
        "Strategy": ["growth"],
    }
    for kind, names in kinds.items():
        for name in names:
            network.add_node(name, kind=kind, label=name)
    edges = [
        ("Tea Co", "undertakes", "mill"),
        ("Tea Co", "undertakes", "garden"),
        ("Tea Co", "operatesIn", "tea"),
        ("Tea Co", "partnersWith", "Partner Co"),
        ("Partner Co", "operatesIn", "glass"),
        ("mill", "inIndustry", "tea"),
        ("mill", "locatedIn", "village"),
        ("garden", "locatedIn", "town"),
        ("garden", "inIndustry", "tea"),
        ("mill", "implements", "growth"),
        ("village", "within", "town"),
        ("town", "within", "county"),
        ("county", "within", "province"),
        ("province", "within", "county"),
    ]
    for number, (source, key, target) in enumerate(edges):
        network.add_edge(source, target, key, label=key, passages=[{"line": number}])
    return network


def counts(made: Matrix) -> dict[tuple[str, str], int]:
    frame = made.to_frame()
    return {
        (row, column): int(frame.loc[row, column])
        for row in frame.index
        for column in frame.columns
        if frame.loc[row, column]
    }


def test_an_enterprise_meets_an_industry_by_its_own_edge_and_by_its_projects(network: Network) -> None:
    made = network_matrix(network, "Enterprise", "Industry", ("who", "industry"))
    assert counts(made) == {("Tea Co", "tea"): 3, ("Partner Co", "glass"): 1}
    entries = made.cells[0, 0]
    assert {entry.what for entry in entries} == {"Tea Co tea operatesIn", "mill", "garden"}
    mill = next(entry for entry in entries if entry.what == "mill")
    assert mill.lines == ("Tea Co — undertakes → mill", "mill — inIndustry → tea")
    assert mill.passages == [{"line": 0}, {"line": 5}]


def test_a_partners_industry_is_not_ones_own(network: Network) -> None:
    assert ("Tea Co", "glass") not in counts(network_matrix(network, "Enterprise", "Industry", ("", "")))


def test_a_place_counts_what_lies_within_it_once(network: Network) -> None:
    made = network_matrix(network, "Enterprise", "Location", ("", ""))
    assert counts(made) == {("Tea Co", "town"): 2, ("Tea Co", "village"): 1}
    inner = next(entry for entry in made.cells[0, 0] if entry.what == "mill")
    assert inner.lines[-1] == "village — within → town"


def test_a_wider_place_that_repeats_one_within_is_left_out(network: Network) -> None:
    assert "county" not in network_matrix(network, "Enterprise", "Location", ("", "")).columns
    network.add_edge("mill", "county", "locatedIn")
    assert "county" in network_matrix(network, "Enterprise", "Location", ("", "")).columns


def test_rows_and_columns_can_be_turned(network: Network) -> None:
    one = counts(network_matrix(network, "Industry", "Location", ("", "")))
    other = counts(network_matrix(network, "Location", "Industry", ("", "")))
    assert one == {(column, row): count for (row, column), count in other.items()}
    assert one[("tea", "town")] == 2


def test_order_is_by_totals_of_different_things_then_by_name() -> None:
    same = Entry("same", ("x",))
    made = Matrix(
        [
            ("a", "1", same),
            ("a", "2", same),
            ("c", "1", Entry("p", ())),
            ("c", "1", Entry("q", ())),
            ("b", "3", same),
        ],
        names=("", ""),
    )
    assert made.rows == ["c", "a", "b"]
    assert made.columns == ["1", "2", "3"]
    assert made.to_frame().to_numpy().tolist() == [[2, 0, 0], [1, 1, 0], [0, 0, 1]]


def test_things_of_one_name_stay_apart() -> None:
    one, two = Resource("桥", "urn:1"), Resource("桥", "urn:2")
    made = Matrix([(one, "x", Entry("p", ())), (two, "x", Entry("q", ()))], names=("", ""))
    assert made.to_frame().shape == (2, 1)


def test_every_count_of_the_sample_opens_a_sentence(sample: KnowledgeGraph) -> None:
    for rows, columns in [("Enterprise", "Industry"), ("Industry", "Location"), ("Strategy", "Location")]:
        made = matrix(sample, rows, columns)
        entries = [entry for found in made.cells.values() for entry in found]
        assert entries and all(entry.passages and entry.passages[0]["quote"] for entry in entries)
        assert made.to_frame().to_numpy().sum() == len(entries)


def test_direct_edges_agree_with_the_graph(sample: KnowledgeGraph) -> None:
    wanted = {
        (row.who.iri, row.industry.iri)
        for row in sample.query(
            """SELECT DISTINCT ?who ?industry { ?who a ht:Enterprise .
               { ?who ht:operatesIn ?industry } UNION { ?who ht:undertakes/ht:inIndustry ?industry } }"""
        ).itertuples()
    }
    made = matrix(sample)
    found = {(made.rows[row].iri, made.columns[column].iri) for row, column in made.cells}  # type: ignore[attr-defined]
    assert found == wanted


def test_an_answers_matrix_counts_its_rows_and_opens_their_sentences(sample: KnowledgeGraph) -> None:
    answer = sample.run("show_who_does_what_where")
    made = answer_matrix(answer)
    assert made.names == ("who", "project")
    assert sum(len(entries) for entries in made.cells.values()) == len(answer)
    assert all(entry.passages[0]["quote"] for entries in made.cells.values() for entry in entries)
    by_status = answer_matrix(answer, "who", "status")
    assert by_status.to_frame().sum().to_dict() == answer["status"].value_counts().to_dict()


def test_a_chinese_reader_finds_a_matrix_in_chinese(
    sample: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    made = answer_matrix(sample.run("show_who_does_what_where"), "who", "status")
    assert made.names == ("谁", "进展")
    assert set(made.columns) <= {"已完成", "在建", "规划", "支持", "探索"}


def test_what_cannot_be_a_matrix_says_what_can(sample: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="no kind is called “Firm”; there are: Strategy, Project"):
        matrix(sample, "Firm")
    with pytest.raises(UsageError, match="two columns of things; .* there are: a, b"):
        answer_matrix(pd.DataFrame({"a": [1], "b": ["x"]}))
    answer = sample.run("show_who_does_what_where")
    with pytest.raises(UsageError, match="no column is called “town”; there are: who"):
        answer_matrix(answer, "who", "town")
    with pytest.raises(UsageError, match="evidence holds passages"):
        answer_matrix(answer, "who", "evidence")


def test_kinds_that_never_meet_are_told() -> None:
    network: Network = nx.MultiDiGraph()
    network.add_node("a", kind="Enterprise", label="a")
    with pytest.raises(UsageError, match="nothing of kind Enterprise meets anything of kind Industry"):
        network_matrix(network, "Enterprise", "Industry", ("", ""))


def test_page_keeps_hostile_names_as_data_and_is_the_same_twice(tmp_path: Path) -> None:
    made = Matrix([(HOSTILE, HOSTILE, Entry("p", (HOSTILE,)))], names=(HOSTILE, "x"), title=HOSTILE)
    page = made.generate_html()
    assert "<img" not in page and "<b>" not in page
    assert data_of(page)["rows"] == [[HOSTILE, None]]
    assert data_of(page)["cells"] == [[0, 0, [[0, [HOSTILE], []]]]]
    assert page == made.generate_html()
    made.write_html(tmp_path / "matrix.html")
    assert (tmp_path / "matrix.html").read_text("utf-8") == page


def test_the_network_in_another_order_gives_the_same_matrix(sample: KnowledgeGraph) -> None:
    network = to_networkx(sample)
    turned: Network = nx.MultiDiGraph()
    turned.add_nodes_from(reversed(list(network.nodes(data=True))))
    for source, target, key in reversed(list(network.edges(keys=True))):
        turned.add_edge(source, target, key, **network.edges[source, target, key])
    one, other = (network_matrix(n, "Industry", "Location", ("", "")).to_frame() for n in (network, turned))
    pd.testing.assert_frame_equal(one, other)
