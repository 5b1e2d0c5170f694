from pathlib import Path

import networkx as nx
import pytest

from hongtu.graph import KnowledgeGraph, to_networkx
from hongtu.graph.network import Network, neighbourhood, with_more
from hongtu.loaders.errors import UsageError


def test_nodes_and_edges_carry_labels_and_evidence(hongdong: KnowledgeGraph) -> None:
    network = to_networkx(hongdong)
    who = hongdong.resolve("华翔集团")
    node = network.nodes[who]
    assert (node["label"], node["kind"]) == ("华翔集团", "Enterprise")
    assert "华翔股份" in node["aliases"]
    assert node["passages"][0]["line"] == 23
    project = hongdong.resolve("Project:华翔智能制造产业园")
    edge = network.edges[who, project, "undertakes"]
    assert edge["confidence"] == 1.0
    assert [passage["line"] for passage in edge["passages"]] == [157]
    assert all(data["passages"] for *_, data in network.edges(data=True))
    assert all(data["passages"] for _, data in network.nodes(data=True))


def test_measures_are_nodes_when_asked_for(hongdong: KnowledgeGraph) -> None:
    network = to_networkx(hongdong, kinds=("Measure", "Strategy"))
    kinds = {data["kind"] for _, data in network.nodes(data=True)}
    assert kinds == {"Measure", "Strategy"}


def test_network_knows_its_plan(sample: KnowledgeGraph, hongdong: KnowledgeGraph) -> None:
    known, unknown = (to_networkx(kg).graph["plans"][0] for kg in (sample, hongdong))
    assert known["text"] is not None
    assert unknown["text"] is None
    assert known["title"] == to_networkx(sample).graph["title"]
    assert known["title"].iri == sample.plan_graphs()[0].value
    starts = [known["text"].index(section) for section in known["sections"]]
    assert len(starts) == len(sample.run("list_sections")) > 3
    for network in (to_networkx(sample), to_networkx(hongdong)):
        sections = {section.iri for section in network.graph["plans"][0]["sections"]}
        cited = {passage["section"] for data in network.nodes.values() for passage in data["passages"]}
        assert {section.iri for section in cited if section} <= sections


def test_network_has_the_targets_with_their_passages(sample: KnowledgeGraph) -> None:
    targets = to_networkx(sample).graph["targets"]
    answer = sample.targets()
    assert len(targets) == len({target.iri for target in answer["target"]})
    assert [(target["indicator"], target["year"]) for target in targets] == [
        (row["indicator"], row["year"]) for row in answer.to_dict("records")
    ]
    assert all(target["verbatim"] in target["passages"][0]["quote"] for target in targets)
    assert {type(target["year"]) for target in targets} == {int}


def test_network_has_the_points_of_the_graph(tmp_path: Path) -> None:
    kg = KnowledgeGraph.packaged("sample")
    (tmp_path / "points.ttl").write_text(
        """@prefix geo: <http://www.opengis.net/ont/geosparql#> .
        <urn:a> geo:hasGeometry [ geo:asWKT "POINT(106.5 29.25)" ] .
        <urn:b> geo:hasGeometry [ geo:asWKT "POINT(106.5 129)" ] .
        <urn:c> geo:hasGeometry [ geo:asWKT "POLYGON((1 2, 3 4, 1 2))" ] .""",
        "utf-8",
    )
    kg.load_rdf(tmp_path / "points.ttl")
    assert to_networkx(kg).graph["points"] == {"urn:a": (29.25, 106.5)}
    assert to_networkx(KnowledgeGraph.packaged("sample")).graph["points"] == {}


def test_neighbourhood_follows_edges_both_ways(hongdong: KnowledgeGraph) -> None:
    network = to_networkx(hongdong)
    who = hongdong.resolve("华翔集团")
    near = neighbourhood(network, [who], 1)
    assert set(near) == {who, *network.successors(who), *network.predecessors(who)}
    assert len(neighbourhood(network, [who], 2)) > len(near)
    with pytest.raises(UsageError, match="is no node of the picture"):
        neighbourhood(network, ["urn:none"], 1)


def test_more_is_one_step_further_as_far_as_there_is_room() -> None:
    network: Network = nx.MultiDiGraph(
        [("a", "b"), ("c", "a"), ("b", "d"), ("d", "e"), ("c", "f"), ("c", "g")]
    )
    part = network.subgraph(["a", "b", "c"])
    wider = with_more(network, part, 3)
    assert {node: dict(data) for node, data in wider.nodes(data=True)} == {
        "a": {},
        "b": {},
        "c": {},
        "d": {"hidden": True, "beyond": 1},
        "f": {"hidden": True},
        "g": {"hidden": True},
    }
    assert "hidden" not in network.nodes["d"]
    # Neighbours come all or not at all; those that stay away are told.
    narrower = with_more(network, part, 2)
    assert {node: dict(data) for node, data in narrower.nodes(data=True)} == {
        "a": {},
        "b": {},
        "c": {"beyond": 2},
        "d": {"hidden": True, "beyond": 1},
    }
