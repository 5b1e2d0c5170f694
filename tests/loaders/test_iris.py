import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from rdflib import URIRef

from hongtu.loaders.iris import claim_iri, industry_concept_iri, passage_iri, plan_iri, segment, thing_iri
from hongtu.loaders.records import Reference, Span
from hongtu.ontology.namespace import ID

PLAN = plan_iri("青禾县规划")
names = st.text(min_size=1).filter(lambda name: name == name.strip())


@given(st.text())
def test_any_text_gives_a_valid_iri(name: str) -> None:
    iri = thing_iri(PLAN, Reference("Project", name))
    assert NamedNode(iri).value == iri
    assert URIRef(iri).n3() == f"<{iri}>"


@pytest.mark.parametrize("plane", range(17))
def test_every_character_gives_a_valid_iri(plane: int) -> None:
    characters = [chr(code) for code in range(plane << 16, (plane + 1) << 16) if not 0xD800 <= code < 0xE000]
    for character in characters:
        NamedNode(ID + segment(f"a{character}b"))


@given(names, names)
def test_two_names_share_an_iri_only_when_they_differ_in_blanks_alone(one: str, other: str) -> None:
    def blanks(name: str) -> str:
        return "".join("_" if character.isspace() else character for character in name)

    assert (segment(one) == segment(other)) == (blanks(one) == blanks(other))


@given(st.text())
def test_a_name_stays_one_segment(name: str) -> None:
    assert not set("/?#") & set(segment(name))


def test_plain_chinese_stays_readable() -> None:
    assert segment("“大县城”战略(一期)、二期") == "“大县城”战略(一期)、二期"
    assert segment(string.ascii_letters + string.digits) == string.ascii_letters + string.digits


def test_kind_keeps_things_of_one_name_apart() -> None:
    assert thing_iri(PLAN, Reference("Industry", "农业")) != thing_iri(PLAN, Reference("Measure", "农业"))


def test_plan_itself_has_the_iri_of_its_graph() -> None:
    assert thing_iri(PLAN, Reference("Plan", "")) == PLAN


def test_passage_is_named_by_its_offsets() -> None:
    assert passage_iri(PLAN, Span(2, 10, 14)) == f"{PLAN}/passage/10-14"


def test_claim_is_named_by_its_edge() -> None:
    claim = claim_iri(PLAN, "a", "within", "b")
    assert claim == claim_iri(PLAN, "a", "within", "b")
    assert len({claim, claim_iri(PLAN, "b", "within", "a"), claim_iri(PLAN, "a", "locatedIn", "b")}) == 3
    assert claim.startswith(f"{PLAN}/claim/")
    assert len(claim.removeprefix(f"{PLAN}/claim/")) == 16


def test_industry_codes_lead_to_the_classification() -> None:
    assert industry_concept_iri("C25") == "https://w3id.org/hongtu/id/gbt4754-2017/C25"
