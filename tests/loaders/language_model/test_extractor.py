import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hongtu.loaders.errors import StoreError, UsageError
from hongtu.loaders.language_model import LanguageModelExtractor
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.source import PlanTables

if TYPE_CHECKING:
    from tests.loaders.language_model.conftest import FakeEndpoint, Rules

Make = Callable[..., LanguageModelExtractor]
PRICES: dict[str, Any] = {"input_price": Decimal(2), "output_price": Decimal(8)}
ONE_REPLY = Decimal("0.0028")
CHAPTERS = 3  # the title stands in a piece of its own

ANSWERS: dict[str, dict[str, Any]] = {
    "第一章": {
        "entities": [
            {"kind": "Enterprise", "name": "丰原果汁公司", "quote": "丰原果汁公司与柳河大学"},
            {"kind": "Project", "name": "果汁生产线", "quote": "冷链仓库、果汁生产线"},
            {"kind": "Enterprise", "name": "虚构集团", "quote": "虚构集团建设"},
        ],
        "relations": [
            {
                "subject": "丰原果汁公司",
                "predicate": "undertakes",
                "object": "果汁生产线",
                "quote": "在𠮷岭镇建设果汁生产线",
            }
        ],
        "figures": [],
        "wrong": [],
    },
    "第二章": {
        "entities": [{"kind": "Project", "name": "“果香古道”行动", "quote": "推进“果香古道”行动"}],
        "wrong": [{"kind": "Location", "name": "果香古道"}],
    },
}


@pytest.fixture
def base(rules: "Rules", text: PlanText) -> PlanTables:
    return rules.extract(text, "青禾")


def test_what_the_model_adds_is_merged(
    extractor: Make, endpoint: "FakeEndpoint", text: PlanText, base: PlanTables
) -> None:
    endpoint.answers = ANSWERS
    reader = extractor(**PRICES)
    tables = reader.extract(text, "青禾")
    assert [entity.name for entity in tables.entities[len(base.entities) :]] == [
        "果汁生产线",
        "丰原果汁公司",
        "“果香古道”行动",
    ]
    assert [edge.predicate for edge in tables.edges[len(base.edges) :]] == ["undertakes"]
    assert tables.entities[5].confidence == Decimal("0.3")
    report = reader.report
    assert report.complete
    assert (report.chunks, report.answered, report.calls, report.retries) == (CHAPTERS, CHAPTERS, CHAPTERS, 0)
    assert (report.input_tokens, report.output_tokens, report.cost) == (3000, 300, 3 * ONE_REPLY)
    assert report.added == {"entities": 3, "edges": 1}
    assert (report.dropped["ungrounded"], report.doubted, len(report.found)) == (1, 1, 4)
    assert str(report) == (
        "the model read 3 of 3 pieces (0 from the cache) in 3 requests, 0 of them again; 3,000 tokens sent, "
        "300 received, cost 0.0084\n"
        "new: 3 names, 0 places of names, 1 edges, 0 figures; doubted: 1; dropped: 1 not in the plan, "
        "0 impossible, 0 malformed, 0 known"
    )


def test_order_of_the_replies_does_not_matter(
    extractor: Make, endpoint: "FakeEndpoint", text: PlanText
) -> None:
    endpoint.answers = ANSWERS
    tables = extractor(concurrency=1).extract(text, "青禾")
    serve, waits = endpoint.serve, [0.1, 0.05, 0.0]

    def late(handler: Any) -> None:
        with endpoint.lock:
            wait = waits.pop(0)
        time.sleep(wait)
        serve(handler)

    endpoint.serve = late  # type: ignore[method-assign]
    assert extractor(concurrency=3).extract(text, "青禾") == tables


def test_server_that_is_down_leaves_what_the_rules_found(
    extractor: Make, text: PlanText, base: PlanTables
) -> None:
    reader = extractor(url="http://127.0.0.1:9/v1", retries=1, give_up_after=2, concurrency=1)
    assert reader.extract(text, "青禾") == base
    assert not reader.report.complete
    assert reader.report.answered == 0
    told = str(reader.report).splitlines()[2:]
    assert told[0].startswith("2 pieces read by the rules alone: the model cannot be reached (")
    assert told[1].startswith(
        "1 pieces read by the rules alone: 2 pieces in a row without an answer, no more"
    )


def test_piece_without_an_answer_leaves_the_others(
    extractor: Make, endpoint: "FakeEndpoint", text: PlanText, base: PlanTables
) -> None:
    endpoint.answers = ANSWERS
    endpoint.script = [endpoint.content("{}"), endpoint.error(500, "over")]
    reader = extractor(retries=0, concurrency=1)
    tables = reader.extract(text, "青禾")
    assert [entity.name for entity in tables.entities[len(base.entities) :]] == ["“果香古道”行动"]
    assert list(reader.report.problems) == [
        "the model did not answer with the JSON asked for",
        "the endpoint answers HTTP 500 (over)",
    ]


def test_same_question_is_asked_once(
    extractor: Make, endpoint: "FakeEndpoint", text: PlanText, cache: Path
) -> None:
    endpoint.answers = ANSWERS
    first = extractor(cache=cache).extract(text, "青禾")
    reader = extractor(cache=cache, **PRICES)
    assert reader.extract(text, "青禾") == first
    assert len(endpoint.requests) == CHAPTERS
    assert (reader.report.cached, reader.report.calls, reader.report.cost) == (CHAPTERS, 0, Decimal(0))


@pytest.mark.usefixtures("offline")
def test_cache_alone_opens_no_socket(extractor: Make, text: PlanText, cache: Path, base: PlanTables) -> None:
    reader = extractor(cache=cache, cache_only=True)
    assert reader.extract(text, "青禾") == base
    assert str(reader.report).splitlines()[-1] == (
        "3 pieces read by the rules alone: the reply is not in the cache"
    )


def test_cache_replays_the_same_tables_without_a_socket(
    extractor: Make, endpoint: "FakeEndpoint", text: PlanText, cache: Path, request: pytest.FixtureRequest
) -> None:
    endpoint.answers = ANSWERS
    first = extractor(cache=cache).extract(text, "青禾")
    request.getfixturevalue("offline")
    reader = extractor(cache=cache, cache_only=True, url="https://elsewhere.invalid/v1")
    assert repr(reader.extract(text, "青禾")) == repr(first)
    assert reader.report.complete


def test_failed_replies_are_not_cached(
    extractor: Make, endpoint: "FakeEndpoint", text: PlanText, cache: Path
) -> None:
    endpoint.script = [endpoint.content("没有"), endpoint.content("没有"), endpoint.content("没有")]
    extractor(cache=cache, retries=0, concurrency=1).extract(text, "青禾")
    reader = extractor(cache=cache)
    reader.extract(text, "青禾")
    assert (reader.report.cached, reader.report.answered) == (0, CHAPTERS)


@pytest.mark.usefixtures("offline")
def test_estimate_opens_no_socket_and_writes_no_file(extractor: Make, text: PlanText, cache: Path) -> None:
    estimate = extractor(cache=cache, **PRICES).estimate(text, "青禾")
    assert (estimate.chunks, estimate.cached) == (CHAPTERS, 0)
    assert 3000 < estimate.input_tokens < 9000
    assert 100 < estimate.output_tokens < len(text.text)
    assert estimate.cost == (2 * estimate.input_tokens + 8 * estimate.output_tokens) / Decimal(1_000_000)
    assert str(estimate).startswith("3 pieces, 0 of them in the cache; about ")
    assert not cache.exists()


def test_estimate_leaves_out_what_is_in_the_cache(extractor: Make, text: PlanText, cache: Path) -> None:
    reader = extractor(cache=cache)
    reader.extract(text, "青禾")
    estimate = reader.estimate(text, "青禾")
    assert (estimate.cached, estimate.input_tokens, estimate.cost) == (CHAPTERS, 0, None)


@pytest.mark.parametrize(("limit", "calls"), [("0.0159", 0), ("0.016", 1), ("0.0479", 2), ("0.048", 3)])
def test_limit_of_cost_is_never_exceeded(
    extractor: Make, endpoint: "FakeEndpoint", text: PlanText, limit: str, calls: int
) -> None:
    endpoint.usage = {"prompt_tokens": 1000, "completion_tokens": 2000}
    reader = extractor(max_cost=Decimal(limit), input_price=Decimal(0), output_price=Decimal(8))
    reader.extract(text, "青禾")
    assert reader.report.cost == calls * Decimal("0.016")
    assert len(endpoint.requests) == reader.report.calls == calls
    if calls < CHAPTERS:
        assert f"the limit of cost, {limit}, allows no further request" in str(reader.report)


def test_limit_of_cost_holds_for_all_plans_of_an_extractor(
    extractor: Make, endpoint: "FakeEndpoint", text: PlanText
) -> None:
    endpoint.usage = {"prompt_tokens": 1000, "completion_tokens": 2000}
    reader = extractor(max_cost=Decimal("0.064"), input_price=Decimal(0), output_price=Decimal(8))
    reader.extract(text, "青禾")
    reader.extract(text, "青禾")
    assert (reader.report.chunks, reader.report.answered) == (2 * CHAPTERS, 4)


def test_request_waits_for_those_under_way_before_the_limit_of_cost_ends_all(
    extractor: Make, text: PlanText
) -> None:
    # A request is set aside with more than half of the limit, and costs little.
    reader = extractor(max_cost=Decimal("0.06"), **PRICES)
    reader.extract(text, "青禾")
    assert reader.report.complete


def test_reply_that_broke_off_gives_its_whole_items(
    extractor: Make, endpoint: "FakeEndpoint", text: PlanText
) -> None:
    half = '{"entities": [{"kind": "Project", "name": "果汁生产线", "quote": ""}, {"kind": "Proj'
    endpoint.script = [endpoint.content(half, finish_reason="length")] * CHAPTERS
    reader = extractor()
    assert reader.extract(text, "青禾").entities[-1].name == "果汁生产线"
    assert "the replies to 3 pieces broke off at their longest length" in str(reader.report)


def test_cache_that_is_no_cache_is_one_clear_error(extractor: Make, text: PlanText, cache: Path) -> None:
    cache.write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match="cannot serve as the cache"):
        extractor(cache=cache).extract(text, "青禾")


def test_key_is_in_no_cache_and_no_report(
    extractor: Make, endpoint: "FakeEndpoint", text: PlanText, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.script = [endpoint.error(401, "bad key sk-secret")]
    monkeypatch.setenv("HONGTU_MODEL_KEY", "sk-secret")
    reader = extractor(cache=cache, concurrency=1)
    reader.extract(text, "青禾")
    reader.extract(text, "青禾")
    assert {headers["Authorization"] for headers in endpoint.headers} == {"Bearer sk-secret"}
    assert b"sk-secret" not in cache.read_bytes()
    assert "sk-secret" not in str(reader.report) + repr(reader.report) + repr(reader.settings)
    assert "bad key ***" in str(reader.report)


def test_key_that_no_header_may_hold_is_a_usage_error(
    extractor: Make, text: PlanText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGTU_MODEL_KEY", "钥匙")
    with pytest.raises(UsageError, match="copy it again"):
        extractor().extract(text, "青禾")


def test_messages_are_chinese_for_chinese_users(
    extractor: Make, text: PlanText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    reader = extractor(**PRICES)
    reader.extract(text, "青禾")
    assert str(reader.report).startswith("模型读了 3 段中的 3 段（缓存 0 段），请求 3 次，重试 0 次；")
    assert str(reader.estimate(text, "青禾")).startswith("分 3 段，其中 0 段已在缓存；约需输入 ")
