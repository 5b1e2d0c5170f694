"""Workbooks for Excel, laid out for readers: headings that stay, filters, columns as wide as what they hold.

Not by pandas: what begins with ``=`` would become a formula. The same sheets give the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from hongtu.graph.archive import undated_entry

Columns: TypeAlias = Sequence[tuple[str, Sequence[Any]]]
"""The columns of a sheet, heading and cells: text, numbers, booleans, and ``None`` for what is empty."""

_MADE = "1980-01-01T00:00:00Z"


def write_workbook(file: Path, sheets: Mapping[str, Columns]) -> None:
    """Write sheets, by name, as a workbook; text stays text, whatever it looks like."""
    # openpyxl takes 0.15 s to import and only workbooks need it.
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "Hongtu"
    for name, columns in sheets.items():
        _fill(book.create_sheet(name), columns)
    content = io.BytesIO()
    book.save(content)
    file.write_bytes(_without_time(content))


def _fill(sheet: Any, columns: Columns) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    wrapped, unwrapped = (Alignment(vertical="top", wrap_text=wrap) for wrap in (True, False))
    for place, (heading, values) in enumerate(columns, 1):
        for row, value in enumerate((heading, *values), 1):
            cell = sheet.cell(row, place)
            if isinstance(value, str):
                # Control characters, which a workbook cannot hold.
                cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value)
                cell.data_type = "s"
            elif value is not None:
                cell.value = value
            # IRIs are for programs: wrapped, they would make rows high.
            cell.alignment = unwrapped if str(value).startswith(("http://", "https://")) else wrapped
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = _width([heading, *values])
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _width(values: Sequence[Any]) -> int:
    """Return the width of a column, in digits: a Chinese character takes two, long texts are wrapped."""
    told = ("" if value is None else str(value) for value in values[:200])
    return min(48, 3 + max(sum(2 if ord(one) > 0x2E7F else 1 for one in text) for text in told))


def _without_time(content: io.BytesIO) -> bytes:
    """Return a workbook without the time at which it was written, which stands in it and in its ZIP archive."""
    copied = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(copied, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>" + _MADE.encode(), part)
            new.writestr(undated_entry(name), part)
    return copied.getvalue()
