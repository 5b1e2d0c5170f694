"""Make the pictures of ``docs/explorer.md``: the explorer in a dozen situations, in Debian's headless Chromium.

    python docs/explorer/make_pictures.py

Pages with sentences are of the invented sample, whose text is ours to show; the others are of Hongdong county's plan.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from hongtu.graph import KnowledgeGraph
from hongtu.graph.network import ENTITY_KINDS
from hongtu.graph.views.explorer import Explorer

FOLDER = Path(__file__).parent
SYLLABLES = "青石云岭河东西南北镇产业园区公司项目集团农牧茶叶文旅物流新能源材料"


def large(count: int) -> Explorer:
    """Return an invented network of so many things."""
    draw = random.Random(0)
    network = nx.MultiDiGraph(title=f"{count:,} 个对象")
    for node in range(count):
        name = "".join(draw.choices(SYLLABLES, k=draw.randint(3, 7)))
        network.add_node(f"urn:{node}", label=name, kind=ENTITY_KINDS[node % len(ENTITY_KINDS)])
    for one, other in nx.barabasi_albert_graph(count, 2, seed=0).edges:
        network.add_edge(f"urn:{one}", f"urn:{other}", "locatedIn")
    return Explorer(network)


def save(page: Page, file: Path) -> None:
    """Write what the page shows as it is: WebP without loss takes half of what PNG does."""
    Image.open(BytesIO(page.screenshot())).convert("RGB").save(file, lossless=True, quality=100)


def find(page: Page, name: str) -> None:
    page.fill("#search", name)
    page.locator("#found [role=option]").first.wait_for()
    page.press("#search", "Enter")


def open_view(page: Page, name: str) -> None:
    page.locator(".tabs").get_by_role("button", name=name, exact=True).click()


def open_edge(page: Page, name: str) -> None:
    find(page, name)
    page.locator("#panel .rows button").first.click()


def open_reader(page: Page) -> None:
    open_edge(page, "恒屹精工")
    page.get_by_role("button", name="在原文中看").first.click()


def open_path(page: Page) -> None:
    page.click("#path")
    for field, name in (("#path-from", "恒屹精工"), ("#path-to", "云岭茶业集团")):
        page.fill(field, name)
        page.wait_for_timeout(200)
        page.press(field, "Enter")
    page.get_by_role("button", name="找路径").click()


def print_edge(page: Page) -> None:
    open_edge(page, "恒屹精工")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")


SITUATIONS: dict[str, tuple[str, dict[str, object], Callable[[Page], None]]] = {
    "focus": ("hongdong", {}, lambda page: find(page, "华翔集团")),
    "evidence": ("sample", {}, lambda page: open_edge(page, "恒屹精工")),
    "reader": ("sample", {}, open_reader),
    "matrix": ("hongdong", {}, lambda page: open_view(page, "矩阵")),
    "targets": ("hongdong", {}, lambda page: open_view(page, "指标")),
    "outline": ("hongdong", {}, lambda page: open_view(page, "脉络")),
    "path": ("sample", {}, open_path),
    "table": ("hongdong", {}, lambda page: open_view(page, "表格")),
    "dark": ("sample", {"color_scheme": "dark"}, lambda page: find(page, "茶产业")),
    "phone": (
        "sample",
        {"viewport": {"width": 390, "height": 800}, "has_touch": True},
        lambda page: open_edge(page, "恒屹精工"),
    ),
    "print": ("sample", {}, print_edge),
    "10000": ("large", {}, lambda page: None),
}


@contextmanager
def opened(browser: Browser, file: Path, settings: dict[str, object]) -> Iterator[Page]:
    usual = {"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN", "offline": True}
    context = browser.new_context(**(usual | settings))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(file.as_uri())
    yield page
    context.close()


def main() -> None:
    """Write ``NAME.webp`` beside this file for each situation, and the README's two."""
    with TemporaryDirectory() as made, sync_playwright() as started:
        files = {name: Path(made, f"{name}.html") for name in ("hongdong", "sample", "large")}
        for name in ("hongdong", "sample"):
            KnowledgeGraph.packaged(name).show().write_html(files[name])
        large(10_000).write_html(files["large"])
        browser = started.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (file, settings, act) in SITUATIONS.items():
            with opened(browser, files[file], settings) as page:
                act(page)
                page.wait_for_timeout(1500)
                save(page, FOLDER / f"{name}.webp")
                print(name)
        for language, locale in (("", "en-GB"), (".zh", "zh-CN")):
            with opened(browser, files["hongdong"], {"locale": locale}) as page:
                page.wait_for_timeout(1500)
                save(page, FOLDER.parent / f"explorer{language}.webp")
        browser.close()


if __name__ == "__main__":
    main()
