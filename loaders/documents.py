"""Documents: the text of a plan out of the file in which it comes.

Plain text and Markdown need nothing; web pages, Word and PDF need ``pip install "hongtu[documents]"``. All offsets
count in the text that :func:`read_document` returns, and hold while its digest is the same: that is of the text and
not of the file, so that a library that reads the same PDF otherwise after an update is found out, and a plan may be
saved anew in another encoding or as .txt. For UTF-8 text the two are the same.
"""

import hashlib
import re
import stat
from collections.abc import Callable
from pathlib import Path

from hongtu.loaders.errors import InputError
from hongtu.loaders.html_text import read_html
from hongtu.loaders.language import say
from hongtu.loaders.pdf_text import read_pdf
from hongtu.loaders.plain_text import decode, read_markdown
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.word_text import read_word

LONGEST = 100_000_000
"""Bytes; a larger file is no plan."""

READERS: dict[str, Callable[[bytes], str]] = {
    ".txt": decode,
    ".text": decode,
    "": decode,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".shtml": read_html,
    ".docx": read_word,
    ".pdf": read_pdf,
}
"""File endings of documents, and what reads them."""

# How files of some kinds begin, whatever their name ends in.
_BEGINNINGS = (
    (b"%PDF-", ".pdf"),
    (b"PK\x03\x04", ".docx"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc"),
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
)
_SAVED_AS = {
    **dict.fromkeys(
        (".doc", ".wps", ".wpt", ".rtf", ".odt", ".ofd", ".ceb", ".caj", ".pages", ".epub"), "word"
    ),
    **dict.fromkeys((".mht", ".mhtml", ".url", ".webarchive"), "page"),
    **dict.fromkeys((".xlsx", ".json"), "workbook"),
    **dict.fromkeys((".xls", ".et", ".csv", ".tsv"), "table"),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp"), "picture"),
    **dict.fromkeys((".zip", ".rar", ".7z", ".gz", ".tar"), "archive"),
}


def read_document(file: Path) -> PlanText:
    """Return the text of a plan's file, with the SHA-256 of that text in UTF-8.

    :param file: ``.txt`` or ``.md`` (UTF-8, GB18030 or UTF-16, found out), ``.html``, ``.docx`` or ``.pdf`` with text.
        A file that begins like a PDF or a Word file is read as one, whatever its name.
    :raises InputError: when the file cannot be read, is of another kind, damaged, locked or too large, or holds no
        text; the message says what to do.
    """
    content = _content(file)
    ending = _ending(file, content)
    if (reader := READERS.get(ending)) is None:
        raise _problem(file, _advice(ending))
    try:
        text = reader(content)
    except InputError as error:
        raise _problem(file, str(error)) from error
    except ImportError as error:
        raise _problem(
            file,
            say(
                "读这种文件要先 pip install 'hongtu[documents]'，或另存为 .txt",
                "reading it needs pip install 'hongtu[documents]'; or save it as .txt",
            ),
        ) from error
    except Exception as error:  # the libraries pass on whatever a broken file makes them raise
        raise _problem(
            file,
            say(
                f"打不开，像是损坏了（{_cause(error)}）；用原来的软件另存一份再试",
                f"cannot be opened, it seems damaged ({_cause(error)}); save it anew in its own program and try again",
            ),
        ) from error
    if not re.search(r"\w", text):
        raise _problem(file, say("里面没有文字", "holds no text"))
    return PlanText(text, hashlib.sha256(text.encode("utf-8")).hexdigest())


def _content(file: Path) -> bytes:
    """Return the bytes of a plain file that is not too large."""
    try:
        status = file.stat()
        if stat.S_ISDIR(status.st_mode):
            raise _problem(file, say("是文件夹；请给出其中的文件", "is a folder; name the file in it"))
        if not stat.S_ISREG(status.st_mode):
            raise _problem(file, say("不是普通文件；先存成文件", "is no plain file; save it as one first"))
        if status.st_size > LONGEST:
            raise _problem(
                file,
                say(
                    f"超过 {LONGEST // 1_000_000} MB，不像规划；只留文字，另存为 .txt",
                    f"more than {LONGEST // 1_000_000} MB, no plan; save only its words, as .txt",
                ),
            )
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise _problem(file, say("没有这个文件；检查路径", "no such file; check the path")) from error
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise _problem(
            file,
            say(
                f"读不了（{cause}）；检查路径和权限", f"cannot be read ({cause}); check path and permissions"
            ),
        ) from error
    if not content:
        raise _problem(file, say("是空文件；重新下载或另存", "is empty; download or save it again"))
    return content


def _ending(file: Path, content: bytes) -> str:
    """Return the ending that fits what is in a file."""
    ending = file.suffix.lower()
    found = next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), ending)
    if found == ending or (ending not in READERS and ending in _SAVED_AS):
        return ending
    return found


def _advice(ending: str) -> str:
    """Return what to do with a file of a kind that is not read."""
    match _SAVED_AS.get(ending):
        case "word":
            return say(
                f"还不能读 {ending}；用 WPS 或 Word 打开，另存为 .docx 或 .txt",
                f"{ending} files are not read; open it in WPS or Word and save it as .docx or .txt",
            )
        case "page":
            return say(
                f"还不能读 {ending}；在浏览器里另存为 .html，或把正文存为 .txt",
                f"{ending} files are not read; save the page as .html in the browser, or its text as .txt",
            )
        case "workbook":
            return say(
                f"{ending} 是表格，不是规划原文；表格请用 hongtu build 装入",
                f"{ending} files are tables, no plan text; load tables with hongtu build",
            )
        case "table":
            return say(
                f"{ending} 是表格，不是规划原文；另存为 .xlsx，或给出放 CSV 的文件夹",
                f"{ending} files are tables, no plan text; save it as .xlsx, "
                "or give the folder that holds the CSV files",
            )
        case "picture":
            return say(
                "是图片；先做文字识别（OCR），存为 .txt",
                "is a picture; run text recognition (OCR) on it and save the text as .txt",
            )
        case "archive":
            return say(
                "是压缩包；先解压，再给出其中的文件", "is an archive; unpack it and name the file in it"
            )
    known = " ".join(ending for ending in READERS if ending)
    return say(
        f"认不得的文件类型 {ending}；能读 {known}，请另存为其中一种",
        f"unknown kind of file {ending}; can be read: {known}; save it as one of these",
    )


def _cause(error: Exception) -> str:
    """Return the first line of what a library says of a file, short."""
    said = str(error).strip().splitlines()
    return (said[0] if said else type(error).__name__)[:120]


def _problem(file: Path, what: str) -> InputError:
    return InputError(say(f"{file.name or file}：{what}", f"{file.name or file}: {what}"))
