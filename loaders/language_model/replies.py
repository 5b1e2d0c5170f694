"""Replies of a model, and the SQLite file that keeps them, so that the same question is paid for once."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from hongtu.loaders.errors import StoreError
from hongtu.loaders.language import say

_TABLE = """
CREATE TABLE IF NOT EXISTS replies (
    key TEXT PRIMARY KEY, content TEXT NOT NULL, complete INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model wrote; not ``complete`` when it broke off at the longest length. Tokens as the endpoint says."""

    content: str
    complete: bool
    input_tokens: int
    output_tokens: int


class ReplyCache:
    """Replies by the key of their request. Neither the request nor the API key is kept. Threads may share it."""

    def __init__(self, file: Path | None) -> None:
        """Open the SQLite file, made when there is none; ``None`` keeps nothing.

        :raises StoreError: when the file cannot be used.
        """
        self._file = file
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        if file is not None:
            try:
                self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
                self._connection.execute(_TABLE)
            except sqlite3.Error as error:
                self._close()
                raise self._unusable(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def get(self, key: str) -> Reply | None:
        """Return the reply to a request; ``None`` when there is none yet."""
        if self._connection is None:
            return None
        try:
            with self._lock:
                row = self._connection.execute(
                    "SELECT content, complete, input_tokens, output_tokens FROM replies WHERE key = ?", [key]
                ).fetchone()
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        return Reply(row[0], bool(row[1]), row[2], row[3]) if row else None

    def put(self, key: str, reply: Reply) -> None:
        """Keep a reply, at once and for good."""
        if self._connection is None:
            return
        row = [key, reply.content, reply.complete, reply.input_tokens, reply.output_tokens]
        try:
            with self._lock:
                self._connection.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?)", row)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _unusable(self, error: sqlite3.Error) -> StoreError:
        return StoreError(
            say(
                f"{self._file}：不能用作模型回答的缓存（{error}）；换一个文件",
                f"{self._file}: cannot serve as the cache of replies ({error}); give another file",
            )
        )
