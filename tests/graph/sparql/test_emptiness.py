import time
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.graph import KnowledgeGraph
from hongtu.graph.queries import read_query
from hongtu.graph.sparql.emptiness import explain_empty
from hongtu.loaders.errors import StoreError


@pytest.mark.parametrize(
    ("sparql", "told"),
    [
        (
            "SELECT ?p {\n ?p a ht:Project .\n ?p ht:undertakes ?who }",
            [
                "?p ht:undertakes ?who (line 3) leaves none of the 535 solutions before it",
                "the other way round there are solutions: ?who ht:undertakes ?p",
                "it does not go together with ?p a ht:Project",
            ],
        ),
        (
            "ASK { ?p ht:undertakes ?who ; a ht:Project }",
            [
                "?p a ht:Project (line 1) leaves none",
                "it does not go together with ?p ht:undertakes ?who",
                "the other way round there are solutions: ?who ht:undertakes ?p",
            ],
        ),
        (
            "SELECT ?x { ?who ht:undertake ?x }",
            ["nothing fits ?who ht:undertake ?x", "nearest are ht:undertakes"],
        ),
        # Names and their tags
        ('ASK { ?x skos:prefLabel "甘亭镇" }', ['the graph has it as "甘亭镇"@zh, not "甘亭镇"']),
        (
            'ASK { ?x skos:prefLabel "甘亭"@zh }',
            ['near are "甘亭镇"@zh', 'FILTER(CONTAINS(STR(?name), "甘亭"))'],
        ),
        ('ASK { ?x skos:prefLabel ?n FILTER(?n = "甘亭镇") }', ['?n has that value as "甘亭镇"@zh']),
        ('ASK { ?x skos:prefLabel ?n FILTER(?n = "甘亭"@zh) }', ['near values of ?n are "甘亭镇"@zh']),
        ('ASK { ?x ht:status "done" }', ["nothing fits", 'values there are such as "']),
        # Years and figures
        ("ASK { ?t ht:year 2025 }", ['the graph has it as "2025"^^xsd:gYear, not 2025']),
        ("ASK { ?t ht:year ?y FILTER(?y = 2025) }", ['?y has that value as "2025"^^xsd:gYear, not 2025']),
        ("ASK { ?t ht:verbatim ?v FILTER(?v > 100) }", ["?v is no number, it is such as"]),
        (
            "ASK { ?t ht:year ?y FILTER(?y > 2024) }",
            ["make it one: FILTER(xsd:decimal(STR(?y)) > 2024)"],
        ),
        # Things and classes
        (
            "ASK { ?x ht:locatedIn <https://w3id.org/hongtu/id/洪洞县十四五规划/location/甘亭> }",
            ["the graph has nothing that is", "location/甘亭镇>"],
        ),
        (
            "ASK { ?who ht:undertakes ?x . ?x a ht:Industry }",
            ["?x a ht:Industry (line 1) leaves none", "?x is of class ht:Project"],
        ),
        (
            "ASK { ?x a ht:Location . ?x ht:operatesIn ?i }",
            ["ht:operatesIn leads from Enterprise/Organization to Industry; ?x is of class ht:Location"],
        ),
        (
            "ASK { ?w a ht:Enterprise . ?w ht:operatesIn ?i . ?i a ht:Industry . ?w ht:locatedIn ?i }",
            ["what stands between the two is ?w ht:operatesIn ?i"],
        ),
        # Other parts
        (
            "ASK { ?x a ht:Project MINUS { ?x a ht:Project } }",
            ["MINUS { ?x a ht:Project } (line 1) leaves none of the 535"],
        ),
        (
            "ASK { { ?x a ht:Foo } UNION { ?x a ht:Bar } }",
            ["nothing fits { ?x a ht:Foo } UNION { ?x a ht:Bar }"],
        ),
        ("SELECT * { ?x a ht:Project }\n\nVALUES ?x { <urn:a> }", ["VALUES ?x { <urn:a> } (line 3)"]),
        ("SELECT * { ?x a ht:Project } VALUES ?x { <urn:a> }", ["VALUES ?x { <urn:a> }"]),
        ("SELECT ?x { ?x a ht:Project } LIMIT 0", ["LIMIT or OFFSET leaves none"]),
        ("SELECT ?x { ?x a ht:Project } OFFSET 9999", ["LIMIT or OFFSET leaves none"]),
        (
            "SELECT ?x { ?x ht:undertakes ?y } GROUP BY ?x HAVING(COUNT(?y) > 999)",
            ["no group fulfils HAVING"],
        ),
        (
            "CONSTRUCT { ?x a ht:Y } WHERE { ?x a ht:Location ; ht:undertakes ?y }",
            ["?x ht:undertakes ?y (line 1)"],
        ),
        (
            "PREFIX h: <https://w3id.org/hongtu/ontology#> ASK { ?x h:undertakes 3 }",
            ["nothing fits ?x h:undertakes 3"],
        ),
        ("garbage {", ["cannot be told"]),
        ("DESCRIBE <urn:x>", ["cannot be told"]),
    ],
)
def test_what_emptied_the_answer_is_named(hongdong: KnowledgeGraph, sparql: str, told: list[str]) -> None:
    explanation = explain_empty(hongdong, sparql, {}, seconds=20)
    for words in told:
        assert words in explanation


def test_bound_values_are_named(hongdong: KnowledgeGraph) -> None:
    query = read_query("show_who_does_what_where")
    bindings = hongdong.bindings(query, {"who": "华翔集团", "industry": "Industry:旅游"})
    own = query.sparql.replace("# title@", "# my own ")
    explanation = explain_empty(hongdong, own, bindings, seconds=20)
    assert "EXISTS { ?project ht:inIndustry ?industry }" in explanation
    assert "with ?industry = 旅游) leaves none of the 9 solutions" in explanation
    assert "leave the parameter out" in explanation


def test_bound_text_without_tag(hongdong: KnowledgeGraph) -> None:
    explanation = explain_empty(
        hongdong, "SELECT ?x { ?x skos:prefLabel ?n }", {"n": ox.Literal("甘亭镇")}, seconds=20
    )
    assert 'with ?n = "甘亭镇"' in explanation
    assert 'the graph has it as "甘亭镇"@zh' in explanation


def test_explanation_speaks_chinese(hongdong: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    explanation = explain_empty(hongdong, 'ASK { ?x skos:prefLabel "甘亭镇" }', {}, seconds=20)
    assert explanation == (
        '结果为空：图里没有符合第 1 行 ?x skos:prefLabel "甘亭镇" 的内容\n图里写作 "甘亭镇"@zh，不是 "甘亭镇"'
    )


def test_empty_default_graph_is_said() -> None:
    explanation = explain_empty(KnowledgeGraph(ox.Store()), "ASK { ?x a ht:Project }", {}, seconds=20)
    assert "the graph holds nothing at all" in explanation
    assert "?union-default-graph" in explanation


def test_no_time_is_said(hongdong: KnowledgeGraph) -> None:
    assert "cannot be told" in explain_empty(hongdong, "ASK { ?x a ht:Foo }", {}, seconds=0)


@pytest.mark.parametrize(
    "sparql",
    [
        "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c + ?f + ?i = -77) }",
        "ASK { ?a (!ht:x)* ?b FILTER(?b = -77) }",
    ],
)
def test_slow_question_is_stopped(hongdong: KnowledgeGraph, sparql: str) -> None:
    start = time.monotonic()
    assert "the answer is empty" in explain_empty(hongdong, sparql, {}, seconds=0.5)
    assert time.monotonic() - start < 10


def test_failure_on_the_way_leaves_what_was_found(
    hongdong: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Iterator[str]:
        raise StoreError("gone")
        yield ""

    monkeypatch.setattr("hongtu.graph.sparql.emptiness._Search._advice", fail)
    assert "nothing fits ?x a ht:Foo" in explain_empty(hongdong, "ASK { ?x a ht:Foo }", {}, seconds=20)


def test_failing_graph_does_not_raise(hongdong: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise StoreError("gone")

    monkeypatch.setattr(hongdong, "evaluate", fail)
    assert "cannot be told" in explain_empty(hongdong, "ASK { ?x a ht:Foo }", {})


REAL = (
    "?who ht:undertakes ?project",
    "?who a ht:Enterprise",
    "?project a ht:Project",
    "?project ht:locatedIn ?place",
    "?place a ht:Location",
    "?who skos:prefLabel ?name",
    "OPTIONAL { ?project ht:status ?status }",
    "FILTER(?who != ?project)",
)
IMPOSSIBLE = (
    "?project ht:undertakes ?who",
    "?who a ht:Industry",
    "?project ht:hasTarget 7",
    '?who skos:prefLabel "nobody"',
    "?place ht:nearby ?who",
    "FILTER(?project = ?place)",
    "FILTER NOT EXISTS { ?project a ht:Project }",
    "MINUS { ?project a ht:Project }",
)


@settings(max_examples=60, deadline=None)
@given(st.permutations(REAL), st.sampled_from(IMPOSSIBLE), st.integers(0, len(REAL)))
def test_impossible_piece_is_named_wherever_it_stands(
    hongdong: KnowledgeGraph, real: list[str], impossible: str, place: int
) -> None:
    # Of two that exclude each other, either may be named, with the other one; a MINUS takes away what stands before.
    pieces = [*real[:place], impossible, *real[place:]]
    if impossible.startswith("MINUS"):
        pieces = [*real, impossible]
    joined = "\n".join(f"{piece} ." if piece.startswith("?") else piece for piece in pieces)
    explanation = explain_empty(hongdong, f"SELECT * {{\n{joined}\n}}", {}, seconds=20).splitlines()
    assert "cannot be told" not in explanation[0]
    named = impossible in explanation[0] or any(
        "does not go together with " + impossible in line for line in explanation
    )
    assert named, explanation


def test_a_ready_question_is_explained_by_its_parameters(hongdong: KnowledgeGraph) -> None:
    alone = len(hongdong.who(industry="新能源产业集群"))
    why = hongdong.who(industry="新能源产业集群", place="甘亭镇").why().splitlines()
    assert why == [
        "nothing fits industry=新能源产业集群, place=甘亭镇",
        f"without place there are {alone} rows",
    ]
    assert "near names: 华翔集团" in hongdong.find("华祥").why()
    full = hongdong.find("华翔集团")
    assert full.why() == f"it is not empty: it has {len(full)} rows"
    assert "?thing" not in hongdong.find("华祥").why()
