"""The pages, used as a person does: framed as in a notebook, in a browser without network."""

import csv
import io
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import Network, neighbourhood, with_more
from hongtu.graph.terms import Resource
from hongtu.graph.views.explorer import Explorer
from hongtu.graph.views.matrix import Entry, Matrix, matrix
from hongtu.graph.views.page import frame
from hongtu.graph.views.place_map import PlaceMap
from hongtu.graph.views.table import table_page
from hongtu.loaders.values import guard_cell

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser test")
CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(
    not CHROMIUM.is_file(), reason=f"{CHROMIUM} is not installed: no browser test"
)

WATCHED = """{
    // What a canvas shows since it was last cleared: texts with their boxes in pixels and colours, and widths of lines.
    const { fillText, stroke, clearRect } = CanvasRenderingContext2D.prototype;
    window.seen = { texts: [], widths: [] };
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        const size = this.measureText(text), { a, e, f } = this.getTransform(), per = devicePixelRatio;
        const [left, right] = [x - size.actualBoundingBoxLeft, x + size.actualBoundingBoxRight];
        const [top, bottom] = [y - size.actualBoundingBoxAscent, y + size.actualBoundingBoxDescent];
        const box = [e + a * left, f + a * top, e + a * right, f + a * bottom].map((edge) => edge / per);
        if (text.trim()) window.seen.texts.push({ text, box, color: this.fillStyle });
        return fillText.apply(this, arguments);
    };
    CanvasRenderingContext2D.prototype.stroke = function () {
        window.seen.widths.push(this.lineWidth);
        return stroke.apply(this, arguments);
    };
    CanvasRenderingContext2D.prototype.clearRect = function () {
        window.seen = { texts: [], widths: [] };
        return clearRect.apply(this, arguments);
    };
}"""
HOSTILE = '</script><img src=x onerror="document.title=1">"><b>'


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        made = started.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@contextmanager
def opened(browser: Any, folder: Path, page: str, *, width: int = 1000) -> Iterator[Any]:
    """Give the page, or what shows it in a notebook, and see that it asked for nothing and complained of nothing."""
    context = browser.new_context(
        offline=True,
        accept_downloads=True,
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
    )
    context.add_init_script(WATCHED)
    shown = page if page.startswith("<iframe") else frame(page, "600px")
    try:
        host = context.new_page()
        said: list[str] = []
        asked: list[str] = []
        host.on("console", lambda message: said.append(message.text))
        host.on("pageerror", lambda error: said.append(str(error)))
        host.on("request", lambda request: asked.append(request.url))
        file = folder / "host.html"
        file.write_text(f"<meta charset=utf-8><textarea id=paste></textarea>{shown}", "utf-8")
        host.goto(file.as_uri())
        framed = host.frames[1]
        framed.wait_for_selector("#summary:not(:empty)", state="attached")
        yield framed
        assert said == []
        # A notebook's own page is asked for, and what the frame makes itself; nothing else.
        assert [url for url in asked if not url.startswith(("blob:", "about:"))] == [file.as_uri()]
        assert framed.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert framed.locator("img, b").count() == 0
    finally:
        context.close()


def column(page: Any, place: int) -> list[str]:
    texts: list[str] = page.locator(f"tr.row td:nth-child({place})").all_inner_texts()
    return texts


def test_a_table_is_searched_and_its_row_opens_the_sentence(
    browser: Any, tmp_path: Path, sample: KnowledgeGraph
) -> None:
    answer = sample.run("show_who_does_what_where")
    with opened(browser, tmp_path, table_page(answer)) as page:
        assert page.locator("#summary").inner_text().startswith(f"{len(answer)} rows")
        assert page.locator("tr.row").count() == 25
        page.get_by_role("searchbox").fill("茶业 青石")
        found = answer[
            answer.apply(
                lambda row: all(word in " ".join(map(str, row)) for word in ("茶业", "青石")), axis=1
            )
        ]
        assert 0 < len(found) < 25
        assert page.locator("#summary").inner_text().startswith(f"{len(found)} of {len(answer)} rows found")
        assert column(page, 3) == [str(project) for project in found["project"]]
        control = page.get_by_role("button", name="Source").first
        control.press("Enter")
        assert control.get_attribute("aria-expanded") == "true"
        (passage,) = sample.evidence(found["who"].iloc[0], "undertakes", found["project"].iloc[0])[:1]
        assert page.locator("tr.source mark").inner_text() == passage.quote
        assert (
            f"line {passage.line}, characters {passage.start}–{passage.end}"
            in page.locator("tr.source cite").inner_text()
        )
        control.press("Enter")
        assert page.locator("tr.source").count() == 0
        page.get_by_role("searchbox").fill("没有这样的行")
        page.get_by_role("button", name="Clear search and filters").click()
        assert page.locator("tr.row").count() == 25
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.locator("tr.row").count() == len(answer), "on paper there are no pages to turn"
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        page.get_by_label("Filter: status").select_option("ongoing")
        assert set(column(page, 4)) == {"ongoing"}


@pytest.mark.parametrize("rows", [1, 2])
def test_a_short_table_shows_its_sentences_at_once_and_leaves_no_blank(
    browser: Any, tmp_path: Path, sample: KnowledgeGraph, rows: int
) -> None:
    answer = sample.run("show_who_does_what_where").head(rows)
    with opened(browser, tmp_path, answer._repr_html_()) as page:
        assert page.locator("tr.source mark").count() == rows
        assert page.locator("#summary").inner_text().endswith(f"opens the source in {plan_of(sample)}")
        blank = page.evaluate(
            "document.querySelector('#main').clientHeight - document.querySelector('table').offsetHeight"
        )
        assert abs(blank) < 60
        page.get_by_role("button", name="Source").first.click()
        assert page.locator("tr.source").count() == rows - 1


def plan_of(kg: KnowledgeGraph) -> str:
    [title] = kg.run("list_plans")["title"]
    return str(title)


def test_numbers_have_no_filter_but_years(browser: Any, tmp_path: Path) -> None:
    answer = pd.DataFrame({"n": [1, 2] * 5, "year": [2020, 2025] * 5, "unit": ["亩", "吨"] * 5})
    with opened(browser, tmp_path, table_page(answer)) as page:
        filters = page.locator("th select").all()
        assert [f.get_attribute("aria-label") for f in filters] == ["Filter: year", "Filter: unit"]
        page.get_by_label("Filter: year").select_option("2025")
        assert set(column(page, 2)) == {"2025"}


def test_ten_thousand_rows_are_sorted_and_paged(browser: Any, tmp_path: Path) -> None:
    names = ["赵城镇", "安泰", "中医院", "北京", HOSTILE]
    answer = pd.DataFrame(
        {
            "name": [names[n % 5] for n in range(10_000)],
            "n": [(n * 7919) % 10_000 - 5_000 for n in range(10_000)],
            "text": [None if n % 2 else f"第 {n} 行" for n in range(10_000)],
        }
    )
    with opened(browser, tmp_path, table_page(answer)) as page:
        page.get_by_role("button", name="n", exact=True).click()
        assert column(page, 2) == [str(n) for n in range(-5_000, -4_975)]
        page.get_by_role("button", name="n", exact=True).click()
        assert page.locator('th[aria-sort="descending"]').count() == 1
        assert column(page, 2)[0] == "4999"
        page.get_by_role("button", name="Next page").click()
        assert (column(page, 2)[0], page.locator("#page").inner_text()) == ("4974", "Page 2 of 400")
        page.get_by_label("Rows a page").select_option("100")
        assert page.locator("tr.row").count() == 100
        page.get_by_role("button", name="name", exact=True).click()
        assert column(page, 1)[0] == HOSTILE
        page.get_by_role("searchbox").fill("医院")
        assert set(column(page, 1)) == {"中医院"}
        page.get_by_role("searchbox").fill("")
        page.get_by_label("Filter: name").select_option(HOSTILE)
        assert set(column(page, 1)) == {HOSTILE}
        # Painting included; a person feels no wait below 0.2 s, and a busy machine is slow.
        spent = page.evaluate(
            """() => { const start = performance.now();
            for (const button of document.querySelectorAll('th button')) button.click();
            return performance.now() - start; }"""
        )
        assert spent < 3000


def test_names_sort_by_pinyin_and_gaps_come_last(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    answer = pd.DataFrame({"town": ["赵城", None, "安泰", "中医院", "北京"]}, dtype=object)
    with opened(browser, tmp_path, table_page(answer)) as page:
        page.get_by_role("button", name="town").click()
        assert column(page, 1) == ["安泰", "北京", "赵城", "中医院", ""]
        page.get_by_role("button", name="town").click()
        assert column(page, 1) == ["中医院", "赵城", "北京", "安泰", ""]


def test_copies_are_what_excel_reads_and_compute_nothing(browser: Any, tmp_path: Path) -> None:
    texts = [
        "=1+1",
        "+86",
        "-5",
        "@a",
        "6.9%",
        "1-2",
        "007",
        "12",
        '"甲", 乙',
        "两\n行",
        "\ttab",
        "＝1",
        "'=1",
        "平",
    ]
    answer = pd.DataFrame(
        {
            "thing": [Resource(text, f"urn:x:{n}") for n, text in enumerate(texts)],
            "n": [-5 - n for n in range(len(texts))],
        },
        dtype=object,
    )
    with opened(browser, tmp_path, table_page(answer)) as page:
        host = page.page
        with host.expect_download() as download:
            page.get_by_role("button", name="Download CSV").click()
        data = Path(download.value.path()).read_bytes()
        assert download.value.suggested_filename == "table.csv"
        assert data.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        assert rows[0] == ["thing", "n"]
        assert rows[1:] == [[guard_cell(text), str(-5 - n)] for n, text in enumerate(texts)]
        page.get_by_role("button", name="IRIs").click()
        assert "urn:x:0" in page.locator("tr.row td").first.inner_text()
        page.get_by_role("button", name="Copy").click()
        assert page.locator("#copy").inner_text() == "Copied"
        host.locator("#paste").focus()
        host.keyboard.press("Control+V")
        pasted = host.locator("#paste").input_value().split("\n")
        assert pasted[0] == "thing\tthing IRI\tn"
        assert pasted[1] == "'=1+1\turn:x:0\t-5"
        assert pasted[9] == '"""甲"", 乙"\turn:x:8\t-13', "Excel takes quotes around a cell away"
        assert len(pasted) == len(texts) + 1 and all(line.count("\t") == 2 for line in pasted)


def test_a_matrix_cell_opens_what_it_counts(browser: Any, tmp_path: Path, sample: KnowledgeGraph) -> None:
    made = matrix(sample)
    with opened(browser, tmp_path, made.generate_html()) as page:
        place, first = next(iter(made.cells.items()))
        cell = page.get_by_role(
            "gridcell", name=f"{made.rows[place[0]]}, {made.columns[place[1]]}: {len(first)}"
        )
        cell.click()
        panel = page.locator("#panel")
        assert panel.locator("h2").inner_text() == f"{made.rows[place[0]]} × {made.columns[place[1]]}"
        assert panel.locator("mark").all_inner_texts() == [
            p["quote"] for entry in first for p in entry.passages
        ]
        assert panel.locator(".lines").all_inner_texts() == ["\n".join(entry.lines) for entry in first]
        page.page.keyboard.press("Escape")
        assert panel.is_hidden()
        # From the same cell by keys: to the next row, and there to a cell that counts something.
        target = next(there for there in made.cells if there[0] == place[0] + 1 and there[1] < 20)
        page.page.keyboard.press("ArrowDown")
        way = "ArrowRight" if target[1] > place[1] else "ArrowLeft"
        for _ in range(abs(target[1] - place[1])):
            page.page.keyboard.press(way)
        page.page.keyboard.press("Enter")
        assert panel.locator("h2").inner_text() == f"{made.rows[target[0]]} × {made.columns[target[1]]}"


def test_a_large_matrix_tells_what_it_leaves_out(browser: Any, tmp_path: Path) -> None:
    entries = [
        (f"{HOSTILE} {n}", f"c{m}", Entry(f"{n} {m}", (HOSTILE,)))
        for n in range(42)
        for m in range(23)
        if n >= m
    ]
    made = Matrix(entries, names=("rows", "columns"), title=HOSTILE)
    with opened(browser, tmp_path, made.generate_html()) as page:
        assert page.locator("tbody tr").count() == 30
        drawn = page.locator("thead th[scope=col]").count()
        assert page.locator("#left").inner_text() == f"12 rows and {23 - drawn} columns not drawn"
        # As many as there is room for, with the total at the end.
        room = page.evaluate(
            """() => {
                const end = document.querySelector("thead th.total").getBoundingClientRect().right;
                return document.querySelector("#picture").clientWidth - end;
            }"""
        )
        assert 0 <= room < 80
        page.get_by_role("button", name="Draw all").click()
        assert page.locator("tbody tr").count() == 42
        assert page.locator("#left").count() == 0


def test_a_point_of_the_map_shows_its_rows_and_sentences(
    browser: Any, tmp_path: Path, sample: KnowledgeGraph
) -> None:
    towns = {"青石镇": (29.53, 106.48), "柳塘镇": (29.46, 106.55), "白沙镇": (29.4, 106.44)}
    square = {
        "type": "Polygon",
        "coordinates": [[[106.3, 29.3], [106.7, 29.3], [106.7, 29.7], [106.3, 29.3]]],
    }
    made = PlaceMap(sample.run("show_who_does_what_where"), coordinates=towns, outline=square)
    with opened(browser, tmp_path, made.generate_html()) as page:
        assert page.locator(".place").count() == 3 and page.locator("path.shape").count() == 1
        assert page.locator(".scale text").text_content().endswith(" km")
        box = {name: page.locator(f'.place[aria-label="{name}"] circle').bounding_box() for name in towns}
        assert box["青石镇"]["y"] < box["柳塘镇"]["y"] and box["白沙镇"]["x"] < box["柳塘镇"]["x"]
        page.get_by_role("button", name="青石镇").first.focus()
        page.page.keyboard.press("Enter")
        place = next(place for place in made.places if place.name == "青石镇")
        assert page.locator("#panel h2").inner_text() == "青石镇"
        assert page.locator("#panel .one").count() == len(place.rows)
        assert "青石" in page.locator("#panel mark").first.inner_text()
        page.page.keyboard.press("Escape")
        page.locator("#panel li button", has_text="柳塘镇").click()
        assert page.locator("#panel h2").inner_text() == "柳塘镇"


def test_hostile_names_stay_text_on_the_map_and_on_a_narrow_page(browser: Any, tmp_path: Path) -> None:
    answer = pd.DataFrame({"place": [HOSTILE], "lat": [36.2], "lon": [111.6]})
    with opened(browser, tmp_path, PlaceMap(answer, title=HOSTILE).generate_html(), width=420) as page:
        page.locator(".place").click()
        assert page.locator("#panel h2").inner_text() == HOSTILE
    with opened(browser, tmp_path, table_page(answer), width=420) as page:
        assert HOSTILE in page.locator("tr.row").inner_text()


# The explorer


def texts(page: Any) -> dict[str, dict[str, Any]]:
    """Return what is written in the picture, by text."""
    return {seen["text"]: seen for seen in page.evaluate("seen.texts")}


def in_time(check: Callable[[], bool]) -> bool:
    """Wait until something holds; a picture is drawn when the browser finds time."""
    end = time.monotonic() + 15
    while not check() and time.monotonic() < end:
        time.sleep(0.05)
    return check()


def place_of_sign(page: Any, name: str) -> dict[str, float]:
    """Return where the sign of a thing is in the picture: above its name."""
    left, top, right, _ = texts(page)[name]["box"]
    return {"x": (left + right) / 2, "y": top - 12}


@pytest.fixture
def network() -> Network:
    """A company with two projects; a town, a county and an industry lie further off."""
    network: Network = nx.MultiDiGraph(title="某县规划")
    things = {"Enterprise": ["甲公司"], "Project": ["东方园", "西方园"], "Location": ["青石镇", "某某县"]}
    for kind, names in {**things, "Industry": ["茶产业"]}.items():
        network.add_nodes_from((name, {"label": name, "kind": kind}) for name in names)
    passage = {
        "plan": "某县规划",
        "section": "",
        "line": 1,
        "start": 0,
        "end": 7,
        "quote": "甲公司建东方园",
        "before": "",
        "after": "。",
    }
    network.add_edge("甲公司", "东方园", "undertakes", passages=[passage])
    network.add_edge("甲公司", "西方园", "undertakes")
    network.add_edge("东方园", "青石镇", "locatedIn")
    network.add_edge("西方园", "青石镇", "locatedIn")
    network.add_edge("东方园", "茶产业", "inIndustry")
    network.add_edge("青石镇", "某某县", "within")
    return network


@pytest.fixture
def explorer(network: Network) -> Explorer:
    """The company with its projects, and what the page has beyond."""
    return Explorer(with_more(network, neighbourhood(network, ["甲公司"], 1), 9))


def test_a_thing_is_expanded_and_collapsed(browser: Any, tmp_path: Path, explorer: Explorer) -> None:
    first = {"甲公司", "东方园", "西方园"}
    with opened(browser, tmp_path, explorer.generate_html()) as page:
        summary, panel, more = (page.locator(name) for name in ("#summary", "#panel", "#more"))
        assert in_time(lambda: texts(page).keys() == first)
        assert summary.inner_text() == "Who does what where: 3 things, 2 relations, 1 with their source"
        page.locator("#picture canvas").dblclick(position=place_of_sign(page, "东方园"))
        assert in_time(lambda: texts(page).keys() == first | {"青石镇", "茶产业"})
        # With what comes, its edges to what was there.
        assert summary.inner_text().startswith("Who does what where: 5 things, 5 relations")
        assert page.get_by_role("button", name=re.compile("^industry 1")).count() == 1
        assert more.inner_text() == "Collapse"
        more.press("Enter")
        assert in_time(lambda: texts(page).keys() == first)
        assert more.inner_text() == "+2 more"
        # The keyboard stays where it was.
        page.page.keyboard.press("Enter")
        assert in_time(lambda: len(texts(page)) == 5)
        panel.get_by_role("button", name="青石镇").click()
        panel.locator(".edge").get_by_role("button", name="青石镇").click()
        assert panel.locator("h3").inner_text() == "青石镇" and more.count() == 0
        assert 'kg.show("青石镇")' in panel.inner_text() and "1 more" in panel.inner_text()
        # What brought it goes: so does it.
        page.locator("#search").fill("东方园")
        page.locator("#search").press("Enter")
        more.click()
        page.locator("#search").fill("青石")
        assert page.locator("#found").inner_text() == "Nothing found"
        page.locator("#search").press("Escape")
        assert panel.locator("h2").first.inner_text() == "Start here"


def test_the_legend_takes_kinds_and_relations_away(browser: Any, tmp_path: Path, network: Network) -> None:
    with opened(browser, tmp_path, Explorer(network).generate_html()) as page:
        assert in_time(lambda: texts(page).keys() == set(network))
        project = page.get_by_role("button", name="project 2")
        project.click()
        assert project.get_attribute("aria-pressed") == "false"
        assert in_time(lambda: texts(page).keys() == set(network) - {"东方园", "西方园"})
        assert in_time(lambda: len(page.evaluate("seen.widths")) > 0)
        project.click()
        assert in_time(lambda: texts(page).keys() == set(network))
        # A thing that is chosen leaves clear what it has an edge to.
        page.locator("#search").fill("东方园")
        page.locator("#search").press("Enter")
        ink = texts(page)["东方园"]["color"]

        def clear() -> set[str]:
            return {name for name, seen in texts(page).items() if seen["color"] == ink}

        assert in_time(lambda: clear() == {"东方园", "甲公司", "青石镇", "茶产业"})
        page.get_by_role("button", name="located in 2").click()
        assert in_time(lambda: clear() == {"东方园", "甲公司", "茶产业"})


def test_search_goes_to_a_thing_by_keys(browser: Any, tmp_path: Path, network: Network) -> None:
    network.nodes["甲公司"]["aliases"] = ["Alpha Works"]
    with opened(browser, tmp_path, Explorer(network).generate_html()) as page:
        search, panel = page.locator("#search"), page.locator("#panel")
        search.fill("园")
        assert page.locator("#found").is_hidden()
        search.fill("方园")
        listed = page.locator("#found li").all_inner_texts()
        assert [text.split() for text in listed] == [["东方园", "project"], ["西方园", "project"]]
        search.press("ArrowDown")
        search.press("Enter")
        assert panel.locator("h3").inner_text() == "西方园"
        search.fill("alpha")
        search.press("Enter")
        assert panel.locator("h3").inner_text() == "甲公司"
        panel.get_by_role("button", name="东方园").click()
        assert panel.locator("mark").inner_text() == "甲公司建东方园"


def test_words_follow_the_notebook_and_a_file_its_reader(
    browser: Any, tmp_path: Path, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    explorer = Explorer(network)
    # The browser of these tests reads English.
    with opened(browser, tmp_path, explorer._repr_html_()) as page:
        summary = page.locator("#summary")
        assert summary.inner_text() == "谁在哪里做什么：6 个对象，6 条关系，其中 1 条有出处"
        page.get_by_role("button", name="English").click()
        assert summary.inner_text() == "Who does what where: 6 things, 6 relations, 1 with their source"
    network.edges["甲公司", "东方园", "undertakes"]["passages"] = []
    with opened(browser, tmp_path, Explorer(network).generate_html()) as page:
        assert page.locator("#summary").inner_text() == "Who does what where: 6 things, 6 relations"
        assert page.evaluate("document.documentElement.lang") == "en"


def test_an_edge_is_as_wide_as_its_weight(browser: Any, tmp_path: Path, network: Network) -> None:
    network.edges["甲公司", "东方园", "undertakes"]["weight"] = 14.0
    network.edges["甲公司", "西方园", "undertakes"]["weight"] = 3.5
    with opened(browser, tmp_path, Explorer(network).generate_html()) as page:
        assert in_time(lambda: {8, 2.75, 1} <= set(page.evaluate("seen.widths")))
        page.locator("#search").fill("甲公司")
        page.locator("#search").press("Enter")
        rows = page.locator("#panel .rows").first.get_by_role("button")
        assert [row.split() for row in rows.all_inner_texts()] == [["东方园", "14"], ["西方园", "3.5"]]
        rows.last.click()
        assert page.locator("#panel .tag").inner_text() == "weight 3.5"


def test_a_users_colours_are_drawn(browser: Any, tmp_path: Path, network: Network) -> None:
    explorer = Explorer(network, styles={"Project": {"color": "#00ff00", "shape": "star"}})
    explorer.get_node("甲公司")["color"] = "red"
    explorer.add_node("mine", label="My <b>own</b> & thing")
    explorer.add_node(7)
    explorer.add_edge(7, "甲公司")
    with opened(browser, tmp_path, explorer.generate_html()) as page:
        assert in_time(lambda: "7" in texts(page))
        assert "undefined" not in page.locator("body").inner_text()
        # Nothing of a name is taken for a tag, be it over two lines.
        assert in_time(lambda: "My<b>own</b>&thing" in re.sub(r"[\s\u200b]", "", "".join(texts(page))))
        colors = page.evaluate(
            """() => {
                const canvas = document.querySelector("#picture canvas");
                const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
                const found = new Set();
                for (let at = 0; at < data.length; at += 4) found.add(data.slice(at, at + 3).join(" "));
                return [...found];
            }"""
        )
        assert {"255 0 0", "0 255 0"} <= set(colors)
        assert page.locator("#legend path").nth(0).get_attribute("fill") == "#00ff00"
        assert page.locator("#panel .rows path").first.get_attribute("fill") == "red"


@pytest.mark.parametrize("width", [900, 1400])
def test_names_of_a_neighbourhood_do_not_overlap(
    browser: Any, tmp_path: Path, hongdong: KnowledgeGraph, width: int
) -> None:
    shown = hongdong.show("华翔集团", steps=2)
    drawn = {node["label"] for node in shown.nodes if not node.get("hidden")}
    with opened(browser, tmp_path, shown.generate_html(), width=width) as page:
        assert in_time(lambda: len(texts(page)) >= len(drawn))
        seen = page.evaluate("seen.texts")
        for one, other in combinations((text["box"] for text in seen), 2):
            apart = max(one[0] - other[2], other[0] - one[2], one[1] - other[3], other[1] - one[3])
            assert apart > -1, "letters may touch, not overlap"
        written = "".join(text["text"] for text in seen)
        assert all(name in written or len(name) > 20 for name in drawn)


def test_the_picture_fits_again_when_the_frame_changes(
    browser: Any, tmp_path: Path, network: Network
) -> None:
    hidden = Explorer(network)._repr_html_().replace('style="', 'style="display:none;')

    def fits(page: Any) -> bool:
        # None until the frame is laid out.
        area = page.locator("#picture").bounding_box() or {"width": 0, "height": 0}
        boxes = [seen["box"] for seen in page.evaluate("seen.texts")]
        width, height = area["width"], area["height"]
        return (
            len(boxes) == len(network)
            and all(min(b) >= 0 and b[2] <= width and b[3] <= height for b in boxes)
            # Nor has it shrunk to nothing.
            and max(b[2] for b in boxes) - min(b[0] for b in boxes) > width / 3
        )

    with opened(browser, tmp_path, hidden) as page:
        element = page.frame_element()
        element.evaluate("frame => { frame.style.display = 'block'; }")
        assert in_time(lambda: fits(page))
        element.evaluate("frame => { frame.style.width = '480px'; }")
        assert in_time(lambda: page.evaluate("innerWidth") < 500 and fits(page))
        # A view that the reader has chosen stays.
        page.get_by_role("button", name="Closer").click()
        page.get_by_role("button", name="Closer").click()
        assert in_time(lambda: not fits(page))
        element.evaluate("frame => { frame.style.height = '500px'; }")
        page.page.wait_for_timeout(500)
        assert not fits(page)
        page.get_by_role("button", name="Whole picture").click()
        assert in_time(lambda: fits(page))
