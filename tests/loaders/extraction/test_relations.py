import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.extraction.mentions import KINDS, Mention, in_order
from hongtu.loaders.extraction.outline import read_outline
from hongtu.loaders.extraction.pairs import BETWEEN_NAMES, FRAMES, SHAPES, read_pairs
from hongtu.loaders.extraction.relations import StatusReader, find_relations
from hongtu.loaders.extraction.surroundings import word_lists
from hongtu.loaders.records import STATUSES
from hongtu.loaders.relations import PREDICATES


def mentions_of(text: str, **names: tuple[str, ...]) -> list[Mention]:
    """Every place where a name stands, by kind."""
    found = []
    for kind, group in names.items():
        for name in group:
            at = text.find(name)
            while at >= 0:
                found.append(Mention(kind, at, at + len(name), 1.0))
                at = text.find(name, at + 1)
    return in_order(found)


def relations_of(text: str, **names: tuple[str, ...]) -> set[tuple[str, str, str]]:
    mentions = mentions_of(text, **names)
    found = find_relations(text, read_outline(text), mentions)
    surfaces = [text[mention.start : mention.end] for mention in mentions]
    return {(surfaces[one.subject], one.predicate, surfaces[one.object]) for one in found}


def status(text: str, name: str) -> str:
    at = text.index(name)
    return StatusReader(text, read_outline(text)).status(Mention("Project", at, at + len(name), 1.0))


def test_names_in_a_project_tell_who_builds_it_and_where() -> None:
    found = relations_of(
        "二、重点任务\n加快柳湾镇云帆集团光伏产业园等项目建设，全面提升发展质量。\n",
        Project=("柳湾镇云帆集团光伏产业园",),
        Enterprise=("云帆集团",),
        Location=("柳湾镇",),
    )
    assert ("云帆集团", "undertakes", "柳湾镇云帆集团光伏产业园") in found
    assert ("柳湾镇云帆集团光伏产业园", "locatedIn", "柳湾镇") in found


def test_sector_in_the_name_of_a_project_is_its_industry() -> None:
    found = relations_of(
        "二、重点任务\n扎实推进项目建设。建成云帆食品加工产业园、青禾冷链物流基地。\n",
        Project=("云帆食品加工产业园", "青禾冷链物流基地"),
        Industry=("食品加工", "冷链物流"),
    )
    assert found == {
        ("云帆食品加工产业园", "inIndustry", "食品加工"),
        ("青禾冷链物流基地", "inIndustry", "冷链物流"),
    }


def test_list_of_companies_and_list_of_towns_are_not_multiplied() -> None:
    companies = ("云帆集团", "北斗纸业", "青禾药业", "长风机械")
    towns = ("柳湾镇", "石桥镇", "青石镇", "北渡镇")
    text = f"二、重点任务\n支持{'、'.join(companies)}等企业发展，推进{'、'.join(towns)}等乡镇环境整治。\n"
    assert len(relations_of(text, Enterprise=companies, Location=towns)) <= 2


def test_kinds_are_those_of_the_ontology() -> None:
    for predicate, subject, object_ in FRAMES:
        assert subject in PREDICATES[predicate][0]
        assert object_ in PREDICATES[predicate][1]


def test_no_names_no_relations() -> None:
    assert find_relations("", read_outline(""), []) == []
    text = "建成北渡大桥。"
    assert find_relations(text, read_outline(text), mentions_of(text, Project=("北渡大桥",))) == []


def test_labels_below_a_task_are_candidates() -> None:
    text = "（一）建成北渡大桥。\n牵头单位：县交通局\n（二）办好文化节。\n牵头单位：县文旅局\n"
    mentions = mentions_of(text, Project=("北渡大桥", "文化节"), Organization=("县交通局", "县文旅局"))
    pairs = read_pairs(text, read_outline(text), mentions)
    below = {
        (mentions[subject].start, mentions[object_].start)
        for subject, object_, frame in zip(pairs.subject, pairs.object, pairs.frame, strict=True)
        if FRAMES[frame][0] == "undertakes"
    }
    assert below == {
        (text.index("县交通局"), text.index("北渡大桥")),
        (text.index("县文旅局"), text.index("文化节")),
    }


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("一、工作回顾\n建成北渡大桥，群众出行更加便利了。\n", "北渡大桥", "achieved"),
        ("一、工作回顾\n北渡大桥开工，群众非常高兴和期待。\n", "北渡大桥", "ongoing"),
        ("一、工作回顾\n加快北渡大桥建设，群众非常高兴。\n", "北渡大桥", "ongoing"),
        ("二、今年任务\n建成北渡大桥，让群众出行更加便利。\n", "北渡大桥", "planned"),
        ("二、今年任务\n去年建成的北渡大桥要管好，今年再建新桥。\n", "北渡大桥", "achieved"),
        ("二、今年任务\n谋划北渡大桥，加快道路建设。\n", "北渡大桥", "planned"),
        ("二、今年任务\n支持云帆集团建设光伏产业园。\n", "光伏产业园", "supported"),
        ("二、今年任务\n开展北渡大桥前期工作，做好道路养护。\n", "北渡大桥", "explored"),
        ("二、今年任务\n推进柳湾水厂、北渡大桥、青石公园建设。\n", "青石公园", "ongoing"),
    ],
)
def test_status_is_told_by_the_governing_verb_and_the_section(text: str, name: str, expected: str) -> None:
    assert status(text, name) == expected


def test_status_is_empty_where_nothing_tells() -> None:
    assert status("北渡大桥。", "北渡大桥") == ""


def test_rules_of_status_give_known_words() -> None:
    for rule in word_lists()["status"].values():
        assert {rule["past"], rule["ahead"]} <= set(STATUSES)


def test_weights_name_frames_and_shapes_only() -> None:
    text = files("hongtu.loaders.extraction").joinpath("relations.json").read_text("utf-8")
    known = {
        f"{words} {shape}" for frame in FRAMES for words in (frame[0], " ".join(frame)) for shape in SHAPES
    }
    learnt = json.loads(text)
    assert all(frames.keys() <= known for frames in learnt["weights"].values())
    assert set(learnt["thresholds"]) == set(learnt["confidence"]) == set(BETWEEN_NAMES)


PIECES = [
    *"、，。；：（）|\n",
    "甲镇",
    "云帆集团",
    "光伏",
    "大桥",
    "建成",
    "支持",
    "与",
    "合作",
    "牵头单位：",
    "一、",
    "等项目",
    "去年",
]


@st.composite
def texts_with_mentions(draw: st.DrawFn) -> tuple[str, list[Mention]]:
    text = "".join(draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=40)))
    starts = st.integers(0, len(text) - 1)
    spans = draw(st.lists(st.tuples(st.sampled_from(KINDS), starts, st.integers(1, 8)), max_size=12))
    found = {Mention(kind, start, min(start + length, len(text)), 1.0) for kind, start, length in spans}
    return text, in_order(found)


@given(texts_with_mentions())
def test_evidence_holds_both_names(case: tuple[str, list[Mention]]) -> None:
    text, mentions = case
    for one in find_relations(text, read_outline(text), mentions):
        subject, object_ = mentions[one.subject], mentions[one.object]
        assert (one.predicate, subject.kind, object_.kind) in FRAMES
        assert one.start <= min(subject.start, object_.start)
        assert max(subject.end, object_.end) <= one.end <= len(text)
        assert one.status in ("", *STATUSES)
        assert 0 <= one.confidence <= 1


@given(texts_with_mentions())
def test_features_have_a_label_for_every_value(case: tuple[str, list[Mention]]) -> None:
    text, mentions = case
    outline = read_outline(text)
    reader = StatusReader(text, outline)
    mentions = [mention for mention in mentions if reader.sentence(mention.start)]
    if len(mentions) > 1:
        pairs = read_pairs(text, outline, mentions)
        for part in pairs.features.values():
            assert len(part.values) == len(pairs.frame)
            assert all(0 <= value < len(part.labels) for value in part.values.tolist())
