"""From sources to a finished folder: ``graph.nq``, ``store/`` and ``explorer.html``.

A build is made beside its goal and moved into place when it is whole, so that neither a full disk nor Ctrl-C leaves
half a graph or takes away the old one.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import to_networkx
from hongtu.graph.validation import Violation, validate
from hongtu.graph.views.explorer import Explorer
from hongtu.graph.vocabulary import describe_divisions
from hongtu.loaders.documents import read_document
from hongtu.loaders.errors import InputError
from hongtu.loaders.extraction import extract
from hongtu.loaders.files import unwritable
from hongtu.loaders.language import say
from hongtu.loaders.patch import Patch
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.replay import Stale, apply
from hongtu.loaders.source import PlanTables, read_tables, text_beside, write_quarantine
from hongtu.loaders.tables import Problem
from hongtu.loaders.triples import write_nquads


@dataclass(slots=True)
class BuildResult:
    """What a build gave: where it is, what was or may be wrong with rows, with old corrections and with the graph."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    quarantined: list[Path] = field(default_factory=list)
    stale: list[Stale] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)


def is_document(source: Path) -> bool:
    """Tell whether a source is a plan's text (.txt, .docx, .html, .pdf …) rather than tables."""
    return not source.is_dir() and source.suffix.lower() not in (".xlsx", ".json")


def read_plan(source: Path, *texts: PlanText, encoding: str, strict: bool) -> PlanTables:
    """Return what a source's tables say.

    :param texts: plans' texts, in one of which evidence is found that rows leave out.
    :param strict: refuse the source when any row has a problem.
    :raises InputError: when the source cannot be read, or is refused; all problems are told, one a line.
    """
    tables = read_tables(source, *texts, encoding=encoding)
    if strict and tables.problems:
        raise InputError("\n".join(map(str, tables.problems)))
    return tables


def build(
    sources: list[Path],
    folder: Path,
    *,
    plan_texts: list[Path],
    encoding: str = "utf-8",
    strict: bool = False,
    corrections: Patch = (),
    progress: Callable[[str], None] = lambda step: None,
) -> BuildResult:
    """Build the graph of sources into a folder, in place of what an earlier build left there.

    Plans are read and written one by one, so that many need no more memory than one.

    :param sources: plans' texts (see :func:`is_document`), or tables (folders of CSV files, .xlsx, .json); a folder
        with a ``plan.txt`` brings its text.
    :param plan_texts: the documents that tables were read from, for the quotes.
    :param strict: refuse sources with bad rows; otherwise these go to ``quarantine/`` in the folder.
    :param corrections: a person's decisions on what the one source says.
    :param progress: told what is being done.
    :raises InputError: when a source or a text does not fit.
    :raises StoreError: when the folder cannot be written.
    """
    given = {text.sha256: (file, text) for file in plan_texts for text in (read_document(file),)}
    result = BuildResult(folder)
    plans: dict[str, str] = {}
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".hongtu-", dir=folder) as name:
            making = Path(name)
            with (making / "graph.nq").open("wb") as output:
                for number, source in enumerate(sources, 1):
                    progress(say("读", "reading ") + f" {source.name} {number}/{len(sources)}".lstrip())
                    text: PlanText | None
                    if is_document(source):
                        text = document = read_document(source)
                        tables = extract(document, source.stem)
                    else:
                        texts = {digest: text for digest, (_, text) in given.items()}
                        tables = read_plan(source, *texts.values(), encoding=encoding, strict=strict)
                        text = text_of(tables, source, texts)
                    if corrections:
                        replay = apply(tables, corrections, text)
                        tables = replay.tables
                        result.stale += replay.stale
                    if tables.plan.id in plans:
                        raise _same_plan(tables.plan.id, plans[tables.plan.id], source.name)
                    plans[tables.plan.id] = source.name
                    given.pop(tables.plan.sha256, None)
                    write_nquads(tables, output, text=text)
                    result.problems += tables.problems
                    result.doubts += tables.doubts
                    result.quarantined += write_quarantine(tables, making / "quarantine" / tables.plan.id)
            for file, text in given.values():
                raise _unused(file, text)
            progress(say("装入存储", "loading the store"))
            kg = KnowledgeGraph.open(making / "store")
            kg.store.bulk_load(path=str(making / "graph.nq"), format=ox.RdfFormat.N_QUADS)
            describe_divisions(kg.store)
            kg.store.flush()
            progress(say("校验", "validating"))
            result.violations = validate(kg)
            progress(say("画图", "drawing"))
            Explorer(to_networkx(kg)).write_html(making / "explorer.html")
            del kg
            for part in ("graph.nq", "store", "store-inferred", "explorer.html", "quarantine"):
                _move(making / part, folder / part)
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        if is_new and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    result.quarantined = [folder / file.relative_to(making) for file in result.quarantined]
    return result


def text_of(tables: PlanTables, source: Path, texts: Mapping[str, PlanText]) -> PlanText | None:
    """Return the text that tables were read from: of those given, by digest, or the ``plan.txt`` beside them."""
    text = texts.get(tables.plan.sha256) or text_beside(source)
    return text if text and text.sha256 == tables.plan.sha256 else None


def _same_plan(plan: str, one: str, other: str) -> InputError:
    return InputError(
        say(
            f"{one} 和 {other} 是同一规划（编号“{plan}”）；只给一份，或改 plan 表的 id、文件名",
            f"{one} and {other} are the same plan (id “{plan}”); give one of them, or change id in plan or the file's name",
        )
    )


def _unused(file: Path, text: PlanText) -> InputError:
    return InputError(
        say(
            f"{file.name}：没有哪份表格依据这个文本（SHA-256 {text.sha256[:12]}…）；要读规划原文，直接写 hongtu build {file.name}",
            f"{file.name}: no tables were read from this text (SHA-256 {text.sha256[:12]}…); "
            f"to read a plan's text, write hongtu build {file.name}",
        )
    )


def _move(new: Path, place: Path) -> None:
    """Put a file or folder, or its absence, in the place of what was there."""
    if place.is_dir():
        shutil.rmtree(place)
    elif not new.exists():
        place.unlink(missing_ok=True)
    if new.exists():
        os.replace(new, place)
