"""doccano: a plan's paragraphs as JSON lines with entities and relations, and annotated lines back.

The format is JSONL(Relation) of a sequence labelling project with “Use relation labeling” and “Allow overlapping”:
``entities`` with ``id``, ``label``, ``start_offset``, ``end_offset``, and ``relations`` with ``id``, ``from_id``,
``to_id``, ``type``. Other members are kept by doccano as metadata and exported again: ``sha256``, ``line`` and ``start``
lead back to the plan. doccano counts UTF-16 code units, as the browser does, unless the project is in grapheme mode
(https://github.com/doccano/doccano/pull/1511), which must be off.
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


def write_doccano(tables: PlanTables, text: PlanText, file: Path) -> None:
    """Write a JSONL file to import: a line for each paragraph.

    :raises InputError: when the tables are of another text.
    :raises StoreError: when the file cannot be written.
    """
    marks = links = 0
    with whole_file(file) as new, new.open("w", encoding="utf-8", newline="\n") as stream:
        for paragraph in to_paragraphs(tables, text):
            units = utf16_offsets(paragraph.text)
            # The numbers are unique in the file, as doccano's own.
            numbers = {mark: number for number, mark in enumerate(paragraph.marks, marks)}
            line = {
                "text": paragraph.text,
                "sha256": text.sha256,
                "line": text.span(paragraph.start, paragraph.start).line,
                "start": paragraph.start,
                "entities": [
                    {
                        "id": number,
                        "label": mark.kind,
                        "start_offset": units[mark.start - paragraph.start],
                        "end_offset": units[mark.end - paragraph.start],
                    }
                    for mark, number in numbers.items()
                ],
                "relations": [
                    {
                        "id": number,
                        "from_id": numbers[link.subject],
                        "to_id": numbers[link.object],
                        "type": link.predicate,
                    }
                    for number, link in enumerate(paragraph.links, links)
                ],
            }
            marks += len(paragraph.marks)
            links += len(paragraph.links)
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_doccano(file: Path, tables: PlanTables, text: PlanText) -> PlanTables:
    """Return the tables with what people changed in the lines of a JSONL export.

    :param file: an export of a project with relations; paragraphs that are not in it stay as they were.
    :param tables: the tables that :func:`write_doccano` was given.
    :raises InputError: when the file is no such export, or is of another text.
    """
    paragraphs = []
    for number, line in enumerate(read_text(file, "utf-8").split("\n"), 1):
        if not line.strip():
            continue
        place = Place(file, "", number)
        try:
            item = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{place}" + say(f"：不是 JSON（{error}）", f": not JSON ({error})")) from error
        check_text(member(item, "sha256", str, place), text, place)
        paragraphs.append(_read_paragraph(item, place))
    return from_paragraphs(paragraphs, tables, text)


def _read_paragraph(item: Any, place: Place) -> Paragraph:
    paragraph = Paragraph(member(item, "start", int, place), member(item, "text", str, place), place=place)
    points = {unit: point for point, unit in enumerate(utf16_offsets(paragraph.text))}
    marks: dict[int, Mark] = {}
    for entity in member(item, "entities", list, place):
        units = [member(entity, name, int, place) for name in ("start_offset", "end_offset")]
        start, end = (points.get(unit) for unit in units)
        if start is None or end is None or start >= end:
            raise InputError(
                f"{place}"
                + say(
                    f"：标注 {units[0]}-{units[1]} 不在文本的字之间（项目不要按字素计数）",
                    f": entity {units[0]}-{units[1]} does not lie between characters of the text "
                    "(the project must not count grapheme clusters)",
                )
            )
        label = check_label(member(entity, "label", str, place), LABELS, place)
        mark = Mark(label, paragraph.start + start, paragraph.start + end)
        marks[member(entity, "id", int, place)] = mark
    paragraph.marks = list(dict.fromkeys(marks.values()))
    for relation in member(item, "relations", list, place):
        ends = [marks.get(member(relation, name, int, place)) for name in ("from_id", "to_id")]
        if ends[0] is None or ends[1] is None:
            raise InputError(
                f"{place}" + say("：有一条关系的端点不在标注里", ": an end of a relation is no entity")
            )
        predicate = check_label(member(relation, "type", str, place), tuple(PREDICATES), place)
        paragraph.links.append(Link(ends[0], predicate, ends[1]))
    return paragraph
