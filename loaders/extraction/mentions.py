"""Mentions: the names that stand in a plan's text."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from hongtu.loaders.extraction.lexicon import Trie
from hongtu.loaders.extraction.outline import Outline

KINDS = ("Strategy", "Project", "Enterprise", "Organization", "Industry", "Location")
"""The kinds of named things, in the order of the tagger's columns."""

_BRACKETS = ("“”", "（）", "《》")
_NEAR = ("home", "inside", "above")
_OF_PLACE = 0.95
_OF_HEADING = 0.9
# 第三章实施文旅强县战略打造…, （八）农业“特”“优”战略
_STRATEGY = re.compile(
    r"(?:第[一二三四五六七八九十\d]+[编篇章节部]|[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d+[.、])?+"
    r"(?:(?:深入|大力|全面|加快|坚定|扎实|持续|坚决|积极|主动|全力以赴|深度|协同|坚定不移|着力在?|以)?(?:实施|推进|推动|坚持|落实|践行|贯彻|聚焦|围绕|融入|服务|对接|抢抓))*+"
    r"(?P<name>(?!(?:重大|国家|发展|区域|重点|各项|协同)*战略)[^，。；：的]{2,24}?战略)(?!性|合作|支撑|定位|机遇|目标|部署|任务|支点|重点|思想)"
)
SURE = 0.8
"""The least confidence of a name that is looked for elsewhere."""
_SHORTEST_AGAIN = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the normalised view: ``view.text[start:end]``. ``confidence`` is between 0 and 1."""

    kind: str
    start: int
    end: int
    confidence: float


def in_order(mentions: Iterable[Mention]) -> list[Mention]:
    """Return mentions by their start, the longer first."""
    return sorted(mentions, key=lambda mention: (mention.start, -mention.end, KINDS.index(mention.kind)))


def whole(text: str, mention: Mention) -> Mention | None:
    """Return a name that does not begin or end within a Latin word or a figure, and whose brackets are in pairs.

    ``None`` when nothing sound is left.

    >>> text = "长安OPPO研发中心、《若干措施》"
    >>> [whole(text, Mention("Project", *place, 1.0)).end for place in ((0, 3), (11, 15))]
    [6, 15]
    """
    start, end = mention.start, mention.end
    while start > 0 and _is_latin(text[start - 1]) and _is_latin(text[start]):
        start -= 1
    while end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]):
        end += 1
    for pair in _BRACKETS:
        opening, closing = pair[0], pair[1]
        depth = text.count(opening, start, end) - text.count(closing, start, end)
        if depth > 0 and text[end : end + 1] == closing:
            end += 1
        elif depth < 0 and start > 0 and text[start - 1] == opening:
            start -= 1
        elif depth > 0 and text[start] == opening:
            start += 1
        elif depth < 0 and text[end - 1] == closing:
            end -= 1
        elif depth:
            return None
    return Mention(mention.kind, start, end, mention.confidence) if end - start >= 2 else None


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def with_strategies(text: str, outline: Outline, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, and the strategies that headings name whole (（八）农业“特”“优”战略).

    They take the place of strategies that were found within or across them.
    """
    named = []
    for heading in outline.headings:
        if found := _STRATEGY.match(text, heading.start, heading.end):
            named.append(Mention("Strategy", *found.span("name"), _OF_HEADING))
    others = [
        mention
        for mention in mentions
        if mention.kind != "Strategy"
        or not any(mention.start < strategy.end and strategy.start < mention.end for strategy in named)
    ]
    return in_order([*others, *named])


def with_places(mentions: Sequence[Mention], places: Iterable[tuple[int, int, str]]) -> list[Mention]:
    """Return the mentions, and the home, its parts and what it lies in wherever they are named.

    A name of the plan's own area means that area nearly always, also within another name (云岭县 in 云岭县工业园区).
    Names of other areas may be anything (a hotel, a product); there the tagger decides.

    :param places: start, end, and how each lies to the home.
    """
    known = {(mention.start, mention.end) for mention in mentions if mention.kind == "Location"}
    found = [
        Mention("Location", start, end, _OF_PLACE)
        for start, end, side in places
        if side in _NEAR and (start, end) not in known
    ]
    return in_order([*mentions, *found])


def with_short_forms(text: str, mentions: Sequence[Mention], stems: Collection[str]) -> list[Mention]:
    """Return the mentions with companies of the plan found by their stems, wherever these stand.

    A doubtful company that begins with a stem (陆合井下) is that company alone.

    :param stems: what is left of sure companies' names without 集团 and the like, but for common words.

    >>> found = with_short_forms("陆合集团、陆合井下应用", [Mention("Enterprise", 0, 4, 0.9)], {"陆合"})
    >>> [(mention.start, mention.end) for mention in found]
    [(0, 4), (5, 7)]
    """
    kept = []
    taken = bytearray(len(text))
    for mention in mentions:
        if mention.kind == "Enterprise":
            name = text[mention.start : mention.end]
            if mention.confidence < SURE and any(name.startswith(stem) for stem in stems):
                continue
            taken[mention.start : mention.end] = b"\1" * len(name)
        kept.append(mention)
    found = [
        Mention("Enterprise", start, end, SURE)
        for start, end, _ in Trie(dict.fromkeys(stems, True)).find(text)
        if not any(taken[start:end])
    ]
    return in_order([*kept, *found])


def with_repeats(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, and further places of names that are sure: of three characters or more, of known kind.

    A name is not looked for within or across another name of its kind.

    >>> found = with_repeats("引进云帆股份，云帆股份投产", [Mention("Enterprise", 2, 6, 0.9)])
    >>> [(mention.start, mention.end) for mention in found]
    [(2, 6), (7, 11)]
    """
    kind_of: dict[str, str] = {}
    taken: dict[str, bytearray] = {kind: bytearray(len(text)) for kind in KINDS}
    for mention in mentions:
        taken[mention.kind][mention.start : mention.end] = b"\1" * (mention.end - mention.start)
        if mention.confidence >= SURE and mention.end - mention.start >= _SHORTEST_AGAIN:
            kind_of.setdefault(text[mention.start : mention.end], mention.kind)
    again = [
        Mention(kind, start, end, SURE)
        for start, end, kind in Trie(kind_of).find(text)
        if not any(taken[kind][start:end])
    ]
    return in_order([*mentions, *again])
