from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.loaders.errors import InputError
from hongtu.loaders.patch import Decision
from hongtu.loaders.records import Entity, Reference, Span
from hongtu.loaders.replay import apply
from hongtu.loaders.review import difference
from hongtu.loaders.source import PlanTables

GROUP = {"type": "Enterprise", "name": "青禾果业集团"}
SCHOOL = {"type": "Organization", "name": "柳河大学"}


def decide(decision: str, thing: dict[str, str], **cells: Any) -> Decision:
    return Decision(decision=decision, **{**thing, **cells})


def thing(tables: PlanTables, name: str) -> Entity:
    (found,) = [entity for entity in tables.entities if entity.name == name and entity.kind != "Measure"]
    return found


def ends(tables: PlanTables) -> set[tuple[str, str, str]]:
    return {(edge.subject.name, edge.predicate, edge.object.name) for edge in tables.edges}


def as_sets(tables: PlanTables) -> tuple[object, ...]:
    parts = tables.sections, tables.entities, tables.edges, tables.figures
    return (tables.plan, *(frozenset(part) for part in parts))


# Laws


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_difference_makes_the_corrected_tables_and_does_no_more_the_second_time(
    any_tables: st.SearchStrategy[PlanTables], data: st.DataObject
) -> None:
    extracted, corrected = data.draw(any_tables), data.draw(any_tables)
    patch = difference(extracted, corrected)
    once = apply(extracted, patch)
    assert not once.stale and not once.tables.problems
    assert as_sets(once.tables) == as_sets(corrected)
    assert as_sets(apply(once.tables, patch).tables) == as_sets(corrected)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_on_another_extraction_too_the_second_time_changes_nothing(
    any_tables: st.SearchStrategy[PlanTables], data: st.DataObject
) -> None:
    extracted, corrected, other = (data.draw(any_tables) for _ in range(3))
    patch = difference(extracted, corrected)
    try:
        once = apply(other, patch).tables
    except InputError:
        return
    assert as_sets(apply(once, patch).tables) == as_sets(once)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_the_empty_patch_changes_nothing(
    any_tables: st.SearchStrategy[PlanTables], data: st.DataObject
) -> None:
    tables = data.draw(any_tables)
    assert as_sets(apply(tables, ()).tables) == as_sets(tables)
    assert difference(tables, tables) == ()


# Decisions


def test_what_is_accepted_is_certain(tables: PlanTables) -> None:
    patch = (
        decide("accept", SCHOOL),
        decide("accept", GROUP, predicate="operatesIn", object_type="Industry", object="果品产业"),
    )
    result = apply(tables, patch).tables
    assert thing(result, "柳河大学").confidence == 1
    assert {edge.confidence for edge in result.edges} == {Decimal(1)}


def test_what_is_rejected_goes_with_its_relations(tables: PlanTables) -> None:
    result = apply(tables, (decide("reject", {"type": "Industry", "name": "果品产业"}),)).tables
    assert ("青禾果业集团", "operatesIn", "果品产业") not in ends(result)
    (figure,) = result.figures
    assert figure.subject == Reference("Plan", "")
    assert not result.problems


def test_a_new_name_is_followed_by_all_that_refers_to_it(tables: PlanTables) -> None:
    renamed = {"type": "Location", "name": "青禾县"}
    patch = (
        decide("edit", renamed, column="name", value="禾县"),
        decide("edit", {"type": "Strategy", "name": "果业振兴战略"}, column="name", value="果业战略"),
    )
    result = apply(tables, patch).tables
    assert result.plan.home == "禾县"
    assert ("禾县", "partnersWith", "柳河大学") in ends(result)
    assert result.sections[0].strategy == "果业战略"


def test_a_new_type_keeps_only_relations_that_it_may_have(tables: PlanTables) -> None:
    patch = (decide("edit", {"type": "Project", "name": "冷链仓库"}, column="type", value="Location"),)
    result = apply(tables, patch).tables
    assert thing(result, "冷链仓库").kind == "Location"
    assert ("青禾果业集团", "undertakes", "冷链仓库") not in ends(result)
    assert not result.problems


def test_merged_things_are_one_with_all_names_evidence_and_relations(tables: PlanTables) -> None:
    merge = decide("merge", SCHOOL, object_type="Enterprise", object="青禾果业集团", reason="试试")
    result = apply(tables, (merge,)).tables
    group = thing(result, "青禾果业集团")
    assert group.aliases == ("青禾果业", "柳河大学")
    assert len(group.evidence) == 3
    assert list(group.evidence) == sorted(group.evidence)
    assert ("青禾县", "partnersWith", "青禾果业集团") in ends(result)


def test_relations_that_become_one_keep_all_evidence(tables: PlanTables) -> None:
    for school in ("柳河大学", "青禾果业集团"):
        patch = (
            Decision(
                decision="add",
                type="Location",
                name="𠮷岭镇",
                predicate="partnersWith",
                object_type=thing(tables, school).kind,
                object=school,
                evidence=(Span(7, len(school), 20),),
            ),
        )
        tables = apply(tables, patch).tables
    merge = decide("merge", SCHOOL, object_type="Enterprise", object="青禾果业集团")
    edges = [edge for edge in apply(tables, (merge,)).tables.edges if edge.subject.name == "𠮷岭镇"]
    assert [edge.evidence for edge in edges] == [(Span(7, 4, 20), Span(7, 6, 20))]


def test_an_alias_is_split_off_with_its_places(tables: PlanTables) -> None:
    alias = thing(tables, "青禾果业集团").evidence[1]
    split = decide("split", GROUP, object_type="Enterprise", object="青禾果业", evidence=(alias,))
    result = apply(tables, (split,)).tables
    assert thing(result, "青禾果业集团").aliases == ()
    assert thing(result, "青禾果业").evidence == (alias,)
    assert thing(result, "青禾果业集团").evidence == thing(tables, "青禾果业集团").evidence[:1]


def test_what_was_missed_is_added(tables: PlanTables) -> None:
    added = {"type": "Project", "name": "果园"}
    patch = (
        Decision(decision="add", **added, predicate="locatedIn", object_type="Location", object="青禾县",
                 evidence=(Span(5, 30, 40),)),
        Decision(decision="add", **added, evidence=(Span(5, 30, 32),)),
        decide("edit", added, column="status", value="ongoing"),
    )  # fmt: skip
    replay = apply(tables, patch)
    assert not replay.stale
    assert getattr(thing(replay.tables, "果园"), "status") == "ongoing"  # noqa: B009
    assert ("果园", "locatedIn", "青禾县") in ends(replay.tables)


def test_decisions_that_found_nothing_are_told_one_line_each(tables: PlanTables) -> None:
    nothing = {"type": "Project", "name": "果园"}
    patch = (
        decide("accept", nothing),
        decide("reject", {"type": "Target", "name": "果品产量"}, verbatim="1吨"),
        decide("merge", {**nothing, "name": "茶园"}, object_type="Project", object="冷链仓库"),
        decide("split", GROUP, object_type="Enterprise", object="果业"),
        decide("add", nothing, predicate="locatedIn", object_type="Location", object="青禾县"),
    )
    replay = apply(tables, patch)
    assert as_sets(replay.tables) == as_sets(tables)
    lines = list(map(str, replay.stale))
    assert len(lines) == 5
    assert "accept Project 果园: there is no Project 果园 in the tables" in lines
    assert not any("\n" in line for line in lines)


def test_new_names_in_a_circle_are_told(tables: PlanTables) -> None:
    other = {"type": "Project", "name": "果园"}
    patch = (
        decide("edit", {"type": "Project", "name": "冷链仓库"}, column="name", value="果园"),
        decide("edit", other, column="name", value="冷链仓库"),
    )
    replay = apply(tables, patch)
    assert as_sets(replay.tables) == as_sets(tables)
    assert len(replay.stale) == 2


# The next extraction


def test_a_decision_finds_a_thing_whose_name_is_an_alias_by_now(tables: PlanTables) -> None:
    patch = (decide("edit", {"type": "Enterprise", "name": "青禾果业"}, column="confidence", value="0.3"),)
    replay = apply(tables, patch)
    assert not replay.stale
    assert thing(replay.tables, "青禾果业集团").confidence == Decimal("0.3")
    rejected = apply(tables, (decide("reject", {"type": "Enterprise", "name": "青禾果业"}),))
    assert len(rejected.stale) == 1


def test_a_decision_finds_a_figure_whose_evidence_was_cut_otherwise(tables: PlanTables) -> None:
    (figure,) = tables.figures
    (span,) = figure.target.evidence
    decision = Decision(
        decision="edit",
        type="Target",
        name="果品产量",
        verbatim="12.5万吨",
        year="2025",
        role="target",
        evidence=(span._replace(end=span.end + 1),),
        column="comparator",
        value=">=",
    )
    replay = apply(tables, (decision,))
    assert not replay.stale
    assert replay.tables.figures[0].target.comparator == ">="


def test_a_correction_that_the_extraction_makes_itself_by_now_is_not_stale(tables: PlanTables) -> None:
    patch = (decide("edit", {"type": "Project", "name": "仓库"}, column="name", value="冷链仓库"),)
    assert apply(tables, patch).stale == ()


def test_without_its_home_no_plan_is_left(tables: PlanTables) -> None:
    with pytest.raises(InputError, match="home"):
        apply(tables, (decide("reject", {"type": "Location", "name": "青禾县"}),))


def test_rows_that_were_refused_stay_refused(tables: PlanTables) -> None:
    tables.rejected["projects"] = []
    assert apply(tables, ()).tables.rejected == {"projects": []}
