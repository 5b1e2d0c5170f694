"""Graphs of an Oxigraph store as one rdflib graph to read, without a copy."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache, cached_property
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.plugins.stores.memory import Memory
from rdflib.query import Result
from rdflib.term import Node

from hongtu.graph.sparql.rewriting import Outline
from hongtu.graph.sparql.tokens import tokens
from hongtu.graph.terms import to_rdflib, to_term
from hongtu.loaders.errors import UsageError


class StoreView(rdflib.Graph):
    """Some named graphs of a store, merged into one rdflib graph.

    SELECT queries run in Oxigraph, whose engine is some hundred times faster than rdflib's.
    """

    def __init__(self, store: ox.Store, graphs: Collection[ox.NamedNode]) -> None:
        """Look at these graphs of a store."""
        self._triples = _Triples(store, graphs)
        super().__init__(store=self._triples)
        self._triples.contexts_of_all = (self,)

    def to_rdflib(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
        """Return a term of the store as it is in this graph."""
        return self._triples.to_rdflib(term)

    def query(
        self,
        query_object: Any,
        processor: Any = "sparql",
        result: Any = "sparql",
        initNs: Mapping[str, Any] | None = None,
        initBindings: Mapping[str, Any] | None = None,
        use_store_provided: bool = True,
        **options: Any,
    ) -> Result:
        """Return the answer to a query; see :meth:`rdflib.Graph.query`."""
        answer = (
            self._triples.select(query_object, initBindings or {}) if isinstance(query_object, str) else None
        )
        if answer is not None:
            return answer
        return super().query(
            query_object, processor, result, initNs, initBindings, use_store_provided, **options
        )


class _Triples(Memory):
    """What rdflib asks of a store; Memory keeps the prefixes."""

    def __init__(self, store: ox.Store, graphs: Collection[ox.NamedNode]) -> None:
        super().__init__()
        self._store = store
        self._graphs = set(graphs)
        self.contexts_of_all: tuple[rdflib.Graph, ...] = ()
        # Most terms stand in many triples.
        self.to_rdflib = cache(self._convert)
        self._written: dict[rdflib.Literal, set[ox.Literal]] = defaultdict(set)
        self._datasets: dict[str, dict[str, Any]] = {}

    def triples(self, triple_pattern: Any, context: Any = None) -> Any:
        """Yield the triples of a pattern, as rdflib's stores do: with the contexts that they are in."""
        start, predicate, end = triple_pattern
        for value in (end, *self._written.get(end, ())):
            try:
                pattern: Any = [None if node is None else _to_ox(node) for node in (start, predicate, value)]
            except UsageError:
                # rdflib lets IRIs pass that are none; no triple has them.
                return
            if isinstance(pattern[0], ox.Literal) or isinstance(pattern[1], (ox.Literal, ox.BlankNode)):
                return
            for quad in self._store.quads_for_pattern(*pattern):
                if quad.graph_name in self._graphs:
                    triple = tuple(map(self.to_rdflib, (quad.subject, quad.predicate, quad.object)))
                    yield triple, iter(self.contexts_of_all)

    def _convert(self, term: Any) -> Node:
        """Return a term as one of rdflib's, and keep how a literal is written that rdflib writes in another way."""
        node = to_rdflib(term)
        if isinstance(node, rdflib.Literal) and str(node) != term.value:
            self._written[node].add(term)
        return node

    def __len__(self, context: Any = None) -> int:
        """Return how many triples the whole store has: pySHACL asks at each result whether there are any."""
        return self._length

    @cached_property
    def _length(self) -> int:
        return len(self._store)

    def select(self, sparql: str, bindings: Mapping[str, Node]) -> Result | None:
        """Return Oxigraph's answer to a SELECT query in which variables have these values; ``None`` if it has none.

        The values take the places of their variables everywhere, as SHACL wants it
        (https://www.w3.org/TR/shacl/#pre-binding).
        """
        outline = Outline.of(sparql)
        names = [token.text for token in tokens(outline.clause)[1:] if not token.is_word("DISTINCT")]
        terms = {f"{mark}{name}": _to_ox(term) for name, term in bindings.items() for mark in "?$"}
        if (
            outline.form != "SELECT"
            or outline.dataset
            or any(name[0] not in "?$" for name in names)
            or any(isinstance(term, ox.BlankNode) for term in terms.values())
        ):
            return None
        distinct = "DISTINCT " if len(names) + 1 < len(tokens(outline.clause)) else ""
        clause = " ".join(name for name in names if name not in terms) or "(1 AS ?found)"
        query = replace(
            outline, clause=f"SELECT {distinct}{clause}", pattern=_with_terms(outline.pattern, terms)
        )
        try:
            # A list: an answer half read must not outlive this thread, and frames of generators may keep it.
            rows = list(self._store.query(str(query), **self._dataset(sparql)))  # type: ignore[arg-type]
        except (SyntaxError, ValueError):
            return None
        result = Result("SELECT")
        result.vars = [rdflib.Variable(name[1:]) for name in names]
        result.bindings = [self._bindings(row, result.vars, bindings) for row in rows]
        return result

    def _bindings(self, row: Any, names: list[rdflib.Variable], given: Mapping[str, Node]) -> dict[Any, Any]:
        cells = {name: row[str(name)] for name in names if str(name) not in given}
        found = {name: self.to_rdflib(cell) for name, cell in cells.items() if cell is not None}
        return {
            name: given.get(str(name), found.get(name))
            for name in names
            if name in found or str(name) in given
        }

    def _dataset(self, sparql: str) -> dict[str, Any]:
        """Return what Oxigraph has to be told so that a query sees these graphs only.

        A list of many graphs makes it slow; all graphs of the store do as well when the others say nothing of the
        query's predicates.
        """
        if sparql not in self._datasets:
            predicates = _predicates(sparql)
            others = [graph for graph in self._store.named_graphs() if graph not in self._graphs]
            seen = any(
                next(self._store.quads_for_pattern(None, predicate, None, graph), None)
                for predicate in predicates
                for graph in (*others, ox.DefaultGraph())
            )
            self._datasets[sparql] = (
                {"default_graph": list(self._graphs)} if seen else {"use_default_graph_as_union": True}
            )
        return self._datasets[sparql]


def _with_terms(pattern: str, terms: Mapping[str, Any]) -> str:
    pieces, done = [], 0
    for token in tokens(pattern):
        if token.text in terms:
            pieces += [pattern[done : token.start], str(terms[token.text])]
            done = token.end
    return "".join([*pieces, pattern[done:]])


def _predicates(sparql: str) -> list[ox.NamedNode | None]:
    """Return the predicates of a query's patterns, ``None`` for any."""
    from rdflib.plugins.sparql.algebra import traverse
    from rdflib.plugins.sparql.processor import prepareQuery

    found: set[Any] = set()

    def visit(part: Any) -> None:
        if isinstance(part, list):
            found.update(item[1] for item in part if isinstance(item, tuple) and len(item) == 3)

    traverse(prepareQuery(sparql).algebra, visitPre=visit)
    return [ox.NamedNode(str(each)) if isinstance(each, rdflib.URIRef) else None for each in found]


def _to_ox(node: Node | ox.Literal) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    return ox.BlankNode(str(node)) if isinstance(node, rdflib.BNode) else to_term(node)
