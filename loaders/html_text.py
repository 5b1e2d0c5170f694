"""Web pages: the text of the article, without menus, scripts, footers and what else stands around it."""

import codecs
import re
from typing import Any

from hongtu.loaders.errors import InputError
from hongtu.loaders.language import say
from hongtu.loaders.plain_text import decode

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
# Pages that declare GB 2312 hold characters of its successors. What else is declared is more often wrong than right.
_ENCODINGS = {
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "gb18030"), "gb18030"),
    "big5": "big5",
}
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NO_TEXT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "nav",
        "footer",
        "aside",
        "form",
        "select",
        "button",
        "input",
        "textarea",
        "iframe",
        "frame",
        "object",
        "embed",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "map",
        "dialog",
        "rt",
        "rp",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
# Words in the class or id of what stands around an article: <div class="left-nav">, <div id="footer">.
_AROUND = re.compile(
    r"(?:^|[-_\s])(?:nav|navi|navbar|menu|submenu|foot|footer|bottom|breadcrumbs?|crumbs?|crumb|sidebar|side|share|"
    r"toolbar|copyright|banner|search|login|comments?|related|recommend|pager|pagination|advert|ads?|qrcode|"
    r"location|weizhi|position|hidden|skip)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_CELL, _ROW, _ROW_END = "\ue000", "\ue001", "\ue002"
_ROWS = re.compile(f"{_ROW}([^{_ROW}{_ROW_END}]*){_ROW_END}")
_LONGEST_CELL = 1000
_ENOUGH = 0.7


def read_html(content: bytes) -> str:
    """Return the text of a web page's main part: a line for each block; the cells of a table's row are parted by ``|``.

    The page's title comes first when the main part does not hold it. Nothing is loaded that the page refers to.

    :raises InputError: when the encoding is not known, or there is no element in the file.
    """
    from lxml import html

    # libxml2 stops at a NUL; a declared encoding would be an error in a decoded text.
    text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", _decoded(content).replace("\0", " "))
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    root: Any = html.document_fromstring(text, parser=parser) if text.strip() else None
    if root is None or (body := root.find("body")) is None:
        raise InputError(say("里面没有网页内容", "holds no web page"))
    titles = [*root.iter("h1"), *root.iter("title")]
    title = next(filter(None, (_lines(heading) for heading in titles)), "").strip().replace("\n", "")
    for element in list(body.iter()):
        if _stands_around(element):
            element.drop_tree()
    lines = _lines(_main_part(body))
    # 某县规划_某县人民政府网: the site's name follows the title.
    title = re.split(r"\s*[-_|–—]+\s*", title)[0]
    if _CHINESE.search(title) and re.sub(r"\s", "", title) not in re.sub(r"\s", "", lines[:2000]):
        lines = f"{title}\n{lines}"
    return lines


def _decoded(content: bytes) -> str:
    """Return the text of a page in the encoding that it declares, where it is in that, or else in the one found."""
    declared = _CHARSET.search(content[:4096])
    encoding = _ENCODINGS.get(declared[1].decode("ascii").lower()) if declared else None
    if encoding and not content.startswith(_MARKS):
        try:
            return content.decode(encoding)
        except UnicodeError:
            pass
    return decode(content, "replace")


def _stands_around(element: Any) -> bool:
    """Tell what is not shown, or belongs to the site and not to the article."""
    if element.getparent() is None or element.tag in ("body", "html"):
        return False
    if element.tag in _NO_TEXT or element.get("hidden") is not None:
        return True
    if _HIDDEN.search(element.get("style") or ""):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"
    if not names.strip() or not _AROUND.search(names):
        return False
    # Some sites name the box of the article itself so.
    return _weight(element) < 500


def _weight(element: Any) -> int:
    """Return how many Chinese characters an element holds outside of links."""
    linked = sum(len(_CHINESE.findall(_content(link))) for link in element.iter("a"))
    return len(_CHINESE.findall(_content(element))) - linked


def _content(element: Any) -> str:
    return "".join(element.itertext())


def _main_part(body: Any) -> Any:
    """Return the innermost element that holds nearly all of the text: go down while one child has most of it."""
    weights = _weights(body)
    part = body
    while weights[part]:
        heaviest = max(part, key=lambda child: weights.get(child, 0), default=None)
        if heaviest is None or weights.get(heaviest, 0) < _ENOUGH * weights[body]:
            break
        if heaviest.tag not in _BLOCKS and heaviest.tag not in ("td", "th", "font", "span"):
            break
        part = heaviest
    return part


def _weights(body: Any) -> dict[Any, int]:
    """Return how many Chinese characters outside of links each element holds, in one walk."""
    weights: dict[Any, int] = {}
    links = 0
    from lxml import etree

    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            links += element.tag == "a"
            own = 0 if links else len(_CHINESE.findall(element.text or ""))
            weights[element] = own
        else:
            links -= element.tag == "a"
            above = element.getparent()
            if above is not None and above in weights:
                tail = 0 if links else len(_CHINESE.findall(element.tail or ""))
                weights[above] += weights[element] + tail
    return weights


def _lines(part: Any) -> str:
    """Return the lines of an element, each ended by a line feed."""
    from lxml import etree

    words: list[str] = []
    preformatted = 0
    for event, element in etree.iterwalk(part, events=("start", "end")):
        tag = element.tag
        if event == "start":
            preformatted += tag == "pre"
            words.append(
                _ROW
                if tag == "tr"
                else _CELL
                if tag in ("td", "th")
                else "\n"
                if tag in _BLOCKS | {"br"}
                else ""
            )
            added = element.text
        else:
            preformatted -= tag == "pre"
            words.append(_ROW_END if tag == "tr" else "\n" if tag in _BLOCKS else "")
            added = element.tail if element is not part else None
        if added:
            added = re.sub(f"[{_CELL}{_ROW}{_ROW_END}]", "", added)
            words.append(added if preformatted else re.sub(r"\s+", " ", added))
    text = _ROWS.sub(_row, "".join(words))
    text = re.sub(f"[{_CELL}{_ROW}{_ROW_END}]", "\n", text)
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n"))
    return "".join(f"{line}\n" for line in lines if line)


def _row(match: re.Match[str]) -> str:
    """Return a row of a table in one line, of a table that only lays out the page in many."""
    cells = match[1].split(_CELL)[1:]
    if len(cells) < 2 or max(map(len, cells)) > _LONGEST_CELL:
        return "\n" + "\n".join(cells) + "\n"
    return "\n" + "|".join(" ".join(cell.split()) for cell in cells) + "\n"
