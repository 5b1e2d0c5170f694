"""Networks for Gephi and others: labels, colours, sizes and places as in the explorer, every edge with its citations."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter

from hongtu.graph.export.xml_text import to_xml_text
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import Network, span_of, to_networkx
from hongtu.graph.views.explorer import STYLES
from hongtu.graph.views.explorer_data import size
from hongtu.graph.views.layout import arrange
from hongtu.loaders.language import speaking
from hongtu.loaders.values import SEPARATOR, format_spans
from hongtu.ontology.namespace import HT


def write_gexf(kg: KnowledgeGraph, file: Path) -> None:
    """Write things and edges as GEXF 1.2; colour, size and place are of its module ``viz``."""
    network = drawn_network(kg)
    for _, node in network.nodes(data=True):
        node["viz"] = {
            "color": {name: node.pop(name) for name in "rgb"},
            "size": node.pop("size"),
            "position": {"x": node.pop("x"), "y": node.pop("y"), "z": 0.0},
        }
    writer = GEXFWriter(version="1.2draft")
    writer.add_graph(network)
    # No date of today, no version of a library: the same graph gives the same bytes.
    meta = writer.xml.find("meta")
    meta.attrib.clear()
    meta.find("creator").text = "Hongtu"
    ET.SubElement(meta, "description").text = network.graph["name"]
    # What the schema of GEXF 1.2 has not.
    del writer.graph_element.attrib["name"]
    # Gephi Lite reads no colour that tells its opacity.
    for element in writer.xml.iter(f"{{{writer.NS_VIZ}}}color"):
        del element.attrib["a"]
    with file.open("wb") as stream:
        writer.write(stream)


def write_graphml(kg: KnowledgeGraph, file: Path) -> None:
    """Write things and edges as GraphML; colour, size and place are the attributes that Gephi takes for these."""
    # Not write_graphml, which writes other bytes where lxml is installed.
    nx.write_graphml_xml(drawn_network(kg), str(file), edge_id_from_attribute="id")


def drawn_network(kg: KnowledgeGraph) -> Network:
    """Return the network as the explorer first draws it, with attributes that every format can hold.

    :return: nodes have ``label``, ``kind`` (local name, and ``kind_zh``, ``kind_en``), ``r`` ``g`` ``b`` (0–255),
        ``x`` and ``y`` (pixels, y upwards as in Gephi), ``size``; edges ``id``, ``predicate``, ``label`` in the user's
        language, ``label_zh``, ``label_en`` and, as ``weight``, their confidence (0–1). Both have ``confidence``,
        ``status``, ``plan`` (titles), ``evidence`` (``line:start-end``) and ``sentences`` where the graph has the text.
    """
    network = to_networkx(kg)
    places = arrange(network).places
    names = _Names(kg)
    drawn: Network = nx.MultiDiGraph(name=to_xml_text(network.graph["title"]))
    for node, data in network.nodes(data=True):
        x, y = places[node]
        red, green, blue = bytes.fromhex(STYLES[data["kind"]]["color"].removeprefix("#"))
        drawn.add_node(
            node,
            **_told(data),
            **names.of("kind", data["kind"]),
            r=red,
            g=green,
            b=blue,
            x=float(x),
            y=float(-y),
            size=float(size(data["kind"], network.degree[node])),
        )
    for number, (subject, object_, predicate, data) in enumerate(network.edges(keys=True, data=True), 1):
        drawn.add_edge(
            subject,
            object_,
            key=predicate,
            id=str(number),
            predicate=predicate,
            weight=data["confidence"],
            **_told(data),
            **names.of("label", predicate),
        )
    return drawn


class _Names:
    """What kinds and predicates are called in both languages."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        terms = [str(HT[name]) for name in HT.__annotations__ if not name.startswith("_")]
        with speaking("zh"):
            self.zh = kg.labels(terms)
        with speaking("en"):
            self.en = kg.labels(terms)

    def of(self, attribute: str, term: str) -> dict[str, str]:
        iri = str(HT[term])
        return {f"{attribute}_zh": self.zh[iri], f"{attribute}_en": self.en[iri]}


def _told(data: dict[str, Any]) -> dict[str, str | float]:
    """Return attributes as text and numbers: lists in one line, passages as citations and sentences."""
    told: dict[str, str | float] = {}
    for name, value in data.items():
        if name == "passages":
            told["plan"] = _line(str(item["plan"]) for item in value)
            told["evidence"] = format_spans(map(span_of, value))
            told["sentences"] = _line(
                f"{item['before'] or ''}{item['quote']}{item['after'] or ''}"
                for item in value
                if item["quote"]
            )
        elif isinstance(value, list):
            told[name] = _line(value)
        else:
            told[name] = value if isinstance(value, float) else to_xml_text(value)
    return told


def _line(texts: Iterable[str]) -> str:
    return to_xml_text(SEPARATOR.join(dict.fromkeys(texts)))
