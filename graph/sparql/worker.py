"""Queries that can be stopped: evaluated in a process of their own, which is killed when it takes too long.

A query in Oxigraph cannot be interrupted from Python. Here it runs in :mod:`hongtu.graph.sparql.evaluator`, a process that
holds the same data: a store on disk is opened a second time, read-only; of a store in memory it gets a copy.

    >>> worker = Worker(ox.Store())
    >>> bool(worker.query("ASK { ?s ?p ?o }", prefixes={}, union=True, timeout=10))
    False
"""

import hashlib
import io
import marshal
import queue
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from hongtu.loaders.errors import StoreError, UsageError
from hongtu.loaders.language import say

_EVALUATOR = Path(__file__).with_name("evaluator.py")
_PACKAGES = Path(ox.__file__).parents[1]
# On Windows a waiting lock does not notice Ctrl-C.
_WAIT = 0.1


class Worker:
    """Evaluates queries on a store in other processes; threads may share it, each query has a process of its own.

    A process is started when it is first needed (30 ms), is kept for the next query, and ends with the worker or with
    the Python that started it, however that one ends. Signals of the terminal or of Jupyter do not reach it.
    """

    def __init__(self, source: ox.Store | str | Path) -> None:
        """Take the store that is asked, or the folder of a store on disk, which may be open for writing here."""
        self._source = source if isinstance(source, ox.Store) else Path(source).absolute()
        self._idle: list[_Process] = []
        weakref.finalize(self, _end_all, self._idle)

    def query(
        self,
        sparql: str,
        /,
        *,
        prefixes: Mapping[str, str],
        union: bool,
        timeout: float | None = None,
        limit: int | None = None,
        renew: bool = True,
    ) -> ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]:
        """Return the answer to a query on the data as they are at this moment, as ``Store.query`` would.

        Ctrl-C stops the query too, and stays the ``KeyboardInterrupt`` that it is. Blank nodes keep their names.

        :param prefixes: known without declaration, name → IRI.
        :param union: the default graph is the union of all graphs.
        :param timeout: seconds that the evaluation may take; ``None`` for no limit. Starting a process (30 ms) and
            handing it the data do not count, or a large graph in memory could never be asked.
        :param limit: of rows or triples. One more is computed and returned, so that the caller knows that there are
            more; ``None`` for all.
        :param renew: see what was written since the last query. Without it, a small query on a store in memory takes
            1 ms, not 20: one of many in a row needs no more.
        :raises SyntaxError: when the query is broken, as ``Store.query`` does.
        :raises UsageError: when the time is over.
        :raises StoreError: when the evaluation fails, or its process ends.
        """
        process = self._process()
        try:
            if renew or process.new:
                process.renew(self._source)
            request = ("query", str(sparql), {str(k): str(v) for k, v in prefixes.items()}, union, limit)
            kind, content = process.exchange(request, timeout)
        except BaseException:
            process.end()
            raise
        self._idle.append(process)
        match kind:
            case "syntax":
                raise SyntaxError(*content)
            case "error":
                raise StoreError(
                    say(
                        f"查询执行失败：{content}；改查询，或检查它要用的服务和存储",
                        f"the query failed: {content}; mend the query, or see to the service or store that it uses",
                    )
                )
            case "triples":
                quads = ox.parse(content, format=ox.RdfFormat.N_TRIPLES, lenient=True)
                return (quad.triple for quad in quads)
            case "boolean":
                return ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
        return ox.parse_query_results(content, ox.QueryResultsFormat.TSV)

    def _process(self) -> "_Process":
        while self._idle:
            # One statement, as another thread may take the last one.
            with suppress(IndexError):
                process = self._idle.pop()
                if process.usable():
                    return process
                process.end()
        return _Process()


class _Process:
    """A process that evaluates one query at a time, and what it knows of the data."""

    def __init__(self) -> None:
        # A group of its own keeps it from the Ctrl-C that is meant for the kernel.
        windows = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(
            subprocess, "CREATE_NO_WINDOW", 0
        )
        try:
            self._popen = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_EVALUATOR), str(_PACKAGES)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
                creationflags=windows,
            )
        except OSError as error:
            raise StoreError(
                say(
                    f"不能启动求值进程（{error}）；不设 timeout 的查询不需要它",
                    f"no process can be started for the query ({error}); without timeout, none is needed",
                )
            ) from error
        self._digest = b""
        self.new = True

    def usable(self) -> bool:
        """Whether it lives, and is a child of this very process, not of the one that this was forked from."""
        return self._popen.poll() is None

    def renew(self, source: ox.Store | Path) -> None:
        """Give the process the data as they are now.

        A store on disk is opened again (50 ms; 0.3 s after many writes that are not flushed). One in memory, to which
        others may have written, is compared as a whole (20 ms for 34,000 quads, 0.6 s for a million) and copied when
        it differs (0.15 s, 5 s).
        """
        request: tuple[Any, ...] = ("open", str(source))
        if isinstance(source, ox.Store):
            graphs = [
                str(name) if isinstance(name, ox.BlankNode) else name.value for name in source.named_graphs()
            ]
            now = _Digest(graphs)
            source.dump(now, format=ox.RdfFormat.N_QUADS)
            if now.hash.digest() == self._digest:
                return
            request = ("load", source.dump(format=ox.RdfFormat.N_QUADS), graphs)
            # Of what is sent: another thread may have written in between.
            sent = _Digest(graphs)
            sent.write(request[1])
            self._digest = sent.hash.digest()
        kind, content = self.exchange(request, None)
        if kind != "done":
            raise StoreError(
                say(f"求值进程打不开存储：{content}", f"the process cannot open the store: {content}")
            )
        self.new = False

    def exchange(self, request: tuple[Any, ...], timeout: float | None) -> tuple[str, Any]:
        """Return the reply to a request.

        :raises UsageError: when the time is over.
        :raises StoreError: when the process has ended.
        """
        replies: queue.SimpleQueue[tuple[str, Any] | None] = queue.SimpleQueue()
        arguments = (marshal.dumps(request), replies)
        threading.Thread(target=self._transmit, args=arguments, daemon=True).start()
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            left = _WAIT if deadline is None else min(_WAIT, deadline - time.monotonic())
            with suppress(queue.Empty):
                reply = replies.get(timeout=max(left, 0))
                break
            if left <= 0:
                raise UsageError(
                    say(
                        f"查询超过 {timeout:g} 秒，已停止；把查询缩小（多写条件、加 LIMIT），或加大 timeout",
                        f"the query was stopped after {timeout:g} seconds; narrow it (more conditions, a LIMIT) "
                        "or give a longer timeout",
                    )
                )
        if reply is None:
            code = self._popen.wait()
            raise StoreError(
                say(
                    f"求值进程中途结束（代码 {code}），多半是内存不够，或括号嵌套太深；把查询缩小再试",
                    f"the process that evaluated the query ended (code {code}), most likely for want of memory "
                    "or because of brackets in brackets without end; narrow the query and try again",
                )
            )
        return reply

    def _transmit(self, request: bytes, replies: "queue.SimpleQueue[tuple[str, Any] | None]") -> None:
        """Exchange a request for a reply, ``None`` when the process ends instead."""
        assert self._popen.stdin and self._popen.stdout
        try:
            self._popen.stdin.write(request)
            self._popen.stdin.flush()
            replies.put(marshal.load(self._popen.stdout))
        except (OSError, EOFError, TypeError, ValueError):
            replies.put(None)

    def end(self) -> None:
        """Kill the process."""
        self._popen.kill()
        # Flushing what was not sent fails, as it should.
        with suppress(OSError):
            self._popen.__exit__(None, None, None)


def _end_all(processes: list[_Process]) -> None:
    for process in processes:
        process.end()


class _Digest(io.BytesIO):
    """A file to write quads to, of which only the digest is kept."""

    def __init__(self, graphs: list[str]) -> None:
        self.hash = hashlib.sha256("\n".join(graphs).encode())

    def write(self, data: Any) -> int:
        self.hash.update(data)
        return len(data)
