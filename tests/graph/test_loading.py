"""Plans loaded by their files alone: tables with their text, and a text with what a person corrected."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.graph import KnowledgeGraph
from hongtu.graph.loading import replace_graphs
from hongtu.loaders.errors import UsageError

TEXT = "青禾县果业规划\n青禾果业公司在河湾镇建设冷链仓库。果品公司在河湾镇建设果品市场。\n"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """The text of a plan."""
    (tmp_path / "plan.txt").write_text(TEXT, "utf-8")
    return tmp_path / "plan.txt"


@pytest.fixture
def tables(plan: Path) -> Path:
    """Tables beside the text, as one types them."""
    for name, rows in {
        "规划": "编号,标题,起始年,截止年,所在地\n果业规划,青禾县果业规划,2021,2025,青禾县\n",
        "项目": "名称\n冷链仓库\n",
        "企业": "名称\n青禾果业公司\n",
        "地点": "名称\n青禾县\n",
        "关系": "主体,关系,客体\n青禾果业公司,承担,冷链仓库\n",
    }.items():
        (plan.parent / f"{name}.csv").write_text(rows, "utf-8")
    return plan.parent


def test_tables_are_loaded_with_the_text_beside_them_or_given(tables: Path, plan: Path) -> None:
    beside, given = KnowledgeGraph.open(), KnowledgeGraph.open()
    assert not beside.load_tables(tables).problems
    plan.rename(tables / "other.txt")
    given.load_tables(tables, text=tables / "other.txt")
    (graph,) = given.plan_graphs()
    one, other = (set(kg.store.quads_for_pattern(None, None, None, graph)) for kg in (beside, given))
    assert one == other
    (passage,) = given.evidence("青禾果业公司", "undertakes", "冷链仓库")
    assert passage.quote == "青禾果业公司在河湾镇建设冷链仓库。"


def test_what_was_corrected_is_loaded_instead_of_what_was_read(plan: Path) -> None:
    kg, review = KnowledgeGraph.open(), plan.parent / "review"
    kg.load_plan(plan, review=review)
    with (review / "projects.csv").open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerow(["果品市场建设"] + [""] * 3 + ["建设果品市场"])
    kg.load_plan(plan, corrections=review)
    (passage,) = kg.project("果品市场建设").mentions
    assert passage.quote == "建设果品市场"


def test_tables_for_review_are_never_overwritten(plan: Path) -> None:
    kg = KnowledgeGraph.open()
    kg.load_plan(plan, review=plan.parent / "review")
    with pytest.raises(UsageError, match="not overwritten"):
        kg.load_plan(plan, review=plan.parent / "review")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), st.sampled_from(["zh", None]))
def test_a_graph_is_replaced_whatever_its_literals_hold(text: str, language: str | None) -> None:
    store, graph, old = ox.Store(), ox.NamedNode("urn:x:g"), ox.Literal("old")
    store.add(ox.Quad(graph, graph, old, graph))
    quads = [ox.Quad(ox.BlankNode(), graph, ox.Literal(text, language=language), graph)]
    replace_graphs(store, [graph], quads)
    assert [quad.object for quad in store] == [quads[0].object]


def test_a_replacement_that_fails_leaves_what_was_there() -> None:
    store, graph = ox.Store(), ox.NamedNode("urn:x:g")
    before = ox.Quad(graph, graph, graph, graph)
    store.add(before)

    def cut_off() -> Iterator[ox.Quad]:
        yield ox.Quad(graph, graph, ox.Literal("new"), graph)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace_graphs(store, [graph], cut_off())
    assert list(store) == [before]
