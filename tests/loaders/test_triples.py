import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import DCTERMS, PROV, RDF, SKOS, URIRef

from hongtu.loaders.errors import InputError
from hongtu.loaders.locations import Location
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.source import PlanTables, read_tables
from hongtu.loaders.triples import write_nquads
from hongtu.ontology.namespace import EDGE_PROPERTIES, HT, OA

Contents = dict[str, list[dict[str, str]]]
PLAN = "https://w3id.org/hongtu/id/青禾县规划"


@pytest.fixture
def tables(contents: Contents, write_csv: Callable[..., Path]) -> PlanTables:
    """The records of the invented plan."""
    return read_tables(write_csv(contents))


def nquads(tables: PlanTables, text: PlanText | None = None) -> bytes:
    output = io.BytesIO()
    write_nquads(tables, output, text=text)
    return output.getvalue()


class Graph:
    """What was written, parsed back."""

    def __init__(self, content: bytes) -> None:
        self.store = ox.Store()
        self.store.bulk_load(content, ox.RdfFormat.N_QUADS)

    def values(self, subject: str, predicate: URIRef) -> list[str]:
        """Return the objects of a thing below the plan, sorted; IRIs below the plan without it."""
        node = ox.NamedNode(f"{PLAN}{subject}" if not subject.startswith("http") else subject)
        quads = self.store.quads_for_pattern(node, ox.NamedNode(predicate), None, None)
        return sorted(str(getattr(quad.object, "value", "")).removeprefix(PLAN) for quad in quads)

    def subjects(self, predicate: URIRef, object_: URIRef | None = None) -> list[str]:
        value = ox.NamedNode(object_) if object_ is not None else None
        quads = self.store.quads_for_pattern(None, ox.NamedNode(predicate), value, None)
        return sorted(str(getattr(quad.subject, "value", "")) for quad in quads)

    def edges(self) -> set[tuple[str, str, str]]:
        return {
            (quad.subject.value, quad.predicate.value, quad.object.value)
            for predicate in EDGE_PROPERTIES
            for quad in self.store.quads_for_pattern(None, ox.NamedNode(predicate), None, None)
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
        }


def test_all_quads_stand_in_the_plans_graph(tables: PlanTables) -> None:
    quads = ox.parse(nquads(tables), ox.RdfFormat.N_QUADS)
    assert {quad.graph_name for quad in quads} == {ox.NamedNode(PLAN)}


def test_every_edge_has_one_claim_with_passages_that_are_described(tables: PlanTables) -> None:
    graph = Graph(nquads(tables))
    claims = {}
    for claim in graph.subjects(RDF.type, HT.Claim):
        (edge,) = [
            (one, two, three)
            for one in graph.values(claim, RDF.subject)
            for two in graph.values(claim, RDF.predicate)
            for three in graph.values(claim, RDF.object)
        ]
        claims[PLAN + edge[0], edge[1], PLAN + edge[2]] = claim
        assert len(graph.values(claim, HT.confidence)) == 1
        assert graph.values(claim, PROV.wasGeneratedBy) == ["/activity/tables"]
        assert graph.values(claim, PROV.wasDerivedFrom)
        for passage in graph.values(claim, PROV.wasDerivedFrom):
            assert graph.values(passage, RDF.type) == [str(HT.Passage)]
            assert graph.values(passage, DCTERMS.isPartOf) == [""]
            start, end = graph.values(passage, HT.start) + graph.values(passage, HT.end)
            assert passage == f"/passage/{start}-{end}"
    assert set(claims) == graph.edges()
    assert len(claims) == len(tables.edges) + len(tables.figures) == 6


def test_every_thing_is_typed_named_and_mentioned(tables: PlanTables) -> None:
    graph = Graph(nquads(tables))
    for entity in tables.entities:
        node = f"/{entity.kind.lower()}/{entity.name}"
        assert graph.values(node, RDF.type) == [str(HT[entity.kind])]
        assert graph.values(node, SKOS.prefLabel) == [entity.name]
        assert len(graph.values(node, HT.mentionedIn)) == len(entity.evidence)
    assert graph.values("/enterprise/青禾果业集团", SKOS.altLabel) == ["青禾果业"]
    assert graph.values("/location/青禾县", HT.adminCode) == ["149999"]
    assert graph.values("/location/𠮷岭镇", HT.adminCode) == []
    assert graph.values("/project/冷链仓库", HT.status) == ["planned"]
    assert graph.values("/industry/果品产业", SKOS.broader) == ["https://w3id.org/hongtu/id/gbt4754-2017/A01"]


def test_names_are_chinese_and_figures_typed(tables: PlanTables) -> None:
    output = nquads(tables).decode()
    assert '"青禾果业集团"@zh' in output
    assert f'"12.5"^^<{rdflib.XSD.decimal}>' in output
    assert f'"2025"^^<{rdflib.XSD.gYear}>' in output


def test_figure_keeps_what_the_plan_prints(tables: PlanTables) -> None:
    graph = Graph(nquads(tables))
    (target,) = graph.values("/industry/果品产业", HT.hasTarget)
    figure = {
        name: graph.values(target, HT[name]) for name in ("value", "verbatim", "unit", "comparator", "role")
    }
    assert figure == {
        "value": ["12.5"],
        "verbatim": ["12.5万吨"],
        "unit": ["万吨"],
        "comparator": ["="],
        "role": ["target"],
    }


def test_status_of_an_edge_stands_on_its_claim(tables: PlanTables) -> None:
    graph = Graph(nquads(tables))
    claims = [node for node in graph.subjects(HT.status) if "/claim/" in node]
    assert [graph.values(claim, RDF.predicate) for claim in claims] == [[str(HT.undertakes)]]


def test_quotes_are_the_exact_characters_where_the_text_is_at_hand(
    tables: PlanTables, text: PlanText
) -> None:
    graph = Graph(nquads(tables, text))
    passages = graph.subjects(RDF.type, HT.Passage)
    assert passages
    for passage in passages:
        (start,), (end,) = graph.values(passage, HT.start), graph.values(passage, HT.end)
        assert graph.values(passage, HT.quote) == [text.text[int(start) : int(end)]]
        assert graph.values(passage, HT.line) == [str(text.text.count("\n", 0, int(start)) + 1)]
    place = text.text.index("冷链仓库")
    passage = f"/passage/{place}-{place + 4}"
    assert graph.values(passage, OA.prefix) == ["青禾果业集团在𠮷岭镇建设"]
    assert graph.values(passage, OA.suffix)[0].endswith("12.5万吨。")


def test_without_the_text_nothing_is_quoted(tables: PlanTables) -> None:
    graph = Graph(nquads(tables))
    for predicate in (PROV.value, HT.quote, OA.prefix, OA.suffix):
        assert graph.subjects(predicate) == []


def test_the_plan_keeps_its_text_to_the_last_character(tables: PlanTables, text: PlanText) -> None:
    # Offsets count in it: line ends of all kinds, characters beyond the BMP, combined ones.
    whole = PlanText(text.text + '\r\n甲\r乙\t"\\\x0b\x0c\x85\u2028\ufeff\ufffe𠀀e\u0301\n\n', text.sha256)
    written = nquads(tables, whole)
    assert written == nquads(tables, whole)
    assert Graph(written).values("", PROV.value) == [whole.text]


def test_text_adds_itself_and_quotes_and_changes_nothing_else(tables: PlanTables, text: PlanText) -> None:
    quotes = {ox.NamedNode(predicate) for predicate in (PROV.value, HT.quote, OA.prefix, OA.suffix)}
    with_text = [quad for quad in ox.parse(nquads(tables, text), ox.RdfFormat.N_QUADS)]
    assert [quad for quad in with_text if quad.predicate not in quotes] == list(
        ox.parse(nquads(tables), ox.RdfFormat.N_QUADS)
    )


def test_passage_stands_in_the_innermost_section(tables: PlanTables, text: PlanText) -> None:
    graph = Graph(nquads(tables))
    first, inner, second = (section.start for section in tables.sections)
    for quote, section in {"青禾县": None, "冷链仓库": inner, "柳河大学": second}.items():
        start = text.text.index(quote)
        passage = f"/passage/{start}-{start + len(quote)}"
        assert graph.values(passage, HT.section) == ([f"/section/{section}"] if section else [])
    assert graph.values("/measure/果品产业", DCTERMS.isPartOf) == [f"/section/{inner}"]
    assert graph.values(f"/section/{inner}", DCTERMS.isPartOf) == [f"/section/{first}"]
    assert graph.values(f"/section/{second}", DCTERMS.isPartOf) == [""]
    assert graph.values(f"/section/{first}", DCTERMS.subject) == ["/strategy/果业振兴战略"]


def test_last_character_of_a_section_is_in_it_and_the_next_is_not(
    contents: Contents, write_csv: Callable[..., Path]
) -> None:
    evidence = contents["sections"][2]["evidence"]
    boundary = int(evidence.split(":")[1].split("-")[0])
    contents["locations"][0]["evidence"] = f"5:{boundary - 1}-{boundary}; 6:{boundary}-{boundary + 1}"
    tables = read_tables(write_csv(contents))
    graph = Graph(nquads(tables))
    _, inner, second = (section.start for section in tables.sections)
    assert graph.values(f"/passage/{boundary - 1}-{boundary}", HT.section) == [f"/section/{inner}"]
    assert graph.values(f"/passage/{boundary}-{boundary + 1}", HT.section) == [f"/section/{second}"]


def test_order_of_the_sections_table_does_not_matter(
    contents: Contents, write_csv: Callable[..., Path], tables: PlanTables
) -> None:
    expected = nquads(tables)
    contents["sections"].reverse()
    assert nquads(read_tables(write_csv(contents))) == expected


def test_a_passage_cited_twice_is_described_once(
    contents: Contents, write_csv: Callable[..., Path], text: PlanText
) -> None:
    contents["industries"][0]["evidence"] = contents["measures"][0]["evidence"]
    lines = nquads(read_tables(write_csv(contents)), text).splitlines()
    described = [line for line in lines if str(HT.quote).encode() in line]
    assert len(described) == len(set(described)) == len({line.split()[0] for line in described})


def test_span_outside_of_the_text_is_an_input_error(
    contents: Contents, write_csv: Callable[..., Path], text: PlanText
) -> None:
    contents["projects"][0]["evidence"] = "99:9990-9999"
    tables = read_tables(write_csv(contents))
    with pytest.raises(InputError, match="evidence 99:9990-9999 lies outside of the text"):
        nquads(tables, text)
    assert b"/passage/9990-9999" in nquads(tables)


def test_same_tables_give_the_same_bytes(tables: PlanTables, text: PlanText) -> None:
    assert nquads(tables, text) == nquads(tables, text)


def test_every_form_of_tables_gives_the_same_bytes(
    contents: Contents, write_csv: Callable[..., Path], write_xlsx: Callable[..., Path], write_json: Callable[..., Path]
) -> None:  # fmt: skip
    written = {nquads(read_tables(write(contents))) for write in (write_csv, write_xlsx, write_json)}
    assert len(written) == 1


def test_bytes_do_not_depend_on_the_hash_seed(contents: Contents, write_csv: Callable[..., Path]) -> None:
    program = (
        "import sys, pathlib; from hongtu.loaders.source import read_tables;"
        "from hongtu.loaders.triples import write_nquads;"
        "write_nquads(read_tables(pathlib.Path(sys.argv[1])), sys.stdout.buffer)"
    )
    source = write_csv(contents)
    written = {
        subprocess.run(
            [sys.executable, "-c", program, str(source)],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert written == {nquads(read_tables(source))}


def test_names_of_any_characters_come_back(contents: Contents, write_csv: Callable[..., Path]) -> None:
    name = 'a "b" <c> \\ {d}|% # ? / \ue000 \U0010ffff\n二'
    contents["strategies"].append({"name": name, "evidence": "1:0-1"})
    graph = Graph(nquads(read_tables(write_csv(contents))))
    labels = [graph.values(node, SKOS.prefLabel) for node in graph.subjects(RDF.type, HT.Strategy)]
    assert [name] in labels


@pytest.mark.parametrize(
    ("code", "linked"), [("141024", True), ("141024100", False), ("149999", False), ("", False)]
)
def test_a_code_of_a_county_leads_to_its_division(tables: PlanTables, code: str, linked: bool) -> None:
    place = next(entity for entity in tables.entities if isinstance(entity, Location))
    others = [entity for entity in tables.entities if entity is not place]
    graph = Graph(nquads(replace(tables, entities=[*others, replace(place, admin_code=code)])))
    wanted = ["https://w3id.org/hongtu/id/gbt2260/141024"] if linked else []
    assert graph.values(f"/location/{place.name}", HT.division) == wanted
