"""Mends for broken SPARQL: what is wrong, one slip after the other, and how it was likely meant.

A mend is only believed when the parser accepts the mended text, or breaks further behind.
"""

from hongtu.graph.sparql.breaks import Break, find_break
from hongtu.graph.sparql.repairs import Mend, candidates

_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
_MOST_STEPS = 6
_MOST_PARSED = 1_500_000
"""Characters that are parsed in search of a mend, half a second long; each text counts as 1,000 more."""


def find_mends(broken: Break) -> list[Mend] | None:
    """Return mends that together, one after the other, make a query of a text; ``None`` when none is found.

    >>> [mend.reason for mend in find_mends(find_break("ASK { ?a ht:within ?b ?b ht:within ?c }"))]
    ['a dot is missing between two patterns']
    """
    if not broken.tokens or broken.tokens[0].is_word(*_UPDATES):
        return None
    mends: list[Mend] = []
    parsed = 0
    while len(mends) < _MOST_STEPS:
        best: tuple[int, Mend, Break] | None = None
        for mend in candidates(broken):
            parsed += len(broken.text) + 1000
            if parsed > _MOST_PARSED:
                return None
            after = find_break(mend.on(broken.text))
            if after is None:
                return [*mends, mend]
            left = len(after.tokens) - after.index
            if left < (best[0] if best else len(broken.tokens) - broken.index):
                best = left, mend, after
        if best is None:
            return None
        mends.append(best[1])
        broken = best[2]
    return None
