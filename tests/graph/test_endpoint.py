import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.graph import KnowledgeGraph
from hongtu.graph.endpoint import bind
from hongtu.loaders.errors import StoreError, UsageError


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_no_text_can_break_out_of_a_binding(text: str) -> None:
    query = bind("SELECT ?x { BIND(1 AS ?one) }", {"x": ox.Literal(text)})
    answer = ox.Store().query(query)
    assert isinstance(answer, ox.QuerySolutions)
    (row,) = answer
    assert row["x"].value == text


@pytest.mark.parametrize(
    "query",
    [
        "# a comment with { braces }\nASK { ?s ?p ?x }",
        "PREFIX a: <urn:{> ASK { ?s ?p ?x }".replace("{>", "a>"),
        "SELECT (CONCAT('{', \"{\") AS ?y) ?x WHERE { ?s ?p ?x }",
    ],
)
def test_bindings_go_into_the_pattern_not_into_comments_or_strings(query: str) -> None:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("1")))
    for value, expected in (("1", True), ("2", False)):
        answer = store.query(bind(query, {"x": ox.Literal(value)}))
        assert bool(answer if isinstance(answer, ox.QueryBoolean) else list(answer)) is expected


class _Server(BaseHTTPRequestHandler):
    """Answers queries from a graph in memory, and with errors where the query asks for them."""

    kg = KnowledgeGraph.open()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        query = parse_qs(body)["query"][0]
        if "urn:broken" in query:
            self.reply(400, "text/plain", b"the server says: broken at line 3")
            return
        if "urn:html" in query:
            self.reply(200, "text/html", b"<p>login</p>")
            return
        answer = self.kg.store.query(query, use_default_graph_as_union=True)
        if isinstance(answer, ox.QueryTriples):
            self.reply(200, "application/n-triples", answer.serialize(format=ox.RdfFormat.N_TRIPLES) or b"")
        else:
            content = answer.serialize(format=ox.QueryResultsFormat.JSON) or b""
            self.reply(200, "application/sparql-results+json", content)

    def reply(self, code: int, kind: str, content: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/query"
    server.shutdown()
    thread.join()
    server.server_close()


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


def test_errors_of_the_endpoint_are_shown_as_they_are(url: str) -> None:
    with pytest.raises(StoreError, match="HTTP 400\nthe server says: broken at line 3"):
        KnowledgeGraph.open(url).query("ASK { <urn:broken> ?p ?o }")


def test_an_answer_that_is_no_result_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="no SPARQL result"):
        KnowledgeGraph.open(url).query("ASK { <urn:html> ?p ?o }")


def test_an_endpoint_that_is_not_there_is_told() -> None:
    with pytest.raises(StoreError, match="no answer"):
        KnowledgeGraph.open("http://127.0.0.1:9/query").query("ASK {}")


def test_an_endpoint_cannot_be_loaded_into(url: str) -> None:
    with pytest.raises(UsageError, match="can only be queried"):
        KnowledgeGraph.open(url).load_rdf("x.ttl")
