"""Is the graph what the ontology says? SHACL shapes, and the rule that every edge has a source."""

from dataclasses import dataclass
from functools import cache

import rdflib
from rdflib import RDF, SH

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.queries import read_query
from hongtu.graph.validation.shacl import validate_shapes
from hongtu.loaders.language import language, say
from hongtu.ontology.namespace import read_turtle


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong: the thing's IRI and label, and what to do, in the user's language."""

    iri: str
    label: str
    message: str

    def __str__(self) -> str:
        return f"{self.label} <{self.iri}>: {self.message}"


def validate(kg: KnowledgeGraph) -> list[Violation]:
    """Return all violations of the shapes, in the order of their IRIs; an empty list means that the graph conforms.

    See :mod:`hongtu.graph.validation.shacl` for how.
    """
    report = validate_shapes(kg.store, kg.plan_graphs(), _shapes())
    found = {
        (str(report.value(result, SH.focusNode)), _message(report, result))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }
    for row in kg.solutions(read_query("list_edges_without_evidence").sparql):
        found.add(
            (
                row["subject"].value,
                say("这条关系没有依据：", "this edge has no evidence: ")
                + f"{row['predicate'].value} {row['object'].value}",
            )
        )
    labels = kg.labels(iri for iri, _ in found if "://" in iri)
    return [Violation(iri, labels.get(iri, iri), message) for iri, message in sorted(found)]


@cache
def _shapes() -> rdflib.Graph:
    shapes = rdflib.Graph().parse(data=read_turtle("shapes"), format="turtle")
    # The query for edges without evidence says which edge it is, and looks at the passage too.
    shapes.remove((rdflib.URIRef("https://w3id.org/hongtu/shapes#edgeHasClaim"), None, None))
    return shapes


def _message(report: rdflib.Graph, result: rdflib.term.Node) -> str:
    messages = [m for m in report.objects(result, SH.resultMessage) if isinstance(m, rdflib.Literal)]
    spoken = [message for message in messages if message.language == language()] or messages
    return " / ".join(sorted(map(str, spoken)))
