"""Graphs as bytes that can be compared: canonical N-Quads, and their SHA-256.

>>> import io
>>> a, b = (ox.parse(f'_:{name} <urn:p> "1" .', format=ox.RdfFormat.N_QUADS) for name in "ab")
>>> write_canonical(a, io.BytesIO()) == write_canonical(b, io.BytesIO())
True

The form is that of RDF Dataset Canonicalization (RDFC-1.0, https://www.w3.org/TR/rdf-canon/): each quad once, in the
canonical form of N-Quads, sorted by code points, blank nodes named by what is said of them. What other programs that
follow it make of the same quads has the same digest.

Numbers, dates and truths of a store are written as Oxigraph keeps them (``90.50`` is ``90.5``); so a file is put into a
store before its digest is taken, and one plan has one digest, in a store, in the ``graph.nq`` of a build, and exported.
"""

import hashlib
import heapq
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby, islice
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from hongtu.graph.rdf_input import RdfFile
from hongtu.graph.store import PlanStore
from hongtu.loaders.errors import InputError
from hongtu.loaders.language import say

_NAMING = Path(__file__).with_name("blank_nodes.py")
_PACKAGES = Path(ox.__file__).parents[1]
_SECONDS = 60
_LINES_AT_ONCE = 500_000
"""What is sorted in memory, some 150 MB of a plan's quads; more is sorted on disk."""


def digest(kg: PlanStore) -> str:
    """Return the SHA-256 of the canonical N-Quads of all plans of a graph, as 64 hexadecimal digits.

    It is what ``sha256sum`` says of the file that ``hongtu export GRAPH file.nq`` writes. The vocabulary does not count.

    :raises UsageError: when the graph is a remote endpoint.
    :raises InputError: as :func:`write_canonical` does.
    """
    with open(os.devnull, "wb") as nowhere:
        return write_canonical(kg.plan_quads(), nowhere)


def file_digest(file: Path) -> str:
    """Return the SHA-256 of the canonical N-Quads of an RDF file, of which memory holds a part at a time.

    What stands in no named graph does so here too. Values count as a store would hold them.

    :param file: of the kinds that :class:`~hongtu.graph.rdf_input.RdfFile` reads.
    :raises InputError: when the file cannot be read or is broken, or as :func:`write_canonical` does.
    """
    source = RdfFile(file)
    with tempfile.TemporaryDirectory(prefix="hongtu-") as folder, open(os.devnull, "wb") as nowhere:
        store = ox.Store(folder)
        store.bulk_extend(source.quads())
        quads = (ox.Quad(*quad.triple) if quad.graph_name == source.graph else quad for quad in store)
        try:
            return write_canonical(quads, nowhere)
        finally:
            # An open store cannot be taken away on Windows.
            del quads, store


def write_canonical(quads: Iterable[ox.Quad], output: IO[bytes]) -> str:
    """Write quads as canonical N-Quads and return the SHA-256 of what was written, as hexadecimal digits.

    Quads without blank nodes, as all of plans are, are sorted on disk where they are many: memory does not grow with
    them. Those with blank nodes are held in memory, and naming these takes exponential time where many are alike in a
    tangled way: it is given up after a minute.

    :param quads: in any order, some perhaps twice; values are written as they are given, so those of a store have them
        as the store does.
    :raises InputError: when the blank nodes cannot be named in time.
    """
    written = hashlib.sha256()
    for line, _ in groupby(_sorted(_lines(quads))):
        written.update(line)
        output.write(line)
    return written.hexdigest()


def _lines(quads: Iterable[ox.Quad]) -> Iterator[bytes]:
    """Yield the lines of quads, those that may hold blank nodes at the end.

    The names of blank nodes depend on the quads that hold them and on no others (RDFC-1.0, section 4.4).
    """
    unnamed = []
    for quad in quads:
        line = f"{quad} .\n".encode()
        # A text with this in it is taken along, which does no harm.
        if b"_:" in line:
            unnamed.append(line)
        else:
            yield line
    if unnamed:
        yield from _named(b"".join(unnamed)).splitlines(keepends=True)


def _named(nquads: bytes) -> bytes:
    """Return N-Quads with the canonical names of their blank nodes, by a process that can be stopped."""
    try:
        return subprocess.run(
            [sys.executable, "-I", "-S", str(_NAMING), str(_PACKAGES)],
            input=nquads,
            stdout=subprocess.PIPE,
            timeout=_SECONDS,
            check=True,
        ).stdout
    except subprocess.TimeoutExpired as error:
        raise InputError(
            say(
                f"{_SECONDS} 秒内分不清图里的空白节点：它们太相像；请给它们 IRI",
                f"the blank nodes of the graph could not be told apart in {_SECONDS} s: they are too much alike; "
                "give them IRIs",
            )
        ) from error


def _sorted(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines by their bytes, which is by code points, as UTF-8 keeps that order."""
    rest = iter(lines)
    with ExitStack() as stack:
        runs: list[Iterable[bytes]] = []
        while batch := sorted(islice(rest, _LINES_AT_ONCE)):
            if runs or len(batch) == _LINES_AT_ONCE:
                run = stack.enter_context(tempfile.TemporaryFile())
                run.writelines(batch)
                run.seek(0)
                runs.append(run)
            else:
                runs.append(batch)
        yield from heapq.merge(*runs)
