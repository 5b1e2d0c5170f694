import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.loaders.errors import StoreError
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.rows import from_rows, to_rows, write_review, write_tables
from hongtu.loaders.source import PlanTables, read_tables
from hongtu.loaders.values import guard_cell, unguard_cell


def review_rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_as_the_same_records(
    any_tables: st.SearchStrategy[PlanTables], data: st.DataObject
) -> None:
    tables = data.draw(any_tables)
    with tempfile.TemporaryDirectory() as folder:
        write_tables(tables, Path(folder))
        assert read_tables(Path(folder)) == tables
    assert from_rows(Path(), to_rows(tables)) == tables


def test_review_tables_are_read_as_the_same_records_without_the_quotes(
    tables: PlanTables, text: PlanText, tmp_path: Path
) -> None:
    write_review(tables, tmp_path / "review", text)
    read = read_tables(tmp_path / "review")
    assert not read.problems
    assert (read.plan, read.sections) == (tables.plan, tables.sections)
    assert set(read.entities) == set(tables.entities)
    assert set(read.edges) == set(tables.edges)


def test_the_least_certain_stand_first_then_the_order_of_the_text(
    tables: PlanTables, text: PlanText, tmp_path: Path
) -> None:
    write_review(tables, tmp_path, text)
    rows = review_rows(tmp_path, "enterprises")
    assert [(row["name"], row["confidence"]) for row in rows] == [("柳河大学", "0.6"), ("青禾果业集团", "1")]
    relations = review_rows(tmp_path, "relations")
    assert relations[0]["predicate"] == "operatesIn"
    starts = [int(row["evidence"].split(":")[1].split("-")[0]) for row in relations[1:]]
    assert starts == sorted(starts)


def test_a_row_can_be_judged_by_its_quote(tables: PlanTables, text: PlanText, tmp_path: Path) -> None:
    write_review(tables, tmp_path, text)
    (project,) = review_rows(tmp_path, "projects")
    assert project["quote"] == "青禾果业集团在𠮷岭镇建设【冷链仓库】,到2025年果品产量达到12.5万吨。"
    assert "quote" not in review_rows(tmp_path, "sections")[0]


def test_files_are_for_excel_and_always_the_same(tables: PlanTables, text: PlanText, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_review(tables, tmp_path / folder, text)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes().startswith(b"\xef\xbb\xbf")
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_a_place_that_cannot_be_written_is_told(tables: PlanTables, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        write_tables(tables, tmp_path / "file")


# Cells in a spreadsheet


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86", "-乙", "@甲", "＝甲", "12.5%", "1:2", "1-2", "2021/3", "001", "7.20", "2E3", "1,000"],
)
def test_what_a_spreadsheet_would_rewrite_is_guarded(text: str) -> None:
    assert guard_cell(text) == f"'{text}"
    assert unguard_cell(guard_cell(text)) == text


@pytest.mark.parametrize(
    "text", ["", "甲-乙", "-3.5", "12.5", "2025", "0.6", "23:1205-1209", "'甲'", "6.9:44.6:48.5", "5G"]
)
def test_what_a_spreadsheet_leaves_alone_is_not(text: str) -> None:
    assert guard_cell(text) == unguard_cell(text) == text


@given(st.text(st.sampled_from("'=+-@甲1.:%\t\r ,/eE"), max_size=6))
def test_guarding_is_undone_exactly(text: str) -> None:
    assert unguard_cell(guard_cell(text)) == text
