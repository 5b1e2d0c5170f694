"""What a SPARQL query asks: its triple patterns, and the edges that they have between the columns of its answer.

A SELECT gives a table; its pattern says how the columns hang together, so that the table can be drawn::

    SELECT ?who ?place { ?who ht:undertakes ?project . ?project ht:locatedIn ?place }

has one edge from ``who`` to ``place``, ``undertakes / locatedIn``. The query is read by rdflib's parser and algebra
(https://www.w3.org/TR/sparql11-query/#sparqlQuery), never by looking at its text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, reduce
from itertools import combinations
from typing import Any, TypeAlias

import rdflib
from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from hongtu.graph.sparql.rewriting import Value
from hongtu.graph.terms import compact_iri, to_rdflib
from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say
from hongtu.ontology.namespace import HT, OA, PREFIXES, read_turtle

Term: TypeAlias = rdflib.term.Node

NAMES = (SKOS.prefLabel, SKOS.altLabel, RDFS.label, HT.indicatorLabel)
"""Properties that lead from a thing to what it is called."""

EVIDENCE = (PROV.wasDerivedFrom, HT.mentionedIn)
"""Properties that lead to passages."""

_CLAIM_PARTS = (RDF.subject, RDF.predicate, RDF.object)
_VALUES = (OA.prefix, OA.suffix, OA.exact, SKOS.notation, DCTERMS.title, DCTERMS.source)
_UNDRAWN = (RDF.type, PROV.wasGeneratedBy, *EVIDENCE, *_CLAIM_PARTS, *NAMES)
_NUMBERS = ("Aggregate_Count", "Aggregate_Sum", "Aggregate_Avg")
_PICKS = ("Aggregate_Sample", "Aggregate_Min", "Aggregate_Max")
_LONGEST = 4
"""Links between two columns beyond which they are not said to hang together."""


@dataclass(frozen=True, slots=True)
class TriplePattern:
    """One triple pattern of a query.

    ``predicate`` is an IRI, a variable or an :class:`rdflib.paths.Path`. ``place`` tells where the pattern stands:
    ``"required"``, ``"optional"``, ``"minus"`` or ``"exists"``. ``branches`` are the sides of the UNIONs around
    it, outermost first, each as the union's number and the side's.
    """

    subject: Term
    predicate: Term | Path
    object: Term
    place: str
    branches: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One predicate on the way from column to column: forward, or ``^`` against its direction.

    ``predicates`` are the IRIs that it may be, several for ``p1|p2``; empty when any may. ``repeat`` is ``"*"``,
    ``"+"``, ``"?"`` or ``""``.
    """

    predicates: tuple[URIRef, ...]
    forward: bool = True
    repeat: str = ""

    def __str__(self) -> str:
        names = "|".join(compact_iri(str(predicate)) for predicate in self.predicates) or "?"
        if len(self.predicates) > 1 and (self.repeat or not self.forward):
            names = f"({names})"
        return f"{'' if self.forward else '^'}{names}{self.repeat}"


@dataclass(frozen=True, slots=True)
class ColumnEdge:
    """An edge between two ends of each row; an end is the name of a column, or a constant as ``URIRef``.

    ``steps`` lead from ``subject`` to ``object``. ``predicate_column`` names the column that holds the predicate
    where the query asks for it.
    """

    subject: str
    object: str
    steps: tuple[Step, ...]
    predicate_column: str | None = None

    @property
    def predicate(self) -> URIRef | None:
        """The predicate, when the edge is plainly one; ``None`` for a path, an alternative or an unknown one."""
        if len(self.steps) == 1 and len(self.steps[0].predicates) == 1 and not self.steps[0].repeat:
            return self.steps[0].predicates[0]
        return None

    def __str__(self) -> str:
        label = f"?{self.predicate_column}" if self.predicate_column else " / ".join(map(str, self.steps))
        return f"{self.subject} —{label}→ {self.object}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a query asks.

    ``columns`` are the names of a SELECT's columns, in order; empty for the other forms. ``numbers`` are those that
    count, add or average. ``names`` leads from a column that holds what a hidden thing is called to the thing's
    variable. ``evidence`` are the columns of passages.
    """

    columns: tuple[str, ...]
    triples: tuple[TriplePattern, ...]
    same: Mapping[str, str] = field(repr=False)
    numbers: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


def read_pattern(sparql: str, bindings: Mapping[str, Value] | None = None) -> Pattern:
    """Return what a query asks; the known prefixes need no declaration.

    :param bindings: terms that are bound to variables; one that is no column counts as the one constant it is bound to.
    :raises UsageError: when rdflib cannot read the query, such as one with syntax newer than SPARQL 1.1.

    >>> pattern = read_pattern("SELECT ?whoName (COUNT(?p) AS ?n) { ?who ht:undertakes ?p ; skos:prefLabel ?whoName }"
    ...                        " GROUP BY ?who ?whoName")
    >>> pattern.columns, pattern.numbers, dict(pattern.names)
    (('whoName', 'n'), ('n',), {'whoName': 'who'})
    """
    try:
        algebra = translateQuery(parseQuery(sparql), initNs=PREFIXES).algebra
    # pyparsing's errors, and whatever rdflib's translation meets that it does not know.
    except Exception as error:
        raise UsageError(say(f"读不懂这个查询：{error}", f"the query cannot be read: {error}")) from error
    reader = _Reader()
    reader.read(algebra["p"], "required", (), {})
    columns = tuple(str(name) for name in algebra.get("PV") or ()) if algebra.name == "SelectQuery" else ()
    constants: dict[Term, Term] = {
        Variable(name): to_rdflib(value)
        for name, value in (bindings or {}).items()
        if name not in columns and not isinstance(value, tuple)
    }

    def settled(term: Any) -> Any:
        return term if isinstance(term, Path) else constants.get(reader.root(term), reader.root(term))

    triples = tuple(
        replace(
            part,
            subject=settled(part.subject),
            predicate=settled(part.predicate),
            object=settled(part.object),
        )
        for triple in reader.triples
        for part in _without_name(triple)
    )
    same = {name: str(reader.root(Variable(name))) for name in columns}
    shown = set(same.values())
    return Pattern(
        columns=columns,
        triples=triples,
        same=same,
        numbers=tuple(name for name in columns if name in reader.numbers),
        names={
            name: str(triple.subject)
            for name in columns
            for triple in triples
            if isinstance(triple.subject, Variable)
            and str(triple.object) == same[name]
            and str(triple.subject) not in shown
            and _is_name(triple.predicate)
        },
        evidence=tuple(
            name
            for name in columns
            if any(triple.predicate in EVIDENCE and str(triple.object) == same[name] for triple in triples)
        ),
    )


def column_edges(pattern: Pattern) -> list[ColumnEdge]:
    """Return the edges that a pattern has between columns, and between columns and constants.

    Two ends are joined by the triple patterns between them, else by the shortest way over hidden variables, of four
    patterns at most. A claim counts as the edge that it asserts. What a MINUS or EXISTS excludes is not drawn, nor
    are classes, names, claims and passages, unless the query holds nothing else.

    :return: in the order of the columns; constants come after them.

    >>> [edge] = column_edges(read_pattern("SELECT ?a ?b { ?a ht:undertakes/^ht:undertakes ?b }"))
    >>> print(edge)
    a —ht:undertakes / ^ht:undertakes→ b
    """
    drawn = [triple for triple in pattern.triples if triple.place in ("required", "optional")]
    links = [*_plain_links(drawn, drawn_only=True), *_claim_links(drawn)]
    return _edges(pattern, links) or _edges(pattern, list(_plain_links(drawn, drawn_only=False)))


@dataclass(frozen=True, slots=True)
class _Link:
    """A way of one triple pattern or claim from one term to another."""

    start: Term
    end: Term
    steps: tuple[Step, ...]
    asked: Term | None
    branches: tuple[tuple[int, int], ...]

    def turned(self) -> "_Link":
        steps = tuple(replace(step, forward=not step.forward) for step in reversed(self.steps))
        return replace(self, start=self.end, end=self.start, steps=steps)


class _Reader:
    """Gathers triple patterns, equal variables and aggregates from rdflib's algebra."""

    def __init__(self) -> None:
        self.triples: list[TriplePattern] = []
        self.numbers: set[str] = set()
        self._same: dict[Term, Term] = {}
        self._blank: dict[Term, Variable] = {}
        self._unions = 0
        self._subselects = 0

    def _term(self, term: Any, hidden: Mapping[Term, Term]) -> Any:
        """Return a term as it counts for the whole query; a blank node is a variable that nobody sees."""
        if isinstance(term, rdflib.BNode):
            return self._blank.setdefault(term, Variable(f"_:{len(self._blank) + 1}"))
        return term if isinstance(term, Path) else hidden.get(term, term)

    def root(self, term: Term) -> Term:
        """Return the variable that a variable is only another name of, else the term itself."""
        while term in self._same:
            term = self._same[term]
        return term

    def read(
        self, node: Any, place: str, branches: tuple[tuple[int, int], ...], hidden: Mapping[Term, Term]
    ) -> None:
        """Read a node of the algebra; ``hidden`` renames the variables that a subselect keeps to itself."""
        match node.name:
            case "BGP":
                for triple in node.triples:
                    subject, predicate, object_ = (self._term(term, hidden) for term in triple)
                    self.triples.append(TriplePattern(subject, predicate, object_, place, branches))
            case "LeftJoin":
                self.read(node.p1, place, branches, hidden)
                self.read(node.p2, "optional" if place == "required" else place, branches, hidden)
            case "Minus":
                self.read(node.p1, place, branches, hidden)
                self.read(node.p2, "minus", branches, hidden)
            case "Union":
                self._unions += 1
                union = self._unions
                self.read(node.p1, place, (*branches, (union, 0)), hidden)
                self.read(node.p2, place, (*branches, (union, 1)), hidden)
            case "ToMultiSet" if node.p.name != "values":
                self.read(node.p, place, branches, self._subselect(node.p, hidden))
            case "Extend":
                self.read(node.p, place, branches, hidden)
                self._extend(hidden.get(node.var, node.var), node.expr, hidden)
            case "AggregateJoin":
                self.read(node.p, place, branches, hidden)
                for aggregate in node.A:
                    self._aggregate(aggregate, hidden)
            case "Filter":
                self.read(node.p, place, branches, hidden)
                self._exists(node.expr, branches, hidden)
            case _:
                for part in ("p", "p1", "p2"):
                    if part in node:
                        self.read(node[part], place, branches, hidden)

    def _subselect(self, node: Any, hidden: Mapping[Term, Term]) -> dict[Term, Term]:
        self._subselects += 1
        project = node
        while "PV" not in project and "p" in project:
            project = project.p
        shown = set(project.get("PV") or ())
        inside = {name: name for name in project.get("_vars") or () if isinstance(name, Variable)}
        return {
            name: hidden.get(name, name) if name in shown else Variable(f"{name}.{self._subselects}")
            for name in sorted(inside)
        }

    def _extend(self, variable: Term, expression: Any, hidden: Mapping[Term, Term]) -> None:
        if isinstance(expression, Variable):
            expression = hidden.get(expression, expression)
            if str(self.root(expression)) in self.numbers:
                self.numbers.add(str(variable))
            if self.root(expression) != self.root(variable):
                self._same[self.root(variable)] = self.root(expression)

    def _aggregate(self, aggregate: Any, hidden: Mapping[Term, Term]) -> None:
        result = hidden.get(aggregate.res, aggregate.res)
        # rdflib ends the names of nodes that it still has to evaluate with an underscore.
        name = aggregate.name.rstrip("_")
        if name in _NUMBERS:
            self.numbers.add(str(result))
        elif name in _PICKS and isinstance(aggregate.vars, Variable):
            self._same[result] = hidden.get(aggregate.vars, aggregate.vars)

    def _exists(
        self, expression: Any, branches: tuple[tuple[int, int], ...], hidden: Mapping[Term, Term]
    ) -> None:
        """Read the patterns within EXISTS and NOT EXISTS, which rdflib leaves as they were parsed."""
        if not isinstance(expression, dict):
            return
        if expression.get("name") == "TriplesBlock" or getattr(expression, "name", "") == "TriplesBlock":
            for triple in expression.get("triples") or ():
                for start in range(0, len(triple) - 2, 3):
                    subject, predicate, object_ = (
                        self._term(term, hidden) for term in triple[start : start + 3]
                    )
                    self.triples.append(TriplePattern(subject, predicate, object_, "exists", branches))
        for value in expression.values():
            for part in value if isinstance(value, list) else [value]:
                self._exists(part, branches, hidden)


def _without_name(triple: TriplePattern) -> Iterator[TriplePattern]:
    """Cut the name off a path that ends in one: ``?a ht:locatedIn/skos:prefLabel ?name`` has a hidden thing."""
    path = triple.predicate
    if isinstance(path, SequencePath) and _is_name(path.args[-1]):
        thing = Variable(f"{triple.object}.thing")
        way = path.args[0] if len(path.args) == 2 else SequencePath(*path.args[:-1])
        yield replace(triple, predicate=way, object=thing)
        yield replace(triple, subject=thing, predicate=path.args[-1])
    else:
        yield triple


@cache
def _value_properties() -> frozenset[URIRef]:
    """Return the properties whose objects are no things: those of the ontology, and some of others."""
    ontology = rdflib.Graph().parse(data=read_turtle("hongtu"), format="turtle")
    return frozenset(
        {URIRef(str(term)) for term in ontology.subjects(RDF.type, OWL.DatatypeProperty)} | {*_VALUES, *NAMES}
    )


def _is_name(predicate: Term | Path) -> bool:
    if isinstance(predicate, AlternativePath):
        return all(part in NAMES for part in predicate.args)
    return predicate in NAMES


def _steps(predicate: Any) -> tuple[Step, ...]:
    """Return a predicate or property path as steps; what cannot be told is any number of them, of any predicate."""
    match predicate:
        case URIRef():
            return (Step((predicate,)),)
        case InvPath():
            return tuple(replace(step, forward=not step.forward) for step in reversed(_steps(predicate.arg)))
        case SequencePath():
            return tuple(step for part in predicate.args for step in _steps(part))
        case AlternativePath():
            parts = [_steps(part) for part in predicate.args]
            if all(len(part) == 1 and part[0].forward and not part[0].repeat for part in parts):
                return (Step(tuple(iri for part in parts for iri in part[0].predicates)),)
            return (Step((), repeat="*"),)
        case MulPath():
            parts_ = _steps(predicate.path)
            return (
                (replace(parts_[0], repeat=predicate.mod),) if len(parts_) == 1 else (Step((), repeat="*"),)
            )
        case NegatedPath():
            return (Step(()),)
    return (Step(()),)


def _plain_links(triples: list[TriplePattern], *, drawn_only: bool) -> Iterator[_Link]:
    for triple in triples:
        predicate = triple.predicate
        steps = _steps(predicate)
        # A passage may lie on the way between things; classes, names and the parts of claims may not.
        if (
            drawn_only
            and len(steps) == 1
            and _hides(steps[0])
            and not set(steps[0].predicates) & set(EVIDENCE)
        ):
            continue
        asked = predicate if isinstance(predicate, Variable) else None
        yield _Link(triple.subject, triple.object, steps, asked, triple.branches)


def _hides(step: Step) -> bool:
    return bool(step.predicates) and set(step.predicates) <= set(_UNDRAWN)


def _claim_links(triples: list[TriplePattern]) -> Iterator[_Link]:
    """Return the edges that claims assert: rdf:subject, rdf:object and, where it is asked, rdf:predicate."""
    parts: dict[Term, list[tuple[set[URIRef], TriplePattern]]] = {}
    for triple in triples:
        iris = {iri for step in _steps(triple.predicate) for iri in step.predicates}
        if iris and iris <= set(_CLAIM_PARTS):
            parts.setdefault(triple.subject, []).append((iris, triple))
    for claim in parts.values():
        predicates = [triple for iris, triple in claim if iris == {RDF.predicate}]
        ends = [(iris, triple) for iris, triple in claim if iris != {RDF.predicate}]
        for (one, first), (other, second) in combinations(ends, 2):
            if one == other and len(one) == 1:
                continue
            if not _meet(first.branches, second.branches):
                continue
            if one == {RDF.object} or other == {RDF.subject}:
                first, second = second, first
            branches = (*first.branches, *second.branches)
            predicate = next((p for p in predicates if _meet(p.branches, branches)), None)
            asked = predicate.object if predicate and isinstance(predicate.object, Variable) else None
            # Which end is the subject is open when both are asked by rdf:subject|rdf:object.
            steps = _steps(predicate.object if predicate and len(one) == len(other) == 1 else None)
            yield _Link(first.object, second.object, steps, asked, branches)


def _meet(one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]) -> bool:
    """Whether one solution can hold both: no UNION has them on different sides."""
    sides = dict(one)
    return all(sides.get(union, side) == side for union, side in other)


def _edges(pattern: Pattern, links: list[_Link]) -> list[ColumnEdge]:
    ends = _ends(pattern, links)
    columns = {pattern.same[name]: name for name in reversed(pattern.columns)}
    near: dict[Term, list[_Link]] = {}
    for link in links:
        near.setdefault(link.start, []).append(link)
        near.setdefault(link.end, []).append(link.turned())
    edges: dict[ColumnEdge, None] = {}
    for one, other in combinations(ends, 2):
        ways = _ways(near, one, other, set(ends))
        # What is only known to be some relation is left out beside one that has a name.
        told = [way for way in ways if all(step.predicates for link in way for step in link.steps)]
        for way in told or ways:
            steps = tuple(step for link in way for step in link.steps)
            start, end = ends[one], ends[other]
            if sum(1 if step.forward else -1 for step in steps) < 0:
                start, end = end, start
                steps = tuple(replace(step, forward=not step.forward) for step in reversed(steps))
            asked = columns.get(str(way[0].asked)) if len(way) == 1 and way[0].asked else None
            edges[ColumnEdge(start, end, steps, asked)] = None
    return list(edges)


def _ends(pattern: Pattern, links: list[_Link]) -> dict[Term, str]:
    """Return the terms that are drawn as nodes, each with its column's name or, for a constant, its IRI."""
    used = {term: None for link in links for term in (link.start, link.end)}
    shut = {str(link.asked) for link in links if link.asked} | {
        str(term) for link in links for term in _values(link)
    }
    ends: dict[Term, str] = {}
    for name in pattern.columns:
        term = Variable(pattern.names.get(name, pattern.same[name]))
        if term in used and name not in pattern.evidence and str(term) not in shut:
            ends.setdefault(term, name)
    for link in links:
        for constant in (link.start, link.end):
            if isinstance(constant, URIRef) and link.steps[-1].predicates != (RDF.type,):
                ends.setdefault(constant, constant)
    return ends


def _values(link: _Link) -> Iterator[Term]:
    """Return the ends of a link that are figures or text, as far as its predicates tell."""
    for end, step, towards in (
        (link.end, link.steps[-1], link.steps[-1].forward),
        (link.start, link.steps[0], not link.steps[0].forward),
    ):
        if towards and step.predicates and set(step.predicates) <= _value_properties():
            yield end


def _ways(near: Mapping[Term, list[_Link]], start: Term, end: Term, ends: set[Term]) -> list[list[_Link]]:
    """Return the shortest ways between two terms over terms that are no ends, all of the same length."""
    ways: list[list[_Link]] = [[link] for link in near.get(start, ())]
    for _ in range(_LONGEST):
        if found := [way for way in ways if way[-1].end == end]:
            return found
        ways = [
            [*way, link]
            for way in ways
            if way[-1].end not in ends and isinstance(way[-1].end, Variable)
            for link in near.get(way[-1].end, ())
            if link.end not in {start, *(seen.end for seen in way)} and _possible([*way, link])
        ]
    return []


def _possible(way: list[_Link]) -> bool:
    sides: tuple[tuple[int, int], ...] = reduce(lambda all_, link: (*all_, *link.branches), way[:-1], ())
    return _meet(sides, way[-1].branches)
