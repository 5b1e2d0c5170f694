"""Tables: CSV files, XLSX workbooks and JSON files, read into records with every problem found at once.

A *source* is a folder of CSV files (``projects.csv``, ``relations.csv`` …; or ``项目.csv``, ``关系.csv``), one workbook
with sheets of these names, or one JSON file with an object of lists. Rows are numbered as a person sees them: the headings are row 1 of
a CSV file and of a sheet; items of a JSON list count from 1.
"""

import csv
import difflib
import io
import json
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any, Generic, TypeVar

from hongtu.loaders.errors import InputError
from hongtu.loaders.files import whole_file
from hongtu.loaders.language import say
from hongtu.loaders.values import guard_cell, unguard_cell

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the Chinese heading that may stand instead, and what turns a cell into a value."""

    name: str
    title: str
    parse: Callable[[str], Any]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """A table: its name (file, sheet or key), and how a row becomes a record.

    ``record`` takes the values by column name; ``key`` gives what must be unique in the table. File, sheet or key may
    be called by the Chinese ``title`` too, or by what ``also`` has.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    record: Callable[..., R]
    key: Callable[[R], Hashable]
    also: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Return the column of this name."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: the file, the sheet of a workbook or list of a JSON file (else empty), and the row."""

    file: Path
    sheet: str
    row: int

    def __str__(self) -> str:
        sheet = f" [{self.sheet}]" if self.sheet else ""
        return f"{self.file.name}{sheet} " + say(f"第 {self.row} 行", f"row {self.row}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one cell: where, what was found, and what is allowed."""

    place: Place
    column: str
    found: str
    allowed: str

    def __str__(self) -> str:
        column = say(f"，“{self.column}”列：", f", column “{self.column}”: ")
        found = say(f"是“{shorten(self.found)}”，", f"found “{shorten(self.found)}”, ")
        return f"{self.place}{column}{found}{self.allowed}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the source: cells by heading; those beyond the headings under an empty one."""

    place: Place
    cells: Mapping[str, str]

    def cell(self, column: Column) -> str:
        """Return the cell of a column, under its English or Chinese heading; empty when there is none."""
        return self.cells.get(column.name, self.cells.get(column.title, "")).strip()

    def has(self, column: Column) -> bool:
        """Tell whether there is a cell under one of the column's headings."""
        return column.name in self.cells or column.title in self.cells

    def problem(self, column: Column, found: str, allowed: str) -> Problem:
        """Return the problem with a cell, under the heading that the row has for it."""
        headings = [heading for heading in (column.name, column.title) if heading in self.cells]
        return Problem(
            self.place, headings[0] if headings else say(column.title, column.name), found, allowed
        )


@dataclass(slots=True)
class Reading(Generic[R]):
    """What reading a table gave: the records with their rows, the rows that were refused, and why."""

    records: list[tuple[Row, R]] = field(default_factory=list)
    rejected: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, row: Row, *problems: Problem) -> None:
        """Set a row aside, with the reasons."""
        self.rejected.append(row)
        self.problems.extend(problems)


def shorten(text: str, length: int = 60) -> str:
    """Return text that fits a message.

    >>> shorten("一二三四五六", 4)
    '一二三…'
    """
    return text if len(text) <= length else text[: length - 1] + "…"


def nearest(word: str, words: list[str]) -> str:
    """Return a hint with the words that are most like one that was not found; empty when there is none."""
    matches = difflib.get_close_matches(word, words, n=3, cutoff=0.5)
    return say("；最接近的有：", "; the nearest are: ") + "、".join(matches) if matches else ""


def read_rows(source: Path, tables: Sequence[Table[Any]], *, encoding: str = "utf-8") -> dict[str, list[Row]]:
    """Return the rows of each table of a source, by table name.

    :param tables: the tables that are looked for, by any of their names; others are left alone.
    :param encoding: encoding of CSV and JSON files.
    :raises InputError: with all that hinders reading, one line each: a file that is empty, damaged or in another
        encoding, a heading that is missing or double, a table that stands twice, no table at all.
    """
    try:
        reading = _open(source, tables, encoding)
    except OSError as error:
        raise _unreadable(source, error) from error
    if not reading:
        raise InputError(
            say(f"{source}：里面没有表；要有 ", f"{source}: no table in it; wanted are ")
            + say("、", ", ").join(say(f"{table.title}（{table.name}）", table.name) for table in tables)
            + say("（要读规划原文，请直接给出文件）", " (to read plans' texts, name their files)")
        )
    rows: dict[str, list[Row]] = {}
    problems = []
    for name, read in reading.items():
        try:
            rows[name] = read()
        except InputError as error:
            problems.append(str(error))
    if problems:
        raise InputError("\n".join(problems))
    return rows


def _open(source: Path, tables: Sequence[Table[Any]], encoding: str) -> dict[str, Callable[[], list[Row]]]:
    """Return what reads each table of a source, by table name."""
    if source.is_dir():
        files = _called(source.name, tables, [file.stem for file in source.glob("*.csv") if file.is_file()])
        return {name: partial(read_csv, source / f"{stem}.csv", encoding) for name, stem in files.items()}
    if not source.exists():
        raise InputError(say(f"{source}：没有这个文件或文件夹", f"{source}: no such file or folder"))
    if source.suffix.lower() == ".xlsx":
        return _open_workbook(source, tables)
    if source.suffix.lower() == ".json":
        return _open_json(source, tables, encoding)
    raise InputError(
        say(
            f"{source.name}：不认得的表格类型；给一个装 CSV 的文件夹、.xlsx 或 .json",
            f"{source.name}: not a kind of table that is known; give a folder of CSV files, .xlsx or .json",
        )
    )


def _called(where: str, tables: Sequence[Table[Any]], present: Iterable[str]) -> dict[str, str]:
    """Return what each table that is present is called there, by table name.

    :param present: names of the files, sheets or keys that there are.
    :raises InputError: when a table stands under two names.
    """
    there = list(present)
    called: dict[str, str] = {}
    for table in tables:
        found = [name for name in there if name.strip() in (table.name, table.title, *table.also)]
        if len(found) > 1:
            raise InputError(
                say(
                    f"{where}：{'、'.join(found)} 是同一张表的名称；合成一张",
                    f"{where}: {', '.join(found)} are names of one table; put all rows into one",
                )
            )
        called.update((table.name, name) for name in found)
    return called


def read_table(table: Table[R], rows: list[Row]) -> Reading[R]:
    """Return the records of a table's rows; a row with any problem is rejected whole.

    :raises InputError: when a column that the table needs is missing from a row (or from the headings).
    """
    reading: Reading[R] = Reading()
    if rows:
        _check_headings(table, rows[0])
    first_rows: dict[Hashable, Place] = {}
    for row in rows:
        values: dict[str, Any] = {}
        problems = []
        for column in table.columns:
            try:
                values[column.name] = column.parse(row.cell(column))
            except ValueError as error:
                problems.append(row.problem(column, row.cell(column), str(error)))
        if beyond := row.cells.get(""):
            problem = say(
                "多出的单元格，没有列名；含逗号的单元格要加引号",
                "more cells than headings; put a cell with a comma into quotes",
            )
            problems.append(Problem(row.place, "", beyond, problem))
        if not problems:
            record = table.record(**values)
            key = table.key(record)
            if key in first_rows:
                problem = say(f"和{first_rows[key]}重复", f"the same as in {first_rows[key]}; each one once")
                problems.append(row.problem(table.columns[0], " ".join(map(str, _flat(key))), problem))
            else:
                first_rows[key] = row.place
                reading.records.append((row, record))
        if problems:
            reading.refuse(row, *problems)
    return reading


def _flat(key: Hashable) -> Iterator[Hashable]:
    if isinstance(key, tuple):
        for part in key:
            yield from _flat(part)
    else:
        yield key


def _check_headings(table: Table[Any], first: Row) -> None:
    missing = [
        say(f"{column.title}（{column.name}）", column.name)
        for column in table.columns
        if column.required and not first.has(column)
    ]
    if missing:
        sheet = f" [{first.place.sheet}]" if first.place.sheet else ""
        raise InputError(
            f"{first.place.file.name}{sheet}: "
            + say("缺少列 ", "missing column ")
            + say("、", ", ").join(missing)
            + say("；现有列 ", "; the columns are ")
            + shorten(", ".join(first.cells), 200)
        )


def read_csv(file: Path, encoding: str) -> list[Row]:
    """Return the rows of a CSV file.

    :raises InputError: when the file cannot be read, is empty, in another encoding or no CSV.
    """
    text = read_text(file, encoding)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        line = reader.line_num or 1
        raise InputError(
            say(
                f"{file.name} 第 {line} 行：不是 CSV（{error}）；检查引号和分隔符，或在 Excel 里另存为“CSV UTF-8”",
                f"{file.name} line {line}: not CSV ({error}); check quotes and separators, "
                "or save it from Excel as “CSV UTF-8”",
            )
        ) from error
    return _rows_of_lines(file, "", rows)


def read_first_sheet(file: Path) -> list[Row]:
    """Return the rows of a workbook's first sheet, whatever it is called.

    :raises InputError: when the workbook cannot be read, or the sheet is empty.
    """
    (read,) = _read_workbook(file, lambda sheets: {"": sheets[0]}).values()
    return read()


def _open_workbook(file: Path, tables: Sequence[Table[Any]]) -> dict[str, Callable[[], list[Row]]]:
    return _read_workbook(file, lambda sheets: _called(file.name, tables, sheets))


def _read_workbook(
    file: Path, choose: Callable[[list[str]], dict[str, str]]
) -> dict[str, Callable[[], list[Row]]]:
    """Return what reads each sheet that is chosen among the names of all, by the name that it is chosen for."""
    # openpyxl takes 0.15 s to import and only workbooks need it.
    import openpyxl

    content = io.BytesIO(_read_bytes(file))
    try:
        workbook = openpyxl.load_workbook(content, read_only=True, data_only=True)
        called = choose(workbook.sheetnames)
        sheets = {
            name: [[_cell_text(value) for value in line] for line in workbook[sheet].values]
            for name, sheet in called.items()
        }
    except InputError:
        raise
    # On damaged files openpyxl lets through whatever the ZIP, zlib and XML libraries and its own classes raise.
    except Exception as error:
        raise InputError(
            say(
                f"{file.name}：不是完好的 Excel 工作簿（{error}）；用 Excel 打开后另存为 .xlsx",
                f"{file.name}: not a sound Excel workbook ({error}); open it in Excel and save it as .xlsx",
            )
        ) from error
    return {name: partial(_rows_of_lines, file, called[name], lines) for name, lines in sheets.items()}


def _open_json(file: Path, tables: Sequence[Table[Any]], encoding: str) -> dict[str, Callable[[], list[Row]]]:
    text = read_text(file, encoding)
    try:
        content = json.loads(text, object_pairs_hook=_json_object)
        # Half a surrogate pair ("\ud83d") passes as JSON but is no character and cannot be written.
        json.dumps(content, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise InputError(
            say(
                f"{file.name} 第 {error.lineno} 行第 {error.colno} 列：不是 JSON（{error.msg}）",
                f"{file.name} line {error.lineno} column {error.colno}: not JSON ({error.msg})",
            )
        ) from error
    except (RecursionError, ValueError) as error:
        raise InputError(
            say(
                f"{file.name}：不是能读的 JSON（{error}）",
                f"{file.name}: not JSON that can be read ({error})",
            )
        ) from error
    shape = say('写成 {"projects": [{"name": …}, …], …}', 'write {"projects": [{"name": …}, …], …}')
    if not isinstance(content, dict):
        raise InputError(f"{file.name}: {shape}")

    def read(name: str) -> list[Row]:
        items = content[name]
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise InputError(f"{file.name} [{name}]: {shape}")
        return [_json_row(Place(file, name, number), item) for number, item in enumerate(items, 1)]

    return {name: partial(read, key) for name, key in _called(file.name, tables, content).items()}


def _json_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    double = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if double:
        raise ValueError(say("键重复 ", "a key stands twice: ") + shorten(", ".join(double)))
    return dict(pairs)


def _json_row(place: Place, item: dict[str, Any]) -> Row:
    for key, value in item.items():
        if any(isinstance(part, dict | list) for part in (value if isinstance(value, list) else [value])):
            raise InputError(
                f"{place}"
                + say(
                    f"，“{shorten(key)}”：写文字、数字或文字的列表",
                    f", “{shorten(key)}”: write a text, a number or a list of texts",
                )
            )
    return Row(place, {key.strip(): _cell_text(value) for key, value in item.items()})


def _rows_of_lines(file: Path, sheet: str, lines: list[list[str]]) -> list[Row]:
    """Return rows from lines of cells, of which the first that is not blank holds the headings."""
    where = f"{file.name} [{sheet}]" if sheet else file.name
    filled = [(number, cells) for number, cells in enumerate(lines, 1) if any(cell.strip() for cell in cells)]
    if not filled:
        raise InputError(
            say(
                f"{where}：是空的；第一行要有列名",
                f"{where}: it is empty; the first row must hold the headings",
            )
        )
    headings = [cell.strip() for cell in filled[0][1]]
    double = [heading for heading, count in Counter(headings).items() if heading and count > 1]
    if double:
        raise InputError(
            say(f"{where}：列名重复 ", f"{where}: a heading stands twice: ") + shorten(", ".join(double))
        )
    rows = []
    for number, line in filled[1:]:
        cells = {key: unguard_cell(cell) for key, cell in zip_longest(headings, line, fillvalue="") if key}
        if beyond := [cell for cell in line[len(headings) :] if cell.strip()]:
            cells[""] = ",".join(beyond)
        rows.append(Row(Place(file, sheet, number), cells))
    return rows


def write_csv(file: Path, headings: Iterable[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write rows as a CSV file that :func:`read_csv` reads and that Excel shows and saves unharmed.

    It is UTF-8 with a byte order mark; what Excel would compute or rewrite is guarded by an apostrophe.

    :param rows: cells by heading; a heading that a row lacks gives an empty cell.
    :raises StoreError: when the file cannot be written; what was there stays.
    """
    with whole_file(file) as new, new.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(headings), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({heading: guard_cell(cell) for heading, cell in row.items()})


def _cell_text(value: object) -> str:
    """Return a cell of a workbook or a JSON value as the text that a person would type.

    >>> _cell_text(2025.0), _cell_text(None), _cell_text(["华翔", "华翔股份"])
    ('2025', '', '华翔 | 华翔股份')
    """
    if value is None:
        return ""
    if isinstance(value, list):
        return " | ".join(map(_cell_text, value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _unreadable(file: Path, error: OSError) -> InputError:
    return InputError(
        say(
            f"{shorten(str(file), 200)}：读不了（{error.strerror}）",
            f"{shorten(str(file), 200)}: cannot be read ({error.strerror})",
        )
    )


def _read_bytes(file: Path) -> bytes:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise _unreadable(file, error) from error
    if not content.strip():
        raise InputError(say(f"{file.name}：是空文件", f"{file.name}: the file is empty"))
    return content


def read_text(file: Path, encoding: str) -> str:
    """Return a text file's characters, without a byte order mark.

    The mark of UTF-8 counts for more than ``encoding``, and what is not in UTF-8 though it should be is read as
    GB18030 or UTF-16 if it makes sense so: Excel leaves files of several encodings in one folder.

    :raises InputError: when the file cannot be read, is empty, or is in another encoding.
    """
    content = _read_bytes(file)
    if content.startswith(BOM_UTF8):
        encoding = "utf-8"
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except LookupError as error:
        raise InputError(
            say(f"不认得编码 {encoding}；试试 gb18030", f"{encoding}: no such encoding; try gb18030")
        ) from error
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            # Importing it takes time, and hardly any file needs it.
            from hongtu.loaders.plain_text import decode

            with suppress(InputError):
                return decode(content)
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            say(
                f"{file.name} 第 {line} 行：不是 {encoding} 编码；另存为 UTF-8（Excel 里选“CSV UTF-8”），"
                "或用 --encoding 写明编码",
                f"{file.name} line {line}: not in {encoding}; save it as UTF-8 (in Excel: “CSV UTF-8”), "
                "or name its encoding with --encoding",
            )
        ) from error
