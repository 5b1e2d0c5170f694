import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.language_model.answer import (
    Answer,
    Objection,
    ProposedEntity,
    ProposedFigure,
    ProposedRelation,
    read_answer,
)

ENTITY = {"kind": "Project", "name": "甲园", "quote": "建设甲园"}
RELATION = {"subject": "云禾", "predicate": "undertakes", "object": "甲园", "quote": "云禾建设甲园"}
FIGURE = {
    "indicator": "产量",
    "value": "1,200",
    "unit": "吨",
    "verbatim": "1200吨",
    "year": 2025,
    "comparator": ">=",
    "role": "target",
    "quote": "产量达到1200吨",
}


def written(**lists: Any) -> str:
    return json.dumps(lists, ensure_ascii=False)


def read(content: str) -> Answer:
    answer = read_answer(content)
    assert answer is not None
    return answer


def test_answer_is_read_list_by_list() -> None:
    wrong = [{"kind": "Location", "name": "乙"}]
    content = written(entities=[ENTITY], relations=[RELATION], figures=[FIGURE], wrong=wrong)
    assert read(content) == Answer(
        entities=[ProposedEntity("Project", "甲园", "建设甲园")],
        relations=[ProposedRelation("云禾", "undertakes", "甲园", "云禾建设甲园")],
        figures=[
            ProposedFigure("产量", Decimal(1200), "吨", "1200吨", 2025, ">=", "target", "产量达到1200吨")
        ],
        wrong=[Objection("Location", "乙")],
    )


@pytest.mark.parametrize(
    "around",
    ["```json\n%s\n```", '<think>先写 {"entities": 草稿}</think>\n%s', "好的，结果如下：%s 以上。", "%s%%{"],
)
def test_words_around_the_object_are_passed_over(around: str) -> None:
    assert read(around % written(entities=[ENTITY])).entities[0].name == "甲园"


@pytest.mark.parametrize("cut", range(1, 60))
def test_whole_items_of_a_broken_answer_are_read(cut: int) -> None:
    content = written(entities=[ENTITY, ENTITY], relations=[RELATION])[:-cut]
    answer = read(content)
    assert len(answer.entities) == 2
    assert answer.malformed == 0


@pytest.mark.parametrize(
    "item",
    [
        {},
        {**ENTITY, "kind": "Person"},
        {**ENTITY, "name": ["甲园"]},
        {**ENTITY, "name": True},
        "甲园",
        None,
    ],
)
def test_malformed_items_are_counted_and_the_others_stay(item: object) -> None:
    answer = read(written(entities=[item, ENTITY]))
    assert (len(answer.entities), answer.malformed) == (1, 1)


@pytest.mark.parametrize(
    "change", [{"value": "七"}, {"value": "1e9"}, {"year": "二〇二五"}, {"role": "goal"}, {"value": 1e400}]
)
def test_figures_with_no_number_or_year_are_malformed(change: dict[str, Any]) -> None:
    answer = read(written(figures=[{**FIGURE, **change}]))
    assert (answer.figures, answer.malformed) == ([], 1)


def test_figure_without_a_single_number_has_no_value() -> None:
    assert read(written(figures=[{**FIGURE, "value": None}])).figures[0].value is None


@pytest.mark.parametrize("content", ["", "没有", "[]", "{}", '{"other": 1}', "{" * 3000])
def test_content_without_the_object_is_no_answer(content: str) -> None:
    assert read_answer(content) is None


def test_deep_nesting_is_no_crash() -> None:
    assert read('{"entities": ' + "[" * 100_000).entities == []


cells = st.none() | st.booleans() | st.floats() | st.text(max_size=5)
items = st.dictionaries(st.sampled_from([*ENTITY, *FIGURE]), cells, max_size=4) | cells
names = st.sampled_from(["entities", "relations", "figures", "wrong"])


@given(st.dictionaries(names, st.lists(items, max_size=3) | items), st.integers(0, 40))
def test_any_content_is_read_without_an_error(lists: dict[str, Any], cut: int) -> None:
    content = json.dumps(lists)
    read_answer(content[: len(content) - cut])
