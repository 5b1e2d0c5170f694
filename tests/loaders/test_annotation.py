from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.annotation import Link, Mark, Paragraph, from_paragraphs, to_paragraphs, utf16_offsets
from hongtu.loaders.doccano import read_doccano, write_doccano
from hongtu.loaders.errors import InputError
from hongtu.loaders.label_studio import read_label_studio, write_label_studio
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.source import PlanTables

Change = Callable[[Paragraph], None]


def names(tables: PlanTables) -> set[tuple[str, str]]:
    return {(entity.kind, entity.name) for entity in tables.entities}


def ends(tables: PlanTables) -> set[tuple[str, str, str]]:
    return {(edge.subject.name, edge.predicate, edge.object.name) for edge in tables.edges}


@pytest.fixture
def line(tables: PlanTables, text: PlanText) -> Paragraph:
    """The paragraph with the project; tests change it."""
    return to_paragraphs(tables, text)[3]


def mark(text: PlanText, kind: str, surface: str) -> Mark:
    start = text.text.index(surface)
    return Mark(kind, start, start + len(surface))


def test_paragraphs_hold_the_mentions_and_the_relations_between_them(text: PlanText, line: Paragraph) -> None:
    assert line.text.startswith("实施果业振兴战略。")
    assert [(one.kind, text.text[one.start : one.end]) for one in line.marks] == [
        ("Strategy", "果业振兴战略"),
        ("Industry", "果品产业"),
        ("Measure", "果品产业"),
        ("Enterprise", "青禾果业集团"),
        ("Location", "𠮷岭镇"),
        ("Project", "冷链仓库"),
    ]
    project = mark(text, "Project", "冷链仓库")
    assert Link(project, "locatedIn", mark(text, "Location", "𠮷岭镇")) in line.links


def test_paragraphs_that_come_back_unchanged_change_nothing(tables: PlanTables, text: PlanText) -> None:
    result = from_paragraphs(to_paragraphs(tables, text), tables, text)
    assert set(result.entities) == set(tables.entities)
    assert set(result.edges) == set(tables.edges)
    assert result.figures == tables.figures
    assert from_paragraphs([], tables, text).edges == result.edges


def test_a_mark_taken_away_takes_the_thing_and_its_relations(
    tables: PlanTables, text: PlanText, line: Paragraph
) -> None:
    project = mark(text, "Project", "冷链仓库")
    line.marks.remove(project)
    line.links = [link for link in line.links if project not in link]
    result = from_paragraphs([line], tables, text)
    assert names(tables) - names(result) == {("Project", "冷链仓库")}
    assert not result.problems


def test_a_mark_of_a_known_name_is_one_more_place_else_a_new_thing(
    tables: PlanTables, text: PlanText, line: Paragraph
) -> None:
    start = line.start
    line.marks += [Mark("Strategy", start, start + 2), Mark("Enterprise", start + 2, start + 4)]
    last = to_paragraphs(tables, text)[-1]
    place = text.text.index("果品产业", last.start)
    last.marks.append(Mark("Industry", place, place + 4))
    result = from_paragraphs([line, last], tables, text)
    assert names(result) - names(tables) == {("Strategy", "实施"), ("Enterprise", "果业")}
    (industry,) = [entity for entity in result.entities if entity.reference == ("Industry", "果品产业")]
    assert [span.start for span in industry.evidence] == [text.text.index("果品产业"), place]


def test_links_are_added_and_taken_away(tables: PlanTables, text: PlanText, line: Paragraph) -> None:
    group, industry = mark(text, "Enterprise", "青禾果业集团"), mark(text, "Industry", "果品产业")
    place = mark(text, "Location", "𠮷岭镇")
    line.links = [link for link in line.links if link.predicate != "undertakes"]
    line.links += [Link(group, "locatedIn", place), Link(group, "operatesIn", industry)]
    result = from_paragraphs([line], tables, text)
    assert ends(result) - ends(tables) == {("青禾果业集团", "locatedIn", "𠮷岭镇")}
    assert ends(tables) - ends(result) == {("青禾果业集团", "undertakes", "冷链仓库")}
    (edge,) = [
        edge for edge in result.edges if edge.predicate == "locatedIn" and edge.subject.name == "青禾果业集团"
    ]
    assert text.quote(edge.evidence[0]).exact.startswith("青禾果业集团在𠮷岭镇")


def test_a_link_that_cannot_be_is_told(tables: PlanTables, text: PlanText, line: Paragraph) -> None:
    line.links.append(Link(mark(text, "Location", "𠮷岭镇"), "undertakes", mark(text, "Project", "冷链仓库")))
    result = from_paragraphs([line], tables, text)
    assert ends(result) == ends(tables)
    assert "Location undertakes Project" in str(result.problems[0])


def test_another_text_is_refused(tables: PlanTables, text: PlanText, line: Paragraph) -> None:
    line.text = line.text[1:]
    with pytest.raises(InputError, match="not of this plan's text"):
        from_paragraphs([line], tables, text)
    with pytest.raises(InputError, match="not of this plan's text"):
        to_paragraphs(tables, PlanText(text.text, "0" * 64))


@given(st.text())
def test_utf16_offsets_count_as_the_encoding_does(text: str) -> None:
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    offsets = utf16_offsets(text)
    assert offsets == [len(text[:end].encode("utf-16-le")) // 2 for end in range(len(text) + 1)]


@pytest.mark.parametrize("write", [write_label_studio, write_doccano])
def test_the_same_tables_give_the_same_file(
    tables: PlanTables, text: PlanText, tmp_path: Path, write: Callable[[PlanTables, PlanText, Path], None]
) -> None:
    for name in ("one", "two"):
        write(tables, text, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("read", [read_label_studio, read_doccano])
@pytest.mark.parametrize("content", ["{", '"text"', "[1]", "{}", "[" * 100_000, '[{"data": {}}]', "\ud800"])
def test_other_files_are_refused(
    tables: PlanTables,
    text: PlanText,
    tmp_path: Path,
    content: str,
    read: Callable[[Path, PlanTables, PlanText], PlanTables],
) -> None:
    file = tmp_path / "file.json"
    file.write_text(content, "utf-8", "surrogatepass")
    with pytest.raises(InputError, match="file.json"):
        read(file, tables, text)
