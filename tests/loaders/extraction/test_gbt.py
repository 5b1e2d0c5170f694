import re
import tomllib
from collections import Counter
from importlib.resources import files
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import SKOS, Graph, Literal

from hongtu.loaders.extraction.gbt import gbt_of
from hongtu.loaders.industries import parse_gbt

TABLES = tomllib.loads(files("hongtu.loaders.extraction").joinpath("gbt.toml").read_text(encoding="utf-8"))
HEADS = TABLES["heads"]
CODES = {code: table for code, table in TABLES.items() if code not in {"endings", "none", "heads"}}


def test_every_section_and_division_has_its_name_of_the_standard() -> None:
    scheme = Graph().parse(str(files("hongtu.ontology").joinpath("industries.ttl")))
    names = {
        str(scheme.value(concept, SKOS.notation)): str(label)
        for concept, label in scheme.subject_objects(SKOS.prefLabel)
        if isinstance(label, Literal) and label.language == "zh" and (concept, SKOS.notation, None) in scheme
    }
    # Texts are read down to divisions; groups are for tables.
    names = {code: name for code, name in names.items() if len(code) <= len("C25")}
    assert {code: table["name"] for code, table in CODES.items()} == names


def test_every_word_stands_once_and_has_its_own_table_s_code() -> None:
    tables = [*CODES.values(), *HEADS.values(), TABLES["none"]]
    words = Counter(chain.from_iterable(table.get("words", "").split() for table in tables))
    assert [word for word, count in words.items() if count > 1] == []
    wrong = {
        word: gbt_of(word)
        for code, table in [*CODES.items(), ("", TABLES["none"])]
        for word in table.get("words", "").split()
        if gbt_of(word) != code
    }
    assert wrong == {}


def test_every_example_has_the_code_it_stands_for() -> None:
    expected = {table["example"]: code for code, table in CODES.items() if "example" in table}
    expected |= {head["example"]: head["code"] for head in HEADS.values()}
    expected[TABLES["none"]["example"]] = ""
    assert {name: gbt_of(name) for name in expected} == expected


def test_heads_turn_codes_into_codes() -> None:
    for head in HEADS.values():
        befores = " ".join(head["turn"].values()).split()
        for code in (*befores, *(set(head["turn"]) - {"same"}), head["else"]):
            assert parse_gbt(code) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("肉牛", "A03"),
        ("肉牛加工", "C13"),
        ("肉牛养殖", "A03"),
        ("中药材", "A01"),
        ("中药材精深加工", "C27"),
        ("铝精深加工", "C32"),
        ("风电装备", "C38"),
        ("智能装备制造产业集群", "C"),
        ("工程机械制造", "C35"),
        ("汽车及零部件", "C36"),
        ("“互联网＋农业”", "A"),
        ("木材加工业", "C20"),
        ("水稻种业", "A05"),
        ("酒 业", "C15"),
    ],
)
def test_the_head_decides(name: str, code: str) -> None:
    assert gbt_of(name) == code


@pytest.mark.parametrize("name", ["", "业", "产业集群", "数字经济", "战略性新兴产业", "服务业", "养老和白酒"])
def test_no_one_section(name: str) -> None:
    assert gbt_of(name) == ""


@pytest.mark.parametrize(
    ("name", "code"),
    [("服装、家具", "C"), ("新能源和新材料", ""), ("玉米和马铃薯", "A01"), ("石油和天然气开采业", "B07")],
)
def test_things_joined_have_what_they_share(name: str, code: str) -> None:
    assert gbt_of(name) == code


@given(
    st.lists(st.sampled_from("产业链集群经济加工装备制造和、及其零部件牛酒光伏化精深 “”aé\n")).map("".join)
)
def test_any_text_has_a_code_or_none(name: str) -> None:
    assert parse_gbt(gbt_of(name)) == gbt_of(name)
    assert re.fullmatch(r"([A-T](\d\d)?)?", gbt_of(name))
