"""An analyst builds, corrects or reads again, builds again, and asks what changed."""

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.graph import KnowledgeGraph
from hongtu.graph.difference import Change, Difference, difference
from hongtu.graph.endpoint import Endpoint
from hongtu.graph.export import export
from hongtu.loaders.documents import read_document
from hongtu.loaders.extraction import extract
from hongtu.loaders.packaged import packaged
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.projects import Project
from hongtu.loaders.records import Reference
from hongtu.loaders.source import PlanTables, read_tables

Hongtu = Callable[..., tuple[int, str, str]]
with packaged("sample") as folder:
    TABLES = read_tables(folder)
    TEXT = read_document(folder / "plan.txt")
HOME = Reference("Location", TABLES.plan.home)
OPPOSITE = {"gone": "added", "added": "gone", "merged": "split", "split": "merged"}


def graph_of(tables: PlanTables, text: PlanText | None = TEXT) -> KnowledgeGraph:
    kg = KnowledgeGraph.open()
    kg.load_tables(tables, text=text)
    return kg


def changed(**values: Any) -> PlanTables:
    return replace(TABLES, **values)


def told(found: Difference) -> list[tuple[str, ...]]:
    return [
        (change.part, change.change, change.what, change.field, change.old, change.new)
        for change in found.changes
    ]


def renamed(tables: PlanTables, names: dict[Reference, str]) -> PlanTables:
    """Return tables in which things have other names, wherever they are referred to."""

    def follow(thing: Reference) -> Reference:
        return Reference(thing.kind, names.get(thing, thing.name))

    strategies = {thing.name: name for thing, name in names.items() if thing.kind == "Strategy"}
    figures = []
    for figure in tables.figures:
        subject = follow(figure.subject)
        figures.append(replace(figure, subject=subject, target=replace(figure.target, subject=subject.name)))
    return replace(
        tables,
        entities=[replace(one, name=follow(one.reference).name) for one in tables.entities],
        edges=[replace(one, subject=follow(one.subject), object=follow(one.object)) for one in tables.edges],
        sections=[
            replace(one, strategy=strategies.get(one.strategy, one.strategy)) for one in tables.sections
        ],
        figures=figures,
    )


def test_a_graph_is_identical_with_itself(sample: KnowledgeGraph) -> None:
    found = difference(sample, sample)
    assert found.identical and not found.changes and "identical" in repr(found)
    assert list(found.table().columns)[:4] == ["plan", "part", "change", "kind"]


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_random_edits_of_records_are_told_and_nothing_else(
    sample: KnowledgeGraph, data: st.DataObject
) -> None:
    def some(rows: list[Any]) -> list[int]:
        return data.draw(st.lists(st.integers(0, len(rows) - 1), unique=True, max_size=3))

    dropped, doubted, figures = some(TABLES.edges), some(TABLES.edges), some(TABLES.figures)
    things = [TABLES.entities[number] for number in some(TABLES.entities)]
    names = {one.reference: f"{one.name}改" for one in things if one.reference != HOME}
    edited = changed(
        edges=[
            replace(edge, confidence=Decimal("0.35")) if number in doubted else edge
            for number, edge in enumerate(TABLES.edges)
            if number not in dropped
        ],
        figures=[
            replace(figure, target=replace(figure.target, unit="新单位")) if number in figures else figure
            for number, figure in enumerate(TABLES.figures)
        ],
    )
    found = difference(sample, after := graph_of(renamed(edited, names)))
    expected = Counter(
        {
            ("relation", "gone", ""): len(dropped),
            ("relation", "changed", "confidence"): len({*doubted} - {*dropped}),
            ("figure", "changed", "unit"): len(figures),
            ("thing", "renamed", "name"): len(names),
        }
    )
    assert Counter((one.part, one.change, one.field) for one in found.changes) == +expected
    assert {one.new for one in found.changes if one.change == "renamed"} == set(names.values())
    assert found.identical == (not found.changes)
    back = difference(after, sample)
    assert Counter(map(_values, back.changes)) == Counter(_values(_turned(one)) for one in found.changes)


def _turned(change: Change) -> Change:
    return replace(
        change,
        change=OPPOSITE.get(change.change, change.change),
        old=change.new,
        new=change.old,
        old_passage=change.new_passage,
        new_passage=change.old_passage,
    )


def _values(change: Change) -> tuple[Any, ...]:
    """Return what is told, but for what things are called, which is as the later graph has it."""
    names = ("part", "change", "kind", "field", "old", "new", "old_passage", "new_passage")
    return tuple(getattr(change, name) for name in names)


def test_things_change_kind_status_and_aliases_and_merge(sample: KnowledgeGraph) -> None:
    things = {one.name: one for one in TABLES.entities if one.reference != HOME}
    project = next(one for one in things.values() if isinstance(one, Project) and one.status == "achieved")
    into, merged = things["云岭茶业集团"], things["恒屹精工"]
    edited = {
        project.reference: replace(project, status="ongoing"),
        into.reference: replace(into, aliases=(*into.aliases, merged.name)),
    }
    entities = [edited.get(one.reference, one) for one in TABLES.entities if one is not merged]
    edges = [one for one in TABLES.edges if merged.reference not in (one.subject, one.object)]
    after = graph_of(changed(entities=entities, edges=edges))
    found = [row for row in told(difference(sample, after)) if row[0] == "thing"]
    assert found == [
        ("thing", "merged", merged.name, "name", merged.name, into.name),
        ("thing", "changed", into.name, "aliases", "云岭茶业", "云岭茶业 | 恒屹精工"),
        ("thing", "changed", project.name, "status", "achieved", "ongoing"),
    ]
    split = difference(after, sample).changes
    assert [(one.change, one.old, one.new) for one in split if one.change == "split"] == [
        ("split", into.name, merged.name)
    ]


def test_another_kind_of_the_same_name_is_one_thing(sample: KnowledgeGraph) -> None:
    body = next(one for one in TABLES.entities if one.reference == Reference("Enterprise", "鹭湾湿地公园"))
    project = Project(name=body.name, status="planned", evidence=body.evidence)
    entities = [project if one is body else one for one in TABLES.entities]
    after = graph_of(changed(entities=entities, edges=[]))
    rows = [row for row in told(difference(graph_of(changed(edges=[])), after)) if row[0] == "thing"]
    assert ("thing", "changed", body.name, "kind", "Enterprise", "Project") in rows
    assert {row[1] for row in rows} == {"changed"}


def test_evidence_and_sections_are_told_with_their_place(sample: KnowledgeGraph) -> None:
    thing = next(one for one in TABLES.entities if one.name == "云岭茶业集团")
    entities = [replace(one, evidence=one.evidence[1:]) if one is thing else one for one in TABLES.entities]
    sections = [replace(TABLES.sections[0], title="第一章 基础"), *TABLES.sections[1:]]
    found = difference(sample, graph_of(changed(entities=entities, sections=sections)))
    section, evidence = found.changes
    assert (section.part, section.change, section.new) == ("section", "renamed", "第一章 基础")
    assert (evidence.part, evidence.change, evidence.what) == ("evidence", "gone", thing.name)
    assert evidence.old_passage and evidence.old_passage.start == thing.evidence[0].start
    assert evidence.old_passage.sentence and thing.name in evidence.old_passage.sentence


def read_again(text: str) -> Difference:
    """Return what changes when another version of the sample's text is read instead of it."""
    later = PlanText(text, hashlib.sha256(text.encode()).hexdigest())
    return difference(*(graph_of(extract(one, "plan"), one) for one in (TEXT, later)))


def test_a_sentence_put_in_at_the_head_moves_nothing() -> None:
    head, rest = TEXT.text.split("\n", 1)
    found = read_again(f"{head}\n本规划由编制组起草。\n{rest}")
    # Where a name stands is part of how sure the reader is.
    assert {(one.part, one.field) for one in found.changes} <= {
        ("plan", "sha256"),
        ("thing", "confidence"),
        ("relation", "confidence"),
    }
    assert not found.uncompared


def test_names_whose_sentence_reads_otherwise_have_moved_and_figures_changed() -> None:
    found = read_again(TEXT.text.replace("年产量达到1.6万吨", "年产量稳定在1.8万吨"))
    moved = {one.what: one for one in found.changes if one.change == "moved"}["云岭茶业集团"]
    assert moved.old_passage and moved.old_passage.quote == "云岭茶业集团"
    assert moved.new_passage and "稳定在1.8万吨" in str(moved.new_passage.sentence)
    values = [(one.old, one.new) for one in found.changes if one.field == "value"]
    assert values == [("1.6", "1.8")]


def test_without_texts_of_two_versions_places_are_not_compared(sample: KnowledgeGraph) -> None:
    later = changed(plan=replace(TABLES.plan, sha256="0" * 64), edges=TABLES.edges[1:])
    found = difference(sample, graph_of(later, None))
    assert found.uncompared == (TABLES.plan.title,)
    assert Counter(one.part for one in found.changes) == {"plan": 2, "relation": 1}


def test_plans_of_one_area_are_versions_and_others_are_one_line_each(sample: KnowledgeGraph) -> None:
    next_year = changed(plan=replace(TABLES.plan, id="澜溪县2026年报告"), edges=TABLES.edges[1:])
    found = difference(sample, graph_of(next_year))
    assert [(one.part, one.change, one.field) for one in found.changes] == [
        ("plan", "changed", "id"),
        ("relation", "gone", ""),
    ]
    city = KnowledgeGraph.packaged("sample-city")
    assert [row[:3] for row in told(difference(sample, city))] == [
        ("plan", "added", next(iter(city.run("list_plans")["title"]))),
        ("plan", "gone", TABLES.plan.title),
    ]


def test_the_commands_print_groups_csv_and_json_and_tell_by_their_exit_code(
    hongtu: Hongtu, tmp_path: Path
) -> None:
    before, after = tmp_path / "before.nq", tmp_path / "after.nq"
    for kg, file in ((graph_of(TABLES), before), (graph_of(changed(edges=TABLES.edges[30:])), after)):
        export(kg, file)
    assert hongtu("diff", before, before) == (0, "the graphs are identical\n", "")
    code, printed, _ = hongtu("diff", before, after)
    assert code == 1 and "Relations gone (30)" in printed and "… 10 more, shown by --all" in printed
    assert (
        "云岭茶业集团 —undertakes→ 万亩有机茶园" in printed and "− 第一节 过去五年的成绩 · line 5" in printed
    )
    code, printed, _ = hongtu("diff", after, before, "--all")
    assert "Relations added (30)" in printed and "more" not in printed
    rows = json.loads(hongtu("diff", before, after, "--format", "json")[1])
    assert (len(rows), rows[0]["part"], rows[0]["old_line"]) == (30, "relation", 5)
    table = list(csv.DictReader(io.StringIO(hongtu("diff", before, after, "--format", "csv")[1])))
    assert [row["old_sentence"] for row in table] == [row["old_sentence"] for row in rows]
    code, printed, error = hongtu("diff", before, tmp_path / "none")
    assert code == 2 and "no such folder" in error
    digests = [hongtu("digest", file)[1] for file in (before, before, after)]
    assert digests[0] == digests[1] != digests[2] and digests[0].startswith("sha256 ")


@pytest.mark.parametrize(("page", "language"), [("exchange.md", "en"), ("exchange.zh.md", "zh")])
def test_the_documented_commands_print_what_the_page_shows(
    page: str, language: str, hongtu: Hongtu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (Path(__file__).parents[2] / "docs" / page).read_text("utf-8")
    section = re.split(r"^## .*[Dd]iff）?$", text, flags=re.MULTILINE)[1]
    commands = [
        command.split(" > ")[0].split() for command in re.findall(r"^hongtu (.*)$", section, re.MULTILINE)
    ]
    (shown,) = re.findall(r"```text\n(.*?)```", section, re.DOTALL)
    monkeypatch.setenv("HONGTU_LANG", language)
    monkeypatch.chdir(tmp_path)
    assert [hongtu(*command)[0] for command in commands] == [0, 0, 0, 1, 1, 1]
    # Tables do not hold the text, and lose nothing else.
    assert len(json.loads(hongtu("diff", "before", "after", "--format", "json")[1])) == 1
    corrections = {
        "projects.csv": ("鸿川生物质发电项目", "鸿川生物质电厂"),
        "relations.csv": ("鸿川生物质发电项目", "鸿川生物质电厂"),
        "targets.csv": ("186,亿元,186亿元", "188,亿元,188亿元"),
    }
    for name, (old, new) in corrections.items():
        table = tmp_path / "tables" / name
        table.write_text(table.read_text("utf-8").replace(old, new), "utf-8")
    assert [hongtu(*command)[0] for command in commands[2:3]] == [0]
    assert hongtu("diff", "before", "after")[:2] == (1, shown)
    digests = [hongtu("digest", place)[1] for place in ("before", "before/graph.nq", "after")]
    assert digests[0] == digests[1] != digests[2]


def test_a_notebook_shows_the_changes_as_a_table(sample: KnowledgeGraph) -> None:
    found = difference(sample, graph_of(changed(edges=TABLES.edges[1:])))
    assert "1 change" in found._repr_html_() and "万亩有机茶园" in found._repr_html_()
    assert repr(found).splitlines() == ["1 change", "  Relations gone: 1"]
    assert "<table" not in difference(sample, sample)._repr_html_()


def test_of_an_endpoint_only_what_plans_say_is_compared(
    sample: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An endpoint that answers as the sample does, but has no digest."""
    remote = KnowledgeGraph(Endpoint("https://example.org/sparql"))
    monkeypatch.setattr(
        Endpoint, "query", lambda _, sparql, bindings, **options: sample.solutions(sparql, **bindings)
    )
    found = difference(remote, sample)
    assert found.identical is None and found.summary() == "nothing that the plans say changed"
    assert difference(remote, graph_of(changed(edges=TABLES.edges[1:]))).identical is False


def test_what_plans_do_not_say_is_told_in_a_sentence(hongtu: Hongtu, tmp_path: Path) -> None:
    # How rows were read is all that differs.
    for name, tables in (("tables.nq", TABLES), ("text.nq", changed(read_from="text"))):
        export(graph_of(tables), tmp_path / name)
    code, printed, _ = hongtu("diff", tmp_path / "tables.nq", tmp_path / "text.nq")
    assert code == 1 and printed.startswith("nothing that the plans say changed; what differs is")


def test_places_that_were_not_compared_are_told(hongtu: Hongtu, tmp_path: Path) -> None:
    export(graph_of(TABLES), tmp_path / "old.nq")
    export(graph_of(changed(plan=replace(TABLES.plan, sha256="0" * 64)), None), tmp_path / "new.nq")
    code, printed, messages = hongtu("diff", tmp_path / "old.nq", tmp_path / "new.nq")
    assert code == 1 and "text (SHA-256) ba3a8faa7475… → 000000000000…" in printed
    assert messages.endswith("one graph lacks its text; places of evidence are not compared\n")
