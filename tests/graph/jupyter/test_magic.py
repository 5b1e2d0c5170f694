import time
from typing import TYPE_CHECKING, Any

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.completer import provisionalcompleter

from hongtu.graph import KnowledgeGraph
from hongtu.graph.answer import Answer
from hongtu.graph.jupyter import magic
from hongtu.graph.jupyter.magic_options import PARSER
from hongtu.graph.queries import query_names
from hongtu.loaders.errors import HongtuError, UsageError

if TYPE_CHECKING:
    from tests.graph.conftest import Cells

PROJECTS = "SELECT ?who ?project { ?who ht:undertakes ?project } ORDER BY ?who ?project"


def test_the_extension_may_be_loaded_again(cells: "Cells") -> None:
    cells.run("%load_ext hongtu.graph")
    cells.run("%reload_ext hongtu.graph")
    with provisionalcompleter():
        found = [one.text for one in cells.shell.Completer.completions("%%sparql --vi", 13)]
    assert found == ["--view"]


def test_a_select_is_a_table_that_is_kept(cells: "Cells") -> None:
    answer = cells.run(f"%%sparql --into projects\n{PROJECTS}")
    assert isinstance(answer, Answer) and len(answer) > 10
    assert "云岭茶业集团" in cells.printed
    assert cells.run("_") is answer
    assert cells.run("projects") is answer


def test_quiet_keeps_and_does_not_show(cells: "Cells") -> None:
    assert cells.run(f"%%sparql --quiet --into projects\n{PROJECTS}") is None
    assert not cells.outputs and not cells.printed
    assert cells.run("len(projects) == len(_) > 10") is True


def test_the_line_magic_can_be_assigned(cells: "Cells") -> None:
    cells.run(f"answer = %sparql --limit 2 {PROJECTS}")
    assert cells.run("len(answer), answer.cut") == (2, True)


@pytest.mark.parametrize(("language", "words"), [("en", ["yes", "no"]), ("zh", ["是", "否"])])
def test_ask_is_answered_in_words(
    cells: "Cells", monkeypatch: pytest.MonkeyPatch, language: str, words: list[str]
) -> None:
    monkeypatch.setenv("HONGTU_LANG", language)
    for kind, word, answer in (("ht:Project", words[0], True), ("owl:Nothing", words[1], False)):
        cells.run(f"%sparql ASK {{ ?thing a {kind} }}")
        assert cells.data("text/plain") == [word]
        assert cells.run("_") is answer


@pytest.mark.parametrize("view", ["graph", "matrix"])
@pytest.mark.parametrize("form", ["%%sparql --view {}\n{}", "%%sparql\n# view: {}\n{}", "%sparql -v {} {}"])
def test_an_answer_can_be_drawn(cells: "Cells", view: str, form: str) -> None:
    assert cells.run(form.format(view, PROJECTS)) is None
    assert len(cells.data("text/html")) == 1 and "<iframe" in cells.data("text/html")[0]
    assert isinstance(cells.run("_"), Answer)


def test_the_option_goes_before_the_comment(cells: "Cells") -> None:
    cells.run(f"%%sparql --view raw\n#view: graph\n{PROJECTS} LIMIT 1")
    assert cells.printed.startswith("who,who_iri,project,project_iri\n")
    assert cells.printed.count("\n") == 2


def test_a_construct_is_drawn_or_shown_as_turtle_or_triples(cells: "Cells") -> None:
    query = "CONSTRUCT { ?who ht:undertakes ?project } { ?who ht:undertakes ?project }"
    cells.run(f"%%sparql --into triples\n{query}")
    assert "<iframe" in cells.data("text/html")[0]
    triples = cells.run("triples")
    assert isinstance(triples, rdflib.Graph)
    cells.run(f"%%sparql --view raw\n{query}")
    assert rdflib.Graph().parse(data=cells.printed, format="turtle").isomorphic(triples)
    cells.run(f"%%sparql --view table\n{query}")
    table = cells.data("text/html")[0]
    assert "<iframe" in table and "恒屹精工" in table and "undertakes" in table
    assert "chart needs the rows of a SELECT" in cells.fail(f"%%sparql --view chart\n{query}")


def test_it_says_when_rows_were_cut(cells: "Cells") -> None:
    cells.run(f"%%sparql --view raw --limit 2\n{PROJECTS}")
    assert "the first 2 rows, there are more" in cells.data("text/plain")[0]
    assert cells.printed.count("\n") == 3
    cells.run(f"%%sparql --view raw --limit 1,000\n{PROJECTS}")
    assert not cells.outputs


def test_values_of_python_are_bound_to_variables(cells: "Cells") -> None:
    cells.run("who = kg.enterprise('恒屹精工')\nyear = 2025")
    for option in ("who", "?who", "who=who", "who=kg.find('恒屹精工')['thing'][0]", '"who = who"'):
        answer = cells.run(f"%%sparql --param {option}\n{PROJECTS}")
        assert set(answer["who"]) == {"恒屹精工"}
    answer = cells.run(f"%%sparql --param who=[who,kg.enterprise('云岭茶业集团')]\n{PROJECTS}")
    assert set(answer["who"]) == {"恒屹精工", "云岭茶业集团"}
    answer = cells.run("%%sparql --param a=year --param b='x y'\nSELECT (?a + 1 AS ?next) ?b {}")
    assert answer.to_dict("records") == [{"next": 2026, "b": "x y"}]


def test_values_cannot_become_part_of_the_query(cells: "Cells") -> None:
    cells.run("text = '\"} ?s ?p ?o #\\n'")
    assert cells.run("%sparql --param text SELECT ?text { }")["text"].tolist() == cells.run("[text]")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--param whom=1", "the query has no variable ?whom; the nearest are: who"),
        ("--param who=nowhere", 'Python has no variable nowhere; quote what is text, as in who="nowhere"'),
        ("--param who=1/0", "ZeroDivisionError"),
        ("--param who=object()", "a parameter cannot be of type object"),
        ("--param 1=2", "write VAR, or VAR=PYTHON EXPRESSION"),
        ("--view grap", "there is no view grap; the nearest are: graph"),
        ("--veiw graph", "there is no option --veiw; the nearest are: --view"),
        ("--xyz", "there is no option --xyz; there are: --kg, --endpoint"),
        ("--limit many", "“many”: --limit and --timeout take a number above 0"),
        ("--timeout -1", "“-1”: --limit and --timeout take a number above 0"),
        ("--timeout nan", "“nan”: --limit and --timeout take a number above 0"),
        ("--limit", "an option is wrong"),
        ("--into 2x", "no name that a variable can have"),
        ("--into class", "no name that a variable can have"),
        ("graph", "“graph” is no option; the query goes on the lines below"),
        ("--kg kh", "the variable kh holds no graph; the nearest are: kg"),
        ("--kg zzzz", "the variable zzzz holds no graph; there are: kg"),
    ],
)
def test_a_wrong_option_is_told_in_one_line(cells: "Cells", options: str, message: str) -> None:
    shown = cells.fail(f"%%sparql {options}\n{PROJECTS}")
    assert message in shown and "\n" not in shown


def test_a_variable_called_like_an_option_is_refused(cells: "Cells") -> None:
    shown = cells.fail("%%sparql --param limit=1\nSELECT ?limit {}")
    assert "give the variable another name" in shown


def test_a_wrong_view_in_a_comment_is_told(cells: "Cells") -> None:
    assert "there is no view pie" in cells.fail(f"%%sparql\n# view: pie\n{PROJECTS}")


@pytest.mark.parametrize("cell", ["%sparql", "%%sparql\n \n", "%sparql --view graph"])
def test_a_missing_query_is_told(cells: "Cells", cell: str) -> None:
    assert "no query; write SPARQL on the lines below" in cells.fail(cell)


def test_the_queries_that_come_with_hongtu_run_by_name(cells: "Cells") -> None:
    assert cells.run("%sparql run")["name"].tolist() == list(query_names())
    answer = cells.run('%sparql run list_bodies_of_industry industry="现代物流"')
    assert set(answer["industry"]) == {"现代物流"}
    cells.run("place = kg.location('柳塘工业园区')")
    answer = cells.run("%sparql --param place run list_projects_of_place")
    assert set(answer["place"]) == {"柳塘工业园区"}
    assert "the nearest are: list_partners" in cells.fail("%sparql run list_partner")
    assert "write parameters as NAME=VALUE" in cells.fail("%sparql run list_partners 恒屹精工")


def test_without_a_graph_it_tells_how_to_open_one(cells: "Cells") -> None:
    cells.run("del kg")
    assert 'KnowledgeGraph.packaged("hongdong")' in cells.fail("%sparql ASK {}")


def test_of_several_graphs_it_asks_the_last_one(cells: "Cells") -> None:
    cells.run("from hongtu.graph import KnowledgeGraph\nempty = KnowledgeGraph.open()")
    ask = "ASK { ?thing a ht:Project }"
    cells.run(f"%sparql {ask}")
    assert cells.run("_") is False  # the newest
    cells.run(f"%sparql --kg kg {ask}")
    assert cells.run("_") is True
    cells.run(f"%sparql {ask}")
    assert cells.run("_") is True  # the one asked last
    cells.run("del kg")
    cells.run(f"%sparql {ask}")
    assert cells.run("_") is False


def test_an_endpoint_is_asked_instead(
    cells: "Cells", sample: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KnowledgeGraph, "open", {"http://localhost:1/query": sample}.__getitem__)
    cells.run("del kg")
    cells.run("%sparql --endpoint http://localhost:1/query ASK { ?thing a ht:Project }")
    assert cells.run("_") is True


def test_errors_of_hongtu_show_what_they_say_and_no_traceback(cells: "Cells") -> None:
    assert (
        cells.fail("kg.enterprise('恒屹精')")
        == "nothing is called “恒屹精” (enterprise); the nearest are: 恒屹精工"
    )
    shown = cells.fail("%%sparql\nSELEC ?x { ?x ?y ?z }")
    assert shown and "Traceback" not in shown


def test_tb_still_shows_how_the_error_came_about(cells: "Cells") -> None:
    cells.fail("kg.enterprise('恒屹精')")
    cells.run("%tb")
    assert "Traceback" in cells.printed and "resolve" in cells.printed


class Slow(KnowledgeGraph):
    """Takes a while, or is interrupted."""

    interrupted = False

    def query(self, *arguments: Any, **options: Any) -> Any:
        if self.interrupted:
            raise KeyboardInterrupt
        time.sleep(0.1)
        return super().query(*arguments, **options)


def test_an_interrupted_query_is_cancelled_and_the_next_one_runs(
    cells: "Cells", sample: KnowledgeGraph
) -> None:
    slow = Slow(sample.backend)
    slow.interrupted = True
    cells.shell.user_ns["kg"] = slow
    assert cells.fail("%sparql ASK {}") == "the query was cancelled; the graph can be asked on"
    slow.interrupted = False
    cells.run("%sparql ASK {}")
    assert cells.data("text/plain") == ["yes"]


def test_a_slow_query_says_that_it_runs(
    cells: "Cells", sample: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells.shell.user_ns["kg"] = Slow(sample.backend)
    cells.run("%sparql ASK {}")
    assert cells.data("text/plain") == ["yes"]
    monkeypatch.setattr(magic, "_SECONDS_UNTIL_TOLD", 0.01)
    cells.run("%sparql --timeout 7 ASK {}")
    assert cells.data("text/plain")[0].startswith("the query runs … (until 7 s have passed")
    assert cells.data("text/plain")[-1] == "yes"


def test_the_time_runs_out_and_the_next_query_runs(cells: "Cells") -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?c != ?i) }"
    start = time.monotonic()
    cells.fail(f"%%sparql --timeout 0.3\n{endless}")
    assert time.monotonic() - start < 10
    cells.run("%sparql ASK {}")
    assert cells.data("text/plain") == ["yes"]


def test_the_help_is_in_both_languages(cells: "Cells") -> None:
    text = str(magic.SparqlMagics.sparql.__doc__)
    for option in PARSER.options:
        assert f"\n  {option}" in text
    assert "怎样显示" in text and "how to show it" in text
    assert text in cells.shell.object_inspect_text("%%sparql")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_line_is_understood_or_refused_with_an_error_of_ours(line: str) -> None:
    try:
        PARSER.parse(line, with_query=False)
    except HongtuError as error:
        assert isinstance(error, UsageError) and str(error)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_query_on_the_line_arrives_as_it_is_but_for_blanks(text: str) -> None:
    query = f"SELECT * {{ {text} }}"
    words = PARSER.parse(f"--view raw {query}", with_query=True).query
    assert "".join("".join(words).split()) == "".join(query.split())


def test_a_term_that_no_vocabulary_has_is_told_with_the_nearest(cells: "Cells") -> None:
    cells.run("%%sparql\nSELECT ?who ?what { ?who a ht:Enterprise OPTIONAL { ?who ht:undertake ?what } }")
    assert "no term ht:undertake, the nearest are ht:undertakes" in cells.data("text/plain")[0]
