"""The normalised view of a text: without blanks inside names, with Chinese punctuation, and the way back."""

import re
import unicodedata
from array import array
from dataclasses import dataclass

import numpy as np

from hongtu.loaders.extraction.lexicon import codes_of

_FOLD = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))},
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF41, 0xFF5B)},
        **dict(zip(",;:()?!%．", "，；：（）？！％.", strict=True)),
        # Radicals that PDF files give for the characters which look the same.
        **{chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)},
        "﹑": "、",
        "､": "、",
        "〇": "○",
        "﹪": "％",
        "｡": "。",
        **dict.fromkeys("\t\r\u3000\xa0\xad\ufeff\u2060\u202f\u205f", " "),
        **{chr(code): " " for code in range(0x2000, 0x2010)},
        **dict.fromkeys("\v\f\x85\u2028\u2029", "\n"),
    }
)
_FOLDED = np.arange(0x110000, dtype=np.uint32)
_FOLDED[list(_FOLD)] = list(map(ord, _FOLD.values()))
# Signs that people and models write one for the other, one character for one, so that places stay.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("“”„‟〝〞＂", '"'),
        **dict.fromkeys("‘’‛＇", "'"),
        **dict.fromkeys("—–－─", "-"),
        **dict.fromkeys("·•‧∙", "·"),
        **{chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)},
    }
)
_BLANKS = re.compile(r" +")
_NUMBER_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# A line that ends so goes on in the next, and what begins a line of its own.
_UNFINISHED = re.compile(r"[，、] *\n(?= *[^\n ])")
_OWN_LINE = re.compile(
    r"第[一二三四五六七八九十百\d]+[编篇章节部]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d{1,2}[.、](?!\d)|[——●◆■★①-⑳]"
)
_PROSE = re.compile(r"^[^|]*[，。；：、][^|]*$")
_NOTE = re.compile(r"[〔［\[]\d+[〕］\]]")
_WIDEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class NormalText:
    """A text to be read by rules. ``text`` is the normalised view; ``offsets[i]`` is the place of ``text[i]`` in the raw.

    >>> normal = normalise("建设 5G + 基站,共 1,778座")
    >>> normal.text
    '建设5G+基站，共1778座'
    >>> normal.raw_span(2, 7)
    (3, 10)
    """

    text: str
    offsets: "array[int]"

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters of the view, at least one, stand in the raw text."""
        return self.offsets[start], self.offsets[end - 1] + 1


def normalise(raw: str) -> NormalText:
    """Return the normalised view of a text; line ends stay, but for those where the page and not the paragraph ended.

    >>> normalise("在柳湾镇、\\n石桥乡建园。").text
    '在柳湾镇、石桥乡建园。'
    """
    if "\r" in raw and "\n" not in raw:
        raw = raw.replace("\r", "\n")
    folded = _without_wraps(_fold(_NUMBER_COMMA.sub(" ", raw) if "," in raw else raw))
    parts: list[str] = []
    places = array("q", np.arange(len(folded), dtype=np.int64).tobytes())
    offsets = array("q")
    start = 0
    for match in _BLANKS.finditer(folded):
        first, end = match.span()
        parts.append(folded[start:first])
        offsets += places[start:first]
        # A blank between two Latin words is one; between figures it was a comma or a slip.
        if first and _is_latin(folded[first - 1]) and _is_latin(folded[end : end + 1]):
            parts.append(" ")
            offsets.append(first)
        start = end
    parts.append(folded[start:])
    offsets += places[start:]
    return NormalText("".join(parts), offsets)


def _fold(text: str) -> str:
    """Return a text with the characters of :data:`_FOLD` for those that look the same."""
    # Ten times as fast as str.translate.
    codes = codes_of(text)
    return _FOLDED[codes].tobytes().decode("utf-32-le", "surrogatepass")


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _without_wraps(text: str) -> str:
    """Return a text of the same length with blanks for line ends inside of paragraphs."""
    wraps = [match.end() - 1 for match in _UNFINISHED.finditer(text)]
    lines = text.split("\n")
    if len(lines) > 5 and max(map(len, lines)) <= _WIDEST_PAGE:
        wraps += _page_wraps(lines)
    if not wraps:
        return text
    characters = list(text)
    for at in wraps:
        characters[at] = " "
    return "".join(characters)


def _page_wraps(lines: list[str]) -> list[int]:
    """Return the line ends that a page's width made: nearly all lines are full, most end within a sentence."""
    words = [line.rstrip() for line in lines]
    # Chinese characters are twice as wide as Latin ones; in UTF-8 they have two bytes more.
    widths = [(len(line.encode("utf-8", "surrogatepass")) + len(line)) // 2 for line in words]
    shown = sorted(filter(None, widths))
    width = shown[len(shown) * 9 // 10] if shown else 0
    full = [width - 5 <= each <= width + 5 for each in widths]
    # A list of names of one length is no wrapped text: its lines have no stops within.
    within = sum(
        line[-1] not in "。！？；：" and _PROSE.search(line) is not None
        for line, is_full in zip(words, full, strict=True)
        if is_full and line
    )
    if width < 30 or sum(full) < 0.4 * len(shown) or within < 0.5 * sum(full):
        return []
    # Where paragraphs are indented, a number at the beginning of a line may stand there by chance.
    indented = sum(line.startswith(" ") for line in words) > 0.1 * len(shown)
    wraps, end = [], -1
    for line, raw_line, is_full, following in zip(words, lines, full, [*words[1:], ""], strict=True):
        end += len(raw_line) + 1
        may_end = not indented or line.endswith(("。", "！", "？", "；"))
        is_own = (
            following.startswith(" ")
            or (may_end and _OWN_LINE.match(following))
            or (line.endswith("。") and _begins_anew(following, width))
        )
        if is_full and following and not is_own:
            wraps.append(end)
    return wraps


def _begins_anew(line: str, width: int) -> bool:
    """Tell whether a line behind a full stop is a note, or a heading: short, and without a stop of its own."""
    is_heading = 2 * len(line) < width - 5 and line[-1:] not in "。！？；：，、”）"
    return is_heading or _NOTE.match(line) is not None


def fold(text: str) -> str:
    """Return a normalised text with like signs made one; every character keeps its place.

    >>> fold("“金融+”5G")
    '"金融+"5g'
    """
    return text.translate(_ALIKE)


def surface(text: str) -> str:
    """Return what a model, a table or a record calls a thing, in the form in which it is looked for."""
    return fold(normalise(text).text.strip())
