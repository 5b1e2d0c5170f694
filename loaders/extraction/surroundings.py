"""What a text says of each mention by itself: its ending, the words and marks beside it, what it stands in.

The word lists are in ``relations.toml``. No name of a thing is looked at, but for the levels of administrative divisions.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hongtu.loaders.extraction.lexicon import Trie, codes_of, read_toml, words
from hongtu.loaders.extraction.mentions import KINDS, Mention
from hongtu.loaders.extraction.outline import Outline
from hongtu.loaders.extraction.signals import VERBS
from hongtu.loaders.gazetteer import divisions, short_name

Ints = NDArray[np.int64]

LEVELS = ("none", "province", "city", "county", "town", "country")
REPEATS = ("once", "again", "often", "most")
BESIDE = "、，。；：（）“”|\n的等和与及在由"
"""Characters of note beside a name."""

_LONGEST_LABEL = 12
_STOPS = "，：。！？；（）|\n"


@cache
def word_lists() -> dict[str, Any]:
    """Return ``relations.toml``."""
    return read_toml("hongtu.loaders.extraction", "relations.toml")


@cache
def cues() -> tuple[tuple[str, ...], Trie]:
    """Return the names of the lists of cues, and the number of each word's list."""
    lists = {name: members.split() for name, members in word_lists()["cues"].items()}
    lists |= {name: list(words("boundaries", name)) for name in VERBS}
    numbers: dict[str, int] = {}
    for number, members in enumerate(lists.values()):
        for word in members:
            numbers.setdefault(word, number)
    return tuple(lists), Trie(numbers)


@cache
def ending_lists() -> tuple[str, ...]:
    """Return the names of the lists of endings; that of none first."""
    lists = word_lists()["endings"]
    return "none", *(f"{kind} {name}" for kind in lists for name in lists[kind])


@cache
def _endings() -> dict[str, list[tuple[str, int]]]:
    """Return by kind of name and last character the endings, the longest first, with the numbers of their lists."""
    endings: dict[str, list[tuple[str, int]]] = {}
    for number, name in enumerate(ending_lists()[1:], start=1):
        kind, short = name.split(" ")
        for word in word_lists()["endings"][kind][short].split():
            endings.setdefault(kind + word[-1], []).append((word, number))
    return {key: sorted(group, key=lambda ending: -len(ending[0])) for key, group in endings.items()}


def _ending(kind: str, name: str) -> int:
    """Return the number of the list that the longest ending of a name stands in."""
    for word, number in _endings().get(kind + name[-1], ()):
        if name.endswith(word):
            return number
    return 0


@cache
def _levels() -> dict[str, int]:
    """Return the level of each division by its full name, and by its short one where it is above a town."""
    levels = dict.fromkeys(("中国", "全国", "我国"), LEVELS.index("country"))
    for code, name in divisions().items():
        level = {2: 1, 4: 2, 6: 3}.get(len(code), 4)
        levels.setdefault(name, level)
        if level < 4:
            levels.setdefault(short_name(name), level)
    return levels


class Surroundings:
    """What the text says of each mention by itself: arrays, one value per mention, in the mentions' order."""

    def __init__(self, text: str, outline: Outline, mentions: Sequence[Mention]) -> None:
        """Take a normalised text and its names by their start, the longer first, each in a sentence of the outline."""
        surfaces = [text[mention.start : mention.end] for mention in mentions]
        levels = _levels()
        self.kind = _ints(KINDS.index(mention.kind) for mention in mentions)
        self.start = _ints(mention.start for mention in mentions)
        self.end = _ints(mention.end for mention in mentions)
        self.ending = _ints(map(_ending, (mention.kind for mention in mentions), surfaces))
        self.level = np.where(
            self.kind == KINDS.index("Location"), _ints(levels.get(surface, 0) for surface in surfaces), 0
        )
        self.repeats = _repeats(mentions, surfaces)
        self.outer, self.twins = _nesting(mentions)
        self.outer_kind = np.where(self.outer >= 0, self.kind[self.outer] + 1, 0)
        self.free = (self.outer < 0).astype(np.int64)
        starts = _ints(sentence.start for sentence in outline.sentences)
        paragraphs = _ints(sentence.paragraph for sentence in outline.sentences)
        self.sentence = np.searchsorted(starts, self.start, side="right") - 1
        self.paragraph = paragraphs[self.sentence]
        first = np.diff(paragraphs, prepend=-1) != 0
        last = np.diff(paragraphs, append=-1) != 0
        # 0 further in the paragraph, 1 its first sentence, 2 its only one.
        self.leads = np.where(first, 1 + last, 0)[self.sentence]
        self.since = self.start - starts[self.sentence]
        self._read_marks(text)
        self._read_cues(text, starts[np.searchsorted(paragraphs, self.paragraph)])

    def _read_marks(self, text: str) -> None:
        """Read the characters beside each mention, and count the marks outside of names up to each character."""
        codes = codes_of(text)
        depth = np.zeros(len(text) + 1, dtype=np.int64)
        np.add.at(depth, self.start, 1)
        np.add.at(depth, self.end, -1)
        self.outside = depth.cumsum()[:-1] == 0
        self.items = _count((codes == ord("、")) & self.outside)
        self.commas = _count(((codes == ord("，")) | (codes == ord("："))) & self.outside)
        self.brackets = _count(((codes == ord("（")) | (codes == ord("）"))) & self.outside)
        self.cells = _count(codes == ord("|"))
        self.clause = _count(np.isin(codes, [ord(stop) for stop in _STOPS]))
        self.colons = np.flatnonzero(codes == ord("："))
        marks = np.array([ord(mark) for mark in BESIDE])
        padded = np.concatenate([[0], codes, [0]])
        self.left, self.right = (
            ((padded[at][:, None] == marks) * np.arange(1, len(marks) + 1)).max(axis=1, initial=0)
            for at in (self.start, self.end + 1)
        )

    def _read_cues(self, text: str, paragraph_start: Ints) -> None:
        """Read the last cue before and the first behind each mention in its clause, and the label of its clause."""
        lists, trie = cues()
        found = np.array(list(trie.find(text)), dtype=np.int64).reshape(-1, 3)
        start, end, number = found[self.outside[found[:, 0]]].T
        # How many cues of each list end up to each place where a name begins or ends.
        self.edges = np.unique(np.concatenate([self.start, self.end]))
        self.cues = np.zeros((len(lists), len(self.edges) + 1), dtype=np.int32)
        np.add.at(self.cues, (number, np.searchsorted(self.edges, end)), 1)
        self.cues.cumsum(axis=1, out=self.cues)
        # A cue before the text and one behind it, in no clause, spare the question whether there is any.
        clause = np.concatenate([[-1], self.clause[start], [-1]])
        start, end, number = (
            np.concatenate([[low], column, [high]])
            for low, column, high in ((-9, start, len(text) + 9), (-9, end, len(text) + 9), (0, number, 0))
        )
        here = self.clause[self.start]
        last = np.searchsorted(end, self.start, side="right") - 1
        self.before = np.where(clause[last] == here, 1 + 2 * number[last] + (end[last] == self.start), 0)
        next_ = np.searchsorted(start, self.end)
        self.behind = np.where(
            clause[next_] == self.clause[self.end], 1 + 2 * number[next_] + (start[next_] == self.end), 0
        )
        colon = np.concatenate([[-1], self.colons])[np.searchsorted(self.colons, self.start)]
        word = np.searchsorted(end, colon, side="right") - 1
        labelled = (colon >= 0) & (self.clause[colon + 1] == here) & (end[word] == colon)
        self.label = np.where(labelled, 1 + number[word], 0)
        self.labels_paragraph = labelled & (colon - paragraph_start <= _LONGEST_LABEL)


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _count(marked: NDArray[np.bool_]) -> Ints:
    """Return how many marks stand before each character, and before the end."""
    return np.concatenate([[0], np.cumsum(marked)])


def _repeats(mentions: Sequence[Mention], surfaces: Sequence[str]) -> Ints:
    """Return how often the first two characters of a name begin names of its kind in the text (:data:`REPEATS`)."""
    keys = [(mention.kind, surface[:2]) for mention, surface in zip(mentions, surfaces, strict=True)]
    counts = Counter(keys)
    most: dict[str, int] = {}
    for (kind, _), count in counts.items():
        most[kind] = max(most.get(kind, 3), count)
    return _ints(3 if counts[key] == most[key[0]] else (counts[key] > 1) + (counts[key] > 4) for key in keys)


def _nesting(mentions: Sequence[Mention]) -> tuple[Ints, Ints]:
    """Return the smallest mention that holds each, or -1, and the first other kind, from 1, at the same place."""
    outer = np.full(len(mentions), -1, dtype=np.int64)
    twins = np.zeros(len(mentions), dtype=np.int64)
    open_: list[int] = []
    for i, mention in enumerate(mentions):
        while open_ and mentions[open_[-1]].end < mention.end:
            open_.pop()
        for j in reversed(open_):
            if mentions[j].start < mention.start or mentions[j].end > mention.end:
                outer[i] = j
                break
            twins[i] = 1 + KINDS.index(mentions[j].kind)
            twins[j] = twins[j] or 1 + KINDS.index(mention.kind)
        open_.append(i)
    return outer, twins
