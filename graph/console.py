"""What the commands share: the graph that they open, what they print in the user's language, how they end."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.queries import query_names, read_query
from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say
from hongtu.loaders.replay import Stale
from hongtu.loaders.source import PlanTables
from hongtu.loaders.tables import Problem, shorten

output = Console(highlight=False, emoji=False)
messages = Console(stderr=True, highlight=False, emoji=False)

DONE_WITH_PROBLEMS, NOT_DONE, INTERRUPTED = 1, 2, 130
"""Exit codes; see :mod:`hongtu.graph.cli`."""


if TYPE_CHECKING:
    import pandas as pd

    from hongtu.graph.inference import Inference
    from hongtu.graph.loading import Loaded


def open_graph(location: str) -> KnowledgeGraph:
    """Return an existing graph for reading.

    :raises UsageError: when there is nothing at the location; commands that only read never create a store.
    """
    if not location.startswith(("http://", "https://")) and not Path(location).is_dir():
        raise UsageError(
            say(
                f"{location}：没有这个文件夹；先运行 hongtu build --out {location}",
                f"{location}: no such folder; run hongtu build --out {location} first",
            )
        )
    return KnowledgeGraph.open(location, read_only=True)


def tell(message: str, console: Console = output) -> None:
    """Print a message as it is: a path may hold what looks like markup, and a command to copy is not broken up."""
    console.print(message, markup=False, soft_wrap=True)


class ResultFormat(StrEnum):
    """How the answer to a query is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    TTL = "ttl"


def print_answer(answer: Any, result_format: ResultFormat) -> None:
    """Print the answer to a query: a table, a graph or yes or no.

    :raises UsageError: when the format does not fit the answer.
    """
    # pandas takes 0.3 s to import; most commands do not need it.
    from hongtu.graph.answer import Answer, csv_text

    if isinstance(answer, bool):
        print(json.dumps(answer))
    elif isinstance(answer, Answer):
        match result_format:
            case ResultFormat.CSV:
                print(csv_text(answer), end="")
            case ResultFormat.JSON:
                print(answer.with_iris().to_json(orient="records", force_ascii=False, indent=1))
            case ResultFormat.TABLE:
                print_frame(answer)
            case ResultFormat.TTL:
                raise UsageError(
                    say("SELECT 的结果没有 ttl；用 CONSTRUCT", "no ttl for SELECT; use CONSTRUCT")
                )
    else:
        formats = {ResultFormat.JSON: "json-ld", ResultFormat.TTL: "turtle", ResultFormat.TABLE: "turtle"}
        if result_format not in formats:
            raise UsageError(say("CONSTRUCT 的结果写成 ttl 或 json", "CONSTRUCT gives ttl or json"))
        print(answer.serialize(format=formats[result_format]))


def print_frame(frame: "pd.DataFrame") -> None:
    """Print a DataFrame as a table that fits the terminal."""
    table = Table(box=None, header_style="bold")
    for column in frame.columns:
        table.add_column(escape(str(column)), overflow="fold")
    for row in frame.astype(object).where(frame.notna(), "").itertuples(index=False):
        # A plan's whole text is one cell.
        table.add_row(*(escape(shorten(str(cell), 500)) for cell in row))
    output.print(table)
    messages.print(say(f"{len(frame)} 行", f"{len(frame)} rows"))


def print_queries() -> None:
    """Print the library of queries."""
    table = Table(box=None, header_style="bold")
    table.add_column(say("名字", "name"), no_wrap=True)
    table.add_column(say("问题", "question"))
    table.add_column(say("参数", "parameters"))
    for name in query_names():
        entry = read_query(name)
        parameters = ", ".join(item.name + ("?" if item.optional else "") for item in entry.parameters)
        table.add_row(name, escape(entry.question), parameters)
    output.print(table)


_KINDS = {
    "Strategy": "战略",
    "Measure": "任务",
    "Project": "项目",
    "Enterprise": "企业",
    "Organization": "机构",
    "Industry": "产业",
    "Location": "地点",
}


def print_contents(tables: PlanTables) -> None:
    """Print what tables would bring."""
    counts: dict[str, int] = {}
    for entity in tables.entities:
        counts[entity.kind] = counts.get(entity.kind, 0) + 1
    named = [
        say(f"{chinese} {counts[kind]}", f"{counts[kind]} {kind}")
        for kind, chinese in _KINDS.items()
        if kind in counts
    ]
    named += [
        say(f"关系 {len(tables.edges)}", f"{len(tables.edges)} edges"),
        say(f"指标 {len(tables.figures)}", f"{len(tables.figures)} figures"),
    ]
    output.print(f"{escape(tables.plan.title)}{say('：', ': ')}" + say("、", ", ").join(named))


def print_inferred(kg: KnowledgeGraph, inference: "Inference", *, written: bool) -> None:
    """Print how many statements were inferred, of which properties and of which classes."""
    labels = kg.labels(inference.counts)
    table = Table(box=None, header_style="bold")
    table.add_column(say("推出的关系或类", "relation or class"))
    table.add_column(say("条数", "statements"), justify="right")
    for iri, number in sorted(inference.counts.items(), key=lambda item: -item[1]):
        table.add_row(escape(labels[iri]), str(number))
    output.print(table)
    total = sum(inference.counts.values())
    tell(
        say(f"没有矛盾；推出 {total} 条", f"No contradictions; {total} statements were inferred")
        + (
            say("，查询加 --inferred 可见", "; queries see them with --inferred")
            if written
            else say("，没有写", ", and not written")
        )
    )


def print_loaded(loaded: "Loaded") -> None:
    """Print what loading a file brought, what it replaced, and what is left to mend."""
    for graph, number in loaded.graphs.items():
        held = loaded.replaced.get(graph)
        before = say(f"（替换原有的 {held} 条）", f" (in place of {held})") if held else ""
        tell(
            say(
                f"{loaded.file}：{number} 条三元组，图 {graph}{before}",
                f"{loaded.file}: {number} triples in {graph}{before}",
            )
        )
    for graph in loaded.replaced.keys() - loaded.graphs.keys():
        tell(
            say(
                f"  图 {graph} 原有的内容已去掉：文件里不再有",
                f"  {graph} is gone: the file has nothing for it now",
            )
        )
    if loaded.things:
        tell("  " + say("、", ", ").join(map(_counted, loaded.things.items())))
    if loaded.unsupported:
        tell(
            say("  没有规划原文依据的：", "  without a passage of a plan: ")
            + say("、", ", ").join(map(_counted, loaded.unsupported.items()))
            + say("；细看用 hongtu validate", "; hongtu validate tells which")
        )
    if loaded.silent:
        rows = ", ".join(map(str, loaded.silent[:20])) + (" …" if len(loaded.silent) > 20 else "")
        tell(say(f"  映射没有用上的行：{rows}", f"  rows of which the mapping made nothing: {rows}"))


def _counted(entry: tuple[str, int]) -> str:
    kind, number = entry
    if kind == "rdf:Statement":
        return say(f"关系 {number}", f"{number} edges")
    return say(f"{_KINDS.get(kind, kind)} {number}", f"{number} {kind}")


def print_problems(problems: list[Problem], quarantined: list[Path]) -> None:
    """Print what was wrong with rows, and where they went."""
    if not problems:
        return
    messages.print(
        say(
            f"{len(problems)} 处有问题，这些行没有装入：",
            f"{len(problems)} problems; these rows were not loaded:",
        )
    )
    for problem in problems[:50]:
        tell(f"  {problem}", messages)
    if len(problems) > 50:
        messages.print(say(f"  ……还有 {len(problems) - 50} 处", f"  … and {len(problems) - 50} more"))
    for file in quarantined:
        tell(say(f"  改好后重新装入：{file}", f"  mend and load again: {file}"), messages)


def print_doubts(doubts: list[Problem]) -> None:
    """Print what may be wrong with rows that were loaded all the same."""
    for doubt in doubts[:50]:
        tell(say(f"请核对：{doubt}", f"Please check: {doubt}"), messages)


def print_stale(stale: list[Stale]) -> None:
    """Print the corrections that found nothing to correct."""
    if stale:
        messages.print(
            say(
                f"{len(stale)} 条校正对不上了（已跳过）：",
                f"{len(stale)} corrections found nothing to correct (skipped):",
            )
        )
    for decision in stale[:50]:
        tell(f"  {decision}", messages)


def print_summary(kg: KnowledgeGraph) -> None:
    """Print counts by kind and the three most connected enterprises."""
    plans = kg.run("list_plans")
    for plan in plans["title"]:
        output.print(f"[bold]{escape(plan)}[/bold]")
    counts = kg.run("count_things")
    table = Table(box=None, show_header=False)
    for kind, number in zip(counts["type"], counts["number"], strict=True):
        table.add_row(str(kind), f"{number:>6}")
    output.print(table)
    top = kg.run("rank_enterprises_by_connections").head(3)
    named = [f"{name} ({number})" for name, number in zip(top["enterprise"], top["connections"], strict=True)]
    if named:
        output.print(say("联系最多的企业：", "Most connected enterprises: ") + escape("、".join(named)))
