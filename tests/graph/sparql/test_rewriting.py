from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.graph.sparql.rewriting import Outline, bind, declare_prefixes, in_written_order


def answers(query: str, **bindings: ox.Literal | ox.NamedNode) -> list[str]:
    """Return what a query says of three triples: urn:s1 urn:p 1, urn:s2 urn:p 2, urn:s3 urn:p 3."""
    store = ox.Store()
    for number in (1, 2, 3):
        store.add(ox.Quad(ox.NamedNode(f"urn:s{number}"), ox.NamedNode("urn:p"), ox.Literal(number)))
    answer = store.query(bind(query, bindings))
    return [str(bool(answer))] if isinstance(answer, ox.QueryBoolean) else sorted(map(str, answer))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_no_text_can_break_out_of_a_binding(text: str) -> None:
    query = bind("SELECT ?x { BIND(1 AS ?one) }", {"x": ox.Literal(text)})
    answer = ox.Store().query(query)
    assert isinstance(answer, ox.QuerySolutions)
    (row,) = answer
    assert row["x"].value == text


@given(st.text(alphabet="{}()<>\"'\\#? \nxSELECTWHERE:@1", max_size=40))
def test_any_text_is_taken_apart_and_put_together(text: str) -> None:
    outline = Outline.of(text)
    squeezed = "".join(str(outline).split()).replace("WHERE", "")
    if outline.skip == 0 and outline.most is None and outline.form != "CONSTRUCT":
        assert squeezed == "".join(text.split()).replace("WHERE", "")


@pytest.mark.parametrize(
    "query",
    [
        "# a comment with { braces }\nASK { ?s ?p ?x }",
        "PREFIX a: <urn:a#b> ASK { ?s ?p ?x }",
        "PREFIX select: <urn:a{> ASK { ?s ?p ?x }".replace("{>", ">"),
        "SELECT (CONCAT('{', \"{\") AS ?y) ?x WHERE { ?s ?p ?x }",
        'SELECT (\'\'\'it\'s {\'\'\' AS ?y) ("""say "{"\n{""" AS ?z) ?x { ?s ?p ?x }',
        "SELECT (EXISTS { ?a ?b ?c } AS ?y) ?x { ?s ?p ?x }",
        "SELECT ?x { { ?s <urn:no> ?x } UNION { ?s ?p ?x } }",
        "SELECT ?s { { ?s <urn:no> ?o } UNION { ?s ?p ?o FILTER(?o = ?x) } }",
        "SELECT ?s { { SELECT ?s { ?s ?p ?x } } }",
        "SELECT ?s { { SELECT ?s { ?s ?p ?o FILTER(?o = ?x) } GROUP BY ?s } }",
        "SELECT ?s { { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?x } GROUP BY ?s } FILTER(?n > 0) }",
        "SELECT ?x (COUNT(*) AS ?n) { ?s ?p ?x } GROUP BY ?x",
        "SELECT ?s { ?s ?p ?o FILTER EXISTS { SELECT ?s { ?s ?p ?y FILTER(?y = ?x) } } }",
        "SELECT ?s { { SELECT ?s (SUM(?o - ?x) AS ?n) { ?s ?p ?o } GROUP BY ?s } FILTER(?n = 0) }",
        "SELECT ?s { { SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING(SUM(?o) = ?x) } }",
        "SELECT ?s { { SELECT ?s ?o { ?s ?p ?o } ORDER BY ABS(?o - ?x) LIMIT 1 } FILTER(?o = ?x) }",
        "SELECT ?s { { SELECT ?s ?o { ?s ?p ?o FILTER(?o = ?x) } GROUP BY ?s ?o ?x } }",
        "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING(SUM(?o) = ?x)",
        "SELECT ?s (SUM(?o) - ?x AS ?n) { ?s ?p ?o FILTER(?o = ?x) } GROUP BY ?s",
        "SELECT ?s { VALUES (?q ?x) { (1 1) (1 2) } ?s ?p ?x }",
        "SELECT ?s { ?s ?p ?o MINUS { ?s ?p ?o FILTER(?o != ?x) } FILTER(?x != 99) }",
        "SELECT ?s { ?s ?p ?o FILTER NOT EXISTS { ?s ?p ?o FILTER(?o != ?x) } }",
        "SELECT ?s { ?s ?p ?o FILTER(?o = ?x) } ORDER BY ?s LIMIT 5 # LIMIT 0",
        "SELECT ?s { ?s ?p ?x } VALUES ?p { <urn:p> }",
        "CONSTRUCT { ?s <urn:q> ?x } WHERE { ?s ?p ?x }",
        "CONSTRUCT { ?s <urn:q> ?x . } { ?s ?p ?x }",
        "CONSTRUCT WHERE { ?s ?p ?x }",
        "CONSTRUCT WHERE { ?s ?p ?x } LIMIT 5",
        "DESCRIBE ?s WHERE { ?s ?p ?x }",
        "DESCRIBE ?s { ?s ?p ?x } LIMIT 5",
    ],
)
def test_a_value_is_seen_wherever_the_query_needs_it(query: str) -> None:
    found = [answers(query, x=ox.Literal(number)) for number in (1, 2, 9)]
    assert len(found[0]) == len(found[1]) == 1
    assert found[2] == (["False"] if query.endswith("ASK { ?s ?p ?x }") or "\nASK" in query else [])
    assert "s2" in found[1][0] or "2" in found[1][0] or found[1] == ["True"]


def test_describe_needs_no_pattern() -> None:
    one = ox.NamedNode("urn:s1")
    assert len(answers("DESCRIBE ?x", x=one)) == 1
    assert len(answers("DESCRIBE ?x ?y LIMIT 1", x=one)) == 1


def test_a_dataset_is_kept_outside_of_what_is_nested() -> None:
    query = "PREFIX a: <urn:> SELECT ?s FROM a:g FROM NAMED <urn:h> WHERE { ?s ?p ?x } ORDER BY ?s LIMIT 7 OFFSET 3"
    outline = Outline.of(bind(query, {"x": ox.Literal(2)}))
    store = ox.Store()
    for graph in ("urn:g", "urn:other"):
        store.add(
            ox.Quad(ox.NamedNode(graph + "s"), ox.NamedNode("urn:p"), ox.Literal(2), ox.NamedNode(graph))
        )
    for text in (
        str(replaced := outline.select("*")).replace("OFFSET 3", ""),
        outline.nested("SELECT * ", outline),
    ):
        rows = list(store.query(text))  # type: ignore[arg-type]
        assert [row["s"].value for row in rows] == ["urn:gs"], text
    assert (replaced.skip, replaced.most) == (3, 7)


def test_order_gets_last_keys_before_the_values_at_the_end() -> None:
    outline = Outline.of("SELECT ?s ?o { ?s ?p ?o } ORDER BY DESC(?o) # why\n VALUES ?p { <urn:p> }")
    assert "".join(str(outline.ordered(["s", "o"])).split("# why")[1].split()) == "?s?oVALUES?p{<urn:p>}"
    assert "ORDER BY ?s" in str(Outline.of("SELECT ?s { ?s ?p ?o }").ordered(["s"]))


def test_prefixes_keep_the_lines_of_the_query() -> None:
    query = "SELECT *\n{ ?s a ht:Plan ; rdfs:label ?label }"
    declared = declare_prefixes(query)
    assert declared.endswith(query)
    assert declared.count("\n") == query.count("\n")
    own = declare_prefixes("PREFIX ht: <urn:mine:> ASK { ?s a ht:Plan }")
    assert own.index("urn:mine:") > own.index("w3id.org")


def test_what_is_no_query_is_left_alone() -> None:
    for text in ("", "SELECT ?s { ?s", "INSERT DATA { <urn:a> <urn:b> ?x }", "}{"):
        assert bind(text, {"x": ox.Literal(1)}) == text


# Defined by pyoxigraph for variables that the query selects.
SELECTED = (
    "SELECT * { ?s ?p ?x }",
    "SELECT ?s ?x { ?s ?p ?o FILTER(?o = ?x) }",
    "SELECT ?x { { SELECT ?x { ?s ?p ?x } ORDER BY DESC(?x) LIMIT 2 } }",
    "SELECT ?s ?x { ?s ?p ?o OPTIONAL { ?s ?q ?y FILTER(?y < ?x) } FILTER(BOUND(?y)) }",
    "SELECT ?s ?x { ?s ?p ?o MINUS { ?s ?p ?x } }",
    "SELECT ?s ?x { ?s ?p ?o FILTER NOT EXISTS { ?s ?p ?x } }",
    "SELECT ?x (COUNT(?s) AS ?n) { ?s ?p ?x } GROUP BY ?x",
    "SELECT ?x { }",
)


@pytest.mark.parametrize("query", SELECTED)
@pytest.mark.parametrize("number", [1, 2, 9])
def test_a_value_is_what_the_engine_substitutes(query: str, number: int) -> None:
    store, term = ox.Store(), ox.Literal(number)
    for one in (1, 2, 3):
        store.add(ox.Quad(ox.NamedNode(f"urn:s{one}"), ox.NamedNode("urn:p"), ox.Literal(one)))
    substituted: Any = store.query(query, substitutions={ox.Variable("x"): term})
    names = sorted({variable.value for variable in substituted.variables} - {"x"})
    mine: Any = store.query(bind(query, {"x": term}))
    rows = [sorted(str([row[name] for name in names]) for row in answer) for answer in (mine, substituted)]
    assert rows[0] == rows[1]


def test_several_values_do_not_split_what_is_counted_together() -> None:
    counted = bind("SELECT (COUNT(*) AS ?n) { ?s ?p ?x } GROUP BY ?p", {"x": (ox.Literal(1), ox.Literal(2))})
    assert counted.endswith("GROUP BY ?p")


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?c ?a ?b }", ["c", "a", "b"]),
        ("select distinct * where { ?b ?c 'x ?a' } values ?a { 1 }", ["b", "c", "a"]),
        ("SELECT ?a ?b ?c { ?c ?b ?a }", ["a", "b", "c"]),
        ("SELECT (COUNT(*) AS ?c) ?a ?b { ?c ?b ?a }", ["a", "b", "c"]),
        ("DESCRIBE * { ?c ?b ?a }", ["c", "b", "a"]),
    ],
)
def test_columns_of_a_star_stand_as_written(query: str, columns: list[str]) -> None:
    assert in_written_order(query, ["a", "b", "c"]) == columns
