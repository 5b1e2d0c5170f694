"""Measures how fast the explorer's page opens, moves and answers in a browser, beside other pages of the same graphs.

::

    python benchmarks/speed_explorer.py
    python benchmarks/speed_explorer.py --sizes 5000 --repeat 5 --others others/bin/python

Graphs are random (Barabási–Albert, two edges a node), as seeded, in the places that the explorer gives them: all pages
are drawn with the same labels, colours and places, without forces. ``--others`` is a Python that has pyvis, neo4j-viz and
ipysigma (``pip install pyvis neo4j-viz ipysigma``); pyvis is Hongtu's own too.

Each run has a browser of its own: Debian's Chromium, headless, without network and graphics card, 1280 × 800. Printed is
the least of ``--repeat`` runs, in turns, so that a busy minute does not fall on one page alone:

- first: milliseconds from the beginning of navigation to the first picture; of the explorer by its mark ``drawn``, of
  the others to the frame in which at least as many shapes as there are nodes had been drawn;
- CPU: milliseconds that the page's main thread was at work until a second after that;
- drag: pictures a second while the mouse drags the whole picture for 1.6 s, and CPU milliseconds a picture;
- search: milliseconds from the letter typed to the list of what was found, at first (the index is made) and again.
"""

import argparse
import gzip
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

import networkx as nx
from playwright.sync_api import TimeoutError as LateError
from playwright.sync_api import sync_playwright

from hongtu.graph import KnowledgeGraph
from hongtu.graph.network import Network, to_networkx
from hongtu.graph.views.explorer import STYLES, Explorer

CHROMIUM = "/usr/bin/chromium"
DRAGGING = 1.6
LONGEST = 60
"""Seconds after which a page without a picture is given up."""

WATCHED = """{
    // What is drawn on canvases: shapes of this frame, pictures in all, and when the first was whole.
    window.drawn = { shapes: 0, pictures: 0, first: null, last: null, most: 0 };
    const count = (prototype, names) => {
        for (const name of names) {
            const own = prototype[name];
            prototype[name] = function () { window.drawn.shapes += 1; return own.apply(this, arguments); };
        }
    };
    count(CanvasRenderingContext2D.prototype, ["fill", "fillRect", "drawImage", "fillText"]);
    const frame = () => {
        const { shapes } = window.drawn;
        if (shapes) {
            window.drawn.pictures += 1;
            window.drawn.last = performance.now();
            window.drawn.most = Math.max(window.drawn.most, shapes);
            if (shapes >= WANTED) window.drawn.first ??= performance.now();
        }
        window.drawn.shapes = 0;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""

SEARCHED = """async (letters) => {
    const field = document.querySelector("#search");
    const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    const answered = async (text) => {
        const start = performance.now();
        value.call(field, text);
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        while (!document.querySelector("#found [role=option] mark")) await new Promise((done) => setTimeout(done));
        const spent = performance.now() - start;
        value.call(field, "");
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        while (document.querySelector("#found [role=option]")) await new Promise((done) => setTimeout(done));
        return spent;
    };
    const times = [];
    for (const text of letters) times.push(await answered(text));
    return times;
}"""

# Run by the Python that has the others: reads the graph from its input, writes a page for each tool that it has.
OTHERS = """
import json, pathlib, sys
folder, graph = pathlib.Path(sys.argv[1]), json.load(sys.stdin)

def pyvis(smooth):
    from pyvis.network import Network
    made = Network(height="760px", width="100%", directed=True, cdn_resources="in_line")
    made.toggle_physics(False)
    if not smooth:
        made.set_edge_smooth("continuous")
        made.options.edges.smooth.enabled = False
    for node in graph["nodes"]:
        made.add_node(node["id"], label=node["label"], x=node["x"], y=node["y"], color=node["color"], size=node["size"],
                      shape="dot", physics=False)
    for source, target, label in graph["edges"]:
        made.add_edge(source, target, title=label)
    return made.generate_html()

def neo4j_viz():
    from neo4j_viz import Layout, Node, Relationship, VisualizationGraph
    nodes = [Node(id=n["id"], caption=n["label"], x=n["x"], y=n["y"], color=n["color"], size=n["size"])
             for n in graph["nodes"]]
    edges = [Relationship(source=a, target=b, caption=label) for a, b, label in graph["edges"]]
    xs, ys = ([n[axis] for n in graph["nodes"]] for axis in ("x", "y"))
    # All of it in view, as the others begin.
    zoom = min(1200 / (max(xs) - min(xs)), 700 / (max(ys) - min(ys)))
    shown = VisualizationGraph(nodes, edges).render(layout=Layout.COORDINATE, renderer="canvas", height="760px",
                                                    initial_zoom=zoom, min_zoom=zoom / 2, max_allowed_nodes=100_000)
    return f"<!doctype html><meta charset=utf-8><body>{shown.data}</body>"

def ipysigma():
    import networkx as nx
    from ipysigma import Sigma
    made = nx.DiGraph()
    for n in graph["nodes"]:
        made.add_node(n["id"], label=n["label"], x=n["x"], y=n["y"], color=n["color"], size=n["size"])
    made.add_edges_from((a, b) for a, b, _ in graph["edges"])
    path = folder / "part.html"
    Sigma.write_html(made, path, fullscreen=True)
    return path.read_text("utf-8")

for name, make in {
    "pyvis": lambda: pyvis(True),
    "pyvis, straight": lambda: pyvis(False),
    "neo4j-viz": neo4j_viz,
    "ipysigma": ipysigma,
}.items():
    try:
        (folder / f"{name}.html").write_text(make(), "utf-8")
    except ImportError as error:
        print(f"{name} is not installed: {error}", file=sys.stderr)
"""


def random_network(size: int, seed: int) -> Network:
    """Return a graph of six kinds and four relations, with Chinese names of three to eight characters."""
    chance = Random(seed)
    kinds = [kind for kind in STYLES if kind != "Measure"]
    letters = "青石云岭河东西南北镇产业园区公司项目集团农牧茶叶文旅物流新能源材料"
    drawn = nx.barabasi_albert_graph(size, 2, seed=seed)
    network: Network = nx.MultiDiGraph(title=f"{size}")
    for node in drawn:
        name = "".join(chance.choice(letters) for _ in range(chance.randint(3, 8)))
        network.add_node(f"urn:n{node}", label=name, kind=kinds[node % len(kinds)])
    for source, target in drawn.edges:
        predicate = chance.choice(["undertakes", "operatesIn", "locatedIn", "inIndustry"])
        network.add_edge(f"urn:n{source}", f"urn:n{target}", predicate)
    return network


def write_pages(network: Network, folder: Path, others: str) -> dict[str, tuple[Path, str]]:
    """Return the file of each page and what is behind # in its address, by what it is."""
    explorer = Explorer(network)
    explorer.write_html(folder / "explorer.html")
    graph = {
        "nodes": [
            {name: node[name] for name in ("id", "label", "x", "y", "color", "size")}
            for node in explorer.nodes
        ],
        "edges": [[edge["from"], edge["to"], edge["predicate"]] for edge in explorer.edges],
    }
    subprocess.run([others, "-c", OTHERS, str(folder)], input=json.dumps(graph), text=True, check=True)
    everything = "open=" + "~".join(str(place) for place in range(len(explorer.groups)))
    pages = {
        "explorer, groups": (folder / "explorer.html", ""),
        "explorer, everything": (folder / "explorer.html", everything),
        **{
            name: (folder / f"{name}.html", "")
            for name in ("pyvis", "pyvis, straight", "neo4j-viz", "ipysigma")
        },
    }
    return {name: page for name, page in pages.items() if page[0].is_file()}


@contextmanager
def opened(start: Any, wanted: int) -> Iterator[tuple[Any, Callable[[], float]]]:
    """Give a page of a new browser, and what tells how long its main thread was at work, in milliseconds."""
    browser = start.chromium.launch(
        executable_path=CHROMIUM,
        args=["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
    )
    try:
        context = browser.new_context(
            offline=True, viewport={"width": 1280, "height": 800}, locale="zh-CN", reduced_motion="reduce"
        )
        context.add_init_script(WATCHED.replace("WANTED", str(wanted)))
        page = context.new_page()
        tools = context.new_cdp_session(page)
        tools.send("Performance.enable", {"timeDomain": "threadTicks"})

        def worked() -> float:
            found = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
            return float(found["TaskDuration"]) * 1e3

        yield page, worked
    finally:
        browser.close()


def measure(
    start: Any, name: str, page_file: tuple[Path, str], nodes: int, letters: list[str]
) -> dict[str, float]:
    """Return what one run of a page took; without a picture, nothing."""
    own = name.startswith("explorer")
    address = "#".join([page_file[0].as_uri(), page_file[1]])
    with opened(start, nodes) as (page, worked):
        before = worked()
        page.goto(address, wait_until="commit")
        first = (
            "performance.getEntriesByName('drawn')[0]?.startTime"
            if own
            # Not all draw small shapes one by one: then it is the last picture before it rests.
            else "drawn.first ?? (drawn.last && performance.now() - drawn.last > 3000 ? drawn.last : null)"
        )
        try:
            shown = page.wait_for_function(first, timeout=LONGEST * 1e3).json_value()
        except LateError:
            return {}
        page.wait_for_timeout(1000)
        found = {"first": shown, "cpu": worked() - before, **dragged(page, worked)}
        if name == "explorer, groups":
            times = page.evaluate(SEARCHED, letters)
            found["search"], found["again"] = times[0], min(times[1:])
        return found


def dragged(page: Any, worked: Callable[[], float]) -> dict[str, float]:
    """Drag the picture to and fro, from where there is nothing but ground."""
    box = max(
        (canvas.bounding_box() for canvas in page.locator("canvas").all() if canvas.is_visible()),
        key=lambda one: one["width"] * one["height"],
    )
    x, y = box["x"] + 14, box["y"] + box["height"] - 70
    page.mouse.move(x, y)
    page.mouse.down()
    # The first pictures are of what a press changes.
    page.mouse.move(x + 10, y)
    page.wait_for_timeout(300)
    pictures, spent, begun = page.evaluate("drawn.pictures"), worked(), time.monotonic()
    step = 0
    while time.monotonic() - begun < DRAGGING:
        step += 1
        page.mouse.move(x + 10 + 3 * abs(step % 120 - 60), y - 2 * abs(step % 80 - 40))
    took = time.monotonic() - begun
    pictures, spent = page.evaluate("drawn.pictures") - pictures, worked() - spent
    page.mouse.up()
    # Of some tools, a drag does not move the picture.
    return {"fps": pictures / took, "frame": spent / pictures} if pictures else {}


def best(runs: list[dict[str, float]], name: str) -> str:
    """Return the best of the runs: of pictures a second the most, of times the least."""
    values = [run[name] for run in runs if name in run]
    if not values:
        return "–"
    return f"{max(values) if name == 'fps' else min(values):.0f}"


def compare(start: Any, size: int, repeat: int, others: str) -> None:
    """Print one row for each page of a graph."""
    network = random_network(size, 1)
    letters = [network.nodes[node]["label"][:2] for node in list(network)[:6]]
    with tempfile.TemporaryDirectory() as folder:
        pages = write_pages(network, Path(folder), others)
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in pages}
        for _ in range(repeat):
            for name, page in pages.items():
                if name != "ipysigma":
                    runs[name].append(measure(start, name, page, size, letters))
        for name, found in runs.items():
            cells = [best(found, column) for column in ("first", "cpu", "fps", "frame", "search", "again")]
            note = " (its scripts are not in the file: blank without network)" if name == "ipysigma" else ""
            megabytes = pages[name][0].stat().st_size / 1e6
            print(f"| {name}{note} | {size} | {megabytes:.2f} | {' | '.join(cells)} |", flush=True)


def sizes(text: Path) -> None:
    """Print the sizes of pages, in thousands of bytes, plain and as gzip has them."""
    kg = KnowledgeGraph.packaged("hongdong")
    pages = {
        "without data": Explorer(nx.MultiDiGraph()),
        "sample, with its text": Explorer(to_networkx(KnowledgeGraph.packaged("sample"))),
        "Hongdong": Explorer(to_networkx(kg)),
    }
    if text.is_file():
        kg.load_text(text)
        pages["Hongdong, with its text"] = Explorer(to_networkx(kg))
    print("| page | kB | gzip |\n|---|---|---|")
    for name, explorer in pages.items():
        page = explorer.generate_html().encode()
        print(f"| {name} | {len(page) / 1e3:.0f} | {len(gzip.compress(page, 9)) / 1e3:.0f} |")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 5000, 10000], help="numbers of nodes")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each page")
    parser.add_argument("--others", default=sys.executable, help="the Python that has the other tools")
    parser.add_argument(
        "--text",
        type=Path,
        default=Path(__file__).parents[2] / "shared" / "plans" / "hongdong.txt",
        help="of Hongdong's plan",
    )
    arguments = parser.parse_args()
    with sync_playwright() as start:
        browser = start.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        print(
            f"Chromium {browser.version}, pyvis {version('pyvis')}, {platform.platform()}, {os.cpu_count()} processors"
        )
        browser.close()
        print(f"Others that waited for a processor at the beginning: {os.getloadavg()[0]:.1f}\n")
        sizes(arguments.text)
        print("\n| page | nodes | MB | first | CPU | drag fps | CPU a picture | search | again |")
        print("|---|---|---|---|---|---|---|---|---|")
        for size in arguments.sizes:
            compare(start, size, arguments.repeat, arguments.others)


if __name__ == "__main__":
    main()
