"""RDF files that others wrote: all of their statements, or one sentence that says where a file is broken.

Turtle, TriG, N-Triples, N-Quads, RDF/XML and JSON-LD, also compressed. A file is parsed to its end before a store
changes. Statements that stand in no named graph go into one that is called after the file, which also is the base of
relative IRIs. Blank nodes are the file's own: two files never share one by chance.
"""

import bz2
import gzip
import io
import json
import lzma
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any
from unicodedata import east_asian_width
from xml.parsers import expat

import pyoxigraph as ox
from rdflib.namespace import OWL

from hongtu.loaders.errors import InputError
from hongtu.loaders.iris import segment
from hongtu.loaders.language import say
from hongtu.loaders.tables import shorten
from hongtu.ontology.namespace import ID

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".n3": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".rdfs": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
}
"""What the ending of a file says that it is; an ``.owl`` that is no XML is Turtle, and so is ``.n3``."""

_COMPRESSED: Mapping[str, Callable[..., Any]] = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}
_DAMAGED = (EOFError, lzma.LZMAError, zlib.error, gzip.BadGzipFile)
_WEB_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_JSON_LD = re.compile(rb'"@(?:context|graph|id)"')
_PARSER_SAYS = re.compile(r"^Parser error at line .*?: ", re.DOTALL)
_HEAD = 65_536
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROLS_BLANK = bytes(32 if code < 32 and code not in b"\t\n\r" else code for code in range(256))

_EXPECTED: tuple[tuple[str, str, str], ...] = (
    (
        "Unexpected end|no element found|unclosed token|EOF",
        "文件在语句中间断了，看看是否传完整",
        "the file ends within a statement: is it whole?",
    ),
    (
        "prefix",
        "前缀要先声明：@prefix 名: <IRI> .",
        "a prefix is declared before it is used: @prefix name: <IRI> .",
    ),
    (
        "No scheme found",
        "这里要写完整的 IRI（https://…）",
        "a whole IRI (https://…) is wanted here",
    ),
    (
        "IRI",
        "尖括号里是 IRI：不能有空格、引号和 < > { } | \\ ^ `",
        "angle brackets hold an IRI, without blanks, quotes and < > { } | \\ ^ `",
    ),
    (
        "is not a valid (subject|predicate|object|RDF)",
        "这里要 <IRI>、前缀:名、_:空节点，宾语也可以是“引号里的文字”",
        "wanted is an <IRI>, a prefix:name, a _:blank node or, as object, a text in quotes",
    ),
    (
        "dot|'\\.'|TOKEN",
        "一句写完要加句点",
        "a statement ends with a full stop",
    ),
)
"""What a message of the parser is about, and what was expected; the first that applies."""


@dataclass(frozen=True, slots=True)
class RdfFile:
    """A file that holds RDF, as its ending says."""

    path: Path

    @property
    def name(self) -> str:
        """The name of the file without the ending of its compression."""
        return self.path.stem if self.path.suffix.lower() in _COMPRESSED else self.path.name

    @property
    def ending(self) -> str:
        """The ending that tells the format."""
        return Path(self.name).suffix.lower()

    @property
    def graph(self) -> ox.NamedNode:
        """The graph of what stands in no named graph; the same for each file of that name."""
        return file_graph(self.name)

    def is_rdf(self) -> bool:
        """Tell whether the ending is one of RDF; a ``.json`` must have a keyword of JSON-LD near its beginning.

        >>> RdfFile(Path("a.ttl.gz")).is_rdf(), RdfFile(Path("a.csv")).is_rdf()
        (True, False)
        """
        if self.ending == ".json":
            with suppress(OSError, *_DAMAGED):
                return bool(_JSON_LD.search(self._head()))
        return self.ending in FORMATS and self.ending != ".json"

    def quads(self) -> Iterator[ox.Quad]:
        """Yield the file's statements, each in a named graph.

        :raises InputError: when the file cannot be read or is broken, with line and column (in characters, from 1).
        """
        try:
            rdf_format = self._format()
            if rdf_format == ox.RdfFormat.RDF_XML:
                self._check_xml()
            with closing(self._stream(rdf_format)) as stream:
                for quad in ox.parse(
                    stream, format=rdf_format, base_iri=self.graph.value, rename_blank_nodes=True
                ):
                    yield self._placed(quad)
        except SyntaxError as error:
            raise self._broken(error) from error
        except json.JSONDecodeError as error:
            # The parser of JSON-LD counts bytes.
            raise self._at(error.lineno, error.colno, f"JSON: {error.msg}") from error
        except UnicodeDecodeError as error:
            raise self._not_utf8() or self._error(
                f"读不了（{error}）", f"cannot be read ({error})"
            ) from error
        except _DAMAGED as error:
            raise self._error(
                f"压缩文件损坏或不完整（{error}）；重新下载",
                f"the compressed file is damaged or not whole ({error}); fetch it again",
            ) from error
        except (OSError, ValueError, RecursionError) as error:
            reason = getattr(error, "strerror", None) or error
            raise self._error(f"读不了（{reason}）", f"cannot be read ({reason})") from error

    def check(self) -> None:
        """Read the file to its end.

        :raises InputError: as :meth:`quads`.
        """
        for _ in self.quads():
            pass

    def _placed(self, quad: ox.Quad) -> ox.Quad:
        """Return a statement in its graph; a graph without a name, which could not be replaced, is the file's own."""
        value = quad.object
        if isinstance(value, ox.Triple) or (isinstance(value, ox.Literal) and value.direction is not None):
            raise self._error(
                f"{quad.subject} {quad.predicate} 的值是 RDF 1.2 的写法（三元组项或文字方向），这里不能装；"
                "关于关系的话写成 ht:Claim",
                f"the value of {quad.subject} {quad.predicate} is one of RDF 1.2 (triple term or base direction), "
                "which is not held here; write statements about an edge as ht:Claim",
            )
        if isinstance(quad.graph_name, ox.NamedNode):
            return quad
        return ox.Quad(quad.subject, quad.predicate, value, self.graph)

    def _format(self) -> ox.RdfFormat:
        if self.ending not in FORMATS:
            raise self._error(
                f"不认得的 RDF 文件类型；认得 {' '.join(FORMATS)}，也可以压缩（{' '.join(_COMPRESSED)}）",
                f"not a kind of RDF file that is known; known are {' '.join(FORMATS)}, "
                f"also compressed ({' '.join(_COMPRESSED)})",
            )
        head = self._head()
        if not head.strip(b"\xef\xbb\xbf \t\r\n"):
            raise self._error("是空文件", "the file is empty")
        if _WEB_PAGE.match(head):
            raise self._error(
                "是网页，不是 RDF；下载数据文件本身（网页上常有 raw 或“下载”）",
                "a web page, not RDF; download the data file itself (often behind “raw” or “download”)",
            )
        if self.ending == ".owl" and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
            return ox.RdfFormat.RDF_XML if b"<rdf:RDF" in head else ox.RdfFormat.TURTLE
        return FORMATS[self.ending]

    def _head(self) -> bytes:
        with self._open() as stream:
            return stream.read(_HEAD)

    def _open(self) -> IO[bytes]:
        opened: IO[bytes] = _COMPRESSED.get(self.path.suffix.lower(), open)(self.path, "rb")
        return opened

    def _stream(self, rdf_format: ox.RdfFormat) -> IO[bytes] | IO[str]:
        """Return the file's content for the parser: no mark at its beginning, no context that would be fetched."""
        stream = self._open()
        mark = stream.read(3)
        stream.seek(3 if mark == b"\xef\xbb\xbf" else 0)
        if mark[:2] in _UTF_16:
            return io.TextIOWrapper(stream, "utf-16", newline="")
        if rdf_format == ox.RdfFormat.JSON_LD:
            from hongtu.graph.contexts import with_contexts

            with stream:
                return io.BytesIO(with_contexts(stream.read(), self.name))
        return stream

    def _check_xml(self) -> None:
        """Find what the parser of RDF/XML lets through: a file that is cut off, and entities that grow without end."""
        parser = expat.ParserCreate(namespace_separator=" ")

        def check_root(name: str, _attributes: object) -> None:
            parser.StartElementHandler = None
            if name == f"{OWL} Ontology":
                raise self._error(
                    "是 OWL/XML，不是 RDF/XML；用 Protégé 另存为 Turtle 或 RDF/XML",
                    "OWL/XML, not RDF/XML; save it from Protégé as Turtle or RDF/XML",
                )

        parser.StartElementHandler = check_root
        is_utf16 = self._head()[:2] in _UTF_16
        try:
            with self._open() as stream:
                while chunk := stream.read(_HEAD):
                    # XML has no form feed, but plans have, and the parser of RDF/XML lets it through.
                    parser.Parse(chunk if is_utf16 else chunk.translate(_CONTROLS_BLANK))
                parser.Parse(b"", True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise self._at(error.lineno, error.offset + 1, f"XML: {reason}") from error
        except ValueError as error:
            raise self._error(
                'XML 声明的编码读不了；另存为 UTF-8，并把声明改成 encoding="UTF-8"',
                'the encoding that its XML declares is not supported; save it as UTF-8 and declare encoding="UTF-8"',
            ) from error

    def _broken(self, error: SyntaxError) -> InputError:
        """Return the error for a file that does not parse: where, why, the line itself."""
        line, reason = error.lineno, _PARSER_SAYS.sub("", error.msg)
        if not_utf8 := self._not_utf8():
            return not_utf8
        if line is None and self._format() == ox.RdfFormat.RDF_XML:
            return self._at(self._line_reached(), None, reason)
        return self._at(line, error.offset, reason)

    def _not_utf8(self) -> InputError | None:
        """Return the error for a file that is not in UTF-8; ``None`` when it is, or in UTF-16 with its mark."""
        with self._open() as stream:
            for number, line in enumerate(stream, 1):
                if number == 1 and line[:2] in _UTF_16:
                    return None
                try:
                    line.decode()
                except UnicodeDecodeError as error:
                    column = len(line[: error.start].decode()) + 1
                    return self._at(
                        number,
                        column,
                        say(
                            "不是 UTF-8 编码；用编辑器另存为 UTF-8",
                            "not in UTF-8; save it as UTF-8 in your editor",
                        ),
                    )
        return None

    def _line_reached(self) -> int:
        """Return the line that the parser of RDF/XML, which does not tell it, was given last."""
        lines = _LineByLine(self._open())
        try:
            # Reading is all that the parser asks of a stream.
            for _ in ox.parse(lines, format=ox.RdfFormat.RDF_XML, base_iri=self.graph.value):  # type: ignore[arg-type]
                pass
        except SyntaxError:
            pass
        finally:
            lines.stream.close()
        return lines.number

    def _at(self, line: int | None, column: int | None, reason: str) -> InputError:
        expected = next((say(zh, en) for about, zh, en in _EXPECTED if re.search(about, reason)), "")
        reason = shorten(" ".join(reason.split()), 200) + (
            say(f"；{expected}", f"; {expected}") if expected else ""
        )
        if line is None:
            return self._error(reason, reason)
        place_zh, place_en = f"第 {line} 行", f"line {line}"
        if column is not None:
            place_zh, place_en = f"{place_zh}第 {column} 列", f"{place_en} column {column}"
        where = say(f"{self.path.name} {place_zh}：", f"{self.path.name} {place_en}: ")
        return InputError(where + reason + self._excerpt(line, column))

    def _excerpt(self, line: int, column: int | None) -> str:
        """Return what stands around a place, with a caret below it; characters of full width take two cells."""
        with io.TextIOWrapper(self._open(), "utf-8-sig", "replace") as stream:
            text = next(islice(stream, line - 1, None), "").rstrip("\n").replace("\t", " ")
        at = (column or 1) - 1
        start = max(0, at - 40)
        shown = "".join(character if character.isprintable() else "�" for character in text[start : at + 40])
        if not shown.strip():
            return ""
        cells = sum(2 if east_asian_width(character) in "WF" else 1 for character in shown[: at - start])
        caret = f"\n    {' ' * cells}^" if column else ""
        return f"\n    {shown}{caret}"

    def _error(self, zh: str, en: str) -> InputError:
        return InputError(say(f"{self.path.name}：{zh}", f"{self.path.name}: {en}"))


class _LineByLine:
    """A stream that gives no more than a line at a time and counts them."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.number = 0

    def read(self, size: int = -1) -> bytes:
        line = self.stream.readline(size)
        self.number += bool(line)
        return line


def file_graph(name: str) -> ox.NamedNode:
    """Return the name of the graph of what a file says outside of named graphs.

    >>> file_graph("企业 名单.ttl").value
    'https://w3id.org/hongtu/id/file/企业_名单.ttl'
    """
    return ox.NamedNode(f"{ID}file/{segment(name)}")
