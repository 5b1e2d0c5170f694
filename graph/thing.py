"""A thing of the graph, looked at: what it is, what it is linked with, and where the plan speaks of it."""

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Self

import pyoxigraph as ox

from hongtu.graph.answer import Answer
from hongtu.graph.passages import Passages
from hongtu.graph.queries import internal_query
from hongtu.graph.terms import Resource, compact_iri
from hongtu.loaders.language import say
from hongtu.ontology.namespace import EDGE_PROPERTIES

if TYPE_CHECKING:
    from hongtu.graph.knowledge_graph import KnowledgeGraph
    from hongtu.graph.views.explorer import Explorer

_SHOWN = 5
"""How many passages a card shows."""

_ORDER = [str(edge) for edge in EDGE_PROPERTIES]


class Thing(Resource):
    """A thing of a graph: reads as its label, keeps its ``iri`` and its ``kg``; a notebook shows it as a card.

    >>> from hongtu.graph import KnowledgeGraph
    >>> thing = KnowledgeGraph.packaged("hongdong").enterprise("华翔股份")
    >>> thing, thing.kind, "华翔股份" in thing.aliases
    ('华翔集团', 'Enterprise', True)
    """

    kg: "KnowledgeGraph"

    def __new__(cls, label: str, iri: str, kg: "KnowledgeGraph") -> Self:
        """Return the thing that has this IRI in a graph."""
        thing = super().__new__(cls, label, iri)
        thing.kg = kg
        return thing

    def __copy__(self) -> Self:
        """Return the thing, which never changes."""
        return self

    def __deepcopy__(self, memo: object) -> Self:
        """Return the thing; its graph is not copied."""
        return self

    def __reduce__(self) -> tuple[type[Resource], tuple[str, str]]:
        """Let a thing be pickled, as a resource: no file can hold its graph."""
        return Resource, (str(self), self.iri)

    def _described(self) -> list[dict[str, str]]:
        rows = self.kg.solutions(internal_query("describe_thing"), thing=ox.NamedNode(self.iri))
        names = [variable.value for variable in rows.variables]
        return [{name: row[name].value for name in names if row[name] is not None} for row in rows]

    @property
    def kind(self) -> str:
        """The local name of its class: ``"Enterprise"``, ``"Project"`` …; ``""`` when it has none."""
        return next((compact_iri(row["type"]).removeprefix("ht:") for row in self._described()), "")

    @property
    def aliases(self) -> list[str]:
        """Its other names, in alphabetical order."""
        return sorted({row["alias"] for row in self._described() if "alias" in row})

    @property
    def relations(self) -> Answer:
        """What it is linked with, one row an edge and passage; see the query ``list_neighbours``."""
        return self.kg.run("list_neighbours", thing=self)

    @property
    def mentions(self) -> Passages:
        """Where the plan speaks of it, in the order of the text."""
        return self.kg.evidence(self)

    def show(
        self,
        *,
        steps: int = 1,
        height: str = "640px",
        styles: Mapping[str, Mapping[str, str]] | None = None,
    ) -> "Explorer":
        """Return a picture of it and what is near; see :meth:`KnowledgeGraph.show`."""
        return self.kg.show(self, steps=steps, height=height, styles=styles)

    def _repr_html_(self) -> str:
        described = self._described()
        kind = self.kg.labels([described[0]["type"]])[described[0]["type"]] if described else ""
        facts = [kind, *(row[name] for row in described[:1] for name in ("status", "code") if name in row)]
        also = say("又称 ", "also ") + "、".join(self.aliases) if self.aliases else ""
        return (
            f'<div style="max-width:60em;line-height:1.5"><div style="font-size:1.3em;font-weight:600">{escape(self)}</div>'
            f'<div style="opacity:.75">{escape(" · ".join(filter(None, [*facts, also])))}</div>'
            f"{self._relations_html()}{self._mentions_html()}</div>"
        )

    def _relations_html(self) -> str:
        linked: dict[str, dict[str, None]] = {}
        # Who undertakes what first: relations in the order in which the ontology's edges are told.
        rows = sorted(
            self.relations.to_dict("records"), key=lambda row: (row["direction"] == "←", _rank(row))
        )
        for row in rows:
            linked.setdefault(f"{row['direction']} {row['relation']}", {})[str(row["neighbour"])] = None
        lines = [
            f"<tr><td style='white-space:nowrap;vertical-align:top;text-align:left'>{escape(relation)}</td>"
            f"<td style='text-align:left'>{escape('、'.join(others))}</td></tr>"
            for relation, others in linked.items()
        ]
        return f"<table>{''.join(lines)}</table>" if lines else ""

    def _mentions_html(self) -> str:
        mentions = self.mentions
        shown = Passages(mentions[:_SHOWN])
        more = len(mentions) - len(shown)
        told = say(f"规划中 {len(mentions)} 处提到", f"{len(mentions)} mentions in the plan")
        told += say(f"，列出前 {_SHOWN} 处", f", the first {_SHOWN} of them") if more > 0 else ""
        if mentions and not any(passage.quote for passage in mentions):
            told += say(
                "；图里没有原文，手头有规划文本时先 kg.load_text(文件)",
                "; the text is not in the graph, kg.load_text(FILE) brings the sentences",
            )
        return f"<div>{told}</div>{shown._repr_html_() if shown else ''}"


def _rank(row: Mapping[Any, Any]) -> int:
    """Return the place of a row's relation among the edges of the ontology; of others, behind them."""
    iri = row["relation"].iri
    return _ORDER.index(iri) if iri in _ORDER else len(_ORDER)
