import pyoxigraph as ox
import pytest

from hongtu.graph import KnowledgeGraph, to_networkx
from hongtu.graph.network import ENTITY_KINDS, Network
from hongtu.graph.queries import query_names, read_query
from hongtu.graph.views import drawing
from hongtu.graph.views.drawing import answer_network, graph_network
from hongtu.loaders.language import language


def edges(network: Network) -> set[tuple[str, str, str]]:
    """Return the edges by labels."""
    label = {node: data["label"] for node, data in network.nodes(data=True)}
    return {(label[start], key, label[end]) for start, end, key in network.edges(keys=True)}


@pytest.mark.parametrize("name", ["show_who_does_what_where", "list_partners", "list_projects_of_strategy"])
def test_answer_is_drawn_as_the_graph_itself(hongdong: KnowledgeGraph, name: str) -> None:
    network, whole = answer_network(hongdong.run(name)), to_networkx(hongdong)
    assert network.number_of_edges() > 10
    assert all(data == whole.nodes[node] for node, data in network.nodes(data=True))
    assert all(
        data == whole.edges[start, end, key] for start, end, key, data in network.edges(keys=True, data=True)
    )
    assert network.graph == whole.graph


def test_edges_open_their_sentences(sample: KnowledgeGraph) -> None:
    network = answer_network(sample.query("SELECT ?a ?b { ?a ht:undertakes ?b }"))
    assert network.number_of_edges()
    assert all(data["passages"][0]["quote"] for *_, data in network.edges(data=True))


def test_union_draws_only_what_the_graph_states(hongdong: KnowledgeGraph) -> None:
    network = answer_network(hongdong.run("list_partners"))
    assert not any(network.has_edge(end, start) for start, end in network.edges())


def test_neighbours_are_drawn_around_the_thing_that_was_bound(hongdong: KnowledgeGraph) -> None:
    network = answer_network(hongdong.run("list_neighbours", thing="华翔集团"))
    who = hongdong.resolve("华翔集团")
    assert network.degree(who) == network.number_of_edges() > 5
    assert {"undertakes", "partnersWith", "operatesIn"} <= {key for *_, key in network.edges(keys=True)}
    assert all(data["passages"] for *_, data in network.edges(data=True))


def test_path_carries_the_claims_on_its_way(hongdong: KnowledgeGraph) -> None:
    network = answer_network(hongdong.query("SELECT ?a ?b { ?a ht:undertakes ?p . ?p ht:locatedIn ?b }"))
    assert {key for *_, key in network.edges(keys=True)} == {"undertakes / located in"}
    assert all(data["passages"] for *_, data in network.edges(data=True))


def test_step_that_was_skipped_is_no_path(hongdong: KnowledgeGraph) -> None:
    query = "SELECT ?p ?b { ?p a ht:Project ; ht:locatedIn/ht:within* ?b }"
    network = answer_network(hongdong.query(query))
    whole = to_networkx(hongdong)
    direct = [
        (start, end) for start, end, key in whole.edges(keys=True) if key == "locatedIn" and start in network
    ]
    assert direct
    assert all(network.has_edge(start, end, "locatedIn") for start, end in direct)


def test_names_stand_for_their_things(hongdong: KnowledgeGraph) -> None:
    query = "SELECT ?who ?what { ?a ht:undertakes ?b . ?a skos:prefLabel ?who . ?b skos:prefLabel ?what }"
    assert edges(answer_network(hongdong.query(query))) == edges(
        answer_network(hongdong.query("SELECT ?a ?b { ?a ht:undertakes ?b }"))
    )


def test_predicate_comes_from_its_column(hongdong: KnowledgeGraph) -> None:
    query = "SELECT ?a ?p ?b { ?a ?p ?b . ?a a ht:Enterprise . ?b a ht:Project }"
    assert {key for *_, key in answer_network(hongdong.query(query)).edges(keys=True)} == {"undertakes"}


def test_hidden_predicate_is_told_by_the_claims(hongdong: KnowledgeGraph) -> None:
    query = "SELECT ?a ?b { ?a ?p ?b . ?a a ht:Enterprise . ?b a ht:Location }"
    assert {key for *_, key in answer_network(hongdong.query(query)).edges(keys=True)} <= {
        "locatedIn",
        "partnersWith",
    }


def test_hidden_predicate_is_told_by_the_graph_itself(hongdong: KnowledgeGraph) -> None:
    query = "SELECT ?a ?b { ?a ?p ?b . ?a a ht:Section . ?b a ht:Plan }"
    assert {key for *_, key in answer_network(hongdong.query(query)).edges(keys=True)} == {"dcterms:isPartOf"}


def test_paths_between_two_things_are_the_edges_of_the_graph(hongdong: KnowledgeGraph) -> None:
    answer = hongdong.run("find_paths", start="华翔集团", end="Industry:装备制造")
    network, whole = answer_network(answer), to_networkx(hongdong, kinds=(*ENTITY_KINDS, "Measure"))
    assert network.number_of_edges() > 5
    assert set(network.edges(keys=True)) <= set(whole.edges(keys=True))


@pytest.mark.parametrize(
    "name", [name for name in query_names() if all(each.optional for each in read_query(name).parameters)]
)
def test_every_query_of_the_library_is_drawn(hongdong: KnowledgeGraph, name: str) -> None:
    answer = hongdong.run(name)
    network = answer_network(answer)
    assert bool(network) == bool(len(answer))
    labels = hongdong.labels(network)
    assert all(data["label"] in (labels[node], node) for node, data in network.nodes(data=True))


def test_count_is_the_weight(hongdong: KnowledgeGraph) -> None:
    query = "SELECT ?a ?place (COUNT(?p) AS ?n) { ?a ht:undertakes ?p . ?p ht:locatedIn ?place } GROUP BY ?a ?place"
    answer = hongdong.query(query)
    network = answer_network(answer)
    assert sum(data["weight"] for *_, data in network.edges(data=True)) == answer["n"].sum()


def test_columns_without_pattern_share_their_row(hongdong: KnowledgeGraph) -> None:
    query = "SELECT ?a ?b { VALUES (?a ?b) { (ht:Project ht:Location) (ht:Project UNDEF) } }"
    assert edges(answer_network(hongdong.query(query))) == {("project", "row", "location")}


def test_one_column_is_drawn_without_edges(hongdong: KnowledgeGraph) -> None:
    network = answer_network(hongdong.run("rank_enterprises_by_projects"))
    assert network.number_of_nodes() > 10
    assert network.number_of_edges() == 0


def test_rows_that_were_left_out_are_not_drawn(hongdong: KnowledgeGraph) -> None:
    answer = hongdong.query("SELECT ?a ?b { ?a ht:undertakes ?b }")
    assert answer_network(answer.head(1)).number_of_edges() == 1
    assert answer_network(answer[["a"]]).number_of_edges() == 0
    assert answer_network(answer.head(0)).number_of_nodes() == 0


def test_what_rdflib_cannot_read_is_drawn_by_rows(hongdong: KnowledgeGraph) -> None:
    answer = hongdong.query("SELECT ?a ?b { ?a ht:undertakes ?b LATERAL { BIND(1 AS ?x) } }")
    assert {key for *_, key in answer_network(answer).edges(keys=True)} == {"row"}


def test_hairball_keeps_the_most_connected(hongdong: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "MOST_NODES", 5)
    network = answer_network(hongdong.run("list_projects_of_strategy"))
    assert len(network) == 5
    assert "the 5 most connected of" in network.graph["title"]
    assert {data["kind"] for _, data in network.nodes(data=True)} == {"Strategy"} or network.edges


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_labels_follow_the_language(
    hongdong: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    monkeypatch.setenv("HONGTU_LANG", locale)
    network = answer_network(hongdong.query("SELECT ?a ?b { ?a ht:undertakes ?b }"))
    assert {data["label"] for *_, data in network.edges(data=True)} == {
        "承担" if language() == "zh" else "undertakes"
    }


def test_construct_is_drawn_as_it_is(hongdong: KnowledgeGraph) -> None:
    graph = hongdong.query("CONSTRUCT { ?a ht:undertakes ?b } WHERE { ?a ht:undertakes ?b }")
    network = graph_network(hongdong, graph)
    assert edges(network) == edges(answer_network(hongdong.query("SELECT ?a ?b { ?a ht:undertakes ?b }")))
    assert all(data["passages"] for *_, data in network.edges(data=True))


def test_description_has_kind_names_and_neighbours(hongdong: KnowledgeGraph) -> None:
    who = hongdong.resolve("华翔集团")
    network = graph_network(
        hongdong, hongdong.query("DESCRIBE ?who { ?who a ht:Enterprise }", who=ox.NamedNode(who))
    )
    data = network.nodes[who]
    assert (data["label"], data["kind"]) == ("华翔集团", "Enterprise")
    assert "华翔股份" in data["aliases"]
    assert data["passages"]
    assert network.degree(who) > 3
    assert "mentionedIn" not in {key for *_, key in network.edges(keys=True)}


def test_a_whole_text_is_cut(sample: KnowledgeGraph) -> None:
    plan = sample.plan_graphs()[0]
    network = graph_network(sample, sample.query("DESCRIBE ?plan { ?plan a ht:Plan }"))
    assert network.degree(plan.value) > 0
    assert max(map(len, network.nodes[plan.value]["aliases"])) < 250


def test_literals_are_nodes_when_there_is_nothing_else(hongdong: KnowledgeGraph) -> None:
    network = graph_network(hongdong, hongdong.query("CONSTRUCT { <urn:a> <urn:p> 'text' } WHERE {}"))
    assert edges(network) == {("urn:a", "urn:p", "text")}


def test_blank_nodes_are_drawn_the_same_every_time(hongdong: KnowledgeGraph) -> None:
    query = "CONSTRUCT { [] ht:undertakes ?b } WHERE { ?a ht:undertakes ?b }"
    one, other = (graph_network(hongdong, hongdong.query(query)) for _ in range(2))
    assert list(one.edges) == list(other.edges)
    assert one.number_of_edges() > 10


def test_given_names_may_be_anything(hongdong: KnowledgeGraph) -> None:
    query = 'SELECT ?n ?b { BIND("\\"} <x> \\\\" AS ?n) ?a ht:undertakes ?b . ?a skos:prefLabel ?n }'
    assert answer_network(hongdong.query(query)).number_of_nodes() == 0


def test_what_is_no_number_adds_nothing_to_a_weight(hongdong: KnowledgeGraph) -> None:
    query = """SELECT ?who ?what (SUM(?n) AS ?weight) { ?who ht:undertakes ?what
        BIND('NaN'^^xsd:double AS ?n) } GROUP BY ?who ?what LIMIT 2"""
    network = hongdong.query(query).network()
    assert [data["weight"] for *_, data in network.edges(data=True)] == [0, 0]


def test_a_confidence_that_is_no_number_is_passed_over(hongdong: KnowledgeGraph) -> None:
    graph = hongdong.query("CONSTRUCT { ?s ht:confidence 'high' } { ?s a ht:Enterprise } LIMIT 1")
    (node,) = graph_network(hongdong, graph).nodes.values()
    assert isinstance(node["confidence"], float)


def test_columns_of_one_name_are_drawn_once(hongdong: KnowledgeGraph) -> None:
    answer = hongdong.query("SELECT ?who { ?who a ht:Enterprise } LIMIT 2")
    assert len(answer[["who", "who"]].network()) == 2
