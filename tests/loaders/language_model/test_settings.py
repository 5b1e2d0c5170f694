from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hongtu.loaders.errors import UsageError
from hongtu.loaders.language_model import ModelSettings

PRICES = {"input_price": Decimal(1), "output_price": Decimal(2)}


def settings(**values: Any) -> ModelSettings:
    return ModelSettings(**{"model": "tiny", "url": "http://127.0.0.1:1/v1", **values})


@pytest.mark.parametrize(
    "url",
    ["https://host/v1", "https://host/v1/", "https://host/v1/chat/completions"],
)
def test_address_ends_with_the_chat_completions(url: str) -> None:
    assert settings(url=url).address == "https://host/v1/chat/completions"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "host/v1",
        "ftp://host",
        "file:///etc/passwd",
        "http://",
        "http://[",
        "http://a b",
        "http://主机",
        "http://a..b",
    ],
)
def test_other_addresses_than_http_are_refused(url: str) -> None:
    with pytest.raises(UsageError, match=r"must be http:// or https://, such as https://host/v1"):
        settings(url=url)


@pytest.mark.parametrize(
    "url", ["https://me:secret@host/v1", "https://host/v1?key=secret", "https://host#secret"]
)
def test_secrets_in_the_address_are_refused_and_not_shown(url: str) -> None:
    with pytest.raises(UsageError, match="environment variable") as error:
        settings(url=url)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"model": ""}, "give the name of the model"),
        ({"concurrency": 0}, "concurrency is 0, give more than 0"),
        ({"retries": -1}, "retries: at least 0"),
        ({"max_cost": Decimal(1)}, "a limit of cost needs the prices"),
        ({"input_price": Decimal("NaN")}, "input_price is NaN, give a number of at least 0"),
        ({"output_price": Decimal("-0.1")}, "output_price is -0.1, give a number of at least 0"),
        ({**PRICES, "max_cost": Decimal("NaN")}, "max_cost is NaN, give a number of at least 0"),
        ({**PRICES, "max_cost": Decimal("Infinity")}, "max_cost is Infinity, give a number"),
        ({**PRICES, "max_cost": Decimal(1), "options": {"max_tokens": None}}, "needs a limit of the reply"),
        ({**PRICES, "max_cost": Decimal(1), "options": {"max_tokens": "9"}}, "needs a limit of the reply"),
        ({"cache_only": True}, "give the cache file"),
        ({"options": {"stream": True}}, "Hongtu itself fills in: stream"),
    ],
)
def test_impossible_values_are_usage_errors(values: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        settings(**values)


def test_key_comes_from_the_environment_and_is_in_no_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", " sk-secret\n")
    made = settings(key_variable="MY_KEY", cache=Path("x"))
    assert made.key() == "sk-secret"
    assert "secret" not in repr(made)


def test_key_that_no_header_may_hold_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGTU_MODEL_KEY", "sk-secret\r\nX-Other: 1")
    with pytest.raises(UsageError, match="HONGTU_MODEL_KEY has blanks") as error:
        settings().key()
    assert "secret" not in str(error.value)


def test_a_limit_of_cost_goes_with_either_limit_of_the_reply() -> None:
    settings(**PRICES, max_cost=Decimal(0))
    settings(**PRICES, max_cost=Decimal(1), options={"max_tokens": None, "max_completion_tokens": 99})


def test_cost_is_unknown_without_prices() -> None:
    assert settings().cost(1, 1) is None
    assert settings(input_price=Decimal(1), output_price=Decimal(3)).cost(1_000_000, 2_000_000) == 7
