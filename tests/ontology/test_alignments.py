"""The tables of docs/alignments.md and its Chinese twin say what the Turtle says, no more and no less."""

import re
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDFS, SKOS

from hongtu.ontology.namespace import HT, read_turtle

DOCS = Path(__file__).parents[2] / "docs"
ONTOLOGY = rdflib.Graph(bind_namespaces="none").parse(data=read_turtle("hongtu"), format="turtle")
RELATIONS = {
    *(RDFS.subClassOf, RDFS.subPropertyOf, RDFS.seeAlso, OWL.equivalentClass, OWL.equivalentProperty),
    *(SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch),
}
STATED = {
    (term, relation, other)
    for term, relation, other in ONTOLOGY
    if relation in RELATIONS and str(term).startswith(str(HT)) and not str(other).startswith(str(HT))
}


@pytest.mark.parametrize("page", ["alignments.md", "alignments.zh.md"])
def test_each_alignment_has_one_row_and_each_row_is_one(page: str) -> None:
    rows = re.findall(
        r"^\| `(ht:\w+)` \| `(\w+:\w+)` \| `([\w-]+:\w+)` \| \S.* \| \S.* \|$",
        (DOCS / page).read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    expand = ONTOLOGY.namespace_manager.expand_curie
    told = [tuple(map(expand, row)) for row in rows]
    assert len(told) == len(set(told))
    assert set(told) == STATED
