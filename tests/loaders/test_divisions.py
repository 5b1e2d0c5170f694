import pytest
import rdflib
from rdflib import SKOS

from hongtu.loaders.divisions import above, names_by_code, write_divisions
from hongtu.loaders.gazetteer import divisions, full_code
from hongtu.ontology.namespace import GBT2260


def graph_of(*codes: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data="".join(write_divisions(codes)), format="turtle")


def test_every_division_down_to_counties_stands_once_and_in_one_that_there_is() -> None:
    names = names_by_code()
    assert names.keys() == {full_code(code) for code in divisions() if len(code) <= 6}
    assert len(names) == 3348
    assert all(above(code) in names for code in names if not code.endswith("0000"))


def test_a_county_comes_with_its_prefecture_and_province() -> None:
    graph = graph_of("141024", "149999")
    assert list(graph.transitive_objects(GBT2260["141024"], SKOS.broader)) == [
        GBT2260[code] for code in ("141024", "141000", "140000")
    ]
    assert {str(label) for label in graph.objects(None, SKOS.prefLabel)} >= {"洪洞县", "临汾市", "山西省"}
    assert len(set(graph.subjects(SKOS.notation))) == 3


def test_without_codes_there_is_the_head_alone_and_by_default_all() -> None:
    assert not set(graph_of().subjects(SKOS.notation))
    assert sum("a skos:Concept ;" in part for part in write_divisions()) == 3348


@pytest.mark.parametrize(("code", "up"), [("441900", "440000"), ("429004", "429000"), ("110101", "110100")])
def test_unusual_divisions_have_their_place(code: str, up: str) -> None:
    assert list(graph_of(code).objects(GBT2260[code], SKOS.broader)) == [GBT2260[up]]
