"""The matrix of who × what × where: how often two kinds of things meet, as a heat map whose cells open.

    matrix(kg)                                   enterprises × industries
    matrix(kg, rows="Strategy", columns="Location")
    kg.who(place="洪洞县").matrix("who", "project")

Two things meet by an edge of their own, or over one thing that has an edge to each and either does something or is
done: a project, an enterprise or another body. An enterprise meets an industry in the projects that it undertakes
there and in the edge ``operatesIn``; a strategy meets a place in the projects that implement it there. What lies
within a place counts for that place too. Every cell keeps what it counts, with the passages that say so.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import networkx as nx
import pandas as pd

from hongtu.graph.network import ENTITY_KINDS, Network, to_networkx
from hongtu.graph.terms import Resource
from hongtu.graph.views.page import Page, Passages, render
from hongtu.graph.views.table import heading, plain, row_evidence, row_text, said
from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say
from hongtu.ontology.namespace import HT

if TYPE_CHECKING:
    from hongtu.graph.knowledge_graph import KnowledgeGraph

_BETWEEN = ("Project", "Enterprise", "Organization")
"""Kinds of things over which two others meet; all that happens at a place or in an industry would not tell of any."""

_NO_WAY = ("partnersWith", "within")
"""Edges over which nothing is said of the other end: a partner's industry, the place around."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a cell counts.

    ``what`` tells it from others: the same project in two cells of a row is one. ``lines`` say it in words.
    ``passages`` are dicts as in :func:`~hongtu.graph.network.to_networkx`.
    """

    what: str
    lines: tuple[str, ...]
    passages: list[dict[str, Any]] = field(default_factory=list)


class Matrix(Page):
    """A heat map: in a notebook it displays itself, each cell opens what it counts.

    :param entries: what is counted: row heading, column heading (things or text; things are told apart by their
        IRIs) and the entry of the cell where they meet.
    :param names: what the rows and the columns are.
    :param title: of the page.
    :param note: a sentence that says what is counted.

    ``rows`` and ``columns`` are the headings in the order of their totals, largest first, then by name; ``cells``
    holds the entries by the places (0-based) of row and column. A total counts each thing once, however many cells it
    stands in.

    >>> matrix = Matrix([("乙", "茶", Entry("p", ("乙种茶",)))], names=("who", "industry"))
    >>> matrix.to_frame().loc["乙", "茶"].item()
    1
    """

    def __init__(  # noqa: D107 - the class tells
        self,
        entries: Iterable[tuple[str, str, Entry]],
        *,
        names: tuple[str, str],
        title: str = "",
        note: str = "",
    ) -> None:
        self.names, self.title, self.note = names, title, note
        found = list(entries)
        self.rows, row_place = _by_total((row, entry) for row, _, entry in found)
        self.columns, column_place = _by_total((column, entry) for _, column, entry in found)
        cells: dict[tuple[int, int], list[Entry]] = defaultdict(list)
        for row, column, entry in found:
            cells[row_place[_key(row)], column_place[_key(column)]].append(entry)
        self.cells = dict(sorted(cells.items()))

    def to_frame(self) -> pd.DataFrame:
        """Return the counts as a DataFrame, rows × columns in the order of the picture, 0 where there is nothing."""
        counts = [
            [len(self.cells.get((row, column), ())) for column in range(len(self.columns))]
            for row in range(len(self.rows))
        ]
        return pd.DataFrame(
            counts,
            index=pd.Index(self.rows, name=self.names[0], dtype=object),
            columns=pd.Index(self.columns, name=self.names[1], dtype=object),
        )

    def generate_html(self) -> str:
        """Return the page; it draws the first 30 rows, as many of the first 20 columns as fit and, on request, all."""
        passages = Passages()
        entries = [entry for found in self.cells.values() for entry in found]
        numbers: dict[str, int] = {}
        for entry in entries:
            numbers.setdefault(entry.what, len(numbers))
        cells = [
            [
                *place,
                [[numbers[entry.what], entry.lines, passages.numbers(entry.passages)] for entry in found],
            ]
            for place, found in self.cells.items()
        ]
        return render(
            "matrix",
            self.title,
            {
                "names": self.names,
                "note": self.note,
                "rows": [[str(row), getattr(row, "iri", None)] for row in self.rows],
                "columns": [[str(column), getattr(column, "iri", None)] for column in self.columns],
                "cells": cells,
                "passages": passages.kept,
            },
        )


def matrix(kg: "KnowledgeGraph", rows: str = "Enterprise", columns: str = "Industry") -> Matrix:
    """Return how often the things of two kinds meet in a graph.

    :param rows: the local name of a class: Strategy, Project, Enterprise, Organization, Industry or Location.
    :param columns: likewise.
    :raises UsageError: when there is no such kind, or no two things of these kinds meet.
    """
    for kind in (rows, columns):
        if kind not in ENTITY_KINDS:
            raise UsageError(
                say(f"没有叫“{kind}”的类别；有：", f"no kind is called “{kind}”; there are: ")
                + ", ".join(ENTITY_KINDS)
            )
    labels = kg.labels([str(HT[rows]), str(HT[columns])])
    return network_matrix(to_networkx(kg), rows, columns, (labels[str(HT[rows])], labels[str(HT[columns])]))


def network_matrix(network: Network, rows: str, columns: str, names: tuple[str, str]) -> Matrix:
    """Return how often the nodes of two kinds meet in a network.

    :param network: as ``to_networkx`` gives it.
    :param rows: the ``kind`` of the nodes that become rows, such as ``"Enterprise"``.
    :param columns: the ``kind`` of the nodes that become columns.
    :param names: what to call rows and columns.
    :raises UsageError: when no two of them meet.
    """
    around = _places_around(network)
    cells: dict[tuple[str, str], dict[str, Entry]] = defaultdict(dict)
    own: set[str] = set()
    for row, column, what, edges in _meetings(network, rows, columns):
        own |= {row, column}
        for wider_row, row_way in _with_places_around(row, around):
            for wider_column, column_way in _with_places_around(column, around):
                # A project in two towns of a county is one project of the county.
                if wider_row != wider_column and what not in cells[wider_row, wider_column]:
                    way = [*edges, *row_way, *column_way]
                    cells[wider_row, wider_column][what] = _entry(network, what, way)
    if not cells:
        raise UsageError(
            say(
                f"图里没有{names[0]}与{names[1]}相连；换两个类别试试：",
                f"nothing of kind {rows} meets anything of kind {columns}; try two other kinds: ",
            )
            + ", ".join(ENTITY_KINDS)
        )
    repeated = _repeated(cells, own, around)
    note = say(
        "格里的数是把两者连起来的项目、主体和直接关系",
        "a cell counts the projects, bodies and edges that connect the two",
    )
    if "Location" in (rows, columns):
        note += say("，地点包括其内的地点", "; a place includes the places within it")
    return Matrix(
        (
            (_thing(network, row), _thing(network, column), entry)
            for (row, column), found in cells.items()
            if row not in repeated and column not in repeated
            for entry in found.values()
        ),
        names=names,
        title=" · ".join(filter(None, [f"{names[0]} × {names[1]}", network.graph.get("title", "")])),
        note=note,
    )


def answer_matrix(answer: pd.DataFrame, rows: str | None = None, columns: str | None = None) -> Matrix:
    """Return how often the things of two columns of an answer stand in one row.

    :param rows: the column whose things become rows; by default the first column of things.
    :param columns: the column whose things become columns; by default the next one.
    :raises UsageError: when there is no such column, or no two columns of things are there to choose.
    """
    passage_columns, evidence = row_evidence(answer)
    names = [str(name) for name in answer.columns]
    shown = [place for place in range(len(names)) if place not in passage_columns]
    cells = {
        place: [said(names[place], plain(cell)) for cell in answer.iloc[:, place].tolist()] for place in shown
    }
    things = [names[place] for place in shown if any(isinstance(cell, Resource) for cell in cells[place])]
    first = _column(rows, [name for name in things if name != columns], names)
    second = _column(columns, [name for name in things if name != first], names)
    ends = (names.index(first), names.index(second))
    if missing := [place for place in ends if place not in cells]:
        raise UsageError(
            say(
                f"列 {names[missing[0]]} 是出处，不能做行列",
                f"the column {names[missing[0]]} holds passages, no rows or columns",
            )
        )

    def entries() -> Iterator[tuple[str, str, Entry]]:
        rest = [place for place in shown if place not in ends]
        for number in range(len(answer)):
            row, column = (cells[place][number] for place in ends)
            if row is None or column is None:
                continue
            told = row_text([names[place] for place in rest], [cells[place][number] for place in rest])
            lines = (f"{row} · {column}", *(f"{name}: {text}" for name, text in told))
            yield (
                row if isinstance(row, str) else str(row),
                column if isinstance(column, str) else str(column),
                Entry(str(number), lines, evidence[number]),
            )

    headings = (heading(first), heading(second))
    return Matrix(
        entries(),
        names=headings,
        title=f"{headings[0]} × {headings[1]}",
        note=say("格里的数是表里的行", "a cell counts rows of the table"),
    )


def _column(wanted: str | None, things: Sequence[str], names: Sequence[str]) -> str:
    """Return a column by name, or the first with things."""
    if wanted is None:
        if not things:
            raise UsageError(
                say(
                    "矩阵要两列对象；用 matrix(行所在的列, 列所在的列) 指明，现有：",
                    "a matrix needs two columns of things; name them as matrix(rows, columns), there are: ",
                )
                + ", ".join(names)
            )
        return things[0]
    if wanted not in names:
        raise UsageError(
            say(f"没有叫“{wanted}”的列；有：", f"no column is called “{wanted}”; there are: ")
            + ", ".join(names)
        )
    return wanted


def _by_total(entries: Iterable[tuple[str, Entry]]) -> tuple[list[str], dict[str, int]]:
    """Return headings by the number of different things counted, then by name, and the place of each by its key."""
    counted: dict[str, set[str]] = defaultdict(set)
    headings: dict[str, str] = {}
    for name, entry in entries:
        headings.setdefault(_key(name), name)
        counted[_key(name)].add(entry.what)
    order = sorted(headings, key=lambda key: (-len(counted[key]), headings[key], key))
    return [headings[key] for key in order], {key: place for place, key in enumerate(order)}


def _key(name: str) -> str:
    return name.iri if isinstance(name, Resource) else name


def _thing(network: Network, node: str) -> Resource:
    return Resource(network.nodes[node]["label"], node)


_Edge: TypeAlias = tuple[str, str, str]


def _meetings(network: Network, rows: str, columns: str) -> Iterator[tuple[str, str, str, list[_Edge]]]:
    """Yield each row and column that meet, what connects them, and the edges by which it does."""
    for row, data in network.nodes(data=True):
        if data.get("kind") != rows:
            continue
        for near, edges in _around(network, row).items():
            kind = network.nodes[near].get("kind")
            if kind == columns:
                yield from ((row, near, " ".join(edge), [edge]) for edge in edges if edge[2] != "within")
            way = [edge for edge in edges if edge[2] not in _NO_WAY]
            if kind not in _BETWEEN or not way:
                continue
            for far, more in _around(network, near).items():
                on = [edge for edge in more if edge[2] not in _NO_WAY]
                if far != row and on and network.nodes[far].get("kind") == columns:
                    yield row, far, near, [*way, *on]


def _around(network: Network, node: str) -> dict[str, list[_Edge]]:
    """Return the nodes next to a node and the edges that link them, in either direction."""
    found: dict[str, list[_Edge]] = defaultdict(list)
    for source, target, key in [
        *network.out_edges(node, keys=True),
        *network.in_edges(node, keys=True),
    ]:
        if source != target:
            found[target if source == node else source].append((source, target, key))
    return found


def _places_around(network: Network) -> dict[str, dict[str, list[_Edge]]]:
    """Return, for each place that lies within others, these, and the way to each."""
    inner: nx.DiGraph[str] = nx.DiGraph(
        (source, target) for source, target, key in network.edges(keys=True) if key == "within"
    )
    return {
        place: {
            wider: [(one, other, "within") for one, other in pairwise(way)]
            for wider, way in nx.single_source_shortest_path(inner, place).items()
            if wider != place
        }
        for place in inner
    }


def _with_places_around(
    node: str, around: Mapping[str, Mapping[str, list[_Edge]]]
) -> list[tuple[str, list[_Edge]]]:
    return [(node, []), *around.get(node, {}).items()]


def _entry(network: Network, what: str, edges: Sequence[_Edge]) -> Entry:
    name = {node: network.nodes[node].get("label", node) for edge in edges for node in edge[:2]}
    lines = []
    passages: list[dict[str, Any]] = []
    for source, target, key in edges:
        data = network.edges[source, target, key]
        lines.append(f"{name[source]} — {data.get('label', key)} → {name[target]}")
        passages += [passage for passage in data.get("passages", []) if passage not in passages]
    return Entry(what, tuple(lines), passages)


def _repeated(
    cells: Mapping[tuple[str, str], Mapping[str, Entry]],
    own: Collection[str],
    around: Mapping[str, Mapping[str, list[_Edge]]],
) -> set[str]:
    """Return the places that nothing is said of but what is said of one place within them: they would repeat it."""
    said: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for (row, column), found in cells.items():
        said[row] |= {(column, what) for what in found}
        said[column] |= {(row, what) for what in found}
    return {
        wider
        for place, wide in around.items()
        for wider in wide
        if wider not in own and place in said and said[place] == said.get(wider)
    }
