"""Pairs of names that may be related, and what the text says of each pair: the features of the relations.

A pair stands in a *frame*: the predicate, the kinds of its two names, and the shape in which they stand (the object
inside the subject's name, before it in the sentence, ...). A feature is a small whole number per pair, and counts within
its frame only. No feature knows a name: they are made of kinds, places, distances, general words and endings
(``relations.toml``), and levels of administrative divisions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from hongtu.loaders.extraction.mentions import KINDS, Mention
from hongtu.loaders.extraction.outline import Outline
from hongtu.loaders.extraction.surroundings import (
    BESIDE,
    LEVELS,
    REPEATS,
    Ints,
    Surroundings,
    cues,
    ending_lists,
)
from hongtu.loaders.relations import PREDICATES

BETWEEN_NAMES = ("undertakes", "operatesIn", "inIndustry", "locatedIn", "within", "partnersWith")
"""The predicates between two names of the text; implements and promotes come from the sections."""

SHAPES = ("inside", "same", "around", "then", "back", "then far", "back far", "then below", "back below")
"""How a pair stands: the object inside the subject's name, at the same place, around it, behind or before it in the
sentence, in another sentence of the paragraph, in another paragraph that a label ties to it (责任单位：…)."""

INSIDE, SAME, AROUND, THEN = range(4)

FRAMES = tuple(
    (predicate, subject, object_)
    for predicate in BETWEEN_NAMES
    for subject in PREDICATES[predicate][0]
    for object_ in PREDICATES[predicate][1]
)
"""Predicates with the kinds of subject and object."""

_FARTHEST = 60
"""Names between two names of a pair, at most."""
_BELOW = 4
"""Lines from a project to a label that speaks of it, at most."""
_FRAME = np.full((len(KINDS), len(KINDS), len(BETWEEN_NAMES)), -1, dtype=np.int64)
for _number, (_predicate, _subject, _object) in enumerate(FRAMES):
    _FRAME[KINDS.index(_subject), KINDS.index(_object), BETWEEN_NAMES.index(_predicate)] = _number


class Part(NamedTuple):
    """What one feature says of each pair: a number each, and what the numbers mean."""

    values: Ints
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidates for relations: numbers of mentions, of :data:`FRAMES`, of :data:`SHAPES`, and their features."""

    subject: Ints
    object: Ints
    frame: Ints
    shape: Ints
    features: dict[str, Part]


def read_pairs(text: str, outline: Outline, mentions: Sequence[Mention]) -> Pairs:
    """Return the candidates of a normalised text with their features.

    :param mentions: names by their start, the longer first, each in a sentence of the outline.
    """
    names = Surroundings(text, outline, mentions)
    subject, object_ = _candidates(names)
    row, predicate = np.nonzero(_FRAME[names.kind[subject], names.kind[object_]] >= 0)
    subject, object_ = subject[row], object_[row]
    # Partners have no direction: the one that stands first is the subject.
    kept = (predicate != BETWEEN_NAMES.index("partnersWith")) | (subject < object_)
    subject, object_, predicate = subject[kept], object_[kept], predicate[kept]
    frame = _FRAME[names.kind[subject], names.kind[object_], predicate]
    shape = _shape(names, subject, object_)
    return Pairs(subject, object_, frame, shape, _features(names, subject, object_, shape))


def _candidates(names: Surroundings) -> tuple[Ints, Ints]:
    """Return the pairs of mentions to be looked at, in both directions."""
    here = np.arange(len(names.kind))
    # Within a sentence: each with the next ones.
    past = np.minimum(np.searchsorted(names.sentence, names.sentence, side="right"), here + 1 + _FARTHEST)
    one, two = _runs(here, here + 1, past)
    parts = [(one, two)]
    for kind in range(len(KINDS)):
        members = np.flatnonzero(names.kind == kind)
        if len(members):
            parts += _across(names, here, members)
    projects = np.flatnonzero(names.kind == KINDS.index("Project"))
    if len(projects):
        parts.append(_below(names, projects))
    first = np.concatenate([part[0] for part in parts])
    second = np.concatenate([part[1] for part in parts])
    return np.concatenate([first, second]), np.concatenate([second, first])


def _runs(of: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return each of some numbers with all from its start to its end."""
    length = np.maximum(end - start, 0)
    within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    return np.repeat(of, length), np.repeat(start, length) + within


def _across(names: Surroundings, here: Ints, members: Ints) -> list[tuple[Ints, Ints]]:
    """Return names of one kind with later ones: the nearest in a sentence before, and the first of the paragraph."""
    nearest = members[np.maximum(np.searchsorted(names.sentence[members], names.sentence) - 1, 0)]
    first = np.searchsorted(names.paragraph[members], names.paragraph)
    leading = members[np.minimum(first, len(members) - 1)]
    earlier = [
        (names.paragraph[other] == names.paragraph) & (names.sentence[other] < names.sentence)
        for other in (nearest, leading)
    ]
    earlier[1] &= (leading != nearest) & (names.leads[leading] > 0)
    return [(nearest[earlier[0]], here[earlier[0]]), (leading[earlier[1]], here[earlier[1]])]


def _below(names: Surroundings, projects: Ints) -> tuple[Ints, Ints]:
    """Return the projects of a paragraph with the names of the next labelled ones (牵头单位：…)."""
    labelled = np.flatnonzero(names.labels_paragraph)
    paragraph = names.paragraph[projects]
    last = np.searchsorted(paragraph, names.paragraph[labelled]) - 1
    near = (last >= 0) & (names.paragraph[labelled] - paragraph[last] <= _BELOW)
    labelled, last = labelled[near], last[near]
    start = np.maximum(np.searchsorted(paragraph, paragraph[last]), last - 8)
    label, place = _runs(labelled, start, last + 1)
    return projects[place], label


def _shape(names: Surroundings, subject: Ints, object_: Ints) -> Ints:
    a, b, c, d = names.start[subject], names.end[subject], names.start[object_], names.end[object_]
    back = (subject > object_).astype(np.int64)
    apart = np.select(
        [
            names.sentence[subject] == names.sentence[object_],
            names.paragraph[subject] == names.paragraph[object_],
        ],
        [0, 2],
        4,
    )
    return np.select(
        [(a == c) & (b == d), (a <= c) & (d <= b), (c <= a) & (b <= d)],
        [SAME, INSIDE, AROUND],
        THEN + apart + back,
    )


@cache
def _ranges(*limits: int) -> tuple[str, ...]:
    """Return the names of the ranges between limits.

    >>> _ranges(1, 3)
    ('<1', '1-2', '>=3')
    """
    inner = (f"{low}-{high - 1}" for low, high in pairwise(limits))
    return f"<{limits[0]}", *inner, f">={limits[-1]}"


def _ranged(values: Ints, *limits: int) -> Part:
    return Part(np.searchsorted(np.array(limits), values, side="right"), _ranges(*limits))


def _both(one: Part, other: Part) -> Part:
    """Return two features as one."""
    return Part(one.values * len(other.labels) + other.values, _products(one.labels, other.labels))


@cache
def _products(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{first}, {second}" for first in one for second in other)


@cache
def _cue_labels() -> tuple[str, ...]:
    return "none", *(f"{name}{near}" for name in cues()[0] for near in ("", " beside"))


_KIND_LABELS = ("none", *KINDS)
_BESIDE_LABELS = ("other", *BESIDE.replace("\n", "¶"))
_FLAG = ("no", "yes")


def _features(names: Surroundings, subject: Ints, object_: Ints, shape: Ints) -> dict[str, Part]:
    left, right = np.minimum(subject, object_), np.maximum(subject, object_)
    features: dict[str, Part] = {"bias": Part(np.zeros_like(subject), ("",))}
    features |= _nested_features(names, subject, object_, shape)
    features |= _gap_features(names, subject, object_, left, right)
    for side, names_of in (("subject", subject), ("object", object_)):
        features[f"{side} ending"] = Part(names.ending[names_of], ending_lists())
        features[f"{side} length"] = _ranged(names.end[names_of] - names.start[names_of], 3, 4, 5, 7, 10, 16)
        features[f"{side} place"] = _both(
            Part(names.level[names_of], LEVELS), Part(names.repeats[names_of], REPEATS)
        )
        features[f"{side} twin"] = Part(names.twins[names_of], _KIND_LABELS)
        features[f"{side} label"] = Part(names.label[names_of], ("none", *cues()[0]))
    for side, names_of in (("left", left), ("right", right)):
        features[f"before {side}"] = Part(names.before[names_of], _cue_labels())
        features[f"behind {side}"] = Part(names.behind[names_of], _cue_labels())
        features[f"around {side}"] = _both(
            Part(names.left[names_of], _BESIDE_LABELS), Part(names.right[names_of], _BESIDE_LABELS)
        )
    features["sides"] = _both(
        Part(names.right[left], _BESIDE_LABELS), Part(names.left[right], _BESIDE_LABELS)
    )
    features["leads"] = Part(names.leads[left], ("no", "first", "only"))
    features["since"] = _ranged(names.since[left], 1, 5, 20, 60)
    return features


def _nested_features(names: Surroundings, subject: Ints, object_: Ints, shape: Ints) -> dict[str, Part]:
    """Return where the one name stands in the other, and in what names both stand."""
    nested = shape <= AROUND
    outer, inner = np.where(shape == AROUND, (object_, subject), (subject, object_))
    ahead = names.start[inner] - names.start[outer]
    behind = names.end[outer] - names.end[inner]
    where = Part(
        np.where(nested, 1 + np.select([ahead == 0, behind == 0], [0, 2], 1), 0),
        ("none", "begins", "amid", "ends"),
    )
    through = np.where((shape == INSIDE) & (names.outer[object_] != subject), names.outer_kind[object_], 0)
    together = ((names.outer[subject] == names.outer[object_]) & (names.outer[subject] >= 0)).astype(np.int64)
    holds = np.zeros((len(names.kind), len(KINDS)), dtype=np.int64)
    within = names.outer >= 0
    np.add.at(holds, (names.outer[within], names.kind[within]), 1)
    return {
        "where": _both(where, _ranged(np.where(nested, ahead + behind, 0), 1, 3, 6, 11)),
        "where and ending": _both(where, Part(names.ending[outer], ending_lists())),
        "through": Part(through, _KIND_LABELS),
        "subject outer": _both(Part(names.outer_kind[subject], _KIND_LABELS), Part(together, _FLAG)),
        "object outer": _both(Part(names.outer_kind[object_], _KIND_LABELS), Part(together, _FLAG)),
        "subject holds": _ranged(holds[subject, names.kind[object_]], 1, 2, 3),
        "object holds": _ranged(holds[object_, names.kind[subject]], 1, 2, 3),
    }


def _gap_features(
    names: Surroundings, subject: Ints, object_: Ints, left: Ints, right: Ints
) -> dict[str, Part]:
    """Return what stands between the two names, and how many of their kinds the sentence has."""
    start = names.end[left]
    end = np.maximum(names.start[right], start)
    upto = np.zeros((len(names.kind) + 1, len(KINDS)), dtype=np.int64)
    upto[np.arange(1, len(upto)), names.kind] = names.free
    upto = upto.cumsum(axis=0)
    between = upto[right] - upto[np.minimum(left + 1, right)]
    each = np.arange(len(subject))
    in_sentence = np.zeros((names.sentence.max() + 1, len(KINDS)), dtype=np.int64)
    np.add.at(in_sentence, (names.sentence, names.kind), 1)
    features = {
        "gap": _ranged(end - start, 1, 2, 3, 5, 9, 16, 30, 60),
        "kinds between": _both(
            _ranged(between[each, names.kind[subject]], 1, 2, 3),
            _ranged(between[each, names.kind[object_]], 1, 2, 3),
        ),
        "names between": _ranged(between.sum(axis=1), 1, 2, 3, 5, 9),
        "marks between": _both(
            _ranged(names.commas[end] - names.commas[start], 1, 2, 3),
            _ranged(names.items[end] - names.items[start], 1, 2, 3),
        ),
        "brackets between": _ranged(names.brackets[end] - names.brackets[start], 1, 2),
        "cells between": _ranged(names.cells[end] - names.cells[start], 1, 2, 3, 4, 6),
        "sentences between": _ranged(names.sentence[right] - names.sentence[left], 1, 2, 4),
        "objects in sentence": _ranged(
            in_sentence[names.sentence[subject], names.kind[object_]], 1, 2, 3, 5, 9
        ),
        "subjects in sentence": _ranged(
            in_sentence[names.sentence[object_], names.kind[subject]], 1, 2, 3, 5, 9
        ),
    }
    first, last = np.searchsorted(names.edges, start), np.searchsorted(names.edges, end)
    for name, count in zip(cues()[0], names.cues, strict=True):
        features[f"{name} between"] = Part((count[last] > count[first]).astype(np.int64), _FLAG)
    return features
