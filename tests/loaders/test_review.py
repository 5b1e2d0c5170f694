import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hongtu.loaders.errors import InputError, UsageError
from hongtu.loaders.patch import Decision
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.records import Entity
from hongtu.loaders.replay import apply
from hongtu.loaders.review import difference, read_corrected
from hongtu.loaders.rows import write_review
from hongtu.loaders.source import PlanTables

Rows = list[dict[str, str]]
Excel = Callable[[str, Callable[[Rows], object]], None]


@pytest.fixture
def folder(tables: PlanTables, text: PlanText, tmp_path: Path) -> Path:
    """The tables as written for review."""
    write_review(tables, tmp_path / "review", text)
    return tmp_path / "review"


@pytest.fixture
def excel(folder: Path) -> Excel:
    """Change the rows of one table, as a person does in Excel."""

    def change(table: str, edit: Callable[[Rows], object]) -> None:
        file = folder / f"{table}.csv"
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            rows = list(reader)
        edit(rows)
        with file.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, reader.fieldnames or [])
            writer.writeheader()
            writer.writerows(rows)

    return change


def set_cell(name: str, column: str, value: str) -> Callable[[Rows], object]:
    def edit(rows: Rows) -> None:
        for row in rows:
            if row["name"] == name:
                row[column] = value

    return edit


def take_out(name: str) -> Callable[[Rows], object]:
    def edit(rows: Rows) -> None:
        rows[:] = [row for row in rows if row["name"] != name]

    return edit


def lines(patch: tuple[Decision, ...]) -> list[str]:
    """The decisions without their places."""
    return [str(replace(decision, evidence=())) for decision in patch]


def thing(tables: PlanTables, name: str) -> Entity:
    (found,) = [entity for entity in tables.entities if entity.name == name and entity.kind != "Measure"]
    return found


def test_untouched_tables_give_no_decision(tables: PlanTables, text: PlanText, folder: Path) -> None:
    assert difference(tables, read_corrected(folder, tables, text)) == ()


def test_a_confidence_of_one_accepts(tables: PlanTables, text: PlanText, folder: Path, excel: Excel) -> None:
    excel("enterprises", set_cell("柳河大学", "confidence", ""))
    assert lines(difference(tables, read_corrected(folder, tables, text))) == ["accept Organization 柳河大学"]


def test_relations_follow_a_name_that_was_changed_in_one_table_only(
    tables: PlanTables, text: PlanText, folder: Path, excel: Excel
) -> None:
    excel("projects", set_cell("冷链仓库", "name", "冷链仓库项目"))
    corrected = read_corrected(folder, tables, text)
    assert not corrected.problems
    patch = difference(tables, corrected)
    assert lines(patch) == ["edit Project 冷链仓库 name=冷链仓库项目"]
    assert {edge.object.name for edge in apply(tables, patch).tables.edges} >= {"冷链仓库项目"}


def test_a_row_taken_out_is_rejected_with_its_relations(
    tables: PlanTables, text: PlanText, folder: Path, excel: Excel
) -> None:
    excel("projects", take_out("冷链仓库"))
    corrected = read_corrected(folder, tables, text)
    assert not corrected.problems
    assert lines(difference(tables, corrected)) == ["reject Project 冷链仓库"]


def test_a_name_moved_to_the_aliases_of_another_merges(
    tables: PlanTables, text: PlanText, folder: Path, excel: Excel
) -> None:
    excel("enterprises", take_out("柳河大学"))
    excel("enterprises", set_cell("青禾果业集团", "aliases", "青禾果业 | 柳河大学"))
    patch = difference(tables, read_corrected(folder, tables, text))
    assert lines(patch) == ["merge Organization 柳河大学 Enterprise 青禾果业集团"]
    merged = apply(tables, patch).tables
    assert len(thing(merged, "青禾果业集团").evidence) == 3
    assert ("青禾县", "青禾果业集团") in {(edge.subject.name, edge.object.name) for edge in merged.edges}


def test_an_alias_that_got_its_own_row_is_split_off(
    tables: PlanTables, text: PlanText, folder: Path, excel: Excel
) -> None:
    excel("enterprises", set_cell("青禾果业集团", "aliases", ""))
    new = {"name": "青禾果业", "type": "Enterprise"}
    excel("enterprises", lambda rows: rows.append(new))
    patch = difference(tables, read_corrected(folder, tables, text))
    assert "split Enterprise 青禾果业集团 Enterprise 青禾果业" in lines(patch)


def test_rows_added_without_evidence_get_it_from_the_text(
    tables: PlanTables, text: PlanText, folder: Path, excel: Excel
) -> None:
    excel("projects", lambda rows: rows.append({"name": "果业振兴", "status": "ongoing"}))
    relation = {"subject": "果业振兴", "predicate": "implements", "object": "果业振兴战略"}
    excel("relations", lambda rows: rows.append(relation))
    figure = {"indicator": "果品", "verbatim": "12.5万吨", "year": "2025", "role": "target"}
    excel("targets", lambda rows: rows.append(figure))
    corrected = read_corrected(folder, tables, text)
    assert not corrected.problems
    (place,) = thing(corrected, "果业振兴").evidence
    assert text.text[place.start : place.end] == "果业振兴"
    assert text.quote(corrected.edges[-1].evidence[0]).exact == "实施果业振兴战略。"
    patch = difference(tables, corrected)
    assert {decision.decision for decision in patch} == {"add", "edit"}
    assert apply(tables, patch).tables.figures[-1].target.verbatim == "12.5万吨"


def test_rows_added_in_chinese_with_words_of_the_plan_are_learnt_as_others_are(
    tables: PlanTables, text: PlanText, folder: Path, excel: Excel
) -> None:
    relation = {
        "subject": "柳河大学",
        "subject_type": "机构",
        "predicate": "从事",
        "object": "果品产业",
        "object_type": "产业",
        "evidence": "与柳河大学合作",
    }
    excel("relations", lambda rows: rows.append(relation))
    corrected = read_corrected(folder, tables, text)
    assert not corrected.problems
    assert text.quote(corrected.edges[-1].evidence[0]).exact == "与柳河大学合作"
    assert lines(difference(tables, corrected)) == ["add Organization 柳河大学 operatesIn Industry 果品产业"]


def test_relations_in_chinese_words_follow_a_changed_name(
    tables: PlanTables, text: PlanText, folder: Path, excel: Excel
) -> None:
    excel("projects", set_cell("冷链仓库", "name", "冷链仓库项目"))

    def translate(rows: Rows) -> None:
        for row in rows:
            row.update(predicate={"undertakes": "承担"}.get(row["predicate"], row["predicate"]))

    excel("relations", translate)
    assert lines(difference(tables, read_corrected(folder, tables, text))) == [
        "edit Project 冷链仓库 name=冷链仓库项目"
    ]


def test_rows_that_cannot_stand_are_told_and_not_learnt(
    tables: PlanTables, text: PlanText, folder: Path, excel: Excel
) -> None:
    excel("projects", set_cell("冷链仓库", "status", "done"))
    with pytest.raises(InputError, match="row 2, column “status”: found “done”"):
        difference(tables, read_corrected(folder, tables, text))


def test_reasons_and_decisions_on_what_is_not_there_now_are_kept(tables: PlanTables) -> None:
    renamed = Decision(decision="edit", type="Project", name="冷链仓库", column="name", value="仓库")
    corrected = apply(tables, (renamed,)).tables
    (learnt,) = difference(tables, corrected)
    waiting = Decision(decision="reject", type="Project", name="果园")
    earlier = (replace(learnt, reason="原文如此"), waiting)
    assert difference(tables, corrected, earlier=earlier) == earlier


def test_tables_of_different_texts_are_not_compared(tables: PlanTables) -> None:
    other = replace(tables, plan=replace(tables.plan, sha256="0" * 64))
    with pytest.raises(UsageError, match="different texts"):
        difference(tables, other)
