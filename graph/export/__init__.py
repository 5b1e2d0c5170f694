"""The graph taken along: RDF files, networks for Gephi and others, tables for Excel; one module for each family."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from hongtu.graph.export.networks import NETWORK_FORMATS, write_network
from hongtu.graph.export.rdf import RDF_FORMATS, write_rdf
from hongtu.graph.export.tables import write_tables_of
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.loaders.errors import UsageError
from hongtu.loaders.files import whole_file
from hongtu.loaders.language import say

WRITERS: dict[str, Callable[[KnowledgeGraph, Path], None]] = {
    **{suffix: partial(write_rdf, rdf_format=rdf_format) for suffix, rdf_format in RDF_FORMATS.items()},
    **{suffix: partial(write_network, write=write) for suffix, write in NETWORK_FORMATS.items()},
}
"""File endings and what writes them."""


def export(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph, without the vocabulary, in the form that the path's ending names.

    :param path: ``.nq`` ``.trig`` ``.jsonld`` (with named graphs), ``.ttl`` ``.nt`` ``.rdf`` (all plans as one graph),
        ``.graphml`` ``.gexf`` (things and edges, with labels and citations), or a folder for the CSV tables that
        ``hongtu load`` reads (one plan).
    :raises UsageError: when the ending is not known, or a folder is asked for a store of several plans.
    :raises StoreError: when the path cannot be written; what was there stays.
    """
    suffix = path.suffix.lower()
    if not suffix:
        write_tables_of(kg, path)
    elif suffix in WRITERS:
        with whole_file(path) as new:
            WRITERS[suffix](kg, new)
    else:
        raise UsageError(
            say(f"不会写 {suffix}；可写 ", f"cannot write {suffix}; there are ")
            + " ".join(WRITERS)
            + say("，或一个文件夹（CSV 表格）", ", or a folder (CSV tables)")
        )
