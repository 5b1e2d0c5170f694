"""The explorer: a network as one HTML file that asks nothing of anyone, and as a picture in a notebook.

pyvis holds the network and vis-network draws it; the page around them is ours (``web/``), because pyvis' own fetches
files from elsewhere and puts labels into HTML as they are. Here the data are inert JSON, the policy (CSP) admits the
page's own script by its hash and nothing else, and places are computed beforehand.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import networkx as nx
import pyoxigraph as ox
import pyvis.network
from rdflib.namespace import RDFS

from hongtu.graph.coordinates import Point, read_outline, to_degrees
from hongtu.graph.network import ENTITY_KINDS, Network
from hongtu.graph.views.explorer_data import (
    ABOUT,
    Documents,
    edge_columns,
    kind_of,
    node_columns,
    plain,
    predicate,
    size,
    target_rows,
    text,
)
from hongtu.graph.views.layout import arrange
from hongtu.graph.views.layout.reading import read_layout
from hongtu.graph.views.page import frame, render
from hongtu.loaders.errors import UsageError
from hongtu.loaders.files import whole_file
from hongtu.loaders.language import language, say
from hongtu.loaders.tables import nearest
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
_LEGEND = (*ENTITY_KINDS, "Measure")


class Explorer(pyvis.network.Network):  # type: ignore[misc]  # pyvis is untyped
    """A pyvis network that is written as the explorer.

    Nodes and edges can be changed as pyvis has it: ``explorer.get_node(iri)["color"] = "red"``.

    :param network: as ``to_networkx`` gives it; nodes and edges of other origin may lack everything but their ids.
        An edge says what its key does, or else its ``label``.
        Its attribute ``around``, a node and 1 or 2, opens the page at this node with what is so many steps away.
        Edges with ``weight`` are as wide as it tells. Nodes with ``hidden`` are drawn only around a thing that the
        reader looks at; see :func:`~hongtu.graph.network.with_more`.
    :param height: of the picture in a notebook, in CSS units.
    :param styles: by kind, what differs from :data:`STYLES`: ``color``, as CSS has it, and ``shape``, one of
        :data:`SHAPES`.
    :param coordinates: latitude and longitude, in degrees, by the name, alias or IRI of a node: the page can then show
        a map. Points that the graph has itself (``geo:asWKT``) need not be given; those that are given go before them.
        Names that the network has not are passed over, and kept in ``unplaced``.
    :param outline: GeoJSON as file or as read, such as the boundary of the county, for the map.
    :param like: an explorer that was written earlier: what stands in it keeps its place.
    :raises UsageError: when there is no such kind, shape or property of a style, when coordinates are no degrees, or
        none of them is of a node.
    :raises InputError: when the outline is no GeoJSON, or ``like`` no explorer.

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
        *,
        coordinates: Mapping[str, Point] | None = None,
        outline: str | Path | Mapping[str, Any] | None = None,
        like: str | Path | None = None,
    ) -> None:
        super().__init__(height=height, width="100%", directed=True, cdn_resources="in_line")
        self.toggle_physics(False)
        self._usual: dict[str, Any] = plain(self.options)
        self.about = dict(network.graph)
        self.points, self.unplaced = _points(network, coordinates or {})
        self.outline = [] if outline is None else read_outline(outline)
        self.styles = _styles(styles or {}, {kind_of(data) for _, data in network.nodes(data=True)})
        places, self.groups = arrange(_bare(network), None if like is None else read_layout(Path(like)))
        self._add(network, places)

    def _add(self, network: Network, places: Mapping[str, tuple[int, int]]) -> None:
        """Add the nodes and edges of a network; places are by the nodes' names on the page."""
        drawn = network.subgraph(node for node, data in network.nodes(data=True) if not data.get("hidden"))
        degrees = dict(network.degree) | dict(drawn.degree)
        for node, data in network.nodes(data=True):
            kind = kind_of(data)
            style = self.styles.get(kind, _PLAIN)
            x, y = places[text(node)]
            self.add_node(
                node,
                label=data.get("label", str(node)),
                shape=style["shape"],
                color=style["color"],
                size=size(kind, degrees[node]),
                x=x,
                y=y,
                kind=kind,
                about={name: data[name] for name in ABOUT if name in data},
                passages=data.get("passages", []),
                **{name: data[name] for name in ("hidden", "beyond") if data.get(name)},
            )
        for source, target, key, data in network.edges(keys=True, data=True):
            self.add_edge(
                source,
                target,
                # Networkx numbers edges that were given no key.
                predicate=key if isinstance(key, str) else data.get("label"),
                about={name: data[name] for name in ABOUT if name in data},
                passages=data.get("passages", []),
            )

    def generate_html(self, name: str = "index.html", local: bool = True, notebook: bool = False) -> str:
        """Return the page, which speaks its reader's language; the parameters are pyvis' own and change nothing."""
        # Not the language of who writes the file: it is sent to others.
        self.html = self._page("")
        return self.html

    def _page(self, spoken: str) -> str:
        return render("explorer", text(self.about.get("title") or ""), {"language": spoken, **self._data()})

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

    def show(self, name: str | Path, local: bool = True, notebook: bool = True) -> "Explorer":
        """Write the page and return the explorer, which a notebook displays; without one, open the page in a browser.

        pyvis itself returns a frame that refers to the file, which many notebooks do not load. ``local`` is pyvis' own
        and changes nothing.

        :raises StoreError: when the file cannot be written.
        """
        self.write_html(name, open_browser=not notebook)
        return self

    def _repr_html_(self) -> str:
        return frame(self._page(language()), self.height)

    def _data(self) -> dict[str, Any]:
        """Return everything that the page shows."""
        numbers = {node["id"]: number for number, node in enumerate(self.nodes)}
        edges = [edge for edge in self.edges if edge["from"] in numbers and edge["to"] in numbers]
        kinds = _kinds(self.nodes)
        predicates = list(dict.fromkeys(map(predicate, edges)))
        styles = {one: self.styles.get(one, _PLAIN) for one in kinds}
        documents = Documents(self.about.get("plans", ()))
        nodes_shown = node_columns(
            self.nodes,
            kinds=_numbered(kinds),
            styles=styles,
            groups={node: place for place, group in enumerate(self.groups) for node in group.members},
            documents=documents,
        )
        edges_shown = edge_columns(
            edges, numbers=numbers, predicates=_numbered(predicates), documents=documents
        )
        targets = target_rows(self.about.get("targets", ()), numbers=numbers, documents=documents)
        centre, steps = self.about.get("around", (None, 0))
        return {
            "around": [numbers[centre], steps] if centre in numbers else None,
            "terms": _terms({*kinds, *predicates}),
            "kinds": kinds,
            "styles": styles,
            "options": {
                name: value for name, value in plain(self.options).items() if value != self._usual.get(name)
            },
            "documents": documents.kept(),
            "passages": documents.passages,
            "nodes": nodes_shown,
            "edges": edges_shown,
            "predicates": predicates,
            "groups": [
                {
                    "name": group.name,
                    "x": group.x,
                    "y": group.y,
                    "radius": group.radius,
                }
                for group in self.groups
            ],
            "targets": targets,
            "places": {
                "points": {
                    str(numbers[node]): [round(degrees, 6) for degrees in point]
                    for node, point in self.points.items()
                    if node in numbers
                },
                "outline": self.outline,
            },
        }


def _bare(network: Network) -> Network:
    """Return what places depend on, with names and kinds as the page has them: ids and kinds may be of any type."""
    bare: Network = nx.MultiDiGraph()
    for node, data in network.nodes(data=True):
        bare.add_node(text(node), kind=kind_of(data), hidden=bool(data.get("hidden")))
    bare.add_edges_from((text(source), text(target)) for source, target in network.edges())
    return bare


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


def _kinds(nodes: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return kinds in the order of the legend: ours, whether there are nodes or not, others, ``""`` for none."""
    found = dict.fromkeys(map(kind_of, nodes))
    others = [kind for kind in found if kind and kind not in _LEGEND]
    return [*_LEGEND, *others, *([""] if "" in found else [])]


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def _points(network: Network, coordinates: Mapping[str, Point]) -> tuple[dict[str, Point], list[str]]:
    """Return where nodes stand on a map, and the names that no node bears.

    Of several nodes of one name the places are meant, and a name goes before an alias.
    """
    points = {node: point for node, point in network.graph.get("points", {}).items() if node in network}
    called: list[dict[str, list[str]]] = [{}, {}, {}]
    for node, data in network.nodes(data=True):
        for known, names in zip(called, ([node], [data.get("label")], data.get("aliases", ())), strict=True):
            for name in names:
                known.setdefault(str(name), []).append(node)
    given: dict[str, Point] = {}
    unplaced = []
    for name, point in coordinates.items():
        degrees = to_degrees(name, point)
        wanted = str(getattr(name, "iri", name))
        nodes = next((known[wanted] for known in called if wanted in known), [])
        if not nodes:
            unplaced.append(str(name))
        places = [node for node in nodes if network.nodes[node].get("kind") == "Location"]
        given.update(dict.fromkeys(places or nodes, degrees))
    if coordinates and not given:
        name = next(iter(coordinates))
        raise UsageError(
            say(
                f"给了 {len(coordinates)} 处坐标，图里没有一个叫这些名称的，如“{name}”",
                f"coordinates of {len(coordinates)} places are given, but nothing in the picture is called so, such as “{name}”",
            )
            + nearest(str(name), list(called[1]))
        )
    return points | given, unplaced


def _terms(shown: set[str]) -> dict[str, dict[str, str]]:
    """Return the Chinese and English label of the ontology's edges and of what else is shown, by local name."""
    shown = shown | {str(edge).removeprefix(str(HT)) for edge in EDGE_PROPERTIES}
    terms: dict[str, dict[str, str]] = {}
    for triple in ox.parse(read_turtle("hongtu"), ox.RdfFormat.TURTLE):
        name = triple.subject.value.removeprefix(str(HT))
        if name in shown and triple.predicate.value == str(RDFS.label):
            terms.setdefault(name, {})[triple.object.language] = triple.object.value
    return terms
