"""The word lists hold words of the genre, and no names of single plans."""

import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.extraction.lexicon import Trie, words

ROOT = Path(__file__).parents[3]
CORPUS = ROOT.parent / "shared" / "corpus" / "city-reports.tar.xz"


def test_companies_are_known_all_over_the_country() -> None:
    """So that no name of one plan is in the list, each stands in three reports of different places or more."""
    if not CORPUS.is_file():
        pytest.skip("the corpus of reports is not at hand")
    with tarfile.open(CORPUS) as archive:
        texts = [
            opened.read().decode()
            for member in archive
            if (opened := archive.extractfile(member)) is not None
        ]
    rare = [name for name in words("known", "enterprises") if sum(name in text for text in texts) < 3]
    assert not rare


@given(st.sets(st.text("甲乙丙", min_size=1, max_size=4), min_size=1), st.text("甲乙丙丁", max_size=30))
def test_trie_finds_the_longest_word_at_each_place_from_the_left(known: set[str], text: str) -> None:
    found = list(Trie({word: word for word in known}).find(text))
    position = 0
    for start, end, word in found:
        assert text[start:end] == word
        assert not any(text.startswith(other, at) for at in range(position, start) for other in known)
        assert not any(text.startswith(other, start) for other in known if len(other) > len(word))
        position = end
    assert not any(text.startswith(other, at) for at in range(position, len(text)) for other in known)
