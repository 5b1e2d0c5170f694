import pytest

from hongtu.loaders.extraction.scope import find_scope, find_title


@pytest.mark.parametrize(
    ("title", "name", "home", "code"),
    [
        ("临汾市洪洞县国民经济和社会发展第十四个五年规划", "plan", "洪洞县", "141024"),
        ("（山西省）临汾市洪洞县国民经济和社会发展十四五规划", "plan", "洪洞县", "141024"),
        ("2019年郑州市政府工作报告", "", "郑州市", "4101"),
        ("政府工作报告", "泸州市-2021", "泸州市", "5105"),
        ("云岭县国民经济和社会发展第十四个五年规划纲要", "", "云岭县", ""),
        ("福建省云岭县投资指南", "", "云岭县", ""),
        ("关于印发重点任务分解方案的通知", "年度任务-云岭市", "云岭市", ""),
    ],
)
def test_home_is_the_lowest_place_of_title_or_file(title: str, name: str, home: str, code: str) -> None:
    assert find_scope(title, name, "").division == (code, home)


def test_home_stands_in_the_opening_where_neither_title_nor_file_tell() -> None:
    text = "政府工作报告\n——2024年1月30日在深圳市第七届人民代表大会上\n各位代表：\n"
    assert find_scope("政府工作报告", "a", text).division.name == "深圳市"


def test_text_without_any_place_is_its_own_home() -> None:
    assert find_scope("", "notes", "没有地名").division.name == "notes"


def test_sentences_are_no_title() -> None:
    assert find_title("根据规划，报告如下。\n云岭县工作要点\n") == "云岭县工作要点"
    assert find_title("随便写写") == ""
