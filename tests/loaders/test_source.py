import csv
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from hongtu.loaders.enterprises import Enterprise, Organization
from hongtu.loaders.errors import InputError
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.records import Reference
from hongtu.loaders.source import PlanTables, read_tables, write_quarantine

Contents = dict[str, list[dict[str, str]]]
Write = Callable[..., Path]


def refusal(source: Path) -> str:
    """Return the message with which a source is refused."""
    with pytest.raises(InputError) as caught:
        read_tables(source)
    return str(caught.value)


def problem(tables: PlanTables) -> str:
    """Return the one problem that there is."""
    (only,) = tables.problems
    return str(only)


# What is read


def test_valid_tables_have_no_problems(contents: Contents, write_csv: Write) -> None:
    tables = read_tables(write_csv(contents))
    assert (tables.problems, tables.rejected) == ([], {})
    assert [len(getattr(tables, part)) for part in ("sections", "entities", "edges", "figures")] == [
        3,
        8,
        5,
        1,
    ]
    assert (tables.plan.id, tables.plan.first_year, tables.plan.home) == ("青禾县规划", 2021, "青禾县")


def test_csv_xlsx_and_json_give_equal_records(
    contents: Contents, write_csv: Write, write_xlsx: Write, write_json: Write
) -> None:
    first, *others = (read_tables(write(contents)) for write in (write_csv, write_xlsx, write_json))
    for other in others:
        for part in fields(PlanTables):
            if part.compare:
                assert getattr(other, part.name) == getattr(first, part.name)


def test_numbers_may_be_numbers_in_a_workbook(
    contents: Contents, write_csv: Write, write_xlsx: Write
) -> None:
    plain = read_tables(write_csv(contents))
    numeric: dict[str, list[dict[str, object]]] = {
        name: [{**row} for row in rows] for name, rows in contents.items()
    }
    numeric["plan"][0]["first_year"] = 2021.0
    numeric["sections"][0]["level"] = 1
    numeric["enterprises"][1]["confidence"] = 0.6
    numeric["locations"][1]["admin_code"] = 149999.0
    numeric["targets"][0].update(value=12.5, year=2025)
    tables = read_tables(write_xlsx(numeric))
    assert tables == plain


def test_gb18030_is_read_named_or_not(contents: Contents, write_csv: Write) -> None:
    source = write_csv(contents, encoding="gb18030")
    assert read_tables(source).plan.title == "青禾县发展规划"
    assert read_tables(source, encoding="gb18030").plan.title == "青禾县发展规划"


def test_headings_may_be_chinese(contents: Contents, write_csv: Write) -> None:
    titles = {"name": "名称", "type": "类型", "aliases": "别名", "confidence": "置信度", "evidence": "依据"}
    plain = read_tables(write_csv(contents))
    contents["enterprises"] = [
        {titles[key]: cell for key, cell in row.items()} for row in contents["enterprises"]
    ]
    assert read_tables(write_csv(contents)) == plain


def test_type_tells_enterprises_from_other_organizations(contents: Contents, write_csv: Write) -> None:
    kinds = {entity.name: type(entity) for entity in read_tables(write_csv(contents)).entities}
    assert (kinds["青禾果业集团"], kinds["柳河大学"]) == (Enterprise, Organization)


def test_all_tables_but_plan_and_locations_may_be_absent(contents: Contents, write_csv: Write) -> None:
    tables = read_tables(write_csv({name: contents[name] for name in ("plan", "locations")}))
    assert (tables.sections, tables.edges, tables.figures, tables.problems) == ([], [], [], [])


@pytest.mark.parametrize(("subject", "kind"), [("", ""), ("", "Plan"), ("青禾县发展规划", "Plan")])
def test_figure_without_subject_is_the_plans_own(
    contents: Contents, write_csv: Write, subject: str, kind: str
) -> None:
    contents["targets"][0].update(subject=subject, subject_type=kind)
    (figure,) = read_tables(write_csv(contents)).figures
    assert figure.subject == Reference("Plan", "")


def test_ratio_has_no_value(contents: Contents, write_csv: Write) -> None:
    contents["targets"][0].update(value="", verbatim="6.9:44.6:48.5")
    (figure,) = read_tables(write_csv(contents)).figures
    assert (figure.target.value, figure.target.verbatim) == (None, "6.9:44.6:48.5")


def test_same_edge_is_known_by_its_ends_whatever_the_type_columns(
    contents: Contents, write_csv: Write
) -> None:
    contents["relations"].append({**contents["relations"][0], "subject_type": "Enterprise"})
    tables = read_tables(write_csv(contents))
    assert len(tables.edges) == 5
    assert problem(tables) == (
        "relations.csv row 7, column “subject”: found “青禾果业集团”, "
        "this edge has a row already; put all evidence into one cell"
    )


# What is left to be found in the plan's text


def without(contents: Contents, column: str) -> Contents:
    """Return the tables without a column, but for sections."""
    return {
        name: [
            {heading: cell for heading, cell in row.items() if heading != column or name == "sections"}
            for row in rows
        ]
        for name, rows in contents.items()
    }


def test_evidence_and_digest_may_be_left_out_with_the_text_at_hand(
    contents: Contents, write_csv: Write, text: PlanText
) -> None:
    valid = read_tables(write_csv(contents))
    tables = read_tables(write_csv(without(without(contents, "evidence"), "sha256")), text)
    assert tables.plan == valid.plan
    assert [(edge.subject, edge.predicate, edge.object) for edge in tables.edges] == [
        (edge.subject, edge.predicate, edge.object) for edge in valid.edges[:-1]
    ]
    for entity in tables.entities:
        assert entity.evidence
        for span in entity.evidence:
            assert text.text[span.start : span.end] in (entity.name, *entity.aliases)
    assert tables.edges[0].evidence == (text.sentence(text.text.index("青禾果业集团在"), 40),)
    # Their two ends share no sentence.
    assert problem(tables) == (
        "relations.csv row 6, column “evidence”: found “”, no sentence of the plan has both “青禾县” and “柳河大学”; "
        "quote here the words that say so, or write the plan's spelling into the aliases"
    )


def test_evidence_may_be_words_of_the_plan(contents: Contents, write_csv: Write, text: PlanText) -> None:
    contents["relations"][4]["evidence"] = "与柳河 大学合作"
    contents["enterprises"][0]["evidence"] = "青禾果业集团在 | (青禾果业)"
    tables = read_tables(write_csv(contents), text)
    assert not tables.problems
    quotes = [
        [text.text[span.start : span.end] for span in record.evidence]
        for record in (tables.edges[4], tables.entities[3])
    ]
    assert quotes == [["与柳河大学合作"], ["青禾果业集团在", "(青禾果业)"]]


def test_words_that_the_plan_does_not_have_are_told_in_both_languages(
    contents: Contents, write_csv: Write, text: PlanText, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents["relations"][4]["evidence"] = "同柳河大学合作"
    source = write_csv(contents)
    assert "no “同柳河大学合作”; the nearest is in line 7: “与柳河大学合作;”" in problem(
        read_tables(source, text)
    )
    monkeypatch.setenv("HONGTU_LANG", "zh")
    assert "原文里没有“同柳河大学合作”；最接近的在第 7 行：“与柳河大学合作;”" in problem(
        read_tables(source, text)
    )


def test_a_misspelt_name_is_told_before_evidence_is_looked_for(
    contents: Contents, write_csv: Write, text: PlanText
) -> None:
    contents["relations"][0].update(subject="青禾果叶集团", evidence="")
    assert problem(read_tables(write_csv(contents), text)) == (
        "relations.csv row 2, column “subject”: found “青禾果叶集团”, "
        "no Enterprise or Organization has this name in the tables; the nearest are: 青禾果业集团"
    )


def test_a_thing_that_the_plan_does_not_name_is_set_aside(
    contents: Contents, write_csv: Write, text: PlanText
) -> None:
    contents["projects"].append({"name": "跨海大桥", "status": "", "evidence": ""})
    tables = read_tables(write_csv(contents), text)
    assert "column “evidence”: found “”, the plan's text has no “跨海大桥”; where" in problem(tables)
    assert [row.place.row for row in tables.rejected["projects"]] == [3]


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_the_text_beside_the_tables_is_at_hand(
    contents: Contents, request: pytest.FixtureRequest, text: PlanText, form: str
) -> None:
    contents["projects"][0]["evidence"] = "冷链仓库"
    source = request.getfixturevalue(f"write_{form}")(contents)
    folder = source if source.is_dir() else source.parent
    (folder / "plan.txt").write_text(text.text, "utf-8", newline="")
    assert not read_tables(source).problems


def test_another_text_is_never_looked_into(contents: Contents, write_csv: Write, text: PlanText) -> None:
    contents["projects"][0]["evidence"] = "冷链仓库"
    source = write_csv(contents)
    other = PlanText(text.text + "附件", "0" * 64)
    (source / "plan.txt").write_text(other.text, "utf-8", newline="")
    found = read_tables(source, other).problems[0]
    assert "with the plan's text at hand" in found.allowed
    assert not read_tables(source, other, text).problems


def test_columns_that_are_missing_are_not_needed_with_the_text(contents: Contents, write_csv: Write) -> None:
    assert refusal(write_csv(without(contents, "evidence"))).endswith(
        "neither evidence nor SHA-256 is needed with the plan's text at hand: give it, or put it beside the tables as plan.txt"
    )


def test_a_column_that_may_be_evidence_under_another_heading_is_not_passed_over(
    contents: Contents, write_csv: Write, text: PlanText
) -> None:
    contents["projects"] = [{"name": "冷链仓库", "place": "5:51-55"}]
    with pytest.raises(
        InputError, match=r"projects.csv: missing column evidence; .*; an empty column will do"
    ):
        read_tables(write_csv({**contents, "strategies": [{"name": "果业振兴战略"}]}), text)
    contents["projects"] = [{"name": "冷链仓库", "remark": "5:51-55", "evidence": ""}]
    assert not read_tables(write_csv({**contents, "strategies": [{"name": "果业振兴战略"}]}), text).problems


# Words and names in Chinese


def test_words_of_cells_may_be_chinese(contents: Contents, write_csv: Write) -> None:
    plain = read_tables(write_csv(contents))
    chinese = {
        "undertakes": "承担",
        "operatesIn": "从事",
        "locatedIn": "位于",
        "promotes": "促进",
        "partnersWith": "合作",
        "Measure": "任务",
        "Industry": "产业",
        "Enterprise": "企业",
        "Organization": "机构",
        "planned": "规划",
        "target": "目标",
    }
    words = ("predicate", "subject_type", "object_type", "type", "status", "role")
    contents = {
        name: [
            {key: chinese.get(cell, cell) if key in words else cell for key, cell in row.items()}
            for row in rows
        ]
        for name, rows in contents.items()
    }
    contents["targets"][0]["comparator"] = "等于"
    assert contents["relations"][0]["predicate"] == "承担"
    assert read_tables(write_csv(contents)) == plain


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_tables_may_be_called_by_their_chinese_names(
    contents: Contents, write_csv: Write, request: pytest.FixtureRequest, form: str
) -> None:
    plain = read_tables(write_csv(contents))
    titles = {
        "plan": "规划",
        "sections": "章节",
        "strategies": "战略",
        "measures": "举措",
        "projects": "项目",
        "enterprises": "企业",
        "industries": "产业",
        "locations": "地点",
        "relations": "关系",
        "targets": "指标",
    }
    for file in (write_csv(contents)).glob("*.csv"):
        file.unlink()
    named = {titles[name]: rows for name, rows in contents.items()}
    assert read_tables(request.getfixturevalue(f"write_{form}")(named)) == plain


def test_a_problem_names_the_heading_as_it_stands(contents: Contents, write_csv: Write) -> None:
    contents["projects"] = [{"名称": "冷链仓库", "状态": "快了", "依据": "5:51-55"}]
    assert str(read_tables(write_csv(contents)).problems[0]).startswith(
        "projects.csv row 2, column “状态”: found"
    )


def test_allowed_words_are_told_in_chinese_with_those_of_the_tables(
    contents: Contents, write_csv: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    contents["relations"][0]["predicate"] = "修建"
    assert "只能是 承担（undertakes）、从事（operatesIn）" in problem(read_tables(write_csv(contents)))


def test_a_name_of_another_kind_is_told_as_such(contents: Contents, write_csv: Write) -> None:
    contents["relations"][0]["object"] = "𠮷岭镇"
    assert problem(read_tables(write_csv(contents))).endswith(
        "no Project has this name in the tables; it is among those of type Location"
    )


# Sources that are refused


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("plan", "sha256"),
        ("sections", "level"),
        ("strategies", "evidence"),
        ("measures", "name"),
        ("projects", "evidence"),
        ("enterprises", "name"),
        ("industries", "name"),
        ("locations", "evidence"),
        ("relations", "predicate"),
        ("targets", "role"),
    ],
)
def test_missing_column_is_refused(contents: Contents, write_csv: Write, table: str, column: str) -> None:
    for row in contents[table]:
        del row[column]
    message = refusal(write_csv(contents))
    assert message.startswith(f"{table}.csv: missing column {column}; the columns are ")
    assert "\n" not in message


def test_several_broken_files_are_told_at_once(contents: Contents, write_csv: Write) -> None:
    for table in ("projects", "relations", "targets"):
        for row in contents[table]:
            del row["evidence"]
    starts = [line.split(";")[0] for line in refusal(write_csv(contents)).split("\n")]
    assert starts == [
        f"{table}.csv: missing column evidence" for table in ("projects", "relations", "targets")
    ]


def test_no_plan_is_refused(contents: Contents, write_csv: Write) -> None:
    del contents["plan"]
    assert "the table plan must have one row (id, title, SHA-256 … of the plan), not 0" in refusal(
        write_csv(contents)
    )


def test_plan_table_of_headings_only_is_refused(contents: Contents, write_csv: Write) -> None:
    source = write_csv(contents)
    (source / "plan.csv").write_text("id,title,sha256,first_year,last_year,home,source\n", encoding="utf-8")
    assert refusal(source).endswith("must have one row (id, title, SHA-256 … of the plan), not 0")


def test_two_plans_are_refused(contents: Contents, write_csv: Write) -> None:
    contents["plan"].append({**contents["plan"][0], "id": "另一规划"})
    assert refusal(write_csv(contents)).endswith(
        "must have one row (id, title, SHA-256 … of the plan), not 2"
    )


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_bad_plan_row_is_told_with_its_reasons_in_every_form(
    contents: Contents, request: pytest.FixtureRequest, form: str
) -> None:
    contents["plan"][0].update(first_year="21", sha256="abc")
    contents["projects"][0]["status"] = "done"
    lines = refusal(request.getfixturevalue(f"write_{form}")(contents)).split("\n")
    assert len(lines) == 2
    assert "column “sha256”: found “abc”, the SHA-256 of the plan's text: 64 hex digits" in lines[0]
    assert "column “first_year”: found “21”, write a year of four digits" in lines[1]


def test_home_that_is_no_location_is_refused(contents: Contents, write_csv: Write) -> None:
    contents["plan"][0]["home"] = "红禾县"
    assert refusal(write_csv(contents)) == (
        "plan.csv row 2, column “home”: found “红禾县”, no such name in the table locations"
    )


def test_home_whose_row_is_bad_is_refused_with_the_reason(contents: Contents, write_csv: Write) -> None:
    contents["locations"][1]["admin_code"] = "14"
    home, reason, *_ = refusal(write_csv(contents)).split("\n")
    assert home.endswith("no such name in the table locations")
    assert reason == (
        "locations.csv row 3, column “admin_code”: found “14”, "
        "write an administrative code of 6, 9 or 12 digits"
    )


def test_refusal_is_chinese_for_chinese_readers(
    contents: Contents, write_csv: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    del contents["plan"]
    assert "规划（plan）表要正好一行" in refusal(write_csv(contents))


# Rows that are set aside


@pytest.mark.parametrize(
    ("table", "column", "cell", "allowed"),
    [
        ("sections", "level", "一", "a whole number"),
        ("sections", "evidence", "1:0-3; 2:4-5", "a section has one span"),
        ("sections", "strategy", "渔业振兴战略", "no Strategy has this name in the tables; the nearest are: 果业振兴战略"),
        ("strategies", "evidence", "第 3 行", "write line:start-end"),
        ("measures", "name", "", "must not be empty"),
        ("projects", "status", "done", "one of achieved, ongoing, planned, supported, explored"),
        ("projects", "confidence", "高", "a number from 0 to 1"),
        ("enterprises", "type", "Company", "one of Enterprise, Organization"),
        ("industries", "gbt", "C259", "a section, division or group of GB/T 4754-2017, such as C, C25 or C251; the nearest are: C251 精炼"),
        ("industries", "gbt", "煤炭加工业", "the nearest are: C252 煤炭加工"),
        ("locations", "admin_code", "１４９９９９", "6, 9 or 12 digits"),
        ("relations", "predicate", "builds", "one of undertakes, operatesIn"),
        ("relations", "subject", "青禾果业", "no Enterprise or Organization has this name in the tables; the nearest are"),
        ("relations", "object", "冷冻仓库", "no Project has this name in the tables; the nearest are: 冷链仓库"),
        ("targets", "value", "十二", "write digits (7.2)"),
        ("targets", "year", "2025年", "a year of four digits"),
        ("targets", "comparator", "大于", "one of =, >=, <=, ~"),
        ("targets", "role", "", "one of target, baseline"),
    ],
)  # fmt: skip
def test_bad_row_is_set_aside_with_reason(
    contents: Contents, write_csv: Write, table: str, column: str, cell: str, allowed: str
) -> None:
    contents[table][0][column] = cell
    tables = read_tables(write_csv(contents))
    first = tables.problems[0]
    assert str(first.place) == f"{table}.csv row 2"
    assert (first.column, first.found) == (column, cell)
    assert allowed in first.allowed
    assert [row.place.row for row in tables.rejected[table]] == [2]


def test_list_of_allowed_words_names_each_once(contents: Contents, write_csv: Write) -> None:
    contents["relations"][0]["status"] = "done"
    assert problem(read_tables(write_csv(contents))).endswith(
        "one of achieved, ongoing, planned, supported, explored"
    )


def test_unknown_type_of_an_empty_subject_is_not_taken_for_the_plan(
    contents: Contents, write_csv: Write
) -> None:
    contents["targets"][0]["subject"] = ""
    tables = read_tables(write_csv(contents))
    assert tables.figures == []
    assert "no Industry has this name in the tables" in problem(tables)


def test_name_of_several_things_needs_its_type(contents: Contents, write_csv: Write) -> None:
    contents["targets"][0]["subject_type"] = ""
    tables = read_tables(write_csv(contents))
    assert problem(tables) == (
        "targets.csv row 2, column “subject”: found “果品产业”, "
        "several have this name, give the type: Measure, Industry"
    )


def test_type_that_a_predicate_does_not_take_is_told_with_those_it_does(
    contents: Contents, write_csv: Write
) -> None:
    contents["relations"][0]["subject_type"] = "Location"
    assert problem(read_tables(write_csv(contents))) == (
        "relations.csv row 2, column “subject”: found “Location 青禾果业集团”, "
        "its type must be one of Enterprise, Organization"
    )


def test_duplicate_rows_are_set_aside_in_every_table(contents: Contents, write_csv: Write) -> None:
    valid = read_tables(write_csv(contents))
    tables = read_tables(write_csv({name: [*rows, rows[0]] for name, rows in contents.items()}))
    assert set(tables.rejected) == set(contents)
    assert all("each one once" in found.allowed for found in tables.problems)
    assert (tables.entities, tables.edges, tables.figures) == (valid.entities, valid.edges, valid.figures)


def test_what_refers_to_a_refused_row_is_set_aside_too(contents: Contents, write_csv: Write) -> None:
    contents["projects"][0]["status"] = "done"
    tables = read_tables(write_csv(contents))
    assert {name: len(rows) for name, rows in tables.rejected.items()} == {"projects": 1, "relations": 2}
    assert len(tables.edges) == 3


# Quarantine


def quarantined(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_quarantine_holds_the_rejected_rows_with_their_reasons(
    contents: Contents, write_csv: Write, tmp_path: Path
) -> None:
    contents["targets"][0].update(year="25", role="goal")
    contents["projects"][0]["status"] = "done, nearly"
    tables = read_tables(write_csv(contents))
    files = write_quarantine(tables, tmp_path / "a" / "quarantine")
    assert [file.name for file in files] == ["projects.csv", "targets.csv", "relations.csv"]
    (target,) = quarantined(tmp_path / "a" / "quarantine" / "targets.csv")
    assert target.pop("problem") == (
        "year: write a year of four digits, such as 2025; role: one of target, baseline"
    )
    assert target == contents["targets"][0]
    assert quarantined(files[0])[0]["status"] == "done, nearly"


def test_quarantine_opens_well_in_excel(contents: Contents, write_csv: Write, tmp_path: Path) -> None:
    contents["projects"][0]["status"] = "done"
    file = write_quarantine(read_tables(write_csv(contents)), tmp_path)[0]
    assert file.read_bytes().startswith(b"\xef\xbb\xbfproblem,name,")


def test_nothing_rejected_writes_nothing(contents: Contents, write_csv: Write, tmp_path: Path) -> None:
    assert write_quarantine(read_tables(write_csv(contents)), tmp_path / "quarantine") == []
    assert not (tmp_path / "quarantine").exists()


def test_mended_quarantine_file_loads_again(contents: Contents, write_csv: Write, tmp_path: Path) -> None:
    valid = read_tables(write_csv(contents))
    contents["targets"][0]["year"] = "25"
    source = write_csv(contents)
    (file,) = write_quarantine(read_tables(source), tmp_path / "quarantine")
    (source / "targets.csv").write_bytes(file.read_bytes().replace(b",25,", b",2025,"))
    assert read_tables(source) == valid


def test_reason_of_a_second_round_replaces_the_first(
    contents: Contents, write_csv: Write, tmp_path: Path
) -> None:
    contents["targets"][0].update(problem="an older reason", year="25")
    (file,) = write_quarantine(read_tables(write_csv(contents)), tmp_path / "quarantine")
    (row,) = quarantined(file)
    assert row["problem"] == "year: write a year of four digits, such as 2025"
    assert file.read_text("utf-8-sig").split("\r\n")[0].count("problem") == 1


def test_a_code_that_no_division_has_is_doubted_and_its_row_stands(
    contents: Contents, write_csv: Write
) -> None:
    tables = read_tables(write_csv(contents))
    assert not tables.problems
    assert [(doubt.column, doubt.found) for doubt in tables.doubts] == [("admin_code", "149999")]
    assert "GB/T 2260 has no such code" in str(tables.doubts[0])
    assert "青禾县" in {entity.name for entity in tables.entities}
