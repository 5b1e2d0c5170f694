import base64
import hashlib
import json
import os
import subprocess
import sys
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import pyvis.network
import rdflib
from rdflib import URIRef

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import Network, neighbourhood, to_networkx
from hongtu.graph.terms import Resource
from hongtu.graph.views.explorer import STYLES, Explorer
from hongtu.loaders.errors import InputError, StoreError, UsageError

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


def node_of(data: dict[str, Any], number: int) -> dict[str, Any]:
    """Return a node's cells by column; those of sparse columns only where they tell something."""
    return {
        name: column[number] if isinstance(column, list) else column[str(number)]
        for name, column in data["nodes"].items()
        if (name != "hidden" if isinstance(column, list) else str(number) in column)
    }


def citations_of(data: dict[str, Any], numbers: list[int]) -> list[dict[str, Any]]:
    """Return passages of a page as :func:`to_networkx` has them, its text cut at their offsets."""
    found = []
    for number in numbers:
        place, section, line, start, end, *rest = data["passages"][number]
        document = data["documents"][place]
        quote, before, after = rest if document["text"] is None else ("", "", "")
        if document["text"] is not None:
            first, last = rest
            quote, before, after = (
                document["text"][one:other] for one, other in ((start, end), (first, start), (end, last))
            )
        found.append(
            {
                "plan": document["title"],
                "section": document["sections"][section] if section >= 0 else "",
                "line": line,
                "start": start,
                "end": end,
                "quote": quote,
                "before": before or None,
                "after": after or None,
            }
        )
    return found


def test_columns_are_of_one_length(sample: KnowledgeGraph) -> None:
    network = to_networkx(sample)
    data = data_of(Explorer(network).generate_html())
    assert {len(column) for name, column in data["nodes"].items() if name in LONG} == {len(network)}
    assert {len(column) for name, column in data["edges"].items() if name in LONG} == {
        network.number_of_edges()
    }
    assert data["nodes"]["id"] == list(network)
    for place, attributes in enumerate(network.nodes.values()):
        shown = node_of(data, place)
        assert (shown["label"], data["kinds"][shown["kind"]]) == (attributes["label"], attributes["kind"])
        assert shown.get("about", {}).get("aliases", []) == attributes["aliases"]
        assert "vis" not in shown
    assert set(data["styles"]) == set(data["kinds"])
    assert data["options"] == {}
    assert all(0 <= group < len(data["groups"]) for group in data["nodes"]["group"])


LONG = {"id", "label", "kind", "x", "y", "size", "group", "passages", "from", "to", "predicate"}


def test_what_a_user_adds_is_drawn(sample: KnowledgeGraph) -> None:
    explorer = Explorer(to_networkx(sample))
    known = explorer.get_nodes()[0]
    explorer.add_node("mine", label="我的", kind="Idea")
    explorer.add_node(7, x=5.5, y=1, color="#6b7280", title="七")
    explorer.add_edge("mine", known, label="支持", width=3)
    explorer.add_edge(7, 7)
    explorer.add_edge(7, 7, label=None)
    data = data_of(explorer.generate_html())
    mine, seven = (node_of(data, len(data["nodes"]["id"]) - number) for number in (2, 1))
    assert mine["y"] > max(data["nodes"]["y"][:-2])
    assert data["kinds"][mine["kind"]] == "Idea"
    assert {name: mine[name] for name in ("id", "label", "group", "passages", "vis")} == {
        "id": "mine",
        "label": "我的",
        "group": -1,
        "passages": [],
        "vis": {"color": "#97c2fc"},
    }
    assert (seven["id"], seven["label"], data["kinds"][seven["kind"]]) == ("7", "7", "")
    assert (seven["x"], seven["y"], seven["vis"]) == (5.5, 1, {"title": "七"})
    edges = data["edges"]
    last = len(edges["from"]) - 3
    ends = [
        (data["nodes"]["id"][one], data["nodes"]["id"][other])
        for one, other in zip(edges["from"], edges["to"], strict=True)
    ]
    assert ends[last:] == [("mine", known), ("7", "7"), ("7", "7")]
    assert [data["predicates"][number] for number in edges["predicate"][last:]] == ["支持", "", ""]
    assert edges["vis"] == {str(last): {"width": 3}}


def test_what_a_user_changes_goes_to_vis(sample: KnowledgeGraph) -> None:
    explorer = Explorer(to_networkx(sample))
    first, second = explorer.get_nodes()[:2]
    explorer.get_node(first).update(color="red", shape="image", image="data:,", x=np.int64(3), borderWidth=2)
    explorer.get_node(second)["label"] = "改名"
    explorer.edges[0].update(dashes=True, label="看这里")
    explorer.set_options('{"interaction": {"hover": true}}')
    data = data_of(explorer.generate_html())
    assert data["nodes"]["vis"] == {
        "0": {"color": "red", "shape": "image", "image": "data:,", "borderWidth": 2}
    }
    assert data["nodes"]["x"][0] == 3
    assert data["nodes"]["label"][1] == "改名"
    assert data["edges"]["vis"] == {"0": {"dashes": True, "label": "看这里"}}
    assert data["options"] == {"interaction": {"hover": True}}


def test_options_set_by_pyvis_methods_are_told(sample: KnowledgeGraph) -> None:
    explorer = Explorer(to_networkx(sample))
    explorer.toggle_physics(True)
    options = data_of(explorer.generate_html())["options"]
    assert list(options) == ["physics"]
    assert options["physics"]["enabled"] is True


def test_values_that_json_has_not_are_converted_or_dropped() -> None:
    explorer = Explorer(nx.MultiDiGraph([("a", "b")]))
    explorer.get_node("a").update(
        size=np.float32(12.5),
        mass=float("nan"),
        value=np.inf,
        level=np.int64(2),
        color={"border": np.str_("red"), "background": float("nan")},
        scaling=np.array([1, 2]),
        title=rdflib.Literal("题", lang="zh"),
        chosen=np.bool_(True),
        group=pd.NA,
        hiddenLabel=pd.NaT,
        widthConstraint=Decimal("2.50"),
        icon={URIRef("urn:a"), "b"},
        font=(2**60, 10**400, "\ud83d"),
    )
    explorer.edges[0].update(value=np.float64("nan"), label=np.str_("边"))
    data = data_of(explorer.generate_html())
    assert data["nodes"]["size"][0] == 12.5
    assert data["nodes"]["vis"]["0"] == {
        "level": 2,
        "color": {"border": "red"},
        "scaling": [1, 2],
        "title": "题",
        "chosen": True,
        "widthConstraint": 2.5,
        "icon": ["b", "urn:a"],
        "font": [float(2**60), None, "?"],
    }
    assert data["edges"]["vis"] == {"0": {"label": "边"}}


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
    assert len(page.inline["script"]) == 1
    for text in page.inline["script"] + page.inline["style"]:
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in page.policy


def test_hostile_words_stay_words() -> None:
    network: Network = nx.MultiDiGraph(title=HOSTILE, plans=[])
    network.add_node("a", label=HOSTILE, kind=HOSTILE, aliases=[HOSTILE], passages=[{"quote": HOSTILE}])
    network.add_node(HOSTILE, label="b")
    network.add_edge("a", HOSTILE, HOSTILE)
    page = Explorer(network).generate_html()
    parsed = Page(page)
    assert len(parsed.inline["script"]) == 1
    assert parsed.references == []
    data = data_of(page)
    assert data["title"] == HOSTILE
    assert data["nodes"]["id"] == ["a", HOSTILE]
    assert data["nodes"]["label"] == [HOSTILE, "b"]
    assert data["nodes"]["about"] == {"0": {"aliases": [HOSTILE]}}
    assert data["kinds"][data["nodes"]["kind"][0]] == HOSTILE
    assert data["predicates"] == [HOSTILE]
    assert data["passages"] == [[0, -1, 0, 0, 0, HOSTILE, None, None]]


@pytest.mark.parametrize("name", ["sample", "hongdong"])
def test_nodes_and_edges_show_the_exact_characters(name: str, request: pytest.FixtureRequest) -> None:
    network = to_networkx(request.getfixturevalue(name))
    data = data_of(Explorer(network).generate_html())
    assert (data["documents"][0]["text"] is not None) == (name == "sample")
    for place, attributes in enumerate(network.nodes.values()):
        assert citations_of(data, data["nodes"]["passages"][place]) == attributes["passages"]
    edges = zip(*(data["edges"][name] for name in ("from", "to", "predicate", "passages")), strict=True)
    for edge, (source, target, key, attributes) in zip(
        edges, network.edges(keys=True, data=True), strict=True
    ):
        ids = data["nodes"]["id"]
        assert (ids[edge[0]], ids[edge[1]], data["predicates"][edge[2]]) == (source, target, key)
        assert citations_of(data, edge[3]) == attributes["passages"]
        assert edge[3]


def a_network(*passages: dict[str, Any]) -> Network:
    """Return a network of one node with these passages, from a plan with a text beyond the BMP."""
    text = "𠀀县。\r\n𠀀县建𠮷园。完"
    sections = [Resource("概况", "urn:1"), Resource("概况", "urn:2")]
    plan = {"title": Resource("规划", "urn:plan"), "sha256": "ab", "text": text, "sections": sections}
    network: Network = nx.MultiDiGraph(plans=[plan], targets=[])
    network.add_node("a", passages=list(passages))
    return network


PASSAGE = {
    "plan": Resource("规划", "urn:plan"),
    "section": Resource("概况", "urn:2"),
    "line": 2,
    "start": 7,
    "end": 10,
    "before": "𠀀县",
    "quote": "建𠮷园",
    "after": "。",
}


def test_offsets_are_code_points_and_sections_known_by_their_iri() -> None:
    data = data_of(Explorer(a_network(PASSAGE, dict(PASSAGE))).generate_html())
    assert data["documents"] == [
        {"title": "规划", "sha256": "ab", "text": "𠀀县。\r\n𠀀县建𠮷园。完", "sections": ["概况", "概况"]}
    ]
    assert data["passages"] == [[0, 1, 2, 7, 10, 5, 11]]
    assert data["nodes"]["passages"] == [[0]]


def test_a_passage_that_is_not_in_the_text_keeps_its_words() -> None:
    other = {**PASSAGE, "start": 8, "end": 11}
    unknown = {"plan": "别的规划", "section": "序", "quote": "甲"}
    bare = {**PASSAGE, "before": None, "quote": None, "after": None}
    data = data_of(Explorer(a_network(PASSAGE, other, unknown, bare)).generate_html())
    assert [(document["title"], document["text"] is None) for document in data["documents"]] == [
        ("规划", False),
        ("规划", True),
        ("别的规划", True),
    ]
    assert data["passages"] == [
        [0, 1, 2, 7, 10, 5, 11],
        [1, 0, 2, 8, 11, "建𠮷园", "𠀀县", "。"],
        [2, 0, 0, 0, 0, "甲", None, None],
        [0, 1, 2, 7, 10, 7, 10],
    ]


def test_plans_of_one_title_are_kept_apart() -> None:
    network = a_network(PASSAGE, {**PASSAGE, "start": 8})
    other = {**network.graph["plans"][0], "title": Resource("规划", "urn:other"), "text": "别的"}
    network.graph["plans"].append(other)
    elsewhere = {**PASSAGE, "plan": other["title"], "section": "序"}
    network.add_node("b", passages=[elsewhere])
    data = data_of(Explorer(network).generate_html())
    assert [(document["text"] is None, document["sections"]) for document in data["documents"]] == [
        (False, ["概况", "概况"]),
        (True, ["概况", "概况"]),
        (True, ["概况"]),
        (True, ["序"]),
    ]
    assert [passage[0] for passage in data["passages"]] == [0, 2, 3]


def test_a_plan_whose_text_is_another_keeps_its_targets() -> None:
    network = a_network({**PASSAGE, "start": 8})
    told = dict.fromkeys(("measure", "indicator", "verbatim", "unit", "comparator", "role"), "")
    target = {**told, "subject": "urn:plan", "plan": "urn:plan", "value": 1, "year": 2025, "passages": []}
    network.graph["targets"] = [target, {**target, "subject": "urn:other", "plan": "urn:other"}]
    [row] = data_of(Explorer(network).generate_html())["targets"]
    assert row[0] == -1


def test_the_text_of_a_plan_that_nothing_cites_stays_away() -> None:
    data = data_of(Explorer(a_network()).generate_html())
    assert [document["text"] for document in data["documents"]] == [None]


def subjects_of(data: dict[str, Any]) -> list[str]:
    """Of each target, the IRI of the node, the label of the measure, or ``""`` for the plan."""
    ids = data["nodes"]["id"]
    return [
        row[0] if isinstance(row[0], str) else "" if row[0] < 0 else ids[row[0]] for row in data["targets"]
    ]


def test_targets_are_those_of_nodes_measures_and_the_plan(sample: KnowledgeGraph) -> None:
    network = to_networkx(sample)
    data = data_of(Explorer(network).generate_html())
    plan = sample.plan_graphs()[0].value
    asked = [
        (row["subject"], str(row["indicator"]), row["verbatim"], row["year"])
        for row in sample.targets().to_dict("records")
    ]
    subjects = subjects_of(data)
    assert {
        (subject, row[1], row[3], row[5]) for subject, row in zip(subjects, data["targets"], strict=True)
    } == {
        ("" if who.iri == plan else who.iri if who.iri in network else str(who), *rest)
        for who, *rest in asked
    }
    assert "" in subjects and {*subjects} & {*data["nodes"]["id"]}
    assert {*subjects} - {"", *data["nodes"]["id"]}, "the sample has targets of measures"
    assert all(row[2] is None or row[2] > 0 for row in data["targets"])
    assert {row[7] for row in data["targets"]} <= {"target", "baseline"}
    for row in data["targets"]:
        assert any(row[3] in passage["quote"] for passage in citations_of(data, row[8]))


def test_pictures_of_parts_have_the_targets_of_what_they_show(sample: KnowledgeGraph) -> None:
    rows = sample.targets().to_dict("records")
    thing = next(row["subject"].iri for row in rows if row["subject"].iri in to_networkx(sample))
    answer = sample.query("SELECT ?a ?b { ?a ?p ?b . ?b a ht:Industry }", limit=3)
    for explorer in (sample.show(thing), sample.show(sample.query("SELECT ?t { }", t=URIRef(thing)))):
        assert thing in subjects_of(data_of(explorer.generate_html()))
    data = data_of(answer.show().generate_html())
    ids = data["nodes"]["id"]
    assert {*subjects_of(data)} & {*ids} == {row["subject"].iri for row in rows if row["subject"].iri in ids}


def test_the_same_network_gives_the_same_bytes() -> None:
    made = """
import hashlib
from hongtu.graph import KnowledgeGraph
page = KnowledgeGraph.packaged("sample").show().generate_html()
print(hashlib.sha256(page.encode()).hexdigest())
"""
    found = {
        subprocess.run(
            [sys.executable, "-c", made],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_places_come_from_what_is_given_and_from_the_graph(sample: KnowledgeGraph) -> None:
    network = to_networkx(sample)
    town, village = [node for node, data in network.nodes(data=True) if data["kind"] == "Location"][:2]
    body = sample.resolve("云岭茶业集团")
    network.graph["points"] = {town: (1.0, 2.0), village: (3.0, 4.0), "urn:none": (5.0, 6.0)}
    square = {"type": "LineString", "coordinates": [[106, 29], [107, 30]]}
    given = {network.nodes[town]["label"]: (29.5, np.float64(106.25)), body: (1, 2), "没有": (0, 0)}
    data = data_of(Explorer(network, coordinates=given, outline=square).generate_html())
    ids = data["nodes"]["id"]
    assert {ids[int(place)]: point for place, point in data["places"]["points"].items()} == {
        town: [29.5, 106.25],
        village: [3.0, 4.0],
        body: [1.0, 2.0],
    }
    assert data["places"]["outline"] == [[[106, 29], [107, 30]]]


def test_things_keep_their_places_of_before(sample: KnowledgeGraph, tmp_path: Path) -> None:
    network = to_networkx(sample)
    part = network.copy()
    part.remove_nodes_from(list(network)[::4])
    Explorer(part).write_html(tmp_path / "before.html")
    before = Explorer(part)
    after = Explorer(network, like=tmp_path / "before.html")
    for node in part:
        assert [after.get_node(node)[name] for name in "xy"] == [before.get_node(node)[name] for name in "xy"]


@pytest.mark.parametrize("size", [3, 150])
def test_ids_and_kinds_may_be_of_any_type(size: int, tmp_path: Path) -> None:
    network: nx.MultiDiGraph[Any] = nx.MultiDiGraph(title=None)
    kinds = [None, float("nan"), ["甲"], 7]
    network.add_nodes_from((number, {"kind": kinds[number % 4]}) for number in range(size))
    before = Explorer(network)
    before.write_html(tmp_path / "before.html")
    data = data_of((tmp_path / "before.html").read_text("utf-8"))
    assert data["title"] == ""
    assert {group["name"] for group in data["groups"]} <= {*data["kinds"], "0"}
    assert all(group >= 0 for group in data["nodes"]["group"])
    network.add_edge(0, "new")
    after = Explorer(network, like=tmp_path / "before.html", coordinates={"1": (29, 106)})
    assert [(node["x"], node["y"]) for node in after.nodes[:size]] == [
        (node["x"], node["y"]) for node in before.nodes
    ]
    assert data_of(after.generate_html())["places"]["points"] == {"1": [29.0, 106.0]}


def test_a_picture_of_one_thing_opens_at_it(sample: KnowledgeGraph) -> None:
    thing = sample.thing("茶产业").iri
    data = data_of(sample.show(thing, steps=2).generate_html())
    assert data["around"] == [data["nodes"]["id"].index(thing), 2]
    for several in (sample.show(), sample.show(["茶产业", "青石镇"]), sample.show(thing, steps=3)):
        assert data_of(several.generate_html())["around"] is None


def test_names_without_a_node_are_kept_apart(sample: KnowledgeGraph) -> None:
    explorer = sample.show(coordinates={"青石镇": (29, 106), "没有": (29, 106)})
    assert (len(explorer.points), explorer.unplaced) == (1, ["没有"])


def test_coordinates_that_fit_nothing_are_told(sample: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="nothing in the picture is called so, such as “没有”"):
        sample.show(coordinates={"没有": (1, 2)})
    with pytest.raises(UsageError, match="the two seem to be swapped"):
        sample.show(coordinates={"没有": (111, 36)})
    for point in (None, (1,), (1, 2, 3), ("29°", "106°")):
        with pytest.raises(UsageError, match="没有: coordinates are two numbers"):
            sample.show(coordinates={"没有": point})  # type: ignore[dict-item]
    with pytest.raises(InputError, match="no GeoJSON"):
        sample.show(outline={"type": "Square"})


def test_parallel_edges_and_loops_are_kept() -> None:
    network: Network = nx.MultiDiGraph()
    for ends in (
        ("a", "b", "undertakes"),
        ("a", "b", "partnersWith"),
        ("b", "a", "partnersWith"),
        ("a", "a", "k"),
    ):
        network.add_edge(*ends)
    edges = data_of(Explorer(network).generate_html())["edges"]
    assert list(zip(edges["from"], edges["to"], edges["predicate"], strict=True)) == [
        (0, 1, 0),
        (0, 1, 1),
        (0, 0, 2),
        (1, 0, 1),
    ]


def test_edges_without_keys_say_their_label() -> None:
    network: Network = nx.MultiDiGraph([("a", "b"), ("a", "b")])
    network.add_edge("b", "c", label="支持")
    data = data_of(Explorer(network).generate_html())
    assert [data["predicates"][number] for number in data["edges"]["predicate"]] == ["", "", "支持"]


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
    data = data_of(hongdong.show(who, steps=1).generate_html())
    network = to_networkx(hongdong)
    near, wider = (set(neighbourhood(network, [who], steps)) for steps in (1, 2))
    ids, hidden = data["nodes"]["id"], data["nodes"]["hidden"]
    assert {ids[place] for place in hidden} == wider - near
    assert set(ids) == wider
    assert {data["nodes"]["group"][place] for place in hidden} == {-1}
    # What is drawn at first is drawn as if there were no more.
    places = list(zip(*(data["nodes"][name] for name in ("x", "y", "size")), strict=True))
    alone = Explorer(neighbourhood(network, [who], 1)).nodes
    assert [place for number, place in enumerate(places) if number not in hidden] == [
        (node["x"], node["y"], node["size"]) for node in alone
    ]
    assert data_of(hongdong.show().generate_html())["nodes"]["hidden"] == []


def test_weights_that_are_no_numbers_are_not_drawn() -> None:
    network: Network = nx.MultiDiGraph()
    for number, weight in enumerate([2, np.float64(0.5), float("nan"), "much", None]):
        network.add_edge("a", f"b{number}", "k", weight=weight)
    assert data_of(Explorer(network).generate_html())["edges"]["about"] == {
        "0": {"weight": 2},
        "1": {"weight": 0.5},
    }


def test_styles_by_kind_reach_nodes_and_legend(sample: KnowledgeGraph) -> None:
    explorer = sample.show(
        "云岭茶业集团", styles={"Enterprise": {"shape": "star"}, "Project": {"color": "#123456"}}
    )
    data = data_of(explorer.generate_html())
    assert data["styles"]["Enterprise"] == {**STYLES["Enterprise"], "shape": "star"}
    assert data["nodes"]["vis"] == {}
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
