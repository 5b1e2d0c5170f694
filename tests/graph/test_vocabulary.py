from pathlib import Path

import pyoxigraph as ox
from typer.testing import CliRunner

from hongtu.graph import KnowledgeGraph
from hongtu.graph.cli import app
from hongtu.graph.vocabulary import DIVISIONS_GRAPH, VOCABULARY_GRAPHS
from hongtu.ontology.namespace import SCHEMES

UP = "SELECT ?code { [] ht:division/skos:broader* ?division . ?division skos:notation ?code } ORDER BY ?code"


def codes(kg: KnowledgeGraph) -> list[str]:
    return list(dict.fromkeys(row["code"].value for row in kg.solutions(UP)))


def test_places_lead_up_to_their_province(hongdong: KnowledgeGraph) -> None:
    assert {"141024", "141000", "140000"} <= set(codes(hongdong))
    assert DIVISIONS_GRAPH not in hongdong.plan_graphs()


def test_a_new_graph_holds_every_scheme_and_no_division() -> None:
    kg = KnowledgeGraph.open()
    names = {graph.value for graph in kg.store.named_graphs()}
    assert names == {graph.value for graph in VOCABULARY_GRAPHS - {DIVISIONS_GRAPH}}
    assert names > {str(scheme) for scheme in SCHEMES}
    assert codes(kg) == []


def test_divisions_that_an_rdf_file_names_are_described(tmp_path: Path) -> None:
    file = tmp_path / "plan.ttl"
    file.write_text(
        "<urn:x> <https://w3id.org/hongtu/ontology#division> <https://w3id.org/hongtu/id/gbt2260/429004> ."
    )
    kg = KnowledgeGraph.open()
    kg.load_rdf(file)
    assert codes(kg) == ["420000", "429000", "429004"]


def test_the_command_writes_all_of_the_vocabulary(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["vocabulary", str(tmp_path / "words")])
    assert result.exit_code == 0
    files = {file.name: file for file in (tmp_path / "words").iterdir()}
    assert {
        "hongtu.ttl",
        "shapes.ttl",
        "skos.ttl",
        "gbt2260.ttl",
        *(f"{n}.ttl" for n in SCHEMES.values()),
    } <= set(files)
    store = ox.Store()
    for file in files.values():
        if file.suffix == ".ttl":
            store.load(path=str(file))
    concepts = store.query(
        "SELECT (COUNT(?c) AS ?n) { ?c a <http://www.w3.org/2004/02/skos/core#Concept> ; "
        "<http://www.w3.org/2004/02/skos/core#inScheme> <https://w3id.org/hongtu/id/gbt2260> }"
    )
    assert int(next(iter(concepts))["n"].value) == 3348  # type: ignore[arg-type]
