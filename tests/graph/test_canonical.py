import hashlib
import io
import random
import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.graph import KnowledgeGraph, canonical
from hongtu.graph.canonical import digest, file_digest, write_canonical
from hongtu.graph.export import export
from hongtu.loaders.errors import InputError, UsageError

IRIS = st.sampled_from([ox.NamedNode(f"urn:{name}") for name in "abé县"])
NODES = st.sampled_from([ox.BlankNode(name) for name in ("x", "y", "z")])
TEXTS = st.text(st.sampled_from('ab_:"\\\n\t\x00\x7f县😀'), max_size=4)
LITERALS = TEXTS.map(ox.Literal) | TEXTS.map(lambda text: ox.Literal(text, language="zh"))
QUADS = st.builds(
    ox.Quad, IRIS | NODES, IRIS, IRIS | NODES | LITERALS, IRIS | NODES | st.just(ox.DefaultGraph())
)


def canonical_bytes(quads: list[ox.Quad]) -> bytes:
    output = io.BytesIO()
    assert write_canonical(quads, output) == hashlib.sha256(output.getvalue()).hexdigest()
    return output.getvalue()


@settings(max_examples=40, deadline=None)
@given(st.lists(QUADS, max_size=12), st.randoms())
def test_the_bytes_are_those_of_the_whole_dataset_made_canonical(
    quads: list[ox.Quad], order: random.Random
) -> None:
    """Blank nodes are named by the quads that hold them alone; here all quads go through the algorithm."""
    whole = ox.Dataset(quads)
    whole.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    written = io.BytesIO()
    ox.serialize(whole, written, ox.RdfFormat.N_QUADS)
    expected = sorted(written.getvalue().splitlines(keepends=True))
    shuffled = quads + quads[:3]
    order.shuffle(shuffled)
    assert canonical_bytes(shuffled) == b"".join(expected)


def test_more_than_memory_is_to_hold_is_sorted_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    quads = [
        ox.Quad(ox.NamedNode(f"urn:{number % 97}"), ox.NamedNode("urn:p"), ox.Literal(number % 101))
        for number in range(500)
    ]
    at_once = canonical_bytes(quads)
    for lines in (1, 7, 100):
        monkeypatch.setattr(canonical, "_LINES_AT_ONCE", lines)
        assert canonical_bytes(quads) == at_once
    assert canonical_bytes([]) == b""


def test_names_of_blank_nodes_and_order_do_not_matter_but_what_is_said_does() -> None:
    def digest_of(nquads: str) -> str:
        return write_canonical(ox.parse(nquads, format=ox.RdfFormat.N_QUADS), io.BytesIO())

    one = digest_of('_:a <urn:p> _:b .\n_:b <urn:q> "1" .')
    assert digest_of('_:b <urn:q> "1" .\n_:z <urn:p> _:b .') == one
    assert digest_of('_:b <urn:q> "1" .\n_:b <urn:p> _:z .') != one


def test_blank_nodes_that_cannot_be_told_apart_in_time_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = [ox.BlankNode() for _ in range(12)]
    clique = [ox.Quad(a, ox.NamedNode("urn:p"), b) for a in nodes for b in nodes if a != b]
    monkeypatch.setattr(canonical, "_SECONDS", 0.5)
    with pytest.raises(InputError, match=r"could not be told apart in 0\.5 s.*give them IRIs") as caught:
        write_canonical(clique, io.BytesIO())
    assert isinstance(caught.value.__cause__, subprocess.TimeoutExpired)


def test_a_plan_has_one_digest_in_a_store_in_files_and_exported(
    sample: KnowledgeGraph, tmp_path: Path
) -> None:
    for name in ("plan.nq", "plan.trig"):
        export(sample, tmp_path / name)
        assert file_digest(tmp_path / name) == digest(sample)
    assert hashlib.sha256((tmp_path / "plan.nq").read_bytes()).hexdigest() == digest(sample)
    # As another program may write it: other order, numbers with zeros.
    lines = (tmp_path / "plan.nq").read_text("utf-8").splitlines(keepends=True)
    decimal = "^^<http://www.w3.org/2001/XMLSchema#decimal>"
    assert f'"0.6"{decimal}' in "".join(lines)
    other = tmp_path / "other.nq"
    other.write_text("".join(reversed(lines)).replace(f'"0.6"{decimal}', f'"0.600"{decimal}'), "utf-8")
    assert file_digest(other) == digest(sample)
    kg = KnowledgeGraph.open(tmp_path / "store")
    kg.load_rdf(other)
    assert digest(kg) == digest(sample)


def test_a_file_without_named_graphs_has_the_digest_of_its_triples(tmp_path: Path) -> None:
    for name in ("a.ttl", "b.nt"):
        (tmp_path / name).write_text('<urn:a> <urn:p> "县" .', "utf-8")
    expected = hashlib.sha256('<urn:a> <urn:p> "县" .\n'.encode()).hexdigest()
    assert file_digest(tmp_path / "a.ttl") == file_digest(tmp_path / "b.nt") == expected


def test_an_endpoint_has_no_digest() -> None:
    with pytest.raises(UsageError, match="an endpoint can only be queried"):
        digest(KnowledgeGraph.open("https://example.org/sparql"))
