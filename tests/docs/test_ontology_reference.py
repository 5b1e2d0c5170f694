"""The HTML reference has every term at its anchor with all that the ontology and the shapes say of it."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rdflib import SH, Graph, Literal

from hongtu.ontology.namespace import HT, read_turtle

ROOT = Path(__file__).parents[2]
AXE = ROOT / "graph" / "views" / "web" / "node_modules" / "axe-core" / "axe.min.js"


class Page(HTMLParser):
    """The texts of a page by the article in which they stand, its anchors, links, and what it would fetch."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: dict[str, list[tuple[str, str]]] = {"": []}
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.fetched: list[str] = []
        self._article, self._language = "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "article":
            self._article = given["id"] or ""
            self.texts[self._article] = []
        self._language = given.get("lang") or ""
        self.anchors += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if tag == "a" else []
        self.fetched += [
            value or "" for key, value in attrs if key == "src" or (tag == "link" and key == "href")
        ]

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self._article = ""

    def handle_data(self, data: str) -> None:
        self.texts[self._article].append((self._language, data))


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("reference")
    script = ROOT / "docs" / "ontology" / "make_reference.py"
    subprocess.run([sys.executable, str(script), "--out", str(folder)], check=True)
    return (folder / "index.html").read_text("utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_every_text_of_a_term_stands_at_its_anchor_in_its_language(page: Page) -> None:
    ontology = Graph().parse(data=read_turtle("hongtu"), format="turtle")
    for name in HT.__annotations__:
        if name.startswith("_"):
            continue
        assert name in page.texts, name
        for value in ontology.objects(HT[name]):
            if isinstance(value, Literal) and value.language:
                assert (value.language, str(value)) in page.texts[name]


def test_every_message_of_the_shapes_is_on_the_page(page: Page) -> None:
    shapes = Graph().parse(data=read_turtle("shapes"), format="turtle")
    told = {text for texts in page.texts.values() for _, text in texts}
    messages = {str(message) for message in shapes.objects(None, SH.message)}
    assert messages and messages - told == set()


def test_schemes_are_summed_up(page: Page) -> None:
    told = {text for texts in page.texts.values() for _, text in texts}
    assert {"国民经济行业分类 (GB/T 4754-2017)", "制造业", "Manufacturing"} <= told


def test_links_within_the_page_lead_somewhere(page: Page) -> None:
    assert len(page.anchors) == len(set(page.anchors))
    within = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert within and within - set(page.anchors) == set()


def test_the_page_is_one_file_that_fetches_nothing_and_runs_nothing(html: str, page: Page) -> None:
    assert page.fetched == []
    assert "<script" not in html and "@import" not in html and not re.search(r"url\(\s*[\"']?(?!#)", html)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_barrier(browser: Any, html: str, scheme: str, width: int) -> None:
    """The rules of axe-core are kept, and nothing is wider than the window."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: `npm ci` in graph/views/web")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page.set_content(html)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [(rule["id"], [one["html"] for one in rule["nodes"]][:3]) for rule in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_an_address_with_a_term_lands_on_it(browser: Any, html: str, tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    file.write_text(html, "utf-8")
    page = browser.new_page()
    page.goto(f"{file.as_uri()}#Project")
    assert 0 <= page.locator("#Project").bounding_box()["y"] < 100
    page.close()
