"""Errors that help: where a query is broken and what was likely meant, and names that no vocabulary has.

Why a query that is whole finds nothing is told by :mod:`hongtu.graph.sparql.emptiness`.
"""

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from unicodedata import east_asian_width

from rdflib.namespace import DCTERMS, ORG, OWL, PROV, QB, RDF, RDFS, SH, SKOS

from hongtu.graph.sparql.breaks import Break, find_break
from hongtu.graph.sparql.mending import find_mends
from hongtu.graph.sparql.tokens import FORMS, Token, tokens
from hongtu.graph.terms import compact_iri
from hongtu.loaders.language import say
from hongtu.ontology.namespace import HT, PREFIXES

_VOCABULARIES = {str(one): one for one in (HT, DCTERMS, ORG, OWL, PROV, QB, RDF, RDFS, SH, SKOS)}

_HINTS: tuple[tuple[Callable[[Break], bool], str, str], ...] = (
    (
        lambda broken: not broken.tokens,
        "查询是空的；例如 SELECT ?who { ?who a ht:Enterprise }",
        "the query is empty; an example: SELECT ?who { ?who a ht:Enterprise }",
    ),
    (
        lambda broken: broken.at(0).text.upper() in ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE"),
        "这里只能查询（SELECT、ASK、CONSTRUCT、DESCRIBE），不能修改",
        "this place only asks (SELECT, ASK, CONSTRUCT, DESCRIBE), it does not change the graph",
    ),
    (
        lambda broken: not any(token.is_word(*FORMS) for token in broken.tokens),
        "这不是 SPARQL；不写 SPARQL 的问法：kg.ask()、kg.find('…')、kg.who()",
        "this is no SPARQL; questions without it: kg.ask(), kg.find('…'), kg.who()",
    ),
    (
        lambda broken: "Prefix not found" in broken.message,
        f"前缀没有声明；已知的有 {' '.join(PREFIXES)}，其他的要在开头写 PREFIX 名: <IRI>",
        f"the prefix is not declared; known are {' '.join(PREFIXES)}, others need PREFIX name: <IRI> at the head",
    ),
    (
        lambda broken: "IRI parsing failed" in broken.message,
        "尖括号里要写完整的 IRI（https://…）；ht:within 这样的简写不要尖括号",
        "angle brackets hold a whole IRI (https://…); a short form such as ht:within stands without them",
    ),
    (
        lambda broken: "Duplicated variable" in broken.message,
        "SELECT 里有一个变量写了两次",
        "a variable stands twice in SELECT",
    ),
    (
        lambda broken: "VALUES clause rows" in broken.message,
        "VALUES 每行的值要和变量一样多；没有值的写 UNDEF",
        "each row of VALUES has as many values as there are variables; UNDEF stands for none",
    ),
    (
        lambda broken: broken.index >= len(broken.tokens),
        "查询没有写完",
        "the query is not finished",
    ),
    (
        lambda broken: (
            broken.token.text in (".", ";", ",", "}") and broken.before.text not in (".", ";", "}")
        ),
        "这之前的模式不完整：一个模式是“主语 谓语 宾语”三部分",
        "the pattern before this place is not whole: it takes a subject, a predicate and an object",
    ),
)
"""What to say where no mend is found: the first that applies."""


def explain_syntax(sparql: str, error: SyntaxError) -> str:
    """Return what is wrong with a query that does not parse: line, column, the line itself, and the likely mend.

    A mend is only told when the mended query parses.

    :param error: as Oxigraph raised it for this query, perhaps with values bound.
    :return: a message of several lines, in the user's language. Columns count characters from 1.

    >>> print(explain_syntax("ASK { ?a = ?b }", SyntaxError()))
    the query is broken at line 1, column 10: a pattern has no equals sign; compare by FILTER(?a = ?b)
        ASK { ?a = ?b }
                 ^
    did you mean:
        ASK { FILTER(?a = ?b) }
    """
    broken = find_break(sparql)
    if broken is None:
        return say(f"查询写错了：{error.msg}", f"the query is broken: {error.msg}")
    mends = find_mends(broken) or []
    place = broken.start if not mends or mends[0].place is None else mends[0].place
    reasons = say("；", "; ").join(mend.reason for mend in mends)
    line, column = _position(sparql, place)
    message = [
        say(
            f"查询第 {line} 行第 {column} 列写错了：",
            f"the query is broken at line {line}, column {column}: ",
        )
        + (reasons or _hint(broken)),
        *_shown(sparql, line, column),
    ]
    if mends:
        mended = sparql
        for mend in mends:
            mended = mend.on(mended)
        message += [
            say("是不是要写：", "did you mean:"),
            *(f"    {line}" for line in _changed(sparql, mended)),
        ]
    return "\n".join(message)


def _position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of an offset, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _shown(text: str, line: int, column: int) -> list[str]:
    """Return a line and, below it, a caret under a column; characters of full width take two cells."""
    shown = text.split("\n")[line - 1].rstrip("\r").replace("\t", " ")
    cells = sum(2 if east_asian_width(character) in "WF" else 1 for character in shown[: column - 1])
    return [f"    {shown}", f"    {' ' * cells}^"]


def _changed(before: str, after: str) -> list[str]:
    """Return the lines that a mend changed; all of a short query."""
    old, new = before.splitlines(), [line.rstrip() for line in after.splitlines()]
    if len(new) <= 4:
        return new
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    return [
        line for tag, _, _, start, end in matcher.get_opcodes() if tag != "equal" for line in new[start:end]
    ]


def _hint(broken: Break) -> str:
    for applies, zh, en in _HINTS:
        if applies(broken):
            return say(zh, en)
    word = broken.token.text[:40]
    return say(f"“{word}”不能写在这里", f"“{word}” cannot stand here")


@dataclass(frozen=True, slots=True)
class UnknownTerm:
    """A name in a query that its vocabulary does not have. ``line`` and ``column`` count from 1."""

    term: str
    line: int
    column: int
    nearest: tuple[str, ...]

    def __str__(self) -> str:
        told = say(
            f"第 {self.line} 行第 {self.column} 列：没有 {self.term} 这个词",
            f"line {self.line}, column {self.column}: there is no term {self.term}",
        )
        if self.nearest:
            told += say("，最接近的有 ", ", the nearest are ") + " ".join(self.nearest)
        return told


def unknown_terms(sparql: str) -> list[UnknownTerm]:
    """Return the names of a query that their vocabulary does not have, with the nearest ones, in the order of the text.

    Looked at are the closed vocabularies: Hongtu's own, and the W3C's and Dublin Core's.

    >>> print(*unknown_terms("SELECT ?a { ?a ht:undertake ?b }"))
    line 1, column 16: there is no term ht:undertake, the nearest are ht:undertakes ht:undertakenBy
    """
    found = tokens(sparql)
    declared = dict(PREFIXES) | {
        name.text[:-1]: iri.text[1:-1]
        for word, name, iri in zip(found, found[1:], found[2:], strict=False)
        if word.is_word("PREFIX") and name.kind == "name" and iri.kind == "iri"
    }
    unknown = []
    for token in found:
        for namespace, local in _spelt(token, declared):
            vocabulary = _VOCABULARIES[namespace]
            if not local or local in vocabulary or (vocabulary is RDF and local.startswith("_")):
                continue
            near = {(name := str(term).removeprefix(namespace)).lower(): name for term in dir(vocabulary)}
            close = difflib.get_close_matches(local.lower(), near, n=3, cutoff=0.75)
            unknown.append(
                UnknownTerm(
                    token.text,
                    *_position(sparql, token.start),
                    tuple(compact_iri(namespace + near[name]) for name in close),
                )
            )
    return unknown


def _spelt(token: Token, declared: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Return the vocabulary and local name that a token spells, when the vocabulary is a closed one."""
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        if declared.get(prefix) in _VOCABULARIES:
            yield declared[prefix], local
    elif token.kind == "iri":
        # <ht:within> is no short form but an IRI of its own; the brackets are one too many.
        prefix, _, local = token.text[1:-1].partition(":")
        if declared.get(prefix) in _VOCABULARIES:
            yield declared[prefix], f"{local}>"
        for namespace in _VOCABULARIES:
            if token.text[1:-1].startswith(namespace):
                yield namespace, token.text[1 + len(namespace) : -1]
