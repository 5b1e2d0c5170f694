"""Where the text of a query breaks.

Oxigraph's parser names the furthest place that it looked at, which may lie behind several tokens that fit. With wide
gaps between all tokens, this place lies within the first token that does not fit.
"""

import re
from dataclasses import dataclass, field

import pyoxigraph as ox

from hongtu.graph.sparql.tokens import Token, tokens
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
    error = _parse(sparql)
    if error is None:
        return None
    found = tokens(sparql)
    places, padded = [], _GAP
    for token in found:
        places.append(len(padded))
        padded += token.text if token.is_word(*GLUED) else token.text + _GAP
    error = _parse(padded)
    opened = next((index for index, token in enumerate(found) if token.kind == "open"), None)
    if error is None:
        # Only blanks were wrong: a string that goes on, or the one before a bracket.
        glued = (index + 1 for index, token in enumerate(found) if token.is_word(*GLUED))
        blank = (index for index in glued if index < len(found) and found[index].start > found[index - 1].end)
        return Break(sparql, found, next(blank, len(found)) if opened is None else opened, "")
    match = _PLACE.search(error)
    if match is None:
        return Break(sparql, found, len(found), error)
    lines = padded.split("\n")[: int(match[1]) - 1]
    offset = sum(len(line) + 1 for line in lines) + int(match[2]) - 1
    index = sum(place <= offset for place in places) - 1
    at_end = offset >= len(padded)
    if opened is not None and opened <= index:
        index, at_end = opened, False
    return Break(sparql, found, len(found) if at_end else max(index, 0), match[3])


def _parse(sparql: str) -> str | None:
    """Return Oxigraph's complaint about a text, ``None`` when it is a query. Nothing is asked of anyone."""
    found = tokens(sparql)
    for token in reversed(found):
        # A SERVICE would be called at once; a GRAPH has the same grammar.
        if token.is_word("SERVICE", "SILENT"):
            sparql = f"{sparql[: token.start]}{'GRAPH  ' if token.is_word('SERVICE') else ' ' * 6}{sparql[token.end :]}"
    try:
        ox.Store().query(sparql, prefixes=PREFIXES)
    except SyntaxError as error:
        return str(error.msg)
    except (OSError, ValueError, RuntimeError):
        return None
    return None
