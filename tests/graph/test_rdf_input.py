"""RDF of other people: what is read from every kind of file, and what is said of a broken one."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hongtu.graph import KnowledgeGraph
from hongtu.graph.rdf_input import FORMATS, RdfFile, file_graph
from hongtu.graph.vocabulary import ONTOLOGY_GRAPH
from hongtu.loaders.errors import HongtuError, InputError
from hongtu.ontology.namespace import CONTEXT

XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">\n'
ONE = {
    ".ttl": "<urn:华翔> <urn:e:name> '𠮷祥' .",
    ".n3": "<urn:华翔> <urn:e:name> '𠮷祥' .",
    ".trig": "{ <urn:华翔> <urn:e:name> '𠮷祥' }",
    ".nt": '<urn:华翔> <urn:e:name> "𠮷祥" .\n',
    ".nq": '<urn:华翔> <urn:e:name> "𠮷祥" .\n',
    ".rdf": f'{XML}<rdf:Description rdf:about="urn:华翔"><e:name>𠮷祥</e:name></rdf:Description></rdf:RDF>',
    ".jsonld": '{"@context": {"name": "urn:e:name"}, "@id": "urn:华翔", "name": "𠮷祥"}',
}
ONE |= {".owl": ONE[".rdf"], ".rdfs": ONE[".rdf"], ".xml": ONE[".rdf"], ".json": ONE[".jsonld"]}
SAID = ox.Triple(ox.NamedNode("urn:华翔"), ox.NamedNode("urn:e:name"), ox.Literal("𠮷祥"))

Load = Callable[[str, str | bytes], set[ox.Triple]]


@pytest.fixture
def kg() -> KnowledgeGraph:
    """An empty graph; the vocabulary, which takes a while to load, is not needed."""
    return KnowledgeGraph(ox.Store())


@pytest.fixture
def load(kg: KnowledgeGraph, tmp_path: Path) -> Load:
    """Load a file of this content, and return what its own graph holds."""

    def load(name: str, content: str | bytes) -> set[ox.Triple]:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        kg.load_rdf(file)
        graph = file_graph(RdfFile(file).name)
        return {quad.triple for quad in kg.store.quads_for_pattern(None, None, None, graph)}

    return load


@pytest.mark.parametrize("ending", FORMATS)
def test_every_ending_is_read(load: Load, ending: str) -> None:
    assert load(f"企业{ending}", ONE[ending]) == {SAID}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ttl.gz", gzip.compress(ONE[".ttl"].encode())),
        ("a.nt.xz", lzma.compress(ONE[".nt"].encode())),
        ("a.jsonld.bz2", bz2.compress(ONE[".jsonld"].encode())),
        ("a.ttl", b"\xef\xbb\xbf" + ONE[".ttl"].encode()),
        ("a.jsonld", b"\xef\xbb\xbf" + ONE[".jsonld"].encode()),
        ("a.ttl", ONE[".ttl"].encode("utf-16")),
        ("a.owl", ONE[".ttl"]),
        ("A.TTL", ONE[".ttl"]),
    ],
)
def test_compression_and_byte_order_marks_are_understood(load: Load, name: str, content: bytes) -> None:
    assert load(name, content) == {SAID}


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.ttl", "<urn:a> <urn:b> '好𠮷' .\n<urn:华> bad .", "a.ttl line 2 column 9: bad is not a valid predicate"),
        ("a.ttl", "<urn:a> <urn:b> 'c", "a.ttl line 1 column 17.*is it whole"),
        ("a.ttl", "x:a <urn:b> 1 .", "line 1 column 1.*prefix is declared before"),
        ("a.ttl", "<urn:a> <urn:b> <urn:c>\n<urn:d> <urn:e> 1 .", "line 2 column 1.*full stop"),
        ("a.nt", "<a> <urn:b> <urn:c> .", "line 1 column 1.*whole IRI"),
        ("a.nt", "<urn:a> <urn:b> <urn:c d> .", "line 1 column 17.*without blanks"),
        ("a.ttl", "<urn:a> <urn:b> 1 .\n<urn:a> <urn:b> '中文' .".encode("gb18030"), "line 2 column 18: not in UTF-8"),
        ("a.ttl", " \n", "the file is empty"),
        ("a.ttl", "# nothing\n", "holds no triple"),
        ("a.ttl", "<!DOCTYPE html>\n<html></html>", "a web page"),
        ("a.ttl", f"<urn:a> <urn:b> '{'长' * 99999}' . x", "line 1 column 100021"),
        ("a.rdf", ONE[".rdf"][:-20], "line 2 column .*is it whole"),
        ("a.rdf", ONE[".rdf"].replace("</e:name>", "</e:n>"), "line 2 column 49: XML: mismatched tag"),
        ("a.rdf", ONE[".rdf"].replace("<e:name>", "\n多余<e:name>"), "a.rdf line 3: Unexpected text event"),
        ("a.rdf", ('<?xml version="1.0" encoding="GB18030"?>' + ONE[".rdf"]).encode("gb18030"), "save it as UTF-8"),
        ("a.owl", '<?xml version="1.0"?><Ontology xmlns="http://www.w3.org/2002/07/owl#"/>', "OWL/XML"),
        ("a.jsonld", '{"@context": {},\n "名": 1,, }', "line 2 column 9: JSON"),
        ("a.jsonld", '{"name": "x"}', "needs a @context"),
        ("a.jsonld", '{"@context": ["https://schema.org/"]}', "https://schema.org/, and nothing is fetched"),
        ("a.ttl", "<urn:a> <urn:b> <urn:c> {| <urn:d> 1 |} .", "ht:Claim"),
        ("a.ttl", "<urn:a> <urn:b> 'x'@ar--rtl .", "base direction"),
        ("a.ttl.gz", gzip.compress(ONE[".ttl"].encode())[:-4], "damaged or not whole"),
        ("a.nt.xz", "no archive", "damaged or not whole"),
        ("a.jsonld", ONE[".jsonld"].encode("gb18030"), "line 1 column 50: not in UTF-8"),
        ("a.jsonld", "[" * 100_000, "cannot be read"),
        ("a.docx", "x", "not a kind of RDF file"),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_in_one_sentence(
    kg: KnowledgeGraph, load: Load, name: str, content: str | bytes, told: str
) -> None:
    load("a.ttl", ONE[".ttl"])
    before = set(kg.store)
    with pytest.raises(InputError, match=told):
        load(name, content)
    assert set(kg.store) == before


def test_the_place_is_shown_below_wide_characters(load: Load) -> None:
    with pytest.raises(InputError) as raised:
        load("a.ttl", "<urn:华> bad .")
    assert str(raised.value).split("\n")[1:] == ["    <urn:华> bad .", "             ^"]


def test_entities_that_grow_without_end_are_refused(load: Load) -> None:
    entities = "".join(
        f'<!ENTITY {one} "{f"&{other};" * 10}">' for other, one in zip("abcdefgh", "bcdefghi", strict=True)
    )
    bomb = f'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">{entities}]>' + ONE[".rdf"].replace("𠮷祥", "&i;")
    with pytest.raises(InputError, match="amplification"):
        load("a.rdf", bomb)


def test_a_file_that_is_loaded_again_is_not_held_twice(kg: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "a.trig"
    file.write_text("[] <urn:p> 1 . <urn:g> { [] <urn:p> 2 . _:b <urn:p> _:b }", "utf-8")
    assert kg.load_rdf(file).replaced == {}
    again = kg.load_rdf(file)
    assert again.graphs == again.replaced == {"urn:g": 2, file_graph("a.trig").value: 1}
    file.write_text("<urn:g> { <urn:a> <urn:p> 3 }", "utf-8")
    kg.load_rdf(file)
    assert [quad.object for quad in kg.store] == [ox.Literal(3)]


def test_blank_nodes_belong_to_their_file(kg: KnowledgeGraph, load: Load) -> None:
    load("a.ttl", "_:x <urn:p> 1 .")
    load("b.ttl", "_:x <urn:p> 1 .")
    assert len({quad.subject for quad in kg.store}) == 2


def test_a_graph_without_a_name_is_the_files_own(load: Load) -> None:
    assert len(load("a.trig", "_:g { <urn:a> <urn:b> _:g }")) == 1


def test_relative_iris_are_relative_to_the_files_graph(load: Load) -> None:
    (triple,) = load("a.ttl", "<> <#p> <x> .")
    graph = file_graph("a.ttl").value
    assert [term.value for term in triple] == [graph, f"{graph}#p", graph.replace("a.ttl", "x")]


def test_the_vocabulary_is_not_written_to(tmp_path: Path) -> None:
    kg = KnowledgeGraph.open()
    before = len(kg.store)
    (graph,) = (
        {quad.graph_name for quad in kg.store} - set(kg.plan_graphs())
        if False
        else {next(name for name in kg.store.named_graphs() if name not in kg.plan_graphs())}
    )
    (tmp_path / "a.trig").write_text(
        f"{ONTOLOGY_GRAPH} {{ <urn:a> <urn:b> 1 }} <urn:g> {{ <urn:a> <urn:b> 1 }}", "utf-8"
    )
    with pytest.raises(InputError, match="own vocabulary"):
        kg.load_rdf(tmp_path / "a.trig")
    assert len(kg.store) == before


@pytest.mark.parametrize(
    "context", [f'"{CONTEXT}"', f'["{CONTEXT}", {{"x": "urn:x"}}]', '"https:\\/\\/w3id.org/hongtu/context.jsonld"']
)  # fmt: skip
def test_the_published_context_is_known_offline(kg: KnowledgeGraph, tmp_path: Path, context: str) -> None:
    (tmp_path / "a.jsonld").write_text(
        f'{{"@context": {context}, "id": "urn:a", "type": "Enterprise", "undertakes": "urn:b"}}', "utf-8"
    )
    loaded = kg.load_rdf(tmp_path / "a.jsonld")
    assert loaded.things == {"Enterprise": 1}
    assert loaded.unsupported == {"Enterprise": 1, "rdf:Statement": 1}


def test_json_is_rdf_when_it_has_the_keywords(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(ONE[".json"], "utf-8")
    assert RdfFile(file).is_rdf()
    file.write_text('{"projects": []}', "utf-8")
    assert not RdfFile(file).is_rdf()


@given(
    ending=st.sampled_from(sorted(ONE)),
    place=st.integers(0, 300),
    removed=st.integers(0, 5),
    put=st.binary(max_size=4) | st.sampled_from([*"<>\"'{}[]().;,@:&\\", "中", "\n"]).map(str.encode),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_that_was_changed_somewhere_is_read_or_refused(
    tmp_path: Path, ending: str, place: int, removed: int, put: bytes
) -> None:
    kg = KnowledgeGraph(ox.Store())
    kg.store.add(ox.Quad(SAID.subject, SAID.predicate, SAID.object, ox.NamedNode("urn:g")))
    content = ONE[ending].encode()
    at = place % (len(content) + 1)
    file = tmp_path / f"a{ending}"
    file.write_bytes(content[:at] + put + content[at + removed :])
    try:
        kg.load_rdf(file)
    except HongtuError as error:
        assert str(error).startswith(f"a{ending}")
        assert len(kg.store) == 1
    else:
        assert len(kg.store) > 1
