"""The tokens of a SPARQL text, whole or broken, each with its place and the number of brackets around it.

This is the one reader of SPARQL's text; what a query means is read by :mod:`hongtu.graph.sparql.pattern`.
"""

import re
from typing import NamedTuple

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
"""The words that say what a query gives."""

# The characters of names (https://www.w3.org/TR/sparql11-query/#rPN_CHARS_BASE) without the full-width punctuation
# among them: who types it means punctuation.
_LETTER = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3004-\u3007\u3021-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\ufffd"
    "\U00010000-\U000effff"
)
_LATER = f"{_LETTER}0-9\u00b7\u0300-\u036f\u203f\u2040"
# The length of a prefix is bounded so that a long text of words and dots is not looked at again from each word.
_TOKEN = re.compile(
    rf"""
      (?P<blank>[ \t\r\n]+|\#[^\n\r]*)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\[uU][0-9a-fA-F]+)*>)
    | (?P<string>(?:\"{{3}}(?:\"{{0,2}}(?:[^"\\]|\\.))*\"{{3}} | '{{3}}(?:'{{0,2}}(?:[^'\\]|\\.))*'{{3}}
        | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')(?:@[a-zA-Z]+(?:--?[a-zA-Z0-9]+)*)?)
    | (?P<open>["'][^\n\r]*)
    | (?P<variable>[?$][{_LATER}]+)
    | (?P<name>(?:[{_LETTER}](?:[{_LATER}.-]{{0,200}}[{_LATER}-])?)?:(?:[{_LATER}:%-]|\\.|\.(?=[{_LATER}:%-]))*)
    | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)
    | (?P<word>[{_LETTER}][{_LATER}]*)
    | (?P<mark>\^\^|&&|\|\||!=|<=|>=|.)
    """,
    re.VERBOSE | re.DOTALL,
)

_DEEP = re.compile(r"[({\[!+]|\|\||&&")
_MOST_DEEP = 400


class Token(NamedTuple):
    """A token: its text, the offset of its first character, its kind, and how many brackets are open around it.

    Kinds are ``iri``, ``string`` (with its language tag), ``open`` (a string that does not end on its line),
    ``variable``, ``name`` (prefixed), ``number``, ``word`` and ``mark``.
    """

    text: str
    start: int
    kind: str
    depth: int = 0

    @property
    def end(self) -> int:
        """The offset behind the last character."""
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these words, given in capitals; SPARQL's keywords have no case."""
        return self.kind == "word" and self.text.upper() in words


def tokens(sparql: str) -> list[Token]:
    """Return the tokens of a text in order, without blanks and comments.

    >>> [token.text for token in tokens("ASK { ?a ht:within <urn:b> } # in?")]
    ['ASK', '{', '?a', 'ht:within', '<urn:b>', '}']
    """
    found, depth = [], 0
    for match in _TOKEN.finditer(sparql):
        kind, text = match.lastgroup or "", match.group()
        if kind == "blank":
            continue
        if kind == "mark" and text in ")}]":
            depth = max(depth - 1, 0)
        found.append(Token(text, match.start(), kind, depth))
        if kind == "mark" and text in "({[":
            depth += 1
    return found


def closing(found: list[Token], opening: int) -> int:
    """Return the index of the bracket that closes the one at an index; the number of tokens when none does."""
    pairs = {"(": ")", "{": "}", "[": "]"}
    token = found[opening]
    same = (index for index in range(opening + 1, len(found)) if found[index].depth <= token.depth)
    index = next(same, len(found))
    return index if index < len(found) and found[index].text == pairs[token.text] else len(found)


def variables(found: list[Token]) -> list[str]:
    """Return the variables among tokens, each once, in order, without their mark."""
    return list(dict.fromkeys(token.text[1:] for token in found if token.kind == "variable"))


def may_overflow(sparql: str) -> bool:
    """Tell whether a text is so deep that Oxigraph, which recurses, might overflow the stack and end its process.

    It does at 5,000 brackets, operators or OPTIONALs, and where a stack is small (a thread, Windows) at 500.
    """
    return len(_DEEP.findall(sparql)) > _MOST_DEEP
