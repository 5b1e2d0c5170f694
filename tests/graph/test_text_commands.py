import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hongtu.loaders.packaged import packaged

Hongtu = Callable[..., tuple[int, str, str]]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """The text of the sample plan."""
    with packaged("sample") as source:
        shutil.copy(source / "plan.txt", tmp_path)
    return tmp_path / "plan.txt"


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write_rows(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_extract_writes_tables_with_the_least_sure_rows_first(
    hongtu: Hongtu, plan: Path, tmp_path: Path
) -> None:
    code, out, err = hongtu("extract", plan, "--tables", tmp_path / "tables")
    assert (code, err) == (0, "")
    assert "hongtu review" in out
    projects = rows_of(tmp_path / "tables" / "projects.csv")
    confidences = [float(row["confidence"] or 1) for row in projects]
    assert confidences == sorted(confidences)
    assert all(f"【{row['name']}】" in row["quote"] or row["quote"] for row in projects)


def test_tables_are_corrected_reviewed_and_replayed(hongtu: Hongtu, plan: Path, tmp_path: Path) -> None:
    tables, corrections = tmp_path / "tables", tmp_path / "corrections.csv"
    hongtu("extract", plan, "--tables", tables)
    rows = rows_of(tables / "enterprises.csv")
    name = next(row["name"] for row in rows if row["type"] in ("", "Enterprise"))
    for row in rows:
        if row["name"] == name:
            row["name"] = "改过的名称"
    write_rows(tables / "enterprises.csv", rows)
    code, out, _ = hongtu("review", plan, "--tables", tables, "--corrections", corrections)
    assert (code, "corrections" in out) == (0, True)
    (edit,) = [row for row in rows_of(corrections) if row["value"] == "改过的名称"]
    assert (edit["decision"], edit["name"]) == ("edit", name)
    code, _, err = hongtu("extract", plan, "--tables", tmp_path / "again", "--corrections", corrections)
    assert (code, err) == (0, "")
    assert "改过的名称" in {row["name"] for row in rows_of(tmp_path / "again" / "enterprises.csv")}


def test_tasks_are_written_for_annotation_tools_and_come_back(
    hongtu: Hongtu, plan: Path, tmp_path: Path
) -> None:
    tasks, corrections = tmp_path / "tasks.json", tmp_path / "corrections.csv"
    assert hongtu("extract", plan, "--annotate", tasks)[0] == 0
    exported = json.loads(tasks.read_text("utf-8"))
    assert exported[0]["predictions"]
    for task in exported:
        task["annotations"] = task.pop("predictions")
    tasks.write_text(json.dumps(exported, ensure_ascii=False), "utf-8")
    code, out, err = hongtu("review", plan, "--annotated", tasks, "--corrections", corrections)
    assert (code, err) == (0, "")
    lines = tmp_path / "tasks.jsonl"
    assert hongtu("extract", plan, "--annotate", lines, "--annotation-format", "doccano")[0] == 0
    assert json.loads(lines.read_text("utf-8").splitlines()[0])["text"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["extract", "{plan}"], "give --tables FOLDER"),
        (["review", "{plan}"], "give --tables FOLDER, or --annotated FILE"),
        (["extract", "{plan}", "--dry-run"], "give --model and --model-url"),
        (["extract", "{plan}", "--tables", "t", "--model", "m"], "give --model and --model-url"),
        (
            ["extract", "{plan}", "--model", "m", "--model-url", "http://localhost:1/v1", "--dry-run",
             "--model-price", "1"],
            "write IN,OUT",
        ),
        (["extract", "nowhere.txt", "--tables", "t"], "nowhere.txt: no such file"),
        (["build", "{plan}", "{plan}", "--corrections", "c.csv"], "--corrections goes with exactly one SOURCE"),
    ],
)  # fmt: skip
def test_wrong_calls_are_told_in_one_sentence(
    hongtu: Hongtu, plan: Path, arguments: list[str], message: str
) -> None:
    code, _, err = hongtu(*(argument.format(plan=plan) for argument in arguments))
    assert (code, message in err) == (2, True), err


def test_dry_run_estimates_without_a_key_or_a_connection(hongtu: Hongtu, plan: Path) -> None:
    code, out, err = hongtu(
        "extract",
        plan,
        "--model",
        "m",
        "--model-url",
        "http://localhost:1/v1",
        "--dry-run",
        "--model-price",
        "1,2",
    )
    assert (code, err) == (0, "")
    assert "token" in out


def test_edited_tables_are_not_overwritten(hongtu: Hongtu, plan: Path, tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    assert hongtu("extract", plan, "--tables", tables)[0] == 0
    assert hongtu("extract", plan, "--tables", tables)[0] == 0
    write_rows(tables / "industries.csv", rows_of(tables / "industries.csv")[1:])
    code, _, err = hongtu("extract", plan, "--tables", tables)
    assert (code, "its tables were edited and are not overwritten" in err) == (2, True)
    assert hongtu("review", plan, "--tables", tables, "--corrections", tmp_path / "c.csv")[0] == 0
    assert hongtu("extract", plan, "--tables", tables, "--corrections", tmp_path / "c.csv")[0] == 0


def test_tables_that_nobody_touched_give_no_corrections(hongtu: Hongtu, plan: Path, tmp_path: Path) -> None:
    hongtu("extract", plan, "--tables", tmp_path / "tables")
    hongtu("review", plan, "--tables", tmp_path / "tables", "--corrections", tmp_path / "c.csv")
    assert rows_of(tmp_path / "c.csv") == []
