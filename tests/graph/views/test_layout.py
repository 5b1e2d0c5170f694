import subprocess
import sys
from itertools import combinations
from math import hypot

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import Network, to_networkx
from hongtu.graph.views.layout import CELL_HEIGHT, CELL_WIDTH, arrange


def random_network(number: int, density: float, seed: int) -> Network:
    random = nx.gnp_random_graph(number, density, seed=seed, directed=True)
    network: Network = nx.MultiDiGraph()
    network.add_nodes_from(f"ht:{node}" for node in random)
    network.add_edges_from((f"ht:{a}", f"ht:{b}") for a, b in random.edges())
    return network


@given(number=st.integers(0, 150), density=st.floats(0, 0.1), seed=st.integers(0, 9))
def test_every_node_has_a_cell_of_its_own(number: int, density: float, seed: int) -> None:
    network = random_network(number, density, seed)
    places, groups = arrange(network)
    assert list(places) == list(network)
    assert sorted(node for group in groups for node in group.members) == sorted(network)
    for (x1, y1), (x2, y2) in combinations(places.values(), 2):
        assert abs(x1 - x2) > CELL_WIDTH / 2 - 3 or abs(y1 - y2) > CELL_HEIGHT - 3


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
    for (x1, y1), (x2, y2) in combinations(places.values(), 2):
        assert abs(x1 - x2) > CELL_WIDTH / 2 - 3 or abs(y1 - y2) > CELL_HEIGHT - 3
    for node in places.keys() - drawn.keys():
        assert all(hypot(places[node][0] - g.x, places[node][1] - g.y) >= g.radius for g in groups)


def test_groups_do_not_overlap(hongdong: KnowledgeGraph) -> None:
    places, groups = arrange(to_networkx(hongdong))
    for one, other in combinations(groups, 2):
        assert hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius
    for group in groups:
        for node in group.members:
            assert hypot(places[node][0] - group.x, places[node][1] - group.y) <= group.radius


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


@pytest.mark.parametrize("size", [40, 300])
def test_places_are_the_same_in_every_process(size: int) -> None:
    program = (
        "import networkx as nx; from hongtu.graph.views.layout import arrange;"
        f"network = nx.MultiDiGraph(nx.barabasi_albert_graph({size}, 2, seed=1));"
        "print(arrange(nx.relabel_nodes(network, str)))"
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
