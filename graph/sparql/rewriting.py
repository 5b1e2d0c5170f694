"""The text of a query, taken apart and put together again for a server: values bound, prefixes declared, pages cut.

Nothing here understands a query; it knows where strings, IRIs and comments end, and which braces open a pattern
(https://www.w3.org/TR/sparql11-query/#sparqlGrammar). What it cannot make out it leaves to the server to refuse.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pyoxigraph as ox

from hongtu.graph.sparql.tokens import tokens
from hongtu.ontology.namespace import PREFIXES

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_MODIFIERS = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")

Term = ox.NamedNode | ox.Literal
Value = Term | tuple[Term, ...]
"""What a variable is bound to: a term, or one of several."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A query in parts: ``clause`` is the keyword of its form and what it asks for, ``dataset`` the FROM clauses.

    ``pattern`` is the outermost group with its braces, ``modifiers`` stand between it and LIMIT, ``skip`` and
    ``most`` are OFFSET and LIMIT, ``values`` the block of values at the end. The text of what is no query stands in
    ``prologue``, with an empty ``form``.
    """

    prologue: str
    form: str = ""
    clause: str = ""
    dataset: str = ""
    pattern: str = ""
    modifiers: str = ""
    skip: int = 0
    most: int | None = None
    values: str = ""

    @classmethod
    def of(cls, sparql: str) -> "Outline":
        """Return the parts of a query.

        >>> Outline.of("SELECT * FROM <urn:g> { ?s ?p ?o } ORDER BY ?s LIMIT 5").most
        5
        """
        words, blocks = _scan(sparql)
        form, at = next(((word, start) for word, start in words if word in _FORMS), ("", len(sparql)))
        pattern = next((block for block in blocks if block.kind == "pattern"), None)
        if not form or (pattern and not pattern.end):
            return cls(sparql)
        tail = [(word, start) for word, start in words if start > (pattern.start if pattern else at)]
        # DESCRIBE alone can do without a pattern; its modifiers follow the names.
        end = pattern.end if pattern else _first(tail, _MODIFIERS, len(sparql))
        start = pattern.start if pattern else end
        where = min(_first(words, ("WHERE",), start), start)
        source = min(_first(words, ("FROM",), where), where)
        sliced = _first(tail, ("LIMIT", "OFFSET", "VALUES"), len(sparql))
        values = _first(tail, ("VALUES",), len(sparql))
        numbers = {word: int(number) for (word, _), (number, _) in pairwise(tail) if number.isdecimal()}
        clause = sparql[at:source]
        if form == "CONSTRUCT" and not any(block.kind == "template" for block in blocks):
            clause += sparql[start:end] + " "
        return cls(
            sparql[:at],
            form,
            clause,
            sparql[source:where],
            sparql[start:end],
            sparql[end:sliced],
            numbers.get("OFFSET", 0),
            numbers.get("LIMIT"),
            sparql[values:],
        )

    def __str__(self) -> str:
        where = f" WHERE {self.pattern}" if self.pattern else ""
        return (
            f"{self.prologue}{self.clause}{self.dataset}{where}{self.modifiers}"
            f"{_slice(self.skip, self.most)}{self.values}"
        )

    def select(self, projection: str) -> "Outline":
        """Return the query that selects something else from the same pattern."""
        return replace(self, form="SELECT", clause=f"SELECT {projection} ")

    def nested(self, clause: str, inner: "Outline", *, skip: int = 0, most: int | None = None) -> str:
        """Return a query for a part of what another one selects, with the prologue and dataset of this."""
        inner = replace(inner, prologue="", dataset="", skip=0, most=None)
        return f"{self.prologue}{clause}{self.dataset} WHERE {{ {{ {inner}\n}} }}{_slice(skip, most)}"

    def ordered(self, variables: list[str]) -> "Outline":
        """Return the query with these variables as the last keys of its order, so that equal rows alone tie.

        One key each: Virtuoso sorts by 20 at most. Terms that differ in language or datatype only may still tie.
        """
        words, _ = _scan(self.modifiers)
        keys = " ".join(f"?{name}" for name in variables)
        order = " " if any(word == "ORDER" for word, _ in words) else " ORDER BY "
        return replace(self, modifiers=f"{self.modifiers}\n{order}{keys}\n")


def declare_prefixes(sparql: str) -> str:
    """Return the query with the known prefixes that it uses declared before it; its own declarations win.

    They stand on the query's first line, so that a server counts lines as the user does.

    >>> declare_prefixes("ASK { ?x a ht:Project }")
    'PREFIX ht: <https://w3id.org/hongtu/ontology#> ASK { ?x a ht:Project }'
    """
    used = {name: iri for name, iri in PREFIXES.items() if f"{name}:" in sparql}
    return "".join(f"PREFIX {name}: <{iri}> " for name, iri in used.items()) + sparql


def bind(sparql: str, bindings: Mapping[str, Value]) -> str:
    """Return the query with values for its variables, as ``VALUES`` blocks in its patterns.

    One stands at the head of the query's pattern, others in the subqueries and inner groups whose filters use the
    variable, which would not see the first. The terms are written in the syntax of SPARQL
    (https://www.w3.org/TR/sparql11-query/#inline-data), so that no value can end the block.

    >>> print(bind("ASK { ?s ?p ?o }", {"o": ox.Literal('"} #')}))
    ASK  WHERE { VALUES ?o { "\\"} #" } ?s ?p ?o }
    """
    outline = Outline.of(sparql)
    if not bindings or not outline.form:
        return sparql
    pattern = outline.pattern or "{ }"
    pieces, done = [], 0
    for block in _scan(pattern)[1]:
        names = [name for name in bindings if block.start == 0 or name in block.needed]
        if names:
            pieces += [pattern[done : block.start + 1], *(_values(name, bindings[name]) for name in names)]
            done = block.start + 1
    return str(replace(outline, pattern="".join([*pieces, pattern[done:]])))


def _values(name: str, value: Value) -> str:
    terms = value if isinstance(value, tuple) else (value,)
    return f" VALUES ?{name} {{ {' '.join(map(str, terms))} }}"


@dataclass(slots=True)
class _Block:
    """Braces of a query with what stands before them, and the variables that its own expressions use."""

    kind: str
    start: int
    end: int = 0
    mentioned: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    matched: set[str] = field(default_factory=set)

    @property
    def needed(self) -> set[str]:
        """The variables that have to have their value in this block."""
        # What a group matches or assigns itself is joined with the outer block, and Virtuoso is slow with two.
        return {"pattern": self.mentioned, "group": self.used - self.matched}.get(self.kind, set())


def _scan(sparql: str) -> tuple[list[tuple[str, int]], list[_Block]]:
    """Return the words outside of all brackets, in capitals with their offsets, and the braces, outermost first."""
    words, blocks = [], []
    open_: list[_Block] = []
    word = ""
    for token in tokens(sparql):
        if token.text in ("(", "{"):
            open_.append(_Block(_kind(word, open_) if token.text == "{" else "(", token.start))
            blocks += open_[-1:] if token.text == "{" else []
            word = word if token.text == "(" else ""
        elif token.text in (")", "}"):
            if open_:
                open_.pop().end = token.end
            word = ""
        elif token.kind == "variable":
            name = token.text[1:]
            for block in open_:
                block.mentioned.add(name)
            group = next((block for block in reversed(open_) if block.kind != "("), None)
            if group:
                (group.used if open_[-1].kind == "(" and word != "AS" else group.matched).add(name)
        elif token.kind in ("word", "number"):
            word = token.text.upper()
            if not open_:
                words.append((word, token.start))
            elif word == "SELECT" and open_[-1].kind == "group":
                open_[-1].kind = "subquery"
    return words, blocks


def _kind(word: str, open_: list[_Block]) -> str:
    """Return what braces hold, by the word before them and what is open around them."""
    if word in ("VALUES", "CONSTRUCT"):
        return {"VALUES": "data", "CONSTRUCT": "template"}[word]
    if word == "EXISTS" or any(block.kind == "exists" for block in open_):
        return "exists"
    return "pattern" if not open_ or open_[-1].kind == "subquery" else "group"


def _first(words: list[tuple[str, int]], wanted: tuple[str, ...], default: int) -> int:
    return next((start for word, start in words if word in wanted), default)


def _slice(skip: int, most: int | None) -> str:
    # What stands before may end in a comment.
    return (f"\nLIMIT {most}\n" if most is not None else "") + (f"\nOFFSET {skip}\n" if skip else "")
