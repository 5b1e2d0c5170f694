"""PDF: the text of its pages, without running heads and page numbers, wrapped lines joined to paragraphs."""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from hongtu.loaders.errors import InputError
from hongtu.loaders.language import say

MOST_PAGES = 5000
_LEAST_CHARACTERS = 20
# Radicals and compatibility forms that fonts of PDF files give for everyday characters (⼭ for 山).
_FOLD = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFAD9))
    if len(unicodedata.normalize("NFKC", chr(code))) == 1
} | dict.fromkeys((0x2, 0xAD, 0xFFFE, 0xFFFF), None)
_PAGE_NUMBER = re.compile(
    r"[-—–·\s]*(?:第\s*)?[\dIVXivxⅠ-Ⅻ一二三四五六七八九十]{1,4}(?:\s*页)?(?:\s*[/共，,]+\s*\d+\s*页?)?[-—–·\s]*"
)
_NUMBERED = re.compile(
    r"\s*(?:第[一二三四五六七八九十百\d]+[编篇章节]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.、．]|专栏|[①-⑳]|——)"
)
_LATIN = re.compile(r"[0-9A-Za-z]")


class _Line(NamedTuple):
    """A line of a page: its words, where it stands (points from the left and the bottom), the size of its letters."""

    words: str
    left: float
    right: float
    bottom: float
    size: float


def read_pdf(content: bytes) -> str:
    """Return the text of a PDF: a line for each paragraph or heading.

    :raises InputError: when it is locked by a password, has no text (a scan) or more than 5,000 pages.
    :raises Exception: what pypdfium2 raises on broken files.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if b"/Encrypt" in content and "assword" in str(error):
            raise InputError(
                say("有密码，打不开；先取消密码再试", "is locked by a password; remove it and try again")
            ) from error
        raise
    try:
        if len(document) > MOST_PAGES:
            raise InputError(say("超过 5000 页，不像规划", "has more than 5,000 pages, no plan"))
        pages = [_page_lines(document, number) for number in range(len(document))]
    finally:
        document.close()
    letters = sum(len(re.findall(r"\w", line.words)) for page in pages for line in page)
    if letters < _LEAST_CHARACTERS * len(pages):
        raise InputError(
            say(
                f"{len(pages)} 页里几乎没有文字，像是扫描件；先做文字识别（OCR）再试",
                f"has next to no text on its {len(pages)} pages: a scan; run text recognition (OCR) on it first",
            )
        )
    return "".join(f"{line}\n" for line in _joined(_without_running_heads(pages)))


def _page_lines(document: Any, number: int) -> list[_Line]:
    """Return the lines of a page in the order in which they are written."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return []  # one page that cannot be read does not take away the others
    try:
        characters = page.get_textpage()
        try:
            letters = [pdfium.FPDFText_GetUnicode(characters, i) for i in range(characters.count_chars())]
            lines, start = [], 0
            for end, letter in enumerate([*letters, 10]):
                if letter in (10, 13):
                    if line := _line(characters, letters, start, end):
                        lines.append(line)
                    start = end + 1
            return lines
        finally:
            characters.close()
    except pypdfium2.PdfiumError:
        return []
    finally:
        page.close()


def _line(characters: Any, letters: list[int], start: int, end: int) -> _Line | None:
    while start < end and letters[start] <= 32:
        start += 1
    while end > start and letters[end - 1] <= 32:
        end -= 1
    # Characters beyond U+FFFF come in two halves, a half alone is dropped.
    halves = "".join(map(chr, letters[start:end])).encode("utf-16", "surrogatepass")
    words = re.sub(r"[\x00-\x1f]", " ", halves.decode("utf-16", "ignore").translate(_FOLD))
    if not words.strip():
        return None
    left, _, bottom, top = _box(characters, start)
    _, right, _, _ = _box(characters, end - 1)
    return _Line(words, left, right, bottom, top - bottom)


def _box(characters: Any, number: int) -> tuple[float, float, float, float]:
    """Return the left, right, bottom and top of a character, in points, as the document gives its width.

    The box of the glyph itself would depend on the fonts of the machine where the document brings none.
    """
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(characters, number, box)
    return box.left, box.right, box.bottom, box.top


def _without_running_heads(pages: list[list[_Line]]) -> list[list[_Line]]:
    """Drop page numbers at the edges, and what stands there in the same place on a third of the pages, at least three."""
    edges = [_edges(page) for page in pages]
    seen = Counter(key for high, low in edges for key in {_place(line) for line in (*high, *low)})
    often = {key for key, count in seen.items() if count >= max(3, len(pages) / 3)}
    kept = []
    for page, sides in zip(pages, edges, strict=True):
        dropped: set[int] = set()
        for side in sides:
            for line in side:
                if not (_PAGE_NUMBER.fullmatch(line.words) or _place(line) in often):
                    break
                dropped.add(id(line))
        kept.append([line for line in page if id(line) not in dropped])
    return kept


def _edges(page: list[_Line]) -> tuple[list[_Line], list[_Line]]:
    """Return the two highest and the two lowest lines of a page, the outermost first."""
    ordered = sorted(page, key=lambda line: line.bottom)
    return ordered[::-1][:2], ordered[:2]


def _place(line: _Line) -> tuple[str, int]:
    """Return the words of a line without its figures, and its height on the page to 6 points."""
    return re.sub(r"\d+", "0", re.sub(r"\s", "", line.words)), round(line.bottom / 6)


def _joined(pages: list[list[_Line]]) -> Iterator[str]:
    """Yield paragraphs: a line goes on in the next when it reaches the right margin and that one is not indented."""
    lines = [line for page in pages for line in page]
    if not lines:
        return
    # The right margin is where most long lines end, the left one where some lines begin and hardly any before.
    right = Counter(_rounded(line.right) for line in lines if len(line.words) > 15).most_common(1)
    lefts = sorted(_rounded(line.left) for line in lines)
    left = lefts[len(lefts) // 30]
    margin = right[0][0] if right else max(line.right for line in lines)
    paragraph = lines[0].words.strip()
    for line, following in itertools.pairwise(lines):
        letter = max(line.size, 6.0)
        words = following.words.strip()
        goes_on = (
            line.right > margin - 2.5 * letter
            and following.left < left + max(letter, following.size) * 1.2
            and abs(line.size - following.size) < 0.35 * letter
            and not _NUMBERED.match(words)
        )
        if goes_on:
            between = " " if _LATIN.match(paragraph[-1]) and _LATIN.match(words) else ""
            paragraph += between + words
        else:
            yield paragraph
            paragraph = words
    yield paragraph


def _rounded(edge: float) -> float:
    return round(edge / 4) * 4.0
