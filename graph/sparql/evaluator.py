"""The process in which a :class:`~hongtu.graph.sparql.worker.Worker` has queries evaluated.

The worker starts this file by its path, so that nothing of Hongtu is imported but this, and nothing else but
pyoxigraph: the process answers 30 ms after it was started. It speaks ``marshal`` (part of the interpreter, no import)
over its standard input and output, one request and one reply at a time, with the very interpreter that started it:

======================================================  =====================================================
request                                                 reply
======================================================  =====================================================
``("open", path)``                                      ``("done", b"")``
``("load", N-Quads, names of the named graphs)``        ``("done", b"")``
``("query", text, prefixes, union, limit)``             ``("solutions", TSV)``, ``("triples", N-Triples)``
                                                        or ``("boolean", JSON)``
any of them, when it fails                              ``("syntax", arguments of the SyntaxError)``
                                                        or ``("error", message)``
======================================================  =====================================================
"""

import marshal
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, BinaryIO, TypeVar

if __name__ == "__main__":
    # The process runs without site, which takes longer than all the rest.
    sys.path.append(sys.argv[1])

import pyoxigraph as ox

_TRIES = 40
_PAUSE = 0.05
# RocksDB's own word, on every system.
_IO_ERROR = "IO error"

Reply = tuple[str, Any]
T = TypeVar("T")


def main() -> None:
    """Answer requests until the standard input ends, which it does when the parent ends."""
    requests: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, requests), daemon=True).start()
    evaluator = _Evaluator()
    while True:
        marshal.dump(evaluator.serve(*requests.get()), sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _receive(stream: BinaryIO, requests: "queue.SimpleQueue[tuple[Any, ...]]") -> None:
    """Pass requests on. In a thread of its own, so that the parent's end is noticed while a query runs."""
    try:
        while True:
            requests.put(marshal.load(stream))
    except EOFError:
        os._exit(0)


class _Evaluator:
    """The data, and what can be done with them."""

    def __init__(self) -> None:
        self._store = ox.Store()
        self._path: str | None = None

    def serve(self, kind: str, *arguments: Any) -> Reply:
        """Return the reply to a request."""
        try:
            match kind:
                case "open":
                    (self._path,) = arguments
                    _patiently(self._open)
                    return "done", b""
                case "load":
                    self._store = _load(*arguments)
                    return "done", b""
            return self._query(*arguments)
        except SyntaxError as error:
            return "syntax", error.args
        # A panic of the engine is no Exception, and is the worker's to tell.
        except BaseException as error:  # noqa: BLE001
            return "error", str(error) or type(error).__name__

    def _open(self) -> None:
        assert self._path
        self._store = ox.Store.read_only(self._path)

    def _query(self, *arguments: Any) -> Reply:
        try:
            return _query(self._store, *arguments)
        except (OSError, RuntimeError) as error:
            if self._path is None or _IO_ERROR not in str(error):
                raise

        def again() -> Reply:
            self._open()
            return _query(self._store, *arguments)

        return _patiently(again)


def _patiently(action: Callable[[], T]) -> T:
    """Repeat what fails for want of a file: the process that writes to the store merges its files at any time."""
    for _ in range(_TRIES):
        try:
            return action()
        except (OSError, RuntimeError) as error:
            if _IO_ERROR not in str(error):
                raise
        time.sleep(_PAUSE)
    return action()


def _load(nquads: bytes, graphs: list[str]) -> ox.Store:
    """Return a store with these quads; blank nodes keep their names, which ``Store.load`` would change."""
    store = ox.Store()
    store.bulk_extend(ox.parse(nquads, format=ox.RdfFormat.N_QUADS, lenient=True))
    for graph in graphs:
        # Quads do not tell of empty graphs.
        store.add_graph(ox.BlankNode(graph[2:]) if graph.startswith("_:") else ox.NamedNode(graph))
    return store


def _query(store: ox.Store, text: str, prefixes: Mapping[str, str], union: bool, limit: int | None) -> Reply:
    """Return the answer to a query, of rows or triples at most ``limit`` and one more."""
    answer = store.query(text, prefixes=dict(prefixes), use_default_graph_as_union=union)
    if isinstance(answer, ox.QueryBoolean):
        return "boolean", answer.serialize(format=ox.QueryResultsFormat.JSON)
    some = None if limit is None else islice(answer, limit + 1)
    if not isinstance(answer, ox.QuerySolutions):
        return "triples", ox.serialize(some or answer, format=ox.RdfFormat.N_TRIPLES)
    if some is None:
        return "solutions", answer.serialize(format=ox.QueryResultsFormat.TSV)
    # Its own serialiser cannot stop after a number of rows.
    lines = ("\t".join(map(_write, row)) for row in (answer.variables, *some))
    return "solutions", "".join(f"{line}\n" for line in lines).encode()


def _write(term: Any) -> str:
    """Return a term, or variable, as TSV has it (https://www.w3.org/TR/sparql11-results-csv-tsv/#tsv)."""
    if term is None:
        return ""
    # A triple writes itself as a statement.
    return f"<<( {term} )>>" if isinstance(term, ox.Triple) else str(term)


if __name__ == "__main__":
    main()
