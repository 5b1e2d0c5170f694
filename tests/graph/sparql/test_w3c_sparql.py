"""The W3C's SPARQL 1.1 query tests, put to ``kg.query`` and ``kg.solutions`` and to the engine itself.

The wrapper must not change what the engine answers; where the engine differs from the W3C's answer is listed in
``DEVIATIONS``, and a test fails when one of these begins to pass or another begins to fail. In scope are the evaluation
tests of queries and of result formats and the syntax tests of queries. Out of scope: updates, the protocols and the
service description, which are not ours; entailment regimes, which Oxigraph does not have; and the evaluation of
``SERVICE``, which needs servers.

The tests are read in place from ``../shared/w3c/sparql11`` (W3C Test Suite Licence) and are not part of the repository.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import numpy as np
import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection

from hongtu.graph import KnowledgeGraph, Resource
from hongtu.graph.sparql.worker import Worker
from hongtu.graph.terms import to_python
from hongtu.loaders.errors import StoreError, UsageError
from hongtu.ontology.namespace import PREFIXES

SUITE = Path(__file__).parents[4] / "shared" / "w3c" / "sparql11"
FOLDERS = [
    *[
        "aggregates",
        "bind",
        "bindings",
        "cast",
        "construct",
        "csv-tsv-res",
        "exists",
        "functions",
        "grouping",
    ],
    *[
        "json-res",
        "negation",
        "project-expression",
        "property-path",
        "subquery",
        "syntax-fed",
        "syntax-query",
    ],
]
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
SYNTAX = {MF.PositiveSyntaxTest11, MF.NegativeSyntaxTest11}

# Of the engine (pyoxigraph 0.5.13), and so of ours; everything else passes.
_EMPTY_PATH = "a path of length zero does not match a term that stands in the query but not in the data"
_CONCAT = "GROUP_CONCAT of literals of one language gives a literal of that language, not a plain one"
_GRAPH_VARIABLE = "GRAPH ?g does not enumerate the graphs around a pattern without triples of its own"
DEVIATIONS = {
    "aggregates/agg-empty-group-count-graph": _GRAPH_VARIABLE,
    "aggregates/agg-groupconcat-04": _CONCAT,
    "aggregates/agg-groupconcat-06": _CONCAT,
    "bindings/graph": _GRAPH_VARIABLE,
    "csv-tsv-res/csv03": "1.0E6 is written as 1000000",
    "functions/bnode01": "BNODE(text) gives the same blank node in every row, not one for each",
    "negation/graph-minus": "MINUS inside of GRAPH ?g compares the graph's name as well",
    "property-path/zero_or_more_set_end": _EMPTY_PATH,
    "property-path/zero_or_more_set_start": _EMPTY_PATH,
    "property-path/zero_or_one_set_end": _EMPTY_PATH,
    "property-path/zero_or_one_set_start": _EMPTY_PATH,
}


@dataclass(frozen=True)
class Case:
    """A test of a manifest."""

    name: str
    kind: rdflib.URIRef
    query: Path
    data: tuple[Path, ...]
    graphs: tuple[Path, ...]
    result: Path | None

    @property
    def text(self) -> str:
        """The query, to be read as if it stood at its own address."""
        return f"BASE <{self.query.as_uri()}>\n{self.query.read_text('utf-8')}"


def read_cases() -> Iterator[Case]:
    for folder in FOLDERS:
        file = SUITE / folder / "manifest.ttl"
        if not file.is_file():
            continue
        manifest = rdflib.Graph().parse(file, publicID=file.as_uri())
        (entries,) = manifest.objects(rdflib.URIRef(file.as_uri()), MF.entries)
        for test in dict.fromkeys(Collection(manifest, entries)):
            action = manifest.value(test, MF.action)
            result = manifest.value(test, MF.result)
            yield Case(
                name=f"{folder}/{str(test).partition('#')[2]}",
                kind=rdflib.URIRef(str(manifest.value(test, rdflib.RDF.type))),
                query=to_path(manifest.value(action, QT.query) or action),
                data=tuple(sorted(map(to_path, manifest.objects(action, QT.data)))),
                graphs=tuple(sorted(map(to_path, manifest.objects(action, QT.graphData)))),
                result=to_path(result) if result else None,
            )


def to_path(address: Any) -> Path:
    return Path(url2pathname(urlsplit(str(address)).path))


def rdf_format(file: Path) -> ox.RdfFormat:
    return ox.RdfFormat.from_extension(file.suffix[1:]) or ox.RdfFormat.TURTLE


def to_store(case: Case) -> ox.Store:
    """Return the dataset of a test; a file that ``FROM`` names stands in the graph of its address as well."""
    store = ox.Store()
    for file in case.data:
        store.load(path=str(file), format=rdf_format(file), base_iri=file.as_uri())
    for file in case.graphs + (case.data if "\nFROM" in case.text else ()):
        graph = ox.NamedNode(file.as_uri())
        store.load(path=str(file), format=rdf_format(file), base_iri=file.as_uri(), to_graph=graph)
        store.add_graph(graph)
    return store


# What is compared: a boolean, or a canonical form that two sets share when they differ in names of blank nodes only.


def canonical(triples: Iterable[ox.Triple]) -> frozenset[str]:
    # The store writes figures in one way of several (90.50 as 90.5), the W3C's files in another.
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    dataset = ox.Dataset(store)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(map(str, dataset))


def to_triples(rows: Iterable[dict[str, Any]]) -> Iterator[ox.Triple]:
    """Return rows as triples, so that equal rows are so many nodes of the same shape."""
    for number, row in enumerate(rows):
        node = ox.BlankNode(f"row{number}")
        yield ox.Triple(node, ox.NamedNode(f"{RS}row"), ox.Literal(""))
        for name, term in row.items():
            yield ox.Triple(node, ox.NamedNode(f"{RS}{name}"), term)


def to_rows(solutions: Any) -> list[dict[str, Any]]:
    names = [variable.value for variable in solutions.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in solutions]


def to_comparable(answer: Any) -> Any:
    if isinstance(answer, ox.QueryBoolean | bool):
        return bool(answer)
    if isinstance(answer, ox.QuerySolutions):
        return canonical(to_triples(to_rows(answer)))
    if isinstance(answer, rdflib.Graph):
        answer = ox.parse(answer.serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)
        return canonical(quad.triple for quad in answer)
    return canonical(answer)


def expected(file: Path) -> Any:
    """Return what a result file says, comparable. No file of the suite tells an order (``rs:index``)."""
    kind = ox.QueryResultsFormat.from_extension(file.suffix[1:])
    if kind:
        return to_comparable(ox.parse_query_results(path=str(file), format=kind))
    graph = ox.Dataset(ox.parse(path=str(file), format=rdf_format(file), base_iri=file.as_uri()))
    if not list(graph.quads_for_predicate(ox.NamedNode(f"{RS}solution"))):
        return canonical(quad.triple for quad in graph)
    rows: list[dict[str, Any]] = []
    for solution in graph.quads_for_predicate(ox.NamedNode(f"{RS}solution")):
        rows.append({})
        for binding in described(graph, solution.object)[f"{RS}binding"]:
            parts = described(graph, binding)
            rows[-1][parts[f"{RS}variable"][0].value] = parts[f"{RS}value"][0]
    return canonical(to_triples(rows))


def described(graph: ox.Dataset, node: Any) -> dict[str, list[Any]]:
    parts: dict[str, list[Any]] = {}
    for quad in graph.quads_for_subject(node):
        parts.setdefault(quad.predicate.value, []).append(quad.object)
    return parts


def table(content: str) -> Counter[frozenset[tuple[str, str]]]:
    """Return a CSV file's rows; the order of columns and the names of blank nodes count for nothing."""
    rows = csv.DictReader(io.StringIO(content))
    return Counter(
        frozenset((name, "_:" if cell.startswith("_:") else cell) for name, cell in row.items())
        for row in rows
    )


def passes(case: Case, ask: Any) -> bool:
    """Tell whether an answer to the test's query, or the refusal of it, is the W3C's."""
    try:
        answer = ask(case.text)
        if case.kind == MF.CSVResultFormatTest:
            assert case.result
            found = answer.serialize(format=ox.QueryResultsFormat.CSV).decode()
            return table(found) == table(case.result.read_text("utf-8"))
        found = to_comparable(answer)
    except (SyntaxError, UsageError):
        return case.kind == MF.NegativeSyntaxTest11
    except (RuntimeError, OSError, StoreError):
        # A custom function or a service that is not there; in a syntax test it need not be.
        return case.kind == MF.PositiveSyntaxTest11
    if case.kind in SYNTAX:
        return case.kind == MF.PositiveSyntaxTest11
    assert case.result
    return bool(found == expected(case.result))


CASES = list(read_cases())
every_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
pytestmark = pytest.mark.skipif(not CASES, reason="the W3C's tests are not at hand: ../shared/w3c/sparql11")


def test_all_folders_are_there() -> None:
    assert Counter(case.name.partition("/")[0] for case in CASES).keys() == set(FOLDERS)
    assert len(CASES) == 341
    assert {case.name for case in CASES} >= DEVIATIONS.keys()


@every_case
def test_engine_deviates_where_it_is_known_to(case: Case) -> None:
    assert passes(case, to_store(case).query) == (case.name not in DEVIATIONS), DEVIATIONS.get(case.name)


@every_case
def test_graph_answers_as_well_as_its_engine(case: Case) -> None:
    assert passes(case, KnowledgeGraph(to_store(case)).solutions) == (case.name not in DEVIATIONS)


_shared = ox.Store()
_worker = Worker(_shared)


@every_case
def test_worker_answers_as_well_as_the_engine(case: Case) -> None:
    """One process for all tests, whose data change from one to the next."""
    _shared.clear()
    _shared.extend(to_store(case))

    def ask(text: str) -> Any:
        return _worker.query(text, prefixes=PREFIXES, union=False, timeout=20)

    assert passes(case, ask) == (case.name not in DEVIATIONS)


def form(case: Case) -> type:
    """Return what kind of answer a query has, ``type(None)`` when it has none."""
    try:
        return type(to_store(case).query(case.text))
    except (SyntaxError, RuntimeError, OSError):
        return type(None)


@every_case
def test_query_returns_what_python_has_for_it(case: Case) -> None:
    """The values of the solutions in a frame of their shape, a boolean or an rdflib graph."""
    kg = KnowledgeGraph(to_store(case))
    if case.kind == MF.NegativeSyntaxTest11:
        with pytest.raises(UsageError, match="the query is broken"):
            kg.query(case.text)
    elif form(case) is ox.QuerySolutions:
        assert_same_values(kg, case.text)
    elif case.kind == MF.QueryEvaluationTest:
        assert passes(case, kg.query) == (case.name not in DEVIATIONS)


def assert_same_values(kg: KnowledgeGraph, text: str) -> None:
    try:
        solutions = kg.solutions(text)
        names = [variable.value for variable in solutions.variables]
        rows = [[row[name] for name in names] for row in solutions]
    except (RuntimeError, OSError, StoreError):
        return
    labels = kg.labels(term.value for row in rows for term in row if isinstance(term, ox.NamedNode))
    frame = kg.query(text)
    # The engine sorts what SELECT * asks for; the frame has the order of the query.
    assert sorted(frame.columns) == sorted(names)
    frame = frame[names]
    assert len(frame) == len(rows)
    wanted = [tuple(term_key(term, labels) for term in row) for row in rows]
    found = [tuple(map(cell_key, row)) for row in frame.itertuples(index=False)]
    assert Counter(found) == Counter(wanted)
    if "ORDER BY" in text.upper():
        assert found == wanted


def term_key(term: Any, labels: dict[str, str]) -> Any:
    match term:
        case ox.NamedNode():
            return "thing", term.value, labels[term.value]
        case ox.BlankNode():
            return "text", "_:"
        case ox.Literal():
            return cell_key(to_python(term))
    return None


def cell_key(cell: Any) -> Any:
    if isinstance(cell, Resource):
        return "thing", cell.iri, str(cell)
    if isinstance(cell, str):
        return "text", "_:" if cell.startswith("_:") else cell
    # pandas has nothing but NaN for what is unbound among figures.
    if pd.isna(cell):
        return None
    return ("truth", bool(cell)) if isinstance(cell, bool | np.bool_) else ("figure", cell)
