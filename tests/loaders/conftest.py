"""An invented plan of a few sentences, its tables in all three forms, and generated tables."""

import csv
import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import strategies as st

from hongtu.loaders.enterprises import Enterprise, Organization
from hongtu.loaders.industries import Industry
from hongtu.loaders.locations import Location
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.plans import Measure, Plan, Section
from hongtu.loaders.projects import Project
from hongtu.loaders.records import STATUSES, Entity, Reference, Span
from hongtu.loaders.relations import PREDICATES, Edge
from hongtu.loaders.source import PlanTables, read_tables
from hongtu.loaders.strategies import Strategy
from hongtu.loaders.targets import COMPARATORS, ROLES, Figure, Target

Contents = dict[str, list[dict[str, str]]]

# 𠮷 lies outside of the Basic Multilingual Plane: one code point, two UTF-16 units, four bytes.
TEXT = """青禾县发展规划

第一章 果香之乡
第一节 果业
实施果业振兴战略。果品产业。青禾果业集团在𠮷岭镇建设冷链仓库,到2025年果品产量达到12.5万吨。
第二章 开放合作
与柳河大学合作;青禾果业集团(青禾果业)做强果品产业。
"""


def evidence(start: int, end: int) -> str:
    return f"{TEXT.count(chr(10), 0, start) + 1}:{start}-{end}"


def at(quote: str) -> str:
    """Return the evidence cell for the first place where a quote stands."""
    start = TEXT.index(quote)
    return evidence(start, start + len(quote))


@pytest.fixture
def text() -> PlanText:
    """The plan's text."""
    return PlanText(TEXT, hashlib.sha256(TEXT.encode()).hexdigest())


@pytest.fixture
def contents() -> Contents:
    """Valid rows by table, for the test to spoil."""
    first, second, end = TEXT.index("第一章"), TEXT.index("第二章"), len(TEXT)
    return {
        "plan": [
            {
                "id": "青禾县规划",
                "title": "青禾县发展规划",
                "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
                "first_year": "2021",
                "last_year": "2025",
                "home": "青禾县",
                "source": "示例",
            }
        ],
        "sections": [
            {
                "title": "果香之乡",
                "level": "1",
                "strategy": "果业振兴战略",
                "evidence": evidence(first, second),
            },
            {
                "title": "果业",
                "level": "2",
                "strategy": "",
                "evidence": evidence(TEXT.index("第一节"), second),
            },
            {"title": "开放合作", "level": "1", "strategy": "", "evidence": evidence(second, end)},
        ],
        "strategies": [{"name": "果业振兴战略", "evidence": at("果业振兴战略")}],
        "measures": [{"name": "果品产业", "evidence": at("果品产业")}],
        "projects": [{"name": "冷链仓库", "status": "planned", "evidence": at("冷链仓库")}],
        "enterprises": [
            {
                "name": "青禾果业集团",
                "type": "Enterprise",
                "aliases": "青禾果业",
                "confidence": "",
                "evidence": f"{at('青禾果业集团')}; {at('青禾果业)')}",
            },
            {
                "name": "柳河大学",
                "type": "Organization",
                "aliases": "",
                "confidence": "0.6",
                "evidence": at("柳河大学"),
            },
        ],
        "industries": [{"name": "果品产业", "gbt": "A01", "evidence": at("果品产业")}],
        "locations": [
            {"name": "𠮷岭镇", "admin_code": "", "evidence": at("𠮷岭镇")},
            {"name": "青禾县", "admin_code": "149999", "evidence": at("青禾县")},
        ],
        "relations": [
            edge(
                "青禾果业集团", "undertakes", "冷链仓库", "青禾果业集团在𠮷岭镇建设冷链仓库", status="planned"
            ),
            edge("青禾果业集团", "operatesIn", "果品产业", "做强果品产业", confidence="0.6"),
            edge("冷链仓库", "locatedIn", "𠮷岭镇", "在𠮷岭镇建设冷链仓库"),
            edge(
                "果品产业", "promotes", "果品产业", "果品产业", subject_type="Measure", object_type="Industry"
            ),
            edge("青禾县", "partnersWith", "柳河大学", "与柳河大学合作"),
        ],
        "targets": [
            {
                "indicator": "果品产量",
                "value": "12.5",
                "unit": "万吨",
                "verbatim": "12.5万吨",
                "year": "2025",
                "comparator": "",
                "role": "target",
                "subject": "果品产业",
                "subject_type": "Industry",
                "evidence": at("果品产量达到12.5万吨"),
            }
        ],
    }


def edge(subject: str, predicate: str, object_: str, quote: str, **cells: str) -> dict[str, str]:
    row = {"subject": subject, "subject_type": "", "predicate": predicate, "object": object_}
    return {**row, "object_type": "", "status": "", "confidence": "", "evidence": at(quote), **cells}


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a folder of CSV files; return the folder."""

    def write(contents: Contents, encoding: str = "utf-8") -> Path:
        folder = tmp_path / "tables"
        folder.mkdir(exist_ok=True)
        for name, rows in contents.items():
            with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as stream:
                writer = csv.DictWriter(stream, rows[0])
                writer.writeheader()
                writer.writerows(rows)
        return folder

    return write


@pytest.fixture
def write_xlsx(tmp_path: Path) -> Callable[[Contents], Path]:
    """Write rows as a workbook with one sheet per table; return the file."""

    def write(contents: Contents) -> Path:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.worksheets[0])
        for name, rows in contents.items():
            sheet = workbook.create_sheet(name)
            sheet.append(list(rows[0]))
            for row in rows:
                sheet.append(list(row.values()))
        workbook.save(tmp_path / "tables.xlsx")
        return tmp_path / "tables.xlsx"

    return write


@pytest.fixture
def write_json(tmp_path: Path) -> Callable[[Contents], Path]:
    """Write rows as a JSON file of lists; return the file."""

    def write(contents: Contents) -> Path:
        file = tmp_path / "tables.json"
        file.write_text(json.dumps(contents, ensure_ascii=False), encoding="utf-8")
        return file

    return write


@pytest.fixture
def tables(contents: Contents, write_csv: Callable[..., Path]) -> PlanTables:
    """The valid rows as records."""
    return read_tables(write_csv(contents))


# Generated tables, for property-based tests: small pools of names, so that they collide.

HOME = Location(name="青禾县", evidence=(Span(1, 0, 3),))
_AWKWARD = ["=1+1", "'=甲", "-乙", "@丙", "𠮷岭", '甲,"乙"\n丙', "6.90%", "001", "1:2", "'", "甲 乙"]

names = st.sampled_from(["果园", "茶园", "仓库", "甲厂", "乙厂", *_AWKWARD])
confidences = st.integers(0, 100).map(lambda percent: Decimal(percent) / 100)


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    places = draw(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 4)), min_size=1, max_size=3))
    return tuple(Span(1, start, start + length) for start, length in sorted(set(places)))


@st.composite
def entities(draw: st.DrawFn) -> Entity:
    common: dict[str, Any] = {
        "name": draw(names),
        "aliases": tuple(draw(st.lists(names, max_size=2, unique=True))),
        "merges": draw(st.sampled_from([(), ("茶园 → 果园（简称）",)])),
        "confidence": draw(confidences),
        "evidence": draw(spans()),
    }
    kind: type[Entity] = draw(
        st.sampled_from([Strategy, Measure, Project, Enterprise, Organization, Industry, Location])
    )
    if kind is Project:
        return Project(status=draw(st.sampled_from(STATUSES)), **common)
    if kind is Industry:
        return Industry(gbt=draw(st.sampled_from(["", "C", "A01"])), **common)
    if kind is Location:
        return Location(admin_code=draw(st.sampled_from(["", "149999", "149999001001"])), **common)
    return kind(**common)


@st.composite
def edges(draw: st.DrawFn, things: list[Reference]) -> Edge | None:
    predicate = draw(st.sampled_from(sorted(PREDICATES)))
    subjects, objects = (
        [thing for thing in things if thing.kind in kinds] for kinds in PREDICATES[predicate]
    )
    if not subjects or not objects:
        return None
    subject, object_ = draw(st.sampled_from(subjects)), draw(st.sampled_from(objects))
    return Edge(
        subject=subject,
        predicate=predicate,
        object=object_,
        status=draw(st.sampled_from(["", *STATUSES])),
        confidence=draw(confidences),
        evidence=draw(spans()),
    )


@st.composite
def figures(draw: st.DrawFn, things: list[Reference]) -> Figure:
    subject = draw(st.sampled_from([Reference("Plan", ""), *things]))
    target = Target(
        indicator=draw(names),
        value=draw(st.none() | st.decimals(-1000, 1000, places=2)),
        unit=draw(st.sampled_from(["", "亿元", "%"])),
        verbatim=draw(st.sampled_from(["12.50%", "1:2", "-3.5", "+5", "三成", "2E3"])),
        year=draw(st.integers(2020, 2022)),
        comparator=draw(st.sampled_from(COMPARATORS)),
        role=draw(st.sampled_from(ROLES)),
        subject=subject.name,
        subject_type=subject.kind if subject.name else "",
        confidence=draw(confidences),
        evidence=draw(spans()),
    )
    return Figure(subject=subject, target=target)


@st.composite
def plan_tables(draw: st.DrawFn) -> PlanTables:
    """Tables that read_tables could have read: no two rows with the same key, all references known."""
    things: dict[Reference, Entity] = {HOME.reference: HOME}
    for entity in draw(st.lists(entities(), max_size=8)):
        things.setdefault(entity.reference, entity)
    kinds = ["Strategy", "Measure", "Project", "Enterprise", "Organization", "Industry", "Location"]
    merged = {"Organization": "Enterprise"}
    ordered = sorted(things.values(), key=lambda thing: kinds.index(merged.get(thing.kind, thing.kind)))
    references = [thing.reference for thing in ordered]
    plan = Plan(
        id="青禾县规划",
        title=draw(st.sampled_from(["青禾县发展规划", "=青禾县发展规划"])),
        sha256="a" * 64,
        first_year=2021,
        last_year=draw(st.integers(2025, 2035)),
        home=HOME.name,
        source="",
    )
    strategies = [thing.name for thing in ordered if thing.kind == "Strategy"]
    sections: dict[tuple[str, int], Section] = {}
    for start in draw(st.lists(st.integers(0, 20), max_size=3, unique=True)):
        title, strategy = draw(names), draw(st.sampled_from(["", *strategies]))
        section = Section(title=title, level=1, strategy=strategy, line=1, start=start, end=start + 5)
        sections.setdefault((title, start), section)
    known_edges: dict[tuple[Reference, str, Reference], Edge] = {}
    for edge in draw(st.lists(edges(references), max_size=6)):
        if edge is not None:
            known_edges.setdefault((edge.subject, edge.predicate, edge.object), edge)
    known_figures: dict[tuple[str, str, int, str], Figure] = {}
    for figure in draw(st.lists(figures(references), max_size=4)):
        target = figure.target
        known_figures.setdefault((target.indicator, target.verbatim, target.year, target.role), figure)
    return PlanTables(
        plan, list(sections.values()), ordered, list(known_edges.values()), list(known_figures.values())
    )


@pytest.fixture(scope="session")
def any_tables() -> st.SearchStrategy[PlanTables]:
    """Tables that could have been read, of one invented plan."""
    return plan_tables()
