import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import SKOS

from hongtu.graph import KnowledgeGraph
from hongtu.graph.export import export
from hongtu.loaders.errors import UsageError
from hongtu.ontology.namespace import STRATML

_RESULT = "StartDate? EndDate? NumberOfUnits? Descriptor? Description?"
CONTENT = {
    "PerformancePlanOrReport": "Name Description? OtherInformation? StrategicPlanCore AdministrativeInformation? Submitter?",
    "StrategicPlanCore": "Organization* Vision? Mission? Value* Goal+",
    "Organization": "Name? Acronym? Identifier? Description? Stakeholder*",
    "Goal": "Name Description Identifier? SequenceIndicator? Stakeholder* OtherInformation? Objective*",
    "Objective": "Name? Description? Identifier? SequenceIndicator? Stakeholder* OtherInformation? PerformanceIndicator*",
    "Stakeholder": "Name Description? Role*",
    "Role": "Name Description? RoleType?",
    "PerformanceIndicator": "SequenceIndicator? MeasurementDimension UnitOfMeasurement Identifier? Relationship* "
    "MeasurementInstance* OtherInformation?",
    "MeasurementInstance": "TargetResult* ActualResult*",
    "TargetResult": _RESULT,
    "ActualResult": _RESULT,
    "AdministrativeInformation": "Identifier? StartDate? EndDate? PublicationDate? Source?",
}
"""What may stand in each element, and in which order; those not listed hold text."""

VALUES = {
    "Identifier": r"[^\W\d][\w.-]*",
    "StartDate": r"\d{4}-01-01",
    "EndDate": r"\d{4}-12-31",
    "NumberOfUnits": r"-?\d+(\.\d+)?",
    "RoleType": "Performer",
    "Source": r"https?://\S+",
}


def read(kg: KnowledgeGraph, file: Path) -> ET.Element:
    export(kg, file)
    root = ET.parse(file).getroot()
    for element in root.iter():
        namespace, _, element.tag = element.tag[1:].partition("}")
        assert namespace == STRATML
    return root


@pytest.fixture(params=["hongdong", "sample"])
def kg(request: pytest.FixtureRequest) -> KnowledgeGraph:
    graph: KnowledgeGraph = request.getfixturevalue(request.param)
    return graph


def test_the_document_keeps_the_rules_of_the_schema(kg: KnowledgeGraph, tmp_path: Path) -> None:
    root = read(kg, tmp_path / "plan.stratml")
    assert root.get("Type") == "Strategic_Plan"
    for element in root.iter():
        model = CONTENT.get(element.tag, "")
        children = "".join(f"{child.tag} " for child in element)
        assert re.fullmatch(re.sub(r"(\w+)([?*+]?) ?", r"(\1 )\2", model), children), element.tag
        if not model:
            assert re.fullmatch(VALUES.get(element.tag, r"(?s).*"), element.text or ""), element.tag
        assert element.get("StakeholderTypeType", "Organization") == "Organization"
        assert element.get("PerformanceIndicatorType", "Quantitative") == "Quantitative"
    identifiers = [element.text for element in root.iter("Identifier")]
    assert len(identifiers) == len(set(identifiers))


def test_all_strategies_measures_projects_and_targets_are_there(kg: KnowledgeGraph, tmp_path: Path) -> None:
    root = read(kg, tmp_path / "plan.stratml")
    told = Counter(re.findall(r"^iri: (.*)$", "\n".join(root.itertext()), re.MULTILINE))
    for kind in ("Strategy", "Measure", "Project", "Target"):
        iris = {row["thing"].value for row in kg.solutions(f"SELECT ?thing {{ ?thing a ht:{kind} }}")}
        assert iris <= set(told)
        if kind in ("Strategy", "Target"):
            assert all(told[iri] == 1 for iri in iris)
    served = kg.solutions("SELECT ?thing (COUNT(*) AS ?n) { ?thing ht:implements ?strategy } GROUP BY ?thing")
    assert all(told[row["thing"].value] == int(row["n"].value) for row in served)
    undertaken = kg.solutions("SELECT DISTINCT ?who { ?who ht:undertakes ?project }")
    assert {row["who"].value for row in undertaken} <= set(told)


def test_objectives_stand_under_the_strategy_that_they_implement(
    sample: KnowledgeGraph, tmp_path: Path
) -> None:
    root = read(sample, tmp_path / "plan.stratml")
    found = {
        (objective.findtext("Name"), goal.findtext("Name"))
        for goal in root.iter("Goal")
        for objective in goal.iter("Objective")
        if "\nimplements: " in objective.findtext("OtherInformation", "")
    }
    query = "SELECT ?thing ?strategy { ?t ht:implements/skos:prefLabel ?strategy ; skos:prefLabel ?thing }"
    assert found == {(row["thing"].value, row["strategy"].value) for row in sample.solutions(query)}


def test_baseline_and_target_of_an_indicator_stand_together(sample: KnowledgeGraph, tmp_path: Path) -> None:
    root = read(sample, tmp_path / "plan.stratml")
    (indicator,) = root.findall(".//PerformanceIndicator[MeasurementDimension='每千人口执业医师数']")
    results = indicator.findall("MeasurementInstance/*")
    assert [(result.tag, *(child.text for child in result)) for result in results] == [
        ("ActualResult", "2020-12-31", "2.4", "= 2.4人"),
        ("TargetResult", "2025-12-31", "3.2", "= 3.2人"),
    ]


def test_a_ratio_has_words_and_no_number(hongdong: KnowledgeGraph, tmp_path: Path) -> None:
    root = read(hongdong, tmp_path / "plan.stratml")
    (indicator,) = root.findall(".//PerformanceIndicator[MeasurementDimension='三次产业结构']")
    assert not list(indicator.iter("NumberOfUnits"))
    assert all(result.findtext("Description") for result in indicator.findall("MeasurementInstance/*"))


def test_sentences_are_descriptions_where_the_graph_has_the_text(
    sample: KnowledgeGraph, hongdong: KnowledgeGraph, tmp_path: Path
) -> None:
    objectives = read(sample, tmp_path / "plan.stratml").findall(".//Objective[Name]")
    assert all(objective.findtext("Description") for objective in objectives)
    bare = read(hongdong, tmp_path / "plan.stratml")
    assert not bare.findall(".//Objective/Description")
    assert {goal.findtext("Description") for goal in bare.iter("Goal")} == {""}


def test_same_bytes_in_every_language(
    sample: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(sample, tmp_path / "one.stratml")
    monkeypatch.setenv("HONGTU_LANG", "zh")
    export(sample, tmp_path / "other.stratml")
    assert (tmp_path / "one.stratml").read_bytes() == (tmp_path / "other.stratml").read_bytes()


def test_several_plans_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="StratML holds one plan, the graph holds 2; take .nq or .trig"):
        export(KnowledgeGraph.packaged("hongdong", "sample"), tmp_path / "plan.stratml")
    assert not list(tmp_path.iterdir())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=st.text(st.characters(codec="utf-8")))
def test_any_title_gives_xml_and_only_what_xml_forbids_is_lost(
    tiny: KnowledgeGraph, tmp_path: Path, title: str
) -> None:
    plan = ox.NamedNode("urn:plan")
    for quad in tiny.store.quads_for_pattern(plan, ox.NamedNode(str(SKOS.prefLabel)), None):
        tiny.store.remove(quad)
    tiny.store.add(ox.Quad(plan, ox.NamedNode(str(SKOS.prefLabel)), ox.Literal(title), plan))
    root = read(tiny, tmp_path / "plan.stratml")
    kept = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", title)
    assert root.findtext("Name") == kept.replace("\r\n", "\n").replace("\r", "\n")
    assert root.findtext("StrategicPlanCore/Organization/Name") == "甲县"
    assert root.findtext("AdministrativeInformation/Source") == "https://example.org/plan"
