"""Putting what a file says into a store, in place of what the same graphs held before.

Up to :data:`_BULK` statements it is one transaction: whatever cuts it off, the store holds the old or the new. More are
written in batches, and want to be loaded again when they were cut off.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox
from rdflib.namespace import RDF

from hongtu.graph.rdf_input import file_graph
from hongtu.graph.terms import compact_iri
from hongtu.graph.vocabulary import VOCABULARY_GRAPHS, describe_divisions
from hongtu.loaders.errors import InputError
from hongtu.loaders.language import say
from hongtu.ontology.namespace import HT, INFERRED

if TYPE_CHECKING:
    from hongtu.graph.store import PlanStore


_TOLD_EVERY = 100_000
_BULK = 100_000
"""From so many statements on they are written in batches: one transaction would need 1.5 GB for a million."""
_TYPE = ox.NamedNode(str(RDF.type))


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a file did.

    ``graphs`` are the statements in each graph now, ``replaced`` those that it held before, ``things`` how many things
    there are of each class of the ontology, ``unsupported`` how many things and edges (``rdf:Statement``) no passage of a plan
    supports; all by name. ``silent`` are the rows of a table of which its mapping made nothing.
    """

    file: str
    graphs: dict[str, int]
    replaced: dict[str, int]
    things: dict[str, int]
    unsupported: dict[str, int]
    silent: tuple[int, ...] = ()


def load_quads(
    kg: "PlanStore",
    read: Callable[[], Iterator[ox.Quad]],
    name: str,
    progress: Callable[[str], None] = lambda step: None,
) -> Loaded:
    """Put statements into a store in place of what their graphs held; nothing when a statement cannot be read.

    :param read: yields the statements; it is called twice, the first time to see that all can be read.
    :param name: of the file they come from; its own graph is replaced even if nothing is in it now.
    :raises InputError: when there are none, or they are in a graph of the vocabulary; and whatever ``read`` raises.
    """
    store = kg.store  # refuses endpoints, before the file is read
    graphs, things = _count(read(), name, progress)
    _check_graphs(name, graphs)
    number = sum(graphs.values())
    progress(say(f"{name}：写入 {number} 条", f"{name}: writing {number} statements"))
    kg.drop_inferred()
    replaced = {}
    for graph in map(ox.NamedNode, sorted({*graphs, file_graph(name).value})):
        if held := sum(1 for _ in store.quads_for_pattern(None, None, None, graph)):
            replaced[graph.value] = held
    if number < _BULK:
        replace_graphs(store, [*map(ox.NamedNode, sorted(replaced))], read())
    else:
        for name_of_graph in replaced:
            store.remove_graph(ox.NamedNode(name_of_graph))
        store.bulk_extend(read())
    describe_divisions(store)
    unsupported = {
        compact_iri(row["what"].value).removeprefix("ht:"): int(row["number"].value)
        for row in kg.rows_about("count_unsupported", map(ox.NamedNode, graphs))
    }
    return Loaded(name, dict(sorted(graphs.items())), replaced, dict(sorted(things.items())), unsupported)


def replace_graphs(store: ox.Store, graphs: Sequence[ox.NamedNode], quads: Iterable[ox.Quad]) -> None:
    """Put statements in place of what named graphs of a store hold, in one transaction.

    :param graphs: those that hold something; without any, the statements are only added, several times as fast.
    :param quads: statements in named graphs.
    """
    if not graphs:
        store.extend(quads)
        return
    dropped = "".join(f"DROP SILENT GRAPH {graph} ;\n" for graph in graphs)
    added = "\n".join(f"GRAPH {quad.graph_name} {{ {quad.triple} }}" for quad in quads)
    store.update(f"{dropped}INSERT DATA {{\n{added}\n}}")


def _count(
    quads: Iterator[ox.Quad], name: str, progress: Callable[[str], None]
) -> tuple[Counter[str], Counter[str]]:
    """Return how many statements stand in each graph, and how many say what class of the ontology a thing is of."""
    graphs: Counter[str] = Counter()
    things: Counter[str] = Counter()
    for number, quad in enumerate(quads, 1):
        graphs[quad.graph_name.value] += 1  # type: ignore[union-attr]
        if quad.predicate == _TYPE and isinstance(quad.object, ox.NamedNode):
            namespace, _, kind = quad.object.value.rpartition("#")
            things[kind] += f"{namespace}#" == str(HT)
        if number % _TOLD_EVERY == 0:
            progress(say(f"{name}：已读 {number} 条", f"{name}: {number} statements read"))
    return graphs, +things


def _check_graphs(name: str, graphs: Mapping[str, int]) -> None:
    if not graphs:
        raise InputError(
            say(
                f"{name}：里面没有一条三元组，什么也没有改；JSON-LD 要有 @context",
                f"{name}: it holds no triple, nothing was changed; JSON-LD needs a @context",
            )
        )
    taken = sorted(
        graph.value for graph in VOCABULARY_GRAPHS | {ox.NamedNode(str(INFERRED))} if graph.value in graphs
    )
    if taken:
        raise InputError(
            say(
                f"{name}：要写入 {', '.join(taken)}，这是宏图自己的词汇或推理所得，不能改；"
                "从文件里去掉这个图，或给图换个名字",
                f"{name}: it writes to {', '.join(taken)}, which holds Hongtu's own vocabulary or "
                "what is inferred; take that graph out of the file, or give it another name",
            )
        )
