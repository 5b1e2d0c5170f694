"""The tagger: which characters of a text make names, and of which kind.

A small convolutional network reads a text character by character: each character with its neighbours and its signals
(:mod:`~hongtu.loaders.extraction.signals`) becomes a vector, four layers look up to 15 characters to both sides, and a
last one says for each kind how well the character begins, continues or ends a name (B, I, E; S for a name of one
character, O for none). The best sequence of labels of each kind is found by the Viterbi algorithm, kinds apart, so
that the place in a project's name is found too.

``tagger.npz`` holds the weights. ``benchmarks/train_tagger.py`` learns them: first to guess hidden characters of 389
government reports without any annotation, then from annotated ones; they are the mean of five such runs. Only pairs of characters that stand in 25 reports
or more have a vector of their own, so that no name of one place is in there.
"""

import math
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hongtu.loaders.extraction.lexicon import codes_of
from hongtu.loaders.extraction.mentions import KINDS, Mention, in_order
from hongtu.loaders.extraction.outline import Outline
from hongtu.loaders.extraction.signals import SIZES, read_signals
from hongtu.loaders.gazetteer import Home

LABELS = ("O", "B", "I", "E", "S")
DILATIONS = (1, 2, 4, 8)
REACH = sum(DILATIONS)
"""How many characters to either side the network sees."""

LEAST = {
    "Strategy": 0.6,
    "Project": 0.6,
    "Enterprise": 0.48,
    "Organization": 0.5,
    "Industry": 0.58,
    "Location": 0.5,
}
"""The least confidence of a name by its kind: where precision and recall are in balance."""

_BLOCK = 2048
SENTENCE = re.compile(r"[^。！？；\n]+")
# A character whose best label is this much worse than O ends a run of characters that may hold a name.
_HOPELESS = 9.0
_LEAST = -1e4
_ROUNDING = 0.01
_STOP = re.compile("[。！？；\n]")
# O, E and S: behind these, a name may begin.
_OUTSIDE = (0, 3, 4)

_FOLD = str.maketrans(
    {**{str(digit): "0" for digit in range(10)}, **{chr(c): chr(c + 32) for c in range(65, 91)}}
)

Floats = NDArray[np.float32]


def fold(text: str) -> str:
    """Return a text with all figures as 0 and Latin letters small: the tagger sees no difference between them."""
    return text.translate(_FOLD)


class Alphabet:
    """Numbers of characters and pairs of characters: 0 for those unknown, 1 for a hidden one, then in order."""

    def __init__(self, characters: str, pairs: NDArray[np.int64]) -> None:
        """Take the known characters, and the known pairs as first × size + second, ascending."""
        self.characters = characters
        self.size = len(characters) + 2
        self.pairs = pairs
        self._numbers = np.zeros(0x110000, dtype=np.int64)
        self._numbers[[ord(character) for character in characters]] = np.arange(2, self.size)
        for code, folded in _FOLD.items():
            self._numbers[code] = self._numbers[ord(folded)]

    def encode(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the number of each character, and of the pair that it begins with the next one."""
        codes = codes_of(text)
        singles = self._numbers[codes]
        return singles, self.encode_pairs(singles)

    def encode_pairs(self, singles: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of each pair along the last axis; that of the last character is 0."""
        keys = singles[..., :-1] * self.size + singles[..., 1:]
        found = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        known = np.where(self.pairs[found] == keys, found + 1, 0)
        return np.concatenate([known, np.zeros_like(singles[..., :1])], axis=-1)


class Tagger:
    """A trained network; see the module."""

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        """Take the arrays of ``tagger.npz`` by their names."""
        self.alphabet = Alphabet(str(weights["characters"]), weights["pairs"].astype(np.int64))
        table = {name: _unpacked(weights, name) for name in weights if name.endswith("/q")}
        self._single = table["single/q"]
        self._before, self._behind = table["before/q"], table["behind/q"]
        # Signals are looked up two or four at a time.
        self._near = _sums(table["place/q"], table["word/q"])
        self._far = _sums(_sums(table["list/q"], table["verb/q"]), _sums(table["past/q"], table["again/q"]))
        self._layers = [(weights[f"layer{i}"], weights[f"bias{i}"]) for i in range(len(DILATIONS))]
        self._last, self._last_bias = weights["last"], weights["last_bias"]
        self._transitions = weights["transitions"].astype(np.float32)

    def mentions(self, text: str, outline: Outline, home: Home) -> list[Mention]:
        """Return the names in a normalised text by their start, the longer first."""
        singles, pairs = self.alphabet.encode(text)
        signals = read_signals(text, outline, home, pairs)
        return decode(text, self.scores(singles, pairs, signals), self._transitions)

    def is_rare(self, name: str) -> bool:
        """Tell whether the first two characters of a name stand together in few reports of the genre."""
        return not self.alphabet.encode(name)[1][0]

    def scores(
        self, singles: NDArray[np.int64], pairs: NDArray[np.int64], signals: dict[str, NDArray[np.int8]]
    ) -> Floats:
        """Return how well each label fits: characters × kinds × labels."""
        near = signals["place"].astype(np.int64) * SIZES["word"] + signals["word"]
        far = (signals["list"].astype(np.int64) * SIZES["verb"] + signals["verb"]) * (2 * SIZES["again"])
        far += signals["past"] * SIZES["again"] + signals["again"]
        before = np.concatenate([[0], pairs[:-1]])
        scores = np.empty((len(singles), len(KINDS) * len(LABELS)), dtype=np.float32)
        for start in range(0, len(singles), _BLOCK):
            first, end = max(0, start - REACH), min(len(singles), start + _BLOCK)
            part = slice(first, min(len(singles), end + REACH))
            vectors = self._single[singles[part]]
            for table, rows in (
                (self._before, before),
                (self._behind, pairs),
                (self._near, near),
                (self._far, far),
            ):
                vectors += table[rows[part]]
            seen = self._convolved(vectors)
            inner = slice(start - first, end - first)
            both = np.concatenate([seen[inner], vectors[inner]], axis=1)
            scores[start:end] = both @ self._last + self._last_bias
        return scores.reshape(-1, len(KINDS), len(LABELS))

    def _convolved(self, vectors: Floats) -> Floats:
        part = np.empty_like(vectors)
        for (layer, bias), distance in zip(self._layers, DILATIONS, strict=True):
            gain = vectors @ layer[1]
            gain[distance:] += np.matmul(vectors[:-distance], layer[0], out=part[distance:])
            gain[:-distance] += np.matmul(vectors[distance:], layer[2], out=part[:-distance])
            gain += bias
            np.maximum(gain, 0, out=gain)
            vectors = vectors + gain
        return vectors


@cache
def load_tagger() -> Tagger:
    """Return the packaged tagger."""
    with files("hongtu.loaders.extraction").joinpath("tagger.npz").open("rb") as stream:
        return Tagger(dict(np.load(stream)))


def _unpacked(weights: Mapping[str, NDArray[Any]], name: str) -> Floats:
    """Return a table of vectors out of its whole numbers and the scale of each row."""
    table: Floats = weights[name].astype(np.float32) * weights[name.replace("/q", "/scale")][:, None]
    return table


def _sums(one: Floats, other: Floats) -> Floats:
    """Return the sum of each row of one table with each of the other."""
    return (one[:, None] + other[None]).reshape(-1, one.shape[1])


def decode(text: str, scores: Floats, transitions: Floats) -> list[Mention]:
    """Return the names of the best labels of each kind.

    :param scores: characters × kinds × labels.
    :param transitions: kinds × label × next label.
    """
    labels = np.zeros((len(KINDS), len(text)), dtype=np.int8)
    runs = _runs(text, scores, transitions)
    for first in range(0, len(runs), 512):
        _label(labels, runs[first : first + 512], scores, transitions)
    kinds, starts = np.nonzero((labels == 1) | (labels == 4))
    _, ends = np.nonzero((labels == 3) | (labels == 4))
    ends += 1
    odds = _odds(labels, kinds, starts, ends, scores, transitions)
    found = zip(kinds.tolist(), starts.tolist(), ends.tolist(), map(_chance, odds.tolist()), strict=True)
    return in_order(
        Mention(KINDS[kind], start, end, chance)
        for kind, start, end, chance in found
        if chance >= LEAST[KINDS[kind]]
    )


def _runs(text: str, scores: Floats, transitions: Floats) -> NDArray[np.int64]:
    """Return the runs of characters that may hold a name: rows of kind, start and end; the shortest first.

    A name is among the best labels only if it gains against O on all of its characters. A character may be part of a
    name if some name through it would, with the best transitions that there are. One more leads in, and one out.
    """
    own = np.ascontiguousarray(scores.transpose(2, 1, 0))
    hopeful = own[1:].max(axis=0) > own[0] - _HOPELESS
    hopeful[:, [stop.start() for stop in _STOP.finditer(text)]] = False
    gain = np.where(hopeful, own[1:] - own[0], _LEAST)
    enter = (transitions[:, _OUTSIDE] - transitions[:, _OUTSIDE, :1]).max(axis=1, initial=0)[:, :, None]
    leave = (transitions[:, 3:] - transitions[:, :1]).max(axis=(1, 2), initial=0)[:, None]
    go_on = (transitions[:, 1:3] - transitions[:, :1, :1]).max(axis=1)[:, :, None]
    inner = (gain[1] + go_on[:, 2]).astype(np.float64)
    way = inner.cumsum(axis=1)
    begun = np.maximum.accumulate(gain[0] + enter[:, 1] - way, axis=1)
    ended = np.maximum.accumulate((gain[2] + go_on[:, 3] + leave + way - inner)[:, ::-1], axis=1)[:, ::-1]
    named = np.maximum(begun + ended, gain[3] + enter[:, 4] + leave) > -_ROUNDING
    wide = named.copy()
    wide[:, 1:] |= named[:, :-1]
    wide[:, :-1] |= named[:, 1:]
    edges = np.diff(np.pad(wide & hopeful, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    kinds, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    return np.stack([kinds, starts, ends], axis=1)[np.argsort(ends - starts, kind="stable")]


def _label(labels: NDArray[np.int8], runs: NDArray[np.int64], scores: Floats, transitions: Floats) -> None:
    """Write the best labels of each run (Viterbi), all runs that go on a step at a time; behind each stands an O.

    :param runs: rows of kind, start and end; the shortest first.
    """
    kinds, starts, ends = runs.T
    steps = int((ends - starts).max())
    going = np.searchsorted(ends - starts, np.arange(steps), side="right").tolist()
    each = np.arange(len(runs))
    between = transitions[kinds]
    back = np.zeros((steps, len(runs), len(LABELS)), dtype=np.int8)
    total = scores[starts, kinds] + np.array([0, 0, _LEAST, _LEAST, 0], dtype=np.float32)
    for step in range(1, steps):
        on = slice(going[step], None)
        ways = total[on, :, None] + between[on]
        back[step, on] = ways.argmax(axis=1)
        total[on] = ways.max(axis=1) + scores[starts[on] + step, kinds[on]]
    label = (total + between[:, :, 0]).argmax(axis=1)
    for step in range(steps - 1, -1, -1):
        on = slice(going[step], None)
        labels[kinds[on], starts[on] + step] = label[on]
        label[on] = back[step, each[on], label[on]]


def _odds(
    labels: NDArray[np.int8],
    kinds: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    scores: Floats,
    transitions: Floats,
) -> Floats:
    """Return the log-odds of each name: its labels against no name at all."""
    odds = np.empty(len(kinds), dtype=np.float32)
    lengths = ends - starts
    for length in np.unique(lengths).tolist():
        these = np.flatnonzero(lengths == length)
        kind = kinds[these, None]
        places = starts[these, None] + np.arange(length)
        path = labels[kind, places]
        own = scores[places, kind, path].sum(axis=1)
        own += transitions[kind, path[:, :-1], path[:, 1:]].sum(axis=1)
        none = scores[places, kind, 0].sum(axis=1) + transitions[kinds[these], 0, 0] * (length - 1)
        odds[these] = own - none
    return odds


def _chance(odds: float) -> float:
    """Return how often names with such log-odds are right, as measured on reports that were not learnt from.

    >>> [round(_chance(odds), 2) for odds in (0, 2, 5, 10)]
    [0.45, 0.6, 0.79, 0.94]
    """
    return 1 / (1 + math.exp(0.2 - 0.3 * max(odds, -50.0)))
