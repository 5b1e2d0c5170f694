"""The word lists of ``lexicon.toml``, and a trie that finds words in a text."""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words(section: str, name: str) -> tuple[str, ...]:
    """Return a word list.

    >>> words("heads", "Strategy")[0]
    '战略'
    """
    return tuple(_lexicon()[section][name].split())


@cache
def _lexicon() -> dict[str, dict[str, str]]:
    return tomllib.loads(
        files("hongtu.loaders.extraction").joinpath("lexicon.toml").read_text(encoding="utf-8")
    )


class Trie:
    """Finds words in a text: from the left, the longest, none within another.

    >>> list(Trie({"推进": 1, "加快推进": 2, "建设": 3}).find("加快推进乡镇建设"))
    [(0, 4, 2), (6, 8, 3)]
    """

    def __init__(self, values: dict[str, Any]) -> None:
        """Take the words, each with what :meth:`find` gives for it."""
        self._root: dict[str, Any] = {}
        for word, value in values.items():
            node = self._root
            for letter in word:
                node = node.setdefault(letter, {})
            node[""] = value

    def find(self, text: str) -> Iterator[tuple[int, int, Any]]:
        """Yield the start, the end and the value of each word found."""
        root = self._root
        position, length = 0, len(text)
        while position < length:
            node = root.get(text[position])
            if node is None:
                position += 1
                continue
            end, value, at = 0, None, position + 1
            while True:
                if "" in node:
                    end, value = at, node[""]
                if at == length:
                    break
                node = node.get(text[at])
                if node is None:
                    break
                at += 1
            if end:
                yield position, end, value
                position = end
            else:
                position += 1


def by_word(lists: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Return which list each word is in; the first that has it."""
    found: dict[str, str] = {}
    for name, members in lists:
        for word in members:
            found.setdefault(word, name)
    return found
