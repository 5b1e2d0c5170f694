"""The word lists of ``figures.toml``: what the reader of figures knows of the genre."""

import re
from collections.abc import Iterable
from functools import cache

from hongtu.loaders.extraction.lexicon import read_toml


@cache
def figure_words(section: str, name: str) -> frozenset[str]:
    """Return a word list.

    >>> "增长" in figure_words("between", "change")
    True
    """
    return frozenset(rules()[section][name]["words"].split())


@cache
def any_of(section: str, name: str) -> re.Pattern[str]:
    """Return a pattern that matches one word of a list, the longest that fits."""
    return re.compile(either(figure_words(section, name)))


def either(words: Iterable[str]) -> str:
    """Return the text of a pattern that matches one of the words, the longest that fits.

    >>> either(["公里", "平方公里"])
    '(?:平方公里|公里)'
    """
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))})"


@cache
def rules() -> dict[str, dict[str, dict[str, str]]]:
    """Return the lists by section and name, each with its ``words`` and an ``example``."""
    return read_toml("hongtu.loaders.extraction", "figures.toml")
