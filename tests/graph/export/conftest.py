"""What test_crate.py and test_stratml.py share."""

import pytest

from hongtu.graph import KnowledgeGraph
from hongtu.ontology.namespace import PREFIXES


@pytest.fixture
def tiny() -> KnowledgeGraph:
    """A graph of one's own, of a plan that names its county and nothing else; its source is an address."""
    kg = KnowledgeGraph.open()
    head = "".join(f"PREFIX {prefix}: <{namespace}> " for prefix, namespace in PREFIXES.items())
    kg.store.update(
        head
        + """INSERT DATA { GRAPH <urn:plan> {
            <urn:plan> a ht:Plan ; skos:prefLabel "<b>甲 & 乙"@zh ; ht:sha256 "0" ; ht:firstYear "2021"^^xsd:gYear ;
                ht:lastYear "2025"^^xsd:gYear ; dcterms:spatial <urn:home> ; dcterms:source "https://example.org/plan" .
            <urn:home> a ht:Location ; skos:prefLabel "甲县"@zh ; ht:confidence 1.0 ; ht:mentionedIn <urn:passage> .
            <urn:passage> a ht:Passage ; dcterms:isPartOf <urn:plan> ; ht:line 1 ; ht:start 0 ; ht:end 2 . } }"""
    )
    return kg
