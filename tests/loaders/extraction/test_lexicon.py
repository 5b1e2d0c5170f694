"""The word lists hold words of the genre, and no names of single plans."""

import json
import tarfile
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.extraction.lexicon import Trie, words

ROOT = Path(__file__).parents[3]
CORPUS = ROOT.parent / "shared" / "corpus" / "city-reports.tar.xz"


def test_no_company_is_known_from_one_plan_alone() -> None:
    """A company that the gold names in one document only must stand in three reports of the corpus or more."""
    if not CORPUS.is_file():
        pytest.skip("the corpus of reports is not at hand")
    documents: dict[str, set[str]] = defaultdict(set)
    for file in (ROOT / "benchmarks" / "gold").glob("*.jsonl"):
        for row in map(json.loads, file.read_text("utf-8").splitlines()):
            if row["kind"] == "entity":
                for name in (row["name"], *row["aliases"]):
                    documents[name].add(file.stem)
    once = [name for name in words("known", "enterprises") if len(documents.get(name, ())) == 1]
    with tarfile.open(CORPUS) as archive:
        texts = [
            opened.read().decode()
            for member in archive
            if (opened := archive.extractfile(member)) is not None
        ]
    assert not [name for name in once if sum(name in text for text in texts) < 3]


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
