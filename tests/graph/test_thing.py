import copy
import pickle

import pyoxigraph as ox
import pytest
from rdflib import SKOS

from hongtu.graph import KnowledgeGraph, Resource
from hongtu.loaders.errors import UsageError


def test_a_thing_is_given_by_its_kind_and_name(hongdong: KnowledgeGraph) -> None:
    thing = hongdong.enterprise("华翔股份")
    assert (thing, thing.kind) == ("华翔集团", "Enterprise")
    assert {"华翔", "华翔股份"} <= set(thing.aliases)
    assert hongdong.location("广胜寺景区").kind == "Location"
    assert hongdong.organization("广胜寺景区").kind == "Enterprise"
    with pytest.raises(UsageError, match="(strategy)"):
        hongdong.strategy("华翔集团")


def test_a_thing_tells_what_it_is_linked_with(hongdong: KnowledgeGraph) -> None:
    relations = hongdong.enterprise("华翔集团").relations
    assert "华翔智能制造产业园" in relations[relations["relation"] == "undertakes"]["neighbour"].tolist()
    assert relations["evidence"].notna().all()


def test_a_card_shows_relations_and_sentences_with_the_name_marked(sample: KnowledgeGraph) -> None:
    thing = sample.enterprise("恒屹精工")
    card = thing._repr_html_()
    assert "<mark>恒屹精工</mark>" in card
    assert "undertakes" in card
    assert "轴承检测中心" in card
    assert f"{len(thing.mentions)} mentions in the plan, the first 5 of them" in card


def test_a_card_shows_hostile_names_as_they_are() -> None:
    kg = KnowledgeGraph.open()
    name = ox.Literal("<img src=x>", language="zh")
    kg.store.add(ox.Quad(ox.NamedNode("https://a.test/a"), ox.NamedNode(str(SKOS.prefLabel)), name))
    card = kg.thing("https://a.test/a")._repr_html_()
    assert "<img" not in card
    assert "&lt;img src=x&gt;" in card


def test_a_thing_is_copied_with_its_graph_and_pickled_without(sample: KnowledgeGraph) -> None:
    thing = sample.enterprise("恒屹精工")
    assert copy.copy(thing).kg is copy.deepcopy([thing])[0].kg is sample
    read = pickle.loads(pickle.dumps(thing))
    assert type(read) is Resource
    assert (read, read.iri) == (thing, thing.iri)
