"""Queries in a process of their own: stopped in time, never on old data, the same rows as in this process."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jupyter_client.manager import KernelManager

from hongtu.graph import KnowledgeGraph
from hongtu.graph.sparql.worker import Worker
from hongtu.loaders.errors import StoreError, UsageError
from hongtu.ontology.namespace import PREFIXES

# A thousand million pairs, none of which fits: minutes.
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(STR(?c) = CONCAT(STR(?f), 'x')) }"
EVERYTHING = "SELECT ?s ?p ?o { ?s ?p ?o }"
EX = "http://example.org/"

posix = pytest.mark.skipif(os.name != "posix", reason="signals to a process group are POSIX's")
linux = pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="reads /proc")


def ask(
    worker: Worker,
    sparql: str,
    *,
    prefixes: Mapping[str, str] = PREFIXES,
    union: bool = True,
    **options: Any,
) -> Any:
    return worker.query(sparql, prefixes=prefixes, union=union, **options)


def rows(answer: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in answer]


def pid(worker: Worker) -> int:
    return worker._idle[-1]._popen.pid


def lives(number: int) -> bool:
    """Whether a process runs; one that ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ends(number: int, within: float) -> bool:
    deadline = time.monotonic() + within
    while lives(number) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not lives(number)


def quad(number: int, graph: str = "g") -> ox.Quad:
    return ox.Quad(
        ox.NamedNode(f"{EX}s{number}"), ox.NamedNode(f"{EX}p"), ox.Literal(number), ox.NamedNode(EX + graph)
    )


@pytest.fixture(scope="module")
def big(hongdong: KnowledgeGraph) -> Iterator[Worker]:
    """A worker on the graph of Hongdong, which nothing here writes to."""
    yield Worker(hongdong.store)


@pytest.fixture
def store() -> ox.Store:
    store = ox.Store()
    store.extend([quad(number) for number in range(10)])
    return store


def test_long_query_stops_in_time_and_the_next_answers(big: Worker) -> None:
    ask(big, "ASK {}")
    start = time.monotonic()
    with pytest.raises(UsageError, match=r"stopped after 0.5 seconds; narrow it .* longer timeout"):
        ask(big, ENDLESS, timeout=0.5)
    assert 0.5 <= time.monotonic() - start < 5
    assert bool(ask(big, "ASK { ht:Project a owl:Class }", timeout=10))


def test_message_of_a_timeout_in_chinese(big: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    with pytest.raises(UsageError, match="查询超过 0.1 秒，已停止"):
        ask(big, ENDLESS, timeout=0.1)


def test_thousands_of_rows_are_those_of_the_store(big: Worker, hongdong: KnowledgeGraph) -> None:
    here = rows(hongdong.store.query(EVERYTHING, use_default_graph_as_union=True))
    there = rows(ask(big, EVERYTHING))
    assert len(there) > 30_000
    assert sorted(map(str, there)) == sorted(map(str, here))


def test_every_kind_of_query(store: ox.Store) -> None:
    worker = Worker(store)
    assert bool(ask(worker, f"ASK {{ <{EX}s1> <{EX}p> 1 }}"))
    assert not bool(ask(worker, f"ASK {{ <{EX}s1> <{EX}p> 2 }}"))
    assert [row["n"].value for row in ask(worker, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")] == ["10"]
    assert list(ask(worker, f"DESCRIBE <{EX}s1>")) == [quad(1).triple]
    assert set(ask(worker, f"CONSTRUCT {{ ?o <{EX}of> ?s }} {{ ?s <{EX}p> ?o }} LIMIT 0")) == set()
    constructed = ask(worker, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
    assert set(constructed) == {quad(number).triple for number in range(10)}


def test_union_and_prefixes_are_the_callers(store: ox.Store) -> None:
    worker = Worker(store)
    assert rows(ask(worker, EVERYTHING, union=False)) == []
    assert len(rows(ask(worker, "SELECT * { ?s ex:p ?o }", prefixes={"ex": EX}))) == 10
    with pytest.raises(SyntaxError):
        ask(worker, "SELECT * { ?s ex:p ?o }")


@pytest.mark.parametrize("sparql", [EVERYTHING, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"])
def test_limit_gives_one_more_as_a_sign(store: ox.Store, sparql: str) -> None:
    worker = Worker(store)
    assert len(list(ask(worker, sparql, limit=3))) == 4
    assert len(list(ask(worker, sparql, limit=9))) == 10
    assert len(list(ask(worker, sparql, limit=10))) == 10
    assert set(map(str, ask(worker, sparql, limit=3))) <= set(map(str, ask(worker, sparql)))


def test_limit_stops_an_endless_query(big: Worker) -> None:
    pairs = "{ ?a ?b ?c . ?d ?e ?f }"
    assert len(rows(ask(big, f"SELECT * {pairs}", limit=10, timeout=10))) == 11
    assert len(list(ask(big, f"CONSTRUCT {{ ?a ?b ?f }} {pairs}", limit=10, timeout=10))) == 11


def test_columns_stay_in_order_and_unbound_stays_unbound(store: ox.Store) -> None:
    worker = Worker(store)
    for limit in (None, 5):
        answer = ask(
            worker, "SELECT ?z ?a { VALUES (?a ?z) { (UNDEF UNDEF) (1 UNDEF) (UNDEF '') } }", limit=limit
        )
        assert [variable.value for variable in answer.variables] == ["z", "a"]
        assert rows(answer) == [(None, None), (None, ox.Literal(1)), (ox.Literal(""), None)]
        assert rows(ask(worker, "SELECT * {}", limit=limit)) == [()]


def test_broken_query_raises_what_the_store_raises(store: ox.Store) -> None:
    worker = Worker(store)
    broken = "SELECT ?s {\n  ?s nowhere:p ?o }"
    with pytest.raises(SyntaxError) as here:
        store.query(broken)
    with pytest.raises(SyntaxError) as there:
        ask(worker, broken)
    assert there.value.args == here.value.args
    assert (there.value.msg, there.value.lineno) == (here.value.msg, here.value.lineno)
    assert len(rows(ask(worker, EVERYTHING))) == 10


@pytest.mark.parametrize(
    "sparql",
    ["SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", f"SELECT (<{EX}f>(1) AS ?x) {{}}"],
)
@pytest.mark.parametrize("limit", [None, 5])
def test_failing_evaluation_is_told_and_does_no_harm(store: ox.Store, sparql: str, limit: int | None) -> None:
    worker = Worker(store)
    with pytest.raises(StoreError, match="the query failed: "):
        ask(worker, sparql, limit=limit)
    assert len(rows(ask(worker, EVERYTHING))) == 10


def test_crash_of_the_engine_is_told_and_does_no_harm(store: ox.Store) -> None:
    """In this process, so deep a query would end Python itself."""
    worker = Worker(store)
    with pytest.raises(StoreError, match="most likely for want of memory"):
        ask(worker, f"SELECT ({'(' * 20_000}1{')' * 20_000} AS ?x) {{}}")
    assert len(rows(ask(worker, EVERYTHING))) == 10


def test_data_are_never_old(store: ox.Store) -> None:
    worker = Worker(store)
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    for number in range(10, 15):
        assert [row["n"].value for row in ask(worker, count)] == [str(number)]
        store.add(quad(number))
    # As many as before, but another one.
    store.remove(quad(0))
    store.add(quad(99))
    assert bool(ask(worker, f"ASK {{ <{EX}s99> ?p ?o }}"))
    assert not bool(ask(worker, f"ASK {{ <{EX}s0> ?p ?o }}"))
    store.add_graph(ox.NamedNode(EX + "empty"))
    assert bool(ask(worker, f"ASK {{ GRAPH <{EX}empty> {{}} }}"))
    store.clear()
    assert rows(ask(worker, EVERYTHING)) == []


def test_writes_through_rdflib_are_seen() -> None:
    kg = KnowledgeGraph.open()
    worker = Worker(kg.store)
    assert not bool(ask(worker, f"ASK {{ <{EX}a> ?p ?o }}"))
    dataset = kg.to_rdflib()
    dataset.parse(data=f"<{EX}a> <{EX}p> 1 .", format="turtle")
    assert bool(ask(worker, f"ASK {{ <{EX}a> ?p ?o }}"))


@pytest.mark.parametrize("flushed", [False, True])
def test_store_on_disk_is_read_as_last_written(tmp_path: Path, flushed: bool) -> None:
    store = ox.Store(str(tmp_path / "store"))
    worker = Worker(tmp_path / "store")
    for number in range(3):
        store.add(quad(number))
        if flushed:
            store.flush()
        assert len(rows(ask(worker, EVERYTHING))) == number + 1
    store.bulk_extend([quad(number) for number in range(1000)])
    assert len(rows(ask(worker, EVERYTHING))) == 1000
    store.clear()
    assert rows(ask(worker, EVERYTHING)) == []


def test_store_on_disk_is_read_while_it_is_written(tmp_path: Path) -> None:
    """The store tidies its files at the same time, so that some vanish between listing and opening."""
    store = ox.Store(str(tmp_path / "store"))
    worker = Worker(tmp_path / "store")
    written, counts, done = 0, [], threading.Event()

    def write() -> None:
        nonlocal written
        while not done.is_set():
            store.extend([quad(written + more) for more in range(50)])
            written += 50
            store.flush()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(10):
            before = written
            counts.append(len(rows(ask(worker, EVERYTHING))))
            assert before <= counts[-1]
            assert counts[-1] % 50 == 0
    finally:
        done.set()
        thread.join()
    assert counts == sorted(counts)
    assert len(rows(ask(worker, EVERYTHING))) == written


def test_folder_without_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the process cannot open the store"):
        ask(Worker(tmp_path / "nothing"), "ASK {}")


def test_threads_do_not_wait_for_each_other(big: Worker) -> None:
    outcome: list[object] = []

    def wait() -> None:
        try:
            ask(big, ENDLESS, timeout=2)
        except UsageError as error:
            outcome.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    answers = [len(rows(ask(big, EVERYTHING, limit=number))) for number in (3, 30, 300)]
    assert thread.is_alive()
    thread.join()
    assert answers == [4, 31, 301]
    assert len(outcome) == 1


def test_many_threads_get_their_own_answers(store: ox.Store) -> None:
    worker = Worker(store)
    wrong: list[object] = []

    def work(name: int) -> None:
        for turn in range(20):
            answer = rows(ask(worker, f"SELECT ?x {{ BIND({name * 100 + turn} AS ?x) }}"))
            if answer != [(ox.Literal(name * 100 + turn),)]:
                wrong.append((name, turn, answer))

    threads = [threading.Thread(target=work, args=(name,)) for name in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@posix
def test_killed_process_is_replaced(store: ox.Store) -> None:
    worker = Worker(store)
    ask(worker, "ASK {}")
    first = pid(worker)
    os.kill(first, signal.SIGKILL)
    time.sleep(0.2)
    assert len(rows(ask(worker, EVERYTHING))) == 10
    assert pid(worker) != first


@posix
def test_process_killed_amid_a_query_is_told(big: Worker) -> None:
    ask(big, "ASK {}")
    threading.Timer(0.3, os.kill, (pid(big), signal.SIGKILL)).start()
    with pytest.raises(StoreError, match=r"ended \(code -9\)"):
        ask(big, ENDLESS, timeout=20)
    assert bool(ask(big, "ASK { ht:Project a owl:Class }"))


@linux
def test_process_ends_with_its_worker(store: ox.Store) -> None:
    worker = Worker(store)
    ask(worker, "ASK {}")
    number, gone = pid(worker), weakref.ref(worker)
    del worker
    gc.collect()
    assert gone() is None
    assert ends(number, within=1)


def test_without_a_process_it_says_so(store: ox.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(StoreError, match="no process can be started"):
        ask(Worker(store), "ASK {}")


FORKED = f"""
import os
import pyoxigraph as ox
from hongtu.graph.sparql.worker import Worker
worker = Worker(ox.Store())
ask = lambda n: [str(row["x"]) for row in worker.query(f"SELECT (<{EX}{{n}}> AS ?x) {{{{}}}}", prefixes={{}}, union=True)]
ask(0)
child = os.fork()
if not child:
    os._exit(any(ask(n) != [f"<{EX}{{n}}>"] for n in range(50)))
wrong = any(ask(n) != [f"<{EX}{{n}}>"] for n in range(50, 100))
print(wrong, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@posix
def test_forked_python_does_not_share_the_process() -> None:
    """As with multiprocessing's fork: two at one pipe would read each other's answers."""
    assert subprocess.check_output([sys.executable, "-c", FORKED], text=True, timeout=30) == "False 0\n"


SCRIPT = f"""
import sys, threading, time
import pyoxigraph as ox
from hongtu.graph.sparql.worker import Worker
store = ox.Store()
store.extend([ox.Quad(ox.NamedNode("{EX}s"), ox.NamedNode("{EX}p"), ox.Literal(n)) for n in range(40000)])
worker = Worker(store)
options = dict(prefixes={{}}, union=True)
worker.query("ASK {{}}", **options)
print(worker._idle[0]._popen.pid, flush=True)
try:
    worker.query({ENDLESS!r}, timeout=60, **options)
except KeyboardInterrupt:
    print("interrupted", flush=True)
    print(bool(worker.query("ASK {{ ?s ?p 7 }}", timeout=10, **options)), flush=True)
"""


@pytest.fixture
def script() -> Iterator["subprocess.Popen[str]"]:
    """A Python in a process group of its own that asks the endless query."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        yield process
        process.kill()


@linux
def test_interrupt_stops_the_query_and_the_next_answers(script: "subprocess.Popen[str]") -> None:
    assert script.stdout
    evaluator = int(script.stdout.readline())
    time.sleep(0.5)
    # As Jupyter does: to the whole group.
    os.killpg(script.pid, signal.SIGINT)
    start = time.monotonic()
    assert script.stdout.readline() == "interrupted\n"
    assert time.monotonic() - start < 5
    assert ends(evaluator, within=0.5)
    assert script.stdout.readline() == "True\n"
    assert script.wait(10) == 0


@linux
def test_idle_process_does_not_hear_the_interrupt(store: ox.Store) -> None:
    worker = Worker(store)
    ask(worker, "ASK {}")
    assert os.getpgid(pid(worker)) != os.getpgrp()


@linux
def test_busy_process_ends_when_its_parent_is_killed(script: "subprocess.Popen[str]") -> None:
    assert script.stdout
    evaluator = int(script.stdout.readline())
    time.sleep(0.3)
    assert lives(evaluator)
    script.kill()
    assert ends(evaluator, within=1)


@linux
def test_memory_does_not_grow_with_queries(big: Worker) -> None:
    def memory() -> int:
        ask(big, "ASK {}")
        status = Path(f"/proc/{pid(big)}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) // 1024

    for _ in range(4):
        rows(ask(big, EVERYTHING))
    before = memory()
    for _ in range(20):
        # 5 MB each.
        rows(ask(big, EVERYTHING))
    assert memory() - before < 25


@posix
def test_interrupted_kernel_answers_the_next_cell() -> None:
    """In a real Jupyter kernel."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        cell = SCRIPT.partition("try:")[0] + f"worker.query({ENDLESS!r}, **options)"
        message = client.execute(cell)
        while not str(client.get_iopub_msg(timeout=60)["content"].get("text", "")).strip().isdigit():
            pass
        time.sleep(0.5)
        manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=30)
        assert reply["parent_header"]["msg_id"] == message
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        # Cells that come soon after an error are dropped with those that waited.
        status = "aborted"
        while status == "aborted":
            client.execute("assert bool(worker.query('ASK { ?s ?p 7 }', **options))")
            status = client.get_shell_msg(timeout=30)["content"]["status"]
        assert status == "ok"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


XSD = "http://www.w3.org/2001/XMLSchema#"
iris = st.sampled_from([ox.NamedNode(EX + name) for name in ("a", "b", "华翔", "a%20b")])
blanks = st.sampled_from([ox.BlankNode("b1"), ox.BlankNode("x.2")])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ['\t\n\r"\\', "_:b", "?x"]
)
literals = (
    texts.map(ox.Literal)
    | st.builds(lambda text: ox.Literal(text, language="zh-Hans"), texts)
    | st.builds(
        lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(XSD + kind)),
        texts | st.sampled_from(["1", "+1", "-0", "1.50", "1e3", "INF", "NaN", "true", "2025", "1.", ".5"]),
        st.sampled_from(["integer", "decimal", "double", "float", "boolean", "gYear", "date", "string"]),
    )
)
triples = st.builds(ox.Triple, iris | blanks, iris, iris | blanks | literals)
quads = st.builds(
    ox.Quad,
    iris | blanks,
    iris,
    iris | blanks | literals | triples,
    iris | blanks | st.just(ox.DefaultGraph()),
)
_changing = ox.Store()
_watching = Worker(_changing)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(quads, max_size=12), st.sampled_from([None, 100]), st.booleans())
def test_any_terms_come_back_as_they_are(data: list[ox.Quad], limit: int | None, union: bool) -> None:
    _changing.clear()
    _changing.extend(data)
    for sparql in (EVERYTHING, "SELECT * { GRAPH ?g { ?s ?p ?o OPTIONAL { ?o ?q ?r } } }"):
        here = rows(_changing.query(sparql, use_default_graph_as_union=union))
        there = rows(ask(_watching, sparql, limit=limit, union=union))
        assert sorted(map(str, there)) == sorted(map(str, here))
    construct = "CONSTRUCT WHERE { ?s ?p ?o }"
    copied = ask(_watching, construct, limit=limit, union=union)
    assert set(copied) == set(_changing.query(construct, use_default_graph_as_union=union))  # type: ignore[arg-type]


def test_without_renewal_the_data_of_the_last_query_are_asked() -> None:
    store = ox.Store()
    worker = Worker(store)
    store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal(1)))
    asked: Any = {"prefixes": {}, "union": True, "timeout": 20}
    assert worker.query("ASK { ?s ?p 1 }", **asked, renew=False)
    store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal(2)))
    assert not worker.query("ASK { ?s ?p 2 }", **asked, renew=False)
    assert worker.query("ASK { ?s ?p 2 }", **asked)
