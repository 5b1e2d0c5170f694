"""Foreign tables and foreign vocabularies by a mapping: a SPARQL CONSTRUCT of the user's own.

For a table the query is put once for each row, and the row's cells are its variables: what stands below the heading
``企业`` is ``?企业``. What is no letter, digit or ``_`` in a heading becomes ``_``; an empty cell leaves its variable
unbound, so that what would be said with it is not said. ``?ROW`` is the row itself, as RFC 7111 (section 2.1) names it:
``…/file/companies.csv#row=5``; whatever a row makes leads there by ``dcterms:source``. Patterns of the query
look into the store, so that a row finds the things of a plan by their names.

For RDF the query is put once, to the file.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from rdflib.namespace import DCTERMS

from hongtu.graph.rdf_input import RdfFile, file_graph
from hongtu.graph.sparql.rewriting import Outline, Value
from hongtu.graph.sparql.tokens import tokens, variables
from hongtu.loaders.errors import InputError, UsageError
from hongtu.loaders.language import say
from hongtu.loaders.tables import Row, nearest, read_csv, read_first_sheet

if TYPE_CHECKING:
    from hongtu.graph.store import PlanStore

_SOURCE = ox.NamedNode(str(DCTERMS.source))
_ROW = "ROW"
# What is no letter or digit to people, or to SPARQL 1.1 (section 19.8, VARNAME), which takes ， but not ª; Oxigraph takes
# none beyond U+FFFF.
_NO_NAME = re.compile(
    r"\W|[^0-9A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u2070-\u218F\u2C00-\u2FEF"
    r"\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD]"
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping's text, a CONSTRUCT, and the name of its file."""

    name: str
    sparql: str

    @classmethod
    def read(cls, file: Path) -> "Mapping":
        """Return the mapping of a file.

        :raises UsageError: when it cannot be read, or is no CONSTRUCT.
        """
        try:
            sparql = file.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UsageError(
                say(f"{file.name}：读不了（{reason}）", f"{file.name}: cannot be read ({reason})")
            ) from error
        form = Outline.of(sparql).form
        if form != "CONSTRUCT":
            raise UsageError(
                say(
                    f"{file.name}：映射要写成 SPARQL 的 CONSTRUCT {{ … }} WHERE {{ … }}",
                    f"{file.name}: a mapping is a SPARQL query CONSTRUCT {{ … }} WHERE {{ … }}",
                )
                + (say(f"，这里是 {form}", f", this is {form}") if form else "")
            )
        return cls(file.name, sparql)

    def of_table(
        self, file: Path, kg: "PlanStore", *, encoding: str
    ) -> tuple[list[ox.Quad], tuple[int, ...]]:
        """Return what the rows of a table say, in the graph of the file and in a fixed order, and the rows that say nothing.

        :param file: ``.csv``, or ``.xlsx``, whose first sheet is read.
        :param kg: where patterns of the mapping look.
        :raises InputError: when the table cannot be read.
        :raises UsageError: when the mapping is broken, or has a variable that is neither a column nor bound by itself.
        """
        rows = _rows(file, encoding)
        columns = variables_of(file, rows[0].cells)
        self._check(kg, columns.values())
        used = {heading: name for heading, name in columns.items() if name in self.variables}
        graph = file_graph(file.name)
        quads: set[ox.Quad] = set()
        silent = []
        for row in rows:
            source = ox.NamedNode(f"{graph.value}#row={row.place.row}")
            values = {
                name: ox.Literal(row.cells[heading].strip())
                for heading, name in used.items()
                if row.cells[heading].strip()
            }
            made = self._construct(kg, **values, **{_ROW: source})
            quads.update(ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in made)
            quads.update(ox.Quad(triple.subject, _SOURCE, source, graph) for triple in made)
            if not made:
                silent.append(row.place.row)
        return sorted(quads, key=str), tuple(silent)

    def of_rdf(self, file: RdfFile) -> list[ox.Quad]:
        """Return what an RDF file says and, in its own graph, what the mapping makes of that.

        :raises InputError: when the file is broken.
        :raises UsageError: when the mapping is.
        """
        from hongtu.graph.store import PlanStore

        said = PlanStore(ox.Store())
        said.store.extend(file.quads())
        self._check(said, ())
        made = self._construct(said)
        return [
            *said.store,
            *(ox.Quad(triple.subject, triple.predicate, triple.object, file.graph) for triple in made),
        ]

    @property
    def variables(self) -> list[str]:
        """The variables of the query, in the order in which it names them."""
        return variables(list(tokens(self.sparql)))

    def _construct(self, kg: "PlanStore", **values: Value) -> list[ox.Triple]:
        try:
            return list(kg.solutions(self.sparql, **values))
        except UsageError as error:
            raise UsageError(f"{self.name}: {error}") from error

    def _check(self, kg: "PlanStore", columns: Iterable[str]) -> None:
        """Refuse a variable that can have no value: one that is neither a column nor bound by the query itself."""
        try:
            answer = kg.solutions(str(Outline.of(self.sparql).select("*")))
        except UsageError as error:
            raise UsageError(f"{self.name}: {error}") from error
        bound = [variable.value for variable in answer.variables]
        known = [*columns, _ROW]
        for name in self.variables:
            if name not in known and name not in bound:
                raise UsageError(
                    say(
                        f"{self.name}：?{name} 没有值；可用的列：" + "、".join(f"?{one}" for one in known),
                        f"{self.name}: nothing gives ?{name} a value; the columns are "
                        + ", ".join(f"?{one}" for one in known),
                    )
                    + nearest(name, known)
                )


def _rows(file: Path, encoding: str) -> list[Row]:
    match file.suffix.lower():
        case ".csv":
            rows = read_csv(file, encoding)
        case ".xlsx":
            rows = read_first_sheet(file)
        case _:
            raise InputError(
                say(
                    f"{file.name}：映射用于 .csv、.xlsx 和 RDF 文件",
                    f"{file.name}: a mapping goes with .csv, .xlsx and RDF files",
                )
            )
    if not rows:
        raise InputError(
            say(f"{file.name}：表头下面没有一行", f"{file.name}: there is no row below the headings")
        )
    return rows


def variables_of(file: Path, headings: Iterable[str]) -> dict[str, str]:
    """Return the variable of each heading.

    :raises InputError: when two headings are one variable.

    >>> variables_of(Path("a.csv"), ["企业名称（全称）", "year"])
    {'企业名称（全称）': '企业名称_全称', 'year': 'year'}
    """
    names: dict[str, str] = {}
    for heading in filter(None, headings):
        name = _NO_NAME.sub("_", heading).strip("_") or "_"
        if name in names.values() or name == _ROW:
            raise InputError(
                say(
                    f"{file.name}：列“{heading}”的变量 ?{name} 已有；改列名",
                    f"{file.name}: ?{name} for the column “{heading}” is taken already; change the heading",
                )
            )
        names[heading] = name
    return names
