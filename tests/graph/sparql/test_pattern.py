import pyoxigraph as ox
import pytest
from rdflib import RDF

from hongtu.graph.queries import query_names, read_query
from hongtu.graph.sparql.pattern import Pattern, column_edges, read_pattern
from hongtu.loaders.errors import UsageError
from hongtu.ontology.namespace import HT


def drawn(sparql: str, **bindings: str) -> list[str]:
    terms = {name: ox.NamedNode(iri) for name, iri in bindings.items()}
    return [str(edge) for edge in column_edges(read_pattern(sparql, terms))]


def library(name: str, **bindings: str) -> list[str]:
    return drawn(read_query(name).sparql, **bindings)


@pytest.mark.parametrize(
    ("sparql", "edges"),
    [
        ("SELECT ?a ?b { ?a ht:undertakes ?b }", ["a —ht:undertakes→ b"]),
        ("SELECT ?b ?a { ?a ht:undertakes ?b }", ["a —ht:undertakes→ b"]),
        ("SELECT * { ?a ht:undertakes ?b }", ["a —ht:undertakes→ b"]),
        ("SELECT ?a ?b { ?a ht:undertakes/ht:locatedIn ?b }", ["a —ht:undertakes / ht:locatedIn→ b"]),
        (
            "SELECT ?a ?b { ?a ht:undertakes ?x . ?x ht:locatedIn ?b }",
            ["a —ht:undertakes / ht:locatedIn→ b"],
        ),
        ("SELECT ?a ?b { ?a ht:undertakes [ ht:locatedIn ?b ] }", ["a —ht:undertakes / ht:locatedIn→ b"]),
        ("SELECT ?a ?b { ?a ^ht:undertakes ?b }", ["b —ht:undertakes→ a"]),
        ("SELECT ?a ?b { ?a ht:within* ?b }", ["a —ht:within*→ b"]),
        ("SELECT ?a ?b { ?a ht:inIndustry|ht:operatesIn ?b }", ["a —ht:inIndustry|ht:operatesIn→ b"]),
        ("SELECT ?a ?b { ?a !ht:within ?b }", ["a —?→ b"]),
        # Claims stand for the edges that they assert.
        (
            "SELECT ?a ?b { ?c rdf:subject ?a ; rdf:predicate ht:undertakes ; rdf:object ?b }",
            ["a —ht:undertakes→ b"],
        ),
        ("SELECT ?a ?p ?b { ?c rdf:subject ?a ; rdf:predicate ?p ; rdf:object ?b }", ["a —?p→ b"]),
        ("SELECT ?a ?b { ?c rdf:subject ?a ; rdf:object ?b }", ["a —?→ b"]),
        ("SELECT ?c ?a ?b { ?c rdf:subject ?a ; rdf:object ?b }", ["a —?→ b"]),
        ("SELECT * { ?s ?p ?o }", ["s —?p→ o"]),
        ("SELECT ?s ?o { ?s ?p ?o }", ["s —?→ o"]),
        ("SELECT ?who { ?who ht:locatedIn <urn:town> }", ["who —ht:locatedIn→ urn:town"]),
        (
            "SELECT ?a ?b (COUNT(?c) AS ?n) { ?a ht:undertakes ?b . ?b ht:inIndustry ?c } GROUP BY ?a ?b",
            ["a —ht:undertakes→ b"],
        ),
        ("SELECT (?a AS ?who) ?b { ?a ht:undertakes ?b }", ["who —ht:undertakes→ b"]),
        ("SELECT ?who ?b { ?a ht:undertakes ?b BIND(?a AS ?who) }", ["who —ht:undertakes→ b"]),
        (
            "SELECT ?a (SAMPLE(?b) AS ?one) { ?a ht:undertakes ?b } GROUP BY ?a",
            ["a —ht:undertakes→ one"],
        ),
        (
            "SELECT ?a ?b { { SELECT ?a ?x { ?a ht:undertakes ?x } } ?x ht:locatedIn ?b }",
            ["a —ht:undertakes / ht:locatedIn→ b"],
        ),
        # A variable that a subselect keeps to itself is not the outer one of that name.
        ("SELECT ?a ?b { { SELECT ?a { ?a ht:undertakes ?x } } ?x ht:locatedIn ?b }", []),
        (
            "SELECT ?a ?b { { ?a ht:undertakes ?b } UNION { ?b ht:locatedIn ?a } }",
            ["a —ht:undertakes→ b", "b —ht:locatedIn→ a"],
        ),
        # No solution has both sides of a UNION.
        ("SELECT ?a ?b { { ?a ht:undertakes ?x } UNION { ?x ht:locatedIn ?b } }", []),
        ("SELECT ?a ?b { ?a a ht:Project . ?b a ht:Industry MINUS { ?a ht:inIndustry ?b } }", []),
        ("SELECT ?a ?b { ?a a ht:X . ?b a ht:Y FILTER NOT EXISTS { ?a ht:inIndustry ?b } }", []),
        ("SELECT ?a ?b { ?a a ht:X OPTIONAL { ?a ht:inIndustry ?b } }", ["a —ht:inIndustry→ b"]),
        ("SELECT ?a ?b { GRAPH ?g { ?a ht:inIndustry ?b } VALUES ?b { <urn:x> } }", ["a —ht:inIndustry→ b"]),
        # Labels stand for what they name.
        (
            "SELECT ?aName ?bName { ?a ht:within ?b ; skos:prefLabel ?aName . ?b rdfs:label|skos:altLabel ?bName }",
            ["aName —ht:within→ bName"],
        ),
        (
            "SELECT ?a ?place { ?a ht:undertakes/ht:locatedIn/skos:prefLabel ?place }",
            ["a —ht:undertakes / ht:locatedIn→ place"],
        ),
        ("SELECT ?a ?name ?b { ?a skos:prefLabel ?name ; ht:within ?b }", ["a —ht:within→ b"]),
        # Figures, passages and classes are no things.
        ("SELECT ?a ?v ?b { ?a ht:hasTarget ?b . ?b ht:value ?v }", ["a —ht:hasTarget→ b"]),
        (
            "SELECT ?a ?b ?e ?t { ?a a ?t . ?c rdf:subject ?a ; rdf:object ?b ; prov:wasDerivedFrom ?e }",
            ["a —?→ b"],
        ),
        ("SELECT ?a ?t { ?a a ?t }", ["a —rdf:type→ t"]),
        ("SELECT ?a { ?a a ht:Project }", []),
        ("ASK { ?a ht:undertakes ?b }", []),
    ],
)
def test_edges_between_columns(sparql: str, edges: list[str]) -> None:
    assert drawn(sparql) == edges


def test_parameter_is_a_constant_unless_it_is_a_column() -> None:
    query = "SELECT ?a { ?a ht:within ?b }"
    assert drawn(query) == []
    assert drawn(query, b="urn:b") == ["a —ht:within→ urn:b"]
    assert drawn("SELECT ?a ?b { ?a ht:within ?b }", b="urn:b") == ["a —ht:within→ b"]


@pytest.mark.parametrize(
    ("name", "bindings", "edges"),
    [
        ("show_who_does_what_where", {}, ["who —ht:undertakes→ project"]),
        ("list_partners", {}, ["who —ht:partnersWith→ partner", "partner —ht:partnersWith→ who"]),
        (
            "list_industries_of_place",
            {},
            [
                "industry —ht:locatedIn / ht:within*→ place",
                "through —ht:locatedIn / ht:within*→ place",
                "through —ht:inIndustry|ht:operatesIn→ industry",
            ],
        ),
        ("list_projects_of_strategy", {}, ["project —ht:implements→ strategy"]),
        (
            "list_neighbours",
            {"thing": "urn:x"},
            ["urn:x —?relation→ neighbour", "neighbour —?relation→ urn:x"],
        ),
        (
            "list_targets",
            {},
            ["subject —ht:hasTarget→ target", "target —ht:mentionedIn / dcterms:isPartOf→ plan"],
        ),
        ("find_mentions", {}, ["thing —ht:mentionedIn / ht:section→ section"]),
        ("list_sections", {}, ["section —dcterms:isPartOf+→ plan", "section —dcterms:subject→ strategy"]),
        ("list_edges_without_evidence", {}, ["subject —?predicate→ object"]),
        ("rank_enterprises_by_projects", {}, []),
    ],
)
def test_edges_of_the_library(name: str, bindings: dict[str, str], edges: list[str]) -> None:
    assert library(name, **bindings) == edges


@pytest.mark.parametrize("name", query_names())
def test_every_query_of_the_library_is_read(name: str) -> None:
    pattern = read_pattern(read_query(name).sparql)
    assert pattern.columns
    assert pattern.triples


def test_pattern_tells_numbers_names_and_evidence() -> None:
    pattern: Pattern = read_pattern(
        "SELECT ?name (COUNT(DISTINCT ?p) AS ?n) (GROUP_CONCAT(?l) AS ?ls) (MIN(?e) AS ?passage) {"
        " ?who skos:prefLabel ?name ; ht:undertakes ?p ; ht:mentionedIn ?e . ?p skos:prefLabel ?l }"
        " GROUP BY ?who ?name"
    )
    assert pattern.columns == ("name", "n", "ls", "passage")
    assert pattern.numbers == ("n",)
    assert pattern.names == {"name": "who"}
    assert pattern.evidence == ("passage",)


def test_every_triple_pattern_is_told_with_its_place() -> None:
    pattern = read_pattern(
        "SELECT * { ?a a ht:Project OPTIONAL { ?a ht:status ?s } MINUS { ?a ht:within ?b }"
        " FILTER(EXISTS { ?a ht:inIndustry ?i } && ?s != 'x') { SELECT ?a { ?a ht:locatedIn+ ?c } } }"
    )
    places = {str(triple.object): triple.place for triple in pattern.triples}
    assert places == {
        str(HT.Project): "required",
        "s": "optional",
        "b": "minus",
        "i": "exists",
        "c.1": "required",
    }
    assert next(triple for triple in pattern.triples if triple.place == "required").predicate == RDF.type


def test_what_rdflib_cannot_read_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_pattern("SELECT ?a {")
