"""The graph taken along: RDF, JSON, networks, tables, packages; one module for each family of formats."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from hongtu.graph.export.crate import write_crate
from hongtu.graph.export.jsonld import write_jsonld
from hongtu.graph.export.neo4j import write_neo4j
from hongtu.graph.export.networks import write_gexf, write_graphml
from hongtu.graph.export.rdf import write_rdf
from hongtu.graph.export.stratml import write_stratml
from hongtu.graph.export.tables import write_tables_of, write_workbook_of
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.loaders.errors import UsageError
from hongtu.loaders.files import whole_file
from hongtu.loaders.language import say


class Format(NamedTuple):
    """A form in which the graph can be taken along: what writes it, and what it is, in Chinese and English.

    A folder is written file by file, a file whole or not at all.
    """

    write: Callable[[KnowledgeGraph, Path], None]
    zh: str
    en: str
    is_folder: bool = False


def _rdf(rdf_format: ox.RdfFormat) -> Format:
    write = partial(write_rdf, rdf_format=rdf_format)
    if rdf_format.supports_datasets:
        return Format(write, "RDF，一份规划一个命名图", "RDF, a named graph for each plan")
    return Format(write, "RDF，所有规划合成一图", "RDF, all plans as one graph")


_NETWORK = "网络（Gephi 等）", "network (Gephi and others)"

FORMATS: dict[str, Format] = {
    ".nq": _rdf(ox.RdfFormat.N_QUADS),
    ".trig": _rdf(ox.RdfFormat.TRIG),
    ".ttl": _rdf(ox.RdfFormat.TURTLE),
    ".nt": _rdf(ox.RdfFormat.N_TRIPLES),
    ".rdf": _rdf(ox.RdfFormat.RDF_XML),
    ".jsonld": Format(write_jsonld, "JSON，不懂 RDF 也能用", "JSON, also for who does not know RDF"),
    ".graphml": Format(write_graphml, *_NETWORK),
    ".gexf": Format(write_gexf, *_NETWORK),
    ".neo4j": Format(write_neo4j, "文件夹：Neo4j 的 CSV", "folder: CSV for Neo4j", is_folder=True),
    ".xlsx": Format(write_workbook_of, "Excel 工作簿（一份规划）", "Excel workbook (one plan)"),
    "": Format(
        write_tables_of, "文件夹：CSV 表格（一份规划）", "folder: CSV tables (one plan)", is_folder=True
    ),
    ".stratml": Format(write_stratml, "战略规划标记语言 StratML（一份规划）", "StratML (one plan)"),
    ".zip": Format(write_crate, "数据包 RO-Crate", "package: RO-Crate"),
}
"""The formats by the ending of a path; a folder of tables has none."""


def export(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph, without the vocabulary, in the form that the path's ending names.

    :param path: a file or folder with one of the endings of :data:`FORMATS`.
    :raises UsageError: when the ending is not known, or the format holds one plan and the graph several.
    :raises StoreError: when the path cannot be written; what was there stays.
    """
    chosen = FORMATS.get(path.suffix.lower())
    if chosen is None:
        raise UsageError(
            say(f"不会写 {path.suffix}；可写 ", f"cannot write {path.suffix}; there are ")
            + " ".join(filter(None, FORMATS))
            + say("，或一个文件夹（CSV 表格）", ", or a folder (CSV tables)")
        )
    if chosen.is_folder:
        chosen.write(kg, path)
        return
    with whole_file(path) as new:
        chosen.write(kg, new)


def describe_formats() -> str:
    """Return which endings there are and what each is for, in the user's language, as a list in Markdown."""
    endings: dict[str, list[str]] = {}
    for ending, form in FORMATS.items():
        endings.setdefault(say(form.zh, form.en), []).append(f"`{ending}`" if ending else "")
    return "\n\n".join(f"{' '.join(some)} {about}".strip() for about, some in endings.items())
