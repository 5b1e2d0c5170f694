"""Pieces of a plan that a model reads at once: whole paragraphs, in one chapter, of a bounded length."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from hongtu.loaders.extraction.normal import NormalText
from hongtu.loaders.extraction.outline import Heading, Outline, Sentence
from hongtu.loaders.records import Span

LONGEST = 1200
"""Characters of the normalised view that a piece has at most."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece ``view.text[start:end]`` of the normalised view.

    ``path`` are the titles of the headings above its first character, outermost first; ``past`` tells that they
    speak of what was reached.
    """

    start: int
    end: int
    path: tuple[str, ...]
    past: bool

    def holds(self, evidence: tuple[Span, ...], view: NormalText) -> bool:
        """Tell whether one of these spans of the raw text begins in the piece."""
        start, end = view.raw_span(self.start, self.end)
        return any(start <= span.start < end for span in evidence)


def cut(outline: Outline) -> list[Chunk]:
    """Return the pieces of a text, in order: all its sentences, each once.

    >>> from hongtu.loaders.extraction.outline import read_outline
    >>> text = "第一章 果业\\n建设甲园。建设乙园。\\n第二章 旅游\\n建设丙馆。\\n"
    >>> [text[chunk.start : chunk.end] for chunk in cut(read_outline(text))]
    ['第一章 果业\\n建设甲园。建设乙园。', '第二章 旅游\\n建设丙馆。']
    """
    chunks: list[Chunk] = []
    start = end = 0
    first = -1
    for piece_start, piece_end, heading in _pieces(outline.sentences):
        begins_chapter = heading != first and _begins_chapter(outline.headings, heading, piece_start)
        if end and (begins_chapter or piece_end - start > LONGEST):
            chunks.append(_chunk(outline.headings, start, end, first))
            end = 0
        if not end:
            start, first = piece_start, heading
        end = piece_end
    if end:
        chunks.append(_chunk(outline.headings, start, end, first))
    return chunks


def _pieces(sentences: list[Sentence]) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and heading of each paragraph; of its sentences where it is too long, or parts of them."""
    for _, group in groupby(sentences, lambda sentence: sentence.paragraph):
        paragraph = list(group)
        whole = [(paragraph[0].start, paragraph[-1].end)]
        if whole[0][1] - whole[0][0] > LONGEST:
            whole = [(sentence.start, sentence.end) for sentence in paragraph]
        for start, end in whole:
            for at in range(start, end, LONGEST):
                yield at, min(at + LONGEST, end), paragraph[0].heading


def _begins_chapter(headings: list[Heading], number: int, at: int) -> bool:
    return number >= 0 and headings[number].depth == 1 and headings[number].start == at


def _chunk(headings: list[Heading], start: int, end: int, number: int) -> Chunk:
    path: list[Heading] = []
    for heading in reversed(headings[: number + 1]):
        if not path or heading.depth < path[-1].depth:
            path.append(heading)
    titles = tuple(heading.title for heading in reversed(path))
    return Chunk(start, end, titles, number >= 0 and headings[number].past)
