"""The explorer: a network as one HTML file that asks nothing of anyone, and as a picture in a notebook.

pyvis holds the network and vis-network, which comes with pyvis, draws it; the page around them is ours
(``templates/``), because pyvis' own fetches files from elsewhere and puts labels into HTML as they are. Here the data
are inert JSON, the policy (CSP) admits the page's own scripts by their hashes and nothing else, and places are
computed beforehand.
"""

import math
from collections.abc import Mapping, Sequence
from importlib.resources import files
from itertools import count
from numbers import Real
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyvis.network
from rdflib.namespace import RDFS

from hongtu.graph.network import ENTITY_KINDS, Network
from hongtu.graph.views.layout import CELL_HEIGHT, CELL_WIDTH, arrange
from hongtu.graph.views.page import Passages, frame, read_template, render
from hongtu.loaders.errors import UsageError
from hongtu.loaders.files import whole_file
from hongtu.loaders.language import language, say
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

SHAPES = ("dot", "square", "triangle", "triangleDown", "diamond", "star")
"""Shapes that a kind can have in the picture and in its legend."""

MOST_HIDDEN = 200
"""Things that the picture of a neighbourhood carries at most beyond those that it draws."""

_PLAIN = {"color": "#6b7280", "shape": "dot"}


class Explorer(pyvis.network.Network):  # type: ignore[misc]  # pyvis is untyped
    """A pyvis network that is written as the explorer.

    Nodes and edges can be changed as pyvis has it: ``explorer.get_node(iri)["color"] = "red"``.

    :param network: as ``to_networkx`` gives it; nodes and edges of other origin may lack everything but their ids.
        Edges with ``weight`` are as wide as it tells. Nodes with ``hidden`` are drawn when a neighbour is expanded;
        see :func:`~hongtu.graph.network.with_more`.
    :param height: of the picture in a notebook, in CSS units.
    :param styles: by kind, what differs from :data:`STYLES`: ``color``, as CSS has it, and ``shape``, one of
        :data:`SHAPES`.
    :raises UsageError: when there is no such kind, shape or property of a style.

    >>> import networkx as nx
    >>> explorer = Explorer(nx.MultiDiGraph([("甲", "乙")]))
    >>> explorer.num_nodes(), explorer.generate_html()[:15]
    (2, '<!doctype html>')
    """

    def __init__(  # noqa: D107 - the class tells
        self,
        network: Network,
        height: str = "640px",
        styles: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        super().__init__(height=height, width="100%", directed=True, cdn_resources="in_line")
        self.toggle_physics(False)
        self.about = dict(network.graph)
        self.styles = _styles(styles or {}, {data.get("kind", "") for _, data in network.nodes(data=True)})
        places, self.groups = arrange(network)
        drawn = network.subgraph(node for node, data in network.nodes(data=True) if not data.get("hidden"))
        degrees = dict(network.degree) | dict(drawn.degree)
        for node, data in network.nodes(data=True):
            kind = data.get("kind", "")
            style = self.styles.get(kind, _PLAIN)
            x, y = places[node]
            self.add_node(
                node,
                label=data.get("label", str(node)),
                shape=style["shape"],
                color=style["color"],
                size=_size(kind, degrees[node]),
                x=x,
                y=y,
                kind=kind,
                about={
                    name: data[name] for name in ("aliases", "status", "code", "confidence") if data.get(name)
                },
                passages=data.get("passages", []),
                **{name: data[name] for name in ("hidden", "beyond") if data.get(name)},
            )
        for source, target, key, data in network.edges(keys=True, data=True):
            self.add_edge(
                source,
                target,
                predicate=str(key),
                smooth=_curve(network, source, target, key),
                about={name: data[name] for name in ("status", "confidence") if data.get(name)},
                passages=data.get("passages", []),
                **_weight(data),
            )

    def generate_html(self, name: str = "index.html", local: bool = True, notebook: bool = False) -> str:
        """Return the page, which speaks its reader's language; the parameters are pyvis' own and change nothing."""
        # Not the language of who writes the file: it is sent to others.
        self.html = self._page("")
        return self.html

    def _page(self, spoken: str) -> str:
        vis = files("pyvis").joinpath("lib", "vis-9.1.2", "vis-network.min.js").read_text("utf-8")
        return render(
            "explorer.html",
            scripts=[vis, read_template("shared.js"), read_template("explorer.js")],
            style=read_template("explorer.css"),
            title=self.about.get("title", ""),
            data={"language": spoken, **self._data()},
        )

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
        return frame(self._page(language()), self.height)

    def _data(self) -> dict[str, Any]:
        """Return everything that the page shows."""
        passages = Passages()
        # Nodes that a user has added stand in a row below the others.
        below = max((node["y"] for node in self.nodes if "y" in node), default=0) + 2 * CELL_HEIGHT
        places = (CELL_WIDTH * number for number in count())
        nodes = [
            {
                "about": {},
                **(node if "y" in node else {"size": _size("", 1), "x": next(places), "y": below, **node}),
                "label": str(node["label"]),
                "passages": passages.numbers(node.get("passages", [])),
            }
            for node in self.nodes
        ]
        edges = [
            {
                "about": {},
                "predicate": edge.get("label", ""),
                **edge,
                "passages": passages.numbers(edge.get("passages", [])),
            }
            for edge in self.edges
        ]
        return {
            "title": self.about.get("title", ""),
            "terms": _terms(),
            "kinds": [*ENTITY_KINDS, "Measure"],
            "styles": self.styles,
            "groups": [
                {"name": group.name, "x": round(group.x), "y": round(group.y), "radius": round(group.radius)}
                for group in self.groups
            ],
            "nodes": nodes,
            "edges": edges,
            "passages": passages.kept,
        }


def _styles(given: Mapping[str, Mapping[str, str]], kinds: set[str]) -> dict[str, dict[str, str]]:
    """Return the styles by kind, with what a user wants otherwise."""
    styles = dict(STYLES)
    known = list(STYLES) + sorted(kinds - {*STYLES, ""})
    for kind, style in given.items():
        if kind not in known:
            raise _no_such(kind, say("类别", "kind"), known)
        for name, value in style.items():
            if name not in _PLAIN:
                raise _no_such(name, say("样式", "property of a style"), list(_PLAIN))
            if name == "shape" and value not in SHAPES:
                raise _no_such(value, say("形状", "shape"), SHAPES)
        styles[kind] = {**STYLES.get(kind, _PLAIN), **style}
    return styles


def _no_such(found: str, what: str, there: Sequence[str]) -> UsageError:
    return UsageError(
        say(f"没有叫“{found}”的{what}；有：", f"no {what} is called “{found}”; there are: ")
        + ", ".join(there)
    )


def _weight(data: Mapping[str, Any]) -> dict[str, float]:
    """Return an edge's weight where it has one that can be drawn."""
    weight = data.get("weight")
    if not isinstance(weight, Real) or not math.isfinite(weight):
        return {}
    return {"weight": float(weight)}


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
