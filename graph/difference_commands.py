"""The commands that tell whether, and how, two graphs differ: ``hongtu digest`` and ``hongtu diff``."""

import csv
import json
import sys
from collections.abc import Iterable
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from hongtu.graph.console import DONE_WITH_PROBLEMS, messages, open_graph, output, tell
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.loaders.language import say
from hongtu.loaders.tables import shorten
from hongtu.loaders.values import guard_cell

if TYPE_CHECKING:
    from hongtu.graph.difference import Change, Difference
    from hongtu.graph.passages import Passage

_OF_WORDS = ("kind", "status", "role", "comparator")
"""Fields that hold words of the tables."""
_SHOWN = 20
"""So many changes of a group are shown on the screen, unless all are asked for."""

_PLACES = say(
    "build 写出的文件夹、存储、RDF 文件，或 SPARQL 端点的 URL",
    "folder of a build, store, RDF file, or URL of a SPARQL endpoint",
)


class DifferenceFormat(StrEnum):
    """How changes are printed."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


DIGEST_HELP = say(
    "图谱的摘要值：规划内容的规范 N-Quads（RDFC-1.0）的 SHA-256。内容相同，摘要值就相同。\n\n"
    "例：`hongtu digest hongdong`",
    "The digest of a graph: SHA-256 of the canonical N-Quads (RDFC-1.0) of its plans. Same content, same digest.\n\n"
    "Example: `hongtu digest hongdong`",
)


def digest(
    graph: Annotated[
        str,
        typer.Argument(
            metavar="GRAPH",
            help=say(
                "build 写出的文件夹、存储或 RDF 文件",
                "folder of a build, store, or RDF file",
            ),
        ),
    ],
) -> None:
    """Print the digest of a graph."""
    from hongtu.graph import canonical

    file = Path(graph)
    print("sha256", canonical.file_digest(file) if file.is_file() else canonical.digest(open_source(graph)))


DIFF_HELP = say(
    "比较两次建的图谱：新增了什么、没有了什么、改名和改动，各带原文位置。退出码：0 完全相同，1 有变化，2 没有做成。\n\n"
    "例：`hongtu diff before after`\n\n`hongtu diff before after --format csv > changes.csv`",
    "Compare two builds of the same plans: what was added, is gone, was renamed or changed, each with its place in the "
    "text. Exit codes: 0 identical, 1 different, 2 not done.\n\n"
    "Examples: `hongtu diff before after`\n\n`hongtu diff before after --format csv > changes.csv`",
)


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=_PLACES)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_PLACES)],
    result_format: Annotated[
        DifferenceFormat, typer.Option("--format", help=say("输出格式", "how to print"))
    ] = DifferenceFormat.TEXT,
    show_all: Annotated[
        bool,
        typer.Option("--all", help=say("每组全部列出", "list all changes of every group")),
    ] = False,
) -> None:
    """Print what changed between two graphs."""
    from hongtu.graph.difference import difference

    found = difference(open_source(old), open_source(new))
    match result_format:
        case DifferenceFormat.TEXT:
            print_difference(found, None if show_all else _SHOWN)
        case DifferenceFormat.CSV:
            _print_csv(found)
        case DifferenceFormat.JSON:
            print(json.dumps(found.rows(), ensure_ascii=False, indent=1))
    if found.identical is False:
        raise typer.Exit(DONE_WITH_PROBLEMS)


def open_source(location: str) -> KnowledgeGraph:
    """Return an existing graph for reading; an RDF file is read into memory.

    :raises UsageError: when there is nothing at the location.
    :raises InputError: when a file cannot be read as RDF.
    """
    if not Path(location).is_file():
        return open_graph(location)
    kg = KnowledgeGraph.open()
    kg.load_rdf(location)
    return kg


def print_difference(found: "Difference", most: int | None) -> None:
    """Print changes in groups, each change with what the plan says there.

    :param most: how many changes of a group are shown; ``None`` shows all.
    """
    from hongtu.graph.difference import heading

    tell(found.summary())
    for title in found.uncompared:
        tell(
            say(
                f"{title}：原文已是另一个版本，且有一方没有原文，依据的位置没有比较",
                f"{title}: the texts differ and one graph lacks its text; places of evidence are not compared",
            ),
            messages,
        )
    for plan, of_plan in groupby(found.changes, lambda change: change.plan):
        output.print(f"\n[bold]{escape(plan)}[/bold]", soft_wrap=True)
        for group, members in groupby(of_plan, lambda change: (change.part, change.change)):
            changes = list(members)
            output.print(f"{heading(*group)} ({len(changes)})", style="bold", markup=False)
            _print_changes(changes[:most])
            if len(changes) > len(changes[:most]):
                rest = len(changes) - len(changes[:most])
                tell(say(f"  ……还有 {rest} 处，用 --all 看全部", f"  … {rest} more, shown by --all"))


def _print_changes(changes: Iterable["Change"]) -> None:
    from hongtu.graph.difference import word

    # What changed of one thing is told on one line, over what the plan says of it.
    for what, members in groupby(changes, _thing_and_places):
        told = list(members)
        change = told[0]
        edits = [
            f" · {word(one.field)} {_value(one.field, one.old)} → {_value(one.field, one.new)}"
            for one in told
            if one.field
        ]
        kind = f" ({word(change.kind)})" if change.part in ("section", "thing") else ""
        tell(f"  {what[0]}{kind}{''.join(edits)}")
        for mark, passage in _citations(change):
            output.print(f"    {mark} {_cited(passage)}", style="dim", markup=False, soft_wrap=True)


def _citations(change: "Change") -> list[tuple[str, "Passage"]]:
    """Return the passages of a change that are worth reading, each with what it is: before, after, or both."""
    old, new = change.old_passage, change.new_passage
    if old and new:
        known = old.sentence is not None and new.sentence is not None
        places = ((passage.line, passage.start, passage.end) for passage in (old, new))
        same = old.sentence == new.sentence if known else len(set(places)) == 1
        if same:
            return [(" ", old if new.sentence is None else new)]
    return [(mark, passage) for mark, passage in (("−", old), ("+", new)) if passage]


def _thing_and_places(change: "Change") -> tuple[Any, ...]:
    return change.what, change.iri, change.old_passage, change.new_passage


def _value(field: str, text: str) -> str:
    from hongtu.graph.difference import word

    if field == "sha256":
        return shorten(text, 13)
    if field == "sentences":
        return say("是", "yes") if text == "true" else say("否", "no")
    return shorten(word(text) if field in _OF_WORDS else text) or say("（无）", "(none)")


def _cited(passage: "Passage") -> str:
    """Return where a passage stands and, where the text is at hand, its sentence."""
    sentence = f"{say('：', ': ')}{shorten(passage.sentence, 120)}" if passage.sentence else ""
    return passage.place_in_plan + sentence


def _print_csv(found: "Difference") -> None:
    """Print changes as CSV; what a spreadsheet would compute is guarded by an apostrophe."""
    from hongtu.graph.difference import COLUMNS

    table = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    table.writeheader()
    for row in found.rows():
        table.writerow(
            {name: guard_cell(cell) if isinstance(cell, str) else cell for name, cell in row.items()}
        )
