import base64
import gzip
import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from hongtu.graph import KnowledgeGraph
from hongtu.graph.endpoint import Endpoint
from hongtu.loaders.errors import StoreError, UsageError

JSON = "application/sparql-results+json"
EMPTY = b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}'


class _Handler(BaseHTTPRequestHandler):
    """Answers queries from a graph in memory, after the faults that the test asks for, each once."""

    kg = KnowledgeGraph.open()
    faults: list[Callable[["_Handler"], None]] = []  # noqa: RUF012
    most_rows = 1_000_000
    queries: list[str] = []  # noqa: RUF012

    def do_POST(self) -> None:
        self.query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["query"][0]
        self.queries.append(self.query)
        if self.faults:
            self.faults.pop(0)(self)
        else:
            self.answer()

    def answer(self) -> None:
        answer = self.kg.store.query(self.query, use_default_graph_as_union=True)
        if isinstance(answer, ox.QueryTriples):
            self.reply(200, "application/n-triples", answer.serialize(format=ox.RdfFormat.N_TRIPLES) or b"")
            return
        document = json.loads(answer.serialize(format=ox.QueryResultsFormat.JSON) or b"")
        if "results" in document:
            del document["results"]["bindings"][self.most_rows :]
        self.reply(200, JSON, json.dumps(document).encode())

    def reply(self, code: int, kind: str, content: bytes, **headers: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


Fault = Callable[[_Handler], None]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/query"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def url(address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(_Handler, "faults", [])
    monkeypatch.setattr(_Handler, "queries", [])
    return address


def busy(code: int, **headers: str) -> Fault:
    return lambda handler: handler.reply(code, "text/plain", b"busy", **headers)


def drop(handler: _Handler) -> None:
    handler.close_connection = True


def stop_halfway(handler: _Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/n-triples")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"<urn:s> <urn:p> <urn:o> .\n")
    handler.close_connection = True


def says(code: int, kind: str, content: bytes, **headers: str) -> Fault:
    return lambda handler: handler.reply(code, kind, content, **headers)


def test_endpoint_and_store_give_equal_answers(url: str) -> None:
    remote, local = KnowledgeGraph.open(url), KnowledgeGraph.open()
    query = "SELECT ?class ?label { ?class a owl:Class ; rdfs:label ?label } ORDER BY ?class ?label"
    remote_frame, local_frame = remote.query(query), local.query(query)
    assert json.loads(remote_frame.to_json()) == json.loads(local_frame.to_json())
    assert len(remote_frame) > 20
    assert remote.query("ASK { ?code skos:notation ?x }", x="C25") is True
    assert remote.query("ASK { ?code skos:notation ?x }", x="C99") is False
    construct = "CONSTRUCT { ?s skos:notation ?n } WHERE { ?s skos:notation ?n }"
    assert set(remote.query(construct)) == set(local.query(construct))


@pytest.mark.parametrize("fault", [busy(429, Retry_After="0"), busy(503), busy(502), drop, stop_halfway])
def test_a_busy_server_and_a_dropped_line_are_asked_again(url: str, fault: Fault) -> None:
    _Handler.faults += [fault]
    assert list(Endpoint(url).query("CONSTRUCT WHERE { <urn:s> <urn:p> ?o }", {})) == []  # type: ignore[arg-type]
    assert len(_Handler.queries) == 2


def test_a_server_that_stays_busy_is_asked_four_times(url: str) -> None:
    _Handler.faults += [busy(503, Retry_After="0")] * 9
    with pytest.raises(StoreError, match="HTTP 503\nbusy"):
        Endpoint(url).query("ASK {}", {})
    assert len(_Handler.queries) == 4


def test_nobody_waits_longer_than_the_timeout(url: str) -> None:
    _Handler.faults += [busy(503, Retry_After="120")]
    start = time.monotonic()
    with pytest.raises(StoreError, match="HTTP 503"):
        Endpoint(url).query("ASK {}", {}, timeout=2)
    _Handler.faults += [lambda handler: time.sleep(1.5)]
    with pytest.raises(StoreError, match=r"no answer within 0\.5 s"):
        Endpoint(url).query("ASK {}", {}, timeout=0.5)
    assert time.monotonic() - start < 10
    assert bool(Endpoint(url).query("ASK {}", {}))


@pytest.mark.parametrize("code", [400, 404, 500])
def test_an_error_is_shown_as_it_is_and_not_asked_again(url: str, code: int) -> None:
    _Handler.faults += [says(code, "text/plain", b"the server says: broken at line 3")]
    with pytest.raises(StoreError, match=f"HTTP {code}\nthe server says: broken at line 3"):
        KnowledgeGraph.open(url).query("ASK { <urn:broken> ?p ?o }")
    assert len(_Handler.queries) == 1


def test_of_html_the_text_is_shown(url: str) -> None:
    page = (
        "<!DOCTYPE html><html><head><title>x</title><style>a{}</style></head><body><h1>Query\n refused</h1>"
    )
    page += "<script>if (1 < 2) {}</script>\n<p>less than 5 &amp; more</p></body></html>"
    _Handler.faults += [says(500, "text/html", page.encode())]
    with pytest.raises(StoreError) as told:
        Endpoint(url).query("ASK {}", {})
    assert str(told.value).split("\n")[1:] == ["Query", "refused", "less than 5 & more"]


def test_a_new_address_is_told(url: str) -> None:
    _Handler.faults += [says(301, "text/plain", b"", Location="https://example.org/sparql")]
    with pytest.raises(StoreError, match="it has moved to https://example.org/sparql; give that address"):
        Endpoint(url).query("ASK {}", {})


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/html", b"<p>login</p>"),
        (JSON, b'{"head": {"vars": ["s"]}, "resul'),
        (JSON, b"[]"),
        (JSON, b'{"head": {}}'),
    ],
)
def test_an_answer_that_is_no_result_is_refused(url: str, kind: str, content: bytes) -> None:
    for query in ("SELECT ?s {}", "ASK {}", "CONSTRUCT WHERE {}"):
        _Handler.faults += [says(200, kind, content)]
        with pytest.raises(StoreError, match="no SPARQL result"):
            Endpoint(url).query(query, {})


def test_a_value_that_rdf_does_not_allow_is_told(url: str) -> None:
    content = (
        b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri", "value": "http://a b"}}]}}'
    )
    _Handler.faults += [says(200, JSON, content)]
    with pytest.raises(StoreError, match="holds a value that RDF does not allow"):
        Endpoint(url).query("SELECT ?s {}", {})


@pytest.mark.parametrize("code", [200, 206])
def test_a_part_of_an_answer_is_refused(url: str, code: int) -> None:
    headers = {"X_SQL_State": "S1TAT", "X_SQL_Message": "RC... Returning incomplete results"}
    _Handler.faults += [says(code, JSON, EMPTY, **(headers if code == 200 else {}))]
    with pytest.raises(StoreError, match="gives only a part"):
        Endpoint(url).query("SELECT ?s {}", {})


def test_what_virtuoso_writes_in_its_own_way_is_understood(url: str) -> None:
    row = {
        "s": {"type": "bnode", "value": "nodeID://b1"},
        "t": {"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "1"},
    }
    content = json.dumps({"head": {"vars": ["s", "t"]}, "results": {"bindings": [row]}}).encode()
    _Handler.faults += [says(200, JSON, gzip.compress(content), Content_Encoding="gzip")]
    (answer,) = Endpoint(url).query("SELECT ?s ?t {}", {})  # type: ignore[misc]
    assert isinstance(answer["s"], ox.BlankNode)
    assert answer["t"].value == "true"
    truth = {"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#integer", "value": "1"}
    for value in ("1", "0"):
        document = {
            "head": {"vars": ["__ASK_RETVAL"]},
            "results": {"bindings": [{"__ASK_RETVAL": truth | {"value": value}}]},
        }
        _Handler.faults += [says(200, JSON, json.dumps(document).encode())]
        assert bool(Endpoint(url).query("ASK {}", {})) is (value == "1")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s ?label { ?s skos:prefLabel ?label }",
        "SELECT ?s { ?s skos:prefLabel ?label }",
        "SELECT ?s ?label { ?s skos:prefLabel ?label } ORDER BY DESC(STR(?label)) ?label ?s LIMIT 150 OFFSET 20",
    ],
)
def test_an_answer_that_is_cut_without_a_word_is_fetched_whole(
    url: str, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(_Handler, "most_rows", 100)
    answer = [tuple(map(str, row)) for row in KnowledgeGraph.open(url).solutions(query)]
    expected = [tuple(map(str, row)) for row in KnowledgeGraph.open().solutions(query)]
    assert len(expected) > 140
    assert answer == expected if "ORDER BY" in query else sorted(answer) == sorted(expected)


def test_as_many_rows_as_wanted_need_no_counting(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Handler, "most_rows", 100)
    answer = Endpoint(url).query("SELECT ?s { ?s skos:prefLabel ?label } LIMIT 500", {}, limit=100)
    assert len(list(answer)) == 100  # type: ignore[arg-type]
    assert [query.split()[-2:] for query in _Handler.queries] == [["LIMIT", "100"]]


def test_pages_that_do_not_fit_together_are_an_error(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Handler, "most_rows", 100)

    def shuffle(handler: _Handler) -> None:
        handler.query = handler.query.replace("OFFSET 99", "OFFSET 98")
        handler.answer()

    _Handler.faults += [_Handler.answer] * 4 + [shuffle]
    with pytest.raises(StoreError, match="its pages do not fit together"):
        Endpoint(url).query("SELECT ?s ?label { ?s skos:prefLabel ?label }", {})


def test_secrets_are_sent_and_never_shown(url: str) -> None:
    seen = []

    def ask(handler: _Handler) -> None:
        seen.append(handler.headers.get("Authorization"))
        handler.reply(401, "text/plain", b"who?", WWW_Authenticate='Basic realm="x"')

    _Handler.faults += [ask] * 4
    for endpoint in (
        Endpoint(url, token="swordfish"),
        Endpoint(url, user="amy", password="swordfish"),
    ):
        with pytest.raises(StoreError, match="HTTP 401") as told:
            endpoint.query("ASK {}", {})
        assert "swordfish" not in f"{told.value!r} {endpoint!r} {told.value.__cause__!r}"
    assert seen == ["Bearer swordfish", None, "Basic " + base64.b64encode(b"amy:swordfish").decode()]


@pytest.mark.parametrize("token", ["sword\nfish", "剑鱼"])
def test_secrets_in_the_wrong_place_are_refused_unseen(token: str) -> None:
    with pytest.raises(UsageError, match="give them as user= and password=") as told:
        Endpoint("https://amy:swordfish@example.org/sparql")
    assert "swordfish" not in str(told.value)
    with pytest.raises(UsageError, match="the token has a line break or characters beyond ASCII") as told:
        Endpoint("https://example.org/sparql", token=token)
    assert token not in str(told.value)


def test_an_endpoint_that_is_not_there_is_told_at_once() -> None:
    start = time.monotonic()
    with pytest.raises(StoreError, match="no answer"):
        KnowledgeGraph.open("http://127.0.0.1:9/query").query("ASK {}")
    assert time.monotonic() - start < 10


def test_ctrl_c_leaves_all_usable(url: str) -> None:
    def interrupt(_: _Handler) -> None:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        time.sleep(1)

    _Handler.faults += [interrupt]
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        Endpoint(url).query("ASK {}", {})
    assert time.monotonic() - start < 10
    assert bool(Endpoint(url).query("ASK {}", {}))


def test_an_endpoint_cannot_be_loaded_into(url: str) -> None:
    with pytest.raises(UsageError, match="can only be queried"):
        KnowledgeGraph.open(url).load_rdf("x.ttl")
