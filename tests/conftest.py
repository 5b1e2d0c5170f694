"""Fixtures that all tests share: the two packaged graphs, built once, and the browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hongtu.graph import KnowledgeGraph

SHARED = Path(__file__).parents[2] / "shared"
CHROMIUM = Path("/usr/bin/chromium")


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


# For one file of tests only: as long as it runs, its loop of events is that of the thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: no browser test"
    )
    if not CHROMIUM.is_file():
        pytest.skip(f"{CHROMIUM} is not installed: no browser test")
    with playwright.sync_playwright() as started:
        made = started.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()
