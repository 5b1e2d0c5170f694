import hashlib
import shutil
from pathlib import Path

import pytest

from hongtu.graph import KnowledgeGraph
from hongtu.graph.build import build as build_graph
from hongtu.graph.build import is_document
from hongtu.graph.views.explorer import Explorer
from hongtu.loaders.errors import InputError, StoreError
from hongtu.loaders.packaged import packaged
from hongtu.loaders.patch import read_patch


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A copy of the sample's tables and text, to be spoilt."""
    folder = tmp_path / "tables"
    with packaged("sample") as source:
        shutil.copytree(source, folder)
    return folder


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_files_are_documents_and_folders_and_workbooks_tables(tables: Path, tmp_path: Path) -> None:
    assert not is_document(tables)
    assert not any(is_document(tmp_path / name) for name in ("t.xlsx", "T.XLSX", "t.json"))
    assert all(is_document(tmp_path / name) for name in ("plan.txt", "plan.PDF", "plan", "t.csv", "t.xls"))


@pytest.mark.parametrize("name", ["t.csv", "t.xls"])
def test_a_single_table_is_refused_with_what_to_give_instead(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("name\n", "utf-8")
    with pytest.raises(InputError, match=r"save it as \.xlsx, or give the folder"):
        build_graph([tmp_path / name], tmp_path / "out", plan_texts=[])


def test_two_builds_give_the_same_bytes(tables: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        build_graph([tables], tmp_path / name, plan_texts=[])
    for file in ("graph.nq", "explorer.html"):
        assert digest(tmp_path / "one" / file) == digest(tmp_path / "two" / file)


def test_a_build_can_be_opened_and_has_the_sentences(tables: Path, tmp_path: Path) -> None:
    result = build_graph([tables], tmp_path / "out", plan_texts=[])
    assert (result.problems, result.violations) == ([], [])
    assert sorted(entry.name for entry in (tmp_path / "out").iterdir()) == [
        "explorer.html",
        "graph.nq",
        "store",
    ]
    kg = KnowledgeGraph.open(tmp_path / "out", read_only=True)
    assert kg.run("list_plans")["quoted"].to_list() == [True]


def test_the_plans_text_adds_quotes(hongdong_text: Path, tmp_path: Path) -> None:
    with packaged("hongdong") as source:
        build_graph([source], tmp_path / "out", plan_texts=[hongdong_text])
    kg = KnowledgeGraph.open(tmp_path / "out", read_only=True)
    (passage,) = kg.evidence("华翔集团", "undertakes", "华翔智能制造产业园")
    assert passage.quote
    assert passage.quote == hongdong_text.read_text("utf-8")[passage.start : passage.end]


def test_another_text_is_refused_and_the_old_build_stays(tables: Path, tmp_path: Path) -> None:
    build_graph([tables], tmp_path / "out", plan_texts=[])
    before = digest(tmp_path / "out" / "graph.nq")
    other = tmp_path / "other.txt"
    other.write_text("别的文本", "utf-8")
    with pytest.raises(InputError, match="other.txt: no tables were read from this text"):
        build_graph([tables], tmp_path / "out", plan_texts=[other])
    assert digest(tmp_path / "out" / "graph.nq") == before


def test_a_build_that_fails_leaves_the_old_one(
    tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_graph([tables], tmp_path / "out", plan_texts=[])
    before = {file.name: digest(file) for file in (tmp_path / "out").iterdir() if file.is_file()}

    for failure in (OSError(28, "No space left on device"), KeyboardInterrupt()):

        def fail(*args: object, failure: BaseException = failure) -> None:
            raise failure

        monkeypatch.setattr(Explorer, "write_html", fail)
        expected = StoreError if isinstance(failure, OSError) else KeyboardInterrupt
        with pytest.raises(expected):
            build_graph([tables], tmp_path / "out", plan_texts=[])
        after = {file.name: digest(file) for file in (tmp_path / "out").iterdir() if file.is_file()}
        assert after == before
        assert sorted(entry.name for entry in (tmp_path / "out").iterdir()) == [
            "explorer.html",
            "graph.nq",
            "store",
        ]
        assert KnowledgeGraph.open(tmp_path / "out", read_only=True).query("ASK { ?s a ht:Plan }") is True


def test_bad_rows_are_set_aside_and_gone_when_mended(tables: Path, tmp_path: Path) -> None:
    good = (tables / "relations.csv").read_text("utf-8-sig")
    lines = good.splitlines()
    (tables / "relations.csv").write_text(
        "\n".join([*lines, lines[1].replace(lines[1].split(",")[0], "没有这家企业", 1)]) + "\n", "utf-8-sig"
    )
    result = build_graph([tables], tmp_path / "out", plan_texts=[])
    (problem,) = result.problems
    assert "没有这家企业" in problem.found
    (file,) = result.quarantined
    assert "没有这家企业" in file.read_text("utf-8-sig")
    with pytest.raises(InputError, match="没有这家企业"):
        build_graph([tables], tmp_path / "out", plan_texts=[], strict=True)
    (tables / "relations.csv").write_text(good, "utf-8-sig")
    build_graph([tables], tmp_path / "out", plan_texts=[])
    assert not (tmp_path / "out" / "quarantine").exists()


def test_a_folder_that_cannot_be_written_is_told(tables: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        build_graph([tables], tmp_path / "file" / "out", plan_texts=[])


def test_a_plan_is_built_from_its_text(tables: Path, tmp_path: Path) -> None:
    steps: list[str] = []
    result = build_graph([tables / "plan.txt"], tmp_path / "out", plan_texts=[], progress=steps.append)
    assert (result.problems, result.violations) == ([], [])
    assert any("plan.txt" in step for step in steps)
    kg = KnowledgeGraph.open(tmp_path / "out", read_only=True)
    assert kg.run("list_plans")["quoted"].to_list() == [True]
    text = (tables / "plan.txt").read_text("utf-8")
    (passage, *_) = kg.evidence("鸿川能源", "undertakes", "鸿川生物质发电项目")
    assert "鸿川能源在白沙镇建成鸿川生物质发电项目" in str(passage.quote)
    assert passage.quote == text[passage.start : passage.end]


def test_the_same_plan_twice_is_refused(tables: Path, tmp_path: Path) -> None:
    shutil.copy(tables / "plan.txt", tmp_path / "again.txt")
    with pytest.raises(InputError, match=r"plan.txt and again.txt are the same plan"):
        build_graph([tables / "plan.txt", tmp_path / "again.txt"], tmp_path / "out", plan_texts=[])
    assert not (tmp_path / "out" / "graph.nq").exists()


def test_corrections_are_replayed_and_old_ones_told(tables: Path, tmp_path: Path) -> None:
    corrections = tmp_path / "corrections.csv"
    corrections.write_text(
        "decision,type,name,column,value\n"
        "edit,Enterprise,恒屹精工,name,恒屹精工股份\n"
        "reject,Enterprise,从未有过集团,,\n",
        "utf-8",
    )
    result = build_graph(
        [tables / "plan.txt"], tmp_path / "out", plan_texts=[], corrections=read_patch(corrections)
    )
    kg = KnowledgeGraph.open(tmp_path / "out", read_only=True)
    assert "恒屹精工股份" in kg.run("find_things", text="恒屹精工")["thing"].to_list()
    assert ["从未有过集团" in str(stale) for stale in result.stale] == [True]
