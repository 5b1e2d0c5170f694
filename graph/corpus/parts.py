"""The parts of a corpus: the quads of one document each, with what they were read from."""

import gzip
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import pyoxigraph as ox

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.validation import validate
from hongtu.loaders.documents import READERS, read_document
from hongtu.loaders.errors import InputError
from hongtu.loaders.extraction import extract
from hongtu.loaders.files import unwritable, whole_file
from hongtu.loaders.language import say
from hongtu.loaders.triples import write_nquads

ENDING = ".nq.gz"
_COMMENT = b"# "


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a corpus.

    :param name: its path below the folder that was given, without ending; its part is called so.
    """

    file: Path
    name: str


@dataclass(frozen=True, slots=True)
class Head:
    """What the first line of a part tells.

    :param key: digest of all that decides what the part holds, see :func:`key_of`.
    :param plan: IRI of the plan, and of the graph that holds its quads.
    :param characters: of the text.
    :param violations: what the shapes find wrong, in sentences.
    """

    key: str
    plan: str
    characters: int
    quads: int
    violations: tuple[str, ...]


def find_documents(sources: Sequence[Path]) -> list[Document]:
    """Return the documents of folders, of folders in these, and of patterns such as ``reports/*.txt``, by name.

    Hidden files are passed over, and files of other kinds than :data:`~hongtu.loaders.documents.READERS` has, unless
    they are given by name.

    :raises InputError: when a source holds none, or two documents would have the same part.
    """
    found: dict[str, Document] = {}
    for source in sources:
        documents = list(_documents_of(source))
        if not documents:
            raise InputError(
                say(
                    f"{source}：里面没有文档（{' '.join(filter(None, READERS))}）",
                    f"{source}: no documents there ({' '.join(filter(None, READERS))})",
                )
            )
        for document in documents:
            other = found.setdefault(document.name, document)
            if other.file != document.file:
                raise InputError(
                    say(
                        f"{document.file} 和 {other.file} 只有类型或文件夹不同；给其中一个改名",
                        f"{document.file} and {other.file} differ in ending or folder only; rename one of them",
                    )
                )
    return [found[name] for name in sorted(found)]


def _documents_of(source: Path) -> Iterator[Document]:
    if source.is_dir():
        for file in source.rglob("*"):
            place = file.relative_to(source)
            hidden = any(part.startswith(".") for part in place.parts)
            if not hidden and file.suffix and file.suffix.lower() in READERS and file.is_file():
                yield Document(file, place.with_suffix("").as_posix())
    elif any(character in source.name for character in "*?[") and not source.exists():
        for file in source.parent.glob(source.name):
            if file.is_dir():
                yield from _documents_of(file)
            else:
                yield Document(file, file.stem)
    else:
        yield Document(source, source.stem)


def key_of(document: Document) -> str:
    """Return a digest of what decides a document's part: its bytes, its name, and the program that reads it.

    :raises InputError: when the file cannot be read.
    """
    try:
        content = document.file.read_bytes()
    except OSError as error:
        raise InputError(say(f"读不了（{error.strerror}）", f"cannot be read ({error.strerror})")) from error
    digest = hashlib.sha256(f"{_reader_digest()} {document.name} ".encode())
    digest.update(content)
    return digest.hexdigest()[:32]


@cache
def _reader_digest() -> str:
    """Return a digest of the loaders and the ontology, code and data: a change of a rule or of a word is a new version."""
    digest = hashlib.sha256()
    for package in ("hongtu.loaders", "hongtu.ontology"):
        for name, content in sorted(_contents(files(package))):
            digest.update(f"{name} {len(content)} ".encode() + content)
    return digest.hexdigest()


def _contents(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from ((f"{entry.name}/{name}", content) for name, content in _contents(entry))
        elif entry.is_file() and not entry.name.endswith(".pyc"):
            yield entry.name, entry.read_bytes()


def write_part(document: Document, part: Path, key: str) -> Head:
    """Read a document and write its part, in place of an earlier one; what is wrong with its graph goes into the head.

    :raises InputError: when the document cannot be read.
    :raises StoreError: when the part cannot be written.
    """
    text = read_document(document.file)
    tables = extract(text, document.file.stem)
    buffer = io.BytesIO()
    write_nquads(tables, buffer, text=text)
    quads = buffer.getvalue()
    plan, violations = _checked(quads)
    head = Head(key, plan, len(text.text), quads.count(b"\n"), violations)
    line = _COMMENT + json.dumps(asdict(head), ensure_ascii=False).encode() + b"\n"
    with whole_file(part) as new:
        # No time and no name within: the same input gives the same bytes.
        new.write_bytes(gzip.compress(line + quads, compresslevel=1, mtime=0))
    return head


def _checked(quads: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the IRI of the one plan of these quads, and what is wrong with it."""
    # A store of its own: one in memory keeps what was removed from it.
    kg = KnowledgeGraph(ox.Store())
    kg.store.bulk_load(quads, format=ox.RdfFormat.N_QUADS)
    (plan,) = kg.plan_graphs()
    return plan.value, tuple(map(str, validate(kg)))


def read_head(part: Path) -> Head | None:
    """Return the head of a part; ``None`` when there is none, or it is not one of ours."""
    try:
        with gzip.open(part) as lines:
            head = json.loads(lines.readline().removeprefix(_COMMENT))
        return Head(**{**head, "violations": tuple(head["violations"])})
    except (OSError, EOFError, ValueError, TypeError, KeyError):
        return None


def read_quads(part: Path) -> bytes:
    """Return a part's quads.

    :raises StoreError: when the part cannot be read.
    """
    try:
        with gzip.open(part) as lines:
            lines.readline()
            return lines.read()
    except (OSError, EOFError) as error:
        raise unwritable(part, OSError(str(error))) from error
