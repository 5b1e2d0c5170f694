"""A group of a query in pieces, as they stand in its text: triple patterns, filters, and all else as it is.

The pieces are asked again by :mod:`hongtu.graph.sparql.emptiness`, so nothing but whole pieces of the user's own text matters.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from hongtu.graph.sparql.tokens import Token, closing, tokens, variables

_BLOCKS = {
    "OPTIONAL": "optional",
    "MINUS": "minus",
    "GRAPH": "graph",
    "SERVICE": "service",
    "LATERAL": "group",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a group, as it stands in the text.

    ``kind`` is ``triple``, ``filter``, ``optional``, ``minus``, ``graph``, ``service``, ``bind``, ``values`` or
    ``group``; a triple has ``parts``: subject, predicate (or path) and object. ``start`` is its offset.
    """

    text: str
    kind: str
    start: int
    parts: tuple[str, str, str] | None = None

    @property
    def tokens(self) -> list[Token]:
        """Its tokens."""
        return tokens(self.text)

    @property
    def variables(self) -> set[str]:
        """The variables in it, without their mark."""
        return set(variables(self.tokens))


def split_group(group: str, start: int = 0) -> list[Piece]:
    """Return the pieces of a group, the text between two braces.

    :param start: offset of the group in the query, which the pieces' offsets count from.

    >>> [piece.text for piece in split_group("?a ht:within ?b ; a ht:Location FILTER(?b != ?a)")]
    ['?a ht:within ?b', '?a a ht:Location', 'FILTER(?b != ?a)']
    """
    found = tokens(group)
    pieces: list[Piece] = []
    index = 0
    while index < len(found):
        if found[index].text == ".":
            index += 1
            continue
        end, kind = _extent(found, index)
        if kind == "triple":
            pieces += _triples(group, found[index:end], start)
        else:
            last = min(end, len(found)) - 1
            text = group[found[index].start : found[last].end]
            pieces.append(Piece(text, kind, start + found[index].start))
        index = end
    return pieces


def _extent(found: list[Token], index: int) -> tuple[int, str]:
    """Return the index behind an element of a group, and its kind."""

    def behind(mark: str, at: int) -> int:
        while at < len(found) and found[at].text != mark:
            at += 1
        return min(closing(found, at) + 1, len(found)) if at < len(found) else len(found)

    token = found[index]
    if token.is_word("FILTER"):
        return behind("{" if _is_exists(found, index + 1) else "(", index), "filter"
    if token.is_word("BIND"):
        return behind("(", index), "bind"
    if token.is_word("VALUES"):
        return behind("{", index), "values"
    if token.is_word(*_BLOCKS):
        return behind("{", index), _BLOCKS[token.text.upper()]
    if token.text == "{":
        end = behind("{", index)
        while end < len(found) and found[end].is_word("UNION"):
            end = behind("{", end)
        return end, "group"
    end = index + 1
    while end < len(found) and not (found[end].depth == token.depth and _ends_triples(found[end])):
        end += 1
    return end, "triple"


def _ends_triples(token: Token) -> bool:
    return token.text in (".", "{") or token.is_word("FILTER", "BIND", "VALUES", *_BLOCKS)


def _is_exists(found: list[Token], index: int) -> bool:
    return any(token.is_word("EXISTS") for token in found[index : index + 2]) and found[index].text != "("


def _triples(text: str, found: list[Token], start: int) -> Iterator[Piece]:
    """Return the triple patterns of tokens that share a subject; what holds blank nodes stays in one."""

    def words(some: list[Token]) -> str:
        return text[some[0].start : some[-1].end]

    # What stands in << and >> is a triple too.
    if (
        any(token.text in ("[", "<") or token.text.startswith("_:") for token in found)
        or found[0].text == "("
    ):
        yield Piece(words(found), "triple", start + found[0].start)
        return
    subject = found[0].text
    for shared in _split(found[1:], ";"):
        predicate: list[Token] = []
        for number, chunk in enumerate(_split(shared, ",")):
            last = _last_term(chunk)
            if number == 0:
                predicate = chunk[:last]
            if not predicate or not chunk[last:]:
                continue
            parts = subject, words(predicate), words(chunk[last:])
            yield Piece(
                " ".join(parts), "triple", start + (predicate if number == 0 else chunk)[0].start, parts
            )


def _split(found: list[Token], mark: str) -> Iterator[list[Token]]:
    """Return what stands between the marks that no bracket holds."""
    places = [i for i, token in enumerate(found) if token.text == mark and token.depth == found[0].depth]
    for start, end in pairwise([-1, *places, len(found)]):
        if found[start + 1 : end]:
            yield found[start + 1 : end]


def _last_term(chunk: list[Token]) -> int:
    """Return where the last term of some tokens begins: a collection, a typed literal or a signed number is one."""
    last = len(chunk) - 1
    if chunk[last].text == ")":
        opening = (
            i for i in range(last, -1, -1) if chunk[i].text == "(" and chunk[i].depth == chunk[last].depth
        )
        return next(opening, 0)
    if last > 1 and chunk[last - 1].text == "^^":
        return last - 2
    signed = last > 0 and chunk[last - 1].text in ("-", "+") and chunk[last].kind == "number"
    return last - signed
