"""SPARQL in notebook cells: ``%%sparql`` and ``%sparql``, after ``%load_ext hongtu.graph``.

::

    %%sparql --view graph --param who=kg.enterprise("华翔集团")
    SELECT ?project ?place { ?who ht:undertakes ?project . ?project ht:locatedIn ?place }

What a query needs to know, the line above it says: which graph, which values for its variables, how to show the answer,
where to keep it. Errors of Hongtu show as what they say, in every cell; ``%tb`` has the rest.
"""

import argparse
import inspect
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any

import rdflib
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand
from IPython.display import DisplayHandle, Pretty, display

from hongtu.graph.jupyter.completion import SparqlCompleter, graph_variables
from hongtu.graph.jupyter.magic_options import PARSER, VIEWS, read_view, unquoted
from hongtu.graph.knowledge_graph import KnowledgeGraph, refuse_reserved
from hongtu.graph.queries import query_names, read_query
from hongtu.graph.terms import Resource
from hongtu.loaders.errors import HongtuError, UsageError
from hongtu.loaders.language import say
from hongtu.loaders.tables import nearest

if TYPE_CHECKING:
    from hongtu.graph.answer import Answer

_VIEW_LINE = re.compile(r"^[ \t]*#[ \t]*view[ \t]*:[ \t]*(\w+)", re.IGNORECASE | re.MULTILINE)
_SECONDS_UNTIL_TOLD = 1.0


def load(ipython: InteractiveShell) -> None:
    """Give a shell the magic, its completion, and errors without traceback."""
    magics = SparqlMagics(ipython)
    ipython.register_magics(magics)
    ipython.set_custom_exc((HongtuError,), show_error)
    SparqlCompleter(ipython, magics.graph, PARSER.options, VIEWS).register()


def show_error(
    shell: InteractiveShell,
    kind: type[HongtuError],
    error: HongtuError,
    traceback: TracebackType,
    tb_offset: int | None = None,
) -> list[str]:
    """Show an error's message and nothing else; ``%tb`` shows how it came about."""
    sys.last_type, sys.last_value, sys.last_traceback = kind, error, traceback
    lines = [str(error)]
    shell._showtraceback(kind, error, lines)
    return lines


@magics_class
class SparqlMagics(Magics):
    """The magic, which remembers the graph that it asked last."""

    shell: InteractiveShell

    def __init__(self, shell: InteractiveShell) -> None:
        """Serve a shell."""
        super().__init__(shell)
        self._last: str | None = None

    @no_var_expand
    @line_cell_magic
    def sparql(self, line: str, cell: str | None = None) -> Any:
        """问图谱一个 SPARQL 查询 · Ask the graph a SPARQL query.

        ::

            %%sparql --view graph --param who=kg.enterprise("华翔集团")
            SELECT ?project ?place { ?who ht:undertakes ?project . ?project ht:locatedIn ?place }

            %sparql ASK { ht:Project a owl:Class }
            %sparql run                                          现成的查询 · the queries that come with Hongtu
            %sparql run show_who_does_what_where who=华翔集团     其中一个 · one of them

        前缀不用声明；答案也在 _ 里 · Prefixes are known; the answer is kept in _ as well.
        查询里的注释行 #view: graph 与选项 --view 相同 · A comment line #view: graph in the query does what --view does.

        """  # The options follow, as the parser tells them.
        options = PARSER.parse(line, with_query=cell is None)
        text = " ".join(options.query) if cell is None else cell
        if not text.strip():
            raise UsageError(
                say(
                    "没有查询；把 SPARQL 写在 %%sparql 下面的行里，现成的查询用 %sparql run",
                    "no query; write SPARQL on the lines below %%sparql, or list the ready ones by %sparql run",
                )
            )
        if cell is None and options.query == ["run"]:
            return _library()
        if options.endpoint:
            kg = KnowledgeGraph.open(options.endpoint)
        else:
            self._last = self._variable(options.kg)
            kg = self.shell.user_ns[self._last]
        given = self._values(options.param)
        if cell is None and options.query[0] == "run":
            sparql, bound = self._ready(kg, options.query[1], options.query[2:], given)
        else:
            refuse_reserved("--param", given)
            sparql, bound = text, given
        wanted = _VIEW_LINE.search(sparql)
        view = options.view or (read_view(wanted[1]) if wanted else None)
        result = _ask(kg, sparql, bound, options)
        if not options.quiet:
            _warn_of_unknown_terms(sparql, result)
        if options.into:
            self.shell.user_ns[options.into] = result
        return self._shown(kg, result, options, view)

    def graph(self) -> KnowledgeGraph:
        """Return the graph that a cell asks when it names none: the only one, the one asked last, or the newest.

        :raises UsageError: when there is none.
        """
        graph: KnowledgeGraph = self.shell.user_ns[self._variable(None)]
        return graph

    def _variable(self, name: str | None) -> str:
        """Return the name of the variable that holds the graph to be asked; see :meth:`graph`."""
        graphs = graph_variables(self.shell)
        if name in graphs:
            return name
        if name is not None:
            raise UsageError(
                say(f"变量 {name} 里没有图谱", f"the variable {name} holds no graph")
                + (nearest(name, graphs) or say("；有：", "; there are: ") + (", ".join(graphs) or "–"))
            )
        if self._last in graphs:
            return self._last
        if graphs:
            return graphs[-1]
        raise UsageError(
            say(
                "没有打开的图谱；先运行\n    from hongtu.graph import KnowledgeGraph\n"
                '    kg = KnowledgeGraph.packaged("hongdong")\n'
                '或 kg = KnowledgeGraph.open("文件夹")，或用 --endpoint 网址',
                "no graph is open; run first\n    from hongtu.graph import KnowledgeGraph\n"
                '    kg = KnowledgeGraph.packaged("hongdong")\n'
                'or kg = KnowledgeGraph.open("folder"), or give --endpoint URL',
            )
        )

    def _values(self, given: list[str]) -> dict[str, object]:
        """Return the values of ``--param``: VAR is a variable of Python too, VAR=EXPRESSION is evaluated."""
        values: dict[str, object] = {}
        for text in given:
            name, _, expression = text.partition("=")
            name = name.strip().lstrip("?$")
            if not name.isidentifier():
                raise UsageError(
                    say(
                        f"--param {text}：要写成 变量 或 变量=Python 表达式",
                        f"--param {text}: write VAR, or VAR=PYTHON EXPRESSION",
                    )
                )
            try:
                values[name] = self.shell.ev(expression.strip() or name)
            except NameError as error:
                raise UsageError(
                    say(
                        f'--param {text}：Python 里没有变量 {error.name}；文字要加引号，如 {name}="{error.name}"',
                        f"--param {text}: Python has no variable {error.name}; quote what is text, "
                        f'as in {name}="{error.name}"',
                    )
                    + nearest(str(error.name), [key for key in self.shell.user_ns if not key.startswith("_")])
                ) from error
            except HongtuError:
                raise
            except Exception as error:
                raise UsageError(f"--param {text}: {type(error).__name__}: {error}") from error
        return values

    def _ready(
        self, kg: KnowledgeGraph, name: str, words: list[str], given: Mapping[str, object]
    ) -> tuple[str, Mapping[str, object]]:
        """Return a query of the library and its bindings; its parameters are words like ``who=华翔集团``."""
        parameters = dict(given)
        for word in words:
            parameter, equals, value = word.partition("=")
            if not equals:
                raise UsageError(
                    say(
                        f"“{word}”：参数要写成 名称=值，如 who=华翔集团",
                        f"“{word}”: write parameters as NAME=VALUE, as in who=华翔集团",
                    )
                )
            parameters[parameter] = unquoted(value)
        query = read_query(name)
        return query.sparql, kg.bindings(query, parameters)

    def _shown(self, kg: KnowledgeGraph, result: Any, options: argparse.Namespace, view: str | None) -> Any:
        """Show a result; return it where the shell shows it by itself and keeps it in ``_``."""
        if not options.quiet:
            if isinstance(result, bool):
                display(Pretty(say("是", "yes") if result else say("否", "no")))
            elif isinstance(result, rdflib.Graph):
                _show_triples(kg, result, view or "graph")
            elif view in (None, "table"):
                return result
            else:
                _show_rows(result, view)
                if result.cut:
                    display(
                        Pretty(
                            say(
                                f"只取了前 {options.limit:,} 行，后面还有；要更多用 --limit",
                                f"these are the first {options.limit:,} rows, there are more; see --limit",
                            )
                        )
                    )
        # The shell's own way to keep what a cell gives; the magic returns nothing, so that it is not shown twice.
        self.shell.displayhook.update_user_ns(result)
        return None


SparqlMagics.sparql.__doc__ = f"{inspect.cleandoc(SparqlMagics.sparql.__doc__ or '')}\n{PARSER.format_help()}"


def _ask(
    kg: KnowledgeGraph, sparql: str, values: Mapping[str, object], options: argparse.Namespace
) -> "Answer | rdflib.Graph | bool":
    try:
        with _told_after_a_while(options.timeout):
            result: Answer | rdflib.Graph | bool = kg.query(
                sparql, timeout=options.timeout, limit=options.limit, inferred=False, **values
            )
    except KeyboardInterrupt:
        # An error, so that the cells that wait behind this one do not go on as if it had an answer.
        raise UsageError(
            say("查询已取消，图谱照常可用", "the query was cancelled; the graph can be asked on")
        ) from None
    return result


@contextmanager
def _told_after_a_while(timeout: float) -> Iterator[None]:
    """Say that a query runs when it takes longer than people like to wait in doubt."""
    told = threading.Event()
    handle = DisplayHandle()

    def tell() -> None:
        told.set()
        handle.display(
            Pretty(
                say(
                    f"查询中……（满 {timeout:g} 秒就停；要提前停，按 ■）",
                    f"the query runs … (until {timeout:g} s have passed; ■ stops it before)",
                )
            )
        )

    timer = threading.Timer(_SECONDS_UNTIL_TOLD, tell)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if told.is_set():
            handle.update(Pretty(""))


def _warn_of_unknown_terms(sparql: str, result: "Answer | rdflib.Graph | bool") -> None:
    """Tell of names that no vocabulary has: a pattern with one is legal and finds nothing."""
    from hongtu.graph.sparql.diagnosis import unknown_terms

    # What emptied an answer is told with the answer.
    if isinstance(result, (bool, rdflib.Graph)) or not result.empty:
        for unknown in unknown_terms(sparql):
            display(Pretty(str(unknown)))


def _show_rows(answer: "Answer", view: str) -> None:
    if view == "raw":
        print(answer.with_iris().to_csv(index=False, lineterminator="\n"), end="")
        return
    if answer.empty:
        display(answer)
        return
    match view:
        case "graph":
            display(answer.show())
        case "matrix":
            display(answer.matrix())
        case "chart":
            display(answer.chart())
        case _:
            display(answer.place_map())


def _show_triples(kg: KnowledgeGraph, graph: rdflib.Graph, view: str) -> None:
    match view:
        case "graph":
            display(kg.show(graph))
        case "raw":
            print(graph.serialize(format="turtle"), end="")
        case "table":
            from hongtu.graph.views.table import answer_table

            # Not by HTML(), which warns of frames.
            display({"text/html": answer_table(_triples(kg, graph))}, raw=True)
        case _:
            raise UsageError(
                say(
                    f"{view} 要 SELECT 的结果；CONSTRUCT 和 DESCRIBE 可用 graph、table、raw",
                    f"{view} needs the rows of a SELECT; CONSTRUCT and DESCRIBE show as graph, table or raw",
                )
            )


def _triples(kg: KnowledgeGraph, graph: rdflib.Graph) -> "Answer":
    from hongtu.graph.answer import Answer

    triples = sorted(graph)
    labels = kg.labels(str(term) for triple in triples for term in triple if isinstance(term, rdflib.URIRef))

    def cell(term: rdflib.term.Node) -> object:
        if isinstance(term, rdflib.URIRef):
            return Resource(labels[str(term)], str(term))
        return term.toPython() if isinstance(term, rdflib.Literal) else str(term)

    return Answer(
        [[cell(term) for term in triple] for triple in triples],
        columns=["subject", "predicate", "object"],
        dtype=object,
    )


def _library() -> "Answer":
    from hongtu.graph.answer import Answer

    queries = [read_query(name) for name in query_names()]
    rows = [
        {
            "name": query.name,
            "title": query.title,
            "question": query.question,
            "parameters": " ".join(
                f"[{parameter.name}]" if parameter.optional else parameter.name
                for parameter in query.parameters
            ),
        }
        for query in queries
    ]
    return Answer(rows)
