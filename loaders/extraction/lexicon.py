"""The word lists of ``lexicon.toml``, and a trie that finds words in a text."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PAIR_BITS = 18
"""Bits of the numbers by which pairs of characters are told apart at first sight."""


@cache
def words(section: str, name: str) -> tuple[str, ...]:
    """Return a word list.

    >>> words("heads", "Strategy")[0]
    '战略'
    """
    return tuple(read_toml("hongtu.loaders.extraction", "lexicon.toml")[section][name].split())


@cache
def read_toml(package: str, name: str) -> dict[str, Any]:
    """Return a packaged TOML file of rules or words."""
    return tomllib.loads(files(package).joinpath(name).read_text(encoding="utf-8"))


class Trie:
    """Finds words in a text: from the left, the longest, none within another.

    They are kept by their first two characters, with the length of the longest that begins so.

    >>> list(Trie({"推进": 1, "加快推进": 2, "建设": 3}).find("加快推进乡镇建设"))
    [(0, 4, 2), (6, 8, 3)]
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        """Take the words, none of them empty, each with what :meth:`find` gives for it."""
        self._values = values
        self._longest: dict[str, int] = {}
        for word in values:
            if len(word) > self._longest.get(word[:2], 0):
                self._longest[word[:2]] = len(word)
        # Most places of a text are no beginning of a word, as a look at two characters tells.
        self._pairs = np.zeros(1 << _PAIR_BITS, dtype=np.bool_)
        pairs = "".join(beginning for beginning in self._longest if len(beginning) == 2)
        self._pairs[_pair_numbers(codes_of(pairs))[::2]] = True
        self._singles = codes_of("".join(word for word in values if len(word) == 1))

    def find(self, text: str) -> Iterator[tuple[int, int, Any]]:
        """Yield the start, the end and the value of each word found."""
        codes = codes_of(text)
        begins = self._pairs[_pair_numbers(codes)] | np.isin(codes, self._singles)
        values, longest = self._values, self._longest
        free = 0
        for start in np.flatnonzero(begins).tolist():
            if start < free:
                continue
            for end in range(start + longest.get(text[start : start + 2], 1), start, -1):
                if (word := text[start:end]) in values:
                    free = start + len(word)
                    yield start, free, values[word]
                    break


def codes_of(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text; half a surrogate pair counts as one too."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _pair_numbers(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return a number for each character with the next one; few pairs of characters share theirs."""
    following = np.zeros_like(codes)
    following[:-1] = codes[1:]
    numbers: NDArray[np.uint32] = (codes << np.uint32(5) ^ following) & np.uint32((1 << _PAIR_BITS) - 1)
    return numbers


def by_word(lists: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Return which list each word is in; the first that has it."""
    found: dict[str, str] = {}
    for name, members in lists:
        for word in members:
            found.setdefault(word, name)
    return found
