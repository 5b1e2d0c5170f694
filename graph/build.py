"""From sources to a finished folder: ``graph.nq``, ``store/`` and ``explorer.html``.

A build is made beside its goal and moved into place when it is whole, so that neither a full disk nor Ctrl-C leaves
half a graph or takes away the old one.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from hongtu.graph.explorer import Explorer
from hongtu.graph.files import unwritable
from hongtu.graph.network import to_networkx
from hongtu.graph.store import KnowledgeGraph
from hongtu.graph.validation import Violation, validate
from hongtu.loaders.errors import InputError
from hongtu.loaders.language import say
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.source import PlanTables, read_tables, write_quarantine
from hongtu.loaders.tables import Problem
from hongtu.loaders.triples import write_nquads


@dataclass(slots=True)
class BuildResult:
    """What a build gave: where it is, what was wrong with rows and with the graph."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    quarantined: list[Path] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)


def read_plan(source: Path, *, encoding: str, strict: bool) -> PlanTables:
    """Return what a source's tables say.

    :param strict: refuse the source when any row has a problem.
    :raises InputError: when the source cannot be read, or is refused; all problems are told, one a line.
    """
    tables = read_tables(source, encoding=encoding)
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
    progress: Callable[[str], None] = lambda step: None,
) -> BuildResult:
    """Build the graph of sources into a folder, in place of what an earlier build left there.

    :param sources: tables (folders of CSV files, .xlsx, .json); a folder with a ``plan.txt`` brings its text.
    :param plan_texts: texts of the plans, for the quotes; each must be the one that some source was read from.
    :param strict: refuse sources with bad rows; otherwise these go to ``quarantine/`` in the folder.
    :param progress: told what is being done.
    :raises InputError: when a source or a text does not fit.
    :raises StoreError: when the folder cannot be written.
    """
    progress(say("读表格", "reading tables"))
    plans = [read_plan(source, encoding=encoding, strict=strict) for source in sources]
    ids = [tables.plan.id for tables in plans]
    if double := {name for name in ids if ids.count(name) > 1}:
        raise InputError(
            say(
                "几份来源是同一规划（plan 表的 id 相同）：",
                "several sources are the same plan (id in plan): ",
            )
            + ", ".join(sorted(double))
        )
    own_texts = [source / "plan.txt" for source in sources if (source / "plan.txt").is_file()]
    texts = {text.sha256: text for text in map(PlanText.read, [*own_texts, *plan_texts])}
    digests = {tables.plan.sha256 for tables in plans}
    for file in plan_texts:
        text = PlanText.read(file)
        if text.sha256 not in digests:
            raise InputError(
                say(
                    f"{file.name}：不是表格所依据的文本（SHA-256 {text.sha256[:12]}…，表格要 "
                    f"{'、'.join(sorted(digest[:12] + '…' for digest in digests))}）",
                    f"{file.name}: not the text that the tables were read from (SHA-256 {text.sha256[:12]}…, wanted "
                    f"{', '.join(sorted(digest[:12] + '…' for digest in digests))})",
                )
            )
    result = BuildResult(folder, problems=[problem for tables in plans for problem in tables.problems])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".hongtu-", dir=folder) as name:
            making = Path(name)
            progress(say("写三元组", "writing triples"))
            with (making / "graph.nq").open("wb") as output:
                for tables in plans:
                    write_nquads(tables, output, text=texts.get(tables.plan.sha256))
            progress(say("装入存储", "loading the store"))
            kg = KnowledgeGraph.open(making / "store")
            kg.store.bulk_load(path=str(making / "graph.nq"), format=ox.RdfFormat.N_QUADS)
            kg.store.flush()
            progress(say("校验", "validating"))
            result.violations = validate(kg)
            progress(say("画图", "drawing"))
            Explorer(to_networkx(kg)).write_html(making / "explorer.html")
            del kg
            for tables in plans:
                result.quarantined += write_quarantine(tables, making / "quarantine" / tables.plan.id)
            for part in ("graph.nq", "store", "explorer.html", "quarantine"):
                _move(making / part, folder / part)
    except OSError as error:
        raise unwritable(folder, error) from error
    result.quarantined = [folder / file.relative_to(making) for file in result.quarantined]
    return result


def _move(new: Path, place: Path) -> None:
    """Put a file or folder, or its absence, in the place of what was there."""
    if place.is_dir():
        shutil.rmtree(place)
    elif not new.exists():
        place.unlink(missing_ok=True)
    if new.exists():
        os.replace(new, place)
