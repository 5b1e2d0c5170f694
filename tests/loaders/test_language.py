import locale
import threading
from itertools import pairwise

import pytest

from hongtu.loaders.language import language, say, speaking

VARIABLES = ("HONGTU_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def no_locale(monkeypatch: pytest.MonkeyPatch, english: None) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize(
    ("value", "expected"), [("zh", "zh"), ("zh_CN.UTF-8", "zh"), ("en", "en"), ("C", "en"), ("de_DE", "en")]
)
def test_each_variable_sets_the_language(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert language() == expected


@pytest.mark.parametrize(("first", "second"), list(pairwise(VARIABLES)))
def test_earlier_variable_wins(monkeypatch: pytest.MonkeyPatch, first: str, second: str) -> None:
    monkeypatch.setenv(first, "zh_CN")
    monkeypatch.setenv(second, "en_GB")
    assert language() == "zh"


def test_empty_variable_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGTU_LANG", "")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert language() == "zh"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Chinese (Simplified)_China", "zh"), ("zh_CN", "zh"), ("English_United States", "en"), (None, "en")],
)
def test_without_variables_the_locale_decides(
    monkeypatch: pytest.MonkeyPatch, name: str | None, expected: str
) -> None:
    monkeypatch.setattr(locale, "getlocale", lambda: (name, "UTF-8"))
    assert language() == expected


def test_say_gives_the_wording_of_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    assert say("你好", "hello") == "你好"
    monkeypatch.setenv("HONGTU_LANG", "en")
    assert say("你好", "hello") == "hello"


def test_a_language_is_spoken_within_a_block_and_in_no_other_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGTU_LANG", "en")
    heard = []
    with speaking("zh"):
        thread = threading.Thread(target=lambda: heard.append(language()))
        thread.start()
        thread.join()
        assert language() == "zh"
    assert heard == [language()] == ["en"]
