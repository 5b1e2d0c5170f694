"""The language in which Hongtu speaks to people: Chinese or English, by locale."""

import locale
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Language = Literal["zh", "en"]

_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)


@contextmanager
def speaking(chosen: Language) -> Iterator[None]:
    """Speak a language within a block, whatever the user's is, such as in a form with a switch of its own.

    >>> with speaking("zh"):
    ...     say("你好", "hello")
    '你好'
    """
    before = _spoken.set(chosen)
    try:
        yield
    finally:
        _spoken.reset(before)


def language() -> Language:
    """Return the user's language: ``HONGTU_LANG``, else the locale's, ``"en"`` when neither is Chinese.

    The variables of the locale are read in the order of POSIX (``LC_ALL``, ``LC_MESSAGES``, ``LANG``).
    """
    if chosen := _spoken.get():
        return chosen
    for variable in ("HONGTU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "zh" if value.lower().startswith("zh") else "en"
    # On Windows none of the variables is set.
    return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


def say(zh: str, en: str) -> str:
    """Return the one of two wordings that the user reads.

    >>> import os; os.environ["HONGTU_LANG"] = "zh"
    >>> say("你好", "hello")
    '你好'
    >>> del os.environ["HONGTU_LANG"]
    """
    return zh if language() == "zh" else en
