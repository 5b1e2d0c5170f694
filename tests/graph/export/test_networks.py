import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from hongtu.graph import KnowledgeGraph
from hongtu.graph.export import export
from hongtu.graph.network import to_networkx
from hongtu.graph.views.explorer import STYLES

SUFFIXES = (".gexf", ".graphml")


def read(file: Path) -> Any:
    return nx.read_graphml(file, force_multigraph=True) if file.suffix == ".graphml" else nx.read_gexf(file)


@pytest.fixture(scope="module", params=SUFFIXES)
def file(
    request: pytest.FixtureRequest, sample: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    file = tmp_path_factory.mktemp("network") / f"sample{request.param}"
    export(sample, file)
    return file


def test_nodes_and_edges_are_those_of_the_graph(sample: KnowledgeGraph, file: Path) -> None:
    expected, network = to_networkx(sample), read(file)
    assert set(network) == set(expected)
    ends = ((subject, object_, data["predicate"]) for subject, object_, data in network.edges(data=True))
    assert sorted(ends) == sorted(expected.edges(keys=True))
    assert len({data["id"] for *_, data in network.edges(data=True)}) == len(expected.edges)


def test_every_node_is_labelled_coloured_and_placed_as_in_the_explorer(file: Path) -> None:
    network = read(file)
    places = set()
    for _, node in network.nodes(data=True):
        viz = node.get("viz")
        r, g, b = (viz["color"][name] if viz else node[name] for name in "rgb")
        assert f"#{r:02x}{g:02x}{b:02x}" == STYLES[node["kind"]]["color"]
        assert (
            node["label"] and node["kind_zh"] and node["kind_en"] and node["evidence"] and node["sentences"]
        )
        assert (viz["size"] if viz else node["size"]) > 0
        places.add((viz["position"]["x"], viz["position"]["y"]) if viz else (node["x"], node["y"]))
    assert len(places) == len(network)


def test_every_edge_has_both_labels_its_weight_and_its_sentence(file: Path) -> None:
    for *_, edge in read(file).edges(data=True):
        assert edge["label"] == edge["label_en"] != edge["label_zh"]
        assert edge["weight"] == edge["confidence"]
        assert edge["plan"] and edge["evidence"] and edge["sentences"]


def test_the_same_graph_gives_the_same_bytes(file: Path, tmp_path: Path) -> None:
    export(KnowledgeGraph.packaged("sample"), tmp_path / file.name)
    assert (tmp_path / file.name).read_bytes() == file.read_bytes()
    assert b"NetworkX" not in file.read_bytes()


def test_gexf_has_no_date_and_no_opacity(sample: KnowledgeGraph, tmp_path: Path) -> None:
    export(sample, tmp_path / "a.gexf")
    root = ET.parse(tmp_path / "a.gexf").getroot()
    (meta,) = root.iter("{http://www.gexf.net/1.2draft}meta")
    assert meta.attrib == {}
    assert {tuple(color.attrib) for color in root.iter("{http://www.gexf.net/1.2draft/viz}color")} == {
        tuple("rgb")
    }
