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


def test_paths_are_shown_as_they_are_and_commands_in_one_line(
    hongtu: Hongtu, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    folder = tmp_path / "p[a] :smile: [" / "x]"
    folder.parent.mkdir()
    _, out, _ = hongtu("extract", plan, "--tables", folder)
    kept = folder.with_name("x]-corrections.csv")
    assert f"hongtu review {plan} --tables {folder}\n" in out
    assert f"hongtu build {plan} --corrections {kept}\n" in out
    _, out, _ = hongtu("review", plan, "--tables", folder)
    assert f"hongtu build {plan} --corrections {kept}\n" in out
    (tmp_path / "plan[").mkdir()
    odd = plan.rename(tmp_path / "plan[" / "b].txt")
    code, out, _ = hongtu("build", odd, "--corrections", kept, "--out", tmp_path / "built[/x]")
    assert (code, f"hongtu notebook {tmp_path / 'built[/x]'}\n" in out) == (0, True)
    assert "p[a].txt: no such file" in hongtu("extract", tmp_path / "p[a].txt", "--tables", folder)[2]


def test_corrections_of_each_plan_have_their_own_file(
    hongtu: Hongtu, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        hongtu("extract", plan, "--tables", tmp_path / "v1.2", "--annotate", tmp_path / "tasks.json")[0] == 0
    )
    assert hongtu("review", plan, "--tables", tmp_path / "v1.2")[0] == 0
    assert hongtu("review", plan, "--annotated", tmp_path / "tasks.json")[0] == 0
    monkeypatch.chdir(tmp_path / "v1.2")
    (tmp_path / "v1.2-corrections.csv").unlink()
    assert hongtu("review", plan, "--tables", ".")[0] == 0
    found = {file.name for file in tmp_path.glob("*corrections.csv")}
    assert found == {"v1.2-corrections.csv", "plan-corrections.csv"}


def test_corrections_that_were_given_stay_in_the_advice(hongtu: Hongtu, plan: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    hongtu("extract", plan, "--tables", tmp_path / "tables")
    hongtu("review", plan, "--tables", tmp_path / "tables", "--corrections", own)
    _, out, _ = hongtu("extract", plan, "--tables", tmp_path / "tables", "--corrections", own)
    assert out.count(f"--corrections {own}\n") == 2


def test_the_interface_of_label_studio_is_handed_over(hongtu: Hongtu, plan: Path, tmp_path: Path) -> None:
    _, out, _ = hongtu("extract", plan, "--annotate", tmp_path / "tasks.json")
    assert f"{tmp_path / 'tasks.xml'}: to paste into" in out
    code, _, err = hongtu("extract", plan, "--annotate", tmp_path / "tasks.xml")
    assert (code, "written to a file .json" in err) == (2, True)


def test_tables_that_excel_saved_in_another_encoding_are_reviewed(
    hongtu: Hongtu, plan: Path, tmp_path: Path
) -> None:
    hongtu("extract", plan, "--tables", tmp_path / "tables")
    file = tmp_path / "tables" / "projects.csv"
    file.write_bytes(file.read_text("utf-8-sig").encode("gb18030"))
    assert hongtu("review", plan, "--tables", tmp_path / "tables")[0] == 0
    assert rows_of(tmp_path / "tables-corrections.csv") == []


def test_what_was_added_is_found_anew_in_a_mended_text(hongtu: Hongtu, plan: Path, tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    hongtu("extract", plan, "--tables", tables)
    rows = rows_of(tables / "locations.csv")
    text = plan.read_text("utf-8")
    known = {row["name"] for row in rows}
    name = next(text[at : at + 5] for at in range(200, 900) if text[at : at + 5].isalnum())
    assert name not in known
    write_rows(tables / "locations.csv", [*rows, {**dict.fromkeys(rows[0], ""), "name": name}])
    assert hongtu("review", plan, "--tables", tables)[0] == 0
    kept = tmp_path / "tables-corrections.csv"
    assert name in {row["quote"].split(" | ")[0] for row in rows_of(kept)}

    plan.write_text("（修订稿）\n" + text, "utf-8")
    code, _, err = hongtu("extract", plan, "--tables", tmp_path / "again", "--corrections", kept)
    assert (code, err) == (0, "")
    (row,) = [row for row in rows_of(tmp_path / "again" / "locations.csv") if row["name"] == name]
    start, end = map(int, row["evidence"].split(" ")[0].split(":")[1].split("-"))
    assert plan.read_text("utf-8")[start:end] == name

    plan.write_text(text.replace(name, "某某某某某"), "utf-8")
    code, _, err = hongtu("extract", plan, "--tables", tmp_path / "third", "--corrections", kept)
    assert (code, "no longer has the words" in err) == (1, True)
