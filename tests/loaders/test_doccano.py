import json
from pathlib import Path
from typing import Any

import pytest

from hongtu.loaders.doccano import read_doccano, write_doccano
from hongtu.loaders.errors import InputError
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.review import difference
from hongtu.loaders.source import PlanTables


@pytest.fixture
def file(tables: PlanTables, text: PlanText, tmp_path: Path) -> Path:
    write_doccano(tables, text, tmp_path / "plan.jsonl")
    return tmp_path / "plan.jsonl"


def items(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def save(file: Path, lines: list[dict[str, Any]]) -> None:
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")


def test_offsets_count_utf16_units(file: Path) -> None:
    line = items(file)[3]
    surfaces = []
    for entity in line["entities"]:
        units = line["text"].encode("utf-16-le")[2 * entity["start_offset"] : 2 * entity["end_offset"]]
        surfaces.append(units.decode("utf-16-le"))
    assert surfaces[-2:] == ["𠮷岭镇", "冷链仓库"]


def test_numbers_are_unique_in_the_file(file: Path) -> None:
    numbers = [entity["id"] for line in items(file) for entity in line["entities"]]
    assert numbers == list(range(len(numbers)))


def test_an_untouched_export_changes_nothing(tables: PlanTables, text: PlanText, file: Path) -> None:
    lines = items(file)
    for number, line in enumerate(lines):
        # doccano gives numbers of its own, and comments.
        line.update(id=number + 7, Comments=[])
        for entity in line["entities"]:
            entity["id"] += 1000
        for relation in line["relations"]:
            relation.update({end: relation[end] + 1000 for end in ("from_id", "to_id")})
    save(file, lines[1:])
    assert difference(tables, read_doccano(file, tables, text)) == ()


def test_what_people_change_is_a_patch(tables: PlanTables, text: PlanText, file: Path) -> None:
    lines = items(file)
    relations = lines[3]["relations"]
    relations[:] = [relation for relation in relations if relation["type"] != "locatedIn"]
    save(file, lines)
    patch = difference(tables, read_doccano(file, tables, text))
    assert [(decision.decision, decision.predicate) for decision in patch] == [("reject", "locatedIn")]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label": "Person"}, "label “Person” must be one of Measure"),
        ({"start_offset": 999}, "entity 999-.* does not lie between characters"),
        ({"id": None}, "“id” must be a whole number"),
    ],
)
def test_wrong_entities_are_told_by_line(
    tables: PlanTables, text: PlanText, file: Path, change: dict[str, Any], message: str
) -> None:
    lines = items(file)
    lines[3]["entities"][0].update(change)
    save(file, lines)
    with pytest.raises(InputError, match=f"plan.jsonl row 4: {message}"):
        read_doccano(file, tables, text)


def test_a_relation_needs_its_entities(tables: PlanTables, text: PlanText, file: Path) -> None:
    lines = items(file)
    lines[3]["entities"] = []
    save(file, lines)
    with pytest.raises(InputError, match="row 4: an end of a relation is no entity"):
        read_doccano(file, tables, text)
