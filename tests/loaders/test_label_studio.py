import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from hongtu.loaders.annotation import utf16_offsets
from hongtu.loaders.errors import InputError
from hongtu.loaders.label_studio import labelling_interface, read_label_studio, write_label_studio
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.review import difference
from hongtu.loaders.source import PlanTables


@pytest.fixture
def file(tables: PlanTables, text: PlanText, tmp_path: Path) -> Path:
    write_label_studio(tables, text, tmp_path / "tasks.json")
    return tmp_path / "tasks.json"


def annotate(file: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return all tasks with the predictions taken over as annotations, and the results of the task with the project."""
    tasks = json.loads(file.read_text("utf-8"))
    for task in tasks:
        task["annotations"] = [{"result": task.pop("predictions")[0]["result"], "was_cancelled": False}]
    return tasks, tasks[3]["annotations"][0]["result"]


def save(file: Path, tasks: list[dict[str, Any]]) -> None:
    file.write_text(json.dumps(tasks), "utf-8")


def region(results: list[dict[str, Any]], label: str) -> dict[str, Any]:
    return next(item for item in results if item["type"] == "labels" and item["value"]["labels"] == [label])


def test_regions_cut_their_text_by_code_points(text: PlanText, file: Path) -> None:
    tasks = json.loads(file.read_text("utf-8"))
    for task in tasks:
        data = task["data"]
        assert text.text[data["start"] :].startswith(data["text"])
        assert data["sha256"] == text.sha256
        for item in task["predictions"][0]["result"]:
            if item["type"] == "labels":
                value = item["value"]
                assert data["text"][value["start"] : value["end"]] == value["text"]
    assert tasks[-1]["predictions"][0]["score"] == 0.6


def test_predictions_taken_over_change_nothing(tables: PlanTables, text: PlanText, file: Path) -> None:
    assert difference(tables, read_label_studio(file, tables, text)) == ()
    tasks, _ = annotate(file)
    save(file, tasks)
    assert difference(tables, read_label_studio(file, tables, text)) == ()


def test_what_people_change_is_a_patch(tables: PlanTables, text: PlanText, file: Path) -> None:
    tasks, results = annotate(file)
    region(results, "Project")["value"]["labels"] = ["Location"]
    # A place is not undertaken by anybody, but it may lie within another.
    results[:] = [item for item in results if item.get("labels") != ["undertakes"]]
    next(item for item in results if item.get("labels") == ["locatedIn"])["labels"] = ["within"]
    save(file, [tasks[3]])
    patch = difference(tables, read_label_studio(file, tables, text))
    assert [(decision.decision, decision.type, decision.name, decision.predicate) for decision in patch] == [
        ("edit", "Project", "冷链仓库", ""),
        ("add", "Location", "冷链仓库", "within"),
    ]


def test_arrows_to_the_left_run_the_other_way(tables: PlanTables, text: PlanText, file: Path) -> None:
    tasks, results = annotate(file)
    for item in results:
        if item["type"] == "relation":
            item.update(from_id=item["to_id"], to_id=item["from_id"], direction="left")
    save(file, tasks)
    assert difference(tables, read_label_studio(file, tables, text)) == ()


def test_old_versions_counted_utf16_units(tables: PlanTables, text: PlanText, file: Path) -> None:
    tasks, _ = annotate(file)
    for task in tasks:
        units = utf16_offsets(task["data"]["text"])
        for item in task["annotations"][0]["result"]:
            if item["type"] == "labels":
                item["value"].update({side: units[item["value"][side]] for side in ("start", "end")})
    save(file, tasks)
    assert difference(tables, read_label_studio(file, tables, text)) == ()


def test_skipped_annotations_do_not_count(tables: PlanTables, text: PlanText, file: Path) -> None:
    tasks, _ = annotate(file)
    for task in tasks:
        task["annotations"].append({"result": [], "was_cancelled": True})
    save(file, tasks)
    assert difference(tables, read_label_studio(file, tables, text)) == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": ["Person"]}, "label “Person” must be one of Measure"),
        ({"start": 1000, "end": 1002}, "region 1000-1002 “冷链仓库” does not fit the text"),
        ({"start": "0"}, "“start” must be a whole number"),
        ({"labels": "Project"}, "“labels” must be a list"),
    ],
)
def test_wrong_regions_are_told_by_task(
    tables: PlanTables, text: PlanText, file: Path, change: dict[str, Any], message: str
) -> None:
    tasks, results = annotate(file)
    region(results, "Project")["value"].update(change)
    save(file, tasks)
    with pytest.raises(InputError, match=f"tasks.json row 4: {message}"):
        read_label_studio(file, tables, text)


def test_labels_of_a_relation_are_a_list(tables: PlanTables, text: PlanText, file: Path) -> None:
    tasks, results = annotate(file)
    next(item for item in results if item["type"] == "relation")["labels"] = 5
    save(file, tasks)
    with pytest.raises(InputError, match="tasks.json row 4: “labels” must be a list"):
        read_label_studio(file, tables, text)


def test_the_interface_beside_the_tasks_has_all_labels(file: Path) -> None:
    assert file.with_suffix(".xml").read_text("utf-8") == labelling_interface()
    view = ElementTree.fromstring(labelling_interface())
    assert len(view.findall("Labels/Label")) == 7
    assert len(view.findall("Relations/Relation")) == 8
