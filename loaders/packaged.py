"""The plans that come with Hongtu: the tables of Hongdong county, and two samples with their text.

Hongdong's tables hold names, figures and offsets; the plan's text does not belong to us and is not included. The
samples are the plans of an invented county and of the city above it, written for Hongtu, so that the sentences
behind their edges can be seen and the two be compared.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say

PACKAGED = ("hongdong", "sample", "sample-city")


@contextmanager
def packaged(name: str) -> Iterator[Path]:
    """Give the folder with a packaged plan's tables, and its text ``plan.txt`` where that is ours.

    :raises UsageError: when no plan of that name is packaged.

    >>> with packaged("sample") as folder:
    ...     (folder / "plan.txt").is_file()
    True
    """
    if name not in PACKAGED:
        raise UsageError(
            say(f"没有自带“{name}”；有 ", f"“{name}” is not packaged; there are ") + ", ".join(PACKAGED)
        )
    with as_file(files("hongtu.loaders.data") / name) as folder:
        yield folder
