"""The tokens of a SPARQL text, whole or broken, each with its place.

They serve to point at places and to mend; what a query means is read by :mod:`hongtu.graph.sparql.pattern`.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      (?P<blank>[ \t\r\n]+|\#[^\n\r]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<string>(?:\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
        | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')(?:@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)?)
    | (?P<open>["'][^\n\r]*)
    | (?P<variable>[?$]\w+)
    | (?P<name>(?:[^\W\d](?:[\w.-]*[\w-])?)?:(?:(?:[\w:%-]|\\.|\.(?=[\w:%-]))*))
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<mark>\^\^|&&|\|\||!=|<=|>=|.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its text, the offset of its first character, and its kind.

    Kinds are ``iri``, ``string`` (with its language tag), ``open`` (a string that does not end on its line),
    ``variable``, ``name`` (prefixed), ``number``, ``word`` and ``mark``.
    """

    text: str
    start: int
    kind: str

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
    found = (Token(match.group(), match.start(), match.lastgroup or "") for match in _TOKEN.finditer(sparql))
    return [token for token in found if token.kind != "blank"]


def closing(all_tokens: list[Token], opening: int) -> int:
    """Return the index of the bracket that closes the one at an index; the number of tokens when none does."""
    pairs = {"(": ")", "{": "}", "[": "]"}
    mark, depth = all_tokens[opening].text, 0
    for index in range(opening, len(all_tokens)):
        if all_tokens[index].kind == "mark":
            depth += (all_tokens[index].text == mark) - (all_tokens[index].text == pairs[mark])
            if depth == 0:
                return index
    return len(all_tokens)
