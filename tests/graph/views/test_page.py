import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.graph.views.page import Page, Passages, frame, render
from hongtu.loaders.errors import StoreError

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"><b>&\u2028'`${x}"


class Tags(HTMLParser):
    """The tags of a page, with their attributes, and the text of each script and style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self._open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = tag
        if tag in self.texts:
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open in self.texts:
            self.texts[self._open][-1] += data


def page_with(data: dict[str, Any], title: str = "") -> str:
    return render("table", title, data)


def test_policy_admits_its_own_scripts_and_style_and_nothing_else() -> None:
    page = Tags(page_with({"a": 1}))
    policy = next(a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    rules = dict((rule.split(" ", 1)) for rule in (policy or "").split("; "))

    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    data, script = page.texts["script"]
    assert json.loads(data) == {"language": "en", "title": "", "a": 1}
    assert rules["script-src"] == digest(script)
    assert [rules["style-src"]] == list(map(digest, page.texts["style"]))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "data: blob:"
    assert "unsafe" not in (policy or "")


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_data_come_back_whatever_they_hold(value: Any) -> None:
    page = Tags(page_with({"value": value}))
    assert len(page.texts["script"]) == 2
    assert json.loads(page.texts["script"][0])["value"] == value


def test_hostile_text_stays_text() -> None:
    page = page_with({"label": HOSTILE}, title=HOSTILE)
    read = Tags(page)
    assert not {"img", "b"} & {tag for tag, _ in read.tags}
    assert len(read.texts["script"]) == 2
    assert not [name for _, attributes in read.tags for name in attributes if name.startswith("on")]
    assert not [
        name for _, attributes in read.tags for name in attributes if name in ("src", "href", "style")
    ]
    assert json.loads(read.texts["script"][0])["label"] == HOSTILE


@pytest.mark.parametrize("name", ["explorer", "table", "matrix", "place_map"])
def test_pages_refer_to_nothing_outside(name: str) -> None:
    bundles = files("hongtu.graph.views") / "bundles"
    code = "".join((bundles / f"{name}.{kind}").read_text("utf-8") for kind in ("js", "css"))
    addresses = set(re.findall(r"https?://[^\s\"'`)]+", code))
    # Names of vocabularies are no addresses that anyone asks.
    assert not [
        one
        for one in addresses
        if not re.match(r"http://www\.w3\.org/|https://w3id\.org/|http://purl\.org/", one)
    ]
    assert "@import" not in code and not re.search(
        r"\b(fetch|XMLHttpRequest|WebSocket|sendBeacon|importScripts)\(", code
    )


def test_the_pages_sources_write_no_html() -> None:
    sources = list((Path(__file__).parents[3] / "graph" / "views" / "web" / "src").rglob("*.ts*"))
    assert len(sources) > 20
    writing = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\bFunction\(")
    assert not [source for source in sources if writing.search(source.read_text("utf-8"))]


def test_the_page_speaks_the_users_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert '<html lang="en">' in page_with({})
    monkeypatch.setenv("HONGTU_LANG", "zh")
    assert '<html lang="zh">' in page_with({})


@given(st.text())
def test_a_frame_holds_the_page_as_it_is(page: str) -> None:
    framed = frame(page, "9em")
    found = re.fullmatch(r'<iframe srcdoc="([^"<>]*)" sandbox="([^"]*)" style="([^"]*)"></iframe>', framed)
    assert found and html.unescape(html.escape(page)) == page and found[1] == html.escape(page)
    assert found[2].split() == ["allow-scripts", "allow-popups", "allow-downloads"]
    assert "height:9em" in found[3]


def test_a_passage_is_kept_once() -> None:
    one, two = {"line": 1, "start": 0}, {"line": 1, "start": 5}
    passages = Passages()
    assert passages.numbers([one, two]) == [0, 1]
    assert passages.numbers([dict(two), one]) == [1, 0]
    assert passages.kept == [one, two]


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    class Hello(Page):
        def generate_html(self) -> str:
            return "你好\n"

    Hello().write_html(tmp_path / "hello.html")
    assert (tmp_path / "hello.html").read_bytes() == "你好\n".encode()
    assert Hello()._repr_html_() == frame("你好\n", Hello.height)
    with pytest.raises(StoreError, match="cannot be written"):
        Hello().write_html(tmp_path / "hello.html" / "below.html")
