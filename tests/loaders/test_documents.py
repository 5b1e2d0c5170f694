import hashlib
import importlib.util
import io
import os
import random
import runpy
import socket
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.documents import LONGEST, READERS, read_document
from hongtu.loaders.errors import InputError
from hongtu.loaders.plain_text import decode, read_markdown
from hongtu.loaders.plan_text import PlanText

FUZZER = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "fuzz_documents.py"))
make_docx, make_html, make_pdf = FUZZER["make_docx"], FUZZER["make_html"], FUZZER["make_pdf"]
TITLE, CHAPTER, TASK, LEAD = FUZZER["LINES"]
TEXT = f"{TITLE}\n{CHAPTER}\n{TASK}\n{LEAD}\n"
TABLE = "项目名称|建设地点|总投资\n水泵生产线项目|城东工业园|12亿元\n冷链中心|柳湾镇|3亿元\n"


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def write_and_read(name: str, content: bytes) -> str:
        file = tmp_path / name
        file.write_bytes(content)
        plan = read_document(file)
        assert plan.sha256 == hashlib.sha256(plan.text.encode()).hexdigest()
        return plan.text

    return write_and_read


@pytest.fixture
def refusal(read: Any) -> Any:
    def refuse(name: str, content: bytes) -> str:
        with pytest.raises(InputError) as told:
            read(name, content)
        assert "\n" not in str(told.value) and str(told.value).startswith(name)
        return str(told.value)

    return refuse


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGTU_LANG", "en")


# Plain text


def test_utf8_text_and_digest_are_those_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    content = TEXT.replace("\n", "\r\n").encode()
    file.write_bytes(content)
    assert read_document(file) == PlanText(content.decode(), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_every_encoding(read: Any, encoding: str) -> None:
    assert read("plan.txt", TEXT.encode(encoding)) == TEXT


@given(
    st.text(st.sampled_from("建设发展产业园县镇的，。、\n2025％“”"), min_size=8),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]),
)
def test_encoding_is_found_out(text: str, encoding: str) -> None:
    words = "规划建设" + text
    assert decode(words.encode(encoding)) == words


def test_bytes_that_are_no_text_are_refused(refusal: Any) -> None:
    assert "binary" in refusal("plan.txt", bytes(range(256)) * 20)
    assert "binary" in refusal("plan.txt", random.Random(1).randbytes(5000))
    assert "from line 2" in refusal("plan.txt", "第一行\n".encode() + b"\xff\xfe\xfd caf\xe9 \xff\xff")


def test_markdown_gives_its_words() -> None:
    source = (
        f"---\ntitle: x\n---\n# {TITLE}\n\n{CHAPTER}\n---\n\n- **装备**产业，见[附表](http://x.test/a?b=1)\n"
        "3) 建设`甲`园![图](http://x.test/a.png)\n\n> 引文<br>一行\n> 又一行\n\n```\n原样\n```\n\n"
        "| 名称 | 地点 |\n|---|---|\n| 甲园 | 城东 |\n\n<!-- 注 -->\n<b>粗</b>字\n"
    )
    assert read_markdown(source.encode()).splitlines() == [
        *(
            TITLE,
            CHAPTER,
            "装备产业，见附表",
            "3) 建设甲园",
            "引文",
            "一行",
            "又一行",
            "原样",
            "名称|地点",
            "甲园|城东",
            "粗字",
        )
    ]


# Web pages


def test_web_page_gives_its_article_only(read: Any) -> None:
    assert read("plan.html", make_html()) == TEXT + TABLE


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030"])
def test_web_page_is_read_in_the_encoding_that_it_declares(read: Any, declared: str) -> None:
    page = make_html().decode().replace("charset='utf-8'", f"charset={declared}")
    assert read("plan.htm", page.encode("gb18030")) == TEXT + TABLE
    assert read("plan.htm", make_html().decode().replace("utf-8", "utf-7x").encode()) == TEXT + TABLE


@pytest.mark.parametrize("declared", ["utf-16", "unicode_escape", "utf-7", "rot13"])
def test_encoding_that_no_page_is_in_is_not_believed(read: Any, declared: str) -> None:
    page = make_html().decode().replace("charset='utf-8'", f"charset={declared}")
    assert read("plan.htm", page.encode()) == TEXT + TABLE


def test_mark_of_a_web_page_goes_before_what_it_declares(read: Any) -> None:
    page = make_html().decode().replace("charset='utf-8'", "charset=gbk")
    assert read("plan.htm", page.encode("utf-8-sig")) == TEXT + TABLE
    assert read("plan.htm", page.encode("utf-16")) == TEXT + TABLE


def test_web_page_with_a_wrong_byte_is_read(read: Any) -> None:
    assert LEAD in read("plan.html", make_html().replace(b"<div id='zoom'>", b"<div id='zoom'>\xff"))


def test_menus_shares_and_hidden_things_are_left_out(read: Any) -> None:
    links = "".join(f"<li><a href='/{i}'>通知公告栏目</a></li>" for i in range(30))
    page = (
        f"<body><ul>{links}</ul><div class='wrap'><div class='crumb'>当前位置：首页</div>"
        f"<div id='article'><h2>{TITLE}</h2><div class='share-box'>分享到微信</div>"
        f"<p>{TASK}</p><p style='display:none'>看不见</p><p>{LEAD}<br>第二行</p></div></div>"
        "<div class='footer-links'>相关链接</div></body>"
    )
    assert read("plan.html", page.encode()).splitlines() == [TITLE, TASK, LEAD, "第二行"]


def test_title_of_the_page_stands_before_an_article_without_one(read: Any) -> None:
    page = f"<head><title>{TITLE} - 澄河县人民政府</title></head><body><div><p>{TASK}</p></div></body>"
    assert read("plan.html", page.encode()).splitlines() == [TITLE, TASK]


def test_table_that_lays_out_the_page_is_no_row(read: Any) -> None:
    page = f"<table><tr><td>菜单</td><td><p>{TITLE}</p><table><tr><td>甲</td><td>乙</td></tr></table><p>{TASK}</p></td></tr></table>"
    assert read("plan.html", page.encode()).splitlines()[-3:] == [TITLE, "甲|乙", TASK]


def test_deep_pages_are_read(read: Any) -> None:
    assert TASK in read("plan.html", f"{'<div>' * 200}<p>{TASK}</p>".encode())
    assert TASK in read("plan.html", f"<p>{TASK}</p>{'<div>' * 50_000}".encode())


# Word


def test_word_gives_paragraphs_tables_and_counted_numbers(read: Any) -> None:
    assert read("plan.docx", make_docx()) == TEXT + TABLE + "1.推进水泵产业集聚。\n"


def _body(xml: str) -> dict[str, bytes]:
    return {"word/document.xml": f"<w:document {FUZZER['_W']}><w:body>{xml}</w:body></w:document>".encode()}


def test_word_shows_what_a_reader_sees(read: Any) -> None:
    content = make_docx(
        _body(
            "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
            "<w:sdtContent><w:p><w:r><w:t>目录</w:t></w:r></w:p></w:sdtContent></w:sdt>"
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件里的字</w:t></w:r></w:p></w:sdtContent></w:sdt>"
            "<w:p><w:smartTag><w:r><w:t>澄河</w:t></w:r></w:smartTag><w:ins><w:r><w:t>重工</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:r><w:br/><w:t>下一行</w:t></w:r></w:p>"
            "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p><w:p><w:r><w:t>园</w:t></w:r></w:p></w:tc>"
            "<w:tc><w:p/></w:tc></w:tr></w:tbl>"
        )
    )
    assert read("plan.docx", content).splitlines() == ["控件里的字", "澄河重工", "下一行", "甲 园|"]


def test_cells_that_are_content_controls_are_read(read: Any) -> None:
    cells = [f"<w:tc><w:p><w:r><w:t>{word}</w:t></w:r></w:p></w:tc>" for word in "甲乙丙"]
    cells[1] = f"<w:sdt><w:sdtContent>{cells[1]}</w:sdtContent></w:sdt>"
    content = make_docx(_body(f"<w:tbl><w:tr>{''.join(cells)}</w:tr></w:tbl>"))
    assert read("plan.docx", content) == "甲|乙|丙\n"


@pytest.mark.parametrize("style", ["decimalEnclosedCircle", "lowerLetter", "upperLetter"])
def test_numbers_that_begin_with_nought_are_written_as_digits(read: Any, style: str) -> None:
    numbering = (
        f"<w:numbering {FUZZER['_W']}><w:abstractNum w:abstractNumId='7'><w:lvl w:ilvl='0'><w:start w:val='0'/>"
        f"<w:numFmt w:val='{style}'/><w:lvlText w:val='%1.'/></w:lvl></w:abstractNum>"
        "<w:num w:numId='3'><w:abstractNumId w:val='7'/></w:num></w:numbering>"
    )
    item = (
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='3'/></w:numPr></w:pPr>"
        "<w:r><w:t>发展</w:t></w:r></w:p>"
    )
    assert (
        read("plan.docx", make_docx({**_body(item), "word/numbering.xml": numbering.encode()})) == "0.发展\n"
    )


def test_numbers_that_word_counts_are_written_as_it_shows_them(read: Any) -> None:
    levels = (("chineseCounting", "第%1章"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    numbering = (
        f"<w:numbering {FUZZER['_W']}><w:abstractNum w:abstractNumId='7'>"
        + "".join(
            f"<w:lvl w:ilvl='{i}'><w:start w:val='1'/><w:numFmt w:val='{style}'/><w:lvlText w:val='{shown}'/></w:lvl>"
            for i, (style, shown) in enumerate(levels)
        )
        + "</w:abstractNum><w:num w:numId='3'><w:abstractNumId w:val='7'/></w:num></w:numbering>"
    )
    paragraphs = "".join(
        f"<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='3'/></w:numPr></w:pPr>"
        "<w:r><w:t>发展</w:t></w:r></w:p>"
        for level in (0, 1, 1, 2, 0, 1)
    )
    content = make_docx({**_body(paragraphs), "word/numbering.xml": numbering.encode()})
    assert [line[:-2] for line in read("plan.docx", content).splitlines()] == [
        *("第一章", "（一）", "（二）", "1.", "第二章", "（一）")
    ]


def test_tables_and_boxes_within_each_other_are_read_once(read: Any) -> None:
    word = "<w:p><w:r><w:t>水泵</w:t></w:r></w:p>"
    tables = "<w:tbl><w:tr><w:tc>" * 40 + word + "</w:tc></w:tr></w:tbl>" * 40
    boxes = "<w:p><w:r><w:txbxContent>" * 40 + word + "</w:txbxContent></w:r></w:p>" * 40
    assert read("plan.docx", make_docx(_body(tables + boxes))).splitlines() == ["水泵", "水泵"]


def test_damaged_word_files_are_refused(refusal: Any) -> None:
    whole = make_docx()
    assert "damaged" in refusal("plan.docx", whole[: len(whole) // 2])
    assert "damaged" in refusal("plan.docx", b"PK\x03\x04" + bytes(100))
    assert "damaged" in refusal("plan.docx", make_docx({"word/document.xml": b"<w:document"}))


def test_word_file_with_a_password_is_called_what_it_is(refusal: Any) -> None:
    # Word wraps a locked .docx into the container of the old .doc.
    assert "docx or .txt" in refusal("plan.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_zip_bomb_is_not_unpacked(refusal: Any) -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bomb,
        bomb.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(310):
            part.write(bytes(1_000_000))
    assert "300 MB" in refusal("plan.docx", stream.getvalue())


BOMB = "<!DOCTYPE a [<!ENTITY a 'bombbomb'>" + "".join(
    f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9)
)


def test_entities_are_not_expanded(refusal: Any, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    for entity in (BOMB + "]>", f"<!DOCTYPE a [<!ENTITY j SYSTEM 'file://{tmp_path}/secret'>]>"):
        xml = _body("<w:p><w:r><w:t>&j;</w:t></w:r></w:p>")["word/document.xml"]
        message = refusal("plan.docx", make_docx({"word/document.xml": entity.encode() + xml}))
        assert "bombbomb" not in message and "secret" not in message


# PDF


def _page(number: int, *lines: str) -> list[tuple[float, float, str]]:
    """A page with a running head, a page number and paragraphs that are indented by two characters."""
    shown = [(200.0, 800.0, "澄河县第十四个五年规划"), (280.0, 40.0, f"- {number} -")]
    y = 760.0
    for paragraph in lines:
        rest, indent = paragraph, 2
        while rest:
            shown.append((72.0 + 12 * indent, y, rest[: 36 - indent]))
            rest, indent, y = rest[36 - indent :], 0, y - 20
    return shown


def test_pdf_gives_paragraphs_without_running_heads(read: Any) -> None:
    long = "在柳湾镇、石桥乡发展苹果种植五万亩，建成冷链物流中心。" * 3
    pages = [["第一章 构建体系", long], [TASK, LEAD], [LEAD, long, TASK], [long * 2]]
    text = read("plan.pdf", make_pdf([_page(number, *lines) for number, lines in enumerate(pages, 1)]))
    assert text.splitlines() == [line for lines in pages for line in lines]


def test_sentence_goes_on_over_the_page(read: Any) -> None:
    first, rest = TASK[:34], TASK[34:]
    pages = [_page(1, first), [(72.0, 760.0, rest), *_page(2)], _page(3, LEAD)]
    assert read("plan.pdf", make_pdf(pages)).splitlines() == [TASK, LEAD]


def test_scanned_pdf_says_so(refusal: Any) -> None:
    assert "OCR" in refusal("plan.pdf", make_pdf([[], []]))
    assert "OCR" in refusal("plan.pdf", make_pdf([[(280, 40, "12")]] * 3))


def test_locked_and_damaged_pdfs_are_refused(refusal: Any) -> None:
    lock = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'00' * 32}> /U <{'11' * 32}> >> /ID [<00> <00>]"
    )
    assert "password" in refusal("plan.pdf", make_pdf([_page(1, TASK)], extra=lock))
    assert "damaged" in refusal("plan.pdf", b"%PDF-1.5\n" + bytes(500))


def test_radicals_of_pdf_fonts_become_characters(read: Any) -> None:
    assert (
        read("plan.pdf", make_pdf([_page(1, "保护⼭⽔林田湖草沙，" + LEAD)])).splitlines()[1][:6]
        == "保护山水林田"
    )


# What is no document


def test_kind_is_told_by_the_content(read: Any) -> None:
    assert read("plan.txt", make_docx()).startswith(TEXT)
    assert TASK[:10] in read("plan.docx", make_pdf([_page(1, TASK)]))
    assert read("PLAN.TXT", TEXT.encode()) == read("plan", TEXT.encode()) == TEXT


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("plan.doc", "save it as .docx"),
        ("plan.wps", "save it as .docx"),
        ("plan.xlsx", "hongtu build"),
        ("plan.xls", "save it as .xlsx, or give the folder that holds the CSV files"),
        ("plan.csv", "save it as .xlsx, or give the folder that holds the CSV files"),
        ("plan.png", "OCR"),
        ("plan.zip", "unpack"),
        ("plan.mht", "save the page as .html"),
        ("plan.exe", "unknown kind of file .exe"),
        ("plan.txt ", "unknown kind"),
    ],
)
def test_other_kinds_are_refused_with_advice(refusal: Any, name: str, advice: str) -> None:
    assert advice in refusal(name, b"content")


def test_empty_files_are_refused(refusal: Any) -> None:
    for ending in READERS:
        assert "empty" in refusal(f"plan{ending}", b"")
    assert "no text" in refusal("plan.txt", b" \n\t\n")
    assert "no text" in refusal("plan.html", b"<html><body><p> </p></body></html>")
    assert "no text" in refusal("plan.docx", make_docx(_body("<w:p/>")))


def test_what_is_no_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="is a folder"):
        read_document(tmp_path)
    with pytest.raises(InputError, match=r"missing\.txt: no such file"):
        read_document(tmp_path / "missing.txt")
    with pytest.raises(InputError, match="cannot be read"):
        read_document(Path("a\0b.txt"))
    file = tmp_path / "plan.txt"
    file.write_text(TEXT)

    def deny(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", deny)
    with pytest.raises(InputError, match="Permission denied"):
        read_document(file)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "plan.txt")
    assert stat.S_ISFIFO((tmp_path / "plan.txt").stat().st_mode)
    with pytest.raises(InputError, match="no plain file"):
        read_document(tmp_path / "plan.txt")


def test_large_files_are_not_read(tmp_path: Path) -> None:
    with (tmp_path / "plan.txt").open("wb") as file:
        file.truncate(LONGEST + 1)
    with pytest.raises(InputError, match="more than 100 MB"):
        read_document(tmp_path / "plan.txt")


def test_missing_library_is_named(refusal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for library, name, content in (
        ("lxml", "plan.html", make_html()),
        ("docx", "plan.docx", make_docx()),
        ("pypdfium2", "plan.pdf", make_pdf([_page(1, TASK)])),
    ):
        with monkeypatch.context() as without:
            without.setitem(sys.modules, library, None)
            assert "hongtu[documents]" in refusal(name, content)


def test_chinese_message(refusal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    assert refusal("规划.doc", b"x") == "规划.doc：还不能读 .doc；用 WPS 或 Word 打开，另存为 .docx 或 .txt"


def test_no_reader_opens_a_socket(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    page = "<!DOCTYPE html SYSTEM 'http://127.0.0.1/x.dtd'><html><head><link href='http://127.0.0.1/x.css'></head>"
    assert TASK in read(
        "plan.html", f"{page}<body><p>{TASK}<img src='http://127.0.0.1/x.png'></p></body>".encode()
    )
    xml = _body(f"<w:p><w:r><w:t>{TASK}</w:t></w:r></w:p>")["word/document.xml"].decode()
    remote = f"<!DOCTYPE w:document SYSTEM 'http://127.0.0.1/x.dtd'>{xml}"
    assert TASK in read("plan.docx", make_docx({"word/document.xml": remote.encode()}))


def test_importing_the_readers_loads_no_library() -> None:
    command = "import sys, hongtu.loaders.documents; print({'lxml', 'docx', 'pypdfium2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
    assert importlib.util.find_spec("lxml") is not None


def test_fuzzed_word_files_hold_no_time_and_no_order_of_chance() -> None:
    others = {f"word/{letter}.xml": b"" for letter in "dcba"}
    broken = FUZZER["mutate_parts"](make_docx(), [b"x"], random.Random(1))
    for content in (make_docx(), make_docx(others), broken):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    with zipfile.ZipFile(io.BytesIO(make_docx(others))) as package:
        assert package.namelist()[-4:] == list(others)


def test_broken_files_give_a_text_or_an_error(tmp_path: Path) -> None:
    cases, found = FUZZER["fuzz"](tmp_path, seconds=2, seed=7, progress=lambda line: None)
    assert cases > 50
    assert found == []
