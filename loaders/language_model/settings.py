"""How a language model is reached, what it may cost, and how long it may take."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say

MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """A chat endpoint and the limits of its use.

    :param model: the model's name at the endpoint.
    :param url: the address below which ``/chat/completions`` stands, ``https://…/v1``; http or https.
    :param key_variable: the environment variable with the API key; none is sent when it is unset. It is never
        the variable of another service by default, so that a key goes to no host it was not meant for.
    :param options: further fields of the request, or other values; ``None`` leaves a field out
        (``{"max_tokens": None, "max_completion_tokens": 2000}``).
    :param cache: an SQLite file that keeps the replies; ``None`` keeps none.
    :param cache_only: take replies from the cache alone, open no socket.
    :param max_tokens: the longest reply, in tokens.
    :param concurrency: how many requests may be under way at once.
    :param timeout: seconds that one request may take; ``deadline``: seconds for all of a plan.
    :param retries: how often a request is made again; the pause doubles from ``first_pause`` to
        ``longest_pause`` seconds, but is never shorter than what the endpoint asks for.
    :param give_up_after: so many pieces in a row without an answer, and the endpoint is left alone.
    :param input_price: price of a million tokens sent, ``output_price``: of a million received, in any currency.
    :param max_cost: no request is made that could exceed this sum; it needs the two prices.
    :param confidence: the most that something found by the model alone gets.
    :raises UsageError: when a value is not allowed.
    """

    model: str
    url: str
    key_variable: str = "HONGTU_MODEL_KEY"
    options: Mapping[str, object] = field(default_factory=dict)
    cache: Path | None = None
    cache_only: bool = False
    max_tokens: int = 2000
    seed: int = 0
    concurrency: int = 4
    timeout: float = 60.0
    deadline: float = 900.0
    retries: int = 4
    first_pause: float = 1.0
    longest_pause: float = 30.0
    give_up_after: int = 3
    input_price: Decimal | None = None
    output_price: Decimal | None = None
    max_cost: Decimal | None = None
    confidence: Decimal = Decimal("0.6")

    def __post_init__(self) -> None:
        if not self.model:
            raise UsageError(say("要给出模型名称", "give the name of the model"))
        _check_url(self.url)
        if taken := sorted({"messages", "model", "n", "response_format", "stream"} & self.options.keys()):
            raise UsageError(
                say(
                    f"请求的这些字段由程序填写：{', '.join(taken)}",
                    f"Hongtu itself fills in: {', '.join(taken)}",
                )
            )
        numbers = {
            "max_tokens": self.max_tokens,
            "concurrency": self.concurrency,
            "timeout": self.timeout,
            "deadline": self.deadline,
            "give_up_after": self.give_up_after,
        }
        for name, number in numbers.items():
            if number <= 0:
                raise UsageError(
                    say(f"{name} 是 {number}，要大于 0", f"{name} is {number}, give more than 0")
                )
        if self.retries < 0 or not 0 <= self.confidence <= 1:
            raise UsageError(
                say(
                    "retries 不能小于 0，confidence 在 0 到 1 之间", "retries: at least 0; confidence: 0 to 1"
                )
            )
        prices = {
            "input_price": self.input_price,
            "output_price": self.output_price,
            "max_cost": self.max_cost,
        }
        for name, price in prices.items():
            if price is not None and (not price.is_finite() or price < 0):
                raise UsageError(
                    say(
                        f"{name} 是 {price}，要是不小于 0 的数",
                        f"{name} is {price}, give a number of at least 0",
                    )
                )
        if self.max_cost is not None and (self.input_price is None or self.output_price is None):
            raise UsageError(
                say(
                    "限定费用要同时给出每百万词元的输入价和输出价",
                    "a limit of cost needs the prices of a million tokens, input and output",
                )
            )
        if self.max_cost is not None:
            self._check_reply_is_limited()
        if self.cache_only and self.cache is None:
            raise UsageError(say("只用缓存要给出缓存文件", "to use the cache alone, give the cache file"))

    def _check_reply_is_limited(self) -> None:
        """Raise a usage error when a reply may be of any length: then nobody knows what a request may cost."""
        fields = {"max_tokens": self.max_tokens, **self.options}
        limits = [
            fields[name] for name in ("max_tokens", "max_completion_tokens") if fields.get(name) is not None
        ]
        # True is an int, too.
        if not limits or not all(type(limit) is int and limit > 0 for limit in limits):
            raise UsageError(
                say(
                    "限定费用要限定回答的长度：max_tokens 或 max_completion_tokens 写大于 0 的整数",
                    "a limit of cost needs a limit of the reply: "
                    "give max_tokens or max_completion_tokens as a whole number above 0",
                )
            )

    @property
    def address(self) -> str:
        """The address to which requests go."""
        base = self.url.rstrip("/")
        return base if base.endswith("/chat/completions") else f"{base}/chat/completions"

    def key(self) -> str:
        """Return the API key, empty when there is none.

        :raises UsageError: when it has characters that no header may hold; the message does not show it.
        """
        key = os.environ.get(self.key_variable, "").strip()
        if not re.fullmatch(r"[!-~]*", key):
            raise UsageError(
                say(
                    f"环境变量 {self.key_variable} 里的密钥含有空白或非 ASCII 字符，请重新复制",
                    f"the key in the environment variable {self.key_variable} has blanks or characters "
                    "beyond ASCII: copy it again",
                )
            )
        return key

    def cost(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        """Return what so many tokens cost; ``None`` when the prices are not known.

        >>> ModelSettings(
        ...     model="m", url="http://localhost", input_price=Decimal(2), output_price=Decimal(8)
        ... ).cost(500_000, 250_000)
        Decimal('3')
        """
        if self.input_price is None or self.output_price is None:
            return None
        return (self.input_price * input_tokens + self.output_price * output_tokens) / MILLION


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna")
        sound = parts.scheme in ("http", "https") and bool(host) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or re.search(r"[^!-~]", url):
        raise UsageError(
            say(
                "模型的网址要以 http:// 或 https:// 开头，如 https://主机/v1",
                "the address of the model must be http:// or https://, such as https://host/v1",
            )
        )
    if parts.username is not None or parts.query or parts.fragment:
        # They may hold a password, which would then stand in messages: the address is not shown.
        raise UsageError(
            say(
                "模型的网址里不能有用户名、密码、? 或 #；密钥放进环境变量",
                "the address of the model must have no user, password, ? or #; "
                "the key belongs into an environment variable",
            )
        )
