"""A person's corrections of a plan's tables, as a patch: a CSV file with one decision a row.

::

    decision,type,name,predicate,object_type,object,verbatim,year,role,evidence,column,value,reason,quote
    accept,Project,冷链仓库,,,,,,,5:61-65,,,,冷链仓库
    edit,Project,果园,,,,,,,5:70-72,name,万亩果园,,果园
    merge,Enterprise,青禾果业,,Enterprise,青禾果业集团,,,,6:90-94,,,同一家企业,青禾果业
    reject,Enterprise,青禾果业集团,operatesIn,Industry,果品产业,,,,6:85-102,,,,

What is decided on is named, never numbered, so that a decision holds for the next extraction too: a thing by ``type``
and ``name``; a relation by its ends and ``predicate``; a figure (type ``Target``) by its indicator as ``name``, with
``verbatim``, ``year``, ``role`` and ``evidence``; a section by title and evidence; the plan (type ``Plan``) needs no
name. The words at the places that it cites are its ``quote``, by which these are found again when the text was mended.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from hongtu.loaders.errors import InputError
from hongtu.loaders.language import say
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.plans import PLANS, SECTIONS
from hongtu.loaders.records import Span
from hongtu.loaders.relations import KINDS, PREDICATES, RELATIONS
from hongtu.loaders.rows import ENTITY_TABLE, format_cell
from hongtu.loaders.tables import Column, Problem, Table, read_csv, read_table, read_text, write_csv
from hongtu.loaders.targets import TARGETS
from hongtu.loaders.values import one_of, parse_spans

DECISIONS = ("accept", "reject", "edit", "merge", "split", "add")
TYPES: dict[str, Table[Any]] = {"Plan": PLANS, "Section": SECTIONS, "Target": TARGETS, **ENTITY_TABLE}
"""What may be decided on, besides relations, and the table that has it."""

KEY_COLUMNS: dict[str, dict[str, str]] = {
    "plan": {},
    "sections": {"title": "name", "evidence": "place"},
    "relations": {
        "subject_type": "type",
        "subject": "name",
        "predicate": "predicate",
        "object_type": "object_type",
        "object": "object",
    },
    "targets": {
        "indicator": "name",
        "verbatim": "verbatim",
        "year": "year",
        "role": "role",
        "evidence": "place",
    },
    **{table.name: {"type": "type", "name": "name"} for table in ENTITY_TABLE.values()},
}
"""By table, the columns that tell a row from others, and the field of :class:`Key` that holds each."""


class Key(NamedTuple):
    """What tells a thing, relation, figure or section from others, as cells; fields that do not matter are empty.

    ``type`` and ``name`` of a relation are those of its subject, ``name`` of a figure is its indicator.
    """

    type: str
    name: str
    predicate: str = ""
    object_type: str = ""
    object: str = ""
    verbatim: str = ""
    year: str = ""
    role: str = ""
    place: str = ""

    @property
    def table(self) -> Table[Any]:
        """The table that holds it."""
        return RELATIONS if self.predicate else TYPES[self.type]

    @property
    def is_thing(self) -> bool:
        """Whether it is a named thing, to which others refer."""
        return not self.predicate and self.type in ENTITY_TABLE

    @property
    def subject(self) -> "Key":
        """The thing that a relation starts from."""
        return Key(self.type, self.name)

    @property
    def other(self) -> "Key":
        """The thing that a relation leads to."""
        return Key(self.object_type, self.object)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision.

    ``evidence`` is where the text speaks of it: the first place, or for ``add`` and ``split`` all that the new thing has.
    ``edit`` sets the cell of a ``column`` to ``value``. ``merge`` makes the thing an alias of ``object``;
    ``split`` makes its alias ``object`` a thing of its own. ``quote`` has the words of each span that is cited, without
    blanks, joined by `` | ``; it makes no difference to what is decided.
    """

    decision: str
    type: str
    name: str
    predicate: str = ""
    object_type: str = ""
    object: str = ""
    verbatim: str = ""
    year: str = ""
    role: str = ""
    evidence: tuple[Span, ...] = ()
    column: str = ""
    value: str = ""
    reason: str = ""
    quote: str = field(default="", compare=False)

    @property
    def cited(self) -> tuple[Span, ...]:
        """The places in the text: those that an ``edit`` gives as evidence, else its own."""
        return _spans(self.value) if self._gives_places else self.evidence

    @property
    def brings_places(self) -> bool:
        """Whether the tables get the places that it cites."""
        return self.decision in ("add", "split") or self._gives_places

    @property
    def _gives_places(self) -> bool:
        return self.decision == "edit" and self.column == "evidence"

    def citing(self, spans: tuple[Span, ...]) -> "Decision":
        """Return the same decision with other places."""
        return replace(self, **{"value": format_cell(spans)} if self._gives_places else {"evidence": spans})

    @property
    def key(self) -> Key:
        """What is decided on."""
        if self.predicate:
            return Key(self.type, self.name, self.predicate, self.object_type, self.object)
        place = format_cell(self.evidence) if self.type in ("Target", "Section") else ""
        return Key(self.type, self.name, verbatim=self.verbatim, year=self.year, role=self.role, place=place)

    @property
    def other(self) -> Key:
        """The thing to merge with or to split off."""
        return Key(self.object_type, self.object)

    @property
    def moved_key(self) -> Key | None:
        """The key that an ``edit`` gives instead; ``None`` when it changes another column."""
        field = KEY_COLUMNS[self.key.table.name].get(self.column) if self.decision == "edit" else None
        return self.key._replace(**{field: self.value}) if field else None

    def __str__(self) -> str:
        parts = [self.decision, self.type, self.name, self.predicate, self.object_type, self.object]
        parts += [self.verbatim, self.year, self.role, format_cell(self.evidence)]
        change = f"{self.column}={self.value}" if self.column else ""
        return " ".join(filter(None, [*parts, change]))


Patch = tuple[Decision, ...]
_BETWEEN = " | "


def _spans(cell: str) -> tuple[Span, ...]:
    return parse_spans(cell) if cell else ()


CORRECTIONS: Table[Decision] = Table(
    "corrections",
    "更正",
    (
        Column("decision", "决定", one_of(DECISIONS)),
        Column("type", "类型", one_of(TYPES)),
        Column("name", "名称", str),
        Column("predicate", "关系", one_of(PREDICATES, default=""), required=False),
        Column("object_type", "客体类型", one_of(KINDS, default=""), required=False),
        Column("object", "客体", str, required=False),
        Column("verbatim", "原文数字", str, required=False),
        Column("year", "年份", str, required=False),
        Column("role", "性质", str, required=False),
        Column("evidence", "依据", _spans, required=False),
        Column("column", "列", str, required=False),
        Column("value", "值", str, required=False),
        Column("reason", "理由", str, required=False),
        Column("quote", "原文", str, required=False),
    ),
    Decision,
    key=lambda decision: (decision.decision, decision.key, decision.other, decision.column),
)


def with_quotes(patch: Patch, text: PlanText) -> Patch:
    """Return the decisions with the words at the places that they cite in this text."""
    return tuple(
        replace(decision, quote=_BETWEEN.join(_words(span, text) for span in decision.cited))
        for decision in patch
    )


def find_quotes(patch: Patch, text: PlanText) -> tuple[Patch, Patch]:
    """Return the decisions that hold for a text, and those that would bring places whose words it no longer has.

    Where other words stand at a place by now, the nearest place with the words of the quote is cited instead.
    """
    holding, lost = [], []
    for decision in patch:
        spans, words = decision.cited, decision.quote.split(_BETWEEN)
        if decision.quote and len(words) == len(spans):
            nearest = [_nearest(span, word, text) for span, word in zip(spans, words, strict=True)]
            found = tuple(dict.fromkeys(span for span in nearest if span))
            if found and found != spans:
                decision = decision.citing(found)
            elif not found and decision.brings_places:
                lost.append(decision)
                continue
        holding.append(decision)
    return tuple(holding), tuple(lost)


def _words(span: Span, text: PlanText) -> str:
    return "".join(text.text[span.start : span.end].split())


def _nearest(span: Span, words: str, text: PlanText) -> Span | None:
    if not words or _words(span, text) == words:
        return span
    places = re.finditer(r"\s*".join(map(re.escape, words)), text.text)
    nearest = min(places, key=lambda place: abs(place.start() - span.start), default=None)
    return text.span(*nearest.span()) if nearest else None


def write_patch(patch: Iterable[Decision], file: Path) -> None:
    """Write decisions as a CSV file, in their order.

    :raises StoreError: when the file cannot be written.
    """
    headings = [column.name for column in CORRECTIONS.columns]
    write_csv(
        file,
        headings,
        ({name: format_cell(getattr(decision, name)) for name in headings} for decision in patch),
    )


def read_patch(file: Path, *, encoding: str = "utf-8") -> Patch:
    """Return the decisions of a CSV file, in its order.

    :raises InputError: when the file is no table of decisions, with all that is wrong, by row and column.
    """
    rows = read_csv(file, encoding)
    if not rows and "decision" not in read_text(file, encoding).partition("\n")[0]:
        raise InputError(
            say(
                f"{file.name}：不是校正文件，没有 decision 列；hongtu review 会写出一份",
                f"{file.name}: no file of corrections, it has no column decision; hongtu review writes one",
            )
        )
    reading = read_table(CORRECTIONS, rows)
    problems = list(reading.problems)
    patch = []
    for row, decision in reading.records:
        try:
            patch.append(_checked(decision))
        except _WrongCell as error:
            found = format_cell(getattr(decision, error.column))
            problems.append(Problem(row.place, error.column, found, str(error)))
    if problems:
        problems.sort(key=lambda problem: problem.place.row)
        raise InputError("\n".join(map(str, problems)))
    return tuple(patch)


class _WrongCell(ValueError):
    """A cell does not go with the decision; the message says what would."""

    def __init__(self, column: str, allowed: str) -> None:
        super().__init__(allowed)
        self.column = column


def _checked(decision: Decision) -> Decision:
    """Return a decision with the word that tables have for its value (``undertakes`` for 承担).

    :raises _WrongCell: when there is something wrong with it as a whole.
    """
    table = decision.key.table
    columns = {column.name: column for column in table.columns}
    if decision.key.is_thing:
        columns["type"] = Column("type", "类型", one_of(ENTITY_TABLE))
    match decision.decision:
        case "edit":
            if decision.column not in columns:
                raise _WrongCell("column", say("只能是 ", "one of ") + ", ".join(columns))
            try:
                value = columns[decision.column].parse(decision.value)
            except ValueError as error:
                raise _WrongCell("value", str(error)) from error
            if decision.value and isinstance(value, str):
                return replace(decision, value=value)
        case "accept" if "confidence" not in columns:
            raise _WrongCell(
                "decision", say("这一类没有置信度，不用接受", "these have no confidence to accept")
            )
        case "add" if not decision.evidence:
            raise _WrongCell("evidence", say("新增的要写出处，如 5:61-65", "say where it stands: 5:61-65"))
        case "merge" | "split" if not decision.key.is_thing:
            raise _WrongCell("type", say("只能是 ", "one of ") + ", ".join(ENTITY_TABLE))
        case "merge" | "split" if not (decision.object and decision.object_type):
            raise _WrongCell(
                "object",
                say("和 object_type 一起写另一个事物", "with object_type, name the other thing"),
            )
    return decision
