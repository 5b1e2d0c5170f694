"""Names that CSV, XML and Excel would take for something else are written so that they come back."""

import csv
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import networkx as nx
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.graph import KnowledgeGraph
from hongtu.graph.export import export
from hongtu.loaders.enterprises import Enterprise
from hongtu.loaders.locations import Location
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.plans import Plan
from hongtu.loaders.projects import Project
from hongtu.loaders.records import Reference, Span
from hongtu.loaders.relations import Edge
from hongtu.loaders.source import PlanTables
from hongtu.loaders.targets import Figure, Target


def hard(characters: str) -> st.SearchStrategy[str]:
    return st.text(st.sampled_from(characters), min_size=1, max_size=6).filter(
        lambda name: name == name.strip()
    )


HARD = "甲乙a1=+-@'\"\\,;；<&>_𠮷"


def graph_of(company: str, project: str, alias: str, text: str) -> KnowledgeGraph:
    """Return the graph of a plan with this text, in which a company undertakes a project that has a target."""
    sure: dict[str, Any] = {"confidence": Decimal("0.6"), "evidence": (Span(1, 0, 1),)}
    plan = {"id": "某县规划", "title": "某县规划", "sha256": "a" * 64, "home": "某县", "source": ""}
    target: dict[str, Any] = {
        "indicator": "面积",
        "verbatim": "1.50亩",
        "unit": "亩",
        "comparator": ">=",
        "role": "target",
    }
    about = Reference("Project", project)
    tables = PlanTables(
        Plan(first_year=2021, last_year=2025, **plan),
        entities=[
            Project(name=project, aliases=(alias,), status="planned", **sure),
            Enterprise(name=company, **sure),
            Location(name="某县", admin_code="149999", **sure),
        ],
        edges=[
            Edge(
                subject=Reference("Enterprise", company),
                predicate="undertakes",
                object=about,
                status="",
                **sure,
            )
        ],
        figures=[
            Figure(
                subject=about,
                target=Target(
                    value=Decimal("1.5"), year=2025, subject=project, subject_type="Project", **target, **sure
                ),
            )
        ],
    )
    kg = KnowledgeGraph.open()
    kg.load_tables(tables, text=PlanText(text, "a" * 64))
    return kg


@settings(max_examples=25, deadline=None)
@given(company=hard(HARD + " \n"), project=hard(HARD), alias=hard(HARD), text=hard(HARD + "\n\r"))
def test_neo4j(
    company: str, project: str, alias: str, text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("hard") / "a.neo4j"
    export(graph_of(company, project, alias, text), folder)
    nodes = {row["name:string"]: row for row in rows(folder / "nodes.csv") if row[":LABEL"] != "Thing;Target"}
    assert company in nodes
    assert nodes[project]["aliases:string[]"].split(";") == [alias.replace(";", "；")]
    (edge,) = [row for row in rows(folder / "relationships.csv") if row[":TYPE"] == "undertakes"]
    assert edge["quote:string"] == text[0]


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


@settings(max_examples=25, deadline=None)
@given(company=hard(HARD), project=hard(HARD), alias=hard(HARD))
def test_workbook(company: str, project: str, alias: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    kg = graph_of(company, project, alias, "甲")
    file = tmp_path_factory.mktemp("hard") / "a.xlsx"
    export(kg, file)
    again = KnowledgeGraph.open()
    again.load_tables(file, text=PlanText("甲", "a" * 64))
    assert quads(again) == quads(kg)


def quads(kg: KnowledgeGraph) -> set[ox.Quad]:
    (plan,) = kg.plan_graphs()
    return set(kg.store.quads_for_pattern(None, None, None, plan))


@settings(max_examples=25, deadline=None)
@given(
    company=hard(HARD),
    project=hard(HARD),
    alias=hard(HARD + "\x0b\x01"),
    suffix=st.sampled_from([".gexf", ".graphml"]),
)
def test_networks(
    company: str, project: str, alias: str, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("hard") / f"a{suffix}"
    export(graph_of(company, project, alias, "甲"), file)
    network = nx.read_graphml(file) if suffix == ".graphml" else nx.read_gexf(file)
    nodes = {node["label"]: node for _, node in network.nodes(data=True)}
    assert {company, project} <= set(nodes)
    assert nodes[project]["aliases"] == re.sub(r"[\x0b\x01]", "\N{REPLACEMENT CHARACTER}", alias)
