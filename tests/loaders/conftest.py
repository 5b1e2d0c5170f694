"""An invented plan of a few sentences, and its tables in all three forms."""

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from hongtu.loaders.plan_text import PlanText

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
