"""What the explorer's page shows, in columns and numbers, and nothing that JSON cannot hold.

A network of pyvis is open to its users: they change and add nodes and edges as they like, from tables, arrays and
graphs. So whatever goes to the page is converted here.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import count
from numbers import Real
from typing import Any

from hongtu.graph.views.layout.cells import CELL_HEIGHT, CELL_WIDTH

_NODE = {"id", "label", "kind", "x", "y", "size", "passages", "about", "hidden", "beyond"}
_EDGE = {"from", "to", "predicate", "passages", "about", "weight"}
"""Attributes that have columns of their own, or are in them; all others are for vis-network."""

_MOST_EXACT = 2**53


class Documents:
    """The plans of a page and its passages, each kept once and named by its number there.

    :param plans: as :func:`~hongtu.graph.network.new_network` gives them.
    """

    def __init__(self, plans: Iterable[Mapping[str, Any]]) -> None:  # noqa: D107 - the class tells
        self.passages: list[list[Any]] = []
        self._documents: list[dict[str, Any]] = []
        self._sections: list[dict[str, int]] = []
        self._numbers: dict[str, int] = {}
        self._twins: dict[int, int] = {}
        self._known: dict[tuple[Any, ...], int] = {}
        self._cited: set[int] = set()
        for plan in plans:
            number = self._add(plan)
            for name in _names(plan["title"]):
                self._numbers.setdefault(name, number)

    def kept(self) -> list[dict[str, Any]]:
        """Return the documents; the text only of those that a passage cites."""
        return [
            document if number in self._cited else {**document, "text": None}
            for number, document in enumerate(self._documents)
        ]

    def is_cited(self, plan: str) -> bool:
        """Tell whether a passage of this plan, given by IRI, was numbered."""
        number = self._numbers.get(plan, -1)
        return number in self._cited or self._twins.get(number) in self._cited

    def numbers(self, passages: Iterable[Mapping[str, Any]]) -> list[int]:
        """Return the numbers of passages, dicts as in :func:`~hongtu.graph.network.to_networkx`, in their order."""
        found = []
        for passage in passages:
            row = self._row(passage)
            key = tuple(row)
            if key not in self._known:
                self._known[key] = len(self.passages)
                self.passages.append(row)
                self._cited.add(row[0])
            found.append(self._known[key])
        return list(dict.fromkeys(found))

    def _row(self, passage: Mapping[str, Any]) -> list[Any]:
        line, start, end = (int(number(passage.get(name)) or 0) for name in ("line", "start", "end"))
        words = [
            None if passage.get(name) is None else text(passage[name])
            for name in ("before", "quote", "after")
        ]
        before, quote, after = words
        plan = passage.get("plan", "")
        document = next((self._numbers[name] for name in _names(plan) if name in self._numbers), None)
        if document is None:
            document = self._numbers[text(plan)] = self._add({"title": plan})
        whole = self._documents[document]["text"]
        rest: list[Any] = [quote, before, after]
        if whole is not None:
            first, last = start - len(before or ""), end + len(after or "")
            sentence = "".join(word or "" for word in words)
            if quote is None and 0 <= start <= end <= len(whole):
                rest = [start, end]
            elif quote is not None and first >= 0 and whole[first:last] == sentence:
                rest = [first, last]
            else:
                # What does not stand in the text can be shown by its own words only.
                document = self._twin(document)
        return [document, self._section(document, passage.get("section")), line, start, end, *rest]

    def _section(self, document: int, title: Any) -> int:
        if not title:
            return -1
        known = self._sections[document]
        for name in _names(title):
            if name in known:
                return known[name]
        titles = self._documents[document]["sections"]
        titles.append(text(title))
        return known.setdefault(text(title), len(titles) - 1)

    def _twin(self, document: int) -> int:
        """Return a document of the same title that has no text."""
        if document not in self._twins:
            self._twins[document] = self._add({"title": self._documents[document]["title"]})
        return self._twins[document]

    def _add(self, plan: Mapping[str, Any]) -> int:
        sections = plan.get("sections", ())
        self._documents.append(
            {
                "title": text(plan["title"]),
                "sha256": text(plan.get("sha256", "")),
                "text": None if plan.get("text") is None else text(plan["text"]),
                "sections": [text(section) for section in sections],
            }
        )
        known: dict[str, int] = {}
        for place, section in enumerate(sections):
            for name in _names(section):
                known.setdefault(name, place)
        self._sections.append(known)
        return len(self._documents) - 1


def node_columns(
    nodes: Sequence[Mapping[str, Any]],
    *,
    kinds: Mapping[str, int],
    styles: Mapping[str, Mapping[str, str]],
    groups: Mapping[str, int],
    documents: Documents,
) -> dict[str, Any]:
    """Return the columns of nodes as pyvis has them.

    :param kinds: the place of every kind that there is; ``styles`` has each.
    :param groups: the group of each node that is in one, by the node's id as text.
    """
    places = _places(nodes)
    of_kind = list(map(kind_of, nodes))
    return {
        "id": [text(node["id"]) for node in nodes],
        "label": [_word(node.get("label")) or text(node["id"]) for node in nodes],
        "kind": [kinds[one] for one in of_kind],
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
        "size": [number(node.get("size")) or size("", 1) for node in nodes],
        "group": [groups.get(text(node["id"]), -1) for node in nodes],
        "passages": [documents.numbers(node.get("passages", ())) for node in nodes],
        "about": _sparse(_about(node) for node in nodes),
        "hidden": [place for place, node in enumerate(nodes) if node.get("hidden")],
        "beyond": _sparse(number(node.get("beyond")) for node in nodes),
        "vis": _sparse(_vis(node, _NODE, styles[one]) for node, one in zip(nodes, of_kind, strict=True)),
    }


def edge_columns(
    edges: Sequence[Mapping[str, Any]],
    *,
    numbers: Mapping[Any, int],
    predicates: Mapping[str, int],
    documents: Documents,
) -> dict[str, Any]:
    """Return the columns of edges as pyvis has them.

    :param numbers: the place of each node.
    :param predicates: the place of every :func:`predicate` that there is.
    """
    return {
        "from": [numbers[edge["from"]] for edge in edges],
        "to": [numbers[edge["to"]] for edge in edges],
        "predicate": [predicates[predicate(edge)] for edge in edges],
        "passages": [documents.numbers(edge.get("passages", ())) for edge in edges],
        "about": _sparse(_about(edge) for edge in edges),
        # An edge of the user's own is called by its label; on one of ours it is something to be drawn.
        "vis": _sparse(
            _vis(edge, _EDGE if "predicate" in edge else _EDGE | {"label"}, {"arrows": "to"})
            for edge in edges
        ),
    }


def kind_of(node: Mapping[str, Any]) -> str:
    """Return the local name of a node's kind, ``""`` for none."""
    return _word(node.get("kind"))


def predicate(edge: Mapping[str, Any]) -> str:
    """Return what an edge says: a predicate's local name, or the label of one that a user has added."""
    return _word(edge.get("predicate", edge.get("label")))


def target_rows(
    targets: Iterable[Mapping[str, Any]], *, numbers: Mapping[Any, int], documents: Documents
) -> list[list[Any]]:
    """Return the targets of the nodes, and of the plans whose passages these and their edges cite.

    :param targets: as :func:`~hongtu.graph.network.new_network` gives them.
    :param numbers: the place of each node.
    :return: the first column is the place of a node, the label of a measure that is none, or -1 for a plan.
    """
    # Before the targets' own passages are numbered.
    shown = [
        target
        for target in targets
        if target["subject"] in numbers
        or (documents.is_cited(target["plan"]) and (target["measure"] or target["subject"] == target["plan"]))
    ]
    return [
        [
            numbers.get(target["subject"], text(target["measure"]) or -1),
            text(target["indicator"]),
            number(target["value"]),
            text(target["verbatim"]),
            text(target["unit"]),
            number(target["year"]),
            text(target["comparator"]),
            text(target["role"]),
            documents.numbers(target["passages"]),
        ]
        for target in shown
    ]


def size(kind: str, degree: int) -> int:
    """Return a node's size in pixels."""
    return round(7 + 2.4 * math.sqrt(degree) + (8 if kind == "Strategy" else 0))


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it, ``None`` for what is no value, such as NaN and pandas' NA.

    >>> import numpy as np
    >>> plain({"size": np.float32(2), "color": np.array(["red"]), 7: float("nan")})
    {'size': 2, 'color': ['red']}
    """
    module = type(value).__module__
    if module == "numpy":
        value = value.tolist()
    elif module.startswith("pyvis."):
        value = vars(value)
    elif type(value).__name__ in ("NAType", "NaTType"):
        value = None
    match value:
        case None | bool():
            return value
        case Real() | Decimal():
            return number(value)
        case Mapping():
            return {text(name): told for name, one in value.items() if (told := plain(one)) is not None}
        case list() | tuple():
            return [plain(one) for one in value]
        case set() | frozenset():
            return sorted(map(text, value))
    return text(value)


def number(value: Any) -> int | float | None:
    """Return a number that both JSON and a browser hold, ``None`` for anything else.

    >>> number(Decimal("2.50")), number(3.0), number("3"), number(float("inf"))
    (2.5, 3, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, Real | Decimal):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(found):
        return None
    return int(found) if found.is_integer() and abs(found) < _MOST_EXACT else found


def text(value: Any) -> str:
    """Return a value as text that can be written: half a character (a lone surrogate) becomes a question mark."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _names(thing: Any) -> list[str]:
    """Return by what a thing is known, its IRI first."""
    return [thing.iri, text(thing)] if hasattr(thing, "iri") else [text(thing)]


def _places(nodes: Iterable[Mapping[str, Any]]) -> list[tuple[int | float, int | float]]:
    """Return where nodes stand; those that a user has added without a place, in a row below the others."""
    given = [(number(node.get("x")), number(node.get("y"))) for node in nodes]
    below = round(max((y for x, y in given if x is not None and y is not None), default=0) + 2 * CELL_HEIGHT)
    row = count()
    return [
        (x, y) if x is not None and y is not None else (round(CELL_WIDTH * next(row)), below)
        for x, y in given
    ]


def _word(value: Any) -> str:
    told = plain(value)
    return "" if told is None else text(told)


def _words(value: Any) -> list[str]:
    told = plain(value)
    return [_word(one) for one in told] if isinstance(told, list) else [_word(told)]


ABOUT: dict[str, Callable[[Any], Any]] = {
    "aliases": _words,
    "status": _word,
    "code": _word,
    "definition": _word,
    "confidence": number,
    "weight": number,
}
"""What is told of a node or edge, and how it is read."""


def _about(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a card tells of a node or edge; a confidence of 1 is not told."""
    given = {"weight": item.get("weight"), **item.get("about", {})}
    told = {name: read(given[name]) for name, read in ABOUT.items() if given.get(name) is not None}
    if told.get("confidence") == 1:
        del told["confidence"]
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def _vis(item: Mapping[str, Any], known: set[str], given: Mapping[str, str]) -> dict[str, Any]:
    """Return the attributes of a node or edge that a user has changed or added.

    :param known: attributes that are told elsewhere.
    :param given: what others were made with.
    """
    plainly = {text(name): plain(value) for name, value in item.items() if name not in known}
    return {name: value for name, value in plainly.items() if value is not None and value != given.get(name)}


def _sparse(values: Iterable[Any]) -> dict[str, Any]:
    """Return the values that tell something, by their place."""
    return {str(place): value for place, value in enumerate(values) if value}
