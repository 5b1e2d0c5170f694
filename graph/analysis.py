"""What a network of who does what where tells as a whole: who matters, what belongs together, what holds it.

Every function takes what :func:`~hongtu.graph.network.to_networkx` gives and returns a DataFrame whose things are
:class:`~hongtu.graph.terms.Resource`; the numbers are networkx's. Two things are tied when at least one edge leads
from one to the other, whichever way and however many. A plan is no survey: a tie says that the plan names two things
together, so that all figures speak of the text first and of the region only as far as the text does.

>>> from hongtu.graph import KnowledgeGraph
>>> from hongtu.graph.network import to_networkx
>>> network = to_networkx(KnowledgeGraph.packaged("sample"))
>>> centrality(network, kind="Enterprise").loc[0, "thing"]
'恒屹精工'
>>> colocation(network).loc[0, ["industry", "other", "where"]].tolist()
['茶产业', '茶旅融合', '云头乡、柳塘镇、青石镇']
"""

from collections import defaultdict
from itertools import combinations
from typing import Any, TypeAlias

import networkx as nx
import pandas as pd

from hongtu.graph.answer import Answer
from hongtu.graph.network import Network
from hongtu.graph.terms import Resource
from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say
from hongtu.loaders.relations import KINDS

Ties: TypeAlias = "nx.Graph[int]"
"""Things by their number in the network, tied without direction."""

_NAMED = 3
_THINGS = ("thing", "other", "industry")


def centrality(network: Network, kind: str | None = None) -> Answer:
    """Return how central each thing is, the most central first.

    ``ties``
        With how many other things it is tied. Of an enterprise: its projects, industries, places and partners. Simple
        and safe; long chapters bring more of it.
    ``betweenness``
        The share of the shortest ways between all pairs of other things that lead through it, 0–1 (Freeman's, divided
        by the number of pairs). High: what it ties would be further apart, or apart, without it. The county itself
        and the strategies are high because everything is tied to them; compare within a kind. Unsafe where the graph
        has few ties: one edge more or less, perhaps misread, changes it much.
        https://doi.org/10.1080/0022250X.2001.9990249 (Brandes' algorithm)
    ``reach``
        How near it is to everything: the mean of one over the steps to each other thing, 0–1 (harmonic centrality, divided
        by the number of other things), where what cannot be reached counts 0, so that it is safe in a network of
        several parts. 1 is tied to everything. https://doi.org/10.1080/15427951.2013.865686

    PageRank is left out: on ties without direction it ranks nearly as their number does. Time grows with things times
    ties: a second for a plan of a thousand things, minutes for ten thousand.

    :param kind: rows of this kind only, such as ``"Enterprise"``; the figures are of the whole network all the same.
    :return: ``thing``, ``kind``, ``ties``, ``betweenness``, ``reach``; by betweenness, ties, then name.
    :raises UsageError: when there is no such kind.
    """
    if kind is not None and kind not in KINDS:
        raise UsageError(
            say(f"没有“{kind}”这一类；有：", f"there is no kind “{kind}”; there are: ") + ", ".join(KINDS)
        )
    ties = _ties(network)
    betweenness, reach = nx.betweenness_centrality(ties), nx.harmonic_centrality(ties)
    others = max(len(ties) - 1, 1)
    rows = [
        (thing, data["kind"], ties.degree(number), betweenness[number], reach[number] / others)
        for number, (thing, data) in enumerate(zip(_things(network), network.nodes.values(), strict=True))
        if kind in (None, data["kind"])
    ]
    # Sums of many fractions differ in their last digits from machine to machine.
    rows.sort(key=lambda row: (-round(row[3], 9), -row[2], row[0], row[0].iri))
    return _frame(rows, ["thing", "kind", "ties", "betweenness", "reach"])


def communities(network: Network) -> Answer:
    """Return what belongs together: groups with many ties inside and few to the others, the largest first.

    Found by Louvain's method (https://doi.org/10.1088/1742-5468/2008/10/P10008), which seeks the highest modularity,
    with a fixed seed: the same network gives the same groups. ``frame.attrs["modularity"]`` is what it reached: the
    share of ties inside of groups less what chance would give, below 1; under about 0.3 the network has no clear groups.
    Unsafe in detail: other groupings are nearly as good, a thing at the border could stand on either side, and
    groups of less than about the root of twice the number of ties are merged (https://doi.org/10.1073/pnas.0605965104).
    Time grows about with the number of ties: under a second for a plan.

    :return: one row per thing that is tied to another: ``community`` (number from 1), ``name`` (its three members with
        most ties inside), ``thing``, ``kind``, ``inside`` (ties to the same group), ``outside`` (to others); by
        community, ties inside, then name.
    """
    ties, things = _ties(network), _things(network)
    ties.remove_nodes_from(list(nx.isolates(ties)))
    found = nx.community.louvain_communities(ties, seed=0) if ties else []
    groups = []
    for members in found:
        inside = {number: sum(other in members for other in ties[number]) for number in members}
        groups.append((sorted(members, key=lambda n: (-inside[n], things[n], things[n].iri)), inside))
    groups.sort(key=lambda group: (-len(group[0]), [things[number] for number in group[0]]))
    kinds = [data["kind"] for data in network.nodes.values()]
    rows = [
        (
            community,
            "、".join(things[n] for n in members[:_NAMED]),
            things[number],
            kinds[number],
            inside[number],
            ties.degree(number) - inside[number],
        )
        for community, (members, inside) in enumerate(groups, 1)
        for number in members
    ]
    frame = _frame(rows, ["community", "name", "thing", "kind", "inside", "outside"])
    frame.attrs["modularity"] = nx.community.modularity(ties, found) if ties else 0.0
    return frame


def bridges(network: Network) -> Answer:
    """Return what holds parts together: things, and ties, without which the network would fall apart.

    A thing stands here when taking it out parts its neighbours for good (an articulation point), a tie when it is the
    only way between its ends (a bridge). ``cut_off`` is how many things lose contact with the largest part that
    remains: for an enterprise, what the plan says through it alone. Ties at whose end a single thing hangs are left out:
    nearly everything has some. Unsafe as a measure of importance: one further edge, which the plan may
    have left unsaid, ends a bridge. https://doi.org/10.1137/0201010 (Tarjan; Hopcroft and Tarjan,
    https://doi.org/10.1145/362248.362272). Time grows with the number of rows times the ties: well below a second for a plan.

    :return: ``thing``, ``kind``, ``other`` (the tie's other end, on the side that is cut off; ``None`` where the thing itself
        is taken out), ``parts`` (into how many its part falls), ``cut_off``, ``what`` (of what is cut off,
        the three with most ties); by ``cut_off``, then name.
    """
    ties, things = _ties(network), _things(network)
    kinds = [data["kind"] for data in network.nodes.values()]
    rows: list[tuple[Any, ...]] = []

    def name(cut_off: set[int]) -> str:
        most = sorted(cut_off, key=lambda n: (-ties.degree(n), things[n], things[n].iri))
        return "、".join(things[n] for n in most[:_NAMED])

    for part in [ties.subgraph(found).copy() for found in nx.connected_components(ties)]:
        for number in list(nx.articulation_points(part)):
            edges = list(part.edges(number))
            part.remove_node(number)
            parts = _parts(part)
            part.add_edges_from(edges)
            cut_off = set().union(*parts[1:])
            rows.append((things[number], kinds[number], None, len(parts), len(cut_off), name(cut_off)))
        pairs: list[Any] = list(nx.bridges(part))
        for end, other in pairs:
            if min(part.degree(end), part.degree(other)) > 1:
                part.remove_edge(end, other)
                _, cut_off = _parts(part)
                part.add_edge(end, other)
                end, other = (end, other) if other in cut_off else (other, end)
                rows.append((things[end], kinds[end], things[other], 2, len(cut_off), name(cut_off)))
    rows.sort(key=lambda row: (-row[4], row[0], row[0].iri, row[2] or ""))
    return _frame(rows, ["thing", "kind", "other", "parts", "cut_off", "what"])


def colocation(network: Network, *, roll_up: bool = True) -> Answer:
    """Return the pairs of industries that stand at the same places, those with most places in common first.

    An industry is at a place when the plan says so, or when a project in it, or a body that operates in it, is there.
    Places that hold the plan's own area, and this area itself, count for nothing: everything is there. ``jaccard`` is
    the number of common places over that of all places of the two, 0–1; 1 is the same places throughout
    (https://doi.org/10.1111/j.1469-8137.1912.tb05611.x). Unsafe for industries with a single place, where it is 0 or 1: read it
    together with ``places``. That two industries share a town does not say that one supplies the other. Time
    grows with the square of the industries at each place: well below a second for a plan.

    :param roll_up: whether a site counts as the outermost place below the plan's area that it lies within (a park
        as its town), as far as the plan tells; ``False`` takes places as the plan names them.
    :return: ``industry``, ``other``, ``places`` (in common), ``jaccard``, ``where`` (their names, joined by ``、``);
        by places, Jaccard, then names.
    """
    at = _places_of_industries(network, roll_up)
    things = dict(zip(network, _things(network), strict=True))
    names: dict[str, list[str]] = defaultdict(list)
    for industry in sorted(at, key=lambda node: (things[node], node)):
        for place in at[industry]:
            names[place].append(industry)
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    for place in sorted(names, key=lambda node: (things[node], node)):
        for pair in combinations(names[place], 2):
            shared[pair].append(place)
    rows = [
        (
            things[industry],
            things[other],
            len(places),
            len(places) / len(at[industry] | at[other]),
            "、".join(things[place] for place in places),
        )
        for (industry, other), places in shared.items()
    ]
    rows.sort(key=lambda row: (-row[2], -row[3], row[0], row[1], row[0].iri, row[1].iri))
    return _frame(rows, ["industry", "other", "places", "jaccard", "where"])


def _frame(rows: list[tuple[Any, ...]], columns: list[str]) -> Answer:
    """Return rows as a frame; columns of things keep them, where pandas would make mere text of them."""
    cells: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) or [()] * len(columns)
    return Answer(
        {
            name: pd.Series(column, dtype=object) if name in _THINGS else pd.Series(column)
            for name, column in zip(columns, cells, strict=True)
        }
    )


def _things(network: Network) -> list[Resource]:
    return [Resource(data["label"], node) for node, data in network.nodes(data=True)]


def _ties(network: Network) -> Ties:
    # By number: sets of strings have another order in every process.
    numbers = {node: number for number, node in enumerate(network)}
    ties: Ties = nx.Graph()
    ties.add_nodes_from(numbers.values())
    ties.add_edges_from((numbers[a], numbers[b]) for a, b in network.edges() if a != b)
    return ties


def _parts(ties: Ties) -> list[set[int]]:
    """Return the connected parts, the largest first, of equal ones the one that comes first in the network."""
    return sorted(nx.connected_components(ties), key=lambda part: (-len(part), min(part)))


def _places_of_industries(network: Network, roll_up: bool) -> dict[str, set[str]]:
    at: dict[str, set[str]] = defaultdict(set)
    of: dict[str, set[str]] = defaultdict(set)
    above: dict[str, list[str]] = defaultdict(list)
    for subject, object_, predicate in network.edges(keys=True):
        if predicate == "locatedIn":
            at[subject].add(object_)
        elif predicate == "within":
            above[subject].append(object_)
        elif predicate in ("inIndustry", "operatesIn"):
            of[subject].add(object_)
    title = str(network.graph.get("title", ""))
    own = {
        node
        for node, data in network.nodes(data=True)
        if data["kind"] == "Location" and data["label"] in title
    }
    for node in list(own):
        own.update(_chain(node, above))

    def place(node: str) -> str:
        chain = [further for further in _chain(node, above) if further not in own]
        return chain[-1] if roll_up else node

    places: dict[str, set[str]] = defaultdict(set)
    for node, located in at.items():
        industries = [node] if network.nodes[node]["kind"] == "Industry" else of[node]
        for industry in industries:
            places[industry] |= {place(where) for where in located - own}
    return {industry: found for industry, found in places.items() if found}


def _chain(node: str, above: dict[str, list[str]]) -> dict[str, None]:
    """Return a place and what it lies within, from the inside out."""
    chain = {node: None}
    while further := next((up for up in above[node] if up not in chain), None):
        chain[further] = None
        node = further
    return chain
