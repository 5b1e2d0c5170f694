"""The browser of the tests that look at pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")


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
