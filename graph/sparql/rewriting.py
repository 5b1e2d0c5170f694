"""The text of a query, taken apart and put together again for a server: values bound, prefixes declared, pages cut.

Nothing here understands a query; it knows where strings, IRIs and comments end, and which braces open a pattern
(https://www.w3.org/TR/sparql11-query/#sparqlGrammar). What it cannot make out it leaves to the server to refuse.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pyoxigraph as ox

from hongtu.graph.sparql.tokens import FORMS, Token, tokens, variables
from hongtu.ontology.namespace import PREFIXES

_MODIFIERS = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")

Term = ox.NamedNode | ox.Literal
Value = Term | tuple[Term, ...]
"""What a variable is bound to: a term, or one of several."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A query in parts: ``clause`` is the keyword of its form and what it asks for, ``dataset`` the FROM clauses.

    ``pattern`` is the outermost group with its braces, ``modifiers`` stand between it and LIMIT, ``skip`` and
    ``most`` are OFFSET and LIMIT, ``values`` the block of values at the end, ``start`` is the pattern's offset in the
    text. The text of what is no query stands in ``prologue``, with an empty ``form``.
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
    start: int = 0

    @classmethod
    def of(cls, sparql: str) -> "Outline":
        """Return the parts of a query.

        >>> Outline.of("SELECT * FROM <urn:g> { ?s ?p ?o } ORDER BY ?s LIMIT 5").most
        5
        """
        outer = [token for token in tokens(sparql) if token.depth == 0]
        form = next((index for index, token in enumerate(outer) if token.is_word(*FORMS)), len(outer))
        rest = outer[form + 1 :]
        templated = bool(rest) and rest[0].text == "{" and outer[form].is_word("CONSTRUCT")
        rest = rest[2:] if templated else rest
        opening = next(
            (i for i, token in enumerate(rest) if token.text == "{" or token.is_word("VALUES")), -1
        )
        braces = rest[opening : opening + 2] if opening >= 0 and rest[opening].text == "{" else []
        if form == len(outer) or (braces and braces[-1].text != "}"):
            return cls(sparql)
        words = _Words(outer, len(sparql))
        at = outer[form].start
        # DESCRIBE alone can do without a pattern; its modifiers follow the names.
        end = braces[1].end if braces else words.first(at, *_MODIFIERS)
        start = braces[0].start if braces else end
        where = min(words.first(at, "WHERE"), start)
        source = min(words.first(at, "FROM"), where)
        clause = sparql[at:source]
        if outer[form].is_word("CONSTRUCT") and not templated:
            clause += sparql[start:end] + " "
        return cls(
            prologue=sparql[:at],
            form=outer[form].text.upper(),
            clause=clause,
            dataset=sparql[source:where],
            pattern=sparql[start:end],
            modifiers=sparql[end : words.first(end, "LIMIT", "OFFSET", "VALUES")],
            skip=words.number(end, "OFFSET") or 0,
            most=words.number(end, "LIMIT"),
            values=sparql[words.first(end, "VALUES") :],
            start=start,
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
        keys = " ".join(f"?{name}" for name in variables)
        order = " " if any(token.is_word("ORDER") for token in tokens(self.modifiers)) else " ORDER BY "
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

    One stands at the head of the query's pattern, others in the subqueries and inner groups whose expressions use the
    variable, which would not see the first; a value that a grouped query uses becomes one of its keys. The terms are
    written in the syntax of SPARQL (https://www.w3.org/TR/sparql11-query/#inline-data), so that no value can end the
    block.

    >>> print(bind("ASK { ?s ?p ?o }", {"o": ox.Literal('"} #')}))
    ASK  WHERE { VALUES ?o { "\\"} #" } ?s ?p ?o }
    """
    if not bindings:
        return sparql
    outline = Outline.of(sparql)
    if not outline.form:
        return sparql
    text = str(replace(outline, pattern=outline.pattern or "{ }"))
    pieces, done = [], 0
    for place, added in sorted(_insertions(_groups(text), bindings)):
        pieces += [text[done:place], added]
        done = place
    return "".join([*pieces, text[done:]])


def in_written_order(sparql: str, columns: list[str]) -> list[str]:
    """Return the columns of an answer as its query names them first; Oxigraph sorts those of ``SELECT *``.

    >>> in_written_order("SELECT * { ?who ht:undertakes ?project }", ["project", "who"])
    ['who', 'project']
    """
    outline = Outline.of(sparql)
    if "*" not in (token.text for token in tokens(outline.clause) if token.depth == 0):
        return columns
    written = {name: place for place, name in enumerate(variables(tokens(outline.pattern + outline.values)))}
    return sorted(columns, key=lambda name: written.get(name, len(written)))


@dataclass(slots=True)
class _Group:
    """Braces of a query, or all of it: what they hold, the offset behind the brace, and the variables in them.

    ``kind`` is ``query`` (or subquery), ``pattern`` (of one), ``group``, ``exists``, ``data``, ``template``, or ``(``
    for brackets. ``used`` are the variables of its own expressions, ``matched`` its other ones, ``mentioned`` all in
    it, and ``assigned`` those that get their value by AS in it. ``keys`` is where the keys of its GROUP BY begin.
    """

    kind: str
    start: int
    around: "_Group | None" = None
    used: set[str] = field(default_factory=set)
    matched: set[str] = field(default_factory=set)
    mentioned: set[str] = field(default_factory=set)
    assigned: set[str] = field(default_factory=set)
    keys: int | None = None
    grouped: bool = False


def _groups(text: str) -> list[_Group]:
    """Return the groups of a query in the order in which they open, itself first."""
    groups = [_Group("group", 0)]
    around = groups[:]
    word = ""
    for token in tokens(text):
        if token.text in ("(", "{"):
            kind = "(" if token.text == "(" else _kind(word, around)
            around.append(_Group(kind, token.end, around[-1]))
            groups += around[-1:] if kind != "(" else []
            word = word if kind == "(" else ""
        elif token.text in (")", "}"):
            del around[max(len(around) - 1, 1) :]
            word = word if word == "VALUES" else ""
        elif token.kind == "variable":
            name = token.text[1:]
            own = next(group for group in reversed(around) if group.kind != "(")
            (own.used if around[-1].kind == "(" and word not in ("AS", "VALUES") else own.matched).add(name)
            for group in around:
                (group.assigned if word == "AS" else group.mentioned).add(name)
        elif token.kind == "word":
            before, word = word, token.text.upper()
            if word in FORMS and around[-1].kind in ("group", "exists"):
                around[-1].kind = "query"
            elif around[-1].kind == "query" and (before, word) == ("GROUP", "BY"):
                around[-1].keys, around[-1].grouped = token.end, True
            elif around[-1].kind == "query" and word == "HAVING" and not around[-1].grouped:
                around[-1].keys = token.start
    return groups


def _kind(word: str, around: list[_Group]) -> str:
    """Return what braces hold, by the word before them and what is open around them."""
    if word in ("VALUES", "CONSTRUCT", "EXISTS"):
        return {"VALUES": "data", "CONSTRUCT": "template", "EXISTS": "exists"}[word]
    if around[-1].kind == "query":
        return "pattern"
    scope = next(group.kind for group in reversed(around) if group.kind in ("exists", "pattern", "query"))
    return "exists" if scope == "exists" else "group"


def _insertions(groups: list[_Group], bindings: Mapping[str, Value]) -> Iterator[tuple[int, str]]:
    """Return what has to be added to a query, with the offsets."""
    for group in groups:
        outer = group.around
        if group.kind == "pattern" and outer is groups[0]:
            needed = set(bindings)
        elif group.kind == "pattern" and outer:
            needed = outer.mentioned - outer.assigned
        else:
            # What a group matches itself is joined with the outer one, and Virtuoso is slow with two; what EXISTS
            # holds sees the values around it.
            needed = group.used - group.matched if group.kind == "group" else set()
        for name in bindings:
            if name in needed:
                yield group.start, _values(name, bindings[name])
        keys = [name for name in bindings if name in group.used | group.matched - group.assigned]
        keys = [name for name in keys if not isinstance(bindings[name], tuple)]
        if keys and group.kind == "query" and group.keys is not None:
            names = " ".join(f"?{name}" for name in keys)
            yield group.keys, f" {names} " if group.grouped else f"GROUP BY {names} "


def _values(name: str, value: Value) -> str:
    terms = value if isinstance(value, tuple) else (value,)
    return f" VALUES ?{name} {{ {' '.join(map(str, terms))} }}"


@dataclass(frozen=True, slots=True)
class _Words:
    """The tokens outside of all brackets of a text of some length."""

    outer: list[Token]
    length: int

    def first(self, after: int, *words: str) -> int:
        """Return the offset of the first of some words from an offset on, else the end of the text."""
        starts = (token.start for token in self.outer if token.start >= after and token.is_word(*words))
        return next(starts, self.length)

    def number(self, after: int, word: str) -> int | None:
        """Return the number that follows a word."""
        for token, number in pairwise(self.outer):
            if token.start >= after and token.is_word(word) and number.text.isdecimal():
                return int(number.text)
        return None


def _slice(skip: int, most: int | None) -> str:
    # What stands before may end in a comment.
    return (f"\nLIMIT {most}\n" if most is not None else "") + (f"\nOFFSET {skip}\n" if skip else "")
