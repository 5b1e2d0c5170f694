from collections import Counter

import pytest

from hongtu.loaders.patch import TYPES
from hongtu.loaders.records import STATUSES
from hongtu.loaders.relations import KINDS, PREDICATES
from hongtu.loaders.targets import COMPARATORS, ROLES, SUBJECTS
from hongtu.loaders.vocabulary import WORDS, names, shown

LISTS = [KINDS, tuple(TYPES), SUBJECTS, tuple(PREDICATES), STATUSES, ROLES, COMPARATORS]


@pytest.mark.parametrize("words", LISTS)
def test_every_word_has_a_chinese_name_first(words: tuple[str, ...]) -> None:
    for word in words:
        assert not names(word)[0].isascii()


@pytest.mark.parametrize("words", LISTS)
def test_a_name_stands_for_one_word_of_a_list(words: tuple[str, ...]) -> None:
    times = Counter(name for word in words for name in {name.casefold() for name in (word, *names(word))})
    assert max(times.values()) == 1


def test_all_words_that_have_names_are_used() -> None:
    assert set(WORDS) <= {word for words in LISTS for word in words}


def test_words_are_shown_in_the_users_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown("operatesIn") == "operatesIn"
    monkeypatch.setenv("HONGTU_LANG", "zh")
    assert shown("operatesIn") == "从事（operatesIn）"
    assert shown("reject") == "reject"
