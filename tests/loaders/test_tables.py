import datetime
import io
import json
import string
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.loaders.errors import InputError
from hongtu.loaders.tables import Column, Place, Row, Table, nearest, read_rows, read_table, shorten
from hongtu.loaders.values import parse_aliases, parse_text, parse_year

LONG = 10_000_000


@dataclass(frozen=True)
class Town:
    name: str
    year: int
    aliases: tuple[str, ...]


TOWNS = Table(
    "towns",
    "镇",
    (
        Column("name", "名称", parse_text),
        Column("year", "年份", parse_year),
        Column("aliases", "别名", parse_aliases, required=False),
    ),
    Town,
    key=lambda town: town.name,
    also=("乡镇",),
)
ROADS: Table[str] = Table("roads", "路", (Column("name", "名称", parse_text),), str, key=lambda road: road)
TABLES = (TOWNS, ROADS)


@pytest.fixture
def towns_csv(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Write a towns.csv; return its folder."""

    def write(content: str | bytes) -> Path:
        (tmp_path / "towns.csv").write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return write


@pytest.fixture
def towns_xlsx(tmp_path: Path) -> Callable[[list[list[Any]]], Path]:
    """Write a workbook with a sheet of towns; return the file."""

    def write(lines: list[list[Any]]) -> Path:
        workbook = openpyxl.Workbook()
        sheet = workbook.worksheets[0]
        sheet.title = "towns"
        for line in lines:
            sheet.append(line)
        workbook.save(tmp_path / "tables.xlsx")
        return tmp_path / "tables.xlsx"

    return write


@pytest.fixture
def towns_json(tmp_path: Path) -> Callable[[str], Path]:
    """Write a JSON file; return it."""

    def write(content: str) -> Path:
        (tmp_path / "tables.json").write_text(content, encoding="utf-8")
        return tmp_path / "tables.json"

    return write


def records(source: Path, **options: str) -> list[Town]:
    return [town for _, town in read_table(TOWNS, read_rows(source, TABLES, **options)["towns"]).records]


def refusal(source: Path, **options: str) -> str:
    """Return the message with which a source is refused."""
    with pytest.raises(InputError) as caught:
        read_table(TOWNS, read_rows(source, TABLES, **options)["towns"])
    return str(caught.value)


# Names of tables


@pytest.mark.parametrize("name", ["towns", "镇", "乡镇"])
def test_a_table_is_found_by_any_of_its_names(towns_csv: Callable[[str], Path], name: str) -> None:
    folder = towns_csv("name,year\n杏花镇,2025\n")
    (folder / "towns.csv").rename(folder / f"{name}.csv")
    (row,) = read_rows(folder, TABLES)["towns"]
    assert str(row.place) == f"{name}.csv row 2"


def test_a_table_under_two_names_is_refused(towns_csv: Callable[[str], Path]) -> None:
    folder = towns_csv("name,year\n杏花镇,2025\n")
    (folder / "镇.csv").write_text("name,year\n", "utf-8")
    message = refusal(folder)
    assert (
        "towns" in message and "镇" in message and "are names of one table; put all rows into one" in message
    )


# Rows and cells


def test_headings_may_be_chinese(towns_csv: Callable[[str], Path]) -> None:
    assert records(towns_csv("名称,年份,别名\n杏花镇,2025,杏花 | 花镇\n")) == [
        Town("杏花镇", 2025, ("杏花", "花镇"))
    ]


def test_columns_may_stand_in_any_order_and_optional_ones_be_absent(towns_csv: Callable[[str], Path]) -> None:
    assert records(towns_csv("remark,year,name\nx,2025,杏花镇\n")) == [Town("杏花镇", 2025, ())]


def test_blanks_around_headings_and_cells_do_not_count(towns_csv: Callable[[str], Path]) -> None:
    assert records(towns_csv(" name ,year\n\u3000杏花镇 , 2025 \n")) == [Town("杏花镇", 2025, ())]


def test_byte_order_mark_is_no_part_of_the_heading(towns_csv: Callable[[str], Path]) -> None:
    assert records(towns_csv("\ufeffname,year\n杏花镇,2025\n")) == [Town("杏花镇", 2025, ())]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_blank_rows_are_skipped_but_counted(towns_csv: Callable[[str], Path], line_end: str) -> None:
    source = towns_csv(line_end.join(["", "name,year", "", ",", "杏花镇,2025", "  ,", "柳河镇,2026", ""]))
    rows = read_rows(source, TABLES)["towns"]
    assert [row.place.row for row in rows] == [5, 7]


def test_quoted_cells_may_hold_commas_quotes_and_line_ends(towns_csv: Callable[[str], Path]) -> None:
    assert records(towns_csv('name,year\n"杏花,""花""\n镇",2025\n'))[0].name == '杏花,"花"\n镇'


def test_row_with_more_cells_than_headings_is_set_aside(towns_csv: Callable[[str], Path]) -> None:
    rows = read_rows(towns_csv("name,year\n杏花镇,2025,又名花镇\n柳河镇,2025,,\n"), TABLES)["towns"]
    reading = read_table(TOWNS, rows)
    assert [town.name for _, town in reading.records] == ["柳河镇"]
    assert str(reading.problems[0]) == (
        "towns.csv row 2, column “”: found “又名花镇”, more cells than headings; put a cell with a comma into quotes"
    )


def test_row_with_fewer_cells_than_headings_has_empty_ones(towns_csv: Callable[[str], Path]) -> None:
    rows = read_rows(towns_csv("name,year,aliases\n杏花镇\n柳河镇,2025\n"), TABLES)["towns"]
    reading = read_table(TOWNS, rows)
    assert reading.records == [(rows[1], Town("柳河镇", 2025, ()))]
    assert [problem.column for problem in reading.problems] == ["year"]


def test_bad_row_is_set_aside_with_every_reason(towns_csv: Callable[[str], Path]) -> None:
    rows = read_rows(towns_csv("name,year\n,二〇二五\n柳河镇,2025\n"), TABLES)["towns"]
    reading = read_table(TOWNS, rows)
    assert [town.name for _, town in reading.records] == ["柳河镇"]
    assert reading.rejected == [rows[0]]
    assert list(map(str, reading.problems)) == [
        "towns.csv row 2, column “name”: found “”, must not be empty",
        "towns.csv row 2, column “year”: found “二〇二五”, write a year of four digits, such as 2025",
    ]


def test_duplicate_row_is_set_aside_and_names_the_first(towns_csv: Callable[[str], Path]) -> None:
    reading = read_table(
        TOWNS, read_rows(towns_csv("name,year\n杏花镇,2025\n杏花镇,2026\n"), TABLES)["towns"]
    )
    assert [town.year for _, town in reading.records] == [2025]
    assert str(reading.problems[0]) == (
        "towns.csv row 3, column “name”: found “杏花镇”, the same as in towns.csv row 2; each one once"
    )


def test_message_is_chinese_for_chinese_readers(
    towns_csv: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    reading = read_table(TOWNS, read_rows(towns_csv("name,year\n杏花镇,25\n"), TABLES)["towns"])
    assert str(reading.problems[0]) == "towns.csv 第 2 行，“year”列：是“25”，写四位年份，如 2025"
    assert "缺少列 年份（year）" in refusal(towns_csv("name\n杏花镇\n"))


@given(st.dictionaries(st.text(min_size=1), st.text(), min_size=1), st.text())
def test_any_row_is_read_or_set_aside(cells: dict[str, str], name: str) -> None:
    row = Row(Place(Path("towns.csv"), "", 2), {"name": name, "year": "2025", **cells})
    reading = read_table(TOWNS, [row])
    assert len(reading.records) + len(reading.rejected) == 1
    assert bool(reading.rejected) == bool(reading.problems)


# Sources that cannot be read


def test_missing_column_is_named_with_those_that_are_there(towns_csv: Callable[[str], Path]) -> None:
    message = refusal(towns_csv("name,jahr\n杏花镇,2025\n"))
    assert message == "towns.csv: missing column year; the columns are name, jahr"


def test_double_heading_is_refused(towns_csv: Callable[[str], Path]) -> None:
    assert refusal(towns_csv("name,year,name\na,2025,b\n")) == "towns.csv: a heading stands twice: name"


@pytest.mark.parametrize("content", ["", "\n", " \r\n\t\n"])
def test_empty_file_is_refused(towns_csv: Callable[[str], Path], content: str) -> None:
    assert refusal(towns_csv(content)) == "towns.csv: the file is empty"


def test_file_of_blank_rows_is_refused(towns_csv: Callable[[str], Path]) -> None:
    assert "it is empty; the first row must hold the headings" in refusal(towns_csv(",,\n,\n"))


def test_open_quote_is_refused_with_line(towns_csv: Callable[[str], Path]) -> None:
    assert refusal(towns_csv('name,year\n杏花镇,2025\n"柳河镇,2025\n')).startswith(
        "towns.csv line 3: not CSV ("
    )


def test_file_of_zero_bytes_is_refused(towns_csv: Callable[[bytes], Path]) -> None:
    assert "missing column name, year" in refusal(towns_csv(b"\0" * 100 + b"\nx\n"))


@pytest.mark.parametrize("written", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_what_excel_may_save_is_read_without_naming_it(
    towns_csv: Callable[[bytes], Path], written: str
) -> None:
    source = towns_csv("name,year\nabc,2025\n杏花镇,2025\n".encode(written))
    assert [town.name for town in records(source)] == ["abc", "杏花镇"]


def test_the_mark_of_utf8_counts_for_more_than_the_encoding_named(towns_csv: Callable[[bytes], Path]) -> None:
    source = towns_csv("name,year\n杏花镇,2025\n".encode("utf-8-sig"))
    assert [town.name for town in records(source, encoding="gb18030")] == ["杏花镇"]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_is_in_no_encoding_is_refused_with_line_and_remedy(
    towns_csv: Callable[[bytes], Path], mark: bytes
) -> None:
    source = towns_csv(mark + b"name,year\nabc,2025\n\xff\xff,2025\n")
    assert refusal(source) == (
        "towns.csv line 3: not in utf-8; save it as UTF-8 (in Excel: “CSV UTF-8”), "
        "or name its encoding with --encoding"
    )


def test_what_is_not_in_the_encoding_named_is_refused(towns_csv: Callable[[bytes], Path]) -> None:
    source = towns_csv("name,year\n杏花,2025\n".encode("gb18030"))
    assert refusal(source, encoding="ascii").startswith("towns.csv line 2: not in ascii")


@pytest.mark.parametrize("encoding", ["klingon", "hex"])
def test_unknown_encoding_is_refused(towns_csv: Callable[[str], Path], encoding: str) -> None:
    assert (
        refusal(towns_csv("name,year\n"), encoding=encoding) == f"{encoding}: no such encoding; try gb18030"
    )


def test_all_broken_files_are_told_at_once(towns_csv: Callable[[str], Path]) -> None:
    source = towns_csv("")
    (source / "roads.csv").write_bytes(b"\xff\xff\n")
    towns, roads = refusal(source).split("\n")
    assert towns == "towns.csv: the file is empty"
    assert roads.startswith("roads.csv line 1: not in utf-8")


def test_folder_without_tables_is_refused_with_the_names_wanted(tmp_path: Path) -> None:
    told = f"{tmp_path}: no table in it; wanted are towns, roads (to read plans' texts, name their files)"
    assert refusal(tmp_path) == told


def test_unknown_extension_is_refused(tmp_path: Path) -> None:
    (tmp_path / "towns.docx").write_text("x")
    assert refusal(tmp_path / "towns.docx") == (
        "towns.docx: not a kind of table that is known; give a folder of CSV files, .xlsx or .json"
    )


def test_missing_source_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing") == f"{tmp_path / 'nothing'}: no such file or folder"


def test_impossible_path_is_refused() -> None:
    assert "cannot be read (File name too long)" in refusal(Path("x" * 5000))


@pytest.mark.parametrize("name", ["tables.json", "tables.xlsx"])
def test_unreadable_file_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def deny(file: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / name).write_text("x")
    monkeypatch.setattr(Path, "read_bytes", deny)
    assert refusal(tmp_path / name) == f"{tmp_path / name}: cannot be read (Permission denied)"


# Very long lines


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("甲" * LONG, "not CSV (field larger than field limit"),
        ("甲," * (LONG // 2), "a heading stands twice: 甲"),
        (",".join(map(str, range(LONG // 7))), "missing column name, year; the columns are 0, 1, 2"),
        ('"' + "甲" * LONG, "not CSV (field larger than field limit"),
        ('"甲",' * (LONG // 4), "a heading stands twice: 甲"),
        ('"' * LONG, "not CSV ("),
    ],
    ids=["plain", "commas", "different headings", "open quote", "quotes and commas", "quotes"],
)
def test_very_long_line_is_refused_in_few_words(
    towns_csv: Callable[[str], Path], line: str, reason: str
) -> None:
    message = refusal(towns_csv(f"{line}\nx\n"))
    assert reason in message
    assert len(message) < 400


def test_very_long_cell_is_shortened_in_the_message(towns_json: Callable[[str], Path]) -> None:
    source = towns_json(json.dumps({"towns": [{"name": "杏花镇", "year": "2" * LONG}]}))
    problem = read_table(TOWNS, read_rows(source, TABLES)["towns"]).problems[0]
    assert len(str(problem)) < 200


# Workbooks


def test_numbers_and_dates_of_a_workbook_read_as_typed(towns_xlsx: Callable[[list[list[Any]]], Path]) -> None:
    date = datetime.datetime(2025, 3, 1)
    source = towns_xlsx(
        [["name", "year", "aliases"], ["甲", 2025.0, 7.5], ["乙", 2025, None], ["丙", date, True]]
    )
    rows = read_rows(source, TABLES)["towns"]
    assert [list(row.cells.values()) for row in rows] == [
        ["甲", "2025", "7.5"],
        ["乙", "2025", ""],
        ["丙", "2025-03-01 00:00:00", "True"],
    ]
    problem = read_table(TOWNS, rows).problems[0]
    assert str(problem) == (
        "tables.xlsx [towns] row 4, column “year”: found “2025-03-01 00:00:00”, "
        "write a year of four digits, such as 2025"
    )


def test_rows_of_a_sheet_are_numbered_as_excel_shows_them(
    towns_xlsx: Callable[[list[list[Any]]], Path],
) -> None:
    source = towns_xlsx([[None], ["name", "year"], [None, " "], ["甲", 2025]])
    assert [row.place.row for row in read_rows(source, TABLES)["towns"]] == [4]


def test_remarks_beside_the_table_are_left_alone(towns_xlsx: Callable[[list[list[Any]]], Path]) -> None:
    assert records(towns_xlsx([["name", "year"], ["甲", 2025, "checked"]])) == [Town("甲", 2025, ())]


def test_empty_sheet_is_refused(towns_xlsx: Callable[[list[list[Any]]], Path]) -> None:
    assert "tables.xlsx [towns]: it is empty" in refusal(towns_xlsx([]))


def test_sheets_of_other_names_are_no_tables(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "tables.xlsx")
    assert "no table in it; wanted are towns, roads" in refusal(tmp_path / "tables.xlsx")


def test_chart_is_no_table(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.create_chartsheet("towns")
    workbook.save(tmp_path / "tables.xlsx")
    assert "not a sound Excel workbook" in refusal(tmp_path / "tables.xlsx")


def rezip(
    file: Path, change: Callable[[str, bytes], bytes], compression: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return a workbook with its parts changed."""
    output = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(output, "w", compression) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return output.getvalue()


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: b"name,year\n",
        lambda file: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000),
        lambda file: file.read_bytes()[:-200],
        lambda file: rezip(file, lambda name, part: part[:-20] if "sheet1" in name else part),
        lambda file: rezip(file, lambda name, part: part.replace(b'r="2"', b'r="x"')),
        lambda file: rezip(file, lambda name, part: part.replace(b"activeTab", b"activTab")),
        lambda file: rezip(file, lambda name, part: b"" if "workbook.xml" in name else part),
        lambda file: rezip(file, lambda name, part: part, zipfile.ZIP_STORED).replace(b"<row", b"<rov", 1),
    ],
    ids=["text", "xls", "cut", "XML cut", "row number", "attribute", "empty part", "checksum"],
)
def test_damaged_workbook_is_refused_with_a_remedy(
    towns_xlsx: Callable[[list[list[Any]]], Path], damage: Callable[[Path], bytes]
) -> None:
    source = towns_xlsx([["name", "year"], *([f"甲{number}", 2025] for number in range(50))])
    source.write_bytes(damage(source))
    message = refusal(source)
    assert message.startswith("tables.xlsx: not a sound Excel workbook (")
    assert message.endswith("; open it in Excel and save it as .xlsx")


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=3))
def test_workbook_with_any_bytes_changed_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[float, int]]
) -> None:
    file = tmp_path_factory.mktemp("damaged") / "tables.xlsx"
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "towns"
    workbook.worksheets[0].append(["name", "year"])
    workbook.save(file)
    content = bytearray(file.read_bytes())
    for place, byte in changes:
        content[int(place * (len(content) - 1))] = byte
    file.write_bytes(content)
    try:
        read_rows(file, TABLES)
    except InputError as error:
        assert str(error).startswith(("tables.xlsx", str(file)))
    # What openpyxl warns of, it reads.
    except UserWarning:
        pass


# JSON


def test_values_of_json_read_as_typed(towns_json: Callable[[str], Path]) -> None:
    source = towns_json('{"towns": [{"name": "甲", "year": 2025.0, "别名": ["乙", "丙"]}], "other": 1}')
    assert records(source) == [Town("甲", 2025, ("乙", "丙"))]


def test_items_of_json_are_counted_from_1(towns_json: Callable[[str], Path]) -> None:
    rows = read_rows(towns_json('{"towns": [{"name": "甲"}, {"name": null}]}'), TABLES)["towns"]
    assert list(map(str, (row.place for row in rows))) == [
        "tables.json [towns] row 1",
        "tables.json [towns] row 2",
    ]


def test_json_error_is_told_with_line_and_column(towns_json: Callable[[str], Path]) -> None:
    message = refusal(towns_json('{"towns": [\n  {"name": 甲}\n]}'))
    assert message == "tables.json line 2 column 12: not JSON (Expecting value)"


@pytest.mark.parametrize(
    "content",
    ["[]", "1", '"towns"', "null", '{"towns": {}}', '{"towns": [1]}', '{"towns": "甲"}', '{"towns": [[]]}'],
)
def test_json_of_another_shape_is_refused_with_the_right_one(
    towns_json: Callable[[str], Path], content: str
) -> None:
    assert 'write {"projects": [{"name": …}, …], …}' in refusal(towns_json(content))


@pytest.mark.parametrize("value", ['{"a": 1}', '[["a"]]', '[{"a": 1}]', "[" * 900 + "]" * 900])
def test_nested_cell_of_json_is_refused_with_its_row(towns_json: Callable[[str], Path], value: str) -> None:
    message = refusal(towns_json(f'{{"towns": [{{"name": "甲"}}, {{"name": {value}}}]}}'))
    assert message == "tables.json [towns] row 2, “name”: write a text, a number or a list of texts"


@pytest.mark.parametrize("bracket", ["[]", ('{"a":', "}")])
def test_deeply_nested_json_is_refused(towns_json: Callable[[str], Path], bracket: tuple[str, str]) -> None:
    message = refusal(towns_json(bracket[0] * 100_000 + "1" + bracket[1] * 100_000))
    assert message.startswith("tables.json: not JSON that can be read (")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"towns": [], "towns": []}', "a key stands twice: towns"),
        ('{"towns": [{"name": "甲", "name": "乙"}]}', "a key stands twice: name"),
        ('{"towns": [{"name": "\\ud83d"}]}', "surrogates not allowed"),
        ('{"towns": [{"name": ' + "1" * 5000 + "}]}", "Exceeds the limit"),
    ],
)
def test_json_that_would_lose_something_is_refused(
    towns_json: Callable[[str], Path], content: str, reason: str
) -> None:
    message = refusal(towns_json(content))
    assert message.startswith("tables.json: not JSON that can be read (")
    assert reason in message


def test_long_line_of_json_is_read(towns_json: Callable[[str], Path]) -> None:
    name = "甲" * LONG
    assert records(towns_json(json.dumps({"towns": [{"name": name, "year": 2025}]})))[0].name == name


def test_long_line_that_is_no_json_is_refused(towns_json: Callable[[str], Path]) -> None:
    assert refusal(towns_json("甲" * LONG)) == "tables.json line 1 column 1: not JSON (Expecting value)"


# Words for messages


@given(st.text(), st.integers(1, 50))
def test_shortened_text_fits(text: str, length: int) -> None:
    assert len(shorten(text, length)) <= length
    assert shorten(text, length) == text or text.startswith(shorten(text, length)[:-1])


def test_nearest_names_are_offered_best_first() -> None:
    assert nearest("杏花镇", ["柳河镇", "杏花村", "杏花镇区"]) == "; the nearest are: 杏花镇区、杏花村"
    assert nearest("杏花镇", list(string.ascii_letters)) == ""
