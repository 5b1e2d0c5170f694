import json
import random
import subprocess
import sys
from itertools import combinations, pairwise
from math import hypot
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import Network, to_networkx
from hongtu.graph.views.layout import arrange
from hongtu.graph.views.layout.cells import CELL_HEIGHT, CELL_WIDTH
from hongtu.graph.views.layout.groups import MOST_GROUPS, Group, Layout
from hongtu.graph.views.layout.growth import LARGE_GROUP
from hongtu.graph.views.layout.reading import read_layout
from hongtu.loaders.errors import InputError

KINDS = ("Project", "Enterprise", "Organization", "Industry", "Location")


def random_network(number: int, density: float, seed: int) -> Network:
    random = nx.gnp_random_graph(number, density, seed=seed, directed=True)
    network: Network = nx.MultiDiGraph()
    network.add_nodes_from(f"ht:{node}" for node in random)
    network.add_edges_from((f"ht:{a}", f"ht:{b}") for a, b in random.edges())
    return network


def tied(size: int, seed: int = 0) -> Network:
    """Return a network of five kinds in which few things have many ties."""
    network: Network = nx.MultiDiGraph()
    drawn = nx.barabasi_albert_graph(size, 2, seed=seed)
    network.add_nodes_from((f"ht:{node}", {"kind": KINDS[node % len(KINDS)]}) for node in drawn)
    network.add_edges_from((f"ht:{a}", f"ht:{b}") for a, b in drawn.edges())
    return network


def without(network: Network, nodes: list[str]) -> Network:
    part: Network = network.copy()
    part.remove_nodes_from(nodes)
    return part


def check_cells(places: dict[str, tuple[int, int]]) -> None:
    """Nothing stands in another's cell."""
    for (x1, y1), (x2, y2) in combinations(places.values(), 2):
        assert abs(x1 - x2) > CELL_WIDTH / 2 - 3 or abs(y1 - y2) > CELL_HEIGHT - 3


def check(layout: Layout) -> None:
    """Nothing stands in another's cell, no disc in another, and every member in its disc."""
    places, groups = layout
    check_cells(places)
    for one, other in combinations(groups, 2):
        assert hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius
    for group in groups:
        for node in group.members:
            assert hypot(places[node][0] - group.x, places[node][1] - group.y) <= group.radius


def page(layout: Layout) -> str:
    """Return what of an explorer's page tells places."""
    home = {node: number for number, group in enumerate(layout.groups) for node in group.members}
    data = {
        "nodes": {
            "id": list(layout.places),
            "x": [x for x, _ in layout.places.values()],
            "y": [y for _, y in layout.places.values()],
            "group": [home.get(node, -1) for node in layout.places],
        },
        "groups": [{name: getattr(g, name) for name in ("name", "x", "y", "radius")} for g in layout.groups],
    }
    return (
        f"<!doctype html><title>甲 &amp; 乙</title><script>1 < 2</script>"
        f'<script id="data" type="application/json">{json.dumps(data)}</script><script>2 > 1</script>'
    )


@settings(deadline=None)  # SciPy is loaded
@given(number=st.integers(0, 150), density=st.floats(0, 0.1), seed=st.integers(0, 9))
def test_every_node_has_a_cell_of_its_own(number: int, density: float, seed: int) -> None:
    network = random_network(number, density, seed)
    places, groups = arrange(network)
    assert list(places) == list(network)
    assert sorted(node for group in groups for node in group.members) == sorted(network)
    check_cells(places)


@settings(deadline=None)  # two large pictures each
@given(
    number=st.integers(1, 150),
    density=st.floats(0, 0.1),
    seed=st.integers(0, 9),
    hidden=st.sets(st.integers(0, 149), max_size=60),
)
def test_what_is_hidden_has_a_cell_outside_and_moves_nothing(
    number: int, density: float, seed: int, hidden: set[int]
) -> None:
    network = random_network(number, density, seed)
    drawn, _ = arrange(network)
    # As in a picture: each hidden node is tied to one that is drawn.
    for place in sorted(hidden):
        network.add_node(f"hidden {place}", hidden=True)
        network.add_edge(f"hidden {place}", f"ht:{place % number}")
    places, groups = arrange(network)
    assert {node: places[node] for node in drawn} == drawn
    assert sorted(node for group in groups for node in group.members) == sorted(drawn)
    check_cells(places)
    for node in places.keys() - drawn.keys():
        assert all(hypot(places[node][0] - g.x, places[node][1] - g.y) >= g.radius for g in groups)


def test_groups_do_not_overlap(hongdong: KnowledgeGraph) -> None:
    check(arrange(to_networkx(hongdong)))


def test_projects_stand_with_their_strategy(hongdong: KnowledgeGraph) -> None:
    network = to_networkx(hongdong)
    _, groups = arrange(network)
    home = {node: group.name for group in groups for node in group.members}
    served: dict[str, set[str]] = {}
    for project, strategy, key in network.edges(keys=True):
        if key == "implements":
            served.setdefault(project, set()).add(strategy)
    assert served
    assert all(home[project] in strategies for project, strategies in served.items())


def test_the_central_thing_is_in_the_middle() -> None:
    network: Network = nx.MultiDiGraph([("hub", f"leaf {number}") for number in range(20)])
    places, [group] = arrange(network)
    assert group.name == "hub"
    assert places["hub"] == (0, 0)


def test_an_empty_network_has_no_groups() -> None:
    assert arrange(nx.MultiDiGraph()) == ({}, [])


def test_groups_are_few_and_none_is_a_hairball() -> None:
    layout = arrange(tied(2000))
    check(layout)
    assert 8 <= len(layout.groups) <= MOST_GROUPS
    assert all(len(group.members) <= LARGE_GROUP for group in layout.groups)


@pytest.mark.parametrize(
    "drawn",
    [nx.star_graph(400), nx.complete_graph(200), nx.path_graph(300), nx.caveman_graph(100, 6)],
    ids=["star", "complete", "path", "many small"],
)
def test_what_has_no_communities_makes_groups_too(drawn: "nx.Graph[int]") -> None:
    network: Network = nx.MultiDiGraph()
    network.add_edges_from((f"ht:{a}", f"ht:{b}") for a, b in drawn.edges())
    layout = arrange(network)
    check(layout)
    assert len(layout.groups) <= MOST_GROUPS
    assert all(len(group.members) <= LARGE_GROUP for group in layout.groups)


def test_what_is_tied_to_nothing_stands_with_its_kind() -> None:
    network: Network = nx.MultiDiGraph()
    network.add_nodes_from((f"ht:{number}", {"kind": KINDS[number % 2]}) for number in range(400))
    places, groups = arrange(network)
    assert [(group.name, len(group.members)) for group in groups] == [("Project", 200), ("Enterprise", 200)]


def test_a_picture_is_about_as_wide_as_a_screen(hongdong: KnowledgeGraph) -> None:
    for network in (to_networkx(hongdong), tied(1000)):
        _, groups = arrange(network)
        width = max(g.x + g.radius for g in groups) - min(g.x - g.radius for g in groups)
        height = max(g.y + g.radius for g in groups) - min(g.y - g.radius for g in groups)
        assert 1.2 < width / height < 2


def test_a_small_picture_has_room_for_names() -> None:
    places, [group] = arrange(tied(80))
    assert places[group.name] == (group.x, group.y)
    width, height = (max(c) - min(c) for c in zip(*places.values(), strict=True))
    assert width > 1.2 * height
    rows = sorted(places.values(), key=lambda place: (place[1], place[0]))
    apart = [b[0] - a[0] for a, b in pairwise(rows) if a[1] == b[1]]
    assert min(apart) >= 9 * 13


@pytest.mark.parametrize("size", [80, 400])
def test_the_order_of_nodes_and_edges_moves_nothing(size: int) -> None:
    network = tied(size)
    nodes, edges = list(network.nodes(data=True)), list(network.edges())
    random.Random(0).shuffle(nodes)
    random.Random(1).shuffle(edges)
    other: Network = nx.MultiDiGraph()
    other.add_nodes_from(nodes)
    other.add_edges_from((b, a) for a, b in edges)
    assert arrange(other) == arrange(network)


def test_the_same_network_stays_as_it_was(hongdong: KnowledgeGraph) -> None:
    for network in (to_networkx(hongdong), tied(50), tied(300)):
        layout = arrange(network)
        assert arrange(network, layout) == layout


@settings(deadline=None, max_examples=25)
@given(
    size=st.sampled_from([60, 120, 250]),
    seed=st.integers(0, 9),
    new=st.sets(st.integers(0, 249), max_size=120),
    gone=st.sets(st.integers(0, 249), max_size=40),
)
def test_what_was_there_keeps_its_place_and_group(
    size: int, seed: int, new: set[int], gone: set[int]
) -> None:
    network = tied(size, seed)
    earlier = arrange(without(network, [f"ht:{number}" for number in new]))
    changed = without(network, [f"ht:{number}" for number in gone])
    later = arrange(changed, earlier)
    check(later)
    assert arrange(changed, later) == later
    before = {node: (group.x, group.y) for group in earlier.groups for node in group.members}
    after = {node: (group.x, group.y) for group in later.groups for node in group.members}
    for node in later.places.keys() & earlier.places.keys():
        assert later.places[node] == earlier.places[node]
        assert after[node] == before[node]
    assert sorted(after) == sorted(later.places)


def test_what_is_new_joins_the_group_it_has_most_ties_to(hongdong: KnowledgeGraph) -> None:
    network = to_networkx(hongdong)
    earlier = arrange(network)
    one, other = [group for group in earlier.groups if group.name in network][1:3]
    network.add_node("ht:new", kind="Project")
    network.add_edges_from([("ht:new", one.members[1]), ("ht:new", other.name), ("ht:new", other.members[1])])
    network.add_edge("ht:newer", "ht:new")
    later = arrange(network, earlier)
    check(later)
    [home] = [group for group in later.groups if "ht:new" in group.members]
    assert home.name == other.name
    assert "ht:newer" in home.members


def test_a_cell_that_became_free_is_taken() -> None:
    network = tied(300)
    earlier = arrange(network)
    group = next(group for group in earlier.groups if group.name in network)
    gone = group.members[5]
    changed = without(network, [gone])
    changed.add_edge("ht:new", group.name)
    later = arrange(changed, earlier)
    assert later.places["ht:new"] == earlier.places[gone]


def test_a_new_community_stands_around() -> None:
    network = tied(300)
    earlier = arrange(network)
    network.add_edges_from((f"ht:new {a}", f"ht:new {b}") for a, b in nx.complete_graph(9).edges())
    network.add_edge("ht:new 0", "ht:0")
    later = arrange(network, earlier)
    check(later)
    assert len(later.groups) == len(earlier.groups) + 1
    assert set(later.groups[-1].members) == {f"ht:new {number}" for number in range(9)}


def test_what_has_no_ties_joins_its_kind_in_a_large_picture() -> None:
    network: Network = nx.MultiDiGraph()
    network.add_nodes_from((f"ht:{number}", {"kind": KINDS[number % 2]}) for number in range(400))
    earlier = arrange(network)
    network.add_nodes_from((f"ht:new {number}", {"kind": KINDS[number % 3]}) for number in range(30))
    later = arrange(network, earlier)
    check(later)
    sizes = [(group.name, len(group.members)) for group in later.groups]
    assert sizes == [("Project", 210), ("Enterprise", 210), ("Organization", 10)]


def test_a_group_without_its_central_thing_gets_another_name() -> None:
    network = tied(300)
    earlier = arrange(network)
    name = earlier.groups[0].name
    later = arrange(without(network, [name]), earlier)
    assert later.groups[0].name in later.groups[0].members
    assert set(later.groups[0].members) == set(earlier.groups[0].members) - {name}


def test_what_was_hidden_is_new_once_it_is_drawn() -> None:
    network = tied(120)
    network.add_node("ht:more", hidden=True)
    network.add_edge("ht:more", "ht:0")
    earlier = arrange(network)
    assert arrange(network, earlier) == earlier
    del network.nodes["ht:more"]["hidden"]
    later = arrange(network, earlier)
    check(later)
    assert any("ht:more" in group.members for group in later.groups)


@pytest.mark.parametrize("size", [0, 50, 300])
def test_places_are_read_from_a_page(tmp_path: Path, size: int) -> None:
    network = tied(size) if size else nx.MultiDiGraph()
    layout = arrange(network)
    file = tmp_path / "explorer.html"
    file.write_text(page(layout), "utf-8")
    assert read_layout(file).places == layout.places
    assert arrange(network, read_layout(file)) == layout


GOOD = page(Layout({"ht:a": (0, 0)}, [Group("ht:a", ["ht:a"], 0, 0, 60)]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<p>甲</p>",
        '<script id="data">{</script>',
        '<script id="data">[]</script>',
        '<script id="data">{"rows": []}</script>',
        '<script id="data">{"groups": [], "nodes": [{"id": "ht:a", "x": 0, "y": 0}]}</script>',
        '<script id="data">' + "[" * 100_000 + "</script>",
        GOOD.replace('"x": [0]', '"x": []'),
        GOOD.replace('"x": [0]', '"x": [NaN]'),
        GOOD.replace('"x": [0]', '"x": ["0"]'),
        GOOD.replace('"x": [0]', '"x": [1e999]'),
        GOOD.replace('"x": [0]', '"x": [1e30]'),
        GOOD.replace('"group": [0]', '"group": [1]'),
        GOOD.replace('"group": [0]', '"group": [null]'),
        GOOD.replace('"id": ["ht:a"]', '"id": [[]]'),
        GOOD.replace('"radius": 60', '"r": 60'),
    ],
)
def test_what_is_no_explorer_is_said_so(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "page.html"
    file.write_text(text, "utf-8")
    for language, words in (("en", "is no explorer"), ("zh", "不是关系图网页")):
        monkeypatch.setenv("HONGTU_LANG", language)
        with pytest.raises(InputError, match=words) as error:
            read_layout(file)
        assert "page.html" in str(error.value)


def test_a_page_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.html"):
        read_layout(tmp_path / "none.html")
    (tmp_path / "picture.html").write_bytes(b"\x89PNG\xff")
    with pytest.raises(InputError, match=r"picture\.html"):
        read_layout(tmp_path / "picture.html")


@pytest.mark.parametrize("size", [40, 300])
def test_places_are_the_same_in_every_process(size: int) -> None:
    program = (
        "import networkx as nx; from hongtu.graph.views.layout import arrange;"
        f"network = nx.MultiDiGraph(nx.barabasi_albert_graph({size}, 2, seed=1));"
        "network = nx.relabel_nodes(network, str); part = network.copy();"
        "part.remove_nodes_from(list(network)[::3]);"
        "print(arrange(network), arrange(network, arrange(part)))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
