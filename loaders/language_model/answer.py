"""What a model answers: the lists of its JSON object, item by item, whatever stands around them."""

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from hongtu.loaders.language_model.prompt import FIELDS
from hongtu.loaders.values import parse_figure, parse_year

_START = re.compile(r'\{\s*"(?:' + "|".join(FIELDS) + r')"\s*:')
_DECODER = json.JSONDecoder()
_TRIES = 20


@dataclass(frozen=True, slots=True)
class ProposedEntity:
    """A name of the kind, and the words around it."""

    kind: str
    name: str
    quote: str


@dataclass(frozen=True, slots=True)
class ProposedRelation:
    """An edge between two names."""

    subject: str
    predicate: str
    object: str
    quote: str


@dataclass(frozen=True, slots=True)
class ProposedFigure:
    """A figure; ``value`` is ``None`` where ``verbatim`` is no single number in digits."""

    indicator: str
    value: Decimal | None
    unit: str
    verbatim: str
    year: int
    comparator: str
    role: str
    quote: str


@dataclass(frozen=True, slots=True)
class Objection:
    """A name that the rules found and that the model holds to be none, or none of this kind."""

    kind: str
    name: str


@dataclass(slots=True)
class Answer:
    """The proposals of an answer; ``malformed`` counts the items that could not be read."""

    entities: list[ProposedEntity] = field(default_factory=list)
    relations: list[ProposedRelation] = field(default_factory=list)
    figures: list[ProposedFigure] = field(default_factory=list)
    wrong: list[Objection] = field(default_factory=list)
    malformed: int = 0


def read_answer(content: str) -> Answer | None:
    """Return what an answer proposes; ``None`` when it holds no JSON object of the expected form.

    Words around the object are passed over. Of an object that breaks off, the items before the break are read.

    >>> read_answer('好的：{"wrong": [{"kind": "Project", "name": "甲园"}, {"kind": "Pro')
    Answer(entities=[], relations=[], figures=[], wrong=[Objection(kind='Project', name='甲园')], malformed=0)
    """
    lists = _lists(content)
    if lists is None:
        return None
    answer = Answer()
    readers: dict[str, Any] = {
        "entities": ProposedEntity,
        "relations": ProposedRelation,
        "figures": _figure,
        "wrong": Objection,
    }
    for name, fields in FIELDS.items():
        items = lists.get(name, [])
        for item in items if isinstance(items, list) else [items]:
            try:
                getattr(answer, name).append(readers[name](**_fields(item, fields)))
            except (TypeError, ValueError):
                answer.malformed += 1
    return answer


def _lists(content: str) -> dict[str, Any] | None:
    starts = [match.start() for match in _START.finditer(content)]
    # The last object counts: a model that thinks aloud may write drafts before it.
    for start in starts[-_TRIES:][::-1]:
        try:
            return cast(dict[str, Any], _DECODER.raw_decode(content, start)[0])
        except (ValueError, RecursionError):
            continue
    return _whole_items(content, starts[-1]) if starts else None


def _whole_items(content: str, start: int) -> dict[str, Any]:
    """Return the lists of an object that breaks off, as far as their items are whole."""
    lists: dict[str, Any] = {}
    for name in FIELDS:
        opening = re.compile(rf'"{name}"\s*:\s*\[').search(content, start)
        if opening is None:
            continue
        items = lists[name] = []
        at = opening.end()
        while True:
            try:
                item, at = _DECODER.raw_decode(content, at)
            except (ValueError, RecursionError):
                break
            items.append(item)
            comma = re.compile(r"\s*,\s*").match(content, at)
            if comma is None:
                break
            at = comma.end()
    return lists


def _fields(item: object, fields: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the fields of an item as strings.

    :raises TypeError: when the item is no object, or a field no string or number.
    :raises ValueError: when a field is not among its words.
    """
    if not isinstance(item, dict):
        raise TypeError
    values: dict[str, str] = {}
    for name, words in fields.items():
        value = item.get(name, "")
        # A model without a schema writes 2025 for "2025", and null for "".
        value = "" if value is None else value
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise TypeError
        values[name] = str(value).strip()
        if words and values[name] not in words:
            raise ValueError
    return values


def _figure(*, value: str, year: str, **fields: str) -> ProposedFigure:
    figure = parse_figure(value.replace(",", "").replace("，", ""))
    return ProposedFigure(value=figure, year=parse_year(year), **fields)
