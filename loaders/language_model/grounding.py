"""Grounding: what a model quotes is looked for in the plan, and nothing else counts."""

from collections.abc import Iterator

from hongtu.loaders.extraction.normal import NormalText, fold, surface
from hongtu.loaders.language_model.chunks import Chunk

Place = tuple[int, int]
"""Start and end in the normalised view."""


class Grounding:
    """One piece of a plan in which the quotations of an answer are looked for."""

    def __init__(self, view: NormalText, chunk: Chunk) -> None:
        """Look in ``chunk``, a piece of the normalised view of a plan."""
        self._text = fold(view.text[chunk.start : chunk.end])
        self._start = chunk.start
        self._taken: dict[str, set[int]] = {}

    def places(self, name: str, within: Place | None = None) -> Iterator[Place]:
        """Yield where a name stands in the piece, or in a part of it; none overlaps another."""
        wanted = surface(name)
        low, high = within or (self._start, self._start + len(self._text))
        at = low - self._start
        while wanted and (at := self._text.find(wanted, at, high - self._start)) >= 0:
            yield self._start + at, self._start + at + len(wanted)
            at += len(wanted)

    def quote(self, quoted: str) -> Place | None:
        """Return where a quotation first stands; ``None`` when it does not."""
        return next(self.places(quoted), None)

    def mention(self, name: str, quoted: str) -> Place | None:
        """Return the place of a name: in its quotation, else in the piece; ``None`` when there is none (left).

        A name that is asked for again gets its next place: the order of the answer stands for that of the text.
        """
        taken = self._taken.setdefault(surface(name), set())
        within = self.quote(quoted)
        for part in (within, None) if within else (None,):
            for place in self.places(name, part):
                if place[0] not in taken:
                    taken.add(place[0])
                    return place
        return None
