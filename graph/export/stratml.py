"""StratML (ISO 17469), the markup language of strategic plans, made of a graph.

A plan becomes one document of StratML Part 2 (``PerformancePlanOrReport``, schema of 2016-02-16), which has all that
Part 1 (ISO 17469-1) has, and indicators:

=====================================================  ============================================================
of the graph                                           in StratML
=====================================================  ============================================================
plan                                                   ``Name``, ``AdministrativeInformation``; and a first ``Goal``
                                                       for what serves no strategy
the place that the plan is for                         ``Organization``
strategy                                               ``Goal``
project or measure that implements a strategy          ``Objective`` of that goal
organization that undertakes a project                 ``Stakeholder`` with the role of a performer
target, baseline                                       ``TargetResult``, ``ActualResult`` of a ``PerformanceIndicator``
first sentence of the plan about a thing               ``Description``, where the graph has the text
IRI, kind, status, other edges, places in the plan     lines of ``OtherInformation``
=====================================================  ============================================================

StratML wants XML identifiers, which an IRI is not; ``Identifier`` is ``_`` and the UUID of the IRI (version 5, namespace
URL, RFC 9562), so anyone who has the IRI can work it out. An identifier stands once in a document: a project of two
strategies has it, and its indicators, under the first.

What a plan does not state is not made up: there are no ``Vision``, ``Mission``, ``Value``, ``PublicationDate`` and
``Submitter``, all of which StratML lets be absent.
"""

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hongtu.graph.export.tables import only_plan
from hongtu.graph.export.xml_text import to_xml_text
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.network import span_of, to_networkx
from hongtu.graph.queries import read_query
from hongtu.loaders.language import say
from hongtu.loaders.records import Span
from hongtu.loaders.rows import ENTITY_TABLE
from hongtu.loaders.values import SEPARATOR, format_spans
from hongtu.ontology.namespace import STRATML

_OBJECTIVES = ("Measure", "Project")
"""Kinds of what serves a strategy."""


def write_stratml(kg: KnowledgeGraph, file: Path) -> None:
    """Write the one plan of a graph as StratML, in UTF-8: same graph, same bytes.

    :raises UsageError: when the graph holds none or several.
    """
    root = _Document(kg, only_plan(kg, say("StratML ", "StratML holds"))).root()
    ET.indent(root)
    file.write_bytes(ET.tostring(root, "utf-8", xml_declaration=True) + b"\n")


class _Document:
    """A document of one plan; elements stand in the order that the schema prescribes."""

    def __init__(self, kg: KnowledgeGraph, plan: Any) -> None:
        self.plan = plan
        self.home = kg.labels([plan["home"].value])[plan["home"].value]
        self.network = to_networkx(kg, kinds=tuple(ENTITY_TABLE))
        self.indicators = _indicators(kg)
        self.identified: set[str] = set()

    def root(self) -> ET.Element:
        plan = {name: self.plan[name].value for name in ("plan", "title", "sha256", "first", "last", "home")}
        source = self.plan["source"].value if self.plan["source"] else ""
        is_address = source.startswith(("http://", "https://"))
        root = ET.Element("PerformancePlanOrReport", {"xmlns": STRATML, "Type": "Strategic_Plan"})
        _add(root, "Name", plan["title"])
        notes = [("iri", plan["plan"]), ("sha256", plan["sha256"]), ("source", source)]
        _add_notes(root, notes[:2] if is_address else notes)
        core = _add(root, "StrategicPlanCore")
        organization = _add(core, "Organization")
        _add(organization, "Name", self.home)
        self.identify(organization, plan["home"])
        self.goals(core)
        administrative = _add(root, "AdministrativeInformation")
        self.identify(administrative, plan["plan"])
        _add(administrative, "StartDate", f"{plan['first']}-01-01")
        _add(administrative, "EndDate", f"{plan['last']}-12-31")
        if is_address:
            _add(administrative, "Source", source)
        return root

    def goals(self, core: ET.Element) -> None:
        """Add a goal for the plan as a whole, and one for each strategy."""
        serving: dict[str, list[str]] = {}
        for thing, strategy, predicate in self.network.edges(keys=True):
            if predicate == "implements":
                serving.setdefault(strategy, []).append(thing)
        served = {thing for things in serving.values() for thing in things}
        whole = _add(core, "Goal")
        _add(whole, "Name", self.plan["title"].value)
        _add(whole, "Description")
        self.own_indicators(whole, self.plan["plan"].value)
        strategies, rest = [], []
        for thing, node in self.network.nodes(data=True):
            if node["kind"] == "Strategy":
                strategies.append(thing)
            elif thing not in served and (node["kind"] in _OBJECTIVES or thing in self.indicators):
                rest.append(thing)
        self.objectives(whole, rest)
        for strategy in self.in_text_order(strategies):
            goal = _add(core, "Goal")
            self.describe(goal, strategy)
            self.own_indicators(goal, strategy)
            self.objectives(goal, serving.get(strategy, []))

    def own_indicators(self, goal: ET.Element, subject: str) -> None:
        """Add the indicators of a goal; as only objectives can have any, these are in one without a name."""
        if subject in self.indicators:
            self.add_indicators(_add(goal, "Objective"), subject)

    def objectives(self, goal: ET.Element, things: list[str]) -> None:
        for thing in self.in_text_order(things):
            objective, is_new = _add(goal, "Objective"), thing not in self.identified
            self.describe(objective, thing)
            if is_new:
                self.add_indicators(objective, thing)

    def describe(self, element: ET.Element, thing: str) -> None:
        """Add what goal and objective have in common, down to ``OtherInformation``."""
        node = self.network.nodes[thing]
        _add(element, "Name", node["label"])
        # A goal must have one, even if it is empty.
        if (sentence := _sentence(node["passages"])) or element.tag == "Goal":
            _add(element, "Description", sentence)
        self.identify(element, thing)
        for performer, _, predicate, edge in self.network.in_edges(thing, keys=True, data=True):
            if predicate == "undertakes":
                self.add_performer(element, performer, format_spans(map(span_of, edge["passages"])))
        notes = [("iri", thing), *((name, node[name]) for name in ("kind", "status"))]
        notes += [
            ("aliases", SEPARATOR.join(node["aliases"])),
            ("evidence", format_spans(map(span_of, node["passages"]))),
        ]
        notes += (
            (
                predicate,
                f"{self.network.nodes[other]['label']} ({format_spans(map(span_of, edge['passages']))})",
            )
            for _, other, predicate, edge in self.network.out_edges(thing, keys=True, data=True)
        )
        _add_notes(element, notes)

    def add_performer(self, element: ET.Element, performer: str, places: str) -> None:
        stakeholder = _add(element, "Stakeholder")
        stakeholder.set("StakeholderTypeType", "Organization")
        _add(stakeholder, "Name", self.network.nodes[performer]["label"])
        _add(stakeholder, "Description", f"iri: {performer}")
        role = _add(stakeholder, "Role")
        _add(role, "Name", "undertakes")
        _add(role, "Description", f"evidence: {places}")
        _add(role, "RoleType", "Performer")

    def add_indicators(self, objective: ET.Element, subject: str) -> None:
        """Add the figures of a thing, those of the same indicator and unit together."""
        for (name, unit), figures in self.indicators.get(subject, {}).items():
            indicator = _add(objective, "PerformanceIndicator")
            indicator.set("PerformanceIndicatorType", "Quantitative")
            _add(indicator, "MeasurementDimension", name)
            _add(indicator, "UnitOfMeasurement", unit)
            self.identify(indicator, next(iter(figures)))
            notes = []
            for target, rows in sorted(figures.items(), key=_by_year):
                figure, places = (
                    rows[0],
                    format_spans(
                        Span(*(int(row[name].value) for name in ("line", "start", "end"))) for row in rows
                    ),
                )
                result = "TargetResult" if figure["role"].value == "target" else "ActualResult"
                measured = _add(_add(indicator, "MeasurementInstance"), result)
                _add(measured, "EndDate", f"{figure['year'].value}-12-31")
                if figure["value"]:
                    _add(measured, "NumberOfUnits", figure["value"].value)
                _add(measured, "Description", f"{figure['comparator'].value} {figure['verbatim'].value}")
                notes += [("iri", target), ("evidence", places)]
            _add_notes(indicator, notes)

    def identify(self, element: ET.Element, iri: str) -> None:
        if iri not in self.identified:
            self.identified.add(iri)
            _add(element, "Identifier", f"_{uuid.uuid5(uuid.NAMESPACE_URL, iri)}")

    def in_text_order(self, things: Iterable[str]) -> list[str]:
        def place(thing: str) -> tuple[list[tuple[int, int]], str]:
            first = self.network.nodes[thing]["passages"][:1]
            return [(passage["start"], passage["end"]) for passage in first], thing

        return sorted(things, key=place)


def _indicators(kg: KnowledgeGraph) -> dict[str, dict[tuple[str, str], dict[str, list[Any]]]]:
    """Return the rows of ``list_targets`` by subject, by name and unit of the indicator, and by target."""
    indicators: dict[str, dict[tuple[str, str], dict[str, list[Any]]]] = {}
    for row in kg.solutions(read_query("list_targets").sparql):
        same = indicators.setdefault(row["subject"].value, {})
        figures = same.setdefault((row["indicator"].value, row["unit"].value), {})
        figures.setdefault(row["target"].value, []).append(row)
    return indicators


def _by_year(figure: tuple[str, list[Any]]) -> str:
    year: str = figure[1][0]["year"].value
    return year


def _sentence(passages: list[dict[str, Any]]) -> str:
    """Return the sentence of the first passage; ``""`` when the graph has no text."""
    return "".join(passages[0][part] or "" for part in ("before", "quote", "after")) if passages else ""


def _add_notes(element: ET.Element, notes: Iterable[tuple[str, str]]) -> None:
    """Add what StratML has no element for, a line for each name and value."""
    _add(element, "OtherInformation", "\n".join(f"{name}: {value}" for name, value in notes if value))


def _add(parent: ET.Element, tag: str, text: str = "") -> ET.Element:
    """Add an element; a character that XML cannot hold becomes U+FFFD, the sign of one that is lost."""
    element = ET.SubElement(parent, tag)
    element.text = to_xml_text(text)
    return element
