"""From a folder of documents to a store: read side by side, loaded at once, resumed where it was left."""

import json
import multiprocessing
import os
import shutil
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice, starmap
from pathlib import Path

import pyoxigraph as ox

from hongtu.graph.corpus.parts import (
    ENDING,
    Document,
    Head,
    find_documents,
    key_of,
    read_head,
    read_quads,
    write_part,
)
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.loading import replace_graphs
from hongtu.graph.vocabulary import DIVISIONS_GRAPH, describe_divisions
from hongtu.loaders.errors import HongtuError, StoreError
from hongtu.loaders.files import unwritable, whole_file
from hongtu.loaders.language import say

Progress = Callable[[int, int, str], None]
"""Told how many documents of how many are done, and which one was the last."""

_REPLACED_SINGLY = 0.1
"""Share of the plans up to which each is replaced in the store in place; to load all anew is faster beyond."""
_TOGETHER = 10
"""Parts that are loaded at once, some 50 MB of quads."""
_TEMPORARY = ".hongtu-"


@dataclass(slots=True)
class CorpusResult:
    """What a build of a corpus gave.

    :param plans: heads of the parts, by the name of their document.
    :param read: names of the documents that were read in this build; the others were known.
    :param failed: why a document is not in the graph, by its name.
    """

    folder: Path
    plans: dict[str, Head] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def build_corpus(
    sources: Sequence[Path],
    folder: Path,
    *,
    workers: int | None = None,
    progress: Progress = lambda done, total, name: None,
) -> CorpusResult:
    """Make a folder the graph of all documents of the sources: each in the named graph of its plan.

    Documents that did not change since the last build are not read again, those that are gone leave the graph. What
    was read is kept when the build is interrupted.

    :param sources: folders, patterns or files; see :func:`~hongtu.graph.corpus.parts.find_documents`.
    :param workers: how many processes read, 1 for none but this; ``None`` for one a processor.
    :raises InputError: when a source holds no document.
    :raises StoreError: when the folder cannot be written.
    """
    documents = find_documents(sources)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_remains(folder)
        result = _read(documents, folder, workers or os.cpu_count() or 1, progress)
        # Parts of doubles too: they would be read again each time.
        _keep_only(folder / "plans", {_part(folder, name) for name in result.plans})
        _refuse_doubles(result)
        _load(result)
    except OSError as error:
        raise unwritable(folder, error) from error
    return result


def _part(folder: Path, name: str) -> Path:
    return folder / "plans" / f"{name}{ENDING}"


def _remove_remains(folder: Path) -> None:
    """Remove what a build that was killed had begun."""
    for remains in folder.rglob(f"{_TEMPORARY}*"):
        shutil.rmtree(remains, ignore_errors=True)


# Reading


def _read(documents: Sequence[Document], folder: Path, workers: int, progress: Progress) -> CorpusResult:
    result = CorpusResult(folder)
    new: list[tuple[Document, Path, str]] = []
    for document in documents:
        part = _part(folder, document.name)
        try:
            key = key_of(document)
        except HongtuError as error:
            result.failed[document.name] = str(error)
            continue
        head = read_head(part)
        if head and head.key == key:
            result.plans[document.name] = head
        else:
            new.append((document, part, key))
    known = len(documents) - len(new)
    for done, (name, outcome) in enumerate(_written(new, workers), known + 1):
        if isinstance(outcome, Head):
            result.plans[name] = outcome
            result.read.append(name)
        else:
            result.failed[name] = outcome
        progress(done, len(documents), name)
    result.plans = dict(sorted(result.plans.items()))
    result.read.sort()
    return result


def _written(jobs: Sequence[tuple[Document, Path, str]], workers: int) -> Iterator[tuple[str, Head | str]]:
    """Yield each document's name with the head of its part, or with what is wrong with it, as they are done."""
    if workers == 1 or len(jobs) < 2:
        yield from starmap(_attempt, jobs)
        return
    context = multiprocessing.get_context("spawn")
    with (
        _one_thread_each(),
        ProcessPoolExecutor(min(workers, len(jobs)), context, _start_worker) as pool,
    ):
        try:
            waiting = iter(jobs)
            # Not all at once: a corpus may have more documents than a queue should hold.
            running = {pool.submit(_attempt, *job) for job in islice(waiting, 4 * workers)}
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                running |= {pool.submit(_attempt, *job) for job in islice(waiting, len(done))}
                yield from map(Future.result, done)
        except BrokenProcessPool as error:
            raise StoreError(
                say(
                    "有一个读文档的进程被系统结束了（内存不够？）；读过的都留着，用 --workers 1 再运行一次",
                    "a process that reads documents was ended by the system (out of memory?); what was read is kept: "
                    "run it again with --workers 1",
                )
            ) from error
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _attempt(document: Document, part: Path, key: str) -> tuple[str, Head | str]:
    try:
        return document.name, write_part(document, part, key)
    except StoreError:
        # Of the folder, not of the document: the others would not be written either.
        raise
    except HongtuError as error:
        return document.name, str(error)
    except Exception as error:  # noqa: BLE001 - the comment below tells
        # What nobody thought of in one document of thousands must not cost the others.
        where = traceback.extract_tb(error.__traceback__)[-1]
        return document.name, say(
            f"程序出错（{type(error).__name__}: {error}，{where.name} 第 {where.lineno} 行），请报告",
            f"an error of the program ({type(error).__name__}: {error}, {where.name} line {where.lineno}); "
            "please report it",
        )


def _start_worker() -> None:
    """Leave Ctrl-C to the parent, and end with it, even when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def follow() -> None:
        if parent := multiprocessing.parent_process():
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let numpy take one thread in each worker: there are as many workers as processors."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _refuse_doubles(result: CorpusResult) -> None:
    """Take out documents whose plan another one is, the first by name stays."""
    names: dict[str, str] = {}
    read = set(result.read)
    for name, head in list(result.plans.items()):
        first = names.setdefault(head.plan, name)
        if first != name:
            del result.plans[name]
            read.discard(name)
            result.failed[name] = say(
                f"与“{first}”标题相同，是同一规划；只留一份",
                f"has the title of “{first}” and is the same plan; keep one of them",
            )
    result.read = sorted(read)


def _keep_only(folder: Path, parts: set[Path]) -> None:
    """Remove parts of documents that are no more."""
    for part in folder.rglob(f"*{ENDING}"):
        if part not in parts:
            part.unlink()


# Loading


def _load(result: CorpusResult) -> None:
    """Bring the store to what the parts hold.

    The list of what is loaded never names a plan that the store may not hold as it says: a plan is taken from the
    list before its graph is changed, and put there afterwards. So whatever is killed is done again, to the same end.
    """
    store, names = result.folder / "store", {head.plan: name for name, head in result.plans.items()}
    wanted = {head.plan: head.key for head in result.plans.values()}
    loaded = _read_list(result.folder) if (store / "CURRENT").is_file() else {}
    gone = [plan for plan in loaded if plan not in wanted]
    changed = [plan for plan, key in wanted.items() if loaded.get(plan) != key]
    if not changed and not gone and loaded:
        return
    kept = {plan: key for plan, key in loaded.items() if wanted.get(plan) == key}
    parts = {plan: _part(result.folder, names[plan]) for plan in changed}
    # What was inferred from the plans no longer follows.
    shutil.rmtree(result.folder / "store-inferred", ignore_errors=True)
    if len(changed) + len(gone) <= _REPLACED_SINGLY * len(loaded):
        _write_list(result.folder, kept)
        kg = KnowledgeGraph.open(store)
        for plan in gone:
            kg.store.remove_graph(ox.NamedNode(plan))
        for plan, part in parts.items():
            quads = ox.parse(read_quads(part), format=ox.RdfFormat.N_QUADS)
            replace_graphs(kg.store, [ox.NamedNode(plan)], quads)
        kg.store.remove_graph(DIVISIONS_GRAPH)
        describe_divisions(kg.store)
        kg.store.flush()
    else:
        _write_list(result.folder, {})
        making = result.folder / f"{_TEMPORARY}store"
        kg = KnowledgeGraph.open(making)
        _load_all(kg.store, [_part(result.folder, name) for name in result.plans])
        describe_divisions(kg.store)
        kg.store.flush()
        del kg
        shutil.rmtree(store, ignore_errors=True)
        os.replace(making, store)
    _write_list(result.folder, wanted)


def _load_all(store: ox.Store, parts: Sequence[Path]) -> None:
    """Load parts, some at once: one by one, each would get files of its own in the store."""
    batches = [parts[start : start + _TOGETHER] for start in range(0, len(parts), _TOGETHER)]

    def load(batch: Sequence[Path]) -> None:
        store.bulk_load(b"".join(map(read_quads, batch)), format=ox.RdfFormat.N_QUADS)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(load, batches):
            pass


def _read_list(folder: Path) -> dict[str, str]:
    try:
        loaded = json.loads((folder / "loaded.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(plan): str(key) for plan, key in loaded.items()} if isinstance(loaded, Mapping) else {}


def _write_list(folder: Path, loaded: Mapping[str, str]) -> None:
    with whole_file(folder / "loaded.json") as new:
        new.write_text(json.dumps(loaded, ensure_ascii=False, indent=0, sort_keys=True) + "\n", "utf-8")
