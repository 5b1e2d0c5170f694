"""Tables, matrices and maps, used as a person does: framed as in a notebook, in a browser without network."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.terms import Resource
from hongtu.graph.views.matrix import Entry, Matrix, matrix
from hongtu.graph.views.page import frame
from hongtu.graph.views.place_map import PlaceMap
from hongtu.graph.views.table import table_page
from hongtu.loaders.values import guard_cell

HOSTILE = '</script><img src=x onerror="document.title=1">"><b>'


@contextmanager
def opened(browser: Any, folder: Path, page: str, *, width: int = 1000) -> Iterator[Any]:
    """Give the page, or what shows it in a notebook, and see that it asked for nothing and complained of nothing."""
    context = browser.new_context(
        offline=True,
        accept_downloads=True,
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
    )
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
