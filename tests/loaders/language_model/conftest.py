"""An invented plan, what rules found in it, and an endpoint that answers, or fails, as a test tells it."""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from hongtu.loaders.enterprises import Enterprise
from hongtu.loaders.industries import Industry
from hongtu.loaders.language_model import LanguageModelExtractor, ModelSettings
from hongtu.loaders.locations import Location
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.plans import Plan
from hongtu.loaders.projects import Project
from hongtu.loaders.records import Entity, Reference, Span
from hongtu.loaders.relations import Edge
from hongtu.loaders.source import PlanTables
from hongtu.loaders.targets import Figure, Target

# 𠮷 lies outside of the Basic Multilingual Plane; blanks stand inside names and numbers, as web pages leave them.
TEXT = """青禾县发展规划
第一章 做强果业
果品产业。支持青禾果业集团在𠮷岭镇建设冷链 仓库、果汁生产线，到2025年果品产量达到12.5 万吨以上。
丰原果汁公司与柳河大学合作，在𠮷岭镇建设果汁生产线。
第二章 做优旅游
推进“果香古道”行动，丰原果汁公司牵头建设青禾果业博物馆。
旅游收入由2020年3亿元增加到2025年8亿元，年均增长21.7%。
"""

Step = Callable[[BaseHTTPRequestHandler], None]


class FakeEndpoint:
    """A chat endpoint on this machine.

    ``answers`` are given to requests whose text has the key; before them, each step of ``script`` serves one request.
    ``refused`` formats get HTTP 400. ``requests`` and ``headers`` log what came.
    """

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        self.script: list[Step] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.refused: set[str] = set()
        self.usage: dict[str, Any] | None = {"prompt_tokens": 1000, "completion_tokens": 100}
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.lock = threading.Lock()

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        with self.lock:
            self.requests.append(body)
            self.headers.append(dict(handler.headers))
            self.paths.append(handler.path)
            step = self.script.pop(0) if self.script else None
        if body.get("response_format", {}).get("type", "plain") in self.refused:
            self.error(400, message="response_format is not supported")(handler)
        elif step:
            step(handler)
        else:
            text = body["messages"][1]["content"].split("原文：")[1]
            found = [answer for key, answer in self.answers.items() if key in text]
            self.content(json.dumps(found[0] if found else {"entities": []}, ensure_ascii=False))(handler)

    def content(self, content: str, *, finish_reason: str = "stop") -> Step:
        """Return the step that answers with this content."""
        payload: dict[str, Any] = {
            "choices": [{"message": {"content": content}, "finish_reason": finish_reason}]
        }
        if self.usage is not None:
            payload["usage"] = self.usage
        return self.body(json.dumps(payload).encode())

    def body(self, body: bytes) -> Step:
        """Return the step that answers with these bytes."""
        return lambda handler: _send(handler, 200, body, {})

    def error(self, status: int, message: str = "no", **headers: str) -> Step:
        """Return the step that answers with an error; ``Retry_After="1"`` is a header."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        body = json.dumps({"error": {"message": message}}).encode()
        return lambda handler: _send(handler, status, body, names)

    def slow(self, seconds: float) -> Step:
        """Return the step that sends a byte now and then, for so long."""

        def step(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.end_headers()
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                handler.wfile.write(b" ")
                time.sleep(0.02)

        return step

    def hang_up(self) -> Step:
        """Return the step that closes the connection without a word."""
        return lambda handler: handler.connection.close()


def _send(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                fake.serve(self)
            except OSError:
                self.close_connection = True  # the client did not wait

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        fake = FakeEndpoint(server)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield fake
        server.shutdown()
        thread.join()


@pytest.fixture
def text() -> PlanText:
    return PlanText(TEXT, hashlib.sha256(TEXT.encode()).hexdigest())


class Rules:
    """A reader that found little in the invented plan, and took 果香古道 for a place."""

    def extract(self, text: PlanText, name: str) -> PlanTables:
        def at(words: str, number: int = 0) -> Span:
            start = -1
            for _ in range(number + 1):
                start = text.text.index(words, start + 1)
            return text.span(start, start + len(words))

        group = Enterprise(name="青禾果业集团", aliases=("青禾果业",), evidence=(at("青禾果业集团"),))
        trade = Industry(name="果品产业", evidence=(at("果品产业"),))
        store = Project(name="冷链仓库", status="planned", evidence=(at("冷链 仓库"),))
        county = Location(name="青禾县", evidence=(at("青禾县"),))
        town = Location(name="𠮷岭镇", evidence=(at("𠮷岭镇"),))
        road = Location(name="果香古道", confidence=Decimal("0.8"), evidence=(at("果香古道"),))
        target = Target(
            indicator="果品产量",
            value=Decimal("12.5"),
            unit="万吨",
            verbatim="12.5 万吨",
            year=2025,
            comparator=">=",
            role="target",
            subject="",
            subject_type="",
            confidence=Decimal(1),
            evidence=(at("果品产量达到12.5 万吨"),),
        )
        return PlanTables(
            Plan(
                id=name,
                title="青禾县发展规划",
                sha256=text.sha256,
                first_year=2021,
                last_year=2025,
                home="青禾县",
                source="",
            ),
            entities=[trade, store, group, county, town, road],
            edges=[
                edge(group, "undertakes", store, at("支持青禾果业集团在𠮷岭镇建设冷链 仓库")),
                edge(trade, "locatedIn", road, at("果香古道")),
            ],
            figures=[Figure(subject=Reference("Plan", ""), target=target)],
        )


def edge(subject: Entity, predicate: str, object_: Entity, span: Span) -> Edge:
    return Edge(
        subject=subject.reference,
        predicate=predicate,
        object=object_.reference,
        status="",
        confidence=Decimal(1),
        evidence=(span,),
    )


@pytest.fixture
def rules() -> Rules:
    return Rules()


@pytest.fixture
def settings(endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModelSettings]:
    """Make settings for the endpoint, without a key, that do not wait long."""
    monkeypatch.delenv("HONGTU_MODEL_KEY", raising=False)

    def make(**values: Any) -> ModelSettings:
        wanted = {"model": "tiny", "url": endpoint.url, "first_pause": 0.01, "longest_pause": 0.02, **values}
        return ModelSettings(**wanted)

    return make


@pytest.fixture
def extractor(settings: Callable[..., ModelSettings], rules: Rules) -> Callable[..., LanguageModelExtractor]:
    """Make an extractor for the endpoint on top of the rules."""
    return lambda **values: LanguageModelExtractor(settings(**values), rules)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "replies.sqlite"


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every connection fail the test."""
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(f"socket.socket.{name}", lambda *_: pytest.fail("a socket was opened"))
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: pytest.fail("an address was looked up"))
