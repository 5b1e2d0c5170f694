"""The explorer: a network as one HTML file that asks nothing of anyone, and as a picture in a notebook.

pyvis holds the network and vis-network, which comes with pyvis, draws it; the page around them is ours
(``templates/``), because pyvis' own fetches files from elsewhere and puts labels into HTML as they are. Here the data
are inert JSON, the policy (CSP) admits the page's own scripts by their hashes and nothing else, and places are
computed beforehand.
"""

import math
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyvis.network
from rdflib.namespace import RDFS

from hongtu.graph.network import ENTITY_KINDS, Network
from hongtu.graph.views.layout import arrange
from hongtu.graph.views.page import Passages, frame, read_template, render
from hongtu.loaders.files import whole_file
from hongtu.ontology.namespace import EDGE_PROPERTIES, HT, read_turtle

STYLES: dict[str, dict[str, str]] = {
    "Strategy": {"color": "#c0392b", "shape": "star"},
    "Project": {"color": "#2e75b6", "shape": "dot"},
    "Enterprise": {"color": "#e08a00", "shape": "square"},
    "Organization": {"color": "#8d6e4f", "shape": "square"},
    "Industry": {"color": "#2e8b57", "shape": "triangle"},
    "Location": {"color": "#7b52ab", "shape": "diamond"},
    "Measure": {"color": "#5f7d8c", "shape": "triangleDown"},
}
"""Colour and shape by kind: either alone tells the kinds apart, but for the two sorts of bodies."""

_PLAIN = {"color": "#6b7280", "shape": "dot"}


class Explorer(pyvis.network.Network):  # type: ignore[misc]  # pyvis is untyped
    """A pyvis network that is written as the explorer.

    :param network: as ``to_networkx`` gives it; nodes and edges of other origin may lack everything but their ids.
    :param height: of the picture in a notebook, in CSS units.

    >>> import networkx as nx
    >>> explorer = Explorer(nx.MultiDiGraph([("甲", "乙")]))
    >>> explorer.num_nodes(), explorer.generate_html()[:15]
    (2, '<!doctype html>')
    """

    def __init__(self, network: Network, height: str = "640px") -> None:  # noqa: D107 - the class tells
        super().__init__(height=height, width="100%", directed=True, cdn_resources="in_line")
        self.toggle_physics(False)
        self.about = dict(network.graph)
        places, self.groups = arrange(network)
        for node, data in network.nodes(data=True):
            kind = data.get("kind", "")
            style = STYLES.get(kind, _PLAIN)
            x, y = places[node]
            self.add_node(
                node,
                label=data.get("label", str(node)),
                shape=style["shape"],
                color=style["color"],
                size=_size(kind, network.degree(node)),
                x=x,
                y=y,
                kind=kind,
                about={
                    name: data[name] for name in ("aliases", "status", "code", "confidence") if data.get(name)
                },
                passages=data.get("passages", []),
            )
        for source, target, key, data in network.edges(keys=True, data=True):
            self.add_edge(
                source,
                target,
                predicate=str(key),
                smooth=_curve(network, source, target, key),
                about={name: data[name] for name in ("status", "confidence") if data.get(name)},
                passages=data.get("passages", []),
            )

    def generate_html(self, name: str = "index.html", local: bool = True, notebook: bool = False) -> str:
        """Return the page; the parameters are pyvis' own and change nothing."""
        vis = files("pyvis").joinpath("lib", "vis-9.1.2", "vis-network.min.js").read_text("utf-8")
        self.html = render(
            "explorer.html",
            scripts=[vis, read_template("explorer.js")],
            style=read_template("explorer.css"),
            title=self.about.get("title", ""),
            data=self._data(),
        )
        return self.html

    def write_html(
        self, name: str | Path, local: bool = True, notebook: bool = False, open_browser: bool = False
    ) -> None:
        """Write the page, in UTF-8, whole or not at all.

        :param open_browser: show it at once; the other parameters are pyvis' own and change nothing.
        :raises StoreError: when the file cannot be written.
        """
        path = Path(name)
        with whole_file(path) as new:
            new.write_text(self.generate_html(), "utf-8", newline="\n")
        if open_browser:
            import webbrowser

            webbrowser.open(path.resolve().as_uri())

    def _repr_html_(self) -> str:
        return frame(self.generate_html(), self.height)

    def _data(self) -> dict[str, Any]:
        """Return everything that the page shows."""
        passages = Passages()
        nodes = [
            {"about": {}, **node, "passages": passages.numbers(node.get("passages", []))}
            for node in self.nodes
        ]
        edges = [
            {"about": {}, **edge, "passages": passages.numbers(edge.get("passages", []))}
            for edge in self.edges
        ]
        return {
            "title": self.about.get("title", ""),
            "plans": self.about.get("plans", []),
            "terms": _terms(),
            "kinds": [*ENTITY_KINDS, "Measure"],
            "styles": STYLES,
            "groups": [
                {"name": group.name, "x": round(group.x), "y": round(group.y), "radius": round(group.radius)}
                for group in self.groups
            ],
            "nodes": nodes,
            "edges": edges,
            "passages": passages.kept,
        }


def _size(kind: str, degree: int) -> int:
    return round(7 + 2.4 * math.sqrt(degree) + (8 if kind == "Strategy" else 0))


def _curve(network: Network, source: str, target: str, key: str) -> bool | dict[str, object]:
    """Bend what would lie on another edge of the same two things."""
    among = [(source, target, k) for k in network[source][target]]
    if network.has_edge(target, source) and source != target:
        among = sorted([*among, *((target, source, k) for k in network[target][source])])
    place = among.index((source, target, key))
    return {"enabled": True, "type": "curvedCW", "roundness": 0.15 * place} if place else False


def _terms() -> dict[str, dict[str, str]]:
    """Return the Chinese and English label of every kind and predicate, by local name."""
    shown = {str(term) for term in (*(HT[kind] for kind in (*ENTITY_KINDS, "Measure")), *EDGE_PROPERTIES)}
    terms: dict[str, dict[str, str]] = {}
    for triple in ox.parse(read_turtle("hongtu"), ox.RdfFormat.TURTLE):
        if triple.subject.value in shown and triple.predicate.value == str(RDFS.label):
            name = triple.subject.value.removeprefix(str(HT))
            terms.setdefault(name, {})[triple.object.language] = triple.object.value
    return terms
