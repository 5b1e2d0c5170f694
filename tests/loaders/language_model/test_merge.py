from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hongtu.loaders.extraction.normal import normalise
from hongtu.loaders.extraction.outline import read_outline
from hongtu.loaders.language_model.answer import (
    Answer,
    Objection,
    ProposedEntity,
    ProposedFigure,
    ProposedRelation,
)
from hongtu.loaders.language_model.chunks import cut
from hongtu.loaders.language_model.merge import Merged, merge
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.records import Entity, Reference

if TYPE_CHECKING:
    from tests.loaders.language_model.conftest import Rules


class Merge:
    """Merges answers to the chapters of the invented plan with what the rules found."""

    def __init__(self, text: PlanText, rules: "Rules") -> None:
        self.text, self.base = text, rules.extract(text, "青禾")
        self.view = normalise(text.text)
        # The title stands in a piece of its own.
        self.chunks = [chunk for chunk in cut(read_outline(self.view.text)) if chunk.path]

    def __call__(self, *answers: Answer) -> Merged:
        pieces = list(zip(self.chunks, answers, strict=False))
        return merge(self.base, self.text, self.view, pieces, Decimal("0.6"))

    def quotes(self, entity: Entity) -> list[str]:
        return [self.text.text[span.start : span.end] for span in entity.evidence]


@pytest.fixture
def merged(text: PlanText, rules: "Rules") -> Merge:
    return Merge(text, rules)


def entity(kind: str, name: str, quote: str = "") -> ProposedEntity:
    return ProposedEntity(kind, name, quote)


def relation(subject: str, predicate: str, object_: str, quote: str = "") -> ProposedRelation:
    return ProposedRelation(subject, predicate, object_, quote)


def figure(**values: Any) -> ProposedFigure:
    given = {
        "indicator": "旅游收入",
        "value": Decimal(8),
        "unit": "亿元",
        "verbatim": "8亿元",
        "year": 2025,
        "comparator": "=",
        "role": "target",
        "quote": "增加到2025年8亿元，年均增长21.7%",
    }
    return ProposedFigure(**{**given, **values})


def test_pieces_are_the_chapters(merged: Merge) -> None:
    assert ["果业" in chunk.path[0] for chunk in merged.chunks] == [True, False]


def test_new_names_come_after_those_of_the_rules_in_the_order_of_the_text(merged: Merge) -> None:
    items = [entity("Organization", "柳河大学"), entity("Project", "果汁生产线", "冷链仓库、果汁生产线")]
    result = merged(Answer(entities=items))
    assert result.tables.entities[:-2] == merged.base.entities
    assert [(one.reference, one.confidence, merged.quotes(one)) for one in result.tables.entities[-2:]] == [
        (Reference("Project", "果汁生产线"), Decimal("0.6"), ["果汁生产线"]),
        (Reference("Organization", "柳河大学"), Decimal("0.6"), ["柳河大学"]),
    ]
    assert result.added == {"entities": 2, "edges": 0, "figures": 0}
    assert result.found == result.tables.entities[-2:]


def test_name_is_the_plans_and_not_the_models(merged: Merge) -> None:
    result = merged(Answer(), Answer(entities=[entity("Project", '"果 香古道"行动')]))
    assert result.tables.entities[-1].name == "“果香古道”行动"


def test_invented_names_are_dropped_and_counted(merged: Merge) -> None:
    items = [entity("Enterprise", "虚构集团", "虚构集团建设果汁生产线"), entity("Location", "青禾果业博物馆")]
    result = merged(Answer(entities=items))
    assert result.tables == merged.base
    assert result.dropped == {"ungrounded": 2}


@pytest.mark.parametrize("name", ["", "县", "到2025年果品产量达到12.5万吨以上。", "、", "…"])
def test_what_is_no_name_is_dropped(merged: Merge, name: str) -> None:
    assert merged(Answer(entities=[entity("Project", name)])).dropped == {"impossible": 1}


def test_known_name_gets_one_more_place(merged: Merge) -> None:
    again = entity("Location", "𠮷岭镇", "在𠮷岭镇建设果汁生产线")
    result = merged(Answer(entities=[again, again, again]))
    town = result.tables.entities[4]
    assert [span.line for span in town.evidence] == [3, 4]
    assert town.confidence == 1
    assert result.added["mentions"] == 1
    assert result.dropped == {"known": 2}
    assert result.found == []


def test_alias_of_a_known_name_is_that_name(merged: Merge) -> None:
    result = merged(Answer(), Answer(entities=[entity("Enterprise", "青禾果业", "建设青禾果业博物馆")]))
    assert len(result.tables.entities) == len(merged.base.entities)
    assert merged.quotes(result.tables.entities[2]) == ["青禾果业集团", "青禾果业"]


def test_repeated_new_name_takes_its_places_in_any_order(merged: Merge) -> None:
    later, earlier = (
        entity("Project", "果汁生产线", quote) for quote in ("镇建设果汁生产线", "冷链仓库、果汁生产线")
    )
    results = [merged(Answer(entities=list(items))) for items in ([later, earlier], [earlier, later])]
    assert results[0].tables == results[1].tables
    assert merged.quotes(results[0].tables.entities[-1]) == ["果汁生产线", "果汁生产线"]


def test_same_name_in_two_pieces_is_one_thing(merged: Merge) -> None:
    firm = Answer(entities=[entity("Enterprise", "丰原果汁公司")])
    result = merged(firm, firm)
    assert [span.line for span in result.tables.entities[-1].evidence] == [4, 6]
    assert result.added["entities"] == 1


def test_doubted_name_and_its_edges_stay_with_low_confidence(merged: Merge) -> None:
    result = merged(Answer(), Answer(wrong=[Objection("Location", "果香古道")]))
    assert result.doubted == 1
    assert [one.confidence for one in result.tables.entities] == [1, 1, 1, 1, 1, Decimal("0.3")]
    assert [one.confidence for one in result.tables.edges] == [1, Decimal("0.3")]


def test_doubt_needs_every_piece_that_has_the_name_and_its_kind(merged: Merge) -> None:
    town = Objection("Location", "𠮷岭镇")
    assert merged(Answer(), Answer(wrong=[town])).doubted == 0
    assert merged(Answer(wrong=[Objection("Project", "𠮷岭镇")])).doubted == 0
    assert merged(Answer(wrong=[town])).doubted == 1


def test_relation_has_the_sentence_as_its_evidence(merged: Merge, text: PlanText) -> None:
    firm = [entity("Enterprise", "丰原果汁公司"), entity("Organization", "柳河大学")]
    edges = [
        relation("丰原果汁公司", "partnersWith", "柳河大学", "丰原果汁公司与柳河大学合作"),
        relation("柳河大学", "partnersWith", "丰原果汁公司", "与柳河大学合作"),
        relation("青禾果业集团", "undertakes", "冷链仓库", "支持青禾果业集团"),
    ]
    result = merged(Answer(entities=firm, relations=edges))
    assert result.dropped == {"known": 2}
    (new,) = result.tables.edges[2:]
    assert (new.subject.name, new.object.name, new.confidence) == ("丰原果汁公司", "柳河大学", Decimal("0.6"))
    assert [text.text[span.start : span.end] for span in new.evidence] == [
        "丰原果汁公司与柳河大学合作，在𠮷岭镇建设果汁生产线。"
    ]


@pytest.mark.parametrize(
    ("edge", "reason"),
    [
        (relation("虚构集团", "undertakes", "冷链仓库"), "impossible"),
        (relation("冷链仓库", "undertakes", "青禾果业集团"), "impossible"),
        (relation("𠮷岭镇", "within", "𠮷岭镇"), "impossible"),
        (relation("冷链仓库", "locatedIn", "青禾县", "不在原文里"), "ungrounded"),
        (relation("果品产业", "locatedIn", "𠮷岭镇", "不在原文里"), "ungrounded"),
    ],
)
def test_relations_that_cannot_be_are_dropped(merged: Merge, edge: ProposedRelation, reason: str) -> None:
    result = merged(Answer(relations=[edge]))
    assert result.tables == merged.base
    assert result.dropped == {reason: 1}


def test_relation_without_its_quotation_needs_one_sentence_with_both_names(merged: Merge) -> None:
    result = merged(Answer(relations=[relation("冷链仓库", "locatedIn", "𠮷岭镇", "抄错了")]))
    assert result.added["edges"] == 1


def test_figure_is_taken_as_printed(merged: Merge, text: PlanText) -> None:
    result = merged(Answer(), Answer(figures=[figure(quote="旅游收入由2020年3亿元增加到2025年8亿元")]))
    target = result.tables.figures[-1].target
    assert (target.indicator, target.value, target.verbatim, target.year) == (
        "旅游收入",
        Decimal(8),
        "8亿元",
        2025,
    )
    assert text.text[slice(*target.evidence[0][1:])] == "旅游收入由2020年3亿元增加到2025年8亿元"


def test_indicator_may_be_named_in_parts(merged: Merge) -> None:
    growth = figure(
        indicator="旅游收入年均增长",
        value=Decimal("21.7"),
        unit="％",
        verbatim="21.7%",
        quote="旅游收入由2020年3亿元增加到2025年8亿元，年均增长21.7%",
    )
    target = merged(Answer(), Answer(figures=[growth])).tables.figures[-1].target
    assert (target.indicator, target.unit) == ("旅游收入年均增长", "%")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"value": Decimal(80)}, "impossible"),
        ({"unit": "万元"}, "impossible"),
        ({"year": 1925}, "impossible"),
        ({"value": Decimal(9), "verbatim": "9亿元"}, "ungrounded"),
        ({"indicator": "虚构收入"}, "ungrounded"),
        ({"indicator": ""}, "ungrounded"),
    ],
)
def test_figures_that_are_not_printed_are_dropped(merged: Merge, change: dict[str, Any], reason: str) -> None:
    result = merged(Answer(), Answer(figures=[figure(**change)]))
    assert result.tables == merged.base
    assert result.dropped == {reason: 1}


def test_figure_of_the_rules_is_not_taken_twice(merged: Merge) -> None:
    known = figure(
        indicator="产量", value=Decimal("12.50"), unit="万吨", verbatim="12.5万吨", quote="产量达到12.5万吨"
    )
    result = merged(Answer(figures=[known, known]))
    assert result.tables == merged.base
    assert result.dropped == {"known": 2}


words = st.sampled_from(
    ["果汁生产线", "丰原果汁公司", "柳河大学", "𠮷岭镇", "虚构", "在𠮷岭镇建设果汁生产线", ""]
) | st.text(max_size=6)
kinds = st.sampled_from(["Project", "Enterprise", "Organization", "Location"])
proposals = st.builds(
    Answer,
    entities=st.lists(st.builds(ProposedEntity, kinds, words, words), max_size=6),
    relations=st.lists(
        st.builds(ProposedRelation, words, st.sampled_from(["undertakes", "locatedIn"]), words, words),
        max_size=4,
    ),
    figures=st.lists(
        st.builds(
            lambda one, other: figure(indicator=one, verbatim=other, unit="", value=None), words, words
        ),
        max_size=2,
    ),
    wrong=st.lists(st.builds(Objection, kinds, words), max_size=3),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(proposals, proposals)
def test_all_that_is_taken_stands_in_the_plan(merged: Merge, one: Answer, other: Answer) -> None:
    before = repr(merged.base)
    result = merged(one, other)
    assert repr(merged.base) == before
    view = "".join(merged.text.text.split())
    for new in result.tables.entities:
        assert all("".join(quote.split()) in (new.name, *new.aliases) for quote in merged.quotes(new))
    for edge in result.tables.edges:
        assert {edge.subject, edge.object} <= {known.reference for known in result.tables.entities}
    for figure in result.tables.figures:
        assert "".join(figure.target.verbatim.split()) in view
    assert len({known.reference for known in result.tables.entities}) == len(result.tables.entities)
