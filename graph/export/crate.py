"""A graph as a package for handing on and keeping: a zipped RO-Crate with data, vocabulary, page and provenance.

``hongtu export hongdong hongdong.zip`` writes

=========================  =====================================================================================
file                       holds
=========================  =====================================================================================
ro-crate-metadata.json     what is what: plans, how they were read, the program, each file's size and SHA-256
ro-crate-preview.html      the same for people, in Chinese and English, and how to check and load the package
graph.nq                   all that the graph says, as canonical N-Quads: its SHA-256 is what ``hongtu digest`` says
tables/                    the same as tables for Excel, when there is one plan
explorer.html              the page to explore the graph, when there are at most 20 plans
void.ttl                   statistics for catalogues (VoID, DCAT)
vocabulary/                the ontology, its shapes and its code lists
SHA256SUMS                 for ``sha256sum --check SHA256SUMS``
=========================  =====================================================================================

The same graph gives the same bytes, so nothing may depend on the moment. RO-Crate wants a ``datePublished``: it is the
day of ``SOURCE_DATE_EPOCH`` where that is set (https://reproducible-builds.org/specs/source-date-epoch/), else the day
on which the store was last written; of a graph in memory, which was made just now, it is today.
"""

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from rdflib import OWL, Graph

from hongtu.graph.archive import undated_entry
from hongtu.graph.canonical import write_canonical
from hongtu.graph.export.crate_metadata import Package, Part, packed_plans, to_metadata
from hongtu.graph.export.tables import write_tables_of
from hongtu.graph.export.void import describe_void
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import to_networkx
from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say
from hongtu.ontology.namespace import MIT, read_turtle

_MOST_DRAWN = 20
"""How many plans one page can show; a package of more has none."""

_DESCRIBING = ("ro-crate-metadata.json", "ro-crate-preview.html")
"""Files that describe the package and so are not described."""

_RIGHTS = (
    "宏图不主张、也不授予对本包的任何权利：名称、数值和位置是规划中的事实；{} "
    "/ Hongtu claims no right in this package and grants none: names, figures and places in the text are facts of the "
    "plan. {}"
)
_WITH_TEXT = (
    "包内有规划原文，转给他人之前请先问规划的发布者。",
    "The package holds the plan's own text: ask its publisher before you hand it on.",
)
_WITHOUT_TEXT = ("包内没有规划原文。", "The package holds none of the plan's text.")


def write_crate(kg: KnowledgeGraph, file: Path) -> None:
    """Write the graph as a zipped RO-Crate; the module tells what is in it.

    What the graph has of a plan's text goes along.

    :raises UsageError: when the graph holds no plan, is a remote endpoint, or ``SOURCE_DATE_EPOCH`` is no number.
    """
    package = _package(kg)
    if not package.plans:
        raise UsageError(
            say("图里没有规划，没有可打包的", "the graph holds no plan: there is nothing to pack")
        )
    with tempfile.TemporaryDirectory(dir=file.parent) as name:
        folder = Path(name)
        package.parts.extend(_write_parts(kg, folder, package))
        sums = "".join(f"{part.sha256}  {part.path}\n" for part in package.parts)
        _write(folder, "SHA256SUMS", sums)
        package.parts.append(
            _part(folder, "SHA256SUMS", "各文件的校验和 / checksums of the files", "text/plain")
        )
        _write(folder, "ro-crate-metadata.json", to_metadata(kg, package))
        _write(folder, "ro-crate-preview.html", _template().render(package=package))
        with zipfile.ZipFile(file, "w") as archive:
            for path in (*_DESCRIBING, *(part.path for part in package.parts)):
                _add(archive, folder, path)


def _package(kg: KnowledgeGraph) -> Package:
    plans = packed_plans(kg)
    terms = Graph().parse(data=read_turtle("hongtu"), format="turtle")
    return Package(
        title=" · ".join(plan.title for plan in plans),
        description="规划中谁在何处做什么的知识图谱，每条边都指明在原文中的位置 "
        "/ Who does what where in the plan, as a knowledge graph; every edge tells its place in the text",
        rights=_RIGHTS.format(*(_WITH_TEXT if any(plan.quoted for plan in plans) else _WITHOUT_TEXT)),
        ontology=str(next(terms.objects(None, OWL.versionIRI))),
        day=_day(kg),
        version=version("hongtu"),
        plans=plans,
    )


def _write_parts(kg: KnowledgeGraph, folder: Path, package: Package) -> Iterator[Part]:
    """Write the files that hold the graph, and what belongs to it, and yield each."""
    # Other forms of export need not wait for what draws.
    from hongtu.graph.views.explorer import Explorer

    with (folder / "graph.nq").open("wb") as output:
        write_canonical(kg.plan_quads(), output)
    about = "图谱的全部内容，每份规划一个命名图 / all that the graph says, each plan in its named graph"
    yield _part(folder, "graph.nq", about, "application/n-quads", conformsTo={"@id": package.ontology})
    if len(package.plans) == 1:
        write_tables_of(kg, folder / "tables")
        for file in sorted((folder / "tables").iterdir()):
            about = "表格，可用 Excel 打开 / a table, for Excel"
            yield _part(folder, f"tables/{file.name}", about, "text/csv")
    if len(package.plans) <= _MOST_DRAWN:
        Explorer(to_networkx(kg)).write_html(folder / "explorer.html")
        about = "可离线打开的图谱页面 / the graph as one offline page"
        yield _part(folder, "explorer.html", about, "text/html")
    _write(folder, "void.ttl", describe_void(kg, PurePosixPath("graph.nq"), conforms_to=package.ontology))
    yield _part(folder, "void.ttl", "统计（VoID、DCAT）/ statistics (VoID, DCAT)", "text/turtle")
    (folder / "vocabulary").mkdir()
    for entry in sorted(files("hongtu.ontology").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".ttl"):
            path = f"vocabulary/{entry.name}"
            (folder / path).write_bytes(entry.read_bytes())
            about = "词汇、校验规则或代码表 / terms, shapes or a code list"
            yield _part(folder, path, about, "text/turtle", license={"@id": MIT})


def _part(folder: Path, path: str, description: str, media_type: str, **more: Any) -> Part:
    """Return a file that was written."""
    with (folder / path).open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Part(path, description, media_type, (folder / path).stat().st_size, sha256, more)


def _write(folder: Path, path: str, text: str) -> None:
    (folder / path).write_text(text, "utf-8", newline="\n")


def _day(kg: KnowledgeGraph) -> str:
    """Return the day of the package, ``YYYY-MM-DD`` in UTC, as the module tells."""
    if not (epoch := os.environ.get("SOURCE_DATE_EPOCH")):
        return f"{kg.last_written or datetime.now(UTC):%Y-%m-%d}"
    try:
        return f"{datetime.fromtimestamp(int(epoch), UTC):%Y-%m-%d}"
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            say(
                f"SOURCE_DATE_EPOCH={epoch}：要写成 1970 年以来的秒数",
                f"SOURCE_DATE_EPOCH={epoch}: give seconds since 1970",
            )
        ) from error


def _template() -> Template:
    text = files("hongtu.graph.views").joinpath("templates", "crate.html").read_text("utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(text)


def _add(archive: zipfile.ZipFile, folder: Path, path: str) -> None:
    entry = undated_entry(path)
    entry.file_size = (folder / path).stat().st_size
    with (folder / path).open("rb") as source, archive.open(entry, "w") as target:
        shutil.copyfileobj(source, target)
