"""The places and groups of an explorer that was written earlier."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from hongtu.graph.views.layout.groups import Group, Layout
from hongtu.loaders.errors import InputError
from hongtu.loaders.language import say


def read_layout(path: Path) -> Layout:
    """Return the places and groups of an earlier explorer, a page that was written to a file.

    :raises InputError: when the file cannot be read or is no explorer.
    """
    try:
        page = _Page()
        page.feed(path.read_text("utf-8"))
        return _layout(json.loads(page.data))
    except OSError as error:
        found = say(f"读不了（{error.strerror or error}）", f"cannot be read ({error.strerror or error})")
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError):
        found = say(
            "不是关系图网页，里面没有节点的位置", "is no explorer: there are no places of nodes in it"
        )
    raise InputError(
        f"{path}"
        + say(f"：{found}；请给出以前生成的 explorer.html", f" {found}; give an earlier explorer.html")
    )


class _Page(HTMLParser):
    """A page, of which ``data`` is the text of the script element ``#data``."""

    def __init__(self) -> None:
        super().__init__()
        self.data = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and ("id", "data") in attrs

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.data += data


def _layout(data: Any) -> Layout:
    """Return the layout that a page's data hold; what is no explorer's raises errors of many types."""
    groups = [
        Group(str(group["name"]), [], _pixels(group["x"]), _pixels(group["y"]), _pixels(group["radius"]))
        for group in data["groups"]
    ]
    places = {}
    columns = (data["nodes"][name] for name in ("id", "x", "y", "group"))
    for node, x, y, number in zip(*columns, strict=True):
        places[node] = (_pixels(x), _pixels(y))
        if number >= 0:
            groups[number].members.append(node)
    return Layout(places, groups)


def _pixels(number: float) -> int:
    if abs(number) > 1e6:
        raise ValueError(number)
    return round(number)
