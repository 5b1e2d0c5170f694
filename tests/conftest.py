"""Fixtures that all tests share: the two packaged graphs, built once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hongtu.graph import KnowledgeGraph

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are asserted in English; tests of the Chinese ones set the variable themselves."""
    monkeypatch.setenv("HONGTU_LANG", "en")


@pytest.fixture(scope="session")
def hongdong() -> Iterator[KnowledgeGraph]:
    """The packaged graph of Hongdong county, for tests that only read."""
    yield KnowledgeGraph.packaged("hongdong")


@pytest.fixture(scope="session")
def sample() -> Iterator[KnowledgeGraph]:
    """The packaged sample with its text, for tests that only read."""
    yield KnowledgeGraph.packaged("sample")


@pytest.fixture(scope="session")
def hongdong_text() -> Path:
    """The text of Hongdong's plan, which is not part of the repository."""
    file = SHARED / "plans" / "hongdong.txt"
    if not file.is_file():
        pytest.skip("the text of Hongdong's plan is not at hand: ../shared/plans/hongdong.txt")
    return file
