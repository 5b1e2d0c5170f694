"""Label Studio: a plan's paragraphs as tasks with predictions, and the tasks that people annotated back.

The format is that of https://labelstud.io/guide/predictions and https://labelstud.io/guide/task_format: regions with
``start``, ``end`` and ``labels``, relations with ``from_id``, ``to_id``, ``direction`` and ``labels``. Label Studio
counts Unicode code points in text, as we do (its own tests of labelling beside emoji say so); up to 2021 it counted
UTF-16 code units (https://github.com/HumanSignal/label-studio/issues/1347), which the region's ``text`` reveals.
"""

import json
from pathlib import Path
from typing import Any

from hongtu.loaders.annotation import (
    LABELS,
    Link,
    Mark,
    Paragraph,
    check_label,
    check_text,
    from_paragraphs,
    member,
    to_paragraphs,
    utf16_offsets,
)
from hongtu.loaders.errors import InputError
from hongtu.loaders.files import whole_file
from hongtu.loaders.language import say
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.relations import PREDICATES
from hongtu.loaders.source import PlanTables
from hongtu.loaders.tables import Place, read_text


def labelling_interface() -> str:
    """Return the labelling configuration of the project, to paste into Settings → Labeling Interface → Code."""
    relations = "".join(f'    <Relation value="{predicate}"/>\n' for predicate in PREDICATES)
    labels = "".join(f'    <Label value="{kind}"/>\n' for kind in LABELS)
    return (
        "<View>\n"
        f"  <Relations>\n{relations}  </Relations>\n"
        f'  <Labels name="label" toName="text">\n{labels}  </Labels>\n'
        '  <Text name="text" value="$text"/>\n'
        "</View>\n"
    )


def write_label_studio(tables: PlanTables, text: PlanText, file: Path) -> None:
    """Write a JSON file to import: a task for each paragraph, whose ``data`` lead back to the plan.

    The :func:`labelling_interface` is written beside it, with the ending .xml.
    The score of a task's prediction is its lowest confidence: sort by it to see the least certain first.

    :raises InputError: when the tables are of another text.
    :raises StoreError: when the file cannot be written.
    """
    tasks = [
        {
            "data": {
                "text": paragraph.text,
                "plan": tables.plan.title,
                "sha256": text.sha256,
                "line": text.span(paragraph.start, paragraph.start).line,
                "start": paragraph.start,
            },
            "predictions": [
                {
                    "model_version": "hongtu",
                    "score": float(paragraph.confidence),
                    "result": _result(paragraph),
                }
            ],
        }
        for paragraph in to_paragraphs(tables, text)
    ]
    with whole_file(file) as new:
        new.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    with whole_file(file.with_suffix(".xml")) as new:
        new.write_text(labelling_interface(), encoding="utf-8", newline="\n")


def _result(paragraph: Paragraph) -> list[dict[str, Any]]:
    regions: list[dict[str, Any]] = []
    for mark in paragraph.marks:
        start, end = mark.start - paragraph.start, mark.end - paragraph.start
        regions.append(
            {
                "id": _identifier(mark),
                "from_name": "label",
                "to_name": "text",
                "type": "labels",
                "value": {
                    "start": start,
                    "end": end,
                    "text": paragraph.text[start:end],
                    "labels": [mark.kind],
                },
            }
        )
    relations = [
        {
            "type": "relation",
            "from_id": _identifier(link.subject),
            "to_id": _identifier(link.object),
            "direction": "right",
            "labels": [link.predicate],
        }
        for link in paragraph.links
    ]
    return regions + relations


def _identifier(mark: Mark) -> str:
    return f"{mark.kind}-{mark.start}-{mark.end}"


def read_label_studio(file: Path, tables: PlanTables, text: PlanText) -> PlanTables:
    """Return the tables with what people changed in the tasks of a JSON export.

    Of a task with several annotations the last that was not skipped counts; one without any stays as it was.

    :param file: an export in the format JSON (JSON-MIN has no relations).
    :param tables: the tables that :func:`write_label_studio` was given.
    :raises InputError: when the file is no such export, or is of another text.
    """
    try:
        tasks = json.loads(read_text(file, "utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(
            say(f"{file.name}：不是 JSON（{error}）", f"{file.name}: not JSON ({error})")
        ) from error
    if not isinstance(tasks, list):
        raise InputError(
            say(
                f"{file.name}：要是任务的列表；在 Label Studio 里导出为 JSON",
                f"{file.name}: must be a list of tasks; export it from Label Studio as JSON",
            )
        )
    paragraphs = []
    for number, task in enumerate(tasks, 1):
        place = Place(file, "", number)
        data = member(task, "data", dict, place)
        check_text(member(data, "sha256", str, place), text, place)
        annotations = member(task, "annotations", list, place) if "annotations" in task else []
        done = [item for item in annotations if not _get(item, "was_cancelled", False)]
        if done:
            paragraph = Paragraph(
                member(data, "start", int, place), member(data, "text", str, place), place=place
            )
            _read_result(member(done[-1], "result", list, place), paragraph)
            paragraphs.append(paragraph)
    return from_paragraphs(paragraphs, tables, text)


def _get(item: Any, name: str, default: Any) -> Any:
    return item.get(name, default) if isinstance(item, dict) else default


def _read_result(result: list[Any], paragraph: Paragraph) -> None:
    place = paragraph.place
    marks: dict[str, list[Mark]] = {}
    for item in result:
        if _get(item, "type", "") == "labels":
            value = member(item, "value", dict, place)
            start, end = _offsets(value, paragraph)
            marks[member(item, "id", str, place)] = [
                Mark(check_label(label, LABELS, place), paragraph.start + start, paragraph.start + end)
                for label in member(value, "labels", list, place)
            ]
    paragraph.marks = list(dict.fromkeys(mark for several in marks.values() for mark in several))
    for item in result:
        if _get(item, "type", "") != "relation":
            continue
        ends = [marks.get(member(item, name, str, place), []) for name in ("from_id", "to_id")]
        if _get(item, "direction", "right") == "left":
            ends.reverse()
        labels = member(item, "labels", list, place) if item.get("labels") else []
        if not labels or not all(ends):
            raise InputError(
                f"{place}"
                + say("：有一条关系没有标签或端点", ": a relation lacks its label or one of its ends")
            )
        for label in labels:
            predicate = check_label(label, tuple(PREDICATES), place)
            paragraph.links.append(Link(ends[0][0], predicate, ends[1][0]))


def _offsets(value: dict[str, Any], paragraph: Paragraph) -> tuple[int, int]:
    """Return where a region begins and ends, in code points of its paragraph."""
    place = paragraph.place
    start, end = member(value, "start", int, place), member(value, "end", int, place)
    surface = value.get("text")
    if 0 <= start < end <= len(paragraph.text) and surface in (None, paragraph.text[start:end]):
        return start, end
    points = {unit: point for point, unit in enumerate(utf16_offsets(paragraph.text))}
    first, last = points.get(start), points.get(end)
    if first is None or last is None or surface != paragraph.text[first:last]:
        raise InputError(
            f"{place}"
            + say(
                f"：标注 {start}-{end}“{surface}”和文本对不上",
                f": region {start}-{end} “{surface}” does not fit the text",
            )
        )
    return first, last
