from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.extraction.outline import Heading, Outline, Sentence
from hongtu.loaders.language_model.chunks import LONGEST, cut

Line = str | list[int]
"""A heading, or the lengths of a paragraph's sentences."""


def outline(*lines: Line) -> Outline:
    """Return the outline of a text with these lines; a heading's depth is the place of its first sign in 章节条."""
    headings: list[Heading] = []
    sentences: list[Sentence] = []
    at = 0
    for number, line in enumerate(lines):
        lengths = [len(line)] if isinstance(line, str) else line
        if isinstance(line, str):
            past = "回顾" in line
            headings.append(Heading(line, "章节条".index(line[0]) + 1, at, at + len(line), past))
        for length in lengths:
            sentences.append(Sentence(at, at + length, len(headings) - 1, number, None))
            at += length
        at += 1
    return Outline(headings, sentences)


lines = st.sampled_from(["章甲", "章乙", "节甲", "条甲"]) | st.lists(
    st.integers(1, 60) | st.integers(1, 3 * LONGEST), min_size=1, max_size=9
)


@given(st.lists(lines, max_size=12))
def test_pieces_hold_every_sentence_once_and_are_bounded(given_lines: list[Line]) -> None:
    made = outline(*given_lines)
    chunks = cut(made)
    assert all(0 < chunk.end - chunk.start <= LONGEST for chunk in chunks)
    assert all(one.end <= other.start for one, other in pairwise(chunks))
    held = {at for chunk in chunks for at in range(chunk.start, chunk.end)}
    assert held >= {at for sentence in made.sentences for at in range(sentence.start, sentence.end)}
    assert all(chunk.path[0][0] == "章" for chunk in chunks if given_lines[0] == "章甲")


def test_piece_ends_before_a_chapter_and_between_paragraphs() -> None:
    made = outline("章甲", "节甲", [500], [500], [500], "节乙", [5], "章乙：回顾", [5], "条甲", [5])
    chunks = cut(made)
    assert [(chunk.path, chunk.end - chunk.start, chunk.past) for chunk in chunks] == [
        (("章甲",), 1007, False),
        (("章甲", "节甲"), 509, False),
        (("章乙：回顾",), 20, True),
    ]


def test_paragraph_that_is_too_long_is_cut_between_sentences() -> None:
    assert [chunk.end - chunk.start for chunk in cut(outline([501] * 5))] == [1002, 1002, 501]


def test_sentence_that_is_too_long_is_cut() -> None:
    assert [chunk.end - chunk.start for chunk in cut(outline([2500]))] == [1200, 1200, 100]


def test_text_without_sentences_has_no_pieces() -> None:
    assert cut(outline()) == []
