"""What the HTML pages share: one file that asks nothing of anyone, and the frame that shows it in a notebook.

A page carries its script, its style and its data. Script and style are bundles of the TypeScript in ``web/``, built
beforehand. The policy (CSP) admits these two by their hashes and nothing else; the data are inert JSON, and the script
sets them as text, never as HTML.
"""

import base64
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from hongtu.loaders.files import whole_file
from hongtu.loaders.language import language


class Page:
    """A view that is a page: a notebook displays it, and it is written as one HTML file.

    ``height`` is that of the picture in a notebook, in CSS units.
    """

    height: str = "560px"

    def generate_html(self) -> str:
        """Return the page."""
        raise NotImplementedError

    def write_html(self, path: str | Path) -> None:
        """Write the page, in UTF-8, whole or not at all.

        :raises StoreError: when the file cannot be written.
        """
        with whole_file(Path(path)) as new:
            new.write_text(self.generate_html(), "utf-8", newline="\n")

    def _repr_html_(self) -> str:
        return frame(self.generate_html(), self.height)


class Passages:
    """Passages for a page's data: each kept once, in ``kept``, and named by its number there."""

    def __init__(self) -> None:  # noqa: D107 - the class tells
        self.kept: list[dict[str, Any]] = []
        self._known: dict[tuple[object, ...], int] = {}

    def numbers(self, passages: Sequence[dict[str, Any]]) -> list[int]:
        """Return the numbers of these passages, in their order; new ones are kept."""
        found = []
        for passage in passages:
            key = tuple(passage.values())
            if key not in self._known:
                self._known[key] = len(self.kept)
                self.kept.append(passage)
            found.append(self._known[key])
        return found


def render(name: str, title: str, data: Mapping[str, Any]) -> str:
    """Return a page.

    :param name: of the script and the style sheet in ``graph/views/bundles`` (made from ``graph/views/web``), such as
        ``"explorer"``.
    :param title: of the document.
    :param data: what the script reads from the element ``#data``: anything that JSON can hold. Language and title go
        before it.
    """
    told = {"language": language(), "title": title, **data}
    script, style = _bundle(f"{name}.js"), _bundle(f"{name}.css")
    policy = [
        "default-src 'none'",
        f"script-src {_digest(script)}",
        f"style-src {_digest(style)}",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return _template().render(
        # A page that speaks its reader's language is of a Chinese plan.
        language=told["language"] or "zh",
        title=title,
        policy="; ".join(policy),
        script=script,
        style=style,
        data=_inert(told),
    )


def frame(page: str, height: str) -> str:
    """Return a page as an element of a notebook's output, which needs no file beside the notebook.

    :param height: in CSS units.

    >>> frame('<p title="甲">', "9em")[:46]
    '<iframe srcdoc="&lt;p title=&quot;甲&quot;&gt;"'
    """
    # The sandbox lets the page run its own scripts, save a file and open a link. Without allow-same-origin it is of
    # no origin: it cannot reach the notebook's page, its cookies, its kernel or its files; it cannot navigate the
    # notebook away, send forms or raise dialogs.
    return (
        f'<iframe srcdoc="{html.escape(page)}" sandbox="allow-scripts allow-popups allow-downloads"'
        f' style="width:100%;height:{html.escape(height)};border:1px solid #d0d4da"></iframe>'
    )


@cache
def _template() -> Template:
    text = files("hongtu.graph.views").joinpath("templates", "page.html").read_text("utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(text)


@cache
def _bundle(name: str) -> str:
    return files("hongtu.graph.views").joinpath("bundles", name).read_text("utf-8")


def _inert(data: Mapping[str, Any]) -> str:
    """Return data as JSON that is safe within a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _digest(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
