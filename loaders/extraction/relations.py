"""Relations: which of two names in a text does what with the other, and how far a thing has come.

A pair of names of the right kinds in a sentence, a paragraph, or a list of tasks is a candidate
(:mod:`~hongtu.loaders.extraction.pairs`). Logistic regression weighs the features of each, and a threshold per predicate
cuts. ``relations.json`` holds what was learnt by ``benchmarks/train_relations.py``: the weight of each value of a feature
in its frame ("locatedIn Project Location inside"), or in all frames of a predicate and shape ("locatedIn inside").
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hongtu.loaders.extraction.lexicon import Trie
from hongtu.loaders.extraction.mentions import Mention
from hongtu.loaders.extraction.outline import Outline, Sentence
from hongtu.loaders.extraction.pairs import FRAMES, SHAPES, Pairs, read_pairs
from hongtu.loaders.extraction.surroundings import word_lists

Floats = NDArray[np.float64]

TIMELESS = ("within",)
"""Predicates whose edges have no status: a place lies where it lies."""

_STOPS = frozenset("，：。！？；\n|")


@dataclass(frozen=True, slots=True)
class Found:
    """A relation between two mentions, given by their numbers.

    ``start`` and ``end`` are the sentences of the normalised view that say so. ``status`` is one of ``STATUSES``, or
    empty. ``confidence`` is the chance, between 0 and 1, that it holds if the two names are right.
    """

    subject: int
    predicate: str
    object: int
    start: int
    end: int
    status: str
    confidence: float


def find_relations(text: str, outline: Outline, mentions: Sequence[Mention]) -> list[Found]:
    """Return the relations that a text states between its names, by their subjects, predicates and objects.

    The same two things may be found related at several places.

    :param text: the normalised view.
    :param mentions: names in the view by their start, the longer first; what stands in no sentence has no relations.
    """
    reader = StatusReader(text, outline)
    numbers = [i for i, mention in enumerate(mentions) if reader.sentence(mention.start) is not None]
    if len(numbers) < 2:
        return []
    inside = [mentions[i] for i in numbers]
    pairs = read_pairs(text, outline, inside)
    model = load_model()
    scores = model.score(pairs)
    found = []
    for i in np.flatnonzero(scores >= model.thresholds[pairs.frame]):
        predicate = FRAMES[pairs.frame[i]][0]
        subject, object_ = int(pairs.subject[i]), int(pairs.object[i])
        start, end = reader.evidence(inside[subject], inside[object_])
        thing = inside[object_] if predicate == "undertakes" else inside[subject]
        status = "" if predicate in TIMELESS else reader.status(thing)
        confidence = model.confidence(predicate, float(scores[i]))
        found.append(Found(numbers[subject], predicate, numbers[object_], start, end, status, confidence))
    return sorted(found, key=lambda one: (one.subject, one.predicate, one.object))


class Model:
    """The weights of features by their values in each frame and shape; see the module."""

    def __init__(self, learnt: Mapping[str, Any]) -> None:
        """Take what ``relations.json`` holds."""
        self._weights: dict[str, dict[str, dict[str, float]]] = learnt["weights"]
        self._scales: dict[str, tuple[float, float]] = learnt["confidence"]
        self._tables: dict[str, Floats] = {}
        self.thresholds = np.array([learnt["thresholds"][predicate] for predicate, _, _ in FRAMES])

    def score(self, pairs: Pairs) -> Floats:
        """Return the log-odds of each pair."""
        cell = pairs.frame * len(SHAPES) + pairs.shape
        total = np.zeros(len(cell))
        for name, part in pairs.features.items():
            if name not in self._tables:
                self._tables[name] = self._table(name, part.labels)
            total += self._tables[name].take(cell * len(part.labels) + part.values)
        return total

    def confidence(self, predicate: str, score: float) -> float:
        """Return the chance that a pair of this score holds."""
        slope, offset = self._scales[predicate]
        return round(float(1 / (1 + np.exp(-slope * score - offset))), 3)

    def _table(self, name: str, labels: tuple[str, ...]) -> Floats:
        """Return the weights of a feature: frames and shapes × values."""
        numbers = {label: number for number, label in enumerate(labels)}
        table = np.zeros((len(FRAMES) * len(SHAPES), len(labels)))
        for frame, weights in self._weights.get(name, {}).items():
            rows = _cells()[frame]
            for label, weight in weights.items():
                table[rows, numbers[label]] += weight
        return table


@cache
def load_model() -> Model:
    """Return the packaged model."""
    text = files("hongtu.loaders.extraction").joinpath("relations.json").read_text(encoding="utf-8")
    return Model(json.loads(text))


@cache
def _cells() -> dict[str, list[int]]:
    """Return which frames and shapes each name of ``relations.json`` means."""
    cells: dict[str, list[int]] = {}
    for number, (predicate, subject, object_) in enumerate(FRAMES):
        for place, shape in enumerate(SHAPES):
            for name in (f"{predicate} {shape}", f"{predicate} {subject} {object_} {shape}"):
                cells.setdefault(name, []).append(number * len(SHAPES) + place)
    return cells


@cache
def _status_words() -> Trie:
    """Find words of status and tense: the list that each is in, and whether it turns to the past or ahead; or empty."""
    found: dict[str, tuple[str, str]] = {}
    for tense, words in word_lists()["tense"].items():
        found |= {word: ("", tense) for word in words.split()}
    for name, rule in reversed(word_lists()["status"].items()):
        found |= {word: (name, found.get(word, ("", ""))[1]) for word in rule["words"].split()}
    return Trie(found)


class _Word(NamedTuple):
    """A word of status or tense in a text; ``name`` is its list in ``relations.toml``, or empty."""

    start: int
    end: int
    name: str
    tense: str


class StatusReader:
    """Reads how far things have come at places of a normalised text.

    >>> from hongtu.loaders.extraction.outline import read_outline
    >>> text = "一、工作回顾\\n过去一年，建成甲大桥。\\n二、今年任务\\n探索建设乙园。支持丙厂扩产。"
    >>> reader = StatusReader(text, read_outline(text))
    >>> places = [(text.index(name), text.index(name) + len(name)) for name in ("甲大桥", "乙园", "丙厂")]
    >>> [reader.status(Mention("Project", *place, 1.0)) for place in places]
    ['achieved', 'explored', 'supported']
    """

    def __init__(self, text: str, outline: Outline) -> None:
        """Take a normalised text and its outline."""
        self._text, self._outline = text, outline
        self._starts = [sentence.start for sentence in outline.sentences]
        self._words = [_Word(start, end, *value) for start, end, value in _status_words().find(text)]
        self._word_starts = [word.start for word in self._words]

    def sentence(self, place: int) -> Sentence | None:
        """Return the sentence in which a character stands."""
        at = bisect_right(self._starts, place) - 1
        return self._outline.sentences[at] if at >= 0 and place < self._outline.sentences[at].end else None

    def evidence(self, one: Mention, other: Mention) -> tuple[int, int]:
        """Return the start and the end of the sentences from the one name to the other."""
        begin, finish = (self.sentence(place) for place in sorted((one.start, other.start)))
        assert begin is not None
        assert finish is not None
        return begin.start, max(finish.end, one.end, other.end)

    def status(self, mention: Mention) -> str:
        """Return how far the thing of a mention has come: one of ``STATUSES``, or empty where nothing tells."""
        sentence = self.sentence(mention.start)
        if sentence is None:
            return ""
        words = self._read(sentence)
        told = [word for word in words if word.name]
        before = [word for word in told if word.end <= mention.start]
        here = [word for word in before if self._joined(word.end, mention.start)]
        behind = [
            word
            for word in told
            if word.start >= mention.end and word.name != "doing" and self._joined(mention.end, word.start)
        ]
        # 支持甲公司建设乙厂: support and exploring tell more than the verb behind them in the same clause.
        strong = [word for word in (*here, *behind) if word.name in ("supported", "explored")]
        chosen = strong[-1:] or behind[:1] or here[-1:] or before[-1:]
        if not chosen:
            return ""
        tenses = [word.tense for word in words if word.tense and word.end <= mention.start]
        rule: dict[str, str] = word_lists()["status"][chosen[0].name]
        return rule[tenses[-1] if tenses else self._tense(sentence)]

    def _read(self, sentence: Sentence) -> list[_Word]:
        first, last = (bisect_left(self._word_starts, place) for place in (sentence.start, sentence.end))
        return self._words[first:last]

    def _joined(self, start: int, end: int) -> bool:
        """Tell whether no stop parts two places."""
        return _STOPS.isdisjoint(self._text[start:end])

    def _tense(self, sentence: Sentence) -> str:
        past = sentence.heading >= 0 and self._outline.headings[sentence.heading].past
        return "past" if past else "ahead"
