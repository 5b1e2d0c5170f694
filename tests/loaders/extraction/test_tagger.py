"""The decoding of labels finds what a plain search over all labels finds."""

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hongtu.loaders.extraction import tagger
from hongtu.loaders.extraction.mentions import KINDS, in_order

_NEVER = -1e4
_FOLLOWS = {"O": "OBS", "B": "IE", "I": "IE", "E": "OBS", "S": "OBS"}


def _transitions(chance: np.random.Generator) -> NDArray[np.float32]:
    table = np.full((len(KINDS), 5, 5), _NEVER, dtype=np.float32)
    for label, following in _FOLLOWS.items():
        for other in following:
            table[:, tagger.LABELS.index(label), tagger.LABELS.index(other)] = chance.normal(
                0, 0.5, len(KINDS)
            )
    return table


def _best_names(scores: NDArray[np.float32], transitions: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Return the names of the best labels of a sentence by trying, for each label, all labels before it."""
    paths = {label: (float(scores[0, label]), [label]) for label in (0, 1, 4)}
    for here in scores[1:]:
        paths = {
            label: max(
                (total + float(transitions[last, label]) + float(here[label]), [*path, label])
                for last, (total, path) in paths.items()
            )
            for label in range(5)
        }
    _, best = max((total + float(transitions[label, 0]), path) for label, (total, path) in paths.items())
    starts = [at for at, label in enumerate(best) if label in (1, 4)]
    ends = [at + 1 for at, label in enumerate(best) if label in (3, 4)]
    return list(zip(starts, ends, strict=True))


@given(
    st.lists(st.integers(1, 12), min_size=1, max_size=4), st.integers(0, 10**6), st.sampled_from((0.3, 1, 2))
)
def test_names_are_those_of_the_best_labels(lengths: list[int], seed: int, spread: float) -> None:
    chance = np.random.default_rng(seed)
    transitions = _transitions(chance)
    text = "".join("甲" * length + "。" for length in lengths)
    scores = np.clip(chance.normal(0, spread, (len(text), len(KINDS), 5)), -4, 4).astype(np.float32)
    with patch.dict(tagger.LEAST, dict.fromkeys(KINDS, 0.0)):
        found = tagger.decode(text, scores, transitions)
    expected = []
    start = 0
    for length in lengths:
        for number, kind in enumerate(KINDS):
            names = _best_names(scores[start : start + length, number], transitions[number])
            expected += [(kind, start + first, start + last) for first, last in names]
        start += length + 1
    assert found == in_order(found)
    assert {(mention.kind, mention.start, mention.end) for mention in found} == set(expected)
    assert len(found) == len(expected)


def test_text_without_names_has_no_mentions() -> None:
    scores = np.zeros((3, len(KINDS), 5), dtype=np.float32)
    scores[:, :, 0] = 20
    assert tagger.decode("云岭县", scores, _transitions(np.random.default_rng(1))) == []
