"""Files that are written whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hongtu.loaders.errors import StoreError
from hongtu.loaders.language import say


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path to write to, and move what was written to its place when all went well.

    Neither a full disk nor Ctrl-C leaves half a file or takes away the old one.

    :raises StoreError: when the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".hongtu-", dir=path.parent) as folder:
            new = Path(folder, path.name)
            yield new
            os.replace(new, path)
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> StoreError:
    """Return the error to raise when a file or folder cannot be written."""
    return StoreError(
        say(
            f"{path}：写不了（{error.strerror or error}）；检查权限和磁盘空间，或换一个位置",
            f"{path}: cannot be written ({error.strerror or error}); check permissions and disk space, "
            "or choose another place",
        )
    )
