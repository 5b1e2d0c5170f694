"""The reader that asks a language model after the rules, its estimate and its report."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from hongtu.loaders.extraction.normal import NormalText, normalise
from hongtu.loaders.extraction.outline import read_outline
from hongtu.loaders.language import say
from hongtu.loaders.language_model.answer import Answer, read_answer
from hongtu.loaders.language_model.chunks import Chunk, cut
from hongtu.loaders.language_model.endpoint import Endpoint, NoAnswerError
from hongtu.loaders.language_model.merge import merge
from hongtu.loaders.language_model.prompt import Request, count_tokens, prompt_tokens, request, request_key
from hongtu.loaders.language_model.replies import Reply, ReplyCache
from hongtu.loaders.language_model.settings import ModelSettings
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.records import Entity
from hongtu.loaders.relations import Edge
from hongtu.loaders.source import PlanTables
from hongtu.loaders.targets import Figure


class Extractor(Protocol):
    """What reads a plan: the module :mod:`hongtu.loaders.extraction`, or a :class:`LanguageModelExtractor`."""

    def extract(self, text: PlanText, name: str) -> PlanTables:
        """Return what a plan says; ``name`` becomes its ``id``."""
        ...


@dataclass(frozen=True, slots=True)
class Estimate:
    """What reading a plan would take: pieces, those in the cache, tokens of the others, and their cost.

    Tokens are counted rather too high; a reply is taken to be as long as its piece. ``cost`` is ``None`` without
    prices.
    """

    chunks: int
    cached: int
    input_tokens: int
    output_tokens: int
    cost: Decimal | None

    def __str__(self) -> str:
        return say(
            f"分 {self.chunks} 段，其中 {self.cached} 段已在缓存；约需输入 {self.input_tokens:,} 词元、"
            f"输出 {self.output_tokens:,} 词元",
            f"{self.chunks} pieces, {self.cached} of them in the cache; about {self.input_tokens:,} tokens to send "
            f"and {self.output_tokens:,} to receive",
        ) + _shown(self.cost)


@dataclass(slots=True)
class Report:
    """What reading took and what came of it, of all plans that an extractor has read.

    Tokens and cost are those of replies that came, the cache's not counted; ``cost`` is ``None`` without prices. ``added``, ``dropped`` and ``found``
    are those of :class:`~hongtu.loaders.language_model.merge.Merged`, ``dropped`` also with ``malformed`` items.
    ``problems`` says why pieces have no answer, and how many each: these were read by the rules alone.
    """

    chunks: int = 0
    cached: int = 0
    answered: int = 0
    broken_off: int = 0
    calls: int = 0
    retries: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal | None = None
    added: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    doubted: int = 0
    found: list[Entity | Edge | Figure] = field(default_factory=list)
    problems: Counter[str] = field(default_factory=Counter)

    @property
    def complete(self) -> bool:
        """Whether every piece has its answer."""
        return self.answered == self.chunks

    def __str__(self) -> str:
        added, dropped = self.added, self.dropped
        lines = [
            say(
                f"模型读了 {self.chunks} 段中的 {self.answered} 段（缓存 {self.cached} 段），请求 {self.calls} 次，"
                f"重试 {self.retries} 次；输入 {self.input_tokens:,} 词元，输出 {self.output_tokens:,} 词元",
                f"the model read {self.answered} of {self.chunks} pieces ({self.cached} from the cache) in "
                f"{self.calls} requests, {self.retries} of them again; {self.input_tokens:,} tokens sent, "
                f"{self.output_tokens:,} received",
            )
            + _shown(self.cost),
            say(
                f"新增名称 {added['entities']}、名称的出处 {added['mentions']}、关系 {added['edges']}、"
                f"数字 {added['figures']}；存疑 {self.doubted}；原文里找不到而丢弃 {dropped['ungrounded']}，"
                f"不成立 {dropped['impossible']}，格式不对 {dropped['malformed']}，已有 {dropped['known']}",
                f"new: {added['entities']} names, {added['mentions']} places of names, {added['edges']} edges, "
                f"{added['figures']} figures; doubted: {self.doubted}; dropped: {dropped['ungrounded']} not in the "
                f"plan, {dropped['impossible']} impossible, {dropped['malformed']} malformed, "
                f"{dropped['known']} known",
            ),
        ]
        if self.broken_off:
            lines.append(
                say(
                    f"{self.broken_off} 段的回答过长而中断，只取了完整的条目；可提高 max_tokens",
                    f"the replies to {self.broken_off} pieces broke off at their longest length, their whole items "
                    "were taken; give a larger max_tokens",
                )
            )
        lines += [
            say(f"{count} 段只按规则读取：{reason}", f"{count} pieces read by the rules alone: {reason}")
            for reason, count in self.problems.items()
        ]
        return "\n".join(lines)


class LanguageModelExtractor:
    """Reads a plan by rules, then by a model, and merges what both found.

    ``report`` tells of all that was read so far; ``settings.max_cost`` holds for all of it.
    """

    def __init__(self, settings: ModelSettings, base: Extractor) -> None:
        """Read with the rules of ``base``, the module :mod:`hongtu.loaders.extraction`, before the model."""
        self.settings = settings
        self.base = base
        self.report = Report(cost=settings.cost(0, 0))
        self._spent = Decimal(0)

    def estimate(self, text: PlanText, name: str) -> Estimate:
        """Return what :meth:`extract` would take. No socket is opened, no file written.

        :raises StoreError: when the cache cannot be used.
        """
        _, view, requests = self._requests(text, name)
        file = self.settings.cache
        with ReplyCache(file if file and file.is_file() else None) as cache:
            missing = [
                (chunk, request) for chunk, request in requests if cache.get(request_key(request)) is None
            ]
        sent = sum(prompt_tokens(request) for _, request in missing)
        received = sum(
            min(self.settings.max_tokens, count_tokens(view.text[chunk.start : chunk.end]))
            for chunk, _ in missing
        )
        return Estimate(
            len(requests), len(requests) - len(missing), sent, received, self.settings.cost(sent, received)
        )

    def extract(self, text: PlanText, name: str) -> PlanTables:
        """Return what a plan says. A piece that gets no answer keeps what the rules found; the report says so.

        The same replies give the same tables, in whatever order they come.

        :raises UsageError: when the API key has characters that no header may hold.
        :raises StoreError: when the cache cannot be used.
        """
        base, view, requests = self._requests(text, name)
        self.report.chunks += len(requests)
        answers = []
        for chunk, reply in self._replies(requests):
            answer = read_answer(reply.content) or Answer()
            self.report.answered += 1
            self.report.broken_off += not reply.complete
            self.report.dropped["malformed"] += answer.malformed
            answers.append((chunk, answer))
        merged = merge(base, text, view, answers, self.settings.confidence)
        self.report.added += merged.added
        self.report.dropped += merged.dropped
        self.report.doubted += merged.doubted
        self.report.found += merged.found
        return merged.tables

    def _requests(
        self, text: PlanText, name: str
    ) -> tuple[PlanTables, NormalText, list[tuple[Chunk, Request]]]:
        base = self.base.extract(text, name)
        view = normalise(text.text)
        chunks = cut(read_outline(view.text))
        return base, view, [(chunk, request(self.settings, base, view, chunk)) for chunk in chunks]

    def _replies(self, requests: list[tuple[Chunk, Request]]) -> Iterator[tuple[Chunk, Reply]]:
        """Yield the pieces that have an answer, in order; count what it took."""
        with ReplyCache(self.settings.cache) as cache:
            missing = []
            replies: dict[Chunk, Reply] = {}
            for chunk, asked in requests:
                if (kept := cache.get(request_key(asked))) is not None:
                    replies[chunk] = kept
                else:
                    missing.append((chunk, asked))
            self.report.cached += len(replies)
            if self.settings.cache_only and missing:
                self.report.problems[say("回答不在缓存里", "the reply is not in the cache")] += len(missing)
            elif missing:
                replies.update(self._ask(missing, cache))
        for chunk, _ in requests:
            if chunk in replies:
                yield chunk, replies[chunk]

    def _ask(self, missing: list[tuple[Chunk, Request]], cache: ReplyCache) -> dict[Chunk, Reply]:
        """Return the replies of the endpoint, by piece."""
        endpoint = Endpoint(self.settings, self._spent)

        def ask(asked: Request) -> Reply | str:
            try:
                reply = endpoint.ask(asked)
            except NoAnswerError as error:
                return str(error)
            cache.put(request_key(asked), reply)
            return reply

        replies: dict[Chunk, Reply] = {}
        with ThreadPoolExecutor(self.settings.concurrency) as pool:
            try:
                for (chunk, _), reply in zip(
                    missing, pool.map(ask, [asked for _, asked in missing]), strict=True
                ):
                    if isinstance(reply, str):
                        self.report.problems[reply] += 1
                    else:
                        replies[chunk] = reply
            finally:
                # Ctrl-C, or a cache that fails: threads that wait for their turn must not hold up the end.
                endpoint.halt("")
        self._spent = endpoint.spent
        report = self.report
        report.calls += endpoint.calls
        report.retries += endpoint.retries
        report.input_tokens += endpoint.input_tokens
        report.output_tokens += endpoint.output_tokens
        report.cost = self.settings.cost(report.input_tokens, report.output_tokens)
        return replies


def _shown(cost: Decimal | None) -> str:
    return "" if cost is None else say(f"，费用 {cost:.4f}", f", cost {cost:.4f}")
