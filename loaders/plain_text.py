"""Plain text and Markdown: which encoding the bytes are in, and what stands there."""

import codecs
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from hongtu.loaders.errors import InputError
from hongtu.loaders.language import say

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 20_000
_LEAST_SHARE = 0.8
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_COMMON = re.compile(r"[\t\n\f\r -~\u2010-\u206f\u2460-\u2473\u3000-\u301f\uff00-\uffef]")
_FRONT_MATTER = re.compile(r"\A---\r?\n.*?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_TAG = re.compile(r"<!--.*?-->|<[/!]?[A-Za-z][^<>]*>", re.DOTALL)


def decode(content: bytes, errors: str = "strict") -> str:
    """Return the text of bytes in UTF-8, UTF-16 or GB18030 (with GBK and GB2312), with or without byte order mark.

    UTF-8 is taken at its word; of the others, the one that gives the most characters of everyday Chinese.
    The mark is no character of the text; line ends stay.

    :param errors: ``"replace"`` lets a few wrong bytes pass, as browsers do, and puts U+FFFD in their place.
    :raises InputError: when the bytes are in none of these, or are no text at all.

    >>> decode("发展规划".encode("gb18030")), decode("发展规划".encode("utf-16-be"))
    ('发展规划', '发展规划')
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            candidates, content = [encoding], content[len(mark) :]
            break
    else:
        candidates = ["utf-8", "gb18030", "utf-16-le", "utf-16-be"]
    best, best_share = "", 0.0
    for encoding in candidates:
        try:
            text = content.decode(encoding, errors)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" and len(_CONTROL.findall(text)) <= len(text) // 100:
            return text
        if (share := _share_of_everyday(text)) > best_share:
            best, best_share = text, share
    if best_share < _LEAST_SHARE:
        raise InputError(_no_text(content))
    return best


def _share_of_everyday(text: str) -> float:
    """Return which share of a text is ASCII, Chinese punctuation or in GB 2312, less its control characters."""
    sample = text[:_SAMPLE]
    signs = len(_COMMON.findall(sample))
    words = len(_COMMON.sub("", sample).encode("gb2312", "ignore")) // 2
    return (signs + words - 10 * len(_CONTROL.findall(sample))) / max(1, len(sample))


def _no_text(content: bytes) -> str:
    if b"\0" in content[:_SAMPLE] or len(re.findall(rb"[\x01-\x08\x0e-\x1f]", content[:_SAMPLE])) > 20:
        return say(
            "里面不是文字而是二进制数据；用原来的软件打开，另存为 .docx 或 .txt",
            "holds binary data, no text; open it in its own program and save it as .docx or .txt",
        )
    try:
        content.decode("utf-8")
        line = 1
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    return say(
        f"编码认不出来（第 {line} 行起不是 UTF-8，也不是 GB18030 或 UTF-16）；另存为 UTF-8",
        f"in no known encoding (not UTF-8 from line {line} on, nor GB18030 or UTF-16); save it as UTF-8",
    )


def read_markdown(content: bytes) -> str:
    """Return the words of a Markdown file without its marks: a line for each heading, paragraph, item or table row.

    :raises InputError: as :func:`decode`.

    >>> read_markdown("## 一、*产业*\\n\\n1. 建设[甲矿](http://x)\\n".encode())
    '一、产业\\n1. 建设甲矿\\n'
    """
    text = _FRONT_MATTER.sub("", decode(content))
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return "".join(f"{line}\n" for line in _markdown_lines(tokens) if line.strip())


def _markdown_lines(tokens: list[Token]) -> Iterator[str]:
    number = ""
    cells: list[str] | None = None
    for token in tokens:
        if token.type == "list_item_open":
            number = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            yield "|".join(cells)
            cells = None
        elif token.type == "inline":
            words = number + _inline_words(token)
            number = ""
            if cells is None:
                yield from words.split("\n")
            else:
                cells.append(words.replace("\n", " "))
        elif token.type in ("fence", "code_block"):
            yield from token.content.splitlines()
        elif token.type == "html_block":
            yield from _TAG.sub("", token.content).splitlines()


def _inline_words(token: Token) -> str:
    words = []
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            words.append("\n")
        elif child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type == "html_inline" and child.content.lower().startswith("<br"):
            words.append("\n")
    return "".join(words)
