"""A chat endpoint: one request, one reply, or one sentence that says why there is none.

Only the standard library speaks to it. Redirections are not followed, so that the API key goes to no other host;
what the endpoint says in an error is shown without the key.
"""

import http.client
import json
import random
import re
import threading
import time
import urllib.error
import urllib.request
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import IO, Any

from hongtu.loaders.language import say
from hongtu.loaders.language_model.answer import read_answer
from hongtu.loaders.language_model.prompt import SCHEMA, Request, count_tokens, prompt_tokens, request_key
from hongtu.loaders.language_model.replies import Reply
from hongtu.loaders.language_model.settings import ModelSettings
from hongtu.loaders.tables import shorten

# Structured output by what endpoints take, the strictest first.
FORMATS: tuple[dict[str, Any], ...] = (
    {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA},
        }
    },
    {"response_format": {"type": "json_object"}},
    {},
)
# What a single request is to blame for: its form, its length.
_OWN_FAULT = (400, 413, 422)
_LARGEST_REPLY = 4_000_000
_MOST_TOKENS = 1_000_000_000


class NoAnswerError(Exception):
    """A piece got no answer; the message says why, in the user's language."""


class _NoReplyError(Exception):
    """A request without a usable reply. ``lost`` tells that the endpoint may have charged for one."""

    lost = False


class _FailedError(_NoReplyError):
    """A request that may do better when made again; ``pause`` are the seconds that the endpoint asks for."""

    def __init__(self, reason: str, *, pause: float = 0.0, lost: bool = False) -> None:
        super().__init__(reason)
        self.pause, self.lost = pause, lost


class _RefusedError(_NoReplyError):
    """A request that the endpoint will not take, however often; with the HTTP status."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Endpoint:
    """The endpoint during the reading of one plan. Threads may share it.

    It is left alone, and :meth:`ask` says so at once, after ``settings.give_up_after`` pieces in a row without an
    answer, after a refusal that every request would meet, at the deadline, and when the next request could bring
    ``spent`` above ``settings.max_cost``.
    """

    def __init__(self, settings: ModelSettings, spent: Decimal) -> None:
        """Make the endpoint ready; ``spent`` is what was spent before. No connection is opened."""
        self._settings = settings
        self._key = settings.key()
        handlers: list[urllib.request.BaseHandler] = [_NoRedirection()]
        if re.match(r"https?://(localhost|127\.|\[::1\])", settings.address):
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)
        self._until = time.monotonic() + settings.deadline
        self._lock = threading.Condition()
        self._halted = threading.Event()
        self._reason = ""
        self._failures = self._format = self._under_way = 0
        self._not_before = 0.0
        self.spent = spent
        self.calls = self.retries = self.input_tokens = self.output_tokens = 0

    def halt(self, reason: str) -> None:
        """Make no further request; those that wait end with the reason."""
        with self._lock:
            self._reason = self._reason or reason
        self._halted.set()

    def ask(self, request: Request) -> Reply:
        """Return the reply to a request.

        :raises NoAnswerError: when there is none.
        """
        chance = random.Random(f"{self._settings.seed} {request_key(request)}")
        pause, resume = self._settings.first_pause, 0.0
        for attempt in range(self._settings.retries + 1):
            self._wait(resume)
            with self._lock:
                self.retries += attempt > 0
            try:
                reply = self._attempt(request)
            except _FailedError as failure:
                reason = str(failure)
                now = time.monotonic()
                # What the endpoint asks for holds for all threads. Half of one's own pause is by chance, so that
                # they do not come back all at once.
                self._not_before = max(self._not_before, now + failure.pause)
                resume = now + pause * (0.5 + chance.random() / 2)
                pause = min(2 * pause, self._settings.longest_pause)
            except _RefusedError as refusal:
                reason = str(refusal)
                if refusal.status not in _OWN_FAULT:
                    self.halt(reason)
                break
            else:
                self._failures = 0
                return reply
        self._count_failure(reason)
        raise NoAnswerError(reason)

    def _count_failure(self, reason: str) -> None:
        with self._lock:
            self._failures += 1
            failures = self._failures
        if failures >= self._settings.give_up_after:
            self.halt(
                say(
                    f"连续 {failures} 段没有回答，不再询问：{reason}",
                    f"{failures} pieces in a row without an answer, no more are asked: {reason}",
                )
            )

    def _wait(self, resume: float) -> None:
        """Wait until the next request may be made.

        :raises NoAnswerError: when none may be made any more.
        """
        while (moment := max(self._not_before, resume)) > time.monotonic() and moment < self._until:
            if self._halted.wait(moment - time.monotonic()):
                break
        if max(moment, time.monotonic()) >= self._until:
            seconds = f"{self._settings.deadline:g}"
            self.halt(say(f"总时限 {seconds} 秒已到", f"the deadline of {seconds} seconds has come"))
        if self._halted.is_set():
            raise NoAnswerError(self._reason)

    def _attempt(self, request: Request) -> Reply:
        """Make a request once, in the strictest form that the endpoint takes."""
        for number in range(self._format, len(FORMATS)):
            try:
                reply = self._request(request, {**request, **FORMATS[number]})
            except _RefusedError as refusal:
                if refusal.status not in _OWN_FAULT or number + 1 == len(FORMATS):
                    raise
            else:
                self._format = max(self._format, number)
                break
        if read_answer(reply.content) is None:
            raise _FailedError(
                say("模型没有按要求回答 JSON", "the model did not answer with the JSON asked for")
            )
        return reply

    def _request(self, request: Request, body: dict[str, Any]) -> Reply:
        """Send a request that the limit of cost allows, and account for it.

        What it could cost at most is set aside: a text never has more tokens than bytes. For a reply that was lost
        on its way all of it stays set aside.
        """
        data = json.dumps(body, ensure_ascii=False).encode()
        most = self._settings.cost(len(data), self._longest(body)) or Decimal(0)
        self._set_aside(most)
        cost = most
        try:
            reply = _read_reply(request, self._send(data))
            cost = self._settings.cost(reply.input_tokens, reply.output_tokens) or Decimal(0)
        except _NoReplyError as error:
            cost = most if error.lost else Decimal(0)
            raise
        finally:
            with self._lock:
                self.spent += cost - most
                self._under_way -= 1
                self._lock.notify_all()
        with self._lock:
            self.input_tokens += reply.input_tokens
            self.output_tokens += reply.output_tokens
        return reply

    def _set_aside(self, most: Decimal) -> None:
        """Count a request that may cost so much.

        :raises NoAnswerError: when it could exceed the limit, all others being paid.
        """
        limit = self._settings.max_cost
        with self._lock:
            while exceeds := limit is not None and self.spent + most > limit:
                if not self._under_way:
                    break
                self._lock.wait()
            if not exceeds:
                self.spent += most
                self.calls += 1
                self._under_way += 1
                return
        self.halt(say(f"费用上限 {limit} 不够再问", f"the limit of cost, {limit}, allows no further request"))
        raise NoAnswerError(self._reason)

    def _longest(self, body: dict[str, Any]) -> int:
        limits = [body.get("max_tokens"), body.get("max_completion_tokens")]
        return max((limit for limit in limits if isinstance(limit, int)), default=self._settings.max_tokens)

    def _send(self, data: bytes) -> Any:
        """Return the JSON that the endpoint sends back."""
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "hongtu"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        message = urllib.request.Request(self._settings.address, data, headers, method="POST")
        timeout = max(0.001, min(self._settings.timeout, self._until - time.monotonic()))
        until = time.monotonic() + timeout
        try:
            with self._opener.open(message, timeout=timeout) as response:
                return json.loads(_content(response, until).decode("utf-8"))
        except urllib.error.HTTPError as error:
            with error:
                raise self._status(error, until) from None
        except TimeoutError as error:
            raise _FailedError(self._too_slow(), lost=True) from error
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise _FailedError(self._too_slow()) from error
            reason = say(f"连不上模型（{error.reason}）", f"the model cannot be reached ({error.reason})")
            raise _FailedError(reason) from error
        except (ValueError, RecursionError) as error:
            reason = say("回答不是完整的 UTF-8 JSON", "the reply is no whole JSON in UTF-8")
            raise _FailedError(reason, lost=True) from error
        except (OSError, http.client.HTTPException) as error:
            reason = say("连接中断", "the connection broke off") + f" ({type(error).__name__})"
            raise _FailedError(reason, lost=True) from error

    def _too_slow(self) -> str:
        seconds = f"{self._settings.timeout:g}"
        return say(f"{seconds} 秒内没有回答", f"no reply within {seconds} seconds")

    def _status(self, error: urllib.error.HTTPError, until: float) -> _NoReplyError:
        """Return what an HTTP status other than 2xx stands for."""
        try:
            detail = _error_message(_content(error, until))
        except (OSError, ValueError, RecursionError, http.client.HTTPException):
            detail = ""
        if self._key:
            detail = detail.replace(self._key, "***")
        # Signs that would move a terminal's cursor are left out.
        shown = shorten("".join(filter(str.isprintable, detail)), 120)
        reason = say(f"端点答复 HTTP {error.code}", f"the endpoint answers HTTP {error.code}")
        reason += f" ({shown})" if shown else ""
        if error.code in (408, 409, 429) or error.code >= 500:
            return _FailedError(reason, pause=_retry_after(error.headers.get("Retry-After", "")))
        if error.code in (401, 403):
            variable = self._settings.key_variable
            reason += say(
                f"；检查环境变量 {variable}" + ("" if self._key else "（现在没有设置）"),
                f"; check the environment variable {variable}" + ("" if self._key else ", which is not set"),
            )
        elif error.code == 404 or error.code < 400:
            reason += say("；检查网址和模型名称", "; check the address and the name of the model")
        return _RefusedError(reason, error.code)


def _read_reply(request: Request, payload: Any) -> Reply:
    try:
        choice = payload["choices"][0]
        content, end = choice["message"]["content"], choice.get("finish_reason")
        usage = payload.get("usage")
        if not isinstance(content, str):
            raise TypeError
    except (AttributeError, KeyError, IndexError, TypeError) as error:
        raise _FailedError(say("回答里没有文字", "the reply has no text"), lost=True) from error
    # Half of a surrogate pair, which JSON can write but UTF-8 cannot.
    content = content.encode("utf-8", "replace").decode("utf-8")

    def tokens(name: str, counted: int) -> int:
        number = usage.get(name) if isinstance(usage, dict) else None
        return number if type(number) is int and 0 <= number < _MOST_TOKENS else counted

    return Reply(
        content,
        end != "length",
        tokens("prompt_tokens", prompt_tokens(request)),
        tokens("completion_tokens", count_tokens(content)),
    )


def _content(response: IO[bytes], until: float) -> bytes:
    """Return the body of a response.

    :raises TimeoutError: when it is not all there in time: the timeout of a socket begins anew with every byte.
    :raises ValueError: when it is larger than any reply.
    """
    body = bytearray()
    # HTTPError wraps the response; both read what is there without waiting for more.
    read = getattr(response, "read1", response.read)
    while part := read(65536):
        body += part
        if len(body) > _LARGEST_REPLY:
            raise ValueError
        if time.monotonic() > until:
            raise TimeoutError
    return bytes(body)


def _error_message(body: bytes) -> str:
    payload = json.loads(body.decode("utf-8", "replace"))
    error = payload.get("error", payload) if isinstance(payload, dict) else ""
    message = error.get("message", "") if isinstance(error, dict) else error
    return message if isinstance(message, str) else ""


def _retry_after(value: str) -> float:
    """Return the seconds of a Retry-After header, 0 for none (RFC 9110, section 10.2.3: seconds or a date)."""
    if value.isascii() and value.isdecimal():
        # More digits than a float holds are infinity, which is beyond any deadline.
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0.0
