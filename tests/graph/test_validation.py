import pyoxigraph as ox
import pytest

from hongtu.graph import KnowledgeGraph
from hongtu.graph.validation import validate


@pytest.mark.parametrize("name", ["hongdong", "sample", "sample-city"])
def test_packaged_graphs_conform(name: str) -> None:
    assert validate(KnowledgeGraph.packaged(name)) == []


def test_violations_name_the_thing_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    kg = KnowledgeGraph.packaged("sample")
    row = kg.run("show_who_does_what_where").iloc[0]
    ht = "https://w3id.org/hongtu/ontology#"
    (plan,) = kg.plan_graphs()
    who, project = ox.NamedNode(row["who"].iri), ox.NamedNode(row["project"].iri)
    # An edge that points the wrong way and has no claim.
    kg.store.add(ox.Quad(project, ox.NamedNode(f"{ht}undertakes"), who, plan))
    violations = validate(kg)
    assert {violation.iri for violation in violations} == {project.value, who.value}
    assert any("no evidence" in violation.message for violation in violations)
    assert any(violation.label == str(row["project"]) for violation in violations)
    monkeypatch.setenv("HONGTU_LANG", "zh")
    assert any("没有依据" in violation.message for violation in validate(kg))
