from hongtu.loaders.extraction.entities import gather
from hongtu.loaders.extraction.mentions import Mention, in_order
from hongtu.loaders.gazetteer import scope_of_unknown

HOME = scope_of_unknown("云岭县")


def mentions_of(text: str, **names: tuple[str, ...]) -> list[Mention]:
    """Every place where a name stands, by kind."""
    found = []
    for kind, group in names.items():
        for name in group:
            at = text.find(name)
            while at >= 0:
                found.append(Mention(kind, at, at + len(name), 0.9))
                at = text.find(name, at + 1)
    return in_order(found)


def names_of(text: str, **names: tuple[str, ...]) -> set[tuple[str, ...]]:
    things = gather(text, mentions_of(text, **names), HOME)
    return {(thing.name, *thing.aliases) for thing in things}


def test_endings_that_make_no_other_thing_are_gathered() -> None:
    text = "建成北渡大桥建设项目。北渡大桥通车。"
    assert names_of(text, Project=("北渡大桥建设项目", "北渡大桥")) == {("北渡大桥建设项目", "北渡大桥")}


def test_short_form_of_a_company_is_gathered_with_its_full_name() -> None:
    assert names_of("云帆集团投产，云帆扩产", Enterprise=("云帆集团", "云帆")) == {("云帆集团", "云帆")}


def test_short_and_full_name_of_an_area_are_one_place() -> None:
    assert names_of("云岭县在变，云岭在变", Location=("云岭县", "云岭")) == {("云岭县", "云岭")}


def test_two_areas_with_like_names_stay_apart() -> None:
    assert names_of("吉林省和吉林市", Location=("吉林省", "吉林市")) == {("吉林省",), ("吉林市",)}


def test_bracket_and_quotes_make_no_other_thing() -> None:
    text = "国家农高区（云岭农谷）、云岭农谷、“雪亮”工程、雪亮工程"
    assert names_of(
        text, Location=("国家农高区（云岭农谷）", "云岭农谷"), Project=("“雪亮”工程", "雪亮工程")
    ) == {("国家农高区（云岭农谷）", "云岭农谷"), ("“雪亮”工程", "雪亮工程")}


def test_the_same_name_of_two_kinds_is_two_things() -> None:
    things = gather("青石古镇", mentions_of("青石古镇", Location=("青石古镇",), Project=("青石古镇",)), HOME)
    assert {thing.kind for thing in things} == {"Location", "Project"}


def test_every_merge_has_its_reason() -> None:
    text = "云帆集团、云帆、云帆股份"
    (thing,) = gather(text, mentions_of(text, Enterprise=("云帆集团", "云帆", "云帆股份")), HOME)
    assert {name for name, _, _ in thing.reasons} == {"云帆", "云帆股份"} or len(thing.reasons) == 2


def test_mentions_make_a_thing_more_sure() -> None:
    text = "云帆集团、云帆集团"
    (thing,) = gather(text, mentions_of(text, Enterprise=("云帆集团",)), HOME)
    assert thing.confidence > 0.9
    assert len(thing.mentions) == 2
