import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.graph.sparql.pieces import split_group


@pytest.mark.parametrize(
    ("group", "pieces"),
    [
        ("?a ?p ?b . ?c ?q ?d", ["?a ?p ?b", "?c ?q ?d"]),
        ("?a ?p ?b , ?c ; ?q ?d ; .", ["?a ?p ?b", "?a ?p ?c", "?a ?q ?d"]),
        ("?a ht:p/(ht:q|^ht:r)* ?b ; a ht:X", ["?a ht:p/(ht:q|^ht:r)* ?b", "?a a ht:X"]),
        ('?a ?p "x"@zh , "2025"^^xsd:gYear , -3', ['?a ?p "x"@zh', '?a ?p "2025"^^xsd:gYear', "?a ?p -3"]),
        ("?a ?p 3. ?b ?q 4.5.", ["?a ?p 3", "?b ?q 4.5"]),
        ("?a ?p <<( ?b ?q ?c )>> . << ?a ?p ?b >> ?q ?c", ["?a ?p <<( ?b ?q ?c )>>", "<< ?a ?p ?b >> ?q ?c"]),
        ("?a ?p (1 2) ; ?q ?b", ["?a ?p (1 2)", "?a ?q ?b"]),
        ("?a ?p [ ?q ?b ] ; ?r ?c . ?d ?e ?f", ["?a ?p [ ?q ?b ] ; ?r ?c", "?d ?e ?f"]),
        ("FILTER(?a > 1) ?a ?p ?b", ["FILTER(?a > 1)", "?a ?p ?b"]),
        (
            "?a ?p ?b FILTER NOT EXISTS { ?a ?q ?c } FILTER regex(?b, 'x')",
            ["?a ?p ?b", "FILTER NOT EXISTS { ?a ?q ?c }", "FILTER regex(?b, 'x')"],
        ),
        (
            "OPTIONAL { ?a ?p ?b } MINUS { ?a ?q ?c } GRAPH ?g { ?a ?r ?d }",
            ["OPTIONAL { ?a ?p ?b }", "MINUS { ?a ?q ?c }", "GRAPH ?g { ?a ?r ?d }"],
        ),
        ("{ ?a ?p ?b } UNION { ?a ?q ?b } . ?b ?r ?c", ["{ ?a ?p ?b } UNION { ?a ?q ?b }", "?b ?r ?c"]),
        (
            "BIND(1 AS ?x) VALUES ?y { 1 2 } VALUES (?a ?b) { (1 2) }",
            ["BIND(1 AS ?x)", "VALUES ?y { 1 2 }", "VALUES (?a ?b) { (1 2) }"],
        ),
        ("{ SELECT ?a { ?a ?p ?b } LIMIT 3 }", ["{ SELECT ?a { ?a ?p ?b } LIMIT 3 }"]),
    ],
)
def test_group_is_cut_into_pieces(group: str, pieces: list[str]) -> None:
    assert [piece.text for piece in split_group(group)] == pieces


@given(st.text(alphabet="?ab:{}()[].;,'^ FILTER", max_size=60))
def test_any_text_is_cut(text: str) -> None:
    assert isinstance(split_group(text), list)
