import pytest

from hongtu.loaders.gazetteer import divisions, find_home, full_code, scope, short_name


def test_divisions_reach_from_provinces_to_towns() -> None:
    lengths = {length: sum(len(code) == length for code in divisions()) for length in (2, 4, 6, 9)}
    assert lengths[2] == 31
    assert lengths[4] > 330
    assert lengths[6] > 2900
    assert lengths[9] > 41000


def test_short_forms_belong_to_the_home_only() -> None:
    home = find_home("临汾市洪洞县规划", "")
    assert home is not None
    names = scope(home, frozenset()).names
    assert names["曲亭"].name == "曲亭镇"
    assert names["浮山"].name == "浮山县"
    assert names["山西"].name == "山西省"
    assert "青云" not in names  # a town of other counties


def test_common_words_mean_a_place_in_full_only() -> None:
    home = find_home("甘南藏族自治州规划", "")
    assert home is not None
    names = scope(home, frozenset({"合作"})).names
    assert "合作" not in names
    assert names["合作市"].code == "623001"


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("洪洞县", "home"),
        ("曲亭镇", "inside"),
        ("临汾", "above"),
        ("太原", "outside 4"),
        ("浮山", "outside 6"),
    ],
)
def test_a_place_is_told_by_how_it_lies_to_the_home(name: str, side: str) -> None:
    home = find_home("临汾市洪洞县规划", "")
    assert home is not None
    found = scope(home, frozenset())
    assert found.relation(found.names[name]) == side


def test_of_namesakes_the_one_in_the_named_prefecture_is_meant() -> None:
    assert find_home("江苏省南京市鼓楼区规划", "") == ("320106", "鼓楼区")
    assert find_home("福建省福州市鼓楼区规划", "") == ("350102", "鼓楼区")


def test_of_namesakes_without_an_upper_one_the_text_tells() -> None:
    assert find_home("鼓楼区投资指南", "") is None
    assert find_home("鼓楼区投资指南", "鼓楼区在福州市中部，东接晋安，距福州站两公里。") == (
        "350102",
        "鼓楼区",
    )
    assert find_home("南京鼓楼区投资指南", "") == ("320106", "鼓楼区")


def test_the_lowest_division_of_the_title_is_meant_wherever_it_stands() -> None:
    assert find_home("洪洞县贯彻落实临汾市规划实施方案", "") == ("141024", "洪洞县")
    assert find_home("甘肃省嘉峪关市规划", "") == ("6202", "嘉峪关市")


def test_codes_have_six_digits_at_least() -> None:
    assert [full_code(code) for code in ("14", "1410", "141024", "141024100")] == [
        "140000",
        "141000",
        "141024",
        "141024100",
    ]


def test_short_names_keep_two_characters() -> None:
    assert [short_name(name) for name in ("和县", "伊犁哈萨克自治州", "内蒙古自治区")] == [
        "和县",
        "伊犁",
        "内蒙古",
    ]
