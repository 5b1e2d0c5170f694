"""What follows by the ontology from what the plans say, kept apart from it.

    >>> from hongtu.graph import KnowledgeGraph
    >>> kg = KnowledgeGraph.packaged("sample")
    >>> result = infer(kg)
    >>> kg.query("ASK { ?project ht:undertakenBy ?body }"), kg.query("ASK { ?p ht:undertakenBy ?b }", inferred=True)
    (False, True)

The rules are those of OWL 2 RL (https://www.w3.org/TR/owl2-profiles/, section 4.3), applied by the library reasonable,
and here the one that it leaves out, property chains (prp-spo2). Inferred is every statement on what plans speak of that
is not asserted, except that a thing is an ``owl:Thing``, or the same as itself. Nothing is inferred of literals, of terms
of the vocabularies, and of evidence: claims, passages and sections are how a plan was read, ten times as many, and would
only become instances of the classes of PROV and Web Annotation that the ontology names.

Inferred statements stand in the named graph :data:`~hongtu.ontology.namespace.INFERRED` of a second store: queries see
all graphs of a store as one, and leaving one out of thirty makes Oxigraph some thirty times slower. The second store
has the plans too; on disk it stands beside the first, and shares its files. On what an inferred statement rests, with
the passages, is told by the query ``explain_statement``.
"""

import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import DCTERMS, OWL, PROV, RDF, BNode, Graph
from rdflib.collection import Collection
from rdflib.term import Node

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.queries import internal_query, read_query
from hongtu.graph.store import INFERRED_GRAPH, PlanStore
from hongtu.graph.terms import to_rdflib, to_term
from hongtu.graph.vocabulary import ONTOLOGY_GRAPH, VOCABULARY_GRAPHS
from hongtu.loaders.errors import UsageError
from hongtu.loaders.files import unwritable
from hongtu.loaders.language import say
from hongtu.ontology.namespace import HT

Statement = tuple[Node, Node, Node]
"""Subject, predicate and object."""

_TYPE = ox.NamedNode(str(RDF.type))
_EVIDENCE = {
    ox.NamedNode(str(term))
    for term in (
        *(HT.Claim, HT.Passage, HT.Section, PROV.Activity),
        *(RDF.subject, RDF.predicate, RDF.object, PROV.wasDerivedFrom, PROV.wasGeneratedBy),
        *(HT.mentionedIn, HT.section, DCTERMS.isPartOf),
    )
}
"""Classes and properties of the statements that tell how a plan was read."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two statements that cannot both hold, as sentences in the user's language, and the rule of OWL 2 RL that says so."""

    rule: str
    statements: tuple[str, ...]

    def __str__(self) -> str:
        said = say("；", "; ").join(self.statements)
        why = {
            "cax-dw": say("没有东西能同时属于这两类", "nothing can be of both classes"),
            "prp-fp": say("这一属性只能有一个值", "this property has one value only"),
            "prp-ifp": say("这一属性只能属于一个事物", "this property belongs to one thing only"),
            "prp-irp": say("没有东西能与自身有此关系", "nothing can be so related to itself"),
            "prp-asyp": say("这一关系不能两个方向都成立", "this relation cannot hold both ways"),
            "prp-pdw": say("这两种关系不能同时成立", "these two relations cannot hold at once"),
            "eq-diff1": say("两者不能既同一又相异", "the two cannot be the same and different"),
        }[self.rule]
        return say(
            f"{said}——{why}（{self.rule}）；对照原文，改正或删去不对的一条",
            f"{said}: {why} ({self.rule}); check with the plan, and correct or remove the one that is wrong",
        )


@dataclass(frozen=True, slots=True)
class Inference:
    """What came of it: how many statements were inferred, by property or, of types, by class (IRIs), and conflicts."""

    counts: dict[str, int]
    conflicts: list[Conflict]


def infer(kg: KnowledgeGraph, *, write: bool = True) -> Inference:
    """Infer what follows from the plans of a graph, in place of what was inferred before; see the module.

    Loading anything into the graph drops what was inferred; changes that are made behind its back, through rdflib or
    ``kg.store``, do not, and want a new ``infer``.

    :param write: keep what was inferred, unless there are conflicts; otherwise these are looked for and no more.
    :raises UsageError: when the library reasonable is not installed, or the graph is a remote endpoint.
    :raises StoreError: when the folder beside the store cannot be written.
    """
    triples = sorted(_inferred(kg), key=str)
    beside = kg.inferred_folder
    try:
        with tempfile.TemporaryDirectory(
            prefix=".hongtu-", dir=beside.parent if beside and write else None
        ) as making:
            second = PlanStore(_copied(kg.store, Path(making, "store") if beside else None))
            second.store.bulk_extend(
                ox.Quad(triple.subject, triple.predicate, triple.object, INFERRED_GRAPH) for triple in triples
            )
            conflicts = _conflicts(kg, second)
            if write and not conflicts and beside:
                second.store.flush()
                del second
                kg.drop_inferred()
                os.replace(Path(making, "store"), beside)
            elif write and not conflicts:
                kg.keep_inferred(second.store)
    except OSError as error:
        raise unwritable(beside or Path(tempfile.gettempdir()), error) from error
    kinds = Counter(
        str(triple.object if triple.predicate == _TYPE else triple.predicate)[1:-1] for triple in triples
    )
    return Inference(dict(sorted(kinds.items())), conflicts)


def _copied(store: ox.Store, folder: Path | None) -> ox.Store:
    """Return a copy of a store, on disk by links to its files."""
    copy = ox.Store()
    if folder:
        store.backup(str(folder))
        copy = ox.Store(str(folder))
    # The files of a store that is open for reading may lack what was written last.
    if len(copy) != len(store):
        copy.bulk_extend(store)
    return copy


def _inferred(kg: KnowledgeGraph) -> set[ox.Triple]:
    """Return what follows from the statements of the plans on what they speak of."""
    try:
        from reasonable import PyReasoner
    except ImportError as error:
        raise UsageError(
            say(
                "没有装推理库：pip install 'hongtu[reasoning]'",
                "the reasoner is not installed: pip install 'hongtu[reasoning]'",
            )
        ) from error
    axioms = Graph()
    for quad in kg.store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH):
        axioms.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    chains = [
        (property_, list(Collection(axioms, steps)))
        for property_, steps in axioms.subject_objects(OWL.propertyChainAxiom)
    ]
    reasoner = PyReasoner()
    reasoner.from_graph(axioms)
    with tempfile.TemporaryDirectory() as folder:
        # Terms that need not become Python's are read ten times as fast; the ending is the one that is known.
        file = Path(folder, "plans.ttl")
        ox.serialize(_spoken_of(kg), str(file), ox.RdfFormat.N_TRIPLES)
        reasoner.load_file(str(file))
    asserted = set(reasoner.get_base_triples())
    known = set(reasoner.reason())
    while missing := _chained(known, chains) - known:
        reasoner.from_graph(missing)
        known = set(reasoner.reason())
    vocabulary = {OWL.Thing, OWL.Nothing} | {
        to_rdflib(quad.subject)
        for graph in VOCABULARY_GRAPHS
        for quad in kg.store.quads_for_pattern(None, None, None, graph)
    }
    return {
        _to_triple(statement)
        for statement in known - asserted
        if statement[1:] != (RDF.type, OWL.Thing)
        and not (statement[1] == OWL.sameAs and statement[0] == statement[2])
        and statement[0] not in vocabulary
    }


def _to_triple(statement: Statement) -> ox.Triple:
    terms: list[Any] = [
        ox.BlankNode(str(node)) if isinstance(node, BNode) else to_term(node) for node in statement
    ]
    return ox.Triple(*terms)


def _spoken_of(kg: KnowledgeGraph) -> Iterator[ox.Triple]:
    """Yield the statements of the plans that relate things or tell their classes, evidence left out."""
    for graph in kg.plan_graphs():
        for quad in kg.store.quads_for_pattern(None, None, None, graph):
            about = quad.object if quad.predicate == _TYPE else quad.predicate
            if about not in _EVIDENCE and not isinstance(quad.object, ox.Literal):
                yield quad.triple


def _chained(known: set[Statement], chains: list[tuple[Node, list[Node]]]) -> set[Statement]:
    """Return what property chains make of statements (prp-spo2)."""
    ends: dict[Node, dict[Node, set[Node]]] = {
        step: defaultdict(set) for _, steps in chains for step in steps
    }
    for subject, predicate, object_ in known:
        if predicate in ends:
            ends[predicate][subject].add(object_)
    found: set[Statement] = set()
    for property_, (first, *rest) in chains:
        pairs = {(start, end) for start, reached in ends[first].items() for end in reached}
        for step in rest:
            pairs = {(start, end) for start, middle in pairs for end in ends[step].get(middle, ())}
        found |= {(start, property_, end) for start, end in pairs}
    return found


def _conflicts(kg: KnowledgeGraph, second: PlanStore) -> list[Conflict]:
    """Return the conflicts in a store with inferred statements, each once, told by what is asserted."""
    found: dict[tuple[Any, ...], Conflict] = {}
    for row in second.solutions(internal_query("list_conflicts")):
        pairs = [tuple(row[f"{part}{n}"] for part in ("subject", "predicate", "object")) for n in (1, 2)]
        grounds = sorted({ground for pair in pairs for ground in _grounds(kg, pair)}, key=str)
        rule = row["rule"].value
        found.setdefault((rule, *grounds), Conflict(rule, tuple(_told(kg, ground) for ground in grounds)))
    return sorted(found.values(), key=str)


def _grounds(kg: KnowledgeGraph, statement: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Return the asserted statements on which one rests, each with the first line that says so, where one is known."""
    subject, predicate, object_ = statement
    lines: dict[tuple[Any, ...], int] = {}
    if isinstance(subject, ox.NamedNode) and isinstance(object_, ox.NamedNode):
        sparql = read_query("explain_statement").sparql
        for row in kg.solutions(sparql, subject=subject, predicate=predicate, object=object_):
            lines.setdefault((row["from"], row["relation"], row["to"]), int(row["line"].value))
    return [(*edge, line) for edge, line in lines.items()] or [(*statement, None)]


def _told(kg: KnowledgeGraph, ground: tuple[Any, ...]) -> str:
    """Return an asserted statement as people read it."""
    *terms, line = ground
    labels = kg.labels(term.value for term in terms if isinstance(term, ox.NamedNode))
    sentence = " ".join(labels.get(term.value, term.value) for term in terms)
    return f"“{sentence}”" + (say(f"（第 {line} 行）", f" (line {line})") if line else "")
