"""JSON for developers who do not know RDF: a plan as a tree, which JSON-LD makes the very same quads again.

::

    {"@context": {…},
     "plans": [{"id": "https://w3id.org/hongtu/id/…",
                "graph": {"type": "Plan", "prefLabel": "…", "sections": […], "projects": [
                    {"id": "…/project/乾峰大桥", "type": "Project", "prefLabel": "乾峰大桥", "status": "planned",
                     "locatedIn": [{"id": "…", "prefLabel": "…"}],
                     "mentionedIn": [{"id": "…/passage/…", "line": 23, "start": 1205, "end": 1209, "quote": "…"}],
                     "claims": [{"predicate": "locatedIn", "object": {…}, "confidence": "1",
                                 "wasDerivedFrom": [{"line": 23, …}]}]}], …}}]}

The context (``hongtu.ontology``'s ``context.jsonld``) stands in the file, so that nothing has to be fetched. The lists
are aliases of ``@included`` (JSON-LD 1.1, 4.8), which is why they say nothing of their own. What is pointed to has its
name beside its ``id``; a passage stands whole wherever it is cited, and an edge's claim at the edge's subject.

The tree is built from the store: framing by PyLD takes minutes for a plan of 38,000 quads, this less than a second.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pyoxigraph as ox
from rdflib import PROV, RDF, SKOS, XSD

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say
from hongtu.ontology.namespace import HT, read_context

Node: TypeAlias = ox.NamedNode | ox.BlankNode

LISTS: dict[str, str] = {
    "sections": str(HT.Section),
    "strategies": str(HT.Strategy),
    "measures": str(HT.Measure),
    "projects": str(HT.Project),
    "enterprises": str(HT.Enterprise),
    "organizations": str(HT.Organization),
    "industries": str(HT.Industry),
    "locations": str(HT.Location),
    "targets": str(HT.Target),
    "activities": str(PROV.Activity),
}
"""The lists of a plan and the class of what each holds; all else stands in ``others``."""

_TYPE, _SUBJECT, _PREDICATE, _OBJECT = (str(RDF[name]) for name in ("type", "subject", "predicate", "object"))
_NAMES = (str(SKOS.prefLabel), str(HT.indicatorLabel))
_CITING = (str(HT.mentionedIn), str(PROV.wasDerivedFrom))
# JSON's numbers become their canonical form with the datatype of the term; those of decimals become doubles (JSON-LD
# 1.1 API, 8.2.2), so decimals stay text. Above 2^53 JavaScript rounds.
_WHOLE = {str(XSD.integer), str(XSD.gYear)}
_CANONICAL = re.compile(r"0|-?[1-9]\d{0,14}", re.ASCII)


class _Term(NamedTuple):
    """How the context tells a property: the key, and what its plain values are."""

    key: str
    datatype: str = ""
    language: str = ""
    several: bool = False


def write_jsonld(kg: KnowledgeGraph, file: Path) -> None:
    """Write all plans as JSON-LD with the context inside, one plan after the other.

    :raises UsageError: when a statement is about a statement (RDF 1.2), which JSON-LD cannot say.
    """
    context = read_context()
    terms = dict(_terms(context))
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(f'{{\n"@context": {_json(context)},\n"plans": [')
        for number, name in enumerate(kg.plan_graphs()):
            tree = _Tree(terms, kg.store.quads_for_pattern(None, None, None, name))
            stream.write(f"{',' if number else ''}\n{_json({'id': name.value, 'graph': tree.of(name)})}")
        stream.write("\n]\n}\n")


class _Tree:
    """The quads of one graph by subject and predicate, and what is told of them where."""

    def __init__(self, terms: dict[str, _Term], quads: Iterable[ox.Quad]) -> None:
        self.terms = terms
        self.places = {predicate: place for place, predicate in enumerate(terms)}
        self.nodes: dict[Any, dict[str, list[Any]]] = {}
        for quad in quads:
            if isinstance(quad.object, ox.Triple):
                raise UsageError(
                    say(
                        "JSON-LD 写不了关于陈述的陈述（RDF 1.2）；用 .nq 或 .trig",
                        "JSON-LD cannot hold statements about statements (RDF 1.2); take .nq or .trig",
                    )
                )
            self.nodes.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
        self.passages = {
            passage
            for node in self.nodes
            if not self.is_a(node, HT.Passage)
            for predicate in _CITING
            for passage in self.values(node, predicate)
            if self.is_a(passage, HT.Passage)
        }
        self.claims: dict[Any, list[Node]] = {}
        for node in self.nodes:
            about = self.values(node, _SUBJECT)
            if self.is_a(node, HT.Claim) and about and all(map(self.has_claims, about)):
                for subject in about:
                    self.claims.setdefault(subject, []).append(node)

    def values(self, node: Any, predicate: str) -> list[Any]:
        return self.nodes.get(node, {}).get(predicate, [])

    def is_a(self, node: Any, kind: str) -> bool:
        return ox.NamedNode(kind) in self.values(node, _TYPE)

    def has_claims(self, node: Any) -> bool:
        """Tell whether claims about a node stand there: neither what stands at other nodes, nor the unknown, has any."""
        return node in self.nodes and not self.is_a(node, HT.Claim) and node not in self.passages

    def of(self, name: ox.NamedNode) -> dict[str, Any]:
        """Return the node with the name of the graph, usually the plan, which holds all other nodes in lists."""
        elsewhere = self.passages.union(*self.claims.values(), [name])
        lists: dict[str, list[Any]] = {key: [] for key in (*LISTS, "others")}
        for node in sorted(self.nodes.keys() - elsewhere, key=_order):
            keys = (key for key, kind in LISTS.items() if self.is_a(node, kind))
            lists[next(keys, "others")].append(self.node(node))
        return self.node(name) | {key: nodes for key, nodes in lists.items() if nodes}

    def node(self, node: Node) -> dict[str, Any]:
        """Return a node with the passages that it cites and the claims about it."""
        told = self.told(node, cites=True)
        if claims := self.claims.get(node):
            told["claims"] = [
                self.told(claim, cites=True, without=_SUBJECT)
                for claim in sorted(claims, key=self.claim_order)
            ]
        return told

    def claim_order(self, claim: Node) -> tuple[Any, ...]:
        said = (self.values(claim, one) for one in (_PREDICATE, _OBJECT))
        return *(sorted(map(_order, values)) for values in said), _order(claim)

    def told(self, node: Any, *, cites: bool = False, without: str = "") -> dict[str, Any]:
        """Return what is said of a node, in the order of the context.

        :param cites: whether the passages that it cites stand whole.
        :param without: a property that is left out.
        """
        told: dict[str, Any] = {"id": _id(node)}
        said = {
            predicate: sorted(values, key=_order) for predicate, values in self.nodes.get(node, {}).items()
        }
        said.pop(without, None)
        if _TYPE in said and all(isinstance(one, ox.NamedNode) for one in said[_TYPE]):
            told["type"] = _one_or_all([self.key(one.value) for one in said.pop(_TYPE)])
        for predicate in sorted(said, key=lambda one: (self.places.get(one, len(self.places)), one)):
            term = self.terms.get(predicate, _Term(predicate))
            values = [self.value(term, value, cites) for value in said[predicate]]
            told[term.key] = values if term.several else _one_or_all(values)
        return told

    def key(self, iri: str) -> str:
        return self.terms[iri].key if iri in self.terms else iri

    def value(self, term: _Term, value: Any, cites: bool) -> Any:
        """Return a value of a property, which the term's definition expands to the very same."""
        if isinstance(value, ox.Literal):
            return _literal(term, value)
        if term.datatype == "@vocab" and value.value in self.terms:
            return self.key(value.value)
        if cites and value in self.passages:
            return self.told(value)
        return {"id": _id(value)} | {
            self.key(one): _literal(self.terms[one], name)
            for one in _NAMES
            for name in self.values(value, one)[:1]
            if isinstance(name, ox.Literal)
        }


def _terms(context: dict[str, Any]) -> Iterator[tuple[str, _Term]]:
    """Yield the terms by the IRI that each stands for; keywords, prefixes and what is read backwards are left out."""

    def iri(short: str) -> str:
        prefix, _, name = short.partition(":")
        return f"{context[prefix]}{name}" if prefix in context else short

    for key, told in context.items():
        definition = told if isinstance(told, dict) else {"@id": told}
        short = str(definition.get("@id", ""))
        # A prefix stands for a namespace.
        if ":" in short and not (told == short and "//" in short):
            yield (
                iri(short),
                _Term(
                    key,
                    iri(definition.get("@type", "")),
                    definition.get("@language", ""),
                    definition.get("@container") == "@set",
                ),
            )


def _literal(term: _Term, literal: ox.Literal) -> Any:
    datatype = literal.datatype.value
    if literal.language:
        if literal.language == term.language and not literal.direction:
            return literal.value
        direction = {"@direction": literal.direction.value} if literal.direction else {}
        return {"@value": literal.value, "@language": literal.language} | direction
    if datatype == str(XSD.string):
        return {"@value": literal.value} if term.datatype or term.language else literal.value
    if datatype == term.datatype:
        whole = datatype in _WHOLE and _CANONICAL.fullmatch(literal.value)
        return int(literal.value) if whole else literal.value
    return {"@value": literal.value, "@type": datatype}


def _id(node: Node) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _order(term: Any) -> list[tuple[int, str]]:
    """Return the key by which terms stand: as text, but numbers in it by their size."""
    return [
        (int(part), "") if part.isdecimal() else (-1, part)
        for part in re.split(r"(\d+)", str(term), flags=re.ASCII)
    ]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
