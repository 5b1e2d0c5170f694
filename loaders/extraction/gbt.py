"""The place of an industry's name in GB/T 4754-2017, the national classification of economic activities."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from hongtu.loaders.extraction.lexicon import read_toml
from hongtu.loaders.industries import parse_gbt

# 蓝莓精深加工 is 蓝莓加工.
_NOISE = re.compile(r"[\s“”‘’\"'《》（）()「」]+|[精深粗初]+(?=加工)")
_AND = re.compile(r"以及|[、，,/／和与及]")
# 汽车及零部件 is one thing: the parts of cars.
_WITH_ITS = re.compile(r"及其?(?=零部件|部件|配件|制品|配套)")


@lru_cache(maxsize=4096)
def gbt_of(name: str) -> str:
    """Return the section (``C``) or section and division (``C25``) of an industry's name, "" if none or several fit.

    The words, and the rule by which they decide, stand in ``gbt.toml``.

    >>> gbt_of("焦化产业集群"), gbt_of("肉牛养殖"), gbt_of("肉牛精深加工"), gbt_of("电子商务"), gbt_of("数字经济")
    ('C25', 'A03', 'C13', 'F', '')

    Things joined by 和 or 、 have what they share:

    >>> gbt_of("船舶和航空航天装备"), gbt_of("服装、家具"), gbt_of("养老和白酒")
    ('C37', 'C', '')
    """
    name = _WITH_ITS.sub("", _NOISE.sub("", name).upper())
    parts = [name] if name in _words()[0] else _AND.split(name)
    return _shared([code for part in parts if (code := _code(_stem(part)))])


@dataclass(frozen=True, slots=True)
class _Head:
    """A word such as 加工 that turns the code of what stands before it into another."""

    turn: dict[str, str]
    otherwise: str

    def turned(self, code: str) -> str:
        found = self.turn.get(code) or self.turn.get(code[:1]) or self.otherwise
        return code if found == "same" else found


def _code(stem: str) -> str:
    """Return the code of the word that ends last in a stem, the longest of those."""
    words, _ = _words()
    for end in range(len(stem), 0, -1):
        word = _word_before(stem, end)
        # A single character within a name is hardly ever the word: 茶 in 健康茶, not in 茶具.
        if not word or (len(word) == 1 and end < len(stem)):
            continue
        found = words[word]
        return found.turned(_code(stem[: end - len(word)])) if isinstance(found, _Head) else found
    return ""


def _word_before(name: str, end: int) -> str:
    """Return the longest word that ends there in a name."""
    words, longest = _words()
    starts = range(max(0, end - longest), end)
    return next((name[start:end] for start in starts if name[start:end] in words), "")


def _stem(name: str) -> str:
    """Return a name without its endings: 酒产业集群 → 酒; but 现代农业 ends in a word and stays."""
    while not _word_before(name, len(name)):
        ending = next((ending for ending in _endings() if name.endswith(ending)), "")
        if not ending or ending == name:
            break
        name = name.removesuffix(ending)
    return name


def _shared(codes: list[str]) -> str:
    """Return the code that all have, else their section, else "".

    >>> _shared(["C25", "C26"]), _shared(["C25", "D44"]), _shared(["D44"])
    ('C', '', 'D44')
    """
    for shared in ({*codes}, {code[0] for code in codes}):
        if len(shared) == 1:
            return shared.pop()
    return ""


@cache
def _words() -> tuple[dict[str, str | _Head], int]:
    """Return the code, or the head, of every word, and the length of the longest."""
    tables = _tables()
    codes = {code: table for code, table in tables.items() if code not in {"endings", "none", "heads"}}
    words: dict[str, str | _Head] = {table["name"]: parse_gbt(code) for code, table in codes.items()}
    for head in tables["heads"].values():
        turn = {before: whole for whole, befores in head["turn"].items() for before in befores.split()}
        words |= dict.fromkeys(head["words"].split(), _Head(turn, head["else"]))
    words |= dict.fromkeys(tables["none"]["words"].split(), "")
    for code, table in codes.items():
        words |= dict.fromkeys(table.get("words", "").split(), code)
    return words, max(map(len, words))


@cache
def _endings() -> tuple[str, ...]:
    return tuple(sorted(_tables()["endings"]["words"].split(), key=len, reverse=True))


@cache
def _tables() -> dict[str, Any]:
    return read_toml("hongtu.loaders.extraction", "gbt.toml")
