import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import pyvis.network

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import Network, neighbourhood, to_networkx
from hongtu.graph.views.explorer import STYLES, Explorer
from hongtu.loaders.errors import StoreError, UsageError

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&\u2028'\"`${x}"


class Page(HTMLParser):
    """The scripts, styles, policy and outward references of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inline: dict[str, list[str]] = {"script": [], "style": []}
        self.data = ""
        self.policy = ""
        self.references: list[str] = []
        self.handlers: list[str] = []
        self._open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self._open = "data" if attributes.get("id") == "data" else tag
        self.references += [value or "" for name, value in attrs if name in ("src", "href", "action")]
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"] or ""
        if self._open in self.inline:
            self.inline[self._open].append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open == "data":
            self.data += data
        elif self._open in self.inline:
            self.inline[self._open][-1] += data


def data_of(page: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Page(page).data)
    return data


def test_it_is_a_pyvis_network(sample: KnowledgeGraph) -> None:
    network = to_networkx(sample)
    explorer = Explorer(network)
    assert isinstance(explorer, pyvis.network.Network)
    assert explorer.num_nodes() == len(network)
    assert explorer.num_edges() == network.number_of_edges()


def test_a_node_added_by_the_user_is_drawn(sample: KnowledgeGraph) -> None:
    explorer = Explorer(to_networkx(sample))
    known = explorer.get_nodes()[0]
    explorer.add_node("mine", label="我的")
    explorer.add_edge("mine", known)
    data = data_of(explorer.generate_html())
    assert data["nodes"][-1]["label"] == "我的"
    assert (data["edges"][-1]["from"], data["edges"][-1]["to"]) == ("mine", known)


def test_the_page_refers_to_nothing_outside(sample: KnowledgeGraph) -> None:
    page = Page(Explorer(to_networkx(sample)).generate_html())
    assert page.references == []
    assert page.handlers == []
    assert "@import" not in page.inline["style"][0]
    assert "url(" not in page.inline["style"][0]


def test_the_policy_admits_the_scripts_by_their_hashes(sample: KnowledgeGraph) -> None:
    page = Page(Explorer(to_networkx(sample)).generate_html())
    assert page.policy.startswith("default-src 'none'")
    assert "unsafe" not in page.policy
    assert len(page.inline["script"]) == 3
    for text in page.inline["script"] + page.inline["style"]:
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in page.policy


def test_hostile_words_stay_words() -> None:
    network: Network = nx.MultiDiGraph(title=HOSTILE, plans=[])
    network.add_node("a", label=HOSTILE, kind=HOSTILE, aliases=[HOSTILE], passages=[{"quote": HOSTILE}])
    network.add_node(HOSTILE, label="b")
    network.add_edge("a", HOSTILE, HOSTILE)
    page = Explorer(network).generate_html()
    parsed = Page(page)
    assert len(parsed.inline["script"]) == 3
    assert parsed.references == []
    data = data_of(page)
    assert data["title"] == HOSTILE
    assert data["nodes"][0]["label"] == HOSTILE
    assert data["edges"][0]["predicate"] == HOSTILE


def test_no_script_writes_html() -> None:
    page = Page(Explorer(nx.MultiDiGraph()).generate_html())
    own = "".join(page.inline["script"][1:])
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|fetch\(|XMLHttp", own
    )


def test_each_edge_shows_the_exact_characters(sample: KnowledgeGraph) -> None:
    network = to_networkx(sample)
    data = data_of(Explorer(network).generate_html())
    for edge, (source, target, key, attributes) in zip(
        data["edges"], network.edges(keys=True, data=True), strict=True
    ):
        assert (edge["from"], edge["to"], edge["predicate"]) == (source, target, key)
        assert [data["passages"][number] for number in edge["passages"]] == attributes["passages"]
        assert edge["passages"]


def test_edges_between_the_same_things_do_not_lie_on_each_other() -> None:
    network: Network = nx.MultiDiGraph()
    network.add_edge("a", "b", "undertakes")
    network.add_edge("a", "b", "partnersWith")
    network.add_edge("b", "a", "partnersWith")
    curves = [edge["smooth"] for edge in data_of(Explorer(network).generate_html())["edges"]]
    assert sum(curve is False for curve in curves) == 1
    bent = [curve["roundness"] for curve in curves if curve]
    assert len(set(bent)) == len(bent)


def test_both_languages_are_on_the_page(sample: KnowledgeGraph) -> None:
    terms = data_of(Explorer(to_networkx(sample)).generate_html())["terms"]
    assert terms["Enterprise"] == {"zh": "企业", "en": "enterprise"}
    assert all(set(labels) == {"zh", "en"} for labels in terms.values())


def test_the_page_does_not_depend_on_the_locale(
    sample: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = set()
    for language in ("zh", "en"):
        monkeypatch.setenv("HONGTU_LANG", language)
        pages.add(Explorer(to_networkx(sample)).generate_html())
    assert len(pages) == 1


def test_in_a_notebook_the_page_speaks_the_notebooks_language(
    sample: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    explorer = Explorer(to_networkx(sample))
    assert data_of(explorer.generate_html())["language"] == ""
    for language in ("zh", "en"):
        monkeypatch.setenv("HONGTU_LANG", language)
        [(_, attributes)] = _tags(explorer._repr_html_())
        assert data_of(attributes["srcdoc"])["language"] == language


def test_a_picture_carries_one_step_more_than_it_draws(hongdong: KnowledgeGraph) -> None:
    who = hongdong.resolve("华翔集团")
    nodes = data_of(hongdong.show(who, steps=1).generate_html())["nodes"]
    network = to_networkx(hongdong)
    near, wider = (set(neighbourhood(network, [who], steps)) for steps in (1, 2))
    assert {node["id"] for node in nodes if not node.get("hidden")} == near
    assert {node["id"] for node in nodes if node.get("hidden")} == wider - near
    # What is drawn at first is drawn as if there were no more.
    alone = Explorer(neighbourhood(network, [who], 1)).nodes
    assert [(node["x"], node["y"], node["size"]) for node in nodes if not node.get("hidden")] == [
        (node["x"], node["y"], node["size"]) for node in alone
    ]
    assert not any(node.get("hidden") for node in data_of(hongdong.show().generate_html())["nodes"])


def test_weights_that_are_no_numbers_are_not_drawn() -> None:
    network: Network = nx.MultiDiGraph()
    for number, weight in enumerate([2, 0.5, float("nan"), "much", None]):
        network.add_edge("a", f"b{number}", "k", weight=weight)
    edges = data_of(Explorer(network).generate_html())["edges"]
    assert [edge.get("weight") for edge in edges] == [2, 0.5, None, None, None]


def test_styles_by_kind_reach_nodes_and_legend(sample: KnowledgeGraph) -> None:
    explorer = sample.show(
        "云岭茶业集团", styles={"Enterprise": {"shape": "star"}, "Project": {"color": "#123456"}}
    )
    data = data_of(explorer.generate_html())
    assert data["styles"]["Enterprise"] == {**STYLES["Enterprise"], "shape": "star"}
    for node in data["nodes"]:
        assert (node["color"], node["shape"]) == tuple(data["styles"][node["kind"]].values())
    assert STYLES["Enterprise"]["shape"] == "square"


@pytest.mark.parametrize(
    ("styles", "message"),
    [
        ({"Firm": {}}, "no kind is called “Firm”; there are: Strategy, Project"),
        (
            {"Project": {"colour": "red"}},
            "no property of a style is called “colour”; there are: color, shape",
        ),
        ({"Project": {"shape": "round"}}, "no shape is called “round”; there are: dot, square"),
    ],
)
def test_a_style_that_is_none_is_told(
    sample: KnowledgeGraph, styles: dict[str, dict[str, str]], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        sample.show("云岭茶业集团", styles=styles)


def test_a_notebook_gets_a_frame_that_is_shut_off(sample: KnowledgeGraph) -> None:
    shown = Explorer(to_networkx(sample), height="300px")._repr_html_()
    [(tag, attributes)] = _tags(shown)
    assert tag == "iframe"
    assert "allow-same-origin" not in attributes["sandbox"]
    assert "height:300px" in attributes["style"]
    assert data_of(attributes["srcdoc"])["nodes"]


def _tags(text: str) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, {name: value or "" for name, value in attrs}))

    Tags().feed(text)
    return found


def test_the_file_is_written_whole_or_not_at_all(sample: KnowledgeGraph, tmp_path: Path) -> None:
    explorer = Explorer(to_networkx(sample))
    explorer.write_html(tmp_path / "new" / "图.html")
    assert (tmp_path / "new" / "图.html").read_text("utf-8") == explorer.generate_html()
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["图.html"]
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="file"):
        explorer.write_html(tmp_path / "file" / "a.html")
