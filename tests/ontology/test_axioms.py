"""What follows from the ontology by the rules of OWL 2 RL, and nothing else of its own words."""

import owlrl
import rdflib
from rdflib import RDF, URIRef

from hongtu.ontology.namespace import HT, PREFIXES, read_turtle

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in {**PREFIXES, "": "urn:x:"}.items())
STATED = """
:project ht:locatedIn :park ; ht:implements :strategy ; ht:inIndustry :industry .
:firm ht:undertakes :project ; ht:operatesIn :industry ; ht:partnersWith :county .
:park ht:within :town . :town ht:within :county .
:measure ht:promotes :industry ; ht:hasTarget :target .
:target ht:year "2025"^^xsd:gYear .
:passage ht:start 3 ; ht:end 5 ; ht:quote "茶园" ; ht:section :section .
"""
FOLLOWS = """
:project a ht:Project ; ht:locatedIn :town , :county ; ht:undertakenBy :firm .
:firm a ht:Organization .
:county ht:partnersWith :firm .
:park a ht:Location ; ht:within :county ; ht:locationOf :project .
:town a ht:Location ; ht:contains :park ; ht:locationOf :project .
:county a ht:Location ; ht:contains :park , :town ; ht:locationOf :project .
:strategy a ht:Strategy ; ht:implementedBy :project .
:industry a ht:Industry ; ht:industryOf :project ; ht:hasOperator :firm ; ht:promotedBy :measure .
:target a ht:Target ; ht:targetOf :measure .
:section a ht:Section .
:passage a ht:Passage .
"""


def ours(graph: rdflib.Graph) -> set[tuple[rdflib.term.Node, ...]]:
    """Return what a graph says of the things below in words of the ontology."""
    return {
        triple
        for triple in graph
        if str(triple[0]).startswith("urn:x:")
        and isinstance(word := triple[2 if triple[1] == RDF.type else 1], URIRef)
        and str(word).startswith(str(HT))
    }


def test_all_this_follows_and_nothing_else() -> None:
    stated = rdflib.Graph().parse(data=HEAD + STATED, format="turtle")
    closed = rdflib.Graph().parse(data=read_turtle("hongtu"), format="turtle") + stated
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    expected = rdflib.Graph().parse(data=HEAD + STATED + FOLLOWS, format="turtle")
    assert ours(closed) == ours(expected)
