from pathlib import Path

import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, RDFS, SKOS

from hongtu.graph import KnowledgeGraph, Resource
from hongtu.graph.export import export
from hongtu.loaders.errors import InputError, StoreError, UsageError
from hongtu.loaders.packaged import packaged
from hongtu.loaders.source import read_tables
from hongtu.ontology.namespace import HT, PREFIXES


def test_select_gives_labels_that_keep_their_iri(hongdong: KnowledgeGraph) -> None:
    frame = hongdong.query("SELECT ?who ?type { ?who a ?type ; skos:prefLabel '华翔集团'@zh }")
    assert isinstance(frame, pd.DataFrame)
    who, kind = frame.iloc[0]
    assert (who, kind) == ("华翔集团", "enterprise")
    assert isinstance(who, Resource)
    assert who.iri == "https://w3id.org/hongtu/id/洪洞县十四五规划/enterprise/华翔集团"
    assert kind.iri == str(HT.Enterprise)


def test_labels_of_terms_follow_the_language(
    hongdong: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    assert hongdong.labels([str(HT.Enterprise)]) == {str(HT.Enterprise): "企业"}


def test_select_gives_figures_as_numbers_and_unbound_as_none(hongdong: KnowledgeGraph) -> None:
    frame = hongdong.query("SELECT (1.5 AS ?a) (2 AS ?b) (true AS ?c) ?d { }")
    assert frame.iloc[0].to_list() == [1.5, 2, True, None]
    assert frame["a"].dtype.kind == "f"
    assert frame["b"].dtype.kind == "i"


def test_select_without_rows_keeps_its_columns(hongdong: KnowledgeGraph) -> None:
    assert list(hongdong.query("SELECT ?a ?b { ?a <urn:none> ?b }").columns) == ["a", "b"]


def test_construct_gives_an_rdflib_graph_and_ask_a_boolean(hongdong: KnowledgeGraph) -> None:
    graph = hongdong.query("CONSTRUCT { ?s a ht:Strategy } WHERE { ?s a ht:Strategy }")
    assert isinstance(graph, rdflib.Graph)
    assert set(graph.predicates()) == {RDF.type}
    assert hongdong.query("ASK { ?s a ht:Strategy }") is True
    assert hongdong.query("ASK { ?s a <urn:none> }") is False


def test_parameters_are_bound_and_never_pasted(hongdong: KnowledgeGraph) -> None:
    query = "SELECT ?e { ?e a ht:Enterprise ; skos:prefLabel ?name }"
    assert len(hongdong.query(query, name=rdflib.Literal("华翔集团", lang="zh"))) == 1
    assert len(hongdong.query(query, name='"} UNION { ?e ?p ?name')) == 0
    thing = hongdong.query(query, name=rdflib.Literal("华翔集团", lang="zh"))["e"][0]
    assert hongdong.query("ASK { ?e a ht:Enterprise }", e=thing) is True
    assert hongdong.query("ASK { ?e a ht:Project }", e=thing) is False
    both = [rdflib.Literal(name, lang="zh") for name in ("华翔集团", "牧原")]
    assert len(hongdong.query(query, name=both)) == 2
    with pytest.raises(UsageError, match="cannot be of type dict"):
        hongdong.query(query, name={})


def test_a_value_for_a_variable_that_the_query_has_not_is_refused(hongdong: KnowledgeGraph) -> None:
    for name in ("naem", "e } UNION { ?e a ht:Project } #"):
        with pytest.raises(UsageError, match="the query has no variable"):
            hongdong.query("SELECT ?e { ?e skos:prefLabel ?name } # ?naem", **{name: 1})  # type: ignore[arg-type]


def test_a_limit_below_zero_is_refused(hongdong: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="limit=-1"):
        hongdong.query("SELECT * { ?s a ht:Project }", limit=-1)


def test_a_broken_query_is_told_with_its_place(hongdong: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="line 2"):
        hongdong.query("SELECT ?x WHERE {\n ?x a }")


def test_a_thing_is_resolved_by_name_alias_iri_or_resource(hongdong: KnowledgeGraph) -> None:
    iri = "https://w3id.org/hongtu/id/洪洞县十四五规划/enterprise/华翔集团"
    for name in (
        "华翔集团",
        "华翔股份",
        iri,
        Resource("anything", iri),
        rdflib.URIRef(iri),
        ox.NamedNode(iri),
    ):
        assert hongdong.resolve(name) == iri
    assert hongdong.resolve(rdflib.URIRef("urn:a")) == "urn:a"


@pytest.mark.parametrize("name", [None, 7, 1.5, "", " ", "😀", '"} #', "\\", "甲" * 9999, {}, "Project:"])
def test_what_is_no_name_is_told(hongdong: KnowledgeGraph, name: object) -> None:
    with pytest.raises(UsageError, match="nothing is called"):
        hongdong.thing(name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("https://a b", "is no IRI"),
        ("://", "is no IRI"),
        ("\ud800", "is no text"),
        ([], "one thing is wanted here, 0 are given"),
        (["华翔集团", "牧原"], "one thing is wanted here, 2 are given"),
    ],
)
def test_what_cannot_name_a_thing_is_told(hongdong: KnowledgeGraph, name: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        hongdong.thing(name)


def test_a_label_is_of_the_language_or_of_one_like_it_or_of_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kg = KnowledgeGraph.open()
    labels: dict[str, list[tuple[str, str | None]]] = {
        "urn:a": [("Aaa", "fr"), ("Yunlin", "en"), ("云林", "zh-Hans")],
        "urn:b": [("Aaa", "fr"), ("plain", None)],
        "urn:c": [("Bbb", "fr"), ("Aaa", "fr")],
    }
    for iri, names in labels.items():
        for text, tag in names:
            kg.store.add(
                ox.Quad(ox.NamedNode(iri), ox.NamedNode(str(RDFS.label)), ox.Literal(text, language=tag))
            )
    kg.store.add(ox.Quad(ox.NamedNode("urn:c"), ox.NamedNode(str(RDFS.label)), ox.NamedNode("urn:no-text")))
    assert kg.labels(labels) == {"urn:a": "Yunlin", "urn:b": "plain", "urn:c": "Aaa"}
    monkeypatch.setenv("HONGTU_LANG", "zh")
    assert kg.labels(labels) == {"urn:a": "云林", "urn:b": "plain", "urn:c": "Aaa"}


def test_a_year_is_given_as_number_or_text(sample: KnowledgeGraph) -> None:
    targets = sample.targets(year=2025)
    assert len(targets) > 0
    for year in ("2025", " 2025 ", 2025.0):
        assert len(sample.run("list_targets", year=year)) == len(targets)
    for none in ("25", 2025.5, True, "next", float("nan")):
        with pytest.raises(UsageError, match="is no year"):
            sample.run("list_targets", year=none)


def test_blanks_around_what_is_looked_for_do_not_count(sample: KnowledgeGraph) -> None:
    assert sample.find(" 恒屹精工\n")["thing"].tolist() == ["恒屹精工"]


def test_an_unknown_name_is_told_with_the_nearest(hongdong: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="nothing is called “华祥集团”; the nearest are: 华翔集团"):
        hongdong.resolve("华祥集团")


def test_a_name_of_several_things_asks_which(hongdong: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="several, say which: Enterprise:广胜寺景区, Location:广胜寺景区"):
        hongdong.resolve("广胜寺景区")
    assert "/location/" in hongdong.resolve("Location:广胜寺景区")
    assert "/enterprise/" in hongdong.resolve("广胜寺景区", kinds=["Enterprise", "Organization"])


def test_find_takes_two_characters_and_aliases(hongdong: KnowledgeGraph) -> None:
    found = hongdong.find("华翔")
    assert found["thing"][0] == "华翔集团"
    assert {"华翔集团", "华翔智能制造产业园"} <= set(found["thing"])


def test_evidence_without_text_has_places_and_no_quote(hongdong: KnowledgeGraph) -> None:
    (passage,) = hongdong.evidence("华翔集团", "undertakes", "华翔智能制造产业园")
    assert (passage.line, passage.quote, passage.sentence) == (157, None, None)
    assert passage.section == "积极培育新兴产业"
    assert "line 157, characters 11012–11097" in str(passage)


def test_evidence_with_text_quotes_exactly_and_shows_the_sentence(sample: KnowledgeGraph) -> None:
    for row in sample.run("show_who_does_what_where").to_dict("records"):
        for passage in sample.evidence(row["who"], "undertakes", row["project"]):
            assert passage.quote
            assert passage.sentence == f"{passage.before or ''}{passage.quote}{passage.after or ''}"
            assert len(passage.quote) == passage.end - passage.start


def test_evidence_of_a_symmetric_edge_is_found_from_both_ends(hongdong: KnowledgeGraph) -> None:
    there = hongdong.evidence("华翔集团", "partnersWith", "太原理工大学")
    assert there
    assert there == hongdong.evidence("太原理工大学", "partnersWith", "华翔集团")


def test_evidence_of_a_thing_is_its_mentions(hongdong: KnowledgeGraph) -> None:
    lines = [passage.line for passage in hongdong.evidence("太原理工大学")]
    assert lines == [115]


def test_a_relation_is_called_as_tables_show_it(hongdong: KnowledgeGraph) -> None:
    edge = ("华翔集团", "undertakes", "华翔智能制造产业园")
    assert hongdong.evidence(*edge) == hongdong.evidence(edge[0], "承担", edge[2])


def test_passages_show_their_sentences_and_the_plans_title_once(sample: KnowledgeGraph) -> None:
    passages = sample.evidence("恒屹精工")
    shown = passages._repr_html_()
    assert shown.count("<mark>恒屹精工</mark>") == len(passages) > 3
    assert shown.count(passages[0].plan) == 1
    assert "no passage" in sample.evidence("恒屹精工", "partnersWith", "县医院")._repr_html_()


def test_a_graph_is_shown_by_its_plans(sample: KnowledgeGraph) -> None:
    assert repr(sample) == "KnowledgeGraph(云泽省岚江市澜溪县国民经济和社会发展第十四个五年规划纲要)"
    assert repr(KnowledgeGraph.open()) == "KnowledgeGraph()"
    assert repr(KnowledgeGraph.open("http://a.test/query")) == "KnowledgeGraph(http://a.test/query)"


def test_evidence_asks_for_what_is_missing(hongdong: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="needs its object too"):
        hongdong.evidence("华翔集团", "undertakes")
    with pytest.raises(UsageError, match="needs its predicate too"):
        hongdong.evidence("华翔集团", object="华翔智能制造产业园")
    with pytest.raises(UsageError, match="no relation is called “builds”"):
        hongdong.evidence("华翔集团", "builds", "华翔智能制造产业园")
    for predicate in (HT.undertakes, ox.NamedNode(str(HT.undertakes)), str(HT.undertakes), "ht:undertakes"):
        assert hongdong.evidence("华翔集团", predicate, "华翔智能制造产业园")


def test_text_is_taken_only_when_its_digest_matches(hongdong_text: Path, tmp_path: Path) -> None:
    kg = KnowledgeGraph.packaged("hongdong")
    other = tmp_path / "other.txt"
    other.write_text(hongdong_text.read_text("utf-8") + " ", "utf-8")
    with pytest.raises(InputError, match="the text has SHA-256"):
        kg.load_text(other)
    kg.load_text(hongdong_text)
    before = len(kg.store)
    kg.load_text(hongdong_text)
    assert len(kg.store) == before
    (passage,) = kg.evidence("华翔集团", "undertakes", "华翔智能制造产业园")
    assert passage.quote is not None
    assert "华翔智能制造产业园" in passage.quote


def test_text_is_kept_to_the_last_character(tmp_path: Path) -> None:
    text = "澜溪县规划\r\n第一章 总则\r建设𠀀园\x0c。\n"
    (tmp_path / "plan.txt").write_bytes(text.encode())
    kg = KnowledgeGraph.open()
    tables = kg.load_plan(tmp_path / "plan.txt")
    asked = "SELECT ?text { ?plan a ht:Plan ; prov:value ?text }"
    assert kg.query(asked)["text"].tolist() == [text]
    kg.load_tables(tables)
    assert kg.query(asked).empty
    kg.load_text(tmp_path / "plan.txt")
    assert kg.query(asked)["text"].tolist() == [text]
    for ending in (".nq", ".trig", ".jsonld", ".ttl", ".rdf"):
        export(kg, tmp_path / f"graph{ending}")
        again = KnowledgeGraph.open()
        again.load_rdf(tmp_path / f"graph{ending}")
        assert again.query(asked)["text"].tolist() == [text]


def test_a_store_on_disk_keeps_what_it_was_given(tmp_path: Path) -> None:
    kg = KnowledgeGraph.open(tmp_path / "store")
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:b> 'c'@zh .", "utf-8")
    kg.load_rdf(tmp_path / "a.ttl")
    del kg
    again = KnowledgeGraph.open(tmp_path / "store", read_only=True)
    assert again.query("ASK { <urn:a> <urn:b> 'c'@zh . ht:Project a owl:Class }") is True


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(StoreError, match="no graph store"):
        KnowledgeGraph.open(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_a_store_that_another_holds_says_so(tmp_path: Path) -> None:
    first = KnowledgeGraph.open(tmp_path / "store")
    with pytest.raises(StoreError, match="read_only=True"):
        KnowledgeGraph.open(tmp_path / "store")
    assert first.query("ASK { ?s ?p ?o }") is True


def test_broken_rdf_is_told_with_line_and_column_and_changes_nothing(tmp_path: Path) -> None:
    kg = KnowledgeGraph.open()
    before = len(kg.store)
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> nonsense .\n", "utf-8")
    with pytest.raises(InputError, match="a.ttl line 2 column"):
        kg.load_rdf(tmp_path / "a.ttl")
    with pytest.raises(InputError, match="not a kind of RDF file"):
        kg.load_rdf(tmp_path / "a.docx")
    with pytest.raises(InputError, match="cannot be read"):
        kg.load_rdf(tmp_path / "none.ttl")
    assert len(kg.store) == before


def test_rdflib_works_on_the_same_store() -> None:
    kg = KnowledgeGraph.open()
    dataset = kg.to_rdflib()
    dataset.add((HT.Project, SKOS.note, rdflib.Literal("written through rdflib")))
    assert kg.query("ASK { ht:Project skos:note 'written through rdflib' }") is True
    kg.store.add(
        ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c"), ox.NamedNode("urn:g"))
    )
    assert (rdflib.URIRef("urn:a"), rdflib.URIRef("urn:b"), rdflib.Literal("c")) in dataset
    dataset.close()


def test_loading_a_plan_again_replaces_it(sample: KnowledgeGraph) -> None:
    kg = KnowledgeGraph.packaged("sample")
    with packaged("sample") as folder:
        tables = read_tables(folder)
    lost = tables.edges.pop()
    kg.load_tables(tables)
    assert len(kg.store) < len(sample.store)
    assert not kg.evidence(lost.subject.name, lost.predicate, lost.object.name)


def test_query_that_names_its_graphs_sees_these(hongdong: KnowledgeGraph) -> None:
    (plan,) = hongdong.plan_graphs()
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
    inside = len(list(hongdong.store.quads_for_pattern(None, None, None, plan)))
    assert hongdong.query(count.format(f"FROM {plan}"))["n"][0] == inside
    assert hongdong.query(count.format(f"from {plan}"), timeout=20)["n"][0] == inside
    assert hongdong.query(count.format(""))["n"][0] > inside
    assert hongdong.query("SELECT (COUNT(*) AS ?from) { ?s ?p ?o } # FROM")["from"][0] > inside


@pytest.mark.parametrize("timeout", [None, 20])
def test_limit_takes_so_many_and_tells_of_more(hongdong: KnowledgeGraph, timeout: float | None) -> None:
    some = hongdong.query("SELECT * { ?s a ht:Project }", limit=3, timeout=timeout)
    assert (len(some), some.cut) == (3, True)
    assert not hongdong.query("ASK { ?s a ht:Nothing }", timeout=timeout)
    assert len(hongdong.query("CONSTRUCT WHERE { ?s a ht:Project }", limit=3, timeout=timeout)) == 3


def test_query_with_timeout_sees_what_was_written_last(tmp_path: Path) -> None:
    for kg in (KnowledgeGraph.open(), KnowledgeGraph.open(tmp_path / "store")):
        assert not kg.query("ASK { ?p a ht:Plan }", timeout=20)
        with packaged("sample") as folder:
            kg.load_tables(read_tables(folder))
        assert kg.query("ASK { ?p a ht:Plan }", timeout=20)
        kg.store.update("DELETE WHERE { GRAPH ?g { ?p a ht:Plan } }", prefixes=PREFIXES)
        assert not kg.query("ASK { ?p a ht:Plan }", timeout=20)
        kg.to_rdflib().add((rdflib.URIRef("urn:p"), rdflib.RDF.type, HT.Plan))
        assert kg.query("ASK { ?p a ht:Plan }", timeout=20)
