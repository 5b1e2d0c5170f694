"""Word documents: paragraphs and tables in reading order, with the numbers that Word counts itself."""

import zipfile
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from hongtu.loaders.errors import InputError
from hongtu.loaders.language import say

LARGEST_UNPACKED = 300_000_000
"""Bytes that all parts of a Word file may have unpacked; more is a zip bomb or no plan."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Moved and deleted text, the pinyin above characters, and what Word writes a second time for old programs.
_SKIPPED = {_W + "moveFrom", _W + "del", _W + "rt", _W + "pPr", _W + "rPr", _FALLBACK}
_DIGITS = "〇一二三四五六七八九"


def read_word(content: bytes) -> str:
    """Return the text of a .docx file: a line for each paragraph; the cells of a table's row are parted by ``|``.

    Numbers that Word counts itself (第一章, 一、, 1.) are written out; its table of contents is left out.

    :raises InputError: when the file is locked by a password or unpacks to more than :data:`LARGEST_UNPACKED`.
    :raises Exception: what python-docx, zipfile and lxml raise on broken files.
    """
    import docx

    with zipfile.ZipFile(BytesIO(content)) as package:
        if sum(part.file_size for part in package.infolist()) > LARGEST_UNPACKED:
            raise InputError(
                say(
                    "解压后超过 300 MB，不像规划；另存为 .txt",
                    "unpacks to more than 300 MB, no plan; save it as .txt",
                )
            )
    document = docx.Document(BytesIO(content))
    return "".join(f"{line}\n" for line in _Lines(document.part).of(document.element.body) if line.strip())


class _Lines:
    """The lines of a document's elements; keeps count of numbered paragraphs."""

    def __init__(self, part: Any) -> None:
        self.styles = {
            style.get(_W + "styleId"): style for style in part._styles_part.element.iterfind(_W + "style")
        }
        self.counts: dict[tuple[str, int], int] = defaultdict(int)
        self.abstract, self.levels = _numbering(part)

    def of(self, element: Any) -> Iterator[str]:
        for child in element.iterchildren(tag=None):
            if child.tag == _W + "p":
                if not self._style_name(child).startswith("toc"):
                    yield from (self._number(child) + _words(child)).split("\n")
                for box in child.iter(_W + "txbxContent"):
                    above = next(box.iterancestors(_W + "p", _FALLBACK))
                    if above is child:
                        yield from self.of(box)
            elif child.tag == _W + "tbl":
                yield from self._rows(child)
            elif child.tag == _W + "sdt":
                gallery = child.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery")
                if gallery is None or gallery.get(_W + "val") != "Table of Contents":
                    yield from self.of(child)
            elif child.tag in (_W + "sdtContent", _W + "ins", _W + "moveTo", _W + "customXml"):
                yield from self.of(child)

    def _rows(self, table: Any) -> Iterator[str]:
        for part in table.iterchildren(_W + "tr", _W + "sdt", _W + "sdtContent", _W + "ins"):
            if part.tag != _W + "tr":
                yield from self._rows(part)
            elif any(cells := [" ".join(self.of(cell)).strip() for cell in _cells(part)]):
                yield "|".join(cells)

    def _style_name(self, paragraph: Any) -> str:
        style = self._style(paragraph)
        name = style.find(_W + "name") if style is not None else None
        return (name.get(_W + "val") or "").lower() if name is not None else ""

    def _style(self, element: Any) -> Any:
        used = element.find(f"{_W}pPr/{_W}pStyle")
        return self.styles.get(used.get(_W + "val")) if used is not None else None

    def _number(self, paragraph: Any) -> str:
        """Return the number that Word shows before a paragraph, and count it."""
        numbered = paragraph.find(f"{_W}pPr/{_W}numPr")
        style = self._style(paragraph)
        for _ in range(10):
            if numbered is not None or style is None:
                break
            numbered = style.find(f"{_W}pPr/{_W}numPr")
            based = style.find(_W + "basedOn")
            style = self.styles.get(based.get(_W + "val")) if based is not None else None
        number = _value(numbered, "numId") if numbered is not None else ""
        abstract = self.abstract.get(number, "")
        level = _integer(_value(numbered, "ilvl")) if abstract else 0
        if (abstract, level) not in self.levels:
            return ""
        self.counts[abstract, level] += 1
        for deeper in range(level + 1, 9):
            self.counts.pop((abstract, deeper), None)
        shown = _value(self.levels[abstract, level], "lvlText")
        for above in range(level + 1):
            if f"%{above + 1}" in shown and (abstract, above) in self.levels:
                definition = self.levels[abstract, above]
                value = (
                    max(1, self.counts[abstract, above]) + _integer(_value(definition, "start") or "1") - 1
                )
                shown = shown.replace(f"%{above + 1}", _spelled(value, _value(definition, "numFmt")))
        return shown if any(map(str.isalnum, shown)) else ""


def _cells(row: Any) -> Any:
    """Return the cells of a row, also those that are content controls."""
    return row.xpath("./w:tc | ./w:sdt/w:sdtContent/w:tc")


def _numbering(part: Any) -> tuple[dict[str, str], dict[tuple[str, int], Any]]:
    """Return the abstract numbering of each number in use, and the definition of each of its levels."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    try:
        root = part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element
    except KeyError:
        return {}, {}
    abstract = {
        number.get(_W + "numId"): _value(number, "abstractNumId") for number in root.iterfind(_W + "num")
    }
    levels = {
        (definition.get(_W + "abstractNumId"), _integer(level.get(_W + "ilvl"))): level
        for definition in root.iterfind(_W + "abstractNum")
        for level in definition.iterfind(_W + "lvl")
        if _value(level, "numFmt") not in ("bullet", "none")
    }
    return abstract, levels


def _value(element: Any, name: str) -> str:
    found = element.find(_W + name)
    return "" if found is None else found.get(_W + "val") or ""


def _integer(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0


def _spelled(value: int, style: str) -> str:
    """Return a number as Word spells it.

    >>> _spelled(12, "chineseCounting"), _spelled(20, "japaneseCounting"), _spelled(3, "decimalEnclosedCircle")
    ('十二', '二十', '③')
    """
    if style == "decimalEnclosedCircle" and 0 < value <= 20:
        return chr(ord("①") + value - 1)
    if style in ("lowerLetter", "upperLetter") and 0 < value <= 26:
        return chr(ord("a" if style == "lowerLetter" else "A") + value - 1)
    if value < 100 and style.startswith(("chinese", "japaneseCounting", "ideographDigital", "taiwanese")):
        tens, ones = divmod(value, 10)
        head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
        return head + (_DIGITS[ones] if ones or not tens else "")
    return str(value)


def _words(paragraph: Any) -> str:
    """Return the words of a paragraph's runs, not those of text boxes in it."""
    words: list[str] = []
    stack = [iter(paragraph)]
    while stack:
        for element in stack[-1]:
            tag = element.tag
            if tag == _W + "t":
                words.append(element.text or "")
            elif tag in (_W + "br", _W + "cr"):
                words.append("\n")
            elif tag == _W + "tab":
                words.append(" ")
            elif tag == _W + "noBreakHyphen":
                words.append("-")
            elif tag not in _SKIPPED and tag != _W + "txbxContent":
                stack.append(iter(element))
                break
        else:
            stack.pop()
    return "".join(words)
