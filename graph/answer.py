"""The answer to a SELECT: a DataFrame that reads as labels, opens its sentences, draws itself and goes to Excel.

>>> from hongtu.graph import KnowledgeGraph
>>> answer = KnowledgeGraph.packaged("sample").query("SELECT ?who { ?who a ht:Enterprise } ORDER BY ?who LIMIT 2")
>>> answer["who"].tolist()
['云岭茶业集团', '华岚电力']
>>> list(answer.with_iris().columns)
['who', 'who_iri']
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from html import escape
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd
import pyoxigraph as ox

from hongtu.graph.network import given_passages
from hongtu.graph.passages import Passage
from hongtu.graph.sparql.rewriting import Value, in_written_order
from hongtu.graph.terms import Resource, to_python
from hongtu.graph.views.table import answer_table, heading, said, table_page
from hongtu.graph.workbook import write_workbook
from hongtu.loaders.errors import UsageError
from hongtu.loaders.files import whole_file
from hongtu.loaders.language import say
from hongtu.loaders.values import guard_cell

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from hongtu.graph.knowledge_graph import KnowledgeGraph
    from hongtu.graph.network import Network
    from hongtu.graph.views.explorer import Explorer
    from hongtu.graph.views.matrix import Matrix
    from hongtu.graph.views.place_map import PlaceMap


class Answer(pd.DataFrame):
    """The rows of a SELECT, one column per variable; all of pandas works on it.

    Cells are :class:`~hongtu.graph.terms.Resource` (a label that keeps its ``.iri``), numbers, booleans, text, or
    ``None`` where the variable is unbound; in columns of numbers, what pandas has for it. What pandas selects, sorts
    or joins of an answer is an answer too, of the same graph. What it makes anew is not: the keys of a ``groupby``
    and the cells of a ``map`` are mere text. Two things of one label are one group; group by ``with_iris()`` where
    several plans were asked.

    ``kg`` is the graph that was asked, ``sparql`` the query as it was given, ``bindings`` the terms bound to its
    variables, and ``cut`` tells that more rows existed than were asked for. Tables that no graph was asked for, such
    as those of :mod:`hongtu.graph.analysis`, have no ``kg`` and an empty ``sparql``; a pickled answer leaves its graph
    behind.
    """

    _metadata: ClassVar[list[str]] = ["kg", "sparql", "bindings", "cut"]

    kg: "KnowledgeGraph | None" = None
    sparql: str = ""
    bindings: Mapping[str, Value] = MappingProxyType({})
    cut: bool = False

    @property
    def _constructor(self) -> Callable[..., "Answer"]:
        return Answer

    def __finalize__(self, other: Any, method: str | None = None, **options: Any) -> Self:
        """Keep of several tables that are joined what they have in common, which pandas leaves to its subclasses."""
        super().__finalize__(other, method, **options)  # type: ignore[misc]
        if tables := [table for table in _joined(other) if isinstance(table, Answer)]:
            first, *others = tables
            for name in self._metadata:
                value = getattr(first, name)
                if all(getattr(table, name) is value for table in others):
                    setattr(self, name, value)
        return self

    def __getstate__(self) -> dict[str, Any]:
        """Leave the graph behind when the answer is pickled: no file can hold it."""
        return {**super().__getstate__(), "kg": None, "bindings": dict(self.bindings)}  # type: ignore[dict-item]

    def asked(self) -> "KnowledgeGraph":
        """Return the graph that was asked.

        :raises UsageError: when the table is no answer of a graph, or was pickled.
        """
        if self.kg is None:
            raise UsageError(
                say(
                    "这张表不是问图谱得来的，不知道依据哪个图谱；先设 表.kg = kg",
                    "this table is no answer of a graph, and which graph it speaks of is unknown; set TABLE.kg = kg first",
                )
            )
        return self.kg

    def _repr_html_(self) -> str:
        if self.empty and (self.kg is None or not self.sparql):
            return self.to_html()
        if self.empty:
            return f"<pre>{escape(self.why())}</pre>"
        return answer_table(self)

    def why(self) -> str:
        """Return why the answer is empty: the pattern that emptied it, and names that are near.

        :raises UsageError: when the table is no answer of a graph.
        """
        from hongtu.graph.sparql.emptiness import explain_empty

        kg = self.asked()
        if not self.empty:
            return say(f"有 {len(self)} 行，并不是空的", f"it is not empty: it has {len(self)} rows")
        return explain_empty(kg, self.sparql, self.bindings)

    def network(self) -> "Network":
        """Return the things of the rows and the edges that the query's pattern has between its columns.

        :return: as :func:`~hongtu.graph.network.to_networkx` gives it, with the evidence of every edge.
        :raises UsageError: when the table is no answer of a graph.
        """
        from hongtu.graph.views.drawing import answer_network

        return answer_network(self)

    def show(
        self, *, height: str = "640px", styles: Mapping[str, Mapping[str, str]] | None = None
    ) -> "Explorer":
        """Return a picture of :meth:`network`, which a notebook displays; see :meth:`KnowledgeGraph.show`.

        :raises UsageError: when the table is no answer of a graph.
        """
        from hongtu.graph.views.explorer import Explorer

        return Explorer(self.network(), height, styles)

    def matrix(self, rows: str | None = None, columns: str | None = None) -> "Matrix":
        """Return a heat map of two columns of things, which counts the rows where they meet.

        :param rows: the column whose things become rows, the first one with things by default.
        :param columns: the column whose things become columns, the second one by default.
        :raises UsageError: when there are no two columns of things.
        """
        from hongtu.graph.views.matrix import answer_matrix

        return answer_matrix(self, rows, columns)

    def chart(self) -> "Figure":
        """Return the chart that fits the columns: a ranking, a timeline, or a heat map; see :mod:`hongtu.graph.views.plots`.

        :raises UsageError: when no chart fits, or matplotlib is not installed.
        """
        from hongtu.graph.views.plots import chart

        return chart(self)

    def place_map(self, **options: Any) -> "PlaceMap":
        """Return a map of the rows; the options are those of :class:`~hongtu.graph.views.place_map.PlaceMap`.

        :raises UsageError: when the rows have no coordinates and none are given.
        """
        from hongtu.graph.views.place_map import PlaceMap

        return PlaceMap(self, **options)

    def with_iris(self) -> pd.DataFrame:
        """Return a plain DataFrame: labels as text, and behind each column of things their IRIs (``who_iri``).

        Passages read as they are cited, and their sentences stand in a column of their own (``evidence_sentence``).
        An index that has a name is a column too.
        """
        # Not by reset_index, which makes mere text of things.
        index = [(name, self.index.get_level_values(place)) for place, name in enumerate(self.index.names)]
        given: list[tuple[Any, list[Any]]] = [
            (name, cells.tolist()) for name, cells in index if name is not None
        ]
        given += [(name, cells.tolist()) for name, cells in self.items()]
        iris_given = {cell.iri for _, cells in given for cell in cells if isinstance(cell, Resource)}
        cited = {} if self.kg is None else given_passages(self.kg, iris_given)
        passages = {iri: Passage(**passage) for iri, passage in cited.items()}
        columns: dict[str, list[Any]] = {}
        for name, cells in given:
            iris = [getattr(cell, "iri", None) for cell in cells]
            found = [passages.get(iri or "") for iri in iris]
            columns[str(name)] = [
                passage.place if passage else str(cell) if isinstance(cell, Resource) else cell
                for cell, passage in zip(cells, found, strict=True)
            ]
            if any(passage and passage.sentence for passage in found):
                columns[f"{name}_sentence"] = [passage and passage.sentence for passage in found]
            if any(iris) and f"{name}_iri" not in self.columns:
                columns[f"{name}_iri"] = iris
        return pd.DataFrame(columns)

    def save(self, path: str | Path) -> None:
        """Write the answer, with the IRIs of its things, as a file of the kind that the path's ending names.

        :param path: ``.csv`` (UTF-8 with byte order mark, as Excel wants it), ``.parquet`` (needs pyarrow), both as data;
            ``.xlsx``, in the user's language and laid out for readers; ``.html``, the searchable table as one offline
            page.
        :raises UsageError: when the ending is none of these.
        :raises StoreError: when the file cannot be written; what was there stays.
        """
        path = Path(path)
        write = _WRITERS.get(path.suffix.lower())
        if write is None:
            raise UsageError(
                say(
                    f"不会写 {path.suffix or path.name}；可写 ",
                    f"cannot write {path.suffix or path.name}; there are ",
                )
                + " ".join(_WRITERS)
            )
        with whole_file(path) as new:
            write(self, new)


def to_answer(
    kg: "KnowledgeGraph",
    solutions: Any,
    sparql: str,
    bindings: Mapping[str, Value],
    limit: int | None,
) -> Answer:
    """Return solutions as an answer.

    :param limit: how many rows to take at most; ``None`` takes all.
    """
    names = in_written_order(sparql, [variable.value for variable in solutions.variables])
    rows = [[solution[name] for name in names] for solution in islice(solutions, limit)]
    labels = kg.labels(term.value for row in rows for term in row if isinstance(term, ox.NamedNode))
    answer = Answer(
        {name: _column([_cell(row[place], labels) for row in rows]) for place, name in enumerate(names)},
        columns=names,
        index=range(len(rows)),
    )
    answer.kg, answer.sparql, answer.bindings = kg, sparql, bindings
    answer.cut = limit is not None and len(rows) == limit and next(iter(solutions), None) is not None
    return answer


def _joined(made: Any) -> list[Any]:
    """Return the tables that ``concat`` or ``merge`` says a result is made of; none of what is made of one."""
    if isinstance(made, (pd.DataFrame, pd.Series)):
        return []
    return list(getattr(made, "objs", ())) or [getattr(made, side, None) for side in ("left", "right")]


def _cell(term: Any, labels: Mapping[str, str]) -> Any:
    match term:
        case ox.NamedNode():
            return Resource(labels[term.value], term.value)
        case ox.Literal():
            return to_python(term)
        case None:
            return None
    return str(term)


def _column(cells: list[Any]) -> "pd.Series[Any]":
    """Return cells as a column of numbers where all that are bound are numbers, else as the objects they are."""
    bound = {type(cell) for cell in cells if cell is not None}
    if bound == {int}:
        # More than 64 bits stay objects.
        with suppress(OverflowError):
            return pd.Series(cells, dtype="int64" if None not in cells else "Int64")
    elif bound and bound <= {int, float}:
        with suppress(OverflowError):
            return pd.Series(cells, dtype="float64")
    return pd.Series(cells, dtype="bool" if bound == {bool} and None not in cells else object)


def csv_text(answer: Answer) -> str:
    """Return an answer as CSV, with IRIs and citations; what a spreadsheet would compute is guarded by an apostrophe."""
    frame = answer.with_iris().map(lambda cell: guard_cell(cell) if isinstance(cell, str) else cell)
    return frame.to_csv(index=False, lineterminator="\n")


def _write_csv(answer: Answer, file: Path) -> None:
    file.write_text(csv_text(answer), "utf-8-sig", newline="\n")


def _write_xlsx(answer: Answer, file: Path) -> None:
    frame = answer.with_iris()
    # IRIs are for programs: they stand behind what people read.
    frame = frame[sorted(frame.columns, key=lambda name: str(name).endswith("_iri"))]
    columns = []
    for name, values in frame.items():
        told = [said(str(name), value) for value in values.astype(object)]
        cells = [value if isinstance(value, str) or not pd.isna(value) else None for value in told]
        columns.append((_file_heading(str(name)), cells))
    write_workbook(file, {"Hongtu": columns})


def _file_heading(name: str) -> str:
    """Return how a column of :meth:`Answer.with_iris` is headed in the user's language."""
    for ending, zh, en in (("_sentence", "原句", " (sentence)"), ("_iri", " IRI", " (IRI)")):
        if name.endswith(ending):
            return heading(name.removesuffix(ending)) + say(zh, en)
    return heading(name)


def _write_parquet(answer: Answer, file: Path) -> None:
    frame = answer.with_iris()
    for name, cells in frame.items():
        # Parquet has one type to a column; what is mixed, or of more than 64 bits, is written as text.
        if cells.dtype == object and pd.api.types.infer_dtype(cells) not in ("string", "boolean", "empty"):
            frame[name] = cells.map(str, na_action="ignore")
    try:
        frame.to_parquet(file, index=False)
    except ImportError as error:
        raise UsageError(
            say("写 Parquet 要先 pip install pyarrow", "Parquet needs pip install pyarrow")
        ) from error


def _write_html(answer: Answer, file: Path) -> None:
    file.write_text(table_page(answer), "utf-8", newline="\n")


_WRITERS: dict[str, Callable[[Answer, Path], None]] = {
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".parquet": _write_parquet,
    ".html": _write_html,
}
"""File endings and what writes them."""
