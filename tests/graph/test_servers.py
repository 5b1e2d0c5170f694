"""The same calls on real servers, started here on loopback: ``oxigraph serve`` and Virtuoso 7 with small answers."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib import request

import pyoxigraph as ox
import pytest

from hongtu.graph import KnowledgeGraph
from hongtu.graph.endpoint import Endpoint
from hongtu.graph.network import to_networkx
from hongtu.graph.queries import query_names, read_query
from hongtu.loaders.errors import StoreError

MOST_ROWS = 1000
"""What Virtuoso gives at once here; its own default is 10,000."""

PARAMETERS: dict[str, list[dict[str, object]]] = {
    "explain_statement": [
        {"subject": "华翔集团", "predicate": "undertakes", "object": "Project:华翔智能制造产业园"}
    ],
    "find_mentions": [{"text": "华翔"}],
    "find_paths": [
        {"start": "华翔集团", "end": "新能源产业集群"},
        {"start": "华翔集团", "end": "智能装备制造集群"},
    ],
    "find_things": [{"text": "华翔"}, {"text": "5g"}],
    "list_industries_of_place": [{}, {"place": "洪洞县"}],
    "list_neighbours": [{"thing": "华翔集团"}],
    "list_partners": [{}, {"who": "洪洞县"}],
    "list_projects_of_sector": [{"sector": "制造业"}],
    "list_projects_of_strategy": [{}, {"strategy": "优势转换战略"}],
    "list_targets_by_strategy": [{"year": 2025}, {"year": 2025, "role": "target"}],
    "show_evidence": [
        {"subject": "华翔集团", "predicate": "undertakes", "object": "Project:华翔智能制造产业园"}
    ],
    "show_mentions": [{"thing": "华翔集团"}],
    "show_who_does_what_where": [
        {},
        {"who": "华翔集团"},
        {"industry": "新能源产业集群"},
        {"place": "甘亭工业园区"},
    ],
}
"""What queries are asked; those not named here are asked without parameters."""

MAY_BE_EMPTY = ("list_edges_without_evidence",)

INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 10
NumberOfBuffers = 10000
CheckpointInterval = 0
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {rows}
"""


@dataclass(frozen=True)
class Server:
    """A server that runs, and whose words its errors are in."""

    name: str
    url: str
    complaint: str

    @property
    def kg(self) -> KnowledgeGraph:
        return KnowledgeGraph(Endpoint(self.url))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended before it listened"
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not listen")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def local() -> KnowledgeGraph:
    """Two plans, one of them with its text."""
    return KnowledgeGraph.packaged("hongdong", "sample")


@pytest.fixture(scope="module")
def quads(local: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("quads") / "plans.nq"
    local.store.dump(str(file), format=ox.RdfFormat.N_QUADS)
    return file


@pytest.fixture(scope="module")
def oxigraph(quads: Path) -> Iterator[Server]:
    program = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("oxigraph is not installed: pip install 'hongtu[serve]'")
    port = free_port()
    process = subprocess.Popen(
        [program, "serve", "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(process, port)
        url = f"http://127.0.0.1:{port}"
        load = request.Request(f"{url}/store", quads.read_bytes(), {"Content-Type": "application/n-quads"})
        request.urlopen(load).close()
        yield Server("oxigraph", f"{url}/query?union-default-graph", "expected")
    finally:
        stop(process)


@pytest.fixture(scope="module")
def virtuoso(quads: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    programs = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if None in programs:
        pytest.skip("Virtuoso 7 is not installed: apt-get install virtuoso-opensource")
    program, isql = map(str, programs)
    folder = tmp_path_factory.mktemp("virtuoso")
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(INI.format(sql=sql, http=http, rows=MOST_ROWS), "ascii")
    shutil.copy(quads, folder / "plans.nq")
    process = subprocess.Popen(
        [program, "+configfile", "virtuoso.ini", "+foreground"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(process, http)
        # 512: the file holds quads.
        load = "exec=DB.DBA.TTLP_MT(file_open('plans.nq'), '', 'urn:hongtu', 512); checkpoint;"
        subprocess.run(
            [isql, f"127.0.0.1:{sql}", "dba", "dba", "ERRORS=STDOUT", load], check=True, capture_output=True
        )
        yield Server("virtuoso", f"http://127.0.0.1:{http}/sparql", "SPARQL compiler")
    finally:
        stop(process)


@pytest.fixture(params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest) -> Server:
    running: Server = request.getfixturevalue(request.param)
    return running


def plain(term: Any) -> object:
    """Return what a term says, without what servers rightly differ in: the spelling of numbers, the order of a list."""
    if term is None:
        # A list of nothing is empty to Virtuoso, as SPARQL has it, and unbound to Oxigraph.
        return ("",)
    if not isinstance(term, ox.Literal):
        return str(term)
    try:
        return float(term.value)
    except ValueError:
        return tuple(sorted(term.value.split("、")))


def rows(answer: Any) -> list[tuple[object, ...]]:
    names = answer.variables
    return sorted((tuple(plain(row[name]) for name in names) for row in answer), key=repr)


@pytest.mark.parametrize(
    ("name", "given"), [(name, given) for name in query_names() for given in PARAMETERS.get(name, [{}])]
)
def test_every_query_gives_the_same_rows(
    local: KnowledgeGraph, server: Server, name: str, given: dict[str, object]
) -> None:
    query = read_query(name)
    bindings = local.bindings(query, given)
    expected = rows(local.solutions(query.sparql, **bindings))
    assert rows(server.kg.solutions(query.sparql, **bindings)) == expected
    assert expected or name in MAY_BE_EMPTY


def test_things_are_found_named_and_cited(local: KnowledgeGraph, server: Server) -> None:
    kg = server.kg
    assert kg.resolve("华翔股份") == local.resolve("华翔集团")
    found, expected = kg.find("华翔"), local.find("华翔")
    assert found.to_dict("records") == expected.to_dict("records")
    assert [thing.iri for thing in found["thing"]] == [thing.iri for thing in expected["thing"]]
    edge = ("华翔集团", "undertakes", "Project:华翔智能制造产业园")
    assert kg.evidence(*edge) == local.evidence(*edge) != []
    assert kg.evidence("华翔集团") == local.evidence("华翔集团") != []


def test_labels_come_in_batches(local: KnowledgeGraph, server: Server) -> None:
    iris = [row["s"].value for row in local.solutions("SELECT DISTINCT ?s { ?s skos:prefLabel ?label }")]
    assert len(iris) > MOST_ROWS + 500
    assert server.kg.labels(iris) == local.labels(iris)


def test_the_network_is_the_same(local: KnowledgeGraph, server: Server) -> None:
    there, here = to_networkx(server.kg), to_networkx(local)
    for network in (there, here):
        for _, attributes in network.nodes(data=True):
            attributes["aliases"].sort()
    assert {node: there.nodes[node] for node in there} == {node: here.nodes[node] for node in here}
    assert {edge[:3]: edge[3] for edge in there.edges(keys=True, data=True)} == {
        edge[:3]: edge[3] for edge in here.edges(keys=True, data=True)
    }


def test_all_forms_of_queries_are_answered(local: KnowledgeGraph, server: Server) -> None:
    kg = server.kg
    who = ox.NamedNode(local.resolve("华翔集团"))
    assert bool(kg.solutions("ASK { ?who a ht:Enterprise }", who=who)) is True
    assert bool(kg.solutions("ASK { ?who a ht:Location }", who=who)) is False
    for query in (
        "CONSTRUCT { ?who ht:undertakes ?project } WHERE { ?who ht:undertakes ?project }",
        "CONSTRUCT WHERE { ?who ht:undertakes ?project }",
    ):
        triples = set(kg.solutions(query, who=who))
        assert triples == set(local.solutions(query, who=who)) != set()
    for query in ("DESCRIBE ?who", "DESCRIBE ?who WHERE { ?who a ht:Enterprise }"):
        described = [triple for triple in kg.solutions(query, who=who) if triple.subject == who]
        assert set(described) == set(local.solutions(query, who=who))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s ?label { ?s skos:prefLabel|rdfs:label ?label }",
        "SELECT ?p { ?s ?p ?o ; a ht:Claim }",
        "SELECT ?s ?start ?end { ?s ht:start ?start ; ht:end ?end } ORDER BY DESC(?start) ?end STR(?s)",
        "SELECT ?s ?o { ?s prov:wasDerivedFrom ?o } ORDER BY ?s ?o LIMIT 2500 OFFSET 300 # as asked",
        "SELECT ?s ?p ?o { ?s a ht:Claim ; ?p ?o } ORDER BY ?s ?p STR(?o) LIMIT 10500",
        "SELECT DISTINCT ?o { ?s skos:prefLabel|rdf:object|skos:altLabel ?o }",
    ],
)
def test_no_row_is_lost_or_doubled(local: KnowledgeGraph, server: Server, query: str) -> None:
    answer, expected = list(server.kg.solutions(query)), list(local.solutions(query))
    assert len(expected) > MOST_ROWS
    if "ORDER BY" in query:
        assert [tuple(map(plain, row)) for row in answer] == [tuple(map(plain, row)) for row in expected]
    assert sorted(map(repr, (tuple(map(plain, row)) for row in answer))) == sorted(
        map(repr, (tuple(map(plain, row)) for row in expected))
    )


def test_no_triple_of_a_construct_is_lost(local: KnowledgeGraph, server: Server) -> None:
    query = "CONSTRUCT { ?object ?predicate ?subject } WHERE {\
        ?claim rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object }"
    expected = set(local.solutions(query))
    assert len(expected) > MOST_ROWS
    assert set(server.kg.solutions(query)) == expected


@pytest.mark.parametrize("limit", [1, 999, 1000, 1001, 1400])
def test_so_many_rows_as_wanted(server: Server, limit: int) -> None:
    endpoint = Endpoint(server.url)
    answer = endpoint.query("SELECT ?s { ?s a ht:Claim } ORDER BY ?s", {}, limit=limit)
    assert len({str(row["s"]) for row in answer}) == limit  # type: ignore[union-attr]
    assert len(list(endpoint.query("CONSTRUCT WHERE { ?s a ht:Claim }", {}, limit=limit))) == limit  # type: ignore[arg-type]


def test_the_words_of_the_server_are_shown(server: Server) -> None:
    with pytest.raises(StoreError, match=server.complaint) as told:
        server.kg.solutions("SELECT ?s {\n ?s ?p }")
    assert "HTTP 400" in str(told.value)
    # The declared prefixes do not move the lines that the server counts.
    assert "line 2" in str(told.value) or "2:" in str(told.value)


def test_a_query_that_takes_too_long_is_given_up(server: Server) -> None:
    kg = server.kg
    slow = (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STRLEN(STR(?c)) < STRLEN(STR(?i))) }"
    )
    start = time.monotonic()
    with pytest.raises(StoreError, match="no answer within 1 s"):
        Endpoint(server.url).query(slow, {}, timeout=1)
    assert time.monotonic() - start < 5
    assert bool(kg.solutions("ASK { ?s a ht:Plan }")) is True


def test_virtuoso_asks_who_it_is(virtuoso: Server) -> None:
    url = virtuoso.url + "-auth"
    query = "ASK { ?s a ht:Plan }"
    assert bool(Endpoint(url, user="dba", password="dba").query(query, {}))
    for endpoint in (Endpoint(url), Endpoint(url, user="dba", password="open-sesame")):
        with pytest.raises(StoreError, match="HTTP 401\nit wants user= and password=") as told:
            endpoint.query(query, {})
        assert "sesame" not in str(told.value) + repr(endpoint)
