import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hongtu.loaders.errors import StoreError
from hongtu.loaders.language_model.replies import Reply, ReplyCache

REPLY = Reply("{“𠮷”}", False, 12, 3)


def test_replies_are_kept(cache: Path) -> None:
    with ReplyCache(cache) as replies:
        assert replies.get("a") is None
        replies.put("a", REPLY)
    with ReplyCache(cache) as replies:
        assert replies.get("a") == REPLY
        assert replies.get("b") is None


def test_without_a_file_nothing_is_kept() -> None:
    with ReplyCache(None) as replies:
        replies.put("a", REPLY)
        assert replies.get("a") is None


def test_threads_may_share_it(cache: Path) -> None:
    with ReplyCache(cache) as replies, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: replies.put(f"{number}", REPLY), range(16)))
        assert all(pool.map(lambda number: replies.get(f"{number}") == REPLY, range(16)))


def test_other_file_is_one_clear_error_and_stays_as_it_is(cache: Path) -> None:
    cache.write_text("name,type\n" * 100)
    with pytest.raises(
        StoreError, match=r"replies\.sqlite: cannot serve as the cache of replies .*another file"
    ):
        ReplyCache(cache)
    assert cache.read_text() == "name,type\n" * 100


def test_folder_that_is_missing_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot serve as the cache"):
        ReplyCache(tmp_path / "none" / "replies.sqlite")


def test_file_that_is_spoiled_meanwhile_is_one_clear_error(cache: Path) -> None:
    with ReplyCache(cache) as replies:
        with sqlite3.connect(cache) as other:
            other.execute("DROP TABLE replies")
        other.close()
        with pytest.raises(StoreError, match="cannot serve as the cache"):
            replies.get("a")
        with pytest.raises(StoreError, match="cannot serve as the cache"):
            replies.put("a", REPLY)
