"""The explorer, used as a person does: a file, in a browser without network whose reader knows Chinese."""

import csv
import io
import json
import re
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import networkx as nx
import pyoxigraph as ox
import pytest
from PIL import Image, ImageStat

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import Network, neighbourhood, to_networkx, with_more
from hongtu.graph.views.explorer import Explorer
from hongtu.graph.views.layout.groups import Group
from hongtu.loaders.values import guard_cell

WATCHED = """{
    // What the picture says since its ground was last painted: texts with their boxes and colours, and how wide lines
    // are, in pixels. All that the policy (CSP) has refused.
    const { fillText, stroke, fillRect } = CanvasRenderingContext2D.prototype;
    window.seen = { texts: [], widths: [], frames: 0 };
    window.refused = [];
    addEventListener("securitypolicyviolation", (event) => refused.push(event.violatedDirective));
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        const size = this.measureText(text), { a, e, f } = this.getTransform(), per = devicePixelRatio;
        const [left, right] = [x - size.actualBoundingBoxLeft, x + size.actualBoundingBoxRight];
        const [top, bottom] = [y - size.actualBoundingBoxAscent, y + size.actualBoundingBoxDescent];
        const box = [e + a * left, f + a * top, e + a * right, f + a * bottom].map((edge) => edge / per);
        if (text.trim()) window.seen.texts.push({ text, box, color: this.fillStyle });
        return fillText.apply(this, arguments);
    };
    CanvasRenderingContext2D.prototype.stroke = function () {
        window.seen.widths.push((this.lineWidth * this.getTransform().a) / devicePixelRatio);
        return stroke.apply(this, arguments);
    };
    CanvasRenderingContext2D.prototype.fillRect = function (x, y, width, height) {
        const { clientWidth, clientHeight } = this.canvas;
        if (clientWidth && width >= clientWidth && height >= clientHeight)
            window.seen = { texts: [], widths: [], frames: window.seen.frames + 1 };
        return fillRect.apply(this, arguments);
    };
}"""

AXE = Path(__file__).parents[3] / "graph" / "views" / "web" / "node_modules" / "axe-core" / "axe.min.js"


@contextmanager
def opened(
    browser: Any, file: Path, state: dict[str, str] | None = None, *, watched: str = "", **context: Any
) -> Iterator[Any]:
    """Give the page, and see that it asked for nothing and nothing complained.

    :param state: what stands in the address behind #.
    :param watched: more to watch from the beginning.
    :param context: of the browser, such as ``color_scheme``.
    """
    wanted = {
        "offline": True,
        "accept_downloads": True,
        "locale": "zh-CN",
        "reduced_motion": "reduce",
        "viewport": {"width": 1440, "height": 900},
    }
    made = browser.new_context(**{**wanted, **context})
    made.add_init_script(WATCHED + watched)
    try:
        page = made.new_page()
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address(file, state))
        yield page
        assert said == []
        # The file, and what the page makes itself: downloads and the sheet that becomes a PNG.
        rest = [url for url in asked if not url.startswith(("blob:", "data:"))]
        assert {url.partition("#")[0] for url in rest} == {file.as_uri()}
        assert [frame.evaluate("refused") for frame in page.frames] == [[] for _ in page.frames]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    finally:
        made.close()


def address(file: Path, state: dict[str, str] | None = None) -> str:
    return f"{file.as_uri()}#{urlencode(state)}" if state else file.as_uri()


def in_time(check: Callable[[], bool]) -> bool:
    """Wait until something holds; a picture is drawn when the browser finds time."""
    end = time.monotonic() + 15
    while not check() and time.monotonic() < end:
        time.sleep(0.05)
    return check()


def texts(page: Any) -> dict[str, dict[str, Any]]:
    """Return what is written in the picture, by text."""
    return {seen["text"]: seen for seen in page.evaluate("seen.texts")}


def written(page: Any) -> str:
    """Return what is written in the picture in one piece: names may go over several lines."""
    return "".join(seen["text"] for seen in page.evaluate("seen.texts"))


def says(page: Any, text: str) -> bool:
    """Wait until a text stands in the picture."""
    return in_time(lambda: text in texts(page))


def tells(page: Any, said: str) -> bool:
    """Wait until the panel tells of something."""
    return in_time(lambda: heading(page) == said)


def middle(page: Any, text: str) -> tuple[float, float]:
    """Return where a text of the picture stands in the page."""
    left, top, right, bottom = texts(page)[text]["box"]
    box = page.locator("#picture canvas").bounding_box()
    return box["x"] + (left + right) / 2, box["y"] + (top + bottom) / 2


def sign(page: Any, name: str) -> tuple[float, float]:
    """Return where the sign of a thing is in the page: above its name."""
    x, _ = middle(page, name)
    return x, page.locator("#picture canvas").bounding_box()["y"] + texts(page)[name]["box"][1] - 9


def search(page: Any, wanted: str) -> list[str]:
    """Type into the search, and return what it offers, the best first."""
    page.locator("#search").fill(wanted)
    return [text.split("\n")[0] for text in page.locator("#found [role=option]").all_inner_texts()]


def show(page: Any, wanted: str) -> None:
    """Bring the best that a search finds into the middle."""
    search(page, wanted)
    page.locator("#search").press("Enter")


def heading(page: Any) -> str:
    """Return what the panel tells of."""
    return " ".join(page.locator("#panel h2").inner_text().split())


def tab(page: Any, name: str) -> None:
    page.locator("#bar .tabs").get_by_role("button", name=name, exact=True).click()


def rows(page: Any) -> str:
    """Return what the table says of how many rows it has."""
    text: str = page.locator(".table-view .count").inner_text()
    return text


def saved(page: Any, save: Callable[[], None]) -> tuple[str, bytes]:
    """Return the name and content of a file that the page saves."""
    with page.expect_download() as download:
        save()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def take(page: Any, name: str) -> tuple[str, bytes]:
    page.locator("#take-away").click()
    return saved(page, page.get_by_role("menuitem", name=name).click)


def contents(data: bytes) -> list[list[str]]:
    """Return the rows of a CSV file."""
    assert data.startswith(b"\xef\xbb\xbf"), "Excel takes it for UTF-8"
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


class County:
    """A plan as the page has it, and what is true of it."""

    def __init__(self, explorer: Explorer, file: Path) -> None:
        self.explorer, self.file = explorer, file
        explorer.write_html(file)
        self.labels = {node["id"]: str(node["label"]) for node in explorer.nodes}
        self.ids = {label: node for node, label in self.labels.items()}
        self.kinds = {node["id"]: str(node["kind"]) for node in explorer.nodes}
        self.network: Network = nx.MultiDiGraph()
        self.network.add_nodes_from(self.labels)
        self.network.add_edges_from((edge["from"], edge["to"], edge["predicate"]) for edge in explorer.edges)
        self.terms = {name: term["zh"] for name, term in explorer._data()["terms"].items()}

    def statement(self, source: str, predicate: str, target: str) -> str:
        return f"{self.labels[source]} — {self.terms[predicate]} → {self.labels[target]}"

    def passages(self, source: str, predicate: str, target: str) -> list[dict[str, Any]]:
        return next(
            edge["passages"]
            for edge in self.explorer.edges
            if (edge["from"], edge["predicate"], edge["to"]) == (source, predicate, target)
        )

    def edges(self) -> list[tuple[str, str, str]]:
        """Return source, target and predicate of each edge."""
        return list(self.network.edges(keys=True))

    def group_name(self, group: Group) -> str:
        return self.labels.get(group.name) or f"其他{self.terms[group.name]}"

    def near(self, label: str, steps: int = 1) -> set[str]:
        """Return names within some steps."""
        around = nx.single_source_shortest_path_length(nx.Graph(self.network), self.ids[label], cutoff=steps)
        return {self.labels[node] for node in around}

    def named(self, kind: str) -> list[str]:
        return [self.labels[node] for node, found in self.kinds.items() if found == kind]


@pytest.fixture(scope="module")
def county(sample: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> County:
    """The sample with its text."""
    folder = tmp_path_factory.mktemp("county")
    return County(Explorer(to_networkx(sample)), folder / "explorer.html")


@pytest.fixture(scope="module")
def plan() -> str:
    """The text of the sample's plan."""
    return files("hongtu.loaders.data").joinpath("sample/plan.txt").read_bytes().decode("utf-8")


# The picture


def test_the_picture_begins_with_groups_that_open(browser: Any, county: County) -> None:
    groups = county.explorer.groups
    with opened(browser, county.file) as page:
        things, edges = county.network.number_of_nodes(), county.network.number_of_edges()
        assert page.locator("#summary").inner_text() == (
            f"谁在哪里做什么：{things} 个对象，{edges} 条关系，条条有出处"
        )
        assert in_time(lambda: len(texts(page)) >= 2 * len(groups))
        for group in groups:
            counts = Counter(county.terms[county.kinds[node]] for node in group.members)
            # Below the name: how many it has, of the kind with most members if there are several.
            told = [f"{kind} {count}" for kind, count in counts.items() if count == max(counts.values())]
            if len(counts) == 1:
                told = [f"{len(group.members)} 个"]
            assert any(f"{county.group_name(group)}{one}" in written(page) for one in told)
        assert page.locator("#drawn").inner_text().startswith(f"画出 {len(groups)} 组，")
        assert f"另有 {things} 个对象在未打开的组里" in page.locator("#drawn").inner_text()

        group = groups[1]
        name = county.group_name(group)
        page.mouse.click(*middle(page, name))
        assert tells(page, name)
        panel = page.locator("#panel")
        assert panel.locator("p.quiet").first.inner_text() == f"一组 {len(group.members)} 个对象"
        counts = Counter(county.terms[county.kinds[node]] for node in group.members)
        told = [text.split() for text in panel.locator("h3").all_inner_texts()]
        assert {line[0]: int(line[1]) for line in told if len(line) == 2} == counts
        # Else it would be a click of three.
        page.wait_for_timeout(500)
        page.mouse.dblclick(*middle(page, name))
        members = {county.labels[node] for node in group.members}
        assert in_time(lambda: page.locator("#drawn").inner_text().startswith(f"画出 {len(groups) - 1} 组、"))
        assert in_time(lambda: sum(label in written(page) for label in members) > len(members) / 3)
        assert f"、{len(members)} 个对象，" in page.locator("#drawn").inner_text()
        ties = panel.locator("section", has_text="与别的组的关系").locator(".rows button").first
        told = ties.inner_text().split()
        ties.click()
        assert heading(page) == f"{name} 与 {told[0]}"
        assert panel.locator("p.quiet").inner_text() == f"之间的 {told[1]} 条关系"
        panel.locator(".rows button").first.click()
        assert panel.locator("mark").count() > 0
        page.locator("#back").click()
        page.locator("#back").click()
        panel.get_by_role("button", name="合上这组").click()
        assert in_time(lambda: page.locator("#drawn").inner_text().startswith(f"画出 {len(groups)} 组，"))
        page.locator("#groups").click()
        assert page.locator("#drawn").inner_text().startswith(f"画出 {things} 个对象，{edges} 条关系")


def test_a_line_in_the_picture_opens_its_sentence(browser: Any, county: County, plan: str) -> None:
    def lines(node: str) -> list[tuple[str, str, str]]:
        """Return those of a node, unless some are of one relation or its neighbours have lines too."""
        around = {node, *county.network.predecessors(node), *county.network.successors(node)}
        edges = [edge for edge in county.edges() if around.issuperset(edge[:2])]
        apart = all(node in edge for edge in edges) and len({edge[2] for edge in edges}) == len(edges)
        return edges if apart else []

    centre = max(county.network, key=lambda node: len(lines(node)))
    assert len(lines(centre)) > 1
    with opened(browser, county.file, {"around": f"{centre}~1"}) as page:
        for source, target, predicate in lines(centre):
            assert says(page, county.terms[predicate])
            page.mouse.click(*middle(page, county.terms[predicate]))
            assert tells(page, county.statement(source, predicate, target))
            passages = county.passages(source, predicate, target)
            assert page.locator("#panel mark").all_inner_texts() == [
                plan[passage["start"] : passage["end"]] for passage in passages
            ]
            page.locator("#back").click()


def test_every_edge_opens_the_very_characters_of_the_plan(browser: Any, county: County, plan: str) -> None:
    with opened(browser, county.file, {"view": "table"}) as page:
        edges = county.explorer.edges
        assert rows(page) == f"{len(edges)} 行"
        told = page.evaluate(
            """async (count) => {
                const grid = document.querySelector("[role=grid]"), panel = document.querySelector("#panel");
                const press = async (key) => {
                    grid.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
                    await new Promise((done) => setTimeout(done));
                };
                const told = [];
                for (let row = 0; row < count; row += 1) {
                    await press("Enter");
                    const all = (name) => [...panel.querySelectorAll(name)].map((found) => found.textContent);
                    told.push([all("h2")[0], all("mark"), all("blockquote"), all("cite")]);
                    await press("ArrowDown");
                }
                return told;
            }""",
            len(edges),
        )
        for edge, (said, marks, sentences, places) in zip(edges, told, strict=True):
            assert " ".join(said.split()) == county.statement(edge["from"], edge["predicate"], edge["to"])
            passages = edge["passages"]
            assert passages
            assert marks == [plan[passage["start"] : passage["end"]] for passage in passages]
            for passage, sentence, place in zip(passages, sentences, places, strict=True):
                first = passage["start"] - len(passage["before"] or "")
                assert sentence == plan[first : passage["end"] + len(passage["after"] or "")]
                line = plan.count("\n", 0, passage["start"]) + 1
                assert f"第 {line} 行，字符 {passage['start']}–{passage['end']}" in place


def test_the_text_opens_at_the_place_and_its_names_lead_back(browser: Any, county: County, plan: str) -> None:
    edge = max(
        county.explorer.edges, key=lambda edge: edge["passages"][0]["start"] if edge["passages"] else 0
    )
    passage = edge["passages"][0]
    chosen = f"edge~{edge['from']}~{edge['predicate']}~{edge['to']}"
    with opened(browser, county.file, {"chosen": chosen}) as page:
        control = page.get_by_role("button", name="在原文中看").first
        control.click()
        reader = page.locator("#reader")
        assert reader.locator("h2").inner_text() == county.explorer.about["title"]
        assert reader.locator(".text").evaluate("element => element.textContent") == plan
        here = reader.locator("mark.here")
        assert "".join(here.all_text_contents()) == plan[passage["start"] : passage["end"]]
        inside = """element => {
            const { top, bottom } = element.getBoundingClientRect();
            return top >= 0 && bottom <= innerHeight;
        }"""
        assert here.first.evaluate(inside)
        assert reader.locator(".outline [aria-current]").inner_text() == passage["section"]
        page.keyboard.press("Escape")
        assert in_time(lambda: reader.count() == 0)
        assert control.evaluate("element => element === document.activeElement"), (
            "the keyboard is where it was"
        )
        control.press("Enter")
        name = here.locator(".name").first
        label = county.labels[county.explorer.nodes[int(name.get_attribute("data-node"))]["id"]]
        name.press("Enter")
        assert in_time(lambda: reader.count() == 0 and heading(page) == label)
        assert in_time(lambda: label in written(page))


def test_without_the_text_places_are_told_and_how_to_get_it(
    browser: Any, hongdong: KnowledgeGraph, tmp_path: Path
) -> None:
    shown = County(Explorer(to_networkx(hongdong)), tmp_path / "page.html")
    edge = next(edge for edge in shown.explorer.edges if edge["passages"])
    passage = edge["passages"][0]
    chosen = f"edge~{edge['from']}~{edge['predicate']}~{edge['to']}"
    with opened(browser, shown.file, {"chosen": chosen}) as page:
        panel = page.locator("#panel")
        assert heading(page) == shown.statement(edge["from"], edge["predicate"], edge["to"])
        assert f"第 {passage['line']} 行，字符 {passage['start']}–{passage['end']}" in panel.inner_text()
        assert 'kg.load_text("plan.txt")' in panel.inner_text()
        assert panel.locator("mark, button.read").count() == 0


# Finding


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("渔歌水产", "白沙渔歌水产公司"),
        ("茶农", "青石茶农合作社"),
        ("yunlingchaye", "云岭茶业集团"),
        ("yun ling", "云岭茶业集团"),
        ("ylcyjt", "云岭茶业集团"),
        ("ＹＬＣＹＪＴ", "云岭茶业集团"),
        ("青石 企业", "青石茶农合作社"),
    ],
)
def test_search_finds_names_aliases_fragments_and_pinyin(
    browser: Any, county: County, wanted: str, found: str
) -> None:
    with opened(browser, county.file) as page:
        assert search(page, wanted)[0].startswith(found)
        page.locator("#search").press("Enter")
        assert heading(page) == found
        assert page.locator("#where b").inner_text() == found
        assert page.locator("#found").is_hidden()


def test_search_tells_what_matched_and_when_nothing_did(browser: Any, county: County) -> None:
    with opened(browser, county.file) as page:
        offered = search(page, "旅游")
        assert len(offered) > 3 and offered[0].startswith("旅游")
        option = page.locator("#found [role=option]").nth(1)
        assert option.locator("mark").first.inner_text() == "旅游"
        field = page.locator("#search")
        field.press("ArrowDown")
        assert page.locator("#found [aria-selected=true]").inner_text() == option.inner_text()
        field.press("Enter")
        assert option.count() == 0 and heading(page) == offered[1].split(" ")[0].removesuffix("又称")
        assert search(page, "没有这样的")[0].startswith("没有找到")
        field.press("Escape")
        assert page.locator("#found").is_hidden()


def test_the_legend_takes_kinds_and_relations_away(browser: Any, county: County) -> None:
    network = county.network
    with opened(browser, county.file, {"view": "table"}) as page:
        legend = page.locator("#legend")

        def toggle(term: str) -> Any:
            return legend.locator("button[aria-pressed]", has=page.get_by_text(term, exact=True))

        projects = county.named("Project")
        assert toggle("项目").locator(".count").inner_text() == str(len(projects))
        toggle("项目").click()
        assert toggle("项目").get_attribute("aria-pressed") == "false"
        rest = [edge for edge in network.edges(keys=True) if "Project" not in map(county.kinds.get, edge[:2])]
        assert rows(page) == f"{len(rest)} 行"
        toggle("从事").click()
        rest = [edge for edge in rest if edge[2] != "operatesIn"]
        assert rows(page) == f"{len(rest)} 行"
        promoted = sum(edge[2] == "promotes" for edge in rest)
        assert toggle("促进").locator(".count").inner_text() == str(promoted)
        tab(page, "关系图")
        page.locator("#groups").click()
        things = network.number_of_nodes() - len(projects)
        assert page.locator("#drawn").inner_text() == f"画出 {things} 个对象，{len(rest)} 条关系"
        assert says(page, "工业强县战略")
        others = {label for node, label in county.labels.items() if county.kinds[node] != "Project"}
        assert not set(projects) - others & texts(page).keys()
        page.locator("#show-all").click()
        assert page.locator("#drawn").inner_text().endswith(f"{network.number_of_edges()} 条关系")
        legend.get_by_role("button", name="只看企业").click()
        assert (
            page.locator("#drawn").inner_text().startswith(f"画出 {len(county.named('Enterprise'))} 个对象")
        )


def test_around_a_thing_one_step_and_two(browser: Any, county: County) -> None:
    name = "云岭茶业集团"
    with opened(browser, county.file) as page:
        show(page, name)
        assert in_time(lambda: all(label in written(page) for label in county.near(name)))
        assert page.locator("#drawn").inner_text().startswith(f"画出 {len(county.near(name))} 个对象")
        assert "1 步以内" in page.locator("#where").inner_text()
        page.locator("#steps").click()
        assert "2 步以内" in page.locator("#where").inner_text()
        assert page.locator("#drawn").inner_text().startswith(f"画出 {len(county.near(name, 2))} 个对象")
        page.locator("#panel").get_by_role("button", name="1 步").click()
        assert page.locator("#drawn").inner_text().startswith(f"画出 {len(county.near(name))} 个对象")
        # A neighbour goes into the middle by a double click.
        neighbour = next(label for label in county.near(name) - {name} if label in texts(page))
        page.mouse.dblclick(*sign(page, neighbour))
        assert in_time(lambda: page.locator("#where b").inner_text() == neighbour)
        page.locator("#everything").click()
        assert page.locator("#where").count() == 0


def test_a_picture_of_one_thing_opens_at_it(
    browser: Any, county: County, sample: KnowledgeGraph, tmp_path: Path
) -> None:
    name = "云岭茶业集团"
    sample.show(name).write_html(tmp_path / "one.html")
    with opened(browser, tmp_path / "one.html") as page:
        assert page.locator("#where b").inner_text() == heading(page) == name
        assert page.locator("#drawn").inner_text().startswith(f"画出 {len(county.near(name))} 个对象")
        page.locator("#everything").click()
        assert page.locator("#where").count() == 0
        page.reload()
        assert page.locator("#where").count() == 0


def test_relations_are_expanded_and_collapsed(browser: Any, county: County) -> None:
    name = "云岭茶业集团"
    first = county.near(name)
    project = next(
        county.labels[project]
        for _, project, predicate in county.network.out_edges(county.ids[name], keys=True)
        if predicate == "undertakes"
        and any(
            county.labels[place] not in first
            for _, place, located in county.network.out_edges(project, keys=True)
            if located == "locatedIn"
        )
    )
    places = {
        county.labels[place]
        for _, place, located in county.network.out_edges(county.ids[project], keys=True)
        if located == "locatedIn"
    }
    with opened(
        browser, county.file, {"around": f"{county.ids[name]}~1", "chosen": county.ids[project]}
    ) as page:
        drawn = page.locator("#drawn")
        assert drawn.inner_text().startswith(f"画出 {len(first)} 个对象")
        relation = page.locator("#panel section").filter(
            has=page.locator("h3", has_text=re.compile("^位于 →"))
        )
        toggle = relation.locator("button.draw")
        assert toggle.inner_text() == f"画出 {len(places - first)} 个"
        toggle.click()
        assert drawn.inner_text().startswith(f"画出 {len(first | places)} 个对象")
        assert in_time(lambda: all(place in written(page) for place in places))
        assert toggle.inner_text() == "收起" and toggle.get_attribute("aria-pressed") == "true"
        other = page.context.new_page()
        other.goto(page.url)
        assert looks(other) == looks(page)
        toggle.click()
        assert in_time(lambda: not (places - first) & texts(page).keys())
        assert toggle.inner_text().startswith("画出")


def test_ways_between_two_things(browser: Any, county: County) -> None:
    start, end = "云岭茶业集团", "恒屹精工"
    plain = nx.Graph(county.network)
    plain.remove_edges_from(list(nx.selfloop_edges(plain)))
    there = nx.single_source_shortest_path_length(plain, county.ids[start])
    back = nx.single_source_shortest_path_length(plain, county.ids[end])
    steps = there[county.ids[end]]

    def on_ways(longest: int) -> int:
        ways: Network = nx.MultiDiGraph(county.network)
        ways.remove_edges_from(list(nx.selfloop_edges(ways)))
        found = {
            node
            for a, b in ways.edges()
            if min(there[a] + 1 + back[b], there[b] + 1 + back[a]) <= longest
            for node in (a, b)
        }
        return len(found)

    with opened(browser, county.file) as page:
        show(page, start)
        page.locator("#panel").get_by_role("button", name="从这里找路径").click()
        assert page.locator("#path-from").input_value() == start
        # The keyboard is in the field that is still to be filled.
        page.keyboard.type("hyjg")
        page.keyboard.press("Enter")
        assert page.locator("#path-to").input_value() == end
        page.keyboard.press("Enter")
        assert heading(page) == f"{start} 到 {end}"
        assert f"最短 {steps} 步" in page.locator("#panel p.quiet").first.inner_text()
        assert page.locator("#panel h3").count() == steps
        assert page.locator("#drawn").inner_text().startswith(f"画出 {on_ways(steps)} 个对象")
        assert in_time(lambda: start in written(page) and end in written(page))
        page.locator("#slack").click()
        assert page.locator("#drawn").inner_text().startswith(f"画出 {on_ways(steps + 1)} 个对象")
        # Nothing connects them where the legend hides all that could.
        page.locator("#legend").get_by_role("button", name="只看企业").click()
        page.locator("#path").click()
        for field, name in (("#path-from", start), ("#path-to", end)):
            page.locator(field).fill(name)
            page.locator(field).press("Enter")
        page.locator("#path-form [type=submit]").click()
        form = page.locator("#path-form [role=status]")
        assert form.inner_text().startswith("按现在的图例，两者之间没有路径")
        form.get_by_role("button").click()
        assert page.locator("#path-form").count() == 0
        assert page.locator("#drawn").inner_text().startswith(f"画出 {on_ways(steps)} 个对象")


# Where one has been


def looks(page: Any) -> tuple[str, ...]:
    """Return what tells one state of the page from another."""
    names = ("#panel h2", "#where", "#drawn", ".tabs [aria-current]", ".table-view .count")
    return tuple(text for name in names for text in page.locator(name).all_inner_texts())


def test_back_and_forward_and_a_link_restore_what_was_seen(browser: Any, county: County) -> None:
    with opened(browser, county.file) as page:
        # What is shown already is no step.
        tab(page, "关系图")
        assert page.locator("#back").is_disabled()
        assert page.locator("#back").is_disabled() and page.locator("#forward").is_disabled()
        trail = [looks(page)]

        def stepped() -> None:
            trail.append(looks(page))

        page.locator("#panel .rows button", has_text="乡村振兴战略").first.click()
        stepped()
        page.locator("#panel section").first.locator(".rows button").first.click()
        stepped()
        page.locator("#steps").click()
        stepped()
        page.locator("#legend").get_by_role("button", name="只看项目").click()
        stepped()
        tab(page, "表格")
        stepped()
        assert len(set(trail)) == len(trail)
        link = page.url
        for before in reversed(trail[:-1]):
            page.locator("#back").click()
            assert looks(page) == before
        page.keyboard.press("Alt+ArrowRight")
        assert looks(page) == trail[1]
        for after in trail[2:]:
            page.locator("#forward").click()
            assert looks(page) == after
        assert page.locator("#forward").is_disabled() and page.url == link
        other = page.context.new_page()
        other.goto(link)
        assert looks(other) == trail[-1]
        # A link that is pasted into the address of the open page.
        other.evaluate(
            "hash => { location.hash = hash; }", urlencode({"around": f"{county.ids['恒屹精工']}~2"})
        )
        assert in_time(lambda: other.locator("#where b").inner_text() == "恒屹精工")
        other.locator("#back").click()
        assert looks(other) == trail[-1]


def test_a_link_to_what_the_page_has_not_shows_what_it_has(browser: Any, county: County) -> None:
    state = {
        "around": "urn:nothing~1",
        "open": "99~-1~x",
        "chosen": "edge~a~b~c",
        "view": "no",
        "without": "No",
    }
    with opened(browser, county.file, state) as page:
        assert heading(page) == "从这里开始"
        assert in_time(lambda: page.locator("#drawn").inner_text().startswith("画出 "))


# The other views


def test_the_table_sorts_filters_and_is_saved(browser: Any, county: County, plan: str) -> None:
    with opened(browser, county.file, {"view": "table"}) as page:
        grid = page.get_by_role("grid")
        page.get_by_role("button", name="客体").click()
        assert grid.locator('th[aria-sort="ascending"]').inner_text() == "客体"
        # As a Chinese dictionary has them: by pinyin.
        shown = grid.locator("tbody tr[id] td:nth-child(3)").all_inner_texts()
        assert shown == page.evaluate("texts => texts.toSorted(new Intl.Collator('zh').compare)", shown)
        assert shown != sorted(shown) and len(shown) < 60
        grid.focus()
        page.keyboard.press("End")
        last = grid.locator("tr.active")
        assert last.get_attribute("aria-rowindex") == str(county.network.number_of_edges() + 1)
        page.keyboard.press("Enter")
        assert last.locator("td").nth(2).inner_text().strip().startswith(heading(page).split(" → ")[1])
        filtered = page.locator(".table-view input[type=search]")
        filtered.fill("茶 位于")
        found = [
            (source, predicate, target)
            for source, target, predicate in county.edges()
            if "茶" in county.labels[source] + county.labels[target] and predicate == "locatedIn"
        ]
        assert 0 < len(found) < 40
        assert rows(page) == f"找到 {len(found)} 行，共 {county.network.number_of_edges()} 行"
        name, data = saved(page, page.get_by_role("button", name="下载 CSV").click)
        assert name.endswith("关系.csv")
        head, *lines = contents(data)
        assert head[:5] == ["主体", "主体类别", "关系", "客体", "客体类别"]
        assert {(line[0], line[3]) for line in lines} == {
            (county.labels[source], county.labels[target]) for source, _, target in found
        }
        places = [re.search(r"字符 (\d+)–(\d+)", line[-1]) for line in lines]
        for line, place in zip(lines, places, strict=True):
            assert place and plan[int(place[1]) : int(place[2])] in line[-2]
        filtered.fill("没有这样的行")
        page.get_by_role("button", name="清除筛选").click()
        assert rows(page) == f"{county.network.number_of_edges()} 行"
        page.get_by_role("button", name="对象", exact=True).click()
        assert rows(page) == f"{county.network.number_of_nodes()} 行"
        filtered.fill("渔歌")
        grid.locator("tbody tr[id]").first.click()
        assert heading(page) == "白沙渔歌水产公司"


def test_saved_tables_compute_nothing(browser: Any, tmp_path: Path) -> None:
    names = ["=1+1", "+86", "-5", "@a", "\ttab", "＝1", "'=1", '"甲", 乙', "两\n行", "平"]
    network: Network = nx.MultiDiGraph()
    network.add_nodes_from((name, {"label": name, "aliases": [f"{name}·"]}) for name in names)
    for name in names:
        network.add_edge(name, "平", "locatedIn")
    county = County(Explorer(network), tmp_path / "page.html")
    with opened(browser, county.file, {"view": "table"}) as page:
        _, data = saved(page, page.get_by_role("button", name="下载 CSV").click)
        assert [row[0] for row in contents(data)[1:]] == [guard_cell(name) for name in names]
        page.get_by_role("button", name="对象", exact=True).click()
        _, data = saved(page, page.get_by_role("button", name="下载 CSV").click)
        assert [row[:1] + row[2:3] for row in contents(data)[1:]] == [
            [guard_cell(name), guard_cell(f"{name}·")] for name in names
        ]
        _, data = take(page, "关系表")
        assert [row[0] for row in contents(data)[1:]] == [guard_cell(name) for name in names]


def test_a_cell_of_the_matrix_opens_its_edges(browser: Any, county: County) -> None:
    with opened(browser, county.file, {"view": "matrix"}) as page:
        row, column = page.locator(".settings select").nth(0), page.locator(".settings select").nth(1)
        row.select_option("Enterprise")
        column.select_option("Industry")
        cell = page.get_by_role("gridcell", name=re.compile("^云岭茶业集团，茶产业:"))
        count = int(cell.inner_text())
        cell.click()
        counted = page.locator(".counted")
        assert counted.locator("small").inner_text() == f"{count} 项"
        edges = counted.locator("li button")
        assert edges.count() >= count
        edges.first.click()
        assert heading(page) == " ".join(edges.first.inner_text().split())
        assert page.locator("#panel mark").count() > 0
        counted.locator("button").first.press("Escape")
        assert counted.count() == 0


def test_the_outline_is_walked_by_keys(browser: Any, county: County) -> None:
    with opened(browser, county.file, {"view": "tree"}) as page:
        tree = page.get_by_role("tree")
        first = tree.get_by_role("treeitem").first
        assert first.locator(".thing").inner_text() == "工业强县战略"
        first.focus()

        def here() -> Any:
            return page.locator("[role=treeitem]:focus")

        def is_here(attribute: str, value: str) -> bool:
            return in_time(lambda: here().get_attribute(attribute) == value)

        assert is_here("aria-expanded", "false")
        page.keyboard.press("ArrowRight")
        assert is_here("aria-expanded", "true")
        page.keyboard.press("ArrowRight")
        assert is_here("aria-level", "2")
        # Below a strategy first comes a heading, over the kind with most things.
        assert here().locator(".relation").count() == 0
        if here().get_attribute("aria-expanded") == "false":
            page.keyboard.press("ArrowRight")
            assert is_here("aria-expanded", "true")
        page.keyboard.press("ArrowRight")
        assert is_here("aria-level", "3")
        name = here().locator(".thing").inner_text()
        page.keyboard.press("Shift+Enter")
        assert name in heading(page) and "工业强县战略" in heading(page)
        assert page.locator("#panel mark").count() > 0
        page.keyboard.press("Enter")
        assert heading(page) == name
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowLeft")
        assert here().get_attribute("aria-expanded") == "false"
        page.get_by_role("button", name="地点", exact=True).last.click()
        assert tree.get_by_role("treeitem").first.locator(".sign").count() == 1
        page.get_by_label("筛选名称").fill("茶农")
        # Rows have no text before the browser has laid them out.
        assert in_time(lambda: "青石茶农合作社" in tree.inner_text())


def test_targets_show_where_they_start_and_where_they_go(browser: Any, county: County, plan: str) -> None:
    data = county.explorer._data()
    passages = [plan[start:end] for _, _, _, start, end, *_ in data["passages"]]
    rows_of: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    names = ("of", "indicator", "value", "verbatim", "unit", "year", "comparator", "role", "passages")
    for target in (dict(zip(names, row, strict=False)) for row in data["targets"]):
        rows_of.setdefault((target["of"], target["indicator"], target["unit"]), []).append(target)
    with opened(browser, county.file, {"view": "targets"}) as page:
        table = page.locator("#targets")
        assert table.locator("tr.row").count() == len(rows_of)
        # Of things, and of measures that are none.
        owners = {
            county.explorer.nodes[of]["label"] if isinstance(of, int) else of
            for of, *_ in rows_of
            if of != -1
        }
        assert owners <= {text.strip() for text in table.locator("tr.owner").all_inner_texts()}
        told = {
            tuple(row.locator("th, td.figures").all_inner_texts()) for row in table.locator("tr.row").all()
        }
        pair = next(
            points
            for points in rows_of.values()
            if sorted(point["role"] for point in points) == ["baseline", "target"]
        )
        baseline, goal = sorted(pair, key=lambda point: point["role"])
        signs = {">=": "≥", "<=": "≤", "=": ""}
        row = next(line for line in told if line[0] == goal["indicator"])
        assert row[1].split() == [str(baseline["year"]), baseline["verbatim"]]
        assert "".join(row[2].split()) == f"{goal['year']}{signs[goal['comparator']]}{goal['verbatim']}"
        line = table.locator("tr.row", has=page.get_by_role("rowheader", name=goal["indicator"], exact=True))
        line.first.locator("button.sources").click()
        marks = table.locator("tr.told mark").all_inner_texts()
        assert set(marks) == {passages[place] for point in pair for place in point["passages"]}
        name, sheet = saved(page, page.get_by_role("button", name="下载 CSV").click)
        assert name.endswith("指标.csv")
        lines = contents(sheet)
        assert len(lines) == sum(map(len, rows_of.values())) + 1
        assert Counter(line[2] for line in lines[1:]) == Counter(
            "基期" if point["role"] == "baseline" else "目标"
            for points in rows_of.values()
            for point in points
        )
        page.get_by_label("只看能比较的").check()
        assert 0 < table.locator("tr.row").count() < len(rows_of)


def test_places_tell_what_is_there_and_stand_on_a_map(
    browser: Any, sample: KnowledgeGraph, tmp_path: Path
) -> None:
    towns = {"青石镇": (29.53, 106.48), "柳塘镇": (29.46, 106.55), "白沙镇": (29.4, 106.44)}
    square = {
        "type": "Polygon",
        "coordinates": [[[106.3, 29.3], [106.7, 29.3], [106.7, 29.7], [106.3, 29.3]]],
    }
    made = Explorer(to_networkx(sample), coordinates=towns, outline=square)
    county = County(made, tmp_path / "page.html")
    here = {
        county.labels[thing]
        for thing, _, predicate in county.network.in_edges(county.ids["青石镇"], keys=True)
        if predicate == "locatedIn"
    }
    with opened(browser, county.file, {"view": "places"}) as page:
        view = page.locator("#places")
        assert view.locator(".place").count() == len(towns) and view.locator("path.shape").count() == 1
        box = {
            name: view.locator(f'.place[aria-label^="{name}"] circle').first.bounding_box() for name in towns
        }
        assert box["青石镇"]["y"] < box["柳塘镇"]["y"] and box["白沙镇"]["x"] < box["柳塘镇"]["x"]
        view.locator('.place[aria-label^="青石镇"]').press("Enter")
        assert heading(page) == "青石镇"
        told = view.locator("tr.told")
        assert here <= set(re.split(r"\s+", told.inner_text()))
        told.locator(".relation").first.click()
        assert "青石镇" in heading(page) and page.locator("#panel mark").count() > 0
        view.locator("select").select_option("Enterprise")
        without = [
            name
            for name in county.named("Location")
            if not any(
                county.kinds[thing] == "Enterprise" and predicate == "locatedIn"
                for place in [*nx.ancestors(within(county.network), county.ids[name]), county.ids[name]]
                for thing, _, predicate in county.network.in_edges(place, keys=True)
            )
        ]
        assert view.locator("tr.row").count() == len(without)


def within(network: Network) -> Any:
    """Return which place lies in which, as a graph."""
    places: Any = nx.DiGraph()
    places.add_nodes_from(network)
    places.add_edges_from(edge[:2] for edge in network.edges(keys=True) if edge[2] == "within")
    return places


# To take along


def test_the_picture_is_taken_away_as_svg_and_png(browser: Any, county: County) -> None:
    name = "云岭茶业集团"
    with opened(browser, county.file, {"around": f"{county.ids[name]}~1"}) as page:
        file, data = take(page, "矢量图 SVG")
        assert file == f"{county.explorer.about['title']}-{name}及其周围-1-步.svg"
        root = ElementTree.fromstring(data)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        titles = {(found.text or "").split()[-1] for found in root.iter("{http://www.w3.org/2000/svg}title")}
        assert county.near(name) <= titles
        words = "".join(found.text or "" for found in root.iter("{http://www.w3.org/2000/svg}text"))
        assert name in words and "来源：《" in words and str(county.explorer.about["title"]) in words
        assert take(page, "矢量图 SVG")[1] == data
        file, data = take(page, "图片 PNG")
        assert file.endswith(".png") and data.startswith(b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">2I", data[16:24])
        assert width == 3200 and 1000 < height < 5000 and len(data) > 50_000
        assert page.locator(".unseen[role=status]").inner_text() == f"已保存 {file.replace('-1-步', ' 1 步')}"


def test_the_data_taken_away_say_what_the_graph_says(
    browser: Any, county: County, sample: KnowledgeGraph
) -> None:
    name = "云岭茶业集团"
    with opened(browser, county.file, {"around": f"{county.ids[name]}~1"}) as page:
        _, turtle = take(page, "关联数据 Turtle")
        _, json_ld = take(page, "关联数据 JSON-LD")
        _, table = take(page, "关系表")
    taken = list(ox.parse(turtle, ox.RdfFormat.TURTLE))
    known = {
        (quad.subject, quad.predicate, quad.object)
        for quad in sample.store.quads_for_pattern(None, None, None)
    }
    # Passages and claims have names of their own here; of the things, all is as in the graph.
    things = [
        triple
        for triple in taken
        if isinstance(triple.subject, ox.NamedNode) and not isinstance(triple.object, ox.BlankNode)
    ]
    assert {triple.subject.value for triple in things} == {county.ids[label] for label in county.near(name)}
    assert [one for one in things if (one.subject, one.predicate, one.object) not in known] == []
    quotes = {triple.object for triple in taken if triple.predicate.value.endswith("#quote")}
    assert quotes and quotes <= {
        spoken for _, predicate, spoken in known if predicate.value.endswith("#quote")
    }
    relations = sum(triple.predicate.value.endswith("subject") for triple in taken)
    assert (
        relations
        == len(contents(table)) - 1
        == county.network.subgraph(county.ids[label] for label in county.near(name)).number_of_edges()
    )
    dataset = [
        ox.Dataset(ox.parse(text, form))
        for text, form in (
            (turtle, ox.RdfFormat.TURTLE),
            (json_ld, ox.RdfFormat.JSON_LD),
        )
    ]
    for one in dataset:
        one.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert dataset[0] == dataset[1]


def test_a_link_is_copied(browser: Any, county: County) -> None:
    with opened(
        browser, county.file, {"view": "tree"}, permissions=["clipboard-read", "clipboard-write"]
    ) as page:
        page.locator("#take-away").press("Enter")
        assert page.get_by_role("menuitem").first.evaluate("item => item === document.activeElement")
        page.keyboard.press("End")
        page.keyboard.press("Enter")
        assert in_time(lambda: page.locator(".unseen[role=status]").inner_text() == "链接已复制")
        assert page.evaluate("navigator.clipboard.readText()") == page.url
        assert page.locator("#take-away").evaluate("button => button === document.activeElement")


def test_on_paper_the_picture_is_whole_and_light(browser: Any, county: County) -> None:
    name = "云岭茶业集团"
    with opened(browser, county.file, {"around": f"{county.ids[name]}~1"}, color_scheme="dark") as page:
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        sheet = page.locator(".sheet svg")
        assert sheet.is_visible() and page.locator("#search").is_hidden()
        assert name in sheet.evaluate("sheet => sheet.textContent")
        assert page.evaluate("document.documentElement.dataset.theme") == "light"
        assert len(shades(page)) > 20
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
        assert sheet.count() == 0
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert page.pdf().startswith(b"%PDF")


def shades(page: Any) -> set[Any]:
    """Return the colours that are seen, as red, green and blue."""
    with Image.open(io.BytesIO(page.screenshot())) as image:
        return {colour for _, colour in image.convert("RGB").getcolors(1 << 24) or ()}


# How it speaks and looks


def test_words_and_colours_are_the_readers(browser: Any, county: County) -> None:
    with opened(browser, county.file, color_scheme="dark") as page:
        root = page.locator("html")
        assert (root.get_attribute("lang"), root.get_attribute("data-theme")) == ("zh-CN", "dark")
        assert says(page, "工业强县战略")
        assert luminance(page) < 60
        page.get_by_role("button", name="浅色").click()
        assert in_time(lambda: luminance(page) > 180)
        assert page.locator("#theme").inner_text() == "深色"
        page.get_by_role("button", name="English").click()
        assert root.get_attribute("lang") == "en"
        assert page.locator("#summary").inner_text().startswith("Who does what where: ")
        assert heading(page) == "Start here"
        assert in_time(lambda: "project" in written(page))
        for view in ("Table", "Matrix", "Outline", "Targets", "Places"):
            tab(page, view)
            # But for names, nothing is left of the other language.
            spoken = page.locator(".tabs, .settings button, #legend h2, #drawn").all_inner_texts()
            assert not re.search("[\u4e00-\u9fff]", "".join(spoken).replace("中文", "")), view
    with opened(browser, county.file, locale="en-GB") as page:
        assert heading(page) == "Start here"
        page.get_by_role("button", name="中文").click()
        assert heading(page) == "从这里开始"


def luminance(page: Any) -> float:
    """Return how light the picture is, 0 to 255."""
    with Image.open(io.BytesIO(page.locator("#picture").screenshot())) as image:
        return float(ImageStat.Stat(image.convert("L")).mean[0])


def test_from_search_to_sentence_by_keys_alone(browser: Any, county: County) -> None:
    with opened(browser, county.file) as page:

        def focused(selector: str) -> bool:
            found: bool = page.evaluate(f"document.activeElement.matches({json.dumps(selector)})")
            return found

        page.keyboard.press("/")
        assert focused("#search")
        page.keyboard.type("ylcy")
        page.keyboard.press("Enter")
        assert heading(page) == "云岭茶业集团"
        status = page.locator(".unseen[role=status]")
        edges = county.network.degree(county.ids["云岭茶业集团"])
        assert status.inner_text() == f"云岭茶业集团：已放到图的中间，有 {edges} 条关系"
        for _ in range(60):
            page.keyboard.press("Tab")
            if focused("#panel .rows button"):
                break
        assert focused("#panel .rows button")
        page.keyboard.press("Enter")
        assert focused("#panel h2"), "what replaces the list is read next"
        assert "云岭茶业集团" in heading(page) and page.locator("#panel mark").count() > 0
        for _ in range(9):
            page.keyboard.press("Tab")
            if focused("button.read"):
                break
        page.keyboard.press("Enter")
        assert focused("mark.here")
        page.keyboard.press("Escape")
        assert focused("button.read")
        # In the picture, arrows choose.
        page.locator("#picture").focus()
        page.keyboard.press("Escape")
        page.keyboard.press("ArrowRight")
        assert heading(page) == "云岭茶业集团"
        assert status.inner_text() == f"企业云岭茶业集团，{edges} 条关系"
        page.keyboard.press("ArrowDown")
        neighbour = heading(page)
        assert neighbour != "云岭茶业集团" and neighbour in status.inner_text()
        page.keyboard.press("Enter")
        assert page.locator("#where b").inner_text() == neighbour
        # What it costs to see: nobody is trapped in the picture.
        page.keyboard.press("Tab")
        assert not focused("#picture")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_for_those_who_do_not_want_it(browser: Any, county: County, motion: str) -> None:
    with opened(browser, county.file, reduced_motion=motion) as page:
        assert says(page, "工业强县战略")
        page.evaluate("seen.frames = 0")
        page.locator("#panel .rows button", has_text="乡村振兴战略").first.press("Enter")
        page.locator("#everything").press("Enter")
        page.wait_for_timeout(500)
        page.evaluate("seen.frames = 0")
        page.get_by_role("button", name="放大").press("Enter")
        page.wait_for_timeout(300)
        page.evaluate("seen.frames = 0")
        page.get_by_role("button", name="看全图").press("Enter")
        page.wait_for_timeout(600)
        frames = page.evaluate("seen.frames")
        assert (frames <= 3) == (motion == "reduce")
        assert page.evaluate("document.getAnimations().length") == 0


def test_forces_move_the_picture_as_long_as_wanted(browser: Any, county: County) -> None:
    name = "云岭茶业集团"
    with opened(browser, county.file, {"around": f"{county.ids[name]}~1"}) as page:
        assert says(page, "茶产业")
        before = middle(page, "茶产业")
        shake = page.locator("#shake")
        shake.click()
        assert shake.get_attribute("aria-pressed") == "true"
        assert in_time(lambda: "茶产业" in texts(page) and middle(page, "茶产业") != before)
        shake.click()
        assert shake.get_attribute("aria-pressed") == "false"

        def rests() -> bool:
            frames = page.evaluate("seen.frames")
            page.wait_for_timeout(300)
            return bool(page.evaluate("seen.frames") == frames)

        assert in_time(rests)
        # Nor do they go on, or complain, when another view takes the picture's place.
        shake.click()
        tab(page, "表格")
        tab(page, "关系图")
        assert in_time(rests)
        assert shake.get_attribute("aria-pressed") == "false"


def test_on_a_phone(browser: Any, county: County) -> None:
    group = county.explorer.groups[0]
    name = county.group_name(group)
    phone: dict[str, Any] = {
        "viewport": {"width": 390, "height": 800},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    }
    with opened(browser, county.file, **phone) as page:
        assert in_time(lambda: name in written(page))
        boxes = {
            part: page.locator(part).bounding_box() for part in ("#search", "#picture", "#panel", "#legend")
        }
        for part, box in boxes.items():
            assert box["x"] >= 0 and box["x"] + box["width"] <= 391, part
            assert box["y"] >= 0 and box["y"] + box["height"] <= 801, part
            assert box["width"] > 200, part
        assert boxes["#picture"]["height"] > 220 and boxes["#panel"]["height"] > 200
        shown = next(text for text in texts(page) if text and name.startswith(text))
        page.touchscreen.tap(*middle(page, shown))
        assert tells(page, name)
        page.locator("#panel").get_by_role("button", name="打开这组", exact=True).tap()
        assert in_time(lambda: "收起全部" in page.locator("#groups").inner_text())
        assert in_time(lambda: len(texts(page)) > 3)
        page.get_by_role("button", name="看全图").tap()
        page.locator("#groups").tap()
        assert in_time(lambda: name in written(page))
        # Two fingers that part bring it nearer.
        first, second = [county.group_name(one) for one in county.explorer.groups[:2]]
        before = apart(page, first, second)
        pinch(page, by=2)
        assert in_time(lambda: apart(page, first, second) > 1.5 * before)
        # The page itself stays as large as it was.
        assert page.evaluate("visualViewport.scale") == 1
        search(page, "ylcy")
        page.locator("#found [role=option]").first.tap()
        assert heading(page) == "云岭茶业集团"
        page.locator("#panel .rows button").first.tap()
        assert page.locator("#panel mark").count() > 0


def apart(page: Any, one: str, other: str) -> float:
    """Return how far two names of the picture are from each other, 0 where one is not there."""
    seen = page.evaluate("seen.texts")

    def place(name: str) -> list[float] | None:
        return next((row["box"] for row in seen if name.startswith(row["text"])), None)

    first, second = place(one), place(other)
    if not first or not second:
        return 0
    return float(((first[0] - second[0]) ** 2 + (first[1] - second[1]) ** 2) ** 0.5)


def pinch(page: Any, by: float) -> None:
    """Move two fingers apart on the picture."""
    box = page.locator("#picture").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tools = page.context.new_cdp_session(page)

    def touch(kind: str, *reach: float) -> None:
        points = [{"x": x + side * one, "y": y, "id": id} for one in reach for id, side in ((1, -1), (2, 1))]
        tools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 40)
    for step in range(1, 9):
        touch("touchMove", 40 * by ** (step / 8))
    touch("touchEnd")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("part", "click"),
    [
        ("overview", None),
        ("group", None),
        ("node", None),
        ("edge", None),
        ("reader", "button.read"),
        ("table", None),
        ("matrix", ".matrix td[data-row]:not(:empty)"),
        ("tree", None),
        ("targets", "#targets button.sources"),
        ("places", "#places button.thing"),
        ("take away", "#take-away"),
        ("path", "#path"),
    ],
)
def test_no_barrier(browser: Any, county: County, scheme: str, part: str, click: str | None) -> None:
    """The rules of axe-core are kept, in light and dark."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: `npm ci` in graph/views/web")
    edge = county.explorer.edges[0]
    chosen = f"edge~{edge['from']}~{edge['predicate']}~{edge['to']}"
    states = {
        "overview": {},
        "group": {"chosen": "group~0", "open": "0"},
        "node": {"around": f"{county.ids['云岭茶业集团']}~1", "chosen": county.ids["云岭茶业集团"]},
        "edge": {"chosen": chosen},
        "reader": {"chosen": chosen},
        "take away": {},
        "path": {"path": f"{county.ids['云岭茶业集团']}~{county.ids['恒屹精工']}~0"},
    }
    with opened(browser, county.file, states.get(part, {"view": part}), color_scheme=scheme) as page:
        if click:
            page.locator(click).first.click()
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        told = [
            (rule["id"], rule["help"], [one["html"] for one in rule["nodes"]][:3])
            for rule in found["violations"]
        ]
        assert told == []


# What others put in


HOSTILE = [
    '</script><img src=x onerror="x()"><b>',
    "<!--<script>x()</script>-->",
    "]]>&lt;&amp;{{ 7*7 }}${x()}",
    "甲\u2028乙\u2029丙",
    "\u202e反过来\u202c",
    "𠀀𠮷野家👨‍👩‍👧",
    "javascript:x()",
    "__proto__",
    "constructor",
    "' onmouseover='x()",
    "~!%23#?&=/\\",
    "第一行\n第二行\t制表",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> County:
    """Everything that can hold a text holds one that would do harm as anything else."""
    text = "。\n".join(f"𠀀 {word} 𠀀" for word in HOSTILE)
    network: Network = nx.MultiDiGraph(title=HOSTILE[0])
    network.graph["plans"] = [{"title": HOSTILE[0], "sha256": HOSTILE[0], "text": text, "sections": HOSTILE}]
    for word in HOSTILE:
        network.add_node(word, label=word, kind=word, aliases=[f"{word}·"], status=word, code=word)
    for place, word in enumerate(HOSTILE):
        start = text.index(word)
        passage = {
            "plan": HOSTILE[0],
            "section": word,
            "line": text.count("\n", 0, start) + 1,
            "start": start,
            "end": start + len(word),
            "quote": word,
            "before": text[start - 2 : start],
            "after": text[start + len(word) :][:2],
        }
        network.nodes[word]["passages"] = [passage]
        network.add_edge(word, HOSTILE[place - 1], word, passages=[passage], status=word)
    network.graph["targets"] = [
        {
            "subject": word,
            "measure": "",
            "plan": HOSTILE[0],
            "indicator": word,
            "value": 1.5,
            "verbatim": word,
            "unit": word,
            "year": 2025,
            "comparator": word,
            "role": "target",
            "passages": network.nodes[word]["passages"],
        }
        for word in HOSTILE
    ]
    return County(Explorer(network), tmp_path_factory.mktemp("hostile") / "explorer.html")


def drawn(page: Any, name: str) -> bool:
    """Wait until a name stands in the picture, at least its beginning, be it over several lines."""

    def bare(text: str) -> str:
        return re.sub(r"\s", "", text)

    return in_time(lambda: bare(name)[:12] in bare(written(page)))


NOTHING_RUNS = """
    for (const name of ["x", "alert", "prompt", "confirm"]) window[name] = () => { window.ran = true; };
"""


def test_hostile_texts_stay_texts(browser: Any, hostile: County) -> None:
    text = hostile.explorer.about["plans"][0]["text"]
    with opened(browser, hostile.file, watched=NOTHING_RUNS) as page:
        assert page.locator("h1").evaluate("element => element.textContent") == HOSTILE[0]
        assert page.title() == " ".join(HOSTILE[0].split())
        for word in HOSTILE:
            show(page, word)
            assert page.locator("#panel h2").evaluate("element => element.textContent") == word
            assert f"{word}·" in page.locator("#panel").evaluate("element => element.textContent")
            assert word in page.locator("#panel .tags").evaluate("element => element.textContent")
            assert drawn(page, word)
            page.locator("#panel .rows button").first.click()
            assert page.locator("#panel mark").evaluate("element => element.textContent") in HOSTILE
            page.locator("button.read").first.click()
            assert page.locator("#reader .text").evaluate("element => element.textContent") == text
            assert "".join(page.locator("mark.here").all_text_contents()) in HOSTILE
            page.keyboard.press("Escape")
            link = page.url
            other = page.context.new_page()
            other.goto(link)
            assert looks(other) == looks(page)
            other.close()
        page.locator("#everything").click()
        for view in ("表格", "矩阵", "指标", "地点", "脉络"):
            tab(page, view)
            page.wait_for_timeout(50)
        for name in ("矢量图 SVG", "关系表", "关联数据 Turtle", "关联数据 JSON-LD", "图片 PNG"):
            _, data = take(page, name)
            if "SVG" in name:
                said = {found.text for found in ElementTree.fromstring(data).iter()}
                assert any(HOSTILE[0] in (one or "") for one in said)
            if "Turtle" in name:
                labels = {
                    triple.object.value
                    for triple in ox.parse(data, ox.RdfFormat.TURTLE)
                    if triple.predicate.value.endswith("prefLabel")
                }
                assert labels == set(HOSTILE)
        assert page.evaluate("window.ran") is None
        # Nor is a name taken for one of those that all objects have.
        assert page.evaluate("Object.keys(Object.prototype)") == []
        assert page.locator("img, b:not(#where b), iframe, object, embed, a").count() == 0


def test_in_the_sandbox_of_a_notebook(browser: Any, hostile: County, tmp_path: Path) -> None:
    file = tmp_path / "notebook.html"
    file.write_text(f"<meta charset=utf-8>{hostile.explorer._repr_html_()}", "utf-8")
    with opened(browser, file, watched=NOTHING_RUNS) as page:
        framed = page.frames[1]
        framed.wait_for_selector("#summary")
        assert framed.locator("h1").evaluate("element => element.textContent") == HOSTILE[0]
        # The notebook is in English, whatever the browser reads.
        assert framed.locator("#panel h2").inner_text() == "Start here"
        framed.locator("#search").fill(HOSTILE[5])
        framed.locator("#search").press("Enter")
        assert framed.locator("#panel h2").evaluate("element => element.textContent") == HOSTILE[5]
        framed.locator("#back").click()
        assert framed.locator("#panel h2").inner_text() == "Start here"
        framed.locator("#take-away").click()
        assert framed.get_by_role("menuitem", name="Copy the link").count() == 0
        _, data = saved(page, framed.get_by_role("menuitem", name="Turtle").click)
        assert list(ox.parse(data, ox.RdfFormat.TURTLE))
        assert framed.evaluate("origin") == "null", "it cannot reach the notebook"
        assert framed.evaluate("window.ran") is None


def test_the_same_graph_gives_the_same_bytes(county: County, sample: KnowledgeGraph, tmp_path: Path) -> None:
    again = tmp_path / "again.html"
    Explorer(to_networkx(sample)).write_html(again)
    assert again.read_bytes() == county.file.read_bytes()


# What a user of pyvis changes


@pytest.fixture
def network() -> Network:
    """A company with two projects; a town, a county and an industry lie further off."""
    network: Network = nx.MultiDiGraph(title="某县规划")
    things = {"Enterprise": ["甲公司"], "Project": ["东方园", "西方园"], "Location": ["青石镇", "某某县"]}
    for kind, names in {**things, "Industry": ["茶产业"]}.items():
        network.add_nodes_from((name, {"label": name, "kind": kind}) for name in names)
    network.add_edge("甲公司", "东方园", "undertakes")
    network.add_edge("甲公司", "西方园", "undertakes")
    network.add_edge("东方园", "青石镇", "locatedIn")
    network.add_edge("西方园", "青石镇", "locatedIn")
    network.add_edge("东方园", "茶产业", "inIndustry")
    network.add_edge("青石镇", "某某县", "within")
    return network


def test_a_users_nodes_edges_and_colours_are_drawn(browser: Any, network: Network, tmp_path: Path) -> None:
    network.edges["甲公司", "西方园", "undertakes"]["weight"] = 14.5
    explorer = Explorer(network, styles={"Project": {"color": "#00ff00", "shape": "star"}})
    explorer.get_node("甲公司")["color"] = "red"
    explorer.add_node("mine", label="My <b>own</b> thing")
    explorer.add_node(7)
    explorer.add_edge(7, "甲公司", label="knows")
    file = tmp_path / "page.html"
    explorer.write_html(file)
    with opened(browser, file) as page:
        assert says(page, "7")
        assert "undefined" not in page.locator("body").inner_text()
        assert in_time(lambda: "My<b>own</b>thing" in re.sub(r"[\s\u200b]", "", written(page)))
        assert {(255, 0, 0), (0, 255, 0)} <= shades(page)
        # Each twice as large a weight is one pixel more.
        assert in_time(lambda: any(abs(width - 4.95) < 0.1 for width in page.evaluate("seen.widths")))
        assert page.locator("#legend path").first.get_attribute("fill") == "#00ff00"
        show(page, "西方园")
        page.locator("#panel .rows button", has_text="甲公司").click()
        assert heading(page) == "甲公司 — 承担 → 西方园"
        assert page.locator("#panel .tags").inner_text() == "权重 14.5"
        assert "没有记下出处" in page.locator("#panel").inner_text()
        show(page, "甲公司")
        page.locator("#panel .rows button", has_text=re.compile("^7")).click()
        assert heading(page) == "7 — knows → 甲公司"


def test_what_the_page_has_beyond_is_brought_and_what_the_graph_has_is_told(
    browser: Any, network: Network, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    Explorer(with_more(network, neighbourhood(network, ["甲公司"], 1), 9)).write_html(file)
    first = {"甲公司", "东方园", "西方园"}
    with opened(browser, file) as page:
        assert in_time(lambda: first <= texts(page).keys() and "青石镇" not in texts(page))
        assert page.locator("#summary").inner_text().startswith("谁在哪里做什么：3 个对象，2 条关系")
        page.mouse.click(*sign(page, "东方园"))
        located = page.locator("#panel section", has=page.locator("h3", has_text="位于"))
        located.locator("button.draw").click()
        assert in_time(lambda: "青石镇" in texts(page) and "茶产业" not in texts(page))
        located.locator(".rows button", has_text="青石镇").click()
        page.locator("#panel h2 button", has_text="青石镇").click()
        assert heading(page) == "青石镇"
        assert 'kg.show("青石镇")' in page.locator("#panel").inner_text()


@pytest.mark.parametrize("width", [900, 1400])
def test_names_of_a_neighbourhood_do_not_overlap(
    browser: Any, tmp_path: Path, hongdong: KnowledgeGraph, width: int
) -> None:
    shown = hongdong.show("华翔集团", steps=2)
    file = tmp_path / "page.html"
    shown.write_html(file)
    drawn = {node["label"] for node in shown.nodes if not node.get("hidden")}
    with opened(browser, file, viewport={"width": width, "height": 800}) as page:
        assert in_time(lambda: len(texts(page)) >= len(drawn) / 2)
        seen = page.evaluate("seen.texts")
        for one, other in combinations((text["box"] for text in seen), 2):
            gap = max(one[0] - other[2], other[0] - one[2], one[1] - other[3], other[1] - one[3])
            assert gap > -1, "letters may touch, not overlap"


def test_the_picture_fits_again_when_the_window_changes(
    browser: Any, network: Network, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    Explorer(network).write_html(file)

    def fits(page: Any) -> bool:
        area = page.locator("#picture").bounding_box()
        boxes = [seen["box"] for text, seen in texts(page).items() if text in network]
        return (
            len(boxes) == len(network)
            and all(min(b) >= 0 and b[2] <= area["width"] and b[3] <= area["height"] for b in boxes)
            # Nor has it shrunk to nothing.
            and max(b[2] for b in boxes) - min(b[0] for b in boxes) > area["width"] / 4
        )

    with opened(browser, file) as page:
        assert in_time(lambda: fits(page))
        page.set_viewport_size({"width": 800, "height": 600})
        assert in_time(lambda: fits(page))
        # Nor does it lose anything while another view has its place.
        before = texts(page)
        tab(page, "表格")
        page.wait_for_timeout(300)
        tab(page, "关系图")
        page.wait_for_timeout(300)
        assert texts(page) == before
        # A view that the reader has chosen stays.
        for _ in range(5):
            page.get_by_role("button", name="放大").click()
        assert in_time(lambda: not fits(page))
        page.set_viewport_size({"width": 900, "height": 700})
        page.wait_for_timeout(300)
        assert not fits(page)
        page.get_by_role("button", name="看全图").click()
        assert in_time(lambda: fits(page))


# Large graphs


def large(size: int) -> Network:
    """Return a graph of ten relations and ten kinds, the same each time."""
    drawn = nx.barabasi_albert_graph(size, 2, seed=7)
    network: Network = nx.MultiDiGraph(title="大图")
    kinds = ["Strategy", "Project", "Enterprise", "Organization", "Industry", "Location"]
    network.add_nodes_from(
        (f"urn:x:{node}", {"label": f"对象{node}号", "kind": kinds[node % 6]}) for node in drawn
    )
    names = ["undertakes", "locatedIn", "implements", "inIndustry"]
    network.add_edges_from(
        (f"urn:x:{one}", f"urn:x:{other}", names[(one + other) % 4]) for one, other in drawn.edges
    )
    return network


def test_thousands_are_drawn_searched_and_moved(browser: Any, tmp_path: Path) -> None:
    network = large(2500)
    county = County(Explorer(network), tmp_path / "page.html")
    groups = county.explorer.groups
    with opened(browser, county.file, {"open": "~".join(map(str, range(len(groups))))}) as page:
        assert page.locator("#drawn").inner_text() == f"画出 2500 个对象，{network.number_of_edges()} 条关系"
        assert in_time(lambda: len(texts(page)) > 5)
        seen = page.evaluate("seen.texts")
        for one, other in combinations((text["box"] for text in seen), 2):
            assert max(one[0] - other[2], other[0] - one[2], one[1] - other[3], other[1] - one[3]) > -1
        assert page.evaluate("performance.getEntriesByName('drawn').length") == 1
        box = page.locator("#picture canvas").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        name = next(text for text in texts(page) if re.fullmatch(r"对象\d+号", text))
        page.mouse.click(*sign(page, name))
        assert tells(page, name)
        page.mouse.move(x, y)
        page.mouse.wheel(0, -600)
        assert in_time(lambda: len(page.evaluate("seen.texts")) > 0)
        page.keyboard.press("Escape")
        page.get_by_role("button", name="看全图").click()
        hub = "对象0号"
        show(page, hub)
        assert heading(page) == hub
        neighbours = county.near(hub)
        assert page.locator("#drawn").inner_text().startswith(f"画出 {len(neighbours)} 个对象")
        # From the canvas for thousands to the one for few, and back.
        page.locator("#back").click()
        assert page.locator("#drawn").inner_text().startswith("画出 2500 个对象")
        tab(page, "表格")
        assert rows(page) == f"{network.number_of_edges()} 行"
        assert page.locator("[role=grid] tbody tr[id]").count() < 100
        page.locator("[role=grid]").focus()
        page.keyboard.press("End")
        assert page.locator("tr.active").get_attribute("aria-rowindex") == str(network.number_of_edges() + 1)
