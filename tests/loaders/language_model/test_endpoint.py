import json
import time
import urllib.error
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest

from hongtu.loaders.language_model import ModelSettings
from hongtu.loaders.language_model.endpoint import FORMATS, Endpoint, NoAnswerError
from hongtu.loaders.language_model.prompt import Request

if TYPE_CHECKING:
    from tests.loaders.language_model.conftest import FakeEndpoint, Step

Settings = Callable[..., ModelSettings]
CONTENT = '{"entities": []}'
REQUEST: Request = {
    "model": "tiny",
    "messages": [{"role": "system", "content": "读"}, {"role": "user", "content": "原文：甲"}],
    "max_tokens": 10,
}


@pytest.fixture
def connect(settings: Settings) -> Callable[..., Endpoint]:
    return lambda **values: Endpoint(settings(**values), Decimal(0))


Connect = Callable[..., Endpoint]


def failure(endpoint: Endpoint) -> str:
    with pytest.raises(NoAnswerError) as error:
        endpoint.ask(REQUEST)
    return str(error.value)


def test_request_goes_to_the_chat_completions_with_the_schema(
    connect: Connect, endpoint: "FakeEndpoint"
) -> None:
    reply = connect().ask(REQUEST)
    assert (reply.input_tokens, reply.output_tokens, reply.complete) == (1000, 100, True)
    assert endpoint.requests == [{**REQUEST, **FORMATS[0]}]
    assert endpoint.paths == ["/v1/chat/completions"]
    assert "Authorization" not in endpoint.headers[0]


@pytest.mark.parametrize(
    ("refused", "asked"),
    [
        ({"json_schema"}, ["json_schema", "json_object", "json_object"]),
        ({"json_schema", "json_object"}, ["json_schema", "json_object", "plain", "plain"]),
    ],
)
def test_form_that_is_refused_is_not_asked_for_again(
    connect: Connect, endpoint: "FakeEndpoint", refused: set[str], asked: list[str]
) -> None:
    endpoint.refused = refused
    client = connect()
    client.ask(REQUEST)
    client.ask(REQUEST)
    assert [body.get("response_format", {"type": "plain"})["type"] for body in endpoint.requests] == asked


def test_request_that_is_refused_in_every_form_fails_alone(
    connect: Connect, endpoint: "FakeEndpoint"
) -> None:
    endpoint.script = [endpoint.error(400, "too long")] * 3
    client = connect()
    assert failure(client) == "the endpoint answers HTTP 400 (too long)"
    client.ask(REQUEST)
    # The form is not to blame.
    assert endpoint.requests[-1] == {**REQUEST, **FORMATS[0]}


FAULTS: dict[str, tuple[Callable[["FakeEndpoint"], "Step"], str]] = {
    "busy": (lambda fake: fake.error(429, "slow down"), "the endpoint answers HTTP 429 (slow down)"),
    "broken": (lambda fake: fake.error(500), "the endpoint answers HTTP 500 (no)"),
    "page": (lambda fake: lambda handler: handler.send_error(502), "the endpoint answers HTTP 502"),
    "cut JSON": (lambda fake: fake.body(b'{"choices": [{"mess'), "the reply is no whole JSON in UTF-8"),
    "broken UTF-8": (
        lambda fake: fake.body(b'{"choices": "\xe4\xb8"}'),
        "the reply is no whole JSON in UTF-8",
    ),
    "deep": (lambda fake: fake.body(b"[" * 200_000), "the reply is no whole JSON in UTF-8"),
    "endless": (lambda fake: fake.body(b" " * 5_000_000), "the reply is no whole JSON in UTF-8"),
    "no choices": (lambda fake: fake.body(b'{"choices": []}'), "the reply has no text"),
    "a list": (lambda fake: fake.body(b"[1]"), "the reply has no text"),
    "no content": (
        lambda fake: fake.body(b'{"choices": [{"message": {"content": null}}]}'),
        "the reply has no text",
    ),
    "no object": (lambda fake: fake.content("好的。"), "the model did not answer with the JSON asked for"),
    "hung up": (lambda fake: fake.hang_up(), "the connection broke off (RemoteDisconnected)"),
    "slow": (lambda fake: fake.slow(1.0), "no reply within 0.2 seconds"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_retried_then_told_in_one_sentence(
    connect: Connect, endpoint: "FakeEndpoint", fault: str
) -> None:
    step, message = FAULTS[fault]
    endpoint.script = [step(endpoint)]
    client = connect(timeout=0.2)
    assert client.ask(REQUEST).content == CONTENT
    assert (client.calls, client.retries) == (2, 1)
    endpoint.script = [step(endpoint)]
    assert failure(connect(timeout=0.2, retries=0)) == message


def test_pauses_double_up_to_the_longest(connect: Connect, endpoint: "FakeEndpoint") -> None:
    endpoint.script = [endpoint.error(503)] * 4
    begun = time.monotonic()
    connect(first_pause=0.02, longest_pause=0.06).ask(REQUEST)
    assert 0.02 / 2 + 0.04 / 2 + 0.06 <= time.monotonic() - begun < 1


@pytest.mark.parametrize("after", ["1", "date"])
def test_retry_after_is_kept(connect: Connect, endpoint: "FakeEndpoint", after: str) -> None:
    value = formatdate(time.time() + 2, usegmt=True) if after == "date" else after
    endpoint.script = [endpoint.error(429, Retry_After=value)]
    begun = time.monotonic()
    connect().ask(REQUEST)
    assert 0.9 <= time.monotonic() - begun < 3


@pytest.mark.parametrize("value", ["", "soon", "-5", "９", "Thu, 99 Jan 1 1:1:1"])
def test_retry_after_that_is_none_is_passed_over(
    connect: Connect, endpoint: "FakeEndpoint", value: str
) -> None:
    endpoint.script = [endpoint.error(429, Retry_After=value.encode().decode("latin-1"))]
    assert connect().ask(REQUEST).content == CONTENT


@pytest.mark.parametrize("digits", [400, 5000])
def test_retry_after_of_many_digits_is_beyond_any_deadline(
    connect: Connect, endpoint: "FakeEndpoint", digits: int
) -> None:
    endpoint.script = [endpoint.error(429, Retry_After="9" * digits)]
    with pytest.raises(NoAnswerError, match="the deadline"):
        connect().ask(REQUEST)


def test_retry_after_beyond_the_deadline_ends_at_once(connect: Connect, endpoint: "FakeEndpoint") -> None:
    endpoint.script = [endpoint.error(429, Retry_After="3600")]
    begun = time.monotonic()
    assert failure(connect(deadline=5)) == "the deadline of 5 seconds has come"
    assert time.monotonic() - begun < 1


def test_deadline_ends_a_request(connect: Connect, endpoint: "FakeEndpoint") -> None:
    endpoint.script = [endpoint.slow(1.0)] * 9
    client = connect(deadline=0.2)
    begun = time.monotonic()
    failure(client)
    assert failure(client) == "the deadline of 0.2 seconds has come"
    assert time.monotonic() - begun < 0.8


def test_endpoint_is_left_alone_after_failures_in_a_row(connect: Connect, endpoint: "FakeEndpoint") -> None:
    endpoint.script = [endpoint.error(500), endpoint.content(CONTENT), *[endpoint.error(500)] * 9]
    client = connect(retries=0, give_up_after=2)
    failure(client)
    client.ask(REQUEST)
    failure(client)
    failure(client)
    assert failure(client) == (
        "2 pieces in a row without an answer, no more are asked: the endpoint answers HTTP 500 (no)"
    )
    assert len(endpoint.requests) == 4


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "; check the environment variable HONGTU_MODEL_KEY, which is not set"),
        (403, "; check the environment variable HONGTU_MODEL_KEY, which is not set"),
        (404, "; check the address and the name of the model"),
        (402, ""),
    ],
)
def test_refusal_ends_all(connect: Connect, endpoint: "FakeEndpoint", status: int, advice: str) -> None:
    endpoint.script = [endpoint.error(status)] * 2
    client = connect()
    assert failure(client) == f"the endpoint answers HTTP {status} (no){advice}"
    assert failure(client) == f"the endpoint answers HTTP {status} (no){advice}"
    assert len(endpoint.requests) == 1


def test_redirection_is_not_followed(
    connect: Connect, endpoint: "FakeEndpoint", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGTU_MODEL_KEY", "sk-secret")
    endpoint.script = [endpoint.error(307, Location=f"{endpoint.url}/elsewhere")]
    assert "HTTP 307 (no); check the address" in failure(connect())
    assert len(endpoint.requests) == 1


def test_what_the_endpoint_says_is_shown_without_signs_that_move_the_cursor(
    connect: Connect, endpoint: "FakeEndpoint"
) -> None:
    endpoint.script = [endpoint.error(404, "\x1b[2Jno such model " + "x" * 500)]
    shown = failure(connect())
    assert "\x1b" not in shown
    assert len(shown) < 250


def test_machine_that_refuses_the_connection(connect: Connect) -> None:
    assert failure(connect(url="http://127.0.0.1:9/v1", retries=0)).startswith(
        "the model cannot be reached ("
    )


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": "many", "completion_tokens": -1}, [1]])
def test_tokens_are_counted_where_the_endpoint_does_not(
    connect: Connect, endpoint: "FakeEndpoint", usage: dict[str, object] | None
) -> None:
    endpoint.usage = usage
    reply = connect().ask(REQUEST)
    assert reply.input_tokens > 300
    assert reply.output_tokens == 6


def test_half_of_a_surrogate_pair_is_no_crash(connect: Connect, endpoint: "FakeEndpoint") -> None:
    broken = json.dumps({"entities": [], "note": "\ud800"}, ensure_ascii=False)
    endpoint.script = [endpoint.content(broken)]
    assert connect().ask(REQUEST).content == broken.replace("\ud800", "?")


def test_reply_that_was_lost_is_not_forgotten_by_the_limit_of_cost(
    connect: Connect, endpoint: "FakeEndpoint"
) -> None:
    endpoint.script = [endpoint.hang_up(), endpoint.error(500)]
    client = connect(input_price=Decimal(1), output_price=Decimal(1), max_cost=Decimal(1))
    client.ask(REQUEST)
    received = Decimal("0.0011")
    assert received < client.spent < 3 * received


def test_request_that_waits_ends_when_the_endpoint_is_halted(
    connect: Connect, endpoint: "FakeEndpoint"
) -> None:
    endpoint.script = [endpoint.error(429, Retry_After="30")]
    client = connect()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(failure, client)
        while not endpoint.requests:
            time.sleep(0.01)
        time.sleep(0.05)
        client.halt("enough")
        assert waiting.result(timeout=5) == "enough"


def test_machine_that_does_not_answer_the_call(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_(*_: object, **__: object) -> None:
        raise urllib.error.URLError(TimeoutError())

    monkeypatch.setattr("urllib.request.OpenerDirector.open", open_)
    client = connect(retries=0, timeout=0.5, input_price=Decimal(1), output_price=Decimal(1))
    assert failure(client) == "no reply within 0.5 seconds"
    assert client.spent == 0


def test_this_machine_is_reached_past_a_proxy(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert connect().ask(REQUEST).content == CONTENT
