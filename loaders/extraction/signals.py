"""Signals: what word lists, the gazetteer and the build of the text say of every character.

They are the general knowledge that the tagger gets beside the characters themselves: a place of the plan's home, a
verb of building before it, a list that ends in …等项目, a section that looks back, a rare pair of characters that
comes again. Each signal is a small whole number per character, 0 for nothing.
"""

import re
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from hongtu.loaders.extraction.lexicon import Trie, by_word, codes_of, words
from hongtu.loaders.extraction.mentions import KINDS
from hongtu.loaders.extraction.outline import Outline
from hongtu.loaders.gazetteer import Home

VERBS = ("build", "act", "develop", "support")
_LISTS = (*VERBS, "loose", "enterprises")
_SIDES = ("home", "inside", "above", "outside 2", "outside 4", "outside 6")
SIZES = {
    "place": 1 + 4 * len(_SIDES),
    "word": 1 + 4 * len(_LISTS),
    "list": 3 + len(KINDS),
    "verb": 1 + len(VERBS),
    "past": 2,
    "again": 6,
}
"""The signals and how many values each has."""

_CLAUSE = re.compile(r"[^，：。！？；\n]+")
_HEAD = re.compile(r"等|(?:[一二三四五六七八九十百两]|\d+)(?:大|个|项|条|座|所|处|批|类|种|家)")
_TAIL = 16
_OPEN_LIST, _OTHER_LIST = len(KINDS) + 1, len(KINDS) + 2


def read_signals(
    text: str, outline: Outline, home: Home, pairs: NDArray[np.int64]
) -> dict[str, NDArray[np.int8]]:
    """Return the signals of a normalised text, by name, one value per character.

    :param pairs: what pair each character begins with the next one, 0 for a pair that is rare in the genre.
    """
    signals = {name: np.zeros(len(text), dtype=np.int8) for name in SIZES}
    found = list(_word_trie().find(text))
    _mark(signals["place"], [(start, end, _SIDES.index(side)) for start, end, side in places(text, home)])
    _mark(signals["word"], found)
    verbs = [(end, number + 1) for _, end, number in found if number < len(VERBS)]
    _mark_clauses(text, verbs, signals["verb"], signals["list"])
    ends = [*(heading.start for heading in outline.headings[1:]), len(text)]
    for heading, end in zip(outline.headings, ends, strict=False):
        if heading.past:
            signals["past"][heading.start : end] = 1
    signals["again"][:] = _again(text, pairs)
    return signals


@lru_cache(maxsize=1)
def places(text: str, home: Home) -> tuple[tuple[int, int, str], ...]:
    """Return the administrative areas that a text names: start, end, and how each lies to the home."""
    found = ((start, end, home.relation(division)) for start, end, division in Trie(home.names).find(text))
    return tuple((start, end, side if side in _SIDES else _SIDES[-1]) for start, end, side in found)


@cache
def _word_trie() -> Trie:
    lists = ((name, words("known" if name == "enterprises" else "boundaries", name)) for name in _LISTS)
    return Trie({word: _LISTS.index(name) for word, name in by_word(lists).items()})


@cache
def _head_kinds() -> dict[str, int]:
    return {
        head: KINDS.index(kind) + 1 for head, kind in by_word((k, words("heads", k)) for k in KINDS).items()
    }


def _mark(signal: NDArray[np.int8], words: list[tuple[int, int, int]]) -> None:
    """Write where each word of a start, an end and a value begins, goes on and ends, or that it is one character."""
    start, end, value = np.array(words, dtype=np.int64).reshape(-1, 3).T
    length = end - start
    before = length.cumsum() - length
    signal[np.arange(length.sum()) + np.repeat(start - before, length)] = np.repeat(2 + 4 * value, length)
    signal[end - 1] = 3 + 4 * value
    signal[start] = np.where(length == 1, 4, 1) + 4 * value


def _mark_clauses(
    text: str, verbs: list[tuple[int, int]], verb: NDArray[np.int8], listed: NDArray[np.int8]
) -> None:
    """Write the verb that governs each character, and what the list is of that it stands in."""
    following = 0
    for clause in _CLAUSE.finditer(text):
        start, end = clause.span()
        while following < len(verbs) and verbs[following][0] <= start:
            following += 1
        since, governing = start, 0
        while following < len(verbs) and verbs[following][0] <= end:
            verb[since : verbs[following][0]] = governing
            since, governing = verbs[following]
            following += 1
        verb[since:end] = governing
        since = start
        if "、" in clause.group() or "等" in clause.group():
            for head in _HEAD.finditer(text, start, end):
                if head.group() == "等" or text.find("、", since, head.start()) >= 0:
                    listed[since : head.start()] = _list_kind(text[head.end() : min(end, head.end() + _TAIL)])
                    since = head.end()


def _list_kind(tail: str) -> int:
    """Return what a list is of by the words behind it: the longest head that stands first.

    >>> KINDS[_list_kind("重点项目建设") - 1]
    'Project'
    """
    if not tail:
        return _OPEN_LIST
    kinds = _head_kinds()
    for length in range(min(6, len(tail)), 0, -1):
        for start in range(len(tail) - length + 1):
            if kind := kinds.get(tail[start : start + length]):
                return kind
    return _OTHER_LIST


def _again(text: str, pairs: NDArray[np.int64]) -> NDArray[np.int8]:
    """Return how often a rare pair of characters stands in the text, up to 5; 0 for the common ones."""
    codes = codes_of(text).astype(np.int64)
    rare = np.flatnonzero(pairs == 0)
    keys = (codes * 0x110000 + np.append(codes[1:], 0))[rare]
    _, places, counts = np.unique(keys, return_inverse=True, return_counts=True)
    again = np.zeros(len(text), dtype=np.int8)
    again[rare] = np.minimum(counts[places], 5)
    return again
