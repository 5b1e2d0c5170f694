"""The pages on the model say what is so: their pictures, their queries, their links."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from hongtu.graph import KnowledgeGraph
from hongtu.graph.queries import query_names
from hongtu.ontology.namespace import HT

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"model.md": "en", "model.zh.md": "zh", "model-questions.md": "en", "model-questions.zh.md": "zh"}


def text(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def anchors(name: str) -> set[str]:
    """Return the anchors that GitHub gives to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", text(name), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def answers(name: str) -> list[tuple[str, list[list[str]]]]:
    """Return the queries of a page, each with the rows that the page shows as its answer, the heading first."""
    found = re.findall(r"```sparql\n(.*?)```\n\n((?:\|[^\n]*\n)+)", text(name), re.DOTALL)
    return [
        (
            query,
            [
                [cell.strip() for cell in line.strip("|").split("|")]
                for line in table.splitlines()
                if "---" not in line
            ],
        )
        for query, table in found
    ]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pictures as the script makes them now."""
    folder = tmp_path_factory.mktemp("drawings")
    script = DOCS / "model" / "make_drawings.py"
    subprocess.run([sys.executable, str(script), str(folder)], check=True)
    return folder


def test_the_pictures_are_those_that_the_ontology_and_the_sample_give(drawn: Path) -> None:
    kept = {file.name: file.read_bytes() for file in (DOCS / "model").glob("*.svg")}
    made = {file.name: file.read_bytes() for file in drawn.glob("*.svg")}
    assert made.keys() == kept.keys()
    stale = [name for name in made if made[name] != kept[name]]
    assert stale == [], "run: python docs/model/make_drawings.py"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_term_is_in_a_picture(language: str) -> None:
    pictures = "".join(text(f"model/{name}-{language}.svg") for name in ("relations", "evidence", "graphs"))
    words = set(re.findall(r"\w+", re.sub(r"<style>.*?</style>", "", pictures, flags=re.DOTALL)))
    assert {term for term in HT.__annotations__ if not term.startswith("_")} - words == set()


@pytest.mark.parametrize("name", [page for page in PAGES if "questions" not in page])
def test_queries_have_the_answers_that_the_page_shows(
    name: str, sample: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGTU_LANG", PAGES[name])
    assert len(answers(name)) == 3
    for query, shown in answers(name):
        answer = sample.query(query)
        found = [["" if cell is None else str(cell) for cell in row] for row in answer.to_numpy()]
        assert [list(answer.columns), *found] == shown


def test_both_languages_have_the_same_queries() -> None:
    assert answers("model.md") == answers("model.zh.md")


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", text(name))
    assert links
    for path, anchor in links:
        if path.startswith("https://"):
            continue
        target = DOCS / (path or name)
        assert target.is_file(), path
        assert not anchor or anchor in anchors(path or name), f"{path}#{anchor}"


@pytest.mark.parametrize("name", PAGES)
def test_ready_questions_that_are_named_exist(name: str) -> None:
    named = set(re.findall(r"`hongtu query (\w+_\w+)", text(name)))
    assert named and named - set(query_names()) == set()


def test_there_are_ten_questions_and_each_tells_where_to_read_on() -> None:
    for name in ("model-questions.md", "model-questions.zh.md"):
        questions = re.split(r"^\d+\. ", text(name), flags=re.MULTILINE)[1:]
        assert len(questions) == 10
        assert all(re.search(r"→ \[.+\]\(model(\.zh)?\.md#.+\)", question) for question in questions)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('?it skos:prefLabel "恒屹精工"', '?it skos:prefLabel "恒屹精工"@zh'),
        ("?it a ht:Organization", "?it a/rdfs:subClassOf* ht:Organization"),
        (
            '?it ht:partnersWith ?me . ?me skos:prefLabel "云岭茶业集团"@zh',
            '?it (ht:partnersWith|^ht:partnersWith) ?me . ?me skos:prefLabel "云岭茶业集团"@zh',
        ),
    ],
)
def test_a_common_mistake_finds_less(wrong: str, right: str, sample: KnowledgeGraph) -> None:
    assert len(sample.query(f"SELECT DISTINCT ?it {{ {wrong} }}")) < len(
        sample.query(f"SELECT DISTINCT ?it {{ {right} }}")
    )
