import doctest
import importlib
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hongtu.loaders.enterprises import Enterprise
from hongtu.loaders.locations import Location
from hongtu.loaders.plans import Plan
from hongtu.loaders.projects import Project
from hongtu.loaders.records import Entity, Reference, Span
from hongtu.loaders.relations import Edge
from hongtu.loaders.source import PlanTables
from hongtu.loaders.targets import Figure, Target

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
matching: Any = importlib.import_module("matching")
gold: Any = importlib.import_module("gold")

HERE, OUTSIDE = (Span(2, 0, 2),), (Span(9, 0, 2),)
PLAN = Plan(id="甲", title="甲", sha256="0" * 64, first_year=2021, last_year=2025, home="澄河县", source="")


def entity(kind: str, name: str, *aliases: str, optional: bool = False) -> dict[str, object]:
    return {
        "kind": "entity",
        "type": kind,
        "name": name,
        "aliases": [*aliases],
        "lines": [2],
        "optional": optional,
    }


def tallies(records: list[dict[str, object]], entities: list[Entity], **more: Any) -> dict[str, Any]:
    document = gold.GoldDocument("澄河县", "", frozenset({1, 2, 3}), records)
    judged: dict[str, Any] = matching.judge(document, PlanTables(PLAN, entities=entities, **more)).tallies
    return judged


@pytest.mark.parametrize(
    ("name", "exact", "lenient"),
    [
        ("“澄河”大桥", (1, 0, 0), (1, 0, 0)),
        ("新澄河大桥", (0, 1, 1), (1, 0, 0)),
        ("大桥", (0, 1, 1), (0, 1, 1)),
    ],
)
def test_names_match_exactly_or_leniently(name: str, exact: object, lenient: object) -> None:
    found = tallies([entity("Project", "澄河大桥")], [Project(name=name, status="planned", evidence=HERE)])
    assert (found["exact"], found["lenient"]) == (exact, lenient)


def test_doubled_things_are_wrong_and_optional_ones_do_not_count() -> None:
    records = [entity("Project", "澄河大桥", "大桥"), entity("Location", "柳湾", optional=True)]
    read = [
        Project(name="澄河大桥", status="planned", evidence=HERE),
        Project(name="大桥", status="planned", evidence=HERE),
        Location(name="柳湾", admin_code="", evidence=HERE),
        Location(name="石桥", admin_code="", evidence=OUTSIDE),
    ]
    assert tallies(records, read)["exact"] == (1, 1, 0)


def test_partners_match_both_ways_other_relations_do_not() -> None:
    names = ("澄河重工", "远川材料")
    records = [entity("Enterprise", name) for name in names]
    one, other = (Reference("Enterprise", name) for name in names)
    relation = {
        "kind": "relation",
        "s": "远川材料",
        "p": "partnersWith",
        "o": "澄河重工",
        "line": 2,
        "optional": False,
    }
    read: list[Entity] = [Enterprise(name=name, evidence=HERE) for name in names]

    def edge(predicate: str) -> Edge:
        return Edge(
            subject=one, predicate=predicate, object=other, status="", confidence=Decimal(1), evidence=HERE
        )

    found = tallies([*records, relation], read, edges=[edge("partnersWith"), edge("locatedIn")])
    assert (found["relations partnersWith"], found["relations"]) == ((1, 0, 0), (1, 1, 0))


def test_figures_match_by_value_unit_role_and_indicator() -> None:
    record = {
        "kind": "target",
        "line": 2,
        "indicator": "水泵产值",
        "value": "50",
        "unit": "亿元",
        "year": 2025,
    }
    record |= {"comparator": ">=", "role": "target", "optional": False}

    def figure(indicator: str, value: str, year: int) -> Figure:
        target = Target(
            indicator=indicator,
            value=Decimal(value),
            unit="亿元",
            verbatim=value,
            year=year,
            comparator="=",
            role="target",
            subject="",
            subject_type="",
            confidence=Decimal(1),
            evidence=HERE,
        )
        return Figure(subject=Reference("Plan", ""), target=target)

    figures = [figure("水泵产值", "50.0", 2025), figure("水泵产值", "5", 2025), figure("投资", "50", 2025)]
    found = tallies([record], [], figures=figures)
    assert (found["targets"], found["year"].f1, found["comparator"].f1) == ((1, 2, 0), 1, 0)


def test_examples_run() -> None:
    assert doctest.testmod(matching).failed == 0
