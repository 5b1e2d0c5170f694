from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.completer import provisionalcompleter
from jupyter_client.manager import start_new_kernel

from hongtu.graph import KnowledgeGraph
from hongtu.graph.endpoint import Endpoint
from hongtu.graph.jupyter.completion import SparqlCompleter, variables
from hongtu.ontology.namespace import PREFIXES

if TYPE_CHECKING:
    from tests.graph.conftest import Cells

ENTERPRISE = "恒屹精工"


def complete(cells: "Cells", cell: str) -> list[tuple[str, str, str]]:
    """Return what is offered at the mark ``|`` of a cell: what it replaces, the text, what it is."""
    before, after = cell.split("|")
    with provisionalcompleter():
        found = list(cells.shell.Completer.completions(before + after, len(before)))
    return [(before[one.start :], one.text, readable(one.type)) for one in found]


def readable(about: str | None) -> str:
    """Return what a completion tells, without what keeps it on one line."""
    return (about or "").replace("\N{WORD JOINER}", "").replace("\N{NO-BREAK SPACE}", " ")


def texts(cells: "Cells", cell: str) -> list[str]:
    return [text for _, text, _ in complete(cells, cell)]


def test_classes_and_properties_are_found_by_name_and_by_label(cells: "Cells") -> None:
    assert complete(cells, "%%sparql\n?x ht:part|") == [("ht:part", "ht:partnersWith", "partners with")]
    assert texts(cells, "%%sparql\n?x ht:合|") == ["ht:partnersWith"]
    assert complete(cells, "%%sparql\n?x a ht:E|") == [("ht:E", "ht:Enterprise", "class enterprise")]
    assert "ht:undertakes" in texts(cells, "%%sparql\n?x ht:|")
    assert texts(cells, "%%sparql\n企|")[0] == texts(cells, "%%sparql\nenterp|")[0] == "ht:Enterprise"


def test_only_classes_follow_a(cells: "Cells") -> None:
    offered = texts(cells, "%%sparql\nSELECT ?x { ?x a ht:|")
    assert "ht:Project" in offered and "ht:undertakes" not in offered


def test_labels_are_in_the_language_of_the_user(cells: "Cells", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    assert complete(cells, "%%sparql\n?x ht:part|") == [("ht:part", "ht:partnersWith", "合作")]


def test_other_vocabularies_and_the_classification_are_known(cells: "Cells") -> None:
    assert texts(cells, "%%sparql\n?x skos:pref|") == ["skos:prefLabel"]
    assert ("gbt:C25", "石油、煤炭及其他燃料加工业") in [
        (text, about) for _, text, about in complete(cells, "%%sparql\n?x skos:broader gbt:煤|")
    ]
    assert texts(cells, "%%sparql\nsk|") == ["skos:"]
    assert texts(cells, "%%sparql\nsel|") == ["SELECT"]
    assert texts(cells, "%%sparql\n} order|") == ["ORDER BY"]


def test_variables_of_the_whole_cell_are_offered(cells: "Cells") -> None:
    assert texts(cells, "%%sparql\nSELECT ?w| { ?who ht:undertakes ?what . ?x ?y '?wrong' }") == [
        "?who",
        "?what",
    ]


def test_names_are_offered_within_quotes(cells: "Cells") -> None:
    assert complete(cells, f'%%sparql\n?x skos:prefLabel "{ENTERPRISE[:2]}|')[0] == (
        f'"{ENTERPRISE[:2]}',
        f'"{ENTERPRISE}"@zh',
        "enterprise",
    )
    # What begins so goes before what only holds it.
    assert f'"{ENTERPRISE}"@zh' in texts(cells, f'%%sparql\n?x skos:prefLabel "{ENTERPRISE[1:3]}|')
    # The editor has closed the quote: it stays.
    assert f'"{ENTERPRISE}' in texts(cells, f'%%sparql\n?x skos:prefLabel "{ENTERPRISE[:2]}|"')


def test_names_are_those_of_the_graph_that_the_cell_names(
    cells: "Cells", hongdong: KnowledgeGraph, sample: KnowledgeGraph
) -> None:
    cells.shell.user_ns.update(kg=sample, county=hongdong)
    assert '"华翔集团"@zh' in texts(cells, '%%sparql --kg county\n?x skos:prefLabel "华翔|')
    assert texts(cells, '%%sparql --kg kg\n?x skos:prefLabel "华翔|') == []


def test_names_are_offered_in_the_calls_of_a_graph(cells: "Cells") -> None:
    assert complete(cells, 'kg.who("恒屹|')[0] == ("恒屹", ENTERPRISE, "enterprise")
    assert texts(cells, "kg.who(place='白沙镇', industry='硅基|")[0] == "硅基新材料"
    assert ENTERPRISE not in texts(cells, 'print("恒屹|')


def test_aliases_say_whose_they_are(cells: "Cells", hongdong: KnowledgeGraph) -> None:
    cells.shell.user_ns["kg"] = hongdong
    assert ('"华翔', '"华翔股份"@zh', "enterprise · alias of 华翔集团") in complete(
        cells, '%%sparql\n?x skos:altLabel "华翔|'
    )


def test_things_are_offered_as_iris(cells: "Cells", sample: KnowledgeGraph) -> None:
    iri = f"<{sample.enterprise(ENTERPRISE).iri}>"
    assert texts(cells, f"%%sparql\n<{ENTERPRISE}|") == [iri]
    assert texts(cells, f"%%sparql\n<{ENTERPRISE}|>") == [iri[:-1]]
    assert iri in texts(cells, f"%%sparql\nASK {{ {ENTERPRISE[:2]}|")


def test_names_follow_the_graph(cells: "Cells") -> None:
    kg = KnowledgeGraph.open()
    cells.shell.user_ns.update(kg=kg)
    assert texts(cells, '%%sparql\n"测试企|') == []
    thing, passage = ox.NamedNode("urn:thing"), ox.NamedNode("urn:passage")
    for predicate, value in (
        ("skos:prefLabel", ox.Literal('测试"企业"', language="zh")),
        ("rdf:type", ox.NamedNode(PREFIXES["ht"] + "Enterprise")),
        ("ht:mentionedIn", passage),
    ):
        prefix, name = predicate.split(":")
        kg.store.add(ox.Quad(thing, ox.NamedNode(PREFIXES[prefix] + name), value, ox.NamedNode("urn:plan")))
    assert texts(cells, '%%sparql\n"测试|') == ['"测试\\"企业\\""@zh']


def test_a_remote_graph_is_not_asked_for_all_its_names(cells: "Cells") -> None:
    cells.shell.user_ns["kg"] = KnowledgeGraph(Endpoint("http://localhost:1/query"))
    assert texts(cells, '%%sparql\n"恒|') == []
    assert texts(cells, "%%sparql\n?x ht:part|") == ["ht:partnersWith"]


def test_options_and_their_values_are_offered(cells: "Cells") -> None:
    assert complete(cells, "%%sparql --vi|")[0][:2] == ("--vi", "--view")
    assert {"--kg", "--param", "--limit"} <= set(texts(cells, "%%sparql |"))
    assert texts(cells, "%%sparql --view gra|") == ["graph"]
    assert texts(cells, "%%sparql --limit 5 -v ma|\nSELECT") == ["matrix", "map"]
    assert texts(cells, "%%sparql --param |\nSELECT ?who ?what {}") == ["who", "what"]
    assert texts(cells, "%%sparql --kg |") == ["kg"]
    assert texts(cells, "x = %sparql --vi|") == ["--view"]
    assert texts(cells, "%%sparql\n# view: gra|") == ["graph"]


def test_queries_of_the_library_are_offered_with_their_parameters(cells: "Cells") -> None:
    assert "list_partners" in texts(cells, "%sparql run list_p|")
    assert texts(cells, "%sparql run list_partners w|") == ["who="]
    assert complete(cells, f"%sparql run list_partners who={ENTERPRISE[:2]}|")[0] == (
        ENTERPRISE[:2],
        ENTERPRISE,
        "enterprise",
    )


def test_a_query_on_the_line_is_completed_too(cells: "Cells") -> None:
    assert texts(cells, "%sparql SELECT ?x { ?x a ht:Ent|") == ["ht:Enterprise"]
    assert texts(cells, "answer = %sparql SELECT ?x { ?x a ht:Ent|") == ["ht:Enterprise"]


def test_other_cells_and_comments_are_left_alone(cells: "Cells") -> None:
    assert "ht:undertakes" not in texts(cells, "ht:und|")
    assert "ht:undertakes" not in texts(cells, "%%sparql\n# ht:und|")


def test_the_terminal_is_served_too(cells: "Cells") -> None:
    line = "%sparql ASK { ?x ht:part"
    assert cells.shell.complete("", line, len(line)) == ("ht:part", ["ht:partnersWith"])


@given(st.text(alphabet=st.sampled_from("ab恒:?$<>\"'#\\ \n{}.ht%-="), max_size=30), st.integers(0, 30))
def test_whatever_is_typed_what_is_offered_replaces_it(sample: KnowledgeGraph, text: str, cut: int) -> None:
    shell: Any = SimpleNamespace(user_ns={})
    completer = SparqlCompleter(shell, lambda: sample, {"--view": ""}, ("graph",))
    for head in ("%%sparql\n", "%%sparql ", "%sparql "):
        before, after = text[:cut], text[cut:].partition("\n")[0]
        fragment, offered = completer.candidates(head + before, after, head + text)
        assert (head + before).endswith(fragment)
        assert all(one.text for one in offered)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_stands_in_a_string_is_no_variable(text: str) -> None:
    assert variables(f"SELECT ?a {{ ?a ht:quote {ox.Literal(text)} ; ht:line ?b }}") == ["a", "b"]


def test_jupyter_shows_what_is_offered() -> None:
    manager, client = start_new_kernel()
    try:
        client.execute_interactive(
            "%load_ext hongtu.graph\nfrom hongtu.graph import KnowledgeGraph\n"
            "kg = KnowledgeGraph.packaged('sample')",
            timeout=60,
        )
        cell = f'%%sparql\nSELECT ?x {{ ?x rdfs:label "{ENTERPRISE[:2]}'
        content = client.complete(cell, len(cell), reply=True, timeout=60)["content"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert content["matches"][0] == f'"{ENTERPRISE}"@zh'
    assert (content["cursor_start"], content["cursor_end"]) == (len(cell) - 3, len(cell))
    about = content["metadata"]["_jupyter_types_experimental"][0]["type"]
    assert about == "enterprise"


def test_what_a_completion_is_stays_on_one_line(cells: "Cells", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    with provisionalcompleter():
        [found] = cells.shell.Completer.completions("%%sparql\n?x a ht:Ent", 18)
    # JupyterLab would write Chinese downwards where it may break.
    assert found.type == "类\N{NO-BREAK SPACE}企\N{WORD JOINER}业"
