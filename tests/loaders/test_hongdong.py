"""The packaged tables against the texts that they were read from: every offset is proven."""

import re
from pathlib import Path

import pytest

from hongtu.loaders.documents import read_document
from hongtu.loaders.packaged import packaged
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.source import PlanTables, read_tables


def flat(text: str) -> str:
    """Drop blanks, which web pages leave inside of names."""
    return re.sub(r"\s", "", text)


@pytest.fixture(params=["hongdong", "sample", "sample-city"])
def plan(request: pytest.FixtureRequest) -> tuple[PlanTables, PlanText]:
    with packaged(request.param) as folder:
        file = (
            request.getfixturevalue("hongdong_text") if request.param == "hongdong" else folder / "plan.txt"
        )
        assert isinstance(file, Path)
        return read_tables(folder), read_document(file)


def test_tables_are_free_of_problems_and_cite_this_text(plan: tuple[PlanTables, PlanText]) -> None:
    tables, text = plan
    assert tables.problems == []
    assert tables.plan.sha256 == text.sha256


def test_every_mention_is_a_name_or_alias_of_its_thing(plan: tuple[PlanTables, PlanText]) -> None:
    tables, text = plan
    for entity in tables.entities:
        surfaces = {flat(name) for name in (entity.name, *entity.aliases)}
        for span in entity.evidence:
            assert flat(text.text[span.start : span.end]) in surfaces, entity.name
            assert text.span(span.start, span.end) == span, entity.name


def test_every_name_and_alias_stands_in_the_text(plan: tuple[PlanTables, PlanText]) -> None:
    tables, text = plan
    whole = flat(text.text)
    for entity in tables.entities:
        for name in (entity.name, *entity.aliases):
            assert flat(name) in whole, name


def test_every_edge_cites_sentences_that_name_one_of_its_ends(plan: tuple[PlanTables, PlanText]) -> None:
    tables, text = plan
    surfaces = {
        entity.reference: [flat(name) for name in (entity.name, *entity.aliases)]
        for entity in tables.entities
    }
    for edge in tables.edges:
        quotes = [flat(text.text[span.start : span.end]) for span in edge.evidence]
        assert [text.span(span.start, span.end) for span in edge.evidence] == list(edge.evidence)
        for quote in quotes:
            names = surfaces[edge.subject] + surfaces[edge.object]
            assert any(name in quote for name in names), edge


def test_every_figure_is_printed_in_its_passage(plan: tuple[PlanTables, PlanText]) -> None:
    tables, text = plan
    for figure in tables.figures:
        for span in figure.target.evidence:
            quote = flat(text.text[span.start : span.end])
            assert flat(figure.target.verbatim) in quote, figure.target
            assert text.span(span.start, span.end) == span
            if figure.target.value is not None and figure.target.value != 0:
                assert str(figure.target.value) in figure.target.verbatim, figure.target


def test_every_section_begins_with_its_heading(plan: tuple[PlanTables, PlanText]) -> None:
    tables, text = plan
    for section in tables.sections:
        assert flat(text.text[section.start : section.end]).startswith(flat(section.title))
        assert text.span(section.start, section.end).line == section.line


def test_hongdong_has_its_twelve_strategies_each_in_its_chapter() -> None:
    with packaged("hongdong") as folder:
        tables = read_tables(folder)
    chapters = [section for section in tables.sections if section.strategy]
    assert len(chapters) == 12
    assert all(section.strategy.removesuffix("战略") in section.title for section in chapters)


def test_no_row_holds_a_sentence_of_the_plan(hongdong_text: Path) -> None:
    text = flat(hongdong_text.read_text("utf-8"))
    pieces = {text[start : start + 40] for start in range(len(text) - 40)}
    with packaged("hongdong") as folder:
        for file in folder.iterdir():
            for line in file.read_text("utf-8-sig").splitlines():
                words = flat(line)
                assert not any(words[start : start + 40] in pieces for start in range(len(words) - 39)), line
