import os
import subprocess
import sys
from itertools import combinations

import networkx as nx
import pytest

from hongtu.graph import KnowledgeGraph
from hongtu.graph.analysis import bridges, centrality, colocation, communities
from hongtu.graph.network import Network, to_networkx
from hongtu.graph.terms import Resource
from hongtu.loaders.errors import UsageError

KINDS = {"e": "Enterprise", "p": "Project", "i": "Industry", "l": "Location"}


def network(*edges: tuple[str, str, str], title: str = "") -> Network:
    """A network whose things are named by a letter for the kind and a number; edges as subject, predicate, object."""
    made: Network = nx.MultiDiGraph(title=title)
    for name in dict.fromkeys(name for subject, _, object_ in edges for name in (subject, object_)):
        made.add_node(f"iri:{name}", label=name, kind=KINDS[name[0]])
    for subject, predicate, object_ in edges:
        made.add_edge(f"iri:{subject}", f"iri:{object_}", predicate)
    return made


@pytest.fixture(scope="module")
def path() -> Network:
    """e1 – p1 – l1 – p2 – e2, and i1 tied to i2 apart from them."""
    return network(
        ("e1", "undertakes", "p1"),
        ("p1", "locatedIn", "l1"),
        ("p2", "locatedIn", "l1"),
        ("e2", "undertakes", "p2"),
        ("i1", "partnersWith", "i2"),
    )


def test_centrality_is_that_of_a_path(path: Network) -> None:
    frame = centrality(path).set_index("thing")
    # Of the 15 pairs of the 6 other things, 4 go through the middle, 3 through each of its neighbours.
    assert list(frame.loc["l1"]) == [
        "Location",
        2,
        pytest.approx(4 / 15),
        pytest.approx((1 + 1 + 0.5 + 0.5) / 6),
    ]
    assert frame.loc["p1", "betweenness"] == pytest.approx(3 / 15)
    assert frame.loc["e1", "reach"] == pytest.approx((1 + 1 / 2 + 1 / 3 + 1 / 4) / 6)
    assert list(frame.index) == ["l1", "p1", "p2", "e1", "e2", "i1", "i2"]


def test_centrality_of_a_kind_has_the_figures_of_the_whole_network(path: Network) -> None:
    whole, some = centrality(path), centrality(path, "Project")
    assert some["thing"].tolist() == ["p1", "p2"]
    assert some["betweenness"].tolist() == whole[whole["kind"] == "Project"]["betweenness"].tolist()
    with pytest.raises(UsageError, match="there is no kind “Town”; there are: .*Project"):
        centrality(path, "Town")


def test_several_edges_between_two_things_are_one_tie() -> None:
    frame = centrality(network(("e1", "undertakes", "p1"), ("p1", "promotes", "e1"), ("e1", "x", "e1")))
    assert frame["ties"].tolist() == [1, 1]


def test_bridges_name_what_they_cut_off(path: Network) -> None:
    frame = bridges(path)
    things = frame[[other is None for other in frame["other"]]]
    assert dict(zip(things["thing"], things["cut_off"], strict=True)) == {"l1": 2, "p1": 1, "p2": 1}
    assert things.set_index("thing").loc["p1", "what"] == "e1"
    ties = frame[[other is not None for other in frame["other"]]]
    # Ties with a single thing at the end are left out; the part with more things is what remains.
    assert list(zip(ties["thing"], ties["other"], ties["cut_off"], strict=True)) == [
        ("l1", "p1", 2),
        ("l1", "p2", 2),
    ]
    assert frame["cut_off"].is_monotonic_decreasing


def test_a_ring_has_no_bridges() -> None:
    ring = network(("e1", "x", "p1"), ("p1", "x", "l1"), ("l1", "x", "i1"), ("i1", "x", "e1"))
    assert bridges(ring).empty
    assert list(bridges(ring).columns) == ["thing", "kind", "other", "parts", "cut_off", "what"]


def test_communities_are_named_by_their_most_connected_members() -> None:
    one, two = ("e1", "p1", "p2", "p3", "p4"), ("i1", "l1", "l2", "l3")
    groups = network(
        *((a, "x", b) for group in (one, two) for a, b in combinations(group, 2)),
        ("p4", "locatedIn", "l1"),
        ("e9", "x", "e9"),
    )
    frame = communities(groups)
    assert frame.groupby("community")["thing"].apply(tuple).tolist() == [one, two]
    assert frame["name"].unique().tolist() == ["e1、p1、p2", "i1、l1、l2"]
    assert list(frame.set_index("thing").loc["p4", ["inside", "outside"]]) == [4, 1]
    assert 0.3 < frame.attrs["modularity"] < 1
    assert "e9" not in set(frame["thing"])


def test_colocation_counts_places_of_projects_and_bodies_too() -> None:
    edges = (
        ("i1", "locatedIn", "l1"),
        ("p1", "inIndustry", "i2"),
        ("p1", "locatedIn", "l1"),
        ("e1", "operatesIn", "i2"),
        ("e1", "locatedIn", "l2"),
        ("i1", "locatedIn", "l3"),
        ("i3", "locatedIn", "l9"),
    )
    (row,) = colocation(network(*edges)).to_dict("records")
    assert row == {
        "industry": "i1",
        "other": "i2",
        "places": 1,
        "jaccard": pytest.approx(1 / 3),
        "where": "l1",
    }
    assert isinstance(row["industry"], Resource) and row["industry"].iri == "iri:i1"


def test_colocation_takes_a_site_for_the_outermost_place_below_the_plans_area() -> None:
    edges = (
        ("i1", "locatedIn", "l4"),
        ("i2", "locatedIn", "l3"),
        ("i3", "locatedIn", "l1"),
        ("l4", "within", "l2"),
        ("l3", "within", "l2"),
        ("l2", "within", "l1"),
        ("l1", "within", "l0"),
    )
    # The plan of l1: what is there, or around it, is everywhere.
    frame = colocation(network(*edges, title="l1 plan"))
    assert frame[["industry", "other", "where"]].values.tolist() == [["i1", "i2", "l2"]]
    assert colocation(network(*edges, title="l1 plan"), roll_up=False).empty


def test_colocation_survives_places_that_lie_within_each_other() -> None:
    edges = (
        ("i1", "locatedIn", "l1"),
        ("i2", "locatedIn", "l2"),
        ("l1", "within", "l2"),
        ("l2", "within", "l1"),
    )
    assert len(colocation(network(*edges))) <= 1


@pytest.mark.parametrize("function", [centrality, communities, bridges, colocation])
def test_things_stay_resources_and_an_empty_network_gives_no_rows(
    function: object, sample: KnowledgeGraph
) -> None:
    assert callable(function)
    frame = function(to_networkx(sample))
    thing = frame.iloc[0, list(frame.columns).index("industry" if "industry" in frame else "thing")]
    assert thing.iri.startswith("https://w3id.org/hongtu/id/")
    assert function(network()).empty


def test_the_same_network_gives_the_same_tables_in_every_process() -> None:
    program = (
        "from hongtu.graph import KnowledgeGraph\n"
        "from hongtu.graph.network import to_networkx\n"
        "from hongtu.graph.analysis import *\n"
        "network = to_networkx(KnowledgeGraph.packaged('sample'))\n"
        "print([f(network).round(9).to_csv() for f in (centrality, communities, bridges, colocation)])"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
