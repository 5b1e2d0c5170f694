import os
import re
import sys
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from hongtu.graph import KnowledgeGraph
from hongtu.graph.jupyter.question_form import FIRST, QuestionForm, choices, citations, runnable
from hongtu.graph.queries import Parameter, query_names, read_query
from hongtu.graph.views.table import heading
from hongtu.loaders.errors import UsageError
from hongtu.loaders.packaged import packaged
from hongtu.loaders.source import read_tables

if TYPE_CHECKING:
    from tests.graph.conftest import Cells

ENTERPRISE = "恒屹精工"


@pytest.fixture
def form(sample: KnowledgeGraph) -> QuestionForm:
    form = sample.ask()
    form.question.value = "show_who_does_what_where"
    return form


def text(value: str) -> str:
    """Return HTML as it is read."""
    return unescape(re.sub(r"<[^>]+>", "", value))


def test_every_question_is_offered_once_the_first_ones_first(form: QuestionForm) -> None:
    names = [name for _, name in form.question.options]
    assert sorted(names) == list(query_names())
    assert tuple(names[: len(FIRST)]) == FIRST


def test_pick_lists_hold_what_the_graph_holds(sample: KnowledgeGraph) -> None:
    enterprises = choices(sample, Parameter("who", "Enterprise", False))
    assert set(enterprises) == set(sample.query("SELECT ?who { ?who a ht:Enterprise }")["who"])
    assert len(choices(sample, Parameter("who", "Enterprise|Organization", False))) > len(enterprises)
    years = sample.query("SELECT DISTINCT ?year { ?target ht:year ?year } ORDER BY DESC(?year)")[
        "year"
    ].tolist()
    assert list(choices(sample, Parameter("year", "year", False)).values()) == years
    assert "undertakes" in choices(sample, Parameter("predicate", "predicate", False))
    assert choices(sample, Parameter("text", "text", False)) == {}
    assert choices(sample, Parameter("role", "text", True)) == {"target": "target", "baseline": "baseline"}


def test_things_of_one_name_are_told_apart(hongdong: KnowledgeGraph) -> None:
    found = choices(hongdong, Parameter("thing", "thing", False))
    bridges = {label: thing for label, thing in found.items() if label.startswith("乾峰大桥")}
    assert list(bridges) == ["乾峰大桥 (location)", "乾峰大桥 (project)"]
    assert len({thing.iri for thing in bridges.values()}) == 2  # type: ignore[attr-defined]
    number = hongdong.query(
        "SELECT (COUNT(DISTINCT ?thing) AS ?number) { VALUES ?type { ht:Strategy ht:Measure ht:Project "
        "ht:Enterprise ht:Organization ht:Industry ht:Location ht:Plan } ?thing a ?type }"
    )
    assert len(found) == number["number"][0]


def test_things_of_two_plans_are_told_apart() -> None:
    kg = KnowledgeGraph.packaged("hongdong")
    with packaged("sample") as folder:
        kg.load_tables(read_tables(folder))
    plans = kg.run("list_plans")["title"].tolist()
    found = choices(kg, Parameter("industry", "Industry", False))
    assert {label for label in found if label.startswith("现代物流 (")} == {
        f"现代物流 ({plan})" for plan in plans
    }


def test_plans_are_picked_by_title(sample: KnowledgeGraph) -> None:
    titles = sample.run("list_plans")["title"].tolist()
    assert list(choices(sample, Parameter("plan", "Plan", False))) == titles
    assert set(titles) <= set(choices(sample, Parameter("plan", "thing", False)))


def test_one_click_gives_table_citations_and_sparql(form: QuestionForm) -> None:
    form.picks["who"].value = ENTERPRISE
    assert ENTERPRISE in text(form.sentence.value)
    assert form.tabs.layout.display == "none"
    form.button.click()
    assert form.answer is not None and set(form.answer["who"]) == {ENTERPRISE}
    assert form.tabs.layout.display == "" and not form.message.value and not form.button.disabled
    assert "<iframe" in form.table.value
    passages = citations(form.answer)
    assert len(passages) == len(set(passages)) == form.answer["evidence"].nunique()
    assert all(passage.sentence and passage.sentence in text(form.passages.value) for passage in passages)
    assert "%%sparql" in text(form.sparql.value)


def test_the_sparql_runs_as_it_is_in_a_cell(form: QuestionForm, cells: "Cells") -> None:
    form.picks["who"].value = ENTERPRISE
    form.button.click()
    assert form.answer is not None
    cell = text(form.sparql.value)
    answer = cells.run(cell[cell.index("%%sparql") :])
    assert answer.to_dict("records") == form.answer.to_dict("records")


def test_the_picture_is_made_when_its_tab_is_opened(form: QuestionForm) -> None:
    form.picks["who"].value = ENTERPRISE
    form.button.click()
    assert form.picture.value == ""
    form.tabs.selected_index = 1
    first = form.picture.value
    assert "<iframe" in first
    form.tabs.selected_index = 0
    form.tabs.selected_index = 1
    assert form.picture.value is first
    form.picks["who"].value = ""
    form.button.click()
    assert "<iframe" in form.picture.value and form.picture.value != first


def test_aliases_are_understood_and_wrong_names_are_told_within_the_form(hongdong: KnowledgeGraph) -> None:
    form = QuestionForm(hongdong)
    form.picks["who"].value = "华翔股份"
    form.button.click()
    assert form.answer is not None and set(form.answer["who"]) == {"华翔集团"}
    form.picks["who"].value = "华翔集"
    form.button.click()
    assert "nothing is called “华翔集”" in text(form.message.value)
    assert form.answer is None and form.tabs.layout.display == "none"


def test_what_is_missing_is_told(form: QuestionForm) -> None:
    form.question.value = "find_paths"
    form.picks["start"].value = ENTERPRISE
    form.button.click()
    assert text(form.message.value) == f"fill in first: {heading('end')}"


def test_what_is_typed_is_never_html(form: QuestionForm) -> None:
    form.picks["who"].value = "<script>alert(1)</script>"
    form.button.click()
    assert "<script" not in form.message.value + form.sentence.value
    assert "<script>alert(1)</script>" in text(form.message.value)


def test_years_are_a_list_newest_first(form: QuestionForm) -> None:
    form.question.value = "list_targets_by_strategy"
    assert form.picks["year"].value == "2025"
    form.button.click()
    assert form.answer is not None and set(form.answer["year"]) == {2025}


def test_a_short_list_may_stay_open_when_it_is_optional(form: QuestionForm) -> None:
    assert form.picks["strategy"].options[0] == ("(any)", "")
    assert form.picks["strategy"].value == ""
    form.picks["strategy"].value = form.picks["strategy"].options[1][1]
    form.button.click()
    assert form.answer is not None
    assert all(form.picks["strategy"].value in strategies for strategies in form.answer["strategies"])


def test_what_was_picked_stays_for_the_next_question(form: QuestionForm) -> None:
    form.picks["place"].value = "柳塘工业园区"
    form.question.value = "list_projects_of_place"
    assert form.picks["place"].value == "柳塘工业园区"
    form.question.value = "find_things"
    assert list(form.picks) == ["text"] and form.picks["text"].value == ""


def test_the_language_is_that_of_the_form_and_of_nothing_else(form: QuestionForm) -> None:
    form.picks["who"].value = ENTERPRISE
    form.button.click()
    assert form.tabs.titles[:2] == ("Table", "Picture")
    form.language.value = "zh"
    assert form.tabs.titles[:2] == ("表", "图") and form.button.description == "问"
    assert form.question.value == "show_who_does_what_where" and form.picks["who"].value == ENTERPRISE
    assert read_query("show_who_does_what_where").questions["zh"] in text(form.sentence.value)
    assert "谁在哪里做什么" in form.table.value and "第" in form.passages.value
    assert os.environ["HONGTU_LANG"] == "en"


def test_a_question_without_answer_says_what_to_leave_out(form: QuestionForm) -> None:
    form.picks["who"].value, form.picks["place"].value = ENTERPRISE, "白沙镇"
    form.button.click()
    told = text(form.table.value).splitlines()
    assert told[0] == f"nothing fits who={ENTERPRISE}, place=白沙镇"
    assert told[1].startswith("without who there are")


def test_a_question_whose_rows_cite_nothing_says_so(form: QuestionForm) -> None:
    form.question.value = "count_things"
    form.button.click()
    assert "its rows cite no passages" in text(form.passages.value)


def test_mentions_are_cited(form: QuestionForm) -> None:
    form.question.value = "show_mentions"
    form.picks["thing"].value = ENTERPRISE
    form.button.click()
    assert form.answer is not None
    assert len(citations(form.answer)) == len(form.answer) > 0


def test_every_question_runs_from_the_form(form: QuestionForm) -> None:
    for name in query_names():
        form.question.value = name
        for parameter in read_query(name).parameters:
            if not parameter.optional and not form.picks[parameter.name].value:
                form.picks[parameter.name].value = "C" if parameter.kind == "sector" else ENTERPRISE
        form.button.click()
        if name != "show_evidence":  # the enterprise does not undertake itself
            assert not form.message.value and form.answer is not None, name


@pytest.mark.parametrize("name", query_names())
def test_the_text_to_learn_from_has_the_question_in_one_language(name: str) -> None:
    cell = runnable(read_query(name), {})
    assert cell.startswith(f"%%sparql\n# title@en {read_query(name).titles['en']}\n")
    assert "@zh" not in cell.split("SELECT")[0] and "# parameter" not in cell and "# answer" not in cell


def test_a_notebook_shows_the_form(form: QuestionForm) -> None:
    bundle: Any = form._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "application/vnd.jupyter.widget-view+json" in data


def test_without_ipywidgets_it_tells_what_to_install(
    sample: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(UsageError, match=r'pip install "hongtu\[notebook\]"'):
        sample.ask()
