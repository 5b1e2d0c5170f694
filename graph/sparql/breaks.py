"""Where the text of a query breaks.

Oxigraph's parser names the furthest place that it looked at, which may lie behind several tokens that fit. With wide
gaps between all tokens, this place lies within the first token that does not fit.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import pyoxigraph as ox

from hongtu.graph.sparql.tokens import Token, may_overflow, tokens
from hongtu.ontology.namespace import PREFIXES

GLUED = ("CONCAT", "COALESCE")
"""Functions whose bracket Oxigraph wants right behind the name."""

_GAP = " " * 32
_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Break:
    """Where a text breaks: its tokens, the index of the first that does not fit, and what the parser says.

    The index is the number of tokens when the text ends too early.
    """

    text: str
    tokens: list[Token] = field(repr=False)
    index: int
    message: str

    @property
    def token(self) -> Token:
        """The token that does not fit; at the end of the text an empty one."""
        return self.at(self.index)

    @property
    def before(self) -> Token:
        """The token before it."""
        return self.at(self.index - 1)

    @property
    def start(self) -> int:
        """The offset of the place."""
        return self.token.start

    def at(self, index: int) -> Token:
        """Return a token by its index, an empty one outside of the text."""
        if 0 <= index < len(self.tokens):
            return self.tokens[index]
        return Token("", (self.tokens[-1].end if self.tokens else 0) if index >= 0 else 0, "")


def find_break(sparql: str) -> Break | None:
    """Return where a text breaks; ``None`` when it is a query.

    >>> find_break("SELECT ?a WHERE { ?a = ?b }").token.text
    '='
    """
    if _parse(sparql) is None:
        return None
    found = tokens(sparql)
    parts = [_GAP, *(token.text if token.is_word(*GLUED) else token.text + _GAP for token in found)]
    places = list(accumulate(map(len, parts)))
    padded = "".join(parts)
    opened = next((index for index, token in enumerate(found) if token.kind == "open"), len(found))
    error = _parse(padded)
    if error is None:
        # Only blanks were wrong: a string that goes on, or the one before a bracket.
        blanks = (
            index
            for index, (word, token) in enumerate(pairwise(found), 1)
            if word.is_word(*GLUED) and token.start > word.end
        )
        return Break(sparql, found, opened if opened < len(found) else next(blanks, len(found)), "")
    match = _PLACE.search(error)
    if match is None:
        return Break(sparql, found, len(found), error)
    lines = padded.split("\n")[: int(match[1]) - 1]
    offset = sum(len(line) + 1 for line in lines) + int(match[2]) - 1
    at_end = offset >= len(padded)
    index = len(found) if at_end else max(bisect_right(places, offset) - 1, 0)
    return Break(sparql, found, min(index, opened), match[3])


def _parse(sparql: str) -> str | None:
    """Return Oxigraph's complaint about a text, ``None`` when it is a query, or too deep to be read here."""
    if may_overflow(sparql):
        return None
    try:
        # Two ways to say what the default graph is: what parses is refused before it is planned, which can take
        # minutes, or evaluated, which can call a service.
        ox.Store().query(
            sparql, prefixes=PREFIXES, use_default_graph_as_union=True, default_graph=ox.DefaultGraph()
        )
    except SyntaxError as error:
        return str(error.msg)
    except ValueError:
        return None
    raise AssertionError("unreachable")
