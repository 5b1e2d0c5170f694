"""From mentions to things: which names mean the same thing of the plan, and why.

Names of one kind are gathered under one thing when they differ by quotation marks and blanks only, by an ending that
makes no other thing (乾峰大桥建设项目 and 乾峰大桥), by a bracket that explains (农高区（农谷）), when they are the short
and the full name of one administrative area, or when a company's short form begins its full name. Every reason is
kept, so that a person can undo a merge.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from hongtu.loaders.extraction.lexicon import words
from hongtu.loaders.extraction.mentions import KINDS, Mention
from hongtu.loaders.gazetteer import Division, Home, full_code, short_name
from hongtu.loaders.records import Reference

_DROPPED = re.compile(r"[\s“”\"'‘’《》「」·—\-–]")
_BRACKET = re.compile(r"（([^（）]{2,})）$")


MERGE_RULES = {
    "quotes": "只差引号或空格",
    "division": "同一行政区的全称和简称",
    "ending": "词尾不改变所指",
    "bracket": "括号里的说明",
    "short form": "企业的简称",
}
"""The rules by which names are gathered, as people read them."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of the plan: its fullest name, its other names, its mentions by place, and why names were gathered.

    ``reasons`` tells for every other name to which name it was added and by which rule.
    """

    kind: str
    name: str
    aliases: tuple[str, ...]
    mentions: tuple[int, ...]
    confidence: float
    division: Division | None
    reasons: tuple[tuple[str, str, str], ...]

    @property
    def reference(self) -> Reference:
        """The thing's kind and name."""
        return Reference(self.kind, self.name)


def gather(text: str, mentions: Sequence[Mention], home: Home) -> list[Thing]:
    """Return the things that mentions name, in the order of their first mention.

    :param mentions: mentions of the normalised text; ``Thing.mentions`` counts in this list.
    """
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, mention in enumerate(mentions):
        by_name[mention.kind, text[mention.start : mention.end]].append(number)
    things = []
    for kind in KINDS:
        names = {name: numbers for (other, name), numbers in by_name.items() if other == kind}
        reasons = _reasons(kind, list(names), home)
        groups: dict[str, list[str]] = defaultdict(list)
        for name in names:
            groups[_root(name, reasons)].append(name)
        for members in groups.values():
            things.append(_thing(kind, members, names, reasons, mentions, home))
    return sorted(things, key=lambda thing: (thing.mentions[0], KINDS.index(thing.kind)))


def plain(name: str) -> str:
    """Return a name without blanks, quotation marks and dashes.

    >>> plain("“雪亮”工程")
    '雪亮工程'
    """
    return _DROPPED.sub("", name)


def core(kind: str, name: str) -> str:
    """Return a name without an ending that makes no other thing of its kind; itself when less than 2 are left.

    >>> core("Project", "乾峰大桥建设项目"), core("Enterprise", "华翔集团"), core("Industry", "焦化产业")
    ('乾峰大桥', '华翔', '焦化')
    """
    name = plain(name)
    if not name.endswith(_endings(kind)):
        return name
    for ending in _endings(kind):
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return name


@cache
def _endings(kind: str) -> tuple[str, ...]:
    endings = words("aliases", kind) if kind in ("Project", "Enterprise", "Industry", "Strategy") else ()
    return tuple(sorted(endings, key=len, reverse=True))


def _reasons(kind: str, names: list[str], home: Home) -> dict[str, tuple[str, str]]:
    """Return for names that mean what another one means: the other name and the rule."""
    reasons: dict[str, tuple[str, str]] = {}

    def join(keyed: Iterable[tuple[str, str]], rule: str) -> None:
        first: dict[str, str] = {}
        for name, key in keyed:
            other = first.setdefault(key, name)
            one, two = _root(name, reasons), _root(other, reasons)
            if one != two:
                reasons[one] = (two, rule)

    ordered = sorted(names, key=lambda name: (-len(name), name))
    join(((name, plain(name)) for name in ordered), "quotes")
    if kind == "Location":
        areas = {name: home.names[name] for name in ordered if name in home.names}
        join(((name, str(areas[name])) for name in ordered if name in areas), "division")
        # Areas that no list has, such as the towns of an invented county.
        join(((name, short_name(name)) for name in ordered if name not in areas), "division")
    join(((name, core(kind, name)) for name in ordered), "ending")
    known = {plain(name): name for name in ordered}
    for name in ordered:
        if (bracket := _BRACKET.search(name)) is not None:
            for part in (bracket.group(1), name[: bracket.start()]):
                if (other := known.get(plain(part))) is not None:
                    join([(name, "bracket"), (other, "bracket")], "bracket")
    if kind == "Enterprise":
        for name in ordered:
            for length in range(2, len(name) - 1):
                if (other := known.get(name[:length])) is not None and len(name) - length <= 4:
                    join([(name, "short form"), (other, "short form")], "short form")
                    break
    return reasons


def _root(name: str, reasons: dict[str, tuple[str, str]]) -> str:
    while name in reasons:
        name = reasons[name][0]
    return name


def _thing(
    kind: str,
    members: list[str],
    numbers: dict[str, list[int]],
    reasons: dict[str, tuple[str, str]],
    mentions: Sequence[Mention],
    home: Home,
) -> Thing:
    division = next((home.names[name] for name in members if kind == "Location" and name in home.names), None)
    members.sort(key=lambda name: (-len(name), name))
    own = tuple(sorted(number for name in members for number in numbers[name]))
    # Two sightings that may each be wrong are together more sure than one.
    doubt = 1.0
    for number in own:
        doubt *= 1 - mentions[number].confidence
    return Thing(
        kind=kind,
        name=members[0],
        aliases=tuple(members[1:]),
        mentions=own,
        confidence=1 - doubt,
        division=division if division and division.code else None,
        reasons=tuple((name, *reasons[name]) for name in members if name in reasons),
    )


def code_of(thing: Thing) -> str:
    """Return the administrative code of a thing; empty when it is no administrative area."""
    return full_code(thing.division.code) if thing.division else ""
