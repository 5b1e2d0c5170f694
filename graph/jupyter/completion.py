"""Completion in the cells of ``%%sparql``, for people who know names and not IRIs.

========================  ============================================================
before the cursor         what is offered
========================  ============================================================
``ht:承``, ``ht:und``     classes and properties of the ontology, by name or label
``"华翔``                 names and aliases of the graph, as ``"华翔集团"@zh``
``<华翔``, ``华翔``       things of the graph, as IRIs
``?p``                    variables of the cell
``sel``, ``sk``           words of SPARQL, prefixes
``--view g``, ``--pa``    options of the magic and their values
``%sparql run list_``     the queries that come with Hongtu, and their parameters
``kg.who("华``            in Python, where ``kg`` is a graph: its names
========================  ============================================================
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

import pyoxigraph as ox
from IPython.core.completer import (
    CompletionContext,
    SimpleCompletion,
    SimpleMatcherResult,
    context_matcher,
)
from IPython.core.interactiveshell import InteractiveShell
from rdflib.namespace import DCTERMS, GEO, ORG, OWL, PROV, QB, RDF, RDFS, SDO, SH, SKOS, XSD

from hongtu.graph.endpoint import Endpoint
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.queries import internal_query, query_names, read_query
from hongtu.graph.sparql.tokens import tokens
from hongtu.graph.terms import compact_iri
from hongtu.loaders.errors import HongtuError
from hongtu.loaders.language import language, say
from hongtu.ontology.namespace import PREFIXES, read_turtle

_MOST = 50
"""How many names are offered at most; more are no help."""

# What is closed is passed over; what is open at the end is what the cursor stands in.
_TOKEN = re.compile(
    r"""(?P<closed>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>|\#[^\n]*\n)
    |(?P<string>"(?:[^"\\\n]|\\.)*\Z|'(?:[^'\\\n]|\\.)*\Z)|(?P<iri><[^<>"{}|^`\\\s]*\Z)
    |\#[ \t]*view[ \t]*:[ \t]*(?P<view>\w*)\Z|(?P<comment>\#[^\n]*\Z)""",
    re.VERBOSE | re.IGNORECASE,
)
_WORD = re.compile(r"[?$]\w*\Z|\w*:[\w.-]*\Z|\w+\Z")
_CELL = re.compile(r"\s*%%sparql\b(.*)")
_LINE = re.compile(r"\s*(?:\w+\s*=\s*)?%sparql\b(.*)")
_KG = re.compile(r"--kg\s+[\"']?(\w+)")
_CALL = re.compile(r"""\b(?P<kg>\w+)\.\w+\([^()\n]*?(?P<quote>["'])(?P<typed>[^"'\n]*)\Z""")
"""A call of a graph's method, up to the cursor in its string."""
_BREAK = re.compile(r"(?<=[^\s\x00-\x7f])(?=\S)|(?<=\S)(?=[^\s\x00-\x7f])")
"""Where a line may break beside a Chinese character."""
_AFTER_A = re.compile(r"(?:\ba|rdf:type)\s+\Z")

_KEYWORDS = re.findall(
    r"\S+(?: BY)?",
    """ABS( ASC( ASK AVG( BIND( BOUND( CEIL( COALESCE( CONCAT( CONSTRUCT CONTAINS( COUNT( DATATYPE( DESC( DESCRIBE
    DISTINCT EXISTS FILTER( FLOOR( FROM GRAPH GROUP BY GROUP_CONCAT( HAVING( IF( IN IRI( ISIRI( ISLITERAL( LANG( LCASE(
    LIMIT MAX( MIN( MINUS NAMED NOT OFFSET OPTIONAL ORDER BY PREFIX REGEX( REPLACE( ROUND( SAMPLE( SELECT SERVICE STR(
    STRAFTER( STRBEFORE( STRENDS( STRLEN( STRSTARTS( SUBSTR( SUM( UCASE( UNION VALUES WHERE YEAR(""",
)

_VOCABULARIES = {str(one): one for one in (DCTERMS, GEO, ORG, OWL, PROV, QB, RDF, RDFS, SDO, SH, SKOS, XSD)}


class Candidate(NamedTuple):
    """What is offered: the text in place of what was typed, and what it is, for the user to read."""

    text: str
    about: str


class _Name(NamedTuple):
    """A name or alias of a thing, as the store has it."""

    text: str
    literal: ox.Literal
    thing: ox.NamedNode
    about: str


class SparqlCompleter:
    """The matcher of a shell.

    :param graph: gives the graph that a cell would ask.
    :param options: options of the magic with their help, and ``views``, the values of ``--view``.
    """

    def __init__(
        self,
        shell: InteractiveShell,
        graph: Callable[[], KnowledgeGraph],
        options: Mapping[str, str],
        views: Sequence[str],
    ) -> None:
        """Serve a shell; :meth:`register` makes it ask."""
        self._shell, self._graph, self._options, self._views = shell, graph, options, views
        self._asked: str | None = None

    def register(self) -> None:
        """Have the shell ask this completer, and no earlier one."""
        matchers = self._shell.Completer.custom_matchers
        matchers[:] = [
            one for one in matchers if not isinstance(getattr(one, "__self__", None), SparqlCompleter)
        ]
        matchers.append(self.match)

    @context_matcher(priority=200, identifier="hongtu.sparql")  # type: ignore[untyped-decorator]
    def match(self, context: CompletionContext) -> SimpleMatcherResult:
        """Return what fits at the cursor, in order of use; nothing outside of the magic."""
        before = "\n".join([*context.full_text.split("\n")[: context.cursor_line], context.text_until_cursor])
        after = context.line_with_cursor[context.cursor_position :]
        fragment, candidates = self.candidates(before, after, context.full_text)
        return {
            "completions": [SimpleCompletion(text, type=_unbroken(about)) for text, about in candidates],
            "matched_fragment": fragment,
            "suppress": True,
            "ordered": True,
        }

    def candidates(self, before: str, after: str, cell: str) -> tuple[str, list[Candidate]]:
        """Return what was typed of a word, and what may stand in its place.

        :param before: the cell up to the cursor; ``after``: the rest of its line; ``cell``: all of it.
        """
        if head := _CELL.match(cell):
            kg = _KG.search(head[1])
            self._asked = kg[1] if kg else None
            if "\n" not in before.lstrip():
                return self._of_options(head[1][: len(before) - head.start(1)], cell[head.end() :])
            return self._of_query(before[head.end() :], after, cell[head.end() :])
        self._asked = None
        if line := _LINE.match(before.rpartition("\n")[2]):
            fragment, found = self._of_options(line[1], line[1] + after)
            words = line[1].split()
            if found or "run" in words[:1]:
                return fragment, found
            return self._of_query(line[1], after, line[1] + after)
        call = _CALL.search(before)
        if call and call["kg"] in graph_variables(self._shell):
            self._asked = call["kg"]
            names = [name for name in self._names(call["typed"]) if call["quote"] not in name.text]
            return call["typed"], [Candidate(name.text, name.about) for name in names]
        return "", []

    def _of_options(self, line: str, query: str) -> tuple[str, list[Candidate]]:
        *earlier, word = line.split(" ")
        earlier = [one for one in earlier if one]
        previous = earlier[-1] if earlier else ""
        if previous in ("--view", "-v"):
            return word, [
                Candidate(view, say("视图", "view")) for view in self._views if view.startswith(word)
            ]
        if previous == "--kg":
            graphs = graph_variables(self._shell)
            return word, [Candidate(name, say("图谱", "graph")) for name in graphs if name.startswith(word)]
        if previous == "--param":
            return word, [Candidate(name, "?" + name) for name in variables(query) if name.startswith(word)]
        if earlier[:1] == ["run"]:
            return self._of_run(earlier[1:], word)
        if word.startswith("-") or (not word and not earlier):
            return word, [
                Candidate(name, about) for name, about in self._options.items() if name.startswith(word)
            ]
        return word, []

    def _of_run(self, earlier: list[str], word: str) -> tuple[str, list[Candidate]]:
        if not earlier:
            return word, [
                Candidate(name, read_query(name).title) for name in query_names() if name.startswith(word)
            ]
        parameter, equals, value = word.partition("=")
        if equals:
            return value, [Candidate(name.text, name.about) for name in self._names(value)] if value else []
        known = read_query(earlier[0]).parameters if earlier[0] in query_names() else ()
        return word, [Candidate(f"{one.name}=", one.kind) for one in known if one.name.startswith(parameter)]

    def _of_query(self, before: str, after: str, query: str) -> tuple[str, list[Candidate]]:
        last = None
        for last in _TOKEN.finditer(before):  # noqa: B007 - the last one tells where the cursor stands
            pass
        if last and last.end() == len(before) and not last["closed"]:
            return self._of_open_token(last, after)
        word = _WORD.search(before)
        if not word:
            return "", []
        typed = word[0]
        if typed[0] in "?$":
            names = [name for name in variables(query) if name.startswith(typed[1:]) and name != typed[1:]]
            return typed, [Candidate(typed[0] + name, say("变量", "variable")) for name in names]
        prefix, colon, local = typed.partition(":")
        if colon:
            return typed, _of_namespace(
                prefix, local, only_classes=bool(_AFTER_A.search(before[: word.start()]))
            )
        found = [Candidate(one, "SPARQL") for one in _KEYWORDS if one.startswith(typed.upper())]
        found += [Candidate(f"{one}:", iri) for one, iri in PREFIXES.items() if one.startswith(typed.lower())]
        found += _of_namespace("ht", typed)
        if not typed.isascii():
            found += [Candidate(str(name.thing), name.about) for name in self._names(typed)]
        return typed, found

    def _of_open_token(self, token: re.Match[str], after: str) -> tuple[str, list[Candidate]]:
        if token["string"]:
            typed = token["string"]
            closed = after.startswith(typed[0])
            return typed, [
                # An editor that has closed the string keeps its quote.
                Candidate(typed[0] + name.text if closed else str(name.literal), name.about)
                for name in self._names(typed[1:])
            ]
        if token["iri"]:
            names = self._names(token["iri"][1:])
            closed = after.startswith(">")
            return token["iri"], [
                Candidate(str(name.thing)[: -1 if closed else None], name.about) for name in names
            ]
        if token["view"] is not None:
            return token["view"], [
                Candidate(view, say("视图", "view")) for view in self._views if view.startswith(token["view"])
            ]
        return "", []

    def _names(self, typed: str) -> list[_Name]:
        """Return the names that hold what was typed: those that begin with it first, shorter ones first."""
        named = self._shell.user_ns.get(self._asked or "")
        try:
            known = _names_of(named if isinstance(named, KnowledgeGraph) else self._graph())
        except HongtuError:
            return []
        wanted = typed.casefold()
        found = [name for name in known if wanted in name.text.casefold()]
        found.sort(key=lambda name: (not name.text.casefold().startswith(wanted), len(name.text), name.text))
        return found[:_MOST]


def _unbroken(text: str) -> str:
    """Return a text that does not break into lines: JupyterLab's list is as narrow as its shortest unbroken piece."""
    return _BREAK.sub("\N{WORD JOINER}", text.replace(" ", "\N{NO-BREAK SPACE}"))


def graph_variables(shell: InteractiveShell) -> list[str]:
    """Return the names of a shell's variables that hold a graph, in the order in which they came up."""
    return [
        name
        for name, value in shell.user_ns.items()
        if isinstance(value, KnowledgeGraph) and not name.startswith("_")
    ]


def variables(sparql: str) -> list[str]:
    """Return the names of a query's variables, in order; what stands in strings, IRIs and comments is none.

    >>> variables('SELECT ?who { ?who ht:undertakes ?what FILTER(?what != "?text") }')
    ['who', 'what']
    """
    return list(dict.fromkeys(token.text[1:] for token in tokens(sparql) if token.kind == "variable"))


_known_names: WeakKeyDictionary[KnowledgeGraph, tuple[int, list[_Name]]] = WeakKeyDictionary()


def _names_of(kg: KnowledgeGraph) -> list[_Name]:
    """Return all names of a graph, read once until it grows or shrinks; none of a remote one, which may hold millions."""
    if isinstance(kg.backend, Endpoint):
        return []
    size = len(kg.store)
    if kg not in _known_names or _known_names[kg][0] != size:
        _known_names[kg] = size, list(_read_names(kg))
    return _known_names[kg][1]


def _read_names(kg: KnowledgeGraph) -> Iterable[_Name]:
    kinds = {term.text: term for term in _ontology()}
    names: dict[tuple[str, str], _Name] = {}
    for row in kg.solutions(internal_query("list_names")):
        kind = kinds.get(compact_iri(row["type"].value))
        label = row["label"]
        for name in (label, row["alias"]):
            if name is not None:
                about = kind.label if kind else ""
                about += (
                    "" if name == label else say(f" · {label.value} 的别名", f" · alias of {label.value}")
                )
                names.setdefault(
                    (name.value, row["thing"].value), _Name(name.value, name, row["thing"], about)
                )
    return names.values()


class _Term(NamedTuple):
    """A term of the ontology: its prefixed name, whether it is a class, its labels by language."""

    text: str
    is_class: bool
    labels: dict[str, str]

    @property
    def label(self) -> str:
        return self.labels.get(language()) or next(iter(self.labels.values()), "")


@cache
def _ontology() -> list[_Term]:
    """Return the terms of the ontology, classes first, in the order in which it tells them."""
    terms: dict[str, _Term] = {}
    for triple in ox.parse(read_turtle("hongtu"), ox.RdfFormat.TURTLE):
        text = compact_iri(triple.subject.value)
        if not text.startswith("ht:"):
            continue
        if triple.predicate.value == str(RDF.type):
            kind = triple.object.value
            terms.setdefault(text, _Term(text, kind == str(OWL.Class), {}))
        elif triple.predicate.value == str(RDFS.label) and text in terms:
            terms[text].labels[triple.object.language] = triple.object.value
    return sorted(terms.values(), key=lambda term: not term.is_class)


@cache
def _divisions() -> list[_Term]:
    """Return the classes of GB/T 4754."""
    found = []
    for triple in ox.parse(read_turtle("industries"), ox.RdfFormat.TURTLE):
        text = compact_iri(triple.subject.value)
        if text.startswith("gbt:") and triple.predicate.value == str(SKOS.prefLabel):
            found.append(_Term(text, False, {triple.object.language: triple.object.value}))
    return found


def _fits(typed: str, label: str) -> bool:
    """Tell whether a label holds Chinese characters, or has a word that begins with Latin ones."""
    return any(word.startswith(typed) for word in label.split()) if typed.isascii() else typed in label


def _of_namespace(prefix: str, typed: str, *, only_classes: bool = False) -> list[Candidate]:
    """Return the terms of a namespace whose name begins with what was typed, or whose label holds it."""
    wanted = typed.casefold()
    if prefix in ("ht", "gbt"):
        terms = _ontology() if prefix == "ht" else _divisions()
        return [
            Candidate(term.text, (say("类 ", "class ") if term.is_class else "") + term.label)
            for term in terms
            if (term.is_class or not only_classes)
            and (
                term.text.partition(":")[2].casefold().startswith(wanted)
                or any(_fits(wanted, label.casefold()) for label in term.labels.values())
            )
        ]
    namespace = PREFIXES.get(prefix, "")
    names = sorted(str(term).removeprefix(namespace) for term in dir(_VOCABULARIES.get(namespace, ())))
    if namespace not in _VOCABULARIES:
        return []
    return [Candidate(f"{prefix}:{name}", namespace) for name in names if name.casefold().startswith(wanted)][
        :_MOST
    ]
