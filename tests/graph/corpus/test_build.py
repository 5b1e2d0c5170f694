import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from hongtu.graph import KnowledgeGraph
from hongtu.graph.corpus.build import CorpusResult, build_corpus
from hongtu.graph.corpus.parts import ENDING, Document, Head, find_documents, key_of, read_head, write_part
from hongtu.graph.vocabulary import DIVISIONS_GRAPH
from hongtu.loaders.errors import InputError, StoreError

COUNTIES = ["白石县", "青石县", "黑石县", "红石县", "黄石县", "蓝石县"]


def text(county: str, enterprise: str = "茶业") -> str:
    return (
        f"{county}国民经济和社会发展第十四个五年规划纲要\n第一章 产业\n"
        f"茶产业。支持{county}{enterprise}集团有限公司建设茶叶精深加工项目，到2025年茶叶产值达到12.5亿元。\n"
    )


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    (folder / "north").mkdir(parents=True)
    for number, county in enumerate(COUNTIES):
        (folder / ("north" if number % 2 else "") / f"{county}.txt").write_text(text(county), "utf-8")
    return folder


def build(reports: Path, folder: Path) -> CorpusResult:
    return build_corpus([reports], folder, workers=1)


def contents(folder: Path) -> list[str]:
    """Return all that a build holds: the quads of its store but the vocabulary, and the bytes of its parts."""
    kg = KnowledgeGraph.open(folder, read_only=True)
    graphs = [*kg.plan_graphs(), DIVISIONS_GRAPH]
    quads = [str(quad) for graph in graphs for quad in kg.store.quads_for_pattern(None, None, None, graph)]
    parts = sorted(folder.rglob(f"*{ENDING}"))
    return sorted(quads) + [
        f"{part.relative_to(folder)} {gzip.decompress(part.read_bytes())!r}" for part in parts
    ]


def test_each_document_is_a_part_and_a_named_graph(reports: Path, tmp_path: Path) -> None:
    result = build(reports, tmp_path / "out")
    assert result.failed == {}
    assert (
        sorted(result.plans) == result.read == sorted(document.name for document in find_documents([reports]))
    )
    assert (tmp_path / "out/plans/north/青石县.nq.gz").is_file()
    kg = KnowledgeGraph.open(tmp_path / "out", read_only=True)
    assert [graph.value for graph in kg.plan_graphs()] == sorted(head.plan for head in result.plans.values())
    assert set(kg.run("list_plans")["plan"].map(str)) >= {text(county).splitlines()[0] for county in COUNTIES}
    assert all(head.violations == () and head.quads > 50 for head in result.plans.values())


def test_the_store_holds_the_quads_of_the_parts(reports: Path, tmp_path: Path) -> None:
    build(reports, tmp_path / "out")
    parts = ox.Store()
    for part in (tmp_path / "out").rglob(f"*{ENDING}"):
        parts.load(gzip.decompress(part.read_bytes()), ox.RdfFormat.N_QUADS)
    kg = KnowledgeGraph.open(tmp_path / "out", read_only=True)
    assert set(parts) == {
        quad for graph in kg.plan_graphs() for quad in kg.store.quads_for_pattern(None, None, None, graph)
    }


def test_nothing_is_read_again_when_nothing_changed(reports: Path, tmp_path: Path) -> None:
    build(reports, tmp_path / "out")
    before = contents(tmp_path / "out")
    again = build(reports, tmp_path / "out")
    assert (again.read, len(again.plans)) == ([], len(COUNTIES))
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize("changed", [1, len(COUNTIES)])
def test_changed_new_and_removed_documents_give_what_a_new_build_gives(
    reports: Path, tmp_path: Path, changed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With so few documents one is already a large share of them.
    monkeypatch.setattr("hongtu.graph.corpus.build._REPLACED_SINGLY", 0.6)
    build(reports, tmp_path / "out")
    for document in find_documents([reports])[:changed]:
        document.file.write_text(text(document.file.stem, "酒业"), "utf-8")
    (reports / "north" / "青石县.txt").unlink()
    (reports / "紫石县.txt").write_text(text("紫石县"), "utf-8")
    result = build(reports, tmp_path / "out")
    assert "紫石县" in result.read and len(result.read) <= changed + 1
    build(reports, tmp_path / "new")
    assert contents(tmp_path / "out") == contents(tmp_path / "new")


def test_another_name_is_another_document(reports: Path, tmp_path: Path) -> None:
    (document,) = find_documents([reports / "白石县.txt"])
    other = reports / "another.txt"
    other.write_bytes(document.file.read_bytes())
    assert key_of(document) != key_of(find_documents([other])[0])


def test_a_document_that_cannot_be_read_is_told_and_the_others_stand(reports: Path, tmp_path: Path) -> None:
    (reports / "empty.txt").write_text("", "utf-8")
    (reports / "scan.pdf").write_bytes(b"%PDF-1.7\nbroken")
    result = build(reports, tmp_path / "out")
    assert sorted(result.failed) == ["empty", "scan"]
    assert "empty.txt" in result.failed["empty"]
    assert len(result.plans) == len(COUNTIES)


def test_an_error_of_the_program_costs_one_document(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(document: Document, part: Path, key: str) -> Head:
        if document.name == "白石县":
            raise ZeroDivisionError("oh")
        return write_part(document, part, key)

    monkeypatch.setattr("hongtu.graph.corpus.build.write_part", broken)
    result = build(reports, tmp_path / "out")
    assert list(result.failed) == ["白石县"] and "ZeroDivisionError: oh" in result.failed["白石县"]
    assert len(result.plans) == len(COUNTIES) - 1


def test_two_documents_with_one_title_are_one_plan(reports: Path, tmp_path: Path) -> None:
    (reports / "白石县-copy.txt").write_text(text("白石县"), "utf-8")
    first, result = build(reports, tmp_path / "out"), build(reports, tmp_path / "out")
    assert (len(first.read), result.read) == (len(COUNTIES), [])
    assert result.failed == {
        "白石县-copy": "has the title of “白石县” and is the same plan; keep one of them"
    }


def test_options_for_one_plan_are_refused_for_a_folder(reports: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "hongtu.graph.cli",
        "build",
        str(reports),
        "--out",
        str(tmp_path / "out"),
    ]
    result = subprocess.run([*command, "--strict"], capture_output=True, encoding="utf-8", check=False)
    assert (result.returncode, "--strict" in result.stderr, (tmp_path / "out").exists()) == (2, True, False)


def test_files_that_would_be_the_same_part_are_refused(reports: Path) -> None:
    (reports / "白石县.md").write_text(text("白石县"), "utf-8")
    with pytest.raises(InputError, match=r"白石县\.\w+ differ in ending or folder only"):
        find_documents([reports])


def test_hidden_files_and_other_kinds_are_no_documents(reports: Path) -> None:
    for name in (".hidden.txt", "table.csv", "photo.jpg", "LICENSE"):
        (reports / name).write_text("x", "utf-8")
    assert len(find_documents([reports])) == len(COUNTIES)


def test_patterns_and_folders_without_documents(reports: Path, tmp_path: Path) -> None:
    assert [document.name for document in find_documents([reports / "白*.txt"])] == ["白石县"]
    (tmp_path / "empty").mkdir()
    for nothing in (tmp_path / "empty", reports / "*.pdf"):
        with pytest.raises(InputError, match="no documents there"):
            find_documents([nothing])


@pytest.mark.parametrize("content", [b"", b"# {}\n", b'# {"key": 1}\n', b"<a> <b> <c> .\n"])
def test_what_is_no_part_has_no_head(tmp_path: Path, content: bytes) -> None:
    part = tmp_path / f"x{ENDING}"
    part.write_bytes(content)
    assert read_head(part) is None
    part.write_bytes(gzip.compress(content))
    assert read_head(part) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(reports: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    with pytest.raises(StoreError, match="out: cannot be written"):
        build(reports, tmp_path / "out")


def test_a_file_in_the_place_of_the_folder_is_told(reports: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", "utf-8")
    with pytest.raises(StoreError, match="out: cannot be written"):
        build(reports, tmp_path / "out")
    assert (tmp_path / "out").read_text("utf-8") == "mine"


# Killed


def start(reports: Path, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "hongtu.graph.cli",
            "build",
            str(reports),
            "--out",
            str(folder),
            "--workers",
            "2",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def test_a_build_that_is_killed_again_and_again_ends_as_an_undisturbed_one(
    reports: Path, tmp_path: Path
) -> None:
    """Ten times: some of the documents change, a build starts, and is killed at a random moment."""
    chance = random.Random(7)
    clock = time.monotonic()
    start(reports, tmp_path / "whole").wait()
    whole = time.monotonic() - clock
    for round_ in range(10):
        for county in chance.sample(COUNTIES, 2):
            (file,) = reports.rglob(f"{county}.txt")
            file.write_text(text(county, f"第{round_}茶业"), "utf-8")
        process = start(reports, tmp_path / "out")
        time.sleep(chance.uniform(0.2, 1.0) * whole)
        process.kill()
        process.communicate()
    build(reports, tmp_path / "out")
    build(reports, tmp_path / "new")
    assert contents(tmp_path / "out") == contents(tmp_path / "new")
    assert sorted(entry.name for entry in (tmp_path / "out").iterdir()) == ["loaded.json", "plans", "store"]


@pytest.mark.parametrize(
    "step", ["write_part", "_write_list", "replace_graphs", "_load_all", "shutil.rmtree", "os.replace"]
)
def test_whatever_fails_is_done_again(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Each step of loading is cut off at its start; the next build ends as an undisturbed one."""
    from hongtu.graph.corpus import build as module

    build(reports, tmp_path / "out")
    (reports / "白石县.txt").write_text(text("白石县", "酒业"), "utf-8")
    whole_share = 0 if step in ("_load_all", "shutil.rmtree", "os.replace") else 1
    monkeypatch.setattr(module, "_REPLACED_SINGLY", whole_share)

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"hongtu.graph.corpus.build.{step}", cut)
        if step == "write_part":
            patch.setattr(module, "_written", cut)
        with pytest.raises(KeyboardInterrupt):
            build(reports, tmp_path / "out")
    build(reports, tmp_path / "out")
    build(reports, tmp_path / "new")
    assert contents(tmp_path / "out") == contents(tmp_path / "new")


def test_ctrl_c_keeps_what_was_read_and_says_so(reports: Path, tmp_path: Path) -> None:
    for number in range(60):
        (reports / f"甲{number}县.txt").write_text(text(f"甲{number}县") * 20, "utf-8")
    process = start(reports, tmp_path / "out")
    parts = tmp_path / "out" / "plans"
    while process.poll() is None and not list(parts.rglob(f"*{ENDING}")):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()
    assert process.returncode == 130
    assert "what was read is kept" in told.decode()
    assert list(parts.rglob(f"*{ENDING}"))


def test_a_list_that_is_broken_counts_as_none(reports: Path, tmp_path: Path) -> None:
    build(reports, tmp_path / "out")
    for broken in ("", "[]", "{"):
        (tmp_path / "out/loaded.json").write_text(broken, "utf-8")
        build(reports, tmp_path / "out")
        assert len(json.loads((tmp_path / "out/loaded.json").read_text("utf-8"))) == len(COUNTIES)
