"""SHACL shapes as SPARQL: which nodes may break a shape?

A screen is a query for the focus nodes of a shape that are not *surely* in order. It may name a node that is in order,
never leave out one that is not: whatever SPARQL cannot tell with certainty (a pattern that Rust and Python may read
differently, a figure of a rare datatype) counts as doubtful, and doubtful nodes are judged by pySHACL. So a test here
is a condition that holds for conforming values only; an error in it makes its value doubtful.

Oxigraph rewrites figures (``007`` becomes ``7``) but keeps those that are none (``"abc"^^xsd:integer``), for which
``ISNUMERIC`` is false: only what it read as a figure passes for one.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pyoxigraph as ox
import rdflib
from rdflib import RDF, RDFS, SH, XSD
from rdflib.term import Node

from hongtu.graph.terms import to_term
from hongtu.loaders.errors import UsageError

_CLASS, _IN, _AND, _OR, _NOT = SH["class"], SH["in"], SH["and"], SH["or"], SH["not"]
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_OF_SHAPES = {_NOT, SH.node, SH.property, SH.qualifiedValueShape}
_OF_LISTS_OF_SHAPES = {_AND, _OR, SH.xone}
_SINGLE = {
    *(
        SH.datatype,
        SH.nodeKind,
        SH.minCount,
        SH.maxCount,
        SH.minLength,
        SH.maxLength,
        SH.languageIn,
        SH.closed,
    ),
    *(SH.minInclusive, SH.maxInclusive, SH.minExclusive, SH.maxExclusive, SH.uniqueLang, _IN),
}
_SILENT = {
    *(
        SH.path,
        *_TARGETS,
        SH.severity,
        SH.message,
        SH.name,
        SH.description,
        SH.order,
        SH.group,
        SH.defaultValue,
    ),
    *(SH.deactivated, SH.flags, SH.ignoredProperties, SH.qualifiedMinCount, SH.qualifiedMaxCount),
    *(SH.qualifiedValueShapesDisjoint, SH.declare, SH.prefixes, SH.select, SH.ask, SH.prefix, SH.namespace),
    *(SH.inversePath, SH.alternativePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath),
    *(SH.parameter, SH.optional, SH.labelTemplate, SH.validator, SH.nodeValidator, SH.propertyValidator),
    *(SH.conforms, SH.result, SH.detail, SH.focusNode, SH.value, SH.resultPath, SH.resultSeverity),
    *(SH.resultMessage, SH.sourceShape, SH.sourceConstraint, SH.sourceConstraintComponent),
}
"""Words of SHACL that constrain nothing by themselves."""
_KINDS: dict[Node, str] = {
    SH.IRI: "ISIRI({0})",
    SH.BlankNode: "ISBLANK({0})",
    SH.Literal: "ISLITERAL({0})",
    SH.BlankNodeOrIRI: "(ISIRI({0}) || ISBLANK({0}))",
    SH.BlankNodeOrLiteral: "(ISLITERAL({0}) || ISBLANK({0}))",
    SH.IRIOrLiteral: "(ISIRI({0}) || ISLITERAL({0}))",
}
_RANGES: dict[Node, str] = {
    SH.minInclusive: ">=",
    SH.maxInclusive: "<=",
    SH.minExclusive: ">",
    SH.maxExclusive: "<",
}
_LENGTHS: dict[Node, str] = {SH.minLength: ">=", SH.maxLength: "<="}
_PAIRS: dict[Node, str] = {SH.lessThan: "<", SH.lessThanOrEquals: "<="}
_WELL_FORMED: dict[Node, str] = {
    **dict.fromkeys((XSD.string, RDF.langString), "true"),
    **dict.fromkeys((XSD.integer, XSD.decimal, XSD.double, XSD.float), "ISNUMERIC({0})"),
    XSD.boolean: 'STR({0}) IN ("true", "false")',
    XSD.gYear: 'REGEX(STR({0}), "^[1-9][0-9]{{3}}$")',
    XSD.date: 'REGEX(STR({0}), "^[1-9][0-9]{{3}}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$")',
}
_EXACT = f"(<{XSD.integer}>, <{XSD.decimal}>)"
_TEXTUAL = f"(ISIRI({{0}}) || DATATYPE({{0}}) IN (<{XSD.string}>, <{RDF.langString}>))"
# What Rust's and Python's regular expressions read alike. `$` allows a line break behind it in Python only, `\d` more
# digits in one or the other: both are written so that the screen allows less.
_PLAIN_PATTERN = re.compile(
    r"(?:[\w/:#=,;@~ \-\u0080-\U0010ffff]|\\[.\-/d]|\[[A-Za-z0-9_-]+\]|[\^$().|*+?]|\{\d+(?:,\d*)?\})*",
    re.ASCII,
)
_POSSESSIVE_OR_EXTENDED = re.compile(r"[*+?}]\+|\(\?")


class _UnknownError(Exception):
    """SPARQL cannot tell; pySHACL has to."""


class Screen(NamedTuple):
    """A query for ``?this``; when there is an ``unless`` (ASK) and it is true, the query finds nothing, but slower."""

    query: str
    unless: str = ""


class Screens:
    """Writes the screens of a shapes graph for a store.

    :param shapes: the shapes graph.
    :param subclasses: of each class that the data give subclasses, itself and all of these.
    :param outside: graphs of the store that hold no data.
    """

    def __init__(
        self,
        shapes: rdflib.Graph,
        subclasses: Mapping[Node, set[Node]],
        outside: Sequence[ox.NamedNode | ox.BlankNode],
    ) -> None:
        """Keep what the queries are written from."""
        self._shapes = shapes
        self._subclasses = subclasses
        named = sorted(str(graph) for graph in outside if isinstance(graph, ox.NamedNode))
        conditions = [f"{{0}} NOT IN ({', '.join(named)})"] if named else []
        # A graph that a blank node names cannot be written.
        conditions += ["ISIRI({0})"] if len(named) < len(outside) else []
        self._inside = " && ".join(conditions) or "true"
        self._count = 0

    def screens(self, shape: Node) -> Iterator[Screen]:
        """Yield queries which together find every focus node that may break a shape.

        Nodes that the shape names itself (``sh:targetNode``) are not among them.
        """
        self._count = 0
        self._unless: dict[str, str] = {}
        targets = self._targets(shape)
        if not targets:
            return
        try:
            bodies = self._bodies(shape, targets, frozenset())
        except _UnknownError:
            bodies = [targets]
        for body in bodies:
            query = f"SELECT DISTINCT ?this WHERE {{ {body} }}"
            yield Screen(query, self._unless.get(body, ""))

    # Targets and paths

    def _targets(self, shape: Node) -> str:
        """Return a pattern for the focus nodes of a shape, ``?this``; empty when it names no other than nodes."""
        classes = [*self._shapes.objects(shape, SH.targetClass)]
        if is_implicit_class(self._shapes, shape):
            classes.append(shape)
        kinds = sorted({kind for target in classes for kind in self._kinds(target)}, key=str)
        blocks = [self._triple("?this", RDF.type, kind) for kind in kinds]
        for predicate in self._shapes.objects(shape, SH.targetSubjectsOf):
            blocks.append(self._triple("?this", predicate, self._fresh()))
        for predicate in self._shapes.objects(shape, SH.targetObjectsOf):
            blocks.append(self._triple(self._fresh(), predicate, "?this"))
        return " UNION ".join(f"{{ {block} }}" for block in blocks)

    def _kinds(self, target: Node) -> set[Node]:
        return self._subclasses.get(target, {target})

    def _path(self, path: Node, start: str, end: str) -> str:
        """Return a pattern that leads from one variable by a path to another; each step may be in a graph of its own."""
        if isinstance(path, rdflib.URIRef):
            return self._triple(start, path, end)
        if len(list(self._shapes.predicates(path))) != (2 if (path, RDF.first, None) in self._shapes else 1):
            # More than one path, or none: pySHACL takes one of them.
            raise _UnknownError
        if inverse := self._shapes.value(path, SH.inversePath):
            # pySHACL reads the inverse of longer paths in a way of its own.
            if isinstance(inverse, rdflib.URIRef):
                return self._triple(end, inverse, start)
            raise _UnknownError
        if (path, RDF.first, None) in self._shapes:
            steps = list(self._shapes.items(path))
            stops = [start, *(self._fresh() for _ in steps[1:]), end]
            return " ".join(map(self._path, steps, stops, stops[1:]))
        if alternatives := self._shapes.value(path, SH.alternativePath):
            ways = [f"{{ {self._path(way, start, end)} }}" for way in self._shapes.items(alternatives)]
            return f"{{ {' UNION '.join(ways)} }}"
        raise _UnknownError

    def _triple(self, subject: str, predicate: Node, value: str | Node) -> str:
        """Return a pattern for a triple of the data, in whichever graph."""
        graph = self._fresh()
        end = _term(value) if isinstance(value, rdflib.term.Identifier) else value
        return f"GRAPH {graph} {{ {subject} {_term(predicate)} {end} }} FILTER({self._inside.format(graph)})"

    def _fresh(self) -> str:
        self._count += 1
        return f"?x{self._count}"

    # Queries

    def _bodies(self, shape: Node, scope: str, above: frozenset[Node]) -> list[str]:
        """Return patterns for ``?this`` in a scope that may break a shape, one for each way to break it."""
        constraints, above = self._constraints(shape, above), above | {shape}
        path = self._shapes.value(shape, SH.path)
        bodies, tests = [], []
        for parameter, value in constraints:
            if path is None and parameter in (SH.property, SH.node):
                bodies += self._bodies(value, scope, above)
            elif path is None and parameter == _AND:
                for member in self._shapes.items(value):
                    bodies += self._bodies(member, scope, above)
            elif parameter == SH.closed:
                if path is not None:
                    raise _UnknownError
                bodies += self._of_closed(shape, scope)
            elif parameter in _SETS:
                bodies += _SETS[parameter](self, parameter, value, path, scope)
            else:
                tests.append(self._test(parameter, value, "?this" if path is None else "?value", above))
        if tests:
            doubtful = f"!COALESCE({' && '.join(tests)}, false)"
            bodies.append(
                f"{scope} FILTER({doubtful})" if path is None else self._of_values(path, scope, doubtful)
            )
        return bodies

    def _of_values(self, path: Node, scope: str, doubtful: str) -> str:
        way = self._path(path, "?this", "?value")
        if isinstance(path, rdflib.URIRef):
            return _narrowed(f"{way} FILTER({doubtful})", scope)
        return f"{scope} {way} FILTER({doubtful})"

    def _of_min_count(self, _: Node, value: Node, path: Node | None, scope: str) -> list[str]:
        least = _number(value)
        if least == 0:
            return []
        if least > 1:
            # Terms that Oxigraph tells apart may be one to rdflib.
            return [scope]
        way = self._path(_known(path), "?this", self._fresh())
        if isinstance(path, rdflib.URIRef):
            return [f"{scope} MINUS {{ {way} }}"]
        return [f"{scope} FILTER NOT EXISTS {{ {way} }}"]

    def _of_max_count(self, _: Node, value: Node, path: Node | None, scope: str) -> list[str]:
        return [self._more_than(_number(value), path, scope)]

    def _more_than(self, most: int, path: Node | None, scope: str) -> str:
        way = self._path(_known(path), "?this", "?value")
        counted = f"SELECT ?this WHERE {{ {way} }} GROUP BY ?this HAVING(COUNT(DISTINCT ?value) > {most})"
        body = f"{{ {counted} }} FILTER EXISTS {{ {scope} }}"
        if most == 1:
            # To count them all is several times faster than to group them.
            totals = f"SELECT (COUNT(DISTINCT ?this) AS ?nodes) (COUNT(*) AS ?values) WHERE {{ {way} }}"
            self._unless[body] = f"ASK {{ {{ {totals} }} FILTER(?nodes = ?values) }}"
        return body

    def _of_unique_lang(self, _: Node, value: Node, path: Node | None, scope: str) -> list[str]:
        return [self._more_than(1, path, scope)] if _is_true(value) else []

    def _of_pair(self, parameter: Node, value: Node, path: Node | None, scope: str) -> list[str]:
        pair = f"{self._path(_known(path), '?this', '?value')} {self._triple('?this', value, '?other')}"
        exact = " && ".join(f"DATATYPE({name}) IN {_EXACT}" for name in ("?value", "?other"))
        sure = f"{exact} && ?value {_PAIRS[parameter]} ?other"
        return [_narrowed(f"{pair} FILTER(!COALESCE({sure}, false))", scope)]

    def _of_disjoint(self, _: Node, value: Node, path: Node | None, scope: str) -> list[str]:
        if path is None:
            # The one value node is the focus node itself.
            return [f"{scope} {self._triple('?this', value, '?this')}"]
        other = self._triple("?this", value, self._fresh())
        return [f"{scope} {self._path(path, '?this', self._fresh())} {other}"]

    def _of_has_value(self, _: Node, value: Node, path: Node | None, scope: str) -> list[str]:
        constant = _constant(value)
        if path is None:
            return [f"{scope} FILTER(!SAMETERM(?this, {constant}))"]
        found = self._fresh()
        way = f"{self._path(path, '?this', found)} FILTER(SAMETERM({found}, {constant}))"
        return [f"{scope} FILTER NOT EXISTS {{ {way} }}"]

    def _of_closed(self, shape: Node, scope: str) -> list[str]:
        if not _is_true(self._shapes.value(shape, SH.closed)):
            return []
        allowed = {
            self._shapes.value(property_, SH.path) for property_ in self._shapes.objects(shape, SH.property)
        }
        for ignored in self._shapes.objects(shape, SH.ignoredProperties):
            allowed.update(self._shapes.items(ignored))
        written = ", ".join(sorted(_term(path) for path in allowed if isinstance(path, rdflib.URIRef)))
        graph, predicate = self._fresh(), self._fresh()
        triple = f"GRAPH {graph} {{ ?this {predicate} {self._fresh()} }}"
        return [f"{scope} {triple} FILTER({predicate} NOT IN ({written}) && {self._inside.format(graph)})"]

    # Conditions

    def _constraints(self, shape: Node, above: frozenset[Node]) -> list[tuple[Node, Node]]:
        """Return the constraints of a shape, none when it is switched off.

        :raises _UnknownError: when it is a shape within itself, or pySHACL has to say what is wrong with it.
        """
        if shape in above or len(list(self._shapes.objects(shape, SH.path))) > 1:
            raise _UnknownError
        if any(_is_true(value) for value in self._shapes.objects(shape, SH.deactivated)):
            return []
        found = [
            (parameter, value)
            for parameter, value in self._shapes.predicate_objects(shape)
            if parameter in _COMPONENTS
        ]
        parameters = [parameter for parameter, _ in found]
        custom = set(self._shapes.objects(None, SH.parameter))
        if (
            any(parameters.count(parameter) > 1 for parameter in _SINGLE)
            or (shape, SH.flags, None) in self._shapes
            or ((shape, SH.ignoredProperties, None) in self._shapes and SH.closed not in parameters)
            or any((shape, self._shapes.value(each, SH.path), None) in self._shapes for each in custom)
        ):
            raise _UnknownError
        return found

    def _surely(self, shape: Node, name: str, above: frozenset[Node]) -> str:
        """Return a condition that holds for nodes only that conform to a shape.

        :param name: the variable of the node.
        :raises _UnknownError: when there is none.
        """
        constraints, above = self._constraints(shape, above), above | {shape}
        path = self._shapes.value(shape, SH.path)
        parts, tests, value_name = ["true"], [], name if path is None else self._fresh()
        for parameter, value in constraints:
            if parameter == SH.minCount and path is not None and _number(value) < 2:
                if _number(value):
                    parts.append(f"EXISTS {{ {self._path(path, name, self._fresh())} }}")
            elif parameter == SH.maxCount and path is not None and _number(value) < 2:
                ends = [self._fresh() for _ in range(_number(value) + 1)]
                ways = " ".join(self._path(path, name, end) for end in ends)
                differ = f" FILTER(!SAMETERM({', '.join(ends)}))" if len(ends) == 2 else ""
                parts.append(f"!EXISTS {{ {ways}{differ} }}")
            elif parameter == SH.hasValue and path is None:
                parts.append(f"SAMETERM({name}, {_constant(value)})")
            else:
                tests.append(self._test(parameter, value, value_name, above))
        if tests and path is None:
            parts += tests
        elif tests and path is not None:
            doubtful = f"!COALESCE({' && '.join(tests)}, false)"
            parts.append(f"!EXISTS {{ {self._path(path, name, value_name)} FILTER({doubtful}) }}")
        return f"({' && '.join(parts)})"

    def _surely_not(self, shape: Node, name: str, above: frozenset[Node]) -> str:
        """Return a condition that holds for nodes only that break a shape."""
        constraints, above = self._constraints(shape, above), above | {shape}
        if self._shapes.value(shape, SH.path) is not None:
            raise _UnknownError
        ways = []
        for parameter, value in constraints:
            if parameter == _NOT:
                ways.append(_or_false(self._surely, value, name, above))
            elif parameter == SH.node:
                ways.append(_or_false(self._surely_not, value, name, above))
            elif parameter in (_AND, _OR):
                members = [
                    _or_false(self._surely_not, member, name, above) for member in self._shapes.items(value)
                ]
                ways.append(f"({(' || ' if parameter == _AND else ' && ').join(members)})")
            elif parameter in (_CLASS, SH.nodeKind):
                ways.append(f"!{self._test(parameter, value, name, above)}")
            elif parameter == SH.pattern and not re.search(r"\$|\\d", str(value)):
                ways.append(f"({_TEXTUAL.format(name)} && !{_matches(value, name)})")
        if not ways:
            raise _UnknownError
        return f"({' || '.join(ways)})"

    def _test(self, parameter: Node, value: Node, name: str, above: frozenset[Node]) -> str:
        """Return a condition that holds for values only that meet a constraint.

        :raises _UnknownError: when there is none.
        """
        if parameter == _CLASS:
            kinds = [_term(kind) for kind in sorted(self._kinds(value), key=str)]
            kind = self._fresh()
            return f"EXISTS {{ {self._triple(name, RDF.type, kind)} FILTER({kind} IN ({', '.join(kinds)})) }}"
        if parameter in (SH.node, SH.property):
            if parameter == SH.property and self._shapes.value(value, SH.path) is None:
                raise _UnknownError
            return self._surely(value, name, above)
        if parameter == _NOT:
            return self._surely_not(value, name, above)
        if parameter in (_AND, _OR):
            members = [_or_false(self._surely, member, name, above) for member in self._shapes.items(value)]
            return f"({(' && ' if parameter == _AND else ' || ').join(members)})"
        if parameter == _IN:
            same = [f"SAMETERM({name}, {_constant(item)})" for item in self._shapes.items(value)]
            return f"({' || '.join(same or ['false'])})"
        if parameter == SH.languageIn:
            tags = sorted(str(ox.Literal(str(tag).lower())) for tag in self._shapes.items(value))
            return f"LCASE(LANG({name})) IN ({', '.join(tags)})"
        if parameter == SH.pattern:
            return f"({_TEXTUAL.format(name)} && {_matches(value, name)})"
        if parameter == SH.datatype and value in _WELL_FORMED:
            return f"(DATATYPE({name}) = {_term(value)} && {_WELL_FORMED[value].format(name)})"
        if parameter == SH.nodeKind and value in _KINDS:
            return _KINDS[value].format(name)
        if parameter in _LENGTHS:
            return f"({_TEXTUAL.format(name)} && STRLEN(STR({name})) {_LENGTHS[parameter]} {_number(value)})"
        if parameter in _RANGES:
            return f"(DATATYPE({name}) IN {_EXACT} && {name} {_RANGES[parameter]} {_bound(value)})"
        raise _UnknownError


_SETS: dict[Node, Callable[..., list[str]]] = {
    SH.minCount: Screens._of_min_count,
    SH.maxCount: Screens._of_max_count,
    SH.uniqueLang: Screens._of_unique_lang,
    SH.disjoint: Screens._of_disjoint,
    SH.hasValue: Screens._of_has_value,
    **dict.fromkeys(_PAIRS, Screens._of_pair),
}
"""Constraints on all values of a focus node together."""
_COMPONENTS = {
    *(*_SINGLE, *_SETS, *_OF_SHAPES, *_OF_LISTS_OF_SHAPES, _CLASS, SH.pattern, SH.equals, SH.sparql),
}


def with_targets(shapes: rdflib.Graph) -> list[Node]:
    """Return the shapes that have focus nodes of their own, in the order of their names."""
    found = {shape for target in _TARGETS for shape in shapes.subjects(target, None)}
    found |= {shape for shape in shapes.subjects(RDF.type, None) if is_implicit_class(shapes, shape)}
    return sorted(found, key=str)


def without_targets(shapes: rdflib.Graph) -> rdflib.Graph:
    """Return a copy of a shapes graph in which shapes have no focus nodes but those that they name themselves."""
    copy = rdflib.Graph(identifier=shapes.identifier)
    copy.namespace_manager = shapes.namespace_manager
    copy += shapes
    for target in _TARGETS:
        if target != SH.targetNode:
            copy.remove((None, target, None))
    for shape in with_targets(shapes):
        if is_implicit_class(shapes, shape):
            for kind in _classes_of_classes(shapes):
                copy.remove((shape, RDF.type, kind))
    return copy


def is_implicit_class(shapes: rdflib.Graph, shape: Node) -> bool:
    """Tell whether a shape is a class too, whose instances it is about."""
    if _classes_of_classes(shapes).isdisjoint(shapes.objects(shape, RDF.type)):
        return False
    return (
        any((shape, RDF.type, kind) in shapes for kind in (SH.NodeShape, SH.PropertyShape))
        or any((shape, word, None) in shapes for word in (*_TARGETS, SH.property, SH.node))
        or any((None, word, shape) in shapes for word in _OF_SHAPES)
        or (None, RDF.first, shape) in shapes
    )


def unsupported(shapes: rdflib.Graph) -> set[Node]:
    """Return the words of SHACL in a shapes graph that screens know nothing of, such as ``sh:rule``."""
    return {
        word
        for word in shapes.predicates(unique=True)
        if str(word).startswith(str(SH)) and word not in _COMPONENTS | _SILENT
    }


def _classes_of_classes(shapes: rdflib.Graph) -> set[Node]:
    return {RDFS.Class, *shapes.subjects(RDFS.subClassOf, RDFS.Class)}


def _narrowed(pattern: str, scope: str) -> str:
    """Return a pattern for those of a pattern's nodes that are in a scope.

    Few are left of the first; a subquery keeps Oxigraph from looking all of them up in the second.
    """
    return f"{{ SELECT DISTINCT ?this WHERE {{ {pattern} }} }} FILTER EXISTS {{ {scope} }}"


def _or_false(condition: Callable[..., str], *arguments: object) -> str:
    try:
        return condition(*arguments)
    except _UnknownError:
        return "false"


def _term(node: Node) -> str:
    try:
        return str(to_term(node))
    except UsageError as error:
        raise _UnknownError from error


def _constant(node: Node) -> str:
    """Return a term as Oxigraph has it too, if it is in the data.

    :raises _UnknownError: for a literal that Oxigraph may write in another way than the shapes do.
    """
    if isinstance(node, rdflib.Literal) and node.datatype is not None:
        whole = node.datatype == XSD.integer and re.fullmatch("0|-?[1-9][0-9]{0,17}", str(node))
        if not whole and not (node.datatype == XSD.boolean and str(node) in ("true", "false")):
            raise _UnknownError
    return _term(node)


def _matches(pattern: Node, name: str) -> str:
    text = str(pattern)
    try:
        re.compile(text)
    except re.error as error:
        raise _UnknownError from error
    if not _PLAIN_PATTERN.fullmatch(text) or _POSSESSIVE_OR_EXTENDED.search(text):
        raise _UnknownError
    return f"REGEX(STR({name}), {ox.Literal(text.replace(chr(92) + 'd', '[0-9]'))})"


def _bound(value: Node) -> str:
    if (
        isinstance(value, rdflib.Literal)
        and value.datatype in (XSD.integer, XSD.decimal)
        and not value.ill_typed
    ):
        return _term(value)
    raise _UnknownError


def _number(value: Node) -> int:
    number = value.value if isinstance(value, rdflib.Literal) and value.datatype == XSD.integer else None
    if not isinstance(number, int) or number < 0:
        raise _UnknownError
    return number


def _known(path: Node | None) -> Node:
    if path is None:
        raise _UnknownError
    return path


def _is_true(value: Node | None) -> bool:
    return isinstance(value, rdflib.Literal) and bool(value.value)
