import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from hongtu.loaders.extraction.normal import normalise
from hongtu.loaders.extraction.outline import read_outline
from hongtu.loaders.language_model import ModelSettings
from hongtu.loaders.language_model.answer import Answer, read_answer
from hongtu.loaders.language_model.chunks import Chunk, cut
from hongtu.loaders.language_model.grounding import Grounding
from hongtu.loaders.language_model.prompt import (
    FIELDS,
    PREDICATES,
    SCHEMA,
    Request,
    prompt_tokens,
    request,
    request_key,
)
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.relations import PREDICATES as ALL_PREDICATES

if TYPE_CHECKING:
    from tests.loaders.language_model.conftest import Rules

Settings = Callable[..., ModelSettings]


@pytest.fixture
def ask(settings: Settings, text: PlanText, rules: "Rules") -> Callable[..., Request]:
    """Make the request for the first chapter of the invented plan."""
    view = normalise(text.text)
    chunk = cut(read_outline(view.text))[1]
    tables = rules.extract(text, "青禾")
    return lambda **values: request(settings(**values), tables, view, chunk)


def test_request_has_the_place_and_what_was_found_there(ask: Callable[..., Request]) -> None:
    user = ask()["messages"][1]["content"]
    assert "所在地：青禾县" in user
    assert "做强果业" in user.split("位置：")[1].split("\n")[0]
    assert "Project：冷链仓库\nEnterprise：青禾果业集团\nIndustry：果品产业\nLocation：𠮷岭镇" in user
    assert "青禾果业集团 undertakes 冷链仓库" in user
    assert "果品产量 12.5 万吨 2025" in user
    assert "建设冷链仓库、果汁生产线" in user
    assert "果香古道" not in user


def test_request_is_of_temperature_zero_with_a_seed(ask: Callable[..., Request]) -> None:
    body = ask(seed=7)
    assert (body["temperature"], body["seed"], body["max_tokens"]) == (0, 7, 2000)


def test_options_replace_and_leave_out_fields(ask: Callable[..., Request]) -> None:
    body = ask(options={"max_tokens": None, "max_completion_tokens": 99})
    assert "max_tokens" not in body
    assert body["max_completion_tokens"] == 99


def test_key_is_of_the_question_and_not_of_the_way(ask: Callable[..., Request]) -> None:
    same = [ask(), ask(url="https://elsewhere/v1", timeout=1, retries=0, concurrency=1, key_variable="OTHER")]
    other = [ask(model="large"), ask(seed=1), ask(max_tokens=5), ask(options={"top_p": 1})]
    assert len(set(map(request_key, same))) == 1
    assert len(set(map(request_key, [*same, *other]))) == 5


def test_schema_is_strict() -> None:
    for name, fields in FIELDS.items():
        item: Any = SCHEMA["properties"][name]["items"]  # type: ignore[index]
        assert item["required"] == list(item["properties"]) == list(fields)
        assert item["additionalProperties"] is False
    assert set(PREDICATES) < set(ALL_PREDICATES)


def test_example_in_the_prompt_follows_its_own_rules(ask: Callable[..., Request]) -> None:
    system = ask()["messages"][0]["content"]
    example = system.split("原文“")[1].split("”")[0]
    answer = read_answer(system)
    assert answer is not None
    assert answer.malformed == 0
    assert answer != Answer()
    view = normalise(example)
    grounding = Grounding(view, Chunk(0, len(view.text), (), False))
    quotes = [
        *(entity.quote for entity in answer.entities),
        *(relation.quote for relation in answer.relations),
        *(figure.quote for figure in answer.figures),
    ]
    assert all(map(grounding.quote, quotes))
    assert all(name in system for fields in FIELDS.values() for name in fields)
    assert all(word in system for fields in FIELDS.values() for words in fields.values() for word in words)


def test_tokens_are_counted_with_the_schema(ask: Callable[..., Request]) -> None:
    body = ask()
    characters = sum(len(message["content"]) for message in body["messages"])
    assert characters * 0.6 < prompt_tokens(body) < characters + len(json.dumps(SCHEMA))
